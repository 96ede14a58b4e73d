"""How an asset becomes a PhysX body: the one place where collision shapes, friction and density are made.

Scene composition settles objects with these shapes and the environments simulate them: what was checked is what runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import sapien
import sapien.physx as physx
import trimesh

from scene_hub.errors import SceneDataError
from scene_hub.schema import Asset, Pose

SETTLE_TIMESTEP = 1.0 / 200.0
SETTLE_STEPS = 400
SOLVER_POSITION_ITERATIONS, SOLVER_VELOCITY_ITERATIONS = 15, 1
CONTACT_OFFSET = 0.02
"""Metres from which on PhysX looks for contacts. These three are what the environments simulate with, too."""
GROUND_MATERIAL = physx.PhysxMaterial(0.5, 0.5, 0.0)


def sapien_pose(pose: Pose) -> sapien.Pose:
    """A `schema.Pose` (metres, quaternion wxyz) as a SAPIEN pose; the two use the same conventions."""
    return sapien.Pose(p=np.asarray(pose.position, dtype=np.float32), q=np.asarray(pose.quaternion, dtype=np.float32))


def collision_shapes(asset: Asset, meshes: Mapping[str, trimesh.Trimesh]) -> list[physx.PhysxCollisionShape]:
    """The collision shapes of `asset`, in its own frame, ready to be attached to a rigid body.

    Every shape has the asset's friction and restitution, and the density `mass / collision_volume`, so that a dynamic
    body made of them all weighs `asset.mass`. `meshes` are the convex pieces by name, in the asset frame
    (`SceneDataset.collision_meshes` checks and returns them). A SceneDataError names a piece that is not among them.
    """
    material = physx.PhysxMaterial(asset.static_friction, asset.dynamic_friction, asset.restitution)
    density = asset.mass / asset.collision_volume if asset.collision_volume > 0 else 1000.0
    shapes: list[physx.PhysxCollisionShape] = []
    for record in asset.collision:
        if record.shape == "box":
            shape = physx.PhysxCollisionShapeBox(np.asarray(record.half_size, dtype=np.float32), material)
            shape.set_local_pose(sapien_pose(record.pose))
        elif record.shape == "sphere":
            shape = physx.PhysxCollisionShapeSphere(record.radius, material)
            shape.set_local_pose(sapien_pose(record.pose))
        else:
            if record.mesh not in meshes:
                raise SceneDataError(
                    f"asset {asset.name!r} ({asset.id[:12]}) needs the collision piece {record.mesh!r}, "
                    f"but its collision file has {sorted(meshes)}"
                )
            vertices = np.asarray(meshes[record.mesh].vertices, dtype=np.float32)
            shape = physx.PhysxCollisionShapeConvexMesh(vertices, np.ones(3, dtype=np.float32), material)
        shape.set_density(density)
        shapes.append(shape)
    return shapes


@dataclass(frozen=True)
class Settling:
    """What gravity did: movement (metres) and rotation (radians) of each dynamic body; deepest overlap (metres)."""

    moved: dict[str, float]
    tilted: dict[str, float]
    penetration: float

    @property
    def largest_move(self) -> float:
        return max(self.moved.values(), default=0.0)

    @property
    def largest_tilt(self) -> float:
        return max(self.tilted.values(), default=0.0)


@dataclass(frozen=True)
class Body:
    """An asset with its collision pieces at a pose in the scene frame; `static` bodies do not move."""

    asset: Asset
    meshes: Mapping[str, trimesh.Trimesh]
    pose: Pose
    static: bool = False


def settle(bodies: Mapping[str, Body], steps: int = SETTLE_STEPS) -> Settling:
    """Let gravity act on `bodies` for `steps` steps of 5 ms and report how far each dynamic one went from its pose."""
    scene = SettlingScene()
    for name, body in bodies.items():
        scene.add(name, body.asset, body.meshes, body.pose, static=body.static)
    return scene.settling([name for name, body in bodies.items() if not body.static], steps)


def settle_alone(asset: Asset, meshes: Mapping[str, trimesh.Trimesh], steps: int = SETTLE_STEPS) -> Settling:
    """How `asset` fares alone, put down on flat ground at the origin."""
    scene = SettlingScene()
    scene.add_ground()
    scene.add("asset", asset, meshes, Pose(), static=False)
    return scene.settling(["asset"], steps)


class SettlingScene:
    """A plain CPU physics scene with gravity: `add` bodies, `step`, read their `poses`."""

    def __init__(self) -> None:
        # SAPIEN's settings are global to the process and read when systems, bodies and shapes are made. ManiSkill sets them for
        # each of its scenes: without this, a result would depend on whether an environment was made before.
        physx.set_scene_config()
        physx.set_body_config(SOLVER_POSITION_ITERATIONS, SOLVER_VELOCITY_ITERATIONS)
        physx.set_shape_config(CONTACT_OFFSET)
        self.system = physx.PhysxCpuSystem()
        self.scene = sapien.Scene([self.system])
        self.scene.set_timestep(SETTLE_TIMESTEP)
        self._bodies: dict[str, sapien.Entity] = {}

    def add(self, name: str, asset: Asset, meshes: Mapping[str, trimesh.Trimesh], pose: Pose, *, static: bool) -> None:
        """Add `asset` at `pose` (scene frame) under `name`, immovable when `static`."""
        body = physx.PhysxRigidStaticComponent() if static else physx.PhysxRigidDynamicComponent()
        for shape in collision_shapes(asset, meshes):
            body.attach(shape)
        self._place(body, name, sapien_pose(pose))

    def _place(self, body: physx.PhysxRigidBaseComponent, name: str, pose: sapien.Pose) -> None:
        entity = sapien.Entity()
        entity.set_name(name)
        entity.add_component(body)
        entity.set_pose(pose)
        self.scene.add_entity(entity)
        self._bodies[name] = entity

    def add_ground(self) -> None:
        """A fixed plate whose upper face is z = 0."""
        body = physx.PhysxRigidStaticComponent()
        plate = physx.PhysxCollisionShapeBox(np.array([1.0, 1.0, 0.05], dtype=np.float32), GROUND_MATERIAL)
        plate.set_local_pose(sapien.Pose([0.0, 0.0, -0.05]))
        body.attach(plate)
        self._place(body, "ground", sapien.Pose())

    def add_ball(self, name: str, radius: float, position: Sequence[float], density: float = 300.0) -> None:
        """A ball of `radius` metres and `density` kg/m^3 at `position`."""
        body = physx.PhysxRigidDynamicComponent()
        ball = physx.PhysxCollisionShapeSphere(radius, GROUND_MATERIAL)
        ball.set_density(density)
        body.attach(ball)
        self._place(body, name, sapien.Pose(list(position)))

    def step(self, count: int) -> None:
        """Simulate `count` steps of 5 ms."""
        for _ in range(count):
            self.scene.step()

    def settling(self, names: Sequence[str], steps: int) -> Settling:
        """Simulate `steps` steps and report how far the named bodies went from where they are now."""
        start, start_quaternions = self.poses(names)
        self.step(1)
        penetration = self.deepest_contact()
        self.step(steps - 1)
        end, end_quaternions = self.poses(names)
        cosine = np.sum(start_quaternions * end_quaternions, axis=1)
        sine = np.linalg.norm(end_quaternions - np.sign(cosine)[:, None] * start_quaternions, axis=1)
        moved = np.linalg.norm(end - start, axis=1)
        tilted = 2 * np.arctan2(sine, np.abs(cosine))
        return Settling(
            moved={name: float(value) for name, value in zip(names, moved, strict=True)},
            tilted={name: float(value) for name, value in zip(names, tilted, strict=True)},
            penetration=penetration,
        )

    def poses(self, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Positions [N, 3] in metres and quaternions [N, 4] (wxyz) of the named bodies."""
        poses = [self._bodies[name].get_pose() for name in names]
        return np.array([pose.p for pose in poses], dtype=float), np.array([pose.q for pose in poses], dtype=float)

    def mass(self, name: str) -> float:
        """Mass in kilograms of a dynamic body."""
        body = self._bodies[name].find_component_by_type(physx.PhysxRigidDynamicComponent)
        return float(body.mass)  # type: ignore[union-attr]

    def deepest_contact(self) -> float:
        """Largest penetration between any two bodies in metres, after at least one step; 0 where none overlap."""
        depths = [-point.separation for contact in self.system.get_contacts() for point in contact.points]
        return max(0.0, *depths) if depths else 0.0

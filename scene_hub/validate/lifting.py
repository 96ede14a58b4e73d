"""Tries grasps out: a free gripper closes on an object that stands on the ground, lifts it and holds it.

The gripper is two pads on a slide, between and around those of the supported robots (`scene_hub.generate.grasps.Gripper`),
pressed together by springs. There is no arm: whether a robot gets there is another question.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import sapien
import sapien.physx as physx
import trimesh

from scene_hub.generate.grasps import Gripper
from scene_hub.physics import SettlingScene
from scene_hub.schema import Asset, Grasp, Pose

LIFT = 0.06
"""Metres by which the gripper rises."""
HELD_SHARE = 0.8
"""An object counts as lifted when it rose by this share of the way."""
STIFFNESS = 300.0
"""Newtons a metre of the springs behind the pads, whose targets lie SQUEEZE beyond the middle: pads press with 15 to 25 N,
where the Panda's gripper is set to 30 and the others to less."""
SQUEEZE = 0.05
PAD_FRICTION = 1.0
CLOSE_STEPS, LIFT_STEPS, HOLD_STEPS = 60, 80, 40  # of 5 ms
_PAD_MASS, _DAMPING = 0.1, 15.0


def lifted_grasps(
    asset: Asset, meshes: Mapping[str, trimesh.Trimesh], grasps: Sequence[Grasp] | None = None
) -> tuple[Grasp, ...]:
    """Those of `grasps` (default: all of `asset`) with which the object is lifted 6 cm and held for 0.2 s."""
    candidates = asset.grasps if grasps is None else grasps
    return tuple(grasp for grasp in candidates if lifts(asset, meshes, grasp))


def lifts(asset: Asset, meshes: Mapping[str, trimesh.Trimesh], grasp: Grasp, gripper: Gripper | None = None) -> bool:
    """Whether `grasp` lifts `asset` from the ground, on which it stands in its own frame."""
    world = SettlingScene()
    world.add_ground()
    world.add("object", asset, meshes, Pose(position=(0.0, 0.0, 0.0005)), static=False)
    hand = _FreeGripper(world, grasp, gripper or Gripper())
    hand.close()
    world.step(CLOSE_STEPS)
    for step in range(LIFT_STEPS):
        hand.raise_to(LIFT * (step + 1) / LIFT_STEPS)
        world.step(1)
    world.step(HOLD_STEPS)
    height = float(world.poses(["object"])[0][0, 2])
    return bool(np.isfinite(height) and height > HELD_SHARE * LIFT)


class _FreeGripper:
    """A kinematic palm with two pads that slide along the closing axis."""

    def __init__(self, world: SettlingScene, grasp: Grasp, gripper: Gripper) -> None:
        self._pose = sapien.Pose(list(grasp.position), list(grasp.quaternion))
        opening = min(grasp.width + gripper.clearance, gripper.max_opening)
        self._palm = self._body(world, None, self._pose)
        self._drives = []
        # A pad is as long as the gripper's free finger, so that its reach behind and beyond the grasp point is modelled.
        half = np.array([gripper.finger_width, gripper.finger_thickness, gripper.tip + gripper.depth]) / 2
        for side in (1.0, -1.0):
            # The pad's own frame: its origin is the middle of the face that touches.
            shape = physx.PhysxCollisionShapeBox(half.astype(np.float32), _pad_material())
            shape.set_local_pose(sapien.Pose([0.0, side * half[1], gripper.tip - half[2]]))
            at = sapien.Pose([0.0, side * opening / 2, 0.0])
            pad = self._body(world, shape, self._pose * at)
            self._drives.append(self._slide(pad, side * opening / 2))

    def close(self) -> None:
        """Press the pads together."""
        # Far beyond, because a spring pushes less the nearer it is to its target.
        for drive, side in zip(self._drives, (-1.0, 1.0), strict=True):
            drive.set_drive_target(sapien.Pose([0.0, side * SQUEEZE, 0.0]))

    def raise_to(self, height: float) -> None:
        target = sapien.Pose(self._pose.p + np.array([0.0, 0.0, height], dtype=np.float32), self._pose.q)
        self._palm.set_kinematic_target(target)

    def _slide(self, pad: physx.PhysxRigidDynamicComponent, start: float) -> physx.PhysxDriveComponent:
        drive = physx.PhysxDriveComponent(pad)
        drive.set_parent(self._palm)
        for fix in (drive.set_limit_x, drive.set_limit_z):
            fix(0.0, 0.0)
        # No force limit: PhysX takes it for an impulse, which at 5 ms a step would be 200 times the force.
        drive.set_drive_property_y(STIFFNESS, _DAMPING)
        drive.set_drive_target(sapien.Pose([0.0, start, 0.0]))
        pad.entity.add_component(drive)
        return drive

    def _body(
        self, world: SettlingScene, shape: physx.PhysxCollisionShapeBox | None, pose: sapien.Pose
    ) -> physx.PhysxRigidDynamicComponent:
        body = physx.PhysxRigidDynamicComponent()
        if shape is None:
            body.set_mass(1.0)
            body.set_inertia(np.full(3, 1e-2, dtype=np.float32))
            body.kinematic = True
        else:
            shape.set_density(1.0)
            body.attach(shape)
            body.set_mass(_PAD_MASS)
            # Pads do not turn: a slide's limits on rotation are soft, so much inertia does it instead.
            body.set_inertia(np.full(3, 1e3, dtype=np.float32))
            body.disable_gravity = True
        entity = sapien.Entity()
        entity.add_component(body)
        entity.set_pose(pose)
        world.scene.add_entity(entity)
        return body


def _pad_material() -> physx.PhysxMaterial:
    return physx.PhysxMaterial(PAD_FRICTION, PAD_FRICTION, 0.0)

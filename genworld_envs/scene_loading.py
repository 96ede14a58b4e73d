"""From `Scene` records to ManiSkill actors: one `LoadedScene` a sub-environment, merged into batched views.

Every sub-environment gets the same slots (object, receptacle, distractors), whatever its scene: a slot that a scene does not
fill holds a weightless dummy out of sight, so that all tensors have one shape and ManiSkill's batched calls apply.
"""

from dataclasses import dataclass, field

import numpy as np
import sapien
import sapien.physx as physx
import sapien.render
import torch
from mani_skill.envs.scene import ManiSkillScene
from mani_skill.utils.building.actor_builder import ActorBuilder
from mani_skill.utils.structs import Actor

from scene_hub.dataset import SceneDataset
from scene_hub.physics import collision_shapes, sapien_pose
from scene_hub.schema import Asset, Placement, Scene

FLOOR_HALF_SIZE = (5.0, 5.0, 0.05)
DUMMY_POSE = sapien.Pose(p=[0.0, 0.0, -20.0])


def slot_names(count: int) -> tuple[str, ...]:
    """Names of `count` movable slots: "object", "receptacle", "distractor_0", ..."""
    return ("object", "receptacle", *(f"distractor_{index}" for index in range(count - 2)))[:count]


def slots_of(scene: Scene, count: int) -> tuple[Placement | None, ...]:
    """The placements of `scene` by slot; None where the scene has nothing for a slot."""
    filled = (scene.object, scene.receptacle, *scene.distractors)
    return (*filled, *([None] * (count - len(filled))))


def slots_needed(scenes: list[Scene]) -> int:
    """How many movable slots it takes to hold any one of `scenes`."""
    return max(2 + len(scene.distractors) for scene in scenes)


class AssetBuilder(ActorBuilder):
    """ManiSkill's actor builder for one of our assets (None: the dummy that fills an empty slot).

    Collision shapes come from `scene_hub.physics`, the same that settled the scene when it was composed.
    """

    def __init__(self, asset: Asset | None, dataset: SceneDataset) -> None:
        super().__init__()
        self.asset = asset
        self.dataset = dataset

    def build_physx_component(self, link_parent: object = None) -> physx.PhysxRigidDynamicComponent:
        component = physx.PhysxRigidDynamicComponent()
        if self.asset is None:
            component.attach(physx.PhysxCollisionShapeSphere(0.01, physx.get_default_material()))
            component.disable_gravity = True
            return component
        is_room = self.asset.kind == "room"
        meshes = self.dataset.collision_meshes(self.asset)
        for shape in [_floor()] if is_room else collision_shapes(self.asset, meshes):
            component.attach(shape)
        if self.asset.kind != "object":
            # Kinematic, not static: ManiSkill's GPU contact queries take rigid bodies that have a pose index. After the
            # shapes, and never to False: SAPIEN computes no mass once `kinematic` has been set.
            component.kinematic = True
        component.name = self.name
        return component

    def build_render_component(self) -> sapien.render.RenderBodyComponent:
        component = sapien.render.RenderBodyComponent()
        assert self.asset is not None, "the dummy has nothing to show"
        path = self.dataset.asset_file(self.asset, "visual")
        component.attach(sapien.render.RenderShapeTriangleMesh(str(path)))
        return component

    def build_entity(self) -> sapien.Entity:
        entity = sapien.Entity()
        if self.asset is not None and self.scene.can_render():
            entity.add_component(self.build_render_component())
        entity.add_component(self.build_physx_component())
        entity.name = self.name
        return entity


def _floor() -> physx.PhysxCollisionShapeBox:
    """What stops things that fall off the table: a slab whose top is the floor of the room."""
    shape = physx.PhysxCollisionShapeBox(FLOOR_HALF_SIZE, physx.get_default_material())
    shape.set_local_pose(sapien.Pose(p=[0, 0, -FLOOR_HALF_SIZE[2]]))
    return shape


@dataclass
class LoadedScenes:
    """The actors of all sub-environments. `assets[i]` maps placement names of sub-environment i to assets."""

    scenes: list[Scene]
    slots: list[tuple[Placement | None, ...]]
    assets: list[dict[str, Asset]]
    movables: list[Actor]
    """One batched view a slot, in slot order."""
    table: Actor
    room: Actor
    present: torch.Tensor
    """[N, M] bool."""
    extents: torch.Tensor
    """[N, M, 3] metres."""
    unit_inertia: list[list[np.ndarray]]
    """By sub-environment and slot: principal moments of inertia per kilogram, [3] square metres."""
    base_colors: dict[int, list[tuple[sapien.render.RenderMaterial, np.ndarray]]] = field(default_factory=dict)
    """By sub-environment: each material of table and movables with its own colour (RGBA), to randomize from."""

    def slot_asset(self, env: int, slot: int) -> Asset | None:
        placement = self.slots[env][slot]
        return None if placement is None else self.assets[env][placement.name]


def load_scenes(target: ManiSkillScene, dataset: SceneDataset, scenes: list[Scene], slot_count: int) -> LoadedScenes:
    """Build `scenes[i]` in sub-environment i of `target`.

    Raises:
        SceneDataError: an asset is missing or not what its checksum says; nothing native has read it then.
    """
    slots = [slots_of(scene, slot_count) for scene in scenes]
    assets = [{p.name: dataset.asset(p.asset) for p in scene.placements} for scene in scenes]

    def build(name: str, placements: list[Placement | None]) -> Actor:
        parts = []
        for env, placement in enumerate(placements):
            builder = AssetBuilder(None if placement is None else assets[env][placement.name], dataset)
            builder.set_scene(target)
            builder.set_scene_idxs([env])
            builder.initial_pose = DUMMY_POSE if placement is None else sapien_pose(placement.pose)
            actor = builder.build(f"env{env}_{name}")
            target.remove_from_state_dict_registry(actor)
            parts.append(actor)
        merged = Actor.merge(parts, name=name)
        target.add_to_state_dict_registry(merged)
        return merged

    names = slot_names(slot_count)
    movables = [build(name, [placements[slot] for placements in slots]) for slot, name in enumerate(names)]
    loaded = LoadedScenes(
        scenes=scenes,
        slots=slots,
        assets=assets,
        room=build("room", [scene.background for scene in scenes]),
        table=build("table", [scene.context for scene in scenes]),
        movables=movables,
        unit_inertia=[[_unit_inertia(actor._bodies[env]) for actor in movables] for env in range(len(scenes))],
        present=torch.tensor([[p is not None for p in placements] for placements in slots], device=target.device),
        extents=torch.tensor(
            [
                [(0.0, 0.0, 0.0) if p is None else assets[env][p.name].extents for p in placements]
                for env, placements in enumerate(slots)
            ],
            dtype=torch.float32,
            device=target.device,
        ),
    )
    loaded.base_colors = {env: _materials(loaded, env) for env in range(len(scenes))}
    return loaded


def _unit_inertia(body: physx.PhysxRigidDynamicComponent) -> np.ndarray:
    return np.asarray(body.inertia) / body.mass


def _materials(loaded: LoadedScenes, env: int) -> list[tuple[sapien.render.RenderMaterial, np.ndarray]]:
    found = []
    for actor in (loaded.table, *loaded.movables):
        body = actor._objs[env].find_component_by_type(sapien.render.RenderBodyComponent)
        for shape in body.render_shapes if body is not None else ():
            found += [(part.material, np.array(part.material.base_color)) for part in shape.parts]
    return found

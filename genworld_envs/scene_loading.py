"""From `Scene` records to ManiSkill actors: the scenes of all sub-environments, as batched views.

Every sub-environment gets the same slots (object, receptacle, distractors), whatever its scene: a slot that a scene does not
fill holds a weightless dummy out of sight, so that all tensors have one shape and ManiSkill's batched calls apply.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import sapien
import torch
from mani_skill.envs.scene import ManiSkillScene
from mani_skill.utils.structs import Actor
from mani_skill.utils.structs.pose import Pose

from genworld_envs.asset_library import AssetBody, AssetLibrary
from genworld_envs.physx_cpu_batched.scene import BatchedCpuScene
from scene_hub.physics import sapien_pose
from scene_hub.schema import Asset, Placement, Scene

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


@dataclass
class LoadedScenes:
    """The actors of all sub-environments. `assets[i]` maps placement names of sub-environment i to assets."""

    library: AssetLibrary
    scenes: list[Scene]
    slots: list[tuple[Placement | None, ...]]
    assets: list[dict[str, Asset]]
    actors: list[Actor]
    """One batched view a slot, in slot order, then table and room. Renderers draw in this order, too, and a pixel that is
    already covered by something nearer costs nothing: the room comes last."""
    bodies: list[list[AssetBody]]
    """By sub-environment, in the order of `actors`."""
    present: torch.Tensor
    """[N, M] bool."""
    extents: torch.Tensor
    """[N, M, 3] metres."""

    @property
    def movables(self) -> list[Actor]:
        """One batched view a slot, in slot order."""
        return self.actors[:-2]

    @property
    def room(self) -> Actor:
        return self.actors[-1]

    @property
    def table(self) -> Actor:
        return self.actors[-2]

    def slot_asset(self, env: int, slot: int) -> Asset | None:
        """What fills a slot; None for a dummy."""
        return self.bodies[env][slot].asset

    def tinted(self, env: int) -> Iterator[AssetBody]:
        """The bodies whose colours are randomized: table and movables."""
        yield self.bodies[env][-2]
        yield from self.bodies[env][:-2]

    def switch(self, env: int, scene: Scene, target: BatchedCpuScene) -> None:
        """Let sub-environment `env` of `target` hold `scene`, in a physical world without a past.

        Raises:
            SceneDataError: as `load_scenes`; the scene before is untouched then.
        """
        slots, assets, bodies = _bodies(self.library, scene, len(self.actors) - 2)
        before, self.bodies[env] = self.bodies[env], bodies
        for body, placement, actor in zip(bodies, _placements(scene, slots), self.actors, strict=True):
            _set_down(body, placement, env, str(actor.name))
        target.renew(env, {old.entity: new.entity for old, new in zip(before, bodies, strict=True)})
        for actor, body in zip(self.actors, bodies, strict=True):
            actor._objs[env], actor._bodies[env] = body.entity, body.body
            actor.__dict__.pop("per_scene_id", None)
        self.scenes[env], self.slots[env], self.assets[env] = scene, slots, assets
        self._describe(env)
        for body in before:
            self.library.give_back(body)

    def _describe(self, env: int) -> None:
        for slot, body in enumerate(self.bodies[env][:-2]):
            self.present[env, slot] = body.asset is not None
            extents = (0.0, 0.0, 0.0) if body.asset is None else body.asset.extents
            self.extents[env, slot] = torch.tensor(extents, device=self.extents.device)


def _placements(scene: Scene, slots: tuple[Placement | None, ...]) -> tuple[Placement | None, ...]:
    """In the order of actors: the slots', the table's, the room's."""
    return (*slots, scene.context, scene.background)


def _set_down(body: AssetBody, placement: Placement | None, env: int, name: str) -> sapien.Pose:
    """Name a body that is in no scene yet, and give it the pose of its placement, which is returned."""
    pose = DUMMY_POSE if placement is None else sapien_pose(placement.pose)
    body.entity.name, body.entity.pose = f"scene-{env}_{name}", pose
    return pose


def _bodies(
    library: AssetLibrary, scene: Scene, slot_count: int
) -> tuple[tuple[Placement | None, ...], dict[str, Asset], list[AssetBody]]:
    """The slots of a scene, its assets by placement name, and their bodies: slots first, then table and room."""
    slots = slots_of(scene, slot_count)
    assets = {placement.name: library.dataset.asset(placement.asset) for placement in scene.placements}
    taken: list[AssetBody] = []
    try:
        for placement in _placements(scene, slots):
            taken.append(library.take(None if placement is None else assets[placement.name]))
    except BaseException:
        for body in taken:
            library.give_back(body)
        raise
    return slots, assets, taken


def load_scenes(target: ManiSkillScene, library: AssetLibrary, scenes: list[Scene], slot_count: int) -> LoadedScenes:
    """Build `scenes[i]` in sub-environment i of `target`.

    Raises:
        SceneDataError: an asset is missing or not what its checksum says; nothing native has read it then.
    """
    made = [_bodies(library, scene, slot_count) for scene in scenes]
    names = (*slot_names(slot_count), "table", "room")
    actors = []
    for index, name in enumerate(names):
        entities, poses = [], []
        for env, (slots, _, bodies) in enumerate(made):
            pose = _set_down(bodies[index], _placements(scenes[env], slots)[index], env, name)
            entity = bodies[index].entity
            target.sub_scenes[env].add_entity(entity)
            entities.append(entity)
            poses.append(np.hstack([pose.p, pose.q]))
        actor = Actor.create_from_entities(entities, target, torch.arange(len(scenes)), shared_name=name)
        actor.initial_pose = Pose.create(torch.from_numpy(np.stack(poses)), device=target.device)
        # A view of unlike things: ManiSkill computes no common collision mesh for those.
        actor.merged = True
        target.actors[name] = actor
        target.add_to_state_dict_registry(actor)
        actors.append(actor)
    device = target.device
    loaded = LoadedScenes(
        library=library,
        scenes=list(scenes),
        slots=[slots for slots, _, _ in made],
        assets=[assets for _, assets, _ in made],
        actors=actors,
        bodies=[bodies for _, _, bodies in made],
        present=torch.zeros(len(scenes), slot_count, dtype=torch.bool, device=device),
        extents=torch.zeros(len(scenes), slot_count, 3, device=device),
    )
    for env in range(len(scenes)):
        loaded._describe(env)
    return loaded

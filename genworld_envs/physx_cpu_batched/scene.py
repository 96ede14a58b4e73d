"""`BatchedCpuScene`: ManiSkill's scene over N sub-scenes that each have a CPU simulation and a renderer of their own."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import sapien
import sapien.physx as physx
import sapien.render
import torch
from mani_skill.envs.scene import ManiSkillScene
from mani_skill.render import set_shader_pack
from mani_skill.sensors.camera import Camera
from torch import Tensor

from genworld_envs.physx_cpu_batched.system import BatchedCpuSystem


class CpuCameraGroup:
    """What `RenderSystemGroup.create_camera_group` gives on a GPU: one camera a sub-scene, pictures as one tensor."""

    def __init__(self, scene: "BatchedCpuScene", cameras: Sequence[sapien.render.RenderCameraComponent]) -> None:
        self._scene, self._cameras = scene, cameras
        self._pictures: dict[str, Tensor] = {}
        self._behind: dict[str, np.ndarray] = {}
        self._taken = False

    def take_picture(self) -> None:
        """Begin to draw the sub-scenes that may have changed; `get_picture_cuda` waits for them."""
        due = self._scene.changing if self._taken else np.ones(len(self._cameras), dtype=bool)
        for env in np.nonzero(due)[0]:
            self._cameras[env].take_picture()
        for behind in self._behind.values():
            behind |= due
        self._taken = True

    def get_picture_cuda(self, name: str) -> "_Picture":
        """Texture `name` of all sub-scenes, [N, H, W, C]."""
        behind = self._behind.setdefault(name, np.ones(len(self._cameras), dtype=bool))
        arrays = {env: self._cameras[env].get_picture(name) for env in np.nonzero(behind)[0]}
        if behind.all():
            self._pictures[name] = torch.from_numpy(np.stack(list(arrays.values())))
        elif arrays:
            self._pictures[name] = self._pictures[name].clone()
            for env, array in arrays.items():
                self._pictures[name][env] = torch.from_numpy(array)
        behind[:] = False
        return _Picture(self._pictures[name])


class _Picture:
    def __init__(self, picture: Tensor) -> None:
        self._picture = picture

    def torch(self) -> Tensor:
        return self._picture


class BatchedCpuScene(ManiSkillScene):
    """See the module. `px` is a `BatchedCpuSystem`, and `gpu_sim_enabled` is True: state is batched as on a GPU."""

    px: BatchedCpuSystem  # type: ignore[assignment]

    def __init__(self, sub_scenes: list[sapien.Scene], **arguments: Any) -> None:
        self._mask, self._holding = torch.ones(len(sub_scenes), dtype=torch.bool), False
        self.changing = np.ones(len(sub_scenes), dtype=bool)
        """[N] sub-scenes of which pictures are to be taken."""
        super().__init__(sub_scenes, **arguments)
        self.px = BatchedCpuSystem([scene.physx_system for scene in sub_scenes])
        self.gpu_sim_enabled = True

    @property
    def _reset_mask(self) -> Tensor:
        return self._mask

    @_reset_mask.setter
    def _reset_mask(self, mask: torch.Tensor) -> None:
        # ManiSkill sets the mask to all before the controllers reset, which then forget the targets of those in the middle of
        # an episode: while a partial reset lasts, its mask stays.
        if not (self._holding and bool(mask.all())):
            self._mask = mask

    @contextmanager
    def partial_reset(self, env_idx: Any) -> Iterator[None]:
        """While it lasts, only sub-environments `env_idx` change."""
        chosen = torch.zeros(self.num_envs, dtype=torch.bool)
        chosen[torch.as_tensor(env_idx, dtype=torch.long)] = True
        self._holding, self.changing = True, chosen.numpy()
        try:
            yield
        finally:
            self.release_reset_mask()
            self.changing = np.ones(self.num_envs, dtype=bool)

    def release_reset_mask(self) -> None:
        """From now on, what is set is set in all sub-environments."""
        self._holding, self._mask = False, torch.ones(self.num_envs, dtype=torch.bool)

    def renew(self, env: int, successors: Mapping[sapien.Entity, sapien.Entity]) -> None:
        """Give sub-environment `env` a physical world without a past, in which `successors` stand for entities of the old one.

        All else moves over as it is: articulations, cameras, lights, and the renderer. PhysX keeps contacts and the like
        with a scene and forgets them when a body leaves it, so what follows depends only on what is set from now on.
        """
        old = self.sub_scenes[env]
        entities = list(old.entities)
        for entity in entities:
            old.remove_entity(entity)
        systems: list[Any] = [physx.PhysxCpuSystem()]
        if self.can_render():
            systems.append(old.render_system)
        new = sapien.Scene(systems)
        new.physx_system.timestep = self.px.timestep
        shaders = self._shaders(env)
        for entity in entities:
            if entity in shaders:
                # A camera that enters a scene draws with what is chosen then, for the whole process, by whomever.
                set_shader_pack(shaders[entity])
            new.add_entity(successors.get(entity, entity))
        self.sub_scenes[env] = new
        self.px.replace(env, new.physx_system, _rigid(successors))

    def _shaders(self, env: int) -> dict[sapien.Entity, Any]:
        """The shaders of each entity that has cameras in sub-environment `env`."""
        sensors = (*self.human_render_cameras.values(), *self.sensors.values())
        return {
            sensor.camera._render_cameras[env].entity: sensor.config.shader_config
            for sensor in sensors
            if isinstance(sensor, Camera)
        }

    # --------------------------------------------------------------------------------------------------------- pictures

    def update_render(self, update_sensors: bool = True, update_human_render_cameras: bool = True) -> None:
        self.px.fetch()
        if update_sensors and not self._sensors_initialized:
            self._group(self.sensors)
            self._sensors_initialized = True
        if update_human_render_cameras and not self._human_render_cameras_initialized:
            self._group(self.human_render_cameras)
            self._human_render_cameras_initialized = True
        for scene, changing in zip(self.sub_scenes, self.changing, strict=True):
            if changing:
                scene.update_render()

    def _group(self, sensors: dict[str, Any]) -> None:
        for name, sensor in sensors.items():
            if not isinstance(sensor, Camera):
                raise NotImplementedError(f"sensor {name!r} is a {type(sensor).__name__}; only cameras can be batched")
            sensor.camera.camera_group = CpuCameraGroup(self, sensor.camera._render_cameras)
            self.camera_groups[name] = sensor.camera.camera_group


def _rigid(successors: Mapping[sapien.Entity, sapien.Entity]) -> dict[Any, Any]:
    """Rigid component of each successor -> that of its predecessor."""
    kind = physx.PhysxRigidBaseComponent
    pairs = ((new.find_component_by_type(kind), old.find_component_by_type(kind)) for old, new in successors.items())
    return {new: old for new, old in pairs if new is not None}

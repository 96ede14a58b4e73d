"""Where ManiSkill has to be told of the backend: `install` replaces the few functions that choose by backend or device."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import sapien
import sapien.physx as physx
import sapien.render
import torch
from mani_skill.render.utils import can_render

from genworld_envs.physx_cpu_batched.scene import BatchedCpuScene
from genworld_envs.physx_cpu_batched.system import row_of_component

BACKEND = "physx_cpu_batched"
_INDICES = (
    (physx.PhysxRigidDynamicComponent, "gpu_pose_index"),
    (physx.PhysxRigidDynamicComponent, "gpu_index"),
    (physx.PhysxArticulationLinkComponent, "gpu_pose_index"),
    (physx.PhysxArticulation, "gpu_index"),
)


@dataclass(frozen=True)
class BatchedCpuDevice:
    """The simulation's device. ManiSkill applies batched targets where the device `is_cuda`; tensors are on the CPU."""

    name: str = "cpu"

    def is_cuda(self) -> bool:
        return True

    def is_cpu(self) -> bool:
        return True


def install() -> None:
    """Make `sim_backend="physx_cpu_batched"` known to ManiSkill; calling it again changes nothing."""
    from mani_skill.agents.controllers.pd_ee_pose import PDEEPosController
    from mani_skill.envs import sapien_env
    from mani_skill.envs.sapien_env import BaseEnv
    from mani_skill.utils.structs.actor import Actor

    if hasattr(sapien_env.parse_sim_and_render_backend, "__wrapped__"):
        return
    sapien_env.parse_sim_and_render_backend = _with_backend(sapien_env.parse_sim_and_render_backend)
    BaseEnv._setup_scene = _with_scene(BaseEnv._setup_scene)
    BaseEnv.reset = _with_partial_reset(BaseEnv.reset)
    for name, visibility in (("hide_visual", 0.0), ("show_visual", 1.0)):
        setattr(Actor, name, _with_visibility(getattr(Actor, name), visibility))
    PDEEPosController.set_action = _with_one_kinematics(PDEEPosController.set_action)
    for component, name in _INDICES:
        setattr(component, name, property(_with_row(getattr(component, name))))


def _with_backend(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def parse(sim_backend: str, render_backend: str) -> Any:
        if sim_backend != BACKEND:
            return original(sim_backend, render_backend)
        info = original("physx_cpu", render_backend)
        info.sim_backend, info.sim_device = BACKEND, BatchedCpuDevice()
        return info

    return parse


def _with_scene(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def setup_scene(env: Any) -> None:
        if env.backend.sim_backend != BACKEND:
            original(env)
            return
        env._set_scene_config()
        env.scene = BatchedCpuScene(
            [_sub_scene(env._render_device) for _ in range(env.num_envs)],
            sim_config=env.sim_config,
            device=env.device,
            parallel_in_single_scene=False,
            backend=env.backend,
        )
        env.scene.px.timestep = 1.0 / env._sim_freq

    return setup_scene


def _sub_scene(render_device: sapien.Device | None) -> sapien.Scene:
    systems: list[Any] = [physx.PhysxCpuSystem()]
    if can_render(render_device):
        systems.append(sapien.render.RenderSystem(render_device))
    return sapien.Scene(systems)


def _with_partial_reset(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def reset(env: Any, seed: Any = None, options: dict[str, Any] | None = None) -> Any:
        scene = getattr(env, "scene", None)
        chosen = None if options is None else options.get("env_idx")
        if isinstance(scene, BatchedCpuScene):
            # Their states are set anew.
            scene.px.faulty[slice(None) if chosen is None else np.asarray(chosen)] = False
        if not isinstance(scene, BatchedCpuScene) or chosen is None or len(chosen) == env.num_envs:
            return original(env, seed=seed, options=options)
        with scene.partial_reset(chosen):
            get_info = env.get_info

            def get_info_of_all() -> Any:
                # What comes first after the controllers have been reset.
                del env.get_info
                scene.release_reset_mask()
                return get_info()

            env.get_info = get_info_of_all
            try:
                return original(env, seed=seed, options=options)
            finally:
                env.__dict__.pop("get_info", None)

    return reset


def _with_visibility(original: Callable[[Any], None], visibility: float) -> Callable[[Any], None]:
    """On a GPU, ManiSkill hides actors by moving them away, because nothing else can change there."""

    @functools.wraps(original)
    def set_visibility(actor: Any) -> None:
        if not isinstance(actor.scene, BatchedCpuScene):
            original(actor)
            return
        for entity in actor._objs:
            entity.find_component_by_type(sapien.render.RenderBodyComponent).visibility = visibility

    return set_visibility


def _with_one_kinematics(original: Callable[..., Any]) -> Callable[..., Any]:
    """ManiSkill solves inverse kinematics for one environment and for many in two ways. Here many are solved as one is."""

    @functools.wraps(original)
    def set_action(controller: Any, action: torch.Tensor) -> None:
        if not isinstance(controller.scene, BatchedCpuScene):
            original(controller, action)
            return
        action = controller._preprocess_action(action)
        controller._step, controller._start_qpos = 0, controller.qpos
        previous = controller._target_pose if controller.config.use_target else controller.ee_pose_at_base
        controller._target_pose = controller.compute_target_pose(previous, action)
        controller._target_qpos = _solved(controller)
        if controller.config.interpolate:
            controller._step_size = (controller._target_qpos - controller._start_qpos) / controller._sim_steps
        else:
            controller.set_drive_targets(controller._target_qpos)

    return set_action


def _solved(controller: Any) -> torch.Tensor:
    """[N, J] joint positions for the controller's target poses; where there is no solution, those that it has."""
    kinematics = controller.kinematics
    starts = controller.articulation.get_qpos()[:, kinematics.pmodel_active_joint_indices].numpy()
    targets, result = controller._target_pose.raw_pose.numpy(), controller._start_qpos.clone()
    for env, (pose, start) in enumerate(zip(targets, starts, strict=True)):
        if not np.isfinite(pose).all():
            continue
        qpos, solved, _ = kinematics.pmodel.compute_inverse_kinematics(
            kinematics.end_link_idx,
            sapien.Pose(pose[:3], pose[3:]),
            initial_qpos=start,
            active_qmask=kinematics.qmask,
            max_iterations=100,
        )
        if solved:
            result[env] = torch.from_numpy(qpos[kinematics.pmodel_controlled_joint_indices])
    return result


def _with_row(original: Any) -> Callable[[Any], int]:
    def index(component: Any) -> int:
        row = row_of_component.get(component)
        return original.__get__(component) if row is None else row

    return index

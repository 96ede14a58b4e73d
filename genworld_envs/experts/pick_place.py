"""The scripted expert of all task families."""

from collections.abc import Iterable

import numpy as np
import torch

from genworld_envs.batched_env import GenWorldBatchedEnv
from genworld_envs.experts.arm import ArmModel
from genworld_envs.experts.episode import Command, Episode, Phase
from genworld_envs.experts.geometry import asset_cloud
from genworld_envs.experts.latency import LatencyObserver
from genworld_envs.experts.view import views
from genworld_envs.robots.kinematics import limited, moved, pose_error
from scene_hub.errors import InvalidOptionError
from scene_hub.schema import Scene

CONTROL_MODE = "pd_ee_delta_pose"


class PickPlaceExpert:
    """Picks the object of each sub-environment's scene, and puts it where the instruction says.

    Closed loop: at every control step it looks at the privileged state, and tries again, with another grasp, when the object
    was missed, lost or pushed. It acts through the public action space of `pd_ee_delta_pose`. It has no randomness: the
    same states give the same actions.

    Args:
        env: the batched environment (`gym.make(...).unwrapped.batched`).

    Use: after each `env.reset`, call `reset` (with `env_idx` after a partial one); before each `env.step`, `act`.
    """

    def __init__(self, env: GenWorldBatchedEnv) -> None:
        if env.agent.control_mode != CONTROL_MODE:
            raise InvalidOptionError(
                f"the expert acts through control_mode {CONTROL_MODE!r}, but the environment has {env.agent.control_mode!r}; "
                f"make it with control_mode={CONTROL_MODE!r}"
            )
        self.env = env
        self._clouds: dict[str, np.ndarray] = {}
        self.episodes: list[Episode] = []
        self._latency = LatencyObserver(env.num_envs)
        self.reset()

    def reset(self, env_idx: Iterable[int] | None = None) -> None:
        """Begin anew in all sub-environments, or in those of `env_idx`."""
        self.arm = ArmModel(self.env.agent, np.array(self.env.robot_spec.base_position))
        wanted = range(self.env.num_envs) if env_idx is None or not self.episodes else [int(env) for env in env_idx]
        if len(self.episodes) != self.env.num_envs:
            wanted, self.episodes = range(self.env.num_envs), [self._episode(0)] * self.env.num_envs
        for env in wanted:
            self.episodes[env] = self._episode(env)
            self._latency.reset(env)

    def _episode(self, env: int) -> Episode:
        scene = self.env.scenes[env]
        return Episode(scene.task, self.env.assets[env][scene.object.name], self.arm, self.env.robot_spec.hand)

    @property
    def phases(self) -> list[Phase]:
        """What each sub-environment's expert is about."""
        return [episode.phase for episode in self.episodes]

    def act(self) -> torch.Tensor:
        """[N, A] float32 actions for the present state, on the environment's device."""
        state = self.env.privileged_state()
        joints = self.env.robot_spec.arm_joints
        qpos = self.env.agent.robot.get_qpos()[:, :joints].double().cpu().numpy()
        clouds = [self._scene_clouds(env, scene, state.present.shape[1]) for env, scene in enumerate(self.env.scenes)]
        seen = views(state, qpos, clouds)
        commands = [episode.step(view) for episode, view in zip(self.episodes, seen, strict=True)]
        return self._actions(commands, np.stack([view.tool for view in seen]), qpos).to(self.env.device)

    def _scene_clouds(self, env: int, scene: Scene, slots: int) -> tuple[np.ndarray | None, ...]:
        placements = (scene.object, scene.receptacle, *scene.distractors)
        found: list[np.ndarray | None] = []
        for placement in placements:
            if placement is None:
                found.append(None)
                continue
            if placement.asset not in self._clouds:
                asset = self.env.assets[env][placement.name]
                self._clouds[placement.asset] = asset_cloud(asset, self.env.dataset)
            found.append(self._clouds[placement.asset])
        return (*found, *([None] * (slots - len(found))))

    def _actions(self, commands: list[Command], tools: np.ndarray, qpos: np.ndarray) -> torch.Tensor:
        target = np.stack([command.target for command in commands])
        speed = np.array([[command.speed] for command in commands])
        gripper = np.array([[command.gripper] for command in commands])
        expected = moved(tools, self._latency.observe(tools))
        step = limited(pose_error(target, expected), self.arm.translation_step * speed, self.arm.rotation_step * speed)
        self._latency.record(step)
        action = np.concatenate([self.arm.action(qpos, step), gripper], axis=1)
        return torch.from_numpy(action.clip(-1.0, 1.0).astype(np.float32))

"""The vector environment over one batched simulation (a CUDA GPU)."""

from typing import Any

import torch
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from genworld_envs.batched_env import GenWorldBatchedEnv
from genworld_envs.observation import flatten_observation, observation_space
from genworld_envs.options import CONTROL_FREQUENCY


class BatchedVectorEnv(VectorEnv):
    """`GenWorldBatchedEnv` as a `gymnasium.vector.VectorEnv`: flat observations, tensors on the simulation's device.

    Arguments are those of `GenWorldBatchedEnv`. `info` has its batched tensors, and `instruction`, a list of N strings.
    """

    def __init__(self, num_envs: int, **options: Any) -> None:
        self.batched = GenWorldBatchedEnv(num_envs=num_envs, **options)
        self.num_envs = num_envs
        self.render_mode = self.batched.options.render_mode
        self.metadata = {
            "render_modes": self.batched.metadata["render_modes"],
            "render_fps": CONTROL_FREQUENCY,
            "autoreset_mode": AutoresetMode.NEXT_STEP,
        }
        first = flatten_observation(self.batched._last_obs, self.batched.options)
        self.single_observation_space = observation_space(first)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.single_action_space = self.batched.single_action_space
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._ended = torch.zeros(num_envs, dtype=torch.bool, device=self.batched.device)

    @property
    def task_description(self) -> list[str]:
        """The instruction of each sub-environment."""
        return self.batched.instructions

    def reset(self, *, seed: Any = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        observation, info = self.batched.reset(seed=seed, options=options)
        self._ended[:] = False
        return flatten_observation(observation, self.batched.options), self._info(info)

    def step(self, actions: Any) -> tuple[Any, torch.Tensor, torch.Tensor, torch.Tensor, dict[str, Any]]:
        began = self._ended.clone()
        observation, reward, terminated, truncated, info = self.batched.step(actions)
        if began.any():
            observation, info = self.batched.reset(options={"env_idx": began.nonzero()[:, 0]})
            reward, terminated, truncated = reward.masked_fill(began, 0.0), terminated & ~began, truncated & ~began
        self._ended = terminated | truncated
        return flatten_observation(observation, self.batched.options), reward, terminated, truncated, self._info(info)

    def render(self) -> Any:
        """Images uint8 [N, H, W, 3] as a tensor."""
        return self.batched.render()

    def close_extras(self, **kwargs: Any) -> None:
        self.batched.close()

    def _info(self, info: dict[str, Any]) -> dict[str, Any]:
        return {
            **info,
            "instruction": self.batched.instructions,
            "scene_id": [scene.id for scene in self.batched.scenes],
        }

"""The vector environment over one batched simulation, in this process."""

from collections.abc import Callable
from typing import Any

import torch
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from genworld_envs.batched_env import GenWorldBatchedEnv
from genworld_envs.observation import flatten_observation, observation_space
from genworld_envs.options import CONTROL_FREQUENCY
from genworld_envs.vector.actions import batched_actions

Step = tuple[Any, torch.Tensor, torch.Tensor, torch.Tensor, dict[str, Any]]


class BatchedVectorEnv(VectorEnv):
    """`GenWorldBatchedEnv` as a `gymnasium.vector.VectorEnv`: flat observations, tensors on the simulation's device.

    Arguments are those of `GenWorldBatchedEnv`. `info` has its batched tensors, `is_success` (the name that LeRobot and SB3
    read), and lists of N strings: `instruction`, `scene_id`, `task`, `split`.
    """

    workers = 1

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
        """Begin new episodes, in all sub-environments or in those of `options["env_idx"]`; see `GenWorldBatchedEnv.reset`."""
        observation, info = self.batched.reset(seed=seed, options=options)
        self._ended[(options or {}).get("env_idx", slice(None))] = False
        return flatten_observation(observation, self.batched.options), self._info(info)

    def step(self, actions: Any) -> Step:
        """One control step (0.2 s) with `actions` [N, A]; begins the next episode where the last call ended one.

        Raises:
            InvalidOptionError: actions of another shape.
        """
        return self._advance(self.batched.step, actions, chunk=False)

    def step_chunk(self, actions: Any) -> Step:
        """C control steps with `actions` [N, C, A], observed after the last one only.

        A sub-environment whose episode ends within the chunk stops there, and the next call begins its next episode. Rewards
        are summed over the steps that were made.

        Raises:
            InvalidOptionError: actions of another shape.
        """
        return self._advance(self.batched.step_chunk, actions, chunk=True)

    def render(self) -> Any:
        """Images uint8 [N, H, W, 3] as a tensor; None without a render mode."""
        return None if self.render_mode is None else self.batched.render()

    def call(self, name: str, *arguments: Any) -> Any:
        """The attribute `name` of the `GenWorldBatchedEnv`, or what it returns for `arguments` if it is a method."""
        value = getattr(self.batched, name)
        return value(*arguments) if callable(value) else value

    def close_extras(self, **kwargs: Any) -> None:
        self.batched.close()

    def _advance(self, move: Callable[[torch.Tensor], Step], actions: Any, chunk: bool) -> Step:
        """`move` where an episode runs, a reset where one had ended."""
        size, began = self.batched.single_action_space.shape[0], self._ended
        actions = batched_actions(actions, self.num_envs, size, self.batched.device, chunk)
        if began.all():
            observation, info = self._begin(began)
            reward = torch.zeros_like(began, dtype=torch.float32)
            terminated, truncated = torch.zeros_like(began), torch.zeros_like(began)
        else:
            # What an ended sub-environment is told is ignored; NaN must not even reach the simulation.
            observation, reward, terminated, truncated, info = move(actions.masked_fill(_like(began, actions), 0.0))
            if began.any():
                observation, fresh = self._begin(began)
                # The others' row is of their step: a reset knows nothing of what happened in it.
                info = {**fresh, **{name: _rows(began, fresh.get(name), value) for name, value in info.items()}}
                reward, terminated, truncated = reward.masked_fill(began, 0.0), terminated & ~began, truncated & ~began
        self._ended = terminated | truncated
        return flatten_observation(observation, self.batched.options), reward, terminated, truncated, self._info(info)

    def _begin(self, ended: torch.Tensor) -> tuple[Any, dict[str, Any]]:
        return self.batched.reset(options={"env_idx": ended.nonzero()[:, 0]})

    def _info(self, info: dict[str, Any]) -> dict[str, Any]:
        scenes = self.batched.scenes
        return {
            **info,
            **({"is_success": info["success"]} if "success" in info else {}),
            "instruction": self.batched.instructions,
            "scene_id": [scene.id for scene in scenes],
            "task": [scene.task for scene in scenes],
            "split": [scene.split for scene in scenes],
        }


def _like(mask: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
    """The mask [N] with axes of length 1 added, so that it spreads over `value` [N, ...]."""
    return mask.reshape(-1, *[1] * (value.ndim - 1))


def _rows(chosen: torch.Tensor, value: Any, other: Any) -> Any:
    """Rows of `value` (zeros where it is None) where `chosen` [N] is set, else of `other`, if that is a tensor [N, ...]."""
    if not isinstance(other, torch.Tensor) or other.ndim == 0 or len(other) != len(chosen):
        return other if value is None else value
    return torch.where(_like(chosen, other), torch.zeros_like(other) if value is None else value, other)

"""The vector environment of a machine without a GPU: one process a sub-environment, tensors on the outside."""

from functools import partial
from typing import Any

import numpy as np
import torch
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, VectorEnv, VectorWrapper


def make_process_vector_env(num_envs: int, **options: Any) -> VectorEnv:
    """`num_envs` standard environments in processes of their own, with torch tensors in and out.

    Options are checked here first, so that a mistake is reported by this process and not by `num_envs` others.
    """
    from genworld_envs.options import EnvOptions

    EnvOptions.check(
        **{k: v for k, v in options.items() if k not in ("sim_backend", "render_backend", "maniskill_options")}
    )
    # "spawn": a forked copy of a process that holds a renderer or threads hangs.
    return TensorVectorEnv(
        AsyncVectorEnv([partial(_make, options)] * num_envs, context="spawn", autoreset_mode=AutoresetMode.NEXT_STEP)
    )


def _make(options: dict[str, Any]) -> Any:
    # A worker computes one environment; threads of its own would only fight over the cores.
    torch.set_num_threads(1)
    from genworld_envs.env import GenWorldEnv

    return GenWorldEnv(**options)


class TensorVectorEnv(VectorWrapper):
    """A numpy vector environment with torch tensors in and out; actions may be either."""

    def reset(self, *, seed: Any = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        observation, info = self.env.reset(seed=seed, options=options)
        return _tensors(observation), _tensors(info)

    def step(self, actions: Any) -> tuple[Any, torch.Tensor, torch.Tensor, torch.Tensor, dict[str, Any]]:
        values = actions.cpu().numpy() if isinstance(actions, torch.Tensor) else np.asarray(actions)
        observation, reward, terminated, truncated, info = self.env.step(values)
        return (
            _tensors(observation),
            _tensors(np.asarray(reward, dtype=np.float32)),
            _tensors(terminated),
            _tensors(truncated),
            _tensors(info),
        )


def _tensors(value: Any) -> Any:
    """Arrays of numbers as tensors; what is not numeric (instructions) stays as it is."""
    if isinstance(value, dict):
        return {key: _tensors(item) for key, item in value.items()}
    if isinstance(value, np.ndarray) and value.dtype != object and value.dtype.kind in "biuf":
        return torch.from_numpy(value.copy())
    return value

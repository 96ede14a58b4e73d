"""The policies that an evaluation knows by name.

A policy sees an ordinary Gymnasium environment. `reset` is called once after each environment reset, `act` once for
each control step. A policy with randomness draws it from the seed that `reset` hands over.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import gymnasium as gym
import numpy as np

from scene_hub.errors import InvalidOptionError


class Policy(Protocol):
    """What acts in an evaluation."""

    def reset(self, env: gym.Env, seed: int) -> None:
        """Begin an episode in `env`, which was just reset. `seed` is the episode's."""
        ...

    def act(self, obs: Any, info: dict[str, Any]) -> np.ndarray:
        """The action for an observation and the `info` that came with it; shape and range of `env.action_space`."""
        ...


class ExpertPolicy:
    """The scripted expert: closed loop, from privileged state, through the public action space."""

    def __init__(self) -> None:
        self._expert: Any = None

    def reset(self, env: gym.Env, seed: int) -> None:
        from genworld_envs.experts import PickPlaceExpert

        self._expert = PickPlaceExpert(env.unwrapped.batched)  # type: ignore[attr-defined]
        self._expert.reset()

    def act(self, obs: Any, info: dict[str, Any]) -> np.ndarray:
        return self._expert.act()[0].cpu().numpy()


class RandomPolicy:
    """Uniform actions: the floor of every comparison."""

    def reset(self, env: gym.Env, seed: int) -> None:
        space = env.action_space
        if not isinstance(space, gym.spaces.Box):
            raise InvalidOptionError(f"the random policy needs a Box action space, this environment has {space}")
        self._low, self._high, self._dtype = space.low, space.high, space.dtype
        self._rng = np.random.default_rng(seed)

    def act(self, obs: Any, info: dict[str, Any]) -> np.ndarray:
        return self._rng.uniform(self._low, self._high).astype(self._dtype)


class ZeroPolicy:
    """The action of all zeros: shows what happens without a robot's doing."""

    def reset(self, env: gym.Env, seed: int) -> None:
        self._action = np.zeros(env.action_space.shape or (), dtype=env.action_space.dtype)

    def act(self, obs: Any, info: dict[str, Any]) -> np.ndarray:
        return self._action.copy()


@dataclass(frozen=True)
class PolicyEntry:
    """How a named policy is made and which observations it wants (`obs_mode`)."""

    make: Callable[[], Policy]
    obs_mode: str = "state"


POLICIES: dict[str, PolicyEntry] = {
    "expert": PolicyEntry(ExpertPolicy),
    "random": PolicyEntry(RandomPolicy),
    "zero": PolicyEntry(ZeroPolicy),
}


def find_policy(name: str) -> PolicyEntry:
    """The policy called `name`.

    Raises:
        InvalidOptionError: there is none; the message lists the choices.
    """
    if name not in POLICIES:
        raise InvalidOptionError.unknown("policy", name, POLICIES)
    return POLICIES[name]

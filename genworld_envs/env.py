"""The standard environment: what `gym.make("GenWorld-Stack-v0")` gives.

A `gymnasium.Env` of its own that holds a ManiSkill environment with one sub-environment, instead of a wrapper around it:
unbatched numpy, plain floats and bools, Gymnasium's seeding, so that every Gymnasium tool works on it without knowing
ManiSkill.
"""

import dataclasses
import os
import platform
from collections.abc import Mapping
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.envs.registration import EnvSpec

from genworld_envs.batched_env import GenWorldBatchedEnv
from genworld_envs.observation import flatten_observation, observation_space, to_numpy
from genworld_envs.options import CONTROL_FREQUENCY
from scene_hub.errors import InvalidOptionError, MissingRequirementError
from scene_hub.schema import Scene

RESET_OPTIONS = ("scene_id",)
HAS_DISPLAY = platform.system() != "Linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class GenWorldEnv(gym.Env):
    """One robot in one generated scene at a time; each reset draws a scene.

    Keyword arguments are those of `genworld_envs.options.EnvOptions.check`, plus `sim_backend`, `render_backend` and
    `maniskill_options` of `GenWorldBatchedEnv`, which is at `batched` for those who need privileged state.

    Observations: see `genworld_envs.observation`. Actions: the robot's controller, normalised to [-1, 1] in delta modes.
    An episode ends (terminated) at success, and is truncated after `max_episode_steps` control steps of 0.2 s.
    `info` has `instruction`, `scene_id`, `task`, `split`, `success`, `is_success` (the name LeRobot and SB3 read),
    `partial_success`, `semantic_failure`, `time_to_success` (seconds, infinite before success), `stage`, `elapsed_steps`,
    `fault` (the simulation exploded: the episode is truncated).
    """

    # "human" opens SAPIEN's viewer, which takes a display.
    metadata = {
        "render_modes": ["rgb_array", "sensors", "all", *(["human"] if HAS_DISPLAY else [])],
        "render_fps": CONTROL_FREQUENCY,
    }

    def __init__(self, **options: Any) -> None:
        if options.get("obs_mode") == "none":
            raise InvalidOptionError(
                "obs_mode 'none' gives nothing to observe; choose 'state', or an image mode such as 'rgb'"
            )
        if options.get("render_mode") == "human" and not HAS_DISPLAY:
            raise MissingRequirementError(
                "render_mode 'human' opens a window, and this machine has no display (DISPLAY is not set); "
                "use render_mode='rgb_array' and show or save what render() returns"
            )
        self.batched = GenWorldBatchedEnv(num_envs=1, **options)
        self.options = self.batched.options
        self.render_mode = self.options.render_mode
        first = flatten_observation(self.batched._last_obs, self.options)
        self.observation_space = observation_space(first)
        self.action_space = self.batched.single_action_space
        self._spec: EnvSpec | None = None

    @property
    def spec(self) -> EnvSpec | None:  # type: ignore[override]
        return self._spec

    @spec.setter
    def spec(self, value: EnvSpec | None) -> None:
        # The registered spec has no step limit (see `registry`); people who read it from an environment find the real one.
        limit = self.batched.max_episode_steps
        self._spec = value if value is None else dataclasses.replace(value, max_episode_steps=limit)

    @property
    def scene(self) -> Scene:
        """The scene of the present episode."""
        return self.batched.scenes[0]

    @property
    def instruction(self) -> str:
        """What the robot is to do in the present episode, in English."""
        return self.scene.instruction

    @property
    def task_description(self) -> str:
        """`instruction`, under the name that LeRobot reads."""
        return self.instruction

    @property
    def task(self) -> str:
        """The task family of the present episode."""
        return self.scene.task

    @property
    def _max_episode_steps(self) -> int:
        """The step limit, under the name that LeRobot reads."""
        return self.batched.max_episode_steps

    def reset(self, *, seed: int | None = None, options: Mapping[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin an episode; `options={"scene_id": id}` pins its scene. Equal seeds give equal episodes.

        Raises:
            InvalidOptionError: an unknown option or scene, or a negative seed.
        """
        super().reset(seed=seed)
        unknown = sorted(set(options or {}) - set(RESET_OPTIONS))
        if unknown:
            raise InvalidOptionError.unknown("reset option", unknown[0], RESET_OPTIONS)
        observation, info = self.batched.reset(seed=seed, options=dict(options or {}))
        return self._observe(observation), self._info(info)

    def step(self, action: np.ndarray) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """One control step of 0.2 s.

        Raises:
            InvalidOptionError: an action of the wrong shape, or with NaN or infinite numbers.
        """
        return self._step(self._finite(action, (*(self.action_space.shape or ()),))[None, None])

    def step_chunk(self, actions: np.ndarray) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """C control steps with `actions` [C, A] and one observation, of the end: as `step` C times, but no further than the
        end of the episode. The reward is the sum of theirs; the rest is that of the last step.

        Raises:
            InvalidOptionError: actions of the wrong shape, or with NaN or infinite numbers.
        """
        count = np.shape(actions)[0] if np.ndim(actions) == 2 else 0
        return self._step(self._finite(actions, (max(count, 1), *(self.action_space.shape or ())))[None])

    def _step(self, actions: np.ndarray) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        observation, reward, terminated, truncated, info = self.batched.step_chunk(actions)
        return self._observe(observation), float(reward[0]), bool(terminated[0]), bool(truncated[0]), self._info(info)

    def _finite(self, actions: Any, shape: tuple[int, ...]) -> np.ndarray:
        values = np.asarray(actions, dtype=np.float32)
        if values.shape != shape:
            raise InvalidOptionError(
                f"action has shape {values.shape}, but {self.options.robot.name} with control_mode "
                f"{self.options.control_mode!r} takes {shape}"
            )
        if not np.isfinite(values).all():
            raise InvalidOptionError(f"action is not finite: {values.tolist()}")
        return values

    def render(self) -> Any:
        """An RGB image uint8 [H, W, 3] of the present moment ("rgb_array", "sensors", "all"), or the viewer ("human")."""
        if self.render_mode is None:
            return None
        image: Any = self.batched.render()
        return image if self.render_mode == "human" else image[0].cpu().numpy()

    def close(self) -> None:
        """Free the simulation."""
        self.batched.close()

    def _observe(self, raw: Any) -> Any:
        return to_numpy(flatten_observation(raw, self.options), 0)

    def _info(self, info: dict[str, Any]) -> dict[str, Any]:
        scene = self.scene
        success = bool(info["success"][0])
        return {
            "instruction": scene.instruction,
            "scene_id": scene.id,
            "task": scene.task,
            "split": scene.split,
            "success": success,
            "is_success": success,
            "partial_success": bool(info["partial_success"][0]),
            "semantic_failure": bool(info["semantic_failure"][0]),
            "time_to_success": float(info["time_to_success"][0]),
            "stage": int(info["stage"][0]),
            "elapsed_steps": int(info["elapsed_steps"][0]),
            "fault": bool(info["fault"][0]),
        }

"""A light environment with the `info` of a GenWorld one, for tests of what runs environments.

An episode's course follows from its seed. Scenes whose name begins with "raise", "crash" or "refuse" misbehave; with
"-once" in the name, only the first time, which a marker file in `marks` remembers across processes.
"""

import os
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np

from scene_hub.errors import InvalidOptionError


class FakeGenWorld(gym.Env):
    metadata = {"render_modes": ["rgb_array"], "render_fps": 5}
    action_space = gym.spaces.Box(-1.0, 1.0, (7,), np.float32)
    observation_space = gym.spaces.Box(-np.inf, np.inf, (1,), np.float32)

    def __init__(
        self, marks: str = "", scene_ids: tuple[str, ...] = (), render_mode: str | None = None, **_: Any
    ) -> None:
        self._marks = Path(marks)
        self.render_mode = render_mode

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        assert options is not None
        self._scene_id = options["scene_id"]
        self._misbehave()
        self._mark(f"ran-{self._scene_id}-{seed}-{os.getpid()}")
        self._rng = np.random.default_rng(seed)
        self._finish = int(self._rng.integers(2, 8)) if self._rng.random() < 0.6 else 99
        self._wrong = bool(self._rng.random() < 0.3)
        self._steps = 0
        return self._obs(), self._info()

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        self._steps += 1
        info = self._info()
        return self._obs(), float(info["success"]), info["success"], self._steps >= 10, info

    def render(self) -> Any:
        frame = np.zeros((48, 64, 3), np.uint8)
        frame[:, : 6 * self._steps] = (200, 80, 40)
        return frame

    def _obs(self) -> np.ndarray:
        return np.array([self._steps], np.float32)

    def _info(self) -> dict[str, Any]:
        success = self._steps >= self._finish
        return {
            "instruction": f"do {self._scene_id}",
            "scene_id": self._scene_id,
            "success": success,
            "partial_success": success,
            "semantic_failure": self._wrong,
            "time_to_success": self._finish / 5 if success else float("nan"),
            "stage": 4 if success else 0,
        }

    def _mark(self, name: str) -> bool:
        """Leave a mark; True when it was not there before."""
        path = self._marks / name
        new = not path.exists()
        path.touch()
        return new

    def _misbehave(self) -> None:
        kind = self._scene_id.split("-")[0]
        if kind not in ("raise", "crash", "refuse") or ("-once" in self._scene_id and not self._mark(self._scene_id)):
            return
        if kind == "crash":
            os._exit(3)
        if kind == "refuse":
            raise InvalidOptionError("scene 'refuse' is not for this robot; choose another")
        raise RuntimeError("the physics exploded")


gym.register("Fake-v0", entry_point=FakeGenWorld, disable_env_checker=True)

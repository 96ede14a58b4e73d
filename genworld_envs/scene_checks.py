"""Checks of scenes that need an environment, for `scene_hub.validate`: can the task be seen, can it be done.

Both see a scene as users will: through a dataset and `gym.make`. They are found through the entry point group
`genworld.checks`, so that `scene_hub` need not know environments.
"""

from typing import Any

import gymnasium as gym
import numpy as np

import genworld_envs  # noqa: F401  (registers the ids)
from genworld_envs.batched_env import GenWorldBatchedEnv
from genworld_envs.evaluation.policies import ExpertPolicy
from genworld_envs.evaluation.runner import run_episode
from genworld_envs.evaluation.specs import make_specs
from scene_hub.dataset import SceneDataset
from scene_hub.schema import Check
from scene_hub.validate.checks import made_check

ROBOT = "panda"
MIN_PIXELS = 150
EPISODES = 3
VALIDATION_SEED = 20260318
"""Seed of the expert's episodes in validation; evaluations use others."""
PIXEL_STEP = 50
"""Pixel counts are reported in steps of this: the last few depend on the driver."""


class _EnvironmentCheck:
    """Has one environment for all datasets: making one takes seconds, changing its dataset nothing."""

    options: dict[str, Any]

    def __init__(self) -> None:
        self._env: gym.Env | None = None
        self._fingerprint = ""

    def environment(self, dataset: SceneDataset) -> gym.Env:
        """The environment, with the scenes of `dataset`."""
        if self._env is None:
            self._env = gym.make("GenWorld-v0", scenes=dataset.source, robot_uids=ROBOT, **self.options)
        elif self._fingerprint != dataset.fingerprint:
            self._env.unwrapped.batched.use_dataset(dataset)  # type: ignore[attr-defined]
        self._fingerprint = dataset.fingerprint
        return self._env

    def close(self) -> None:
        """Free the simulation."""
        if self._env is not None:
            self._env.close()
            self._env = None


class VisibilityCheck(_EnvironmentCheck):
    """Each target covers at least 150 pixels of the 224 x 224 view that policies see, robot and all."""

    options = {"obs_mode": "rgb+segmentation", "randomization": "none"}

    def __call__(self, dataset: SceneDataset, scene_id: str) -> Check:
        """The check of one scene. Raises MissingRequirementError where nothing can render."""
        env = self.environment(dataset)
        observation, _ = env.reset(seed=0, options={"scene_id": scene_id})
        pixels = target_pixels(env.unwrapped.batched, observation["base_segmentation"])  # type: ignore[attr-defined]
        fewest = min(pixels, key=lambda name: pixels[name])
        count = pixels[fewest] // PIXEL_STEP * PIXEL_STEP
        found = f"{fewest!r} covers {count} pixels or a little more"
        return made_check("visible", pixels[fewest] >= MIN_PIXELS, found, found, count, MIN_PIXELS)


def target_pixels(batched: GenWorldBatchedEnv, segmentation: np.ndarray) -> dict[str, int]:
    """How many pixels of a segmentation picture [H, W, 1] the object and the receptacle cover, by name."""
    scene = batched.scenes[0]
    targets = (scene.object,) if scene.receptacle is None else (scene.object, scene.receptacle)
    return {
        placement.name: int(np.sum(segmentation == batched.loaded.movables[slot]._objs[0].per_scene_id))
        for slot, placement in enumerate(targets)
    }


class ExpertCheck(_EnvironmentCheck):
    """The scripted expert solves the task in each of three episodes with the paper's randomization."""

    options = {"obs_mode": "state", "randomization": "paper"}

    def __call__(self, dataset: SceneDataset, scene_id: str) -> Check:
        """The check of one scene."""
        specs = make_specs(
            dataset, source=dataset.source, scene_ids=(scene_id,), episodes=EPISODES, seed=VALIDATION_SEED, robot=ROBOT
        )
        env = self.environment(dataset)
        for spec in specs:
            if not run_episode(env, ExpertPolicy(), spec).success:
                problem = f"the expert fails in episode {spec.episode + 1} of {EPISODES}"
                return made_check("expert", False, "", problem, spec.episode / EPISODES, 1.0)
        return made_check("expert", True, f"the expert solves {EPISODES} of {EPISODES} episodes", "", 1.0, 1.0)

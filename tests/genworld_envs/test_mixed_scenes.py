"""Scenes of several sources in one batch: a mesh that was imported beside scenes that were generated."""

from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest
import trimesh

import genworld_envs  # noqa: F401  (registers the ids)
from scene_hub.errors import InvalidOptionError
from scene_hub.importers.asset import AssetOptions, import_asset


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset with one scene, around a mesh from a file."""
    folder = tmp_path_factory.mktemp("imported")
    trimesh.creation.box((0.04, 0.04, 0.06)).export(folder / "box.stl")
    options = AssetOptions(description="a blue box", instruction="put the blue box on the plate", distractors=1)
    return import_asset(folder / "box.stl", folder / "scenes", options).folder


def test_one_batch_holds_imported_and_generated_scenes(imported: Path) -> None:
    env = gym.make_vec(
        "GenWorld-PutOn-v0", num_envs=4, workers=2, scenes=["starter", imported], split="train", max_episode_steps=4
    )
    try:
        seen: set[str] = set()
        env.reset(seed=1, options={"scene_id": ["box", "train-put-on-banana-white-plate", "box", None]})
        for _ in range(12):
            action = np.zeros(env.action_space.shape, np.float32)
            observation, reward, _, _, info = env.step(action)
            assert observation["base_rgb"].shape == (4, 224, 224, 3)
            assert bool(reward.isfinite().all())
            seen.update(info["scene_id"])
        assert {"box", "train-put-on-banana-white-plate"} < seen
        assert "put the blue box on the plate" in env.reset(options={"scene_id": "box"})[1]["instruction"]
    finally:
        env.close()


def test_a_scene_plays_the_same_in_a_mixture(imported: Path) -> None:
    alone = gym.make("GenWorld-v0", scenes=str(imported), obs_mode="state")
    mixed = gym.make("GenWorld-v0", scenes=f"{imported},starter", obs_mode="state")
    pinned = {"scene_id": "box"}
    first, second = alone.reset(seed=3, options=pinned)[0], mixed.reset(seed=3, options=pinned)[0]
    rng = np.random.default_rng(0)
    for _ in range(10):
        assert np.array_equal(first, second)
        action = rng.uniform(-1, 1, size=alone.action_space.shape).astype(np.float32)
        first, second = alone.step(action)[0], mixed.step(action)[0]
    alone.close()
    mixed.close()


def test_a_query_chooses_among_the_scenes_of_a_mixture(imported: Path) -> None:
    env = gym.make("GenWorld-v0", scenes=[imported, "starter"], query='category == "box"', obs_mode="state")
    assert {env.reset(seed=seed)[1]["scene_id"] for seed in range(3)} == {"box"}
    env.close()
    with pytest.raises(InvalidOptionError, match="colour"):
        gym.make("GenWorld-v0", query='colour == "red"')
    with pytest.raises(InvalidOptionError, match="nowhere"):
        gym.make("GenWorld-v0", scenes=["starter", "nowhere"])

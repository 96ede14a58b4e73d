"""Levels of detail in an environment: what policies see, and what people see."""

from typing import Any

import gymnasium as gym
import numpy as np
import pytest

import genworld_envs  # noqa: F401  (registers the ids)
from genworld_envs.env import GenWorldEnv
from scene_hub.errors import InvalidOptionError
from scene_hub.scene_preview import choose_shaders

MEAN_DIFFERENCE = 1.5
"""Of 255: how far pictures of the light level may be from those of the full one, on average."""
DIFFERENT_PIXELS = 0.01
"""Share of pixels that may differ by more than 32 of 255 in a colour: outlines that are a pixel off."""


def make(**options: Any) -> GenWorldEnv:
    arguments = {"obs_mode": "rgb+segmentation", "render_mode": "rgb_array", "num_scenes": 4, **options}
    return gym.make("GenWorld-v0", **arguments).unwrapped  # type: ignore[return-value]


@pytest.fixture(scope="module")
def environments() -> dict[str, GenWorldEnv]:
    return {level: make(level_of_detail=level) for level in ("auto", "light", "full")}


def pictures(env: GenWorldEnv, seed: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    observation, _ = env.reset(seed=seed)
    return observation, env.render()


@pytest.mark.parametrize("seed", range(4))
def test_light_pictures_look_like_full_ones(environments: dict[str, GenWorldEnv], seed: int) -> None:
    light, full = (pictures(environments[level], seed)[0] for level in ("light", "full"))
    difference = np.abs(light["base_rgb"].astype(int) - full["base_rgb"].astype(int)).max(axis=2)
    assert 0 < difference.mean() < MEAN_DIFFERENCE
    assert (difference > 32).mean() < DIFFERENT_PIXELS
    assert (light["base_segmentation"] != full["base_segmentation"]).mean() < DIFFERENT_PIXELS


def test_observations_are_light_and_people_see_all(environments: dict[str, GenWorldEnv]) -> None:
    seen = {level: pictures(env, 1) for level, env in environments.items()}
    assert np.array_equal(seen["auto"][0]["base_rgb"], seen["light"][0]["base_rgb"])
    assert np.array_equal(seen["auto"][1], seen["full"][1])
    assert not np.array_equal(seen["auto"][1], seen["light"][1])


def test_a_look_leaves_observations_as_they_are(environments: dict[str, GenWorldEnv]) -> None:
    env = environments["auto"]
    action = np.zeros(7, np.float32)
    env.reset(seed=2)
    undisturbed = [env.step(action)[0]["base_rgb"] for _ in range(3)]
    env.reset(seed=2)
    for picture in undisturbed:
        env.render()
        assert np.array_equal(env.step(action)[0]["base_rgb"], picture)
        env.render()


def test_shaders_that_somebody_else_chooses_change_nothing(environments: dict[str, GenWorldEnv]) -> None:
    """The choice is global to the process; previews of scenes make another."""
    env = environments["auto"]
    before, _ = env.reset(seed=2)
    shown = env.render()
    choose_shaders()
    after, _ = env.reset(seed=2)
    assert all(np.array_equal(before[name], after[name]) for name in before)
    assert np.array_equal(env.render(), shown)


def test_shadows_are_for_people_unless_asked_for(environments: dict[str, GenWorldEnv]) -> None:
    plain, shown = pictures(environments["auto"], 3)
    env = make(enable_shadow=True)
    shaded, _ = pictures(env, 3)
    env.close()
    assert not np.array_equal(plain["base_rgb"], shaded["base_rgb"])
    env = make(enable_shadow=False)
    bare, without = pictures(env, 3)
    env.close()
    assert np.array_equal(plain["base_rgb"], bare["base_rgb"])
    assert not np.array_equal(shown, without)


def test_an_unknown_level_is_named() -> None:
    with pytest.raises(InvalidOptionError, match=r"level_of_detail.*'medium'.*'light'"):
        make(level_of_detail="medium")

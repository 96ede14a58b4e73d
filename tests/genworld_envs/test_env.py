"""The standard environment as its users meet it: checkers, seeding, scenes, observations, and messages for mistakes."""

import warnings
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from stable_baselines3.common.env_checker import check_env as check_env_sb3

import genworld_envs
from genworld_envs.env import GenWorldEnv
from genworld_envs.robots.spec import in_workspace
from scene_hub.dataset import SceneDataset
from scene_hub.errors import GenWorldError, InvalidOptionError

ENV_IDS = list(genworld_envs.ENV_IDS)


def make(env_id: str = "GenWorld-v0", **options: Any) -> GenWorldEnv:
    return gym.make(env_id, **{"obs_mode": "state", "num_scenes": 2, **options}).unwrapped  # type: ignore[return-value]


def rollout(env: GenWorldEnv, seed: int, steps: int = 12) -> list[np.ndarray]:
    """Observations of an episode under fixed random actions."""
    actions = np.random.default_rng(99)
    observations = [env.reset(seed=seed)[0]]
    for _ in range(steps):
        observations.append(env.step(actions.uniform(-1, 1, env.action_space.shape).astype(np.float32))[0])
    return observations


@pytest.mark.parametrize("env_id", ENV_IDS)
def test_gymnasiums_checker_accepts_every_id_with_images_and_rendering(env_id: str) -> None:
    env = gym.make(env_id, num_scenes=2).unwrapped
    check_env(env)
    env.close()


@pytest.mark.parametrize("obs_mode", ["state", "state_dict", "rgb+depth+segmentation"])
def test_both_checkers_accept_every_form_of_observation(obs_mode: str) -> None:
    env = make(obs_mode=obs_mode)
    check_env(env, skip_render_check=True)  # the test above renders
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SB3 comments on the sizes of images
        check_env_sb3(env, skip_render_check=True)
    env.close()


def test_the_default_follows_the_paper() -> None:
    env = gym.make("GenWorld-Stack-v0", num_scenes=1)
    assert env.spec is not None and env.spec.max_episode_steps == 100
    assert env.metadata["render_fps"] == 5
    assert env.action_space.shape == (7,)
    observation, info = env.reset(seed=0)
    assert observation["base_rgb"].shape == (224, 224, 3) and observation["base_rgb"].dtype == np.uint8
    assert observation["agent_pos"].shape == (7,)
    assert info["instruction"] == env.get_wrapper_attr("task_description")
    assert info["task"] == "stack" and "stack" in info["instruction"].lower()
    env.close()


def test_wrist_camera_depth_and_segmentation_show_the_scene() -> None:
    env = make(obs_mode="rgb+depth+segmentation", cameras=("base", "wrist"))
    observation, _ = env.reset(seed=1)
    for camera in ("base", "wrist"):
        assert observation[f"{camera}_rgb"].std() > 5, f"{camera} sees something"
    assert 0.2 < np.median(observation["base_depth"]) < 5, "metres"
    assert len(np.unique(observation["base_segmentation"])) >= 5, "room, table, robot links, objects"
    env.close()


def test_one_seed_is_one_episode_whatever_came_before() -> None:
    env = make()
    first = rollout(env, 7)
    rollout(env, 8)
    again = rollout(env, 7)
    fresh = make()
    elsewhere = rollout(fresh, 7)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(first, elsewhere, strict=True))
    assert not np.array_equal(first[0], rollout(env, 8)[0])


def test_pinning_a_scene_and_a_seed_fixes_the_episode() -> None:
    env = make(num_scenes=None)
    pool = [scene.id for scene in env.batched.pool]
    _, info = env.reset(seed=3, options={"scene_id": pool[-1]})
    assert info["scene_id"] == pool[-1]
    positions = env.batched.privileged_state().position.clone()
    env.reset(seed=4, options={"scene_id": pool[0]})
    env.reset(seed=3, options={"scene_id": pool[-1]})
    assert (env.batched.privileged_state().position == positions).all()


def test_resets_visit_the_scenes_that_were_asked_for_and_no_others() -> None:
    dataset = SceneDataset.open("starter")
    wanted = sorted(scene.id for scene in dataset.scenes(split="train", task="pick"))[:3]
    env = make("GenWorld-Pick-v0", split="train", num_scenes=3)
    seen = {env.reset(seed=seed)[1]["scene_id"] for seed in range(24)}
    assert seen == set(wanted)


def test_without_randomization_things_stand_where_the_scene_says() -> None:
    env = make(randomization="none", num_scenes=1)
    env.reset(seed=0)
    scene, state = env.scene, env.batched.privileged_state()
    for slot, placement in enumerate(env.batched.loaded.slots[0]):
        if placement is None:
            continue
        assert np.allclose(state.position[0, slot], placement.pose.position, atol=2e-3), placement.name
    joints = env.batched.agent.robot.get_qpos()[0].numpy()
    assert np.allclose(joints, env.batched.robot_spec.home_qpos, atol=1e-5)
    assert scene.instruction


def test_things_weigh_what_their_assets_say() -> None:
    for options, factor in (({}, 1.5), ({"randomization": "none"}, 1.0)):
        env = make(**{"randomization": {"mass": (1.5, 1.5)}, "num_scenes": 1, **options})
        env.reset(seed=0)
        for slot, actor in enumerate(env.batched.loaded.movables):
            asset = env.batched.loaded.slot_asset(0, slot)
            assert asset is None or actor._bodies[0].mass == pytest.approx(factor * asset.mass, rel=1e-3), asset.name


def test_randomization_keeps_things_apart_within_reach_and_on_the_table() -> None:
    env = make(num_scenes=None, randomization="strong")
    for seed in range(12):
        env.reset(seed=seed)
        batched = env.batched
        for _ in range(3):
            env.step(np.zeros(7, np.float32))
        state = batched.privileged_state()
        start = state.start_position[0][state.present[0]]
        now = state.position[0][state.present[0]]
        assert (now - start).norm(dim=1).max() < 0.02, f"{env.scene.id}: something was pushed away, so it overlapped"
        assert batched.robot_spec.reaches(start[:, 0].numpy(), start[:, 1].numpy()).all()
        assert in_workspace(start[:, :2].numpy()).all()


@pytest.mark.parametrize("limit", [None, 4, 120])
def test_an_episode_is_truncated_after_its_steps_and_not_before(limit: int | None) -> None:
    env = gym.make("GenWorld-v0", obs_mode="state", num_scenes=1, max_episode_steps=limit)
    steps = limit or 100
    assert env.get_wrapper_attr("_max_episode_steps") == steps
    env.reset(seed=0)
    ends = [env.step(np.zeros(7, np.float32))[2:4] for _ in range(steps)]
    assert ends == [(False, False)] * (steps - 1) + [(False, True)]


def test_dense_reward_is_there_from_the_start_and_sparse_is_not() -> None:
    for mode, expected in (("dense", True), ("sparse", False), ("none", False)):
        env = make(reward_mode=mode)
        env.reset(seed=0)
        reward = env.step(np.zeros(7, np.float32))[1]
        assert (0 < reward < 1) == expected, (mode, reward)


def test_joint_position_control_holds_the_posture_that_it_is_given() -> None:
    env = make(control_mode="pd_joint_pos", randomization="none")
    env.reset(seed=0)
    posture = env.batched.agent.robot.get_qpos()[0].numpy()
    for _ in range(5):
        env.step(np.append(posture[:7], 1.0).astype(np.float32))
    assert np.abs(env.batched.agent.robot.get_qpos()[0].numpy() - posture).max() < 0.02


MISTAKES: list[tuple[dict[str, Any], list[str]]] = [
    ({"split": "trian"}, ["trian", "train", "test_ood"]),
    ({"robot_uids": "pandas"}, ["pandas", "panda", "so100", "widowx250s"]),
    ({"obs_mode": "rbg"}, ["rbg", "state", "rgb"]),
    ({"obs_mode": "none"}, ["none", "state"]),
    ({"control_mode": "pd_ee"}, ["pd_ee", "pd_ee_delta_pose", "pd_joint_pos"]),
    ({"reward_mode": "densse"}, ["densse", "dense", "sparse"]),
    ({"randomization": "papper"}, ["papper", "paper", "strong"]),
    ({"render_mode": "rgb"}, ["rgb", "rgb_array"]),
    ({"cameras": ("front",)}, ["front", "base", "wrist"]),
    ({"scenes": "starters"}, ["starters", "starter"]),
    ({"scenes": "/no/such/folder"}, ["/no/such/folder"]),
    ({"scene_ids": ["nothing-here"], "num_scenes": None}, ["nothing-here"]),
    ({"num_scenes": 10_000}, ["10000"]),
    ({"num_scenes": 0}, ["num_scenes", "0"]),
    ({"sceens": "starter"}, ["sceens", "scenes"]),
    ({"num_envs": 0}, ["num_envs", "0"]),
]


@pytest.mark.parametrize(("options", "words"), MISTAKES, ids=[str(mistake[0]) for mistake in MISTAKES])
def test_a_wrong_argument_is_named_with_the_choices(options: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(GenWorldError) as caught:
        make(**options)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_wrong_action_scene_or_seed_is_named() -> None:
    env = make()
    env.reset(seed=0)
    with pytest.raises(InvalidOptionError, match=r"\(6,\).*takes \(7,\)"):
        env.step(np.zeros(6, np.float32))
    with pytest.raises(InvalidOptionError, match="not finite"):
        env.step(np.array([0, 0, np.nan, 0, 0, 0, 1], np.float32))
    with pytest.raises(InvalidOptionError, match="no-such-scene"):
        env.reset(options={"scene_id": "no-such-scene"})
    with pytest.raises(InvalidOptionError, match="scene_idd"):
        env.reset(options={"scene_idd": "x"})
    env.reset(seed=0)
    assert np.isfinite(env.step(np.zeros(7, np.float32))[0]).all(), "the environment is whole after mistakes"


def test_an_unknown_id_names_the_known_ones() -> None:
    with pytest.raises(gym.error.NameNotFound, match="GenWorld"):
        gym.make("GenWorld-Stak-v0")

"""Batches on the CPU: an episode is the same in a batch of any size, in chunks or steps, whatever befalls the others."""

import dataclasses
import shutil
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
import torch

import genworld_envs  # noqa: F401  (registers the ids)
from genworld_envs import tasks
from genworld_envs.batched_env import GenWorldBatchedEnv
from genworld_envs.env import GenWorldEnv
from scene_hub.dataset import SceneDataset, asset_file_path
from scene_hub.errors import InvalidOptionError, SceneDataError

STEPS = 14


def make(num_envs: int, env_id: str = "GenWorld-v0", **options: Any) -> GenWorldBatchedEnv:
    arguments = {"obs_mode": "state", "sim_backend": "cpu", **options}
    return gym.make(env_id, num_envs=num_envs, **arguments).unwrapped  # type: ignore[return-value]


def actions_of(seed: int, steps: int = STEPS) -> np.ndarray:
    """[T, 7] of an episode: down to where things are, with a gripper that opens and closes."""
    actions = np.random.default_rng([7, seed]).uniform(-1, 1, (steps, 7)).astype(np.float32)
    actions[: steps // 2, 2] = -np.abs(actions[: steps // 2, 2])
    return actions


def play(env: GenWorldBatchedEnv, seeds: list[int], steps: int = STEPS) -> list[list[bytes]]:
    """By sub-environment: observations, rewards and flags of an episode, as bytes."""
    observation, _ = env.reset(seed=seeds)
    trajectories = [[observation[row].numpy().tobytes()] for row in range(len(seeds))]
    actions = np.stack([actions_of(seed, steps) for seed in seeds], axis=1)
    for action in actions:
        observation, reward, terminated, truncated, info = env.step(action)
        for row, trajectory in enumerate(trajectories):
            values = (
                observation,
                reward,
                terminated,
                truncated,
                info["success"],
                info["stage"],
                info["time_to_success"],
            )
            trajectory.append(b"".join(value[row].numpy().tobytes() for value in values))
    return trajectories


@pytest.fixture(scope="module")
def alone() -> GenWorldBatchedEnv:
    return make(1)


@pytest.mark.parametrize("num_envs", [2, 32])
def test_an_episode_is_the_same_in_a_batch_of_any_size(alone: GenWorldBatchedEnv, num_envs: int) -> None:
    env = make(num_envs)
    play(env, list(range(900, 900 + num_envs)), steps=4)  # other episodes in other scenes before
    together = play(env, list(range(50, 50 + num_envs)))
    for row in {0, 1, num_envs // 2, num_envs - 1}:
        assert play(alone, [50 + row])[0] == together[row], f"sub-environment {row} of {num_envs}"
    assert len({trajectory[-1] for trajectory in together}) == num_envs
    env.close()


@pytest.mark.parametrize("control_mode", ["pd_joint_pos", "pd_joint_delta_pos"])
@pytest.mark.parametrize("robot", ["panda", "so100"])
def test_so_it_is_with_other_controllers_and_robots(control_mode: str, robot: str) -> None:
    options = {"control_mode": control_mode, "robot_uids": robot, "num_scenes": 3}
    one, two = make(1, **options), make(2, **options)
    size = one.single_action_space.shape[0]
    steps = np.random.default_rng(0).uniform(-0.3, 0.3, (8, 2, size)).astype(np.float32)
    two.reset(seed=[3, 4])
    pairs = [two.step(action)[0] for action in steps]
    for row in (0, 1):
        one.reset(seed=[3 + row])
        for action, pair in zip(steps, pairs, strict=True):
            assert torch.equal(one.step(action[row : row + 1])[0][0], pair[row])
    one.close()
    two.close()


def test_a_sub_environment_changes_its_scene_and_the_others_do_not_notice() -> None:
    env = make(3)
    undisturbed = play(env, [1, 2, 3])
    observation, _ = env.reset(seed=[1, 2, 3])
    scenes = [scene.id for scene in env.scenes]
    actions = np.stack([actions_of(seed) for seed in (1, 2, 3)], axis=1)
    other = next(scene.id for scene in env.pool if scene.id not in scenes)
    for index, action in enumerate(actions):
        if index in (4, 9):
            observation, _ = env.reset(options={"env_idx": [1], "scene_id": other})
            assert env.scenes[1].id == other
        observation = env.step(action)[0]
    for row in (0, 2):
        assert undisturbed[row][-1].startswith(observation[row].numpy().tobytes())
    assert [env.scenes[0].id, env.scenes[2].id] == [scenes[0], scenes[2]]
    env.close()


def test_the_order_of_a_partial_reset_does_not_matter() -> None:
    env = make(3)
    env.reset(seed=0)
    forth = env.reset(seed=[7, 9], options={"env_idx": [0, 2]})[0]
    assert torch.equal(env.reset(seed=[9, 7], options={"env_idx": [2, 0]})[0], forth)
    with pytest.raises(InvalidOptionError, match=r"env_idx"):
        env.reset(options={"env_idx": [3]})
    with pytest.raises(InvalidOptionError, match=r"env_idx"):
        env.reset(options={"env_idx": [1, 1]})
    env.close()


def test_a_chunk_is_its_steps(alone: GenWorldBatchedEnv) -> None:
    chunked = make(2)
    observation, _ = chunked.reset(seed=[11, 12])
    actions = np.stack([actions_of(11, 12), actions_of(12, 12)])
    rewards = torch.zeros(2)
    for start in range(0, 12, 4):
        observation, reward, _, _, info = chunked.step_chunk(actions[:, start : start + 4])
        rewards += reward
    for row, seed in enumerate((11, 12)):
        alone.reset(seed=[seed])
        total = torch.zeros(1)
        for action in actions[row]:
            last, reward, _, _, single = alone.step(action[None])
            total += reward
        assert torch.equal(last[0], observation[row])
        assert torch.allclose(total[0], rewards[row])
        assert single["elapsed_steps"][0] == info["elapsed_steps"][row] == 12
    chunked.close()


@pytest.mark.parametrize("reward_mode", ["sparse", "dense"])
def test_an_episode_that_ends_within_a_chunk_stops_there(
    monkeypatch: pytest.MonkeyPatch, alone: GenWorldBatchedEnv, reward_mode: str
) -> None:
    """The rule of success is replaced by one that random actions meet: the tool below a height."""
    monkeypatch.setattr(tasks, "success", lambda state, family: state.tcp_position[:, 2] < 0.14)
    env, single = make(3, reward_mode=reward_mode), make(1, reward_mode=reward_mode)
    seeds = [21, 22, 23]
    env.reset(seed=seeds)
    actions = np.zeros((3, 8, 7), np.float32)
    actions[0, :, 2], actions[1, 5:, 2], actions[2, :, 2] = -1.0, -1.0, 0.2
    observation, reward, terminated, truncated, info = env.step_chunk(actions)
    for row, seed in enumerate(seeds):
        single.reset(seed=[seed])
        total = 0.0
        for action in actions[row]:
            last, gain, done, _, alone_info = single.step(action[None])
            total += float(gain)
            if done[0]:
                break
        assert torch.equal(last[0], observation[row]), f"row {row}"
        assert total == pytest.approx(float(reward[row]), rel=1e-6)
        assert bool(terminated[row]) == bool(done[0]) and not truncated[row]
        assert info["elapsed_steps"][row] == alone_info["elapsed_steps"][0]
        assert torch.equal(alone_info["time_to_success"][0], info["time_to_success"][row])
    assert terminated.tolist() == [True, terminated[1].item(), False]
    assert int(info["elapsed_steps"][0]) < 8 == int(info["elapsed_steps"][2])
    env.close()
    single.close()


def test_a_chunk_ends_with_the_time_limit() -> None:
    env = make(2, max_episode_steps=6, num_scenes=2)
    env.reset(seed=0)
    chunk = np.zeros((2, 4, 7), np.float32)
    assert not env.step_chunk(chunk)[3].any()
    truncated, info = env.step_chunk(chunk)[3:]
    assert truncated.all() and (info["elapsed_steps"] == 6).all()
    with pytest.raises(InvalidOptionError, match=r"\(2, 7\).*\(2, C, 7\)"):
        env.step_chunk(np.zeros((2, 7), np.float32))
    env.close()


def test_the_standard_environment_steps_in_chunks_too() -> None:
    env: GenWorldEnv = gym.make("GenWorld-v0", obs_mode="state").unwrapped  # type: ignore[assignment]
    actions = actions_of(5, 8)
    env.reset(seed=5)
    for action in actions:
        single = env.step(action)
    env.reset(seed=5)
    env.step_chunk(actions[:4])
    chunked = env.step_chunk(actions[4:])
    assert np.array_equal(single[0], chunked[0]) and single[4] == chunked[4]
    with pytest.raises(InvalidOptionError, match=r"takes \(4, 7\)"):
        env.step_chunk(np.zeros((4, 6), np.float32))
    env.close()


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_an_action_that_is_not_finite_harms_its_own_sub_environment_only(value: float) -> None:
    env = make(3)
    undisturbed = play(env, [1, 2, 3])
    env.reset(seed=[1, 2, 3])
    for index, action in enumerate(np.stack([actions_of(seed) for seed in (1, 2, 3)], axis=1)):
        if index == 5:
            action[1, 3] = value
        observation, reward, terminated, truncated, info = env.step(action)
        assert info["fault"].tolist() == [False, index >= 5, False]
        assert truncated.tolist() == [False, index >= 5, False] and not terminated.any()
        assert torch.isfinite(observation).all()
        assert index < 5 or reward[1] == 0
    for row in (0, 2):
        assert undisturbed[row][-1].startswith(observation[row].numpy().tobytes())
    env.reset(options={"env_idx": [1]}, seed=[2])
    assert not env.step(np.zeros((3, 7), np.float32))[4]["fault"].any()
    assert play(env, [1, 2, 3]) == undisturbed, "nothing of it is left"
    env.close()


def test_a_body_that_explodes_harms_its_own_sub_environment_only() -> None:
    env = make(3)
    undisturbed = play(env, [1, 2, 3])
    env.reset(seed=[1, 2, 3])
    for index, action in enumerate(np.stack([actions_of(seed) for seed in (1, 2, 3)], axis=1)):
        if index == 5:
            env.loaded.movables[0]._bodies[1].linear_velocity = np.full(3, 1e8, np.float32)
        observation, _, _, truncated, info = env.step(action)
    assert info["fault"].tolist() == truncated.tolist() == [False, True, False]
    assert torch.isfinite(observation).all()
    for row in (0, 2):
        assert undisturbed[row][-1].startswith(observation[row].numpy().tobytes())
    assert play(env, [1, 2, 3]) == undisturbed
    env.close()


def test_a_vector_environment_begins_anew_after_a_fault() -> None:
    env = gym.make_vec("GenWorld-v0", num_envs=2, workers=1, obs_mode="state", num_scenes=2)
    env.reset(seed=0)
    actions = torch.zeros(2, 7)
    actions[0, 0] = float("nan")
    _, _, _, truncated, info = env.step(actions)
    assert info["fault"].tolist() == [True, False] and truncated.tolist() == [True, False]
    _, _, _, truncated, info = env.step(torch.zeros(2, 7))
    assert not info["fault"].any() and not truncated.any()
    assert info["elapsed_steps"].tolist() == [0, 2]
    env.close()


def test_a_damaged_asset_stops_the_reset_that_needs_it_and_leaves_the_scene(tmp_path: Any) -> None:
    folder = tmp_path / "scenes"
    shutil.copytree(SceneDataset.open("starter").folder, folder)
    env = make(2, scenes=str(folder))
    good = env.pool[0].id
    env.reset(seed=0, options={"scene_id": good})
    env.loaded.library.wait()  # for what it reads ahead of time
    bad = next(scene for scene in env.pool if (scene.object.asset, "collision") not in env.dataset._triangles)
    asset = env.dataset.asset(bad.object.asset)
    assert asset.files.collision is not None
    path = folder / asset_file_path(asset, asset.files.collision)
    path.write_bytes(b"broken")
    with pytest.raises(SceneDataError, match=path.name):
        env.reset(options={"env_idx": [1], "scene_id": bad.id})
    assert [scene.id for scene in env.scenes] == [good, good]
    env.reset(seed=1, options={"scene_id": good})
    env.step(np.zeros((2, 7), np.float32))
    env.close()


def test_a_dataset_with_more_objects_can_follow() -> None:
    """A batch of scenes without distractors goes on with a dataset whose scenes have some."""
    dataset = SceneDataset.open("starter")
    by_count = sorted(dataset.scenes(), key=lambda scene: len(scene.distractors))
    few, many = by_count[0], by_count[-1]
    assert len(few.distractors) < len(many.distractors)
    env = make(2, scene_ids=[few.id])
    env.options = dataclasses.replace(env.options, scene_ids=(many.id,))
    env.use_dataset(dataset)
    with pytest.raises(InvalidOptionError, match="reset all of them"):
        env.reset(options={"env_idx": [0]})
    env.reset(seed=0)
    assert {scene.id for scene in env.scenes} == {many.id}
    fresh = make(2, scene_ids=[many.id])
    assert play(env, [4, 5]) == play(fresh, [4, 5])
    env.close()
    fresh.close()


def test_another_dataset_can_follow() -> None:
    dataset = SceneDataset.open("starter")
    first, second = (dataset.scenes(split=split)[0].id for split in ("train", "test_ood"))
    env = make(2, scene_ids=[first])
    env.options = dataclasses.replace(env.options, scene_ids=(second,))
    env.use_dataset(SceneDataset.open("starter"))
    fresh = make(2, scene_ids=[second])
    assert play(env, [4, 5]) == play(fresh, [4, 5])
    env.close()
    fresh.close()


def test_memory_does_not_grow_over_scene_changes(alone: GenWorldBatchedEnv) -> None:
    """Bodies wait in the library for their next scene; their number is that of the scenes' things."""
    ids = [scene.id for scene in alone.pool]
    for index in range(2 * len(ids)):
        alone.reset(options={"scene_id": ids[index % len(ids)]})
        if index == len(ids) + 1:
            waiting = len(alone.loaded.library._waiting)
    assert abs(len(alone.loaded.library._waiting) - waiting) <= 8

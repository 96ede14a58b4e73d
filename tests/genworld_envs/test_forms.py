"""The three ways to make an environment, and ManiSkill's own tools on our ids."""

import subprocess
import sys
from collections.abc import Iterator

import gymnasium as gym
import numpy as np
import pytest
import torch
from gymnasium.vector import AutoresetMode, VectorEnv

import genworld_envs
from genworld_envs.batched_env import GenWorldBatchedEnv
from genworld_envs.vector.batched import BatchedVectorEnv
from scene_hub.errors import InvalidOptionError, MissingRequirementError

OPTIONS = {"obs_mode": "state", "num_scenes": 2}


def test_num_envs_gives_maniskills_raw_batched_environment() -> None:
    env = gym.make("GenWorld-PutOn-v0", num_envs=1, **OPTIONS)
    assert isinstance(env.unwrapped, GenWorldBatchedEnv)
    observation, info = env.reset(seed=0)
    assert isinstance(observation, torch.Tensor) and observation.shape == env.observation_space.shape
    assert info["success"].shape == (1,)
    for _ in range(100):
        *_, truncated, info = env.step(env.action_space.sample())
    assert truncated.tolist() == [True] and info["elapsed_steps"].tolist() == [100]
    env.close()


def test_maniskills_form_of_action_changes_the_controller_and_refuses_nan() -> None:
    env = gym.make("GenWorld-Pick-v0", num_envs=1, **OPTIONS)
    env.reset(seed=0)
    env.step({"control_mode": "pd_joint_delta_pos", "action": np.zeros((1, 8), np.float32)})
    assert env.get_wrapper_attr("agent").control_mode == "pd_joint_delta_pos"
    with pytest.raises(InvalidOptionError, match="not finite"):
        env.step({"control_mode": "pd_joint_delta_pos", "action": np.full((1, 8), np.nan, np.float32)})
    env.close()


def test_maniskills_state_round_trip_restores_the_scene() -> None:
    env = gym.make("GenWorld-PutIn-v0", num_envs=1, **OPTIONS)
    base = env.unwrapped
    assert isinstance(base, GenWorldBatchedEnv)
    env.reset(seed=0)
    saved = base.get_state()
    before = base.privileged_state().position.clone()
    for _ in range(3):
        env.step(env.action_space.sample())
    base.set_state(saved)
    base._state = None
    assert torch.allclose(base.privileged_state().position, before, atol=1e-6)


@pytest.mark.skipif(torch.cuda.is_available(), reason="with a GPU this works")
def test_a_batch_without_a_gpu_says_what_to_do_instead() -> None:
    with pytest.raises(MissingRequirementError, match="make_vec"):
        gym.make("GenWorld-PutOn-v0", num_envs=2, **OPTIONS)


@pytest.fixture(scope="module")
def processes() -> Iterator[VectorEnv]:
    env = gym.make_vec("GenWorld-v0", num_envs=2, max_episode_steps=5, **OPTIONS)
    yield env
    env.close()


def test_a_sub_environment_plays_the_episodes_of_a_single_one(processes: VectorEnv) -> None:
    """Same seed, same episode: in another process, at another batch size, over automatic resets too."""
    single = gym.make("GenWorld-v0", max_episode_steps=None, **OPTIONS, disable_env_checker=True)
    observations, infos = processes.reset(seed=5)
    expected, info = single.reset(seed=6)
    assert isinstance(observations, torch.Tensor)
    assert torch.equal(observations[1], torch.from_numpy(expected))
    assert infos["instruction"][1] == info["instruction"]
    actions = np.random.default_rng(0).uniform(-1, 1, (5, 2, 7)).astype(np.float32)
    for action in actions:
        observations, rewards, *_ = processes.step(torch.from_numpy(action))
        expected, reward, *_ = single.step(action[1])
        assert torch.equal(observations[1], torch.from_numpy(expected))
        assert rewards[1].item() == reward
    single.close()


def test_resets_happen_on_the_step_after_the_end(processes: VectorEnv) -> None:
    assert processes.metadata["autoreset_mode"] == AutoresetMode.NEXT_STEP
    processes.reset(seed=1)
    still = torch.zeros(2, 7)
    ends = [processes.step(still)[3].tolist() for _ in range(5)]
    assert ends == [[False, False]] * 4 + [[True, True]]
    _, rewards, terminated, truncated, info = processes.step(still)
    assert info["elapsed_steps"].tolist() == [0, 0]
    assert not terminated.any() and not truncated.any() and not rewards.any()


def test_the_batched_vector_environment_agrees_with_the_processes(processes: VectorEnv) -> None:
    """The GPU's form, run here on the CPU with one sub-environment: same spaces, same episode, same resets."""
    batched = BatchedVectorEnv(1, sim_backend="physx_cpu", max_episode_steps=5, **OPTIONS)
    assert batched.single_observation_space == processes.single_observation_space
    assert batched.single_action_space == processes.single_action_space
    expected, _ = processes.reset(seed=5)
    observation, _ = batched.reset(seed=5)
    assert torch.equal(observation[0], expected[0])
    still = torch.zeros(1, 7)
    for step in range(7):
        observation, _, _, truncated, info = batched.step(still)
        expected, *_ = processes.step(still.expand(2, 7))
        assert truncated.tolist() == [step == 4]
        assert torch.equal(observation[0], expected[0]), step
    assert info["elapsed_steps"].tolist() == [1]
    batched.close()


def test_the_prefixed_id_imports_the_package() -> None:
    code = "import gymnasium as gym; print(gym.make('genworld_envs:GenWorld-Pick-v0', obs_mode='state').unwrapped.task)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert result.stdout.strip().endswith("pick"), result.stderr


def test_maniskills_random_action_demo_runs_on_our_ids_after_the_import() -> None:
    tool = "mani_skill.examples.demo_random_action"
    code = f"import genworld_envs, runpy; runpy.run_module({tool!r}, run_name='__main__', alter_sys=True)"
    arguments = "-e GenWorld-PutOn-v0 --render-mode rgb_array --quiet"
    result = subprocess.run(
        [sys.executable, "-c", code, *arguments.split()], capture_output=True, text=True, timeout=240
    )
    assert result.returncode == 0, result.stderr


def test_registering_twice_changes_nothing() -> None:
    before = {env_id: gym.spec(env_id) for env_id in genworld_envs.ENV_IDS}
    genworld_envs.register_envs()
    assert all(gym.spec(env_id) is spec for env_id, spec in before.items())

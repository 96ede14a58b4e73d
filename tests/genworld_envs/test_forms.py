"""The ways to make an environment, and ManiSkill's own tools on our ids; vector environments have `test_vector`."""

import subprocess
import sys
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
import torch

import genworld_envs
from genworld_envs.batched_env import GenWorldBatchedEnv
from scene_hub.errors import MissingRequirementError

OPTIONS: dict[str, Any] = {"obs_mode": "state", "num_scenes": 2}


@pytest.mark.parametrize("num_envs", [1, 2])
def test_num_envs_gives_maniskills_raw_batched_environment(num_envs: int) -> None:
    env: Any = gym.make("GenWorld-PutOn-v0", num_envs=num_envs, sim_backend="cpu", **OPTIONS)
    assert isinstance(env.unwrapped, GenWorldBatchedEnv)
    observation, info = env.reset(seed=0)
    assert isinstance(observation, torch.Tensor) and observation.shape == env.observation_space.shape
    assert info["success"].shape == (num_envs,)
    for _ in range(100):
        *_, truncated, info = env.step(env.action_space.sample())
    assert truncated.tolist() == [True] * num_envs and info["elapsed_steps"].tolist() == [100] * num_envs
    env.close()


def test_maniskills_form_of_action_changes_the_controller() -> None:
    env = gym.make("GenWorld-Pick-v0", num_envs=1, **OPTIONS)
    env.reset(seed=0)
    env.step({"control_mode": "pd_joint_delta_pos", "action": np.zeros((1, 8), np.float32)})
    assert env.get_wrapper_attr("agent").control_mode == "pd_joint_delta_pos"
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
def test_a_simulation_on_a_gpu_that_is_not_there_says_what_to_do_instead() -> None:
    with pytest.raises(MissingRequirementError, match="leave sim_backend out"):
        gym.make("GenWorld-PutOn-v0", num_envs=2, sim_backend="cuda", **OPTIONS)


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

"""The batched CPU backend on ManiSkill's own tasks: a row of the batch is a single environment, bit by bit."""

import subprocess
import sys
from typing import Any

import gymnasium as gym
import mani_skill.envs  # noqa: F401  (registers ManiSkill's tasks)
import numpy as np
import pytest
import sapien.physx as physx
import torch
from mani_skill.envs.sapien_env import BaseEnv
from mani_skill.vector.wrappers.gymnasium import ManiSkillVectorEnv

import genworld_envs  # noqa: F401  (makes the backend known)
from genworld_envs.physx_cpu_batched.scene import BatchedCpuScene

COUNT = 3


def make(task: str, num_envs: int | None = COUNT, **options: Any) -> BaseEnv:
    """A batch; a single environment of ManiSkill's own for `num_envs` None."""
    backend = {"num_envs": 1, "sim_backend": "physx_cpu"} if num_envs is None else {"num_envs": num_envs}
    arguments = {
        "obs_mode": "state",
        "render_backend": "none",
        "sim_backend": "physx_cpu_batched",
        **backend,
        **options,
    }
    return gym.make(task, **arguments).unwrapped  # type: ignore[return-value]


def row(tree: Any, env: int) -> Any:
    return {name: row(value, env) for name, value in tree.items()} if isinstance(tree, dict) else tree[env : env + 1]


def rollout(env: BaseEnv, actions: np.ndarray) -> list[tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]]:
    """Observation, reward and info after each of the actions [T, N, A]."""
    steps = []
    for action in actions:
        observation, reward, _, _, info = env.step(torch.from_numpy(action))
        flags = {name: value.numpy().copy() for name, value in info.items() if name != "elapsed_steps"}
        steps.append((observation.numpy().copy(), reward.numpy().copy(), flags))
    return steps


def assert_rows_are_single_environments(task: str, actions: np.ndarray, **options: Any) -> list[Any]:
    """From the same states, the batch and each of N single environments go through the same steps. Returns the batch's."""
    batch, single = make(task, **options), make(task, None, **options)
    batch.reset(seed=4)
    state = batch.get_state_dict()
    batch.set_state_dict(state)
    batch.agent.controller.reset()
    together = rollout(batch, actions)
    for env in range(COUNT):
        # Anew, as each row of the batch is: a PhysX scene remembers contacts that it once had.
        single.reset(seed=4, options={"reconfigure": True})
        single.set_state_dict(row(state, env))
        single.agent.controller.reset()
        for step, (alone, mine) in enumerate(zip(rollout(single, actions[:, env : env + 1]), together, strict=True)):
            assert np.array_equal(alone[0][0], mine[0][env]), f"observation of {env} after step {step}"
            assert np.array_equal(alone[1][0], mine[1][env]), f"reward of {env} after step {step}"
            for name, value in alone[2].items():
                assert np.array_equal(value[0], mine[2][name][env]), f"{name} of {env} after step {step}"
    batch.close()
    single.close()
    return together


@pytest.mark.parametrize("task", ["PickCube-v1", "StackCube-v1", "PushCube-v1"])
@pytest.mark.parametrize(
    "control_mode",
    [
        "pd_joint_delta_pos",
        "pd_joint_target_delta_pos",
        "pd_ee_delta_pose",
        "pd_ee_target_delta_pose",
        "pd_ee_delta_pos",
    ],
)
def test_a_row_of_the_batch_is_a_single_environment(task: str, control_mode: str) -> None:
    size = {"pd_ee_delta_pose": 7, "pd_ee_target_delta_pose": 7, "pd_ee_delta_pos": 4}.get(control_mode, 8)
    actions = np.random.default_rng(0).uniform(-1, 1, (25, COUNT, size)).astype(np.float32)
    steps = assert_rows_are_single_environments(task, actions, control_mode=control_mode, reward_mode="dense")
    assert np.abs(steps[-1][0] - steps[0][0]).max() > 0.01, "something has moved"


def test_a_grasp_is_felt_in_the_batch_as_in_a_single_environment() -> None:
    """Over the cube, down, close, and lift: by feedback first, then the same actions in both."""
    probe = make("PickCube-v1", control_mode="pd_ee_delta_pos")
    probe.reset(seed=4)
    actions = np.ones((45, COUNT, 4), np.float32)
    for step, action in enumerate(actions):
        offset = (probe.cube.pose.p - probe.agent.tcp.pose.p).numpy()  # type: ignore[attr-defined]
        offset[:, 2] += 0.1 if step < 12 else 0.0
        action[:, :3] = np.clip(offset * 6, -1, 1)
        if step >= 28:
            action[:, :3], action[:, 3] = (0, 0, 0.0 if step < 36 else 0.5), -1.0
        probe.step(torch.from_numpy(action))
    probe.close()
    steps = assert_rows_are_single_environments(
        "PickCube-v1", actions, control_mode="pd_ee_delta_pos", reward_mode="normalized_dense"
    )
    assert any(flags["is_grasped"].any() for _, _, flags in steps), "no cube was ever grasped"


@pytest.mark.parametrize(
    "task",
    [
        "PegInsertionSide-v1", "PlugCharger-v1", "LiftPegUpright-v1", "PullCubeTool-v1", "RollBall-v1",
        "TwoRobotPickCube-v1", "StackPyramid-v1", "PokeCube-v1",
    ],
)  # fmt: skip
def test_other_tasks_run(task: str) -> None:
    env = make(task, num_envs=2)
    env.reset(seed=0)
    env.action_space.seed(0)
    for _ in range(5):
        observation, reward, *_ = env.step(env.action_space.sample())
    assert observation.shape[0] == 2 and torch.isfinite(observation).all() and torch.isfinite(reward).all()
    env.reset(seed=1, options={"env_idx": torch.tensor([1])})
    env.close()


@pytest.mark.parametrize("control_mode", ["pd_joint_target_delta_pos", "pd_ee_target_delta_pose"])
def test_a_partial_reset_leaves_the_others_in_the_middle_of_their_episode(control_mode: str) -> None:
    """Also their targets, which ManiSkill's GPU simulation forgets."""
    env = make("PickCube-v1", control_mode=control_mode)
    rng = np.random.default_rng(1)
    actions = [rng.uniform(-1, 1, env.action_space.shape).astype(np.float32) for _ in range(12)]

    def play(partial: bool) -> torch.Tensor:
        env.reset(seed=3)
        env.agent.controller.reset()
        for index, action in enumerate(actions):
            if partial and index == 6:
                env.reset(options={"env_idx": torch.tensor([1])})
            observation = env.step(action)[0]
        return observation

    whole, partial = play(False), play(True)
    assert torch.equal(whole[[0, 2]], partial[[0, 2]])
    assert not torch.equal(whole[1], partial[1])
    env.close()


def test_repeats_are_identical() -> None:
    env = make("StackCube-v1", control_mode="pd_joint_delta_pos")
    actions = np.random.default_rng(2).uniform(-1, 1, (20, *env.action_space.shape)).astype(np.float32)  # type: ignore[misc]
    runs = []
    for _ in range(2):
        env.reset(seed=5, options={"reconfigure": True})
        runs.append(rollout(env, actions)[-1][0])
    assert np.array_equal(*runs)
    env.close()


def test_states_can_be_saved_and_restored() -> None:
    env = make("PickCube-v1")
    env.reset(seed=0)
    for _ in range(3):
        env.step(env.action_space.sample())
    state = env.get_state()
    env.step(env.action_space.sample())
    assert not torch.equal(env.get_state(), state)
    env.set_state(state)
    assert torch.allclose(env.get_state(), state, atol=1e-6)
    env.close()


def test_contacts_and_forces_are_those_of_a_single_environment() -> None:
    batch, single = make("PickCube-v1"), make("PickCube-v1", None)
    for env in (batch, single):
        env.reset(seed=0)
    single.set_state_dict(row(batch.get_state_dict(), 0))
    for env in (batch, single):
        for _ in range(3):
            env.step(None)
    alone, mine = single.cube, batch.cube  # type: ignore[attr-defined]
    net = mine.get_net_contact_forces()
    assert torch.allclose(alone.get_net_contact_forces()[0].float(), net[0], atol=1e-4)
    assert torch.allclose(net[:, 2], mine.mass * 9.81, rtol=0.05), "what carries a resting cube is its weight"
    links = ["panda_leftfinger", "panda_rightfinger"]
    assert batch.agent.robot.get_net_contact_forces(links).shape == (COUNT, 2, 3)
    before = batch.cube.pose.p.clone()  # type: ignore[attr-defined]
    force = torch.tensor([[0.0, 0, 0], [0, 0, 20], [0, 0, 0]])
    batch.cube.apply_force(force)  # type: ignore[attr-defined]
    batch.step(None)
    rise = (batch.cube.pose.p - before)[:, 2]  # type: ignore[attr-defined]
    assert rise[1] > 1e-4 and rise[[0, 2]].abs().max() < 1e-4
    batch.close()
    single.close()


def test_pictures_are_those_of_a_single_environment() -> None:
    options = {"obs_mode": "rgb+segmentation", "render_backend": "cpu", "render_mode": "rgb_array"}
    batch, single = make("PickCube-v1", **options), make("PickCube-v1", None, **options)
    batch.reset(seed=0)
    single.reset(seed=0)
    single.set_state_dict(row(batch.get_state_dict(), 1))
    shown, alone = batch.get_obs()["sensor_data"]["base_camera"], single.get_obs()["sensor_data"]["base_camera"]
    assert shown["rgb"].shape[0] == COUNT and shown["rgb"].dtype == torch.uint8
    assert torch.equal(shown["rgb"][1], alone["rgb"][0])
    assert torch.equal(shown["segmentation"][1], alone["segmentation"][0])
    assert batch.render().shape[0] == COUNT  # type: ignore[union-attr]

    # A partial reset draws what it changes, and hands out the others' last pictures.
    before = shown["rgb"].clone()
    after = batch.reset(seed=9, options={"env_idx": torch.tensor([0])})[0]["sensor_data"]["base_camera"]["rgb"]
    assert torch.equal(after[1:], before[1:]) and not torch.equal(after[0], before[0])
    assert torch.equal(shown["rgb"], before), "what was handed out stays as it was"
    batch.close()
    single.close()


def test_what_explodes_rests_and_the_others_go_on() -> None:
    env: Any = make("PickCube-v1")
    scene = env.scene
    assert isinstance(scene, BatchedCpuScene)

    def play(explode: bool) -> torch.Tensor:
        env.reset(seed=0)
        for step in range(6):
            if explode and step == 2:
                env.cube._bodies[1].linear_velocity = np.full(3, 1e7, np.float32)
            observation = env.step(torch.zeros(COUNT, 8))[0]
        return observation

    calm, observation = play(False), play(True)
    assert scene.px.faulty.tolist() == [False, True, False]
    assert torch.equal(calm[[0, 2]], observation[[0, 2]])
    assert torch.isfinite(observation).all()
    env.reset(seed=3, options={"env_idx": torch.tensor([1])})
    assert not scene.px.faulty.any(), "a reset makes it whole"
    moved = [env.step(torch.ones(COUNT, 8))[0][1, :7] for _ in range(2)]
    assert not torch.equal(*moved)
    assert torch.equal(play(False), calm)
    env.close()


def test_a_system_of_another_shape_cannot_take_over() -> None:
    env = make("PickCube-v1", num_envs=2)
    env.reset(seed=0)
    with pytest.raises(ValueError, match="sub-environment 1 had"):
        env.scene.px.replace(1, physx.PhysxCpuSystem(), {})
    env.step(env.action_space.sample())
    env.close()


def test_maniskills_vector_environment_runs_on_it() -> None:
    env = ManiSkillVectorEnv(make("PickCube-v1"), auto_reset=True, ignore_terminations=False)
    env.reset(seed=0)
    for _ in range(60):
        observation, *_ = env.step(env.action_space.sample())
    assert observation.shape[0] == COUNT
    env.close()


def test_importing_the_package_is_enough_and_loads_nothing_heavy() -> None:
    program = (
        "import sys, genworld_envs, gymnasium as gym; assert 'mani_skill' not in sys.modules; import mani_skill.envs;"
        "env = gym.make('PickCube-v1', num_envs=2, sim_backend='physx_cpu_batched', render_backend='none');"
        "print(env.reset(seed=0)[0].shape[0])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("2")

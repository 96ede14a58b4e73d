"""The scripted expert: it carries out each kind of task, recovers when something goes wrong, and acts by the rules."""

from typing import Any

import numpy as np
import pytest
import sapien
import torch

from genworld_envs.batched_env import GenWorldBatchedEnv
from genworld_envs.experts import PickPlaceExpert
from genworld_envs.experts.episode import Phase
from genworld_envs.experts.geometry import asset_cloud, points_in_hand, pose_matrix
from genworld_envs.experts.grasping import simple_grasps
from genworld_envs.experts.latency import LatencyObserver
from genworld_envs.experts.placing import upright_rotation
from genworld_envs.robots import robot_spec
from genworld_envs.robots.kinematics import moved, pose_error
from scene_hub.dataset import SceneDataset
from scene_hub.errors import InvalidOptionError
from scene_hub.schema import TASK_FAMILIES

HAND = robot_spec("panda").hand


@pytest.fixture(scope="module")
def dataset() -> SceneDataset:
    return SceneDataset.open("starter")


def make(dataset: SceneDataset, task: str, robot: str = "panda", **options: Any) -> GenWorldBatchedEnv:
    """One sub-environment with the first training scene of a task family."""
    env = GenWorldBatchedEnv(
        1,
        **{
            "scene_ids": [dataset.scenes(split="train", task=task)[0].id],
            "robot_uids": robot,
            "obs_mode": "state",
            "sim_backend": "physx_cpu",
            "render_backend": "none",
            **options,
        },
    )
    env.reset(seed=0)
    return env


def drive(env: GenWorldBatchedEnv, expert: PickPlaceExpert, steps: int = 100) -> tuple[bool, int]:
    """Act until success; whether it came, and after how many steps."""
    for step in range(steps):
        *_, info = env.step(expert.act())
        if info["success"][0]:
            return True, step + 1
    return False, steps


# ------------------------------------------------------------------------------------------------------------ whole tasks


@pytest.mark.parametrize("task", TASK_FAMILIES)
def test_it_carries_out_each_kind_of_task_in_a_fraction_of_the_time(dataset, task):
    env = make(dataset, task)
    succeeded, steps = drive(env, PickPlaceExpert(env))
    assert succeeded
    assert 8 <= steps <= 60
    env.close()


@pytest.mark.parametrize("task", ["pick", "put_on"])
def test_a_robot_of_five_joints_does_it_too(dataset, task):
    env = make(dataset, task, robot="so100")
    assert drive(env, PickPlaceExpert(env))[0]
    env.close()


def test_what_was_put_down_stays_there(dataset):
    env = make(dataset, "put_on")
    expert = PickPlaceExpert(env)
    assert drive(env, expert)[0]
    for _ in range(15):
        *_, info = env.step(expert.act())
    assert info["success"][0]
    assert expert.phases == [Phase.DONE]
    env.close()


def test_late_and_noisy_actions_do_not_throw_it_off(dataset):
    late = {"action_latency": 1, "action_noise": 0.02, "object_position": 0.1}
    env = make(dataset, "put_on", randomization=late)
    for seed in (1, 2, 3):
        env.reset(seed=seed)
        assert drive(env, PickPlaceExpert(env))[0], f"seed {seed}"
    env.close()


def test_it_follows_an_object_that_is_moved_while_it_reaches_for_it(dataset):
    env = make(dataset, "put_on")
    expert = PickPlaceExpert(env)
    for _ in range(4):
        env.step(expert.act())
    body = env.loaded.movables[0]
    body.set_pose(sapien.Pose(np.add(body.pose.p[0].numpy(), (0.03, 0.05, 0.0)), body.pose.q[0].numpy()))
    assert drive(env, expert)[0]
    env.close()


def test_it_tries_again_when_the_object_is_taken_out_of_its_hand(dataset):
    env = make(dataset, "put_on")
    start = env.loaded.movables[0].pose.sp
    expert = PickPlaceExpert(env)
    for _ in range(60):
        env.step(expert.act())
        if expert.phases == [Phase.TRANSFER]:
            break
    assert expert.phases == [Phase.TRANSFER]
    env.loaded.movables[0].set_pose(start)
    env.loaded.movables[0].set_linear_velocity(torch.zeros(1, 3))
    assert drive(env, expert)[0]
    env.close()


# ------------------------------------------------------------------------------------------------------------- its manners


def test_its_actions_lie_in_the_action_space_and_repeat_bit_by_bit(dataset):
    env = make(dataset, "stack")

    def episode() -> np.ndarray:
        env.reset(seed=3)
        expert, actions = PickPlaceExpert(env), []
        for _ in range(25):
            actions.append(expert.act())
            assert actions[-1].dtype == torch.float32
            assert env.single_action_space.contains(actions[-1][0].numpy())
            env.step(actions[-1])
        return torch.cat(actions).numpy()

    assert (episode() == episode()).all()
    env.close()


def test_reset_begins_anew(dataset):
    env = make(dataset, "pick")
    expert = PickPlaceExpert(env)
    for _ in range(8):
        env.step(expert.act())
    assert expert.phases != [Phase.APPROACH]
    env.reset(seed=1)
    expert.reset([0])
    assert expert.phases == [Phase.APPROACH]
    assert drive(env, expert)[0]
    env.close()


def test_another_control_mode_is_refused_with_the_way_out(dataset):
    env = make(dataset, "pick", control_mode="pd_joint_pos")
    with pytest.raises(InvalidOptionError, match=r"pd_joint_pos.*control_mode='pd_ee_delta_pose'"):
        PickPlaceExpert(env)
    env.close()


# ---------------------------------------------------------------------------------------------------------------- geometry


def test_a_cloud_lies_on_its_asset_and_is_always_the_same(dataset):
    asset = dataset.asset(dataset.scenes()[0].object.asset)
    cloud = asset_cloud(asset, dataset)
    assert (cloud == asset_cloud(asset, dataset)).all()
    half = np.array(asset.extents) / 2
    assert (np.abs(cloud[:, :2]) <= half[:2] + 0.004).all()
    assert cloud[:, 2].min() > -0.004
    assert cloud[:, 2].max() < asset.extents[2] + 0.004


def test_points_between_the_fingers_are_free_and_points_in_them_are_not():
    tool = pose_matrix((0, 0, 0.1), (0, 1, 0, 0))[None]
    assert points_in_hand(np.array([[0, 0, 0.1], [0, 0.02, 0.1]]), tool, HAND.max_opening, HAND)[0] == 0
    finger = HAND.max_opening / 2 + 0.005
    palm = 0.1 + HAND.depth + 0.02
    hits = points_in_hand(np.array([[0, finger, 0.1], [0, -finger, 0.1], [0, 0, palm]]), tool, HAND.max_opening, HAND)
    assert hits[0] == 3


def test_simple_grasps_close_across_the_narrow_side_of_a_box():
    grid = np.stack(np.meshgrid(np.linspace(-0.08, 0.08, 33), np.linspace(-0.02, 0.02, 9), [0.0, 0.03]), -1).reshape(
        -1, 3
    )
    poses, widths = simple_grasps(grid, HAND)
    narrowest = np.argmin(widths)
    assert widths[narrowest] == pytest.approx(0.04, abs=0.002)
    assert abs(poses[narrowest, 1, 1]) == pytest.approx(1.0, abs=0.01), "closing along y"
    assert (poses[:, 2, 2] == -1.0).all(), "from above"


@pytest.mark.parametrize("tilt", [0.0, 0.2, 0.4])
def test_a_tilted_object_is_set_upright_without_turning_it(tilt):
    rotation = pose_matrix((0, 0, 0), (np.cos(tilt / 2), np.sin(tilt / 2), 0, 0))[:3, :3]
    assert np.allclose(upright_rotation(rotation), np.eye(3), atol=1e-9)


@pytest.mark.parametrize("delay", [0, 1, 2])
def test_the_delay_of_actions_is_found_out_by_acting(delay):
    rng = np.random.default_rng(0)
    observer, tool = LatencyObserver(1), np.eye(4)[None]
    asked = [np.zeros((1, 6))] * (delay + 1)
    for _ in range(12):
        pending = observer.observe(tool)
        step = np.concatenate([rng.uniform(-0.04, 0.04, (1, 3)), np.zeros((1, 3))], axis=1)
        observer.record(step)
        asked.append(step)
        tool = moved(tool, asked[-1 - delay])
    expected = sum(asked[len(asked) - delay :], np.zeros((1, 6)))
    assert np.allclose(observer.observe(tool), expected)
    assert pose_error(tool, tool).shape == pending.shape

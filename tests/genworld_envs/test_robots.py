"""Robots: what they promise to an environment, and that their controllers move as the action says."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest
import sapien
import torch
from mani_skill.envs.sapien_env import BaseEnv
from mani_skill.utils.registration import register_env
from mani_skill.utils.structs.types import SimConfig

from genworld_envs.robots import RobotSpec, robot_names, robot_spec
from genworld_envs.robots.agent import ArmAgent
from genworld_envs.robots.kinematics import InverseKinematics, SerialChain, moved, pose_error
from genworld_envs.robots.spec import WORKSPACE
from scene_hub.errors import InvalidOptionError

REPOSITORY = Path(__file__).parents[2]
WIDOWX = Path(os.environ.get("GENWORLD_TEST_DATA", REPOSITORY.parent / "shared" / "data")) / "widowx250s"
ROBOTS = ("panda", "so100", "widowx250s")
CUBE = 0.03


@register_env("RobotTest-v0", max_episode_steps=100)
class RobotTestEnv(BaseEnv):
    """A robot on a table with a cube before it."""

    agent: ArmAgent

    def __init__(self, robot: str, **kwargs):
        self.robot_spec: RobotSpec = robot_spec(robot)
        super().__init__(robot_uids=self.robot_spec.agent_uid, **kwargs)

    @property
    def _default_sim_config(self):
        return SimConfig(sim_freq=100, control_freq=5)

    def _load_agent(self, options):
        super()._load_agent(options, sapien.Pose(*self.robot_spec.base_pose))

    def _load_scene(self, options):
        table = self.scene.create_actor_builder()
        table.add_box_collision(sapien.Pose([0, 0, -0.02]), [1.0, 1.0, 0.02])
        table.initial_pose = sapien.Pose()
        table.build_static("table")
        cube = self.scene.create_actor_builder()
        cube.add_box_collision(half_size=[CUBE / 2] * 3, density=500)
        cube.initial_pose = sapien.Pose([0, 0, CUBE / 2])
        self.cube = cube.build("cube")

    def _initialize_episode(self, env_idx, options):
        self.agent.reset(torch.tensor([self.robot_spec.home_qpos], dtype=torch.float32))
        self.cube.set_pose(sapien.Pose([0.0, 0.3, CUBE / 2]))

    def evaluate(self):
        return {}

    def _get_obs_extra(self, info):
        return {}


@pytest.fixture(scope="module", autouse=True)
def robot_files(tmp_path_factory):
    """ManiSkill's asset folder, holding the WidowX where the test data has it."""
    import mani_skill

    folder = tmp_path_factory.mktemp("assets")
    if WIDOWX.is_dir():
        (folder / "robots").mkdir()
        (folder / "robots" / "widowx").symlink_to(WIDOWX.resolve())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mani_skill, "ASSET_DIR", folder)
        yield
    loaded.cache_clear()


def needs_files(robot: str) -> None:
    if robot == "widowx250s" and not WIDOWX.is_dir():
        pytest.skip(f"no robot description at {WIDOWX}; set GENWORLD_TEST_DATA")


@cache
def loaded(robot: str, control_mode: str) -> RobotTestEnv:
    env = gym.make(
        "RobotTest-v0",
        robot=robot,
        obs_mode="state",
        reward_mode="none",
        control_mode=control_mode,
        sim_backend="physx_cpu",
        render_backend="none",
    )
    return env.unwrapped  # type: ignore[return-value]


def make(robot: str, control_mode: str = "pd_ee_delta_pose") -> RobotTestEnv:
    needs_files(robot)
    env = loaded(robot, control_mode)
    env.reset(seed=0)
    return env


def action(env: RobotTestEnv, *values: float, gripper: float = 1.0) -> np.ndarray:
    """An action whose first entries are `values`, the others zero."""
    result = np.zeros(env.single_action_space.shape, dtype=np.float32)
    result[: len(values)] = values
    result[-1] = gripper
    return result


def position(env: RobotTestEnv) -> np.ndarray:
    return env.agent.tcp_pose_at_base.p[0].numpy().astype(np.float64)


# --------------------------------------------------------------------------------------------------------- specifications


def test_the_three_robots_are_known_and_an_unknown_one_is_named_with_the_choices():
    assert set(ROBOTS) <= set(robot_names())
    with pytest.raises(InvalidOptionError, match="unknown robot 'ur5'.*'panda'.*'so100'.*'widowx250s'"):
        robot_spec("ur5")


@pytest.mark.parametrize("robot", ROBOTS)
def test_a_robot_stands_behind_the_workspace_and_reaches_its_middle(robot):
    spec = robot_spec(robot)
    assert spec.name == robot
    assert spec.base_position[0] < 0
    assert spec.reaches(0.0, 0.0)
    assert not spec.reaches(-2.0, 0.0)
    assert not spec.reaches(spec.base_position[0], 0.3), "beside the robot lies outside its 60 degrees"
    assert {"base", "wrist", "render"} <= set(spec.cameras)
    assert spec.control_modes[0] == "pd_ee_delta_pose"
    assert 0.06 < spec.max_opening < 0.1


@pytest.mark.parametrize("robot", ["panda", "so100"])
def test_the_base_camera_sees_all_of_the_workspace_that_the_robot_reaches(robot):
    spec = robot_spec(robot)
    camera = spec.cameras["base"]
    x, y, z = (v.ravel() for v in np.meshgrid(*np.linspace(*WORKSPACE, 9).T, [0.0, 0.12]))
    points = np.stack([x, y, z], axis=1)[spec.reaches(x, y)]
    pose = sapien.Pose(np.add(camera.position, spec.base_position), camera.quaternion).inv().to_transformation_matrix()
    seen = points @ pose[:3, :3].T + pose[:3, 3]
    across, down = (0.5 - focal * seen[:, i] / seen[:, 0] for focal, i in zip(camera.focal, (1, 2), strict=True))
    for share in (across, down):
        assert share.min() > 0.02
        assert share.max() < 0.98


def test_the_widowx_has_the_camera_of_the_paper():
    needs_files("widowx250s")
    env = make("widowx250s")
    config = env.robot_spec.camera_config("base", env.agent)
    # 640 x 480 pixels, resized to 224 x 224.
    assert np.allclose(np.diag(config.intrinsic)[:2] * [640 / 224, 480 / 224], 623.588, atol=1e-2)
    offset = config.pose.p[0].numpy() - env.robot_spec.base_position
    assert np.allclose(offset, [0.0, -0.16, 0.36], atol=1e-6)


def test_a_missing_widowx_names_the_command_that_fetches_it(tmp_path):
    code = (
        "from genworld_envs.robots import robot_spec\n"
        "from scene_hub.errors import MissingRequirementError\n"
        "try:\n    robot_spec('widowx250s').check()\n"
        "except MissingRequirementError as error:\n    print(error)\n"
    )
    environment = {**os.environ, "MS_ASSET_DIR": str(tmp_path / "nowhere")}
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "python -m mani_skill.utils.download_asset widowx250s" in result.stdout, result.stderr
    assert str(tmp_path / "nowhere") in result.stdout


# -------------------------------------------------------------------------------------------------------------- kinematics


def chain(robot: str) -> tuple[SerialChain, np.ndarray]:
    env = make(robot)
    return env.agent.kinematics.chain, np.array(env.robot_spec.home_qpos[: env.robot_spec.arm_joints])


@pytest.mark.parametrize("robot", ROBOTS)
def test_forward_kinematics_agrees_with_the_simulator(robot):
    env = make(robot)
    tool = env.agent.kinematics.chain.forward(
        env.agent.robot.get_qpos()[:, : env.robot_spec.arm_joints].double().numpy()
    )
    simulated = env.agent.tcp_pose_at_base.to_transformation_matrix().numpy()
    assert np.abs(tool - simulated).max() < 1e-5


@pytest.mark.parametrize("robot", ROBOTS)
def test_inverse_kinematics_finds_what_it_can_and_stays_within_limits(robot):
    arm, home = chain(robot)
    ik = InverseKinematics(arm, home)
    rng = np.random.default_rng(0)
    near = np.clip(home + rng.uniform(-0.3, 0.3, (50, len(home))), arm.lower, arm.upper)
    target = arm.forward(near)
    start = np.repeat(home[None], 50, axis=0)
    error = pose_error(target, arm.forward(ik.solve(target, start, 40)))
    assert np.linalg.norm(error[:, :3], axis=1).max() < 1e-3
    if len(home) > 5:
        assert np.linalg.norm(error[:, 3:], axis=1).max() < 5e-3
    far = target.copy()
    far[:, :3, 3] *= 10.0
    qpos = ik.solve(far, start, 40)
    assert np.isfinite(qpos).all()
    assert (qpos >= arm.lower).all()
    assert (qpos <= arm.upper).all()


@pytest.mark.parametrize("robot", ROBOTS)
def test_inverse_kinematics_does_not_depend_on_the_batch_nor_on_the_library(robot):
    arm, home = chain(robot)
    ik = InverseKinematics(arm, home)
    rng = np.random.default_rng(1)
    start = home + rng.uniform(-0.2, 0.2, (17, len(home)))
    target = moved(arm.forward(start), rng.uniform(-0.05, 0.05, (17, 6)))
    together = ik.solve(target, start, 2)
    for index in range(17):
        alone = ik.solve(target[index : index + 1].copy(), start[index : index + 1].copy(), 2)
        assert (alone[0].astype(np.float32) == together[index].astype(np.float32)).all()
    in_torch = ik.on("cpu").solve(torch.from_numpy(target), torch.from_numpy(start), 2)
    assert np.abs(in_torch.numpy() - together).max() < 1e-9


# -------------------------------------------------------------------------------------------------------------- controllers


@pytest.mark.parametrize("robot", ROBOTS)
def test_an_action_of_one_moves_the_tool_by_one_step_along_its_axis(robot):
    env = make(robot)
    step = env.agent.translation_step
    for axis in range(3):
        for sign in (1.0, -1.0):
            before = position(env)
            env.step(action(env, *(sign if i == axis else 0.0 for i in range(3))))
            env.step(action(env))
            change = position(env) - before
            assert change[axis] == pytest.approx(sign * step, abs=0.1 * step)
            assert np.abs(np.delete(change, axis)).max() < 0.1 * step


@pytest.mark.parametrize("robot", ROBOTS)
def test_the_arm_has_all_but_settled_within_a_control_step(robot):
    env = make(robot)
    before = position(env)
    env.step(action(env, 0.0, 0.0, 1.0))
    after_one = position(env)
    env.step(action(env))
    assert after_one[2] - before[2] > 0.85 * (position(env)[2] - before[2])
    assert after_one[2] - before[2] < 1.05 * env.agent.translation_step, "no overshoot"


@pytest.mark.parametrize("robot", ROBOTS)
def test_a_zero_action_holds_still(robot):
    env = make(robot)
    for _ in range(3):
        env.step(action(env, 1.0, 0.5, -0.5))
    env.step(action(env))
    before = position(env)
    for _ in range(20):
        env.step(action(env))
    assert np.abs(position(env) - before).max() < 2e-3


def test_rotation_turns_the_tool_and_leaves_its_place():
    env = make("panda")
    before, place = env.agent.tcp_pose_at_base.to_transformation_matrix()[0].double().numpy(), position(env)
    env.step(action(env, 0, 0, 0, 0, 0, 1.0))
    env.step(action(env))
    after = env.agent.tcp_pose_at_base.to_transformation_matrix()[0].double().numpy()
    turn = pose_error(after[None], before[None])[0, 3:]
    assert turn[2] == pytest.approx(env.agent.rotation_step, abs=0.03)
    assert np.abs(turn[:2]).max() < 0.03
    assert np.abs(position(env) - place).max() < 5e-3


def test_the_so100_has_six_numbers_pitch_and_roll_among_them():
    env = make("so100")
    assert env.single_action_space.shape == (6,)
    qpos = env.agent.robot.get_qpos()[0].clone()
    env.step(action(env, 0, 0, 0, 0, 1.0))
    env.step(action(env))
    turned = env.agent.robot.get_qpos()[0] - qpos
    assert abs(abs(float(turned[4])) - env.agent.rotation_step) < 0.05, "droll is the roll joint's"
    pitch = float(env.agent.proprioception()[0, 4])
    place = position(env)
    env.step(action(env, 0, 0, 0, -0.7))
    env.step(action(env))
    assert abs(float(env.agent.proprioception()[0, 4]) - pitch) > 0.1
    assert np.abs(position(env) - place).max() < 0.01


@pytest.mark.parametrize("robot", ROBOTS)
def test_pushing_into_the_table_neither_breaks_through_nor_winds_up(robot):
    env = make(robot)
    for _ in range(25):
        env.step(action(env, 0.0, 0.0, -1.0, gripper=-1.0))
    assert position(env)[2] > -0.01
    before = position(env)[2]
    for _ in range(3):
        env.step(action(env, 0.0, 0.0, 1.0, gripper=-1.0))
    assert position(env)[2] - before > 0.5 * env.agent.translation_step, "the way back up begins at once"


@pytest.mark.parametrize("robot", ROBOTS)
def test_the_gripper_closes_opens_and_reports_its_opening(robot):
    env = make(robot)
    hand = env.robot_spec.hand
    for _ in range(6):
        env.step(action(env, gripper=-1.0))
    assert float(env.agent.gripper_opening[0]) < 0.012
    assert float(env.agent.gripper_share[0]) < 0.05
    for opening in (0.03, 0.06):
        for _ in range(6):
            env.step(action(env, gripper=hand.command(opening)))
        assert float(env.agent.gripper_opening[0]) == pytest.approx(opening, abs=0.008)


@pytest.mark.parametrize("robot", ROBOTS)
def test_a_closed_gripper_holds_a_cube_and_says_so(robot):
    env = make(robot)
    pose = env.agent.tcp_pose
    side = pose.to_transformation_matrix()[0, :3, 1].numpy() * env.robot_spec.hand.grasp_shift(CUBE)
    # In mid-air between the fingers; it falls less than a finger's length until they have closed.
    env.cube.set_pose(sapien.Pose(pose.p[0].numpy() + side + [0, 0, 0.008], pose.q[0].numpy()))
    env.cube.set_linear_velocity(torch.zeros(1, 3))
    assert not env.agent.is_grasping(env.cube)[0]
    body = env.cube._bodies[0]
    body.disable_gravity = True
    for _ in range(4):
        env.step(action(env, gripper=-1.0))
    body.disable_gravity = False
    for _ in range(5):
        env.step(action(env, 0.0, 0.0, 0.5, gripper=-1.0))
    assert env.agent.is_grasping(env.cube)[0]
    assert float((env.cube.pose.p - env.agent.tcp_pos).norm()) < 0.04


@pytest.mark.parametrize("robot", ROBOTS)
def test_proprioception_is_zero_rotation_when_the_hand_points_straight_down(robot):
    env = make(robot)
    state = env.agent.proprioception()
    assert state.shape == (1, 7)
    assert torch.allclose(state[0, :3], env.agent.tcp_pose_at_base.p[0])
    assert float(state[0, 6]) == pytest.approx(1.0, abs=1e-3)
    if robot != "so100":
        assert float(state[0, 3:6].abs().max()) < 1e-2


@pytest.mark.parametrize("mode", ["pd_joint_pos", "pd_joint_delta_pos"])
@pytest.mark.parametrize("robot", ROBOTS)
def test_joint_modes_reach_the_joint_positions_asked_for(robot, mode):
    env = make(robot, mode)
    joints = env.robot_spec.arm_joints
    home = np.array(env.robot_spec.home_qpos[:joints])
    wanted = home + 0.08
    for _ in range(6):
        qpos = env.agent.robot.get_qpos()[0, :joints].numpy()
        arm = wanted if mode == "pd_joint_pos" else np.clip((wanted - qpos) / env.agent.joint_step, -1, 1)
        env.step(np.append(arm, 1.0).astype(np.float32))
    assert np.abs(env.agent.robot.get_qpos()[0, :joints].numpy() - wanted).max() < 0.01


def test_controller_state_can_be_saved_and_restored():
    env = make("panda")
    env.step(action(env, 1.0))
    state, controller = env.get_state(), env.agent.get_controller_state()
    controller = {name: {key: value.clone() for key, value in part.items()} for name, part in controller.items()}

    def roll() -> np.ndarray:
        env.set_state(state)
        env.agent.set_controller_state(controller)
        for _ in range(4):
            env.step(action(env, 0.3, -0.4, 0.2, 0.1))
        return env.agent.robot.get_qpos()[0].numpy()

    assert (roll() == roll()).all()


@pytest.mark.parametrize("robot", ROBOTS)
def test_the_controller_computes_in_torch_what_it_computes_in_numpy(robot):
    env = make(robot)
    arm = env.agent.controller.controllers["arm"]
    rng = np.random.default_rng(2)
    start = np.array(env.robot_spec.home_qpos[: env.robot_spec.arm_joints]) + rng.uniform(
        -0.1, 0.1, (5, len(arm.joints))
    )
    given = start, start + 0.02, rng.uniform(-1, 1, (5, arm.single_action_space.shape[0]))
    expected = arm._next_qpos(*given)
    in_numpy = arm._in_numpy, arm.kinematics, arm._limits
    try:
        arm._in_numpy, arm.kinematics, arm._limits = False, arm.kinematics.on("cpu"), torch.from_numpy(arm._limits)
        found = arm._next_qpos(*(torch.from_numpy(array) for array in given))
    finally:
        arm._in_numpy, arm.kinematics, arm._limits = in_numpy
    assert np.abs(found.numpy() - expected).max() < 1e-9

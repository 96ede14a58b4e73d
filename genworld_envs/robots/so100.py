"""The SO-100 of TheRobotStudio and Hugging Face: five joints, one fixed and one moving jaw. Its files ship with ManiSkill.

Five joints cannot follow six velocities: the hand always points away from the shoulder's axis. The action space of
`pd_ee_delta_pose` is therefore six numbers: dx, dy, dz of the tool, dpitch (positive turns the hand further down), droll
(about the approach axis), and the gripper. While the tool moves sideways, the roll compensates what the pan turns, as far
as the hand points down.

The moving jaw swings about a pivot, so the gripper closes towards its fixed jaw: the tool frame lies `FIXED_JAW` beside
the fixed jaw's pad, which is on the side of positive y.
"""

import numpy as np
import sapien
import torch
from mani_skill.agents.registration import register_agent
from mani_skill.agents.robots.so100.so_100 import SO100

from genworld_envs.robots.agent import CONTROL_MODES, ArmAgent
from genworld_envs.robots.hand import Hand
from genworld_envs.robots.spec import CameraSpec, RobotSpec

FIXED_JAW = 0.02
PAD_X, TOOL_DEPTH = 0.0095, 0.0965
JAW_CLOSED, JAW_OPEN = -1.1, 0.15
JAW_COMMANDS = (
    (0.0, -0.61), (0.0158, -0.355), (0.0305, -0.097), (0.0452, 0.161), (0.0592, 0.419), (0.0719, 0.677), (0.085, 1.0),
)  # fmt: skip
"""Width between the tips of the jaws (metres), and the gripper action that gives it."""
HOME_QPOS = (0.0, -0.98, 0.43, 1.52, 1.5708, JAW_OPEN)


@register_agent()
class GenWorldSO100(ArmAgent, SO100):
    uid = "genworld_so100"
    facing = sapien.Pose([0.0, 0.0, 0.0], [0.5**0.5, 0.0, 0.0, -(0.5**0.5)])
    tool_link = "Fixed_Jaw"
    tool_offset = sapien.Pose([PAD_X - FIXED_JAW, -TOOL_DEPTH, 0.0], [0.5, 0.5, 0.5, -0.5])
    finger_links = ("Fixed_Jaw", "Moving_Jaw")
    hand_links = ("Wrist_Pitch_Roll", "Fixed_Jaw", "Moving_Jaw")
    home_qpos = HOME_QPOS
    finger_range = (JAW_CLOSED, JAW_OPEN)
    gripper_drive = dict(closed=JAW_CLOSED - 0.3, opened=JAW_OPEN, stiffness=10.0, damping=0.5, force_limit=1.2)
    arm_stiffness = 5e2
    arm_damping = 2e1
    arm_force_limit = 30.0

    def _after_init(self) -> None:
        super()._after_init()
        self.fingertips = (self.robot.links_map["Fixed_Jaw_tip"], self.robot.links_map["Moving_Jaw_tip"])

    @property
    def gripper_opening(self) -> torch.Tensor:
        """[N] distance between the tips of the jaws, metres."""
        return torch.linalg.vector_norm(self.fingertips[0].pose.p - self.fingertips[1].pose.p, dim=1)


SPEC = RobotSpec(
    name="so100",
    agent_uid=GenWorldSO100.uid,
    base_position=(-0.24, 0.0, 0.0),
    base_quaternion=(float(np.sqrt(0.5)), 0.0, 0.0, float(np.sqrt(0.5))),
    home_qpos=HOME_QPOS,
    arm_joints=5,
    cameras={
        "base": CameraSpec.looking_at((0.68, -0.28, 0.46), (0.20, 0.0, 0.06), fov=0.9),
        "wrist": CameraSpec.looking_at(
            (-0.015, 0.0, 0.06), (-0.012, -0.10, 0.0), fov=1.3, up=(0.0, 0.0, 1.0), mount="Fixed_Jaw"
        ),
        "render": CameraSpec.looking_at((0.64, 0.48, 0.42), (0.19, 0.0, 0.05), fov=0.82, size=(640, 480)),
    },
    reach=(0.15, 0.345),
    hand=Hand(
        max_opening=0.085,
        finger_width=0.028,
        finger_thickness=0.024,
        tip=0.0100,
        depth=0.056,
        palm=(0.052, 0.080),
        commands=JAW_COMMANDS,
        fixed_pad=FIXED_JAW,
    ),
    control_modes=CONTROL_MODES,
)

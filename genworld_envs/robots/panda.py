"""The Franka Emika Panda: seven joints, parallel gripper of 8 cm. The default robot; its files ship with ManiSkill."""

import numpy as np
from mani_skill.agents.registration import register_agent
from mani_skill.agents.robots.panda.panda import Panda

from genworld_envs.robots.agent import CONTROL_MODES, ArmAgent
from genworld_envs.robots.hand import Hand
from genworld_envs.robots.spec import CameraSpec, RobotSpec

HOME_QPOS = (0.0, -0.1848, 0.0, -2.4967, 0.0, 2.3119, np.pi / 4, 0.04, 0.04)


@register_agent()
class GenWorldPanda(ArmAgent, Panda):
    uid = "genworld_panda"
    tool_link = "panda_hand_tcp"
    finger_links = ("panda_leftfinger", "panda_rightfinger")
    hand_links = ("panda_link5", "panda_link6", "panda_link7", "panda_hand", "panda_leftfinger", "panda_rightfinger")
    home_qpos = HOME_QPOS
    finger_range = (0.0, 0.04)
    gripper_drive = dict(closed=-0.01, opened=0.04, stiffness=1.5e3, damping=2e2, force_limit=30.0)
    arm_stiffness = [4e3] * 4 + [2e3] * 3
    arm_damping = [2.5e2] * 4 + [6e1] * 3
    arm_force_limit = [87.0] * 4 + [40.0] * 3


SPEC = RobotSpec(
    name="panda",
    agent_uid=GenWorldPanda.uid,
    base_position=(-0.52, 0.0, 0.0),
    base_quaternion=(1.0, 0.0, 0.0, 0.0),
    home_qpos=HOME_QPOS,
    arm_joints=7,
    cameras={
        "base": CameraSpec.looking_at((1.67, -0.30, 0.88), (0.49, 0.02, 0.03), fov=0.475),
        "wrist": CameraSpec.looking_at(
            (0.07, 0.0, 0.03), (0.01, 0.0, 0.14), fov=1.4, up=(1.0, 0.0, 0.0), mount="panda_hand"
        ),
        "render": CameraSpec.looking_at((1.06, 0.62, 0.64), (0.44, -0.02, 0.14), fov=0.82, size=(640, 480)),
    },
    reach=(0.30, 0.77),
    hand=Hand(
        max_opening=0.08,
        finger_width=0.022,
        finger_thickness=0.018,
        tip=0.0095,
        depth=0.037,
        palm=(0.066, 0.206),
        commands=((0.0, -0.6), (0.08, 1.0)),
    ),
    control_modes=CONTROL_MODES,
)

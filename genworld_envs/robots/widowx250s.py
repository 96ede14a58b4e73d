"""The Trossen WidowX 250 S: six joints, parallel gripper; the robot of the GenWorld paper.

Its description (Interbotix, SimplerEnv; BSD-3-Clause) is ManiSkill's own asset download. ManiSkill's agent for it is bare;
drives, tool frame, home posture and contact materials are defined here. Published joint limits let the finger pads of
that description move between 12 and 56 mm apart; on the real robot the fingers can be screwed on in several places. Here
the finger joints run from 9 to 45 mm, so that the pads close fully and open to 72 mm.
"""

from pathlib import Path

import mani_skill
import numpy as np
import sapien
from mani_skill.agents.registration import register_agent
from mani_skill.agents.robots.widowx.widowx import WidowX250S

from genworld_envs.robots.agent import CONTROL_MODES, ArmAgent
from genworld_envs.robots.hand import Hand
from genworld_envs.robots.spec import CameraSpec, RobotSpec
from scene_hub.errors import MissingRequirementError

FINGER_LIMITS = (0.009, 0.045)
HOME_QPOS = (0.0, -0.1573, 0.1624, 0.0, 1.5655, 0.0, 0.045, 0.045)


def description() -> Path:
    """Where ManiSkill keeps the robot's URDF."""
    return Path(mani_skill.ASSET_DIR) / "robots" / "widowx" / "wx250s.urdf"


def require_description() -> None:
    if not description().is_file():
        raise MissingRequirementError(
            f"robot 'widowx250s': its description is not at {description()}; fetch it (about 4 MB) with "
            "`python -m mani_skill.utils.download_asset widowx250s`, or set MS_ASSET_DIR to the folder that holds it as "
            "data/robots/widowx"
        )


@register_agent()
class GenWorldWidowX250S(ArmAgent, WidowX250S):
    uid = "genworld_widowx250s"
    urdf_config = dict(
        _materials=dict(gripper=dict(static_friction=2.0, dynamic_friction=2.0, restitution=0.0)),
        link={
            name: dict(material="gripper", patch_radius=0.1, min_patch_radius=0.1)
            for name in ("left_finger_link", "right_finger_link")
        },
    )
    tool_link = "ee_gripper_link"
    tool_offset = sapien.Pose([0.0055, 0.0, 0.0], [0.0, 0.5**0.5, 0.0, 0.5**0.5])
    finger_links = ("right_finger_link", "left_finger_link")
    hand_links = ("wrist_link", "gripper_link", "gripper_bar_link", "left_finger_link", "right_finger_link")
    home_qpos = HOME_QPOS
    finger_range = FINGER_LIMITS
    gripper_drive = dict(closed=-0.001, opened=FINGER_LIMITS[1], stiffness=1.5e3, damping=2e2, force_limit=20.0)
    arm_stiffness = [1.5e3, 1.5e3, 1.5e3, 5e2, 5e2, 5e2]
    arm_damping = [8e1, 8e1, 8e1, 2e1, 2e1, 2e1]
    arm_force_limit = [60.0, 60.0, 60.0, 25.0, 25.0, 25.0]

    @property
    def urdf_path(self) -> str:  # type: ignore[override]
        return str(description())

    def _load_articulation(self, initial_pose: sapien.Pose | None = None) -> None:
        require_description()
        super()._load_articulation(initial_pose)

    def _after_loading_articulation(self) -> None:
        super()._after_loading_articulation()
        for name in self.gripper_joint_names:
            self.robot.joints_map[name].set_limits(np.array([FINGER_LIMITS], dtype=np.float32))


SPEC = RobotSpec(
    name="widowx250s",
    agent_uid=GenWorldWidowX250S.uid,
    base_position=(-0.28, 0.0, 0.0),
    base_quaternion=(1.0, 0.0, 0.0, 0.0),
    home_qpos=HOME_QPOS,
    arm_joints=6,
    cameras={
        # The paper's camera: 640 x 480 with a focal length of 623.588 pixels, resized to a square.
        "base": CameraSpec((0.0, -0.16, 0.36), (0.8993, -0.0926, 0.3589, 0.2321), (623.588 / 640, 623.588 / 480)),
        "wrist": CameraSpec.looking_at((0.0, 0.0, 0.085), (0.12, 0.0, 0.02), fov=1.3, mount="gripper_link"),
        "render": CameraSpec.looking_at((0.78, 0.55, 0.50), (0.24, 0.0, 0.08), fov=0.85, size=(640, 480)),
    },
    reach=(0.16, 0.45),
    hand=Hand(
        max_opening=0.072,
        finger_width=0.029,
        finger_thickness=0.016,
        tip=0.0101,
        depth=0.027,
        palm=(0.040, 0.104),
        commands=((0.0, -0.565), (0.072, 1.0)),
    ),
    control_modes=CONTROL_MODES,
    requirement=require_description,
)

"""What every GenWorld robot can do, whatever its make: `ArmAgent`."""

from pathlib import Path
from typing import Any

import numpy as np
import sapien
import torch
from mani_skill.agents.base_agent import BaseAgent
from mani_skill.agents.controllers import PDJointPosControllerConfig
from mani_skill.utils.building.urdf_loader import URDFLoader
from mani_skill.utils.geometry.rotation_conversions import matrix_to_euler_angles, quaternion_to_matrix
from mani_skill.utils.structs import Actor, Link, Pose

from genworld_envs.detail import DetailedVisual
from genworld_envs.robots.ee_control import DrivenController, EEDeltaPoseConfig, GripperConfig
from genworld_envs.robots.kinematics import InverseKinematics, SerialChain
from genworld_envs.robots.visuals import robot_visuals

CONTROL_MODES = ("pd_ee_delta_pose", "pd_joint_pos", "pd_joint_delta_pos")


class InvisibleURDFLoader(URDFLoader):
    """Loads a robot for simulation only, without its visual shapes."""

    def _build_link(self, link: Any, link_builder: Any) -> Any:
        link.visuals.clear()
        return super()._build_link(link, link_builder)


class ArmAgent(BaseAgent):
    """A fixed arm with a two-fingered gripper.

    Its tool frame (`tcp_pose`) lies between the finger pads, z along the approach direction (out of the palm), y along
    the closing direction, finger 1 on the side of positive y: the frame of `scene_hub.schema.Grasp`. Its base frame lies
    in the root link's origin, x forward, z up; `facing` turns the root link's axes into it.

    Control modes, all with the gripper last (-1 closed, 1 open):
        pd_ee_delta_pose (default): steps of the tool in the base frame, normalised; see `ee_control.EEDeltaPose`.
        pd_joint_pos: positions of the arm's joints in radians.
        pd_joint_delta_pos: steps of the arm's joints from where they are, normalised; 1 is `joint_step` radians.
    """

    arm_joint_names: list[str]
    gripper_joint_names: list[str]
    tool_link: str
    tool_offset: sapien.Pose = sapien.Pose()
    facing: sapien.Pose = sapien.Pose()
    finger_links: tuple[str, str]
    hand_links: tuple[str, ...]
    home_qpos: tuple[float, ...]
    gripper_drive: dict[str, float]
    finger_range: tuple[float, float]
    arm_stiffness: float | list[float]
    arm_damping: float | list[float]
    arm_force_limit: float | list[float]
    translation_step: float = 0.04
    rotation_step: float = 0.3
    joint_step: float = 0.2
    moving: torch.Tensor | None = None
    """[N] bool, whom the next action is for; None: all. The others keep what they were asked for."""
    visuals: list[list[DetailedVisual]]
    """By sub-environment: what is seen of the robot's links; empty without a renderer."""

    # ------------------------------------------------------------------------------------------------ construction

    def _load_articulation(self, initial_pose: Any = None) -> None:
        # Visuals have levels of detail, and SAPIEN makes the materials of a URDF even for a scene without a renderer, which
        # takes a Vulkan driver: so a robot is loaded without them, and dressed afterwards.
        self.scene.create_urdf_loader = lambda: InvisibleURDFLoader().set_scene(self.scene)
        try:
            super()._load_articulation(initial_pose)
        finally:
            del self.scene.create_urdf_loader
        self.visuals = [[] for _ in self.robot._objs]
        if self.scene.can_render():
            makers = robot_visuals(Path(str(self.urdf_path)))
            for env, articulation in enumerate(self.robot._objs):
                prefix = articulation.root.name.removesuffix(self.robot.root.name)
                for link in articulation.links:
                    name = link.name.removeprefix(prefix)
                    if name in makers:
                        self.visuals[env].append(DetailedVisual(link.entity, makers[name]))

    def _after_init(self) -> None:
        links = self.robot.links_map
        self.finger1_link, self.finger2_link = (links[name] for name in self.finger_links)
        self.contact_links: list[Link] = [links[name] for name in self.hand_links]
        self._tool_offset = Pose.create(self.tool_offset, device=self.device)
        self._finger_indices = torch.tensor(
            [[j.name for j in self.robot.active_joints].index(name) for name in self.gripper_joint_names],
            device=self.device,
        )
        self._facing = Pose.create(self.facing, device=self.device)
        chain = SerialChain(Path(str(self.urdf_path)), self.tool_link, *self._end_transforms())
        self.kinematics = InverseKinematics(chain, self.home_qpos[: len(self.arm_joint_names)])

    @classmethod
    def _end_transforms(cls) -> tuple[np.ndarray, np.ndarray]:
        """4 x 4: from the tool's link to the tool frame, and from the base frame to the root link."""
        ends = (cls.tool_offset, cls.facing.inv())
        return tuple(pose.to_transformation_matrix().astype(np.float64) for pose in ends)  # type: ignore[return-value]

    @property
    def _controller_configs(self) -> dict[str, Any]:
        gains: dict[str, Any] = dict(
            stiffness=self.arm_stiffness, damping=self.arm_damping, force_limit=self.arm_force_limit
        )
        gripper = GripperConfig(self.gripper_joint_names, **self.gripper_drive)
        tool, base = self._end_transforms()
        end_effector = EEDeltaPoseConfig(
            self.arm_joint_names,
            urdf=Path(str(self.urdf_path)),
            tip_link=self.tool_link,
            tool=tool,
            base=base,
            home=self.home_qpos[: len(self.arm_joint_names)],
            translation=self.translation_step,
            rotation=self.rotation_step,
            **gains,
        )
        joints = PDJointPosControllerConfig(
            self.arm_joint_names, lower=None, upper=None, normalize_action=False, **gains
        )
        step = self.joint_step
        joint_steps = PDJointPosControllerConfig(self.arm_joint_names, lower=-step, upper=step, use_delta=True, **gains)
        arms = dict(pd_ee_delta_pose=end_effector, pd_joint_pos=joints, pd_joint_delta_pos=joint_steps)
        return {mode: dict(arm=arm, gripper=gripper) for mode, arm in arms.items()}

    def reset(self, init_qpos: torch.Tensor | None = None) -> None:
        super().reset(init_qpos)  # type: ignore[arg-type]
        for controller in getattr(self.controller, "controllers", {}).values():
            if isinstance(controller, DrivenController):
                controller.mark_for_reset(self.scene._reset_mask)

    def set_action(self, action: torch.Tensor) -> None:
        """Hand a finite [N, A] action to the controllers.

        The environment has checked it; ManiSkill's own check warns at each step under NumPy 2.
        """
        for controller in getattr(self.controller, "controllers", {}).values():
            if isinstance(controller, DrivenController):
                controller.moving = self.moving
        self.controller.set_action(action)

    # ------------------------------------------------------------------------------------------------- measurement

    @property
    def tcp_pose(self) -> Pose:
        """[N] tool poses in the scene frame."""
        return self.robot.links_map[self.tool_link].pose * self._tool_offset

    @property
    def tcp_pos(self) -> torch.Tensor:
        return self.tcp_pose.p

    @property
    def tcp_pose_at_base(self) -> Pose:
        """[N] tool poses in the frame of the robot's base."""
        return (self.robot.pose * self._facing).inv() * self.tcp_pose

    @property
    def gripper_opening(self) -> torch.Tensor:
        """[N] width between the finger pads at the tool point, metres."""
        closed, opened = self.finger_range
        return ((self.robot.get_qpos()[:, self._finger_indices] - closed) * (1.0 if opened > closed else -1.0)).sum(1)

    @property
    def gripper_share(self) -> torch.Tensor:
        """[N] how far the gripper is open, 0 (closed) to 1."""
        closed, opened = self.finger_range
        fingers = self.robot.get_qpos()[:, self._finger_indices].mean(1)
        return ((fingers - closed) / (opened - closed)).clamp(0.0, 1.0)

    def proprioception(self) -> torch.Tensor:
        """[N, 7]: tool position in the base frame (metres), XYZ Euler angles (radians), `gripper_share`.

        The angles are those of the rotation that takes a gripper which points straight down, and closes sideways, to
        the actual one: zero in the middle of what a robot does at a table, not at the edge of their range.
        """
        pose = self.tcp_pose_at_base
        from_downwards = quaternion_to_matrix(pose.q) * pose.q.new_tensor([1.0, -1.0, -1.0])
        euler = matrix_to_euler_angles(from_downwards, "XYZ")
        return torch.cat([pose.p, euler, self.gripper_share[:, None]], dim=1)

    def is_grasping(self, object: Actor | None = None, min_force: float = 0.5, max_angle: float = 85.0) -> torch.Tensor:
        """[N] whether both fingers press `object` with at least `min_force` N, within `max_angle` degrees of the
        direction in which they close."""
        if object is None:
            raise TypeError("is_grasping needs the actor that may be grasped")
        forces = [
            self.scene.get_pairwise_contact_forces(link, object) for link in (self.finger1_link, self.finger2_link)
        ]
        return self.hold(torch.stack(forces, dim=1)[:, :, None], self.tcp_pose.q, min_force, max_angle)[:, 0]

    def hold(
        self, forces: torch.Tensor, tool: torch.Tensor, min_force: float = 0.5, max_angle: float = 85.0
    ) -> torch.Tensor:
        """[N, M] as `is_grasping`, for the `forces` [N, 2, M, 3] (newtons) of M things on the two fingers, and the quaternions
        `tool` [N, 4] of the tool pose."""
        outwards = quaternion_to_matrix(tool)[:, None, :, 1]
        directions = torch.stack([outwards, -outwards], dim=1)
        size = torch.linalg.vector_norm(forces, dim=3)
        along = (forces * directions).sum(3)
        return ((size >= min_force) & (along >= size * float(np.cos(np.deg2rad(max_angle))))).all(dim=1)

    def is_static(self, threshold: float = 0.2) -> torch.Tensor:
        """[N] whether no joint of the arm is faster than `threshold` rad/s."""
        return self.robot.get_qvel()[:, : len(self.arm_joint_names)].abs().amax(1) <= threshold

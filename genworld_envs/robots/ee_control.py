"""Controllers of an arm and its gripper that act the same at any number of environments.

`EEDeltaPose` moves the tool by a small step in the frame of the robot's base. It remembers the joint positions that it
last asked for, adds the step to the tool pose *there*, solves for joint positions (`kinematics.InverseKinematics`), and
ramps the drives to them over the first half of the control step, so that the arm has settled when the next observation is
taken. Thus a zero action holds still even under load, and errors of the drives do not add up. When something is in the way,
the pose asked for stays on a `leash` from the actual one, so that the way back begins at once; and no joint moves more than
`max_joint_step` in a control step.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from gymnasium import spaces
from mani_skill.agents.controllers.base_controller import BaseController, ControllerConfig
from mani_skill.envs.scene import ManiSkillScene

from genworld_envs.robots.kinematics import Array, InverseKinematics, SerialChain, limited, moved, pose_error

RAMP_STAGES = 4
CONTROL_ITERATIONS = 2
MOST_AHEAD = 0.5
"""Radians by which asked joint positions may differ from measured ones, for an arm that was pushed far away."""


@dataclass
class DriveConfig(ControllerConfig):
    """Gains of the position drives, one for all joints or one for each: N m / rad, N m s / rad, N m (N / m, ... of a
    finger that slides)."""

    stiffness: float | Sequence[float]
    damping: float | Sequence[float]
    force_limit: float | Sequence[float]


class DrivenController(BaseController):
    """What the two controllers share: position drives, and targets that survive a reset of some sub-environments."""

    config: "DriveConfig"
    scene: ManiSkillScene
    sets_target_qpos = True
    sets_target_qvel = False
    _target: torch.Tensor | None = None
    _pending: torch.Tensor | None = None
    moving: torch.Tensor | None = None
    """[N] bool, whom the next action is for; None: all."""

    def set_drive_property(self) -> None:
        count = len(self.joints)
        gains = (
            np.broadcast_to(g, count) for g in (self.config.stiffness, self.config.damping, self.config.force_limit)
        )
        for joint, stiffness, damping, force_limit in zip(self.joints, *gains, strict=True):
            joint.set_drive_properties(float(stiffness), float(damping), force_limit=float(force_limit), mode="force")

    def mark_for_reset(self, mask: torch.Tensor) -> None:
        """Remember which [N] sub-environments the next `reset` is about.

        ManiSkill resets controllers after it has set the reset mask to all sub-environments; without this note, a partial
        reset would move the targets of those that are in the middle of an episode.
        """
        self._pending = mask.clone() if self._pending is None else self._pending | mask

    def reset(self) -> None:
        mask = self.scene._reset_mask if self._pending is None else self._pending
        self._pending = None
        target = self.qpos.clone() if self._target is None else torch.where(mask[:, None], self.qpos, self._target)
        self._target = target
        self._drive_to(target)

    def _aim(self, target: torch.Tensor) -> torch.Tensor:
        """Remember `target` [N, J] for those whom the action is for, and return what all aim for."""
        if self.moving is not None and self._target is not None:
            target = torch.where(self.moving[:, None], target, self._target)
        self._target = target
        return target

    def _drive_to(self, targets: torch.Tensor) -> None:
        # A reset of some sub-environments sets the rows of those only.
        rows = targets[self.scene._reset_mask]
        self.articulation.set_joint_drive_targets(rows, self.joints, self.active_joint_indices)

    def get_state(self) -> dict:
        return {"target_qpos": self._target}

    def set_state(self, state: dict) -> None:
        self._target = state["target_qpos"].clone()


class EEDeltaPose(DrivenController):
    """Moves the tool by `action` [N, 6], normalised to [-1, 1]: see `EEDeltaPoseConfig`.

    Columns: dx, dy, dz in the frame of the robot's base, then a rotation vector in that frame (its length is clipped to
    1). For an arm of five joints [N, 5]: dx, dy, dz, then the rotation about its parallel axes (dpitch, in the direction of
    its second joint), and about the approach axis (droll).
    """

    config: "EEDeltaPoseConfig"

    def _initialize_action_space(self) -> None:
        config = self.config
        chain = SerialChain(config.urdf, config.tip_link, config.tool, config.base)
        if chain.joint_names != list(config.joint_names):
            raise ValueError(
                f"{config.urdf}: joints to {config.tip_link!r} are {chain.joint_names}, not {config.joint_names}"
            )
        kinematics = InverseKinematics(chain, config.home)
        limits = np.array([config.translation] * 3 + [config.rotation] * (2 if kinematics.pitch_and_roll else 3))
        self.single_action_space = spaces.Box(-limits.astype(np.float32), limits.astype(np.float32), dtype=np.float32)
        # numpy on a CPU: see `kinematics`.
        self._in_numpy = torch.device(self.device).type == "cpu"
        self.kinematics = kinematics if self._in_numpy else kinematics.on(self.device)
        self._limits = limits if self._in_numpy else torch.as_tensor(limits, device=self.device)

    def _preprocess_action(self, action: torch.Tensor) -> torch.Tensor:
        action = action.to(torch.float64)
        rotation = action[:, 3:]
        length = torch.linalg.vector_norm(rotation, dim=1, keepdim=True)
        return torch.cat([action[:, :3].clamp(-1.0, 1.0), rotation / length.clamp_min(1.0)], dim=1)

    def set_action(self, action: torch.Tensor) -> None:
        assert self._target is not None, "a controller is reset before it acts"
        measured, action = self.qpos.to(torch.float64), self._preprocess_action(action)
        ahead = self._target - measured
        start = measured + ahead / (ahead.abs().amax(dim=1, keepdim=True) / MOST_AHEAD).clamp_min(1.0)
        arguments = (start, measured, action)
        if self._in_numpy:
            arguments = tuple(tensor.numpy() for tensor in arguments)
        step = torch.as_tensor(self._next_qpos(*arguments)) - start
        fastest = step.abs().amax(dim=1, keepdim=True) / self.config.max_joint_step
        self._aim((start + step / fastest.clamp_min(1.0)).to(torch.float32))
        self._ramp_from = start.to(torch.float32)
        self._sub_step = 0

    def _next_qpos(self, start: Array, measured: Array, action: Array) -> Array:
        """[N, J] joint positions that take the tool from where it is at `start` by `action`, but not far from where it is
        at `measured`."""
        delta, arm = action * self._limits, self.kinematics.chain
        tool, jacobian = arm.forward_and_jacobian(start)
        if self.kinematics.pitch_and_roll:
            turn = delta[:, 3:4] * jacobian[:, 3:, 1] + delta[:, 4:5] * tool[:, :3, 2]
            delta = (np if self._in_numpy else torch).concatenate([delta[:, :3], turn], 1)
        actual = arm.forward(measured)
        lead = limited(pose_error(moved(tool, delta), actual), *self.config.leash)
        return self.kinematics.solve(moved(actual, lead), start, CONTROL_ITERATIONS, known=(tool, jacobian))

    def before_simulation_step(self) -> None:
        interval = max(1, self._sim_steps // (2 * RAMP_STAGES))
        stage, rest = divmod(self._sub_step, interval)
        self._sub_step += 1
        if rest or stage >= RAMP_STAGES:
            return
        assert self._target is not None
        self._drive_to(torch.lerp(self._ramp_from, self._target, (stage + 1) / RAMP_STAGES))
        if self.scene.gpu_sim_enabled:
            self.scene.px.gpu_apply_articulation_target_position()


@dataclass
class EEDeltaPoseConfig(DriveConfig):
    """An action of 1 moves the tool by `translation` metres, or turns it by `rotation` radians.

    `urdf`, `tip_link`, `tool` and `base` define the tool and its frame of reference (see `kinematics.SerialChain`);
    `home` is the posture that a redundant arm tends to; `leash` is the most by which the pose asked for may differ from the
    actual one, in metres along an axis and in radians.
    """

    urdf: Path
    tip_link: str
    home: Sequence[float]
    stiffness: float | Sequence[float]
    damping: float | Sequence[float]
    force_limit: float | Sequence[float]
    tool: np.ndarray = field(default_factory=lambda: np.eye(4))
    base: np.ndarray = field(default_factory=lambda: np.eye(4))
    translation: float = 0.04
    rotation: float = 0.3
    max_joint_step: float = 0.5
    leash: tuple[float, float] = (0.06, 0.45)
    normalize_action: bool = True
    controller_cls = EEDeltaPose


class Gripper(DrivenController):
    """Opens and closes all fingers together: `action` [N, 1] from -1 (closed) to 1 (open)."""

    config: "GripperConfig"

    def _initialize_action_space(self) -> None:
        self.single_action_space = spaces.Box(-1.0, 1.0, (1,), np.float32)

    def set_action(self, action: torch.Tensor) -> None:
        share = 0.5 * (action.clamp(-1.0, 1.0) + 1.0)
        target = self.config.closed + share * (self.config.opened - self.config.closed)
        self._drive_to(self._aim(target.expand(-1, len(self.joints)).contiguous()))


@dataclass
class GripperConfig(DriveConfig):
    """`closed` and `opened` are drive targets of every finger joint; `closed` lies beyond contact, so that a thin object
    is held with force too."""

    closed: float
    opened: float
    controller_cls = Gripper

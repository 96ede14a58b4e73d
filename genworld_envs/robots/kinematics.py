"""Forward and inverse kinematics of a serial arm, batched, deterministic, on any torch device.

ManiSkill solves inverse kinematics with pinocchio for one environment and with one Newton step of pytorch_kinematics for
many, so its end-effector controllers move differently at different batch sizes, and on failure the robot silently
stands still. Here one solver serves every robot, batch size and device: damped least squares (Buss, "Introduction to
Inverse Kinematics with Jacobian Transpose, Pseudoinverse and Damped Least Squares methods", 2009) with a fixed number of
iterations in double precision, joint limits by clamping, and redundancy resolved towards the home posture. It always
returns the nearest joint positions that it found, and the residual.
"""

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

DAMPING = 0.01


def rotation_from_rpy(roll: float, pitch: float, yaw: float) -> np.ndarray:
    """The 3 x 3 rotation of URDF's fixed-axis roll, pitch, yaw."""
    (sr, sp, sy), (cr, cp, cy) = np.sin([roll, pitch, yaw]), np.cos([roll, pitch, yaw])
    return np.array(
        [
            [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
            [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
            [-sp, cp * sr, cp * cr],
        ]
    )


def rotation_vector(rotation: torch.Tensor) -> torch.Tensor:
    """[..., 3, 3] rotations as [..., 3] axis-angle vectors, exact up to half a turn."""
    axis = 0.5 * torch.stack(
        [
            rotation[..., 2, 1] - rotation[..., 1, 2],
            rotation[..., 0, 2] - rotation[..., 2, 0],
            rotation[..., 1, 0] - rotation[..., 0, 1],
        ],
        dim=-1,
    )
    sine = torch.linalg.vector_norm(axis, dim=-1, keepdim=True)
    cosine = (0.5 * (rotation.diagonal(dim1=-2, dim2=-1).sum(-1, keepdim=True) - 1.0)).clamp(-1.0, 1.0)
    angle = torch.atan2(sine, cosine)
    return axis * torch.where(sine > 1e-9, angle / sine.clamp_min(1e-9), torch.ones_like(sine))


def rotation_matrix(vector: torch.Tensor) -> torch.Tensor:
    """[..., 3] axis-angle vectors as [..., 3, 3] rotations (Rodrigues)."""
    angle = torch.linalg.vector_norm(vector, dim=-1, keepdim=True)
    x, y, z = (vector / angle.clamp_min(1e-12)).unbind(-1)
    zero = torch.zeros_like(x)
    cross = torch.stack([zero, -z, y, z, zero, -x, -y, x, zero], dim=-1).unflatten(-1, (3, 3))
    sine, cosine = torch.sin(angle)[..., None], torch.cos(angle)[..., None]
    identity = torch.eye(3, dtype=vector.dtype, device=vector.device)
    return identity + sine * cross + (1.0 - cosine) * (cross @ cross)


class SerialChain:
    """The joints of a URDF from its root to `tip_link`.

    Two fixed transforms (4 x 4) complete it: `base` from the base frame to the URDF's root link, and `tool` from
    `tip_link` to the tool frame.

    Attributes:
        joint_names: the J moving joints from the root outwards.
        lower, upper: [J] joint limits in radians.
    """

    def __init__(
        self,
        urdf: Path,
        tip_link: str,
        tool: np.ndarray | None = None,
        base: np.ndarray | None = None,
        device: torch.device | str = "cpu",
    ):
        joints = _joints_to(ElementTree.parse(urdf).getroot(), tip_link)
        self.joint_names: list[str] = []
        fixed, offsets, axes, limits = np.eye(4) if base is None else base, [], [], []
        for joint in joints:
            fixed = fixed @ _origin(joint)
            if joint.get("type") == "fixed":
                continue
            if joint.get("type") not in ("revolute", "continuous"):
                raise ValueError(f"{urdf}: joint {joint.get('name')!r} is {joint.get('type')}; an arm has revolute joints")
            self.joint_names.append(str(joint.get("name")))
            offsets.append(fixed)
            axes.append(_numbers(joint.find("axis"), "xyz", "1 0 0"))
            limit = joint.find("limit")
            limits.append([-np.inf, np.inf] if limit is None else [float(limit.get(key, "0")) for key in ("lower", "upper")])
            fixed = np.eye(4)
        self._set_constants(np.array(offsets), np.array(axes), fixed @ (np.eye(4) if tool is None else tool), device)
        self.lower, self.upper = torch.tensor(limits, dtype=torch.float64, device=device).unbind(1)

    def _set_constants(self, offsets: np.ndarray, axes: np.ndarray, tool: np.ndarray, device: torch.device | str) -> None:
        """Each joint's transform is constant + sin(q) * sine + cos(q) * cosine: Rodrigues' formula, offset multiplied in."""

        def double(array: np.ndarray) -> torch.Tensor:
            return torch.as_tensor(array, dtype=torch.float64, device=device)

        axes = axes / np.linalg.norm(axes, axis=1, keepdims=True)
        cross = np.zeros((len(axes), 4, 4))
        for matrix, (x, y, z) in zip(cross, axes, strict=True):
            matrix[:3, :3] = [[0, -z, y], [z, 0, -x], [-y, x, 0]]
        square = cross @ cross
        self._constant, self._sine, self._cosine = (double(offsets @ m) for m in (np.eye(4) + square, cross, -square))
        self._axes, self._tool = double(axes), double(tool)

    def to(self, device: torch.device | str) -> "SerialChain":
        """The same chain on another device."""
        other = copy(self)
        for name in ("_constant", "_sine", "_cosine", "_axes", "_tool", "lower", "upper"):
            setattr(other, name, getattr(self, name).to(device))
        return other

    def forward(self, qpos: torch.Tensor) -> torch.Tensor:
        """[N, J] joint positions -> [N, 4, 4] tool poses in the base frame (float64)."""
        return self._frames(qpos)[-1] @ self._tool

    def _frames(self, qpos: torch.Tensor) -> list[torch.Tensor]:
        angle = qpos.to(torch.float64)[..., None, None]
        local = self._constant + torch.sin(angle) * self._sine + torch.cos(angle) * self._cosine
        frames = [local[:, 0]]
        for index in range(1, local.shape[1]):
            frames.append(frames[-1] @ local[:, index])
        return frames

    def forward_and_jacobian(self, qpos: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """`forward`, and the [N, 6, J] Jacobian of (linear, angular) velocity of the tool in the base frame."""
        frames = torch.stack(self._frames(qpos), dim=1)
        tool = frames[:, -1] @ self._tool
        axes = (frames[:, :, :3, :3] @ self._axes[..., None]).squeeze(-1)
        linear = torch.cross(axes, tool[:, None, :3, 3] - frames[:, :, :3, 3], dim=-1)
        return tool, torch.cat([linear, axes], dim=-1).transpose(1, 2)


@dataclass(frozen=True)
class Solution:
    """What inverse kinematics found: `qpos` [N, J], and how far its tool is from the wanted pose.

    `position_error` [N] in metres; `rotation_error` [N] in radians, of the whole orientation, also the part that an arm
    of five joints cannot follow.
    """

    qpos: torch.Tensor
    position_error: torch.Tensor
    rotation_error: torch.Tensor


class InverseKinematics:
    """Joint positions that bring the tool nearest to a wanted pose.

    An arm of six or more joints follows position and orientation. An arm of five (a pan joint, then parallel axes, then a
    roll) follows position, the rotation about its parallel axes (pitch) and about the approach axis (roll); the remaining
    rotation is left as it comes.

    Args:
        chain: the arm.
        home: [J] posture that a redundant arm tends to.
        rotation_weight: metres that one radian of orientation error counts as, where not both can be reached.
        home_gain: share of the way home that an iteration of a redundant arm takes in its null space.
    """

    def __init__(self, chain: SerialChain, home: Sequence[float], rotation_weight: float = 0.1, home_gain: float = 0.05):
        self.chain = chain
        self.home = chain.lower.new_tensor([float(value) for value in home])
        joints = len(chain.joint_names)
        self.pitch_and_roll = joints < 6
        self.home_gain = home_gain if joints > 6 else 0.0
        rows = 5 if self.pitch_and_roll else 6
        self._weights = chain.lower.new_tensor([1.0] * 3 + [rotation_weight] * (rows - 3))
        self._damping = DAMPING**2 * torch.eye(rows).to(chain.lower)

    def solve(self, target: torch.Tensor, start: torch.Tensor, iterations: int) -> torch.Tensor:
        """[N, 4, 4] tool poses in the base frame, [N, J] first guesses -> [N, J] joint positions (float64)."""
        qpos, free = start.to(torch.float64), torch.ones_like(start, dtype=torch.float64)
        for _ in range(iterations):
            tool, jacobian = self.chain.forward_and_jacobian(qpos)
            jacobian, error = self._task(jacobian * free[:, None], pose_error(target, tool), tool)
            homewards = self.home_gain * free * (self.home - qpos)
            error = error - (jacobian @ homewards[..., None]).squeeze(-1)
            square = jacobian @ jacobian.transpose(1, 2) + self._damping
            step = torch.linalg.solve_ex(square, error[..., None])[0]
            wanted = qpos + homewards + (jacobian.transpose(1, 2) @ step).squeeze(-1)
            qpos = torch.minimum(torch.maximum(wanted, self.chain.lower), self.chain.upper)
            free = (qpos == wanted).to(qpos)
        return qpos

    def solve_and_check(self, target: torch.Tensor, start: torch.Tensor, iterations: int = 30) -> Solution:
        """As `solve`, with the residual."""
        qpos = self.solve(target, start, iterations)
        error = pose_error(target, self.chain.forward(qpos))
        norms = torch.linalg.vector_norm(error.unflatten(-1, (2, 3)), dim=-1)
        return Solution(qpos, norms[:, 0], norms[:, 1])

    def _task(
        self, jacobian: torch.Tensor, error: torch.Tensor, tool: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        if self.pitch_and_roll:
            axes = torch.stack([jacobian[:, 3:, 1], tool[:, :3, 2]], dim=1)
            jacobian = torch.cat([jacobian[:, :3], axes @ jacobian[:, 3:]], dim=1)
            error = torch.cat([error[:, :3], (axes @ error[:, 3:, None]).squeeze(-1)], dim=1)
        return jacobian * self._weights[:, None], error * self._weights


def moved(tool: torch.Tensor, step: torch.Tensor) -> torch.Tensor:
    """[N, 4, 4] poses after an [N, 6] step: translation, then rotation vector, both in the base frame."""
    result = tool.clone()
    result[:, :3, :3] = rotation_matrix(step[:, 3:]) @ tool[:, :3, :3]
    result[:, :3, 3] += step[:, :3]
    return result


def pose_error(target: torch.Tensor, pose: torch.Tensor) -> torch.Tensor:
    """[N, 6]: the translation, then the rotation vector, that take `pose` to `target`, in the base frame."""
    rotation = rotation_vector(target[:, :3, :3] @ pose[:, :3, :3].transpose(1, 2))
    return torch.cat([target[:, :3, 3] - pose[:, :3, 3], rotation], dim=1)


def _numbers(element: ElementTree.Element | None, key: str, default: str) -> np.ndarray:
    return np.array([float(word) for word in (default if element is None else element.get(key, default)).split()])


def _origin(joint: ElementTree.Element) -> np.ndarray:
    origin, pose = joint.find("origin"), np.eye(4)
    pose[:3, :3] = rotation_from_rpy(*_numbers(origin, "rpy", "0 0 0"))
    pose[:3, 3] = _numbers(origin, "xyz", "0 0 0")
    return pose


def _joints_to(robot: ElementTree.Element, tip_link: str) -> list[ElementTree.Element]:
    parents = {joint.find("child").get("link"): joint for joint in robot.iter("joint") if joint.find("child") is not None}
    joints, link = [], tip_link
    while link in parents:
        joints.append(parents[link])
        link = parents[link].find("parent").get("link")
    if not joints:
        raise ValueError(f"no joint of the URDF leads to link {tip_link!r}; its links: {sorted(map(str, parents))}")
    return joints[::-1]

"""Forward and inverse kinematics of a serial arm: batched, deterministic, in numpy or torch.

ManiSkill solves inverse kinematics with pinocchio for one environment and with one Newton step of pytorch_kinematics for
many, so its end-effector controllers move differently at different batch sizes, and on failure the robot silently
stands still. Here one solver serves every robot, batch size and device: damped least squares (Buss, "Introduction to
Inverse Kinematics with Jacobian Transpose, Pseudoinverse and Damped Least Squares methods", 2009) with a fixed number of
iterations in double precision, joint limits by clamping, and redundancy resolved towards the home posture. It always
returns the nearest joint positions that it found.

All functions take numpy arrays or torch tensors, and return what they are given: on a CPU numpy is three times as fast for
matrices this small, on a GPU there is torch. Poses are 4 x 4 matrices, metres; angles are radians.
"""

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import Any

import numpy as np
import torch

DAMPING = 0.01

type Array = Any
"""A float64 numpy array or torch tensor."""


def _namespace(array: Array) -> Any:
    """numpy or torch, whose functions of one name take the same arguments here."""
    return torch if isinstance(array, torch.Tensor) else np


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


def norm(vectors: Array) -> Array:
    """[..., n] vectors -> [..., 1] lengths."""
    return (vectors * vectors).sum(-1)[..., None] ** 0.5


def rotation_vector(rotation: Array) -> Array:
    """[N, 3, 3] rotations as [N, 3] axis-angle vectors. Exactly half a turn has no axis here: it gives zero."""
    xp, r = _namespace(rotation), rotation
    axis = 0.5 * xp.stack([r[:, 2, 1] - r[:, 1, 2], r[:, 0, 2] - r[:, 2, 0], r[:, 1, 0] - r[:, 0, 1]], 1)
    sine, cosine = norm(axis), 0.5 * (r[:, 0, 0] + r[:, 1, 1] + r[:, 2, 2] - 1.0)[:, None]
    return axis * (xp.atan2(sine, cosine) / (sine + 1e-12))


def rotation_matrix(vector: Array) -> Array:
    """[N, 3] axis-angle vectors as [N, 3, 3] rotations (Rodrigues)."""
    xp = _namespace(vector)
    angle = norm(vector)
    x, y, z = (vector / (angle + 1e-12)).swapaxes(0, 1)
    zero = xp.zeros_like(x)
    cross = xp.stack([zero, -z, y, z, zero, -x, -y, x, zero], 1).reshape(-1, 3, 3)
    rotation = xp.sin(angle)[..., None] * cross + (1.0 - xp.cos(angle))[..., None] * (cross @ cross)
    rotation[:, (0, 1, 2), (0, 1, 2)] += 1.0
    return rotation


def moved(pose: Array, step: Array) -> Array:
    """[N, 4, 4] poses after an [N, 6] step: translation, then rotation vector, both in the base frame."""
    result = copy_of(pose)
    result[:, :3, :3] = rotation_matrix(step[:, 3:]) @ pose[:, :3, :3]
    result[:, :3, 3] += step[:, :3]
    return result


def pose_error(target: Array, pose: Array) -> Array:
    """[N, 6]: the translation, then the rotation vector, that take `pose` to `target`, in the base frame."""
    rotation = rotation_vector(target[:, :3, :3] @ pose[:, :3, :3].swapaxes(1, 2))
    return _namespace(pose).concatenate([target[:, :3, 3] - pose[:, :3, 3], rotation], 1)


def limited(error: Array, translation: float | Array, rotation: float | Array) -> Array:
    """[N, 6] pose errors shortened, without a change of direction, to at most `translation` along each axis and `rotation`
    in angle (numbers, or [N, 1])."""
    xp, move, turn = _namespace(error), error[:, :3], error[:, 3:]
    farthest = xp.amax(abs(move), -1)[:, None] / translation
    return xp.concatenate([move / farthest.clip(1.0, None), turn / (norm(turn) / rotation).clip(1.0, None)], 1)


def copy_of(array: Array) -> Array:
    return array.clone() if isinstance(array, torch.Tensor) else array.copy()


class SerialChain:
    """The joints of a URDF from its root to `tip_link`.

    Two fixed transforms (4 x 4) complete it: `base` from the base frame to the URDF's root link, and `tool` from
    `tip_link` to the tool frame. It computes in numpy; `on(device)` gives one that computes in torch.

    Attributes:
        joint_names: the J moving joints from the root outwards.
        lower, upper: [J] joint limits in radians.
    """

    def __init__(
        self, urdf: Path, tip_link: str, tool: np.ndarray | None = None, base: np.ndarray | None = None
    ) -> None:
        self.joint_names: list[str] = []
        fixed, offsets, axes, limits = np.eye(4) if base is None else base, [], [], []
        for joint in _joints_to(ElementTree.parse(urdf).getroot(), tip_link):
            fixed = fixed @ _origin(joint)
            if joint.get("type") == "fixed":
                continue
            if joint.get("type") not in ("revolute", "continuous"):
                raise ValueError(
                    f"{urdf}: joint {joint.get('name')!r} is {joint.get('type')}; an arm has revolute joints"
                )
            self.joint_names.append(str(joint.get("name")))
            offsets.append(fixed)
            axes.append(_numbers(joint.find("axis"), "xyz", "1 0 0"))
            limit = joint.find("limit")
            limits.append(
                [-np.inf, np.inf] if limit is None else [float(limit.get(key, "0")) for key in ("lower", "upper")]
            )
            fixed = np.eye(4)
        self.lower, self.upper = np.array(limits).T
        self._set_constants(np.array(offsets), np.array(axes), fixed @ (np.eye(4) if tool is None else tool))

    def _set_constants(self, offsets: np.ndarray, axes: np.ndarray, tool: np.ndarray) -> None:
        """Each joint's transform is constant + sin(q) * sine + cos(q) * cosine: Rodrigues' formula, offset multiplied in."""
        axes = axes / np.linalg.norm(axes, axis=1, keepdims=True)
        cross = np.zeros((len(axes), 4, 4))
        for matrix, (x, y, z) in zip(cross, axes, strict=True):
            matrix[:3, :3] = [[0, -z, y], [z, 0, -x], [-y, x, 0]]
        square = cross @ cross
        self._constant, self._sine, self._cosine = offsets @ (np.eye(4) + square), offsets @ cross, -offsets @ square
        self._axes, self._tool = axes[..., None], tool

    def on(self, device: torch.device | str) -> "SerialChain":
        """The same chain for torch tensors on `device`."""
        other = copy(self)
        for name in ("_constant", "_sine", "_cosine", "_axes", "_tool", "lower", "upper"):
            setattr(other, name, torch.as_tensor(getattr(self, name), dtype=torch.float64, device=device))
        return other

    def forward(self, qpos: Array) -> Array:
        """[N, J] joint positions -> [N, 4, 4] tool poses in the base frame."""
        return self._frames(qpos)[:, -1] @ self._tool

    def _frames(self, qpos: Array) -> Array:
        xp, angle = _namespace(qpos), qpos[..., None, None]
        frames = self._constant + xp.sin(angle) * self._sine + xp.cos(angle) * self._cosine
        for index in range(1, frames.shape[1]):
            frames[:, index] = frames[:, index - 1] @ frames[:, index]
        return frames

    def forward_and_jacobian(self, qpos: Array) -> tuple[Array, Array]:
        """`forward`, and the [N, 6, J] Jacobian of (linear, angular) velocity of the tool in the base frame."""
        frames = self._frames(qpos)
        tool = frames[:, -1] @ self._tool
        x, y, z = (frames[:, :, :3, :3] @ self._axes)[..., 0].swapaxes(0, 2)
        rx, ry, rz = (tool[:, None, :3, 3] - frames[:, :, :3, 3]).swapaxes(0, 2)
        rows = [y * rz - z * ry, z * rx - x * rz, x * ry - y * rx, x, y, z]
        return tool, _namespace(qpos).stack(rows).swapaxes(0, 2).swapaxes(1, 2)


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

    def __init__(
        self, chain: SerialChain, home: Sequence[float], rotation_weight: float = 0.1, home_gain: float = 0.05
    ):
        self.chain = chain
        joints = len(chain.joint_names)
        self.pitch_and_roll = joints < 6
        self.home_gain = home_gain if joints > 6 else 0.0
        rows = 5 if self.pitch_and_roll else 6
        self.home = np.array(home, dtype=np.float64)
        self._weights = np.array([1.0] * 3 + [rotation_weight] * (rows - 3))
        self._damping = DAMPING**2 * np.eye(rows)

    def on(self, device: torch.device | str) -> "InverseKinematics":
        """The same for torch tensors on `device`."""
        other = copy(self)
        other.chain = self.chain.on(device)
        for name in ("home", "_weights", "_damping"):
            setattr(other, name, torch.as_tensor(getattr(self, name), dtype=torch.float64, device=device))
        return other

    def solve(self, target: Array, start: Array, iterations: int, known: tuple[Array, Array] | None = None) -> Array:
        """[N, 4, 4] tool poses in the base frame, [N, J] first guesses -> [N, J] joint positions.

        `known` is `forward_and_jacobian` of the first guesses, for a caller who has it.
        """
        xp, qpos, free = _namespace(start), start, None
        for index in range(iterations):
            tool, jacobian = self.chain.forward_and_jacobian(qpos) if index or known is None else known
            jacobian = jacobian if free is None else jacobian * free[:, None]
            rows, error = self._task(jacobian, pose_error(target, tool), tool)
            homewards = None
            if self.home_gain:
                homewards = self.home_gain * (self.home - qpos) * (1.0 if free is None else free)
                error = error - (rows @ homewards[..., None])[..., 0]
            columns = rows.swapaxes(1, 2)
            change = (columns @ xp.linalg.solve(rows @ columns + self._damping, error[..., None]))[..., 0]
            wanted = qpos + change if homewards is None else qpos + homewards + change
            qpos = xp.minimum(xp.maximum(wanted, self.chain.lower), self.chain.upper)
            free = 1.0 * (qpos == wanted)
        return qpos

    def _task(self, jacobian: Array, error: Array, tool: Array) -> tuple[Array, Array]:
        """Weighted rows of the Jacobian, and the errors that they have to make up for."""
        if self.pitch_and_roll:
            xp = _namespace(tool)
            axes = xp.stack([jacobian[:, 3:, 1], tool[:, :3, 2]], 1)
            jacobian = xp.concatenate([jacobian[:, :3], axes @ jacobian[:, 3:]], 1)
            error = xp.concatenate([error[:, :3], (axes @ error[:, 3:, None])[..., 0]], 1)
        return jacobian * self._weights[:, None], error * self._weights


def _numbers(element: ElementTree.Element | None, key: str, default: str) -> np.ndarray:
    return np.array([float(word) for word in (default if element is None else element.get(key, default)).split()])


def _origin(joint: ElementTree.Element) -> np.ndarray:
    origin, pose = joint.find("origin"), np.eye(4)
    pose[:3, :3] = rotation_from_rpy(*_numbers(origin, "rpy", "0 0 0"))
    pose[:3, 3] = _numbers(origin, "xyz", "0 0 0")
    return pose


def _joints_to(robot: ElementTree.Element, tip_link: str) -> list[ElementTree.Element]:
    joint_above = {_link(joint, "child"): joint for joint in robot.iter("joint") if joint.find("child") is not None}
    joints, link = [], tip_link
    while link in joint_above:
        joints.append(joint_above[link])
        link = _link(joint_above[link], "parent")
    if not joints:
        raise ValueError(f"no joint of the URDF leads to link {tip_link!r}; it has links {sorted(joint_above)}")
    return joints[::-1]


def _link(joint: ElementTree.Element, end: str) -> str:
    element = joint.find(end)
    return "" if element is None else str(element.get("link"))

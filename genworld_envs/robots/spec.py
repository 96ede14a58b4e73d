"""What an environment needs to know of a robot before it is built: `RobotSpec`, and its cameras."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import sapien

from genworld_envs.robots.hand import Hand

if TYPE_CHECKING:
    from mani_skill.sensors.camera import CameraConfig

    from genworld_envs.robots.agent import ArmAgent

Position = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]


WORKSPACE = ((-0.20, -0.28), (0.22, 0.28))
"""Corners (x, y), metres in the scene frame, of the region that every robot's base camera sees whole: randomized positions stay
in it, so that no task begins out of sight."""


def in_workspace(xy: np.ndarray) -> np.ndarray:
    """Whether positions [N, 2] in the scene frame lie in WORKSPACE: [N] bool."""
    low, high = np.asarray(WORKSPACE)
    return np.all((xy >= low) & (xy <= high), axis=-1)


@dataclass(frozen=True)
class CameraSpec:
    """A pinhole camera that looks along its own x axis, with z up in the picture (SAPIEN's convention).

    `position` and `quaternion` (w, x, y, z) are relative to link `mount`; where none is named, to the robot's base, along
    the axes of the scene frame.
    `focal` is (fx, fy) in units of the picture's (width, height), so it holds at every resolution.
    """

    position: Position
    quaternion: Quaternion
    focal: tuple[float, float]
    width: int = 224
    height: int = 224
    mount: str | None = None

    @classmethod
    def looking_at(
        cls,
        position: Position,
        target: Position,
        fov: float,
        size: tuple[int, int] = (224, 224),
        up: Position = (0.0, 0.0, 1.0),
        mount: str | None = None,
    ) -> "CameraSpec":
        """A camera at `position` that looks at `target`; `fov` is vertical, in radians, `size` (width, height)."""
        forward = np.subtract(target, position) / np.linalg.norm(np.subtract(target, position))
        left = np.cross(up, forward)
        left /= np.linalg.norm(left)
        pose = np.eye(4)
        pose[:3, :3] = np.stack([forward, left, np.cross(forward, left)], axis=1)
        w, x, y, z = (float(value) for value in sapien.Pose(pose).q)
        focal = float(0.5 / np.tan(fov / 2))
        return cls(position, (w, x, y, z), (focal * size[1] / size[0], focal), *size, mount=mount)


@dataclass(frozen=True)
class RobotSpec:
    """A robot as GenWorld uses it.

    Attributes:
        name: what users pass as `robot_uids`.
        agent_uid: the ManiSkill agent that is loaded; registered by importing the robot's module.
        base_position, base_quaternion: pose of the robot's root link in the scene frame; the robot stands on the table
            top and faces +x.
        home_qpos: all joint positions at the start of an episode, the arm's first.
        arm_joints: how many of them are the arm's: those get the randomization of start postures.
        cameras: "base" (third person, fixed), "wrist" (on the hand), "render" (for people).
        reach: (least, most) distance in metres from the base, in the plane, at which targets may lie.
        max_yaw: targets lie within +- this angle (radians) of the robot's forward direction.
        hand: the shape of its gripper; `max_opening` (metres) is read from it.
        control_modes: the first is the default.
        requirement: raises MissingRequirementError, with the way out, where the robot's files are absent.
    """

    name: str
    agent_uid: str
    base_position: Position
    base_quaternion: Quaternion
    home_qpos: tuple[float, ...]
    arm_joints: int
    cameras: Mapping[str, CameraSpec]
    reach: tuple[float, float]
    hand: Hand
    control_modes: tuple[str, ...]
    max_yaw: float = float(np.deg2rad(60.0))
    requirement: Callable[[], None] = lambda: None

    @property
    def base_pose(self) -> tuple[Position, Quaternion]:
        return self.base_position, self.base_quaternion

    @property
    def max_opening(self) -> float:
        return self.hand.max_opening

    def check(self) -> None:
        """Raise MissingRequirementError, with the way out, unless the robot can be loaded on this machine."""
        self.requirement()

    def reaches(self, x: float | np.ndarray, y: float | np.ndarray) -> np.ndarray:
        """Whether a target at (x, y) in the scene frame lies within `reach` and `max_yaw`."""
        forward, left = np.subtract(x, self.base_position[0]), np.subtract(y, self.base_position[1])
        distance = np.hypot(forward, left)
        in_reach = (distance >= self.reach[0]) & (distance <= self.reach[1])
        return in_reach & (np.abs(np.arctan2(left, forward)) <= self.max_yaw)

    def camera_config(self, name: str, agent: "ArmAgent") -> "CameraConfig":
        """Camera `name` as ManiSkill builds it, on `agent`."""
        from mani_skill.sensors.camera import CameraConfig
        from mani_skill.utils.structs.pose import Pose

        camera = self.cameras[name]
        fx, fy = camera.focal[0] * camera.width, camera.focal[1] * camera.height
        # With square pixels the field of view says it all, and holds when ManiSkill's users override width and height.
        optics: dict[str, Any] = {"fov": float(2 * np.arctan(0.5 / camera.focal[1]))}
        if not np.isclose(fx, fy):
            matrix = [[fx, 0, camera.width / 2], [0, fy, camera.height / 2], [0, 0, 1]]
            optics = {"intrinsic": np.array(matrix, dtype=np.float32)}
        pose = sapien.Pose(camera.position, camera.quaternion)
        if camera.mount is None:
            pose = sapien.Pose(self.base_position) * pose
        else:
            optics["mount"] = agent.robot.links_map[camera.mount]
        return CameraConfig(name, Pose.create(pose), camera.width, camera.height, **optics)

"""A robot in its home posture, from the description that it is simulated from, without a renderer."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import sapien
import sapien.physx
from sapien.wrapper.urdf_loader import URDFLoader

from genworld_envs.robots import RobotSpec, robot_spec
from genworld_envs.robots.level_of_detail import full_visuals
from scene_hub.errors import InvalidOptionError

_full_visuals = cache(full_visuals)

_OPENCV = np.array([[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])
"""The axes of an OpenCV camera (z forward, y down) in those of a SAPIEN camera (x forward, z up)."""


@dataclass(frozen=True)
class CameraView:
    """A pinhole camera: `pose` [4, 4] in the scene frame with OpenCV's axes (z forward, y down), the vertical field of view
    `fov` in radians, and `aspect`, width over height of what it sees."""

    pose: np.ndarray
    fov: float
    aspect: float


@dataclass(frozen=True)
class RobotFigure:
    """A robot at its base in its home posture.

    Attributes:
        spec: the robot.
        links: [4, 4] pose of each link in the scene frame, by name.
        tool: [4, 4] pose of the tool frame (z approach, y closing) in the scene frame.
        visuals: a GLB in the link's frame for each link that can be seen, by name.
    """

    spec: RobotSpec
    links: Mapping[str, np.ndarray]
    tool: np.ndarray
    visuals: Mapping[str, bytes]

    @classmethod
    def load(cls, name: str) -> "RobotFigure":
        """The robot called `name`.

        Raises InvalidOptionError for an unknown robot or one without a URDF, MissingRequirementError where its files are
        absent, SceneDataError where they are damaged.
        """
        spec = robot_spec(name)
        spec.check()
        agent = _agent(spec)
        urdf = _urdf(name, agent)
        links = _home_posture(spec, urdf)
        tool = links[agent.tool_link] @ agent.tool_offset.to_transformation_matrix()
        return cls(spec, links, tool, _full_visuals(urdf))

    def camera(self, name: str) -> CameraView:
        """Camera `name` of the robot."""
        camera = self.spec.cameras[name]
        mount = np.eye(4)
        if camera.mount is None:
            mount[:3, 3] = self.spec.base_position
        else:
            mount = self.links[camera.mount]
        pose = mount @ sapien.Pose(camera.position, camera.quaternion).to_transformation_matrix()
        pose[:3, :3] = pose[:3, :3] @ _OPENCV
        return CameraView(pose, float(2 * np.arctan(0.5 / camera.focal[1])), camera.focal[1] / camera.focal[0])


def _agent(spec: RobotSpec) -> Any:
    """The robot's ManiSkill agent, not loaded into any simulation: for what it says of itself."""
    from mani_skill.agents.registration import REGISTERED_AGENTS

    kind = REGISTERED_AGENTS[spec.agent_uid].agent_cls
    return kind.__new__(kind)


def _urdf(name: str, agent: Any) -> Path:
    from mani_skill import format_path

    if agent.urdf_path is None:
        raise InvalidOptionError(f"robot {name!r} is not described by a URDF, so it cannot be shown; use --robot none")
    return Path(format_path(str(agent.urdf_path)))


class _BareLoader(URDFLoader):
    """Loads joints only: SAPIEN cannot make materials without a Vulkan driver, and nothing will collide."""

    def _build_link(self, link: Any, link_builder: Any) -> Any:
        link.visuals.clear()
        link.collisions.clear()
        return super()._build_link(link, link_builder)


def _home_posture(spec: RobotSpec, urdf: Path) -> dict[str, np.ndarray]:
    loader: Any = _BareLoader()
    loader.set_scene(sapien.Scene([sapien.physx.PhysxCpuSystem()]))
    robot = loader.load(str(urdf))
    robot.set_root_pose(sapien.Pose(spec.base_position, spec.base_quaternion))
    robot.set_qpos(np.asarray(spec.home_qpos, dtype=np.float32))
    return {link.name: link.entity_pose.to_transformation_matrix().astype(np.float64) for link in robot.links}

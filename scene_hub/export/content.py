"""What an export is made of, read once and verified: the things of a scene with their surfaces and collision pieces."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import trimesh

from scene_hub.dataset import SceneDataset
from scene_hub.export.inertia import MassProperties, mass_properties
from scene_hub.export.surfaces import Surface, read_surfaces
from scene_hub.meshes import FileKind
from scene_hub.schema import Asset, CollisionShape, Placement, Pose, Scene
from scene_hub.thumbnails import SCENE_EYE, SCENE_FIELD, SCENE_TARGET, look_at

FILES_READ: tuple[FileKind, ...] = ("visual", "collision", "gaussians")
GRAVITY = 9.81  # m/s^2, downwards: SAPIEN's


@dataclass(frozen=True)
class Camera:
    """A pinhole camera in the scene frame.

    `pose` [4, 4] has x to the right of the picture, y upwards and the view along -z (OpenGL's, MuJoCo's and USD's way);
    `field` is the vertical field of view in radians, `size` the picture's (width, height) in pixels.
    """

    name: str
    pose: np.ndarray
    field: float
    size: tuple[int, int] = (640, 480)


PREVIEW = Camera("preview", look_at(SCENE_EYE, SCENE_TARGET), float(SCENE_FIELD))
"""The camera of `scene_hub.scene_preview`."""


@dataclass(frozen=True)
class RobotPlace:
    """Where a robot's base stands in the scene frame, and what EmbodiedGen calls the robot."""

    name: str
    pose: Pose


@dataclass(frozen=True)
class Thing:
    """A placement with its asset: `visual` is the GLB of its close level of detail, `pieces` are its convex pieces by name."""

    placement: Placement
    asset: Asset
    visual: bytes
    pieces: Mapping[str, trimesh.Trimesh]

    @property
    def name(self) -> str:
        return self.placement.name

    @property
    def movable(self) -> bool:
        return self.asset.kind == "object"

    @property
    def shapes(self) -> tuple[CollisionShape, ...]:
        """What it collides with. As in the environments a room is only seen; its floor is a shape of the scene."""
        return () if self.asset.kind == "room" else self.asset.collision

    @cached_property
    def surfaces(self) -> tuple[Surface, ...]:
        return read_surfaces(self.visual)

    @cached_property
    def mass_properties(self) -> MassProperties:
        return mass_properties(self.asset, self.pieces)


@dataclass(frozen=True)
class SceneContent:
    """A scene with all that it takes to write it: its things in the order of its placements, cameras, the robot's place.

    `gaussians` is the PLY file of the room's 3D Gaussians, if it has one.
    """

    scene: Scene
    things: tuple[Thing, ...]
    cameras: tuple[Camera, ...]
    robot: RobotPlace | None
    gaussians: Path | None

    @property
    def floor(self) -> float:
        """z of the room's floor in the scene frame, in metres."""
        return self.scene.background.pose.position[2]


def read_content(
    dataset: SceneDataset, scene: Scene, cameras: tuple[Camera, ...] = (), robot: RobotPlace | None = None
) -> SceneContent:
    """All of `scene`, every file verified; SceneDataError for one that is not sound."""
    things = []
    for placement in scene.placements:
        asset = dataset.asset(placement.asset)
        visual = dataset.asset_file(asset, "visual").read_bytes()
        things.append(Thing(placement, asset, visual, dataset.collision_meshes(asset)))
    room = dataset.asset(scene.background.asset)
    gaussians = None if room.files.gaussians is None else dataset.asset_file(room, "gaussians")
    return SceneContent(scene, tuple(things), (PREVIEW, *cameras), robot, gaussians)

"""Rooms of 3D Gaussians behind what the simulation draws.

Where a scene's room has a file of Gaussians, its mesh is not drawn, and each camera shows the Gaussians at the pixels at which
the simulation draws nothing (segmentation 0): their colour, and as depth the mean of what is seen of them. They hide nothing:
the room is behind everything else, as the walls are. They keep the light that they were captured in, whatever the scene's
lights do, also where these are randomized; no shadow falls on them.

A picture is drawn when a camera sees something of a room from a place for the first time, and kept until that camera has
another. So a camera that stands still costs one picture an episode, one on the wrist one a step, unless it sees nothing but the
table: with 300,000 Gaussians 0.1 to 0.2 s at 224 x 224 on a CPU core, some milliseconds with gsplat on a GPU.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import torch
from mani_skill.sensors.camera import Camera

from genworld_envs.asset_library import AssetLibrary
from genworld_envs.physx_cpu_batched.scene import BatchedCpuScene
from genworld_envs.scene_loading import LoadedScenes
from scene_hub.gaussians import GaussianCloud, render
from scene_hub.physics import sapien_pose

MILLIMETRES = 1000.0
LEAST_COVERAGE = 0.5
"""Alpha from which on there is something to measure a depth to."""

Images = dict[str, torch.Tensor]


class Picture(NamedTuple):
    """A room of Gaussians from one place: `rgb` [H, W, 3] uint8; `depth` [H, W, 1] int16 millimetres, 0: nothing."""

    rgb: torch.Tensor
    depth: torch.Tensor


class Backdrops:
    """The pictures behind the cameras of one environment; `loaded` says which room each sub-environment has now."""

    def __init__(self, library: AssetLibrary, loaded: Callable[[], LoadedScenes]) -> None:
        self._library, self._loaded = library, loaded
        self._pictures: OrderedDict[tuple[Any, ...], Picture] = OrderedDict()
        self._most = 0

    def stand_behind(self, cameras: Iterable[Camera]) -> None:
        """From now on `cameras`, which replace those of an earlier call, show what is behind them."""
        cameras = tuple(cameras)
        for camera in cameras:
            camera.get_obs = partial(self._observed, camera, camera.get_obs)
        self._pictures.clear()
        self._most = sum(len(camera.camera._render_cameras) for camera in cameras)

    def drawn(self, env: int) -> bool:
        """Whether sub-environment `env` has a room that is drawn as Gaussians, and not as a mesh."""
        return self._library.gaussian_room(self._loaded().bodies[env][-1].asset)

    def _observed(
        self,
        camera: Camera,
        original: Callable[..., Images],
        rgb: bool = True,
        depth: bool = True,
        position: bool = True,
        segmentation: bool = True,
        normal: bool = False,
        albedo: bool = False,
        apply_texture_transforms: bool = True,
    ) -> Images:
        """ManiSkill's `Camera.get_obs`, with pictures of Gaussians where nothing is in front of them."""
        behind = [env for env in range(len(camera.camera._render_cameras)) if self.drawn(env)]
        if not behind or not apply_texture_transforms:
            return original(rgb, depth, position, segmentation, normal, albedo, apply_texture_transforms)
        images = original(rgb, depth, position, True, normal, albedo)
        nothing = images["segmentation"] == 0
        shown = [name for name in Picture._fields if name in images]
        for name in shown:
            images[name] = images[name].clone()  # the camera keeps its pictures for the next call
        for env in behind:
            if not bool(nothing[env].any()):
                continue
            picture = self._picture(camera, env)
            for name in shown:
                there = getattr(picture, name).to(images[name].device)
                images[name][env] = torch.where(nothing[env], there, images[name][env])
        if not segmentation:
            del images["segmentation"]
        return images

    def _picture(self, camera: Camera, env: int) -> Picture:
        placement, asset = self._loaded().scenes[env].background, self._loaded().bodies[env][-1].asset
        assert asset is not None
        intrinsics, extrinsics = _matrices(camera, env)
        size = (camera.config.width, camera.config.height)
        key = (asset.id, placement.pose, intrinsics.tobytes(), extrinsics.tobytes(), size)
        picture = self._pictures.pop(key, None)
        if picture is None:
            room = sapien_pose(placement.pose).to_transformation_matrix()
            picture = _drawn(self._library.gaussians(asset), intrinsics, extrinsics @ room, *size)
        self._pictures[key] = picture
        while len(self._pictures) > self._most:
            self._pictures.popitem(last=False)
        return picture


def _matrices(camera: Camera, env: int) -> tuple[np.ndarray, np.ndarray]:
    """Intrinsics [3, 3] and world to camera [3, 4] (OpenCV's axes) of a camera in one sub-environment.

    On the CPU as SAPIEN has them, one camera at a time: a batched product may differ in its last bits with the batch.
    """
    component = camera.camera._render_cameras[env]
    if isinstance(camera.camera.scene, BatchedCpuScene):
        extrinsics = component.get_extrinsic_matrix()
    else:
        extrinsics = camera.camera.get_extrinsic_matrix()[env].cpu().numpy()
    return component.get_intrinsic_matrix().astype(np.float64), extrinsics.astype(np.float64)


def _drawn(
    cloud: GaussianCloud, intrinsics: np.ndarray, world_to_camera: np.ndarray, width: int, height: int
) -> Picture:
    rgb, depth, alpha = render(cloud, intrinsics, world_to_camera, width, height)
    millimetres = (depth * MILLIMETRES).round().clamp(0, torch.iinfo(torch.int16).max)
    millimetres = torch.where(alpha >= LEAST_COVERAGE, millimetres, 0.0)
    return Picture((rgb * 255.0).round().to(torch.uint8), millimetres.to(torch.int16)[..., None])

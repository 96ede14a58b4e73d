"""Point clouds of objects, and where a gripper would run into them. Poses are 4 x 4 matrices, lengths metres."""

from collections.abc import Iterable

import numpy as np
import trimesh

from genworld_envs.robots.hand import Hand
from scene_hub.dataset import SceneDataset
from scene_hub.schema import Asset, BoxShape, ConvexShape, Pose, SphereShape

CLOUD_POINTS = 900


def pose_matrix(position: Iterable[float], quaternion: Iterable[float]) -> np.ndarray:
    """The 4 x 4 of a position and a quaternion (w, x, y, z)."""
    matrix = trimesh.transformations.quaternion_matrix(np.fromiter(quaternion, dtype=np.float64))
    matrix[:3, 3] = np.fromiter(position, dtype=np.float64)
    return matrix


def transform(points: np.ndarray, pose: np.ndarray) -> np.ndarray:
    return points @ pose[..., :3, :3].swapaxes(-1, -2) + pose[..., None, :3, 3]


def turned_about_z(angle: float) -> np.ndarray:
    sine, cosine = np.sin(angle), np.cos(angle)
    return np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])


def asset_cloud(asset: Asset, dataset: SceneDataset) -> np.ndarray:
    """[P, 3] points on the collision shapes of an asset, in its frame; always the same for the same asset."""
    meshes = dataset.collision_meshes(asset) if any(isinstance(s, ConvexShape) for s in asset.collision) else {}
    parts = [_shape_mesh(shape, meshes) for shape in asset.collision]
    areas = np.array([part.area for part in parts])
    clouds = []
    for index, (part, area) in enumerate(zip(parts, areas, strict=True)):
        count = max(40, round(CLOUD_POINTS * area / areas.sum()))
        points = trimesh.sample.sample_surface(part, count, seed=index)[0]
        clouds.append(np.concatenate([np.asarray(points), part.vertices]))
    return np.concatenate(clouds)


def _shape_mesh(shape: BoxShape | SphereShape | ConvexShape, meshes: dict[str, trimesh.Trimesh]) -> trimesh.Trimesh:
    if isinstance(shape, ConvexShape):
        return meshes[shape.mesh]
    if isinstance(shape, BoxShape):
        mesh = trimesh.creation.box(extents=2 * np.array(shape.half_size))
    else:
        mesh = trimesh.creation.icosphere(subdivisions=2, radius=shape.radius)
    return mesh.apply_transform(_matrix(shape.pose))


def _matrix(pose: Pose) -> np.ndarray:
    return pose_matrix(pose.position, pose.quaternion)


def points_in_hand(
    cloud: np.ndarray, tools: np.ndarray, opening: float, hand: Hand, margin: float = 0.003
) -> np.ndarray:
    """[K] how many points of `cloud` [P, 3] lie inside the gripper at each of `tools` [K, 4, 4], opened to `opening`."""
    if len(cloud) == 0:
        return np.zeros(len(tools), dtype=int)
    local = (cloud[None] - tools[:, None, :3, 3]) @ tools[:, :3, :3]
    inside = np.zeros(local.shape[:2], dtype=bool)
    for low, high in hand.boxes(opening):
        inside |= ((local > low - margin) & (local < high + margin)).all(-1)
    return inside.sum(1)


def lowest_point_of_hand(tools: np.ndarray, opening: float, hand: Hand) -> np.ndarray:
    """[K] z of the lowest corner of the fingers."""
    fingers = hand.boxes(opening)[:2]
    corners = np.array(
        [[box[i, 0], box[j, 1], box[k, 2]] for box in fingers for i in (0, 1) for j in (0, 1) for k in (0, 1)]
    )
    return transform(corners, tools)[..., 2].min(1)

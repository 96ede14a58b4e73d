"""Mass, centre of mass and inertia of an asset, as in PhysX: one density for all collision shapes.

The figures are those of the exact shapes. PhysX's own are a few per cent off, because it cooks hulls before it measures them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import trimesh

from scene_hub.schema import Asset, BoxShape, CollisionShape, SphereShape
from scene_hub.thumbnails import pose_matrix


@dataclass(frozen=True)
class MassProperties:
    """`mass` in kilograms, `center` [3] in metres, `inertia` [3, 3] about it in kg m^2, both along the axes of the asset."""

    mass: float
    center: np.ndarray
    inertia: np.ndarray

    def principal(self) -> tuple[np.ndarray, np.ndarray]:
        """The principal moments [3], ascending, and the quaternion (w, x, y, z) that turns their axes into the asset frame."""
        moments, axes = np.linalg.eigh(self.inertia)
        matrix = np.eye(4)
        matrix[:3, :3] = axes * np.sign(np.linalg.det(axes))  # a rotation, not a reflection
        return moments, trimesh.transformations.quaternion_from_matrix(matrix)


def mass_properties(asset: Asset, pieces: Mapping[str, trimesh.Trimesh]) -> MassProperties:
    """Of `asset`, whose mass is spread evenly over its collision shapes; where two overlap it counts twice, as in PhysX.

    `pieces` are its convex pieces by name (`SceneDataset.collision_meshes`).
    """
    solids = [_unit_solid(shape, pieces) for shape in asset.collision]
    volumes = np.array([volume for volume, _, _ in solids])
    centers = np.array([center for _, center, _ in solids])
    center = volumes @ centers / volumes.sum()
    inertia = np.zeros((3, 3))
    for volume, its_center, its_inertia in solids:
        away = its_center - center
        inertia += its_inertia + volume * (away @ away * np.eye(3) - np.outer(away, away))  # Steiner's parallel axes
    return MassProperties(asset.mass, center, inertia * asset.mass / volumes.sum())


def _unit_solid(shape: CollisionShape, pieces: Mapping[str, trimesh.Trimesh]) -> tuple[float, np.ndarray, np.ndarray]:
    """Volume, centre and inertia about the centre of a shape of density 1, along the asset's axes."""
    if isinstance(shape, BoxShape):
        x, y, z = np.square(shape.half_size)
        volume, moments = 8.0 * float(np.prod(shape.half_size)), np.diag([y + z, x + z, x + y]) / 3.0
    elif isinstance(shape, SphereShape):
        volume, moments = 4.0 / 3.0 * np.pi * shape.radius**3, np.eye(3) * 0.4 * shape.radius**2
    else:
        solid = pieces[shape.mesh].mass_properties
        return float(solid.volume), np.asarray(solid.center_mass), np.asarray(solid.inertia)
    matrix = pose_matrix(shape.pose)
    return volume, matrix[:3, 3], volume * matrix[:3, :3] @ moments @ matrix[:3, :3].T

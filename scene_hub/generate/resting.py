"""How a thing of unknown form stands: it is turned to a pose in which it stays, and what would roll gets a flat foot.

A thing stands if its centre of mass lies above the polygon that it touches the ground with. Statics decides that from the
convex hull, without a simulation and the same on every machine.
"""

from collections.abc import Sequence

import numpy as np
import trimesh
from shapely import MultiPoint, Point

from scene_hub.generate.collision import Hull, Piece

TOUCHING = 0.0003  # metres above the ground that count as touching it
STEADY = 0.004  # metres between the plumb line and the edge of what it stands on, at least,
STEADY_SHARE = 0.05  # and as a share of the longer side of what it covers
LEAN = np.deg2rad(4.0)
FOOT_HEIGHT = 0.0006  # metres: so little is pressed flat
FOOT_THICKNESS = 0.003  # metres, most of it inside the thing: PhysX makes nothing sound of thinner hulls

Array = np.ndarray


def steady(pieces: Sequence[Piece], turnable: bool = True) -> tuple[Array, list[Piece]]:
    """A rotation [4, 4] after which convex `pieces` of one density stand, and the pieces so turned.

    The identity where they stand already; else the nearest of the poses in which they would come to rest, which must be within
    LEAN where they may not be turned (a bowl keeps its opening above, a basket with a bumpy bottom leans). What touches the
    ground in a point, in a line or close to the plumb line gets a foot a few millimetres wide and less than one high, so
    that it does not roll or tip.
    """
    meshes = [piece.mesh for piece in pieces]
    points, center = np.concatenate([mesh.vertices for mesh in meshes]), _center(meshes)
    turn = np.eye(4)
    if _margin(points, center) <= 0:
        nearest = _nearest_rest(points, center)
        if turnable or np.trace(nearest) >= 1 + 2 * np.cos(LEAN):
            turn[:3, :3] = nearest
    turned: list[Piece] = [Hull(np.asarray(mesh.vertices) @ turn[:3, :3].T) for mesh in meshes]
    if np.array_equal(turn, np.eye(4)):
        turned = list(pieces)
    points, center = points @ turn[:3, :3].T, turn[:3, :3] @ center
    needed = max(STEADY, STEADY_SHARE * float(np.ptp(points[:, :2], axis=0).max()))
    if _margin(points, center) < needed:
        turned.append(_foot([piece.mesh for piece in turned], float(points[:, 2].min()), center, needed))
    return turn, turned


def _margin(points: Array, center: Array) -> float:
    """How far inside the polygon of contact the plumb line runs (metres); negative outside."""
    touching = points[points[:, 2] < points[:, 2].min() + TOUCHING, :2]
    polygon, plumb = MultiPoint(touching).convex_hull, Point(*center[:2])
    if polygon.geom_type != "Polygon":
        return -float(polygon.distance(plumb))
    distance = float(polygon.exterior.distance(plumb))  # type: ignore[attr-defined]
    return distance if polygon.contains(plumb) else -distance


def _nearest_rest(points: Array, center: Array) -> Array:
    """The smallest rotation [3, 3] that brings a face of the hull to the ground on which it stays."""
    hull = trimesh.Trimesh(points, process=False).convex_hull
    normals = np.round(np.asarray(hull.face_normals), 6)
    for index in np.lexsort((*normals.T, normals[:, 2])):
        rotation = np.round(np.asarray(trimesh.geometry.align_vectors(normals[index], [0, 0, -1]))[:3, :3], 9)
        if _margin(points @ rotation.T, rotation @ center) > 0:
            return rotation
    return np.eye(3)


def _foot(meshes: Sequence[trimesh.Trimesh], bottom: float, center: Array, margin: float) -> Hull:
    """The lowest slice of the meshes, pressed down to the ground, and at least `margin` around the plumb line."""
    level = bottom + FOOT_HEIGHT
    outline = [center[None, :2] + 1.2 * margin * np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])]
    for mesh in meshes:
        vertices = np.asarray(mesh.vertices)
        ends = vertices[np.asarray(mesh.edges_unique)]
        below, above = ends[..., 2].min(axis=1), ends[..., 2].max(axis=1)
        crossing = ends[(below < level) & (above > level)]
        share = (level - crossing[:, 0, 2]) / (crossing[:, 1, 2] - crossing[:, 0, 2])
        outline.append((crossing[:, 0] + share[:, None] * (crossing[:, 1] - crossing[:, 0]))[:, :2])
        outline.append(vertices[vertices[:, 2] <= level, :2])
    flat = np.concatenate(outline)
    return Hull(
        np.concatenate([np.column_stack([flat, np.full(len(flat), z)]) for z in (bottom, bottom + FOOT_THICKNESS)])
    )


def _center(meshes: Sequence[trimesh.Trimesh]) -> Array:
    volumes = np.array([float(mesh.volume) for mesh in meshes])
    return volumes @ np.array([mesh.center_mass for mesh in meshes]) / volumes.sum()

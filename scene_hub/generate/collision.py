"""Convex collision pieces.

Where the form is known the pieces are written down exactly (boxes, hulls, the ring of wedges that keeps a vessel open);
`decomposed` (CoACD) is for forms that nobody has described. All pieces are in the asset frame.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import trimesh

from scene_hub.generate.glb import POSITION_DECIMALS, pieces_glb
from scene_hub.generate.shapes import Surface, circle
from scene_hub.schema import BoxShape, ConvexShape, Pose

MAX_PIECES = 16
MAX_HULL_VERTICES = 60  # PhysX takes 255, its GPU solver 64


@dataclass(frozen=True)
class Box:
    """An axis-aligned box with its `center` and `half_size`."""

    center: tuple[float, float, float]
    half_size: tuple[float, float, float]

    def moved(self, offset: np.ndarray) -> "Box":
        x, y, z = (float(value) for value in np.asarray(self.center) + offset)
        return Box((x, y, z), self.half_size)

    @property
    def bottom(self) -> float:
        return self.center[2] - self.half_size[2]

    @cached_property
    def mesh(self) -> trimesh.Trimesh:
        mesh = trimesh.creation.box(2 * np.asarray(self.half_size))
        mesh.apply_translation(self.center)
        return mesh


@dataclass(frozen=True)
class Hull:
    """The convex hull of `points` [n, 3]."""

    points: np.ndarray

    @property
    def bottom(self) -> float:
        return float(self.points[:, 2].min())

    def moved(self, offset: np.ndarray) -> "Hull":
        return Hull(self.points + offset)

    @cached_property
    def mesh(self) -> trimesh.Trimesh:
        return _hull_mesh(self.points)


Piece = Box | Hull


def box_between(low: Sequence[float], high: Sequence[float]) -> Box:
    """The box with these opposite corners."""
    a, b = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    (cx, cy, cz), (hx, hy, hz) = ((a + b) / 2).tolist(), ((b - a) / 2).tolist()
    return Box((cx, cy, cz), (hx, hy, hz))


def hull_of(*surfaces: Surface) -> Hull:
    """One hull around surfaces."""
    return Hull(np.concatenate([surface.points for surface in surfaces]))


def standing_hull(*surfaces: Surface, share: float = 0.36) -> Hull:
    """A hull around surfaces with an elliptic foot at their lowest height, so that round things stay where they lie.

    The foot covers `share` of the bounding box; where the surfaces have been pressed flat it hides inside them.
    """
    points = np.concatenate([surface.points for surface in surfaces])
    low, high = points.min(axis=0), points.max(axis=0)
    foot = circle(16) * share * (high - low)[:2] / 2 + (low + high)[:2] / 2
    return Hull(np.concatenate([points, _ring(foot, float(low[2]))]))


def lying_hull(surface: Surface, share: float = 0.32) -> Hull:
    """A hull around a rod that lies along x, with a rectangular foot where it touches the ground, so that it cannot roll.

    The foot is `share` as wide as the rod; where the rod has been pressed flat it hides inside it.
    """
    points = surface.points
    low, high = points.min(axis=0), points.max(axis=0)
    touching = points[points[:, 2] < low[2] + 4e-4]
    ends, half, middle = (
        (touching[:, 0].min(), touching[:, 0].max()),
        share * (high[1] - low[1]) / 2,
        (low[1] + high[1]) / 2,
    )
    foot = [(x, middle + side * half, low[2]) for x in ends for side in (-1, 1)]
    return Hull(np.concatenate([points, np.array(foot)]))


def turned_hull(profile: np.ndarray, sides: int = 16) -> Hull:
    """The hull of a profile (r, z) turned about z."""
    ring = circle(sides)
    return Hull(np.concatenate([_ring(ring * r, z) for r, z in np.asarray(profile, dtype=float)]))


def vessel(
    outer: Sequence[Sequence[float]], inner: Sequence[Sequence[float]], wedges: int = 12, tiers: int = 1
) -> list[Piece]:
    """An open round vessel: a floor and a ring of wall wedges.

    `outer` and `inner` are profiles (r, z) from the bottom to the rim with equally many points; the first inner point is
    the edge of the floor. With `tiers` > 1 the wall is cut at the middle points too, for strongly curved walls.
    """
    outside, inside = np.asarray(outer, dtype=float), np.asarray(inner, dtype=float)
    floor = turned_hull(np.stack([outside[0], [inside[0, 0], inside[0, 1]]]), 2 * wedges)
    pieces: list[Piece] = [floor]
    cuts = np.linspace(0, len(outside) - 1, tiers + 1).round().astype(int)
    for low, high in zip(cuts[:-1], cuts[1:], strict=True):
        for index in range(wedges):
            angles = 2 * np.pi * np.array([index, index + 0.5, index + 1]) / wedges
            direction = np.stack([np.cos(angles), np.sin(angles)], axis=1)
            rim = [_ring(direction * r, z) for r, z in outside[low : high + 1]]
            bore = [_ring(direction[[0, 2]] * r, z) for r, z in inside[low : high + 1]]
            pieces.append(Hull(np.concatenate(rim + bore)))
    return pieces


def box_vessel(
    bottom: tuple[float, float], top: tuple[float, float], height: float, wall: float, floor: float, lift: float = 0.0
) -> list[Piece]:
    """An open rectangular vessel: a floor box and four walls that may lean outward; half sizes at bottom and top."""
    (bx, by), (tx, ty) = bottom, top
    pieces: list[Piece] = [box_between((-bx, -by, lift), (bx, by, floor))]
    for axis, sign in ((0, 1), (0, -1), (1, 1), (1, -1)):
        points = []
        for hx, hy, z in ((bx, by, lift), (tx, ty, height)):
            reach, across = (hx, hy) if axis == 0 else (hy, hx)
            for depth in (reach, reach - wall):
                for side in (across, -across):
                    points.append((sign * depth, side, z) if axis == 0 else (side, sign * depth, z))
        pieces.append(Hull(np.array(points)))
    return pieces


def decomposed(
    surface: Surface, threshold: float = 0.08, most: int = MAX_PIECES, seed: int = 0, **effort: Any
) -> list[Piece]:
    """CoACD pieces of any surface, for forms without a description of their own; `effort` are further parameters of CoACD."""
    import coacd  # slow to import, and rarely needed

    coacd.set_log_level("error")
    mesh = trimesh.Trimesh(surface.points, np.arange(len(surface.points)).reshape(-1, 3), process=False)
    mesh.merge_vertices(merge_norm=True, merge_tex=True)
    parts = coacd.run_coacd(
        coacd.Mesh(mesh.vertices, mesh.faces), threshold=threshold, max_convex_hull=most, seed=seed, **effort
    )
    return [Hull(np.asarray(vertices)) for vertices, _ in parts]


def exported(pieces: Sequence[Piece]) -> tuple[tuple[BoxShape | ConvexShape, ...], bytes | None, float]:
    """The schema shapes of the pieces, the collision GLB (None without hulls) and the sum of their volumes."""
    shapes: list[BoxShape | ConvexShape] = []
    meshes: list[tuple[str, np.ndarray, np.ndarray]] = []
    volume = 0.0
    for piece in pieces:
        if isinstance(piece, Box):
            x, y, z = (round(value, POSITION_DECIMALS) + 0.0 for value in piece.center)
            hx, hy, hz = (round(value, POSITION_DECIMALS) for value in piece.half_size)
            shapes.append(BoxShape(half_size=(hx, hy, hz), pose=Pose(position=(x, y, z))))
            volume += 8.0 * hx * hy * hz
        else:
            mesh = piece.mesh
            name = f"piece_{len(meshes):03d}"
            shapes.append(ConvexShape(mesh=name))
            meshes.append((name, np.asarray(mesh.vertices), np.asarray(mesh.faces)))
            volume += float(mesh.volume)
    return tuple(shapes), pieces_glb(meshes) if meshes else None, volume


def _ring(plane: np.ndarray, z: float) -> np.ndarray:
    return np.concatenate([plane, np.full((len(plane), 1), z)], axis=1)


def _hull_mesh(points: np.ndarray) -> trimesh.Trimesh:
    """The hull, thinned to MAX_HULL_VERTICES by rounding to an ever coarser grid of directions if it has more."""
    hull = trimesh.Trimesh(np.round(points, POSITION_DECIMALS), process=False).convex_hull
    if len(hull.vertices) <= MAX_HULL_VERTICES:
        return _ordered(hull)
    corners = np.asarray(hull.vertices)[np.lexsort(np.asarray(hull.vertices).T)]
    chosen = _spread(corners, MAX_HULL_VERTICES)
    return _ordered(trimesh.Trimesh(corners[chosen], process=False).convex_hull)


def _spread(points: np.ndarray, count: int) -> np.ndarray:
    """Indices of `count` points: the extreme ones along each axis and of the foot, then always the farthest from these."""
    chosen = [*points.argmin(axis=0).tolist(), *points.argmax(axis=0).tolist()]
    low = np.flatnonzero(points[:, 2] < points[:, 2].min() + 1e-4)  # the outline of what it stands on stays as it is
    chosen += low[(points[low, :2] @ circle(16).T).argmax(axis=0)].tolist()
    chosen = list(dict.fromkeys(chosen))
    distance = np.linalg.norm(points[:, None] - points[None, chosen], axis=2).min(axis=1)
    while len(chosen) < count:
        farthest = int(distance.argmax())
        chosen.append(farthest)
        distance = np.minimum(distance, np.linalg.norm(points - points[farthest], axis=1))
    return np.sort(np.array(chosen))


def _ordered(mesh: trimesh.Trimesh) -> trimesh.Trimesh:
    """Vertices and faces in a canonical order, so that equal hulls are equal bytes."""
    vertices, faces = np.asarray(mesh.vertices), np.asarray(mesh.faces)
    order = np.lexsort(vertices.T)
    rank = np.empty(len(order), dtype=int)
    rank[order] = np.arange(len(order))
    faces = rank[faces]
    turns = faces.argmin(axis=1)
    faces = faces[np.arange(len(faces))[:, None], (turns[:, None] + np.arange(3)) % 3]
    return trimesh.Trimesh(vertices[order], faces[np.lexsort(faces.T)], process=False)

"""Levels of detail of a room's mesh that somebody else made: few triangles, with its colours painted on."""

from pathlib import Path
from typing import Any

import fast_simplification
import numpy as np
import trimesh

from scene_hub.errors import SceneDataError
from scene_hub.generate.baking import Skin, distinct, painted
from scene_hub.generate.mesh_files import load_mesh
from scene_hub.generate.shapes import shaded

MAX_TRIANGLES = 8_000_000
"""In a file that is read."""
WELDED_TRIANGLES = 200_000
"""More are first joined on a grid, which is fast."""
LEAST_CELL = 0.005
"""Metres, of that grid."""
MAX_COORDINATE = 1e4
"""Metres."""
SIZES = (1.0, 100.0)
"""Metres, the least and the greatest length of a room's bounding box."""
GRAY = 160

Array = np.ndarray


def room_levels(
    path: Path, transform: Array, eye: Array, levels: tuple[tuple[int, int], ...]
) -> tuple[list[Skin], ...]:
    """The mesh of a room, `transform` [4, 4] applied, for each of `levels` (triangles, pixels on a side of the texture).

    All triangles face `eye` [3], which is inside.

    Raises:
        SceneDataError: a file that cannot be read, is empty, not finite or too large, or a room of an impossible size.
    """
    points, faces, colors = _read(path, transform)
    check_room_size(np.ptp(points, axis=0), str(path))
    points, faces, colors = _welded(points, faces, colors)
    original = _skin(points, _facing(points, faces, eye), colors)
    result = []
    for index, (triangles, pixels) in enumerate(levels):
        thin_points, thin_faces = _thinned(points, faces, triangles)
        rng = np.random.default_rng(index)
        surface, image = painted(thin_points, _facing(thin_points, thin_faces, eye), [original], pixels, rng)
        result.append([Skin(surface, np.clip(np.round(image), 0, 255), double_sided=True)])
    return tuple(result)


def check_room_size(extents: Array, origin: str) -> None:
    """SceneDataError where a room whose bounding box is `extents` [3] metres cannot be one."""
    if not SIZES[0] <= extents.max() <= SIZES[1]:
        x, y, z = extents
        raise SceneDataError(
            f"{origin}: the room is {x:.4g} x {y:.4g} x {z:.4g} m; rooms are {SIZES[0]:g} to {SIZES[1]:g} m long. "
            "Is it in other units? Give a transform that scales it to metres"
        )


def _read(path: Path, transform: Array) -> tuple[Array, Array, Array]:
    """Vertices [n, 3], faces [m, 3] and colours of the vertices [n, 3] (0 to 255)."""
    mesh = load_mesh(path).to_mesh()
    if not len(mesh.faces):
        raise SceneDataError(f"{path}: has no triangles; export the surface as a triangle mesh")
    if len(mesh.faces) > MAX_TRIANGLES:
        raise SceneDataError(f"{path}: has {len(mesh.faces):,} triangles, at most {MAX_TRIANGLES:,} can be imported")
    points, faces = np.asarray(mesh.vertices, dtype=float), np.asarray(mesh.faces)
    if faces.min() < 0 or faces.max() >= len(points):
        raise SceneDataError(f"{path}: has triangles with vertices that do not exist; the file is damaged")
    if not np.isfinite(points).all() or np.abs(points).max() > MAX_COORDINATE:
        raise SceneDataError(
            f"{path}: has vertices that are not finite, or far from everything; export it again in metres"
        )
    return points @ transform[:3, :3].T + transform[:3, 3], faces, _vertex_colors(mesh)


def _vertex_colors(mesh: trimesh.Trimesh) -> Array:
    visual: Any = mesh.visual
    try:
        colors = np.asarray((visual.to_color() if visual.kind == "texture" else visual).vertex_colors, dtype=float)
    except Exception:  # a texture that cannot be decoded: the shape is worth having without colours
        colors = np.zeros((0, 4))
    return colors[:, :3] if len(colors) == len(mesh.vertices) else np.full((len(mesh.vertices), 3), float(GRAY))


def _welded(points: Array, faces: Array, colors: Array) -> tuple[Array, Array, Array]:
    """The mesh with vertices in one cell of a grid joined, as coarse a grid as it takes; place and colour are their mean."""
    cell = LEAST_CELL
    while len(faces) > WELDED_TRIANGLES:
        grid = np.floor((points - points.min(axis=0)) / cell).astype(np.int64)
        _, index = np.unique(grid @ np.array([1, 1 << 21, 1 << 42]), return_inverse=True)
        count = np.bincount(index)
        points, colors = (
            np.stack([np.bincount(index, column) / count for column in values.T], axis=1) for values in (points, colors)
        )
        faces = index[faces]
        faces = faces[distinct(faces)]
        cell *= 1.5
    return points, faces, colors


def _thinned(points: Array, faces: Array, triangles: int) -> tuple[Array, Array]:
    """At most about `triangles` of them, none without area."""
    if len(faces) > triangles:
        points, faces = fast_simplification.simplify(points, faces.astype(np.int32), target_count=triangles, agg=5.0)[
            :2
        ]
        points, faces = np.asarray(points, dtype=float), np.asarray(faces, dtype=np.int64)
    corners = points[faces]
    doubled = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    return points, faces[doubled > 1e-9]


def _facing(points: Array, faces: Array, eye: Array) -> Array:
    """The faces, each in the order in which it faces `eye`."""
    corners = points[faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    away = np.einsum("ij,ij->i", normals, eye - corners[:, 0]) < 0
    return np.where(away[:, None], faces[:, ::-1], faces)


def _skin(points: Array, faces: Array, colors: Array) -> Skin:
    return Skin(shaded(points[faces], np.zeros((*faces.shape, 2))), corner_colors=colors[faces], double_sided=True)

"""Convex collision for meshes that others made: given pieces made few, or a decomposition of what is seen.

Pieces are joined (`hull_merging`) until there are few, and a container keeps its opening.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import trimesh

from scene_hub.errors import SceneDataError
from scene_hub.generate import supports
from scene_hub.generate.baking import Skin, outside, thinned
from scene_hub.generate.bundle import RoleInTask
from scene_hub.generate.collision import Hull, Piece, box_between, decomposed
from scene_hub.generate.hull_merging import contained, merged
from scene_hub.generate.mesh_files import load_mesh
from scene_hub.generate.shapes import Surface, joined, shaded

MAX_PIECES = 32
MAX_GIVEN_PIECES = 256  # more are no decomposition but crumbs
DECOMPOSED_TRIANGLES = 4_000  # CoACD's time grows with them
FINE, COARSE = 0.04, 0.08  # CoACD's threshold, for containers and for all else
EFFORT = {"mcts_iterations": 20, "mcts_max_depth": 2, "resolution": 1000, "preprocess_resolution": 30}
"""CoACD's search, a tenth as long as by default: ten seconds where it would take minutes, for pieces that fill a tenth more."""
CONVEX_SHARE = 0.85  # of its hull's volume: a given piece that fills less is not convex
OPENING_SHARE = 0.6  # of the depth and of the clear floor that is seen, which the collision of a container must keep
TABLE_BUMP = 0.02  # metres above a table's level top that are pressed flat; what is higher is a rim or a back
TABLE_SKIN = 2e-3  # metres within the level part of the top, where a board that is level there has to be
TABLE_TOP = 0.03  # metres, the thickness of the slab that makes a table's top level

Array = np.ndarray


def imported_pieces(
    skins: Sequence[Skin], given: Sequence[trimesh.Trimesh] | None, use: RoleInTask | None, origin: str
) -> list[Piece]:
    """Convex pieces for what `skins` show, in their frame.

    `given` are those that came with the mesh; they are used if they are convex, not too many, and keep the opening that is
    seen. `use` is what the thing has to be, None: what it looks like. SceneDataError, with `origin`, where there is no volume.
    """
    hulls = _given_hulls(given or (), origin)
    surface = None
    if not hulls or use in (None, "container"):
        points, faces = thinned(joined([skin.surface for skin in outside(skins)]).triangles, DECOMPOSED_TRIANGLES)
        surface = shaded(points[faces], np.zeros((*faces.shape, 2)))
        seen = None if len(surface) == 0 else supports.container([_mesh(surface)])
        if not hulls or (seen is not None and not _keeps_open(hulls, seen)):
            found = _decomposed(surface, seen is not None or use == "container")
            hulls = found or hulls
    if not hulls:
        raise SceneDataError(f"{origin}: encloses no volume, so there is nothing to collide with")
    pieces: list[Piece] = list(merged(hulls, MAX_PIECES))
    _check_size(skins, pieces, origin)
    return pieces


def collision_meshes(
    source: str | Path | trimesh.Trimesh | trimesh.Scene | Sequence[trimesh.Trimesh], origin: str
) -> list[trimesh.Trimesh]:
    """The connected parts of a collision mesh, node transforms applied."""
    if isinstance(source, Sequence) and not isinstance(source, str):
        return list(source)
    if isinstance(source, trimesh.Trimesh):
        source = trimesh.Scene(source)
    scene = source if isinstance(source, trimesh.Scene) else load_mesh(source, origin)
    meshes = []
    for node in sorted(scene.graph.nodes_geometry):
        pose, key = scene.graph[node]
        geometry = scene.geometry[key]
        if isinstance(geometry, trimesh.Trimesh) and len(geometry.faces):
            whole = trimesh.Trimesh(geometry.vertices, geometry.faces, process=False).apply_transform(pose)
            meshes.extend(whole.split(only_watertight=False))
    return meshes


def level_topped(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces of a table with a top that is level: its bumps pressed flat, and a slab below, unless a board is there.

    Generated tables are wavy by some millimetres, and their hulls more: things would slide and tilt on them.
    """
    top = supports.surface([piece.mesh for piece in pieces], supports.TABLE_TOLERANCE)
    if top is None:
        return list(pieces)
    z = top.position[2]
    levelled: list[Piece] = []
    for piece in pieces:
        vertices = np.asarray(piece.mesh.vertices)
        bumps = (vertices[:, 2] > z) & (vertices[:, 2] <= z + TABLE_BUMP)
        if bumps.any():
            vertices = np.where(bumps[:, None] & [False, False, True], z, vertices)
            flat = _hull(vertices)
            levelled += [] if flat is None else [flat]
        else:
            levelled.append(piece)
    middle, half = np.array(top.position[:2]), np.array(top.half_extents)
    low, high = middle - half, middle + half
    within = (low + TABLE_SKIN, high - TABLE_SKIN)
    corners = np.array([[x, y, z - TABLE_SKIN] for x, _ in within for _, y in within])
    if any(isinstance(piece, Hull) and contained(piece, corners).all() for piece in levelled):
        return levelled  # a slab within a board would double every contact
    return [*levelled, box_between((low[0], low[1], z - TABLE_TOP), (high[0], high[1], z))]


def _given_hulls(given: Sequence[trimesh.Trimesh], origin: str) -> list[Hull]:
    """The hulls of convex meshes; none where one of them is not convex, or where there are too many."""
    hulls: list[Hull] = []
    for mesh in given if len(given) <= MAX_GIVEN_PIECES else []:
        vertices = np.asarray(mesh.vertices, dtype=float)
        if not np.isfinite(vertices).all():
            raise SceneDataError(f"{origin}: its collision mesh has vertices that are not finite")
        hull = _hull(vertices)
        if hull is None:
            continue
        solid = abs(float(trimesh.Trimesh(vertices, mesh.faces, process=False).volume))
        if solid < CONVEX_SHARE * float(hull.mesh.volume):  # EmbodiedGen falls back to the visual mesh
            return []
        hulls.append(hull)
    return hulls


def _decomposed(surface: Surface, opened: bool) -> list[Hull]:
    found = decomposed(surface, threshold=FINE if opened else COARSE, most=MAX_PIECES, seed=0, **EFFORT)
    return [hull for piece in found if isinstance(piece, Hull) and (hull := _hull(piece.points)) is not None]


def _keeps_open(hulls: Sequence[Hull], seen: supports.Support) -> bool:
    """Whether what can be put into the thing that is seen can also be put into its hulls."""
    solid = supports.container([hull.mesh for hull in hulls])
    if solid is None:
        return False
    depth = [support.rim_height - support.position[2] for support in (solid, seen)]
    clear = [min(support.half_extents) for support in (solid, seen)]
    return depth[0] >= OPENING_SHARE * depth[1] and clear[0] >= OPENING_SHARE * clear[1]


def _check_size(skins: Sequence[Skin], pieces: Sequence[Piece], origin: str) -> None:
    seen, solid = (
        np.ptp(np.concatenate(points), axis=0)
        for points in ([skin.surface.points for skin in skins], [piece.mesh.vertices for piece in pieces])
    )
    if np.any(solid > 1.05 * seen + 0.005):
        raise SceneDataError(
            f"{origin}: its collision spans {np.round(solid, 4).tolist()} m, what is seen only {np.round(seen, 4).tolist()} m; "
            "they do not belong together"
        )


def _mesh(surface: Surface) -> trimesh.Trimesh:
    triangles = surface.triangles
    return trimesh.Trimesh(triangles.reshape(-1, 3), np.arange(3 * len(triangles)).reshape(-1, 3), process=False)


def _hull(points: Array) -> Hull | None:
    """The hull of points, None where it is too thin to be simulated."""
    size = float(np.linalg.norm(np.ptp(points, axis=0)))
    try:
        hull = Hull(points)
        volume = float(hull.mesh.volume)
    except (ValueError, RuntimeError, IndexError):  # Qhull: flat, or fewer than four points
        return None
    return hull if volume > 4e-6 * size**3 and volume > 1e-10 else None

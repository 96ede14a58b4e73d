"""Light levels of detail for meshes that others made: fewer triangles, with a small texture painted anew.

A generative model hands out tens of thousands of triangles and a texture whose islands do not survive simplification. So the
thinned surface gets islands of its own (connected faces that look along one of the six axes, laid flat), and each of their
texels takes the colour of the nearest point of the original that faces the same way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import fast_simplification
import numpy as np
from scipy.ndimage import distance_transform_edt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from scene_hub.generate.shapes import Surface, shaded

CREASE_DEGREES = 60.0
PADDING = 2  # texels around each island, so that filtering never reaches the next
LEAST_SLOPE = 0.3  # cosine between a face and the axis that its island is seen from
NEIGHBOURS = 4  # original points that a texel is the mean of
SAMPLES_PER_TEXEL = 1.5
VISIBILITY_SAMPLES = 150_000
NORMAL_WEIGHT = 0.02  # how far, as a share of the size, a point may lie off to be preferred for facing the same way

AXES = np.concatenate([np.eye(3), -np.eye(3)])
Array = np.ndarray


@dataclass(frozen=True)
class Skin:
    """A surface with its look: `image` [h, w, 3] (0 to 255, row 0 on top; None: plain) times `color` (sRGB, 0 to 1).

    `corner_colors` [F, 3, 3] (0 to 255) replace the image where a mesh is coloured by vertex.
    """

    surface: Surface
    image: Array | None = None
    color: tuple[float, float, float] = (1.0, 1.0, 1.0)
    corner_colors: Array | None = None
    metallic: float = 0.0
    roughness: float = 0.6
    double_sided: bool = False

    def chosen(self, faces: Array) -> "Skin":
        """Only these faces (indices or mask)."""
        surface = Surface(self.surface.triangles[faces], self.surface.normals[faces], self.surface.uvs[faces])
        corner_colors = None if self.corner_colors is None else self.corner_colors[faces]
        return replace(self, surface=surface, corner_colors=corner_colors)

    def colors_at(self, faces: Array, weights: Array) -> Array:
        """Colours [n, 3] (0 to 255) at barycentric `weights` [n, 3] of `faces` [n]."""
        if self.corner_colors is not None:
            own = np.einsum("nk,nkc->nc", weights, self.corner_colors[faces])
        elif self.image is not None:
            own = _texels(self.image, np.einsum("nk,nkc->nc", weights, self.surface.uvs[faces]))
        else:
            own = np.full((len(faces), 3), 255.0)
        return own * np.asarray(self.color)


def sampled(skins: Sequence[Skin], count: int, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """About `count` points, evenly spread over the surfaces: positions, unit normals and colours, each [n, 3]."""
    areas = [_areas(skin.surface.triangles) for skin in skins]
    total = sum(float(area.sum()) for area in areas)
    points, normals, colors = [], [], []
    for skin, area in zip(skins, areas, strict=True):
        share = round(count * float(area.sum()) / total)
        if share == 0:
            continue
        faces = np.searchsorted(np.cumsum(area) / area.sum(), rng.random(share)).clip(max=len(area) - 1)
        r, s = np.sqrt(rng.random(share)), rng.random(share)
        weights = np.stack([1 - r, r * (1 - s), r * s], axis=1)
        points.append(np.einsum("nk,nkc->nc", weights, skin.surface.triangles[faces]))
        normals.append(_face_normals(skin.surface.triangles)[faces])
        colors.append(skin.colors_at(faces, weights))
    return np.concatenate(points), np.concatenate(normals), np.concatenate(colors)


def outside(skins: Sequence[Skin]) -> list[Skin]:
    """The skins without the triangles that nobody sees: generated meshes have inner walls, which would break through the
    outer ones once these are simplified."""
    rng = np.random.default_rng(5)
    triangles = np.concatenate([skin.surface.triangles for skin in skins])
    areas = _areas(triangles)
    drawn = np.searchsorted(np.cumsum(areas) / areas.sum(), rng.random(VISIBILITY_SAMPLES)).clip(max=len(areas) - 1)
    faces = np.concatenate([np.arange(len(areas)), drawn])
    weights = np.concatenate([np.full((len(areas), 3), 1 / 3), rng.dirichlet(np.ones(3), VISIBILITY_SAMPLES)])
    points = np.einsum("nk,nkc->nc", weights, triangles[faces])
    kept = np.zeros(len(triangles), dtype=bool)
    kept[faces[views(points, _face_normals(triangles)[faces]) > 0]] = True
    kept = grown(kept, triangles)
    parts, first = [], 0
    for skin in skins:
        mine = kept[first : first + len(skin.surface)]
        first += len(mine)
        if mine.any():
            parts.append(skin.chosen(mine))
    return parts or list(skins)


def views(points: Array, normals: Array, lowest: float = -1.0) -> Array:
    """From how many of 26 sides each point [n, 3] is seen: it faces the viewer, and none lies nearer before it.

    "Before it" means in the same cell of a grid that fits the number of points. Sides whose direction has a z below `lowest` do
    not count.
    """
    size = float(np.ptp(points, axis=0).max())
    cells = int(np.clip(np.sqrt(len(points)) / 12, 12, 64))  # so many points a cell that none is open by chance
    count = np.zeros(len(points), dtype=int)
    sides = np.array([side for side in np.ndindex(3, 3, 3) if side != (1, 1, 1)], dtype=float) - 1
    for view in sides / np.linalg.norm(sides, axis=1, keepdims=True):
        if view[2] < lowest:
            continue
        right = np.cross(view, AXES[int(np.abs(view).argmin())])
        right /= np.linalg.norm(right)
        plane = np.stack([points @ right, points @ np.cross(view, right)], axis=1)
        column, row = np.floor((plane - plane.min(axis=0)) * (cells / size)).astype(int).T
        cell, depth = row * 2 * cells + column, points @ view
        nearest = np.full(int(cell.max()) + 1, -np.inf)
        np.maximum.at(nearest, cell, depth)
        count += (normals @ view > 0.1) & (depth > nearest[cell] - 1.5 * size / cells)
    return count


def grown(kept: Array, triangles: Array) -> Array:
    """`kept` with the two rings of triangles around: what is seen at a grazing angle lies there."""
    _, vertex = np.unique(np.round(triangles.reshape(-1, 3), 6), axis=0, return_inverse=True)
    vertex = vertex.reshape(-1, 3)
    for _ in range(2):
        touched = np.zeros(int(vertex.max()) + 1, dtype=bool)
        touched[vertex[kept]] = True
        kept = np.asarray(touched[vertex].any(axis=1))
    return kept


def baked(skins: Sequence[Skin], triangles: int, size: int, rng: np.random.Generator) -> tuple[Surface, Array]:
    """One surface of about `triangles` triangles with texture coordinates, and its texture [size, size, 3] (0 to 255)."""
    return painted(*thinned(np.concatenate([skin.surface.triangles for skin in skins]), triangles), skins, size, rng)


def painted(
    points: Array, faces: Array, skins: Sequence[Skin], size: int, rng: np.random.Generator
) -> tuple[Surface, Array]:
    """Vertices [n, 3] and faces [m, 3] as a surface with texture coordinates, and the texture [size, size, 3] (0 to 255) that
    gives it the colours of `skins`, which it lies on."""
    corners = points[faces]
    axis, island = _islands(points, faces)
    flat = _flattened(corners, axis)
    uv_texels = _packed(flat, island, size)
    texel, face, weights = _covered(uv_texels, size)
    spots = np.einsum("nk,nkc->nc", weights, corners[face])
    samples = sampled(skins, int(SAMPLES_PER_TEXEL * len(texel)) + 2000, rng)
    image = np.zeros((size * size, 3))
    image[texel] = _nearest_colors(spots, _smooth_normals(points, faces, face, weights), *samples)
    uvs = uv_texels / size
    uvs[..., 1] = 1.0 - uvs[..., 1]
    return shaded(corners, uvs, CREASE_DEGREES), _spread(image.reshape(size, size, 3), texel)


def thinned(triangles: Array, count: int) -> tuple[Array, Array]:
    """Vertices [n, 3] and faces [m, 3] of a triangle soup [F, 3, 3], welded and simplified to about `count` faces."""
    grid = max(float(np.ptp(triangles.reshape(-1, 3), axis=0).max()) * 1e-5, 1e-9)
    _, first, index = np.unique(
        np.round(triangles.reshape(-1, 3) / grid).astype(np.int64), axis=0, return_index=True, return_inverse=True
    )
    points, faces = triangles.reshape(-1, 3)[first], _proper(index.reshape(-1, 3))
    for aggressiveness in (5.0, 7.0, 9.0):
        if len(faces) <= count:
            break
        points, faces = fast_simplification.simplify(
            points, faces.astype(np.int32), target_count=count, agg=aggressiveness
        )[:2]
        faces = _proper(np.asarray(faces, dtype=np.int64))
    kept = _areas(points[faces]) > 1e-12
    return np.asarray(points, dtype=float), faces[kept]


# -------------------------------------------------------------------------------------------------------------- islands


def _islands(points: Array, faces: Array) -> tuple[Array, Array]:
    """For each face the axis (index into AXES) that it is seen from, and the number of its island."""
    facing = _face_normals(points[faces]) @ AXES.T
    axis = facing.argmax(axis=1)
    first, second = _neighbours(faces)
    for _ in range(4):  # a face joins the island that most of its neighbours are in, where it can be seen from there
        votes = np.zeros((len(faces), len(AXES)))
        np.add.at(votes, (first, axis[second]), 1.0)
        np.add.at(votes, (second, axis[first]), 1.0)
        votes[np.arange(len(faces)), axis] += 0.5
        axis = np.where(facing > LEAST_SLOPE, votes, -1.0).argmax(axis=1)
    same = axis[first] == axis[second]
    graph = coo_matrix((np.ones(same.sum()), (first[same], second[same])), shape=(len(faces), len(faces)))
    return axis, connected_components(graph, directed=False)[1]


def _neighbours(faces: Array) -> tuple[Array, Array]:
    """Pairs of faces that share an edge."""
    edges = np.sort(faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    owner = np.repeat(np.arange(len(faces)), 3)
    order = np.lexsort(edges.T)
    edges, owner = edges[order], owner[order]
    equal = np.flatnonzero((edges[1:] == edges[:-1]).all(axis=1))
    return owner[equal], owner[equal + 1]


def _flattened(corners: Array, axis: Array) -> Array:
    """Corners [F, 3, 2] seen along the axis of each face, in metres, mirrored nowhere."""
    others = np.array([[1, 2], [2, 0], [0, 1]])[axis % 3]
    flat = np.take_along_axis(corners, others[:, None, :].repeat(3, axis=1), axis=2)
    flat[..., 0] *= np.where(axis < 3, 1.0, -1.0)[:, None]
    return flat


def _packed(flat: Array, island: Array, size: int) -> Array:
    """Texture coordinates in texels [F, 3, 2]: every island at the same scale, as large as the texture holds."""
    count = int(island.max()) + 1
    low, high = np.full((count, 2), np.inf), np.full((count, 2), -np.inf)
    np.minimum.at(low, island, flat.min(axis=1))
    np.maximum.at(high, island, flat.max(axis=1))
    spans = high - low
    least, most = 0.0, size / max(float(spans.max()), 1e-9)
    for _ in range(24):
        middle = (least + most) / 2
        least, most = (middle, most) if _shelves(spans * middle, size) is not None else (least, middle)
    places = _shelves(spans * least, size)
    if places is None:  # thousands of specks: nothing fits even at scale zero, so they share a corner
        return np.full((*flat.shape[:2], 2), size / 2.0)
    return (flat - low[island][:, None]) * least + places[island][:, None] + PADDING


def _shelves(spans: Array, size: int) -> Array | None:
    """Lower corners [n, 2] of rectangles put on shelves, highest first; None where they do not fit."""
    boxes = np.ceil(spans) + 2 * PADDING
    places = np.zeros_like(boxes)
    x, y, shelf = 0.0, 0.0, 0.0
    for index in np.lexsort((-boxes[:, 0], -boxes[:, 1])):
        width, height = boxes[index]
        if x + width > size:
            x, y, shelf = 0.0, y + shelf, 0.0
        if width > size or y + height > size:
            return None
        places[index], x, shelf = (x, y), x + width, max(shelf, height)
    return places


# --------------------------------------------------------------------------------------------------------------- texels


def _covered(uv: Array, size: int) -> tuple[Array, Array, Array]:
    """Texels inside faces: their index in the image, their face, and where in it (barycentric, [n, 3])."""
    texels, faces, weights = [], [], []
    low = np.floor(uv.min(axis=1) - 0.5).astype(int).clip(0, size - 1)
    high = np.ceil(uv.max(axis=1) + 0.5).astype(int).clip(1, size)
    for index, (corners, (x0, y0), (x1, y1)) in enumerate(zip(uv, low.tolist(), high.tolist(), strict=True)):
        x, y = (axis.ravel() for axis in np.meshgrid(np.arange(x0, x1), np.arange(y0, y1)))
        at = _barycentric(corners, np.stack([x, y], axis=1) + 0.5)
        inside = at.min(axis=1) > -0.02
        if not inside.any():  # a face smaller than a texel still colours the one that it lies in
            inside = np.arange(len(x)) == int(np.argmax(at.min(axis=1)))
        texels.append((y * size + x)[inside])
        faces.append(np.full(int(inside.sum()), index))
        weights.append(at[inside])
    at = np.concatenate(weights).clip(0.0, 1.0)
    return np.concatenate(texels), np.concatenate(faces), at / np.maximum(at.sum(axis=1, keepdims=True), 1e-9)


def _barycentric(corners: Array, points: Array) -> Array:
    (ax, ay), (bx, by), (cx, cy) = corners
    area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    if abs(area) < 1e-9:
        return np.full((len(points), 3), 1 / 3)
    v = ((points[:, 0] - ax) * (cy - ay) - (cx - ax) * (points[:, 1] - ay)) / area
    w = ((bx - ax) * (points[:, 1] - ay) - (points[:, 0] - ax) * (by - ay)) / area
    return np.stack([1 - v - w, v, w], axis=1)


def _nearest_colors(spots: Array, facing: Array, points: Array, normals: Array, colors: Array) -> Array:
    """For each spot the mean colour of the nearest original points, those that face the same way first."""
    weight = NORMAL_WEIGHT * float(np.linalg.norm(np.ptp(points, axis=0)))
    tree = KDTree(np.concatenate([points, weight * normals], axis=1))
    _, index = tree.query(np.concatenate([spots, weight * facing], axis=1), k=min(NEIGHBOURS, len(points)))
    return colors[np.asarray(index).reshape(len(spots), -1)].mean(axis=1)


def _smooth_normals(points: Array, faces: Array, face: Array, weights: Array) -> Array:
    """Unit normals at barycentric `weights` of `face`, from those of the vertices: a sliver's own may point anywhere."""
    corners = points[faces]
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(points)
    for corner in range(3):
        np.add.at(normals, faces[:, corner], cross)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-15)
    mean = np.einsum("nk,nkc->nc", weights, normals[faces[face]])
    return mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-15)


def _spread(image: Array, texels: Array) -> Array:
    """The image with every texel that no face covers coloured like the nearest that one does."""
    empty = np.ones(image.shape[:2], dtype=bool)
    empty.reshape(-1)[texels] = False
    nearest: Any = distance_transform_edt(empty, return_distances=False, return_indices=True)
    return image[nearest[0], nearest[1]]


def _texels(image: Array, uvs: Array) -> Array:
    """Colours at texture coordinates (v upwards), interpolated; the image repeats."""
    height, width = image.shape[:2]
    x, y = uvs[:, 0] * width - 0.5, (1.0 - uvs[:, 1]) * height - 0.5
    column, row = np.floor(x).astype(int), np.floor(y).astype(int)
    s, t = (x - column)[:, None], (y - row)[:, None]
    left, right, upper, lower = column % width, (column + 1) % width, row % height, (row + 1) % height
    above = image[upper, left] * (1 - s) + image[upper, right] * s
    below = image[lower, left] * (1 - s) + image[lower, right] * s
    return above * (1 - t) + below * t


def _areas(triangles: Array) -> Array:
    cross = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    return np.linalg.norm(cross, axis=1) / 2


def _face_normals(triangles: Array) -> Array:
    cross = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    return cross / np.maximum(np.linalg.norm(cross, axis=1, keepdims=True), 1e-15)


def _proper(faces: Array) -> Array:
    """Faces with three different vertices."""
    return faces[distinct(faces)]


def distinct(faces: Array) -> Array:
    """Which faces have three different vertices: [m] bool."""
    return (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])

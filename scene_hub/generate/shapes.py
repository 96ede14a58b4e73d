"""Geometry building blocks: closed, textured, correctly shaded triangle surfaces in metres.

A `Surface` is a triangle soup that carries a normal and a texture coordinate at every corner. Soup makes composition
trivial (concatenate) and leaves it to the exporter to weld equal corners. Every block returns outward normals, round
where the form is round and split where it has an edge (`CREASE_DEGREES`).

2D outlines are [n, 2] arrays, counter-clockwise, not repeating the first point. Profiles are [m, 2] arrays of (radius or
offset, z), running from the bottom middle outward, up the outside, and over the rim down the inside for a vessel.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import mapbox_earcut
import numpy as np

CREASE_DEGREES = 42.0

Array = np.ndarray


@dataclass(frozen=True)
class Surface:
    """Triangles [F, 3, 3], their corner normals [F, 3, 3] and texture coordinates [F, 3, 2]."""

    triangles: Array
    normals: Array
    uvs: Array

    def __len__(self) -> int:
        return len(self.triangles)

    @property
    def points(self) -> Array:
        """Every corner, [3 F, 3]."""
        return self.triangles.reshape(-1, 3)

    @property
    def bounds(self) -> Array:
        """[2, 3]: the least and the greatest corner."""
        return np.stack([self.points.min(axis=0), self.points.max(axis=0)])

    @property
    def volume(self) -> float:
        """Enclosed volume (cubic metres) of a closed surface."""
        a, b, c = np.moveaxis(self.triangles, 1, 0)
        return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6.0)

    @property
    def centroid(self) -> Array:
        """Centre of the enclosed volume."""
        a, b, c = np.moveaxis(self.triangles, 1, 0)
        weights = np.einsum("ij,ij->i", a, np.cross(b, c))
        return np.einsum("i,ij->j", weights, a + b + c) / (4.0 * weights.sum())

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> "Surface":
        return Surface(self.triangles + np.array([x, y, z]), self.normals, self.uvs)

    def rotated(self, axis: str, degrees: float) -> "Surface":
        """Turned about a coordinate axis ("x", "y" or "z") through the origin, right-handed."""
        matrix = rotation(axis, degrees)
        return Surface(self.triangles @ matrix.T, self.normals @ matrix.T, self.uvs)

    def scaled(self, x: float, y: float, z: float) -> "Surface":
        """Stretched along the axes by positive factors."""
        factors = np.array([x, y, z])
        normals = self.normals / factors
        return Surface(self.triangles * factors, _unit(normals), self.uvs)

    def mirrored(self, axis: str) -> "Surface":
        """Reflected in the plane through the origin across `axis`."""
        factors = np.where(np.arange(3) == "xyz".index(axis), -1.0, 1.0)
        flip = [0, 2, 1]
        return Surface((self.triangles * factors)[:, flip], (self.normals * factors)[:, flip], self.uvs[:, flip])

    def inverted(self) -> "Surface":
        """The same surface seen from its other side."""
        flip = [0, 2, 1]
        return Surface(self.triangles[:, flip], -self.normals[:, flip], self.uvs[:, flip])

    def warped(self, warp: Callable[[Array], Array], crease: float = CREASE_DEGREES) -> "Surface":
        """Every point moved by `warp` ([n, 3] -> [n, 3]); normals computed anew."""
        return shaded(warp(self.points).reshape(-1, 3, 3), self.uvs, crease)

    def uv_scaled(self, u: float, v: float) -> "Surface":
        return Surface(self.triangles, self.normals, self.uvs * np.array([u, v]))

    def projected(self, tile: float, along: str = "x") -> "Surface":
        """Texture laid on as from six sides, one repeat every `tile` metres, its u axis along `along` where it can be."""
        return Surface(self.triangles, self.normals, _box_projection(self.triangles, along) / tile)


def rotation(axis: str, degrees: float) -> Array:
    """[3, 3] right-handed rotation matrix about a coordinate axis."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(3)
    matrix[i, i], matrix[i, j], matrix[j, i], matrix[j, j] = c, -s, s, c
    return matrix


def joined(surfaces: Sequence[Surface]) -> Surface:
    """All surfaces as one."""
    return Surface(
        np.concatenate([surface.triangles for surface in surfaces]),
        np.concatenate([surface.normals for surface in surfaces]),
        np.concatenate([surface.uvs for surface in surfaces]),
    )


# ------------------------------------------------------------------------------------------------------------- outlines


def circle(segments: int) -> Array:
    """Unit circle."""
    angles = np.arange(segments) * (2 * np.pi / segments)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def superellipse(segments: int, exponent: float) -> Array:
    """Unit superellipse: exponent 2 is a circle, larger ones approach a square."""
    direction = circle(segments)
    return np.sign(direction) * np.abs(direction) ** (2.0 / exponent)


def rounded_rectangle(half_x: float, half_y: float, radius: float, steps: int = 4) -> Array:
    """Rectangle with rounded corners of `steps` + 1 points each."""
    radius = float(np.clip(radius, 1e-5, min(half_x, half_y) * 0.999))
    angles = np.linspace(0.0, np.pi / 2, steps + 1)
    arc = np.stack([np.cos(angles), np.sin(angles)], axis=1) * radius
    corners = []
    for quarter, (sx, sy) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        turn = rotation("z", 90.0 * quarter)[:2, :2]
        corners.append(arc @ turn.T + np.array([sx * (half_x - radius), sy * (half_y - radius)]))
    return np.concatenate(corners)


def rounded(points: Sequence[Sequence[float]], steps: int = 3, closed: bool = False) -> Array:
    """A polyline whose corners are rounded: points are (a, b) for a sharp or (a, b, radius) for a rounded corner."""
    corners = np.array([point[:2] for point in points], dtype=float)
    radii = [point[2] if len(point) > 2 else 0.0 for point in points]
    count = len(corners)
    result: list[Array] = []
    for i, (corner, radius) in enumerate(zip(corners, radii, strict=True)):
        if radius <= 0 or (not closed and i in (0, count - 1)):
            result.append(corner[None])
            continue
        before, after = corners[i - 1] - corner, corners[(i + 1) % count] - corner
        reach = min(radius, 0.49 * np.linalg.norm(before), 0.49 * np.linalg.norm(after))
        start, end = corner + before / np.linalg.norm(before) * reach, corner + after / np.linalg.norm(after) * reach
        t = np.linspace(0.0, 1.0, steps + 1)[:, None]
        result.append((1 - t) ** 2 * start + 2 * t * (1 - t) * corner + t**2 * end)
    return np.concatenate(result)


def spline(points: Sequence[Sequence[float]], count: int, closed: bool = False) -> Array:
    """A smooth curve (Catmull-Rom) through points of any dimension, `count` samples from the first to the last."""
    knots = np.asarray(points, dtype=float)
    if closed:
        knots = np.concatenate([knots[-1:], knots, knots[:2]])
    else:
        knots = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    spans = len(knots) - 3
    at = np.linspace(0.0, spans, count, endpoint=not closed)
    index = np.minimum(at.astype(int), spans - 1)
    t = (at - index)[:, None]
    a, b, c, d = (knots[index + k] for k in range(4))
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def offset_outline(outline: Array, distance: float) -> Array:
    """The outline moved outward by `distance` (inward if negative), corner by corner."""
    edges = np.roll(outline, -1, axis=0) - outline
    normals = _unit(np.stack([edges[:, 1], -edges[:, 0]], axis=1))
    before = np.roll(normals, 1, axis=0)
    bisector = normals + before
    length = np.maximum(np.einsum("ij,ij->i", bisector, bisector), 0.6)
    return outline + bisector * (2.0 * distance / length)[:, None]


# --------------------------------------------------------------------------------------------------------------- solids


def loft(rings: Array, uv_size: tuple[float, float] = (1.0, 1.0), crease: float = CREASE_DEGREES) -> Surface:
    """Skin over closed rings [m, n, 3], each counter-clockwise seen from the end to which the rings run.

    A first or last ring of zero size closes the end. u runs once around times `uv_size[0]`, v along the length of the
    skin times `uv_size[1]`.
    """
    rings = np.asarray(rings, dtype=float)
    n = rings.shape[1]
    wrapped = np.concatenate([rings, rings[:, :1]], axis=1)
    steps = np.linalg.norm(np.diff(rings, axis=0), axis=2).mean(axis=1)
    v = np.concatenate([[0.0], np.cumsum(steps)]) / max(float(steps.sum()), 1e-9)
    uv = np.stack(np.broadcast_arrays(np.linspace(0, uv_size[0], n + 1)[None], (v * uv_size[1])[:, None]), axis=2)
    a, b = (slice(None, -1), slice(None, -1)), (slice(None, -1), slice(1, None))
    c, d = (slice(1, None), slice(1, None)), (slice(1, None), slice(None, -1))
    triangles = np.concatenate([_corners(wrapped, a, b, c), _corners(wrapped, a, c, d)])
    uvs = np.concatenate([_corners(uv, a, b, c), _corners(uv, a, c, d)])
    return shaded(triangles, uvs, crease)


def lathe(
    profile: Array,
    segments: int,
    outline: Array | None = None,
    uv_size: tuple[float, float] = (1.0, 1.0),
    crease: float = CREASE_DEGREES,
) -> Surface:
    """`profile` turned about z. `outline` (a unit outline such as `superellipse`) replaces the circle."""
    unit = circle(segments) if outline is None else outline
    profile = np.asarray(profile, dtype=float)
    rings = np.concatenate(
        [
            unit[None] * profile[:, :1, None],
            np.broadcast_to(profile[:, 1][:, None, None], (len(profile), len(unit), 1)),
        ],
        axis=2,
    )
    return loft(rings, uv_size, crease)


def offset_loft(
    profile: Array, outline: Callable[[float], Array], uv_size: tuple[float, float] = (1.0, 1.0)
) -> Surface:
    """Like `lathe`, for vessels that are not round: `outline(offset)` gives the ring of each profile point."""
    rings = []
    for offset, z in np.asarray(profile, dtype=float):
        ring = outline(float(offset))
        rings.append(np.concatenate([ring, np.full((len(ring), 1), z)], axis=1))
    return loft(np.stack(rings), uv_size)


def extrude(outline: Array, height: float, bevel: float = 0.0, steps: int = 1, taper: float = 0.0) -> Surface:
    """A plate: `outline` from z = 0 to `height`, its edges rounded by `bevel` in `steps`, its top inset by `taper`.

    u, v are x, y over the bounding box of the outline on the caps; on the rim u runs around and v up.
    """
    outline = np.asarray(outline, dtype=float)
    if bevel > 0:
        angles = np.linspace(0.0, np.pi / 2, steps + 1)
        curve = np.stack([bevel * (np.sin(angles) - 1.0), bevel * (1.0 - np.cos(angles))], axis=1)
        top = np.stack([curve[::-1, 0], height - curve[::-1, 1]], axis=1)
        profile = np.concatenate([curve, top])
    else:
        profile = np.array([[0.0, 0.0], [0.0, height]])
    profile = profile - np.stack([taper * profile[:, 1] / height, np.zeros(len(profile))], axis=1)
    rim = offset_loft(profile, lambda offset: offset_outline(outline, offset))
    low, span = outline.min(axis=0), np.ptp(outline, axis=0)
    caps = [
        cap(offset_outline(outline, profile[0, 0]), 0.0, False, low, span),
        cap(offset_outline(outline, profile[-1, 0]), height, True, low, span),
    ]
    body = joined([rim, *caps])
    return shaded(body.triangles, body.uvs) if bevel > 0 and steps > 1 else body


def cap(outline: Array, z: float, upward: bool, low: Array | None = None, span: Array | None = None) -> Surface:
    """The flat inside of an outline at height `z`, facing up or down; u, v from 0 to 1 over its bounding box."""
    low = outline.min(axis=0) if low is None else low
    span = np.ptp(outline, axis=0) if span is None else span
    faces = (
        mapbox_earcut.triangulate_float64(outline, np.array([len(outline)], dtype=np.uint32)).reshape(-1, 3).astype(int)
    )
    flat = outline[faces]
    ab, ac = flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0]
    clockwise = ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0] < 0
    flat[clockwise] = flat[clockwise][:, [0, 2, 1]]
    triangles = np.concatenate([flat, np.full((*flat.shape[:2], 1), z)], axis=2)
    surface = shaded(triangles, (flat - low) / span)
    return surface if upward else surface.inverted()


def sweep(
    path: Array, section: Array, scale: Array | float = 1.0, up: Sequence[float] = (0.0, 0.0, 1.0), closed: bool = False
) -> Surface:
    """`section` (an outline, metres) carried along `path` [k, 3] and scaled by `scale` ([k] or [k, 2]) at each point.

    The section's first axis points sideways, its second along `up` as far as the path lets it. Open ends are closed.
    """
    path = np.asarray(path, dtype=float)
    count = len(path)
    if closed:
        tangents = np.roll(path, -1, axis=0) - np.roll(path, 1, axis=0)
    else:
        tangents = np.gradient(path, axis=0)
    tangents = _unit(tangents)
    ups = np.empty_like(path)
    lean = np.asarray(up, dtype=float)
    for i in range(count):  # the frame is carried along, so that it never flips where the path runs along `up`
        lean = lean - tangents[i] * (lean @ tangents[i])
        lean = lean / max(float(np.linalg.norm(lean)), 1e-9)
        ups[i] = lean
    sides = np.cross(ups, tangents)
    factors = np.asarray(scale, dtype=float)
    factors = np.broadcast_to(factors[:, None] if factors.ndim == 1 else factors, (count, 2))
    rings = (
        path[:, None]
        + (section[None, :, :1] * factors[:, None, :1]) * sides[:, None]
        + (section[None, :, 1:] * factors[:, None, 1:]) * ups[:, None]
    )
    if closed:
        rings = np.concatenate([rings, rings[:1]])
    else:
        ends = [np.broadcast_to(ring.mean(axis=0), ring.shape)[None] for ring in (rings[0], rings[-1])]
        rings = np.concatenate([ends[0], rings, ends[1]])
    # Sides, up and the path are right-handed in this order, so a counter-clockwise section already faces outward.
    return loft(rings)


def ellipsoid(half_x: float, half_y: float, half_z: float, segments: int, rings: int, flat: float = 0.0) -> Surface:
    """An ellipsoid about the origin; its lowest `flat` metres are pressed flat, so that it rests."""
    angles = np.linspace(-np.pi / 2, np.pi / 2, rings + 1)
    profile = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    profile[[0, -1], 0] = 0.0
    surface = lathe(profile, segments, crease=80.0).scaled(half_x, half_y, half_z)
    return flattened(surface, -half_z + flat) if flat > 0 else surface


def flattened(surface: Surface, z: float) -> Surface:
    """The surface with everything below `z` pressed up to it."""
    triangles = surface.triangles.copy()
    triangles[..., 2] = np.maximum(triangles[..., 2], z)
    return Surface(triangles, surface.normals, surface.uvs)


def box(size_x: float, size_y: float, size_z: float) -> Surface:
    """A sharp box on z = 0 about the z axis. Each of the six faces shows the whole texture, upright on the four sides."""
    x, y, z = size_x / 2, size_y / 2, size_z
    corners = np.array([[-x, -y, 0], [x, -y, 0], [x, y, 0], [-x, y, 0], [-x, -y, z], [x, -y, z], [x, y, z], [-x, y, z]])
    faces = {"front": (0, 1, 5, 4), "right": (1, 2, 6, 5), "back": (2, 3, 7, 6), "left": (3, 0, 4, 7)}
    quads = [*faces.values(), (4, 5, 6, 7), (3, 2, 1, 0)]
    return joined([quad(*corners[list(indices)]) for indices in quads])


BOX_FACES = ("front", "right", "back", "left", "top", "bottom")


def atlas_box(
    size_x: float, size_y: float, size_z: float, cells: dict[str, tuple[float, float, float, float]]
) -> Surface:
    """`box` whose faces show cells (u0, v0, u1, v1) of one texture; faces are named as in BOX_FACES."""
    plain = box(size_x, size_y, size_z)
    uvs = plain.uvs.copy()
    for index, face in enumerate(BOX_FACES):
        u0, v0, u1, v1 = cells[face]
        rows = slice(2 * index, 2 * index + 2)
        uvs[rows] = uvs[rows] * np.array([u1 - u0, v1 - v0]) + np.array([u0, v0])
    return Surface(plain.triangles, plain.normals, uvs)


def quad(a: Array, b: Array, c: Array, d: Array) -> Surface:
    """A flat quadrilateral with counter-clockwise corners; texture coordinates (0,0), (1,0), (1,1), (0,1)."""
    corners, uv = np.stack([a, b, c, d]).astype(float), np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    index = np.array([[0, 1, 2], [0, 2, 3]])
    return shaded(corners[index], uv[index])


def rounded_box(size_x: float, size_y: float, size_z: float, radius: float, steps: int = 2) -> Surface:
    """A box on z = 0 with all its edges and corners rounded."""
    return extrude(rounded_rectangle(size_x / 2, size_y / 2, radius * 1.2, steps), size_z, radius, steps)


def cylinder(radius: float, height: float, segments: int, bevel: float = 0.0, steps: int = 2) -> Surface:
    """A solid cylinder on z = 0 with rounded edges; u once around, v along the profile from the bottom middle."""
    profile = rounded([(0, 0), (radius, 0, bevel), (radius, height, bevel), (0, height)], steps)
    return lathe(profile, segments)


def capsule(radius: float, length: float, segments: int, steps: int = 4) -> Surface:
    """A rod along x about the origin with hemispherical ends; `length` counts the ends."""
    angles = np.linspace(0, np.pi / 2, steps + 1)
    half = length / 2 - radius
    low = np.stack([radius * np.sin(angles), -half - radius * np.cos(angles)], axis=1)
    return lathe(np.concatenate([low, low[::-1] * [1, -1]]), segments).rotated("y", 90.0)


# -------------------------------------------------------------------------------------------------------------- shading


def shaded(triangles: Array, uvs: Array, crease: float = CREASE_DEGREES) -> Surface:
    """Triangles with normals averaged over all neighbours that meet at less than `crease` degrees; empty ones go."""
    edges = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    areas = np.linalg.norm(edges, axis=1)
    kept = areas > 1e-12
    triangles, uvs, edges, areas = triangles[kept], uvs[kept], edges[kept], areas[kept]
    flat = edges / areas[:, None]
    corners = np.arange(3 * len(triangles))
    face_of = corners // 3
    _, vertex_of = np.unique(np.round(triangles.reshape(-1, 3), 6), axis=0, return_inverse=True)
    vertex_of = vertex_of.reshape(-1)
    order = np.argsort(vertex_of, kind="stable")
    sorted_vertex = vertex_of[order]
    starts = np.searchsorted(sorted_vertex, sorted_vertex, side="left")
    counts = np.searchsorted(sorted_vertex, sorted_vertex, side="right") - starts
    mine = np.repeat(order, counts)
    within = np.arange(len(mine)) - np.repeat(np.cumsum(counts) - counts, counts)
    theirs = order[np.repeat(starts, counts) + within]
    close = np.einsum("ij,ij->i", flat[face_of[mine]], flat[face_of[theirs]]) > np.cos(np.radians(crease))
    weights = (areas[:, None] * _corner_angles(triangles)).reshape(-1)
    normals = np.zeros((len(corners), 3))
    np.add.at(normals, mine[close], flat[face_of[theirs[close]]] * weights[theirs[close]][:, None])
    return Surface(triangles, _unit(normals).reshape(-1, 3, 3), uvs)


def _corner_angles(triangles: Array) -> Array:
    angles = []
    for i in range(3):
        u, v = triangles[:, (i + 1) % 3] - triangles[:, i], triangles[:, (i + 2) % 3] - triangles[:, i]
        angles.append(np.arccos(np.clip(np.einsum("ij,ij->i", _unit(u), _unit(v)), -1.0, 1.0)))
    return np.stack(angles, axis=1)


def _box_projection(triangles: Array, along: str) -> Array:
    normals = np.abs(np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]))
    main = "xyz".index(along)
    uvs = np.empty((*triangles.shape[:2], 2))
    for axis in range(3):
        chosen = normals.argmax(axis=1) == axis
        others = [k for k in range(3) if k != axis]
        others.sort(key=lambda k: k != main)
        uvs[chosen] = triangles[chosen][..., others]
    return uvs


def _corners(grid: Array, *corners: tuple[slice, slice]) -> Array:
    return np.stack([grid[corner].reshape(-1, grid.shape[-1]) for corner in corners], axis=1)


def _unit(vectors: Array) -> Array:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)

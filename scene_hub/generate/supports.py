"""Where a thing of unknown form receives another: the inside floor of a container, the top plane of a surface.

The thing is looked at from above, as a field of heights on a grid. A container is where that field would hold water: the water
stands up to where it spills, and whatever reaches far higher there, such as the handle over a basket, is no rim but in the way.
"""

import heapq
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import trimesh
from scipy.ndimage import binary_dilation, label

from scene_hub.schema import Support

CELLS = 48  # of the height field, along the longer side
LEAST_DEPTH = 0.012  # metres between floor and spill, for a container
LEAST_HALF = 0.014  # metres, of the clear floor or surface
SUMMIT_DEPTH = 0.005  # metres below the highest point that count as the top of something that is not level
FLOOR_RISE = 0.25  # of the depth: what is lower counts as floor
PLANE_TOLERANCE = 0.003  # metres, of a surface
TABLE_TOLERANCE = 0.012  # metres, of a table's top, which generators leave wavy
RIM_RISE = 0.5  # of the depth, above the spill: what is higher is a handle

Array = np.ndarray


class HeightField:
    """Heights of things seen from above: `z` [rows, columns], row along y, -inf where there is nothing.

    `pieces` are closed meshes; cells are squares of side `cell` (metres), the middle of cell (0, 0) is `origin` (x, y).
    """

    def __init__(self, pieces: Sequence[trimesh.Trimesh], cells: int = CELLS) -> None:
        triangles = np.concatenate([np.asarray(piece.triangles) for piece in pieces])
        low, high = triangles.reshape(-1, 3).min(axis=0)[:2], triangles.reshape(-1, 3).max(axis=0)[:2]
        self.cell = float((high - low).max()) / cells
        columns, rows = np.maximum(np.ceil((high - low) / self.cell - 1e-6).astype(int), 1).tolist()
        self.origin = (low + high) / 2 - self.cell * (np.array([columns, rows]) - 1) / 2
        self.z = np.full((rows, columns), -np.inf)
        for corners in triangles:
            self._raise(corners)

    def _raise(self, corners: Array) -> None:
        """Lift the cells below a triangle to it."""
        x0, y0 = np.ceil((corners[:, :2].min(axis=0) - self.origin) / self.cell - 1e-9).astype(int).clip(0)
        x1, y1 = np.floor((corners[:, :2].max(axis=0) - self.origin) / self.cell + 1e-9).astype(int)
        x1, y1 = min(int(x1), self.z.shape[1] - 1), min(int(y1), self.z.shape[0] - 1)
        (ax, ay, az), (bx, by, bz), (cx, cy, cz) = corners.tolist()
        area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
        if x1 < x0 or y1 < y0 or abs(area) < 1e-12:
            return
        x = self.origin[0] + self.cell * np.arange(x0, x1 + 1)[None]
        y = self.origin[1] + self.cell * np.arange(y0, y1 + 1)[:, None]
        v = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / area
        w = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / area
        height = np.where(
            (v >= -1e-6) & (w >= -1e-6) & (v + w <= 1 + 1e-6), az + v * (bz - az) + w * (cz - az), -np.inf
        )
        view = self.z[y0 : y1 + 1, x0 : x1 + 1]
        np.maximum(view, height, out=view)

    def water(self) -> Array:
        """The level up to which water would stand over each cell; the height itself where none stays.

        The flood comes in from the border, always at its lowest point (Barnes, Lehman and Mulla 2014).
        """
        padded = np.pad(self.z, 1, constant_values=-np.inf)
        level, known = padded.copy(), np.zeros(padded.shape, dtype=bool)
        known[[0, -1]], known[:, [0, -1]] = True, True
        front = [(-np.inf, int(r), int(c)) for r, c in np.argwhere(known)]
        while front:
            height, row, column = heapq.heappop(front)
            for r, c in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
                if 0 <= r < known.shape[0] and 0 <= c < known.shape[1] and not known[r, c]:
                    known[r, c] = True
                    level[r, c] = max(height, padded[r, c])
                    heapq.heappush(front, (float(level[r, c]), r, c))
        return level[1:-1, 1:-1]

    def support(self, kind: Literal["container", "surface"], clear: Array, z: float, rim: float) -> Support | None:
        """The support over the largest rectangle of `clear` cells, None where it is too small."""
        found = largest_rectangle(clear)
        if found is None:
            return None
        (row, column), (rows, columns) = found
        half_x, half_y = columns * self.cell / 2, rows * self.cell / 2
        if min(half_x, half_y) < LEAST_HALF:
            return None
        x, y = self.origin + self.cell * (np.array([column, row]) + (np.array([columns, rows]) - 1) / 2)
        return Support(
            kind=kind,
            position=(round(float(x), 5) + 0.0, round(float(y), 5) + 0.0, round(z, 5) + 0.0),
            half_extents=(round(half_x, 5), round(half_y, 5)),
            rim_height=round(max(rim, z), 5) + 0.0,
        )


def container(pieces: Sequence[trimesh.Trimesh]) -> Support | None:
    """The inside of an open container made of convex `pieces` in the asset frame; None where it is not one."""
    field = HeightField(pieces)
    water = field.water()
    pool = _largest_pool(field, water)
    if pool is None:
        return None
    floor, spill = float(np.quantile(field.z[pool], 0.1)), float(np.median(water[pool]))
    if spill - floor < LEAST_DEPTH:
        return None
    clear = pool & (field.z <= floor + FLOOR_RISE * (spill - floor))
    lowest = field.z[pool & (field.z <= floor + 0.1 * (spill - floor))]
    around = field.z[binary_dilation(pool, iterations=3) & ~pool]
    around = around[np.isfinite(around) & (around <= spill + RIM_RISE * (spill - floor))]
    return field.support("container", clear, float(np.median(lowest)), float(max(spill, around.max(initial=spill))))


def room_inside(pieces: Sequence[trimesh.Trimesh]) -> Array:
    """Points [n, 3] spread over the room inside a container, where water would stand; none where it holds nothing."""
    field = HeightField(pieces)
    water = field.water()
    pool = _largest_pool(field, water)
    if pool is None:
        return np.zeros((0, 3))
    rows, columns = np.nonzero(pool)
    x, y = field.origin[0] + field.cell * columns, field.origin[1] + field.cell * rows
    low, high = field.z[pool], water[pool]
    layers = [low + share * (high - low) for share in (0.15, 0.4, 0.65, 0.9)]
    return np.concatenate([np.column_stack([x, y, z]) for z in layers])


def surface(pieces: Sequence[trimesh.Trimesh], tolerance: float = PLANE_TOLERANCE) -> Support | None:
    """The level plane on top of something made of convex `pieces`; None where it has none to speak of.

    Level means within `tolerance` metres.
    """
    field = HeightField(pieces)
    heights = field.z[np.isfinite(field.z)]
    steps = np.round(heights / tolerance).astype(int)
    values, counts = np.unique(steps, return_counts=True)
    z = float(np.median(heights[np.abs(steps - values[counts.argmax()]) <= 1]))
    clear = np.abs(field.z - z) <= tolerance
    near = field.z[binary_dilation(clear, iterations=3) & np.isfinite(field.z)]
    return field.support("surface", clear, z, float(near.max()))


def summit(pieces: Sequence[trimesh.Trimesh]) -> Support:
    """The top of something that is neither level nor open above: where a thing would have to be put, if it stayed there."""
    field = HeightField(pieces)
    highest = float(field.z.max())
    found = largest_rectangle(field.z >= highest - SUMMIT_DEPTH)
    assert found is not None, "the highest cell is at its own height"
    (row, column), (rows, columns) = found
    x, y = field.origin + field.cell * (np.array([column, row]) + (np.array([columns, rows]) - 1) / 2)
    return Support(
        kind="surface",
        position=(round(float(x), 5) + 0.0, round(float(y), 5) + 0.0, round(highest, 5) + 0.0),
        half_extents=(round(columns * field.cell / 2, 5), round(rows * field.cell / 2, 5)),
        rim_height=round(highest, 5) + 0.0,
    )


def share_of_footprint(support: Support, extents: Sequence[float]) -> float:
    """How much of an asset's footprint a support covers, 0 to 1."""
    return 4.0 * support.half_extents[0] * support.half_extents[1] / (extents[0] * extents[1])


def _largest_pool(field: HeightField, water: Array) -> Array | None:
    """The cells of the pool that holds the most water, None where none stays."""
    depth = np.subtract(water, field.z, out=np.zeros_like(water), where=np.isfinite(field.z))
    pools, count = _connected(depth > LEAST_DEPTH / 2)
    if count == 0:
        return None
    volumes = np.bincount(pools.ravel(), depth.ravel())
    volumes[0] = 0.0
    return pools == int(volumes.argmax())


def _connected(cells: Array) -> tuple[Array, int]:
    """Connected groups of true cells: their number at each cell, 0 elsewhere, and how many there are."""
    found: Any = label(cells)
    return found


def largest_rectangle(clear: Array) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """First cell (row, column) and size (rows, columns) of the best rectangle of true cells, None where there are none.

    The best has the longest short side, and of those the greatest long side, then the place nearest to the middle.
    """
    sums = np.pad(clear.astype(np.int64).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    sizes = [(rows, columns) for rows in range(1, clear.shape[0] + 1) for columns in range(1, clear.shape[1] + 1)]
    found: list[tuple[float, tuple[int, int], tuple[int, int]]] = []
    for rows, columns in sorted(sizes, key=lambda size: (-min(size), -max(size))):
        if found and (min(rows, columns), max(rows, columns)) != (min(found[0][2]), max(found[0][2])):
            break
        count = sums[rows:, columns:] - sums[:-rows, columns:] - sums[rows:, :-columns] + sums[:-rows, :-columns]
        places = np.argwhere(count == rows * columns)
        if len(places):
            middle = (np.array(clear.shape) - (rows, columns)) / 2
            distance = np.abs(places - middle).max(axis=1)
            row, column = places[distance.argmin()].tolist()
            found.append((float(distance.min()), (row, column), (rows, columns)))
    return min(found)[1:] if found else None

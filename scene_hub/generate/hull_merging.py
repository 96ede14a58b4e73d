"""Fewer convex pieces for a thing: neighbours are joined where that takes hardly any of the space around it.

A simulator looks at every piece in every step, and generators cut things into a hundred, most of them inside. What matters of
a thing is where other things can be: the space that a ball of PROBE gets to from outside, on a grid. A joint hull may fill
what is behind that, and little of the rest; and never the room inside a container, or nothing could be put into it.
"""

from collections.abc import Sequence

import numpy as np
from scipy.ndimage import distance_transform_edt, label
from scipy.spatial import ConvexHull, QhullError

from scene_hub.generate import supports
from scene_hub.generate.collision import Hull

CELLS = 48
"""Of the grid, along the longest side."""
FREE_SHARE = 0.04
"""Of the volume of the filled thing: free space that all joined hulls together may take before they have to."""
PROBE = 0.012
"""Metres, the radius of the smallest thing whose way counts: what is narrower holds nothing, and no finger reaches in."""
GAP = 1e-3
"""Metres between bounding boxes up to which pieces are neighbours."""

Array = np.ndarray


def merged(hulls: Sequence[Hull], most: int) -> list[Hull]:
    """As few hulls as take FREE_SHARE of the thing's volume from the space around it; at most `most`, as far as neighbours can
    be joined without filling the room inside a container.

    Those are joined first whose joint hull takes the least free space.
    """
    pieces: dict[int, Hull] = dict(enumerate(hulls))
    if len(pieces) < 2:
        return list(hulls)
    space = _Space(hulls)
    costs = {(i, j): space.taken(pieces[i], pieces[j]) for i in pieces for j in pieces if i < j and _near(pieces, i, j)}
    spent = 0.0
    while costs:
        (i, j), cost = min(costs.items(), key=lambda item: (item[1], item[0]))
        if not np.isfinite(cost) or (len(pieces) <= most and spent + cost > FREE_SHARE * space.filled):
            break
        spent += cost
        joint = _joint(pieces.pop(i), pieces.pop(j))
        new = max([*pieces, i, j]) + 1
        pieces[new] = joint
        costs = {pair: value for pair, value in costs.items() if not {i, j} & set(pair)}
        costs |= {(k, new): space.taken(pieces[k], joint) for k in pieces if k != new and _near(pieces, k, new)}
    return list(pieces.values())


class _Space:
    """The space around a thing: the cells of a grid that a ball gets to. `filled` (cubic metres): the others' volume."""

    def __init__(self, hulls: Sequence[Hull]) -> None:
        low, high = (f([f(hull.mesh.vertices, axis=0) for hull in hulls], axis=0) for f in (np.min, np.max))
        self._cell = float((high - low).max()) / CELLS
        margin = int(np.ceil(PROBE / self._cell)) + 1  # through which all that is outside is connected
        count = np.ceil((high - low) / self._cell).astype(int) + 2 * margin
        self._axes = [low[axis] + self._cell * (np.arange(count[axis]) + 0.5 - margin) for axis in range(3)]
        solid = np.zeros(count, dtype=bool)
        for hull in hulls:
            part, inside = self._inside(hull)
            solid[part] |= inside
        self._free = _reached(solid, PROBE / self._cell) & ~solid
        self.filled = float((~self._free).sum()) * self._cell**3
        self._room = supports.room_inside([hull.mesh for hull in hulls])

    def taken(self, first: Hull, second: Hull) -> float:
        """Cubic metres of free space in the hull of both; infinite where it reaches into the room inside a container."""
        vertices = np.concatenate([first.mesh.vertices, second.mesh.vertices])
        low, high = vertices.min(axis=0), vertices.max(axis=0)
        planes = _planes(vertices)
        near = self._room[np.all((self._room >= low) & (self._room <= high), axis=1)]
        if _within(planes, near).any():
            return float("inf")
        part = self._part(low, high)
        free = self._free[part]
        points = np.argwhere(free) * self._cell + [axis[s.start] for axis, s in zip(self._axes, part, strict=True)]
        return float(_within(planes, points).sum()) * self._cell**3

    def _inside(self, hull: Hull) -> tuple[tuple[slice, ...], Array]:
        """The cells of a hull's bounding box, and which of their middles it contains."""
        part = self._part(*hull.mesh.bounds)
        points = np.stack(np.meshgrid(*(axis[s] for axis, s in zip(self._axes, part, strict=True)), indexing="ij"), -1)
        return part, contained(hull, points.reshape(-1, 3)).reshape(points.shape[:-1])

    def _part(self, low: Array, high: Array) -> tuple[slice, ...]:
        """The cells whose middles lie in a box; the box lies in the grid."""
        return tuple(
            slice(*np.searchsorted(axis, (a, b)).tolist()) for axis, a, b in zip(self._axes, low, high, strict=True)
        )


def _reached(solid: Array, radius: float) -> Array:
    """The cells that a ball of `radius` cells, which comes from outside and keeps out of `solid`, covers somewhere."""
    numbers, _ = label(distance_transform_edt(~solid) > radius)  # type: ignore[misc]
    return distance_transform_edt(numbers != numbers[0, 0, 0]) <= radius  # type: ignore[operator]


def _joint(first: Hull, second: Hull) -> Hull:
    return Hull(np.concatenate([first.mesh.vertices, second.mesh.vertices]))


def _near(pieces: dict[int, Hull], i: int, j: int) -> bool:
    a, b = pieces[i].mesh.bounds, pieces[j].mesh.bounds
    return not (np.any(a[0] > b[1] + GAP) or np.any(b[0] > a[1] + GAP))


def contained(hull: Hull, points: Array) -> Array:
    """[n] which of `points` [n, 3] lie inside."""
    return _within(_planes(np.asarray(hull.mesh.vertices)), points)


def _planes(points: Array) -> Array | None:
    """The planes [n, 4] of the convex hull of points, their normals outward; None where it is flat."""
    try:
        return ConvexHull(points).equations
    except QhullError:
        return None


def _within(planes: Array | None, points: Array) -> Array:
    if planes is None or len(points) == 0:
        return np.zeros(len(points), dtype=bool)
    return (points @ planes[:, :3].T + planes[:, 3]).max(axis=1) < 0.0

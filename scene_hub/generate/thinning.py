"""Thinning a mesh with care: edges collapse one after the other, those first whose loss shows least.

    points, faces, parts = welded(skins)
    thinning = Thinning(points, faces, parts)
    thinning.reduce(1_500)  # thinning.points, .faces and .parts are what is left

For levels of detail that have to look right with few triangles: of imported assets, and of the links of robots.
"""

from collections.abc import Sequence

import numpy as np
from scipy.spatial import KDTree

from scene_hub.generate.baking import Skin, distinct

Array = np.ndarray


def welded(skins: Sequence[Skin]) -> tuple[Array, Array, Array]:
    """All skins as one mesh with shared vertices: points [n, 3], faces [m, 3], and the index of the skin of each face [m]."""
    triangles = np.concatenate([skin.surface.triangles for skin in skins])
    parts = np.repeat(np.arange(len(skins)), [len(skin.surface) for skin in skins])
    grid = max(float(np.ptp(triangles.reshape(-1, 3), axis=0).max()) * 1e-5, 1e-9)
    _, first, index = np.unique(
        np.round(triangles.reshape(-1, 3) / grid).astype(np.int64), axis=0, return_index=True, return_inverse=True
    )
    faces = index.reshape(-1, 3)
    kept = distinct(faces)
    return triangles.reshape(-1, 3)[first], faces[kept], parts[kept]


def zipped(points: Array, faces: Array, gap: float) -> tuple[Array, Array]:
    """Points and faces [m, 3] with vertices of open borders joined where another border is within `gap` (metres).

    Shells that only touch would come apart, each simplified for itself, and one would see through the crack. Faces may have
    become degenerate.
    """
    points, faces = points.copy(), faces.copy()
    for _ in range(4):
        edges, _, start, count = _edges(faces, len(points))
        border = np.unique(edges[start[count == 1]])
        if len(border) < 2:
            break
        near, other = KDTree(points[border]).query(points[border], k=min(8, len(border)), distance_upper_bound=gap)
        one = np.repeat(np.arange(len(border)), near.shape[1])
        two, distance = other.reshape(-1), near.reshape(-1)
        found = (two < len(border)) & (one != two)
        one, two, distance = one[found], two[found], distance[found]
        ends = np.sort(np.stack([border[one], border[two]], axis=1), axis=1)
        keys = edges[start]
        apart = ~np.isin(ends[:, 0] * len(points) + ends[:, 1], keys[:, 0] * len(points) + keys[:, 1])
        one, two, distance = one[apart], two[apart], distance[apart]
        order = np.lexsort([two, distance, one])
        nearest = np.full(len(border), -1)
        first = order[np.flatnonzero(np.diff(one[order], prepend=-1))]
        nearest[one[first]] = two[first]
        mine = np.flatnonzero((nearest > np.arange(len(border))) & (nearest[nearest] == np.arange(len(border))))
        if len(mine) == 0:
            break
        kept, gone = border[mine], border[nearest[mine]]
        points[kept] = (points[kept] + points[gone]) / 2
        index = np.arange(len(points))
        index[gone] = kept
        faces = index[faces]
    return points, faces


class Thinning:
    """A mesh that loses edges, those first that matter least (quadric error metrics, Garland and Heckbert 1997).

    Slower than `baking.thinned` and better by far where few triangles are left: open borders and the lines between parts keep
    their place, faces do not turn over, and holes too small to matter close. Each pass collapses many edges that do not touch
    one another, so numpy does the work. The same input gives the same mesh.

    Attributes:
        points, faces: vertices [n, 3] (metres) and faces [m, 3], as far as the mesh is thinned by now.
        parts: the part that each face belongs to, [m].
    """

    _BORDER, _SEAM = 6.0, 1.0  # weight of an open border and of a line between parts, beside the surface's 1
    _ANCHOR = 1e-3  # weight of staying in place, where the surface does not say
    _TURN = 0.2  # cosine by which a collapse may turn a face
    _SLIVER = 0.02  # height over length of a triangle that is none any more
    _SHARE, _EARLY_SHARE, _EARLY_FACES = 0.12, 0.3, 2_500  # of the edges may go in one pass; more while there are many
    _ROUNDS = 6

    def __init__(self, points: Array, faces: Array, parts: Array, weights: Array | None = None) -> None:
        """`weights` [m] say how much it matters that each face keeps its place; 1 if None."""
        self.points, self.faces, self.parts = points.copy(), faces.copy(), parts.copy()
        weights = np.ones(len(faces)) if weights is None else weights
        corners = points[faces]
        cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        double_areas = np.linalg.norm(cross, axis=1)
        self._facing = cross / np.maximum(double_areas, 1e-30)[:, None]
        self._quadrics = np.zeros((len(points), 10))
        masses = weights * double_areas / 2
        planes = _plane_quadrics(self._facing, corners[:, 0]) * masses[:, None]
        vertex_masses = np.zeros(len(points))
        for corner in range(3):
            np.add.at(self._quadrics, faces[:, corner], planes)
            np.add.at(vertex_masses, faces[:, corner], masses)
        for axis in np.eye(3):
            anchors = _plane_quadrics(np.broadcast_to(axis, points.shape), points)
            self._quadrics += anchors * (self._ANCHOR / 3 * vertex_masses)[:, None]
        self._hold_edges(weights)

    def _hold_edges(self, weights: Array) -> None:
        """Adds to the quadrics a plane on each border and seam, upright on its face."""
        edges, owner, start, count = _edges(self.faces, len(self.points))
        part = self.parts[owner]
        border = count != 2
        seam = np.minimum.reduceat(part, start) != np.maximum.reduceat(part, start)
        strength = np.repeat(np.where(border, self._BORDER, np.where(seam, self._SEAM, 0.0)), count)
        held = strength > 0
        edges, owner, strength = edges[held], owner[held], strength[held]
        along = self.points[edges[:, 1]] - self.points[edges[:, 0]]
        upright = np.cross(along, self._facing[owner])
        upright /= np.maximum(np.linalg.norm(upright, axis=1, keepdims=True), 1e-30)
        planes = _plane_quadrics(upright, self.points[edges[:, 0]])
        planes *= (strength * weights[owner] * (along**2).sum(axis=1))[:, None]
        for end in range(2):
            np.add.at(self._quadrics, edges[:, end], planes)

    def reduce(self, count: int) -> None:
        """Collapses edges until at most `count` faces are left, or until no edge can go without turning a face over."""
        share = self._SHARE
        while len(self.faces) > count:
            early = len(self.faces) > max(self._EARLY_FACES, 2 * count)
            if self._pass(count, max(share, self._EARLY_SHARE) if early else share):
                share = self._SHARE
            elif share >= 1.0:
                return
            else:
                share = min(1.0, 2 * share)

    def _pass(self, count: int, share: float) -> int:
        edges, _, start, _ = _edges(self.faces, len(self.points))
        edges = edges[start]
        quadrics = self._quadrics[edges[:, 0]] + self._quadrics[edges[:, 1]]
        targets = self._targets(edges, quadrics)
        costs = _quadric_errors(quadrics, targets)
        cheapest = np.argsort(costs, kind="stable")[: max(8, int(len(edges) * share))]
        cheapest = cheapest[self._sound(edges[cheapest], targets[cheapest])]
        if len(cheapest) == 0:
            return 0
        chosen = self._apart(edges, cheapest)
        chosen = chosen[np.argsort(costs[chosen], kind="stable")][: max(1, -(-(len(self.faces) - count) // 2))]
        kept, gone = edges[chosen].T
        self.points[kept], self._quadrics[kept] = targets[chosen], quadrics[chosen]
        index = np.arange(len(self.points))
        index[gone] = kept
        self.faces = index[self.faces]
        self._tidy()
        return len(chosen)

    def _targets(self, edges: Array, quadrics: Array) -> Array:
        """Where the vertex that an edge becomes does least harm, [n, 3]."""
        matrices = quadrics[:, [0, 1, 2, 1, 3, 4, 2, 4, 5]].reshape(-1, 3, 3)
        least = 1e-12 * np.trace(matrices, axis1=1, axis2=2) + 1e-30
        targets = -np.linalg.solve(matrices + least[:, None, None] * np.eye(3), quadrics[:, 6:9, None])[:, :, 0]
        ends = self.points[edges]
        middles = ends.mean(axis=1)
        lengths = np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1)
        far = np.linalg.norm(targets - middles, axis=1) > 2 * lengths + 1e-9
        targets[far] = middles[far]
        return targets

    def _sound(self, edges: Array, targets: Array) -> Array:
        """Whether no face around turns over, or becomes a sliver, when an edge becomes its target: [n] bool."""
        corners = self.faces.reshape(-1)
        order = np.argsort(corners, kind="stable")
        first = np.searchsorted(corners[order], np.arange(len(self.points) + 1))
        sound = np.ones(len(edges), dtype=bool)
        for end in range(2):
            vertex = edges[:, end]
            count = first[vertex + 1] - first[vertex]
            edge = np.repeat(np.arange(len(edges)), count)
            within = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
            face = order[first[vertex][edge] + within] // 3
            stays = ~_any_corner(self.faces[face] == edges[edge, 1 - end][:, None])
            edge, face = edge[stays], face[stays]
            moved = self.faces[face] == vertex[edge][:, None]
            before = self.points[self.faces[face]]
            after = np.where(moved[:, :, None], targets[edge][:, None], before)
            (old, old_size, old_length), (new, new_size, new_length) = _crosses(before), _crosses(after)
            turned = np.einsum("ij,ij->i", old, new) < self._TURN * old_size * new_size
            turned |= np.einsum("ij,ij->i", self._facing[face], new) < 0
            flat = (new_size < self._SLIVER * new_length) & (old_size >= self._SLIVER * old_length)
            sound[edge[turned | flat]] = False
        return sound

    def _apart(self, edges: Array, candidates: Array) -> Array:
        """As many of the candidates (indices of edges, the best first) as share no face, not even a neighbouring one."""
        free = np.ones(len(self.points), dtype=bool)
        chosen = []
        for _ in range(self._ROUNDS):
            order = np.arange(len(candidates))
            rank = np.full(len(self.points), len(edges))
            for end in range(2):
                np.minimum.at(rank, edges[candidates, end], order)
            around = rank.copy()
            for end in range(2):
                np.minimum.at(around, edges[:, end], rank[edges[:, 1 - end]])
            best = candidates[(around[edges[candidates]] == order[:, None]).all(axis=1)]
            chosen.append(best)
            near = np.zeros(len(self.points), dtype=bool)
            near[edges[best]] = True
            free[near] = False
            for end in range(2):
                free[edges[near[edges[:, 1 - end]], end]] = False
            candidates = candidates[free[edges[candidates]].all(axis=1)]
            if len(candidates) == 0:
                break
        return np.concatenate(chosen)

    def _tidy(self) -> None:
        """Drops faces without area, faces that are there twice or back to back, and vertices without faces."""
        kept = np.flatnonzero(distinct(self.faces))
        faces = self.faces[kept]
        turn = (faces.argmin(axis=1)[:, None] + np.arange(3)) % 3
        first, second, third = np.take_along_axis(faces, turn, axis=1).T
        low, high, flipped = np.minimum(second, third), np.maximum(second, third), second > third
        order = np.lexsort([flipped, high, low, first])
        first, low, high, flipped = first[order], low[order], high[order], flipped[order]
        same = (first[1:] == first[:-1]) & (low[1:] == low[:-1]) & (high[1:] == high[:-1])
        again = np.append(False, same & (flipped[1:] == flipped[:-1]))
        back = np.append(False, same & (flipped[1:] != flipped[:-1]))
        group = np.cumsum(~np.append(False, same)) - 1
        closed = np.bincount(group, back, minlength=len(group)) > 0
        kept = np.sort(kept[order[~again & ~closed[group]]])
        used, faces = np.unique(self.faces[kept], return_inverse=True)
        self.faces, self.parts, self._facing = faces.reshape(-1, 3), self.parts[kept], self._facing[kept]
        self.points, self._quadrics = self.points[used], self._quadrics[used]


def _edges(faces: Array, points: int) -> tuple[Array, Array, Array, Array]:
    """The sides of all faces [3 m, 2], equal ones together, with the face of each [3 m]; and where each distinct edge starts in
    them, and how often it is there."""
    sides = np.sort(faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    key = sides[:, 0] * points + sides[:, 1]
    order = np.argsort(key, kind="stable")
    start = np.flatnonzero(np.diff(key[order], prepend=-1))
    return sides[order], order // 3, start, np.diff(start, append=len(key))


def _plane_quadrics(normals: Array, points: Array) -> Array:
    """The squared distance from planes [n], as coefficients [n, 10]: of xx, xy, xz, yy, yz, zz, x, y, z and 1."""
    offset = -np.einsum("ij,ij->i", normals, points)
    a, b, c = normals.T
    return np.stack(
        [a * a, a * b, a * c, b * b, b * c, c * c, a * offset, b * offset, c * offset, offset * offset], axis=1
    )


def _quadric_errors(quadrics: Array, points: Array) -> Array:
    x, y, z = points.T
    pure = quadrics[:, 0] * x * x + quadrics[:, 3] * y * y + quadrics[:, 5] * z * z
    mixed = quadrics[:, 1] * x * y + quadrics[:, 2] * x * z + quadrics[:, 4] * y * z
    linear = quadrics[:, 6] * x + quadrics[:, 7] * y + quadrics[:, 8] * z
    return np.maximum(pure + 2 * mixed + 2 * linear + quadrics[:, 9], 0.0)


def _any_corner(corners: Array) -> Array:
    """[m, 3] bool -> [m]; numpy is slow where the last axis is short."""
    return corners[:, 0] | corners[:, 1] | corners[:, 2]


def _crosses(corners: Array) -> tuple[Array, Array, Array]:
    """Cross products [n, 3] of triangles, their lengths (twice the areas), and the longest sides squared."""
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    longest = np.zeros(len(corners))
    for first, second in ((0, 1), (1, 2), (2, 0)):
        side = corners[:, first] - corners[:, second]
        longest = np.maximum(longest, np.einsum("ij,ij->i", side, side))
    return cross, np.sqrt(np.einsum("ij,ij->i", cross, cross)), longest

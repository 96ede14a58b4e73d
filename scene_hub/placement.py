"""Where things can stand: footprints as oriented rectangles on the table, and random placements without overlap.

Pure numpy. A footprint is the xy bounding rectangle of an asset in its own frame (half sizes along its x and y), turned
by the yaw of its placement. Scene composition and the reset randomization of the environments both sample from here.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scene_hub.schema import Asset, Pose

Array = NDArray[np.float64]


class Placements(NamedTuple):
    """Centres `xy` [N, 2] in metres and `yaw` [N] in radians, in the scene frame."""

    xy: Array
    yaw: Array


def footprint_half_size(asset: Asset) -> tuple[float, float]:
    """Half sizes (x, y) in metres of the footprint of `asset` in its own frame, which is centred on its origin."""
    return asset.extents[0] / 2, asset.extents[1] / 2


def yaw_of(pose: Pose) -> float:
    """Rotation about z in radians, in (-pi, pi], of `pose`."""
    w, x, y, z = pose.quaternion
    return float(np.arctan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)))


def yaw_pose(xy: ArrayLike, yaw: float, z: float = 0.0) -> Pose:
    """The pose at `xy` and height `z` turned by `yaw`; rounded (0.1 mm, 1e-6) to keep records short."""
    yaw = np.arctan2(np.sin(yaw), np.cos(yaw))
    x, y = (round(float(value), 4) for value in np.asarray(xy))
    quaternion = (round(float(np.cos(yaw / 2)), 6), 0.0, 0.0, round(float(np.sin(yaw / 2)), 6))
    return Pose(position=(x, y, round(z, 4)), quaternion=quaternion)


def rectangle_axes(yaw: ArrayLike) -> Array:
    """Unit axes of rectangles turned by `yaw` [...]: [..., 2 axes, 2 coordinates]."""
    yaw = np.asarray(yaw, dtype=float)
    cosine, sine = np.cos(yaw), np.sin(yaw)
    return np.stack([np.stack([cosine, sine], -1), np.stack([-sine, cosine], -1)], -2)


def rectangle_corners(xy: ArrayLike, half_size: ArrayLike, yaw: ArrayLike) -> Array:
    """Corners [..., 4, 2], anticlockwise, of rectangles: centre `xy` [..., 2], `half_size` [..., 2], `yaw` [...]."""
    signs = np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])
    local = signs * np.asarray(half_size, dtype=float)[..., None, :]
    return np.asarray(xy, dtype=float)[..., None, :] + local @ rectangle_axes(yaw)


def rectangles_overlap(
    xy_a: ArrayLike,
    half_a: ArrayLike,
    yaw_a: ArrayLike,
    xy_b: ArrayLike,
    half_b: ArrayLike,
    yaw_b: ArrayLike,
    gap: float = 0.0,
) -> NDArray[np.bool_]:
    """Whether rectangles come closer than `gap` metres (separating-axis test); batch dimensions broadcast.

    Each rectangle is grown by `gap / 2` on all sides first, which keeps a little more than `gap` between corners.
    """
    half_a = np.asarray(half_a, dtype=float) + gap / 2
    half_b = np.asarray(half_b, dtype=float) + gap / 2
    axes_a, axes_b = rectangle_axes(yaw_a), rectangle_axes(yaw_b)
    offset = np.asarray(xy_b, dtype=float) - np.asarray(xy_a, dtype=float)
    separated = np.zeros(np.broadcast_shapes(offset.shape[:-1], axes_a.shape[:-2], axes_b.shape[:-2]), dtype=bool)
    for axes in (axes_a, axes_b):
        for index in range(2):
            axis = axes[..., index, :]
            distance = np.abs(np.sum(offset * axis, -1))
            reach_a = np.sum(half_a * np.abs(np.einsum("...ij,...j->...i", axes_a, axis)), -1)
            reach_b = np.sum(half_b * np.abs(np.einsum("...ij,...j->...i", axes_b, axis)), -1)
            separated = separated | (distance >= reach_a + reach_b)
    return ~separated


def rectangles_inside(
    xy: ArrayLike, half_size: ArrayLike, yaw: ArrayLike, low: ArrayLike, high: ArrayLike
) -> NDArray[np.bool_]:
    """Whether all corners lie in the axis-aligned region from `low` (x, y) to `high` (x, y)."""
    corners = rectangle_corners(xy, half_size, yaw)
    return np.all((corners >= np.asarray(low)) & (corners <= np.asarray(high)), axis=(-1, -2))


def sample_placements(
    half_sizes: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    rng: np.random.Generator,
    *,
    gap: float = 0.03,
    yaw_range: tuple[ArrayLike, ArrayLike] = (0.0, 2 * np.pi),
    table: tuple[ArrayLike, ArrayLike] | None = None,
    fixed: tuple[ArrayLike, ArrayLike, ArrayLike] | None = None,
    allowed: Callable[[Array], NDArray[np.bool_]] | None = None,
    attempts: int = 40,
    tries_per_item: int = 60,
) -> Placements | None:
    """Random placements of N footprints that keep `gap` metres apart, or None where `attempts` found none.

    `half_sizes` [N, 2]; centres are uniform between `low` and `high`, each (x, y) or [N, 2]; yaws are uniform in
    `yaw_range`, two numbers or two [N]. Larger footprints are placed first. With `table` = (low, high), no corner is
    outside that region. `fixed` = (xy [M, 2], half_sizes [M, 2], yaw [M]) are rectangles that are there already. `allowed` says
    of centres [K, 2] which may be used [K]. The result depends on the state of `rng` and the arguments only.
    """
    half = np.asarray(half_sizes, dtype=float).reshape(-1, 2)
    count = len(half)
    lows, highs = (np.broadcast_to(np.asarray(bound, dtype=float), (count, 2)) for bound in (low, high))
    yaws = (
        np.broadcast_to(np.asarray(yaw_range[0], dtype=float), count),
        np.broadcast_to(np.asarray(yaw_range[1], dtype=float), count),
    )
    order = np.argsort(-half.prod(axis=1), kind="stable")
    for _ in range(attempts):
        placed = _place_all(half, lows, highs, order, rng, gap, yaws, table, fixed, allowed, tries_per_item)
        if placed is not None:
            return placed
    return None


def _place_all(
    half: Array,
    lows: Array,
    highs: Array,
    order: NDArray[np.intp],
    rng: np.random.Generator,
    gap: float,
    yaw_range: tuple[Array, Array],
    table: tuple[ArrayLike, ArrayLike] | None,
    fixed: tuple[ArrayLike, ArrayLike, ArrayLike] | None,
    allowed: Callable[[Array], NDArray[np.bool_]] | None,
    tries: int,
) -> Placements | None:
    """One attempt: each footprint in turn takes the first of `tries` random spots that is free."""
    xy, yaw = np.zeros((len(half), 2)), np.zeros(len(half))
    taken_xy, taken_half, taken_yaw = (
        (np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0))
        if fixed is None
        else tuple(np.asarray(part, dtype=float) for part in fixed)
    )
    for index in order:
        spots = rng.uniform(lows[index], highs[index], size=(tries, 2))
        yaws = rng.uniform(yaw_range[0][index], yaw_range[1][index], size=tries)
        hits = rectangles_overlap(
            spots[:, None], half[index], yaws[:, None], taken_xy[None], taken_half[None], taken_yaw[None], gap
        )
        free = ~hits.any(axis=1)
        if table is not None:
            free &= rectangles_inside(spots, half[index], yaws, *table)
        if allowed is not None:
            free &= allowed(spots)
        if not free.any():
            return None
        chosen = int(np.argmax(free))
        xy[index], yaw[index] = spots[chosen], yaws[chosen]
        taken_xy, taken_half = np.vstack([taken_xy, spots[chosen]]), np.vstack([taken_half, half[index]])
        taken_yaw = np.append(taken_yaw, yaws[chosen])
    return Placements(xy, yaw)

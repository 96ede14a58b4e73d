"""Fewer Gaussians that look alike: those that are never drawn go, neighbours become one.

Leaving Gaussians out tears holes into a surface. Merging them keeps it closed: the one that takes the place of several has
their mean, their covariance, widened so that it reaches the next one, and as much opacity times area as they had together.
"""

import numpy as np
from scipy.spatial.transform import Rotation

from scene_hub.gaussians.cloud import GaussianCloud
from scene_hub.gaussians.torch_rasterizer import MIN_ALPHA

NEAREST = 0.5
"""Metres from the eye, within which cells are not finer."""
WIDENING = 3.0
"""Of the variance among the merged: that of points in a cell is a twelfth of its edge squared, and Gaussians an edge apart
look like a surface from a quarter of it on."""
MAX_OPACITY = 0.995
STEPS = 14
"""Of the search for the size of cells; the last one changes it by a few thousandths."""

Array = np.ndarray


def reduced(cloud: GaussianCloud, most: int, eye: Array) -> GaussianCloud:
    """At most `most` Gaussians that look from `eye` [3] and thereabouts like `cloud`; the same cloud gives the same result.

    Gaussians too transparent to be drawn are left out. Are there still more, those whose centres share a cell of a grid are
    merged; cells are as large as they look from the eye, and just large enough. Nothing is merged across a doubling of the
    distance, so that `most` below a few hundred may be exceeded.
    """
    drawn = cloud.opacities >= MIN_ALPHA
    cloud = cloud if bool(drawn.all()) else cloud.chosen(drawn)
    if len(cloud) <= most:
        return cloud
    low, high = 1e-5, 10.0
    for _ in range(STEPS):
        middle = float(np.sqrt(low * high))
        low, high = (low, middle) if len(np.unique(_cells(cloud.means, eye, middle))) <= most else (middle, high)
    cell = np.unique(_cells(cloud.means, eye, high), return_inverse=True)[1]
    return _merged(cloud, cell)


def _cells(means: Array, eye: Array, size: float) -> Array:
    """[N] int64: the same number for Gaussians in the same cell. Edges are `size` times the distance, to a power of two."""
    offset = means.astype(np.float64) - np.asarray(eye, dtype=np.float64)
    distance = np.maximum(np.linalg.norm(offset, axis=1), NEAREST)
    level = np.floor(np.log2(distance / NEAREST)).astype(np.int64)
    index = np.floor(offset / (size * NEAREST * np.exp2(level))[:, None]).astype(np.int64)
    # A distance of its own level is below 2^(level + 1), so an index fits into 18 bits where size is 1e-5.
    return ((level * 2**19 + index[:, 0] + 2**18) * 2**19 + index[:, 1] + 2**18) * 2**19 + index[:, 2] + 2**18


def _merged(cloud: GaussianCloud, cell: Array) -> GaussianCloud:
    """One Gaussian for each of the numbers 0, 1 ... in `cell` [N]."""
    count = np.bincount(cell)
    alone = count[cell] == 1
    if alone.all():
        return cloud
    members = np.flatnonzero(~alone)
    _, group = np.unique(cell[members], return_inverse=True)
    parts = cloud.chosen(members)
    weight = parts.opacities.astype(np.float64) * _areas(parts.scales.astype(np.float64))
    total = np.bincount(group, weight)
    mean = _sums(group, parts.means * weight[:, None]) / total[:, None]
    offset = parts.means - mean[group]
    spread = np.einsum("nik,njk->nij", parts.axes, parts.axes, dtype=np.float64)
    spread += WIDENING * offset[:, :, None] * offset[:, None, :]
    covariance = _sums(group, spread.reshape(-1, 9) * weight[:, None]).reshape(-1, 3, 3) / total[:, None, None]
    variances, axes = np.linalg.eigh(covariance)
    axes[np.linalg.det(axes) < 0] *= -1.0
    scales = np.sqrt(np.maximum(variances, 1e-14))
    opacity = np.clip(total / _areas(scales), MIN_ALPHA, MAX_OPACITY)
    bands = parts.harmonics.shape[1]
    harmonics = _sums(group, parts.harmonics.reshape(len(parts), -1) * weight[:, None]) / total[:, None]
    rest = cloud.chosen(np.flatnonzero(alone))
    return GaussianCloud(
        np.concatenate([rest.means, mean.astype(np.float32)]),
        np.concatenate([rest.log_scales, np.log(scales).astype(np.float32)]),
        np.concatenate([rest.quaternions, Rotation.from_matrix(axes).as_quat(scalar_first=True).astype(np.float32)]),
        np.concatenate([rest.opacity_logits, np.log(opacity / (1.0 - opacity)).astype(np.float32)]),
        np.concatenate([rest.harmonics, harmonics.reshape(-1, bands, 3).astype(np.float32)]),
    )


def _areas(scales: Array) -> Array:
    """[N]: of the largest side that Gaussians with standard deviations [N, 3] can show."""
    return np.sort(scales, axis=1)[:, 1:].prod(axis=1)


def _sums(group: Array, values: Array) -> Array:
    """[G, C]: the sum of the rows [N, C] of each group [N]."""
    return np.stack([np.bincount(group, column) for column in values.T], axis=1)

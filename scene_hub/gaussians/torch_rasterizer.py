"""Gaussian clouds by PyTorch on the CPU: EWA splatting (Zwicker et al., 2001) in tiles.

Each Gaussian that can be seen is listed at the tiles that it reaches, front to back. Tiles with lists of like length are drawn
together, some Gaussians of each at a time, until the lists end or nothing behind can be seen. Within a tile the exponent of a
Gaussian is a quadratic polynomial of the pixel's place, whose coefficients are computed in double precision about the middle of
the tile: one matrix product gives it for all pixels, and long thin Gaussians lose no digits.

All runs on one thread: a picture is then the same, bit by bit, in every process, and processes that share the cores do not wait
for one another's threads (OpenMP spins, which costs more than a second core gains here).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import torch

from scene_hub.gaussians import harmonics
from scene_hub.gaussians.cloud import GaussianCloud

EPS2D = 0.3
"""Square pixels added to the variances of each projected Gaussian: the low-pass."""
NEAR_PLANE = 0.01
"""Metres."""
MAX_ALPHA = 0.999
MIN_ALPHA = 1.0 / 255.0
MIN_TRANSMITTANCE = 1e-4
TILE = 8
"""Pixels on a side."""
CHUNK = 32
"""Gaussians of a tile that are drawn at a time."""
BLOCK = 2**19
"""Pixels times Gaussians that are drawn at a time: intermediate results stay in the cache."""
WAVE = 2**21
"""Pairs of a Gaussian and a tile that are listed at a time."""
MARGIN = 0.15
"""Of the picture's size, beyond its rim, up to which the projection is linearized at the Gaussian itself."""

Tensor = torch.Tensor


def rasterize(
    cloud: GaussianCloud, intrinsics: np.ndarray, world_to_camera: np.ndarray, width: int, height: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Colour [H, W, 3] without background, depth times coverage [H, W], and transmittance [H, W] of a picture.

    `intrinsics` [3, 3], `world_to_camera` [3, 4]; see `scene_hub.gaussians.rendering.render`.
    """
    with _one_thread():
        splats = _projected(cloud, intrinsics, world_to_camera, width, height)
        canvas = _Canvas(-(-width // TILE), -(-height // TILE))
        canvas.draw(splats)
    picture = canvas.picture()[:height, :width]
    return picture[..., :3], picture[..., 3], 1.0 - picture[..., 4]


@contextmanager
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


class _Splats(NamedTuple):
    """M projected Gaussians, front to back."""

    shape: Tensor
    """[M, 6] float64: the centre (x, y) in pixels, the inverse (xx, xy, yy) of the covariance, the logarithm of the opacity."""
    radius: Tensor
    """[M, 2] float64: pixels along x and y, beyond which alpha is less than can be seen."""
    look: Tensor
    """[M, 5] float32: red, green, blue, depth, 1."""

    def between(self, first: int, last: int) -> "_Splats":
        return _Splats(*(part[first:last] for part in self))


def _projected(
    cloud: GaussianCloud, intrinsics: np.ndarray, world_to_camera: np.ndarray, width: int, height: int
) -> _Splats:
    """The Gaussians that reach the picture."""
    camera = world_to_camera.tolist()
    means, opacities = torch.from_numpy(cloud.means), torch.from_numpy(cloud.opacities)
    ahead = torch.nonzero((_along(means, camera[2]) >= NEAR_PLANE) & (opacities >= MIN_ALPHA)).squeeze(1)
    x, y, z = (_along(means[ahead], row) for row in camera)
    axes = torch.from_numpy(cloud.axes)[ahead]
    xx, xy, yy = _flattened(axes, x / z, y / z, z, intrinsics, camera, (width, height))
    determinant = xx * yy - xy * xy
    logarithm = opacities[ahead].double().log()
    # Where o * exp(-s^2 / 2) falls below the least alpha; gsplat's limit of 3.33 is never reached with alpha <= 1.
    reach = (2.0 * (logarithm - np.log(MIN_ALPHA))).clamp_min(0.0).sqrt()
    radius = torch.stack([reach * xx.sqrt(), reach * yy.sqrt()], dim=1)
    center = torch.stack(
        [intrinsics[0, 0] * x / z + intrinsics[0, 2], intrinsics[1, 1] * y / z + intrinsics[1, 2]], dim=1
    )
    size = torch.tensor([width, height], dtype=torch.float64)
    seen = ((center + radius > 0) & (center - radius < size)).all(dim=1) & (determinant > 0)
    seen = torch.nonzero(seen).squeeze(1)
    seen = seen[torch.argsort(z[seen].float(), stable=True)]
    shape = torch.stack(
        [*center[seen].T, *(part[seen] / determinant[seen] for part in (yy, -xy, xx)), logarithm[seen]], dim=1
    )
    look = torch.cat([_colors(cloud, ahead[seen], camera), torch.stack([z[seen].float(), torch.ones(len(seen))], 1)], 1)
    return _Splats(shape, radius[seen], look)


def _along(points: Tensor, row: list[float]) -> Tensor:
    """[M] float64: one coordinate of points [M, 3] in the camera's frame."""
    x, y, z = points.double().unbind(1)
    return x * row[0] + y * row[1] + z * row[2] + row[3]


def _flattened(
    axes: Tensor,
    u: Tensor,
    v: Tensor,
    z: Tensor,
    intrinsics: np.ndarray,
    camera: list[list[float]],
    size: tuple[int, int],
) -> tuple[Tensor, Tensor, Tensor]:
    """Covariances (xx, xy, yy) [M] in the image plane, in square pixels, low-pass included.

    The projection is linearized at the Gaussian's direction (u, v), or at the nearest one that is not far outside the picture,
    where the approximation would go astray.
    """
    flat = []
    own = axes.double().reshape(-1, 9).unbind(1)
    for axis, slope in enumerate((u, v)):
        focal, middle, pixels = float(intrinsics[axis, axis]), float(intrinsics[axis, 2]), size[axis]
        slope = slope.clamp((-middle - MARGIN * pixels) / focal, (pixels - middle + MARGIN * pixels) / focal)
        jacobian = [focal / z * (camera[axis][k] - slope * camera[2][k]) for k in range(3)]
        flat.append([sum(jacobian[k] * own[3 * k + column] for k in range(3)) for column in range(3)])
    (a, b, c), (d, e, f) = flat
    return a * a + b * b + c * c + EPS2D, a * d + b * e + c * f, d * d + e * e + f * f + EPS2D


def _colors(cloud: GaussianCloud, which: Tensor, camera: list[list[float]]) -> Tensor:
    """[M, 3] float32: colours of the chosen Gaussians as the camera sees them."""
    coefficients = torch.from_numpy(cloud.harmonics)[which]
    eye = [-sum(camera[i][k] * camera[i][3] for i in range(3)) for k in range(3)]
    x, y, z = (column - eye[k] for k, column in enumerate(torch.from_numpy(cloud.means)[which].unbind(1)))
    length = (x * x + y * y + z * z).sqrt()
    color = torch.full((len(which), 3), 0.5)
    for band, value in enumerate(harmonics.basis(cloud.degree, x / length, y / length, z / length)):
        color += value[:, None] * coefficients[:, band]
    return color.clamp_(min=0.0)


class _Canvas:
    """A picture under way, of `columns` x `rows` tiles."""

    def __init__(self, columns: int, rows: int) -> None:
        self._columns, self._rows = columns, rows
        self._sums = torch.zeros(rows * columns, TILE * TILE, 5)
        """Red, green, blue, depth, each times coverage, and coverage."""
        self._light = torch.ones(rows * columns, TILE * TILE)
        """The share that reaches the next Gaussian; 0 once that is less than can be seen."""
        row, column = torch.meshgrid(torch.arange(TILE), torch.arange(TILE), indexing="ij")
        x, y = ((axis.reshape(-1) - 0.5 * (TILE - 1)) for axis in (column, row))
        self._basis = torch.stack([torch.ones_like(x), x, y, x * x, x * y, y * y], dim=1)

    def picture(self) -> Tensor:
        """[H, W, 5], see `_sums`."""
        tiles = self._sums.reshape(self._rows, self._columns, TILE, TILE, 5)
        return tiles.transpose(1, 2).reshape(self._rows * TILE, self._columns * TILE, 5)

    def draw(self, splats: _Splats) -> None:
        """Put splats behind those that are there, so many at a time that they are on about `WAVE` tiles."""
        tiles = self._reached(splats)
        pairs = torch.cumsum((tiles[:, 2:] - tiles[:, :2]).prod(dim=1), dim=0)
        first = 0
        while first < len(pairs) and bool(self._light.any()):
            before = int(pairs[first - 1]) if first else 0
            last = max(first + 1, int(torch.searchsorted(pairs, before + WAVE, right=True)))
            self._draw(splats.between(first, last), tiles[first:last])
            first = last

    def _reached(self, splats: _Splats) -> Tensor:
        """[M, 4] int64: the first tile along x and y that each splat reaches, and one past the last."""
        size = torch.tensor([self._columns, self._rows], dtype=torch.float64)
        center, radius = splats.shape[:, :2], splats.radius
        first = torch.minimum(torch.floor((center - radius) / TILE).clamp_min(0), size)
        last = torch.minimum((torch.floor((center + radius) / TILE) + 1).clamp_min(0), size)
        return torch.cat([first, torch.maximum(first, last)], dim=1).long()

    def _draw(self, splats: _Splats, reached: Tensor) -> None:
        splat, tile = self._pairs(splats, reached)
        length = torch.bincount(tile, minlength=len(self._light))
        start = torch.cumsum(length, dim=0) - length
        by_length = torch.argsort(length, descending=True, stable=True)
        by_length = by_length[: int((length > 0).sum())]
        for block in range(0, len(by_length), BLOCK // (CHUNK * TILE * TILE)):
            tiles = by_length[block : block + BLOCK // (CHUNK * TILE * TILE)]
            for first in range(0, int(length[tiles[0]]), CHUNK):
                tiles = tiles[(length[tiles] > first) & (self._light[tiles].amax(dim=1) > 0)]
                if not len(tiles):
                    break
                order = first + torch.arange(CHUNK)
                index = (start[tiles, None] + order).clamp_(max=len(splat) - 1)
                self._blend(tiles, splats, splat[index], order >= length[tiles, None])

    def _pairs(self, splats: _Splats, reached: Tensor) -> tuple[Tensor, Tensor]:
        """Which splat is on which tile, [P] each; by tile, and front to back within each."""
        width, height = (reached[:, 2:] - reached[:, :2]).unbind(1)
        count = width * height
        splat = torch.repeat_interleave(torch.arange(len(count)), count)
        within = torch.arange(len(splat)) - (torch.cumsum(count, dim=0) - count)[splat]
        column = reached[splat, 0] + within % width[splat]
        row = reached[splat, 1] + within // width[splat]
        tile = row * self._columns + column
        kept = (self._light.amax(dim=1) > 0)[tile] & _touches(splats.shape[splat], column, row)
        tile, order = torch.sort(tile[kept].int(), stable=True)
        return splat[kept][order], tile

    def _blend(self, tiles: Tensor, splats: _Splats, which: Tensor, absent: Tensor) -> None:
        """Draw splats `which` [B, K] on `tiles` [B], but for those that are `absent`."""
        middle = torch.stack([tiles % self._columns, tiles // self._columns], dim=1) * TILE + TILE / 2
        exponent = _exponents(splats.shape[which], middle).masked_fill_(absent[..., None], 0.0)
        exponent[..., 0].masked_fill_(absent, -1e4)
        alpha = torch.matmul(self._basis, exponent.transpose(1, 2)).exp_().clamp_(max=MAX_ALPHA)
        torch.nn.functional.threshold(alpha, MIN_ALPHA, 0.0, inplace=True)
        light = torch.empty(*alpha.shape[:2], alpha.shape[2] + 1)
        light[..., 0] = self._light[tiles]
        torch.sub(1.0, alpha, out=light[..., 1:])
        light = torch.cumprod(light, dim=2)
        alpha *= light[..., :-1]
        alpha *= light[..., 1:] > MIN_TRANSMITTANCE
        self._sums[tiles] += torch.bmm(alpha, splats.look[which])
        self._light[tiles] = torch.nn.functional.threshold(light[..., -1], MIN_TRANSMITTANCE, 0.0)


def _exponents(shape: Tensor, middle: Tensor) -> Tensor:
    """[B, K, 6] float32: the logarithm of alpha as a polynomial 1, x, y, x^2, xy, y^2 of the place (x, y) in a tile, from the
    tile's `middle` [B, 2] on, for splats [B, K, 6]."""
    x, y, xx, xy, yy, logarithm = shape.unbind(2)
    dx, dy = middle[:, :1] - x, middle[:, 1:] - y
    gx, gy = xx * dx + xy * dy, xy * dx + yy * dy
    return torch.stack([logarithm - 0.5 * (gx * dx + gy * dy), -gx, -gy, -0.5 * xx, -xy, -0.5 * yy], dim=2).float()


def _touches(shape: Tensor, column: Tensor, row: Tensor) -> Tensor:
    """[P] whether splats [P, 6] can be seen at a pixel of tiles: the least of a convex quadratic form over a rectangle is on an
    edge that faces its middle, if that is not inside."""
    x, y, xx, xy, yy, logarithm = shape.unbind(1)
    left, top = column * TILE + 0.5 - x, row * TILE + 0.5 - y
    right, bottom = left + (TILE - 1), top + (TILE - 1)
    nearest_x, nearest_y = torch.zeros_like(x).clamp(left, right), torch.zeros_like(y).clamp(top, bottom)
    along_y = (-xy / yy * nearest_x).clamp(top, bottom)
    along_x = (-xy / xx * nearest_y).clamp(left, right)
    least = torch.minimum(
        xx * nearest_x**2 + 2.0 * xy * nearest_x * along_y + yy * along_y**2,
        xx * along_x**2 + 2.0 * xy * along_x * nearest_y + yy * nearest_y**2,
    )
    return logarithm - 0.5 * least > np.log(MIN_ALPHA) - 1e-6

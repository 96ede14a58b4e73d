"""`GaussianCloud`: the parameters of 3D Gaussians as arrays, in the form in which files hold them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from scene_hub.errors import InvalidOptionError
from scene_hub.gaussians import harmonics

Y_UP_TO_Z_UP = np.array([[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, -1.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]])
"""[4, 4]: a quarter turn about x, from y-up files (EmbodiedGen's backgrounds, most captures) to z up."""
SCALE_TOLERANCE = 1e-4


@dataclass(frozen=True, eq=False)
class GaussianCloud:
    """N anisotropic Gaussians. All arrays are float32 and not to be modified; metres, in whatever frame the cloud lies.

    `means` [N, 3]; `log_scales` [N, 3], natural logarithms of the standard deviations along the own axes; `quaternions` [N, 4],
    unit, (w, x, y, z), from the own axes to the cloud's frame; `opacity_logits` [N]; `harmonics` [N, K, 3], the coefficients of
    red, green and blue for K = 1, 4, 9 or 16 spherical harmonics (degree 0 to 3; see `scene_hub.gaussians.harmonics`).
    A Gaussian seen along direction d (from the eye to it) has the sRGB colour max(0, 0.5 + sum_k Y_k(d) * coefficient_k).
    """

    means: np.ndarray
    log_scales: np.ndarray
    quaternions: np.ndarray
    opacity_logits: np.ndarray
    harmonics: np.ndarray

    def __post_init__(self) -> None:
        count, bands = len(self.means), self.harmonics.shape[1] if self.harmonics.ndim == 3 else -1
        shapes: Mapping[str, tuple[int, ...]] = {
            "means": (count, 3),
            "log_scales": (count, 3),
            "quaternions": (count, 4),
            "opacity_logits": (count,),
            "harmonics": (count, bands, 3),
        }
        for name, shape in shapes.items():
            array = np.require(getattr(self, name), np.float32, ["C", "W"])  # PyTorch takes no others without a word
            if array.shape != shape:
                raise ValueError(f"{name} of {count} Gaussians has shape {array.shape}, not {shape}")
            object.__setattr__(self, name, array)
        if bands not in [harmonics.coefficients(degree) for degree in range(harmonics.MAX_DEGREE + 1)]:
            raise ValueError(f"{bands} harmonics are none of 1, 4, 9, 16")

    def __len__(self) -> int:
        return len(self.means)

    @property
    def degree(self) -> int:
        """Of the spherical harmonics, 0 to 3; at 0 colours do not depend on the direction."""
        return round(self.harmonics.shape[1] ** 0.5) - 1

    @property
    def nbytes(self) -> int:
        """Memory of the arrays."""
        arrays = (self.means, self.log_scales, self.quaternions, self.opacity_logits, self.harmonics)
        return sum(array.nbytes for array in arrays)

    @cached_property
    def scales(self) -> np.ndarray:
        """Standard deviations along the own axes, [N, 3] metres."""
        return np.exp(self.log_scales)

    @cached_property
    def opacities(self) -> np.ndarray:
        """Opacity at the centre, [N], in [0, 1]."""
        return (1.0 / (1.0 + np.exp(-self.opacity_logits.astype(np.float64)))).astype(np.float32)

    @cached_property
    def axes(self) -> np.ndarray:
        """[N, 3, 3] metres: the columns are the own axes, each as long as the standard deviation along it. The covariance of a
        Gaussian is its `axes @ axes.T`."""
        return rotation_matrices(self.quaternions) * self.scales[:, None, :]

    def chosen(self, which: np.ndarray) -> Self:
        """Only these Gaussians (indices or mask)."""
        return type(self)(
            self.means[which],
            self.log_scales[which],
            self.quaternions[which],
            self.opacity_logits[which],
            self.harmonics[which],
        )

    def with_degree(self, degree: int) -> Self:
        """With harmonics up to `degree`; higher ones, if there are, are dropped."""
        kept = self.harmonics[:, : harmonics.coefficients(degree)]
        return type(self)(self.means, self.log_scales, self.quaternions, self.opacity_logits, kept)

    def transformed(self, matrix: np.ndarray) -> Self:
        """The cloud moved by `matrix` [4, 4]: a rotation, one scale for all axes, and a translation.

        Harmonics are rotated along, so that a Gaussian keeps the colour that it had from the same side.

        Raises:
            InvalidOptionError: a matrix that mirrors, shears, or scales axes differently; Gaussians cannot follow that.
        """
        matrix = np.asarray(matrix, dtype=np.float64)
        scale, turn = _scale_and_rotation(matrix)
        means = self.means.astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
        mixing = harmonics.rotation(self.degree, turn)
        return type(self)(
            means.astype(np.float32),
            (self.log_scales + np.log(scale)).astype(np.float32),
            _turned(self.quaternions, turn),
            self.opacity_logits,
            np.einsum("kj,njc->nkc", mixing, self.harmonics).astype(np.float32) if self.degree else self.harmonics,
        )


def rotation_matrices(quaternions: np.ndarray) -> np.ndarray:
    """Unit quaternions [N, 4] (w, x, y, z) as matrices [N, 3, 3]."""
    w, x, y, z = quaternions.T
    return np.stack(
        [
            np.stack([1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)], axis=1),
            np.stack([2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)], axis=1),
            np.stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)], axis=1),
        ],
        axis=1,
    )


def _scale_and_rotation(matrix: np.ndarray) -> tuple[float, np.ndarray]:
    """The scale and the rotation [3, 3] of a similarity."""
    if matrix.shape != (4, 4) or not np.isfinite(matrix).all() or not np.allclose(matrix[3], (0, 0, 0, 1)):
        raise InvalidOptionError(f"{matrix.tolist()} is no transform [4, 4] of points")
    volume = float(np.linalg.det(matrix[:3, :3]))
    scale = float(np.cbrt(volume))
    if volume <= 0 or not np.allclose(matrix[:3, :3] @ matrix[:3, :3].T / scale**2, np.eye(3), atol=SCALE_TOLERANCE):
        raise InvalidOptionError(
            f"the transform {np.round(matrix, 6).tolist()} mirrors, shears or scales axes differently; Gaussians can only be "
            "rotated, moved, and scaled by one factor"
        )
    return scale, matrix[:3, :3] / scale


def _turned(quaternions: np.ndarray, turn: np.ndarray) -> np.ndarray:
    """Quaternions [N, 4] rotated by `turn` [3, 3], which comes after them."""
    from scipy.spatial.transform import Rotation

    if not len(quaternions):
        return quaternions
    before = Rotation.from_quat(quaternions.astype(np.float64), scalar_first=True)
    return (Rotation.from_matrix(turn) * before).as_quat(scalar_first=True).astype(np.float32)

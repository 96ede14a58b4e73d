"""Real spherical harmonics up to degree 3, with the signs and the order of 3D Gaussian splatting."""

from typing import Any

import numpy as np

MAX_DEGREE = 3
CONSTANT = 0.28209479177387814
"""Y_0: a Gaussian that looks the same from everywhere has the colour 0.5 + CONSTANT * coefficient."""


def coefficients(degree: int) -> int:
    """How many coefficients a channel has."""
    return (degree + 1) ** 2


def basis(degree: int, x: Any, y: Any, z: Any) -> list[Any]:
    """The harmonics Y_k at unit directions (x, y, z), arrays or tensors of one shape: `coefficients(degree)` of that shape.

    Sloan, "Efficient Spherical Harmonic Evaluation", JCGT 2013; the order is m = -l ... l within each degree l.
    """
    values = [CONSTANT + 0.0 * x]
    if degree >= 1:
        values += [-0.4886025119029199 * y, 0.4886025119029199 * z, -0.4886025119029199 * x]
    if degree >= 2:
        xx, yy, zz = x * x, y * y, z * z
        values += [
            1.0925484305920792 * x * y,
            -1.0925484305920792 * y * z,
            0.31539156525252005 * (2.0 * zz - xx - yy),
            -1.0925484305920792 * x * z,
            0.5462742152960396 * (xx - yy),
        ]
        if degree >= 3:
            values += [
                -0.5900435899266435 * y * (3.0 * xx - yy),
                2.890611442640554 * x * y * z,
                -0.4570457994644658 * y * (4.0 * zz - xx - yy),
                0.3731763325901154 * z * (2.0 * zz - 3.0 * xx - 3.0 * yy),
                -0.4570457994644658 * x * (4.0 * zz - xx - yy),
                1.445305721320277 * z * (xx - yy),
                -0.5900435899266435 * x * (xx - 3.0 * yy),
            ]
    return values


def rotation(degree: int, matrix: np.ndarray) -> np.ndarray:
    """[K, K] float64 that turns the coefficients of a function on the sphere into those of the function rotated by `matrix`
    [3, 3].

    The rotated function takes at d the value that the function has at the direction that is rotated to d. Each degree is closed
    under rotation, so a fit to more directions than there are coefficients is exact.
    """
    index = np.arange(64)
    height, angle = 1.0 - (2.0 * index + 1.0) / len(index), index * np.pi * (3.0 - np.sqrt(5.0))  # a Fibonacci lattice
    radius = np.sqrt(1.0 - height**2)
    directions = np.stack([radius * np.cos(angle), radius * np.sin(angle), height], axis=1)
    here = np.stack(basis(degree, *directions.T), axis=1)
    before = np.stack(basis(degree, *(directions @ matrix).T), axis=1)
    return np.linalg.lstsq(here, before, rcond=None)[0]

"""Gaussian clouds whose pictures are known, and a slow renderer that anybody can read."""

from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from scene_hub.gaussians import GaussianCloud, harmonics

SIZE = (48, 40)
"""Width and height of test pictures."""
INTRINSICS = np.array([[40.0, 0.0, 23.5], [0.0, 42.0, 20.5], [0.0, 0.0, 1.0]])
"""The optical axis goes through the middle of pixel (column 23, row 20)."""
MIDDLE = (20, 23)
"""Row and column of that pixel."""


def cloud_of(*gaussians: dict[str, Any], degree: int = 0) -> GaussianCloud:
    """One Gaussian for each of `gaussians`: mean, scale (one, or three), color, opacity, quaternion, harmonics [K, 3]."""
    bands = harmonics.coefficients(degree)
    made = [
        {"mean": (0, 0, 0), "scale": 0.1, "color": (1, 1, 1), "opacity": 0.8, "quaternion": (1, 0, 0, 0), **given}
        for given in gaussians
    ]
    coefficients = np.zeros((len(made), bands, 3))
    for row, one in zip(coefficients, made, strict=True):
        row[0] = (np.array(one["color"]) - 0.5) / harmonics.CONSTANT
        if "harmonics" in one:
            row[1:] = one["harmonics"]
    opacity = np.array([one["opacity"] for one in made], dtype=float)
    return GaussianCloud(
        np.array([one["mean"] for one in made], dtype=float).reshape(-1, 3),
        np.log([np.broadcast_to(one["scale"], 3) for one in made]).reshape(-1, 3),
        np.array([one["quaternion"] for one in made], dtype=float).reshape(-1, 4),
        np.log(opacity / (1 - opacity)),
        coefficients,
    )


def random_cloud(
    seed: int, count: int = 150, degree: int = 0, scales: tuple[float, float] = (0.01, 0.6)
) -> GaussianCloud:
    """Gaussians of all shapes around the origin, a metre or two across."""
    rng = np.random.default_rng(seed)
    quaternions = rng.normal(size=(count, 4))
    return GaussianCloud(
        rng.normal(size=(count, 3)),
        rng.uniform(*np.log(scales), size=(count, 3)),
        quaternions / np.linalg.norm(quaternions, axis=1, keepdims=True),
        rng.normal(0.5, 2.0, size=count),
        rng.normal(size=(count, harmonics.coefficients(degree), 3)) * 0.5,
    )


def looking(eye: Any, target: Any = (0.0, 0.0, 0.0)) -> np.ndarray:
    """World to camera [4, 4] of a camera at `eye` that looks at `target`, with z up in the picture."""
    eye = np.asarray(eye, dtype=float)
    forward = np.asarray(target, dtype=float) - eye
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([right, np.cross(forward, right), forward])
    matrix[:3, 3] = -matrix[:3, :3] @ eye
    return matrix


def ahead(depth: float) -> np.ndarray:
    """World to camera of a camera whose axes are the world's, so far before the origin."""
    matrix = np.eye(4)
    matrix[2, 3] = depth
    return matrix


def reference(
    cloud: GaussianCloud, intrinsics: np.ndarray, pose: np.ndarray, width: int, height: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Colour [H, W, 3] over black, depth [H, W] and alpha [H, W], one Gaussian after the other at all pixels."""
    turn, shift = pose[:3, :3], pose[:3, 3]
    fx, fy, cx, cy = intrinsics[0, 0], intrinsics[1, 1], intrinsics[0, 2], intrinsics[1, 2]
    column, row = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    color, depth, light = np.zeros((height, width, 3)), np.zeros((height, width)), np.ones((height, width))
    done = np.zeros((height, width), dtype=bool)
    centers = cloud.means.astype(float) @ turn.T + shift
    for index in np.argsort(centers[:, 2].astype(np.float32), kind="stable"):
        x, y, z = centers[index]
        if z < 0.01:
            continue
        axes = Rotation.from_quat(cloud.quaternions[index].astype(float), scalar_first=True).as_matrix()
        axes = turn @ axes @ np.diag(np.exp(cloud.log_scales[index].astype(float)))
        u = np.clip(x / z, -cx / fx - 0.15 * width / fx, (width - cx) / fx + 0.15 * width / fx)
        v = np.clip(y / z, -cy / fy - 0.15 * height / fy, (height - cy) / fy + 0.15 * height / fy)
        jacobian = np.array([[fx / z, 0.0, -fx * u / z], [0.0, fy / z, -fy * v / z]])
        inverse = np.linalg.inv(jacobian @ axes @ axes.T @ jacobian.T + 0.3 * np.eye(2))
        dx, dy = column - (fx * x / z + cx), row - (fy * y / z + cy)
        sigma = 0.5 * (inverse[0, 0] * dx**2 + inverse[1, 1] * dy**2) + inverse[0, 1] * dx * dy
        alpha = np.minimum(0.999, float(cloud.opacities[index]) * np.exp(-sigma))
        alpha[alpha < 1 / 255] = 0.0
        done |= (alpha > 0) & (light * (1 - alpha) <= 1e-4)
        weight = np.where(done, 0.0, alpha * light)
        direction = cloud.means[index] + turn.T @ shift
        bands = np.array(harmonics.basis(cloud.degree, *(direction / np.linalg.norm(direction))))
        color += weight[..., None] * np.maximum(0.5 + bands @ cloud.harmonics[index], 0.0)
        depth += weight * z
        light = light - weight
    alpha = 1.0 - light
    return np.clip(color, 0.0, 1.0), depth / np.maximum(alpha, 1e-10), alpha

"""A coarse mesh of what a Gaussian cloud looks like from one place: six pictures of it, each bent to its depth."""

import numpy as np

from scene_hub.gaussians.cloud import GaussianCloud
from scene_hub.gaussians.rendering import render
from scene_hub.generate.baking import Skin
from scene_hub.generate.shapes import shaded

OVERLAP = 1.02
"""Pictures reach a little beyond the side of the cube that they are of, so that no gap opens between them."""
LEAST_COVERAGE = 0.5
"""Alpha from which on the depth of a pixel is believed."""
FARTHEST = 40.0
"""Metres: what lies behind, such as a sky, is bent to here."""
CREASE_DEGREES = 60.0

SIDES = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], dtype=float)


def panorama(cloud: GaussianCloud, eye: np.ndarray, cells: int, pixels: int) -> list[Skin]:
    """The surroundings of `eye` [3] in the frame of `cloud` (z up), as six surfaces of `cells` x `cells` squares that face it,
    with pictures of `pixels` x `pixels`.

    True from the eye, stretched where something hides something else from it. Drawn on the CPU, so the same everywhere.
    """
    return [_side(cloud, np.asarray(eye, dtype=float), side, cells, pixels) for side in SIDES]


def _side(cloud: GaussianCloud, eye: np.ndarray, forward: np.ndarray, cells: int, pixels: int) -> Skin:
    right = np.cross(forward, [0.0, 0.0, 1.0]) if abs(forward[2]) < 0.5 else np.array([0.0, -1.0, 0.0])
    turn = np.stack([right, np.cross(forward, right), forward])
    focal, middle = pixels / 2 / OVERLAP, pixels / 2
    intrinsics = np.array([[focal, 0, middle], [0, focal, middle], [0, 0, 1]])
    pose = np.column_stack([turn, -turn @ eye])
    picture = render(cloud, intrinsics, pose, pixels, pixels, background=(0.5, 0.5, 0.5), rasterizer="torch")
    depth = np.clip(_filled(picture.depth.numpy(), picture.alpha.numpy() >= LEAST_COVERAGE), 0.05, FARTHEST)
    at = np.linspace(0.0, pixels, cells + 1)
    pixel = np.minimum(at.astype(int), pixels - 1)
    slope = (at - middle) / focal
    x, y = np.meshgrid(slope, slope)
    corners = np.stack([x, y, np.ones_like(x)], axis=2) * depth[np.ix_(pixel, pixel)][..., None] @ turn + eye
    u, v = np.meshgrid(at / pixels, 1.0 - at / pixels)
    corners = np.concatenate([corners, np.stack([u, v], axis=2)], axis=2)
    a, b, c, d = corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1]
    triangles = np.concatenate([np.stack([a, d, c], axis=2), np.stack([a, c, b], axis=2)]).reshape(-1, 3, 5)
    surface = shaded(triangles[..., :3], triangles[..., 3:], CREASE_DEGREES)
    return Skin(surface, np.round(255.0 * picture.rgb.numpy().astype(float)), double_sided=True)


def _filled(depth: np.ndarray, known: np.ndarray) -> np.ndarray:
    """The depth with pixels that are not known as deep as the nearest that is; all at the farthest where none is."""
    from scipy.ndimage import distance_transform_edt

    if not known.any():
        return np.full_like(depth, FARTHEST)
    nearest = distance_transform_edt(~known, return_distances=False, return_indices=True)
    assert isinstance(nearest, np.ndarray)
    return depth[nearest[0], nearest[1]]

"""Line drawings of what cannot be seen: grasps, supports and roles. Lines are segments [K, 2, 3], in metres, in the asset frame
where nothing else is said."""

from collections.abc import Sequence

import numpy as np
import trimesh

from scene_hub.schema import Asset, Grasp, Support

FINGER_TIP, FINGER_ROOT, WRIST = 0.008, -0.036, -0.072
"""z in the grasp frame, metres: how far fingers reach beyond the contacts, where the palm is, where the hand ends."""
CIRCLE_SIDES = 48
QUALITY_STOPS = np.array([[214.0, 48.0, 49.0], [250.0, 190.0, 60.0], [26.0, 152.0, 80.0]])


def best_grasps(grasps: Sequence[Grasp], count: int) -> list[Grasp]:
    """The `count` grasps of the highest quality, the best first."""
    return sorted(grasps, key=lambda grasp: -grasp.quality)[:count]


def gripper_lines(width: float) -> np.ndarray:
    """[4, 2, 3]: a gripper that is open by `width` (metres), in the grasp frame: two fingers, the palm and the wrist."""
    half = width / 2
    corners = [
        [[0, half, FINGER_TIP], [0, half, FINGER_ROOT]],
        [[0, -half, FINGER_TIP], [0, -half, FINGER_ROOT]],
        [[0, half, FINGER_ROOT], [0, -half, FINGER_ROOT]],
        [[0, 0, FINGER_ROOT], [0, 0, WRIST]],
    ]
    return np.array(corners, dtype=float)


def quality_color(quality: float) -> tuple[int, int, int]:
    """sRGB, 0 to 255, of a grasp's quality: red (0) over yellow (0.5) to green (1)."""
    red, green, blue = (round(float(np.interp(quality, (0.0, 0.5, 1.0), stops))) for stops in QUALITY_STOPS.T)
    return red, green, blue


def support_lines(support: Support) -> np.ndarray:
    """The clear area of a support; for a container also its rim, and the edges between."""
    x, y = support.half_extents
    corners = np.array([[x, y, 0], [-x, y, 0], [-x, -y, 0], [x, -y, 0]]) + support.position
    floor = _closed(corners)
    if support.kind == "surface":
        return floor
    above = corners.copy()
    above[:, 2] = support.rim_height
    return np.concatenate([floor, _closed(above), np.stack([corners, above], axis=1)])


def footprint_lines(asset: Asset, clearance: float = 0.002) -> np.ndarray:
    """An ellipse around the asset, `clearance` metres above the plane that it rests on."""
    angles = np.linspace(0.0, 2 * np.pi, CIRCLE_SIDES, endpoint=False)
    x, y = (1.1 * extent / 2 + 0.006 for extent in asset.extents[:2])
    return _closed(np.stack([x * np.cos(angles), y * np.sin(angles), np.full(CIRCLE_SIDES, clearance)], axis=1))


def edge_lines(piece: trimesh.Trimesh, sharpest: float = 0.3) -> np.ndarray:
    """The edges of a mesh at which its surface turns by more than `sharpest` radians."""
    return np.asarray(piece.vertices)[piece.face_adjacency_edges[piece.face_adjacency_angles > sharpest]]


def _closed(points: np.ndarray) -> np.ndarray:
    """The segments of a closed line through `points` [N, 3]."""
    return np.stack([points, np.roll(points, -1, axis=0)], axis=1)

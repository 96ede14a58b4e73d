"""Which of an object's grasps to take now."""

from dataclasses import dataclass

import numpy as np

from genworld_envs.experts.arm import ArmModel
from genworld_envs.experts.geometry import lowest_point_of_hand, points_in_hand, pose_matrix
from genworld_envs.experts.view import View
from genworld_envs.robots.hand import Hand
from scene_hub.schema import Asset

PRE_GRASP = 0.09
"""Metres behind the grasp, along the approach direction, where the descent begins."""
OPENING_SPARE = 0.024
"""How much wider than the object the gripper opens where there is no room to open it fully."""
TIGHTEST = 0.006
"""The gripper's greatest opening exceeds the width of what it grasps by at least this."""
STEEPEST = -0.3
"""Greatest z of an approach direction: no grasp from the side."""
TABLE_GAP, MOST_RAISED = 0.001, 0.008
SIMPLE_QUALITY = 0.25
SIMPLE_PLACES = (0.5, 0.25, 0.75)
SIMPLE_YAWS = 12
FAILED_NEAR = 0.025
MAX_MISALIGNMENT = 0.45
UNREACHED = 0.02


@dataclass(frozen=True)
class GraspPlan:
    """A grasp as the arm can reach it: tool poses in the scene frame, before and at the grasp, and the object's pose for
    which it is meant. `width` is the object's, between the fingers; `opening` the gripper's on the way there."""

    before: np.ndarray
    at: np.ndarray
    width: float
    opening: float
    object_pose: np.ndarray


@dataclass(frozen=True)
class Candidates:
    """[K, 4, 4] tool poses in the scene frame, [K] widths and qualities."""

    poses: np.ndarray
    widths: np.ndarray
    qualities: np.ndarray

    def __getitem__(self, index: np.ndarray) -> "Candidates":
        return Candidates(self.poses[index], self.widths[index], self.qualities[index])


def choose_grasp(view: View, asset: Asset, arm: ArmModel, hand: Hand, failed: list[np.ndarray]) -> GraspPlan | None:
    """The cheapest grasp that the arm can reach from where it is, or None.

    Weighed are: the grasp's quality, the points that the open gripper would run into, how well the arm can take on its
    orientation, how far the joints have to turn, and how near it is to a grasp that `failed` (tool poses, 4 x 4, in the
    object's frame).
    """
    candidates = grasp_candidates(view, asset, hand)
    if len(candidates.widths) == 0:
        return None
    before = candidates.poses.copy()
    before[:, :3, 3] -= PRE_GRASP * before[:, :3, 2]
    start = np.repeat(view.qpos[None], len(before), axis=0)
    joints, reached_before = arm.follow(start, before)
    joints, reached = arm.follow(joints, candidates.poses)
    off = np.linalg.norm(reached[:, :3, 3] - candidates.poses[:, :3, 3], axis=1)
    cost = (
        (1.0 - candidates.qualities)
        + _orientation_cost(candidates.poses, reached)
        + _clearance_cost(view, hand, reached, candidates.widths)
        + 100.0 * np.maximum(0.0, off - 0.004)
        + 0.15 * np.abs(joints - view.qpos).max(1)
        + _failure_cost(np.linalg.inv(view.object) @ candidates.poses, failed)
    )
    best = int(np.argmin(cost))
    if off[best] > UNREACHED:
        return None
    return GraspPlan(
        before=reached_before[best],
        at=reached[best],
        width=float(candidates.widths[best]),
        opening=_widest_free_opening(view, hand, reached[best], float(candidates.widths[best])),
        object_pose=view.object.copy(),
    )


def grasp_candidates(view: View, asset: Asset, hand: Hand) -> Candidates:
    """The asset's own grasps where the object is now, then simple ones, without those that the gripper cannot do."""
    own = [view.object @ pose_matrix(grasp.position, grasp.quaternion) for grasp in asset.grasps]
    simple_poses, simple_widths = simple_grasps(view.cloud(0), hand)
    widths = np.concatenate([[grasp.width for grasp in asset.grasps], simple_widths])
    everything = Candidates(
        np.concatenate([np.array(own).reshape(-1, 4, 4), simple_poses]),
        widths,
        np.concatenate([[grasp.quality for grasp in asset.grasps], np.full(len(simple_widths), SIMPLE_QUALITY)]),
    )
    usable = everything[(widths < hand.max_opening - TIGHTEST) & (everything.poses[:, 2, 2] < STEEPEST)]
    shift = np.array([hand.grasp_shift(width) for width in usable.widths])
    usable.poses[:, :3, 3] -= shift[:, None] * usable.poses[:, :3, 1]
    if len(usable.widths):
        lowest = lowest_point_of_hand(usable.poses, hand.max_opening, hand)
        usable.poses[:, 2, 3] += np.clip(TABLE_GAP - lowest, 0.0, MOST_RAISED)
    return usable


def simple_grasps(cloud: np.ndarray, hand: Hand) -> tuple[np.ndarray, np.ndarray]:
    """Grasps from straight above, across a point cloud at its middle and towards its two ends: [K, 4, 4] poses and [K]
    widths.

    For an object that has no grasps of its own, or lies as they do not foresee, or slips from them.
    """
    flat = cloud[:, :2] - cloud[:, :2].mean(0)
    length = np.linalg.svd(flat, full_matrices=False)[2][0]
    along = flat @ length
    poses, widths = [], []
    for share in SIMPLE_PLACES:
        place = cloud[:, :2].mean(0) + length * (along.min() * (1 - share) + along.max() * share)
        for yaw in np.arange(SIMPLE_YAWS) * 2 * np.pi / SIMPLE_YAWS + np.arctan2(length[1], length[0]):
            found = _across(cloud, place, yaw, hand)
            if found is not None:
                poses.append(found[0])
                widths.append(found[1])
    return np.array(poses).reshape(-1, 4, 4), np.array(widths)


def _across(cloud: np.ndarray, place: np.ndarray, yaw: float, hand: Hand) -> tuple[np.ndarray, float] | None:
    """The vertical grasp whose closing axis is at right angles to `yaw`, at the slice of the cloud through `place`."""
    ahead, closing = np.array([np.cos(yaw), np.sin(yaw)]), np.array([-np.sin(yaw), np.cos(yaw)])
    piece = cloud[np.abs((cloud[:, :2] - place) @ ahead) < hand.finger_width / 2]
    if len(piece) < 6:
        return None
    across = (piece[:, :2] - place) @ closing
    middle = place + closing * (across.min() + across.max()) / 2
    low, high = piece[:, 2].min(), piece[:, 2].max()
    height = max(high - 0.7 * hand.depth, min((low + high) / 2, low + hand.tip + 0.004), hand.tip + TABLE_GAP)
    pose = np.eye(4)
    pose[:3, 1], pose[:3, 2] = [*closing, 0.0], [0.0, 0.0, -1.0]
    pose[:3, 0] = np.cross(pose[:3, 1], pose[:3, 2])
    pose[:3, 3] = [*middle, height]
    return pose, float(across.max() - across.min())


def _failure_cost(poses: np.ndarray, failed: list[np.ndarray]) -> np.ndarray:
    """[K]: most for the very grasp that failed, less for one nearby. All in the object's frame."""
    cost = np.zeros(len(poses))
    for pose in failed:
        away = np.linalg.norm(poses[:, :3, 3] - pose[:3, 3], axis=1)
        cosine = (poses[:, :3, 1] * pose[:3, 1]).sum(1)
        cost += 0.5 * (away < FAILED_NEAR) + 0.7 * ((away < 0.005) & (cosine > 0.97))
    return cost


def _orientation_cost(wanted: np.ndarray, reached: np.ndarray) -> np.ndarray:
    """[K]: a closing axis that is off matters much, a tilted approach little."""
    misaligned, tilted = (
        np.arccos(np.clip((reached[:, :3, axis] * wanted[:, :3, axis]).sum(1), -1.0, 1.0)) for axis in (1, 2)
    )
    return 8.0 * misaligned**2 + tilted**2 + 5.0 * (misaligned > MAX_MISALIGNMENT)


def _clearance_cost(view: View, hand: Hand, tools: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """[K]: points inside the gripper when it is open no wider than it must be, and how deep it dips into the table."""
    cloud = np.concatenate([view.cloud(0), view.obstacles])
    openings = np.minimum(widths + OPENING_SPARE, hand.max_opening)
    hits = [points_in_hand(cloud, tool[None], opening, hand)[0] for tool, opening in zip(tools, openings, strict=True)]
    lowest = lowest_point_of_hand(tools, hand.max_opening, hand)
    return 0.15 * np.minimum(hits, 20) + 40.0 * np.maximum(0.0, -TABLE_GAP - lowest)


def _widest_free_opening(view: View, hand: Hand, tool: np.ndarray, width: float) -> float:
    cloud = np.concatenate([view.cloud(0), view.obstacles])
    free = points_in_hand(cloud, tool[None], hand.max_opening, hand)[0] == 0
    return hand.max_opening if free else min(width + OPENING_SPARE, hand.max_opening)

"""Where to let go of the object."""

from dataclasses import dataclass

import numpy as np

from genworld_envs.experts.arm import ArmModel
from genworld_envs.experts.geometry import points_in_hand, transform, turned_about_z
from genworld_envs.experts.view import View
from genworld_envs.robots.hand import Hand

TURNS = 12
TOUCH_DOWN = 0.002
"""Metres above a surface at which the object is let go."""
ABOVE = 0.05
CONTAINER_DEPTH = 0.012
"""A receptacle whose rim is higher than this above its floor is entered from above the rim."""
MAX_TILT = 0.5


@dataclass(frozen=True)
class PlacePlan:
    """Poses of the object in the scene frame: above the receptacle, and where it is let go."""

    above: np.ndarray
    at: np.ndarray


def choose_placement(view: View, arm: ArmModel, hand: Hand, opening: float) -> PlacePlan:
    """The cheapest way to set the held object down on, or in, the receptacle, letting go by opening to `opening`.

    Tried are turns about the vertical and, over a container, heights from its floor to above its rim. Weighed are: how far
    the object sticks out over the support, what the opening gripper would run into, the height of the drop, how well the
    arm can do it, and how far the joints have to turn.
    """
    carried = _Carried(view, np.linalg.inv(view.tool) @ view.object)
    heights = _heights(view)
    joints, tools = _reach_above(view, arm, carried, _turned_tools(view, carried), heights[-1] + 0.03)
    fixed_cost = 12.0 * carried.overhang(tools) + 0.12 * np.abs(joints - view.qpos).max(1)
    best, plan = np.inf, None
    for height in heights:
        at = carried.tools_over_support(tools, height)
        _, reached = arm.follow(joints, at)
        off = np.linalg.norm(reached[:, :3, 3] - at[:, :3, 3], axis=1)
        hits = np.minimum(points_in_hand(view.obstacles, at, opening, hand), 20)
        cost = fixed_cost + 0.1 * hits + 6.0 * height + 60.0 * np.maximum(0.0, off - 0.004)
        index = int(np.argmin(cost))
        if cost[index] < best:
            place = at[index] @ carried.in_hand
            above = place.copy()
            above[2, 3] += max(ABOVE, heights[-1] - height + 0.03)
            best, plan = float(cost[index]), PlacePlan(above, place)
    assert plan is not None, "every cost is finite"
    return plan


class _Carried:
    """The held object over its receptacle, for any orientation of the tool."""

    def __init__(self, view: View, in_hand: np.ndarray) -> None:
        cloud = view.clouds[0]
        assert cloud is not None, "the object has a shape"
        self.view, self.in_hand, self.cloud = view, in_hand, cloud

    def tools_over_support(self, tools: np.ndarray, height: float) -> np.ndarray:
        """Tool poses, oriented as `tools`, that hold the object over the middle of the support, its lowest point `height`
        above it."""
        objects = self._turned(tools)
        points = transform(self.cloud, objects)
        middle = (points.min(1) + points.max(1)) / 2
        objects[:, :2, 3] = self.view.support[:2] - middle[:, :2]
        objects[:, 2, 3] = self.view.support[2] + height - points[..., 2].min(1)
        return objects @ np.linalg.inv(self.in_hand)

    def overhang(self, tools: np.ndarray) -> np.ndarray:
        """[K] metres by which the object's outline sticks out over the support, along the receptacle's own axes."""
        local = transform(self.cloud, self._turned(tools)) @ self.view.objects[1][:3, :3]
        half = (local.max(1) - local.min(1))[:, :2] / 2
        return np.maximum(0.0, half - self.view.support_half_extents).sum(1)

    def _turned(self, tools: np.ndarray) -> np.ndarray:
        """Object poses in the origin, oriented as `tools` hold it."""
        objects = tools @ self.in_hand
        objects[:, :3, 3] = 0.0
        return objects


def _heights(view: View) -> list[float]:
    """Heights over the support at which the object may be let go, rising."""
    depth = view.rim_height - float(view.support[2])
    if depth < CONTAINER_DEPTH:
        return [TOUCH_DOWN]
    return [0.006, *(share * depth for share in (0.25, 0.5, 0.75, 1.0)), depth + 0.015]


def _turned_tools(view: View, carried: _Carried) -> np.ndarray:
    """[K, 4, 4] tool orientations: the object upright, at even turns about the vertical and in line with the receptacle."""
    upright = upright_rotation(view.object[:3, :3])
    receptacle, obj = view.objects[1], upright
    in_line = np.arctan2(receptacle[1, 0], receptacle[0, 0]) - np.arctan2(obj[1, 0], obj[0, 0])
    angles = np.concatenate([np.arange(TURNS) * 2 * np.pi / TURNS, in_line + np.arange(4) * np.pi / 2])
    tools = np.tile(np.eye(4), (len(angles), 1, 1))
    tools[:, :3, :3] = np.array([turned_about_z(angle) @ upright for angle in angles]) @ carried.in_hand[:3, :3].T
    return tools


def _reach_above(
    view: View, arm: ArmModel, carried: _Carried, tools: np.ndarray, height: float
) -> tuple[np.ndarray, np.ndarray]:
    """Joint positions that hold the object above the support, and the tool orientations that the arm attains there.

    An arm of five joints does not attain any orientation; a second round places the object for the one that it does.
    """
    start = np.repeat(view.qpos[None], len(tools), axis=0)
    for _ in range(2 if arm.pitch_and_roll else 1):
        joints, reached = arm.follow(start, carried.tools_over_support(tools, height))
        if arm.pitch_and_roll:
            tools = reached
    return joints, tools


def upright_rotation(rotation: np.ndarray) -> np.ndarray:
    """The nearest rotation in which the object stands as it rests; a toppled object stays as it is."""
    if np.arccos(np.clip(rotation[2, 2], -1.0, 1.0)) > MAX_TILT:
        return rotation
    x, y, z = np.cross(rotation[:, 2], [0.0, 0.0, 1.0])
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return (np.eye(3) + cross + cross @ cross / (1.0 + rotation[2, 2])) @ rotation

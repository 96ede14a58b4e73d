"""Where the robot stands in a layout, so that what it is to take and to fill lies where scenes have their targets.

Nothing of the arrangement is moved for that: the table and what is on it keep their places among one another. The scene frame
(x away from the robot, the origin in the middle of the workspace) is laid into the layout instead, as near to the layout's own
robot as it can be, turned in steps, by preference so that the table's edges run along x and y. Distractors that would lie out
of the workspace are put somewhere else; where the targets themselves do not fit, there is no such frame.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from scene_hub.compose import DISTRACTOR_REGION, FINGER_GAP, TARGET_REGION, reachable
from scene_hub.placement import rectangles_inside, rectangles_overlap, sample_placements

KEPT_REGION = ((-0.15, -0.28), (0.22, 0.28))
"""Metres in the scene frame: distractors that lie here stay. A little more than where scenes of ours have theirs, and still in
sight of every robot's camera."""
ROBOT_X = -0.52
"""Metres: where the scene frame has the robot that a layout has at the edge of its table."""
TURN_STEP = math.radians(15.0)
SQUARE = math.radians(0.5)  # so nearly along x and y counts as along them

Array = np.ndarray


@dataclass(frozen=True)
class Standing:
    """A thing on the table: the middle `xy` [2] and `yaw` of its footprint in the layout's frame, its `half` sizes (metres).

    `xy` is None where the layout does not have it on the table.
    """

    name: str
    target: bool
    half: tuple[float, float]
    xy: tuple[float, float] | None
    yaw: float = 0.0


@dataclass(frozen=True)
class View:
    """How the scene frame lies in a layout's: its x axis points along `heading` there, and `shift` [2] is what is added after
    the turn. `moved` names the distractors that lie out of the workspace."""

    heading: float
    shift: tuple[float, float]
    moved: tuple[str, ...] = ()

    def matrix(self, table_top: float = 0.0) -> Array:
        """[4, 4]: from the layout's frame, in which the table's top is at z = `table_top` metres, to the scene's."""
        matrix = np.eye(4)
        matrix[:2, :2] = _rotation(-self.heading)
        matrix[:3, 3] = (*self.shift, -table_top)
        return matrix

    def xy(self, points: Sequence[float] | Array) -> Array:
        """Points [..., 2] of the layout in the scene frame."""
        return np.asarray(points, dtype=float) @ _rotation(-self.heading).T + self.shift


class Spots(NamedTuple):
    """Middles [2] and yaws in the scene frame by name, and the names of the distractors that were put somewhere else."""

    poses: dict[str, tuple[Array, float]]
    moved: tuple[str, ...]


def square_heading(robot: Array | None, table_yaw: float) -> float:
    """The heading along or across the table's edges that is nearest to where the layout's robot looks."""
    own = 0.0 if robot is None else math.atan2(robot[1, 0], robot[0, 0])
    return own - _wrapped(own - table_yaw, math.pi / 2)


def best_view(things: Sequence[Standing], robot: Array | None, table_yaw: float) -> View | None:
    """The view that leaves the most distractors where they are and turns the robot the least; None if no target fits any.

    `robot` [4, 4] is the pose of the robot's base in the layout, `table_yaw` (radians) that of its table.
    """
    if any(thing.target and thing.xy is None for thing in things):
        return None
    own = 0.0 if robot is None else math.atan2(robot[1, 0], robot[0, 0])
    squares = [table_yaw + quarter * math.pi / 2 for quarter in range(4)]
    turned = [own + step * TURN_STEP for step in range(round(2 * math.pi / TURN_STEP))]
    found = []
    for rank, heading in enumerate((*squares, *turned)):
        view = _fitted(things, robot, heading)
        if view is not None:
            square = abs(_wrapped(heading - table_yaw, math.pi / 2)) < SQUARE
            turn = abs(_wrapped(heading - own, 2 * math.pi))
            found.append(((len(view.moved), not square, round(turn, 6), rank), view))
    return min(found, key=lambda item: item[0])[1] if found else None


def placed(
    things: Sequence[Standing],
    view: View,
    table: tuple[tuple[float, float], tuple[float, float]],
    rng: np.random.Generator,
) -> Spots | None:
    """Where things stand in the scene frame: where the layout has them, or for distractors perhaps somewhere else.

    `table` are the corners of what may be stood on. None where targets overlap one another or the table's edge, or a
    distractor finds no room.
    """
    order = sorted(things, key=lambda thing: not thing.target)
    kept: list[tuple[Standing, Array, float]] = []
    homeless: list[Standing] = []
    for thing in order:
        spot = None if thing.xy is None else view.xy(thing.xy)
        yaw = thing.yaw - view.heading
        if spot is not None and thing.name not in view.moved and _free(thing, spot, yaw, kept, table):
            kept.append((thing, spot, yaw))
        elif thing.target:
            return None
        else:
            homeless.append(thing)
    result = {thing.name: (spot, yaw) for thing, spot, yaw in kept}
    if homeless:
        drawn = sample_placements(
            [thing.half for thing in homeless],
            *DISTRACTOR_REGION,
            rng,
            gap=FINGER_GAP,
            table=table,
            fixed=([spot for _, spot, _ in kept], [thing.half for thing, _, _ in kept], [yaw for _, _, yaw in kept]),
            allowed=reachable,
        )
        if drawn is None:
            return None
        result |= {thing.name: (drawn.xy[i], float(drawn.yaw[i])) for i, thing in enumerate(homeless)}
    return Spots(result, tuple(thing.name for thing in homeless))


def _fitted(things: Sequence[Standing], robot: Array | None, heading: float) -> View | None:
    """The view along `heading` whose targets lie in their region, as near as can be to where the layout has its robot."""
    rotation = _rotation(-heading)
    spots = {thing.name: rotation @ np.asarray(thing.xy) for thing in things if thing.xy is not None}
    targets = np.array([spots[thing.name] for thing in things if thing.target])
    low, high = TARGET_REGION[0] - targets.min(axis=0), TARGET_REGION[1] - targets.max(axis=0)
    if np.any(low > high):
        return None
    moved = []
    for thing in things:
        if thing.target or thing.name not in spots:
            continue
        lower = np.maximum(low, KEPT_REGION[0] - spots[thing.name])
        upper = np.minimum(high, KEPT_REGION[1] - spots[thing.name])
        if np.any(lower > upper):
            moved.append(thing.name)
        else:
            low, high = lower, upper
    wanted = np.mean(TARGET_REGION, axis=0) - targets.mean(axis=0)
    if robot is not None:
        wanted = np.array([ROBOT_X, 0.0]) - rotation @ robot[:2, 3]
    x, y = (float(value) for value in np.clip(wanted, low, high))
    return View(heading, (x, y), tuple(moved))


def _free(
    thing: Standing,
    spot: Array,
    yaw: float,
    kept: Sequence[tuple[Standing, Array, float]],
    table: tuple[tuple[float, float], tuple[float, float]],
) -> bool:
    inside = bool(rectangles_inside(spot, thing.half, yaw, *table))
    return inside and not any(
        bool(rectangles_overlap(spot, thing.half, yaw, other_spot, other.half, other_yaw))
        for other, other_spot, other_yaw in kept
    )


def _rotation(angle: float) -> Array:
    return np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])


def _wrapped(angle: float, period: float) -> float:
    """The angle in [-period / 2, period / 2)."""
    return (angle + period / 2) % period - period / 2

"""The phases of one pick-and-place, for one sub-environment."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from genworld_envs.experts.arm import ArmModel
from genworld_envs.experts.grasping import PRE_GRASP, GraspPlan, choose_grasp
from genworld_envs.experts.placing import PlacePlan, choose_placement
from genworld_envs.experts.view import View
from genworld_envs.robots.hand import Hand
from scene_hub.schema import Asset, TaskFamily

FAST, SLOW, GENTLE = 1.0, 0.5, 0.35
HELD_UP = 0.13
"""Metres by which "pick" lifts: more than its rule of success asks for."""
FIRST_LIFT = 0.06
CLEARANCE = 0.03
CORRIDOR = 0.06
"""Obstacles within this of the straight way, seen from above, are flown over."""
NUDGE = 0.012
"""An object that moves more than this before it is grasped is looked at again (metres, and 20 radians count as one)."""
SLIP = 0.02
"""An object that moves more than this in the hand, without contact of both fingers, is lost."""
REPLAN_EVERY = 4


class Phase(IntEnum):
    APPROACH = 0
    DESCEND = 1
    CLOSE = 2
    LIFT = 3
    TRANSFER = 4
    LOWER = 5
    RELEASE = 6
    RETREAT = 7
    DONE = 8


PATIENCE = {
    Phase.APPROACH: 22,
    Phase.DESCEND: 9,
    Phase.CLOSE: 6,
    Phase.LIFT: 8,
    Phase.TRANSFER: 20,
    Phase.LOWER: 12,
    Phase.RELEASE: 4,
    Phase.RETREAT: 5,
    Phase.DONE: 10**9,
}
"""Control steps after which a phase is over, whatever it has reached."""


@dataclass(frozen=True)
class Command:
    """What to do in one control step: move towards tool pose `target` (4 x 4, scene frame) at `speed` (a share of the
    fastest), with this gripper action."""

    target: np.ndarray
    gripper: float
    speed: float = FAST


class Episode:
    """Decides, from what it sees at each control step, where the tool goes next."""

    def __init__(self, task: TaskFamily, asset: Asset, arm: ArmModel, hand: Hand) -> None:
        self.task, self.asset, self.arm, self.hand = task, asset, arm, hand
        self.home = arm.tool(arm.ik.home[None])[0]
        self.phase, self.steps = Phase.APPROACH, 0
        self.failed: list[np.ndarray] = []
        self.grasp: GraspPlan | None = None
        self.place: PlacePlan | None = None
        self.held = np.eye(4)
        self.goal = np.eye(4)
        self.lost = 0
        self._handlers: dict[Phase, Callable[[View], Command | Phase]] = {
            Phase.APPROACH: self._approach,
            Phase.DESCEND: self._descend,
            Phase.CLOSE: self._close,
            Phase.LIFT: self._lift,
            Phase.TRANSFER: self._transfer,
            Phase.LOWER: self._lower,
            Phase.RELEASE: self._release,
            Phase.RETREAT: self._retreat,
            Phase.DONE: self._done,
        }

    def step(self, view: View) -> Command:
        """The command for this control step."""
        for _ in range(len(Phase)):
            answer = self._handlers[self.phase](view)
            if isinstance(answer, Command):
                self.steps += 1
                return answer
            self.phase, self.steps = answer, 0
        return Command(view.tool, self.hand.command(self.hand.max_opening))

    def _over(self) -> bool:
        return self.steps >= PATIENCE[self.phase]

    # ------------------------------------------------------------------------------------------------------- picking

    def _approach(self, view: View) -> Command | Phase:
        moved = self.grasp is not None and _moved(self.grasp.object_pose, view.object) > NUDGE
        if moved or (self.grasp is None and self.steps % REPLAN_EVERY == 0):
            self.grasp = choose_grasp(view, self.asset, self.arm, self.hand, self.failed)
        if self.grasp is None:
            return Command(self.home, 1.0)
        if _near(view.tool, self.grasp.before, 0.012, 0.08):
            return Phase.DESCEND
        if self._over():
            return self._try_another()
        target = self._over_obstacles(view, self.grasp.before, hanging=self.hand.tip)
        return Command(target, self.hand.command(self.grasp.opening))

    def _over_obstacles(self, view: View, target: np.ndarray, hanging: float) -> np.ndarray:
        """`target`, raised while obstacles stand between here and there that the hand, or what hangs `hanging` below the
        tool, would hit; straight up first where it is already too low."""
        start, end = view.tool[:2, 3], target[:2, 3]
        distance = np.linalg.norm(end - start)
        if distance < 0.03:
            return target
        points = view.obstacles
        along = np.clip((points[:, :2] - start) @ (end - start) / distance**2, 0.0, 1.0)
        beside = np.linalg.norm(points[:, :2] - start - along[:, None] * (end - start), axis=1)
        near = points[beside < CORRIDOR]
        if self.phase is Phase.APPROACH:
            near = np.concatenate([near, view.cloud(0)])
        if len(near) == 0:
            return target
        safe = near[:, 2].max() + hanging + CLEARANCE
        raised = target.copy()
        raised[2, 3] = max(target[2, 3], safe)
        if view.tool[2, 3] < safe - CLEARANCE / 2:
            raised[:2, 3] = start + (end - start) * 0.1
        return raised

    def _descend(self, view: View) -> Command | Phase:
        assert self.grasp is not None
        if _moved(self.grasp.object_pose, view.object) > NUDGE:
            self.grasp = None
            return Phase.APPROACH
        if _near(view.tool, self.grasp.at, 0.005, 0.08) or self._over():
            return Phase.CLOSE
        return Command(self.grasp.at, self.hand.command(self.grasp.opening), SLOW)

    def _close(self, view: View) -> Command | Phase:
        assert self.grasp is not None
        if view.grasped and self.steps >= 2:
            self.goal = _raised(view.tool, FIRST_LIFT)
            self._hold(view)
            return Phase.LIFT
        if self._over():
            return self._try_another()
        return Command(self.grasp.at, -1.0)

    def _hold(self, view: View) -> None:
        self.held, self.lost = np.linalg.inv(view.tool) @ view.object, 0

    def _try_another(self) -> Phase:
        if self.grasp is not None:
            self.failed.append(np.linalg.inv(self.grasp.object_pose) @ self.grasp.at)
        self.grasp = None
        return Phase.RETREAT

    def _holding(self, view: View) -> bool:
        """Whether the object is still in the hand; contact forces flicker, so its place in the hand counts too."""
        drift = np.linalg.norm((np.linalg.inv(view.tool) @ view.object)[:3, 3] - self.held[:3, 3])
        self.lost = 0 if view.grasped or drift < SLIP else self.lost + 1
        return self.lost < 2

    def _lift(self, view: View) -> Command | Phase:
        if not self._holding(view):
            return self._try_another()
        if view.tool[2, 3] > self.goal[2, 3] - 0.012 or self._over():
            if self.task == "pick":
                self.goal = _raised(self.goal, HELD_UP - FIRST_LIFT)
                return Phase.DONE
            self._hold(view)
            self.place = choose_placement(view, self.arm, self.hand, self._release_opening())
            return Phase.TRANSFER
        return Command(self.goal, -1.0, SLOW if self.steps == 0 else FAST)

    def _release_opening(self) -> float:
        width = 0.03 if self.grasp is None else self.grasp.width
        return min(width + 0.024, self.hand.max_opening)

    # ------------------------------------------------------------------------------------------------------- placing

    def _transfer(self, view: View) -> Command | Phase:
        assert self.place is not None
        if not self._holding(view):
            return self._try_another()
        target = self.place.above @ np.linalg.inv(self.held)
        hanging = float(view.tool[2, 3] - view.cloud(0)[:, 2].min())
        if _near(view.tool, target, 0.015, 0.12) or self._over():
            return Phase.LOWER
        return Command(self._over_obstacles(view, target, max(hanging, self.hand.tip)), -1.0)

    def _lower(self, view: View) -> Command | Phase:
        assert self.place is not None
        if not self._holding(view):
            return self._try_another()
        # The object may have slipped in the hand: aim with where it is in it now.
        target = self.place.at @ np.linalg.inv(np.linalg.inv(view.tool) @ view.object)
        height = view.object[2, 3] - self.place.at[2, 3]
        landed = view.touches_receptacle and height < 0.012
        if landed or _near(view.tool, target, 0.006, 0.3) or self._over():
            self.goal = view.tool.copy()
            return Phase.RELEASE
        return Command(target, -1.0, GENTLE if height < 0.03 else SLOW)

    def _release(self, view: View) -> Command | Phase:
        wanted = self._release_opening() / self.hand.max_opening
        if self._over() or (self.steps >= 2 and not view.touches_robot and view.opening >= 0.8 * wanted):
            return Phase.RETREAT
        return Command(self.goal, self.hand.command(self._release_opening()))

    def _retreat(self, view: View) -> Command | Phase:
        if self.steps == 0:
            self.goal = view.tool.copy()
            self.goal[:3, 3] -= (PRE_GRASP - 0.01) * view.tool[:3, 2]
        if _near(view.tool, self.goal, 0.02, 0.3) or self._over():
            self.grasp = self.place = None
            return Phase.DONE if self.task != "pick" and view.on_receptacle else Phase.APPROACH
        opening = self.hand.max_opening if self.place is None or self.steps >= 2 else self._release_opening()
        return Command(self.goal, self.hand.command(opening))

    def _done(self, view: View) -> Command | Phase:
        if self.task == "pick":
            return Command(self.goal, -1.0) if self._holding(view) else self._try_another()
        if not view.on_receptacle and self.steps > 2:
            return Phase.APPROACH
        return Command(self.goal, self.hand.command(self.hand.max_opening))


def _near(tool: np.ndarray, target: np.ndarray, position: float, rotation: float) -> bool:
    cosine = (np.trace(tool[:3, :3].T @ target[:3, :3]) - 1.0) / 2.0
    turn = np.arccos(np.clip(cosine, -1.0, 1.0))
    return bool(np.linalg.norm(tool[:3, 3] - target[:3, 3]) < position and turn < rotation)


def _raised(tool: np.ndarray, height: float) -> np.ndarray:
    result = tool.copy()
    result[2, 3] += height
    return result


def _moved(before: np.ndarray, now: np.ndarray) -> float:
    turn = np.arccos(np.clip((np.trace(before[:3, :3].T @ now[:3, :3]) - 1.0) / 2.0, -1.0, 1.0))
    return float(np.linalg.norm(before[:3, 3] - now[:3, 3]) + 0.05 * turn)

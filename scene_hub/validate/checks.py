"""The checks: each looks at one thing that would make a scene useless, and says what it measured.

They are the scene-level failures that the authors of arXiv 2603.18532 had to filter by hand (an object that starts in
its receptacle or is wider than the gripper, a receptacle at the table's edge, needle-small objects), and physics.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import trimesh

from scene_hub.compose import (
    EXPECTED_KINDS,
    MAX_PENETRATION,
    MAX_SETTLE_MOVE,
    MAX_SETTLE_TILT,
    Part,
    reachable,
    settling_bodies,
    table_region,
)
from scene_hub.generate.looks import LOOKS
from scene_hub.physics import Settling, settle
from scene_hub.placement import footprint_half_size, rectangles_inside, rectangles_overlap, yaw_of
from scene_hub.schema import Asset, Check, Placement, Report, Scene, TaskFamily

MAX_GRASP_WIDTH = 0.065
MIN_LARGEST_SIZE, MAX_SIZE = 0.025, 0.50
MIN_OBJECT_THICKNESS = 0.008
EDGE_MARGIN = 0.04
# The largest size of an object, as a share of the clear area inside its receptacle and of the whole receptacle. The
# clear area is the box inside a round floor, so bowls and plates hold somewhat more than it says.
FIT_RATIOS = {"put_in": (1.3, 0.8), "put_on": (2.0, 0.95), "stack": (1.6, 1.3)}
# Containers with sloping walls take more than their floor: this share of the whole goes through their mouth.
MOUTH_RATIO = 0.65


@dataclass(frozen=True)
class SceneUnderTest:
    """A scene with the assets (by asset id) and the collision pieces (by asset id) that it is made of."""

    scene: Scene
    assets: Mapping[str, Asset]
    meshes: Mapping[str, Mapping[str, trimesh.Trimesh]]

    def asset(self, placement: Placement) -> Asset:
        return self.assets[placement.asset]

    @cached_property
    def settling(self) -> Settling:
        """How the scene settles under gravity."""
        parts = [
            Part(item.name, item.role, self.asset(item), dict(self.meshes.get(item.asset, {})))
            for item in self.scene.placements
        ]
        return settle(settling_bodies(parts, {item.name: item.pose for item in self.scene.placements}))


def check_references(test: SceneUnderTest) -> Check:
    """Every placement has an asset of the kind that its role takes."""
    wrong = [
        f"{item.name} ({item.role})"
        for item in test.scene.placements
        if item.asset not in test.assets or test.asset(item).kind != EXPECTED_KINDS[item.role]
    ]
    return made_check(
        "references", not wrong, "all assets are there", f"no asset, or one of the wrong kind, for {', '.join(wrong)}"
    )


def check_sizes(test: SceneUnderTest) -> Check:
    """Nothing is a crumb or a piece of furniture, and the object to grasp is no needle."""
    wrong = [
        item.name
        for item in test.scene.movables
        if not MIN_LARGEST_SIZE <= max(test.asset(item).extents) <= MAX_SIZE
        or (item.role == "object" and min(test.asset(item).extents) < MIN_OBJECT_THICKNESS)
    ]
    largest = max(max(test.asset(item).extents) for item in test.scene.movables)
    problem = f"too small or too large: {', '.join(wrong)}"
    return made_check("sizes", not wrong, "all sizes are sensible", problem, largest, MAX_SIZE)


def check_graspable(test: SceneUnderTest) -> Check:
    """The object has a grasp that the grippers of all supported robots can open to."""
    asset = test.asset(test.scene.object)
    width = min((grasp.width for grasp in asset.grasps), default=float("inf"))
    found = f"the narrowest grasp of {asset.name!r} is {width * 1000:.0f} mm wide"
    if not asset.grasps:
        found = f"no gripper grasps {asset.name!r}"
    return made_check("graspable", width <= MAX_GRASP_WIDTH, found, found, width, MAX_GRASP_WIDTH)


def check_receives(test: SceneUnderTest) -> Check:
    """The receptacle has a support of the right kind, and the object's footprint fits it and does not dwarf it."""
    scene = test.scene
    if scene.receptacle is None:
        return made_check("receives", True, "there is no receptacle", "")
    fits, found, clear = receives(scene.task, test.asset(scene.object), test.asset(scene.receptacle))
    return made_check("receives", fits, found, found, clear, FIT_RATIOS[scene.task][0])


def receives(task: TaskFamily, thing: Asset, receptacle: Asset, margin: float = 1.0) -> tuple[bool, str, float]:
    """Whether `receptacle` takes `thing` in a `task`, what was found in words, and the share of its clear length taken.

    With a `margin` the thing is taken for so much larger than it is.
    """
    support = receptacle.support
    if support is None or (task == "put_in" and support.kind != "container"):
        return False, f"{receptacle.name!r} is nothing to {task.replace('_', ' ')}", float("inf")
    size = margin * np.sort(footprint_half_size(thing))
    clear = float(np.max(size / np.sort(support.half_extents)))
    whole = float(np.max(size / np.sort(footprint_half_size(receptacle))))
    most_clear, most_whole = FIT_RATIOS[task]
    fits = (clear <= most_clear and whole <= most_whole) or (task == "put_in" and whole <= MOUTH_RATIO)
    return fits, f"the object takes {clear:.0%} of the receptacle's clear length and {whole:.0%} of the whole", clear


def check_settles(test: SceneUnderTest) -> Check:
    """Gravity moves nothing by more than 5 mm or 2 degrees in two seconds."""
    move, tilt = test.settling.largest_move, test.settling.largest_tilt
    passed = move <= MAX_SETTLE_MOVE and tilt <= MAX_SETTLE_TILT
    found = (
        f"everything moves less than {_bound(move * 1000)} mm and turns less than {_bound(np.rad2deg(tilt))} degrees"
    )
    return made_check("settles", passed, found, found, _bound(move * 1000) / 1000, MAX_SETTLE_MOVE)


def check_no_interpenetration(test: SceneUnderTest) -> Check:
    """At the start no two bodies overlap."""
    depth = test.settling.penetration
    found = f"bodies overlap by less than {_bound(depth * 1000)} mm"
    return made_check(
        "no-interpenetration", depth <= MAX_PENETRATION, found, found, _bound(depth * 1000) / 1000, MAX_PENETRATION
    )


def check_instruction(test: SceneUnderTest) -> Check:
    """The instruction names the object and the receptacle, and its words for each fit nothing else in the scene.

    Targets of two categories may share words ("put the lid on the pot"): the sentence itself says which is which.
    """
    scene = test.scene
    targets = (scene.object,) if scene.receptacle is None else (scene.object, scene.receptacle)
    text = scene.instruction.lower()
    unnamed = [
        name for item in targets if not re.search(rf"\b{re.escape(name := test.asset(item).name.lower())}\b", text)
    ]
    ambiguous = [
        f"{test.asset(item).name!r} (also {test.asset(other).name!r})"
        for item in targets
        for other in scene.movables
        if other.name != item.name
        and not (other in targets and _told_apart(test.asset(item), test.asset(other)))
        and _words(test.asset(item).name) <= _words_for(test.asset(other))
    ]
    problem = f"{scene.instruction!r} does not name {unnamed}" if unnamed else f"ambiguous: {', '.join(ambiguous)}"
    return made_check(
        "instruction", not unnamed and not ambiguous, "names its targets, and its words fit nothing else", problem
    )


def _told_apart(first: Asset, second: Asset) -> bool:
    """Whether two targets cannot be taken for each other: they are of two categories, or one is "the other"."""
    others = [asset.name.lower().split()[0] in ("other", "another") for asset in (first, second)]
    return first.category != second.category or (any(others) and first.colors[:1] != second.colors[:1])


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", name.lower()))


def _words_for(asset: Asset) -> frozenset[str]:
    """The words that a person may use for an asset: those of its name and category, its colours and its materials."""
    looks = [LOOKS[material] for material in asset.materials if material in LOOKS]
    materials = (*asset.materials, *(word for look in looks for word in (look.adjective, *look.words)))
    return _words(" ".join((asset.name, asset.category.replace("_", " "), *asset.colors[:1], *materials)))


def check_starts_apart(test: SceneUnderTest) -> Check:
    """The object does not start on, in or under the receptacle."""
    scene = test.scene
    if scene.receptacle is None:
        return made_check("starts-apart", True, "there is no receptacle", "")
    rectangles = []
    for item in (scene.object, scene.receptacle):
        rectangles += [item.pose.position[:2], footprint_half_size(test.asset(item)), yaw_of(item.pose)]
    overlap = bool(rectangles_overlap(*rectangles))
    return made_check(
        "starts-apart", not overlap, "object and receptacle stand apart", "the object starts on or in its receptacle"
    )


def check_on_table(test: SceneUnderTest) -> Check:
    """Nothing reaches over the table's edge or close to it."""
    low, high = table_region(test.asset(test.scene.context), EDGE_MARGIN, test.scene.context.pose)
    outside = [
        item.name
        for item in test.scene.movables
        if not rectangles_inside(
            item.pose.position[:2], footprint_half_size(test.asset(item)), yaw_of(item.pose), low, high
        )
    ]
    return made_check(
        "on-table", not outside, "everything is well on the table", f"at the table's edge: {', '.join(outside)}"
    )


def check_reachable(test: SceneUnderTest) -> Check:
    """Object and receptacle are where every supported robot reaches them."""
    targets = [test.scene.object] if test.scene.receptacle is None else [test.scene.object, test.scene.receptacle]
    inside = reachable(np.array([item.pose.position[:2] for item in targets]))
    far = [item.name for item, good in zip(targets, inside, strict=True) if not good]
    return made_check("reachable", not far, "targets are within reach", f"out of reach: {', '.join(far)}")


CHECKS: tuple[Callable[[SceneUnderTest], Check], ...] = (
    check_references,
    check_sizes,
    check_graspable,
    check_receives,
    check_settles,
    check_no_interpenetration,
    check_instruction,
    check_starts_apart,
    check_on_table,
    check_reachable,
)


def validate_scene(
    scene: Scene, assets: Mapping[str, Asset], meshes: Mapping[str, Mapping[str, trimesh.Trimesh]]
) -> Report:
    """Run all checks on `scene`; `assets` and their collision `meshes` are by asset id.

    Where references are broken the other checks cannot run, and the report has that one check only.
    """
    test = SceneUnderTest(scene, assets, meshes)
    references = check_references(test)
    if not references.passed:
        return Report(checks=(references,))
    return Report(checks=(references, *(check(test) for check in CHECKS[1:])))


def _bound(value: float) -> int:
    """The next whole number above `value`: reports must not depend on the last bits of a simulation."""
    return math.floor(value) + 1


def made_check(
    name: str, passed: bool, found: str, problem: str, value: float | None = None, threshold: float | None = None
) -> Check:
    """A check with the message for its outcome."""
    rounded = None if value is None or not np.isfinite(value) else round(float(value), 4)
    return Check(
        name=name, passed=bool(passed), message=found if passed else problem, value=rounded, threshold=threshold
    )

"""Checks of a single asset, before it gets into a scene. Each says what it measured; `inspect_asset` runs them all.

They are the automatic counterpart of the mesh checks of arXiv 2603.18532, whose generated assets fail them for one in four.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import trimesh

from scene_hub.compose import MAX_SETTLE_MOVE, MAX_SETTLE_TILT
from scene_hub.errors import SceneDataError
from scene_hub.generate.bundle import AssetBundle, RoleInTask
from scene_hub.meshes import MAX_TRIANGLES, check_visual, collision_pieces, visual_points
from scene_hub.physics import SettlingScene, settle_alone
from scene_hub.schema import Asset, Check, Grasp, Pose
from scene_hub.validate.checks import made_check
from scene_hub.validate.lifting import lifted_grasps

LIGHT_TRIANGLES = 1500
"""A light level has at most so many triangles, or, where that would look different, no more than the close one."""
MIN_LARGEST_SIZE, MAX_SIZE = 0.02, 0.50
COVER_TOLERANCE = 0.006
"""Metres by which a visual surface may stand out of the collision shapes."""
MIN_COVERED = 0.85
MIN_GRASPS = 2
PROBE_SHARE = 0.5
"""Radius of the probe ball as a share of a container's clear half size."""
PROBE_TOLERANCE = 0.008
PROBE_STEPS = 250


@dataclass(frozen=True)
class AssetUnderTest:
    """A bundle and what it is needed as in its task (None: a distractor, a table, a room)."""

    bundle: AssetBundle
    use: RoleInTask | None = None

    @property
    def asset(self) -> Asset:
        return self.bundle.asset

    @cached_property
    def pieces(self) -> dict[str, trimesh.Trimesh]:
        """Convex collision pieces by name; SceneDataError for broken ones."""
        file = self.asset.files.collision
        data = None if file is None else self.bundle.files[file.path]
        return {} if data is None else collision_pieces(data, self.asset, f"collision file of {self.asset.name!r}")

    @cached_property
    def good_grasps(self) -> tuple[Grasp, ...]:
        """The stored grasps that lift the object in simulation."""
        return lifted_grasps(self.asset, self.pieces)


def check_mesh(test: AssetUnderTest) -> Check:
    """All meshes are finite, not empty, within their bounds and budgets, and their textures decode."""
    asset, files = test.asset, test.bundle.files
    try:
        heavy = check_visual(files[asset.files.visual.path], asset, "visual", f"visual file of {asset.name!r}")
        light = check_visual(files[asset.files.visual_low.path], asset, "visual_low", f"light file of {asset.name!r}")
        pieces = len(test.pieces)
    except SceneDataError as error:
        return made_check("asset-mesh", False, "", str(error))
    found = f"{heavy} triangles, {light} in the light level, {pieces} convex pieces"
    return made_check(
        "asset-mesh", light <= max(LIGHT_TRIANGLES, heavy) and heavy <= MAX_TRIANGLES["visual"], found, found, light
    )


def check_size(test: AssetUnderTest) -> Check:
    """An object is neither a crumb nor a piece of furniture."""
    largest = max(test.asset.extents)
    found = f"its largest extent is {largest * 100:.1f} cm"
    passed = test.asset.kind != "object" or MIN_LARGEST_SIZE <= largest <= MAX_SIZE
    return made_check("asset-size", passed, found, found, largest, MAX_SIZE)


def check_covered(test: AssetUnderTest) -> Check:
    """The collision shapes cover what is seen: fingers do not pass through it."""
    if test.asset.kind != "object":
        return made_check("asset-covered", True, "not a movable thing", "")
    points = visual_points(test.bundle.files[test.asset.files.visual.path])
    share = float(np.mean(outside_distance(points, test.asset, test.pieces) <= COVER_TOLERANCE))
    found = f"{share:.0%} of the surface lies within {COVER_TOLERANCE * 1000:.0f} mm of a collision shape"
    return made_check("asset-covered", share >= MIN_COVERED, found, found, share, MIN_COVERED)


def check_stands(test: AssetUnderTest) -> Check:
    """Put down alone, it stays where it is for two seconds."""
    if test.asset.kind != "object":
        return made_check("asset-stands", True, "not a movable thing", "")
    settling = settle_alone(test.asset, test.pieces)
    move, tilt = settling.largest_move, settling.largest_tilt
    found = f"put down alone it moves {move * 1000:.1f} mm and turns {np.rad2deg(tilt):.1f} degrees"
    passed = move <= MAX_SETTLE_MOVE and tilt <= MAX_SETTLE_TILT
    return made_check("asset-stands", passed, "it stays where it is put", found)


def check_open(test: AssetUnderTest) -> Check:
    """A ball that is dropped into a container comes to rest inside."""
    support = test.asset.support
    if test.use != "container":
        return made_check("asset-open", True, "not needed as a container", "")
    if support is None or support.kind != "container":
        return made_check("asset-open", False, "", f"{test.asset.name!r} is no container")
    radius = PROBE_SHARE * min(support.half_extents)
    x, y, floor = support.position
    world = SettlingScene()
    world.add_ground()
    world.add("container", test.asset, test.pieces, Pose(), static=False)
    world.add_ball("probe", radius, (x + 0.3 * radius, y + 0.3 * radius, support.rim_height + radius + 0.01))
    world.step(PROBE_STEPS)
    (box, ball), _ = world.poses(["container", "probe"])
    depth = float(ball[2] - radius - floor)
    beside = bool(np.any(np.abs((ball - box)[:2] - (x, y)) > np.asarray(test.asset.extents[:2]) / 2))
    passed = abs(depth) <= PROBE_TOLERANCE and not beside
    problem = f"a ball of {radius * 1000:.0f} mm dropped into it ends {depth * 1000:.0f} mm above its floor"
    return made_check("asset-open", passed, "a ball dropped into it stays inside", problem)


def check_lifts(test: AssetUnderTest) -> Check:
    """What is to be grasped is lifted and held with stored grasps, in simulation."""
    good, stored = len(test.good_grasps), len(test.asset.grasps)
    found = f"{good} of {stored} grasps lift it"
    if test.use != "object":
        return made_check("asset-lifts", True, f"{found}; not needed as an object", "")
    return made_check("asset-lifts", good >= MIN_GRASPS, found, found, good, MIN_GRASPS)


ASSET_CHECKS: tuple[Callable[[AssetUnderTest], Check], ...] = (
    check_mesh,
    check_size,
    check_covered,
    check_stands,
    check_open,
    check_lifts,
)


def inspect_asset(bundle: AssetBundle, use: RoleInTask | None = None) -> tuple[tuple[Check, ...], AssetBundle]:
    """All checks of an asset, and the bundle with only those grasps that were lifted in simulation.

    A mesh that is broken ends the inspection: nothing simulates it.
    """
    test = AssetUnderTest(bundle, use)
    mesh = check_mesh(test)
    if not mesh.passed:
        return (mesh,), bundle
    checks = (mesh, *(check(test) for check in ASSET_CHECKS[1:]))
    return checks, bundle.with_grasps(test.good_grasps)


def outside_distance(points: np.ndarray, asset: Asset, pieces: Mapping[str, trimesh.Trimesh]) -> np.ndarray:
    """Distance [n] in metres by which `points` [n, 3] lie outside the union of an asset's collision shapes.

    0 inside. Outside a convex piece it is the largest distance from one of its planes: exact over faces, less than the true
    distance over edges and corners.
    """
    nearest = np.full(len(points), np.inf)
    for shape in asset.collision:
        if shape.shape == "convex":
            mesh = pieces[shape.mesh]
            heights = points @ mesh.face_normals.T - np.sum(mesh.face_normals * mesh.triangles[:, 0], axis=1)
            distance = heights.max(axis=1)
        else:
            rotation = trimesh.transformations.quaternion_matrix(shape.pose.quaternion)[:3, :3]
            local = (points - np.asarray(shape.pose.position)) @ rotation
            if shape.shape == "sphere":
                distance = np.linalg.norm(local, axis=1) - shape.radius
            else:
                distance = (np.abs(local) - np.asarray(shape.half_size)).max(axis=1)
        nearest = np.minimum(nearest, distance)
    return np.maximum(nearest, 0.0)

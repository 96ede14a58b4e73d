"""Placement, settling and validation: scenes stand still, nothing overlaps, and the checks notice what is wrong."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scene_boxes import box_bundle, box_scenes, graph_of
from shapely.geometry import Polygon

from scene_hub.compose import bundle_collision, compose, reachable
from scene_hub.errors import SceneDataError
from scene_hub.generate.bundle import AssetBundle
from scene_hub.physics import Body, SettlingScene, collision_shapes, settle
from scene_hub.placement import (
    rectangle_corners,
    rectangles_inside,
    rectangles_overlap,
    sample_placements,
    yaw_of,
    yaw_pose,
)
from scene_hub.schema import Placement, Pose, Report, Role, Scene
from scene_hub.validate import CHECKS, validate_scene

coordinates = st.floats(-0.2, 0.2)
sizes = st.floats(0.01, 0.1)
yaws = st.floats(0, 2 * np.pi)
rectangles = st.tuples(coordinates, coordinates, sizes, sizes, yaws)

TABLE = box_bundle("oak table", (1.2, 1.6, 0.7), kind="table")
ROOM = box_bundle("plain room", (4, 4, 3), kind="room")
ROLES: dict[str, Role] = {"room": "background", "table": "context", "block": "object", "tray": "receptacle"}


# ----------------------------------------------------------------------------------------------------------- footprints


@given(rectangles, rectangles)
def test_overlap_agrees_with_polygon_clipping(a: tuple[float, ...], b: tuple[float, ...]) -> None:
    polygons = [Polygon(rectangle_corners(r[:2], r[2:4], r[4])) for r in (a, b)]
    area = polygons[0].intersection(polygons[1]).area
    found = bool(rectangles_overlap(a[:2], a[2:4], a[4], b[:2], b[2:4], b[4]))
    assert found == bool(rectangles_overlap(b[:2], b[2:4], b[4], a[:2], a[2:4], a[4]))
    if area > 1e-9:
        assert found
    elif polygons[0].distance(polygons[1]) > 1e-9:
        assert not found


@given(rectangles, rectangles, st.floats(0.0, 0.05))
def test_what_is_free_with_a_gap_is_that_far_apart(a: tuple[float, ...], b: tuple[float, ...], gap: float) -> None:
    if not rectangles_overlap(a[:2], a[2:4], a[4], b[:2], b[2:4], b[4], gap):
        polygons = [Polygon(rectangle_corners(r[:2], r[2:4], r[4])) for r in (a, b)]
        assert polygons[0].distance(polygons[1]) >= gap - 1e-9


@settings(deadline=None)
@given(st.lists(st.tuples(sizes, sizes), min_size=1, max_size=5), st.integers(0, 2**32))
def test_sampled_placements_keep_apart_stay_inside_and_repeat(half_sizes: list[tuple[float, float]], seed: int) -> None:
    low, high, table = (-0.3, -0.3), (0.3, 0.3), ((-0.35, -0.35), (0.35, 0.35))

    def sample() -> object:
        return sample_placements(half_sizes, low, high, np.random.default_rng(seed), gap=0.02, table=table)

    placed = sample_placements(half_sizes, low, high, np.random.default_rng(seed), gap=0.02, table=table)
    if placed is None:
        assert sample() is None
        assert len(half_sizes) > 2
        return
    again = sample()
    assert isinstance(again, tuple)
    np.testing.assert_array_equal(placed.xy, again[0])
    np.testing.assert_array_equal(placed.yaw, again[1])
    assert rectangles_inside(placed.xy, half_sizes, placed.yaw, *table).all()
    polygons = [Polygon(rectangle_corners(*item)) for item in zip(placed.xy, half_sizes, placed.yaw, strict=True)]
    for i, polygon in enumerate(polygons):
        assert all(polygon.distance(other) >= 0.02 - 1e-9 for other in polygons[:i])


def test_there_is_no_placement_where_nothing_fits() -> None:
    rng = np.random.default_rng(0)
    assert sample_placements([(0.3, 0.3), (0.3, 0.3)], (-0.1, -0.1), (0.1, 0.1), rng) is None


def test_rectangles_that_are_there_already_are_avoided() -> None:
    fixed = ([(0.0, 0.0)], [(0.1, 0.1)], [0.3])
    placed = sample_placements([(0.03, 0.03)] * 3, (-0.3, -0.3), (0.3, 0.3), np.random.default_rng(1), fixed=fixed)
    assert placed is not None
    hits = rectangles_overlap(placed.xy, (0.03, 0.03), placed.yaw, (0.0, 0.0), (0.1, 0.1), 0.3, gap=0.029)
    assert not hits.any()


@given(coordinates, coordinates, st.floats(-10, 10))
def test_a_pose_on_the_table_keeps_its_yaw(x: float, y: float, yaw: float) -> None:
    pose = yaw_pose((x, y), yaw)
    assert pose.position == pytest.approx((x, y, 0.0), abs=6e-5)
    assert np.cos(yaw_of(pose) - yaw) == pytest.approx(1.0, abs=1e-5)


# -------------------------------------------------------------------------------------------------------------- physics


@pytest.mark.parametrize("convex", [False, True])
def test_a_body_weighs_what_its_asset_says(convex: bool) -> None:
    bundle = box_bundle("red block", (0.04, 0.05, 0.06), convex=convex, mass=0.123)
    scene = SettlingScene()
    scene.add("block", bundle.asset, bundle_collision(bundle), Pose(), static=False)
    assert scene.mass("block") == pytest.approx(0.123, rel=0.01)
    shape = collision_shapes(bundle.asset, bundle_collision(bundle))[0]
    assert shape.physical_material.static_friction == pytest.approx(0.6)
    assert shape.physical_material.restitution == pytest.approx(0.05)


def test_a_missing_collision_piece_is_named() -> None:
    bundle = box_bundle("red block", (0.04, 0.05, 0.06), convex=True)
    with pytest.raises(SceneDataError, match="'piece_0'"):
        collision_shapes(bundle.asset, {})


def test_settling_tells_rest_from_fall() -> None:
    block = box_bundle("red block", (0.04, 0.04, 0.04)).asset
    table = Body(TABLE.asset, {}, Pose(), static=True)
    resting = settle({"table": table, "block": Body(block, {}, Pose())})
    assert resting.largest_move < 0.001
    assert resting.penetration < 0.001
    falling = settle({"table": table, "block": Body(block, {}, Pose(position=(0, 0, 0.1)))})
    assert falling.moved["block"] == pytest.approx(0.1, abs=0.01)
    tipping = settle(
        {"table": table, "block": Body(block, {}, Pose(position=(0, 0, 0.05), quaternion=(0.95372, 0.30071, 0, 0)))}
    )
    assert np.rad2deg(tipping.tilted["block"]) > 30
    sunk = settle({"table": table, "block": Body(block, {}, Pose(position=(0, 0, -0.02)))}, steps=2)
    assert sunk.penetration == pytest.approx(0.02, abs=0.005)


# -------------------------------------------------------------------------------------------------------------- compose


def put_on(**bundles: AssetBundle) -> dict[str, AssetBundle]:
    named = {
        "block": box_bundle("red block", (0.04, 0.04, 0.04)),
        "tray": box_bundle("gray tray", (0.16, 0.12, 0.02), support="surface"),
    }
    return {"room": ROOM, "table": TABLE, **named, **bundles}


GRAPH = graph_of("put_on", "put the red block on the gray tray", ROLES)


def test_a_scene_does_not_depend_on_anything_but_its_seed() -> None:
    scenes = [compose(GRAPH, put_on(), seed, scene_id="s", split="train") for seed in (3, 3, 4)]
    assert scenes[0].canonical_json() == scenes[1].canonical_json()
    assert scenes[0].placements != scenes[2].placements


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31))
def test_every_composed_scene_passes_its_checks(seed: int) -> None:
    bundles = put_on()
    scene = compose(GRAPH, bundles, seed, scene_id="s", split="train")
    report = validate_scene(
        scene,
        {bundle.asset.id: bundle.asset for bundle in bundles.values()},
        {bundle.asset.id: bundle_collision(bundle) for bundle in bundles.values()},
    )
    assert report.passed, report.failures
    targets = np.array([scene.object.pose.position[:2], scene.placements[3].pose.position[:2]])
    assert (np.abs(targets) <= (0.12, 0.20)).all()
    assert reachable(targets).all()
    assert scene.background.pose.position[2] == -0.7
    assert scene.context.pose == Pose()


def test_the_table_has_to_be_large_enough() -> None:
    tiny = box_bundle("side table", (0.2, 0.2, 0.5), kind="table")
    with pytest.raises(SceneDataError, match="no arrangement without overlap fits on the table"):
        compose(GRAPH, put_on(table=tiny), 0, scene_id="s", split="train")


def test_what_does_not_stand_is_refused() -> None:
    # Its only support is a small foot under one end, so it tips over wherever it is put.
    shape = {"shape": "box", "half_size": (0.02, 0.02, 0.02), "pose": {"position": (0.0, 0.0, 0.02)}}
    arm = {"shape": "box", "half_size": (0.08, 0.02, 0.01), "pose": {"position": (0.09, 0.0, 0.05)}}
    unstable = box_bundle("red block", (0.24, 0.04, 0.06), collision=(shape, arm))
    with pytest.raises(SceneDataError, match="'block' moved .* under gravity"):
        compose(GRAPH, put_on(block=unstable), 0, scene_id="s", split="train")


def test_nodes_need_assets_of_their_kind() -> None:
    bundles = put_on()
    with pytest.raises(
        SceneDataError, match="'table' is the context, which takes a table, but 'red block' is a object"
    ):
        compose(GRAPH, {**bundles, "table": bundles["block"]}, 0, scene_id="s", split="train")
    del bundles["tray"]
    with pytest.raises(SceneDataError, match="'tray' has no asset"):
        compose(GRAPH, bundles, 0, scene_id="s", split="train")


# ------------------------------------------------------------------------------------------------------------- validate


def report_of(scene: Scene, *bundles: AssetBundle) -> Report:
    return validate_scene(scene, {bundle.asset.id: bundle.asset for bundle in bundles}, {})


def scene_of(poses: dict[str, Pose], bundles: dict[str, AssetBundle], instruction: str = GRAPH.instruction) -> Scene:
    good = compose(GRAPH, put_on(), 0, scene_id="s", split="train")
    placements = [
        Placement(
            name=item.name, role=item.role, asset=bundles[item.name].asset.id, pose=poses.get(item.name, item.pose)
        )
        for item in good.placements
    ]
    return good.model_copy(update={"placements": tuple(placements), "instruction": instruction})


@pytest.mark.parametrize(
    ("check", "poses", "bundles", "instruction"),
    [
        ("settles", {"block": Pose(position=(0, 0.3, 0.1))}, {}, GRAPH.instruction),
        ("no-interpenetration", {"block": Pose(position=(0, 0.3, -0.02))}, {}, GRAPH.instruction),
        ("starts-apart", {"block": Pose(position=(0, 0, 0.02)), "tray": Pose()}, {}, GRAPH.instruction),
        ("on-table", {"tray": Pose(position=(0.55, 0, 0))}, {}, GRAPH.instruction),
        ("reachable", {"block": Pose(position=(0.1, 0.55, 0))}, {}, GRAPH.instruction),
        ("instruction", {}, {}, "put the red block on the blue tray"),
        ("instruction", {}, {"tray": box_bundle("red block", (0.16, 0.12, 0.02), support="surface")}, "red block"),
        ("graspable", {}, {"block": box_bundle("red block", (0.04, 0.04, 0.04), grasps=())}, GRAPH.instruction),
        ("graspable", {}, {"block": box_bundle("red block", (0.09, 0.09, 0.04))}, GRAPH.instruction),
        ("sizes", {}, {"block": box_bundle("red block", (0.04, 0.004, 0.004))}, GRAPH.instruction),
        ("receives", {}, {"tray": box_bundle("gray tray", (0.16, 0.12, 0.02))}, GRAPH.instruction),
        ("receives", {}, {"tray": box_bundle("gray tray", (0.03, 0.03, 0.02), support="surface")}, GRAPH.instruction),
    ],
)
def test_each_check_notices_its_failure(
    check: str, poses: dict[str, Pose], bundles: dict[str, AssetBundle], instruction: str
) -> None:
    named = put_on(**bundles)
    report = report_of(scene_of(poses, named, instruction), *named.values())
    assert check in [failure.name for failure in report.failures]
    assert not report.passed


def test_broken_references_are_the_only_thing_reported() -> None:
    named = put_on()
    report = report_of(scene_of({}, named), TABLE, ROOM, named["tray"])
    assert [failure.name for failure in report.failures] == ["references"]
    assert "block (object)" in report.failures[0].message


def test_all_checks_are_reported() -> None:
    scenes, _ = box_scenes()
    assert all(len(scene.report.checks) == len(CHECKS) and scene.report.passed for scene in scenes)

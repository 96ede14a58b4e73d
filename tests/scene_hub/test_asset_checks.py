"""The checks of assets notice what would spoil a scene, each its own trouble and nothing else."""

import numpy as np
import pytest
import sapien.physx as physx
import trimesh
from scene_boxes import box_bundle, glb_of

from scene_hub.generate import find_generator
from scene_hub.generate.bundle import AssetBundle, AssetRequest
from scene_hub.physics import settle_alone
from scene_hub.schema import BoxShape, Grasp, Pose, SphereShape, Support
from scene_hub.validate import inspect_asset
from scene_hub.validate.asset_checks import AssetUnderTest, outside_distance
from scene_hub.validate.lifting import lifted_grasps, lifts

DOWN = (0.0, 1.0, 0.0, 0.0)  # approach straight down, closing along y


def failures(bundle: AssetBundle, use: str | None = None) -> list[str]:
    checks, _ = inspect_asset(bundle, use)  # type: ignore[arg-type]
    return [check.name for check in checks if not check.passed]


def grasp(y: float = 0.0, z: float = 0.03, width: float = 0.04) -> Grasp:
    return Grasp(position=(0, y, z), quaternion=DOWN, width=width, quality=1.0)


def block(**changes: object) -> AssetBundle:
    return box_bundle("red block", (0.05, 0.04, 0.05), **{"grasps": (grasp(), grasp(z=0.025)), **changes})  # type: ignore[arg-type]


def test_a_sound_block_passes_everything() -> None:
    assert failures(block(), "object") == []


def test_a_file_that_is_cut_off_ends_the_inspection() -> None:
    bundle = block()
    broken = AssetBundle(bundle.asset, {path: data[:100] for path, data in bundle.files.items()})
    checks, _ = inspect_asset(broken, "object")
    assert [(check.name, check.passed) for check in checks] == [("asset-mesh", False)]
    assert "GLB" in checks[0].message


def test_a_light_level_that_is_not_light_is_refused() -> None:
    """More triangles than 1,500, and more than the close level has."""
    ball = trimesh.creation.icosphere(subdivisions=4, radius=0.02)
    ball.apply_translation([0, 0, 0.02])
    heavy = box_bundle("red ball", (0.04, 0.04, 0.04), visual_file=glb_of(visual=ball))
    plain = box_bundle("red ball", (0.04, 0.04, 0.04))
    files = {**plain.files, "visual_low.glb": heavy.files["visual.glb"]}
    low = heavy.asset.files.visual.model_copy(update={"path": "visual_low.glb"})
    asset = plain.asset.model_copy(update={"files": plain.asset.files.model_copy(update={"visual_low": low})})
    assert "asset-mesh" in failures(AssetBundle(asset, files))


@pytest.mark.parametrize("size", [(0.01, 0.01, 0.01), (0.6, 0.1, 0.1)])
def test_crumbs_and_furniture_are_refused(size: tuple[float, float, float]) -> None:
    assert "asset-size" in failures(box_bundle("odd thing", size))


def test_a_collision_shape_that_leaves_half_of_the_thing_out_is_noticed() -> None:
    half = BoxShape(half_size=(0.012, 0.02, 0.025), pose=Pose(position=(-0.013, 0, 0.025)))
    assert "asset-covered" in failures(block(collision=(half,), collision_volume=6e-5))


def test_what_falls_over_by_itself_is_noticed() -> None:
    tip = SphereShape(radius=0.02, pose=Pose(position=(0, 0, 0.02)))
    top = BoxShape(half_size=(0.01, 0.01, 0.03), pose=Pose(position=(0.012, 0, 0.05)))
    assert "asset-stands" in failures(block(collision=(tip, top), collision_volume=6e-5))


def test_a_container_has_to_be_open() -> None:
    inside = Support(kind="container", position=(0, 0, 0.005), half_extents=(0.05, 0.05), rim_height=0.06)
    solid = box_bundle("closed box", (0.14, 0.14, 0.06), **{"support": None})
    closed = box_bundle("closed box", (0.14, 0.14, 0.06))
    record = {**{name: getattr(solid.asset, name) for name in type(solid.asset).model_fields if name != "id"}}
    closed = AssetBundle(type(solid.asset).create(**{**record, "support": inside}), solid.files)
    assert "asset-open" in failures(closed, "container")
    assert "asset-open" not in failures(closed)  # as a distractor it may be as it likes
    assert "asset-open" in failures(block(), "container")  # no container at all
    basket = find_generator("procedural").generate(AssetRequest("basket", 0))
    assert failures(basket, "container") == []


def test_grasps_that_do_not_lift_are_dropped() -> None:
    beside, low = grasp(y=0.2), grasp(z=0.028)
    checks, kept = inspect_asset(block(grasps=(grasp(), beside, low)), "object")
    assert all(check.passed for check in checks)
    assert kept.asset.grasps == (grasp(), low)
    assert kept.asset.id == kept.asset.content_hash()


def test_what_cannot_be_lifted_is_no_object() -> None:
    assert "asset-lifts" in failures(block(grasps=()), "object")
    assert "asset-lifts" in failures(block(mass=30.0), "object")
    assert failures(block(grasps=())) == []


def test_lifting_depends_on_friction_and_nothing_random() -> None:
    heavy, slippery = block(mass=2.5), block(mass=2.5, static_friction=0.0, dynamic_friction=0.0)
    assert lifts(block().asset, {}, grasp())
    assert lifts(heavy.asset, {}, grasp())
    assert not lifts(slippery.asset, {}, grasp())
    assert lifted_grasps(block().asset, {}) == lifted_grasps(block().asset, {})


def test_distance_outside_is_that_to_the_surface() -> None:
    asset = block().asset
    points = np.array([[0.0, 0.0, 0.025], [0.035, 0.0, 0.025], [0.0, 0.0, 0.08]])
    assert outside_distance(points, asset, {}) == pytest.approx([0.0, 0.01, 0.03])
    convex = block(convex=True)
    pieces = {"piece_0": trimesh.creation.box((0.05, 0.04, 0.05)).apply_translation([0, 0, 0.025])}
    assert outside_distance(points, convex.asset, pieces) == pytest.approx([0.0, 0.01, 0.03])


def test_results_do_not_depend_on_what_others_set_for_the_whole_process() -> None:
    mug = find_generator("procedural").generate(AssetRequest("mug", 5))
    checks, kept = inspect_asset(mug, "object")
    alone = settle_alone(mug.asset, AssetUnderTest(mug).pieces)
    physx.set_body_config(2, 1)  # as ManiSkill does for its own scenes
    physx.set_shape_config(0.001)
    physx.set_scene_config(gravity=np.array([0.0, 0.0, -1.0], dtype=np.float32))
    assert inspect_asset(mug, "object") == (checks, kept)
    assert settle_alone(mug.asset, AssetUnderTest(mug).pieces) == alone

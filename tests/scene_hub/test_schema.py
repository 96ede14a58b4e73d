"""Records: what they accept, what they refuse, and that their checksums mean something."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scene_boxes import box_bundle, graph_of

from scene_hub.errors import SceneDataError
from scene_hub.schema import (
    Asset,
    AssetFile,
    Grasp,
    Placement,
    Pose,
    Provenance,
    Record,
    Scene,
    SceneGraph,
    canonical_json,
    parse_record,
)

PROVENANCE = Provenance(generator="test", generator_version="1")
finite = st.floats(-100, 100)
angles = st.floats(0, 2 * math.pi)


def scene_fields(**changes: Any) -> dict[str, Any]:
    placements = [
        {"name": name, "role": role, "asset": "a" * 64, "pose": {}}
        for name, role in {"room": "background", "table": "context", "block": "object", "tray": "receptacle"}.items()
    ]
    fields = {"id": "s-0", "split": "train", "task": "put_on", "instruction": "put the block on the tray"}
    return {**fields, "placements": placements, "provenance": PROVENANCE.model_dump(), **changes}


@given(finite, finite, finite, angles)
def test_a_record_survives_its_own_text(x: float, y: float, z: float, angle: float) -> None:
    pose = Pose(position=(x, y, z), quaternion=(math.cos(angle), 0.0, 0.0, math.sin(angle)))
    assert parse_record(Pose, pose.canonical_json(), "test") == pose
    assert parse_record(Pose, pose.canonical_json(), "test").canonical_json() == pose.canonical_json()


@given(st.sampled_from([math.nan, math.inf, -math.inf, 1e6, -101.0]), st.integers(0, 2))
def test_numbers_that_are_not_places_are_refused(value: float, axis: int) -> None:
    with pytest.raises(ValidationError):
        Pose.model_validate({"position": [value if i == axis else 0.0 for i in range(3)]})


@given(st.tuples(*[st.floats(-2, 2)] * 4))
def test_quaternions_are_unit_or_refused(quaternion: tuple[float, float, float, float]) -> None:
    norm = math.sqrt(sum(value * value for value in quaternion))
    if abs(norm - 1) <= 0.9e-3:
        assert Pose(quaternion=quaternion).quaternion == quaternion
    elif abs(norm - 1) > 1.1e-3:
        with pytest.raises(ValidationError, match="norm"):
            Pose(quaternion=quaternion)


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../up.glb", "a/../../b", "a\\b", "C:/x", "", ".", "a\0b", "https://example.org/x.glb"]
)
def test_paths_that_leave_the_folder_are_refused(path: str) -> None:
    with pytest.raises(ValidationError):
        AssetFile(path=path, sha256="0" * 64, size=1)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)
    )
)
def test_any_json_is_a_record_or_one_clear_error(value: object) -> None:
    for kind in (Asset, Scene, SceneGraph):
        with pytest.raises(SceneDataError, match="somewhere"):
            parse_record(kind, json.dumps(value), "somewhere")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_record_or_one_clear_error(data: bytes) -> None:
    with pytest.raises(SceneDataError, match="somewhere"):
        parse_record(Scene, data, "somewhere")


def test_deeply_nested_json_is_one_clear_error() -> None:
    with pytest.raises(SceneDataError):
        parse_record(Scene, "[" * 200_000, "somewhere")


def test_an_unknown_schema_version_says_what_to_do() -> None:
    with pytest.raises(SceneDataError, match=r"schema_version 2 is not supported.*pip install -U"):
        parse_record(Scene, json.dumps(scene_fields(schema_version=2)), "scenes.parquet")


@given(st.sampled_from(["id", "split", "task", "instruction", "placements", "provenance"]))
def test_no_field_of_a_scene_may_be_missing_or_unknown(field: str) -> None:
    fields = scene_fields()
    assert Scene.model_validate(fields).id == "s-0"
    with pytest.raises(SceneDataError, match="surprise"):
        parse_record(Scene, json.dumps({**fields, "surprise": 1}), "x")
    del fields[field]
    with pytest.raises(SceneDataError, match=field):
        parse_record(Scene, json.dumps(fields), "x")


def test_records_do_not_change() -> None:
    pose = Pose()
    with pytest.raises(ValidationError):
        pose.position = (1.0, 0.0, 0.0)  # pyright: ignore[reportAttributeAccessIssue]


def test_an_asset_id_is_the_checksum_of_everything_else() -> None:
    asset = box_bundle("red block", (0.04, 0.04, 0.04)).asset
    assert asset.id == asset.content_hash()
    assert asset == parse_record(Asset, asset.canonical_json(), "x")
    heavier = Asset.create(**{**asset.model_dump(exclude={"id"}), "mass": 0.2})
    assert heavier.id != asset.id


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"collision": ()}, "no collision shape"),
        ({"collision_volume": 0.0}, "collision_volume"),
        ({"collision": ({"shape": "convex", "mesh": "piece"},)}, "no collision file"),
        ({"dynamic_friction": 0.9}, "exceeds static_friction"),
        ({"mass": 0.0}, "mass"),
        ({"extents": (0.1, 0.1, math.nan)}, "extents"),
        ({"collision": ({"shape": "convex", "mesh": "../piece"},)}, "mesh"),
    ],
)
def test_an_asset_that_contradicts_itself_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        box_bundle("red block", (0.04, 0.04, 0.04), **changes)


@pytest.mark.parametrize("drop", ["room", "table", "block", "tray"])
def test_a_scene_needs_each_of_its_roles(drop: str) -> None:
    fields = scene_fields()
    fields["placements"] = [item for item in fields["placements"] if item["name"] != drop]
    with pytest.raises(ValidationError, match="put_on scene has 1"):
        Scene.model_validate(fields)


def test_a_pick_scene_has_no_receptacle() -> None:
    with pytest.raises(ValidationError, match="pick scene has 0 receptacle"):
        Scene.model_validate(scene_fields(task="pick"))


def test_names_in_a_scene_are_unique() -> None:
    fields = scene_fields()
    fields["placements"].append({**fields["placements"][0], "role": "distractor"})
    with pytest.raises(ValidationError, match="more than once"):
        Scene.model_validate(fields)


def test_movables_are_object_receptacle_distractors_in_this_order() -> None:
    fields = scene_fields()
    extra = Placement(name="ball", role="distractor", asset="b" * 64, pose=Pose())
    fields["placements"] = [extra, *reversed(fields["placements"])]
    scene = Scene.model_validate(fields)
    assert [item.name for item in scene.movables] == ["block", "tray", "ball"]
    assert scene.asset_ids == ("a" * 64, "b" * 64)


def test_a_graph_with_a_relation_to_nothing_is_refused() -> None:
    graph = graph_of("pick", "pick up the block", {"room": "background", "table": "context", "block": "object"})
    relation = {"subject": "block", "predicate": "ON", "target": "sofa"}
    with pytest.raises(ValidationError, match="'sofa', which is no node"):
        SceneGraph.model_validate({**graph.model_dump(), "relations": [relation]})


def test_canonical_json_does_not_depend_on_the_order_of_keys() -> None:
    assert (
        canonical_json({"b": 1, "a": [1.5, "é"]})
        == canonical_json({"a": [1.5, "é"], "b": 1})
        == '{"a":[1.5,"é"],"b":1}'
    )


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_grasps_are_within_bounds_or_refused(width: float) -> None:
    make = lambda: Grasp(position=(0, 0, 0), quaternion=(1, 0, 0, 0), width=width, quality=1.0)  # noqa: E731
    if 0 < width <= 0.5:
        assert isinstance(make(), Record)
    else:
        with pytest.raises(ValidationError):
            make()

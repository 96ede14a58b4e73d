"""Dataset folders: what is written comes back, twice the same, and nothing that was tampered with is believed."""

import hashlib
import json
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import trimesh
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image
from scene_boxes import CARD, box_bundle, box_mesh, glb_of
from trimesh.visual import TextureVisuals

from scene_hub import tables
from scene_hub.damage import find_damage
from scene_hub.dataset import SceneDataset, write_dataset
from scene_hub.errors import InvalidOptionError, SceneDataError
from scene_hub.generate.bundle import AssetBundle
from scene_hub.manifest import ASSETS_TABLE, INDEX_TABLE, MANIFEST, SCENES_TABLE, fingerprint
from scene_hub.manifest import CARD as CARD_FILE
from scene_hub.physics import collision_shapes
from scene_hub.schema import Asset, Scene, sha256_text

Boxes = tuple[list[Scene], list[AssetBundle]]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def rewrite(folder: Path, table: str, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> None:
    """Change the rows of a table and seal the folder again, as somebody who knows the format would."""
    path = folder / table
    old = pq.read_table(path)
    pq.write_table(pa.Table.from_pylist(change(old.to_pylist()), schema=old.schema), path, use_dictionary=False)
    reseal(folder)


def reseal(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    rows = {}
    for key in (key for key in ("index", "scenes", "assets", "shards") if key in manifest):
        data = (folder / f"{key}.parquet").read_bytes()
        manifest[key].update(sha256=hashlib.sha256(data).hexdigest(), size=len(data))
        try:
            rows[key] = pq.read_table(
                pa.BufferReader(data), columns=["id"] if key == "assets" else ["id", "sha256"]
            ).to_pylist()
            manifest[key]["rows"] = len(rows[key])
        except (pa.ArrowException, OSError, ValueError):
            rows[key] = []
    manifest["fingerprint"] = fingerprint(
        [row["sha256"] for row in rows["index"]], [row["id"] for row in rows["assets"]]
    )
    (folder / MANIFEST).write_text(json.dumps(manifest))


def refused(folder: Path, match: str = "") -> None:
    """Reading all of `folder` ends in one SceneDataError."""
    with pytest.raises(SceneDataError, match=match):
        SceneDataset.open(folder).verify()


# ------------------------------------------------------------------------------------------------------ what comes back


def test_everything_comes_back(boxes: Boxes, tmp_path: Path) -> None:
    scenes, bundles = boxes
    dataset = write_dataset(tmp_path / "d", scenes, bundles, CARD, previews={"put-0": b"\xff\xd8picture"})
    assert {scene.id: scene for scene in dataset.scenes()} == {scene.id: scene for scene in scenes}
    assert {i: dataset.asset(i) for i in dataset.asset_ids} == {bundle.asset.id: bundle.asset for bundle in bundles}
    for bundle in bundles:
        asset = bundle.asset
        assert dataset.asset_file(asset, "visual").read_bytes() == bundle.files["visual.glb"]
        assert set(dataset.collision_meshes(asset)) == ({"piece_0"} if asset.files.collision else set())
        assert all(count > 0 for count in dataset.check_visual(asset).values())
    assert dataset.preview("put-0") == b"\xff\xd8picture"
    assert dataset.preview("pick-0") is None
    dataset.verify()


def test_the_same_input_gives_the_same_bytes(boxes: Boxes, tmp_path: Path) -> None:
    scenes, bundles = boxes
    first = write_dataset(tmp_path / "a", scenes, bundles, CARD)
    second = write_dataset(tmp_path / "b", scenes[::-1], bundles[::-1], CARD)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert first.fingerprint == second.fingerprint
    fewer = write_dataset(tmp_path / "c", scenes[:2], bundles, CARD)
    assert fewer.fingerprint != first.fingerprint


def test_the_hub_library_reads_the_folder(
    box_dataset: SceneDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import datasets

    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    for config, key in (("scenes", "instruction"), ("assets", "category")):
        table = datasets.load_dataset(str(box_dataset.folder), config, cache_dir=str(tmp_path / "cache"))[config]
        assert len(table[key]) == len(table)
        assert len(table) == (3 if config == "scenes" else 5)
    features = datasets.load_dataset(str(box_dataset.folder), "scenes", cache_dir=str(tmp_path / "cache"))[
        "scenes"
    ].features
    assert isinstance(features["preview"], datasets.Image)


def test_selection(box_dataset: SceneDataset) -> None:
    assert [scene.id for scene in box_dataset.scenes()] == ["pick-0", "put-0", "put-ood-0"]
    assert [scene.id for scene in box_dataset.scenes(split="test_ood")] == ["put-ood-0"]
    assert [scene.id for scene in box_dataset.scenes(task="put_on", split="train")] == ["put-0"]
    assert [scene.id for scene in box_dataset.scenes(ids=["put-ood-0", "pick-0"])] == ["put-ood-0", "pick-0"]


@pytest.mark.parametrize(
    ("selection", "message"),
    [
        ({"split": "validation"}, "'test_distractors', 'test_ood', 'train'"),
        ({"task": "throw"}, "'pick', 'put_in', 'put_on', 'stack'"),
        ({"task": "stack"}, "there are .*: test_ood/put_on, train/pick, train/put_on"),
        ({"ids": ["put-1"]}, "did you mean 'put-0'"),
        ({"ids": ["put-0"], "split": "test_ood"}, "train/put_on"),
        ({"ids": []}, "none"),
    ],
)
def test_a_bad_selection_names_the_choices(box_dataset: SceneDataset, selection: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidOptionError, match=message):
        box_dataset.scenes(**selection)


@pytest.mark.parametrize("source", ["sartter", "/no/such/folder", "https://example.org", "s3://bucket/scenes"])
def test_an_unknown_source_names_the_choices(source: str) -> None:
    with pytest.raises(
        InvalidOptionError,
        match="choose 'starter', the path of a dataset folder .*hf://datasets/ORG/NAME@REVISION",
    ):
        SceneDataset.open(source)


def test_a_folder_that_is_no_dataset_says_so(tmp_path: Path) -> None:
    with pytest.raises(SceneDataError, match=r"is not a dataset folder \(it has no dataset.json\)"):
        SceneDataset.open(tmp_path)


def test_an_unknown_kind_of_file_names_the_choices(box_dataset: SceneDataset) -> None:
    asset = box_dataset.asset(box_dataset.asset_ids[0])
    with pytest.raises(InvalidOptionError, match="visual_low"):
        box_dataset.asset_file(asset, "texture")  # type: ignore[arg-type]


# ---------------------------------------------------------------------------------------------------------- overwriting


def test_an_existing_folder_is_left_alone(box_dataset: SceneDataset, boxes: Boxes) -> None:
    before = contents(box_dataset.folder)
    with pytest.raises(InvalidOptionError, match="overwrite=True"):
        write_dataset(box_dataset.folder, *boxes, CARD)
    assert contents(box_dataset.folder) == before


def test_overwrite_replaces_a_dataset_and_nothing_else(box_dataset: SceneDataset, boxes: Boxes, tmp_path: Path) -> None:
    scenes, bundles = boxes
    assert len(write_dataset(box_dataset.folder, scenes[:1], bundles, CARD, overwrite=True)) == 1
    home = tmp_path / "home"
    home.mkdir()
    (home / "thesis.txt").write_text("irreplaceable")
    with pytest.raises(InvalidOptionError, match="is not a dataset folder"):
        write_dataset(home, scenes, bundles, CARD, overwrite=True)
    assert (home / "thesis.txt").read_text() == "irreplaceable"


def test_a_failed_write_leaves_nothing(boxes: Boxes, tmp_path: Path) -> None:
    scenes, bundles = boxes
    with pytest.raises(SceneDataError, match="not among the bundles"):
        write_dataset(tmp_path / "d", scenes, bundles[:-3], CARD)
    with pytest.raises(SceneDataError, match="more than once"):
        write_dataset(tmp_path / "d", [*scenes, scenes[0]], bundles, CARD)
    spoiled = AssetBundle(bundles[0].asset, {**bundles[0].files, "visual.glb": b"other"})
    with pytest.raises(SceneDataError, match="size and checksum"):
        write_dataset(tmp_path / "d", scenes, [spoiled, *bundles[1:]], CARD)
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------------------------------------ tampering

in_one_folder = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@in_one_folder
@given(st.data())
def test_any_changed_byte_is_noticed(box_dataset: SceneDataset, data: st.DataObject) -> None:
    files = contents(box_dataset.folder)
    name = data.draw(st.sampled_from(sorted(set(files) - {CARD_FILE})))
    position = data.draw(st.integers(0, len(files[name]) - 1))
    changed = bytearray(files[name])
    changed[position] ^= data.draw(st.integers(1, 255))
    path = box_dataset.folder / name
    path.write_bytes(changed)
    try:
        _same_or_refused(box_dataset, strict=name != MANIFEST)
    finally:
        path.write_bytes(files[name])


@in_one_folder
@given(st.data())
def test_any_truncated_or_lengthened_file_is_noticed(box_dataset: SceneDataset, data: st.DataObject) -> None:
    files = contents(box_dataset.folder)
    name = data.draw(st.sampled_from(sorted(set(files) - {CARD_FILE})))
    path = box_dataset.folder / name
    kept = data.draw(st.integers(0, len(files[name]) - 1))
    path.write_bytes(files[name][:kept] if data.draw(st.booleans()) else files[name] + b"x")
    try:
        _same_or_refused(box_dataset, strict=name != MANIFEST)
    finally:
        path.write_bytes(files[name])


def _same_or_refused(before: SceneDataset, strict: bool) -> None:
    """Reading ends in a SceneDataError; where not `strict`, white space in the manifest may change, content never."""
    try:
        after = SceneDataset.open(before.folder)
        after.verify()
    except SceneDataError:
        return
    assert not strict
    assert after.fingerprint == before.fingerprint
    assert after.scenes() == before.scenes()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_forged_table_never_crashes(box_dataset: SceneDataset, data: st.DataObject) -> None:
    """The checksums of the tables are right, their bytes are not: parquet decoding itself meets them."""
    before = contents(box_dataset.folder)
    name = data.draw(st.sampled_from([INDEX_TABLE, SCENES_TABLE, ASSETS_TABLE]))
    changed = bytearray(before[name])
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    manifest = json.loads(before[MANIFEST])
    manifest[name.removesuffix(".parquet")]["sha256"] = hashlib.sha256(changed).hexdigest()
    (box_dataset.folder / name).write_bytes(changed)
    (box_dataset.folder / MANIFEST).write_text(json.dumps(manifest))
    try:
        _same_or_refused(box_dataset, strict=False)
    finally:
        (box_dataset.folder / name).write_bytes(before[name])
        (box_dataset.folder / MANIFEST).write_bytes(before[MANIFEST])


@pytest.mark.parametrize("name", [INDEX_TABLE, SCENES_TABLE, ASSETS_TABLE, "assets"])
def test_a_missing_file_is_named(box_dataset: SceneDataset, name: str) -> None:
    path = box_dataset.folder / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    refused(box_dataset.folder, match=name)


# ---------------------------------------------------------------------------------------------- tables that swell in memory


def replace_table(folder: Path, name: str, table: pa.Table, **options: Any) -> None:
    pq.write_table(table, folder / name, **{"use_dictionary": False, "compression": "zstd", **options})
    reseal(folder)


def test_a_table_that_decodes_to_too_much_is_refused_by_its_footer(box_dataset: SceneDataset) -> None:
    table = pq.read_table(box_dataset.folder / INDEX_TABLE)
    rows = [{**row, "instruction": "x" * 8_000_000} for row in table.to_pylist()]
    replace_table(box_dataset.folder, INDEX_TABLE, pa.Table.from_pylist(rows, schema=table.schema))
    assert (box_dataset.folder / INDEX_TABLE).stat().st_size < 100_000
    refused(box_dataset.folder, match="index.parquet: decodes to more than .* bytes, .* are allowed")


def test_a_table_that_repeats_a_long_text_by_number_is_refused(box_dataset: SceneDataset) -> None:
    table = pq.read_table(box_dataset.folder / INDEX_TABLE)
    row = {**table.to_pylist()[0], "instruction": "x" * 1000}
    table = pa.Table.from_pylist([{**row, "id": f"scene-{index}"} for index in range(200)], schema=table.schema)
    replace_table(box_dataset.folder, INDEX_TABLE, table, use_dictionary=["instruction"])
    refused(box_dataset.folder, match=r"is encoded as \['PLAIN_DICTIONARY|is encoded as \['RLE_DICTIONARY")


def test_a_table_whose_footer_says_less_than_comes_is_refused(
    box_dataset: SceneDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a footer cannot be trusted, what is decoded is counted as well."""
    monkeypatch.setattr(tables, "_check_footer", lambda *arguments: None)
    table = pq.read_table(box_dataset.folder / INDEX_TABLE)
    row = {**table.to_pylist()[0], "instruction": "x" * 100_000}
    table = pa.Table.from_pylist([{**row, "id": f"scene-{index}"} for index in range(500)], schema=table.schema)
    replace_table(box_dataset.folder, INDEX_TABLE, table, use_dictionary=["instruction"])
    refused(box_dataset.folder, match="decodes to more than the .* bytes that are allowed")


def test_a_table_that_the_manifest_calls_too_large_is_not_read(box_dataset: SceneDataset) -> None:
    manifest = json.loads((box_dataset.folder / MANIFEST).read_text())
    manifest["index"]["size"] = 1 << 40
    (box_dataset.folder / MANIFEST).write_text(json.dumps(manifest))
    refused(box_dataset.folder, match="index.size")


def test_empty_cells_are_refused(box_dataset: SceneDataset) -> None:
    rewrite(box_dataset.folder, INDEX_TABLE, lambda rows: [{**row, "task": None} for row in rows])
    refused(box_dataset.folder, match=r"empty cells \(task\)")


def test_scenes_that_contradict_the_index_are_noticed(box_dataset: SceneDataset) -> None:
    rewrite(box_dataset.folder, SCENES_TABLE, lambda rows: [{**row, "split": "test_ood"} for row in rows])
    refused(box_dataset.folder, match="scenes.parquet: contradicts index.parquet")


# ---------------------------------------------------------------------------------------------------------- all the damage


def test_all_damage_is_found(box_dataset: SceneDataset) -> None:
    assert not list(find_damage(box_dataset.folder))
    files = sorted((box_dataset.folder / "assets").rglob("*.glb"))
    files[0].write_bytes(b"other")
    files[1].unlink()
    data = bytearray(files[2].read_bytes())
    data[-1] ^= 1
    files[2].write_bytes(data)
    found = [str(error) for error in find_damage(box_dataset.folder)]
    assert sorted(str(path) for path in files[:3]) == sorted(message.partition(": ")[0] for message in found)


def test_damage_beneath_a_table_that_cannot_be_read_is_found(box_dataset: SceneDataset) -> None:
    for name in (INDEX_TABLE, SCENES_TABLE):
        (box_dataset.folder / name).write_bytes(b"other")
    file = min((box_dataset.folder / "assets").rglob("*.glb"))
    file.write_bytes(b"other")
    found = [str(error) for error in find_damage(box_dataset.folder)]
    assert [message.partition(": ")[0].rpartition("/")[2] for message in found] == [
        INDEX_TABLE,
        SCENES_TABLE,
        file.name,
    ]


def test_a_dataset_without_a_manifest_is_one_damage(box_dataset: SceneDataset) -> None:
    (box_dataset.folder / MANIFEST).write_text("{}")
    assert len(list(find_damage(box_dataset.folder))) == 1


def test_links_are_refused(box_dataset: SceneDataset, tmp_path: Path) -> None:
    asset = box_dataset.asset(box_dataset.asset_ids[0])
    path = box_dataset.asset_file(asset, "visual")
    outside = tmp_path / "outside.glb"
    path.rename(outside)
    path.symlink_to(outside)
    refused(box_dataset.folder, match="is a link")


def test_a_linked_folder_is_refused(box_dataset: SceneDataset, tmp_path: Path) -> None:
    (box_dataset.folder / "assets").rename(tmp_path / "elsewhere")
    (box_dataset.folder / "assets").symlink_to(tmp_path / "elsewhere")
    refused(box_dataset.folder, match="is a link")


def test_a_scene_that_names_a_missing_asset_is_refused(box_dataset: SceneDataset) -> None:
    used = box_dataset.scene("put-0").object.asset
    rewrite(box_dataset.folder, ASSETS_TABLE, lambda rows: [row for row in rows if row["id"] != used])
    refused(box_dataset.folder, match=f"names asset '{used}', which the dataset lacks")


def test_a_scene_whose_record_names_another_asset_is_refused(box_dataset: SceneDataset) -> None:
    used = box_dataset.scene("put-0").object.asset
    _edit_scene(box_dataset.folder, lambda record: record.replace(used, "f" * 64))
    refused(box_dataset.folder, match="f{64}")


@pytest.mark.parametrize("version", [0, 2, 99, "1", None])
def test_an_unknown_schema_version_is_refused(box_dataset: SceneDataset, version: object) -> None:
    _edit_scene(
        box_dataset.folder,
        lambda record: record.replace('"schema_version":1', f'"schema_version":{json.dumps(version)}'),
    )
    refused(box_dataset.folder, match="schema_version .* is not supported")


def test_an_unknown_manifest_version_is_refused(box_dataset: SceneDataset) -> None:
    path = box_dataset.folder / MANIFEST
    path.write_text(path.read_text().replace('"schema_version": 1', '"schema_version": 7'))
    refused(box_dataset.folder, match="schema_version 7 is not supported")


@pytest.mark.parametrize("bad", ["../../../etc/passwd", "/etc/passwd", "a/../../b", "..\\b"])
def test_a_path_that_leaves_the_folder_is_refused(box_dataset: SceneDataset, bad: str) -> None:
    def forge(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        record = json.loads(rows[0]["record"])
        record["files"]["visual"]["path"] = bad
        return [{**rows[0], "record": json.dumps(record)}, *rows[1:]]

    rewrite(box_dataset.folder, ASSETS_TABLE, forge)
    refused(box_dataset.folder, match="leaves its folder")


def test_a_record_that_is_not_its_id_is_refused(box_dataset: SceneDataset) -> None:
    rewrite(
        box_dataset.folder,
        ASSETS_TABLE,
        lambda rows: [{**row, "record": row["record"].replace('"mass":0.1', '"mass":9.1')} for row in rows],
    )
    refused(box_dataset.folder, match="the record's checksum is")


def test_columns_that_contradict_their_record_are_refused(box_dataset: SceneDataset) -> None:
    rewrite(box_dataset.folder, INDEX_TABLE, lambda rows: [{**row, "split": "test_ood"} for row in rows])
    refused(box_dataset.folder, match="contradict")


def test_repeated_ids_are_refused(box_dataset: SceneDataset) -> None:
    rewrite(box_dataset.folder, INDEX_TABLE, lambda rows: [*rows, rows[0]])
    refused(box_dataset.folder, match="more than once")


def test_another_table_layout_is_refused(box_dataset: SceneDataset) -> None:
    path = box_dataset.folder / INDEX_TABLE
    pq.write_table(pq.read_table(path).drop(["instruction"]), path)
    reseal(box_dataset.folder)
    refused(box_dataset.folder, match="its columns are")


def _edit_scene(folder: Path, change: Callable[[str], str]) -> None:
    def forge(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**row, "record": change(row["record"]), "sha256": sha256_text(change(row["record"]))} for row in rows]

    rewrite(folder, INDEX_TABLE, forge)


# ---------------------------------------------------------------------------------------- meshes with correct checksums


def forged_dataset(
    folder: Path, boxes: Boxes, collision: bytes | None = None, **changes: Any
) -> tuple[SceneDataset, Asset]:
    """A dataset, checksums correct, whose extra asset has the given collision file or fields."""
    bundle = box_bundle("green block", (0.04, 0.04, 0.04), convex=True, collision_file=collision, **changes)
    dataset = write_dataset(folder, boxes[0], [*boxes[1], bundle], CARD, overwrite=True)
    return dataset, dataset.asset(bundle.asset.id)


def _flat() -> trimesh.Trimesh:
    return trimesh.Trimesh(
        [[0, 0, 0], [0.04, 0, 0], [0, 0.04, 0], [0.04, 0.04, 0]], [[0, 1, 2], [1, 3, 2]], process=False
    )


def _not_finite() -> trimesh.Trimesh:
    mesh = box_mesh((0.04, 0.04, 0.04))
    mesh.vertices[0] = np.nan
    return mesh


def _concave() -> trimesh.Trimesh:
    return trimesh.creation.annulus(0.01, 0.02, 0.04).apply_translation([0, 0, 0.02])


@pytest.mark.parametrize(
    ("mesh", "message"),
    [
        (_flat(), "flat|convex"),
        (_not_finite(), "not finite|cannot be read"),
        (_concave(), "not a closed convex mesh"),
        (trimesh.creation.icosphere(4, 0.02).apply_translation([0, 0, 0.02]), "vertices, a convex piece has 4 to 256"),
        (box_mesh((0.4, 0.04, 0.04)), "extents"),
    ],
)
def test_meshes_that_no_physics_engine_should_see(
    boxes: Boxes, tmp_path: Path, mesh: trimesh.Trimesh, message: str
) -> None:
    dataset, asset = forged_dataset(tmp_path / "d", boxes, glb_of(piece_0=mesh))
    with pytest.raises(SceneDataError, match=message):
        dataset.collision_meshes(asset)


def test_a_piece_that_is_not_in_the_file(boxes: Boxes, tmp_path: Path) -> None:
    dataset, asset = forged_dataset(tmp_path / "d", boxes, glb_of(other=box_mesh((0.04, 0.04, 0.04))))
    with pytest.raises(SceneDataError, match=r"no collision piece 'piece_0', only \['other'\]"):
        dataset.collision_meshes(asset)


def _with_json(data: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """`data` (GLB) after `change` of its JSON."""
    size = struct.unpack_from("<I", data, 12)[0]
    document = json.loads(data[20 : 20 + size])
    change(document)
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    rest = data[20 + size :]
    return (
        struct.pack("<4sII", b"glTF", 2, 20 + len(text) + len(rest))
        + struct.pack("<I4s", len(text), b"JSON")
        + text
        + rest
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["buffers"][0].update(uri="file:///etc/passwd"),
        lambda d: d.update(images=[{"uri": "../../secret.png"}]),
        lambda d: d["buffers"][0].update(byteLength=1 << 40),
        lambda d: d["bufferViews"][0].update(byteOffset=1 << 30),
        lambda d: d["accessors"][0].update(count=1 << 31),
        lambda d: d["accessors"][0].update(count=10**9),
        lambda d: d["bufferViews"][d["accessors"][0]["bufferView"]].update(byteStride=0),
        lambda d: d["accessors"].extend([d["accessors"][0]] * 4000),
        lambda d: d["bufferViews"].extend([d["bufferViews"][0]] * 4000),
        lambda d: d["meshes"][0].update(primitives=d["meshes"][0]["primitives"] * 100_000),
        lambda d: d["meshes"][0]["primitives"][0].update(targets=[{"POSITION": 0}] * 1000),
        lambda d: d["meshes"][0]["primitives"][0].update(indices=-1),
        lambda d: d["accessors"][0].update(count=-1),
        lambda d: d["accessors"][0].update(bufferView=77),
        lambda d: d["accessors"][0].update(componentType=7),
        lambda d: d["nodes"][0].update(children=[0]),
        lambda d: d.update(extensionsRequired=["KHR_draco_mesh_compression"]),
        lambda d: d.update(nodes={}),
        lambda d: d.update(nodes=[{"children": [i + 1]} for i in range(5000)]),
        lambda d: d.clear(),
    ],
)
def test_gltf_tricks_are_refused(boxes: Boxes, tmp_path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    good = glb_of(piece_0=box_mesh((0.04, 0.04, 0.04)))
    dataset, asset = forged_dataset(tmp_path / "d", boxes, _with_json(good, change))
    with pytest.raises(SceneDataError):
        dataset.collision_meshes(asset)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
@example(None)
def test_a_forged_collision_file_never_reaches_the_engine_unsound(
    boxes: Boxes, tmp_path: Path, data: st.DataObject | None
) -> None:
    """Random bytes changed and every checksum made right again: refused, or sound enough for PhysX to cook."""
    good = bytearray(glb_of(piece_0=box_mesh((0.04, 0.04, 0.04))))
    if data is not None:
        for _ in range(data.draw(st.integers(1, 6))):
            good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    dataset, asset = forged_dataset(tmp_path / "d", boxes, bytes(good))
    try:
        meshes = dataset.collision_meshes(asset)
    except SceneDataError:
        assert data is not None
        return
    assert len(collision_shapes(asset, meshes)) == 1


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_forged_visual_file_is_sound_or_refused(boxes: Boxes, tmp_path: Path, data: st.DataObject) -> None:
    """As above, for what the renderer reads: textures and indices are decoded before the path is handed out."""
    good = bytearray(textured_glb())
    for _ in range(data.draw(st.integers(1, 6))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    bundle = box_bundle("green block", (0.04, 0.04, 0.04), visual_file=bytes(good))
    dataset = write_dataset(tmp_path / "d", boxes[0], [*boxes[1], bundle], CARD, overwrite=True)
    try:
        path = dataset.asset_file(bundle.asset, "visual")
    except SceneDataError:
        return
    assert dataset.check_visual(bundle.asset)["visual"] == 12
    assert path.read_bytes() == good


def textured_glb() -> bytes:
    """A box with texture coordinates and a small picture on it."""
    mesh = box_mesh((0.04, 0.04, 0.04))
    picture = Image.fromarray(np.arange(192, dtype=np.uint8).reshape(8, 8, 3))
    mesh.visual = TextureVisuals(uv=mesh.vertices[:, :2] * 25, image=picture)
    return glb_of(visual=mesh)


def test_textures_that_swell_in_memory_are_refused(boxes: Boxes, tmp_path: Path) -> None:
    """A white picture of 4096 x 4096 pixels is small; the same bytes again and again are no more on disk."""

    def visual_with(picture: Image.Image, times: int) -> SceneDataset:
        mesh = box_mesh((0.04, 0.04, 0.04))
        mesh.visual = TextureVisuals(uv=mesh.vertices[:, :2] * 25, image=picture)
        data = _with_json(glb_of(visual=mesh), lambda d: d["images"].extend(d["images"] * (times - 1)))
        bundle = box_bundle("green block", (0.04, 0.04, 0.04), visual_file=data)
        return write_dataset(tmp_path / f"{picture.width}-{times}", boxes[0], [*boxes[1], bundle], CARD)

    small, large = Image.new("1", (1024, 1024)), Image.new("1", (4097, 4096))
    visual_with(small, 5).verify()
    for dataset, message in (
        (visual_with(large, 1), "a texture has 4097 x 4096 pixels, at most 4096 x 4096"),
        (visual_with(small, 65), "its textures have more than 67108864 pixels together"),
    ):
        with pytest.raises(SceneDataError, match=message):
            dataset.verify()


def test_only_glb_files_are_handed_out(boxes: Boxes, tmp_path: Path) -> None:
    bundle = box_bundle("green block", (0.04, 0.04, 0.04), ending="obj")
    dataset = write_dataset(tmp_path / "d", boxes[0], [*boxes[1], bundle], CARD)
    with pytest.raises(SceneDataError, match=r"'visual\.obj' is not a \.glb file"):
        dataset.asset_file(bundle.asset, "visual")

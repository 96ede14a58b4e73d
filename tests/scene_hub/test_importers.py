"""EmbodiedGen's layouts and single meshes become scenes: what is kept, what is chosen, what is refused."""

import contextlib
import copy
import io
import json
import math
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from test_embodiedgen import BLOCK, DESK, TUB, box, write_asset
from trimesh.visual import ColorVisuals, TextureVisuals
from trimesh.visual.material import PBRMaterial

from scene_hub.compose import TARGET_REGION, bundle_collision
from scene_hub.errors import InstructionError, InvalidOptionError, SceneDataError
from scene_hub.generate import supports
from scene_hub.generate.baking import sampled
from scene_hub.generate.bundle import AssetRequest
from scene_hub.generate.collision import Hull
from scene_hub.generate.embodiedgen.layouts import background_transform, find_layouts, read_layout
from scene_hub.generate.hull_merging import merged
from scene_hub.generate.imported_collision import MAX_PIECES
from scene_hub.generate.importing import import_mesh, read_skins
from scene_hub.generate.materials import COLORS
from scene_hub.importers.arrangement import Standing, best_view
from scene_hub.importers.asset import AssetOptions, ImportedThing, import_asset, read_description
from scene_hub.importers.embodiedgen import ImportedLayout, LayoutOptions, import_layouts
from scene_hub.importers.layout_scene import LayoutImporter, LayoutJob
from scene_hub.importers.wording import NamedThing, worded
from scene_hub.physics import SettlingScene
from scene_hub.placement import yaw_of
from scene_hub.schema import Pose, Provenance

TABLE_TOP = 0.725  # of DESK, metres above the floor; its link is in the middle of its bounding box


def standing(x: float, y: float, height: float, yaw: float = 0.0) -> list[float]:
    """A pose in a layout file: on the desk, about the middle of a thing `height` metres high."""
    return [x, y, TABLE_TOP + height / 2, 0, 0, math.sin(yaw / 2), math.cos(yaw / 2)]


LAYOUT: dict[str, Any] = {
    "tree": {
        "kitchen": [["oak desk", "FLOOR"], ["franka", "IN"]],
        "oak desk": [["toy block", "ON"], ["storage tub", "ON"], ["green cube", "ON"]],
    },
    "relation": {
        "task_desc": "Put the toy block in the storage tub.",
        "task": "single-arm pick",
        "robot": "franka",
        "background": "kitchen",
        "context": "oak desk",
        "manipulated_objs": ["toy block", "storage tub"],
        "distractor_objs": ["green cube"],
    },
    "objs_desc": {"kitchen": "a bright kitchen", "toy block": "a small blue toy block"},
    "objs_mapping": {
        "kitchen": "background",
        "oak desk": "context",
        "toy block": "manipulated_objs",
        "storage tub": "manipulated_objs",
        "green cube": "distractor_objs",
    },
    "assets": {
        "kitchen": "background",
        "oak desk": "asset3d/oak_desk/result",
        "toy block": "asset3d/toy_block/result",
        "storage tub": "asset3d/storage_tub/result",
        "green cube": "asset3d/green_cube/result",
    },
    "quality": {"toy block": {"MeshGeoChecker": "YES"}},
    "position": {
        "kitchen": [0, 0, 0, 0, 0, 0, 1],
        "oak desk": [0, 0, TABLE_TOP / 2, 0, 0, 0, 1],
        "franka": [-0.55, 0, TABLE_TOP, 0, 0, 0, 1],
        "toy block": standing(-0.05, -0.15, 0.06, 0.4),
        "storage tub": standing(0.0, 0.12, 0.09),
        "green cube": standing(0.12, 0.0, 0.03),
    },
}


def write_layout(folder: Path, change: Callable[[dict[str, Any]], Any] = lambda layout: None) -> Path:
    """A layout of a block, a tub and a cube on a desk; `change` edits what is written."""
    if not (folder / "asset3d").is_dir():
        write_asset(folder, "oak_desk", DESK, "brown", mass=20)
        write_asset(folder, "toy_block", BLOCK, "blue", description="a small blue toy block")
        write_asset(folder, "storage_tub", TUB, "red", mass=0.5)
        write_asset(folder, "green_cube", [box([0.03, 0.03, 0.03])], "green")
    layout = copy.deepcopy(LAYOUT)
    changed = change(layout)
    path = folder / "layout.json"
    path.write_text(changed if isinstance(changed, str) else json.dumps(layout))
    return path


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the assets that `write_layout` needs; tests write layouts beside one another in it."""
    folder = tmp_path_factory.mktemp("layouts") / "task"
    write_layout(folder)
    return folder


@pytest.fixture
def task(assets: Path, tmp_path: Path) -> Path:
    """The same assets in a folder of the test's own."""
    shutil.copytree(assets, tmp_path / "layouts" / "task_0000")
    return tmp_path / "layouts" / "task_0000"


@pytest.fixture(scope="module")
def imported(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., ImportedLayout]]:
    """`imported(task, scale=...)`: what comes of the layout in a folder; importers are kept, as workers keep theirs."""
    importers: dict[str, LayoutImporter] = {}

    def run(task: Path, **options: Any) -> ImportedLayout:
        key = repr(sorted(options.items()))
        if key not in importers:
            made = LayoutOptions(**{"root": tmp_path_factory.getbasetemp(), "cache": cache, **options})
            importers[key] = LayoutImporter(made)
        return importers[key](LayoutJob(task / "layout.json", "task"))

    yield run
    for importer in importers.values():
        importer.close()


Importing = Callable[..., ImportedLayout]


# ----------------------------------------------------------------------------------------------------------- layouts read


def test_a_layout_is_read_with_roles_poses_and_folders(task: Path) -> None:
    layout = read_layout(task / "layout.json", task.parent)
    assert [node.name for node in layout.manipulated] == ["toy block", "storage tub"]
    assert [node.name for node in layout.distractors] == ["green cube"]
    block = layout.manipulated[0]
    assert block.urdf == task / "asset3d/toy_block/result/toy_block.urdf"
    assert (block.parent, block.description) == ("oak desk", "a small blue toy block")
    assert block.pose is not None
    assert math.atan2(block.pose[1, 0], block.pose[0, 0]) == pytest.approx(0.4)
    assert layout.robot is not None and layout.robot[0, 3] == -0.55


def test_optional_keys_may_be_missing_and_underscores_stand_for_spaces(task: Path) -> None:
    def change(layout: dict[str, Any]) -> None:
        for key in ("tree", "objs_desc", "objs_mapping", "quality"):
            del layout[key]
        del layout["relation"]["robot"]
        layout["assets"] = {name.replace(" ", "_"): folder for name, folder in layout["assets"].items()}
        layout["position"] = {"toy_block": layout["position"]["toy block"]}

    layout = read_layout(write_layout(task, change), task.parent)
    assert layout.robot is None and layout.manipulated[0].pose is not None and layout.manipulated[1].pose is None
    assert layout.context.urdf.is_file() and layout.background is not None


def test_quaternions_that_were_rounded_are_normalised(task: Path) -> None:
    def change(layout: dict[str, Any]) -> None:
        layout["position"]["toy block"][3:] = [0, 0, 0.1987, 0.9801]

    pose = read_layout(write_layout(task, change), task.parent).manipulated[0].pose
    assert pose is not None and np.linalg.det(pose[:3, :3]) == pytest.approx(1.0, abs=1e-9)


def test_a_background_is_turned_about_its_own_vertical_before_it_is_stood_up(task: Path) -> None:
    def change(layout: dict[str, Any]) -> None:
        layout["position"]["kitchen"] = [0, 0, 0, 0, math.sin(math.pi / 4), 0, math.cos(math.pi / 4)]

    background = read_layout(write_layout(task, change), task.parent).background
    assert background is not None
    matrix = background_transform(background)
    assert matrix[:3, :3] @ [0, 1, 0] == pytest.approx([0, 0, 1])  # y is up in the file
    assert matrix[:3, :3] @ [1, 0, 0] == pytest.approx([0, 1, 0])


def edited(*path: str, value: Any = None, drop: bool = False) -> Callable[[dict[str, Any]], None]:
    def change(layout: dict[str, Any]) -> None:
        *way, last = path
        for key in way:
            layout = layout[key]
        if drop:
            del layout[last]
        else:
            layout[last] = value

    return change


MALFORMED: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "not json": (lambda layout: "{", "no JSON that can be read"),
    "a list": (lambda layout: "[]", "no layout of EmbodiedGen"),
    "nested": (lambda layout: '{"tree":' + "[" * 100_000, "no JSON that can be read"),
    "wrong type": (edited("relation", "manipulated_objs", value="toy block"), "manipulated_objs.*list"),
    "wrong type of position": (edited("position", value=[1, 2]), "position.*dictionary"),
    "text in a pose": (edited("position", "toy block", value=["x"] * 7), r"position.toy block.0"),
    "name twice": (lambda layout: '{"assets": {"a": "b", "a": "c"}}', "'a' occurs twice"),
    "unknown role": (edited("objs_mapping", "toy block", value="hero"), "unknown role 'hero'.*manipulated_objs"),
    "two roles": (edited("relation", "distractor_objs", value=["toy block"]), "'toy block' twice"),
    "roles disagree": (edited("objs_mapping", "toy block", value="distractor_objs"), "in `relation`, but"),
    "same file name": (edited("relation", "distractor_objs", value=["toy_block"]), "two things of one name"),
    "no target": (
        lambda layout: (edited("relation", "manipulated_objs", drop=True)(layout), layout.pop("objs_mapping")),
        "names no object to take",
    ),
    "no context": (
        lambda layout: (edited("relation", "context", drop=True)(layout), layout.pop("objs_mapping")),
        "names no context",
    ),
    "target without files": (edited("assets", "toy block", drop=True), "no files for 'toy block'"),
    "missing urdf": (edited("assets", "toy block", value="asset3d/storage_tub/result"), "toy_block.urdf.*storage_tub.urdf"),
    "absolute path": (edited("assets", "toy block", value="/etc"), "'/etc' leaves the folder"),
    "parent path": (edited("assets", "toy block", value="../../secret"), "leaves the folder"),
    "drive": (edited("assets", "toy block", value="C:\\assets"), "leaves the folder"),
    "name is a path": (edited("relation", "manipulated_objs", value=["../toy block"]), "cannot be that of a file"),
    "nan": (edited("position", "toy block", value=[math.nan, 0, 0, 0, 0, 0, 1]), "position.toy block is not finite"),
    "infinite": (edited("position", "toy block", value=[1e999, 0, 0, 0, 0, 0, 1]), "not finite"),
    "far away": (edited("position", "toy block", value=[1e6, 0, 0, 0, 0, 0, 1]), "more than 100 m"),
    "six numbers": (edited("position", "toy block", value=[0, 0, 0, 0, 0, 1]), "has 6 numbers"),
    "zero quaternion": (edited("position", "toy block", value=[0, 0, 1, 0, 0, 0, 0]), "norm 0, not 1"),
    "long quaternion": (edited("position", "toy block", value=[0, 0, 1, 0, 0, 1, 1]), "norm 1.414"),
    "cycle": (edited("tree", value={"a": [["b", "ON"]], "b": [["c", "ON"]], "c": [["a", "ON"]]}), "cyclic"),
    "own parent": (edited("tree", value={"a": [["a", "ON"]]}), "cyclic"),
    "two parents": (edited("tree", value={"a": [["c", "ON"]], "b": [["c", "ON"]]}), "'c' below 'a' and below 'b'"),
    "a triple": (edited("tree", "oak desk", value=[["toy block", "ON", "x"]]), "not a pair"),
}  # fmt: skip


@pytest.mark.parametrize("kind", MALFORMED)
def test_each_malformed_layout_is_one_clear_error(assets: Path, kind: str, imported: Importing) -> None:
    change, words = MALFORMED[kind]
    write_layout(assets, change)
    try:
        layout = imported(assets)
    finally:
        write_layout(assets)
    assert layout.scene is None and layout.problem is not None
    assert re.search(words, layout.problem) and "\n" not in layout.problem and len(layout.problem) < 600


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
PLACES = [(key,) for key in LAYOUT] + [(key, name) for key, value in LAYOUT.items() for name in value]


@settings(max_examples=150)
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=1, max_size=3))
def test_whatever_a_layout_says_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[tuple[str, ...], Any]]
) -> None:
    layout = copy.deepcopy(LAYOUT)
    for place, value in changes:
        if len(place) == 1 or isinstance(layout.get(place[0]), dict):
            edited(*place, value=value)(layout)
    folder = tmp_path_factory.getbasetemp() / "fuzzed"
    folder.mkdir(exist_ok=True)
    path = folder / "layout.json"
    path.write_text(json.dumps(layout))
    with contextlib.suppress(SceneDataError):
        found = read_layout(path, folder)
        for node in found.things:
            assert node.role in ("manipulated_objs", "distractor_objs", "others")
            assert node.pose is None or (np.isfinite(node.pose).all() and abs(np.linalg.det(node.pose) - 1) < 1e-6)
            assert node.folder is None or node.folder.resolve().is_relative_to(folder.resolve())


def test_layouts_are_found_in_a_tree(tmp_path: Path) -> None:
    for name in ("task_0001", "task_0000", "more/task_0002"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "layout.json").write_text("{}")
    (tmp_path / "task_0000" / "layout_env0.json").write_text("{}")
    names = [path.parent.name for path in find_layouts(tmp_path)]
    assert names == ["task_0002", "task_0000", "task_0001"]
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InvalidOptionError, match=r"no layout\.json"):
        find_layouts(empty)
    with pytest.raises(InvalidOptionError, match="no such folder"):
        find_layouts(tmp_path / "nowhere")


# ----------------------------------------------------------------------------------------------------------------- words


def thing(*names: str, color: str | None = None, receives: Any = None) -> NamedThing:
    return NamedThing(names, color, receives)


BOWL, BASKET = thing("bowl", receives="container"), thing("basket", receives="container")
PLATE, MUG = thing("plate", receives="container"), thing("mug", receives="container")


@pytest.mark.parametrize(
    ("sentence", "things", "manipulated", "task", "instruction", "receptacle"),
    [
        ("put the pen in the mug", [thing("pen"), MUG], 2, "put_in", "put the pen in the mug", 1),
        ("Pick up the marker from the table and put it in the bowl.", [thing("marker"), MUG, BOWL], 1, "put_in", None, 2),
        ("In the basket, place the banana", [BASKET, thing("banana")], 2, "put_in", None, 0),
        ("Put the pens in the grey bowl.", [thing("pen"), thing("pen"), thing("grey bowl", receives="container")], 3,
         "put_in", "put the pen in the grey bowl", 2),
        ("Put the fruit on the table on the plate", [thing("apple"), PLATE], 2, "put_on", "put the apple on the plate", 1),
        ("put the apples from table to the basket", [thing("apple"), BASKET], 2, "put_in", "put the apple in the basket", 1),
        ("put the sharpener on the book", [thing("pencil sharpener"), thing("book", receives="surface")], 2, "put_on", None, 1),
        ("put the spoon in the plate", [thing("spoon"), thing("plate", receives="surface")], 2, "put_on", None, 1),
        ("put the egg on the bowl", [thing("egg"), BOWL], 2, "put_in", None, 1),
        ("stack the blue tea cup on the yellow tea cup",
         [thing("blue tea cup", receives="container"), thing("yellow tea cup", receives="container")], 2, "stack", None, 1),
        ("Close the laptop", [thing("laptop")], 1, "pick", "pick up the laptop", None),
        ("pick up the cup", [thing("cup"), PLATE], 2, "pick", None, None),
        ("", [thing("apple"), PLATE], 2, "put_in", "put the apple in the plate", 1),
        ("", [thing("cup", color="blue"), thing("cup", color="red", receives="surface")], 2,
         "put_on", "put the blue cup on the red cup", 1),
        ("", [thing("apple"), thing("stone")], 2, "pick", "pick up the apple", None),
    ],
)  # fmt: skip
def test_the_task_is_what_the_sentence_says_and_the_forms_allow(
    sentence: str,
    things: list[NamedThing],
    manipulated: int,
    task: str,
    instruction: str | None,
    receptacle: int | None,
) -> None:
    found = worded(sentence, things, manipulated)
    assert (found.task, found.receptacle) == (task, receptacle)
    assert found.instruction == (instruction or sentence)
    assert found.object_label in found.instruction.lower()
    assert found.receptacle_label is None or found.receptacle_label in found.instruction.lower()


@given(sentence=st.text(max_size=80), count=st.integers(1, 4))
def test_any_sentence_becomes_a_task(sentence: str, count: int) -> None:
    things = [thing("red mug"), PLATE, thing("pen"), BASKET][:count]
    found = worded(sentence, things, min(count, 2))
    assert 0 <= found.object < count and found.receptacle != found.object
    assert (found.task == "pick") == (found.receptacle is None)
    assert found.object_label in found.instruction.lower()


# ----------------------------------------------------------------------------------------------------------- arrangements


def at(name: str, x: float, y: float, target: bool = True) -> Standing:
    return Standing(name, target, (0.02, 0.02), (x, y))


@given(
    turn=st.floats(-3, 3),
    shift=st.tuples(st.floats(-2, 2), st.floats(-2, 2)),
    spots=st.lists(st.tuples(st.floats(-0.1, 0.1), st.floats(-0.15, 0.15)), min_size=2, max_size=4),
)
def test_wherever_a_layout_lies_its_targets_come_to_lie_before_the_robot(
    turn: float, shift: tuple[float, float], spots: list[tuple[float, float]]
) -> None:
    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    moved = [(rotation @ spot + shift).tolist() for spot in spots]
    things = [at(str(index), x, y, index < 2) for index, (x, y) in enumerate(moved)]
    robot = np.eye(4)
    robot[:2, :2], robot[:2, 3] = rotation, rotation @ [-0.55, 0.0] + shift
    view = best_view(things, robot, turn)
    assert view is not None
    found = view.xy(np.array(moved))
    assert np.all(found[:2] >= np.array(TARGET_REGION[0]) - 1e-9) and np.all(
        found[:2] <= np.array(TARGET_REGION[1]) + 1e-9
    )
    # Rigid: all distances stay.
    assert np.linalg.norm(found[0] - found[1]) == pytest.approx(np.hypot(*np.subtract(spots[0], spots[1])), abs=1e-9)
    assert view.moved == () and view.heading == pytest.approx(turn)


def test_the_robot_goes_round_the_table_where_that_brings_the_targets_into_reach() -> None:
    view = best_view([at("a", -0.18, 0.0), at("b", 0.18, 0.0)], np.eye(4), 0.0)
    assert view is not None and abs(math.degrees(view.heading)) == pytest.approx(90)
    assert best_view([at("a", -0.5, 0.0), at("b", 0.5, 0.0)], None, 0.0) is None


# ------------------------------------------------------------------------------------------------------------- the import


@pytest.fixture(scope="module")
def layout(assets: Path, imported: Importing) -> ImportedLayout:
    return imported(assets)


def test_a_layout_becomes_a_scene_that_passes_every_check(layout: ImportedLayout) -> None:
    scene = layout.scene
    assert scene is not None and scene.report.passed, scene and scene.report.failures
    assert (scene.id, scene.task, scene.instruction) == ("task", "put_in", "Put the toy block in the storage tub.")
    assert (scene.object.name, scene.receptacle and scene.receptacle.name) == ("toy_block", "storage_tub")
    assert layout.preview is not None and Image.open(io.BytesIO(layout.preview)).size == (224, 168)
    assert (scene.provenance.source or "").endswith("/task/layout.json of EmbodiedGen")
    assert scene.background.pose.position[2] == pytest.approx(-TABLE_TOP, abs=1e-3)
    assert any("procedural room: kitchen" in note for note in layout.notes)


def test_the_arrangement_is_that_of_the_layout_seen_from_its_robot(layout: ImportedLayout) -> None:
    scene = layout.scene
    assert scene is not None
    by_name = {item.name: item.pose for item in scene.placements}
    block, tub = (np.array(by_name[name].position) for name in ("toy_block", "storage_tub"))
    assert (block - tub)[:2] == pytest.approx([-0.05, -0.27], abs=2e-3)
    assert yaw_of(by_name["toy_block"]) == pytest.approx(0.4, abs=0.01)
    assert {pose.position[2] for name, pose in by_name.items() if name != scene.background.name} == {0.0}


def test_masses_and_frictions_are_the_files_and_inertia_is_the_meshes(layout: ImportedLayout) -> None:
    bundles = {bundle.asset.name: bundle for bundle in layout.bundles}
    block = bundles["toy block"].asset
    assert (block.mass, block.static_friction, block.dynamic_friction) == (0.3, 0.7, 0.6)
    assert block.description == "a small blue toy block"
    assert block.provenance.source == "asset3d/toy_block/result/toy_block.urdf of EmbodiedGen"
    assert block.provenance.licence == "Apache-2.0"
    world = SettlingScene()
    world.add("block", block, bundle_collision(bundles["toy block"]), Pose(), static=False)
    assert world.mass("block") == pytest.approx(0.3, rel=0.03)


def test_the_same_layout_gives_the_same_bytes_with_and_without_a_cache(
    task: Path, imported: Importing, tmp_path: Path
) -> None:
    first, second = imported(task), imported(task, cache=tmp_path / "fresh")
    assert first.scene == second.scene
    assert {b.asset.id: b.files for b in first.bundles} == {b.asset.id: b.files for b in second.bundles}


def test_a_damaged_cache_is_made_again(task: Path, imported: Importing, tmp_path: Path) -> None:
    before = imported(task, cache=tmp_path / "cache")
    for file in (tmp_path / "cache" / "imports").rglob("visual*.glb"):
        file.write_bytes(b"damaged")
    assert imported(task, cache=tmp_path / "cache").scene == before.scene


def test_scales_go_by_category_and_take_the_mass_along(task: Path, imported: Importing) -> None:
    scene = imported(task, scale="toy block=0.5")
    block = next(bundle.asset for bundle in scene.bundles if bundle.asset.name == "toy block")
    tub = next(bundle.asset for bundle in scene.bundles if bundle.asset.name == "storage tub")
    assert block.extents == pytest.approx((0.025, 0.02, 0.03), abs=1e-4) and block.mass == pytest.approx(
        0.0375, abs=1e-4
    )
    assert tub.extents == pytest.approx((0.14, 0.14, 0.09), abs=1e-4)
    with pytest.raises(InvalidOptionError, match="no factor"):
        imported(task, scale="huge")


def test_an_object_that_is_too_wide_is_imported_and_reported_and_fit_mends_it(
    task: Path, imported: Importing, cache: Path
) -> None:
    shutil.rmtree(task / "asset3d" / "toy_block")
    write_asset(task, "toy_block", [box([0.09, 0.09, 0.05])], "blue")
    wide = imported(task).scene
    assert wide is not None and {check.name for check in wide.report.failures} >= {"graspable", "asset-lifts"}
    fitted = imported(task, fit=True)
    assert fitted.scene is not None and fitted.scene.report.passed
    out = task.parent.parent / "strict"
    result = import_layouts(task.parent, out, LayoutOptions(task.parent, cache=cache), strict=True)
    assert result.dataset is None and "graspable" in (result.layouts[0].problem or "") and not out.exists()


def test_a_receptacle_that_receives_nothing_is_still_a_scene_that_runs(task: Path, imported: Importing) -> None:
    shutil.rmtree(task / "asset3d" / "storage_tub")
    cone = trimesh.creation.cone(0.05, 0.08).apply_translation([0, 0, -0.04])
    write_asset(task, "storage_tub", [cone], "red")
    found = imported(task)
    assert found.scene is not None and "receives" in {check.name for check in found.scene.report.failures}
    tub = next(bundle.asset for bundle in found.bundles if bundle.asset.name == "storage tub")
    assert tub.support is not None and tub.support.position[2] == pytest.approx(0.08, abs=0.01)


def test_distractors_out_of_reach_are_put_elsewhere_and_those_on_the_floor_left_out(
    task: Path, imported: Importing
) -> None:
    def change(layout: dict[str, Any]) -> None:
        layout["position"]["green cube"] = standing(0.40, 0.5, 0.03)

    write_layout(task, change)
    found = imported(task)
    assert found.scene is not None and found.scene.report.passed
    assert "placed anew: green_cube" in (found.scene.provenance.source or "")

    def floor(layout: dict[str, Any]) -> None:
        layout["tree"] = {"kitchen": [["oak desk", "FLOOR"], ["green cube", "FLOOR"]]}

    write_layout(task, floor)
    found = imported(task)
    assert found.scene is not None and found.scene.distractors == ()
    assert any("stands on the floor" in note for note in found.notes)


@pytest.mark.parametrize("case", ["beside the table", "one inside the other", "not placed", "far apart"])
def test_what_cannot_stay_where_it_is_is_placed_anew(task: Path, imported: Importing, case: str) -> None:
    def change(layout: dict[str, Any]) -> None:
        position = layout["position"]
        if case == "beside the table":
            position["toy block"] = [0.8, 0.0, 0.03, 0, 0, 0, 1]
        elif case == "one inside the other":
            position["toy block"][:2] = position["storage tub"][:2]
        elif case == "not placed":
            del layout["position"]
        else:
            position["toy block"][:2], position["storage tub"][:2] = [-0.35, -0.45], [0.35, 0.45]

    write_layout(task, change)
    scene = imported(task).scene
    assert scene is not None and scene.report.passed
    assert "everything is placed anew" in (scene.provenance.source or "")


def turned_to_minus_y(layout: dict[str, Any]) -> None:
    """The same arrangement with a robot that looks along -y."""
    turn = np.array([[0, 1], [-1, 0]])
    for name, pose in layout["position"].items():
        if name != "kitchen":
            pose[:2] = (turn @ pose[:2]).tolist()
    for name in ("franka", "oak desk"):
        layout["position"][name][3:] = [0, 0, -math.sqrt(0.5), math.sqrt(0.5)]


def test_a_layout_from_another_side_is_turned_and_y_up_meshes_stand(task: Path, imported: Importing) -> None:
    """The robot looks along -y: what was before it is before ours."""

    straight = imported(task).scene
    write_layout(task, turned_to_minus_y)
    turned = imported(task).scene
    assert straight is not None and turned is not None
    for name in ("toy_block", "storage_tub", "green_cube", "oak_desk"):
        one, two = (next(item for item in scene.placements if item.name == name) for scene in (straight, turned))
        assert one.pose.position == pytest.approx(two.pose.position, abs=2e-3)
        if name == "oak_desk":
            assert one.asset == two.asset


def test_a_background_with_files_is_the_room_and_turns_with_the_scene(task: Path, imported: Importing) -> None:
    """A room, y up, whose wall at positive x is red: where the robot looks along -y, that wall is at its left."""
    (task / "background").mkdir()
    room = trimesh.creation.box([4.0, 2.5, 4.0]).apply_translation([0.0, 1.25, 0.0]).subdivide().subdivide()
    colors = np.where(room.vertices[:, :1] > 1.9, [[200, 20, 20, 255]], [[230, 230, 230, 255]]).astype(np.uint8)
    room.visual = ColorVisuals(room, vertex_colors=colors)
    (task / "background" / "mesh_model.ply").write_bytes(room.export(file_type="ply"))  # type: ignore[arg-type]

    write_layout(task, turned_to_minus_y)
    found = imported(task)
    assert found.scene is not None and not any("procedural" in note for note in found.notes)
    assert found.scene.background.pose.position[2] == pytest.approx(-TABLE_TOP, abs=1e-3)
    bundle = next(bundle for bundle in found.bundles if bundle.asset.kind == "room")
    assert (bundle.asset.name, bundle.asset.provenance.licence) == ("kitchen", "Apache-2.0")
    visual = trimesh.load_scene(io.BytesIO(bundle.files[bundle.asset.files.visual.path]), file_type="glb")
    skins = read_skins(visual, "room")
    points, _, seen = sampled(skins, 4000, np.random.default_rng(0))
    red = points[(seen[:, 0] - seen[:, 1]) > 100]
    assert len(red) > 50 and np.median(red[:, 1]) == pytest.approx(2.0, abs=0.1)
    assert points[:, 2].min() == pytest.approx(0.0, abs=0.05) and points[:, 2].max() == pytest.approx(2.5, abs=0.05)


def test_a_wavy_table_is_level_to_stand_on(task: Path, imported: Importing) -> None:
    shutil.rmtree(task / "asset3d" / "oak_desk")
    rng = np.random.default_rng(0)
    bumps = [
        box([0.1, 0.1, 0.02], [x, y, 0.715 + rng.uniform(-0.004, 0.004)])
        for x in np.arange(-0.4, 0.45, 0.1)
        for y in np.arange(-0.5, 0.55, 0.1)
    ]
    write_asset(task, "oak_desk", [*bumps, box([0.5, 0.5, 0.70], [0, 0, 0.35])], "brown", mass=20)
    scene = imported(task).scene
    assert scene is not None and scene.report.passed
    assert "placed anew" not in (scene.provenance.source or "")


def test_a_broken_layout_is_reported_and_the_others_are_written(assets: Path, cache: Path, tmp_path: Path) -> None:
    root = tmp_path / "layouts"
    for name in ("task_0000", "task_0001", "task_0002"):
        shutil.copytree(assets, root / name)
    (root / "task_0001" / "asset3d/toy_block/result/mesh/toy_block.glb").write_bytes(b"glTF")
    urdf = root / "task_0002" / "asset3d/toy_block/result/toy_block.urdf"
    urdf.write_text(urdf.read_text().replace('mass value="0.3"', 'mass value="0"'))
    result = import_layouts(root, tmp_path / "out", LayoutOptions(root, cache=cache), workers=2)
    assert result.dataset is not None and list(result.dataset.scene_ids) == ["task_0000"]
    problems = {layout.id: layout.problem or "" for layout in result.left_out}
    assert "toy_block.glb" in problems["task_0001"] and "mass is '0'" in problems["task_0002"]
    text = (tmp_path / "out" / "README.md").read_text()
    assert str(tmp_path) not in text
    assert all(str(tmp_path) not in row for row in map(str, result.dataset.scenes()))


def test_the_same_thing_in_two_layouts_is_one_asset(assets: Path, cache: Path, tmp_path: Path) -> None:
    root = tmp_path / "layouts"
    for name in ("task_0000", "task_0001"):
        shutil.copytree(assets, root / name)
    write_layout(root / "task_0001", edited("relation", "task_desc", value="pick up the toy block"))
    dataset = import_layouts(root, tmp_path / "out", LayoutOptions(root, cache=cache)).dataset
    assert dataset is not None and [scene.task for scene in dataset.scenes()] == ["put_in", "pick"]
    first, second = dataset.scenes()
    assert first.object.asset == second.object.asset and first.context.asset == second.context.asset


# ---------------------------------------------------------------------------------------------------------- single meshes


def glb(mesh: trimesh.Trimesh | trimesh.Scene, path: Path) -> Path:
    path.write_bytes(mesh.export(file_type="glb"))  # type: ignore[arg-type]
    return path


def two_colored_scene() -> trimesh.Scene:
    """A y-up scene as in Objaverse: in centimetres, off the origin, nodes with transforms, two materials, one translucent."""
    scene = trimesh.Scene()
    image = Image.new("RGBA", (64, 64), (*COLORS["blue"], 120))
    for name, size, offset, material in (
        ("body", [5, 6, 4], [100, 50, -30], PBRMaterial(baseColorTexture=image, alphaMode="BLEND", doubleSided=True)),
        ("cap", [4, 2, 3], [100, 54, -30], PBRMaterial(baseColorFactor=[200, 10, 10, 255])),
    ):
        part = trimesh.creation.box(size).subdivide()
        part.visual = TextureVisuals(uv=np.full((len(part.vertices), 2), 0.5), material=material)
        scene.add_geometry(part, node_name=name, transform=trimesh.transformations.translation_matrix(offset))
    scene.graph.update(frame_to="empty", frame_from="world")
    return scene


def test_an_objaverse_like_glb_becomes_an_object_in_a_scene(tmp_path: Path) -> None:
    file = glb(two_colored_scene(), tmp_path / "thing.glb")
    options = AssetOptions("a blue plastic gadget with a red cap", scale=0.01, licence="CC-BY-4.0", distractors=2)
    dataset = import_asset(file, tmp_path / "out", options)
    (scene,) = dataset.scenes()
    assert (scene.task, scene.instruction) == ("pick", "pick up the blue plastic gadget")
    asset = dataset.asset(scene.object.asset)
    assert asset.extents == pytest.approx((0.05, 0.04, 0.08), abs=1e-3)
    assert (asset.category, asset.colors[0], asset.materials) == ("gadget", "blue", ("plastic",))
    assert asset.provenance.source == "thing.glb, scaled by 0.01" and asset.provenance.licence == "CC-BY-4.0"
    assert len(asset.grasps) >= 2 and len(scene.distractors) == 2


def test_a_bowl_of_ones_own_receives_what_the_instruction_says(tmp_path: Path) -> None:
    whole: Any = trimesh.util.concatenate(TUB)
    file = tmp_path / "tub.stl"
    whole.export(file)
    options = AssetOptions(
        "a large green tub", height=0.08, instruction="put the lemon in the green tub", distractors=1
    )
    dataset = import_asset(file, tmp_path / "out", options)
    (scene,) = dataset.scenes()
    assert scene.task == "put_in" and scene.receptacle is not None
    asset = dataset.asset(scene.receptacle.asset)
    assert asset.extents[2] == pytest.approx(0.08, abs=1e-3) and asset.colors[0] == "green"
    assert asset.support is not None and asset.support.kind == "container"
    (skin,) = read_skins(dataset.asset_file(asset, "visual"), "tub")
    assert [255 * value for value in skin.color] == pytest.approx(COLORS["green"], abs=3)


RIGID = """<robot name="lamp"><material name="teal"><color rgba="0 0.5 0.5 1"/></material>
<link name="base"><visual><geometry><box size="0.05 0.05 0.02"/></geometry><material name="teal"/></visual>
 <collision><geometry><box size="0.05 0.05 0.02"/></geometry></collision><inertial><mass value="0.2"/></inertial></link>
<link name="rod"><visual><geometry><cylinder radius="0.01" length="0.08"/></geometry></visual>
 <collision><geometry><cylinder radius="0.01" length="0.08"/></geometry></collision>
 <inertial><mass value="0.1"/></inertial></link>
<joint name="weld" type="{joint}"><parent link="base"/><child link="rod"/><origin xyz="0 0 0.05"/></joint></robot>"""


@pytest.mark.parametrize("joint", ["fixed", "revolute"])
def test_any_rigid_urdf_is_read_with_its_links_and_primitives(tmp_path: Path, joint: str) -> None:
    file = tmp_path / "lamp.urdf"
    file.write_text(RIGID.format(joint=joint))
    made = ImportedThing(file, AssetOptions("a teal lamp"))
    asset = made.generate(AssetRequest(made.info.name, 0)).asset
    assert asset.extents == pytest.approx((0.05, 0.05, 0.10), abs=1e-3)
    assert asset.mass == pytest.approx(0.3) and "object" in made.info.roles


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, r"5 x 4 x 6 m as it stands.*--height 0.12.*--scale 0.01, if they are centimetres"),
        ({"scale": 0.01, "height": 0.1}, "exclude each other"),
        ({"height": 9.0}, "height is 9 m"),
        ({"scale": 0.01, "material": "unobtainium"}, "unknown material"),
        ({"scale": 0.01, "mass": -1}, "mass is -1 kg"),
        ({"scale": 0.01, "description": "the"}, "names no thing"),
        ({"scale": 0.03}, r"no gripper lifts the blue brick.*--height.*it is a surface.*--instruction"),
        ({"scale": 0.01, "instruction": "put the lemon on the plate"}, "not about the blue brick"),
        ({"scale": 0.1, "kind": "table"}, "a table needs a task of other things"),
    ],
)
def test_what_cannot_be_done_with_a_mesh_is_said_with_the_flag_that_mends_it(
    tmp_path: Path, options: dict[str, Any], words: str
) -> None:
    file = glb(trimesh.creation.box([5, 6, 4]), tmp_path / "brick.glb")
    said = AssetOptions(**{"description": "a blue brick", **options})
    with pytest.raises((SceneDataError, InvalidOptionError, InstructionError), match=words):
        import_asset(file, tmp_path / "out", said)
    assert not (tmp_path / "out").exists()


def _document(data: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """A GLB with its JSON edited."""
    size = int.from_bytes(data[12:16], "little")
    document = json.loads(data[20 : 20 + size])
    change(document)
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    body = len(text).to_bytes(4, "little") + b"JSON" + text + data[20 + size :]
    return data[:8] + (12 + len(body)).to_bytes(4, "little") + body


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (edited("extensionsRequired", value=["KHR_draco_mesh_compression"]), "Draco compression"),
        (edited("extensionsRequired", value=["KHR_texture_basisu"]), "KTX2 textures"),
        (lambda d: d["accessors"][0].update(count=10**9), "1,000,000,000 entries"),
        (lambda d: d["accessors"][0].update(count=10**6), "table that is shorter|2,000,000"),
        (lambda d: d["accessors"][1].pop("bufferView"), "without data"),
        (lambda d: d["accessors"][1].update(sparse={}), "sparse"),
        (lambda d: d["nodes"].append({"children": [len(d["nodes"])]}), "do not form a tree"),
        (lambda d: d["buffers"][0].update(byteLength=10**12), "more than 256 MB"),
        (lambda d: d["buffers"][0].update(uri="https://example.org/a.bin"), "on the network"),
        (lambda d: d["nodes"].extend({"mesh": 0} for _ in range(19_000)), "cannot|at most|degenerate|triangles"),
        (lambda d: d.update(nodes=[{}] * 30_000), "30,000 nodes"),
        (lambda d: d.update(meshes=7), "no sound glTF"),
    ],
)  # fmt: skip
def test_glbs_that_announce_more_than_they_hold_are_refused_before_they_are_read(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], words: str
) -> None:
    many = trimesh.creation.icosphere(subdivisions=3, radius=0.03)
    file = tmp_path / "thing.glb"
    file.write_bytes(_document(glb(many, tmp_path / "good.glb").read_bytes(), change))
    with pytest.raises(SceneDataError, match=words) as caught:
        ImportedThing(file, AssetOptions("a ball"))
    assert str(file) in str(caught.value)


@pytest.mark.parametrize("name", ["empty.glb", "text.obj", "header.ply", "header.stl", "none.glb", "picture.png"])
def test_files_that_are_no_meshes_are_one_clear_error(tmp_path: Path, name: str) -> None:
    content = {
        "empty.glb": b"",
        "text.obj": b"hello\n",
        "header.ply": b"ply\nformat binary_little_endian 1.0\nelement vertex 1000000000\nproperty float x\n"
        b"property float y\nproperty float z\nend_header\n1234",
        "header.stl": b"\0" * 80 + (10**9).to_bytes(4, "little") + b"\0" * 50,
        "picture.png": b"\x89PNG\r\n\x1a\n",
    }
    if name in content:
        (tmp_path / name).write_bytes(content[name])
    with pytest.raises(SceneDataError, match=name) as caught:
        ImportedThing(tmp_path / name, AssetOptions("a ball"))
    assert "\n" not in str(caught.value)


@settings(max_examples=60)
@given(data=st.binary(max_size=400), ending=st.sampled_from(["glb", "obj", "ply", "stl", "gltf"]))
def test_any_bytes_are_a_mesh_or_one_error(tmp_path_factory: pytest.TempPathFactory, data: bytes, ending: str) -> None:
    file = tmp_path_factory.getbasetemp() / f"fuzz.{ending}"
    file.write_bytes(data)
    with contextlib.suppress(SceneDataError):
        read_skins(file, str(file))


@pytest.mark.parametrize(
    ("text", "label", "noun", "color", "material"),
    [
        ("a blue enamel mug", "blue enamel mug", "enamel mug", "blue", None),
        ("A yellow and gray pencil sharpener, with two holes", "yellow pencil sharpener", "pencil sharpener", "yellow", None),
        ("small wooden toy car", "small wooden toy car", "toy car", None, "wood"),
        ("a basket made of wicker, orange", "basket made of wicker", "basket made of wicker", "orange", "wicker"),
        ("mug", "mug", "mug", None, None),
    ],
)  # fmt: skip
def test_a_description_gives_name_colour_and_substance(
    text: str, label: str, noun: str, color: str | None, material: str | None
) -> None:
    said = read_description(text)
    assert (said.label, said.noun, said.color, said.material) == (label, noun, color, material)


# -------------------------------------------------------------------------------------------------------------- collision


def test_a_hundred_hulls_become_few_without_closing_the_opening() -> None:
    """A tub of 120 slabs: any two neighbours of opposite walls would close it."""
    slabs = [box([0.14, 0.14, 0.01], [0, 0, 0.005])]
    for x in np.linspace(-0.0675, 0.0675, 28):
        slabs += [box([0.005, 0.008, 0.05], [x, side * 0.066, 0.035]) for side in (-1, 1)]
        slabs += [box([0.008, 0.005, 0.05], [side * 0.066, x, 0.035]) for side in (-1, 1)]
    rng = np.random.default_rng(1)
    hulls = [Hull(np.asarray(slab.vertices) + rng.uniform(-5e-4, 5e-4, (8, 3))) for slab in slabs]
    few = merged(hulls, MAX_PIECES)
    assert len(hulls) > 100 and len(few) <= MAX_PIECES
    inside = supports.container([hull.mesh for hull in few])
    assert inside is not None and min(inside.half_extents) > 0.05 and inside.rim_height - inside.position[2] > 0.04


def test_given_collision_that_closes_an_opening_is_replaced() -> None:
    whole: Any = trimesh.util.concatenate(TUB)
    provenance = Provenance(generator="test", generator_version="1")
    bundle = import_mesh(whole, AssetRequest("tub", 0), provenance, collision=[whole.convex_hull])
    assert bundle.asset.support is not None and bundle.asset.support.kind == "container"
    kept = import_mesh(BLOCK[0], AssetRequest("block", 0), provenance, collision=BLOCK)
    assert len(kept.asset.collision) == 1


def test_textures_come_in_the_size_that_is_asked_for() -> None:
    ball = trimesh.creation.icosphere(subdivisions=3, radius=0.03)
    noise = np.random.default_rng(0).integers(0, 255, (300, 300, 3), dtype=np.uint8)
    uv = np.random.default_rng(1).random((len(ball.vertices), 2))
    ball.visual = TextureVisuals(uv=uv, material=PBRMaterial(baseColorTexture=Image.fromarray(noise)))
    provenance = Provenance(generator="test", generator_version="1")
    bundle = import_mesh(ball, AssetRequest("ball", 0), provenance, texture=64)
    sizes = []
    for level in ("visual.glb", "visual_low.glb"):
        scene = trimesh.load_scene(io.BytesIO(bundle.files[level]), file_type="glb")
        sizes += [geometry.visual.material.baseColorTexture.size for geometry in scene.geometry.values()]
    assert sizes == [(64, 64), (32, 32)]
    with pytest.raises(InvalidOptionError, match="texture is 100000 pixels"):
        import_mesh(ball, AssetRequest("ball", 0), provenance, texture=100_000)

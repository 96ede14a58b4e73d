"""The viewer: what is drawn, what the panel says and does, and what it refuses. Its page: tests/e2e/test_viewer_page.py."""

import json
import os
import shutil
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import trimesh
import viser
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from websockets.sync.client import connect

from genworld_envs.cli.main import main
from genworld_envs.robots import robot_spec
from genworld_envs.robots.kinematics import SerialChain
from genworld_envs.viewer import SceneViewer
from genworld_envs.viewer.content import SceneContent, without_draco
from genworld_envs.viewer.facts import report_html, scene_html, thing_html
from genworld_envs.viewer.figure import RobotFigure
from genworld_envs.viewer.glyphs import best_grasps, gripper_lines, support_lines
from genworld_envs.viewer.labels import label_places
from genworld_envs.viewer.layers import LAYERS
from genworld_envs.viewer.viewer import free_port
from scene_hub.dataset import SceneDataset
from scene_hub.errors import InvalidOptionError, MissingRequirementError, SceneDataError
from scene_hub.gaussians import GaussianCloud
from scene_hub.schema import Support
from scene_hub.thumbnails import pose_matrix

REPOSITORY = Path(__file__).parents[2]
WIDOWX = Path(os.environ.get("GENWORLD_TEST_DATA", REPOSITORY.parent / "shared" / "data")) / "widowx250s"
SCENE, OTHER = "train-put-in-cucumber-white-colander", "train-pick-lemon"
HOSTILE = "<img src=x onerror='alert(1)'><script>alert(2)</script>"


@pytest.fixture(scope="module")
def starter() -> SceneDataset:
    return SceneDataset.open("starter")


@pytest.fixture(scope="module")
def served(starter: SceneDataset) -> Iterator[SceneViewer]:
    viewer = SceneViewer(starter, SCENE, "so100", port=0)
    yield viewer
    viewer.stop()


@pytest.fixture
def viewer(served: SceneViewer) -> SceneViewer:
    """The viewer as it starts."""
    served.show_robot("so100")
    served.show_scene(SCENE)
    for layer in LAYERS:
        served.toggles[layer.name].value = layer.shown
    return served


def node(viewer: SceneViewer, name: str) -> Any:
    return viewer.server.scene.get_handle_by_name(name)


def received(viewer: SceneViewer) -> list[dict[str, Any]]:
    """What a browser that opens the page now is sent at first."""
    address = viewer.address.replace("http", "ws")
    subprotocol: Any = f"viser-v{viser.__version__}"
    messages: list[dict[str, Any]] = []
    with connect(address, subprotocols=[subprotocol], max_size=None, compression=None) as socket_:
        while not any(message["type"] == "ReplayDoneMessage" for message in messages):
            frame = socket_.recv(timeout=20)
            assert isinstance(frame, bytes)
            _, packed = struct.unpack_from("<QQ", frame)
            content = msgspec.msgpack.decode(zstandard.ZstdDecompressor().decompress(frame[16 : 16 + packed]))
            messages += content["messages"]
    return messages


# ---------------------------------------------------------------------------------------------------------------- drawing


def test_everything_of_a_scene_is_drawn_where_it_stands(viewer: SceneViewer, starter: SceneDataset) -> None:
    scene = starter.scene(SCENE)
    for placement in scene.placements:
        layer = {"background": "room", "context": "table"}.get(placement.role, "things")
        mesh = node(viewer, f"/{layer}/{placement.name}")
        np.testing.assert_allclose(mesh.position, placement.pose.position, atol=1e-6)
        np.testing.assert_allclose(mesh.wxyz, placement.pose.quaternion, atol=1e-6)
        assert mesh.glb_data == starter.asset_file(starter.asset(placement.asset), "visual").read_bytes()
    for placement in scene.movables:
        label = node(viewer, f"/labels/{placement.name}/text")
        assert starter.asset(placement.asset).name in label.text and placement.role in label.text
        assert label.position[2] > placement.pose.position[2]
        for layer in ("roles", "collision", "frames"):
            assert node(viewer, f"/{layer}/{placement.name}") is not None
    assert node(viewer, f"/supports/{scene.context.name}") is not None
    assert node(viewer, "/robot/Fixed_Jaw") is not None and node(viewer, "/camera/base") is not None


def test_collision_pieces_are_all_there(viewer: SceneViewer, starter: SceneDataset) -> None:
    colander = viewer.content.scene.receptacle
    assert colander is not None
    pieces = starter.collision_meshes(starter.asset(colander.asset))
    assert len(pieces) == 15
    drawn = [node(viewer, f"/collision/{colander.name}/{index}") for index in range(8)]
    assert sum(len(mesh.faces) for mesh in drawn) == sum(len(piece.faces) for piece in pieces.values())
    assert len({mesh.color for mesh in drawn}) == 8
    corners = np.concatenate([mesh.vertices for mesh in drawn])
    np.testing.assert_allclose(corners.min(axis=0), np.min([p.bounds[0] for p in pieces.values()], axis=0), atol=1e-6)


def test_toggles_show_and_hide_layers(viewer: SceneViewer) -> None:
    for layer in LAYERS:
        assert node(viewer, f"/{layer.name}").visible == layer.shown
        viewer.toggles[layer.name].value = not layer.shown
        assert node(viewer, f"/{layer.name}").visible != layer.shown


def test_the_best_grasps_are_drawn_as_many_as_asked_for(viewer: SceneViewer) -> None:
    thing = viewer.content.thing(viewer.content.scene.object.name)
    assert not viewer.grasp_count.visible
    viewer.toggles["grasps"].value = True
    assert viewer.grasp_count.visible
    viewer.grasp_count.value = 5
    best = sorted((grasp.quality for grasp in thing.asset.grasps), reverse=True)[:5]
    assert [grasp.quality for grasp in best_grasps(thing.asset.grasps, 5)] == best
    assert node(viewer, f"/grasps/{thing.name}/4") is not None
    assert node(viewer, f"/grasps/{thing.name}/5") is None
    first = node(viewer, f"/grasps/{thing.name}/0")
    assert tuple(first.position) == best_grasps(thing.asset.grasps, 1)[0].position
    viewer.grasp_count.value = 3
    assert node(viewer, f"/grasps/{thing.name}/3") is None


def test_grippers_are_as_wide_as_their_grasp() -> None:
    lines = gripper_lines(0.05)
    assert lines.shape == (4, 2, 3)
    assert np.ptp(lines[..., 1]) == pytest.approx(0.05)
    assert not lines[..., 0].any(), "flat in the plane of closing and approach"
    assert lines[..., 2].max() > 0 > lines[..., 2].min(), "the fingers reach around the contacts"


def test_supports_have_a_rim_only_if_things_go_inside() -> None:
    support = Support(kind="container", position=(0.0, 0.0, 0.01), half_extents=(0.1, 0.05), rim_height=0.08)
    lines = support_lines(support)
    np.testing.assert_allclose([lines.reshape(-1, 3).min(axis=0), lines.reshape(-1, 3).max(axis=0)],
                               [[-0.1, -0.05, 0.01], [0.1, 0.05, 0.08]])  # fmt: skip
    assert len(support_lines(support.model_copy(update={"kind": "surface"}))) == 4


@given(
    tops=st.lists(st.tuples(*[st.floats(-0.3, 0.3)] * 2, st.floats(0, 0.3)), min_size=1, max_size=8),
    length=st.integers(1, 40),
)
def test_labels_stand_straight_above_their_things(tops: list[tuple[float, float, float]], length: int) -> None:
    places = label_places(np.array(tops), ["x" * length] * len(tops))
    np.testing.assert_allclose(places[:, :2], np.array(tops)[:, :2])
    assert (places[:, 2] > np.array(tops)[:, 2]).all()


def test_labels_make_way_for_one_another() -> None:
    places = label_places(np.array([[0.0, 0.0, 0.05], [0.0, -0.01, 0.05]]), ["red block · object"] * 2)
    assert abs(places[0, 2] - places[1, 2]) > 0.02


def test_gaussians_stand_in_for_the_rooms_mesh(viewer: SceneViewer, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    count = 50
    cloud = GaussianCloud(
        rng.normal(size=(count, 3)),
        np.full((count, 3), -3.0),
        np.tile([1.0, 0.0, 0.0, 0.0], (count, 1)),
        np.zeros(count),
        np.zeros((count, 4, 3)),
    )
    monkeypatch.setattr(viewer.dataset, "gaussians", lambda asset: cloud)
    assert not viewer.toggles["gaussians"].visible
    viewer.show_scene(OTHER)
    assert viewer.toggles["gaussians"].visible
    assert not node(viewer, "/room").visible
    np.testing.assert_allclose(node(viewer, "/gaussians/room").position, viewer.content.scene.background.pose.position)
    monkeypatch.undo()
    viewer.show_scene(SCENE)
    assert not viewer.toggles["gaussians"].visible
    assert node(viewer, "/room").visible and node(viewer, "/gaussians/room") is None


# ----------------------------------------------------------------------------------------------------------------- robots


@pytest.fixture
def robot_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ManiSkill's asset folder, holding the WidowX where the test data has it."""
    import mani_skill

    (tmp_path / "robots").mkdir()
    (tmp_path / "robots" / "widowx").symlink_to(WIDOWX.resolve())
    monkeypatch.setattr(mani_skill, "ASSET_DIR", tmp_path)


@pytest.mark.parametrize("name", ["panda", "so100", "widowx250s"])
@pytest.mark.usefixtures("robot_files")
def test_robots_stand_at_home(name: str) -> None:
    if name == "widowx250s" and not WIDOWX.is_dir():
        pytest.skip(f"no robot description at {WIDOWX}; set GENWORLD_TEST_DATA")
    from mani_skill.agents.registration import REGISTERED_AGENTS

    figure, spec = RobotFigure.load(name), robot_spec(name)
    agent: Any = REGISTERED_AGENTS[spec.agent_uid].agent_cls
    urdf = Path(str(agent.__new__(agent).urdf_path))
    chain = SerialChain(urdf, agent.tool_link, agent.tool_offset.to_transformation_matrix())
    root = trimesh.transformations.quaternion_matrix(spec.base_quaternion)
    root[:3, 3] = spec.base_position
    tool = root @ chain.forward(np.array([spec.home_qpos[: len(chain.joint_names)]]))[0]
    np.testing.assert_allclose(figure.tool, tool, atol=1e-5)
    assert set(figure.visuals) <= set(figure.links)
    assert sum(len(visual) for visual in figure.visuals.values()) > 3e5, "meshes at the full level of detail"
    for camera in spec.cameras:
        pose = figure.camera(camera).pose
        np.testing.assert_allclose(pose[:3, :3] @ pose[:3, :3].T, np.eye(3), atol=1e-5)
    x, y, z = (np.linalg.inv(figure.camera("base").pose) @ [0.0, 0.0, 0.0, 1.0])[:3]
    half = np.tan(figure.camera("base").fov / 2)
    assert z > 0 and abs(y) < half * z, "the policy's camera sees the middle of the workspace"
    assert abs(x) < half * z * figure.camera("base").aspect


def test_another_robot_takes_the_place_of_the_first(viewer: SceneViewer) -> None:
    near = viewer.server.initial_camera.position
    viewer.robot_choice.value = "panda"
    assert node(viewer, "/robot/panda_hand") is not None
    assert node(viewer, "/robot/Fixed_Jaw") is None
    assert np.linalg.norm(viewer.server.initial_camera.position) > np.linalg.norm(near), "a large robot from afar"
    viewer.robot_choice.value = "none"
    assert node(viewer, "/robot/panda_hand") is None and node(viewer, "/camera/base") is None


def test_robots_that_cannot_be_shown_are_named(
    viewer: SceneViewer, starter: SceneDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mani_skill

    monkeypatch.setattr(mani_skill, "ASSET_DIR", tmp_path)
    with pytest.raises(MissingRequirementError, match=r"widowx250s.*download_asset"):
        SceneViewer(starter, SCENE, "widowx250s", port=0)
    with pytest.raises(InvalidOptionError, match=r"unknown robot 'spot'.*'none', 'panda'"):
        SceneViewer(starter, SCENE, "spot", port=0)
    viewer.robot_choice.value = "widowx250s"
    assert viewer.robot_choice.value == viewer.robot == "so100", "what was there stays"
    assert node(viewer, "/robot/Fixed_Jaw") is not None


# ------------------------------------------------------------------------------------------------------------------ words


def test_a_browser_is_sent_the_scene_in_words_and_meshes(viewer: SceneViewer) -> None:
    messages = received(viewer)
    kinds = {message["type"] for message in messages}
    assert {"GlbMessage", "LabelMessage", "MeshMessage", "LineSegmentsMessage", "CameraFrustumMessage"} <= kinds
    text = " ".join(m["props"]["content"] for m in messages if m["type"] == "GuiHtmlMessage")
    scene = viewer.content.scene
    for words in (scene.instruction, scene.task, scene.split, scene.report.checks[0].message, scene.object.asset):
        assert words in text
    (scenes,) = [m["props"]["options"] for m in messages if m["type"] == "GuiDropdownMessage" and m["value"] == SCENE]
    assert tuple(scenes) == viewer.dataset.scene_ids


def test_facts_of_the_thing_that_was_picked(viewer: SceneViewer) -> None:
    receptacle = viewer.content.scene.receptacle
    assert receptacle is not None
    viewer.pick(receptacle.name)
    assert viewer.thing_choice.value == receptacle.name
    asset = viewer.dataset.asset(receptacle.asset)
    text = viewer._thing_text.content
    for words in ("receptacle", asset.category, asset.provenance.licence, asset.id, "15 convex pieces", "container"):
        assert words in text
    assert f"{100 * asset.extents[0]:.1f} ×" in text and f"{1000 * asset.mass:.0f} g" in text
    viewer.thing_choice.value = viewer.content.scene.background.name
    assert viewer.dataset.asset(viewer.content.scene.background.asset).id in viewer._thing_text.content


def test_nothing_of_a_dataset_becomes_markup(starter: SceneDataset) -> None:
    content = SceneContent.load(starter, SCENE)
    check = content.scene.report.checks[0].model_copy(update={"message": HOSTILE})
    report = content.scene.report.model_copy(update={"checks": (check,)})
    provenance = content.scene.provenance.model_copy(update={"source": HOSTILE, "licence": HOSTILE})
    scene = content.scene.model_copy(update={"instruction": HOSTILE, "report": report, "provenance": provenance})
    thing = content.things[0]
    words = {"description": HOSTILE, "provenance": provenance, "category": HOSTILE, "colors": (HOSTILE,)}
    hostile = type(thing)(
        thing.placement, thing.asset.model_copy(update=words), thing.visual, thing.triangles, thing.pieces
    )
    for page in (scene_html(scene), report_html(scene), thing_html(hostile)):
        assert "<img" not in page and "<script" not in page
        assert "&lt;img" in page


# ------------------------------------------------------------------------------------------------------------------ scenes


def test_another_scene_takes_the_place_of_the_first(viewer: SceneViewer, starter: SceneDataset) -> None:
    viewer.toggles["room"].value = False
    viewer.scene_choice.value = OTHER
    scene = starter.scene(OTHER)
    assert viewer.content.scene.id == OTHER
    assert viewer.thing_choice.value == scene.object.name
    assert node(viewer, f"/things/{scene.object.name}") is not None
    assert node(viewer, f"/things/{starter.scene(SCENE).object.name}") is None
    assert not node(viewer, "/room").visible, "what was hidden stays hidden"
    text = " ".join(m["props"]["content"] for m in received(viewer) if m["type"] == "GuiHtmlMessage")
    assert scene.instruction in text and starter.scene(SCENE).instruction not in text


def test_unknown_scenes_are_refused_and_nothing_changes(viewer: SceneViewer, starter: SceneDataset) -> None:
    with pytest.raises(InvalidOptionError, match="unknown scene 'nowhere'"):
        viewer.show_scene("nowhere")
    assert viewer.content.scene.id == SCENE
    with pytest.raises(InvalidOptionError, match="unknown scene 'nowhere'"):
        SceneViewer(starter, "nowhere", port=0)


def test_damaged_files_are_refused_and_nothing_changes(starter: SceneDataset, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(starter.folder, folder)
    dataset = SceneDataset.open(folder)
    asset = dataset.asset(dataset.scene(OTHER).object.asset)
    path = dataset.asset_file(asset, "visual")
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    viewer = SceneViewer(SceneDataset.open(folder), SCENE, "none", port=0)
    try:
        with pytest.raises(SceneDataError, match="checksum"):
            viewer.show_scene(OTHER)
        viewer.scene_choice.value = OTHER
        assert viewer.scene_choice.value == viewer.content.scene.id == SCENE
        assert node(viewer, f"/things/{viewer.content.scene.object.name}") is not None
    finally:
        viewer.stop()


def test_meshes_lose_the_mention_of_draco() -> None:
    plain = trimesh.Scene(trimesh.creation.box()).export(file_type="glb")
    assert isinstance(plain, bytes)
    assert without_draco(plain) is plain
    size = struct.unpack_from("<I", plain, 12)[0]
    document = json.loads(plain[20 : 20 + size])
    document["extensionsUsed"] = ["KHR_draco_mesh_compression", "KHR_materials_unlit"]
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    rest = plain[20 + size :]
    mentioned = struct.pack("<4sIII4s", b"glTF", 2, 20 + len(text) + len(rest), len(text), b"JSON") + text + rest
    clean = without_draco(mentioned)
    assert b"draco" not in clean and b"KHR_materials_unlit" in clean
    assert struct.unpack_from("<I", clean, 8)[0] == len(clean)
    again = trimesh.load_scene(trimesh.util.wrap_as_stream(clean), file_type="glb")
    np.testing.assert_allclose(again.extents, [1, 1, 1])


# ----------------------------------------------------------------------------------------------------------------- serving


def test_a_port_that_is_taken_gives_way_to_the_next(viewer: SceneViewer, starter: SceneDataset) -> None:
    second = SceneViewer(starter, OTHER, "none", port=viewer.port)
    try:
        assert viewer.port < second.port < viewer.port + 20
        assert second.address == f"http://127.0.0.1:{second.port}"
    finally:
        second.stop()


@pytest.mark.parametrize(
    ("host", "port", "reason"),
    [
        ("127.0.0.1", 65536, "--port 65536"),
        ("127.0.0.1", -1, "--port -1"),
        ("nowhere.invalid", 8080, "--host 'nowhere.invalid'"),
        ("203.0.113.7", 8080, "cannot listen at 203.0.113.7"),
    ],
)
def test_places_where_nobody_can_listen(host: str, port: int, reason: str) -> None:
    with pytest.raises(InvalidOptionError, match=reason):
        free_port(host, port)


def test_the_last_port_may_be_taken() -> None:
    with socket.create_server(("127.0.0.1", 65535)), pytest.raises(InvalidOptionError, match="65535 to 65535"):
        free_port("127.0.0.1", 65535)


def test_stopping_frees_the_port(starter: SceneDataset, capfd: pytest.CaptureFixture[str]) -> None:
    viewer = SceneViewer(starter, OTHER, "none", port=0)
    assert received(viewer)
    viewer.stop()
    assert free_port("127.0.0.1", viewer.port) == viewer.port
    assert capfd.readouterr().out == "", "the caller says what there is to say"


def test_saved_pages_hold_the_scene(viewer: SceneViewer, tmp_path: Path) -> None:
    page = viewer.save(tmp_path / "new" / "scene.html")
    assert page.read_text().lstrip().lower().startswith("<!doctype html>")
    assert page.stat().st_size > sum(len(thing.visual) for thing in viewer.content.things)
    assert [path.name for path in page.parent.iterdir()] == ["scene.html"]


def test_command_saves_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["scenes", "view", OTHER, "--robot", "none", "--save", "scene.html"]) == 0
    assert capsys.readouterr().out.startswith("Wrote scene.html, ")
    assert [path.name for path in tmp_path.iterdir()] == ["scene.html"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nowhere"], "unknown scene 'nowhere'"),
        (["--scenes", "nowhere"], "nowhere"),
        (["--robot", "spot"], "unknown robot 'spot'"),
        (["--robot", "none", "--port", "70000"], "--port 70000"),
    ],
)
def test_command_refuses_what_it_cannot_do(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scenes", "view", *arguments]) == 2
    error = capsys.readouterr().err
    assert reason in error
    assert len(error.strip().splitlines()) == 1


def test_poses_are_those_of_the_records(viewer: SceneViewer) -> None:
    tool = node(viewer, "/frames/robot.tool")
    assert viewer.figure is not None
    matrix = trimesh.transformations.quaternion_matrix(tool.wxyz)
    matrix[:3, 3] = tool.position
    np.testing.assert_allclose(matrix, viewer.figure.tool, atol=1e-5)
    first = viewer.content.things[0].placement
    frame = node(viewer, f"/frames/{first.name}")
    expected = pose_matrix(first.pose)
    np.testing.assert_allclose(
        trimesh.transformations.quaternion_matrix(frame.wxyz)[:3, :3], expected[:3, :3], atol=1e-6
    )

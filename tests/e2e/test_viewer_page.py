"""`genworld scenes view` as a person meets it: the command, and its page in headless Chromium."""

import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import viser
from browser import HOSTILE, Browser

from genworld_envs.viewer import SceneViewer
from genworld_envs.viewer.views import FIELD
from scene_hub.dataset import DatasetCard, SceneDataset, write_dataset
from scene_hub.thumbnails import look_at

SIZE = (960, 680)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> SceneDataset:
    """A put_in and a stack scene of the starter's; the second one's instruction is hostile."""
    starter = SceneDataset.open("starter")
    first, second = starter.scenes(split="train", task="put_in")[0], starter.scenes(split="train", task="stack")[0]
    scenes = [first, second.model_copy(update={"instruction": HOSTILE})]
    used = sorted({used for scene in scenes for used in scene.asset_ids})
    bundles = [starter.bundle(starter.asset(asset_id)) for asset_id in used]
    card = DatasetCard(title="Two", description="Two scenes.")
    return write_dataset(tmp_path_factory.mktemp("scenes") / "two", scenes, bundles, card)


@pytest.fixture(scope="module")
def viewer(dataset: SceneDataset) -> Iterator[SceneViewer]:
    served = SceneViewer(dataset, dataset.scene_ids[0], "so100", port=0)
    yield served
    served.stop()


@pytest.fixture(scope="module")
def page(viewer: SceneViewer, browser: Browser) -> Browser:
    """The page, open; software rendering is spared a large window."""
    browser.resize(*SIZE)
    browser.open(viewer.address)
    browser.wait("document.body.innerText.includes('Policy')")
    client(viewer)
    return browser


def client(viewer: SceneViewer) -> viser.ClientHandle:
    """The browser, as the server knows it."""
    for _ in range(600):
        if clients := viewer.server.get_clients():
            return max(clients.values(), key=lambda handle: handle.client_id)
        time.sleep(0.05)
    raise AssertionError("no browser has connected")


def picture(viewer: SceneViewer) -> np.ndarray:
    """What the browser draws of the first view, RGB [120, 160, 3]."""
    view = viewer._views()["Side"]
    pose = look_at(view.eye, view.target)
    pose[:3, 1:3] *= -1  # OpenCV's axes
    wxyz = viser.transforms.SO3.from_matrix(pose[:3, :3]).wxyz
    frame = client(viewer).get_render(120, 160, wxyz=wxyz, position=pose[:3, 3], fov=FIELD, timeout=60)
    return np.asarray(frame)[..., :3].astype(int)


def settled(viewer: SceneViewer) -> np.ndarray:
    """The picture once everything that was sent is in it."""
    before = picture(viewer)
    for _ in range(100):
        time.sleep(0.2)
        now = picture(viewer)
        if now.std() > 20 and np.abs(now - before).max() < 40:
            return now
        before = now
    raise AssertionError("the picture does not come to rest")


def set_layer(page: Browser, title: str) -> None:
    """Click the checkbox of a layer."""
    label = f"[...document.querySelectorAll('label')].find((item) => item.innerText.trim() === {title!r})"
    page.run(f"document.getElementById({label}.htmlFor).click()")


def eventually(condition: Callable[[], Any], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "never true"
        time.sleep(0.05)


def test_page_shows_the_scene_and_fetches_nothing_from_elsewhere(page: Browser, viewer: SceneViewer) -> None:
    scene = viewer.content.scene
    text = page.run("document.body.innerText")
    for words in (scene.instruction, scene.split, scene.task, f"{len(scene.report.checks)} checks passed"):
        assert words in text
    frame = settled(viewer)
    assert len(np.unique(frame.reshape(-1, 3) // 32, axis=0)) > 30, "many colours: things, a table, a robot, a room"
    fetched = page.run("performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert [name for name in fetched if not name.startswith((viewer.address, "blob:", "data:"))] == []


def test_layers_are_hidden_and_shown_by_a_click(page: Browser, viewer: SceneViewer) -> None:
    full = settled(viewer)
    set_layer(page, "Room")
    eventually(lambda: not viewer.toggles["room"].value)
    assert (np.abs(settled(viewer) - full).max(axis=2) > 24).mean() > 0.2
    set_layer(page, "Room")
    eventually(lambda: viewer.toggles["room"].value)


def test_a_click_on_a_thing_shows_its_facts(page: Browser, viewer: SceneViewer) -> None:
    receptacle = viewer.content.scene.receptacle
    assert receptacle is not None
    asset = viewer.dataset.asset(receptacle.asset)
    assert asset.description not in page.run("document.body.innerText")
    view = viewer._views()["Side"]
    middle = np.add(receptacle.pose.position, (0.0, 0.0, asset.extents[2] / 2))
    x, y, z = (np.linalg.inv(look_at(view.eye, view.target)) @ [*middle, 1.0])[:3]
    box = "document.querySelector('canvas').getBoundingClientRect()"
    width, height = page.run(f"[{box}.width, {box}.height]")
    scale = height / 2 / np.tan(FIELD / 2)
    target = {"origin": "viewport", "x": int(width / 2 - x / z * scale), "y": int(height / 2 + y / z * scale)}
    actions = [
        {"type": "pointerMove", "duration": 0, **target},
        {"type": "pause", "duration": 500},
        {"type": "pointerDown", "button": 0},
        {"type": "pointerUp", "button": 0},
    ]
    page._call("POST", "/actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": actions}]})
    page.wait(f"document.body.innerText.includes({asset.description!r})")
    assert viewer.thing_choice.value == receptacle.name
    assert asset.id in page.run("document.body.innerText")


def test_the_policys_camera_takes_a_picture(page: Browser, viewer: SceneViewer) -> None:
    set_layer(page, "Policy's camera")
    eventually(lambda: viewer.picture.visible)
    taken = np.asarray(viewer.picture.image)
    assert taken.shape == (336, 336, 3) and taken.std() > 20
    page.wait("[...document.querySelectorAll('img')].some((image) => image.naturalWidth === 336)")
    set_layer(page, "Policy's camera")
    eventually(lambda: not viewer.picture.visible)


def test_the_next_scene_is_a_click_away_and_its_words_are_words(page: Browser, viewer: SceneViewer) -> None:
    page.run("[...document.querySelectorAll('button')].find((item) => item.innerText.trim() === 'Next').click()")
    page.wait(f"document.body.innerText.includes({HOSTILE!r})")
    assert viewer.content.scene.id == viewer.dataset.scene_ids[1]
    assert page.run("window.hit === undefined")
    assert page.run("document.querySelectorAll('img[src=x]').length") == 0


def test_command_serves_until_it_is_interrupted(dataset: SceneDataset, tmp_path: Path) -> None:
    command = ["scenes", "view", "--scenes", str(dataset.folder), "--robot", "none", "--port", "0"]
    process = subprocess.Popen(
        [sys.executable, "-m", "genworld_envs.cli.main", *command],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A test run in the background of a shell ignores SIGINT, and so would what it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith(f"{dataset.scene_ids[0]} is at http://127.0.0.1:")
        with urllib.request.urlopen(line.split()[3], timeout=20) as answer:
            assert b"<!doctype html>" in answer.read(200).lower()
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=20)
        assert (process.returncode, rest.strip(), errors) == (0, "", "")
    finally:
        process.kill()

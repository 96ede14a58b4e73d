"""Datasets on the Hub, read through the real client over real HTTP: what comes, how much of it, and what goes wrong."""

import logging
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hub_server import READ_TOKEN, HubClient, HubServer
from huggingface_hub import constants
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scene_boxes import CARD, box_bundle, box_mesh, box_scenes, glb_of
from trimesh.visual import TextureVisuals

from scene_hub.dataset import SceneDataset, write_dataset
from scene_hub.errors import InvalidOptionError, MissingRequirementError, SceneDataError
from scene_hub.generate.bundle import AssetBundle
from scene_hub.hub import files as hub_files
from scene_hub.hub.source import HubSource
from scene_hub.manifest import ASSETS_TABLE, INDEX_TABLE, MANIFEST, asset_file_path
from scene_hub.schema import Scene

Boxes = tuple[list[Scene], list[AssetBundle]]
REPO = "org/boxes"
SOURCE = f"hf://datasets/{REPO}"


@pytest.fixture
def published(hub_client: HubClient, box_dataset: SceneDataset) -> HubServer:
    """The Hub that this process uses, with the dataset of boxes on it."""
    hub_client.hub.create(REPO)
    hub_client.hub.commit_folder(REPO, box_dataset.folder)
    hub_client.hub.clear_log()
    return hub_client.hub


def paths_of(dataset: SceneDataset, *scene_ids: str) -> set[str]:
    return {file.path for file in dataset.files_of([dataset.scene(scene_id) for scene_id in scene_ids])}


# ---------------------------------------------------------------------------------------------------------- what is read


def test_the_hub_gives_what_the_folder_has(published: HubServer, box_dataset: SceneDataset) -> None:
    dataset = SceneDataset.open(SOURCE)
    assert dataset.fingerprint == box_dataset.fingerprint
    assert dataset.scenes() == box_dataset.scenes()
    assert dataset.card == CARD
    for asset_id in dataset.asset_ids:
        asset = dataset.asset(asset_id)
        assert asset == box_dataset.asset(asset_id)
        assert dataset.bundle(asset) == box_dataset.bundle(asset)
        path = dataset.asset_file(asset, "visual")
        assert path.suffix == ".glb"
        assert path.read_bytes() == box_dataset.asset_file(asset, "visual").read_bytes()
    dataset.verify()


def test_a_branch_is_resolved_once(
    published: HubServer, box_dataset: SceneDataset, boxes: Boxes, tmp_path: Path
) -> None:
    commit = published.head(REPO)
    dataset = SceneDataset.open(f"{SOURCE}@main")
    assert dataset.revision == commit
    assert dataset.source == f"{SOURCE}@{commit}"
    smaller = write_dataset(tmp_path / "smaller", boxes[0][:1], boxes[1], CARD)
    published.commit_folder(REPO, smaller.folder)
    # The open one, a new one of the same source string, and what comes later all see the old commit.
    dataset.download()
    assert len(SceneDataset.open(dataset.source)) == len(dataset) == 3
    assert len(SceneDataset.open(SOURCE)) == 1


@pytest.mark.parametrize("revision", ["v1", "some/branch", "refs/pr/1", "commit"])
def test_any_kind_of_revision(published: HubServer, box_dataset: SceneDataset, revision: str) -> None:
    first = published.head(REPO)
    published.tag(REPO, "v1", first)
    published.repositories[REPO].branches["some/branch"] = first
    published.repositories[REPO].pull_requests["refs/pr/1"] = first
    published.commit(REPO, {MANIFEST: b"{}"})
    name = first if revision == "commit" else revision.replace("some/", "some%2F")
    dataset = SceneDataset.open(f"{SOURCE}@{name}")
    assert (dataset.revision, dataset.fingerprint) == (first, box_dataset.fingerprint)


def test_opening_reads_the_index_and_nothing_else(published: HubServer) -> None:
    dataset = SceneDataset.open(SOURCE)
    dataset.scenes(query='category == "block"')
    read = {request.path.rpartition("/")[2] for request in published.select("GET")}
    assert read == {MANIFEST, INDEX_TABLE, ASSETS_TABLE}


def test_only_the_files_of_the_scenes_asked_for_come(published: HubServer) -> None:
    dataset = SceneDataset.open(SOURCE)
    seen: list[tuple[int, int]] = []
    scenes = dataset.scenes(task="pick")
    dataset.download(scenes, progress=lambda done, total: seen.append((done, total)))
    fetched = {match[0] for r in published.select("GET") if (match := re.search("assets/.*", r.path))}
    wanted = paths_of(dataset, "pick-0")
    assert fetched == wanted < paths_of(dataset, *dataset.scene_ids)
    total = sum(file.size for file in dataset.files_of(scenes))
    assert seen[-1] == (total, total)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    published.clear_log()
    seen.clear()
    dataset.download(scenes, kinds=["visual", "collision"], progress=lambda done, total: seen.append((done, total)))
    assert not published.requests
    assert seen[-1][0] == seen[-1][1] == sum(file.size for file in dataset.files_of(scenes, ["visual", "collision"]))


def test_for_many_files_the_client_lists_them_once(published: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """It makes use of the list for files in Xet storage, which this server does not have."""
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", False)
    monkeypatch.setattr(hub_files, "MANY_FILES", 5)
    dataset = SceneDataset.open(SOURCE)
    dataset.download(dataset.scenes(task="pick"), kinds=["visual"])
    assert not published.count(None, "*/tree/*")
    dataset.download()
    assert published.count(None, "*/tree/*") == 1
    dataset.download()
    assert published.count(None, "*/tree/*") == 1
    assert not {"README.md", "scenes.parquet"} & {r.path.rpartition("/")[2] for r in published.select("GET")}


def test_a_folder_has_nothing_to_download(box_dataset: SceneDataset) -> None:
    box_dataset.download(progress=lambda done, total: pytest.fail("nothing comes"))
    assert list(box_dataset.stream()) == box_dataset.scenes()


def test_an_unknown_kind_of_file_names_the_choices(box_dataset: SceneDataset) -> None:
    with pytest.raises(InvalidOptionError, match="visual_low"):
        box_dataset.download(kinds=["texture"])  # type: ignore[list-item]


def test_one_scene_of_many_takes_few_bytes(hub_client: HubClient, tmp_path: Path) -> None:
    """200 scenes with things of their own, each about 60 kB as in real ones: under 3 % of the bytes for one of them."""
    folder = write_many_scenes(tmp_path / "many", 200).folder
    hub_client.hub.create("org/many")
    hub_client.hub.commit_folder("org/many", folder)
    whole = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    hub_client.hub.clear_log()
    dataset = SceneDataset.open("hf://datasets/org/many")
    scene = dataset.scene("pick-117")
    dataset.download([scene])
    assert all(dataset.asset_file(dataset.asset(asset), "visual").exists() for asset in scene.asset_ids)
    assert hub_client.hub.bytes_sent() < 0.03 * whole


def write_many_scenes(folder: Path, count: int, **options: Any) -> SceneDataset:
    """Scenes alike but for their object, a block with a texture of noise."""
    scenes, bundles = box_scenes()
    pick = next(scene for scene in scenes if scene.task == "pick")
    made, blocks = [], []
    for index in range(count):
        block = box_bundle("red block", (0.04, 0.04, 0.04), visual_file=noisy_glb(140, index))
        record = pick.model_dump(mode="json")
        record["id"] = f"pick-{index}"
        for placement in record["placements"]:
            if placement["role"] == "object":
                placement["asset"] = block.asset.id
        made.append(Scene.model_validate(record))
        blocks.append(block)
    return write_dataset(folder, made, [*bundles, *blocks], CARD, **options)


def noisy_glb(side: int, seed: int) -> bytes:
    """A box with a texture that cannot be compressed: about 3 bytes a pixel."""
    mesh = box_mesh((0.04, 0.04, 0.04))
    pixels = np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)
    mesh.visual = TextureVisuals(uv=mesh.vertices[:, :2] * 25, image=Image.fromarray(pixels))
    return glb_of(visual=mesh)


# -------------------------------------------------------------------------------------------------------------- streaming


def test_scenes_come_while_later_ones_are_fetched(hub_client: HubClient, tmp_path: Path) -> None:
    hub = hub_client.hub
    hub.create("org/many")
    hub.commit_folder("org/many", write_many_scenes(tmp_path / "many", 12).folder)
    dataset = SceneDataset.open("hf://datasets/org/many")
    scenes = dataset.scenes()
    hub.clear_log()
    stream = dataset.stream(scenes, kinds=["visual"], ahead=3, workers=2)
    first = next(stream)
    assert first == scenes[0]
    fetched = {match[0] for r in hub.select("GET") if (match := re.search("assets/.*", r.path))}
    assert {file.path for file in dataset.files_of([first], ["visual"])} <= fetched
    assert len(fetched) < len(dataset.files_of(scenes, ["visual"])) / 2
    # What `ahead` allows comes without being asked for.
    until = time.monotonic() + 20
    ready = {file.path for file in dataset.files_of(scenes[:4], ["visual"])}
    while not ready <= {match[0] for r in hub.select("GET") if (match := re.search("assets/.*", r.path))}:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert [scene.id for scene in stream] == [scene.id for scene in scenes[1:]]


def test_a_stream_that_is_left_ends_its_threads(published: HubServer) -> None:
    stream = SceneDataset.open(SOURCE).stream(ahead=1)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("genworld-download")]


def test_a_stream_says_what_went_wrong_at_the_scene_that_lacks_it(published: HubServer) -> None:
    dataset = SceneDataset.open(SOURCE)
    only = paths_of(dataset, "put-0") - paths_of(dataset, "pick-0")
    published.tamper(REPO, min(only), b"other")
    stream = dataset.stream()
    assert next(stream).id == "pick-0"
    with pytest.raises(SceneDataError, match="has 5 bytes, expected|Hub sends"):
        next(stream)


# ---------------------------------------------------------------------------------------------------- what was changed


def visual_of_block(dataset: SceneDataset) -> tuple[Any, str, bytes]:
    """An asset, the path of its visual file, and its content with one byte changed."""
    asset = dataset.asset(dataset.scenes(task="pick")[0].object.asset)
    path = asset_file_path(asset, asset.files.visual)
    data = bytearray((dataset.folder / path).read_bytes())
    data[len(data) // 2] ^= 1
    return asset, path, bytes(data)


def test_a_changed_file_on_the_server_is_noticed_and_not_kept(published: HubServer, box_dataset: SceneDataset) -> None:
    asset, path, changed = visual_of_block(box_dataset)
    published.tamper(REPO, path, changed)
    dataset = SceneDataset.open(SOURCE)
    for _ in range(2):
        with pytest.raises(SceneDataError, match=f"{re.escape(path)}: checksum is .*, expected .*removed: try again"):
            dataset.asset_file(asset, "visual")
    del published.repositories[REPO].tampered[path]
    assert dataset.asset_file(asset, "visual").read_bytes() == (box_dataset.folder / path).read_bytes()


def test_a_damaged_file_in_the_cache_is_fetched_anew(published: HubServer, box_dataset: SceneDataset) -> None:
    asset, _, changed = visual_of_block(box_dataset)
    SceneDataset.open(SOURCE).asset_file(asset, "visual").write_bytes(changed)
    dataset = SceneDataset.open(SOURCE)
    with pytest.raises(SceneDataError, match="checksum"):
        dataset.asset_file(asset, "visual")
    assert dataset.asset_file(asset, "visual").read_bytes() == box_dataset.asset_file(asset, "visual").read_bytes()


def test_more_than_a_record_says_is_not_downloaded(published: HubServer, box_dataset: SceneDataset) -> None:
    asset, path, changed = visual_of_block(box_dataset)
    published.commit(REPO, {path: bytes(20_000_000)})
    dataset = SceneDataset.open(SOURCE)
    published.clear_log()
    with pytest.raises(SceneDataError, match=f"the Hub sends 20000000 bytes, but it may have {len(changed)} at most"):
        dataset.asset_file(asset, "visual")
    until = time.monotonic() + 10
    while published.bytes_sent() >= 10_000_000:  # the server notices a moment later that nobody listens
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_huge_manifest_is_not_downloaded(published: HubServer) -> None:
    published.commit(REPO, {MANIFEST: b" " * 12_000_000})
    with pytest.raises(SceneDataError, match="the Hub sends 12000000 bytes"):
        SceneDataset.open(SOURCE)


def test_a_cache_that_leads_elsewhere_is_refused(published: HubServer, tmp_path: Path) -> None:
    dataset = SceneDataset.open(SOURCE)
    asset = dataset.asset(dataset.asset_ids[0])
    path = dataset.asset_file(asset, "visual")
    outside = tmp_path / "outside.glb"
    outside.write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(outside)
    with pytest.raises(SceneDataError, match="leads out of the cache"):
        SceneDataset.open(dataset.source).asset_file(asset, "visual")
    assert outside.exists()


# ---------------------------------------------------------------------------------------------------- faults of the network


def test_a_connection_that_is_cut_goes_on_where_it_was(
    hub_client: HubClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 1000)
    hub, folder = hub_client.hub, write_many_scenes(tmp_path / "one", 1)
    hub.create(REPO)
    hub.commit_folder(REPO, folder.folder)
    asset, path, _ = visual_of_block(folder)
    hub.cut(f"*{path}", after=30_500)
    dataset = SceneDataset.open(SOURCE)
    hub.clear_log()
    assert dataset.asset_file(asset, "visual").read_bytes() == (folder.folder / path).read_bytes()
    assert [request.range for request in hub.select("GET", f"*{path}") if request.sent] == [None, "bytes=30000-"]
    assert hub.bytes_sent(f"*{path}") == asset.files.visual.size + 500


def test_a_pull_that_was_stopped_goes_on_with_what_lacks(published: HubServer) -> None:
    dataset = SceneDataset.open(SOURCE)
    files = dataset.files_of(dataset.scenes())
    published.fail(f"*{files[-1].path}", 404, times=None, code="EntryNotFound")
    with pytest.raises(SceneDataError, match=re.escape(files[-1].path)):
        dataset.download(workers=1)
    published.clear_faults()
    published.clear_log()
    dataset.download()
    again = {match[0] for r in published.select("GET") if (match := re.search("assets/.*", r.path))}
    assert again == {files[-1].path}


@pytest.mark.parametrize(
    ("arrange", "source", "error", "message"),
    [
        (
            None,
            "hf://datasets/org/nothing",
            InvalidOptionError,
            "no dataset 'org/nothing' on the Hub that you may read",
        ),
        (None, f"{SOURCE}@v9", InvalidOptionError, "org/boxes on the Hub has no branch, tag or commit 'v9'"),
        (None, f"{SOURCE}@{'0' * 40}", InvalidOptionError, "has no branch, tag or commit '0{40}'"),
        (lambda hub: hub.create("org/other"), "hf://datasets/org/other", SceneDataError, "is not a GenWorld dataset"),
        (lambda hub: hub.create("org/x", private=True), "hf://datasets/org/x", InvalidOptionError, "hf auth login"),
        (
            lambda hub: hub.create("org/g", gated=True),
            "hf://datasets/org/g",
            MissingRequirementError,
            "is gated; ask for",
        ),
        (
            lambda hub: hub.fail("*/resolve/*", 403, times=None),
            SOURCE,
            MissingRequirementError,
            "your token may not read org/boxes",
        ),
    ],
)
def test_what_the_hub_refuses_is_said_in_one_message(
    published: HubServer, arrange: Callable[[HubServer], Any] | None, source: str, error: type[Exception], message: str
) -> None:
    if arrange is not None:
        arrange(published)
    with pytest.raises(error, match=message):
        SceneDataset.open(source)


def test_a_wrong_token_is_said_to_be_wrong(published: HubServer, hub_client: HubClient) -> None:
    hub_client.log_in("hf_" + "x" * 34)
    with pytest.raises(MissingRequirementError, match="the Hub does not accept your token"):
        SceneDataset.open(SOURCE)


def test_a_gated_dataset_is_read_by_those_who_were_let_in(hub_client: HubClient, box_dataset: SceneDataset) -> None:
    hub_client.hub.create("org/gated", gated=True)
    hub_client.hub.commit_folder("org/gated", box_dataset.folder)
    hub_client.log_in(READ_TOKEN)
    with pytest.raises(MissingRequirementError, match="ask for access on http://.*/datasets/org/gated"):
        SceneDataset.open("hf://datasets/org/gated")
    hub_client.hub.granted.add("reader")
    assert len(SceneDataset.open("hf://datasets/org/gated")) == 3


def test_too_many_requests_are_waited_for(published: HubServer) -> None:
    published.fail("*/resolve/*", 429, times=2, retry_after=0)
    dataset = SceneDataset.open(SOURCE)
    published.fail("*/assets/*", 429, times=1, retry_after=0)
    dataset.download(dataset.scenes(task="pick"))
    assert [request.status for request in published.requests].count(429) == 3


def test_too_many_requests_for_ever_are_said(published: HubServer, quick: None) -> None:
    published.fail("*/resolve/*", 429, times=None, retry_after=0)
    with pytest.raises(MissingRequirementError, match="asks to come back later.*; wait some minutes"):
        SceneDataset.open(SOURCE)


def test_a_hub_that_is_down_is_said(published: HubServer, quick: None) -> None:
    published.fail("*/resolve/*", 503, times=None)
    with pytest.raises(MissingRequirementError, match=r"the Hub cannot answer .* \(HTTP 503\); try again later"):
        SceneDataset.open(SOURCE)


def test_a_repository_that_is_no_hub_is_said(published: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy or a login page answers anything with a page of its own."""
    monkeypatch.setattr(constants, "HUGGINGFACE_HEADER_X_REPO_COMMIT", "X-Never-Sent")
    with pytest.raises(MissingRequirementError, match="cannot be reached .*HF_ENDPOINT"):
        SceneDataset.open(SOURCE)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits between tries."""
    monkeypatch.setattr(time, "sleep", lambda seconds: None)


# ---------------------------------------------------------------------------------------------------------------- offline


def test_a_dead_network_is_made_up_for_by_the_cache(
    published: HubServer, caplog: pytest.LogCaptureFixture, quick: None
) -> None:
    online = SceneDataset.open(SOURCE)
    online.download(online.scenes(task="pick"))
    published.stop()
    with caplog.at_level(logging.WARNING, "scene_hub"):
        dataset = SceneDataset.open(SOURCE)
    assert dataset.source == online.source
    assert "cannot be reached" in caplog.text and online.source in caplog.text
    dataset.download(dataset.scenes(task="pick"))
    with pytest.raises(MissingRequirementError, match=rf"cannot be reached .*genworld scenes pull {dataset.source}"):
        dataset.download()


def test_a_hub_that_is_down_is_made_up_for_by_the_cache(published: HubServer) -> None:
    online = SceneDataset.open(SOURCE)
    online.download(online.scenes(task="pick"))
    published.fail("*", 503, times=None)
    dataset = SceneDataset.open(SOURCE)
    dataset.download(dataset.scenes(task="pick"))
    assert dataset.source == online.source


def test_a_dead_network_without_a_cache_is_said(published: HubServer, quick: None) -> None:
    published.stop()
    for source in (SOURCE, f"{SOURCE}@{'1' * 40}"):
        with pytest.raises(MissingRequirementError, match=r"cannot be reached .*org/boxes@.* is not in the cache"):
            SceneDataset.open(source)


def test_offline_mode_reads_the_cache(published: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    online = SceneDataset.open(SOURCE)
    online.download(online.scenes(task="pick"))
    published.clear_log()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    dataset = SceneDataset.open(SOURCE)
    assert dataset.source == online.source
    dataset.download(dataset.scenes(task="pick"))
    with pytest.raises(MissingRequirementError, match="HF_HUB_OFFLINE forbids to fetch it; unset it, or run"):
        dataset.download()
    with pytest.raises(MissingRequirementError, match="HF_HUB_OFFLINE"):
        SceneDataset.open("hf://datasets/org/never-seen")
    assert not published.requests


# ------------------------------------------------------------------------------------------------------------- processes

_PULL = f"""
import sys, time
from pathlib import Path
from scene_hub.dataset import SceneDataset
dataset = SceneDataset.open("{SOURCE}")
Path(sys.argv[1]).touch()
while not Path(sys.argv[2]).exists():
    time.sleep(0.005)
dataset.download()
dataset.verify()
print(dataset.source)
"""


def test_two_processes_pull_into_one_cache(hub: HubServer, box_dataset: SceneDataset, tmp_path: Path) -> None:
    hub.create(REPO)
    hub.commit_folder(REPO, box_dataset.folder)
    variables = {**os.environ, **hub.environment(tmp_path / "home")}
    environment = {name: value for name, value in variables.items() if value is not None}
    ready = [tmp_path / "ready-0", tmp_path / "ready-1"]
    commands = [[sys.executable, "-c", _PULL, str(ready[i]), str(ready[1 - i])] for i in range(2)]
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda c: subprocess.run(c, env=environment, capture_output=True, text=True), commands))
    for result in results:
        assert result.returncode == 0, result.stderr
        assert result.stdout.strip() == f"{SOURCE}@{hub.head(REPO)}"
    assert not list((tmp_path / "home").rglob("*.incomplete"))


# ------------------------------------------------------------------------------------------------------------ source names


@pytest.mark.parametrize(
    ("text", "repo", "revision"),
    [
        ("hf://datasets/org/name", "org/name", "main"),
        ("hf://datasets/org/name@v1.0", "org/name", "v1.0"),
        ("hf://datasets/org/name@refs/pr/3", "org/name", "refs/pr/3"),
        ("hf://datasets/org/name@feature%2Fx", "org/name", "feature/x"),
    ],
)
def test_sources_are_read_and_written(text: str, repo: str, revision: str) -> None:
    source = HubSource.parse(text)
    assert (source.repo, source.revision) == (repo, revision)
    assert HubSource.parse(str(source)) == source


@pytest.mark.parametrize(
    "text",
    [
        "hf://",
        "hf://org/name",
        "hf://models/org/name",
        "hf://datasets/name",
        "hf://datasets/org/name@",
        "hf://datasets/org/na me",
        "hf://datasets/org/name@main/scenes.parquet",
        "hf://datasets/org/name@feature/x",
        "hf://datasets/org/name@..%2F..%2Fx",
        "hf://datasets/../name",
        "https://huggingface.co/datasets/org/name",
    ],
)
def test_a_wrong_source_says_the_right_form(text: str) -> None:
    with pytest.raises(InvalidOptionError, match="hf://datasets/ORG/NAME@REVISION"):
        SceneDataset.open(text)


@given(st.text(max_size=60) | st.text(alphabet="hf:/datsemonrgi@.%2F-_0~", max_size=40).map("hf://datasets/".__add__))
def test_any_text_is_a_source_or_one_clear_error(text: str) -> None:
    try:
        source = HubSource.parse(text)
    except InvalidOptionError:
        return
    assert HubSource.parse(str(source)) == source

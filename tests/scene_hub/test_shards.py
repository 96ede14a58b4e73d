"""Shards: a reader does not notice them, in a folder or on the Hub, and only what is asked for comes."""

import re
import tarfile
from pathlib import Path
from typing import Any

import pytest
from hub_server import HubClient
from scene_boxes import CARD
from test_dataset import contents, refused, rewrite
from test_hub_read import write_many_scenes

from scene_hub.damage import find_damage
from scene_hub.dataset import SceneDataset, write_dataset
from scene_hub.errors import MissingRequirementError, SceneDataError
from scene_hub.generate.bundle import AssetBundle
from scene_hub.manifest import SHARDS_TABLE
from scene_hub.schema import Scene

Boxes = tuple[list[Scene], list[AssetBundle]]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where files from shards are kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "genworld" / "files"


@pytest.fixture
def sharded(boxes: Boxes, tmp_path: Path) -> SceneDataset:
    return write_dataset(tmp_path / "sharded", *boxes, CARD, loose_assets=4)


def same_content(one: SceneDataset, other: SceneDataset) -> None:
    assert one.fingerprint == other.fingerprint
    assert one.scenes() == other.scenes()
    for asset in map(one.asset, one.asset_ids):
        assert one.bundle(asset) == other.bundle(asset)
        paths = [dataset.asset_file(asset, "visual") for dataset in (one, other)]
        assert paths[0].suffix == paths[1].suffix == ".glb"
        assert paths[0].read_bytes() == paths[1].read_bytes()
        assert set(one.collision_meshes(asset)) == set(other.collision_meshes(asset))


def test_a_reader_does_not_notice(sharded: SceneDataset, box_dataset: SceneDataset, cache: Path) -> None:
    assert not (sharded.folder / "assets").exists()
    assert not (box_dataset.folder / SHARDS_TABLE).exists()
    sharded.verify()
    assert not cache.exists(), "verifying a folder does not copy it"
    same_content(sharded, box_dataset)
    assert list(cache.rglob("*.glb"))


def test_the_same_input_gives_the_same_shards(sharded: SceneDataset, boxes: Boxes, tmp_path: Path) -> None:
    again = write_dataset(tmp_path / "again", boxes[0][::-1], boxes[1][::-1], CARD, loose_assets=0)
    assert contents(again.folder) == contents(sharded.folder)


def test_unpacked_shards_are_the_loose_layout(sharded: SceneDataset, box_dataset: SceneDataset, tmp_path: Path) -> None:
    for shard in sorted((sharded.folder / "shards").iterdir()):
        with tarfile.open(shard) as archive:
            archive.extractall(tmp_path / "unpacked", filter="data")
    assert contents(tmp_path / "unpacked" / "assets") == contents(box_dataset.folder / "assets")


def test_a_copy_in_the_cache_is_verified_again(sharded: SceneDataset) -> None:
    asset = sharded.asset(sharded.asset_ids[0])
    path = sharded.asset_file(asset, "visual")
    good = path.read_bytes()
    path.write_bytes(bytes(len(good)))
    assert SceneDataset.open(sharded.folder).asset_file(asset, "visual").read_bytes() == good


def test_a_cache_that_cannot_be_written_is_said(sharded: SceneDataset, cache: Path) -> None:
    cache.parent.mkdir(parents=True)
    cache.write_text("in the way")
    with pytest.raises(MissingRequirementError, match="cannot be written.*XDG_CACHE_HOME"):
        sharded.asset_file(sharded.asset(sharded.asset_ids[0]), "visual")


def test_a_damaged_shard_is_noticed(sharded: SceneDataset) -> None:
    shard = min((sharded.folder / "shards").iterdir())
    data = bytearray(shard.read_bytes())
    data[len(data) // 3] ^= 1
    shard.write_bytes(data)
    found = [str(error) for error in find_damage(sharded.folder)]
    assert len(found) <= 1, "one byte is in one file, or between files"
    shard.write_bytes(data[:700])
    with pytest.raises(SceneDataError, match=re.escape(shard.name)):
        SceneDataset.open(sharded.folder).verify()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"offset": -1}, "no slice of a shard"),
        ({"size": 0}, "no slice of a shard"),
        ({"shard": "../secret.tar"}, "no slice of a shard"),
        ({"shard": "shards/zz.tar"}, "no slice of a shard"),
        ({"shard": "assets.parquet"}, "no slice of a shard"),
        ({"size": 1 << 40}, "bytes there, its asset's record says"),
        ({"offset": 1 << 40}, "has 0 bytes, expected"),
        ({"offset": 1}, "checksum"),
        ({"asset": "f" * 64}, "does not say where"),
    ],
)
def test_a_forged_table_of_shards_is_refused(sharded: SceneDataset, change: dict[str, Any], message: str) -> None:
    rewrite(sharded.folder, SHARDS_TABLE, lambda rows: [{**row, **change} for row in rows])
    refused(sharded.folder, match=message)


def test_a_missing_table_of_shards_is_named(sharded: SceneDataset) -> None:
    (sharded.folder / SHARDS_TABLE).unlink()
    refused(sharded.folder, match=SHARDS_TABLE)
    assert [SHARDS_TABLE in str(error) for error in find_damage(sharded.folder)][:1] == [True]


# ---------------------------------------------------------------------------------------------------------- on the Hub


def test_from_the_hub_come_slices(hub_client: HubClient, tmp_path: Path) -> None:
    hub = hub_client.hub
    loose = write_many_scenes(tmp_path / "loose", 40)
    folder = write_many_scenes(tmp_path / "many", 40, loose_assets=0).folder
    hub.create("org/many")
    hub.commit_folder("org/many", folder)
    dataset = SceneDataset.open("hf://datasets/org/many")
    scene = dataset.scene("pick-7")
    wanted = dataset.files_of([scene])
    hub.clear_log()
    dataset.download([scene])
    shards = hub.bytes_sent("*/shards/*")
    size = sum(file.size for file in wanted)
    assert size <= shards < size + 20_000
    assert all(request.range for request in hub.select("GET", "*/shards/*"))
    same_scene = SceneDataset.open("hf://datasets/org/many").scene("pick-7")
    hub.clear_log()
    for asset in map(dataset.asset, same_scene.asset_ids):
        dataset.asset_file(asset, "visual")
        dataset.collision_meshes(asset)
    assert not hub.count(None, "*/shards/*"), "all of it is in the cache"
    # All scenes: few requests, for neighbours come at once.
    dataset.download()
    assert hub.count("GET", "/cdn/*/shards/*") < len(dataset.files_of(dataset.scenes())) * 0.6
    same_content(dataset, loose)


def test_a_slice_that_is_cut_goes_on_where_it_was(hub_client: HubClient, tmp_path: Path) -> None:
    hub = hub_client.hub
    folder = write_many_scenes(tmp_path / "many", 1, loose_assets=0).folder
    hub.create("org/many")
    hub.commit_folder("org/many", folder)
    dataset = SceneDataset.open("hf://datasets/org/many")
    asset = dataset.asset(dataset.scenes()[0].object.asset)
    shard = f"/cdn/*/shards/{asset.id[:2]}.tar"
    hub.cut(shard, after=30_000)
    hub.clear_log()
    dataset.download([dataset.scenes()[0]], kinds=["visual"])
    first, second = (request.range for request in hub.select("GET", shard))
    assert first is not None and second is not None
    start = int(first.removeprefix("bytes=").partition("-")[0])
    assert second.startswith(f"bytes={start + 30_000}-")
    dataset.verify()


def test_offline_slices_come_from_the_cache(hub_client: HubClient, sharded: SceneDataset, monkeypatch: Any) -> None:
    from huggingface_hub import constants

    hub_client.hub.create("org/boxes")
    hub_client.hub.commit_folder("org/boxes", sharded.folder)
    dataset = SceneDataset.open("hf://datasets/org/boxes")
    dataset.download(dataset.scenes(task="pick"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    offline = SceneDataset.open("hf://datasets/org/boxes")
    offline.download(offline.scenes(task="pick"))
    with pytest.raises(MissingRequirementError, match="HF_HUB_OFFLINE"):
        offline.download()


def test_a_changed_shard_on_the_server_is_noticed(hub_client: HubClient, sharded: SceneDataset) -> None:
    hub = hub_client.hub
    hub.create("org/boxes")
    hub.commit_folder("org/boxes", sharded.folder)
    shard = min(path.name for path in (sharded.folder / "shards").iterdir())
    data = (sharded.folder / "shards" / shard).read_bytes()
    hub.tamper("org/boxes", f"shards/{shard}", bytes(len(data)))
    with pytest.raises(SceneDataError, match=rf"shards/{shard}, assets/.*: checksum is"):
        SceneDataset.open("hf://datasets/org/boxes").verify()
    hub.repositories["org/boxes"].tampered.clear()
    SceneDataset.open("hf://datasets/org/boxes").verify()

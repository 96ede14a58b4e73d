"""`genworld demo` on two scenes: the page, its videos and the contact sheet."""

import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Literal

import imageio.v3 as iio
import numpy as np
import pytest

from genworld_envs.evaluation.demo import choose_scenes
from scene_hub.dataset import DatasetCard, SceneDataset, write_dataset
from scene_hub.generate.bundle import AssetBundle
from scene_hub.schema import Asset


def few_scenes(folder: Path) -> Path:
    """A dataset folder with six of the starter's scenes: all of them take a minute to render."""
    starter = SceneDataset.open("starter")
    scenes = choose_scenes(starter.scenes(), 6)
    assets = [starter.asset(asset_id) for asset_id in sorted({used for scene in scenes for used in scene.asset_ids})]
    write_dataset(
        folder,
        scenes,
        [bundle(starter, asset) for asset in assets],
        DatasetCard(title="Few", description="Six scenes."),
    )
    return folder


def bundle(dataset: SceneDataset, asset: Asset) -> AssetBundle:
    kinds: list[Literal["visual", "visual_low", "collision"]] = ["visual", "visual_low"]
    if asset.files.collision:
        kinds.append("collision")
    paths = {kind: dataset.asset_file(asset, kind) for kind in kinds}
    return AssetBundle(asset, {getattr(asset.files, kind).path: path.read_bytes() for kind, path in paths.items()})


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Folder and standard output of a demo over an earlier one."""
    scenes = few_scenes(tmp_path_factory.mktemp("scenes") / "few")
    folder = tmp_path_factory.mktemp("outputs") / "demo"
    (folder / "media").mkdir(parents=True)
    (folder / "media" / "gone-e00-success.mp4").touch()
    (folder / "notes.txt").write_text("mine")
    command = ["demo", "--scenes", str(scenes), "--output", str(folder), "--scene-count", "2", "--workers", "2"]
    process = subprocess.run(
        [sys.executable, "-m", "genworld_envs.cli.main", *command],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return folder, process.stdout


def test_page_shows_what_the_report_says(demo: tuple[Path, str]) -> None:
    folder, _ = demo
    page = unescape((folder / "index.html").read_text())
    episodes = json.loads((folder / "results.json").read_text())["episodes"]
    assert len(episodes) == 2
    for episode in episodes:
        assert episode["instruction"] in page
        assert episode["scene_id"] in page
        if episode["success"]:
            assert f"{episode['time_to_success']:.1f} s" in page


def test_page_needs_nothing_from_outside_and_misses_no_file(demo: tuple[Path, str]) -> None:
    folder, _ = demo
    page = (folder / "index.html").read_text()
    assert "://" not in page
    assert "$" not in page, "a placeholder was not filled in"
    linked = {link for link in re.findall(r'(?:src|href|poster)="([^"]+)"', page) if not link.startswith("data:")}
    assert len(linked) == 6, "two videos, two posters, the sheet and the results"
    for link in linked:
        assert (folder / link).is_file()
        assert (folder / link).stat().st_size > 0


def test_videos_can_be_read_and_something_moves(demo: tuple[Path, str]) -> None:
    folder, _ = demo
    videos = sorted((folder / "media").glob("*.mp4"))
    assert len(videos) == 2
    for video in videos:
        frames = iio.imread(video).astype(np.int16)
        assert len(frames) > 10
        assert frames[0].std() > 10, "the picture is blank"
        assert np.abs(frames[0] - frames[len(frames) // 2]).max() > 60, "nothing moves"


def test_contact_sheet_has_a_picture_of_every_scene(demo: tuple[Path, str]) -> None:
    folder, _ = demo
    sheet = iio.imread(folder / "contact_sheet.jpg")
    count, columns, rows = 6, 4, 2
    height, width = sheet.shape[0] // rows, sheet.shape[1] // columns
    for index in range(count):
        top, left = index // columns * height, index % columns * width
        assert sheet[top : top + height * 3 // 4, left : left + width].std() > 15, f"tile {index} is blank"


def test_earlier_demo_is_replaced_and_other_files_are_kept(demo: tuple[Path, str]) -> None:
    folder, _ = demo
    assert (folder / "notes.txt").read_text() == "mine"
    assert not (folder / "media" / "gone-e00-success.mp4").exists()
    names = {path.name for path in folder.iterdir()}
    assert names == {"notes.txt", "media", "index.html", "results.json", "contact_sheet.jpg"}


def test_table_is_printed_and_the_last_line_says_what_to_try_next(demo: tuple[Path, str]) -> None:
    folder, printed = demo
    lines = printed.strip().splitlines()
    assert any(str(folder / "index.html") in line for line in lines)
    assert re.match(r"Next, try: (\S*/)?genworld eval ", lines[-1])

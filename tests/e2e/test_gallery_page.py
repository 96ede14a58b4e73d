"""The gallery's page in headless Chromium: filters, the view of one scene, and objects in 3D, as a person uses them."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser import ENTER, ESCAPE, HOSTILE, LEFT, Browser

from scene_hub.dataset import DatasetCard, SceneDataset, write_dataset
from scene_hub.gallery import write_gallery


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> SceneDataset:
    """One put_in and one stack scene of each split of the starter's; the last one's instruction is hostile."""
    starter = SceneDataset.open("starter")
    firsts = {(scene.split, scene.task): scene for scene in reversed(starter.scenes())}
    scenes = [firsts[key] for key in sorted(firsts) if key[1] in ("put_in", "stack")]
    scenes[-1] = scenes[-1].model_copy(update={"instruction": HOSTILE})
    used = sorted({used for scene in scenes for used in scene.asset_ids})
    bundles = [starter.bundle(starter.asset(asset_id)) for asset_id in used]
    return write_dataset(
        tmp_path_factory.mktemp("scenes") / "few", scenes, bundles, DatasetCard(title="Few", description="Six scenes.")
    )


@pytest.fixture(scope="module")
def address(dataset: SceneDataset, tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_gallery(dataset, tmp_path_factory.mktemp("outputs") / "gallery").as_uri()


def shown(browser: Browser) -> list[str]:
    return browser.run("[...document.querySelectorAll('#grid > li')].map((item) => item.dataset.scene)")


def ids_of(dataset: SceneDataset, **wanted: str) -> list[str]:
    return [scene.id for scene in dataset.scenes(**wanted)]


def wait_for_model(browser: Browser) -> int:
    """The number of triangles on the canvas once everything is there."""
    canvas = "document.getElementById('canvas').dataset"
    browser.wait(f"{canvas}.state === 'ready' && {canvas}.triangles > 0")
    return int(browser.run(f"{canvas}.triangles"))


def test_filters_select_scenes_and_stand_in_the_address(browser: Browser, dataset: SceneDataset, address: str) -> None:
    browser.open(address)
    assert shown(browser) == list(dataset.scene_ids)
    browser.click("input[name=split][value=train]")
    assert shown(browser) == ids_of(dataset, split="train")
    browser.click("input[name=task][value=put_in]")
    assert shown(browser) == ids_of(dataset, split="train", task="put_in")
    link = browser.run("location.href")
    browser.open(link)
    assert shown(browser) == ids_of(dataset, split="train", task="put_in")
    assert browser.run("document.getElementById('count').textContent") == "1 of 6 scenes"
    browser.click("#clear")
    assert shown(browser) == list(dataset.scene_ids)


def test_search_and_category(browser: Browser, dataset: SceneDataset, address: str) -> None:
    scene = dataset.scenes(task="put_in")[0]
    target = dataset.asset(scene.object.asset)
    with_category = [
        other.id
        for other in dataset.scenes()
        if target.category in {dataset.asset(placement.asset).category for placement in other.movables}
    ]
    browser.open(f"{address}#category={target.category}")
    assert shown(browser) == with_category
    browser.open(address)
    browser.type("input[name=q]", f"{scene.split} {target.name.upper()}")
    assert scene.id in shown(browser)
    assert len(shown(browser)) < len(dataset)
    browser.type("input[name=q]", " no such thing")
    assert shown(browser) == []
    assert browser.run("document.getElementById('empty').checkVisibility()")


def test_unknown_names_in_the_address_are_ignored(browser: Browser, dataset: SceneDataset, address: str) -> None:
    browser.open(f"{address}#split=moon&task=__proto__&sort=constructor&scene=nowhere&view=4d")
    assert shown(browser) == list(dataset.scene_ids)
    assert not browser.run("document.getElementById('detail').open")
    assert browser.complaints() == []


def test_scene_opens_closes_and_steps_with_the_keyboard(browser: Browser, dataset: SceneDataset, address: str) -> None:
    first, *_, last = dataset.scene_ids
    browser.open(address)
    browser.run(f"document.querySelector('[data-scene=\"{first}\"] a').focus()")
    browser.press(ENTER)
    browser.wait("document.getElementById('detail').open")
    assert browser.run("document.getElementById('detail-title').textContent") == dataset.scene(first).instruction
    assert len(browser.run("[...document.querySelectorAll('.thing')]")) == len(dataset.scene(first).placements)
    checks = browser.run("[...document.querySelectorAll('#checks-list b')].map((name) => name.lastChild.textContent)")
    assert checks == [check.name for check in dataset.scene(first).report.checks]
    browser.press(LEFT)
    assert f"scene={last}" in browser.run("location.hash")
    browser.press(ESCAPE)
    browser.wait("!document.getElementById('detail').open && location.hash === ''")
    focused = browser.run("document.activeElement.closest('li').dataset.scene")
    assert focused == last, "the keyboard goes on where it was"


def test_pictures_load(browser: Browser, dataset: SceneDataset, address: str) -> None:
    browser.open(f"{address}#scene={dataset.scene_ids[0]}")
    images = "[...document.querySelectorAll('dialog img')]"
    browser.wait(f"{images}.every((image) => image.complete)")
    assert browser.run(f"{images}.length") == 1 + len(dataset.scene(dataset.scene_ids[0]).placements)
    assert browser.run(f"{images}.every((image) => image.naturalWidth > 100)")


def test_scene_in_3d_looks_as_its_picture_and_turns(browser: Browser, dataset: SceneDataset, address: str) -> None:
    scene = dataset.scene(ids_of(dataset, task="put_in")[0])
    browser.open(f"{address}#scene={scene.id}")
    browser.wait("document.getElementById('picture').complete")
    still = browser.picture(".frame")
    browser.click("[data-view='3d']")
    triangles = wait_for_model(browser)
    assert triangles == sum(dataset.check_visual(dataset.asset(p.asset))["visual"] for p in scene.placements)
    browser.run("document.getElementById('labels').hidden = true")
    solid = browser.picture(".frame")
    assert np.abs(still - solid).mean() < 12, "3D begins with the view of the picture"
    browser.drag("#canvas", 120, 40)
    time.sleep(0.3)
    assert np.abs(browser.picture(".frame") - solid).mean() > 12
    browser.click("#home")
    time.sleep(0.3)
    assert np.abs(browser.picture(".frame") - solid).mean() < 3
    assert browser.complaints() == []


def test_one_thing_in_3d(browser: Browser, dataset: SceneDataset, address: str) -> None:
    scene = dataset.scene(ids_of(dataset, task="put_in")[0])
    browser.open(f"{address}#scene={scene.id}")
    browser.click(f"[data-thing='{scene.object.name}']")
    assert wait_for_model(browser) == dataset.check_visual(dataset.asset(scene.object.asset))["visual"]
    frame = browser.picture("#canvas")
    background = np.abs(frame - frame[4, 4]).max(axis=2) < 4
    assert 0.05 < 1 - background.mean() < 0.9, "there is something in the middle of nothing"
    assert not background[frame.shape[0] // 2, frame.shape[1] // 2]
    browser.click(f"[data-thing='{scene.context.name}']")
    browser.wait(
        f"document.getElementById('shown').textContent === {json.dumps(dataset.asset(scene.context.asset).name)}"
    )
    assert wait_for_model(browser) == dataset.check_visual(dataset.asset(scene.context.asset))["visual"]


def test_missing_mesh_is_said(browser: Browser, dataset: SceneDataset, tmp_path: Path) -> None:
    scene = dataset.scenes(task="stack")[0]
    page = write_gallery(dataset, tmp_path / "gallery", [scene])
    (page.parent / "assets" / f"{scene.object.asset}.js").unlink()
    browser.open(f"{page.as_uri()}#scene={scene.id}&thing={scene.object.name}")
    browser.wait("document.getElementById('canvas').dataset.state === 'failed'")
    assert "is missing" in browser.run("document.getElementById('message').textContent")
    browser.complaints()


def test_hostile_instruction_is_shown_and_does_nothing(browser: Browser, dataset: SceneDataset, address: str) -> None:
    (scene,) = [scene for scene in dataset.scenes() if scene.instruction == HOSTILE]
    browser.open(f"{address}#scene={scene.id}&view=3d")
    wait_for_model(browser)
    assert browser.run("document.getElementById('detail-title').textContent") == HOSTILE
    assert browser.run("window.hit === undefined")
    assert browser.run("document.querySelectorAll('img[src=x]').length") == 0


def test_narrow_screens_need_no_sideways_scrolling(browser: Browser, dataset: SceneDataset, address: str) -> None:
    wide = browser.run("[outerWidth, outerHeight]")
    browser.resize(500, 900)
    try:
        for fragment in ("", f"#scene={dataset.scene_ids[0]}"):
            browser.open(address + fragment)
            assert browser.run("document.documentElement.scrollWidth <= innerWidth")
            assert browser.run("document.querySelector('dialog .body').scrollWidth <= innerWidth")
    finally:
        browser.resize(*wide)


def test_command_writes_a_gallery_where_it_says(genworld: Callable[..., Any], tmp_path: Path) -> None:
    command = ("scenes", "gallery", "starter", "--split", "test_ood", "--limit", "1")
    process = genworld(*command)
    assert process.returncode == 0, process.stderr
    page = Path("outputs/gallery/starter/index.html")
    assert f"Open {page} in a browser" in process.stdout
    assert (tmp_path / page).is_file()
    assert len(list((tmp_path / page.parent / "scenes").iterdir())) == 1
    again = genworld(*command)
    assert again.returncode == 2
    assert "exists already" in again.stderr and "--overwrite" in again.stderr
    assert genworld(*command, "--overwrite").returncode == 0


def test_command_refuses_what_it_cannot_do(genworld: Callable[..., Any], tmp_path: Path) -> None:
    for arguments, reason in (
        (["nowhere"], "unknown scene source"),
        (["starter", "--limit", "0"], "--limit 0"),
        (["starter", "--split", "moon"], "unknown split"),
        (["starter", "--out", "/proc/gallery"], "cannot be written to"),
    ):
        process = genworld("scenes", "gallery", *arguments)
        assert process.returncode == 2
        assert reason in process.stderr
        assert len(process.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []

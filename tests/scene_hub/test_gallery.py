"""The gallery's folder: complete or not there, self-contained, and safe whatever a dataset says."""

import base64
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scene_boxes import CARD, box_bundle

from scene_hub.dataset import SceneDataset, asset_file_path, write_dataset
from scene_hub.errors import InvalidOptionError, MissingRequirementError, SceneDataError
from scene_hub.gallery import GALLERY_PAGE, default_folder, write_gallery
from scene_hub.gallery.page import embedded_json, gallery_page
from scene_hub.generate.bundle import AssetBundle
from scene_hub.schema import Check, Report, Scene
from scene_hub.storage import Folder
from scene_hub.thumbnails import ThumbnailRenderer

HOSTILE = '</script><script>alert(1)</script><img src=x onerror="alert(2)">\u2028 @@script@@ & ]]>'


@pytest.fixture(scope="module", autouse=True)
def needs_opengl() -> None:
    try:
        ThumbnailRenderer()
    except MissingRequirementError as error:
        pytest.skip(str(error))


class Page(HTMLParser):
    """Tags with their attributes, and the content of scripts by their type."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append((dict(attrs).get("type") or "", ""))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            self.scripts[-1] = (self.scripts[-1][0], self.scripts[-1][1] + data)

    @property
    def data(self) -> Any:
        return json.loads(next(text for kind, text in self.scripts if kind == "application/json"))


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_page_says_what_the_dataset_says(box_dataset: SceneDataset, tmp_path: Path) -> None:
    page = write_gallery(box_dataset, tmp_path / "gallery")
    data = Page(page.read_text(encoding="utf-8")).data
    assert [entry["id"] for entry in data["scenes"]] == list(box_dataset.scene_ids)
    assert {asset["id"] for asset in data["assets"]} == set(box_dataset.asset_ids)
    assert data["splits"] == ["train", "test_ood"]
    assert data["tasks"] == ["put_on", "pick"]
    for entry in data["scenes"]:
        scene = box_dataset.scene(entry["id"])
        assert (entry["instruction"], entry["split"], entry["task"]) == (scene.instruction, scene.split, scene.task)
        assert [check["name"] for check in entry["checks"]] == [check.name for check in scene.report.checks]
        named = {thing["name"]: thing for thing in entry["things"]}
        for placement in scene.placements:
            thing = named.pop(placement.name)
            assert data["assets"][thing["asset"]]["id"] == placement.asset
            assert thing["pose"] == [*placement.pose.position, *placement.pose.quaternion]
        assert not named
    assert all(asset["triangles"] == 12 for asset in data["assets"])


def test_folder_has_every_file_that_the_page_needs(box_dataset: SceneDataset, tmp_path: Path) -> None:
    page = write_gallery(box_dataset, tmp_path / "gallery")
    text = page.read_text(encoding="utf-8")
    data, found = Page(text).data, set(files_of(page.parent))
    pictures = {scene["picture"] for scene in data["scenes"]} | {asset["thumbnail"] for asset in data["assets"]}
    scripts = {f"assets/{asset['id']}.js" for asset in data["assets"]}
    assert found == {GALLERY_PAGE} | pictures | scripts
    for name in pictures:
        with Image.open(page.parent / name) as picture:
            assert np.asarray(picture).max() > 60, f"{name} is black"
    for asset in map(box_dataset.asset, box_dataset.asset_ids):
        script = (page.parent / "assets" / f"{asset.id}.js").read_text(encoding="ascii")
        call = re.fullmatch(r'__genworldAsset\("([0-9a-f]{64})","([A-Za-z0-9+/=]+)"\);\n', script)
        assert call is not None
        assert call[1] == asset.id
        mesh = box_dataset.folder / asset_file_path(asset, asset.files.visual)
        assert base64.b64decode(call[2]) == mesh.read_bytes()
    assert "://" not in text, "nothing is fetched from elsewhere"
    assert "@@" not in text, "every place in the template is filled"


def hostile_dataset(boxes: tuple[list[Scene], list[AssetBundle]], folder: Path) -> SceneDataset:
    """The boxes with a hostile text wherever free text may stand."""
    scenes, bundles = boxes
    scene, *_ = scenes
    bad = box_bundle(HOSTILE, (0.04, 0.04, 0.05), category="block", description=HOSTILE)
    placements = tuple(
        placement.model_copy(update={"asset": bad.asset.id}) if placement.role == "distractor" else placement
        for placement in scene.placements
    )
    report = Report(checks=(Check(name="sound", passed=False, message=HOSTILE),))
    provenance = scene.provenance.model_copy(update={"designer": HOSTILE, "model": HOSTILE})
    changes = {"instruction": HOSTILE, "report": report, "provenance": provenance, "placements": placements}
    return write_dataset(folder, [scene.model_copy(update=changes)], [*bundles, bad], CARD)


def test_hostile_texts_stay_text(
    boxes: tuple[list[Scene], list[AssetBundle]], box_dataset: Any, tmp_path: Path
) -> None:
    tame = Page(write_gallery(box_dataset, tmp_path / "tame").read_text(encoding="utf-8"))
    dataset = hostile_dataset(boxes, tmp_path / 'x"><img src=y onerror=alert(3)>')
    page = Page(write_gallery(dataset, tmp_path / "gallery").read_text(encoding="utf-8"))
    assert page.tags == tame.tags, "no tag and no attribute more"
    assert page.scripts[1:] == tame.scripts[1:], "the program is the same"
    (entry,) = page.data["scenes"]
    assert entry["instruction"] == HOSTILE
    assert entry["checks"][0]["message"] == HOSTILE
    assert HOSTILE in {asset["name"] for asset in page.data["assets"]}


@given(
    st.recursive(
        st.text() | st.floats(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_embedded_json_comes_back_and_cannot_end_its_element(value: Any) -> None:
    text = embedded_json(value)
    assert not set("<>&") & set(text)
    assert json.loads(text) == value


@given(st.text(), st.text())
def test_title_and_facts_cannot_become_markup(title: str, facts: str) -> None:
    empty = {"scenes": [], "assets": []}
    plain, page = Page(gallery_page("a", "b", empty)), Page(gallery_page(title, facts, empty))
    assert page.tags == plain.tags
    assert page.scripts == plain.scripts


def test_same_dataset_same_bytes(box_dataset: SceneDataset, tmp_path: Path) -> None:
    first, second = (write_gallery(box_dataset, tmp_path / name).parent for name in ("first", "second"))
    assert files_of(first) == files_of(second)


def test_progress_counts_pictures_to_the_end(box_dataset: SceneDataset, tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    scenes = box_dataset.scenes(task="pick")
    write_gallery(box_dataset, tmp_path / "gallery", scenes, progress=lambda done, total: calls.append((done, total)))
    total = len(scenes) + len(scenes[0].asset_ids)
    assert calls == [(done, total) for done in range(total + 1)]


def test_only_a_gallery_is_overwritten(box_dataset: SceneDataset, tmp_path: Path) -> None:
    page = write_gallery(box_dataset, tmp_path / "gallery", box_dataset.scenes(task="pick"))
    (page.parent / "old.txt").write_text("old")
    with pytest.raises(InvalidOptionError, match="exists already"):
        write_gallery(box_dataset, page.parent)
    write_gallery(box_dataset, page.parent, overwrite=True)
    assert not (page.parent / "old.txt").exists()
    assert len(Page(page.read_text(encoding="utf-8")).data["scenes"]) == len(box_dataset)
    before = files_of(box_dataset.folder)
    with pytest.raises(InvalidOptionError, match="not a gallery"):
        write_gallery(box_dataset, box_dataset.folder, overwrite=True)
    assert files_of(box_dataset.folder) == before


def test_a_failure_leaves_nothing_behind(box_dataset: SceneDataset, tmp_path: Path) -> None:
    asset = box_dataset.asset(box_dataset.asset_ids[-1])
    (box_dataset.folder / asset_file_path(asset, asset.files.visual)).write_bytes(b"damaged")
    out = tmp_path / "outputs" / "gallery"
    with pytest.raises(SceneDataError, match="visual"):
        write_gallery(box_dataset, out)
    assert list(out.parent.iterdir()) == []


def test_default_folder_is_beside_the_dataset_or_under_outputs(box_dataset: SceneDataset) -> None:
    assert default_folder(box_dataset) == box_dataset.folder.with_name("boxes-gallery")
    assert default_folder(SceneDataset.open("starter")) == Path("outputs/gallery/starter")
    remote = SceneDataset(Folder(box_dataset.folder), "hf://datasets/some/name@main")
    assert default_folder(remote) == Path("outputs/gallery/hf-datasets-some-name-main")

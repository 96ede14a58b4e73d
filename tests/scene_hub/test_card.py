"""Dataset cards: metadata that the Hub understands, whatever the records say, and a picture of the scenes."""

import io
import re
from importlib.resources import files

import pytest
import yaml
from huggingface_hub import DatasetCard as HubCard
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from scene_hub.card import card_text, hub_licences
from scene_hub.dataset import SceneDataset
from scene_hub.errors import SceneDataError
from scene_hub.generate.bundle import AssetBundle
from scene_hub.hub.source import HubSource
from scene_hub.manifest import DatasetCard
from scene_hub.mosaic import COLUMNS, mosaic, mosaic_scenes
from scene_hub.schema import Asset, Provenance, Scene
from scene_hub.summary import DatasetSummary, summarize

STARTER = SceneDataset.open()


@pytest.fixture
def starter() -> SceneDataset:
    return STARTER


def summary_of(dataset: SceneDataset) -> DatasetSummary:
    assets = [dataset.asset(asset_id) for asset_id in dataset.asset_ids]
    return summarize(dataset.manifest, dataset.scenes(), assets)


def with_provenance(asset: Asset, **changes: str) -> Asset:
    provenance = asset.provenance.model_copy(update=changes)
    return Asset.create(**{**dict(asset), "provenance": provenance})


def test_the_bundled_starter_has_the_card_that_its_content_gives(starter: SceneDataset) -> None:
    text = files("scene_hub").joinpath("starter_data/README.md").read_text(encoding="utf-8")
    assert text == card_text(starter.manifest, summary_of(starter))


def test_metadata_is_what_the_hub_and_datasets_look_for(starter: SceneDataset) -> None:
    data = HubCard(card_text(starter.manifest, summary_of(starter))).data.to_dict()
    assert data["pretty_name"] == "GenWorld starter scenes"
    assert data["license"] == "cc0-1.0"
    assert data["size_categories"] == ["n<1K"]
    assert {"robotics", "3d", "gymnasium"} <= set(data["tags"])
    configs = {config["config_name"]: config for config in data["configs"]}
    assert configs["scenes"]["default"] is True
    paths = [entry["path"] for config in data["configs"] for entry in config["data_files"]]
    assert paths == ["scenes.parquet", "assets.parquet"]


def test_the_card_does_not_depend_on_the_order_of_scenes_and_assets(starter: SceneDataset) -> None:
    assets = [starter.asset(asset_id) for asset_id in starter.asset_ids]
    turned = summarize(starter.manifest, starter.scenes()[::-1], assets[::-1])
    assert turned == summary_of(starter)


def test_statistics_are_those_of_the_dataset(starter: SceneDataset) -> None:
    text = card_text(starter.manifest, summary_of(starter))
    assert "| all | 11 | 11 | 10 | 10 | 42 |" in text
    assert "148 assets (126 objects, 11 tables, 11 rooms)" in text
    assert starter.fingerprint in text


def test_the_card_of_a_repository_says_how_to_load_it_from_there(starter: SceneDataset) -> None:
    text = card_text(starter.manifest, summary_of(starter), HubSource("org/name", "v1"), mosaic=True)
    assert 'scenes="hf://datasets/org/name@v1"' in text
    assert "genworld scenes pull hf://datasets/org/name@v1" in text
    assert 'load_dataset("org/name", split="scenes", revision="v1")' in text
    assert "![Some of the scenes](mosaic.jpg)" in text
    assert "FOLDER" not in text


def test_the_environment_is_the_one_of_the_only_task(starter: SceneDataset) -> None:
    assets = [starter.asset(asset_id) for asset_id in starter.asset_ids]
    stacks = summarize(starter.manifest, starter.scenes(task="stack"), assets)
    assert 'gym.make("GenWorld-Stack-v0"' in card_text(starter.manifest, stacks)


def test_several_licences_are_all_named(starter: SceneDataset) -> None:
    assets = [starter.asset(asset_id) for asset_id in starter.asset_ids]
    assets[0] = with_provenance(assets[0], licence="Apache-2.0", generator="embodiedgen", model="TRELLIS")
    assets[1] = with_provenance(assets[1], licence="Some Vendor Licence", source="https://example.org/things")
    scenes = starter.scenes()
    both = scenes[0].provenance.model_copy(update={"licence": "Apache-2.0 AND CC0-1.0"})
    scenes[0] = scenes[0].model_copy(update={"provenance": both})
    summary = summarize(starter.manifest, scenes, assets)
    assert hub_licences(starter.card, summary) == ["apache-2.0", "cc0-1.0", "other"]
    text = card_text(starter.manifest, summary)
    assert HubCard(text).data.to_dict()["license"] == ["apache-2.0", "cc0-1.0", "other"]
    assert "3 different licences: Apache-2.0 (1 assets), CC0-1.0 (146 assets), Some Vendor Licence (1 assets)" in text
    assert re.search(r"\| embodiedgen \| 2 \| TRELLIS \| \*\*Apache-2.0\*\* \|", text)
    assert "Sources: https://example.org/things." in text


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=60).filter(str.strip)
HOSTILE = st.one_of(
    TEXTS,
    st.sampled_from(
        ["a | b", "---\nlicense: mit", "<script>x</script>", "`x` [a](javascript:b)", "# big", "no", "{a: b}", "'"]
    ),
)


@given(title=HOSTILE, generator=HOSTILE, licence=HOSTILE, tag=HOSTILE)
def test_no_text_of_a_record_becomes_metadata_or_markup(title: str, generator: str, licence: str, tag: str) -> None:
    dataset = STARTER
    asset = with_provenance(dataset.asset(dataset.asset_ids[0]), generator=generator, licence=licence)
    card = DatasetCard(title=title, description="", tags=(tag,))
    manifest = dataset.manifest.model_copy(update={"card": card})
    text = card_text(manifest, summarize(manifest, [], [asset]))
    _, block, body = text.split("---\n", 2)
    data = yaml.safe_load(block)
    assert data["pretty_name"] == " ".join(card.title.split())
    assert data["tags"][0] == " ".join(card.tags[0].split())
    assert data["license"] in (["cc0-1.0", "other"], "cc0-1.0") or set(data["license"]) > {"cc0-1.0"}
    assert "<script" not in body
    assert "](javascript" not in body.replace("\\]", "")
    row = next(line for line in body.splitlines() if line.endswith("| 1 | 0 | 0 |"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 8


def pictures(scenes: list[Scene], kind: str = "JPEG") -> dict[str, bytes]:
    found = {}
    for index, scene in enumerate(scenes):
        stream = io.BytesIO()
        Image.new("RGB", (224, 168), (index * 5 % 255, 120, 90)).save(stream, kind)
        found[scene.id] = stream.getvalue()
    return found


def test_the_mosaic_is_a_small_picture_of_full_rows(starter: SceneDataset) -> None:
    chosen = mosaic_scenes(starter.scenes())
    assert len(chosen) == 36
    assert {scene.split for scene in chosen[:12]} == {"train", "test_distractors", "test_ood"}
    data = mosaic(chosen, {scene.id: starter.preview(scene.id) or b"" for scene in chosen})
    assert len(data) <= 1_000_000
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "JPEG"
        assert image.width <= 1600
    assert data == mosaic(chosen, {scene.id: starter.preview(scene.id) or b"" for scene in chosen})


def test_few_scenes_make_one_row_and_tiles_show_their_previews(boxes: tuple[list[Scene], list[AssetBundle]]) -> None:
    scenes = boxes[0]
    assert len(scenes) < COLUMNS
    assert len(mosaic_scenes(scenes)) == len(scenes)
    with Image.open(io.BytesIO(mosaic(scenes, pictures(scenes, "PNG")))) as image:
        first = image.getpixel((100, 100))
        assert isinstance(first, tuple)
        assert max(abs(found - made) for found, made in zip(first, (0, 120, 90), strict=True)) < 6


@pytest.mark.parametrize("data", [b"", b"no picture", b"GIF89a\x01\x00\x01\x00", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_a_preview_that_is_no_picture_is_an_error(boxes: tuple[list[Scene], list[AssetBundle]], data: bytes) -> None:
    scene = boxes[0][0]
    with pytest.raises(SceneDataError, match=f"the preview of scene '{scene.id}' is not a picture"):
        mosaic([scene], {scene.id: data})


def test_a_picture_too_large_to_decode_is_an_error(boxes: tuple[list[Scene], list[AssetBundle]]) -> None:
    stream = io.BytesIO()
    Image.new("1", (8000, 8000)).save(stream, "PNG")
    scene = boxes[0][0]
    with pytest.raises(SceneDataError, match="8000 x 8000 pixels"):
        mosaic([scene], {scene.id: stream.getvalue()})


def test_seeds_are_listed_where_they_are_few() -> None:
    dataset = STARTER
    scenes = [
        scene.model_copy(update={"provenance": Provenance(generator="g", generator_version="1", seed=seed)})
        for scene, seed in zip(dataset.scenes()[:3], (7, 3, 7), strict=True)
    ]
    text = card_text(dataset.manifest, summarize(dataset.manifest, scenes, []))
    assert "| – | – | g 1 | 3, 7 | 3 |" in text

"""The bundled starter dataset: enough variety, honest splits, scenes that pass their checks, and a build that repeats."""

import re
from collections import Counter
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scene_hub.build import BuildOptions, Recipe, build_dataset, plan_recipe
from scene_hub.build.scene import SceneBuilder, SceneSettings
from scene_hub.dataset import DatasetCard, SceneDataset, asset_file_path, asset_files, write_dataset
from scene_hub.design import find_designer
from scene_hub.generate import find_generator
from scene_hub.meshes import MAX_TRIANGLES
from scene_hub.placement import footprint_half_size, rectangles_overlap, yaw_of
from scene_hub.scene_preview import SceneRenderer
from scene_hub.schema import SPLITS, TASK_FAMILIES, Asset, Scene
from scene_hub.starter_scenes import SCENES, thing
from scene_hub.validate import validate_scene

MEGABYTE = 1_000_000
COLORS = {
    "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "white", "gray", "black", "brown", "beige", "silver",
}  # fmt: skip


@pytest.fixture(scope="module")
def starter() -> SceneDataset:
    return SceneDataset.open("starter")


def assets_of(dataset: SceneDataset, scenes: list[Scene]) -> dict[str, Asset]:
    return {asset: dataset.asset(asset) for scene in scenes for asset in scene.asset_ids}


def test_every_file_and_record_is_sound(starter: SceneDataset) -> None:
    starter.verify()


def test_there_is_enough_of_everything(starter: SceneDataset) -> None:
    splits = Counter(scene.split for scene in starter.scenes())
    assert splits["train"] >= 20
    assert splits["test_distractors"] >= 4
    assert splits["test_ood"] >= 6
    assert len(starter) >= 32
    families = Counter(scene.task for scene in starter.scenes(split="train"))
    assert all(families[task] >= 5 for task in TASK_FAMILIES)
    assert all({scene.task for scene in starter.scenes(split=split)} == set(TASK_FAMILIES) for split in SPLITS)
    objects = [asset for asset in map(starter.asset, starter.asset_ids) if asset.kind == "object"]
    assert len(starter.asset_ids) >= 100
    assert len({asset.category for asset in objects}) >= 30
    assert all(len(scene.distractors) <= 2 for scene in starter.scenes())


def test_it_is_small_enough_to_be_bundled(starter: SceneDataset) -> None:
    files = [path for path in starter.folder.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 11 * MEGABYTE
    expected = {
        asset_file_path(asset, file) for asset in map(starter.asset, starter.asset_ids) for file in asset_files(asset)
    }
    found = {path.relative_to(starter.folder).as_posix() for path in files}
    assert found == expected | {
        "README.md",
        "dataset.json",
        "index.parquet",
        "scenes.parquet",
        "assets.parquet",
        "report.json",
    }


def test_meshes_are_light_enough_for_a_cpu(starter: SceneDataset) -> None:
    for asset in map(starter.asset, starter.asset_ids):
        triangles = starter.check_visual(asset)
        assert triangles["visual_low"] <= max(triangles["visual"], 1500) <= MAX_TRIANGLES["visual"]


def test_no_asset_crosses_from_train_to_a_test_split(starter: SceneDataset) -> None:
    train = set(assets_of(starter, starter.scenes(split="train")))
    for split in ("test_distractors", "test_ood"):
        assert not train & set(assets_of(starter, starter.scenes(split=split)))


def test_test_ood_is_new_in_every_respect(starter: SceneDataset) -> None:
    known = {asset.category for asset in assets_of(starter, starter.scenes(split="train")).values()}
    strange = {asset.category for asset in assets_of(starter, starter.scenes(split="test_ood")).values()}
    assert not known & strange


def test_test_distractors_confuses_by_colour_only(starter: SceneDataset) -> None:
    known = {asset.category for asset in assets_of(starter, starter.scenes(split="train")).values()}
    for scene in starter.scenes(split="test_distractors"):
        assert {asset.category for asset in assets_of(starter, [scene]).values()} <= known
        target = starter.asset(scene.object.asset)
        alike = [starter.asset(item.asset) for item in scene.distractors]
        same_class = [asset for asset in alike if asset.category == target.category]
        assert same_class, scene.id
        assert all(set(asset.colors[:1]).isdisjoint(target.colors[:1]) for asset in same_class)


def test_instructions_are_varied_and_unambiguous(starter: SceneDataset) -> None:
    openings = Counter()
    for scene in starter.scenes():
        text = scene.instruction
        names = [starter.asset(item.asset).name for item in scene.movables]
        assert len(set(names)) == len(names), scene.id
        for item in scene.movables[: 1 if scene.receptacle is None else 2]:
            asset = starter.asset(item.asset)
            assert re.search(rf"\b{re.escape(asset.name)}\b", text), (text, asset.name)
            said = COLORS & set(re.findall(r"[a-z]+", asset.name)) - {asset.category}
            assert said <= set(asset.colors), (text, asset.colors)
        openings[text.split()[0]] += 1
    assert len(openings) >= 5
    assert len({scene.instruction for scene in starter.scenes()}) == len(starter)


def test_each_scene_passes_its_checks_again(starter: SceneDataset) -> None:
    for scene in starter.scenes():
        assets = assets_of(starter, [scene])
        report = validate_scene(scene, assets, {key: starter.collision_meshes(asset) for key, asset in assets.items()})
        assert report.passed, (scene.id, report.failures)
        assert scene.report.passed
        assert [check.name for check in scene.report.checks] == [
            *(check.name for check in report.checks),
            "visible",
            "expert",
        ]


def test_things_stand_apart_by_a_finger(starter: SceneDataset) -> None:
    for scene in starter.scenes():
        items = [
            (item.pose.position[:2], footprint_half_size(starter.asset(item.asset)), yaw_of(item.pose))
            for item in scene.movables
        ]
        for i, item in enumerate(items):
            assert not any(rectangles_overlap(*item, *other, gap=0.029) for other in items[:i]), scene.id


def test_every_scene_has_a_picture(starter: SceneDataset) -> None:
    for scene_id in starter.scene_ids:
        preview = starter.preview(scene_id)
        assert preview is not None
        picture = Image.open(BytesIO(preview))
        assert picture.size == (224, 168)
        low, high = picture.convert("L").getextrema()
        assert isinstance(low, int | float)
        assert isinstance(high, int | float)
        assert high - low > 60


def test_a_picture_rendered_here_shows_the_same_scene(starter: SceneDataset) -> None:
    renderer = SceneRenderer()
    for scene in (starter.scenes(split="train")[0], starter.scenes(split="test_ood")[0]):
        visuals = {asset: starter.asset_file(starter.asset(asset), "visual") for asset in scene.asset_ids}
        picture = np.asarray(renderer.render(scene, visuals), dtype=float)
        preview = starter.preview(scene.id)
        assert preview is not None
        bundled = np.asarray(Image.open(BytesIO(preview)), dtype=float)
        # Drivers may differ in the last bits and JPEG loses some; another scene differs by far more.
        assert np.abs(picture - bundled).mean() < 6


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    generator = find_generator("procedural")
    return plan_recipe("starter", generator, find_designer("grammar", generator.vocabulary()), 0)


def test_scenes_built_again_are_the_same(starter: SceneDataset, recipe: Recipe) -> None:
    builder = SceneBuilder(SceneSettings())
    for job in (recipe.jobs[0], recipe.jobs[-1]):
        built = builder(job)
        assert built.scene == starter.scene(job.id)
        for bundle in built.bundles:
            assert bundle.asset == starter.asset(bundle.asset.id)
            for file in asset_files(bundle.asset):
                assert (starter.folder / asset_file_path(bundle.asset, file)).read_bytes() == bundle.files[file.path]
    builder.close()


def test_the_list_of_scenes_is_what_is_bundled(starter: SceneDataset) -> None:
    assert sorted(spec.id for spec in SCENES) == list(starter.scene_ids)
    assert {spec.id: spec.instruction for spec in SCENES} == {scene.id: scene.instruction for scene in starter.scenes()}


def test_written_again_it_has_the_same_bytes(starter: SceneDataset, recipe: Recipe, tmp_path: Path) -> None:
    assets = [starter.asset(asset_id) for asset_id in starter.asset_ids]
    previews = {scene_id: starter.preview(scene_id) or b"" for scene_id in starter.scene_ids}
    card = DatasetCard(title=recipe.title, description=recipe.description)
    again = write_dataset(tmp_path / "again", starter.scenes(), map(starter.bundle, assets), card, previews=previews)
    for path in again.folder.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (starter.folder / path.relative_to(again.folder)).read_bytes(), path.name


@pytest.mark.slow
def test_the_whole_build_repeats(starter: SceneDataset, recipe: Recipe, tmp_path: Path) -> None:
    rebuilt = build_dataset(recipe, tmp_path / "again", BuildOptions(workers=2)).dataset
    assert rebuilt is not None
    assert rebuilt.fingerprint == starter.fingerprint


def test_things_are_read_from_words() -> None:
    assert thing("red marker") == thing("red marker: red marker")
    assert (thing("any tennis_ball").name, thing("any tennis_ball").color) == ("tennis ball", None)
    assert thing("brown basket: wicker basket").name == "wicker basket"

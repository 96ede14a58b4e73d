"""Builds: a sentence becomes a checked scene, an interrupted build goes on, and what cannot be done is said."""

import io
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from llm_server import completion, llm_server
from PIL import Image

from scene_hub.build import BuildOptions, BuildResult, Recipe, SceneJob, build_dataset, plan_recipe
from scene_hub.build import scene as scene_module
from scene_hub.build.builder import REPORT, check_splits, partial_folder
from scene_hub.build.job import derived_seed
from scene_hub.build.recipes import held_out, sentence_recipe
from scene_hub.build.scene import ASSET_DRAWS, SCENE_ATTEMPTS, Attempt, BuiltScene, SceneBuilder, SceneSettings
from scene_hub.build.statistics import build_report
from scene_hub.build.tasks import SHARE_OF_FAMILIES, TaskInventor, families_in_turn
from scene_hub.dataset import SceneDataset
from scene_hub.design import find_designer
from scene_hub.design.designer import Designer, DesignRequest
from scene_hub.errors import GenWorldError, InvalidOptionError, SceneDataError
from scene_hub.generate import find_generator
from scene_hub.generate.bundle import AssetBundle, AssetRequest, Generator
from scene_hub.schema import TaskFamily

SENTENCES = ("put the red mug on the gray tray", "put the green apple in the blue bowl", "pick up the lemon")
NO_ENVIRONMENT = SceneSettings(checks=())


def built(out: Path, sentences: tuple[str, ...] = SENTENCES, **options: Any) -> BuildResult:
    recipe = sentence_recipe(sentences, seed=0, count=None, split="train")
    return build_dataset(recipe, out, BuildOptions(NO_ENVIRONMENT, **options))


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    """The build of SENTENCES, never interrupted."""
    return built(tmp_path_factory.mktemp("whole") / "scenes")


def dataset_of(result: BuildResult) -> SceneDataset:
    assert result.dataset is not None
    return result.dataset


# ------------------------------------------------------------------------------------------------------------- building


def test_sentences_become_checked_scenes(whole: BuildResult) -> None:
    dataset = dataset_of(whole)
    dataset.verify()
    assert {scene.instruction for scene in dataset.scenes()} == set(SENTENCES)
    for scene in dataset.scenes():
        assert scene.report.passed
        assert len(scene.movables) >= 4
        preview = dataset.preview(scene.id)
        assert preview is not None
        assert np.asarray(Image.open(io.BytesIO(preview))).std() > 10
        assert scene.provenance.designer == "grammar"
    mug = next(scene for scene in dataset.scenes() if "mug" in scene.instruction)
    target, tray = dataset.asset(mug.object.asset), dataset.asset(mug.receptacle.asset)  # type: ignore[union-attr]
    assert (target.category, target.colors[0]) == ("mug", "red")
    assert (tray.category, tray.colors[0]) == ("tray", "gray")


def test_the_report_lies_beside_the_tables_and_counts_everything(whole: BuildResult) -> None:
    report = json.loads((dataset_of(whole).folder / REPORT).read_text(encoding="utf-8"))
    assert report == whole.report
    assert report["scenes"] == {"asked": 3, "accepted": 3}
    assert report["acceptance"] == 1.0
    assert report["checks"]["asset-mesh"]["ran"] >= 3 * 6
    assert report["checks"]["settles"]["passed"] >= 3
    assert not report["rejected"]


def test_only_grasps_that_lift_are_stored(whole: BuildResult) -> None:
    from scene_hub.validate.lifting import lifted_grasps

    dataset = dataset_of(whole)
    for scene in dataset.scenes():
        asset = dataset.asset(scene.object.asset)
        assert len(asset.grasps) >= 2
        assert lifted_grasps(asset, dataset.collision_meshes(asset)) == asset.grasps


def test_another_seed_gives_other_scenes(whole: BuildResult, tmp_path: Path) -> None:
    recipe = sentence_recipe(SENTENCES[:1], seed=1, count=None, split="train")
    other = build_dataset(recipe, tmp_path / "scenes", BuildOptions(SceneSettings(seed=1, checks=())))
    assert not set(dataset_of(other).asset_ids) & set(dataset_of(whole).asset_ids)


def test_seeds_depend_on_their_parts_only() -> None:
    assert derived_seed(0, "a", 1) == derived_seed(0, "a", 1) == 886027111
    assert derived_seed(0, "a", 1) != derived_seed(0, "a", 2)


# --------------------------------------------------------------------------------------------------- interrupted builds


class Stop(Exception):
    """Somebody pulled the plug."""


def stop_after(count: int) -> Callable[[SceneJob, BuiltScene], None]:
    seen: list[str] = []

    def show(job: SceneJob, built: BuiltScene) -> None:
        seen.append(job.id)
        if len(seen) == count:
            raise Stop

    return show


def test_a_build_goes_on_where_it_was_stopped_and_comes_out_the_same(whole: BuildResult, tmp_path: Path) -> None:
    out = tmp_path / "scenes"
    recipe = sentence_recipe(SENTENCES, seed=0, count=None, split="train")
    with pytest.raises(Stop):
        build_dataset(recipe, out, BuildOptions(NO_ENVIRONMENT), stop_after(2))
    assert not out.exists()
    # A crash may also leave a folder half written under its temporary name, or a file that is cut off.
    (partial_folder(out) / ".new-crash").mkdir()
    victim = next(path for path in (partial_folder(out) / "scenes" / recipe.jobs[0].id / "files").iterdir())
    victim.write_bytes(victim.read_bytes()[:-7])
    result = built(out)
    assert result.resumed == 1  # the damaged one is built again
    assert content(out) == content(dataset_of(whole).folder)
    assert not partial_folder(out).exists()


def test_a_build_of_something_else_is_not_mixed_in(tmp_path: Path) -> None:
    out = tmp_path / "scenes"
    recipe = sentence_recipe(SENTENCES[:1], seed=0, count=None, split="train")
    with pytest.raises(Stop):
        build_dataset(recipe, out, BuildOptions(NO_ENVIRONMENT), stop_after(1))
    with pytest.raises(InvalidOptionError, match="unfinished build with another recipe, seed or settings"):
        built(out, SENTENCES[1:])
    assert built(out, SENTENCES[:1]).resumed == 1


def test_a_dataset_that_is_there_is_kept_unless_told_otherwise(tmp_path: Path) -> None:
    out = tmp_path / "scenes"
    built(out, SENTENCES[2:])
    before = content(out)
    with pytest.raises(InvalidOptionError, match="exists already"):
        built(out, SENTENCES[2:])
    assert content(out) == before
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "diary.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InvalidOptionError, match="is not a dataset folder"):
        built(tmp_path / "notes", SENTENCES[2:], overwrite=True)


# ------------------------------------------------------------------------------------------------------------- failures


def test_what_cannot_be_done_is_reported_and_the_rest_is_built(tmp_path: Path) -> None:
    result = built(tmp_path / "scenes", ("put the moon in the mug", SENTENCES[2]))
    assert [scene.instruction for scene in dataset_of(result).scenes()] == [SENTENCES[2]]
    (rejected,) = result.report["rejected"].values()
    assert "moon" in rejected["problem"]
    assert rejected["attempts"] == 1  # another draw would not make a moon


def test_nothing_is_written_where_nothing_could_be_built(tmp_path: Path) -> None:
    result = built(tmp_path / "scenes", ("put the moon in the mug",))
    assert result.dataset is None
    assert not (tmp_path / "scenes").exists()


class Clumsy:
    """A generator whose first assets are broken: an asset's mesh file is cut off."""

    def __init__(self, bad_draws: int) -> None:
        self._inner = find_generator("procedural")
        self._bad_draws = bad_draws
        self._drawn: Counter[str] = Counter()

    def vocabulary(self) -> Any:
        return self._inner.vocabulary()

    def generate(self, request: AssetRequest) -> AssetBundle:
        bundle = self._inner.generate(request)
        self._drawn[request.category] += 1
        if request.category != "lemon" or self._drawn["lemon"] > self._bad_draws:
            return bundle
        return AssetBundle(bundle.asset, {path: data[: len(data) // 2] for path, data in bundle.files.items()})


@pytest.mark.parametrize(("bad", "attempts"), [(2, 1), (ASSET_DRAWS, 2)])
def test_broken_assets_are_drawn_again(monkeypatch: pytest.MonkeyPatch, bad: int, attempts: int) -> None:
    monkeypatch.setattr(scene_module, "find_generator", lambda *names, **options: Clumsy(bad))
    job = SceneJob(id="lemon", split="train", instruction="pick up the lemon", distractors=0)
    result = SceneBuilder(NO_ENVIRONMENT)(job)
    assert result.scene is not None
    assert len(result.attempts) == attempts
    assert sum(attempt.draws["lemon"] for attempt in result.attempts) == bad + 1
    report = build_report([job], [result], 0, "test")
    assert report["checks"]["asset-mesh"]["ran"] - report["checks"]["asset-mesh"]["passed"] == bad
    assert report["first_try_acceptance"] == (1.0 if attempts == 1 else 0.0)


def test_it_gives_up_after_so_many_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene_module, "find_generator", lambda *names, **options: Clumsy(10**6))
    job = SceneJob(id="lemon", split="train", instruction="pick up the lemon", distractors=0)
    result = SceneBuilder(NO_ENVIRONMENT)(job)
    assert result.scene is None
    assert len(result.attempts) == SCENE_ATTEMPTS
    assert "no sound 'lemon'" in (result.attempts[-1].problem or "")


def test_splits_that_share_something_are_refused() -> None:
    clean = {"overlaps": {"test_distractors": {"assets": 0, "categories": 9, "backgrounds": 3}}}
    check_splits(clean)
    for split, what in (("test_distractors", "assets"), ("test_ood", "categories"), ("test_ood", "backgrounds")):
        leak = {"overlaps": {split: {"assets": 0, "categories": 0, "backgrounds": 0} | {what: 2}}}
        with pytest.raises(SceneDataError, match=f"{split}.* shares 2 {what} with train"):
            check_splits(leak)


def test_pass_rates_are_counted_over_all_attempts() -> None:
    jobs = [SceneJob(id=name, split="train", instruction="pick up the lemon") for name in ("a", "b")]
    failed = Attempt(draws={"x": 3}, checks=(("settles", False),), problem="it fell")
    good = Attempt(draws={"x": 1}, checks=(("settles", True),))
    report = build_report(
        jobs, [BuiltScene("a", None, (failed, failed)), BuiltScene("b", None, (failed, good))], 0, "t"
    )
    assert report["checks"]["settles"] == {"ran": 4, "passed": 1, "rate": 0.25}
    assert report["attempts_per_asset"] == 2.5
    assert set(report["rejected"]) == {"a", "b"}


# -------------------------------------------------------------------------------------------------------------- recipes


@pytest.fixture(scope="module")
def generator() -> Generator:
    return find_generator("procedural")


@pytest.fixture(scope="module")
def designer(generator: Generator) -> Designer:
    return find_designer("grammar", generator.vocabulary())


@pytest.fixture(scope="module")
def paper(generator: Generator, designer: Designer) -> Recipe:
    return plan_recipe("paper", generator, designer, 0)


def test_the_papers_recipe_has_its_size_and_form(paper: Recipe) -> None:
    assert Counter(job.split for job in paper.jobs) == {"train": 100, "test_distractors": 50, "test_ood": 50}
    assert len({job.id for job in paper.jobs}) == 200
    for split in ("train", "test_distractors", "test_ood"):
        sentences = [job.instruction for job in paper.jobs if job.split == split]
        assert len(set(sentences)) == len(sentences)
    assert sum(2 + job.distractors for job in paper.jobs) / 200 >= 5.16
    assert all(job.look_alikes == 2 for job in paper.jobs if job.split == "test_distractors")


def test_its_families_have_their_shares(paper: Recipe, designer: Designer) -> None:
    graphs = [designer.design(DesignRequest(job.instruction)) for job in paper.jobs if job.split == "train"]
    counts = Counter(graph.task for graph in graphs)
    assert counts == {family: round(100 * share) for family, share in SHARE_OF_FAMILIES.items()}
    assert len({node.category for graph in graphs for node in graph.nodes if node.role == "object"}) >= 60


def test_its_unseen_things_are_in_no_other_split(paper: Recipe, generator: Generator, designer: Designer) -> None:
    unseen = held_out(generator.vocabulary())
    kinds = {info.name: info.kind for info in generator.vocabulary()}
    assert {kinds[name] for name in unseen} == {"object", "table", "room"}
    for job in paper.jobs:
        assert job.among is not None
        graph = designer.design(
            DesignRequest(job.instruction, 3, job.distractors, job.look_alikes, frozenset(job.among))
        )
        found = {node.category for node in graph.nodes}
        assert found <= unseen if job.split == "test_ood" else not found & unseen, job.id


KITCHEN = frozenset(
    {"mug", "cup", "apple", "lemon", "egg", "bowl", "basket", "saucepan", "plate", "kitchen", "wooden_table"}
)


def invented(generator: Generator, designer: Designer, seed: int, family: TaskFamily) -> list[str]:
    inventor = TaskInventor(generator, designer, np.random.default_rng(seed), KITCHEN)
    return [inventor.invent(family) for _ in range(4)]


@pytest.mark.parametrize("family", ["put_in", "put_on", "stack", "pick"])
def test_invented_tasks_are_understood_as_they_are_meant(
    generator: Generator, designer: Designer, family: TaskFamily
) -> None:
    sentences = invented(generator, designer, 0, family)
    assert len(set(sentences)) == 4
    for sentence in sentences:
        graph = designer.design(DesignRequest(sentence))
        assert graph.task == family
        assert {node.category for node in graph.nodes if node.role in ("object", "receptacle")} <= KITCHEN


def test_the_same_seed_invents_the_same_and_another_something_else(generator: Generator, designer: Designer) -> None:
    first, again, other = (invented(generator, designer, seed, "put_in") for seed in (0, 0, 1))
    assert first == again
    assert first != other


def test_families_come_in_their_shares() -> None:
    families = families_in_turn(20, np.random.default_rng(0))
    assert Counter(families) == {"put_in": 8, "put_on": 7, "stack": 5}
    assert families_in_turn(3, np.random.default_rng(0), "pick") == ["pick"] * 3


def test_an_unknown_recipe_is_answered_with_those_there_are(generator: Generator, designer: Designer) -> None:
    with pytest.raises(InvalidOptionError, match="choose one of 'paper', 'starter'"):
        plan_recipe("papper", generator, designer, 0)


# ------------------------------------------------------------------------------------------------------ language models


def _thing(category: str, label: str, color: str | None = None) -> dict[str, Any]:
    described = {"description": f"a plain {label}", "material": None, "size": None}
    return {"category": category, "label": label, "color": color, **described}


LEMON = {
    "error": None,
    "scene": {
        "task": "pick",
        "object": _thing("lemon", "lemon"),
        "receptacle": None,
        "distractors": [_thing("mug", "blue mug", "blue")],
        "table": _thing("wooden_table", "wooden table", "brown"),
        "room": _thing("kitchen", "white kitchen", "white"),
    },
}


def test_a_language_model_designs_scenes_and_its_use_is_counted(tmp_path: Path) -> None:
    recipe = sentence_recipe(("pick up the lemon",), seed=0, count=None, split="train")
    jobs = tuple(job.model_copy(update={"distractors": 1}) for job in recipe.jobs)
    with llm_server(completion("no JSON at all"), completion(LEMON)) as server:
        options = {"model": "test-model", "base_url": server.base_url, "token": "secret-token"}
        settings = SceneSettings(designer="llm", designer_options=options, checks=())
        with pytest.raises(Stop):
            build_dataset(
                recipe.model_copy(update={"jobs": jobs}), tmp_path / "scenes", BuildOptions(settings), stop_after(1)
            )
        kept = content(partial_folder(tmp_path / "scenes"))
        result = build_dataset(recipe.model_copy(update={"jobs": jobs}), tmp_path / "scenes", BuildOptions(settings))
    (scene,) = dataset_of(result).scenes()
    assert (scene.provenance.designer, scene.provenance.model) == ("llm", "test-model")
    assert [dataset_of(result).asset(item.asset).category for item in scene.movables] == ["lemon", "mug"]
    assert result.report["language_model"] == {"requests": 2, "prompt_tokens": 200, "completion_tokens": 40}
    assert not any(b"secret-token" in data for data in (*kept.values(), *content(tmp_path / "scenes").values()))


def test_an_endpoint_that_is_not_there_stops_the_build_with_one_message(tmp_path: Path) -> None:
    options = {"model": "m", "base_url": "http://127.0.0.1:9/v1", "retries": 0}
    settings = SceneSettings(designer="llm", designer_options=options, checks=())
    recipe = sentence_recipe(("pick up the lemon",), seed=0, count=None, split="train")
    with pytest.raises(GenWorldError, match=r"127\.0\.0\.1:9"):
        build_dataset(recipe, tmp_path / "scenes", BuildOptions(settings))
    assert not (tmp_path / "scenes").exists()

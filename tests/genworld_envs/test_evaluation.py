"""Evaluation on a fake environment: specs, metrics, runner, resume, report."""

import itertools
import json
import math
from pathlib import Path
from typing import Any

import imageio.v3 as iio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genworld_envs.evaluation import (
    EpisodeResult,
    EpisodeSpec,
    EvalConfig,
    EvaluationFailedError,
    PartialFile,
    bootstrap_interval,
    episode_seed,
    evaluate,
    find_policy,
    make_report,
    make_specs,
    summarize,
    summarize_by,
    wilson_interval,
    write_json,
)
from genworld_envs.evaluation.demo import choose_scenes
from genworld_envs.evaluation.page import Card, demo_page
from scene_hub.errors import InvalidOptionError
from scene_hub.schema import SPLITS, TASK_FAMILIES, Placement, Pose, Provenance, Scene

# -------------------------------------------------------------------------------------------------------------- metrics


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [  # R: binom::binom.wilson; the 0/10 and 10/10 rows are z^2 / (n + z^2) and 1 minus that
        (0, 10, 0.0, 0.2775328),
        (10, 10, 0.7224672, 1.0),
        (8, 10, 0.4901625, 0.9433178),
        (1, 1, 0.2065493, 1.0),
        (50, 100, 0.4038315, 0.5961685),
    ],
)
def test_wilson_interval_has_the_known_values(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=1e-6)


@given(st.integers(1, 2000).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials))))
def test_wilson_interval_holds_the_rate_and_mirrors(case: tuple[int, int]) -> None:
    successes, trials = case
    low, high = wilson_interval(successes, trials)
    assert 0.0 <= low <= successes / trials <= high <= 1.0
    mirrored = wilson_interval(trials - successes, trials)
    assert (1 - mirrored[1], 1 - mirrored[0]) == pytest.approx((low, high), abs=1e-12)
    wider = wilson_interval(successes * 2, trials * 2)
    assert wider[1] - wider[0] < high - low  # twice the evidence, a narrower interval


def test_wilson_interval_without_trials_says_nothing() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)
    with pytest.raises(ValueError, match="3 successes in 2 trials"):
        wilson_interval(3, 2)


@given(st.lists(st.floats(0.2, 20.0), min_size=1, max_size=30), st.randoms())
def test_bootstrap_interval_is_within_the_values_and_ignores_their_order(values: list[float], random: Any) -> None:
    interval = bootstrap_interval(values)
    assert interval is not None
    assert min(values) - 1e-9 <= interval[0] <= interval[1] <= max(values) + 1e-9
    random.shuffle(values)
    assert bootstrap_interval(values) == interval


RESULTS = st.builds(
    lambda success, partial, wrong, time: EpisodeResult(
        success=success,
        partial_success=success or partial,
        wrong_object=wrong,
        time_to_success=time if success else None,
        steps=10,
        total_reward=float(success),
    ),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.floats(0.2, 20.0),
)


@given(st.lists(RESULTS, min_size=1, max_size=40))
def test_each_episode_has_one_outcome_and_partial_success_includes_success(results: list[EpisodeResult]) -> None:
    summary = summarize(results)
    outcomes = ("success", "dynamics_failure", "semantic_failure")
    assert sum(summary[f"{name}_count"] for name in outcomes) == summary["episodes"] == len(results)
    assert math.isclose(sum(summary[f"{name}_rate"] for name in outcomes), 1.0)
    assert summary["partial_success_rate"] >= summary["success_rate"]
    assert (summary["time_to_success"] is None) == (summary["success_count"] == 0)
    json.dumps(summary, allow_nan=False)


def test_summary_of_a_known_case() -> None:
    summary = summarize([result(2.0), result(4.0), result(None, partial=True), result(None, wrong=True)])
    assert summary["success_rate"] == 0.5
    assert summary["partial_success_rate"] == 0.75
    assert summary["dynamics_failure_rate"] == 0.25
    assert summary["semantic_failure_rate"] == 0.25
    assert summary["time_to_success"]["mean"] == 3.0
    assert summarize([])["success_rate"] is None


def test_groups_add_up_to_the_whole() -> None:
    pairs = list(zip(make_specs(FakeDataset(), episodes=2), itertools.cycle([result(1.0), result(None)]), strict=False))
    groups = summarize_by(pairs, lambda spec: spec.task)
    assert list(groups) == sorted(TASK_FAMILIES)
    assert sum(group["episodes"] for group in groups.values()) == len(pairs)
    assert all(group["success_rate"] == 0.5 for group in groups.values())


# ---------------------------------------------------------------------------------------------------------------- specs


def test_seeds_do_not_depend_on_other_scenes_or_order() -> None:
    seeds = {(spec.scene_id, spec.episode): spec.seed for spec in make_specs(FakeDataset(), episodes=3, seed=7)}
    assert len(set(seeds.values())) == len(seeds)
    for spec in make_specs(FakeDataset(), episodes=5, seed=7, scene_ids=["scene-05", "scene-02"]):
        assert spec.seed == seeds.get((spec.scene_id, spec.episode), spec.seed)
        assert spec.seed == episode_seed(7, spec.scene_id, spec.episode)
    assert episode_seed(0, "scene-00", 0) == 1724307140  # fixed for ever: published results name it


def test_filters_choose_scenes() -> None:
    dataset = FakeDataset()
    assert {spec.split for spec in make_specs(dataset, split="test_ood")} == {"test_ood"}
    assert {spec.task for spec in make_specs(dataset, task="stack")} == {"stack"}
    assert [spec.scene_id for spec in make_specs(dataset, max_scenes=2, episodes=1)] == ["scene-00", "scene-01"]
    assert [spec.index for spec in make_specs(dataset, episodes=2)] == list(range(24))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"episodes": 0}, "episodes is 0: give at least 1"),
        ({"max_scenes": 0}, "max_scenes is 0: give at least 1"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_bad_spec_options_name_the_way_out(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidOptionError, match=message):
        make_specs(FakeDataset(), **options)


def test_unknown_policy_lists_the_choices() -> None:
    with pytest.raises(InvalidOptionError, match="unknown policy 'expret'; choose one of 'expert', 'random', 'zero'"):
        find_policy("expret")


# --------------------------------------------------------------------------------------------------------------- runner


@pytest.fixture
def config(tmp_path: Path) -> EvalConfig:
    marks = tmp_path / "marks"
    marks.mkdir()
    return EvalConfig(policy="random", env_id="evaluation_fake_env:Fake-v0", env_kwargs={"marks": str(marks)})


def runs(config: EvalConfig) -> list[str]:
    return sorted(path.name.rsplit("-", 1)[0] for path in Path(config.env_kwargs["marks"]).glob("ran-*"))


def test_results_do_not_depend_on_order_or_workers(config: EvalConfig) -> None:
    specs = make_specs(FakeDataset(), episodes=2)
    expected = evaluate(specs, config)
    assert {outcome.outcome for outcome in expected} == {"success", "dynamics_failure", "semantic_failure"}
    assert evaluate(specs[::-1], config)[::-1] == expected
    assert evaluate(specs, config, workers=2) == expected


@pytest.mark.parametrize("stop_after", [1, 5])
def test_interrupted_run_goes_on_where_it_was(config: EvalConfig, tmp_path: Path, stop_after: int) -> None:
    specs = make_specs(FakeDataset(), episodes=1)
    expected = evaluate(specs, config)
    for mark in Path(config.env_kwargs["marks"]).iterdir():
        mark.unlink()
    partial = PartialFile(tmp_path / "out.json", config)
    count = itertools.count(1)

    def interrupt(spec: EpisodeSpec, _: EpisodeResult) -> None:
        if next(count) == stop_after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(specs, config, partial_file=partial, on_result=interrupt)
    with partial.path.open("a") as file:
        file.write('{"key": "cut o')  # killed while it wrote
    assert len(runs(config)) == stop_after
    assert evaluate(specs, config, partial_file=partial) == expected
    assert len(runs(config)) == len(specs), "a finished episode was run again"
    assert evaluate(specs, config, partial_file=partial) == expected, "the file is unreadable after a resume"


def test_other_configuration_does_not_take_over_results(config: EvalConfig, tmp_path: Path) -> None:
    specs = make_specs(FakeDataset(), max_scenes=2, episodes=1)
    evaluate(specs, config, partial_file=PartialFile(tmp_path / "out.json", config))
    zero = config.model_copy(update={"policy": "zero"})
    assert PartialFile(tmp_path / "out.json", zero).read(specs) == {}
    assert PartialFile(tmp_path / "out.json", config).read(make_specs(FakeDataset(), seed=1)) == {}


@pytest.mark.parametrize("kind", ["raise", "crash"])
def test_a_failure_that_passes_is_run_once_more(config: EvalConfig, kind: str) -> None:
    specs = specs_of("scene-00", f"{kind}-once", "scene-01")
    results = evaluate(specs, config, workers=2)
    assert len(results) == 3
    assert len(runs(config)) == 3


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("raise", "RuntimeError: the physics exploded"), ("crash", r"worker process died \(exit code 3\)")],
)
def test_a_failure_that_stays_is_reported_and_costs_no_other_result(
    config: EvalConfig, tmp_path: Path, kind: str, reason: str
) -> None:
    specs = specs_of("scene-00", f"{kind}-always", "scene-01")
    partial = PartialFile(tmp_path / "out.json", config)
    with pytest.raises(EvaluationFailedError, match=f"(?s)1 of 3 episodes failed twice.*{kind}-always-e00.*{reason}"):
        evaluate(specs, config, workers=2, partial_file=partial)
    assert sorted(partial.read(specs)) == [0, 2]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_the_user_ends_the_run_at_once(config: EvalConfig, workers: int) -> None:
    with pytest.raises(InvalidOptionError, match="not for this robot; choose another"):
        evaluate(specs_of("refuse-always", "scene-00"), config, workers=workers)


def test_videos_are_playable_and_of_failures_only_when_asked(config: EvalConfig, tmp_path: Path) -> None:
    specs = make_specs(FakeDataset(), episodes=1)
    folder = tmp_path / "videos"
    recording = config.model_copy(update={"videos": str(folder), "videos_of": "failures", "poster": True})
    results = evaluate(specs, recording)
    assert all((result.video is None) == result.success for result in results)
    names = sorted(result.video for result in results if result.video)
    assert sorted(path.name for path in folder.glob("*.mp4")) == names
    assert len(list(folder.iterdir())) == 2 * len(names), "something besides videos and posters is left"
    frames = iio.imread(folder / names[0])
    assert frames.shape[1:] == (48, 64, 3)
    assert frames[0].mean() + 20 < frames[-1].mean()


# --------------------------------------------------------------------------------------------------------------- report


def test_report_is_complete_and_says_whether_two_runs_agree(config: EvalConfig, tmp_path: Path) -> None:
    specs = make_specs(FakeDataset(), episodes=2)
    results = evaluate(specs, config)
    report = make_report(list(zip(specs, results, strict=True)), config, seed=0, workers=1, wall_seconds=1.0)
    write_json(tmp_path / "out.json", report)
    assert json.loads((tmp_path / "out.json").read_text()) == report
    assert [path.name for path in tmp_path.glob("*out*")] == ["out.json"]
    assert report["overall"]["episodes"] == 24
    assert set(report["by_split"]) == set(SPLITS)
    assert set(report["by_task"]) == set(TASK_FAMILIES)
    assert len(report["by_scene"]) == 12
    groups = [
        report["overall"],
        *report["by_task"].values(),
        *report["by_split"].values(),
        *report["by_scene"].values(),
    ]
    assert all(group.keys() == report["overall"].keys() for group in groups)
    reverse = list(zip(specs, results, strict=True))[::-1]
    again = make_report(reverse, config, seed=0, workers=2, wall_seconds=2.0)
    assert again["results_sha256"] == report["results_sha256"]
    assert again["overall"] == report["overall"]
    other = make_report(reverse[1:], config, seed=0, workers=2, wall_seconds=2.0)
    assert other["results_sha256"] != report["results_sha256"]


# ----------------------------------------------------------------------------------------------------------------- demo


@pytest.mark.parametrize("count", [4, 6, 8, 12])
def test_demo_shows_every_task_and_every_split(count: int) -> None:
    chosen = choose_scenes(FakeDataset().scenes(), count)
    assert len({scene.id for scene in chosen}) == count
    assert {scene.task for scene in chosen} == set(TASK_FAMILIES)
    assert {scene.split for scene in chosen} == set(SPLITS)
    assert choose_scenes(FakeDataset().scenes()[::-1], count) == chosen


@pytest.mark.parametrize("count", [0, 13])
def test_demo_refuses_a_count_that_cannot_be(count: int) -> None:
    with pytest.raises(InvalidOptionError, match=f"{count} scenes asked for; give a number from 1 to 12"):
        choose_scenes(FakeDataset().scenes(), count)


def test_page_escapes_what_a_dataset_says() -> None:
    spec = specs_of("scene-00")[0].model_copy(update={"instruction": "<script>alert('x')</script>"})
    page = demo_page([Card(spec, result(1.0), "media/a.mp4", "media/a.jpg", ['"><img src=x>'])], None, "genworld")
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert "&lt;script&gt;alert" in page


# ---------------------------------------------------------------------------------------------------------- test scenes


def result(time: float | None, partial: bool = False, wrong: bool = False) -> EpisodeResult:
    success = time is not None
    return EpisodeResult(
        success=success,
        partial_success=success or partial,
        wrong_object=wrong,
        time_to_success=time,
        steps=10,
        total_reward=float(success),
    )


def specs_of(*scene_ids: str) -> list[EpisodeSpec]:
    first = make_specs(FakeDataset(), max_scenes=1, episodes=1)[0]
    return [first.model_copy(update={"index": i, "scene_id": scene_id}) for i, scene_id in enumerate(scene_ids)]


class FakeDataset:
    """Twelve scenes: each task in each split."""

    fingerprint = "f" * 64

    def scenes(self, split: Any = None, task: Any = None, ids: Any = None) -> list[Scene]:
        kinds = itertools.product(TASK_FAMILIES, SPLITS)
        scenes = [make_scene(f"scene-{number:02d}", *kind) for number, kind in enumerate(kinds)][::-1]
        return [
            scene
            for scene in scenes
            if split in (None, scene.split) and task in (None, scene.task) and (ids is None or scene.id in ids)
        ]


def make_scene(scene_id: str, task: Any, split: Any) -> Scene:
    names = {"room": "background", "table": "context", "mug": "object", "tray": "receptacle"}
    if task == "pick":
        del names["tray"]
    return Scene(
        id=scene_id,
        split=split,
        task=task,
        instruction=f"{task} the mug",
        placements=tuple(
            Placement(name=name, role=role, asset="0" * 64, pose=Pose())  # type: ignore[arg-type]
            for name, role in names.items()
        ),
        provenance=Provenance(generator="test", generator_version="1"),
    )

"""From a recipe to a dataset folder: jobs go to workers, results to a journal, and all of it into the dataset at the end.

Killed at any moment, the same command goes on with the jobs that are missing. The dataset is the same whatever the number of
workers and however often it was stopped.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from scene_hub.build.job import Recipe, SceneJob
from scene_hub.build.journal import Journal
from scene_hub.build.scene import BuiltScene, SceneBuilder, SceneSettings
from scene_hub.build.statistics import build_report
from scene_hub.dataset import DatasetCard, SceneDataset, check_dataset_folder, write_dataset
from scene_hub.errors import GenWorldError, SceneDataError
from scene_hub.pool import Failure, run_jobs
from scene_hub.schema import Scene

REPORT = "report.json"


class BuildFailedError(GenWorldError, RuntimeError):
    """Workers failed on jobs, in two attempts each; what the others built is kept for the next run."""


@dataclass(frozen=True)
class BuildOptions:
    """How to build: `workers` processes here, or `ray` actors; `overwrite` replaces a dataset that is there.

    `request` names what the user asked for; a build under way goes on only for the same one.
    """

    settings: SceneSettings = field(default_factory=SceneSettings)
    workers: int = 1
    ray: bool = False
    ray_address: str | None = None
    overwrite: bool = False
    request: str = ""


@dataclass(frozen=True)
class BuildResult:
    """The dataset (None where not one scene was accepted), the report, and the accepted jobs that were found done already."""

    dataset: SceneDataset | None
    report: dict[str, Any]
    resumed: int


def partial_folder(out: Path) -> Path:
    """Where the journal of a build of `out` lies."""
    return out.with_name(f"{out.name}.partial")


def build_dataset(
    recipe: Recipe,
    out: Path,
    options: BuildOptions,
    on_scene: Callable[[SceneJob, BuiltScene], None] = lambda job, built: None,
) -> BuildResult:
    """Build `recipe` into the dataset folder `out`.

    Args:
        recipe: the scenes to build.
        out: the dataset folder; it appears when it is complete. Until then the work lies in `<out>.partial`.
        options: how.
        on_scene: called for each job as it is done, those found in the journal first.

    Raises:
        InvalidOptionError: `out` exists already, or its `.partial` belongs to another build.
        BuildFailedError: jobs failed twice with a defect or a lost worker; the journal keeps the others.
        GenWorldError: an option is wrong, or this machine lacks something.
    """
    out = out.expanduser().absolute()
    check_dataset_folder(out, options.overwrite)
    journal = Journal(partial_folder(out))
    journal.begin(recipe, options.settings, options.request)
    done: dict[str, BuiltScene] = {}
    for job in recipe.jobs:
        found = journal.get(job.id)
        if found is not None:
            done[job.id] = found
            on_scene(job, found)
    resumed = len(done)
    failures: list[tuple[SceneJob, Failure]] = []
    missing = [job for job in recipe.jobs if job.id not in done]
    for index, outcome in _run(missing, options):
        if isinstance(outcome, Failure):
            failures.append((missing[index], outcome))
            continue
        journal.put(outcome)
        done[missing[index].id] = outcome
        on_scene(missing[index], outcome)
    if failures:
        raise _failed(failures, journal)
    built = [done[job.id] for job in recipe.jobs]
    report = build_report(recipe.jobs, built, options.settings.seed, recipe.name)
    dataset = _write(recipe, built, report, out, options.overwrite)
    journal.remove()
    return BuildResult(dataset, report, resumed)


def _run(jobs: Sequence[SceneJob], options: BuildOptions) -> Iterator[tuple[int, BuiltScene | Failure]]:
    make = partial(SceneBuilder, options.settings)
    if options.ray:
        from scene_hub.ray_pool import run_jobs_on_ray

        return run_jobs_on_ray(make, jobs, address=options.ray_address)
    return run_jobs(make, jobs, options.workers)


def _write(
    recipe: Recipe, built: Sequence[BuiltScene], report: dict[str, Any], out: Path, overwrite: bool
) -> SceneDataset | None:
    scenes: list[Scene] = [result.scene for result in built if result.scene is not None]
    if not scenes:
        return None
    check_splits(report)
    bundles = {bundle.asset.id: bundle for result in built for bundle in result.bundles}
    previews = {
        result.scene.id: result.preview for result in built if result.scene is not None and result.preview is not None
    }
    text = json.dumps(report, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    return write_dataset(
        out,
        scenes,
        bundles.values(),
        DatasetCard(title=recipe.title, description=recipe.description),
        previews=previews,
        overwrite=overwrite,
        extra={REPORT: text.encode("utf-8")},
    )


def check_splits(report: dict[str, Any]) -> None:
    """Raise SceneDataError where a test split shares an asset with train, or test_ood a category or a background."""
    for split, shared in report["overlaps"].items():
        forbidden = ("assets", "categories", "backgrounds") if split == "test_ood" else ("assets",)
        for what in forbidden:
            if shared[what]:
                raise SceneDataError(
                    f"split {split!r} shares {shared[what]} {what} with train; keep them apart with `among` in its jobs"
                )


def _failed(failures: Sequence[tuple[SceneJob, Failure]], journal: Journal) -> BuildFailedError:
    listed = "".join(f"\n  {job.id}: {failure.message}\n{failure.detail}" for job, failure in failures[:3])
    more = f"\n  and {len(failures) - 3} more" if len(failures) > 3 else ""
    return BuildFailedError(
        f"{len(failures)} scenes failed twice; the others are kept in {journal.folder}, and the same command runs only "
        f"these:{listed}{more}"
    )

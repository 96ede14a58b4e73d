"""`genworld scenes validate`: checks of a dataset that is there."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

if TYPE_CHECKING:
    from scene_hub.validate.dataset import SceneReport


@dataclass
class ScenesValidateCommand:
    """Check a dataset: checksums and meshes of all files, every asset alone, every scene, and the checks that need an
    environment (the targets can be seen, the expert does the task).

    Exit code 0 when everything passes, 1 when a scene fails a check, 2 when the dataset is damaged.
    """

    scenes: Annotated[str, tyro.conf.Positional] = "starter"
    """The dataset: "starter" or a folder."""

    split: str | None = None
    """Only this split: train, test_distractors or test_ood."""

    task: str | None = None
    """Only this task family: put_on, put_in, stack or pick."""

    scene_ids: tuple[str, ...] = ()
    """Only these scenes."""

    checks: tuple[str, ...] | None = None
    """Run only these of the checks that need an environment (visible, expert); by default all."""

    no_environment: bool = False
    """Run none of them."""

    workers: int | None = None
    """Processes; by default as many as there are cores."""

    json: Path | None = None
    """Write all checks of all scenes here."""

    def run(self) -> int:
        from genworld_envs.evaluation import write_json
        from scene_hub.dataset import SceneDataset
        from scene_hub.pool import default_workers

        dataset = SceneDataset.open(self.scenes)
        task = None if self.task is None else self.task.replace("-", "_")
        chosen = dataset.scenes(self.split, task, list(self.scene_ids) or None)
        ids = [scene.id for scene in chosen]
        workers = default_workers(len(ids)) if self.workers is None else self.workers
        checks = () if self.no_environment else self.checks
        reports = validate_with_progress(dataset.source, ids, checks, workers)
        _print(reports)
        if self.json is not None:
            write_json(self.json, {report.scene_id: report.model_dump(mode="json") for report in reports})
        return 0 if all(report.passed for report in reports) else 1


def validate_with_progress(
    source: str, ids: Sequence[str], checks: Sequence[str] | None, workers: int
) -> "list[SceneReport]":
    """`validate_dataset` with a progress bar on standard error."""
    from rich.console import Console
    from rich.progress import track

    from scene_hub.validate.dataset import validate_dataset

    console = Console(stderr=True)
    found = validate_dataset(source, ids, checks, workers)
    tracked = track(found, "scenes", total=len(ids), console=console, transient=True, disable=not console.is_terminal)
    return sorted(tracked, key=lambda report: report.scene_id)


def _print(reports: "Sequence[SceneReport]") -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, soft_wrap=True)
    rates: dict[str, list[bool]] = {}
    for report in reports:
        for check in report.checks:
            rates.setdefault(check.name, []).append(check.passed)
    table = Table(header_style="bold")
    for column in ("check", "ran", "passed", "rate"):
        table.add_column(column, justify="left" if column == "check" else "right")
    for name, outcomes in rates.items():
        table.add_row(name, str(len(outcomes)), str(sum(outcomes)), f"{sum(outcomes) / len(outcomes):.1%}")
    console.print(table)
    good = sum(report.passed for report in reports)
    console.print(f"{good} of {len(reports)} scenes pass every check")
    for report in reports:
        for check in report.checks:
            if not check.passed:
                print(f"{report.scene_id}: {check.name}: {check.message}", file=sys.stderr)

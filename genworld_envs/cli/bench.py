"""`genworld bench`: GenWorld's speed next to plain ManiSkill's, on this machine."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from genworld_envs.benchmark.records import Report, RowResult
    from genworld_envs.benchmark.rows import Row, Settings


@dataclass
class BenchCommand:
    """Measure GenWorld's speed next to plain ManiSkill's, in the same run on the same machine.

    Each side runs in a process of its own, and the two take turns. What is done is written as it comes; the exit code is 1
    when a row failed with an error, and 0 when one only falls short of its target. Leave the machine alone meanwhile.
    """

    rows: tuple[str, ...] = ()
    """Only these rows; by default all. A wrong name lists them."""

    repeats: int = 5
    """Samples of each side; the median counts."""

    seconds: float = 4.0
    """Length of a sample."""

    output: Path = Path("outputs/benchmarks/speed")
    """Folder for speed.json, the chart speed.svg and flame graphs."""

    scenes: str = "starter"
    """Where GenWorld's scenes come from: "starter" or a dataset folder; many_scenes wants at least 100."""

    quick: bool = False
    """Only try it out: two short samples, few resets and scenes. The numbers mean little."""

    profile: bool = False
    """Only the row native_share, and print where the time of a step goes."""

    resume: bool = False
    """Keep the rows that the report in --output holds already, if settings, machine, versions and commit are the same."""

    def run(self) -> int:
        from rich.console import Console

        from genworld_envs.benchmark.report import begun_report, new_report, profile_tables, terminal_table
        from genworld_envs.evaluation.report import console

        rows, settings = self._rows(), self._settings()
        report = begun_report(settings, self.output) if self.resume else new_report(settings)
        report = _run_with_progress(rows, settings, self.output, report, Console(stderr=True))
        out = console()
        out.print(terminal_table(report))
        if self.profile:
            for table in profile_tables(report):
                out.print(table)
        out.print(f"report: {self.output / 'speed.json'}; chart: {self.output / 'speed.svg'}", soft_wrap=True)
        return 1 if any(row.verdict == "failed" for row in report.rows) else 0

    def _rows(self) -> "list[Row]":
        from genworld_envs.benchmark.rows import ROWS
        from scene_hub.errors import InvalidOptionError

        names = ("native_share",) if self.profile else self.rows
        for name in names:
            if name not in ROWS:
                raise InvalidOptionError.unknown("row", name, ROWS)
        return [row for name, row in ROWS.items() if not names or name in names]

    def _settings(self) -> "Settings":
        from genworld_envs.benchmark.rows import Settings
        from scene_hub.dataset import SceneDataset
        from scene_hub.errors import InvalidOptionError
        from scene_hub.pool import available_cores

        if self.repeats < 1 or not 0 < self.seconds < 600:
            raise InvalidOptionError(
                f"--repeats {self.repeats} must be at least 1, and --seconds {self.seconds:g} above 0 and below 600"
            )
        SceneDataset.open(self.scenes)  # a mistake is better found now than in a row
        return Settings(
            repeats=min(self.repeats, 2) if self.quick else self.repeats,
            seconds=min(self.seconds, 0.5) if self.quick else self.seconds,
            scenes=self.scenes,
            cores=available_cores(),
            quick=self.quick,
        )


def _run_with_progress(
    rows: "Sequence[Row]", settings: "Settings", folder: Path, report: "Report", console: "Console"
) -> "Report":
    """`run_rows` that shows on standard error what is being measured, and each row's outcome when it is done."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from genworld_envs.benchmark.report import run_rows, summary
    from genworld_envs.benchmark.rows import Bench

    columns = (MofNCompleteColumn(), BarColumn(bar_width=20), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("starting", total=len(rows))

        def show(name: str, text: str) -> None:
            progress.update(task, description=f"{name}: {text}")

        def done(result: "RowResult") -> None:
            progress.advance(task)
            console.print(summary(result), markup=False, highlight=False, soft_wrap=True)

        return run_rows(rows, Bench(settings), folder, report, say=show, on_result=done)

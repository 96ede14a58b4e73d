"""Runs rows and reports them: as JSON, as a table for the terminal, as a chart, as the tables of docs/performance.md.

    python -m genworld_envs.benchmark.report docs/results/speed.json docs/performance.md

writes the second file's tables anew from the first.
"""

import re
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rich.box import SIMPLE_HEAD
from rich.table import Table

from genworld_envs.benchmark.machine import commit, machine_facts, versions
from genworld_envs.benchmark.processes import RowFailedError
from genworld_envs.benchmark.records import Figure, Report, RowResult, Series, verdict_on
from genworld_envs.benchmark.rows import ROWS, Bench, NotMeasuredError, Row, Settings
from genworld_envs.evaluation import write_json
from genworld_envs.evaluation.video import write_text
from scene_hub.dataset import SceneDataset
from scene_hub.errors import GenWorldError, InvalidOptionError

REPORT_FILE = "speed.json"
CHART_FILE = "speed.svg"
VERDICT_COLORS = {"pass": "green", "falls short": "red", "failed": "red"}
TABLE_BEGIN = "<!-- begin: from docs/results/speed.json -->"
PROFILE_BEGIN = "<!-- begin: profile from docs/results/speed.json -->"
END = "<!-- end -->"
DOCUMENTED_FUNCTIONS = 8
"""Of Python's, in each table of docs/performance.md."""


# ------------------------------------------------------------------------------------------------------------- running


def new_report(settings: Settings) -> Report:
    """A report without rows: what the numbers will depend on."""
    dataset = SceneDataset.open(settings.scenes)
    # Not where it lies: the report tells nothing of the machine's folders.
    scenes = {
        "scenes": Path(settings.scenes).name,
        "scene_count": len(dataset.scenes()),
        "fingerprint": dataset.fingerprint,
    }
    return Report(
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        settings={**asdict(settings), **scenes},
        machine=machine_facts(),
        versions=versions(),
        commit=commit(),
    )


def begun_report(settings: Settings, folder: Path) -> Report:
    """The report that an earlier run has left in `folder`, to go on with; a new one where there is none.

    Raises:
        InvalidOptionError: it was measured with other settings, on another machine, or by other code.
    """
    new, path = new_report(settings), folder / REPORT_FILE
    if not path.is_file():
        return new
    try:
        old = Report.model_validate_json(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        raise InvalidOptionError(
            f"--resume: {path} is no report of this benchmark ({error.error_count()} errors)"
        ) from error
    for name in ("settings", "machine", "versions", "commit"):
        if getattr(old, name) != getattr(new, name):
            raise InvalidOptionError(
                f"--resume: the {name} of {path} differ from those of this run; measure anew, or into another --output"
            )
    return old


def run_rows(
    rows: Sequence[Row],
    bench: Bench,
    folder: Path,
    report: Report,
    say: Callable[[str, str], None] = lambda row, text: None,
    on_result: Callable[[RowResult], None] = lambda result: None,
) -> Report:
    """Measure `rows`, writing the report and its chart to `folder` after each, so that what is done stays done.

    Rows that `report` holds already, and that did not fail, are kept as they are. A row that fails does not stop the others.
    """
    results = {result.name: result for result in report.rows if result.verdict != "failed"}
    for row in rows:
        if row.name not in results:
            say(row.name, "starting")
            results[row.name] = _run_row(row, replace(bench, say=partial(say, row.name)), folder)
            # In the order of the table, whichever was measured first.
            known = [name for name in ROWS if name in results]
            others = [name for name in results if name not in ROWS]
            report = report.model_copy(update={"rows": tuple(results[name] for name in (*known, *others))})
            write_report(report, folder)
        on_result(results[row.name])
    return report


def _run_row(row: Row, bench: Bench, folder: Path) -> RowResult:
    start = time.perf_counter()
    outcome = partial(RowResult, name=row.name, title=row.title)
    try:
        measured = row.measure(bench)
        figures = tuple(measured.figures)
        result = outcome(
            verdict=verdict_on(figures),
            figures=figures,
            series=measured.series,
            notes=tuple(measured.notes),
            details=measured.details,
        )
        for name, text in measured.files.items():
            write_text(folder / name, text)
    except NotMeasuredError as error:
        result = outcome(verdict="not measured", reason=str(error))
    except RowFailedError as error:
        result = outcome(verdict="failed", reason=_short(str(error)), details={"traceback": error.detail or str(error)})
    except GenWorldError as error:
        result = outcome(verdict="failed", reason=str(error))
    except Exception as error:
        # A defect of one row's code: the other rows are still worth having.
        reason = f"{type(error).__name__}: {error}"
        result = outcome(verdict="failed", reason=reason, details={"traceback": traceback.format_exc()})
    return result.model_copy(update={"seconds": round(time.perf_counter() - start, 1)})


def _short(message: str) -> str:
    """The ends of a message: what failed, and of what; those that quote a traceback have much in between."""
    said = [line.strip() for line in message.splitlines() if line.strip()]
    return message if len(said) < 3 else f"{said[0]} ... {said[-1]}"


def write_report(report: Report, folder: Path) -> None:
    """Write JSON and chart into `folder`."""
    write_json(folder / REPORT_FILE, report.model_dump(mode="json"))
    write_text(folder / CHART_FILE, chart(report))


# -------------------------------------------------------------------------------------------------------------- tables


def number(value: float) -> str:
    """Three digits, as many as a measurement is worth, without exponents."""
    magnitude = abs(value)
    digits = 0 if magnitude >= 100 else 1 if magnitude >= 10 else 2
    return f"{value:.{digits}f}"


def _with_unit(value: float, unit: str) -> str:
    return f"{number(value)}x" if unit == "x" else f"{number(value)} {unit}"


def _measured(series: Series | None) -> str:
    return "" if series is None or series.unit == "of the step" else _with_unit(series.median, series.unit)


def _target(figure: Figure) -> str:
    if figure.target is None:
        return ""
    sign = "≥" if figure.at_least else "≤"
    return f"{sign} {figure.target:g}{'x' if figure.unit == 'x' else ' ' + figure.unit}"


def _verdict(figure: Figure) -> str:
    return {None: "", True: "pass", False: "falls short"}[figure.met]


def lines(report: Report) -> list[tuple[str, str, str, str, str, str]]:
    """The cells of a table: what, ours, ManiSkill's, result, target, verdict; one line a figure, one for a row without any."""
    found = []
    for row in report.rows:
        for figure in row.figures:
            ours = row.series.get(figure.ours or "") if figure.unit == "x" else None
            peer = row.series.get(figure.peer or "")
            result = _with_unit(figure.value, figure.unit)
            found.append((figure.what, _measured(ours), _measured(peer), result, _target(figure), _verdict(figure)))
        if not row.figures:
            found.append((f"{row.title}: {row.reason}", "", "", "", "", row.verdict))
    return found


def summary(row: RowResult) -> str:
    """A row in one line."""
    found = ", ".join(_with_unit(figure.value, figure.unit) for figure in row.figures)
    return f"{row.name}: {row.verdict}{f' ({row.reason or found})' if row.reason or found else ''}, {row.seconds:.0f} s"


COLUMNS = ("what", "GenWorld", "ManiSkill", "result", "target", "")


def terminal_table(report: Report) -> Table:
    """The table for the terminal."""
    machine = report.machine
    table = Table(title=f"{machine['cpu']}, {machine['cores']} cores", title_justify="left", box=SIMPLE_HEAD)
    for column in COLUMNS:
        table.add_column(
            column, justify="right" if column in COLUMNS[1:5] else "left", no_wrap=column not in COLUMNS[:1]
        )
    for *cells, verdict in lines(report):
        color = VERDICT_COLORS.get(verdict)
        table.add_row(*map(_plain, cells), f"[{color}]{verdict}[/]" if color else verdict)
    return table


def _plain(text: str) -> str:
    from rich.markup import escape as escape_markup

    return escape_markup(text)


def markdown_table(report: Report) -> str:
    """The table for docs/performance.md."""
    rows = [COLUMNS, ("---", "---:", "---:", "---:", "---:", "---"), *lines(report)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |" for cells in rows)


def described(report: Report) -> str:
    """One sentence on machine and versions."""
    machine, found = report.machine, report.versions
    parts = [machine["cpu"], f"{machine['cores']} cores", f"{machine['memory_gb']} GB"]
    parts += [f"GPU: {machine['gpu'] or 'none'}", f"Vulkan: {machine['vulkan'] or 'none'}"]
    parts += [f"{name} {found[name]}" for name in ("mani-skill", "sapien", "torch") if name in found]
    settings = report.settings
    parts += [f"medians of {settings['repeats']} samples of {settings['seconds']:g} s", report.date[:10]]
    return ", ".join(parts) + "."


def docs_sections(report: Report) -> dict[str, str]:
    """The sections of docs/performance.md that come from a report, marks included, by the mark at their beginning."""
    contents = {
        TABLE_BEGIN: f"{markdown_table(report)}\n\n{described(report)}",
        PROFILE_BEGIN: profile_markdown(report),
    }
    return {begin: f"{begin}\n\n{content}\n\n{END}" for begin, content in contents.items()}


def update_docs(page: Path, report: Report) -> None:
    """Write the sections of `page` anew."""
    text = page.read_text(encoding="utf-8")
    for begin, section in docs_sections(report).items():
        pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(END)}", re.DOTALL)
        if not pattern.search(text):
            raise InvalidOptionError(f"{page} has no section between {begin!r} and {END!r}")
        text = pattern.sub(lambda _, section=section: section, text)
    write_text(page, text)


def profile_markdown(report: Report) -> str:
    """For each case of the row "native_share": where a step's time goes, native calls first, then Python."""
    parts = []
    for row, name, case in _profiles(report):
        rows = [(f"**{call}**", f"**{share:.1%}**") for call, share in _sorted(case["calls"])]
        rows += [
            (f"`{function['name']}`", f"{function['share']:.1%}")
            for function in case["hottest"][:DOCUMENTED_FUNCTIONS]
            if function["name"] not in case["calls"]
        ]
        title = f"{row.series[name].what}: {number(case['step_ms'])} ms a step"
        table = "\n".join(f"| {what} | {share} |" for what, share in [(title, "share"), ("---", "---:"), *rows])
        parts.append(table)
    return "\n\n".join(parts)


def _profiles(report: Report) -> Iterator[tuple[RowResult, str, dict[str, Any]]]:
    row = next((row for row in report.rows if row.name == "native_share"), None)
    if row is not None and row.figures:
        for name, case in row.details.items():
            yield row, name, case


def _sorted(shares: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(shares.items(), key=lambda item: -item[1])


def profile_tables(report: Report) -> list[Table]:
    """For each case of the row "native_share": shares of native calls, then the functions in which Python spends the rest."""
    tables = []
    for row, name, case in _profiles(report):
        title = f"{row.series[name].what}: {number(case['step_ms'])} ms a step"
        table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
        table.add_column("where the time goes", no_wrap=True)
        table.add_column("share", justify="right")
        for call, share in _sorted(case["calls"]):
            table.add_row(call, f"{share:.1%}", style="bold")
        for function in case["hottest"]:
            if function["name"] not in case["calls"]:
                table.add_row(_plain(function["name"]), f"{function['share']:.1%}")
        tables.append(table)
    return tables


# --------------------------------------------------------------------------------------------------------------- chart

_CHART_WIDTH, _LABEL_WIDTH, _VALUE_WIDTH, _BAR_HEIGHT, _LINE = 1100, 560, 150, 16, 26
_FULL_SCALE = 2.5
"""Times the target; longer bars are cut off."""


def chart(report: Report) -> str:
    """An SVG bar chart: each figure that has a target, as a multiple of that, with a line where it is reached."""
    figures = [figure for row in report.rows for figure in row.figures if figure.target is not None]
    height = 60 + _LINE * len(figures)
    scale = (_CHART_WIDTH - _LABEL_WIDTH - _VALUE_WIDTH) / _FULL_SCALE
    mark = _LABEL_WIDTH + scale
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_CHART_WIDTH} {height}" width="{_CHART_WIDTH}" '
        f'height="{height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{_CHART_WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="{mark:.0f}" y="20" text-anchor="middle">target</text>',
    ]
    for index, figure in enumerate(figures):
        y = 34 + index * _LINE
        share = figure.share_of_target
        assert share is not None
        width = scale * min(max(share, 0.0), _FULL_SCALE)
        color = "#2f855a" if figure.met else "#c05621"
        value = f"{_with_unit(figure.value, figure.unit)} ({_target(figure)})"
        parts += [
            f'<text x="{_LABEL_WIDTH - 8}" y="{y + 12}" text-anchor="end">{escape(figure.what)}</text>',
            f'<rect x="{_LABEL_WIDTH}" y="{y}" width="{width:.1f}" height="{_BAR_HEIGHT}" fill="{color}"/>',
            f'<text x="{_CHART_WIDTH - _VALUE_WIDTH + 10}" y="{y + 12}">{escape(value)}</text>',
        ]
    parts.append(
        f'<line x1="{mark:.1f}" y1="26" x2="{mark:.1f}" y2="{height - 14}" stroke="#1a202c" stroke-dasharray="4 3"/>'
    )
    return "\n".join([*parts, "</svg>"]) + "\n"


def read_report(path: Path) -> Report:
    """The report at `path`.

    Raises:
        InvalidOptionError: it is none.
    """
    try:
        return Report.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise InvalidOptionError(f"{path} is no report of this benchmark: {error}") from error


if __name__ == "__main__":
    update_docs(Path(sys.argv[2]), read_report(Path(sys.argv[1])))

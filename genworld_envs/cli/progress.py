"""Progress bars of commands: on standard error, only where that is a terminal, and gone when the work is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

if TYPE_CHECKING:
    from scene_hub import downloads


def progress_bars(*columns: ProgressColumn) -> Progress:
    """Bars with a description, the bar itself, and then `columns`."""
    console = Console(stderr=True)
    shown = (TextColumn("{task.description}"), BarColumn(), *columns)
    return Progress(*shown, console=console, transient=True, disable=not console.is_terminal)


def counting_bars(remaining: bool = False) -> Progress:
    """Bars that count things, with the time that has passed, or that remains."""
    return progress_bars(MofNCompleteColumn(), TimeRemainingColumn() if remaining else TimeElapsedColumn())


@contextmanager
def download_progress(what: str) -> "Iterator[downloads.Progress]":
    """A bar of bytes."""
    with progress_bars(DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

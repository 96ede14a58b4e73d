"""What a benchmark finds out, as it is written to JSON."""

import statistics
from typing import Any, Literal

from scene_hub.schema import Record

REPORT_VERSION = 1

Verdict = Literal["pass", "falls short", "recorded", "not measured", "failed"]


class Series(Record):
    """Repeated measurements of one side: `what` was measured, in which `unit`, every sample, and their median."""

    what: str
    unit: str
    samples: tuple[float, ...]
    median: float

    @classmethod
    def of(cls, what: str, unit: str, samples: "list[float]") -> "Series":
        return cls(what=what, unit=unit, samples=tuple(samples), median=statistics.median(samples))


class Figure(Record):
    """One number that a row comes to, and what it should be.

    Attributes:
        what: which case of the row.
        value: the number.
        unit: of `value` and `target`; "x" for how many times faster ours is.
        target: what is wanted; None for a number that is only written down.
        at_least: whether `value` has to be at least `target`, or at most.
        ours, peer: names of the series that it comes from.
        samples: the same number for each repeat, where it has one.
    """

    what: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = True
    ours: str | None = None
    peer: str | None = None
    samples: tuple[float, ...] = ()

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None without one."""
        if self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target

    @property
    def share_of_target(self) -> float | None:
        """1 where the target is just reached, more where it is exceeded; None without one."""
        if self.target is None:
            return None
        if self.at_least:
            return self.value / self.target
        return self.target / self.value if self.value > 0 else float("inf")


class RowResult(Record):
    """What came of one row: `reason` says why it was not measured, or the error that it failed with."""

    name: str
    title: str
    verdict: Verdict
    figures: tuple[Figure, ...] = ()
    series: dict[str, Series] = {}
    notes: tuple[str, ...] = ()
    details: dict[str, Any] = {}
    reason: str | None = None
    seconds: float = 0.0


class Report(Record):
    """A run of the benchmark: every row so far, and what the numbers depend on."""

    report_version: Literal[1] = REPORT_VERSION
    date: str
    settings: dict[str, Any]
    machine: dict[str, Any]
    versions: dict[str, str]
    commit: str | None
    rows: tuple[RowResult, ...] = ()


def verdict_on(figures: "tuple[Figure, ...]") -> Verdict:
    """The verdict on a row that was measured."""
    outcomes = [figure.met for figure in figures if figure.met is not None]
    if not outcomes:
        return "recorded"
    return "pass" if all(outcomes) else "falls short"


def times_faster(what: str, ours: tuple[str, Series], peer: tuple[str, Series], target: float | None) -> Figure:
    """The figure "ours is so many times faster", from the medians of two series of the same unit.

    Units that end in "/s" are speeds, of which more is better; all others are times.
    """

    def ratio(a: float, b: float) -> float:
        return a / b if ours[1].unit.endswith("/s") else b / a

    pairs = zip(ours[1].samples, peer[1].samples, strict=True)
    return Figure(
        what=what,
        value=ratio(ours[1].median, peer[1].median),
        unit="x",
        target=target,
        ours=ours[0],
        peer=peer[0],
        samples=tuple(ratio(a, b) for a, b in pairs),
    )

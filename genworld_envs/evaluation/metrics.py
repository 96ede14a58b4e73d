"""What an evaluation measures: pure functions from episode results to rates and times with 95 % intervals.

The outcomes are those of the paper's real-robot table. Each episode has exactly one of three: *success*, *semantic
failure* (failed, and the robot grasped a wrong object) or *dynamics failure* (failed in any other way: missed, dropped,
knocked over, out of time). *Partial success* (the right object was grasped and lifted) cuts across them and includes
every success.
"""

import math
from collections.abc import Callable, Sequence
from statistics import fmean, median
from typing import Any

import numpy as np
from pydantic import model_validator

from genworld_envs.evaluation.specs import EpisodeSpec
from scene_hub.schema import Record

Z_95 = 1.959963984540054
BOOTSTRAP_RESAMPLES = 2000
RATES = ("success", "partial_success", "dynamics_failure", "semantic_failure")


class EpisodeResult(Record):
    """What came of an episode.

    Attributes:
        success: the task was done within the episode.
        partial_success: the right object was grasped and lifted at some time; true for every success.
        wrong_object: a wrong object was grasped at some time, whether or not the episode then succeeded.
        time_to_success: simulated seconds until success, None without.
        steps: control steps taken.
        total_reward: sum of rewards.
        stage: the furthest that the robot got: 0 reach, 1 grasped, 2 lifted, 3 above the receptacle, 4 done.
        trajectory_sha256: hash of all actions, rewards and, where an observation is one array (state), observations, in
            order. Two runs of an episode agree bit by bit if and only if it is equal.
        video: file name of the recording, None where there is none.
    """

    success: bool
    partial_success: bool
    wrong_object: bool
    time_to_success: float | None
    steps: int
    total_reward: float
    stage: int = 0
    trajectory_sha256: str = ""
    video: str | None = None

    @model_validator(mode="after")
    def _consistent(self) -> "EpisodeResult":
        if self.success != (self.time_to_success is not None):
            raise ValueError(f"success is {self.success} but time_to_success is {self.time_to_success}")
        if self.success and not self.partial_success:
            raise ValueError("a success is also a partial success")
        return self

    @property
    def semantic_failure(self) -> bool:
        return not self.success and self.wrong_object

    @property
    def dynamics_failure(self) -> bool:
        return not self.success and not self.wrong_object

    @property
    def outcome(self) -> str:
        """One of "success", "semantic_failure", "dynamics_failure"."""
        if self.success:
            return "success"
        return "semantic_failure" if self.wrong_object else "dynamics_failure"


type Pair = tuple[EpisodeSpec, EpisodeResult]


def wilson_interval(successes: int, trials: int, z: float = Z_95) -> tuple[float, float]:
    """Wilson score interval of a proportion (E. B. Wilson, 1927); (0, 1) without any trial.

    Unlike the normal approximation it stays within [0, 1] and is sound for few trials and for rates near 0 or 1.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes in {trials} trials")
    if trials == 0:
        return (0.0, 1.0)
    rate = successes / trials
    scale = 1 + z * z / trials
    middle = (rate + z * z / (2 * trials)) / scale
    half = z * math.sqrt(rate * (1 - rate) / trials + z * z / (4 * trials * trials)) / scale
    # At the ends the exact bound is the rate itself; rounding must not push it past.
    lower = 0.0 if successes == 0 else max(0.0, middle - half)
    upper = 1.0 if successes == trials else min(1.0, middle + half)
    return (lower, upper)


def bootstrap_interval(values: Sequence[float], resamples: int = BOOTSTRAP_RESAMPLES) -> tuple[float, float] | None:
    """Percentile bootstrap 95 % interval of the mean; None without values.

    The resampling has a fixed seed and sees the values sorted: the interval is a function of the set of values.
    """
    if not values:
        return None
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    picks = np.random.default_rng(0).integers(len(ordered), size=(resamples, len(ordered)))
    low, high = np.percentile(ordered[picks].mean(axis=1), [2.5, 97.5])
    return (float(low), float(high))


def summarize(results: Sequence[EpisodeResult]) -> dict[str, Any]:
    """Rates and times over `results`, as plain JSON values.

    For each of `RATES`: `<name>_count`, `<name>_rate` (None without episodes) and `<name>_interval` (95 % Wilson).
    `time_to_success` has `mean`, `median` and `interval` (95 % bootstrap of the mean) in simulated seconds over the
    successful episodes; None without one.
    """
    summary: dict[str, Any] = {"episodes": len(results)}
    for name in RATES:
        count = sum(getattr(result, name) for result in results)
        summary[f"{name}_count"] = count
        summary[f"{name}_rate"] = count / len(results) if results else None
        summary[f"{name}_interval"] = list(wilson_interval(count, len(results)))
    times = sorted(result.time_to_success for result in results if result.time_to_success is not None)
    interval = bootstrap_interval(times)
    summary["time_to_success"] = (
        None if interval is None else {"mean": fmean(times), "median": median(times), "interval": list(interval)}
    )
    return summary


def summarize_by(pairs: Sequence[Pair], key: Callable[[EpisodeSpec], str]) -> dict[str, dict[str, Any]]:
    """`summarize` for each group of episodes that share `key`, in the order of the keys."""
    groups: dict[str, list[EpisodeResult]] = {}
    for spec, result in pairs:
        groups.setdefault(key(spec), []).append(result)
    return {name: summarize(groups[name]) for name in sorted(groups)}

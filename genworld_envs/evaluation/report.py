"""The report of an evaluation: as JSON, as a table for the terminal."""

import json
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from genworld_envs.evaluation.metrics import Pair, summarize, summarize_by
from genworld_envs.evaluation.runner import EvalConfig, package_versions
from genworld_envs.evaluation.specs import EpisodeSpec
from genworld_envs.evaluation.video import write_text
from scene_hub.pool import available_cores
from scene_hub.schema import canonical_json, sha256_text

REPORT_VERSION = 1


def make_report(
    pairs: Sequence[Pair], config: EvalConfig, *, seed: int, workers: int, wall_seconds: float
) -> dict[str, Any]:
    """Everything that an evaluation found out, as plain JSON values.

    `overall`, and under `by_task`, `by_split`, `by_scene` each group, hold the keys of `metrics.summarize`. All but
    `machine` and `run` depends on specs, configuration and package versions alone; `results_sha256` sums it up, so two
    machines agree if and only if it is equal.
    """
    episodes = [_episode(spec, result) for spec, result in pairs]
    first: EpisodeSpec = pairs[0][0]
    compared = [{key: value for key, value in episode.items() if key not in ("index", "video")} for episode in episodes]
    return {
        "report_version": REPORT_VERSION,
        "overall": summarize([result for _, result in pairs]),
        "by_task": summarize_by(pairs, lambda spec: spec.task),
        "by_split": summarize_by(pairs, lambda spec: spec.split),
        "by_scene": summarize_by(pairs, lambda spec: spec.scene_id),
        "configuration": {
            **config.model_dump(mode="json"),
            "robots": sorted({spec.robot for spec, _ in pairs}),
            "seed": seed,
        },
        "dataset": {"source": first.dataset, "fingerprint": first.dataset_fingerprint},
        "versions": package_versions(),
        "machine": describe_machine(),
        "run": {"workers": workers, "wall_seconds": round(wall_seconds, 3)},
        "results_sha256": sha256_text("\n".join(sorted(canonical_json(episode) for episode in compared))),
        "episodes": episodes,
    }


def _episode(spec: EpisodeSpec, result: Any) -> dict[str, Any]:
    return {
        **spec.model_dump(mode="json", exclude={"dataset", "dataset_fingerprint"}),
        "outcome": result.outcome,
        **result.model_dump(mode="json"),
    }


def describe_machine() -> dict[str, Any]:
    """What the evaluation ran on, without anything that names the user or the host."""
    import torch

    return {
        "platform": platform.platform(),
        "python": platform.python_version(),
        "cpu": _cpu_name(),
        "cores": available_cores(),
        "gpu": torch.cuda.get_device_name(0) if torch.cuda.is_available() else None,
    }


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def write_json(path: Path, report: dict[str, Any]) -> None:
    """Write the report to `path`, whole or not at all."""
    write_text(path, json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


# ------------------------------------------------------------------------------------------------------------ terminal


def console() -> Console:
    """Standard output; wide where it is a pipe, so that whole rows can be searched."""
    return Console() if sys.stdout.isatty() else Console(width=160)


def summary_table(report: dict[str, Any]) -> Table:
    """The success table: overall, by task, by split; narrow enough for a terminal of 80 columns."""
    table = Table(title=_title(report), title_justify="left", header_style="bold", box=SIMPLE_HEAD, padding=(0, 1))
    table.caption = "rates in %; partial: right object lifted; dyn., sem.: dynamics and semantic failures"
    table.caption_justify = "left"
    table.add_column("episodes", no_wrap=True)
    for name in ("n", "success", "95 % interval", "partial", "dyn.", "sem.", "time"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_row("all", *_cells(report["overall"]), style="bold", end_section=True)
    for group in ("by_task", "by_split"):
        names = list(report[group])
        for name in names:
            table.add_row(name, *_cells(report[group][name]), end_section=name == names[-1])
    return table


def scene_table(report: dict[str, Any]) -> Table:
    """Success by scene, with instructions."""
    instructions = {episode["scene_id"]: episode["instruction"] for episode in report["episodes"]}
    table = Table(header_style="bold")
    table.add_column("scene", no_wrap=True)
    table.add_column("instruction")
    for name in ("success", "time"):
        table.add_column(name, justify="right", no_wrap=True)
    for scene_id, summary in report["by_scene"].items():
        rate = summary["success_rate"]
        color = "green" if rate == 1 else "yellow" if rate > 0 else "red"
        count = f"[{color}]{summary['success_count']}/{summary['episodes']}[/]"
        table.add_row(scene_id, instructions[scene_id], count, _seconds(summary))
    return table


def episode_table(report: dict[str, Any]) -> Table:
    """One row an episode: what was asked, and what came of it."""
    table = Table(header_style="bold")
    for name in ("scene", "split", "task"):
        table.add_column(name, no_wrap=True)
    table.add_column("instruction")
    table.add_column("outcome", no_wrap=True)
    table.add_column("time", justify="right", no_wrap=True)
    for episode in report["episodes"]:
        color = "green" if episode["success"] else "red"
        outcome = f"[{color}]{episode['outcome'].replace('_', ' ')}[/]"
        seconds = "-" if episode["time_to_success"] is None else f"{episode['time_to_success']:.1f} s"
        words = [episode[name] for name in ("scene_id", "split", "task", "instruction")]
        table.add_row(*words, outcome, seconds)
    return table


def _title(report: dict[str, Any]) -> str:
    configuration, dataset = report["configuration"], report["dataset"]
    return (
        f"{configuration['policy']} on {dataset['source']} - robot {', '.join(configuration['robots'])}, "
        f"randomization {configuration['randomization']}, seed {configuration['seed']}"
    )


def _cells(summary: dict[str, Any]) -> list[str]:
    low, high = summary["success_interval"]
    rates = [_percent(summary[f"{name}_rate"]) for name in ("partial_success", "dynamics_failure", "semantic_failure")]
    interval = f"{_percent(low)} - {_percent(high)}"
    return [str(summary["episodes"]), _percent(summary["success_rate"]), interval, *rates, _seconds(summary)]


def _percent(rate: float | None) -> str:
    return "-" if rate is None else f"{100 * rate:.1f}"


def _seconds(summary: dict[str, Any]) -> str:
    times = summary["time_to_success"]
    return "-" if times is None else f"{times['mean']:.1f} s"

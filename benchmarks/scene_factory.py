"""Builds a dataset as a user does, and measures what matters: time, acceptance, size, and whether the expert can do the tasks.

    python benchmarks/scene_factory.py --output outputs/benchmarks/scene_factory.json

The build runs as a command of its own, so that its time includes everything. The expert's episodes have seeds that the build
did not use.
"""

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tyro

from genworld_envs.evaluation import EvalConfig, evaluate, make_specs, summarize, summarize_by, write_json
from genworld_envs.evaluation.report import describe_machine
from genworld_envs.evaluation.runner import package_versions
from scene_hub.build.builder import REPORT
from scene_hub.dataset import SceneDataset
from scene_hub.pool import available_cores


@dataclass
class Arguments:
    """Measure the scene factory."""

    recipe: str = "paper"
    """What to build."""
    seed: int = 0
    """Seed of the build."""
    workers: int | None = None
    """Processes; by default one a core."""
    episodes: int = 3
    """Expert episodes for each scene."""
    eval_seed: int = 1
    """Seed of these episodes."""
    dataset: Path | None = None
    """Where to build; by default a temporary folder. A dataset that is there is measured without building it."""
    output: Path | None = None
    """Write the JSON here too."""


def build(folder: Path, arguments: Arguments, workers: int) -> float:
    """Seconds that the command line takes to build."""
    command = [sys.executable, "-m", "genworld_envs.cli.main", "scenes", "build", "--recipe", arguments.recipe]
    command += ["--out", str(folder), "--workers", str(workers), "--seed", str(arguments.seed)]
    start = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - start


def index_seconds(folder: Path) -> float:
    """Seconds to open the dataset: the fastest of three."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        SceneDataset.open(folder)
        times.append(time.perf_counter() - start)
    return min(times)


def expert(folder: Path, arguments: Arguments, workers: int) -> dict[str, Any]:
    """Success of the expert over all scenes."""
    dataset = SceneDataset.open(folder)
    specs = make_specs(dataset, source=str(folder), episodes=arguments.episodes, seed=arguments.eval_seed)
    pairs = list(zip(specs, evaluate(specs, EvalConfig(), workers=workers), strict=True))
    return {
        "overall": summarize([result for _, result in pairs]),
        "by_split": summarize_by(pairs, lambda spec: spec.split),
        "failed": [spec.name for spec, result in pairs if not result.success],
    }


def main(arguments: Arguments) -> None:
    workers = available_cores() if arguments.workers is None else arguments.workers
    with tempfile.TemporaryDirectory(prefix="genworld-bench-") as temporary:
        folder = (arguments.dataset or Path(temporary) / "scenes").absolute()
        seconds = None if folder.exists() else build(folder, arguments, workers)
        files = [path for path in folder.rglob("*") if path.is_file()]
        result = {
            "recipe": arguments.recipe,
            "seed": arguments.seed,
            "workers": workers,
            "build_seconds": None if seconds is None else round(seconds, 1),
            "megabytes": round(sum(path.stat().st_size for path in files) / 1e6, 1),
            "index_seconds": round(index_seconds(folder), 3),
            "fingerprint": SceneDataset.open(folder).fingerprint,
            "report": json.loads((folder / REPORT).read_text(encoding="utf-8")),
            "expert": expert(folder, arguments, workers),
            "machine": describe_machine(),
            "versions": package_versions(),
        }
    print(json.dumps(result, indent=2))
    if arguments.output is not None:
        write_json(arguments.output, result)


if __name__ == "__main__":
    main(tyro.cli(Arguments))

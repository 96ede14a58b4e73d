"""How much of a dataset on the Hub does one scene cost? Bytes and requests, counted by the tests' local Hub.

    genworld scenes build --recipe paper --out outputs/paper
    python benchmarks/hub_reading.py --dataset outputs/paper --output outputs/benchmarks/hub_reading.json

The client is the real `huggingface_hub`, over HTTP; a fresh cache for each measurement.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tyro

from genworld_envs.benchmark.machine import machine_facts, versions
from genworld_envs.evaluation import write_json
from scene_hub.dataset import SceneDataset

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "scene_hub"))
from hub_server import HubServer  # pyright: ignore[reportMissingImports]

REPO = "org/measured"


@dataclass
class Arguments:
    """Count what opening a dataset and fetching its scenes transfers."""

    dataset: Path
    """A dataset folder."""
    output: Path | None = None
    """Write the report here."""


def measured(hub: HubServer, home: Path, *options: str) -> dict[str, Any]:
    """What `genworld scenes pull` with `options` transfers."""
    hub.clear_log()
    source = f"hf://datasets/{REPO}@main"
    command = [sys.executable, "-m", "genworld_envs.cli.main", "scenes", "pull", source, *options]
    changed = hub.environment(home)
    environment = {name: value for name, value in {**os.environ, **changed}.items() if value is not None}
    start = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    return {"bytes": hub.bytes_sent(), "requests": hub.count(), "seconds": round(seconds, 2)}


def main(arguments: Arguments) -> dict[str, Any]:
    dataset = SceneDataset.open(arguments.dataset)
    total = sum(path.stat().st_size for path in arguments.dataset.rglob("*") if path.is_file())
    hub = HubServer()
    try:
        hub.create(REPO)
        hub.commit_folder(REPO, dataset.folder)
        with tempfile.TemporaryDirectory() as folder:
            one = measured(hub, Path(folder) / "one", "--count", "1")
            again = measured(hub, Path(folder) / "one", "--count", "1")
            every = measured(hub, Path(folder) / "all")
    finally:
        hub.stop()
    return {
        "dataset": {"scenes": len(dataset), "assets": len(dataset.asset_ids), "bytes": total},
        "one_scene": {**one, "share_of_bytes": round(one["bytes"] / total, 5)},
        "one_scene_again": again,
        "all_scenes": every,
        "machine": machine_facts(),
        "versions": versions(),
    }


if __name__ == "__main__":
    given = tyro.cli(Arguments)
    report = main(given)
    print(json.dumps(report, indent=2))
    if given.output is not None:
        write_json(given.output, report)

"""What importing EmbodiedGen's layouts takes, and whether imported scenes step as fast as ours.

    python benchmarks/imports.py --layouts path/to/layouts --output outputs/benchmarks/imports.json

Each layout is imported alone, by one command, with nothing in the cache. Steps are counted in one process, imported and starter
scenes taking turns; starter scenes with as many things that can be moved.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import tyro

import genworld_envs  # noqa: F401  (registers the ids)
from genworld_envs.benchmark.machine import machine_facts, versions
from genworld_envs.evaluation import write_json
from scene_hub.dataset import SceneDataset
from scene_hub.generate.embodiedgen.layouts import find_layouts

NUM_ENVS = 8


@dataclass
class Arguments:
    """Measure the import of layouts, and the steps of what comes of it."""

    layouts: Path
    """A layout folder, or a folder of them."""
    scale: str = "0.7"
    """As `genworld scenes import-embodiedgen --scale`."""
    rounds: int = 7
    """Of each kind of scenes."""
    steps: int = 60
    """Control steps a round."""
    output: Path | None = None
    """Write the report here."""


def imported(layout: Path, out: Path, scale: str, cache: Path) -> dict[str, Any]:
    """Import one layout, and say what that took."""
    words = ["scenes", "import-embodiedgen", str(layout), "--out", str(out), "--scale", scale]
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "genworld_envs.cli.main", *words],
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    seconds = time.perf_counter() - start
    scene = SceneDataset.open(out).scenes()[0]
    return {"layout": layout.name, "movables": len(scene.movables), "seconds": round(seconds, 1)}


def steps_a_second(env: Any, scene_ids: Sequence[str], steps: int) -> float:
    """Environment steps a second of one batch, from a reset on, with small random actions."""
    rng = np.random.default_rng(0)
    shape = (NUM_ENVS, env.single_action_space.shape[0])
    env.reset(seed=0, options={"scene_id": [scene_ids[i % len(scene_ids)] for i in range(NUM_ENVS)]})
    actions = rng.uniform(-0.3, 0.3, size=(steps, *shape)).astype(np.float32)
    start = time.perf_counter()
    for action in actions:
        env.step(action)
    return steps * NUM_ENVS / (time.perf_counter() - start)


def compared(folders: Sequence[Path], obs_mode: str, arguments: Arguments) -> dict[str, Any]:
    """Steps a second in imported and in starter scenes, in turns, and their ratio."""
    sources = ["starter", *map(str, folders)]
    dataset = SceneDataset.open(sources)
    own = [scene_id for folder in folders for scene_id in SceneDataset.open(folder).scene_ids]
    sizes = {len(dataset.scene(scene_id).movables) for scene_id in own}
    ours = [scene.id for scene in SceneDataset.open("starter").scenes() if len(scene.movables) in sizes]
    env = gym.make("GenWorld-v0", num_envs=NUM_ENVS, scenes=sources, obs_mode=obs_mode).unwrapped
    kinds = {"imported": own, "starter": ours}
    found: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(arguments.rounds + 1):  # the first warms up
        for kind, scene_ids in kinds.items():
            found[kind].append(steps_a_second(env, scene_ids, arguments.steps))
    env.close()
    medians = {kind: round(statistics.median(rates[1:]), 1) for kind, rates in found.items()}
    return {**medians, "ratio": round(medians["imported"] / medians["starter"], 3)}


def main(arguments: Arguments) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        layouts = [path.parent for path in find_layouts(arguments.layouts)]
        folders = [root / f"scenes-{index}" for index in range(len(layouts))]
        imports = [
            imported(layout, folder, arguments.scale, root / f"cache-{index}")
            for index, (layout, folder) in enumerate(zip(layouts, folders, strict=True))
        ]
        rates = {obs_mode: compared(folders, obs_mode, arguments) for obs_mode in ("state", "rgb")}
    return {
        "imports": imports,
        "scale": arguments.scale,
        "num_envs": NUM_ENVS,
        "steps_per_second": rates,
        "machine": machine_facts(),
        "versions": versions(),
    }


if __name__ == "__main__":
    given = tyro.cli(Arguments)
    report = main(given)
    print(json.dumps(report, indent=2))
    if given.output is not None:
        write_json(given.output, report)

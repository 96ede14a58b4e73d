"""Does memory stay flat over resets on different scenes? Prints the slope as JSON.

    python benchmarks/reset_memory.py --resets 200 --obs-mode state

Each reset takes the next scene, so each rebuilds the simulation. The slope is fitted over the second half of the
resets: in the first, caches (meshes, shaders, the allocator's arenas) fill.
"""

import ctypes
import gc
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import gymnasium as gym
import numpy as np
import tyro

import genworld_envs  # noqa: F401  (registers the ids)
from scene_hub.dataset import SceneDataset


@dataclass
class Arguments:
    """Measure resident memory over resets on different scenes."""

    resets: int = 200
    """How many resets."""
    scenes: str = "starter"
    """Where the scenes come from."""
    obs_mode: str = "state"
    """Observations; "rgb" also renders at each reset."""
    robot: str = "panda"
    """Which robot."""
    output: Path | None = None
    """Write the JSON here too, with the memory after each reset."""


def resident_bytes() -> int:
    """This process's resident memory, after the allocator gave back what it holds unused."""
    gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main(arguments: Arguments) -> None:
    scene_ids = [scene.id for scene in SceneDataset.open(arguments.scenes).scenes()]
    env = gym.make("GenWorld-v0", scenes=arguments.scenes, obs_mode=arguments.obs_mode, robot_uids=arguments.robot)
    memory, seconds = [], []
    for index in range(arguments.resets):
        start = time.perf_counter()
        env.reset(seed=index, options={"scene_id": scene_ids[index % len(scene_ids)]})
        seconds.append(time.perf_counter() - start)
        env.step(np.zeros(env.action_space.shape or (), np.float32))
        memory.append(resident_bytes())
    env.close()
    half = len(memory) // 2
    slope = float(np.polyfit(np.arange(half, len(memory)), memory[half:], 1)[0]) if len(memory) >= 4 else float("nan")
    result = {
        "resets": len(memory),
        "scenes": len(scene_ids),
        "obs_mode": arguments.obs_mode,
        "robot": arguments.robot,
        "first_megabytes": round(memory[0] / 1e6, 1),
        "middle_megabytes": round(memory[half] / 1e6, 1),
        "last_megabytes": round(memory[-1] / 1e6, 1),
        "slope_kilobytes_per_reset": round(slope / 1e3, 2),
        "median_reset_seconds": round(float(np.median(seconds)), 4),
    }
    print(json.dumps(result, indent=2))
    if arguments.output is not None:
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        arguments.output.write_text(json.dumps({**result, "memory_bytes": memory}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(tyro.cli(Arguments))

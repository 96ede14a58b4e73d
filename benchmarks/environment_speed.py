"""How fast are environments on this machine? Prints a table; the report also goes to --output as JSON.

    python benchmarks/environment_speed.py --obs-modes state rgb --robots panda

Each row is measured in a process of its own: the time from nothing to the first observation, a reset to another scene
(which builds it), and control steps with random actions, the median of `--repeats` runs of `--steps`.
"""

import json
import platform
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tyro


@dataclass
class Arguments:
    """Measure the speed of single environments."""

    obs_modes: tuple[str, ...] = ("state", "rgb", "rgb+depth+segmentation")
    """Which observations."""
    robots: tuple[str, ...] = ("panda",)
    """Which robots."""
    env_id: str = "GenWorld-v0"
    """Which environment."""
    steps: int = 50
    """Control steps in a run."""
    repeats: int = 5
    """Runs and resets; the median counts."""
    output: Path | None = None
    """Write the report here."""
    measure: bool = False
    """Measure the first observations and robot in this process and print the row as JSON (for the program itself)."""


def measure(arguments: Arguments) -> dict[str, Any]:
    """One row of the table, measured in this process."""
    start = time.perf_counter()
    import gymnasium as gym

    import genworld_envs  # noqa: F401  (registers the ids)

    env = gym.make(arguments.env_id, obs_mode=arguments.obs_modes[0], robot_uids=arguments.robots[0])
    env.reset(seed=0)
    first_observation_s = time.perf_counter() - start

    resets, rates = [], []
    env.action_space.seed(0)
    for repeat in range(arguments.repeats):
        start = time.perf_counter()
        env.reset(seed=repeat + 1)
        resets.append(time.perf_counter() - start)
        actions = [env.action_space.sample() for _ in range(arguments.steps)]
        start = time.perf_counter()
        for action in actions:
            env.step(action)
        rates.append(arguments.steps / (time.perf_counter() - start))
    env.close()
    return {
        "obs_mode": arguments.obs_modes[0],
        "robot": arguments.robots[0],
        "first_observation_s": round(first_observation_s, 2),
        "reset_s": round(statistics.median(resets), 3),
        "steps_per_s": round(statistics.median(rates), 1),
    }


def measure_in_a_process(arguments: Arguments, obs_mode: str, robot: str) -> dict[str, Any]:
    command = [sys.executable, __file__, "--measure", "--obs-modes", obs_mode, "--robots", robot]
    command += ["--env-id", arguments.env_id, "--steps", str(arguments.steps), "--repeats", str(arguments.repeats)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"measuring obs_mode {obs_mode!r} with robot {robot!r} failed:\n{done.stderr}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    from genworld_envs.cli.doctor import check_torch, check_vulkan

    cpu = next(
        (line.partition(":")[2].strip() for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")),
        platform.processor(),
    )
    return {"cpu": cpu, "torch": check_torch().detail, "vulkan": check_vulkan().detail, "os": platform.platform()}


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def main(arguments: Arguments) -> None:
    if arguments.measure:
        print(json.dumps(measure(arguments)))
        return
    from rich.console import Console
    from rich.table import Table

    rows = [
        measure_in_a_process(arguments, obs_mode, robot)
        for robot in arguments.robots
        for obs_mode in arguments.obs_modes
    ]
    table = Table(title=f"{arguments.env_id}, one environment", title_justify="left")
    for column in rows[0]:
        table.add_column(column.replace("_", " "), justify="left" if column in ("obs_mode", "robot") else "right")
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    Console().print(table)
    if arguments.output is not None:
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        report = {"machine": machine(), "env_id": arguments.env_id, "rows": rows}
        arguments.output.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
        print(f"report: {arguments.output}")


if __name__ == "__main__":
    main(tyro.cli(Arguments))

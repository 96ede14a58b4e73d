"""Does a batch last? Thousands of steps with random resets, scene changes, broken actions and exploding bodies.

    python benchmarks/soak.py --steps 20000 --output outputs/benchmarks/soak.json

Ends with exit code 1 where an observation was not finite, a fault reached another sub-environment or was not flagged, or memory
grew by more than `--slope` a step.
"""

import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import torch
import tyro
from rich.progress import track

import genworld_envs  # noqa: F401  (registers the ids)
from genworld_envs.batched_env import GenWorldBatchedEnv
from genworld_envs.benchmark.machine import machine_facts
from genworld_envs.benchmark.worker import resident_bytes


@dataclass
class Arguments:
    """Step a batch for long, and break some of it on the way."""

    steps: int = 20_000
    """Batched control steps."""
    num_envs: int = 8
    """Sub-environments."""
    obs_mode: str = "state"
    """Observations; "rgb" renders."""
    scenes: str = "starter"
    """Where the scenes come from."""
    reset_share: float = 0.01
    """Probability that a sub-environment is reset before its episode ends, each step; half of these resets name a scene."""
    fault_share: float = 0.0005
    """Probability that a sub-environment gets a NaN, or a body of it flies off, each step."""
    slope: float = 500.0
    """Bytes a step by which memory may grow over the second half."""
    seed: int = 0
    output: Path | None = None
    """Write the report here."""


@dataclass
class Report:
    """What happened."""

    steps: int = 0
    resets: int = 0
    scene_changes: int = 0
    nan_actions: int = 0
    explosions: int = 0
    faults_flagged: int = 0
    faults_missed: int = 0
    faults_elsewhere: int = 0
    not_finite: int = 0
    seconds: float = 0.0
    bytes_per_step: float = 0.0
    middle_megabytes: float = 0.0
    last_megabytes: float = 0.0

    def verdict(self, slope: float) -> list[str]:
        """What is wrong; nothing if all is well."""
        problems = {
            "observations that are not finite": self.not_finite,
            "faults that were not flagged": self.faults_missed,
            "faults in sub-environments that nobody broke": self.faults_elsewhere,
        }
        found = [f"{count} {what}" for what, count in problems.items() if count]
        if self.bytes_per_step > slope:
            found.append(f"memory grows by {self.bytes_per_step:.0f} bytes a step")
        return found


def run(arguments: Arguments) -> Report:
    """Step, reset and break, and count what comes of it."""
    rng, report, memory = np.random.default_rng(arguments.seed), Report(), []
    made: Any = gym.make(
        "GenWorld-v0",
        num_envs=arguments.num_envs,
        obs_mode=arguments.obs_mode,
        scenes=arguments.scenes,
        sim_backend="cpu",
    )
    env: GenWorldBatchedEnv = made.unwrapped
    ids, count = [scene.id for scene in env.pool], arguments.num_envs
    env.reset(seed=arguments.seed)
    start = time.perf_counter()
    for step in track(range(arguments.steps), description="stepping", disable=not sys.stdout.isatty()):
        actions = rng.uniform(-1, 1, (count, env.single_action_space.shape[0])).astype(np.float32)
        broken = rng.random(count) < arguments.fault_share
        for index in np.nonzero(broken)[0]:
            if rng.random() < 0.5:
                actions[index, 0] = np.nan
                report.nan_actions += 1
            else:
                env.loaded.movables[0]._bodies[index].linear_velocity = np.full(3, 1e8, np.float32)
                report.explosions += 1
        observation, _, terminated, truncated, info = env.step(actions)
        fault = info["fault"].numpy()
        report.faults_flagged += int((fault & broken).sum())
        report.faults_missed += int((~fault & broken).sum())
        report.faults_elsewhere += int((fault & ~broken).sum())
        report.not_finite += int(sum(not torch.isfinite(value).all() for value in _tensors(observation)))
        due = (terminated | truncated).numpy() | (rng.random(count) < arguments.reset_share)
        if due.any():
            indices = np.nonzero(due)[0].tolist()
            before = [env.scenes[index].id for index in indices]
            options: dict[str, Any] = {"env_idx": indices}
            if rng.random() < 0.5:
                options["scene_id"] = rng.choice(ids, len(indices)).tolist()
            env.reset(options=options)
            report.resets += len(indices)
            report.scene_changes += sum(env.scenes[i].id != scene for i, scene in zip(indices, before, strict=True))
        if step % max(1, arguments.steps // 200) == 0:
            memory.append((step, resident_bytes()))
    report.steps, report.seconds = arguments.steps, round(time.perf_counter() - start, 1)
    half = memory[len(memory) // 2 :]
    at, size = np.array(half, dtype=np.float64).T
    report.bytes_per_step = round(float(np.polyfit(at, size, 1)[0]), 1)
    report.middle_megabytes, report.last_megabytes = round(half[0][1] / 1e6, 1), round(half[-1][1] / 1e6, 1)
    env.close()
    return report


def _tensors(observation: Any) -> list[torch.Tensor]:
    if isinstance(observation, dict):
        return [tensor for value in observation.values() for tensor in _tensors(value)]
    return [observation] if observation.is_floating_point() else []


def main(arguments: Arguments) -> None:
    torch.set_num_threads(1)
    report = run(arguments)
    problems = report.verdict(arguments.slope)
    result = {
        "machine": machine_facts(),
        "arguments": {name: value for name, value in asdict(arguments).items() if name != "output"},
        **asdict(report),
        "problems": problems,
    }
    print(json.dumps(asdict(report), indent=2))
    if arguments.output is not None:
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        arguments.output.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    if problems:
        sys.exit("; ".join(problems))


if __name__ == "__main__":
    main(tyro.cli(Arguments))

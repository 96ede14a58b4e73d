"""Runs episode specs: any order, any number of workers, the same results; goes on where it was interrupted."""

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

import gymnasium as gym
import numpy as np
from pydantic import Field, ValidationError

from genworld_envs.evaluation.metrics import EpisodeResult
from genworld_envs.evaluation.policies import Policy, find_policy
from genworld_envs.evaluation.specs import EpisodeSpec
from genworld_envs.evaluation.video import PLAYBACK_SPEED, write_image, write_video
from genworld_envs.rendering import resolve_render_backend
from scene_hub.errors import GenWorldError
from scene_hub.pool import Failure, run_jobs
from scene_hub.schema import Record, sha256_text

PACKAGES = ("genworld-envs", "mani-skill", "sapien", "gymnasium", "torch", "numpy")

_log = logging.getLogger("genworld")


class EvalConfig(Record):
    """What all episodes of an evaluation share. With the specs it decides every result.

    Attributes:
        policy: name of a policy, see `genworld_envs.evaluation.policies.POLICIES`.
        randomization: preset of domain randomization.
        control_mode: action space; None takes the robot's default.
        obs_mode: observations; None takes what the policy wants.
        env_id: the Gymnasium id that is evaluated; the default knows every task.
        env_kwargs: further arguments of `gym.make`.
        videos: folder for recordings, None makes none.
        videos_of: which episodes are kept there.
        poster: also write each recording's first frame as a .jpg.
        epilogue_steps: record so many steps after a success, for the eye; they count for nothing.
    """

    policy: str = "expert"
    randomization: str = "paper"
    control_mode: str | None = None
    obs_mode: str | None = None
    env_id: str = "GenWorld-v0"
    env_kwargs: dict[str, Any] = Field(default_factory=dict)
    videos: str | None = None
    videos_of: Literal["all", "failures"] = "all"
    poster: bool = False
    epilogue_steps: int = 0


class EvaluationFailedError(GenWorldError, RuntimeError):
    """Episodes could not be run to their end, in two attempts each; the others' results are kept for the next run."""


def package_versions() -> dict[str, str]:
    """Versions of the packages that decide results; "source" for one that runs without being installed."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "source"
    return found


class EpisodeRunner:
    """Runs one episode after another, in one environment as long as dataset and robot stay the same."""

    def __init__(self, config: EvalConfig) -> None:
        self._config = config
        self._env: gym.Env | None = None
        self._made_for: tuple[str, str] | None = None

    def __call__(self, spec: EpisodeSpec) -> EpisodeResult:
        """Run the episode that `spec` describes.

        Raises:
            GenWorldError: the environment refuses the scene, the robot or another option.
        """
        env = self.environment(spec)
        policy = find_policy(self._config.policy).make()
        frames: list[np.ndarray] | None = None if self._config.videos is None else []
        result = run_episode(env, policy, spec, frames, self._config.epilogue_steps)
        if frames is not None and (self._config.videos_of == "all" or not result.success):
            result = result.model_copy(update={"video": self._record(spec, result, frames)})
        return result

    def environment(self, spec: EpisodeSpec) -> gym.Env:
        """The environment for `spec`, not reset."""
        if self._env is None or self._made_for != (spec.dataset, spec.robot):
            self.close()
            self._env = make_env(self._config, spec)
            self._made_for = (spec.dataset, spec.robot)
        return self._env

    def close(self) -> None:
        if self._env is not None:
            self._env.close()
            self._env = None

    def _record(self, spec: EpisodeSpec, result: EpisodeResult, frames: list[np.ndarray]) -> str:
        assert self._config.videos is not None
        folder = Path(self._config.videos)
        name = f"{spec.name}-{'success' if result.success else 'failure'}.mp4"
        fps = self.environment(spec).metadata["render_fps"] * PLAYBACK_SPEED
        write_video(folder / name, frames, fps=fps)
        if self._config.poster:
            write_image((folder / name).with_suffix(".jpg"), frames[0])
        return name


def make_env(config: EvalConfig, spec: EpisodeSpec) -> gym.Env:
    """The standard environment for `spec`, over the whole dataset: an episode never depends on which others are run."""
    if ":" not in config.env_id:
        import genworld_envs  # noqa: F401  (registers the ids)
    options = {
        "scenes": spec.dataset,
        "robot_uids": spec.robot,
        "obs_mode": config.obs_mode or find_policy(config.policy).obs_mode,
        "randomization": config.randomization,
        "render_mode": None if config.videos is None else "rgb_array",
        **({} if config.control_mode is None else {"control_mode": config.control_mode}),
        **config.env_kwargs,
    }
    return gym.make(config.env_id, **options)


def run_episode(
    env: gym.Env,
    policy: Policy,
    spec: EpisodeSpec,
    frames: list[np.ndarray] | None = None,
    epilogue_steps: int = 0,
) -> EpisodeResult:
    """Run `policy` in `env` from `spec`'s reset until the environment ends the episode.

    `frames`, when given, receives a rendered frame after the reset and after each step, and after each of
    `epilogue_steps` more steps that follow a success without being part of the episode.
    """
    obs, info = env.reset(seed=spec.seed, options={"scene_id": spec.scene_id})
    policy.reset(env, spec.seed)
    _add_frame(env, frames)
    trajectory, total_reward, steps, done = hashlib.sha256(), 0.0, 0, False
    success = partial_success = wrong_object = False
    stage = 0
    while not done:
        action = policy.act(obs, info)
        _add_to_hash(trajectory, obs, action)
        obs, reward, terminated, truncated, info = env.step(action)
        _add_to_hash(trajectory, reward)
        _add_frame(env, frames)
        done, steps, total_reward = bool(terminated or truncated), steps + 1, total_reward + float(reward)
        success = bool(info["success"])
        partial_success |= bool(info["partial_success"])
        wrong_object |= bool(info["semantic_failure"])
        stage = max(stage, int(info["stage"]))
    seconds = float(info["time_to_success"]) if success else None
    for _ in range(epilogue_steps if success and frames is not None else 0):
        obs, _, _, _, info = env.step(policy.act(obs, info))
        _add_frame(env, frames)
    return EpisodeResult(
        success=success,
        partial_success=partial_success or success,
        wrong_object=wrong_object,
        time_to_success=seconds,
        steps=steps,
        total_reward=total_reward,
        stage=stage,
        trajectory_sha256=trajectory.hexdigest(),
    )


def _add_to_hash(trajectory: Any, *values: Any) -> None:
    for value in values:
        if not isinstance(value, dict):
            trajectory.update(np.ascontiguousarray(value, dtype="<f4").tobytes())


def _add_frame(env: gym.Env, frames: list[np.ndarray] | None) -> None:
    if frames is not None:
        frames.append(np.asarray(env.render(), dtype=np.uint8))


class PartialFile:
    """Results of an unfinished evaluation, one JSON line each, beside where its report will be.

    A line counts only for the very same spec, configuration and package versions; lines cut off by a crash are skipped.
    """

    def __init__(self, report: Path, config: EvalConfig) -> None:
        self.path = report.with_name(f"{report.stem}.partial.jsonl")
        self._config = config
        versions = json.dumps(package_versions(), sort_keys=True)
        self._prefix = sha256_text(f"{config.canonical_json()}\n{versions}")

    def key(self, spec: EpisodeSpec) -> str:
        """What identifies an episode's result; its place in the list does not matter."""
        return sha256_text(f"{self._prefix}\n{spec.model_copy(update={'index': 0}).canonical_json()}")

    def read(self, specs: Sequence[EpisodeSpec]) -> dict[int, EpisodeResult]:
        """Results that are there already, by position in `specs`."""
        if not self.path.exists():
            return {}
        lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        known = dict(entry for line in lines if (entry := self._parse(line)) is not None)
        found = ((position, known.get(self.key(spec))) for position, spec in enumerate(specs))
        return {position: result for position, result in found if result is not None and self._has_video(result)}

    def append(self, spec: EpisodeSpec, result: EpisodeResult) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"key": self.key(spec), "result": result.model_dump(mode="json")})
        with self.path.open("a", encoding="utf-8") as file:
            # A line that a crash cut short has no end: begin on a new one, or both are lost.
            file.write(f"\n{line}\n" if file.tell() else f"{line}\n")

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)

    def _parse(self, line: str) -> tuple[str, EpisodeResult] | None:
        try:
            entry = json.loads(line)
            return str(entry["key"]), EpisodeResult.model_validate(entry["result"])
        except (ValueError, KeyError, TypeError, ValidationError):
            return None

    def _has_video(self, result: EpisodeResult) -> bool:
        return result.video is None or (Path(self._config.videos or ".") / result.video).exists()


def evaluate(
    specs: Sequence[EpisodeSpec],
    config: EvalConfig,
    workers: int = 1,
    partial_file: PartialFile | None = None,
    on_result: Callable[[EpisodeSpec, EpisodeResult], None] = lambda spec, result: None,
) -> list[EpisodeResult]:
    """The result of each spec, in the order of `specs`.

    Args:
        specs: what to run.
        config: how.
        workers: processes; the results do not depend on their number.
        partial_file: where results are kept while the evaluation goes on, and found by the next run after an interrupt.
        on_result: called for each episode as it is done, found ones first.

    Raises:
        EvaluationFailedError: episodes failed twice. All others were run, and their results are in `partial_file`.
        GenWorldError: an option is wrong, or scene data is broken.
    """
    find_policy(config.policy)
    if config.videos is not None:
        resolve_render_backend()  # here first: workers inherit the choice, and it is spoken of once
    results = {} if partial_file is None else partial_file.read(specs)
    for position in sorted(results):
        on_result(specs[position], results[position])
    missing = [position for position in range(len(specs)) if position not in results]
    jobs = [specs[position] for position in missing]
    failures: list[tuple[EpisodeSpec, Failure]] = []
    outcomes = run_jobs(partial(EpisodeRunner, config), jobs, workers, group=lambda spec: spec.scene_id)
    for job, outcome in outcomes:
        if isinstance(outcome, Failure):
            failures.append((jobs[job], outcome))
            continue
        results[missing[job]] = outcome
        if partial_file is not None:
            partial_file.append(jobs[job], outcome)
        on_result(jobs[job], outcome)
    if failures:
        raise _failed(failures, len(specs), partial_file)
    return [results[position] for position in range(len(specs))]


def _failed(
    failures: list[tuple[EpisodeSpec, Failure]], total: int, partial_file: PartialFile | None
) -> EvaluationFailedError:
    failures.sort(key=lambda entry: entry[0].index)
    for spec, failure in failures:
        _log.error("%s: %s\n%s", spec.name, failure.message, failure.detail)
    listed = "".join(
        f"\n  {spec.name} (seed {spec.seed}, robot {spec.robot}): {failure.message}" for spec, failure in failures[:5]
    )
    more = f"\n  and {len(failures) - 5} more" if len(failures) > 5 else ""
    kept = (
        f"; the other results are in {partial_file.path}, and the same command runs only these" if partial_file else ""
    )
    return EvaluationFailedError(f"{len(failures)} of {total} episodes failed twice{kept}:{listed}{more}")

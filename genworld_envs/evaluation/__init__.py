"""Evaluation: frozen episode specs, a runner with the same result on any number of workers, and its report."""

from genworld_envs.evaluation.metrics import (
    EpisodeResult,
    bootstrap_interval,
    summarize,
    summarize_by,
    wilson_interval,
)
from genworld_envs.evaluation.policies import POLICIES, Policy, find_policy
from genworld_envs.evaluation.report import make_report, write_json
from genworld_envs.evaluation.runner import EvalConfig, EvaluationFailedError, PartialFile, evaluate, run_episode
from genworld_envs.evaluation.specs import EpisodeSpec, episode_seed, make_specs

__all__ = [
    "POLICIES",
    "EpisodeResult",
    "EpisodeSpec",
    "EvalConfig",
    "EvaluationFailedError",
    "PartialFile",
    "Policy",
    "bootstrap_interval",
    "episode_seed",
    "evaluate",
    "find_policy",
    "make_report",
    "make_specs",
    "run_episode",
    "summarize",
    "summarize_by",
    "wilson_interval",
    "write_json",
]

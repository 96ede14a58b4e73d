"""Task families: one file each, whose docstring states task, randomizations and success.

Each module has `success(state)`, `stage(state)` and `dense_reward(state)`, pure functions of a `TaskState`. A batch may mix
families: the functions below compute each family on the whole batch and take the rows that belong to it.
"""

from collections.abc import Callable
from types import ModuleType

import torch

from genworld_envs.tasks import pick, put_in, put_on, stack
from genworld_envs.tasks.state import TaskState
from scene_hub.schema import TASK_FAMILIES, TaskFamily

FAMILIES: dict[TaskFamily, ModuleType] = {"put_on": put_on, "put_in": put_in, "stack": stack, "pick": pick}


def family_index(task: TaskFamily) -> int:
    """The number that stands for `task` in a `family` tensor and in state observations (one-hot)."""
    return TASK_FAMILIES.index(task)


def success(state: TaskState, family: torch.Tensor) -> torch.Tensor:
    """[N] bool, by the rule of each row's family."""
    return _by_family("success", state, family)


def stage(state: TaskState, family: torch.Tensor) -> torch.Tensor:
    """[N] int64, how far the row's task has come: 0 reach, 1 grasped, 2 lifted, 3 above the receptacle, 4 done."""
    return _by_family("stage", state, family)


def dense_reward(state: TaskState, family: torch.Tensor) -> torch.Tensor:
    """[N] float in [0, 1]."""
    return _by_family("dense_reward", state, family)


def _by_family(function: str, state: TaskState, family: torch.Tensor) -> torch.Tensor:
    result: torch.Tensor | None = None
    for index in family.unique().tolist():
        rule: Callable[[TaskState], torch.Tensor] = getattr(FAMILIES[TASK_FAMILIES[index]], function)
        values = rule(state)
        result = values if result is None else torch.where(family == index, values, result)
    assert result is not None, "a batch has at least one sub-environment"
    return result

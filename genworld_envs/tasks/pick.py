"""Pick: grasp the object and hold it up ("pick up the lemon").

**Randomizations** (by preset, see `genworld_envs.randomization`): which scene; position and yaw of every movable, without
overlap and within the robot's reach; the arm's joints; camera, light, colours, friction, mass, action noise and latency.

**Success**: both fingers hold the object, it is at least `PICK_HEIGHT` above where it lay and touches no table. (The paper
has no such task; the rule is that of its partial success, held higher.)
**Stages**: 0 reach, 1 grasped, 2 lifted, 4 done.
**Dense reward**: reach up to 0.2, grasp 0.4, lift up to 0.9, success 1.
"""

import torch

from genworld_envs.tasks.state import TaskState, reach_progress

PICK_HEIGHT = 0.08
"""Metres above its resting height at which a held object counts as picked up."""


def success(state: TaskState) -> torch.Tensor:
    """[N] bool."""
    return state.right_grasped & ~state.touches_table & (state.height_gain >= PICK_HEIGHT)


def stage(state: TaskState) -> torch.Tensor:
    """[N] int64 in {0, 1, 2, 4}."""
    stage = state.right_grasped.long()
    stage = torch.where(state.lifted, 2, stage)
    return torch.where(success(state), 4, stage)


def dense_reward(state: TaskState) -> torch.Tensor:
    """[N] float in [0, 1]."""
    lift = (state.height_gain / PICK_HEIGHT).clamp(0, 1)
    reward = torch.where(state.right_grasped, 0.4 + 0.5 * lift, 0.2 * reach_progress(state))
    return torch.where(success(state), torch.ones_like(reward), reward)

"""Put-on: grasp the object and lay it on a flat receptacle ("put the knife on the cutting board").

**Randomizations** (by preset, see `genworld_envs.randomization`): which scene; position and yaw of every movable, without
overlap and within the robot's reach; the arm's joints; camera, light, colours, friction, mass, action noise and latency.

**Success**: the object touches the receptacle, and neither the table nor the robot (arXiv 2603.18532).
**Stages**: 0 reach, 1 grasped, 2 lifted, 3 above the receptacle, 4 done.
**Dense reward**: `genworld_envs.tasks.state.transfer_reward`, in [0, 1].
"""

import torch

from genworld_envs.tasks.state import TaskState, rests_on_receptacle, transfer_reward, transfer_stage


def success(state: TaskState) -> torch.Tensor:
    """[N] bool."""
    return rests_on_receptacle(state)


def stage(state: TaskState) -> torch.Tensor:
    """[N] int64 in 0..4."""
    return transfer_stage(state, success(state))


def dense_reward(state: TaskState) -> torch.Tensor:
    """[N] float in [0, 1]."""
    return transfer_reward(state, success(state))

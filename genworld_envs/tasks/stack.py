"""Stack: grasp the object and set it down on another of its kind ("stack the blue block on the yellow block").

**Randomizations** (by preset, see `genworld_envs.randomization`): which scene; position and yaw of every movable, without
overlap and within the robot's reach; the arm's joints; camera, light, colours, friction, mass, action noise and latency.

**Success**: the object touches the one below, and neither the table nor the robot (arXiv 2603.18532), and its middle is
above the lower one's top: an object that merely leans on its neighbour is not stacked.
**Stages**: 0 reach, 1 grasped, 2 lifted, 3 above the lower one, 4 done.
**Dense reward**: `genworld_envs.tasks.state.transfer_reward`, in [0, 1].
"""

import torch

from genworld_envs.tasks.state import TaskState, rests_on_receptacle, transfer_reward, transfer_stage


def success(state: TaskState) -> torch.Tensor:
    """[N] bool."""
    return rests_on_receptacle(state) & (state.object_center[:, 2] > state.support[:, 2])


def stage(state: TaskState) -> torch.Tensor:
    """[N] int64 in 0..4."""
    return transfer_stage(state, success(state))


def dense_reward(state: TaskState) -> torch.Tensor:
    """[N] float in [0, 1]."""
    return transfer_reward(state, success(state))

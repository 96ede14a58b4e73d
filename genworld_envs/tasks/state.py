"""The facts that success, stages and rewards are computed from: batched tensors, one row a sub-environment.

Everything is in the scene frame (see `scene_hub.schema`): metres, quaternions (w, x, y, z). `N` is the number of
sub-environments, `M` the number of movable slots: slot 0 is the object that the instruction names first, slot 1 the
receptacle (absent for "pick"), slots 2 and up are distractors. `present` says which slots a sub-environment's scene fills.
"""

from dataclasses import dataclass
from functools import cached_property

import torch
from mani_skill.utils.geometry.rotation_conversions import quaternion_apply

LIFT_HEIGHT = 0.03
"""How far above its resting height an object counts as lifted, metres (partial success)."""


@dataclass(frozen=True)
class TaskState:
    position: torch.Tensor
    """[N, M, 3] origin of each movable (the point below the middle of its bounding box, in its resting pose)."""
    quaternion: torch.Tensor
    """[N, M, 4] orientation of each movable."""
    extents: torch.Tensor
    """[N, M, 3] bounding box size of each movable in its own frame."""
    present: torch.Tensor
    """[N, M] bool, the slot is filled."""
    start_position: torch.Tensor
    """[N, M, 3] `position` at the beginning of the episode."""
    support: torch.Tensor
    """[N, 3] middle of the receptacle's supporting surface now; zeros without a receptacle."""
    support_half_extents: torch.Tensor
    """[N, 2] clear half size of that surface along the receptacle's own x and y."""
    rim_height: torch.Tensor
    """[N] height that an incoming object has to clear to get in, z in the scene frame."""
    tcp_position: torch.Tensor
    """[N, 3] the point between the fingers."""
    tcp_quaternion: torch.Tensor
    """[N, 4] orientation of the grasp frame: z = approach, y = closing."""
    gripper_share: torch.Tensor
    """[N] in [0, 1]: 0 closed, 1 open."""
    grasped: torch.Tensor
    """[N, M] bool, both fingers press on the movable."""
    touches_receptacle: torch.Tensor
    """[N] bool, the object is in contact with the receptacle."""
    touches_table: torch.Tensor
    """[N] bool, the object is in contact with the table."""
    touches_robot: torch.Tensor
    """[N] bool, the object is in contact with the robot."""

    @cached_property
    def object_center(self) -> torch.Tensor:
        """[N, 3] middle of the object's bounding box."""
        up = torch.zeros_like(self.position[:, 0])
        up[:, 2] = self.extents[:, 0, 2] / 2
        return self.position[:, 0] + quaternion_apply(self.quaternion[:, 0], up)

    @property
    def goal_center(self) -> torch.Tensor:
        """[N, 3] where the middle of the object is when it rests upright on the receptacle's support."""
        goal = self.support.clone()
        goal[:, 2] += self.extents[:, 0, 2] / 2
        return goal

    @property
    def height_gain(self) -> torch.Tensor:
        """[N] how far the object has risen since the episode began."""
        return self.position[:, 0, 2] - self.start_position[:, 0, 2]

    @property
    def right_grasped(self) -> torch.Tensor:
        return self.grasped[:, 0]

    @property
    def wrong_grasped(self) -> torch.Tensor:
        """[N] bool, the gripper holds something other than the object."""
        return self.grasped[:, 1:].any(dim=1)

    @property
    def lifted(self) -> torch.Tensor:
        """[N] bool, the right object is held above where it lay (the paper's partial success)."""
        return self.right_grasped & (self.height_gain > LIFT_HEIGHT)


def rests_on_receptacle(state: TaskState) -> torch.Tensor:
    """[N] bool: the success rule of arXiv 2603.18532, contact(A, B) and not contact(A, table) and not contact(A, robot)."""
    return state.touches_receptacle & ~state.touches_table & ~state.touches_robot


def above_receptacle(state: TaskState) -> torch.Tensor:
    """[N] bool: the object's middle is within the support's clear area, seen from above."""
    offset = (state.object_center - state.support)[:, :2].norm(dim=1)
    return offset < state.support_half_extents.min(dim=1).values.clamp(min=0.02)


def transfer_stage(state: TaskState, success: torch.Tensor) -> torch.Tensor:
    """[N] int64 stage of a task that ends on a receptacle: 0 reach, 1 grasped, 2 lifted, 3 above the receptacle, 4 done."""
    stage = state.right_grasped.long()
    stage = torch.where(state.lifted, 2, stage)
    stage = torch.where(state.right_grasped & above_receptacle(state), 3, stage)
    return torch.where(success, 4, stage)


def reach_progress(state: TaskState) -> torch.Tensor:
    """[N] in [0, 1]: nearness of the point between the fingers to the object's middle."""
    return 1 - torch.tanh(5 * (state.tcp_position - state.object_center).norm(dim=1))


def transfer_reward(state: TaskState, success: torch.Tensor) -> torch.Tensor:
    """[N] dense reward in [0, 1] of a task that ends on a receptacle.

    Each stage opens only after the one before it, so that no stage is worth leaving for an earlier one: reach up to 0.2,
    grasp 0.2, carry (over the rim first, then to the goal) up to 0.4, let go above the support up to 0.1, success 1.
    """
    goal = state.goal_center
    offset = state.object_center - goal
    lateral = offset[:, :2].norm(dim=1)
    bottom = state.object_center[:, 2] - state.extents[:, 0, 2] / 2
    # On the way there the object has to be above the rim; only over the support may it come down.
    over_rim = torch.where(above_receptacle(state), 0.0, (state.rim_height + 0.02 - bottom).clamp(min=0.0))
    carry = 1 - torch.tanh(4 * (lateral + over_rim)) * 0.7 - torch.tanh(4 * offset.norm(dim=1)) * 0.3
    placed = above_receptacle(state) & state.touches_receptacle
    held = state.right_grasped.float()
    reward = 0.2 * reach_progress(state)
    reward = torch.where(state.right_grasped, 0.4 + 0.4 * carry.clamp(0, 1), reward)
    reward = torch.where(placed, 0.8 + 0.1 * (1 - held) * state.gripper_share.clamp(0, 1), reward)
    return torch.where(success, torch.ones_like(reward), reward)

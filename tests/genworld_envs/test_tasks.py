"""Success, stages and dense reward as functions of the facts: what each family counts, and that rewards never lure back."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from genworld_envs import tasks
from genworld_envs.tasks.pick import PICK_HEIGHT
from genworld_envs.tasks.state import LIFT_HEIGHT, TaskState
from scene_hub.schema import TASK_FAMILIES, TaskFamily

OBJECT_HEIGHT = 0.06


def state(
    object_at: tuple[float, float, float] = (0.0, 0.0, 0.0),
    receptacle_at: tuple[float, float, float] = (0.2, 0.0, 0.0),
    tcp_at: tuple[float, float, float] = (0.0, 0.0, 0.3),
    grasped: tuple[bool, bool, bool] = (False, False, False),
    touches: str = "table",
    opening: float = 1.0,
) -> TaskState:
    """One sub-environment: a 6 cm object, a receptacle with a floor 1 cm up and a rim 5 cm up, one distractor."""
    positions = torch.tensor([[object_at, receptacle_at, (0.0, 0.3, 0.0)]])
    identity = torch.tensor([1.0, 0.0, 0.0, 0.0])
    return TaskState(
        position=positions,
        quaternion=identity.expand(1, 3, 4),
        extents=torch.tensor([[[0.04, 0.04, OBJECT_HEIGHT], [0.2, 0.2, 0.05], [0.04, 0.04, 0.04]]]),
        present=torch.ones(1, 3, dtype=torch.bool),
        start_position=torch.tensor([[(0.0, 0.0, 0.0), (0.2, 0.0, 0.0), (0.0, 0.3, 0.0)]]),
        support=torch.tensor([receptacle_at]) + torch.tensor([[0.0, 0.0, 0.01]]),
        support_half_extents=torch.tensor([[0.08, 0.08]]),
        rim_height=torch.tensor([0.05]),
        tcp_position=torch.tensor([tcp_at]),
        tcp_quaternion=identity[None],
        gripper_share=torch.tensor([opening]),
        grasped=torch.tensor([grasped]),
        touches_receptacle=torch.tensor(["receptacle" in touches]),
        touches_table=torch.tensor(["table" in touches]),
        touches_robot=torch.tensor(["robot" in touches]),
    )


def family(task: TaskFamily) -> torch.Tensor:
    return torch.tensor([tasks.family_index(task)])


PLACED = {"object_at": (0.2, 0.0, 0.05), "touches": "receptacle"}


@pytest.mark.parametrize("task", ["put_on", "put_in", "stack"])
def test_success_is_contact_with_the_receptacle_and_with_nothing_else(task: TaskFamily) -> None:
    assert tasks.success(state(**PLACED), family(task)).item()
    for touches in ("", "receptacle table", "receptacle robot", "table"):
        assert not tasks.success(state(**{**PLACED, "touches": touches}), family(task)).item(), touches


def test_leaning_beside_the_lower_one_is_not_stacked() -> None:
    beside = state(object_at=(0.1, 0.0, -0.04), touches="receptacle")
    assert tasks.success(beside, family("put_on")).item()
    assert not tasks.success(beside, family("stack")).item()


def test_pick_needs_a_grasp_height_and_no_table() -> None:
    held = {"object_at": (0.0, 0.0, PICK_HEIGHT + 0.01), "grasped": (True, False, False), "touches": "robot"}
    assert tasks.success(state(**held), family("pick")).item()
    assert not tasks.success(state(**{**held, "grasped": (False, False, False)}), family("pick")).item()
    assert not tasks.success(state(**{**held, "touches": "robot table"}), family("pick")).item()
    assert not tasks.success(state(**{**held, "object_at": (0.0, 0.0, PICK_HEIGHT / 2)}), family("pick")).item()


def test_partial_success_and_semantic_failure_tell_the_right_object_from_a_wrong_one() -> None:
    raised = (0.0, 0.0, LIFT_HEIGHT + 0.01)
    assert state(object_at=raised, grasped=(True, False, False)).lifted.item()
    assert not state(object_at=(0.0, 0.0, 0.0), grasped=(True, False, False)).lifted.item()
    assert not state(object_at=raised).lifted.item()
    assert state(grasped=(False, False, True)).wrong_grasped.item()
    assert not state(grasped=(True, False, False)).wrong_grasped.item()


@pytest.mark.parametrize("task", TASK_FAMILIES)
def test_rewards_grow_with_the_stages_and_success_gives_one(task: TaskFamily) -> None:
    grasp = (True, False, False)
    steps = [
        state(tcp_at=(-0.4, 0.0, 0.3)),
        state(tcp_at=(0.0, 0.0, 0.1)),
        state(tcp_at=(0.0, 0.0, 0.03), grasped=grasp, touches="table robot"),
        state(object_at=(0.0, 0.0, 0.07), tcp_at=(0.0, 0.0, 0.10), grasped=grasp, touches="robot"),
    ]
    if task == "pick":
        steps.append(state(object_at=(0.0, 0.0, PICK_HEIGHT + 0.01), grasped=grasp, touches="robot"))
    else:
        steps += [
            state(object_at=(0.2, 0.0, 0.10), tcp_at=(0.2, 0.0, 0.13), grasped=grasp, touches="robot"),
            state(
                object_at=(0.2, 0.0, 0.01),
                tcp_at=(0.2, 0.0, 0.04),
                grasped=grasp,
                touches="robot receptacle",
                opening=0.3,
            ),
            state(**PLACED),
        ]
    rewards = [tasks.dense_reward(step, family(task)).item() for step in steps]
    stages = [tasks.stage(step, family(task)).item() for step in steps]
    assert rewards == sorted(rewards) and len(set(rewards)) == len(rewards), rewards
    assert stages == sorted(stages)
    assert rewards[-1] == 1.0 and stages[-1] == 4
    assert tasks.success(steps[-1], family(task)).item()


coordinate = st.floats(-1, 1, width=32)


@given(
    object_at=st.tuples(coordinate, coordinate, coordinate),
    tcp_at=st.tuples(coordinate, coordinate, coordinate),
    grasped=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    touches=st.sampled_from(["", "table", "receptacle", "robot", "receptacle robot", "receptacle table"]),
    opening=st.floats(-0.5, 1.5, width=32),
    task=st.sampled_from(TASK_FAMILIES),
)
def test_dense_reward_stays_in_zero_to_one_and_is_one_only_at_success(
    object_at: tuple[float, float, float],
    tcp_at: tuple[float, float, float],
    grasped: tuple[bool, bool, bool],
    touches: str,
    opening: float,
    task: TaskFamily,
) -> None:
    now = state(object_at=object_at, tcp_at=tcp_at, grasped=grasped, touches=touches, opening=opening)
    reward = tasks.dense_reward(now, family(task)).item()
    assert 0.0 <= reward <= 1.0
    assert (reward == 1.0) == tasks.success(now, family(task)).item()


def test_a_mixed_batch_gives_each_row_the_rule_of_its_family() -> None:
    placed, held = state(**PLACED), state(object_at=(0.0, 0.0, 0.2), grasped=(True, False, False), touches="robot")
    both = replace(placed, **{name: torch.cat([getattr(placed, name), getattr(held, name)]) for name in vars(placed)})
    families = torch.cat([family("put_in"), family("pick")])
    assert tasks.success(both, families).tolist() == [True, True]
    assert tasks.success(both, families.flip(0)).tolist() == [False, False]

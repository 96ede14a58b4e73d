"""Evaluation on the real environment: an episode does not depend on those before it."""

from genworld_envs.evaluation import EvalConfig, evaluate, make_specs
from scene_hub.dataset import SceneDataset


def test_episodes_are_bitwise_equal_in_any_order() -> None:
    """Two scenes with two episodes each; with objects that are touched, and left, in other places before."""
    dataset = SceneDataset.open("starter")
    scene_ids = [dataset.scenes(split="train", task=task)[0].id for task in ("pick", "put_on")]
    specs = make_specs(dataset, scene_ids=scene_ids, episodes=2)
    config = EvalConfig(policy="random", env_kwargs={"max_episode_steps": 25})
    in_order = evaluate(specs, config)
    assert len({result.trajectory_sha256 for result in in_order}) == len(specs)
    shuffled = [3, 2, 0, 1]
    again = evaluate([specs[position] for position in shuffled], config)
    for position, result in zip(shuffled, again, strict=True):
        assert result == in_order[position], specs[position].name
    assert evaluate(specs[1:2], config) == [in_order[1]], "an episode alone differs"

"""The checks that need an environment: they pass a good scene, and notice one that cannot be seen or done."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from genworld_envs.scene_checks import MIN_PIXELS, ExpertCheck, VisibilityCheck
from scene_hub.dataset import DatasetCard, SceneDataset, write_dataset
from scene_hub.errors import InvalidOptionError
from scene_hub.schema import Pose, Scene
from scene_hub.validate import check_names, find_checks

GOOD = "train-put-in-green-apple-blue-bowl"


@pytest.fixture(scope="module")
def checks() -> Iterator[tuple[VisibilityCheck, ExpertCheck]]:
    made = VisibilityCheck(), ExpertCheck()
    yield made
    for check in made:
        check.close()


@pytest.fixture(scope="module")
def starter() -> SceneDataset:
    return SceneDataset.open("starter")


def moved(starter: SceneDataset, scene_id: str, position: tuple[float, float, float], folder: Path) -> SceneDataset:
    """A dataset of one scene, with its object somewhere else."""
    scene = starter.scene(scene_id)
    placements = tuple(
        item.model_copy(update={"pose": Pose(position=position)}) if item.role == "object" else item
        for item in scene.placements
    )
    changed: Scene = scene.model_copy(update={"placements": placements})
    bundles = [starter.bundle(starter.asset(asset_id)) for asset_id in scene.asset_ids]
    return write_dataset(folder, [changed], bundles, DatasetCard(title="Moved", description="One scene."))


def test_a_good_scene_passes(checks: tuple[VisibilityCheck, ExpertCheck], starter: SceneDataset) -> None:
    for check in checks:
        outcome = check(starter, GOOD)
        assert outcome.passed, outcome.message


def test_an_object_out_of_sight_and_reach_is_noticed_and_does_not_linger(
    checks: tuple[VisibilityCheck, ExpertCheck], starter: SceneDataset, tmp_path: Path
) -> None:
    visible, expert = checks
    bad = moved(starter, GOOD, (0.65, 0.7, 0.0), tmp_path / "moved")
    unseen = visible(bad, GOOD)
    assert not unseen.passed
    assert unseen.value == 0.0
    assert unseen.threshold == MIN_PIXELS
    assert "green_apple" in unseen.message
    assert not expert(bad, GOOD).passed
    # The same checks, with the same environments, go on to other datasets as if nothing had been.
    assert visible(starter, GOOD).passed
    assert expert(starter, GOOD).passed


def test_plug_in_checks_are_found_in_order_and_by_name() -> None:
    assert check_names()[:2] == ("visible", "expert")
    assert list(find_checks(("expert",))) == ["expert"]
    assert find_checks(()) == {}
    with pytest.raises(InvalidOptionError, match="unknown check 'smell'"):
        find_checks(("smell",))

"""Datasets of boxes for the tests of this folder."""

from pathlib import Path

import pytest
from hub_server import hub, hub_client  # noqa: F401 - fixtures: a Hugging Face Hub on 127.0.0.1
from hypothesis import settings
from scene_boxes import CARD, box_scenes

from scene_hub.dataset import SceneDataset, write_dataset
from scene_hub.generate.bundle import AssetBundle
from scene_hub.schema import Scene

# The same examples on every run, however slow the machine: a red test means a changed program.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def boxes() -> tuple[list[Scene], list[AssetBundle]]:
    return box_scenes()


@pytest.fixture
def box_dataset(boxes: tuple[list[Scene], list[AssetBundle]], tmp_path: Path) -> SceneDataset:
    """A freshly written dataset of `boxes`."""
    return write_dataset(tmp_path / "boxes", *boxes, CARD)

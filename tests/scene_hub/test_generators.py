"""Generators by name, several as one, and the worked example of one that somebody else writes."""

import importlib.util
from pathlib import Path

import pytest

from scene_hub.dataset import SceneDataset
from scene_hub.errors import InvalidOptionError
from scene_hub.generate import GeneratorSet, find_generator
from scene_hub.generate.bundle import AssetBundle, AssetRequest, CategoryInfo, Generator
from scene_hub.generate.embodiedgen import EmbodiedGenGenerator
from scene_hub.generate.procedural import ProceduralGenerator

EXAMPLE = Path(__file__).parents[2] / "examples" / "custom_generator.py"


class Named:
    """Knows some categories and returns its own name instead of an asset."""

    def __init__(self, name: str, *categories: str) -> None:
        self.name, self.categories = name, categories

    def vocabulary(self) -> tuple[CategoryInfo, ...]:
        return tuple(CategoryInfo(category, "object", f"{category} of {self.name}") for category in self.categories)

    def generate(self, request: AssetRequest) -> AssetBundle:
        return self.name  # type: ignore[return-value]


def test_a_generator_is_found_by_name() -> None:
    assert isinstance(find_generator("procedural"), ProceduralGenerator)
    assert isinstance(find_generator(["procedural"]), ProceduralGenerator)


def test_an_unknown_name_and_an_unknown_option_list_the_choices() -> None:
    with pytest.raises(InvalidOptionError, match="unknown generator 'sorcery'.*'embodiedgen', 'procedural'"):
        find_generator("procedural,sorcery")
    with pytest.raises(InvalidOptionError, match="'foldr'.*'folder'"):
        find_generator("procedural,embodiedgen", foldr="outputs")
    with pytest.raises(InvalidOptionError, match="no generator is named"):
        find_generator([])


def test_options_go_to_the_generators_that_take_them(tmp_path: Path) -> None:
    both = find_generator("procedural,embodiedgen", cache=tmp_path)
    assert isinstance(both, GeneratorSet)
    assert [info.name for info in both.vocabulary()] == list(ProceduralGenerator().categories())
    assert isinstance(find_generator("embodiedgen", cache=tmp_path), EmbodiedGenGenerator)


def test_a_request_goes_to_the_first_generator_that_knows_it() -> None:
    both = GeneratorSet([Named("first", "mug", "ball"), Named("second", "ball", "kettle")])
    assert isinstance(both, Generator)
    assert [info.label for info in both.vocabulary()] == ["ball of first", "kettle of second", "mug of first"]
    assert [both.generate(AssetRequest(name, 0)) for name in ("mug", "ball", "kettle")] == ["first", "first", "second"]
    with pytest.raises(InvalidOptionError, match="unknown category 'moon'.*'ball', 'kettle', 'mug'"):
        both.generate(AssetRequest("moon", 0))


def test_a_generator_of_any_words_gets_what_no_other_knows() -> None:
    both = GeneratorSet([Named("open"), Named("closed", "mug"), Named("later")])
    assert both.generate(AssetRequest("mug", 0)) == "closed"
    assert both.generate(AssetRequest("moon", 0)) == "open"


def test_the_example_makes_a_dataset_with_a_thing_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = importlib.util.spec_from_file_location("custom_generator", EXAMPLE)
    assert spec is not None and spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    folder = tmp_path / "pyramids"
    example.main(str(folder))
    dataset = SceneDataset.open(folder)
    dataset.verify()
    scene = dataset.scene("pyramid-0")
    thing = dataset.asset(scene.object.asset)
    assert (thing.category, thing.colors, thing.provenance.generator) == ("pyramid", ("red",), "pyramids")
    assert len(thing.grasps) >= 4
    assert "put the red pyramid on the tray" in capsys.readouterr().out
    first, second = (example.PyramidGenerator().generate(AssetRequest("pyramid", 3)) for _ in range(2))
    assert first.files == second.files and first.asset.id == second.asset.id

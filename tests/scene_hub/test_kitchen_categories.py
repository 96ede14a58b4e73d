"""What food and kitchenware promise beyond what holds for every category."""

import pytest

from scene_hub.generate.bundle import AssetRequest, RoleInTask
from scene_hub.generate.materials import COLORS
from scene_hub.generate.procedural import ProceduralGenerator
from scene_hub.schema import Asset
from scene_hub.validate.asset_checks import inspect_asset

GENERATOR = ProceduralGenerator()


def _asset(category: str, color: str | None = None, material: str | None = None) -> Asset:
    return GENERATOR.generate(AssetRequest(category, 3, color=color, material=material)).asset


@pytest.mark.parametrize(
    ("category", "use"),
    [
        # Those with the least regular forms: many balls, a knob, two arms, a stem, sides that are not parallel.
        ("grapes", "object"),
        ("cherry", "object"),
        ("pot_lid", "object"),
        ("tongs", "object"),
        ("wine_glass", "object"),
        ("cake_slice", "object"),
        ("chip_bag", "object"),
        ("teapot", "object"),
        ("macaron", "stackable"),
        ("lunch_box", "container"),
        ("cooling_rack", "surface"),
    ],
)
def test_odd_forms_pass_every_check_of_an_asset(category: str, use: RoleInTask) -> None:
    for seed in (0, 1):
        checks, _ = inspect_asset(GENERATOR.generate(AssetRequest(category, seed)), use)
        assert [check for check in checks if not check.passed] == []


@pytest.mark.parametrize("category", ["fork", "ladle"])
def test_a_tool_has_a_metal_head_unless_it_is_to_be_of_something_else(category: str) -> None:
    assert _asset(category, color="red").materials == ("plastic", "steel")
    assert _asset(category, color="brown").materials == ("wood", "steel")
    assert _asset(category, color="silver").materials == ("steel",)
    assert _asset(category, material="wood").materials == ("wood",)
    assert _asset(category, color="green", material="plastic").materials == ("plastic",)


def test_the_wire_of_a_whisk_stays_metal() -> None:
    assert _asset("whisk", material="wood").materials == ("wood", "steel")


def test_a_sauce_is_named_by_its_colour() -> None:
    looks = {color: GENERATOR.generate(AssetRequest("ketchup_bottle", 5, color=color)) for color in ("red", "yellow")}
    assert {bundle.asset.name for bundle in looks.values()} == {"red sauce bottle", "yellow sauce bottle"}
    assert looks["red"].asset.extents == looks["yellow"].asset.extents


@pytest.mark.parametrize("category", ["teapot", "napkin", "lunch_box", "juice_box", "wok", "whisk", "thermos"])
def test_what_is_painted_comes_in_every_colour(category: str) -> None:
    assert set(GENERATOR.colors_of(category)) == set(COLORS)

"""Office, bathroom, toy, tool and container categories: what is special about them."""

import io
from collections import Counter

import pytest
import trimesh

from scene_hub.generate.bundle import AssetBundle, AssetRequest
from scene_hub.generate.procedural import (
    balls,
    basins,
    bathroom,
    building_blocks,
    catalog,
    chessmen,
    cosmetics,
    electronics,
    gadgets,
    hardware,
    keepsakes,
    office,
    organizers,
    paperwork,
    platforms,
    playthings,
    shed,
    vehicles,
    writing,
)
from scene_hub.generate.procedural.build import build_asset
from scene_hub.generate.procedural.catalog import Category
from scene_hub.validate.lifting import lifts

MODULES = (
    *(balls, basins, bathroom, building_blocks, chessmen, cosmetics, electronics, gadgets, hardware, keepsakes),
    *(office, organizers, paperwork, platforms, playthings, shed, vehicles, writing),
)
NAMES = {module.__name__ for module in MODULES}
THINGS: tuple[Category, ...] = tuple(entry for entry in catalog.all_categories() if entry.make.__module__ in NAMES)

# Slender, ring-shaped or top-heavy: what a gripper loses first.
AWKWARD = ("bell", "bowling_pin", "comb", "funnel", "ring_stacker", "scissors", "toothbrush", "toy_airplane", "trophy")


def _meshes(bundle: AssetBundle) -> dict[str, trimesh.Trimesh]:
    if "collision.glb" not in bundle.files:  # boxes only
        return {}
    return dict(trimesh.load_scene(io.BytesIO(bundle.files["collision.glb"]), file_type="glb").geometry)


def test_there_are_many_in_every_role() -> None:
    roles = Counter(role for entry in THINGS for role in entry.roles)
    assert len(THINGS) >= 100
    assert roles["object"] >= 75
    assert roles["surface"] >= 12
    assert roles["container"] >= 12
    assert roles["stackable"] >= 8


def test_each_has_names_of_its_own() -> None:
    uses = Counter(name for entry in THINGS for name in {entry.label, *entry.also})
    assert [name for name, count in uses.items() if count > 1] == []
    assert all(name == name.lower().strip() for name in uses)
    assert all(len(entry.colors) >= 5 for entry in THINGS)


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_things_can_be_lifted(name: str) -> None:
    bundle = build_asset(AssetRequest(name, 11))
    meshes = _meshes(bundle)
    grasps = bundle.asset.grasps[:6:2]  # every second is the first one's twin
    assert sum(lifts(bundle.asset, meshes, grasp) for grasp in grasps) >= 2


@pytest.mark.parametrize("name", ["toothpaste", "radio", "puzzle_cube", "nesting_doll", "magazine", "drawer"])
def test_two_seeds_differ_in_form(name: str) -> None:
    first, second = (build_asset(AssetRequest(name, seed, color=catalog.find(name).colors[0])) for seed in (1, 2))
    assert first.asset.extents != second.asset.extents
    assert first.files["visual.glb"] != second.files["visual.glb"]


@pytest.mark.parametrize(("name", "material"), [("radio", "wood"), ("trophy", "copper"), ("toolbox", "plastic")])
def test_print_survives_another_material(name: str, material: str) -> None:
    bundle = build_asset(AssetRequest(name, 4, material=material))
    assert {material, "paper"} <= _substances(bundle)


def _substances(bundle: AssetBundle) -> set[str]:
    scene = trimesh.load_scene(io.BytesIO(bundle.files["visual.glb"]), file_type="glb")
    return {str(geometry.visual.material.name) for geometry in scene.geometry.values()}

"""Rooms, tables and lighting: what makes scenes look different, within what simulation and cameras can bear."""

import io

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy.spatial import KDTree

from scene_hub.generate.bundle import AssetBundle, AssetRequest
from scene_hub.generate.lighting import draw_lighting, level_brightness
from scene_hub.generate.materials import SUBSTANCES
from scene_hub.generate.procedural import ProceduralGenerator
from scene_hub.generate.procedural.design import Draft
from scene_hub.generate.procedural.finishes import FLOORS, VIEWS, WALLS, wall_finish, window_view
from scene_hub.generate.procedural.interiors import CLEAR, Finish, Interior, Piece, block, paint, solid

GENERATOR = ProceduralGenerator()
ROOMS = GENERATOR.categories("room")
TABLES = GENERATOR.categories("table")
SEEDS = (3, 4)


@pytest.fixture(scope="module")
def bundles() -> dict[tuple[str, int], AssetBundle]:
    return {(name, seed): GENERATOR.generate(AssetRequest(name, seed)) for name in (*ROOMS, *TABLES) for seed in SEEDS}


def _mesh(bundle: AssetBundle, level: str = "visual") -> trimesh.Scene:
    return trimesh.load_scene(io.BytesIO(bundle.files[f"{level}.glb"]), file_type="glb")


def _triangles(bundle: AssetBundle, level: str = "visual") -> np.ndarray:
    """All triangles, [n, 3, 3]."""
    return np.concatenate([mesh.triangles for mesh in _mesh(bundle, level).geometry.values()])


def _pictures(bundle: AssetBundle) -> list[bytes]:
    materials = [getattr(mesh.visual, "material", None) for mesh in _mesh(bundle).geometry.values()]
    images = [getattr(material, "baseColorTexture", None) for material in materials]
    return [image.tobytes() for image in images if image is not None]


def _vocabulary(kind: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(entry.label, entry.also) for entry in GENERATOR.vocabulary() if entry.kind == kind]


# ---------------------------------------------------------------------------------------------------------------- choice


def test_there_are_many_rooms_and_tables() -> None:
    assert len(ROOMS) >= 10
    assert len(TABLES) >= 9


@pytest.mark.parametrize("kind", ["room", "table"])
def test_every_room_and_most_tables_have_other_names_and_no_name_means_two(kind: str) -> None:
    entries = _vocabulary(kind)
    names = [name for label, also in entries for name in (label, *also)]
    assert len(names) == len(set(names))
    assert all(name == name.lower().strip() and "_" not in name for name in names)
    named = [bool(also) for _, also in entries]
    assert all(named) if kind == "room" else sum(named) >= 9


@pytest.mark.parametrize("name", ROOMS)
def test_two_seeds_of_a_room_look_different(name: str, bundles: dict[tuple[str, int], AssetBundle]) -> None:
    first, other = (bundles[name, seed] for seed in SEEDS)
    floor, wall = (set(_pictures(bundle)) for bundle in (first, other))
    assert len(floor & wall) <= 1  # what is painted on is drawn anew
    shapes = [_triangles(bundle) for bundle in (first, other)]
    assert shapes[0].shape != shapes[1].shape or np.abs(shapes[0] - shapes[1]).max() > 0.1
    sizes = [np.asarray(bundle.asset.extents) for bundle in (first, other)]
    assert np.abs(sizes[0] - sizes[1]).max() > 0.02


@pytest.mark.parametrize("name", TABLES)
def test_two_seeds_of_a_table_differ(name: str, bundles: dict[tuple[str, int], AssetBundle]) -> None:
    first, other = (bundles[name, seed] for seed in SEEDS)
    assert first.asset.extents != other.asset.extents
    assert not set(_pictures(first)) & set(_pictures(other))


def test_a_colour_is_seen_on_the_walls() -> None:
    teal, pink = (GENERATOR.generate(AssetRequest("bathroom", 5, color=color)) for color in ("teal", "pink"))
    assert teal.asset.name == "teal bathroom"
    assert np.array_equal(_triangles(teal), _triangles(pink))
    assert set(_pictures(teal)) != set(_pictures(pink))


# --------------------------------------------------------------------------------------------------------------- budgets


@pytest.mark.parametrize("name", [*ROOMS, *TABLES])
def test_rooms_and_tables_are_small(name: str, bundles: dict[tuple[str, int], AssetBundle]) -> None:
    for seed in SEEDS:
        bundle = bundles[name, seed]
        high, low = (len(_triangles(bundle, level)) for level in ("visual", "visual_low"))
        assert low <= high <= 2000
        assert low <= 1200
        assert bundle.size <= (160_000 if bundle.asset.kind == "room" else 50_000)


@pytest.mark.parametrize("name", ROOMS)
def test_both_levels_of_detail_show_the_same_room(name: str, bundles: dict[tuple[str, int], AssetBundle]) -> None:
    for seed in SEEDS:
        high, low = (_triangles(bundles[name, seed], level).reshape(-1, 3) for level in ("visual", "visual_low"))
        away, _ = KDTree(high).query(low)
        assert away.max() < 0.15


# ----------------------------------------------------------------------------------------------------------------- space


@pytest.mark.parametrize("name", ROOMS)
def test_only_the_floor_comes_near_the_table(name: str, bundles: dict[tuple[str, int], AssetBundle]) -> None:
    for seed in SEEDS:
        for level in ("visual", "visual_low"):
            triangles = _triangles(bundles[name, seed], level)
            raised = triangles[(triangles[..., 2].max(axis=1) > 0.02) & (triangles[..., 2].min(axis=1) < 2.0)]
            low, high = raised[..., :2].min(axis=1), raised[..., :2].max(axis=1)
            reaches_in = (low < 1.0).all(axis=1) & (high > -1.0).all(axis=1)
            assert not reaches_in.any()
            assert triangles[..., 2].min() > -1e-6


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_is_closed_all_around(name: str, bundles: dict[tuple[str, int], AssetBundle]) -> None:
    """From above the table, every level ray meets something that faces it."""
    triangles = _triangles(bundles[name, SEEDS[0]])
    eye = np.array([0.0, 0.0, 2.45])
    for angle in np.linspace(0, 2 * np.pi, 48, endpoint=False) + 0.01:
        way = np.array([np.cos(angle), np.sin(angle), 0.0])
        assert _hits_a_face(triangles, eye, way)


def _hits_a_face(triangles: np.ndarray, eye: np.ndarray, way: np.ndarray) -> bool:
    """Moeller and Trumbore, for front faces."""
    a, b, c = triangles[:, 0], triangles[:, 1], triangles[:, 2]
    p = np.cross(way, c - a)
    det = np.einsum("ij,ij->i", b - a, p)
    with np.errstate(all="ignore"):
        u = np.einsum("ij,ij->i", eye - a, p) / det
        q = np.cross(eye - a, b - a)
        v = q @ way / det
        t = np.einsum("ij,ij->i", c - a, q) / det
        return bool(((det > 1e-9) & (u >= 0) & (v >= 0) & (u + v <= 1) & (t > 0)).any())


def _empty_room() -> tuple[Draft, Interior]:
    draft = Draft("kitchen", 1, "white", "high")
    finish = Finish(paint((200, 200, 200)), 1.0)
    return draft, Interior(draft, finish, finish, None, (255, 255, 255))


def test_furniture_stands_clear_of_other_furniture_until_the_room_is_full() -> None:
    _, room = _empty_room()
    shell = len(room.parts)
    cube = Piece((solid(paint((9, 9, 9)), block((-0.4, 0.4), (0.0, 0.5), (0.0, 0.8))),), 0.8, 0.5, 0.8)
    stood = 0
    while room.stand(cube):
        stood += 1
    assert 12 <= stood <= 24
    boxes = [part.surface.bounds[:, :2] for part in room.parts[shell:]]
    assert len(boxes) == stood
    for index, (low, high) in enumerate(boxes):
        assert (low >= CLEAR - 1e-6).any() or (high <= -CLEAR + 1e-6).any()
        for other_low, other_high in boxes[index + 1 :]:
            assert (low >= other_high - 1e-6).any() or (other_low >= high - 1e-6).any()


def test_nothing_hangs_behind_what_stands_before_it() -> None:
    _, room = _empty_room()
    wall_unit = Piece((solid(paint((9, 9, 9)), block((-0.5, 0.5), (0.0, 0.5), (0.0, 2.2))),), 1.0, 0.5, 2.2)
    picture = Piece((solid(paint((9, 9, 9)), block((-0.3, 0.3), (0.0, 0.05), (0.0, 0.5))),), 0.6, 0.05, 0.5)
    while room.stand(wall_unit, "back"):
        pass
    before = len(room.parts)
    assert not room.hang(picture, 1.2, "back")
    assert len(room.parts) == before
    assert room.hang(picture, 1.2, "front")


# -------------------------------------------------------------------------------------------------------------- finishes


@pytest.mark.parametrize("kind", sorted(WALLS))
def test_both_levels_of_detail_show_the_same_wall(kind: str) -> None:
    means = []
    for detail in ("high", "low"):
        finish = wall_finish(Draft("office", 4, "blue", detail), (kind,), (150, 170, 200), "wall")
        assert finish.material.texture is not None
        picture = Image.open(io.BytesIO(finish.material.texture)).convert("RGB")
        means.append(np.asarray(picture, dtype=float).mean(axis=(0, 1)))
    assert np.abs(means[0] - means[1]).max() < 14


@pytest.mark.parametrize("view", VIEWS)
def test_windows_show_something(view: str) -> None:
    image = window_view(np.random.default_rng(2), 64, view)
    assert image.shape == (64, 64, 3)
    assert image.min() >= 0
    assert image.max() <= 255
    assert image.std() > 5


def test_floors_are_of_known_substances() -> None:
    assert {substance for _, _, _, substance, _ in FLOORS.values()} <= set(SUBSTANCES)


# -------------------------------------------------------------------------------------------------------------- lighting


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**63 - 1))
def test_every_lighting_leaves_white_white_and_shadows_readable(seed: int) -> None:
    lighting = draw_lighting(np.random.default_rng(seed))
    assert lighting == draw_lighting(np.random.default_rng(seed))
    assert 1 <= len(lighting.directional) <= 3
    level = level_brightness(lighting)
    assert min(level) >= 0.45
    assert max(level) <= 1.15
    assert min(lighting.ambient) >= 0.12
    assert max(level) / min(level) < 1.5
    key, *fills = lighting.directional
    for light in lighting.directional:
        assert np.linalg.norm(light.direction) == pytest.approx(1.0, abs=1e-3)
        assert light.direction[2] < -0.45
    assert key.direction[2] < -0.75  # the walls' shadow stays off the table
    assert all(max(fill.color) <= 2 * max(key.color) for fill in fills)


def test_lightings_vary() -> None:
    draws = [draw_lighting(np.random.default_rng(seed)) for seed in range(60)]
    assert {len(draw.directional) for draw in draws} == {1, 2, 3}
    levels = np.array([level_brightness(draw) for draw in draws])
    assert np.ptp(levels[:, 1]) > 0.35
    warmth = levels[:, 0] / levels[:, 2]
    assert warmth.min() < 0.95
    assert warmth.max() > 1.15
    azimuths = np.degrees(
        [np.arctan2(draw.directional[0].direction[1], draw.directional[0].direction[0]) for draw in draws]
    )
    assert len(set((azimuths // 45).astype(int).tolist())) == 8

"""What the procedural generator promises to whoever builds scenes from its assets."""

import io

import hypothesis.strategies as st
import numpy as np
import pytest
import sapien
import sapien.physx as physx
import trimesh
from hypothesis import given, settings

from scene_hub.errors import InvalidOptionError
from scene_hub.generate import materials, shapes
from scene_hub.generate.bundle import AssetBundle, AssetRequest, Generator
from scene_hub.generate.collision import MAX_PIECES, Hull, decomposed
from scene_hub.generate.grasps import plan_grasps
from scene_hub.generate.looks import LOOKS
from scene_hub.generate.procedural import ProceduralGenerator
from scene_hub.physics import collision_shapes
from scene_hub.schema import Size

GENERATOR = ProceduralGenerator()
OBJECTS = GENERATOR.categories("object")
GRASPABLE = GENERATOR.categories("object", "object")
TABLES = GENERATOR.categories("table")
ROOMS = GENERATOR.categories("room")

FINGER_OPENING = 0.08


@pytest.fixture(scope="module")
def bundles() -> dict[str, AssetBundle]:
    """One asset of every category."""
    return {name: GENERATOR.generate(AssetRequest(name, 11)) for name in GENERATOR.categories()}


def _mesh(data: bytes) -> trimesh.Scene:
    return trimesh.load_scene(io.BytesIO(data), file_type="glb")


def _triangles(data: bytes) -> int:
    return sum(len(geometry.faces) for geometry in _mesh(data).geometry.values())


def _collision(bundle: AssetBundle) -> dict[str, trimesh.Trimesh]:
    return dict(_mesh(bundle.files["collision.glb"]).geometry) if "collision.glb" in bundle.files else {}


# ------------------------------------------------------------------------------------------------------------- requests


def test_it_is_a_generator_of_many_things() -> None:
    assert isinstance(GENERATOR, Generator)
    assert len(OBJECTS) >= 36
    assert len(TABLES) >= 4
    assert len(ROOMS) >= 4
    assert set(OBJECTS) | set(TABLES) | set(ROOMS) == set(GENERATOR.categories())
    for role in ("object", "surface", "container", "stackable"):
        assert len(GENERATOR.categories("object", role)) >= 6


@pytest.mark.parametrize("category", ["mug", "apple", "basket", "book", "kitchen", "wooden_table"])
def test_equal_requests_give_equal_bytes(category: str) -> None:
    first, again = (GENERATOR.generate(AssetRequest(category, 5)) for _ in range(2))
    other = GENERATOR.generate(AssetRequest(category, 6))
    assert first.asset == again.asset
    assert first.files == again.files
    assert first.asset.id != other.asset.id


def test_a_colour_is_taken_and_named() -> None:
    mug = GENERATOR.generate(AssetRequest("mug", 3, color="teal")).asset
    assert mug.name == "teal mug"
    assert mug.colors == ("teal",)
    assert mug.description.startswith("a teal ceramic mug")
    assert GENERATOR.generate(AssetRequest("mug", 3, color="teal", name="aunt's mug")).asset.name == "aunt's mug"


def test_a_colour_changes_the_look_and_not_the_form() -> None:
    red, blue = (GENERATOR.generate(AssetRequest("block", 8, color=color)) for color in ("red", "blue"))
    assert red.asset.extents == blue.asset.extents
    assert red.files["visual.glb"] != blue.files["visual.glb"]


def test_nature_decides_on_the_colours_of_food() -> None:
    assert GENERATOR.colors_of("carrot") == ("orange",)
    with pytest.raises(InvalidOptionError, match=r"'carrot' does not come in color 'blue'; choose one of 'orange'"):
        GENERATOR.generate(AssetRequest("carrot", 1, color="blue"))
    with pytest.raises(InvalidOptionError, match="'red', 'green', 'yellow'"):
        GENERATOR.generate(AssetRequest("apple", 1, color="chartreuse"))


@pytest.mark.parametrize(("wrong", "near"), [("aple", "apple"), ("screw driver", "screwdriver"), ("Mugg", "mug")])
def test_an_unknown_category_is_answered_with_the_nearest(wrong: str, near: str) -> None:
    with pytest.raises(InvalidOptionError, match=f"unknown category {wrong!r}; did you mean .*{near!r}"):
        GENERATOR.generate(AssetRequest(wrong, 1))
    with pytest.raises(InvalidOptionError, match="there are "):
        GENERATOR.colors_of("xqzw")


def test_an_asked_for_material_is_what_the_thing_is_made_of() -> None:
    china, wooden, steel = (
        GENERATOR.generate(AssetRequest("bowl", 3, material=name)).asset for name in ("ceramic", "wood", "steel")
    )
    assert china.extents == wooden.extents == steel.extents
    assert (china.materials, wooden.materials, steel.materials) == (("ceramic",), ("wood",), ("steel",))
    assert wooden.mass < china.mass < steel.mass
    assert wooden.static_friction > steel.static_friction
    assert wooden.colors[0] in ("brown", "beige")
    assert steel.name == "silver metal bowl"
    assert "wooden bowl" in wooden.description
    assert "ceramic" not in wooden.description


def test_a_material_goes_with_a_colour() -> None:
    cup = GENERATOR.generate(AssetRequest("cup", 4, material="steel", color="gold")).asset
    assert cup.name == "gold metal cup"
    assert cup.description.startswith("a gold metal ")
    block = GENERATOR.generate(AssetRequest("block", 5, material="plastic", color="red")).asset
    assert block.materials == ("plastic",)
    assert GENERATOR.generate(AssetRequest("block", 5, material="wood", color="red")).asset.materials == ("wood",)


def test_what_is_usually_painted_keeps_its_colours() -> None:
    seeds = range(6)
    ducks = {GENERATOR.generate(AssetRequest("rubber_duck", seed, material="rubber")).asset.colors for seed in seeds}
    assert len(ducks) >= 3


def test_metal_shines_and_other_things_do_not() -> None:
    def metallic(request: AssetRequest) -> float:
        scene = _mesh(GENERATOR.generate(request).files["visual.glb"])
        return max(float(geometry.visual.material.metallicFactor) for geometry in scene.geometry.values())

    assert metallic(AssetRequest("bowl", 3, material="steel")) > 0.4
    assert metallic(AssetRequest("bowl", 3, color="gold")) > 0.4
    assert metallic(AssetRequest("bowl", 3, color="blue")) == 0.0
    assert metallic(AssetRequest("bowl", 3, color="blue", material="rubber")) == 0.0


def test_a_material_that_a_thing_lacks_is_answered_with_those_it_has() -> None:
    with pytest.raises(InvalidOptionError, match=r"'mug' does not come in material 'foam'; choose one of 'ceramic', "):
        GENERATOR.generate(AssetRequest("mug", 1, material="foam"))
    with pytest.raises(InvalidOptionError, match="'apple' does not come in material 'wood'; choose one of 'food'"):
        GENERATOR.generate(AssetRequest("apple", 1, material="wood"))


@pytest.mark.parametrize("category", ["block", "basket", "banana"])
def test_small_is_smaller_than_large(category: str) -> None:
    def bulk(seed: int, size: Size | None) -> float:
        return float(np.prod(GENERATOR.generate(AssetRequest(category, seed, color="brown", size=size)).asset.extents))

    small, usual, large = ([bulk(seed, size) for seed in range(3)] for size in ("small", None, "large"))
    assert all(a < b for a, b in zip(small, large, strict=True))
    assert np.mean(small) < np.mean(usual) < np.mean(large)


def test_a_size_is_named() -> None:
    mug = GENERATOR.generate(AssetRequest("mug", 3, color="red", size="small")).asset
    assert mug.name == "small red mug"
    assert mug.description.startswith("a small red ceramic mug")
    soup = GENERATOR.generate(AssetRequest("soup_mug", 3, color="red", size="small")).asset
    assert "large" not in soup.description


def test_people_find_things_by_their_own_names() -> None:
    names = {name: {entry.label, *entry.also} for name, entry in ((e.name, e) for e in GENERATOR.vocabulary())}
    for said, meant in {
        "coffee mug": ("mug", "soup_mug"),
        "soda can": ("can",),
        "pot": ("saucepan",),
        "bin": ("storage_bin",),
        "mouse": ("computer_mouse",),
        "lego brick": ("toy_brick",),
        "pepper": ("bell_pepper",),
        "aubergine": ("eggplant",),
        "mouse pad": ("mousepad",),
        "teacup": ("tea_cup",),
        "fruit bowl": ("fruit_bowl",),
        "ramekin": ("small_bowl", "bowl"),
        "chopping board": ("cutting_board",),
    }.items():
        for category in meant:
            assert said in names[category], said
    for name, said in names.items():
        assert all(word == word.lower().strip() for word in said), name


def test_made_things_come_in_every_colour_and_in_natural_ones_of_their_materials() -> None:
    made = [e for e in GENERATOR.vocabulary() if e.kind == "object" and e.materials and "food" not in e.materials]
    assert len(made) >= 40
    assert sum(set(materials.DYE) <= set(entry.colors) for entry in made) >= 0.9 * len(made)
    for entry in made:
        for substance in entry.materials:
            natural = LOOKS[substance].colors
            assert not natural or set(natural) & set(entry.colors), (entry.name, substance)


OPTIONS = st.sampled_from([e for e in GENERATOR.vocabulary() if e.kind == "object"]).flatmap(
    lambda entry: st.builds(
        AssetRequest,
        category=st.just(entry.name),
        seed=st.integers(0, 10_000),
        color=st.none() | st.sampled_from(entry.colors),
        material=st.none() | st.sampled_from(entry.materials) if entry.materials else st.none(),
        size=st.sampled_from([None, None, "small", "large"]),
        use=st.sampled_from([None, "stackable"]),
    )
)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(OPTIONS)
def test_whatever_is_asked_for_is_sound(request_: AssetRequest) -> None:
    bundle = GENERATOR.generate(request_)
    asset, roles = bundle.asset, GENERATOR.roles_of(request_.category)
    assert asset.id == asset.content_hash()
    assert 0.0 < asset.dynamic_friction < asset.static_friction <= 1.0
    assert 0.01 <= asset.mass <= 1.5
    assert bundle.size <= 160_000
    assert max(_triangles(bundle.files[f"{level}.glb"]) for level in ("visual", "visual_low")) <= 4000
    assert request_.color is None or asset.colors == (request_.color,)
    if request_.material is not None:
        assert asset.materials[0] == request_.material
        assert request_.material == "food" or any(word in asset.description for word in LOOKS[request_.material].words)
    if "object" in roles:
        assert asset.grasps
        assert asset.grasps[0].width <= 0.0605
    if "stackable" in roles and request_.use == "stackable":
        assert asset.support is not None
        assert asset.support.kind == "surface"


# --------------------------------------------------------------------------------------------------------------- assets


def test_every_category_gives_a_sound_asset(bundles: dict[str, AssetBundle]) -> None:
    for name, bundle in bundles.items():
        asset = bundle.asset
        assert asset.id == asset.content_hash(), name
        assert asset.kind == GENERATOR.kind_of(name)
        assert asset.category == name
        assert asset.colors[0] in GENERATOR.colors_of(name)
        assert set(asset.colors) <= set(materials.COLORS)
        assert asset.description.split()[0] in ("a", "an")
        for file in (asset.files.visual, asset.files.visual_low):
            mesh = _mesh(bundle.files[file.path])
            assert file.size == len(bundle.files[file.path])
            points = np.concatenate([geometry.vertices for geometry in mesh.geometry.values()])
            normals = np.concatenate([geometry.vertex_normals for geometry in mesh.geometry.values()])
            assert np.isfinite(points).all(), name
            assert np.isfinite(normals).all(), name
            low, high = points.min(axis=0), points.max(axis=0)
            assert np.allclose((high - low), asset.extents, atol=0.006 if asset.kind == "object" else 0.3), name


def test_levels_of_detail_and_bytes(bundles: dict[str, AssetBundle]) -> None:
    for name, bundle in bundles.items():
        high, low = (_triangles(bundle.files[f"{level}.glb"]) for level in ("visual", "visual_low"))
        assert low <= high <= 4000, name
        assert low <= 1500, name
        assert bundle.size <= 160_000, name
    objects = [bundles[name].size for name in OBJECTS]
    assert np.mean(objects) <= 60_000


def test_assets_rest_on_the_origin(bundles: dict[str, AssetBundle]) -> None:
    for name in OBJECTS:
        bundle = bundles[name]
        points = np.concatenate([geometry.vertices for geometry in _mesh(bundle.files["visual.glb"]).geometry.values()])
        low, high = points.min(axis=0), points.max(axis=0)
        assert abs(low[2]) < 1e-3, name
        assert np.abs(low + high)[:2].max() < 1e-4, name


def test_sizes_suit_a_table_top_robot(bundles: dict[str, AssetBundle]) -> None:
    for name in OBJECTS:
        asset, roles = bundles[name].asset, GENERATOR.roles_of(name)
        assert 0.01 <= asset.mass <= 1.5, name
        assert max(asset.extents) <= 0.36, name
        if "object" in roles:
            assert asset.extents[2] >= 0.012, name
        else:
            assert asset.mass >= 0.15, name
            assert asset.extents[2] <= 0.095, name


def test_tables_and_rooms_leave_room_for_the_robot(bundles: dict[str, AssetBundle]) -> None:
    for name in TABLES:
        (top,) = bundles[name].asset.collision
        assert top.shape == "box"
        assert top.half_size[0] >= 0.75
        assert top.half_size[1] >= 0.75
        assert top.pose.position[2] + top.half_size[2] == pytest.approx(0.0, abs=1e-6)
    for name in ROOMS:
        assert not bundles[name].asset.collision
        geometries = _mesh(bundles[name].files["visual.glb"]).geometry.values()
        points = np.concatenate([np.asarray(geometry.triangles_center) for geometry in geometries])
        above = points[(points[:, 2] > 0.05) & (points[:, 2] < 2.5)]
        assert np.linalg.norm(above[:, :2], axis=1).min() > 1.2, name
        assert points.min(axis=0)[2] > -1e-3


# --------------------------------------------------------------------------------------------------------------- physics


def test_collision_is_convex_and_frugal(bundles: dict[str, AssetBundle]) -> None:
    for name in (*OBJECTS, *TABLES):
        bundle = bundles[name]
        assert 1 <= len(bundle.asset.collision) <= MAX_PIECES, name
        meshes = _collision(bundle)
        assert {shape.mesh for shape in bundle.asset.collision if shape.shape == "convex"} == set(meshes)
        boxes = sum(8 * float(np.prod(s.half_size)) for s in bundle.asset.collision if s.shape == "box")
        for key, mesh in meshes.items():
            assert mesh.is_watertight, (name, key)
            assert mesh.is_convex, (name, key)
            assert len(mesh.vertices) <= 64, (name, key)
        total = boxes + sum(float(mesh.volume) for mesh in meshes.values())
        assert bundle.asset.collision_volume == pytest.approx(total, rel=1e-3), name


class _World:
    """A ground plane with gravity."""

    def __init__(self) -> None:
        # Settings are global to the process: whatever another test has left, these are SAPIEN's own.
        physx.set_scene_config()
        physx.set_body_config()
        physx.set_shape_config()
        self.scene = sapien.Scene([physx.PhysxCpuSystem()])
        self.scene.set_timestep(1 / 200)
        self.scene.add_ground(0.0, render=False)

    def drop(self, bundle: AssetBundle, position: list[float]) -> sapien.Entity:
        return self._add(collision_shapes(bundle.asset, _collision(bundle)), position)

    def drop_ball(self, radius: float, position: list[float]) -> sapien.Entity:
        ball = physx.PhysxCollisionShapeSphere(radius, physx.PhysxMaterial(0.5, 0.5, 0.0))
        ball.set_density(300.0)
        return self._add([ball], position)

    def _add(self, parts: list, position: list[float]) -> sapien.Entity:
        body = physx.PhysxRigidDynamicComponent()
        for part in parts:
            body.attach(part)
        entity = sapien.Entity()
        entity.add_component(body)
        entity.set_pose(sapien.Pose(position))
        self.scene.add_entity(entity)
        return entity

    def run(self, steps: int) -> None:
        for _ in range(steps):
            self.scene.step()


def _tilt(entity: sapien.Entity) -> float:
    _, x, y, _ = entity.get_pose().q
    return float(np.degrees(np.arccos(np.clip(1 - 2 * (x * x + y * y), -1, 1))))


def test_every_object_stays_as_it_is_put_down(bundles: dict[str, AssetBundle]) -> None:
    for name in OBJECTS:
        world = _World()
        entity = world.drop(bundles[name], [0.0, 0.0, 0.001])
        world.run(400)
        assert np.linalg.norm(entity.get_pose().p) < 0.005, name
        assert _tilt(entity) < 5.0, name


def test_containers_are_open(bundles: dict[str, AssetBundle]) -> None:
    for name in (*GENERATOR.categories("object", "container"), "mug", "cup"):
        support = bundles[name].asset.support
        assert support is not None
        assert support.kind == "container"
        radius = 0.5 * min(support.half_extents)
        x, y, floor = support.position
        world = _World()
        world.drop(bundles[name], [0.0, 0.0, 0.0])
        ball = world.drop_ball(radius, [x + 0.3 * radius, y + 0.3 * radius, support.rim_height + radius + 0.01])
        world.run(250)
        assert ball.get_pose().p[2] - radius == pytest.approx(floor, abs=0.006), name


def test_surfaces_hold_what_is_put_on_them(bundles: dict[str, AssetBundle]) -> None:
    for name in GENERATOR.categories("object", "surface"):
        _rests(bundles["block"], bundles[name], 0.003)


def test_things_are_stacked_on_others_of_their_kind(bundles: dict[str, AssetBundle]) -> None:
    for name in GENERATOR.categories("object", "stackable"):
        lower = GENERATOR.generate(AssetRequest(name, 12, use="stackable"))
        _rests(bundles[name], lower, 0.003)


@pytest.mark.parametrize("name", ["tea_cup", "cup", "mug"])
@pytest.mark.parametrize("seed", range(3))
def test_cups_are_stacked_whatever_their_sizes(name: str, seed: int) -> None:
    lower = GENERATOR.generate(AssetRequest(name, seed, use="stackable", size="large"))
    upper = GENERATOR.generate(AssetRequest(name, seed + 40, size="small"))
    middle = _rests(upper, lower, 0.009)
    assert middle > lower.asset.extents[2]
    container = GENERATOR.generate(AssetRequest(name, seed)).asset.support
    assert container is not None
    assert container.kind == "container"


def _rests(guest: AssetBundle, host: AssetBundle, offset: float) -> float:
    """Drops one thing on another's support, `offset` from its middle along x and y; returns the height of its middle."""
    support, name = host.asset.support, host.asset.name
    assert support is not None
    assert support.kind == "surface", name
    x, y, z = support.position
    start = [x + offset, y - offset, z + 0.002]
    world = _World()
    world.drop(host, [0.0, 0.0, 0.0])
    upper = world.drop(guest, start)
    world.run(300)
    assert np.linalg.norm(upper.get_pose().p - np.array(start)) < 0.006, name
    assert _tilt(upper) < 4.0, name
    return float(upper.get_pose().p[2]) + guest.asset.extents[2] / 2


# ---------------------------------------------------------------------------------------------------------------- grasps


def _approach_and_closing(quaternion: tuple[float, float, float, float]) -> tuple[np.ndarray, np.ndarray]:
    matrix = trimesh.transformations.quaternion_matrix(quaternion)[:3, :3]
    return matrix[:, 2], matrix[:, 1]


def test_every_graspable_category_can_be_grasped(bundles: dict[str, AssetBundle]) -> None:
    others = [GENERATOR.generate(AssetRequest(name, 0)) for name in GRASPABLE[::3]]
    for asset in [bundle.asset for bundle in (*(bundles[name] for name in GRASPABLE), *others)]:
        name = asset.name
        assert 2 <= len(asset.grasps) <= 16, name
        best = asset.grasps[0]
        assert best.width <= 0.0605, name
        for grasp in asset.grasps:
            approach, closing = _approach_and_closing(grasp.quaternion)
            assert 0.008 <= grasp.width <= 0.068, name
            assert -approach[2] > np.cos(np.radians(40.1)), name
            assert abs(approach @ closing) < 1e-4
            assert grasp.position[2] + 0.008 * approach[2] > 0.0, name
        assert [g.quality for g in asset.grasps] == sorted((g.quality for g in asset.grasps), reverse=True), name


def test_grasps_come_in_both_directions_and_round_things_from_all_sides(bundles: dict[str, AssetBundle]) -> None:
    for name in GRASPABLE:
        yaws = [np.degrees(np.arctan2(c[1], c[0])) % 360 for c in _closings(bundles[name])]
        for yaw in yaws:
            assert any(abs((yaw + 180 - other + 180) % 360 - 180) < 1.0 for other in yaws), name
    for name in ("apple", "can", "tennis_ball", "cup", "candle"):
        yaws = np.sort([np.degrees(np.arctan2(c[1], c[0])) % 360 for c in _closings(bundles[name])])
        assert len(yaws) >= 8, name
        assert np.diff([*yaws, yaws[0] + 360]).max() < 60.0, name


def _closings(bundle: AssetBundle) -> list[np.ndarray]:
    return [_approach_and_closing(grasp.quaternion)[1] for grasp in bundle.asset.grasps]


def test_the_planner_grasps_what_fits_and_nothing_else() -> None:
    slab, wide = shapes.box(0.10, 0.03, 0.04), shapes.box(0.10, 0.10, 0.04)
    found = plan_grasps(slab, [], np.array([0.0, 0.0, 0.02]), seed=0)
    assert found[0].width == pytest.approx(0.03, abs=1e-4)
    closing = _approach_and_closing(found[0].quaternion)[1]
    assert abs(closing[1]) > 0.99
    assert np.linalg.norm(found[0].position[:2]) < 0.02
    assert plan_grasps(wide, [], np.array([0.0, 0.0, 0.02]), seed=0) == ()
    assert plan_grasps(shapes.box(0.1, 0.03, 0.006), [], np.zeros(3), seed=0) == ()


# ---------------------------------------------------------------------------------------------------------------- shapes


@pytest.mark.parametrize(
    ("surface", "volume"),
    [
        (shapes.box(0.1, 0.2, 0.3), 0.006),
        (shapes.rounded_box(0.1, 0.2, 0.3, 0.001), 0.006),
        (shapes.cylinder(0.1, 0.2, 64), np.pi * 0.002),
        (shapes.ellipsoid(0.1, 0.2, 0.3, 48, 32), 4 / 3 * np.pi * 0.006),
        (shapes.capsule(0.05, 0.3, 48, 8), np.pi * 0.0025 * (0.2 + 0.2 / 3)),
        (shapes.extrude(shapes.rounded_rectangle(0.1, 0.1, 0.01), 0.05, 0.004, 2), 0.002),
        (shapes.sweep(np.array([[0, 0, 0], [0.1, 0, 0], [0.2, 0, 0.0]]), shapes.circle(48) * 0.02), np.pi * 0.00008),
    ],
)
def test_solids_are_closed_and_face_outward(surface: shapes.Surface, volume: float) -> None:
    assert surface.volume == pytest.approx(volume, rel=0.04)
    mesh = trimesh.Trimesh(surface.points, np.arange(len(surface.points)).reshape(-1, 3), process=False)
    mesh.merge_vertices(merge_norm=True, merge_tex=True)
    assert mesh.is_watertight
    assert np.allclose(np.linalg.norm(surface.normals, axis=2), 1.0, atol=1e-6)
    flat = np.cross(
        surface.triangles[:, 1] - surface.triangles[:, 0], surface.triangles[:, 2] - surface.triangles[:, 0]
    )
    assert (np.einsum("fk,fck->fc", flat, surface.normals) > 0).all()


def test_edges_are_sharp_and_curves_are_smooth() -> None:
    assert len(np.unique(np.round(shapes.box(1, 1, 1).normals.reshape(-1, 3), 3), axis=0)) == 6
    ball = shapes.ellipsoid(1, 1, 1, 24, 16)
    assert np.einsum("ij,ij->i", ball.points, ball.normals.reshape(-1, 3)).min() > 0.99


def test_unknown_forms_are_decomposed() -> None:
    ring = np.concatenate([shapes.circle(24) * 0.05, np.zeros((24, 1))], axis=1)
    pieces = decomposed(shapes.sweep(ring, shapes.circle(8) * 0.012, closed=True))
    assert 3 <= len(pieces) <= MAX_PIECES
    assert all(isinstance(piece, Hull) for piece in pieces)
    assert sum(float(piece.mesh.volume) for piece in pieces) < 1.6 * 2 * np.pi**2 * 0.05 * 0.012**2


def test_colours_look_like_their_names() -> None:
    red, green, blue = (np.array(materials.COLORS[name]) for name in ("red", "green", "blue"))
    assert red.argmax() == 0
    assert green.argmax() == 1
    assert blue.argmax() == 2
    names = list(materials.COLORS)
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            assert np.abs(np.subtract(materials.COLORS[first], materials.COLORS[second])).max() > 25, (first, second)

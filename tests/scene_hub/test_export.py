"""Exported scenes, loaded by the programs that they are for: MuJoCo, SAPIEN's URDF loader, USD."""

import hashlib
import io
import json
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import mujoco
import numpy as np
import pytest
import sapien
import sapien.physx as physx
import trimesh
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pxr import Gf, Usd, UsdGeom, UsdPhysics, UsdShade, UsdValidation
from scene_boxes import CARD, box_bundle, glb_of
from trimesh.visual import ColorVisuals, TextureVisuals
from trimesh.visual.material import PBRMaterial

from scene_hub.dataset import SceneDataset, asset_file_path, write_dataset
from scene_hub.errors import InvalidOptionError, MissingRequirementError, SceneDataError
from scene_hub.export import FORMATS, SCENE_FILES, Camera, RobotPlace, export_scenes
from scene_hub.export.content import PREVIEW
from scene_hub.export.inertia import mass_properties
from scene_hub.export.markup import add_text, document
from scene_hub.export.mjcf import screen_light
from scene_hub.export.surfaces import read_surfaces
from scene_hub.export.urdf import add_origin
from scene_hub.export.usd import prim_names
from scene_hub.gaussians import GaussianCloud, write_ply
from scene_hub.generate.bundle import AssetBundle
from scene_hub.importers.embodiedgen import import_layouts
from scene_hub.physics import collision_shapes
from scene_hub.schema import (
    Asset,
    AssetFile,
    BoxShape,
    ConvexShape,
    DirectionalLight,
    Lighting,
    Pose,
    Scene,
    SphereShape,
)
from scene_hub.thumbnails import pose_matrix

SECONDS, MOST_METRES, MOST_TILT = 2.0, 0.01, np.radians(3.0)
SAMPLE = (
    "train-put-in-broccoli-red-soup-mug",
    "train-stack-red-can-white-can",
    "train-pick-blue-flashlight",
    "ood-put-on-white-chess-pawn-brown-chessboard",
)
HOSTILE = 'a </extra_info> & "quoted" | \x0b\ufffe\x1f <b>name</b>'


@pytest.fixture(scope="session")
def starter() -> SceneDataset:
    return SceneDataset.open("starter")


@pytest.fixture(scope="session")
def exported(starter: SceneDataset, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sample of starter scenes in each format: its folder by format."""
    root = tmp_path_factory.mktemp("exported")
    scenes = starter.scenes(ids=SAMPLE)
    place = RobotPlace("franka", Pose(position=(-0.5, 0.0, 0.0)))
    for form in FORMATS:
        export_scenes(starter, scenes, root / form, form, robot=place)
    return {form: root / form for form in FORMATS}


def load_mujoco(path: Path) -> tuple[mujoco.MjModel, mujoco.MjData]:
    model = mujoco.MjModel.from_xml_path(str(path))
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    return model, data


def run(model: mujoco.MjModel, data: mujoco.MjData, seconds: float) -> None:
    for _ in range(round(seconds / model.opt.timestep)):
        mujoco.mj_step(model, data)


def tilt(one: Any, other: Any) -> float:
    return float(2 * np.arccos(min(1.0, abs(np.dot(one, other)))))


def load_urdf(path: Path) -> physx.PhysxRigidDynamicComponent:
    """The body that SAPIEN's URDF loader builds, without what is seen: no renderer is needed."""
    scene = sapien.Scene([physx.PhysxCpuSystem()])
    _, builders, _ = scene.create_urdf_loader().parse(str(path))
    builders[0].visual_records = []
    entity = builders[0].build(name="body")
    body = entity.find_component_by_type(physx.PhysxRigidDynamicComponent)
    assert body is not None
    entity.remove_component(body)  # else it dies with its scene
    return body


def physx_body(asset: Asset, meshes: dict[str, trimesh.Trimesh]) -> physx.PhysxRigidDynamicComponent:
    """The body of `asset` in this package's own simulation."""
    body = physx.PhysxRigidDynamicComponent()
    for shape in collision_shapes(asset, meshes):
        body.attach(shape)
    return body


def inertia_of(moments: Any, quaternion: Any) -> np.ndarray:
    """Principal moments and the quaternion (wxyz) of their axes as a tensor [3, 3]."""
    axes = trimesh.transformations.quaternion_matrix(quaternion)[:3, :3]
    return axes @ np.diag(moments) @ axes.T


def content_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# ------------------------------------------------------------------------------------------------------ shapes and looks


def odd_things() -> AssetBundle:
    """A dumbbell of a ball, a turned box and a hull; what is seen of it is a triangle, a painted and a textured mesh."""
    ball, bar = SphereShape(radius=0.03, pose=Pose(position=(0.06, 0.0, 0.03))), (0.03, 0.01, 0.005)
    quaternion = trimesh.transformations.quaternion_from_euler(0.0, 0.0, np.radians(30.0))
    turned = BoxShape(half_size=bar, pose=Pose(position=(-0.05, 0.0, 0.005), quaternion=tuple(quaternion.tolist())))
    hull = trimesh.creation.box([0.06, 0.02, 0.02]).apply_translation([0.0, 0.0, 0.01])
    painted = trimesh.creation.icosphere(1, 0.03).apply_translation([0.06, 0.0, 0.03])
    painted.visual = ColorVisuals(painted, face_colors=np.tile([[255, 0, 0, 255]], (len(painted.faces), 1)))
    glossy = PBRMaterial(baseColorFactor=[0, 128, 0, 128], alphaMode="BLEND", metallicFactor=0.5, doubleSided=True)
    triangle = trimesh.Trimesh([[-0.08, -0.02, 0.0], [0.0, -0.02, 0.0], [0.0, 0.02, 0.0]], [[0, 1, 2]], process=False)
    triangle.visual = TextureVisuals(material=glossy)
    flag = trimesh.creation.box([0.06, 0.02, 0.02]).apply_translation([0.0, 0.0, 0.01])
    image = Image.new("RGB", (4, 4), (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, 4, 2))  # the upper half
    uv = np.stack([np.full(len(flag.vertices), 0.5), np.where(flag.vertices[:, 2] > 0.01, 0.9, 0.1)], axis=1)
    flag.visual = TextureVisuals(uv=uv, material=PBRMaterial(baseColorTexture=image))
    solids = 4 / 3 * np.pi * 0.03**3 + 8 * np.prod(bar) + hull.volume
    return box_bundle(
        "odd thing",
        (0.17, 0.06, 0.06),
        visual_file=glb_of(painted=painted, triangle=triangle, flag=flag),
        collision_file=glb_of(piece_0=hull),
        collision=(ball, turned, ConvexShape(mesh="piece_0")),
        collision_volume=float(solids),
        description=HOSTILE,
    )


@pytest.fixture(scope="session")
def odd(boxes: tuple[list[Scene], list[AssetBundle]], tmp_path_factory: pytest.TempPathFactory) -> SceneDataset:
    """A dataset of one scene in which the block is the odd thing."""
    scenes, bundles = boxes
    thing = odd_things()
    block = scenes[1].object
    moved = block.model_copy(update={"asset": thing.asset.id})
    scene = scenes[1].model_copy(
        update={
            "placements": tuple(moved if placement == block else placement for placement in scenes[1].placements),
            "instruction": HOSTILE.replace("\x0b", "").strip(),
        }
    )
    return write_dataset(tmp_path_factory.mktemp("odd") / "odd", [scene], [*bundles, thing], CARD)


def test_surfaces_keep_places_colours_and_textures() -> None:
    bundle = odd_things()
    painted, triangle, flag = read_surfaces(bundle.files["visual.glb"])
    assert triangle.look.double_sided and triangle.uvs is None
    np.testing.assert_allclose(triangle.look.srgb, (0.0, 0.737, 0.0), atol=0.01)  # 128 / 255, linear
    assert triangle.look.alpha == pytest.approx(0.5, abs=0.01)
    assert painted.look.texture is not None and flag.look.texture is not None
    assert np.asarray(Image.open(io.BytesIO(painted.look.texture))).reshape(-1, 3).tolist().count([255, 0, 0]) > 0
    np.testing.assert_allclose(np.linalg.norm(painted.points - [0.06, 0, 0.03], axis=1), 0.03, atol=1e-6)
    assert flag.uvs is not None
    upper = flag.points[:, 2] > 0.01
    assert (flag.uvs[upper, 1] > 0.5).all() and (flag.uvs[~upper, 1] < 0.5).all()


def test_the_back_of_a_surface_faces_the_other_way() -> None:
    _, triangle, _ = read_surfaces(odd_things().files["visual.glb"])
    both = triangle.with_backs()
    first, second = both.points[both.faces]
    normals = [np.cross(corners[1] - corners[0], corners[2] - corners[0]) for corners in (first, second)]
    np.testing.assert_allclose(normals[0], -normals[1])
    assert (np.sum(both.normals[both.faces[:, 0]] * normals, axis=1) > 0).all()


@given(st.tuples(*[st.floats(0, 1)] * 3), st.lists(st.tuples(*[st.floats(0, 3)] * 3), max_size=3))
def test_light_for_screens_is_as_bright_in_shade_and_in_full(
    ambient: tuple[float, float, float], colors: list[tuple[float, float, float]]
) -> None:
    lights = tuple(DirectionalLight(direction=(0, 0, -1), color=color) for color in colors)
    shade, direct = screen_light(Lighting(ambient=ambient, directional=lights))
    linear = np.clip(np.array(ambient) + sum(np.array(color) / np.pi for color in colors), 0, 1)
    np.testing.assert_allclose(shade, np.array(ambient) ** (1 / 2.2))
    np.testing.assert_allclose(shade + sum(direct, np.zeros(3)), linear ** (1 / 2.2), atol=2e-3)
    assert all((light >= 0).all() for light in direct)


def test_masses_and_inertias_are_those_of_physx(starter: SceneDataset, odd: SceneDataset) -> None:
    for dataset, assets in ((starter, starter.asset_ids[::4]), (odd, odd.asset_ids)):
        for asset in map(dataset.asset, assets):
            if asset.kind != "object":
                continue
            meshes = dataset.collision_meshes(asset)
            ours, theirs = mass_properties(asset, meshes), physx_body(asset, meshes)
            center, size = theirs.cmass_local_pose, max(asset.extents)
            assert ours.mass == pytest.approx(theirs.mass, rel=0.03), asset.name  # PhysX measures cooked hulls
            np.testing.assert_allclose(ours.center, center.p, atol=5e-3 * size, err_msg=asset.name)
            expected = inertia_of(theirs.inertia, center.q)
            np.testing.assert_allclose(ours.inertia, expected, atol=0.05 * expected.max(), err_msg=asset.name)
            np.testing.assert_allclose(inertia_of(*ours.principal()), ours.inertia, atol=1e-12)


# ---------------------------------------------------------------------------------------------------------------- MuJoCo


@pytest.fixture(scope="session")
def models(starter: SceneDataset, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every starter scene as a MuJoCo model, by scene."""
    scenes = starter.scenes()
    paths = export_scenes(starter, scenes, tmp_path_factory.mktemp("models") / "out", "mjcf")
    return {scene.id: path for scene, path in zip(scenes, paths, strict=True)}


def test_every_starter_scene_rests_in_mujoco_where_it_rests_here(
    starter: SceneDataset, models: dict[str, Path]
) -> None:
    restless = {}
    for scene in starter.scenes():
        model, data = load_mujoco(models[scene.id])
        run(model, data, SECONDS)
        for placement in scene.movables:
            body = data.body(placement.name)
            moved = float(np.linalg.norm(body.xpos - placement.pose.position))
            turned = tilt(body.xquat, placement.pose.quaternion)
            if not (moved <= MOST_METRES and turned <= MOST_TILT):
                restless[scene.id, placement.name] = (moved, np.degrees(turned))
        assert not any(warning.number for warning in data.warning), scene.id
    assert not restless


def test_receptacles_take_in_mujoco_what_is_dropped_over_them(starter: SceneDataset, models: dict[str, Path]) -> None:
    missed = {}
    for scene in (*starter.scenes(task="put_in"), *starter.scenes(task="put_on")):
        assert scene.receptacle is not None
        support = starter.asset(scene.receptacle.asset).support
        assert support is not None
        model, data = load_mujoco(models[scene.id])
        above = np.array([*support.position[:2], support.rim_height + 0.01, 1.0])
        data.joint(scene.object.name).qpos[:3] = (pose_matrix(scene.receptacle.pose) @ above)[:3]
        run(model, data, SECONDS)
        thing, receptacle = data.body(scene.object.name), data.body(scene.receptacle.name)
        x, y, z = receptacle.xmat.reshape(3, 3).T @ (thing.xpos - receptacle.xpos) - support.position
        aside = max(abs(x) / support.half_extents[0], abs(y) / support.half_extents[1])
        if aside > 1.0 or not -1e-3 < z < 0.01 or np.linalg.norm(data.joint(scene.object.name).qvel) > 0.05:
            missed[scene.id] = (x, y, z)
    assert not missed


def test_a_robot_is_attached_to_an_exported_model(models: dict[str, Path]) -> None:
    spec = mujoco.MjSpec.from_file(str(models[SAMPLE[0]]))
    robot = mujoco.MjSpec.from_string(
        """<mujoco><default><default class="visual"><geom group="2"/></default></default><worldbody>
        <body name="arm"><joint name="lift" type="slide" axis="0 0 1"/><geom class="visual" size="0.02" mass="1"/></body>
        </worldbody></mujoco>"""
    )
    base = spec.worldbody.add_frame(pos=[-0.5, 0.0, 0.2])
    spec.attach(robot, frame=base, prefix="robot_")
    model = spec.compile()
    assert model.joint("robot_lift").dofadr[0] == model.nv - 1
    assert model.body("broccoli").mass[0] == pytest.approx(0.0644)


def test_mujoco_bodies_weigh_and_measure_what_the_assets_do(starter: SceneDataset, exported: dict[str, Path]) -> None:
    for scene in starter.scenes(ids=SAMPLE):
        model, data = load_mujoco(exported["mjcf"] / scene.id / "scene.xml")
        for placement in scene.placements:
            asset, body = starter.asset(placement.asset), model.body(placement.name)
            np.testing.assert_allclose(bounds(model, data, placement.name, 2), asset.extents, atol=2e-4)
            if placement in scene.movables:
                assert body.mass[0] == pytest.approx(asset.mass)
                assert (body.dofnum[0], body.jntnum[0]) == (6, 1)
            else:
                assert body.dofnum[0] == 0
        seen = model.geom_group == 2
        assert not model.geom_contype[seen].any() and not model.geom_conaffinity[seen].any()
        collides = {model.body(body).name for body in model.geom_bodyid[~seen]}
        assert collides == {"world", scene.context.name, *(placement.name for placement in scene.movables)}
        assert model.ntex > 3 and model.nlight == len(scene.lighting.directional)


def bounds(model: mujoco.MjModel, data: mujoco.MjData, name: str, group: int) -> np.ndarray:
    """Size [3] of the meshes of a body along its own axes."""
    body, points = data.body(name), []
    for geom in range(model.ngeom):
        if model.geom_bodyid[geom] == body.id and model.geom_group[geom] == group:
            mesh = model.mesh(model.geom_dataid[geom])
            vertices = model.mesh_vert[mesh.vertadr[0] : mesh.vertadr[0] + mesh.vertnum[0]]
            world = vertices @ data.geom_xmat[geom].reshape(3, 3).T + data.geom_xpos[geom]
            points.append((world - body.xpos) @ body.xmat.reshape(3, 3))
    return np.ptp(np.concatenate(points), axis=0)


def test_things_fall_onto_the_table_and_beside_it_onto_the_floor(box_dataset: SceneDataset, tmp_path: Path) -> None:
    (path,) = export_scenes(box_dataset, box_dataset.scenes(ids=["put-0"]), tmp_path / "out", "mjcf")
    model, data = load_mujoco(path)
    home = data.joint("block").qpos.copy()
    data.joint("block").qpos[2] += 0.1
    data.joint("other").qpos[:3] = (1.5, 0.0, 0.0)  # the table is 1.2 m deep
    run(model, data, 2.0)
    assert data.joint("block").qpos[2] == pytest.approx(home[2], abs=1e-3)
    assert data.joint("other").qpos[2] == pytest.approx(-0.7, abs=1e-3)


@pytest.mark.parametrize(("slope", "slides"), [(0.45, False), (0.55, True)])
def test_mujoco_slides_things_from_their_friction_on(
    box_dataset: SceneDataset, tmp_path: Path, slope: float, slides: bool
) -> None:
    (path,) = export_scenes(box_dataset, box_dataset.scenes(ids=["pick-0"]), tmp_path / "out", "mjcf")
    model, data = load_mujoco(path)  # table and block have the friction 0.5
    before = data.joint("block").qpos.copy()
    model.opt.gravity[:] = 9.81 * np.array([np.sin(np.arctan(slope)), 0, -np.cos(np.arctan(slope))])
    run(model, data, 1.0)
    moved = data.joint("block").qpos[0] - before[0]
    assert (moved > 0.1) if slides else (abs(moved) < 2e-3)


def test_mujoco_takes_odd_shapes_and_looks(odd: SceneDataset, tmp_path: Path) -> None:
    (path,) = export_scenes(odd, odd.scenes(), tmp_path / "out", "mjcf")
    model, _ = load_mujoco(path)
    ball, turned, hull = (model.geom(f"block_collision_{index}") for index in range(3))
    types = mujoco.mjtGeom
    assert [int(geom.type[0]) for geom in (ball, turned, hull)] == [
        types.mjGEOM_SPHERE,
        types.mjGEOM_BOX,
        types.mjGEOM_MESH,
    ]
    shapes = odd.asset(odd.scenes()[0].object.asset).collision
    assert isinstance(shapes[1], BoxShape)
    np.testing.assert_allclose(turned.size, shapes[1].half_size)
    assert tilt(turned.quat, shapes[1].pose.quaternion) < 1e-6
    assert ball.size[0] == pytest.approx(0.03) and ball.pos[0] == pytest.approx(0.06)
    assert model.material("block_visual_1").rgba[3] == pytest.approx(0.5, abs=0.01)
    assert model.mesh("block_visual_1").facenum[0] == 2  # its front and its back


# ------------------------------------------------------------------------------------------------------------------ URDF


@given(st.tuples(*[st.floats(-1, 1)] * 4).filter(lambda q: np.linalg.norm(q) > 0.1))
def test_urdf_origins_turn_as_quaternions_do(given_quaternion: tuple[float, float, float, float]) -> None:
    w, x, y, z = (np.asarray(given_quaternion) / np.linalg.norm(given_quaternion)).tolist()
    pose = Pose(position=(1.0, -2.0, 0.5), quaternion=(w, x, y, z))
    parent = ElementTree.Element("collision")
    add_origin(parent, pose)
    origin = ElementTree.fromstring(document(parent)).find("origin")
    assert origin is not None and origin.attrib["xyz"] == "1 -2 0.5"
    turned = trimesh.transformations.euler_matrix(*map(float, origin.attrib["rpy"].split()), axes="sxyz")
    expected = trimesh.transformations.quaternion_matrix(pose.quaternion)
    np.testing.assert_allclose(turned, expected, atol=1e-6)


@given(st.text())
def test_any_text_makes_sound_xml(text: str) -> None:
    parent = ElementTree.Element("link")
    add_text(parent, "description", text)
    read = ElementTree.fromstring(document(parent)).findtext("description") or ""
    kept = [character for character in text if character.isprintable()]
    assert [character for character in read if character.isprintable()] == kept


def test_urdf_bodies_are_those_of_the_environments(starter: SceneDataset, exported: dict[str, Path]) -> None:
    for scene in starter.scenes(ids=SAMPLE):
        for placement in (*scene.movables, scene.context):
            asset, name = starter.asset(placement.asset), placement.name
            meshes = starter.collision_meshes(asset)
            loaded = load_urdf(exported["urdf"] / scene.id / "assets" / name / f"{name}.urdf")
            expected = physx_body(asset, meshes)
            assert loaded.mass == pytest.approx(asset.mass, rel=1e-5)
            np.testing.assert_allclose(
                inertia_of(loaded.inertia, loaded.cmass_local_pose.q),
                inertia_of(expected.inertia, expected.cmass_local_pose.q),
                atol=0.05 * float(np.max(expected.inertia)),
            )
            for ours, theirs in zip(loaded.collision_shapes, expected.collision_shapes, strict=True):
                assert type(ours) is type(theirs)
                if isinstance(ours, physx.PhysxCollisionShapeConvexMesh):
                    np.testing.assert_allclose(ours.vertices.min(axis=0), theirs.vertices.min(axis=0), atol=2e-5)
                    np.testing.assert_allclose(ours.vertices.max(axis=0), theirs.vertices.max(axis=0), atol=2e-5)
                else:
                    np.testing.assert_allclose(ours.half_size, theirs.half_size, atol=1e-6)
                    np.testing.assert_allclose(ours.local_pose.p, theirs.local_pose.p, atol=1e-6)


def test_urdf_says_mass_friction_and_whose_it_is(starter: SceneDataset, exported: dict[str, Path]) -> None:
    scene = starter.scene(SAMPLE[0])
    for placement in scene.placements:
        asset, name = starter.asset(placement.asset), placement.name
        home = exported["urdf"] / scene.id / "assets" / name
        link = ElementTree.parse(home / f"{name}.urdf").getroot().find("link")
        assert link is not None
        assert link.findtext("extra_info/description") == asset.description
        assert link.findtext("extra_info/licence") == asset.provenance.licence
        for collision in link.findall("collision"):
            assert float(collision.findtext("gazebo/mu1") or "nan") == asset.static_friction
            assert float(collision.findtext("gazebo/mu2") or "nan") == asset.dynamic_friction
        assert len(link.findall("collision")) == len(asset.collision)
        for mesh in link.iter("mesh"):
            assert (home / mesh.attrib["filename"]).is_file()
        assert (home / "mesh" / f"{name}.glb").read_bytes() == starter.asset_file(asset, "visual").read_bytes()


def test_obj_and_glb_of_a_urdf_look_the_same(starter: SceneDataset, exported: dict[str, Path]) -> None:
    """Both as trimesh reads them, each by the rules of its format: size, colours and where they are."""
    for scene in starter.scenes(ids=SAMPLE[:2]):
        for placement in scene.movables:
            stem = exported["urdf"] / scene.id / "assets" / placement.name / "mesh" / placement.name
            obj, glb = (trimesh.load_scene(stem.with_suffix(ending), process=False) for ending in (".obj", ".glb"))
            np.testing.assert_allclose(obj.bounds, glb.bounds, atol=2e-6)
            assert sum(len(mesh.faces) for mesh in obj.dump()) == sum(len(mesh.faces) for mesh in glb.dump())
            np.testing.assert_allclose(mean_colors(obj, linear=False), mean_colors(glb, linear=True), atol=8)


def mean_colors(scene: trimesh.Scene, linear: bool) -> np.ndarray:
    """Mean colour [2, 3] (sRGB, 0 to 255) of the upper and the lower half; `linear`: how plain colours are written."""
    middle, rows = scene.bounds.mean(axis=0)[2], []
    for mesh in scene.dump():
        visual: Any = mesh.visual
        material = visual.material
        if isinstance(material, PBRMaterial):
            image, plain = material.baseColorTexture, material.baseColorFactor
        else:
            image, plain = material.image, material.diffuse
        if image is None:
            color = np.asarray(plain, dtype=float)[:3] / 255
            if linear:
                color = np.where(
                    color <= 0.0031308, 12.92 * color, 1.055 * np.maximum(color, 1e-9) ** (1 / 2.4) - 0.055
                )
            colors = np.tile(255 * color, (len(mesh.faces), 1))
        else:
            pixels = np.asarray(image.convert("RGB"), dtype=float)
            u, v = (np.asarray(visual.uv)[mesh.faces].mean(axis=1) % 1.0).T
            rows_, columns = ((1 - v) * pixels.shape[0]).astype(int), (u * pixels.shape[1]).astype(int)
            colors = pixels[rows_.clip(max=pixels.shape[0] - 1), columns.clip(max=pixels.shape[1] - 1)]
        rows.append(np.column_stack([mesh.triangles_center[:, 2] > middle, mesh.area_faces, colors]))
    table = np.concatenate(rows)
    return np.array(
        [np.average(table[half, 2:], axis=0, weights=table[half, 1]) for half in (table[:, 0] > 0, table[:, 0] == 0)]
    )


def test_the_layout_is_embodiedgens(starter: SceneDataset, exported: dict[str, Path]) -> None:
    scene = starter.scene(SAMPLE[0])
    home = exported["urdf"] / scene.id
    layout = json.loads((home / "layout.json").read_text(encoding="utf-8"))
    assert layout["relation"]["task_desc"] == scene.instruction
    assert layout["relation"]["manipulated_objs"] == ["broccoli", "red soup mug"]
    assert layout["objs_mapping"]["lemon"] == "distractor_objs"
    assert layout["tree"]["table"] == [["broccoli", "ON"], ["red soup mug", "ON"], ["lemon", "ON"]]
    assert layout["position"]["franka"] == [-0.5, 0.0, 0.75, 0.0, 0.0, 0.0, 1.0]
    for placement in scene.placements:
        node = placement.name.replace("_", " ")
        if placement != scene.background:  # of which EmbodiedGen has Gaussians
            assert (home / layout["assets"][node] / f"{node.replace(' ', '_')}.urdf").is_file()
        x, y, z, qx, qy, qz, qw = layout["position"][node]
        np.testing.assert_allclose((x, y, z - 0.75), placement.pose.position, atol=1e-9)
        np.testing.assert_allclose((qw, qx, qy, qz), placement.pose.quaternion)


@pytest.mark.parametrize("scene_id", ["train-stack-blue-block-yellow-block", "train-put-in-broccoli-red-soup-mug"])
def test_a_layout_comes_back_through_the_importer(
    starter: SceneDataset, scene_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    scene = starter.scene(scene_id)
    export_scenes(starter, [scene], tmp_path / "out", "urdf", robot=RobotPlace("franka", Pose(position=(-0.52, 0, 0))))
    (layout,) = import_layouts(tmp_path / "out", tmp_path / "back").layouts
    assert layout.scene is not None, layout.problem
    assert (layout.scene.task, layout.scene.instruction) == (scene.task, scene.instruction)
    for ours, theirs in zip(scene.movables, layout.scene.movables, strict=True):
        assert (ours.name, ours.role) == (theirs.name, theirs.role)
        np.testing.assert_allclose(theirs.pose.position, ours.pose.position, atol=2e-3)
        assert tilt(theirs.pose.quaternion, ours.pose.quaternion) < np.radians(1)


def test_urdf_holds_odd_shapes_and_hostile_words(odd: SceneDataset, tmp_path: Path) -> None:
    (path,) = export_scenes(odd, odd.scenes(), tmp_path / "out", "urdf")
    urdf = path.parent / "assets" / "block" / "block.urdf"
    description = ElementTree.parse(urdf).getroot().findtext("link/extra_info/description")
    assert description == 'a </extra_info> & "quoted" |  <b>name</b>'
    asset = odd.asset(odd.scenes()[0].object.asset)
    loaded, expected = load_urdf(urdf), physx_body(asset, odd.collision_meshes(asset))
    for ours, theirs in zip(loaded.collision_shapes, expected.collision_shapes, strict=True):
        assert type(ours) is type(theirs)
        np.testing.assert_allclose(ours.local_pose.p, theirs.local_pose.p, atol=1e-6)
        assert tilt(ours.local_pose.q, theirs.local_pose.q) < 1e-3


# ------------------------------------------------------------------------------------------------------------------- USD


@pytest.fixture(scope="session")
def stages(exported: dict[str, Path]) -> dict[str, Any]:
    """USD stages of the sample by scene."""
    return {scene: Usd.Stage.Open(str(exported["usd"] / scene / "scene.usda")) for scene in SAMPLE}


def test_usd_stages_pass_its_own_validators(stages: dict[str, Any]) -> None:
    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    for stage in stages.values():
        found = UsdValidation.ValidationContext(validators).Validate(stage)
        assert [(error.GetName(), error.GetMessage()) for error in found] == []
        assert (UsdGeom.GetStageUpAxis(stage), UsdGeom.GetStageMetersPerUnit(stage)) == ("Z", 1.0)
        assert stage.GetDefaultPrim().GetPath() == "/World"


def test_usd_things_stand_weigh_and_measure_what_they_should(starter: SceneDataset, stages: dict[str, Any]) -> None:
    for scene in starter.scenes(ids=SAMPLE):
        for placement in scene.placements:
            asset = starter.asset(placement.asset)
            prim = stages[scene.id].GetPrimAtPath(f"/World/things/{placement.name}")
            matrix = np.array(UsdGeom.Xformable(prim).ComputeLocalToWorldTransform(Usd.TimeCode.Default())).T
            np.testing.assert_allclose(matrix[:3, 3], placement.pose.position, atol=1e-9)
            expected = trimesh.transformations.quaternion_matrix(placement.pose.quaternion)[:3, :3]
            np.testing.assert_allclose(matrix[:3, :3], expected, atol=1e-6)
            boxes = UsdGeom.BBoxCache(Usd.TimeCode.Default(), [UsdGeom.Tokens.default_])
            size = boxes.ComputeUntransformedBound(prim).ComputeAlignedRange().GetSize()
            np.testing.assert_allclose(size, asset.extents, atol=2e-4)
            assert prim.HasAPI(UsdPhysics.RigidBodyAPI) == (placement in scene.movables)
            if placement in scene.movables:
                check_usd_mass(asset, starter.collision_meshes(asset), UsdPhysics.MassAPI(prim))


def check_usd_mass(asset: Asset, meshes: dict[str, trimesh.Trimesh], written: Any) -> None:
    whole = mass_properties(asset, meshes)
    assert written.GetMassAttr().Get() == pytest.approx(asset.mass)
    np.testing.assert_allclose(written.GetCenterOfMassAttr().Get(), whole.center, atol=1e-6)
    axes = written.GetPrincipalAxesAttr().Get()
    found = inertia_of(written.GetDiagonalInertiaAttr().Get(), [axes.GetReal(), *axes.GetImaginary()])
    np.testing.assert_allclose(found, whole.inertia, atol=1e-5 * whole.inertia.max())


@pytest.mark.filterwarnings("ignore:LoadUsdPhysicsFromRange is deprecated")  # what replaces it came after usd-core 25
def test_usd_physics_reads_bodies_colliders_and_materials(starter: SceneDataset, stages: dict[str, Any]) -> None:
    for scene in starter.scenes(ids=SAMPLE):
        stage = stages[scene.id]
        parsed = UsdPhysics.LoadUsdPhysicsFromRange(stage, ["/World"])
        bodies = {str(path) for path in parsed[UsdPhysics.ObjectType.RigidBody][0]}
        assert bodies == {f"/World/things/{placement.name}" for placement in scene.movables}
        for placement in (*scene.movables, scene.context):
            asset = starter.asset(placement.asset)
            colliders = [prim for prim in stage.Traverse() if prim.HasAPI(UsdPhysics.CollisionAPI)]
            mine = [prim for prim in colliders if str(prim.GetPath()).startswith(f"/World/things/{placement.name}/")]
            assert len(mine) == len(asset.collision)
            for prim in mine:
                assert prim.GetTypeName() != "Mesh" or (
                    UsdPhysics.MeshCollisionAPI(prim).GetApproximationAttr().Get() == "convexHull"
                )
                material, _ = UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial("physics")
                physics = UsdPhysics.MaterialAPI(material.GetPrim())
                assert physics.GetStaticFrictionAttr().Get() == pytest.approx(asset.static_friction)
                assert physics.GetDynamicFrictionAttr().Get() == pytest.approx(asset.dynamic_friction)
                assert physics.GetRestitutionAttr().Get() == pytest.approx(asset.restitution)
        gravity = UsdPhysics.Scene(stage.GetPrimAtPath("/World/physics_scene"))
        assert gravity.GetGravityMagnitudeAttr().Get() == pytest.approx(9.81)


def test_usd_textures_lie_beside_and_are_bound(starter: SceneDataset, stages: dict[str, Any]) -> None:
    scene = starter.scene(SAMPLE[0])
    textured = 0
    for prim in stages[scene.id].Traverse():
        if prim.GetTypeName() != "Mesh" or "/visual/" not in str(prim.GetPath()):
            continue
        material, _ = UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()
        surface, _, _ = material.ComputeSurfaceSource()
        assert surface.GetIdAttr().Get() == "UsdPreviewSurface"
        color = surface.GetInput("diffuseColor")
        if not color.HasConnectedSource():
            assert color.Get() is not None
            continue
        image = UsdShade.Shader(color.GetConnectedSources()[0][0].source.GetPrim()).GetInput("file").Get()
        assert not image.path.startswith("/")
        Image.open(image.resolvedPath).verify()
        points = UsdGeom.Mesh(prim).GetPointsAttr().Get()
        assert len(UsdGeom.PrimvarsAPI(prim).GetPrimvar("st").Get()) == len(points)
        textured += 1
    assert textured > 5


def test_usd_lights_and_cameras_look_the_right_way(starter: SceneDataset, stages: dict[str, Any]) -> None:
    for scene in starter.scenes(ids=SAMPLE):
        for index, light in enumerate(scene.lighting.directional):
            prim = stages[scene.id].GetPrimAtPath(f"/World/lights/light_{index}")
            matrix = UsdGeom.Xformable(prim).ComputeLocalToWorldTransform(Usd.TimeCode.Default())
            direction = np.asarray(light.direction) / np.linalg.norm(light.direction)
            np.testing.assert_allclose(matrix.TransformDir(Gf.Vec3d(0, 0, -1)), direction, atol=1e-6)
        camera = UsdGeom.Camera(stages[scene.id].GetPrimAtPath("/World/cameras/preview")).GetCamera()
        np.testing.assert_allclose(np.array(camera.transform).T, PREVIEW.pose, atol=1e-9)
        vertical = camera.GetFieldOfView(Gf.Camera.FOVVertical)
        assert vertical == pytest.approx(np.degrees(PREVIEW.field), abs=1e-3)


@pytest.mark.parametrize("names", [["a-b", "a.b", "a_b", "a_b_", "2nd"], ["x"]])
def test_usd_names_are_identifiers_and_differ(names: list[str]) -> None:
    found = prim_names(names)
    assert len(set(found.values())) == len(names)
    assert all(name.isidentifier() for name in found.values())


def test_usd_takes_odd_shapes_and_hostile_words(odd: SceneDataset, tmp_path: Path) -> None:
    (path,) = export_scenes(odd, odd.scenes(), tmp_path / "out", "usd")
    stage = Usd.Stage.Open(str(path))
    thing = stage.GetPrimAtPath("/World/things/block")
    assert thing.GetCustomDataByKey("genworld:description") == odd.asset(odd.scenes()[0].object.asset).description
    ball, turned, hull = (stage.GetPrimAtPath(f"/World/things/block/collision/shape_{index}") for index in range(3))
    assert UsdGeom.Sphere(ball).GetRadiusAttr().Get() == pytest.approx(0.03)
    cache = UsdGeom.BBoxCache(Usd.TimeCode.Default(), [UsdGeom.Tokens.guide])
    size = cache.ComputeRelativeBound(turned, thing).ComputeAlignedRange().GetSize()
    cosine, sine = np.cos(np.radians(30)), np.sin(np.radians(30))
    np.testing.assert_allclose(size, [0.06 * cosine + 0.02 * sine, 0.06 * sine + 0.02 * cosine, 0.01], atol=1e-5)
    assert hull.HasAPI(UsdPhysics.MeshCollisionAPI)


def test_without_usd_core_the_way_out_is_said(
    box_dataset: SceneDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pxr", None)
    monkeypatch.delitem(sys.modules, "pxr.Usd", raising=False)
    with pytest.raises(MissingRequirementError, match=r"pip install 'genworld-envs\[usd\]'"):
        export_scenes(box_dataset, box_dataset.scenes(), tmp_path / "out", "usd")
    assert not list(tmp_path.glob("*out*"))


# --------------------------------------------------------------------------------------------------------------- folders


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_is_self_contained_and_the_same_each_time(
    starter: SceneDataset, exported: dict[str, Path], tmp_path: Path, form: str
) -> None:
    paths = export_scenes(
        starter,
        starter.scenes(ids=SAMPLE),
        tmp_path / "elsewhere" / "again",
        form,
        robot=RobotPlace("franka", Pose(position=(-0.5, 0.0, 0.0))),
    )
    found = content_of(tmp_path / "elsewhere" / "again")
    assert found == content_of(exported[form])
    assert [path.name for path in paths] == [SCENE_FILES[form]] * len(SAMPLE)
    for data in found.values():
        assert str(tmp_path).encode() not in data and str(starter.folder).encode() not in data


def test_records_and_licences_go_along(starter: SceneDataset, exported: dict[str, Path]) -> None:
    scene = starter.scene(SAMPLE[0])
    home = exported["mjcf"] / scene.id
    records = json.loads((home / "genworld.json").read_text(encoding="utf-8"))
    assert Scene.model_validate(records["scene"]) == scene
    assert {asset: Asset.model_validate(record) for asset, record in records["assets"].items()} == {
        asset: starter.asset(asset) for asset in scene.asset_ids
    }
    readme = (home / "README.md").read_text(encoding="utf-8")
    assert scene.instruction in readme
    assert readme.count("CC0-1.0") >= len(scene.placements)


@pytest.mark.parametrize("form", FORMATS)
def test_gaussians_of_a_room_are_copied_with_a_note(
    boxes: tuple[list[Scene], list[AssetBundle]], tmp_path: Path, form: str
) -> None:
    scene, bundles = boxes[0][1], {bundle.asset.id: bundle for bundle in boxes[1]}
    one, unit = np.zeros((1, 3)), np.array([[1.0, 0.0, 0.0, 0.0]])
    splats = write_ply(GaussianCloud(one, one - 2.0, unit, np.zeros(1), np.zeros((1, 1, 3))))
    plain = bundles[scene.background.asset]
    file = AssetFile(path="gaussians.ply", sha256=hashlib.sha256(splats).hexdigest(), size=len(splats))
    fields = {name: getattr(plain.asset, name) for name in type(plain.asset).model_fields if name != "id"}
    files = plain.asset.files.model_copy(update={"gaussians": file})
    room = AssetBundle(Asset.create(**{**fields, "files": files}), {**plain.files, "gaussians.ply": splats})
    placements = [
        placement.model_copy(update={"asset": room.asset.id}) if placement == scene.background else placement
        for placement in scene.placements
    ]
    scene = scene.model_copy(update={"placements": tuple(placements)})
    dataset = write_dataset(tmp_path / "splats", [scene], [*bundles.values(), room], CARD)
    (path,) = export_scenes(dataset, [scene], tmp_path / "out", form)
    assert (path.parent / "room_gaussians.ply").read_bytes() == splats
    assert "`room_gaussians.ply` holds the 3D Gaussians" in (path.parent / "README.md").read_text(encoding="utf-8")


def test_foreign_folders_are_left_alone(box_dataset: SceneDataset, tmp_path: Path) -> None:
    scenes, target = box_dataset.scenes(ids=["pick-0"]), tmp_path / "out"
    target.mkdir()
    (target / "export.json").write_text('{"made_by": "somebody else"}')
    with pytest.raises(InvalidOptionError, match="exists already"):
        export_scenes(box_dataset, scenes, target, "mjcf")
    with pytest.raises(InvalidOptionError, match="not a folder of exported scenes"):
        export_scenes(box_dataset, scenes, target, "mjcf", overwrite=True)
    assert content_of(target) == {"export.json": b'{"made_by": "somebody else"}'}
    with pytest.raises(InvalidOptionError, match="unknown export format 'sdf'"):
        export_scenes(box_dataset, scenes, tmp_path / "other", "sdf")


def test_an_export_replaces_the_last_one_or_leaves_it_whole(box_dataset: SceneDataset, tmp_path: Path) -> None:
    target = tmp_path / "out"
    export_scenes(box_dataset, box_dataset.scenes(ids=["pick-0"]), target, "mjcf")
    export_scenes(box_dataset, box_dataset.scenes(ids=["put-0"]), target, "urdf", overwrite=True)
    assert sorted(path.name for path in target.iterdir()) == ["export.json", "put-0"]
    before = content_of(target)

    tray = box_dataset.asset(box_dataset.scene("put-ood-0").movables[1].asset)
    file = box_dataset.folder / asset_file_path(tray, tray.files.visual)
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    damaged = SceneDataset.open(box_dataset.folder)
    with pytest.raises(SceneDataError, match="checksum"):
        export_scenes(damaged, damaged.scenes(), target, "mjcf", overwrite=True)
    assert content_of(target) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["boxes", "out"]


# ---------------------------------------------------------------------------------------------------------- command line


def test_the_command_writes_and_says_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from genworld_envs.cli.main import main

    monkeypatch.chdir(tmp_path)
    assert main(["scenes", "export", *SAMPLE[:2], "--format", "mjcf", "--out", "out"]) == 0
    said = capsys.readouterr().out
    for scene in SAMPLE[:2]:
        assert f"out/{scene}/scene.xml" in said
        model, _ = load_mujoco(tmp_path / "out" / scene / "scene.xml")
    assert [model.camera(index).name for index in range(model.ncam)] == ["preview", "base"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "mjcf"], "no scene is named"),
        (["train-pick-carot", "--format", "mjcf"], "did you mean 'train-pick-carrot'"),
        (["--all", "--format", "obj"], "unknown export format 'obj'"),
        (["--task", "juggle", "--format", "usd"], "unknown task 'juggle'"),
        (["--all", "--format", "urdf", "--robot", "hal"], "hal"),
    ],
)
def test_mistakes_at_the_command_line_are_answered_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    from genworld_envs.cli.main import main

    assert main(["scenes", "export", *arguments, "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_the_base_camera_sees_what_the_policys_camera_sees() -> None:
    from genworld_envs.cli.scenes_export import base_camera
    from genworld_envs.robots import robot_spec

    for name in ("panda", "so100", "widowx250s"):
        spec = robot_spec(name)
        camera: Camera = base_camera(spec)
        theirs = sapien.Pose(spec.base_position) * sapien.Pose(
            spec.cameras["base"].position, spec.cameras["base"].quaternion
        )
        matrix = theirs.to_transformation_matrix()
        np.testing.assert_allclose(-camera.pose[:3, 2], matrix[:3, 0], atol=1e-6)  # forward
        np.testing.assert_allclose(-camera.pose[:3, 0], matrix[:3, 1], atol=1e-6)  # left
        np.testing.assert_allclose(camera.pose[:3, 3], theirs.p, atol=1e-6)
        assert np.linalg.det(camera.pose[:3, :3]) == pytest.approx(1.0)

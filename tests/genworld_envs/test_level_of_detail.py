"""Light meshes for robots: few triangles that look like many, made once, and never bad ones."""

import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
import sapien
import sapien.physx
import torch
import trimesh
from mani_skill import PACKAGE_ASSET_DIR
from mani_skill.envs.scene import ManiSkillScene
from mani_skill.utils.building.urdf_loader import URDFLoader
from mani_skill.utils.sapien_utils import look_at
from mani_skill.utils.structs import Link
from sapien.wrapper.urdf_loader import URDFLoader as SapienURDFLoader
from trimesh.visual import TextureVisuals
from trimesh.visual.material import PBRMaterial

from genworld_envs.rendering import resolve_render_backend
from genworld_envs.robots import level_of_detail, robot_spec
from genworld_envs.robots.level_of_detail import _link_skins, _moved, _Robot, light_visuals
from scene_hub.errors import InvalidOptionError, SceneDataError
from scene_hub.generate.baking import Skin
from scene_hub.generate.importing import read_skins
from scene_hub.silhouette import compared

REPOSITORY = Path(__file__).parents[2]
DATA = Path(os.environ.get("GENWORLD_TEST_DATA", REPOSITORY.parent / "shared" / "data"))
ROBOTS = {
    "panda": Path(PACKAGE_ASSET_DIR) / "robots" / "panda" / "panda_v2.urdf",
    "so100": Path(PACKAGE_ASSET_DIR) / "robots" / "so100" / "so100.urdf",
    "widowx250s": DATA / "widowx250s" / "wx250s.urdf",
}
TRIANGLES = {"panda": 3_000, "so100": 6_000, "widowx250s": 3_000}
SHADING = {"panda": 9.0, "so100": 12.0, "widowx250s": 9.0}
"""Degrees between normals, the mean of all pixels: printed parts have many small holes."""

TWO_LINKS = """<robot name="two">
  <material name="blue"><color rgba="0.1 0.2 0.8 1"/></material>
  <link name="base">
    <visual><origin xyz="0 0 0.1"/><geometry><mesh filename="meshes/ball.glb" scale="2 2 2"/></geometry></visual>
    <visual><origin xyz="0 0 0.3"/><geometry><box size="0.1 0.1 0.1"/></geometry><material name="blue"/></visual>
  </link>
  <link name="arm">
    <visual><geometry><mesh filename="package://meshes/ball.glb"/></geometry></visual>
  </link>
  <link name="tip"/>
  <joint name="turn" type="revolute">
    <parent link="base"/><child link="arm"/><origin xyz="0 0 0.5"/><axis xyz="0 0 1"/>
    <limit lower="-1" upper="1" effort="1" velocity="1"/>
  </joint>
  <joint name="end" type="fixed"><parent link="arm"/><child link="tip"/></joint>
</robot>
"""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A cache of this module's own, for what takes seconds to make."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A robot of two links that is made light in a fraction of a second, and an empty cache in `tmp_path / "cache"`."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return write_small(tmp_path / "robot")


def write_small(folder: Path) -> Path:
    (folder / "meshes").mkdir(parents=True)
    ball = trimesh.creation.icosphere(subdivisions=3, radius=0.05)
    ball.visual = TextureVisuals(material=PBRMaterial(baseColorFactor=[255, 60, 20, 255], roughnessFactor=0.4))
    ball.export(folder / "meshes" / "ball.glb")
    (folder / "two.urdf").write_text(TWO_LINKS)
    return folder / "two.urdf"


def description(robot: str) -> Path:
    if not ROBOTS[robot].is_file():
        pytest.skip(f"no robot description at {ROBOTS[robot]}; set GENWORLD_TEST_DATA")
    return ROBOTS[robot]


def manifest(files: Mapping[str, Path]) -> dict[str, Any]:
    return json.loads((next(iter(files.values())).parent / "manifest.json").read_text())


def contents(files: Mapping[str, Path]) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in files.items()}


class BareURDFLoader(SapienURDFLoader):
    """Loads a robot without visuals, which would take a renderer."""

    def _build_link(self, link: Any, link_builder: Any) -> None:
        link.visuals.clear()
        super()._build_link(link, link_builder)


class LightURDFLoader(URDFLoader):
    """Loads a robot with light meshes in place of its visual shapes."""

    _light: Mapping[str, Path]

    def parse(self, urdf_file: Any, srdf_file: Any = None, package_dir: Any = None) -> Any:
        self._light = light_visuals(Path(urdf_file))
        return super().parse(urdf_file, srdf_file, package_dir)

    def _build_link(self, link: Any, link_builder: Any) -> Any:
        path = self._light.get(link.name)
        if path is not None:
            link.visuals.clear()
            link_builder.add_visual_from_file(str(path), scale=[self.scale] * 3)
        return super()._build_link(link, link_builder)


def link_poses(urdf: Path, qpos: Sequence[float]) -> dict[str, np.ndarray]:
    """[4, 4] by link, from the simulator."""
    loader: Any = BareURDFLoader()
    loader.set_scene(sapien.Scene([sapien.physx.PhysxCpuSystem()]))
    robot = loader.load(str(urdf))
    robot.set_qpos(np.asarray(qpos, dtype=np.float32))
    return {link.name: link.entity_pose.to_transformation_matrix().astype(float) for link in robot.links}


def made(*_: object) -> None:
    raise AssertionError("light meshes were made although they are in the cache")


# ------------------------------------------------------------------------------------------------------- how robots look


@pytest.mark.parametrize("robot", list(ROBOTS))
def test_a_light_robot_looks_like_the_full_one_from_eight_sides(robot: str, cache: Path) -> None:
    urdf = description(robot)
    light = light_visuals(urdf)
    full = _Robot.read(urdf)
    assert set(light) == set(full.visuals), "every link with visuals has a light mesh"
    poses = link_poses(urdf, robot_spec(robot).home_qpos)
    before: list[Skin] = []
    after: list[Skin] = []
    for name, visuals in full.visuals.items():
        skins, thin = _link_skins(full, visuals), read_skins(light[name], name)
        likeness = compared(skins, thin)
        assert likeness.overlap.min() >= 0.97, name
        assert likeness.color.max() <= 8.0, name
        before += [_moved(skin, poses[name]) for skin in skins]
        after += [_moved(skin, poses[name]) for skin in thin]
    likeness = compared(before, after)
    assert likeness.overlap.min() >= 0.98
    assert likeness.color.max() <= 3.0
    assert likeness.shading.mean() <= SHADING[robot]
    assert sum(len(skin.surface) for skin in after) <= TRIANGLES[robot]


def test_a_light_panda_has_three_thousand_triangles_in_one_file_a_link_of_few_parts(cache: Path) -> None:
    light = light_visuals(description("panda"))
    scenes = [trimesh.load_scene(path, process=False) for path in light.values()]
    meshes = [list(scene.geometry.values()) for scene in scenes]
    assert len(light) == 11
    assert sum(len(mesh.faces) for parts in meshes for mesh in parts) <= 3_000
    assert max(len(parts) for parts in meshes) <= 2
    assert sum(path.stat().st_size for path in light.values()) < 250_000


def test_a_light_link_has_the_colours_and_the_place_of_its_visuals(small: Path) -> None:
    light = light_visuals(small, budget=1_000)
    base, arm = (read_skins(light[name], name) for name in ("base", "arm"))
    points = np.concatenate([skin.surface.points for skin in base])
    assert np.allclose(points.min(axis=0), [-0.1, -0.1, 0.0], atol=2e-3)
    assert points[:, 2].max() == pytest.approx(0.35, abs=1e-5)
    assert sum(len(skin.surface) for skin in base + arm) <= 1_000
    colors: set[tuple[int, ...]] = set()
    for skin in base:
        middles = np.full((len(skin.surface), 3), 1 / 3)
        colors |= {
            tuple(color) for color in skin.colors_at(np.arange(len(middles)), middles).round().astype(int).tolist()
        }
    assert len(colors) == 2
    red, blue = max(colors), min(colors)
    assert np.allclose(red, [255, 132, 79], atol=2), "a glTF factor is linear"
    assert np.allclose(blue, [89, 124, 231], atol=2), "SAPIEN takes the colours of a URDF for linear"


def pick_cube(urdf_loader: type | None, monkeypatch: pytest.MonkeyPatch) -> tuple[np.ndarray, np.ndarray]:
    """ManiSkill's PickCube with a Panda loaded by `urdf_loader` (None: by ManiSkill's own): what a camera sees, [128, 128, 3],
    and where the robot is in it, [128, 128] bool."""
    with monkeypatch.context() as patch:
        if urdf_loader is not None:
            patch.setattr(ManiSkillScene, "create_urdf_loader", lambda scene: urdf_loader().set_scene(scene))
        env = gym.make(
            "PickCube-v1",
            robot_uids="panda",
            obs_mode="rgb+segmentation",
            sim_backend="physx_cpu",
            render_backend=resolve_render_backend(),
            sensor_configs=dict(pose=look_at([0.6, 0.6, 0.7], [-0.3, 0.0, 0.35]), fov=0.8),
        )
        observation, _ = env.reset(seed=0)
        picture = observation["sensor_data"]["base_camera"]
        inner: Any = env.unwrapped
        links = [index for index, value in inner.segmentation_id_map.items() if isinstance(value, Link)]
        robot = torch.isin(picture["segmentation"][0, ..., 0].long(), torch.tensor(links)).numpy()
        color = picture["rgb"][0].numpy().astype(float)
        env.close()
    return color, robot


def test_maniskill_renders_the_light_panda_like_its_own(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    light_color, light = pick_cube(LightURDFLoader, monkeypatch)
    full_color, full = pick_cube(None, monkeypatch)
    assert full.sum() > 1_000
    assert (full & light).sum() / (full | light).sum() >= 0.97
    difference = np.abs(full_color - light_color).mean(axis=2)
    assert difference[full & light].mean() <= 8.0, "of 255"
    assert (difference[full & light] > 30.0).mean() <= 0.06
    assert np.abs(full_color[full].mean(axis=0) - light_color[light].mean(axis=0)).max() <= 3.0
    beside = ~(full | light)
    assert (difference[beside] > 10.0).mean() <= 0.02, (
        "the shadow of a light robot lies where that of the full one does"
    )


# --------------------------------------------------------------------------------------------------------------- the cache


def test_what_is_in_the_cache_is_not_made_again(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = light_visuals(small)
    assert {path.parent.parent for path in first.values()} == {tmp_path / "cache" / "genworld" / "lod"}
    assert not any(path.name.startswith(".") for path in (tmp_path / "cache" / "genworld" / "lod").iterdir())
    monkeypatch.setattr(level_of_detail, "_made", made)
    assert light_visuals(small) == first


@pytest.mark.parametrize("damage", ["missing", "cut", "turned", "manifest", "file"])
def test_a_damaged_cache_is_made_again(small: Path, damage: str, caplog: pytest.LogCaptureFixture) -> None:
    files = light_visuals(small)
    sound, path = contents(files), next(iter(files.values()))
    if damage == "missing":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    elif damage == "turned":
        data = bytearray(path.read_bytes())
        data[-50] ^= 1
        path.write_bytes(data)
    elif damage == "manifest":
        (path.parent / "manifest.json").write_text("{")
    else:
        shutil.rmtree(path.parent)
        path.parent.write_text("no folder")
    again = light_visuals(small)
    assert contents(again) == sound
    assert again == files


def test_the_same_robot_gives_the_same_bytes_and_another_one_others(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = light_visuals(small)
    sound = contents(first)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "second"))
    assert contents(light_visuals(small)) == sound
    copied = write_small(tmp_path / "copy")
    assert light_visuals(copied).keys() == first.keys()
    assert len(list((tmp_path / "second" / "genworld" / "lod").iterdir())) == 1, "where a robot lies does not matter"
    copied.write_text(TWO_LINKS.replace("0.1 0.2 0.8 1", "0.8 0.2 0.1 1"))
    assert contents(light_visuals(copied))["base"] != sound["base"]
    trimesh.creation.icosphere(subdivisions=3, radius=0.03).export(copied.parent / "meshes" / "ball.glb")
    assert contents(light_visuals(copied))["arm"] != sound["arm"]


def test_two_processes_may_make_the_same_robot_at_once(small: Path, tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\n"
        "from genworld_envs.robots.level_of_detail import light_visuals\n"
        "print('ready', flush=True)\nsys.stdin.readline()\n"
        "for path in light_visuals(Path(sys.argv[1])).values():\n    print(path, flush=True)\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(small)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    answers = []
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        answers.append(process.communicate(timeout=120)[0])
        assert process.returncode == 0
    assert answers[0] == answers[1]
    assert answers[0].split() == [str(path) for path in light_visuals(small).values()]
    assert len(list((tmp_path / "cache" / "genworld" / "lod").iterdir())) == 1, "nothing half done is left"


def test_where_the_cache_cannot_be_written_a_process_has_one_of_its_own(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "closed"))
    first = light_visuals(small)
    assert all(path.is_file() for path in first.values())
    with monkeypatch.context() as patch:
        patch.setattr(level_of_detail, "_made", made)
        assert light_visuals(small) == first
    for path in first.values():
        shutil.rmtree(path.parent, ignore_errors=True)
    level_of_detail._private.clear()


# ----------------------------------------------------------------------------------------------------- what cannot be light


def test_making_is_told_in_one_line(small: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="genworld"):
        files = light_visuals(small)
        light_visuals(small)
    assert len(caplog.messages) == 1
    triangles = sum(entry["triangles"] for entry in manifest(files)["links"].values())
    assert "made light meshes of two.urdf in " in caplog.text
    assert f"{triangles} triangles for {2 * 1280 + 12}" in caplog.text


def test_a_link_that_no_light_mesh_looks_like_keeps_its_own_visuals(
    small: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Never(level_of_detail.Thinning):
        def reduce(self, count: int) -> None:
            self.faces, self.parts = self.faces[: len(self.faces) // 2], self.parts[: len(self.parts) // 2]

    monkeypatch.setattr(level_of_detail, "Thinning", Never)
    assert light_visuals(small) == {}
    assert "link 'arm' keeps its full visuals: no lighter mesh looks like it" in caplog.text


def test_a_transparent_link_keeps_its_own_visuals(small: Path, caplog: pytest.LogCaptureFixture) -> None:
    small.write_text(TWO_LINKS.replace("0.1 0.2 0.8 1", "0.1 0.2 0.8 0.5"))
    assert list(light_visuals(small)) == ["arm"]
    assert "link 'base' keeps its full visuals: a part of it is transparent" in caplog.text


def test_a_mesh_that_cannot_be_read_here_is_left_to_sapien(small: Path, caplog: pytest.LogCaptureFixture) -> None:
    (small.parent / "meshes" / "ball.glb").rename(small.parent / "meshes" / "ball.dae")
    small.write_text(TWO_LINKS.replace("ball.glb", "ball.dae"))
    assert light_visuals(small) == {}
    assert "link 'arm' keeps its full visuals: ball.dae cannot be read here" in caplog.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        ("robot", "not XML"),
        ("<sdf/>", "root element is 'sdf' instead of 'robot'"),
        (TWO_LINKS.replace("ball.glb", "cube.glb"), "names the mesh 'meshes/cube.glb', which does not exist"),
        (TWO_LINKS.replace('xyz="0 0 0.1"', 'xyz="0 0"'), "'0 0' are not 3 numbers"),
        (TWO_LINKS.replace('size="0.1 0.1 0.1"', 'size="big"'), "big"),
        (TWO_LINKS.replace('<parent link="base"/>', ""), "joint 'turn' has no parent link"),
        (
            TWO_LINKS.replace('<geometry><box size="0.1 0.1 0.1"/></geometry>', ""),
            "'base' has a visual without geometry",
        ),
    ],
)
def test_a_broken_description_is_refused_by_name(small: Path, content: str | None, words: str) -> None:
    if content is None:
        small.unlink()
    else:
        small.write_text(content)
    with pytest.raises(SceneDataError, match=words) as caught:
        light_visuals(small)
    assert str(small) in str(caught.value)


def test_a_budget_for_no_robot_is_refused(small: Path) -> None:
    with pytest.raises(InvalidOptionError, match="budget 10: .*at least 100"):
        light_visuals(small, budget=10)

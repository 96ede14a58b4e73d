"""Pictures without Vulkan: the same views and colours as SAPIEN's, the same bytes each time."""

import hashlib
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import trimesh
from PIL import Image
from scene_boxes import box_mesh, glb_of
from trimesh.visual import TextureVisuals
from trimesh.visual.material import PBRMaterial

from scene_hub.dataset import SceneDataset
from scene_hub.errors import MissingRequirementError, SceneDataError
from scene_hub.schema import Scene
from scene_hub.thumbnails import ThumbnailRenderer

RED = [0.6, 0.02, 0.02, 1.0]


@pytest.fixture(scope="module")
def renderer() -> ThumbnailRenderer:
    try:
        return ThumbnailRenderer((120, 90))
    except MissingRequirementError as error:
        pytest.skip(str(error))


def painted(mesh: trimesh.Trimesh, color: list[float]) -> bytes:
    material = PBRMaterial(baseColorFactor=np.array(color), metallicFactor=0.0, roughnessFactor=0.8)
    mesh.visual = TextureVisuals(material=material)
    return glb_of(painted=mesh)


def red_pixels(picture: Image.Image) -> np.ndarray:
    color = np.asarray(picture).astype(int)
    return (color[..., 0] > 80) & (color[..., 0] > 2 * color[..., 1])


def visuals_of(dataset: SceneDataset, scene: Scene) -> dict[str, Any]:
    return {used: dataset.asset_file(dataset.asset(used), "visual") for used in scene.asset_ids}


def test_scene_looks_as_its_stored_preview(renderer: ThumbnailRenderer) -> None:
    starter = SceneDataset.open("starter")
    for scene_id in (starter.scene_ids[0], starter.scene_ids[-1]):
        scene, stored = starter.scene(scene_id), starter.preview(scene_id)
        assert stored is not None
        expected = Image.open(io.BytesIO(stored)).convert("RGB")
        found = ThumbnailRenderer(expected.size).scene(scene, visuals_of(starter, scene))
        difference = np.abs(np.asarray(found).astype(float) - np.asarray(expected))
        assert found.size == expected.size
        assert difference.mean() < 12, "shadows are sharper and lights a little darker, the rest is the same"
        assert np.asarray(expected).std() > 20, "a plain picture would be like any other"


def test_asset_stands_upright_in_its_color_and_fills_the_picture(renderer: ThumbnailRenderer) -> None:
    tower = painted(box_mesh((0.02, 0.02, 0.2)), RED)
    rows, columns = np.nonzero(red_pixels(renderer.asset(tower, (0.02, 0.02, 0.2))))
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    assert height > 3 * width, "z is up"
    assert height > 0.6 * renderer.size[1]
    assert abs(columns.mean() - renderer.size[0] / 2) < 3


def test_asset_from_a_path_has_its_own_size(renderer: ThumbnailRenderer, tmp_path: Any) -> None:
    path = tmp_path / "box.glb"
    path.write_bytes(painted(box_mesh((0.1, 0.1, 0.1)), RED))
    picture = renderer.asset(path, (0.1, 0.1, 0.1), size=(64, 64))
    assert picture.size == (64, 64)
    assert red_pixels(picture).mean() > 0.2


def test_table_stands_on_the_ground_though_its_origin_is_its_top(renderer: ThumbnailRenderer) -> None:
    size = (1.0, 1.0, 0.7)
    table = renderer.asset(painted(box_mesh(size, top=True), RED), size, "table")
    box = renderer.asset(painted(box_mesh(size), RED), size, "object")
    assert red_pixels(table).mean() > 0.2
    assert np.abs(np.asarray(table).astype(int) - np.asarray(box)).mean() < 0.5


def test_back_of_a_double_sided_surface_is_lit(renderer: ThumbnailRenderer) -> None:
    plate = trimesh.Trimesh(
        [[-0.1, -0.1, 0.05], [0.1, -0.1, 0.05], [0.1, 0.1, 0.05], [-0.1, 0.1, 0.05]], [[0, 2, 1], [0, 3, 2]]
    )
    material = PBRMaterial(baseColorFactor=np.array(RED), metallicFactor=0.0, roughnessFactor=0.8, doubleSided=True)
    plate.visual = TextureVisuals(material=material)
    back = np.asarray(renderer.asset(glb_of(plate=plate), (0.2, 0.2, 0.05)))
    front_mesh = plate.copy()
    front_mesh.invert()
    front = np.asarray(renderer.asset(glb_of(plate=front_mesh), (0.2, 0.2, 0.05)))
    assert red_pixels(Image.fromarray(back)).sum() > 300
    assert np.abs(back.astype(int) - front).mean() < 1


def test_same_bytes_in_every_process(renderer: ThumbnailRenderer, python: Callable[..., Any]) -> None:
    code = """
import hashlib
from scene_hub.dataset import SceneDataset
from scene_hub.thumbnails import ThumbnailRenderer
starter = SceneDataset.open("starter")
scene = starter.scene(starter.scene_ids[0])
visuals = {used: starter.asset_file(starter.asset(used), "visual") for used in scene.asset_ids}
print(hashlib.sha256(ThumbnailRenderer((120, 90)).scene(scene, visuals).tobytes()).hexdigest())
"""
    starter = SceneDataset.open("starter")
    scene = starter.scene(starter.scene_ids[0])
    found = [renderer.scene(scene, visuals_of(starter, scene)).tobytes() for _ in range(3)]
    process = python(code)
    assert process.returncode == 0, process.stderr
    assert {hashlib.sha256(data).hexdigest() for data in found} == {process.stdout.strip()}


def test_bytes_that_are_no_mesh_are_an_error(renderer: ThumbnailRenderer) -> None:
    with pytest.raises(SceneDataError, match="cannot be drawn"):
        renderer.asset(b"glTF, or so they say", (0.1, 0.1, 0.1))


def test_import_is_cheap_and_changes_nothing(python: Callable[..., Any]) -> None:
    code = """
import os, sys
before = dict(os.environ)
import scene_hub.thumbnails
assert dict(os.environ) == before
print([name for name in ("pyrender", "OpenGL", "sapien", "torch") if name in sys.modules])
"""
    process = python(code, PYOPENGL_PLATFORM=None)
    assert process.stdout == "[]\n", process.stderr


def test_missing_opengl_is_said_with_the_way_out(python: Callable[..., Any]) -> None:
    code = "from scene_hub.thumbnails import ThumbnailRenderer; ThumbnailRenderer()"
    process = python(code, PYOPENGL_PLATFORM="egl", EGL_DEVICE_ID="4711")  # a device that no machine has
    last = process.stderr.strip().splitlines()[-1]
    assert "MissingRequirementError" in last
    assert "apt-get install libegl1" in last

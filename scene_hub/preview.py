"""Pictures of assets: labelled contact sheets, rendered by SAPIEN on whatever it can render with.

SAPIEN is what the environments render with, so a preview shows an asset as a policy will see it.
"""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import sapien
from PIL import Image, ImageDraw, ImageFont

from scene_hub.errors import MissingRequirementError
from scene_hub.generate.bundle import AssetBundle
from scene_hub.scene_preview import choose_shaders

Level = Literal["visual", "visual_low"]

GROUND_COLOR = (0.40, 0.38, 0.36, 1.0)
VIEW = np.array([0.52, -0.62, 0.60])  # from an asset to the camera
FIELD_OF_VIEW = np.radians(28.0)
ROOM_EYE, ROOM_TARGET, ROOM_FIELD = np.array([-1.1, -0.3, 1.6]), np.array([1.2, 0.1, 0.8]), np.radians(75.0)


class Studio:
    """A lit ground with a camera, into which one asset after the other is put.

    `size` is the side of the square pictures in pixels, `device` a SAPIEN render device ("cpu", "cuda"; None: a GPU if there
    is one). Raises MissingRequirementError where nothing can render.
    """

    def __init__(self, size: int = 224, device: str | None = None) -> None:
        self._scene = _lit_scene(device)
        choose_shaders()
        self._camera = self._scene.add_camera("preview", size, size, float(FIELD_OF_VIEW), 0.01, 50.0)
        ground: Any = self._scene.create_actor_builder()
        ground.add_box_visual(
            half_size=[40.0, 40.0, 0.5], material=sapien.render.RenderMaterial(base_color=list(GROUND_COLOR))
        )
        self._ground = ground.build_static(name="ground")

    def picture(self, bundle: AssetBundle, level: Level = "visual") -> np.ndarray:
        """An RGB picture [size, size, 3] (uint8) of an asset at a level of detail."""
        with tempfile.TemporaryDirectory() as folder:  # SAPIEN reads the file when it renders, not before
            mesh = Path(folder) / "asset.glb"
            mesh.write_bytes(bundle.files[getattr(bundle.asset.files, level).path])
            builder: Any = self._scene.create_actor_builder()
            builder.add_visual_from_file(str(mesh))
            actor = builder.build_static(name="asset")
            self._arrange(actor, bundle)
            self._scene.update_render()
            self._camera.take_picture()
            color = np.asarray(self._camera.get_picture("Color"))[..., :3]
        self._scene.remove_actor(actor)
        return np.clip(color * 255, 0, 255).astype(np.uint8)

    def _arrange(self, actor: Any, bundle: AssetBundle) -> None:
        """Puts the asset on the ground and the camera so that it fills the picture."""
        extents, kind = np.asarray(bundle.asset.extents), bundle.asset.kind
        self._ground.set_pose(sapien.Pose([0, 0, -5.0 if kind == "room" else -0.5]))
        actor.set_pose(sapien.Pose([0, 0, extents[2] if kind == "table" else 0.0]))
        if kind == "room":
            self._look(ROOM_EYE, ROOM_TARGET, ROOM_FIELD)
        else:
            middle = np.array([0.0, 0.0, extents[2] / 2])
            distance = float(np.linalg.norm(extents)) / 2 / np.sin(FIELD_OF_VIEW / 2)
            self._look(middle + VIEW / np.linalg.norm(VIEW) * distance, middle, FIELD_OF_VIEW)

    def _look(self, eye: np.ndarray, target: np.ndarray, field: float) -> None:
        forward = (target - eye) / np.linalg.norm(target - eye)
        left = np.cross([0.0, 0.0, 1.0], forward)
        left /= np.linalg.norm(left)
        matrix = np.eye(4)
        matrix[:3, :3] = np.stack([forward, left, np.cross(forward, left)], axis=1)
        matrix[:3, 3] = eye
        self._camera.entity.set_pose(sapien.Pose(matrix))
        self._camera.set_fovy(float(field), True)


def render_asset_sheet(
    bundles: Sequence[AssetBundle],
    path: str | Path,
    columns: int = 6,
    size: int = 200,
    level: Level = "visual",
    device: str | None = None,
) -> Path:
    """Writes a contact sheet (PNG) of assets, each labelled with name, size, mass and grasps, and returns its path."""
    if not bundles:
        raise ValueError("render_asset_sheet needs at least one asset")
    studio = Studio(size, device)
    cells = [_labelled(studio.picture(bundle, level), bundle) for bundle in bundles]
    columns = max(1, min(columns, len(cells)))
    height, width = cells[0].shape[:2]
    sheet = np.full((-(-len(cells) // columns) * height, columns * width, 3), 255, dtype=np.uint8)
    for index, cell in enumerate(cells):
        top, left = index // columns * height, index % columns * width
        sheet[top : top + height, left : left + width] = cell
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    Image.fromarray(sheet).save(partial, "PNG")
    os.replace(partial, target)
    return target


def _labelled(picture: np.ndarray, bundle: AssetBundle) -> np.ndarray:
    asset = bundle.asset
    strip = Image.new("RGB", (picture.shape[1], 28), "white")
    draw = ImageDraw.Draw(strip)
    x, y, z = (100 * value for value in asset.extents)
    draw.text((3, 1), asset.name, fill="black", font=ImageFont.load_default(12))
    detail = f"{x:.1f} x {y:.1f} x {z:.1f} cm, {asset.mass * 1000:.0f} g, {len(asset.grasps)} grasps"
    draw.text((3, 15), detail, fill=(90, 90, 90), font=ImageFont.load_default(9))
    return np.concatenate([picture, np.asarray(strip)], axis=0)


def _lit_scene(device: str | None) -> Any:
    try:
        system = sapien.render.RenderSystem(device) if device else sapien.render.RenderSystem()
    except RuntimeError as error:
        raise MissingRequirementError(
            f"SAPIEN cannot render here ({error}); `genworld doctor` says what is missing, on Debian and Ubuntu usually "
            "`apt-get install mesa-vulkan-drivers` (24.3 or newer)"
        ) from None
    scene: Any = sapien.Scene([sapien.physx.PhysxCpuSystem(), system])
    scene.set_ambient_light([0.3, 0.3, 0.3])
    scene.add_directional_light([0.6, 0.5, -1.0], [1.6, 1.55, 1.45])
    scene.add_directional_light([-0.5, -0.8, -1.0], [0.5, 0.52, 0.6])
    return scene

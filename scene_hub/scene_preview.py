"""Pictures of composed scenes, without a robot, rendered by SAPIEN.

Needs a Vulkan device; Mesa's lavapipe on the CPU is enough, and is what is used: pictures do not depend on a GPU.
"""

import io
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import sapien
import sapien.physx as physx
import sapien.render as render
from PIL import Image, ImageDraw

from scene_hub.dataset import SceneDataset
from scene_hub.errors import MissingRequirementError
from scene_hub.physics import sapien_pose
from scene_hub.schema import DirectionalLight, Pose, Scene

PREVIEW_SIZE = (224, 168)
_EYE, _TARGET, _FIELD_OF_VIEW = (-0.52, 0.0, 0.42), (0.08, 0.0, 0.0), math.radians(48)


def look_at(eye: Sequence[float], target: Sequence[float]) -> sapien.Pose:
    """The pose of a SAPIEN camera (x forward, y left, z up) at `eye` that looks at `target`, both in metres."""
    forward = np.subtract(target, eye) / np.linalg.norm(np.subtract(target, eye))
    left = np.cross([0.0, 0.0, 1.0], forward)
    left /= np.linalg.norm(left)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([forward, left, np.cross(forward, left)], axis=1)
    matrix[:3, 3] = eye
    return sapien.Pose(matrix)


def choose_shaders() -> None:
    """Let the next camera draw with SAPIEN's default shaders into floats in [0, 1].

    The choice is global to the process, and ManiSkill makes another for each of its cameras: without this, a picture would
    depend on whether an environment was made before.
    """
    render.set_camera_shader_dir("default")
    render.set_picture_format("Color", "r32g32b32a32sfloat")


class SceneRenderer:
    """Renders scenes at one `size` (width, height) in pixels, as seen from `eye` (metres, scene frame).

    Making one takes seconds, because shaders are compiled; keep it for many scenes. Raises MissingRequirementError
    where no Vulkan device can render.
    """

    def __init__(
        self, size: tuple[int, int] = PREVIEW_SIZE, eye: Sequence[float] = _EYE, target: Sequence[float] = _TARGET
    ) -> None:
        self.size = size
        try:
            self._world = sapien.Scene([physx.PhysxCpuSystem(), render.RenderSystem(sapien.Device("cpu"))])
        except RuntimeError as error:
            raise MissingRequirementError(
                f"no Vulkan device can render ({error}); install a driver "
                "(Debian, Ubuntu: mesa-vulkan-drivers 24.3 or newer)"
            ) from None
        choose_shaders()
        # Twice the size, then averaged: smooth edges.
        self._camera = self._world.add_camera("preview", 2 * size[0], 2 * size[1], _FIELD_OF_VIEW, 0.01, 50.0)
        self._camera.entity.set_pose(look_at(eye, target))

    def render(self, scene: Scene, visuals: Mapping[str, Path]) -> Image.Image:
        """The picture of `scene`; `visuals` are the paths of visual GLB files by asset id."""
        self._world.set_ambient_light(list(scene.lighting.ambient))
        entities = [self._light(light, shadow=index == 0) for index, light in enumerate(scene.lighting.directional)]
        entities += [self._body(visuals[placement.asset], placement.pose) for placement in scene.placements]
        try:
            self._world.update_render()
            self._camera.take_picture()
            color = np.asarray(self._camera.get_picture("Color"))[..., :3]
        finally:
            for entity in entities:
                self._world.remove_entity(entity)
        picture = Image.fromarray((np.clip(color, 0.0, 1.0) * 255).round().astype(np.uint8))
        return picture.resize(self.size, Image.Resampling.BOX)

    def _light(self, light: DirectionalLight, shadow: bool) -> sapien.Entity:
        return self._world.add_directional_light(list(light.direction), list(light.color), shadow=shadow).entity

    def _body(self, visual: Path, pose: Pose) -> sapien.Entity:
        body = render.RenderBodyComponent()
        body.attach(render.RenderShapeTriangleMesh(str(visual)))
        entity = sapien.Entity()
        entity.add_component(body)
        entity.set_pose(sapien_pose(pose))
        self._world.add_entity(entity)
        return entity


class ScenePictures:
    """Previews of scenes of a dataset: by SAPIEN, or without a Vulkan device by pyrender, which looks a little plainer."""

    def __init__(self) -> None:
        try:
            self._draw = SceneRenderer().render
        except MissingRequirementError:
            from scene_hub.thumbnails import ThumbnailRenderer

            self._draw = ThumbnailRenderer(PREVIEW_SIZE).scene

    def preview(self, scene: Scene, dataset: SceneDataset) -> bytes:
        """The encoded preview of `scene`."""
        visuals = {asset_id: dataset.asset_file(dataset.asset(asset_id), "visual") for asset_id in scene.asset_ids}
        return encode_preview(self._draw(scene, visuals))


def encode_preview(picture: Image.Image) -> bytes:
    """`picture` as a small JPEG."""
    stream = io.BytesIO()
    picture.save(stream, format="JPEG", quality=90, subsampling=0, optimize=True)
    return stream.getvalue()


def contact_sheet(pictures: Iterable[tuple[str, Image.Image]], columns: int = 4) -> Image.Image:
    """One image of captioned `pictures` (caption, picture), all of the size of the first."""
    items = list(pictures)
    width, height = items[0][1].size
    rows = -(-len(items) // columns)
    sheet = Image.new("RGB", (columns * width, rows * (height + 28)), "white")
    draw = ImageDraw.Draw(sheet)
    for index, (caption, picture) in enumerate(items):
        x, y = index % columns * width, index // columns * (height + 28)
        sheet.paste(picture, (x, y + 28))
        for line, text in enumerate(caption.split("\n")[:2]):
            draw.text((x + 4, y + 1 + 13 * line), text[: width // 6], fill="black")
    return sheet

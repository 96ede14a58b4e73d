"""Pictures of assets and scenes without Vulkan: pyrender draws them with OpenGL, headless through EGL.

Mesa's software OpenGL is enough, so this works where SAPIEN finds no device. Views and lights are those of
`scene_hub.preview` (assets) and `scene_hub.scene_preview` (scenes); colours come close to theirs, not to the last bit. The
same input gives the same bytes on one machine.
"""

import ctypes
import functools
import io
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import trimesh
from PIL import Image

from scene_hub.errors import MissingRequirementError, SceneDataError
from scene_hub.schema import AssetKind, DirectionalLight, Lighting, Pose, Scene

THUMBNAIL_SIZE = (224, 168)
SMALL_PICTURE = 320  # pixels
SCENE_EYE, SCENE_TARGET, SCENE_FIELD = (-0.52, 0.0, 0.42), (0.08, 0.0, 0.0), np.radians(48.0)
ASSET_VIEW, ASSET_FIELD = np.array([0.52, -0.62, 0.60]), np.radians(28.0)  # from an asset to the camera
ROOM_EYE, ROOM_TARGET, ROOM_FIELD = (-1.1, -0.3, 1.6), (1.2, 0.1, 0.8), np.radians(75.0)
GROUND_COLOR = (0.40, 0.38, 0.36, 1.0)  # linear RGBA
STUDIO_LIGHT = Lighting(
    directional=(
        DirectionalLight(direction=(0.6, 0.5, -1.0), color=(1.6, 1.55, 1.45)),
        DirectionalLight(direction=(-0.5, -0.8, -1.0), color=(0.5, 0.52, 0.6)),
    )
)
TABLETOP_RADIUS = 1.2  # metres around the origin of a scene in which there are shadows
_FAR = 1000.0  # metres
_PLATFORM = "PYOPENGL_PLATFORM"
_REPEAT = 10497  # GL_REPEAT
_CLAMP_TO_BORDER = 0x812D  # GL_CLAMP_TO_BORDER

Visual = bytes | str | os.PathLike[str]


class ThumbnailRenderer:
    """Renders assets and scenes at one `size` (width, height) in pixels.

    All renderers of a process share one OpenGL context: use them in the thread that made the first one, and start worker
    processes with "spawn". Raises MissingRequirementError where OpenGL cannot be used.
    """

    def __init__(self, size: tuple[int, int] = THUMBNAIL_SIZE) -> None:
        self.size = size
        self._context = _offscreen_context()

    def asset(
        self,
        visual: Visual,
        extents: Sequence[float],
        kind: AssetKind = "object",
        size: tuple[int, int] | None = None,
    ) -> Image.Image:
        """An asset on a grey ground, framed by its `extents` (metres); a room is seen from inside.

        `visual` is a GLB in the asset frame, its content or its path, that `SceneDataset.asset_file` has checked. `size` is
        that of the picture where it differs from the renderer's.
        """
        pixels, box = size or self.size, np.asarray(extents, dtype=float)
        stage = self._stage(STUDIO_LIGHT)
        height = box[2] if kind == "table" else 0.0  # the origin of a table is its top
        stage.append(_mesh(visual), _translation(0.0, 0.0, height))
        stage.append(_ground(), _translation(0.0, 0.0, -4.5 if kind == "room" else 0.0))
        if kind == "room":
            self._look(stage, ROOM_EYE, ROOM_TARGET, ROOM_FIELD)
            return self._picture(stage, STUDIO_LIGHT, pixels)
        middle, radius = np.array([0.0, 0.0, box[2] / 2]), float(np.linalg.norm(box)) / 2
        distance = radius / np.sin(ASSET_FIELD / 2)
        self._look(stage, middle + ASSET_VIEW / np.linalg.norm(ASSET_VIEW) * distance, middle, ASSET_FIELD)
        return self._picture(stage, STUDIO_LIGHT, pixels, (middle, 2.5 * radius))

    def scene(self, scene: Scene, visuals: Mapping[str, Visual]) -> Image.Image:
        """The picture of `scene` without a robot; `visuals` are visual GLB files by asset id, as for `asset`."""
        stage = self._stage(scene.lighting)
        for placement in scene.placements:
            stage.append(_mesh(visuals[placement.asset]), pose_matrix(placement.pose))
        self._look(stage, SCENE_EYE, SCENE_TARGET, SCENE_FIELD)
        return self._picture(stage, scene.lighting, self.size, (np.zeros(3), TABLETOP_RADIUS))

    def _stage(self, lighting: Lighting) -> Any:
        ambient = np.array(lighting.ambient)
        return _types().Scene(ambient_light=ambient, bg_color=[*np.clip(ambient, 0.0, 1.0) ** (1 / 2.2), 1.0])

    def _look(self, stage: Any, eye: Sequence[float] | np.ndarray, target: Any, field: float) -> None:
        import pyrender

        camera = pyrender.PerspectiveCamera(yfov=float(field), znear=0.01, zfar=100.0)
        stage.append(camera, look_at(eye, target))

    def _picture(
        self,
        stage: Any,
        lighting: Lighting,
        size: tuple[int, int],
        shadowed: tuple[np.ndarray, float] | None = None,
    ) -> Image.Image:
        """The picture of `stage`; the first light throws shadows, if any, in the ball `shadowed` (middle, radius)."""
        import pyrender

        for index, light in enumerate(lighting.directional):
            if index == 0 and shadowed is not None:
                _add_shadowing_light(stage, light, *shadowed)
            else:
                _add_light(stage, light)
        # OpenGL smooths edges; small pictures are also drawn at twice the size, then averaged, for their textures' sake.
        scale = 2 if max(size) <= SMALL_PICTURE else 1
        self._context.viewport_width, self._context.viewport_height = scale * size[0], scale * size[1]
        color, _ = self._context.render(stage, flags=pyrender.RenderFlags.SHADOWS_DIRECTIONAL)
        return Image.fromarray(np.ascontiguousarray(color[..., :3])).resize(size, Image.Resampling.BOX)


def look_at(eye: Sequence[float] | np.ndarray, target: Sequence[float] | np.ndarray) -> np.ndarray:
    """The pose [4, 4] of an OpenGL camera (looks along -z, y up) at `eye` that looks at `target`, both in metres."""
    backward = np.subtract(eye, target) / np.linalg.norm(np.subtract(eye, target))
    up = [0.0, 1.0, 0.0] if abs(backward[2]) > 0.999 else [0.0, 0.0, 1.0]
    right = np.cross(up, backward)
    right /= np.linalg.norm(right)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([right, np.cross(backward, right), backward], axis=1)
    matrix[:3, 3] = eye
    return matrix


def pose_matrix(pose: Pose) -> np.ndarray:
    """`pose` as a homogeneous matrix [4, 4]."""
    matrix = trimesh.transformations.quaternion_matrix(pose.quaternion)
    matrix[:3, 3] = pose.position
    return matrix


@functools.cache
def _offscreen_context() -> Any:
    """The one OpenGL context of this process: EGL ends all contexts of a display when one of them is deleted."""
    os.environ.setdefault(_PLATFORM, "egl")
    try:
        _teach_opengl_this_python()
        import pyrender

        context = pyrender.OffscreenRenderer(16, 16)
        context.render(pyrender.Scene(nodes=[pyrender.Node(camera=pyrender.PerspectiveCamera(yfov=1.0))]))
    except Exception as error:  # PyOpenGL raises whatever a missing library makes it trip over
        raise MissingRequirementError(
            f"OpenGL cannot be used without a screen here ({type(error).__name__}: {error}; "
            f"{_PLATFORM}={os.environ[_PLATFORM]}); install EGL and a driver "
            "(Debian, Ubuntu: apt-get install libegl1 libgl1 libgl1-mesa-dri)"
        ) from None
    return context


def _teach_opengl_this_python() -> None:
    """Registers what ctypes' references are called since Python 3.12 with PyOpenGL 3.1.0, which pyrender pins."""
    from OpenGL.plugins import FormatHandler

    reference = type(ctypes.byref(ctypes.c_uint()))
    if FormatHandler.match(reference) is None:
        handler = "OpenGL.arrays.ctypesparameters.CtypesParameterHandler"
        FormatHandler("references", handler, [f"{reference.__module__}.{reference.__name__}"], isOutput=True)


# --------------------------------------------------------------------------------------------------------------- meshes


def _mesh(visual: Visual) -> Any:
    """A GLB as a pyrender mesh, its node transforms applied; nothing is turned: files are z-up as they are."""

    origin = "a mesh" if isinstance(visual, bytes) else os.fspath(visual)
    data = visual if isinstance(visual, bytes) else Path(visual).read_bytes()
    try:
        loaded = trimesh.load_scene(io.BytesIO(data), file_type="glb", process=False)
        parts = sorted(map(loaded.graph.get, loaded.graph.nodes_geometry), key=_place_in(list(loaded.geometry)))
        return _types().Mesh([_primitive(loaded.geometry[name], matrix) for matrix, name in parts])
    except Exception as error:  # a reader meets arbitrary bytes
        raise SceneDataError(f"{origin}: cannot be drawn ({type(error).__name__}: {error})") from None


def _place_in(names: list[str]) -> Callable[[tuple[np.ndarray, Any]], tuple[int, bytes]]:
    """Sorts (matrix, geometry name) as the file has them: trimesh ends repeated names with random letters."""
    return lambda node: (names.index(node[1]), node[0].tobytes())


def _primitive(part: Any, matrix: np.ndarray) -> Any:
    """One geometry; the back of a double-sided surface is a surface of its own, so that light falls on it rightly."""
    import pyrender

    source = getattr(part.visual, "material", None)
    points = trimesh.transform_points(part.vertices, matrix)
    normals = part.vertex_normals @ np.linalg.inv(matrix[:3, :3])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    faces, uv = np.asarray(part.faces), getattr(part.visual, "uv", None)
    if getattr(source, "doubleSided", False):
        faces = np.concatenate([faces, faces[:, ::-1] + len(points)])
        points, normals = np.concatenate([points, points]), np.concatenate([normals, -normals])
        uv = None if uv is None else np.concatenate([uv, uv])
    return pyrender.Primitive(
        positions=points.astype(np.float32),
        normals=normals.astype(np.float32),
        texcoord_0=None if uv is None else np.asarray(uv, dtype=np.float32),
        indices=faces.astype(np.uint32),
        material=_material(source, textured=uv is not None),
        mode=4,  # triangles
    )


def _material(source: Any, textured: bool) -> Any:
    import pyrender

    def factor(name: str, default: float) -> float:
        value = getattr(source, name, None)
        return default if value is None else float(value)

    color = getattr(source, "baseColorFactor", None)
    image = getattr(source, "baseColorTexture", None) if textured else None
    return pyrender.MetallicRoughnessMaterial(
        baseColorFactor=[1.0, 1.0, 1.0, 1.0] if color is None else np.asarray(color),
        baseColorTexture=None if image is None else _texture(image),
        metallicFactor=factor("metallicFactor", 1.0 if source is not None else 0.0),
        roughnessFactor=factor("roughnessFactor", 1.0),
    )


def _texture(image: Image.Image) -> Any:
    import pyrender

    sampler = pyrender.Sampler(wrapS=_REPEAT, wrapT=_REPEAT)
    return pyrender.Texture(source=np.asarray(image.convert("RGB")), source_channels="RGB", sampler=sampler)


def _ground() -> Any:
    import pyrender

    corners = np.array([[-40, -40, 0], [40, -40, 0], [40, 40, 0], [-40, 40, 0]], dtype=np.float32)
    material = pyrender.MetallicRoughnessMaterial(
        baseColorFactor=list(GROUND_COLOR), metallicFactor=0.0, roughnessFactor=1.0
    )
    normals = np.tile(np.array([0, 0, 1], dtype=np.float32), (4, 1))
    faces = np.array([[0, 1, 2], [0, 2, 3]], dtype=np.uint32)
    return _types().Mesh([pyrender.Primitive(positions=corners, normals=normals, indices=faces, material=material)])


def _translation(x: float, y: float, z: float) -> np.ndarray:
    return trimesh.transformations.translation_matrix([x, y, z])


# --------------------------------------------------------------------------------------------------------------- lights


def _add_shadowing_light(stage: Any, light: DirectionalLight, middle: np.ndarray, radius: float) -> None:
    """Adds `light`, with shadows in the ball of `radius` around `middle`. All meshes have to be in `stage` already.

    pyrender fits its shadow map to the whole scene: across a room a texel would be as large as a spoon. So the map's
    projection is our own.
    """
    pose = look_at(-np.asarray(light.direction), np.zeros(3))
    camera = stage.centroid + pose[:3, 2] * stage.scale  # where pyrender puts the camera of its shadow map
    color, intensity = _color_and_intensity(light)
    projection = _orthographic(pose[:3, :3].T @ (middle - camera), radius)
    stage.append(_types().Light(color, intensity, projection), pose)


def _add_light(stage: Any, light: DirectionalLight) -> None:
    """Adds `light`, without shadows: pyrender gives them to all directional lights or to none, so it is a distant lamp."""
    import pyrender

    color, intensity = _color_and_intensity(light)
    away = -np.asarray(light.direction) / np.linalg.norm(light.direction) * _FAR
    stage.append(pyrender.PointLight(color=color, intensity=intensity * _FAR**2), _translation(*away))


def _color_and_intensity(light: DirectionalLight) -> tuple[np.ndarray, float]:
    """pyrender wants colours of at most 1: the intensity carries the rest."""
    intensity = max(*light.color, 1e-9)
    return np.asarray(light.color) / intensity, intensity


def _orthographic(middle: np.ndarray, radius: float) -> np.ndarray:
    """The projection [4, 4] of a cube of half size `radius` around `middle`, in the frame of a camera along -z."""
    matrix = np.diag([1 / radius, 1 / radius, -1 / radius, 1.0])
    matrix[:3, 3] = -matrix[:3, :3] @ middle
    return matrix


class _Projection:
    """A camera that has a projection and nothing else."""

    def __init__(self, matrix: np.ndarray) -> None:
        self.matrix = matrix

    def get_projection_matrix(self, width: int | None = None, height: int | None = None) -> np.ndarray:
        return self.matrix


@dataclass(frozen=True)
class _Types:
    """Classes of pyrender with what has to be different: they cannot be named before pyrender is imported."""

    Scene: Any
    Mesh: Any
    Light: Any


@functools.cache
def _types() -> _Types:
    import pyrender

    class Scene(pyrender.Scene):
        """A scene that is drawn in the order in which it was built, so that its sums round the same way each time."""

        @property
        def mesh_nodes(self) -> list[Any]:
            return sorted(super().mesh_nodes, key=lambda node: node.name)

        @property
        def light_nodes(self) -> list[Any]:
            return sorted(super().light_nodes, key=lambda node: node.name)

        def append(self, item: Any, pose: np.ndarray) -> None:
            self.add(item, pose=pose, name=f"{len(self.nodes):06d}")

    class Mesh(pyrender.Mesh):
        @property
        def bounds(self) -> np.ndarray:  # pyrender's own asks numpy for `infty`, which numpy 2 no longer has
            corners = np.concatenate([primitive.positions for primitive in self.primitives])
            return np.stack([corners.min(axis=0), corners.max(axis=0)])

    class Light(pyrender.DirectionalLight):
        """A directional light whose shadow map has the given projection."""

        def __init__(self, color: np.ndarray, intensity: float, projection: np.ndarray) -> None:
            super().__init__(color=color, intensity=intensity)
            self.projection = projection

        def _get_shadow_camera(self, scene_scale: float) -> _Projection:
            return _Projection(self.projection)

        def _generate_shadow_texture(self, size: int | None = None) -> None:
            super()._generate_shadow_texture(size)
            texture: Any = self.shadow_texture
            texture.sampler = pyrender.Sampler(wrapS=_CLAMP_TO_BORDER, wrapT=_CLAMP_TO_BORDER)

    return _Types(Scene, Mesh, Light)

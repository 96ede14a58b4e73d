"""What is seen of an asset, as all formats of `scene_hub.export` write it: triangles, texture coordinates, a look."""

import io
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import trimesh
from PIL import Image
from trimesh.visual.color import color_to_uv

Array = np.ndarray


@dataclass(frozen=True)
class Look:
    """How a surface looks: `color` (linear RGB) and `alpha` in [0, 1], times `texture` (a PNG, sRGB; None: plain).

    `metallic` and `roughness` are glTF's factors. The back of a `double_sided` surface can be seen, too.
    """

    color: tuple[float, float, float] = (1.0, 1.0, 1.0)
    alpha: float = 1.0
    metallic: float = 0.0
    roughness: float = 1.0
    double_sided: bool = False
    texture: bytes | None = None

    @property
    def srgb(self) -> tuple[float, float, float]:
        """`color` as a screen takes it: for formats that do not say what their colours mean."""
        r, g, b = _on_screen(np.asarray(self.color)).tolist()
        return r, g, b


@dataclass(frozen=True)
class Surface:
    """Triangles of one look in the asset frame: `points` [n, 3] (metres), unit `normals` [n, 3], `faces` [m, 3].

    `uvs` [n, 2] count v upwards from the lower edge of the texture; None where there is no texture.
    """

    points: Array
    normals: Array
    faces: Array
    uvs: Array | None
    look: Look

    def with_backs(self) -> "Surface":
        """The same surface and its back: for renderers that draw the front of a triangle only."""
        return replace(
            self,
            points=np.concatenate([self.points, self.points]),
            normals=np.concatenate([self.normals, -self.normals]),
            faces=np.concatenate([self.faces, self.faces[:, ::-1] + len(self.points)]),
            uvs=None if self.uvs is None else np.concatenate([self.uvs, self.uvs]),
        )


def read_surfaces(glb: bytes) -> tuple[Surface, ...]:
    """The surfaces of a visual GLB in the order of the file, its node transforms applied.

    `glb` must have passed `scene_hub.meshes.check_visual`. Base colours and their textures are read, as is all that this
    package's own renderers draw; maps of normals or emission are not.
    """
    scene = trimesh.load_scene(io.BytesIO(glb), file_type="glb", process=False)
    nodes = [scene.graph.get(node) for node in scene.graph.nodes_geometry]
    order = list(scene.geometry)
    # trimesh ends repeated names with random letters, but keeps the file's order.
    nodes.sort(key=lambda node: (order.index(str(node[1])), node[0].tobytes()))
    meshes = [(scene.geometry[str(name)], matrix) for matrix, name in nodes]
    return tuple(_surface(mesh, matrix) for mesh, matrix in meshes if isinstance(mesh, trimesh.Trimesh))


def _surface(mesh: trimesh.Trimesh, matrix: Array) -> Surface:
    faces, uvs, look = np.asarray(mesh.faces), *_uvs_and_look(mesh)
    points, normals = np.asarray(mesh.vertices), np.asarray(mesh.vertex_normals)
    if uvs is not None and len(uvs) != len(points):  # one for each corner of each triangle
        points, normals, faces = points[faces.ravel()], normals[faces.ravel()], np.arange(len(uvs)).reshape(-1, 3)
    turned = normals @ np.linalg.inv(matrix[:3, :3])
    return Surface(
        points=trimesh.transform_points(points, matrix),
        normals=turned / np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9),
        faces=faces[:, ::-1] if np.linalg.det(matrix[:3, :3]) < 0 else faces,
        uvs=uvs,
        look=look,
    )


def _uvs_and_look(mesh: trimesh.Trimesh) -> tuple[Array | None, Look]:
    """Texture coordinates [n or 3 m, 2] and the look of a mesh; colours of vertices become a texture, a texel a triangle."""
    visual: Any = mesh.visual
    if visual.kind in ("vertex", "face"):
        palette: Any
        palette, uvs = color_to_uv(visual.face_colors)
        colors = _on_screen(np.asarray(palette.image.convert("RGB")) / 255.0)  # glTF's colours of vertices are linear
        texture = _png(Image.fromarray(np.round(255 * colors).astype(np.uint8)))
        return np.repeat(uvs, 3, axis=0), Look(texture=texture)
    source, uvs = getattr(visual, "material", None), getattr(visual, "uv", None)
    image: Any = None if uvs is None else getattr(source, "baseColorTexture", None)
    factor = getattr(source, "baseColorFactor", None)
    r, g, b, a = np.ones(4) if factor is None else np.asarray(factor, dtype=float) / 255.0
    metallic, roughness = getattr(source, "metallicFactor", None), getattr(source, "roughnessFactor", None)
    look = Look(
        color=(float(r), float(g), float(b)),
        alpha=float(a) if getattr(source, "alphaMode", None) == "BLEND" else 1.0,
        metallic=0.0 if metallic is None else float(metallic),
        roughness=1.0 if roughness is None else float(roughness),
        double_sided=bool(getattr(source, "doubleSided", False)),
        texture=None if image is None else _png(image.convert("RGB")),
    )
    return None if image is None else np.asarray(uvs, dtype=float), look


def _on_screen(linear: Array) -> Array:
    """Linear values in [0, 1] as sRGB (IEC 61966-2-1)."""
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 1e-9) ** (1 / 2.4) - 0.055)


def _png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()

"""Writes GLB (binary glTF 2.0) files: small, and byte for byte the same for the same input.

trimesh can write GLB too, but with 32-bit indices and unrounded floats, which doubles the size of small assets and lets
the last bit of a sine, different between processors, into the checksum. Coordinates are stored as they are (asset
frame, z up): no axis conversion takes place when writing, and none may when reading.
"""

import json
import struct
from collections.abc import Sequence

import numpy as np

from scene_hub.generate.materials import Material
from scene_hub.generate.shapes import Surface, joined

POSITION_DECIMALS = 5
NORMAL_DECIMALS = 2
UV_DECIMALS = 3

_FLOAT, _U8, _U16, _U32 = 5126, 5121, 5123, 5125
_VERTICES, _INDICES = 34962, 34963


class _Writer:
    """Collects buffer views and accessors of one GLB file."""

    def __init__(self) -> None:
        self.blob = bytearray()
        self.views: list[dict] = []
        self.accessors: list[dict] = []

    def view(self, data: bytes, target: int | None = None) -> int:
        self.blob.extend(b"\0" * (-len(self.blob) % 4))
        entry = {"buffer": 0, "byteOffset": len(self.blob), "byteLength": len(data)}
        self.views.append(entry if target is None else {**entry, "target": target})
        self.blob.extend(data)
        return len(self.views) - 1

    def floats(self, values: np.ndarray, bounded: bool = False) -> int:
        values = np.ascontiguousarray(values, dtype="<f4")
        entry = {
            "bufferView": self.view(values.tobytes(), _VERTICES),
            "componentType": _FLOAT,
            "count": len(values),
            "type": f"VEC{values.shape[1]}",
        }
        if bounded:
            entry |= {"min": [float(v) for v in values.min(axis=0)], "max": [float(v) for v in values.max(axis=0)]}
        self.accessors.append(entry)
        return len(self.accessors) - 1

    def indices(self, values: np.ndarray, vertices: int) -> int:
        kind, component = ("<u2", _U16) if vertices < 65535 else ("<u4", _U32)
        data = np.ascontiguousarray(values.reshape(-1), dtype=kind)
        self.accessors.append(
            {
                "bufferView": self.view(data.tobytes(), _INDICES),
                "componentType": component,
                "count": len(data),
                "type": "SCALAR",
            }
        )
        return len(self.accessors) - 1

    def file(self, content: dict) -> bytes:
        document = {
            "asset": {"version": "2.0", "generator": "genworld"},
            "accessors": self.accessors,
            "bufferViews": self.views,
            "buffers": [{"byteLength": len(self.blob) + (-len(self.blob) % 4)}],
            **content,
        }
        text = json.dumps(document, sort_keys=True, separators=(",", ":")).encode("utf-8")
        text += b" " * (-len(text) % 4)
        blob = bytes(self.blob) + b"\0" * (-len(self.blob) % 4)
        header = struct.pack("<4sII", b"glTF", 2, 12 + 8 + len(text) + 8 + len(blob))
        return header + struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(blob), b"BIN\0") + blob


def visual_glb(parts: Sequence[tuple[Surface, Material]], name: str) -> bytes:
    """A GLB with one mesh called `name`, one primitive for each distinct material."""
    writer = _Writer()
    materials = list(dict.fromkeys(material for _, material in parts))
    textures = list(dict.fromkeys(material.texture for material in materials if material.texture))
    images = [{"bufferView": writer.view(texture), "mimeType": _mime(texture)} for texture in textures]
    primitives = []
    for index, material in enumerate(materials):
        surface = joined([surface for surface, its_material in parts if its_material == material])
        primitives.append(_primitive(writer, surface, index, material.texture is not None))
    content: dict = {
        "materials": [_material(material, textures) for material in materials],
        "meshes": [{"name": name, "primitives": primitives}],
        "nodes": [{"mesh": 0, "name": name}],
        "scene": 0,
        "scenes": [{"nodes": [0]}],
    }
    if images:
        content["images"] = images
        content["samplers"] = [{"magFilter": 9729, "minFilter": 9987, "wrapS": 10497, "wrapT": 10497}]
        content["textures"] = [{"source": index, "sampler": 0} for index in range(len(images))]
    return writer.file(content)


def pieces_glb(pieces: Sequence[tuple[str, np.ndarray, np.ndarray]]) -> bytes:
    """A GLB of untextured geometries (name, vertices [n, 3], faces [m, 3]), one mesh and node of that name for each."""
    writer = _Writer()
    meshes, nodes = [], []
    for name, vertices, faces in pieces:
        position = writer.floats(np.round(vertices, POSITION_DECIMALS) + 0.0, bounded=True)
        indices = writer.indices(faces, len(vertices))
        meshes.append({"name": name, "primitives": [{"attributes": {"POSITION": position}, "indices": indices}]})
        nodes.append({"mesh": len(meshes) - 1, "name": name})
    return writer.file({"meshes": meshes, "nodes": nodes, "scene": 0, "scenes": [{"nodes": list(range(len(nodes)))}]})


def welded(surface: Surface) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Positions [n, 3], normals [n, 3], texture coordinates [n, 2] and faces [m, 3] with equal corners shared."""
    rows = np.concatenate(
        [
            np.round(surface.points, POSITION_DECIMALS),
            np.round(surface.normals.reshape(-1, 3), NORMAL_DECIMALS),
            np.round(surface.uvs.reshape(-1, 2), UV_DECIMALS),
        ],
        axis=1,
    )
    unique, faces = np.unique(rows + 0.0, axis=0, return_inverse=True)  # + 0.0 turns -0.0 into 0.0
    faces = faces.reshape(-1, 3)
    distinct = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    normals = unique[:, 3:6] / np.maximum(np.linalg.norm(unique[:, 3:6], axis=1, keepdims=True), 1e-9)
    return unique[:, :3], np.round(normals, 6), unique[:, 6:], faces[distinct]


def _primitive(writer: _Writer, surface: Surface, material: int, textured: bool) -> dict:
    if not textured:
        surface = Surface(surface.triangles, surface.normals, np.zeros_like(surface.uvs))
    positions, normals, uvs, faces = welded(surface)
    attributes = {"POSITION": writer.floats(positions, bounded=True), "NORMAL": writer.floats(normals)}
    if textured:  # glTF counts v downwards from the upper edge of the image
        attributes["TEXCOORD_0"] = writer.floats(np.stack([uvs[:, 0], 1.0 - uvs[:, 1]], axis=1))
    return {"attributes": attributes, "indices": writer.indices(faces, len(positions)), "material": material}


def _material(material: Material, textures: Sequence[bytes | None]) -> dict:
    surface: dict = {
        "baseColorFactor": [round(value, 4) for value in (*material.linear_color, 1.0)],
        "metallicFactor": round(material.metallic, 3),
        "roughnessFactor": round(material.roughness, 3),
    }
    if material.texture:
        surface["baseColorTexture"] = {"index": textures.index(material.texture)}
    return {"name": material.name, "pbrMetallicRoughness": surface, "doubleSided": material.double_sided}


def _mime(image: bytes) -> str:
    return "image/png" if image.startswith(b"\x89PNG") else "image/jpeg"

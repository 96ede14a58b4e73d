"""Reading the mesh files that people have: GLB, glTF, OBJ, PLY, STL and what else trimesh reads, as trimesh scenes.

A file may come from anywhere, so what it announces is held against what it holds before anything is decoded: sizes, counts,
the tree of nodes, the pictures. Compressed glTF (Draco, meshopt, KTX) is refused by name, because its meshes would come out
empty. Skins, animations, morph targets, cameras, lights, points and lines are left out: a thing is imported as it stands.
"""

import json
import struct
from pathlib import Path
from typing import Any

import trimesh
from PIL import Image

from scene_hub.errors import SceneDataError

MAX_FILE_BYTES = 256 * 1024 * 1024
MAX_TRIANGLES = 2_000_000
MAX_NODES = 20_000
MAX_DEPTH = 200  # of nested nodes
MAX_TEXTURE_PIXELS = 8192 * 8192
FORMATS = (".glb", ".gltf", ".obj", ".ply", ".stl", ".off", ".3mf", ".dae")

_UNCOMPRESSED = "export it again without that (Blender's glTF export: Data, Compression off; pictures as PNG or JPEG)"
_EXTENSIONS = {
    "KHR_draco_mesh_compression": "Draco compression",
    "EXT_meshopt_compression": "meshopt compression",
    "KHR_meshopt_compression": "meshopt compression",
    "KHR_texture_basisu": "KTX2 textures",
    "EXT_texture_webp": "WebP textures",
    "KHR_mesh_quantization": "quantized vertices",
}
_LOOKS = ("KHR_materials_", "KHR_lights_", "EXT_lights_")  # extensions that only change how a material or a light looks


def load_mesh(path: str | Path, origin: str | None = None) -> trimesh.Scene:
    """The meshes of a file with their materials; pictures are decoded when they are used.

    Raises SceneDataError, which begins with `origin` (default: the path), where the file is missing, too large, unsound or
    needs what cannot be read.
    """
    path = Path(path)
    origin = str(path) if origin is None else origin
    if not path.is_file():
        raise SceneDataError(f"{origin}: there is no such mesh file")
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise SceneDataError(
            f"{origin}: has {size // 1024**2} MB, at most {MAX_FILE_BYTES // 1024**2} MB are read; simplify the mesh first"
        )
    if path.suffix.lower() in (".glb", ".gltf"):
        _check_gltf(path, size, origin)
    try:  # materials and textures are looked for in the mesh's own folder only (trimesh's resolver sees to that)
        return trimesh.load_scene(path, process=False, allow_remote=False)
    except Exception as error:  # a reader meets arbitrary bytes: whatever it trips over, the file is at fault
        raise SceneDataError(
            f"{origin}: cannot be read as a mesh ({type(error).__name__}: {_short(error)}); "
            "GLB, OBJ, PLY, STL and what else trimesh reads can be imported"
        ) from None


def check_picture(image: Image.Image) -> Image.Image:
    """The same picture, not yet decoded; ValueError where decoding it would take too much memory."""
    if image.width * image.height > MAX_TEXTURE_PIXELS:
        raise ValueError(f"a picture of {image.width} x {image.height} pixels, at most 8192 x 8192 are read")
    return image


class _Unsound(Exception):
    """What is wrong with a glTF document."""


def _check_gltf(path: Path, size: int, origin: str) -> None:
    try:
        document = _document(path, size)
        _check_extensions(document)
        _check_accessors(document, size)
        _check_nodes(document)
    except _Unsound as error:
        raise SceneDataError(f"{origin}: {error}") from None
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, struct.error, RecursionError) as error:
        raise SceneDataError(
            f"{origin}: is no sound glTF file ({type(error).__name__}: {_short(error)}); export it again"
        ) from None


def _document(path: Path, size: int) -> dict[str, Any]:
    with path.open("rb") as file:
        if path.suffix.lower() == ".gltf":
            text = file.read()
        else:
            magic, version, _, length, kind = struct.unpack("<4sIII4s", file.read(20))
            if magic != b"glTF" or version != 2 or kind != b"JSON":
                raise _Unsound("is no GLB of version 2; export it again")
            if length > size - 20:
                raise _Unsound("is cut off: its header announces more than there is; fetch it again")
            text = file.read(length)
    document = json.loads(text)
    if not isinstance(document, dict):
        raise _Unsound("is no glTF file: its JSON is not an object")
    return document


def _check_extensions(document: dict[str, Any]) -> None:
    needed = [name for name in document.get("extensionsRequired", []) if not str(name).startswith(_LOOKS)]
    if needed:
        names = ", ".join(_EXTENSIONS.get(str(name), str(name)) for name in needed)
        raise _Unsound(f"needs {names}, which is not read; {_UNCOMPRESSED}")


def _check_accessors(document: dict[str, Any], size: int) -> None:
    """No table is larger than the file could hold: a count of 10^9 costs an attacker nothing to write."""
    buffers = document.get("buffers", [])
    if sum(int(buffer["byteLength"]) for buffer in buffers) > MAX_FILE_BYTES:
        raise _Unsound(f"announces buffers of more than {MAX_FILE_BYTES // 1024**2} MB; simplify the mesh first")
    for buffer in buffers:
        uri = buffer.get("uri")
        if "uri" not in buffer and int(buffer["byteLength"]) > size:
            raise _Unsound("announces a buffer that is longer than the file; fetch it again")
        if isinstance(uri, str) and not uri.startswith("data:") and "://" in uri:
            raise _Unsound(f"refers to {uri[:80]!r} on the network; download it beside the file")
    most = MAX_FILE_BYTES
    for accessor in document.get("accessors", []):
        if "sparse" in accessor:
            raise _Unsound("has sparse accessors (as exporters write for morph targets), which are not read")
        count = int(accessor["count"])
        if not 0 <= count <= most:
            raise _Unsound(f"announces {count:,} entries in one table; it cannot hold them")
        if "bufferView" not in accessor and count > 0:
            # By the standard such a table is all zeros; exporters write it where Draco holds the real one.
            raise _Unsound(f"has a table of {count:,} entries without data; {_UNCOMPRESSED}")
        if "bufferView" in accessor and count > int(document["bufferViews"][accessor["bufferView"]]["byteLength"]):
            raise _Unsound(f"announces {count:,} entries in a table that is shorter; fetch it again")


def _check_nodes(document: dict[str, Any]) -> None:
    """The nodes form a tree of bounded depth, and all that they draw together is bounded too."""
    nodes, meshes = document.get("nodes", []), document.get("meshes", [])
    if len(nodes) > MAX_NODES:
        raise _Unsound(f"has {len(nodes):,} nodes, at most {MAX_NODES:,} are read; join its parts first")
    parents: dict[int, int] = {}
    for index, node in enumerate(nodes):
        for child in node.get("children", []):
            if not 0 <= child < len(nodes) or child in parents or child == index:
                raise _Unsound("its nodes do not form a tree; export it again")
            parents[child] = index
    for index in range(len(nodes)):
        depth = 0
        while index in parents:
            index, depth = parents[index], depth + 1
            if depth > MAX_DEPTH:
                raise _Unsound(f"its nodes form a cycle, or are nested more than {MAX_DEPTH} deep; export it again")
    triangles = [sum(_triangles(document, part) for part in mesh["primitives"]) for mesh in meshes]
    total = sum(triangles[node["mesh"]] for node in nodes if "mesh" in node)
    if total > MAX_TRIANGLES:
        raise _Unsound(f"draws {total:,} triangles, at most {MAX_TRIANGLES:,} can be imported; simplify it first")


def _triangles(document: dict[str, Any], part: dict[str, Any]) -> int:
    if part.get("mode", 4) not in (4, 5, 6):  # triangles, strips, fans; the others are points and lines
        return 0
    table = part["indices"] if "indices" in part else part["attributes"]["POSITION"]
    count = int(document["accessors"][table]["count"])
    return count // 3 if part.get("mode", 4) == 4 else count


def _short(error: Exception) -> str:
    """What a reader said, in one line of bearable length."""
    return " ".join(str(error).split())[:200]

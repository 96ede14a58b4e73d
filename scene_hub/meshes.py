"""Reading mesh files that nobody vouches for: everything is checked in Python before native code sees a byte.

A GLB is accepted when it is self-contained (no file or URL is referenced), its tables stay inside its buffer, its node
tree is a forest, and its vertices are finite, few enough and where the asset's extents say.
"""

import io
import json
import struct
from typing import Any, Literal, get_args

import numpy as np
import trimesh

from scene_hub.errors import SceneDataError
from scene_hub.schema import Asset

MAX_PIECE_VERTICES = 256
MAX_PIECES = 256
MAX_TRIANGLES = {"visual": 200_000, "visual_low": 20_000, "collision": 60_000}
MAX_TEXTURE_PIXELS = 4096 * 4096
MAX_PIXELS = 4 * MAX_TEXTURE_PIXELS
"""Of all textures of a file together: images may share the bytes that they are decoded from."""
MAX_SHARING = 4
"""How many times over the buffer of a GLB may be cut into views, and these into accessors: readers copy each of them."""
MAX_JSON_BYTES = 4 * 1024 * 1024
MAX_GLB_ENTRIES = 4096
CONVEXITY_TOLERANCE = 0.01
EXTENT_TOLERANCE = 0.05

FileKind = Literal["visual", "visual_low", "collision", "gaussians"]
FILE_KINDS: tuple[FileKind, ...] = get_args(FileKind)

_COMPONENT_BYTES = {5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4}
_TYPE_COMPONENTS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_WAY_OUT = "the file is damaged or was not made by this project's tools; build or fetch the dataset again"


def check_glb(data: bytes, origin: str) -> None:
    """Raise SceneDataError unless `data` is a self-contained GLB 2.0 whose tables are sound. Meshes are not decoded."""
    try:
        document, binary_size = _glb_document(data)
        _check_references(document)
        _check_buffers(document, binary_size)
        _check_node_tree(document)
    except _Unsound as error:
        raise SceneDataError(f"{origin}: {error}; {_WAY_OUT}") from None
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, struct.error, RecursionError) as error:
        raise SceneDataError(f"{origin}: not a sound GLB file ({type(error).__name__}: {error}); {_WAY_OUT}") from None


def collision_pieces(data: bytes, asset: Asset, origin: str) -> dict[str, trimesh.Trimesh]:
    """The convex pieces of a collision file by name, in the asset frame.

    Each piece that `asset.collision` names is there; all are closed, convex, finite and within bounds, or SceneDataError.
    """
    pieces = _load_meshes(data, "collision", origin)
    for name in sorted({shape.mesh for shape in asset.collision if shape.shape == "convex"}):
        if name not in pieces:
            raise SceneDataError(f"{origin}: has no collision piece {name!r}, only {sorted(pieces)}; {_WAY_OUT}")
    for name, piece in pieces.items():
        _check_convex(piece, f"{origin}, piece {name!r}")
    _check_extents(pieces, asset, origin)
    return pieces


def check_visual(data: bytes, asset: Asset, which: Literal["visual", "visual_low"], origin: str) -> int:
    """Decode a visual GLB completely and return its number of triangles; SceneDataError where it breaks a bound."""
    meshes = _load_meshes(data, which, origin)
    if asset.kind != "room":
        _check_extents(meshes, asset, origin)
    return sum(len(mesh.faces) for mesh in meshes.values())


def visual_points(data: bytes, count: int = 600) -> np.ndarray:
    """About `count` points [n, 3] spread evenly over the surface of a visual GLB, in the asset frame; always the same ones.

    The file must have passed `check_visual`.
    """
    scene = trimesh.load_scene(io.BytesIO(data), file_type="glb", process=False, skip_materials=True)
    triangles = np.concatenate(
        [np.asarray(mesh.triangles) for mesh in scene.dump() if isinstance(mesh, trimesh.Trimesh)]
    )
    sides = triangles[:, 1:] - triangles[:, :1]
    areas = np.linalg.norm(np.cross(sides[:, 0], sides[:, 1]), axis=1)
    # Equal steps along the summed area, and within each triangle a low-discrepancy point (Roberts' R2 sequence).
    steps = (np.arange(count) + 0.5) / count
    index = np.searchsorted(np.cumsum(areas) / areas.sum(), steps).clip(max=len(triangles) - 1)
    u, v = (np.arange(count) * 0.7548776662) % 1.0, (np.arange(count) * 0.5698402910) % 1.0
    flip = u + v > 1.0
    u, v = np.where(flip, 1.0 - u, u), np.where(flip, 1.0 - v, v)
    return triangles[index, 0] + u[:, None] * sides[index, 0] + v[:, None] * sides[index, 1]


class _Unsound(Exception):
    """What is wrong with a GLB."""


def _glb_document(data: bytes) -> tuple[dict[str, Any], int]:
    """The JSON of a GLB and the size of its binary chunk."""
    magic, version, length = struct.unpack_from("<4sII", data, 0)
    if magic != b"glTF" or version != 2:
        raise _Unsound("not a GLB 2.0 file")
    if length != len(data):
        raise _Unsound(f"the GLB header says {length} bytes, the file has {len(data)}")
    json_size, json_kind = struct.unpack_from("<I4s", data, 12)
    if json_kind != b"JSON" or json_size > MAX_JSON_BYTES or 20 + json_size > length:
        raise _Unsound("the GLB has no valid JSON chunk")
    document = json.loads(data[20 : 20 + json_size])
    if not isinstance(document, dict):
        raise _Unsound("the JSON chunk of the GLB is not an object")
    rest = 20 + json_size
    if rest == length:
        return document, 0
    binary_size, binary_kind = struct.unpack_from("<I4s", data, rest)
    if binary_kind != b"BIN\0" or rest + 8 + binary_size != length:
        raise _Unsound("the binary chunk of the GLB does not fit the file")
    return document, binary_size


def _check_references(document: dict[str, Any]) -> None:
    for table in ("buffers", "images", "nodes", "meshes", "accessors", "bufferViews", "materials", "textures"):
        entries = document.get(table, [])
        if not isinstance(entries, list) or len(entries) > MAX_GLB_ENTRIES:
            raise _Unsound(f"the GLB's {table!r} is not a list of at most {MAX_GLB_ENTRIES} entries")
    for table in ("buffers", "images"):
        if any("uri" in entry for entry in document.get(table, [])):
            raise _Unsound(f"the GLB refers to data outside itself ({table} with a 'uri')")
    if document.get("extensionsRequired"):
        raise _Unsound(f"the GLB requires extensions {document['extensionsRequired']}, none is supported")


def _check_buffers(document: dict[str, Any], binary_size: int) -> None:
    buffers, views = document.get("buffers", []), document.get("bufferViews", [])
    if len(buffers) > 1 or any(not 0 < buffer["byteLength"] <= binary_size for buffer in buffers):
        raise _Unsound("the GLB's buffer is longer than its binary chunk")
    for view in views:
        start, size = view.get("byteOffset", 0), view["byteLength"]
        if view["buffer"] != 0 or start < 0 or size <= 0 or start + size > buffers[0]["byteLength"]:
            raise _Unsound("a buffer view leaves the GLB's buffer")
    for image in document.get("images", []):
        if not 0 <= image["bufferView"] < len(views):
            raise _Unsound("an image of the GLB names a buffer view that does not exist")
    accessed = 0
    for accessor in document.get("accessors", []):
        if "sparse" in accessor or not 0 <= accessor["bufferView"] < len(views):
            raise _Unsound("an accessor of the GLB is sparse or names no buffer view")
        view = views[accessor["bufferView"]]
        item = _COMPONENT_BYTES[accessor["componentType"]] * _TYPE_COMPONENTS[accessor["type"]]
        stride, count, offset = view.get("byteStride", item), accessor["count"], accessor.get("byteOffset", 0)
        if count <= 0 or offset < 0 or stride < item or offset + (count - 1) * stride + item > view["byteLength"]:
            raise _Unsound("an accessor leaves its buffer view")
        accessed += count * item
    if max(accessed, sum(view["byteLength"] for view in views)) > MAX_SHARING * binary_size:
        raise _Unsound(f"the GLB's tables take its buffer more than {MAX_SHARING} times over")


def _check_primitives(document: dict[str, Any], triangles: int) -> None:
    """All primitives together draw at most so many triangles; each may name the same large accessors."""
    accessors = document.get("accessors", [])

    def count_of(index: int) -> int:
        if not 0 <= index < len(accessors):
            raise _Unsound("a primitive of the GLB names an accessor that does not exist")
        return accessors[index]["count"]

    vertices = corners = 0
    for primitive in (primitive for mesh in document.get("meshes", []) for primitive in mesh["primitives"]):
        attributes = [count_of(index) for index in primitive["attributes"].values()]
        points = count_of(primitive["attributes"]["POSITION"])
        if any(count != points for count in attributes) or "targets" in primitive:
            raise _Unsound("a primitive of the GLB has morph targets, or attributes of different lengths")
        vertices += points
        corners += count_of(primitive["indices"]) if "indices" in primitive else points
    if max(vertices, corners) > 3 * triangles:
        raise _Unsound(f"has {vertices} vertices and {corners // 3} triangles, at most {triangles} are allowed")


def _check_node_tree(document: dict[str, Any]) -> None:
    """Each node has at most one parent and there is no cycle, so that no reader can walk for ever."""
    nodes = document.get("nodes", [])
    parent: dict[int, int] = {}
    for index, node in enumerate(nodes):
        for child in node.get("children", []):
            if not 0 <= child < len(nodes) or child in parent or child == index:
                raise _Unsound("the nodes of the GLB do not form a tree")
            parent[child] = index
    for index in range(len(nodes)):
        walked = 0
        while index in parent:
            index, walked = parent[index], walked + 1
            if walked > len(nodes):
                raise _Unsound("the nodes of the GLB form a cycle")


def _load_meshes(data: bytes, which: FileKind, origin: str) -> dict[str, trimesh.Trimesh]:
    """The geometries of a GLB by name, node transforms applied, finite and within the bounds for `which`."""
    check_glb(data, origin)
    _check_textures(data, origin)
    try:
        _check_primitives(_glb_document(data)[0], MAX_TRIANGLES[which])
        loaded = trimesh.load_scene(io.BytesIO(data), file_type="glb", process=False, skip_materials=True)
        meshes: dict[str, trimesh.Trimesh] = {}
        for node in loaded.graph.nodes_geometry:
            transform, key = loaded.graph[node]
            name = str(key)
            geometry = loaded.geometry[name]
            if not isinstance(geometry, trimesh.Trimesh) or name in meshes:
                raise _Unsound(f"geometry {name!r} is repeated or no triangle mesh")
            meshes[name] = geometry if np.array_equal(transform, np.eye(4)) else geometry.apply_transform(transform)
    except _Unsound as error:
        raise SceneDataError(f"{origin}: {error}; {_WAY_OUT}") from None
    except Exception as error:  # the reader meets arbitrary bytes: whatever it trips over, the file is at fault
        raise SceneDataError(f"{origin}: cannot be read as GLB ({type(error).__name__}: {error}); {_WAY_OUT}") from None
    if not meshes or (which == "collision" and len(meshes) > MAX_PIECES):
        raise SceneDataError(f"{origin}: has {len(meshes)} meshes, expected 1 to {MAX_PIECES}; {_WAY_OUT}")
    triangles = sum(len(mesh.faces) for mesh in meshes.values())
    if triangles > MAX_TRIANGLES[which]:
        raise SceneDataError(
            f"{origin}: has {triangles} triangles, at most {MAX_TRIANGLES[which]} are allowed for {which}"
        )
    for name, mesh in meshes.items():
        if len(mesh.faces) == 0 or len(mesh.vertices) == 0:
            raise SceneDataError(f"{origin}: mesh {name!r} is empty; {_WAY_OUT}")
        if not np.isfinite(mesh.vertices).all():
            raise SceneDataError(f"{origin}: mesh {name!r} has vertices that are not finite; {_WAY_OUT}")
        if mesh.faces.min() < 0 or mesh.faces.max() >= len(mesh.vertices):
            raise SceneDataError(f"{origin}: mesh {name!r} has triangles with vertices that do not exist; {_WAY_OUT}")
    return meshes


def _check_textures(data: bytes, origin: str) -> None:
    """Every image in the GLB is a PNG or JPEG of bounded size that decodes."""
    from PIL import Image

    document, binary_size = _glb_document(data)
    binary = data[len(data) - binary_size :]
    pixels = 0
    for image in document.get("images", []):
        view = document["bufferViews"][image["bufferView"]]
        start = view.get("byteOffset", 0)
        try:
            with Image.open(io.BytesIO(binary[start : start + view["byteLength"]]), formats=("PNG", "JPEG")) as picture:
                if picture.width * picture.height > MAX_TEXTURE_PIXELS:
                    raise _Unsound(
                        f"a texture has {picture.width} x {picture.height} pixels, at most 4096 x 4096 are allowed"
                    )
                pixels += picture.width * picture.height
                if pixels > MAX_PIXELS:
                    raise _Unsound(f"its textures have more than {MAX_PIXELS} pixels together")
                picture.load()
        except _Unsound as error:
            raise SceneDataError(f"{origin}: {error}; {_WAY_OUT}") from None
        except Exception as error:  # a decoder meets arbitrary bytes
            raise SceneDataError(
                f"{origin}: a texture cannot be decoded ({type(error).__name__}); {_WAY_OUT}"
            ) from None


def _check_convex(piece: trimesh.Trimesh, origin: str) -> None:
    """`piece` is closed, not flat, and no vertex lies outside the plane of any face, give or take 1 % of its size."""
    piece.merge_vertices(merge_norm=True, merge_tex=True)
    count = len(piece.vertices)
    if not 4 <= count <= MAX_PIECE_VERTICES:
        raise SceneDataError(
            f"{origin}: has {count} vertices, a convex piece has 4 to {MAX_PIECE_VERTICES}; {_WAY_OUT}"
        )
    size = float(np.linalg.norm(np.ptp(piece.vertices, axis=0)))
    cross = piece.triangles_cross
    double_area = np.linalg.norm(cross, axis=1)
    faces = double_area > 1e-9 * size**2
    if not faces.any() or not _closed(piece.faces) or _volume(piece) <= 1e-6 * size**3:
        raise SceneDataError(f"{origin}: is flat, open or inside out, not a closed convex mesh; {_WAY_OUT}")
    normals = cross[faces] / double_area[faces, None]
    heights = normals @ piece.vertices.T - np.sum(normals * piece.triangles[faces, 0], axis=1)[:, None]
    if heights.max() > CONVEXITY_TOLERANCE * size:
        raise SceneDataError(
            f"{origin}: has a dent of {heights.max() * 1000:.1f} mm, it is not a closed convex mesh; {_WAY_OUT}"
        )


def _closed(faces: np.ndarray) -> bool:
    """Whether each edge of the triangles [F, 3] belongs to two of them."""
    edges = np.sort(np.concatenate([faces[:, (0, 1)], faces[:, (1, 2)], faces[:, (2, 0)]]).astype(np.int64), axis=1)
    _, counts = np.unique(edges[:, 0] * (int(faces.max()) + 1) + edges[:, 1], return_counts=True)
    return bool((counts == 2).all())


def _volume(piece: trimesh.Trimesh) -> float:
    """Cubic metres enclosed; negative where the faces look inwards (divergence theorem)."""
    return float(np.sum(piece.triangles[:, 0] * np.asarray(piece.triangles_cross)) / 6.0)


def _check_extents(meshes: dict[str, trimesh.Trimesh], asset: Asset, origin: str) -> None:
    """The meshes lie within the asset's bounding box, give or take 5 % and 5 mm."""
    bounds = np.array([mesh.bounds for mesh in meshes.values()])
    low, high = bounds[:, 0].min(axis=0), bounds[:, 1].max(axis=0)
    extents = np.array(asset.extents)
    slack = 0.005 + EXTENT_TOLERANCE * extents
    if np.any(high - low > extents + slack) or (asset.kind == "object" and low[2] < -slack[2]):
        raise SceneDataError(
            f"{origin}: spans {np.round(low, 4).tolist()} to {np.round(high, 4).tolist()} m, "
            f"but asset {asset.name!r} says its extents are {list(asset.extents)} m; {_WAY_OUT}"
        )

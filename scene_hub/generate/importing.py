"""From a mesh that somebody else made to an `AssetBundle`: what a generator of one's own needs beside its ideas.

    bundle = import_mesh(mesh, request, Provenance(generator="my-generator", generator_version="1"), mass=0.1)

The mesh may be a file that trimesh reads (GLB, OBJ with its textures, PLY ...) or a trimesh object. It is checked, put into the
asset frame (z up, resting on z = 0, the origin below the middle), thinned to two levels of detail with small textures, and
given convex collision, mass, friction, a support, grasps and colour words. A level has more triangles than usual where it
would not look like the whole mesh from eight sides (`scene_hub.silhouette`).
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import trimesh
from PIL import Image
from trimesh.visual.material import PBRMaterial

from scene_hub.errors import InvalidOptionError, SceneDataError
from scene_hub.generate import supports
from scene_hub.generate.baking import Skin, baked, outside, painted, sampled, views
from scene_hub.generate.bundle import AssetBundle, AssetRequest, RoleInTask
from scene_hub.generate.collision import Piece, exported
from scene_hub.generate.glb import visual_glb
from scene_hub.generate.grasps import plan_grasps
from scene_hub.generate.imported_collision import collision_meshes, imported_pieces, level_topped
from scene_hub.generate.materials import COLORS, METALLIC_COLORS, SUBSTANCES, Material, Rgb, encoded
from scene_hub.generate.mesh_files import MAX_TRIANGLES as MAX_INPUT_TRIANGLES
from scene_hub.generate.mesh_files import check_picture, load_mesh
from scene_hub.generate.resting import steady
from scene_hub.generate.shapes import Surface, joined, shaded
from scene_hub.generate.thinning import Thinning, welded
from scene_hub.meshes import MAX_TRIANGLES
from scene_hub.schema import Asset, AssetFile, AssetFiles, AssetKind, Grasp, Provenance, Support
from scene_hub.silhouette import Portrait, cameras

CLOSE_TRIANGLES, LIGHT_TRIANGLES = 6_000, 1_500
CLOSE_TEXTURE = 512  # pixels; the light level's has half as many on a side
WHITE: Rgb = (255, 255, 255)
TEXTURES = (16, 2048)  # pixels, the smallest and the largest that may be asked for
SIZES: dict[AssetKind, tuple[float, float]] = {"object": (0.004, 1.0), "table": (0.1, 5.0)}
COLOR_SHARE = 0.22  # of the surface, for a colour to be named
MAX_COLORS = 3

logger = logging.getLogger(__name__)

Array = np.ndarray
Baker = Callable[[Sequence[Skin], int, int, np.random.Generator], tuple[Surface, Array]]
Meshes = str | Path | trimesh.Trimesh | trimesh.Scene


class ImpossibleSizeError(SceneDataError):
    """A mesh that is sound, but far too small or too large for its kind."""


class ImportedMesh(NamedTuple):
    """A bundle, and `frame` [4, 4]: from the frame that the mesh was given in, after its transform, to the asset frame."""

    bundle: AssetBundle
    frame: Array


def import_mesh(visual: Meshes, request: AssetRequest, provenance: Provenance, **options: Any) -> AssetBundle:
    """The asset that `request` asks for, made of a mesh; arguments and errors as of `placed_mesh`."""
    return placed_mesh(visual, request, provenance, **options).bundle


def placed_mesh(
    visual: Meshes,
    request: AssetRequest,
    provenance: Provenance,
    *,
    label: str | None = None,
    description: str | None = None,
    kind: AssetKind = "object",
    colors: Sequence[str] | None = None,
    materials: Sequence[str] = ("plastic",),
    mass: float | None = None,
    friction: tuple[float, float] | None = None,
    collision: Meshes | Sequence[trimesh.Trimesh] | None = None,
    transform: Array | None = None,
    collision_transform: Array | None = None,
    texture: int = CLOSE_TEXTURE,
    plain: str | None = None,
) -> ImportedMesh:
    """The asset that `request` asks for, made of a mesh, and where it stood; the same input gives the same bytes.

    Args:
        visual: what is seen. Metres, z up, unless `transform` makes it so.
        request: gives the category, the seed, and as `use` what it has to be: a "container" must be open above, a "surface"
            level on top; None takes what the form suggests.
        label: what a sentence calls it ("red mug"), where the request does not name it; default: colour and category.
        colors: colour words, the dominant one first; None looks at the mesh.
        materials: substances, the main one first: gives the density and friction that `mass` (kg) and `friction` (static,
            dynamic) do not.
        collision: convex pieces, by file or as meshes; None, or pieces that close an opening which the visual mesh has,
            decompose the visual mesh (CoACD).
        transform, collision_transform: [4, 4], applied to the vertices first; the collision's is the visual's by default.
        texture: pixels, the longer side of the close level's texture.
        plain: the colour word for surfaces that have no look of their own, as in STL files; None: white.

    Raises:
        InvalidOptionError: a texture size out of range.
        SceneDataError: the mesh cannot be read, is empty, flat, not finite or of an impossible size, or cannot be used as
            asked; the message names the file.
    """
    origin = str(visual) if isinstance(visual, str | Path) else f"mesh for {request.category!r}"
    if kind not in SIZES:
        raise SceneDataError(f"{origin}: a {kind} cannot be imported, only {' or '.join(SIZES)}")
    if not TEXTURES[0] <= texture <= TEXTURES[1]:
        raise InvalidOptionError(f"texture is {texture} pixels; give a number from {TEXTURES[0]} to {TEXTURES[1]}")
    transform = np.eye(4) if transform is None else np.asarray(transform, dtype=float)
    skins = read_skins(visual, origin, transform, 2 * texture, COLORS[plain] if plain else WHITE)
    _check_size(skins, kind, origin)
    fixed = collision_transform if collision_transform is not None else transform
    given = None if collision is None else _moved(collision, fixed, origin)
    pieces = imported_pieces(skins, given, request.use, origin)
    turn = np.eye(4)
    if kind == "object":
        turn, pieces = steady(pieces, turnable=request.use in (None, "object"))
        skins = [_placed(skin, turn) for skin in skins]
    else:
        pieces = level_topped(pieces)
    offset = trimesh.transformations.translation_matrix(_offset(skins, pieces, kind))
    skins = [_placed(skin, offset) for skin in skins]
    pieces = [piece.moved(offset[:3, 3]) for piece in pieces]
    bundle = _asset(
        skins,
        pieces,
        origin,
        _support([piece.mesh for piece in pieces], request.use, kind, origin),
        request,
        provenance,
        texture,
        dict(
            kind=kind,
            label=label,
            description=description,
            colors=tuple(color_words(skins) if colors is None else colors),
            materials=tuple(materials),
            mass=mass,
            friction=friction,
        ),
    )
    return ImportedMesh(bundle, offset @ turn)


def _asset(
    skins: list[Skin],
    pieces: list[Piece],
    origin: str,
    support: Support | None,
    request: AssetRequest,
    provenance: Provenance,
    texture: int,
    facts: dict[str, Any],
) -> AssetBundle:
    close, light = _levels(skins, request.seed, origin, texture)
    shapes, collision_file, volume = exported(pieces)
    files = {"visual.glb": visual_glb(close, request.category), "visual_low.glb": visual_glb(light, request.category)}
    if collision_file is not None:
        files["collision.glb"] = collision_file
    records = {path: _file_record(path, data) for path, data in files.items()}
    substance = SUBSTANCES[facts["materials"][0] if facts["materials"] else "plastic"]
    static, dynamic = facts["friction"] or (substance.static_friction, substance.dynamic_friction)
    mass = facts["mass"] if facts["mass"] is not None else max(volume * substance.density, 0.01)
    name = request.name or facts["label"] or _named(request.category.replace("_", " "), facts["colors"])
    asset = Asset.create(
        kind=facts["kind"],
        category=request.category,
        name=name,
        description=facts["description"] or request.description or name,
        colors=facts["colors"],
        materials=facts["materials"],
        extents=_extents(close),
        mass=round(float(mass), 4),
        static_friction=static,
        dynamic_friction=min(dynamic, static),
        restitution=substance.restitution,
        collision=shapes,
        collision_volume=round(volume, 12),
        files=AssetFiles(
            visual=records["visual.glb"],
            visual_low=records["visual_low.glb"],
            collision=records.get("collision.glb"),
        ),
        grasps=_grasps(light, pieces, facts["kind"], request.seed),
        support=support,
        provenance=provenance.model_copy(update={"seed": request.seed}),
    )
    return AssetBundle(asset, files)


def color_words(skins: Sequence[Skin]) -> tuple[str, ...]:
    """The words of `materials.COLORS` for what covers much of the surface, most first; at least one."""
    points, normals, colors = sampled(skins, 60_000, np.random.default_rng(0))
    weights = views(points, normals, lowest=0.0) + 1e-6  # what is inside or below is hardly seen, and not named
    metallic = max(skins, key=lambda skin: len(skin.surface)).metallic > 0.4
    words = [word for word in COLORS if metallic or word not in METALLIC_COLORS]
    palette = _perceived(np.array([COLORS[word] for word in words], dtype=float))
    nearest = np.linalg.norm(_perceived(colors)[:, None] - palette[None], axis=2).argmin(axis=1)
    shares = np.bincount(nearest, weights, minlength=len(words)) / weights.sum()
    order = np.argsort(-shares, kind="stable")[:MAX_COLORS]
    return tuple(words[i] for rank, i in enumerate(order.tolist()) if rank == 0 or shares[i] >= COLOR_SHARE)


# -------------------------------------------------------------------------------------------------------------- reading


def read_skins(
    source: Meshes,
    origin: str,
    transform: Array | None = None,
    pixels: int = 2 * CLOSE_TEXTURE,
    plain: Rgb = WHITE,
) -> list[Skin]:
    """The surfaces of a mesh with their looks, outward normals, `transform` [4, 4] applied; SceneDataError if unsound.

    Pictures come with at most `pixels` on a side; `plain` is the colour of what has no look.
    """
    scene = _load(source, origin)
    matrix = np.eye(4) if transform is None else transform
    skins = []
    for node in sorted(scene.graph.nodes_geometry):
        pose, key = scene.graph[node]
        geometry = scene.geometry[key]
        if isinstance(geometry, trimesh.Trimesh) and len(geometry.faces):
            skin = _skin(geometry, matrix @ pose, origin, pixels)
            visual: Any = geometry.visual
            color = skin.color if visual.defined else (plain[0] / 255, plain[1] / 255, plain[2] / 255)
            skins.append(replace(skin, color=color))
    if not skins:
        raise SceneDataError(f"{origin}: has no triangles; export the surface as a triangle mesh")
    triangles = sum(len(skin.surface) for skin in skins)
    if triangles > MAX_INPUT_TRIANGLES:
        raise SceneDataError(f"{origin}: has {triangles} triangles, at most {MAX_INPUT_TRIANGLES} can be imported")
    inside_out = sum(skin.surface.volume for skin in skins) < 0
    return [_turned_out(skin) for skin in skins] if inside_out else skins


def _load(source: Meshes, origin: str) -> trimesh.Scene:
    if isinstance(source, trimesh.Scene):
        return source
    return trimesh.Scene(source) if isinstance(source, trimesh.Trimesh) else load_mesh(source, origin)


def _skin(mesh: trimesh.Trimesh, matrix: Array, origin: str, pixels: int) -> Skin:
    vertices, faces = np.asarray(mesh.vertices, dtype=float), np.asarray(mesh.faces)
    if faces.min() < 0 or faces.max() >= len(vertices):
        raise SceneDataError(f"{origin}: has triangles with vertices that do not exist; the file is damaged")
    if not np.isfinite(vertices[faces.ravel()]).all():
        raise SceneDataError(f"{origin}: has vertices that are not finite (NaN or infinite); export it again")
    if np.abs(vertices[faces.ravel()]).max() > 1e6:
        raise SceneDataError(f"{origin}: has vertices more than 1e6 units from its origin; export it again in metres")
    vertices = vertices @ matrix[:3, :3].T + matrix[:3, 3]
    if np.linalg.det(matrix[:3, :3]) < 0:
        faces = faces[:, ::-1]
    triangles = vertices[faces]
    areas = np.linalg.norm(np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]), axis=1)
    if not (areas > 1e-12).any():
        raise SceneDataError(f"{origin}: all its triangles are degenerate (without area); export it again")
    faces, triangles = faces[areas > 1e-12], triangles[areas > 1e-12]
    try:
        look = _look(mesh, faces, pixels)
    except Exception as error:  # textures are decoded only now, and may be arbitrary bytes
        raise SceneDataError(
            f"{origin}: its texture or colours cannot be read ({type(error).__name__}: {error}); export it again"
        ) from None
    uvs = look.pop("uvs")
    return Skin(shaded(triangles, uvs), **look)


def _look(mesh: trimesh.Trimesh, faces: Array, pixels: int) -> dict[str, Any]:
    """The fields of a `Skin` beside its surface, and `uvs` [F, 3, 2]."""
    visual: Any = mesh.visual
    look: dict[str, Any] = {"uvs": np.zeros((*faces.shape, 2))}
    if visual.kind == "texture":
        uv = visual.uv
        material = visual.material
        pbr = material if isinstance(material, PBRMaterial) else material.to_pbr()
        image = pbr.baseColorTexture if uv is not None and len(uv) == len(mesh.vertices) else None
        if image is not None:
            look["uvs"] = np.nan_to_num(np.asarray(uv, dtype=float)[faces])
            look["image"] = np.asarray(_at_most(check_picture(image).convert("RGB"), pixels), dtype=float)
        factor = np.ones(4) if pbr.baseColorFactor is None else np.asarray(pbr.baseColorFactor, dtype=float) / 255
        if material is pbr:  # glTF's factor is linear, that of an OBJ is a colour as on the screen
            factor = np.where(
                factor <= 0.0031308, factor * 12.92, 1.055 * np.maximum(factor, 1e-9) ** (1 / 2.4) - 0.055
            )
        look["color"] = tuple(float(value) for value in np.clip(factor[:3], 0, 1))
        # A file that says nothing of metal means none, whatever glTF's default: exporters from OBJ leave it out.
        look["metallic"] = _factor(pbr.metallicFactor, 0.0, pbr.metallicRoughnessTexture, 2)
        look["roughness"] = _factor(pbr.roughnessFactor, 0.6, pbr.metallicRoughnessTexture, 1)
        look["double_sided"] = bool(pbr.doubleSided)
    elif visual.kind in ("vertex", "face"):
        colors = visual.vertex_colors[faces] if visual.kind == "vertex" else visual.face_colors[:, None].repeat(3, 1)
        colors = np.asarray(colors, dtype=float)[: len(faces), :, :3]
        if np.ptp(colors.reshape(-1, 3), axis=0).max() < 1:
            look["color"] = tuple(float(value) / 255 for value in colors[0, 0])
        else:
            look["corner_colors"] = colors
    return look


def _factor(value: float | None, default: float, texture: Image.Image | None, channel: int) -> float:
    mean = 1.0 if texture is None else float(np.asarray(texture.convert("RGB"), dtype=float)[..., channel].mean() / 255)
    return float(np.clip((default if value is None else value) * mean, 0.0, 1.0))


def _at_most(image: Image.Image, size: int) -> Image.Image:
    """The image with no side longer than `size` pixels."""
    scale = size / max(image.size)
    if scale >= 1:
        return image
    width, height = (max(1, round(side * scale)) for side in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _turned_out(skin: Skin) -> Skin:
    """The skin of a mesh whose triangles all face inward."""
    colors = None if skin.corner_colors is None else skin.corner_colors[:, [0, 2, 1]]
    return replace(skin, surface=skin.surface.inverted(), corner_colors=colors)


def _placed(skin: Skin, matrix: Array) -> Skin:
    """The skin moved by a rigid transform [4, 4]."""
    old = skin.surface
    moved = Surface(old.triangles @ matrix[:3, :3].T + matrix[:3, 3], old.normals @ matrix[:3, :3].T, old.uvs)
    return replace(skin, surface=moved)


def _check_size(skins: Sequence[Skin], kind: AssetKind, origin: str) -> None:
    extents = np.ptp(np.concatenate([skin.surface.points for skin in skins]), axis=0)
    least, most = SIZES[kind]
    size = " x ".join(f"{value:.4g}" for value in extents)
    if extents.max() > most or extents.max() < least:
        raise ImpossibleSizeError(
            f"{origin}: is {size} m; an {kind} is between {least} and {most} m long. "
            "Is it in millimetres? Give it a transform that scales it to metres"
            if kind == "object"
            else f"{origin}: is {size} m; a {kind} is between {least} and {most} m long"
        )
    if extents.min() < 1e-4:
        raise SceneDataError(f"{origin}: is flat ({size} m); a thing needs thickness to be simulated")


# -------------------------------------------------------------------------------------------------- frame and support


def _moved(collision: Meshes | Sequence[trimesh.Trimesh], transform: Array, origin: str) -> list[trimesh.Trimesh]:
    """The parts of a collision mesh in the frame of the skins."""
    return [
        trimesh.Trimesh(mesh.vertices @ transform[:3, :3].T + transform[:3, 3], mesh.faces, process=False)
        for mesh in collision_meshes(collision, origin)
    ]


def _offset(skins: Sequence[Skin], pieces: Sequence[Piece], kind: AssetKind) -> Array:
    """What moves a thing into its asset frame: on z = 0, the middle above the origin; a table has its top at z = 0."""
    points = np.concatenate([skin.surface.points for skin in skins])
    low, high = points.min(axis=0), points.max(axis=0)
    bottom = min(low[2], *(piece.bottom for piece in pieces))
    if kind == "table":
        top = supports.surface([piece.mesh for piece in pieces])
        bottom = high[2] if top is None else top.position[2]
    return np.round(np.array([*(-(low + high)[:2] / 2), -bottom]), 5)


def _support(meshes: Sequence[trimesh.Trimesh], use: RoleInTask | None, kind: AssetKind, origin: str) -> Support | None:
    if use == "object":
        return None
    if use == "container":
        found = supports.container(meshes)
        if found is None:
            raise SceneDataError(f"{origin}: is asked for as a container, but holds nothing: it has no opening above")
        return found
    if use in ("surface", "stackable") or kind == "table":
        found = supports.surface(meshes)
        if found is None:
            raise SceneDataError(f"{origin}: is asked for as something to put things on, but has no level top")
        return found
    inside, top = supports.container(meshes), supports.surface(meshes)
    extents = np.ptp(np.concatenate([mesh.bounds for mesh in meshes]), axis=0).tolist()
    return inside or (top if top is not None and supports.share_of_footprint(top, extents) > 0.3 else None)


# ------------------------------------------------------------------------------------------------------ levels of detail


def _levels(skins: Sequence[Skin], seed: int, origin: str, texture: int) -> tuple[list, list]:
    """(surface, material) pairs: the close level of detail and the light one."""
    small = texture // 2
    rng = np.random.default_rng([seed, 11])
    around = cameras(joined([skin.surface for skin in skins]).points)
    full = Portrait(skins, around)
    shell = outside(skins) if sum(len(skin.surface) for skin in skins) > LIGHT_TRIANGLES else skins
    close = _level(shell, CLOSE_TRIANGLES, texture, rng)
    light = _level(shell, LIGHT_TRIANGLES, small, rng)
    finer = np.random.default_rng([seed, 12])
    close = _alike(close, skins, full, (CLOSE_TRIANGLES, MAX_TRIANGLES["visual"]), texture, finer, origin)
    light = _alike(light, skins, full, (LIGHT_TRIANGLES, MAX_TRIANGLES["visual_low"]), small, finer, origin)
    return _parts(close, texture), _parts(light, small)


def _alike(
    level: list[Skin],
    skins: Sequence[Skin],
    full: Portrait,
    triangles: tuple[int, int],
    size: int,
    rng: np.random.Generator,
    origin: str,
) -> list[Skin]:
    """`level` if it looks like the full skins from eight sides; else one that is made with more care, of as few triangles as it
    takes, from the least number to what a dataset allows."""
    tried, found = [level], [full.compared(Portrait(level, full.around))]
    if found[0].good:
        return level
    shell = full.shown(skins)  # `outside` looks less closely
    count, most = triangles[0], min(triangles[1], 3 * sum(len(skin.surface) for skin in shell) // 2)
    while not found[-1].good and count <= most:
        tried.append(_level(shell, count, size, rng, _baked_with_care))
        found.append(full.compared(Portrait(tried[-1], full.around)))
        count = count * 3 // 2
    if found[-1].good:
        return tried[-1]
    overlaps = np.array([likeness.overlap.min() for likeness in found])
    best = int(np.flatnonzero(overlaps >= overlaps.max() - 0.005)[0])  # more triangles would not help
    logger.warning(
        "%s: with %d triangles it does not quite look like itself (%s)",
        origin,
        sum(len(skin.surface) for skin in tried[best]),
        found[best],
    )
    return tried[best]


def _level(skins: Sequence[Skin], most: int, size: int, rng: np.random.Generator, bake: Baker = baked) -> list[Skin]:
    """The skins with at most about `most` triangles and pictures of `size` pixels; as they are, if that is few enough."""
    total = sum(len(skin.surface) for skin in skins)
    if total <= most and len(skins) <= 8 and all(skin.corner_colors is None for skin in skins):
        return list(skins)
    if (
        total <= most
        or any(skin.image is not None or skin.corner_colors is not None for skin in skins)
        or len(skins) > 1
    ):
        surface, image = bake(skins, most, size, rng)
        main = max(skins, key=lambda skin: len(skin.surface))
        image = np.clip(np.round(image), 0, 255)
        return [replace(main, surface=surface, image=image, color=(1.0, 1.0, 1.0), corner_colors=None)]
    surface, _ = bake(skins, most, 64, rng)
    return [replace(skins[0], surface=surface)]


def _baked_with_care(
    skins: Sequence[Skin], triangles: int, size: int, rng: np.random.Generator
) -> tuple[Surface, Array]:
    """As `baked`; slower, and closer to the original."""
    thinning = Thinning(*welded(skins))
    thinning.reduce(triangles)
    return painted(thinning.points, thinning.faces, skins, size, rng)


def _parts(skins: Sequence[Skin], size: int) -> list[tuple[Surface, Material]]:
    return [(skin.surface, _material(skin, _texture(skin.image, size))) for skin in skins]


def _texture(image: Array | None, size: int) -> bytes | None:
    if image is None:
        return None
    return encoded(np.asarray(_at_most(Image.fromarray(image.astype(np.uint8)), size), dtype=float), quality=88)


def _material(skin: Skin, texture: bytes | None) -> Material:
    r, g, b = (int(round(255 * value)) for value in skin.color)
    return Material("imported", "plastic", (r, g, b), texture, skin.metallic, skin.roughness, None, skin.double_sided)


def _grasps(
    light: Sequence[tuple[Surface, Material]], pieces: Sequence[Piece], kind: AssetKind, seed: int
) -> tuple[Grasp, ...]:
    if kind != "object":
        return ()
    meshes = [piece.mesh for piece in pieces]
    return plan_grasps(joined([surface for surface, _ in light]), meshes, center_of_mass(meshes), seed)


def center_of_mass(meshes: Sequence[trimesh.Trimesh]) -> Array:
    """Of closed meshes of one density, [3]."""
    volumes = np.array([float(mesh.volume) for mesh in meshes])
    return volumes @ np.array([mesh.center_mass for mesh in meshes]) / volumes.sum()


def _extents(parts: Sequence[tuple[Surface, Material]]) -> tuple[float, float, float]:
    low, high = joined([surface for surface, _ in parts]).bounds
    x, y, z = (max(round(float(value), 5), 1e-4) for value in high - low)
    return (x, y, z)


def _named(label: str, colors: Sequence[str]) -> str:
    return label if not colors or colors[0] in label.split() else f"{colors[0]} {label}"


def _file_record(path: str, data: bytes) -> AssetFile:
    return AssetFile(path=path, sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def _perceived(srgb: Array) -> Array:
    """Colours [n, 3] (0 to 255) in CIE Lab, lightness at half weight: a shadow does not change what a colour is called."""
    value = np.clip(srgb, 0, 255) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    ratio = linear @ matrix.T / np.array([0.9505, 1.0, 1.089])
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.stack([0.5 * (116 * f[:, 1] - 16), 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)

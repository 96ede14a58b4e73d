"""From a category and a seed to an `AssetBundle`: runs the design at both levels of detail, weighs, plans, exports."""

import hashlib
import zlib

import numpy as np

from scene_hub.generate.bundle import AssetBundle, AssetRequest
from scene_hub.generate.collision import Piece, exported
from scene_hub.generate.glb import visual_glb
from scene_hub.generate.grasps import plan_grasps
from scene_hub.generate.materials import SUBSTANCES
from scene_hub.generate.procedural import catalog
from scene_hub.generate.procedural.catalog import Category
from scene_hub.generate.procedural.design import Design, Detail, Draft, Part
from scene_hub.generate.shapes import joined
from scene_hub.schema import Asset, AssetFile, AssetFiles, Grasp, Provenance, Support

GENERATOR = "genworld-procedural"
VERSION = "1"


def build_asset(request: AssetRequest) -> AssetBundle:
    """The asset that `request` asks for; InvalidOptionError for an unknown category or a colour it does not have."""
    entry = catalog.find(request.category)
    color = _color(entry, request)
    high, low = (_design(entry, request.seed, color, detail) for detail in ("high", "low"))
    offset = _offset(entry, high)
    parts, light = ([_moved(part, offset) for part in design.parts] for design in (high, low))
    pieces = [piece.moved(offset) for piece in high.collision]
    shapes, collision_file, volume = exported(pieces)
    files = {
        "visual.glb": visual_glb(_pairs(parts), entry.name),
        "visual_low.glb": visual_glb(_pairs(light), entry.name),
    }
    if collision_file is not None:
        files["collision.glb"] = collision_file
    mass, center = _mass(high, parts)
    friction = _friction(parts)
    asset = Asset.create(
        kind=entry.kind,
        category=entry.name,
        name=request.name or _named(entry, color),
        description=_described(color, high.description),
        colors=(color,),
        materials=high.materials or tuple(dict.fromkeys(part.material.substance for part in parts)),
        extents=_extents(parts),
        mass=mass,
        static_friction=friction[0],
        dynamic_friction=friction[1],
        restitution=friction[2],
        collision=shapes,
        collision_volume=round(volume, 12),
        files=_asset_files(files),
        grasps=_grasps(entry, request.seed, parts, pieces, center),
        support=None if high.support is None else _moved_support(high.support, offset),
        provenance=Provenance(generator=GENERATOR, generator_version=VERSION, seed=request.seed),
    )
    return AssetBundle(asset, files)


def _color(entry: Category, request: AssetRequest) -> str:
    if request.color is not None:
        return catalog.check_color(entry, request.color)
    rng = np.random.default_rng([request.seed, zlib.crc32(b"color"), zlib.crc32(entry.name.encode())])
    return entry.colors[int(rng.integers(len(entry.colors)))]


def _design(entry: Category, seed: int, color: str, detail: Detail) -> Design:
    return entry.make(Draft(entry.name, seed, color, detail))


def _offset(entry: Category, design: Design) -> np.ndarray:
    """What moves a design into its asset frame. Tables keep their top at z = 0 and rooms their floor."""
    if entry.kind != "object":
        return np.zeros(3)
    low, high = joined([part.surface for part in design.parts]).bounds
    bottom = min(piece.bottom for piece in design.collision)
    x, y = -(low + high)[:2] / 2
    return np.round(np.array([x, y, -min(bottom, low[2])]), 5)


def _moved(part: Part, offset: np.ndarray) -> Part:
    return Part(part.surface.moved(*offset), part.material)


def _moved_support(support: Support, offset: np.ndarray) -> Support:
    x, y, z = (round(float(value), 5) + 0.0 for value in np.asarray(support.position) + offset)
    return support.model_copy(
        update={"position": (x, y, z), "rim_height": round(support.rim_height + float(offset[2]), 5)}
    )


def _pairs(parts: list[Part]) -> list:
    return [(part.surface, part.material) for part in parts]


def _extents(parts: list[Part]) -> tuple[float, float, float]:
    low, high = joined([part.surface for part in parts]).bounds
    x, y, z = (max(round(float(value), 5), 1e-4) for value in high - low)
    return (x, y, z)


def _mass(design: Design, parts: list[Part]) -> tuple[float, np.ndarray]:
    """Mass in kilograms and centre of mass, from the volume of each part and its density."""
    weights = np.array([max(part.surface.volume, 0.0) * part.material.weight for part in parts])
    if weights.sum() <= 0:
        return design.mass or 1.0, np.zeros(3)
    solid = [index for index in range(len(parts)) if weights[index] > 0]
    centers = np.array([parts[index].surface.centroid for index in solid])
    center = weights[solid] @ centers / weights[solid].sum()
    mass = design.mass if design.mass is not None else max(float(weights.sum()), design.least_mass)
    return round(mass, 4), center


def _friction(parts: list[Part]) -> tuple[float, float, float]:
    """Static and dynamic friction and restitution of the substance that most of the surface is made of."""
    substances = [SUBSTANCES[part.material.substance] for part in parts]
    areas = [float(np.prod(np.ptp(part.surface.points, axis=0) + 1e-3)) for part in parts]
    main = substances[int(np.argmax(areas))]
    return main.static_friction, main.dynamic_friction, main.restitution


def _grasps(
    entry: Category, seed: int, parts: list[Part], pieces: list[Piece], center: np.ndarray
) -> tuple[Grasp, ...]:
    if "object" not in entry.roles:
        return ()
    surface = joined([part.surface for part in parts])
    return plan_grasps(surface, [piece.mesh for piece in pieces], center, seed)


def _asset_files(files: dict[str, bytes]) -> AssetFiles:
    entries = {
        path: AssetFile(path=path, sha256=hashlib.sha256(data).hexdigest(), size=len(data))
        for path, data in files.items()
    }
    return AssetFiles(
        visual=entries["visual.glb"], visual_low=entries["visual_low.glb"], collision=entries.get("collision.glb")
    )


def _named(entry: Category, color: str) -> str:
    """ "red mug"; the colour is not said twice ("orange", "white table")."""
    return entry.label if color in entry.label.split() else f"{color} {entry.label}"


def _described(color: str, description: str) -> str:
    """ "small {color} book" and "red" as "a small red book"; the colour comes first where no place is given."""
    if "{color}" in description:
        text = description.format(color=color)
    else:
        text = description if description.split()[0] == color else f"{color} {description}"
    return f"{'an' if text[0] in 'aeiou' else 'a'} {text}"

"""From a category and a seed to an `AssetBundle`: runs the design at both levels of detail, weighs, plans, exports."""

import hashlib
import re
import zlib
from dataclasses import replace

import numpy as np

from scene_hub.generate.bundle import AssetBundle, AssetRequest
from scene_hub.generate.collision import Piece, exported
from scene_hub.generate.glb import visual_glb
from scene_hub.generate.grasps import plan_grasps
from scene_hub.generate.looks import LOOKS
from scene_hub.generate.materials import SUBSTANCES
from scene_hub.generate.procedural import catalog
from scene_hub.generate.procedural.catalog import Category
from scene_hub.generate.procedural.design import Design, Detail, Draft, Part
from scene_hub.generate.procedural.skins import (
    HEAVIEST,
    main_substance,
    mentioned,
    natural_colors,
    reskinned,
    substances,
)
from scene_hub.generate.shapes import joined
from scene_hub.schema import Asset, AssetFile, AssetFiles, Grasp, Provenance, Support

GENERATOR = "genworld-procedural"
VERSION = "2"

SIZE_DRAWS = 6
"""Of how many draws a "small" thing is the smallest, a "large" one the largest."""

VOWEL_SOUND = re.compile(r"(?!u(?:s|ni|te|ku))[aeiou]|hour")

LEAST_RECEPTACLE_MASS = 0.15
"""Kilograms that keep a receptacle from being pushed about by what is put on it."""


def build_asset(request: AssetRequest) -> AssetBundle:
    """The asset that `request` asks for; InvalidOptionError for an unknown category, or a colour or material it lacks."""
    entry = catalog.find(request.category)
    material = None if request.material is None else catalog.check_material(entry, request.material)
    color = _color(entry, request)
    seed = _seed(entry, request, color)
    high, low = (_design(entry, seed, color, material, detail) for detail in ("high", "low"))
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
    mass, center = _mass(entry, high, parts)
    friction = _friction(high.main or main_substance(parts))
    support = high.stack_support if request.use == "stackable" and high.stack_support else high.support
    asset = Asset.create(
        kind=entry.kind,
        category=entry.name,
        name=request.name or _named(entry, color, request),
        description=_described(color, high.description, request),
        colors=(color,),
        materials=substances(high),
        extents=_extents(parts),
        mass=mass,
        static_friction=friction[0],
        dynamic_friction=friction[1],
        restitution=friction[2],
        collision=shapes,
        collision_volume=round(volume, 12),
        files=_asset_files(files),
        grasps=_grasps(entry, seed, parts, pieces, center),
        support=None if support is None else _moved_support(support, offset),
        provenance=Provenance(generator=GENERATOR, generator_version=VERSION, seed=request.seed),
    )
    return AssetBundle(asset, files)


def _color(entry: Category, request: AssetRequest) -> str:
    """The colour asked for; else one in which the category comes in the material asked for, else any of its own."""
    if request.color is not None:
        return catalog.check_color(entry, request.color)
    colors, usual = entry.colors, next(iter(entry.materials), None)
    if request.material is not None:
        colors = natural_colors(request.material, usual, colors)
    rng = np.random.default_rng([request.seed, zlib.crc32(b"color"), zlib.crc32(entry.name.encode())])
    return colors[int(rng.integers(len(colors)))]


def _seed(entry: Category, request: AssetRequest, color: str) -> int:
    """The seed of the design: the request's own, or of several the one that draws the smallest or the largest thing."""
    if request.size is None:
        return request.seed
    draws = np.random.default_rng([request.seed, zlib.crc32(b"size")]).integers(2**31, size=SIZE_DRAWS)
    seeds = [int(draw) for draw in draws]
    bulks = [_bulk(entry.make(Draft(entry.name, seed, color, "low", request.material))) for seed in seeds]
    return seeds[int(np.argmin(bulks) if request.size == "small" else np.argmax(bulks))]


def _bulk(design: Design) -> float:
    """Volume of the bounding box."""
    return float(np.prod(_extents(design.parts)))


def _design(entry: Category, seed: int, color: str, material: str | None, detail: Detail) -> Design:
    """The design in the material asked for: the category's own if it makes it so, else re-skinned."""
    draft = Draft(entry.name, seed, color, detail, material)
    design = entry.make(draft)
    if material is None or material not in LOOKS:
        return design
    if material in (entry.materials[0], design.main or main_substance(design.parts)):
        others = [name for name in substances(design) if name != material]
        return replace(design, description=mentioned(design.description, material), materials=(material, *others))
    return reskinned(draft, design, material)


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


def _mass(entry: Category, design: Design, parts: list[Part]) -> tuple[float, np.ndarray]:
    """Mass in kilograms and centre of mass, from the volume of each part and its density."""
    weights = np.array([max(part.surface.volume, 0.0) * part.material.weight for part in parts])
    if weights.sum() <= 0:
        return design.mass or 1.0, np.zeros(3)
    solid = [index for index in range(len(parts)) if weights[index] > 0]
    centers = np.array([parts[index].surface.centroid for index in solid])
    center = weights[solid] @ centers / weights[solid].sum()
    if design.mass is not None:
        return design.mass, center
    mass = max(float(weights.sum()), design.least_mass)
    if entry.kind == "object":
        mass = min(max(mass, 0.0 if "object" in entry.roles else LEAST_RECEPTACLE_MASS), HEAVIEST)
    return round(mass, 4), center


def _friction(substance: str) -> tuple[float, float, float]:
    """Static and dynamic friction and restitution."""
    main = SUBSTANCES[substance]
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


def _named(entry: Category, color: str, request: AssetRequest) -> str:
    """ "red mug", "small brown wooden bowl"; nothing is said twice ("orange", "white table")."""
    words = [request.size, color, None if request.material is None else _adjective(request.material)]
    said = entry.label.split()
    return " ".join([*(word for word in words if word is not None and word not in said), entry.label])


def _adjective(material: str) -> str:
    return LOOKS[material].adjective if material in LOOKS else material


def _described(color: str, description: str, request: AssetRequest) -> str:
    """ "small {color} book" and "red" as "a small red book"; the colour comes first where no place is given.

    A size that was asked for comes before everything and replaces what the description says of it.
    """
    if "{color}" in description:
        text = description.format(color=color)
    else:
        text = description if description.split()[0] == color else f"{color} {description}"
    if color[0] in "aeiou":
        text = text.replace(f" a {color} ", f" an {color} ")
    if request.size is not None:
        text = f"{request.size} {re.sub(r'^(small|large|thick|long) ', '', text)}"
    return f"{'an' if VOWEL_SOUND.match(text) else 'a'} {text}"

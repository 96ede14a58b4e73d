"""Asked-for materials: a design that is made of one substance is clad in another, with its look, weight and words."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.spatial import ConvexHull

from scene_hub.generate.looks import LOOKS, Look
from scene_hub.generate.materials import SUBSTANCES, Material, Rgb
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.shapes import Surface

HEAVIEST = 1.2
"""Kilograms that a re-skinned thing weighs at most: of a heavy substance it would be made thinner."""


def natural_colors(substance: str, usual: str | None, colors: tuple[str, ...]) -> tuple[str, ...]:
    """Which of a category's `colors` a thing asked for in `substance` has, if no colour is asked for.

    What is usually painted or printed (`usual` is the category's own substance) keeps all its colours.
    """
    look = LOOKS.get(substance)
    if look is None or (substance == usual and not look.unpainted):
        return colors
    return tuple(color for color in look.colors if color in colors) or colors


def main_substance(parts: Sequence[Part]) -> str:
    """What most of a thing is made of."""
    return _largest(parts).material.substance


def _largest(parts: Sequence[Part]) -> Part:
    """The part with the largest box around it."""
    sizes = [float(np.prod(np.ptp(part.surface.points, axis=0) + 1e-3)) for part in parts]
    return parts[int(np.argmax(sizes))]


def substances(design: Design) -> tuple[str, ...]:
    """Everything that a design is made of."""
    return tuple(dict.fromkeys(design.materials or [part.material.substance for part in design.parts]))


def reskinned(draft: Draft, design: Design, substance: str) -> Design:
    """`design` with the parts of its main substance made of `substance`, in the dominant colour.

    Smaller parts that have an even colour of their own (a dark foot, a white cap) keep it.
    """
    main = design.main or main_substance(design.parts)
    body = _largest([part for part in design.parts if part.material.substance == main]).material.color
    skins: dict[Material, Material] = {}
    parts = []
    for part in design.parts:
        if part.material.substance != main:
            parts.append(part)
            continue
        if part.material not in skins:
            skins[part.material] = _skin(draft, part.material, substance, body)
        parts.append(Part(_laid(part.surface, LOOKS[substance]), skins[part.material]))
    ratio = SUBSTANCES[substance].density / SUBSTANCES[main].density
    return replace(
        design,
        parts=parts,
        description=_reworded(design.description, _old_words(draft, main), LOOKS[substance]),
        mass=None if design.mass is None else round(float(np.clip(design.mass * ratio, 0.05, HEAVIEST)), 4),
        materials=(substance, *(name for name in substances(design) if name not in (main, substance))),
        main=substance,
    )


def mentioned(description: str, substance: str) -> str:
    """`description` with the substance said in it, if it is not yet."""
    look = LOOKS[substance]
    words = description.replace("-", " ").split()
    return description if any(word in words for word in look.words) else _reworded(description, (), look)


def _skin(draft: Draft, worn: Material, substance: str, body: Rgb) -> Material:
    own = worn.texture is None and worn.color not in (body, draft.rgb)
    return draft.look(substance, worn.color if own else None, _density(worn, SUBSTANCES[substance].density))


def _density(worn: Material, density: float) -> float | None:
    """What is lighter than its substance is hollow and stays so; what is heavier is full of something else."""
    if worn.density is None:
        return None
    usual = SUBSTANCES[worn.substance].density
    return worn.density * density / usual if worn.density < usual else max(worn.density, density)


def _old_words(draft: Draft, main: str) -> tuple[str, ...]:
    """What a description may call the substance that goes; not where that is part of the thing's name (wine glass)."""
    return tuple(word for word in LOOKS[main].words if word not in draft.category.split("_")) if main in LOOKS else ()


def _reworded(description: str, old: tuple[str, ...], look: Look) -> str:
    """The description with the old substance's word replaced by the new one's, or that set before the noun."""
    for word in sorted(old, key=len, reverse=True):
        if f" {word} " in f" {description} ":
            return f" {description} ".replace(f" {word} ", f" {look.adjective} ", 1).strip()
    before, placed, after = description.partition("{color} ")
    if placed and " with " not in before and " of " not in before:
        return f"{before}{placed}{look.adjective} {after}"
    size, _, thing = description.partition(" ")
    if size in ("small", "large", "short", "tall", "open") and not placed:
        return f"{size} {{color}} {look.adjective} {thing}"
    return f"{look.adjective} {description}"


# ---------------------------------------------------------------------------------------------- how a texture is laid on


def _laid(surface: Surface, look: Look) -> Surface:
    if look.paint is None:
        return surface
    if look.around and _is_round(surface):
        return _around(surface, look.tile)
    along = "xyz"[int(np.argmax(np.ptp(surface.points, axis=0)))]
    return surface.projected(look.tile, along)


def _is_round(surface: Surface) -> bool:
    """Whether the outline from above is a circle: its hull fills pi / 4 of its square."""
    plane = surface.points[:, :2]
    x, y = np.ptp(plane, axis=0)
    return abs(x - y) < 0.06 * max(x, y) and float(ConvexHull(plane).volume) < 0.85 * x * y


def _around(surface: Surface, tile: float) -> Surface:
    """u runs around the upright axis in whole repeats, v upwards; level faces are laid on from above."""
    low, high = surface.bounds
    points = surface.triangles - (low + high) / 2 * np.array([1.0, 1.0, 0.0])
    turn = np.arctan2(points[..., 1], points[..., 0]) / (2 * np.pi)
    crossing = (np.ptp(turn, axis=1) > 0.5)[:, None]
    turn = np.where(crossing & (turn < 0), turn + 1.0, turn)
    repeats = max(1, round(np.pi * float(high[0] - low[0]) / tile))
    flat = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
    level = np.abs(flat[:, 2]) > 0.85 * np.linalg.norm(flat, axis=1)
    uvs = np.stack([turn * repeats, points[..., 2] / tile], axis=2)
    uvs[level] = points[level][..., :2] / tile
    return Surface(surface.triangles, surface.normals, uvs)

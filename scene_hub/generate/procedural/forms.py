"""Forms that several categories share: rods that lie, stalks, handles, glazes."""

from collections.abc import Callable

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Hull, Piece, hull_of
from scene_hub.generate.materials import Material, Rgb, shade
from scene_hub.generate.procedural.design import Draft, Part
from scene_hub.generate.shapes import Surface, circle, flattened, lathe, rotation, spline, sweep

LEAF: Rgb = (62, 128, 44)
STALK: Rgb = (92, 66, 34)


# ------------------------------------------------------------------------------------------------------- rods and stalks


def level_rod(path_xy: np.ndarray, radii: np.ndarray, segments: int, flat: float = 0.0016) -> Surface:
    """A round rod of changing radius about a level axis over `path_xy` [k, 2], resting on z = 0, pressed flat by `flat`."""
    radius = float(radii.max())
    return _pressed(np.concatenate([path_xy, np.full((len(path_xy), 1), radius - flat)], axis=1), radii, segments)


def resting_rod(path_xy: np.ndarray, radii: np.ndarray, segments: int, flat: float = 0.0012) -> Surface:
    """Like `level_rod`, but the axis follows the radius, so that even a tapering rod touches z = 0 all along."""
    return _pressed(np.concatenate([path_xy, (radii - flat)[:, None]], axis=1), radii, segments)


def _pressed(axis: np.ndarray, radii: np.ndarray, segments: int) -> Surface:
    # Turned so that a facet, not an edge, is below: a coarse rod must not balance on a line.
    turn = rotation("z", -90.0 + 180.0 / segments)[:2, :2]
    return flattened(sweep(axis, circle(segments) @ turn.T, radii), 0.0)


def rod_pieces(
    rod: Callable[..., Surface], path_xy: np.ndarray, radii: np.ndarray, pieces: int, flat: float, segments: int = 12
) -> list[Piece]:
    """Hulls of `pieces` consecutive spans of a `level_rod` or `resting_rod`, for rods that bend or taper."""
    cuts = np.linspace(0, len(path_xy) - 1, pieces + 1).round().astype(int)
    top = float(radii.max())
    result: list[Piece] = []
    for low, high in zip(cuts[:-1], cuts[1:], strict=True):
        span, widths = path_xy[low : high + 1], radii[low : high + 1]
        heights = np.full(len(span), top - flat) if rod is level_rod else widths - flat
        result.append(hull_of(_pressed(np.concatenate([span, heights[:, None]], axis=1), widths, segments)))
    return result


def turned_along_x(profile: np.ndarray, segments: int, flat: float, outline: np.ndarray | None = None) -> Surface:
    """A profile (radius, x) turned about the x axis and laid on z = 0, pressed flat by `flat` below."""
    radius = float(np.max(profile[:, 0]))
    if outline is None:  # a facet, not an edge, is below
        outline = circle(segments) @ rotation("z", 180.0 / segments)[:2, :2].T
    surface = lathe(profile, segments, outline).rotated("y", 90.0)
    return flattened(surface, -radius + flat).moved(z=radius - flat)


def stalk(draft: Draft, z: float, length: float, radius: float = 0.0016, color: Rgb = STALK) -> Part:
    """A short, slightly bent stalk that rises from height `z`."""
    path = spline([(0, 0, z - 0.004), (0.001, 0, z + 0.5 * length), (0.004, 0.001, z + length)], 4)
    surface = sweep(path, circle(draft.n(6, 5)) * radius, np.linspace(0.8, 1.3, 4), up=(0, 1, 0))
    return Part(surface, draft.plain("wood", color, 0.9))


def fruit_skin(
    draft: Draft, color: Rgb, blush: Rgb, at: float = 0.5, specks: Rgb | None = None, roughness: float = 0.45
) -> Material:
    """Skin of a fruit: a colour that passes into another around v = `at`, perhaps with specks."""
    image = materials.skin(draft.stream("skin"), draft.size, draft.size, color, blush, at, specks)
    return draft.textured("food", materials.encoded(image), roughness)


# --------------------------------------------------------------------------------------------------------------- vessels


def share_at(profile: np.ndarray, z: float) -> float:
    """How far along the profile (0 to 1, by length) its outside first reaches height `z`."""
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(profile, axis=0), axis=1))])
    top = int(profile[:, 1].argmax())
    rising = np.flatnonzero(profile[: top + 1, 1] >= z)
    index = int(rising[0]) if len(rising) else top
    return float(lengths[index] / lengths[-1])


def glazed(draft: Draft, profile: np.ndarray, pale_inside: bool = True) -> Material:
    """Ceramic glaze in the dominant colour: even, speckled or banded; the inside a lighter shade or off-white."""
    style = draft.pick(("even", "even", "speckled", "banded"))
    count, inside = draft.pick((1, 2, 3)), draft.chance(0.3) and pale_inside
    color = draft.rgb
    speckle = materials.mix(color, materials.contrast_to(color), 0.6) if style == "speckled" else None
    image = materials.glaze(draft.stream("glaze"), draft.size, color, speckle)
    height, rim = float(profile[:, 1].max()), share_at(profile, float(profile[:, 1].max()))
    bands: list[tuple[float, float, Rgb]] = [(rim + 0.02, 1.0, (236, 232, 222) if inside else shade(color, 1.18))]
    if style == "banded":
        stripe = materials.contrast_to(color)
        for level in np.linspace(0.74, 0.74 - 0.14 * (count - 1), count):
            bands.append((share_at(profile, height * level), share_at(profile, height * (level + 0.06)), stripe))
    return draft.textured("ceramic", materials.encoded(materials.banded(image, bands)), 0.3, draft.sheen)


def loop_handle(
    draft: Draft, attach: float, top: float, bottom: float, reach: float, thickness: float
) -> tuple[Surface, list[Piece]]:
    """A handle in the x-z plane from (attach, top) to (attach, bottom), reaching out by `reach`, with three hulls."""
    middle = (top + bottom) / 2
    knots = [
        (attach - 0.002, 0.0, top),
        (attach + 0.62 * reach, 0.0, top + 0.02 * reach),
        (attach + reach, 0.0, middle + 0.18 * (top - bottom)),
        (attach + 0.9 * reach, 0.0, middle - 0.22 * (top - bottom)),
        (attach - 0.002, 0.0, bottom),
    ]
    section = circle(draft.n(10)) * np.array([0.62, 1.0]) * thickness
    surface = sweep(spline(knots, draft.n(14)), section, up=(0.0, 1.0, 0.0))
    path = spline(knots, 10)
    rough = circle(6) * np.array([0.62, 1.0]) * thickness
    hulls: list[Piece] = [hull_of(sweep(path[low : low + 4], rough, up=(0.0, 1.0, 0.0))) for low in (0, 3, 6)]
    return surface, hulls


def ring_pieces(inner: float, outer: float, height: float, wedges: int = 12) -> list[Piece]:
    """A flat ring on z = 0 with a hole, as convex wedges."""
    pieces: list[Piece] = []
    for index in range(wedges):
        angles = 2 * np.pi * np.array([index, index + 0.5, index + 1]) / wedges
        direction = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        plane = np.concatenate([direction * outer, direction[[0, 2]] * inner])
        pieces.append(Hull(np.concatenate([np.c_[plane, np.full(len(plane), z)] for z in (0.0, height)])))
    return pieces

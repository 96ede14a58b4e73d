"""Solids that many things are made of: plates on edge, printed plates, rods, balls, turned pieces that lie."""

from collections.abc import Sequence

import numpy as np

from scene_hub.generate.materials import Material, Rgb
from scene_hub.generate.procedural.design import Draft
from scene_hub.generate.shapes import Surface, circle, ellipsoid, extrude, flattened, lathe, rotation, sweep

FACE = 0.0005  # how far a printed face stands out
BRASS: Rgb = (206, 162, 70)


def standing_plate(outline: np.ndarray, wide: float, bevel: float = 0.0, steps: int = 1) -> Surface:
    """A plate whose `outline` (x, z), counter-clockwise, stands upright; `wide` metres thick around y = 0."""
    return extrude(outline, wide, bevel, steps).rotated("x", 90.0).moved(y=wide / 2)


def top_face(outline: np.ndarray, z: float) -> Surface:
    """A thin plate on a level face at height `z`; the texture fills its bounding box, upright seen from -y."""
    return extrude(outline, 2 * FACE).moved(z=z - FACE)


def front_face(outline: np.ndarray, y: float) -> Surface:
    """A thin plate on an upright face that looks towards -y; `outline` is (x, z)."""
    return extrude(outline, 2 * FACE).rotated("x", 90.0).moved(y=y + FACE)


def rectangle(half_x: float, half_y: float, x: float = 0.0, y: float = 0.0) -> np.ndarray:
    """A sharp rectangle around (x, y), counter-clockwise."""
    return np.array([(-half_x, -half_y), (half_x, -half_y), (half_x, half_y), (-half_x, half_y)]) + np.array([x, y])


def rod(start: Sequence[float], end: Sequence[float], radius: float, segments: int) -> Surface:
    """A straight round rod between two points."""
    path = np.array([start, end], dtype=float)
    upright = abs(path[1, 2] - path[0, 2]) > np.linalg.norm(path[1, :2] - path[0, :2])
    return sweep(path, circle(segments) * radius, up=(0.0, 1.0, 0.0) if upright else (0.0, 0.0, 1.0))


def ball(draft: Draft, radius: float, x: float, y: float, z: float, segments: int = 12) -> Surface:
    return ellipsoid(radius, radius, radius, draft.n(segments), draft.n(segments * 2 // 3)).moved(x, y, z)


def along_x(profile: Sequence[Sequence[float]] | np.ndarray, segments: int, axis: float) -> Surface:
    """A profile (radius, x) turned about a level axis at height `axis`; what would be below z = 0 is pressed flat."""
    outline = circle(segments) @ rotation("z", 180.0 / segments)[:2, :2].T  # a facet, not an edge, is below
    surface = lathe(np.asarray(profile, dtype=float), segments, outline).rotated("y", 90.0)
    return flattened(surface.moved(z=axis), 0.0)


def trim(draft: Draft, light: Rgb = (214, 214, 212)) -> Rgb:
    """The colour of small parts: near-black, but `light` on things that are black themselves."""
    return light if draft.color == "black" else (40, 40, 44)


def painted(draft: Draft, roughness: float = 0.4, density: float | None = None) -> Material:
    """Plastic in the dominant colour."""
    return draft.plain("plastic", roughness=roughness, density=density)


def enamelled(draft: Draft, density: float | None = None) -> Material:
    """Sheet steel, painted in the dominant colour."""
    return draft.plain("steel", roughness=0.35, density=density)


def wrapped(radius: float, low: float, high: float, segments: int) -> Surface:
    """A label around a cylinder about z, from height `low` to `high`: u once around from +x over +y, v upwards."""
    profile = [(radius - FACE, low), (radius + FACE, low), (radius + FACE, high), (radius - FACE, high)]
    band = lathe(np.array(profile), segments)
    upright = (band.triangles[..., 2] - low) / (high - low)
    return Surface(band.triangles, band.normals, np.stack([band.uvs[..., 0], upright], axis=-1))

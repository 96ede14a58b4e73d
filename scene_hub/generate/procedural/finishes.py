"""How the inside of a room is finished: images of walls, floors, furniture fronts, books, pictures and views outside.

Each function paints an image [size, size, 3] (0 to 255, row 0 on top) from a generator. It draws its free choices before
anything that depends on `size`, so that both levels of detail show the same pattern.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.materials import COLORS, Material, Rgb, mix, shade
from scene_hub.generate.procedural.design import Draft

Image = np.ndarray
Painter = Callable[[np.random.Generator, int, Rgb], Image]

CHALK: Rgb = (228, 230, 224)


@dataclass(frozen=True)
class Finish:
    """What covers a wall or a floor: `tile` is the texture's repeat in metres; None: the height of the wall."""

    material: Material
    tile: float | None


def wall_finish(draft: Draft, kinds: tuple[str, ...], tone: Rgb, tag: str) -> Finish:
    """One of `kinds` (keys of `WALLS`) in the colour `tone`."""
    painter, tile, roughness = WALLS[draft.pick(kinds)]
    return Finish(draft.textured("plaster", draft.texture(painter, tone, tag=tag), roughness), tile)


def floor_finish(draft: Draft, kinds: tuple[str, ...]) -> Finish:
    """One of `kinds` (keys of `FLOORS`), in one of the colours that it comes in."""
    painter, tile, roughness, substance, tones = FLOORS[draft.pick(kinds)]
    tone = mix(draft.pick(tones), (150, 140, 130), draft.uniform(0.0, 0.3))
    return Finish(draft.textured(substance, draft.texture(painter, tone, tag="floor"), roughness), tile)


# ---------------------------------------------------------------------------------------------------------------- shapes


def _grid(size: int) -> tuple[np.ndarray, np.ndarray]:
    """u [1, size] to the right and v [size, 1] upwards, both in (0, 1)."""
    at = (np.arange(size) + 0.5) / size
    return at[None], 1.0 - at[:, None]


def _filled(image: Image, mask: np.ndarray, color: Rgb | Image) -> Image:
    return np.where(np.broadcast_to(mask, image.shape[:2])[..., None], np.asarray(color, dtype=float), image)


def _rectangle(image: Image, u: tuple[float, float], v: tuple[float, float], color: Rgb) -> Image:
    """The image with a rectangle, given by shares of its width and height, in one colour."""
    size = len(image)
    (left, right), (low, high) = ((max(0, int(np.ceil(size * at - 0.5))) for at in span) for span in (u, v))
    result = image.copy()
    result[max(0, size - high) : max(0, size - low), left:right] = color
    return result


def _below(image: Image, lower: Image, height: float, rail: Rgb) -> Image:
    """`lower` up to the share `height` of the picture, under a thin `rail`."""
    _, v = _grid(len(image))
    return _filled(_filled(image, v < height, lower), np.abs(v - height) < 0.012, rail)


# ----------------------------------------------------------------------------------------------------------------- walls


def _paint(rng: np.random.Generator, size: int, tone: Rgb) -> Image:
    return materials.mottled(rng, size, tone, 0.05)


def _two_tone(rng: np.random.Generator, size: int, tone: Rgb) -> Image:
    height, depth = rng.uniform(0.33, 0.5), rng.uniform(0.5, 0.8)
    plain = materials.mottled(rng, size, mix(tone, (242, 240, 234), 0.75), 0.04)
    return _below(plain, materials.mottled(rng, size, shade(tone, depth), 0.05), height, shade(tone, depth * 0.7))


def _striped(rng: np.random.Generator, size: int, tone: Rgb) -> Image:
    count, share, depth = int(rng.integers(3, 9)), rng.uniform(0.15, 0.6), rng.uniform(0.72, 0.92)
    return materials.stripes(size, tone, shade(tone, depth), count, share)


def _dotted(rng: np.random.Generator, size: int, tone: Rgb) -> Image:
    count, radius, depth = int(rng.integers(3, 7)), rng.uniform(0.14, 0.3), rng.uniform(0.6, 0.85)
    u, v = _grid(size)
    row = np.floor(v * 2 * count)
    across = (u * count + 0.5 * (row % 2)) % 1.0 - 0.5
    inside = across**2 + (((v * 2 * count) % 1.0 - 0.5) / 2) ** 2 < radius**2 / 2
    return _filled(materials.canvas(tone, size, size), inside, shade(tone, depth))


def _trellis(rng: np.random.Generator, size: int, tone: Rgb) -> Image:
    count, width, depth = int(rng.integers(3, 7)), rng.uniform(0.06, 0.16), rng.uniform(0.6, 0.85)
    u, v = _grid(size)
    lines = (np.abs(((u + v) * count) % 1.0 - 0.5) < width) | (np.abs(((u - v) * count) % 1.0 - 0.5) < width)
    return _filled(materials.canvas(tone, size, size), lines, shade(tone, depth))


def _flowered(rng: np.random.Generator, size: int, tone: Rgb) -> Image:
    count, leaf, bloom = 14, mix(tone, COLORS["green"], 0.45), mix(tone, COLORS["red"], 0.5)
    spots = np.c_[rng.random((count, 2)), rng.uniform(0.025, 0.06, count)]
    image = materials.canvas(tone, size, size)
    u, v = _grid(size)
    for x, y, radius in spots.tolist():
        near = ((u - x + 0.5) % 1.0 - 0.5) ** 2 + ((v - y + 0.5) % 1.0 - 0.5) ** 2
        image = _filled(_filled(image, near < (1.5 * radius) ** 2, leaf), near < radius**2, bloom)
    return image


def _tiled(rng: np.random.Generator, size: int, tone: Rgb) -> Image:
    count, brick, dark = int(rng.integers(3, 6)) * 2, bool(rng.random() < 0.5), rng.random() < 0.2
    joint = shade(tone, 0.6) if dark else mix(tone, (215, 213, 208), 0.7)
    return materials.tiles(rng, size, tone, joint, count, brick)


def _half_tiled(rng: np.random.Generator, size: int, tone: Rgb) -> Image:
    height, brick = rng.uniform(0.4, 0.6), bool(rng.random() < 0.5)
    lower = materials.tiles(rng, size, tone, mix(tone, (220, 220, 216), 0.7), 16, brick)
    plain = materials.mottled(rng, size, mix(tone, (242, 241, 238), 0.8), 0.04)
    return _below(plain, lower, height, shade(tone, 0.55))


def _brick(rng: np.random.Generator, size: int, tone: Rgb) -> Image:
    clay: Rgb = ((168, 84, 62), (146, 92, 74), (188, 128, 92), (214, 208, 198))[int(rng.integers(4))]
    return materials.tiles(rng, size, mix(clay, tone, 0.25), mix(clay, (206, 200, 190), 0.7), 12, True)


def _boarded(rng: np.random.Generator, size: int, tone: Rgb) -> Image:
    count, grain = int(rng.integers(6, 13)), rng.uniform(0.1, 0.5)
    image = np.transpose(materials.wood(rng, size, mix(tone, (166, 118, 74), grain), 0.18), (1, 0, 2))
    at = (_grid(size)[0] * count) % 1.0
    return _filled(image, at < 0.1, shade(tone, 0.55))


def _panelled(rng: np.random.Generator, size: int, tone: Rgb) -> Image:
    """Panels with mouldings up to a rail, plain paint above."""
    height, count, pale = rng.uniform(0.36, 0.46), int(rng.integers(3, 6)), rng.random() < 0.6
    lower: Rgb = (232, 230, 224) if pale else shade(tone, 0.6)
    u, v = _grid(size)
    across, up = (u * count) % 1.0, v / height
    edge = np.maximum(np.abs(across - 0.5) / 0.38, np.abs(up - 0.54) / 0.32)
    panel = _filled(materials.canvas(lower, size, size), (edge > 0.9) & (edge < 1.0), shade(lower, 0.78))
    panel = _filled(panel, up < 0.12, shade(lower, 0.88))
    return _below(materials.mottled(rng, size, tone, 0.04), panel, height, shade(lower, 0.84))


def _concrete(rng: np.random.Generator, size: int, tone: Rgb) -> Image:
    image = materials.mottled(rng, size, mix((158, 157, 154), tone, 0.2), 0.16, 8)
    u, v = _grid(size)
    return _filled(image, ((u * 2) % 1.0 < 0.02) | ((v * 3) % 1.0 < 0.03), (122, 121, 119))


WALLS: dict[str, tuple[Painter, float | None, float]] = {
    "paint": (_paint, 2.0, 0.85),
    "two_tone": (_two_tone, None, 0.8),
    "striped": (_striped, 1.0, 0.85),
    "dotted": (_dotted, 0.8, 0.85),
    "trellis": (_trellis, 0.9, 0.85),
    "flowered": (_flowered, 0.8, 0.85),
    "tiled": (_tiled, 1.1, 0.4),
    "half_tiled": (_half_tiled, None, 0.45),
    "brick": (_brick, 1.3, 0.9),
    "boarded": (_boarded, 1.2, 0.7),
    "panelled": (_panelled, None, 0.7),
    "concrete": (_concrete, 2.4, 0.9),
}
"""Painter, repeat in metres (None: the height of the wall) and roughness of each wall finish."""


# ---------------------------------------------------------------------------------------------------------------- floors


def _boards(rng: np.random.Generator, size: int, tone: Rgb) -> Image:
    image = materials.planks(rng, size, tone, int(rng.integers(5, 11)))
    return image if rng.random() < 0.5 else np.transpose(image, (1, 0, 2))


def _parquet(rng: np.random.Generator, size: int, tone: Rgb) -> Image:
    """Squares of strips that run in turn along u and v."""
    strips = 4
    along = materials.planks(rng, size, tone, 4 * strips)
    u, v = _grid(size)
    odd = (np.floor(u * 4) + np.floor(v * 4)) % 2 == 1
    return _filled(along, odd, np.transpose(along, (1, 0, 2)) * 0.9)


def _floor_tiles(rng: np.random.Generator, size: int, tone: Rgb) -> Image:
    count, pale = int(rng.integers(2, 6)), rng.random() < 0.5
    return materials.tiles(rng, size, tone, shade(tone, 1.3 if pale else 0.7), count)


def _chequered(rng: np.random.Generator, size: int, tone: Rgb) -> Image:
    dark, pale = shade(tone, rng.uniform(0.25, 0.7)), mix(tone, (236, 232, 224), 0.75)
    return materials.checker(size, pale, dark, 4) * materials.mottled(rng, size, (255, 255, 255), 0.06) / 255.0


def _carpet(rng: np.random.Generator, size: int, tone: Rgb) -> Image:
    return materials.fabric(rng, size, tone)


def _carpet_tiles(rng: np.random.Generator, size: int, tone: Rgb) -> Image:
    depth = rng.uniform(0.78, 0.9)
    return (
        materials.fabric(rng, size, tone)
        * materials.checker(size, (255, 255, 255), shade((255, 255, 255), depth), 4)
        / 255
    )


def _screed(rng: np.random.Generator, size: int, tone: Rgb) -> Image:
    return materials.mottled(rng, size, tone, 0.18, 10)


def _stone(rng: np.random.Generator, size: int, tone: Rgb) -> Image:
    return (
        materials.tiles(rng, size, tone, shade(tone, 0.7), 6, True)
        * materials.mottled(rng, size, (240, 240, 240), 0.16, 12)
        / 240
    )


def _terrazzo(rng: np.random.Generator, size: int, tone: Rgb) -> Image:
    image = materials.mottled(rng, size, mix(tone, (226, 222, 214), 0.6), 0.04)
    u, v = _grid(size)
    for x, y, radius, shift in rng.random((70, 4)).tolist():
        inside = ((u - x + 0.5) % 1.0 - 0.5) ** 2 + ((v - y + 0.5) % 1.0 - 0.5) ** 2 < (0.008 + 0.022 * radius) ** 2
        image = _filled(image, inside, shade(tone, 0.4 + 1.2 * shift))
    return image


_WOODS: tuple[Rgb, ...] = ((168, 118, 72), (118, 78, 50), (198, 162, 116), (150, 132, 112), (92, 62, 46))
_STONES: tuple[Rgb, ...] = ((196, 190, 178), (150, 150, 152), (176, 138, 108), (112, 116, 122), (214, 206, 190))
_YARNS: tuple[Rgb, ...] = (
    (112, 116, 126),
    (96, 108, 132),
    (150, 136, 116),
    (120, 80, 76),
    (92, 112, 98),
    (176, 168, 156),
)

FLOORS: dict[str, tuple[Painter, float, float, str, tuple[Rgb, ...]]] = {
    "planks": (_boards, 1.4, 0.6, "wood", _WOODS),
    "parquet": (_parquet, 1.6, 0.55, "wood", _WOODS),
    "tiles": (_floor_tiles, 1.2, 0.5, "ceramic", _STONES),
    "chequered": (_chequered, 1.3, 0.5, "ceramic", ((110, 112, 116), (150, 80, 60), (88, 120, 120), (120, 100, 80))),
    "carpet": (_carpet, 0.3, 0.95, "fabric", _YARNS),
    "carpet_tiles": (_carpet_tiles, 2.0, 0.95, "fabric", _YARNS),
    "concrete": (_screed, 1.6, 0.85, "plaster", ((142, 141, 138), (120, 122, 126), (168, 164, 156))),
    "stone": (_stone, 1.8, 0.7, "ceramic", _STONES),
    "terrazzo": (_terrazzo, 0.9, 0.5, "ceramic", _STONES),
    "linoleum": (_screed, 1.2, 0.6, "plastic", ((150, 164, 150), (170, 158, 138), (140, 156, 172), (186, 180, 168))),
}
"""Painter, repeat in metres, roughness, substance and tones of each floor finish."""


# ------------------------------------------------------------------------------------------------------ fronts and things


def cupboard_door(rng: np.random.Generator, size: int, color: Rgb) -> Image:
    """One door: flat or with a frame, and a handle."""
    framed, side, knob = rng.random() < 0.5, float(rng.choice([0.12, 0.84])), rng.random() < 0.4
    metal: Rgb = ((190, 192, 196), (60, 58, 56), (188, 152, 84))[int(rng.integers(3))]
    u, v = _grid(size)
    edge = np.maximum(np.abs(u - 0.5), np.abs(v - 0.5))
    image = materials.canvas(color, size, size)
    if framed:
        image = _filled(image, (edge > 0.3) & (edge < 0.34), shade(color, 0.72))
    image = _filled(image, edge > 0.48, shade(color, 0.5))
    return _rectangle(image, (side, side + 0.05), (0.66, 0.72) if knob else (0.56, 0.82), metal)


def drawer(rng: np.random.Generator, size: int, color: Rgb) -> Image:
    """One drawer front with its handle."""
    half = rng.uniform(0.08, 0.22)
    metal: Rgb = ((190, 192, 196), (60, 58, 56), (188, 152, 84))[int(rng.integers(3))]
    u, v = _grid(size)
    image = materials.canvas(color, size, size)
    image = _filled(image, (np.abs(u - 0.5) > 0.485) | (np.abs(v - 0.5) > 0.46), shade(color, 0.5))
    return _rectangle(image, (0.5 - half, 0.5 + half), (0.56, 0.68), metal)


def oven(rng: np.random.Generator, size: int, color: Rgb) -> Image:
    """The front of a cooker: a row of knobs, a handle and a dark window."""
    knobs = int(rng.integers(4, 7))
    image = _rectangle(materials.canvas(color, size, size), (0.14, 0.86), (0.2, 0.62), (34, 34, 38))
    image = _rectangle(image, (0.1, 0.9), (0.7, 0.75), (206, 208, 210))
    u, v = _grid(size)
    for x in np.linspace(0.15, 0.85, knobs):
        image = _filled(image, (u - x) ** 2 + (v - 0.88) ** 2 < 0.035**2, materials.contrast_to(color))
    return _filled(image, np.abs(v - 0.79) < 0.008, shade(color, 0.5))


def hob(rng: np.random.Generator, size: int, color: Rgb) -> Image:
    """Four cooking zones seen from above."""
    rings = rng.uniform(0.10, 0.18, 4)
    image = materials.canvas((40, 40, 44), size, size)
    u, v = _grid(size)
    for (x, y), radius in zip(((0.28, 0.3), (0.72, 0.3), (0.28, 0.72), (0.72, 0.72)), rings, strict=True):
        far = np.hypot(u - x, v - y)
        image = _filled(_filled(image, far < radius, color), far < radius - 0.035, (62, 60, 62))
    return image


def fridge(rng: np.random.Generator, size: int, color: Rgb) -> Image:
    """A fridge with a freezer below or above."""
    split, x = float(rng.choice([0.34, 0.7])), float(rng.choice([0.08, 0.86]))
    image = materials.canvas(color, size, size)
    image = _filled(image, np.abs(_grid(size)[1] - split) < 0.01, shade(color, 0.4))
    image = _rectangle(image, (x, x + 0.05), (split + 0.04, split + 0.24), shade(color, 0.45))
    return _rectangle(image, (x, x + 0.05), (split - 0.2, split - 0.04), shade(color, 0.45))


def washer(rng: np.random.Generator, size: int, color: Rgb) -> Image:
    """A washing machine: panel, display and porthole."""
    image = _rectangle(materials.canvas(color, size, size), (0.04, 0.3), (0.84, 0.94), shade(color, 0.85))
    image = _rectangle(image, (0.6, 0.78), (0.86, 0.93), (40, 60, 70))
    u, v = _grid(size)
    far = np.hypot(u - 0.5, v - 0.43)
    image = _filled(image, far < 0.32, (176, 180, 186))
    image = _filled(image, far < 0.25, (58, 68, 82))
    laundry = mix((90, 100, 120), COLORS["red" if rng.random() < 0.5 else "blue"], 0.4)
    return _filled(image, (far < 0.22) & (v < 0.42), laundry)


def books(rng: np.random.Generator, size: int, rows: int) -> Image:
    """`rows` shelves of books, seen from the front."""
    tones = [COLORS[name] for name in ("red", "blue", "green", "white", "brown", "teal", "black", "orange", "beige")]
    image = materials.canvas((56, 44, 36), size, size)
    for row in range(rows):
        at, end = 0.01, float(rng.uniform(0.75, 1.0))
        while at < end:
            wide, tall = float(rng.uniform(0.03, 0.075)), float(rng.uniform(0.62, 0.9))
            tone = mix(tones[int(rng.integers(len(tones)))], (120, 108, 96), float(rng.uniform(0.1, 0.4)))
            low = row / rows
            image = _rectangle(image, (at, at + wide - 0.008), (low, low + tall / rows), tone)
            band = low + 0.7 * tall / rows
            image = _rectangle(image, (at, at + wide - 0.008), (band, band + 0.05 / rows), mix(tone, CHALK, 0.6))
            at += wide + (0.1 if rng.random() < 0.1 else 0.0)
    return image


def window_view(rng: np.random.Generator, size: int, kind: str) -> Image:
    """What a window shows: "sky", "garden", "town", "dusk" or "night"."""
    phases, heights = rng.uniform(0, 6.28, 3), rng.uniform(0.15, 0.55, 9)
    high, low = _SKIES[kind]
    u, v = _grid(size)
    image = np.asarray(low, float) + (np.asarray(high, float) - np.asarray(low, float)) * (v**0.8)[..., None]
    image = np.broadcast_to(image, (size, size, 3)).copy()
    if kind == "sky":
        cloud = materials.noise(rng, size, size, 4, 3) * 0.6 + materials.noise(rng, size, size, 9, 7) * 0.4
        return _filled(image, cloud > 0.56, (246, 248, 250))
    if kind == "garden":
        for level, tone in ((0.52, (126, 158, 120)), (0.36, (84, 134, 66)), (0.18, (112, 160, 74))):
            hill = level + 0.07 * np.sin(u * 9 + phases[0] + 20 * level) + 0.04 * np.sin(u * 23 + phases[1])
            image = _filled(image, v < hill, tone)
        return image
    lit = materials.noise(rng, 32, 32, 32, 32)
    spread = np.minimum(np.arange(size) * 32 // size, 31)
    house = np.minimum((u * 9).astype(int), 8)
    wall = mix(low, (70, 72, 84), 0.75)
    image = _filled(image, v < heights[house], wall)
    panes = (lit[np.ix_(spread, spread)] > (0.55 if kind == "town" else 0.62)) & (v < heights[house] - 0.05)
    return _filled(image, panes, (206, 214, 220) if kind == "town" else (250, 214, 130))


_SKIES: dict[str, tuple[Rgb, Rgb]] = {
    "sky": ((118, 172, 230), (206, 228, 244)),
    "garden": ((150, 196, 236), (226, 238, 244)),
    "town": ((164, 186, 206), (224, 228, 230)),
    "dusk": ((96, 104, 160), (244, 176, 120)),
    "night": ((22, 28, 52), (46, 56, 92)),
}
VIEWS = tuple(_SKIES)


def artwork(rng: np.random.Generator, size: int, ground: Rgb) -> Image:
    """A picture: a landscape, rings, blocks of colour or broad strokes."""
    kind, tones = int(rng.integers(4)), [COLORS[str(name)] for name in rng.choice(list(COLORS), 5)]
    numbers = rng.random((6, 4))
    u, v = _grid(size)
    image = materials.canvas(mix(ground, (240, 238, 230), 0.5), size, size)
    if kind == 0:
        for level, tone in zip((0.6, 0.45, 0.28), tones, strict=False):
            image = _filled(
                image, v < level + 0.1 * np.sin(7 * u + 6 * numbers[0, 0] + 30 * level), mix(tone, ground, 0.3)
            )
        return _filled(image, np.hypot(u - numbers[0, 1], v - 0.8) < 0.09, (248, 226, 150))
    for tone, (x, y, a, b) in zip(tones, numbers.tolist(), strict=False):
        if kind == 1:
            image = _filled(image, np.abs(np.hypot(u - x, v - y) - 0.1 - 0.2 * a) < 0.03 + 0.05 * b, tone)
        elif kind == 2:
            image = _rectangle(image, (x - 0.1, x + 0.1 + 0.3 * a), (y - 0.1, y + 0.1 + 0.3 * b), tone)
        else:
            image = _filled(image, np.abs(v - y - (a - 0.5) * u) < 0.04 + 0.05 * b, tone)
    return image


def writing(rng: np.random.Generator, size: int, ground: Rgb) -> Image:
    """A board written on: a heading, lines of words and a sketch."""
    chalk, sketch = materials.contrast_to(ground), rng.random() < 0.5
    image = materials.mottled(rng, size, ground, 0.06)
    image = _rectangle(image, (0.06, rng.uniform(0.4, 0.7)), (0.82, 0.87), chalk)
    for row in np.arange(0.68, 0.12, -0.11).tolist():
        at = 0.06
        for _ in range(int(rng.integers(2, 5))):
            wide = float(rng.uniform(0.05, 0.14))
            image = _rectangle(image, (at, at + wide), (row, row + 0.035), mix(chalk, ground, 0.25))
            at += wide + 0.035
    if sketch:
        u, v = _grid(size)
        image = _filled(image, np.abs(np.hypot(u - 0.78, v - 0.42) - 0.15) < 0.012, chalk)
    return _rectangle(image, (0.63, 0.93), (0.26, 0.28), COLORS["yellow"])


def world_map(rng: np.random.Generator, size: int, ground: Rgb) -> Image:
    """A map of continents that nobody has seen."""
    land = materials.noise(rng, size, size, 5, 6) * 0.65 + materials.noise(rng, size, size, 13, 15) * 0.35
    tone = materials.noise(rng, size, size, 5, 5)[..., None]
    soil = np.asarray((196, 180, 112), float) * (1 - tone) + np.asarray((92, 150, 88), float) * tone
    return _filled(materials.canvas(ground, size, size), land > 0.52, soil)


def bottles(rng: np.random.Generator, size: int, ground: Rgb, rows: int, tones: tuple[Rgb, ...]) -> Image:
    """`rows` shelves of bottles and jars before a wall of colour `ground`."""
    image = materials.canvas(ground, size, size)
    for row in range(rows):
        low, at = row / rows, 0.02
        while at < 0.93:
            wide, tall = float(rng.uniform(0.035, 0.07)), float(rng.uniform(0.45, 0.8)) / rows
            tone, necked = tones[int(rng.integers(len(tones)))], rng.random() < 0.7
            shoulder = low + (0.62 if necked else 1.0) * tall
            image = _rectangle(image, (at, at + wide), (low, shoulder), tone)
            image = _rectangle(image, (at + 0.32 * wide, at + 0.68 * wide), (shoulder, low + tall), shade(tone, 0.85))
            image = _rectangle(image, (at, at + wide), (low + 0.2 * tall, low + 0.42 * tall), mix(tone, CHALK, 0.75))
            at += wide + float(rng.uniform(0.008, 0.05))
        image = _rectangle(image, (0.0, 1.0), (low, low + 0.012), shade(ground, 0.6))
    return image


def crockery(rng: np.random.Generator, size: int, ground: Rgb, rim: Rgb) -> Image:
    """Two shelves of plates under one of cups."""
    plates = int(rng.integers(3, 5))
    u, v = _grid(size)
    image = materials.canvas(ground, size, size)
    for low in (0.02, 0.36):
        for x in (np.arange(plates) + 0.5) / plates:
            far = np.hypot((u - x) * 1.0, (v - low - 0.135) * 1.05)
            for radius, tone in ((0.125, rim), (0.108, (236, 236, 232)), (0.062, (214, 214, 210))):
                image = _filled(image, far < radius * 3.4 / max(plates, 3.4), tone)
    for x in (np.arange(5) + 0.5) / 5:
        image = _rectangle(image, (x - 0.055, x + 0.045), (0.69, 0.83), rim)
        image = _rectangle(image, (x + 0.045, x + 0.075), (0.73, 0.8), rim)
    for low in (0.34, 0.67, 0.985):
        image = _rectangle(image, (0.0, 1.0), (low, low + 0.02), shade(ground, 0.55))
    return image


def pegboard(rng: np.random.Generator, size: int, ground: Rgb, grip: Rgb) -> Image:
    """Tools that hang on a board: hammers, screwdrivers, spanners, saws."""
    image = materials.canvas(ground, size, size)
    u, v = _grid(size)
    image = _filled(image, ((u * 24) % 1.0 < 0.16) & ((v * 12) % 1.0 < 0.16), shade(ground, 0.6))
    steel: Rgb = (112, 118, 126)
    for x in (np.arange(8) + 0.5) / 8:
        low, high, kind = float(rng.uniform(0.12, 0.35)), float(rng.uniform(0.72, 0.88)), int(rng.integers(4))
        image = _rectangle(image, (x - 0.012, x + 0.012), (low, high), steel)
        image = _rectangle(image, (x - 0.02, x + 0.02), (low, low + 0.26), grip if kind != 2 else (150, 98, 56))
        if kind == 0:
            image = _rectangle(image, (x - 0.05, x + 0.05), (high - 0.1, high), shade(steel, 0.6))
        elif kind == 1:
            image = _rectangle(image, (x - 0.032, x + 0.032), (high - 0.08, high + 0.04), steel)
            image = _rectangle(image, (x - 0.014, x + 0.014), (high - 0.02, high + 0.05), ground)
        elif kind == 2:
            image = _rectangle(image, (x - 0.045, x + 0.035), (low + 0.26, high), mix(steel, CHALK, 0.4))
    return image


def trays(rng: np.random.Generator, size: int, wood: Rgb, columns: int, rows: int, tones: tuple[Rgb, ...]) -> Image:
    """The front of open shelves: `columns` x `rows` cells, most of them with a bright tray."""
    image = materials.canvas(wood, size, size)
    order = rng.permutation(columns * rows)
    for index in range(columns * rows):
        column, row = divmod(int(order[index]), rows)
        (left, right), (low, high) = ((c / n, (c + 1) / n) for c, n in ((column, columns), (row, rows)))
        image = _rectangle(image, (left + 0.014, right - 0.014), (low + 0.03, high - 0.03), (52, 44, 38))
        if index % 5 < 4:
            tone = tones[index % len(tones)]
            top = low + 0.72 * (high - low)
            image = _rectangle(image, (left + 0.025, right - 0.025), (low + 0.03, top), tone)
            middle = (left + right) / 2
            image = _rectangle(image, (middle - 0.03, middle + 0.03), (top - 0.08, top - 0.04), shade(tone, 0.6))
    return image


def bordered(image: Image, color: Rgb, width: float) -> Image:
    """The image in a frame that covers the share `width` of it on each side."""
    u, v = _grid(len(image))
    edge = np.minimum(np.minimum(u, 1.0 - u), np.minimum(v, 1.0 - v))
    framed = _filled(image, edge < width, color)
    return _filled(framed, (edge < width) & (edge > 0.75 * width), shade(color, 0.7))


def window(rng: np.random.Generator, size: int, view: str, frame: Rgb, panes: tuple[int, int], thick: float) -> Image:
    """A window of `panes` (across, up) with its frame; `thick` is the share of the picture that a bar takes."""
    image = window_view(rng, size, view)
    u, v = _grid(size)
    for at, count in ((u, panes[0]), (v, panes[1])):
        for line in np.linspace(0.0, 1.0, count + 1):
            wide = thick if 0.0 < line < 1.0 else 1.6 * thick
            image = _filled(image, np.abs(at - line) < wide / 2 + 0.5 / size, frame)
    return image


def door(rng: np.random.Generator, size: int, color: Rgb, rows: int, trim: Rgb) -> Image:
    """A door with panels in its frame."""
    image = materials.mottled(rng, size, color, 0.05)
    u, v = _grid(size)
    for index in range(rows):
        low, high = 0.06 + 0.86 * index / rows, 0.03 + 0.86 * (index + 1) / rows
        image = _rectangle(image, (0.25, 0.75), (low, high), shade(color, 0.72))
        image = _rectangle(image, (0.28, 0.75), (low, high - 0.015), shade(color, 0.94))
    edge = np.minimum(np.minimum(u, 1.0 - u), (1.0 - v) * 2.0)
    image = _filled(image, edge < 0.1, trim)
    return _filled(image, np.abs(edge - 0.1) < 0.012, shade(color, 0.5))

"""Materials: how things look (procedural textures, PBR factors) and what they weigh and how they slide.

Textures are small images made with numpy and Pillow from a given generator; `encoded` turns one into the smaller of a
palette PNG and a JPEG. Colours are sRGB bytes; `COLORS` are the words that instructions may use.
"""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

Rgb = tuple[int, int, int]

COLORS: dict[str, Rgb] = {
    "red": (196, 24, 28),
    "orange": (240, 112, 12),
    "yellow": (245, 200, 20),
    "green": (36, 138, 52),
    "teal": (12, 140, 140),
    "blue": (24, 66, 190),
    "purple": (112, 44, 160),
    "pink": (240, 120, 165),
    "white": (238, 237, 232),
    "gray": (128, 130, 134),
    "black": (30, 30, 33),
    "brown": (124, 74, 38),
    "beige": (222, 200, 160),
    "silver": (200, 202, 206),
    "gold": (222, 178, 80),
}

PAINT = tuple(COLORS)
"""What paint, glaze and plastic come in: every colour."""

METALLIC_COLORS = ("silver", "gold")
"""Colours that are metallic whatever they are on."""

DYE = tuple(color for color in COLORS if color not in METALLIC_COLORS)
"""What cloth, foam, wax and other soft things come in: every colour that does not shine."""


@dataclass(frozen=True)
class Substance:
    """Physical properties of a material: density in kg/m^3, friction and restitution coefficients."""

    density: float
    static_friction: float
    dynamic_friction: float
    restitution: float = 0.05


SUBSTANCES: dict[str, Substance] = {
    "ceramic": Substance(2200.0, 0.60, 0.50),
    "glass": Substance(2400.0, 0.55, 0.45),
    "steel": Substance(2700.0, 0.50, 0.42),  # sheet steel over hollow forms: lighter than the solid
    "copper": Substance(3000.0, 0.50, 0.42),
    "stone": Substance(2600.0, 0.65, 0.55),
    "wood": Substance(650.0, 0.65, 0.55),
    "plastic": Substance(950.0, 0.60, 0.50),
    "rubber": Substance(600.0, 0.95, 0.85, 0.2),
    "wicker": Substance(450.0, 0.70, 0.60),
    "cork": Substance(240.0, 0.75, 0.65),
    "cardboard": Substance(250.0, 0.65, 0.55),
    "paper": Substance(600.0, 0.65, 0.55),
    "food": Substance(850.0, 0.75, 0.65),
    "foam": Substance(120.0, 0.85, 0.75),
    "felt": Substance(250.0, 0.90, 0.80),
    "wax": Substance(900.0, 0.65, 0.55),
    "soap": Substance(1050.0, 0.55, 0.45),
    "fabric": Substance(300.0, 0.85, 0.75),
    "leather": Substance(800.0, 0.75, 0.65),
    "plaster": Substance(1500.0, 0.70, 0.60),
}


@dataclass(frozen=True)
class Material:
    """A `substance` with its look: `texture` (encoded image) times `color` (sRGB bytes), metallic and roughness factors."""

    name: str
    substance: str
    color: Rgb = (255, 255, 255)
    texture: bytes | None = None
    metallic: float = 0.0
    roughness: float = 0.6
    density: float | None = None
    double_sided: bool = False

    @property
    def linear_color(self) -> tuple[float, float, float]:
        """The colour factor in the linear space that glTF wants."""
        srgb = np.asarray(self.color, dtype=float) / 255.0
        linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
        return (float(linear[0]), float(linear[1]), float(linear[2]))

    @property
    def weight(self) -> float:
        """Density in kg/m^3: the part's own where it has one (a full carton), else the substance's."""
        return SUBSTANCES[self.substance].density if self.density is None else self.density


# ----------------------------------------------------------------------------------------------------------- colour and noise


def shade(color: Rgb, factor: float) -> Rgb:
    """Darker (factor < 1) or lighter (factor > 1, towards white) version of a colour."""
    values = np.asarray(color, dtype=float)
    values = values * factor if factor <= 1 else values + (255.0 - values) * (1.0 - 1.0 / factor)
    r, g, b = (int(v) for v in np.clip(np.round(values), 0, 255))
    return (r, g, b)


def mix(first: Rgb, second: Rgb, amount: float) -> Rgb:
    """`first` with `amount` (0 to 1) of `second`."""
    r, g, b = (int(round(a + (b - a) * amount)) for a, b in zip(first, second, strict=True))
    return (r, g, b)


def contrast_to(color: Rgb) -> Rgb:
    """Near-white on dark colours, near-black on light ones."""
    return (34, 34, 38) if 0.3 * color[0] + 0.59 * color[1] + 0.11 * color[2] > 150 else (242, 241, 236)


def noise(rng: np.random.Generator, height: int, width: int, cells_v: int, cells_u: int) -> np.ndarray:
    """Smooth noise in [0, 1], [height, width], that tiles in both directions; `cells` bumps along each."""
    lattice = rng.random((cells_v, cells_u))
    rows, columns = np.arange(height) * cells_v / height, np.arange(width) * cells_u / width
    i, j = rows.astype(int), columns.astype(int)
    s, t = _ease(rows - i)[:, None], _ease(columns - j)[None]
    below, right = (i + 1) % cells_v, (j + 1) % cells_u
    top = lattice[np.ix_(i, j)] * (1 - t) + lattice[np.ix_(i, right)] * t
    bottom = lattice[np.ix_(below, j)] * (1 - t) + lattice[np.ix_(below, right)] * t
    return top * (1 - s) + bottom * s


def _ease(t: np.ndarray) -> np.ndarray:
    return t * t * (3.0 - 2.0 * t)


def _ramp(first: Rgb, second: Rgb, amount: np.ndarray) -> np.ndarray:
    a, b = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    return a + (b - a) * np.clip(amount, 0.0, 1.0)[..., None]


def canvas(color: Rgb, height: int, width: int) -> np.ndarray:
    """A float image [height, width, 3] of one colour."""
    return np.broadcast_to(np.asarray(color, dtype=float), (height, width, 3)).copy()


def encoded(image: np.ndarray, colors: int = 48, quality: int = 84) -> bytes:
    """An image [h, w, 3] (0 to 255, row 0 on top) as the smaller of a palette PNG and a JPEG."""
    picture = Image.fromarray(np.clip(np.round(image), 0, 255).astype(np.uint8), "RGB")
    png, jpeg = io.BytesIO(), io.BytesIO()
    picture.quantize(colors, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB").save(
        png, "PNG", optimize=False, compress_level=9
    )
    picture.save(jpeg, "JPEG", quality=quality, subsampling=0, optimize=False)
    return min(png.getvalue(), jpeg.getvalue(), key=len)


# ------------------------------------------------------------------------------------------------------------- textures


def glaze(
    rng: np.random.Generator, size: int, color: Rgb, speckle: Rgb | None = None, amount: float = 0.02
) -> np.ndarray:
    """Slightly cloudy glaze, with specks if `speckle` is given."""
    image = canvas(color, size, size) * (0.94 + 0.10 * noise(rng, size, size, 5, 5))[..., None]
    if speckle is not None:
        for u, v in rng.random((int(6000 * amount), 2)).tolist():
            image = dotted(image, speckle, (u, v), 0.007, 0.010)
    return image


def banded(image: np.ndarray, bands: list[tuple[float, float, Rgb]]) -> np.ndarray:
    """The image with horizontal bands (v from, v to, colour), v counted upwards from the lower edge."""
    height = len(image)
    result = image.copy()
    for low, high, color in bands:
        result[int(round((1 - high) * height)) : int(round((1 - low) * height))] = color
    return result


def wood(rng: np.random.Generator, size: int, color: Rgb, strength: float = 0.35) -> np.ndarray:
    """Wood grain running along u."""
    streaks = 0.5 * noise(rng, size, size, 20, 2) + 0.5 * noise(rng, size, size, size // 2, 3)
    wave = noise(rng, size, size, 4, 2)
    rings = 0.5 + 0.5 * np.sin(2 * np.pi * (np.arange(size)[:, None] * 4.0 / size + 1.2 * wave))
    amount = 0.72 * streaks + 0.28 * rings
    return _ramp(shade(color, 1.0 + 0.45 * strength), shade(color, 1.0 - 0.9 * strength), amount)


def brushed(rng: np.random.Generator, size: int, color: Rgb) -> np.ndarray:
    """Metal brushed along u."""
    return canvas(color, size, size) * (0.86 + 0.2 * noise(rng, size, size, size, 3))[..., None]


def weave(rng: np.random.Generator, size: int, color: Rgb, strands: int = 8) -> np.ndarray:
    """Over-and-under basket weave, `strands` each way."""
    at = np.arange(size) * strands / size
    row, column = at.astype(int)[:, None], at.astype(int)[None]
    y, x = (at % 1.0)[:, None], (at % 1.0)[None]
    over = (row + column) % 2 == 0
    across, along = np.where(over, y, x), np.where(over, x, y)
    roundness = np.sin(np.pi * across) ** 0.6 * (0.7 + 0.3 * np.sin(np.pi * along))
    tint = 0.85 + 0.3 * noise(rng, size, size, strands, strands)
    return canvas(color, size, size) * (tint * (0.35 + 0.7 * roundness))[..., None]


def skin(
    rng: np.random.Generator,
    height: int,
    width: int,
    color: Rgb,
    blush: Rgb,
    blush_at: float = 0.5,
    specks: Rgb | None = None,
) -> np.ndarray:
    """Fruit skin: `color` passing into `blush` in clouds around v = `blush_at`, with small specks."""
    v = np.linspace(1.0, 0.0, height)[:, None]
    cloud = noise(rng, height, width, 3, 4) * 0.6 + noise(rng, height, width, 12, 24) * 0.4
    amount = np.clip(1.25 - 2.6 * np.abs(v - blush_at), 0, 1) * (0.35 + 0.9 * cloud)
    image = _ramp(color, blush, amount)
    if specks is not None:
        image[rng.random((height, width)) > 0.985] = specks
    return image


def mottled(rng: np.random.Generator, size: int, color: Rgb, strength: float = 0.2, cells: int = 16) -> np.ndarray:
    """Uneven colour: cardboard, foam, soap, felt, bread."""
    cloud = 0.5 * noise(rng, size, size, cells, cells) + 0.5 * rng.random((size, size))
    return canvas(color, size, size) * (1.0 - strength / 2 + strength * cloud)[..., None]


def pores(rng: np.random.Generator, size: int, color: Rgb) -> np.ndarray:
    """A sponge: dark round holes of several sizes."""
    image = Image.fromarray(mottled(rng, size, color, 0.1).clip(0, 255).astype(np.uint8), "RGB")
    draw = ImageDraw.Draw(image)
    for x, y, radius in rng.random((size // 2, 3)) * np.array([size, size, size * 0.03]) + np.array([0, 0, 0.6]):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=shade(color, 0.62))
    return np.asarray(image, dtype=float)


def fabric(rng: np.random.Generator, size: int, color: Rgb) -> np.ndarray:
    """Plain cloth."""
    at = np.arange(size)
    threads = 0.5 + 0.25 * (np.sin(at * np.pi / 2)[:, None] + np.sin(at * np.pi / 2)[None])
    return canvas(color, size, size) * (0.8 + 0.15 * threads + 0.1 * noise(rng, size, size, 9, 9))[..., None]


def granite(rng: np.random.Generator, size: int, color: Rgb) -> np.ndarray:
    """Stone: grains lighter and darker than `color`, and a cloud under them."""
    image = canvas(color, size, size) * (0.86 + 0.22 * noise(rng, size, size, 4, 4))[..., None]
    grains = 0.5 * noise(rng, size, size, size // 3, size // 3) + 0.5 * noise(rng, size, size, size // 6, size // 6)
    image[grains > 0.66] = shade(color, 1.5)
    image[grains < 0.34] = shade(color, 0.5)
    return image


def grained(rng: np.random.Generator, size: int, color: Rgb) -> np.ndarray:
    """Leather: soft bumps with fine dark creases between them."""
    first, second = noise(rng, size, size, size // 6, size // 6), noise(rng, size, size, size // 9, size // 9)
    creases = np.clip(1.0 - np.abs(first - second) * 9.0, 0.0, 1.0)
    cloud = 0.92 + 0.16 * noise(rng, size, size, 4, 4)
    return canvas(color, size, size) * (cloud * (1.0 - 0.38 * creases))[..., None]


def granules(rng: np.random.Generator, size: int, color: Rgb) -> np.ndarray:
    """Cork: pressed granules of several browns, with dark flecks."""
    grains = 0.6 * noise(rng, size, size, size // 5, size // 5) + 0.4 * noise(rng, size, size, size // 10, size // 10)
    image = canvas(color, size, size) * (0.62 + 0.7 * grains)[..., None]
    image[noise(rng, size, size, size // 4, size // 3) > 0.84] *= 0.5
    return image


def fluted(rng: np.random.Generator, size: int, color: Rgb) -> np.ndarray:
    """Corrugated cardboard: flutes that show faintly through uneven paper."""
    flutes = 1.0 - 0.07 * (np.sin(np.arange(size) * 2 * np.pi * 12 / size) > 0.55)
    return mottled(rng, size, color, 0.12, 20) * flutes[None, :, None]


def reflections(rng: np.random.Generator, size: int, color: Rgb) -> np.ndarray:
    """Glass, painted opaque: a pale body, a little darker where it is seen edge on, with soft upright reflections."""
    streaks = 0.6 * noise(rng, size, size, 2, 6) + 0.4 * noise(rng, size, size, 3, 16)
    body = _ramp(mix(color, (104, 132, 138), 0.22), mix(color, (240, 248, 247), 0.55), streaks * 1.3)
    light = np.clip((streaks - 0.62) * 3.0, 0.0, 0.5)[..., None]
    return body + (np.array([252.0, 254.0, 254.0]) - body) * light


def stripes(size: int, first: Rgb, second: Rgb, count: int, share: float = 0.5, upright: bool = True) -> np.ndarray:
    """`count` stripes of `second` on `first`, each `share` of a period wide."""
    on = (np.arange(size) * count / size) % 1.0 < share
    grid = np.broadcast_to(on[None] if upright else on[:, None], (size, size))
    return np.where(grid[..., None], np.asarray(second, dtype=float), np.asarray(first, dtype=float))


def checker(size: int, first: Rgb, second: Rgb, count: int) -> np.ndarray:
    """A chessboard of `count` x `count` fields."""
    at = np.arange(size) * count // size
    return np.where(((at[:, None] + at[None]) % 2 == 0)[..., None], np.asarray(first, float), np.asarray(second, float))


def planks(rng: np.random.Generator, size: int, color: Rgb, count: int = 6) -> np.ndarray:
    """Floor boards along u."""
    image = wood(rng, size, color, 0.22)
    for index, rows in enumerate(np.array_split(np.arange(size), count)):
        image[rows] = np.roll(image[rows], int(rng.integers(size)), axis=1) * (0.85 + 0.25 * rng.random())
        image[rows[0]] *= 0.55
        seam = int(rng.integers(size)) if index % 2 else int(rng.integers(size // 2))
        image[rows, seam] *= 0.6
    return image


def tiles(
    rng: np.random.Generator, size: int, color: Rgb, joint: Rgb, count: int = 4, brick: bool = False
) -> np.ndarray:
    """Tiles with joints; `brick` makes them twice as wide as high and offset row by row."""
    rows = np.arange(size) * count / size
    columns = np.arange(size) * (count / 2 if brick else count) / size
    row = rows.astype(int)[:, None]
    shifted = columns[None] + (0.5 * (row % 2) if brick else 0.0 * row)
    tint = rng.random((count, count + 1))[row, shifted.astype(int) % (count + 1)]
    image = canvas(color, size, size) * (0.92 + 0.12 * tint + 0.05 * noise(rng, size, size, 16, 16))[..., None]
    width = 1.6 * count / size
    joints = ((rows % 1.0) < width)[:, None] | ((shifted % 1.0) < (width / 2 if brick else width))
    image[joints] = joint
    return image


def printed(
    image: np.ndarray, text: str, color: Rgb, center: tuple[float, float], height: float, width: float = 0.9
) -> np.ndarray:
    """The image with a word printed on it: centre (u, v) and letter height as shares of the image, at most `width` wide."""
    rows, columns = image.shape[:2]
    picture = Image.fromarray(np.clip(image, 0, 255).astype(np.uint8), "RGB")
    size = max(6.0, height * rows)
    font = ImageFont.load_default(size)
    while font.getlength(text) > width * columns and size > 6:
        size *= 0.93
        font = ImageFont.load_default(size)
    ImageDraw.Draw(picture).text(
        (center[0] * columns, (1 - center[1]) * rows), text, fill=color, font=font, anchor="mm"
    )
    return np.asarray(picture, dtype=float)


def dotted(image: np.ndarray, color: Rgb, center: tuple[float, float], radius_u: float, radius_v: float) -> np.ndarray:
    """The image with an ellipse painted on it, all in shares of the image."""
    rows, columns = image.shape[:2]
    v, u = 1.0 - (np.arange(rows) + 0.5)[:, None] / rows, (np.arange(columns) + 0.5)[None] / columns
    inside = ((u - center[0]) / radius_u) ** 2 + ((v - center[1]) / radius_v) ** 2 < 1.0
    result = image.copy()
    result[inside] = color
    return result

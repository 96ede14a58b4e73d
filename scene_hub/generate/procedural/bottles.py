"""Bottles and jars with a cap or a lid."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Hull, Piece, hull_of, turned_hull
from scene_hub.generate.materials import PAINT, Rgb, mix, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.shapes import (
    Surface,
    joined,
    lathe,
    rounded,
    spline,
)


def wrapped(draft: Draft, radius: float, low: float, high: float, image: np.ndarray, sides: int = 28) -> Part:
    """A printed paper band around a round package; the image goes once around."""
    half = 0.0004
    band = lathe(np.array([(radius - half, low), (radius, low), (radius, high), (radius - half, high)]), draft.n(sides))
    edge = half / (high - low + 2 * half)
    v = np.clip((band.uvs[..., 1] - edge) / (1 - 2 * edge), 0, 1)
    band = Surface(band.triangles, band.normals, np.stack([band.uvs[..., 0], v], axis=-1))
    return Part(band, draft.textured("paper", materials.encoded(image), 0.5))


def label_image(draft: Draft, word: str, paper: Rgb, ink: Rgb, trim: Rgb, wide: int = 2) -> np.ndarray:
    """A label with a word printed on it twice, between two lines."""
    n = draft.size
    image = materials.banded(materials.canvas(paper, n, wide * n), [(0.0, 0.13, trim), (0.87, 1.0, trim)])
    for at in (0.25, 0.75):
        image = materials.printed(image, word, ink, (at, 0.5), 0.34, 0.40)
    return image


@category(
    "spice_jar",
    PAINT,
    ("object",),
    also=("spice", "spice bottle", "jar of spices", "herb jar", "paprika", "spice shaker", "cinnamon"),
    materials=("glass", "plastic"),
)
def spice_jar(draft: Draft) -> Design:
    radius, height, cap = draft.uniform(0.0185, 0.0225), draft.uniform(0.068, 0.086), draft.uniform(0.015, 0.020)
    word = draft.pick(("CURRY", "PAPRIKA", "THYME", "CUMIN", "BASIL", "CHILI"))
    z = height - cap
    profile = rounded(
        [(0, 0), (radius, 0, 0.003), (radius, z - 0.004, 0.004), (0.84 * radius, z), (0, z)], draft.steps(3)
    )
    lid = lathe(
        rounded([(0, z), (0.93 * radius, z), (0.93 * radius, height, 0.002), (0, height)], draft.steps(2)),
        2 * draft.n(16),
    )
    dark = (34, 34, 38) if draft.color != "black" else (206, 204, 198)
    ink = shade(draft.rgb, 0.45) if draft.color not in ("white", "beige", "silver") else (60, 50, 44)
    label = label_image(draft, word, (244, 240, 228), ink, shade(draft.rgb, 0.8))
    powder = draft.textured("glass", draft.texture(materials.mottled, draft.rgb, 0.18, 40), 0.15, density=1100.0)
    return Design(
        [
            Part(lathe(profile, draft.n(26)), powder),
            Part(lid, draft.plain("plastic", dark, 0.5)),
            wrapped(draft, radius + 0.0005, 0.22 * z, 0.74 * z, label, 26),
        ],
        [turned_hull(profile[::2], 14), turned_hull(np.array([[0.93 * radius, z], [0.93 * radius, height]]), 20)],
        "small jar of {color} spice with a label",
        materials=("glass", "plastic"),
    )


_SAUCES = {
    "red": "KETCHUP",
    "yellow": "MUSTARD",
    "white": "MAYO",
    "brown": "BBQ",
    "green": "RELISH",
    "orange": "HOT SAUCE",
}


@category(
    "ketchup_bottle",
    ("red", "yellow", "white", "brown", "green", "orange", "black", "teal", "blue", "purple", "pink", "gray", "beige"),
    ("object",),
    label="sauce bottle",
    also=(
        "ketchup bottle",
        "ketchup",
        "bottle of ketchup",
        "mustard",
        "mustard bottle",
        "mayonnaise",
        "mayo bottle",
        "hot sauce",
        "squeeze bottle",
        "sauce",
        "condiment bottle",
        "bottle of sauce",
    ),
    materials=("plastic", "glass"),
)
def ketchup_bottle(draft: Draft) -> Design:
    radius, height, waist = draft.uniform(0.0245, 0.0275), draft.uniform(0.108, 0.128), draft.uniform(0.84, 0.94)
    cap, tip = 0.026, draft.uniform(0.012, 0.016)
    oval = draft.uniform(0.80, 1.0)
    h = height - cap
    side = spline(
        [
            (radius, 0.08 * h),
            (radius * waist, 0.50 * h),
            (0.97 * radius, 0.80 * h),
            (0.62 * radius, 0.97 * h),
            (0.50 * radius, h),
        ],
        draft.n(16),
    )
    profile = np.concatenate(
        [rounded([(0, 0), (0.97 * radius, 0, 0.004), (radius, 0.08 * h)], draft.steps(3))[:-1], side, [(0, h)]]
    )
    body = lathe(profile, draft.n(28)).scaled(1.0, oval, 1.0)
    r = 0.56 * radius
    nozzle = lathe(
        rounded(
            [
                (0, h - 0.001),
                (r, h - 0.001),
                (r, h + 0.010, 0.002),
                (0.36 * r, h + 0.013, 0.002),
                (0.20 * r, h + 0.013 + tip - 0.003),
                (0.20 * r, h + 0.013 + tip, 0.001),
                (0, h + 0.013 + tip),
            ],
            draft.steps(2),
        ),
        draft.n(20),
    )
    word = _SAUCES.get(draft.color, "SAUCE")
    paper: Rgb = (248, 244, 232) if draft.color not in ("white", "beige") else (60, 110, 180)
    ink = shade(draft.rgb, 0.75) if draft.color not in ("white", "beige") else (250, 250, 246)
    n = draft.size
    image = materials.canvas(draft.rgb, n, 2 * n)
    for at in (0.25, 0.75):
        image = materials.dotted(image, paper, (at, 0.44), 0.17, 0.19)
        image = materials.printed(image, word, ink, (at, 0.44), 0.13, 0.28)
    coat = draft.textured("plastic", materials.encoded(image), 0.3, density=800.0)
    spout = draft.plain("plastic", (246, 244, 238) if draft.color not in ("white", "beige") else (40, 90, 170), 0.4)
    low, high = profile[profile[:, 1] <= 0.52 * h], profile[profile[:, 1] >= 0.48 * h]
    pieces: list[Piece] = [
        _oval(turned_hull(low[:: max(1, len(low) // 5)], 12), oval),
        _oval(turned_hull(high[:: max(1, len(high) // 5)], 12), oval),
        hull_of(nozzle),
    ]
    return Design(
        [Part(body, coat), Part(nozzle, spout)],
        pieces,
        "{color} squeeze bottle of sauce with a pointed nozzle",
        materials=("plastic",),
    )


def _oval(hull: Hull, share: float) -> Hull:
    return Hull(hull.points * np.array([1.0, share, 1.0]))


@category(
    "wine_bottle",
    ("green", "black", "brown", "red", "blue", "teal", "purple", "white", "yellow", "pink", "gray", "orange", "beige"),
    ("object",),
    also=(
        "bottle of wine",
        "wine",
        "champagne bottle",
        "beer bottle",
        "glass bottle",
        "olive oil",
        "oil bottle",
        "vinegar bottle",
        "bottle of olive oil",
        "bottle of beer",
        "vinegar",
        "oil",
        "cooking oil",
        "canola oil",
        "vegetable oil",
        "liquor",
        "bottle of oil",
        "bottle of vinegar",
    ),
    materials=("glass",),
)
def wine_bottle(draft: Draft) -> Design:
    radius, height, neck = draft.uniform(0.0200, 0.0240), draft.uniform(0.128, 0.152), draft.uniform(0.0070, 0.0082)
    shoulder, slope = draft.uniform(0.56, 0.63), draft.uniform(0.06, 0.13)
    word = draft.pick(("MERLOT", "RIOJA", "RIESLING", "OLIVE", "CHIANTI"))
    h = height
    side = spline(
        [
            (radius, shoulder * h),
            (0.88 * radius, (shoulder + 0.45 * slope) * h),
            (1.25 * neck, (shoulder + slope + 0.05) * h),
            (neck, (shoulder + slope + 0.12) * h),
        ],
        draft.n(12),
    )
    mouth = rounded(
        [(neck, 0.95 * h), (neck + 0.0014, 0.955 * h), (neck + 0.0014, 0.985 * h, 0.001), (neck, h, 0.001), (0, h)],
        draft.steps(2),
    )
    profile = np.concatenate([rounded([(0, 0), (radius, 0, 0.003), (radius, 0.02)], draft.steps(2))[:-1], side, mouth])
    sleeve = lathe(
        np.array(
            [
                (neck, 0.80 * h),
                (neck + 0.0007, 0.80 * h),
                (neck + 0.0007, 0.95 * h),
                (neck + 0.0019, 0.953 * h),
                (neck + 0.0019, 0.988 * h),
                (neck + 0.0006, h + 0.0006),
                (0, h + 0.0006),
            ]
        ),
        draft.n(20),
    )
    glass = mix(shade(draft.rgb, 0.75), (20, 40, 24), 0.3) if draft.color == "green" else draft.rgb
    trim = draft.tint(draft.accent("red", "yellow", "black", "purple"))
    image = label_image(draft, word, (244, 238, 220), (70, 30, 36), trim)
    pieces: list[Piece] = [
        turned_hull(np.array([[radius - 0.0006, 0], [radius, 0.002], [radius, shoulder * h]]), 20),
        turned_hull(side[:: max(1, len(side) // 4)], 12),
        turned_hull(np.array([[neck + 0.0012, 0.72 * h], [neck + 0.0019, h]]), 14),
    ]
    return Design(
        [
            Part(lathe(profile, draft.n(26)), draft.plain("glass", glass, 0.1, density=1000.0)),
            Part(sleeve, draft.plain("paper", shade(trim, 0.85), 0.35)),
            wrapped(draft, radius + 0.0005, 0.12 * h, 0.44 * h, image, 26),
        ],
        pieces,
        "slender {color} glass wine bottle with a label",
        materials=("glass",),
    )


@category(
    "water_bottle",
    PAINT,
    ("object",),
    also=("sports bottle", "drinking bottle", "bottle of water", "reusable bottle", "gym bottle", "bike bottle"),
    materials=("plastic", "steel", "glass"),
)
def water_bottle(draft: Draft) -> Design:
    radius, height, waist = draft.uniform(0.0255, 0.0288), draft.uniform(0.110, 0.135), draft.uniform(0.86, 0.95)
    cap, ridges = draft.uniform(0.017, 0.021), draft.pick((0, 2, 3))
    h = height - cap - 0.014
    side = spline(
        [
            (radius, 0.10 * h),
            (radius, 0.46 * h),
            (waist * radius, 0.62 * h),
            (radius, 0.80 * h),
            (0.92 * radius, 0.95 * h),
            (0.74 * radius, h),
        ],
        draft.n(18),
    )
    profile = np.concatenate(
        [rounded([(0, 0), (0.96 * radius, 0, 0.004), (radius, 0.10 * h)], draft.steps(3))[:-1], side, [(0, h)]]
    )
    ink = materials.contrast_to(draft.rgb)
    image = materials.canvas(draft.rgb, draft.size, 8)
    top = float(np.linspace(0.50, 0.34, max(ridges, 1))[0])
    for level in np.linspace(top, 0.34, ridges):
        image = materials.banded(image, [(float(level), float(level) + 0.022, ink)])
    hood = lathe(
        rounded(
            [
                (0, h - 0.001),
                (0.80 * radius, h - 0.001),
                (0.80 * radius, h + cap - 0.004, 0.002),
                (0.52 * radius, h + cap, 0.003),
                (0, h + cap),
            ],
            draft.steps(2),
        ),
        2 * draft.n(15),
    )
    valve = lathe(
        rounded(
            [
                (0, h + cap - 0.001),
                (0.20 * radius, h + cap - 0.001),
                (0.20 * radius, height - 0.007),
                (0.30 * radius, height - 0.006, 0.001),
                (0.27 * radius, height, 0.002),
                (0, height),
            ],
            draft.steps(2),
        ),
        draft.n(16),
    )
    dark = (36, 36, 40) if draft.color != "black" else (224, 224, 220)
    low, high = profile[profile[:, 1] <= 0.64 * h], profile[profile[:, 1] >= 0.60 * h]
    pieces: list[Piece] = [
        turned_hull(low[:: max(1, len(low) // 5)], 12),
        turned_hull(high[:: max(1, len(high) // 5)], 12),
        hull_of(hood),
        hull_of(valve),
    ]
    return Design(
        [
            Part(lathe(profile, draft.n(30)), draft.textured("plastic", materials.encoded(image), 0.3, density=700.0)),
            Part(hood, draft.plain("plastic", dark, 0.5)),
            Part(valve, draft.plain("plastic", mix(draft.rgb, (246, 246, 242), 0.6), 0.4)),
        ],
        pieces,
        "{color} water bottle with a sports cap",
        materials=("plastic",),
    )


@category(
    "thermos",
    PAINT,
    ("object",),
    also=(
        "thermos flask",
        "flask",
        "vacuum flask",
        "insulated bottle",
        "thermos bottle",
        "travel mug",
    ),
    materials=("steel", "plastic"),
)
def thermos(draft: Draft) -> Design:
    radius, height, cup = draft.uniform(0.0240, 0.0275), draft.uniform(0.122, 0.145), draft.uniform(0.036, 0.044)
    z = height - cup
    profile = rounded([(0, 0), (radius, 0, 0.003), (radius, z - 0.008), (0.86 * radius, z), (0, z)], draft.steps(3))
    foot = lathe(
        rounded([(0, -0.0005), (radius + 0.0006, -0.0005), (radius + 0.0006, 0.010, 0.001), (0, 0.010)], 1), draft.n(30)
    )
    band = lathe(
        np.array(
            [
                (0.5 * radius, z - 0.0015),
                (0.90 * radius, z - 0.0015),
                (0.90 * radius, z + 0.003),
                (0.5 * radius, z + 0.003),
            ]
        ),
        draft.n(30),
    )
    hood = lathe(
        rounded(
            [(0, z + 0.002), (0.98 * radius, z + 0.002, 0.001), (0.86 * radius, height, 0.006), (0, height)],
            draft.steps(4),
        ),
        draft.n(30),
    )
    steel = draft.metal((206, 208, 212))
    coat = draft.textured("steel", draft.texture(materials.brushed, draft.rgb), 0.35, 0.35, density=1100.0)
    lid = (
        draft.metal((176, 178, 184), density=600.0)
        if draft.color in ("black", "gray")
        else draft.plain("plastic", (48, 48, 54), 0.4)
    )
    pieces: list[Piece] = [
        turned_hull(np.array([[radius, -0.0005], [radius, z - 0.008], [0.86 * radius, z]]), 18),
        turned_hull(np.array([[0.98 * radius, z], [0.86 * radius, height - 0.003], [0.74 * radius, height]]), 16),
    ]
    return Design(
        [
            Part(lathe(profile, draft.n(30), uv_size=(2.0, 2.0)), coat),
            Part(joined([foot, band]), steel),
            Part(hood, lid),
        ],
        pieces,
        "{color} thermos flask with a cup for a lid",
        mass=0.24,
        materials=("steel",),
    )

"""What comes from a bakery: bread, buns, cakes and cookies."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Piece, hull_of, turned_hull
from scene_hub.generate.materials import Material, Rgb, mix, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.procedural.forms import level_rod, resting_rod, rod_pieces
from scene_hub.generate.shapes import (
    Surface,
    circle,
    ellipsoid,
    extrude,
    joined,
    lathe,
    offset_outline,
    rounded,
    shaded,
    spline,
    sweep,
)

ICING = ("pink", "white", "brown", "yellow", "purple", "teal", "blue", "green", "orange", "red")
CREAM: Rgb = (246, 234, 206)


def from_above(surface: Surface) -> Surface:
    """The surface with its texture laid on from above, one picture over the whole of it."""
    low, high = surface.bounds
    uvs = (surface.triangles[..., :2] - low[:2]) / (high - low)[:2]
    return Surface(
        surface.triangles, surface.normals, 0.005 + 0.99 * uvs
    )  # clear of the edge, where the texture repeats


def smooth(surface: Surface) -> Surface:
    """The surface shaded without edges, for round things of few facets."""
    return shaded(surface.triangles, surface.uvs, 85.0)


def crust_color(draft: Draft) -> Rgb:
    """Baked golden for beige, well done for brown."""
    return mix(draft.rgb, (184, 112, 44), 0.72) if draft.color == "brown" else mix(draft.rgb, (226, 172, 96), 0.62)


def baked(draft: Draft, color: Rgb, seeds: int = 0, cuts: int = 0) -> Material:
    """A crust seen from above: darker in the middle, pale at the edge, with sesame seeds or `cuts` across."""
    n = draft.size
    at = (np.arange(n) + 0.5) / n * 2 - 1
    cloud = materials.noise(draft.stream("crust"), n, n, 7, 7)
    dark = np.clip(1.12 - np.hypot(at[:, None], at[None]) ** 2.4 + 0.3 * (cloud - 0.5), 0, 1)[..., None]
    image = np.asarray(mix(color, (250, 222, 160), 0.5)) * (1 - dark) + np.asarray(shade(color, 0.86)) * dark
    for index in range(cuts):
        u = 0.5 + (index - (cuts - 1) / 2) * 0.56 / cuts
        image = materials.dotted(image, mix(color, (252, 232, 186), 0.75), (u, 0.5), 0.035, 0.27)
    stream = draft.stream("seeds")
    for index in range(seeds):  # a sunflower's spiral spreads them evenly
        radius = 0.37 * np.sqrt((index + 0.5) / seeds)
        u, v = 0.5 + radius * np.array([np.cos(2.4 * index), np.sin(2.4 * index)]) + stream.uniform(-0.012, 0.012, 2)
        long, short = (0.024, 0.014) if stream.random() < 0.5 else (0.014, 0.024)
        image = materials.dotted(image, (252, 240, 208), (float(u), float(v)), long, short)
    return draft.textured("food", materials.encoded(image), 0.75)


@category(
    "bread_roll",
    ("brown", "beige"),
    ("object",),
    also=("bun", "roll", "bread bun", "dinner roll", "sesame bun", "burger bun", "brioche", "small loaf"),
)
def bread_roll(draft: Draft) -> Design:
    radius, long, height = draft.uniform(0.0255, 0.0290), draft.uniform(1.0, 1.4), draft.uniform(0.034, 0.042)
    style = draft.pick(("seeds", "cuts", "plain"))
    cuts = draft.pick((1, 2, 3))
    curve = spline(
        [
            (0.74, 0.0),
            (0.95, 0.10),
            (1.0, 0.30),
            (0.93, 0.60),
            (0.70, 0.86),
            (0.36, 0.975),
            (0.0, 1.0),
        ],
        draft.n(16),
    )
    curve[-1, 0] = 0.0
    dome = lathe(np.concatenate([[(0, 0)], curve]), draft.n(28), crease=60.0).scaled(radius * long, radius, height)
    crust = baked(draft, crust_color(draft), 26 if style == "seeds" else 0, cuts if style == "cuts" else 0)
    words = {
        "seeds": "bread roll with sesame seeds",
        "cuts": "bread roll with a cut crust",
        "plain": "round bread roll",
    }
    return Design([Part(from_above(dome), crust)], [hull_of(dome)], words[style], materials=("food",))


@category(
    "toast",
    ("beige", "brown"),
    ("object",),
    label="slice of toast",
    also=(
        "toast",
        "bread slice",
        "slice of bread",
        "toast slice",
        "piece of toast",
        "piece of bread",
        "bread",
        "toasted bread",
    ),
)
def toast(draft: Draft) -> Design:
    half, tall, thick = draft.uniform(0.0240, 0.0280), draft.uniform(0.054, 0.064), draft.uniform(0.0165, 0.0195)
    bulge = draft.uniform(0.0015, 0.0022)
    outline = rounded(
        [
            (-half, 0, 0.004),
            (half, 0, 0.004),
            (half, 0.62 * tall, 0.005),
            (half + bulge, 0.74 * tall, 0.008),
            (half * 0.86, tall, 0.014),
            (-half * 0.86, tall, 0.014),
            (-half - bulge, 0.74 * tall, 0.008),
            (-half, 0.62 * tall, 0.005),
        ],
        draft.steps(4),
        closed=True,
    )
    n, color = draft.size, draft.rgb
    crumb = mix(color, (244, 226, 184), 0.7) if draft.color == "beige" else mix(color, (222, 164, 88), 0.7)
    image = materials.mottled(draft.stream("crumb"), n, crumb, 0.20, 26)
    at = (np.arange(n) + 0.5) / n * 2 - 1
    edge = np.clip(np.maximum(np.abs(at)[:, None], np.abs(at)[None]) * 2.2 - 1.3, 0, 1)[..., None]
    image = image * (1 - 0.16 * edge) if draft.color == "brown" else image * (1 + 0.03 * edge)
    crust = draft.textured("food", draft.texture(materials.mottled, (166, 102, 46), 0.25, 20), 0.85)
    inside = extrude(offset_outline(outline, -0.0028), thick + 0.0008).moved(z=-0.0004)
    body = extrude(outline, thick, 0.0016, 1)
    return Design(
        [
            Part(body.projected(0.05), crust),
            Part(from_above(inside), draft.textured("food", materials.encoded(image), 0.95, density=300.0)),
        ],
        [hull_of(body)],
        "slice of toast with a crust",
        materials=("food",),
    )


@category("croissant", ("brown", "beige"), ("object",), also=("crescent roll", "pastry", "butter croissant"))
def croissant(draft: Draft) -> Design:
    length, radius, bend = draft.uniform(0.128, 0.150), draft.uniform(0.0175, 0.0205), draft.uniform(2.1, 2.7)
    folds = draft.pick((5, 7))
    s = np.linspace(0, 1, draft.n(38, 18))
    arc = length / bend
    angles = (s - 0.5) * bend
    path = np.stack([arc * np.sin(angles), arc * (1 - np.cos(angles))], axis=1)
    away = np.abs(2 * s - 1)
    envelope = np.interp(away, [0, 0.25, 0.6, 0.9, 1.0], [1.0, 0.94, 0.66, 0.36, 0.16])
    step = (away * folds / 2 + 0.5) % 1.0  # each fold overlaps the next one outward
    radii = radius * envelope * (0.90 + 0.14 * np.sin(np.pi * np.clip(step, 0, 1)) ** 0.5)
    body = resting_rod(path, radii, draft.n(18))
    n, color = draft.size, crust_color(draft)
    v = np.abs(2 * (1 - (np.arange(n) + 0.5) / n) - 1)
    fold = (v * folds / 2 + 0.5) % 1.0
    streak = materials.noise(draft.stream("streaks"), n, n, 4, 26)
    dark = np.clip(0.15 + 0.75 * np.sin(np.pi * fold)[:, None] ** 0.8 + 0.5 * (streak - 0.5), 0, 1)[..., None]
    image = np.asarray(mix(color, (252, 220, 150), 0.62)) * (1 - dark) + np.asarray(shade(color, 0.84)) * dark
    return Design(
        [Part(body, draft.textured("food", materials.encoded(image), 0.55, density=350.0))],
        rod_pieces(resting_rod, path, radii, 6, 0.0012, 10),
        "crescent-shaped {color} croissant",
        materials=("food",),
    )


@category(
    "baguette",
    ("brown", "beige"),
    ("object",),
    also=("french bread", "loaf of bread", "bread loaf", "loaf", "bread stick"),
)
def baguette(draft: Draft) -> Design:
    length, radius = draft.uniform(0.150, 0.185), draft.uniform(0.0175, 0.0215)
    cuts = draft.pick((4, 5, 6))
    s = np.linspace(0, 1, draft.n(26))
    away = np.abs(2 * s - 1)
    wave = 0.05 * np.cos(2 * np.pi * cuts * (s - 0.5) * 0.86) * (away < 0.8)
    radii = radius * (np.sqrt(np.clip(1 - away**3.4, 0.03, 1)) + wave)
    path = np.stack([(s - 0.5) * length, 0.003 * np.sin(2.6 * s)], axis=1)
    body = level_rod(path, radii, draft.n(20), 0.0024)
    n, color = draft.size, crust_color(draft)
    image = materials.skin(draft.stream("crust"), n, n, color, shade(color, 0.8), 0.5)
    u, v = (np.arange(n) + 0.5)[None] / n, 1 - (np.arange(n) + 0.5)[:, None] / n
    for center in (np.arange(cuts) + 0.5) / cuts * 0.86 + 0.07:
        slant = v - center - 0.35 * (u - 0.5)
        inside = ((u - 0.5) / 0.145) ** 2 + (slant / (0.26 / cuts)) ** 2 < 1
        image[inside] = mix(color, (252, 228, 172), 0.72)
    return Design(
        [Part(body, draft.textured("food", materials.encoded(image), 0.8, density=380.0))],
        rod_pieces(level_rod, path, radii, 3, 0.0024),
        "{color} baguette with slanted cuts",
        materials=("food",),
    )


@category("cupcake", ICING, ("object",), also=("muffin", "fairy cake", "frosted cupcake", "cup cake", "small cake"))
def cupcake(draft: Draft) -> Design:
    foot, top, cup = draft.uniform(0.0185, 0.0205), draft.uniform(0.0255, 0.0280), draft.uniform(0.026, 0.031)
    turns, peak = draft.uniform(2.5, 3.2), draft.uniform(0.024, 0.030)
    paper = draft.tint(draft.accent("white", "yellow", "teal", "red", "brown"))
    cherry = draft.chance(0.5)
    pleats = draft.n(44, 32)
    outline = circle(pleats) * (1 - 0.035 * (np.arange(pleats) % 2))[:, None]
    wrap = lathe(np.array([(0, 0), (foot, 0), (top, cup), (0, cup)]), pleats, outline, crease=20.0)
    cake = ellipsoid(top * 0.95, top * 0.95, 0.009, draft.n(20), draft.n(8)).moved(z=cup)
    s = np.linspace(0, 1, draft.n(56, 32))
    ring = np.interp(s, [0, 0.3, 1.0], [0.66, 0.62, 0.0]) * top
    angle = 2 * np.pi * turns * s
    path = np.stack([ring * np.cos(angle), ring * np.sin(angle), cup + 0.006 + (peak - 0.006) * s**1.15], axis=1)
    thick = top * np.interp(s, [0, 0.06, 0.4, 0.9, 1.0], [0.16, 0.36, 0.36, 0.20, 0.05])
    swirl = smooth(sweep(path, circle(draft.n(8)), thick))
    frosting = draft.plain("food", roughness=0.5)
    parts = [
        Part(wrap, draft.plain("paper", paper, 0.8)),
        Part(cake, draft.plain("food", (196, 140, 78), 0.9)),
        Part(swirl, frosting),
    ]
    summit = cup + peak
    if cherry:
        berry = ellipsoid(0.0055, 0.0055, 0.0052, draft.n(12), draft.n(8)).moved(z=summit + 0.0045)
        parts.append(Part(berry, draft.plain("food", (190, 20, 34) if draft.color != "red" else (250, 240, 230), 0.2)))
    tip = summit + (0.0095 if cherry else 0.001)
    return Design(
        parts,
        [
            turned_hull(np.array([[foot, 0], [top, cup]]), 20),
            turned_hull(np.array([[top, cup], [top, cup + 0.010], [0.5 * top, cup + 0.7 * peak], [0.004, tip]]), 14),
        ],
        f"cupcake with {{color}} frosting{' and a cherry' if cherry else ''}",
        materials=("food", "paper"),
    )


@category("cookie", ("brown", "beige"), ("object",), also=("biscuit", "chocolate chip cookie", "chocolate cookie"))
def cookie(draft: Draft) -> Design:
    radius, thick, chips = draft.uniform(0.0245, 0.0285), draft.uniform(0.0165, 0.0190), draft.pick((9, 11, 13))
    phase = draft.rng.uniform(0, 2 * np.pi, 3)
    curve = rounded(
        [
            (0, 0),
            (0.94 * radius, 0, 0.004),
            (radius, 0.84 * thick, 0.004),
            (0.72 * radius, 0.98 * thick, 0.008),
            (0, thick),
        ],
        draft.steps(4),
    )

    def uneven(points: np.ndarray) -> np.ndarray:
        angle = np.arctan2(points[:, 1], points[:, 0])
        grow = 1 + 0.018 * np.sin(3 * angle + phase[0]) + 0.014 * np.sin(5 * angle + phase[1])
        return points * np.stack([grow, grow, np.ones_like(grow)], axis=1)

    body = lathe(curve, draft.n(28)).warped(uneven, 60.0)
    dough = mix(draft.rgb, (150, 92, 44), 0.6) if draft.color == "brown" else mix(draft.rgb, (216, 160, 92), 0.75)
    stream = draft.stream("chips")
    bits = []
    for index in range(chips):
        away, angle = radius * 0.80 * np.sqrt((index + 0.4) / chips), 2.4 * index + stream.uniform(-0.25, 0.25)
        size = stream.uniform(0.0030, 0.0042)
        chip = ellipsoid(size, size * 0.85, 0.0026, 8 if draft.detail == "high" else 6, 4)
        height = thick * float(np.interp(away / radius, [0, 0.72, 1.0], [1.0, 0.975, 0.84]))
        bits.append(chip.moved(away * np.cos(angle), away * np.sin(angle), height - 0.0006))
    chocolate = (62, 34, 20) if draft.color == "beige" else (48, 26, 16)
    return Design(
        [
            Part(body.projected(0.06), draft.textured("food", draft.texture(materials.mottled, dough, 0.22, 14), 0.95)),
            Part(joined(bits), draft.plain("food", chocolate, 0.45)),
        ],
        [hull_of(body)],
        "cookie with chocolate chips",
        materials=("food",),
    )


@category("macaron", ICING, ("object", "stackable"), also=("macaroon", "sandwich cookie", "french macaron"))
def macaron(draft: Draft) -> Design:
    radius, height, gap = draft.uniform(0.0235, 0.0285), draft.uniform(0.027, 0.034), draft.uniform(0.0045, 0.006)
    shell = (height - gap) / 2
    low = rounded(
        [(0, 0), (0.70 * radius, 0, 0.004), (0.97 * radius, 0.35 * shell, 0.005), (0.95 * radius, 0.72 * shell)],
        draft.steps(4),
    )
    foot = np.array([(radius, 0.78 * shell), (radius, shell), (0, shell)])
    half = lathe(np.concatenate([low, foot]), draft.n(26))
    other = Surface(half.triangles, half.normals, half.uvs).rotated("x", 180.0).moved(z=height)
    cream = lathe(
        rounded([(0, shell), (0.94 * radius, shell, 0.002), (0.94 * radius, shell + gap, 0.002), (0, shell + gap)], 2),
        draft.n(24),
    )
    filling = CREAM if draft.color != "white" else (150, 84, 60)
    outside = np.array([[0.66 * radius, 0], [0.97 * radius, 0.35 * shell], [radius, shell], [radius, height - shell]])
    top = np.array([[0.97 * radius, height - 0.35 * shell], [0.66 * radius, height]])
    biscuit = draft.textured("food", draft.texture(materials.mottled, draft.rgb, 0.08, 24), 0.8, density=500.0)
    return Design(
        [Part(joined([half, other]).projected(0.04), biscuit), Part(cream, draft.plain("food", filling, 0.6))],
        [turned_hull(np.concatenate([outside, top]), 10)],
        "macaron with a cream filling",
        support=support("surface", height, (0.45 * radius, 0.45 * radius), height),
        least_mass=0.02,
        materials=("food",),
    )


@category(
    "cake_slice",
    ICING,
    ("object",),
    label="slice of cake",
    also=("cake slice", "piece of cake", "cake", "cake piece", "slice of layer cake"),
)
def cake_slice(draft: Draft) -> Design:
    long, back, tip = draft.uniform(0.074, 0.086), draft.uniform(0.0225, 0.0255), draft.uniform(0.006, 0.008)
    height, icing, layers = draft.uniform(0.038, 0.046), draft.uniform(0.0045, 0.006), draft.pick((2, 3))
    dark = draft.chance(0.4)
    outline = np.array([(0.0, -tip), (long, -back), (long + 0.005, -0.5 * back), (long + 0.0065, 0.0)])
    outline = np.concatenate([outline, outline[-2::-1] * np.array([1, -1])])
    sponge: Rgb = (120, 70, 38) if dark else (240, 206, 128)
    image = materials.mottled(draft.stream("sponge"), draft.size, sponge, 0.16, 30)
    filling = (
        shade(draft.rgb, 1.12)
        if draft.color not in ("white", "brown")
        else ((250, 244, 230) if dark else (196, 40, 60))
    )
    for level in np.arange(1, layers) / layers:
        image = materials.banded(image, [(float(level) - 0.05, float(level) + 0.05, filling)])
    body = extrude(outline, height - icing)
    cover = extrude(offset_outline(outline, 0.0006), icing, 0.0022, draft.steps(2)).moved(z=height - icing)
    rear = outline[(outline[:, 0] > long - 1e-6)]
    shell = np.concatenate([rear + np.array([0.0036, 0.0]), rear[::-1] - np.array([0.001, 0.0])])
    coat = extrude(shell, height - icing + 0.001)
    ball = ellipsoid(0.0065, 0.0065, 0.0060, draft.n(14), draft.n(10)).moved(x=0.72 * long, z=height + 0.0045)
    dollop = lathe(
        spline([(0.0095, 0.0), (0.0090, 0.003), (0.004, 0.006), (0.0, 0.007)], draft.n(8)) * np.array([1, 0.7]),
        draft.n(16),
    ).moved(x=0.72 * long, z=height - 0.0004)
    frosting = draft.plain("food", roughness=0.5)
    red: Rgb = (196, 24, 36)
    pieces: list[Piece] = [hull_of(body, cover, coat), hull_of(ball, dollop)]
    return Design(
        [
            Part(body, draft.textured("food", materials.encoded(image), 0.95, density=500.0)),
            Part(joined([cover, coat]), frosting),
            Part(dollop, draft.plain("food", (252, 248, 240), 0.5)),
            Part(ball, draft.plain("food", red, 0.25)),
        ],
        pieces,
        "slice of layer cake with {color} icing and a cherry",
        materials=("food",),
    )

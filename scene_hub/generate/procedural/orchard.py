"""More fruit: from the orchard, the vine and the tropics, whole or cut open."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Piece, hull_of, standing_hull
from scene_hub.generate.materials import Rgb, mix, shade
from scene_hub.generate.procedural.bakery import from_above, smooth
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.procedural.forms import fruit_skin, stalk
from scene_hub.generate.procedural.produce import cut, leaf_blade, round_body
from scene_hub.generate.shapes import (
    Surface,
    circle,
    cylinder,
    ellipsoid,
    extrude,
    flattened,
    joined,
    lathe,
    shaded,
    spline,
    sweep,
)


@category(
    "avocado", ("green",), ("object",), also=("avocado half", "half avocado", "half an avocado", "alligator pear")
)
def avocado(draft: Draft) -> Design:
    length, radius, neck = draft.uniform(0.070, 0.082), draft.uniform(0.0245, 0.0275), draft.uniform(0.52, 0.66)
    deep, pit = draft.uniform(0.95, 1.08), draft.uniform(0.0098, 0.0118)
    knots = (
        [0, 0.02, 0.10, 0.28, 0.42, 0.62, 0.82, 0.95, 0.99, 1.0],
        [0, 0.28, 0.66, 0.96, 1.0, 0.86, neck, 0.40, 0.18, 0],
    )
    t = np.linspace(0, 1, draft.n(26))
    s = 0.5 - 0.5 * np.cos(np.pi * t)
    radii = np.maximum(radius * np.interp(s, *knots), 0.0004)
    path = np.stack([(s - 0.34) * length, 0 * s, 0 * s], axis=1)
    whole = sweep(path, circle(draft.n(24)) * np.array([1.0, deep]), radii)
    body = shaded(np.minimum(whole.triangles, np.array([np.inf, np.inf, 0.0])), whole.uvs, 60.0)
    height = float(-body.bounds[0, 2]) - 0.0022
    body = flattened(body, -height).moved(z=height)
    face = body.triangles[..., 2].min(axis=1) > height - 1e-6
    skin, flesh = (Surface(body.triangles[k], body.normals[k], body.uvs[k]) for k in (~face, face))
    flesh = from_above(flesh)
    n = draft.size
    x, y = (np.arange(n) + 0.5)[None] / n, ((np.arange(n) + 0.5)[:, None] / n - 0.5) * 2 * radius
    away = np.abs(y) / np.maximum(radius * np.interp(x, *knots), 1e-4)
    rim = np.clip((np.maximum(away, np.abs(x - 0.5) * 2) - 0.62) / 0.36, 0, 1)[..., None]
    image = np.asarray((238, 226, 130)) * (1 - rim) + np.asarray((150, 188, 70)) * rim
    pale = draft.textured("food", materials.encoded(image), 0.45)
    color = mix(draft.rgb, (44, 66, 30), 0.75)
    stone = ellipsoid(pit, pit, 0.62 * pit, draft.n(16), draft.n(12)).moved(x=0.07 * length, z=height)
    return Design(
        [
            Part(skin, fruit_skin(draft, color, shade(color, 0.7), 0.5, shade(color, 1.5), 0.7)),
            Part(flesh, pale),
            Part(stone, draft.plain("food", (128, 76, 40), 0.35)),
        ],
        [standing_hull(body), hull_of(stone)],
        "half of an avocado with its pit",
        materials=("food",),
    )


@category(
    "kiwi", ("green", "yellow"), ("object",), also=("kiwifruit", "kiwi fruit", "half kiwi", "kiwi half", "golden kiwi")
)
def kiwi(draft: Draft) -> Design:
    radius, height, long = draft.uniform(0.0240, 0.0275), draft.uniform(0.027, 0.034), draft.uniform(1.0, 1.08)
    seeds = draft.pick((18, 22, 26))
    curve = spline([(0, 0), (0.42, 0.03), (0.76, 0.22), (0.95, 0.58), (1.0, 1.0)], draft.n(14))
    curve[0] = 0.0
    curve = np.concatenate([curve, [(0.97, 1.006), (0, 1.006)]])
    body = lathe(curve, draft.n(26)).scaled(radius * long, radius, height)
    body = flattened(body, 0.0016).moved(z=-0.0016)
    top = height * 1.006 - 0.0016
    disc = cylinder(1.0, 0.0004, draft.n(26)).scaled(0.955 * radius * long, 0.955 * radius, 1.0).moved(z=top - 0.0001)
    n = draft.size
    at = (np.arange(n) + 0.5) / n * 2 - 1
    away, turn = np.hypot(at[:, None], at[None]), np.arctan2(at[:, None], at[None])
    flesh = mix(draft.rgb, (132, 190, 44), 0.7) if draft.color == "green" else mix(draft.rgb, (246, 204, 60), 0.5)
    rays = 0.5 + 0.5 * np.cos(turn * 26)
    image = materials.canvas(flesh, n, n) * (0.92 + 0.14 * rays * np.clip(away * 2 - 0.3, 0, 1))[..., None]
    image = np.where((away < 0.30)[..., None], np.asarray(mix((246, 244, 206), flesh, 0.12), dtype=float), image)
    image = np.where((away > 0.92)[..., None], np.asarray(shade(flesh, 0.8), dtype=float), image)
    for index in range(seeds):
        angle = 2 * np.pi * index / seeds
        reach = (0.20, 0.235)[index % 2]
        center = (0.5 + reach * np.cos(angle), 0.5 + reach * np.sin(angle))
        image = materials.dotted(image, (34, 28, 22), center, 0.014, 0.014)
    brown = draft.texture(materials.mottled, (134, 98, 56), 0.35, 36)
    return Design(
        [
            Part(body.uv_scaled(2.0, 1.0), draft.textured("food", brown, 0.95)),
            Part(from_above(disc), draft.textured("food", materials.encoded(image), 0.35)),
        ],
        [standing_hull(body, disc)],
        "halved kiwi with {color} flesh",
        materials=("food",),
    )


@category("pineapple", ("yellow", "orange", "green"), ("object",), also=("ananas", "mini pineapple", "small pineapple"))
def pineapple(draft: Draft) -> Design:
    radius, height, crown = draft.uniform(0.0245, 0.0282), draft.uniform(0.056, 0.066), draft.uniform(0.024, 0.029)
    rows = draft.pick((6, 7))
    h = height
    curve = spline(
        [
            (0, 0),
            (0.60 * radius, 0.0),
            (0.90 * radius, 0.14 * h),
            (radius, 0.45 * h),
            (0.92 * radius, 0.80 * h),
            (0.60 * radius, 0.97 * h),
            (0, h),
        ],
        draft.n(16),
    )
    body = round_body(curve, draft.n(24), 0.0012)
    color = {"yellow": (226, 168, 50), "orange": (214, 128, 46), "green": (134, 146, 62)}[draft.color]
    color = mix(draft.rgb, color, 0.75)
    n = draft.size
    u, v = (np.arange(n) + 0.5)[None] / n, 1 - (np.arange(n) + 0.5)[:, None] / n
    a, b = (u * 9 + v * rows) % 1.0, (u * 9 - v * rows) % 1.0
    edge = np.minimum(np.minimum(a, 1 - a), np.minimum(b, 1 - b))
    image = materials.canvas(color, n, n) * (0.60 + 0.52 * np.clip(edge * 3.2, 0, 1))[..., None]
    image = np.where((edge < 0.075)[..., None], np.asarray(mix(color, (92, 96, 44), 0.8), dtype=float), image)
    eye = (np.abs(a - 0.5) < 0.11) & (np.abs(b - 0.5) < 0.11)
    image = np.where(eye[..., None], np.asarray((110, 74, 34), dtype=float), image)
    blades = []
    for tier, (count, lean, share) in enumerate(((6, 1.0, 0.70), (5, 0.58, 0.92), (3, 0.22, 1.0))):
        for index in range(count):
            turn = 2 * np.pi * (index / count) + 0.7 * tier
            c, s = float(np.cos(turn)), float(np.sin(turn))
            out, up = 0.0185 * lean, crown * share
            knots = [
                (0.003 * c, 0.003 * s, -0.004),
                (0.45 * out * c + 0.003 * c, 0.45 * out * s + 0.003 * s, 0.5 * up),
                (out * c + 0.003 * c, out * s + 0.003 * s, up),
            ]
            blades.append(leaf_blade(knots, [0.0044, 0.0050, 0.0040, 0.0008], (-c, -s, 0.0)))
    tuft = joined(blades).moved(z=h - 0.0022)
    pieces: list[Piece] = [hull_of(body), hull_of(tuft)]
    return Design(
        [
            Part(body, draft.textured("food", materials.encoded(image), 0.75)),
            Part(smooth(tuft), draft.plain("food", (66, 122, 58), 0.7)),
        ],
        pieces,
        "small {color} pineapple with a crown of leaves",
        materials=("food",),
    )


_ROWS = ((2, 1), (3, 2), (2, 1), (3, 2), (2, 1), (1, 0))  # berries below and above, from the stem to the tip


@category(
    "grapes",
    ("purple", "green", "red", "black"),
    ("object",),
    label="bunch of grapes",
    also=("grapes", "grape", "grape bunch", "cluster of grapes", "bunch of grape"),
)
def grapes(draft: Draft) -> Design:
    radius, jitter = draft.uniform(0.0084, 0.0096), draft.uniform(0.0003, 0.0009)
    rows = draft.pick((4, 5, 6))
    stream = draft.stream("berries")
    berries = []
    for index, counts in enumerate(_ROWS[-rows:]):
        for layer, count in enumerate(counts):
            for place in range(count):
                x = index * 1.66 * radius + layer * 0.5 * radius
                y = (place - (count - 1) / 2) * 1.80 * radius
                shift = stream.uniform(-jitter, jitter, 3)
                size = radius * float(stream.uniform(0.94, 1.06))
                berry = ellipsoid(size * 1.08, size, size, 10 if draft.detail == "high" else 6, draft.n(7, 4))
                berries.append(berry.moved(x + shift[0], y + shift[1], radius + layer * 1.42 * radius + shift[2]))
    bunch = joined(berries)
    bunch = flattened(bunch, float(bunch.bounds[0, 2]) + 0.0012)
    bunch = bunch.moved(z=-float(bunch.bounds[0, 2]))
    start = float(bunch.bounds[0, 0])
    z = 1.6 * radius
    twig = sweep(
        spline([(start + 0.010, 0, z), (start - 0.004, 0.001, z + 0.002), (start - 0.017, 0.004, z + 0.004)], 5),
        circle(6),
        np.array([0.0022, 0.0020, 0.0018, 0.0018, 0.0024]),
    )
    color = {"purple": (86, 38, 110), "green": (156, 188, 72), "red": (146, 34, 52), "black": (40, 34, 52)}[draft.color]
    middle = start + 0.5 * float(np.ptp(bunch.bounds[:, 0]))
    pieces: list[Piece] = [hull_of(half) for half in cut(bunch, middle, 0)]
    return Design(
        [
            Part(bunch, draft.plain("food", mix(draft.rgb, color, 0.7), 0.3)),
            Part(smooth(twig), draft.plain("wood", (112, 92, 48), 0.9)),
        ],
        [*pieces, hull_of(twig)],
        "bunch of {color} grapes",
        materials=("food",),
    )


@category("watermelon", ("green",), ("object",), also=("melon", "mini watermelon", "small watermelon"))
def watermelon(draft: Draft) -> Design:
    radius, long = draft.uniform(0.0260, 0.0290), draft.uniform(1.04, 1.30)
    stripes, wobble = draft.pick((7, 8, 9)), draft.uniform(0.10, 0.18)
    body = ellipsoid(radius, radius, radius * long, draft.n(28), draft.n(18)).rotated("y", 90.0)
    low = -radius + 0.0024
    body = flattened(body, low).moved(z=-low)
    dark, light = mix(draft.rgb, (24, 74, 34), 0.75), mix(draft.rgb, (132, 182, 84), 0.8)
    n = draft.size
    u, v = (np.arange(n) + 0.5)[None] / n, 1 - (np.arange(n) + 0.5)[:, None] / n
    shift = wobble * (materials.noise(draft.stream("edge"), n, n, 13, stripes * 2) - 0.5)
    wave = np.cos(2 * np.pi * (u * stripes + shift + 0.03 * np.sin(9 * v)))
    share = np.clip((wave + 0.10) * 3.2 + 0.5, 0, 1)[..., None]
    image = np.asarray(light) * (1 - share) + np.asarray(dark) * share
    end = ellipsoid(0.0022, 0.0032, 0.0032, draft.n(10), 6).moved(x=-radius * long - 0.0004, z=-low)
    return Design(
        [
            Part(body, draft.textured("food", materials.encoded(image), 0.35)),
            Part(end, draft.plain("food", (126, 112, 60), 0.9)),
        ],
        [standing_hull(body)],
        "small {color} watermelon with dark stripes",
        materials=("food",),
    )


@category(
    "watermelon_slice",
    ("red", "yellow"),
    ("object",),
    label="slice of watermelon",
    also=("watermelon slice", "watermelon", "piece of watermelon", "melon slice", "slice of melon"),
)
def watermelon_slice(draft: Draft) -> Design:
    radius, thick, seeds = draft.uniform(0.0480, 0.0565), draft.uniform(0.0175, 0.0215), draft.pick((9, 12, 15))
    angles = np.linspace(0, np.pi, draft.n(26, 16))
    outline = np.stack([np.cos(angles), np.sin(angles)], axis=1) * radius
    body = from_above(extrude(outline, thick, 0.0010, 1))
    flesh = mix(draft.rgb, (226, 56, 58), 0.7) if draft.color == "red" else mix(draft.rgb, (248, 206, 70), 0.6)
    n = 2 * draft.size
    x, y = ((np.arange(n) + 0.5) / n * 2 - 1)[None], 1 - (np.arange(n) + 0.5)[:, None] / n
    away = np.hypot(x, y)
    image = materials.mottled(draft.stream("flesh"), n, flesh, 0.10, 22)
    rim = np.clip((away - 0.70) / 0.14, 0, 1)[..., None]
    image = image * (1 - rim) + np.asarray((244, 244, 214)) * rim
    image = np.where((away > 0.89)[..., None], np.asarray((150, 196, 104), dtype=float), image)
    image = np.where((away > 0.935)[..., None], np.asarray((34, 98, 44), dtype=float), image)
    stream = draft.stream("seeds")
    for index in range(seeds):
        turn = np.pi * (index + 0.5) / seeds + float(stream.uniform(-0.06, 0.06))
        reach = (0.62, 0.42, 0.54)[index % 3] + float(stream.uniform(-0.03, 0.03))
        center = (0.5 + 0.5 * reach * float(np.cos(turn)), reach * float(np.sin(turn)))
        image = materials.dotted(image, (36, 24, 20), center, 0.012, 0.030)
    return Design(
        [Part(body, draft.textured("food", materials.encoded(image, 40), 0.5))],
        [hull_of(body)],
        "half-round slice of watermelon with seeds and a green rind",
        materials=("food",),
    )


@category("mango", ("orange", "yellow", "green", "red"), ("object",), also=("papaya", "ripe mango", "tropical fruit"))
def mango(draft: Draft) -> Design:
    x, y, z = draft.uniform(0.038, 0.044), draft.uniform(0.0250, 0.0285), draft.uniform(0.0220, 0.0250)
    hook = draft.uniform(0.10, 0.22)
    ball = ellipsoid(x, y, z, draft.n(26), draft.n(18))

    def kidney(points: np.ndarray) -> np.ndarray:
        at = points[:, 0] / x
        wide = 1.0 - 0.16 * np.clip(at, 0, 1) ** 1.5 + 0.04 * np.clip(-at, 0, 1)
        bend = hook * y * (at**2) * np.where(at > 0, 1.0, 0.35)
        return np.stack([points[:, 0], points[:, 1] * wide + bend, points[:, 2] * wide], axis=1)

    body = ball.warped(kidney, 75.0)
    low = float(body.bounds[0, 2]) + 0.0024
    body = flattened(body, low).moved(z=-low)
    base, blush = {
        "orange": ((244, 158, 44), (206, 52, 44)),
        "yellow": ((246, 200, 66), (240, 132, 48)),
        "green": ((122, 164, 62), (226, 176, 66)),
        "red": ((196, 52, 44), (244, 166, 56)),
    }[draft.color]
    n = draft.size
    cloud = (
        materials.noise(draft.stream("blush"), n, n, 2, 3) * 0.7
        + materials.noise(draft.stream("fine"), n, n, 10, 10) * 0.3
    )
    share = np.clip((cloud - 0.48) * 3.4, 0, 1)[..., None]
    image = np.asarray(mix(draft.rgb, base, 0.75)) * (1 - share) + np.asarray(blush) * share
    for at in draft.stream("specks").random((60, 2)):
        image = materials.dotted(image, shade(base, 1.3), (float(at[0]), float(at[1])), 0.006, 0.006)
    stem = sweep(
        np.array([[-x + 0.003, 0, -low], [-x - 0.002, 0, -low + 0.0006], [-x - 0.006, 0, -low + 0.002]]),
        circle(8),
        np.array([0.004, 0.0022, 0.0024]),
    )
    return Design(
        [
            Part(body, draft.textured("food", materials.encoded(image), 0.4)),
            Part(smooth(stem.moved(y=0.35 * hook * y)), draft.plain("wood", (96, 76, 44), 0.9)),
        ],
        [standing_hull(body)],
        "ripe {color} mango",
        materials=("food",),
    )


@category(
    "plum",
    ("purple", "red", "yellow", "blue"),
    ("object",),
    also=(
        "prune",
        "damson",
    ),
)
def plum(draft: Draft) -> Design:
    x, y, z = draft.uniform(0.0235, 0.0275), draft.uniform(0.0215, 0.0240), draft.uniform(0.0205, 0.0230)
    ball = ellipsoid(y, z, x, draft.n(26), draft.n(16))

    def cleft(points: np.ndarray) -> np.ndarray:
        angle = np.arctan2(points[:, 1], points[:, 0] * z / y)
        groove = 1.0 - 0.11 * np.exp(-(((angle - 1.0) / 0.20) ** 2))
        end = 1.0 - 0.10 * np.exp(-((np.hypot(points[:, 0], points[:, 1]) / (0.30 * y)) ** 2))
        return points * np.stack([groove, groove, end], axis=1)

    body = ball.warped(cleft, 75.0).rotated("y", 90.0)
    low = float(body.bounds[0, 2]) + 0.0022
    body = flattened(body, low).moved(z=-low)
    color: Rgb = {"purple": (92, 36, 92), "red": (158, 30, 52), "yellow": (240, 190, 60), "blue": (58, 56, 118)}[
        draft.color
    ]
    color = mix(draft.rgb, color, 0.7)
    skin = fruit_skin(draft, color, mix(color, (220, 200, 226), 0.28), 0.5, mix(color, (240, 220, 230), 0.3), 0.45)
    twig = stalk(draft, 0.0, 0.010, 0.0013).surface.rotated("y", 90.0).moved(x=0.90 * x, z=-low)
    return Design(
        [Part(body, skin), Part(smooth(twig), draft.plain("wood", (104, 80, 44), 0.9))],
        [standing_hull(body), hull_of(twig)],
        "plum with a soft crease",
        materials=("food",),
    )


@category(
    "cherry",
    ("red", "black", "yellow"),
    ("object",),
    label="pair of cherries",
    also=("cherry", "cherries", "cherry pair"),
)
def cherry(draft: Draft) -> Design:
    radius, apart = draft.uniform(0.0135, 0.0155), draft.uniform(1.02, 1.12)
    reach, rise = draft.uniform(0.040, 0.048), draft.uniform(0.004, 0.010)
    ball = ellipsoid(radius, radius, 0.95 * radius, draft.n(22), draft.n(14))

    def dimple(points: np.ndarray) -> np.ndarray:
        near = np.hypot(points[:, 0] + 0.3 * radius, points[:, 1]) / (0.42 * radius)
        dip = np.where(points[:, 2] > 0, 1 - 0.22 * np.exp(-(near**2)), 1.0)
        return points * np.stack([np.ones_like(dip), np.ones_like(dip), dip], axis=1)

    low = -0.95 * radius + 0.0018
    one = flattened(ball.warped(dimple, 75.0), low).moved(z=-low)
    fruits = [one.moved(y=side * apart * radius) for side in (1, -1)]
    top = -low + 0.72 * radius
    end = (-reach, 0.004, 0.004 + rise)
    stems = [
        sweep(
            spline(
                [
                    (-0.3 * radius, side * apart * radius, top - 0.001),
                    (-0.55 * reach, side * 0.6 * radius, top + 0.35 * rise),
                    end,
                ],
                draft.n(10),
            ),
            circle(6) * 0.0012,
        )
        for side in (1, -1)
    ]
    knob = ellipsoid(0.0026, 0.0030, 0.0024, 8, 6).moved(*end)
    color = {"red": (170, 18, 34), "black": (66, 12, 26), "yellow": (244, 186, 80)}[draft.color]
    pieces: list[Piece] = [*(standing_hull(fruit) for fruit in fruits), hull_of(*stems)]
    return Design(
        [
            Part(
                joined(fruits), fruit_skin(draft, mix(draft.rgb, color, 0.8), shade(color, 0.75), 0.7, roughness=0.15)
            ),
            Part(smooth(joined([*stems, knob])), draft.plain("food", (104, 132, 52), 0.8)),
        ],
        pieces,
        "pair of {color} cherries on their stems",
        materials=("food",),
    )

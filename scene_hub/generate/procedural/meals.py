"""Meals from the hand: burgers, sandwiches, sushi, fries."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Hull, Piece, box_between, hull_of
from scene_hub.generate.materials import Rgb, mix, shade
from scene_hub.generate.procedural.bakery import baked, crust_color, from_above, smooth
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.procedural.forms import level_rod
from scene_hub.generate.shapes import (
    Surface,
    box,
    circle,
    cylinder,
    extrude,
    flattened,
    joined,
    lathe,
    offset_outline,
    quad,
    rounded,
    rounded_box,
    rounded_rectangle,
    spline,
    sweep,
)

LETTUCE: Rgb = (106, 178, 58)
CHEDDAR: Rgb = (250, 178, 36)


def _frilled(draft: Draft, radius: float, z: float, waves: int) -> Surface:
    """A leaf of lettuce around the z axis, its edge wavy."""
    rim = np.array([(0, z), (0.7 * radius, z), (radius, z - 0.0006), (radius, z + 0.0008), (0, z + 0.0016)])
    leaf = lathe(rim, draft.n(36, 28))

    def wavy(points: np.ndarray) -> np.ndarray:
        angle = np.arctan2(points[:, 1], points[:, 0])
        near = (np.hypot(points[:, 0], points[:, 1]) / radius) ** 3
        grow = 1 - 0.03 * near * (1 - np.cos(2 * waves * angle + 1.0))
        return np.stack(
            [points[:, 0] * grow, points[:, 1] * grow, points[:, 2] + 0.0017 * near * np.sin(waves * angle)], axis=1
        )

    return leaf.warped(wavy, 70.0)


@category(
    "hamburger",
    ("brown", "beige"),
    ("object",),
    also=("burger", "cheeseburger", "beef burger", "chicken burger", "veggie burger"),
)
def hamburger(draft: Draft) -> Design:
    radius, low, meat = draft.uniform(0.0265, 0.0282), draft.uniform(0.010, 0.013), draft.uniform(0.0085, 0.011)
    dome, tomato = draft.uniform(0.018, 0.023), draft.chance(0.5)
    sides = draft.n(20)
    bottom = lathe(
        rounded([(0, 0), (0.94 * radius, 0, 0.005), (radius, 0.6 * low, 0.004), (0.96 * radius, low), (0, low)], 2),
        sides,
    )
    leaf = _frilled(draft, radius + 0.0016, low + 0.0016, 9)
    at = low + 0.003
    patty = lathe(
        rounded(
            [
                (0, at),
                (0.96 * radius, at, 0.002),
                (1.01 * radius, at + 0.5 * meat, 0.004),
                (0.95 * radius, at + meat, 0.002),
                (0, at + meat),
            ],
            draft.steps(2),
        ),
        sides,
    )
    at += meat
    square = rounded_rectangle(0.0222, 0.0222, 0.004, draft.steps(4))
    cheese = extrude(square, 0.0022).moved(z=at)
    droop = smooth(joined([_corner_of_cheese(turn, at, radius) for turn in range(4)]))
    at += 0.0022
    parts = [Part(joined([cheese, droop]), draft.plain("food", CHEDDAR, 0.5))]
    if tomato:
        slice_ = cylinder(0.95 * radius, 0.0036, sides).moved(z=at)
        parts.append(Part(slice_, draft.plain("food", (206, 50, 36), 0.4)))
        at += 0.0036
    curve = spline([(0.97, 0.0), (1.0, 0.16), (0.93, 0.52), (0.70, 0.83), (0.36, 0.97), (0.0, 1.0)], draft.n(10))
    curve[-1, 0] = 0.0
    top = lathe(np.concatenate([[(0, 0)], curve]), sides, crease=60.0).scaled(radius, radius, dome).moved(z=at)
    color = crust_color(draft)
    beef = draft.textured(
        "food", materials.encoded(materials.mottled(draft.stream("beef"), 48, (92, 50, 28), 0.5, 18)), 0.9
    )
    body = lathe(np.array([(0, low), (radius, low), (radius, at), (0, at)]), 16)
    return Design(
        [
            Part(
                smooth(bottom).projected(0.06),
                draft.textured("food", draft.texture(materials.mottled, color, 0.12), 0.8),
            ),
            Part(smooth(leaf), draft.plain("food", LETTUCE, 0.6)),
            Part(smooth(patty), beef),
            *parts,
            Part(from_above(top), baked(draft, color, 30)),
        ],
        [hull_of(bottom), hull_of(body), hull_of(top)],
        f"hamburger with lettuce, cheese{', tomato' if tomato else ''} and a {{color}} sesame bun",
        materials=("food",),
    )


def _corner_of_cheese(turn: int, z: float, radius: float) -> Surface:
    """A corner of a cheese slice that hangs down over the edge."""
    tip = np.array([radius + 0.0015, 0.0, z - 0.006])
    a, b = np.array([0.0205, -0.0085, z + 0.002]), np.array([0.0205, 0.0085, z + 0.002])
    c, d = np.array([radius + 0.0012, -0.0062, z - 0.0004]), np.array([radius + 0.0012, 0.0062, z - 0.0004])
    inner = np.array([-0.0016, 0.0, -0.0006])
    faces = [quad(a, c, d, b), quad(c, tip, tip, d), quad(c + inner, d + inner, tip + inner, tip + inner)]
    faces += [quad(c, c + inner, tip + inner, tip), quad(tip, tip + inner, d + inner, d)]
    return joined(faces).rotated("z", 45.0 + 90.0 * turn)


@category(
    "hot_dog", ("brown", "beige"), ("object",), also=("hotdog", "sausage in a bun", "frankfurter", "sausage roll")
)
def hot_dog(draft: Draft) -> Design:
    length, radius = draft.uniform(0.104, 0.122), draft.uniform(0.0140, 0.0158)
    sausage, apart = draft.uniform(0.0098, 0.0112), draft.uniform(0.0112, 0.0128)
    red = draft.chance(0.35)
    s = np.linspace(0, 1, draft.n(14))
    away = np.abs(2 * s - 1)
    x = np.sign(2 * s - 1) * away**0.75  # closer together at the round ends
    fat = np.sqrt(np.clip(1 - away**5, 0.04, 1))
    halves = [
        level_rod(np.stack([x * length / 2, np.full(len(s), side * apart)], axis=1), radius * fat, draft.n(14), 0.0022)
        for side in (1, -1)
    ]
    reach = 1.14 * length / 2
    rod = sweep(
        np.stack([x * reach, 0 * x, radius + 0.0075 - 0.002 * x**2], axis=1), circle(draft.n(14)) * sausage, fat
    )
    waves = np.linspace(-1, 1, draft.n(32, 24))
    line = np.stack(
        [
            waves * 0.84 * reach,
            0.0046 * np.sin(waves * 17.0),
            radius + 0.0075 + 0.92 * sausage - 0.002 * waves**2,
        ],
        axis=1,
    )
    sauce = smooth(sweep(line, circle(6) * 0.0021))
    color = crust_color(draft)
    bun = from_above(smooth(joined(halves)))
    meat = draft.textured("food", draft.texture(materials.mottled, (176, 74, 42), 0.14, 10), 0.35)
    return Design(
        [
            Part(bun, baked(draft, color)),
            Part(smooth(rod), meat),
            Part(sauce, draft.plain("food", (206, 32, 26) if red else (248, 196, 24), 0.35)),
        ],
        [*(hull_of(half) for half in halves), hull_of(rod)],
        f"hot dog in a {{color}} bun with {'ketchup' if red else 'mustard'}",
        materials=("food",),
    )


@category(
    "sandwich",
    ("beige", "brown"),
    ("object",),
    also=("sub", "ham sandwich", "cheese sandwich", "toasted sandwich", "club sandwich"),
)
def sandwich(draft: Draft) -> Design:
    x, y, bread = draft.uniform(0.034, 0.042), draft.uniform(0.0225, 0.0262), draft.uniform(0.0100, 0.0125)
    corner = draft.uniform(0.004, 0.009)
    outline = rounded_rectangle(x, y, corner, draft.steps(4))
    crumb = mix(draft.rgb, (246, 226, 180), 0.5) if draft.color == "beige" else mix(draft.rgb, (190, 132, 76), 0.6)
    slab = extrude(outline, bread, 0.002, draft.steps(2))
    z, layers = bread, []
    fillings: list[tuple[Rgb, float, float]] = [
        (LETTUCE, 0.0026, 0.0022),
        ((232, 140, 130), 0.0030, 0.0006),
        (CHEDDAR, 0.0026, 0.0016),
    ]
    order = draft.pick(((0, 1, 2), (0, 2, 1), (2, 0, 1)))
    for index in order:
        color, thick, reach = fillings[index]
        layer = extrude(offset_outline(outline, reach - 0.0012), thick, 0.0008, 1)
        if index == 0:
            layer = _wavy_edge(draft, outline, reach, thick)
        layers.append(Part(layer.moved(z=z), draft.plain("food", color, 0.55)))
        z += thick
    height = z + bread
    n = draft.size
    image = materials.mottled(draft.stream("crumb"), n, crumb, 0.18, 26)
    crust = mix(draft.rgb, (176, 108, 48), 0.7)
    low = extrude(outline, bread, 0.002, 1)
    inside = extrude(offset_outline(outline, -0.0024), 0.0006).moved(z=height - 0.0003)
    return Design(
        [
            Part(joined([low, slab.moved(z=z)]), draft.plain("food", crust, 0.85, density=300.0)),
            Part(from_above(inside), draft.textured("food", materials.encoded(image), 0.95)),
            *layers,
        ],
        [box_between((-x, -y, 0), (x, y, height))],
        "sandwich with ham, cheese and lettuce",
        materials=("food",),
    )


def _wavy_edge(draft: Draft, outline: np.ndarray, reach: float, thick: float) -> Surface:
    """A leaf between two slices of bread: a plate whose edge goes in and out."""
    dense = spline(outline.tolist(), draft.n(72, 40), closed=True)
    waves = np.where(np.arange(len(dense)) % 4 < 2, reach, -0.0014)
    away = dense / np.linalg.norm(dense, axis=1, keepdims=True)
    return extrude(dense + away * waves[:, None], thick)


@category(
    "sushi",
    ("orange", "red", "white", "yellow", "pink"),
    ("object",),
    also=("nigiri", "piece of sushi", "sushi roll", "sushi piece"),
)
def sushi(draft: Draft) -> Design:
    long, wide, rice = draft.uniform(0.026, 0.031), draft.uniform(0.0125, 0.0148), draft.uniform(0.020, 0.024)
    thick, band = draft.uniform(0.0055, 0.0070), draft.chance(0.4) or draft.color == "yellow"
    n = draft.size
    grains = materials.canvas((240, 238, 228), n, n)
    stream = draft.stream("rice")
    for index in range(150):
        u, v = stream.random(2)
        long_u, long_v = ((0.045, 0.016), (0.016, 0.045))[index % 2]
        tint = shade((250, 249, 244), float(stream.uniform(0.86, 1.0)))
        grains = materials.dotted(grains, tint, (float(u), float(v)), long_u, long_v)
    core = rounded_box(2 * long, 2 * wide, rice, 0.0085, draft.steps(4))
    half = np.linspace(-1, 1, draft.n(10))
    over = wide * 1.08
    arch = np.stack([half * over, -0.0058 * np.abs(half) ** 2.6], axis=1)
    section = np.concatenate([arch + np.array([0, 0]), arch[::-1] * np.array([1.02, 1.0]) + np.array([0, thick])])
    x = np.linspace(-1, 1, draft.n(14))
    path = np.stack([x * (long + 0.0045), 0 * x, rice - 0.0012 - 0.0075 * np.abs(x) ** 3.4], axis=1)
    width = np.interp(np.abs(x), [0, 0.7, 0.92, 1.0], [1.0, 0.97, 0.84, 0.62])
    fish = sweep(path, section, np.stack([width, np.interp(np.abs(x), [0, 0.8, 1], [1, 0.95, 0.6])], axis=1))
    color = {
        "orange": (246, 128, 72),
        "red": (196, 44, 52),
        "white": (244, 236, 226),
        "yellow": (250, 204, 72),
        "pink": (246, 150, 138),
    }[draft.color]
    base = mix(draft.rgb, color, 0.8)
    u, v = (np.arange(n) + 0.5)[None] / n, 1 - (np.arange(n) + 0.5)[:, None] / n
    streaks = ((v * 8.0 + 2.4 * np.abs(u - 0.5) + 0.12 * materials.noise(draft.stream("fat"), n, n, 6, 6)) % 1.0) < 0.16
    image = materials.canvas(base, n, n)
    if draft.color != "yellow":
        image[streaks] = mix(base, (255, 250, 240), 0.7)
    parts = [
        Part(core.projected(0.05), draft.textured("food", materials.encoded(grains), 0.7)),
        Part(fish, draft.textured("food", materials.encoded(image), 0.3)),
    ]
    if band:
        ring = sweep(
            np.array([[-0.006, 0, rice / 2], [0.006, 0, rice / 2]]),
            rounded_rectangle(over + 0.0006, rice / 2 + thick * 0.5 + 0.0008, 0.007, draft.steps(3)),
        ).moved(z=thick * 0.5)
        parts.append(Part(flattened(ring, 0.0), draft.plain("food", (26, 40, 30), 0.6)))
    return Design(
        parts,
        [hull_of(core), hull_of(fish)],
        f"piece of sushi with {{color}} topping{' and a band of seaweed' if band else ''}",
        materials=("food",),
    )


@category(
    "french_fries",
    ("red", "yellow", "orange", "green", "teal", "blue", "purple", "pink", "white", "black"),
    ("object",),
    label="box of fries",
    also=("french fries", "fries", "potato fries", "box of french fries", "carton of fries"),
)
def french_fries(draft: Draft) -> Design:
    wide, deep, tall = draft.uniform(0.0245, 0.0285), draft.uniform(0.0125, 0.0150), draft.uniform(0.040, 0.048)
    lean, count = draft.uniform(0.83, 0.92), draft.pick((13, 15, 17))
    n, color = draft.size, draft.rgb
    ink = materials.contrast_to(color) if draft.color != "red" else (250, 206, 40)
    image = materials.stripes(n, color, ink, 5, 0.3) if draft.chance(0.5) else materials.canvas(color, n, n)
    image = materials.dotted(image, ink, (0.5, 0.5), 0.26, 0.24)
    image = materials.dotted(image, color, (0.5, 0.5), 0.19, 0.17)
    carton = []
    for front in (-1, 1):
        top = tall + (0.006 if front > 0 else 0.0)
        rim = [(wide, tall), (0.5 * wide, top - 0.004), (0.0, top - 0.006), (-0.5 * wide, top - 0.004), (-wide, tall)]
        outline = np.array([(-wide * lean, 0), (wide * lean, 0), *rim])
        carton.append((front, outline))
    plates = []
    for front, outline in carton:
        plate = extrude(outline, 0.0010).rotated("x", 90.0)
        plates.append(plate.moved(y=front * deep + (0.001 if front > 0 else 0.0)))
    flank = quad(
        np.array([wide * lean, -deep, 0]),
        np.array([wide * lean, deep, 0]),
        np.array([wide, deep, tall]),
        np.array([wide, -deep, tall]),
    )
    shell = joined([*plates, flank, flank.mirrored("x"), box(2 * wide * lean, 2 * deep, 0.001)])
    stream = draft.stream("fries")
    sticks, side = [], 0.0062
    for index in range(count):
        column, row = index % 6, index // 6
        length = float(stream.uniform(0.016, 0.032))
        x, y = (column - 2.5) / 2.9 * (wide - side / 2), (row - 1) * 0.62 * deep
        turn = float(stream.uniform(-9, 9)) + 3.5 * (column - 2.5)
        fry = box(side, side, 0.024 + length).rotated("y", turn).rotated("x", float(stream.uniform(-5, 5)))
        sticks.append(fry.moved(x * 0.92, y, tall - 0.022))
    heap = joined(sticks)
    gold = draft.textured("food", draft.texture(materials.mottled, (240, 196, 92), 0.18, 8), 0.8, density=500.0)
    fill = box(2 * wide * lean - 0.002, 2 * deep - 0.002, 0.8 * tall).moved(z=0.001)
    hull = [(sx * w, sy * deep, z) for sx in (1, -1) for sy in (1, -1) for w, z in ((wide * lean, 0), (wide, tall))]
    pieces: list[Piece] = [Hull(np.array(hull)), hull_of(heap)]
    return Design(
        [
            Part(shell, draft.textured("cardboard", materials.encoded(image), 0.6)),
            Part(heap, gold),
            Part(fill, draft.plain("food", (214, 164, 70), 0.9, density=350.0)),
        ],
        pieces,
        "{color} carton of french fries",
        materials=("cardboard", "food"),
    )

"""From the pantry and the counter: bars, boxes and bags, bread with a hole, pies, pancakes, a slice of pizza, a taco."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import box_between, hull_of, standing_hull, turned_hull
from scene_hub.generate.materials import PAINT, Rgb, mix, shade
from scene_hub.generate.procedural.bakery import crust_color, from_above, smooth
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.procedural.forms import ring_pieces
from scene_hub.generate.shapes import (
    Surface,
    atlas_box,
    box,
    circle,
    cylinder,
    ellipsoid,
    extrude,
    flattened,
    joined,
    lathe,
    loft,
    rounded,
    rounded_box,
    rounded_rectangle,
    superellipse,
    sweep,
)


@category(
    "cream_cheese",
    PAINT,
    ("object", "stackable"),
    label="box of cream cheese",
    also=(
        "cream cheese",
        "cream cheese box",
        "cream cheese package",
        "packet of cream cheese",
        "pack of cream cheese",
        "soft cheese",
        "spread cheese",
    ),
    materials=("cardboard", "paper"),
)
def cream_cheese(draft: Draft) -> Design:
    x, y, tall = draft.uniform(0.046, 0.054), draft.uniform(0.0255, 0.0285), draft.uniform(0.030, 0.038)
    n, color = draft.size, draft.rgb
    pale: Rgb = (242, 241, 236) if draft.color not in ("white", "beige", "silver") else (40, 84, 160)
    ink = materials.contrast_to(color)
    face = materials.dotted(materials.canvas(color, n, n), pale, (0.5, 0.56), 0.43, 0.30)
    face = materials.printed(face, "CREAM", mix(color, (20, 30, 60), 0.4), (0.5, 0.66), 0.20, 0.62)
    face = materials.printed(face, "CHEESE", mix(color, (20, 30, 60), 0.4), (0.5, 0.46), 0.20, 0.66)
    face = materials.banded(face, [(0.0, 0.10, shade(color, 0.8)), (0.13, 0.15, ink)])
    side = materials.printed(materials.canvas(shade(color, 0.92), n, n), "SOFT", ink, (0.5, 0.5), 0.4, 0.8)
    front, flank = (0.004, 0.004, 0.496, 0.996), (0.504, 0.004, 0.996, 0.996)
    cells = {"top": front, "bottom": front, "front": flank, "back": flank, "left": flank, "right": flank}
    made = draft.substance("cardboard", "paper")
    image = materials.encoded(np.concatenate([face, side], axis=1))
    return Design(
        [Part(atlas_box(2 * x, 2 * y, tall, cells), draft.textured(made, image, 0.6, density=600.0))],
        [box_between((-x, -y, 0), (x, y, tall))],
        "{color} box of cream cheese",
        support=support("surface", tall, (x - 0.002, y - 0.002), tall),
    )


@category(
    "protein_bar",
    PAINT,
    ("object",),
    also=(
        "rxbar",
        "rx bar",
        "rxbar chocolate",
        "rxbar blueberry",
        "energy bar",
        "granola bar",
        "cereal bar",
        "muesli bar",
        "snack bar",
        "breakfast bar",
        "nut bar",
        "fruit bar",
        "power bar",
    ),
    materials=("plastic", "paper"),
)
def protein_bar(draft: Draft) -> Design:
    length, wide, tall = draft.uniform(0.088, 0.100), draft.uniform(0.0180, 0.0210), draft.uniform(0.0170, 0.0210)
    seal = 0.011
    x = np.array([0, seal - 0.002, seal, seal + 0.007, length / 2]) - length / 2
    thick = np.array([0.10, 0.10, 0.16, 0.92, 1.0]) * tall / 2
    across = np.array([1.0, 1.0, 0.99, 0.92, 0.95]) * wide
    x, thick, across = (np.concatenate([a, b[-2::-1]]) for a, b in ((x, -x), (thick, thick), (across, across)))
    unit = superellipse(draft.n(24), 3.6)
    path = np.c_[x, 0 * x, 0 * x]
    body = sweep(path, unit, np.stack([across, thick], axis=1))
    body = body.moved(z=-float(body.bounds[0, 2]))
    n, color = draft.size, draft.rgb
    ink, other = materials.contrast_to(color), draft.tint(draft.accent("white", "yellow", "red", "blue", "green"))
    label = materials.canvas(color, n, n)
    label[:, int(0.12 * n) : int(0.36 * n)] = other
    for edge in (slice(0, int(0.08 * n)), slice(int(0.92 * n), n)):
        label[:, edge] = shade(color, 0.72)
    label = materials.printed(
        label, draft.pick(("RX BAR", "OATS", "ENERGY", "PROTEIN", "NUTS")), ink, (0.63, 0.5), 0.34, 0.48
    )
    low, high = body.bounds
    flat = (body.triangles[..., :2] - low[:2]) / (high - low)[:2]
    printed = Surface(body.triangles, body.normals, 0.005 + 0.99 * flat)
    return Design(
        [Part(printed, draft.textured("plastic", materials.encoded(label), 0.35, draft.sheen, density=700.0))],
        [
            box_between((-length / 2 + seal, -0.96 * wide, 0), (length / 2 - seal, 0.96 * wide, tall)),
            box_between((-length / 2, -wide, 0.44 * tall), (length / 2, wide, 0.56 * tall)),
        ],
        "{color} wrapped protein bar",
        least_mass=0.03,
        materials=("plastic",),
    )


@category("bagel", ("brown", "beige"), ("object",), also=("sesame bagel", "plain bagel", "bread ring", "poppy bagel"))
def bagel(draft: Draft) -> Design:
    outer, tube = draft.uniform(0.0270, 0.0288), draft.uniform(0.0118, 0.0128)
    middle, rise, flat = outer - tube, draft.uniform(1.05, 1.22) * tube, 0.0025
    style = draft.pick(("sesame seeds", "poppy seeds", "a plain crust"))
    ring = np.c_[circle(draft.n(28)) * middle, np.zeros(draft.n(28))]
    dough = sweep(ring, circle(draft.n(14)) * np.array([tube, rise]), closed=True)
    dough = flattened(dough, -rise + flat).moved(z=rise - flat)
    n, color = draft.size, crust_color(draft)
    at = (np.arange(n) + 0.5) / n * 2 - 1
    away = np.hypot(at[:, None], at[None])
    cloud = materials.noise(draft.stream("crust"), n, n, 7, 7)
    dark = np.clip(1.0 - np.abs(away - 0.56) * 1.9 + 0.3 * (cloud - 0.5), 0, 1)[..., None]
    image = np.asarray(mix(color, (250, 222, 160), 0.45)) * (1 - dark) + np.asarray(shade(color, 0.84)) * dark
    stream = draft.stream("seeds")
    for _ in range(0 if style == "a plain crust" else 90):
        turn, radius = stream.uniform(0, 2 * np.pi), 0.5 * stream.uniform(0.38, 0.80)
        fill, size = ((250, 236, 198), (0.016, 0.010)) if style == "sesame seeds" else ((48, 42, 46), (0.008, 0.008))
        image = materials.dotted(image, fill, (0.5 + radius * np.cos(turn), 0.5 + radius * np.sin(turn)), *size)
    return Design(
        [Part(from_above(dough), draft.textured("food", materials.encoded(image), 0.6))],
        ring_pieces(middle - 0.74 * tube, outer, 2 * rise - flat),
        f"{{color}} bagel with {style}",
        materials=("food",),
    )


@category(
    "pizza_slice",
    ("red", "yellow", "orange", "white"),
    ("object",),
    label="slice of pizza",
    also=("pizza slice", "pizza", "piece of pizza", "pepperoni pizza", "cheese pizza", "pizza piece"),
)
def pizza_slice(draft: Draft) -> Design:
    reach, half, thick = draft.uniform(0.072, 0.084), draft.uniform(0.0215, 0.0245), draft.uniform(0.0185, 0.0215)
    edge, topping = draft.uniform(0.0112, 0.0126), draft.pick(("pepperoni", "pepperoni", "olives", "basil"))
    blunt = 0.52 * half
    outline = rounded(
        [(-reach, -blunt, 0.003), (0, -half), (0.003, 0), (0, half), (-reach, blunt, 0.003)],
        draft.steps(3),
        closed=True,
    )
    base = extrude(outline, 0.88 * thick, 0.0016, 1)
    top = extrude(
        0.98 * (outline + np.array([0.46 * reach, 0])) - np.array([0.46 * reach, 0]), 0.0042, 0.0014, draft.steps(2)
    )
    top = top.moved(z=0.88 * thick - 0.001)
    curve = np.c_[0.004 + 0.004 * np.cos(np.linspace(-1, 1, 9) * 1.4), np.linspace(-1, 1, 9) * (half - 0.001)]
    path = np.c_[curve, np.full(9, edge - 0.0022)]
    rim = flattened(
        sweep(path, circle(draft.n(14)) * edge, np.interp(np.abs(np.linspace(-1, 1, 9)), [0, 0.8, 1], [1, 1, 0.86])),
        0.0,
    )
    tall = 0.88 * thick + 0.0032
    cloud = materials.noise(draft.stream("cheese"), draft.size, draft.size, 6, 6)[..., None]
    sauce = {"red": (206, 62, 32), "yellow": (246, 194, 72), "orange": (236, 130, 46), "white": (244, 232, 206)}[
        draft.color
    ]
    sauce = mix(draft.rgb, sauce, 0.7)
    melted = np.asarray(mix(sauce, (250, 214, 110), 0.75), dtype=float)
    image = np.asarray(sauce, dtype=float) * (cloud > 0.52) + melted * (cloud <= 0.52)
    bits: list[Surface] = []
    spots = ((-0.24, 0.42), (-0.30, -0.44), (-0.52, 0.04), (-0.72, -0.06))
    for u, v in spots:
        wide = half * (1 + u * 0.76)
        if topping == "pepperoni":
            bit = cylinder(0.0078 if u > -0.6 else 0.0058, 0.0022, draft.n(16), 0.0007, 1)
        elif topping == "olives":
            ring = np.c_[circle(draft.n(12)) * 0.0034, np.full(draft.n(12), 0.0012)]
            bit = sweep(ring, circle(6) * 0.0016, closed=True)
        else:
            bit = ellipsoid(0.0080, 0.0042, 0.0016, draft.n(12), 6).rotated("z", 140.0 * v)
        bits.append(bit.moved(u * reach, v * wide, tall - 0.0006))
    hue: Rgb = {"pepperoni": (170, 42, 30), "olives": (40, 36, 40), "basil": (58, 128, 48)}[topping]
    crust = crust_color(draft) if draft.color in ("brown", "beige") else (216, 154, 84)
    dough = draft.textured("food", draft.texture(materials.mottled, crust, 0.2), 0.8)
    return Design(
        [
            Part(joined([base, smooth(rim)]).projected(0.05), dough),
            Part(from_above(top), draft.textured("food", materials.encoded(image), 0.5)),
            Part(joined(bits), draft.plain("food", hue, 0.5)),
        ],
        [hull_of(base, top), hull_of(rim)],
        f"slice of pizza with {topping}",
        materials=("food",),
    )


@category(
    "taco",
    ("yellow", "beige", "brown", "orange"),
    ("object",),
    also=("beef taco", "taco shell", "tacos", "crunchy taco", "tortilla"),
)
def taco(draft: Draft) -> Design:
    radius, wide, lean = draft.uniform(0.040, 0.046), draft.uniform(0.0130, 0.0155), draft.uniform(9.0, 13.0)
    turn = np.linspace(0, np.pi, draft.n(22))
    half = np.c_[radius * 1.15 * np.cos(turn), radius * np.sin(turn)]
    # Two half rounds that lean apart from a rounded fold, which is pressed flat where it rests.
    sheet = extrude(half, 0.0026).rotated("x", 90.0)
    walls = [sheet.moved(y=0.0013).rotated("x", -s * lean).moved(y=s * (wide - 0.004), z=0.005) for s in (1, -1)]
    fold = sweep(
        np.array([[-radius * 1.12, 0, 0], [radius * 1.12, 0, 0]]),
        superellipse(draft.n(16), 2.4) * np.array([wide, 0.012]),
    )
    fold = flattened(fold, -0.009).moved(z=0.009)
    stream = draft.stream("filling")
    leaves, meat, red = list[Surface](), list[Surface](), list[Surface]()
    for index, x in enumerate(np.linspace(-0.80, 0.80, 11)):
        high = radius * np.sqrt(max(0.0, 1 - x * x)) * 0.96 + 0.004
        group = (leaves, meat, red)[index % 3]
        y, size = float(stream.uniform(-0.35, 0.35)) * wide, float(stream.uniform(0.0075, 0.0100))
        blob = ellipsoid(1.15 * size, 0.9 * size, 0.8 * size, draft.n(8), draft.n(6, 4))
        group.append(blob.moved(x * radius * 1.05, y, high - 0.003))
    inner = extrude(0.93 * half, 2 * wide - 0.006).rotated("x", 90.0).moved(y=wide - 0.003, z=0.006)
    corn = {"yellow": (240, 192, 84), "beige": (232, 206, 154), "brown": (190, 130, 70), "orange": (230, 150, 60)}[
        draft.color
    ]
    shell = draft.textured("food", draft.texture(materials.mottled, mix(draft.rgb, corn, 0.75), 0.24, 10), 0.75)
    return Design(
        [
            Part(joined([*walls, fold]).projected(0.06), shell),
            Part(
                joined([inner, *meat]),
                draft.textured("food", draft.texture(materials.mottled, (112, 62, 34), 0.4), 0.85, density=450.0),
            ),
            Part(joined(leaves), draft.plain("food", (112, 180, 62), 0.6)),
            Part(joined(red), draft.plain("food", (206, 58, 40), 0.45)),
        ],
        [standing_hull(fold), *(hull_of(wall) for wall in walls), hull_of(inner), hull_of(*leaves, *meat, *red)],
        "taco with meat, lettuce and tomato in a {color} shell",
        materials=("food",),
    )


@category(
    "pie",
    ("brown", "red", "orange", "yellow", "purple", "blue", "green", "pink", "white", "beige"),
    ("object",),
    also=(
        "small pie",
        "apple pie",
        "cherry pie",
        "pumpkin pie",
        "blueberry pie",
        "tart",
        "fruit tart",
        "mini pie",
        "quiche",
    ),
)
def pie(draft: Draft) -> Design:
    radius, tall = draft.uniform(0.0272, 0.0290), draft.uniform(0.019, 0.025)
    lattice, waves = draft.chance(0.6), draft.pick((8, 10))
    shell = lathe(
        rounded(
            [(0, 0), (0.76 * radius, 0, 0.002), (0.95 * radius, 0.72 * tall), (radius, 0.86 * tall, 0.002),
             (0.97 * radius, tall, 0.003), (0.80 * radius, 0.94 * tall, 0.002), (0.78 * radius, 0.72 * tall), (0, 0.72 * tall)],
            draft.steps(2),
        ),
        draft.n(32, 24),
    )  # fmt: skip

    def crimped(points: np.ndarray) -> np.ndarray:
        angle = np.arctan2(points[:, 1], points[:, 0])
        near = np.clip((np.hypot(points[:, 0], points[:, 1]) / radius - 0.7) / 0.3, 0, 1)
        lift = 0.0014 * near * np.sin(waves * angle) * (points[:, 2] > 0.8 * tall)
        grow = (1 - 0.02 * near * (1 - np.sin(waves * angle)))[:, None]
        return np.c_[points[:, :2] * grow, points[:, 2] + lift]

    filling = lathe(
        np.array([(0, 0.6 * tall), (0.80 * radius, 0.6 * tall), (0.80 * radius, 0.80 * tall), (0, 0.90 * tall)]),
        draft.n(28),
    )
    strips: list[Surface] = []
    if lattice:
        for turn in (35.0, 125.0):
            for at in (-0.44, 0.0, 0.44):
                length = 2 * 0.82 * radius * np.sqrt(1 - at * at)
                strip = extrude(rounded_rectangle(length / 2, 0.0028, 0.001, 1), 0.0030).moved(
                    y=at * radius, z=0.83 * tall + (turn > 90) * 0.0010
                )
                strips.append(strip.rotated("z", turn))
    crust = draft.textured("food", draft.texture(materials.mottled, (212, 152, 82), 0.2), 0.8)
    fruit = draft.textured("food", draft.texture(materials.mottled, mix(draft.rgb, (150, 60, 30), 0.18), 0.22, 9), 0.3)
    return Design(
        [
            Part(joined([shell.warped(crimped, 60.0).projected(0.05), *strips]), crust),
            Part(from_above(filling), fruit),
        ],
        [
            turned_hull(
                np.array(
                    [(0.76 * radius, 0), (0.95 * radius, 0.72 * tall), (radius, 0.90 * tall), (0.97 * radius, tall)]
                ),
                20,
            )
        ],
        f"small round pie with {{color}} filling{' under a lattice' if lattice else ''}",
        materials=("food",),
    )


@category(
    "pancakes",
    ("brown", "beige"),
    ("object",),
    label="stack of pancakes",
    also=(
        "pancakes",
        "pancake",
        "pancake stack",
        "hotcakes",
        "flapjacks",
        "hotcake",
        "crepe",
        "pile of pancakes",
    ),
)
def pancakes(draft: Draft) -> Design:
    radius, thick = draft.uniform(0.0270, 0.0290), draft.uniform(0.0070, 0.0088)
    count, syrup = draft.pick((3, 4)), draft.chance(0.6)
    color = crust_color(draft)
    disc = lathe(
        rounded(
            [
                (0, 0),
                (0.96 * radius, 0, 0.002),
                (radius, 0.5 * thick, 0.002),
                (0.96 * radius, thick, 0.002),
                (0, thick),
            ],
            1,
        ),
        draft.n(22),
    )
    shifts = draft.stream("stack").uniform(-0.0010, 0.0010, (count, 2))
    layers = [disc.moved(float(a), float(b), k * thick) for k, (a, b) in enumerate(shifts)]
    tall = count * thick
    n = draft.size
    at = (np.arange(n) + 0.5) / n * 2 - 1
    away = np.hypot(at[:, None], at[None])[..., None]
    cloud = materials.noise(draft.stream("crust"), n, n, 8, 8)[..., None]
    pale, dark = np.asarray(mix(color, (248, 218, 150), 0.55)), np.asarray(shade(color, 0.88))
    image = np.where(away > 0.93, pale, dark * (0.88 + 0.24 * cloud))
    faces = [from_above(layer) for layer in layers]
    edges = lathe(
        np.array(
            [
                (0.97 * radius, 0.002),
                (1.004 * radius, 0.3 * thick),
                (1.004 * radius, 0.7 * thick),
                (0.97 * radius, thick - 0.002),
            ]
        ),
        draft.n(24),
    )
    rims = joined([edges.moved(float(a), float(b), k * thick) for k, (a, b) in enumerate(shifts)])
    pat = rounded_box(0.014, 0.013, 0.006, 0.002, draft.steps(2)).rotated("z", 25.0).moved(z=tall)
    parts = [
        Part(joined(faces), draft.textured("food", materials.encoded(image), 0.8)),
        Part(rims, draft.plain("food", mix(color, (250, 224, 164), 0.6), 0.9)),
        Part(pat, draft.plain("food", (250, 226, 120), 0.4)),
    ]
    if syrup:
        pool = extrude(superellipse(draft.n(24), 2.0) * np.array([0.62, 0.54]) * radius, 0.0012, 0.0005, 1).moved(
            z=tall - 0.0003
        )
        runs = [box(0.007, 0.0024, h).moved(y=1.0 * radius, z=tall - h).rotated("z", t)
                for t, h in ((20.0, 0.012), (140.0, 0.017), (255.0, 0.010))]  # fmt: skip
        arms = [box(0.007, 0.5 * radius, 0.0014).moved(y=0.76 * radius, z=tall - 0.0004).rotated("z", t)
                for t in (20.0, 140.0, 255.0)]  # fmt: skip
        parts.append(Part(joined([pool, *runs, *arms]), draft.plain("food", (150, 78, 22), 0.15)))
    return Design(
        parts,
        [
            turned_hull(
                np.array(
                    [(0.97 * radius, 0), (1.01 * radius, 0.003), (1.01 * radius, tall - 0.003), (0.97 * radius, tall)]
                ),
                20,
            ),
            hull_of(pat),
        ],
        f"stack of {{color}} pancakes with butter{' and syrup' if syrup else ''}",
        materials=("food",),
    )


@category(
    "waffle",
    ("brown", "beige", "yellow"),
    ("object",),
    also=("belgian waffle", "square waffle", "waffles", "toaster waffle"),
)
def waffle(draft: Draft) -> Design:
    half, thick = draft.uniform(0.0265, 0.0285), draft.uniform(0.0155, 0.0190)
    cells, wall = draft.pick((3, 4)), 0.0042
    base = rounded_box(2 * half, 2 * half, thick - 0.005, 0.003, draft.steps(2))
    bars: list[Surface] = []
    for at in np.linspace(-1, 1, cells + 1) * (half - 0.0032):
        bar = box(2 * half - 0.002, wall, 0.0080).moved(y=float(at), z=thick - 0.0080)
        bars += [bar, bar.rotated("z", 90.0)]
    color = crust_color(draft) if draft.color != "yellow" else mix(draft.rgb, (228, 176, 84), 0.7)
    dark = draft.textured("food", draft.texture(materials.mottled, shade(color, 0.80), 0.16), 0.8)
    light = draft.textured("food", draft.texture(materials.mottled, color, 0.12), 0.8)
    return Design(
        [Part(base.projected(0.04), dark), Part(joined(bars).projected(0.04), light)],
        [box_between((-half, -half, 0), (half, half, thick))],
        "square {color} waffle",
        materials=("food",),
    )


@category(
    "tofu",
    ("white", "beige", "yellow", "brown"),
    ("object",),
    label="block of tofu",
    also=("tofu", "tofu block", "bean curd", "piece of tofu", "feta", "feta cheese"),
)
def tofu(draft: Draft) -> Design:
    x, y, tall = draft.uniform(0.034, 0.042), draft.uniform(0.0235, 0.0275), draft.uniform(0.028, 0.036)
    body = rounded_box(2 * x, 2 * y, tall, 0.003, draft.steps(3))
    n = draft.size
    image = materials.mottled(draft.stream("curd"), n, mix(draft.rgb, (248, 242, 224), 0.4), 0.08, 14)
    stream = draft.stream("pits")
    for _ in range(34):
        u, v = (float(value) for value in stream.random(2))
        image = materials.dotted(image, shade(mix(draft.rgb, (240, 230, 206), 0.4), 0.90), (u, v), 0.012, 0.012)
    return Design(
        [Part(body.projected(0.05), draft.textured("food", materials.encoded(image), 0.5))],
        [box_between((-x, -y, 0), (x, y, tall))],
        "smooth {color} block of tofu",
        materials=("food",),
    )


@category(
    "flour_bag",
    PAINT,
    ("object",),
    label="bag of flour",
    also=(
        "flour bag",
        "flour",
        "bag of sugar",
        "sugar bag",
        "sugar",
        "bag of rice",
        "rice bag",
        "rice",
        "bag of oats",
        "oatmeal",
        "oats",
        "paper bag",
        "sack of flour",
        "baking flour",
    ),
    materials=("paper", "plastic"),
)
def flour_bag(draft: Draft) -> Design:
    x, y, tall = draft.uniform(0.030, 0.036), draft.uniform(0.0225, 0.0265), draft.uniform(0.078, 0.094)
    n, color = draft.size, draft.rgb
    levels = np.array([0.0, 0.04, 0.45, 0.84, 0.93, 0.985, 1.0])
    wide, deep = np.array([0.95, 1.0, 1.0, 0.98, 0.97, 0.96, 0.95]), np.array([0.94, 1.0, 1.03, 0.94, 0.55, 0.34, 0.30])
    unit = superellipse(draft.n(32), 6.0)
    rings = np.stack(
        [
            np.c_[unit * np.array([x * a, y * b]), np.full(len(unit), tall * v)]
            for a, b, v in zip(wide, deep, levels, strict=True)
        ]
    )
    foot, head = (np.broadcast_to(ring.mean(axis=0), ring.shape)[None] for ring in (rings[0], rings[-1]))
    body = loft(np.concatenate([foot, rings, head]), crease=45.0)
    ink, other = materials.contrast_to(color), draft.tint(draft.accent("white", "yellow", "red", "blue"))
    face = materials.banded(materials.canvas(color, n, n), [(0.0, 0.10, mix(color, ink, 0.3)), (0.80, 0.83, ink)])
    face = materials.dotted(face, other, (0.5, 0.46), 0.40, 0.24)
    face = materials.printed(
        face, draft.pick(("FLOUR", "SUGAR", "RICE", "OATS")), (40, 34, 34), (0.5, 0.46), 0.20, 0.66
    )
    low, high = body.bounds
    flat = (body.triangles - low) / (high - low)
    behind = body.normals[..., 1].mean(axis=1) > 0
    u = np.where(behind[:, None], 1 - flat[..., 0], flat[..., 0])
    printed = Surface(body.triangles, body.normals, 0.005 + 0.99 * np.stack([u, flat[..., 2]], axis=2))
    roll = rounded_box(1.86 * x, 0.66 * y, 0.008, 0.003, draft.steps(2)).moved(z=tall - 0.004)
    made = draft.substance("paper", "plastic")
    return Design(
        [
            Part(printed, draft.textured(made, materials.encoded(face), 0.85, density=650.0)),
            Part(roll, draft.plain(made, shade(color, 0.86), 0.9)),
        ],
        [hull_of(body), hull_of(roll)],
        "{color} paper bag with a folded top",
        materials=(made,),
    )

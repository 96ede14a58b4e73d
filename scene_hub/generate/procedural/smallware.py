"""Small and odd things of a kitchen: a bowl for the hand, a moka pot, cloths, brushes, a stove, a cabinet."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Piece, box_between, hull_of, turned_hull, vessel
from scene_hub.generate.materials import DYE, PAINT, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.procedural.forms import glazed, level_rod
from scene_hub.generate.procedural.solids import enamelled, painted, rectangle, trim
from scene_hub.generate.shapes import (
    Surface,
    box,
    circle,
    cylinder,
    ellipsoid,
    extrude,
    joined,
    lathe,
    rotation,
    rounded,
    rounded_box,
    rounded_rectangle,
    spline,
    superellipse,
    sweep,
)


@category(
    "small_bowl",
    PAINT,
    ("object", "stackable"),
    also=("bowl", "ramekin", "dip bowl", "sauce bowl", "dipping bowl", "prep bowl", "pinch bowl", "tiny bowl"),
    materials=("ceramic", "wood", "steel", "plastic", "glass", "stone", "copper", "paper"),
)
def small_bowl(draft: Draft) -> Design:
    # The foot is wider than the mouth of any other, so that each rests on the rim of another.
    radius, height = draft.uniform(0.0288, 0.0298), draft.uniform(0.029, 0.036)
    foot, lip, floor = draft.uniform(0.0240, 0.0246), 0.0066, 0.006
    belly = draft.uniform(0.34, 0.50) * height
    outside = spline([(foot + 0.0006, 0.003), (0.965 * radius, belly), (radius, 0.97 * height)], draft.n(8))
    edge = [(radius - 0.0008, height), (radius - lip + 0.0016, height), (radius - lip, height - 0.0012)]
    inside = spline(
        [(radius - lip, height - 0.003), (0.965 * radius - 0.0050, belly), (foot - 0.006, floor)], draft.n(7)
    )
    base = [(0, 0.0014), (foot - 0.0024, 0.0014), (foot - 0.0012, 0), (foot, 0)]
    profile = np.concatenate([base, outside, edge, inside, [(0, floor)]])
    pieces = vessel(
        [(foot, 0), (0.965 * radius, belly), (radius, height)],
        [(foot - 0.006, floor), (0.965 * radius - 0.0050, belly), (radius - lip, height)],
        12,
    )
    inner = 0.66 * (foot - 0.006)
    return Design(
        [Part(lathe(profile, draft.n(28)), glazed(draft, profile, pale_inside=False))],
        pieces,
        draft.pick(("small ceramic bowl", "small {color} bowl with a thick rim", "small round {color} dip bowl")),
        support=support("container", floor, (inner, inner), height),
        stack_support=support("surface", height, (radius, radius), height),
    )


@category(
    "moka_pot",
    PAINT,
    ("object",),
    also=(
        "moka",
        "mocha pot",
        "espresso maker",
        "espresso pot",
        "stovetop espresso maker",
        "coffee maker",
        "percolator",
        "coffee pot",
    ),
    materials=("steel", "copper"),
)
def moka_pot(draft: Draft) -> Design:
    base, waist = draft.uniform(0.0272, 0.0290), draft.uniform(0.0205, 0.0225)
    low, top = draft.uniform(0.040, 0.048), draft.uniform(0.046, 0.056)
    mouth = draft.uniform(0.0250, 0.0275)
    sides = draft.pick((8, 10))
    outline = circle(sides) @ rotation("z", 180.0 / sides)[:2, :2].T
    tall = low + top
    boiler = lathe(np.array([(0, 0), (base, 0), (waist, low), (0, low)]), sides, outline)
    jug = lathe(np.array([(0, low + 0.005), (waist, low + 0.005), (mouth, tall), (0, tall)]), sides, outline)
    ring = cylinder(waist + 0.0022, 0.008, draft.n(28), 0.0012, 1).moved(z=low - 0.0015)
    lid = lathe(
        np.array([(0, tall), (mouth + 0.001, tall), (mouth - 0.002, tall + 0.004), (0.005, tall + 0.011)]),
        sides,
        outline,
    )
    beak = np.array([(0.0, 0.0085), (-0.0110, 0.0), (0.0, -0.0085)])
    spout = extrude(beak, 0.020, taper=-0.002).moved(x=-0.90 * mouth, z=tall - 0.021)
    knob = lathe(
        rounded([(0, 0), (0.0036, 0), (0.0062, 0.008, 0.002), (0.0050, 0.014, 0.002), (0, 0.014)], 2), draft.n(12)
    )
    knob = knob.moved(z=tall + 0.009)
    reach = draft.uniform(0.028, 0.034)
    knots = [
        (0.90 * mouth, 0, tall - 0.006),
        (mouth + 0.55 * reach, 0, tall - 0.003),
        (mouth + reach, 0, tall - 0.016),
        (mouth + 0.86 * reach, 0, low + 0.004),
    ]
    section = rounded_rectangle(0.0036, 0.0055, 0.002, draft.steps(2))
    grip = sweep(spline(knots, draft.n(12)), section, up=(0, 1, 0))
    path = spline(knots, 7)
    rough = rectangle(0.0036, 0.0055)
    hulls: list[Piece] = [hull_of(sweep(path[a : a + 3], rough, up=(0, 1, 0))) for a in (0, 2, 4)]
    dark = draft.plastic(trim(draft))
    metal = draft.metal() if draft.color == "silver" else enamelled(draft)
    return Design(
        [
            Part(joined([boiler, jug, lid, spout]), metal),
            Part(ring, draft.metal((176, 178, 182))),
            Part(joined([grip, knob]), dark),
        ],
        [
            hull_of(boiler),
            turned_hull(np.array([(waist + 0.002, low - 0.001), (waist + 0.002, low + 0.006)])),
            hull_of(jug, lid),
            hull_of(spout),
            hull_of(knob),
            *hulls,
        ],
        "{color} moka pot with a dark handle",
        least_mass=0.15,
        materials=("steel", "plastic"),
        main="steel",
    )


@category(
    "folded_cloth",
    DYE,
    ("object",),
    also=(
        "cloth",
        "washcloth",
        "wash cloth",
        "face cloth",
        "rag",
        "dish rag",
        "dishcloth",
        "dish cloth",
        "cleaning cloth",
        "microfiber cloth",
        "towel",
        "small towel",
        "dish towel",
        "hand towel",
        "tea towel",
        "kitchen towel",
        "napkin",
        "handkerchief",
        "fabric",
    ),
    materials=("fabric", "felt"),
)
def folded_cloth(draft: Draft) -> Design:
    x, y, layer = draft.uniform(0.037, 0.046), draft.uniform(0.0250, 0.0285), draft.uniform(0.0058, 0.0074)
    layers = draft.pick((3, 4))
    style = draft.pick(("plain", "striped", "checked"))
    n, ink = draft.size, materials.contrast_to(draft.rgb)
    image = materials.fabric(draft.stream("cloth"), n, draft.rgb)
    if style == "striped":
        image = materials.banded(image, [(0.10, 0.15, ink), (0.19, 0.21, ink), (0.80, 0.82, ink), (0.86, 0.91, ink)])
    elif style == "checked":
        lines = materials.stripes(n, (255, 255, 255), shade(ink, 0.9), 6, 0.16)
        across = lines.transpose(1, 0, 2)
        image = np.where(np.minimum(lines, across) < 250, 0.55 * image + 0.45 * np.asarray(ink, dtype=float), image)
    # Each layer lies a little askew and rounds off towards the fold.
    sheet = rounded_box(2 * x, 2 * y, 1.06 * layer, 0.46 * layer, draft.steps(3))
    shifts = draft.stream("layers").uniform(-0.0014, 0.0014, (layers, 2))
    stack = [sheet.moved(x=float(dx), y=0.6 * float(dy), z=k * layer) for k, (dx, dy) in enumerate(shifts)]
    top = stack[-1]
    low, high = top.bounds
    flat = Surface(top.triangles, top.normals, (top.triangles[..., :2] - low[:2]) / (high - low)[:2])
    tall = layers * layer + 0.06 * layer
    fold = sweep(
        np.array([[-x + 0.001, -y, tall / 2], [-x + 0.001, y, tall / 2]]),
        superellipse(draft.n(12), 2.6) * np.array([0.005, 0.47 * tall]),
    )
    return Design(
        [
            Part(joined([*stack[:-1], fold]).projected(0.04), draft.look("fabric")),
            Part(flat, draft.textured("fabric", materials.encoded(image), 0.95)),
        ],
        [box_between((-x - 0.0035, -y, 0), (x, y, tall))],
        f"folded {{color}} cloth{'' if style == 'plain' else ', ' + style}",
        least_mass=0.03,
        materials=("fabric",),
    )


@category(
    "scrub_brush",
    PAINT,
    ("object",),
    also=("scrubbing brush", "dish brush", "cleaning brush", "floor brush", "brush", "nail brush", "bristle brush"),
    materials=("wood", "plastic"),
)
def scrub_brush(draft: Draft) -> Design:
    x, y = draft.uniform(0.041, 0.050), draft.uniform(0.0205, 0.0250)
    back, bristle = draft.uniform(0.013, 0.017), draft.uniform(0.015, 0.020)
    shape = superellipse(draft.n(28), draft.uniform(2.6, 3.6))
    wooden = draft.made_of("wood", draft.color in ("brown", "beige"))
    body = extrude(shape * np.array([x, y]), back, 0.004, draft.steps(3)).moved(z=bristle - 0.001)
    tufts: list[Surface] = []
    rows, columns = (3, 8) if draft.detail == "high" else (3, 5)
    for row in np.linspace(-0.70, 0.70, rows):
        for column in np.linspace(-0.80, 0.80, columns):
            if abs(column) ** 3 + abs(row) ** 3 < 0.82:
                tuft = cylinder(0.0038, bristle, 6)
                tufts.append(tuft.moved(x=column * x * 0.98, y=row * y * 0.98))
    mat = extrude(shape * np.array([0.84 * x, 0.80 * y]), bristle)
    pale = (236, 230, 210) if draft.color not in ("white", "beige") else (206, 168, 104)
    return Design(
        [
            Part(body.projected(0.12) if wooden else body, draft.wood(draft.rgb) if wooden else painted(draft)),
            Part(joined([mat, *tufts]), draft.plain("plastic", pale, 0.95, density=180.0)),
        ],
        [hull_of(body), hull_of(extrude(shape * np.array([0.86 * x, 0.84 * y]), bristle))],
        "{color} scrub brush with stiff bristles",
        least_mass=0.04,
        materials=("wood" if wooden else "plastic", *(("plastic",) if wooden else ())),
        main="wood" if wooden else "plastic",
    )


@category(
    "stove",
    PAINT,
    ("surface",),
    label="portable stove",
    also=(
        "stove",
        "stovetop",
        "stove top",
        "stove burner",
        "burner",
        "cooktop",
        "hob",
        "hot plate",
        "hotplate",
        "electric stove",
        "gas stove",
        "camping stove",
        "toy stove",
        "flat stove",
        "range",
    ),
    materials=("steel", "plastic"),
)
def stove(draft: Draft) -> Design:
    x, y, tall = draft.uniform(0.098, 0.112), draft.uniform(0.086, 0.096), draft.uniform(0.034, 0.046)
    plate, lift = draft.uniform(0.066, 0.074), 0.006
    shift = 0.016
    body = extrude(rounded_rectangle(x, y, 0.012, draft.steps(4)), tall, 0.004, draft.steps(2)).moved(x=shift)
    disc = cylinder(plate, lift, draft.n(36), 0.0015, 1).moved(z=tall)
    rings = [
        lathe(
            np.array([(r - 0.0022, 0), (r - 0.0022, 0.0012), (r + 0.0022, 0.0012), (r + 0.0022, 0)])[::-1], draft.n(28)
        )
        for r in np.array([0.36, 0.62, 0.88]) * plate
    ]
    glow = joined([ring.moved(z=tall + lift - 0.0004) for ring in rings])
    knobs = [
        cylinder(0.011, 0.010, draft.n(14), 0.002, 1).moved(x=shift + x - 0.018, y=side * 0.45 * y, z=tall)
        for side in (1, -1)
    ]
    feet = [
        cylinder(0.010, 0.006, draft.n(12)).moved(x=shift + a * 0.8 * x, y=b * 0.8 * y, z=-0.005)
        for a in (1, -1)
        for b in (1, -1)
    ]
    warm = draft.pick(((176, 58, 40), (92, 92, 96), (126, 62, 50)))
    low, high = body.bounds
    return Design(
        [
            Part(body, enamelled(draft, 700.0)),
            Part(disc, draft.metal((58, 58, 62))),
            Part(glow, draft.plain("steel", warm, 0.6)),
            Part(joined([*knobs, *feet]), draft.plastic(trim(draft))),
        ],
        [
            box_between((low[0], low[1], -0.005), (high[0], high[1], tall)),
            turned_hull(np.array([(plate, tall), (plate, tall + lift + 0.0008)]), 20),
            *(hull_of(knob) for knob in knobs),
        ],
        "portable {color} stove with a round cooking plate",
        support=support("surface", tall + lift + 0.0008, (0.72 * plate, 0.72 * plate), tall + lift + 0.0008),
        mass=0.9,
        materials=("steel", "plastic"),
        main="steel",
    )


@category(
    "cabinet",
    PAINT,
    ("surface",),
    label="small cabinet",
    also=(
        "cabinet",
        "drawer cabinet",
        "chest of drawers",
        "drawer chest",
        "mini cabinet",
        "toy cabinet",
        "dresser",
        "cupboard",
    ),
    materials=("wood", "plastic", "steel"),
)
def cabinet(draft: Draft) -> Design:
    y, x, tall = draft.uniform(0.070, 0.084), draft.uniform(0.096, 0.114), draft.uniform(0.072, 0.092)
    rows, columns, wall = draft.pick((2, 3)), draft.pick((1, 2)), 0.006
    wooden = draft.made_of("wood", draft.color in ("brown", "beige") or draft.chance(0.5))
    body = box(2 * x, 2 * y, tall - 0.008).moved(z=0)
    top = rounded_box(2 * x + 0.010, 2 * y + 0.010, 0.008, 0.002, draft.steps(2)).moved(z=tall - 0.008)
    fronts, knobs = [], []
    high, wide = (tall - 0.008 - wall) / rows, (2 * x - wall) / columns
    for row in range(rows):
        for column in range(columns):
            at_x, at_z = -x + wall / 2 + (column + 0.5) * wide, wall / 2 + row * high
            front = rounded_box(wide - wall, 0.004, high - wall, 0.0012, 1)
            fronts.append(front.moved(x=at_x, y=-y, z=at_z + wall / 2))
            knobs.append(
                ellipsoid(0.0055, 0.0055, 0.0055, draft.n(8), draft.n(6)).moved(at_x, -y - 0.006, at_z + high / 2)
            )
    wood = draft.wood(draft.rgb, density=250.0) if wooden else painted(draft, density=250.0)
    pale = draft.wood(shade(draft.rgb, 1.18), tag="front") if wooden else draft.plastic(shade(draft.rgb, 1.18))
    shell, face = joined([body, top]), joined(fronts)
    return Design(
        [
            Part(shell.projected(0.14) if wooden else shell, wood),
            Part(face.projected(0.10) if wooden else face, pale),
            Part(joined(knobs), draft.metal((196, 170, 104) if draft.color != "gold" else (196, 198, 202))),
        ],
        [
            box_between((-x, -y - 0.003, 0), (x, y, tall - 0.008)),
            box_between((-x - 0.005, -y - 0.005, tall - 0.008), (x + 0.005, y + 0.005, tall)),
            *(hull_of(knob) for knob in knobs),
        ],
        f"small {{color}} cabinet with {rows * columns} drawers",
        support=support("surface", tall, (x - 0.012, y - 0.012), tall),
        mass=0.9,
        materials=("wood" if wooden else "plastic",),
        main="wood" if wooden else "plastic",
    )


def _grip(draft: Draft, length: float, radius: float) -> tuple[Surface, Piece]:
    """A round grip that lies along x and ends at x = 0, with a hole-like dent at its end; and its hull."""
    s = np.linspace(0, 1, draft.n(14))
    radii = radius * np.interp(s, [0, 0.05, 0.25, 0.6, 0.9, 1.0], [0.62, 0.96, 1.0, 0.84, 0.92, 0.60])
    path = np.c_[(s - 1.0) * length, 0 * s]
    return level_rod(path, radii, draft.n(16), 0.0018), hull_of(level_rod(path, radii, 10, 0.0018))


@category(
    "pizza_cutter",
    PAINT,
    ("object",),
    also=("pizza wheel", "pizza slicer", "rolling cutter", "dough cutter", "pastry wheel"),
    materials=("plastic", "wood", "rubber"),
)
def pizza_cutter(draft: Draft) -> Design:
    length, radius, wheel = draft.uniform(0.070, 0.082), draft.uniform(0.0118, 0.0135), draft.uniform(0.024, 0.029)
    axis = radius - 0.0018
    grip, hull = _grip(draft, length, radius)
    edge = [(0, -0.0022), (0.55 * wheel, -0.0022), (wheel, 0.0), (0.55 * wheel, 0.0022), (0, 0.0022)]
    disc = lathe(np.array(edge), draft.n(36)).moved(x=wheel + 0.018, z=axis)
    neck = rounded_box(0.026, 0.014, 0.011, 0.003, draft.steps(2)).moved(x=0.010, z=axis - 0.0055)
    arms = [
        rounded_box(wheel + 0.006, 0.009, 0.0022, 0.001, 1).moved(0.5 * wheel + 0.016, 0, axis + dz)
        for dz in (0.0026, -0.0048)
    ]
    # The hub reaches down to the table, so that the wheel lies level.
    hub = cylinder(0.0075, axis + 0.006, draft.n(16), 0.001, 1).moved(x=wheel + 0.018)
    return Design(
        [
            Part(grip, painted(draft)),
            Part(joined([disc, neck, *arms]), draft.metal()),
            Part(hub, draft.plastic(trim(draft))),
        ],
        [hull, hull_of(disc), hull_of(neck, *arms), hull_of(hub)],
        "pizza cutter with a {color} handle",
        least_mass=0.05,
        materials=("plastic", "steel"),
        main="plastic",
    )


@category(
    "peeler",
    PAINT,
    ("object",),
    also=("vegetable peeler", "potato peeler", "fruit peeler", "swivel peeler", "y peeler"),
    materials=("plastic", "wood", "rubber"),
)
def peeler(draft: Draft) -> Design:
    length, radius = draft.uniform(0.060, 0.072), draft.uniform(0.0118, 0.0135)
    half, reach = draft.uniform(0.020, 0.025), draft.uniform(0.031, 0.037)
    axis = radius - 0.0018
    grip, hull = _grip(draft, length, radius)
    tip = 0.0043  # the fork comes down to the table, so that it rests on both ends
    knots = [(-0.004, 0, axis), (0.010, 0.72 * half, 0.8 * axis), (0.024, half, tip + 0.001), (reach, half, tip)]
    bow = spline(knots, draft.n(10))
    prongs = [sweep(bow * np.array([1, s, 1]), circle(draft.n(10)) * 0.0042) for s in (1, -1)]
    blade = rounded_box(0.0090, 2 * half + 0.004, 0.0036, 0.0012, 1).moved(x=reach - 0.003, z=tip - 0.0018)
    slot = box(0.0026, 1.7 * half, 0.0040).moved(x=reach - 0.003, z=tip - 0.0020)
    return Design(
        [
            Part(joined([grip, *prongs]), painted(draft)),
            Part(blade, draft.metal()),
            Part(slot, draft.plain("steel", (70, 72, 76), 0.6)),
        ],
        [
            hull,
            *(
                hull_of(sweep(bow[a : a + 4] * np.array([1, s, 1]), circle(6) * 0.0042))
                for s in (1, -1)
                for a in (0, len(bow) // 2 - 2, len(bow) - 4)
            ),
            hull_of(blade),
        ],
        "vegetable peeler with a {color} handle",
        least_mass=0.03,
        materials=("plastic", "steel"),
        main="plastic",
    )

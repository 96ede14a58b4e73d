"""What stands beside a washbasin: brushes, tubes, bottles, paper."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Piece, box_between, hull_of, lying_hull, turned_hull
from scene_hub.generate.materials import PAINT, Material, contrast_to, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.procedural.forms import level_rod, resting_rod, ring_pieces
from scene_hub.generate.procedural.solids import BRASS, along_x, front_face, painted, rectangle, rod, trim, wrapped
from scene_hub.generate.shapes import (
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
    spline,
    superellipse,
    sweep,
)

CARE_WORDS = ("SOAP", "ALOE", "PURE", "FRESH", "SILK")


@category("toothbrush", PAINT, ("object",), also=("tooth brush",), materials=("plastic", "wood"))
def toothbrush(draft: Draft) -> Design:
    length, radius = draft.uniform(0.120, 0.140), draft.uniform(0.0102, 0.0115)
    s = np.linspace(0, 1, draft.n(14))
    radii = radius * np.interp(s, [0, 0.04, 0.12, 0.5, 0.68, 0.78, 1.0], [0.6, 0.9, 1.0, 0.98, 0.6, 0.55, 0.55])
    path = np.stack([(s - 0.5) * length, 0 * s], axis=1)
    handle = resting_rod(path, radii, draft.n(16), 0.0012)
    end, axis = length / 2, 0.004
    head = rounded_box(0.032, 0.017, 0.008, 0.003, draft.steps(2)).moved(x=end + 0.010)
    tuft = rounded_box(0.0072, 0.0135, 0.012, 0.0012, 1)
    tufts = [tuft.moved(x=end + 0.010 + at, z=axis + 0.0035) for at in (-0.0108, -0.0036, 0.0036, 0.0108)]
    tip = rounded_box(0.0074, 0.0137, 0.004, 0.0012, 1)
    tips = [tip.moved(x=end + 0.010 + at, z=axis + 0.0125) for at in (-0.0108, 0.0108)]
    grip = resting_rod(path[s < 0.5] * 0.9, radii[s < 0.5] * 1.04, draft.n(16), 0.0012)
    rubber = draft.rubber(contrast_to(draft.rgb))
    pieces: list[Piece] = [lying_hull(handle), hull_of(head), hull_of(*tufts)]
    return Design(
        [
            Part(joined([handle, head]), painted(draft)),
            Part(grip.moved(z=0.0002), rubber),
            Part(joined(tufts), draft.plain("plastic", (242, 244, 246), 0.9)),
            Part(joined(tips), draft.plain("plastic", draft.tint(draft.accent("blue", "green", "red")), 0.9)),
        ],
        pieces,
        "toothbrush with thick bristles",
        materials=("plastic",),
    )


@category(
    "toothpaste", PAINT, ("object",), label="tube of toothpaste", also=("toothpaste", "toothpaste tube", "tooth paste")
)
def toothpaste(draft: Draft) -> Design:
    length, wide = draft.uniform(0.098, 0.118), draft.uniform(0.0205, 0.0245)
    high, cap = draft.uniform(0.0135, 0.0155), draft.uniform(0.018, 0.022)
    a = length / 2
    s = np.linspace(0, 1, draft.n(12))
    halves = np.stack(
        [
            np.interp(s, [0, 0.9, 1.0], [wide, 0.94 * high * 1.15, 0.8 * high]),
            np.interp(s, [0, 0.10, 0.55, 0.9, 1.0], [0.0016, 0.0018, 0.82 * high, high, 0.8 * high]),
        ],
        axis=1,
    )
    ring = circle(draft.n(24))
    rings = np.stack(
        [
            np.c_[np.full(len(ring), x), ring[:, 0] * w, ring[:, 1] * h + h - 0.0006]
            for x, (w, h) in zip((s - 0.5) * length, halves, strict=True)
        ]
    )
    ends = [np.broadcast_to(r.mean(axis=0), r.shape)[None] for r in (rings[0], rings[-1])]
    body = flattened(loft(np.concatenate([ends[0], rings, ends[1]])), 0.0)
    lid = along_x(
        rounded([(0, a), (0.86 * high, a, 0.001), (0.74 * high, a + cap, 0.002), (0, a + cap)], 2), draft.n(20), high
    )
    n, color = draft.size, draft.rgb
    image = materials.canvas((244, 244, 242) if draft.color != "white" else (70, 130, 200), n, n)
    image = materials.banded(image, [(0.0, 0.12, color), (0.76, 1.0, color), (0.16, 0.19, color)])
    word = draft.pick(("MINT", "FRESH", "SMILE", "DENTA"))
    image = np.rot90(materials.printed(np.rot90(image, -1), word, shade(color, 0.8), (0.48, 0.75), 0.24, 0.52))
    return Design(
        [
            Part(body, draft.textured("plastic", materials.encoded(image), 0.35, density=900.0)),
            Part(lid, painted(draft)),
        ],
        [hull_of(body), lying_hull(lid)],
        "tube of toothpaste with a {color} stripe",
        materials=("plastic",),
    )


def _label(draft: Draft, words: tuple[str, ...], half_x: float, half_z: float, z: float, y: float) -> Part:
    """A printed label on a front that looks towards -y."""
    image = materials.canvas(
        (244, 242, 236) if draft.color not in ("white", "beige", "silver") else (60, 110, 120), 64, 64
    )
    ink = shade(draft.rgb, 0.6) if draft.color not in ("white", "beige", "silver") else (240, 240, 236)
    image = materials.banded(image, [(0.0, 0.10, ink), (0.90, 1.0, ink)])
    image = materials.printed(image, draft.pick(words), ink, (0.5, 0.56), 0.3, 0.86)
    image[44:46, 14:50] = ink
    face = front_face(rectangle(half_x, half_z, 0.0, z), y)
    return Part(face, draft.textured("paper", materials.encoded(image), 0.5))


def _wrapper(draft: Draft, words: tuple[str, ...]) -> Material:
    """Paper for a label around something round: the word twice, with fine print."""
    n, ink, word = draft.size, shade(draft.rgb, 0.55), draft.pick(words)
    image = materials.banded(materials.canvas((246, 246, 242), n, 2 * n), [(0.0, 0.08, ink), (0.92, 1.0, ink)])
    for at in (0.36, 0.86):
        image = materials.printed(image, word, ink, (at, 0.64), 0.34, 0.42)
        for row in range(2):
            top = int((0.62 + 0.14 * row) * n)
            image[top : top + max(1, n // 30), int((at - 0.14) * 2 * n) : int((at + 0.12) * 2 * n)] = (130, 130, 136)
    return draft.textured("paper", materials.encoded(image), 0.6)


@category(
    "soap_dispenser",
    PAINT,
    ("object",),
    also=(
        "soap pump",
        "pump bottle",
        "liquid soap",
        "hand sanitizer",
        "soap bottle",
        "detergent",
        "detergent bottle",
        "dish soap",
        "dish soap bottle",
        "laundry detergent",
        "bleach cleanser",
        "bleach",
        "cleanser",
    ),
    materials=("plastic", "ceramic", "glass"),
)
def soap_dispenser(draft: Draft) -> Design:
    half, tall = draft.uniform(0.0240, 0.0275), draft.uniform(0.058, 0.074)
    exponent, pump = draft.pick((2.0, 5.0)), draft.uniform(0.026, 0.030)
    ring = superellipse(draft.n(28), exponent)
    profile = rounded(
        [(0, 0), (half, 0, 0.004), (half, tall, 0.010), (0.38 * half, tall + 0.003), (0, tall + 0.003)], draft.steps(4)
    )
    body = lathe(profile, 0, ring)
    collar = cylinder(0.0105, 0.009, draft.n(18), 0.001, 1).moved(z=tall + 0.002)
    stem = rod((0, 0, tall + 0.010), (0, 0, tall + pump - 0.005), 0.0042, draft.n(10))
    head = rounded_box(0.020, 0.014, 0.008, 0.003, draft.steps(2)).moved(z=tall + pump - 0.007)
    knots = [(0.006, 0, tall + pump - 0.003), (0.022, 0, tall + pump - 0.003), (0.028, 0, tall + pump - 0.009)]
    spout = sweep(spline(knots, draft.n(8)), circle(draft.n(10)) * 0.0036)
    if exponent > 2.0:
        label = [_label(draft, CARE_WORDS, 0.55 * half, 0.24 * tall, 0.48 * tall, -half)]
    else:
        label = [Part(wrapped(half, 0.24 * tall, 0.72 * tall, draft.n(28)), _wrapper(draft, CARE_WORDS))]
    metal = draft.metal(BRASS if draft.color in ("silver", "gray") else (200, 202, 206))
    return Design(
        [
            Part(body, painted(draft, 0.25, density=900.0)),
            Part(
                joined([collar, stem, head, spout]),
                metal
                if draft.chance(0.5)
                else draft.plastic((242, 242, 240) if draft.color != "white" else (50, 50, 54)),
            ),
            *label,
        ],
        [
            hull_of(body),
            hull_of(collar, stem),
            hull_of(head),
            hull_of(spout),
        ],
        "soap dispenser with a pump",
        materials=("plastic",),
    )


@category(
    "shampoo_bottle",
    PAINT,
    ("object",),
    label="bottle of shampoo",
    also=("shampoo", "shampoo bottle", "conditioner", "body wash", "shower gel"),
)
def shampoo_bottle(draft: Draft) -> Design:
    x, y, tall = draft.uniform(0.027, 0.031), draft.uniform(0.0175, 0.0205), draft.uniform(0.078, 0.096)
    cap, slim = draft.uniform(0.018, 0.024), draft.uniform(0.80, 0.95)
    ring = superellipse(draft.n(28), 2.5)
    profile = np.concatenate(
        [
            rounded([(0, 0), (0.96, 0, 0.004), (1.0, 0.012)], draft.steps(3)),
            spline([(1.0, 0.02), (slim, 0.5 * tall), (1.0, 0.80 * tall), (0.70, tall)], draft.n(12))[1:],
            [(0, tall)],
        ]
    )
    body = lathe(profile, 0, ring).scaled(x, y, 1.0)
    top = rounded([(0, tall - 0.001), (0.62, tall - 0.001), (0.58, tall + cap, 0.003), (0, tall + cap)], 2)
    lid = lathe(top, 0, ring).scaled(x, 1.15 * y, 1.0)
    return Design(
        [
            Part(body, painted(draft, 0.25, density=800.0)),
            Part(lid, draft.plastic((244, 244, 240) if draft.color not in ("white", "beige") else (70, 130, 90))),
            _label(
                draft,
                ("SHAMPOO", "HAIR", "SHINE", "REPAIR"),
                0.50 * x,
                0.22 * tall,
                0.46 * tall,
                -y * (0.5 + 0.5 * slim),
            ),
        ],
        [hull_of(body), hull_of(lid)],
        "flat oval bottle of shampoo",
        materials=("plastic",),
    )


@category("comb", PAINT, ("object",), also=("hair comb",), materials=("plastic", "wood"))
def comb(draft: Draft) -> Design:
    length, grip, thick = draft.uniform(0.060, 0.072), draft.uniform(0.048, 0.060), draft.uniform(0.0145, 0.0165)
    teeth, reach, half = draft.pick((9, 11, 13)), draft.uniform(0.020, 0.024), draft.uniform(0.0095, 0.0115)
    spine = rounded(
        [
            (-grip, -half, 0.009),
            (0, -half + 0.001, 0.004),
            (0.004, -0.003),
            (length, -0.003, 0.002),
            (length, half, 0.009),
            (-grip, half, 0.009),
        ],
        draft.steps(4),
        True,
    )
    pitch = (length - 0.004) / teeth
    tooth = np.array([(-0.27 * pitch, -reach), (0.27 * pitch, -reach), (0.34 * pitch, 0.0), (-0.34 * pitch, 0.0)])
    prongs = [
        extrude(tooth, 0.8 * thick, 0.0).moved(x=0.004 + (k + 0.5) * pitch, y=-0.002, z=0.1 * thick)
        for k in range(teeth)
    ]
    handle = extrude(spine, thick, 0.003, draft.steps(2))
    return Design(
        [Part(joined([handle, *prongs]).projected(0.15), draft.plain("plastic", roughness=0.3))],
        [
            box_between((-grip, -half, 0), (0.0, half, thick)),
            box_between((0, -0.003, 0), (length, half, thick)),
            box_between((0.004, -reach - 0.002, 0.1 * thick), (length, -0.003, 0.9 * thick)),
        ],
        "comb with a handle",
        materials=("plastic",),
    )


@category("hairbrush", PAINT, ("object",), also=("hair brush", "paddle brush"), materials=("plastic", "wood"))
def hairbrush(draft: Draft) -> Design:
    grip, radius = draft.uniform(0.068, 0.080), draft.uniform(0.0105, 0.0120)
    x, y = draft.uniform(0.031, 0.036), draft.uniform(0.0220, 0.0255)
    s = np.linspace(0, 1, draft.n(12))
    radii = radius * np.interp(s, [0, 0.05, 0.15, 0.6, 1.0], [0.5, 0.85, 1.0, 0.88, 0.75])
    handle = level_rod(np.stack([(s - 1.0) * grip, 0 * s], axis=1), radii, draft.n(16), 0.0012)
    paddle = extrude(superellipse(draft.n(28), 2.5) * np.array([x, y]), 0.015, 0.004, draft.steps(2)).moved(x=x - 0.006)
    cushion = ellipsoid(0.84 * x, 0.82 * y, 0.005, draft.n(24), draft.n(8)).moved(x=x - 0.006, z=0.0148)
    pin = np.array([(0.0011, 0.0), (0.0011, 0.0130), (0.0, 0.0145)])
    spike = lathe(pin, 4)
    spots = [(u, v) for u in np.linspace(-0.62, 0.62, 6) for v in np.linspace(-0.6, 0.6, 5) if u**2 + v**2 < 0.60]
    pins = joined([spike.moved(x - 0.006 + u * x, v * y, 0.0175) for u, v in spots])
    return Design(
        [
            Part(joined([handle, paddle]).projected(0.15), draft.plain("plastic", roughness=0.3)),
            Part(cushion, draft.rubber(trim(draft, (190, 60, 60)))),
            Part(pins, draft.plain("plastic", (236, 232, 220), 0.5)),
        ],
        [lying_hull(handle), hull_of(paddle, cushion), hull_of(pins)],
        "hairbrush with its bristles up",
        materials=("plastic", "rubber"),
    )


@category(
    "pill_bottle",
    PAINT,
    ("object",),
    also=("medicine bottle", "pill container", "vitamin bottle", "medication", "bottle of pills"),
)
def pill_bottle(draft: Draft) -> Design:
    radius, tall, cap = draft.uniform(0.0205, 0.0245), draft.uniform(0.044, 0.056), draft.uniform(0.015, 0.019)
    sides = draft.n(28)
    body = lathe(rounded([(0, 0), (radius, 0, 0.003), (radius, tall, 0.003), (0, tall)], draft.steps(3)), sides)
    ribs = circle(sides) * np.where(np.arange(sides) % 2 == 0, 1.0, 0.96)[:, None]
    lid = lathe(
        rounded([(0, tall), (1.04 * radius, tall), (1.04 * radius, tall + cap, 0.0015), (0, tall + cap)], 2), 0, ribs
    )
    wrap = wrapped(radius, 0.18 * tall, 0.84 * tall, sides)
    return Design(
        [
            Part(body, draft.plain("plastic", roughness=0.2, density=700.0)),
            Part(lid, draft.plastic((246, 246, 244) if draft.color != "white" else (60, 110, 190))),
            Part(wrap, _wrapper(draft, ("Rx", "PILLS", "VITA"))),
        ],
        [
            turned_hull(np.array([[radius, 0], [radius, tall]]), 18),
            turned_hull(np.array([[1.04 * radius, tall], [1.04 * radius, tall + cap]]), 18),
        ],
        "pill bottle with a ridged cap and a label",
        materials=("plastic", "paper"),
    )


@category(
    "toilet_paper",
    ("white", "beige", "pink", "blue", "yellow", "green", "gray", "orange", "purple"),
    ("object",),
    label="roll of toilet paper",
    also=(
        "toilet paper",
        "toilet paper roll",
        "toilet roll",
        "loo roll",
        "paper towel",
        "paper towel roll",
        "kitchen roll",
    ),
)
def toilet_paper(draft: Draft) -> Design:
    outer, inner, tall = draft.uniform(0.0262, 0.0292), draft.uniform(0.0085, 0.0105), draft.uniform(0.050, 0.060)
    sides, core = draft.n(32), inner - 0.0015
    roll = lathe(
        rounded([(inner, 0), (outer, 0, 0.002), (outer, tall, 0.002), (inner, tall), (inner, 0)], 2),
        sides,
        uv_size=(3.0, 3.0),
    )
    card = lathe(np.array([(core, 0.0), (inner, 0.0), (inner, tall), (core, tall), (core, 0.0)]), sides)
    flap = box(0.0014, 0.022, 0.94 * tall).moved(x=outer + 0.0005, y=-0.012, z=0.03 * tall)
    image = materials.mottled(draft.stream("paper"), draft.size, draft.rgb, 0.10, 24)
    return Design(
        [
            Part(joined([roll, flap]), draft.textured("paper", materials.encoded(image), 0.95, density=250.0)),
            Part(card, draft.plain("cardboard", (170, 138, 98))),
        ],
        ring_pieces(core, outer, tall, 14),
        "roll of {color} toilet paper",
        least_mass=0.03,
        materials=("paper", "cardboard"),
    )

"""Toy animals and dolls, and a tower of rings."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Piece, hull_of, standing_hull, turned_hull
from scene_hub.generate.materials import PAINT, contrast_to, mix, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.procedural.solids import ball, painted
from scene_hub.generate.shapes import (
    Surface,
    circle,
    cylinder,
    ellipsoid,
    flattened,
    joined,
    lathe,
    rounded,
    rounded_box,
    spline,
    sweep,
)


@category(
    "dinosaur",
    ("green", "teal", "blue", "purple", "orange", "brown", "red", "pink", "yellow", "gray", "black", "white", "beige"),
    ("object",),
    label="toy dinosaur",
    also=("dinosaur", "dino", "brontosaurus", "toy dino", "sauropod"),
    materials=("plastic", "rubber", "wood"),
)
def dinosaur(draft: Draft) -> Design:
    fat, back = draft.uniform(0.0170, 0.0200), draft.uniform(0.036, 0.040)
    neck, tail = draft.uniform(0.086, 0.100), draft.uniform(0.046, 0.056)
    knots = [
        (-tail - 0.016, 0, 0.012),
        (-tail, 0, 0.018),
        (-0.026, 0, back - 0.006),
        (0.0, 0, back),
        (0.022, 0, back + 0.004),
        (0.034, 0, 0.66 * neck),
        (0.040, 0, neck - 0.008),
        (0.054, 0, neck - 0.006),
        (0.062, 0, neck - 0.009),
    ]
    path = spline(knots, draft.n(28, 22))
    s = np.linspace(0, 1, len(path))
    radii = fat * np.interp(
        s,
        [0, 0.12, 0.27, 0.38, 0.50, 0.60, 0.72, 0.82, 0.90, 0.97, 1.0],
        [0.10, 0.30, 0.78, 1.0, 0.86, 0.50, 0.38, 0.40, 0.52, 0.40, 0.22],
    )
    body = sweep(path, circle(draft.n(12)), radii, up=(0, 1, 0))
    legs = []
    for x in (-0.020, 0.018):
        for side in (1, -1):
            limb = lathe(
                rounded([(0, 0), (0.0088, 0, 0.002), (0.0072, 0.012), (0.0092, back - 0.004), (0, back - 0.002)], 2),
                draft.n(10),
            )
            legs.append(limb.moved(x=x, y=side * 0.62 * fat))
    eyes = [ball(draft, 0.0026, 0.053, s_ * 0.40 * fat, neck - 0.002, 8) for s_ in (1, -1)]
    spots = [
        ball(draft, r, x, y * fat, back + z * fat, 6)
        for x, y, z, r in (
            (-0.008, -0.72, 0.62, 0.0050),
            (0.010, -0.62, 0.66, 0.0040),
            (-0.022, -0.50, 0.50, 0.0040),
            (0.002, 0.0, 0.84, 0.0052),
            (-0.018, 0.2, 0.62, 0.0046),
            (0.004, 0.72, 0.58, 0.005),
        )
    ]
    cuts = np.linspace(0, len(path) - 1, 9).round().astype(int)
    pieces: list[Piece] = [
        hull_of(sweep(path[a : b + 1], circle(8), radii[a : b + 1], up=(0, 1, 0)))
        for a, b in zip(cuts[:-1], cuts[1:], strict=True)
    ]
    pieces += [hull_of(leg) for leg in legs]
    return Design(
        [
            Part(joined([body, *legs]), draft.plain("plastic", roughness=0.5, density=700.0)),
            Part(joined(spots), draft.plain("plastic", mix(draft.rgb, contrast_to(draft.rgb), 0.35), 0.5)),
            Part(joined(eyes), draft.plastic((20, 20, 22) if draft.color != "black" else (244, 244, 240))),
        ],
        pieces,
        "toy dinosaur with a long neck",
        materials=("plastic",),
    )


@category(
    "teddy_bear",
    ("brown", "beige", "white", "pink", "blue", "gray", "black", "yellow", "purple", "red", "green"),
    ("object",),
    also=(
        "teddy",
        "toy bear",
        "bear",
        "stuffed bear",
        "plush bear",
        "stuffed animal",
        "plush toy",
        "stuffed toy",
        "soft toy",
        "plushie",
        "plush",
        "stuffed plush toy",
    ),
    materials=("fabric", "felt"),
)
def teddy_bear(draft: Draft) -> Design:
    belly, tall, head = draft.uniform(0.0215, 0.0245), draft.uniform(0.024, 0.027), draft.uniform(0.0190, 0.0215)
    n, m = draft.n(14), draft.n(10)
    trunk = flattened(ellipsoid(belly, 0.88 * belly, tall, n, m).moved(z=tall - 0.004), 0.0)
    z = 2 * tall - 0.008 + 0.78 * head
    skull = ellipsoid(head, 0.90 * head, 0.92 * head, n, m).moved(z=z)
    small = draft.n(8)
    ears = [ellipsoid(0.0085, 0.0050, 0.0085, small, 6).moved(s * 0.74 * head, 0.002, z + 0.76 * head) for s in (1, -1)]
    inner = [
        ellipsoid(0.0054, 0.0022, 0.0054, small, 6).moved(s * 0.74 * head, -0.0024, z + 0.76 * head) for s in (1, -1)
    ]
    legs = [
        flattened(
            ellipsoid(0.0092, 0.0180, 0.0092, small, 6)
            .rotated("z", s * 24.0)
            .moved(s * 0.64 * belly, -0.80 * belly, 0.0078),
            0.0,
        )
        for s in (1, -1)
    ]
    arms = [
        ellipsoid(0.0072, 0.0090, 0.0160, small, 6).rotated("y", -s * 32.0).moved(s * 0.98 * belly, -0.006, 1.16 * tall)
        for s in (1, -1)
    ]
    muzzle = ellipsoid(0.0096, 0.0072, 0.0078, small, 6).moved(y=-0.80 * head, z=z - 0.26 * head)
    nose = ellipsoid(0.0034, 0.0024, 0.0026, draft.n(8), 6).moved(y=-0.80 * head - 0.0066, z=z - 0.12 * head)
    eyes = [ball(draft, 0.0024, s * 0.36 * head, -0.78 * head, z + 0.22 * head, 6) for s in (1, -1)]
    soles = [
        ellipsoid(0.0058, 0.0022, 0.0058, small, 6)
        .rotated("z", s * 24.0)
        .moved(s * (0.64 * belly + 0.0067), -0.80 * belly - 0.0160, 0.0080)
        for s in (1, -1)
    ]
    bow = [
        ellipsoid(0.0078, 0.0030, 0.0052, draft.n(10), 6)
        .rotated("y", s * 16.0)
        .moved(s * 0.0085, -0.86 * belly, 2 * tall - 0.008)
        for s in (1, -1)
    ]
    pale = mix(draft.rgb, (246, 232, 206), 0.6) if draft.color not in ("white", "beige") else (206, 170, 124)
    plush = draft.textured("fabric", draft.texture(materials.mottled, draft.rgb, 0.22, 40), 1.0, density=260.0)
    soft = draft.plain("fabric", pale, 1.0)
    return Design(
        [
            Part(joined([trunk, skull, *ears, *legs, *arms]), plush),
            Part(joined([*inner, muzzle, *soles]), soft),
            Part(joined([nose, *eyes]), draft.plastic((24, 22, 22) if draft.color != "black" else (236, 236, 232))),
            Part(joined(bow), draft.plain("fabric", draft.tint(draft.accent("red", "blue", "green")), 0.8)),
        ],
        [standing_hull(trunk), hull_of(skull), hull_of(muzzle), *(hull_of(p) for p in (*ears, *legs, *arms))],
        "small sitting teddy bear with a bow",
        least_mass=0.03,
        materials=("fabric",),
    )


@category(
    "piggy_bank",
    PAINT,
    ("object",),
    also=("pig", "money box", "coin bank", "toy pig", "pig bank", "savings bank"),
    materials=("ceramic", "plastic", "glass", "wood"),
)
def piggy_bank(draft: Draft) -> Design:
    x, y, z = draft.uniform(0.032, 0.037), draft.uniform(0.0235, 0.0265), draft.uniform(0.0215, 0.0245)
    lift = z + 0.007
    body = ellipsoid(x, y, z, draft.n(20), draft.n(14)).moved(z=lift)
    snout = cylinder(0.0090, 0.012, draft.n(16), 0.002, 1).rotated("y", 90.0).moved(x=x - 0.006, z=lift + 0.002)
    nostrils = [
        cylinder(0.0018, 0.0006, draft.n(8)).rotated("y", 90.0).moved(x + 0.0058, s * 0.0034, lift + 0.002)
        for s in (1, -1)
    ]
    ear = lathe(np.array([(0, 0), (0.0078, 0), (0.0040, 0.008), (0, 0.0135)]), draft.n(10)).scaled(0.5, 1, 1)
    ears = [ear.rotated("x", -s * 28.0).moved(0.48 * x, s * 0.52 * y, lift + 0.78 * z) for s in (1, -1)]
    leg = lathe(rounded([(0, 0), (0.0072, 0, 0.001), (0.0088, 0.018), (0, 0.018)], 1), draft.n(12))
    legs = [leg.moved(a * 0.52 * x, s * 0.50 * y, 0.0) for a in (1, -1) for s in (1, -1)]
    eyes = [ball(draft, 0.0024, 0.78 * x, s * 0.44 * y, lift + 0.44 * z, 8) for s in (1, -1)]
    slot = rounded_box(0.018, 0.0030, 0.0016, 0.0004, 1).moved(x=-0.1 * x, z=lift + 0.985 * z - 0.0008)
    curl = np.linspace(0, 3 * np.pi, draft.n(14))
    tail = sweep(
        np.c_[-x + 0.001 - 0.0026 * curl / np.pi, 0.0034 * np.sin(curl), lift + 0.004 + 0.0034 * np.cos(curl)],
        circle(5) * 0.0015,
    )
    dark = draft.plastic((36, 30, 32) if draft.color != "black" else (230, 230, 226))
    return Design(
        [
            Part(joined([body, *legs, *ears]), draft.plain("ceramic", roughness=0.2, density=900.0)),
            Part(
                joined([snout, tail]),
                draft.plain("ceramic", shade(draft.rgb, 0.84) if draft.color != "black" else (70, 70, 74), 0.25),
            ),
            Part(joined([*nostrils, *eyes, slot]), dark),
        ],
        [hull_of(body), hull_of(snout), *(hull_of(p) for p in (*legs, *ears, tail))],
        "piggy bank with a coin slot",
        materials=("ceramic",),
    )


@category(
    "nesting_doll",
    PAINT,
    ("object",),
    also=("russian doll", "matryoshka", "matryoshka doll", "doll", "stacking doll"),
    materials=("wood",),
)
def nesting_doll(draft: Draft) -> Design:
    radius, tall = draft.uniform(0.0215, 0.0250), draft.uniform(0.072, 0.086)
    knots = [
        (0.80, 0.0),
        (0.95, 0.10),
        (1.0, 0.30),
        (0.86, 0.52),
        (0.66, 0.62),
        (0.70, 0.76),
        (0.56, 0.92),
        (0.24, 0.99),
    ]
    curve = spline([(r * radius, z * tall) for r, z in knots], draft.n(24))
    profile = np.concatenate([[(0, 0)], curve, [(0, tall)]])
    body = lathe(profile, draft.n(26), crease=60.0)
    uvs = np.stack([body.uvs[..., 0], body.triangles[..., 2] / tall], axis=-1)
    n, color = draft.size, draft.rgb
    second = draft.tint(draft.accent("red", "yellow", "green", "blue"))
    image = materials.banded(materials.canvas(color, n, 2 * n), [(0.0, 0.10, second), (0.50, 0.545, second)])
    face = 0.86
    image = materials.dotted(image, (64, 40, 26), (face, 0.77), 0.145, 0.125)
    image = materials.dotted(image, (246, 212, 178), (face, 0.75), 0.118, 0.105)
    for s in (1, -1):
        image = materials.dotted(image, (36, 30, 30), (face + s * 0.045, 0.775), 0.014, 0.018)
        image = materials.dotted(image, (236, 140, 130), (face + s * 0.065, 0.725), 0.022, 0.018)
        image = materials.dotted(image, (80, 140, 60), (face + s * 0.075, 0.24), 0.040, 0.032)
    image = materials.dotted(image, (200, 40, 44), (face, 0.705), 0.022, 0.012)
    for turn in np.arange(6) * np.pi / 3:
        image = materials.dotted(
            image, second, (face + 0.040 * np.cos(turn), 0.30 + 0.066 * np.sin(turn)), 0.030, 0.046
        )
    image = materials.dotted(image, (250, 214, 80), (face, 0.30), 0.026, 0.042)
    return Design(
        [
            Part(
                Surface(body.triangles, body.normals, uvs),
                draft.textured("wood", materials.encoded(image), 0.25, density=600.0),
            )
        ],
        [
            turned_hull(curve[curve[:, 1] < 0.62 * tall][:: draft.steps(2)], 14),
            turned_hull(np.concatenate([curve[curve[:, 1] > 0.58 * tall], [(0.2 * radius, tall)]]), 14),
        ],
        "painted {color} nesting doll",
        materials=("wood",),
    )


@category(
    "ring_stacker",
    PAINT,
    ("object",),
    label="ring tower",
    also=("ring stacker", "stacking ring toy", "stacking rings", "ring toy", "toy tower"),
    materials=("plastic", "wood"),
)
def ring_stacker(draft: Draft) -> Design:
    radius, rings, thick = draft.uniform(0.0265, 0.0290), draft.pick((4, 5)), draft.uniform(0.0110, 0.0128)
    foot = 0.008
    base = cylinder(radius, foot, draft.n(28), 0.002, 1)
    order = ["red", "yellow", "green", "blue", "orange", "purple"]
    hues = [name for name in order if name != draft.color]
    parts, pieces = [Part(base, painted(draft))], [turned_hull(np.array([[radius, 0], [radius, foot]]), 18)]
    for index in range(rings):
        outer = radius * (0.97 - 0.11 * index)
        z = foot + (index + 0.5) * thick
        ring = ellipsoid(outer, outer, 0.56 * thick, draft.n(18), draft.n(8)).moved(z=z)
        color = draft.rgb if index == 0 else draft.tint(hues[index % len(hues)])
        parts.append(Part(ring, draft.plain("plastic", color, 0.35, density=900.0)))
        pieces.append(hull_of(ring))
    top = foot + rings * thick
    fat, peg = 0.0108, top + 0.021
    knob = lathe(rounded([(0, top - 0.002), (fat, top - 0.002), (fat, peg, 0.007), (0, peg)], 4), draft.n(20))
    parts.append(Part(knob, draft.plastic((246, 244, 238) if draft.color != "white" else (210, 40, 40))))
    return Design(
        [*parts],
        [
            *pieces,
            turned_hull(np.array([[fat, top - 0.002], [fat, peg - 0.007]]), 28),
            turned_hull(np.array([[fat, peg - 0.007], [0.6 * fat, peg]]), 14),
        ],
        "ring tower with rings of many colors, {color} below",
        materials=("plastic",),
    )

"""What lies in a toolbox: pliers, bolts, nuts, gears."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Hull, Piece, box_between, hull_of, lying_hull, turned_hull
from scene_hub.generate.materials import PAINT
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.procedural.forms import level_rod
from scene_hub.generate.procedural.solids import (
    BRASS,
    front_face,
    painted,
    rod,
    standing_plate,
    trim,
)
from scene_hub.generate.shapes import (
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


@category(
    "pliers",
    PAINT,
    ("object",),
    label="pair of pliers",
    also=("pliers", "plier", "pincers", "pair of pincers", "needle-nose pliers"),
)
def pliers(draft: Draft) -> Design:
    grip, jaw, thick = draft.uniform(0.074, 0.086), draft.uniform(0.034, 0.042), draft.uniform(0.0165, 0.0185)
    spread, n = draft.uniform(0.016, 0.020), draft.n(12)
    knots = [
        (-0.002, 0.005, 0),
        (-0.016, 0.011, 0),
        (-0.45 * grip, spread, 0),
        (-0.85 * grip, 0.86 * spread, 0),
        (-grip, 0.90 * spread, 0),
    ]
    path = spline(knots, draft.n(14)) + np.array([0.0, 0.0, thick / 2])
    section = superellipse(n, 3.0) * np.array([0.0056, thick / 2])
    taper = np.interp(np.linspace(0, 1, len(path)), [0, 0.1, 0.85, 1.0], [0.7, 1.0, 1.0, 0.6])
    sleeve = sweep(path, section, np.c_[taper, np.ones_like(taper)])
    half = rounded(
        [
            (-0.014, 0.0005),
            (jaw, 0.0006),
            (jaw, 0.0045, 0.002),
            (0.45 * jaw, 0.0105, 0.010),
            (0.004, 0.0135, 0.006),
            (-0.014, 0.0120, 0.004),
        ],
        draft.steps(3),
        True,
    )
    head = extrude(half, 0.86 * thick, 0.0014, 1).moved(z=0.07 * thick)
    bolt = cylinder(0.0058, 0.0020, draft.n(16), 0.0006, 1).moved(x=-0.002, z=0.92 * thick)
    teeth = [
        rounded_box(0.0012, 0.0022, 0.80 * thick, 0.0002, 1).moved(x=jaw * at, z=0.10 * thick)
        for at in (0.55, 0.67, 0.79, 0.91)
    ]
    pieces: list[Piece] = []
    for side in (1, -1):
        flip = np.array([1.0, side, 1.0])
        pieces += [
            hull_of(sweep(path[a : b + 1] * flip, section))
            for a, b in ((0, len(path) // 2), (len(path) // 2, len(path) - 1))
        ]
    return Design(
        [
            Part(joined([sleeve, sleeve.mirrored("y")]), draft.plain("plastic", roughness=0.6)),
            Part(joined([head, head.mirrored("y")]), draft.metal((150, 152, 158), 3200.0)),
            Part(joined([bolt, *teeth]), draft.metal((84, 86, 92))),
        ],
        [*pieces, hull_of(head), hull_of(head.mirrored("y"))],
        "pair of pliers with {color} grips",
        materials=("steel", "plastic"),
        main="plastic",
    )


@category(
    "tape_measure",
    PAINT,
    ("object",),
    also=("measuring tape", "tape rule", "tape ruler", "retractable tape measure"),
    materials=("plastic", "steel"),
)
def tape_measure(draft: Draft) -> Design:
    half, tall, wide = draft.uniform(0.026, 0.031), draft.uniform(0.050, 0.058), draft.uniform(0.028, 0.034)
    outline = rounded(
        [
            (-half, 0, 0.006),
            (half, 0, 0.003),
            (half, 0.55 * tall, 0.012),
            (0.45 * half, tall, 0.016),
            (-0.45 * half, tall, 0.016),
            (-half, 0.6 * tall, 0.016),
        ],
        draft.steps(4),
        True,
    )
    body = standing_plate(outline, wide, 0.004, draft.steps(2))
    hub = circle(draft.n(24)) * 0.36 * tall + np.array([0.0, 0.52 * tall])
    image = materials.canvas((246, 244, 236), 64, 64)
    image = materials.printed(image, draft.pick(("3m", "5m", "8m", "16ft")), (30, 30, 34), (0.5, 0.5), 0.4, 0.8)
    face = front_face(hub, -wide / 2)
    other = face.rotated("z", 180.0)
    blade = rounded_box(0.022, 0.56 * wide, 0.0022, 0.0006, 1).moved(x=half + 0.008, z=0.0035)
    hook = rounded_box(0.0022, 0.56 * wide, 0.009, 0.0005, 1).moved(x=half + 0.019)
    lock = rounded_box(0.014, 0.4 * wide, 0.008, 0.003, 1).rotated("y", 62.0).moved(x=0.80 * half, z=0.74 * tall)
    band = standing_plate(
        np.array(
            [
                (-half - 0.0004, 0.14 * tall),
                (half + 0.0004, 0.14 * tall),
                (half + 0.0004, 0.20 * tall),
                (-half - 0.0004, 0.20 * tall),
            ]
        ),
        wide + 0.001,
    )
    dark = draft.plastic(trim(draft))
    return Design(
        [
            Part(body, painted(draft, density=1300.0)),
            Part(joined([face, other]), draft.textured("paper", materials.encoded(image), 0.5)),
            Part(blade, draft.metal((226, 196, 60))),
            Part(hook, draft.metal()),
            Part(joined([lock, band]), dark),
        ],
        [hull_of(body), hull_of(blade, hook), hull_of(lock)],
        "tape measure with its tape end out",
        materials=("plastic", "steel"),
    )


@category(
    "bolt",
    PAINT,
    ("object",),
    also=("screw", "hex bolt", "hexagon bolt", "machine screw", "machine bolt"),
    materials=("steel", "plastic", "copper"),
)
def bolt(draft: Draft) -> Design:
    head, high = draft.uniform(0.0165, 0.0190), draft.uniform(0.010, 0.013)
    radius, tall = draft.uniform(0.0090, 0.0108), draft.uniform(0.034, 0.046)
    hexagon = extrude(circle(6) * head, high, 0.0012, 1)
    turns = draft.pick((8, 9, 10))
    pitch = 0.80 * tall / turns
    thread = [(radius * (1.0 if k % 2 else 0.84), high + 0.20 * tall + 0.5 * pitch * k) for k in range(2 * turns)]
    shaft = lathe(
        np.array(
            [
                (0, high - 0.001),
                (radius * 0.97, high - 0.001),
                (radius * 0.97, high + 0.18 * tall),
                *thread,
                (0.7 * radius, high + tall),
                (0, high + tall),
            ]
        ),
        draft.n(18),
    )
    return Design(
        [Part(joined([hexagon, shaft]), draft.plain("steel", roughness=0.3, metallic=0.4, density=2600.0))],
        [
            hull_of(hexagon),
            turned_hull(np.array([[radius, high], [radius, high + tall - 0.001], [0.8 * radius, high + tall]]), 16),
        ],
        "large bolt standing on its hexagonal head",
        materials=("steel",),
    )


@category(
    "nut",
    PAINT,
    ("object", "stackable"),
    label="hex nut",
    also=("nut", "metal nut", "steel nut", "hexagon nut", "bolt nut"),
    materials=("steel", "plastic", "copper"),
)
def nut(draft: Draft) -> Design:
    outer, tall = draft.uniform(0.0220, 0.0260), draft.uniform(0.0170, 0.0210)
    inner = draft.uniform(0.44, 0.52) * outer
    segments = 6 * max(2, draft.n(24) // 6)
    round_ = circle(segments)
    angle = (np.degrees(np.arctan2(round_[:, 1], round_[:, 0])) % 60.0) - 30.0
    hexagon = round_ * (np.cos(np.pi / 6) / np.cos(np.radians(angle)))[:, None]
    inside = round_ * inner
    rows = [(0.93, 0.0), (1.0, 0.0022), (1.0, tall - 0.0022), (0.93, tall)]
    rings = [np.c_[inside, np.full(segments, 0.0)]]
    rings += [np.c_[hexagon * outer * s, np.full(segments, z)] for s, z in rows]
    rings += [
        np.c_[inside * k, np.full(segments, z)]
        for k, z in ((1.0, tall), (0.9, 0.75 * tall), (1.0, 0.5 * tall), (0.9, 0.25 * tall), (1.0, 0.0))
    ]
    body = loft(np.stack(rings))
    pieces: list[Piece] = []
    for k in range(6):
        turn = np.radians(60.0 * k + np.array([0.0, 60.0]))
        spoke = np.stack([np.cos(turn), np.sin(turn)], axis=1)
        plane = np.concatenate([spoke * outer, spoke * inner])
        pieces.append(Hull(np.concatenate([np.c_[plane, np.full(4, z)] for z in (0.0, tall)])))
    reach = 0.5 * outer
    return Design(
        [Part(body, draft.plain("steel", roughness=0.3, metallic=0.4, density=2600.0))],
        pieces,
        "large hexagonal nut",
        support=support("surface", tall, (reach, reach), tall),
        materials=("steel",),
    )


@category(
    "gear",
    PAINT,
    ("object",),
    label="gear wheel",
    also=("gear", "cog", "cogwheel", "cog wheel", "gearwheel", "sprocket"),
    materials=("steel", "plastic", "wood", "copper"),
)
def gear(draft: Draft) -> Design:
    teeth, radius, thick = draft.pick((8, 10, 12)), draft.uniform(0.0210, 0.0240), draft.uniform(0.0150, 0.0180)
    depth = draft.uniform(0.0048, 0.0058)
    turn = 2 * np.pi / teeth
    outline = []
    for k in range(teeth):
        for share, r in ((-0.30, radius), (-0.17, radius + depth), (0.17, radius + depth), (0.30, radius)):
            outline.append(((k + share) * turn, r))
    rim = np.array([(r * np.cos(a), r * np.sin(a)) for a, r in outline])
    body = extrude(rim, thick, 0.0010, 1)
    hub = lathe(
        rounded(
            [
                (0.0052, thick - 0.001),
                (0.46 * radius, thick - 0.001),
                (0.46 * radius, thick + 0.004, 0.001),
                (0.0052, thick + 0.004),
                (0.0052, thick - 0.001),
            ],
            1,
        ),
        draft.n(20),
    )
    bore = cylinder(0.0053, 0.0004, draft.n(14)).moved(z=thick + 0.0002)
    dents = [
        cylinder(0.16 * radius, 0.0006, draft.n(12)).moved(
            0.72 * radius * np.cos(a), 0.72 * radius * np.sin(a), thick - 0.0002
        )
        for a in np.arange(5) * 2 * np.pi / 5
    ]
    return Design(
        [
            Part(joined([body, hub]), draft.plain("steel", roughness=0.35, density=1600.0)),
            Part(joined([bore, *dents]), draft.plastic((34, 34, 38) if draft.color != "black" else (120, 120, 126))),
        ],
        [
            turned_hull(np.array([[radius + 0.6 * depth, 0], [radius + 0.6 * depth, thick]]), 24),
            turned_hull(np.array([[0.46 * radius, thick], [0.46 * radius, thick + 0.004]]), 14),
        ],
        f"gear wheel with {teeth} teeth",
        materials=("steel",),
    )


@category(
    "magnet",
    PAINT,
    ("object",),
    label="horseshoe magnet",
    also=("magnet", "toy magnet", "u-shaped magnet"),
    materials=("steel", "plastic"),
)
def magnet(draft: Draft) -> Design:
    radius, wide, thick = draft.uniform(0.0190, 0.0220), draft.uniform(0.0105, 0.0125), draft.uniform(0.0155, 0.0185)
    leg, tip = draft.uniform(0.020, 0.028), draft.uniform(0.011, 0.014)
    section = superellipse(draft.n(16), 6.0) * np.array([wide / 2, thick / 2])
    turn = np.linspace(np.pi / 2, 1.5 * np.pi, draft.n(18))
    bend = np.c_[radius * np.cos(turn), radius * np.sin(turn), np.full(len(turn), thick / 2)]
    start, end = np.array([[leg, radius, thick / 2]]), np.array([[leg, -radius, thick / 2]])
    body = sweep(np.concatenate([start, bend, end]), section)
    tips = [
        rounded_box(tip, wide + 0.0006, thick + 0.0004, 0.001, 1).moved(x=leg + tip / 2 - 0.002, y=s * radius)
        for s in (1, -1)
    ]
    pieces: list[Piece] = [
        box_between((-0.001, s * radius - wide / 2, 0), (leg + tip - 0.002, s * radius + wide / 2, thick))
        for s in (1, -1)
    ]
    for a, b in zip(np.linspace(0.5, 1.5, 7)[:-1], np.linspace(0.5, 1.5, 7)[1:], strict=True):
        spokes = np.array([(np.cos(k * np.pi), np.sin(k * np.pi)) for k in (a, b)])
        plane = np.concatenate([spokes * (radius - wide / 2), spokes * (radius + wide / 2)])
        pieces.append(Hull(np.concatenate([np.c_[plane, np.full(4, z)] for z in (0.0, thick)])))
    return Design(
        [
            Part(flattened(body, 0.0), draft.plain("steel", roughness=0.35)),
            Part(
                joined(tips),
                draft.metal((206, 208, 212) if draft.color not in ("silver", "gray", "white") else (190, 40, 40)),
            ),
        ],
        pieces,
        "horseshoe magnet with bare tips",
        materials=("steel",),
    )


@category(
    "magnifying_glass",
    PAINT,
    ("object",),
    also=("magnifier", "loupe", "hand lens", "magnifying lens"),
    materials=("plastic", "wood", "steel"),
)
def magnifying_glass(draft: Draft) -> Design:
    radius, grip, fat = draft.uniform(0.026, 0.031), draft.uniform(0.056, 0.068), draft.uniform(0.0105, 0.0118)
    s = np.linspace(0, 1, draft.n(12))
    radii = fat * np.interp(s, [0, 0.05, 0.2, 0.75, 0.95, 1.0], [0.55, 0.9, 1.0, 0.86, 0.7, 0.6])
    handle = level_rod(np.stack([-radius - 0.012 - (1 - s) * grip, 0 * s], axis=1), radii, draft.n(16), 0.0012)
    z = fat - 0.0012
    loop = circle(draft.n(32)) * radius
    ring = sweep(
        np.c_[loop, np.full(len(loop), z)], superellipse(draft.n(10), 4.0) * np.array([0.0032, z]), closed=True
    )
    lens = ellipsoid(radius - 0.0015, radius - 0.0015, 0.0040, draft.n(26), draft.n(8)).moved(z=z)
    neck = rod((-radius - 0.016, 0, z), (-radius + 0.001, 0, z), 0.0048, draft.n(12))
    return Design(
        [
            Part(handle, painted(draft, 0.35)),
            Part(joined([ring, neck]), draft.metal(BRASS if draft.chance(0.4) else (186, 188, 194))),
            Part(lens, draft.plain("glass", (196, 222, 232), 0.05, density=1500.0)),
        ],
        [lying_hull(handle), hull_of(neck), turned_hull(np.array([[radius + 0.003, 0], [radius + 0.003, 2 * z]]), 24)],
        "magnifying glass with a {color} handle",
        least_mass=0.04,
        materials=("plastic", "glass", "steel"),
        main="plastic",
    )

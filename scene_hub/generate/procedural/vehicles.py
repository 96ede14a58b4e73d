"""Toy vehicles, and a robot."""

import numpy as np

from scene_hub.generate.collision import Piece, box_between, hull_of, turned_hull
from scene_hub.generate.materials import PAINT, Rgb, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.procedural.solids import BRASS, ball, front_face, painted, rectangle, rod, standing_plate
from scene_hub.generate.shapes import (
    Surface,
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
    sweep,
)

TOY_MATERIALS = ("plastic", "wood", "steel")
DARK: Rgb = (40, 40, 44)


def _wheels(draft: Draft, radius: float, wide: float, spots: list[tuple[float, float]]) -> tuple[Surface, Surface]:
    """Tires and hubs of wheels that stand on z = 0 at (x, y of the outer face)."""
    tire = cylinder(radius, wide, draft.n(14)).rotated("x", 90.0)
    hub = cylinder(0.5 * radius, wide + 0.0012, 6).rotated("x", 90.0)
    tires = [tire.moved(x, y + (wide if y < 0 else 0.0), radius) for x, y in spots]
    hubs = [hub.moved(x, y + (wide + 0.0006 if y < 0 else 0.0006), radius) for x, y in spots]
    return joined(tires), joined(hubs)


@category(
    "toy_train",
    PAINT,
    ("object",),
    also=("train", "locomotive", "toy locomotive", "steam engine", "train engine"),
    materials=TOY_MATERIALS,
)
def toy_train(draft: Draft) -> Design:
    half, wide, boiler = draft.uniform(0.040, 0.047), draft.uniform(0.030, 0.036), draft.uniform(0.0125, 0.0145)
    deck, roof, wheel = 0.017, draft.uniform(0.050, 0.056), draft.uniform(0.0090, 0.0105)
    frame = rounded_box(2 * half, wide, 0.008, 0.002, 1).moved(z=deck - 0.008)
    drum = (
        cylinder(boiler, 1.25 * half, draft.n(24), 0.002, 1)
        .rotated("y", 90.0)
        .moved(x=-0.32 * half, z=deck + boiler - 0.001)
    )
    cab = rounded_box(0.60 * half, wide, roof - deck - 0.004, 0.002, 1).moved(x=-0.66 * half, z=deck)
    lid = rounded_box(0.80 * half, wide + 0.006, 0.005, 0.002, 1).moved(x=-0.66 * half, z=roof - 0.005)
    top = deck + 2 * boiler - 0.003
    stack = [(0, top), (0.0044, top), (0.0044, top + 0.010), (0.0078, top + 0.017)]
    stack += [(0.0078, top + 0.019), (0.0050, top + 0.019), (0, top + 0.016)]
    chimney = lathe(np.array(stack), draft.n(16)).moved(x=0.62 * half)
    dome = ellipsoid(0.0065, 0.0065, 0.006, draft.n(14), draft.n(8)).moved(x=0.10 * half, z=top + 0.001)
    ram = standing_plate(
        np.array([(half - 0.002, 0.003), (half + 0.010, 0.003), (half - 0.002, deck - 0.001)]), 0.8 * wide
    )
    windows = [front_face(rectangle(0.18 * half, 0.0055, -0.66 * half, roof - 0.015), -wide / 2)]
    windows += [w.rotated("z", 180.0).moved(x=-1.32 * half) for w in windows]
    spots = [(x * half, s * wide / 2) for x in (-0.66, 0.0, 0.60) for s in (1, -1)]
    tires, hubs = _wheels(draft, wheel, 0.007, [(x, y + (0.0025 if y > 0 else -0.0025)) for x, y in spots])
    rods = [
        rod((-0.66 * half, s * (wide / 2 + 0.0042), wheel), (0.60 * half, s * (wide / 2 + 0.0042), wheel), 0.0014, 6)
        for s in (1, -1)
    ]
    second = draft.tint(draft.accent("red", "black", "blue", "yellow", "green"))
    pieces: list[Piece] = [
        box_between((-half, -wide / 2 - 0.0025, 0), (half, wide / 2 + 0.0025, deck)),
        hull_of(drum),
        hull_of(cab),
        hull_of(lid),
        hull_of(chimney),
        hull_of(ram),
    ]
    return Design(
        [
            Part(joined([drum, cab]), painted(draft, 0.3)),
            Part(joined([frame, lid, ram]), draft.plain("plastic", second, 0.4)),
            Part(joined([tires, chimney]), draft.plastic(DARK if draft.color != "black" else (120, 30, 30))),
            Part(
                joined([hubs, dome, *rods]),
                draft.metal(BRASS if draft.color not in ("gold", "yellow") else (200, 202, 206)),
            ),
            Part(joined(windows), draft.plain("glass", (150, 190, 214), 0.15)),
        ],
        pieces,
        "toy train engine with a chimney",
        materials=("plastic",),
    )


@category(
    "toy_airplane",
    PAINT,
    ("object",),
    also=("airplane", "aeroplane", "toy plane", "plane", "aircraft", "toy aeroplane", "jet"),
    materials=TOY_MATERIALS,
)
def toy_airplane(draft: Draft) -> Design:
    half, radius, span = draft.uniform(0.046, 0.054), draft.uniform(0.0135, 0.0155), draft.uniform(0.050, 0.060)
    s = np.linspace(0, 1, draft.n(16))
    radii = radius * np.interp(s, [0, 0.03, 0.12, 0.35, 0.7, 1.0], [0.25, 0.6, 0.9, 1.0, 0.82, 0.34])
    lift = radius + 0.007
    axis = np.c_[(0.5 - s) * 2 * half, 0 * s, lift + np.interp(s, [0, 0.6, 1.0], [0, 0, 0.45 * radius])]
    hull = sweep(axis, circle(draft.n(18)), radii)
    sweepback = draft.uniform(0.006, 0.020)
    wing = np.array([(0.018, 0), (0.010 - sweepback, span), (-0.004 - sweepback, span), (-0.014, 0)])
    wing = np.array([*wing, *((wing * [1, -1])[::-1])[1:-1]])
    main = extrude(wing, 0.0042, 0.0012, 1).moved(x=0.004, z=lift - 0.006)
    tail = np.array([(0.009, 0), (0.000, 0.022), (-0.008, 0.022), (-0.008, 0)])
    tail = np.array([*tail, *((tail * [1, -1])[::-1])[1:-1]])
    stab = extrude(tail, 0.0034, 0.0010, 1).moved(x=-half + 0.010, z=lift + 0.30 * radius)
    fin = standing_plate(
        np.array(
            [
                (-half + 0.022, lift + 0.6 * radius),
                (-half + 0.006, lift + radius + 0.020),
                (-half - 0.003, lift + radius + 0.020),
                (-half + 0.001, lift + 0.4 * radius),
            ]
        )[::-1],
        0.0036,
    )
    windows = [
        box(0.0042, 0.0016, 0.0042).moved(0.020 - 0.010 * k, y * 0.95 * radius, lift + 0.002)
        for k in range(4)
        for y in (1, -1)
    ]
    shield = ellipsoid(0.011, 0.80 * radius, 0.006, draft.n(14), draft.n(8)).moved(
        x=0.66 * half, z=lift + 0.62 * radius
    )
    nose = ellipsoid(0.005, 0.0045, 0.0045, draft.n(12), draft.n(8)).moved(x=half + 0.001, z=lift)
    blade = rounded_box(0.003, 0.030, 0.0048, 0.0012, 1).moved(x=half + 0.0005, z=-0.0024)
    props = [blade.rotated("x", turn).moved(z=lift) for turn in (20.0, 110.0)]
    gear = [
        rounded_box(0.012, 0.006, 0.010, 0.0025, 1).moved(x, y, 0.0)
        for x, y in ((0.010, 0.5 * radius), (0.010, -0.5 * radius))
    ]
    gear.append(rounded_box(0.010, 0.005, lift - 0.006, 0.002, 1).moved(x=-0.72 * half))
    second = draft.plain("plastic", draft.tint(draft.accent("white", "red", "blue", "yellow")), 0.35)
    return Design(
        [
            Part(joined([hull, fin]), painted(draft, 0.3, 700.0)),
            Part(joined([main, stab]), second),
            Part(joined([*windows, shield]), draft.plain("glass", (70, 110, 150), 0.15)),
            Part(joined([*gear, nose, *props]), draft.plastic(DARK if draft.color != "black" else (200, 200, 200))),
        ],
        [
            hull_of(flattened(hull, lift - radius)),
            hull_of(main),
            hull_of(stab),
            hull_of(fin),
            *(hull_of(g) for g in gear),
            hull_of(*props),
        ],
        "toy airplane with a propeller",
        materials=("plastic",),
    )


@category(
    "toy_boat",
    PAINT,
    ("object",),
    also=("boat", "sailboat", "toy sailboat", "sailing boat", "ship", "toy ship", "sail boat"),
    materials=TOY_MATERIALS,
)
def toy_boat(draft: Draft) -> Design:
    half, wide, high = draft.uniform(0.041, 0.048), draft.uniform(0.0170, 0.0205), draft.uniform(0.022, 0.026)
    mast = draft.uniform(0.050, 0.060)

    def deck(grow: float, z: float, back: float) -> np.ndarray:
        right = spline(
            [
                (-back, -0.80 * wide * grow),
                (-0.2 * half, -wide * grow),
                (0.45 * half, -0.80 * wide * grow),
                (half * (0.86 + 0.14 * grow), 0.0),
            ],
            draft.n(16),
        )
        ring = np.concatenate([right, (right * [1, -1])[-2::-1]])
        return np.c_[ring, np.full(len(ring), z)]

    rings = [
        deck(0.80, 0.0, 0.90 * half),
        deck(0.98, 0.5 * high, 0.96 * half),
        deck(1.0, high, half),
        deck(0.86, high, 0.90 * half),
        deck(0.80, high - 0.004, 0.86 * half),
    ]
    ends = [np.broadcast_to(np.array([0.0, 0.0, z]), rings[0].shape) for z in (0.0, high - 0.004)]
    hull = loft(np.stack([ends[0], *rings, ends[1]]))
    stripe = loft(
        np.stack(
            [
                deck(0.985, 0.62 * high, 0.965 * half),
                deck(1.012, 0.66 * high, 0.99 * half),
                deck(1.018, 0.82 * high, 1.0 * half),
                deck(0.99, 0.86 * high, 0.985 * half),
            ]
        )
    )
    cabin = rounded_box(0.42 * half, 1.0 * wide, 0.012, 0.003, draft.steps(2)).moved(x=-0.48 * half, z=high - 0.005)
    base = high - 0.005
    post = rod((0.14 * half, 0, base), (0.14 * half, 0, high + mast), 0.0022, draft.n(8))
    sail = standing_plate(
        np.array(
            [
                (0.14 * half - 0.003, high + 0.010),
                (0.14 * half - 0.003, high + mast - 0.002),
                (-0.80 * half, high + 0.010),
            ]
        ),
        0.0022,
    )
    jib = standing_plate(
        np.array(
            [
                (0.14 * half + 0.004, high + 0.008),
                (0.84 * half, high + 0.006),
                (0.14 * half + 0.004, high + 0.80 * mast),
            ]
        ),
        0.0022,
    )
    flag = standing_plate(
        np.array(
            [
                (0.14 * half, high + mast),
                (0.14 * half, high + mast + 0.009),
                (0.14 * half - 0.013, high + mast + 0.0045),
            ]
        ),
        0.0022,
    )
    cloth = draft.plain("fabric", (246, 244, 236) if draft.color not in ("white", "silver") else (210, 60, 50), 0.8)
    accent = draft.tint(draft.accent("red", "yellow", "blue"))
    return Design(
        [
            Part(hull, painted(draft, 0.4, 700.0)),
            Part(joined([sail, jib]), cloth),
            Part(joined([stripe, flag]), draft.plain("plastic", accent, 0.4)),
            Part(joined([cabin, post]), draft.wood((178, 126, 76))),
        ],
        [hull_of(hull), hull_of(cabin), hull_of(sail), hull_of(jib), hull_of(post, flag)],
        "toy sailboat with two sails",
        materials=("plastic", "fabric"),
    )


@category(
    "rocket",
    PAINT,
    ("object",),
    label="toy rocket",
    also=("rocket", "rocket ship", "space rocket", "spaceship", "toy spaceship"),
    materials=TOY_MATERIALS,
)
def rocket(draft: Draft) -> Design:
    radius, tall = draft.uniform(0.0150, 0.0180), draft.uniform(0.096, 0.112)
    lift = 0.010
    knots = [(0.62, 0.0), (0.94, 0.22), (1.0, 0.42), (0.80, 0.72), (0.42, 0.90)]
    curve = spline([(r * radius, lift + z * (tall - lift)) for r, z in knots], draft.n(18))
    body = lathe(np.concatenate([[(0, lift)], curve, [(0, curve[-1, 1])]]), draft.n(24), crease=60.0)
    z = curve[-1, 1]
    tip = lathe(
        np.array([(0, z - 0.0004), (0.425 * radius, z - 0.0004), (0.26 * radius, 0.5 * (z + tall)), (0.0, tall)]),
        draft.n(20),
        crease=60.0,
    )
    nozzle = lathe(
        np.array([(0, 0.003), (0.66 * radius, 0.003), (0.46 * radius, lift + 0.001), (0, lift + 0.001)]), draft.n(20)
    )
    reach = draft.uniform(0.013, 0.017)
    edge = rounded(
        [
            (0.5 * radius, lift + 0.004),
            (radius + reach - 0.004, 0.0),
            (radius + reach, 0.0),
            (radius + reach - 0.002, lift + 0.010, 0.006),
            (0.9 * radius, lift + 0.036),
        ],
        draft.steps(2),
        True,
    )
    fins = [standing_plate(edge, 0.0042, 0.001, 1).rotated("z", turn) for turn in (45.0, 135.0, 225.0, 315.0)]
    band = lathe(
        np.array(
            [
                (0.97 * radius, lift + 0.30 * tall),
                (1.02 * radius, lift + 0.31 * tall),
                (1.02 * radius, lift + 0.34 * tall),
                (0.97 * radius, lift + 0.35 * tall),
            ]
        ),
        draft.n(24),
    )
    port = (
        cylinder(0.40 * radius, 0.004, draft.n(18), 0.001, 1)
        .rotated("x", 90.0)
        .moved(y=-0.86 * radius, z=lift + 0.52 * tall)
    )
    glass = (
        cylinder(0.28 * radius, 0.0006, draft.n(16))
        .rotated("x", 90.0)
        .moved(y=-0.86 * radius - 0.0038, z=lift + 0.52 * tall)
    )
    accent = draft.tint(draft.accent("red", "orange", "blue"))
    return Design(
        [
            Part(body, painted(draft, 0.3, 600.0)),
            Part(joined([tip, *fins]), draft.plain("plastic", accent, 0.35)),
            Part(joined([nozzle, band, port]), draft.metal((180, 182, 188))),
            Part(glass, draft.plain("glass", (90, 170, 220), 0.1)),
        ],
        [
            turned_hull(curve[:: draft.steps(2)], 12),
            turned_hull(np.array([[0.425 * radius, z], [0.26 * radius, 0.5 * (z + tall)], [0.0, tall]]), 12),
            *(hull_of(fin) for fin in fins),
        ],
        "toy rocket with four fins",
        materials=("plastic",),
    )


@category(
    "toy_robot", PAINT, ("object",), also=("robot", "robot toy", "toy android", "robot figure"), materials=TOY_MATERIALS
)
def toy_robot(draft: Draft) -> Design:
    x, y, leg = draft.uniform(0.030, 0.036), draft.uniform(0.022, 0.026), draft.uniform(0.020, 0.025)
    body, head = draft.uniform(0.030, 0.036), draft.uniform(0.020, 0.024)
    neck, top = leg + body, leg + body + 0.004 + head
    torso = rounded_box(x, y, body, 0.003, 1).moved(z=leg)
    skull = rounded_box(0.80 * x, 0.86 * y, head, 0.004, 1).moved(z=neck + 0.004)
    legs = [box(0.30 * x, 0.5 * y, leg).moved(x=s * 0.26 * x) for s in (1, -1)]
    feet = [rounded_box(0.42 * x, 1.1 * y, 0.008, 0.003, 1).moved(x=s * 0.26 * x, y=-0.10 * y) for s in (1, -1)]
    arms = [
        rounded_box(0.0085, 0.0105, 0.72 * body, 0.003, 1).moved(x=s * (x / 2 + 0.0052), z=leg + 0.20 * body)
        for s in (1, -1)
    ]
    hands = [ball(draft, 0.0066, s * (x / 2 + 0.0052), 0, leg + 0.16 * body, 8) for s in (1, -1)]
    spine = rod((0, 0, neck - 0.001), (0, 0, neck + 0.006), 0.006, draft.n(12))
    mast = rod((0, 0, top - 0.001), (0, 0, top + 0.010), 0.0012, 6)
    lamp = ball(draft, 0.0036, 0, 0, top + 0.011, 8)
    face_y = -0.43 * y
    eye = cylinder(0.0038, 0.002, draft.n(12), 0.0006, 1).rotated("x", 90.0)
    eyes = [eye.moved(s * 0.19 * x, face_y + 0.0006, neck + 0.004 + 0.60 * head) for s in (1, -1)]
    mouth = front_face(rectangle(0.22 * x, 0.0018, 0.0, neck + 0.004 + 0.25 * head), face_y)
    panel = front_face(rectangle(0.34 * x, 0.26 * body, 0.0, leg + 0.58 * body), -y / 2)
    dots = [
        cylinder(0.0030, 0.0016, draft.n(10)).rotated("x", 90.0).moved(k * 0.19 * x, -y / 2 - 0.0002, leg + 0.66 * body)
        for k in (-1, 0, 1)
    ]
    hues: tuple[Rgb, ...] = ((220, 40, 40), (244, 200, 40), (60, 180, 80))
    metal, dark = draft.metal((176, 178, 184)), draft.plastic(DARK)
    return Design(
        [
            Part(joined([torso, skull]), painted(draft, 0.35, 700.0)),
            Part(
                joined([*legs, *arms, spine, mast]),
                metal if draft.color not in ("silver", "gray") else draft.plastic((70, 74, 84)),
            ),
            Part(
                joined([*feet, *hands]),
                draft.plastic(shade(draft.rgb, 0.7) if draft.color != "black" else (90, 90, 96)),
            ),
            Part(
                joined([*eyes, lamp]),
                draft.plain(
                    "plastic", (250, 220, 70) if draft.color not in ("yellow", "gold") else (90, 200, 240), 0.3
                ),
            ),
            Part(joined([mouth, panel]), dark),
            *(Part(dot, draft.plastic(hue)) for dot, hue in zip(dots, hues, strict=True)),
        ],
        [
            hull_of(torso),
            hull_of(skull),
            hull_of(*legs),
            hull_of(*feet),
            *(hull_of(a, h) for a, h in zip(arms, hands, strict=True)),
            hull_of(mast, lamp),
        ],
        "toy robot with an antenna",
        materials=("plastic", "steel"),
    )

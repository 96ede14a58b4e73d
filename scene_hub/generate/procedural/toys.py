"""Toys and small household things."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Piece, box_between, hull_of, standing_hull, turned_hull
from scene_hub.generate.looks import LOOKS
from scene_hub.generate.materials import DYE, PAINT, SUBSTANCES, mix, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.procedural.forms import stalk
from scene_hub.generate.shapes import (
    BOX_FACES,
    atlas_box,
    circle,
    cylinder,
    ellipsoid,
    extrude,
    flattened,
    joined,
    lathe,
    rounded,
    rounded_box,
    rounded_rectangle,
    spline,
    superellipse,
    sweep,
)


@category(
    "block",
    PAINT,
    ("object", "stackable"),
    also=(
        "cube",
        "toy block",
        "wooden block",
        "building block",
        "wooden cube",
        "plastic block",
        "toy cube",
        "play block",
        "square block",
        "alphabet block",
        "brick",
    ),
    materials=("wood", "plastic", "foam", "stone", "rubber", "cardboard", "steel", "glass", "felt", "cork"),
)
def block(draft: Draft) -> Design:
    side, edge = draft.uniform(0.034, 0.046), draft.uniform(0.0018, 0.0035)
    wooden = draft.chance(0.5)
    wooden = draft.made_of("wood", wooden)
    material = draft.wood(draft.rgb, density=700.0) if wooden else draft.plain("plastic", roughness=0.4, density=700.0)
    half = side / 2 - edge
    return Design(
        [Part(rounded_box(side, side, side, edge, draft.steps(2)).projected(0.08), material)],
        [box_between((-side / 2, -side / 2, 0), (side / 2, side / 2, side))],
        "painted {color} wooden block" if wooden else "plastic block",
        support=support("surface", side, (half, half), side),
    )


@category(
    "toy_brick",
    PAINT,
    ("object", "stackable"),
    also=(
        "lego",
        "lego brick",
        "lego block",
        "lego piece",
        "building brick",
        "duplo",
        "duplo block",
        "duplo brick",
        "brick",
        "plastic brick",
        "building block",
        "toy block",
    ),
    materials=("plastic", "wood", "foam", "rubber"),
)
def toy_brick(draft: Draft) -> Design:
    pitch, rows, columns = draft.uniform(0.0140, 0.0162), 2, draft.pick((2, 3, 4))
    height, stud = draft.uniform(0.022, 0.028), 0.0042
    x, y = columns * pitch, rows * pitch
    knob = lathe(rounded([(0, 0), (0.31 * pitch, 0), (0.31 * pitch, stud, 0.0006), (0, stud)], 1), draft.n(16))
    knobs = [
        knob.moved((i - (columns - 1) / 2) * pitch, (j - (rows - 1) / 2) * pitch, height)
        for i in range(columns)
        for j in range(rows)
    ]
    return Design(
        [
            Part(
                joined([rounded_box(x, y, height, 0.0008, 1), *knobs]),
                draft.plain("plastic", roughness=0.3, density=700.0),
            )
        ],
        [box_between((-x / 2, -y / 2, 0), (x / 2, y / 2, height))],
        f"plastic toy brick with {rows * columns} studs",
        support=support("surface", height, (x / 2 - 0.002, y / 2 - 0.002), height),
    )


@category(
    "die",
    PAINT,
    ("object", "stackable"),
    also=("dice", "playing die", "gaming die", "game die", "gaming dice"),
    materials=("plastic", "wood", "stone", "foam", "glass", "steel", "rubber"),
)
def die(draft: Draft) -> Design:
    side = draft.uniform(0.034, 0.044)
    n, color = 48, draft.rgb
    ink = materials.contrast_to(color)
    near, mid, far = 0.24, 0.5, 0.76
    spots = {
        1: [(mid, mid)],
        2: [(near, near), (far, far)],
        3: [(near, near), (mid, mid), (far, far)],
        4: [(near, near), (near, far), (far, near), (far, far)],
        5: [(near, near), (near, far), (far, near), (far, far), (mid, mid)],
        6: [(u, v) for u in (near, far) for v in (near, mid, far)],
    }
    made = draft.substance("plastic", "wood", "stone", "foam", "glass", "steel", "rubber")
    faces, cells = [], {}
    for index, (face, count) in enumerate(zip(BOX_FACES, (2, 3, 5, 4, 6, 1), strict=True)):
        image = draft.image(made, size=n, tag=face)
        for spot in spots[count]:
            image = materials.dotted(image, ink, spot, 0.10, 0.10)
        faces.append(image)
        cells[face] = ((index + 0.01) / 6, 0.0, (index + 0.99) / 6, 1.0)
    body = atlas_box(side, side, side, cells)
    roughness, metallic = LOOKS[made].shine(draft.color)
    image = materials.encoded(np.concatenate(faces, axis=1), 8 if LOOKS[made].paint is None else 48)
    density = SUBSTANCES[made].density * 0.74  # hollow
    paint = draft.textured(made, image, roughness, metallic, density)
    half = side / 2 - 0.001
    return Design(
        [Part(body, paint)],
        [box_between((-side / 2, -side / 2, 0), (side / 2, side / 2, side))],
        f"large {{color}} {LOOKS[made].adjective} die with dots",
        support=support("surface", side, (half, half), side),
    )


@category(
    "rubber_duck",
    PAINT,
    ("object",),
    also=("duck", "rubber ducky", "toy duck", "bath duck", "duckling", "rubber duckie", "ducky", "duckie"),
    materials=("rubber", "plastic", "wood"),
)
def rubber_duck(draft: Draft) -> Design:
    x, y, z = draft.uniform(0.031, 0.036), draft.uniform(0.0235, 0.0265), draft.uniform(0.0185, 0.0210)
    head = draft.uniform(0.0150, 0.0170)
    body = ellipsoid(x, y, z, draft.n(24), draft.n(14))

    def tail(points: np.ndarray) -> np.ndarray:
        back = np.clip(-points[:, 0] / x - 0.35, 0, 1)
        return points + np.stack([-0.004 * back, 0 * back, 0.020 * back**1.5], axis=1) * np.stack(
            [1 + 0 * back, 1 - back, 1 + 0 * back], axis=1
        )

    low = z - 0.004
    body = flattened(body.warped(tail, 60.0), -low).moved(z=low)
    top = 2 * low + 0.52 * head
    crown = ellipsoid(head, 0.95 * head, 0.96 * head, draft.n(20), draft.n(12)).moved(x=0.45 * x, z=top)
    bill = ellipsoid(0.010, 0.0085, 0.0036, draft.n(12), draft.n(8)).moved(
        x=0.45 * x + head * 0.98, z=top - 0.18 * head
    )
    eyes = [
        ellipsoid(0.0024, 0.0024, 0.0024, draft.n(8), 6).moved(
            0.45 * x + 0.78 * head, side * 0.52 * head, top + 0.30 * head
        )
        for side in (1, -1)
    ]
    wings = [
        ellipsoid(0.55 * x, 0.005, 0.55 * z, draft.n(14), draft.n(8)).moved(-0.15 * x, side * 0.93 * y, low + 0.1 * z)
        for side in (1, -1)
    ]
    skin = draft.plain("rubber", roughness=0.45, density=350.0)
    wing = draft.plain("rubber", shade(draft.rgb, 0.9), 0.45, density=350.0)
    beak = draft.plain("rubber", (236, 120, 20) if draft.color != "orange" else (220, 40, 30), 0.45)
    pieces: list[Piece] = [hull_of(body), hull_of(crown), hull_of(bill)]
    return Design(
        [
            Part(joined([body, crown]), skin),
            Part(joined(wings), wing),
            Part(bill, beak),
            Part(joined(eyes), draft.plastic((24, 24, 26))),
        ],
        pieces,
        "rubber duck with an orange bill" if draft.color != "orange" else "rubber duck with a red bill",
        materials=("rubber",),
    )


@category(
    "toy_car",
    PAINT,
    ("object",),
    also=(
        "car",
        "race car",
        "racing car",
        "model car",
        "toy vehicle",
        "matchbox car",
        "hot wheels car",
        "sports car",
        "miniature car",
    ),
    materials=("plastic", "wood", "steel"),
)
def toy_car(draft: Draft) -> Design:
    length, wide, wheel = draft.uniform(0.078, 0.092), draft.uniform(0.036, 0.042), draft.uniform(0.0095, 0.0110)
    deck, roof = draft.uniform(0.0235, 0.0255), draft.uniform(0.039, 0.044)
    a, lift = length / 2, 0.6 * wheel
    lower = rounded(
        [(-a, lift), (a, lift, 0.003), (a, deck - 0.004, 0.006), (0.42 * a, deck, 0.004), (-a, deck, 0.005)],
        draft.steps(3),
        closed=True,
    )
    cabin = rounded(
        [(-0.78 * a, deck - 0.001), (0.40 * a, deck - 0.001), (0.12 * a, roof, 0.008), (-0.58 * a, roof, 0.008)],
        draft.steps(3),
        closed=True,
    )
    body = extrude(lower, wide, 0.003, 1).rotated("x", 90.0).moved(y=wide / 2)
    glass_box = extrude(cabin, wide * 0.84, 0.003, 1).rotated("x", 90.0).moved(y=wide * 0.42)
    top = rounded_box(0.62 * a, 0.80 * wide, 0.004, 0.0016, 1).moved(x=-0.23 * a, z=roof - 0.0028)
    tire = cylinder(wheel, 0.009, draft.n(20), 0.0012, 1).rotated("x", 90.0)
    hub = cylinder(0.5 * wheel, 0.0100, draft.n(12)).rotated("x", 90.0)
    places = [(sx * 0.58 * a, sy) for sx in (1, -1) for sy in (1, -1)]
    tires = [tire.moved(sx, sy * (wide / 2 - 0.003) + 0.0045, wheel) for sx, sy in places]
    hubs = [hub.moved(sx, sy * (wide / 2 - 0.003) + 0.0050, wheel) for sx, sy in places]
    lamps = [
        ellipsoid(0.002, 0.004, 0.003, draft.n(8), 6).moved(a - 0.0005, side * 0.30 * wide, deck - 0.0085)
        for side in (1, -1)
    ]
    # Wheels are boxes underneath, so that the car stays where it is put.
    reach = wide / 2 + 0.0015
    pieces: list[Piece] = [hull_of(body), hull_of(glass_box, top)]
    pieces += [
        box_between(
            (sx - 0.6 * wheel, sy * reach - 0.009 * (sy > 0), 0),
            (sx + 0.6 * wheel, sy * reach + 0.009 * (sy < 0), lift + 0.002),
        )
        for sx, sy in places
    ]
    return Design(
        [
            Part(joined([body, top]), draft.plain("plastic", roughness=0.25)),
            Part(glass_box, draft.plain("glass", (92, 128, 150), 0.15, density=900.0)),
            Part(joined(tires), draft.rubber()),
            Part(joined([*hubs, *lamps]), draft.plain("plastic", (226, 226, 220), 0.4)),
        ],
        pieces,
        "toy car with four wheels",
        materials=("plastic", "rubber"),
    )


@category(
    "chess_pawn",
    PAINT,
    ("object",),
    also=(
        "pawn",
        "chess piece",
        "chess figure",
        "game piece",
        "chessman",
        "playing piece",
    ),
    materials=("wood", "plastic", "stone", "glass", "steel", "ceramic", "copper"),
)
def chess_pawn(draft: Draft) -> Design:
    foot, height, ball = draft.uniform(0.0185, 0.0220), draft.uniform(0.062, 0.076), draft.uniform(0.0120, 0.0140)
    h = height - ball
    below = rounded(
        [
            (0, 0),
            (foot, 0, 0.003),
            (foot, 0.16 * h, 0.005),
            (0.78 * foot, 0.22 * h, 0.003),
            (0.74 * foot, 0.27 * h, 0.002),
        ],
        draft.steps(3),
    )
    neck = spline([(0.70 * foot, 0.28 * h), (0.42 * foot, 0.52 * h), (0.34 * foot, 0.74 * h)], draft.n(8))
    collar = rounded(
        [(0.62 * foot, 0.76 * h), (0.66 * foot, 0.80 * h, 0.001), (0.5 * foot, 0.86 * h), (0, 0.86 * h)], 2
    )
    profile = np.concatenate([below, neck, collar])
    head = ellipsoid(ball, ball, ball, draft.n(20), draft.n(14)).moved(z=h)
    wood = draft.plain("wood", roughness=0.3, density=900.0)
    pieces: list[Piece] = [
        turned_hull(np.concatenate([below, neck[-1:]]), 12),
        turned_hull(np.array([[0.34 * foot, 0.5 * h], [0.66 * foot, 0.78 * h], [0.5 * foot, 0.86 * h]]), 14),
        hull_of(head),
    ]
    return Design(
        [Part(joined([lathe(profile, draft.n(26)), head]), wood)],
        pieces,
        "chess pawn with a round head",
        materials=("wood",),
    )


@category(
    "tennis_ball",
    DYE,
    ("object",),
    also=(
        "ball",
        "tennisball",
        "toy ball",
        "dog ball",
        "sports ball",
        "racquetball",
        "racket ball",
        "bouncy ball",
        "rubber ball",
    ),
    materials=("felt", "rubber", "foam"),
)
def tennis_ball(draft: Draft) -> Design:
    radius = draft.uniform(0.0270, 0.0295)
    ball = ellipsoid(radius, radius, radius, draft.n(28), draft.n(18), flat=0.0028)
    color = mix(draft.rgb, (205, 235, 40), 0.65 if draft.color in ("yellow", "green") else 0.0)
    felt = draft.textured("felt", draft.texture(materials.mottled, color, 0.16, 40), 0.98, density=330.0)
    t = np.linspace(0, 2 * np.pi, draft.n(44), endpoint=False)
    a, b = 0.44, 0.75 * np.sqrt(0.44 * 0.56) * 1.34
    seam = np.stack(
        [a * np.cos(t) + (1 - a) * np.cos(3 * t), a * np.sin(t) - (1 - a) * np.sin(3 * t), 2 * b * np.sin(2 * t)],
        axis=1,
    )
    seam = seam / np.linalg.norm(seam, axis=1, keepdims=True) * radius
    line = sweep(seam, circle(4) * np.array([0.0011, 0.0006]), closed=True).rotated("x", 35.0)
    lift = radius - 0.0028
    white = draft.plain("rubber", (244, 244, 238), 0.9)
    return Design(
        [Part(ball.moved(z=lift), felt), Part(flattened(line, -lift).moved(z=lift), white)],
        [standing_hull(ball.moved(z=lift))],
        "tennis ball with a white seam",
        materials=("felt", "rubber"),
        main="felt",
    )


@category(
    "candle",
    DYE,
    ("object",),
    also=("wax candle", "pillar candle", "tea light", "tealight", "scented candle", "birthday candle"),
    materials=("wax",),
)
def candle(draft: Draft) -> Design:
    radius, height = draft.uniform(0.0205, 0.0270), draft.uniform(0.050, 0.075)
    dip = 0.003
    profile = rounded(
        [
            (0, 0),
            (radius, 0, 0.002),
            (radius, height, 0.003),
            (0.86 * radius, height, 0.002),
            (0.55 * radius, height - dip, 0.004),
            (0, height - dip),
        ],
        draft.steps(3),
    )
    wax = draft.textured("wax", draft.texture(materials.mottled, draft.rgb, 0.06, 8), 0.55)
    wick = stalk(draft, height - dip, 0.013, 0.0012, (60, 52, 44))
    return Design(
        [Part(lathe(profile, draft.n(30)), wax), wick],
        [turned_hull(np.array([[radius - 0.0006, 0], [radius, 0.0015], [radius, height]]), 20)],
        draft.pick(("pillar candle with a wick", "short {color} wax candle")),
        materials=("wax",),
    )


@category(
    "sponge",
    DYE,
    ("object", "stackable"),
    also=(
        "dish sponge",
        "kitchen sponge",
        "cleaning sponge",
        "scrub sponge",
        "scouring sponge",
        "scrubber",
        "scouring pad",
        "washing sponge",
    ),
    materials=("foam",),
)
def sponge(draft: Draft) -> Design:
    x, y, z = draft.uniform(0.072, 0.086), draft.uniform(0.048, 0.056), draft.uniform(0.024, 0.030)
    scrub = draft.pick(("green", "gray", "blue"))
    scrub = "gray" if scrub == draft.color else scrub
    soft = rounded_box(x, y, 0.76 * z, 0.003, draft.steps(2))
    pad = rounded_box(x, y, 0.26 * z, 0.002, 1)
    foam = draft.textured("foam", draft.texture(materials.pores, draft.rgb), 0.95)
    rough = draft.textured("foam", draft.texture(materials.mottled, shade(draft.tint(scrub), 0.7), 0.35, 30), 1.0)
    return Design(
        [Part(soft.projected(0.05).moved(z=0.24 * z), foam), Part(pad.projected(0.03), rough)],
        [box_between((-x / 2, -y / 2, 0), (x / 2, y / 2, z))],
        f"kitchen sponge with a {scrub} scrubbing side",
        support=support("surface", z, (x / 2 - 0.004, y / 2 - 0.004), z),
        least_mass=0.02,
        materials=("foam",),
    )


@category(
    "soap_bar",
    DYE,
    ("object",),
    label="bar of soap",
    also=("soap", "soap bar", "hand soap", "piece of soap", "bath soap"),
    materials=("soap",),
)
def soap_bar(draft: Draft) -> Design:
    x, y, z = draft.uniform(0.068, 0.080), draft.uniform(0.044, 0.054), draft.uniform(0.022, 0.027)
    outline = superellipse(draft.n(32), draft.pick((2.6, 3.4))) * np.array([x / 2, y / 2])
    body = extrude(outline, z, 0.42 * z, draft.steps(5))
    stamp = rounded_rectangle(0.26 * x, 0.22 * y, 0.004, draft.steps(3))
    mark = extrude(stamp, 0.0008, 0.0003, 1).moved(z=z - 0.0004)
    soap = draft.textured("soap", draft.texture(materials.mottled, draft.rgb, 0.05, 6), 0.3)
    return Design(
        [Part(body.projected(0.1), soap), Part(mark, draft.plain("soap", shade(draft.rgb, 0.86), 0.3))],
        [hull_of(body)],
        "bar of {color} soap",
        materials=("soap",),
    )


@category(
    "thread_spool",
    DYE,
    ("object",),
    label="spool of thread",
    also=(
        "spool",
        "thread",
        "reel of thread",
        "thread reel",
        "cotton reel",
        "bobbin",
        "sewing thread",
        "yarn spool",
        "spool of yarn",
        "thread spool",
    ),
    materials=("wood", "plastic", "cardboard"),
)
def thread_spool(draft: Draft) -> Design:
    radius, height, core = draft.uniform(0.0200, 0.0245), draft.uniform(0.042, 0.052), draft.uniform(0.78, 0.88)
    rim = draft.uniform(0.006, 0.008)
    disc = cylinder(radius, rim, draft.n(28), 0.0012, 1)
    eye = cylinder(0.0045, 0.0004, draft.n(12)).moved(z=height)
    wound = lathe(
        rounded(
            [
                (0, rim),
                (0.94 * core * radius, rim),
                (core * radius, 0.5 * height),
                (0.94 * core * radius, height - rim),
                (0, height - rim),
            ],
            2,
        ),
        draft.n(28),
    )
    thread = materials.stripes(draft.size, draft.rgb, shade(draft.rgb, 0.78), draft.size // 4, 0.4, upright=False)
    wood = draft.wood((196, 150, 98))
    pieces: list[Piece] = [
        turned_hull(np.array([[radius, 0], [radius, rim]]), 24),
        turned_hull(np.array([[core * radius, rim], [core * radius, height - rim]]), 24),
        turned_hull(np.array([[radius, height - rim], [radius, height]]), 24),
    ]
    return Design(
        [
            Part(joined([disc, disc.moved(z=height - rim)]).projected(0.1), wood),
            Part(wound, draft.textured("fabric", materials.encoded(thread), 0.8)),
            Part(eye, draft.plain("wood", (60, 44, 32))),
        ],
        pieces,
        "spool of {color} thread",
        materials=("wood", "fabric"),
    )


@category(
    "toy_drum",
    PAINT,
    ("object", "stackable"),
    also=("drum", "small drum", "snare drum", "hand drum"),
    materials=("wood", "plastic", "steel"),
)
def toy_drum(draft: Draft) -> Design:
    radius, height = draft.uniform(0.0255, 0.0292), draft.uniform(0.036, 0.046)
    sides, rim = draft.n(30), 0.005
    hoop = cylinder(radius, rim, sides, 0.0012, 1)
    accent = draft.tint(draft.accent("yellow", "white", "blue", "red"))
    shell = lathe(np.array([(0, rim), (0.95 * radius, rim), (0.95 * radius, height - rim), (0, height - rim)]), sides)
    skin = cylinder(0.88 * radius, 0.0004, sides).moved(z=height)
    cords = []
    for index in range(10):
        angles = 2 * np.pi * (np.array([index, index + 0.5]) / 10)
        ends = np.stack(
            [np.cos(angles) * 0.955 * radius, np.sin(angles) * 0.955 * radius, np.array([rim, height - rim])], axis=1
        )
        cords.append(sweep(ends, circle(4) * 0.0008))
        angles = 2 * np.pi * (np.array([index + 0.5, index + 1]) / 10)
        back = np.stack(
            [np.cos(angles) * 0.955 * radius, np.sin(angles) * 0.955 * radius, np.array([height - rim, rim])], axis=1
        )
        cords.append(sweep(back, circle(4) * 0.0008))
    return Design(
        [
            Part(shell, draft.plain("wood", roughness=0.35, density=300.0)),
            Part(joined([hoop, hoop.moved(z=height - rim)]), draft.plain("wood", accent, 0.4)),
            Part(skin, draft.plain("paper", (240, 234, 216), 0.7)),
            Part(joined(cords), draft.plain("fabric", (244, 240, 228), 0.8)),
        ],
        [turned_hull(np.array([[radius, 0], [radius, height]]), 28)],
        "small {color} toy drum",
        support=support("surface", height, (0.75 * radius, 0.75 * radius), height),
        materials=("wood",),
    )

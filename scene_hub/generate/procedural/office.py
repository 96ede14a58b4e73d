"""Small office supplies: staplers, scissors, clips, calculators, stamps, a globe."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Piece, box_between, hull_of, standing_hull, turned_hull
from scene_hub.generate.materials import PAINT
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.procedural.solids import (
    BRASS,
    ball,
    front_face,
    painted,
    rectangle,
    rod,
    standing_plate,
    top_face,
    trim,
)
from scene_hub.generate.shapes import (
    circle,
    cylinder,
    extrude,
    joined,
    lathe,
    rounded,
    rounded_box,
    rounded_rectangle,
    spline,
    superellipse,
    sweep,
)


@category("stapler", PAINT, ("object",), also=("desk stapler", "office stapler"))
def stapler(draft: Draft) -> Design:
    half, wide = draft.uniform(0.044, 0.052), draft.uniform(0.026, 0.031)
    rise, nose = draft.uniform(0.036, 0.042), draft.uniform(0.005, 0.010)
    base = rounded_box(2 * half, wide, 0.009, 0.003, draft.steps(2))
    arm = rounded(
        [
            (-half + 0.002, 0.014),
            (half - 0.002, 0.025),
            (half, 0.034, nose),
            (half - 0.014, rise, 0.010),
            (-half + 0.012, rise - 0.004, 0.012),
            (-half, 0.026, 0.005),
        ],
        draft.steps(4),
        closed=True,
    )
    magazine = np.array([(-half + 0.006, 0.010), (half - 0.002, 0.020), (half - 0.002, 0.026), (-half + 0.006, 0.015)])
    cover = standing_plate(arm, wide, 0.004, draft.steps(2))
    rail = standing_plate(magazine, 0.6 * wide)
    post = rounded_box(0.018, 0.8 * wide, 0.024, 0.003, 1).moved(x=-half + 0.011)
    anvil = rounded_box(0.014, 0.5 * wide, 0.0012, 0.0004, 1).moved(x=half - 0.012, z=0.0085)
    return Design(
        [
            Part(cover, painted(draft)),
            Part(joined([base, post]), draft.plastic(trim(draft))),
            Part(joined([rail, anvil]), draft.metal()),
        ],
        [box_between((-half, -wide / 2, 0), (half, wide / 2, 0.009)), hull_of(cover), hull_of(rail), hull_of(post)],
        "stapler with a metal rail",
        least_mass=0.06,
        materials=("plastic", "steel"),
    )


@category("scissors", PAINT, ("object",), label="pair of scissors", also=("scissors", "scissor", "shears"))
def scissors(draft: Draft) -> Design:
    blade, thick = draft.uniform(0.062, 0.078), draft.uniform(0.0150, 0.0170)
    ring_x, ring_y, spread = draft.uniform(0.018, 0.021), draft.uniform(0.0125, 0.0140), draft.uniform(5.0, 10.0)
    section = superellipse(draft.n(12), 4.0) * np.array([0.0042, thick / 2])
    edge = rounded(
        [(-0.014, -0.008), (blade, -0.004), (0.75 * blade, 0.008, 0.03), (-0.014, 0.009)], draft.steps(4), True
    )
    knife = extrude(edge, 0.0035, 0.0006)
    center = -0.030 - ring_x
    loop = circle(draft.n(22)) * np.array([ring_x, ring_y]) + np.array([center, -ring_y - 0.0035])
    ring = sweep(np.c_[loop, np.full(len(loop), thick / 2)], section, closed=True)
    shank = [(-0.002, 0.001, thick / 2), (-0.020, -0.004, thick / 2), (center + 0.75 * ring_x, -0.0085, thick / 2)]
    stem = sweep(spline(shank, draft.n(8)), section * np.array([1.3, 1.0]))
    handle = joined([ring, stem])
    lower, upper = knife.rotated("z", -spread).moved(z=0.0040), knife.mirrored("y").rotated("z", spread).moved(z=0.0076)
    screw = cylinder(0.0042, 0.0030, draft.n(14), 0.0006, 1).moved(z=0.0105)
    grips = [handle, handle.mirrored("y")]
    pieces: list[Piece] = [hull_of(lower), hull_of(upper), hull_of(*(stem, stem.mirrored("y")))]
    for start in range(6):  # a ring as arcs, so that it stays open
        turn = np.radians(60.0 * start + np.array([0.0, 30.0, 60.0]))
        arc = np.stack([np.cos(turn) * ring_x + center, np.sin(turn) * ring_y - ring_y - 0.0035], axis=1)
        pieces += [
            hull_of(sweep(np.c_[arc * np.array([1, side]), np.full(3, thick / 2)], section[:: draft.steps(2)]))
            for side in (1, -1)
        ]
    return Design(
        [
            Part(joined(grips), draft.plain("plastic", roughness=0.4)),
            Part(joined([lower, upper]), draft.metal((206, 208, 212))),
            Part(screw, draft.metal((120, 122, 126))),
        ],
        pieces,
        "pair of scissors with {color} handles",
        least_mass=0.04,
        materials=("plastic", "steel"),
    )


def keypad(draft: Draft, rows: int, columns: int, area: tuple[float, float, float, float], key, face) -> np.ndarray:
    """A face with rows of rounded keys inside area (u0, v0, u1, v1)."""
    image = materials.canvas(face, draft.size, draft.size)
    u0, v0, u1, v1 = area
    for row in range(rows):
        for column in range(columns):
            color = (224, 96, 40) if (row, column) == (0, columns - 1) else key
            at = (u0 + (column + 0.5) * (u1 - u0) / columns, v0 + (row + 0.5) * (v1 - v0) / rows)
            image = materials.dotted(image, color, at, 0.36 * (u1 - u0) / columns, 0.34 * (v1 - v0) / rows)
    return image


@category("calculator", PAINT, ("object",), also=("pocket calculator", "desk calculator"))
def calculator(draft: Draft) -> Design:
    x, y, z = draft.uniform(0.048, 0.056), draft.uniform(0.080, 0.098), draft.uniform(0.0155, 0.0185)
    rows, n = draft.pick((4, 5)), draft.size
    color = draft.rgb
    image = keypad(draft, rows, 4, (0.06, 0.04, 0.94, 0.64), materials.contrast_to(color), color)
    top, low = int(0.07 * n), int(0.29 * n)
    image[top:low, int(0.07 * n) : int(0.93 * n)] = (176, 192, 168)
    image = materials.printed(
        image, draft.pick(("3.14", "1024", "12345", "0.5")), (36, 40, 36), (0.62, 0.82), 0.17, 0.6
    )
    outline = rounded_rectangle(x / 2, y / 2, 0.005, draft.steps(3))
    inner = rounded_rectangle(x / 2 - 0.002, y / 2 - 0.002, 0.004, draft.steps(3))
    return Design(
        [
            Part(extrude(outline, z, 0.0018, draft.steps(2)), painted(draft, 0.5)),
            Part(top_face(inner, z), draft.textured("plastic", materials.encoded(image), 0.5)),
        ],
        [box_between((-x / 2, -y / 2, 0), (x / 2, y / 2, z))],
        "pocket calculator with a display and keys",
        materials=("plastic",),
    )


@category("binder_clip", PAINT, ("object",), also=("bulldog clip", "paper clip", "foldback clip", "clip"))
def binder_clip(draft: Draft) -> Design:
    wide, half, high = draft.uniform(0.034, 0.042), draft.uniform(0.0125, 0.0150), draft.uniform(0.023, 0.027)
    prism = rounded([(-half, 0, 0.002), (half, 0, 0.002), (0.0028, high, 0.001), (-0.0028, high, 0.001)], 2, True)
    body = standing_plate(prism, wide, 0.0).rotated("z", 90.0)
    w, reach = 0.30 * wide, draft.uniform(0.018, 0.022)
    wires = []
    for side in (1, -1):
        knots = [(side * 0.004, 0.42 * wide, high - 0.002), (side * 0.009, 0.9 * w, high + 0.007)]
        knots += [(side * 0.021, 0.5 * w, high + reach), (side * 0.021, -0.5 * w, high + reach)]
        knots += [(k[0], -k[1], k[2]) for k in knots[1::-1]]
        path = spline([(y, x, z) for x, y, z in knots], draft.n(22))
        wires.append(sweep(path, circle(draft.n(8)) * 0.0014, up=(0, 1, 0)))
    jaw = [rod((-wide / 2, side * 0.003, high), (wide / 2, side * 0.003, high), 0.0022, draft.n(8)) for side in (1, -1)]
    return Design(
        [Part(body, draft.plain("steel", roughness=0.3, density=1400.0)), Part(joined([*wires, *jaw]), draft.metal())],
        [hull_of(body), *(hull_of(wire) for wire in wires)],
        "binder clip with wire handles",
        materials=("steel",),
    )


@category(
    "rubber_stamp", PAINT, ("object",), also=("stamp", "ink stamp", "office stamp"), materials=("wood", "plastic")
)
def rubber_stamp(draft: Draft) -> Design:
    x, y, foot = draft.uniform(0.042, 0.052), draft.uniform(0.026, 0.032), draft.uniform(0.014, 0.018)
    top, knob = draft.uniform(0.056, 0.066), draft.uniform(0.0110, 0.0135)
    block = rounded_box(x, y, foot - 0.004, 0.002, draft.steps(2)).moved(z=0.004)
    pad = rounded_box(0.94 * x, 0.92 * y, 0.0045, 0.0008, 1)
    turned = spline(
        [
            (0.010, foot),
            (0.0062, foot + 0.010),
            (0.0075, top - 1.7 * knob),
            (knob, top - 0.8 * knob),
            (0.6 * knob, top),
        ],
        draft.n(16),
    )
    grip = lathe(np.concatenate([[(0, foot)], turned, [(0, top)]]), draft.n(22), crease=70.0)
    word = draft.pick(("PAID", "OK", "DRAFT", "COPY"))
    label = materials.printed(materials.canvas((240, 234, 214), 48, 96), word, (170, 30, 36), (0.5, 0.5), 0.6, 0.8)
    face = front_face(rectangle(0.36 * x, 0.28 * foot, 0.0, 0.58 * foot), -y / 2)
    return Design(
        [
            Part(joined([block, grip]), draft.plain("wood", roughness=0.35, density=800.0)),
            Part(pad, draft.rubber()),
            Part(face, draft.textured("paper", materials.encoded(label), 0.7)),
        ],
        [
            box_between((-x / 2, -y / 2, 0), (x / 2, y / 2, foot)),
            turned_hull(np.array([[0.010, foot], [0.0075, top - 1.7 * knob]]), 12),
            turned_hull(np.array([[0.0075, top - 1.7 * knob], [knob, top - 0.8 * knob], [0.6 * knob, top]]), 14),
        ],
        "rubber stamp with a turned handle",
        least_mass=0.05,
        materials=("wood", "rubber"),
    )


@category("tape_dispenser", PAINT, ("object",), also=("sticky tape dispenser", "scotch tape dispenser", "tape holder"))
def tape_dispenser(draft: Draft) -> Design:
    half, wide, roll = draft.uniform(0.042, 0.050), draft.uniform(0.026, 0.032), draft.uniform(0.0205, 0.0235)
    x = -half + roll + 0.002
    outline = rounded(
        [
            (-half, 0, 0.004),
            (half, 0, 0.003),
            (half, 0.024, 0.003),
            (half - 0.010, 0.026, 0.006),
            (0.35 * half, 0.015, 0.010),
            (x + 0.4 * roll, 0.022, 0.006),
            (x, 0.030, 0.008),
            (-half + 0.001, 0.020, 0.006),
        ],
        draft.steps(3),
        closed=True,
    )
    body = standing_plate(outline, wide, 0.002, 1)
    z = 0.014 + roll
    disc = cylinder(roll, 0.6 * wide, draft.n(30), 0.0006, 1).rotated("x", 90.0).moved(x, 0.3 * wide, z)
    core = cylinder(0.55 * roll, 0.66 * wide, draft.n(20)).rotated("x", 90.0).moved(x, 0.33 * wide, z)
    strip = rod((x + 0.5 * roll, 0, z + 0.86 * roll), (half - 0.003, 0, 0.0258), 0.0009, 4).scaled(1.0, 9.0, 1.0)
    teeth = rounded_box(0.004, 0.66 * wide, 0.003, 0.0006, 1).moved(x=half - 0.003, z=0.0235)
    return Design(
        [
            Part(body, painted(draft, density=1300.0)),
            Part(joined([disc, strip]), draft.plain("plastic", (214, 206, 176), 0.25)),
            Part(core, draft.plastic((244, 244, 240) if draft.color != "white" else (60, 90, 160))),
            Part(teeth, draft.metal()),
        ],
        [
            box_between((-half, -wide / 2, 0), (half, wide / 2, 0.016)),
            hull_of(disc),
            box_between((half - 0.012, -wide / 2, 0.016), (half, wide / 2, 0.026)),
        ],
        "tape dispenser with a roll of tape",
        least_mass=0.06,
        materials=("plastic",),
    )


@category(
    "globe",
    ("blue", "teal", "green", "beige", "black", "purple", "orange"),
    ("object",),
    also=("desk globe", "world globe", "earth globe"),
)
def globe(draft: Draft) -> Design:
    radius, foot = draft.uniform(0.0245, 0.0285), draft.uniform(0.022, 0.026)
    z = 0.016 + radius
    n = draft.size
    image = materials.canvas(draft.rgb, n, n)
    land = materials.noise(draft.stream("land"), n, n, 5, 7) + 0.35 * materials.noise(
        draft.stream("coast"), n, n, 14, 24
    )
    image[land > 0.86] = (196, 172, 96) if draft.color in ("green", "teal") else (86, 152, 66)
    image[land > 1.02] = (170, 134, 84)
    image = materials.banded(image, [(0.0, 0.06, (240, 242, 244)), (0.94, 1.0, (240, 242, 244))])
    sphere = lathe(_meridian(radius, draft.n(16)), draft.n(20), crease=80.0).rotated("y", 18.0).moved(z=z)
    turn = np.radians(np.linspace(-90.0, 90.0, draft.n(16)) + 72.0)
    arc = np.stack(
        [(radius + 0.003) * np.cos(turn - np.pi / 2), 0 * turn, z + (radius + 0.003) * np.sin(turn - np.pi / 2)], axis=1
    )
    frame = sweep(arc, superellipse(draft.n(8), 4.0) * np.array([0.0030, 0.0012]), up=(0, 1, 0))
    stand = lathe(
        rounded(
            [(0, 0), (foot, 0, 0.001), (foot, 0.004, 0.002), (0.006, 0.008, 0.004), (0.0045, 0.014), (0, 0.014)], 3
        ),
        draft.n(24),
    )
    ends = ball(draft, 0.0028, *arc[0], segments=8), ball(draft, 0.0028, *arc[-1], segments=8)
    return Design(
        [
            Part(sphere, draft.textured("plastic", materials.encoded(image), 0.4, density=400.0)),
            Part(joined([frame, *ends]), draft.metal(BRASS)),
            Part(stand, draft.wood((126, 78, 42))),
        ],
        [
            turned_hull(np.array([[foot, 0], [foot, 0.004], [0.006, 0.012]]), 18),
            standing_hull(sphere, share=0.1),
            hull_of(frame),
        ],
        "small globe of the world on a stand",
        least_mass=0.06,
        materials=("plastic", "wood"),
    )


def _meridian(radius: float, rings: int) -> np.ndarray:
    angles = np.linspace(-np.pi / 2, np.pi / 2, rings + 1)
    profile = np.stack([np.cos(angles), np.sin(angles)], axis=1) * radius
    profile[[0, -1], 0] = 0.0
    return profile

"""Older devices: cameras, clocks, radios, and what makes them go."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import box_between, hull_of, standing_hull, turned_hull
from scene_hub.generate.materials import PAINT
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.procedural.solids import (
    BRASS,
    ball,
    enamelled,
    front_face,
    painted,
    rectangle,
    rod,
    wrapped,
)
from scene_hub.generate.shapes import (
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


@category("camera", PAINT, ("object",), also=("digital camera", "photo camera", "compact camera", "toy camera"))
def camera(draft: Draft) -> Design:
    x, y, z = draft.uniform(0.068, 0.078), draft.uniform(0.026, 0.031), draft.uniform(0.042, 0.048)
    lens, side = draft.uniform(0.0160, 0.0185), draft.uniform(0.004, 0.012)
    body = rounded_box(x, y, z, 0.003, draft.steps(2))
    wrap = rounded_box(x + 0.0008, y + 0.0008, 0.56 * z, 0.003, 1).moved(z=0.18 * z)
    hump = rounded_box(0.024, 0.8 * y, 0.008, 0.003, 1).moved(x=side, z=z - 0.001)
    steps = rounded(
        [
            (0, 0),
            (lens, 0),
            (lens, 0.008, 0.001),
            (0.86 * lens, 0.008),
            (0.86 * lens, 0.016, 0.001),
            (0.66 * lens, 0.016),
            (0.6 * lens, 0.012),
            (0, 0.012),
        ],
        1,
    )
    barrel = lathe(steps, draft.n(26)).rotated("x", 90.0).moved(side, -y / 2 + 0.001, 0.48 * z)
    eye = (
        ellipsoid(0.62 * lens, 0.62 * lens, 0.003, draft.n(18), draft.n(8))
        .rotated("x", 90.0)
        .moved(side, -y / 2 - 0.0105, 0.48 * z)
    )
    button = cylinder(0.0046, 0.004, draft.n(14), 0.001, 1).moved(-0.36 * x, 0, z - 0.0005)
    dial = cylinder(0.0064, 0.005, draft.n(16), 0.0006, 1).moved(0.38 * x, 0, z - 0.0005)
    flash = front_face(rectangle(0.007, 0.004, -0.34 * x, 0.85 * z), -y / 2)
    return Design(
        [
            Part(
                body,
                draft.metal((190, 192, 196))
                if draft.color not in ("silver", "gray", "white")
                else draft.plastic((44, 44, 48)),
            ),
            Part(joined([wrap, hump]), painted(draft, 0.7)),
            Part(joined([barrel, button]), draft.plastic((34, 34, 38))),
            Part(eye, draft.plain("glass", (40, 60, 110), 0.05)),
            Part(dial, draft.metal()),
            Part(flash, draft.plain("glass", (240, 240, 226), 0.2)),
        ],
        [
            box_between((-x / 2, -y / 2, 0), (x / 2, y / 2, z)),
            hull_of(barrel),
            hull_of(hump),
            hull_of(dial),
            hull_of(button),
        ],
        "camera with a round lens",
        mass=0.14,
        materials=("plastic", "steel", "glass"),
    )


@category(
    "light_bulb",
    ("white", "yellow", "orange", "red", "blue", "green", "pink", "purple"),
    ("object",),
    also=("lightbulb", "bulb", "lamp bulb", "led bulb"),
    materials=("glass", "plastic"),
)
def light_bulb(draft: Draft) -> Design:
    radius, base, length = draft.uniform(0.0235, 0.0270), draft.uniform(0.0120, 0.0135), draft.uniform(0.046, 0.054)
    neck = 1.04 * base
    dome = [(0.0, radius)] + [(radius * np.sin(a), radius * np.cos(a)) for a in np.linspace(0.15, 1.75, draft.n(12))]
    flank = spline(
        [dome[-1], (0.80 * radius, -0.62 * radius), (neck, -length + 0.018), (neck, -length + 0.010)], draft.n(10)
    )
    bulb = np.concatenate([dome, flank[1:], [(0, -length + 0.010)]])
    turns = [(base * (1.0 if k % 2 else 0.90), -length + 0.011 - 0.0021 * k) for k in range(10)]
    screw = np.array([(0, -length + 0.011), *turns, (0.5 * base, -length - 0.012), (0, -length - 0.012)])
    lean = float(np.degrees(np.arcsin((radius - base) / (length + 0.004))))
    glass, thread, tip = (
        lathe(profile[::-1], draft.n(24)).rotated("y", 90.0).rotated("y", -lean).moved(z=radius - 0.0016)
        for profile in (
            bulb,
            screw,
            np.array(
                [
                    (0, -length - 0.011),
                    (0.45 * base, -length - 0.011),
                    (0.25 * base, -length - 0.015),
                    (0, -length - 0.015),
                ]
            ),
        )
    )
    glass, thread = flattened(glass, 0.0), flattened(thread, 0.0)
    foot = box_between((-length - 0.006, -0.007, 0), (0.004, 0.007, 0.005))
    color = draft.rgb if draft.color != "yellow" else (252, 222, 110)
    return Design(
        [
            Part(glass, draft.plain("glass", color, 0.12, density=500.0)),
            Part(thread, draft.metal()),
            Part(tip, draft.plastic((36, 36, 38))),
        ],
        [standing_hull(glass, share=0.2), hull_of(thread), foot],
        draft.pick(("light bulb with a screw base", "{color} glass light bulb")),
        least_mass=0.04,
        materials=("glass", "steel"),
    )


@category(
    "battery",
    PAINT,
    ("object",),
    also=(
        "aa battery",
        "d battery",
        "batterie",
        "alkaline battery",
        "battery cell",
        "batteries",
        "pack of batteries",
    ),
)
def battery(draft: Draft) -> Design:
    radius, tall = draft.uniform(0.0145, 0.0180), draft.uniform(0.052, 0.064)
    share, n = draft.uniform(0.22, 0.34), draft.size
    sides = draft.n(28)
    shell = lathe(
        rounded(
            [(0, 0), (0.94 * radius, 0), (radius, 0.001), (radius, tall - 0.001), (0.92 * radius, tall), (0, tall)], 1
        ),
        sides,
    )
    pin = lathe(
        rounded(
            [(0, tall - 0.001), (0.36 * radius, tall - 0.001), (0.34 * radius, tall + 0.004, 0.001), (0, tall + 0.004)],
            2,
        ),
        draft.n(16),
    )
    copper, color = (188, 120, 66), draft.rgb
    upper = (32, 32, 36) if draft.color not in ("black", "gray") else copper
    image = materials.banded(materials.canvas(color, n, n), [(1 - share, 1.0, upper)])
    ink = materials.contrast_to(color)
    word = draft.pick(("POWER", "MAX", "ENERGY", "VOLT"))
    for at in (0.36, 0.86):
        image = materials.printed(image, word, ink, (at, 0.36), 0.15, 0.32)
        image = materials.printed(image, "+", (240, 240, 236), (at, 1 - share / 2), 0.2, 0.4)
    return Design(
        [
            Part(joined([shell, pin]), draft.metal(density=1800.0)),
            Part(
                wrapped(radius, 0.002, tall - 0.002, sides), draft.textured("plastic", materials.encoded(image), 0.35)
            ),
        ],
        [
            turned_hull(np.array([[0.95 * radius, 0], [radius, 0.001], [radius, tall]]), 18),
            turned_hull(np.array([[0.36 * radius, tall], [0.34 * radius, tall + 0.004]]), 12),
        ],
        "large battery with a {color} label",
        materials=("steel", "plastic"),
    )


@category(
    "alarm_clock",
    PAINT,
    ("object",),
    also=("clock", "desk clock", "table clock", "bell clock"),
    materials=("steel", "plastic"),
)
def alarm_clock(draft: Draft) -> Design:
    radius, deep = draft.uniform(0.0255, 0.0295), draft.uniform(0.026, 0.032)
    z = radius + 0.006
    case = cylinder(radius, deep, draft.n(32), 0.004, draft.steps(2)).rotated("x", 90.0).moved(y=deep / 2, z=z)
    dial = front_face(circle(draft.n(28)) * 0.84 * radius + np.array([0, z]), -deep / 2)
    bell = lathe(
        np.array([(0, 0), (0.0105, 0), (0.0100, 0.005), (0.006, 0.009), (0.0, 0.0105)]), draft.n(18), crease=70.0
    )
    bells = [bell.rotated("y", s * 32.0).moved(x=s * 0.56 * radius, z=z + 0.86 * radius) for s in (1, -1)]
    arch = [
        (x, 0, z + radius + h)
        for x, h in ((-0.30 * radius, 0.002), (-0.16 * radius, 0.013), (0.16 * radius, 0.013), (0.30 * radius, 0.002))
    ]
    handle = sweep(spline(arch, draft.n(12)), circle(draft.n(8)) * 0.0018, up=(0, 1, 0))
    feet = [
        rod((s * 0.56 * radius, 0, z - 0.72 * radius), (s * 0.74 * radius, 0, 0.002), 0.0040, draft.n(10))
        for s in (1, -1)
    ]
    bases = [
        box_between((s * 0.74 * radius - 0.006, -0.4 * deep, 0), (s * 0.74 * radius + 0.006, 0.4 * deep, 0.008))
        for s in (1, -1)
    ]
    pads = [rounded_box(0.011, 0.76 * deep, 0.006, 0.002, 1).moved(x=s * 0.74 * radius) for s in (1, -1)]
    metal = draft.metal(BRASS if draft.chance(0.5) and draft.color not in ("gold", "yellow") else (196, 198, 202))
    return Design(
        [
            Part(joined([case, *feet]), enamelled(draft, density=900.0)),
            Part(dial, draft.textured("paper", _clock_face(draft), 0.4)),
            Part(joined([*bells, handle, *pads]), metal),
        ],
        [hull_of(case), *bases, *(hull_of(b) for b in bells), hull_of(handle)],
        "alarm clock with two bells",
        materials=("steel", "glass"),
    )


def _clock_face(draft: Draft) -> bytes:
    n = draft.size
    image = materials.canvas((246, 244, 236), n, n)
    stream = draft.stream("time")
    for hour in range(12):
        turn = np.pi * hour / 6
        at = (0.5 + 0.40 * np.sin(turn), 0.5 + 0.40 * np.cos(turn))
        if hour % 3 == 0:
            image = materials.printed(
                image, str(hour or 12), (30, 30, 34), (at[0] * 0.9 + 0.05, at[1] * 0.9 + 0.05), 0.17, 0.4
            )
        else:
            image = materials.dotted(image, (30, 30, 34), at, 0.018, 0.018)
    hour, minute = int(stream.integers(12)), 5 * int(stream.integers(12))
    for turn, length, wide in ((np.pi * (hour + minute / 60) / 6, 0.21, 0.022), (np.pi * minute / 30, 0.32, 0.015)):
        for t in np.linspace(0, length, 26):
            image = materials.dotted(image, (24, 24, 28), (0.5 + t * np.sin(turn), 0.5 + t * np.cos(turn)), wide, wide)
    return materials.encoded(materials.dotted(image, (200, 40, 36), (0.5, 0.5), 0.035, 0.035))


@category(
    "radio", PAINT, ("object",), also=("portable radio", "transistor radio", "boombox"), materials=("plastic", "wood")
)
def radio(draft: Draft) -> Design:
    x, y, z = draft.uniform(0.070, 0.082), draft.uniform(0.027, 0.034), draft.uniform(0.044, 0.052)
    body = rounded_box(x, y, z, draft.uniform(0.004, 0.008), draft.steps(3))
    n = draft.size
    grill = materials.checker(n, (40, 40, 44), (104, 104, 110), 16)
    speaker = front_face(circle(draft.n(24)) * 0.36 * z + np.array([-0.22 * x, 0.48 * z]), -y / 2)
    scale = materials.canvas((246, 226, 170), 32, 64)
    scale[12:26, 4:60:7] = (60, 40, 30)
    scale[:, 38:41] = (206, 40, 36)
    window = front_face(rectangle(0.20 * x, 0.15 * z, 0.24 * x, 0.70 * z), -y / 2)
    knob = cylinder(0.0064, 0.006, draft.n(16), 0.001, 1).rotated("x", 90.0)
    knobs = joined([knob.moved(at * x, -y / 2 + 0.001, 0.30 * z) for at in (0.14, 0.34)])
    antenna = rod((0.40 * x, 0.3 * y, z - 0.003), (0.10 * x, 0.3 * y, z + 0.026), 0.0013, draft.n(8))
    tip = ball(draft, 0.0026, 0.10 * x, 0.3 * y, z + 0.026, 8)
    return Design(
        [
            Part(body, painted(draft, density=600.0)),
            Part(speaker, draft.textured("fabric", materials.encoded(grill), 0.8)),
            Part(window, draft.textured("paper", materials.encoded(scale), 0.3)),
            Part(joined([knobs, antenna, tip]), draft.metal()),
        ],
        [box_between((-x / 2, -y / 2, 0), (x / 2, y / 2, z)), hull_of(antenna, tip), hull_of(knobs)],
        "portable radio with an antenna",
        materials=("plastic", "steel"),
    )

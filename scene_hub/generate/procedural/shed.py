"""What stands in a shed: paint, a funnel, garden things."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Hull, hull_of, lying_hull, turned_hull
from scene_hub.generate.materials import PAINT, Rgb, contrast_to
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.procedural.forms import level_rod, loop_handle
from scene_hub.generate.procedural.solids import (
    BRASS,
    enamelled,
    painted,
    wrapped,
)
from scene_hub.generate.shapes import (
    circle,
    cylinder,
    ellipsoid,
    joined,
    lathe,
    loft,
    rounded,
    spline,
    sweep,
)


@category(
    "paint_can",
    PAINT,
    ("object", "stackable"),
    label="can of paint",
    also=("paint can", "paint tin", "tin of paint", "paint bucket", "paint pot", "paint"),
)
def paint_can(draft: Draft) -> Design:
    radius, tall = draft.uniform(0.0262, 0.0290), draft.uniform(0.050, 0.062)
    sides, n = draft.n(30), draft.size
    can = lathe(
        rounded(
            [
                (0, 0),
                (radius, 0, 0.001),
                (radius, tall, 0.001),
                (0.92 * radius, tall),
                (0.90 * radius, tall - 0.003),
                (0.70 * radius, tall - 0.003),
                (0.68 * radius, tall - 0.0012),
                (0, tall - 0.0012),
            ],
            1,
        ),
        sides,
    )
    color = draft.rgb
    image = materials.canvas(
        (242, 240, 234) if draft.color not in ("white", "silver", "beige") else (60, 74, 92), n, 2 * n
    )
    for u in np.linspace(0, 1, 9):
        image = materials.dotted(image, color, (float(u), 1.0), 0.075, 0.26 + 0.14 * (int(u * 8) % 3))
    image = materials.banded(image, [(0.86, 1.0, color), (0.0, 0.14, color)])
    for at in (0.36, 0.86):
        image = materials.printed(
            image,
            "PAINT",
            contrast_to((242, 240, 234)) if draft.color not in ("white", "silver", "beige") else (244, 244, 240),
            (at, 0.30),
            0.24,
            0.4,
        )
    label = wrapped(radius, 0.07 * tall, 0.90 * tall, sides)
    turn = np.linspace(0.0, np.pi, draft.n(16))
    bail = np.c_[
        (radius + 0.0022) * np.cos(turn), (-(radius + 0.0025)) * np.sin(turn), 0.82 * tall - 0.5 * tall * np.sin(turn)
    ]
    wire = sweep(bail[::-1], circle(draft.n(6)) * 0.0011)
    ears = [
        cylinder(0.0042, 0.003, draft.n(12), 0.0008, 1)
        .rotated("y", s * 90.0)
        .moved(s * (radius - 0.0005), 0, 0.82 * tall)
        for s in (1, -1)
    ]
    dot = cylinder(0.48 * radius, 0.0006, draft.n(20)).moved(z=tall - 0.0013)
    return Design(
        [
            Part(joined([can, wire, *ears]), draft.metal((196, 198, 202), 1300.0)),
            Part(label, draft.textured("paper", materials.encoded(image), 0.4)),
            Part(dot, draft.plain("plastic", roughness=0.3)),
        ],
        [turned_hull(np.array([[radius, 0], [radius, tall]]), 24)],
        "can of {color} paint with a wire handle",
        support=support("surface", tall, (0.65 * radius, 0.65 * radius), tall),
        materials=("steel", "paper"),
    )


@category(
    "spray_can",
    PAINT,
    ("object",),
    also=(
        "spray paint",
        "spray paint can",
        "aerosol can",
        "aerosol",
        "spray bottle",
        "can of spray paint",
        "windex bottle",
        "windex",
        "cleaning spray",
        "window cleaner",
        "spray cleaner",
    ),
)
def spray_can(draft: Draft) -> Design:
    radius, tall, sides = draft.uniform(0.0200, 0.0235), draft.uniform(0.070, 0.084), draft.n(26)
    body = lathe(
        rounded([(0, 0), (0.94 * radius, 0), (radius, 0.003), (radius, tall - 0.001), (0, tall - 0.001)], 1), sides
    )
    dome = lathe(
        np.concatenate(
            [
                [(0, tall - 0.001)],
                spline(
                    [(radius, tall - 0.001), (0.90 * radius, tall + 0.005), (0.46 * radius, tall + 0.010)], draft.n(8)
                ),
                [(0.42 * radius, tall + 0.013), (0, tall + 0.013)],
            ]
        ),
        sides,
    )
    nozzle = lathe(
        rounded(
            [(0, tall + 0.012), (0.0072, tall + 0.012), (0.0068, tall + 0.026, 0.002), (0, tall + 0.024)],
            draft.steps(2),
        ),
        draft.n(18),
    )
    hole = cylinder(0.0016, 0.0006, draft.n(8)).rotated("x", 90.0).moved(y=-0.0069, z=tall + 0.020)
    n, color = draft.size, draft.rgb
    dark = contrast_to(color)
    image = materials.banded(materials.canvas(color, n, 2 * n), [(0.0, 0.10, dark), (0.90, 0.93, dark)])
    word = draft.pick(("SPRAY", "COLOR", "MATT", "GLOSS"))
    for at in (0.36, 0.86):
        image = materials.printed(image, word, dark, (at, 0.62), 0.20, 0.4)
        image = materials.dotted(image, dark, (at, 0.32), 0.06, 0.10)
        image = materials.dotted(image, color, (at, 0.32), 0.045, 0.075)
    return Design(
        [
            Part(wrapped(radius, 0.004, tall - 0.003, sides), draft.textured("paper", materials.encoded(image), 0.3)),
            Part(joined([body, dome]), draft.metal((206, 208, 212), 900.0)),
            Part(nozzle, draft.plain("plastic", roughness=0.4)),
            Part(hole, draft.plastic((20, 20, 22))),
        ],
        [
            turned_hull(
                np.array([[0.95 * radius, 0], [radius, 0.003], [radius, tall], [0.46 * radius, tall + 0.010]]), 14
            ),
            hull_of(nozzle),
        ],
        "can of {color} spray paint",
        materials=("steel", "plastic"),
    )


@category(
    "funnel", PAINT, ("object",), also=("kitchen funnel", "filling funnel"), materials=("plastic", "steel", "glass")
)
def funnel(draft: Draft) -> Design:
    wide, spout, cone = draft.uniform(0.034, 0.041), draft.uniform(0.0085, 0.0100), draft.uniform(0.026, 0.031)
    length, wall = draft.uniform(0.036, 0.044), 0.0022
    top = cone + length
    flank = [(wide, 0.006), (0.72 * wide, 0.42 * cone), (2.0 * spout, 0.80 * cone), (spout, cone + 0.016)]
    outside = [(wide, 0.0), *spline(flank, draft.n(10)), (spout, top)]
    inside = [
        (spout - wall, top),
        (spout - wall, cone + 0.016),
        (2.0 * spout - wall, 0.80 * cone),
        (0.72 * wide - wall, 0.42 * cone),
        (wide - wall - 0.001, 0.006),
        (wide - wall, 0.0),
        (wide, 0.0),
    ]
    body = lathe(np.array([*outside, *inside]), draft.n(30))
    return Design(
        [Part(body, painted(draft, 0.3))],
        [
            turned_hull(np.array([[wide, 0], flank[0], flank[1]]), 20),
            turned_hull(np.array(flank[1:]), 18),
            turned_hull(np.array([[spout, cone + 0.016], [spout, top]]), 28),
        ],
        "funnel that stands on its wide rim",
        least_mass=0.06,
        materials=("plastic",),
    )


@category(
    "trowel",
    PAINT,
    ("object",),
    label="garden trowel",
    also=("trowel", "hand trowel", "garden shovel", "hand shovel", "toy shovel", "shovel", "spade", "sand shovel"),
    materials=("wood", "plastic"),
)
def trowel(draft: Draft) -> Design:
    grip, fat = draft.uniform(0.062, 0.072), draft.uniform(0.0112, 0.0130)
    blade, wide = draft.uniform(0.060, 0.072), draft.uniform(0.0190, 0.0230)
    s = np.linspace(0, 1, draft.n(14))
    radii = fat * np.interp(s, [0, 0.05, 0.15, 0.4, 0.75, 1.0], [0.55, 0.9, 1.0, 0.84, 0.98, 0.62])
    handle = level_rod(np.stack([(s - 1.0) * grip, 0 * s], axis=1), radii, draft.n(16), 0.0012)
    z = fat - 0.0012
    neck = sweep(
        spline([(-0.004, 0, z), (0.012, 0, z + 0.001), (0.026, 0, 0.008), (0.034, 0, 0.005)], draft.n(8)),
        circle(draft.n(8)) * 0.0036,
    )
    t = np.linspace(0, 1, draft.n(14))
    half = wide * np.interp(t, [0, 0.1, 0.55, 0.8, 0.93, 1.0], [0.74, 0.92, 1.0, 0.74, 0.40, 0.08])
    across = np.linspace(-1, 1, draft.n(10) + 1)
    rings = []
    for x, w in zip(0.026 + t * blade, half, strict=True):
        lower = np.c_[np.full(len(across), x), across * w, 0.0008 + 0.0085 * across**2 * w / wide]
        upper = lower[::-1] + np.array([0, 0, 0.0022])
        rings.append(np.concatenate([lower, upper]))
    ends = [np.broadcast_to(r.mean(axis=0), r.shape) for r in (rings[0], rings[-1])]
    scoop = loft(np.stack([ends[0], *rings, ends[1]]))
    band = (
        lathe(
            rounded([(0, -0.009), (0.80 * fat, -0.009, 0.001), (0.72 * fat, 0.002, 0.001), (0, 0.002)], 1), draft.n(16)
        )
        .rotated("y", 90.0)
        .moved(z=z)
    )
    steel = draft.metal((170, 172, 178), 2000.0)
    return Design(
        [Part(handle, draft.plain("wood", roughness=0.4)), Part(joined([neck, band, scoop]), steel)],
        [lying_hull(handle), hull_of(neck), hull_of(scoop)],
        "garden trowel with a {color} handle",
        materials=("wood", "steel"),
        main="wood",
    )


@category(
    "watering_can",
    PAINT,
    ("object",),
    also=("sprinkling can", "toy watering can", "garden can"),
    materials=("steel", "plastic", "copper"),
)
def watering_can(draft: Draft) -> Design:
    radius, tall = draft.uniform(0.0240, 0.0275), draft.uniform(0.042, 0.050)
    wall = 0.002
    profile = rounded(
        [
            (0, 0),
            (radius, 0, 0.002),
            (0.94 * radius, tall),
            (0.94 * radius - wall, tall),
            (radius - 2 * wall, tall - 0.012),
            (0, tall - 0.012),
        ],
        draft.steps(2),
    )
    body = lathe(profile, draft.n(28))
    bands = [
        lathe(
            np.array([(r - 0.001, z), (r + 0.0012, z + 0.001), (r + 0.0012, z + 0.003), (r - 0.001, z + 0.004)]),
            draft.n(28),
        )
        for r, z in ((0.985 * radius, 0.20 * tall), (0.955 * radius, 0.72 * tall))
    ]
    reach = draft.uniform(0.026, 0.032)
    spout_path = [
        (radius - 0.004, 0, 0.24 * tall),
        (radius + 0.5 * reach, 0, 0.62 * tall),
        (radius + reach, 0, tall + 0.004),
    ]
    spout = sweep(
        spline(spout_path, draft.n(10)),
        circle(draft.n(12)),
        np.linspace(0.0058, 0.0040, len(spline(spout_path, draft.n(10)))),
    )
    rose = (
        lathe(np.array([(0, 0), (0.0045, 0), (0.0105, 0.008), (0, 0.0095)]), draft.n(16))
        .rotated("y", 42.0)
        .moved(x=radius + reach - 0.001, z=tall + 0.002)
    )
    handle, hulls = loop_handle(draft, 0.93 * radius, 0.92 * tall, 0.26 * tall, draft.uniform(0.016, 0.020), 0.0034)
    return Design(
        [
            Part(joined([body, *bands, spout, handle.rotated("z", 180.0)]), enamelled(draft, 700.0)),
            Part(rose, draft.metal(BRASS if draft.color != "gold" else (196, 198, 202))),
        ],
        [
            turned_hull(np.array([[radius, 0], [0.94 * radius, tall]]), 20),
            hull_of(spout),
            hull_of(rose),
            *(Hull(np.asarray(h.points) * [-1, -1, 1]) for h in hulls if isinstance(h, Hull)),
        ],
        "small watering can with a spout",
        materials=("steel",),
    )


@category(
    "cactus",
    PAINT,
    ("object",),
    label="potted cactus",
    also=("cactus", "cactus plant", "succulent", "potted plant", "house plant", "houseplant", "plant"),
    materials=("ceramic", "plastic"),
)
def cactus(draft: Draft) -> Design:
    pot, tall, arms = draft.uniform(0.0235, 0.0270), draft.uniform(0.030, 0.036), draft.pick((1, 2))
    radius, rise = draft.uniform(0.0135, 0.0160), draft.uniform(0.038, 0.048)
    vessel_ = lathe(
        rounded(
            [
                (0, 0),
                (0.78 * pot, 0, 0.002),
                (0.93 * pot, tall - 0.010),
                (pot, tall - 0.010, 0.001),
                (pot, tall, 0.001),
                (0.86 * pot, tall),
                (0.84 * pot, tall - 0.004),
                (0, tall - 0.004),
            ],
            1,
        ),
        draft.n(26),
    )
    soil = cylinder(0.85 * pot, 0.001, draft.n(18)).moved(z=tall - 0.0042)
    ribs = draft.n(24)
    ridge = circle(ribs) * (1 - 0.10 * (0.5 + 0.5 * np.cos(np.arange(ribs) * np.pi)))[:, None]
    t = np.linspace(0, 1, draft.n(12))
    column = np.stack(
        [
            radius * np.interp(t, [0, 0.2, 0.7, 0.9, 1.0], [0.86, 1.0, 0.94, 0.62, 0.0]),
            tall - 0.006 + t * (rise + 0.006),
        ],
        axis=1,
    )
    stem = lathe(np.concatenate([[(0, tall - 0.006)], column]), 0, ridge)
    limbs, hulls = [], []
    for side in (1, -1)[:arms]:
        base = tall + rise * (0.36 if side > 0 else 0.50)
        knots = [
            (side * 0.6 * radius, 0, base),
            (side * (radius + 0.007), 0, base + 0.002),
            (side * (radius + 0.0105), 0, base + 0.010),
            (side * (radius + 0.0105), 0, base + 0.018),
        ]
        path = spline(knots, draft.n(10))
        width = 0.0058 * np.interp(np.linspace(0, 1, len(path)), [0, 0.8, 1.0], [0.9, 1.0, 0.45])
        limbs.append(sweep(path, circle(draft.n(8)), width, up=(0, 1, 0)))
        hulls.append(hull_of(limbs[-1]))
    stream = draft.stream("spines")
    thorn = lathe(np.array([(0.0006, 0), (0.0, 0.0042)]), 3)
    thorns = []
    for _ in range(14):
        turn, z = float(stream.uniform(0, 360)), tall + float(stream.uniform(0.1, 0.8)) * rise
        thorns.append(thorn.rotated("y", 90.0).moved(x=0.92 * radius).rotated("z", turn).moved(z=z))
    bloom = [
        ellipsoid(0.0050, 0.0030, 0.0018, 6, 4).moved(x=0.0042).rotated("z", 72.0 * k).moved(z=tall + rise - 0.001)
        for k in range(5)
    ]
    green: Rgb = (58, 124, 62)
    return Design(
        [
            Part(vessel_, draft.plain("ceramic", roughness=0.45, density=900.0)),
            Part(soil, draft.plain("food", (84, 58, 40), 1.0)),
            Part(joined([stem, *limbs]), draft.plain("food", green, 0.7, density=500.0)),
            Part(joined(thorns), draft.plain("wood", (232, 224, 190), 0.8)),
            Part(joined(bloom), draft.plain("food", (236, 90, 130), 0.6)),
        ],
        [
            turned_hull(np.array([[0.78 * pot, 0], [0.93 * pot, tall - 0.010], [pot, tall - 0.008], [pot, tall]]), 15),
            turned_hull(column[:: draft.steps(2)], 14),
            *hulls,
        ],
        "potted cactus in a {color} pot",
        least_mass=0.06,
        materials=("ceramic",),
        main="ceramic",
    )

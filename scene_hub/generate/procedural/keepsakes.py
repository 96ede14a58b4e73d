"""Small things from pockets and shelves: locks, lighters, bells, trophies."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Piece, box_between, hull_of, turned_hull
from scene_hub.generate.materials import PAINT, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.procedural.solids import (
    BRASS,
    enamelled,
    front_face,
    painted,
    rectangle,
    rod,
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


@category(
    "padlock",
    PAINT,
    ("object",),
    also=("lock", "pad lock", "combination lock"),
    materials=("steel", "copper", "plastic"),
)
def padlock(draft: Draft) -> Design:
    x, y, tall = draft.uniform(0.036, 0.044), draft.uniform(0.018, 0.022), draft.uniform(0.030, 0.036)
    body = extrude(rounded_rectangle(x / 2, y / 2, 0.004, draft.steps(3)), tall, 0.002, draft.steps(2))
    reach, rise = 0.30 * x, draft.uniform(0.018, 0.024)
    turn = np.linspace(0, np.pi, draft.n(14))
    arch = np.c_[reach * np.cos(turn), 0 * turn, tall + rise - reach + reach * np.sin(turn)]
    ends = np.array([[reach, 0, tall - 0.003]]), np.array([[-reach, 0, tall - 0.003]])
    loop = sweep(np.concatenate([ends[0], arch, ends[1]]), circle(draft.n(10)) * 0.0034, up=(0, 1, 0))
    key = cylinder(0.0042, 0.0010, draft.n(14)).rotated("x", 90.0).moved(y=-y / 2 + 0.0003, z=0.52 * tall)
    slit = front_face(rectangle(0.0015, 0.0060, 0.0, 0.36 * tall), -y / 2)
    plate = front_face(circle(draft.n(20)) * 0.30 * tall + np.array([0.0, 0.45 * tall]), -y / 2 + 0.0002)
    cuts = np.linspace(0, len(arch) - 1, 4).round().astype(int)
    pieces: list[Piece] = [
        hull_of(sweep(arch[a : b + 1], circle(6) * 0.0034, up=(0, 1, 0)))
        for a, b in zip(cuts[:-1], cuts[1:], strict=True)
    ]
    pieces += [
        box_between((s * reach - 0.003, -0.003, tall), (s * reach + 0.003, 0.003, tall + rise - reach + 0.002))
        for s in (1, -1)
    ]
    return Design(
        [
            Part(body, enamelled(draft, 2000.0)),
            Part(loop, draft.metal((206, 208, 212))),
            Part(plate, draft.metal(BRASS if draft.color not in ("gold", "yellow") else (196, 198, 202))),
            Part(joined([key, slit]), draft.plastic((24, 24, 26))),
        ],
        [box_between((-x / 2, -y / 2, 0), (x / 2, y / 2, tall)), *pieces],
        "padlock with a keyhole",
        materials=("steel",),
    )


@category(
    "lighter",
    PAINT,
    ("object",),
    also=("cigarette lighter", "pocket lighter", "gas lighter"),
    materials=("plastic", "steel", "copper"),
)
def lighter(draft: Draft) -> Design:
    x, y, tall = draft.uniform(0.0135, 0.0160), draft.uniform(0.0095, 0.0110), draft.uniform(0.046, 0.056)
    body = extrude(superellipse(draft.n(24), 2.8) * np.array([x, y]), tall, 0.0015, draft.steps(2))
    hood = extrude(superellipse(draft.n(20), 3.5) * np.array([0.62 * x, 0.92 * y]), 0.014, 0.0012, 1).moved(
        x=-0.30 * x, z=tall - 0.001
    )
    wheel = cylinder(0.0062, 1.2 * y, draft.n(16)).rotated("x", 90.0).moved(0.40 * x, 0.6 * y, tall + 0.005)
    press = rounded_box(0.42 * x, 1.4 * y, 0.005, 0.0015, 1).moved(x=0.72 * x, z=tall - 0.001)
    hole = cylinder(0.0024, 0.0005, draft.n(10)).moved(x=-0.34 * x, z=tall + 0.0128)
    return Design(
        [
            Part(body, painted(draft, 0.2)),
            Part(joined([hood, wheel]), draft.metal((206, 208, 212))),
            Part(press, draft.plastic(shade(draft.rgb, 0.6) if draft.color != "black" else (200, 40, 40))),
            Part(hole, draft.plastic((24, 24, 26))),
        ],
        [hull_of(body), hull_of(hood), hull_of(wheel), hull_of(press)],
        "lighter with a spark wheel",
        least_mass=0.03,
        materials=("plastic", "steel"),
    )


@category(
    "bell",
    PAINT,
    ("object",),
    label="hand bell",
    also=("bell", "handbell", "school bell", "dinner bell"),
    materials=("steel", "copper", "ceramic", "glass"),
)
def bell(draft: Draft) -> Design:
    radius, tall = draft.uniform(0.0260, 0.0310), draft.uniform(0.038, 0.046)
    curve = spline(
        [
            (radius, 0.0),
            (0.84 * radius, 0.14 * tall),
            (0.66 * radius, 0.48 * tall),
            (0.54 * radius, 0.80 * tall),
            (0.22 * radius, tall),
        ],
        draft.n(16),
    )
    shell = lathe(
        np.concatenate(
            [curve, [(0, tall)], [(0, tall - 0.004)], (curve - np.array([0.003, 0.0]))[::-1][2:], curve[:1]]
        ),
        draft.n(24),
        crease=60.0,
    )
    grip, fat = draft.uniform(0.036, 0.044), draft.uniform(0.0095, 0.0110)
    knots = [
        (0.60 * fat, tall - 0.001),
        (0.84 * fat, tall + 0.10 * grip),
        (1.0 * fat, tall + 0.26 * grip),
        (1.0 * fat, tall + 0.80 * grip),
        (0.86 * fat, tall + 0.94 * grip),
        (0.4 * fat, tall + grip),
    ]
    stick = spline(knots, draft.n(16))
    handle = lathe(np.concatenate([[(0, tall - 0.001)], stick, [(0, tall + grip)]]), draft.n(18), crease=60.0)
    ring = lathe(
        np.array(
            [
                (0.80 * radius, 0.20 * tall),
                (0.83 * radius, 0.22 * tall),
                (0.80 * radius, 0.28 * tall),
                (0.76 * radius, 0.29 * tall),
            ]
        ),
        draft.n(24),
    )
    wood = draft.wood((120, 72, 38)) if draft.color != "brown" else draft.wood((206, 164, 108))
    return Design(
        [
            Part(joined([shell, ring]), draft.plain("steel", roughness=0.25, metallic=0.35, density=2600.0)),
            Part(handle.projected(0.08, "z"), wood),
        ],
        [
            turned_hull(np.array([curve[0], curve[len(curve) // 3], curve[-1]]), 18),
            turned_hull(np.array([knots[0], knots[2]]), 14),
            turned_hull(np.array(knots[2:4]), 28),
            turned_hull(np.array([knots[3], knots[-1]]), 14),
        ],
        "hand bell with a wooden handle",
        materials=("steel", "wood"),
    )


@category(
    "trophy",
    PAINT,
    ("object",),
    also=("trophy cup", "award", "winner's cup", "prize cup", "championship cup"),
    materials=("steel", "copper", "glass", "plastic"),
)
def trophy(draft: Draft) -> Design:
    half, foot = draft.uniform(0.0185, 0.0215), draft.uniform(0.016, 0.021)
    radius, cup, stem = draft.uniform(0.0190, 0.0225), draft.uniform(0.030, 0.036), draft.uniform(0.012, 0.018)
    plinth = rounded_box(2 * half, 2 * half, foot, 0.0015, 1)
    z = foot + stem
    outside = spline(
        [
            (0.20 * radius, z),
            (0.62 * radius, z + 0.16 * cup),
            (0.90 * radius, z + 0.55 * cup),
            (radius, z + 0.78 * cup),
            (radius, z + cup),
        ],
        draft.n(12),
    )
    inside = [
        (radius - 0.002, z + cup),
        (0.84 * radius, z + 0.55 * cup),
        (0.5 * radius, z + 0.26 * cup),
        (0, z + 0.24 * cup),
    ]
    low = rounded(
        [
            (0, foot - 0.0005),
            (0.74 * radius, foot - 0.0005),
            (0.70 * radius, foot + 0.003, 0.002),
            (0.20 * radius, foot + 0.4 * stem, 0.004),
            (0.20 * radius, z),
        ],
        2,
    )
    goblet = lathe(np.concatenate([low, outside[1:], inside]), draft.n(22), crease=60.0)
    ears = []
    for side in (1, -1):
        knots = [
            (side * 0.95 * radius, 0, z + 0.88 * cup),
            (side * (radius + 0.009), 0, z + 0.92 * cup),
            (side * (radius + 0.010), 0, z + 0.58 * cup),
            (side * 0.62 * radius, 0, z + 0.22 * cup),
        ]
        ears.append(sweep(spline(knots, draft.n(14)), circle(draft.n(8)) * 0.0020, up=(0, 1, 0)))
    tag = materials.printed(
        materials.canvas((216, 178, 84), 32, 64),
        draft.pick(("No. 1", "WINNER", "1st")),
        (60, 40, 20),
        (0.5, 0.5),
        0.6,
        0.9,
    )
    plate = front_face(rectangle(0.66 * half, 0.30 * foot, 0.0, 0.5 * foot), -half)
    return Design(
        [
            Part(joined([goblet, *ears]), draft.plain("steel", roughness=0.25, metallic=0.4, density=1400.0)),
            Part(
                plinth.projected(0.06),
                draft.wood((70, 42, 28)) if draft.color != "black" else draft.wood((150, 100, 60)),
            ),
            Part(plate, draft.textured("paper", materials.encoded(tag), 0.4)),
        ],
        [
            box_between((-half, -half, 0), (half, half, foot)),
            turned_hull(np.array([[0.70 * radius, foot], [0.22 * radius, foot + 0.4 * stem], [0.2 * radius, z]]), 14),
            turned_hull(np.array([outside[0], (0.90 * radius, z + 0.55 * cup), (radius, z + 0.78 * cup)]), 14),
            turned_hull(np.array([(radius, z + 0.78 * cup), outside[-1]]), 28),
            *(hull_of(e) for e in ears),
        ],
        "trophy cup with two handles",
        materials=("steel", "wood"),
    )


@category(
    "hourglass",
    PAINT,
    ("object",),
    also=("sand timer", "sand glass", "egg timer", "sandglass", "sand clock"),
    materials=("wood", "plastic", "steel"),
)
def hourglass(draft: Draft) -> Design:
    radius, tall = draft.uniform(0.0230, 0.0265), draft.uniform(0.066, 0.080)
    plate = 0.009
    disc = cylinder(radius, plate, draft.n(28), 0.0015, 1)
    mid, fat = tall / 2, 0.66 * radius
    lower = [(fat, plate - 0.0005), (fat, plate + 0.20 * tall), (0.5 * fat, mid - 0.09 * tall), (0.16 * fat, mid)]
    curve = spline([*lower, *((r, tall - z) for r, z in lower[-2::-1])], draft.n(24))
    bulb = lathe(np.concatenate([[(0, plate - 0.0005)], curve, [(0, tall - plate)]]), draft.n(22), crease=60.0)
    sand = lathe(
        np.array(
            [
                (0, plate + 0.0004),
                (0.99 * fat + 0.0006, plate + 0.0004),
                (fat + 0.0008, plate + 0.10 * tall),
                (fat + 0.0006, plate + 0.15 * tall),
                (0.0, plate + 0.152 * tall),
            ]
        ),
        draft.n(22),
    )
    posts = [
        rod(
            (0.82 * radius * np.cos(a), 0.82 * radius * np.sin(a), plate - 0.001),
            (0.82 * radius * np.cos(a), 0.82 * radius * np.sin(a), tall - plate + 0.001),
            0.0024,
            draft.n(8),
        )
        for a in np.radians([60.0, 180.0, 300.0])
    ]
    return Design(
        [
            Part(joined([disc, disc.moved(z=tall - plate), *posts]), draft.plain("wood", roughness=0.4)),
            Part(bulb, draft.plain("glass", (206, 226, 230), 0.06, density=700.0)),
            Part(sand, draft.plain("ceramic", (232, 196, 120), 1.0, density=1200.0)),
        ],
        [
            turned_hull(np.array([[radius, 0], [radius, plate]]), 28),
            turned_hull(np.array([[radius, tall - plate], [radius, tall]]), 28),
            turned_hull(np.array([[0.86 * radius, plate], [0.86 * radius, tall - plate]]), 12),
        ],
        "hourglass in a {color} frame",
        least_mass=0.04,
        materials=("wood", "glass"),
        main="wood",
    )

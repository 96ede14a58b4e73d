"""What one writes with, and on: pencils, pens, ink, sticky notes."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import box_between, hull_of, lying_hull, turned_hull
from scene_hub.generate.materials import PAINT, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.procedural.solids import (
    BRASS,
    along_x,
    front_face,
    painted,
    rectangle,
    trim,
)
from scene_hub.generate.shapes import (
    BOX_FACES,
    atlas_box,
    circle,
    cylinder,
    extrude,
    joined,
    lathe,
    rounded,
    rounded_box,
    spline,
    superellipse,
    sweep,
)


@category("pencil", PAINT, ("object",), also=("lead pencil", "wooden pencil", "drawing pencil"))
def pencil(draft: Draft) -> Design:
    radius, length, tip = draft.uniform(0.0102, 0.0115), draft.uniform(0.120, 0.145), draft.uniform(0.020, 0.026)
    a, n, axis = length / 2, draft.n(20), radius - 0.0012
    rubber = along_x(
        rounded([(0, -a), (0.92 * radius, -a, 0.003), (0.92 * radius, 0.011 - a), (0, 0.011 - a)], 2), n, axis
    )
    edge = [0.010, 0.012, 0.014, 0.016, 0.018, 0.021]
    ferrule = [
        (0, edge[0] - a),
        *((r * radius, x - a) for r, x in zip((1.0, 1.05, 1.0, 1.05, 1.0, 1.0), edge, strict=True)),
    ]
    band = along_x(np.array([*ferrule, (0, edge[-1] - a)]), n, axis)
    shaft = along_x(np.array([(0, 0.020 - a), (radius, 0.020 - a), (radius, a - tip), (0, a - tip)]), n, axis)
    cone = along_x(np.array([(radius * 0.99, a - tip), (0.32 * radius, a - 0.3 * tip), (0, a - 0.3 * tip)]), n, axis)
    lead = along_x(np.array([(0.32 * radius, a - 0.31 * tip), (0.05 * radius, a), (0, a)]), n, axis)
    return Design(
        [
            Part(shaft, draft.plain("wood", roughness=0.35)),
            Part(cone, draft.wood((214, 174, 122))),
            Part(lead, draft.plain("wood", (48, 48, 52))),
            Part(band, draft.metal((200, 190, 150))),
            Part(rubber, draft.rubber((232, 130, 140))),
        ],
        [lying_hull(joined([rubber, shaft])), hull_of(cone, lead)],
        "thick {color} pencil with an eraser",
        materials=("wood",),
    )


@category("pen", PAINT, ("object",), also=("ballpoint pen", "ball pen", "ink pen", "biro", "gel pen"))
def pen(draft: Draft) -> Design:
    radius, length = draft.uniform(0.0102, 0.0112), draft.uniform(0.115, 0.135)
    a, n, axis = length / 2, draft.n(20), radius - 0.0012
    grip = a - draft.uniform(0.045, 0.052)
    barrel = along_x(
        rounded(
            [(0, -a + 0.010), (0.86 * radius, -a + 0.010, 0.002), (radius, -a + 0.02), (radius, grip), (0, grip)], 2
        ),
        n,
        axis,
    )
    sleeve = [(0, grip), *((radius * (1.0 if k % 2 else 0.93), grip + 0.003 * k) for k in range(10)), (0, grip + 0.028)]
    cushion = along_x(np.array(sleeve), n, axis)
    cone = along_x(
        np.array([(0.94 * radius, grip + 0.027), (0.3 * radius, a - 0.004), (0.16 * radius, a), (0, a)]), n, axis
    )
    button = along_x(
        rounded([(0, -a), (0.5 * radius, -a, 0.002), (0.5 * radius, -a + 0.012), (0, -a + 0.012)], 2), n, axis
    )
    clip = sweep(
        np.array([[-a + 0.012, 0, 2 * radius - 0.001], [-a + 0.016, 0, 2.35 * radius], [-a + 0.050, 0, 2.15 * radius]]),
        superellipse(draft.n(8), 4.0) * np.array([0.0032, 0.0011]),
    )
    return Design(
        [
            Part(barrel, painted(draft, 0.3)),
            Part(cushion, draft.rubber(trim(draft))),
            Part(joined([cone, button, clip]), draft.metal()),
        ],
        [lying_hull(joined([barrel, cushion])), hull_of(cone), hull_of(clip), hull_of(button)],
        draft.pick(("ballpoint pen with a clip", "thick {color} pen with a metal clip")),
        materials=("plastic", "steel"),
    )


@category(
    "highlighter",
    ("yellow", "orange", "pink", "green", "blue", "purple", "teal", "red"),
    ("object",),
    also=("highlighter pen", "text marker", "highlighting pen"),
)
def highlighter(draft: Draft) -> Design:
    high, wide = draft.uniform(0.0108, 0.0120), draft.uniform(0.0135, 0.0155)
    a = draft.uniform(0.098, 0.115) / 2
    seam, section = a - draft.uniform(0.034, 0.040), superellipse(draft.n(24), 3.0)

    def shell(knots: list[tuple[float, float]]):
        path = np.array([(x, 0.0, high) for x, _ in knots])
        return sweep(path, section, np.array([(wide * s, high * s) for _, s in knots]))

    body = shell([(-a, 0.80), (-a + 0.002, 0.94), (-a + 0.012, 0.96), (seam, 0.96)])
    cap = shell([(seam, 1.0), (a - 0.014, 1.0), (a - 0.003, 0.86), (a, 0.6)])
    n = draft.size
    image = materials.banded(materials.canvas(draft.rgb, n, n), [(0.30, 0.86, (244, 244, 240))])
    word = draft.pick(("NEON", "BRIGHT", "GLOW"))
    image = np.rot90(materials.printed(np.rot90(image, -1), word, (50, 50, 54), (0.58, 0.75), 0.14, 0.4))
    clip = rounded_box(0.024, 0.006, 0.003, 0.001, 1).moved(x=seam + 0.014, z=2 * high - 0.001)
    return Design(
        [
            Part(body, draft.textured("plastic", materials.encoded(image), 0.4)),
            Part(cap, draft.plain("plastic", roughness=0.3)),
            Part(clip, draft.plastic(shade(draft.rgb, 0.8))),
        ],
        [lying_hull(body), lying_hull(cap)],
        "flat {color} highlighter with a label",
        materials=("plastic",),
    )


@category("pencil_sharpener", PAINT, ("object",), also=("sharpener",))
def pencil_sharpener(draft: Draft) -> Design:
    half, wide, high = draft.uniform(0.020, 0.024), draft.uniform(0.0125, 0.0150), draft.uniform(0.020, 0.024)
    waist = 0.80 * wide
    side = spline([(half, wide), (0.5 * half, waist), (-0.5 * half, waist), (-half, wide)], draft.n(10))
    body = extrude(np.concatenate([side, side[::-1] * [1, -1]]), high, 0.001, 1)
    slope = np.degrees(np.arctan2(0.006, 2 * half))
    blade = rounded_box(1.7 * half, 1.1 * wide, 0.0016, 0.0005, 1).rotated("y", slope).moved(z=high + 0.0015)
    screw = cylinder(0.0036, 0.0016, draft.n(14), 0.0005, 1).moved(z=high + 0.0025)
    notch = rounded_box(0.0042, 0.0010, 0.0006, 0.0002, 1).moved(z=high + 0.0040)
    hole = cylinder(0.5 * wide, 0.0012, draft.n(16)).rotated("y", 90.0).moved(x=half - 0.0004, z=0.5 * high)
    return Design(
        [
            Part(body, painted(draft, density=1500.0)),
            Part(blade, draft.metal((214, 216, 220))),
            Part(screw, draft.metal(BRASS)),
            Part(joined([hole, notch]), draft.plastic((26, 26, 28))),
        ],
        [box_between((-half, -wide, 0), (half, wide, high)), hull_of(blade)],
        "pencil sharpener with a blade on top",
        least_mass=0.02,
        materials=("plastic", "steel"),
    )


@category(
    "sticky_notes",
    ("yellow", "pink", "green", "blue", "orange", "purple", "white", "teal", "red"),
    ("object", "stackable"),
    label="pad of sticky notes",
    also=("sticky note pad", "sticky note", "sticky notes", "post-it note", "post-it", "memo pad"),
)
def sticky_notes(draft: Draft) -> Design:
    x, y, z = draft.uniform(0.050, 0.057), draft.uniform(0.050, 0.060), draft.uniform(0.018, 0.028)
    n, color = draft.size, draft.rgb
    sheet = materials.canvas(color, n, n)
    for row in range(draft.pick((2, 3, 4))):
        at = int((0.24 + 0.16 * row) * n)
        sheet[at : at + max(1, n // 32), int(0.14 * n) : int((0.84 - 0.2 * (row % 2)) * n)] = (60, 64, 84)
    edges = materials.stripes(n, color, shade(color, 0.82), 14, 0.35, upright=False)
    image = materials.encoded(np.concatenate([sheet, edges], axis=1))
    cells = {face: (0.0, 0.0, 0.49, 1.0) if face == "top" else (0.51, 0.0, 1.0, 1.0) for face in BOX_FACES}
    return Design(
        [Part(atlas_box(x, y, z, cells), draft.textured("paper", image, 0.8))],
        [box_between((-x / 2, -y / 2, 0), (x / 2, y / 2, z))],
        "thick pad of {color} sticky notes",
        support=support("surface", z, (x / 2 - 0.002, y / 2 - 0.002), z),
        materials=("paper",),
    )


@category(
    "ink_bottle",
    ("black", "blue", "red", "green", "purple", "brown", "teal", "pink"),
    ("object",),
    label="bottle of ink",
    also=("ink bottle", "ink pot", "inkwell", "ink"),
    materials=("glass",),
)
def ink_bottle(draft: Draft) -> Design:
    half, tall, neck = draft.uniform(0.021, 0.025), draft.uniform(0.030, 0.036), draft.uniform(0.0105, 0.0125)
    exponent, cap = draft.uniform(3.0, 7.0), draft.uniform(0.014, 0.018)
    profile = rounded(
        [(0, 0), (half, 0, 0.003), (half, tall, 0.006), (neck, tall + 0.003), (neck, tall + 0.006), (0, tall + 0.006)],
        draft.steps(3),
    )
    body = lathe(profile, 0, superellipse(draft.n(28), exponent))
    ribs = draft.n(24)
    ridged = circle(ribs) * np.where(np.arange(ribs) % 2 == 0, 1.0, 0.95)[:, None]
    low, high = tall + 0.005, tall + 0.005 + cap
    lid = lathe(rounded([(0, low), (neck + 0.003, low, 0.001), (neck + 0.003, high, 0.0015), (0, high)], 2), 0, ridged)
    label = materials.printed(
        materials.canvas((240, 234, 216), 64, 64), "INK", shade(draft.rgb, 0.6), (0.5, 0.55), 0.42, 0.8
    )
    flat = half * 2 ** (-1 / exponent) if exponent < 3 else half
    face = front_face(rectangle(0.58 * half, 0.30 * tall, 0.0, 0.46 * tall), -flat - 0.0002)
    return Design(
        [
            Part(body, draft.plain("glass", roughness=0.12, density=1500.0)),
            Part(lid, draft.plastic(trim(draft, (196, 160, 70)))),
            Part(face, draft.textured("paper", materials.encoded(label), 0.6)),
        ],
        [
            hull_of(body),
            turned_hull(np.array([[neck + 0.003, low], [neck + 0.003, high]]), 14),
        ],
        "glass bottle of {color} ink",
        materials=("glass",),
    )

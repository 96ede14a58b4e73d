"""Creams, scent and make-up."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import hull_of, turned_hull
from scene_hub.generate.materials import PAINT, contrast_to, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.procedural.solids import BRASS, front_face, trim
from scene_hub.generate.shapes import (
    circle,
    cylinder,
    ellipsoid,
    extrude,
    joined,
    lathe,
    rounded,
    rounded_box,
    superellipse,
    sweep,
)


@category(
    "lotion_tube",
    PAINT,
    ("object",),
    label="tube of lotion",
    also=("lotion tube", "lotion", "hand cream", "sunscreen", "cream tube", "moisturizer", "body lotion"),
)
def lotion_tube(draft: Draft) -> Design:
    radius, cap, tall = draft.uniform(0.0165, 0.0190), draft.uniform(0.018, 0.024), draft.uniform(0.066, 0.080)
    s = np.linspace(0, 1, draft.n(12))
    wide = np.interp(s, [0, 0.08, 1.0], [0.9, 1.05, 1.28]) * radius
    deep = np.interp(s, [0, 0.08, 0.5, 0.92, 1.0], [0.9, 1.05, 0.80, 0.16, 0.10]) * radius
    path = np.c_[0 * s, 0 * s, cap + s * tall]
    body = sweep(path, circle(draft.n(24)), np.stack([deep, wide], axis=1), up=(1, 0, 0))
    lid = lathe(rounded([(0, 0), (radius, 0, 0.001), (radius, cap, 0.0015), (0, cap)], 2), draft.n(24))
    n = draft.size
    dark = contrast_to(draft.rgb)
    image = materials.banded(
        materials.canvas(draft.rgb, n, n), [(0.12, 0.15, dark), (0.86, 1.0, shade(draft.rgb, 0.85))]
    )
    word = draft.pick(("LOTION", "CREAM", "SUN"))
    for u in (0.0, 0.5, 1.0):
        image = materials.printed(image, word, dark, (u, 0.48), 0.13, 0.4)
    return Design(
        [
            Part(body, draft.textured("plastic", materials.encoded(image), 0.3, density=900.0)),
            Part(lid, draft.plastic((244, 244, 240) if draft.color != "white" else (70, 130, 160))),
        ],
        [hull_of(body), turned_hull(np.array([[radius, 0], [radius, cap]]), 20)],
        "squeeze tube of lotion that stands on its cap",
        materials=("plastic",),
    )


@category(
    "perfume_bottle",
    PAINT,
    ("object",),
    label="bottle of perfume",
    also=("perfume bottle", "perfume", "cologne", "fragrance"),
    materials=("glass",),
)
def perfume_bottle(draft: Draft) -> Design:
    x, y, tall = draft.uniform(0.019, 0.024), draft.uniform(0.0125, 0.0155), draft.uniform(0.038, 0.050)
    cut, style = draft.uniform(0.003, 0.006), draft.pick(("ball", "block"))
    outline = np.array(
        [
            (x, -y + cut),
            (x, y - cut),
            (x - cut, y),
            (-x + cut, y),
            (-x, y - cut),
            (-x, -y + cut),
            (-x + cut, -y),
            (x - cut, -y),
        ]
    )
    body = extrude(outline, tall, 0.003, 1)
    collar = cylinder(0.0075, 0.006, draft.n(16), 0.0008, 1).moved(z=tall)
    if style == "ball":
        top = ellipsoid(0.0105, 0.0105, 0.0105, draft.n(16), draft.n(10)).moved(z=tall + 0.014)
    else:
        top = rounded_box(0.018, 0.018, 0.018, 0.0015, 1).moved(z=tall + 0.005)
    face = front_face(
        superellipse(draft.n(16), 2.0) * np.array([0.55 * x, 0.26 * tall]) + np.array([0, 0.46 * tall]), -y
    )
    image = materials.printed(
        materials.canvas((246, 240, 226), 64, 64),
        draft.pick(("No 5", "ROSE", "NOIR", "LILY")),
        (90, 66, 40),
        (0.5, 0.5),
        0.3,
        0.7,
    )
    return Design(
        [
            Part(body, draft.plain("glass", roughness=0.08, density=1600.0)),
            Part(
                joined([collar, top]), draft.metal(BRASS if draft.color not in ("gold", "yellow") else (196, 198, 204))
            ),
            Part(face, draft.textured("paper", materials.encoded(image), 0.4)),
        ],
        [hull_of(body), hull_of(collar), hull_of(top)],
        f"perfume bottle of {{color}} glass with a {style} stopper",
        materials=("glass", "steel"),
    )


@category(
    "lipstick",
    ("red", "pink", "orange", "purple", "brown", "beige", "black", "teal", "blue"),
    ("object",),
    also=("tube of lipstick", "lip balm"),
)
def lipstick(draft: Draft) -> Design:
    radius, base, tall = draft.uniform(0.0122, 0.0140), draft.uniform(0.026, 0.032), draft.uniform(0.020, 0.026)
    n = draft.n(24)
    case = lathe(rounded([(0, 0), (radius, 0, 0.001), (radius, base, 0.001), (0, base)], 2), n)
    inner = lathe(
        rounded([(0, base), (0.84 * radius, base), (0.84 * radius, base + 0.012, 0.001), (0, base + 0.012)], 2), n
    )
    low = base + 0.011
    bullet = lathe(np.array([(0, low), (0.68 * radius, low), (0.68 * radius, low + tall), (0, low + tall)]), n)
    slant = draft.uniform(0.5, 0.8)

    def cut(points: np.ndarray) -> np.ndarray:
        top = points[:, 2] > low + 0.5 * tall
        lean = np.where(top, slant * (points[:, 0] - 0.68 * radius), 0.0)
        return points + np.stack([0 * lean, 0 * lean, lean], axis=1)

    shape = bullet.warped(cut)
    return Design(
        [
            Part(case, draft.plastic((30, 30, 34) if draft.color != "black" else (190, 30, 50))),
            Part(inner, draft.metal(BRASS)),
            Part(shape, draft.plain("wax", roughness=0.3)),
        ],
        [
            turned_hull(np.array([[radius, 0], [radius, base]]), 20),
            turned_hull(np.array([[0.84 * radius, base], [0.84 * radius, base + 0.012]]), 16),
            hull_of(shape),
        ],
        "{color} lipstick in a case with a gold ring",
        least_mass=0.03,
        materials=("plastic", "steel"),
    )


@category(
    "nail_polish",
    PAINT,
    ("object",),
    label="bottle of nail polish",
    also=("nail polish", "nail varnish", "nail polish bottle"),
    materials=("glass",),
)
def nail_polish(draft: Draft) -> Design:
    half, tall, cap = draft.uniform(0.0150, 0.0180), draft.uniform(0.026, 0.032), draft.uniform(0.032, 0.038)
    exponent = draft.pick((2.0, 5.0))
    ring = superellipse(draft.n(24), exponent)
    profile = rounded(
        [
            (0, 0),
            (0.95 * half, 0, 0.003),
            (half, 0.5 * tall, 0.01),
            (0.8 * half, tall, 0.006),
            (0.45 * half, tall + 0.003),
            (0, tall + 0.003),
        ],
        draft.steps(3),
    )
    body = lathe(profile, 0, ring)
    low = tall + 0.002
    stopper = lathe(
        rounded([(0, low), (0.0092, low, 0.001), (0.0070, low + cap, 0.002), (0, low + cap)], 2), draft.n(18)
    )
    return Design(
        [
            Part(body, draft.plain("glass", roughness=0.08, density=1800.0)),
            Part(stopper, draft.plastic(trim(draft, (232, 232, 228)))),
        ],
        [
            hull_of(body),
            turned_hull(np.array([[0.0092, low], [0.0070, low + cap]]), 14),
        ],
        "bottle of {color} nail polish with a tall cap",
        least_mass=0.03,
        materials=("glass", "plastic"),
    )

"""What lies on a desk: pens, glue, erasers, tape, a computer mouse."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import box_between, hull_of, lying_hull, turned_hull
from scene_hub.generate.materials import DYE, PAINT, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.procedural.forms import ring_pieces, turned_along_x
from scene_hub.generate.shapes import (
    Surface,
    capsule,
    circle,
    ellipsoid,
    flattened,
    joined,
    lathe,
    rounded,
    rounded_box,
    sweep,
)


@category(
    "marker",
    PAINT,
    ("object",),
    also=(
        "felt-tip pen",
        "felt tip pen",
        "felt pen",
        "marker pen",
        "whiteboard marker",
        "board marker",
        "dry erase marker",
        "sharpie",
        "permanent marker",
    ),
    materials=("plastic", "steel", "wood"),
)
def marker(draft: Draft) -> Design:
    radius, length, cap = draft.uniform(0.0095, 0.0110), draft.uniform(0.112, 0.130), draft.uniform(0.034, 0.044)
    end, seam, flat = length / 2, length / 2 - cap, 0.0012
    barrel = rounded(
        [
            (0, -end),
            (0.82 * radius, -end, 0.002),
            (0.88 * radius, -end + 0.010),
            (radius, -end + 0.012),
            (radius, seam),
            (0, seam),
        ],
        2,
    )
    hood = rounded(
        [
            (0, seam - 0.001),
            (1.06 * radius, seam - 0.001),
            (1.06 * radius, end - 0.006, 0.001),
            (0.8 * radius, end, 0.002),
            (0, end),
        ],
        2,
    )
    color, n = draft.rgb, draft.size
    ink = color if draft.color not in ("white", "beige", "silver") else (60, 62, 70)
    image = materials.banded(materials.canvas((240, 240, 236), n, n), [(0.0, 0.24, color), (0.86, 1.0, color)])
    image = materials.printed(np.rot90(image, -1), draft.pick(("MARKER", "BOLD", "COLOR")), ink, (0.55, 0.5), 0.2, 0.5)
    label = draft.textured("plastic", materials.encoded(np.rot90(image)), 0.45)
    body = turned_along_x(barrel, draft.n(22), 0.0).moved(z=0.06 * radius - flat)
    top = turned_along_x(hood, draft.n(22), flat)
    bar = sweep(np.array([[seam + 0.004, 0, 0], [end - 0.008, 0, 0]]), circle(6) * np.array([0.003, 0.0012]))
    return Design(
        [
            Part(body, label),
            Part(top, draft.plastic()),
            Part(bar.moved(z=2.12 * radius - flat), draft.plastic(shade(color, 0.85))),
        ],
        [lying_hull(flattened(body, 0.0)), lying_hull(top)],
        draft.pick(("marker with a cap", "{color} felt-tip marker", "thick {color} marker pen")),
        materials=("plastic",),
    )


@category(
    "crayon",
    DYE,
    ("object",),
    also=("wax crayon", "colored crayon", "coloured crayon", "chalk", "pastel"),
    materials=("wax",),
)
def crayon(draft: Draft) -> Design:
    radius, length, flat = draft.uniform(0.0098, 0.0112), draft.uniform(0.085, 0.100), 0.0012
    end = length / 2
    profile = rounded(
        [
            (0, -end),
            (radius, -end, 0.001),
            (radius, end - 0.018),
            (0.62 * radius, end - 0.016),
            (0.30 * radius, end, 0.001),
            (0, end),
        ],
        2,
    )
    n = draft.size
    dark = shade(draft.rgb, 0.55)
    image = materials.mottled(draft.stream("wax"), n, draft.rgb, 0.06)
    image = materials.banded(image, [(0.16, 0.18, dark), (0.21, 0.23, dark), (0.66, 0.68, dark), (0.71, 0.73, dark)])
    body = turned_along_x(profile, draft.n(22), flat)
    return Design(
        [Part(body, draft.textured("wax", materials.encoded(image), 0.7))],
        [lying_hull(body)],
        "thick {color} wax crayon",
        materials=("wax",),
    )


@category(
    "glue_stick",
    PAINT,
    ("object",),
    also=("gluestick", "glue", "stick of glue", "pritt stick"),
    materials=("plastic",),
)
def glue_stick(draft: Draft) -> Design:
    radius, height, cap = draft.uniform(0.0140, 0.0165), draft.uniform(0.072, 0.086), draft.uniform(0.024, 0.030)
    seam = height - cap
    base = lathe(rounded([(0, 0), (radius, 0, 0.001), (radius, 0.010, 0.001), (0, 0.010)], 1), draft.n(24))
    tube = lathe(np.array([(0, 0.010), (0.94 * radius, 0.010), (0.94 * radius, seam), (0, seam)]), draft.n(24))
    hood = lathe(
        rounded([(0, seam), (radius, seam, 0.001), (0.97 * radius, height, 0.003), (0, height)], draft.steps(2)),
        draft.n(24),
    )
    n = draft.size
    image = materials.banded(
        materials.canvas((242, 240, 232), n, n), [(0.30, 0.36, draft.rgb), (0.72, 0.78, draft.rgb)]
    )
    ink = draft.rgb if draft.color not in ("white", "beige", "silver") else (40, 90, 180)
    for at in (0.25, 0.75):
        image = materials.printed(image, "GLUE", ink, (at, 0.56), 0.17, 0.36)
    cover = draft.plastic()
    label = draft.textured("plastic", materials.encoded(image), 0.4)
    return Design(
        [Part(joined([base, hood]), cover), Part(tube, label)],
        [turned_hull(np.array([[radius, 0.0], [radius, height]]), 22)],
        "glue stick with a {color} cap",
        materials=("plastic",),
    )


@category(
    "eraser",
    DYE,
    ("object",),
    also=("rubber eraser", "pencil eraser", "india rubber", "rubber"),
    materials=("rubber", "plastic"),
)
def eraser(draft: Draft) -> Design:
    x, y, z = draft.uniform(0.052, 0.062), draft.uniform(0.024, 0.030), draft.uniform(0.0170, 0.0200)
    share, color = 0.62, draft.rgb
    rubber = rounded_box(x, y, z, 0.0030, draft.steps(3))
    wrap = rounded_box(share * x, y + 0.0012, z + 0.0006, 0.0012, 1)
    image = materials.canvas(color, draft.size // 2, draft.size)
    image = materials.printed(image, "ERASER", materials.contrast_to(color), (0.5, 0.5), 0.34, 0.8)
    wrap = Surface(wrap.triangles, wrap.normals, wrap.triangles[..., :2] / np.array([share * x, y]) + 0.5)
    return Design(
        [
            Part(rubber, draft.rubber((244, 242, 238) if draft.color != "white" else (232, 140, 160))),
            Part(
                wrap.moved(x=-(1 - share) * x / 2 + 0.0012), draft.textured("cardboard", materials.encoded(image), 0.5)
            ),
        ],
        [box_between((-x / 2, -y / 2, 0), (x / 2, y / 2, z))],
        "eraser with a {color} sleeve",
        materials=("rubber", "cardboard"),
    )


@category(
    "tape_roll",
    PAINT,
    ("object",),
    label="roll of tape",
    also=(
        "tape",
        "tape roll",
        "adhesive tape",
        "duct tape",
        "masking tape",
        "sticky tape",
        "scotch tape",
        "packing tape",
        "electrical tape",
        "duct tape roll",
    ),
    materials=("plastic", "paper", "fabric"),
)
def tape_roll(draft: Draft) -> Design:
    outer, inner, height = draft.uniform(0.0265, 0.0295), draft.uniform(0.0150, 0.0175), draft.uniform(0.018, 0.024)
    core = inner - 0.002
    segments = draft.n(36)
    tape = lathe(
        rounded([(inner, 0), (outer, 0, 0.0006), (outer, height, 0.0006), (inner, height), (inner, 0)], 1), segments
    )
    card = lathe(np.array([(core, 0.0), (inner, 0.0), (inner, height), (core, height), (core, 0.0)]), segments)
    return Design(
        [Part(tape, draft.plain("plastic", roughness=0.25)), Part(card, draft.plain("cardboard", (186, 150, 106)))],
        ring_pieces(core, outer, height, 14),
        "roll of {color} tape",
        least_mass=0.02,
        materials=("plastic", "cardboard"),
    )


@category(
    "computer_mouse",
    PAINT,
    ("object",),
    also=("mouse", "pc mouse", "wireless mouse", "optical mouse", "laptop mouse"),
    materials=("plastic", "wood", "steel"),
)
def computer_mouse(draft: Draft) -> Design:
    x, y, z = draft.uniform(0.042, 0.049), draft.uniform(0.0260, 0.0290), draft.uniform(0.029, 0.034)
    peak = draft.uniform(0.10, 0.25)
    dome = ellipsoid(1.0, 1.0, 1.0, draft.n(26), draft.n(18))

    def sculpt(points: np.ndarray) -> np.ndarray:
        px, py, pz = points.T
        square = np.maximum(np.abs(px) ** 2.6 + np.abs(py) ** 2.6, 1e-9) ** (1 / 2.6)
        round_ = np.hypot(px, py)
        factor = np.where(round_ > 1e-6, round_ / square, 1.0)
        waist = 1.0 - 0.06 * np.exp(-((px / 0.5) ** 2))
        height = np.where(pz > 0, z * (1 - 0.25 * (px + peak) ** 2), 0.008)
        return np.stack([px * factor * x, py * factor * waist * y, pz * height], axis=1)

    body = flattened(dome.warped(sculpt, 60.0), -0.006).moved(z=0.006)
    wheel = capsule(0.0052, 0.0104, draft.n(12), 2).rotated("z", 90.0)
    front = 0.52 * x
    along = np.linspace(0.96, -0.05, draft.n(14))  # the seam between the buttons runs over the dome
    crest = 0.006 + z * (1 - 0.25 * (along + peak) ** 2) * np.sqrt(1 - along**2)
    surface_z = float(np.interp(front / x, along[::-1], crest[::-1]))
    dark = draft.plastic((52, 52, 56) if draft.color != "black" else (110, 112, 118))
    seam = sweep(np.stack([along * x, 0 * along, crest], axis=1), circle(4) * 0.0008)
    return Design(
        [
            Part(body, draft.plain("plastic", roughness=0.35, density=800.0)),
            Part(joined([wheel.moved(x=front, z=surface_z), seam]), dark),
        ],
        [hull_of(body)],
        "computer mouse with a scroll wheel",
        materials=("plastic",),
    )

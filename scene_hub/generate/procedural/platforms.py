"""Flat things from desks, bathrooms and benches that others are put on."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Piece, box_between, hull_of, turned_hull
from scene_hub.generate.materials import PAINT, contrast_to, mix, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.procedural.electronics import screen
from scene_hub.generate.procedural.solids import front_face, painted, rectangle, top_face, trim
from scene_hub.generate.shapes import (
    Surface,
    box,
    circle,
    cylinder,
    extrude,
    joined,
    lathe,
    rounded,
    rounded_box,
    rounded_rectangle,
    superellipse,
)


@category(
    "tablet_computer",
    PAINT,
    ("surface",),
    also=("tablet", "ipad", "tablet pc", "e-reader", "touchscreen", "tablet device"),
)
def tablet_computer(draft: Draft) -> Design:
    x, y, thick = draft.uniform(0.110, 0.124), draft.uniform(0.080, 0.092), draft.uniform(0.009, 0.011)
    body = extrude(rounded_rectangle(x, y, 0.010, draft.steps(4)), thick, 0.0022, draft.steps(2))
    bezel = top_face(rounded_rectangle(x - 0.002, y - 0.002, 0.008, draft.steps(3)), thick - 0.0002)
    display = top_face(rectangle(x - 0.010, y - 0.010), thick + 0.0002)
    button = cylinder(0.0036, 0.0008, draft.n(14)).moved(x=x - 0.0058, z=thick)
    return Design(
        [
            Part(body, painted(draft, 0.35, 1300.0)),
            Part(bezel, draft.plain("glass", (24, 24, 28), 0.15)),
            Part(display, draft.textured("glass", materials.encoded(screen(draft, draft.pick((5, 6)), y / x)), 0.12)),
            Part(button, draft.plastic((90, 90, 96))),
        ],
        [box_between((-x, -y, 0), (x, y, thick))],
        "tablet computer with its screen on",
        support=support("surface", thick, (x - 0.014, y - 0.014), thick),
        least_mass=0.3,
        materials=("plastic", "glass"),
    )


@category(
    "laptop",
    PAINT,
    ("surface",),
    label="closed laptop",
    also=("laptop", "laptop computer", "notebook computer", "computer", "macbook"),
)
def laptop(draft: Draft) -> Design:
    x, y, thick = draft.uniform(0.120, 0.134), draft.uniform(0.086, 0.096), draft.uniform(0.016, 0.020)
    corner = draft.uniform(0.006, 0.012)
    outline = rounded_rectangle(x, y, corner, draft.steps(4))
    base = extrude(outline, 0.54 * thick, 0.002, 1)
    lid = extrude(outline, 0.40 * thick, 0.002, draft.steps(2)).moved(z=0.60 * thick)
    gap = extrude(rounded_rectangle(x - 0.002, y - 0.002, corner, draft.steps(3)), 0.3 * thick).moved(z=0.45 * thick)
    hinge = rounded_box(1.3 * x, 0.006, 0.6 * thick, 0.002, 1).moved(y=y - 0.001, z=0.2 * thick)
    mark = draft.pick(("disc", "ring", "diamond"))
    shape = circle(draft.n(24)) * 0.016 if mark != "diamond" else circle(4) * 0.018
    logo = top_face(shape, thick)
    inner = [top_face(circle(draft.n(20)) * 0.010, thick + 0.0002)] if mark == "ring" else []
    ports = [front_face(rectangle(0.006, 0.0016, k, 0.30 * thick), -y) for k in (-0.7 * x, -0.55 * x)]
    shine = draft.plain("steel", mix(draft.rgb, contrast_to(draft.rgb), 0.55), 0.2, 0.4)
    return Design(
        [
            Part(joined([base, lid, *inner]), painted(draft, 0.4, 1000.0)),
            Part(joined([gap, hinge, *ports]), draft.plastic((34, 34, 38))),
            Part(logo, shine),
        ],
        [box_between((-x, -y, 0), (x, y, thick))],
        "closed laptop with a logo on its lid",
        support=support("surface", thick, (x - 0.012, y - 0.012), thick),
        least_mass=0.5,
        materials=("plastic", "steel"),
    )


@category(
    "keyboard", PAINT, ("surface",), label="computer keyboard", also=("keyboard", "pc keyboard", "wireless keyboard")
)
def keyboard(draft: Draft) -> Design:
    x, y, thick = draft.uniform(0.135, 0.150), draft.uniform(0.058, 0.066), draft.uniform(0.013, 0.016)
    body = extrude(rounded_rectangle(x, y, 0.006, draft.steps(3)), thick - 0.004, 0.002, 1)
    color = draft.rgb
    key = (
        mix(color, contrast_to(color), 0.82)
        if draft.chance(0.5)
        else shade(color, 1.25 if draft.color in ("black", "brown", "purple", "blue") else 0.82)
    )
    rows = 5
    n = 2 * draft.size
    image = materials.canvas(shade(color, 0.62), n // 2, n)
    for row in range(rows):
        edges = [0.0, *np.cumsum([1.0] * 14)] if row else [0.0, 1.5, 3.0, 4.0, 10.0, 11.5, 12.5, 14.0]
        for low, high in zip(edges[:-1], edges[1:], strict=True):
            u0, u1 = (int((0.02 + 0.96 * e / 14) * n) for e in (low, high))
            v0, v1 = (int((1 - 0.04 - 0.92 * e / rows) * n / 2) for e in (row + 1, row))
            image[v0 + 1 : v1 - 1, u0 + 1 : u1 - 1] = key
    plate = rounded_box(2 * x - 0.012, 2 * y - 0.012, 0.005, 0.0012, 1).moved(z=thick - 0.005)
    face = top_face(rectangle(x - 0.0075, y - 0.0075), thick)
    return Design(
        [
            Part(body, painted(draft)),
            Part(plate, draft.plain("plastic", shade(color, 0.62), 0.6)),
            Part(face, draft.textured("plastic", materials.encoded(image), 0.6)),
        ],
        [
            box_between((-x, -y, 0), (x, y, thick - 0.004)),
            box_between((-x + 0.006, -y + 0.006, 0), (x - 0.006, y - 0.006, thick)),
        ],
        "computer keyboard",
        support=support("surface", thick, (x - 0.018, y - 0.016), thick),
        least_mass=0.3,
        materials=("plastic",),
    )


@category(
    "bath_mat",
    PAINT,
    ("surface",),
    also=("bathmat", "bath rug", "rug", "doormat", "door mat", "carpet", "small rug", "floor mat"),
    materials=("fabric", "wicker", "foam"),
)
def bath_mat(draft: Draft) -> Design:
    x, y, thick = draft.uniform(0.115, 0.130), draft.uniform(0.080, 0.092), draft.uniform(0.008, 0.011)
    n, color = draft.size, draft.rgb
    image = materials.mottled(draft.stream("pile"), n, color, 0.30, 48)
    second = draft.tint(draft.accent("white", "black", "beige"))
    pattern = draft.pick(("border", "stripes", "diamonds"))
    v, u = np.meshgrid((np.arange(n) + 0.5) / n, (np.arange(n) + 0.5) / n, indexing="ij")
    edge = np.minimum(np.minimum(u * x / y, (1 - u) * x / y), np.minimum(v, 1 - v))
    if pattern == "border":
        mask = (edge > 0.10) & (edge < 0.16)
    elif pattern == "stripes":
        mask = ((u * 7.0) % 1.0 < 0.34) & (edge > 0.02)
    else:
        mask = (np.abs((u * 4.0) % 1.0 - 0.5) + np.abs((v * 3.0) % 1.0 - 0.5) < 0.24) & (edge > 0.05)
    image[mask] = image[mask] * 0.25 + np.asarray(second) * 0.75
    body = extrude(rounded_rectangle(x, y, 0.012, draft.steps(4)), thick, 0.003, draft.steps(2))
    flat = Surface(body.triangles, body.normals, body.triangles[..., :2] / np.array([2 * x, 2 * y]) + 0.5)
    tassel = box(0.014, 0.0046, 0.004)
    fringe = [tassel.moved(s * (x + 0.005), k) for s in (1, -1) for k in np.linspace(-y + 0.012, y - 0.012, 11)]
    return Design(
        [
            Part(flat, draft.textured("fabric", materials.encoded(image), 1.0)),
            Part(joined(fringe), draft.plain("fabric", mix(color, (240, 236, 224), 0.6), 1.0)),
        ],
        [box_between((-x, -y, 0), (x, y, thick)), box_between((-x - 0.012, -y, 0), (x + 0.012, y, 0.004))],
        f"small {{color}} mat with {'a border' if pattern == 'border' else pattern}",
        support=support("surface", thick, (x - 0.014, y - 0.014), thick),
        least_mass=0.25,
        materials=("fabric",),
    )


@category(
    "kitchen_scale",
    PAINT,
    ("surface",),
    also=("scale", "scales", "food scale", "weighing scale", "digital scale", "bathroom scale", "balance"),
    materials=("plastic", "steel", "glass"),
)
def kitchen_scale(draft: Draft) -> Design:
    x, y, low = draft.uniform(0.082, 0.094), draft.uniform(0.092, 0.104), draft.uniform(0.016, 0.020)
    plate, high = draft.uniform(0.066, 0.076), draft.uniform(0.030, 0.036)
    shape = draft.pick(("round", "square"))
    body = extrude(rounded_rectangle(x, y, 0.018, draft.steps(4)), low, 0.005, draft.steps(3))
    at = y - plate - 0.004
    post = cylinder(0.028, high - low - 0.004, draft.n(20)).moved(y=at, z=low - 0.001)
    outline = (
        circle(draft.n(36)) * plate
        if shape == "round"
        else rounded_rectangle(plate, 0.94 * plate, 0.012, draft.steps(4))
    )
    top = extrude(outline, 0.006, 0.0018, 1).moved(y=at, z=high - 0.006)
    window = materials.canvas((156, 176, 150), 48, 144)
    window = materials.printed(
        window, draft.pick(("0 g", "125 g", "250 g", "0.0 kg")), (28, 34, 28), (0.5, 0.5), 0.8, 0.9
    )
    face = top_face(rectangle(0.40 * x, 0.0095, 0.0, -y + 0.020), low)
    keys = [
        cylinder(0.0058, 0.0016, draft.n(14), 0.0006, 1).moved(s * 0.66 * x, -y + 0.020, low - 0.0004) for s in (1, -1)
    ]
    pieces: list[Piece] = [box_between((-x, -y, 0), (x, y, low)), hull_of(post)]
    pieces.append(
        hull_of(top)
        if shape == "square"
        else turned_hull(np.array([[plate, high - 0.006], [plate, high]]), 28).moved(np.array([0, at, 0]))
    )
    half = 0.66 * plate if shape == "round" else 0.84 * plate
    base = support("surface", high, (half, half), high)
    return Design(
        [
            Part(body, painted(draft, 0.4, 700.0)),
            Part(
                top,
                draft.metal((206, 208, 212), 900.0)
                if draft.color not in ("silver", "gray")
                else draft.plastic((240, 240, 238)),
            ),
            Part(joined([post, *keys]), draft.plastic(trim(draft))),
            Part(face, draft.textured("paper", materials.encoded(window), 0.3)),
        ],
        pieces,
        f"kitchen scale with a {shape} plate",
        support=base.model_copy(update={"position": (0.0, round(at, 5), base.position[2])}),
        least_mass=0.35,
        materials=("plastic", "steel"),
    )


@category(
    "wooden_plank",
    ("brown", "beige", "gray", "white", "black", "red", "blue", "green", "yellow", "orange"),
    ("surface",),
    label="wooden plank",
    also=("plank", "wood plank", "wood board", "lumber", "piece of wood", "timber"),
)
def wooden_plank(draft: Draft) -> Design:
    x, y, thick = draft.uniform(0.128, 0.150), draft.uniform(0.058, 0.070), draft.uniform(0.018, 0.024)
    n = draft.size
    grain = materials.wood(draft.stream("grain"), n, draft.rgb, 0.5)
    for _ in range(draft.pick((1, 2, 3))):
        u, v = draft.uniform(0.1, 0.9), draft.uniform(0.25, 0.75)
        for size, tone in ((0.05, 0.72), (0.034, 0.55), (0.016, 0.36)):
            grain = materials.dotted(grain, shade(draft.rgb, tone), (u, v), size, 1.4 * size)
    body = rounded_box(2 * x, 2 * y, thick, 0.002, 1)
    flat = Surface(body.triangles, body.normals, body.triangles[..., :2] / np.array([2 * x, 2 * y]) + 0.5)
    head = lathe(np.array([(0, 0), (0.0042, 0), (0.0036, 0.0012), (0, 0.0014)]), draft.n(12))
    nails = [head.moved(sx * (x - 0.014), sy * (y - 0.014), thick - 0.0002) for sx in (1, -1) for sy in (1, -1)]
    return Design(
        [
            Part(flat, draft.textured("wood", materials.encoded(grain), 0.75)),
            Part(joined(nails), draft.metal((110, 112, 118))),
        ],
        [box_between((-x, -y, 0), (x, y, thick))],
        "wooden plank with nails",
        support=support("surface", thick, (x - 0.020, y - 0.012), thick),
        least_mass=0.25,
        materials=("wood",),
    )


@category(
    "pedestal",
    PAINT,
    ("surface",),
    label="display stand",
    also=("pedestal", "stand", "podium", "plinth", "low pedestal", "round stand", "platform"),
    materials=("wood", "plastic", "stone", "ceramic", "steel"),
)
def pedestal(draft: Draft) -> Design:
    half, tall, waist = draft.uniform(0.064, 0.076), draft.uniform(0.036, 0.052), draft.uniform(0.72, 0.86)
    square = draft.chance(0.4)
    ring = superellipse(draft.n(36), 9.0) if square else circle(draft.n(36))
    knots = [
        (0, 0),
        (half, 0, 0.002),
        (half, 0.16 * tall, 0.003),
        (0.92 * half, 0.24 * tall, 0.003),
        (waist * half, 0.34 * tall, 0.004),
        (waist * half, 0.68 * tall, 0.004),
        (0.92 * half, 0.78 * tall, 0.003),
        (half, 0.84 * tall, 0.003),
        (half, tall, 0.002),
        (0, tall),
    ]
    body = lathe(rounded(knots, draft.steps(2)), 0, ring)
    inner = 0.80 * half if square else 0.64 * half
    if square:
        pieces: list[Piece] = [
            box_between((-half, -half, 0), (half, half, 0.2 * tall)),
            box_between((-waist * half, -waist * half, 0), (waist * half, waist * half, tall)),
            box_between((-half, -half, 0.8 * tall), (half, half, tall)),
        ]
    else:
        pieces = [
            turned_hull(np.array([[r * half, a * tall], [r * half, b * tall]]), 28)
            for r, a, b in ((1.0, 0.0, 0.2), (waist, 0.1, 0.9), (1.0, 0.8, 1.0))
        ]
    return Design(
        [
            Part(
                body,
                draft.look("wood", density=900.0)
                if draft.color in ("brown", "beige")
                else draft.plain("wood", roughness=0.45, density=900.0),
            )
        ],
        pieces,
        f"{'square' if square else 'round'} {{color}} display stand",
        support=support("surface", tall, (inner, inner), tall),
        least_mass=0.3,
        materials=("wood",),
    )


@category(
    "vinyl_record",
    ("black", "red", "blue", "green", "purple", "orange", "yellow", "white", "pink", "teal", "gold"),
    ("surface",),
    label="vinyl record",
    also=("record", "lp", "gramophone record", "vinyl", "music record", "album"),
)
def vinyl_record(draft: Draft) -> Design:
    radius, thick = draft.uniform(0.098, 0.112), draft.uniform(0.006, 0.008)
    n = 2 * draft.size
    v, u = np.meshgrid((np.arange(n) + 0.5) / n - 0.5, (np.arange(n) + 0.5) / n - 0.5, indexing="ij")
    distance = np.hypot(u, v)
    glow = 0.5 + 0.5 * np.cos(2 * np.arctan2(v, u) - 1.0)
    groove = 0.80 + 0.26 * (np.sin(distance * 260.0) > 0) + 0.5 * (glow**8)
    color = draft.rgb if draft.color != "black" else (44, 44, 48)
    image = np.asarray(color, float) * groove[..., None]
    label = draft.tint(draft.accent("red", "yellow", "blue", "orange"))
    image[distance < 0.17] = label
    image = materials.printed(
        image, draft.pick(("JAZZ", "ROCK", "SOUL", "DISCO")), contrast_to(label), (0.5, 0.58), 0.07, 0.3
    )
    image[(distance > 0.150) & (distance < 0.158)] = contrast_to(label)
    image[distance < 0.016] = (20, 20, 22)
    disc = cylinder(radius, thick, draft.n(40), 0.0014, 1)
    face = top_face(circle(draft.n(40)) * (radius - 0.002), thick)
    return Design(
        [
            Part(disc, draft.plain("plastic", color, 0.3)),
            Part(face, draft.textured("plastic", materials.encoded(image), 0.3)),
        ],
        [turned_hull(np.array([[radius, 0], [radius, thick]]), 30)],
        "vinyl record with a printed label",
        support=support("surface", thick, (0.66 * radius, 0.66 * radius), thick),
        least_mass=0.2,
        materials=("plastic",),
    )

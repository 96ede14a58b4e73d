"""Baking: bowls and pans, sheets and racks, and the mitt that takes them out of the oven."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Hull, Piece, box_between, box_vessel, vessel
from scene_hub.generate.materials import PAINT, shade
from scene_hub.generate.procedural.bakery import from_above, smooth
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.containers import rectangle_outline
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.shapes import (
    box,
    circle,
    cylinder,
    extrude,
    joined,
    lathe,
    offset_loft,
    rounded,
    rounded_box,
    rounded_rectangle,
    spline,
    sweep,
)


@category(
    "mixing_bowl",
    PAINT,
    ("container",),
    also=("batter bowl", "baking bowl", "prep bowl", "metal bowl", "plastic bowl", "dough bowl", "big bowl"),
    materials=("plastic", "steel", "glass", "ceramic", "copper"),
)
def mixing_bowl(draft: Draft) -> Design:
    radius, height, foot = draft.uniform(0.082, 0.092), draft.uniform(0.060, 0.076), draft.uniform(0.048, 0.056)
    wall, floor, h = 0.0036, 0.008, height
    lip, beak = draft.uniform(0.005, 0.008), draft.uniform(0.008, 0.014)
    waist = foot + 0.74 * (radius - foot)
    outside = spline([(foot, 0.003), (waist, 0.28 * h), (radius, h - 0.005)], draft.n(9))
    inside = spline([(radius - wall, h), (waist - wall, 0.33 * h), (foot - 0.002, floor)], draft.n(9))
    rim = [(radius + lip, h - 0.005), (radius + lip, h - 0.001), (radius + lip - 0.001, h)]
    profile = np.concatenate([[(0, 0), (foot - 0.002, 0)], outside, rim, inside, [(0, floor)]])

    def poured(points: np.ndarray) -> np.ndarray:
        angle = np.arctan2(points[:, 1], points[:, 0])
        level = np.clip((points[:, 2] / h - 0.72) / 0.28, 0, 1) ** 1.5
        pull = beak * level * np.exp(-((angle / 0.20) ** 2))
        return points + np.stack([pull, 0 * pull, -0.25 * pull], axis=1)

    body = lathe(profile, draft.n(40, 28)).warped(poured)
    ring = lathe(
        rounded([(0, -0.0004), (foot + 0.0016, -0.0004), (foot + 0.0022, 0.006, 0.001), (0, 0.006)], 1), draft.n(30)
    )
    pieces = vessel(
        [(foot + 0.001, -0.0004), (waist, 0.28 * h), (radius + 0.6 * lip, h)],
        [(foot - 0.002, floor), (waist - wall, 0.33 * h), (radius - wall, h)],
        14,
    )
    coat = draft.look("steel") if draft.made_of("steel", draft.sheen > 0) else draft.plain("plastic", roughness=0.35)
    inner = 0.68 * (foot - 0.002)
    return Design(
        [Part(body, coat), Part(ring, draft.rubber((54, 54, 58) if draft.color != "black" else (150, 150, 150)))],
        pieces,
        "{color} mixing bowl with a pouring lip",
        support=support("container", floor, (inner, inner), h),
        least_mass=0.24,
        main=coat.substance,
        materials=(coat.substance, "rubber"),
    )


@category(
    "loaf_pan",
    PAINT,
    ("container",),
    also=(
        "loaf tin",
        "bread pan",
        "baking pan",
        "baking tin",
        "cake tin",
        "cake pan",
        "baking dish",
        "bread tin",
        "roasting pan",
        "roasting tin",
    ),
    materials=("steel", "ceramic", "glass", "rubber", "copper"),
)
def loaf_pan(draft: Draft) -> Design:
    x, y, height = draft.uniform(0.102, 0.116), draft.uniform(0.058, 0.066), draft.uniform(0.050, 0.062)
    wall, floor, lean = 0.0032, 0.005, draft.uniform(0.007, 0.011)
    flange = draft.uniform(0.005, 0.008)
    profile = rounded(
        [
            (-y, 0),
            (0, 0, 0.004),
            (lean, height - 0.004),
            (lean + flange, height - 0.003, 0.001),
            (lean + flange, height, 0.001),
            (lean - wall, height, 0.002),
            (-wall, floor, 0.005),
            (-y, floor),
        ],
        2,
    )
    body = offset_loft(profile, rectangle_outline(x, y, 0.012, draft.steps(4)))
    ear = extrude(rounded_rectangle(0.016, 0.026, 0.009, draft.steps(3)), 0.003, 0.001, 1).moved(
        x=x + lean + flange, z=height - 0.003
    )
    out = x + lean + flange + 0.014
    rims = [
        box_between((low, -0.024, height - 0.003), (low + out - x - lean, 0.024, height)) for low in (x + lean, -out)
    ]
    shell = joined([body, ear, ear.mirrored("x")])
    metal = draft.made_of("steel", draft.sheen > 0)
    return Design(
        [
            Part(
                shell.projected(0.14),
                draft.look("steel") if metal else draft.plain("steel", roughness=0.4, metallic=0.2),
            )
        ],
        [*box_vessel((x, y), (x + lean, y + lean), height, wall, floor), *rims],
        "{color} loaf pan with two ears",
        support=support("container", floor, (x - wall - 0.012, y - wall - 0.012), height),
        least_mass=0.3,
        materials=("steel",),
    )


@category(
    "baking_sheet",
    PAINT,
    ("surface",),
    also=(
        "baking tray",
        "cookie sheet",
        "sheet pan",
        "oven tray",
        "cookie tray",
        "oven sheet",
        "metal tray",
        "baking sheet pan",
    ),
    materials=("steel", "copper", "ceramic"),
)
def baking_sheet(draft: Draft) -> Design:
    x, y, height = draft.uniform(0.120, 0.136), draft.uniform(0.090, 0.102), draft.uniform(0.011, 0.016)
    wall, floor, lean = 0.0028, 0.004, draft.uniform(0.004, 0.008)
    lined = draft.chance(0.45)
    profile = rounded(
        [
            (-y, 0),
            (0, 0, 0.003),
            (lean, height - 0.002),
            (lean + 0.005, height - 0.002, 0.001),
            (lean + 0.005, height, 0.001),
            (lean - wall, height, 0.001),
            (-wall, floor, 0.003),
            (-y, floor),
        ],
        2,
    )
    body = offset_loft(profile, rectangle_outline(x, y, 0.016, draft.steps(5)))
    metal = draft.made_of("steel", draft.sheen > 0)
    parts = [
        Part(body.projected(0.16), draft.look("steel") if metal else draft.plain("steel", roughness=0.4, metallic=0.2))
    ]
    if lined:
        sheet = extrude(rounded_rectangle(x - 0.012, y - 0.012, 0.004, 1), 0.0008).moved(z=floor - 0.0002)
        parchment = draft.textured("paper", draft.texture(materials.mottled, (232, 216, 184), 0.05, 6), 0.8)
        parts.append(Part(from_above(sheet), parchment))
    top = floor + (0.0006 if lined else 0.0)
    return Design(
        parts,
        [
            *box_vessel((x, y), (x + lean, y + lean), height, wall, floor),
            box_between((0.012 - x, 0.012 - y, 0.001), (x - 0.012, y - 0.012, top)),
        ],
        f"{{color}} baking sheet{' lined with paper' if lined else ''}",
        support=support("surface", top, (x - wall - 0.014, y - wall - 0.014), height),
        least_mass=0.3,
        main="steel",
        materials=("steel",),
    )


@category(
    "pizza_pan",
    PAINT,
    ("surface",),
    also=("pizza tray", "pizza stone", "pizza plate", "round tray", "round baking tray", "pizza board", "tart pan"),
    materials=("steel", "stone", "wood", "copper", "ceramic"),
)
def pizza_pan(draft: Draft) -> Design:
    radius, height = draft.uniform(0.096, 0.110), draft.uniform(0.010, 0.014)
    wall, lean, rings = 0.004, draft.uniform(0.004, 0.007), draft.pick((3, 4, 5))
    flat = radius - lean - 0.004
    profile = rounded(
        [
            (0, 0),
            (flat, 0, 0.003),
            (flat + lean, height - 0.002),
            (radius, height - 0.002, 0.001),
            (radius, height, 0.001),
            (flat + lean - 0.002, height, 0.001),
            (flat - 0.002, wall, 0.003),
            (0, wall),
        ],
        draft.steps(2),
    )
    n = 2 * draft.size
    metal = draft.made_of("steel", draft.sheen > 0)
    image = draft.image("steel", size=n) if metal else materials.glaze(draft.stream("coat"), n, draft.rgb)
    hole = shade(draft.rgb, 0.3) if draft.color != "black" else (96, 96, 100)
    for ring in range(1, rings + 1):
        away = 0.40 * flat / radius * ring / rings
        for index in range(6 * ring):
            angle = 2 * np.pi * index / (6 * ring)
            at = (0.5 + away * float(np.cos(angle)), 0.5 + away * float(np.sin(angle)))
            image = materials.dotted(image, hole, at, 0.012, 0.012)
    coat = draft.textured("steel", materials.encoded(image), 0.4, 0.5 if metal else 0.15)
    return Design(
        [Part(from_above(lathe(profile, draft.n(44))), coat)],
        vessel([(flat, 0), (flat + lean, height)], [(flat - 0.002, wall), (flat + lean - 0.002, height)], 14),
        "round {color} pizza pan full of small holes",
        support=support("surface", wall, (0.68 * flat, 0.68 * flat), height),
        least_mass=0.3,
        materials=("steel",),
    )


@category(
    "cooling_rack",
    PAINT,
    ("surface",),
    also=(
        "wire rack",
        "cooling grid",
        "cookie rack",
        "cake rack",
        "rack",
        "baking rack",
        "grill rack",
        "drying rack",
        "dish rack",
    ),
    materials=("steel", "copper", "plastic"),
)
def cooling_rack(draft: Draft) -> Design:
    x, y, height = draft.uniform(0.112, 0.132), draft.uniform(0.082, 0.096), draft.uniform(0.018, 0.026)
    wires, wire = draft.pick((11, 13, 15)), 0.0030
    bars = [box(wire, 2 * y, wire).moved(x=float(at), z=height - wire) for at in np.linspace(-x, x, wires)]
    bars += [box(2 * x + wire, wire, wire).moved(y=float(at), z=height - 1.8 * wire) for at in (-0.55 * y, 0.55 * y)]
    outline = rounded_rectangle(x, y, 0.012, draft.steps(4))
    loop = np.concatenate([outline, np.full((len(outline), 1), height - 0.0022)], axis=1)
    frame = smooth(sweep(loop, circle(6) * 0.0024, closed=True))
    feet = [(sx * (x - 0.014), sy * (y - 0.010)) for sx in (1, -1) for sy in (1, -1)]
    legs = [cylinder(0.0032, height - 0.003, draft.n(10)).moved(px, py) for px, py in feet]
    pads = [cylinder(0.0048, 0.004, draft.n(12)).moved(px, py) for px, py in feet]
    pieces: list[Piece] = [box_between((-x - 0.0024, -y - 0.0024, height - 0.0055), (x + 0.0024, y + 0.0024, height))]
    pieces += [
        box_between((px - 0.0045, py - 0.0045, 0), (px + 0.0045, py + 0.0045, height - 0.004)) for px, py in feet
    ]
    return Design(
        [
            Part(joined([*bars, frame, *legs]), draft.plain("steel", roughness=0.35, metallic=0.4)),
            Part(joined(pads), draft.rubber()),
        ],
        pieces,
        "{color} wire cooling rack on four feet",
        support=support("surface", height, (x - 0.010, y - 0.010), height),
        least_mass=0.25,
        main="steel",
        materials=("steel",),
    )


@category(
    "trivet",
    PAINT,
    ("surface",),
    also=("hot pad", "pot stand", "pot holder", "hot plate", "pan stand", "slatted mat", "wooden trivet"),
    materials=("wood", "steel", "stone", "rubber", "copper", "ceramic"),
)
def trivet(draft: Draft) -> Design:
    half, thick, slats = draft.uniform(0.066, 0.078), draft.uniform(0.0075, 0.010), draft.pick((6, 7, 8))
    bar, ends = draft.uniform(0.006, 0.008), draft.uniform(0.0, 0.35)
    gap = 0.0045
    wide = (2 * half - (slats - 1) * gap) / slats
    places = [-half + wide / 2 + index * (wide + gap) for index in range(slats)]
    # Shorter slats at both sides give it rounded corners.
    reach = [half * (1 - ends * (abs(place) / half) ** 3) for place in places]
    boards = [
        rounded_box(2 * long, wide, thick, 0.0018, 1).moved(y=place, z=bar)
        for place, long in zip(places, reach, strict=True)
    ]
    inner = min(reach) - 0.012
    rails = [
        rounded_box(0.012, 2 * half - 0.006, bar + 0.002, 0.0012, 1).moved(x=side * 0.8 * inner) for side in (1, -1)
    ]
    height = bar + thick
    wood = draft.look("wood") if draft.color in ("brown", "beige") else draft.plain("wood", roughness=0.5)
    pieces: list[Piece] = [
        box_between((side * 0.8 * inner - 0.006, 0.003 - half, 0), (side * 0.8 * inner + 0.006, half - 0.003, bar))
        for side in (1, -1)
    ]
    pieces += [
        box_between((-long, place - wide / 2, bar), (long, place + wide / 2, height))
        for place, long in zip(places, reach, strict=True)
    ]
    return Design(
        [Part(joined(boards).projected(0.14), wood), Part(joined(rails).projected(0.14, "y"), wood)],
        pieces,
        "slatted {color} wooden trivet",
        support=support("surface", height, (min(reach) - 0.008, half - 0.012), height),
        least_mass=0.18,
        materials=("wood",),
    )


@category(
    "oven_mitt",
    PAINT,
    ("object",),
    also=("oven glove", "mitt", "oven mitten", "kitchen glove", "glove", "potholder", "pot holder"),
    materials=("fabric", "rubber", "leather"),
)
def oven_mitt(draft: Draft) -> Design:
    half, long, thick = draft.uniform(0.0235, 0.0268), draft.uniform(0.098, 0.116), draft.uniform(0.0200, 0.0250)
    thumb, cuff = draft.uniform(0.013, 0.017), draft.uniform(0.018, 0.024)
    low, quilt = 0.36 * long, draft.pick((6, 7, 8))
    outline = rounded(
        [
            (0, -half, 0.004),
            (long, -half, 0.026),
            (long, half, 0.026),
            (0.62 * long, half, 0.006),
            (0.74 * long, half + thumb, 0.010),
            (0.58 * long, half + thumb + 0.006, 0.010),
            (low, half, 0.012),
            (0, half, 0.004),
        ],
        draft.steps(5),
        closed=True,
    )
    body = extrude(outline, thick, 0.0075, draft.steps(4))
    n = draft.size
    cloth = materials.fabric(draft.stream("cloth"), n, draft.rgb)
    u, v = (np.arange(n) + 0.5)[None] / n, (np.arange(n) + 0.5)[:, None] / n
    tall = (2 * half + thumb) / long
    a, b = ((u + tall * v) * quilt) % 1.0, ((u - tall * v) * quilt) % 1.0
    seam = np.minimum(np.minimum(a, 1 - a), np.minimum(b, 1 - b))
    cloth = cloth * (0.74 + 0.34 * np.clip(seam * 3.4, 0, 1))[..., None]
    trim = draft.tint(draft.accent("white", "yellow", "red", "black"))
    edge = u < cuff / long
    cloth = np.where(np.broadcast_to(edge, (n, n))[..., None], np.asarray(trim, dtype=float), cloth)
    main = outline[outline[:, 1] <= half + 1e-6]
    side = outline[(outline[:, 1] >= half - 0.012) & (outline[:, 0] > low - 0.006) & (outline[:, 0] < 0.76 * long)]
    slabs = [np.concatenate([np.c_[part, np.full(len(part), z)] for z in (0.0, thick)]) for part in (main, side)]
    shrunk = [slab - np.sign(slab - slab.mean(axis=0)) * np.array([0.0006, 0.0006, 0]) for slab in slabs]
    return Design(
        [Part(from_above(body), draft.textured("fabric", materials.encoded(cloth), 0.95))],
        [Hull(points) for points in shrunk],
        "quilted {color} oven mitt",
        least_mass=0.04,
        materials=("fabric",),
    )

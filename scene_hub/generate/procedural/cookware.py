"""Pots and pans, and what stands beside them on a worktop."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Piece, box_vessel, hull_of, lying_hull, turned_hull, vessel
from scene_hub.generate.materials import METALLIC_COLORS, PAINT, SUBSTANCES, Rgb, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.containers import rectangle_outline
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.procedural.forms import resting_rod, turned_along_x
from scene_hub.generate.shapes import (
    Surface,
    circle,
    ellipsoid,
    extrude,
    joined,
    lathe,
    offset_loft,
    rounded,
    rounded_rectangle,
    spline,
    sweep,
)


def _ear(draft: Draft, attach: float, z: float, width: float, reach: float) -> tuple[Surface, Piece]:
    """A small level loop handle at x = attach, with one hull."""
    knots = [
        (attach - 0.002, -width, z),
        (attach + reach, -0.7 * width, z),
        (attach + reach, 0.7 * width, z),
        (attach - 0.002, width, z),
    ]
    surface = sweep(spline(knots, draft.n(12)), circle(draft.n(8)) * np.array([0.0042, 0.0034]))
    return surface, hull_of(sweep(spline(knots, 5), circle(4) * 0.004))


def _coat(draft: Draft):
    """Brushed steel, or enamel in any colour that is not metallic."""
    return draft.look("steel") if draft.color in METALLIC_COLORS else draft.plain("steel", roughness=0.3)


@category(
    "saucepan",
    PAINT,
    ("container",),
    also=(
        "pot",
        "cooking pot",
        "pan",
        "sauce pan",
        "soup pot",
        "stock pot",
        "stew pot",
    ),
    materials=("steel", "copper", "ceramic", "glass"),
)
def saucepan(draft: Draft) -> Design:
    radius, height = draft.uniform(0.072, 0.082), draft.uniform(0.055, 0.068)
    wall, floor, lip = 0.003, 0.006, 0.004
    grip = draft.uniform(0.095, 0.115)
    profile = rounded(
        [
            (0, 0),
            (radius, 0, 0.010),
            (radius, height - 0.003),
            (radius + lip, height, 0.001),
            (radius - wall, height, 0.001),
            (radius - wall, floor, 0.008),
            (0, floor),
        ],
        draft.steps(3),
    )
    z = 0.80 * height
    path = np.array(
        [
            [radius - 0.001, 0, z],
            [radius + 0.02, 0, z + 0.004],
            [radius + 0.5 * grip, 0, z + 0.010],
            [radius + grip, 0, z + 0.010],
        ]
    )
    handle = sweep(path, circle(draft.n(10)) * np.array([1.0, 0.62]), np.array([0.0060, 0.0075, 0.0095, 0.0085]))
    pieces = vessel([(radius, 0), (radius, height)], [(radius - wall, floor), (radius - wall, height)], 14)
    dark = draft.plain("plastic", (36, 36, 40) if draft.color != "black" else (120, 84, 52), 0.5)
    inner = 0.68 * (radius - wall)
    return Design(
        [Part(lathe(profile, draft.n(36), uv_size=(2.0, 2.0)), _coat(draft)), Part(handle, dark)],
        [*pieces, hull_of(handle)],
        "saucepan with a long handle",
        support=support("container", floor, (inner, inner), height),
        mass=0.6,
    )


@category(
    "frying_pan",
    PAINT,
    ("container",),
    also=("pan", "fry pan", "frypan", "skillet", "cooking pan", "nonstick pan", "omelette pan"),
    materials=("steel", "copper", "ceramic", "stone"),
)
def frying_pan(draft: Draft) -> Design:
    foot, height, lean = draft.uniform(0.078, 0.090), draft.uniform(0.024, 0.030), draft.uniform(0.012, 0.018)
    wall, floor, grip = 0.004, 0.006, draft.uniform(0.105, 0.120)
    profile = rounded(
        [
            (0, 0),
            (foot, 0, 0.006),
            (foot + lean, height, 0.001),
            (foot + lean - wall, height, 0.001),
            (foot - 0.004, floor, 0.010),
            (0, floor),
        ],
        draft.steps(3),
    )
    image = materials.canvas(draft.rgb, 32, 8)
    inside = materials.banded(image, [(0.58, 1.0, shade(draft.rgb, 0.82))])
    coat = draft.textured("steel", materials.encoded(inside), 0.45, draft.sheen)
    z, start = 0.78 * height, foot + 0.8 * lean
    path = np.array(
        [[start, 0, z], [start + 0.02, 0, z + 0.004], [start + 0.5 * grip, 0, z + 0.012], [start + grip, 0, z + 0.010]]
    )
    handle = sweep(path, circle(draft.n(10)) * np.array([1.0, 0.6]), np.array([0.0070, 0.0080, 0.0105, 0.0090]))
    pieces = vessel([(foot, 0), (foot + lean, height)], [(foot - 0.004, floor), (foot + lean - wall, height)], 14)
    dark = draft.plain("plastic", (36, 36, 40) if draft.color != "black" else (128, 92, 58), 0.5)
    inner = 0.68 * (foot - 0.004)
    return Design(
        [Part(lathe(profile, draft.n(38)), coat), Part(handle, dark)],
        [*pieces, hull_of(handle)],
        "frying pan with a long handle",
        support=support("container", floor, (inner, inner), height),
        mass=0.65,
        materials=("steel", "plastic"),
    )


@category(
    "colander",
    PAINT,
    ("container",),
    also=("strainer", "sieve", "pasta strainer", "drainer", "vegetable strainer", "salad drainer"),
    materials=("plastic", "steel"),
)
def colander(draft: Draft) -> Design:
    radius, height, foot = draft.uniform(0.080, 0.090), draft.uniform(0.052, 0.062), draft.uniform(0.046, 0.052)
    wall, floor = 0.004, 0.008
    waist = foot + 0.62 * (radius - foot)
    outside = spline([(foot + 0.001, 0.004), (waist, 0.36 * height), (radius, height - 0.004)], draft.n(8))
    inside = spline([(radius - wall, height), (waist - wall, 0.42 * height), (foot, floor)], draft.n(8))
    rim = [(radius + 0.006, height - 0.004), (radius + 0.006, height)]
    profile = np.concatenate([[(0, 0), (foot, 0)], outside, rim, inside, [(0, floor)]])
    metal = draft.made_of("steel", draft.color in METALLIC_COLORS)
    made = "steel" if metal else "plastic"
    image = draft.image(made, size=64)
    hole = shade(draft.rgb, 0.28)
    for row, v in enumerate(np.linspace(0.10, 0.95, 11)):
        if 0.42 < v < 0.58:
            continue
        for u in (0.25, 0.75):
            image = materials.dotted(image, hole, ((u + 0.25 * (row % 2)) % 1.0, float(v)), 0.13, 0.022)
    shine = 0.4 if metal else draft.sheen
    paint = draft.textured(made, materials.encoded(image, 16), 0.4, shine)
    ears = [_ear(draft, radius + 0.004, height - 0.003, 0.026, 0.020)]
    mirrored = ears[0][0].mirrored("x")
    body = lathe(profile, draft.n(36), uv_size=(16.0, 1.0))
    pieces = vessel(
        [(foot, 0), (waist, 0.36 * height), (radius, height)],
        [(foot, floor), (waist - wall, 0.42 * height), (radius - wall, height)],
        14,
    )
    plain = draft.plain(made, draft.rgb, 0.4, shine)
    return Design(
        [Part(body, paint), Part(ears[0][0], plain), Part(mirrored, plain)],
        pieces,
        f"{'metal' if metal else 'plastic'} colander with rows of holes and two handles",
        support=support("container", floor, (0.68 * foot, 0.68 * foot), height),
        least_mass=0.25,
    )


@category(
    "casserole_dish",
    PAINT,
    ("container",),
    also=(
        "casserole",
        "baking dish",
        "oven dish",
        "roasting dish",
        "roasting pan",
        "baking pan",
        "lasagna dish",
        "dish",
        "gratin dish",
    ),
    materials=("ceramic", "glass", "steel", "stone", "copper"),
)
def casserole_dish(draft: Draft) -> Design:
    x, y, height = draft.uniform(0.090, 0.105), draft.uniform(0.070, 0.082), draft.uniform(0.042, 0.052)
    wall, floor, lean = 0.006, 0.008, draft.uniform(0.008, 0.012)
    profile = rounded(
        [
            (-y, 0),
            (0, 0, 0.006),
            (lean, height - 0.006),
            (lean + 0.005, height - 0.006, 0.001),
            (lean + 0.005, height, 0.002),
            (lean - wall, height, 0.002),
            (-wall, floor, 0.006),
            (-y, floor),
        ],
        2,
    )
    body = offset_loft(profile, rectangle_outline(x, y, 0.026, draft.steps(5)))
    ear = extrude(rounded_rectangle(0.014, 0.030, 0.012, draft.steps(3)), 0.007, 0.002, 1).moved(
        x=x + lean + 0.010, z=height - 0.008
    )
    glaze = draft.plain("ceramic", roughness=0.25)
    return Design(
        [Part(joined([body, ear, ear.mirrored("x")]), glaze)],
        box_vessel((x, y), (x + lean, y + lean), height, wall, floor),
        "ceramic casserole dish with two handles",
        support=support("container", floor, (x - wall - 0.014, y - wall - 0.014), height),
    )


@category(
    "pepper_grinder",
    PAINT,
    ("object",),
    also=("pepper mill", "pepper shaker", "peppermill", "salt grinder", "spice grinder", "grinder", "mill"),
    materials=("wood", "steel", "plastic", "ceramic", "glass", "stone", "copper"),
)
def pepper_grinder(draft: Draft) -> Design:
    foot, height = draft.uniform(0.0225, 0.0265), draft.uniform(0.098, 0.118)
    waist, head = draft.uniform(0.58, 0.68), draft.uniform(0.74, 0.86)
    h = height
    body = spline(
        [
            (foot, 0.06 * h),
            (foot * 0.94, 0.16 * h),
            (foot * waist, 0.40 * h),
            (foot * 0.80, 0.60 * h),
            (foot * 0.84, 0.66 * h),
        ],
        draft.n(14),
    )
    crown = spline(
        [(foot * 0.72, 0.69 * h), (foot * head, 0.78 * h), (foot * 0.62, 0.90 * h), (foot * 0.22, 0.93 * h)],
        draft.n(12),
    )
    lower = np.concatenate([[(0, 0), (foot, 0)], body, [(0, 0.66 * h)]])
    upper = np.concatenate([[(0, 0.68 * h)], crown, [(0, 0.93 * h)]])
    wooden = draft.made_of("wood", draft.color in ("brown", "beige"))
    material = draft.wood(draft.rgb, density=900.0) if wooden else draft.plain("wood", roughness=0.3, density=900.0)
    collar = lathe(
        np.array([(0, 0.655 * h), (foot * 0.70, 0.655 * h), (foot * 0.70, 0.69 * h), (0, 0.69 * h)]), draft.n(24)
    )
    knob = ellipsoid(0.0048, 0.0048, 0.045 * h, draft.n(12), draft.n(8)).moved(z=0.955 * h)
    segments = draft.n(26)
    parts = [
        Part(lathe(lower, segments).projected(0.12, "z"), material),
        Part(lathe(upper, segments).projected(0.12, "z"), material),
        Part(joined([collar, knob]), draft.metal()),
    ]
    pieces: list[Piece] = [
        turned_hull(lower[lower[:, 1] <= 0.42 * h], 14),
        turned_hull(lower[lower[:, 1] >= 0.36 * h], 14),
        turned_hull(upper, 14),
    ]
    return Design(
        parts,
        pieces,
        f"{'wooden ' if wooden else ''}pepper grinder with a metal knob",
        least_mass=0.12,
        materials=("wood", "steel"),
    )


@category(
    "jar",
    PAINT,
    ("object",),
    also=(
        "jam jar",
        "honey jar",
        "glass jar",
        "jar of jam",
        "jar of honey",
        "mason jar",
        "cookie jar",
        "jelly jar",
        "jam",
        "honey",
        "peanut butter",
        "jar of peanut butter",
        "salsa",
        "jelly",
        "nutella",
        "pot of honey",
        "pot of jam",
        "honey pot",
    ),
    materials=("glass", "plastic", "ceramic", "steel", "stone"),
)
def jar(draft: Draft) -> Design:
    radius, height, lid = draft.uniform(0.0262, 0.0295), draft.uniform(0.056, 0.072), draft.uniform(0.014, 0.018)
    word = draft.pick(("JAM", "HONEY", "SALT", "TEA", "SUGAR"))
    shoulder = height - lid
    profile = rounded(
        [
            (0, 0),
            (radius, 0, 0.006),
            (radius, shoulder, 0.007),
            (0.8 * radius, shoulder + 0.001),
            (0, shoulder + 0.001),
        ],
        draft.steps(3),
    )
    n = draft.size
    pale: Rgb = (238, 232, 214)
    made = draft.substance("glass", "ceramic", "plastic", "stone", "steel")
    bare = materials.canvas(draft.rgb, n, n) if made == "glass" else draft.image(made)
    image = np.concatenate([bare, bare], axis=1)
    for at in (0.25, 0.75):
        image = materials.dotted(image, pale, (at, 0.5), 0.15, 0.16)
        image = materials.printed(image, word, (70, 46, 30), (at, 0.5), 0.13, 0.24)
    density = 1300.0 * SUBSTANCES[made].density / SUBSTANCES["glass"].density
    glass = draft.textured(made, materials.encoded(image), 0.2, draft.sheen, density)
    cap = lathe(
        rounded(
            [(0, shoulder), (0.94 * radius, shoulder, 0.001), (0.94 * radius, height, 0.002), (0, height)],
            draft.steps(2),
        ),
        draft.n(32),
    )
    pieces: list[Piece] = [
        turned_hull(profile, 14),
        turned_hull(np.array([[0.94 * radius, shoulder], [0.94 * radius, height]]), 20),
    ]
    lid_color = draft.metal((206, 170, 84)) if draft.chance(0.5) else draft.metal((230, 230, 228))
    return Design(
        [Part(lathe(profile, draft.n(32)), glass), Part(cap, lid_color)],
        pieces,
        "jar with a screw lid and a label",
    )


@category(
    "spatula",
    PAINT,
    ("object",),
    also=("turner", "flipper", "kitchen spatula", "cooking spatula", "silicone spatula", "scraper", "slotted turner"),
    materials=("rubber", "plastic", "wood", "steel"),
)
def spatula(draft: Draft) -> Design:
    grip, radius = draft.uniform(0.100, 0.115), draft.uniform(0.0095, 0.0108)
    blade, wide = draft.uniform(0.060, 0.072), draft.uniform(0.022, 0.027)
    s = np.linspace(0, 1, draft.n(10))
    radii = radius * np.interp(s, [0, 0.05, 0.2, 0.75, 1.0], [0.6, 1.0, 0.92, 1.0, 0.62])
    handle = resting_rod(np.stack([(s - 1.0) * grip, 0 * s], axis=1), radii, draft.n(14))
    outline = rounded(
        [
            (-0.012, -0.006),
            (0.008, -wide, 0.008),
            (blade, -wide * 0.92, 0.008),
            (blade, wide, 0.016),
            (0.008, wide, 0.008),
            (-0.012, 0.006),
        ],
        draft.steps(3),
        closed=True,
    )
    paddle = extrude(outline, 0.0050, 0.0014, 1)
    wood = draft.wood((196, 152, 100))
    return Design(
        [Part(handle.projected(0.12), wood), Part(paddle, draft.plain("rubber", roughness=0.6))],
        [hull_of(handle), hull_of(paddle)],
        "spatula with a wooden handle",
        materials=("rubber", "wood"),
        main="rubber",
    )


@category(
    "rolling_pin",
    PAINT,
    ("object",),
    also=("dough roller", "rolling-pin", "pastry roller", "roller"),
    materials=("wood", "plastic", "steel", "stone", "rubber"),
)
def rolling_pin(draft: Draft) -> Design:
    radius, barrel, grip = draft.uniform(0.0165, 0.0200), draft.uniform(0.090, 0.110), draft.uniform(0.030, 0.036)
    half = barrel / 2
    core = rounded([(0, -half), (radius, -half, 0.003), (radius, half, 0.003), (0, half)], draft.steps(3))
    knob = rounded(
        [
            (0, half - 0.001),
            (0.34 * radius, half),
            (0.62 * radius, half + 0.5 * grip, 0.01),
            (0.5 * radius, half + grip, 0.004),
            (0, half + grip),
        ],
        draft.steps(4),
    )
    flat = 0.0018
    body = turned_along_x(core, draft.n(26), flat)
    side = lathe(knob, draft.n(16)).rotated("y", 90.0).moved(z=radius - flat)
    wooden = draft.made_of("wood", draft.color in ("brown", "beige"))
    main = draft.wood(draft.rgb) if wooden else draft.plain("wood", roughness=0.4)
    ends = joined([side, side.mirrored("x")])
    return Design(
        [Part(body.projected(0.12), main), Part(ends.projected(0.12), draft.wood((170, 118, 70), tag="grip"))],
        [lying_hull(body), hull_of(ends)],
        "wooden rolling pin with two handles",
    )

"""Kitchen tools with a handle: fork, ladle, whisk, tongs, measuring cup, and a grater."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Hull, Piece, hull_of, vessel
from scene_hub.generate.materials import PAINT, Material, shade
from scene_hub.generate.procedural.bakery import smooth
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.procedural.forms import level_rod
from scene_hub.generate.shapes import (
    Surface,
    box,
    circle,
    cylinder,
    extrude,
    flattened,
    joined,
    lathe,
    quad,
    rounded,
    rounded_rectangle,
    spline,
    sweep,
)


def _grip(draft: Draft, length: float, radius: float) -> Surface:
    """A handle along -x from the origin, that rests on z = 0."""
    s = np.linspace(0, 1, draft.n(12))
    radii = radius * np.interp(s, [0, 0.05, 0.2, 0.55, 0.85, 1.0], [0.55, 0.92, 1.0, 0.88, 0.96, 0.62])
    return level_rod(np.stack([(s - 1.0) * length, 0 * s], axis=1), radii, draft.n(16), 0.0014)


def _made(draft: Draft) -> tuple[Material, Material]:
    """What the handle and the head of a tool are made of: a head of steel, unless the whole is to be of something else."""
    if draft.made_of("wood", draft.color in ("brown", "beige")):
        grip = draft.look("wood")
    elif draft.made_of("steel", draft.sheen > 0):
        grip = draft.look("steel")
    else:
        grip = draft.plain("plastic", roughness=0.4)
    return grip, draft.metal((204, 206, 210)) if draft.material in (None, "steel") else grip


@category(
    "fork",
    PAINT,
    ("object",),
    also=("dinner fork", "table fork", "salad fork", "silver fork", "serving fork"),
    materials=("plastic", "steel", "wood", "copper"),
)
def fork(draft: Draft) -> Design:
    length, radius = draft.uniform(0.088, 0.104), draft.uniform(0.0098, 0.0108)
    neck, head, half = draft.uniform(0.020, 0.026), draft.uniform(0.046, 0.054), draft.uniform(0.0140, 0.0160)
    tines = draft.pick((3, 4, 4))
    grip = _grip(draft, length, radius)
    gap = 0.0026
    wide = (2 * half - (tines - 1) * gap) / tines
    edge: list[tuple[float, ...]] = [(0, -0.0034), (neck, -0.0034, 0.008), (neck + 0.010, -half, 0.006)]
    root, tip = neck + 0.018, neck + head
    for index in range(tines):
        low = -half + index * (wide + gap)
        edge += [(tip - 0.006, low + 0.1 * wide), (tip, low + wide / 2, 0.001), (tip - 0.006, low + 0.9 * wide)]
        if index < tines - 1:
            edge += [(root, low + wide, 0.001), (root, low + wide + gap, 0.001)]
    edge += [(neck + 0.010, half, 0.006), (neck, 0.0034, 0.008), (0, 0.0034)]
    plate = extrude(rounded(edge, draft.steps(3), closed=True), 0.0042, 0.0008, 1).moved(z=radius - 0.0030)

    def curved(points: np.ndarray) -> np.ndarray:
        at = np.clip(points[:, 0] / tip, 0, 1)
        dip = -(radius - 0.0030) * np.sin(np.pi * np.clip(at * 1.02, 0, 1) ** 0.8) * 0.92
        return points + np.stack([0 * dip, 0 * dip, dip], axis=1)

    blade = plate.warped(curved)
    blade = blade.moved(z=-min(0.0, float(blade.bounds[0, 2])))
    points = blade.points
    pieces: list[Piece] = [hull_of(grip), Hull(points[points[:, 0] < root]), Hull(points[points[:, 0] > root - 0.004])]
    material, metal = _made(draft)
    return Design(
        [Part(grip.projected(0.12), material), Part(blade.projected(0.12), metal)],
        pieces,
        f"fork with {tines} tines and a {{color}} handle",
        least_mass=0.03,
        main=material.substance,
        materials=(material.substance, metal.substance),
    )


@category(
    "ladle",
    PAINT,
    ("object",),
    also=("soup ladle", "dipper", "serving ladle", "ice cream scoop", "ice-cream scoop"),
    materials=("plastic", "steel", "wood", "copper"),
)
def ladle(draft: Draft) -> Design:
    radius, deep, length = draft.uniform(0.0240, 0.0280), draft.uniform(0.021, 0.025), draft.uniform(0.100, 0.122)
    grip, wall = draft.uniform(0.0092, 0.0104), 0.0022
    outside = spline([(0, 0), (0.55 * radius, 0.10 * deep), (0.90 * radius, 0.48 * deep), (radius, deep)], draft.n(12))
    inside = spline(
        [(radius - wall, deep), (0.90 * radius - wall, 0.52 * deep), (0.52 * radius, 0.19 * deep), (0, 0.10 * deep)],
        draft.n(12),
    )
    outside[0, 0] = inside[-1, 0] = 0.0
    bowl = flattened(lathe(np.concatenate([outside, inside]), draft.n(28), crease=60.0), 0.0010).moved(z=-0.0010)
    rim = deep - 0.0010
    start = radius - wall / 2
    path = spline(
        [
            (-start, 0, rim - 0.0024),
            (-start - 0.25 * length, 0, rim - 0.002),
            (-start - 0.62 * length, 0, 0.60 * rim),
            (-start - length, 0, grip - 0.0012),
        ],
        draft.n(16),
    )
    s = np.linspace(0, 1, len(path))
    radii = np.interp(s, [0, 0.12, 0.36, 0.44, 0.9, 1.0], np.array([0.34, 0.36, 0.42, 0.92, 1.0, 0.62]) * grip)
    rod = flattened(sweep(path, circle(draft.n(14)), radii), 0.0)
    split = -start - 0.40 * length
    handle = rod.points
    pieces: list[Piece] = [
        hull_of(bowl),
        Hull(handle[handle[:, 0] > split - 0.004]),
        Hull(handle[handle[:, 0] < split]),
    ]
    material, metal = _made(draft)
    return Design(
        [Part(rod.projected(0.12), material), Part(bowl.projected(0.10), metal)],
        pieces,
        "soup ladle with a {color} handle",
        least_mass=0.04,
        main=material.substance,
        materials=(material.substance, metal.substance),
    )


@category(
    "whisk",
    PAINT,
    ("object",),
    also=("egg beater", "wire whisk", "balloon whisk", "egg whisk", "beater", "mixer"),
    materials=("plastic", "steel", "wood"),
)
def whisk(draft: Draft) -> Design:
    length, radius = draft.uniform(0.078, 0.092), draft.uniform(0.0100, 0.0110)
    balloon, wide, wires = draft.uniform(0.066, 0.080), draft.uniform(0.0190, 0.0225), draft.pick((3, 4))
    grip = _grip(draft, length, radius)
    axis, wire = radius - 0.0014, 0.0012
    tall = axis - wire
    t = np.linspace(0, 1, draft.n(26, 14))
    x = balloon * np.sin(np.pi * t) ** 0.75
    across = np.cos(np.pi * t)
    bulge = np.interp(x / balloon, [0, 0.25, 0.6, 0.85, 1.0], [0.16, 0.52, 1.0, 0.80, 0.0]) * np.sign(across)
    bulge = np.where(np.abs(across) < 0.12, across * 2.4, bulge)
    loops = []
    for index in range(wires):
        turn = np.pi * (index + 0.5) / wires
        path = np.stack([x - 0.002, wide * bulge * np.cos(turn), axis + tall * bulge * np.sin(turn)], axis=1)
        loops.append(smooth(sweep(path, circle(5) * wire, up=(0, float(-np.sin(turn)), float(np.cos(turn))))))
    ferrule = level_rod(
        np.array([[-0.004, 0], [0.002, 0], [0.006, 0]]), np.array([0.66, 0.60, 0.34]) * radius, draft.n(14), 0.0
    )
    ferrule = ferrule.moved(z=axis - 0.66 * radius)
    cage = flattened(joined(loops), 0.0)
    material, metal = _made(draft)
    return Design(
        [
            Part(grip.projected(0.12), material),
            Part(joined([cage, ferrule]), metal if draft.material != "wood" else draft.metal()),
        ],
        [hull_of(grip), hull_of(cage)],
        "wire whisk with a {color} handle",
        least_mass=0.04,
        main=material.substance,
        materials=(material.substance, "steel"),
    )


@category(
    "tongs",
    PAINT,
    ("object",),
    label="pair of tongs",
    also=("tongs", "tong", "kitchen tongs", "salad tongs", "serving tongs", "bbq tongs", "grill tongs", "food tongs"),
    materials=("plastic", "steel", "wood"),
)
def tongs(draft: Draft) -> Design:
    length, spread, tall = draft.uniform(0.135, 0.160), draft.uniform(0.0170, 0.0210), draft.uniform(0.0165, 0.0195)
    thin, half = 0.0013, tall / 2
    s = np.linspace(0, 1, draft.n(14))
    y = np.interp(s, [0, 0.04, 0.16, 0.85, 1.0], np.array([0.10, 0.30, 0.46, 0.98, 0.90]) * spread)
    x = (s - 0.5) * length
    path = np.stack([x, y, np.full(len(s), half)], axis=1)
    section = rounded_rectangle(thin, half, 0.0006, 1)
    width = np.stack(
        [np.ones_like(s), np.interp(s, [0, 0.2, 0.72, 0.80, 0.94, 1.0], [0.80, 0.72, 0.58, 0.92, 1.0, 0.55])], axis=1
    )
    arm = sweep(path, section, width)
    inside = (s > 0.20) & (s < 0.66)
    sleeve = sweep(path[inside], rounded_rectangle(0.0036, 0.84 * half, 0.0020, draft.steps(3)))
    back = lathe(
        rounded([(0, 0), (0.46 * spread, 0, 0.001), (0.46 * spread, 0.80 * tall, 0.001), (0, 0.80 * tall)], 1),
        draft.n(16),
    )
    back = back.moved(x=float(x[0]) + 0.001, z=0.10 * tall)
    material, metal = _made(draft)
    both = joined([arm, arm.mirrored("y")])
    sleeves = joined([sleeve, sleeve.mirrored("y")])
    pieces: list[Piece] = [
        hull_of(arm),
        hull_of(arm.mirrored("y")),
        hull_of(back),
        hull_of(sleeve),
        hull_of(sleeve.mirrored("y")),
    ]
    return Design(
        [
            Part(joined([both, back]), metal if draft.material != "wood" else draft.metal()),
            Part(sleeves.projected(0.1), material),
        ],
        pieces,
        "pair of kitchen tongs with {color} grips",
        least_mass=0.05,
        main=material.substance,
        materials=("steel", material.substance),
    )


@category(
    "measuring_cup",
    PAINT,
    ("object",),
    also=("measuring scoop", "cup measure", "scoop", "dry measuring cup", "measure", "flour scoop"),
    materials=("plastic", "steel", "copper", "ceramic"),
)
def measuring_cup(draft: Draft) -> Design:
    radius, height, taper = draft.uniform(0.0250, 0.0288), draft.uniform(0.034, 0.046), draft.uniform(0.84, 0.96)
    wall, floor, reach = 0.0022, 0.0030, draft.uniform(0.058, 0.074)
    foot = taper * radius
    profile = rounded(
        [
            (0, 0),
            (foot, 0, 0.004),
            (radius, height - 0.002),
            (radius + 0.0008, height, 0.0006),
            (radius - wall, height, 0.0006),
            (foot - wall, floor, 0.004),
            (0, floor),
        ],
        draft.steps(3),
    )
    body = lathe(profile, draft.n(28))
    wide = draft.uniform(0.0062, 0.0078)
    start = radius - 0.001
    outline = rounded(
        [
            (start, -wide, 0),
            (start + 0.5 * reach, -0.8 * wide, 0.02),
            (start + reach, -1.15 * wide, 0.006),
            (start + reach, 1.15 * wide, 0.006),
            (start + 0.5 * reach, 0.8 * wide, 0.02),
            (start, wide, 0),
        ],
        draft.steps(4),
        closed=True,
    )
    handle = extrude(outline, 0.0036, 0.0010, 1).moved(z=height - 0.0036)
    hole = cylinder(0.0030, 0.0004, draft.n(12)).moved(x=start + reach - 0.008, z=height - 0.0001)
    image = materials.banded(
        materials.canvas(draft.rgb, 64, 8), [(0.36, 0.375, shade(draft.rgb, 0.6)), (0.44, 0.455, shade(draft.rgb, 0.6))]
    )
    metal = draft.made_of("steel", draft.sheen > 0)
    coat = draft.look("steel") if metal else draft.textured("plastic", materials.encoded(image), 0.4, density=1300.0)
    plain = coat if metal else draft.plain("plastic", roughness=0.4)
    pieces: list[Piece] = [
        *vessel([(foot, 0), (radius, height)], [(foot - wall, floor), (radius - wall, height)], 12),
        hull_of(handle),
    ]
    return Design(
        [
            Part(body, coat),
            Part(handle.projected(0.1), plain),
            Part(hole, draft.plain("rubber", shade(draft.rgb, 0.4), 0.8)),
        ],
        pieces,
        "{color} measuring cup with a flat handle",
        support=support("container", floor, (0.66 * foot, 0.66 * foot), height),
        # The floor is thick enough to keep the handle up.
        least_mass=0.04,
        main=coat.substance,
        materials=(coat.substance,),
    )


@category(
    "grater",
    PAINT,
    ("object",),
    also=("cheese grater", "box grater", "shredder", "vegetable grater", "rasp"),
    materials=("steel",),
)
def grater(draft: Draft) -> Design:
    x, y, height = draft.uniform(0.0250, 0.0290), draft.uniform(0.0180, 0.0215), draft.uniform(0.066, 0.078)
    narrow, rise, rows = draft.uniform(0.70, 0.80), draft.uniform(0.016, 0.020), draft.pick((5, 6, 7))
    corners = np.array([(-x, -y), (x, -y), (x, y), (-x, y)])
    low = np.c_[corners, np.full(4, 0.003)]
    high = np.c_[corners * narrow, np.full(4, height)]
    # The wide sides have coarse teeth, the narrow ones fine: a quarter of the texture each, the same for opposite sides.
    image = draft.image("steel", (204, 206, 210), 2 * draft.size)
    for half, columns, count in ((0.0, 4, rows), (0.5, 5, 2 * rows)):
        for row in range(count):
            for column in range(columns - row % 2):
                at = half + 0.5 * (column + 0.5 + 0.5 * (row % 2)) / columns
                v, wide, tall = 0.10 + 0.82 * (row + 0.5) / count, 0.13 / columns, 0.20 / count
                image = materials.dotted(image, (246, 247, 249), (at, v - 0.5 * tall), 1.3 * wide, 1.4 * tall)
                image = materials.dotted(image, (44, 46, 50), (at, v), wide, tall)
    sides = []
    for index in range(4):
        after = (index + 1) % 4
        side = quad(low[index], low[after], high[after], high[index])
        share = np.array([0.5, 1.0])
        sides.append(Surface(side.triangles, side.normals, side.uvs * share + np.array([0.5 * (index % 2), 0.0])))
    inside = box(1.8 * narrow * x, 1.8 * narrow * y, 0.006)
    outline = rounded_rectangle(x, y, 0.003, draft.steps(3))
    top = extrude(outline * narrow, 0.0030, 0.001, 1).moved(z=height - 0.001)
    skirt = extrude(outline + np.sign(outline) * 0.0010, 0.0052, 0.0012, 1)
    out = narrow * x - 0.005
    knots = [
        (-out, 0, height),
        (-out, 0, height + 0.7 * rise),
        (-0.55 * out, 0, height + rise),
        (0.55 * out, 0, height + rise),
        (out, 0, height + 0.7 * rise),
        (out, 0, height),
    ]
    bow = sweep(spline(knots, draft.n(20)), circle(draft.n(10)) * np.array([0.0058, 0.0036]), up=(0, 1, 0))
    foot = np.c_[corners + np.sign(corners) * 0.0010, np.zeros(4)]
    return Design(
        [
            Part(joined([*sides, inside]), draft.textured("steel", materials.encoded(image), 0.35, 0.4, density=500.0)),
            Part(joined([top, skirt, bow]), draft.plain("plastic", roughness=0.4)),
        ],
        [Hull(np.concatenate([foot, low, high])), hull_of(bow)],
        "metal box grater with a {color} handle",
        mass=0.11,
        main="steel",
        materials=("steel", "plastic"),
    )

"""Turned things for the table: glasses, a vase, a pitcher, an egg cup, a salt shaker, salad and fruit bowls."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Hull, Piece, turned_hull, vessel
from scene_hub.generate.materials import PAINT, mix
from scene_hub.generate.procedural.bakery import from_above
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.procedural.forms import glazed, loop_handle
from scene_hub.generate.shapes import (
    lathe,
    rounded,
    spline,
)


@category(
    "drinking_glass",
    PAINT,
    ("object",),
    label="drinking glass",
    also=(
        "glass",
        "water glass",
        "glass tumbler",
        "juice glass",
        "whiskey glass",
        "glass of water",
        "glass cup",
        "tumbler",
        "shot glass",
    ),
    materials=("glass", "plastic"),
)
def drinking_glass(draft: Draft) -> Design:
    top, height = draft.uniform(0.0268, 0.0295), draft.uniform(0.064, 0.092)
    foot, wall, floor = draft.uniform(0.78, 0.96) * top, 0.0024, draft.uniform(0.008, 0.012)
    facets = draft.pick((0, 0, 10, 12))
    profile = rounded(
        [
            (0, 0.001),
            (foot - 0.003, 0.001),
            (foot - 0.002, 0),
            (foot, 0, 0.002),
            (top, height, 0.001),
            (top - wall, height, 0.001),
            (foot - wall, floor, 0.004),
            (0, floor),
        ],
        draft.steps(2),
    )
    sides = facets or draft.n(30)
    body = lathe(profile, sides, uv_size=(2.0, 1.0), crease=30.0 if facets else 42.0)
    pieces = vessel([(foot, 0), (top, height)], [(foot - wall, floor), (top - wall, height)], 12)
    return Design(
        [Part(body, draft.look("glass", mix(draft.rgb, (236, 244, 246), 0.25)))],
        pieces,
        f"{{color}} drinking glass{' with flat sides' if facets else ''}",
        support=support("container", floor, (0.66 * foot, 0.66 * foot), height),
        materials=("glass",),
    )


@category(
    "wine_glass",
    PAINT,
    ("object",),
    also=("goblet", "stemmed glass", "champagne glass", "glass of wine", "chalice", "wineglass", "stem glass"),
    materials=("glass", "plastic", "steel"),
)
def wine_glass(draft: Draft) -> Design:
    bowl, height, mouth = draft.uniform(0.0260, 0.0288), draft.uniform(0.104, 0.124), draft.uniform(0.80, 0.94)
    foot, stem, wall = draft.uniform(0.0245, 0.0275), draft.uniform(0.0030, 0.0038), 0.0022
    low = draft.uniform(0.40, 0.48) * height
    tall = height - low
    base = rounded(
        [(0, 0), (foot, 0), (foot, 0.0018, 0.0008), (0.3 * foot, 0.005), (stem * 1.1, 0.012)], draft.steps(3)
    )
    outside = spline(
        [
            (stem * 1.1, low - 0.004),
            (0.55 * bowl, low + 0.10 * tall),
            (bowl, low + 0.42 * tall),
            (mouth * bowl, height),
        ],
        draft.n(10),
    )
    inside = spline(
        [
            (mouth * bowl - wall, height),
            (bowl - wall, low + 0.44 * tall),
            (0.55 * bowl - wall, low + 0.16 * tall),
            (0, low + 0.06 * tall),
        ],
        draft.n(10),
    )
    inside[-1, 0] = 0.0
    middle = spline([(stem, 0.022), (stem * 0.92, 0.6 * low)], 3)
    body = lathe(np.concatenate([base, middle, outside, inside]), draft.n(26), uv_size=(2.0, 1.0))
    ring = vessel(
        [(0.42 * bowl, low), (bowl, low + 0.42 * tall), (mouth * bowl, height)],
        [(0.40 * bowl, low + 0.10 * tall), (bowl - wall, low + 0.44 * tall), (mouth * bowl - wall, height)],
        12,
    )
    pieces: list[Piece] = [
        turned_hull(np.array([[foot, 0], [foot, 0.0018], [0.3 * foot, 0.005]]), 20),
        turned_hull(np.array([[stem * 1.3, 0.004], [stem * 1.1, low + 0.002]]), 10),
        *ring,
    ]
    return Design(
        [Part(body, draft.look("glass", mix(draft.rgb, (236, 244, 246), 0.25)))],
        pieces,
        "{color} wine glass on a stem",
        support=support("container", low + 0.10 * tall, (0.4 * bowl, 0.4 * bowl), height),
        materials=("glass",),
    )


@category(
    "vase",
    PAINT,
    ("object",),
    also=("flower vase", "bud vase", "urn", "amphora", "small vase", "decorative vase"),
    materials=("ceramic", "glass", "wood", "copper", "steel", "stone", "plastic"),
)
def vase(draft: Draft) -> Design:
    radius, height = draft.uniform(0.0262, 0.0292), draft.uniform(0.086, 0.112)
    belly, foot = draft.uniform(0.30, 0.62), draft.uniform(0.56, 0.76)
    neck, lip, wall = draft.uniform(0.34, 0.50), draft.uniform(1.15, 1.7), 0.003
    h, at = height, draft.uniform(0.80, 0.86)
    outside = spline(
        [(foot * radius, 0.004), (radius, belly * h), (neck * radius, at * h), (min(neck * lip, 0.86) * radius, h)],
        draft.n(18),
    )
    outside[:, 0] = np.minimum(outside[:, 0], 0.0296)
    inside = outside[outside[:, 1] > 0.62 * h][::-1] - np.array([wall, 0.0])
    profile = np.concatenate([[(0, 0), (foot * radius - 0.001, 0)], outside, inside, [(0, 0.60 * h)]])
    cuts = np.linspace(0, len(outside) - 1, 5).round().astype(int)
    pieces: list[Piece] = [
        turned_hull(
            outside[low : high + 1] if low else np.concatenate([[(foot * radius - 0.001, 0)], outside[: high + 1]]), 12
        )
        for low, high in zip(cuts[:-1], cuts[1:], strict=True)
    ]
    return Design(
        [Part(lathe(profile, draft.n(28)), glazed(draft, profile, pale_inside=False))],
        pieces,
        draft.pick(("ceramic vase with a narrow neck", "glazed {color} vase", "slender {color} ceramic vase")),
        materials=("ceramic",),
    )


@category(
    "egg_cup",
    PAINT,
    ("object",),
    also=("eggcup", "egg holder", "egg stand"),
    materials=("ceramic", "wood", "steel", "plastic", "stone", "glass"),
)
def egg_cup(draft: Draft) -> Design:
    radius, height, foot = draft.uniform(0.0225, 0.0250), draft.uniform(0.050, 0.060), draft.uniform(0.0185, 0.0215)
    waist, wall = draft.uniform(0.36, 0.48), 0.0032
    h = height
    outside = spline([(foot, 0.003), (waist * radius, 0.26 * h), (0.74 * radius, 0.52 * h), (radius, h)], draft.n(16))
    inside = spline([(radius - wall, h), (0.70 * radius, 0.62 * h), (0, 0.48 * h)], draft.n(8))
    inside[-1, 0] = 0.0
    profile = np.concatenate([[(0, 0), (foot, 0)], outside, inside])
    ring = vessel([(0.60 * radius, 0.36 * h), (radius, h)], [(0.42 * radius, 0.54 * h), (radius - wall, h)], 12)
    pieces: list[Piece] = [
        turned_hull(np.array([[foot, 0], [foot, 0.003], [waist * radius, 0.24 * h]]), 16),
        turned_hull(np.array([[waist * radius, 0.20 * h], [0.62 * radius, 0.42 * h]]), 14),
        *ring,
    ]
    return Design(
        [Part(lathe(profile, draft.n(28)), glazed(draft, profile))],
        pieces,
        "ceramic egg cup",
        materials=("ceramic",),
    )


@category(
    "pitcher",
    PAINT,
    ("object",),
    also=("jug", "water jug", "milk jug", "creamer", "water pitcher", "carafe", "ewer", "cream jug", "milk pitcher"),
    materials=("ceramic", "glass", "steel", "plastic", "copper"),
)
def pitcher(draft: Draft) -> Design:
    radius, height = draft.uniform(0.0255, 0.0285), draft.uniform(0.078, 0.098)
    foot, neck, mouth = draft.uniform(0.72, 0.86), draft.uniform(0.62, 0.76), draft.uniform(0.78, 0.92)
    wall, floor, h = 0.0032, 0.006, height
    spout, reach = draft.uniform(0.010, 0.014), draft.uniform(0.020, 0.025)
    outside = spline(
        [(foot * radius, 0.003), (radius, 0.32 * h), (neck * radius, 0.76 * h), (mouth * radius, h)], draft.n(12)
    )
    inside = spline(
        [
            (mouth * radius - wall, h),
            (neck * radius - wall, 0.76 * h),
            (radius - wall, 0.34 * h),
            (0.7 * foot * radius, floor),
        ],
        draft.n(10),
    )
    profile = np.concatenate([[(0, 0), (foot * radius - 0.001, 0)], outside, inside, [(0, floor)]])

    def poured(points: np.ndarray) -> np.ndarray:
        angle = np.arctan2(points[:, 1], -points[:, 0])  # the spout is opposite the handle
        level = np.clip((points[:, 2] / h - 0.78) / 0.22, 0, 1) ** 1.6
        pull = spout * level * np.exp(-((angle / 0.42) ** 2))
        return points + np.stack([-pull, 0 * pull, 0.25 * pull], axis=1)

    body = lathe(profile, draft.n(28)).warped(poured)
    handle, hulls = loop_handle(draft, 0.88 * radius, 0.90 * h, 0.26 * h, reach, 0.0056)
    ring = vessel(
        [(foot * radius, 0), (radius, 0.32 * h), (neck * radius, 0.76 * h), (mouth * radius, h)],
        [
            (0.7 * foot * radius, floor),
            (radius - wall, 0.34 * h),
            (neck * radius - wall, 0.76 * h),
            (mouth * radius - wall, h),
        ],
        11,
    )
    lip = body.points[(body.points[:, 0] < -0.96 * mouth * radius) & (body.points[:, 2] > 0.82 * h)]
    return Design(
        [Part(body, glazed(draft, profile)), Part(handle, draft.plain("ceramic", roughness=0.3))],
        [*ring, *hulls, Hull(lip)],
        "ceramic pitcher with a spout and a handle",
        support=support("container", floor, (0.5 * foot * radius, 0.5 * foot * radius), height),
        materials=("ceramic",),
    )


@category(
    "salad_bowl",
    PAINT,
    ("container",),
    also=("wooden bowl", "large bowl", "serving bowl", "big bowl", "deep bowl"),
    materials=("wood", "ceramic", "glass", "steel", "plastic", "stone"),
)
def salad_bowl(draft: Draft) -> Design:
    radius, height = draft.uniform(0.086, 0.098), draft.uniform(0.058, 0.074)
    foot, wall, floor = draft.uniform(0.046, 0.056), draft.uniform(0.006, 0.008), 0.010
    waist = foot + draft.uniform(0.66, 0.76) * (radius - foot)
    h = height
    outside = spline([(foot, 0.003), (waist, 0.30 * h), (0.985 * radius, 0.70 * h), (radius, h)], draft.n(12))
    inside = spline(
        [(radius - wall, h), (0.985 * radius - wall, 0.70 * h), (waist - wall, 0.36 * h), (foot - 0.002, floor)],
        draft.n(12),
    )
    profile = np.concatenate([[(0, 0), (foot - 0.002, 0)], outside, inside, [(0, floor)]])
    wooden = draft.color in ("brown", "beige")
    body = lathe(profile, draft.n(38))
    wood = draft.look("wood") if wooden else draft.plain("wood", roughness=0.35)
    pieces = vessel(
        [(foot, 0), (waist, 0.30 * h), (radius, h)],
        [(foot - 0.002, floor), (waist - wall, 0.36 * h), (radius - wall, h)],
        14,
    )
    return Design(
        [Part(body.projected(0.16), wood)],
        pieces,
        "deep {color} wooden salad bowl",
        support=support("container", floor, (0.68 * foot, 0.68 * foot), height),
        least_mass=0.3,
        materials=("wood",),
    )


@category(
    "fruit_bowl",
    PAINT,
    ("container",),
    also=("footed bowl", "centerpiece bowl", "scalloped bowl", "fruit dish", "decorative bowl", "candy bowl"),
    materials=("ceramic", "glass", "wood", "steel", "copper", "stone", "wicker"),
)
def fruit_bowl(draft: Draft) -> Design:
    radius, height, foot = draft.uniform(0.084, 0.094), draft.uniform(0.062, 0.078), draft.uniform(0.044, 0.052)
    ribs, deep = draft.pick((8, 9, 10)), draft.uniform(0.03, 0.05)
    wall, h, base = 0.005, height, draft.uniform(0.012, 0.016)
    floor, bottom = base + 0.007, 0.58 * radius
    outside = spline(
        [(0.62 * foot, base - 0.002), (bottom, base + 0.004), (0.86 * radius, 0.58 * h), (radius, h)], draft.n(8)
    )
    inside = spline([(radius - wall, h), (0.86 * radius - wall, 0.60 * h), (bottom - 0.004, floor)], draft.n(8))
    profile = np.concatenate(
        [
            rounded(
                [(0, 0), (foot, 0), (foot, 0.003, 0.001), (0.70 * foot, 0.006, 0.004), (0.62 * foot, base - 0.002)], 2
            )[:-1],
            outside,
            inside,
            [(0, floor)],
        ]
    )
    segments = ribs * (4 if draft.detail == "high" else 2)
    body = lathe(profile, segments)

    def fluted(points: np.ndarray) -> np.ndarray:
        angle = np.arctan2(points[:, 1], points[:, 0])
        level = np.clip((points[:, 2] / h - 0.3) / 0.7, 0, 1)
        wave = deep * level * (np.cos(ribs * angle) - 1) / 2
        return points * np.stack([1 + wave, 1 + wave, 1 + 1.3 * wave], axis=1)

    pieces = vessel(
        [(0.80 * foot, 0), (bottom, base + 0.003), (0.985 * radius, h * 0.98)],
        [(bottom - 0.006, floor), (bottom - 0.004, floor + 0.001), (0.985 * radius - wall, h * 0.98)],
        14,
    )
    pieces[0] = turned_hull(np.array([[foot, 0], [0.80 * foot, 0.006], [bottom - 0.004, floor]]), 20)
    inner = 0.66 * (bottom - 0.004)
    return Design(
        [Part(body.warped(fluted), glazed(draft, profile, pale_inside=False))],
        pieces,
        "footed {color} fruit bowl with a fluted rim",
        support=support("container", floor, (inner, inner), h),
        materials=("ceramic",),
    )


@category(
    "salt_shaker",
    PAINT,
    ("object",),
    also=(
        "salt",
        "salt cellar",
        "pepper shaker",
        "pepper pot",
        "shaker",
        "salt pot",
        "sugar shaker",
        "salt and pepper shaker",
    ),
    materials=("ceramic", "glass", "steel", "wood", "plastic"),
)
def salt_shaker(draft: Draft) -> Design:
    foot, top, height = draft.uniform(0.0190, 0.0230), draft.uniform(0.0150, 0.0180), draft.uniform(0.058, 0.074)
    cap, sides = draft.uniform(0.015, 0.019), draft.pick((8, 10, 40))
    n = sides if sides < 20 else draft.n(28)
    z = height - cap
    profile = rounded([(0, 0), (foot, 0, 0.003), (0.96 * foot, 0.3 * z), (top, z, 0.001), (0, z)], draft.steps(3))
    body = lathe(profile, n, crease=30.0 if sides < 20 else 42.0)
    dome = spline(
        [(top + 0.0012, z + 0.30 * cap), (0.94 * top, z + 0.66 * cap), (0.55 * top, z + 0.93 * cap), (0, height)],
        draft.n(12),
    )
    dome[-1, 0] = 0.0
    hood = lathe(np.concatenate([[(0, z - 0.002), (top + 0.0012, z - 0.002)], dome]), draft.n(26))
    image = materials.canvas((204, 206, 210), draft.size, draft.size)
    for index in range(7):
        angle = index * np.pi / 3
        reach = 0.0 if index == 6 else 0.20
        at = (0.5 + reach * float(np.cos(angle)), 0.5 + reach * float(np.sin(angle)))
        image = materials.dotted(image, (34, 34, 38), at, 0.036, 0.036)
    steel = draft.textured("steel", materials.encoded(image), 0.3, 0.5)
    pieces: list[Piece] = [
        turned_hull(np.array([[foot, 0], [0.96 * foot, 0.3 * z], [top, z]]), 18),
        turned_hull(np.array([[top + 0.0012, z], [0.94 * top, z + 0.66 * cap], [0.3 * top, height]]), 16),
    ]
    return Design(
        [Part(body, draft.plain("ceramic", roughness=0.25, density=1500.0)), Part(from_above(hood), steel)],
        pieces,
        "salt shaker with a metal cap full of holes",
        materials=("ceramic", "steel"),
    )

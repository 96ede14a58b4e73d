"""Pots: a teapot, a kettle, a lid, a stockpot, a wok."""

import numpy as np

from scene_hub.generate.collision import Piece, box_between, hull_of, turned_hull, vessel
from scene_hub.generate.materials import PAINT, Material, shade
from scene_hub.generate.procedural.bakery import smooth
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.procedural.forms import glazed, loop_handle
from scene_hub.generate.shapes import (
    Surface,
    circle,
    ellipsoid,
    joined,
    lathe,
    rounded,
    spline,
    sweep,
)


def enamel(draft: Draft) -> Material:
    """What pots are coated with: bare metal where that or a metal's colour is asked for, else enamel."""
    return draft.look("steel") if draft.made_of("steel", draft.sheen > 0) else draft.plain("steel", roughness=0.3)


def _spout(draft: Draft, start: float, low: float, high: float, reach: float, thick: float) -> tuple[Surface, Piece]:
    """A spout along -x that rises from height `low` to `high`, with its hull."""
    knots = [
        (0.004 - start, 0, low),
        (-start - 0.45 * reach, 0, low + 0.22 * (high - low)),
        (-start - 0.75 * reach, 0, low + 0.66 * (high - low)),
        (-start - reach, 0, high),
    ]
    path = spline(knots, draft.n(10))
    widths = thick * np.interp(np.linspace(0, 1, len(path)), [0, 0.3, 0.7, 1.0], [1.35, 0.95, 0.66, 0.60])
    surface = sweep(path, circle(draft.n(12)), widths, up=(0, 1, 0))
    return surface, hull_of(
        sweep(
            spline(knots, 5),
            circle(8),
            np.interp(np.linspace(0, 1, 5), [0, 0.3, 0.7, 1], thick * np.array([1.35, 0.95, 0.66, 0.6])),
            up=(0, 1, 0),
        )
    )


@category(
    "teapot",
    PAINT,
    ("object",),
    also=("tea pot", "coffee pot", "pot of tea", "china teapot", "small teapot"),
    materials=("ceramic", "steel", "glass", "copper", "plastic", "stone"),
)
def teapot(draft: Draft) -> Design:
    radius, tall = draft.uniform(0.0265, 0.0292), draft.uniform(1.45, 1.75)
    foot, mouth, fat = draft.uniform(0.56, 0.72), draft.uniform(0.46, 0.56), draft.uniform(0.36, 0.54)
    reach, thick = draft.uniform(0.024, 0.030), draft.uniform(0.0062, 0.0076)
    h = radius * tall
    side = spline(
        [
            (foot * radius, 0.003),
            (0.93 * radius, 0.20 * h),
            (radius, fat * h),
            (0.84 * radius, 0.82 * h),
            (mouth * radius, h),
        ],
        draft.n(12),
    )
    side[:, 0] = np.minimum(side[:, 0], 0.0296)
    profile = np.concatenate([[(0, 0), (foot * radius - 0.001, 0)], side, [(0, h)]])
    lid = spline(
        [
            (1.06 * mouth * radius, h - 0.0006),
            (0.96 * mouth * radius, h + 0.004),
            (0.5 * mouth * radius, h + 0.0085),
            (0.0022, h + 0.0095),
        ],
        draft.n(10),
    )
    cover = lathe(np.concatenate([[(0, h - 0.0006)], lid, [(0, h + 0.0095)]]), draft.n(22))
    knob = ellipsoid(0.0052, 0.0052, 0.0048, draft.n(14), draft.n(10)).moved(z=h + 0.0128)
    spout, spout_hull = _spout(draft, 0.90 * radius, 0.34 * h, 1.0 * h, reach, thick)
    hole = (
        ellipsoid(0.42 * thick, 0.42 * thick, 0.0008, draft.n(10), 4)
        .rotated("y", -35.0)
        .moved(x=-0.90 * radius - reach - 0.0004, z=h + 0.0001)
    )
    handle, hulls = loop_handle(draft, 0.90 * radius, 0.84 * h, 0.20 * h, 0.022, 0.0052)
    glaze = glazed(draft, profile, pale_inside=False)
    plain = draft.plain("ceramic", roughness=0.3)
    pieces: list[Piece] = [
        turned_hull(np.concatenate([[(foot * radius - 0.001, 0)], side[:: max(1, len(side) // 5)]]), 10),
        hull_of(cover, knob),
        spout_hull,
        *hulls,
    ]
    return Design(
        [
            Part(lathe(profile, draft.n(28)), glaze),
            Part(smooth(joined([cover, spout, handle])), plain),
            Part(knob, draft.plain("ceramic", shade(draft.rgb, 0.8), 0.3)),
            Part(hole, draft.plain("ceramic", (40, 36, 34), 0.9)),
        ],
        pieces,
        "ceramic teapot with a spout, a lid and a handle",
        least_mass=0.15,
        materials=("ceramic",),
    )


@category(
    "kettle",
    PAINT,
    ("object",),
    also=("tea kettle", "water kettle", "stovetop kettle", "whistling kettle", "boiler"),
    materials=("steel", "copper", "ceramic", "plastic"),
)
def kettle(draft: Draft) -> Design:
    radius, height, slope = draft.uniform(0.0272, 0.0294), draft.uniform(0.036, 0.044), draft.uniform(0.50, 0.62)
    rise, thick = draft.uniform(0.034, 0.040), draft.uniform(0.0054, 0.0062)
    h = height
    side = spline(
        [(radius, 0.10 * h), (0.97 * radius, 0.36 * h), (0.80 * radius, 0.76 * h), (slope * radius, h)], draft.n(12)
    )
    profile = np.concatenate(
        [rounded([(0, 0), (0.96 * radius, 0, 0.003), (radius, 0.10 * h)], draft.steps(3))[:-1], side, [(0, h)]]
    )
    lid = lathe(
        rounded(
            [
                (0, h - 0.001),
                (0.94 * slope * radius, h - 0.001),
                (0.88 * slope * radius, h + 0.003, 0.002),
                (0, h + 0.005),
            ],
            draft.steps(3),
        ),
        draft.n(24),
    )
    knob = ellipsoid(0.0042, 0.0042, 0.0038, draft.n(12), draft.n(8)).moved(z=h + 0.0075)
    spout, spout_hull = _spout(draft, 0.90 * radius, 0.42 * h, 1.04 * h, 0.019, 0.0066)
    out, top = 0.78 * radius, h + rise
    arch = spline(
        [
            (-out, 0, 0.78 * h),
            (-out * 1.02, 0, h + 0.55 * rise),
            (-0.62 * out, 0, top),
            (0.62 * out, 0, top),
            (out * 1.02, 0, h + 0.55 * rise),
            (out, 0, 0.78 * h),
        ],
        draft.n(18),
    )
    bow = sweep(arch, circle(draft.n(10)), np.full(len(arch), 0.0026), up=(0, 1, 0))
    grip_path = spline([(-0.62 * out, 0, top), (0, 0, top + 0.0012), (0.62 * out, 0, top)], 6)
    grip = sweep(grip_path, circle(draft.n(12)), thick * np.array([0.8, 1.0, 1.0, 1.0, 1.0, 0.8]), up=(0, 1, 0))
    dark = draft.plain("plastic", (38, 38, 42) if draft.color != "black" else (150, 100, 60), 0.5)
    steel = draft.metal((200, 202, 206))
    coat = enamel(draft)
    legs = [
        hull_of(
            sweep(
                np.array([[s * out, 0, 0.78 * h], [s * out * 1.02, 0, h + 0.55 * rise]]),
                circle(6) * 0.0026,
                up=(0, 1, 0),
            )
        )
        for s in (-1, 1)
    ]
    legs += [
        hull_of(
            sweep(
                np.array([[s * out * 1.02, 0, h + 0.55 * rise], [s * 0.62 * out, 0, top]]),
                circle(6) * 0.0026,
                up=(0, 1, 0),
            )
        )
        for s in (-1, 1)
    ]
    pieces: list[Piece] = [
        turned_hull(np.concatenate([[(0.96 * radius, 0)], side[:: max(1, len(side) // 4)]]), 10),
        hull_of(lid, knob),
        spout_hull,
        hull_of(grip),
        *legs,
    ]
    return Design(
        [
            Part(lathe(profile, draft.n(28), uv_size=(2.0, 3.0)), coat),
            Part(smooth(joined([lid, spout])), coat),
            Part(smooth(bow), steel),
            Part(joined([grip, knob]), dark),
        ],
        pieces,
        "metal kettle with a spout and a bow handle",
        mass=0.22,
        materials=("steel", "plastic"),
    )


@category(
    "pot_lid",
    PAINT,
    ("object",),
    label="pot lid",
    also=("lid", "pan lid", "cover", "saucepan lid", "lid of a pot", "cooking lid", "jar lid"),
    materials=("steel", "glass", "ceramic", "wood", "copper"),
)
def pot_lid(draft: Draft) -> Design:
    radius, dome = draft.uniform(0.050, 0.062), draft.uniform(0.010, 0.015)
    knob, tall, flat = draft.uniform(0.0115, 0.0135), draft.uniform(0.022, 0.026), draft.uniform(0.5, 0.9)
    cover = spline(
        [(radius - 0.002, 0.0040), (0.72 * radius, 0.55 * dome), (0.36 * radius, 0.92 * dome), (0, dome)], draft.n(12)
    )
    cover[-1, 0] = 0.0
    rim = rounded(
        [(0, 0.0005), (radius - 0.006, 0.0005), (radius - 0.005, 0), (radius, 0, 0.001), (radius, 0.0036, 0.001)],
        draft.steps(2),
    )
    body = lathe(np.concatenate([rim, cover]), draft.n(38))
    stem = rounded(
        [
            (0.5 * knob, dome - 0.002),
            (0.42 * knob, dome + 0.38 * tall, 0.004),
            (knob, dome + 0.50 * tall, 0.003),
            (knob, dome + (0.5 + 0.3 * flat) * tall, 0.004),
            (0.6 * knob, dome + tall, 0.003),
            (0, dome + tall),
        ],
        draft.steps(4),
    )
    handle = lathe(np.concatenate([[(0, dome - 0.002)], stem]), draft.n(20))
    dark = draft.plain("plastic", (36, 36, 40) if draft.color != "black" else (160, 108, 64), 0.45)
    edge = lathe(
        rounded([(0, 0.0002), (radius + 0.0008, 0.0002), (radius + 0.0008, 0.0032, 0.001), (0, 0.0032)], 1), draft.n(38)
    )
    pieces: list[Piece] = [
        turned_hull(np.array([[radius, 0], [radius, 0.0036], [0.62 * radius, 0.68 * dome], [0.2 * radius, dome]]), 14),
        turned_hull(np.array([[0.46 * knob, dome - 0.001], [0.44 * knob, dome + 0.45 * tall]]), 10),
        turned_hull(
            np.array([[0.9 * knob, dome + 0.46 * tall], [knob, dome + 0.6 * tall], [0.6 * knob, dome + tall]]), 14
        ),
    ]
    return Design(
        [
            Part(body, enamel(draft)),
            Part(edge, draft.metal((188, 190, 196))),
            Part(handle, dark),
        ],
        pieces,
        "{color} pot lid with a knob",
        mass=0.14,
        main="steel",
        materials=("steel", "plastic"),
    )


@category(
    "stockpot",
    PAINT,
    ("container",),
    also=(
        "stock pot",
        "soup pot",
        "cooking pot",
        "pot",
        "stew pot",
        "pasta pot",
        "large pot",
        "deep pot",
        "dutch oven",
        "big pot",
    ),
    materials=("steel", "copper", "ceramic", "glass"),
)
def stockpot(draft: Draft) -> Design:
    radius, height = draft.uniform(0.068, 0.078), draft.uniform(0.076, 0.090)
    wall, floor, lip = 0.003, 0.006, 0.004
    profile = rounded(
        [
            (0, 0),
            (radius, 0, 0.010),
            (radius, height - 0.005),
            (radius + lip, height - 0.003, 0.001),
            (radius + lip, height, 0.001),
            (radius - wall, height, 0.001),
            (radius - wall, floor, 0.008),
            (0, floor),
        ],
        draft.steps(3),
    )
    z, wide, reach = 0.76 * height, draft.uniform(0.026, 0.032), draft.uniform(0.016, 0.021)
    knots = [
        (radius - 0.001, -wide, z),
        (radius + reach, -0.7 * wide, z + 0.002),
        (radius + reach, 0.7 * wide, z + 0.002),
        (radius - 0.001, wide, z),
    ]
    ear = sweep(spline(knots, draft.n(14)), circle(draft.n(8)) * np.array([0.0044, 0.0040]))
    dark = draft.plain("plastic", (36, 36, 40), 0.5) if draft.chance(0.5) and draft.color != "black" else draft.metal()
    pieces = vessel([(radius, 0), (radius, height)], [(radius - wall, floor), (radius - wall, height)], 13)
    grip = box_between(
        (radius + reach - 0.0046, -0.9 * wide, z - 0.003), (radius + reach + 0.0040, 0.9 * wide, z + 0.006)
    )
    other = box_between(
        (-radius - reach - 0.0040, -0.9 * wide, z - 0.003), (0.0046 - radius - reach, 0.9 * wide, z + 0.006)
    )
    inner = 0.68 * (radius - wall)
    return Design(
        [
            Part(lathe(profile, draft.n(36), uv_size=(2.0, 2.0)), enamel(draft)),
            Part(joined([ear, ear.mirrored("x")]), dark),
        ],
        [*pieces, grip, other],
        "tall {color} stockpot with two handles",
        support=support("container", floor, (inner, inner), height),
        mass=0.75,
        main="steel",
        materials=("steel",),
    )


@category(
    "wok",
    PAINT,
    ("container",),
    also=("stir fry pan", "stir-fry pan", "wok pan", "round pan", "deep pan"),
    materials=("steel", "copper"),
)
def wok(draft: Draft) -> Design:
    radius, height, foot = draft.uniform(0.092, 0.104), draft.uniform(0.050, 0.060), draft.uniform(0.046, 0.054)
    wall, floor, grip = 0.0035, 0.005, draft.uniform(0.088, 0.105)
    h, waist = height, foot + 0.66 * (radius - foot)
    outside = spline([(foot, 0.002), (waist, 0.34 * h), (0.975 * radius, 0.80 * h), (radius, h)], draft.n(12))
    inside = spline(
        [(radius - wall, h), (0.975 * radius - wall, 0.80 * h), (waist - wall, 0.40 * h), (foot - 0.001, floor)],
        draft.n(12),
    )
    profile = np.concatenate([[(0, 0), (foot - 0.002, 0)], outside, inside, [(0, floor)]])
    start, z = 0.97 * radius, 0.86 * h
    path = np.array(
        [[start, 0, z], [start + 0.024, 0, z + 0.006], [start + 0.6 * grip, 0, z + 0.016], [start + grip, 0, z + 0.019]]
    )
    handle = sweep(path, circle(draft.n(12)) * np.array([1.0, 0.85]), np.array([0.0058, 0.0072, 0.0098, 0.0088]))
    knots = [
        (-start, -0.022, z),
        (-start - 0.020, -0.014, z + 0.004),
        (-start - 0.020, 0.014, z + 0.004),
        (-start, 0.022, z),
    ]
    loop = sweep(spline(knots, draft.n(12)), circle(draft.n(8)) * 0.0034)
    pieces = vessel(
        [(foot, 0), (waist, 0.34 * h), (0.975 * radius, 0.80 * h), (radius, h)],
        [(foot - 0.001, floor), (waist - wall, 0.40 * h), (0.975 * radius - wall, 0.80 * h), (radius - wall, h)],
        13,
    )
    inner = 0.66 * foot
    return Design(
        [
            Part(lathe(profile, draft.n(36), uv_size=(2.0, 3.0)), enamel(draft)),
            Part(loop, draft.metal()),
            Part(handle.projected(0.12), draft.look("wood", (164, 112, 66))),
        ],
        [*pieces, hull_of(handle), hull_of(loop)],
        "{color} wok with a wooden handle",
        support=support("container", floor, (inner, inner), height),
        mass=0.7,
        main="steel",
        materials=("steel", "wood"),
    )

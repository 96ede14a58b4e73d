"""Cups, mugs, bowls and plates: vessels turned on a wheel.

Cups and mugs have a foot no narrower than the mouth of any other of their kind, so that each rests on the rim of another.
"""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import vessel
from scene_hub.generate.materials import PAINT
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.procedural.forms import glazed, loop_handle, share_at
from scene_hub.generate.shapes import lathe, rounded, spline


@category(
    "mug",
    PAINT,
    ("object", "stackable"),
    also=("coffee mug", "coffee cup", "tea mug", "beer mug", "cocoa mug", "cup"),
    materials=("ceramic", "steel", "plastic", "glass", "wood", "copper", "stone"),
)
def mug(draft: Draft) -> Design:
    radius, height = draft.uniform(0.0272, 0.0298), draft.uniform(0.062, 0.078)
    taper, wall = draft.uniform(-0.0015, 0.0), draft.uniform(0.0040, 0.0046)
    reach, thickness = draft.uniform(0.019, 0.025), draft.uniform(0.0052, 0.0066)
    foot, floor = radius + taper, 0.006
    profile = rounded(
        [
            (0, 0),
            (foot, 0, 0.004),
            (radius, height, 0.002),
            (radius - wall, height, 0.002),
            (foot - wall, floor, 0.006),
            (0, floor),
        ],
        draft.steps(3),
    )
    body = lathe(profile, draft.n(36))
    handle, hulls = loop_handle(draft, radius + 0.5 * taper, 0.82 * height, 0.24 * height, reach, thickness)
    pieces = vessel([(foot - 0.001, 0), (radius, height)], [(foot - wall, floor), (radius - wall, height)], 12)
    inner = 0.7 * (foot - wall)
    return Design(
        [Part(body, glazed(draft, profile)), Part(handle, draft.plain("ceramic", roughness=0.3))],
        [*pieces, *hulls],
        "ceramic mug with a rounded handle",
        support=support("container", floor, (inner, inner), height),
        stack_support=support("surface", height, (radius, radius), height),
    )


@category(
    "tea_cup",
    PAINT,
    ("object", "stackable"),
    also=("teacup", "cup", "coffee cup", "espresso cup", "porcelain cup", "china cup", "cup of tea"),
    materials=("ceramic", "glass", "steel", "plastic", "wood"),
)
def tea_cup(draft: Draft) -> Design:
    radius, height = draft.uniform(0.0282, 0.0298), draft.uniform(0.045, 0.053)
    foot, wall, mouth = draft.uniform(0.0236, 0.0246), 0.0034, draft.uniform(0.0258, 0.0266)
    reach, thickness = draft.uniform(0.014, 0.018), draft.uniform(0.0042, 0.0052)
    belly, floor = draft.uniform(0.36, 0.46) * height, 0.006
    outside = spline([(foot + 0.001, 0.003), (radius, belly), (mouth, height)], draft.n(10))
    inside = spline([(mouth - wall, height), (radius - wall, belly), (foot - 0.003, floor)], draft.n(10))
    base = [(0, 0.0015), (foot - 0.002, 0.0015), (foot - 0.001, 0), (foot, 0)]
    profile = np.concatenate([base, outside, inside, [(0, floor)]])
    handle, hulls = loop_handle(draft, 0.95 * radius, 0.80 * height, 0.26 * height, reach, thickness)
    pieces = vessel(
        [(foot, 0), (radius, belly), (mouth, height)],
        [(foot - 0.003, floor), (radius - wall, belly), (mouth - wall, height)],
        12,
    )
    inner = 0.66 * (foot - 0.003)
    return Design(
        [
            Part(lathe(profile, draft.n(32)), glazed(draft, profile)),
            Part(handle, draft.plain("ceramic", roughness=0.3)),
        ],
        [*pieces, *hulls],
        "porcelain tea cup with a small handle",
        support=support("container", floor, (inner, inner), height),
        stack_support=support("surface", height, (mouth, mouth), height),
    )


@category(
    "cup",
    PAINT,
    ("object", "stackable"),
    also=("drinking cup", "plastic cup", "paper cup", "tumbler", "beaker", "water cup", "juice cup", "glass"),
    materials=("plastic", "paper", "steel", "glass", "ceramic", "wood", "copper"),
)
def cup(draft: Draft) -> Design:
    top, height = draft.uniform(0.0286, 0.0298), draft.uniform(0.070, 0.088)
    foot, wall, floor = draft.uniform(0.0258, 0.0266), 0.0026, 0.005
    lip, ribs = draft.uniform(0.0040, 0.0046), draft.pick((0, 1, 2, 3))
    profile = rounded(
        [
            (0, 0),
            (foot, 0, 0.002),
            (top - 0.001, height - 0.004),
            (top, height - 0.003, 0.001),
            (top, height, 0.001),
            (top - lip, height, 0.001),
            (top - wall - 0.001, height - 0.007, 0.004),
            (foot - wall, floor, 0.003),
            (0, floor),
        ],
        draft.steps(2),
    )
    rim = share_at(profile, height)
    ink, made = materials.contrast_to(draft.rgb), draft.substance("plastic", "paper")
    stripes = [(at, at + 0.025, ink) for at in (0.12 + (rim - 0.16) * np.arange(1, ribs + 1) / (ribs + 1)).tolist()]
    image = materials.banded(materials.canvas(draft.rgb, draft.size, 8), stripes)
    paint = draft.textured(made, materials.encoded(image), 0.35 if made == "plastic" else 0.8, draft.sheen)
    pieces = vessel([(foot, 0), (top, height)], [(foot - wall, floor), (top - lip, height)], 12)
    inner = 0.66 * (foot - wall)
    return Design(
        [Part(lathe(profile, draft.n(32)), paint)],
        pieces,
        draft.pick((f"{made} cup", f"{made} drinking cup without a handle")),
        support=support("container", floor, (inner, inner), height),
        least_mass=0.03,
        stack_support=support("surface", height, (top, top), height),
    )


@category(
    "soup_mug",
    PAINT,
    ("container",),
    also=(
        "mug",
        "coffee mug",
        "coffee cup",
        "cup",
        "soup cup",
        "large mug",
        "soup bowl",
        "jumbo mug",
        "tea cup",
        "teacup",
    ),
    materials=("ceramic", "steel", "plastic", "glass", "wood", "copper", "stone"),
)
def soup_mug(draft: Draft) -> Design:
    radius, height = draft.uniform(0.056, 0.064), draft.uniform(0.066, 0.080)
    foot, wall, floor = draft.uniform(0.044, 0.049), draft.uniform(0.0048, 0.006), 0.009
    reach, thickness = draft.uniform(0.026, 0.032), draft.uniform(0.0080, 0.0095)
    outside = spline([(foot, 0.003), (0.95 * radius, 0.34 * height), (radius, height)], draft.n(8))
    inside = spline([(radius - wall, height), (0.95 * radius - wall, 0.40 * height), (foot - 0.001, floor)], draft.n(8))
    profile = np.concatenate([[(0, 0), (foot - 0.003, 0)], outside, inside, [(0, floor)]])
    handle, hulls = loop_handle(draft, 0.96 * radius, 0.84 * height, 0.28 * height, reach, thickness)
    middle = (0.95 * radius, 0.34 * height)
    pieces = vessel(
        [(foot - 0.002, 0), middle, (radius, height)],
        [(foot - 0.002, floor), (middle[0] - wall, 0.40 * height), (radius - wall, height)],
        12,
    )
    return Design(
        [
            Part(lathe(profile, draft.n(34)), glazed(draft, profile)),
            Part(handle, draft.plain("ceramic", roughness=0.3)),
        ],
        [*pieces, *hulls],
        "large {color} soup mug with a handle",
        support=support("container", floor, (0.7 * foot, 0.7 * foot), height),
    )


@category(
    "bowl",
    PAINT,
    ("container",),
    also=(
        "soup bowl",
        "cereal bowl",
        "rice bowl",
        "serving bowl",
        "dish",
        "dog bowl",
        "snack bowl",
        "small bowl",
        "ramekin",
        "dip bowl",
        "sauce bowl",
        "tiny bowl",
    ),
    materials=("ceramic", "wood", "steel", "plastic", "glass", "stone", "copper", "paper", "wicker", "rubber"),
)
def bowl(draft: Draft) -> Design:
    radius, height = draft.uniform(0.074, 0.090), draft.uniform(0.042, 0.056)
    foot, wall = draft.uniform(0.042, 0.050), draft.uniform(0.0042, 0.0055)
    bulge, floor = draft.uniform(0.55, 0.66), 0.009
    waist = foot + 0.012 + bulge * (radius - foot - 0.012)
    outside = spline([(foot + 0.001, 0.004), (waist, 0.36 * height), (radius, height)], draft.n(8))
    inside = spline([(radius - wall, height), (waist - wall, 0.40 * height), (foot, floor)], draft.n(8))
    base = [(0, 0.003), (foot - 0.004, 0.003), (foot - 0.003, 0), (foot, 0)]
    profile = np.concatenate([base, outside, inside, [(0, floor)]])
    pieces = vessel(
        [(foot, 0), (waist, 0.36 * height), (radius, height)],
        [(foot, floor), (waist - wall, 0.40 * height), (radius - wall, height)],
        14,
    )
    return Design(
        [Part(lathe(profile, draft.n(36)), glazed(draft, profile, pale_inside=False))],
        pieces,
        draft.pick(("ceramic bowl", "glazed ceramic bowl", "round {color} stoneware bowl")),
        support=support("container", floor, (0.68 * foot, 0.68 * foot), height),
    )


@category(
    "plate",
    PAINT,
    ("surface",),
    also=(
        "dinner plate",
        "dish",
        "serving plate",
        "side plate",
        "dessert plate",
        "salad plate",
        "cake plate",
    ),
    materials=("ceramic", "plastic", "paper", "wood", "steel", "glass", "stone"),
)
def plate(draft: Draft) -> Design:
    radius, height = draft.uniform(0.088, 0.108), draft.uniform(0.014, 0.020)
    flat, wall = round(radius * draft.uniform(0.62, 0.70), 4), 0.005
    profile = rounded(
        [
            (0, 0),
            (flat, 0, 0.004),
            (radius, height - 0.003, 0.002),
            (radius - 0.002, height, 0.002),
            (flat - 0.004, wall, 0.01),
            (0, wall),
        ],
        draft.steps(3),
    )
    image = materials.glaze(draft.stream("glaze"), draft.size, draft.rgb)
    if draft.chance(0.5):
        edge = share_at(profile, height)
        image = materials.banded(image, [(edge - 0.01, edge + 0.035, materials.contrast_to(draft.rgb))])
    pieces = vessel([(flat, 0), (radius, height - 0.002)], [(flat - 0.004, wall), (radius - 0.002, height)], 14)
    return Design(
        [Part(lathe(profile, draft.n(40)), draft.textured("ceramic", materials.encoded(image), 0.3, draft.sheen))],
        pieces,
        draft.pick(("ceramic plate", "flat {color} dinner plate", "round {color} ceramic plate")),
        support=support("surface", wall, (0.68 * flat, 0.68 * flat), height),
    )

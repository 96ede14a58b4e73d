"""Cups, mugs, bowls and plates: vessels turned on a wheel."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import vessel
from scene_hub.generate.materials import PAINT
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.procedural.forms import glazed, loop_handle, share_at
from scene_hub.generate.shapes import lathe, rounded, spline


@category("mug", PAINT, ("object",))
def mug(draft: Draft) -> Design:
    radius, height = draft.uniform(0.0272, 0.0298), draft.uniform(0.062, 0.078)
    taper, wall = draft.uniform(-0.0025, 0.0), draft.uniform(0.0032, 0.0042)
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
    )


@category("tea_cup", PAINT, ("object",))
def tea_cup(draft: Draft) -> Design:
    radius, height = draft.uniform(0.0275, 0.0298), draft.uniform(0.044, 0.052)
    foot, wall = draft.uniform(0.0165, 0.019), 0.003
    reach, thickness = draft.uniform(0.014, 0.018), draft.uniform(0.0042, 0.0052)
    belly, floor = draft.uniform(0.86, 0.94), 0.007
    outside = spline([(foot + 0.001, 0.004), (belly * radius, 0.36 * height), (radius, height)], draft.n(8))
    inside = spline(
        [(radius - wall, height), (belly * radius - wall, 0.38 * height), (foot - 0.002, floor)], draft.n(8)
    )
    base = [(0, 0.0015), (foot - 0.002, 0.0015), (foot - 0.001, 0), (foot, 0)]
    profile = np.concatenate([base, outside, inside, [(0, floor)]])
    handle, hulls = loop_handle(draft, 0.93 * radius, 0.82 * height, 0.34 * height, reach, thickness)
    middle = (belly * radius, 0.36 * height)
    pieces = vessel(
        [(foot, 0), middle, (radius, height)],
        [(foot - 0.002, floor), (middle[0] - wall, middle[1]), (radius - wall, height)],
        12,
    )
    return Design(
        [
            Part(lathe(profile, draft.n(32)), glazed(draft, profile)),
            Part(handle, draft.plain("ceramic", roughness=0.3)),
        ],
        [*pieces, *hulls],
        "porcelain tea cup with a small handle",
        support=support("container", floor, (0.7 * foot, 0.7 * foot), height),
    )


@category("cup", PAINT, ("object",))
def cup(draft: Draft) -> Design:
    top, height = draft.uniform(0.0275, 0.0298), draft.uniform(0.070, 0.088)
    foot, wall, floor = draft.uniform(0.021, 0.024), 0.0024, 0.005
    ribs = draft.pick((0, 1, 2, 3))
    profile = rounded(
        [
            (0, 0),
            (foot, 0, 0.002),
            (top - 0.001, height - 0.004),
            (top, height - 0.003, 0.001),
            (top, height, 0.001),
            (top - wall, height, 0.001),
            (foot - wall, floor, 0.003),
            (0, floor),
        ],
        draft.steps(2),
    )
    rim = share_at(profile, height)
    ink = materials.contrast_to(draft.rgb)
    stripes = [(at, at + 0.025, ink) for at in (0.12 + (rim - 0.16) * np.arange(1, ribs + 1) / (ribs + 1)).tolist()]
    image = materials.banded(materials.canvas(draft.rgb, draft.size, 8), stripes)
    paint = draft.textured("plastic", materials.encoded(image), 0.4)
    pieces = vessel([(foot, 0), (top, height)], [(foot - wall, floor), (top - wall, height)], 12)
    return Design(
        [Part(lathe(profile, draft.n(32)), paint)],
        pieces,
        draft.pick(("plastic cup", "plastic drinking cup without a handle")),
        support=support("container", floor, (0.68 * foot, 0.68 * foot), height),
        least_mass=0.03,
    )


@category("soup_mug", PAINT, ("container",))
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


@category("bowl", PAINT, ("container",))
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


@category("plate", PAINT, ("surface",))
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
        [Part(lathe(profile, draft.n(40)), draft.textured("ceramic", materials.encoded(image), roughness=0.3))],
        pieces,
        draft.pick(("ceramic plate", "flat {color} dinner plate", "round {color} ceramic plate")),
        support=support("surface", wall, (0.68 * flat, 0.68 * flat), height),
    )

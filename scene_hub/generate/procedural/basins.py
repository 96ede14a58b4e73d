"""Round and oval open things: basins, dishes, tubs, bins, pouches."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Hull, Piece, hull_of, vessel
from scene_hub.generate.materials import PAINT, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.procedural.solids import BRASS, enamelled, rectangle, rod
from scene_hub.generate.shapes import (
    circle,
    extrude,
    joined,
    lathe,
    offset_loft,
    rounded,
    rounded_box,
    superellipse,
    sweep,
)

WEDGES = 12


def open_shell(
    outer: tuple[np.ndarray, np.ndarray], inner: tuple[np.ndarray, np.ndarray], heights: tuple[float, float, float]
) -> list[Piece]:
    """An open vessel of any convex outline: a floor and a ring of wall wedges.

    `outer` and `inner` are outlines (bottom, rim) of 2 * WEDGES points each, `heights` are those of foot, floor and rim.
    """
    foot, floor, rim = heights
    low = np.c_[outer[0], np.full(len(outer[0]), foot)]
    bed = np.c_[inner[0], np.full(len(inner[0]), floor)]
    pieces: list[Piece] = [Hull(np.concatenate([low, bed]))]
    for k in range(WEDGES):
        across = np.array([2 * k, 2 * k + 1, (2 * k + 2) % len(low)])
        ends = across[[0, 2]]
        top, lip = outer[1][across], inner[1][ends]
        pieces.append(
            Hull(np.concatenate([low[across], np.c_[top, np.full(3, rim)], bed[ends], np.c_[lip, np.full(2, rim)]]))
        )
    return pieces


def _oval(half_x: float, half_y: float, exponent: float, segments: int = 2 * WEDGES) -> np.ndarray:
    return superellipse(segments, exponent) * np.array([half_x, half_y])


@category(
    "trash_can",
    PAINT,
    ("container",),
    also=(
        "trashcan",
        "garbage can",
        "trash bin",
        "waste bin",
        "wastebasket",
        "waste basket",
        "wastepaper basket",
        "dustbin",
        "rubbish bin",
        "garbage bin",
        "recycling bin",
        "trash",
    ),
    materials=("steel", "plastic", "wicker"),
)
def trash_can(draft: Draft) -> Design:
    foot, height, lean = draft.uniform(0.056, 0.062), draft.uniform(0.086, 0.091), draft.uniform(0.008, 0.013)
    wall, floor, holes = 0.004, 0.005, draft.pick((5, 6, 7))
    top, sides = foot + lean, draft.n(36)
    outside = [(foot, 0.010), (top - 0.002, height - 0.010)]
    inside = [(top - wall, height - 0.010), (foot - wall, 0.010)]
    mesh = lathe(np.array([*outside, *inside, outside[0]]), sides, uv_size=(6.0, 4.0))
    low = rounded(
        [
            (0, 0),
            (foot + 0.001, 0, 0.002),
            (foot + 0.001, 0.011),
            (foot - wall, 0.011),
            (foot - wall, floor),
            (0, floor),
        ],
        1,
    )
    high = [(top - 0.001, height - 0.011), (top + 0.002, height - 0.011), (top + 0.002, height), (top - wall, height)]
    ends = joined([lathe(low, sides), lathe(np.array([*high, (top - wall, height - 0.011), high[0]]), sides)])
    image, dark = (
        materials.canvas(draft.rgb, 64, 64),
        shade(draft.rgb, 0.34) if draft.color != "black" else (92, 92, 98),
    )
    for row in range(holes):
        for column in range(holes):
            at = ((column + 0.5 * (row % 2) + 0.25) / holes, (row + 0.5) / holes)
            image = materials.dotted(image, dark, at, 0.36 / holes, 0.36 / holes)
    return Design(
        [Part(ends, enamelled(draft)), Part(mesh, draft.textured("steel", materials.encoded(image), 0.5))],
        vessel([(foot, 0), (top + 0.002, height)], [(foot - wall, floor), (top - wall, height)], 14),
        "round {color} mesh trash can",
        support=support("container", floor, (0.68 * (foot - wall), 0.68 * (foot - wall)), height),
        least_mass=0.25,
        materials=("steel",),
    )


@category(
    "pencil_case",
    PAINT,
    ("container",),
    also=(
        "pencil box",
        "pencil pouch",
        "pen case",
        "pouch",
        "zipper pouch",
        "makeup bag",
        "toiletry bag",
        "case",
        "glasses case",
    ),
    materials=("fabric", "plastic", "felt"),
)
def pencil_case(draft: Draft) -> Design:
    x, y, height = draft.uniform(0.098, 0.112), draft.uniform(0.053, 0.060), draft.uniform(0.044, 0.052)
    wall, floor, exponent = 0.005, 0.006, draft.uniform(3.2, 5.0)

    def ring(offset: float) -> np.ndarray:
        return _oval(max(x + offset, 1e-4), max(y + offset, 1e-4), exponent, 2 * draft.n(14))

    profile = rounded(
        [
            (-y, 0),
            (-0.004, 0, 0.008),
            (0.0, 0.5 * height),
            (-0.004, height, 0.003),
            (-wall - 0.004, height, 0.002),
            (-wall - 0.002, floor, 0.004),
            (-y, floor),
        ],
        draft.steps(2),
    )
    body = offset_loft(profile, ring, uv_size=(4.0, 2.0))
    edge = ring(-0.006)
    path = np.c_[edge, np.full(len(edge), height)]
    zip_ = sweep(path, rectangle(0.0028, 0.0014), closed=True)
    teeth = materials.stripes(32, (60, 60, 64), (196, 196, 200), 8)
    pull = rounded_box(0.018, 0.007, 0.0022, 0.001, 1).moved(x=x - 0.004, z=height + 0.0005)
    dots = materials.fabric(draft.stream("cloth"), draft.size, draft.rgb)
    if draft.chance(0.6):
        second = draft.tint(draft.accent())
        for u, v in ((0.25, 0.25), (0.75, 0.75)):
            dots = materials.dotted(dots, second, (u, v), 0.12, 0.12)
    outer, inner = _oval(x, y, exponent), _oval(x - wall - 0.004, y - wall - 0.004, exponent)
    return Design(
        [
            Part(body, draft.textured("fabric", materials.encoded(dots), 0.95)),
            Part(zip_.uv_scaled(1.0, 24.0), draft.textured("steel", materials.encoded(teeth), 0.4)),
            Part(pull, draft.metal()),
        ],
        [
            *open_shell((_oval(x - 0.004, y - 0.004, exponent), outer), (inner, inner), (0.0, floor, height)),
            hull_of(pull),
        ],
        "open pencil case with a zipper",
        support=support("container", floor, (x - wall - 0.022, y - wall - 0.011), height),
        least_mass=0.2,
        materials=("fabric",),
    )


@category(
    "soap_dish",
    PAINT,
    ("container",),
    also=("soap tray", "soap holder", "trinket dish", "ring dish"),
    materials=("ceramic", "plastic", "steel", "wood", "stone", "glass"),
)
def soap_dish(draft: Draft) -> Design:
    x, y, height = draft.uniform(0.072, 0.084), draft.uniform(0.056, 0.064), draft.uniform(0.020, 0.027)
    wall, floor, exponent = 0.005, 0.007, draft.uniform(2.0, 4.0)

    def ring(offset: float) -> np.ndarray:
        return _oval(max(x + offset, 1e-4), max(y + offset, 1e-4), exponent, 2 * draft.n(16))

    profile = rounded(
        [
            (-y, 0),
            (-0.010, 0, 0.002),
            (0.0, height, 0.002),
            (-wall, height, 0.002),
            (-wall - 0.009, floor, 0.004),
            (-y, floor),
        ],
        draft.steps(2),
    )
    body = offset_loft(profile, ring)
    ribs = [
        rounded_box(0.0055, 2 * (y - 0.018) * (1 - 0.10 * abs(k)), 0.0045, 0.0012, 1).moved(
            x=0.017 * k, z=floor - 0.0010
        )
        for k in (-2, -1, 0, 1, 2)
    ]
    return Design(
        [Part(joined([body, *ribs]), draft.plain("ceramic", roughness=0.25))],
        open_shell(
            (_oval(x - 0.010, y - 0.010, exponent), _oval(x, y, exponent)),
            (_oval(x - wall - 0.009, y - wall - 0.009, exponent), _oval(x - wall, y - wall, exponent)),
            (0.0, floor + 0.0030, height),
        ),
        "{color} soap dish with ridges",
        support=support("container", floor + 0.0032, (0.66 * x, 0.64 * y), height),
        least_mass=0.2,
        materials=("ceramic",),
    )


@category(
    "wash_basin",
    PAINT,
    ("container",),
    also=("washbasin", "wash bowl", "basin", "dish tub", "wash tub", "washtub", "sink", "enamel basin"),
    materials=("steel", "plastic", "ceramic", "copper"),
)
def wash_basin(draft: Draft) -> Design:
    foot, height, lean = draft.uniform(0.072, 0.082), draft.uniform(0.052, 0.064), draft.uniform(0.020, 0.028)
    wall, floor = 0.004, 0.006
    top = foot + lean
    profile = rounded(
        [(0, 0), (foot, 0, 0.008), (top, height, 0.0), (top - wall, height), (foot - wall, floor, 0.008), (0, floor)],
        draft.steps(2),
    )
    body = lathe(profile, draft.n(36))
    loop = circle(draft.n(36)) * (top + 0.0005)
    rim = sweep(np.c_[loop, np.full(len(loop), height)], circle(draft.n(8)) * 0.0042, closed=True)
    edge = (36, 74, 150) if draft.color not in ("blue", "black", "purple", "teal") else (240, 240, 236)
    return Design(
        [Part(body, enamelled(draft, 1100.0)), Part(rim, draft.plain("steel", edge, 0.3))],
        vessel([(foot, 0), (top + 0.003, height + 0.003)], [(foot - wall, floor), (top - wall, height + 0.003)], 14),
        "enamel wash basin with a coloured rim",
        support=support("container", floor, (0.66 * (foot - wall), 0.66 * (foot - wall)), height + 0.003),
        least_mass=0.3,
        materials=("steel",),
    )


@category(
    "ashtray",
    PAINT,
    ("container",),
    also=("ash tray", "cigarette tray"),
    materials=("glass", "ceramic", "steel", "stone", "plastic"),
)
def ashtray(draft: Draft) -> Design:
    radius, height, notches = draft.uniform(0.068, 0.076), draft.uniform(0.028, 0.036), draft.pick((3, 4))
    wall, floor, low = 0.012, 0.010, height - 0.009
    base = lathe(
        rounded(
            [
                (0, 0),
                (radius - 0.004, 0, 0.003),
                (radius, low),
                (radius - wall, low),
                (radius - wall - 0.004, floor, 0.004),
                (0, floor),
            ],
            2,
        ),
        draft.n(36),
    )
    gap = draft.uniform(9.0, 12.0)
    arcs = []
    for k in range(notches):
        turn = np.radians(np.linspace(gap, 360.0 / notches - gap, draft.n(36) // notches) + 360.0 * k / notches + 20.0)
        arc = np.stack([np.cos(turn), np.sin(turn)], axis=1)
        arcs.append(
            extrude(
                np.concatenate([arc * radius, arc[::-1] * (radius - wall)]), height - low + 0.0004, 0.0018, 1
            ).moved(z=low - 0.0004)
        )
    return Design(
        [Part(joined([base, *arcs]), draft.plain("glass", roughness=0.12))],
        vessel([(radius - 0.004, 0), (radius, low)], [(radius - wall - 0.004, floor), (radius - wall, low)], 14)[:1]
        + vessel(
            [(radius - 0.004, 0), (radius, height)], [(radius - wall - 0.004, floor), (radius - wall, height)], 14
        )[1:],
        f"round {{color}} glass ashtray with {notches} notches",
        support=support("container", floor, (0.68 * (radius - wall - 0.004), 0.68 * (radius - wall - 0.004)), height),
        least_mass=0.25,
        materials=("glass",),
    )


@category(
    "bathtub",
    PAINT,
    ("container",),
    label="toy bathtub",
    also=("bathtub", "bath tub", "toy bath", "toy tub", "doll bathtub"),
    materials=("ceramic", "plastic", "steel", "copper"),
)
def bathtub(draft: Draft) -> Design:
    x, y, height = draft.uniform(0.092, 0.106), draft.uniform(0.060, 0.068), draft.uniform(0.064, 0.072)
    wall, lift, exponent = 0.005, 0.012, draft.uniform(2.4, 3.2)
    floor, lean = lift + 0.006, 0.010

    def ring(offset: float) -> np.ndarray:
        return _oval(max(x + offset, 1e-4), max(y + offset, 1e-4), exponent, 2 * draft.n(14))

    profile = rounded(
        [
            (-y, lift),
            (-0.006, lift, 0.014),
            (lean, height),
            (lean - wall, height),
            (-wall - 0.006, floor, 0.012),
            (-y, floor),
        ],
        draft.steps(2),
    )
    body = offset_loft(profile, ring)
    edge = ring(lean - 0.001)
    rim = sweep(np.c_[edge, np.full(len(edge), height)], circle(draft.n(8)) * 0.0046, closed=True)
    claw = lathe(
        rounded([(0, 0), (0.0085, 0, 0.003), (0.0050, 0.008, 0.003), (0.0095, 0.015), (0, 0.015)], 2), draft.n(12)
    )
    feet = [claw.moved(sx * 0.68 * x, sy * 0.68 * y, 0.0) for sx in (1, -1) for sy in (1, -1)]
    tap = sweep(
        np.array(
            [
                (x + 0.004, 0, height - 0.004),
                (x + 0.004, 0, height + 0.012),
                (x - 0.004, 0, height + 0.017),
                (x - 0.014, 0, height + 0.014),
            ]
        ),
        circle(draft.n(8)) * 0.0036,
        up=(0, 1, 0),
    )
    taps = [
        rod((x + 0.004, s * 0.014, height - 0.002), (x + 0.004, s * 0.014, height + 0.010), 0.0042, draft.n(10))
        for s in (1, -1)
    ]
    metal = draft.metal(BRASS if draft.chance(0.5) and draft.color not in ("gold", "yellow") else (200, 202, 206))
    shell = open_shell(
        (_oval(x - 0.014, y - 0.014, exponent), _oval(x + lean, y + lean, exponent)),
        (_oval(x - wall - 0.010, y - wall - 0.010, exponent), _oval(x + lean - wall, y + lean - wall, exponent)),
        (lift, floor, height + 0.003),
    )
    return Design(
        [
            Part(joined([body, rim]), draft.plain("ceramic", roughness=0.15, density=1500.0)),
            Part(joined([*feet, tap, *taps]), metal),
        ],
        [*shell, hull_of(*feet), hull_of(tap, *taps)],
        "toy bathtub with claw feet",
        support=support("container", floor, (0.66 * x, 0.60 * y), height + 0.003),
        least_mass=0.3,
        materials=("ceramic", "steel"),
    )

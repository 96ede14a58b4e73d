"""Baskets, buckets, bins, pots: low open things that others go into."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import box_vessel, vessel
from scene_hub.generate.materials import PAINT, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.shapes import box, circle, joined, lathe, offset_loft, rounded, rounded_rectangle, sweep


def rectangle_outline(x: float, y: float, corner: float, steps: int):
    """Rounded rectangles for `offset_loft`: the outline of half size x, y moved outward by an offset."""

    def outline(offset: float) -> np.ndarray:
        hx, hy = max(x + offset, 2e-4), max(y + offset, 1e-4)
        return rounded_rectangle(hx, hy, min(corner, hx, hy), steps)

    return outline


@category(
    "basket",
    PAINT,
    ("container",),
    also=(
        "wicker basket",
        "woven basket",
        "fruit basket",
        "storage basket",
        "picnic basket",
        "laundry basket",
        "hamper",
        "shopping basket",
    ),
    materials=("wicker", "plastic", "steel", "wood", "fabric", "felt", "leather", "cardboard"),
)
def basket(draft: Draft) -> Design:
    round_one = draft.chance(0.5)
    height, wall, lean = draft.uniform(0.055, 0.075), 0.006, draft.uniform(0.008, 0.018)
    x, y, floor = draft.uniform(0.082, 0.100), draft.uniform(0.070, 0.082), 0.007
    woven = draft.textured("wicker", draft.texture(materials.weave, draft.rgb, 6), 0.85)
    edging = draft.textured("wicker", draft.texture(materials.weave, shade(draft.rgb, 0.8), 4, tag="rim"), 0.85)
    if round_one:
        profile = rounded(
            [(0, 0), (x, 0, 0.006), (x + lean, height), (x + lean - wall, height), (x - wall, floor), (0, floor)], 2
        )
        body = lathe(profile, draft.n(34), uv_size=(5.0, 2.2))
        loop = circle(draft.n(34)) * (x + lean - wall / 2)
        top = height + 0.005
        pieces = vessel([(x, 0), (x + lean, top)], [(x - wall, floor), (x + lean - wall, top)], 14)
        half = (0.7 * (x - wall), 0.7 * (x - wall))
    else:
        profile = np.array([(-y, 0), (0, 0), (lean, height), (lean - wall, height), (-wall, floor), (-y, floor)])
        outline = rectangle_outline(x, y, 0.02, draft.steps(4))
        body = offset_loft(profile, outline, uv_size=(6.0, 3.0))
        loop = outline(lean - wall / 2)
        pieces = box_vessel((x, y), (x + lean, y + lean), height + 0.005, wall, floor)
        half = (x - wall - 0.012, y - wall - 0.012)
    ring = np.concatenate([loop, np.full((len(loop), 1), height)], axis=1)
    edge = sweep(ring, circle(draft.n(8)) * 0.006, closed=True).uv_scaled(1.0, 12.0)
    return Design(
        [Part(body, woven), Part(edge, edging)],
        pieces,
        f"{'round' if round_one else 'rectangular'} {{color}} wicker basket",
        support=support("container", floor, half, height + 0.006),
        least_mass=0.22,
    )


@category(
    "bucket",
    PAINT,
    ("container",),
    also=("pail", "plastic bucket", "water bucket", "toy bucket", "ice bucket", "tub"),
    materials=("plastic", "steel", "wood", "copper", "rubber"),
)
def bucket(draft: Draft) -> Design:
    foot, height, lean = draft.uniform(0.058, 0.064), draft.uniform(0.080, 0.090), draft.uniform(0.010, 0.016)
    wall, floor = 0.0035, 0.006
    top = foot + lean
    profile = rounded(
        [
            (0, 0),
            (foot, 0, 0.003),
            (top, height - 0.008),
            (top + 0.004, height - 0.008),
            (top + 0.004, height, 0.002),
            (top - wall, height),
            (foot - wall, floor),
            (0, floor),
        ],
        2,
    )
    angles = np.linspace(0.0, np.pi, draft.n(20))
    reach = top + 0.008
    # The bail hangs down at one side, out of the way of what goes in.
    bail = np.stack([reach * np.cos(angles), -reach * np.sin(angles), height - 0.012 - 0.034 * np.sin(angles)], axis=1)
    wire = sweep(bail[::-1], circle(draft.n(6)) * 0.0018)
    pieces = vessel([(foot, 0), (top + 0.002, height)], [(foot - wall, floor), (top - wall, height)], 14)
    return Design(
        [Part(lathe(profile, draft.n(36)), draft.plastic()), Part(wire, draft.metal())],
        pieces,
        draft.pick(("plastic bucket with a wire handle", "small {color} toy bucket")),
        support=support("container", floor, (0.68 * (foot - wall), 0.68 * (foot - wall)), height),
        least_mass=0.22,
    )


@category(
    "storage_bin",
    PAINT,
    ("container",),
    also=(
        "bin",
        "box",
        "container",
        "plastic box",
        "plastic bin",
        "plastic container",
        "storage box",
        "storage container",
        "organizer",
        "tub",
        "tote",
        "toy box",
        "sorting bin",
        "caddy",
        "desk caddy",
        "book caddy",
    ),
    materials=("plastic", "wood", "steel", "cardboard", "fabric", "felt", "wicker", "leather", "glass"),
)
def storage_bin(draft: Draft) -> Design:
    x, y, height = draft.uniform(0.085, 0.105), draft.uniform(0.066, 0.080), draft.uniform(0.055, 0.075)
    wall, floor, lean, corner = 0.004, 0.005, draft.uniform(0.004, 0.010), draft.uniform(0.010, 0.02)
    lip = height - 0.007
    profile = rounded(
        [
            (-y, 0),
            (0, 0, 0.003),
            (lean, lip),
            (lean + 0.005, lip),
            (lean + 0.005, height, 0.001),
            (lean - wall, height),
            (-wall, floor),
            (-y, floor),
        ],
        2,
    )
    body = offset_loft(profile, rectangle_outline(x, y, corner, draft.steps(4)))
    return Design(
        [Part(body, draft.plastic())],
        box_vessel((x, y), (x + lean, y + lean), height, wall, floor),
        draft.pick(("plastic storage bin", "rectangular {color} storage bin")),
        support=support("container", floor, (x - wall - 0.01, y - wall - 0.01), height),
        least_mass=0.22,
    )


@category(
    "crate",
    PAINT,
    ("container",),
    also=("wooden crate", "wooden box", "box", "fruit crate", "milk crate", "slatted box"),
    materials=("wood", "plastic", "steel"),
)
def crate(draft: Draft) -> Design:
    x, y, height = draft.uniform(0.085, 0.105), draft.uniform(0.068, 0.080), draft.uniform(0.056, 0.070)
    wall, slats, floor = 0.006, draft.pick((2, 3)), 0.006
    wood = draft.wood(draft.rgb)
    slat = height / slats * 0.74
    boards = [box(2 * x, 2 * y, floor)]
    for index in range(slats):
        z = height - slat - index * height / slats
        boards += [box(2 * x, wall, slat).moved(y=side * (y - wall / 2), z=z) for side in (1, -1)]
        boards += [box(wall, 2 * y - 2 * wall, slat).moved(x=side * (x - wall / 2), z=z) for side in (1, -1)]
    posts = [
        box(0.012, 0.012, height).moved(sx * (x - wall - 0.006), sy * (y - wall - 0.006))
        for sx in (1, -1)
        for sy in (1, -1)
    ]
    return Design(
        [Part(joined(boards + posts).projected(0.16), wood)],
        box_vessel((x, y), (x, y), height, wall, floor),
        "wooden crate made of slats",
        support=support("container", floor, (x - wall - 0.014, y - wall - 0.014), height),
        least_mass=0.25,
    )


@category(
    "flower_pot",
    PAINT,
    ("container",),
    also=("flowerpot", "plant pot", "planter", "clay pot", "terracotta pot", "pot"),
    materials=("ceramic", "plastic", "stone", "wood", "steel", "copper", "glass", "wicker"),
)
def flower_pot(draft: Draft) -> Design:
    foot, height, lean = draft.uniform(0.046, 0.052), draft.uniform(0.078, 0.088), draft.uniform(0.012, 0.018)
    wall, floor, collar = 0.006, 0.009, draft.uniform(0.016, 0.022)
    top = foot + lean
    profile = rounded(
        [
            (0, 0),
            (foot, 0, 0.002),
            (top - 0.003, height - collar),
            (top + 0.004, height - collar, 0.002),
            (top + 0.005, height, 0.002),
            (top - wall, height, 0.002),
            (foot - wall, floor),
            (0, floor),
        ],
        2,
    )
    clay = draft.textured("ceramic", draft.texture(materials.mottled, draft.rgb, 0.12), 0.85)
    pieces = vessel([(foot, 0), (top + 0.003, height)], [(foot - wall, floor), (top - wall, height)], 14)
    return Design(
        [Part(lathe(profile, draft.n(34), uv_size=(3.0, 2.0)), clay)],
        pieces,
        "empty {color} clay flower pot",
        support=support("container", floor, (0.68 * (foot - wall), 0.68 * (foot - wall)), height),
    )


@category(
    "pencil_cup",
    PAINT,
    ("container",),
    also=(
        "pencil holder",
        "pen holder",
        "pen cup",
        "pencil pot",
        "brush holder",
        "utensil holder",
        "desk organizer",
        "holder",
        "cup",
        "tumbler",
    ),
    materials=(
        "plastic",
        "wood",
        "steel",
        "ceramic",
        "leather",
        "cardboard",
        "glass",
        "felt",
        "stone",
        "copper",
        "cork",
    ),
)
def pencil_cup(draft: Draft) -> Design:
    square = draft.chance(0.4)
    half, height, wall, floor = draft.uniform(0.044, 0.050), draft.uniform(0.074, 0.088), 0.004, 0.008
    profile = rounded(
        [(-half, 0), (0, 0, 0.002), (0, height, 0.001), (-wall, height, 0.001), (-wall, floor), (-half, floor)], 2
    )
    if square:
        body = offset_loft(profile, rectangle_outline(half, half, 0.008, draft.steps(4)))
        pieces = box_vessel((half, half), (half, half), height, wall, floor)
    else:
        body = lathe(profile + np.array([half, 0.0]), draft.n(34))
        pieces = vessel([(half, 0), (half, height)], [(half - wall, floor), (half - wall, height)], 14)
    inner = 0.68 * (half - wall)
    return Design(
        [Part(body, draft.plain("plastic", roughness=0.5, density=1600.0))],
        pieces,
        f"{'square' if square else 'round'} {{color}} pencil cup",
        support=support("container", floor, (inner, inner), height),
        least_mass=0.2,
    )

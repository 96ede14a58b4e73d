"""What food is served on and in: saucers, platters, cake stands, cloths, bread baskets, lunch boxes."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Hull, Piece, box_between, box_vessel, turned_hull, vessel
from scene_hub.generate.materials import PAINT, Rgb, mix, shade
from scene_hub.generate.procedural.bakery import from_above
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.containers import rectangle_outline
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.procedural.forms import glazed, share_at
from scene_hub.generate.shapes import (
    circle,
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
from scene_hub.schema import Support


@category(
    "saucer",
    PAINT,
    ("surface",),
    also=("tea saucer", "small plate", "dessert plate", "side plate", "bread plate", "cup saucer"),
    materials=("ceramic", "glass", "wood", "plastic", "steel", "stone"),
)
def saucer(draft: Draft) -> Design:
    radius, height = draft.uniform(0.066, 0.076), draft.uniform(0.013, 0.018)
    foot, well, wall = draft.uniform(0.52, 0.60), draft.uniform(0.026, 0.030), 0.004
    flat = round(foot * radius, 4)
    profile = rounded(
        [
            (0, 0.002),
            (flat - 0.006, 0.002),
            (flat - 0.005, 0),
            (flat, 0, 0.002),
            (radius, height - 0.002, 0.002),
            (radius - 0.002, height, 0.001),
            (flat + 0.004, wall + 0.0030, 0.010),
            (well + 0.002, wall + 0.0020, 0.001),
            (well, wall, 0.001),
            (0, wall),
        ],
        draft.steps(2),
    )
    image = materials.glaze(draft.stream("glaze"), draft.size, draft.rgb)
    edge, ring = share_at(profile, height), materials.contrast_to(draft.rgb)
    image = materials.banded(image, [(edge - 0.01, edge + 0.03, ring)] if draft.chance(0.6) else [])
    inner = 1 - (well + 0.001) / float(np.linalg.norm(np.diff(profile, axis=0), axis=1).sum())
    image = materials.banded(image, [(inner - 0.008, inner + 0.008, shade(draft.rgb, 0.8))])
    pieces = vessel([(flat, 0), (radius, height - 0.002)], [(flat, wall), (radius - 0.002, height)], 14)
    return Design(
        [Part(lathe(profile, draft.n(32)), draft.textured("ceramic", materials.encoded(image), 0.25))],
        pieces,
        "ceramic saucer with a ring for the cup",
        support=support("surface", wall, (well, well), height),
        least_mass=0.16,
        materials=("ceramic",),
    )


@category(
    "placemat",
    PAINT,
    ("surface",),
    also=("place mat", "table mat", "dining mat", "mat", "bamboo mat", "woven mat", "dinner mat"),
    materials=("fabric", "wicker", "leather", "cork", "felt", "plastic", "wood", "rubber"),
)
def placemat(draft: Draft) -> Design:
    x, y, thick = draft.uniform(0.120, 0.138), draft.uniform(0.090, 0.104), draft.uniform(0.004, 0.006)
    oval, n = draft.chance(0.35), draft.size
    style = draft.pick(("border", "stripes", "woven"))
    accent = draft.tint(draft.accent("white", "yellow", "black", "beige"))
    outline = circle(draft.n(44)) * np.array([x, y]) if oval else rounded_rectangle(x, y, 0.010, draft.steps(3))
    image = materials.fabric(draft.stream("cloth"), n, draft.rgb)
    if style == "woven":
        image = materials.weave(draft.stream("weave"), n, draft.rgb, 16)
    across = np.abs((np.arange(n) + 0.5) / n * 2 - 1)
    if style == "stripes":
        image[:, (across > 0.62) & (across < 0.68)] = accent
        image[:, (across > 0.72) & (across < 0.84)] = accent
    if style == "border":
        away = np.hypot(across[:, None], across[None]) if oval else np.maximum(across[:, None], across[None])
        image[(away > 0.80) & (away < 0.88)] = accent
    mat = from_above(extrude(outline, thick, 0.0012, 1))
    return Design(
        [Part(mat, draft.textured("fabric", materials.encoded(image), 0.95, density=900.0))],
        [turned_or_box(oval, x, y, thick)],
        f"{'oval' if oval else 'rectangular'} {{color}} placemat",
        support=support("surface", thick, (0.66 * x, 0.66 * y) if oval else (x - 0.014, y - 0.014), thick),
        least_mass=0.18,
        materials=("fabric",),
    )


def turned_or_box(oval: bool, x: float, y: float, height: float) -> Piece:
    """The collision of a flat thing: an elliptic or a rectangular slab on z = 0."""
    if not oval:
        return box_between((-x, -y, 0), (x, y, height))
    hull = turned_hull(np.array([[1.0, 0], [1.0, height]]), 28)
    return Hull(hull.points * np.array([x, y, 1.0]))


_PALE_CLOTH: dict[str, Rgb] = {"white": (110, 146, 196), "beige": (160, 116, 76), "silver": (84, 86, 92)}
"""What goes with cloth that is too pale to have a pattern in white."""


@category(
    "napkin",
    PAINT,
    ("surface",),
    also=("folded napkin", "cloth napkin", "serviette", "checkered cloth", "handkerchief", "paper napkin"),
    materials=("fabric", "paper"),
)
def napkin(draft: Draft) -> Design:
    half, layer, folds = draft.uniform(0.082, 0.098), draft.uniform(0.0040, 0.0052), draft.pick((2, 3))
    checks, n = draft.pick((5, 6, 8)), draft.size
    style = draft.pick(("checks", "checks", "dots", "border"))
    pale = _PALE_CLOTH.get(draft.color, (246, 244, 238))
    cloth = materials.fabric(draft.stream("cloth"), n, draft.rgb)
    if style == "checks":  # gingham: threads of two colours that cross
        on = (np.arange(n) * checks / n) % 1.0 < 0.5
        share = (on[:, None].astype(float) + on[None].astype(float))[..., None] / 2
        cloth = cloth * share + np.asarray(pale, dtype=float) * (1 - share)
    elif style == "dots":
        for row in range(checks):
            for column in range(checks):
                at = ((column + 0.25 + 0.5 * (row % 2)) / checks, (row + 0.5) / checks)
                cloth = materials.dotted(cloth, pale, at, 0.16 / checks, 0.16 / checks)
    else:
        across = np.abs((np.arange(n) + 0.5) / n * 2 - 1)
        away = np.maximum(across[:, None], across[None])
        cloth[((away > 0.78) & (away < 0.82)) | ((away > 0.86) & (away < 0.93))] = pale
    sheet = rounded_box(2 * half, 2 * half, layer, 0.0018, draft.steps(2))
    sheets = [
        sheet.scaled(1 - 0.012 * index, 1 - 0.02 * index, 1.0).moved(y=0.010 * index * half, z=index * layer)
        for index in range(folds)
    ]
    thick = folds * layer
    soft = draft.textured("fabric", materials.encoded(cloth), 0.95)
    return Design(
        [Part(from_above(piece), soft) for piece in sheets],
        [box_between((-half, -half, 0), (half, half, thick))],
        f"folded {{color}} cloth napkin{' with checks' if style == 'checks' else ''}",
        support=support("surface", thick, (half - 0.014, half - 0.014), thick),
        least_mass=0.16,
        materials=("fabric",),
    )


@category(
    "cake_stand",
    PAINT,
    ("surface",),
    also=("cake plate", "cake pedestal", "dessert stand", "pastry stand", "footed plate"),
    materials=("ceramic", "glass", "wood", "steel", "stone", "plastic"),
)
def cake_stand(draft: Draft) -> Design:
    radius, height = draft.uniform(0.082, 0.098), draft.uniform(0.050, 0.072)
    foot, stem, rim = draft.uniform(0.050, 0.060), draft.uniform(0.012, 0.017), draft.uniform(0.004, 0.006)
    h = height
    under = spline(
        [(foot, 0.004), (0.5 * foot, 0.012), (stem, 0.42 * h), (1.25 * stem, 0.74 * h), (2.1 * stem, h - 0.009)],
        draft.n(10),
    )
    top = rounded(
        [
            (radius - 0.004, h - 0.006),
            (radius, h - 0.004, 0.002),
            (radius, h + rim, 0.002),
            (radius - 0.004, h + rim, 0.001),
            (radius - 0.006, h, 0.001),
            (0, h),
        ],
        draft.steps(2),
    )
    profile = np.concatenate([[(0, 0), (foot, 0)], under, top])
    glaze = glazed(draft, profile, pale_inside=False)
    plate = vessel([(radius, h - 0.006), (radius, h + rim)], [(radius - 0.006, h), (radius - 0.004, h + rim)], 12)
    pieces: list[Piece] = [
        turned_hull(np.array([[foot, 0], [foot, 0.004], [0.5 * foot, 0.013]]), 18),
        turned_hull(np.array([[0.5 * foot, 0.012], [1.2 * stem, 0.74 * h], [2.1 * stem, h - 0.005]]), 16),
        *plate,
    ]
    inner = 0.68 * (radius - 0.006)
    return Design(
        [Part(lathe(profile, draft.n(34)), glaze)],
        pieces,
        "low {color} cake stand on a foot",
        support=support("surface", h, (inner, inner), h + rim),
        materials=("ceramic",),
    )


@category(
    "platter",
    PAINT,
    ("surface",),
    label="serving platter",
    also=("platter", "oval plate", "serving plate", "serving dish", "fish plate", "oval platter", "large plate"),
    materials=("ceramic", "wood", "steel", "glass", "plastic", "stone"),
)
def platter(draft: Draft) -> Design:
    y, long = draft.uniform(0.082, 0.094), draft.uniform(1.32, 1.52)
    height, wall, n = draft.uniform(0.016, 0.022), 0.005, draft.size
    flat = round(y * draft.uniform(0.62, 0.68), 4)
    profile = rounded(
        [
            (0, 0),
            (flat, 0, 0.004),
            (y, height - 0.003, 0.002),
            (y - 0.002, height, 0.002),
            (flat - 0.003, wall, 0.01),
            (0, wall),
        ],
        draft.steps(3),
    )
    body = lathe(profile, draft.n(42)).scaled(long, 1.0, 1.0)
    image = materials.glaze(draft.stream("glaze"), n, draft.rgb)
    style, edge = draft.pick(("plain", "line", "leaves")), share_at(profile, height)
    ink = materials.contrast_to(draft.rgb)
    if style == "line":
        image = materials.banded(image, [(edge + 0.015, edge + 0.035, ink), (edge + 0.05, edge + 0.06, ink)])
    elif style == "leaves":
        for index in range(16):
            image = materials.dotted(image, mix(draft.rgb, ink, 0.7), ((index + 0.5) / 16, edge + 0.06), 0.014, 0.040)
    pieces = [
        Hull(piece.points * np.array([long, 1.0, 1.0])) if isinstance(piece, Hull) else piece
        for piece in vessel([(flat, 0), (y, height - 0.002)], [(flat - 0.003, wall), (y - 0.002, height)], 14)
    ]
    return Design(
        [Part(body, draft.textured("ceramic", materials.encoded(image), 0.25))],
        pieces,
        "oval {color} serving platter",
        support=support("surface", wall, (0.66 * flat * long, 0.66 * flat), height),
        least_mass=0.3,
        materials=("ceramic",),
    )


@category(
    "lunch_box",
    PAINT,
    ("container",),
    also=("lunchbox", "bento box", "bento", "lunch container", "open lunch box", "snack box", "packed lunch box"),
    materials=("plastic", "steel", "wood"),
)
def lunch_box(draft: Draft) -> Design:
    x, y, height = draft.uniform(0.108, 0.120), draft.uniform(0.066, 0.076), draft.uniform(0.046, 0.056)
    wall, floor, corner = 0.0040, 0.006, draft.uniform(0.012, 0.022)
    at = draft.uniform(0.30, 0.38) * x
    profile = rounded(
        [
            (-y, 0),
            (0, 0, 0.004),
            (0, height - 0.008),
            (0.003, height - 0.007),
            (0.003, height, 0.001),
            (-wall, height, 0.001),
            (-wall, floor, 0.004),
            (-y, floor),
        ],
        2,
    )
    body = offset_loft(profile, rectangle_outline(x, y, corner, draft.steps(5)))
    divider = rounded_box(wall, 2 * (y - wall) + 0.001, height - floor - 0.004, 0.0012, 1).moved(x=at, z=floor - 0.001)
    clips = [
        rounded_box(0.005, 0.024, 0.018, 0.0014, 1).moved(x=side * (x + 0.0030), z=height - 0.020) for side in (1, -1)
    ]
    path = spline(
        [(-0.026, -y - 0.001, 0), (-0.022, -y - 0.013, 0), (0.022, -y - 0.013, 0), (0.026, -y - 0.001, 0)], draft.n(12)
    )
    grip = sweep(path, circle(draft.n(8)) * np.array([0.0036, 0.0030])).moved(z=0.62 * height)
    trim = draft.tint(draft.accent("white", "yellow", "black", "red"))
    pieces = [
        *box_vessel((x, y), (x + 0.001, y + 0.001), height, wall, floor),
        box_between((at - wall / 2, -y + wall, floor - 0.001), (at + wall / 2, y - wall, height - 0.005)),
        box_between((-0.026, -y - 0.0165, 0.62 * height - 0.003), (0.026, -y - 0.001, 0.62 * height + 0.003)),
    ]
    middle = (at - x) / 2
    inner = ((at - wall / 2 + x - wall) / 2 - 0.010, y - wall - 0.010)
    return Design(
        [
            Part(joined([body, divider]), draft.plain("plastic", roughness=0.35)),
            Part(joined([*clips, grip]), draft.plain("plastic", trim, 0.4)),
        ],
        pieces,
        "open {color} lunch box with two compartments",
        support=Support(
            kind="container",
            position=(round(middle, 5), 0.0, floor),
            half_extents=(round(inner[0], 5), round(inner[1], 5)),
            rim_height=round(height, 5),
        ),
        least_mass=0.22,
        materials=("plastic",),
    )


@category(
    "bread_basket",
    PAINT,
    ("container",),
    also=("oval basket", "fruit basket", "basket with a cloth", "lined basket", "picnic basket", "roll basket"),
    materials=("wicker", "wood", "steel", "plastic"),
)
def bread_basket(draft: Draft) -> Design:
    y, long, height = draft.uniform(0.070, 0.080), draft.uniform(1.28, 1.48), draft.uniform(0.048, 0.062)
    lean, wall, floor = draft.uniform(0.010, 0.016), 0.006, 0.007
    top = y + lean
    profile = rounded(
        [(0, 0), (y, 0, 0.008), (top, height), (top - wall, height), (y - wall, floor, 0.006), (0, floor)], 2
    )
    woven = draft.textured("wicker", draft.texture(materials.weave, draft.rgb, 6), 0.85)
    body = lathe(profile, draft.n(34), uv_size=(6.0, 3.0)).scaled(long, 1.0, 1.0)
    n, checks = draft.size, 10
    on = (np.arange(n) * checks / n) % 1.0 < 0.5
    share = (on[:, None].astype(float) + on[None].astype(float))[..., None] / 2
    pale = _PALE_CLOTH.get(draft.color, (248, 246, 240))
    tint = np.asarray(draft.rgb, dtype=float)
    cloth = tint * share + np.asarray(pale, dtype=float) * (1 - share)
    cover = np.array(
        [
            (top + 0.0030, height - 0.007),
            (top + 0.0046, height - 0.007),
            (top + 0.0040, height + 0.002),
            (top - 0.002, height + 0.0034),
            (top - wall - 0.0012, height + 0.002),
            (y - wall - 0.0012, floor + 0.003),
            (y - wall - 0.006, floor + 0.0012),
            (0, floor + 0.0012),
        ]
    )
    segments = draft.n(36)
    drape = lathe(np.concatenate([[(0, floor), (y - wall, floor)], cover]), segments)
    corners = draft.pick((4, 6))

    def hanging(points: np.ndarray) -> np.ndarray:
        angle = np.arctan2(points[:, 1], points[:, 0])
        out = np.hypot(points[:, 0], points[:, 1]) > top + 0.0025
        drop = np.where(out & (points[:, 2] < height - 0.004), 0.006 * np.cos(corners * angle), 0.0)
        return points + np.stack([0 * drop, 0 * drop, drop], axis=1)

    linen = from_above(drape.warped(hanging).scaled(long, 1.0, 1.0))
    pieces = [
        Hull(piece.points * np.array([long, 1.0, 1.0])) if isinstance(piece, Hull) else piece
        for piece in vessel(
            [(y, 0), (top + 0.003, height + 0.002)], [(y - wall, floor + 0.0012), (top - wall, height + 0.002)], 14
        )
    ]
    inner = 0.66 * (y - wall)
    return Design(
        [Part(body, woven), Part(linen, draft.textured("fabric", materials.encoded(cloth), 0.95))],
        pieces,
        "oval {color} wicker bread basket lined with a checkered cloth",
        support=support("container", floor + 0.0012, (inner * long, inner), height + 0.003),
        least_mass=0.22,
        main="wicker",
        materials=("wicker", "fabric"),
    )

"""Fruit, eggs and sweet things, in the colours that nature (or a baker) gives them."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Hull, hull_of, standing_hull
from scene_hub.generate.materials import Rgb, mix, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.procedural.forms import fruit_skin, level_rod, resting_rod, ring_pieces, rod_pieces, stalk
from scene_hub.generate.shapes import circle, ellipsoid, flattened, joined, lathe, spline, sweep


@category(
    "apple",
    ("red", "green", "yellow"),
    ("object",),
    also=(
        "red apple",
        "green apple",
        "granny smith",
        "granny smith apple",
        "gala apple",
        "honeycrisp apple",
        "toy apple",
    ),
    materials=("food",),
)
def apple(draft: Draft) -> Design:
    radius, tall = draft.uniform(0.0265, 0.0295), draft.uniform(0.84, 0.94)
    dip, shoulder = draft.uniform(0.005, 0.008), draft.uniform(0.98, 1.06)
    h = 2 * radius * tall
    curve = spline(
        [
            (0.0, 0.004),
            (0.30 * radius, 0.0),
            (0.62 * radius, 0.06 * h),
            (0.93 * radius, 0.32 * h),
            (radius, 0.58 * h),
            (0.80 * radius * shoulder, 0.90 * h),
            (0.42 * radius, h),
            (0.0, h - dip),
        ],
        draft.n(20),
    )
    curve[:, 0] = np.clip(curve[:, 0], 0.0, 1.0)
    curve[[0, -1], 0] = 0.0
    body = flattened(lathe(curve, draft.n(26), crease=70.0), 0.0012).moved(z=-0.0012)
    color = draft.rgb
    blush: Rgb = {"red": (150, 18, 22), "green": mix(color, (205, 205, 70), 0.55), "yellow": (232, 150, 50)}[
        draft.color
    ]
    base: Rgb = mix(color, (130, 190, 40), 0.5) if draft.color == "green" else color
    skin = fruit_skin(draft, base, blush, 0.7, shade(base, 1.5))
    return Design(
        [Part(body, skin), stalk(draft, h - dip, draft.uniform(0.010, 0.015))],
        [hull_of(body)],
        draft.pick(("apple with a short stem", "ripe {color} apple", "shiny {color} apple")),
        materials=("food",),
    )


@category(
    "orange",
    ("orange",),
    ("object",),
    also=("orange fruit", "mandarin", "tangerine", "clementine", "citrus", "navel orange", "satsuma"),
    materials=("food",),
)
def orange(draft: Draft) -> Design:
    radius, squash = draft.uniform(0.0265, 0.0295), draft.uniform(0.92, 1.0)
    height = radius * squash
    body = ellipsoid(radius, radius, height, draft.n(26), draft.n(16), flat=0.0022).moved(z=height - 0.0022)
    skin = fruit_skin(draft, draft.rgb, shade(draft.rgb, 0.88), 0.5, shade(draft.rgb, 0.72))
    button = ellipsoid(0.003, 0.003, 0.0015, draft.n(8), 4).moved(z=2 * height - 0.0022)
    return Design(
        [Part(body, skin), Part(button, draft.plain("food", (88, 108, 44), 0.9))],
        [standing_hull(body)],
        "orange with dimpled skin",
        materials=("food",),
    )


@category(
    "peach",
    (
        "orange",
        "pink",
        "yellow",
        "red",
    ),
    ("object",),
    also=("nectarine", "apricot", "ripe peach"),
    materials=("food",),
)
def peach(draft: Draft) -> Design:
    radius, tall = draft.uniform(0.0260, 0.0292), draft.uniform(0.90, 0.98)
    ball = ellipsoid(radius, radius, radius * tall, draft.n(30), draft.n(18))

    def cleft(points: np.ndarray) -> np.ndarray:
        angle = np.arctan2(points[:, 1], points[:, 0])
        groove = 1.0 - 0.085 * np.exp(-((angle / 0.22) ** 2)) * (points[:, 2] > -0.6 * radius)
        top = 1.0 - 0.10 * np.exp(-((np.hypot(points[:, 0], points[:, 1]) / (0.3 * radius)) ** 2)) * (points[:, 2] > 0)
        return points * np.stack([groove, groove, top], axis=1)

    body = flattened(ball.warped(cleft, 70.0), -radius * tall + 0.0025).moved(z=radius * tall - 0.0025)
    base = draft.rgb if draft.color == "yellow" else mix(draft.rgb, (250, 190, 110), 0.45)
    blush: Rgb = (232, 150, 70) if draft.color == "yellow" else (206, 84, 62)
    skin = fruit_skin(draft, base, blush, 0.62, roughness=0.9)
    return Design(
        [Part(body, skin), stalk(draft, 1.8 * radius * tall - 0.004, 0.006, 0.0018)],
        [standing_hull(body)],
        "peach with a soft crease",
        materials=("food",),
    )


@category("lemon", ("yellow",), ("object",), also=("citrus", "lemon fruit"), materials=("food",))
def lemon(draft: Draft) -> Design:
    return _citrus(draft, draft.uniform(0.0215, 0.0250), draft.uniform(0.068, 0.080), "lemon with pointed ends")


@category("lime", ("green",), ("object",), also=("citrus", "lime fruit"), materials=("food",))
def lime(draft: Draft) -> Design:
    return _citrus(draft, draft.uniform(0.0200, 0.0230), draft.uniform(0.052, 0.060), "lime with pointed ends")


def _citrus(draft: Draft, radius: float, length: float, words: str) -> Design:
    x = np.linspace(-1, 1, draft.n(20))
    bulk = np.sqrt(np.clip(1 - (x / 0.88) ** 2, 0, 1)) * radius
    tip = 0.22 * radius * np.sqrt(np.clip(1 - x**4, 0, 1)) + 0.08 * radius
    body = level_rod(np.stack([x * length / 2, 0 * x], axis=1), np.maximum(bulk, tip), draft.n(24))
    color = mix(draft.rgb, (120, 180, 40), 0.4) if draft.color == "green" else draft.rgb
    return Design(
        [Part(body, fruit_skin(draft, color, shade(color, 0.9), 0.5, shade(color, 0.82)))],
        [standing_hull(body)],
        words,
        materials=("food",),
    )


@category(
    "banana",
    (
        "yellow",
        "green",
        "brown",
    ),
    ("object",),
    also=("plantain", "ripe banana"),
    materials=("food",),
)
def banana(draft: Draft) -> Design:
    length, radius, bend = draft.uniform(0.130, 0.150), draft.uniform(0.0140, 0.0162), draft.uniform(1.2, 1.6)
    angles = np.linspace(-bend / 2, bend / 2, draft.n(20))
    arc = length / bend
    path = np.stack([arc * np.sin(angles), arc * (1 - np.cos(angles))], axis=1)
    s = np.linspace(0, 1, len(angles))
    radii = radius * np.interp(
        s, [0, 0.05, 0.16, 0.35, 0.7, 0.88, 0.95, 1.0], [0.30, 0.34, 0.80, 1.0, 1.0, 0.72, 0.40, 0.26]
    )
    body = level_rod(path, radii, draft.n(12), 0.002)
    color = mix(draft.rgb, (170, 200, 50), 0.55) if draft.color == "green" else draft.rgb
    image = materials.skin(draft.stream("skin"), draft.size, draft.size, color, shade(color, 0.93), 0.5, (120, 84, 30))
    image = materials.banded(image, [(0.0, 0.07, (96, 78, 34)), (0.95, 1.0, (70, 52, 28))])
    return Design(
        [Part(body, draft.textured("food", materials.encoded(image), 0.6))],
        rod_pieces(level_rod, path, radii, 6, 0.002, 10),
        "curved {color} banana",
        materials=("food",),
    )


@category(
    "pear",
    (
        "green",
        "yellow",
        "brown",
        "red",
    ),
    ("object",),
    also=("bosc pear", "bartlett pear", "ripe pear"),
    materials=("food",),
)
def pear(draft: Draft) -> Design:
    radius, height = draft.uniform(0.0225, 0.0250), draft.uniform(0.054, 0.061)
    neck, h = draft.uniform(0.40, 0.48) * radius, height
    curve = spline(
        [
            (0.0, 0.003),
            (0.42 * radius, 0.0),
            (0.80 * radius, 0.12 * h),
            (radius, 0.36 * h),
            (0.80 * radius, 0.60 * h),
            (1.08 * neck, 0.82 * h),
            (0.80 * neck, 0.95 * h),
            (0.0, h - 0.002),
        ],
        draft.n(22),
    )
    curve[:, 0] = np.clip(curve[:, 0], 0.0, 1.0)
    curve[[0, -1], 0] = 0.0
    body = flattened(lathe(curve, draft.n(26), crease=70.0), 0.0010).moved(z=-0.0010)
    tone, share = {"green": ((190, 205, 60), 0.6), "yellow": ((225, 205, 80), 0.4)}.get(
        draft.color, ((206, 150, 70), 0.3)
    )
    base = mix(draft.rgb, tone, share)
    skin = fruit_skin(draft, base, mix(base, (190, 130, 50), 0.5), 0.35, shade(base, 0.7))
    lower, upper = body.points[body.points[:, 2] < 0.58 * h], body.points[body.points[:, 2] > 0.48 * h]
    return Design(
        [Part(body, skin), stalk(draft, h - 0.003, draft.uniform(0.007, 0.009))],
        [Hull(lower), Hull(upper)],
        "pear with a narrow neck and a stem",
        materials=("food",),
    )


@category("strawberry", ("red",), ("object",), also=("berry", "ripe strawberry"), materials=("food",))
def strawberry(draft: Draft) -> Design:
    radius, length = draft.uniform(0.0185, 0.0215), draft.uniform(0.044, 0.052)
    s = np.linspace(0, 1, draft.n(16))
    radii = radius * np.interp(s, [0, 0.06, 0.22, 0.4, 0.7, 0.92, 1.0], [0.35, 0.78, 1.0, 0.97, 0.66, 0.30, 0.06])
    body = resting_rod(np.stack([(s - 0.5) * length, 0 * s], axis=1), radii, draft.n(20))
    n = draft.size
    image = materials.skin(draft.stream("skin"), n, n, draft.rgb, shade(draft.rgb, 0.8), 0.5)
    for row in range(11):
        for column in range(9):
            at = ((column + 0.5 * (row % 2)) / 9, (row + 0.5) / 11)
            image = materials.dotted(image, (240, 208, 110), at, 0.014, 0.011)
    leaves = [
        sweep(
            spline(
                [
                    (0, 0, 0),
                    (-0.003, 0.007 * np.cos(a), 0.007 * np.sin(a)),
                    (0.002, 0.015 * np.cos(a), 0.015 * np.sin(a)),
                ],
                4,
            ),
            circle(6) * np.array([1.0, 0.35]),
            np.array([0.0022, 0.0042, 0.0036, 0.0008]),
            up=(1, 0, 0),
        ).moved(x=-0.5 * length + 0.001, z=radius * 0.86)
        for a in np.linspace(0, 2 * np.pi, 8)[:-1]
    ]
    crown = flattened(joined(leaves), 0.0008)
    return Design(
        [
            Part(body, draft.textured("food", materials.encoded(image), 0.5)),
            Part(crown, draft.plain("food", (70, 140, 44), 0.8)),
        ],
        rod_pieces(resting_rod, np.stack([(s - 0.5) * length, 0 * s], axis=1), radii, 2, 0.0012),
        "large {color} strawberry with green leaves",
        materials=("food",),
    )


@category(
    "egg",
    ("white", "brown", "beige"),
    ("object",),
    also=("chicken egg", "hen's egg", "boiled egg", "easter egg", "hard-boiled egg", "hen egg"),
    materials=("food",),
)
def egg(draft: Draft) -> Design:
    radius, length = draft.uniform(0.0200, 0.0222), draft.uniform(0.054, 0.060)
    t = np.linspace(0, np.pi, draft.n(18))
    x = -np.cos(t) * length / 2
    radii = np.maximum(radius * np.sin(t) * (1 + 0.14 * np.cos(t)), 0.0002)
    body = level_rod(np.stack([x, 0 * x], axis=1), radii, draft.n(24), 0.0018)
    color = mix(draft.rgb, (214, 160, 112), 0.7) if draft.color == "brown" else draft.rgb
    shell = draft.textured("food", draft.texture(materials.mottled, color, 0.04, 20), 0.6)
    return Design([Part(body, shell)], [standing_hull(body)], "egg lying on its side", materials=("food",))


@category(
    "donut",
    (
        "pink",
        "brown",
        "white",
        "yellow",
        "purple",
        "teal",
        "red",
        "orange",
        "green",
        "blue",
        "beige",
        "black",
    ),
    ("object",),
    also=("doughnut", "glazed donut", "ring donut", "frosted donut", "sprinkled donut"),
    materials=("food",),
)
def donut(draft: Draft) -> Design:
    outer, tube = draft.uniform(0.0262, 0.0282), draft.uniform(0.0110, 0.0118)
    middle, rise, flat = outer - tube, 1.08 * tube, 0.002
    ring = np.concatenate([circle(draft.n(26)) * middle, np.zeros((draft.n(26), 1))], axis=1)
    dough = sweep(ring, circle(draft.n(12)) * np.array([tube, rise]), closed=True)
    dough = flattened(dough, -rise + flat).moved(z=rise - flat)
    angles = np.linspace(0.02, np.pi - 0.02, draft.n(8))
    cover = np.stack([np.cos(angles) * (tube + 0.0009), np.sin(angles) * (rise + 0.0012)], axis=1)
    icing = sweep(ring, np.concatenate([cover, cover[::-1] * 0.6]), closed=True).moved(z=rise - flat)
    wave = draft.stream("drip").uniform(0, 2 * np.pi)

    def drips(points: np.ndarray) -> np.ndarray:
        angle = np.arctan2(points[:, 1], points[:, 0])
        low = points[:, 2] < rise - flat + 0.2 * tube
        shift = np.where(low, 0.0016 * np.sin(7 * angle + wave) + 0.0010 * np.sin(4 * angle), 0.0)
        return points + np.stack([0 * shift, 0 * shift, shift], axis=1)

    icing = icing.warped(drips, 60.0)
    n = draft.size
    image = materials.canvas(draft.rgb, n, n)
    stream = draft.stream("sprinkles")
    for index in range(90):
        u, v = stream.random(2)
        fill = ((236, 60, 60), (250, 210, 60), (70, 150, 230), (250, 250, 250), (90, 190, 90))[index % 5]
        image = materials.dotted(image, fill, (float(u), float(v)), *((0.010, 0.006) if index % 2 else (0.004, 0.014)))
    baked = draft.textured("food", draft.texture(materials.mottled, (206, 150, 86), 0.15), 0.8)
    glaze = draft.textured("food", materials.encoded(image), 0.35)
    return Design(
        [Part(dough, baked), Part(icing, glaze)],
        ring_pieces(middle - 0.72 * tube, outer, 2 * rise - flat),
        "donut with {color} icing and sprinkles",
        materials=("food",),
    )

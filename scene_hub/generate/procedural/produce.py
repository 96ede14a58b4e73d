"""More vegetables: bulbs, roots and gourds, in the colours that nature gives them."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import hull_of, standing_hull
from scene_hub.generate.materials import Rgb, mix, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.procedural.forms import LEAF, fruit_skin, resting_rod, rod_pieces
from scene_hub.generate.shapes import Surface, circle, ellipsoid, flattened, joined, lathe, loft, spline, sweep


def round_body(curve: np.ndarray, segments: int, flat: float, outline: np.ndarray | None = None) -> Surface:
    """A closed profile turned about z, pressed flat below by `flat` and set on z = 0."""
    curve = curve.copy()
    curve[:, 0] = np.maximum(curve[:, 0], 0.0)
    curve[[0, -1], 0] = 0.0
    return flattened(lathe(curve, segments, outline, crease=75.0), flat).moved(z=-flat)


def leaf_blade(knots: list[tuple[float, float, float]], widths: list[float], up: tuple[float, float, float]) -> Surface:
    """A thin leaf along a curve, its flat side towards `up`."""
    return sweep(spline(knots, len(widths)), circle(6) * np.array([1.0, 0.16]), np.array(widths), up=up)


def cut(body: Surface, at: float, axis: int = 2) -> tuple[Surface, Surface]:
    """What of a surface begins below `at` along an axis, and what lies beyond: two open halves to make hulls of."""
    low = body.triangles[..., axis].min(axis=1) < at
    first, second = (Surface(body.triangles[k], body.normals[k], body.uvs[k]) for k in (low, ~low))
    return first, second


def _streaks(draft: Draft, color: Rgb, dark: Rgb, count: int, amount: float) -> np.ndarray:
    """Skin with fine lines from pole to pole."""
    n = draft.size
    fine = materials.noise(draft.stream("streaks"), n, n, 2, count)
    cloud = materials.noise(draft.stream("cloud"), n, n, 4, 5)
    share = np.clip(amount * (1.6 * fine - 0.3) + 0.3 * (cloud - 0.5), 0, 1)[..., None]
    return np.asarray(color) * (1 - share) + np.asarray(dark) * share


@category(
    "onion",
    ("yellow", "red", "white", "brown", "purple"),
    ("object",),
    also=("onion bulb", "red onion", "white onion", "yellow onion", "brown onion", "shallot"),
)
def onion(draft: Draft) -> Design:
    radius, tall = draft.uniform(0.0255, 0.0292), draft.uniform(0.82, 1.0)
    neck, tip = draft.uniform(0.10, 0.14), draft.uniform(0.20, 0.30)
    h = 2 * radius * tall
    curve = spline(
        [
            (0.0, 0.0),
            (0.34 * radius, 0.01 * h),
            (0.80 * radius, 0.17 * h),
            (radius, 0.46 * h),
            (0.84 * radius, 0.77 * h),
            (0.40 * radius, 0.965 * h),
            (1.5 * neck * radius, 1.05 * h),
            (neck * radius, h * (1 + tip * 0.7)),
            (0.8 * neck * radius, h * (1 + tip)),
            (0.0, h * (1 + tip)),
        ],
        draft.n(26),
    )
    body = round_body(curve, draft.n(28), 0.0018)
    color: Rgb = {
        "yellow": (222, 160, 66),
        "red": (150, 40, 66),
        "white": (240, 234, 216),
        "brown": (176, 108, 50),
        "purple": (126, 44, 104),
    }[draft.color]
    color = mix(draft.rgb, color, 0.8)
    image = _streaks(draft, shade(color, 1.08), shade(color, 0.70), 60, 0.55)
    image = materials.banded(image, [(0.87, 1.0, mix(color, (176, 140, 92), 0.6))])
    return Design(
        [
            Part(body, draft.textured("food", materials.encoded(image), 0.35)),
        ],
        [hull_of(half) for half in cut(body, 0.98 * h)],
        "{color} onion with a papery skin",
        materials=("food",),
    )


@category(
    "garlic",
    ("white", "purple", "beige"),
    ("object",),
    label="garlic bulb",
    also=("garlic", "head of garlic", "bulb of garlic", "clove of garlic", "garlic clove"),
)
def garlic(draft: Draft) -> Design:
    radius, tall, cloves = draft.uniform(0.0245, 0.0285), draft.uniform(0.66, 0.80), draft.pick((7, 8, 9))
    neck, bend = draft.uniform(0.0045, 0.006), draft.uniform(0.0, 0.006)
    h = 2 * radius * tall
    curve = spline(
        [
            (0.0, 0.02 * h),
            (0.40 * radius, 0.0),
            (0.86 * radius, 0.16 * h),
            (radius, 0.42 * h),
            (0.80 * radius, 0.72 * h),
            (0.40 * radius, 0.92 * h),
            (neck * 1.25, 1.06 * h),
            (neck, 1.30 * h),
            (neck * 0.9, 1.46 * h),
            (0.0, 1.46 * h),
        ],
        draft.n(24),
    )
    segments = draft.n(5 * cloves, 26)
    body = lathe(curve, segments, crease=75.0)

    def lobed(points: np.ndarray) -> np.ndarray:
        turn = np.arctan2(points[:, 1], points[:, 0])
        level = np.clip(points[:, 2] / h, 0, 1)
        deep = 0.17 * np.sin(np.pi * np.clip(level, 0, 1)) ** 0.7
        grow = 1 - deep * (1 - np.abs(np.sin(cloves * turn / 2)) ** 0.7)
        sway = bend * np.clip(points[:, 2] / h - 0.85, 0, 1) * 1.6
        return np.stack([points[:, 0] * grow + sway, points[:, 1] * grow, points[:, 2]], axis=1)

    body = flattened(body.warped(lobed, 75.0), 0.0014).moved(z=-0.0014)
    color = {"white": (240, 234, 220), "purple": (216, 190, 206), "beige": (236, 220, 184)}[draft.color]
    dark = {"white": (206, 190, 176), "purple": (136, 78, 130), "beige": (204, 176, 128)}[draft.color]
    image = _streaks(draft, color, dark, 30, 0.75 if draft.color == "purple" else 0.5)
    image = materials.banded(image, [(0.94, 1.0, (196, 170, 120))])
    return Design(
        [Part(body, draft.textured("food", materials.encoded(image), 0.6))],
        [hull_of(half) for half in cut(body, h)],
        "garlic bulb with papery {color} skin",
        materials=("food",),
    )


@category("sweet_potato", ("orange", "purple", "brown"), ("object",), also=("yam", "batata", "kumara"))
def sweet_potato(draft: Draft) -> Design:
    length, radius, bend = draft.uniform(0.105, 0.125), draft.uniform(0.0215, 0.0255), draft.uniform(-0.007, 0.007)
    phase = draft.rng.uniform(0, 2 * np.pi, 3)
    fat = draft.uniform(0.42, 0.58)
    s = np.linspace(0, 1, draft.n(24))
    radii = np.interp(s, [0, 0.04, 0.16, fat, 0.84, 0.96, 1.0], [0.10, 0.24, 0.62, 1.0, 0.60, 0.22, 0.07])
    radii = radius * (radii + 0.03 * np.sin(9 * s + phase[0]))
    radii = np.maximum(np.convolve(np.pad(radii, 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid"), 0.0012)
    path = np.stack([(s - 0.5) * length, bend * np.sin(np.pi * s * 1.5)], axis=1)
    body = resting_rod(path, radii, draft.n(20), 0.0018)
    color: Rgb = {"orange": (202, 104, 56), "purple": (132, 58, 96), "brown": (164, 98, 66)}[draft.color]
    color = mix(draft.rgb, color, 0.75)
    image = materials.skin(draft.stream("skin"), draft.size, draft.size, color, shade(color, 0.80), 0.5)
    stream = draft.stream("eyes")
    for _ in range(22):
        u, v = stream.random(2)
        image = materials.dotted(
            image, shade(color, 0.52), (float(u), float(v)), float(stream.uniform(0.02, 0.06)), 0.006
        )
    return Design(
        [Part(body, draft.textured("food", materials.encoded(image), 0.85))],
        rod_pieces(resting_rod, path, radii, 4, 0.0018),
        "sweet potato with pointed ends",
        materials=("food",),
    )


@category("zucchini", ("green", "yellow"), ("object",), also=("courgette", "squash", "summer squash", "marrow"))
def zucchini(draft: Draft) -> Design:
    length, radius, bend = draft.uniform(0.115, 0.140), draft.uniform(0.0165, 0.0195), draft.uniform(0.0, 0.005)
    s = np.linspace(0, 1, draft.n(20))
    radii = radius * np.interp(s, [0, 0.03, 0.12, 0.5, 0.85, 0.96, 1.0], [0.56, 0.68, 0.80, 0.94, 1.0, 0.74, 0.30])
    path = np.stack([(s - 0.5) * length, bend * (1 - (2 * s - 1) ** 2)], axis=1)
    body = resting_rod(path, radii, draft.n(20), 0.0016)
    color = mix(draft.rgb, (38, 92, 34), 0.6) if draft.color == "green" else mix(draft.rgb, (244, 200, 50), 0.5)
    pale = mix(color, (206, 226, 140), 0.55)
    n = draft.size
    image = materials.stripes(n, color, mix(color, pale, 0.42), 9, 0.32)
    image = image * (0.9 + 0.2 * materials.noise(draft.stream("cloud"), n, n, 8, 9))[..., None]
    for at in draft.stream("flecks").random((150, 2)):
        image = materials.dotted(image, pale, (float(at[0]), float(at[1])), 0.010, 0.006)
    stem_path = spline([(0.004, 0, 0), (-0.008, 0, 0.0005), (-0.017, 0.002, 0.002)], 5)
    stem = sweep(stem_path, circle(draft.n(8)) * np.array([1, 0.95]), radius * np.array([0.52, 0.42, 0.34, 0.34, 0.44]))
    stem = stem.moved(x=float(path[0, 0]), z=float(radii[0]))
    return Design(
        [
            Part(body, draft.textured("food", materials.encoded(image), 0.4)),
            Part(flattened(stem, 0.0006), draft.plain("food", (150, 172, 96), 0.8)),
        ],
        [*rod_pieces(resting_rod, path, radii, 3, 0.0016), hull_of(stem)],
        "{color} zucchini with a cut stem",
        materials=("food",),
    )


@category(
    "chili_pepper",
    ("red", "green", "yellow", "purple"),
    ("object",),
    label="chili pepper",
    also=(
        "chili",
        "chilli",
        "chilli pepper",
        "chile",
        "hot pepper",
        "jalapeno",
        "cayenne pepper",
    ),
)
def chili_pepper(draft: Draft) -> Design:
    length, radius, bend = draft.uniform(0.092, 0.118), draft.uniform(0.0105, 0.0125), draft.uniform(0.010, 0.024)
    s = np.linspace(0, 1, draft.n(22))
    radii = radius * np.interp(s, [0, 0.03, 0.12, 0.35, 0.7, 0.92, 1.0], [0.62, 0.86, 1.0, 0.96, 0.66, 0.26, 0.07])
    path = np.stack(
        [(s - 0.5) * length, bend * (2 * s - 1) ** 2 * (s > 0.5) + bend * 0.25 * (s < 0.5) * (2 * s - 1) ** 2], axis=1
    )
    body = resting_rod(path, radii, draft.n(18), 0.0010)
    start, z = path[0], float(radii[0])
    lift = radius * 0.45
    stem_path = spline([(0.003, 0, z), (-0.010, 0.001, z + 0.3 * lift), (-0.027, 0.006, z + lift)], 6)
    stem = sweep(stem_path, circle(draft.n(8)), np.array([0.0050, 0.0034, 0.0026, 0.0023, 0.0023, 0.0030]))
    cap_path = np.array([[-0.004, 0, z], [-0.001, 0, z], [0.004, 0, z], [0.0065, 0, z]])
    cap = sweep(cap_path, circle(draft.n(12)), radius * np.array([0.35, 0.78, 0.98, 0.90]))
    green = joined([stem, flattened(cap, 0.0003)]).moved(x=float(start[0]), y=float(start[1]))
    return Design(
        [
            Part(body, fruit_skin(draft, draft.rgb, shade(draft.rgb, 0.82), 0.4, roughness=0.18)),
            Part(green, draft.plain("food", (72, 132, 50), 0.6)),
        ],
        [
            *rod_pieces(resting_rod, path, radii, 5, 0.0010, 10),
            hull_of(stem.moved(x=float(start[0]), y=float(start[1]))),
        ],
        "curved {color} chili pepper with a green stem",
        materials=("food",),
    )


@category("radish", ("red", "pink", "purple", "white"), ("object",), also=("red radish", "turnip", "beetroot", "beet"))
def radish(draft: Draft) -> Design:
    radius, long = draft.uniform(0.0200, 0.0235), draft.uniform(1.0, 1.25)
    tail = draft.uniform(0.022, 0.032)
    reach = radius * long
    t = np.linspace(0, 1, draft.n(26))
    x = np.interp(t, [0, 0.72, 1.0], [-reach, reach * 0.86, reach + tail])
    bulb = np.sqrt(np.clip(1 - (x / reach) ** 2, 0, 1)) * radius
    taper = np.interp(
        x, [reach * 0.7, reach, reach + 0.35 * tail, reach + tail], [0.2 * radius, 0.17 * radius, 0.09 * radius, 0.0008]
    )
    radii = np.maximum(np.maximum(bulb, np.where(x > 0, taper, 0.16 * radius)), 0.0008)
    # The root leaves the ball at the height of its middle and bends down to the table.
    axis = np.interp(x, [reach * 0.7, reach + tail], [radius - 0.0022, 0.0030])
    axis = np.maximum(axis, radii - 0.0022)
    body = flattened(
        sweep(np.stack([x, 0.002 * np.clip(t - 0.7, 0, 1), axis], axis=1), circle(draft.n(22)), radii), 0.0
    )
    n = draft.size
    image = materials.skin(draft.stream("skin"), n, n, draft.rgb, shade(draft.rgb, 0.85), 0.4)
    v = 1 - (np.arange(n) + 0.5)[:, None, None] / n
    fade = np.clip(
        (v - 0.58 + 0.05 * (materials.noise(draft.stream("fade"), n, n, 4, 9)[..., None] - 0.5)) / 0.12, 0, 1
    )
    image = image * (1 - fade) + np.asarray((244, 236, 226)) * fade
    leaves = []
    for index in range(5):
        turn = np.radians(-52 + 26 * index)
        long_leaf = 0.034 + 0.006 * (index % 2)
        c, si = np.cos(turn), np.sin(turn)
        # The outer leaves hang down to the table, so that it cannot roll.
        rise, tip = (0.005 + 0.006 * (index % 2), -0.006) if 0 < index < 4 else (0.0, 0.003 - radius)
        knots = [
            (0.004, 0, 0),
            (-0.35 * long_leaf * c, 0.35 * long_leaf * si, rise),
            (-0.75 * long_leaf * c, 0.75 * long_leaf * si, rise + 0.002),
            (-long_leaf * c, long_leaf * si, rise + tip),
        ]
        leaves.append(leaf_blade(knots, [0.0020, 0.0016, 0.0040, 0.0085, 0.0080, 0.0012], (0, 0, 1)))
    ball, root = cut(body, 0.9 * reach, 0)
    crown = flattened(joined(leaves).moved(x=-reach, z=radius - 0.002), 0.0)
    return Design(
        [
            Part(body, draft.textured("food", materials.encoded(image), 0.35)),
            Part(crown, draft.plain("food", LEAF, 0.8)),
        ],
        [standing_hull(ball, share=0.3), hull_of(root), hull_of(crown)],
        "{color} radish with green leaves",
        materials=("food",),
    )


@category(
    "pumpkin",
    ("orange", "white", "yellow"),
    ("object",),
    also=("gourd", "mini pumpkin", "jack-o-lantern", "small pumpkin"),
)
def pumpkin(draft: Draft) -> Design:
    radius, squash, lobes = draft.uniform(0.0272, 0.0294), draft.uniform(0.72, 0.92), draft.pick((8, 9, 10, 11))
    deep = draft.uniform(0.10, 0.15)
    height = radius * squash
    ball = ellipsoid(radius, radius, height, draft.n(4 * lobes), draft.n(18, 10))

    def lobed(points: np.ndarray) -> np.ndarray:
        angle = np.arctan2(points[:, 1], points[:, 0])
        near = np.clip(np.hypot(points[:, 0], points[:, 1]) / radius, 0, 1)
        groove = 1 - deep * (1 - np.abs(np.sin(lobes * angle / 2)) ** 0.6) * near**0.6
        dip = 1 - 0.30 * np.exp(-((near / 0.34) ** 2))
        return points * np.stack([groove, groove, dip], axis=1)

    low = -height * 0.93
    body = flattened(ball.warped(lobed, 80.0), low).moved(z=-low)
    top = -low + 0.70 * height
    color = {"orange": (238, 122, 22), "white": (240, 234, 216), "yellow": (240, 186, 50)}[draft.color]
    color = mix(draft.rgb, color, 0.6)
    lean = draft.uniform(0.002, 0.006)
    path = spline([(0, 0, top - 0.003), (0.0005, 0, top + 0.007), (lean, 0.001, top + 0.015)], 6)
    stem = sweep(path, circle(draft.n(10)), np.array([0.0074, 0.0052, 0.0042, 0.0040, 0.0042, 0.0052]))
    return Design(
        [
            Part(body, fruit_skin(draft, color, shade(color, 0.88), 0.5, roughness=0.5)),
            Part(stem, draft.plain("food", (108, 118, 58), 0.9)),
        ],
        [hull_of(body), hull_of(stem)],
        "ribbed {color} pumpkin with a stem",
        materials=("food",),
    )


@category(
    "cabbage",
    ("green", "purple", "white"),
    ("object",),
    also=("lettuce", "head of lettuce", "head of cabbage", "brussels sprout", "salad", "iceberg lettuce"),
)
def cabbage(draft: Draft) -> Design:
    radius, leaves = draft.uniform(0.0245, 0.0262), draft.pick((4, 5))
    open_by, turn = draft.uniform(1.06, 1.12), draft.uniform(0.0, 1.0)
    low = 0.90 * radius
    ball = flattened(ellipsoid(radius, radius, 0.96 * radius, draft.n(20), draft.n(12)), -low).moved(z=low)
    color = {"green": (140, 190, 84), "purple": (116, 52, 112), "white": (222, 230, 180)}[draft.color]
    color = mix(draft.rgb, color, 0.8)
    vein = mix(color, (244, 248, 220), 0.62)
    n = draft.size
    image = materials.skin(draft.stream("leaf"), n, n, color, shade(color, 0.86), 0.6)
    u, v = (np.arange(n) + 0.5)[None] / n, 1 - (np.arange(n) + 0.5)[:, None] / n
    side = np.abs(np.minimum(u * 2, 1.0) - 0.5) * 2  # the outside is the first half of the ring
    rib = side < 0.10 * (1.15 - v)
    twigs = (((v - 0.55 * side) * 7.0) % 1.0 < 0.13) & (side < 0.9)
    image[np.broadcast_to(twigs, image.shape[:2])] = mix(color, vein, 0.55)
    image[np.broadcast_to(rib, image.shape[:2])] = vein
    blades = []
    for index in range(leaves):
        angle = 2 * np.pi * (index / leaves) + turn
        blades.append(_cabbage_leaf(draft, radius * (1.01 + 0.025 * (index % 3)), angle, open_by, low))
    outer = joined(blades)
    return Design(
        [
            Part(ball, draft.plain("food", shade(color, 1.12), 0.7)),
            Part(flattened(outer, 0.0), draft.textured("food", materials.encoded(image), 0.65)),
        ],
        [standing_hull(ball, outer)],
        "{color} cabbage with crinkled leaves",
        materials=("food",),
    )


def _cabbage_leaf(draft: Draft, radius: float, angle: float, open_by: float, low: float) -> Surface:
    """A leaf that lies on a ball from its foot to near its top; each ring is its outside and, back again, its inside."""
    across = np.linspace(-1, 1, 6)
    rings = []
    for level in np.linspace(0, 1, draft.n(8, 6)):
        tilt = np.radians(-58 + 126 * level)
        wide = np.radians(54) * np.sin(np.pi * (0.20 + 0.56 * level)) ** 0.6
        flare = 1 + (open_by - 1) * level**3 + 0.022 * level**2 * np.sin(9 * across + 3 * angle)
        points = []
        for grow, order in ((flare, across), (flare - 0.045, across[::-1])):
            grow = grow if order is across else grow[::-1]
            turn = angle + order * wide
            points.append(
                np.stack(
                    [
                        radius * grow * np.cos(tilt) * np.cos(turn),
                        radius * grow * np.cos(tilt) * np.sin(turn),
                        low + radius * grow * 0.96 * np.sin(tilt),
                    ],
                    axis=1,
                )
            )
        rings.append(np.concatenate(points))
    first, last = (np.broadcast_to(ring.mean(axis=0), ring.shape) for ring in (rings[0], rings[-1]))
    return loft(np.stack([first, *rings, last]), crease=85.0)

"""Vegetables, in the colours that nature gives them."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Piece, hull_of, standing_hull, turned_hull
from scene_hub.generate.materials import mix, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.procedural.forms import LEAF, fruit_skin, level_rod, resting_rod, rod_pieces, stalk
from scene_hub.generate.shapes import circle, ellipsoid, flattened, joined, lathe, rounded, spline, sweep


def calyx(draft: Draft, radius: float, z: float, leaves: int, droop: float) -> Part:
    """A star of small green leaves around the z axis at height `z`."""
    arms = []
    for angle in np.arange(leaves) * 2 * np.pi / leaves:
        c, s = np.cos(angle), np.sin(angle)
        knots = [(0, 0, z), (0.5 * radius * c, 0.5 * radius * s, z + 0.001), (radius * c, radius * s, z - droop)]
        widths = np.array([0.0024, 0.0034, 0.0026, 0.0006])
        arms.append(sweep(spline(knots, 4), circle(6) * np.array([1.0, 0.4]), widths))
    return Part(joined(arms), draft.plain("food", LEAF, 0.8))


@category(
    "tomato",
    (
        "red",
        "yellow",
        "green",
        "orange",
    ),
    ("object",),
    also=("cherry tomato", "ripe tomato", "beefsteak tomato"),
    materials=("food",),
)
def tomato(draft: Draft) -> Design:
    radius, squash, lobes = draft.uniform(0.0262, 0.0294), draft.uniform(0.78, 0.90), draft.pick((5, 6, 7))
    height = radius * squash
    ball = ellipsoid(radius, radius, height, draft.n(30), draft.n(16))

    def lobed(points: np.ndarray) -> np.ndarray:
        angle = np.arctan2(points[:, 1], points[:, 0])
        near = np.clip(np.hypot(points[:, 0], points[:, 1]) / radius, 0, 1)
        factor = 1.0 - 0.018 * (1 + np.cos(lobes * angle)) * near * (1.4 - near)
        dip = np.where(points[:, 2] > 0, 1.0 - 0.14 * np.exp(-((near / 0.3) ** 2)), 1.0)
        return points * np.stack([factor, factor, dip], axis=1)

    body = flattened(ball.warped(lobed, 70.0), -height + 0.0024).moved(z=height - 0.0024)
    base = mix(draft.rgb, (140, 190, 60), 0.4) if draft.color == "green" else draft.rgb
    top = 1.86 * height - 0.001
    leaf = (150, 120, 60) if draft.color == "green" else LEAF
    return Design(
        [
            Part(body, fruit_skin(draft, base, shade(base, 0.9), 0.5, roughness=0.3)),
            calyx(draft, 0.55 * radius, top, 5, 0.0015),
            stalk(draft, top, 0.006, color=leaf),
        ],
        [standing_hull(body)],
        "round {color} tomato with a green calyx",
        materials=("food",),
    )


@category(
    "bell_pepper",
    (
        "red",
        "green",
        "yellow",
        "orange",
        "purple",
    ),
    ("object",),
    also=("pepper", "capsicum", "sweet pepper", "paprika", "bellpepper"),
    materials=("food",),
)
def bell_pepper(draft: Draft) -> Design:
    radius, height, lobes = draft.uniform(0.0265, 0.0294), draft.uniform(0.050, 0.062), draft.pick((3, 4))
    h = height
    curve = spline(
        [
            (0.0, 0.004),
            (0.45 * radius, 0.0),
            (0.78 * radius, 0.14 * h),
            (0.93 * radius, 0.5 * h),
            (radius, 0.76 * h),
            (0.72 * radius, 0.97 * h),
            (0.30 * radius, 0.97 * h),
            (0.0, 0.88 * h),
        ],
        draft.n(18),
    )
    curve[:, 0] = np.clip(curve[:, 0], 0.0, 1.0)
    curve[[0, -1], 0] = 0.0
    turn = draft.uniform(0.0, 1.0)
    segments = draft.n(32)
    outline = (
        circle(segments) * (0.95 + 0.05 * np.cos(lobes * (np.arange(segments) * 2 * np.pi / segments + turn)))[:, None]
    )
    body = flattened(lathe(curve, segments, outline, crease=70.0), 0.0012).moved(z=-0.0012)
    return Design(
        [
            Part(body, fruit_skin(draft, draft.rgb, shade(draft.rgb, 0.85), 0.3, roughness=0.25)),
            stalk(draft, 0.90 * h, draft.uniform(0.014, 0.018), 0.0038, (92, 142, 52)),
        ],
        [hull_of(body)],
        "bell pepper with a green stem",
        materials=("food",),
    )


@category(
    "eggplant",
    (
        "purple",
        "black",
        "white",
    ),
    ("object",),
    also=("aubergine", "brinjal", "egg plant"),
    materials=("food",),
)
def eggplant(draft: Draft) -> Design:
    length, radius, bend = draft.uniform(0.110, 0.130), draft.uniform(0.0245, 0.0285), draft.uniform(0.0, 0.008)
    s = np.linspace(0, 1, draft.n(20))
    radii = radius * np.interp(
        s, [0, 0.04, 0.2, 0.42, 0.7, 0.88, 0.97, 1.0], [0.42, 0.50, 0.60, 0.80, 1.0, 0.82, 0.42, 0.08]
    )
    path = np.stack([(s - 0.5) * length, bend * (1 - (2 * s - 1) ** 2)], axis=1)
    body = resting_rod(path, radii, draft.n(24), 0.0016)
    color = draft.rgb if draft.color == "white" else mix(draft.rgb, (60, 20, 90), 0.5)
    tip = float(path[0, 0])
    neck = float(radii[0])
    leaves = []
    for angle in np.arange(6) * np.pi / 3:
        c, si = np.cos(angle), np.sin(angle)
        reach = 0.024
        knots = [(0, 0, 0), (0.006, 1.02 * neck * c, 1.02 * neck * si), (reach, 1.42 * neck * c, 1.42 * neck * si)]
        leaves.append(
            sweep(
                spline(knots, 4),
                circle(6) * np.array([1.0, 0.35]),
                np.array([0.004, 0.0062, 0.0052, 0.001]),
                up=(0, c, si),
            )
        )
    star = joined(leaves).moved(x=tip, z=neck - 0.0016)
    stem = sweep(
        spline([(0.002, 0, 0), (-0.010, 0, 0.001), (-0.022, 0.003, 0.004)], 4),
        circle(draft.n(8)),
        np.array([0.0045, 0.0036, 0.0034, 0.0042]),
    )
    green = draft.plain("food", (74, 124, 52), 0.8)
    return Design(
        [
            Part(body, fruit_skin(draft, color, shade(color, 0.8), 0.5, roughness=0.2)),
            Part(joined([flattened(star, 0.0006), stem.moved(x=tip, z=neck)]), green),
        ],
        rod_pieces(resting_rod, path, radii, 4, 0.0016),
        "glossy {color} eggplant with a green cap",
        materials=("food",),
    )


@category("carrot", ("orange",), ("object",), also=("fresh carrot",), materials=("food",))
def carrot(draft: Draft) -> Design:
    length, radius = draft.uniform(0.110, 0.130), draft.uniform(0.0135, 0.0165)
    s = np.linspace(0, 1, draft.n(16))
    radii = radius * np.interp(s, [0, 0.03, 0.10, 0.5, 0.9, 1.0], [0.45, 0.86, 1.0, 0.78, 0.42, 0.12])
    path = np.stack([(s - 0.5) * length, 0.004 * np.sin(3 * s)], axis=1)
    body = resting_rod(path, radii, draft.n(18))
    image = materials.skin(draft.stream("skin"), draft.size, draft.size, draft.rgb, shade(draft.rgb, 0.8), 0.5)
    rings = np.sort(draft.stream("rings").random(9))
    image = materials.banded(image, [(float(at), float(at) + 0.012, shade(draft.rgb, 0.75)) for at in rings])
    leaves = []
    for index in range(5):
        turn = np.radians(-40 + 20 * index)
        reach = 0.026 + 0.006 * (index % 2)
        c, si = np.cos(turn), np.sin(turn)
        knots = [
            (0, 0, 0),
            (-0.5 * reach * c, 0.5 * reach * si, 0.004),
            (-reach * c, reach * si, 0.001 + 0.003 * (index % 3)),
        ]
        leaf = sweep(spline(knots, 4), circle(5) * np.array([1.0, 0.5]), np.array([0.0018, 0.003, 0.0042, 0.0012]))
        leaves.append(leaf.moved(x=-length / 2 + 0.002, z=radius * 0.7))
    return Design(
        [
            Part(body, draft.textured("food", materials.encoded(image), 0.6)),
            Part(joined(leaves), draft.plain("food", LEAF, 0.8)),
        ],
        rod_pieces(resting_rod, path, radii, 4, 0.0012),
        "carrot with green leaves",
        materials=("food",),
    )


@category(
    "cucumber", ("green",), ("object",), also=("gherkin", "pickle", "cuke", "english cucumber"), materials=("food",)
)
def cucumber(draft: Draft) -> Design:
    length, radius, bend = draft.uniform(0.120, 0.145), draft.uniform(0.0155, 0.0185), draft.uniform(0.0, 0.008)
    s = np.linspace(0, 1, draft.n(16))
    radii = radius * np.sqrt(np.clip(1 - np.abs(2 * s - 1) ** 7, 0.02, 1))
    path = np.stack([(s - 0.5) * length, bend * (1 - (2 * s - 1) ** 2)], axis=1)
    body = level_rod(path, radii, draft.n(18))
    dark = shade(draft.rgb, 0.72)
    image = materials.skin(
        draft.stream("skin"), draft.size, draft.size, dark, shade(draft.rgb, 1.15), 0.5, shade(draft.rgb, 1.6)
    )
    return Design(
        [Part(body, draft.textured("food", materials.encoded(image), 0.5))],
        rod_pieces(level_rod, path, radii, 3, 0.0016),
        "long {color} cucumber with bumpy skin",
        materials=("food",),
    )


@category(
    "corn",
    (
        "yellow",
        "white",
    ),
    ("object",),
    label="ear of corn",
    also=(
        "corn cob",
        "corncob",
        "corn on the cob",
        "cob of corn",
        "maize",
        "sweetcorn",
        "sweet corn",
        "ear of maize",
        "corn",
    ),
    materials=("food",),
)
def corn(draft: Draft) -> Design:
    length, radius = draft.uniform(0.105, 0.125), draft.uniform(0.0170, 0.0200)
    s = np.linspace(0, 1, draft.n(18))
    radii = radius * np.interp(s, [0, 0.04, 0.2, 0.6, 0.9, 0.98, 1.0], [0.55, 0.88, 1.0, 0.94, 0.62, 0.34, 0.10])
    path = np.stack([(s - 0.5) * length, 0 * s], axis=1)
    body = resting_rod(path, radii, draft.n(20))
    n = draft.size
    rows, columns = np.arange(n)[:, None] * 22.0 / n, np.arange(n)[None] * 14.0 / n
    kernel = np.sin(np.pi * (rows % 1.0)) * np.sin(np.pi * ((columns + 0.0 * rows) % 1.0))
    tint = materials.noise(draft.stream("tint"), n, n, 22, 14)
    image = materials.canvas(draft.rgb, n, n) * (0.55 + 0.50 * np.clip(kernel, 0, 1) ** 0.35 + 0.08 * tint)[..., None]
    husk = []
    for angle in (-0.9, -0.2, 0.5, 1.2, 2.0, 2.7, 3.6):
        c, si = np.cos(angle), np.sin(angle)
        knots = [
            (-0.016, 0, 0),
            (0.0, 0.8 * radius * c, 0.8 * radius * si),
            (0.022, 1.08 * radius * c, 1.08 * radius * si),
            (0.046, 1.16 * radius * c, 1.16 * radius * si),
        ]
        husk.append(
            sweep(
                spline(knots, 6),
                circle(6) * np.array([1.0, 0.14]),
                np.array([0.003, 0.007, 0.010, 0.010, 0.007, 0.001]),
                up=(0, c, si),
            )
        )
    leaves = flattened(joined(husk).moved(x=-length / 2, z=0.9 * radius), 0.0)
    return Design(
        [
            Part(body, draft.textured("food", materials.encoded(image), 0.5)),
            Part(leaves, draft.plain("food", (120, 160, 70), 0.8)),
        ],
        rod_pieces(resting_rod, path, radii, 3, 0.0012),
        "ear of {color} corn with green husk leaves",
        materials=("food",),
    )


@category(
    "potato",
    (
        "brown",
        "beige",
        "red",
        "yellow",
    ),
    ("object",),
    also=("spud", "russet potato", "raw potato", "baked potato", "tater"),
    materials=("food",),
)
def potato(draft: Draft) -> Design:
    x, y, z = draft.uniform(0.034, 0.042), draft.uniform(0.0235, 0.0275), draft.uniform(0.0185, 0.0220)
    phases = draft.rng.uniform(0, 2 * np.pi, 4)
    ball = ellipsoid(x, y, z, draft.n(24), draft.n(16))

    def lumps(points: np.ndarray) -> np.ndarray:
        px, py, pz = (points / np.array([x, y, z])).T
        bump = 0.035 * np.sin(3 * px + phases[0]) * np.cos(2 * py + phases[1]) + 0.03 * np.sin(
            2.5 * pz + 2 * px + phases[2]
        )
        return points * (1 + bump)[:, None]

    body = ball.warped(lumps, 70.0)
    low = float(body.points[:, 2].min()) + 0.0022
    body = flattened(body, low).moved(z=-low)
    base = mix(draft.rgb, (196, 150, 96), 0.65 if draft.color == "brown" else 0.35)
    return Design(
        [Part(body, fruit_skin(draft, base, shade(base, 0.8), 0.5, shade(base, 0.55), roughness=0.9))],
        [standing_hull(body)],
        "potato",
        materials=("food",),
    )


@category(
    "mushroom",
    (
        "white",
        "brown",
        "beige",
        "red",
        "gray",
    ),
    ("object",),
    also=("toadstool", "champignon", "button mushroom", "fungus"),
    materials=("food",),
)
def mushroom(draft: Draft) -> Design:
    cap, stem, height = draft.uniform(0.0225, 0.0265), draft.uniform(0.0105, 0.0125), draft.uniform(0.040, 0.048)
    low = 0.46 * height
    dome = spline(
        [
            (0.62 * stem, low + 0.004),
            (0.72 * cap, low + 0.001),
            (cap, low + 0.16 * (height - low)),
            (0.80 * cap, low + 0.68 * (height - low)),
            (0.36 * cap, 0.985 * height),
            (0.0, height),
        ],
        draft.n(16),
    )
    dome[-1, 0] = 0.0
    top = lathe(dome, draft.n(26), crease=60.0)
    leg = lathe(
        rounded(
            [(0, 0), (1.12 * stem, 0, 0.003), (0.92 * stem, 0.5 * low), (stem, low + 0.006), (0, low + 0.006)],
            draft.steps(3),
        ),
        draft.n(18),
    )
    image = materials.mottled(draft.stream("cap"), draft.size, draft.rgb, 0.10, 20)
    if draft.color == "red":
        stream = draft.stream("dots")
        for u, v in stream.random((16, 2)) * np.array([1.0, 0.42]) + np.array([0.0, 0.5]):
            image = materials.dotted(image, (244, 240, 230), (float(u), float(v)), 0.022 / max(0.2, 1.08 - v), 0.055)
    else:
        image = materials.banded(image, [(0.0, 0.26, shade(draft.rgb, 0.6))])
    pale = draft.plain("food", (234, 224, 204), 0.85)
    return Design(
        [Part(top, draft.textured("food", materials.encoded(image), 0.7)), Part(leg, pale)],
        [turned_hull(dome, 14), turned_hull(np.array([[1.1 * stem, 0], [stem, low + 0.004]]), 16)],
        "mushroom with a round {color} cap",
        materials=("food",),
    )


@category(
    "broccoli",
    (
        "green",
        "purple",
    ),
    ("object",),
    also=("broccoli floret", "head of broccoli", "broccoli head", "floret", "piece of broccoli", "broccoli stalk"),
    materials=("food",),
)
def broccoli(draft: Draft) -> Design:
    spread, height, base = draft.uniform(0.0155, 0.0175), draft.uniform(0.052, 0.062), draft.uniform(0.0125, 0.0145)
    low = 0.52 * height
    leg = lathe(
        rounded(
            [
                (0, 0),
                (base, 0, 0.002),
                (0.78 * base, 0.3 * low),
                (0.95 * base, low),
                (1.2 * base, low + 0.012),
                (0, low + 0.012),
            ],
            draft.steps(3),
        ),
        draft.n(14),
    )
    stream = draft.stream("florets")
    florets, radius = [], 0.0105
    places = [(0.0, 0.0, height - radius)]
    places += [
        (0.62 * spread * np.cos(a), 0.62 * spread * np.sin(a), height - 1.45 * radius)
        for a in np.arange(5) * 2 * np.pi / 5 + 0.3
    ]
    places += [(spread * np.cos(a), spread * np.sin(a), low + 0.0075) for a in np.arange(8) * 2 * np.pi / 8]
    for x, y, z in places:
        size = radius * float(stream.uniform(0.92, 1.05))
        ball = ellipsoid(size, size, 0.95 * size, draft.n(10), draft.n(8, 4))
        phase = stream.uniform(0, 6, 3)

        def knobby(points: np.ndarray, size: float = size, phase: np.ndarray = phase) -> np.ndarray:
            p = points / size
            bump = np.sin(7 * p[:, 0] + phase[0]) * np.sin(7 * p[:, 1] + phase[1]) * np.sin(7 * p[:, 2] + phase[2])
            return points * (1 + 0.10 * bump)[:, None]

        florets.append(ball.warped(knobby, 80.0).moved(float(x), float(y), float(z)))
    head = joined(florets)
    green = shade(draft.rgb, 0.85)
    crown = draft.textured("food", draft.texture(materials.mottled, green, 0.5, 24), 0.95)
    pieces: list[Piece] = [hull_of(head), turned_hull(np.array([[base, 0], [base, low + 0.006]]), 16)]
    return Design(
        [Part(head, crown), Part(leg, draft.plain("food", (150, 186, 96), 0.8))],
        pieces,
        "broccoli floret on a thick stalk",
        materials=("food",),
    )

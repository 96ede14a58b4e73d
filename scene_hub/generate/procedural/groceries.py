"""Groceries: what is bought in a box, a can, a tub or a bag."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Hull, box_between, hull_of, turned_hull
from scene_hub.generate.materials import PAINT, Rgb, mix, shade
from scene_hub.generate.procedural.bakery import smooth
from scene_hub.generate.procedural.bottles import label_image, wrapped
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.shapes import (
    BOX_FACES,
    Surface,
    atlas_box,
    box,
    circle,
    cylinder,
    extrude,
    joined,
    lathe,
    loft,
    rounded,
    rounded_box,
    rounded_rectangle,
    sweep,
)


@category(
    "juice_box",
    PAINT,
    ("object", "stackable"),
    also=(
        "juice",
        "juice carton",
        "box of juice",
        "drink box",
        "drink carton",
        "carton of juice",
        "apple juice",
        "orange juice",
        "juice pack",
        "boxed drink",
    ),
    materials=("cardboard", "plastic"),
)
def juice_box(draft: Draft) -> Design:
    wide, deep, tall = draft.uniform(0.046, 0.054), draft.uniform(0.034, 0.042), draft.uniform(0.062, 0.080)
    word = draft.pick(("JUICE", "APPLE", "ORANGE", "GRAPE", "BERRY"))
    color, n = draft.rgb, draft.size
    ink = materials.contrast_to(color)
    fruit: Rgb = draft.tint(draft.accent("red", "orange", "green", "purple", "yellow"))
    front = materials.banded(materials.canvas(color, n, n), [(0.0, 0.34, shade(color, 0.72))])
    for at, size in (((0.36, 0.30), 0.20), ((0.66, 0.24), 0.16)):
        front = materials.dotted(front, shade(fruit, 0.7), at, size, size * 0.72)
        front = materials.dotted(front, fruit, (at[0] - 0.012, at[1] + 0.014), size * 0.9, size * 0.64)
        front = materials.dotted(front, shade(fruit, 1.7), (at[0] - 0.06, at[1] + 0.06), size * 0.2, size * 0.14)
        front = materials.dotted(front, (66, 150, 60), (at[0] + 0.05, at[1] + size * 0.78), size * 0.42, size * 0.16)
    front = materials.printed(front, word, ink, (0.5, 0.72), 0.24, 0.84)
    plain = materials.canvas(shade(color, 0.94), n, n // 4)
    image = np.concatenate([front, plain], axis=1)
    face, flank = (0.0, 0.0, 0.79, 1.0), (0.82, 0.0, 0.99, 1.0)
    cells = {side: face if side in ("front", "back") else flank for side in BOX_FACES}
    body = atlas_box(wide, deep, tall, cells)
    x = wide / 2 + 0.0010
    straw = sweep(
        np.array([[x, -0.30 * deep, 0.14 * tall], [x, 0.30 * deep, 0.86 * tall]]),
        circle(draft.n(10)) * 0.0021,
        up=(1, 0, 0),
    )
    bands = materials.stripes(16, (250, 250, 246), fruit, 5, 0.4, upright=False)
    hole = cylinder(0.0035, 0.0003, draft.n(12)).moved(x=0.28 * wide, z=tall - 0.0001)
    return Design(
        [
            Part(body, draft.textured("cardboard", materials.encoded(image), 0.45, density=650.0)),
            Part(smooth(straw), draft.textured("plastic", materials.encoded(bands), 0.4)),
            Part(hole, draft.plain("steel", (206, 208, 212), 0.3)),
        ],
        [box_between((-wide / 2, -deep / 2, 0), (wide / 2, deep / 2, tall)), hull_of(straw)],
        "juice box with a straw on its side",
        support=support("surface", tall, (wide / 2 - 0.002, deep / 2 - 0.002), tall),
        materials=("cardboard",),
    )


@category(
    "yogurt_cup",
    PAINT,
    ("object", "stackable"),
    also=(
        "yogurt",
        "yoghurt",
        "yoghurt cup",
        "yogurt pot",
        "yoghurt pot",
        "pudding cup",
        "pudding",
        "cream cup",
        "cup of yogurt",
    ),
    materials=("plastic", "paper", "glass"),
)
def yogurt_cup(draft: Draft) -> Design:
    foot, top, height = draft.uniform(0.0205, 0.0230), draft.uniform(0.0255, 0.0282), draft.uniform(0.046, 0.062)
    fruit = draft.tint(draft.accent("red", "purple", "orange", "green"))
    profile = rounded([(0, 0), (foot, 0, 0.003), (top, height - 0.003), (0, height - 0.003)], draft.steps(3))
    n, color = draft.size, draft.rgb
    white: Rgb = (248, 246, 240) if draft.color != "white" else (92, 150, 214)
    image = materials.banded(materials.canvas(color, n, 2 * n), [(0.72, 1.0, white)])
    for at in (0.25, 0.75):
        image = materials.printed(image, "YOGURT", materials.contrast_to(color), (at, 0.56), 0.15, 0.36)
        for du in (-0.05, 0.0, 0.05):
            image = materials.dotted(image, fruit, (at + du, 0.42), 0.030, 0.048)
            image = materials.dotted(image, shade(fruit, 1.6), (at + du - 0.008, 0.44), 0.008, 0.012)
    body = lathe(profile, draft.n(28))
    rim = lathe(
        rounded(
            [
                (0, height - 0.003),
                (top + 0.0016, height - 0.003),
                (top + 0.0016, height - 0.0006),
                (0, height - 0.0006),
            ],
            1,
        ),
        draft.n(28),
    )
    tab = rounded_rectangle(0.0065, 0.0055, 0.004, draft.steps(3))
    foil = joined([cylinder(top + 0.0014, 0.0006, draft.n(28)), extrude(tab, 0.0006).moved(x=top + 0.003)]).moved(
        z=height - 0.0006
    )
    return Design(
        [
            Part(body, draft.textured("plastic", materials.encoded(image), 0.35, density=900.0)),
            Part(rim, draft.plain("plastic", white, 0.4)),
            Part(foil, draft.plain("steel", (214, 216, 220), 0.3, 0.5, density=300.0)),
        ],
        [
            turned_hull(
                np.array([[foot, 0], [top, height - 0.003], [top + 0.0016, height - 0.003], [top + 0.0016, height]]), 15
            )
        ],
        "cup of yogurt with a foil lid",
        support=support("surface", height, (0.62 * top, 0.62 * top), height),
        materials=("plastic",),
    )


@category(
    "butter",
    PAINT,
    ("object", "stackable"),
    label="stick of butter",
    also=(
        "butter",
        "butter stick",
        "block of butter",
        "margarine",
        "packet of butter",
        "butter block",
        "bar of butter",
    ),
    materials=("paper",),
)
def butter(draft: Draft) -> Design:
    x, y, tall = draft.uniform(0.038, 0.046), draft.uniform(0.0180, 0.0225), draft.uniform(0.030, 0.038)
    open_to = draft.uniform(0.15, 0.4)
    n, color = draft.size, draft.rgb
    ink = materials.contrast_to(color)
    split = x - 2 * open_to * x
    image = materials.banded(materials.canvas(color, n, n), [(0.06, 0.12, ink), (0.88, 0.94, ink)])
    image = materials.printed(image, draft.pick(("BUTTER", "BUTTER", "CREAMERY")), ink, (0.5, 0.5), 0.36, 0.86)
    shown = ("top", "front", "back")
    cells = {face: (0.0, 0.0, 1.0, 1.0) if face in shown else (0.01, 0.2, 0.04, 0.3) for face in BOX_FACES}
    paper = atlas_box(split + x, 2 * y, tall, cells).moved(x=(split - x) / 2)
    fold = box(0.010, 2 * y + 0.0016, tall + 0.0002).moved(x=split - 0.004)
    block = rounded_box(x - split + 0.010, 2 * y - 0.0016, tall - 0.0008, 0.0016, draft.steps(2)).moved(
        x=(x + split) / 2 - 0.005
    )
    return Design(
        [
            Part(paper, draft.textured("paper", materials.encoded(image), 0.5, density=800.0)),
            Part(fold, draft.plain("paper", mix(color, (246, 244, 236), 0.75), 0.6)),
            Part(block, draft.plain("food", (250, 222, 112), 0.4)),
        ],
        [box_between((-x, -y, 0), (x, y, tall))],
        "stick of butter in a {color} wrapper",
        support=support("surface", tall, (x - 0.003, y - 0.002), tall),
        materials=("paper", "food"),
    )


@category(
    "tuna_can",
    PAINT,
    ("object", "stackable"),
    label="tuna can",
    also=(
        "can of tuna",
        "tuna",
        "tuna tin",
        "tin of tuna",
        "fish can",
        "flat can",
        "cat food can",
        "can of fish",
        "sardine can",
    ),
    materials=("steel",),
)
def tuna_can(draft: Draft) -> Design:
    radius, height = draft.uniform(0.0272, 0.0295), draft.uniform(0.026, 0.034)
    word = draft.pick(("TUNA", "SALMON", "SARDINE"))
    r, h = radius, height
    color = draft.rgb
    ink = materials.contrast_to(color)
    label = label_image(draft, word, color, ink, mix(color, ink, 0.65), 3)
    profile = [
        (0, 0.0012),
        (0.86 * r, 0.0012),
        (0.90 * r, 0.0),
        (r, 0.0),
        (r + 0.0006, 0.0010),
        (r, 0.003),
        (r, h - 0.003),
        (r + 0.0006, h - 0.001),
        (r, h),
        (0.92 * r, h),
        (0.88 * r, h - 0.0012),
        (0, h - 0.0012),
    ]
    angles = np.linspace(0, 2 * np.pi, draft.n(16), endpoint=False)
    loop = np.stack(
        [0.0065 * np.cos(angles) + 0.28 * r, 0.0055 * np.sin(angles), np.full(len(angles), h - 0.0006)], axis=1
    )
    ring = smooth(sweep(loop, circle(6) * np.array([1.6, 0.6]) * 0.001, closed=True))
    tongue = rounded_box(0.014, 0.008, 0.0008, 0.0003, 1).moved(x=0.52 * r, z=h - 0.0012)
    shine = draft.plain("steel", (198, 200, 204), 0.3, 0.5, density=900.0)
    return Design(
        [
            Part(joined([lathe(np.array(profile), draft.n(32)), ring, tongue]), shine),
            wrapped(draft, r + 0.0004, 0.004, h - 0.004, label, 32),
        ],
        [turned_hull(np.array([[0.97 * r, 0], [r + 0.0004, 0.0015], [r + 0.0004, h - 0.0015], [0.97 * r, h]]), 15)],
        "flat tin can with a ring pull and a {color} label",
        support=support("surface", height, (0.62 * r, 0.62 * r), height),
        materials=("steel", "paper"),
    )


@category(
    "food_container",
    PAINT,
    ("object", "stackable"),
    also=(
        "tupperware",
        "plastic container",
        "tub",
        "food storage container",
        "leftover container",
        "closed lunch box",
        "container with a lid",
        "food tub",
    ),
    materials=("plastic", "glass", "steel"),
)
def food_container(draft: Draft) -> Design:
    x, y, tall = draft.uniform(0.036, 0.044), draft.uniform(0.0235, 0.0275), draft.uniform(0.036, 0.050)
    corner, lid = draft.uniform(0.008, 0.014), draft.uniform(0.008, 0.011)
    pale = mix(draft.rgb, (238, 242, 244), 0.72)
    inset = 0.0030
    outline = rounded_rectangle(x - inset, y - inset, corner, draft.steps(4))
    body = extrude(outline, tall - lid, 0.003, draft.steps(2), taper=-0.0016)
    cover = extrude(rounded_rectangle(x, y, corner + 0.001, draft.steps(4)), lid, 0.0018, draft.steps(2)).moved(
        z=tall - lid
    )
    panel = extrude(rounded_rectangle(x - 0.008, y - 0.007, corner * 0.6, draft.steps(3)), 0.0006).moved(
        z=tall - 0.0004
    )
    clips = [
        rounded_box(0.018, 0.0030, 0.014, 0.0009, 1).moved(y=side * (y + 0.0006), z=tall - lid - 0.006)
        for side in (1, -1)
    ]
    half_x, half_y = x - inset + 0.0016, y - inset + 0.0016
    low = [
        (sx * a, sy * b, z)
        for sx in (1, -1)
        for sy in (1, -1)
        for a, b, z in ((x - inset, y - inset, 0), (half_x, half_y, tall - lid))
    ]
    return Design(
        [
            Part(joined([cover, *clips]), draft.plain("plastic", roughness=0.4, density=700.0)),
            Part(body, draft.plain("plastic", pale, 0.15, density=500.0)),
            Part(panel, draft.plain("plastic", shade(draft.rgb, 0.86), 0.5)),
        ],
        [Hull(np.array(low)), box_between((-x, -y, tall - lid), (x, y, tall + 0.0002))],
        "food container with a {color} snap-on lid",
        support=support("surface", tall + 0.0002, (x - 0.006, y - 0.006), tall + 0.0002),
        materials=("plastic",),
    )


@category(
    "chip_bag",
    PAINT,
    ("object",),
    label="bag of chips",
    also=(
        "chip bag",
        "chips",
        "chips bag",
        "crisps",
        "bag of crisps",
        "snack bag",
        "bag of snacks",
        "potato chips",
        "packet of chips",
        "coffee bag",
        "bag of coffee",
        "snack",
        "popcorn",
        "bag of popcorn",
        "popcorn bag",
        "bag of candy",
        "candy bag",
        "pretzels",
        "bag of pretzels",
        "bag of nuts",
    ),
    materials=("plastic", "paper"),
)
def chip_bag(draft: Draft) -> Design:
    wide, deep, tall = draft.uniform(0.032, 0.038), draft.uniform(0.0140, 0.0175), draft.uniform(0.088, 0.104)
    word = draft.pick(("CHIPS", "CRISPS", "NACHOS", "SNACK"))
    seal = 0.010
    levels = np.array([0.0, 0.03, 0.20, 0.45, 0.70, 0.88, (tall - seal) / tall, (tall - seal) / tall + 0.004, 1.0])
    thick = deep * np.array([0.84, 0.96, 1.0, 0.93, 0.70, 0.34, 0.09, 0.07, 0.07])
    across = wide * np.array([0.88, 0.92, 0.93, 0.94, 0.96, 0.985, 1.0, 1.0, 1.0])
    unit = circle(draft.n(28))
    unit = np.sign(unit) * np.abs(unit) ** np.array([0.62, 0.85])
    rings = np.stack(
        [
            np.concatenate([unit * np.array([a, t]), np.full((len(unit), 1), z * tall)], axis=1)
            for a, t, z in zip(across, thick, levels, strict=True)
        ]
    )
    foot, head = (np.broadcast_to(ring.mean(axis=0), ring.shape)[None] for ring in (rings[0], rings[-1]))
    body = loft(np.concatenate([foot, rings, head]), crease=60.0)
    n, color = draft.size, draft.rgb
    ink = materials.contrast_to(color)
    front = materials.banded(
        materials.canvas(color, n, n), [(0.90, 1.0, mix(color, ink, 0.25)), (0.0, 0.05, mix(color, ink, 0.25))]
    )
    front = materials.dotted(front, draft.tint(draft.accent("yellow", "white", "red")), (0.5, 0.66), 0.42, 0.15)
    front = materials.printed(front, word, (44, 34, 34), (0.5, 0.66), 0.18, 0.66)
    for at, turn in (((0.38, 0.34), 0.8), ((0.62, 0.36), 1.1), ((0.50, 0.24), 0.9)):
        front = materials.dotted(front, (204, 144, 40), at, 0.15 * turn, 0.09)
        front = materials.dotted(front, (246, 200, 84), (at[0] - 0.01, at[1] + 0.012), 0.13 * turn, 0.075)
    # Laid on from the front and, mirrored, from behind.
    low, high = body.bounds
    flat = (body.triangles - low) / (high - low)
    behind = body.normals[..., 1].mean(axis=1) > 0
    u = np.where(behind[:, None], 1 - flat[..., 0], flat[..., 0])
    body = Surface(body.triangles, body.normals, 0.01 + 0.98 * np.stack([u, flat[..., 2]], axis=-1))
    half = rings[rings[:, 0, 2] <= 0.5 * tall].reshape(-1, 3), rings[rings[:, 0, 2] >= 0.4 * tall].reshape(-1, 3)
    return Design(
        [Part(body, draft.textured("plastic", materials.encoded(front), 0.3, density=260.0))],
        [Hull(points) for points in half],
        "standing {color} bag of chips",
        least_mass=0.03,
        materials=("plastic",),
    )

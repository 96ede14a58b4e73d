"""Cheese and sweet things: chocolate, ice cream."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import box_between, hull_of
from scene_hub.generate.materials import PAINT, Rgb, mix, shade
from scene_hub.generate.procedural.bakery import ICING, from_above
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.procedural.forms import resting_rod
from scene_hub.generate.shapes import (
    BOX_FACES,
    atlas_box,
    box,
    ellipsoid,
    extrude,
    flattened,
    joined,
    rounded,
    rounded_rectangle,
)


@category(
    "cheese",
    ("yellow", "orange", "beige"),
    ("object",),
    label="wedge of cheese",
    also=("cheese", "cheese wedge", "piece of cheese", "swiss cheese", "cheese block", "slice of cheese", "cheddar"),
)
def cheese(draft: Draft) -> Design:
    long, back, tip = draft.uniform(0.074, 0.090), draft.uniform(0.0235, 0.0270), draft.uniform(0.008, 0.010)
    height, holes = draft.uniform(0.032, 0.044), draft.pick((12, 16, 20))
    outline = rounded(
        [(0, -tip, 0.003), (long, -back, 0.003), (long + 0.007, 0, 0.02), (long, back, 0.003), (0, tip, 0.003)],
        draft.steps(4),
        closed=True,
    )
    body = extrude(outline, height, 0.0014, 1)
    base = {"yellow": (250, 206, 84), "orange": (244, 152, 44), "beige": (246, 230, 184)}[draft.color]
    color = mix(draft.rgb, base, 0.75)
    n = draft.size
    image = materials.mottled(draft.stream("paste"), n, color, 0.05, 12)
    stream = draft.stream("holes")
    for _ in range(holes):
        u, v, size = *stream.random(2), stream.uniform(0.028, 0.075)
        for du in (-1, 0, 1):  # the texture repeats: what crosses an edge comes in at the other
            for dv in (-1, 0, 1):
                at = (float(u) + du, float(v) + dv)
                image = materials.dotted(image, shade(color, 0.60), at, size, size)
                image = materials.dotted(
                    image, shade(color, 0.78), (at[0], at[1] - 0.25 * size), 0.86 * size, 0.72 * size
                )
    return Design(
        [Part(body.projected(0.07), draft.textured("food", materials.encoded(image), 0.5))],
        [hull_of(body)],
        "wedge of {color} cheese with holes",
        materials=("food",),
    )


@category(
    "chocolate_bar",
    PAINT,
    ("object",),
    label="chocolate bar",
    also=("bar of chocolate", "candy bar", "chocolate", "candy"),
)
def chocolate_bar(draft: Draft) -> Design:
    x, y, thick = draft.uniform(0.042, 0.052), draft.uniform(0.0185, 0.0235), draft.uniform(0.0165, 0.0190)
    bare = draft.uniform(0.30, 0.45)
    word = draft.pick(("CHOCO", "COCOA", "DARK", "NOUGAT", "NUTTY"))
    n, color = draft.size, draft.rgb
    ink = materials.contrast_to(color)
    split = x - 2 * bare * x
    image = materials.banded(materials.canvas(color, n, n), [(0.05, 0.11, ink), (0.89, 0.95, ink)])
    image = materials.printed(image, word, ink, (0.5, 0.5), 0.42, 0.86)
    cells = {face: (0.0, 0.0, 1.0, 1.0) if face == "top" else (0.01, 0.2, 0.04, 0.3) for face in BOX_FACES}
    wrap = atlas_box(split + x, 2 * y, thick, cells).moved(x=(split - x) / 2)
    tooth = 0.0045
    saw = [(split - 0.002, -y + 0.0004)]
    for index in range(6):
        low = -y + 0.0004 + index * (2 * y - 0.0008) / 6
        saw += [(split + tooth, low + (y - 0.0004) / 6), (split + 0.002, low + (2 * y - 0.0008) / 6)]
    saw += [(split - 0.002, y - 0.0004)]
    foil = extrude(np.array(saw), thick - 0.0008).moved(z=0.0004)
    columns = 2 if bare < 0.38 else 3
    pitch, row = (x - split) / columns, y - 0.0008
    base = box(x - split + 0.004, 2 * row, 0.62 * thick).moved(x=(x + split) / 2 - 0.002)
    squares = [
        extrude(rounded_rectangle(pitch / 2 - 0.0008, row / 2 - 0.0008, 0.001, 1), 0.32 * thick, 0.002, 1).moved(
            split + (index + 0.5) * pitch, side * row / 2, 0.60 * thick
        )
        for index in range(columns)
        for side in (1, -1)
    ]
    brown = draft.plain("food", (84, 46, 24), 0.4)
    return Design(
        [
            Part(wrap, draft.textured("paper", materials.encoded(image), 0.5, density=900.0)),
            Part(foil, draft.metal((214, 216, 220), density=300.0)),
            Part(joined([base, *squares]), brown),
        ],
        [box_between((-x, -y, 0), (split, y, thick)), box_between((split, -row, 0), (x, row, 0.92 * thick))],
        "chocolate bar in a {color} wrapper",
        materials=("food", "paper"),
    )


@category(
    "ice_cream",
    ICING,
    ("object",),
    label="ice cream cone",
    also=("ice cream", "icecream", "ice-cream cone", "waffle cone", "gelato", "cone"),
)
def ice_cream(draft: Draft) -> Design:
    cone, mouth = draft.uniform(0.066, 0.078), draft.uniform(0.0185, 0.0205)
    scoop, flakes = draft.uniform(0.0245, 0.0275), draft.chance(0.5)
    s = np.linspace(0, 1, draft.n(8, 6))
    radii = 0.0035 + (mouth - 0.0035) * s
    body = resting_rod(np.stack([(s - 1) * cone, 0 * s], axis=1), radii, draft.n(20), 0.0008)
    lip = resting_rod(
        np.array([[-0.012, 0], [-0.004, 0], [0.002, 0.0]]), np.array([1.0, 1.06, 1.1]) * mouth, draft.n(20)
    )
    n = draft.size
    u, v = (np.arange(n) + 0.5)[None] / n, (np.arange(n) + 0.5)[:, None] / n
    lines = (((u * 10 + v * 7) % 1.0) < 0.17) | (((u * 10 - v * 7) % 1.0) < 0.17)
    wafer: Rgb = (222, 164, 86)
    image = materials.mottled(draft.stream("wafer"), n, wafer, 0.1)
    image[lines] = shade(wafer, 0.66)
    phase = draft.rng.uniform(0, 2 * np.pi, 3)
    ball = ellipsoid(scoop, scoop, scoop, draft.n(24), draft.n(16))

    def lumpy(points: np.ndarray) -> np.ndarray:
        p = points / scoop * 5.0
        bump = np.sin(p[:, 0] + phase[0]) * np.sin(1.3 * p[:, 1] + phase[1]) + np.sin(
            1.2 * p[:, 2] + p[:, 0] + phase[2]
        )
        skirt = np.clip(-points[:, 0] / scoop - 0.30, 0, 1)
        angle = np.arctan2(points[:, 2], points[:, 1])
        grow = 1 + 0.02 * bump + 0.10 * skirt * (1 + 0.7 * np.sin(6 * angle))
        return points * grow[:, None]

    low = -scoop + 0.0032
    ball = flattened(ball.warped(lumpy, 70.0), low).moved(x=0.62 * scoop, z=-low)
    cream = materials.mottled(draft.stream("cream"), n, draft.rgb, 0.08, 24)
    if flakes:
        fleck = (74, 42, 26) if draft.color not in ("brown", "purple", "blue") else (250, 240, 220)
        for at in draft.stream("flakes").random((46, 2)):
            cream = materials.dotted(cream, fleck, (float(at[0]), float(at[1])), 0.014, 0.014)
    return Design(
        [
            Part(body, draft.textured("food", materials.encoded(image), 0.85, density=400.0)),
            Part(lip, draft.textured("food", materials.encoded(image), 0.85, density=400.0)),
            Part(ball.projected(0.06), draft.textured("food", materials.encoded(cream), 0.6)),
        ],
        [hull_of(body, lip), hull_of(ball)],
        "waffle cone with a scoop of {color} ice cream",
        materials=("food",),
    )


@category("popsicle", ICING, ("object",), also=("ice pop", "ice lolly", "lolly", "ice cream bar", "ice block"))
def popsicle(draft: Draft) -> Design:
    long, half, thick = draft.uniform(0.066, 0.078), draft.uniform(0.0190, 0.0235), draft.uniform(0.0175, 0.0205)
    split, bitten = draft.uniform(0.35, 0.65), draft.chance(0.4)
    other = mix(draft.rgb, (255, 246, 226), 0.75) if draft.chance(0.6) else None
    tip = [(long, half, 0.018)]
    if bitten:
        tip = [(long, half * 0.2, 0.004), (long - 0.011, half * 0.45, 0.008), (long - 0.009, half, 0.004)]
    outline = rounded([(0, -half, 0.005), (long, -half, 0.018), *tip, (0, half, 0.005)], draft.steps(6), closed=True)
    body = extrude(outline, thick, 0.0045, draft.steps(3))
    n = draft.size
    image = materials.mottled(draft.stream("ice"), n, draft.rgb, 0.08, 20)
    if other is not None:
        image[:, : int(split * n)] = materials.mottled(draft.stream("more"), n, other, 0.06, 20)[:, : int(split * n)]
    for row in (0.32, 0.68):
        image[int((row - 0.018) * n) : int((row + 0.018) * n), int(0.1 * n) : int(0.88 * n)] *= 0.86
    stick = rounded(
        [(-0.036, -0.0055, 0.005), (0.004, -0.0055), (0.004, 0.0055), (-0.036, 0.0055, 0.005)],
        draft.steps(4),
        closed=True,
    )
    wood = extrude(stick, 0.0040, 0.0006, 1).moved(z=thick / 2 - 0.002)
    return Design(
        [
            Part(from_above(body), draft.textured("food", materials.encoded(image), 0.35)),
            Part(wood, draft.wood((222, 188, 136))),
        ],
        [hull_of(body), hull_of(wood)],
        "popsicle on a wooden stick",
        materials=("food", "wood"),
    )

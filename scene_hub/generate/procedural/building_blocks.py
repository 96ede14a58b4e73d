"""Building blocks, dominoes, puzzle cubes."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Hull, Piece, box_between, hull_of, turned_hull
from scene_hub.generate.materials import PAINT, Rgb, contrast_to
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.procedural.solids import rectangle, standing_plate, top_face
from scene_hub.generate.shapes import (
    BOX_FACES,
    atlas_box,
    cylinder,
    joined,
    lathe,
    rounded,
    rounded_box,
)


@category(
    "puzzle_cube",
    ("black", "white", "gray", "blue", "pink"),
    ("object", "stackable"),
    label="puzzle cube",
    also=("rubik's cube", "rubiks cube", "rubik cube", "magic cube", "rubik's puzzle"),
)
def puzzle_cube(draft: Draft) -> Design:
    side, n = draft.uniform(0.042, 0.052), draft.size
    hues: tuple[Rgb, ...] = (
        (200, 24, 30),
        (20, 70, 190),
        (240, 120, 20),
        (20, 140, 60),
        (250, 210, 30),
        (246, 246, 240),
    )
    stream, solved = draft.stream("stickers"), draft.chance(0.35)
    frame = draft.rgb
    faces, cells = [], {}
    for index, face in enumerate(BOX_FACES):
        image = materials.canvas(frame, n, n)
        for row in range(3):
            for column in range(3):
                hue = hues[index if solved else int(stream.integers(6))]
                edge = max(1, n // 40)
                rows, columns = (slice(k * n // 3 + edge, (k + 1) * n // 3 - edge) for k in (row, column))
                image[rows, columns] = hue
        faces.append(image)
        cells[face] = ((index + 0.004) / 6, 0.0, (index + 0.996) / 6, 1.0)
    body = atlas_box(side, side, side, cells)
    paint = draft.textured("plastic", materials.encoded(np.concatenate(faces, axis=1), 16), 0.3, density=600.0)
    half = side / 2
    return Design(
        [Part(body, paint)],
        [box_between((-half, -half, 0), (half, half, side))],
        "puzzle cube with coloured stickers",
        support=support("surface", side, (half - 0.002, half - 0.002), side),
        materials=("plastic",),
    )


@category(
    "domino",
    PAINT,
    ("object", "stackable"),
    label="domino",
    also=(
        "domino tile",
        "domino piece",
        "domino stone",
        "mahjong tile",
        "mahjong piece",
        "mahjong",
    ),
    materials=("plastic", "wood", "stone"),
)
def domino(draft: Draft) -> Design:
    x, thick = draft.uniform(0.028, 0.034), draft.uniform(0.0160, 0.0190)
    y = 2 * x
    body = rounded_box(x, y, thick, 0.002, draft.steps(2))
    ink = contrast_to(draft.rgb)
    pip = lathe(np.array([(0.085 * x, 0), (0.085 * x, 0.0006), (0, 0.0006)]), draft.n(10))
    near, spots = (
        0.28 * x,
        {
            1: [(0, 0)],
            2: [(-1, -1), (1, 1)],
            3: [(-1, -1), (0, 0), (1, 1)],
            4: [(a, b) for a in (-1, 1) for b in (-1, 1)],
        },
    )
    spots[5] = [*spots[4], (0, 0)]
    spots[6] = [(a, b) for a in (-1, 1) for b in (-1, 0, 1)]
    pips = [
        pip.moved(u * near, v * near + s * x / 2, thick - 0.0002)
        for s in (1, -1)
        for u, v in spots[draft.pick((1, 2, 3, 4, 5, 6))]
    ]
    bar = top_face(rectangle(0.38 * x, 0.0009), thick)
    return Design(
        [
            Part(body, draft.plain("plastic", roughness=0.3, density=1100.0)),
            Part(joined([*pips, bar]), draft.plain("plastic", ink, 0.4)),
        ],
        [box_between((-x / 2, -y / 2, 0), (x / 2, y / 2, thick))],
        "large {color} domino with dots",
        support=support("surface", thick, (x / 2 - 0.002, y / 2 - 0.004), thick),
        materials=("plastic",),
    )


@category(
    "cylinder_block",
    PAINT,
    ("object", "stackable"),
    label="cylinder",
    also=("cylinder block", "cylindrical block", "round block", "wooden cylinder", "toy cylinder"),
    materials=("wood", "plastic", "foam", "rubber", "stone"),
)
def cylinder_block(draft: Draft) -> Design:
    radius, tall = draft.uniform(0.0190, 0.0245), draft.uniform(0.034, 0.048)
    body = cylinder(radius, tall, draft.n(32), 0.0022, draft.steps(2))
    return Design(
        [Part(body.projected(0.08, "z"), draft.wood(draft.rgb, density=700.0))],
        [
            turned_hull(
                np.array([[radius - 0.0012, 0], [radius, 0.0015], [radius, tall - 0.0015], [radius - 0.0012, tall]]), 15
            )
        ],
        draft.pick(("wooden cylinder", "round {color} building block")),
        support=support("surface", tall, (0.62 * radius, 0.62 * radius), tall),
        materials=("wood",),
    )


@category(
    "arch_block",
    PAINT,
    ("object", "stackable"),
    label="arch block",
    also=("arch", "bridge block", "arched block", "wooden arch", "toy bridge"),
    materials=("wood", "plastic", "foam", "stone"),
)
def arch_block(draft: Draft) -> Design:
    half, tall, deep = draft.uniform(0.034, 0.040), draft.uniform(0.034, 0.040), draft.uniform(0.026, 0.034)
    hole = draft.uniform(0.44, 0.54) * half
    turn = np.linspace(0.0, np.pi, draft.n(16))
    arc = np.stack([hole * np.cos(turn), hole * np.sin(turn)], axis=1)
    outline = np.concatenate([[(half, 0), (half, tall), (-half, tall), (-half, 0)], arc[::-1]])
    body = standing_plate(outline, deep)
    y = deep / 2
    slabs: list[Piece] = [
        box_between(
            (s * (hole + half) / 2 - (half - hole) / 2, -y, 0), (s * (hole + half) / 2 + (half - hole) / 2, y, tall)
        )
        for s in (1, -1)
    ]
    cuts = np.linspace(0, np.pi, 7)
    for a, b in zip(cuts[:-1], cuts[1:], strict=True):
        plane = np.array(
            [
                (hole * np.cos(a), hole * np.sin(a)),
                (hole * np.cos(b), hole * np.sin(b)),
                (hole * np.cos(b), tall),
                (hole * np.cos(a), tall),
            ]
        )
        slabs.append(Hull(np.concatenate([np.c_[plane[:, 0], np.full(4, k), plane[:, 1]] for k in (-y, y)])))
    return Design(
        [Part(body.projected(0.08), draft.wood(draft.rgb, density=700.0))],
        slabs,
        "wooden arch block",
        support=support("surface", tall, (half - 0.004, y - 0.003), tall),
        materials=("wood",),
    )


@category(
    "triangle_block",
    PAINT,
    ("object",),
    label="triangle block",
    also=("triangle", "triangular block", "roof block", "prism", "triangular prism", "wedge block", "wooden triangle"),
    materials=("wood", "plastic", "foam"),
)
def triangle_block(draft: Draft) -> Design:
    half, tall, deep = draft.uniform(0.028, 0.036), draft.uniform(0.032, 0.040), draft.uniform(0.028, 0.036)
    outline = rounded([(-half, 0, 0.002), (half, 0, 0.002), (0, tall, 0.003)], draft.steps(2), True)
    body = standing_plate(outline, deep, 0.0015, 1)
    return Design(
        [Part(body, draft.plain("wood", roughness=0.45, density=700.0))],
        [hull_of(body)],
        "wooden triangle block",
        materials=("wood",),
    )

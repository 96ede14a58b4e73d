"""Flat things that others are put on: trays, boards, notebooks, mats, towels."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Piece, box_between, box_vessel, turned_hull
from scene_hub.generate.looks import LOOKS
from scene_hub.generate.materials import DYE, METALLIC_COLORS, PAINT, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.containers import rectangle_outline
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.shapes import (
    BOX_FACES,
    Surface,
    atlas_box,
    circle,
    cylinder,
    extrude,
    joined,
    offset_loft,
    rounded,
    rounded_box,
    rounded_rectangle,
    sweep,
)


@category(
    "tray",
    PAINT,
    ("surface",),
    also=(
        "serving tray",
        "wooden tray",
        "plastic tray",
        "cafeteria tray",
        "tea tray",
        "baking tray",
        "breakfast tray",
    ),
    materials=("plastic", "wood", "steel", "ceramic", "wicker", "glass", "leather", "copper", "stone", "cardboard"),
)
def tray(draft: Draft) -> Design:
    x, y = draft.uniform(0.105, 0.130), draft.uniform(0.085, 0.105)
    height, wall, lean = draft.uniform(0.016, 0.024), 0.005, draft.uniform(0.004, 0.010)
    corner, floor = draft.uniform(0.012, 0.03), 0.006
    profile = rounded(
        [
            (-y, 0),
            (0, 0, 0.003),
            (lean, height, 0.002),
            (lean - wall, height, 0.002),
            (-wall, floor, 0.004),
            (-y, floor),
        ],
        2,
    )
    body = offset_loft(profile, rectangle_outline(x, y, corner, draft.steps(4)))
    if draft.made_of("wood", draft.color in ("brown", "beige")):
        body, material, words = body.projected(0.25), draft.wood(draft.rgb), "wooden serving tray"
    elif draft.made_of("steel", draft.color in METALLIC_COLORS):
        body, material, words = body.projected(0.2), draft.look("steel"), "metal tray"
    else:
        material, words = (
            draft.plastic(),
            draft.pick(("plastic tray", "{color} serving tray", "rectangular {color} tray")),
        )
    return Design(
        [Part(body, material)],
        box_vessel((x, y), (x + lean, y + lean), height, wall, floor),
        words,
        support=support("surface", floor, (x - wall - 0.008, y - wall - 0.008), height),
        least_mass=0.25,
    )


@category(
    "cutting_board",
    PAINT,
    ("surface",),
    also=(
        "chopping board",
        "board",
        "bread board",
        "breadboard",
        "cheese board",
        "wooden board",
        "butcher block",
        "carving board",
        "cutting mat",
        "serving board",
    ),
    materials=("wood", "plastic", "stone", "glass", "steel", "rubber", "cork"),
)
def cutting_board(draft: Draft) -> Design:
    x, y, thick = draft.uniform(0.105, 0.125), draft.uniform(0.078, 0.092), draft.uniform(0.013, 0.018)
    corner, grip = draft.uniform(0.008, 0.022), draft.chance(0.6)
    neck, tail = draft.uniform(0.018, 0.022), draft.uniform(0.05, 0.07)
    steps = draft.steps(3)
    if grip:
        outline = rounded(
            [
                (x, -y, corner),
                (x, y, corner),
                (-x, y, corner),
                (-x, neck, 0.012),
                (-x - tail, neck, 0.016),
                (-x - tail, -neck, 0.016),
                (-x, -neck, 0.012),
                (-x, -y, corner),
            ],
            steps + 1,
            closed=True,
        )
    else:
        outline = rounded_rectangle(x, y, corner, steps)
    pieces: list[Piece] = [box_between((-x, -y, 0), (x, y, thick))]
    if grip:
        pieces.append(box_between((-x - tail, -neck, 0), (-x, neck, thick)))
    wooden = draft.made_of("wood", draft.color in ("brown", "beige"))
    material = draft.wood(draft.rgb) if wooden else draft.plastic()
    return Design(
        [Part(extrude(outline, thick, 0.003, 1).projected(0.2), material)],
        pieces,
        f"{'wooden' if wooden else 'plastic'} cutting board{' with a handle' if grip else ''}",
        support=support("surface", thick, (x - 0.012, y - 0.012), thick),
        least_mass=0.2,
    )


@category(
    "notebook",
    PAINT,
    ("surface",),
    also=(
        "spiral notebook",
        "notepad",
        "writing pad",
        "note pad",
        "journal",
        "exercise book",
        "sketchbook",
        "diary",
        "pad",
    ),
    materials=("cardboard", "paper", "leather", "fabric", "plastic"),
)
def notebook(draft: Draft) -> Design:
    x, y, thick = draft.uniform(0.082, 0.095), draft.uniform(0.105, 0.120), draft.uniform(0.012, 0.018)
    n, color = draft.size, draft.rgb
    ink = materials.contrast_to(color)
    made = draft.substance("cardboard", "paper", "leather", "fabric")
    bare = materials.canvas(color, n, n) if made in ("cardboard", "paper") else draft.image(made)
    cover = bare.copy()
    cover[int(0.18 * n) : int(0.42 * n), int(0.25 * n) : int(0.75 * n)] = (240, 238, 230)
    cover = materials.printed(cover, draft.pick(("NOTES", "IDEAS", "LOG")), (50, 50, 58), (0.5, 0.7), 0.14, 0.46)
    cover[:, int(0.92 * n) : int(0.94 * n)] = ink
    plain = (0.02, 0.02, 0.05, 0.05)
    cells = {face: (0.0, 0.0, 1.0, 1.0) if face == "top" else plain for face in BOX_FACES}
    board = 0.002
    top = atlas_box(2 * x, 2 * y, board, cells).moved(z=thick - board)
    bottom = rounded_box(2 * x, 2 * y, board, 0.0008, 1)
    pages = materials.stripes(32, (240, 236, 222), (216, 210, 192), 10, upright=False)
    block = atlas_box(2 * x - 0.006, 2 * y - 0.006, thick - 2 * board, dict.fromkeys(BOX_FACES, (0.0, 0.0, 1.0, 1.0)))
    rings = [_ring(draft, -x + 0.004, at, thick) for at in np.linspace(-0.85 * y, 0.85 * y, 9)]
    return Design(
        [
            Part(top, draft.textured(made, materials.encoded(cover), 0.6)),
            Part(bottom, draft.plain(made, color)),
            Part(block.moved(z=board), draft.textured("paper", materials.encoded(pages), 0.9)),
            Part(joined(rings), draft.metal((60, 60, 64))),
        ],
        [box_between((-x, -y, 0), (x, y, thick))],
        "spiral notebook with a label",
        support=support("surface", thick, (x - 0.014, y - 0.010), thick),
        least_mass=0.2,
        materials=(made, "paper"),
        main=made,
    )


def _ring(draft: Draft, x: float, y: float, thick: float) -> Surface:
    radius = thick / 2 + 0.0012
    loop = circle(draft.n(10)) * np.array([0.007, radius])
    path = np.stack([x - 0.003 + loop[:, 0], np.full(len(loop), y), thick / 2 + loop[:, 1]], axis=1)
    path[:, 2] = np.maximum(path[:, 2], 0.0012)
    return sweep(path, circle(4) * 0.0012, up=(0, 1, 0), closed=True)


@category(
    "mousepad",
    DYE,
    ("surface",),
    also=("mouse pad", "mouse mat", "mousemat", "desk pad", "pad", "mat", "desk mat"),
    materials=("fabric", "rubber", "leather", "cork", "felt", "plastic"),
)
def mousepad(draft: Draft) -> Design:
    x, y, thick = draft.uniform(0.115, 0.130), draft.uniform(0.095, 0.108), 0.006
    pad = extrude(rounded_rectangle(x, y, draft.uniform(0.008, 0.022), draft.steps(4)), thick, 0.0012, 1)
    image = draft.texture(materials.fabric, draft.rgb)
    base = extrude(rounded_rectangle(x - 0.0006, y - 0.0006, 0.012, draft.steps(3)), 0.002)
    return Design(
        [Part(pad.projected(0.03), draft.textured("fabric", image, 0.95)), Part(base, draft.rubber())],
        [box_between((-x, -y, 0), (x, y, thick))],
        "cloth mousepad",
        support=support("surface", thick, (x - 0.012, y - 0.012), thick),
        least_mass=0.2,
        materials=("fabric", "rubber"),
    )


@category(
    "chessboard",
    (
        "brown",
        "black",
        "green",
        "red",
        "blue",
        "purple",
        "gray",
        "teal",
        "orange",
        "pink",
    ),
    ("surface",),
    also=("chess board", "checkerboard", "checker board", "game board", "chess set board", "board"),
    materials=("wood", "plastic", "stone", "glass", "leather", "cardboard"),
)
def chessboard(draft: Draft) -> Design:
    half, thick, edge = draft.uniform(0.100, 0.115), draft.uniform(0.010, 0.014), 0.010
    made = draft.substance("wood", "plastic", "stone", "glass", "leather", "cardboard")
    dark, light = shade(draft.rgb, 0.95), (236, 220, 188)
    grain = 0.45 + 0.55 * draft.image(made, (255, 255, 255), 72) / 255.0
    border = materials.canvas(shade(draft.rgb, 0.7), 72, 72)
    border[4:-4, 4:-4] = materials.checker(64, light, dark, 8)
    u = 1.0 / 72
    cells = {face: (0.0, 0.0, 1.0, 1.0) if face == "top" else (u, u, 3 * u, 3 * u) for face in BOX_FACES}
    board = atlas_box(2 * half, 2 * half, thick, cells)
    return Design(
        [Part(board, draft.textured(made, materials.encoded(border * grain), 0.5))],
        [box_between((-half, -half, 0), (half, half, thick))],
        f"{{color}} and cream {LOOKS[made].adjective} chessboard",
        support=support("surface", thick, (half - edge, half - edge), thick),
        least_mass=0.25,
    )


@category(
    "towel",
    DYE,
    ("surface",),
    label="folded towel",
    also=(
        "dish towel",
        "hand towel",
        "tea towel",
        "kitchen towel",
        "bath towel",
        "cloth",
        "rag",
        "dishcloth",
        "dish cloth",
        "folded cloth",
        "washcloth",
        "blanket",
        "folded blanket",
        "tablecloth",
    ),
    materials=("fabric", "paper"),
)
def towel(draft: Draft) -> Design:
    x, y, layer = draft.uniform(0.095, 0.115), draft.uniform(0.075, 0.090), draft.uniform(0.0070, 0.0085)
    cloth = draft.texture(materials.fabric, draft.rgb)
    image = materials.fabric(draft.stream("cloth"), draft.size, draft.rgb)
    if draft.chance(0.6):
        stripe = materials.contrast_to(draft.rgb)
        image = materials.banded(
            image, [(0.10, 0.14, stripe), (0.17, 0.19, stripe), (0.81, 0.83, stripe), (0.86, 0.90, stripe)]
        )
    low = rounded_box(2 * x, 2 * y, layer, 0.003, draft.steps(2))
    folds = [low, low.scaled(0.985, 0.985, 1.0).moved(z=layer)]
    top = low.scaled(0.97, 0.97, 1.0).moved(z=2 * layer)
    flat = Surface(top.triangles, top.normals, top.triangles[..., :2] / np.array([2 * x, 2 * y]) + 0.5)
    thick = 3 * layer
    return Design(
        [
            Part(joined(folds).projected(0.04), draft.textured("fabric", cloth, 0.95)),
            Part(flat, draft.textured("fabric", materials.encoded(image), 0.95)),
        ],
        [box_between((-x, -y, 0), (x, y, thick))],
        "folded {color} towel",
        support=support("surface", thick, (x - 0.015, y - 0.015), thick),
        least_mass=0.2,
        materials=("fabric",),
    )


@category(
    "coaster",
    PAINT,
    ("surface",),
    also=("drink coaster", "cup coaster", "beer mat", "pot holder", "hot pad", "cup mat"),
    materials=("felt", "wood", "cork", "stone", "leather", "ceramic", "glass", "rubber", "plastic", "steel", "fabric"),
)
def coaster(draft: Draft) -> Design:
    round_one, half, thick = draft.chance(0.5), draft.uniform(0.058, 0.066), draft.uniform(0.008, 0.010)
    if round_one:
        body, pieces = (
            cylinder(half, thick, draft.n(36), 0.0015, 1),
            [turned_hull(np.array([[half, 0], [half, thick]]), 28)],
        )
    else:
        body = extrude(rounded_rectangle(half, half, 0.010, draft.steps(4)), thick, 0.0015, 1)
        pieces = [box_between((-half, -half, 0), (half, half, thick))]
    wooden = draft.made_of("wood", draft.color in ("brown", "beige"))
    felt = draft.textured("felt", draft.texture(materials.mottled, draft.rgb, 0.22, 28), 0.95, density=900.0)
    inner = 0.66 * half if round_one else half - 0.012
    return Design(
        [Part(body.projected(0.1), draft.wood(draft.rgb) if wooden else felt)],
        list(pieces),
        f"{'round' if round_one else 'square'} {{color}} {'wooden' if wooden else 'felt'} coaster",
        support=support("surface", thick, (inner, inner), thick),
        least_mass=0.15,
    )

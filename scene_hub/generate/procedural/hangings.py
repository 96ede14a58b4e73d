"""What hangs on the walls of a room: windows, doors, pictures, boards; in the frame of a wall, from z = 0 upward."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.materials import Rgb, mix, shade
from scene_hub.generate.procedural import finishes
from scene_hub.generate.procedural.design import Draft, Part
from scene_hub.generate.procedural.furniture import DARK, Look, bar, gloss, tub
from scene_hub.generate.procedural.interiors import Piece, block, facing, paint, solid
from scene_hub.generate.shapes import cylinder


def window(draft: Draft) -> Piece:
    """A window: frame, bars, what is outside, perhaps curtains or a blind."""
    width, height = draft.uniform(0.7, 1.5), draft.uniform(0.7, 1.25)
    panes, thick = (draft.pick((1, 2, 2, 3)), draft.pick((1, 1, 2))), draft.uniform(0.03, 0.06)
    frame: Rgb = draft.pick(((240, 240, 238), (240, 240, 238), (92, 66, 46), (52, 54, 58), (168, 120, 76)))
    image = draft.texture(finishes.window, draft.pick(finishes.VIEWS), frame, panes, thick, tag="window")
    half = width / 2
    sill = block((-half - 0.06, half + 0.06), (0.0, 0.12), (-0.06, 0.0))
    parts = [
        Part(facing((-half, half), 0.02, (0.0, height)), draft.textured("glass", image, 0.3)),
        solid(paint(frame), sill),
    ]
    dress, wide, drop = draft.pick(("bare", "curtains", "blind")), draft.uniform(0.2, 0.34), draft.uniform(0.15, 0.5)
    color = draft.tint(draft.pick(("beige", "gray", "teal", "red", "blue", "white", "green")))
    if dress == "curtains":
        folds = materials.encoded(materials.stripes(64, color, shade(color, 0.8), 5, 0.4))
        hems = [facing((s * half - wide / 2, s * half + wide / 2), 0.13, (-0.3, height + 0.1)) for s in (-1, 1)]
        pole = facing((-half - 0.25, half + 0.25), 0.135, (height + 0.1, height + 0.13))
        parts += [solid(draft.textured("fabric", folds, 0.95), *hems), solid(paint(DARK), pole)]
    elif dress == "blind":
        slats = materials.encoded(materials.stripes(64, color, shade(color, 0.75), 6, 0.3, upright=False))
        shade_ = facing((-half, half), 0.06, (height * (1 - drop), height + 0.03))
        parts.append(Part(shade_, draft.textured("fabric", slats, 0.9)))
    outer = half + (0.25 if dress == "curtains" else 0.06)
    return Piece(tuple(parts), 2 * outer + 0.06, 0.14, height + 0.14)


def door(draft: Draft) -> Piece:
    """A door; hung with its lower edge on the floor."""
    color: Rgb = draft.pick(
        ((226, 222, 214), (150, 120, 90), (108, 76, 52), (104, 124, 132), (196, 168, 128), (92, 108, 92))
    )
    trim: Rgb = draft.pick((shade(color, 1.2), (238, 236, 230)))
    leaf = draft.textured("wood", draft.texture(finishes.door, color, draft.pick((1, 2, 3)), trim, tag="door"), 0.6)
    x = draft.pick((-0.32, 0.32))
    knob = block((x - 0.05, x + 0.05), (0.03, 0.09), (1.0, 1.03))
    return Piece(
        (Part(facing((-0.5, 0.5), 0.03, (0.0, 2.12)), leaf), solid(paint((170, 170, 172)), knob)), 1.04, 0.1, 2.14
    )


def framed(draft: Draft, substance: str, image: np.ndarray, width: float, height: float, frame: Rgb) -> Piece:
    """A flat thing in a frame."""
    texture = materials.encoded(finishes.bordered(image, frame, draft.uniform(0.03, 0.07)))
    face = facing((-width / 2, width / 2), 0.03, (0.0, height))
    return Piece((Part(face, draft.textured(substance, texture, 0.7)),), width + 0.06, 0.05, height)


def picture(draft: Draft, tag: str) -> Piece:
    """A framed picture."""
    tone = draft.tint(draft.pick(("blue", "teal", "beige", "pink", "orange", "green", "gray")))
    art = finishes.artwork(draft.stream("picture " + tag), draft.size, tone)
    frame: Rgb = draft.pick(((58, 44, 32), (30, 30, 32), (232, 230, 224), (176, 140, 84)))
    return framed(draft, "paper", art, draft.uniform(0.4, 1.0), draft.uniform(0.45, 0.8), frame)


def board(draft: Draft, grounds: tuple[Rgb, ...]) -> Piece:
    """A board with writing on it, wide as in a class room."""
    image = finishes.writing(draft.stream("board"), draft.size, draft.pick(grounds))
    frame: Rgb = draft.pick(((150, 112, 72), (170, 172, 176), (70, 52, 40)))
    return framed(draft, "plastic", image, draft.uniform(1.4, 2.1), draft.uniform(0.85, 1.1), frame)


def wall_map(draft: Draft) -> Piece:
    """A map of the world."""
    image = finishes.world_map(draft.stream("map"), draft.size, (150, 190, 216))
    return framed(draft, "paper", image, draft.uniform(1.1, 1.5), draft.uniform(0.75, 0.95), (120, 90, 60))


def wall_shelf(draft: Draft, look: Look) -> Piece:
    """A board on the wall with jars and books."""
    half = draft.uniform(0.35, 0.6)
    stream = draft.stream("wall shelf")
    jars = [tub(draft, 0.05, 0.16).moved(float(x), 0.11, 0.03) for x in np.arange(-half + 0.1, 0.0, 0.15)]
    volumes = [
        block((x, x + 0.045), (0.02, 0.17), (0.03, 0.03 + float(stream.uniform(0.16, 0.26))))
        for x in np.arange(0.05, half - 0.08, 0.055).tolist()
    ]
    return Piece(
        (
            solid(look.wood, block((-half, half), (0.0, 0.22), (0.0, 0.03))),
            solid(paint(look.cloth), *volumes),
        ),
        2 * half,
        0.22,
        0.32,
        (solid(gloss(look.accent), *jars),),
    )


def clock(draft: Draft) -> Piece:
    """A round clock."""
    radius = draft.uniform(0.13, 0.2)
    rim = cylinder(radius, 0.03, draft.n(14)).rotated("x", -90).moved(0, 0, radius)
    face = cylinder(0.88 * radius, 0.006, draft.n(14)).rotated("x", -90).moved(0, 0.03, radius)
    hands = [
        bar((0, 0.04, radius), (0, 0.04, 1.7 * radius), 0.014),
        bar((0, 0.04, radius), (0.5 * radius, 0.04, 1.2 * radius), 0.016),
    ]
    return Piece((solid(paint(DARK), rim, *hands), solid(paint((240, 239, 234)), face)), 2 * radius, 0.05, 2 * radius)


def garage_door(draft: Draft, look: Look) -> Piece:
    """A sectional door, closed; hung with its lower edge on the floor."""
    width, height, rows = draft.uniform(2.2, 2.7), draft.uniform(2.0, 2.2), draft.pick((4, 5, 6))
    color = mix(draft.tint(draft.pick(("white", "gray", "brown", "teal"))), (220, 220, 216), draft.uniform(0.1, 0.5))
    image = materials.stripes(64, color, shade(color, 0.66), 1, 0.1, upright=False)
    leaf = facing((-width / 2, width / 2), 0.05, (0.0, height), (1, rows))
    frame = [block((s - 0.05, s + 0.05), (0.0, 0.08), (0.0, height + 0.1)) for s in (-width / 2, width / 2)]
    frame.append(block((-width / 2, width / 2), (0.0, 0.08), (height, height + 0.1)))
    handle = block((-0.12, 0.12), (0.05, 0.09), (0.9, 0.94))
    return Piece(
        (
            Part(leaf, draft.textured("steel", materials.encoded(image), 0.5)),
            solid(look.metal, *frame),
            solid(paint(DARK), handle),
        ),
        width + 0.1,
        0.1,
        height + 0.1,
    )

"""Furniture of a home, each piece in the frame of the wall that it stands at (see `interiors`).

A function makes one piece from a draft and the `Look` that the furniture of a room shares. Doors, drawers and books are
painted on, because a picture of 224 pixels shows no more of them, and every triangle costs time.
"""

from dataclasses import dataclass

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.materials import Material, Rgb, mix, shade
from scene_hub.generate.procedural import finishes
from scene_hub.generate.procedural.design import Draft, Part
from scene_hub.generate.procedural.interiors import Piece, Span, block, facing, lying, paint, solid, stick
from scene_hub.generate.shapes import Surface, circle, cylinder, ellipsoid, joined, lathe, rounded_box, shaded, sweep

WHITE: Rgb = (228, 229, 230)
DARK: Rgb = (44, 45, 50)
WOODS: tuple[Rgb, ...] = ((150, 98, 56), (206, 170, 120), (104, 68, 42), (178, 132, 84), (84, 62, 50), (214, 200, 180))


@dataclass(frozen=True)
class Look:
    """What the furniture of one room has in common."""

    wood: Material
    beam: Material  # the same wood where it is too thin to show its grain
    metal: Material
    front: Material  # the painted carcass of cupboards
    door: Material
    drawer: Material
    cloth: Rgb
    accent: Rgb


def draw_look(
    draft: Draft, fronts: tuple[str, ...] = (), cloths: tuple[str, ...] = ("gray", "teal", "brown", "blue", "red")
) -> Look:
    """Wood, paint and cloth for one room; `fronts` are colours of its cupboards (none: they are of wood)."""
    timber = draft.pick(WOODS)
    color = mix(draft.tint(draft.pick(fronts)), (216, 212, 204), draft.uniform(0.15, 0.6)) if fronts else timber
    gray = round(draft.uniform(90, 190))
    return Look(
        wood=draft.wood(timber, tag="timber"),
        beam=paint(timber),
        metal=Material("metal", "steel", (gray, gray + 2, gray + 6), roughness=0.45, metallic=0.35),
        front=paint(color, 0.5),
        door=draft.textured("wood", draft.texture(finishes.cupboard_door, color, tag="door"), 0.5),
        drawer=draft.textured("wood", draft.texture(finishes.drawer, color, tag="drawer"), 0.5),
        cloth=mix(draft.tint(draft.pick(cloths)), (186, 178, 168), draft.uniform(0.1, 0.5)),
        accent=draft.tint(draft.pick(("yellow", "red", "orange", "teal", "pink", "green", "blue"))),
    )


def fabric(color: Rgb) -> Material:
    """Cloth of one colour."""
    return Material("cloth", "fabric", color, roughness=0.95)


def gloss(color: Rgb) -> Material:
    """Enamel, glazed ceramic, hard plastic."""
    return Material("gloss", "ceramic", color, roughness=0.3)


def soft(draft: Draft, x: Span, y: Span, z: Span, radius: float = 0.05) -> Surface:
    """An upholstered block: rounded where it is seen from near."""
    if draft.detail == "low":
        return block(x, y, z)
    size = (x[1] - x[0], y[1] - y[0], z[1] - z[0])
    return rounded_box(*size, min(radius, 0.3 * min(size)), 1).moved((x[0] + x[1]) / 2, (y[0] + y[1]) / 2, z[0])


def posts(x: float, y: Span, z: Span, thick: float = 0.04) -> list[Surface]:
    """Four upright posts at the corners of the spans (-x, x) and `y`."""
    half = thick / 2
    return [stick(sx * x, at, z, thick) for sx in (-1, 1) for at in (y[0] + half, y[1] - half)]


def bar(start: tuple[float, float, float], end: tuple[float, float, float], thick: float = 0.02) -> Surface:
    """A straight bar between two points, without ends; what would reach below the floor is flattened."""
    way = np.subtract(end, start)
    length = float(np.linalg.norm(way))
    along = way / length
    side = np.cross(np.eye(3)[int(np.abs(along).argmin())], along)
    side /= np.linalg.norm(side)
    frame = np.stack([side, np.cross(along, side), along])
    upright = stick(0.0, 0.0, (0.0, length), thick)
    triangles = upright.triangles @ frame + np.asarray(start)
    triangles[..., 2] = np.maximum(triangles[..., 2], 0.0)
    return Surface(triangles, upright.normals @ frame, upright.uvs)


def turned(draft: Draft, profile: list[tuple[float, float]], segments: int = 12) -> Surface:
    """A profile (radius, z) turned about the z axis."""
    return lathe(np.array(profile), draft.n(segments))


def tub(draft: Draft, radius: float, height: float) -> Surface:
    """A jar, tin, mug or pot on z = 0, without a bottom."""
    return turned(draft, [(radius, 0), (radius, height), (0, height)], 8)


def lamp(draft: Draft, x: float, y: float, z: float, height: float) -> list[Part]:
    """A lamp with a cloth shade that stands at a point."""
    wide = min(0.22, 0.4 * height)
    pole = turned(draft, [(0.6 * wide, 0), (0.6 * wide, 0.02), (0.012, 0.03), (0.012, height - 0.12)], 8)
    shade_ = turned(draft, [(wide, height - 0.24), (0.65 * wide, height), (0, height)], 10)
    color: Rgb = draft.pick(((246, 228, 184), (236, 232, 224), (214, 120, 84), (120, 150, 150)))
    return [solid(paint(DARK), pole.moved(x, y, z)), solid(fabric(color), shade_.moved(x, y, z))]


# --------------------------------------------------------------------------------------------------------------- sitting


def sofa(draft: Draft, look: Look) -> Piece:
    """A sofa for two or three."""
    return _upholstered(draft, look, draft.pick((2, 2, 3)))


def armchair(draft: Draft, look: Look) -> Piece:
    return _upholstered(draft, look, 1)


def _upholstered(draft: Draft, look: Look, seats: int) -> Piece:
    seat, depth, back, arm = draft.uniform(0.58, 0.72), draft.uniform(0.8, 0.9), draft.uniform(0.7, 0.9), 0.18
    arm_height, leg = draft.uniform(0.5, 0.66), draft.uniform(0.04, 0.14)
    half = seats * seat / 2
    base = block((-half, half), (0.05, depth - 0.02), (leg, 0.3))
    rear = soft(draft, (-half, half), (0.0, 0.24), (0.28, back), 0.08)
    arms = [
        soft(draft, (s - arm / 2, s + arm / 2), (0.0, depth), (leg, arm_height)) for s in (-half - 0.09, half + 0.09)
    ]
    edges = np.linspace(-half, half, seats + 1)
    cushions = [
        soft(draft, (float(a) + 0.01, float(b) - 0.01), (0.22, depth + 0.01), (0.3, 0.44))
        for a, b in zip(edges, edges[1:], strict=False)
    ]
    side = half - 0.24 if seats > 1 else 0.0
    pillows = [block((-0.2, 0.2), (0, 0.12), (0, 0.36)).rotated("x", 14).moved(x, 0.27, 0.45) for x in (-side, side)]
    return Piece(
        (
            solid(fabric(look.cloth), base, rear, *arms),
            solid(fabric(shade(look.cloth, 1.12)), *cushions),
            solid(fabric(look.accent), *pillows[:seats]),
            solid(look.beam, *posts(half + 0.1, (0.05, depth - 0.05), (0.0, leg), 0.05)),
        ),
        2 * half + 2 * arm,
        depth + 0.02,
        back + 0.12,
    )


def chair(x: float, y: float, seat: float, back: float, side: float = 1.0) -> list[Surface]:
    """A plain chair at a point; its back lies towards +y (`side` 1) or the wall (-1)."""
    rear, fore = y + 0.17 * side, y - 0.17 * side
    legs = [stick(x + s, fore, (0.0, seat), 0.04) for s in (-0.18, 0.18)]
    legs += [stick(x + s, rear, (0.0, back - 0.05), 0.04) for s in (-0.18, 0.18)]
    board = block((x - 0.21, x + 0.21), (y - 0.2, y + 0.2), (seat, seat + 0.04))
    return [*legs, board, block((x - 0.2, x + 0.2), (rear - 0.02, rear + 0.02), (seat + 0.2, back))]


def dining_chair(draft: Draft, look: Look) -> Piece:
    parts = chair(0.0, 0.26, 0.44, draft.uniform(0.85, 1.0), -1.0)
    pad = block((-0.19, 0.19), (0.08, 0.44), (0.48, 0.52))
    return Piece((solid(look.beam, *parts), solid(fabric(look.cloth), pad)), 0.46, 0.5, 1.0)


# --------------------------------------------------------------------------------------------------------------- storage


def cabinet(
    draft: Draft, look: Look, width: float, depth: float, z: Span, columns: int, rows: int, doors: bool
) -> list[Part]:
    """A carcass whose front is `columns` x `rows` doors or drawers."""
    half = width / 2
    front = facing((-half, half), depth + 0.004, z, (columns, rows))
    return [
        solid(look.front, block((-half, half), (0.0, depth), z)),
        Part(front, look.door if doors else look.drawer),
    ]


def bookcase(draft: Draft, look: Look) -> Piece:
    """Shelves full of books."""
    width, height, depth, rows = (
        draft.uniform(0.75, 1.3),
        draft.uniform(1.1, 2.05),
        draft.uniform(0.24, 0.34),
        draft.pick((3, 4, 5)),
    )
    half = width / 2
    levels = np.linspace(0.06, height - 0.03, rows + 1)
    sides = [block((s - 0.02, s + 0.02), (0.0, depth), (0.0, height)) for s in (-half + 0.02, half - 0.02)]
    sides += [block((-half + 0.04, half - 0.04), (0.0, depth), (float(z), float(z) + 0.03)) for z in levels]
    image = draft.texture(finishes.books, rows, tag="books")
    spines = facing((-half + 0.04, half - 0.04), 0.6 * depth, (0.08, height - 0.03))
    return Piece(
        (solid(look.beam, *sides), Part(spines, draft.textured("paper", image, 0.8))),
        width,
        depth,
        height,
    )


def sideboard(draft: Draft, look: Look) -> Piece:
    """A low cupboard on legs, with a lamp and a vase on it."""
    width, height, depth = draft.uniform(1.2, 1.8), draft.uniform(0.7, 0.9), draft.uniform(0.38, 0.48)
    columns, doors, leg = draft.pick((2, 3, 4)), draft.chance(0.7), draft.uniform(0.08, 0.2)
    top = block((-width / 2 - 0.02, width / 2 + 0.02), (0.0, depth + 0.02), (height, height + 0.03)).projected(0.6)
    vase = turned(draft, [(0.05, 0), (0.09, 0.1), (0.04, 0.2), (0.06, 0.25)], 10)
    return Piece(
        (
            *cabinet(draft, look, width, depth, (leg, height), columns, 1 if doors else 2, doors),
            solid(look.wood, top),
            solid(look.beam, *posts(width / 2 - 0.05, (0.02, depth - 0.02), (0.0, leg), 0.05)),
            solid(gloss(look.accent), vase.moved(draft.uniform(-0.1, 0.4), 0.2, height + 0.03)),
            *lamp(draft, -width / 2 + 0.25, 0.2, height + 0.03, draft.uniform(0.4, 0.6)),
        ),
        width + 0.06,
        depth + 0.04,
        height + 0.5,
    )


def china_cabinet(draft: Draft, look: Look) -> Piece:
    """A tall cupboard: doors below, plates and cups on open shelves above."""
    width, height = draft.uniform(0.9, 1.3), draft.uniform(1.8, 2.1)
    half = width / 2
    image = draft.texture(finishes.crockery, shade(look.front.color, 0.8), look.accent, tag="crockery")
    frame = [block((s - 0.02, s + 0.02), (0.0, 0.26), (0.84, height)) for s in (-half + 0.02, half - 0.02)]
    frame.append(block((-half, half), (0.0, 0.3), (height - 0.05, height)))
    return Piece(
        (
            *cabinet(draft, look, width, 0.42, (0.0, 0.8), 2, 1, True),
            Part(facing((-half, half), 0.14, (0.84, height)), draft.textured("ceramic", image, 0.5)),
            solid(look.front, *frame),
            solid(look.wood, block((-half - 0.02, half + 0.02), (0.0, 0.44), (0.8, 0.84)).projected(0.6)),
        ),
        width + 0.04,
        0.46,
        height,
    )


def media_unit(draft: Draft, look: Look) -> Piece:
    """A television on a low cabinet."""
    width, height, screen = draft.uniform(1.2, 1.7), draft.uniform(0.4, 0.55), draft.uniform(0.9, 1.15)
    half, low = screen / 2, height + 0.1
    television = block((-half, half), (0.14, 0.19), (low, low + 0.58 * screen))
    glow = facing((-half + 0.02, half - 0.02), 0.194, (low + 0.02, low + 0.58 * screen - 0.02))
    shown = draft.texture(finishes.window_view, draft.pick(("garden", "dusk", "sky")), tag="television")
    stand = block((-0.2, 0.2), (0.1, 0.26), (height, height + 0.1))
    return Piece(
        (
            *cabinet(draft, look, width, 0.42, (0.0, height), 3, 1, draft.chance(0.5)),
            solid(paint(DARK), television, stand),
            Part(glow, draft.textured("glass", shown, 0.3) if draft.chance(0.5) else paint(DARK)),
        ),
        width,
        0.44,
        low + 0.6 * screen,
    )


def wardrobe(draft: Draft, look: Look) -> Piece:
    width, height, columns = draft.uniform(0.9, 1.7), draft.uniform(1.9, 2.2), draft.pick((2, 3))
    return Piece(tuple(cabinet(draft, look, width, 0.58, (0.0, height), columns, 1, True)), width, 0.6, height)


def dresser(draft: Draft, look: Look) -> Piece:
    """A chest of drawers with a lamp or a plant on it."""
    width, height, depth = draft.uniform(0.7, 1.2), draft.uniform(0.75, 1.0), 0.45
    rows, columns = draft.pick((3, 4)), draft.pick((1, 2))
    top = block((-width / 2 - 0.02, width / 2 + 0.02), (0.0, depth + 0.02), (height, height + 0.03)).projected(0.6)
    extra = lamp(draft, draft.uniform(-0.2, 0.2), 0.22, height + 0.03, draft.uniform(0.35, 0.5))
    return Piece(
        (*cabinet(draft, look, width, depth, (0.0, height), columns, rows, False), solid(look.wood, top), *extra),
        width + 0.04,
        depth + 0.03,
        height + 0.5,
    )


# -------------------------------------------------------------------------------------------------------------- sleeping


def bed(draft: Draft, look: Look) -> Piece:
    """A bed with its long side to the wall; headboard, mattress, cover and pillows."""
    length, wide, base, head = (
        draft.uniform(1.9, 2.05),
        draft.uniform(0.86, 0.92),
        draft.uniform(0.22, 0.34),
        draft.uniform(0.75, 1.1),
    )
    side, half = draft.pick((-1.0, 1.0)), length / 2
    color = mix(look.cloth, (236, 232, 226), draft.uniform(0.0, 0.4))
    pattern = draft.pick((materials.stripes, materials.checker))
    cover = materials.encoded(
        pattern(draft.size, color, mix(color, (240, 238, 232), draft.uniform(0.1, 0.8)), draft.pick((4, 6, 8)))
    )
    x = (min(-side * half, side * (half - 0.62)), max(-side * half, side * (half - 0.62)))
    blanket = soft(draft, x, (0.0, wide + 0.02), (base + 0.06, base + 0.28), 0.06).projected(0.5)
    mattress = soft(draft, (-half, half), (0.02, wide), (base, base + 0.22))
    pillow = soft(
        draft,
        (side * half * 0.82 - 0.16, side * half * 0.82 + 0.16),
        (0.12, wide - 0.12),
        (base + 0.2, base + 0.34),
        0.07,
    )
    frame = block((-half, half), (0.0, wide), (0.1, base))
    boards = [block((side * (half + 0.03) - 0.03, side * (half + 0.03) + 0.03), (0.0, wide + 0.02), (0.0, head))]
    boards.append(
        block((-side * (half + 0.03) - 0.03, -side * (half + 0.03) + 0.03), (0.0, wide + 0.02), (0.0, base + 0.12))
    )
    return Piece(
        (
            solid(look.wood, *(surface.projected(0.6) for surface in (frame, *boards))),
            solid(fabric((232, 230, 226)), mattress, pillow),
            Part(blanket, draft.textured("fabric", cover, 0.95)),
        ),
        length + 0.13,
        wide + 0.03,
        head,
    )


def nightstand(draft: Draft, look: Look) -> Piece:
    width, height = draft.uniform(0.4, 0.52), draft.uniform(0.45, 0.6)
    parts = cabinet(draft, look, width, 0.4, (0.04, height), 1, 2, False)
    return Piece((*parts, *lamp(draft, 0.0, 0.2, height, draft.uniform(0.4, 0.55))), width, 0.42, height + 0.5)


def cot(draft: Draft, look: Look) -> Piece:
    """A child's bed with bars."""
    half, wide, high, low = 0.62, 0.66, draft.uniform(0.85, 1.0), 0.35
    slats = [stick(float(x), y, (low, high), 0.024) for x in np.linspace(-0.5, 0.5, 8) for y in (0.02, wide - 0.02)]
    rails = [block((-half, half), (y, y + 0.04), (z, z + 0.05)) for y in (0.0, wide - 0.04) for z in (low - 0.05, high)]
    ends = [block((s * half - 0.02, s * half + 0.02), (0.0, wide), (0.0, high + 0.08)) for s in (-1, 1)]
    mattress = block((-half + 0.02, half - 0.02), (0.03, wide - 0.04), (low, low + 0.14))
    pillow = soft(draft, (0.25, 0.55), (0.12, wide - 0.14), (low + 0.12, low + 0.24))
    return Piece(
        (
            solid(draft.pick((look.beam, paint(WHITE))), *slats, *rails, *ends),
            solid(fabric(mix(look.accent, (240, 238, 232), 0.5)), mattress),
            solid(fabric((238, 236, 230)), pillow),
        ),
        2 * half + 0.06,
        wide + 0.02,
        high + 0.1,
    )


# --------------------------------------------------------------------------------------------------------------- kitchen


def kitchen_units(draft: Draft, look: Look) -> Piece:
    """Cupboards under a worktop with a sink, perhaps with wall cupboards above."""
    width, columns = draft.uniform(1.7, 2.4), draft.pick((3, 4, 5))
    upper, drawers = draft.chance(0.65), draft.chance(0.4)
    half, sink = width / 2, draft.uniform(-0.4, 0.4)
    top = block((-half, half), (0.0, 0.62), (0.87, 0.91)).projected(0.6)
    stone: Rgb = draft.pick(((52, 53, 58), (196, 192, 186), (150, 148, 146)))
    worktop = (
        look.wood
        if draft.chance(0.5)
        else draft.textured("ceramic", draft.texture(materials.mottled, stone, 0.25, 20, tag="worktop"), 0.4)
    )
    tap = [
        block((sink - 0.015, sink + 0.015), (0.06, 0.09), (0.91, 1.16)),
        block((sink - 0.015, sink + 0.015), (0.06, 0.24), (1.14, 1.17)),
    ]
    pot = turned(draft, [(0.11, 0), (0.11, 0.14), (0.02, 0.16), (0, 0.18)], 12).moved(-half + 0.3, 0.35, 0.91)
    jars = [tub(draft, 0.05, 0.15).moved(half - 0.2 - 0.13 * k, 0.16, 0.91) for k in range(3)]
    parts = [
        *cabinet(draft, look, width, 0.58, (0.1, 0.87), columns, 3 if drawers else 1, not drawers),
        solid(paint(DARK), block((-half, half), (0.0, 0.52), (0.0, 0.1))),
        Part(top, worktop),
        solid(look.metal, lying((sink - 0.26, sink + 0.26), (0.12, 0.5), 0.913), *tap, pot),
    ]
    if upper:
        parts += cabinet(draft, look, width, 0.34, (1.45, 2.15), columns, 1, True)
    return Piece(tuple(parts), width, 0.64, 2.15 if upper else 1.2, (solid(gloss(look.accent), *jars),))


def cooker(draft: Draft, look: Look) -> Piece:
    """An oven with a hob, under a hood."""
    color: Rgb = draft.pick((WHITE, (176, 178, 182), (62, 64, 68)))
    hood = turned(draft, [(0.42, 1.55), (0.42, 1.61), (0.14, 1.8), (0.14, 2.4), (0, 2.4)], 8)
    return Piece(
        (
            solid(gloss(color), block((-0.3, 0.3), (0.0, 0.6), (0.0, 0.9))),
            Part(
                facing((-0.3, 0.3), 0.604, (0.06, 0.9)),
                draft.textured("steel", draft.texture(finishes.oven, color, tag="oven"), 0.4),
            ),
            Part(
                lying((-0.29, 0.29), (0.02, 0.58), 0.904),
                draft.textured("glass", draft.texture(finishes.hob, (170, 70, 50), tag="hob"), 0.3),
            ),
            solid(look.metal, hood.scaled(0.7, 0.55, 1.0).moved(0.0, 0.3)),
            solid(
                gloss(look.accent),
                turned(draft, [(0.09, 0), (0.1, 0.08), (0.03, 0.14), (0, 0.17)], 10).moved(-0.14, 0.4, 0.905),
            ),
        ),
        0.62,
        0.62,
        2.4,
    )


def refrigerator(draft: Draft, look: Look) -> Piece:
    height, color = draft.uniform(1.5, 1.95), draft.pick((WHITE, (172, 175, 180), (176, 60, 54), (150, 190, 184)))
    return Piece(
        (
            solid(gloss(color), block((-0.32, 0.32), (0.0, 0.64), (0.02, height))),
            Part(
                facing((-0.32, 0.32), 0.644, (0.02, height)),
                draft.textured("steel", draft.texture(finishes.fridge, color, tag="fridge"), 0.35),
            ),
        ),
        0.66,
        0.66,
        height,
    )


# ------------------------------------------------------------------------------------------------------------- bathroom


def bathtub(draft: Draft, look: Look) -> Piece:
    length, wide, high = draft.uniform(1.5, 1.75), 0.74, draft.uniform(0.52, 0.6)
    half = length / 2
    rim = [block((-half, half), y, (0.0, high)) for y in ((0.0, 0.06), (wide - 0.06, wide))]
    rim += [block((s * half - 0.04, s * half + 0.04), (0.0, wide), (0.0, high)) for s in (-0.95, 0.95)]
    tap = [
        block((half - 0.3, half - 0.27), (0.0, 0.14), (high + 0.12, high + 0.16)),
        bar((half - 0.25, 0.03, high + 0.1), (half - 0.25, 0.03, 1.9), 0.025),
    ]
    head = turned(draft, [(0, 0), (0.09, 0), (0.02, 0.05), (0, 0.05)], 10).moved(half - 0.25, 0.16, 1.86)
    towel = block((-0.35, 0.1), (wide - 0.09, wide + 0.02), (high - 0.32, high + 0.02))
    return Piece(
        (
            solid(gloss(WHITE), *rim),
            solid(gloss((176, 210, 222)), lying((-half, half), (0.04, wide - 0.04), high - 0.14)),
            solid(look.metal, *tap, head),
            solid(fabric(look.accent), towel),
        ),
        length,
        wide + 0.03,
        2.0,
    )


def washstand(draft: Draft, look: Look) -> Piece:
    """A basin on a cupboard under a mirror."""
    width, columns = draft.uniform(0.7, 1.1), draft.pick((1, 2))
    bowl = turned(draft, [(0.14, 0), (0.21, 0.13), (0.19, 0.13), (0.12, 0.04), (0, 0.04)], 12).moved(0.0, 0.27, 0.84)
    tap = [block((-0.015, 0.015), (0.04, 0.07), (0.84, 1.06)), block((-0.015, 0.015), (0.04, 0.18), (1.04, 1.07))]
    half = draft.uniform(0.25, 0.42)
    mirror = facing((-half, half), 0.024, (1.2, 1.95))
    bottle = tub(draft, 0.03, 0.16).moved(0.28, 0.12, 0.84)
    return Piece(
        (
            *cabinet(draft, look, width, 0.46, (0.2, 0.8), columns, 1, True),
            solid(
                look.wood,
                block((-width / 2, width / 2), (0.0, 0.48), (0.8, 0.84)),
                block((-half - 0.03, half + 0.03), (0.0, 0.02), (1.17, 1.98)),
            ),
            solid(gloss(WHITE), bowl),
            solid(look.metal, *tap),
            Part(mirror, Material("mirror", "glass", (190, 206, 216), roughness=0.1)),
        ),
        width,
        0.5,
        2.0,
        (solid(gloss(look.accent), bottle),),
    )


def toilet(draft: Draft, look: Look) -> Piece:
    foot = (
        turned(draft, [(0, 0), (0.13, 0), (0.12, 0.16), (0.19, 0.34), (0.21, 0.4), (0, 0.41)], 14)
        .scaled(0.9, 1.25, 1.0)
        .moved(0, 0.42)
    )
    lid = cylinder(0.2, 0.03, draft.n(14)).scaled(0.95, 1.25, 1.0).moved(0, 0.42, 0.41)
    return Piece(
        (
            solid(gloss(WHITE), foot, block((-0.2, 0.2), (0.0, 0.19), (0.38, 0.78))),
            solid(gloss(shade(WHITE, 0.9)), lid),
        ),
        0.46,
        0.7,
        0.8,
    )


def washing_machine(draft: Draft, look: Look) -> Piece:
    color: Rgb = draft.pick((WHITE, WHITE, (120, 124, 130)))
    front = draft.textured("steel", draft.texture(finishes.washer, color, tag="washer"), 0.4)
    powder = tub(draft, 0.045, 0.16).moved(0.14, 0.25, 0.85)
    return Piece(
        (
            solid(gloss(color), block((-0.3, 0.3), (0.0, 0.58), (0.0, 0.85))),
            Part(facing((-0.3, 0.3), 0.584, (0.03, 0.85)), front),
            solid(gloss(look.accent), powder),
        ),
        0.61,
        0.6,
        1.0,
    )


def laundry_basket(draft: Draft, look: Look) -> Piece:
    height = draft.uniform(0.45, 0.62)
    weave = draft.textured("wicker", draft.texture(materials.weave, (196, 158, 104), tag="basket"), 0.9)
    basket = turned(draft, [(0, 0), (0.18, 0), (0.23, height)], 14).uv_scaled(6.0, 3.0).moved(0, 0.26)
    heap = ellipsoid(0.21, 0.21, 0.12, draft.n(10), 5).moved(0, 0.26, height - 0.02)
    return Piece((Part(basket, weave), solid(fabric(mix(look.accent, WHITE, 0.5)), heap)), 0.5, 0.5, height + 0.1)


# ------------------------------------------------------------------------------------------------------------ small things


def plant(draft: Draft, look: Look) -> Piece:
    """A plant in a pot on the floor."""
    size, count, spread = draft.uniform(0.9, 1.35), draft.pick((6, 8, 10)), draft.uniform(20, 38)
    pot = turned(draft, [(0, 0), (0.12 * size, 0), (0.16 * size, 0.3 * size), (0, 0.28 * size)], 10).moved(0, 0.36)
    stream = draft.stream("plant")
    leaves = []
    for _ in range(count):
        turn, lean = float(stream.uniform(0, 360)), float(stream.uniform(8, spread))
        leaf = ellipsoid(0.06 * size, 0.012 * size, 0.26 * size, 4, 3).moved(z=0.26 * size)
        leaves.append(leaf.rotated("y", lean).rotated("z", turn).moved(0.0, 0.36, 0.26 * size))
    kept = [leaf for leaf in leaves if leaf.bounds[0, 1] > 0.02]
    green = mix((58, 112, 52), (120, 150, 60), draft.uniform(0, 1))
    pale: Rgb = draft.pick(((206, 200, 190), (176, 98, 66), (60, 62, 66), look.accent))
    return Piece(
        (solid(gloss(pale), pot), solid(Material("leaves", "food", green, roughness=0.8), *(kept or leaves))),
        0.8,
        0.8,
        size,
    )


def floor_lamp(draft: Draft, look: Look) -> Piece:
    height = draft.uniform(1.4, 1.75)
    return Piece(tuple(lamp(draft, 0.0, 0.24, 0.0, height)), 0.48, 0.48, height)


def toy_box(draft: Draft, look: Look) -> Piece:
    """A box of toys with a ball and a tower of blocks beside it."""
    tones = [draft.tint(name) for name in ("red", "yellow", "blue", "green")]
    ball = ellipsoid(0.14, 0.14, 0.14, draft.n(10), draft.n(7, 4)).moved(0.42, 0.3, 0.14)
    tower = [block((-0.5, -0.38), (0.3, 0.42), (0.12 * k, 0.12 * k + 0.12)).rotated("z", 4.0 * k) for k in range(4)]
    inside = [ellipsoid(0.1, 0.1, 0.1, 6, 4).moved(x, 0.24, 0.42) for x in (-0.12, 0.1)]
    return Piece(
        (
            solid(paint(look.accent), block((-0.3, 0.26), (0.02, 0.44), (0.0, 0.4))),
            *(solid(gloss(tone), block_) for tone, block_ in zip(tones, tower, strict=True)),
            solid(gloss(tones[2]), ball, inside[0]),
            solid(gloss(tones[1]), inside[1]),
        ),
        1.14,
        0.5,
        0.5,
    )


def teddy(draft: Draft, look: Look) -> Piece:
    """A big teddy bear that sits at the wall."""
    n, rings = draft.n(8), draft.n(6, 4)
    body = [
        ellipsoid(0.18, 0.15, 0.22, n, rings).moved(0, 0.2, 0.22),
        ellipsoid(0.14, 0.13, 0.13, n, rings).moved(0, 0.22, 0.54),
    ]
    limbs = [ellipsoid(0.06, 0.14, 0.06, n, rings).moved(0.14 * s, 0.4, 0.07) for s in (-1, 1)]
    limbs += [ellipsoid(0.05, 0.05, 0.13, n, rings).rotated("y", 30.0 * s).moved(0.2 * s, 0.24, 0.3) for s in (-1, 1)]
    ears = [ellipsoid(0.05, 0.03, 0.05, 6, 4).moved(0.1 * s, 0.2, 0.66) for s in (-1, 1)]
    dark = [
        ellipsoid(0.02, 0.02, 0.02, 6, 4).moved(x, y, z)
        for x, y, z in ((-0.05, 0.34, 0.57), (0.05, 0.34, 0.57), (0, 0.37, 0.51))
    ]
    fur: Rgb = draft.pick(((150, 100, 58), (196, 160, 112), (206, 190, 176)))
    return Piece((solid(fabric(fur), *body, *limbs, *ears),), 0.56, 0.56, 0.72, (solid(paint(DARK), *dark),))


def play_tent(draft: Draft, look: Look) -> Piece:
    """A pointed tent of striped cloth."""
    half, high = draft.uniform(0.42, 0.5), draft.uniform(1.35, 1.6)
    cloth = materials.encoded(materials.stripes(draft.size, (240, 236, 228), mix(look.accent, WHITE, 0.2), 4))
    corners = [np.array([sx * half, half + sy * half, 0.0]) for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    peak = np.array([0.0, half, high])
    sides = [_triangle(a, b, peak) for a, b in zip(corners, corners[1:] + corners[:1], strict=True)]
    opening = _triangle(
        np.array([0.2, 2 * half + 0.004, 0.0]),
        np.array([-0.2, 2 * half + 0.004, 0.0]),
        np.array([0.0, half * 1.36, 0.66 * high]),
    )
    poles = [
        bar(
            (0.2 * c[0], half + 0.2 * (c[1] - half), high * 0.8),
            (-0.12 * c[0], half - 0.12 * (c[1] - half), high * 1.12),
            0.025,
        )
        for c in map(tuple, corners)
    ]
    return Piece(
        (
            Part(joined(sides), draft.textured("fabric", cloth, 0.9)),
            solid(paint(DARK), opening),
            solid(look.beam, *poles),
        ),
        2 * half + 0.02,
        2 * half + 0.02,
        1.12 * high + 0.02,
    )


def _triangle(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> Surface:
    return shaded(np.stack([a, b, c])[None], np.array([[[0.0, 0.0], [1.0, 0.0], [0.5, 1.0]]]))


def ring(draft: Draft, radius: float, thick: float, segments: int = 16) -> Surface:
    """A wheel's rim in the x-z plane about the origin."""
    path = circle(draft.n(segments, 10)) * radius
    return sweep(np.c_[path[:, 0], np.zeros(len(path)), path[:, 1]], circle(4) * thick, up=(0.0, 1.0, 0.0), closed=True)

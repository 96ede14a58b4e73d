"""What stands in rooms where people work, learn or are served; made like `furniture`, in the frame of a wall."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.materials import Material, Rgb, mix, shade
from scene_hub.generate.procedural import finishes
from scene_hub.generate.procedural.design import Draft, Part
from scene_hub.generate.procedural.furniture import (
    DARK,
    WHITE,
    Look,
    bar,
    cabinet,
    chair,
    fabric,
    gloss,
    posts,
    ring,
    tub,
    turned,
)
from scene_hub.generate.procedural.interiors import Piece, block, facing, paint, solid, stick
from scene_hub.generate.shapes import Surface, cylinder, ellipsoid, extrude

BOXES: tuple[str, ...] = ("red", "blue", "yellow", "green", "orange", "teal", "gray")


# ---------------------------------------------------------------------------------------------------------------- office


def desk(draft: Draft, look: Look) -> Piece:
    """A desk with one or two screens, a drawer unit and an office chair."""
    width, screens, turn = draft.uniform(1.3, 1.8), draft.pick((1, 2)), draft.uniform(-25, 25)
    half, side = width / 2, draft.pick((-1, 1))
    top = block((-half, half), (0.0, 0.66), (0.7, 0.74)).projected(0.7)
    dark, glow = [], []
    for x in ((0.0,), (-0.3, 0.3))[screens - 1]:
        dark += [
            block((x - 0.27, x + 0.27), (0.16, 0.19), (0.86, 1.2)),
            block((x - 0.03, x + 0.03), (0.12, 0.16), (0.74, 0.95)),
        ]
        glow.append(facing((x - 0.25, x + 0.25), 0.194, (0.88, 1.18)))
    dark.append(block((-0.22, 0.22), (0.4, 0.54), (0.74, 0.76)))
    screen: Rgb = draft.pick(((96, 142, 190), (60, 84, 120), (200, 206, 212), (70, 130, 110)))
    at = side * (half - 0.24)
    seat = [block((-0.22, 0.22), (-0.2, 0.22), (0.44, 0.51)), block((-0.2, 0.2), (0.2, 0.25), (0.56, 1.0))]
    foot = [
        stick(0.0, 0.0, (0.06, 0.44), 0.05),
        block((-0.25, 0.25), (-0.03, 0.03), (0.0, 0.06)),
        block((-0.03, 0.03), (-0.25, 0.25), (0.0, 0.06)),
    ]
    x = -side * 0.15
    return Piece(
        (
            solid(look.wood, top),
            solid(look.metal, *posts(half - 0.05, (0.03, 0.63), (0.0, 0.7))),
            *_shifted(cabinet(draft, look, 0.4, 0.56, (0.05, 0.68), 1, 3, False), at),
            solid(paint(DARK), *dark, *(part.rotated("z", turn).moved(x, 0.64) for part in foot)),
            solid(fabric(look.cloth), *(part.rotated("z", turn).moved(x, 0.64) for part in seat)),
            solid(Material("screen", "glass", screen, roughness=0.3), *glow),
        ),
        width,
        0.96,
        1.25,
    )


def _shifted(parts: list[Part], x: float) -> list[Part]:
    return [Part(part.surface.moved(x), part.material) for part in parts]


def filing_cabinet(draft: Draft, look: Look) -> Piece:
    columns, rows = draft.pick((1, 2, 3)), draft.pick((2, 3, 4))
    width, height = 0.46 * columns, 0.34 * rows
    color = mix(draft.tint(draft.pick(("gray", "white", "green", "blue", "black"))), (176, 178, 180), 0.4)
    front = draft.textured("steel", draft.texture(finishes.drawer, color, tag="files"), 0.45)
    body = block((-width / 2, width / 2), (0.0, 0.52), (0.0, height))
    face = facing((-width / 2, width / 2), 0.524, (0.02, height), (columns, rows))
    return Piece((solid(paint(color), body), Part(face, front)), width, 0.54, height)


def storage_rack(draft: Draft, look: Look) -> Piece:
    """Open shelves with boxes of all colours."""
    width, height, boards = draft.uniform(0.9, 1.5), draft.uniform(1.2, 1.95), draft.pick((3, 4))
    half, levels = width / 2, np.linspace(0.12, height - 0.04, boards)
    shelves = [block((-half, half), (0.0, 0.42), (float(z), float(z) + 0.03)) for z in levels]
    stream = draft.stream("rack")
    names = ("beige", *(str(name) for name in stream.permutation(BOXES)[:2]))
    held: dict[str, list[Surface]] = {}
    for z in levels:
        at, room = -half + 0.05, float(levels[1] - levels[0]) - 0.08
        while at < half - 0.24:
            wide, tall = float(stream.uniform(0.18, 0.4)), float(stream.uniform(0.4, 0.95)) * min(room, 0.34)
            wide = min(wide, half - 0.03 - at)
            name = names[int(stream.integers(len(names)))]
            held.setdefault(name, []).append(
                block((at, at + wide), (0.04, 0.38), (float(z) + 0.03, float(z) + 0.03 + tall))
            )
            at += wide + float(stream.uniform(0.02, 0.14))
    boxes = [solid(paint(shade(draft.tint(name), 0.9)), *found) for name, found in held.items()]
    return Piece(
        (solid(look.metal, *shelves, *posts(half, (0.0, 0.42), (0.0, height), 0.035)), *boxes),
        width + 0.04,
        0.44,
        height + 0.34,
    )


def cubbies(draft: Draft, look: Look) -> Piece:
    """Low shelves with trays of bright colours."""
    columns, rows = draft.pick((3, 4, 5)), draft.pick((2, 3))
    cell = draft.uniform(0.3, 0.36)
    width, height = columns * cell, rows * cell + 0.06
    tones = tuple(draft.tint(str(name)) for name in draft.stream("trays").permutation(BOXES)[:4])
    image = draft.texture(finishes.trays, look.beam.color, columns, rows, tones, tag="trays")
    return Piece(
        (
            solid(look.beam, block((-width / 2, width / 2), (0.0, 0.38), (0.0, height))),
            Part(facing((-width / 2, width / 2), 0.384, (0.02, height - 0.02)), draft.textured("plastic", image, 0.5)),
        ),
        width + 0.02,
        0.4,
        height,
    )


# -------------------------------------------------------------------------------------------------------------- workshop


def workbench(draft: Draft, look: Look) -> Piece:
    """A bench with a vice under a board of tools."""
    width = draft.uniform(1.6, 2.3)
    half = width / 2
    bench = [
        block((-half, half), (0.0, 0.66), (0.84, 0.92)),
        block((-half + 0.08, half - 0.08), (0.04, 0.56), (0.22, 0.26)),
    ]
    ground: Rgb = draft.pick(((188, 158, 116), (210, 210, 206), (120, 128, 136), (150, 60, 50), (70, 96, 130)))
    image = draft.texture(finishes.pegboard, ground, look.accent, tag="pegboard")
    vice = [block((half - 0.5, half - 0.3), (0.5, 0.72), (0.92, 1.0))]
    vice.append(block((half - 0.46, half - 0.34), (0.6, 0.66), (1.0, 1.08)))
    case = block((-half + 0.2, -half + 0.65), (0.12, 0.36), (0.92, 1.12))
    tin = tub(draft, 0.06, 0.14).moved(draft.uniform(-0.2, 0.2), 0.3, 0.92)
    return Piece(
        (
            solid(look.wood, *(part.projected(0.6) for part in bench)),
            solid(look.beam, *posts(half - 0.08, (0.03, 0.6), (0.0, 0.84), 0.09)),
            Part(facing((-half, half), 0.03, (1.15, 2.05)), draft.textured("wood", image, 0.7)),
            solid(look.metal, *vice),
            solid(gloss(look.accent), case, tin),
            solid(paint((196, 160, 112)), block((-half + 0.25, -half + 0.8), (0.08, 0.5), (0.26, 0.56))),
        ),
        width,
        0.74,
        2.05,
    )


def tool_chest(draft: Draft, look: Look) -> Piece:
    color = draft.tint(draft.pick(("red", "blue", "orange", "black", "yellow")))
    rows, width, height = draft.pick((5, 6, 7)), draft.uniform(0.65, 1.0), draft.uniform(0.85, 1.2)
    front = draft.textured("steel", draft.texture(finishes.drawer, color, tag="chest"), 0.4)
    wheels = [
        cylinder(0.05, 0.04, draft.n(8)).rotated("y", 90).moved(s * (width / 2 - 0.1), y, 0.05)
        for s in (-1, 1)
        for y in (0.1, 0.4)
    ]
    return Piece(
        (
            solid(gloss(color), block((-width / 2, width / 2), (0.0, 0.48), (0.1, height))),
            Part(facing((-width / 2, width / 2), 0.484, (0.12, height - 0.02), (1, rows)), front),
            solid(paint(DARK), *wheels),
        ),
        width,
        0.5,
        height,
    )


def crates(draft: Draft, look: Look) -> Piece:
    """Wooden crates, stacked."""
    boards = draft.textured("wood", draft.texture(materials.planks, (186, 150, 104), 4, tag="crate"), 0.8)
    a, b, turn = draft.uniform(0.4, 0.55), draft.uniform(0.3, 0.42), draft.uniform(-12, 12)
    upper = block((-0.24, 0.24), (-0.2, 0.2), (0.0, b)).rotated("z", turn).moved(-0.22, 0.28, a)
    stack = [block((-0.54, 0.04), (0.03, 0.55), (0.0, a)), upper, block((0.1, 0.56), (0.03, 0.5), (0.0, b))]
    return Piece((solid(boards, *stack),), 1.16, 0.58, a + b)


# ---------------------------------------------------------------------------------------------------------------- garage


def tyres(draft: Draft, look: Look) -> Piece:
    """A stack of tyres."""
    count, radius = draft.pick((2, 3)), draft.uniform(0.28, 0.34)
    profile = [
        (0.9 * radius, 0.0),
        (radius, 0.05),
        (radius, 0.15),
        (0.9 * radius, 0.2),
        (0.55 * radius, 0.17),
        (0.53 * radius, 0.1),
    ]
    stack = [turned(draft, profile, 12).moved(0.02 * (k % 2), radius + 0.02, 0.2 * k) for k in range(count)]
    hub = tub(draft, 0.54 * radius, 0.03).moved(0, radius + 0.02, 0.2 * (count - 1) + 0.1)
    return Piece(
        (solid(Material("tyre", "rubber", (42, 42, 45), roughness=0.9), *stack), solid(look.metal, hub)),
        2 * radius + 0.04,
        2 * radius + 0.04,
        0.2 * count,
    )


def bicycle(draft: Draft, look: Look) -> Piece:
    """A bicycle that leans on the wall."""
    color, r = draft.tint(draft.pick(("red", "blue", "teal", "green", "orange", "yellow"))), 0.33
    y = 0.2
    a, b, c, d, e = (-0.52, y, r), (0.52, y, r), (-0.05, y, 0.3), (-0.18, y, 0.78), (0.36, y, 0.74)
    frame = [bar(*ends, 0.035) for ends in ((a, c), (c, d), (d, e), (c, e), (a, d), (e, b))]
    bars = [
        bar((0.32, y, 0.74), (0.32, y, 0.96), 0.03),
        bar((0.34, 0.04, 0.96), (0.34, 0.46, 0.96), 0.03),
        block((-0.32, -0.08), (y - 0.06, y + 0.06), (0.84, 0.89)),
        bar(d, (-0.2, y, 0.86), 0.03),
    ]
    wheels = [ring(draft, r - 0.02, 0.022, 18).moved(x, y, r) for x in (-0.52, 0.52)]
    spokes = [
        bar((x - dx, y, r - dz), (x + dx, y, r + dz), 0.006)
        for x in (-0.52, 0.52)
        for dx, dz in ((0.3, 0.02), (0.02, 0.3))
    ]
    return Piece(
        (solid(gloss(color), *frame), solid(paint(DARK), *wheels, *bars)), 1.74, 0.5, 1.0, (solid(look.metal, *spokes),)
    )


# ------------------------------------------------------------------------------------------------------------ laboratory


def flask(draft: Draft, kind: int, size: float) -> Surface:
    """A conical flask, a round one or a bottle; without a bottom."""
    profile = (
        [(0.07, 0), (0.02, 0.12), (0.02, 0.18)],
        [(0.05, 0), (0.065, 0.06), (0.016, 0.12), (0.016, 0.19)],
        [(0.045, 0), (0.045, 0.12), (0.018, 0.15), (0.018, 0.19)],
    )[kind]
    return turned(draft, profile, 8).scaled(size, size, size)


def laboratory_bench(draft: Draft, look: Look) -> Piece:
    """A bench with glassware, shelves of bottles behind it and a microscope."""
    width, columns = draft.uniform(1.7, 2.4), draft.pick((3, 4, 5))
    half, side, high = width / 2, draft.pick((-1, 1)), draft.uniform(0.5, 0.8)
    stream = draft.stream("glass")
    names = [str(name) for name in stream.permutation(["blue", "green", "orange", "yellow", "purple", "red"])]
    tones = tuple(mix(draft.tint(name), (214, 232, 238), 0.3) for name in names[:3])
    image = draft.texture(finishes.bottles, (214, 220, 222), 2, (*tones, (150, 92, 48), (226, 230, 232)), tag="bottles")
    flasks = [
        flask(draft, int(stream.integers(2)), float(stream.uniform(1.0, 1.6))).moved(float(x), 0.42, 0.93)
        for x in np.linspace(-0.4, 0.4, 3)
    ]
    at = side * (half - 0.3)
    scope = [
        block((at - 0.1, at + 0.1), (0.32, 0.56), (0.93, 0.96)),
        block((at - 0.04, at + 0.04), (0.32, 0.38), (0.96, 1.24)),
        block((at - 0.07, at + 0.07), (0.36, 0.52), (1.06, 1.08)),
        tub(draft, 0.032, 0.2).rotated("x", 25).moved(at, 0.5, 1.12),
    ]
    return Piece(
        (
            *cabinet(draft, look, width, 0.62, (0.08, 0.89), columns, 2, draft.chance(0.5)),
            solid(paint((54, 56, 60)), block((-half, half), (0.0, 0.66), (0.89, 0.93))),
            solid(look.metal, block((-half, half), (0.0, 0.2), (0.93 + high, 0.96 + high))),
            Part(facing((-half, half), 0.18, (0.93, 0.93 + high)), draft.textured("glass", image, 0.4)),
            solid(gloss(WHITE), *scope),
            *(solid(gloss(tone), found) for tone, found in zip(tones, flasks, strict=True)),
        ),
        width,
        0.68,
        0.96 + high,
    )


def fume_cupboard(draft: Draft, look: Look) -> Piece:
    """A tall cupboard with a lit working space behind a half raised pane."""
    width, half = 1.2, 0.6
    body = [block((-half, half), (0.0, 0.7), z) for z in ((0.0, 0.86), (1.75, 2.3))]
    body += [block((s - 0.06, s + 0.06), (0.0, 0.7), (0.86, 1.75)) for s in (-half + 0.06, half - 0.06)]
    inner = facing((-half, half), 0.05, (0.86, 1.75))
    pane = facing((-half + 0.12, half - 0.12), 0.66, (1.35, 1.75))
    flasks = [flask(draft, k, 1.6).moved(x, 0.35, 0.87) for k, x in ((0, -0.25), (1, 0.05), (2, 0.3))]
    doors = facing((-half, half), 0.704, (0.06, 0.84), (2, 1))
    return Piece(
        (
            solid(gloss((222, 224, 224)), *body),
            solid(paint((190, 196, 198)), inner),
            solid(Material("pane", "glass", (156, 186, 196), roughness=0.15), pane),
            solid(Material("glassware", "glass", mix(look.accent, (214, 232, 238), 0.3), roughness=0.15), *flasks),
            Part(doors, look.door),
        ),
        width,
        0.72,
        2.3,
    )


def gas_bottles(draft: Draft, look: Look) -> Piece:
    """Tall gas cylinders."""
    tones = [draft.tint(name) for name in ("red", "green", "gray", "blue")]
    first = draft.pick((0, 1, 2))
    profile = [(0, 0), (0.11, 0), (0.11, 1.15), (0.04, 1.3), (0.03, 1.42), (0, 1.42)]
    parts = [
        solid(gloss(tones[(first + k) % 4]), turned(draft, profile, 12).moved(0.26 * k - 0.26, 0.14)) for k in range(3)
    ]
    return Piece((*parts, solid(look.metal, block((-0.42, 0.42), (0.0, 0.03), (0.8, 0.86)))), 0.86, 0.28, 1.42)


# ------------------------------------------------------------------------------------------------------------- classroom


def pupil_desk(draft: Draft, look: Look) -> Piece:
    """A school desk with a chair, a book on it."""
    width, seats = draft.pick(((0.7, 1), (1.25, 2)))
    half = width / 2
    chairs = [part for k in range(seats) for part in chair((k - (seats - 1) / 2) * 0.6, 0.6, 0.42, 0.8)]
    book = block((-0.14, 0.14), (0.1, 0.3), (0.72, 0.74)).moved(draft.uniform(-0.15, 0.15))
    return Piece(
        (
            solid(look.beam, block((-half, half), (0.0, 0.5), (0.68, 0.72))),
            solid(
                look.metal,
                *posts(half - 0.05, (0.03, 0.47), (0.0, 0.68), 0.03),
                block((-half + 0.05, half - 0.05), (0.03, 0.4), (0.56, 0.58)),
            ),
            solid(paint(look.cloth), *chairs),
            solid(paint(look.accent), book),
        ),
        width,
        0.84,
        0.82,
    )


def globe(draft: Draft, look: Look) -> Piece:
    """A globe on a chest of drawers."""
    earth = draft.textured("paper", draft.texture(finishes.world_map, (86, 132, 188), tag="globe"), 0.4)
    z = 0.9
    ball = ellipsoid(0.19, 0.19, 0.19, draft.n(14), draft.n(8)).moved(0, 0.25, z + 0.32)
    foot = turned(draft, [(0.14, 0), (0.02, 0.05), (0.02, 0.13)], 8).moved(0, 0.25, z)
    return Piece(
        (*cabinet(draft, look, 0.8, 0.46, (0.0, z), 1, 4, False), Part(ball, earth), solid(look.metal, foot)),
        0.8,
        0.48,
        1.4,
    )


# ------------------------------------------------------------------------------------------------------------------ cafe


def cafe_counter(draft: Draft, look: Look) -> Piece:
    """A counter with an espresso machine, cups and cakes under glass; shelves of bottles on the wall behind it."""
    width, side = draft.uniform(1.8, 2.4), draft.pick((-1, 1))
    half, at = width / 2, side * (width / 2 - 0.45)
    machine = [block((at - 0.3, at + 0.3), (0.5, 0.86), z) for z in ((1.04, 1.1), (1.28, 1.48))]
    machine.append(block((at - 0.28, at + 0.28), (0.5, 0.66), (1.1, 1.28)))
    cups = [tub(draft, 0.04, 0.07).moved(at - 0.2 + 0.1 * k, 0.68, 1.48) for k in range(3)]
    cake = -side * (half - 0.4)
    dome = ellipsoid(0.19, 0.19, 0.2, draft.n(10), 6, 0.2).moved(cake, 0.68, 1.08)
    stand = turned(draft, [(0.08, 0), (0.02, 0.02), (0.02, 0.05), (0.22, 0.06), (0, 0.07)], 10).moved(cake, 0.68, 1.02)
    tones: tuple[Rgb, ...] = ((60, 96, 60), (150, 90, 40), look.accent, (232, 230, 222))
    image = draft.texture(finishes.bottles, draft.pick(((66, 50, 40), (196, 160, 118))), 2, tones, tag="bottles")
    front = draft.textured("wood", draft.texture(materials.planks, look.front.color, 6, tag="counter"), 0.7)
    return Piece(
        (
            Part(block((-half, half), (0.46, 0.9), (0.0, 1.0)).projected(0.8, "z"), front),
            solid(look.wood, block((-half - 0.03, half + 0.03), (0.42, 0.94), (1.0, 1.04)).projected(0.6)),
            Part(facing((-half, half), 0.1, (1.25, 2.05)), draft.textured("glass", image, 0.4)),
            solid(look.metal, *machine),
            solid(gloss(WHITE), stand),
            solid(gloss(draft.pick(((236, 190, 196), (120, 72, 44), (244, 226, 160)))), dome),
        ),
        width + 0.06,
        0.95,
        2.1,
        (solid(gloss(WHITE), *cups),),
    )


def bistro_set(draft: Draft, look: Look) -> Piece:
    """A small round table with two chairs."""
    table = turned(draft, [(0.22, 0), (0.22, 0.03), (0.03, 0.05), (0.03, 0.7)], 8).moved(0, 0.36)
    top = cylinder(0.32, 0.03, draft.n(14)).moved(0, 0.36, 0.7)
    cup = tub(draft, 0.045, 0.07).moved(0.08, 0.4, 0.73)
    seats = [
        part.rotated("z", -90.0 * s).moved(0.52 * s, 0.36) for s in (-1, 1) for part in chair(0.0, 0.0, 0.44, 0.86)
    ]
    return Piece(
        (
            solid(look.metal, table),
            solid(look.beam, top),
            solid(gloss(WHITE), cup),
            solid(paint(look.accent), *seats),
        ),
        1.52,
        0.72,
        0.86,
    )


# ---------------------------------------------------------------------------------------------------------------- studio


def easel(draft: Draft, look: Look) -> Piece:
    """A painting on an easel."""
    width, height, base = draft.uniform(0.5, 0.8), draft.uniform(0.6, 0.9), draft.uniform(0.6, 0.75)
    tone = draft.tint(draft.pick(("blue", "orange", "green", "pink", "beige", "teal")))
    art = draft.textured("paper", draft.texture(finishes.artwork, tone, tag="easel"), 0.8)
    half, lean = width / 2, 14.0
    canvas = block((-half, half), (-0.02, 0.02), (0.0, height)).rotated("x", lean).moved(0, 0.46, base)
    legs = [bar((0.32 * s, 0.62, 0.0), (0.05 * s, 0.24, 1.6), 0.04) for s in (-1, 1)]
    legs += [bar((0.0, 0.03, 0.0), (0.0, 0.24, 1.6), 0.04), block((-0.36, 0.36), (0.44, 0.54), (base - 0.04, base))]
    return Piece((Part(canvas, art), solid(look.beam, *legs)), 0.84, 0.68, 1.65)


def leaning_canvases(draft: Draft, look: Look) -> Piece:
    """Paintings that lean at the wall, one before the other."""
    parts = []
    for index in range(3):
        width, height, x = draft.uniform(0.5, 0.9), draft.uniform(0.5, 1.1) - 0.12 * index, draft.uniform(-0.2, 0.2)
        tone = draft.tint(draft.pick(("blue", "orange", "green", "red", "beige", "purple")))
        art = draft.textured("paper", draft.texture(finishes.artwork, tone, tag=f"canvas {index}"), 0.8)
        turned_ = (
            block((-width / 2, width / 2), (0.0, 0.03), (0.0, height)).rotated("x", 12).moved(x, 0.25 + 0.08 * index)
        )
        parts.append(Part(turned_, art))
    return Piece(tuple(parts), 1.34, 0.48, 1.1)


def paint_shelf(draft: Draft, look: Look) -> Piece:
    """A trolley of paint pots and brushes."""
    half = draft.uniform(0.3, 0.45)
    frame = [block((-half, half), (0.02, 0.4), (z, z + 0.04)) for z in (0.15, 0.45, 0.75)] + posts(
        half, (0.02, 0.4), (0.0, 0.8), 0.03
    )
    places = [(float(x), y, z) for y, z in ((0.26, 0.79), (0.2, 0.49)) for x in np.arange(-half + 0.1, half - 0.1, 0.2)]
    pots = [
        solid(gloss(draft.tint(name)), *(tub(draft, 0.055, 0.12).moved(*place) for place in places[k::4]))
        for k, name in enumerate(("red", "yellow", "blue", "green"))
    ]
    jar = tub(draft, 0.05, 0.12).moved(half - 0.1, 0.12, 0.79)
    brushes = [
        bar((half - 0.1, 0.12, 0.85), (half - 0.1 + dx, 0.12 + dy, 1.12), 0.012)
        for dx, dy in ((0.05, 0), (-0.04, 0.03), (0, -0.04))
    ]
    return Piece(
        (solid(look.metal, *frame), *pots),
        2 * half + 0.06,
        0.44,
        1.1,
        (solid(look.metal, jar), solid(look.wood, *brushes)),
    )


# --------------------------------------------------------------------------------------------------------------- laundry


def ironing_board(draft: Draft, look: Look) -> Piece:
    """An ironing board with an iron."""
    outline = np.array([[-0.62, -0.17], [0.35, -0.17], [0.62, -0.05], [0.62, 0.05], [0.35, 0.17], [-0.62, 0.17]])
    board = extrude(outline, 0.03).moved(0, 0.24, 0.86)
    legs = [bar((-0.4, y, 0.0), (0.3, y, 0.86), 0.025) for y in (0.12, 0.36)] + [
        bar((0.4, y, 0.0), (-0.3, y, 0.86), 0.025) for y in (0.14, 0.34)
    ]
    iron = block((-0.42, -0.2), (0.18, 0.3), (0.89, 0.93))
    grip = [block((-0.4, -0.22), (0.22, 0.26), (0.97, 1.0)), block((-0.4, -0.37), (0.22, 0.26), (0.93, 0.98))]
    cover = materials.encoded(materials.stripes(64, mix(look.cloth, WHITE, 0.3), mix(look.accent, WHITE, 0.4), 6))
    return Piece(
        (
            Part(board.projected(0.4), draft.textured("fabric", cover, 0.95)),
            solid(look.metal, *legs),
            solid(gloss(look.accent), iron, *grip),
        ),
        1.28,
        0.46,
        1.0,
    )


def drying_rack(draft: Draft, look: Look) -> Piece:
    """A rack hung with laundry."""
    half = draft.uniform(0.45, 0.6)
    rails = [bar((-half, y, 0.95), (half, y, 0.95), 0.02) for y in (0.1, 0.3, 0.5)]
    legs = [bar((x, 0.06, 0.0), (x, 0.54, 0.95), 0.025) for x in (-half, half)] + [
        bar((x, 0.54, 0.0), (x, 0.06, 0.95), 0.025) for x in (-half, half)
    ]
    names = [
        str(name) for name in draft.stream("laundry").permutation(["white", "blue", "red", "gray", "pink", "teal"])[:3]
    ]
    hung: dict[str, list[Surface]] = {}
    for y in (0.1, 0.3, 0.5):
        at = -half + 0.04
        while at < half - 0.2:
            wide, drop = draft.uniform(0.16, 0.34), draft.uniform(0.25, 0.6)
            cloth = block((at, min(at + wide, half)), (y - 0.015, y + 0.015), (0.96 - drop, 0.97))
            hung.setdefault(draft.pick(names), []).append(cloth)
            at += wide + 0.04
    cloths = [solid(fabric(mix(draft.tint(name), WHITE, 0.25)), *found) for name, found in hung.items()]
    return Piece((solid(look.metal, *rails, *legs), *cloths), 2 * half + 0.04, 0.6, 1.0)

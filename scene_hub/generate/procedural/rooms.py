"""Rooms: floor, four walls seen from inside, and furniture that stays clear of the table in the middle.

The robot looks along +x, so the far wall (x = FRONT) carries most of the furniture; the others are not bare. There is no
ceiling, so that light falls in.
"""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.materials import Material, Rgb
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.shapes import Surface, box, cylinder, ellipsoid, joined, quad

BACK, FRONT, SIDE, HEIGHT = -2.3, 2.5, 2.4, 2.7
Span = tuple[float, float]


def block(x: Span, y: Span, z: Span) -> Surface:
    """A box between coordinates."""
    size = (x[1] - x[0], y[1] - y[0], z[1] - z[0])
    return box(*size).moved((x[0] + x[1]) / 2, (y[0] + y[1]) / 2, z[0])


def paint(name: str, color: Rgb, roughness: float = 0.7) -> Material:
    """Even paint on furniture."""
    return Material(name, "wood", color, roughness=roughness)


def shell(
    floor: Material, wall: Material, floor_tile: float, wall_tile: float, skirting: Rgb = (232, 230, 224)
) -> list[Part]:
    """Floor and walls, facing inward, with skirting boards."""
    corners = [(BACK, -SIDE), (FRONT, -SIDE), (FRONT, SIDE), (BACK, SIDE)]
    ground = quad(*(np.array([x, y, 0.0]) for x, y in corners))
    walls, boards = [], []
    up, rise = np.array([0.0, 0.0, HEIGHT]), np.array([0.0, 0.0, 0.09])
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
        a, b = np.array([x0, y0, 0.0]), np.array([x1, y1, 0.0])
        walls.append(quad(b, a, a + up, b + up))
        inward = np.array([-(y1 - y0), x1 - x0, 0.0]) / np.hypot(x1 - x0, y1 - y0) * 0.015
        boards.append(quad(b + inward, a + inward, a + inward + rise, b + inward + rise))
    return [
        Part(ground.projected(floor_tile), floor),
        Part(joined(walls).projected(wall_tile), wall),
        Part(joined(boards), paint("skirting", skirting)),
    ]


def window(y: float, z: float, width: float, height: float) -> list[Part]:
    """A window in the far wall: sky, frame and a cross bar."""
    at, left, right = FRONT - 0.01, y - width / 2, y + width / 2
    sky = block((at - 0.005, at), (left, right), (z, z + height))
    bars = [block((at - 0.05, at), (left - 0.05, right + 0.05), (low, low + 0.06)) for low in (z - 0.06, z + height)]
    bars += [
        block((at - 0.04, at), (side - 0.03, side + 0.03), (z, z + height)) for side in (left - 0.02, y, right + 0.02)
    ]
    return [
        Part(sky, Material("sky", "glass", (190, 220, 245), roughness=0.2)),
        Part(joined(bars), paint("frame", (240, 240, 238))),
    ]


def picture(draft: Draft, x: Span | None, y: Span | None, z: Span, tag: str) -> list[Part]:
    """A framed picture: on the far wall if `x` is None, else on the left wall (y = SIDE) over the span `x`."""
    sky, land = (
        draft.tint(draft.pick(("blue", "teal", "beige", "pink"))),
        draft.tint(draft.pick(("orange", "green", "brown"))),
    )
    art = draft.texture(
        materials.skin, draft.size, materials.mix(sky, (240, 240, 240), 0.4), land, 0.2, tag="picture " + tag
    )
    grow = 0.05
    if x is None and y is not None:
        frame = block((FRONT - 0.03, FRONT), (y[0] - grow, y[1] + grow), (z[0] - grow, z[1] + grow))
        canvas = block((FRONT - 0.036, FRONT - 0.03), y, z)
    else:
        x = x or (-0.5, 0.5)
        frame = block((x[0] - grow, x[1] + grow), (SIDE - 0.03, SIDE), (z[0] - grow, z[1] + grow))
        canvas = block(x, (SIDE - 0.036, SIDE - 0.03), z)
    return [Part(frame, paint("picture frame", (58, 44, 32))), Part(canvas, draft.textured("paper", art))]


def door(y: float, color: Rgb) -> list[Part]:
    """A door in the wall behind the robot."""
    leaf = block((BACK, BACK + 0.03), (y - 0.42, y + 0.42), (0.0, 2.05))
    frame = [block((BACK, BACK + 0.05), (y + s * 0.46 - 0.05, y + s * 0.46 + 0.05), (0.0, 2.12)) for s in (-1, 1)]
    frame.append(block((BACK, BACK + 0.05), (y - 0.51, y + 0.51), (2.05, 2.15)))
    knob = block((BACK + 0.03, BACK + 0.08), (y + 0.30, y + 0.36), (1.0, 1.05))
    return [
        Part(leaf, paint("door", color)),
        Part(joined(frame), paint("door frame", materials.shade(color, 1.15))),
        Part(knob, Material("knob", "steel", (170, 170, 172), roughness=0.4, metallic=0.5)),
    ]


def shelf_unit(draft: Draft, y: Span, height: float, boards: int, wood: Material) -> list[Part]:
    """A bookcase against the far wall, with books of several colours."""
    x = (FRONT - 0.38, FRONT - 0.03)
    sides = [block(x, (side, side + 0.04), (0.0, height)) for side in (y[0], y[1] - 0.04)]
    levels = np.linspace(0.06, height - 0.03, boards)
    sides += [block(x, (y[0] + 0.04, y[1] - 0.04), (float(z), float(z) + 0.03)) for z in levels]
    stream = draft.stream("books")
    books: dict[str, list[Surface]] = {"red": [], "blue": [], "green": [], "white": [], "brown": []}
    names = list(books)
    for z in levels[:-1]:
        at, room = y[0] + 0.06, float(levels[1] - levels[0]) - 0.05
        while at < y[1] - 0.12:
            wide, tall = float(stream.uniform(0.035, 0.075)), float(stream.uniform(0.6, 0.92)) * room
            books[names[int(stream.integers(5))]].append(
                _book(x[0] + 0.06, (at, at + wide), (float(z) + 0.03, float(z) + 0.03 + tall))
            )
            at += wide + (0.14 if stream.random() < 0.15 else 0.002)
    return [
        Part(joined(sides).projected(0.6, "z"), wood),
        *(Part(joined(found), paint(f"{name} books", draft.tint(name))) for name, found in books.items() if found),
    ]


def _book(x: float, y: Span, z: Span) -> Surface:
    """What shows of a book on a shelf of the far wall: its spine and its top edge."""
    low, high = np.array([x, y[0], z[0]]), np.array([x, y[1], z[1]])
    spine = quad(np.array([x, high[1], low[2]]), low, np.array([x, low[1], high[2]]), high)
    deep = np.array([0.2, 0.0, 0.0])
    return joined(
        [spine, quad(np.array([x, low[1], high[2]]), np.array([x, low[1], high[2]]) + deep, high + deep, high)]
    )


def plant(draft: Draft, x: float, y: float, size: float) -> list[Part]:
    """A potted plant on the floor."""
    pot = cylinder(0.16 * size, 0.32 * size, draft.n(12)).moved(x, y)
    stream = draft.stream("plant")
    leaves = []
    for _ in range(8):
        turn, lean = float(stream.uniform(0, 360)), float(stream.uniform(15, 45))
        leaf = ellipsoid(0.05 * size, 0.015 * size, 0.30 * size, 6, 4).moved(z=0.30 * size)
        leaves.append(leaf.rotated("y", lean).rotated("z", turn).moved(x, y, 0.34 * size))
    return [
        Part(pot, Material("pot", "ceramic", (206, 200, 190))),
        Part(joined(leaves), Material("leaves", "food", (58, 112, 52), roughness=0.8)),
    ]


def rug(draft: Draft, color: Rgb, half: tuple[float, float]) -> list[Part]:
    """A rug under the table."""
    flat = quad(*(np.array([sx * half[0], sy * half[1], 0.006]) for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))))
    image = materials.fabric(draft.stream("rug"), 96, color)
    pale = materials.mix(color, (240, 236, 226), 0.7)
    for edge in (6, 12):
        for line in (slice(edge, edge + 2), slice(-edge - 2, -edge)):
            image[line, edge : 96 - edge] = pale
            image[edge : 96 - edge, line] = pale
    return [Part(flat, draft.textured("fabric", materials.encoded(image), 0.95))]


# ---------------------------------------------------------------------------------------------------------------- rooms


def _room(parts: list[Part], words: str) -> Design:
    return Design(parts, [], words, mass=1000.0)


@category("kitchen", ("white", "teal", "beige", "gray", "green"), kind="room")
def kitchen(draft: Draft) -> Design:
    tone = materials.mix(draft.rgb, (236, 234, 228), 0.35)
    floor = draft.textured(
        "plaster", draft.texture(materials.tiles, (196, 190, 178), (150, 146, 138), 4, tag="floor"), 0.5
    )
    wall = draft.textured(
        "plaster", draft.texture(materials.tiles, (228, 228, 222), (200, 200, 194), 6, True, tag="wall"), 0.4
    )
    cupboards = [block((1.95, FRONT), (-2.3, 2.3), (0.08, 0.86)), block((2.15, FRONT), (-2.3, -0.7), (1.5, 2.2))]
    cupboards.append(block((2.15, FRONT), (0.9, 2.3), (1.5, 2.2)))
    seams = [block((1.94, 1.95), (y - 0.004, y + 0.004), (0.1, 0.84)) for y in np.linspace(-1.9, 1.9, 8)]
    seams += [block((2.14, 2.15), (y - 0.004, y + 0.004), (1.52, 2.18)) for y in (-1.77, -1.23, 1.37, 1.83)]
    knobs = [block((1.92, 1.95), (y + 0.05, y + 0.08), (0.62, 0.76)) for y in np.linspace(-1.9, 1.9, 8)]
    tap = joined([block((2.28, 2.31), (0.08, 0.11), (0.9, 1.12)), block((2.1, 2.31), (0.08, 0.11), (1.10, 1.13))])
    pot = cylinder(0.11, 0.14, draft.n(14)).moved(2.2, -1.2, 0.91)
    jars = joined([cylinder(0.05, 0.16, draft.n(10)).moved(2.3, y, 0.9) for y in (1.2, 1.35, 1.5)])
    fridge = [block((-0.4, 0.4), (1.75, SIDE), (0.0, 1.15)), block((-0.4, 0.4), (1.75, SIDE), (1.17, 1.8))]
    steel = Material("steel", "steel", (170, 172, 176), roughness=0.4, metallic=0.4)
    return _room(
        [
            *shell(floor, wall, 1.2, 1.0),
            *window(0.1, 1.15, 1.2, 1.0),
            *door(-0.9, (214, 208, 196)),
            Part(joined(cupboards), paint("cupboard", tone, 0.5)),
            Part(joined(seams), paint("seam", materials.shade(tone, 0.5))),
            Part(joined([*knobs, tap, pot]), steel),
            Part(jars, Material("jar", "ceramic", draft.tint(draft.pick(("red", "yellow", "blue"))))),
            Part(
                block((1.9, FRONT), (-2.3, 2.3), (0.86, 0.90)).projected(0.6, "y"),
                draft.wood((148, 106, 66), tag="worktop"),
            ),
            Part(joined(fridge), paint("fridge", (216, 218, 220), 0.4)),
        ],
        "kitchen with cupboards, a worktop and a window",
    )


@category("living_room", ("beige", "white", "green", "blue", "pink"), kind="room")
def living_room(draft: Draft) -> Design:
    tone = materials.mix(draft.rgb, (240, 236, 226), 0.6)
    boards: Rgb = draft.pick(((168, 118, 72), (120, 80, 50), (196, 158, 112)))
    floor = draft.textured("wood", draft.texture(materials.planks, boards, tag="floor"), 0.6)
    wall = draft.textured("plaster", draft.texture(materials.mottled, tone, 0.05, tag="wall"), 0.8)
    cloth = draft.tint(draft.pick(("gray", "teal", "brown", "blue", "red")))
    seat = [block((1.75, 2.4), (-1.6, 0.4), (0.12, 0.40)), block((2.2, 2.42), (-1.6, 0.4), (0.40, 0.85))]
    seat += [block((1.72, 2.42), (y, y + 0.2), (0.08, 0.62)) for y in (-1.78, 0.38)]
    cushions = [block((1.70, 2.2), (y, y + 0.96), (0.40, 0.50)) for y in (-1.57, -0.59)]
    pillow = [block((2.02, 2.2), (y, y + 0.38), (0.50, 0.84)) for y in (-1.5, -0.1)]
    return _room(
        [
            *shell(floor, wall, 1.4, 2.0),
            *rug(
                draft, materials.mix(draft.tint(draft.pick(("red", "blue", "gray"))), (200, 190, 176), 0.4), (1.4, 1.7)
            ),
            *shelf_unit(draft, (1.0, 2.1), 1.9, 6, draft.wood((134, 92, 54), tag="shelf")),
            *picture(draft, None, (-1.05, -0.15), (1.3, 1.9), "sofa"),
            *picture(draft, (0.4, 1.3), None, (1.2, 1.9), "side"),
            *plant(draft, 2.02, -1.93, 1.2),
            *door(1.0, (226, 222, 214)),
            Part(joined(seat), Material("sofa", "fabric", cloth, roughness=0.95)),
            Part(joined(cushions), Material("cushion", "fabric", materials.shade(cloth, 1.15), roughness=0.95)),
            Part(joined(pillow), Material("pillow", "fabric", draft.tint("yellow"), roughness=0.95)),
        ],
        "living room with a sofa, a rug and a bookshelf",
    )


@category("office", ("white", "gray", "blue", "beige"), kind="room")
def office(draft: Draft) -> Design:
    tone = materials.mix(draft.rgb, (236, 236, 234), 0.6)
    floor = draft.textured("fabric", draft.texture(materials.fabric, (112, 116, 126), tag="carpet"), 0.95)
    wall = draft.textured("plaster", draft.texture(materials.mottled, tone, 0.04, tag="wall"), 0.8)
    desk = draft.wood((200, 168, 124), tag="desk")
    steel = Material("metal", "steel", (140, 142, 148), roughness=0.4, metallic=0.4)
    top = block((1.7, 2.4), (-2.1, -0.3), (0.70, 0.74)).projected(0.7, "y")
    legs = [block((x, x + 0.04), (y, y + 0.04), (0, 0.70)) for x in (1.74, 2.32) for y in (-2.05, -0.4)]
    screens = [block((2.18, 2.21), (y, y + 0.56), (0.90, 1.24)) for y in (-1.85, -1.1)]
    glow = [block((2.172, 2.18), (y + 0.02, y + 0.54), (0.92, 1.22)) for y in (-1.85, -1.1)]
    stands = [block((2.2, 2.24), (y + 0.25, y + 0.31), (0.74, 0.95)) for y in (-1.85, -1.1)]
    chair = [
        block((1.35, 1.75), (-1.4, -0.95), (0.44, 0.50)),
        block((1.33, 1.38), (-1.38, -0.97), (0.55, 1.0)),
        block((1.52, 1.58), (-1.21, -1.14), (0.05, 0.44)),
    ]
    drawers = [block((1.9, 2.42), (0.1, 0.6), (z, z + 0.30)) for z in (0.04, 0.36, 0.68)]
    board = block((FRONT - 0.03, FRONT), (-1.9, -0.5), (1.45, 2.15))
    white = block((FRONT - 0.035, FRONT - 0.03), (-1.86, -0.54), (1.49, 2.11))
    return _room(
        [
            *shell(floor, wall, 0.25, 2.0, (110, 112, 118)),
            *shelf_unit(draft, (0.9, 2.2), 2.0, 5, paint("shelf", (226, 226, 222))),
            *window(0.35, 1.15, 0.8, 0.9),
            *door(0.0, (150, 120, 90)),
            *plant(draft, -0.9, 1.9, 1.3),
            *picture(draft, (0.5, 1.3), None, (1.2, 1.8), "poster"),
            Part(top, desk),
            Part(joined([*legs, *stands, board]), steel),
            Part(joined([*screens, *chair]), Material("black", "plastic", (42, 43, 48), roughness=0.5)),
            Part(joined(glow), Material("screen", "glass", (96, 142, 190), roughness=0.3)),
            Part(white, Material("whiteboard", "plastic", (246, 246, 246), roughness=0.3)),
            Part(joined(drawers), paint("drawers", (176, 180, 186), 0.5)),
        ],
        "office with a desk, two screens and a bookcase",
    )


@category("workshop", ("gray", "beige", "white", "orange"), kind="room")
def workshop(draft: Draft) -> Design:
    tone = materials.mix(draft.rgb, (206, 200, 190), 0.55)
    floor = draft.textured("plaster", draft.texture(materials.mottled, (142, 141, 138), 0.16, 12, tag="floor"), 0.85)
    wall = draft.textured(
        "plaster", draft.texture(materials.tiles, tone, materials.shade(tone, 0.8), 8, True, tag="wall"), 0.9
    )
    bench_wood, steel = (
        draft.wood((166, 122, 78), tag="bench"),
        Material("steel", "steel", (132, 136, 142), roughness=0.45, metallic=0.4),
    )
    bench = [
        block((1.8, FRONT - 0.02), (-2.2, 0.8), (0.84, 0.92)),
        block((1.9, FRONT - 0.1), (-2.1, 0.7), (0.22, 0.26)),
    ]
    bench += [block((x, x + 0.09), (y, y + 0.09), (0, 0.84)) for x in (1.86, 2.32) for y in (-2.15, -0.7, 0.66)]
    peg = block((FRONT - 0.03, FRONT), (-2.1, 0.7), (1.15, 2.05))
    hung = []
    for index, y in enumerate(np.linspace(-1.9, 0.5, 9)):
        at, drop = float(y), 0.26 + 0.06 * (index % 3)
        hung.append(block((FRONT - 0.06, FRONT - 0.03), (at - 0.016, at + 0.016), (1.9 - drop, 1.9)))
        hung.append(
            block((FRONT - 0.07, FRONT - 0.03), (at - 0.06, at + 0.06), (1.88, 1.94))
            if index % 2
            else block((FRONT - 0.06, FRONT - 0.03), (at - 0.035, at + 0.035), (1.9 - drop, 1.96 - drop))
        )
    chest = [block((1.9, 2.42), (1.1, 2.0), (z, z + 0.16)) for z in (0.06, 0.24, 0.42, 0.60, 0.78)]
    pulls = [block((1.87, 1.9), (1.35, 1.75), (z + 0.07, z + 0.09)) for z in (0.06, 0.24, 0.42, 0.60, 0.78)]
    crates = [
        block((-0.5, 0.1), (1.8, 2.3), (0.0, 0.42)),
        block((-0.45, 0.0), (1.85, 2.3), (0.42, 0.78)),
        block((0.4, 1.0), (1.85, 2.3), (0.0, 0.5)),
    ]
    boxes = [block((1.95, 2.25), (-1.9, -1.5), (0.92, 1.10)), block((2.0, 2.25), (0.2, 0.55), (0.92, 1.06))]
    return _room(
        [
            *shell(floor, wall, 1.6, 1.6, (96, 96, 98)),
            *window(1.55, 1.3, 0.9, 0.8),
            *door(-0.6, (120, 124, 130)),
            Part(joined(bench).projected(0.5, "y"), bench_wood),
            Part(peg, paint("pegboard", (188, 158, 116))),
            Part(joined([*hung, *pulls]), steel),
            Part(joined(chest), paint("tool chest", draft.tint(draft.pick(("red", "blue", "orange"))), 0.4)),
            Part(joined(crates).projected(0.5), draft.wood((186, 150, 104), tag="crate")),
            Part(joined(boxes), Material("toolbox", "plastic", draft.tint("yellow"), roughness=0.5)),
        ],
        "workshop with a workbench, hanging tools and a tool chest",
    )


@category("dining_room", ("green", "beige", "blue", "red", "white"), kind="room")
def dining_room(draft: Draft) -> Design:
    tone = materials.mix(draft.rgb, (226, 220, 206), 0.5)
    floor = draft.textured("wood", draft.texture(materials.planks, (132, 88, 52), 8, tag="floor"), 0.5)
    stripes = materials.stripes(64, tone, materials.shade(tone, 0.94), 4)
    wall = draft.textured("paper", materials.encoded(stripes), 0.8)
    wood = draft.wood((104, 68, 42), tag="sideboard")
    sideboard = [block((1.95, 2.42), (-1.5, 0.9), (0.12, 0.85)), block((1.92, 2.44), (-1.54, 0.94), (0.85, 0.88))]
    sideboard += [block((x, x + 0.05), (y, y + 0.05), (0.0, 0.12)) for x in (2.0, 2.35) for y in (-1.45, 0.8)]
    seams = [block((1.945, 1.95), (y - 0.004, y + 0.004), (0.16, 0.82)) for y in (-0.9, -0.3, 0.3)]
    lamp = [cylinder(0.012, 0.36, 8).moved(2.2, -1.25, 0.88), cylinder(0.09, 0.02, draft.n(12)).moved(2.2, -1.25, 0.88)]
    shade_ = cylinder(0.15, 0.20, draft.n(14)).moved(2.2, -1.25, 1.22)
    plates = [cylinder(0.13, 0.016, draft.n(16)).rotated("y", -78).moved(2.38, y, 1.02) for y in (-0.2, 0.15, 0.5)]
    curtains = [block((FRONT - 0.12, FRONT - 0.04), (y, y + 0.3), (0.5, 2.35)) for y in (0.95, 2.05)]
    return _room(
        [
            *shell(floor, wall, 1.4, 1.2, (214, 206, 190)),
            *rug(
                draft, materials.mix(draft.tint(draft.pick(("red", "green", "blue"))), (160, 140, 110), 0.3), (1.5, 1.7)
            ),
            *window(1.65, 1.0, 0.8, 1.2),
            *picture(draft, None, (-0.75, 0.25), (1.4, 2.05), "sideboard"),
            *picture(draft, (-0.5, 0.6), None, (1.2, 1.9), "side"),
            *door(0.8, (232, 226, 214)),
            Part(joined(sideboard).projected(0.6, "y"), wood),
            Part(joined([*seams, *lamp]), paint("dark", (50, 36, 26))),
            Part(shade_, Material("lampshade", "fabric", (246, 228, 184), roughness=0.9)),
            Part(joined(plates), Material("plates", "ceramic", (234, 236, 240), roughness=0.3)),
            Part(joined(curtains), Material("curtain", "fabric", materials.shade(tone, 0.7), roughness=0.95)),
        ],
        "dining room with a sideboard, curtains and pictures",
    )

"""Rooms: each is a choice of finishes, of furniture that says what it is, and of what hangs on its walls.

`essential` furniture comes first and where cameras look; `optional` furniture fills what is left, by chance.
"""

from collections.abc import Callable, Sequence

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.materials import Rgb, mix, shade
from scene_hub.generate.procedural import equipment, finishes, furniture, hangings
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.procedural.furniture import Look, draw_look
from scene_hub.generate.procedural.interiors import Interior, Piece, WallName, lying

Maker = Callable[[Draft, Look], Piece]

AHEAD: tuple[WallName, ...] = ("front", "right", "left", "back")
BEHIND: tuple[WallName, ...] = ("back", "left", "right", "front")
SIDES: tuple[WallName, ...] = ("left", "right", "front", "back")
CARPETS = ("red", "blue", "gray", "teal", "beige", "green", "orange", "purple")


def _empty(
    draft: Draft, walls: tuple[str, ...], floors: tuple[str, ...], accents: tuple[str, ...] = (), chance: float = 0.5
) -> Interior:
    """A room in the draft's colour: wall and floor finishes out of those named, perhaps one wall unlike the others."""
    tone = mix(draft.rgb, (238, 235, 228), draft.uniform(0.3, 0.7))
    wall = finishes.wall_finish(draft, walls, tone, "wall")
    floor = finishes.floor_finish(draft, floors)
    strong = mix(draft.rgb, tone, draft.uniform(0.1, 0.5))
    accent = finishes.wall_finish(draft, accents or walls, strong, "accent") if draft.chance(chance) else None
    skirting: Rgb = draft.pick(((232, 230, 224), (232, 230, 224), (110, 84, 60), (84, 86, 92), shade(tone, 0.8)))
    return Interior(draft, floor, wall, accent, skirting)


def _furnish(
    draft: Draft, room: Interior, look: Look, essential: Sequence[Maker], optional: Sequence[Maker], extras: int
) -> None:
    """The first essential piece stands behind the robot, the second before it, and so on; then up to `extras` others."""
    for index, make in enumerate(essential):
        room.stand(make(draft, look), *(BEHIND if index % 2 == 0 else AHEAD))
    for index in draft.rng.permutation(len(optional))[:extras]:
        room.stand(optional[int(index)](draft, look))


def _openings(draft: Draft, room: Interior, windows: tuple[int, ...]) -> None:
    """A door and some windows."""
    room.hang(hangings.door(draft), 0.0, *draft.pick((SIDES, BEHIND, AHEAD)))
    window, low = hangings.window(draft), draft.uniform(0.85, 1.2)
    for _ in range(draft.pick(windows)):
        room.hang(window, low)


def _pictures(draft: Draft, room: Interior, counts: tuple[int, ...]) -> None:
    for index in range(draft.pick(counts)):
        room.hang(hangings.picture(draft, str(index)), draft.uniform(1.15, 1.5))


def _rug(draft: Draft, room: Interior, chance: float) -> None:
    """A rug under the table: plain with a border, striped or chequered."""
    half_x, half_y = draft.uniform(1.1, 1.7), draft.uniform(1.2, 1.8)
    style = draft.pick(("border", "stripes", "checks"))
    color = mix(draft.tint(draft.pick(CARPETS)), (200, 190, 176), draft.uniform(0.1, 0.5))
    pale, count, laid = mix(color, (240, 236, 226), 0.7), draft.pick((4, 6, 8)), draft.chance(chance)
    size = draft.size
    image = materials.fabric(draft.stream("rug"), size, color)
    if style == "border":
        at = np.minimum(np.arange(size), np.arange(size)[::-1]) / size
        edge = np.minimum(at[:, None], at[None])
        image[((edge > 0.05) & (edge < 0.08)) | ((edge > 0.11) & (edge < 0.125))] = pale
    else:
        pattern = (
            materials.stripes(size, color, pale, count)
            if style == "stripes"
            else materials.checker(size, color, pale, count)
        )
        image = 0.5 * image + 0.5 * pattern
    if laid:
        rug = lying((-half_x, half_x), (-half_y, half_y), 0.006)
        room.parts.append(Part(rug, draft.textured("fabric", materials.encoded(image), 0.95)))


def _finished(room: Interior, words: str) -> Design:
    return Design(room.parts, [], words, mass=1000.0)


# ------------------------------------------------------------------------------------------------------------- at home


@category(
    "kitchen",
    ("white", "teal", "beige", "gray", "green", "yellow", "blue"),
    kind="room",
    also=("cooking area", "kitchenette", "galley", "cookhouse"),
)
def kitchen(draft: Draft) -> Design:
    room = _empty(
        draft,
        ("tiled", "half_tiled", "paint", "two_tone"),
        ("tiles", "chequered", "stone", "planks", "terrazzo"),
        ("tiled", "brick", "paint"),
    )
    look = draw_look(draft, ("white", "teal", "beige", "gray", "green", "blue", "red", "yellow"))
    essential = (furniture.kitchen_units, furniture.kitchen_units, furniture.cooker, furniture.refrigerator)
    optional = (furniture.dining_chair, furniture.china_cabinet, furniture.plant, furniture.washing_machine)
    _furnish(draft, room, look, essential, optional, 2)
    _openings(draft, room, (1, 1, 2))
    room.hang(hangings.wall_shelf(draft, look), 1.4)
    room.hang(hangings.clock(draft), 1.8)
    return _finished(room, "kitchen with cupboards, a worktop and a cooker")


@category(
    "living_room",
    ("beige", "white", "green", "blue", "pink", "teal", "red"),
    kind="room",
    also=("lounge", "sitting room", "parlour", "parlor", "family room", "den", "living area"),
)
def living_room(draft: Draft) -> Design:
    walls = ("paint", "striped", "dotted", "trellis", "panelled", "flowered")
    room = _empty(draft, walls, ("planks", "parquet", "carpet", "planks"), ("paint", "brick", "boarded", "trellis"))
    look = draw_look(draft)
    essential = (furniture.sofa, furniture.media_unit, furniture.bookcase, furniture.armchair)
    optional = (furniture.plant, furniture.floor_lamp, furniture.sideboard, furniture.bookcase, furniture.armchair)
    _furnish(draft, room, look, essential, optional, 2)
    _openings(draft, room, (1, 2, 3))
    _pictures(draft, room, (1, 2))
    _rug(draft, room, 0.75)
    return _finished(room, "living room with a sofa, a television and a bookcase")


@category(
    "dining_room",
    ("green", "beige", "blue", "red", "white", "purple"),
    kind="room",
    also=("dining area", "eating area", "breakfast room", "banquet room"),
)
def dining_room(draft: Draft) -> Design:
    walls = ("striped", "panelled", "trellis", "flowered", "paint", "two_tone")
    room = _empty(draft, walls, ("planks", "parquet", "parquet", "carpet", "chequered"))
    look = draw_look(draft)
    essential = (
        furniture.sideboard,
        furniture.china_cabinet,
        furniture.dining_chair,
        furniture.dining_chair,
        furniture.dining_chair,
    )
    optional = (
        furniture.plant,
        furniture.floor_lamp,
        furniture.dining_chair,
        furniture.china_cabinet,
        furniture.dining_chair,
    )
    _furnish(draft, room, look, essential, optional, 2)
    _openings(draft, room, (1, 2, 3))
    _pictures(draft, room, (2, 3))
    _rug(draft, room, 0.7)
    return _finished(room, "dining room with a sideboard, a china cabinet and chairs")


@category(
    "bedroom",
    ("blue", "beige", "pink", "white", "purple", "green"),
    kind="room",
    also=("bed room", "guest room", "sleeping room", "bedchamber", "dormitory"),
)
def bedroom(draft: Draft) -> Design:
    walls = ("paint", "striped", "dotted", "flowered", "trellis", "panelled")
    room = _empty(draft, walls, ("carpet", "planks", "parquet", "carpet"), ("paint", "boarded", "flowered"))
    look = draw_look(
        draft, draft.pick(((), ("white", "beige", "gray", "blue"))), ("blue", "pink", "gray", "green", "purple", "red")
    )
    essential = (furniture.bed, furniture.wardrobe, furniture.nightstand, furniture.dresser)
    optional = (furniture.plant, furniture.floor_lamp, furniture.bookcase, furniture.nightstand, furniture.dining_chair)
    _furnish(draft, room, look, essential, optional, 2)
    _openings(draft, room, (1, 2))
    _pictures(draft, room, (1, 2))
    _rug(draft, room, 0.5)
    return _finished(room, "bedroom with a bed, a wardrobe and a chest of drawers")


@category(
    "bathroom",
    ("white", "blue", "teal", "green", "beige", "pink"),
    kind="room",
    also=("bath", "washroom", "restroom", "shower room", "toilet"),
)
def bathroom(draft: Draft) -> Design:
    room = _empty(
        draft,
        ("tiled", "half_tiled", "half_tiled"),
        ("tiles", "chequered", "terrazzo", "stone"),
        ("tiled", "boarded"),
        0.35,
    )
    look = draw_look(draft, ("white", "gray", "blue", "beige", "green"))
    essential = (furniture.bathtub, furniture.washstand, furniture.toilet)
    optional = (furniture.laundry_basket, furniture.plant, furniture.washing_machine, equipment.storage_rack)
    _furnish(draft, room, look, essential, optional, 2)
    _openings(draft, room, (0, 1, 2))
    _pictures(draft, room, (0, 1))
    _rug(draft, room, 0.3)
    return _finished(room, "bathroom with a bathtub, a wash basin and tiles")


@category(
    "laundry_room",
    ("white", "blue", "yellow", "gray", "green"),
    kind="room",
    also=("laundry", "utility room", "wash house", "laundrette", "laundromat"),
)
def laundry_room(draft: Draft) -> Design:
    room = _empty(draft, ("half_tiled", "paint", "two_tone", "boarded"), ("tiles", "linoleum", "concrete", "chequered"))
    look = draw_look(draft, ("white", "blue", "gray", "yellow"))
    essential = (
        furniture.washing_machine,
        equipment.drying_rack,
        furniture.washing_machine,
        equipment.ironing_board,
        furniture.laundry_basket,
    )
    optional = (
        equipment.storage_rack,
        furniture.kitchen_units,
        furniture.laundry_basket,
        furniture.washing_machine,
        equipment.drying_rack,
    )
    _furnish(draft, room, look, essential, optional, 2)
    _openings(draft, room, (0, 1, 2))
    room.hang(hangings.wall_shelf(draft, look), 1.4)
    return _finished(room, "laundry room with washing machines and a drying rack")


@category(
    "playroom",
    ("yellow", "blue", "pink", "green", "orange", "white"),
    kind="room",
    also=("nursery", "play room", "children's room", "kids room", "kindergarten", "baby room"),
)
def playroom(draft: Draft) -> Design:
    room = _empty(
        draft, ("dotted", "striped", "paint", "two_tone", "trellis"), ("carpet", "planks", "linoleum", "carpet_tiles")
    )
    look = draw_look(draft, ("white", "yellow", "blue", "pink", "green"), ("pink", "yellow", "blue", "green"))
    essential = (furniture.play_tent, equipment.cubbies, furniture.toy_box, furniture.teddy)
    optional = (furniture.cot, furniture.toy_box, furniture.bookcase, furniture.cot, furniture.floor_lamp)
    _furnish(draft, room, look, essential, optional, 2)
    _openings(draft, room, (1, 2))
    _pictures(draft, room, (2, 3))
    _rug(draft, room, 0.85)
    return _finished(room, "playroom with a tent, toys and shelves of bright trays")


# ------------------------------------------------------------------------------------------------------------ at work


@category(
    "office",
    ("white", "gray", "blue", "beige", "green"),
    kind="room",
    also=("study", "workplace", "home office", "workspace", "workroom"),
)
def office(draft: Draft) -> Design:
    room = _empty(
        draft,
        ("paint", "two_tone", "concrete", "paint"),
        ("carpet", "carpet_tiles", "planks", "linoleum"),
        ("paint", "brick", "boarded", "concrete"),
    )
    look = draw_look(draft, draft.pick(((), ("white", "gray", "black"))), ("gray", "blue", "black", "teal", "red"))
    essential = (equipment.desk, equipment.desk, furniture.bookcase, equipment.filing_cabinet)
    optional = (furniture.plant, equipment.filing_cabinet, furniture.bookcase, furniture.floor_lamp, equipment.desk)
    _furnish(draft, room, look, essential, optional, 2)
    room.hang(hangings.board(draft, ((246, 246, 246),)), 1.1)
    _openings(draft, room, (1, 2, 3))
    _pictures(draft, room, (0, 1, 2))
    room.hang(hangings.clock(draft), 1.8)
    return _finished(room, "office with desks, screens and a bookcase")


@category(
    "workshop",
    ("gray", "beige", "white", "orange", "green"),
    kind="room",
    also=("repair shop", "tool shop", "woodshop", "wood shop", "maker space", "makerspace", "factory", "tool room"),
)
def workshop(draft: Draft) -> Design:
    room = _empty(
        draft, ("brick", "concrete", "paint", "boarded", "two_tone"), ("concrete", "planks", "stone", "linoleum")
    )
    look = draw_look(draft, ("gray", "blue", "red", "green"))
    essential = (equipment.workbench, equipment.workbench, equipment.tool_chest, equipment.crates)
    optional = (
        equipment.storage_rack,
        equipment.crates,
        equipment.gas_bottles,
        equipment.filing_cabinet,
        equipment.storage_rack,
    )
    _furnish(draft, room, look, essential, optional, 2)
    _openings(draft, room, (0, 1, 2))
    room.hang(hangings.clock(draft), 1.8)
    return _finished(room, "workshop with workbenches, hanging tools and a tool chest")


@category(
    "garage",
    ("gray", "white", "beige", "blue"),
    kind="room",
    also=("carport", "car repair shop", "shed", "tool shed", "basement", "cellar"),
)
def garage(draft: Draft) -> Design:
    room = _empty(draft, ("concrete", "brick", "paint", "two_tone"), ("concrete", "concrete", "stone"))
    look = draw_look(draft, ("gray", "blue", "red"))
    room.hang(hangings.garage_door(draft, look), 0.0, *draft.pick((AHEAD, SIDES)))
    essential = (equipment.bicycle, equipment.storage_rack, equipment.tyres, equipment.tool_chest)
    optional = (
        equipment.crates,
        equipment.tyres,
        equipment.storage_rack,
        equipment.workbench,
        equipment.gas_bottles,
        equipment.bicycle,
    )
    _furnish(draft, room, look, essential, optional, 2)
    window = hangings.window(draft)
    for _ in range(draft.pick((0, 1, 2))):
        room.hang(window, 1.2)
    return _finished(room, "garage with a bicycle, tyres and a sectional door")


@category(
    "laboratory",
    ("white", "gray", "blue", "teal"),
    kind="room",
    also=("lab", "chemistry lab", "science lab", "research lab", "test bench area"),
)
def laboratory(draft: Draft) -> Design:
    room = _empty(
        draft, ("paint", "half_tiled", "tiled", "two_tone"), ("linoleum", "tiles", "concrete", "terrazzo"), (), 0.3
    )
    look = draw_look(draft, ("white", "gray", "blue", "teal"), ("blue", "gray", "teal"))
    essential = (equipment.laboratory_bench, equipment.laboratory_bench, equipment.fume_cupboard, equipment.gas_bottles)
    optional = (equipment.filing_cabinet, equipment.desk, furniture.refrigerator, furniture.plant, equipment.tool_chest)
    _furnish(draft, room, look, essential, optional, 1)
    _openings(draft, room, (0, 1, 2))
    room.hang(hangings.board(draft, ((246, 246, 246),)), 1.1)
    room.hang(hangings.clock(draft), 1.8)
    return _finished(room, "laboratory with benches, glassware and a fume cupboard")


@category(
    "classroom",
    ("beige", "green", "white", "yellow", "blue"),
    kind="room",
    also=("class room", "schoolroom", "school", "lecture room", "seminar room", "class"),
)
def classroom(draft: Draft) -> Design:
    room = _empty(
        draft, ("two_tone", "paint", "two_tone", "boarded"), ("linoleum", "planks", "parquet", "carpet_tiles")
    )
    look = draw_look(draft, ("white", "green", "yellow", "blue"), ("red", "blue", "green", "orange"))
    grounds: tuple[Rgb, ...] = ((40, 74, 60), (46, 50, 54), (40, 74, 60), (246, 246, 246))
    room.hang(hangings.board(draft, grounds), 0.95, *draft.pick((AHEAD, BEHIND)))
    essential = (equipment.pupil_desk, equipment.pupil_desk, equipment.cubbies, equipment.pupil_desk)
    optional = (equipment.globe, furniture.bookcase, furniture.plant, equipment.filing_cabinet, equipment.globe)
    _furnish(draft, room, look, essential, optional, 2)
    _openings(draft, room, (1, 2, 3))
    room.hang(hangings.wall_map(draft), 1.1)
    _pictures(draft, room, (0, 1, 2))
    room.hang(hangings.clock(draft), 1.9)
    return _finished(room, "classroom with a blackboard, school desks and chairs")


@category(
    "cafe",
    ("teal", "red", "beige", "green", "white", "orange"),
    kind="room",
    also=("coffee shop", "coffeehouse", "bar", "bakery", "restaurant", "bistro", "diner", "canteen", "cafeteria"),
)
def cafe(draft: Draft) -> Design:
    walls = ("brick", "boarded", "half_tiled", "two_tone", "paint")
    room = _empty(draft, walls, ("planks", "chequered", "terrazzo", "concrete", "tiles"))
    look = draw_look(draft, ("teal", "red", "green", "black", "beige", "blue"))
    essential = (equipment.cafe_counter, equipment.bistro_set, equipment.bistro_set)
    optional = (equipment.bistro_set, furniture.plant, furniture.floor_lamp, furniture.plant)
    _furnish(draft, room, look, essential, optional, 2)
    room.hang(hangings.board(draft, ((40, 42, 44), (60, 48, 40))), 1.3, *AHEAD)
    _openings(draft, room, (1, 2, 3))
    _pictures(draft, room, (1, 2))
    return _finished(room, "cafe with a counter, a menu board and small round tables")


@category(
    "studio",
    ("white", "beige", "gray", "blue", "orange"),
    kind="room",
    also=("art studio", "atelier", "artist's studio", "painting studio", "art room", "craft room"),
)
def studio(draft: Draft) -> Design:
    room = _empty(draft, ("paint", "brick", "concrete", "boarded"), ("planks", "concrete", "planks", "parquet"))
    look = draw_look(draft)
    essential = (equipment.easel, equipment.easel, equipment.leaning_canvases, equipment.paint_shelf)
    optional = (
        furniture.plant,
        equipment.filing_cabinet,
        equipment.storage_rack,
        equipment.easel,
        furniture.sofa,
        equipment.paint_shelf,
    )
    _furnish(draft, room, look, essential, optional, 2)
    _openings(draft, room, (1, 2, 3))
    _pictures(draft, room, (1, 2))
    return _finished(room, "studio with easels, paintings and pots of paint")

"""Tables. Their frame is the exception to the resting-plane rule: the top surface lies at z = 0, the legs below.

Every top reaches at least 0.76 m from the middle along x and y, so that a robot's base 0.62 m behind it stands on it.
"""

from scene_hub.generate import materials
from scene_hub.generate.collision import box_between
from scene_hub.generate.materials import Material
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.shapes import Surface, box, cylinder, extrude, joined, rounded_rectangle

HEIGHT = 0.75
THICKNESS = 0.04


def _table(draft: Draft, top: Material, legs: list[Part], corner: float, words: str, tile: float) -> Design:
    """A table with a top of 1.52 to 1.6 m by 1.56 to 1.8 m; `corner` is its corner radius, `tile` the texture's repeat."""
    half_x, half_y = draft.uniform(0.76, 0.80), draft.uniform(0.78, 0.90)
    board = extrude(rounded_rectangle(half_x, half_y, corner, draft.steps(5)), THICKNESS, 0.006, 1).moved(z=-THICKNESS)
    return Design(
        [Part(board.projected(tile, "y"), top), *legs],
        [box_between((-half_x, -half_y, -THICKNESS), (half_x, half_y, 0.0))],
        words,
        support=support("surface", 0.0, (half_x - 0.02, half_y - 0.02), 0.0),
        mass=30.0,
    )


def _four(leg: Surface, inset: float = 0.68) -> Surface:
    return joined([leg.moved(sx * inset, sy * inset, -HEIGHT) for sx in (-1, 1) for sy in (-1, 1)])


def _square_legs(width: float) -> Surface:
    """Four square legs and the frame between them."""
    frame = [box(1.36, 0.03, 0.07).moved(0, side * 0.68, -THICKNESS - 0.07) for side in (-1, 1)]
    frame += [box(0.03, 1.36, 0.07).moved(side * 0.68, 0, -THICKNESS - 0.07) for side in (-1, 1)]
    return joined([_four(box(width, width, HEIGHT - THICKNESS)), *frame])


def _round_legs(draft: Draft, width: float) -> Surface:
    return _four(cylinder(width / 2, HEIGHT - THICKNESS, draft.n(12)))


@category("wooden_table", ("brown", "beige"), ("surface",), kind="table")
def wooden_table(draft: Draft) -> Design:
    wood = draft.wood((150, 98, 56) if draft.color == "brown" else (206, 170, 120))
    return _table(draft, wood, [Part(_square_legs(0.07).projected(0.6, "z"), wood)], 0.02, "wooden table", 0.9)


@category("plank_table", ("brown", "beige", "gray"), ("surface",), kind="table")
def plank_table(draft: Draft) -> Design:
    tone: materials.Rgb = {"brown": (132, 86, 50), "beige": (198, 164, 118), "gray": (140, 134, 126)}[draft.color]
    planks = draft.textured("wood", draft.texture(materials.planks, tone, 5, tag="planks"), 0.75)
    return _table(
        draft,
        planks,
        [Part(_square_legs(0.09).projected(0.6, "z"), draft.wood(tone))],
        0.01,
        "rustic {color} plank table",
        1.0,
    )


@category("white_table", ("white",), ("surface",), kind="table")
def white_table(draft: Draft) -> Design:
    top = draft.textured("wood", draft.texture(materials.mottled, (232, 231, 227), 0.03), 0.5)
    legs = Part(_round_legs(draft, 0.05), draft.plain("wood", (196, 160, 112)))
    return _table(draft, top, [legs], 0.10, "table with rounded corners and wooden legs", 0.8)


@category("dark_table", ("black",), ("surface",), kind="table", label="hardwood table")
def dark_table(draft: Draft) -> Design:
    wood = draft.textured("wood", draft.texture(materials.wood, (62, 48, 42), 0.25), 0.45)
    return _table(
        draft, wood, [Part(_round_legs(draft, 0.06), draft.metal((60, 60, 64)))], 0.04, "dark stained wooden table", 0.9
    )


@category("steel_table", ("silver",), ("surface",), kind="table")
def steel_table(draft: Draft) -> Design:
    brushed = draft.textured("steel", draft.texture(materials.brushed, (176, 179, 184)), 0.45, 0.3)
    return _table(
        draft, brushed, [Part(_square_legs(0.05), draft.metal((150, 152, 158)))], 0.015, "brushed steel workbench", 0.5
    )


@category("plastic_table", ("gray", "blue", "green", "teal"), ("surface",), kind="table")
def plastic_table(draft: Draft) -> Design:
    tone = materials.mix(draft.rgb, (190, 192, 194), 0.45)
    top = draft.textured("plastic", draft.texture(materials.mottled, tone, 0.05, 32), 0.6)
    legs = Part(_round_legs(draft, 0.05), draft.metal((206, 208, 210)))
    return _table(draft, top, [legs], 0.06, "plastic folding table with metal legs", 0.4)


@category("stone_table", ("gray", "beige", "black"), ("surface",), kind="table")
def stone_table(draft: Draft) -> Design:
    tone: materials.Rgb = {"gray": (150, 150, 152), "beige": (206, 192, 168), "black": (56, 57, 62)}[draft.color]
    top = draft.textured("ceramic", draft.texture(materials.mottled, tone, 0.30, 20), 0.35)
    legs = Part(_square_legs(0.08), draft.plain("wood", (70, 58, 50)))
    return _table(draft, top, [legs], 0.03, "table with a {color} stone top", 0.5)

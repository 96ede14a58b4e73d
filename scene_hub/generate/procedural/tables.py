"""Tables. Their frame is the exception to the resting-plane rule: the top surface lies at z = 0, the legs below.

Every top reaches at least 0.76 m from the middle along x and y, so that a robot's base 0.62 m behind it stands on it.
"""

from scene_hub.generate import materials
from scene_hub.generate.collision import box_between
from scene_hub.generate.materials import Material, Rgb, mix, shade
from scene_hub.generate.procedural import tabletops
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.shapes import Surface, box, cylinder, extrude, joined, rounded_rectangle

HEIGHT = 0.75
THICKNESS = 0.04


def _table(
    draft: Draft,
    top: Material,
    legs: list[Part],
    corner: float,
    words: str,
    tile: float,
    edge: Material | None = None,
    drop: float = 0.034,
) -> Design:
    """A table with a top of 1.52 to 1.6 m by 1.56 to 1.8 m; `corner` is its corner radius, `tile` the texture's repeat.

    `edge`, if given, covers its rim down to `drop` below the top: a strip, or a cloth that hangs over.
    """
    half_x, half_y = draft.uniform(0.76, 0.80), draft.uniform(0.78, 0.90)
    board = extrude(rounded_rectangle(half_x, half_y, corner, draft.steps(5)), THICKNESS, 0.006, 1).moved(z=-THICKNESS)
    parts = [Part(board.projected(tile, "y"), top), *legs]
    if edge is not None:
        band = extrude(rounded_rectangle(half_x + 0.004, half_y + 0.004, corner, draft.steps(5)), drop - 0.004)
        parts.append(Part(band.moved(z=-drop).projected(tile, "y"), edge))
    return Design(
        parts,
        [box_between((-half_x, -half_y, -THICKNESS), (half_x, half_y, 0.0))],
        words,
        support=support("surface", 0.0, (half_x - 0.02, half_y - 0.02), 0.0),
        mass=30.0,
    )


# ------------------------------------------------------------------------------------------------------------------ legs


def _four(leg: Surface, inset: float = 0.68) -> Surface:
    return joined([leg.moved(sx * inset, sy * inset, -HEIGHT) for sx in (-1, 1) for sy in (-1, 1)])


def _square_legs(width: float) -> Surface:
    """Four square legs and the frame between them."""
    frame = [box(1.36, 0.03, 0.07).moved(0, side * 0.68, -THICKNESS - 0.07) for side in (-1, 1)]
    frame += [box(0.03, 1.36, 0.07).moved(side * 0.68, 0, -THICKNESS - 0.07) for side in (-1, 1)]
    return joined([_four(box(width, width, HEIGHT - THICKNESS)), *frame])


def _round_legs(draft: Draft, width: float) -> Surface:
    return _four(cylinder(width / 2, HEIGHT - THICKNESS, draft.n(12)))


def _panel_legs() -> Surface:
    """A panel at each side and one that joins them."""
    panels = [box(1.3, 0.03, HEIGHT - THICKNESS).moved(0, side * 0.66, -HEIGHT) for side in (-1, 1)]
    return joined([*panels, box(0.03, 1.3, 0.4).moved(0.4, 0, -THICKNESS - 0.4)])


def _trestle_legs(thick: float) -> Surface:
    """Two crossed trestles and the beam between them."""
    bars = []
    for side in (-1, 1):
        for lean in (-38.0, 38.0):
            bars.append(box(thick, thick, 0.9).moved(0, 0, -0.45).rotated("y", lean).moved(0, side * 0.6, -0.395))
    bars.append(box(thick, 1.2, thick).moved(0, 0, -0.42))
    clipped = joined(bars)
    return clipped.warped(lambda points: points.clip(min=[-9, -9, -HEIGHT], max=[9, 9, -THICKNESS]))


def _sled_legs(thick: float) -> Surface:
    """A closed frame at each side."""
    parts = []
    for side in (-1, 1):
        y = side * 0.66
        parts += [box(thick, thick, HEIGHT - THICKNESS).moved(x, y, -HEIGHT) for x in (-0.64, 0.64)]
        parts += [box(1.24, thick, thick).moved(0, y, z) for z in (-HEIGHT, -THICKNESS - thick)]
    return joined(parts)


# ------------------------------------------------------------------------------------------------------------------ wood


@category("wooden_table", ("brown", "beige"), ("surface",), kind="table", also=("wood table", "timber table"))
def wooden_table(draft: Draft) -> Design:
    wood = draft.wood(draft.pick(((150, 98, 56), (128, 78, 46))) if draft.color == "brown" else (206, 170, 120))
    return _table(
        draft,
        wood,
        [Part(_square_legs(0.07).projected(0.6, "z"), wood)],
        draft.uniform(0.01, 0.08),
        "wooden table",
        0.9,
    )


@category(
    "plank_table",
    ("brown", "beige", "gray"),
    ("surface",),
    kind="table",
    also=("rustic table", "farm table", "farmhouse table", "picnic table"),
)
def plank_table(draft: Draft) -> Design:
    tone: Rgb = {"brown": (132, 86, 50), "beige": (198, 164, 118), "gray": (140, 134, 126)}[draft.color]
    count = draft.pick((4, 5, 6))
    planks = draft.textured("wood", draft.texture(materials.planks, tone, count, tag="planks"), 0.75)
    legs = draft.pick((_square_legs, _trestle_legs))(0.09).projected(0.6, "z")
    return _table(draft, planks, [Part(legs, draft.wood(tone))], 0.01, "rustic {color} plank table", 1.0)


@category("white_table", ("white",), ("surface",), kind="table")
def white_table(draft: Draft) -> Design:
    top = draft.textured("wood", draft.texture(materials.mottled, (232, 231, 227), 0.03), 0.5)
    wood = draft.plain("wood", draft.pick(((196, 160, 112), (226, 224, 220), (112, 78, 52))))
    legs = Part(draft.pick((_round_legs(draft, 0.05), _square_legs(0.06))), wood)
    return _table(draft, top, [legs], draft.uniform(0.05, 0.16), "table with rounded corners and wooden legs", 0.8)


@category(
    "dark_table",
    ("black",),
    ("surface",),
    kind="table",
    label="hardwood table",
    also=("dark wood table", "ebony table", "walnut table"),
)
def dark_table(draft: Draft) -> Design:
    tone: Rgb = draft.pick(((62, 48, 42), (54, 46, 46), (72, 46, 38)))
    wood = draft.textured("wood", draft.texture(materials.wood, tone, draft.uniform(0.2, 0.5)), 0.5)
    legs = draft.pick((_square_legs(0.06), _round_legs(draft, 0.06), _sled_legs(0.05)))
    metal = draft.metal(draft.pick(((60, 60, 64), (60, 60, 64), (184, 150, 92))))
    return _table(draft, wood, [Part(legs, metal)], draft.uniform(0.01, 0.12), "dark stained wooden table", 0.9)


@category(
    "butcher_block_table",
    ("beige", "brown"),
    ("surface",),
    kind="table",
    also=("chopping table", "kitchen island", "maple table", "woodblock table"),
)
def butcher_block_table(draft: Draft) -> Design:
    tone: Rgb = draft.pick(((212, 168, 110), (198, 150, 96))) if draft.color == "beige" else (150, 92, 52)
    strips = draft.pick((10, 14, 18))
    block = draft.textured("wood", draft.texture(tabletops.butcher_block, tone, strips), 0.6)
    legs = draft.plain("wood", draft.pick(((226, 224, 218), (60, 62, 66), (92, 120, 112), shade(tone, 0.8))))
    return _table(draft, block, [Part(_square_legs(0.09), legs)], 0.015, "{color} butcher block table", 0.9)


@category(
    "painted_table",
    ("blue", "green", "teal", "red", "yellow", "white", "pink"),
    ("surface",),
    kind="table",
    also=("shabby table", "vintage table", "cottage table"),
)
def painted_table(draft: Draft) -> Design:
    tone, below = (
        mix(draft.rgb, (206, 204, 196), draft.uniform(0.15, 0.45)),
        draft.pick(((150, 104, 64), (186, 146, 98))),
    )
    top = draft.texture(tabletops.chipped, tone, below, draft.uniform(0.03, 0.16))
    legs = Part(_square_legs(0.07), draft.plain("wood", shade(tone, 0.85)))
    return _table(draft, draft.textured("wood", top, 0.7), [legs], 0.02, "{color} table with worn paint", 1.0)


@category(
    "chipboard_table",
    ("beige",),
    ("surface",),
    kind="table",
    label="chipboard table",
    also=("plywood table", "particle board table", "trestle table"),
)
def chipboard_table(draft: Draft) -> Design:
    top = draft.textured(
        "wood", draft.texture(tabletops.chipboard, draft.pick(((206, 170, 116), (190, 152, 104)))), 0.85
    )
    legs = Part(_trestle_legs(0.06), draft.plain("wood", (202, 172, 128)))
    return _table(draft, top, [legs], 0.01, "{color} chipboard table on trestles", 0.8)


# ----------------------------------------------------------------------------------------------- plastic, metal and glass


@category(
    "laminate_desk",
    ("white", "gray", "beige", "teal", "green"),
    ("surface",),
    kind="table",
    label="laminate desk",
    also=("desk", "office desk", "school desk", "computer desk", "writing desk"),
)
def laminate_desk(draft: Draft) -> Design:
    tone, strength = mix(draft.rgb, (226, 224, 218), 0.45), draft.uniform(0.03, 0.1)
    top = draft.textured("plastic", draft.texture(materials.mottled, tone, strength, 40), 0.5)
    edge = draft.plain("plastic", draft.pick(((60, 62, 66), (176, 138, 92), shade(tone, 0.7))))
    steel = draft.metal(draft.pick(((70, 72, 76), (190, 192, 196), (226, 226, 224))))
    legs = draft.pick((Part(_sled_legs(0.04), steel), Part(_panel_legs(), draft.plain("wood", shade(tone, 0.9)))))
    return _table(
        draft, top, [legs], draft.uniform(0.08, 0.18), "{color} laminate desk with rounded corners", 0.6, edge
    )


@category(
    "steel_table",
    ("silver",),
    ("surface",),
    kind="table",
    also=("metal table", "stainless steel table", "steel workbench", "metal workbench"),
)
def steel_table(draft: Draft) -> Design:
    brushed = draft.textured("steel", draft.texture(materials.brushed, (176, 179, 184)), 0.45, 0.3)
    legs = draft.pick((_square_legs, _sled_legs))(0.05)
    metal = draft.metal(draft.pick(((150, 152, 158), (64, 66, 70), (64, 96, 140))))
    return _table(draft, brushed, [Part(legs, metal)], 0.015, "brushed steel workbench", draft.uniform(0.4, 0.8))


@category(
    "plastic_table",
    ("gray", "blue", "green", "teal"),
    ("surface",),
    kind="table",
    also=("folding table", "camping table", "garden table"),
)
def plastic_table(draft: Draft) -> Design:
    tone = mix(draft.rgb, (190, 192, 194), draft.uniform(0.3, 0.6))
    top = draft.textured("plastic", draft.texture(materials.mottled, tone, 0.05, 32), 0.6)
    legs = Part(_round_legs(draft, 0.05), draft.metal((206, 208, 210)))
    return _table(draft, top, [legs], draft.uniform(0.03, 0.14), "plastic folding table with metal legs", 0.4)


@category(
    "glass_table",
    ("teal", "blue", "gray", "white"),
    ("surface",),
    kind="table",
    label="frosted glass table",
    also=("glass table", "glass top table", "glass desk"),
)
def glass_table(draft: Draft) -> Design:
    """Frosted, because what shines through a pane is not drawn."""
    tone = mix(draft.rgb, (206, 222, 222), draft.uniform(0.55, 0.75))
    top = draft.textured("glass", draft.texture(materials.mottled, tone, 0.02, 6), 0.42)
    frame = draft.metal(draft.pick(((52, 54, 58), (196, 198, 202), (184, 150, 92))))
    edge = draft.plain("glass", mix(tone, (60, 140, 120), 0.45), 0.2)
    legs = Part(_sled_legs(0.045), frame)
    return _table(draft, top, [legs], draft.uniform(0.02, 0.14), "{color} frosted glass table", 1.5, edge)


@category(
    "craft_table",
    ("green", "blue", "gray", "pink"),
    ("surface",),
    kind="table",
    label="craft table",
    also=("hobby table", "cutting table", "sewing table", "craft desk"),
)
def craft_table(draft: Draft) -> Design:
    tone = mix(draft.rgb, (70, 90, 90), draft.uniform(0.25, 0.45))
    mat = draft.textured("rubber", draft.texture(tabletops.cutting_mat, tone), 0.85)
    edge = draft.plain("wood", draft.pick(((206, 170, 120), (230, 228, 222))))
    return _table(
        draft, mat, [Part(_square_legs(0.06), edge)], 0.02, "craft table with a {color} cutting mat", 0.5, edge
    )


# --------------------------------------------------------------------------------------------------------- stone and tiles


@category(
    "stone_table",
    ("gray", "beige", "black"),
    ("surface",),
    kind="table",
    also=("granite table", "slate table", "stone top table"),
)
def stone_table(draft: Draft) -> Design:
    tone: Rgb = {"gray": (150, 150, 152), "beige": (206, 192, 168), "black": (56, 57, 62)}[draft.color]
    strength, cells = draft.uniform(0.2, 0.4), draft.pick((12, 20, 28))
    top = draft.textured("ceramic", draft.texture(materials.mottled, tone, strength, cells), 0.45)
    legs = Part(_square_legs(0.08), draft.plain("wood", (70, 58, 50)))
    return _table(draft, top, [legs], 0.03, "table with a {color} stone top", 0.5)


@category(
    "marble_table",
    ("white", "black", "green", "gray"),
    ("surface",),
    kind="table",
    also=("marble top table", "marble counter", "bistro table"),
)
def marble_table(draft: Draft) -> Design:
    tone: Rgb = {"white": (226, 225, 222), "black": (48, 48, 54), "green": (58, 96, 80), "gray": (166, 168, 172)}[
        draft.color
    ]
    vein: Rgb = (214, 210, 202) if draft.color in ("black", "green") else draft.pick(((126, 128, 134), (168, 142, 108)))
    top = draft.textured("ceramic", draft.texture(tabletops.marble, tone, vein), 0.35)
    legs = Part(_round_legs(draft, 0.07), draft.metal(draft.pick(((44, 44, 48), (184, 150, 92)))))
    return _table(draft, top, [legs], draft.uniform(0.02, 0.16), "{color} marble table", 1.2)


@category(
    "tiled_table",
    ("blue", "teal", "red", "white", "green", "orange"),
    ("surface",),
    kind="table",
    also=("tile table", "mosaic table", "patio table"),
)
def tiled_table(draft: Draft) -> Design:
    tone, count = mix(draft.rgb, (210, 206, 196), draft.uniform(0.1, 0.5)), draft.pick((5, 8, 10))
    top = draft.textured("ceramic", draft.texture(tabletops.mosaic, tone, count, draft.uniform(0.05, 0.2)), 0.4)
    edge = draft.plain("wood", draft.pick(((120, 78, 46), (60, 60, 64), (206, 170, 120))))
    return _table(draft, top, [Part(_square_legs(0.07), edge)], 0.02, "table covered with {color} tiles", 0.8, edge)


@category(
    "concrete_table",
    ("gray",),
    ("surface",),
    kind="table",
    also=("cement table", "industrial table"),
)
def concrete_table(draft: Draft) -> Design:
    tone = shade((158, 158, 156), draft.uniform(0.75, 1.15))
    top = draft.textured("plaster", draft.texture(materials.mottled, tone, draft.uniform(0.1, 0.22), 7), 0.85)
    legs = Part(draft.pick((_trestle_legs, _sled_legs, _square_legs))(0.06), draft.metal((58, 58, 62)))
    return _table(draft, top, [legs], draft.uniform(0.01, 0.05), "{color} concrete table", 1.1)


# ----------------------------------------------------------------------------------------------------------------- cloth


@category(
    "tablecloth_table",
    ("red", "blue", "green", "yellow", "white", "beige", "purple"),
    ("surface",),
    kind="table",
    label="cloth-covered table",
    also=("tablecloth", "covered table", "table with a tablecloth", "tablecloth table", "draped table"),
)
def tablecloth_table(draft: Draft) -> Design:
    """A table under a cloth that hangs over its edges."""
    tone = mix(draft.rgb, (214, 208, 196), draft.uniform(0.05, 0.35))
    weave = draft.pick((tabletops.gingham, tabletops.striped_cloth, tabletops.plain_cloth))
    cloth = draft.textured("fabric", draft.texture(weave, tone, draft.pick((4, 6, 8))), 0.95)
    drop, legs = draft.uniform(0.14, 0.3), Part(_round_legs(draft, 0.06), draft.plain("wood", (120, 82, 52)))
    return _table(draft, cloth, [legs], 0.03, "table with a {color} tablecloth", 0.5, cloth, drop)

"""Open things that small things are kept in: boxes with their lids open, drawers, trays, a truck's bed."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Piece, box_between, box_vessel, hull_of, turned_hull
from scene_hub.generate.materials import PAINT, contrast_to, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.containers import rectangle_outline
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.procedural.solids import BRASS, enamelled, front_face, painted, rectangle, trim
from scene_hub.generate.shapes import (
    box,
    circle,
    cylinder,
    joined,
    lathe,
    offset_loft,
    rounded,
    rounded_box,
    sweep,
)


@category(
    "toolbox",
    PAINT,
    ("container",),
    label="toolbox",
    also=("tool box", "tool chest", "tool case", "open toolbox"),
    materials=("steel", "plastic", "wood"),
)
def toolbox(draft: Draft) -> Design:
    x, y, height = draft.uniform(0.100, 0.118), draft.uniform(0.062, 0.072), draft.uniform(0.048, 0.056)
    wall, floor = 0.004, 0.005
    body = offset_loft(
        np.array([(-y, 0), (0, 0), (0, height), (-wall, height), (-wall, floor), (-y, floor)]),
        rectangle_outline(x, y, 0.006, draft.steps(3)),
    )
    lid_high = 0.091 - height
    lid = rounded_box(2 * x, 0.014, lid_high, 0.003, 1).moved(y=y - 0.005, z=height - 0.001)
    rim = rounded_box(2 * x + 0.004, 0.003, 0.006, 0.001, 1)
    edges = [rim.moved(y=s * (y + 0.0005), z=height - 0.007) for s in (1, -1)]
    latches = [
        rounded_box(0.016, 0.005, 0.022, 0.0015, 1).moved(x=s * 0.55 * x, y=-y - 0.001, z=height - 0.022)
        for s in (1, -1)
    ]
    knots = np.array([(-0.030, 0, 0), (-0.026, -0.009, 0), (0.026, -0.009, 0), (0.030, 0, 0)])
    grip = sweep(knots + np.array([0, -y, 0.44 * height]), circle(draft.n(8)) * 0.0042)
    sheet = front_face(rectangle(x - 0.006, lid_high / 2 - 0.004, 0.0, height + lid_high / 2), y - 0.012)
    word = materials.canvas(shade(draft.rgb, 0.72), 48, 160)
    word = materials.printed(word, "TOOLS", contrast_to(shade(draft.rgb, 0.72)), (0.5, 0.5), 0.6, 0.6)
    return Design(
        [
            Part(joined([body, lid]), enamelled(draft, 900.0)),
            Part(sheet, draft.textured("paper", materials.encoded(word), 0.5)),
            Part(joined([*edges, *latches]), draft.metal()),
            Part(grip, draft.plastic(trim(draft))),
        ],
        [
            *box_vessel((x, y), (x, y), height, wall, floor),
            box_between((-x, y - 0.012, height - 0.001), (x, y + 0.002, 0.090)),
            hull_of(grip),
            *(hull_of(latch) for latch in latches),
        ],
        "open {color} toolbox with two latches",
        support=support("container", floor, (x - wall - 0.010, y - wall - 0.014), height),
        least_mass=0.35,
        materials=("steel",),
    )


@category(
    "drawer",
    PAINT,
    ("container",),
    also=("desk drawer", "open drawer", "wooden drawer", "pull-out drawer"),
    materials=("wood", "plastic", "steel"),
)
def drawer(draft: Draft) -> Design:
    x, y, height = draft.uniform(0.086, 0.102), draft.uniform(0.070, 0.082), draft.uniform(0.048, 0.058)
    wall, floor, front = 0.007, 0.006, 0.012
    sides = [
        box(2 * x, wall, height).moved(y=y - wall / 2),
        *(box(wall, 2 * y, height).moved(x=s * (x - wall / 2)) for s in (1, -1)),
    ]
    bottom = box(2 * x, 2 * y, floor)
    panel = rounded_box(2 * x + 0.020, front, height + 0.014, 0.003, 1).moved(y=-y - front / 2 + 0.001)
    inset = rounded_box(2 * x - 0.014, 0.002, height - 0.014, 0.0008, 1).moved(y=-y - front + 0.0004, z=0.014)
    knobs = [-0.45 * x, 0.45 * x] if draft.chance(0.4) else [0.0]
    knob = lathe(
        rounded([(0, 0), (0.004, 0), (0.004, 0.006), (0.010, 0.008, 0.002), (0.009, 0.015, 0.003), (0, 0.016)], 2),
        draft.n(18),
    ).rotated("x", 90.0)
    pulls = [knob.moved(k, -y - front, 0.52 * (height + 0.014)) for k in knobs]
    pale = (206, 170, 120) if draft.color not in ("beige", "gold") else (150, 104, 62)
    pieces: list[Piece] = [
        box_between((-x, -y, 0), (x, y, floor)),
        box_between((-x, y - wall, 0), (x, y, height)),
        box_between((-x - 0.010, -y - front + 0.001, 0), (x + 0.010, -y + 0.002, height + 0.014)),
        *(box_between((s * x - wall * (s > 0), -y, 0), (s * x + wall * (s < 0), y, height)) for s in (1, -1)),
        *(hull_of(pull) for pull in pulls),
    ]
    return Design(
        [
            Part(
                joined([panel, inset]).projected(0.2),
                draft.look("wood", density=600.0)
                if draft.color in ("brown", "beige")
                else draft.plain("wood", roughness=0.4, density=600.0),
            ),
            Part(joined([*sides, bottom]).projected(0.2), draft.wood(pale, tag="inside", density=500.0)),
            Part(joined(pulls), draft.metal(BRASS if draft.color not in ("gold", "yellow") else (190, 192, 198))),
        ],
        pieces,
        f"open drawer with a {{color}} front and {'two knobs' if len(knobs) == 2 else 'a knob'}",
        support=support("container", floor, (x - wall - 0.010, y - wall - 0.010), height),
        least_mass=0.25,
        materials=("wood",),
    )


@category(
    "shoebox",
    PAINT,
    ("container",),
    also=("shoe box", "cardboard box", "open box", "box"),
    materials=("cardboard", "wood", "plastic"),
)
def shoebox(draft: Draft) -> Design:
    x, y, height = draft.uniform(0.098, 0.115), draft.uniform(0.066, 0.076), draft.uniform(0.060, 0.072)
    wall, floor, low = 0.004, 0.007, draft.uniform(0.018, 0.024)
    sharp = rectangle_outline(x, y, 0.0008, 1)
    card = draft.tint("beige") if draft.color not in ("beige", "brown", "gold") else draft.tint("white")
    body = offset_loft(
        np.array([(-y, 0.002), (0, 0.002), (0, height), (-wall, height), (-wall, floor), (-y, floor)]), sharp
    )
    lid = offset_loft(np.array([(-y, 0), (0.0035, 0), (0.0035, low), (0.0, low), (0.0, 0.002), (-y, 0.002)]), sharp)
    n, ink = 64, contrast_to(draft.rgb)
    tag = materials.canvas((246, 244, 238), n, n + 32)
    tag = materials.printed(tag, draft.pick(("SHOES", "SIZE 42", "BOOTS", "RUN")), (40, 40, 46), (0.5, 0.66), 0.3, 0.86)
    tag[44:58:4, 16:76] = (60, 60, 66)
    plate = front_face(rectangle(0.26 * x, 0.20 * height, 0.56 * x, 0.66 * height), -y - 0.0002)
    stripe = front_face(rectangle(0.5 * x, 0.05 * height, -0.34 * x, 0.66 * height), -y - 0.0002)
    coat = draft.textured(
        "cardboard",
        materials.encoded(materials.mottled(draft.stream("card"), draft.size, draft.rgb, 0.06)),
        0.8,
        density=500.0,
    )
    return Design(
        [
            Part(body.projected(0.2), coat),
            Part(
                lid.projected(0.2),
                draft.textured(
                    "cardboard",
                    materials.encoded(materials.mottled(draft.stream("lid"), 64, card, 0.06)),
                    0.8,
                    density=500.0,
                ),
            ),
            Part(plate, draft.textured("paper", materials.encoded(tag), 0.7)),
            Part(stripe, draft.plain("paper", ink, 0.7)),
        ],
        [
            *box_vessel((x, y), (x, y), height, wall, floor),
            box_between((-x - 0.0035, -y - 0.0035, 0), (x + 0.0035, y + 0.0035, 0.002)),
        ],
        "open {color} shoebox that stands in its lid",
        support=support("container", floor, (x - wall - 0.010, y - wall - 0.010), height),
        least_mass=0.22,
        materials=("cardboard",),
    )


@category(
    "jewelry_box",
    PAINT,
    ("container",),
    also=(
        "jewellery box",
        "jewel box",
        "jewelry case",
        "jewelry chest",
        "treasure chest",
        "trinket box",
        "music box",
        "keepsake box",
    ),
    materials=("wood", "ceramic", "steel", "plastic"),
)
def jewelry_box(draft: Draft) -> Design:
    x, y, height = draft.uniform(0.070, 0.084), draft.uniform(0.056, 0.066), draft.uniform(0.042, 0.050)
    wall, floor = 0.007, 0.009
    body = offset_loft(
        np.array([(-y, 0), (0, 0), (0, height), (-wall, height), (-wall, floor), (-y, floor)]),
        rectangle_outline(x, y, 0.003, 1),
    )
    rise = 0.092 - height
    lid = rounded_box(2 * x, 0.010, rise, 0.003, draft.steps(2)).moved(y=y - 0.003, z=height)
    velvet = draft.tint(draft.accent("red", "purple", "blue", "green"))
    lining = box(2 * (x - wall), 2 * (y - wall), 0.002).moved(z=floor - 0.0012)
    cushion = rounded_box(2 * x - 0.016, 0.004, rise - 0.014, 0.0018, 1).moved(y=y - 0.009, z=height + 0.007)
    clasp = rounded_box(0.016, 0.003, 0.014, 0.001, 1).moved(y=-y, z=height - 0.016)
    corners = [
        box(0.010, 0.010, 0.008).moved(sx * (x - 0.0044), sy * (y - 0.0044), z)
        for sx in (1, -1)
        for sy in (1, -1)
        for z in (0.0, height - 0.0076)
    ]
    brass = draft.metal(BRASS if draft.color not in ("gold", "yellow") else (196, 198, 204))
    return Design(
        [
            Part(
                joined([body, lid]).projected(0.15),
                draft.look("wood", density=700.0)
                if draft.color in ("brown", "beige")
                else draft.plain("wood", roughness=0.3, density=700.0),
            ),
            Part(joined([lining, cushion]), draft.plain("fabric", velvet, 1.0)),
            Part(joined([clasp, *corners]), brass),
        ],
        [
            *box_vessel((x, y), (x, y), height, wall, floor),
            box_between((-x, y - 0.008, height), (x, y + 0.002, 0.092)),
            hull_of(clasp),
        ],
        "open jewelry box with a soft lining",
        support=support("container", floor + 0.0008, (x - wall - 0.006, y - wall - 0.010), height),
        least_mass=0.28,
        materials=("wood", "fabric"),
    )


@category(
    "parts_tray",
    PAINT,
    ("container",),
    also=(
        "magnetic tray",
        "magnetic parts tray",
        "screw tray",
        "metal parts tray",
        "hardware tray",
        "organizer tray",
        "sorting tray",
    ),
    materials=("steel", "plastic"),
)
def parts_tray(draft: Draft) -> Design:
    x, y, height = draft.uniform(0.088, 0.104), draft.uniform(0.058, 0.068), draft.uniform(0.028, 0.036)
    wall, lift, lean = 0.003, 0.008, draft.uniform(0.008, 0.012)
    floor, corner = lift + 0.004, draft.uniform(0.016, 0.03)
    profile = rounded(
        [
            (-y, lift),
            (0, lift, 0.005),
            (lean, height),
            (lean + 0.004, height),
            (lean + 0.004, height + 0.0016),
            (lean - wall, height + 0.0016),
            (-wall, floor, 0.006),
            (-y, floor),
        ],
        draft.steps(2),
    )
    pan = offset_loft(profile, rectangle_outline(x, y, corner, draft.steps(4)))
    puck = cylinder(0.040, lift + 0.001, draft.n(28), 0.002, 1)
    pads = joined([puck.moved(x=s * 0.45 * x) for s in (1, -1)])
    inlay = joined([cylinder(0.030, 0.0006, draft.n(24)).moved(x=s * 0.45 * x, z=floor - 0.0002) for s in (1, -1)])
    return Design(
        [
            Part(pan, draft.plain("steel", roughness=0.35, metallic=0.5)),
            Part(pads, draft.rubber(trim(draft, (190, 40, 40)))),
            Part(inlay, draft.rubber(trim(draft, (120, 30, 30)))),
        ],
        [
            *box_vessel((x, y), (x + lean, y + lean), height + 0.001, wall, floor, lift),
            turned_hull(np.array([[0.040, 0], [0.040, lift]]), 20).moved(np.array([0.45 * x, 0, 0])),
            turned_hull(np.array([[0.040, 0], [0.040, lift]]), 20).moved(np.array([-0.45 * x, 0, 0])),
        ],
        "magnetic metal parts tray",
        support=support("container", floor, (x - wall - 0.012, y - wall - 0.012), height + 0.001),
        least_mass=0.25,
        materials=("steel", "rubber"),
    )


@category(
    "dump_truck",
    PAINT,
    ("container",),
    label="toy dump truck",
    also=("dump truck", "toy truck", "truck", "tipper truck", "lorry", "toy lorry", "pickup truck", "truck bed"),
    materials=("plastic", "wood", "steel"),
)
def dump_truck(draft: Draft) -> Design:
    x, y, wheel = draft.uniform(0.056, 0.064), draft.uniform(0.048, 0.054), draft.uniform(0.0140, 0.0155)
    deck, wall = 0.031, 0.004
    floor, rim = deck + 0.005, draft.uniform(0.070, 0.080)
    lean = 0.005
    bed = offset_loft(
        np.array([(-y, deck), (0, deck), (lean, rim), (lean - wall, rim), (-wall, floor), (-y, floor)]),
        rectangle_outline(x, y, 0.004, draft.steps(2)),
    )
    ribs = [box(0.006, 2 * y + 0.008, rim - deck - 0.006).moved(x=k * 0.66 * x, z=deck) for k in (-1, 0, 1)]
    inner = 2 * y - 2 * wall
    ribs = [
        part
        for rib in ribs
        for part in (rib.scaled(1, 0.0035 / (2 * y + 0.008), 1).moved(y=s * (y + 0.0024)) for s in (1, -1))
    ]
    cab_x, front = x + 0.030, x + 0.052
    cab = rounded_box(0.040, 0.92 * inner, 0.076, 0.006, draft.steps(2)).moved(x=cab_x, z=0.014)
    hood = rounded_box(0.030, 0.92 * inner, 0.030, 0.006, draft.steps(2)).moved(x=front + 0.006, z=0.014)
    frame = rounded_box(x + front + 0.014, 0.7 * inner, 0.010, 0.002, 1).moved(x=(front + 0.014 - x) / 2, z=0.013)
    shield = rounded_box(0.004, 0.74 * inner, 0.022, 0.002, 1).moved(x=cab_x + 0.0195, z=0.055)
    panes = [front_face(rectangle(0.011, 0.010, cab_x, 0.066), -0.46 * inner)]
    panes += [panes[0].rotated("z", 180.0).moved(x=2 * cab_x)]
    lamps = [
        cylinder(0.0052, 0.002, draft.n(12)).rotated("y", 90.0).moved(front + 0.0205, s * 0.32 * inner, 0.030)
        for s in (1, -1)
    ]
    tire = cylinder(wheel, 0.014, draft.n(14)).rotated("x", 90.0)
    hub = cylinder(0.5 * wheel, 0.0152, draft.n(10)).rotated("x", 90.0)
    spots = [(a, s * (0.5 * inner - 0.001)) for a in (-0.52 * x, cab_x + 0.004) for s in (1, -1)]
    tires = [tire.moved(a, b + 0.007, wheel) for a, b in spots]
    hubs = [hub.moved(a, b + 0.0076, wheel) for a, b in spots]
    second = draft.plain("plastic", draft.tint(draft.accent("yellow", "red", "blue", "green")), 0.4)
    pieces: list[Piece] = [
        *box_vessel((x, y), (x + lean, y + lean), rim, wall, floor, deck),
        hull_of(cab),
        hull_of(hood),
        hull_of(frame),
    ]
    pieces += [box_between((a - 0.6 * wheel, b - 0.007, 0), (a + 0.6 * wheel, b + 0.007, deck)) for a, b in spots]
    return Design(
        [
            Part(joined([bed, *ribs]), painted(draft, 0.4)),
            Part(joined([cab, hood]), second),
            Part(joined([*tires, frame]), draft.rubber()),
            Part(joined([*hubs, *lamps]), draft.plastic((238, 236, 226))),
            Part(joined([shield, *panes]), draft.plain("glass", (120, 160, 186), 0.15)),
        ],
        pieces,
        "toy dump truck with an open bed",
        support=support("container", floor, (x - wall - 0.008, y - wall - 0.008), rim),
        least_mass=0.3,
        materials=("plastic", "rubber"),
    )

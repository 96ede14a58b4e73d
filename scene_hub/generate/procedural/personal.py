"""What people carry and wear: wallets, keys, cards, socks, a hat, sunglasses, tissues; a golf ball."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import box_between, hull_of, standing_hull
from scene_hub.generate.materials import DYE, PAINT, Rgb, mix, shade
from scene_hub.generate.procedural.balls import directions, sphere
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.procedural.forms import ring_pieces
from scene_hub.generate.procedural.solids import BRASS, enamelled, standing_plate
from scene_hub.generate.shapes import (
    Surface,
    atlas_box,
    box,
    circle,
    ellipsoid,
    extrude,
    joined,
    lathe,
    loft,
    rounded,
    rounded_box,
    rounded_rectangle,
    spline,
    superellipse,
    sweep,
)


@category(
    "wallet",
    DYE,
    ("object",),
    also=("leather wallet", "billfold", "purse", "coin purse", "card holder", "money purse"),
    materials=("leather", "fabric"),
)
def wallet(draft: Draft) -> Design:
    x, y, leaf = draft.uniform(0.044, 0.052), draft.uniform(0.0250, 0.0285), draft.uniform(0.0064, 0.0082)
    strap = draft.chance(0.5)
    sheet = extrude(rounded_rectangle(x, y, 0.004, draft.steps(3)), leaf, 0.0018, draft.steps(2))
    inside = box(1.94 * x, 1.90 * y, 0.004).moved(z=leaf - 0.001)
    cover = sheet.scaled(1.0, 1.0, 1.0).moved(z=leaf + 0.002)
    spine = sweep(
        np.array([[-0.97 * x, -y, leaf + 0.001], [-0.97 * x, y, leaf + 0.001]]),
        superellipse(draft.n(12), 2.5) * np.array([0.0036, 0.94 * leaf]),
    )
    tall = 2 * leaf + 0.002
    seam = np.concatenate([rounded_rectangle(0.90 * x, 0.86 * y, 0.003, 2)] * 1)
    path = np.c_[np.concatenate([seam, seam[:1]]), np.full(len(seam) + 1, tall)]
    stitches = sweep(path, circle(4) * 0.0006)
    leather = draft.look("leather")
    parts = [
        Part(joined([sheet, cover, spine]).projected(0.05), leather),
        Part(inside, draft.plain("paper", mix(draft.rgb, (226, 214, 188), 0.6), 0.9)),
        Part(stitches, draft.plain("fabric", mix(draft.rgb, materials.contrast_to(draft.rgb), 0.55), 0.9)),
    ]
    if strap:
        clasp = rounded_box(0.020, 0.016, 0.0024, 0.001, 1).moved(x=x - 0.012, z=tall - 0.0006)
        parts.append(Part(clasp, draft.metal(BRASS)))
    return Design(
        parts,
        [box_between((-x - 0.002, -y, 0), (x, y, tall))],
        f"{{color}} leather wallet{' with a clasp' if strap else ''}",
        least_mass=0.06,
        materials=("leather",),
    )


@category(
    "key",
    PAINT,
    ("object",),
    also=("house key", "car key", "door key", "metal key", "toy key", "big key", "bunch of keys", "set of keys"),
    materials=("steel", "copper", "plastic", "wood"),
)
def key(draft: Draft) -> Design:
    bow, hole = draft.uniform(0.0190, 0.0215), draft.uniform(0.0080, 0.0100)
    length, wide, thick = draft.uniform(0.056, 0.066), draft.uniform(0.0115, 0.0135), draft.uniform(0.0165, 0.0185)
    ring = np.c_[circle(draft.n(28)) * (bow + hole) / 2, np.full(draft.n(28), thick / 2)]
    head = sweep(ring, rounded_rectangle((bow - hole) / 2, thick / 2, 0.003, draft.steps(2)), closed=True)
    half, end = wide / 2, bow + length
    notches = draft.stream("teeth").uniform(0.0010, 0.0042, 5)
    cuts = [(end - 0.006 - 0.0088 * k + dx, -half - 0.0030 + (0.0 if dx else float(depth)))
            for k, depth in enumerate(notches) for dx in (0.0, -0.0044)]  # fmt: skip
    low = [(bow - 0.002, -half), (cuts[-1][0] - 0.004, -half), *cuts[::-1], (end - 0.002, -half)]
    blade = extrude(np.array([*low, (end, 0.0), (end - 0.004, half), (bow - 0.002, half)]), 0.90 * thick, 0.0010, 1)
    groove = box(0.80 * length, 0.0022, 0.0008).moved(x=bow + 0.46 * length, y=0.12 * wide, z=0.90 * thick - 0.0006)
    collar = rounded_box(0.006, 1.5 * wide, 0.94 * thick, 0.0015, 1).moved(x=bow + 0.003)
    metal = enamelled(draft, 2000.0)
    pieces = [*ring_pieces(hole, bow, thick, 10), hull_of(blade), hull_of(collar)]
    return Design(
        [
            Part(joined([head, blade, collar]), metal),
            Part(groove, draft.plain("steel", shade(draft.rgb, 0.55), 0.5)),
        ],
        pieces,
        "large thick {color} key with a round bow",
        least_mass=0.03,
        materials=("steel",),
    )


@category(
    "golf_ball",
    ("white", "yellow", "orange", "pink", "red", "blue", "green", "purple", "teal", "black"),
    ("object",),
    also=("golfball", "practice ball", "dimpled ball"),
    materials=("rubber", "plastic"),
)
def golf_ball(draft: Draft) -> Design:
    radius = draft.uniform(0.0213, 0.0226)
    at = directions(draft.size)
    count = 130 if draft.detail == "high" else 70
    turn = np.pi * (1 + np.sqrt(5)) * np.arange(count)
    level = 1 - 2 * (np.arange(count) + 0.5) / count
    dimples = np.stack([np.cos(turn) * np.sqrt(1 - level**2), np.sin(turn) * np.sqrt(1 - level**2), level], axis=1)
    near = (at.reshape(-1, 3) @ dimples.T).max(axis=1).reshape(at.shape[:2])
    size = 0.58 * np.sqrt(4.0 * np.pi / count) / 2 * 1.5
    image = materials.canvas(draft.rgb, draft.size, draft.size)
    image[near > np.cos(size)] = shade(draft.rgb, 0.88 if draft.color != "black" else 2.0)
    image[near > np.cos(0.62 * size)] = shade(draft.rgb, 0.94 if draft.color != "black" else 1.6)
    skin = sphere(draft, radius, image, ("rubber", 0.35, 1100.0), 20.0)
    return Design([skin], [standing_hull(skin.surface)], "{color} golf ball with dimples", materials=("rubber",))


@category(
    "beanie",
    DYE,
    ("object",),
    also=("hat", "knit hat", "woolly hat", "winter hat", "bobble hat", "wool hat", "cap"),
    materials=("fabric", "felt"),
)
def beanie(draft: Draft) -> Design:
    radius, tall = draft.uniform(0.0255, 0.0285), draft.uniform(0.040, 0.048)
    brim, bobble = draft.uniform(0.014, 0.018), draft.uniform(0.0095, 0.0125)
    other = draft.tint(draft.accent("white", "red", "blue", "yellow", "gray", "green"))
    striped = draft.chance(0.5)
    curve = spline(
        [(0.95 * radius, 0.6 * brim), (0.97 * radius, 0.45 * tall), (0.74 * radius, 0.82 * tall), (0.0, tall)],
        draft.n(10),
    )
    curve[-1, 0] = 0.0
    sides = draft.n(28)
    crown = lathe(np.concatenate([[(0, 0.5 * brim)], curve]), sides, uv_size=(1.0, 1.0))
    cuff = lathe(
        rounded([(0, 0), (radius, 0, 0.003), (1.05 * radius, 0.5 * brim), (radius, brim, 0.003), (0, brim)], 3), sides
    )
    ribs = 18

    def ribbed(points: np.ndarray) -> np.ndarray:
        angle = np.arctan2(points[:, 1], points[:, 0])
        grow = (1 + 0.018 * np.sin(ribs * angle))[:, None]
        return np.concatenate([points[:, :2] * grow, points[:, 2:]], axis=1)

    ball = ellipsoid(bobble, bobble, bobble, draft.n(12), draft.n(8)).moved(z=tall + 0.55 * bobble)
    n = draft.size
    image = materials.fabric(draft.stream("knit"), n, draft.rgb)
    if striped:
        image = materials.banded(image, [(0.58, 0.66, other), (0.74, 0.80, other)])
    wool = draft.textured("fabric", materials.encoded(image), 0.95)
    return Design(
        [
            Part(crown, wool),
            Part(cuff.warped(ribbed, 80.0).projected(0.03), draft.look("fabric")),
            Part(ball.projected(0.02), draft.look("felt", other if striped else None)),
        ],
        [hull_of(cuff), hull_of(crown), hull_of(ball)],
        f"knitted {{color}} hat with a bobble{' and stripes' if striped else ''}",
        least_mass=0.03,
        materials=("fabric",),
        main="fabric",
    )


@category(
    "card_deck",
    PAINT,
    ("object", "stackable"),
    label="deck of cards",
    also=(
        "card deck",
        "deck of playing cards",
        "pack of cards",
        "pack of playing cards",
        "playing cards",
        "playing card",
        "poker cards",
        "poker card",
        "box of cards",
        "card box",
        "card game",
        "card",
    ),
    materials=("cardboard", "paper"),
)
def card_deck(draft: Draft) -> Design:
    x, y, tall = draft.uniform(0.041, 0.046), draft.uniform(0.0265, 0.0292), draft.uniform(0.019, 0.026)
    n, color = draft.size, draft.rgb
    ink = materials.contrast_to(color)
    style = draft.pick(("diamonds", "stripes", "spot"))
    face = materials.canvas(color, n, n)
    if style == "diamonds":
        u, v = np.meshgrid((np.arange(n) + 0.5) / n, (np.arange(n) + 0.5) / n)
        face[((u + v) * 7 % 1 < 0.18) | ((u - v) * 7 % 1 < 0.18)] = mix(color, ink, 0.7)
    elif style == "stripes":
        face = materials.stripes(n, color, mix(color, ink, 0.6), 9, 0.3)
    edge = max(2, n // 14)
    for rows in (slice(0, edge), slice(n - edge, n)):
        face[rows] = ink
        face[:, rows] = ink
    face = materials.dotted(face, ink, (0.5, 0.5), 0.22, 0.30)
    face = materials.printed(face, draft.pick(("A", "K", "Q", "J")), color, (0.5, 0.5), 0.36, 0.3)
    side = materials.banded(materials.canvas(shade(color, 0.85), n, n // 4), [(0.44, 0.56, ink)])
    share = face.shape[1] / (face.shape[1] + side.shape[1])
    front, flank = (0.004, 0.004, share - 0.004, 0.996), (share + 0.004, 0.004, 0.996, 0.996)
    cells = {"top": front, "bottom": front, "front": flank, "back": flank, "left": flank, "right": flank}
    made = draft.substance("cardboard", "paper")
    image = materials.encoded(np.concatenate([face, side], axis=1))
    return Design(
        [Part(atlas_box(2 * x, 2 * y, tall, cells), draft.textured(made, image, 0.55, density=700.0))],
        [box_between((-x, -y, 0), (x, y, tall))],
        "deck of cards in a {color} box",
        support=support("surface", tall, (x - 0.002, y - 0.002), tall),
    )


@category(
    "sock",
    DYE,
    ("object",),
    also=("socks", "pair of socks", "baby sock", "wool sock", "rolled up socks", "rolled up sock", "stocking"),
    materials=("fabric", "felt"),
)
def sock(draft: Draft) -> Design:
    half, leg, foot = draft.uniform(0.0195, 0.0225), draft.uniform(0.074, 0.090), draft.uniform(0.052, 0.062)
    thick, style = draft.uniform(0.0195, 0.0230), draft.pick(("plain", "striped", "striped"))
    sole = 0.040
    outline = rounded(
        [
            (-half, leg),
            (-half, 0.4 * sole, 0.020),
            (-0.4 * half, -0.004, 0.018),
            (foot, -0.004, 0.020),
            (foot + 0.008, 0.55 * sole, 0.018),
            (foot - 0.004, sole - 0.004, 0.014),
            (half + 0.004, sole, 0.014),
            (half, leg),
        ],
        draft.steps(5),
        closed=True,
    )
    body = extrude(outline, thick, 0.0075, draft.steps(3))
    cuff = rounded_box(2 * half + 0.004, 0.020, thick + 0.001, 0.0075, draft.steps(3)).moved(y=leg - 0.004)
    other = draft.tint(draft.accent("white", "red", "blue", "yellow", "gray", "green"))
    low, high = body.bounds
    n, span = draft.size, (high - low)[:2]
    image = materials.fabric(draft.stream("knit"), n, draft.rgb)
    if style == "striped":
        image = materials.banded(image, [(a, a + 0.05, other) for a in (0.50, 0.62, 0.74)])
    for x, y, reach in ((foot + 0.006, 0.45 * sole, 0.020), (-0.7 * half, 0.004, 0.019)):
        u, v = (np.array([x, y]) - low[:2]) / span
        image = materials.dotted(image, other, (float(u), float(v)), reach / span[0], reach / span[1])
    flat = Surface(body.triangles, body.normals, 0.005 + 0.99 * (body.triangles[..., :2] - low[:2]) / span)
    shin = outline[outline[:, 1] > 0.3 * sole]
    toes = outline[outline[:, 1] < sole + 0.001]
    return Design(
        [
            Part(flat, draft.textured("fabric", materials.encoded(image), 0.95)),
            Part(cuff.projected(0.03), draft.look("fabric", other)),
        ],
        [
            hull_of(extrude(shin[shin[:, 0] < half + 0.001], thick, 0.0075, 2)),
            hull_of(extrude(toes, thick, 0.0075, 2)),
            hull_of(cuff),
        ],
        f"knitted {{color}} sock{' with stripes' if style == 'striped' else ''}",
        least_mass=0.03,
        materials=("fabric",),
        main="fabric",
    )


@category(
    "tissue_pack",
    PAINT,
    ("object",),
    label="pack of tissues",
    also=(
        "tissue pack",
        "tissue packet",
        "packet of tissues",
        "tissues",
        "tissue",
        "pocket tissues",
        "tissue box",
        "box of tissues",
        "wet wipes",
        "pack of wipes",
        "wipes",
        "kleenex",
    ),
    materials=("plastic", "paper"),
)
def tissue_pack(draft: Draft) -> Design:
    x, y, tall = draft.uniform(0.048, 0.056), draft.uniform(0.0255, 0.0285), draft.uniform(0.026, 0.034)
    n, color = draft.size, draft.rgb
    ink, other = materials.contrast_to(color), draft.tint(draft.accent("white", "blue", "green", "pink", "yellow"))
    levels = np.array([0.0, 0.10, 0.30, 0.70, 0.90, 1.0])
    grow = np.array([0.90, 0.97, 1.0, 1.0, 0.97, 0.90])
    unit = superellipse(draft.n(32), 5.0)
    rings = np.stack(
        [np.c_[unit * np.array([x, y]) * g, np.full(len(unit), tall * v)] for g, v in zip(grow, levels, strict=True)]
    )
    foot, head = (np.broadcast_to(ring.mean(axis=0), ring.shape)[None] for ring in (rings[0], rings[-1]))
    body = loft(np.concatenate([foot, rings, head]), crease=50.0)
    label = materials.dotted(materials.canvas(color, n, n), other, (0.26, 0.5), 0.20, 0.40)
    label = materials.printed(label, draft.pick(("SOFT", "TISSUE", "PURE")), ink, (0.72, 0.28), 0.30, 0.46)
    slot = extrude(superellipse(draft.n(24), 2.4) * np.array([0.52 * x, 0.24 * y]), 0.0012).moved(z=tall - 0.0004)
    s = np.linspace(-1, 1, 7)
    tuft = extrude(
        np.array(
            [
                *np.c_[0.36 * x * s, 0.0016 * np.sin(4 * s) + 0.0012],
                *np.c_[0.36 * x * s, 0.0016 * np.sin(4 * s) - 0.0012][::-1],
            ]
        )[::-1],
        0.010,
        taper=-0.0006,
    ).moved(z=tall - 0.001)
    low, high = body.bounds
    flat = (body.triangles[..., :2] - low[:2]) / (high - low)[:2]
    wrapped = Surface(body.triangles, body.normals, 0.005 + 0.99 * flat)
    return Design(
        [
            Part(wrapped, draft.textured("plastic", materials.encoded(label), 0.35, density=260.0)),
            Part(slot, draft.plain("paper", (250, 250, 248), 0.9)),
            Part(tuft, draft.plain("paper", (246, 246, 244), 0.95)),
        ],
        [hull_of(body), hull_of(tuft)],
        "soft {color} pack of tissues",
        least_mass=0.02,
        materials=("plastic", "paper"),
    )


@category(
    "sunglasses",
    PAINT,
    ("object",),
    label="pair of sunglasses",
    also=(
        "sunglasses",
        "sunglass",
        "eyeglasses",
        "pair of glasses",
        "reading glasses",
        "spectacles",
        "shades",
        "glasses",
    ),
    materials=("plastic", "wood", "steel"),
)
def sunglasses(draft: Draft) -> Design:
    wide, tall, rim = draft.uniform(0.047, 0.053), draft.uniform(0.033, 0.039), draft.uniform(0.0042, 0.0052)
    depth, power = draft.uniform(0.024, 0.029), draft.pick((2.2, 3.0, 4.2))
    clear = draft.chance(0.3)
    half_x, half_z = 0.5 * (wide - 0.008), 0.5 * tall
    outline = superellipse(draft.n(22), power) * np.array([half_x - rim / 2, half_z - rim / 2])
    frames, lenses = [], []
    for side in (1, -1):
        center = np.array([side * (half_x + 0.006), 0.0, half_z])
        ring = np.c_[outline[:, 0], 0 * outline[:, 0], outline[:, 1]] + center
        frames.append(sweep(ring, rounded_rectangle(rim / 2, 0.0038, 0.0012, 1), up=(0, 1, 0), closed=True))
        lenses.append(standing_plate(outline, 0.0030).moved(*center))
    bridge = rounded_box(0.020, 0.006, 0.007, 0.002, 1).moved(z=1.24 * half_z)
    reach = 2 * half_x + 0.006
    hinges = [
        rounded_box(0.006, depth, 0.010, 0.0015, 1).moved(s * (reach - 0.002), depth / 2, 1.34 * half_z)
        for s in (1, -1)
    ]
    temples = [
        rounded_box(1.86 * reach, 0.0045, 0.0095, 0.002, 1).moved(y=depth - 0.004 - 0.006 * k, z=1.36 * half_z)
        for k in (0, 1)
    ]
    props = [
        rounded_box(0.010, 0.0045, 1.30 * half_z, 0.002, 1).moved(s * 0.82 * reach, depth - 0.004) for s in (1, -1)
    ]
    glass: Rgb = (196, 214, 220) if clear else draft.pick(((34, 36, 42), (62, 44, 30), (30, 52, 60)))
    frame = joined([*frames, bridge, *hinges, *temples, *props])
    return Design(
        [Part(frame, draft.plastic()), Part(joined(lenses), draft.plain("plastic", glass, 0.12))],
        [
            *(hull_of(ring) for ring in frames),
            hull_of(bridge),
            *(hull_of(hinge) for hinge in hinges),
            hull_of(*temples),
            *(hull_of(prop) for prop in props),
        ],
        f"folded {{color}} pair of {'glasses' if clear else 'sunglasses'}",
        least_mass=0.03,
        materials=("plastic",),
    )


@category(
    "shoe",
    DYE,
    ("object",),
    label="baby shoe",
    also=("shoe", "sneaker", "toy shoe", "trainer", "small shoe", "slipper", "boot", "running shoe", "doll shoe"),
    materials=("fabric", "leather", "rubber"),
)
def shoe(draft: Draft) -> Design:
    length, wide, tall = draft.uniform(0.092, 0.108), draft.uniform(0.0195, 0.0225), draft.uniform(0.038, 0.046)
    sole = draft.uniform(0.0085, 0.0110)
    # From heel to toe: how wide, how high.
    at = np.linspace(0, 1, draft.n(18, 12))
    width = wide * np.interp(at, [0, 0.05, 0.18, 0.40, 0.72, 0.92, 1.0], [0.42, 0.70, 0.80, 0.76, 1.0, 0.78, 0.36])
    height = (tall - sole) * np.interp(
        at, [0, 0.05, 0.30, 0.46, 0.62, 0.90, 1.0], [0.86, 1.0, 0.97, 0.86, 0.62, 0.44, 0.26]
    )
    x = (at - 0.5) * length
    arc = np.linspace(0, np.pi, draft.n(14))
    unit = np.c_[np.sign(np.cos(arc)) * np.abs(np.cos(arc)) ** 0.62, np.sin(arc) ** 0.62]
    rings = np.stack(
        [np.c_[np.full(len(unit), a), unit * np.array([w, h])] for a, w, h in zip(x, width, height, strict=True)]
    )
    ends = [np.broadcast_to(ring.mean(axis=0), ring.shape)[None] for ring in (rings[0], rings[-1])]
    upper = loft(np.concatenate([ends[0], rings, ends[1]]), crease=50.0).moved(z=sole - 0.001)
    outline = np.concatenate([np.c_[x, -width - 0.0018], np.c_[x, width + 0.0018][::-1]])
    tread = extrude(outline, sole, 0.0022, draft.steps(2))
    collar = superellipse(draft.n(22), 2.2) * np.array([0.20 * length, 0.56 * wide])
    mouth = extrude(collar, 0.004).moved(x=-0.24 * length, z=tall - 0.0045)
    ring = np.c_[1.04 * collar, np.zeros(len(collar))]
    padding = sweep(ring, circle(draft.n(8)) * 0.0030, closed=True).moved(x=-0.24 * length, z=tall - 0.002)
    laces = [
        rounded_box(0.0046, 0.86 * wide, 0.0032, 0.0012, 1)
        .rotated("y", 24.0)
        .moved(a * length, 0, sole - 0.002 + float(np.interp(a + 0.5, at, height)))
        for a in (0.03, 0.09, 0.15)
    ]
    pale: Rgb = (240, 238, 230) if draft.color not in ("white", "beige") else (70, 96, 150)
    return Design(
        [
            Part(upper.projected(0.04), draft.look("fabric")),
            Part(joined([tread, *laces]), draft.plain("rubber", pale, 0.8)),
            Part(padding, draft.plain("fabric", shade(draft.rgb, 0.8), 0.9)),
            Part(mouth, draft.plain("fabric", (36, 34, 36), 0.95)),
        ],
        [hull_of(tread), hull_of(upper), hull_of(padding)],
        "small {color} sneaker with laces",
        least_mass=0.06,
        materials=("fabric", "rubber"),
        main="fabric",
    )

"""From the butcher, the fishmonger and the greengrocer: steak, sausage, drumstick, fish, shrimp; celery, ginger, coconut."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Hull, Piece, hull_of, standing_hull
from scene_hub.generate.materials import Rgb, mix, shade
from scene_hub.generate.procedural.bakery import from_above, smooth
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.procedural.forms import level_rod, resting_rod, rod_pieces
from scene_hub.generate.procedural.solids import ball
from scene_hub.generate.shapes import (
    circle,
    ellipsoid,
    extrude,
    flattened,
    joined,
    lathe,
    rounded,
    superellipse,
    sweep,
)


@category(
    "steak",
    ("red", "brown", "pink"),
    ("object",),
    also=(
        "beef steak",
        "meat",
        "piece of meat",
        "pork chop",
        "pork loin",
        "beef",
        "raw meat",
        "cut of meat",
        "ham",
        "pork",
    ),
)
def steak(draft: Draft) -> Design:
    x, y, thick = draft.uniform(0.040, 0.048), draft.uniform(0.0245, 0.0280), draft.uniform(0.0165, 0.0210)
    dent, n = draft.uniform(0.10, 0.24), draft.n(36)
    turn = np.arange(n) * 2 * np.pi / n
    away = 1 - dent * np.exp(-(((turn - 1.35) / 0.55) ** 2)) + 0.03 * np.sin(3 * turn + 1.0)
    outline = np.c_[x * np.cos(turn) * away, y * np.sin(turn) * away]
    slab = extrude(outline, thick, 0.0042, draft.steps(3))
    side = draft.size
    raw = draft.color != "brown"
    flesh: Rgb = {"red": (176, 34, 38), "brown": (112, 62, 36), "pink": (232, 138, 132)}[draft.color]
    flesh = mix(draft.rgb, flesh, 0.7)
    image = materials.mottled(draft.stream("meat"), side, flesh, 0.2, 14)
    u, v = np.meshgrid((np.arange(side) + 0.5) / side * 2 - 1, 1 - (np.arange(side) + 0.5) / side * 2)
    if raw:
        veins = np.abs(materials.noise(draft.stream("fat"), side, side, 7, 7) - 0.5) < 0.035
        image[veins] = mix(flesh, (250, 226, 214), 0.75)
    else:
        image[((u + 0.5 * v) * 3.2 % 1.0) < 0.22] = shade(flesh, 0.55)
    image[(np.hypot(u, v) > 0.86) & (v > 0.15)] = (248, 226, 204) if raw else (196, 148, 92)
    return Design(
        [Part(from_above(slab), draft.textured("food", materials.encoded(image), 0.45))],
        [hull_of(slab)],
        f"{'raw' if raw else 'grilled'} {{color}} steak with a rim of fat",
        materials=("food",),
    )


@category(
    "sausage",
    ("red", "brown", "pink", "beige", "white"),
    ("object",),
    also=(
        "bratwurst",
        "wiener",
        "salami",
        "pepperoni",
        "chorizo",
        "sausage link",
        "frankfurter sausage",
        "grilled sausage",
    ),
)
def sausage(draft: Draft) -> Design:
    length, radius, bend = draft.uniform(0.084, 0.098), draft.uniform(0.0125, 0.0145), draft.uniform(0.006, 0.014)
    s = np.linspace(-1, 1, draft.n(22))
    path = np.c_[s * length / 2, bend * (s**2 - 0.4)]
    radii = radius * np.clip(1 - np.abs(s) ** 9, 0.0, 1) ** 0.5
    radii[[0, -1]] = 0.20 * radius
    rod = level_rod(path, radii, draft.n(16), 0.0022)
    knots = [
        ellipsoid(0.0040, 0.0034, 0.0030, 8, 6).moved(a * (length / 2 + 0.001), 0.6 * bend, radius - 0.0022)
        for a in (1, -1)
    ]
    color = mix(draft.rgb, (156, 72, 44), 0.45) if draft.color != "white" else mix(draft.rgb, (226, 206, 182), 0.6)
    image = materials.mottled(draft.stream("skin"), draft.size, color, 0.14, 16)
    if draft.chance(0.5):
        image = materials.banded(image, [(a, a + 0.035, shade(color, 0.5)) for a in (0.22, 0.40, 0.58, 0.76)])
    return Design(
        [
            Part(smooth(rod), draft.textured("food", materials.encoded(image), 0.35)),
            Part(joined(knots), draft.plain("food", shade(color, 0.7), 0.6)),
        ],
        rod_pieces(level_rod, path, radii, 5, 0.0022),
        "bent {color} sausage",
        materials=("food",),
    )


@category(
    "drumstick",
    ("brown", "orange", "beige", "pink"),
    ("object",),
    label="chicken drumstick",
    also=(
        "drumstick",
        "chicken leg",
        "turkey leg",
        "turkey drumstick",
        "chicken",
        "fried chicken",
        "roast chicken",
        "turkey",
    ),
)
def drumstick(draft: Draft) -> Design:
    meat, radius, bone = draft.uniform(0.060, 0.070), draft.uniform(0.0195, 0.0225), draft.uniform(0.022, 0.027)
    s = np.linspace(0, 1, draft.n(20))
    radii = radius * np.interp(
        s, [0, 0.05, 0.16, 0.34, 0.52, 0.74, 0.92, 1.0], [0.10, 0.50, 0.86, 1.0, 0.94, 0.62, 0.40, 0.30]
    )
    path = np.c_[(s - 0.5) * meat, 0.004 * np.sin(3 * s)]
    body = resting_rod(path, radii, draft.n(18), 0.0030)
    end = np.array([0.5 * meat - 0.004, float(path[-1, 1]), 0.0072])
    tip = end + np.array([bone, 0.0, -0.0006])
    shaft = sweep(np.stack([end, tip]), circle(draft.n(10)) * 0.0052)
    knuckles = [
        ellipsoid(0.0070, 0.0062, 0.0066, draft.n(10), draft.n(8)).moved(tip[0], tip[1] + s_ * 0.0046, tip[2])
        for s_ in (1, -1)
    ]
    head = flattened(joined([shaft, *knuckles]), 0.0)
    crust = {"brown": (166, 92, 38), "orange": (222, 130, 50), "beige": (226, 178, 116), "pink": (238, 176, 160)}[
        draft.color
    ]
    image = materials.mottled(draft.stream("skin"), draft.size, mix(draft.rgb, crust, 0.7), 0.26, 12)
    return Design(
        [
            Part(smooth(body), draft.textured("food", materials.encoded(image), 0.45)),
            Part(head, draft.plain("food", (240, 228, 204), 0.6)),
        ],
        [*rod_pieces(resting_rod, path, radii, 4, 0.0030), hull_of(head)],
        f"{'raw' if draft.color == 'pink' else 'roast'} {{color}} chicken drumstick",
        materials=("food",),
    )


@category(
    "fish",
    ("silver", "gray", "blue", "orange", "red", "pink", "green", "teal", "yellow", "brown", "purple", "gold"),
    ("object",),
    also=(
        "toy fish",
        "whole fish",
        "raw fish",
        "fresh fish",
        "salmon",
        "trout",
        "tuna fish",
        "mackerel",
        "goldfish",
        "cod",
    ),
    materials=("food", "plastic", "rubber"),
)
def fish(draft: Draft) -> Design:
    length, wide, thick = draft.uniform(0.080, 0.090), draft.uniform(0.0195, 0.0225), draft.uniform(0.0132, 0.0152)
    # It lies on its side: x from tail to mouth, y from belly to back, and is pressed flat below.
    s = np.linspace(0, 1, draft.n(26))
    shape = np.interp(s, [0, 0.06, 0.20, 0.45, 0.68, 0.86, 0.96, 1.0], [0.20, 0.26, 0.52, 0.90, 1.0, 0.78, 0.42, 0.12])
    path = np.c_[(s - 0.5) * length, 0 * s, 0 * s]
    body = sweep(
        path,
        circle(draft.n(20)),
        np.stack([wide * shape, thick * (0.30 + 0.70 * shape) * np.minimum(1.0, 3.2 * shape)], axis=1),
    )
    body = flattened(body, -thick + 0.0035).moved(z=thick - 0.0035)
    rear = -0.5 * length
    fork = [(0.010, 0.004), (-0.016, 0.92 * wide), (-0.008, 0.0), (-0.016, -0.92 * wide), (0.010, -0.004)]
    tail = extrude(np.array(fork) + np.array([rear, 0.0]), 0.0060, 0.0012, 1)
    fin = extrude(
        np.array([(0.16 * length, 0.92 * wide), (-0.02 * length, 1.34 * wide), (-0.22 * length, 0.62 * wide)]),
        0.0042,
        0.0010,
        1,
    )
    level = thick - 0.0035
    fins = [
        tail.moved(z=level - 0.003),
        fin.moved(z=level - 0.002),
        fin.scaled(0.7, 0.86, 1.0).rotated("x", 180.0).moved(z=level + 0.002),
    ]
    side = (
        ellipsoid(0.0115, 0.0050, 0.0026, draft.n(10), 6)
        .rotated("z", -24.0)
        .moved(0.16 * length, -0.16 * wide, 2 * thick - 0.0050)
    )
    n = draft.size
    color = draft.rgb
    pale = mix(color, (246, 244, 236), 0.7)
    v = (1 - (np.arange(n) + 0.5)[:, None] / n) * np.ones((1, n))
    u = (np.arange(n) + 0.5)[None] / n * np.ones((n, 1))
    rows = (v * 16).astype(int) % 2
    scale = ((u * 22 + 0.5 * rows) % 1.0 - 0.5) ** 2 + ((v * 16) % 1.0 - 0.3) ** 2
    image = (
        np.asarray(pale, dtype=float)
        + (np.asarray(color, dtype=float) - np.asarray(pale, dtype=float)) * np.clip(v * 2.2 - 0.5, 0, 1)[..., None]
    )
    image[(scale > 0.20) & (u < 0.74)] *= 0.88
    image[np.abs(np.hypot(u - 1.02, (v - 0.5) * 0.8) - 0.28) < 0.010] = shade(color, 0.5)
    skin = draft.textured(
        draft.substance("food", "plastic", "rubber"), materials.encoded(image), 0.3, 0.3 if draft.sheen else 0.1
    )
    eye_x, eye_y = 0.385 * length, 0.20 * wide
    top = 2 * thick - 0.0062
    eyes = ellipsoid(0.0042, 0.0042, 0.0020, draft.n(12), 6).moved(eye_x, eye_y, top)
    pupil = ball(draft, 0.0021, eye_x, eye_y, top + 0.0012, 8)
    return Design(
        [
            Part(from_above(body), skin),
            Part(
                joined([*fins, side]),
                draft.plain(draft.substance("food", "plastic", "rubber"), shade(color, 0.78), 0.5),
            ),
            Part(eyes, draft.plain("food", (244, 240, 224), 0.3)),
            Part(pupil, draft.plain("food", (22, 22, 24), 0.2)),
        ],
        [standing_hull(body), *(hull_of(part) for part in fins)],
        "whole {color} fish",
        materials=(draft.substance("food", "plastic", "rubber"),),
        main=draft.substance("food", "plastic", "rubber"),
    )


@category(
    "shrimp",
    ("pink", "orange", "red", "gray"),
    ("object",),
    also=("prawn", "shrimps", "king prawn", "crayfish", "cooked shrimp"),
)
def shrimp(draft: Draft) -> Design:
    radius, arc, bend = draft.uniform(0.0125, 0.0145), draft.uniform(0.024, 0.028), draft.uniform(3.2, 3.8)
    s = np.linspace(0, 1, draft.n(30))
    angle = (s - 0.5) * bend
    path = np.c_[arc * np.cos(angle), arc * np.sin(angle)]
    rings = 1 - 0.07 * (np.sin(s * 7 * 2 * np.pi) > 0.3)
    radii = radius * rings * np.interp(s, [0, 0.08, 0.25, 0.5, 0.85, 1.0], [0.30, 0.76, 1.0, 0.96, 0.56, 0.36])
    body = resting_rod(path, radii, draft.n(14), 0.0022)
    last, along = path[-1], path[-1] - path[-3]
    heading = np.degrees(np.arctan2(along[1], along[0]))
    fan = [
        ellipsoid(0.0115, 0.0050, 0.0030, draft.n(10), 6)
        .moved(x=0.0095)
        .rotated("z", heading + turn)
        .moved(last[0], last[1], 0.0040)
        for turn in (-32.0, 0.0, 32.0)
    ]
    first, away = path[0], path[0] - path[2]
    start = np.degrees(np.arctan2(away[1], away[0]))
    nose = (
        lathe(np.array([(0, 0), (0.0042, 0), (0, 0.016)]), 8)
        .rotated("y", 90.0)
        .rotated("z", start)
        .moved(first[0], first[1], 0.0052)
    )
    eyes = [ball(draft, 0.0020, float(first[0]) + 0.002, float(first[1]) + s_ * 0.003, 0.0098, 8) for s_ in (1, -1)]
    n = draft.size
    color = mix(draft.rgb, (250, 150, 110), 0.35) if draft.color != "gray" else draft.rgb
    image = materials.banded(
        materials.mottled(draft.stream("skin"), n, color, 0.10, 12),
        [(0.05 + k / 7, 0.09 + k / 7, mix(color, (252, 240, 228), 0.6)) for k in range(7)],
    )
    return Design(
        [
            Part(smooth(body), draft.textured("food", materials.encoded(image), 0.35)),
            Part(joined([*fan, nose]), draft.plain("food", shade(color, 0.8), 0.5)),
            Part(joined(eyes), draft.plain("food", (24, 24, 26), 0.3)),
        ],
        [*rod_pieces(resting_rod, path, radii, 6, 0.0022), hull_of(*fan)],
        "curled {color} shrimp",
        materials=("food",),
    )


@category(
    "celery",
    ("green",),
    ("object",),
    also=("celery stalk", "stalk of celery", "stick of celery", "celery stick", "rhubarb", "bok choy"),
)
def celery(draft: Draft) -> Design:
    length, wide = draft.uniform(0.076, 0.088), draft.uniform(0.0120, 0.0138)
    count, deep = 2, draft.uniform(0.0125, 0.0150)
    stalks, pieces = [], list[Piece]()
    arc = np.linspace(-0.15 * np.pi, 1.15 * np.pi, draft.n(12))
    outer = np.c_[wide * np.cos(arc), deep * np.sin(arc)]
    section = np.concatenate([outer, outer[::-1] * np.array([0.62, 0.56])])[::-1] * np.array([1.0, -1.0])  # open above
    for index in range(count):
        bend = draft.uniform(-0.003, 0.003)
        s = np.linspace(0, 1, 7)
        side = (index - (count - 1) / 2) * 1.30 * wide
        path = np.c_[(s - 0.5) * length, side * (1 - 0.25 * s) + bend * (s - 0.5) ** 2 * 4, 0 * s]
        stalk = sweep(path, section, np.interp(s, [0, 0.15, 1.0], [1.0, 0.96, 0.62]))
        low = float(stalk.bounds[0, 2])
        stalk = flattened(stalk, low + 0.0022).moved(z=-low - 0.0022)
        stalks.append(stalk)
        pieces.append(hull_of(flattened(stalk, 0.0)))
    stream = draft.stream("leaves")
    leaves = []
    for index in range(9):
        x = 0.44 * length + float(stream.uniform(0.0, 0.022))
        y = float(stream.uniform(-1, 1)) * 0.62 * count * wide
        leaf = ellipsoid(0.0105, 0.0070, 0.0045, draft.n(10), 6).rotated("y", float(stream.uniform(-30, 30)))
        leaves.append(leaf.rotated("z", 50.0 * y / wide).moved(x, y, 0.0060 + 0.0013 * (index % 4)))
    crown = flattened(joined(leaves), 0.0)
    n = draft.size
    pale = mix(draft.rgb, (196, 220, 130), 0.66)
    image = materials.stripes(n, pale, shade(pale, 0.90), 16, 0.35, upright=True)
    return Design(
        [
            Part(joined(stalks), draft.textured("food", materials.encoded(image), 0.45)),
            Part(crown, draft.plain("food", mix(draft.rgb, (84, 150, 46), 0.6), 0.7)),
        ],
        [*pieces, hull_of(crown)],
        "fresh {color} celery with leaves",
        materials=("food",),
    )


@category(
    "leek",
    ("green",),
    ("object",),
    also=("scallion", "green onion", "spring onion", "leeks"),
)
def leek(draft: Draft) -> Design:
    length, radius = draft.uniform(0.078, 0.092), draft.uniform(0.0118, 0.0142)
    s = np.linspace(0, 1, draft.n(16))
    radii = radius * np.interp(s, [0, 0.03, 0.10, 0.20, 0.75, 1.0], [0.40, 0.92, 1.06, 0.94, 0.92, 1.02])
    path = np.c_[(s - 0.5) * length, 0 * s]
    stem = level_rod(path, radii, draft.n(16), 0.0022)
    leaves = []
    for turn, lift in ((-16.0, 0.0), (14.0, 0.001), (-3.0, 0.0025)):
        blade = ellipsoid(0.019, 0.0072, 0.0042, draft.n(12), 8).moved(x=0.015).rotated("z", turn)
        leaves.append(blade.moved(x=0.5 * length - 0.006, z=radius - 0.0012 + lift))
    n = draft.size
    u = (1 - (np.arange(n) + 0.5)[:, None] / n) * np.ones((1, n))
    dark, white = np.asarray(mix(draft.rgb, (60, 128, 60), 0.5), dtype=float), np.array([244, 244, 228], dtype=float)
    image = white + (dark - white) * np.clip((u - 0.34) * 2.4, 0, 1)[..., None]
    image *= (0.95 + 0.05 * np.sin(np.arange(n) * 2 * np.pi * 12 / n))[None, :, None]
    return Design(
        [
            Part(smooth(stem), draft.textured("food", materials.encoded(image), 0.45)),
            Part(joined(leaves), draft.plain("food", mix(draft.rgb, (48, 112, 52), 0.5), 0.6)),
        ],
        [*rod_pieces(level_rod, path, radii, 2, 0.0022), *(hull_of(leaf) for leaf in leaves)],
        "leek, white below and {color} above",
        materials=("food",),
    )


@category(
    "ginger",
    ("beige", "brown", "yellow"),
    ("object",),
    label="ginger root",
    also=("ginger", "piece of ginger", "root of ginger", "turmeric", "galangal"),
)
def ginger(draft: Draft) -> Design:
    long, fat = draft.uniform(0.035, 0.040), draft.uniform(0.0160, 0.0180)
    n, m = draft.n(14), draft.n(10)
    lobes = [ellipsoid(long, fat, 0.86 * fat, n, m)]
    for x, turn, size in ((0.62, 56.0, 0.44), (0.58, -52.0, 0.34), (-0.66, -126.0, 0.42)):
        lobe = ellipsoid(0.62 * long * size / 0.55, 0.76 * fat, 0.74 * fat, n, m).moved(x=0.40 * long * size / 0.55)
        lobes.append(lobe.rotated("z", turn).moved(x=x * long))
    flat = 0.86 * fat - 0.0020
    rested = [flattened(lobe, -flat).moved(z=flat) for lobe in lobes]
    image = materials.mottled(draft.stream("skin"), draft.size, mix(draft.rgb, (206, 166, 106), 0.6), 0.2, 14)
    image = materials.banded(
        image, [(a, a + 0.02, mix(draft.rgb, (140, 100, 56), 0.7)) for a in (0.2, 0.34, 0.48, 0.62, 0.78)]
    )
    return Design(
        [Part(joined(rested), draft.textured("food", materials.encoded(image), 0.85))],
        [standing_hull(rested[0]), *(hull_of(lobe) for lobe in rested[1:])],
        "knobbly {color} ginger root",
        materials=("food",),
    )


@category("coconut", ("brown", "beige"), ("object",), also=("whole coconut", "small coconut", "hairy coconut"))
def coconut(draft: Draft) -> Design:
    radius, long = draft.uniform(0.0255, 0.0285), draft.uniform(1.00, 1.14)
    flat = 0.0030
    whole = ellipsoid(radius * long, radius, 0.98 * radius, draft.n(28), draft.n(18))
    body = flattened(whole, -0.98 * radius + flat).moved(z=0.98 * radius - flat)
    n = draft.size
    color = mix(draft.rgb, (112, 76, 44), 0.6)
    image = materials.wood(draft.stream("husk"), n, color, 0.5)
    eyes = [
        ball(draft, 0.0036, radius * long * 0.93, y, 0.98 * radius + z, 8)
        for y, z in ((0.006, 0.004), (-0.006, 0.004), (0.0, -0.005))
    ]
    return Design(
        [
            Part(body, draft.textured("food", materials.encoded(image), 0.95)),
            Part(joined(eyes), draft.plain("food", (52, 34, 22), 0.9)),
        ],
        [standing_hull(body)],
        "small {color} coconut with a fibrous husk",
        materials=("food",),
    )


@category(
    "pomegranate",
    ("red", "pink", "orange", "yellow"),
    ("object",),
    also=("ripe pomegranate", "dragon fruit", "persimmon"),
)
def pomegranate(draft: Draft) -> Design:
    radius, tall = draft.uniform(0.0262, 0.0288), draft.uniform(0.90, 1.00)
    flat = 0.0030
    whole = ellipsoid(radius, radius, tall * radius, draft.n(26), draft.n(16))
    body = flattened(whole, -tall * radius + flat).moved(z=tall * radius - flat)
    top = 2 * tall * radius - flat
    collar = lathe(
        rounded([(0, 0), (0.0072, 0), (0.0052, 0.005), (0.0082, 0.012), (0.0060, 0.012), (0, 0.006)], 1), draft.n(16)
    )
    collar = collar.moved(z=top - 0.0025)
    tips = [
        lathe(np.array([(0, 0), (0.0028, 0), (0, 0.008)]), 6)
        .rotated("y", 18.0)
        .moved(x=0.0064, z=top + 0.007)
        .rotated("z", k * 60.0)
        for k in range(6)
    ]
    color = draft.rgb
    image = materials.mottled(draft.stream("skin"), draft.size, color, 0.16, 10)
    cloud = materials.noise(draft.stream("blush"), draft.size, draft.size, 5, 5)
    image[cloud > 0.66] = image[cloud > 0.66] * 0.72 + np.array([240, 190, 120]) * 0.28
    crown = joined([collar, *tips])
    return Design(
        [
            Part(body, draft.textured("food", materials.encoded(image), 0.35)),
            Part(crown, draft.plain("food", shade(mix(color, (196, 120, 70), 0.4), 0.9), 0.6)),
        ],
        [standing_hull(body), hull_of(crown)],
        "{color} pomegranate with a crown",
        materials=("food",),
    )


@category(
    "asparagus",
    ("green", "purple", "white"),
    ("object",),
    also=(
        "asparagus spear",
        "spear of asparagus",
        "bunch of asparagus",
        "asparagus bundle",
        "green beans",
        "string beans",
    ),
)
def asparagus(draft: Draft) -> Design:
    length, radius = draft.uniform(0.090, 0.104), draft.uniform(0.0054, 0.0062)
    spears, buds = [], []
    # Seven of them, closely packed: two, three, two.
    rise = np.sqrt(3) * radius
    places = [(y * radius, radius + row * rise) for row, ys in enumerate(((-1, 1), (-2, 0, 2), (-1, 1))) for y in ys]
    stream = draft.stream("spears")
    for y, z in places:
        shift = float(stream.uniform(-0.005, 0.005))
        s = np.array([0, 0.02, 0.70, 0.84, 0.93, 1.0])
        radii = 1.04 * radius * np.array([0.9, 1.0, 0.94, 1.04, 0.84, 0.16])
        path = np.c_[(s - 0.5) * length + shift, np.full(6, y), np.full(6, z)]
        spears.append(sweep(path, circle(draft.n(8)), radii))
        for index in range(3 if z > 2 * radius else 0):
            turn = 2.2 * index + 0.4
            spot = ellipsoid(0.0066, 0.0030, 0.0026, 6, 4).moved(x=(0.26 + 0.06 * index) * length + shift)
            buds.append(spot.moved(0, y + 0.72 * radius * np.cos(turn), z + 0.72 * radius * abs(np.sin(turn))))
    whole = joined(spears)
    low = float(whole.bounds[0, 2])
    middle = radius + rise
    band = sweep(
        np.array([[-0.12 * length, 0, middle], [0.08 * length, 0, middle]]),
        superellipse(draft.n(20, 12), 2.8) * 3.10 * radius,
    )
    corners = np.array([(1.55, 0.0), (3.05, 1.0), (1.55, 2.0)]) * np.array([radius, middle])
    ends = (-0.5 * length, 0.47 * length)
    prism = Hull(np.array([(x, side * y, z) for x in ends for y, z in corners for side in (1, -1)]))
    tie = {"green": (196, 62, 52), "purple": (236, 206, 96), "white": (96, 140, 74)}[draft.color]
    return Design(
        [
            Part(
                whole.moved(z=-low),
                draft.textured(
                    "food",
                    draft.texture(
                        materials.mottled,
                        mix(draft.rgb, (120, 158, 70), 0.45 if draft.color == "green" else 0.12),
                        0.14,
                    ),
                    0.55,
                ),
            ),
            Part(joined(buds).moved(z=-low), draft.plain("food", mix(draft.rgb, (92, 70, 110), 0.4), 0.7)),
            Part(flattened(band.moved(z=-low), 0.0002), draft.plain("rubber", tie, 0.7)),
        ],
        [prism.moved(np.array([0, 0, -low]))],
        "tied bunch of {color} asparagus",
        materials=("food",),
    )

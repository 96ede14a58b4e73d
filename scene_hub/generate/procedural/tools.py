"""Hand tools and cutlery: things with a handle thick enough for a gripper to take off the table."""

import numpy as np

from scene_hub.generate.collision import Hull, Piece, box_between, hull_of, lying_hull
from scene_hub.generate.materials import METALLIC_COLORS, PAINT
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.procedural.forms import level_rod, turned_along_x
from scene_hub.generate.shapes import (
    Surface,
    circle,
    extrude,
    flattened,
    joined,
    lathe,
    rounded,
    rounded_box,
    spline,
    superellipse,
    sweep,
)


@category(
    "screwdriver",
    PAINT,
    ("object",),
    also=("flathead screwdriver", "flat screwdriver", "phillips screwdriver", "screw driver", "slotted screwdriver"),
    materials=("plastic", "wood", "steel", "rubber"),
)
def screwdriver(draft: Draft) -> Design:
    radius, grip, shaft = draft.uniform(0.0125, 0.0150), draft.uniform(0.085, 0.098), draft.uniform(0.068, 0.082)
    lobes = draft.pick((6, 8))
    profile = rounded(
        [
            (0, 0),
            (0.8, 0, 0.006),
            (1.0, 0.018, 0.01),
            (0.98, 0.62 * grip, 0.01),
            (0.66, 0.78 * grip, 0.01),
            (0.86, 0.93 * grip, 0.006),
            (0.5, grip, 0.003),
            (0, grip),
        ],
        draft.steps(2),
    )
    profile = profile * np.array([radius, 1.0])
    segments, flat = draft.n(28), 0.0016
    angles = np.arange(segments) * 2 * np.pi / segments
    outline = circle(segments) * (1 - 0.05 * (0.5 + 0.5 * np.cos(lobes * angles)))[:, None]
    lift = radius - flat
    handle = flattened(lathe(profile, segments, outline).rotated("y", 90.0), -lift).moved(z=lift)
    end = grip + shaft
    rod = lathe(
        np.array([(0, grip - 0.002), (0.0034, grip - 0.002), (0.0034, end - 0.006), (0.0, end - 0.006)]), draft.n(10)
    )
    tip = sweep(
        np.array([[end - 0.008, 0, 0], [end, 0, 0], [end + 0.008, 0, 0]]),
        circle(draft.n(10)) * 0.0034,
        np.array([[1, 1], [1.3, 0.6], [1.1, 0.2]]),
    )
    ring = [(0, 0.80 * grip), (0.7 * radius, 0.80 * grip), (0.7 * radius, 0.84 * grip), (0, 0.84 * grip)]
    band = lathe(np.array(ring), draft.n(18)).rotated("y", 90.0).moved(z=lift)
    rod, tip = rod.rotated("y", 90.0).moved(z=lift), tip.moved(z=lift)
    parts = [
        Part(handle, draft.plain("plastic", roughness=0.35)),
        Part(rod, draft.metal((176, 178, 184))),
        Part(tip, draft.metal((120, 122, 128))),
        Part(band, draft.plastic((34, 34, 36) if draft.color != "black" else (200, 40, 36))),
    ]
    return Design(
        parts,
        [lying_hull(handle), hull_of(rod, tip)],
        draft.pick(("screwdriver with a {color} plastic handle", "flathead screwdriver with a {color} handle")),
        materials=("plastic", "steel"),
    )


@category(
    "hammer",
    PAINT,
    ("object",),
    also=("claw hammer", "mallet", "rubber mallet", "ball peen hammer"),
    materials=("steel", "wood", "rubber", "plastic"),
)
def hammer(draft: Draft) -> Design:
    grip, radius = draft.uniform(0.115, 0.135), draft.uniform(0.0095, 0.0115)
    across, face = draft.uniform(0.060, 0.072), draft.uniform(0.0115, 0.0135)
    s = np.linspace(0, 1, draft.n(12))
    radii = radius * np.interp(s, [0, 0.04, 0.12, 0.5, 0.62, 1.0], [0.72, 1.0, 1.04, 0.94, 0.72, 0.70])
    path = np.stack([(s - 1.0) * grip, 0 * s], axis=1)
    axis = np.concatenate([path, np.full((len(path), 1), face)], axis=1)
    cut = int(np.searchsorted(s, 0.60))
    section = circle(draft.n(14)) * np.array([0.88, 1.0])
    sleeve = sweep(axis[: cut + 1], section, radii[: cut + 1])
    shaft = sweep(axis[cut:], section, radii[cut:] * 0.9)
    half = across / 2
    peen = [(0, -half), (0.40 * face, -half, 0.002), (face, -0.44 * half, 0.003), (0.72 * face, -0.2 * half)]
    striker = [
        (0.72 * face, 0.2 * half),
        (0.78 * face, 0.5 * half),
        (face, 0.62 * half, 0.002),
        (face, half, 0.002),
        (0, half),
    ]
    profile = rounded([*peen, *striker], draft.steps(2))
    head = lathe(profile, draft.n(22)).rotated("x", -90.0).moved(z=face)
    # The collision follows the head's waist, so that fingers close on the flat eye and not on a hull around it.
    ends = [profile[profile[:, 1] < -0.19 * half], profile[profile[:, 1] > 0.19 * half]]
    faces = [flattened(lathe(end, 14).rotated("x", -90.0).moved(z=face), 0.0004) for end in ends]
    eye = rounded_box(0.024, 0.024, 2 * face * 0.86, 0.003, 1).moved(z=face * 0.14)
    # The head is the thickest part and lies on the table; the grip's far end comes down to it.
    drop = face - radius
    lean = np.degrees(np.arcsin(drop / grip))
    sleeve, shaft = (
        sleeve.moved(z=-face).rotated("y", -lean).moved(z=face),
        shaft.moved(z=-face).rotated("y", -lean).moved(z=face),
    )
    solid = 4500.0 if draft.substance("steel", "wood", "rubber", "plastic") == "steel" else None
    steel, wood = draft.metal((120, 122, 128), density=solid), draft.wood((186, 138, 84))
    return Design(
        [Part(sleeve, draft.rubber(draft.rgb)), Part(shaft.projected(0.12), wood), Part(joined([head, eye]), steel)],
        [hull_of(flattened(sleeve, 0.0)), hull_of(shaft), *(hull_of(end) for end in faces), hull_of(eye)],
        "hammer with a {color} grip",
        materials=("steel", "wood", "rubber"),
    )


@category(
    "wrench",
    PAINT,
    ("object",),
    also=("spanner", "open-end wrench", "open end wrench", "adjustable wrench", "combination wrench"),
    materials=("steel", "plastic"),
)
def wrench(draft: Draft) -> Design:
    length, half, thick = draft.uniform(0.115, 0.135), draft.uniform(0.0085, 0.0100), draft.uniform(0.0150, 0.0170)
    jaw, ring = draft.uniform(0.0190, 0.0220), draft.uniform(0.0160, 0.0185)
    a, b = -length / 2, length / 2
    bite, deep = 0.42 * jaw, 0.95 * jaw
    angles = np.radians(np.linspace(32, 150, draft.n(10)))
    arc = np.stack([b - jaw * 0.2 + jaw * np.cos(angles), jaw * np.sin(angles)], axis=1)
    prong = [(b + jaw * 0.62, bite), (b + jaw * 0.62 - deep, bite * 0.8)]
    upper = [*prong[::-1], *arc.tolist()]
    lower = [(x, -y) for x, y in upper[::-1]]
    turn = np.radians(np.linspace(32, 328, draft.n(20)))
    closed = np.stack([a + ring * np.cos(turn), ring * np.sin(turn)], axis=1).tolist()
    outline = np.array(
        [
            *upper,
            (b - 1.1 * jaw - 0.006, half),
            (a + ring * 1.5, half),
            *closed,
            (a + ring * 1.5, -half),
            (b - 1.1 * jaw - 0.006, -half),
            *lower,
        ]
    )
    body = extrude(outline, thick, 0.0012, 1).projected(0.1)
    nut = lathe(np.array([(0, 0), (0.52 * ring, 0), (0.52 * ring, 0.0006), (0, 0.0006)]), 6)
    holes = joined([nut.moved(x=a, z=thick), nut.moved(x=a, z=-0.0006)])
    steel = draft.look("steel") if draft.color in METALLIC_COLORS else draft.plain("steel", roughness=0.4)
    pieces: list[Piece] = [
        box_between((a, -half, 0), (b - jaw, half, thick)),
        _slab(np.array(closed), thick),
        _slab(
            np.array(
                [(b - 1.25 * jaw, -0.75 * jaw), (b - 1.25 * jaw, 0.75 * jaw), prong[1], (prong[1][0], -prong[1][1])]
            ),
            thick,
        ),
        _slab(np.array(upper), thick),
        _slab(np.array(lower), thick),
    ]
    return Design(
        [Part(body, steel), Part(holes, draft.plain("steel", (40, 40, 42)))],
        pieces,
        "wrench with an open end",
        materials=("steel",),
    )


def _slab(outline: np.ndarray, thick: float) -> Piece:
    return Hull(np.concatenate([np.c_[outline, np.full(len(outline), z)] for z in (0.0, thick)]))


@category(
    "flashlight",
    PAINT,
    ("object",),
    also=("torch", "flash light", "lamp torch", "pocket lamp", "hand lamp", "led flashlight"),
    materials=("plastic", "steel", "rubber"),
)
def flashlight(draft: Draft) -> Design:
    radius, length = draft.uniform(0.0120, 0.0140), draft.uniform(0.085, 0.100)
    bell, hood = draft.uniform(0.0165, 0.0190), draft.uniform(0.026, 0.032)
    profile = rounded(
        [
            (0, 0),
            (0.92 * radius, 0, 0.002),
            (radius, 0.006),
            (radius, length),
            (bell, length + 0.4 * hood, 0.004),
            (bell, length + hood, 0.001),
            (0.86 * bell, length + hood),
            (0.78 * bell, length + hood - 0.004),
            (0, length + hood - 0.004),
        ],
        draft.steps(2),
    )
    # Its wide head would make it rest at a slant, so the body has a foot at the other end, as many do.
    foot = rounded([(0, -0.004), (bell, -0.004, 0.001), (bell, 0.010, 0.001), (0, 0.010)], 1)
    flat = 0.0015
    body = turned_along_x(profile, draft.n(26), flat)
    tail = turned_along_x(foot, draft.n(26), flat)
    lens = (
        lathe(
            np.array(
                [
                    (0, length + hood - 0.0038),
                    (0.78 * bell, length + hood - 0.0038),
                    (0.6 * bell, length + hood - 0.002),
                    (0, length + hood - 0.0015),
                ]
            ),
            draft.n(20),
        )
        .rotated("y", 90.0)
        .moved(z=bell - flat)
    )
    button = rounded_box(0.016, 0.008, 0.004, 0.0015, 1).moved(x=0.62 * length, z=bell + radius - flat - 0.0015)
    metal = draft.made_of("steel", draft.color in METALLIC_COLORS)
    coat = draft.look("steel", density=1500.0) if metal else draft.plain("plastic", roughness=0.4, density=1300.0)
    return Design(
        [
            Part(body, coat),
            Part(joined([tail, button]), draft.plastic((38, 38, 42) if draft.color != "black" else (90, 92, 96))),
            Part(lens, draft.plain("glass", (250, 244, 206), 0.1)),
        ],
        [hull_of(_cut(body, -1.0, length + 0.001)), lying_hull(_cut(body, length - 0.001, 1.0)), lying_hull(tail)],
        f"{'metal ' if metal else ''}flashlight with a wide lens",
        materials=("steel" if metal else "plastic", "glass"),
    )


def _cut(surface: Surface, low: float, high: float) -> Surface:
    """The corners of a surface between two x, as a surface fit for a hull."""
    keep = ((surface.triangles[..., 0] >= low) & (surface.triangles[..., 0] <= high)).all(axis=1)
    return Surface(surface.triangles[keep], surface.normals[keep], surface.uvs[keep])


@category(
    "spoon",
    PAINT,
    ("object",),
    also=(
        "wooden spoon",
        "serving spoon",
        "cooking spoon",
        "soup spoon",
        "tablespoon",
        "teaspoon",
        "mixing spoon",
        "stirring spoon",
        "kitchen spoon",
    ),
    materials=("wood", "plastic", "steel", "ceramic", "copper"),
)
def spoon(draft: Draft) -> Design:
    length, radius = draft.uniform(0.105, 0.120), draft.uniform(0.0098, 0.0110)
    head_x, head_y, deep = draft.uniform(0.026, 0.031), draft.uniform(0.0195, 0.0235), draft.uniform(0.0078, 0.009)
    s = np.linspace(0, 1, draft.n(12))
    radii = radius * np.interp(s, [0, 0.04, 0.1, 0.7, 1.0], [0.45, 0.9, 1.05, 0.90, 0.74])
    handle = level_rod(np.stack([(s - 1.0) * length, 0 * s], axis=1), radii, draft.n(16), 0.0012)
    outside = spline([(0, 0.0), (0.5, 0.12), (0.86, 0.5), (1.0, 1.0)], draft.n(8))
    inside = spline([(0.93, 1.0), (0.72, 0.62), (0.0, 0.30)], draft.n(8))
    head = lathe(np.concatenate([outside, inside]), draft.n(26)).scaled(head_x, head_y, 2 * deep)
    head = flattened(head, 0.0012).moved(x=head_x - 0.004, z=-0.0012)
    wooden = draft.made_of("wood", draft.color in ("brown", "beige"))
    metal = draft.made_of("steel", draft.color in METALLIC_COLORS)
    material = draft.wood(draft.rgb) if wooden else draft.look("steel") if metal else draft.plastic()
    return Design(
        [Part(handle.projected(0.12), material), Part(head.projected(0.12), material)],
        [hull_of(handle), hull_of(head)],
        "wooden spoon" if wooden else f"{'metal' if metal else 'plastic'} serving spoon",
    )


@category(
    "knife",
    PAINT,
    ("object",),
    also=(
        "kitchen knife",
        "chef's knife",
        "chef knife",
        "paring knife",
        "table knife",
        "butter knife",
        "bread knife",
        "steak knife",
        "carving knife",
        "dinner knife",
    ),
    materials=("steel", "plastic", "wood"),
)
def knife(draft: Draft) -> Design:
    grip, blade = draft.uniform(0.085, 0.096), draft.uniform(0.088, 0.105)
    wide, thick = draft.uniform(0.022, 0.026), draft.uniform(0.0165, 0.0185)
    s = np.linspace(0, 1, draft.n(10))
    fat = np.interp(s, [0, 0.06, 0.3, 0.7, 0.94, 1.0], [0.55, 0.95, 0.9, 0.98, 0.92, 0.6])
    path = np.stack([(s - 1.0) * grip, 0 * s, np.full(len(s), thick / 2)], axis=1)
    section = superellipse(draft.n(20), 3.2) * np.array([wide / 2, thick / 2])
    handle = flattened(sweep(path, section, np.stack([fat, np.ones_like(fat)], axis=1)), 0.0006).moved(z=-0.0006)
    outline = rounded(
        [
            (-0.004, -0.013),
            (blade * 0.7, -0.013, 0.03),
            (blade, 0.010, 0.004),
            (blade * 0.92, 0.0125),
            (-0.004, 0.0125),
        ],
        draft.steps(4),
        closed=True,
    )
    steel = extrude(outline, 0.003, 0.0008).moved(z=thick / 2 - 0.0015)
    wooden, metal = (
        draft.made_of("wood", draft.color == "brown"),
        draft.made_of("steel", draft.color in METALLIC_COLORS),
    )
    material = draft.wood(draft.rgb) if wooden else draft.look("steel") if metal else draft.plastic()
    stud = lathe(np.array([[0, 0], [0.003, 0], [0.0026, 0.0006], [0, 0.0006]]), draft.n(10))
    rivets = joined([stud.moved(x=-at * grip, z=thick - 0.0002) for at in (0.25, 0.75)])
    pieces: list[Piece] = [
        hull_of(handle),
        box_between((-0.002, -0.013, thick / 2 - 0.002), (0.9 * blade, 0.0125, thick / 2 + 0.002)),
    ]
    return Design(
        [
            Part(handle.projected(0.1), material),
            Part(steel, draft.metal((206, 208, 212), density=1800.0)),
            Part(rivets, draft.metal()),
        ],
        pieces,
        f"kitchen knife with a {{color}} {'wooden' if wooden else 'metal' if metal else 'plastic'} handle",
    )


@category(
    "paintbrush",
    PAINT,
    ("object",),
    also=("paint brush", "brush", "artist brush", "painting brush", "flat brush", "pastry brush"),
    materials=("wood", "plastic"),
)
def paintbrush(draft: Draft) -> Design:
    grip, radius = draft.uniform(0.085, 0.100), draft.uniform(0.0082, 0.0095)
    wide, thick = draft.uniform(0.019, 0.024), draft.uniform(0.0165, 0.0185)
    s = np.linspace(0, 1, draft.n(12))
    widths = np.interp(s, [0, 0.06, 0.3, 0.6, 0.9, 1.0], [0.6, 0.95, 0.85, 0.8, 1.5, 0.94 * wide / radius])
    path = np.stack([(s - 1.0) * grip, 0 * s, np.full(len(s), thick / 2)], axis=1)
    handle = sweep(path, circle(draft.n(14)), np.stack([widths * radius, np.full(len(s), thick / 2)], axis=1))
    ferrule = rounded_box(0.022, 2 * wide, thick, 0.002, 1).moved(x=0.010)
    tip = sweep(
        np.array([[0.020, 0, thick / 2], [0.040, 0, thick / 2], [0.056, 0, thick / 2]]),
        superellipse(draft.n(14), 4.0),
        np.array([[0.95 * wide, 0.44 * thick], [0.98 * wide, 0.42 * thick], [0.86 * wide, 0.16 * thick]]),
    )
    return Design(
        [
            Part(handle, draft.plain("wood", roughness=0.35)),
            Part(ferrule, draft.metal(density=900.0)),
            Part(tip, draft.plain("felt", (206, 174, 118), 0.95)),
        ],
        [hull_of(flattened(handle, 0.0)), hull_of(ferrule), hull_of(tip)],
        "paintbrush with a {color} handle",
        materials=("wood", "steel"),
    )

"""Toy animals on four legs: an elephant, a giraffe, a horse, a dog, a cow.

Each is one smooth tube from tail to snout on four stout legs, with its own ears, horns, trunk and coat.
"""

from dataclasses import dataclass

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Piece, hull_of
from scene_hub.generate.materials import Rgb, mix, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.procedural.solids import ball
from scene_hub.generate.shapes import (
    Surface,
    circle,
    ellipsoid,
    joined,
    lathe,
    rounded,
    rounded_box,
    spline,
    sweep,
)

_COLORS = (
    "gray",
    "brown",
    "beige",
    "white",
    "black",
    "orange",
    "yellow",
    "pink",
    "blue",
    "purple",
    "green",
    "teal",
    "red",
)
_ANY = ("toy animal", "animal toy", "animal figurine", "plastic animal", "zoo animal", "farm animal")
_MADE = ("plastic", "rubber", "wood", "fabric", "felt")


@dataclass(frozen=True)
class _Build:
    """Half length of the trunk, its radius, height of the back, radius of a leg; where the head is (x, z) and how thick."""

    long: float
    fat: float
    back: float
    leg: float
    head: tuple[float, float]
    skull: float


def _trunk(draft: Draft, build: _Build) -> tuple[Surface, list[Piece]]:
    """The body from rump to neck, and hulls of its spans."""
    x, z = build.head
    path = spline(
        [
            (-build.long - 0.006, 0, build.back - 0.004),
            (-0.6 * build.long, 0, build.back),
            (0.4 * build.long, 0, build.back),
            (0.5 * (build.long + x), 0, 0.42 * build.back + 0.58 * z),
            (x, 0, z),
        ],
        draft.n(16, 12),
    )
    radii = np.interp(
        np.linspace(0, 1, len(path)),
        [0, 0.08, 0.25, 0.50, 0.72, 1.0],
        np.array([0.30, 0.74, 1.0, 0.98, 0.66, 0.5]) * build.fat,
    )
    radii[-1] = max(radii[-1], 0.6 * build.skull)
    cuts = np.linspace(0, len(path) - 1, 5).round().astype(int)
    pieces: list[Piece] = [
        hull_of(sweep(path[a : b + 1], circle(8), radii[a : b + 1], up=(0, 1, 0)))
        for a, b in zip(cuts[:-1], cuts[1:], strict=True)
    ]
    return sweep(path, circle(draft.n(12)), radii, up=(0, 1, 0)), pieces


def _legs(draft: Draft, build: _Build) -> list[Surface]:
    profile = [(0, 0), (1.08, 0), (0.86, 0.4), (1.04, 0.8), (0, 1)]
    limb = lathe(np.array(profile) * np.array([build.leg, build.back]), draft.n(8))
    spread = build.fat - 0.86 * build.leg
    return [limb.moved(x=a * 0.66 * build.long, y=s * spread) for a in (1, -1) for s in (1, -1)]


def _animal(
    draft: Draft, build: _Build, own: list[Surface], dark: list[Surface], words: str, coat: np.ndarray | None = None
) -> Design:
    """The toy: trunk, legs and head with its `own` parts in the dominant colour and `dark` ones; `coat` is a texture."""
    trunk, pieces = _trunk(draft, build)
    x, z = build.head
    legs = _legs(draft, build)
    eyes = [
        ball(draft, 0.0026, x + 0.45 * build.skull, s * 0.80 * build.skull, z + 0.42 * build.skull, 6) for s in (1, -1)
    ]
    body, made = joined([trunk, *legs, *own]), draft.substance(*_MADE)
    skin = draft.look(made) if coat is None else draft.textured(made, materials.encoded(coat), 0.5)
    hooves = [
        lathe(np.array([(0, 0), (1.16 * build.leg, 0), (1.10 * build.leg, 0.0055), (0, 0.0055)]), draft.n(8)).moved(
            x=a * 0.66 * build.long, y=s * (build.fat - 0.86 * build.leg)
        )
        for a in (1, -1)
        for s in (1, -1)
    ]
    black: Rgb = (30, 30, 32) if draft.color != "black" else (226, 226, 224)
    return Design(
        [
            Part(body.projected(0.055) if coat is None else _from_beside(body), skin),
            Part(joined([*hooves, *dark]), draft.plain("plastic", mix(draft.rgb, (52, 40, 34), 0.7), 0.7)),
            Part(joined(eyes), draft.plastic(black)),
        ],
        [*pieces, *(hull_of(leg) for leg in legs), *(hull_of(part) for part in (*own, *dark))],
        words,
        least_mass=0.05,
        materials=(made,),
        main=made,
    )


def _from_beside(surface: Surface) -> Surface:
    """The surface with one picture laid on from both sides: tail to snout, feet to ears."""
    low, high = surface.bounds
    along = (surface.triangles - low) / (high - low)
    return Surface(surface.triangles, surface.normals, 0.005 + 0.99 * along[..., [0, 2]])


def _patches(draft: Draft, other: Rgb, cells: int, share: float) -> np.ndarray:
    """A coat with patches."""
    n = draft.size
    cloud = materials.noise(draft.stream("coat"), n, n, cells, cells)
    image = materials.canvas(draft.rgb, n, n)
    image[cloud > np.quantile(cloud, 1 - share)] = other
    return image


@category(
    "toy_elephant",
    _COLORS,
    ("object",),
    also=("stuffed elephant", "plush elephant", "elephant toy", "elephant figurine", "plastic elephant", *_ANY),
    materials=_MADE,
)
def toy_elephant(draft: Draft) -> Design:
    fat, long = draft.uniform(0.0205, 0.0225), draft.uniform(0.021, 0.025)
    back, skull = draft.uniform(0.040, 0.046), draft.uniform(0.0150, 0.0168)
    x, z = long + 0.008, back + 0.010
    build = _Build(long, fat, back, draft.uniform(0.0088, 0.0102), (x, z), skull)
    head = ellipsoid(1.05 * skull, 0.92 * skull, skull, draft.n(12), draft.n(8)).moved(x, 0, z)
    droop = draft.uniform(0.016, 0.024)
    nose = spline(
        [
            (x + 0.6 * skull, 0, z - 0.1 * skull),
            (x + skull + 0.006, 0, z - 0.010),
            (x + skull + 0.009, 0, z - droop),
            (x + skull + 0.013, 0, z - droop - 0.009),
        ],
        draft.n(10),
    )
    proboscis = sweep(nose, circle(draft.n(10)), np.linspace(0.0078, 0.0042, len(nose)), up=(0, 1, 0))
    ears = [
        ellipsoid(0.0040, 0.0120, 0.0145, draft.n(10), draft.n(8))
        .rotated("z", -18.0 * s)
        .moved(x - 0.004, s * 0.0160, z + 0.002)
        for s in (1, -1)
    ]
    tail = sweep(
        spline([(-long - 0.004, 0, back), (-long - 0.009, 0, back - 0.008), (-long - 0.009, 0, back - 0.020)], 6),
        circle(6) * 0.0022,
        up=(0, 1, 0),
    )
    return _animal(draft, build, [head, proboscis, *ears, tail], [], "toy elephant with a trunk and large ears")


@category(
    "toy_giraffe",
    ("yellow", "orange", "beige", "brown", "white", "pink", "blue", "green", "purple", "teal", "gray", "red"),
    ("object",),
    also=("stuffed giraffe", "plush giraffe", "giraffe toy", "giraffe", "giraffe figurine", "plastic giraffe", *_ANY),
    materials=_MADE,
)
def toy_giraffe(draft: Draft) -> Design:
    fat, long = draft.uniform(0.0165, 0.0185), draft.uniform(0.024, 0.029)
    back, neck = draft.uniform(0.050, 0.058), draft.uniform(0.044, 0.054)
    x, z, skull = long + 0.016, back + neck, 0.0094
    build = _Build(long, fat, back, draft.uniform(0.0062, 0.0074), (x, z), skull)
    head = (
        ellipsoid(1.7 * skull, 0.86 * skull, 0.86 * skull, draft.n(12), draft.n(8))
        .rotated("y", 18.0)
        .moved(x + 0.007, 0, z)
    )
    ears = [ellipsoid(0.0026, 0.0066, 0.0036, draft.n(8), 6).moved(x - 0.002, s * 0.0105, z + 0.006) for s in (1, -1)]
    horns = [
        lathe(rounded([(0, 0), (0.0018, 0), (0.0030, 0.011, 0.001), (0, 0.013)], 1), 8).moved(x, s * 0.004, z + 0.005)
        for s in (1, -1)
    ]
    tail = sweep(
        spline([(-long - 0.003, 0, back), (-long - 0.010, 0, back - 0.008), (-long - 0.010, 0, back - 0.024)], 6),
        circle(6) * 0.0020,
        up=(0, 1, 0),
    )
    coat = _patches(draft, mix(shade(draft.rgb, 0.55), (110, 62, 28), 0.5), 16, 0.50)
    return _animal(draft, build, [head, *ears, tail], horns, "toy giraffe with a long neck and a spotted coat", coat)


@category(
    "toy_horse",
    _COLORS,
    ("object",),
    also=(
        "horse",
        "pony",
        "toy pony",
        "horse toy",
        "stuffed horse",
        "plush horse",
        "horse figurine",
        "plastic horse",
        *_ANY,
    ),
    materials=_MADE,
)
def toy_horse(draft: Draft) -> Design:
    fat, long = draft.uniform(0.0165, 0.0185), draft.uniform(0.024, 0.028)
    back, neck = draft.uniform(0.044, 0.050), draft.uniform(0.032, 0.038)
    x, z, skull = long + 0.004, back + neck, 0.0104
    build = _Build(long, fat, back, draft.uniform(0.0066, 0.0078), (x, z), skull)
    head = ellipsoid(1.62 * skull, 0.78 * skull, 0.86 * skull, draft.n(12), draft.n(8)).rotated("y", 30.0)
    head = head.moved(x + 0.009, 0, z - 0.002)
    ears = [
        lathe(np.array([(0, 0), (0.0034, 0), (0, 0.010)]), 8).moved(x - 0.001, s * 0.0055, z + 0.007) for s in (1, -1)
    ]
    ridge = [
        (x + 0.005, 0, z + 0.010),
        (x - 0.006, 0, z + 0.006),
        (x - 0.015, 0, back + 0.6 * neck),
        (0.40 * long, 0, back + 0.9 * fat),
    ]
    mane = sweep(spline(ridge, draft.n(10)), circle(draft.n(8)) * np.array([0.0052, 0.0088]), up=(0, 1, 0))
    tail = sweep(
        spline([(-long - 0.004, 0, back + 0.004), (-long - 0.012, 0, back - 0.004), (-long - 0.012, 0, 0.4 * back)], 8),
        circle(draft.n(8)),
        np.interp(np.linspace(0, 1, 8), [0, 0.4, 0.8, 1], [0.004, 0.0062, 0.0058, 0.002]),
        up=(0, 1, 0),
    )
    return _animal(draft, build, [head, *ears], [mane, tail], "toy horse with a mane and a tail")


@category(
    "toy_dog",
    _COLORS,
    ("object",),
    also=("toy puppy", "puppy", "dog toy", "stuffed dog", "plush dog", "dog figurine", "plastic dog", *_ANY),
    materials=_MADE,
)
def toy_dog(draft: Draft) -> Design:
    fat, long = draft.uniform(0.0175, 0.0198), draft.uniform(0.022, 0.026)
    back, skull = draft.uniform(0.034, 0.039), draft.uniform(0.0150, 0.0170)
    x, z = long + 0.008, back + draft.uniform(0.016, 0.021)
    build = _Build(long, fat, back, draft.uniform(0.0076, 0.0090), (x, z), skull)
    head = ellipsoid(1.05 * skull, 0.95 * skull, skull, draft.n(12), draft.n(8)).moved(x, 0, z)
    muzzle = ellipsoid(0.0110, 0.0078, 0.0070, draft.n(12), draft.n(8)).moved(x + skull, 0, z - 0.004)
    nose = ball(draft, 0.0036, x + skull + 0.0105, 0, z - 0.001, 8)
    ears = [
        ellipsoid(0.0075, 0.0036, 0.0125, draft.n(10), draft.n(8))
        .rotated("x", 12.0 * s)
        .moved(x - 0.002, s * 0.98 * skull, z - 0.001)
        for s in (1, -1)
    ]
    tail = sweep(
        spline(
            [(-long - 0.002, 0, back + 0.004), (-long - 0.012, 0, back + 0.012), (-long - 0.014, 0, back + 0.026)], 6
        ),
        circle(draft.n(8)),
        np.linspace(0.0044, 0.0024, 6),
        up=(0, 1, 0),
    )
    collar = sweep(
        np.array([[x - 0.010, 0, z - 0.016], [x - 0.0055, 0, z - 0.013]]),
        circle(draft.n(16)) * (0.62 * fat + 0.0022),
        up=(0, 1, 0),
    )
    coat = _patches(draft, shade(draft.rgb, 0.62), 5, 0.3) if draft.chance(0.5) else None
    return _animal(
        draft, build, [head, muzzle, tail], [*ears, nose, collar], "toy dog with hanging ears and a collar", coat
    )


@category(
    "toy_cow",
    ("white", "brown", "black", "beige", "pink", "blue", "purple", "yellow", "green", "teal", "orange", "gray"),
    ("object",),
    also=("cow", "cow toy", "stuffed cow", "plush cow", "cow figurine", "plastic cow", "toy bull", *_ANY),
    materials=_MADE,
)
def toy_cow(draft: Draft) -> Design:
    fat, long = draft.uniform(0.0195, 0.0215), draft.uniform(0.026, 0.030)
    back, skull = draft.uniform(0.040, 0.045), draft.uniform(0.0118, 0.0130)
    x, z = long + 0.013, back + draft.uniform(0.010, 0.015)
    build = _Build(long, fat, back, draft.uniform(0.0076, 0.0088), (x, z), skull)
    head = (
        ellipsoid(1.5 * skull, 0.95 * skull, skull, draft.n(10), draft.n(8)).rotated("y", 26.0).moved(x + 0.006, 0, z)
    )
    muzzle = rounded_box(0.012, 0.018, 0.014, 0.005, draft.steps(3)).moved(x + 1.5 * skull, 0, z - 0.017)
    ears = [ellipsoid(0.0034, 0.0080, 0.0042, draft.n(8), 6).moved(x - 0.004, s * 0.0175, z + 0.006) for s in (1, -1)]
    horns = [
        sweep(
            spline([(x - 0.002, s * 0.006, z + 0.009), (x, s * 0.013, z + 0.015), (x, s * 0.013, z + 0.022)], 5),
            circle(6),
            np.linspace(0.0028, 0.0012, 5),
            up=(0, 1, 0),
        )
        for s in (1, -1)
    ]
    udder = ellipsoid(0.0085, 0.0085, 0.0060, draft.n(10), 6).moved(-0.4 * long, 0, back - fat)
    coat = _patches(draft, (52, 40, 36) if draft.color != "black" else (232, 230, 226), 6, 0.36)
    return _animal(draft, build, [head, *ears], [muzzle, *horns, udder], "toy cow with horns and a patched coat", coat)


@category(
    "toy_cat",
    ("orange", "gray", "black", "white", "brown", "beige", "yellow", "pink", "blue", "purple", "green", "teal", "red"),
    ("object",),
    also=("toy kitten", "kitten", "cat toy", "stuffed cat", "plush cat", "cat figurine", "plastic cat", *_ANY),
    materials=_MADE,
)
def toy_cat(draft: Draft) -> Design:
    fat, long = draft.uniform(0.0160, 0.0182), draft.uniform(0.024, 0.028)
    back, skull = draft.uniform(0.034, 0.039), draft.uniform(0.0148, 0.0166)
    x, z = long + 0.008, back + draft.uniform(0.016, 0.021)
    build = _Build(long, fat, back, draft.uniform(0.0066, 0.0078), (x, z), skull)
    head = ellipsoid(0.94 * skull, 1.04 * skull, 0.94 * skull, draft.n(12), draft.n(8)).moved(x, 0, z)
    ears = [
        lathe(np.array([(0, 0), (0.0064, 0), (0, 0.0140)]), 6)
        .rotated("x", -16.0 * s)
        .moved(x, s * 0.0085, z + 0.68 * skull)
        for s in (1, -1)
    ]
    nose = ball(draft, 0.0026, x + 0.92 * skull, 0, z - 0.001, 6)
    whiskers = [
        rounded_box(0.0016, 0.012, 0.0014, 0.0005, 1).moved(x + 0.78 * skull, s * 0.0120, z - 0.006) for s in (1, -1)
    ]
    tail = sweep(
        spline(
            [(-long - 0.002, 0, back + 0.002), (-long - 0.016, 0, back + 0.010), (-long - 0.014, 0, back + 0.034)], 7
        ),
        circle(draft.n(8)) * 0.0036,
        up=(0, 1, 0),
    )
    stripes = materials.stripes(
        draft.size, draft.rgb, shade(draft.rgb, 0.55 if draft.color != "black" else 2.4), 8, 0.34
    )
    coat = stripes if draft.chance(0.6) else None
    return _animal(draft, build, [head, *ears, tail], [nose, *whiskers], "toy cat with pointed ears and a tail", coat)

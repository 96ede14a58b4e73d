"""Chess pieces beyond the pawn."""

import numpy as np

from scene_hub.generate.collision import Hull, Piece, hull_of, turned_hull
from scene_hub.generate.materials import PAINT
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.procedural.solids import ball, standing_plate
from scene_hub.generate.shapes import (
    Surface,
    extrude,
    joined,
    lathe,
    rounded,
    rounded_box,
    spline,
)

CHESS_MATERIALS = ("wood", "plastic", "stone", "glass")


def _chess_base(draft: Draft, foot: float, neck: float, high: float) -> np.ndarray:
    """The turned lower part of a chessman: profile from the bottom middle to the collar at height `high`."""
    below = [
        (0, 0),
        (foot, 0, 0.003),
        (foot, 0.12 * high, 0.004),
        (0.80 * foot, 0.18 * high, 0.002),
        (0.76 * foot, 0.22 * high, 0.002),
    ]
    stem = spline([(0.68 * foot, 0.24 * high), (1.2 * neck, 0.50 * high), (neck, 0.86 * high)], draft.n(8))
    collar = [(1.7 * neck, 0.88 * high), (1.75 * neck, 0.94 * high, 0.001), (1.2 * neck, high)]
    return np.concatenate([rounded(below, draft.steps(2)), stem, rounded(collar, 1)])


def _chessman(draft: Draft, profile: np.ndarray, tops: list[Surface], pieces: list[Piece], words: str) -> Design:
    body = lathe(profile, draft.n(26))
    wood = draft.plain("wood", roughness=0.3, density=900.0)
    return Design([Part(joined([body, *tops]), wood)], pieces, words, least_mass=0.03, materials=("wood",))


def _base_hulls(foot: float, neck: float, high: float) -> list[Piece]:
    return [
        turned_hull(
            np.array([[foot, 0], [foot, 0.12 * high], [0.7 * foot, 0.24 * high], [1.2 * neck, 0.5 * high]]), 14
        ),
        turned_hull(
            np.array([[1.2 * neck, 0.5 * high], [neck, 0.86 * high], [1.75 * neck, 0.92 * high], [1.2 * neck, high]]),
            14,
        ),
    ]


@category("chess_queen", PAINT, ("object",), also=("queen", "queen chess piece"), materials=CHESS_MATERIALS)
def chess_queen(draft: Draft) -> Design:
    foot, high, neck = draft.uniform(0.0190, 0.0215), draft.uniform(0.056, 0.066), draft.uniform(0.0080, 0.0090)
    crown = draft.uniform(0.016, 0.020)
    flare = np.array(
        [(0.9 * neck, high), (1.75 * neck, high + crown), (1.25 * neck, high + 0.86 * crown), (0, high + 0.98 * crown)]
    )
    profile = np.concatenate([_chess_base(draft, foot, neck, high), flare])
    pearls = [
        ball(draft, 0.0026, 1.62 * neck * np.cos(a), 1.62 * neck * np.sin(a), high + crown, 7)
        for a in np.arange(8) * np.pi / 4
    ]
    top = ball(draft, 0.0048, 0, 0, high + crown + 0.004, 10)
    crown_hull = turned_hull(
        np.array([[0.9 * neck, high], [1.75 * neck, high + crown], [0.003, high + crown + 0.008]]), 14
    )
    return _chessman(
        draft,
        profile,
        [*pearls, top],
        [*_base_hulls(foot, neck, high), crown_hull],
        "chess queen with a crown of pearls",
    )


@category("chess_king", PAINT, ("object",), also=("king", "king chess piece"), materials=CHESS_MATERIALS)
def chess_king(draft: Draft) -> Design:
    foot, high, neck = draft.uniform(0.0195, 0.0220), draft.uniform(0.058, 0.068), draft.uniform(0.0082, 0.0092)
    crown, arm = draft.uniform(0.014, 0.018), draft.uniform(0.0050, 0.0062)
    flare = np.array(
        [
            (0.95 * neck, high),
            (1.6 * neck, high + 0.9 * crown),
            (1.3 * neck, high + crown),
            (0.3 * neck, high + 1.2 * crown),
            (0, high + 1.2 * crown),
        ]
    )
    profile = np.concatenate([_chess_base(draft, foot, neck, high), flare])
    z = high + 1.15 * crown
    post, bar = (
        rounded_box(0.0046, 0.0046, 0.015, 0.0008, 1).moved(z=z),
        rounded_box(2 * arm, 0.0046, 0.0046, 0.0008, 1).moved(z=z + 0.007),
    )
    hulls: list[Piece] = [turned_hull(flare[:-1], 14), hull_of(post), hull_of(bar)]
    return _chessman(
        draft, profile, [post, bar], [*_base_hulls(foot, neck, high), *hulls], "chess king with a cross on top"
    )


@category(
    "chess_rook",
    PAINT,
    ("object",),
    also=("rook", "rook chess piece", "castle chess piece", "chess castle"),
    materials=CHESS_MATERIALS,
)
def chess_rook(draft: Draft) -> Design:
    foot, high, neck = draft.uniform(0.0195, 0.0220), draft.uniform(0.040, 0.048), draft.uniform(0.0105, 0.0118)
    head, wall = 1.5 * neck, draft.uniform(0.010, 0.013)
    base = _chess_base(draft, foot, neck, high)
    tower = [
        (head, high + 0.001),
        (head, high + wall),
        (0.62 * head, high + wall),
        (0.62 * head, high + 0.45 * wall),
        (0, high + 0.45 * wall),
    ]
    merlons = []
    for turn in np.arange(6) * 60.0:
        angles = np.radians(np.linspace(-18.0, 18.0, 4))
        arc = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        merlons.append(
            extrude(np.concatenate([arc * head, arc[::-1] * 0.62 * head]), 0.0055)
            .rotated("z", turn)
            .moved(z=high + wall - 0.0005)
        )
    hulls: list[Piece] = [turned_hull(np.array([[head, high], [head, high + wall + 0.005]]), 18)]
    return _chessman(
        draft,
        np.concatenate([base, tower]),
        merlons,
        [*_base_hulls(foot, neck, high), *hulls],
        "chess rook with battlements",
    )


@category(
    "chess_knight",
    PAINT,
    ("object",),
    also=("knight", "knight chess piece", "chess horse"),
    materials=CHESS_MATERIALS,
)
def chess_knight(draft: Draft) -> Design:
    foot, tall, thick = draft.uniform(0.0195, 0.0220), draft.uniform(0.044, 0.052), draft.uniform(0.0150, 0.0175)
    low = 0.016
    base = rounded(
        [
            (0, 0),
            (foot, 0, 0.003),
            (foot, 0.007, 0.004),
            (0.84 * foot, 0.010, 0.002),
            (0.80 * foot, low, 0.002),
            (0, low),
        ],
        draft.steps(3),
    )
    outline = np.array(
        [
            (-0.30, 0.0),
            (0.34, 0.0),
            (0.32, 0.16),
            (0.16, 0.36),
            (0.24, 0.44),
            (0.44, 0.42),
            (0.52, 0.52),
            (0.46, 0.64),
            (0.20, 0.86),
            (0.12, 1.02),
            (0.02, 0.90),
            (-0.16, 0.82),
            (-0.32, 0.60),
            (-0.38, 0.30),
        ]
    )
    scale = np.array([1.02 * tall * 0.86, tall])
    head = standing_plate(
        rounded([(*p, 0.004) for p in (outline * scale + np.array([-0.02 * tall, low - 0.001]))], draft.steps(2), True),
        thick,
        0.0035,
        draft.steps(2),
    )
    crest = [(-0.36, 0.10), (-0.30, 0.10), (-0.24, 0.60), (-0.06, 0.86)]
    crest += [(-0.10, 0.93), (-0.26, 0.84), (-0.42, 0.60), (-0.45, 0.30)]
    mane = standing_plate(np.array(crest) * scale + np.array([-0.02 * tall, low]), 0.3 * thick, 0.001)
    eyes = [ball(draft, 0.0022, 0.10 * tall, s * (thick / 2 - 0.0006), low + 0.70 * tall, 7) for s in (1, -1)]
    points = outline * scale + np.array([-0.02 * tall, low])
    slabs: list[Piece] = []
    for chosen in ([0, 1, 2, 3, 12, 13], [3, 10, 11, 12, 8, 4], [4, 5, 6, 7, 8]):
        plane = points[chosen]
        slabs.append(
            Hull(
                np.concatenate(
                    [np.c_[plane[:, 0], np.full(len(plane), y), plane[:, 1]] for y in (-thick / 2, thick / 2)]
                )
            )
        )
    return _chessman(
        draft,
        base,
        [head, mane, *eyes],
        [turned_hull(np.array([[foot, 0], [foot, 0.007], [0.8 * foot, low]]), 16), *slabs],
        "chess knight with a horse's head",
    )

"""Boxes, cartons, cans, bottles and books: packages with something printed on them."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Hull, Piece, box_between, turned_hull
from scene_hub.generate.materials import PAINT, Rgb, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.shapes import BOX_FACES, atlas_box, box, joined, lathe, quad, rounded, rounded_box, spline

WHOLE = (0.0, 0.0, 1.0, 1.0)
CARTON = ("cardboard", "paper")


def _front_and_side(
    front: np.ndarray, side: np.ndarray
) -> tuple[np.ndarray, dict[str, tuple[float, float, float, float]]]:
    """One texture with a front and a side next to each other, and the cells of a box that shows them."""
    share = front.shape[1] / (front.shape[1] + side.shape[1])
    face, flank = (0.0, 0.0, share - 0.004, 1.0), (share + 0.004, 0.0, 1.0, 1.0)
    lid = (share + 0.004, 0.94, 1.0, 1.0)
    cells = {"front": face, "back": face, "left": flank, "right": flank, "top": lid, "bottom": lid}
    return np.concatenate([front, side], axis=1), cells


def _text_lines(image: np.ndarray, ink: Rgb, top: float, rows: int) -> np.ndarray:
    """Fine print: lines that stand for words."""
    height, width = image.shape[:2]
    result = image.copy()
    for row in range(rows):
        at = int((top + 0.08 * row) * height)
        result[at : at + max(1, height // 48), width // 6 : width - width // 6 - (row % 3) * width // 8] = ink
    return result


@category(
    "cereal_box",
    PAINT,
    ("object",),
    also=(
        "box of cereal",
        "cereal",
        "cereal carton",
        "cornflakes box",
        "cracker box",
        "cheez-it box",
        "cheezit box",
        "box of crackers",
        "pasta box",
        "food box",
        "carton",
        "box",
        "macaroni and cheese",
        "mac and cheese",
        "macaroni",
        "boxed food",
        "pasta",
        "crackers",
        "box of pasta",
        "spaghetti",
    ),
    materials=("cardboard", "paper"),
)
def cereal_box(draft: Draft) -> Design:
    deep, wide, tall = draft.uniform(0.042, 0.052), draft.uniform(0.075, 0.092), draft.uniform(0.105, 0.125)
    word, accent = (
        draft.pick(("OATS", "FLAKES", "CRUNCH", "HOOPS", "MUESLI")),
        draft.accent("white", "yellow", "red", "blue"),
    )
    color, n = draft.rgb, draft.size
    ink = materials.contrast_to(color)
    front = materials.dotted(materials.canvas(color, n, n), draft.tint(accent), (0.5, 0.34), 0.34, 0.22)
    front = materials.dotted(front, (226, 176, 96), (0.5, 0.34), 0.22, 0.13)
    front = materials.printed(front, word, ink, (0.5, 0.78), 0.26, 0.86)
    image, cells = _front_and_side(front, _text_lines(materials.canvas(shade(color, 0.92), n, n // 2), ink, 0.35, 6))
    return Design(
        [
            Part(
                atlas_box(wide, deep, tall, cells),
                draft.textured(draft.substance(*CARTON), materials.encoded(image), 0.7, density=300.0),
            )
        ],
        [box_between((-wide / 2, -deep / 2, 0), (wide / 2, deep / 2, tall))],
        "cereal box with a printed front",
    )


@category(
    "tea_box",
    PAINT,
    ("object", "stackable"),
    label="tea box",
    also=(
        "box of tea",
        "tea package",
        "tea carton",
        "pudding box",
        "jello box",
        "gelatin box",
        "sugar box",
        "small box",
        "box",
        "package",
        "packet",
        "jello",
        "gelatin",
        "box of raisins",
        "raisins",
    ),
    materials=("cardboard", "paper", "wood", "steel"),
)
def tea_box(draft: Draft) -> Design:
    deep, wide, tall = draft.uniform(0.048, 0.056), draft.uniform(0.066, 0.080), draft.uniform(0.040, 0.052)
    word = draft.pick(("TEA", "MINT", "CHAI", "GREEN TEA", "COCOA"))
    color, n = draft.rgb, draft.size
    ink = materials.contrast_to(color)
    front = materials.banded(materials.canvas(color, n, n), [(0.06, 0.10, ink), (0.90, 0.94, ink)])
    front = materials.printed(front, word, ink, (0.5, 0.56), 0.34, 0.8)
    front = _text_lines(front, ink, 0.70, 2)
    image, cells = _front_and_side(front, materials.canvas(shade(color, 0.9), n, n // 2))
    cells["top"] = cells["front"]
    made = draft.substance(*CARTON)
    return Design(
        [Part(atlas_box(wide, deep, tall, cells), draft.textured(made, materials.encoded(image), 0.7))],
        [box_between((-wide / 2, -deep / 2, 0), (wide / 2, deep / 2, tall))],
        f"small {{color}} {made} tea box",
        support=support("surface", tall, (wide / 2 - 0.002, deep / 2 - 0.002), tall),
    )


@category(
    "gift_box",
    PAINT,
    ("object", "stackable"),
    also=("present", "gift", "box", "gift package", "wrapped box", "small box", "cube box", "parcel"),
    materials=("cardboard", "paper", "wood", "steel", "plastic", "leather"),
)
def gift_box(draft: Draft) -> Design:
    side, tall, lid = draft.uniform(0.044, 0.054), draft.uniform(0.036, 0.046), draft.uniform(0.010, 0.014)
    ribbon = draft.tint(draft.accent("white", "yellow", "red", "blue"))
    n, color = draft.size, draft.rgb
    image = materials.canvas(color, n, n)
    stream = draft.stream("dots")
    if draft.chance(0.5):
        for u, v in stream.random((14, 2)):
            image = materials.dotted(image, shade(color, 1.6), (float(u), float(v)), 0.045, 0.045)
    image[:, int(0.42 * n) : int(0.58 * n)] = ribbon
    crossed = image.copy()
    crossed[int(0.42 * n) : int(0.58 * n)] = ribbon
    both, _ = _front_and_side(image, crossed)
    half = {"top": (0.502, 0.0, 1.0, 1.0)}
    cells = {face: half.get(face, (0.0, 0.0, 0.498, 1.0)) for face in BOX_FACES}
    lid_cells = {face: half.get(face, (0.0, 0.0, 0.498, 0.4)) for face in BOX_FACES}
    body = atlas_box(side - 0.003, side - 0.003, tall - lid, cells)
    cover = atlas_box(side, side, lid, lid_cells).moved(z=tall - lid)
    return Design(
        [
            Part(
                joined([body, cover]),
                draft.textured(draft.substance(*CARTON), materials.encoded(both), 0.5, density=350.0),
            )
        ],
        [
            box_between((-side / 2, -side / 2, tall - lid), (side / 2, side / 2, tall)),
            box_between(
                (-side / 2 + 0.0015, -side / 2 + 0.0015, 0), (side / 2 - 0.0015, side / 2 - 0.0015, tall - lid)
            ),
        ],
        "gift box with a ribbon" if draft.material in (None, *CARTON) else "square box with a lid",
        support=support("surface", tall, (side / 2 - 0.002, side / 2 - 0.002), tall),
    )


@category(
    "milk_carton",
    PAINT,
    ("object",),
    also=(
        "carton of milk",
        "milk",
        "milk box",
        "carton",
        "juice carton",
        "carton of juice",
        "orange juice carton",
        "orange juice",
        "cream carton",
    ),
    materials=("cardboard", "paper", "plastic"),
)
def milk_carton(draft: Draft) -> Design:
    half, tall, roof = draft.uniform(0.0235, 0.0275), draft.uniform(0.075, 0.090), draft.uniform(0.018, 0.022)
    color, n = draft.rgb, draft.size
    ink = (30, 70, 170) if draft.color == "white" else materials.contrast_to(color)
    label = materials.banded(materials.canvas(color, n, n), [(0.0, 0.16, ink), (0.20, 0.23, ink)])
    label = materials.printed(label, draft.pick(("MILK", "JUICE", "CREAM")), ink, (0.5, 0.64), 0.30, 0.84)
    body = box(2 * half, 2 * half, tall)
    top, fold = tall + roof, 0.009
    a, b, c, d = (np.array([sx * half, sy * half, tall]) for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1)))
    left, right = np.array([-half, 0, top]), np.array([half, 0, top])
    slopes = joined(
        [quad(a, b, right, left), quad(c, d, left, right), quad(b, c, right, right), quad(d, a, left, left)]
    )
    ridge = box(2 * half, 0.003, fold).moved(z=top - 0.001)
    cap = lathe(rounded([(0, 0), (0.008, 0), (0.008, 0.007, 0.001), (0, 0.007)], 1), draft.n(16))
    angle = np.degrees(np.arctan2(roof, half))
    cap = cap.rotated("x", angle).moved(y=-half / 2, z=tall + roof / 2)
    made = draft.substance(*CARTON)
    paper = draft.textured(made, materials.encoded(label), 0.5, density=600.0)
    pieces: list[Piece] = [
        box_between((-half, -half, 0), (half, half, tall)),
        Hull(np.array([a, b, c, d, left, right])),
        box_between((-half, -0.0015, top - 0.002), (half, 0.0015, top + fold - 0.001)),
    ]
    return Design(
        [
            Part(body, paper),
            Part(joined([slopes, ridge]), draft.plain(made, color, 0.5)),
            Part(cap, draft.plastic(ink)),
        ],
        pieces,
        "milk carton with a gabled top",
        materials=(made, "plastic"),
    )


@category(
    "can",
    PAINT,
    ("object", "stackable"),
    also=(
        "soda can",
        "tin can",
        "coke can",
        "cola can",
        "coke",
        "soup can",
        "beer can",
        "can of soda",
        "can of soup",
        "can of coke",
        "can of beans",
        "can of tomato soup",
        "tomato soup can",
        "tomato can",
        "can of tuna",
        "pepsi can",
        "red bull can",
        "drink can",
        "beverage can",
        "aluminum can",
        "aluminium can",
        "tin",
        "canned food",
        "red bull",
        "redbull",
        "pepsi",
        "sprite",
        "7up can",
        "redbull can",
        "alphabet soup",
    ),
    materials=("steel",),
)
def can(draft: Draft) -> Design:
    radius, height = draft.uniform(0.0255, 0.0292), draft.uniform(0.060, 0.078)
    word = draft.pick(("SOUP", "BEANS", "CORN", "TOMATO", "TUNA", "PEAS"))
    color, n = draft.rgb, draft.size
    ink = materials.contrast_to(color)
    label = materials.banded(materials.canvas(color, n, 2 * n), [(0.0, 0.08, ink), (0.92, 1.0, ink)])
    for at in (0.25, 0.75):
        label = materials.dotted(label, (240, 236, 222), (at, 0.5), 0.16, 0.24)
        label = materials.printed(label, word, (60, 40, 34), (at, 0.5), 0.22, 0.27)
    sides = draft.n(32)
    profile = [
        (0, 0.0),
        (radius * 0.94, 0.0),
        (radius + 0.0006, 0.0012),
        (radius, 0.004),
        (radius - 0.0004, height - 0.004),
        (radius + 0.0006, height - 0.0012),
        (radius * 0.96, height),
        (radius * 0.93, height - 0.0015),
        (0, height - 0.0015),
    ]
    paper = lathe(
        np.array(
            [(radius - 0.0006, 0.004), (radius, 0.004), (radius, height - 0.004), (radius - 0.0006, height - 0.004)]
        ),
        sides,
    )
    wrap = np.clip((paper.uvs[..., 1] - 0.008) / 0.984, 0, 1)
    paper = type(paper)(paper.triangles, paper.normals, np.stack([paper.uvs[..., 0], wrap], axis=-1))
    return Design(
        [
            Part(lathe(np.array(profile), sides), draft.plain("steel", (188, 190, 194), 0.35, 0.5, density=900.0)),
            Part(paper, draft.textured("paper", materials.encoded(label), 0.5)),
        ],
        [
            turned_hull(
                np.array([[radius * 0.97, 0.0], [radius, 0.0015], [radius, height - 0.0015], [radius * 0.97, height]]),
                15,
            )
        ],
        "tin can with a {color} printed label",
        support=support("surface", height, (0.75 * radius, 0.75 * radius), height),
        materials=("steel", "paper"),
    )


@category(
    "bottle",
    PAINT,
    ("object",),
    also=(
        "plastic bottle",
        "syrup bottle",
        "juice bottle",
        "squeeze bottle",
        "bottle of sauce",
        "bottle of juice",
        "salad dressing",
        "bbq sauce",
        "lotion bottle",
        "bottled drink",
        "drink bottle",
        "maple syrup",
        "syrup",
        "bottled beverage",
    ),
    materials=("plastic", "glass", "steel", "ceramic"),
)
def bottle(draft: Draft) -> Design:
    radius, height = draft.uniform(0.0250, 0.0285), draft.uniform(0.100, 0.122)
    neck, shoulder, cap = draft.uniform(0.0095, 0.0115), draft.uniform(0.60, 0.68), 0.016
    h, top = height, height - cap
    outside = spline(
        [(radius, shoulder * h), (0.86 * radius, (shoulder + 0.08) * h), (neck, top - 0.010), (neck, top)], draft.n(12)
    )
    foot = rounded([(0, 0), (radius, 0, 0.005), (radius, 0.02)], draft.steps(3))
    profile = np.concatenate([foot, outside, [(0, top)]])
    hood = lathe(
        rounded([(0, top - 0.001), (neck + 0.0022, top - 0.001), (neck + 0.0022, h, 0.001), (0, h)], 1), draft.n(20)
    )
    color, n = draft.rgb, draft.size
    low, high = 0.20 * h, (shoulder - 0.08) * h
    tag = lathe(
        np.array([(radius - 0.0004, low), (radius + 0.0004, low), (radius + 0.0004, high), (radius - 0.0004, high)]),
        draft.n(28),
    )
    image = materials.banded(
        materials.canvas((242, 240, 234), n, 2 * n), [(0.0, 0.12, shade(color, 0.7)), (0.88, 1.0, shade(color, 0.7))]
    )
    word = draft.pick(("SHAMPOO", "SYRUP", "LOTION", "KETCHUP", "SAUCE", "JUICE"))
    for at in (0.25, 0.75):
        image = materials.printed(image, word, shade(color, 0.6), (at, 0.5), 0.3, 0.42)
    coat = draft.plain("plastic", roughness=0.3, density=700.0)
    pieces: list[Piece] = [
        turned_hull(profile[profile[:, 1] <= (shoulder + 0.10) * h], 14),
        turned_hull(profile[profile[:, 1] >= shoulder * h][:: draft.steps(2)], 14),
        turned_hull(np.array([[neck + 0.0022, top - 0.001], [neck + 0.0022, h]]), 14),
    ]
    return Design(
        [
            Part(lathe(profile, draft.n(30)), coat),
            Part(tag, draft.textured("paper", materials.encoded(image), 0.5)),
            Part(hood, draft.plastic((240, 240, 238) if draft.color != "white" else (40, 90, 180))),
        ],
        pieces,
        "plastic bottle with a screw cap and a label",
        materials=("plastic",),
    )


@category(
    "book",
    PAINT,
    ("object", "stackable"),
    also=("hardcover book", "novel", "paperback", "textbook", "storybook", "dictionary", "volume", "small book"),
    materials=("cardboard", "paper", "leather", "fabric"),
)
def book(draft: Draft) -> Design:
    wide, long, thick = draft.uniform(0.050, 0.058), draft.uniform(0.080, 0.096), draft.uniform(0.020, 0.030)
    board, color, n = 0.0022, draft.rgb, draft.size
    ink = materials.contrast_to(color)
    made = draft.substance("cardboard", "paper", "leather", "fabric")
    bare = materials.canvas(color, n, n) if made in CARTON else draft.image(made)
    cover = bare.copy()
    m = max(1, n // 40)
    for line in (slice(2 * m, 3 * m), slice(-3 * m, -2 * m)):
        cover[line, 2 * m : -2 * m] = ink
        cover[2 * m : -2 * m, line] = ink
    cover = materials.printed(cover, draft.pick(("ATLAS", "POEMS", "TALES", "NOVEL")), ink, (0.5, 0.66), 0.2, 0.8)
    corner = (0.0, 0.0, 0.01, 0.01)
    high = atlas_box(wide, long, board, {face: WHOLE if face == "top" else corner for face in BOX_FACES}).moved(
        z=thick - board
    )
    spine = rounded_box(board * 1.5, long, thick, 0.0008, 1).moved(x=-wide / 2 + board * 0.75)
    pages = atlas_box(wide - 0.005, long - 0.006, thick - 2 * board, dict.fromkeys(BOX_FACES, WHOLE)).moved(
        x=0.0005, z=board
    )
    sheet = materials.stripes(32, (238, 232, 214), (214, 206, 184), 12, upright=False)
    return Design(
        [
            Part(
                joined([rounded_box(wide, long, board, 0.0008, 1), spine]),
                draft.textured(made, materials.encoded(bare), 0.6, density=700.0),
            ),
            Part(high, draft.textured(made, materials.encoded(cover), 0.6, density=700.0)),
            Part(pages, draft.textured("paper", materials.encoded(sheet), 0.9)),
        ],
        [box_between((-wide / 2, -long / 2, 0), (wide / 2, long / 2, thick))],
        draft.pick(("small {color} hardcover book", "{color} pocket book with a printed cover")),
        support=support("surface", thick, (wide / 2 - 0.003, long / 2 - 0.003), thick),
        materials=(made, "paper"),
        main=made,
    )

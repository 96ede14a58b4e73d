"""Printed flat things that others are put on: magazines, newspapers, pictures."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Piece, box_between, hull_of
from scene_hub.generate.materials import PAINT, Rgb, contrast_to, mix, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.procedural.solids import painted, rectangle, top_face
from scene_hub.generate.shapes import (
    BOX_FACES,
    atlas_box,
    box,
    circle,
    extrude,
    joined,
    rounded_box,
    rounded_rectangle,
    sweep,
)

WHOLE = (0.0, 0.0, 1.0, 1.0)


def _slab(draft: Draft, x: float, y: float, thick: float, cover: np.ndarray, edge: Rgb, substance: str) -> list[Part]:
    """A printed slab: `cover` on top, plain all around."""
    corner = (0.0, 0.0, 0.01, 0.01)
    top = atlas_box(2 * x, 2 * y, 0.0012, {face: WHOLE if face == "top" else corner for face in BOX_FACES})
    body = box(2 * x, 2 * y, thick - 0.0012)
    sheets = materials.stripes(32, edge, shade(edge, 0.92), 4, upright=False)
    return [
        Part(top.moved(z=thick - 0.0012), draft.textured(substance, materials.encoded(cover), 0.45)),
        Part(body, draft.textured(substance, materials.encoded(sheets), 0.9)),
    ]


def _lines(image: np.ndarray, ink: Rgb, area: tuple[float, float, float, float], rows: int) -> np.ndarray:
    """Print that stands for words, inside area (u0, v0, u1, v1)."""
    n, m = image.shape[:2]
    u0, v0, u1, v1 = area
    for row in range(rows):
        at = int((1 - v1 + (v1 - v0) * row / rows) * n)
        end = u1 - (0.3 * (u1 - u0) if row == rows - 1 else 0.0)
        image[at : at + max(1, n // 80), int(u0 * m) : int(end * m)] = ink
    return image


@category("magazine", PAINT, ("surface",), also=("fashion magazine", "comic book", "comic", "catalog", "brochure"))
def magazine(draft: Draft) -> Design:
    x, y, thick = draft.uniform(0.082, 0.094), draft.uniform(0.108, 0.122), draft.uniform(0.008, 0.011)
    n, color = 2 * draft.size, draft.rgb
    ink = contrast_to(color)
    title = draft.pick(("STYLE", "TRAVEL", "HOME", "SPORT", "GARDEN", "MUSIC"))
    cover = materials.canvas(color, n, n)
    sky, ground = draft.pick(
        (((150, 200, 230), (90, 140, 80)), ((240, 190, 130), (120, 80, 110)), ((200, 220, 226), (170, 150, 120)))
    )
    top, low, left, right = int(0.30 * n), int(0.80 * n), int(0.12 * n), int(0.88 * n)
    hill = 0.5 + 0.2 * np.sin(np.linspace(0, 2.4 * np.pi, right - left) + draft.uniform(0.0, 6.0))
    rows = np.linspace(1, 0, low - top)[:, None]
    cover[top:low, left:right] = np.where(
        (rows > hill[None] * 0.7)[..., None], np.asarray(sky, float), np.asarray(ground, float)
    )
    cover = materials.dotted(cover, (250, 226, 120), (draft.uniform(0.3, 0.7), 0.60), 0.06, 0.05)
    cover = materials.printed(cover, title, ink, (0.5, 0.84), 0.19, 0.86)
    cover = _lines(cover, ink, (0.12, 0.05, 0.64, 0.16), 3)
    cover[int(0.84 * n) : int(0.95 * n), int(0.74 * n) : int(0.88 * n)] = (246, 246, 242)
    cover[int(0.86 * n) : int(0.93 * n), int(0.755 * n) : int(0.87 * n) : max(2, n // 50)] = (30, 30, 34)
    return Design(
        _slab(draft, x, y, thick, cover, (238, 236, 228), "paper"),
        [box_between((-x, -y, 0), (x, y, thick))],
        "{color} magazine with a picture on its cover",
        support=support("surface", thick, (x - 0.010, y - 0.010), thick),
        least_mass=0.2,
        materials=("paper",),
    )


@category(
    "newspaper",
    ("white", "gray", "beige", "pink", "yellow", "orange"),
    ("surface",),
    label="folded newspaper",
    also=("newspaper", "paper", "daily paper", "gazette"),
)
def newspaper(draft: Draft) -> Design:
    x, y, fold = draft.uniform(0.108, 0.122), draft.uniform(0.082, 0.094), draft.uniform(0.005, 0.0065)
    n = 2 * draft.size
    ink = (58, 58, 62)
    page = materials.mottled(draft.stream("paper"), n, mix(draft.rgb, (226, 222, 210), 0.25), 0.05)
    page = materials.printed(
        page, draft.pick(("THE DAILY", "THE TIMES", "MORNING", "GAZETTE")), (28, 28, 32), (0.5, 0.88), 0.15, 0.84
    )
    page[int(0.20 * n) : int(0.21 * n), int(0.05 * n) : int(0.95 * n)] = ink
    for column in range(4):
        u = 0.05 + 0.23 * column
        rows = (8, 17, 17, 12)[column]
        page = _lines(page, ink, (u, 0.72 - 0.042 * rows, u + 0.20, 0.74), rows)
    page[int(0.62 * n) : int(0.94 * n), int(0.05 * n) : int(0.25 * n)] = (150, 150, 152)
    page[int(0.76 * n) : int(0.94 * n), int(0.74 * n) : int(0.94 * n)] = (128, 128, 132)
    low = rounded_box(2 * x, 2 * y, fold, 0.0022, 1)
    cover = _slab(draft, 0.99 * x, 0.985 * y, fold, page, (222, 218, 206), "paper")
    thick = 2 * fold
    bend = sweep(
        np.array([(-0.99 * x, -0.985 * y + 0.001, fold), (0.99 * x, -0.985 * y + 0.001, fold)]),
        circle(draft.n(12)) * np.array([0.0045, 0.94 * fold]),
    )
    edges = draft.plain("paper", mix(draft.rgb, (222, 218, 206), 0.4), 0.9)
    return Design(
        [Part(low, edges), *(Part(part.surface.moved(z=fold), part.material) for part in cover), Part(bend, edges)],
        [box_between((-x, -y, 0), (x, y, thick))],
        "folded newspaper with headlines",
        support=support("surface", thick, (x - 0.012, y - 0.012), thick),
        least_mass=0.2,
        materials=("paper",),
    )


@category(
    "envelope",
    PAINT,
    ("surface",),
    label="padded envelope",
    also=("envelope", "letter", "mailer", "padded mailer", "mail", "letter envelope"),
)
def envelope(draft: Draft) -> Design:
    x, y, thick = draft.uniform(0.104, 0.120), draft.uniform(0.076, 0.086), draft.uniform(0.008, 0.011)
    n, color = draft.size, draft.rgb
    face = materials.mottled(draft.stream("paper"), n, color, 0.05)
    face[int(0.08 * n) : int(0.28 * n), int(0.80 * n) : int(0.94 * n)] = (240, 240, 234)
    face[int(0.10 * n) : int(0.26 * n), int(0.815 * n) : int(0.925 * n)] = draft.tint(
        draft.accent("red", "blue", "green")
    )
    face = _lines(face, contrast_to(color), (0.40, 0.22, 0.78, 0.50), 3)
    face = _lines(face, contrast_to(color), (0.06, 0.76, 0.30, 0.92), 2)
    body = rounded_box(2 * x, 2 * y, thick, 0.42 * thick, draft.steps(3))
    flat = rectangle(x - 0.005, y - 0.005)
    return Design(
        [
            Part(body, draft.plain("paper", color, 0.85)),
            Part(top_face(flat, thick), draft.textured("paper", materials.encoded(face), 0.85)),
        ],
        [box_between((-x + 0.001, -y + 0.001, 0), (x - 0.001, y - 0.001, thick))],
        "padded {color} envelope with a stamp",
        support=support("surface", thick, (x - 0.014, y - 0.014), thick),
        least_mass=0.2,
        materials=("paper",),
    )


@category(
    "picture_frame",
    PAINT,
    ("surface",),
    also=("photo frame", "picture", "frame", "framed picture", "painting", "framed photo", "photograph"),
    materials=("wood", "steel", "plastic"),
)
def picture_frame(draft: Draft) -> Design:
    x, y, thick = draft.uniform(0.104, 0.120), draft.uniform(0.084, 0.096), draft.uniform(0.012, 0.015)
    border, n = draft.uniform(0.012, 0.016), 2 * draft.size
    floor = thick - 0.003
    low = rectangle(x, y)
    sides = []
    for a, b in zip(low, np.roll(low, -1, axis=0), strict=True):
        shrink = 1 - border / np.array([x, y])
        plane = np.stack([a, b, b * shrink, a * shrink])
        sides.append(extrude(plane, thick, 0.0015, 1))
    image = materials.canvas((244, 240, 230), n, n)
    sky, land, sea = draft.pick(
        (
            ((160, 206, 236), (92, 146, 78), (60, 120, 180)),
            ((246, 190, 140), (110, 90, 120), (190, 110, 110)),
            ((190, 214, 224), (120, 140, 150), (70, 100, 130)),
        )
    )
    inner = slice(int(0.10 * n), int(0.90 * n))
    rows = np.linspace(1, 0, inner.stop - inner.start)[:, None]
    across = np.linspace(0, 1, inner.stop - inner.start)[None]
    peak, shift = draft.uniform(0.55, 0.72), draft.uniform(0.25, 0.7)
    ridge = peak - 0.9 * np.abs(across - shift)
    back = np.maximum(ridge, 0.42 + 0.06 * np.sin(9 * across))
    scene = np.where((rows > back)[..., None], np.asarray(sky, float), np.asarray(land, float))
    scene = np.where(((rows < back) & (rows > peak - 0.10))[..., None], np.asarray((246, 246, 248), float), scene)
    scene = np.where(
        (rows < 0.26)[..., None] & np.ones_like(across, dtype=bool)[..., None], np.asarray(sea, float), scene
    )
    image[inner, inner] = scene
    image = materials.dotted(image, (252, 230, 140), (0.25 if shift > 0.5 else 0.75, 0.76), 0.05, 0.06)
    picture = extrude(rectangle(x - border, y - border), floor)
    wooden = (
        draft.look("wood", density=700.0)
        if draft.color in ("brown", "beige")
        else draft.plain("wood", roughness=0.35, density=700.0)
    )
    pieces: list[Piece] = [box_between((-x, -y, 0), (x, y, floor))]
    pieces += [box_between((s * x - border * (s > 0), -y, 0), (s * x + border * (s < 0), y, thick)) for s in (1, -1)]
    pieces += [box_between((-x, s * y - border * (s > 0), 0), (x, s * y + border * (s < 0), thick)) for s in (1, -1)]
    return Design(
        [
            Part(joined(sides).projected(0.15), wooden),
            Part(picture, draft.textured("paper", materials.encoded(image, 64), 0.2)),
        ],
        pieces,
        "picture in a {color} frame, lying flat",
        support=support("surface", floor, (x - border - 0.008, y - border - 0.008), thick),
        least_mass=0.25,
        materials=("wood", "glass"),
    )


@category(
    "clipboard",
    PAINT,
    ("surface",),
    also=("clip board", "writing board", "document holder"),
    materials=("wood", "plastic", "steel"),
)
def clipboard(draft: Draft) -> Design:
    x, y, thick = draft.uniform(0.080, 0.090), draft.uniform(0.112, 0.124), draft.uniform(0.007, 0.009)
    board = extrude(rounded_rectangle(x, y, 0.010, draft.steps(4)), thick - 0.001, 0.0015, 1)
    n = 2 * draft.size
    sheet = materials.canvas((244, 243, 238), n, n)
    sheet = materials.printed(
        sheet, draft.pick(("LIST", "REPORT", "NOTES", "FORM")), (40, 44, 60), (0.5, 0.86), 0.10, 0.6
    )
    for row in range(8):
        v = int((0.24 + 0.085 * row) * n)
        sheet[v : v + max(1, n // 90), int(0.20 * n) : int((0.90 - 0.12 * (row % 3)) * n)] = (120, 124, 140)
        sheet[v - n // 60 : v + n // 60, int(0.09 * n) : int(0.13 * n)] = (84, 130, 90) if row % 3 else (196, 90, 80)
    page = extrude(rectangle(x - 0.007, y - 0.012), 0.0012).moved(y=-0.006, z=thick - 0.0012)
    clip = rounded_box(0.066, 0.020, 0.006, 0.0022, draft.steps(2)).moved(y=y - 0.016, z=thick - 0.001)
    roll = sweep(
        np.array([(-0.026, y - 0.008, thick + 0.006), (0.026, y - 0.008, thick + 0.006)]), circle(draft.n(12)) * 0.0045
    )
    rest = support("surface", thick, (x - 0.014, y - 0.036), thick)
    wooden = draft.look("wood", density=700.0) if draft.color in ("brown", "beige") else painted(draft, 0.5)
    return Design(
        [
            Part(board.projected(0.2), wooden),
            Part(page, draft.textured("paper", materials.encoded(sheet), 0.8)),
            Part(joined([clip, roll]), draft.metal()),
        ],
        [box_between((-x, -y, 0), (x, y, thick)), hull_of(clip, roll)],
        "clipboard with a sheet of paper",
        support=rest.model_copy(update={"position": (0.0, -0.018, rest.position[2])}),
        least_mass=0.22,
    )

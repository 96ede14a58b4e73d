"""Scenes side by side in one picture, each with a label."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

TILE_WIDTH = 400
GAP = 12
LABEL_HEIGHT = 64
BACKGROUND = (24, 29, 36)
SPLIT_COLORS = {"train": (137, 180, 250), "test_distractors": (249, 203, 120), "test_ood": (150, 219, 160)}


@dataclass(frozen=True)
class Tile:
    """A picture ([H, W, 3] uint8) with the scene's id, split, task and instruction."""

    image: np.ndarray
    scene_id: str
    split: str
    task: str
    instruction: str


def shrink(image: np.ndarray, width: int = TILE_WIDTH) -> np.ndarray:
    """`image` at `width` pixels, aspect ratio kept."""
    height = round(image.shape[0] * width / image.shape[1])
    return np.asarray(Image.fromarray(image).resize((width, height), Image.Resampling.LANCZOS))


def contact_sheet(tiles: Sequence[Tile], columns: int | None = None) -> Image.Image:
    """All `tiles` in rows, four or, from 25 on, five in each. Raises ValueError without tiles."""
    if not tiles:
        raise ValueError("a contact sheet needs at least one tile")
    columns = columns or min(4 if len(tiles) <= 24 else 5, len(tiles))
    pictures = [shrink(tile.image) for tile in tiles]
    height = max(picture.shape[0] for picture in pictures) + LABEL_HEIGHT
    rows = math.ceil(len(tiles) / columns)
    sheet = Image.new("RGB", (GAP + columns * (TILE_WIDTH + GAP), GAP + rows * (height + GAP)), BACKGROUND)
    draw = ImageDraw.Draw(sheet)
    for index, (tile, picture) in enumerate(zip(tiles, pictures, strict=True)):
        corner = (GAP + (index % columns) * (TILE_WIDTH + GAP), GAP + (index // columns) * (height + GAP))
        sheet.paste(Image.fromarray(picture), corner)
        _label(draw, tile, (corner[0], corner[1] + picture.shape[0]))
    return sheet


def _label(draw: ImageDraw.ImageDraw, tile: Tile, corner: tuple[int, int]) -> None:
    left, top = corner
    large, small = ImageFont.load_default(19), ImageFont.load_default(16)
    draw.text((left, top + 8), _fit(tile.instruction, large), font=large, fill=(240, 243, 246))
    color = SPLIT_COLORS.get(tile.split, (200, 200, 200))
    draw.text((left, top + 33), _fit(f"{tile.split} · {tile.task} · {tile.scene_id}", small), font=small, fill=color)


def _fit(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    """`text`, cut with an ellipsis where it is wider than a tile."""
    if font.getlength(text) <= TILE_WIDTH:
        return text
    while text and font.getlength(text + "…") > TILE_WIDTH:
        text = text[:-1]
    return text.rstrip() + "…"

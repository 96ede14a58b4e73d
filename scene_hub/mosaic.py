"""A picture of many scenes: their previews in a grid, each with its instruction. For dataset cards."""

import io
import math
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from scene_hub.errors import SceneDataError
from scene_hub.schema import SPLITS, TASK_FAMILIES, Scene

COLUMNS = 6
MAX_TILES = 36
TILE_WIDTH = 252
GAP = 12
CAPTION_HEIGHT = 26
BACKGROUND = (24, 29, 36)
TEXT = (230, 235, 240)
MAX_BYTES = 1_000_000
MAX_PIXELS = 4096 * 4096


def mosaic_scenes(scenes: Sequence[Scene], count: int = MAX_TILES) -> list[Scene]:
    """At most `count` of `scenes`, as different as can be: in turn from each split and task, in the order of their ids."""
    ordered = sorted(scenes, key=lambda scene: scene.id)
    groups = [
        [scene for scene in ordered if (scene.split, scene.task) == (split, task)]
        for split in SPLITS
        for task in TASK_FAMILIES
    ]
    turns = (scene for turn in zip_longest(*groups) for scene in turn if scene is not None)
    chosen = [scene for scene, _ in zip(turns, range(count), strict=False)]
    full_rows = len(chosen) // COLUMNS * COLUMNS
    return chosen[: full_rows or len(chosen)]


def mosaic(scenes: Sequence[Scene], previews: Mapping[str, bytes]) -> bytes:
    """The previews of `scenes` in a grid, in the order given: a JPEG of at most 1,596 pixels' width and 1 MB.

    Args:
        scenes: at least one.
        previews: encoded pictures (JPEG or PNG) by scene id.

    Raises:
        SceneDataError: a preview is no picture.
    """
    pictures = [_picture(scene, previews[scene.id]) for scene in scenes]
    height = max(picture.height for picture in pictures)
    columns = min(COLUMNS, len(pictures))
    step = (TILE_WIDTH + GAP, height + CAPTION_HEIGHT + GAP)
    rows = math.ceil(len(pictures) / columns)
    sheet = Image.new("RGB", (GAP + columns * step[0], GAP + rows * step[1]), BACKGROUND)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for index, (scene, picture) in enumerate(zip(scenes, pictures, strict=True)):
        left, top = GAP + index % columns * step[0], GAP + index // columns * step[1]
        sheet.paste(picture, (left, top))
        draw.text((left, top + height + 4), _fit(scene.instruction, font), font=font, fill=TEXT)
    return _jpeg(sheet)


def _picture(scene: Scene, preview: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(preview), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > MAX_PIXELS:
                raise SceneDataError(f"the preview of scene {scene.id!r} has {image.width} x {image.height} pixels")
            height = round(image.height * TILE_WIDTH / image.width)
            return image.convert("RGB").resize((TILE_WIDTH, height), Image.Resampling.LANCZOS)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, SceneDataError):
            raise
        raise SceneDataError(f"the preview of scene {scene.id!r} is not a picture (JPEG or PNG): {error}") from None


def _jpeg(sheet: Image.Image) -> bytes:
    """`sheet` encoded as well as `MAX_BYTES` allow."""
    data = b""
    for quality in (88, 75, 60, 40):
        stream = io.BytesIO()
        sheet.save(stream, "JPEG", quality=quality, optimize=True)
        data = stream.getvalue()
        if len(data) <= MAX_BYTES:
            break
    return data


def _fit(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    """`text` in one line, cut with an ellipsis where it is wider than a tile."""
    line = " ".join(text.split())
    if font.getlength(line) <= TILE_WIDTH:
        return line
    while line and font.getlength(f"{line}…") > TILE_WIDTH:
        line = line[:-1]
    return f"{line.rstrip()}…"

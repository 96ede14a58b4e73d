"""Recordings: frames to an H.264 file that every browser plays, and to stills. Files appear whole or not at all."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from imageio_ffmpeg import write_frames
from PIL import Image

PLAYBACK_SPEED = 2
"""Recordings play at twice the simulated time: one frame for each control step at 5 Hz is 10 frames a second."""
END_HOLD_SECONDS = 1.2


def write_video(path: Path, frames: Sequence[np.ndarray], fps: int) -> None:
    """Write `frames` (each [H, W, 3] uint8) to `path` (.mp4, H.264, yuv420p), holding the last one for a moment.

    Raises:
        ValueError: no frame was given, or frames of different shapes.
    """
    if not frames or len({frame.shape for frame in frames}) != 1:
        raise ValueError(f"a video needs frames of one shape, got {sorted({frame.shape for frame in frames})}")
    path.parent.mkdir(parents=True, exist_ok=True)
    height, width = (length - length % 2 for length in frames[0].shape[:2])  # yuv420p needs even sizes
    held = [frames[-1]] * round(END_HOLD_SECONDS * fps)
    unfinished = path.with_name(f".{path.stem}.{os.getpid()}.mp4")
    # One encoder thread: bytes then do not depend on the machine, and other workers keep their cores.
    options = ["-crf", "21", "-preset", "medium", "-threads", "1", "-movflags", "+faststart"]
    try:
        encoder = write_frames(
            str(unfinished),
            (width, height),
            fps=fps,
            codec="libx264",
            quality=None,  # type: ignore[arg-type]  # None leaves it to -crf
            macro_block_size=2,
            ffmpeg_log_level="error",
            output_params=options,
        )
        encoder.send(None)
        for frame in (*frames, *held):
            encoder.send(np.ascontiguousarray(frame[:height, :width]))
        encoder.close()
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_image(path: Path, image: np.ndarray | Image.Image) -> None:
    """Write an image ([H, W, 3] uint8) to `path`; its suffix, .jpg or .png, says the format."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    try:
        picture.save(unfinished, quality=88)  # PNG knows no quality and ignores it
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path` through a temporary file beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)

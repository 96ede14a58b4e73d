"""What table tops are covered with: images [size, size, 3] (0 to 255) painted from a generator."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.materials import Rgb, mix, shade

Image = np.ndarray


def marble(rng: np.random.Generator, size: int, color: Rgb, vein: Rgb) -> Image:
    """Polished stone with veins where the noise passes through its middle."""
    cloud = materials.noise(rng, size, size, 3, 3) + 0.5 * materials.noise(rng, size, size, 7, 7)
    fine = materials.noise(rng, size, size, 5, 5) + 0.4 * materials.noise(rng, size, size, 17, 17)
    strong = (
        np.clip(1.0 - np.abs(cloud - 0.75) / 0.035, 0, 1) * 0.75 + np.clip(1.0 - np.abs(fine - 0.7) / 0.02, 0, 1) * 0.4
    )
    base = materials.canvas(color, size, size) * (0.95 + 0.07 * cloud)[..., None]
    amount = np.clip(strong, 0, 1)[..., None]
    return base * (1 - amount) + np.asarray(vein, dtype=float) * amount


def butcher_block(rng: np.random.Generator, size: int, color: Rgb, strips: int) -> Image:
    """Narrow glued strips of wood of slightly different tone, in staggered lengths."""
    image = materials.wood(rng, size, color, 0.2)
    for rows in np.array_split(np.arange(size), strips):
        cut, tones = int(rng.integers(size)), rng.uniform(0.84, 1.1, 2)
        image[rows] = np.roll(image[rows], int(rng.integers(size)), axis=1)
        image[rows, :cut] *= tones[0]
        image[rows, cut:] *= tones[1]
    return image


def chipped(rng: np.random.Generator, size: int, color: Rgb, below: Rgb, wear: float) -> Image:
    """Old paint through which the wood shows along the grain; `wear` is the share that is gone."""
    streaks = 0.6 * materials.noise(rng, size, size, 24, 5) + 0.4 * materials.noise(rng, size, size, size // 2, 8)
    bare = streaks > np.quantile(streaks, 1.0 - wear)
    paint = materials.mottled(rng, size, color, 0.06)
    return np.where(bare[..., None], materials.wood(rng, size, below, 0.3), paint)


def gingham(rng: np.random.Generator, size: int, color: Rgb, count: int) -> Image:
    """Woven checks: where stripes of both directions cross, the colour is full."""
    white: Rgb = (240, 238, 232)
    upright = materials.stripes(size, white, color, count)
    return (upright + np.transpose(upright, (1, 0, 2))) / 2 * materials.fabric(rng, size, (250, 250, 250)) / 250


def striped_cloth(rng: np.random.Generator, size: int, color: Rgb, count: int) -> Image:
    share = rng.uniform(0.15, 0.5)
    pattern = materials.stripes(size, color, mix(color, (244, 240, 230), 0.75), count, share)
    return pattern * materials.fabric(rng, size, (250, 250, 250)) / 250


def plain_cloth(rng: np.random.Generator, size: int, color: Rgb, count: int) -> Image:
    """Linen with threads of two tones; `count` does not matter."""
    return materials.fabric(rng, size, mix(color, shade(color, 0.9), rng.random()))


def mosaic(rng: np.random.Generator, size: int, color: Rgb, count: int, spread: float) -> Image:
    """Small glazed tiles whose tones vary by `spread`."""
    tones = rng.uniform(1 - spread, 1 + spread, (count, count, 3)) * np.asarray(color, dtype=float)
    at = np.arange(size) * count / size
    image = tones[at.astype(int)][:, at.astype(int)]
    joint = (at % 1.0) < 1.5 * count / size
    image[joint] = (206, 202, 194)
    image[:, joint] = (206, 202, 194)
    return image


def cutting_mat(rng: np.random.Generator, size: int, color: Rgb) -> Image:
    """A mat with a fine and a coarse grid of lines."""
    image = materials.mottled(rng, size, color, 0.05)
    at = np.arange(size) / size
    for count, strength in ((16, 0.25), (4, 0.6)):
        lines = (at * count) % 1.0 < 1.2 * count / size
        tone = np.asarray(mix(color, (236, 236, 210), strength), dtype=float)
        image[lines] = tone
        image[:, lines] = tone
    return image


def chipboard(rng: np.random.Generator, size: int, color: Rgb) -> Image:
    """Pressed flakes of wood."""
    image = materials.mottled(rng, size, color, 0.1)
    spans = rng.random((size * 3, 2))
    tones, lengths, turned = (
        rng.uniform(0.78, 1.16, size * 3),
        rng.uniform(0.03, 0.09, size * 3),
        rng.random(size * 3) < 0.5,
    )
    for (x, y), tone, length, upright in zip(spans.tolist(), tones, lengths, turned, strict=True):
        i, j, long = int(y * size), int(x * size), max(2, int(length * size))
        rows, columns = (long, max(1, long // 4)) if upright else (max(1, long // 4), long)
        image[i : i + rows, j : j + columns] = np.asarray(color, dtype=float) * tone
    return image

"""Lighting of scenes: drawn at random, yet such that nothing turns black or burns out.

SAPIEN shows a matt surface in its albedo times (ambient + sum over the lights of colour x cosine / pi); at 1, white is as
bright as a picture can be. A draw therefore starts from the brightness that a level surface is to have and shares it out
among ambient light, one key light and up to two fill lights. All colours are linear RGB.
"""

import numpy as np

from scene_hub.schema import DirectionalLight, Lighting, Rgb, Vec3

BRIGHTNESS = (0.58, 1.04)
"""How bright a level, white surface is to be."""

AMBIENT_SHARE = (0.28, 0.55)
FILL_SHARE = (0.10, 0.30)

KEY_ELEVATION = (52.0, 80.0)
"""Degrees above the horizon. A lower key light would cast the shadow of the walls, which are 2.2 m away, on the table."""

FILL_ELEVATION = (30.0, 70.0)

MOODS: tuple[tuple[tuple[float, float, float], tuple[float, float, float]], ...] = (
    ((1.00, 0.98, 0.95), (0.96, 0.98, 1.04)),  # day
    ((1.04, 0.89, 0.70), (0.92, 0.96, 1.08)),  # morning or evening sun, sky from the windows
    ((1.03, 0.92, 0.78), (1.03, 0.96, 0.86)),  # lamps
    ((0.93, 1.01, 1.03), (0.96, 1.01, 1.02)),  # tubes
    ((0.88, 0.96, 1.08), (0.94, 0.98, 1.05)),  # overcast
)
"""Tints of the key light and of everything else."""


def draw_lighting(rng: np.random.Generator) -> Lighting:
    """One lighting: a time of day, a direction, one to three lamps, more or less contrast. Equal generators, equal light."""
    key_tint, other_tint = MOODS[int(rng.integers(len(MOODS)))]
    strength = float(rng.uniform(0.3, 1.0))  # of the mood's tint
    brightness, ambient = float(rng.uniform(*BRIGHTNESS)), float(rng.uniform(*AMBIENT_SHARE))
    fills = int(rng.integers(0, 3))
    fill = float(rng.uniform(*FILL_SHARE)) if fills else 0.0
    azimuth = float(rng.uniform(0.0, 360.0))
    lights = [
        _light(azimuth, float(rng.uniform(*KEY_ELEVATION)), brightness * (1 - ambient - fill), key_tint, strength)
    ]
    for index in range(fills):
        away = azimuth + 180.0 + (2 * index - 1) * float(rng.uniform(15.0, 90.0))
        lights.append(
            _light(away, float(rng.uniform(*FILL_ELEVATION)), brightness * fill / fills, other_tint, strength)
        )
    return Lighting(ambient=_tinted(brightness * ambient, other_tint, strength), directional=tuple(lights))


def level_brightness(lighting: Lighting) -> tuple[float, float, float]:
    """How bright a level, white, matt surface is, as linear RGB; 1 is the brightest that a picture can show."""
    total = np.asarray(lighting.ambient, dtype=float)
    for light in lighting.directional:
        direction = np.asarray(light.direction, dtype=float)
        total = total + np.asarray(light.color) * max(0.0, -direction[2] / float(np.linalg.norm(direction))) / np.pi
    red, green, blue = (float(value) for value in total)
    return (red, green, blue)


def _light(azimuth: float, elevation: float, brightness: float, tint: Rgb, strength: float) -> DirectionalLight:
    """A lamp that stands at `azimuth` and `elevation` (degrees) and gives a level surface `brightness`."""
    a, e = np.radians(azimuth), np.radians(elevation)
    towards = (-np.cos(e) * np.cos(a), -np.cos(e) * np.sin(a), -np.sin(e))
    x, y, z = (round(float(value), 4) for value in towards)
    direction: Vec3 = (x, y, z)
    return DirectionalLight(direction=direction, color=_tinted(np.pi * brightness / float(np.sin(e)), tint, strength))


def _tinted(brightness: float, tint: Rgb, strength: float) -> Rgb:
    red, green, blue = (round(brightness * (1 + (value - 1) * strength), 4) for value in tint)
    return (red, green, blue)

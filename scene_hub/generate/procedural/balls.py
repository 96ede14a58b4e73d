"""Balls of many games, and a pin to bowl at."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import standing_hull, turned_hull
from scene_hub.generate.materials import PAINT, contrast_to, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part
from scene_hub.generate.shapes import (
    ellipsoid,
    flattened,
    joined,
    lathe,
    rounded_box,
    spline,
)


def sphere(draft: Draft, radius: float, image: np.ndarray, material: tuple[str, float, float], turn: float) -> Part:
    """A ball that rests, pressed flat a little: `image` is its map, `material` substance, roughness and density."""
    substance, roughness, density = material
    whole = ellipsoid(radius, radius, radius, draft.n(28), draft.n(18)).rotated("x", turn).rotated("z", 24.0)
    return Part(
        flattened(whole, -radius + 0.0026).moved(z=radius - 0.0026),
        draft.textured(substance, materials.encoded(image), roughness, density=density),
    )


def directions(size: int) -> np.ndarray:
    """[size, size, 3]: the unit vector at each pixel of a ball's map."""
    v = np.pi * (0.5 - (np.arange(size) + 0.5) / size)[:, None]
    u = 2 * np.pi * ((np.arange(size) + 0.5) / size)[None]
    return np.stack(np.broadcast_arrays(np.cos(u) * np.cos(v), np.sin(u) * np.cos(v), np.sin(v)), axis=2)


def _icosahedron() -> np.ndarray:
    """[12, 3] unit vectors."""
    g = (1 + np.sqrt(5)) / 2
    corners = [(0, a, b * g) for a in (1, -1) for b in (1, -1)]
    corners = [np.roll(corner, k) for corner in corners for k in range(3)]
    return np.array(corners) / np.sqrt(1 + g * g)


@category("soccer_ball", PAINT, ("object",), also=("soccerball", "soccer football"), materials=("rubber",))
def soccer_ball(draft: Draft) -> Design:
    radius = draft.uniform(0.0265, 0.0295)
    at, corners = directions(draft.size), _icosahedron()
    faces = np.array([corners[list(t)].sum(axis=0) for t in _triangles(corners)])
    faces /= np.linalg.norm(faces, axis=1, keepdims=True)
    pentagon = (at @ corners.T).max(axis=2)
    hexagons = np.sort(at @ faces.T, axis=2)
    patch = pentagon > np.cos(np.radians(21.0))
    seam = (hexagons[..., -1] - hexagons[..., -2] < 0.022) & ~patch
    image = materials.canvas(draft.rgb, draft.size, draft.size)
    dark = contrast_to(draft.rgb)
    image[seam] = materials.mix(draft.rgb, dark, 0.55)
    image[patch] = dark
    skin = sphere(draft, radius, image, ("rubber", 0.45, 420.0), 32.0)
    return Design(
        [skin],
        [standing_hull(skin.surface)],
        "{color} soccer ball with dark patches" if dark[0] < 100 else "{color} soccer ball with white patches",
        materials=("rubber",),
    )


def _triangles(corners: np.ndarray) -> list[tuple[int, int, int]]:
    near = corners @ corners.T > 0.4
    n = range(len(corners))
    return [(i, j, k) for i in n for j in n for k in n if i < j < k and near[i, j] and near[j, k] and near[i, k]]


@category(
    "basketball",
    ("orange", "brown", "red", "blue", "purple", "pink", "green", "black", "yellow", "white", "teal"),
    ("object",),
    also=("basket ball",),
    materials=("rubber",),
)
def basketball(draft: Draft) -> Design:
    radius = draft.uniform(0.0270, 0.0297)
    at = directions(draft.size)
    x, y, z = np.moveaxis(at, 2, 0)
    bend = 0.52 + 0.16 * draft.uniform(0.0, 1.0)
    lines = (
        (np.abs(x) < 0.035) | (np.abs(y) < 0.035) | (np.abs(np.abs(z) - bend * (1 - 0.55 * x**2) - 0.06 * x**2) < 0.040)
    )
    image = materials.mottled(draft.stream("grain"), draft.size, draft.rgb, 0.16, 44)
    image[lines] = (34, 28, 26) if draft.color != "black" else (214, 110, 40)
    skin = sphere(draft, radius, image, ("rubber", 0.8, 420.0), 58.0)
    return Design([skin], [standing_hull(skin.surface)], "basketball with dark seams", materials=("rubber",))


@category(
    "baseball",
    ("white", "yellow", "orange", "pink", "red", "blue", "green"),
    ("object",),
    also=("base ball", "softball"),
    materials=("fabric",),
)
def baseball(draft: Draft) -> Design:
    radius = draft.uniform(0.0265, 0.0290)
    t = np.linspace(0, 2 * np.pi, 220, endpoint=False)
    a = 0.44
    seam = np.stack(
        [a * np.cos(t) + (1 - a) * np.cos(3 * t), a * np.sin(t) - (1 - a) * np.sin(3 * t), 1.005 * np.sin(2 * t)],
        axis=1,
    )
    seam /= np.linalg.norm(seam, axis=1, keepdims=True)
    cosine = directions(draft.size).reshape(-1, 3) @ seam.T
    nearest, angle = cosine.argmax(axis=1), np.degrees(np.arccos(np.clip(cosine.max(axis=1), -1, 1)))
    stitch = (angle < 9.0) & (nearest % 5 < 2) & (angle > 2.0)
    image = materials.mottled(draft.stream("leather"), draft.size, draft.rgb, 0.06, 20)
    thread = (200, 30, 36) if draft.color not in ("red", "orange", "pink") else (246, 244, 240)
    image[stitch.reshape(draft.size, draft.size)] = thread
    image[(angle <= 1.6).reshape(draft.size, draft.size)] = shade(draft.rgb, 0.7)
    skin = sphere(draft, radius, image, ("fabric", 0.6, 480.0), 40.0)
    return Design([skin], [standing_hull(skin.surface)], "baseball with stitches", materials=("fabric",))


@category(
    "pool_ball",
    PAINT,
    ("object",),
    also=("billiard ball", "eight ball", "snooker ball", "cue ball"),
    materials=("plastic",),
)
def pool_ball(draft: Draft) -> Design:
    radius, striped, number = draft.uniform(0.0255, 0.0285), draft.chance(0.5), draft.pick(tuple(range(1, 16)))
    n = draft.size
    height = directions(n)[..., 2]
    image = materials.canvas(draft.rgb, n, n)
    if striped:
        image[np.abs(height) > 0.62] = (240, 236, 224) if draft.color != "white" else (60, 60, 66)
    for spot in (0.25, 0.75):
        image = materials.dotted(image, (244, 242, 234), (spot, 0.5), 0.062, 0.124)
        image = materials.printed(image, str(number), (24, 24, 28), (spot, 0.5), 0.15, 0.12)
    skin = sphere(draft, radius, image, ("plastic", 0.12, 900.0), -50.0)
    return Design(
        [skin],
        [standing_hull(skin.surface)],
        f"{'striped ' if striped else ''}pool ball with the number {number}",
        materials=("plastic",),
    )


@category(
    "football",
    ("brown", "orange", "red", "black", "blue", "green", "purple", "yellow", "white", "pink"),
    ("object",),
    label="american football",
    also=("football", "rugby ball"),
    materials=("rubber",),
)
def football(draft: Draft) -> Design:
    long, radius = draft.uniform(0.046, 0.052), draft.uniform(0.0250, 0.0285)
    t = np.linspace(-1, 1, draft.n(22) + 1)
    profile = np.stack([radius * (1 - np.abs(t) ** 1.9) ** 0.9, long * t], axis=1)
    profile[[0, -1], 0] = 0.0
    body = flattened(lathe(profile, draft.n(24), crease=80.0).rotated("y", 90.0), -radius + 0.0026).moved(
        z=radius - 0.0026
    )
    n = draft.size
    image = materials.mottled(draft.stream("grain"), n, draft.rgb, 0.18, 44)
    chalk = (244, 242, 234) if draft.color != "white" else (40, 60, 130)
    image = materials.banded(image, [(0.20, 0.24, chalk), (0.76, 0.80, chalk)])
    lace = rounded_box(0.030, 0.0030, 0.0014, 0.0005, 1).moved(z=2 * radius - 0.0034)
    ties = [
        rounded_box(0.0022, 0.0096, 0.0018, 0.0005, 1).moved(x=0.006 * k, z=2 * radius - 0.0034)
        for k in (-2, -1, 0, 1, 2)
    ]
    return Design(
        [
            Part(body, draft.textured("rubber", materials.encoded(image), 0.7, density=420.0)),
            Part(joined([lace, *ties]), draft.plain("fabric", chalk, 0.8)),
        ],
        [standing_hull(body)],
        "american football with laces",
        materials=("rubber",),
    )


@category(
    "bowling_pin",
    PAINT,
    ("object",),
    also=("bowling skittle", "skittle", "ninepin", "tenpin"),
    materials=("plastic",),
)
def bowling_pin(draft: Draft) -> Design:
    radius, tall = draft.uniform(0.0205, 0.0225), draft.uniform(0.088, 0.098)
    knots = [
        (0.64, 0.0),
        (0.86, 0.12),
        (1.0, 0.36),
        (0.95, 0.50),
        (0.42, 0.70),
        (0.54, 0.80),
        (0.54, 0.93),
        (0.38, 0.99),
    ]
    points = np.array(knots) * np.array([radius, tall])
    curve = spline(points.tolist(), draft.n(24))
    profile = np.concatenate([[(0, 0)], curve, [(0.16 * radius, tall), (0, tall)]])
    n, ring = draft.size, (206, 34, 36) if draft.color not in ("red", "orange", "pink") else (246, 244, 238)
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(profile, axis=0), axis=1))])
    height = length / length[-1]
    at = [float(np.interp(z * tall, curve[:, 1], height[1:-2])) for z in (0.62, 0.66, 0.70, 0.74)]
    image = materials.banded(materials.canvas(draft.rgb, n, n), [(at[0], at[1], ring), (at[2], at[3], ring)])
    body = lathe(profile, draft.n(24), crease=60.0)
    return Design(
        [Part(body, draft.textured("plastic", materials.encoded(image), 0.25, density=1300.0))],
        [
            turned_hull(points[:3], 14),
            turned_hull(points[2:4], 28),
            turned_hull(points[3:5], 14),
            turned_hull(points[4:6], 14),
            turned_hull(points[5:7], 28),
            turned_hull(np.array([(0.54 * radius, 0.93 * tall), (0.16 * radius, tall)]), 14),
        ],
        "bowling pin with two stripes",
        materials=("plastic",),
    )

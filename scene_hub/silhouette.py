"""How alike two meshes look: their outlines, colours and shading from eight sides, drawn in numpy.

    likeness = compared(full, light)  # two sequences of `Skin`, in one frame
    likeness.overlap.min()            # intersection over union of the outlines, the worst of eight views

Neither a GPU nor a display nor a driver is needed, and the same input gives the same numbers. What makes lighter levels of
detail measures them here, and takes only those that look the same. As in SAPIEN, faces that look away are not drawn: a hole in
a light mesh, or a part of it that is inside out, shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scene_hub.generate.baking import Skin, grown
from scene_hub.generate.shapes import joined

SIZE = 128  # pixels, the side of a picture
ELEVATIONS = (15.0, 45.0, 15.0, 45.0, 15.0, 45.0, 15.0, 45.0)  # degrees above the horizon, once around
LEAST_OVERLAP = 0.97
MOST_COLOR_DIFFERENCE = 8.0  # of 255, between the mean colours of a view
MOST_TURN = 40.0  # degrees between the normals, the mean of a view: above that, faces look where none did

Array = np.ndarray


@dataclass(frozen=True)
class Camera:
    """Looks along `forward` at `center` without perspective; `radius` (metres) around it fills the picture.

    `right` and `up` (unit vectors, [3]) are the axes of the picture, which is `size` pixels wide and high.
    """

    right: Array
    up: Array
    forward: Array
    center: Array
    radius: float
    size: int = SIZE

    def pixels(self, points: Array) -> tuple[Array, Array, Array]:
        """Of points [..., 3]: columns and rows in pixels, and distances along `forward` in metres, [...] each."""
        offset = points - self.center
        scale = self.size / 2 / self.radius
        return (
            offset @ self.right * scale + self.size / 2,
            self.size / 2 - offset @ self.up * scale,
            offset @ self.forward,
        )


@dataclass(frozen=True)
class Picture:
    """What a camera sees of triangles: `face` [n] is in front at `pixel` [n] (row * size + column, rising), at
    barycentric `weights` [n, 3]."""

    pixel: Array
    face: Array
    weights: Array


@dataclass(frozen=True)
class Likeness:
    """How a light mesh compares with the full one, by view, [views] each.

    Attributes:
        overlap: intersection over union of the two outlines, 1 where they are the same.
        color: distance between the mean colours within the two outlines, 0 to 255.
        shading: mean angle (degrees) between the normals where both are seen.
    """

    overlap: Array
    color: Array
    shading: Array

    @property
    def good(self) -> bool:
        """Whether the light mesh may stand for the full one."""
        return bool(
            self.overlap.min() >= LEAST_OVERLAP
            and self.color.max() <= MOST_COLOR_DIFFERENCE
            and self.shading.max() <= MOST_TURN
        )

    def __str__(self) -> str:
        return (
            f"in the worst view silhouette IoU {self.overlap.min():.3f}, colours {self.color.max():.1f} of 255 and normals "
            f"{self.shading.max():.0f} degrees apart"
        )


def cameras(points: Array) -> list[Camera]:
    """Eight cameras around points [n, 3], z up, at the same distance; the ball around the points fits each picture."""
    low, high = points.min(axis=0), points.max(axis=0)
    center = (low + high) / 2
    radius = 1.03 * float(np.linalg.norm(points - center, axis=1).max())  # a margin of two pixels
    around = []
    for turn, elevation in zip(np.arange(len(ELEVATIONS)) * (2 * np.pi / len(ELEVATIONS)), ELEVATIONS, strict=True):
        height = np.radians(elevation)
        forward = -np.array([np.cos(turn) * np.cos(height), np.sin(turn) * np.cos(height), np.sin(height)])
        right = np.array([-np.sin(turn), np.cos(turn), 0.0])
        around.append(Camera(right, np.cross(right, forward), forward, center, radius))
    return around


def seen(triangles: Array, directions: int = 32, size: int = 160) -> Array:
    """How much of each of triangles [F, 3, 3] is seen from outside: the share of what would be seen if nothing were before it,
    averaged over all sides, about 1 for what is never covered. [F]."""
    points = triangles.reshape(-1, 3)
    center = (points.min(axis=0) + points.max(axis=0)) / 2
    radius = 1.03 * float(np.linalg.norm(points - center, axis=1).max())
    shown = np.zeros(len(triangles))
    for forward in _around(directions):
        right = np.cross(forward, np.eye(3)[np.abs(forward).argmin()])
        right /= np.linalg.norm(right)
        camera = Camera(right, np.cross(right, forward), forward, center, radius, size)
        shown += np.bincount(drawn(triangles, camera).face, minlength=len(triangles))
    areas = np.linalg.norm(np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]), axis=1) / 2
    # A face looks on average with a quarter of its area at somebody who goes around it on a sphere.
    return shown * (2 * radius / size) ** 2 / np.maximum(areas * directions / 4, 1e-15)


def _around(count: int) -> Array:
    """Unit vectors [count, 3] spread evenly over the sphere (a Fibonacci lattice)."""
    index = np.arange(count) + 0.5
    z, angle = 1 - 2 * index / count, index * np.pi * (1 + 5**0.5)
    across = np.sqrt(1 - z * z)
    return np.stack([across * np.cos(angle), across * np.sin(angle), z], axis=1)


def drawn(triangles: Array, camera: Camera) -> Picture:
    """What `camera` sees of triangles [F, 3, 3] whose corners run counter-clockwise seen from outside."""
    columns, rows, depths = camera.pixels(triangles)
    (ax, bx, cx), (ay, by, cy) = columns.T, rows.T
    double_area = (bx - ax) * (cy - ay) - (by - ay) * (
        cx - ax
    )  # rows run downwards, so what faces the camera is negative
    left, right = _span(ax, bx, cx, camera.size)
    top, bottom = _span(ay, by, cy, camera.size)
    kept = np.flatnonzero((double_area < -1e-12) & (left <= right) & (top <= bottom))
    widths = right[kept] - left[kept] + 1
    count = widths * (bottom[kept] - top[kept] + 1)
    face = np.repeat(kept, count)
    within = np.arange(len(face)) - np.repeat(np.cumsum(count) - count, count)
    width = np.repeat(widths, count)
    column, row = left[face] + within % width, top[face] + within // width
    # Each weight is the share of the area that the pixel's middle spans with the opposite edge.
    x, y, area = column + 0.5 - ax[face], row + 0.5 - ay[face], double_area[face]
    second = (x * (cy - ay)[face] - y * (cx - ax)[face]) / area
    third = (y * (bx - ax)[face] - x * (by - ay)[face]) / area
    inside = np.flatnonzero(np.minimum(np.minimum(second, third), 1.0 - second - third) >= -1e-9)
    face, pixel, second, third = face[inside], (row * camera.size + column)[inside], second[inside], third[inside]
    near, far_second, far_third = depths.T[:, face]
    depth = near + second * (far_second - near) + third * (far_third - near)
    order = np.lexsort([depth, pixel])  # stable: of two at the same depth, the first face is in front
    front = order[np.flatnonzero(np.diff(pixel[order], prepend=-1))]
    second, third = second[front], third[front]
    return Picture(pixel[front], face[front], np.stack([1.0 - second - third, second, third], axis=1))


def _span(a: Array, b: Array, c: Array, size: int) -> tuple[Array, Array]:
    """The first and the last pixel whose middle lies between three coordinates."""
    low, high = np.minimum(np.minimum(a, b), c), np.maximum(np.maximum(a, b), c)
    return np.ceil(low - 0.5).clip(0).astype(int), np.floor(high - 0.5).clip(max=size - 1).astype(int)


class Portrait:
    """Skins seen by cameras: drawn once, compared with many."""

    def __init__(self, skins: Sequence[Skin], around: Sequence[Camera]) -> None:
        surface = joined([skin.surface for skin in skins])
        owner = np.repeat(np.arange(len(skins)), [len(skin.surface) for skin in skins])
        starts = np.cumsum([0, *(len(skin.surface) for skin in skins)])
        self.around = tuple(around)
        self.pictures = [drawn(surface.triangles, camera) for camera in around]
        self.normals, self.colors = [], []
        for picture in self.pictures:
            normals = np.einsum("nk,nkc->nc", picture.weights, surface.normals[picture.face])
            self.normals.append(normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12))
            colors = np.zeros((len(picture.face), 3))
            for index, skin in enumerate(skins):
                mine = owner[picture.face] == index
                colors[mine] = skin.colors_at(picture.face[mine] - starts[index], picture.weights[mine])
            self.colors.append(colors)

    def shown(self, skins: Sequence[Skin]) -> list[Skin]:
        """Of the skins that were drawn, what these cameras or others all around can see, and a little more."""
        surface = joined([skin.surface for skin in skins])
        shown = seen(surface.triangles) > 0
        for picture in self.pictures:
            shown[picture.face] = True
        shown = grown(shown, surface.triangles)
        masks = np.split(shown, np.cumsum([len(skin.surface) for skin in skins[:-1]]))
        return [skin.chosen(mask) for skin, mask in zip(skins, masks, strict=True) if mask.any()]

    def compared(self, other: "Portrait") -> Likeness:
        """How `other`, drawn for the same cameras, differs from this one."""
        overlap, color, shading = [], [], []
        for index, (mine, its) in enumerate(zip(self.pictures, other.pictures, strict=True)):
            _, here, there = np.intersect1d(mine.pixel, its.pixel, assume_unique=True, return_indices=True)
            both, either = len(here), len(mine.pixel) + len(its.pixel) - len(here)
            overlap.append(both / either if either else 1.0)
            if both == 0:
                color.append(0.0 if either == 0 else 255.0)
                shading.append(0.0)
                continue
            color.append(float(np.abs(self.colors[index].mean(axis=0) - other.colors[index].mean(axis=0)).max()))
            cosine = np.einsum("ij,ij->i", self.normals[index][here], other.normals[index][there])
            shading.append(float(np.degrees(np.arccos(cosine.clip(-1.0, 1.0))).mean()))
        return Likeness(np.array(overlap), np.array(color), np.array(shading))


def compared(full: Sequence[Skin], light: Sequence[Skin]) -> Likeness:
    """How `light` differs from `full`, from eight sides around `full`; both in one frame (metres, z up)."""
    around = cameras(joined([skin.surface for skin in full]).points)
    return Portrait(full, around).compared(Portrait(light, around))

"""An empty room, and where things can stand and hang in it.

Furniture is made in the frame of a wall: x along the wall, y from the wall into the room, z up. `Interior` finds a free
place for each piece along one of the four walls, well clear of the table in the middle. There is no ceiling, so that
light falls in. The robot stands at x < 0 and looks along +x, its camera looks back at it: what tells one room from
another belongs to the wall behind the robot ("back") and to the one that it faces ("front").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scene_hub.generate.materials import Material, Rgb
from scene_hub.generate.procedural.design import Draft, Part
from scene_hub.generate.procedural.finishes import Finish
from scene_hub.generate.shapes import Surface, box, joined, quad, rotation

WallName = Literal["back", "front", "left", "right"]
Span = tuple[float, float]

CLEAR = 1.28
"""Nothing but the floor and a rug lies nearer to the middle than this along x and y (metres)."""

EYES = np.array([(x, y, z) for x in (-1.15, 1.15) for y in (-1.15, 1.15) for z in (0.8, 2.0)])
"""Corners of the space from which a room is looked at: around and above the table."""

WALL_NAMES: tuple[WallName, ...] = ("back", "front", "left", "right")
_TURN: dict[WallName, float] = {"back": -90.0, "front": 90.0, "left": 180.0, "right": 0.0}
_STEP = 0.05
_GAP = 0.04


@dataclass(frozen=True)
class Piece:
    """Something that stands at a wall or hangs on it, in the wall's frame, its middle at x = 0, with its outer size.

    `details` are small parts that the low level of detail goes without.
    """

    parts: tuple[Part, ...]
    width: float
    depth: float
    height: float
    details: tuple[Part, ...] = ()


# ---------------------------------------------------------------------------------------------------------------- blocks


_UNIT = box(1.0, 1.0, 1.0).moved(0.5, 0.5)


def block(x: Span, y: Span, z: Span) -> Surface:
    """A box between coordinates."""
    low, size = np.array([x[0], y[0], z[0]]), np.array([x[1] - x[0], y[1] - y[0], z[1] - z[0]])
    return Surface(_UNIT.triangles * size + low, _UNIT.normals, _UNIT.uvs)


def stick(x: float, y: float, z: Span, thick: float) -> Surface:
    """An upright square bar without ends, which nobody sees of a leg."""
    half = thick / 2
    whole = block((x - half, x + half), (y - half, y + half), z)
    return Surface(whole.triangles[:8], whole.normals[:8], whole.uvs[:8])


def facing(x: Span, y: float, z: Span, repeat: tuple[float, float] = (1.0, 1.0)) -> Surface:
    """A rectangle that looks into the room, its texture repeated."""
    corners = ((x[1], z[0]), (x[0], z[0]), (x[0], z[1]), (x[1], z[1]))
    return quad(*(np.array([at, y, up]) for at, up in corners)).uv_scaled(*repeat)


def lying(x: Span, y: Span, z: float) -> Surface:
    """A rectangle that looks upward."""
    corners = ((x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1]))
    return quad(*(np.array([*corner, z]) for corner in corners))


def solid(material: Material, *surfaces: Surface) -> Part:
    """Surfaces of one material."""
    return Part(joined(surfaces), material)


def paint(color: Rgb, roughness: float = 0.6) -> Material:
    """Even paint."""
    return Material("paint", "wood", color, roughness=roughness)


# ------------------------------------------------------------------------------------------------------------------ room


class Interior:
    """A room that is being furnished; `parts` is what it consists of so far.

    Positions come from the draft's generator, so they are the same at both levels of detail.
    """

    def __init__(self, draft: Draft, floor: Finish, walls: Finish, accent: Finish | None, skirting: Rgb) -> None:
        self._rng, self._detail = draft.stream("positions"), draft.detail
        self.height = draft.uniform(2.5, 2.9)
        self._reach: dict[WallName, float] = {
            "back": draft.uniform(2.2, 2.6),
            "front": draft.uniform(2.25, 2.75),
            "left": draft.uniform(2.2, 2.7),
            "right": draft.uniform(2.2, 2.7),
        }
        accented = draft.pick(WALL_NAMES) if accent else None
        self._standing: list[tuple[Span, Span, float]] = []
        self._hanging: list[tuple[WallName, Span, Span]] = []
        x, y = self._floor_spans
        self.parts = [Part(lying(x, y, 0.0).projected(_tile(floor, self.height)), floor.material)]
        for name in WALL_NAMES:
            self._raise_wall(name, accent if accent and name == accented else walls, paint(skirting))

    @property
    def _floor_spans(self) -> tuple[Span, Span]:
        return (-self._reach["back"], self._reach["front"]), (-self._reach["right"], self._reach["left"])

    def _raise_wall(self, name: WallName, finish: Finish, skirting: Material) -> None:
        low, high = self._span(name)
        bare = facing((low, high), 0.0, (0.0, self.height)).projected(_tile(finish, self.height))
        self._add(name, 0.0, (Part(bare, finish.material), solid(skirting, facing((low, high), 0.015, (0.0, 0.09)))))

    def _span(self, name: WallName) -> Span:
        """Where a wall begins and ends along its own x."""
        x, y = self._floor_spans
        return {"back": (-y[1], -y[0]), "front": y, "left": (-x[1], -x[0]), "right": x}[name]

    def _add(self, name: WallName, at: float, parts: Sequence[Part], rise: float = 0.0) -> None:
        """Parts in the frame of a wall, `at` metres along it, without the sides that nobody can see."""
        for part in parts:
            surface = _seen(part.surface.moved(at, -self._reach[name], rise).rotated("z", _TURN[name]))
            if len(surface):
                self.parts.append(Part(surface, part.material))

    def _shown(self, piece: Piece) -> tuple[Part, ...]:
        return piece.parts if self._detail == "low" else piece.parts + piece.details

    def _footprint(self, name: WallName, at: float, piece: Piece) -> tuple[Span, Span]:
        """The spans along x and y of the room that a piece covers."""
        half, wall = piece.width / 2, self._reach[name]
        corners = np.array([[at - half, -wall], [at + half, piece.depth - wall]])
        turned = corners @ rotation("z", _TURN[name])[:2, :2].T
        low, high = turned.min(axis=0), turned.max(axis=0)
        return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))

    def _places(self, name: WallName, width: float) -> np.ndarray:
        low, high = self._span(name)
        return np.arange(low + width / 2 + 0.03, high - width / 2 - 0.02, _STEP)

    def stand(self, piece: Piece, *names: WallName) -> bool:
        """Puts a piece at a free place along the first of the walls (default: any) that has one; False: none has."""
        for name in names or self._shuffled():
            free = [at for at in self._places(name, piece.width) if self._is_free(name, float(at), piece)]
            if free:
                at = float(free[int(self._rng.integers(len(free)))])
                self._add(name, at, self._shown(piece))
                self._standing.append((*self._footprint(name, at, piece), piece.height))
                return True
        return False

    def hang(self, piece: Piece, low: float, *names: WallName) -> bool:
        """Hangs a piece with its lower edge at height `low` where nothing stands or hangs in front; False: nowhere."""
        for name in names or self._shuffled():
            free = [at for at in self._places(name, piece.width) if self._is_bare(name, float(at), piece, low)]
            if free:
                at = float(free[int(self._rng.integers(len(free)))])
                self._add(name, at, self._shown(piece), low)
                half = piece.width / 2 + 0.06
                self._hanging.append((name, (at - half, at + half), (low - 0.04, low + piece.height + 0.06)))
                if low < 0.3:  # a door: nothing may be put before it
                    way = Piece((), piece.width, 0.6, 0.0)
                    self._standing.append((*self._footprint(name, at, way), 0.0))
                return True
        return False

    def _shuffled(self) -> tuple[WallName, ...]:
        return tuple(WALL_NAMES[index] for index in self._rng.permutation(len(WALL_NAMES)))

    def _is_free(self, name: WallName, at: float, piece: Piece) -> bool:
        x, y = self._footprint(name, at, piece)
        if _meet(x, (-CLEAR, CLEAR)) and _meet(y, (-CLEAR, CLEAR)):
            return False
        if any(_meet(x, other_x, _GAP) and _meet(y, other_y, _GAP) for other_x, other_y, _ in self._standing):
            return False
        half = piece.width / 2
        hung = [(span, rise) for wall, span, rise in self._hanging if wall == name]
        return not any(_meet((at - half, at + half), span) and rise[0] < piece.height for span, rise in hung)

    def _is_bare(self, name: WallName, at: float, piece: Piece, low: float) -> bool:
        half, rise = piece.width / 2, (low, low + piece.height)
        if any(
            wall == name and _meet((at - half, at + half), span) and _meet(rise, taken)
            for wall, span, taken in self._hanging
        ):
            return False
        x, y = self._footprint(name, at, Piece((), piece.width, 0.1, 0.0))
        return not any(
            height > low and _meet(x, other_x) and _meet(y, other_y) for other_x, other_y, height in self._standing
        )


def _tile(finish: Finish, height: float) -> float:
    return height if finish.tile is None else finish.tile


def _meet(first: Span, second: Span, gap: float = 0.0) -> bool:
    return first[0] < second[1] + gap and second[0] < first[1] + gap


def _seen(surface: Surface) -> Surface:
    """Without the triangles that show their backs to every eye around the table: half of them, in most furniture."""
    a, b, c = np.moveaxis(surface.triangles, 1, 0)
    outward = np.cross(b - a, c - a)
    beyond = np.einsum("fi,ei->fe", outward, EYES) - np.einsum("fi,fi->f", outward, a)[:, None]
    kept = beyond.max(axis=1) > 0.0
    return Surface(surface.triangles[kept], surface.normals[kept], surface.uvs[kept])

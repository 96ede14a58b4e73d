"""Levels of detail: what observation cameras draw, and what people see.

An observation of 128 x 128 pixels does not show the difference between a mesh of 1,500 triangles and one of 20,000, but a CPU
renderer takes its time by the triangle. So entities have two visuals, of which one is visible: "light" for observations,
"full" for `render()`. The full one is made when it is first shown.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import sapien
import sapien.render

Level = Literal["light", "full"]
Tint = Sequence[float] | np.ndarray


class DetailedVisual:
    """The visuals of one entity, by level; `makers` make a render body for each."""

    def __init__(
        self, entity: sapien.Entity, makers: Mapping[Level, Callable[[], sapien.render.RenderBodyComponent]]
    ) -> None:
        self._entity, self._makers = entity, makers
        self._bodies: dict[Level, sapien.render.RenderBodyComponent] = {}
        self._colors: dict[Level, list[tuple[sapien.render.RenderMaterial, np.ndarray]]] = {}
        self._tint: np.ndarray | None = None
        self.shown: Level | None = None

    @classmethod
    def of_files(cls, entity: sapien.Entity, files: Mapping[Level, Path]) -> "DetailedVisual":
        """One mesh file a level."""
        return cls(entity, {level: body_maker(path) for level, path in files.items()})

    def show(self, level: Level) -> None:
        """Make `level` the visible one."""
        if level == self.shown:
            return
        if self.shown is not None:
            self._bodies[self.shown].visibility = 0.0
        if level not in self._bodies:
            body = self._makers[level]()
            self._colors[level] = [
                (part.material, np.array(part.material.base_color))
                for shape in body.render_shapes
                for part in shape.parts
            ]
            self._bodies[level] = body
            self._entity.add_component(body)
        self._bodies[level].visibility = 1.0
        self.shown = level
        self._color()

    def tint(self, factor: Tint | None) -> None:
        """Multiply the colours of all levels by `factor` [3]; None gives them their own."""
        if factor is None and self._tint is None:
            return
        self._tint = np.ones(3) if factor is None else np.asarray(factor, dtype=np.float64)
        self._color()

    def _color(self) -> None:
        if self._tint is None or self.shown is None:
            return
        for material, own in self._colors[self.shown]:
            material.set_base_color([*(own[:3] * self._tint), own[3]])


def body_maker(path: Path) -> Callable[[], sapien.render.RenderBodyComponent]:
    """What makes a render body of one mesh file. SAPIEN reads a file once and shares its meshes and textures."""

    def made() -> sapien.render.RenderBodyComponent:
        body = sapien.render.RenderBodyComponent()
        body.attach(sapien.render.RenderShapeTriangleMesh(str(path)))
        return body

    return made

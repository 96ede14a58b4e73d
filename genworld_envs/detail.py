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
Maker = Callable[[], sapien.render.RenderBodyComponent]


class DetailedVisual:
    """The visuals of one entity, by level; `makers` make a render body for each. Levels with one maker have one body."""

    def __init__(self, entity: sapien.Entity, makers: Mapping[Level, Maker]) -> None:
        self._entity, self._makers = entity, makers
        self._looks: dict[Maker, _Look] = {}
        self._tint: np.ndarray | None = None
        self._shown: Maker | None = None

    @classmethod
    def of_files(cls, entity: sapien.Entity, files: Mapping[Level, Path]) -> "DetailedVisual":
        """One mesh file a level."""
        makers = {path: body_maker(path) for path in files.values()}
        return cls(entity, {level: makers[path] for level, path in files.items()})

    def show(self, level: Level) -> None:
        """Make `level` the visible one."""
        maker = self._makers[level]
        if maker is self._shown:
            return
        self.hide()
        if maker not in self._looks:
            look = self._looks[maker] = _Look(maker())
            self._entity.add_component(look.body)
        self._looks[maker].body.visibility = 1.0
        self._shown = maker
        self._color()

    def hide(self) -> None:
        """Make no level visible, until one is shown."""
        if self._shown is not None:
            self._looks[self._shown].body.visibility = 0.0
            self._shown = None

    def tint(self, factor: Sequence[float] | np.ndarray | None) -> None:
        """Multiply the colours of all levels by `factor` [3]; None gives them their own."""
        if factor is None and self._tint is None:
            return
        self._tint = np.ones(3) if factor is None else np.asarray(factor, dtype=np.float64)
        self._color()

    def _color(self) -> None:
        if self._tint is None or self._shown is None:
            return
        for material, own in self._looks[self._shown].colors:
            material.set_base_color([*(own[:3] * self._tint), own[3]])


class _Look:
    def __init__(self, body: sapien.render.RenderBodyComponent) -> None:
        self.body = body
        parts = [part for shape in body.render_shapes for part in shape.parts]
        self.colors = [(part.material, np.array(part.material.base_color)) for part in parts]


def body_maker(path: Path) -> Maker:
    """What makes a render body of one mesh file. SAPIEN reads a file once and shares its meshes and textures."""

    def made() -> sapien.render.RenderBodyComponent:
        body = sapien.render.RenderBodyComponent()
        body.attach(sapien.render.RenderShapeTriangleMesh(str(path)))
        return body

    return made

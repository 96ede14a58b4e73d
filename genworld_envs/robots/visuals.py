"""What a robot's links look like, by level of detail."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import sapien
import sapien.physx
import sapien.render
from sapien.wrapper.urdf_loader import URDFLoader

from genworld_envs.detail import Level, Maker, body_maker
from genworld_envs.robots.level_of_detail import light_visuals


def robot_visuals(urdf: Path) -> dict[str, Mapping[Level, Maker]]:
    """For each link of `urdf` that can be seen: what makes its render body, by level. Takes a renderer.

    Light meshes are made, or found in their cache, when the first of them is shown.
    """
    return {name: {"full": full, "light": _light_maker(urdf, name, full)} for name, full in _full_visuals(urdf).items()}


def _light_maker(urdf: Path, link: str, full: Maker) -> Maker:
    def made() -> sapien.render.RenderBodyComponent:
        path = _light_visuals(urdf).get(link)
        return full() if path is None else body_maker(path)()

    return made


_light_visuals = cache(light_visuals)


@cache
def _full_visuals(urdf: Path) -> dict[str, Maker]:
    loader: Any = URDFLoader()
    loader.set_scene(sapien.Scene([sapien.physx.PhysxCpuSystem()]))
    builders = loader.parse(str(urdf))[0][0].link_builders
    return {builder.name: builder.build_render_component for builder in builders if builder.visual_records}

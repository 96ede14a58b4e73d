"""What a robot's links look like, by level of detail."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import sapien
import sapien.physx
from sapien.wrapper.urdf_loader import URDFLoader

from genworld_envs.detail import Level, Maker, body_maker
from genworld_envs.robots.level_of_detail import light_visuals


def robot_visuals(urdf: Path) -> dict[str, Mapping[Level, Maker]]:
    """For each link of `urdf` that can be seen: what makes its render body, by level. Takes a renderer."""
    light = light_visuals(urdf)
    return {
        name: {"full": full, "light": body_maker(light[name]) if name in light else full}
        for name, full in _full_visuals(urdf).items()
    }


@cache
def _full_visuals(urdf: Path) -> dict[str, Maker]:
    loader: Any = URDFLoader()
    loader.set_scene(sapien.Scene([sapien.physx.PhysxCpuSystem()]))
    builders = loader.parse(str(urdf))[0][0].link_builders
    return {builder.name: builder.build_render_component for builder in builders if builder.visual_records}

"""What a robot's links look like, by level of detail."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import sapien
import sapien.render
from sapien.wrapper.urdf_loader import URDFLoader

from genworld_envs.detail import Level

Makers = Mapping[Level, Callable[[], sapien.render.RenderBodyComponent]]


@cache
def robot_visuals(urdf: Path) -> dict[str, Makers]:
    """For each link of `urdf` that can be seen: what makes its render body, by level. Takes a renderer."""
    loader: Any = URDFLoader()
    loader.set_scene(sapien.Scene([sapien.physx.PhysxCpuSystem()]))
    builders = loader.parse(str(urdf))[0][0].link_builders
    return {
        builder.name: {"full": builder.build_render_component, "light": builder.build_render_component}
        for builder in builders
        if builder.visual_records
    }

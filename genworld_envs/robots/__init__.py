"""The robots, found by the name that users pass as `robot_uids`.

`panda`, `so100` and `widowx250s` are built in. Another package adds its own with an entry point in the group
`genworld.robots` whose value is a `RobotSpec`.
"""

from functools import cache
from importlib import import_module

from genworld_envs.robots.spec import CameraSpec, RobotSpec
from scene_hub.errors import InvalidOptionError
from scene_hub.plugins import load_plugin, plugin_names

GROUP = "genworld.robots"
_BUILT_IN = ("panda", "so100", "widowx250s")

__all__ = ["CameraSpec", "RobotSpec", "robot_names", "robot_spec"]


def robot_names() -> tuple[str, ...]:
    """The names of all robots: the built-in ones first."""
    return tuple(dict.fromkeys((*_BUILT_IN, *plugin_names(GROUP))))


@cache
def robot_spec(name: str) -> RobotSpec:
    """The robot called `name`; its ManiSkill agent is registered when this returns."""
    if name in _BUILT_IN:
        return import_module(f"genworld_envs.robots.{name}").SPEC
    spec = load_plugin(GROUP, name, "robot")
    if not isinstance(spec, RobotSpec):
        raise InvalidOptionError(
            f"entry point {name!r} of group {GROUP!r} gives a {type(spec).__name__}, not a RobotSpec"
        )
    return spec

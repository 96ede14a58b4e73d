"""Parts that other packages may add, found by name through Python's entry points.

Each kind of part (designers, generators, checks, robots) has an entry point group; ours are entered in the same way.
"""

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from scene_hub.errors import InvalidOptionError


def plugin_names(group: str) -> tuple[str, ...]:
    """The names in an entry point group, sorted."""
    return tuple(sorted(_points(group)))


def load_plugin(group: str, name: str, what: str) -> Any:
    """The object that the entry point `name` of `group` stands for.

    Raises:
        InvalidOptionError: there is no such name, or its package cannot be imported; `what` ("designer") is how the message
            calls the kind of part.
    """
    points = _points(group)
    if name not in points:
        raise InvalidOptionError.unknown(what, name, points)
    try:
        return points[name].load()
    except (ImportError, AttributeError) as error:
        raise InvalidOptionError(
            f"{what} {name!r} (entry point {points[name].value!r} of group {group!r}) cannot be loaded: {error}; "
            "reinstall or remove the package that provides it"
        ) from error


@cache
def _points(group: str) -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=group)}

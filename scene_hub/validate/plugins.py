"""Checks that others bring along: those of `genworld_envs` need an environment, a user's may need anything.

The value of an entry point in the group `genworld.checks` is a class that is made without arguments.
"""

from collections.abc import Sequence
from typing import Protocol

from scene_hub.dataset import SceneDataset
from scene_hub.errors import InvalidOptionError
from scene_hub.plugins import load_plugin, plugin_names
from scene_hub.schema import Check

GROUP = "genworld.checks"
ORDER = ("visible", "expert")
"""Ours, the quicker first; those of others follow."""


class SceneCheck(Protocol):
    """A check of one scene of a dataset."""

    def __call__(self, dataset: SceneDataset, scene_id: str) -> Check:
        """The outcome for a scene; its `name` is that of the check's entry point."""
        ...

    def close(self) -> None:
        """Free what the check holds."""
        ...


def check_names() -> tuple[str, ...]:
    """The names of all plug-in checks, in the order in which they run."""
    names = plugin_names(GROUP)
    return (*(name for name in ORDER if name in names), *(name for name in names if name not in ORDER))


def find_checks(names: Sequence[str] | None = None) -> dict[str, SceneCheck]:
    """The plug-in checks called `names` (None: all), by name; InvalidOptionError for one that there is not."""
    unknown = sorted(set(names or ()) - set(check_names()))
    if unknown:
        raise InvalidOptionError.unknown("check", unknown[0], check_names())
    wanted = check_names() if names is None else names
    return {name: load_plugin(GROUP, name, "check")() for name in check_names() if name in wanted}

"""The registry of categories: a decorator to enter one, functions to look one up."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass

from scene_hub.errors import InvalidOptionError
from scene_hub.generate.procedural.design import Design, Draft, RoleInTask
from scene_hub.schema import AssetKind


@dataclass(frozen=True)
class Category:
    """A parametric family of assets.

    `colors` are those it may have, `roles` what it can be in a task: "object" (a gripper can take it), "surface" or
    "container" (things rest on it, go into it), "stackable" (its like rests on it).
    """

    name: str
    make: Callable[[Draft], Design]
    kind: AssetKind
    colors: tuple[str, ...]
    roles: frozenset[RoleInTask]
    label: str


_CATEGORIES: dict[str, Category] = {}


def category(
    name: str,
    colors: tuple[str, ...],
    roles: tuple[RoleInTask, ...] = (),
    kind: AssetKind = "object",
    label: str | None = None,
) -> Callable[[Callable[[Draft], Design]], Callable[[Draft], Design]]:
    """Enters the decorated function in the registry; `label` is its name in a sentence (default: with spaces)."""

    def enter(make: Callable[[Draft], Design]) -> Callable[[Draft], Design]:
        if name in _CATEGORIES:
            raise ValueError(f"category {name!r} is registered twice")
        _CATEGORIES[name] = Category(name, make, kind, colors, frozenset(roles), label or name.replace("_", " "))
        return make

    return enter


def all_categories() -> tuple[Category, ...]:
    """Every category, sorted by name."""
    return tuple(_CATEGORIES[name] for name in sorted(_CATEGORIES))


def find(name: str) -> Category:
    """The category called `name`, or an InvalidOptionError that names the nearest."""
    if name in _CATEGORIES:
        return _CATEGORIES[name]
    near = difflib.get_close_matches(name.lower().replace(" ", "_"), list(_CATEGORIES), n=4, cutoff=0.5)
    if near:
        hint = f"did you mean {' or '.join(map(repr, near))}?"
    else:
        hint = f"there are {', '.join(sorted(_CATEGORIES))}"
    raise InvalidOptionError(f"unknown category {name!r}; {hint} (ProceduralGenerator().categories() lists all)")


def check_color(entry: Category, color: str) -> str:
    """`color` if the category comes in it, else an InvalidOptionError that names those it has."""
    if color not in entry.colors:
        raise InvalidOptionError(
            f"category {entry.name!r} does not come in color {color!r}; choose one of {', '.join(map(repr, entry.colors))}"
        )
    return color

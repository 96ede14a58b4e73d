"""The registry of categories: a decorator to enter one, functions to look one up."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass

from scene_hub.errors import InvalidOptionError
from scene_hub.generate.bundle import CategoryInfo, RoleInTask
from scene_hub.generate.materials import SUBSTANCES
from scene_hub.generate.procedural.design import Design, Draft
from scene_hub.schema import AssetKind


@dataclass(frozen=True)
class Category(CategoryInfo):
    """A parametric family of assets: what `CategoryInfo` says of it, and the function that makes one."""

    make: Callable[[Draft], Design] = lambda draft: Design([], [], "")


_CATEGORIES: dict[str, Category] = {}


def category(
    name: str,
    colors: tuple[str, ...],
    roles: tuple[RoleInTask, ...] = (),
    kind: AssetKind = "object",
    label: str | None = None,
    also: tuple[str, ...] = (),
    materials: tuple[str, ...] = (),
) -> Callable[[Callable[[Draft], Design]], Callable[[Draft], Design]]:
    """Enters the decorated function in the registry; `label` is its name in a sentence (default: with spaces).

    `materials` are the substances that may be asked for, the usual one first. The usual one the function makes without
    being told; any other it may make itself (`Draft.substance`, `Draft.made_of`), else the builder re-skins its design.
    """
    unknown = [substance for substance in materials if substance not in SUBSTANCES]
    if unknown:
        raise ValueError(f"category {name!r} offers {unknown}, which are not in materials.SUBSTANCES")

    def enter(make: Callable[[Draft], Design]) -> Callable[[Draft], Design]:
        if name in _CATEGORIES:
            raise ValueError(f"category {name!r} is registered twice")
        sentence_name = label or name.replace("_", " ")
        _CATEGORIES[name] = Category(
            name, kind, sentence_name, also, frozenset(roles), tuple(dict.fromkeys(colors)), materials, make
        )
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


def check_material(entry: Category, material: str) -> str:
    """`material` if the category can be made of it, else an InvalidOptionError that names what it can be made of."""
    if material not in entry.materials:
        choice = f"choose one of {', '.join(map(repr, entry.materials))}" if entry.materials else "it leaves no choice"
        raise InvalidOptionError(f"category {entry.name!r} does not come in material {material!r}; {choice}")
    return material

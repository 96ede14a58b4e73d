"""Generators: words in, assets out. `find_generator` finds them by name, ours and those of other packages."""

import inspect
from collections.abc import Sequence
from typing import Any

from scene_hub.errors import InvalidOptionError
from scene_hub.generate.bundle import AssetBundle, AssetRequest, CategoryInfo, Generator
from scene_hub.plugins import load_plugin

__all__ = ["GENERATORS", "GeneratorSet", "find_generator"]

GENERATORS = "genworld.generators"


def find_generator(names: Sequence[str] | str, **options: Any) -> Generator:
    """The generator called `names`; of several names ("procedural,embodiedgen", or a list) a `GeneratorSet` in that order.

    Names are entry points of the group `genworld.generators`. Each option goes to the generators that have a parameter of
    that name.

    Raises:
        InvalidOptionError: a name that does not exist, or an option that none of the generators takes.
    """
    wanted = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    if not wanted:
        raise InvalidOptionError("no generator is named; give one, such as 'procedural'")
    makers = [load_plugin(GENERATORS, name, "generator") for name in dict.fromkeys(wanted)]
    parameters = [_parameters(maker) for maker in makers]
    for option in options:
        if not any(option in its for its in parameters):
            raise InvalidOptionError.unknown(
                f"option of generator {', '.join(wanted)}", option, {name for its in parameters for name in its}
            )
    made = [
        maker(**{name: value for name, value in options.items() if name in its})
        for maker, its in zip(makers, parameters, strict=True)
    ]
    return made[0] if len(made) == 1 else GeneratorSet(made)


class GeneratorSet:
    """Several generators as one: a request goes to the first that knows its category.

    One with an empty vocabulary takes any words: it gets, if it is there, what no other knows.
    """

    def __init__(self, generators: Sequence[Generator]) -> None:
        self._generators = tuple(generators)
        self._known: dict[str, tuple[Generator, CategoryInfo]] = {}
        self._open: Generator | None = None
        for generator in self._generators:
            entries = generator.vocabulary()
            if not entries and self._open is None:
                self._open = generator
            for entry in entries:
                self._known.setdefault(entry.name, (generator, entry))

    def vocabulary(self) -> tuple[CategoryInfo, ...]:
        """Every category that one of them lists, sorted by name."""
        return tuple(self._known[name][1] for name in sorted(self._known))

    def generate(self, request: AssetRequest) -> AssetBundle:
        """What the responsible generator makes; InvalidOptionError where none is."""
        if request.category in self._known:
            return self._known[request.category][0].generate(request)
        if self._open is not None:
            return self._open.generate(request)
        raise InvalidOptionError.unknown("category", request.category, self._known)


def _parameters(maker: Any) -> frozenset[str]:
    """The names that a generator's class can be called with."""
    return frozenset(inspect.signature(maker).parameters)

"""From a sentence to a scene graph."""

import inspect
from typing import Any

from scene_hub.design.designer import Designer
from scene_hub.errors import InvalidOptionError
from scene_hub.generate.bundle import CategoryInfo
from scene_hub.plugins import load_plugin


def find_designer(name: str, vocabulary: tuple[CategoryInfo, ...], **options: Any) -> Designer:
    """The designer that the entry point `name` of the group `genworld.designers` makes, for what a generator can make.

    Raises InvalidOptionError for an unknown name, or an option that this designer does not take.
    """
    make = load_plugin("genworld.designers", name, "designer")
    accepted = inspect.signature(make).parameters
    takes_all = any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in accepted.values())
    strange = [] if takes_all else [option for option in options if option not in accepted]
    if strange:
        raise InvalidOptionError(
            f"designer {name!r} takes no option {strange[0]!r}; leave it out, or choose another designer"
        )
    return make(vocabulary, **options)

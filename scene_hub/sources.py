"""What a source string names: "starter", a folder, or a dataset on the Hub; or several of these, joined by commas."""

import importlib.resources
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from scene_hub.errors import InvalidOptionError
from scene_hub.hub.source import FORM, PREFIX, HubSource
from scene_hub.manifest import MANIFEST
from scene_hub.storage import Folder, Storage

BUNDLED_SOURCES = {"starter": "starter_data"}
Sources = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
"""One source, or several."""


class Source(NamedTuple):
    """Where a dataset lies.

    `name` is the source string that means exactly these data, `revision` the commit of a dataset on the Hub.
    """

    storage: Storage
    name: str
    revision: str | None = None


def source_names(sources: Sources) -> tuple[str, ...]:
    """The names of one source or several: a list, or a string that joins them by commas.

    A folder whose name has a comma is itself. Raises InvalidOptionError where there is none.
    """
    if isinstance(sources, str | os.PathLike):
        text = os.fspath(sources)
        names = [text] if "," not in text or Path(text).expanduser().exists() else text.split(",")
    else:
        names = [os.fspath(source) for source in sources]
    stripped = tuple(name.strip() for name in names)
    if not stripped or not all(stripped):
        raise InvalidOptionError(f"scenes={sources!r} names no scene source, or an empty one; {_choices()}")
    return stripped


def find_source(source: str | os.PathLike[str]) -> Source:
    """What `source` names: "starter" (bundled), the path of a dataset folder, or "hf://datasets/org/name@revision".

    A branch or tag (without one: main) is resolved to its commit here, once.

    Raises:
        InvalidOptionError: there is no such source.
        MissingRequirementError: the Hub cannot be reached, or does not let you in.
    """
    name = os.fspath(source)
    if name in BUNDLED_SOURCES:
        return Source(Folder(Path(str(importlib.resources.files("scene_hub"))) / BUNDLED_SOURCES[name]), name)
    if name.startswith(PREFIX):
        return _on_the_hub(HubSource.parse(name))
    folder = Path(name).expanduser()
    if "://" in name or not folder.exists():
        raise InvalidOptionError(f"unknown scene source {name!r}; {_choices()}")
    return Source(Folder(folder), name)


def pinned_source(sources: Sources) -> str:
    """The source string that means exactly the data that `sources` name now, in other processes, too."""
    return ",".join(find_source(name).name for name in source_names(sources))


def _on_the_hub(wanted: HubSource) -> Source:
    from scene_hub.hub.files import HubFiles, pin

    pinned = pin(wanted)
    return Source(HubFiles(pinned), str(pinned), pinned.revision)


def _choices() -> str:
    bundled = ", ".join(map(repr, BUNDLED_SOURCES))
    return (
        f"choose {bundled}, the path of a dataset folder (one with a {MANIFEST}; `scene_hub.dataset.write_dataset` makes "
        f"them), a dataset on the Hub, {FORM}, or several of these joined by commas"
    )

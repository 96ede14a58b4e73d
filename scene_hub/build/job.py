"""What is to be built: one `SceneJob` a scene, a `Recipe` for a dataset of them."""

import hashlib
from typing import Annotated

from pydantic import Field

from scene_hub.schema import Record, SceneGraph, Slug, Split, Text


class SceneJob(Record):
    """One scene to build.

    `instruction` goes to a designer, together with the number of `distractors`, the most `look_alikes` among them, and the
    categories `among` which all that the instruction does not name is chosen (None: all). A job with a `graph` needs no
    designer. Jobs with the same `backgrounds` share tables and rooms of one category and colour (None: each has its own), which
    keeps a dataset small.
    """

    id: Slug
    split: Split
    instruction: Text
    distractors: Annotated[int, Field(ge=0, le=8)] = 3
    look_alikes: Annotated[int, Field(ge=0, le=8)] = 1
    among: tuple[Slug, ...] | None = None
    graph: SceneGraph | None = None
    backgrounds: Slug | None = None


class Recipe(Record):
    """A dataset to build: its jobs, and the title and text (Markdown) of its card."""

    name: Slug
    title: Text
    description: Text
    jobs: tuple[SceneJob, ...]


def derived_seed(*parts: object) -> int:
    """A 31-bit seed that depends on nothing but `parts`, not on order, platform or process."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode("utf-8")).digest()
    return int.from_bytes(digest[:4], "big") >> 1

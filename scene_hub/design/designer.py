"""What a designer takes and gives: a `DesignRequest` in, a `SceneGraph` out."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from scene_hub.schema import SceneGraph


@dataclass(frozen=True)
class DesignRequest:
    """One scene to design.

    `instruction` is the task in English. `distractors` is how many other things stand around; up to `look_alikes` of them
    are of the object's own class in another colour, as far as the words of the instruction tell them apart. What the
    instruction does not name (distractors, table, room) comes from the categories of `among`, None meaning all. Equal
    requests give equal graphs from a designer that is deterministic.
    """

    instruction: str
    seed: int = 0
    distractors: int = 3
    look_alikes: int = 1
    among: frozenset[str] | None = None


@runtime_checkable
class Designer(Protocol):
    """Makes scene graphs of sentences. Found by name through the entry point group `genworld.designers`.

    The entry point's value is called with the vocabulary of the generator in use (a tuple of `CategoryInfo`) and, by name,
    with the options that the user gave.
    """

    def design(self, request: DesignRequest) -> SceneGraph:
        """The scene graph for `request`; InstructionError where the sentence cannot be understood or done."""
        ...

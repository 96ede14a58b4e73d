"""Invents pick-and-place and stacking tasks for what a generator can make: things that go together, in many phrasings.

Objects and receptacles take turns, so that every category is used about equally often.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from scene_hub.design.designer import Designer, DesignRequest
from scene_hub.errors import InstructionError, InvalidOptionError
from scene_hub.generate.bundle import RECEPTACLE_USE, AssetRequest, CategoryInfo, Generator, RoleInTask
from scene_hub.schema import Asset, SceneGraph, TaskFamily
from scene_hub.validate.checks import MAX_GRASP_WIDTH, receives

PHRASINGS: dict[TaskFamily, tuple[str, ...]] = {
    "put_in": (
        "put the {object} in the {receptacle}",
        "place the {object} in the {receptacle}",
        "put the {object} into the {receptacle}",
        "drop the {object} into the {receptacle}",
        "move the {object} into the {receptacle}",
        "pick up the {object} and put it in the {receptacle}",
        "pick up the {object} and place it inside the {receptacle}",
        "take the {object} and put it into the {receptacle}",
    ),
    "put_on": (
        "put the {object} on the {receptacle}",
        "place the {object} on the {receptacle}",
        "set the {object} down on the {receptacle}",
        "move the {object} onto the {receptacle}",
        "lay the {object} on the {receptacle}",
        "pick up the {object} and place it on the {receptacle}",
        "take the {object} and put it on the {receptacle}",
        "put the {object} on top of the {receptacle}",
    ),
    "stack": (
        "stack the {object} on the {receptacle}",
        "stack the {object} on top of the {receptacle}",
        "put the {object} on top of the {receptacle}",
        "place the {object} on top of the {receptacle}",
        "pick up the {object} and stack it on the {receptacle}",
    ),
    "pick": (
        "pick up the {object}",
        "grab the {object}",
        "lift the {object}",
        "pick the {object} up",
        "take the {object}",
    ),
}
SHARE_OF_FAMILIES: dict[TaskFamily, float] = {"put_in": 0.4, "put_on": 0.35, "stack": 0.25}
"""How often each family comes up where none is asked for."""
STACKS_OF_ONE_CLASS = 0.7
"""How often a thing is stacked on another of its own class, as in the paper; else on any that carries it."""
SIZE_MARGIN = 1.15
"""Other draws of a category than the typical one may be so much larger, and shall fit too."""
CAMERA_ELEVATION = np.deg2rad(36.0)
LEAST_VIEW = 2.2e-3
"""Square metres that a camera sees of a thing's bounding box: of less, it seldom covers the pixels that the check of
visibility wants."""
TRIES = 400
"""Draws for one task before giving up."""


@dataclass
class TaskInventor:
    """Invents tasks from the categories `among`.

    Args:
        generator: what makes the things; it needs a vocabulary.
        designer: has to understand each sentence, and as it is meant.
        among: categories that may be used; None: all.
        look_alikes: the object has to come in other colours too, so that look-alikes can stand around.
    """

    generator: Generator
    designer: Designer
    rng: np.random.Generator
    among: frozenset[str] | None = None
    look_alikes: bool = False
    samples: dict[tuple[str, RoleInTask], Asset] = field(default_factory=dict)
    """A typical asset for each category and use, from which sizes are read; may be shared between inventors."""

    def __post_init__(self) -> None:
        vocabulary = self.generator.vocabulary()
        if not vocabulary:
            raise InvalidOptionError(
                "tasks can be invented only for a generator with a vocabulary; give instructions with --task-file instead"
            )
        self._infos = {
            info.name: info
            for info in vocabulary
            if info.kind == "object" and (self.among is None or info.name in self.among)
        }
        self._turns: dict[str, list[str]] = {}
        self._said: set[str] = set()

    def invent(self, family: TaskFamily) -> str:
        """One more instruction of `family`, different from all before; InvalidOptionError where none can be found."""
        for _ in range(TRIES):
            sentence = self._try(family)
            if sentence is not None and sentence not in self._said:
                self._said.add(sentence)
                return sentence
        raise InvalidOptionError(
            f"no further {family} task can be made of {len(self._infos)} categories; ask for fewer scenes, or allow more"
        )

    def _try(self, family: TaskFamily) -> str | None:
        thing = self._infos[self._next(f"{family} object", self._objects(family))]
        words = {"object": self._phrase(thing, say_color=self.look_alikes)}
        receptacle: CategoryInfo | None = None
        if family != "pick":
            fitting = self._receptacles(family, thing)
            if not fitting:
                return None
            receptacle = self._infos[self._next(f"{family} receptacle", fitting)]
            words["receptacle"] = self._phrase(receptacle, other_than=words["object"])
        templates = PHRASINGS[family]
        sentence = templates[int(self.rng.integers(len(templates)))].format(**words)
        return sentence if self._understood(sentence, family, thing, receptacle) else None

    def _objects(self, family: TaskFamily) -> list[str]:
        wanted: set[RoleInTask] = {"object", "stackable"} if family == "stack" else {"object"}
        names = [
            name
            for name, info in self._infos.items()
            if wanted <= info.roles and (not self.look_alikes or len(info.colors) >= 3) and self._suitable(name)
        ]
        if not names:
            raise InvalidOptionError(f"there is no category that a {family} task could be about; allow more categories")
        return names

    def _receptacles(self, family: TaskFamily, thing: CategoryInfo) -> list[str]:
        role = RECEPTACLE_USE[family]
        small = self._sample(thing.name, "object")
        fitting = [
            name
            for name, info in self._infos.items()
            if role in info.roles
            and (name != thing.name or family == "stack")
            and receives(family, small, self._sample(name, role), SIZE_MARGIN)[0]
        ]
        if family == "stack" and thing.name in fitting and self.rng.random() < STACKS_OF_ONE_CLASS:
            return [thing.name]
        return fitting

    def _suitable(self, name: str) -> bool:
        """Whether grippers can take it and cameras can see it."""
        asset = self._sample(name, "object")
        narrowest = min((grasp.width for grasp in asset.grasps), default=np.inf)
        return bool(narrowest <= MAX_GRASP_WIDTH and view_of_box(asset.extents) >= LEAST_VIEW)

    def _sample(self, name: str, use: RoleInTask) -> Asset:
        if (name, use) not in self.samples:
            self.samples[name, use] = self.generator.generate(AssetRequest(name, 0, use=use)).asset
        return self.samples[name, use]

    def _next(self, turn: str, options: Sequence[str]) -> str:
        """The next of `options` whose turn it is; all have had one before any has another."""
        waiting = self._turns.setdefault(turn, [])
        allowed = [name for name in waiting if name in options]
        if not allowed:
            fresh = [name for name in sorted(self._infos) if name not in waiting]
            waiting += [fresh[i] for i in self.rng.permutation(len(fresh))]
            allowed = [name for name in waiting if name in options]
        waiting.remove(allowed[0])
        return allowed[0]

    def _phrase(self, info: CategoryInfo, say_color: bool = False, other_than: str | None = None) -> str:
        """ "red mug", "wooden bowl", or only "carrot" where nature leaves no choice of colour."""
        natural = len(info.colors) <= 4 and not say_color and self.rng.random() < 0.5
        if len(info.colors) <= 1 or natural:
            return info.label
        colors = [color for color in info.colors if other_than is None or not other_than.startswith(color)]
        color = colors[int(self.rng.integers(len(colors)))]
        return info.label if color in info.label.split() else f"{color} {info.label}"

    def _understood(
        self, sentence: str, family: TaskFamily, thing: CategoryInfo, receptacle: CategoryInfo | None
    ) -> bool:
        try:
            graph = self.designer.design(DesignRequest(sentence, distractors=0, look_alikes=0))
        except InstructionError:
            return False
        found = categories_by_role(graph)
        wanted = None if receptacle is None else receptacle.name
        return graph.task == family and found["object"] == thing.name and found.get("receptacle") == wanted


def view_of_box(extents: tuple[float, float, float]) -> float:
    """Square metres that a camera above sees of a standing box, averaged over its yaw: the top, and the sides that face it."""
    x, y, z = extents
    width = 2 * (x + y) / np.pi  # the mean width of a rectangle seen from a random side (Cauchy)
    return float(x * y * np.sin(CAMERA_ELEVATION) + width * z * np.cos(CAMERA_ELEVATION))


def categories_by_role(graph: SceneGraph) -> Mapping[str, str]:
    """The category of each role that occurs once: background, context, object, receptacle."""
    return {node.role: node.category for node in graph.nodes if node.role != "distractor"}


def families_in_turn(count: int, rng: np.random.Generator, family: TaskFamily | None = None) -> list[TaskFamily]:
    """`count` task families in random order, with the shares of SHARE_OF_FAMILIES; or all `family`."""
    if family is not None:
        return [family] * count
    names = list(SHARE_OF_FAMILIES)
    edges = np.round(np.cumsum([SHARE_OF_FAMILIES[name] for name in names]) * count).astype(int)
    sizes = np.diff([0, *edges])
    families = [name for name, size in zip(names, sizes, strict=True) for _ in range(size)]
    return [families[i] for i in rng.permutation(count)]

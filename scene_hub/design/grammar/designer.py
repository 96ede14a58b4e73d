"""`GrammarDesigner`: from an English sentence to a scene graph, offline, the same for the same request."""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from scene_hub.design.designer import DesignRequest
from scene_hub.design.grammar import surroundings
from scene_hub.design.grammar.lexicon import Lexicon, Use, role_order
from scene_hub.design.grammar.parsing import ParsedInstruction, parse
from scene_hub.design.grammar.sentence import Phrase, needs_fixing
from scene_hub.design.grammar.things import Thing
from scene_hub.design.grammar.words import DESCRIPTIVE, KINDS, PLACES, colors_tell_apart, singular_forms
from scene_hub.errors import InstructionError, InvalidOptionError
from scene_hub.generate.bundle import CategoryInfo, RoleInTask
from scene_hub.schema import AssetKind, Node, Relation, Role, SceneGraph, TaskFamily

DESCRIPTION_WORDS = 15

_FINISHES = {
    "ceramic": "glazed ceramic", "glass": "clear glass", "steel": "brushed metal", "copper": "polished copper",
    "stone": "speckled stone", "wood": "visible wood grain", "plastic": "smooth plastic", "rubber": "matte rubber",
    "wicker": "woven wicker", "cork": "natural cork", "cardboard": "printed cardboard", "paper": "matte paper",
    "food": "natural and fresh", "foam": "soft foam", "felt": "fuzzy felt", "wax": "smooth wax", "soap": "smooth soap",
    "fabric": "woven fabric", "leather": "grained leather", "plaster": "matte plaster",
}  # fmt: skip

# Materials that a person may take for one another on a picture.
_ALIKE = ("cardboard paper", "steel copper", "fabric felt leather", "ceramic stone plaster", "plastic rubber wax soap",
          "wood cork wicker cardboard")  # fmt: skip
# Colours that a thing of another material should not have where the material tells two apart.
_COLORS_OF = {
    "steel": "silver gold", "copper": "brown gold", "wood": "brown beige", "wicker": "brown beige", "cork": "brown beige",
    "cardboard": "brown beige", "leather": "brown black", "stone": "gray", "glass": "white", "ceramic": "white",
}  # fmt: skip


@dataclass(frozen=True)
class _Meaning:
    """What a sentence asks for."""

    task: TaskFamily
    object: Thing
    receptacle: Thing | None = None

    @property
    def targets(self) -> tuple[Thing, ...]:
        return (self.object,) if self.receptacle is None else (self.object, self.receptacle)


class GrammarDesigner:
    """Understands pick-and-place and stacking instructions in free English; implements `scene_hub.design.designer.Designer`.

    `vocabulary` is what the generator in use can make. Raises InvalidOptionError where it has no objects, tables or rooms.
    """

    def __init__(self, vocabulary: tuple[CategoryInfo, ...]) -> None:
        self._vocabulary = tuple(sorted(vocabulary, key=lambda info: info.name))
        missing = [kind for kind in ("object", "table", "room") if not self._of_kind(kind)]
        if missing:
            raise InvalidOptionError(
                f"the grammar designer needs a generator that lists its categories, but this one has no "
                f"{' and no '.join(missing)}; use generator 'procedural' as well, or designer 'llm'"
            )
        self._lexicon = Lexicon(self._vocabulary)
        heads = {
            noun for info in self._of_kind("object") if info.roles - {"object"} for noun in surroundings.nouns(info)
        }
        self._places = PLACES - heads
        self._names = frozenset(name for name in self._lexicon.names if needs_fixing(name))

    def design(self, request: DesignRequest) -> SceneGraph:
        """The scene graph for `request`.

        Raises InstructionError with the words that are the trouble, InvalidOptionError for a request that leaves no choice.
        """
        if request.distractors < 0 or request.look_alikes < 0:
            raise InvalidOptionError(
                f"distractors {request.distractors} and look_alikes {request.look_alikes} must not be negative"
            )
        parsed = parse(request.instruction, self._places, self._names)
        rng = np.random.default_rng([request.seed, zlib.crc32(parsed.text.lower().encode())])
        meaning = _told_apart(self._meaning(parsed), rng)
        nodes = self._place_nodes(meaning, request, rng)
        nodes += [
            _target_node(thing, role) for thing, role in zip(meaning.targets, ("object", "receptacle"), strict=False)
        ]
        nodes += self._distractor_nodes(meaning, request, rng)
        return _graph(parsed.text, meaning.task, nodes)

    # The sentence

    def _meaning(self, parsed: ParsedInstruction) -> _Meaning:
        target = self._lexicon.thing(parsed.object, "object")
        if parsed.receptacle is None or parsed.relation is None:
            _refuse_fragment(parsed, target)
            return _Meaning("pick", target)
        use: Use = "stack" if parsed.action == "stack" and parsed.relation != "in" else parsed.relation
        phrase, use = self._goal(parsed, parsed.receptacle, use)
        receptacle = self._lexicon.thing(phrase, use, target)
        _refuse_fragment(parsed, target, receptacle)
        if receptacle.signature == target.signature and not receptacle.other and not target.other:
            raise InstructionError(
                f"object and receptacle are the same ({target.label!r}); say what tells them apart, as in "
                "'stack the red block on the blue block', or 'on another'"
            )
        return _Meaning(_task(use, target.info, receptacle.info, receptacle.noun), target, receptacle)

    def _goal(self, parsed: ParsedInstruction, phrase: Phrase, use: Use) -> tuple[Phrase, Use]:
        """The goal, or the place before it where only that is a receptacle ("in the pot on the stove")."""
        if parsed.others and not self._lexicon.names_receptacle(phrase, use):
            for relation, other in parsed.others:
                if self._lexicon.names_receptacle(other, relation):
                    return other, relation
        return phrase, use

    # What it leaves open

    def _of_kind(self, kind: AssetKind) -> list[CategoryInfo]:
        return [info for info in self._vocabulary if info.kind == kind]

    def _choices(self, kind: AssetKind, request: DesignRequest) -> list[CategoryInfo]:
        return [info for info in self._of_kind(kind) if request.among is None or info.name in request.among]

    def _place_nodes(self, meaning: _Meaning, request: DesignRequest, rng: np.random.Generator) -> list[Node]:
        things = [thing.info for thing in meaning.targets]
        rooms, tables = self._choices("room", request), self._choices("table", request)
        if not rooms or not tables:
            raise InvalidOptionError(
                f"the categories to choose among have no {'table' if rooms else 'room'}; add one of "
                + ", ".join(repr(info.name) for info in self._of_kind("table" if rooms else "room"))
            )
        room = surroundings.fitting_room(rooms, things, rng)
        table = surroundings.fitting_table(tables, things, rng)
        return [
            Node(name="room", role="background", category=room.name, label=room.label, description=f"{room.label} interior"),
            Node(name="table", role="context", category=table.name, label=table.label, description=f"empty {table.label}"),
        ]  # fmt: skip

    def _distractor_nodes(self, meaning: _Meaning, request: DesignRequest, rng: np.random.Generator) -> list[Node]:
        allowed = request.among is None or meaning.object.info.name in request.among
        nodes = _look_alikes(meaning, min(request.look_alikes, request.distractors), rng) if allowed else []
        said = [form for thing in meaning.targets for form in singular_forms(thing.noun.split()[-1])]
        # "The fruit" could be any fruit, so nothing that is at home where fruit is may stand beside it.
        home = frozenset[str]().union(
            *(surroundings.themes(thing.info) for thing in meaning.targets if thing.noun in KINDS)
        )
        choices = [info for info in self._choices("object", request) if not surroundings.themes(info) & home]
        labels = [thing.label for thing in meaning.targets]
        infos = surroundings.others(choices, [thing.info for thing in meaning.targets], said, rng)
        infos = [info for info in infos if not surroundings.may_be_called(info, labels)]
        taken: set[str] = set()
        for info in infos:
            if len(nodes) < request.distractors and not surroundings.nouns(info) & taken:
                nodes.append(_distractor(info, _any_color(info, rng)))
                taken |= surroundings.nouns(info)
        # A short list of choices: the same kinds of things again, in other colours.
        spare = ((info, color) for info in infos for color in info.colors)
        while len(nodes) < request.distractors and (choice := next(spare, None)) is not None:
            kin = [node.color for node in nodes if node.category == choice[0].name]
            if all(other is not None and colors_tell_apart(choice[1], other) for other in kin):
                nodes.append(_distractor(*choice))
        return nodes


# ------------------------------------------------------------------------------------------------------------- meaning


def _refuse_fragment(parsed: ParsedInstruction, *things: Thing) -> None:
    """Without a verb ("apple in bowl") every word has to be known, or it may be a sentence about something else."""
    strange = [word for thing in things for word in thing.unknown if word not in DESCRIPTIVE]
    if parsed.bare and strange:
        raise InstructionError(
            f"{parsed.text!r} is not understood (word {strange[0]!r}): say in English what is to be put where, such as "
            "'put the red mug on the tray'"
        )


def _task(use: Use, target: CategoryInfo, receptacle: CategoryInfo, noun: str) -> TaskFamily:
    """The task that comes to what the sentence says, by what the receptacle can be."""
    if "stackable" in receptacle.roles and (use == "stack" or (use in ("on", "to") and target == receptacle)):
        return "stack"
    role: RoleInTask = next(role for role in role_order(noun, use) if role in receptacle.roles)
    return "put_in" if role == "container" else "put_on"


def _told_apart(meaning: _Meaning, rng: np.random.Generator) -> _Meaning:
    """Where both targets are called the same, with colours that tell them apart."""
    target, receptacle = meaning.object, meaning.receptacle
    if receptacle is None or (target.info != receptacle.info and target.noun != receptacle.noun):
        return meaning
    if (target.size, target.material) != (receptacle.size, receptacle.material) and target.color == receptacle.color:
        return meaning
    if target.color is None:
        against = [receptacle.color] if receptacle.color else []
        target = replace(target, color=surroundings.contrasting(target.info.colors, against, rng))
    if receptacle.color is None and target.color is not None:
        receptacle = replace(receptacle, color=surroundings.contrasting(receptacle.info.colors, [target.color], rng))
    if target.color is None or receptacle.color is None or target.color == receptacle.color:
        raise InstructionError(
            f"{target.label!r} and {receptacle.label!r} cannot be told apart: both would be {target.color or 'alike'}; "
            f"a {target.info.label} comes in {', '.join(target.info.colors)}"
        )
    return replace(meaning, object=target, receptacle=receptacle)


def _look_alikes(meaning: _Meaning, count: int, rng: np.random.Generator) -> list[Node]:
    """Up to `count` things of the object's class that the words for the targets exclude, by their colour or material."""
    target, receptacle, info = meaning.object, meaning.receptacle, meaning.object.info
    kin = receptacle is not None and bool(surroundings.nouns(receptacle.info) & surroundings.nouns(info))
    if kin and receptacle is not None and not receptacle.says_color:
        return []
    if not target.says_color and target.material is None:
        return []
    alike = {name for names in _ALIKE if target.material in names.split() for name in names.split()} | {target.material}
    materials = [None] if target.says_color else [name for name in info.materials if name not in alike]
    against = [target.color or "", *_COLORS_OF.get(target.material or "", "").split()]
    against += [receptacle.color or ""] if kin and receptacle is not None else []
    nodes: list[Node] = []
    while len(nodes) < count and materials:
        color = surroundings.contrasting(info.colors, [*against, *(node.color or "" for node in nodes)], rng)
        if color is None:
            break
        nodes.append(_distractor(info, color, materials[int(rng.integers(len(materials)))]))
    return [node for node in nodes if not any(_may_be_called(node, thing.label) for thing in meaning.targets)]


def _may_be_called(node: Node, label: str) -> bool:
    """Whether the words for a target fit a thing too, as where its colour is said behind its name ("the mug that is red")."""
    words = surroundings.words_of(f"{node.label} {node.category.replace('_', ' ')} {node.color} {node.material}")
    return surroundings.words_of(label) <= words


# --------------------------------------------------------------------------------------------------------------- nodes


def _target_node(thing: Thing, role: Role) -> Node:
    words = thing.label.split()
    extra = [thing.color] if thing.color and thing.color not in words else []
    substance = thing.material or (thing.info.materials[0] if thing.info.materials else None)
    return Node(
        name=_slug(thing.label),
        role=role,
        category=thing.info.name,
        label=thing.label,
        description=_description(" ".join([*extra, *words]), substance),
        color=thing.color,
        material=thing.material,
        size=thing.size,
    )


def _distractor(info: CategoryInfo, color: str | None, material: str | None = None) -> Node:
    label = info.label if color is None or color in info.label.split() else f"{color} {info.label}"
    substance = material or (info.materials[0] if info.materials else None)
    return Node(
        name=_slug(label),
        role="distractor",
        category=info.name,
        label=label,
        description=_description(label, substance),
        color=color,
        material=material,
    )


def _any_color(info: CategoryInfo, rng: np.random.Generator) -> str | None:
    return info.colors[int(rng.integers(len(info.colors)))] if info.colors else None


def _description(name: str, substance: str | None) -> str:
    """A style description for generators that work from text, at most 15 words."""
    finish = _FINISHES.get(substance or "", substance or "plain")
    ending = f", {finish}, realistic household scale"
    return " ".join(name.split()[: DESCRIPTION_WORDS - len(ending.split()) + 1]) + ending


def _slug(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:100] or "thing"


def _graph(text: str, task: TaskFamily, nodes: Sequence[Node]) -> SceneGraph:
    """Everything stands on the table, the table on the floor of the room; node names are made unique."""
    named: list[Node] = []
    for node in nodes:
        names = {other.name for other in named}
        number = next(n for n in range(1, len(nodes) + 2) if (node.name if n == 1 else f"{node.name}_{n}") not in names)
        named.append(node if number == 1 else node.model_copy(update={"name": f"{node.name}_{number}"}))
    relations = [Relation(subject="table", predicate="FLOOR", target="room")]
    relations += [Relation(subject=node.name, predicate="ON", target="table") for node in named[2:]]
    return SceneGraph(instruction=text, task=task, nodes=tuple(named), relations=tuple(relations))

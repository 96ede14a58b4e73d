"""What a layout's task description says about its things: which is taken, which receives it, and in which words.

The grammar of `scene_hub.design` reads the sentence; where it cannot ("put the lid in the place of ..."), prepositions before a
thing's name decide, and last its form. An instruction that names both targets is kept; else one is made of their names.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scene_hub.design.grammar.lexicon import role_order
from scene_hub.design.grammar.parsing import ParsedInstruction, parse
from scene_hub.design.grammar.words import singular_forms
from scene_hub.errors import InstructionError
from scene_hub.schema import TaskFamily

Relation = Literal["in", "on", "to"]
_PLACES = r"\b(?P<relation>on top of|inside|into|onto|in|on|to)\s+(?:the|a|an|its|his|her|my|your)?\s*(?:\w+\s+){0,3}?"
_BUILT: dict[TaskFamily, str] = {
    "put_in": "put the {object} in the {receptacle}",
    "put_on": "put the {object} on the {receptacle}",
    "stack": "stack the {object} on the {receptacle}",
    "pick": "pick up the {object}",
}


@dataclass(frozen=True)
class NamedThing:
    """A thing with what it may be called, the best name first, its colour, and what it can be for others."""

    names: tuple[str, ...]
    color: str | None = None
    receives: Literal["container", "surface"] | None = None

    @property
    def noun(self) -> str:
        return self.names[0].split()[-1]


@dataclass(frozen=True)
class Wording:
    """The task in words: `object` and `receptacle` are indices of things, with the labels that the instruction has for them."""

    task: TaskFamily
    instruction: str
    object: int
    object_label: str
    receptacle: int | None = None
    receptacle_label: str | None = None


def worded(sentence: str, things: Sequence[NamedThing], manipulated: int) -> Wording:
    """The task that `sentence` asks for, about `things`, of which the first `manipulated` are said to be its targets."""
    parsed = _parsed(sentence)
    taken = _taken(parsed, things, manipulated)
    receptacle, relation = _receiver(sentence, parsed, things, manipulated, taken)
    if receptacle is None:
        return _pick(sentence, parsed, things, taken)
    task = _family(parsed, relation, things[taken], things[receptacle])
    labels = [_said(sentence, things[index]) for index in (taken, receptacle)]
    first, second = labels
    if parsed is not None and parsed.receptacle is not None and first and second and first != second:
        return Wording(task, sentence, taken, first, receptacle, second)
    first, second = things[taken].names[0], things[receptacle].names[0]
    if first == second:
        first, second = _colored(things[taken]), _colored(things[receptacle])
    instruction = _BUILT[task].format(object=first, receptacle=second)
    return Wording(task, instruction, taken, first, receptacle, second)


def _pick(sentence: str, parsed: ParsedInstruction | None, things: Sequence[NamedThing], taken: int) -> Wording:
    label = _said(sentence, things[taken])
    if parsed is not None and parsed.receptacle is None and label:
        return Wording("pick", sentence, taken, label)
    name = things[taken].names[0]
    return Wording("pick", _BUILT["pick"].format(object=name), taken, name)


def _parsed(sentence: str) -> ParsedInstruction | None:
    try:
        return parse(sentence)
    except InstructionError:
        return None


def _taken(parsed: ParsedInstruction | None, things: Sequence[NamedThing], manipulated: int) -> int:
    """The first of the manipulated, unless the sentence says that another of them is the one to take."""
    found = None if parsed is None else _best(parsed.object.words, things, range(manipulated))
    return 0 if found is None else found


def _receiver(
    sentence: str, parsed: ParsedInstruction | None, things: Sequence[NamedThing], manipulated: int, taken: int
) -> tuple[int | None, Relation | None]:
    """What receives the object, and how the sentence says that it gets there; None where it is only to be picked up."""
    targets = [index for index in range(manipulated) if index != taken]
    others = [*targets, *range(manipulated, len(things))]
    if parsed is not None:
        if parsed.receptacle is None:
            return None, None
        for places in (targets, others):
            found = _best(parsed.receptacle.words, things, places)
            if found is not None:
                return found, parsed.relation
        return (targets[0], parsed.relation) if targets else (None, None)
    for index in others:
        relation = _relation_before(sentence, things[index])
        if relation is not None:
            return index, relation
    able = [index for index in targets if things[index].receives is not None]
    return (able[0] if able else None), None


def _best(words: Sequence[str], things: Sequence[NamedThing], among: Sequence[int] | range) -> int | None:
    """The thing that a phrase names: its noun is the phrase's, and most of its other words are there too."""
    nouns, said = set(singular_forms(words[-1])), set(words)
    scored = [
        (-len(said & set(name.split())), len(name.split()), index)
        for index in among
        for name in things[index].names
        if nouns & set(singular_forms(name.split()[-1]))
    ]
    return min(scored)[2] if scored else None


def _relation_before(sentence: str, thing: NamedThing) -> Relation | None:
    for name in thing.names:
        found = re.search(_PLACES + rf"{re.escape(name)}\b", sentence.lower())
        if found:
            word = found["relation"]
            return "in" if word in ("in", "into", "inside") else "to" if word == "to" else "on"
    return None


def _family(
    parsed: ParsedInstruction | None, relation: Relation | None, target: NamedThing, receptacle: NamedThing
) -> TaskFamily:
    """The task family: what the words say, where the receptacle's form allows it."""
    stacks = parsed is not None and parsed.action == "stack"
    if relation != "in" and (stacks or (relation == "on" and target.noun == receptacle.noun)):
        return "stack"
    if relation == "in":
        return "put_on" if receptacle.receives == "surface" else "put_in"
    if relation == "on" and role_order(receptacle.noun, "on")[0] != "container":
        return "put_on"
    return "put_in" if receptacle.receives == "container" else "put_on"


def _said(sentence: str, thing: NamedThing) -> str | None:
    """The longest of a thing's names, or of their ends ("sharpener"), that the sentence has word by word."""
    text = sentence.lower()
    ends = {" ".join(name.split()[start:]) for name in thing.names for start in range(len(name.split()))}
    found = [end for end in ends if re.search(rf"\b{re.escape(end)}\b", text)]
    return max(found, key=lambda end: (len(end), end), default=None)


def _colored(thing: NamedThing) -> str:
    name = thing.names[0]
    return name if thing.color is None or thing.color in name.split() else f"{thing.color} {name}"

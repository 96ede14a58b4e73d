"""Whether a scene graph is a sound answer to a request: it can be made, it is what the sentence says, and no word of the
sentence fits two things.

`graph_problems` trusts nothing about the designer that made the graph. Each problem is a sentence that says what would be
right.
"""

import difflib
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from scene_hub.design.designer import DesignRequest
from scene_hub.design.grammar.words import COLOR_WORDS, MATERIAL_WORDS, colors_tell_apart, singular_forms
from scene_hub.generate.bundle import CategoryInfo, RoleInTask
from scene_hub.generate.materials import COLORS
from scene_hub.schema import AssetKind, Node, Role, SceneGraph, TaskFamily

MISSING_DISTRACTORS = 1
LABEL_WORDS = 6
DESCRIPTION_WORDS = 15
# The end of what stands before the place where something goes to, and the small words that may be between.
_GOAL = re.compile(r"\b(on|onto|in|into|inside|within|atop|upon|over|to|(top|inside) of)$")
_SMALL_WORDS = frozenset(
    {"the", "a", "an", "my", "your", "our", "his", "her", "their", "this", "that", "another", "other"}
)

KINDS: dict[Role, AssetKind] = {
    "background": "room",
    "context": "table",
    "object": "object",
    "receptacle": "object",
    "distractor": "object",
}
RECEIVES: dict[TaskFamily, tuple[RoleInTask, ...]] = {
    "put_on": ("surface", "stackable"),
    "put_in": ("container",),
    "stack": ("stackable",),
    "pick": (),
}


def graph_problems(graph: SceneGraph, vocabulary: tuple[CategoryInfo, ...], request: DesignRequest) -> tuple[str, ...]:
    """What is wrong with `graph` as an answer to `request`, made of `vocabulary`; empty where it is sound.

    With an empty vocabulary every category, colour and material can be made, and only the words are checked.
    """
    known = {info.name: info for info in vocabulary}
    problems = [problem for node in graph.nodes for problem in _thing_problems(node, known, request)]
    problems += _role_problems(graph, known)
    problems += _word_problems(graph, known)
    problems += _distractor_problems(graph, known, request)
    return tuple(problems)


# --------------------------------------------------------------------------------------------------------- single things


def _thing_problems(node: Node, known: Mapping[str, CategoryInfo], request: DesignRequest) -> Iterator[str]:
    """Whether `node` can be made: category, kind, colour, material."""
    if not _words(node.label):
        yield f"{_who(node)}: the label has no word"
    if len(node.description.split()) > DESCRIPTION_WORDS:
        yield f"{_who(node)}: the description has more than {DESCRIPTION_WORDS} words"
    named = node.role in ("object", "receptacle")
    if request.among is not None and not named and node.category not in request.among:
        yield f"{_who(node)}: category {node.category!r} is not among the choices for what the instruction does not name"
    if not known:
        return
    info = known.get(node.category)
    if info is None:
        near = difflib.get_close_matches(node.category, list(known), n=4, cutoff=0.5)
        hint = f"; the nearest are {_listed(near)}" if near else ""
        yield f"{_who(node)}: there is no category {node.category!r}{hint}"
        return
    if info.kind != KINDS[node.role]:
        yield f"{_who(node)}: category {node.category!r} is of kind {info.kind}, but kind {KINDS[node.role]} is needed"
    for what, word, choices in (("color", node.color, info.colors), ("material", node.material, info.materials)):
        if word is not None and word not in choices:
            offer = f"choose one of {_listed(choices)} or null" if choices else "only null is possible"
            yield f"{_who(node)}: category {node.category!r} does not come in {what} {word!r}; {offer}"


def _role_problems(graph: SceneGraph, known: Mapping[str, CategoryInfo]) -> Iterator[str]:
    """Whether the targets can do what the task asks of them."""
    for node in _targets(graph):
        info = known.get(node.category)
        if info is None:
            continue
        needed = _needed(node, graph.task)
        if not info.roles.intersection(needed):
            yield (
                f"{_who(node)}: category {node.category!r} can be {_listed(sorted(info.roles)) or 'no target'}, but the "
                f"{node.role} of task {graph.task!r} has to be {' or '.join(needed)}; take another category or task"
            )


# ----------------------------------------------------------------------------------------------------------------- words


def _word_problems(graph: SceneGraph, known: Mapping[str, CategoryInfo]) -> Iterator[str]:
    """Whether the labels are the words of the instruction, and agree with category and colour."""
    colors = _color_words(known)
    instruction = _words(graph.instruction)
    for node in graph.nodes:
        named = [word for word in _adjectives(node, known) if word in colors]
        if KINDS[node.role] != "object":
            continue
        if named and node.color not in _colors_said(node, known):
            yield f"{_who(node)}: the label says {named[0]!r}, but the color is {_shown(node.color)}"
        yield from _meaning_problems(node, graph.task, known)
    for node in _targets(graph):
        label = _words(node.label)
        before = [instruction[at - 1] if at else "" for at in _occurrences(label, instruction)]
        if not before:
            yield f"{_who(node)}: the label does not occur in the instruction; take its very words"
        elif all(word in colors for word in before):
            yield f"{_who(node)}: the label leaves out {before[0]!r}, which stands before it in the instruction"
        if len(label) > LABEL_WORDS:
            yield f"{_who(node)}: the label has more than {LABEL_WORDS} words; it is only what the thing is called"
    yield from _target_problems(graph)
    yield from _direction_problems(graph, instruction)


def _direction_problems(graph: SceneGraph, instruction: list[str]) -> Iterator[str]:
    """Whether the receptacle is where the sentence says that the object goes to, and not the other way round."""
    at_goal = [_at_goal(_words(node.label), instruction) for node in _targets(graph)]
    if at_goal == [True, False]:
        yield "object and receptacle are the wrong way round: the object is what is moved, the receptacle where it goes to"


def _at_goal(label: list[str], instruction: list[str]) -> bool:
    """Whether `label` stands right behind a word such as "onto", wherever it occurs."""
    starts = _occurrences(label, instruction)
    before = [" ".join(word for word in instruction[:at] if word not in _SMALL_WORDS) for at in starts]
    return bool(before) and all(map(_GOAL.search, before))


def _meaning_problems(node: Node, task: TaskFamily, known: Mapping[str, CategoryInfo]) -> Iterator[str]:
    """Whether the label is the name of another category that could do the same."""
    label = _phrase(node.label)
    fitting = [info for info in known.values() if info.kind == "object"]
    if node.role != "distractor":
        fitting = [info for info in fitting if info.roles.intersection(_needed(node, task))]
    ends = [(len(name), info.name) for info in fitting for name in _names(info) if _ends_with(label, name)]
    meant = sorted({name for length, name in ends if length == max(ends)[0]})
    if meant and node.category not in meant:
        yield f"{_who(node)}: the label names {_listed(meant)}, but the category is {node.category!r}"


def _target_problems(graph: SceneGraph) -> Iterator[str]:
    """Whether object and receptacle are two things."""
    targets = _targets(graph)
    if len(targets) < 2:
        return
    first, second = targets
    if _words(first.label) == _words(second.label):
        yield f"object and receptacle have the same label {first.label!r}; they have to be two things"
    pairs = ((first.color, second.color), (first.material, second.material), (first.size, second.size))
    if first.category == second.category and not any(a and b and a != b for a, b in pairs):
        yield (
            f"object and receptacle are both {first.category!r}: give them different colors, as the instruction has them"
        )


def _distractor_problems(graph: SceneGraph, known: Mapping[str, CategoryInfo], request: DesignRequest) -> Iterator[str]:
    """Whether there are as many distractors as asked for, each told apart from the targets by the instruction's words."""
    distractors = [node for node in graph.nodes if node.role == "distractor"]
    fewest = max(min(request.distractors, 1), request.distractors - MISSING_DISTRACTORS)
    if not fewest <= len(distractors) <= request.distractors:
        yield f"there have to be {request.distractors} distractors, but there are {len(distractors)}"
    labels = Counter(" ".join(_words(node.label)) for node in (*_targets(graph), *distractors))
    for label in [label for label, count in labels.items() if count > 1]:
        yield f"label {label!r} is used {labels[label]} times; labels have to differ"
    targets = _targets(graph)
    for node in distractors:
        for target in targets:
            if _confusable(node, target, known) and not _told_apart(node, target, graph, known):
                yield (
                    f"{_who(node)} could be meant by the words {target.label!r}: take another category, or, if these words "
                    "name its color or material, a clearly different one"
                )
    alike = [node for node in distractors if node.category == targets[0].category]
    if len(alike) > request.look_alikes:
        yield f"{len(alike)} distractors are of the object's category; at most {request.look_alikes} may be"


def _confusable(node: Node, target: Node, known: Mapping[str, CategoryInfo]) -> bool:
    """Whether the noun of `target` could mean `node`."""
    if node.category == target.category:
        return True
    names = {_phrase(node.label), *_names(known.get(node.category))}
    if any(_same(name, other) for name in names for other in _names(known.get(target.category))):
        return True
    return any(_ends_with(name, _noun(target, known)) for name in names)


def _told_apart(node: Node, target: Node, graph: SceneGraph, known: Mapping[str, CategoryInfo]) -> bool:
    """Whether colour or material tells them apart: the sentence names the target's, and `node` has another one."""
    if target.color is not None and node.color is not None and target.color in _colors_said(target, known, graph):
        return colors_tell_apart(node.color, target.color)
    materials = {name for said in _said(target, known, graph) for name in MATERIAL_WORDS.get(said, (said,))}
    return target.material in materials and node.material is not None and node.material != target.material


# ------------------------------------------------------------------------------------------------------- words and names


def _targets(graph: SceneGraph) -> list[Node]:
    """The object, then the receptacle if there is one."""
    return [node for role in ("object", "receptacle") for node in graph.nodes if node.role == role]


def _needed(node: Node, task: TaskFamily) -> tuple[RoleInTask, ...]:
    return ("object",) if node.role == "object" else RECEIVES[task]


def _said(node: Node, known: Mapping[str, CategoryInfo], graph: SceneGraph | None = None) -> list[str]:
    """What the label says of a thing, as single words and pairs; with `graph` also the instruction beyond all labels
    ("the mug, the red one")."""
    words = _adjectives(node, known)
    said = [*words, *(f"{first} {second}" for first, second in itertools.pairwise(words))]
    if graph is not None:
        labels = {word for target in _targets(graph) for word in _words(target.label)}
        said += [word for word in _words(graph.instruction) if word not in labels]
    return said


def _colors_said(node: Node, known: Mapping[str, CategoryInfo], graph: SceneGraph | None = None) -> set[str]:
    """The colours that these words may stand for ("navy": blue)."""
    return {name for said in _said(node, known, graph) for name in (said.replace(" ", "_"), *COLOR_WORDS.get(said, ()))}


def _color_words(known: Mapping[str, CategoryInfo]) -> frozenset[str]:
    return frozenset(COLORS).union(*(info.colors for info in known.values()))


def _words(text: str) -> list[str]:
    """Lower-case words; "grey" is written "gray"."""
    words = re.findall(r"\w+(?:'\w+)?", text.casefold().replace("_", " "))
    return ["gray" if word == "grey" else word for word in words]


def _phrase(text: str) -> str:
    return " ".join(_words(text))


def _names(info: CategoryInfo | None) -> set[str]:
    """What a category is called."""
    return set() if info is None else {_phrase(name) for name in (info.name, info.label, *info.also)} - {""}


def _same(text: str, name: str) -> bool:
    """Whether two phrases are the same, up to a plural."""
    return text.count(" ") == name.count(" ") and _ends_with(text, name)


def _ends_with(text: str, name: str) -> bool:
    """Whether the last words of `text` are `name`, up to a plural: the red apples are apples."""
    *before, last = name.split(" ")
    *text_before, text_last = text.split(" ")
    if before and text_before[-len(before) :] != before:
        return False
    return bool(last) and not set(singular_forms(text_last)).isdisjoint(singular_forms(last))


def _noun(node: Node, known: Mapping[str, CategoryInfo]) -> str:
    """What the label calls the thing, less its adjectives: an orange is an orange, but a red apple is an apple."""
    label = _phrase(node.label)
    names = _names(known.get(node.category)) | {_phrase(node.category)}
    looks = _color_words(known).union(MATERIAL_WORDS)
    bare = {name for name in names if name.partition(" ")[0] not in looks or name.partition(" ")[2] not in names}
    fitting = sorted(name for name in bare if _ends_with(label, name))
    return max(fitting, key=len, default=label.rpartition(" ")[2])


def _adjectives(node: Node, known: Mapping[str, CategoryInfo]) -> list[str]:
    """The words of the label before its noun."""
    return _words(node.label)[: -len(_noun(node, known).split()) or None]


def _occurrences(part: list[str], whole: list[str]) -> list[int]:
    return [at for at in range(len(whole) - len(part) + 1) if part and whole[at : at + len(part)] == part]


def _who(node: Node) -> str:
    return f"{node.role} {node.label!r}"


def _shown(value: str | None) -> str:
    return "null" if value is None else repr(value)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names))

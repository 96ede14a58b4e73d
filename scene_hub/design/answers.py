"""What a language model is asked to answer: the JSON Schema that it gets, and the reading of what comes back.

The schema guides decoding where the endpoint supports that. It is never relied on: every answer is read by the closed
records here, and a `WrongAnswer` says in words what is wrong with it, for the model as much as for people.
"""

import json
import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from scene_hub.design.graph_checks import DESCRIPTION_WORDS
from scene_hub.design.lines import one_line
from scene_hub.generate.bundle import CategoryInfo
from scene_hub.schema import TASK_FAMILIES, Node, Relation, Role, SceneGraph, Size, Slug, TaskFamily


class WrongAnswer(ValueError):
    """An answer that cannot be used; the message says why, so that the model can mend it."""


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and value.strip().lower() in ("", "none", "null") else value


def _as_slug(value: Any) -> Any:
    return re.sub(r"\s+", "_", value.strip().lower()) if isinstance(value, str) else value


def _as_line(value: Any) -> Any:
    return one_line(value) if isinstance(value, str) else value


def _as_label(value: Any) -> Any:
    return re.sub(r"^(the|an|a) ", "", one_line(value).lower()) if isinstance(value, str) else value


Word = Annotated[Slug | None, BeforeValidator(_as_slug), BeforeValidator(_blank_is_none)]
Line = Annotated[str, BeforeValidator(_as_line), StringConstraints(max_length=1000)]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ThingAnswer(_Answer):
    """One thing of a scene."""

    category: Annotated[Slug, BeforeValidator(_as_slug)]
    label: Annotated[str, BeforeValidator(_as_label), StringConstraints(min_length=1, max_length=80)]
    color: Word = None
    material: Word = None
    size: Annotated[Size | None, BeforeValidator(_blank_is_none)] = None
    description: Line = ""


class SceneAnswer(_Answer):
    """The things of a scene by role."""

    task: TaskFamily
    object: ThingAnswer
    receptacle: ThingAnswer | None = None
    distractors: tuple[ThingAnswer, ...] = ()
    table: ThingAnswer
    room: ThingAnswer


Trouble = Annotated[Line | None, BeforeValidator(_blank_is_none)]


class DesignAnswer(_Answer):
    """A scene, or why there can be none."""

    scene: SceneAnswer | None = None
    error: Trouble = None


class InventAnswer(_Answer):
    """Instructions, or why there can be none."""

    instructions: tuple[Line, ...] = ()
    error: Trouble = None


def read_answer[A: _Answer](kind: type[A], text: str) -> A:
    """The model's `text` as a `kind`: JSON, bare, in a code block or among other words. Else WrongAnswer."""
    try:
        return kind.model_validate(_json_object(text))
    except ValidationError as error:
        found = [
            f"{'.'.join(map(str, item['loc'])) or 'the answer'}: {item['msg']}"
            for item in error.errors(include_url=False, include_input=False)
        ]
        raise WrongAnswer("; ".join(found[:6])) from None


def _json_object(text: str) -> dict[str, Any]:
    answer = re.sub(r"^\s*<think>.*?</think>", "", text, flags=re.DOTALL)
    fenced = re.search(r"```(?:json)?\s(.*?)```", answer, flags=re.DOTALL | re.IGNORECASE)
    braces = answer[answer.find("{") : answer.rfind("}") + 1]
    problem = "it is empty"
    for candidate in (answer, fenced.group(1) if fenced else "", braces):
        if not candidate.strip():
            continue
        try:
            data = json.loads(candidate)
        except (ValueError, RecursionError) as error:
            problem = f"it is not valid JSON ({error})"
            continue
        if isinstance(data, dict):
            return data
        problem = f"it is a JSON {type(data).__name__}, not an object"
    raise WrongAnswer(problem)


def scene_graph(answer: SceneAnswer, instruction: str) -> SceneGraph:
    """The graph of `answer`: everything stands on the table, the table on the floor of the room. Else WrongAnswer."""
    things: list[tuple[Role, ThingAnswer]] = [("object", answer.object)]
    if answer.receptacle is not None:
        things.append(("receptacle", answer.receptacle))
    for thing in answer.distractors:
        things.append(("distractor", thing))
    nodes = [_node("room", "background", answer.room), _node("table", "context", answer.table)]
    for role, thing in things:
        nodes.append(_node(_name(thing, [node.name for node in nodes]), role, thing))
    relations = [Relation(subject="table", predicate="FLOOR", target="room")]
    relations += [Relation(subject=node.name, predicate="ON", target="table") for node in nodes[2:]]
    try:
        return SceneGraph(instruction=instruction, task=answer.task, nodes=tuple(nodes), relations=tuple(relations))
    except ValidationError as error:
        raise WrongAnswer("; ".join(item["msg"] for item in error.errors(include_url=False))) from None


def _node(name: str, role: Role, thing: ThingAnswer) -> Node:
    words = (thing.description or thing.label).split()
    return Node(
        name=name,
        role=role,
        category=thing.category,
        label=thing.label,
        description=" ".join(words[:DESCRIPTION_WORDS]),
        color=thing.color,
        material=thing.material,
        size=thing.size,
    )


def _name(thing: ThingAnswer, taken: list[str]) -> str:
    """A node name from the label that is not taken yet."""
    name = re.sub(r"[^a-z0-9]+", "_", thing.label).strip("_") or thing.category
    return next(choice for choice in (name, *(f"{name}_{i}" for i in range(2, len(taken) + 3))) if choice not in taken)


# ------------------------------------------------------------------------------------------------------------- schemas


def design_schema(vocabulary: tuple[CategoryInfo, ...], among: frozenset[str] | None) -> dict[str, Any]:
    """The JSON Schema of a `DesignAnswer` whose categories are those of `vocabulary` (any, where it is empty).

    It keeps to what strict structured output takes everywhere: every property required, none beside, null by type.
    """
    objects = [info for info in vocabulary if info.kind == "object"]
    free = [info for info in vocabulary if among is None or info.name in among]
    things = {
        "object": [info.name for info in objects if "object" in info.roles],
        "receptacle": [info.name for info in objects if info.roles - {"object"}],
        "distractor": [info.name for info in free if info.kind == "object"],
        "table": [info.name for info in free if info.kind == "table"],
        "room": [info.name for info in free if info.kind == "room"],
    }
    scene = {
        "task": {"type": "string", "enum": list(TASK_FAMILIES)},
        "object": {"$ref": "#/$defs/object"},
        "receptacle": {"anyOf": [{"$ref": "#/$defs/receptacle"}, {"type": "null"}]},
        "distractors": {"type": "array", "items": {"$ref": "#/$defs/distractor"}},
        "table": {"$ref": "#/$defs/table"},
        "room": {"$ref": "#/$defs/room"},
    }
    answer = {"scene": {"anyOf": [{"$ref": "#/$defs/scene"}, {"type": "null"}]}, "error": {"type": ["string", "null"]}}
    definitions = {name: _thing_schema(categories) for name, categories in things.items()}
    return {**_closed(answer), "$defs": {**definitions, "scene": _closed(scene)}}


def invent_schema() -> dict[str, Any]:
    """The JSON Schema of an `InventAnswer`."""
    instructions = {"type": "array", "items": {"type": "string"}}
    return _closed({"instructions": instructions, "error": {"type": ["string", "null"]}})


def _thing_schema(categories: list[str]) -> dict[str, Any]:
    text, maybe = {"type": "string"}, {"type": ["string", "null"]}
    category = {"type": "string", "enum": categories} if categories else text
    size = {"type": ["string", "null"], "enum": ["small", "large", None]}
    return _closed(
        {"category": category, "label": text, "color": maybe, "material": maybe, "size": size, "description": text}
    )


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }

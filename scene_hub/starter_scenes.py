"""What is in the starter dataset: a list of scenes in words, from which the recipe `starter` builds them.

A thing is "<color> <category>", as the generator knows both, with another name after a colon where the sentence needs
one ("brown basket: wicker basket") and "large" or "small" in front where its size matters. In an instruction `{object}`
and `{receptacle}` stand for the names.
"""

from dataclasses import dataclass

from scene_hub.schema import Node, Relation, Role, SceneGraph, Size, Split, TaskFamily


@dataclass(frozen=True)
class Thing:
    """An asset to generate: category, colour (None: the generator's choice), the name used in sentences, and its size."""

    category: str
    color: str | None
    name: str
    size: Size | None = None


@dataclass(frozen=True)
class SceneSpec:
    """One starter scene in words."""

    id: str
    split: Split
    task: TaskFamily
    instruction: str
    object: Thing
    receptacle: Thing | None
    distractors: tuple[Thing, ...]
    table: Thing
    room: Thing


def thing(text: str) -> Thing:
    """A thing from "<color> <category>[: name]"; the colour "any" leaves it to the generator and out of the name."""
    words, _, name = text.partition(":")
    *sizes, color, category = words.split()
    size: Size | None = "large" if "large" in sizes else "small" if "small" in sizes else None
    label = category.replace("_", " ")
    default = label if color == "any" else f"{color} {label}"
    return Thing(category, None if color == "any" else color, name.strip() or default, size)


def scene_graph(spec: SceneSpec) -> SceneGraph:
    """The scene graph of `spec`: everything stands on the table, the table on the floor of the room."""
    nodes = [_node("room", "background", spec.room), _node("table", "context", spec.table)]
    nodes.append(_node(spec.object.name, "object", spec.object))
    if spec.receptacle is not None:
        nodes.append(_node(spec.receptacle.name, "receptacle", spec.receptacle))
    nodes += [_node(item.name, "distractor", item) for item in spec.distractors]
    relations = [Relation(subject="table", predicate="FLOOR", target="room")]
    relations += [Relation(subject=node.name, predicate="ON", target="table") for node in nodes[2:]]
    return SceneGraph(instruction=spec.instruction, task=spec.task, nodes=tuple(nodes), relations=tuple(relations))


def _node(name: str, role: Role, item: Thing) -> Node:
    return Node(
        name=name.replace(" ", "_"),
        role=role,
        category=item.category,
        label=item.name,
        description=item.name,
        color=item.color,
        size=item.size,
    )


def _scene(
    split: Split, task: TaskFamily, background: tuple[str, str], instruction: str, targets: str, distractors: str = ""
) -> SceneSpec:
    """`targets` is "object > receptacle" or "object", `distractors` a list with commas."""
    object_text, _, receptacle_text = targets.partition(">")
    target, receptacle = thing(object_text), thing(receptacle_text) if receptacle_text else None
    names = [target.name] + ([receptacle.name] if receptacle else [])
    table, room = (thing(f"{text}") for text in background)
    return SceneSpec(
        id="_".join([split.replace("test_", ""), task, *names]).replace("_", "-").replace(" ", "-"),
        split=split,
        task=task,
        instruction=instruction.format(object=target.name, receptacle=receptacle.name if receptacle else ""),
        object=target,
        receptacle=receptacle,
        distractors=tuple(thing(text) for text in distractors.split(",") if text.strip()),
        table=table,
        room=room,
    )


# Table and room. The last two are for test_ood alone.
_OAK = ("brown wooden_table", "white kitchen")
_BEECH = ("beige wooden_table", "teal kitchen")
_WHITE = ("white white_table", "beige living_room")
_PLANK = ("gray plank_table", "green dining_room")
_DARK = ("black dark_table", "blue living_room")
_STONE = ("beige stone_table", "gray workshop")
_STEEL = ("silver steel_table", "blue office")

_TRAIN: tuple[SceneSpec, ...] = (
    _scene(
        "train",
        "put_on",
        _OAK,
        "place the {object} on the {receptacle}",
        "yellow banana: banana > white plate",
        "red apple",
    ),
    _scene(
        "train",
        "put_on",
        _WHITE,
        "put the {object} on the {receptacle}",
        "black knife > brown cutting_board: wooden cutting board",
        "red bell_pepper",
    ),
    _scene(
        "train", "put_on", _BEECH, "set the {object} down on the {receptacle}", "purple mug > gray tray", "any lemon"
    ),
    _scene(
        "train",
        "put_on",
        _DARK,
        "move the {object} onto the {receptacle}",
        "brown pepper_grinder: pepper grinder > green tray",
        "any carrot",
    ),
    _scene(
        "train",
        "put_on",
        _PLANK,
        "put the {object} on the {receptacle}",
        "large pink eraser > blue notebook",
        "red marker, yellow sponge",
    ),
    _scene(
        "train",
        "put_on",
        _DARK,
        "put the {object} on the {receptacle}",
        "white computer_mouse: white mouse > blue mousepad",
        "any peach",
    ),
    _scene(
        "train",
        "put_on",
        _WHITE,
        "lay the {object} on the {receptacle}",
        "yellow corn: ear of corn > green plate",
        "brown mushroom, red can",
    ),
    _scene(
        "train",
        "put_in",
        _OAK,
        "put the {object} in the {receptacle}",
        "red marker > brown basket: wicker basket",
        "green block",
    ),
    _scene(
        "train", "put_in", _WHITE, "drop the {object} into the {receptacle}", "green apple > blue bowl", "black marker"
    ),
    _scene(
        "train",
        "put_in",
        _DARK,
        "put the {object} in the {receptacle}",
        "yellow tennis_ball: tennis ball > gray basket",
        "blue can",
    ),
    _scene(
        "train",
        "put_in",
        _BEECH,
        "place the {object} in the {receptacle}",
        "any cucumber > white colander",
        "green bell_pepper",
    ),
    _scene(
        "train",
        "put_in",
        _OAK,
        "put the {object} away in the {receptacle}",
        "yellow screwdriver > gray storage_bin",
        "blue flashlight",
    ),
    _scene(
        "train", "put_in", _WHITE, "drop the {object} into the {receptacle}", "any broccoli > red soup_mug", "any lemon"
    ),
    _scene(
        "train",
        "put_in",
        _DARK,
        "tidy the {object} away into the {receptacle}",
        "large red toy_brick > blue crate",
        "yellow toy_brick",
    ),
    _scene(
        "train",
        "stack",
        _WHITE,
        "stack the {object} on the {receptacle}",
        "large blue block > large yellow block",
        "red can",
    ),
    _scene(
        "train", "stack", _DARK, "stack the {object} on top of the {receptacle}", "red can > white can", "any carrot"
    ),
    _scene(
        "train", "stack", _OAK, "put the {object} on top of the {receptacle}", "green book > brown book", "pink eraser"
    ),
    _scene(
        "train",
        "stack",
        _PLANK,
        "stack the {object} on the {receptacle}",
        "orange toy_brick > large green toy_brick",
        "red pepper_grinder",
    ),
    _scene(
        "train",
        "stack",
        _WHITE,
        "place the {object} on top of the {receptacle}",
        "red block > purple book",
        "any cucumber",
    ),
    _scene(
        "train",
        "stack",
        _OAK,
        "stack the {object} on top of the {receptacle}",
        "yellow sponge > blue sponge",
        "white mug",
    ),
    _scene("train", "pick", _OAK, "pick up the {object}", "any lemon", "green mug"),
    _scene("train", "pick", _BEECH, "grab the {object}", "red mug", "green pear, black knife"),
    _scene("train", "pick", _DARK, "pick the {object} up", "yellow bell_pepper", "any broccoli"),
    _scene("train", "pick", _PLANK, "lift the {object}", "blue flashlight", "green tennis_ball"),
    _scene("train", "pick", _OAK, "take the {object}", "teal tea_cup", "yellow pear, brown spoon"),
    _scene("train", "pick", _WHITE, "pick up the {object}", "any carrot", "pink eraser"),
)

_SAME_CLASS: tuple[SceneSpec, ...] = (
    _scene(
        "test_distractors",
        "put_on",
        _DARK,
        "put the {object} on the {receptacle}",
        "red mug > gray tray",
        "blue mug, green mug",
    ),
    _scene(
        "test_distractors",
        "put_on",
        _WHITE,
        "place the {object} on the {receptacle}",
        "green pear > white plate",
        "yellow pear",
    ),
    _scene(
        "test_distractors",
        "put_in",
        _BEECH,
        "put the {object} in the {receptacle}",
        "blue marker > beige basket",
        "red marker, black marker",
    ),
    _scene(
        "test_distractors",
        "put_in",
        _PLANK,
        "drop the {object} into the {receptacle}",
        "red apple > teal bowl",
        "green apple, yellow apple",
    ),
    _scene(
        "test_distractors",
        "stack",
        _WHITE,
        "stack the {object} on the {receptacle}",
        "large green block > large blue block",
        "red block, orange block",
    ),
    _scene(
        "test_distractors",
        "stack",
        _DARK,
        "stack the {object} on top of the {receptacle}",
        "yellow can > teal can",
        "purple can",
    ),
    _scene("test_distractors", "pick", _BEECH, "pick up the {object}", "orange tea_cup", "pink tea_cup, blue tea_cup"),
    _scene("test_distractors", "pick", _PLANK, "grab the {object}", "red flashlight", "yellow flashlight"),
)

_UNSEEN: tuple[SceneSpec, ...] = (
    _scene(
        "test_ood",
        "put_on",
        _STEEL,
        "put the {object} on the {receptacle}",
        "large white chess_pawn > brown chessboard",
        "black chess_pawn",
    ),
    _scene(
        "test_ood",
        "put_on",
        _STONE,
        "place the {object} on the {receptacle}",
        "pink donut > blue towel: folded towel",
        "any egg",
    ),
    _scene(
        "test_ood",
        "put_in",
        _STEEL,
        "put the {object} in the {receptacle}",
        "yellow rubber_duck > red bucket",
        "green toy_car",
    ),
    _scene(
        "test_ood",
        "put_in",
        _STONE,
        "drop the {object} into the {receptacle}",
        "large any strawberry > gray saucepan",
        "brown potato",
    ),
    _scene(
        "test_ood",
        "stack",
        _STONE,
        "stack the {object} on the {receptacle}",
        "red gift_box > white gift_box",
        "blue candle",
    ),
    _scene(
        "test_ood",
        "stack",
        _STEEL,
        "put the {object} on top of the {receptacle}",
        "blue toy_drum > green tea_box",
        "silver wrench",
    ),
    _scene("test_ood", "pick", _STONE, "pick up the {object}", "silver wrench", "red thread_spool: spool of thread"),
    _scene("test_ood", "pick", _STEEL, "grab the {object}", "green toy_car", "yellow rubber_duck, any egg"),
)

SCENES: tuple[SceneSpec, ...] = _TRAIN + _SAME_CLASS + _UNSEEN

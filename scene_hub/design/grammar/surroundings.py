"""What a sentence does not name: which room and table fit its things, and which other things stand around.

Affinities are by words in category names; a category without any fits everywhere.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np

from scene_hub.design.grammar.words import colors_tell_apart, singular_forms
from scene_hub.generate.bundle import CategoryInfo
from scene_hub.generate.looks import LOOKS

# Words in the names of things, rooms and tables that belong together, in this order of preference.
_THINGS = {
    "kitchen": (
        "mug cup plate bowl pan pot saucepan colander spoon fork knife spatula whisk ladle teapot kettle jar bottle can milk "
        "cereal tea coffee pepper salt rolling cutting board tray casserole wok grinder shaker carton napkin placemat saucer "
        "glass pitcher thermos lunch bread cookie cake juice ketchup honey yogurt trivet towel sponge egg dish opener jug "
        "avocado asparagus bagel baguette baking butter cabbage celery cheese cherry chip chocolate coaster coconut cooling "
        "cream croissant cupcake drumstick flour food fries garlic ginger grape grater hamburger hot kiwi leek macaron "
        "mango onion oven pancake peeler pie pineapple pizza platter plum pomegranate popsicle protein pumpkin radish "
        "sandwich sausage scale shrimp steak stockpot stove sushi sweet taco toast tofu tongs waffle watermelon zucchini"
    ),
    "office": (
        "book notebook marker crayon eraser glue tape pencil pen mouse mousepad stapler calculator sharpener clip highlighter "
        "magazine clipboard envelope laptop tablet phone ruler scissors punch stamp ink paperweight globe folder usb keyboard "
        "headphones newspaper sticky"
    ),
    "workshop": (
        "hammer screwdriver wrench pliers drill bolt nut screw toolbox flashlight measure paint paintbrush spray funnel "
        "battery plank bucket crate spool padlock tool parts lighter nail trowel watering flower"
    ),
    "play": (
        "toy block duck car drum die dice chess chessboard ball brick puzzle cube teddy bear dinosaur train boat rocket robot "
        "top domino bowling gift airplane figurine doll ring piece hat controller rubiks baseball basketball football truck "
        "piggy bathtub card"
    ),
    "bath": (
        "soap toothbrush toothpaste comb hairbrush shampoo lotion perfume lipstick razor toilet washcloth basin bath candle "
        "towel brush dispenser wash"
    ),
}  # fmt: skip
_ROOMS = {
    "kitchen": "kitchen dining cafe",
    "office": "office classroom studio living",
    "workshop": "workshop garage laboratory",
    "play": "playroom living bedroom classroom",
    "bath": "bathroom laundry bedroom",
}
_TABLES = {
    "kitchen": "wooden stone marble white butcher tablecloth cloth round glass plank tiled",
    "office": "white dark laminate desk glass wooden steel craft",
    "workshop": "plank steel plastic workbench painted stone chipboard concrete",
    "play": "wooden white plastic painted round laminate craft tablecloth",
    "bath": "white stone marble steel painted tiled",
}


@cache
def themes(info: CategoryInfo) -> frozenset[str]:
    """Where a thing is at home; empty: anywhere. What is made of food is at home in a kitchen."""
    words = {form for word in info.name.split("_") for form in singular_forms(word)}
    found = {theme for theme, names in _THINGS.items() if words & set(names.split())}
    return frozenset(found | ({"kitchen"} if "food" in info.materials else set()))


def fitting_room(
    rooms: Sequence[CategoryInfo], things: Sequence[CategoryInfo], rng: np.random.Generator
) -> CategoryInfo:
    """A room that fits the things: one that is home to most of them."""
    return _fitting(rooms, things, _ROOMS, rng)


def fitting_table(
    tables: Sequence[CategoryInfo], things: Sequence[CategoryInfo], rng: np.random.Generator
) -> CategoryInfo:
    """A table that fits the things."""
    return _fitting(tables, things, _TABLES, rng)


def _fitting(
    places: Sequence[CategoryInfo], things: Sequence[CategoryInfo], names: dict[str, str], rng: np.random.Generator
) -> CategoryInfo:
    wanted = [theme for info in things for theme in sorted(themes(info))]
    scores = [
        max((wanted.count(theme) for theme in names if _belongs(place, names[theme])), default=0) for place in places
    ]
    best = [place for place, score in zip(places, scores, strict=True) if score == max(scores)]
    return best[int(rng.integers(len(best)))]


def _belongs(place: CategoryInfo, names: str) -> bool:
    return bool(set(place.name.split("_")) & set(names.split()))


@cache
def nouns(info: CategoryInfo) -> frozenset[str]:
    """The words that may stand for a thing alone: the last word of each of its names ("tea cup": "cup")."""
    names = (info.label, info.name.replace("_", " "), *info.also)
    heads = [part.split()[-1] for name in names for part in name.replace("-", " ").split(" of ") if part.split()]
    return frozenset(form for head in heads for form in singular_forms(head))


@cache
def _words_for(info: CategoryInfo) -> frozenset[str]:
    """Every word that may fit a thing whatever its look: of its names, its colours, its materials."""
    looks = [LOOKS[material] for material in info.materials if material in LOOKS]
    said = (word for look in looks for word in (look.adjective, *look.words))
    return words_of(" ".join((info.label, info.name, *info.colors, *info.materials, *said)))


def words_of(text: str) -> frozenset[str]:
    """The words of a text, in lower case."""
    return frozenset(re.findall(r"[a-z0-9]+", text.lower()))


def may_be_called(info: CategoryInfo, labels: Iterable[str]) -> bool:
    """Whether the words of one of the `labels` all fit a thing: "orange" an orange mug, "egg" an egg cup."""
    return any(words_of(label) <= _words_for(info) for label in labels)


def others(
    choices: Iterable[CategoryInfo], targets: Sequence[CategoryInfo], said: Iterable[str], rng: np.random.Generator
) -> list[CategoryInfo]:
    """Things for around the targets, in random order, those that are at home with them rather first.

    None of them can be meant by a word that means a target: no noun is shared with one, nor with `said`, the nouns of the
    sentence.
    """
    taken = frozenset(said).union(*(nouns(info) for info in targets))
    free = [info for info in choices if "object" in info.roles and not nouns(info) & taken]
    if not free:
        return []
    home = frozenset[str]().union(*(themes(info) for info in targets))
    weights = np.array([3.0 if themes(info) & home else 1.0 for info in free])
    order = rng.choice(len(free), size=len(free), replace=False, p=weights / weights.sum())
    return [free[int(index)] for index in order]


def contrasting(colors: Sequence[str], against: Sequence[str], rng: np.random.Generator) -> str | None:
    """A colour of `colors` that nobody takes for one of `against`; None if there is none."""
    free = [color for color in colors if all(colors_tell_apart(color, other) for other in against)]
    return free[int(rng.integers(len(free)))] if free else None

"""A thing as a sentence names it, and what the words before and behind its name ask for: colour, material, size."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

from scene_hub.design.grammar import words as english
from scene_hub.errors import InstructionError
from scene_hub.generate.bundle import CategoryInfo
from scene_hub.schema import Size


@dataclass(frozen=True)
class Thing:
    """What a phrase names. `label` is the phrase without its article, `noun` the words that name the category, normalised.

    `color`, `material` and `size` are those that the words ask for; `says_color`: the colour is one of them. `other` marks
    "another mug", `unknown` are words that say nothing about what is to be made.
    """

    info: CategoryInfo
    label: str
    noun: str
    color: str | None = None
    material: str | None = None
    size: Size | None = None
    says_color: bool = False
    other: bool = False
    unknown: tuple[str, ...] = ()

    @property
    def signature(self) -> tuple[object, ...]:
        """What tells it apart from others in words."""
        return (self.noun, self.color, self.material, self.size, self.unknown)


def only_modifies(words: Sequence[str]) -> bool:
    """Whether the words are adjectives that are known: no thing among them."""
    return all(
        word in english.COLOR_WORDS or word in english.MATERIAL_WORDS or word in english.SIZE_WORDS
        or word in english.DESCRIPTIVE
        for word in words
    )  # fmt: skip


def said_in_name(noun: str, info: CategoryInfo) -> list[str]:
    """What a name other than the usual one asks for: "wooden box" wood, "green apple" green."""
    words = [word for word in noun.split()[:-1] if word not in info.label.split()]
    return [
        word for word in words
        if set(english.COLOR_WORDS.get(word, ())) & set(info.colors)
        or set(english.MATERIAL_WORDS.get(word, ())) & set(info.materials)
        or word in english.SIZE_WORDS
    ]  # fmt: skip


def with_modifiers(thing: Thing, modifiers: Sequence[str]) -> Thing:
    """The thing with what the words before its name ask for."""
    colors, materials, sizes, unknown = _sorted_modifiers(
        [word for word in modifiers if word not in (",", "and", "of")]
    )
    other = any(word in english.OTHER_WORDS for word in unknown)
    left = tuple(word for word in unknown if word not in english.OTHER_WORDS)
    color, material = _color(thing.info, colors), _material(thing.info, materials)
    if color is None and "silver" in colors and material is None and "steel" in thing.info.materials:
        material = "steel"
    elif color is None and colors and not all(word in english.SOFT_COLORS for word in colors):
        _refuse_color(thing, colors[0])
    return replace(
        thing, color=color, material=material, size=sizes[0] if sizes else None,
        says_color=color is not None, other=other, unknown=left
    )  # fmt: skip


def _sorted_modifiers(modifiers: list[str]) -> tuple[list[str], list[str], list[Size], list[str]]:
    """Colour words, material words, sizes, and the rest."""
    colors, materials, unknown = list[str](), list[str](), list[str]()
    sizes: list[Size] = []
    index = 0
    while index < len(modifiers):
        length = next(
            (
                n
                for n in (3, 2, 1)
                if _known_modifier(" ".join(modifiers[index : index + n])) and index + n <= len(modifiers)
            ),
            1,
        )
        phrase = _corrected(" ".join(modifiers[index : index + length]))
        if phrase in english.COLOR_WORDS:
            colors.append(phrase)
        elif phrase in english.MATERIAL_WORDS:
            materials.append(phrase)
        elif phrase in english.SIZE_WORDS:
            sizes.append(english.SIZE_WORDS[phrase])
        else:
            unknown.append(phrase)
        index += length
    return colors, materials, sizes, unknown


def _known_modifier(phrase: str) -> bool:
    return phrase in english.COLOR_WORDS or phrase in english.MATERIAL_WORDS or phrase in english.SIZE_WORDS


def _corrected(word: str) -> str:
    """A misspelt colour put right."""
    if _known_modifier(word) or len(word) < 5 or word in english.DESCRIPTIVE:
        return word
    near = english.near_words(word, [name for name in english.COLOR_WORDS if " " not in name])
    return near[0] if len(near) == 1 else word


def _color(info: CategoryInfo, said: Sequence[str]) -> str | None:
    """The first colour that is said and that the category comes in."""
    options = (name for word in said for name in english.COLOR_WORDS[word])
    return next((name for name in options if name in info.colors), None)


def _refuse_color(thing: Thing, word: str) -> NoReturn:
    choices = ", ".join(thing.info.colors) or "no colour of choice"
    raise InstructionError(f"there is no {word} {thing.info.label} ({thing.label!r}); it comes in {choices}")


def _material(info: CategoryInfo, said: Sequence[str]) -> str | None:
    """The substance that is said, if the category may be made of it."""
    own_words = {word for name in (info.label, *info.also) for word in name.split()}
    for word in said:
        found = next((name for name in english.MATERIAL_WORDS[word] if name in info.materials), None)
        if found is not None:
            return found
        if word in own_words or (word in english.IMITATION_WORDS and set(info.materials) <= {"food"}):
            continue
        choices = ", ".join(info.materials) or "one material only"
        raise InstructionError(f"there is no {word} {info.label}; it is made of {choices}")
    return None

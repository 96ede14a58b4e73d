"""A noun phrase becomes a thing that can be made: a category of the vocabulary with colour, material and size.

Names are looked up without spaces and in the singular, so that "tennisball", "tennis-balls" and "tennis ball" are one. The
longest name at the end of a phrase counts ("granny smith apple" is an apple, "apple juice" is none), and among those called so
the one whose role is wanted ("box" to put things in, "box" to take).
"""

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NoReturn

from scene_hub.design.grammar import words as english
from scene_hub.design.grammar.phrases import split_phrase
from scene_hub.design.grammar.sentence import Phrase, Token
from scene_hub.design.grammar.surroundings import themes
from scene_hub.design.grammar.things import Thing, only_modifies, said_in_name, with_modifiers
from scene_hub.errors import InstructionError
from scene_hub.generate.bundle import CategoryInfo, RoleInTask

Use = Literal["object", "on", "in", "to", "stack"]
"""What a thing is needed as: to be taken, or the relation that things come into with it."""

# What may serve, best first.
ROLES_FOR: dict[Use, tuple[RoleInTask, ...]] = {
    "object": ("object",),
    "in": ("container", "surface"),
    "on": ("surface", "stackable", "container"),
    "to": ("container", "surface", "stackable"),
    "stack": ("stackable", "surface", "container"),
}
_ROLE_WORDS: dict[RoleInTask, str] = {
    "object": "be taken",
    "surface": "have things put on it",
    "container": "have things put in it",
    "stackable": "have its like stacked on it",
}


@dataclass(frozen=True)
class _Name:
    """A name found in a phrase: its normalised words, the other words of the phrase, and who is called so, best first."""

    noun: str
    rest: tuple[str, ...]
    called: tuple[tuple[int, CategoryInfo], ...]


class Lexicon:
    """Looks names up in a vocabulary."""

    def __init__(self, vocabulary: Iterable[CategoryInfo]) -> None:
        self._objects = tuple(info for info in vocabulary if info.kind == "object")
        self._index: dict[str, list[tuple[int, CategoryInfo]]] = {}
        self._spellings = sorted({"".join(name) for name in self.names})
        for info in self._objects:
            for rank, name in enumerate((info.label, info.name, *info.also)):
                self._enter(name, 0 if rank < 2 else rank, info)

    def _enter(self, name: str, rank: int, info: CategoryInfo) -> None:
        for key in dict.fromkeys(_keys(_name_words(name))):
            called = self._index.setdefault(key, [])
            if all(info is not known for _, known in called):
                called.append((rank, info))

    @property
    def names(self) -> frozenset[tuple[str, ...]]:
        """Every name, as words, in lower case."""
        return frozenset(_name_words(name) for info in self._objects for name in (info.label, *info.also))

    # Things

    def thing(self, phrase: Phrase, use: Use, like: Thing | None = None) -> Thing:
        """The thing that `phrase` names, to be used as `use`; `like` is what "one" and "another" stand for.

        Raises InstructionError where it names none, several, one that cannot be used so, or one that does not come so.
        """
        core, after = _core(phrase)
        core = self._with_owner(core)
        if not core.tokens:
            raise InstructionError(f"{phrase.text!r} names no thing")
        if like is not None and _stands_for_another(core.words):
            called = ((0, like.info),)
            name = _Name(like.noun, tuple(w for w in core.words if w not in ("one", "ones")), called)
            return self._described(name, like.info, core, after)
        core = self._one_of(core, use)
        name = self._name(core, use)
        info = self._fitting(name, use, core, like)
        return self._described(name, info, core, after)

    def _with_owner(self, core: Phrase) -> Phrase:
        """The phrase without its owner ("the child's mug"), unless the owner is part of a name ("the chef's knife")."""
        bare = _without_leading(core, lambda word: word.endswith(("'s", "s'")))
        return core if self._called(core.words) else bare

    def _described(self, name: _Name, info: CategoryInfo, core: Phrase, after: tuple[str, ...]) -> Thing:
        thing = Thing(info, core.text, name.noun)
        said = with_modifiers(thing, [*name.rest, *after])
        in_name = with_modifiers(thing, said_in_name(name.noun, info))
        return replace(
            said,
            color=said.color or in_name.color,
            material=said.material or in_name.material,
            size=said.size or in_name.size,
        )

    def names_receptacle(self, phrase: Phrase, use: Use) -> bool:
        """Whether `phrase` names something that can be used so."""
        try:
            self.thing(phrase, use)
        except InstructionError:
            return False
        return True

    # Names

    def _name(self, core: Phrase, use: Use) -> _Name:
        words = core.words
        found = self._names(words) or self._of_names(words)
        if not found and len(words) > 1 and any(form in english.MEASURES for form in english.singular_forms(words[-1])):
            found = self._names(words[:-1])
        if not found:
            found = self._misspelt(words)
        if not found:
            self._refuse_unknown(core, use)
        fitting = [name for name in found if any(_fits(info, use) for _, info in name.called)]
        if not fitting or fitting[0] is found[0]:
            return found[0]
        # A shorter name counts only where the thing itself is called so too: "soup mug" is a mug, "pencil cup" no cup,
        # or where only the look is dropped: "wooden bowl" is a bowl.
        called_so = any(info is other for _, info in found[0].called for _, other in fitting[0].called)
        kin = any(_same_noun(fitting[0].noun, info) for _, info in found[0].called)
        only_looks = english.says_looks(found[0].noun.split()[: -len(fitting[0].noun.split())])
        return fitting[0] if use != "object" or called_so or kin or only_looks else found[0]

    def _names(self, words: Sequence[str]) -> list[_Name]:
        """The names at the end of `words`, the longest first; with "of" in them only those that span it."""
        found = []
        for start in range(_of(words) if _of(words) else len(words)):
            called = self._called(words[start:])
            if called:
                found.append(_Name(self._singular(words[start:]), tuple(words[:start]), called))
        return found

    def _singular(self, words: Sequence[str]) -> str:
        """The words with the last in the singular by which it is known."""
        forms = [(*words[:-1], form) for form in reversed(english.singular_forms(words[-1]))]
        known = (form for form in forms if "".join(form) in self._index or " ".join(form) in english.SAME_THING)
        return " ".join(next(known, tuple(words)))

    def _called(self, words: Sequence[str]) -> tuple[tuple[int, CategoryInfo], ...]:
        """Who is called so: in the vocabulary, then through other English names."""
        called = [entry for key in _keys(words) for entry in self._index.get(key, ())]
        for form in dict.fromkeys(" ".join((*words[:-1], last)) for last in english.singular_forms(words[-1])):
            for order, other in enumerate(english.SAME_THING.get(form, ())):
                called += [
                    (100 + 10 * order + rank, info) for rank, info in self._index.get(other.replace(" ", ""), ())
                ]
        unique: dict[str, tuple[int, CategoryInfo]] = {}
        for rank, info in sorted(called, key=lambda entry: (entry[0], entry[1].name)):
            unique.setdefault(info.name, (rank, info))
        return tuple(unique.values())

    def _of_names(self, words: Sequence[str]) -> list[_Name]:
        """ "carton of milk" is a milk carton, "slice of bread" bread, "bottle of water" a bottle."""
        at = _of(words)
        if not at:
            return []
        head, tail = list(words[:at]), [word for word in words[at + 1 :] if word not in english.DETERMINERS]
        for start in range(len(tail)):
            turned = self._called((*self._singular(tail[start:]).split(), head[-1]))
            if turned:
                return [_Name(" ".join((*tail[start:], head[-1])), (*head[:-1], *tail[:start]), turned)]
        of_head = [
            replace(name, rest=(*name.rest, *tail) if only_modifies(tail) else name.rest) for name in self._names(head)
        ]
        of_tail = [replace(name, rest=(*head[:-1], *name.rest)) for name in self._names(tail)] if tail else []
        measure = any(form in english.MEASURES for form in english.singular_forms(head[-1]))
        return (of_tail or of_head) if measure else (of_head or of_tail)

    def _misspelt(self, words: Sequence[str]) -> list[_Name]:
        for start in range(len(words)):
            joined = ["".join((*words[start:-1], last)) for last in english.singular_forms(words[-1])]
            near = [key for word in joined for key in english.near_words(word, self._spellings)]
            if start + 1 < len(words) and len(words[-1]) < 4:  # a letter in another's place there: another animal
                near = [key for key in near if len(key) != len(joined[0])]
            owners = {frozenset(info.name for _, info in self._index[key]) for key in near}
            if near and (len(owners) == 1 or frozenset.intersection(*owners)):
                return [_Name(near[0], tuple(words[:start]), tuple(self._index[near[0]]))]
        return []

    # Choices

    def _fitting(self, name: _Name, use: Use, core: Phrase, like: Thing | None) -> CategoryInfo:
        """Of those called so, the one that serves best."""
        if use in ("stack", "on") and like is not None:
            same = [info for _, info in name.called if info is like.info and "stackable" in info.roles]
            if same:
                return same[0]
        order = role_order(name.noun, use)
        receives = any(info.roles & {"surface", "container"} for _, info in name.called)
        fitting = [
            (receives and use in ("on", "to") and info.roles <= {"object", "stackable"} and order[0] == "container",
             rank > 0, min(order.index(role) for role in info.roles if role in order), rank, info.name, info)
            for rank, info in name.called
            if info.roles & set(order)
        ]  # fmt: skip
        if not fitting:
            self._refuse_role(name, use, core)
        return min(fitting, key=lambda entry: entry[:5])[5]

    # Refusals

    def _one_of(self, core: Phrase, use: Use) -> Phrase:
        """The phrase, or of "pot or pan" the first that can be had; refuses "apple and banana" and "two apples"."""
        many = next((word for word in core.words[:2] if word in english.MANY_WORDS), None)
        if many is not None and not self._called(core.words):
            raise InstructionError(
                f"{core.text!r} is more than one thing ({many!r}); a scene has one object to move to one receptacle"
            )
        parts = split_phrase(core)
        if len(parts) < 2 or self._called(core.words):
            return core
        if use != "object" and "or" in core.words:
            return next((part for part in map(_bare, parts) if self.names_receptacle(part, use)), parts[0])
        if not all(only_modifies(part.words) for part in parts[:-1]):
            raise InstructionError(
                f"{core.text!r} names more than one thing; a scene has one object to move to one receptacle"
            )
        return core

    def _refuse_unknown(self, core: Phrase, use: Use) -> NoReturn:
        head = core.text
        raise InstructionError(
            f"there is no {head!r} among the {len(self._objects)} kinds of things that can be made; "
            f"the nearest are {self._nearest(core.words, use)}"
        )

    def _refuse_role(self, name: _Name, use: Use, core: Phrase) -> NoReturn:
        roles = {role for _, info in name.called for role in info.roles}
        can = " and ".join(words for role, words in _ROLE_WORDS.items() if role in roles) or "only stand around"
        wish = "be taken by a gripper" if use == "object" else "receive things"
        raise InstructionError(
            f"{core.text!r} cannot {wish}: it can {can}; instead there are {self._nearest(core.words, use, name.called)}"
        )

    def _nearest(self, words: Sequence[str], use: Use, called: Sequence[tuple[int, CategoryInfo]] = ()) -> str:
        """The names most like `words` of things that serve `use`, rather of those at home where those `called` so are."""
        home = frozenset[str]().union(*(themes(info) for _, info in called))
        wanted = (" ".join(words), words[-1])
        fitting = [info for info in self._objects if _fits(info, use)]
        scored = sorted(
            (-max(_ratio(word, name) for word in wanted for name in (info.label, *info.also)) - 0.5 * bool(themes(info) & home),
             info.label)
            for info in fitting
        )  # fmt: skip
        return ", ".join(repr(label) for _, label in scored[:4]) or "none"


def _name_words(name: str) -> tuple[str, ...]:
    return tuple(name.lower().replace("_", " ").replace("-", " ").split())


def _ratio(first: str, second: str) -> float:
    return difflib.SequenceMatcher(None, first, second, autojunk=False).ratio()


def role_order(noun: str, use: Use) -> tuple[RoleInTask, ...]:
    """The roles in which something called `noun` serves `use`, best first."""
    if use == "on" and noun.split()[-1] in english.VESSELS:
        return ("container", "surface", "stackable")
    if use == "in" and noun.split()[-1] in english.CLOSED:
        return ("container",)
    return ROLES_FOR[use]


def _fits(info: CategoryInfo, use: Use) -> bool:
    return any(role in info.roles for role in ROLES_FOR[use])


def _same_noun(noun: str, info: CategoryInfo) -> bool:
    return any(noun == name for name in (info.label, *info.also))


def _of(words: Sequence[str]) -> int:
    """Where "of" stands between words; 0 if it does not."""
    return list(words).index("of") if "of" in words[1:-1] and words[0] != "of" else 0


def _keys(words: Sequence[str]) -> list[str]:
    """The joined forms under which a name may be found: as it is, its last or its first word in the singular."""
    lasts = english.singular_forms(words[-1])
    keys = ["".join((*words[:-1], last)) for last in lasts]
    if len(words) > 1:
        keys += ["".join((first, *words[1:-1], last)) for first in english.singular_forms(words[0]) for last in lasts]
    return keys


# ------------------------------------------------------------------------------------------------------------ phrases


_LINKS = english.listed("that that's which who is are was made of , the a one ones from out colored coloured painted")


def _core(phrase: Phrase) -> tuple[Phrase, tuple[str, ...]]:
    """The phrase without its article, owner and what follows the noun; and the words that follow ("that is red")."""
    tokens = list(phrase.tokens)
    cut = next((i for i in range(1, len(tokens)) if _starts_remark(tokens, i)), len(tokens))
    after = tuple(token.word for token in tokens[cut:] if token.word not in _LINKS)
    tokens = tokens[:cut]
    while len(tokens) > 1 and (
        tokens[-1].word.isdigit() or tokens[-1].word in english.ADVERBS | {",", "only", "number", "flat"}
    ):
        tokens.pop()
    return _bare(Phrase(tuple(tokens), phrase.sentence)), after


def _starts_remark(tokens: Sequence[Token], index: int) -> bool:
    """ "that is red", "made of wood", "painted red", ", the red one"."""
    word, following = tokens[index].word, [token.word for token in tokens[index + 1 :]]
    if word in ("colored", "coloured", "painted"):
        return bool(following) and following[0] in english.COLOR_WORDS
    if word == ",":
        return tokens[-1].word in ("one", "ones", ",") and ("one" in following or "ones" in following)
    return word in ("that", "that's", "which", "who", "made")


def _bare(phrase: Phrase) -> Phrase:
    """The phrase without its article."""
    return _without_leading(phrase, lambda word: word in english.DETERMINERS or word in (",", "of"))


def _without_leading(phrase: Phrase, drops: Callable[[str], bool]) -> Phrase:
    """The phrase without the words at its beginning that `drops` holds for, but for the last word."""
    start = 0
    while start + 1 < len(phrase.tokens) and drops(phrase.tokens[start].word):
        start += 1
    return Phrase(phrase.tokens[start:], phrase.sentence)


def _stands_for_another(words: Sequence[str]) -> bool:
    """ "the blue one", "another"."""
    return words[-1] in ("one", "ones") or all(word in english.OTHER_WORDS for word in words)

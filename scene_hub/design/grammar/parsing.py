"""A sentence becomes a `ParsedInstruction`: what is done, with what, in which relation, to what. Knows no categories.

Its clauses together must come to one thing that is taken, and moved to one place if there is one.
"""

from dataclasses import dataclass
from typing import Literal, NoReturn

from scene_hub.design.grammar import verbs
from scene_hub.design.grammar.clauses import Clause, Place, Relation, parse_clause, split_clauses
from scene_hub.design.grammar.sentence import (
    EXAMPLE,
    Phrase,
    clean,
    fixed,
    quoted,
    refuse_other_kinds,
    refuse_unclear,
    tokenize,
    without_courtesies,
)
from scene_hub.design.grammar.words import FIXTURES, GENERIC_NOUNS, KINDS, PLACES, PRONOUNS
from scene_hub.errors import InstructionError


@dataclass(frozen=True)
class ParsedInstruction:
    """What a sentence says. `receptacle` and `relation` are None for "pick".

    `bare` marks a sentence without a verb ("apple in bowl"). `others` are earlier places that the last one overruled:
    "the pot on the stove" has "pot" there.
    """

    text: str
    action: Literal["place", "stack", "pick"]
    object: Phrase
    relation: Relation | None = None
    receptacle: Phrase | None = None
    bare: bool = False
    others: tuple[tuple[Relation, Phrase], ...] = ()


def parse(
    instruction: str, places: frozenset[str] = PLACES, names: frozenset[tuple[str, ...]] = frozenset()
) -> ParsedInstruction:
    """What `instruction` says. `places` are the nouns that only say where something is ("table"), `names` the names, as
    words, that would be parted if they were not known ("corn on the cob").

    Raises InstructionError, with the words that are the trouble, where it says nothing that a scene can be made of.
    """
    text = clean(instruction)
    tokens = without_courtesies(fixed(tokenize(text), names))
    refuse_other_kinds(tokens)
    clauses = [parse_clause(words, text, places) for words in split_clauses(tokens)]
    found = [clause for clause in _with_fronted_places(clauses) if clause.action != "idle"]
    if not found:
        refuse_unclear(text)
    return _combine(found, text)


def _with_fronted_places(clauses: list[Clause]) -> list[Clause]:
    """ "in the basket, place the banana": a place without an object goes to the next clause that has none."""
    result: list[Clause] = []
    for clause in clauses:
        previous = result[-1] if result else None
        fronted = previous is not None and previous.bare and previous.action == "place" and previous.object is None
        if fronted and previous is not None and clause.action in ("place", "stack") and not clause.places:
            merged = Clause(
                clause.action, clause.object, previous.places, previous.aside or clause.aside, previous.landmark
            )
            result[-1] = merged
        else:
            result.append(clause)
    return result


def _combine(clauses: list[Clause], text: str) -> ParsedInstruction:
    """The one task that the clauses come to."""
    acts = [clause for clause in clauses if clause.action != "mention"]
    if not acts:
        _refuse_mentions(clauses, text)
    moves = [clause for clause in acts if clause.action in ("place", "stack")]
    if sum(bool(clause.places) for clause in moves) > 1:
        raise InstructionError(f"{quoted(text)} asks for more than one thing; a scene has one task with one object")
    objects = _objects(clauses)
    if not moves:
        return ParsedInstruction(text, "pick", _one_object(objects, text))
    goal = next((clause for clause in moves if clause.places), moves[-1])
    _refuse_no_place(goal, text)
    place = _last_goal(goal.places)
    if is_pronoun(place.phrase) and goal.object is not None and not is_pronoun(goal.object):
        clauses = [_as_mention(clause) if clause.action == "pick" else clause for clause in clauses]
        objects = _objects(clauses)
    receptacle = _referent(place.phrase, clauses, objects) or place.phrase
    target = _one_object(objects, text)
    action: Literal["place", "stack"] = "stack" if any(clause.action == "stack" for clause in moves) else "place"
    others: list[tuple[Relation, Phrase]] = [(o.relation, o.phrase) for o in reversed(goal.places) if o is not place]
    return ParsedInstruction(text, action, target, place.relation, receptacle, goal.bare, tuple(others))


def _as_mention(clause: Clause) -> Clause:
    """ "take the bowl and put the apple in it" only says which bowl."""
    return Clause("mention", mentions=() if clause.object is None else (clause.object,))


def _refuse_mentions(clauses: list[Clause], text: str) -> NoReturn:
    named = [phrase.text for clause in clauses for phrase in clause.mentions]
    if any(clause.bare for clause in clauses) or not named:
        refuse_unclear(text)
    raise InstructionError(f"{quoted(text)} says what there is, not what is to be done; say a task, such as {EXAMPLE}")


def _refuse_no_place(goal: Clause, text: str) -> None:
    if goal.places:
        return
    if goal.aside is not None:
        raise InstructionError(
            f"the relation {goal.aside!r} in {quoted(text)} is not one that scenes have; things go on, in, into, onto or on "
            "top of others"
        )
    if goal.landmark is not None:
        raise InstructionError(
            f"{goal.landmark!r} in {quoted(text)} is no receptacle: everything stands on the table already; name a thing that "
            "receives the object, such as a plate, a tray, a bowl or a basket"
        )
    raise InstructionError(
        f"{quoted(text)} does not say where the object goes; name a receptacle too, such as {EXAMPLE}"
    )


def _last_goal(places: tuple[Place, ...]) -> Place:
    """Of several places the last is the goal ("the apple on the towel in the box"), one with "into" or "onto" before others,
    and a stove or a sink only where there is no other ("in the pot on the stove")."""
    definite = [place for place in places if place.words in verbs.DEFINITE] or list(places)
    return next((place for place in reversed(definite) if place.phrase.words[-1] not in FIXTURES), definite[-1])


def is_pronoun(phrase: Phrase) -> bool:
    """ "it", "that", "the fruit": what it stands for was named before."""
    words = [word for word in phrase.words if word not in ("the", "that", "this", "same")]
    return all(word in PRONOUNS or word in GENERIC_NOUNS for word in words)


def _objects(clauses: list[Clause]) -> list[Phrase]:
    """What the actions take, each named once; a pronoun is what was last mentioned before any action."""
    named = [clause.object for clause in clauses if clause.object is not None]
    real = [phrase for phrase in named if not is_pronoun(phrase)]
    if real or not (named or any(clause.mentions for clause in clauses)):
        return real
    mentions = [phrase for clause in clauses for phrase in clause.mentions]
    return mentions[:1] if len(mentions) == 1 else (mentions[-1:] or named[:1])


def _one_object(objects: list[Phrase], text: str) -> Phrase:
    if not objects:
        raise InstructionError(f"{quoted(text)} does not say what is to be taken; name the object, such as {EXAMPLE}")
    heads = {phrase.words[-1].rstrip("s") for phrase in objects}
    if len(heads) > 1:
        names = " and ".join(repr(phrase.text) for phrase in objects)
        raise InstructionError(f"{quoted(text)} names more than one object ({names}); a scene has one object to move")
    longest = max(objects, key=lambda phrase: len(phrase.tokens))
    if is_pronoun(longest) and longest.words[-1] not in KINDS:
        raise InstructionError(
            f"{quoted(text)} does not say what {longest.text!r} is; name the object, such as {EXAMPLE}"
        )
    return longest


def _referent(phrase: Phrase, clauses: list[Clause], objects: list[Phrase]) -> Phrase | None:
    """What "it" stands for where it is a place: "there is a bowl; put the apple in it"."""
    if not is_pronoun(phrase) or phrase.words[-1] in ("one", "ones"):
        return None
    heads = {thing.words[-1] for thing in objects}
    mentions = [mention for clause in clauses for mention in clause.mentions if mention.words[-1] not in heads]
    return mentions[-1] if mentions else None

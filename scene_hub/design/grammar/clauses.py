"""A sentence is cut into clauses; each clause is an action with an object and places, says what there is, or is idle."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from scene_hub.design.grammar import verbs
from scene_hub.design.grammar.phrases import (
    Segment,
    object_behind,
    preposition_at,
    segments_of,
    split_phrase,
)
from scene_hub.design.grammar.sentence import EXAMPLE, Phrase, Token, joined, quoted, refuse_unclear
from scene_hub.design.grammar.verbs import Action
from scene_hub.design.grammar.words import ADVERBS, DETERMINERS, PRONOUNS, near_words
from scene_hub.errors import InstructionError

Relation = Literal["on", "in", "to"]
"""How the object is meant to be to its receptacle; "to" leaves it to the receptacle."""

_HARD_STOPS = frozenset(".;:!?")
_CONJUNCTIONS = frozenset(["and", "then", ",", "&", "to"])


@dataclass(frozen=True)
class Place:
    """Where something goes: the relation, the preposition that says it, and what receives."""

    relation: Relation
    words: str
    phrase: Phrase


@dataclass(frozen=True)
class Clause:
    """One action. `places` are where it could go, in the order of the sentence; `aside` an unsupported relation's name;
    `landmark` a phrase like "the table", which is no receptacle."""

    action: Action
    object: Phrase | None = None
    places: tuple[Place, ...] = ()
    aside: str | None = None
    landmark: str | None = None
    bare: bool = False
    mentions: tuple[Phrase, ...] = ()


def split_clauses(tokens: list[Token]) -> Iterator[list[Token]]:
    """The clauses: parted by full stops, and where a conjunction leads to a verb."""
    clause: list[Token] = []
    for index, token in enumerate(tokens):
        if token.word in _HARD_STOPS or _starts_clause(tokens, index, clause):
            if clause:
                yield clause
            clause = []
        if token.word not in _HARD_STOPS:
            clause.append(token)
    if clause:
        yield clause


def _starts_clause(tokens: list[Token], index: int, before: list[Token]) -> bool:
    word = tokens[index].word
    if not before or tokens[index].fixed:
        return False
    if _is_verb(word) and index + 1 < len(tokens) and tokens[index + 1].word in ("it", "them"):
        return before[-1].word not in _CONJUNCTIONS | ADVERBS | verbs.PARTICLES and not _is_verb(before[-1].word)
    if word not in _CONJUNCTIONS:
        return False
    rest = index + 1
    while rest < len(tokens) and (tokens[rest].word in ADVERBS or tokens[rest].word in ("and", ",", "to", "you")):
        rest += 1
    if rest >= len(tokens):
        return False
    following = joined(tokens[rest:])
    if word == "," and verbs.EXISTENTIAL.match(following):
        return True
    if not (_is_verb(tokens[rest].word) or verbs.IDLE.match(following)):
        return False
    after = tokens[rest + 1].word if rest + 1 < len(tokens) else ""
    if word in ("and", ",", "then") and preposition_at(tokens, rest + 1) is not None:
        return True
    # "the salt and place mat": a verb that is as often a noun needs something to act on.
    return tokens[rest].word not in verbs.NOUN_LIKE or after in DETERMINERS | PRONOUNS or after in verbs.PARTICLES


def _is_verb(word: str) -> bool:
    return word in verbs.VERB_FORMS or word in verbs.UNSUPPORTED_FORMS


def parse_clause(tokens: list[Token], text: str, places: frozenset[str]) -> Clause:
    """What a clause says; `text` is the sentence, `places` the nouns that only say where something is.

    Raises InstructionError for questions and for actions that scenes do not have.
    """
    tokens, wish = _without_openings(tokens)
    words = joined(tokens)
    if not tokens or verbs.IDLE.match(words):
        return Clause("idle")
    if match := verbs.EXISTENTIAL.match(words):
        return _mention(tokens[len(match.group().split()) :], text)
    if tokens[0].word in verbs.QUESTIONS:
        raise InstructionError(f"{quoted(text)} is a question; say what is to be done, such as {EXAMPLE}")
    preposition = preposition_at(tokens, 0)
    if preposition is not None and preposition[0] != "with":
        return _parse_fronted(tokens, text, places)
    known = verbs.VERB_FORMS.get(_spelled(tokens[0].word, tokens))
    if known is None:
        return _parse_statement(tokens, text, places, wish)
    if known[1] == "idle":
        return Clause("idle")
    if known[1] == "mention":
        return _mention(tokens[1:], text)
    return _act(known[1], known[0], _without_particle(tokens[1:]), text, places)


def _spelled(word: str, tokens: list[Token]) -> str:
    """The first word of a clause, corrected if it is a misspelt verb before an article."""
    if _is_verb(word) or len(tokens) < 2 or tokens[1].word not in DETERMINERS | PRONOUNS | verbs.PARTICLES:
        return word
    near = near_words(word, [form for form in verbs.VERB_FORMS if form == verbs.VERB_FORMS[form][0]])
    return near[0] if len(near) == 1 else word


def _without_openings(tokens: list[Token]) -> tuple[list[Token], bool]:
    """The clause proper, and whether what led to it was a wish."""
    wish, changed = False, True
    while changed and tokens:
        changed = False
        words = joined(tokens)
        if verbs.EXISTENTIAL.match(words):
            break
        for pattern in verbs.OPENINGS:
            match = pattern.match(words)
            if match and match.group():
                wish = wish or bool(verbs.WISH.search(match.group()))
                tokens, changed = tokens[len(match.group().split()) :], True
                break
        else:
            if tokens[0].word in ADVERBS:
                tokens, changed = tokens[1:], True
    return tokens, wish


def _without_particle(tokens: list[Token]) -> list[Token]:
    """After a verb: "up", "down", "away"; but "over the bowl" is a place."""
    while tokens and (tokens[0].word in verbs.PARTICLES or tokens[0].word in ADVERBS):
        preposition = preposition_at(tokens, 0)
        if preposition is not None and preposition[0] in ("from", "on", "aside") and tokens[0].word != "off":
            break
        tokens = tokens[1:]
    return tokens


def _act(
    action: Action, verb: str, tokens: list[Token], text: str, places: frozenset[str], bare: bool = False
) -> Clause:
    segments = segments_of(tokens, text)
    first, segments = (segments[0][2], segments[1:]) if segments and segments[0][0] is None else (None, segments)
    if action == "fill":
        return _filled(first, segments, verb)
    if first is None and segments:
        first, segments = object_behind(segments, text)
    found = tuple(Place(kind, name, phrase) for kind, name, phrase in segments if kind in ("on", "in", "to") and phrase)
    aside = next((name for kind, name, _ in segments if kind == "aside"), None)
    goals = tuple(place for place in found if not _is_landmark(place.phrase, places))
    landmark = next((place.phrase.text for place in found if place not in goals), None)
    if action == "pick":
        definite = tuple(place for place in goals if place.words in verbs.DEFINITE or verb == "get")
        if definite or any(p.words in ("into", "onto") for p in found):
            action, goals = "place", definite
        else:
            goals, aside, landmark = (), None, None
    return Clause(action, first, goals, aside, landmark, bare)


def _filled(first: Phrase | None, segments: "list[Segment]", verb: str) -> Clause:
    """ "fill the bowl with the apple"."""
    content = next((phrase for kind, name, phrase in segments if name == "with"), None)
    if first is None or content is None:
        raise InstructionError(f"{verb!r} needs a receptacle and an object: '{verb} the bowl with the apple'")
    return Clause("place", content, (Place("in" if verb == "fill" else "on", "into", first),))


def _is_landmark(phrase: Phrase, places: frozenset[str]) -> bool:
    words = [word for word in phrase.words if word not in ADVERBS | DETERMINERS]
    return not words or words[-1] in places or (len(words) > 1 and words[-1].rstrip("s") in places)


def _mention(tokens: list[Token], text: str) -> Clause:
    """What a clause that says what there is names, in its order."""
    segments = segments_of(tokens, text)
    names = [phrase for kind, _, phrase in segments if kind is None and phrase] or [
        phrase for _, _, phrase in segments[:1] if phrase
    ]
    return Clause("mention", mentions=tuple(part for phrase in names for part in split_phrase(phrase)))


def _parse_fronted(tokens: list[Token], text: str, places: frozenset[str]) -> Clause:
    """ "onto the tray put the mug", "in the bowl goes the apple"; without a verb, the place alone."""
    for index in range(2, len(tokens)):
        word = tokens[index].word
        known = verbs.VERB_FORMS.get(word)
        if (known or word in ("goes", "go", "belongs")) and tokens[index - 1].word not in DETERMINERS:
            action, verb = (known[1], known[0]) if known else ("place", "put")
            inner = _act(action, verb, _without_particle(tokens[index + 1 :]), text, places)
            outer = _act("place", "put", tokens[:index], text, places)
            kept: Action = "place" if action == "pick" else action
            return Clause(kept, inner.object, outer.places + inner.places, outer.aside or inner.aside, outer.landmark)
    there = next((i for i, token in enumerate(tokens) if token.word in ("is", "are", "lies", "sits", "stands")), None)
    if there is not None:
        return _mention(tokens[there + 1 :], text)
    segments = segments_of(tokens, text)
    if not segments or segments[0][0] == "from":
        return Clause("idle")
    outer = _act("place", "put", tokens, text, places)
    return Clause("place", outer.object, outer.places, outer.aside, outer.landmark, bare=True)


def _parse_statement(tokens: list[Token], text: str, places: frozenset[str], wish: bool) -> Clause:
    """ "the apple goes in the bowl", "apple in bowl", or something that is no instruction."""
    unsupported = verbs.UNSUPPORTED_FORMS.get(tokens[0].word)
    following = tokens[1].word if len(tokens) > 1 else ""
    names = tokens[0].word in verbs.FIRST_IN_NAMES and following not in DETERMINERS | PRONOUNS | {""}
    if unsupported is not None and not names:
        raise InstructionError(
            f"the action {tokens[0].word!r} is not one that scenes have; they have picking up, putting on or in, and stacking, "
            f"such as {EXAMPLE}"
        )
    words = [token.word for token in tokens]
    trigger = next(
        (i for i, word in enumerate(words) if i and word in verbs.STATE_TRIGGERS and _states(words, i)), None
    )
    if trigger is None:
        return _telegram(tokens, text, places, wish)
    end = trigger
    while end < len(words) and (words[end] in verbs.STATE_FILLERS or words[end] in ADVERBS) and not _leads(tokens, end):
        end += 1
    said = words[trigger:end]
    if not wish and not set(said) & verbs.STATE_NORMS:
        return _mention(tokens[:trigger], text)
    action: Action = "stack" if set(said) & {"stacked", "piled"} else "place"
    return _act(action, "put", tokens[:trigger] + tokens[end:], text, places)


def _states(words: list[str], index: int) -> bool:
    """Whether the word there is the verb of a statement: not a "to" before a noun, not "that is"."""
    if words[index] == "to":
        return index + 1 < len(words) and words[index + 1] in verbs.STATE_FILLERS
    return words[index - 1] not in verbs.RELATIVE and words[index - 1] not in DETERMINERS


def _leads(tokens: list[Token], index: int) -> bool:
    """Whether a place begins there: "to the bowl", but not "to be in the bowl"."""
    return tokens[index].word == "to" and not (
        index + 1 < len(tokens) and tokens[index + 1].word in verbs.STATE_FILLERS
    )


def _telegram(tokens: list[Token], text: str, places: frozenset[str], wish: bool) -> Clause:
    """ "apple in bowl", or a thing that is only named."""
    clause = _act("place", "put", tokens, text, places, bare=not wish)
    if clause.object is None:
        refuse_unclear(text)
    head = clause.object.words
    inner = next((i for i, word in enumerate(head) if i and word in DETERMINERS | PRONOUNS - {"one", "ones"}), None)
    if inner is not None and head[0] not in DETERMINERS and not _lists(head):
        raise InstructionError(
            f"the action {' '.join(head[:inner])!r} is not understood; scenes have picking up, putting on or in, and stacking, "
            f"such as {EXAMPLE}"
        )
    if not clause.places and clause.aside is None and clause.landmark is None:
        return Clause("mention", mentions=tuple(split_phrase(clause.object)), bare=True)
    return clause


def _lists(words: tuple[str, ...]) -> bool:
    return "and" in words or "," in words

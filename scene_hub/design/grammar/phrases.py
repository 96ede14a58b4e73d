"""The phrases of a clause, and the prepositions that tell how they stand to each other."""

from scene_hub.design.grammar import verbs
from scene_hub.design.grammar.sentence import Phrase, Token, joined
from scene_hub.design.grammar.verbs import PrepositionKind
from scene_hub.design.grammar.words import ADVERBS, COLOR_WORDS, DETERMINERS

Segment = tuple[PrepositionKind | None, str, Phrase | None]
"""A preposition's kind and name (None and "" for a phrase without one), and the phrase behind it."""


def preposition_at(tokens: list[Token], index: int) -> tuple[PrepositionKind, str, int] | None:
    """Kind, name and number of words of the longest preposition that starts at `index`."""
    if index < len(tokens) and tokens[index].fixed:
        return None
    for length in range(min(verbs.LONGEST_PREPOSITION, len(tokens) - index), 0, -1):
        words = " ".join(token.word for token in tokens[index : index + length])
        if words in verbs.PREPOSITIONS:
            kind, name = verbs.PREPOSITIONS[words]
            return kind, name, length
    return None


def segments_of(tokens: list[Token], text: str) -> list[Segment]:
    """The phrases of a clause, each with the preposition before it (None for the first, if there is none)."""
    segments: list[Segment] = []
    kind: PrepositionKind | None = None
    name, current, index = "", list[Token](), 0
    while index < len(tokens):
        found = None if _inside_name(tokens, index) else preposition_at(tokens, index)
        if found is None:
            current.append(tokens[index])
            index += 1
            continue
        if phrase := phrase_of(current, text):
            segments.append((kind, name, phrase))
            # "the bowl that is on the tray": where it is, not where it goes.
            stands = kind != "with" and current[-1].word in verbs.POSITIONED | verbs.RELATIVE
            kind, name, current = "from" if stands else found[0], found[1], []
        else:
            kind, name = _joined_relation(kind, name, found[0], found[1])
            current = []
        index += found[2]
    if (phrase := phrase_of(current, text)) or kind is not None:
        segments.append((kind, name, phrase))
    return segments


def _inside_name(tokens: list[Token], index: int) -> bool:
    """ "made of wood", "off white", and "over" or "off" that belong to the verb."""
    before = tokens[index - 1].word if index else ""
    if before == "made" or joined(tokens[index : index + 2]) in COLOR_WORDS:
        return True
    if tokens[index].word in ("over", "off", "around", "next", "past", "so", "as"):
        following = tokens[index + 1].word if index + 1 < len(tokens) else ""
        return following in ("to", "onto", "into", "in", "on", "and", "") and not (
            tokens[index].word == "next" and following == "to"
        )
    return False


def _joined_relation(
    kind: PrepositionKind | None, name: str, then: PrepositionKind, then_name: str
) -> tuple[PrepositionKind, str]:
    """Two prepositions in a row: "from on the plate" is a source, "to next to the bowl" stays unsupported."""
    if kind == "from" or (kind == "aside" and then in ("on", "in", "to") and name not in ("next to",)):
        return kind, name
    return then, then_name


def phrase_of(tokens: list[Token], text: str) -> Phrase | None:
    """The phrase without adverbs, particles and punctuation at its ends; None if nothing is left."""
    loose = ADVERBS | verbs.PARTICLES | {",", "and", "&", "to", "then", "or"}
    while tokens and tokens[-1].word in loose | verbs.POSITIONED | verbs.RELATIVE - {"that"}:
        tokens = tokens[:-1]
    if len(tokens) > 1 and tokens[-1].word == "that":
        tokens = tokens[:-1]
    while tokens and tokens[0].word in loose - {"right", "straight"}:
        tokens = tokens[1:]
    return Phrase(tuple(tokens), text) if tokens else None


def object_behind(segments: list[Segment], text: str) -> tuple[Phrase | None, list[Segment]]:
    """ "place on the tray the mug": the phrase of the first place parts before its second article."""
    kind, name, phrase = segments[0]
    if phrase is None:
        return None, segments
    starts = [i for i, word in enumerate(phrase.words) if word in DETERMINERS and i > 0]
    if not starts or phrase.words[starts[0] - 1] in ("of", "and"):
        return None, segments
    place = phrase_of(list(phrase.tokens[: starts[0]]), text)
    thing = Phrase(phrase.tokens[starts[0] :], text)
    return thing, [(kind, name, place), *segments[1:]]


def split_phrase(phrase: Phrase) -> list[Phrase]:
    """The things that a phrase lists: parted by "and", "or", and commas before an article; colours stay together."""
    parts: list[list[Token]] = [[]]
    for index, token in enumerate(phrase.tokens):
        following = phrase.tokens[index + 1].word if index + 1 < len(phrase.tokens) else ""
        parts_here = (not token.fixed and token.word in ("and", "or", "&")) or (
            token.word == "," and following in DETERMINERS | {"and", "or"}
        )
        if parts_here:
            parts.append([])
        elif token.word != ",":
            parts[-1].append(token)
    return [Phrase(tuple(part), phrase.sentence) for part in parts if part]

"""A sentence as it is read: cleaned, in words, without what is only polite; and what is refused at first sight."""

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import NoReturn

from scene_hub.design.grammar import verbs
from scene_hub.design.grammar.words import singular_forms
from scene_hub.errors import InstructionError

MAX_CHARACTERS = 1000
EXAMPLE = "'put the red mug on the tray' or 'pick up the apple and place it in the bowl'"

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)*|[.,;:!?&()]")
_ANDS = [["along", "with"], ["together", "with"], ["as", "well", "as"], ["plus"]]
_READABLE = re.compile(r"[A-Za-z0-9\s.,;:!?'\"()&/+-]")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "‛": "'", "`": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "‐": "-",
                         "‑": "-", "−": "-", "_": " ", "…": ".", "⁄": "/"})  # fmt: skip


@dataclass(frozen=True)
class Token:
    """A word (lower case) or a punctuation mark, and where in the cleaned sentence it stands.

    `fixed`: it belongs to a name ("corn on the cob") and is neither preposition nor conjunction nor verb.
    """

    word: str
    start: int
    end: int
    fixed: bool = False


@dataclass(frozen=True)
class Phrase:
    """The words that name a thing, as they stand in `sentence` (the cleaned one)."""

    tokens: tuple[Token, ...]
    sentence: str

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(token.word for token in self.tokens)

    @property
    def text(self) -> str:
        """The phrase as the sentence has it, in lower case."""
        return self.sentence[self.tokens[0].start : self.tokens[-1].end].lower() if self.tokens else ""


def clean(instruction: str) -> str:
    """The sentence in NFKC, with plain quotes and single spaces, without symbols and marks at its ends.

    Raises InstructionError for one that is empty, too long or not written in English letters.
    """
    if len(instruction) > MAX_CHARACTERS:
        raise InstructionError(
            f"the instruction has {len(instruction):,} characters, at most {MAX_CHARACTERS:,} characters are read; "
            "say the task in one sentence"
        )
    # Cf, So, Mn: joiners, emoji, their variations and accents. Control characters count as spaces.
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", instruction).translate(_QUOTES))
    kinds = [(c, unicodedata.category(c)) for c in plain]
    text = "".join(
        " " if kind in ("Cc", "Zl", "Zp") else c for c, kind in kinds if kind not in ("Cf", "So", "Sk", "Mn", "Me")
    )
    _refuse_unreadable(text)
    text = re.sub(r"\s+", " ", re.sub(r"[\"+]", " ", text)).strip(" .,;:!?'/&-")
    if not re.search(r"[A-Za-z]", text):
        raise InstructionError(f"the instruction {quoted(instruction)} is empty; say a task, such as {EXAMPLE}")
    return text


def _refuse_unreadable(text: str) -> None:
    strange = next((c for c in text if not _READABLE.match(c)), None)
    if strange is None:
        return
    if strange.isalpha():
        raise InstructionError(
            f"the instruction {quoted(text)} is not in English (letter {strange!r}); only English is understood, such as "
            f"{EXAMPLE}"
        )
    raise InstructionError(
        f"the instruction {quoted(text)} has the character {strange!r}, which no instruction needs; write plain English, "
        f"such as {EXAMPLE}"
    )


def tokenize(text: str) -> list[Token]:
    """Words and punctuation marks; hyphens and slashes part words, brackets count as commas."""
    found = _WORD.finditer(text.lower())
    tokens = [Token("," if match.group() in "()" else match.group(), match.start(), match.end()) for match in found]
    return _with_plain_and(tokens)


def _with_plain_and(tokens: list[Token]) -> list[Token]:
    """ "along with" and "as well as" become "and"."""
    for words in _ANDS:
        size = len(words)
        while (
            at := next((i for i in range(len(tokens)) if [t.word for t in tokens[i : i + size]] == words), None)
        ) is not None:
            tokens = [*tokens[:at], Token("and", tokens[at].start, tokens[at + size - 1].end), *tokens[at + size :]]
    return tokens


def needs_fixing(name: tuple[str, ...]) -> bool:
    """Whether a name has to be known to be read as one: it has a preposition or a conjunction
    in it, or what may be a word of another language ("turkey leg")."""
    first_words = {words.split()[0] for words in verbs.PREPOSITIONS}
    return len(name) > 1 and any(word in first_words | verbs.FOREIGN | {"and", "or"} for word in name)


def fixed(tokens: list[Token], names: frozenset[tuple[str, ...]]) -> list[Token]:
    """The tokens with those of `names` marked."""
    words = tuple(token.word for token in tokens)
    inside: set[int] = set()
    for name in names:
        starts = (i for i in range(len(words) - len(name) + 1) if words[i : i + len(name) - 1] == name[:-1])
        inside.update(
            j for i in starts if name[-1] in singular_forms(words[i + len(name) - 1]) for j in range(i, i + len(name))
        )
    return [replace(token, fixed=True) if index in inside else token for index, token in enumerate(tokens)]


def without_courtesies(tokens: list[Token]) -> list[Token]:
    """The words without those that are only polite ("if you can", "thank you")."""
    for pattern in verbs.COURTESIES:
        while match := pattern.search(joined(tokens)):
            start = len(joined(tokens)[: match.start()].split())
            tokens = tokens[:start] + tokens[start + len(match.group().split()) :]
    return tokens


def joined(tokens: list[Token]) -> str:
    """The words with single spaces between them, for matching."""
    return " ".join(token.word for token in tokens)


def refuse_other_kinds(tokens: list[Token]) -> None:
    """Raise InstructionError for negations, conditions and other languages."""
    words = [token.word for token in tokens if not token.fixed]
    if foreign := next((word for word in words if word in verbs.FOREIGN), None):
        raise InstructionError(
            f"the instruction is not in English (word {foreign!r}); only English is understood, such as {EXAMPLE}"
        )
    if negation := next((word for word in words if word in verbs.NEGATIONS), None):
        raise InstructionError(f"negation is not understood ({negation!r}); say what is to be done, such as {EXAMPLE}")
    if condition := next((word for word in words if word in verbs.CONDITIONS), None):
        raise InstructionError(
            f"a condition ({condition!r}) is not understood; say what is to be done, such as {EXAMPLE}"
        )


def quoted(text: str, longest: int = 60) -> str:
    """The text in quotation marks for a message, cut where it is long."""
    shown = " ".join(text.split())
    return repr(shown if len(shown) <= longest else shown[: longest - 3] + "...")


def refuse_unclear(text: str) -> NoReturn:
    """Raise the InstructionError for a sentence that is no instruction."""
    raise InstructionError(
        f"the instruction {quoted(text)} is not understood: say in English what is to be put where, such as {EXAMPLE}"
    )

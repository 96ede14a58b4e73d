"""Queries: which scenes of a dataset, said in one expression over what its index holds.

    category == "mug"
    split == "train" and task in ("put_on", "stack")
    object == "mug" and not receptacle == "plate"
    "red" in instruction and objects >= 4

The words are `id`, `split`, `task`, `instruction`, `object` and `receptacle` (the categories of the two things that the
instruction is about), `category` (that of anything that can be moved: a comparison holds if it holds for one of them, and
`!=` and `not in` if it does for all), and `objects` (how many can be moved). Texts are compared exactly; `"..." in instruction`
looks for a piece of the text, whatever its case. Queries look like Python and are parsed by it, but nothing is evaluated:
what is not listed here is refused.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from scene_hub.errors import InvalidOptionError
from scene_hub.schema import SPLITS, TASK_FAMILIES

MAX_CHARACTERS = 2000

Kind = Literal["text", "texts", "number"]
Row = Mapping[str, Any]
Test = Callable[[Row], bool]

WORDS: dict[str, Kind] = {
    "id": "text",
    "split": "text",
    "task": "text",
    "instruction": "text",
    "object": "text",
    "receptacle": "text",
    "category": "texts",
    "objects": "number",
}
_CHOICES = {"split": SPLITS, "task": TASK_FAMILIES}
_COLUMN = {"category": "categories"}
_ORDER: dict[type[ast.cmpop], tuple[str, Callable[[Any, Any], bool]]] = {
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
}
_EXAMPLE = """for example 'category == "mug" and split == "train"'"""


@dataclass(frozen=True)
class Query:
    """A query that has been understood; make one with `Query.parse`."""

    text: str
    _test: Test

    @classmethod
    def parse(cls, text: str) -> "Query":
        """The query that `text` says; InvalidOptionError, which names the trouble and the choices, where it says none."""
        if len(text) > MAX_CHARACTERS:
            raise InvalidOptionError(f"the query has {len(text)} characters, at most {MAX_CHARACTERS} are read")
        try:
            return cls(text, _Reader(text).test(ast.parse(text.strip(), mode="eval").body))
        except SyntaxError as error:
            raise InvalidOptionError(f"query {text!r} cannot be read ({error.msg}); {_EXAMPLE}") from None
        except (ValueError, MemoryError, RecursionError) as error:
            if isinstance(error, InvalidOptionError):
                raise
            raise InvalidOptionError(f"query {text!r} cannot be read ({type(error).__name__}); {_EXAMPLE}") from None

    def matches(self, row: Row) -> bool:
        """Whether a row of the index is meant."""
        return self._test(row)


class _Reader:
    """Turns the syntax tree of one query into a test of rows."""

    def __init__(self, text: str) -> None:
        self._text = text

    def test(self, node: ast.expr) -> Test:
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                parts = [self.test(value) for value in values]
                return lambda row: all(part(row) for part in parts)
            case ast.BoolOp(op=ast.Or(), values=values):
                parts = [self.test(value) for value in values]
                return lambda row: any(part(row) for part in parts)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                part = self.test(operand)
                return lambda row: not part(row)
            case ast.Compare(left=left, ops=operators, comparators=right):
                sides = [left, *right]
                parts = [self._comparison(*item) for item in zip(sides, operators, sides[1:], strict=False)]
                return lambda row: all(part(row) for part in parts)
        raise self._error(f"{ast.unparse(node)!r} is no comparison; {_EXAMPLE}")

    def _comparison(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Test:
        if isinstance(right, ast.Name) and not isinstance(left, ast.Name):
            return self._mirrored(left, op, right)
        if not isinstance(left, ast.Name):
            raise self._error(f"{ast.unparse(left)!r} is compared with no word of the index: {self._words()}")
        word, kind = left.id, self._kind(left)
        if isinstance(op, ast.In | ast.NotIn):
            return self._negated_if(isinstance(op, ast.NotIn), self._one_of(word, self._values(word, right)))
        value = self._value(word, right)
        if isinstance(op, ast.Eq | ast.NotEq):
            return self._negated_if(isinstance(op, ast.NotEq), self._one_of(word, (value,)))
        if type(op) in _ORDER and kind == "number":
            compare = _ORDER[type(op)][1]
            return lambda row: compare(row[word], value)
        raise self._error(f"{word!r} can be compared by ==, !=, in and not in only")

    def _mirrored(self, left: ast.expr, op: ast.cmpop, right: ast.Name) -> Test:
        """`"red" in instruction`, `"mug" in category`, `4 <= objects`."""
        word, kind = right.id, self._kind(right)
        value = self._value(word, left, free=True)
        if isinstance(op, ast.In | ast.NotIn):
            if kind == "number":
                raise self._error(f"{word!r} is a number, nothing is in it")
            found = self._one_of(word, (value,)) if kind == "texts" else _piece_of(word, str(value))
            return self._negated_if(isinstance(op, ast.NotIn), found)
        turned = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}.get(type(op))
        return self._comparison(right, op if turned is None else turned(), left)

    def _one_of(self, word: str, values: tuple[str | int, ...]) -> Test:
        """Whether the word's value, or one of them, is among `values`."""
        column = _COLUMN.get(word, word)
        if WORDS[word] == "texts":
            return lambda row: any(item in values for item in row[column])
        return lambda row: row[column] in values

    def _negated_if(self, negated: bool, test: Test) -> Test:
        return (lambda row: not test(row)) if negated else test

    def _kind(self, name: ast.Name) -> Kind:
        if name.id not in WORDS:
            raise self._error(
                f'unknown word {name.id!r}; the words are {self._words()}, and texts stand in quotes: "{name.id}"'
            )
        return WORDS[name.id]

    def _values(self, word: str, node: ast.expr) -> tuple[str | int, ...]:
        if not isinstance(node, ast.Tuple | ast.List | ast.Set):
            raise self._error(
                f'after \'{word} in\' a list is expected, such as {word} in ("a", "b"), not {ast.unparse(node)!r}'
            )
        return tuple(self._value(word, item) for item in node.elts)

    def _value(self, word: str, node: ast.expr, free: bool = False) -> str | int:
        """The text or number that `node` is, of the kind that `word` takes; `free`: it may be a piece of a value."""
        expected = int if WORDS[word] == "number" else str
        if isinstance(node, ast.Name):
            self._kind(node)
            raise self._error(
                f"{word!r} is compared with another word, {node.id!r}; compare it with a text or a number"
            )
        if not isinstance(node, ast.Constant) or type(node.value) is not expected:
            what = "a whole number" if expected is int else "a text in quotes"
            raise self._error(f"{word!r} is compared with {ast.unparse(node)!r}, expected {what}")
        choices = _CHOICES.get(word)
        if choices is not None and not free and node.value not in choices:
            raise InvalidOptionError.unknown(f"{word} in query {self._text!r}:", node.value, choices)
        return node.value

    def _words(self) -> str:
        return ", ".join(WORDS)

    def _error(self, message: str) -> InvalidOptionError:
        return InvalidOptionError(f"query {self._text!r}: {message}")


def _piece_of(word: str, piece: str) -> Test:
    wanted = piece.casefold()
    return lambda row: wanted in (row[word] or "").casefold()

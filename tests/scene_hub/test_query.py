"""Queries: they mean what the same words mean in Python, select what they say, and run nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scene_hub.dataset import SceneDataset
from scene_hub.errors import InvalidOptionError
from scene_hub.query import MAX_CHARACTERS, WORDS, Query
from scene_hub.schema import SPLITS, TASK_FAMILIES

NAMES = ("mug", "plate", "bowl", "red_block")
ROW = {
    "id": "train-1",
    "split": "train",
    "task": "put_on",
    "instruction": "Put the RED mug on the plate",
    "object": "mug",
    "receptacle": "plate",
    "categories": ["mug", "plate", "bowl"],
    "objects": 3,
}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('category == "mug"', True),
        ('category == "fork"', False),
        ('category != "mug"', False),
        ('category in ("fork", "bowl")', True),
        ('category not in ["fork", "bowl"]', False),
        ('"bowl" in category', True),
        ('"bow" in category', False),
        ('object == "mug" and receptacle == "plate"', True),
        ('"plate" == object', False),
        ('not receptacle == "plate"', False),
        ('split == "train" and task in ("put_on", "stack")', True),
        ('split == "test_ood" or (objects > 2 and not category == "fork")', True),
        ('"red" in instruction', True),
        ('"red" not in instruction', False),
        ("objects >= 4", False),
        ("2 <= objects < 4", True),
        ("4 > objects", True),
        ("objects in (3, 4)", True),
        ('id == "train-1"', True),
    ],
)
def test_queries_mean_what_they_say(query: str, expected: bool) -> None:
    assert Query.parse(query).matches(ROW) is expected


def test_a_scene_without_receptacle_has_none_of_any_category() -> None:
    row = {**ROW, "task": "pick", "receptacle": None}
    assert not Query.parse('receptacle == "plate"').matches(row)
    assert Query.parse('receptacle != "plate"').matches(row)
    assert not Query.parse('"plate" in receptacle').matches(row)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ('colour == "red"', "unknown word 'colour'; the words are id, split, task, .*, objects"),
        ("category == mug", "unknown word 'mug'.* texts stand in quotes: \"mug\""),
        (
            'split == "validation"',
            "unknown split .*'validation'; choose one of 'test_distractors', 'test_ood', 'train'",
        ),
        ('task in ("throw",)', "unknown task .*'throw'; choose one of 'pick', 'put_in', 'put_on', 'stack'"),
        ('objects == "3"', "expected a whole number"),
        ("objects == True", "expected a whole number"),
        ("category == 3", "expected a text in quotes"),
        ('category < "mug"', "==, !=, in and not in only"),
        ("object == receptacle", "compared with another word, 'receptacle'"),
        ('task in "put_on"', "a list is expected"),
        ("3 in objects", "is a number, nothing is in it"),
        ("category", "is no comparison; for example"),
        ("1 == 1", "compared with no word of the index"),
        ("", "cannot be read"),
        ("category ==", "cannot be read"),
        ('category == "a"; objects == 1', "cannot be read"),
        ("objects == 1" + " " * MAX_CHARACTERS, "at most 2000 are read"),
        ("(" * 1000, "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_explained(query: str, message: str) -> None:
    with pytest.raises(InvalidOptionError, match=message):
        Query.parse(query)


@pytest.mark.parametrize(
    "query",
    [
        '__import__("os").system("true")',
        "objects == (lambda: 3)()",
        "objects == [3][0]",
        "objects == 1 + 2",
        'instruction == f"{1}"',
        'category == "a" if objects == 1 else objects == 2',
        "objects.__class__ == 3",
        "(x := objects) == 3",
        "[objects == 3 for _ in (1,)]",
        'instruction.startswith("put")',
        "objects == 10 ** 10 ** 10",
    ],
)
def test_nothing_but_comparisons_is_accepted(query: str) -> None:
    with pytest.raises(InvalidOptionError):
        Query.parse(query)


@given(st.text(max_size=80) | st.text(alphabet="()[]\"'=<>!,. notandrifbjecsplq0123456789\\", max_size=80))
def test_any_text_is_a_query_or_one_clear_error(text: str) -> None:
    try:
        query = Query.parse(text)
    except InvalidOptionError:
        return
    assert query.matches(ROW) in (True, False)


# ----------------------------------------------------------------------------------------- against an interpreter of tests


def comparisons() -> st.SearchStrategy[tuple[str, Callable[[dict[str, Any]], bool]]]:
    """A comparison as text, and the same as a function."""
    words = sorted(
        word for word, kind in WORDS.items() if kind == "text" and word not in ("split", "task", "instruction")
    )
    texts = st.tuples(st.sampled_from(words), st.sampled_from(NAMES), st.sampled_from(["==", "!="]))
    numbers = st.tuples(st.integers(0, 6), st.sampled_from(["<", "<=", ">", ">=", "==", "!="]))
    lists = st.tuples(st.lists(st.sampled_from(NAMES), max_size=3), st.booleans())
    return st.one_of(
        texts.map(lambda t: (f"{t[0]} {t[2]} {t[1]!r}", lambda row: (row[t[0]] == t[1]) == (t[2] == "=="))),
        numbers.map(lambda n: (f"objects {n[1]} {n[0]}", lambda row: eval(f"{row['objects']} {n[1]} {n[0]}"))),
        lists.map(
            lambda names: (
                f"category {'not ' * names[1]}in {names[0]!r}",
                lambda row: bool(set(row["categories"]) & set(names[0])) != names[1],
            )
        ),
        st.sampled_from(SPLITS).map(lambda s: (f"split == {s!r}", lambda row: row["split"] == s)),
    )


def combined(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        parts.map(lambda p: (f"not ({p[0]})", lambda row: not p[1](row))),
        st.tuples(parts, parts).map(
            lambda p: (f"({p[0][0]} and {p[1][0]})", lambda row: p[0][1](row) and p[1][1](row))
        ),
        st.tuples(parts, parts).map(lambda p: (f"({p[0][0]} or {p[1][0]})", lambda row: p[0][1](row) or p[1][1](row))),
    )


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    categories = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4))
    return {
        "id": draw(st.sampled_from(NAMES)),
        "split": draw(st.sampled_from(SPLITS)),
        "task": draw(st.sampled_from(TASK_FAMILIES)),
        "instruction": " ".join(categories),
        "object": categories[0],
        "receptacle": categories[1] if len(categories) > 1 else None,
        "categories": categories,
        "objects": len(categories),
    }


@given(st.recursive(comparisons(), combined, max_leaves=6), st.lists(rows(), min_size=1, max_size=5))
def test_a_query_selects_what_its_parts_say(
    query: tuple[str, Callable[[dict[str, Any]], bool]], some: list[dict[str, Any]]
) -> None:
    parsed = Query.parse(query[0])
    assert [parsed.matches(row) for row in some] == [query[1](row) for row in some]


# ------------------------------------------------------------------------------------------------------------- datasets


def test_a_dataset_is_asked(box_dataset: SceneDataset) -> None:
    def ids(**selection: Any) -> list[str]:
        return [scene.id for scene in box_dataset.scenes(**selection)]

    assert ids(query='receptacle == "tray"') == ["put-0", "put-ood-0"]
    assert ids(query='receptacle == "tray"', split="train") == ["put-0"]
    assert ids(query="objects == 1") == ["pick-0"]
    assert ids(count=2) == ["pick-0", "put-0"]
    assert ids(query='task == "put_on"', count=1) == ["put-0"]
    assert ids(count=100) == ["pick-0", "put-0", "put-ood-0"]
    with pytest.raises(InvalidOptionError, match="matches query=.*; there are .*; and the categories block, tray"):
        ids(query='category == "mug"')
    with pytest.raises(InvalidOptionError, match="count=0"):
        ids(count=0)

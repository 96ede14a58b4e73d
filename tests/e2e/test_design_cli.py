import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from genworld_envs.cli.main import main


def test_one_instruction_as_json(genworld: Callable) -> None:
    done = genworld("scenes", "design", "Put the red apple in the wicker basket.", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = done.stdout.splitlines()
    row = json.loads(line)
    assert row["instruction"] == "Put the red apple in the wicker basket"
    assert row["task_family"] == "put_in"
    assert row["object"] == {
        "category": "apple", "name": "red apple", "color": "red", "material": None, "size": None
    }  # fmt: skip
    assert (row["receptacle"]["category"], row["receptacle"]["material"]) == ("basket", "wicker")
    assert len(row["distractors"]) == 3
    assert set(row["background"]) == set(row["context"]) == {"category", "name"}
    assert {"subject": "table", "predicate": "FLOOR", "target": "room"} in row["relations"]


def test_a_file_is_read_to_its_end_and_failures_are_counted(genworld: Callable, tmp_path: Path) -> None:
    file = tmp_path / "tasks.txt"
    file.write_text(
        "# two work, one does not\n\nput the moon in the mug\npick up the banana\nstack the red cup on the blue cup\n",
        encoding="utf-8",
    )
    done = genworld("scenes", "design", "--file", str(file), "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (2, "")
    assert [row.get("task_family") for row in rows] == [None, "pick", "stack"]
    assert rows[0]["instruction"] == "put the moon in the mug" and "'moon'" in rows[0]["error"]
    assert rows[1]["receptacle"] is None


def test_standard_input(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "genworld_envs.cli.main", "scenes", "design", "--file", "-", "--json"]
    text = "put the lemon in the bowl\n# a comment\nput the eraser on the book\n"
    done = subprocess.run(command, input=text, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0
    assert [json.loads(line)["task_family"] for line in done.stdout.splitlines()] == ["put_in", "put_on"]


def test_for_people_there_is_a_table_and_errors_go_to_stderr(genworld: Callable, tmp_path: Path) -> None:
    file = tmp_path / "tasks.txt"
    file.write_text("put the red [bold]mug on the tray\nput the red mug on the tray\n", encoding="utf-8")
    done = genworld("scenes", "design", "--file", str(file))
    assert done.returncode == 2
    assert "put the red mug on the tray" in done.stdout and "receptacle" in done.stdout and "tray" in done.stdout
    assert done.stderr.startswith("error: ") and done.stderr.count("\n") == 1


def test_the_same_seed_gives_the_same_lines(capsys: pytest.CaptureFixture[str]) -> None:
    def lines(seed: str) -> str:
        assert main(["scenes", "design", "put the mug on the tray", "--json", "--seed", seed]) == 0
        return capsys.readouterr().out

    assert lines("3") == lines("3") != lines("4")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "give one of an instruction, --file or --theme"),
        (["put the mug on the tray", "--theme", "a kitchen"], "not text and theme"),
        (["--file", "no/such"], "--file no/such cannot be read"),
        (["--theme", "a repair bench"], "designer 'grammar' cannot invent tasks"),
        (["put the mug on the tray", "--designer", "oracle"], "unknown designer 'oracle'; choose one of"),
        (["put the mug on the tray", "--generator", "magic"], "unknown generator 'magic'; choose one of"),
        (["put the mug on the tray", "--model", "some/model"], "takes no option 'model'"),
        (["put the mug on the tray", "--distractors", "-1"], "must not be negative"),
        (["put the moon in the mug"], "there is no 'moon'"),
        ([""], "is empty"),
    ],
)
def test_mistakes_are_one_line(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenes", "design", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert words in shown.err and shown.err.count("\n") == 1


def test_a_file_that_is_no_text_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    binary = tmp_path / "picture.png"
    binary.write_bytes(b"\x89PNG\xff\xfe")
    assert main(["scenes", "design", "--file", str(binary)]) == 2
    assert "give a UTF-8 text file" in capsys.readouterr().err

"""`genworld eval` as a person uses it: the expert on two starter scenes."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from genworld_envs.cli.main import main

GENWORLD = [sys.executable, "-m", "genworld_envs.cli.main"]


def genworld(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*GENWORLD, *arguments], capture_output=True, text=True, timeout=240, check=False)


@pytest.fixture(scope="module")
def scene_ids() -> list[str]:
    """A put_on and a pick scene."""
    listed = json.loads(genworld("scenes", "list", "--split", "train", "--json").stdout)
    return [next(row["id"] for row in listed if row["task"] == task) for task in ("pick", "put_on")]


@pytest.fixture(scope="module")
def arguments(scene_ids: list[str]) -> list[str]:
    return ["eval", "--policy", "expert", "--scenes", "starter", "--episodes", "2", "--scene-ids", *scene_ids]


@pytest.fixture(scope="module")
def finished(arguments: list[str], tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any], Path]:
    """Standard output, report and folder of an evaluation on two workers."""
    folder = tmp_path_factory.mktemp("eval")
    process = genworld(*arguments, "--workers", "2", "--json", str(folder / "out.json"))
    assert process.returncode == 0, process.stderr
    return process.stdout, json.loads((folder / "out.json").read_text()), folder


def test_prints_a_table_and_writes_the_report(finished: tuple[str, dict[str, Any], Path], scene_ids: list[str]) -> None:
    printed, report, folder = finished
    assert report["overall"]["episodes"] == 4
    assert report["overall"]["success_rate"] >= 0.5
    assert set(report["by_scene"]) == set(scene_ids)
    assert set(report["by_task"]) == {"pick", "put_on"}
    assert set(report["by_split"]) == {"train"}
    assert report["by_task"]["pick"].keys() == report["overall"].keys()
    assert len(report["dataset"]["fingerprint"]) == 64
    assert report["versions"]["mani-skill"]
    episode = report["episodes"][0]
    assert episode["scene_id"] in printed
    assert episode["instruction"] in printed
    assert "95 % interval" in printed
    assert [path.name for path in folder.iterdir()] == ["out.json"], "something besides the report is left"


def test_killed_run_goes_on_and_ends_as_the_uninterrupted_one(
    finished: tuple[str, dict[str, Any], Path], arguments: list[str], tmp_path: Path
) -> None:
    report, partial = tmp_path / "out.json", tmp_path / "out.partial.jsonl"
    command = [*arguments, "--workers", "1", "--json", str(report)]
    process = subprocess.Popen([*GENWORLD, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not (partial.exists() and partial.read_text().count("\n")):
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.kill()
    process.wait()
    assert not report.exists()
    again = genworld(*command)
    assert again.returncode == 0, again.stderr
    assert not partial.exists()
    # One worker and an interruption here, two workers there: the same episodes, action for action.
    assert json.loads(report.read_text())["results_sha256"] == finished[1]["results_sha256"]


@pytest.mark.parametrize(
    ("option", "value", "choice"),
    [
        ("--policy", "expret", "'expert'"),
        ("--split", "test", "'test_ood'"),
        ("--task", "fly", "'stack'"),
        ("--scene-ids", "nowhere", "unknown scene 'nowhere'"),
        ("--scenes", "no/such/folder", "'starter'"),
        ("--robot", "r2d2", "'panda'"),
        ("--randomization", "wild", "'paper'"),
        ("--episodes", "0", "at least 1"),
        ("--workers", "0", "at least 1"),
    ],
)
def test_a_wrong_option_is_one_line_with_the_choices(
    option: str, value: str, choice: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", "--max-scenes", "1", "--episodes", "1", option, value]) == 2
    printed = capsys.readouterr()
    assert value.split("/")[0] in printed.err
    assert choice in printed.err
    assert len(printed.err.strip().splitlines()) == 1
    assert printed.out == ""

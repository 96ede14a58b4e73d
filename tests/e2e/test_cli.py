import json
import re
from collections.abc import Callable
from importlib.metadata import entry_points, version
from pathlib import Path

import pytest

from scene_hub.dataset import SceneDataset
from scene_hub.schema import SPLITS, TASK_FAMILIES

COMMANDS = (
    "doctor",
    "scenes list",
    "scenes design",
    "scenes build",
    "scenes validate",
    "scenes gallery",
    "scenes info",
    "scenes pull",
    "scenes push",
    "scenes verify",
    "scenes view",
    "scenes export",
    "scenes import-embodiedgen",
    "scenes import-asset",
    "demo",
    "eval",
)
ROOT = Path(__file__).resolve().parents[2]


def test_version(genworld: Callable) -> None:
    done = genworld("--version")
    assert (done.returncode, done.stdout) == (0, f"genworld {version('genworld-envs')}\n")


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["help"]])
def test_help_lists_every_command(genworld: Callable, arguments: list[str]) -> None:
    done = genworld(*arguments)
    assert done.returncode == 0
    for command in COMMANDS:
        assert command in done.stdout


def test_no_command_shows_the_help_and_fails(genworld: Callable) -> None:
    done = genworld()
    assert done.returncode == 2
    assert "doctor" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(genworld: Callable, command: str) -> None:
    done = genworld(*command.split(), "--help")
    assert done.returncode == 0, done.stderr
    assert f"usage: genworld {command}" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["scnes"], "unknown command 'scnes'; choose one of 'bench', 'demo', 'doctor', 'eval'"),
        (["scenes", "lost"], "unknown command 'scenes lost'; choose one of 'scenes build', 'scenes design'"),
        (["scenes", "list", "--scenes", "no/such"], "unknown scene source 'no/such'"),
        (["scenes", "list", "--split", "validation"], "unknown split 'validation'; choose one of"),
        (["scenes", "list", "--task", "juggle"], "unknown task"),
    ],
)
def test_what_the_user_can_mend_is_one_line(genworld: Callable, arguments: list[str], words: str) -> None:
    done = genworld(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("flag", "environ"), [(["--debug"], {}), ([], {"GENWORLD_DEBUG": "1"})])
def test_debug_shows_the_traceback(genworld: Callable, flag: list[str], environ: dict[str, str]) -> None:
    done = genworld(*flag, "scenes", "list", "--scenes", "no/such", **environ)
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_an_unknown_flag_is_refused(genworld: Callable) -> None:
    assert genworld("scenes", "list", "--colour", "red").returncode == 2


def test_scenes_list_json_is_one_list(genworld: Callable) -> None:
    done = genworld("scenes", "list", "--scenes", "starter", "--json")
    assert done.returncode == 0, done.stderr
    scenes = json.loads(done.stdout)
    assert len(scenes) >= 24
    for scene in scenes:
        assert set(scene) == {"id", "split", "task", "instruction", "categories", "assets"}
        assert scene["split"] in SPLITS
        assert scene["task"] in TASK_FAMILIES
        assert scene["instruction"]
        assert scene["categories"]
        assert all(re.fullmatch("[0-9a-f]{64}", asset) for asset in scene["assets"])
    used = {split: {asset for s in scenes if s["split"] == split for asset in s["assets"]} for split in SPLITS}
    assert not used["train"] & (used["test_distractors"] | used["test_ood"])


def test_scenes_list_shows_a_table(genworld: Callable) -> None:
    done = genworld("scenes", "list", "--split", "train")
    assert done.returncode == 0, done.stderr
    scenes = SceneDataset.open("starter").scenes(split="train")
    assert f"{len(scenes)} scenes of 'starter'" in done.stdout
    for scene in scenes:
        assert scene.id in done.stdout
        assert scene.instruction in done.stdout


def test_doctor_finds_that_environments_render_here(genworld: Callable) -> None:
    done = genworld("doctor", "--json", VK_DRIVER_FILES=None, VK_ICD_FILENAMES=None)
    report = json.loads(done.stdout)
    assert done.returncode == 0, done.stdout
    assert (report["ok"], report["can_render"]) == (True, True)
    names = [check["name"] for check in report["checks"]]
    assert {"python", "torch", "vulkan", "render", "egl", "ffmpeg", "opencv", "disk", "hub", "starter"} <= set(names)
    for check in report["checks"]:
        assert check["status"] in ("ok", "warn")
        assert check["fix"] or check["status"] == "ok"


def test_doctor_without_a_driver_fails_and_names_the_fix(genworld: Callable) -> None:
    done = genworld("doctor", VK_DRIVER_FILES="/nonexistent", VK_ICD_FILENAMES=None)
    assert done.returncode == 1
    assert re.search(r"^fail  render .*no Vulkan driver was found", done.stdout, re.MULTILINE)
    assert "fix: unset VK_DRIVER_FILES" in done.stdout
    assert "failed to find a rendering device" not in done.stdout + done.stderr
    assert "svulkan2" not in done.stdout + done.stderr


def test_help_does_not_wait_for_the_simulation(python: Callable) -> None:
    done = python(
        "import sys, genworld_envs.cli.main as m; m.main(['--help']); "
        "print([name for name in ('torch', 'sapien', 'mani_skill', 'datasets') if name in sys.modules])"
    )
    assert done.stdout.strip().splitlines()[-1] == "[]", done.stderr


@pytest.mark.parametrize("group", ["genworld.robots", "genworld.generators"])
def test_entry_points_load(group: str) -> None:
    found = entry_points(group=group)
    assert found
    for entry_point in found:
        assert entry_point.load() is not None


def test_make_help_lists_its_targets() -> None:
    import subprocess

    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target in ("setup", "demo", "test", "lint", "bench", "test-slow", "starter"):
        assert f"make {target} " in done.stdout

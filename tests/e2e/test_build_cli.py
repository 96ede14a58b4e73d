"""`genworld scenes build` and `validate` as a person uses them: killed, resumed, spread over workers, refused."""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from scene_hub.dataset import SceneDataset

SENTENCES = (
    "put the red mug on the gray tray",
    "put the green apple in the blue bowl",
    "stack the yellow block on the blue block",
    "pick up the lemon",
)
COMMAND = [sys.executable, "-m", "genworld_envs.cli.main", "scenes", "build"]


def start(folder: Path, *options: str) -> subprocess.Popen[str]:
    """A build of SENTENCES into `folder`/scenes, in a process group of its own."""
    (folder / "tasks.txt").write_text("# four tasks\n\n" + "\n".join(SENTENCES) + "\n", encoding="utf-8")
    command = [*COMMAND, "--task-file", "tasks.txt", "--out", "scenes", "--seed", "3", *options]
    return subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def finished(process: subprocess.Popen[str]) -> str:
    out, errors = process.communicate(timeout=280)
    assert process.returncode == 0, errors
    return out


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def one_worker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a build by one worker that nobody disturbed."""
    folder = tmp_path_factory.mktemp("one")
    out = finished(start(folder, "--workers", "1"))
    assert "4 of 4" in out
    assert "paper" in out
    return folder


def test_a_build_makes_scenes_that_pass_every_check(one_worker: Path) -> None:
    dataset = SceneDataset.open(one_worker / "scenes")
    dataset.verify()
    assert {scene.instruction for scene in dataset.scenes()} == set(SENTENCES)
    for scene in dataset.scenes():
        assert [check.name for check in scene.report.checks][-2:] == ["visible", "expert"]
        assert scene.report.passed
    report = json.loads((one_worker / "scenes" / "report.json").read_text(encoding="utf-8"))
    assert report["acceptance"] == 1.0
    assert report["checks"]["expert"]["passed"] == 4


def test_a_build_killed_twice_comes_out_the_same_on_two_workers(one_worker: Path, tmp_path: Path) -> None:
    kept = tmp_path / "scenes.partial" / "scenes"
    for wanted in (1, 2):
        process = start(tmp_path, "--workers", "2")
        deadline = time.monotonic() + 250
        while process.poll() is None and time.monotonic() < deadline:
            if kept.is_dir() and len(list(kept.iterdir())) >= wanted:
                break
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        assert not (tmp_path / "scenes").exists()
    finished(start(tmp_path, "--workers", "2"))
    assert hashes(tmp_path / "scenes") == hashes(one_worker / "scenes")
    assert not (tmp_path / "scenes.partial").exists()


def test_a_build_on_a_ray_cluster_comes_out_the_same(one_worker: Path, tmp_path: Path) -> None:
    pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    try:
        cluster.add_node(num_cpus=1)
        cluster.wait_for_nodes()
        finished(start(tmp_path, "--ray", "--ray-address", cluster.address))
    finally:
        cluster.shutdown()
    assert hashes(tmp_path / "scenes") == hashes(one_worker / "scenes")


def test_validate_passes_what_was_built_and_says_what_it_checked(
    genworld: Callable, one_worker: Path, tmp_path: Path
) -> None:
    report = tmp_path / "checks.json"
    done = genworld("scenes", "validate", str(one_worker / "scenes"), "--workers", "1", "--json", str(report))
    assert done.returncode == 0, done.stderr
    assert "4 of 4 scenes pass every check" in done.stdout
    (first, *_) = json.loads(report.read_text(encoding="utf-8")).values()
    assert {"asset-mesh", "asset-open", "settles", "instruction", "visible", "expert"} <= {
        check["name"] for check in first["checks"]
    }


def test_validate_notices_a_damaged_file(genworld: Callable, one_worker: Path, tmp_path: Path) -> None:
    copy = tmp_path / "scenes"
    subprocess.run(["cp", "-r", str(one_worker / "scenes"), str(copy)], check=True)
    victim = next(copy.rglob("visual.glb"))
    victim.write_bytes(victim.read_bytes()[:-1] + b"\1")
    done = genworld("scenes", "validate", str(copy), "--no-environment", "--workers", "1")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "checksum is" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "nothing to build"),
        (["put the moon in the mug"], "moon"),
        ([""], "empty"),
        (["x" * 10_000], "1,000"),
        (["put the apple"], "apple"),
        (["legen Sie den Apfel in die Schale"], "not in English"),
        (["--recipe", "papper"], "unknown recipe 'papper'; choose one of 'paper', 'starter'"),
        (["--recipe", "paper", "pick up the lemon"], "exclude each other"),
        (["--task", "juggle", "--count", "2"], "unknown task 'juggle'"),
        (["--count", "0"], "--count is 0"),
        (["--task-file", "no-such-file.txt"], "no-such-file.txt"),
        (["--theme", "a repair bench"], "--designer llm"),
        (["pick up the lemon", "--split", "validation"], "unknown split 'validation'"),
        (["pick up the lemon", "--checks", "smell"], "unknown check 'smell'; choose one of 'expert', 'visible'"),
        (["pick up the lemon", "--generator", "magic"], "unknown generator 'magic'"),
        (["pick up the lemon", "--designer", "oracle"], "unknown designer 'oracle'"),
    ],
)
def test_what_the_user_can_mend_is_one_line(genworld: Callable, arguments: list[str], words: str) -> None:
    done = genworld("scenes", "build", *arguments)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("error: ")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_previews_show_the_scene_though_environments_were_made_before(one_worker: Path) -> None:
    dataset = SceneDataset.open(one_worker / "scenes")
    for scene_id in dataset.scene_ids:
        preview = dataset.preview(scene_id)
        assert preview is not None
        low, high = Image.open(io.BytesIO(preview)).convert("L").getextrema()
        assert high - low > 60  # type: ignore[operator]

"""`genworld scenes pull`, `verify` and `list` with datasets on the Hub."""

import json
from pathlib import Path

import pytest
from hub_server import HubClient, HubServer

from genworld_envs.cli.main import main
from scene_hub.dataset import SceneDataset

REPO = "org/boxes"
SOURCE = f"hf://datasets/{REPO}"


@pytest.fixture
def published(hub_client: HubClient, box_dataset: SceneDataset, monkeypatch: pytest.MonkeyPatch) -> HubServer:
    monkeypatch.setenv("HF_HUB_VERBOSITY", "error")
    hub_client.hub.create(REPO)
    hub_client.hub.commit_folder(REPO, box_dataset.folder)
    return hub_client.hub


def test_pull_prints_the_pinned_source(published: HubServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenes", "pull", SOURCE, "--query", 'object == "block"', "--split", "train"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{SOURCE}@{published.head(REPO)}"
    assert lines[1].startswith("2 of 3 scenes, ") and lines[1].endswith("all verified")
    published.stop()
    assert main(["scenes", "list", "--scenes", lines[0], "--query", "objects == 1", "--json"]) == 0
    assert [row["id"] for row in json.loads(capsys.readouterr().out)] == ["pick-0"]


def test_pull_writes_a_folder_of_its_own(
    published: HubServer, box_dataset: SceneDataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "few"
    arguments = ["scenes", "pull", SOURCE, "--scene-ids", "pick-0", "put-0", "--out", str(out)]
    assert main(arguments) == 0
    source = capsys.readouterr().out.splitlines()[0]
    published.stop()
    few = SceneDataset.open(out)
    few.verify()
    assert few.scenes() == box_dataset.scenes(split="train")
    assert source in few.card.description and source in (out / "README.md").read_text()
    assert main(arguments) == 2
    assert "exists already; replace it with overwrite=True (--overwrite)" in capsys.readouterr().err


def test_pull_takes_only_the_assets_of_its_scenes(
    published: HubServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scenes", "pull", SOURCE, "--task", "pick", "--count", "1", "--out", str(tmp_path / "one")]) == 0
    one = SceneDataset.open(tmp_path / "one")
    assert one.asset_ids == one.scene("pick-0").asset_ids


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["hf://datasets/org/nothing"], "error: there is no dataset 'org/nothing' on the Hub"),
        (["org/boxes"], "error: unknown scene source 'org/boxes'; choose"),
        ([SOURCE, "--query", "size > 3"], "unknown word 'size'"),
        ([SOURCE, "--workers", "0"], "--workers 0"),
    ],
)
def test_mistakes_are_one_line(
    published: HubServer, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["scenes", "pull", *arguments]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_verify_lists_all_that_is_damaged(published: HubServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenes", "verify", SOURCE]) == 0
    assert f"{SOURCE}@{published.head(REPO)}: sound. 3 scenes, 5 assets, 11 files" in capsys.readouterr().out
    # Another commit with other bytes under the same records.
    files = sorted(path for path in published.files(REPO) if path.endswith("visual.glb"))[:2]
    published.commit(REPO, dict.fromkeys(files, b"\x00other"))
    assert main(["scenes", "verify", SOURCE, "--json"]) == 2
    captured = capsys.readouterr()
    damage = json.loads(captured.out)["damage"]
    assert [any(path in line for line in damage) for path in files] == [True, True]
    assert len(damage) == 2
    assert captured.err == f"error: 2 things in {SOURCE} are damaged\n"


def test_verify_of_a_damaged_folder(box_dataset: SceneDataset, capsys: pytest.CaptureFixture[str]) -> None:
    for path in sorted((box_dataset.folder / "assets").rglob("*.glb"))[:3]:
        path.write_bytes(b"other")
    assert main(["scenes", "verify", str(box_dataset.folder)]) == 2
    assert capsys.readouterr().out.count("has 5 bytes, expected") == 3

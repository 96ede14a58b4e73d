"""Pushing datasets to a Hub: real HTTP, the real client, `datasets` as a reader."""

import hashlib
import io
import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hub_server import READ_TOKEN, WRITE_TOKEN, HubClient, HubServer
from PIL import Image
from scene_boxes import CARD

from scene_hub.dataset import SceneDataset, write_dataset
from scene_hub.errors import InvalidOptionError, MissingRequirementError, SceneDataError
from scene_hub.generate.bundle import AssetBundle
from scene_hub.hub.changes import LocalFile, PushPlan, check_counts
from scene_hub.hub.push import PushOptions, PushResult, parse_target, push
from scene_hub.schema import Scene

Boxes = tuple[list[Scene], list[AssetBundle]]
Run = Callable[..., subprocess.CompletedProcess[str]]
REPORT = {"report.json": b"{}\n"}
WRITING = ("POST", "PUT", "DELETE")


def picture(shade: int) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (224, 168), (shade, 120, 90)).save(stream, "JPEG")
    return stream.getvalue()


def written(folder: Path, boxes: Boxes, scenes: slice = slice(None), loose_assets: int = 100) -> SceneDataset:
    """A dataset of boxes with previews."""
    chosen = boxes[0][scenes]
    used = {asset for scene in chosen for asset in scene.asset_ids}
    previews = {scene.id: picture(60 * index) for index, scene in enumerate(chosen)}
    bundles = [bundle for bundle in boxes[1] if bundle.asset.id in used]
    return write_dataset(folder, chosen, bundles, CARD, previews=previews, extra=REPORT, loose_assets=loose_assets)


@pytest.fixture
def folder(boxes: Boxes, tmp_path: Path) -> Path:
    """A dataset of three scenes."""
    return written(tmp_path / "boxes", boxes).folder


@pytest.fixture
def other(boxes: Boxes, tmp_path: Path) -> Path:
    """Another one: its second scene only, with the three of its five assets that this takes."""
    return written(tmp_path / "other", boxes, slice(1, 2)).folder


@pytest.fixture
def writer(hub_client: HubClient) -> HubServer:
    """A Hub that this process may write to, with the empty repository org/name."""
    hub_client.log_in(WRITE_TOKEN)
    hub_client.hub.create("org/name")
    return hub_client.hub


def quick(folder: Path | str, target: str = "org/name", **options: Any) -> PushResult:
    return push(folder, target, PushOptions(checks=False, **options))


def content(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def commits(hub: HubServer, name: str = "org/name", branch: str = "main") -> list[str]:
    repository = hub.repositories[name]
    return [commit.title for commit in repository.history(repository.commits[hub.head(name, branch)])]


# -------------------------------------------------------------------------------------------------------- what gets there


def test_one_commit_holds_the_dataset_its_card_and_its_mosaic(writer: HubServer, folder: Path) -> None:
    before = content(folder)
    result = quick(folder, message="Boxes")
    assert commits(writer) == ["Boxes", "initial commit"]
    there = writer.files("org/name")
    assert set(there) == {*before, "mosaic.jpg"}
    assert all(hashlib.sha256(there[path]).hexdigest() == before[path] for path in before if path != "README.md")
    assert f"hf://datasets/org/name@{writer.head('org/name')}" == result.source
    assert b'scenes="hf://datasets/org/name@main"' in there["README.md"]
    with Image.open(io.BytesIO(there["mosaic.jpg"])) as image:
        assert image.format == "JPEG"
    assert content(folder) == before, "the folder was changed"


def test_what_was_pushed_opens_from_there(writer: HubServer, folder: Path) -> None:
    result = quick(folder)
    assert result.source is not None
    dataset = SceneDataset.open(result.source)
    assert dataset.fingerprint == SceneDataset.open(folder).fingerprint
    assert list(dataset.damage()) == []


def test_a_sharded_dataset_opens_from_there(writer: HubServer, boxes: Boxes, tmp_path: Path) -> None:
    folder = written(tmp_path / "sharded", boxes, loose_assets=0).folder
    result = quick(folder)
    there = writer.files("org/name")
    assert not any(path.startswith("assets/") for path in there)
    assert {path for path in there if path.startswith("shards/")} == {
        p for p in content(folder) if p.startswith("shards/")
    }
    assert list(SceneDataset.open(result.source or "").damage()) == []


def test_the_repository_is_made_when_told_to(hub_client: HubClient, folder: Path) -> None:
    hub_client.log_in()
    with pytest.raises(InvalidOptionError, match="no dataset 'org/new' on the Hub that you may see.*--create"):
        quick(folder, "org/new")
    quick(folder, "org/new", create=True, private=True)
    assert hub_client.hub.repositories["org/new"].private
    assert "dataset.json" in hub_client.hub.files("org/new")


def test_a_branch_is_made_when_told_to(writer: HubServer, folder: Path) -> None:
    with pytest.raises(
        InvalidOptionError, match="org/name has no branch 'dev'; make it with --create, or choose one of 'main'"
    ):
        quick(folder, "org/name@dev")
    quick(folder, "hf://datasets/org/name@dev", create=True)
    assert "dataset.json" in writer.files("org/name", "dev")
    assert "dataset.json" not in writer.files("org/name")
    assert b"hf://datasets/org/name@dev" in writer.files("org/name", "dev")["README.md"]


def test_a_pull_request_changes_no_branch(writer: HubServer, folder: Path, other: Path) -> None:
    quick(folder)
    head = writer.head("org/name")
    result = quick(other, create_pr=True)
    assert result.url == f"{writer.endpoint}/datasets/org/name/discussions/1"
    assert writer.head("org/name") == head
    assert SceneDataset.open(result.source or "").fingerprint == SceneDataset.open(other).fingerprint


def test_files_that_belong_to_no_dataset_stay_here(writer: HubServer, folder: Path) -> None:
    for name in (".env", "notes.txt", "assets/stray.glb"):
        (folder / name).write_text("secret")
    (folder / "LICENSE").write_text("You may.")
    result = quick(folder)
    assert result.plan.left_out == (".env", "assets/stray.glb", "notes.txt")
    there = writer.files("org/name")
    assert there["LICENSE"] == b"You may."
    assert b"secret" not in there.values()


def test_a_link_among_the_files_is_refused(writer: HubServer, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("secret")
    (folder / "NOTICE").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SceneDataError, match="is a link"):
        quick(folder)
    assert commits(writer) == ["initial commit"]


# -------------------------------------------------------------------------------------------------------- once and again


def test_the_same_dataset_again_is_nothing_to_do(writer: HubServer, folder: Path) -> None:
    first = quick(folder)
    writer.clear_log()
    again = quick(folder)
    assert again.plan.done
    assert again.commit == first.commit
    assert not [request for request in writer.requests if request.method in WRITING]


def test_only_what_differs_is_sent_and_what_is_missing_is_deleted(writer: HubServer, folder: Path, other: Path) -> None:
    quick(other)
    writer.clear_log()
    result = quick(folder, overwrite=True)
    sent = writer.count("PUT", "/lfs-upload/*")
    assert {file.path for file in result.plan.changed} >= {"index.parquet", "scenes.parquet", "dataset.json"}
    assert sent == len([file for file in result.plan.uploads if not file.path.endswith((".json", ".md"))])
    assert all(file.path.startswith("assets/") or file.path == "report.json" for file in result.plan.unchanged)
    writer.clear_log()
    back = quick(other, overwrite=True)
    assert any(path.startswith("assets/") for path in back.plan.deleted)
    assert writer.count("PUT", "/lfs-upload/*") == 0, "the Hub has kept what it had"
    assert set(writer.files("org/name")) == {*content(other), "mosaic.jpg"}
    assert len(commits(writer)) == 4
    assert back.plan.deleted == tuple(sorted(set(content(folder)) - set(content(other))))


def test_another_dataset_is_not_replaced_without_being_told_to(writer: HubServer, folder: Path, other: Path) -> None:
    quick(folder)
    head = writer.head("org/name")
    writer.clear_log()
    with pytest.raises(
        InvalidOptionError, match=f"holds another dataset .*--overwrite to replace it .its commit {head[:12]}"
    ):
        quick(other)
    assert not [request for request in writer.requests if request.method in WRITING]
    quick(other, overwrite=True)
    assert len(commits(writer)) == 3


def test_files_of_something_else_are_not_replaced_without_being_told_to(writer: HubServer, folder: Path) -> None:
    writer.commit("org/name", {"data/train.csv": b"a,b\n"})
    with pytest.raises(InvalidOptionError, match="holds files that are no dataset of this version"):
        quick(folder)
    quick(folder, overwrite=True)
    assert "data/train.csv" not in writer.files("org/name")


def test_a_card_that_the_hub_made_is_replaced(writer: HubServer, folder: Path) -> None:
    writer.commit("org/name", {"README.md": b"---\nlicense: mit\n---\n"})
    quick(folder)
    assert b"Boxes" in writer.files("org/name")["README.md"]


def test_a_card_that_somebody_wrote_stays_until_told(writer: HubServer, folder: Path) -> None:
    quick(folder)
    writer.commit("org/name", {"README.md": b"---\nlicense: mit\n---\nMine\n"})
    result = quick(folder)
    assert result.plan.done
    assert [file.path for file in result.plan.changed] == ["README.md"]
    assert b"Mine" in writer.files("org/name")["README.md"]
    quick(folder, overwrite=True)
    assert b"Boxes" in writer.files("org/name")["README.md"]


def test_a_damaged_copy_on_the_hub_is_mended_when_told_to(writer: HubServer, folder: Path) -> None:
    quick(folder)
    gone = next(path for path in writer.files("org/name") if path.endswith("visual.glb"))
    writer.commit("org/name", {gone: None})
    with pytest.raises(
        InvalidOptionError, match="holds this dataset, but files of it are damaged; --overwrite mends them"
    ):
        quick(folder)
    quick(folder, overwrite=True)
    assert gone in writer.files("org/name")


# ----------------------------------------------------------------------------------------------------------------- races


def test_a_commit_in_between_is_never_lost(writer: HubServer, folder: Path) -> None:
    writer.before("*/commit/main", lambda: writer.commit("org/name", {"README.md": b"theirs"}), method="POST")
    with pytest.raises(InvalidOptionError, match="somebody committed to hf://datasets/org/name@main meanwhile"):
        quick(folder)
    assert commits(writer) == ["Somebody's commit", "initial commit"]


def test_a_commit_in_between_is_replaced_when_told_to(writer: HubServer, folder: Path) -> None:
    writer.before("*/commit/main", lambda: writer.commit("org/name", {"theirs.txt": b"theirs"}), method="POST")
    quick(folder, overwrite=True)
    assert commits(writer)[1:] == ["Somebody's commit", "initial commit"]
    assert "theirs.txt" not in writer.files("org/name")


def test_a_branch_that_has_moved_on_since_the_user_looked_is_left_alone(writer: HubServer, folder: Path) -> None:
    seen = writer.head("org/name")
    writer.commit("org/name", {"README.md": b"theirs"})
    with pytest.raises(InvalidOptionError, match=f"not at {seen[:12]} as you said: somebody has changed it"):
        quick(folder, parent=seen)
    quick(folder, parent=writer.head("org/name")[:10])
    assert len(commits(writer)) == 3


# ------------------------------------------------------------------------------------------------------------------ tags


def test_a_tag_is_set_and_never_moved(writer: HubServer, folder: Path, other: Path) -> None:
    result = quick(folder, tag="v1")
    assert writer.repositories["org/name"].tags == {"v1": result.commit}
    assert b"hf://datasets/org/name@v1" in writer.files("org/name")["README.md"]
    writer.clear_log()
    with pytest.raises(InvalidOptionError, match="has the tag 'v1' already .*tags are not moved"):
        quick(other, tag="v1", overwrite=True)
    assert not [request for request in writer.requests if request.method in WRITING]


def test_a_dataset_that_is_there_gets_another_tag_without_a_commit(writer: HubServer, folder: Path) -> None:
    first = quick(folder, tag="v1")
    assert quick(folder, tag="v1.0").commit == first.commit
    assert quick(folder, tag="v1").commit == first.commit
    assert writer.repositories["org/name"].tags == {"v1": first.commit, "v1.0": first.commit}
    assert len(commits(writer)) == 2


def test_a_tag_that_somebody_sets_meanwhile_is_not_moved(writer: HubServer, folder: Path) -> None:
    writer.before("*/tag/*", lambda: writer.tag("org/name", "v1", next(iter(writer.repositories["org/name"].commits))))
    with pytest.raises(InvalidOptionError, match="the dataset is on the Hub .*but somebody set the tag 'v1' meanwhile"):
        quick(folder, tag="v1")
    assert writer.repositories["org/name"].tags["v1"] != writer.head("org/name")


def test_targets_that_cannot_be_pushed_to(writer: HubServer, folder: Path) -> None:
    writer.tag("org/name", "v1")
    for target, message in {
        "org/name@v1": "'v1' is a tag of org/name, and tags are not moved; push to a branch",
        f"org/name@{'a' * 40}": "names a commit, which cannot change; push to a branch",
        "name": "is not a dataset on the Hub",
        "hf://models/org/name": "names a model, not a dataset",
        "org/name@a..b": "is no name of a branch, tag or commit",
    }.items():
        with pytest.raises(InvalidOptionError, match=message):
            quick(folder, target)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"private": True}, "--private says how to make a repository; give --create with it"),
        ({"private": True, "create": True}, "org/name is there and public"),
        ({"parent": "HEAD"}, "is no commit"),
        ({"tag": "a b"}, "is no name of a branch, tag or commit"),
        ({"tag": "main"}, "'main' is a branch of org/name"),
        ({"create_pr": True, "tag": "v1"}, "leave out the branch, --tag and --create"),
    ],
)
def test_options_that_do_not_go_together(
    writer: HubServer, folder: Path, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidOptionError, match=message):
        quick(folder, **options)
    assert not [request for request in writer.requests if request.method in WRITING]


# --------------------------------------------------------------------------------------------------------------- dry runs


def test_a_dry_run_needs_no_token_and_writes_nothing(hub_client: HubClient, folder: Path) -> None:
    hub = hub_client.hub
    hub.create("org/name")
    plans: list[PushPlan] = []
    result = push(folder, "org/name", PushOptions(checks=False, dry_run=True), on_plan=plans.append)
    assert result.commit is None
    assert {file.path for file in plans[0].added} == {*content(folder), "mosaic.jpg"}
    made = push(folder, "org/new", PushOptions(checks=False, dry_run=True, create=True))
    assert made.plan.remote is None
    assert not [request for request in hub.requests if request.method in WRITING]
    assert set(hub.repositories) == {"org/name"}


def test_a_dry_run_tells_what_it_would_refuse(writer: HubServer, folder: Path, other: Path) -> None:
    quick(folder)
    plans: list[PushPlan] = []
    with pytest.raises(InvalidOptionError, match="holds another dataset"):
        push(other, "org/name", PushOptions(checks=False, dry_run=True), on_plan=plans.append)
    assert [file.path for file in plans[0].changed]


# ----------------------------------------------------------------------------------------------- what is wrong with the data


def test_a_damaged_dataset_is_not_pushed(writer: HubServer, folder: Path) -> None:
    for path in sorted(folder.rglob("visual.glb"))[:2]:
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(SceneDataError, match=r"is damaged, nothing was pushed: .*checksum.*; .*checksum"):
        quick(folder)
    assert not [request for request in writer.requests if request.method in WRITING]


def test_scenes_that_fail_checks_are_not_pushed_unless_told_to(writer: HubServer, boxes: Boxes, tmp_path: Path) -> None:
    scene = boxes[0][0]
    lifted = scene.object.pose.model_copy(update={"position": (0.0, 0.0, 0.5)})
    placements = [
        placement.model_copy(update={"pose": lifted}) if placement.role == "object" else placement
        for placement in scene.placements
    ]
    floating = scene.model_copy(update={"placements": tuple(placements)})
    write_dataset(tmp_path / "floating", [floating], boxes[1], CARD)
    stages: list[str] = []
    with pytest.raises(SceneDataError, match="fails checks, nothing was pushed: put-0: .*--no-checks"):
        push(
            tmp_path / "floating",
            "org/name",
            PushOptions(workers=1),
            on_progress=lambda stage, done, total: stages.append(f"{stage} {done}/{total}"),
        )
    assert stages == ["checking 1/1"]
    assert not [request for request in writer.requests if request.method in WRITING]
    quick(tmp_path / "floating")
    assert len(commits(writer)) == 2


def test_a_file_that_changes_meanwhile_is_not_committed(writer: HubServer, folder: Path) -> None:
    def change() -> None:
        path = next(folder.rglob("visual.glb"))
        path.write_bytes(path.read_bytes()[:-1] + b"x")

    writer.before("*/preupload/*", change)
    with pytest.raises(SceneDataError, match="was changed while it was pushed; nothing was committed"):
        quick(folder)
    assert commits(writer) == ["initial commit"]


def test_too_many_files_are_refused() -> None:
    def files(names: Sequence[str]) -> list[LocalFile]:
        return [LocalFile(name, 1, "", b"x") for name in names]

    check_counts(files([f"assets/{number % 256:02x}/{number}/visual.glb" for number in range(20_000)]))
    with pytest.raises(
        SceneDataError, match="its folder 'assets/aa' would have 10001 files, the Hub wants at most 10000"
    ):
        check_counts(files([f"assets/aa/{number}/visual.glb" for number in range(10_001)]))
    with pytest.raises(SceneDataError, match="the repository would have 100001 files.*shards"):
        check_counts(files([f"assets/{number % 256:02x}/{number}/visual.glb" for number in range(100_001)]))


# ------------------------------------------------------------------------------------------- what is wrong with the Hub


def test_without_a_token_nothing_is_begun(hub_client: HubClient, folder: Path) -> None:
    hub_client.hub.create("org/name")
    with pytest.raises(MissingRequirementError, match="takes a token that may write; log in with `hf auth login`"):
        quick(folder)
    assert hub_client.hub.requests == []


@pytest.mark.parametrize(
    ("token", "target", "message"),
    [
        ("hf_wrong", "org/name", "the Hub does not accept your token"),
        (READ_TOKEN, "org/name", "your token may not write to org/name .*you must use a write token"),
        (WRITE_TOKEN, "else/new", "your token may not write to else/new .*you don't have the rights"),
    ],
)
def test_tokens_that_may_not_write(hub_client: HubClient, folder: Path, token: str, target: str, message: str) -> None:
    hub_client.log_in(token)
    hub_client.hub.create("org/name")
    with pytest.raises(MissingRequirementError, match=message):
        quick(folder, target, create=target != "org/name")
    assert commits(hub_client.hub) == ["initial commit"]


def test_an_interrupted_upload_goes_on_where_it_was(writer: HubServer, folder: Path) -> None:
    writer.before(
        "/lfs-upload/*", lambda: writer.fail("/lfs-upload/*", 403, "Request has expired", times=None), times=1
    )
    with pytest.raises(MissingRequirementError):
        quick(folder)
    assert commits(writer) == ["initial commit"]
    kept = len(writer.lfs_objects)
    assert kept >= 1
    writer.clear_faults()
    writer.clear_log()
    quick(folder)
    assert writer.count("PUT", "/lfs-upload/*") == len(writer.lfs_objects) - kept
    assert list(SceneDataset.open("hf://datasets/org/name").damage()) == []


def test_a_connection_that_breaks_is_tried_again(writer: HubServer, folder: Path) -> None:
    writer.cut("/lfs-upload/*", after=100)
    quick(folder)
    assert list(SceneDataset.open("hf://datasets/org/name").damage()) == []


def test_a_dead_network_is_one_message(writer: HubServer, folder: Path) -> None:
    writer.stop()
    with pytest.raises(MissingRequirementError, match="cannot be reached, or the connection broke"):
        quick(folder)


def test_offline_mode_forbids_to_push(writer: HubServer, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(MissingRequirementError, match="HF_HUB_OFFLINE forbids to push"):
        quick(folder)


def test_a_busy_hub_is_one_message(writer: HubServer, folder: Path) -> None:
    writer.fail("*/commit/main", 503, "Service is restarting")
    with pytest.raises(MissingRequirementError, match="HTTP 503: Service is restarting.*what has been sent is kept"):
        quick(folder)


# ------------------------------------------------------------------------------------------------------- who reads it


READ_WITH_DATASETS = """
import io, json
from datasets import load_dataset, Image
scenes = load_dataset("org/name", split="scenes")
assets = load_dataset("org/name", "assets", split="assets", revision="v1")
print(json.dumps({
    "scenes": scenes["id"][:], "assets": len(assets), "preview": [scenes[0]["preview"].size, scenes[0]["preview"].mode],
    "image": isinstance(scenes.features["preview"], Image),
    "types": {name: str(scenes.features[name]) for name in ("id", "objects", "categories")},
    "bytes": str(assets.features["bytes"]), "record": json.loads(assets[0]["record"])["id"] == assets[0]["id"],
}))
"""


def test_datasets_loads_both_tables_with_types_and_pictures(
    writer: HubServer, folder: Path, tmp_path: Path, python: Run
) -> None:
    quick(folder, tag="v1")
    ran = python(READ_WITH_DATASETS, **writer.environment(tmp_path / "home"))
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found == {
        "scenes": ["pick-0", "put-0", "put-ood-0"],
        "assets": 5,
        "preview": [[224, 168], "RGB"],
        "image": True,
        "types": {"id": "Value('string')", "objects": "Value('int64')", "categories": "List(Value('string'))"},
        "bytes": "Value('int64')",
        "record": True,
    }


def test_the_command_line_pushes(hub: HubServer, folder: Path, tmp_path: Path, genworld: Run) -> None:
    writer = hub.environment(tmp_path / "home", WRITE_TOKEN)
    dry = genworld("scenes", "push", str(folder), "org/new", "--create", "--no-checks", "--dry-run", **writer)
    assert "org/new@main (a new public repository)" in dry.stdout
    assert "dry run: nothing was changed" in dry.stdout
    assert hub.repositories == {}
    ran = genworld("scenes", "push", str(folder), "org/new", "--create", "--no-checks", "--tag", "v1", **writer)
    assert ran.returncode == 0, ran.stderr
    assert f"hf://datasets/org/new@{hub.head('org/new')}" in ran.stdout
    assert hub.repositories["org/new"].tags["v1"] == hub.head("org/new")
    again = genworld("scenes", "push", str(folder), "org/new", **writer)
    assert "holds this dataset already: nothing to do" in again.stdout


def test_information_about_a_dataset_on_the_hub_takes_its_index_only(
    hub: HubServer, tmp_path: Path, genworld: Run
) -> None:
    starter = SceneDataset.open()
    hub.create("org/name")
    hub.commit_folder("org/name", starter.folder)
    hub.tag("org/name", "v1")
    info = genworld("scenes", "info", "hf://datasets/org/name@v1", "--json", **hub.environment(tmp_path / "home"))
    assert info.returncode == 0, info.stderr
    found = json.loads(info.stdout)
    assert found["fingerprint"] == starter.fingerprint
    assert found["revision"] == hub.head("org/name")
    assert found["source"] == f"hf://datasets/org/name@{hub.head('org/name')}"
    assert (found["scenes"], found["assets"], found["tasks"]["train"]["stack"]) == (42, 148, 6)
    assert found["licences"] == {"CC0-1.0": 148}
    fetched = {Path(request.path).name for request in hub.requests if request.sent}
    assert fetched == {"dataset.json", "index.parquet", "assets.parquet"}


def test_information_about_a_bundled_dataset(genworld: Run) -> None:
    shown = genworld("scenes", "info")
    assert "GenWorld starter scenes" in shown.stdout
    assert "126 objects, 11 tables, 11 rooms" in shown.stdout


def test_a_folder_is_needed(writer: HubServer) -> None:
    with pytest.raises(InvalidOptionError, match="is no folder; get one with `genworld scenes pull"):
        quick("hf://datasets/org/name")
    with pytest.raises(InvalidOptionError, match="unknown scene source 'nowhere'"):
        quick("nowhere")


def test_targets_are_read_in_both_forms() -> None:
    assert parse_target("org/name") == parse_target("hf://datasets/org/name@main")
    assert parse_target("org/name@dev%2Fx").revision == "dev/x"

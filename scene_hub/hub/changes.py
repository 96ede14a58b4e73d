"""What a push would change: the files of a dataset folder next to those of a branch on the Hub."""

import hashlib
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scene_hub.card import MOSAIC
from scene_hub.dataset import SceneDataset
from scene_hub.errors import SceneDataError
from scene_hub.hub.source import HubSource
from scene_hub.manifest import (
    CARD,
    MANIFEST,
    MAX_MANIFEST_BYTES,
    SCENES_TABLE,
    TableFile,
    asset_file_path,
    asset_files,
)
from scene_hub.storage import Folder, StoredFile
from scene_hub.tables import SHARD_COLUMNS, read_rows

if TYPE_CHECKING:
    from huggingface_hub.hf_api import RepoFile

EXTRAS = ("report.json", "LICENSE", "LICENSE.md", "LICENSE.txt", "NOTICE", "NOTICE.txt", "CITATION.cff")
"""Files for people that go along where they are there: the report of a build, and what a licence may ask for."""
MAX_EXTRA_BYTES = 16 * 1024 * 1024

# What the Hub advises, and in part enforces: https://huggingface.co/docs/hub/storage-limits
MAX_FILES = 100_000
MAX_ENTRIES = 10_000

_KEPT = (".gitattributes",)
_NOT_DATA = (CARD, MOSAIC, MANIFEST, SCENES_TABLE, *EXTRAS)
"""Files that may differ while scenes and assets are the same: texts, pictures."""


@dataclass(frozen=True)
class LocalFile:
    """A file to have on the Hub: its path there, its size in bytes and SHA-256, and its content or where that lies."""

    path: str
    size: int
    sha256: str
    content: Path | bytes

    @classmethod
    def of_bytes(cls, path: str, data: bytes) -> "LocalFile":
        return cls(path, len(data), hashlib.sha256(data).hexdigest(), data)

    def read(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else self.content.read_bytes()

    def equals(self, remote: "RepoFile") -> bool:
        """Whether the file on the Hub has this content, judged by checksums."""
        if remote.size != self.size:
            return False
        if remote.lfs is not None:
            return remote.lfs.sha256 == self.sha256
        data = self.read()
        return remote.blob_id == hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


@dataclass(frozen=True)
class RemoteBranch:
    """A branch as it is on the Hub now.

    `head` is its commit, `files` those at it by path, `fingerprint` that of the dataset there, None where there is none that
    can be read. `tags` are those of the repository by name, with the commits they stand for. `exists` is False for a branch
    that is to begin at `head`, the commit of the main branch.
    """

    head: str
    exists: bool
    private: bool
    files: Mapping[str, "RepoFile"]
    fingerprint: str | None
    tags: Mapping[str, str]


@dataclass(frozen=True)
class PushPlan:
    """What a push does.

    `remote` is what it found, None where the repository is to be made. `refusal` says why it is not done without being told
    to; `done` that the branch holds this dataset already, so that nothing is committed. `left_out` are files of the folder
    that belong to no dataset.
    """

    target: HubSource
    fingerprint: str
    remote: RemoteBranch | None
    added: tuple[LocalFile, ...]
    changed: tuple[LocalFile, ...]
    unchanged: tuple[LocalFile, ...]
    deleted: tuple[str, ...]
    left_out: tuple[str, ...]
    done: bool
    refusal: str | None

    @property
    def uploads(self) -> tuple[LocalFile, ...]:
        return (*self.added, *self.changed)


def dataset_files(dataset: SceneDataset, root: Path) -> list[LocalFile]:
    """The files of the dataset in the folder `root`, but for its card; sizes and checksums as its records say.

    Raises SceneDataError for one that is missing or a link.
    """
    folder = Folder(root)
    manifest = dataset.manifest
    stored = [StoredFile(table.path, table.sha256, table.size) for table in manifest.tables]
    if manifest.shards is None:
        for asset in map(dataset.asset, dataset.asset_ids):
            stored += [StoredFile(asset_file_path(asset, f), f.sha256, f.size) for f in asset_files(asset)]
    else:
        stored += _shards(folder, manifest.shards)
    found = [LocalFile(file.path, file.size, file.sha256, folder.path(file)) for file in stored]
    found.append(LocalFile.of_bytes(MANIFEST, folder.read(MANIFEST, MAX_MANIFEST_BYTES)))
    extras = [name for name in EXTRAS if os.path.lexists(root / name)]
    found += [LocalFile.of_bytes(name, folder.read(name, MAX_EXTRA_BYTES)) for name in extras]
    return sorted(found, key=lambda file: file.path)


def _shards(folder: Folder, table: TableFile) -> list[StoredFile]:
    """The shards that the table names; no record has their checksums, so they are computed."""
    data = folder.read_verified(StoredFile(table.path, table.sha256, table.size))
    rows = read_rows(data, table, SHARD_COLUMNS, ["shard"], folder.name(table.path))
    shards = []
    for name in sorted({row["shard"] for row in rows}):
        path = folder.path(StoredFile(name, "", 0))
        with path.open("rb") as stream:
            shards.append(StoredFile(name, hashlib.file_digest(stream, "sha256").hexdigest(), path.stat().st_size))
    return shards


def left_out(root: Path, files: Sequence[LocalFile]) -> tuple[str, ...]:
    """The files in the folder `root` that are not among `files`, sorted; its card does not count, a new one is written."""
    known = {file.path for file in files} | {CARD, MOSAIC}
    there = (Path(folder, name) for folder, _, names in os.walk(root) for name in names)
    return tuple(sorted(path for file in there if (path := file.relative_to(root).as_posix()) not in known))


def check_counts(files: Sequence[LocalFile]) -> None:
    """Raise SceneDataError for more files, or more entries of one folder, than the Hub wants."""
    entries = {path[:end] for path in (file.path for file in files) for end in _ends_of_parts(path)}
    folder, most = Counter(entry.rpartition("/")[0] for entry in entries).most_common(1)[0]
    for count, limit, where in (
        (len(files), MAX_FILES, "the repository"),
        (most, MAX_ENTRIES, f"its folder {folder!r}"),
    ):
        if count > limit:
            raise SceneDataError(
                f"{where} would have {count} files, the Hub wants at most {limit}; write the dataset again with "
                "`write_dataset`, which puts the files of many assets into shards"
            )


def _ends_of_parts(path: str) -> list[int]:
    """Where a path and each folder above it end."""
    return [*(index for index, letter in enumerate(path) if letter == "/"), len(path)]


def make_plan(
    target: HubSource,
    fingerprint: str,
    files: Sequence[LocalFile],
    remote: RemoteBranch | None,
    left_out: tuple[str, ...],
    *,
    overwrite: bool,
    parent: str | None,
) -> PushPlan:
    """What has to be done so that the branch `target`, which is `remote` now, holds exactly `files`.

    Args:
        target: repository and branch.
        fingerprint: of the dataset that `files` are.
        files: all that are to be there.
        remote: the branch as it is; None for a repository that is to be made.
        left_out: what the plan says is left out.
        overwrite: do it also where the branch holds something else, or has moved on since `parent`.
        parent: the commit at which the user saw the branch, if he said so.
    """
    there = {} if remote is None else {path: file for path, file in remote.files.items() if path not in _KEPT}
    added = tuple(file for file in files if file.path not in there)
    known = [file for file in files if file.path in there]
    changed = tuple(file for file in known if not file.equals(there[file.path]))
    unchanged = tuple(file for file in known if file not in changed)
    deleted = tuple(sorted(set(there) - {file.path for file in files}))
    same = remote is not None and remote.fingerprint == fingerprint
    touched = [*(file.path for file in (*added, *changed)), *deleted]
    intact = all(path in _NOT_DATA for path in touched)
    refusal = None if overwrite else _refusal(target, fingerprint, remote, intact, parent)
    done = remote is not None and remote.exists and (not touched or (same and intact and not overwrite))
    return PushPlan(target, fingerprint, remote, added, changed, unchanged, deleted, left_out, done, refusal)


def _refusal(
    target: HubSource, fingerprint: str, remote: RemoteBranch | None, intact: bool, parent: str | None
) -> str | None:
    """Why the branch is not to be changed without `--overwrite`; None where nothing is lost."""
    if remote is None or not remote.exists:
        return None
    if parent is not None and not remote.head.startswith(parent):
        return (
            f"{target} is at commit {remote.head[:12]}, not at {parent[:12]} as you said: somebody has changed it since; look "
            "at it, then give its commit, or --overwrite to replace whatever is there"
        )
    if remote.fingerprint == fingerprint:
        return None if intact else f"{target} holds this dataset, but files of it are damaged; --overwrite mends them"
    if remote.fingerprint is not None:
        return (
            f"{target} holds another dataset (fingerprint {remote.fingerprint[:12]}, this one has {fingerprint[:12]}); give "
            f"--overwrite to replace it (its commit {remote.head[:12]} stays in the history), or another branch"
        )
    if set(remote.files) - {*_KEPT, CARD}:
        return (
            f"{target} holds files that are no dataset of this version; give --overwrite to replace them (commit "
            f"{remote.head[:12]} stays in the history), or another repository or branch"
        )
    return None

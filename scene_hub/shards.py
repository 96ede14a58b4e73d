"""Shards: the files of a large dataset's assets in at most 256 tar archives, because the Hub asks for few files in a repo.

    shards/<aa>.tar     the files of the assets whose id begins with <aa>, uncompressed: `tar -xf` gives the loose layout back
    shards.parquet      where each file lies: asset, path in the asset's folder, shard, offset in bytes, size

A file is read as a slice of its shard, so that from the Hub only those bytes come that are asked for.
"""

import io
import re
import shutil
import tarfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from scene_hub.errors import SceneDataError
from scene_hub.file_cache import cached_content, cached_path, keep
from scene_hub.manifest import SHARDS_TABLE, TableFile
from scene_hub.storage import Advance, Folder, Storage, StoredFile, check_content
from scene_hub.tables import SHARD_COLUMNS, read_table

LOOSE_ASSETS = 5000
"""With more assets than these their files are put into shards: three files each, the Hub advises at most 10^5 a repo."""
MOST_IN_ONE_READ = 32 * 1024 * 1024
LARGEST_GAP = 16 * 1024
"""Neighbours in a shard are read at once, with the bytes between them if those are not more."""
_SHARD = re.compile(r"shards/[0-9a-f]{2}\.tar")


class Slice(NamedTuple):
    """Where a file lies: a shard, and its first byte and length there."""

    shard: str
    offset: int
    size: int


class Sharded:
    """A storage whose files of assets lie in shards of `storage`; it looks like one in which they lie loose.

    `table` is the table of shards; it is read when the first file is asked for.
    """

    def __init__(self, storage: Storage, table: TableFile) -> None:
        self._storage = storage
        self._table = table
        self._places: dict[str, Slice] | None = None
        self.way_out = storage.way_out

    def name(self, path: str) -> str:
        return self._storage.name(path)

    def read(self, path: str, most: int) -> bytes:
        return self._storage.read(path, most)

    def read_slice(self, path: str, offset: int, size: int) -> bytes:
        return self._storage.read_slice(path, offset, size)

    def read_verified(self, file: StoredFile) -> bytes:
        if not file.path.startswith("assets/"):
            return self._storage.read_verified(file)
        data = cached_content(file)
        return self._from_shard(file) if data is None else data

    def path(self, file: StoredFile) -> Path:
        if cached_content(file) is None:
            return keep(file, self._from_shard(file))
        return cached_path(file)

    def batches(self, files: Sequence[StoredFile]) -> list[list[StoredFile]]:
        if isinstance(self._storage, Folder):
            return []
        by_shard: dict[str, list[StoredFile]] = defaultdict(list)
        for file in files:
            by_shard[self._place(file).shard].append(file)
        return [batch for shard in sorted(by_shard) for batch in self._neighbours(by_shard[shard])]

    def fetch(self, batch: Sequence[StoredFile], advance: Advance) -> None:
        missing = [file for file in batch if cached_content(file) is None]
        advance(sum(file.size for file in batch) - sum(file.size for file in missing))
        for run in self._neighbours(missing):
            first, last = self._place(run[0]), self._place(run[-1])
            data = memoryview(
                self._storage.read_slice(first.shard, first.offset, last.offset + last.size - first.offset)
            )
            for file in run:
                start = self._place(file).offset - first.offset
                content = bytes(data[start : start + file.size])
                check_content(content, file, self._called(file), self.way_out)
                keep(file, content)
                advance(file.size)

    def _neighbours(self, files: Sequence[StoredFile]) -> list[list[StoredFile]]:
        """`files` of one shard in runs that are read at once."""
        runs: list[list[StoredFile]] = []
        for file in sorted(files, key=self._place):
            place = self._place(file)
            if runs:
                first, last = self._place(runs[-1][0]), self._place(runs[-1][-1])
                gap = place.offset - last.offset - last.size
                if 0 <= gap <= LARGEST_GAP and place.offset + place.size - first.offset <= MOST_IN_ONE_READ:
                    runs[-1].append(file)
                    continue
            runs.append([file])
        return runs

    def _from_shard(self, file: StoredFile) -> bytes:
        place = self._place(file)
        data = self._storage.read_slice(place.shard, place.offset, place.size)
        check_content(data, file, self._called(file), self.way_out)
        return data

    def _called(self, file: StoredFile) -> str:
        return f"{self.name(self._place(file).shard)}, {file.path}"

    def _place(self, file: StoredFile) -> Slice:
        if self._places is None:
            self._places = read_places(self._storage, self._table)
        place = self._places.get(file.path)
        if place is None:
            raise SceneDataError(f"{self.name(SHARDS_TABLE)}: does not say where {file.path} lies; {self.way_out}")
        if place.size != file.size:
            raise SceneDataError(
                f"{self.name(SHARDS_TABLE)}: {file.path} has {place.size} bytes there, its asset's record says {file.size}; "
                f"{self.way_out}"
            )
        return place


def read_places(storage: Storage, table: TableFile) -> dict[str, Slice]:
    """Where the files of the assets lie, by the path that they would have loose; `table` is that of the shards."""
    places = {}
    name = storage.name(table.path)
    for row in read_table(storage, table, SHARD_COLUMNS, SHARD_COLUMNS.names):
        place = Slice(row["shard"], row["offset"], row["size"])
        if _SHARD.fullmatch(place.shard) is None or place.offset < 0 or place.size <= 0:
            raise SceneDataError(f"{name}: {tuple(place)} is no slice of a shard; fetch or build the dataset again")
        places[f"assets/{row['asset'][:2]}/{row['asset']}/{row['path']}"] = place
    return places


def pack_shards(folder: Path) -> list[dict[str, Any]]:
    """Move the loose files of the assets in a dataset folder into shards; the rows of the table of shards.

    The same files give the same bytes.
    """
    rows: list[dict[str, Any]] = []
    (folder / "shards").mkdir()
    for prefix in sorted((folder / "assets").iterdir()):
        shard = f"shards/{prefix.name}.tar"
        files = sorted(path for path in prefix.rglob("*") if path.is_file())
        with tarfile.open(folder / shard, "w", format=tarfile.PAX_FORMAT) as archive:
            for path in files:
                data = path.read_bytes()
                member = tarfile.TarInfo(path.relative_to(folder).as_posix())
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
        with tarfile.open(folder / shard) as archive:
            rows += [_row(member, shard) for member in archive]
        shutil.rmtree(prefix)
    (folder / "assets").rmdir()
    return rows


def _row(member: tarfile.TarInfo, shard: str) -> dict[str, Any]:
    _, _, asset, path = member.name.split("/", 3)
    return {"asset": asset, "path": path, "shard": shard, "offset": member.offset_data, "size": member.size}

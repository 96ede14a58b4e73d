"""Where the files of a dataset lie: the few things that reading asks of a place, and the plainest place, a folder.

Every byte is held against the size and the SHA-256 that a record gives for it before it is used.
"""

import hashlib
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from scene_hub.errors import SceneDataError

Advance = Callable[[int], None]
"""Told of bytes as they come; a negative number takes back what comes again."""


class StoredFile(NamedTuple):
    """A file of a dataset: its path there, the SHA-256 and the size in bytes that it must have."""

    path: str
    sha256: str
    size: int


class Storage(Protocol):
    """A place that files of a dataset are read from. Its methods may be called from several threads.

    What cannot be read, or is not what it should be, is a SceneDataError; what the machine lacks (the network, a token) a
    MissingRequirementError.
    """

    way_out: str
    """What to do about a file that is damaged."""

    def name(self, path: str) -> str:
        """What messages call the file `path`."""
        ...

    def read(self, path: str, most: int) -> bytes:
        """The content of a file of at most `most` bytes."""
        ...

    def read_verified(self, file: StoredFile) -> bytes:
        """The content of a file whose size and checksum are known."""
        ...

    def read_slice(self, path: str, offset: int, size: int) -> bytes:
        """`size` bytes of a file, from `offset` on; unverified."""
        ...

    def path(self, file: StoredFile) -> Path:
        """The path of a file that has been verified, for readers which open it themselves."""
        ...

    def batches(self, files: Sequence[StoredFile]) -> list[list[StoredFile]]:
        """`files` in groups that are best fetched at once; none where nothing has to be fetched."""
        ...

    def fetch(self, batch: Sequence[StoredFile], advance: Advance) -> None:
        """Bring the files of a batch onto this machine, verified."""
        ...


def check_content(data: bytes, file: StoredFile, name: str, way_out: str) -> None:
    """Raise SceneDataError unless `data` has the size and the checksum of `file`."""
    if len(data) != file.size:
        raise SceneDataError(f"{name}: has {len(data)} bytes, expected {file.size}; {way_out}")
    found = hashlib.sha256(data).hexdigest()
    if found != file.sha256:
        raise SceneDataError(f"{name}: checksum is {found[:12]}, expected {file.sha256[:12]}; {way_out}")


def read_bounded(path: Path, most: int, name: str, way_out: str) -> bytes:
    """The content of a file of at most `most` bytes."""
    try:
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except OSError as error:
        raise SceneDataError(f"{name}: cannot be read ({error.strerror})") from None
    if len(data) > most:
        raise SceneDataError(f"{name}: is longer than the {most} bytes that it may have; {way_out}")
    return data


class Folder:
    """Files inside `root`, reached without following a link out of it."""

    way_out = "the folder is damaged: fetch or build the dataset again"

    def __init__(self, root: Path) -> None:
        self.root = root

    def name(self, path: str) -> str:
        return str(self.root / path)

    def read(self, path: str, most: int) -> bytes:
        return read_bounded(self._regular(path), most, self.name(path), self.way_out)

    def read_verified(self, file: StoredFile) -> bytes:
        data = self.read(file.path, file.size)
        check_content(data, file, self.name(file.path), self.way_out)
        return data

    def read_slice(self, path: str, offset: int, size: int) -> bytes:
        try:
            with self._regular(path).open("rb") as stream:
                stream.seek(offset)
                return stream.read(size)
        except OSError as error:
            raise SceneDataError(f"{self.name(path)}: cannot be read ({error.strerror})") from None

    def path(self, file: StoredFile) -> Path:
        return self._regular(file.path)

    def batches(self, files: Sequence[StoredFile]) -> list[list[StoredFile]]:
        return []

    def fetch(self, batch: Sequence[StoredFile], advance: Advance) -> None:
        raise AssertionError("a folder has nothing to fetch")

    def _regular(self, relative: str) -> Path:
        """The path of the regular file `relative`; SceneDataError where it is missing, a link, or not a file."""
        path, parts = self.root, Path(relative).parts
        if not parts or Path(relative).is_absolute() or ".." in parts:
            raise SceneDataError(f"path {relative!r} leaves the dataset folder {self.root}")
        mode = 0
        try:
            for part in parts:
                path = path / part
                mode = path.lstat().st_mode
                if stat.S_ISLNK(mode):
                    raise SceneDataError(
                        f"{path}: is a link; a dataset folder holds plain files only, copy the target there"
                    )
        except OSError as error:
            raise SceneDataError(f"{self.name(relative)}: cannot be found ({error.strerror}); {self.way_out}") from None
        if not stat.S_ISREG(mode):
            raise SceneDataError(f"{path}: is not a file; {self.way_out}")
        return path

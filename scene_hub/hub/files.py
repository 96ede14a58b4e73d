"""The files of a dataset on the Hub, at one commit, fetched when they are asked for.

Whole files go through `huggingface_hub`: its cache is shared with everything else that uses it, whole files appear there or
none, downloads that were cut go on where they stopped, and processes wait for one another. Slices of shards are HTTP ranges.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from huggingface_hub import (
    constants,
    get_hf_file_metadata,
    hf_hub_download,
    hf_hub_url,
    snapshot_download,
    try_to_load_from_cache,
)
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled
from huggingface_hub.utils import build_hf_headers, hf_raise_for_status, http_stream_backoff, tqdm

from scene_hub.errors import SceneDataError
from scene_hub.hub.failures import hub_failures, unreachable
from scene_hub.hub.source import HubSource
from scene_hub.manifest import MANIFEST, MAX_MANIFEST_BYTES
from scene_hub.storage import Advance, StoredFile, check_content, read_bounded

logger = logging.getLogger(__name__)

REPO_TYPE = "dataset"
LIBRARY = "genworld-envs"
"""What the Hub is told about who asks."""
MANY_FILES = 100
"""When so many lack, the client is told of all files of the repository, which saves it a request for each."""
TRIES = 5
"""How often a download that breaks off goes on."""


def pin(source: HubSource) -> HubSource:
    """`source` at the commit that its branch or tag means now; where the Hub cannot be reached, at the one that it meant last.

    Raises:
        InvalidOptionError: there is no such repository or revision.
        MissingRequirementError: no access, or no network and nothing in the cache.
        SceneDataError: the repository is not a GenWorld dataset.
    """
    if source.pinned:
        return source
    with hub_failures(source, MANIFEST):
        try:
            _ask_for_commit(source, patient=False)
        except (httpx.TransportError, OfflineModeIsEnabled, HfHubHTTPError) as error:
            known = _known_commit(source) if unreachable(error) else None
            if known is not None:
                logger.warning("The Hub cannot be reached: %s is read from the cache, as it was last seen.", known)
                return known
            busy = isinstance(error, HfHubHTTPError) and error.response.status_code == 429
            if not busy and (not unreachable(error) or isinstance(error, OfflineModeIsEnabled)):
                raise
            _ask_for_commit(source, patient=True)
        # By the name, so that the client's cache remembers which commit that was.
        return source.at(_commit_of(_download(source, MANIFEST, MAX_MANIFEST_BYTES, _ignore)))


def _ask_for_commit(source: HubSource, patient: bool) -> None:
    """Raise what the client raises unless the Hub knows the dataset; `patient`: wait and ask again if it is busy."""
    url = hf_hub_url(source.repo, MANIFEST, repo_type=REPO_TYPE, revision=source.revision)
    get_hf_file_metadata(url, timeout=constants.HF_HUB_ETAG_TIMEOUT, retry_on_errors=patient)


def _known_commit(source: HubSource) -> HubSource | None:
    """`source` at the commit that the client's cache knows for it, if any."""
    try:
        path = hf_hub_download(
            source.repo, MANIFEST, repo_type=REPO_TYPE, revision=source.revision, local_files_only=True
        )
    except LocalEntryNotFoundError:
        return None
    return source.at(_commit_of(Path(path)))


def _commit_of(path: Path) -> str:
    """The commit of a file in the client's cache: .../snapshots/<commit>/<file of the repository's root>."""
    return path.parent.name


class HubFiles:
    """The files of the dataset repository `source`, which is pinned to a commit; a `scene_hub.storage.Storage`."""

    way_out = (
        "the file on the Hub is not the one that the dataset was made with, or was damaged on its way; the copy here was "
        "removed: try again, and if that does not help take another revision"
    )

    def __init__(self, source: HubSource) -> None:
        assert source.pinned
        self.source = source

    def name(self, path: str) -> str:
        return f"{self.source}/{path}"

    def read(self, path: str, most: int) -> bytes:
        return read_bounded(self._fetched(path, most, _ignore), most, self.name(path), self.way_out)

    def read_verified(self, file: StoredFile) -> bytes:
        return self._read_verified(file, _ignore)

    def path(self, file: StoredFile) -> Path:
        return self._fetched(file.path, file.size, _ignore)

    def read_slice(self, path: str, offset: int, size: int) -> bytes:
        with hub_failures(self.source, path):
            return _read_range(self.source, path, offset, size, self.name(path))

    def batches(self, files: Sequence[StoredFile]) -> list[list[StoredFile]]:
        if sum(_cached(self.source, file.path) is None for file in files) >= MANY_FILES:
            _list_files(self.source)
        return [[file] for file in files]

    def fetch(self, batch: Sequence[StoredFile], advance: Advance) -> None:
        for file in batch:
            counted = _Counted(advance, file.size)
            self._read_verified(file, counted)
            counted.finish()

    def _read_verified(self, file: StoredFile, advance: Advance) -> bytes:
        path = self._fetched(file.path, file.size, advance)
        try:
            data = read_bounded(path, file.size, self.name(file.path), self.way_out)
            check_content(data, file, self.name(file.path), self.way_out)
        except SceneDataError:
            _remove(path)
            raise
        return data

    def _fetched(self, path: str, most: int, advance: Advance) -> Path:
        """The path of a file in the client's cache, fetched if it is not there."""
        found = _cached(self.source, path)
        if found is None:
            with hub_failures(self.source, path):
                found = _download(self.source, path, most, advance)
        if not _cache().joinpath(found).resolve().is_relative_to(_cache()):
            raise SceneDataError(f"{found}: leads out of the cache {_cache()}; remove it and try again")
        return found


class _Counted:
    """Passes on the progress of one file, and at its end what was not told: all of it for a file that was in the cache."""

    def __init__(self, advance: Advance, size: int) -> None:
        self._advance = advance
        self._left = size

    def __call__(self, count: int) -> None:
        self._left -= count
        self._advance(count)

    def finish(self) -> None:
        self._advance(self._left)


def _ignore(count: int) -> None:
    """Nobody wants to know of progress."""


def _cached(source: HubSource, path: str) -> Path | None:
    """Where a file lies in the client's cache; None where it is not there."""
    found = try_to_load_from_cache(source.repo, path, revision=source.revision, repo_type=REPO_TYPE)
    return Path(found) if isinstance(found, str) else None


def _list_files(source: HubSource) -> None:
    """Let the client know the repository's files, so that it need not ask for each; where that fails, it asks.

    A side effect of fetching a snapshot, here of one small file. The client makes use of it for files in Xet storage only,
    which is where the Hub keeps everything that is not text.
    """
    if constants.HF_HUB_DISABLE_XET or constants.is_offline_mode():
        return
    with suppress(httpx.HTTPError, OSError, RuntimeError):
        snapshot_download(
            source.repo,
            repo_type=REPO_TYPE,
            revision=source.revision,
            allow_patterns=[MANIFEST],
            tqdm_class=_NoBar,
            library_name=LIBRARY,
        )


class _NoBar(tqdm):
    """The client's progress bar, unseen."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{**options, "disable": True})


def _cache() -> Path:
    return Path(constants.HF_HUB_CACHE).expanduser().resolve()


def _download(source: HubSource, path: str, most: int, advance: Advance) -> Path:
    """The path of a file in the client's cache. What the client raises is passed on."""
    watch = _watch(source, path, most, advance)
    problem: Exception | None = None
    for _ in range(TRIES):
        try:
            found = hf_hub_download(
                source.repo,
                path,
                repo_type=REPO_TYPE,
                revision=source.revision,
                tqdm_class=watch,
                library_name=LIBRARY,
            )
            return Path(found)
        except (httpx.ReadError, RuntimeError, AttributeError) as error:
            if not _worth_another_try(error):
                raise
            problem = error
    raise httpx.ConnectError(str(problem)) from problem


def _worth_another_try(error: Exception) -> bool:
    """Faults that the client does not try again itself: a connection that was reset, and one of its own.

    When a thread finds the network down, the client closes the session that all threads share, also under those that are
    about to use it; they then find it closed (RuntimeError), or gone (AttributeError of None).
    """
    of_its_own = ("client has been closed", "'NoneType' object has no attribute")
    return isinstance(error, httpx.ReadError) or any(words in str(error) for words in of_its_own)


def _watch(source: HubSource, path: str, most: int, advance: Advance) -> Any:
    """What the client takes for a progress bar: counts bytes, and refuses a file before more than `most` have come."""

    class Watch:
        def __init__(self, *_: Any, total: int | None = None, initial: int = 0, **__: Any) -> None:
            self.total, self.n = total, 0
            self._refuse_beyond(total or 0)
            self.update(initial)

        def update(self, n: int | None = 1) -> None:
            self.n += n or 0
            self._refuse_beyond(self.n)
            advance(n or 0)

        def _refuse_beyond(self, count: int) -> None:
            if count > most:
                raise SceneDataError(
                    f"{source}/{path}: the Hub sends {count} bytes, but it may have {most} at most; {HubFiles.way_out}"
                )

        def update_transfer(self, n: int) -> None:
            """Bytes on the network, which `update` counts as bytes of the file."""

        def set_postfix_str(self, *_: Any, **__: Any) -> None: ...

        set_transfer_postfix_str = set_postfix_str

        def close(self) -> None: ...

        def __enter__(self) -> "Watch":
            return self

        def __exit__(self, *_: object) -> None: ...

    return Watch


def _read_range(source: HubSource, path: str, offset: int, size: int, name: str) -> bytes:
    """`size` bytes of a file; goes on where it was when the connection breaks."""
    data = bytearray()
    tries = TRIES
    while len(data) < size:
        before = len(data)
        try:
            for chunk in _stream_range(source, path, offset + before, offset + size, name):
                data += chunk
                if len(data) > size:
                    raise SceneDataError(f"{name}: the server sent more than the {size} bytes that were asked for")
        except (httpx.TransportError, RuntimeError) as error:
            if isinstance(error, RuntimeError) and not _worth_another_try(error):
                raise
            tries = TRIES if len(data) > before else tries - 1
            if not tries:
                raise httpx.ConnectError(str(error)) from error
            time.sleep(1)
    return bytes(data)


def _stream_range(source: HubSource, path: str, start: int, end: int, name: str) -> Iterator[bytes]:
    """The bytes from `start` up to `end` of a file, as they come."""
    url = hf_hub_url(source.repo, path, repo_type=REPO_TYPE, revision=source.revision)
    headers = {**build_hf_headers(library_name=LIBRARY), "Range": f"bytes={start}-{end - 1}"}
    # Errors of the connection are not left to the client: within a body it would not know what has come already.
    with http_stream_backoff(
        "GET",
        url,
        headers=headers,
        timeout=constants.HF_HUB_DOWNLOAD_TIMEOUT,
        follow_redirects=True,
        retry_on_exceptions=(),
    ) as response:
        hf_raise_for_status(response)
        if response.status_code != 206:
            raise SceneDataError(f"{name}: the server does not send parts of files (HTTP {response.status_code})")
        yield from response.iter_raw()


def _remove(path: Path) -> None:
    """Take a damaged file out of the client's cache: the link, what it leads to, and what lies between."""
    while path.is_symlink():
        target = path.parent / path.readlink()
        path.unlink(missing_ok=True)
        path = target
    if path.resolve().is_relative_to(_cache()):
        path.unlink(missing_ok=True)

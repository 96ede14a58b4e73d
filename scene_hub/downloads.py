"""Fetching many files at once, and scenes whose files come while the ones before are in use."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

from scene_hub.errors import SceneDataError
from scene_hub.schema import Scene
from scene_hub.storage import Storage, StoredFile

Progress = Callable[[int, int], None]
"""Called with the bytes that are there and those that are wanted; from several threads, but one at a time."""
WORKERS = 8


def download(
    storage: Storage,
    files: Sequence[StoredFile],
    workers: int = WORKERS,
    progress: Progress | None = None,
    skip_damaged: bool = False,
) -> None:
    """Bring `files` onto this machine, each verified; those that are there already count as done.

    The first error ends it, and what has come is kept. `skip_damaged`: not a SceneDataError, that file is left out.
    """
    batches = storage.batches(files)
    counter = _Counter(sum(file.size for batch in batches for file in batch), progress)
    pool = ThreadPoolExecutor(workers, thread_name_prefix="genworld-download")
    try:
        for future in as_completed([pool.submit(storage.fetch, batch, counter) for batch in batches]):
            error = future.exception()
            if error is not None and not (skip_damaged and isinstance(error, SceneDataError)):
                raise error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def stream(
    storage: Storage, scenes: Iterable[tuple[Scene, Sequence[StoredFile]]], ahead: int, workers: int = WORKERS
) -> Iterator[Scene]:
    """Each scene, in order, when its files are there; meanwhile those of the next `ahead` scenes are fetched."""
    pool = ThreadPoolExecutor(workers, thread_name_prefix="genworld-download")
    fetching: dict[str, Future[None]] = {}
    waiting: deque[tuple[Scene, list[Future[None]]]] = deque()
    try:
        for scene, files in scenes:
            new = [file for file in files if file.path not in fetching]
            for batch in storage.batches(new):
                future = pool.submit(storage.fetch, batch, _ignore)
                fetching.update((file.path, future) for file in batch)
            waiting.append((scene, [fetching[file.path] for file in files if file.path in fetching]))
            if len(waiting) > ahead:
                yield _when_there(*waiting.popleft())
        while waiting:
            yield _when_there(*waiting.popleft())
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _when_there(scene: Scene, files: Sequence[Future[None]]) -> Scene:
    for future in files:
        future.result()
    return scene


class _Counter:
    """Adds up what several threads fetch."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._done, self._total, self._progress = 0, total, progress
        self._lock = threading.Lock()

    def __call__(self, count: int) -> None:
        if self._progress is not None:
            with self._lock:
                self._done += count
                self._progress(self._done, self._total)


def _ignore(count: int) -> None:
    """Nobody wants to know of progress."""

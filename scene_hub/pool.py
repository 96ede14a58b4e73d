"""Jobs on worker processes that may crash.

A simulator can take its process down with it (a driver fault, the out-of-memory killer), which breaks
`concurrent.futures.ProcessPoolExecutor` for all jobs at once. Here each worker has its own pipe: a lost worker costs
one attempt at the one job it held, is replaced, and the job gets one more attempt elsewhere.
"""

import multiprocessing
import os
import signal
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol

from scene_hub.errors import GenWorldError, InvalidOptionError

ATTEMPTS = 2


class Handler[J, R](Protocol):
    """What a worker does: called with one job after another, closed at the end."""

    def __call__(self, job: J, /) -> R: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Failure:
    """A job that failed in every attempt; `message` is the last attempt's one-line reason, `detail` its traceback."""

    message: str
    detail: str = ""


@dataclass(eq=False)
class _Worker:
    process: Any
    connection: Connection
    job: int | None = None
    group: str | None = None


@dataclass
class _Queue:
    """Job indices waiting, by group. A worker stays with its group while that lasts: its scene is already built."""

    groups: dict[str, deque[int]] = field(default_factory=dict)

    def add(self, group: str, job: int) -> None:
        self.groups.setdefault(group, deque()).append(job)

    def take(self, last_group: str | None, busy_groups: set[str | None]) -> tuple[str, int] | None:
        if not self.groups:
            return None
        free = [group for group in self.groups if group not in busy_groups]
        group = last_group if last_group in self.groups else (free or list(self.groups))[0]
        job = self.groups[group].popleft()
        if not self.groups[group]:
            del self.groups[group]
        return group, job


def available_cores() -> int:
    """Cores that this process may use; fewer than the machine has under `taskset` or in many containers."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def default_workers(jobs: int) -> int:
    """As many workers as there are cores, at most 8, and none with fewer than two jobs: a start takes seconds."""
    return max(1, min(available_cores(), 8, jobs // 2))


def run_jobs[J, R](
    make_handler: Callable[[], Handler[J, R]],
    jobs: Sequence[J],
    workers: int,
    group: Callable[[J], str] = lambda job: "",
) -> Iterator[tuple[int, R | Failure]]:
    """Yield (index of the job, its result or its `Failure`), each as it is done.

    Args:
        make_handler: makes the handler inside a worker; picklable. A handler whose job raised is closed and made anew.
        jobs: picklable values.
        workers: number of processes; 1 works in this very process.
        group: jobs of one group prefer one worker.

    Raises:
        GenWorldError: raised by a job. Such an error is the user's to mend and would hit the other jobs alike.
        InvalidOptionError: fewer than 1 worker.
    """
    if workers < 1:
        raise InvalidOptionError(f"workers is {workers}: give at least 1")
    if workers == 1 or len(jobs) <= 1:
        yield from _run_here(make_handler, jobs)
    else:
        yield from _Pool(make_handler, jobs, min(workers, len(jobs)), group).run()


def _run_here[J, R](make_handler: Callable[[], Handler[J, R]], jobs: Sequence[J]) -> Iterator[tuple[int, R | Failure]]:
    attempt = Attempts(make_handler)
    try:
        for index, job in enumerate(jobs):
            outcome = attempt(job)
            for _ in range(ATTEMPTS - 1):
                outcome = attempt(job) if isinstance(outcome, Failure) else outcome
            yield index, outcome
    finally:
        attempt.close()


class Attempts:
    """Calls a handler; an exception becomes a `Failure`, and the next call gets a fresh handler."""

    def __init__(self, make_handler: Callable[[], Handler[Any, Any]]) -> None:
        self._make_handler = make_handler
        self._handler: Handler[Any, Any] | None = None

    def __call__(self, job: Any) -> Any:
        try:
            self._handler = self._handler or self._make_handler()
            return self._handler(job)
        except GenWorldError:
            raise
        except Exception as error:
            self.close()
            return Failure(f"{type(error).__name__}: {error}", traceback.format_exc())

    def close(self) -> None:
        handler, self._handler = self._handler, None
        if handler is not None:
            handler.close()


class _Pool:
    def __init__(self, make_handler: Any, jobs: Sequence[Any], workers: int, group: Callable[[Any], str]) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._make_handler, self._jobs, self._group = make_handler, jobs, group
        self._threads = max(1, (available_cores()) // workers)
        self._queue = _Queue()
        self._attempts = [0] * len(jobs)
        for index, job in enumerate(jobs):
            self._queue.add(group(job), index)
        self._count = workers
        self._workers: list[_Worker] = []
        self._leaving: list[_Worker] = []

    def run(self) -> Iterator[tuple[int, Any]]:
        try:
            self._workers = [self._start() for _ in range(self._count)]
            for worker in list(self._workers):
                self._give(worker)
            while self._workers:
                for ready in wait([worker.connection for worker in self._workers]):
                    worker = next(worker for worker in self._workers if worker.connection is ready)
                    yield from self._collect(worker)
        finally:
            self._stop()

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs, self._make_handler), daemon=True)
        with _environment(LP_NUM_THREADS=str(self._threads), OMP_NUM_THREADS="1"):
            process.start()
        theirs.close()
        return _Worker(process, ours)

    def _give(self, worker: _Worker) -> None:
        """Hand the worker its next job, or let it go home when there is none."""
        taken = self._queue.take(worker.group, {other.group for other in self._workers if other.job is not None})
        if taken is None:
            self._dismiss(worker)
            return
        worker.group, worker.job = taken
        self._attempts[worker.job] += 1
        with suppress(OSError):  # it died before; `wait` reports its closed pipe, and `_collect` mends it
            worker.connection.send(self._jobs[worker.job])

    def _collect(self, worker: _Worker) -> Iterator[tuple[int, Any]]:
        job = worker.job
        assert job is not None
        try:
            outcome = worker.connection.recv()
        except (EOFError, OSError):
            outcome = self._bury(worker)
            self._workers[self._workers.index(worker)] = worker = self._start()
        worker.job = None
        if isinstance(outcome, GenWorldError):
            raise outcome
        if isinstance(outcome, Failure) and self._attempts[job] < ATTEMPTS:
            self._queue.add(self._group(self._jobs[job]), job)
        else:
            yield job, outcome
        self._give(worker)

    def _bury(self, worker: _Worker) -> Failure:
        worker.process.join(10)
        worker.connection.close()
        return Failure(f"its worker process died (exit code {worker.process.exitcode})")

    def _dismiss(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        self._leaving.append(worker)
        with suppress(OSError):  # it is gone already
            worker.connection.send(None)

    def _stop(self) -> None:
        """Wait for workers that were sent home, end those that still work (after an error or an interrupt)."""
        for worker in self._workers:
            worker.process.terminate()
        for worker in (*self._workers, *self._leaving):
            worker.process.join(30)
            if worker.process.is_alive():
                worker.process.kill()
            worker.connection.close()
        self._workers, self._leaving = [], []


def _work(connection: Connection, make_handler: Callable[[], Handler[Any, Any]]) -> None:
    """A worker's life: answer each job with its result, a `Failure` or a GenWorldError, until None comes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's, which ends its workers in order
    attempt = Attempts(make_handler)
    try:
        while (job := connection.recv()) is not None:
            try:
                connection.send(attempt(job))
            except GenWorldError as error:
                connection.send(error)
    except (EOFError, BrokenPipeError):
        pass  # the parent is gone
    finally:
        attempt.close()


@contextmanager
def _environment(**defaults: str) -> Iterator[None]:
    """Environment variables for a process that is started within, where the user has not set them.

    Workers get their share of the cores for the CPU renderer and one thread for torch: more only makes them wait for
    each other. Both libraries read it when they are loaded, so it must be there from the start.
    """
    added = {name: value for name, value in defaults.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]

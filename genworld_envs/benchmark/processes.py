"""Runs the sides of a comparison, each in a process of its own, and lets them take turns."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from genworld_envs.benchmark.records import Series

WORKER = Path(__file__).with_name("worker.py")
ANSWER_TIMEOUT_S = 900.0
"""Longer than anything that is measured: a process that says nothing for so long hangs."""
LAST_WORDS = 600
"""Characters of a dead process's output that its error message quotes."""


class RowFailedError(RuntimeError):
    """A row could not be measured; `detail` has the traceback of the process that failed."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


@dataclass(frozen=True)
class SideSpec:
    """One side of a comparison.

    Attributes:
        what: what it does, for readers.
        side: name in `worker.SIDES`.
        options: its arguments.
        environ: environment variables that differ from ours; None unsets one.
    """

    what: str
    side: str
    options: dict[str, Any]
    environ: Mapping[str, str | None] = field(default_factory=dict)


class Running(Protocol):
    """A side that runs."""

    def measure(self, seconds: float) -> dict[str, Any]: ...

    def close(self) -> None: ...


Start = Callable[[SideSpec], Running]


class WorkerProcess:
    """A side in a process of its own: `worker.py` run by its path, see there.

    Raises:
        RowFailedError: the side raised an error, its process died, or it did not answer in time; from every method but `close`.
    """

    def __init__(self, spec: SideSpec) -> None:
        # Open as long as the process runs, so that its last words can be read.
        self._output = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        # "-P": the folder of the program is not put on the path, so its neighbours hide no other module.
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(WORKER), spec.side, json.dumps(spec.options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._output,
            env=worker_environ(os.environ, spec.environ),
            text=True,
            # A group of its own, so that `close` also ends the processes that it has started.
            start_new_session=True,
        )
        try:
            self._answer()
        except BaseException:
            self.close()
            raise

    def measure(self, seconds: float) -> dict[str, Any]:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # then it has died, and `_answer` says of what
            self._process.stdin.write(json.dumps({"seconds": seconds}) + "\n")
            self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        timer = threading.Timer(ANSWER_TIMEOUT_S, self._kill)
        timer.start()
        try:
            line = self._process.stdout.readline()
        finally:
            timed_out = not timer.is_alive()
            timer.cancel()
        if not line:
            reason = (
                f"gave no answer for {ANSWER_TIMEOUT_S:.0f} s" if timed_out else f"ended with {self._process.wait()}"
            )
            raise RowFailedError(f"the process {reason}; its last words: {self._last_words()}")
        answer = json.loads(line)
        if "error" in answer:
            raise RowFailedError(answer["error"], answer["traceback"])
        return answer

    def _last_words(self) -> str:
        self._output.seek(0)
        return self._output.read()[-LAST_WORDS:].strip() or "none"

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End it and all that it has started; never raises for what happens in there."""
        assert self._process.stdin is not None and self._process.stdout is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=20)
        self._kill()
        self._process.wait()
        self._process.stdout.close()
        self._output.close()


def worker_environ(environ: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    """`environ` with `changes`; without threads in the numerics, and with lavapipe's threads left as they are by default."""
    package_root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [package_root, environ.get("PYTHONPATH")]))
    fixed: dict[str, str | None] = {"OMP_NUM_THREADS": "1", "LP_NUM_THREADS": None, "PYTHONPATH": path}
    merged = {**environ, **fixed, **changes}
    return {name: value for name, value in merged.items() if value is not None}


def take_turns(
    sides: Mapping[str, SideSpec],
    repeats: int,
    seconds: float,
    unit: str,
    start: Start,
    say: Callable[[str], None] = lambda text: None,
) -> tuple[dict[str, Series], dict[str, dict[str, Any]]]:
    """Measure each of `sides` `repeats` times, one after another, so that a drift of the machine meets all of them.

    Args:
        sides: what to measure, by name.
        repeats: samples of each.
        seconds: on the clock, for each sample; a fifth of it is run first and thrown away.
        unit: of the values.
        start: begins a side.
        say: told what is going on.

    Returns:
        The samples of each side, and the whole last answer of each.

    Raises:
        RowFailedError: a side failed; the message names it.
    """
    samples: dict[str, list[float]] = {name: [] for name in sides}
    answers: dict[str, dict[str, Any]] = {}
    with ExitStack() as stack:
        running: dict[str, Running] = {}
        for name, spec in sides.items():
            say(f"starting {name}")
            with _named(spec):
                running[name] = start(spec)
                stack.callback(running[name].close)
                running[name].measure(seconds / 5)
        for repeat in range(repeats):
            for name, spec in sides.items():
                say(f"{name} {repeat + 1}/{repeats}")
                with _named(spec):
                    answers[name] = running[name].measure(seconds)
                samples[name].append(float(answers[name]["value"]))
    return {name: Series.of(sides[name].what, unit, values) for name, values in samples.items()}, answers


@contextmanager
def _named(spec: SideSpec) -> Iterator[None]:
    """Put what a side does before the message of its error."""
    try:
        yield
    except RowFailedError as error:
        raise RowFailedError(f"{spec.what}: {error}", error.detail) from error

"""Running an installed EmbodiedGen: `text3d-cli` for one asset, `layout-cli` for all that a task needs.

The flags are those of EmbodiedGen 2.1 (`embodied_gen/scripts/textto3d.py` and `gen_layout.py`).
"""

import contextlib
import hashlib
import logging
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from scene_hub.errors import GenWorldError, MissingRequirementError
from scene_hub.schema import canonical_json

logger = logging.getLogger(__name__)

TEXT3D, LAYOUT = "text3d-cli", "layout-cli"
HOUR = 3600.0
SHOWN_LINES = 12
INSTALL = (
    "install EmbodiedGen as https://github.com/HorizonRobotics/EmbodiedGen says and activate its environment, give the command "
    'in full (command="conda run -n embodiedgen text3d-cli"), or give a folder of its output (folder="outputs")'
)


class EmbodiedGenError(GenWorldError, RuntimeError):
    """EmbodiedGen ran and failed, ran out of time, or left nothing behind; the message ends with what it said last."""


def run_text3d(
    prompt: str,
    out: str | Path,
    *,
    name: str,
    seed: int,
    command: str = TEXT3D,
    arguments: Sequence[str] = (),
    timeout: float = HOUR,
) -> None:
    """Make one asset from words: its files are below `out`/asset3d/`name`. Takes a GPU, and minutes.

    `command` is split like a shell does, `arguments` are added ("--image3d_model", "TRELLIS"), `timeout` is in seconds.

    Raises:
        MissingRequirementError: the command is not there.
        EmbodiedGenError: it failed.
    """
    seeds = [f"--seed_img={seed}", f"--seed_3d={seed}"]
    words = [*_program(command), "--prompts", _prompt(prompt), "--asset_names", name, f"--output_root={out}", *seeds]
    code, lines = _run([*words, *arguments], timeout)
    made = any(Path(out).rglob("*.urdf"))
    # The installed script ends with code 1 even where all went well: it hands its table of results to sys.exit.
    if code not in (0, 1) or not made or any(line.startswith("Traceback (most recent call last)") for line in lines):
        raise EmbodiedGenError(_failure(command, code, lines, "" if made else "it wrote no asset"))


def run_layout(
    task: str,
    out: str | Path,
    *,
    backgrounds: str | Path | None = None,
    seed: int = 0,
    command: str = LAYOUT,
    arguments: Sequence[str] = (),
    timeout: float = 4 * HOUR,
) -> None:
    """Make everything that a task ("put the pen in the mug on the desk") needs, as `out`/task_0000/layout.json.

    `backgrounds` is EmbodiedGen's list of background scenes (`--bg_list`), which its layouts cannot do without. Errors as
    of `run_text3d`.
    """
    seeds = [f"--seed_{part}={seed}" for part in ("img", "3d", "layout")]
    lists = [] if backgrounds is None else [f"--bg_list={backgrounds}"]
    words = [*_program(command), "--task_descs", _prompt(task), f"--output_root={out}", *lists, *seeds]
    code, lines = _run([*words, *arguments], timeout)
    if code != 0 or not any(Path(out).rglob("layout.json")):
        raise EmbodiedGenError(_failure(command, code, lines, "" if code else "it wrote no layout.json"))


def cached(folder: Path, key: dict[str, object], make: Callable[[Path], None]) -> Path:
    """The folder that `make` fills, made once for each `key`: a later call, or another process, finds it finished."""
    name = hashlib.sha256(canonical_json(key).encode("utf-8")).hexdigest()[:32]
    target = folder / name
    if target.is_dir():
        return target
    try:
        folder.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=folder))
    except OSError as error:
        raise MissingRequirementError(
            f"cannot write to the cache folder {str(folder)!r} ({error.strerror}); give another one as cache"
        ) from None
    try:
        make(partial)
        try:
            os.replace(partial, target)
        except OSError:
            if not target.is_dir():  # else another process was faster, with the same request
                raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return target


def _program(command: str) -> list[str]:
    words = shlex.split(command)
    if not words or shutil.which(words[0]) is None:
        raise MissingRequirementError(f"there is no command {command!r} on this machine: {INSTALL}")
    return words


def _prompt(text: str) -> str:
    """One line that the command can only take for words: no flag, no name of a file of prompts."""
    line = " ".join(text.split()).lstrip("-").strip()
    return f"{line}." if line.endswith(".txt") else line


def _run(words: list[str], timeout: float) -> tuple[int, list[str]]:
    """Exit code and last lines of a command, whose output goes to the log as it comes."""
    logger.info("running %s", shlex.join(words))
    lines: deque[str] = deque(maxlen=200)
    process = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True
    )
    expired = threading.Event()
    timer = threading.Timer(timeout, lambda: (expired.set(), _stop(process)))
    timer.start()
    try:
        assert process.stdout is not None
        for raw in process.stdout:
            line = raw.decode("utf-8", "replace").rstrip()
            logger.info("%s: %s", words[0], line)
            lines.append(line[:500])
        code = process.wait()
    finally:
        timer.cancel()
        if process.poll() is None:
            _stop(process)
    if expired.is_set():
        raise EmbodiedGenError(
            _failure(shlex.join(words[:3]), code, list(lines), f"it was stopped after {timeout:g} s (timeout)")
        )
    return code, list(lines)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the command and what it started."""
    with contextlib.suppress(ProcessLookupError):  # it has ended by itself
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _failure(command: str, code: int, lines: Sequence[str], reason: str) -> str:
    told = [line for line in lines if line.strip()][-SHOWN_LINES:]
    said = "\n  ".join(told) if told else "(nothing)"
    return f"{command} failed (exit code {code}{'; ' + reason if reason else ''}). Its last words:\n  {said}"

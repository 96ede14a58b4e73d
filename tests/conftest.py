"""What all tests share: no network, one thread a process (pytest runs several), reproducible property tests."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

# Before anything imports torch, numpy or huggingface_hub, which read these at import.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from hypothesis import settings

settings.register_profile("genworld", deadline=None, derandomize=True)
settings.load_profile("genworld")

Run = Callable[..., subprocess.CompletedProcess[str]]


def _run(command: list[str], environ: Mapping[str, str | None], folder: Path) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, **environ}
    kept = {name: value for name, value in variables.items() if value is not None}
    return subprocess.run(command, env=kept, cwd=folder, capture_output=True, text=True, timeout=240, check=False)


@pytest.fixture
def genworld(tmp_path: Path) -> Run:
    """`genworld("scenes", "list", NAME="value")` runs the command line as a person does; None unsets a variable."""

    def run(*arguments: str, **environ: str | None) -> subprocess.CompletedProcess[str]:
        return _run([sys.executable, "-m", "genworld_envs.cli.main", *arguments], environ, tmp_path)

    return run


@pytest.fixture
def python(tmp_path: Path) -> Run:
    """`python(code, NAME="value")` runs `code` in a fresh interpreter."""

    def run(code: str, **environ: str | None) -> subprocess.CompletedProcess[str]:
        return _run([sys.executable, "-c", code], environ, tmp_path)

    return run

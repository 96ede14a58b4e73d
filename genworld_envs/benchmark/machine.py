"""What the numbers of a benchmark depend on, without anything that names the user or the host."""

import os
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from genworld_envs.evaluation.report import describe_machine
from genworld_envs.evaluation.runner import package_versions
from genworld_envs.vulkan import vulkan_report


def machine_facts() -> dict[str, Any]:
    """CPU, cores, memory, operating system, Python, GPU, and the Vulkan device with its driver."""
    device = next(iter(vulkan_report().devices), None)
    return {
        **describe_machine(),
        "memory_gb": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9, 1),
        "vulkan": None if device is None else f"{device.name} [{device.driver_info or device.driver}]",
    }


def versions() -> dict[str, str]:
    """Versions of the packages that decide speed."""
    found = package_versions()
    for name in ("pytorch-kinematics",):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def commit() -> str | None:
    """The commit of this checkout, with "+changes" where files differ from it; None outside a checkout."""
    root = Path(__file__).resolve().parents[2]
    if not (root / ".git").exists():
        return None
    try:
        head = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return None
    return f"{head}+changes" if changed else head


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()

"""Chooses what renders: a GPU where one can, else Mesa's lavapipe on the CPU; else an error with the way out.

    backend = resolve_render_backend()        # "gpu", "cpu"; raises MissingRequirementError
    gym.make(..., render_backend=backend)

The choice is made once per process and inherited by its children. The environment variable GENWORLD_RENDER_BACKEND
overrides it: "gpu", "cpu", "none", or a device such as "cuda:1" or "pci:0000:03:00.0" (a GPU without CUDA).
"""

import json
import logging
import os
import platform
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from genworld_envs.program import from_working_folder, genworld_command
from genworld_envs.vulkan import VulkanReport, driver_variables, vulkan_report
from scene_hub.errors import InvalidOptionError, MissingRequirementError

BACKEND_VARIABLE = "GENWORLD_RENDER_BACKEND"
MINIMUM_MESA = (24, 3)

# Holds the decision for child processes, so that workers neither probe nor speak again.
_INHERITED_VARIABLE = "_GENWORLD_RENDER_DECISION"
_BACKENDS = re.compile(r"(auto|gpu|cpu|none|(cuda|pci):[0-9a-fA-F:.]+)")
_SELECTING_VARIABLES = ("VK_DRIVER_FILES", "VK_ICD_FILENAMES")

# What SAPIEN says when it finds no way to render; none of these names a remedy.
_RENDER_FAILURES = ("rendering device", "ErrorIncompatibleDriver", "ErrorInitializationFailed", "vk::", "Vulkan")

_log = logging.getLogger("genworld")


@dataclass(frozen=True)
class RenderDecision:
    """What was `requested`, ManiSkill's `backend` for it, the `reason` in one line, and the `environ` that it needs."""

    requested: str
    backend: str
    reason: str
    environ: dict[str, str] = field(default_factory=dict)


def resolve_render_backend(wanted: str = "auto", needs_rendering: bool = True) -> str:
    """The `render_backend` to hand to ManiSkill: "gpu", "cpu", "none" or a device.

    Args:
        wanted: "auto", or "gpu", which ManiSkill's own tools ask for without being told: a GPU where one can render,
            else the CPU; "cpu"; "none" or a device, which are returned as they are.
        needs_rendering: False for an environment that never renders (state observations, `render_mode=None`). Then the
            answer is "none", and no driver is needed or looked for.

    Prepares this process's environment variables so that Vulkan finds the chosen device, and logs once when the choice
    falls back to the CPU. Call it before the first renderer is created.

    Raises:
        InvalidOptionError: `wanted` or GENWORLD_RENDER_BACKEND is no backend; the message names the choices.
        MissingRequirementError: nothing on this machine can render; the message has the command that mends it.
    """
    if not needs_rendering:
        return "none"
    requested = _requested(wanted, os.environ)
    decision = _inherited_decision(os.environ)
    if decision is None or decision.requested != requested:
        decision = decide_render_backend(requested)
        if decision.backend == "cpu" and requested != "cpu":
            _log.warning("%s", decision.reason)
    os.environ.update(decision.environ)
    os.environ[_INHERITED_VARIABLE] = json.dumps({"for": _decision_key(os.environ), **asdict(decision)})
    return decision.backend


def decide_render_backend(wanted: str = "auto", environ: Mapping[str, str] | None = None) -> RenderDecision:
    """What `resolve_render_backend(wanted)` decides under `environ` (default: this process's), without side effects."""
    variables = _users_environ(os.environ if environ is None else environ)
    requested = _requested(wanted, variables)
    if requested not in ("auto", "cpu"):
        return RenderDecision(requested, requested, f"rendering on {requested}, as asked for")
    if platform.system() != "Linux":
        # Elsewhere the operating system brings its own driver, and SAPIEN chooses by itself.
        backend = "gpu" if platform.system() == "Windows" and requested == "auto" else "cpu"
        return RenderDecision(requested, backend, f"rendering with {platform.system()}'s own driver")
    report = vulkan_report(variables)
    gpu = _gpu_decision(report, variables) if requested == "auto" else None
    return gpu or _cpu_decision(requested, report, variables)


def _requested(wanted: str, environ: Mapping[str, str]) -> str:
    """`wanted`, or what the environment variable says in its place; "auto" for "gpu"."""
    override = environ.get(BACKEND_VARIABLE, "").strip()
    value, origin = (override, f"environment variable {BACKEND_VARIABLE}") if override else (wanted, "render_backend")
    if not _BACKENDS.fullmatch(value):
        raise InvalidOptionError(
            f"{origin}={value!r} is no render backend; choose one of 'auto', 'gpu', 'cpu', 'none', 'cuda:<index>' or "
            "'pci:<address>'"
        )
    return "auto" if value == "gpu" else value


def _gpu_decision(report: VulkanReport, variables: dict[str, str]) -> RenderDecision | None:
    if report.cuda_devices == 0:
        return None
    for environ in ({}, _sapien_nvidia_environ(variables)):
        seen = vulkan_report({**variables, **environ}) if environ else report
        device = next((device for device in seen.devices if device.is_nvidia), None)
        if device is not None:
            return RenderDecision("auto", "gpu", f"rendering on {device.name}", environ)
    return None


def _cpu_decision(requested: str, report: VulkanReport, variables: dict[str, str]) -> RenderDecision:
    lavapipe = report.lavapipe
    if lavapipe is not None and _recent(lavapipe.mesa_version):
        return RenderDecision(requested, "cpu", _fallback_reason(report), _lavapipe_environ(variables))
    # A GPU with Vulkan but without CUDA (AMD, Intel): SAPIEN's "cpu" backend renders on the first device it finds.
    other = next((device for device in report.devices if device.kind != "cpu"), None)
    if other is not None:
        return RenderDecision(requested, "cpu", f"rendering with Vulkan on {other.name}, without CUDA")
    raise MissingRequirementError(_missing_message(report, variables))


def _sapien_nvidia_environ(variables: Mapping[str, str]) -> dict[str, str]:
    """Containers often have NVIDIA's driver but not the file that names it to Vulkan; SAPIEN brings that file."""
    file = _sapien_nvidia_file()
    if file is None or any(name in variables for name in _SELECTING_VARIABLES):
        return {}
    return {"VK_ICD_FILENAMES": file}


@cache
def _sapien_nvidia_file() -> str | None:
    spec = find_spec("sapien")
    file = Path(spec.origin or "").parent / "vulkan_library" / "nvidia_icd.json" if spec else None
    return str(file) if file is not None and file.is_file() else None


def _users_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` without what importing SAPIEN and an earlier decision of ours have put there."""
    decision = _inherited_decision(environ)
    set_by_us = decision.environ if decision is not None else {}
    set_by_sapien = {"VK_ICD_FILENAMES": _sapien_nvidia_file()}
    return {
        name: value
        for name, value in environ.items()
        if value != set_by_us.get(name) and value != set_by_sapien.get(name)
    }


def _lavapipe_environ(variables: Mapping[str, str]) -> dict[str, str]:
    """Make lavapipe the only driver: others cost start-up time, print warnings, or are taken in its stead."""
    if any(name in variables for name in _SELECTING_VARIABLES):
        return {}
    files = [str(path) for folder in _driver_folders(variables) for path in sorted(folder.glob("lvp_icd*.json"))]
    # Loaders older than 1.3.207 only know the second name; files for another processor are passed over.
    return dict.fromkeys(_SELECTING_VARIABLES, os.pathsep.join(files)) if files else {}


def _driver_folders(variables: Mapping[str, str]) -> list[Path]:
    data_folders = variables.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    roots = ["/etc", *filter(None, data_folders.split(":")), "/usr/share"]
    return [Path(root) / "vulkan" / "icd.d" for root in dict.fromkeys(roots)]


def _recent(mesa: tuple[int, int] | None) -> bool:
    return mesa is not None and mesa >= MINIMUM_MESA


def _fallback_reason(report: VulkanReport) -> str:
    lavapipe = report.lavapipe
    version = ".".join(map(str, lavapipe.mesa_version)) if lavapipe and lavapipe.mesa_version else "of unknown version"
    if report.cuda_devices:
        why = (
            "there is a CUDA GPU, but no Vulkan driver for it: in a container, start it with "
            f"NVIDIA_DRIVER_CAPABILITIES=all; `{genworld_command()} doctor` tells more"
        )
    else:
        why = "no GPU"
    return f"rendering on the CPU with Mesa lavapipe {version} ({why})"


# ---------------------------------------------------------------------------------------------------------- the way out


def driver_install_command() -> str:
    """The command that installs a software Vulkan driver: the script of the checkout or of the installed package."""
    name = "install-vulkan-driver.sh"
    checkout = Path(__file__).resolve().parents[1]
    places = (checkout / "scripts" / name, Path(sys.prefix) / "share" / "genworld" / name)
    script = next((path for path in places if path.is_file()), None)
    if script is None:
        return "sudo apt-get update && sudo apt-get install -y libvulkan1 mesa-vulkan-drivers libx11-6 libegl1 libgl1"
    return f"bash {from_working_folder(script)}"


def driver_fix(environ: Mapping[str, str] | None = None) -> str:
    """The shell command after which a process with `environ` can render."""
    variables = _users_environ(os.environ if environ is None else environ)
    misleading = [name for name in _SELECTING_VARIABLES if name in variables]
    if not misleading:
        return driver_install_command()
    unset = f"unset {' '.join(misleading)}"
    cleaned = {name: value for name, value in variables.items() if name not in misleading}
    try:
        decide_render_backend(environ=cleaned)
    except MissingRequirementError:
        return f"{unset}; {driver_install_command()}"
    return unset


def _missing_message(report: VulkanReport, variables: Mapping[str, str]) -> str:
    lavapipe = report.lavapipe
    named = [f"{name}={variables[name]}" for name in _SELECTING_VARIABLES if name in variables]
    if lavapipe is not None:
        minimum = ".".join(map(str, MINIMUM_MESA))
        problem = f"{lavapipe.driver_info or lavapipe.name} cannot render SAPIEN's scenes, which need Mesa >= {minimum}"
    else:
        problem = report.error or "no Vulkan device can render"
    origin = f" (looked where {' and '.join(named)} points)" if named else ""
    return (
        f"nothing on this machine can render: {problem}{origin}. Run: {driver_fix(variables)}    "
        f"(`{genworld_command()} doctor` checks everything; obs_mode='state' with render_mode=None needs no rendering)"
    )


@contextmanager
def rendering_errors_explained() -> Iterator[None]:
    """Turn what SAPIEN raises when a renderer cannot be created into a MissingRequirementError with the way out."""
    try:
        yield
    except RuntimeError as error:
        if isinstance(error, MissingRequirementError) or not any(words in str(error) for words in _RENDER_FAILURES):
            raise
        raise MissingRequirementError(
            f"SAPIEN could not start its renderer ({error}). Run: {genworld_command()} doctor    (it finds out what is missing "
            f"and gives the command that mends it, most often: {driver_fix()})"
        ) from error


# ----------------------------------------------------------------------------------------- one decision for all workers


def _decision_key(environ: Mapping[str, str]) -> list[list[str]]:
    return [list(pair) for pair in driver_variables(environ)] + [[BACKEND_VARIABLE, environ.get(BACKEND_VARIABLE, "")]]


def _inherited_decision(environ: Mapping[str, str]) -> RenderDecision | None:
    """The decision of this process or of its parent, unless a variable that it rests on has changed since."""
    try:
        data = json.loads(environ[_INHERITED_VARIABLE])
        if data.pop("for") != _decision_key(environ):
            return None
        return RenderDecision(**data)
    except (KeyError, ValueError, TypeError, AttributeError):
        return None

"""`genworld doctor`: what this machine can do, and the exact command that mends each thing that is missing.

Each check is a function that returns one `Finding`. A finding fails only if environments cannot run without it; what is
needed for some things alone is a warning. What could take the process down (a driver) is tried in another one.
"""

import importlib.metadata
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from genworld_envs.program import from_working_folder, genworld_command
from genworld_envs.rendering import decide_render_backend, driver_fix, driver_install_command
from genworld_envs.vulkan import vulkan_report
from scene_hub.errors import GenWorldError

GIB = 1024**3
MINIMUM_DISK_GIB = 5.0
MINIMUM_MEMORY_GIB = 4.0
HUB_TIMEOUT_S = 4.0
RENDER_TIMEOUT_S = 180.0

Status = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """The outcome of a check: `detail` in one line, `fix` the shell command that mends it, `data` for programs."""

    name: str
    status: Status
    detail: str
    fix: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass
class DoctorCommand:
    """Check what this machine can do. Exit code 0 when environments can render, 1 when they cannot."""

    json: bool = False
    """Print one JSON object instead of a table."""

    def run(self) -> int:
        findings = examine()
        healthy = is_healthy(findings)
        if self.json:
            print(json.dumps(report_json(findings), indent=2))
        else:
            _print_findings(findings, healthy)
        return 0 if healthy else 1


def is_healthy(findings: list[Finding]) -> bool:
    return all(finding.status != "fail" for finding in findings)


def report_json(findings: list[Finding]) -> dict[str, Any]:
    """The findings for programs: `ok`, `can_render`, `render_backend` (None if nothing renders) and every check."""
    by_name = {finding.name: finding for finding in findings}
    return {
        "ok": is_healthy(findings),
        "can_render": by_name["render"].status == "ok",
        "render_backend": by_name["render"].data.get("backend"),
        "checks": [asdict(finding) for finding in findings],
    }


def examine() -> list[Finding]:
    """The findings of all checks, in the order of `CHECKS`."""
    # The longest checks wait for other processes, so threads are enough to run all of them side by side.
    with ThreadPoolExecutor(max_workers=4) as pool:
        return list(pool.map(_run_check, CHECKS))


def _run_check(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as error:
        # A doctor that dies of an unforeseen illness helps nobody: the other findings are still worth having.
        name = check.__name__.removeprefix("check_").replace("_", " ")
        return Finding(name, "warn", f"could not be checked: {type(error).__name__}: {error}")


# ---------------------------------------------------------------------------------------------------------- the checks


def check_python() -> Finding:
    version = platform.python_version()
    data = {"version": version, "executable": sys.executable, "genworld": importlib.metadata.version("genworld-envs")}
    return Finding("python", "ok", f"{version}, genworld-envs {data['genworld']}", data=data)


def check_torch() -> Finding:
    import torch

    devices = [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]
    data = {"version": torch.__version__, "cuda": torch.version.cuda, "devices": devices}
    if devices:
        return Finding("torch", "ok", f"{torch.__version__}, CUDA on {', '.join(devices)}", data=data)
    if vulkan_report().cuda_devices or _runs("nvidia-smi", "-L"):
        return Finding(
            "torch",
            "warn",
            f"{torch.__version__} (built for CUDA {torch.version.cuda}) does not see the NVIDIA GPU of this machine",
            "nvidia-smi   # its CUDA version must not be older than torch's: else update the driver; and unset "
            "CUDA_VISIBLE_DEVICES",
            data,
        )
    return Finding("torch", "ok", f"{torch.__version__}, on the CPU (no NVIDIA GPU)", data=data)


def check_vulkan() -> Finding:
    report = vulkan_report()
    data = {
        "loader": report.loader,
        "cuda_devices": report.cuda_devices,
        "devices": [asdict(d) for d in report.devices],
    }
    try:
        decision = decide_render_backend()
    except GenWorldError as error:
        return Finding("vulkan", "fail", _before_the_fix(str(error)), driver_fix(), data)
    seen = ", ".join(f"{d.name} [{d.driver_info or d.driver}]" for d in report.devices) or decision.reason
    data["render_backend"] = decision.backend
    if decision.backend == "cpu" and report.cuda_devices:
        fix = (
            "docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=all ...   # outside a container: install libnvidia-gl"
        )
        return Finding("vulkan", "warn", decision.reason, fix, data)
    return Finding("vulkan", "ok", f"{seen}; render_backend={decision.backend!r}", data=data)


def check_render() -> Finding:
    answer = _render_in_a_process("sapien")
    if "error" in answer:
        return Finding("render", "fail", _before_the_fix(answer["error"]), driver_fix(), answer)
    detail = (
        f"SAPIEN on {answer['backend']!r}: {answer['frame_ms']:.1f} ms a frame (128x128, one box), "
        f"first frame after {answer['first_frame_s']:.1f} s"
    )
    return Finding("render", "ok", detail, data=answer)


def check_egl() -> Finding:
    answer = _render_in_a_process("egl")
    if "error" in answer:
        return Finding(
            "egl", "warn", f"no previews through pyrender: {answer['error']}", driver_install_command(), answer
        )
    return Finding("egl", "ok", f"pyrender on {answer['backend']}", data=answer)


def check_ffmpeg() -> Finding:
    fix = _install_command("imageio[ffmpeg]")
    try:
        import imageio_ffmpeg

        executable = imageio_ffmpeg.get_ffmpeg_exe()
        version = imageio_ffmpeg.get_ffmpeg_version()
    except (ImportError, RuntimeError, OSError, subprocess.SubprocessError) as error:
        return Finding("ffmpeg", "warn", f"videos cannot be written: {error}", fix)
    return Finding("ffmpeg", "ok", version, data={"version": version, "executable": executable})


def check_opencv() -> Finding:
    """ManiSkill asks for opencv-python, LeRobot for opencv-python-headless; both own the folder `cv2`."""
    wanted = ("opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless")
    installed = {name: version for name in wanted if (version := _version(name)) is not None}
    described = ", ".join(f"{name} {version}" for name, version in installed.items())
    pip = _pip()
    if len(installed) > 1:
        fix = f"{pip} uninstall {'' if pip.startswith('uv') else '-y '}{' '.join(installed)} && " + _install_command(
            "opencv-python-headless>=4.9,<5"
        )
        return Finding("opencv", "warn", f"{described}: they overwrite each other's files; keep one", fix, installed)
    if not installed or importlib.util.find_spec("cv2") is None:
        fix = _install_command("opencv-python-headless>=4.9,<5", reinstall=True)
        return Finding("opencv", "warn", f"the module cv2 is missing ({described or 'not installed'})", fix, installed)
    return Finding("opencv", "ok", described, data=installed)


def check_disk() -> Finding:
    from huggingface_hub.constants import HF_HOME

    places = {"working folder": Path.cwd(), "Hub cache": Path(HF_HOME)}
    free = {what: shutil.disk_usage(_existing(path)).free / GIB for what, path in places.items()}
    detail = ", ".join(f"{gib:.1f} GiB free in the {what}" for what, gib in free.items())
    data = {what: round(gib, 2) for what, gib in free.items()}
    if min(free.values()) < MINIMUM_DISK_GIB:
        fix = f"df -h .   # free some space; HF_HOME=<folder on a larger disk> moves the Hub cache from {HF_HOME}"
        return Finding("disk", "warn", f"{detail}; datasets and checkpoints want {MINIMUM_DISK_GIB:.0f} GiB", fix, data)
    return Finding("disk", "ok", detail, data=data)


def check_memory() -> Finding:
    available, cores = available_memory() / GIB, len(os.sched_getaffinity(0))
    shared = Path("/dev/shm")
    shared_gib = shutil.disk_usage(shared).total / GIB if shared.is_dir() else None
    data = {"available_gib": round(available, 2), "cores": cores, "shared_memory_gib": shared_gib}
    detail = f"{available:.1f} GiB available, {cores} cores"
    if available < MINIMUM_MEMORY_GIB:
        fix = "gym.make_vec(..., workers=1)   # about 1 GiB a worker process; or close other programs"
        return Finding("memory", "warn", f"{detail}; {MINIMUM_MEMORY_GIB:.0f} GiB are comfortable", fix, data)
    if shared_gib is not None and shared_gib < 0.25:
        fix = "docker run --shm-size=1g ..."
        return Finding("memory", "warn", f"{detail}; /dev/shm has {shared_gib * 1024:.0f} MiB, too few", fix, data)
    return Finding("memory", "ok", detail, data=data)


def check_hub() -> Finding:
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return Finding("hub", "ok", "offline, as HF_HUB_OFFLINE says", data={"offline": True, "reachable": None})
    import httpx

    start = time.perf_counter()
    try:
        httpx.head(constants.ENDPOINT, timeout=HUB_TIMEOUT_S)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        detail = f"{constants.ENDPOINT} is not reachable ({type(error).__name__}); the starter scenes do not need it"
        fix = (
            "export HF_HUB_OFFLINE=1   # no waiting for the network; behind a mirror: export HF_ENDPOINT=<its address>"
        )
        return Finding("hub", "warn", detail, fix, {"offline": False, "reachable": False})
    seconds = time.perf_counter() - start
    return Finding(
        "hub", "ok", f"reachable in {seconds:.1f} s", data={"offline": False, "reachable": True, "seconds": seconds}
    )


def check_widowx250s() -> Finding:
    root = Path(os.environ.get("MS_ASSET_DIR", Path.home() / ".maniskill"))
    file = root / "data" / "robots" / "widowx" / "wx250s.urdf"
    if file.is_file():
        return Finding("widowx250s", "ok", f"robot files in {file.parent}", data={"present": True})
    fix = f"{_python()} -m mani_skill.utils.download_asset widowx250s -y"
    detail = "robot files not downloaded; panda and so100 need none"
    return Finding("widowx250s", "warn", detail, fix, {"present": False})


def check_starter() -> Finding:
    from scene_hub.dataset import SceneDataset

    fix = "git checkout -- scene_hub/starter_data" if _checkout() else _install_command("genworld-envs", reinstall=True)
    try:
        dataset = SceneDataset.open("starter")
        for asset_id in dataset.asset_ids:
            asset = dataset.asset(asset_id)
            dataset.asset_file(asset, "visual")
            dataset.asset_file(asset, "visual_low")
            if asset.files.collision is not None:
                dataset.asset_file(asset, "collision")
        scenes = len(dataset.scenes())
    except GenWorldError as error:
        return Finding("starter", "fail", str(error), fix)
    assets = len(dataset.asset_ids)
    data = {"scenes": scenes, "assets": assets, "fingerprint": dataset.fingerprint}
    return Finding("starter", "ok", f"{scenes} scenes, {assets} assets, every checksum right", data=data)


CHECKS: tuple[Callable[[], Finding], ...] = (
    check_python,
    check_torch,
    check_vulkan,
    check_render,
    check_egl,
    check_ffmpeg,
    check_opencv,
    check_disk,
    check_memory,
    check_hub,
    check_widowx250s,
    check_starter,
)


# ------------------------------------------------------------------------------------------------------ what they ask


def _render_in_a_process(renderer: str) -> dict[str, Any]:
    """What `render_check` answers; what ended its process instead, if something did."""
    command = [sys.executable, "-m", "genworld_envs.cli.render_check", renderer]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=RENDER_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return {"error": f"no frame within {RENDER_TIMEOUT_S:.0f} s"}
    if done.returncode < 0:
        return {"error": f"the graphics driver crashed (signal {-done.returncode})"}
    for line in reversed(done.stdout.strip().splitlines()):
        if line.startswith("{"):
            return json.loads(line)
    return {"error": (done.stderr.strip().splitlines() or ["the program ended without an answer"])[-1]}


def available_memory() -> int:
    """Bytes that this process may still use: what the machine has left, or its container's limit if that is less."""
    available = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    meminfo = Path("/proc/meminfo")
    if meminfo.is_file():
        fields = dict(line.split(":", 1) for line in meminfo.read_text().splitlines() if ":" in line)
        available = int(fields["MemAvailable"].split()[0]) * 1024
    limit, used = Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")
    if limit.is_file() and used.is_file() and limit.read_text().strip() != "max":
        available = min(available, int(limit.read_text()) - int(used.read_text()))
    return available


def _version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def _runs(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=20, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _checkout() -> Path | None:
    """The root of the source checkout that this package is used from, None for an installed package."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "pyproject.toml").is_file() else None


def _python() -> str:
    return from_working_folder(Path(sys.executable))


def _pip() -> str:
    if importlib.util.find_spec("pip") is not None:
        return f"{_python()} -m pip"
    checkout = _checkout()
    private = checkout / ".tools" / "bin" / "uv" if checkout is not None else None
    return f"{from_working_folder(private) if private is not None and private.is_file() else 'uv'} pip"


def _install_command(requirement: str, reinstall: bool = False) -> str:
    pip = _pip()
    python = "" if "-m pip" in pip else f" --python {_python()}"
    again = "" if not reinstall else " --force-reinstall --no-deps" if "-m pip" in pip else " --reinstall --no-deps"
    return f"{pip} install{python}{again} '{requirement}'"


def _existing(path: Path) -> Path:
    return next(folder for folder in (path, *path.absolute().parents) if folder.exists())


def _before_the_fix(message: str) -> str:
    """The message without its "Run: ..." part, which stands in the finding's own line."""
    return message.removeprefix("MissingRequirementError: ").partition(". Run: ")[0]


# ------------------------------------------------------------------------------------------------------------- display


def _print_findings(findings: list[Finding], healthy: bool) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False, soft_wrap=True)
    style = {"ok": "green", "warn": "yellow", "fail": "bold red"}
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        status = f"[{style[finding.status]}]{finding.status:<4}[/]"
        console.print(f"{status}  {finding.name:<{width}}  {escape(finding.detail)}")
        if finding.fix is not None:
            console.print(f"{'':<{width + 8}}[bold]fix:[/] {escape(finding.fix)}")
    console.print()
    if healthy:
        console.print(f"[green]Environments can run and render here.[/] Try: {genworld_command()} demo")
    else:
        console.print("[bold red]Environments cannot run here[/] until the lines marked fail are mended.")

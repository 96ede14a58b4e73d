import importlib.metadata
import json
import shutil
import subprocess
import sys
import types
from collections import namedtuple
from pathlib import Path

import pytest

from genworld_envs.cli import doctor
from genworld_envs.cli.doctor import DoctorCommand, Finding
from genworld_envs.vulkan import VulkanDevice, VulkanReport
from scene_hub.errors import MissingRequirementError, SceneDataError

NVIDIA = VulkanDevice("NVIDIA RTX A6000", "discrete", 0x10DE, 4, "NVIDIA", "570.86")


def answer(text: str = "", returncode: int = 0, stderr: str = "") -> object:
    """What `subprocess.run` returns, whatever it is asked."""
    return lambda *_, **__: subprocess.CompletedProcess([], returncode, text, stderr)


def test_a_frame_is_rendered_and_timed() -> None:
    finding = doctor.check_render()
    assert finding.status == "ok", finding.detail
    assert 0 < finding.data["frame_ms"] < 1000
    assert "128x128" in finding.detail


def test_a_crashing_driver_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", answer(returncode=-11))
    finding = doctor.check_render()
    assert (finding.status, finding.detail) == ("fail", "the graphics driver crashed (signal 11)")
    assert finding.fix


def test_a_driver_that_hangs_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("python", 1)

    monkeypatch.setattr(subprocess, "run", hang)
    assert doctor.check_render().status == "fail"


def test_a_program_that_says_nothing_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", answer(stderr="Traceback\nImportError: libX11.so.6", returncode=1))
    finding = doctor.check_render()
    assert finding.detail == "ImportError: libX11.so.6"


def test_missing_vulkan_fails_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing() -> None:
        raise MissingRequirementError("nothing can render: no driver. Run: bash x.sh    (...)")

    monkeypatch.setattr(doctor, "decide_render_backend", nothing)
    finding = doctor.check_vulkan()
    assert (finding.status, finding.detail) == ("fail", "nothing can render: no driver")
    assert finding.fix
    assert "install-vulkan-driver.sh" in finding.fix or "unset" in finding.fix


def test_vulkan_names_the_device_and_mesas_version() -> None:
    finding = doctor.check_vulkan()
    assert finding.status != "fail"
    assert finding.data["devices"]


def test_a_gpu_that_torch_does_not_see_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    monkeypatch.setattr(doctor, "vulkan_report", lambda: VulkanReport("libvulkan.so.1", None, 1, (NVIDIA,)))
    finding = doctor.check_torch()
    assert finding.status == "warn"
    assert finding.fix


def test_two_opencvs_are_a_warning_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    both = {"opencv-python": "5.0.0", "opencv-python-headless": "4.13.0"}
    monkeypatch.setattr(doctor, "_version", both.get)
    finding = doctor.check_opencv()
    assert finding.status == "warn"
    assert finding.fix
    assert "uninstall" in finding.fix
    assert "opencv-python opencv-python-headless && " in finding.fix
    assert finding.fix.endswith("'opencv-python-headless>=4.9,<5'")


def test_one_opencv_is_fine_here() -> None:
    assert doctor.check_opencv().status == "ok"


def test_missing_ffmpeg_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> str:
        raise RuntimeError("No ffmpeg exe could be found")

    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", types.SimpleNamespace(get_ffmpeg_exe=missing))
    finding = doctor.check_ffmpeg()
    assert finding.status == "warn"
    assert finding.fix
    assert "imageio[ffmpeg]" in finding.fix


def test_little_disk_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10 * doctor.GIB, 9 * doctor.GIB, doctor.GIB))
    finding = doctor.check_disk()
    assert finding.status == "warn"
    assert "1.0 GiB free" in finding.detail


def test_little_memory_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "available_memory", lambda: 2 * doctor.GIB)
    assert doctor.check_memory().status == "warn"


def test_available_memory_is_plausible() -> None:
    assert 0 < doctor.available_memory() < 2**50


def test_offline_is_respected_without_asking_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx
    from huggingface_hub import constants

    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("asked the network")

    monkeypatch.setattr(httpx, "head", no_network)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert doctor.check_hub().status == "ok"


def test_an_unreachable_hub_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:1")
    finding = doctor.check_hub()
    assert finding.status == "warn"
    assert finding.fix
    assert "HF_HUB_OFFLINE=1" in finding.fix


def test_missing_robot_files_are_a_warning_and_present_ones_are_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MS_ASSET_DIR", str(tmp_path))
    finding = doctor.check_widowx250s()
    assert finding.status == "warn"
    assert finding.fix
    assert "mani_skill.utils.download_asset widowx250s" in finding.fix
    folder = tmp_path / "data" / "robots" / "widowx"
    folder.mkdir(parents=True)
    (folder / "wx250s.urdf").write_text("<robot/>")
    assert doctor.check_widowx250s().status == "ok"


def test_the_starter_scenes_are_whole() -> None:
    finding = doctor.check_starter()
    assert finding.status == "ok", finding.detail
    assert finding.data["scenes"] >= 24


def test_damaged_starter_scenes_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    from scene_hub.dataset import SceneDataset

    def damaged(_: str) -> None:
        raise SceneDataError("starter/assets/00/mesh.glb: checksum differs")

    monkeypatch.setattr(SceneDataset, "open", damaged)
    finding = doctor.check_starter()
    assert finding.status == "fail"
    assert "checksum differs" in finding.detail
    assert finding.fix


def test_a_check_that_breaks_leaves_the_others_standing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def check_tarot_cards() -> Finding:
        raise ValueError("the hanged man")

    monkeypatch.setattr(doctor, "CHECKS", (doctor.check_python, check_tarot_cards))
    assert DoctorCommand().run() == 0
    shown = capsys.readouterr().out
    assert "ok    python" in shown
    assert "tarot cards" in shown
    assert "the hanged man" in shown


def test_the_table_has_each_fix_and_the_exit_code_says_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    findings = (
        Finding("render", "fail", "no [driver]", "bash install.sh"),
        Finding("hub", "warn", "offline", "export X=1"),
    )
    monkeypatch.setattr(doctor, "CHECKS", tuple((lambda finding=finding: finding) for finding in findings))
    assert DoctorCommand().run() == 1
    shown = capsys.readouterr().out
    assert "no [driver]" in shown
    assert "fix: bash install.sh" in shown
    assert "fix: export X=1" in shown


def test_json_is_one_object(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    render = Finding("render", "ok", "fine", data={"backend": "cpu"})
    monkeypatch.setattr(doctor, "CHECKS", (doctor.check_python, lambda: render))
    assert DoctorCommand(json=True).run() == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["ok"], shown["can_render"], shown["render_backend"]) == (True, True, "cpu")
    assert shown["checks"][0]["data"]["genworld"] == importlib.metadata.version("genworld-envs")

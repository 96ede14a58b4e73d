import json
import logging
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from genworld_envs import rendering, vulkan
from genworld_envs.rendering import (
    BACKEND_VARIABLE,
    decide_render_backend,
    driver_install_command,
    rendering_errors_explained,
    resolve_render_backend,
)
from genworld_envs.vulkan import VulkanDevice, VulkanReport, vulkan_report
from scene_hub.errors import InvalidOptionError, MissingRequirementError

LAVAPIPE = VulkanDevice("llvmpipe (LLVM 15.0.6, 256 bits)", "cpu", 0x10005, 13, "llvmpipe", "Mesa 25.0.7-2 (LLVM 15)")
OLD_LAVAPIPE = VulkanDevice("llvmpipe (LLVM 15.0.6, 256 bits)", "cpu", 0x10005, 13, "llvmpipe", "Mesa 22.3.6 (LLVM 15)")
NVIDIA = VulkanDevice("NVIDIA RTX A6000", "discrete", 0x10DE, 4, "NVIDIA", "570.86")
RADEON = VulkanDevice("AMD Radeon RX 7800 XT", "discrete", 0x1002, 3, "radv", "Mesa 25.0.7")

Machine = Callable[[VulkanReport], None]


@pytest.fixture(autouse=True)
def _fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """No decision made, no variable set."""
    for name in (*vulkan.DRIVER_VARIABLES, BACKEND_VARIABLE, "_GENWORLD_RENDER_DECISION"):
        # setenv first, so that what a test's decision sets is taken back afterwards.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Pretend to be a machine with the devices of a report."""

    def pretend(report: VulkanReport) -> None:
        monkeypatch.setattr(rendering, "vulkan_report", lambda environ=None: report)

    return pretend


def test_a_gpu_that_vulkan_and_cuda_see_renders(machine: Machine) -> None:
    machine(VulkanReport("libvulkan.so.1", None, 1, (NVIDIA, LAVAPIPE)))
    assert resolve_render_backend() == "gpu"


def test_without_a_gpu_lavapipe_renders_and_this_is_said_once(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    machine(VulkanReport("libvulkan.so.1", None, 0, (LAVAPIPE,)))
    with caplog.at_level(logging.INFO):
        assert [resolve_render_backend() for _ in range(3)] == ["cpu"] * 3
        assert resolve_render_backend("gpu") == "cpu"
    assert [record.message for record in caplog.records] == ["rendering on the CPU with Mesa lavapipe 25.0 (no GPU)"]


def test_maniskills_own_default_gpu_falls_back_too(machine: Machine) -> None:
    machine(VulkanReport("libvulkan.so.1", None, 0, (LAVAPIPE,)))
    assert resolve_render_backend("gpu") == "cpu"


def test_a_cuda_gpu_without_vulkan_driver_falls_back_and_names_the_remedy(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    machine(VulkanReport("libvulkan.so.1", None, 1, (LAVAPIPE,)))
    assert resolve_render_backend() == "cpu"
    assert "NVIDIA_DRIVER_CAPABILITIES=all" in caplog.text


def test_a_gpu_whose_driver_file_only_sapien_brings(monkeypatch: pytest.MonkeyPatch) -> None:
    def report(environ: dict[str, str]) -> VulkanReport:
        found = (NVIDIA,) if environ.get("VK_ICD_FILENAMES", "").endswith("nvidia_icd.json") else ()
        return VulkanReport("libvulkan.so.1", None, 1, found)

    monkeypatch.setattr(rendering, "vulkan_report", report)
    assert resolve_render_backend() == "gpu"
    assert Path(os.environ["VK_ICD_FILENAMES"]).is_file()


def test_what_sapien_sets_when_imported_does_not_hide_lavapipe(monkeypatch: pytest.MonkeyPatch) -> None:
    def report(environ: dict[str, str]) -> VulkanReport:
        return VulkanReport("libvulkan.so.1", None, 1, () if "VK_ICD_FILENAMES" in environ else (LAVAPIPE,))

    monkeypatch.setattr(rendering, "vulkan_report", report)
    import sapien

    file = Path(sapien.__file__).parent / "vulkan_library" / "nvidia_icd.json"
    monkeypatch.setenv("VK_ICD_FILENAMES", str(file))
    assert resolve_render_backend() == "cpu"


def test_a_gpu_without_cuda_is_used_through_vulkan(machine: Machine) -> None:
    machine(VulkanReport("libvulkan.so.1", None, 0, (RADEON,)))
    decision = decide_render_backend()
    assert decision.backend == "cpu"
    assert RADEON.name in decision.reason


def test_the_cpu_on_request_leaves_the_gpu_alone(machine: Machine) -> None:
    machine(VulkanReport("libvulkan.so.1", None, 1, (NVIDIA, LAVAPIPE)))
    assert resolve_render_backend("cpu") == "cpu"


def test_too_old_a_mesa_is_an_error_with_its_version_and_the_command(machine: Machine) -> None:
    machine(VulkanReport("libvulkan.so.1", None, 0, (OLD_LAVAPIPE,)))
    with pytest.raises(MissingRequirementError, match=r"Mesa 22\.3\.6.*need Mesa >= 24\.3.*Run: bash .*\.sh"):
        resolve_render_backend()


@pytest.mark.parametrize("wanted", ["auto", "gpu", "cpu"])
def test_nothing_to_render_with_is_an_error_with_the_command(machine: Machine, wanted: str) -> None:
    machine(VulkanReport(error="there is no Vulkan loader (libvulkan.so.1)"))
    with pytest.raises(MissingRequirementError) as caught:
        resolve_render_backend(wanted)
    message = str(caught.value)
    assert "no Vulkan loader" in message
    assert driver_install_command() in message
    assert "genworld doctor" in message


def test_the_command_names_a_script_that_exists() -> None:
    program, script = driver_install_command().split()
    assert program == "bash"
    assert Path(script).is_file()


def test_an_environment_that_never_renders_needs_no_driver(machine: Machine) -> None:
    machine(VulkanReport(error="nothing here"))
    assert resolve_render_backend(needs_rendering=False) == "none"


@pytest.mark.parametrize("backend", ["none", "cuda:1", "pci:0000:03:00.0"])
def test_devices_are_handed_on_as_they_are(monkeypatch: pytest.MonkeyPatch, backend: str) -> None:
    assert resolve_render_backend(backend) == backend
    monkeypatch.setenv(BACKEND_VARIABLE, backend)
    assert resolve_render_backend() == backend


def test_an_unknown_backend_names_the_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidOptionError, match="render_backend='opengl'.*'auto', 'gpu', 'cpu'"):
        resolve_render_backend("opengl")
    monkeypatch.setenv(BACKEND_VARIABLE, "vulkan")
    with pytest.raises(InvalidOptionError, match=f"{BACKEND_VARIABLE}='vulkan'"):
        resolve_render_backend()


def test_workers_inherit_the_decision_without_probing(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine(VulkanReport("libvulkan.so.1", None, 0, (LAVAPIPE,)))
    resolve_render_backend()

    def no_probe(environ: object = None) -> VulkanReport:
        raise AssertionError("probed again")

    monkeypatch.setattr(rendering, "vulkan_report", no_probe)
    assert resolve_render_backend() == "cpu"


def test_a_changed_variable_makes_the_decision_anew(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine(VulkanReport("libvulkan.so.1", None, 0, (LAVAPIPE,)))
    resolve_render_backend()
    machine(VulkanReport("libvulkan.so.1", "no Vulkan driver was found"))
    monkeypatch.setenv("VK_DRIVER_FILES", "/nonexistent")
    with pytest.raises(MissingRequirementError, match="VK_DRIVER_FILES=/nonexistent"):
        resolve_render_backend()


@pytest.mark.parametrize(
    "message", ["failed to find a rendering device", "vk::createInstanceUnique: ErrorIncompatible"]
)
def test_sapiens_own_failure_gets_a_way_out(message: str) -> None:
    with pytest.raises(MissingRequirementError, match="genworld doctor"), rendering_errors_explained():
        raise RuntimeError(message)


def test_other_errors_pass_unchanged() -> None:
    with pytest.raises(RuntimeError, match=r"^out of cheese$"), rendering_errors_explained():
        raise RuntimeError("out of cheese")


def test_the_probe_sees_this_machine() -> None:
    report = vulkan_report()
    assert report.devices, report.error
    assert all(device.name and device.kind for device in report.devices)


def test_the_probe_survives_a_crashing_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nkill -SEGV $$\n")
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(sys, "executable", str(broken))
    report = vulkan_report({"VK_DRIVER_FILES": "/crash"})
    assert report.error is not None
    assert "crashed (signal 11)" in report.error


def test_the_probe_survives_a_driver_file_that_is_nonsense(tmp_path: Path) -> None:
    file = tmp_path / "icd.json"
    file.write_text(json.dumps({"file_format_version": "1.0.0", "ICD": {"library_path": "/no/such.so"}}))
    report = vulkan_report({"VK_DRIVER_FILES": str(file)})
    assert not report.devices
    assert report.error


MAKE = """
import gymnasium as gym, genworld_envs
env = gym.make("GenWorld-PutOn-v0", **{arguments})
env.reset(seed=0)
print("made")
"""


def test_an_environment_without_a_driver_gives_our_error_and_no_noise(python: Callable) -> None:
    done = python(MAKE.format(arguments={"obs_mode": "rgb"}), VK_DRIVER_FILES="/nonexistent", VK_ICD_FILENAMES=None)
    assert done.returncode == 1
    last_line = done.stderr.strip().splitlines()[-1]
    assert "MissingRequirementError: nothing on this machine can render" in last_line
    assert "Run: unset VK_DRIVER_FILES" in last_line
    assert "svulkan2" not in done.stdout + done.stderr


@pytest.mark.parametrize("robot", ["panda", "so100"])
def test_a_state_environment_needs_no_driver(python: Callable, robot: str) -> None:
    arguments = {"obs_mode": "state", "robot_uids": robot}
    done = python(MAKE.format(arguments=arguments), VK_DRIVER_FILES="/nonexistent", VK_ICD_FILENAMES=None)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1] == "made"


def test_the_fallback_is_said_once_by_an_environment(python: Callable) -> None:
    code = "from genworld_envs.rendering import resolve_render_backend as r; print(r(), r(), r())"
    done = python(code, _GENWORLD_RENDER_DECISION=None)
    backend = done.stdout.split()[0]
    assert done.stderr.count("rendering on the CPU") == (1 if backend == "cpu" else 0)

"""Lists the Vulkan and CUDA devices of this machine, without rendering and without SAPIEN.

`vulkan_report()` runs this file as a program in a process of its own: a broken graphics driver can end that process but
not the caller's, nothing that a driver prints reaches the user, and the caller's own Vulkan state stays untouched. The
program needs the standard library only, so it answers in a fraction of a second.
"""

import ctypes
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any

PROBE_TIMEOUT_S = 60.0

# The variables that decide which devices are found; their values are the key under which an answer is kept.
DRIVER_VARIABLES = ("VK_DRIVER_FILES", "VK_ICD_FILENAMES", "VK_ADD_DRIVER_FILES", "CUDA_VISIBLE_DEVICES")

_DEVICE_KINDS = {1: "integrated", 2: "discrete", 3: "virtual", 4: "cpu"}
_NVIDIA_VENDOR_ID = 0x10DE
_LLVMPIPE_DRIVER_ID = 13

# From vulkan_core.h.
_SUCCESS = 0
_API_VERSION_1_1 = 1 << 22 | 1 << 12
_TYPE_APPLICATION_INFO = 0
_TYPE_INSTANCE_CREATE_INFO = 1
_TYPE_PROPERTIES_2 = 1000059001
_TYPE_DRIVER_PROPERTIES = 1000196000


@dataclass(frozen=True)
class VulkanDevice:
    """A Vulkan device: `kind` is "discrete", "integrated", "virtual", "cpu" or "other"."""

    name: str
    kind: str
    vendor_id: int
    driver_id: int
    driver: str
    driver_info: str

    @property
    def is_nvidia(self) -> bool:
        return self.vendor_id == _NVIDIA_VENDOR_ID

    @property
    def is_lavapipe(self) -> bool:
        return self.driver_id == _LLVMPIPE_DRIVER_ID or self.name.startswith("llvmpipe")

    @property
    def mesa_version(self) -> tuple[int, int] | None:
        """(major, minor) of Mesa, or None for another driver."""
        found = re.search(r"Mesa (\d+)\.(\d+)", self.driver_info)
        return (int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True)
class VulkanReport:
    """What a Vulkan program sees on this machine.

    `loader` is the library that answered, None if there is none; `error` says why `devices` is empty; `cuda_devices` is
    the number of CUDA devices, whether or not they have a Vulkan driver.
    """

    loader: str | None = None
    error: str | None = None
    cuda_devices: int = 0
    devices: tuple[VulkanDevice, ...] = field(default_factory=tuple)

    @classmethod
    def from_json(cls, text: str) -> "VulkanReport":
        data: dict[str, Any] = json.loads(text)
        devices = tuple(VulkanDevice(**device) for device in data.pop("devices"))
        return cls(**data, devices=devices)

    @property
    def lavapipe(self) -> VulkanDevice | None:
        return next((device for device in self.devices if device.is_lavapipe), None)


def vulkan_report(environ: Mapping[str, str] | None = None) -> VulkanReport:
    """The devices that a process with `environ` (default: ours) sees. Never raises: what goes wrong is in `error`."""
    return _cached_report(driver_variables(os.environ if environ is None else environ))


def driver_variables(environ: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The (name, value) pairs of `environ` that decide which drivers are found."""
    return tuple((name, environ[name]) for name in DRIVER_VARIABLES if name in environ)


@lru_cache(maxsize=16)
def _cached_report(variables: tuple[tuple[str, str], ...]) -> VulkanReport:
    others = {name: value for name, value in os.environ.items() if name not in DRIVER_VARIABLES}
    # -I and -S: neither the caller's path nor site-packages, so start-up takes milliseconds.
    command = [sys.executable, "-I", "-S", __file__, *_loader_candidates()]
    try:
        done = subprocess.run(
            command, env=others | dict(variables), capture_output=True, text=True, timeout=PROBE_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        return VulkanReport(error=f"listing the Vulkan devices took longer than {PROBE_TIMEOUT_S:.0f} s")
    if done.returncode < 0:
        return VulkanReport(error=f"a Vulkan driver crashed (signal {-done.returncode}) while its devices were listed")
    try:
        return VulkanReport.from_json(done.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError, TypeError, KeyError):
        last_words = (done.stderr.strip().splitlines() or ["no output"])[-1]
        return VulkanReport(error=f"the Vulkan devices could not be listed: {last_words}")


def _loader_candidates() -> list[str]:
    """The system's Vulkan loader, then the one that SAPIEN brings along and falls back to."""
    from importlib.util import find_spec
    from pathlib import Path

    spec = find_spec("sapien")
    folders = spec.submodule_search_locations if spec is not None else None
    bundled = [str(path) for folder in folders or () for path in Path(folder).glob("vulkan_library/libvulkan.so.*")]
    return ["libvulkan.so.1", *sorted(bundled)]


# --------------------------------------------------------------------------------------------- the program: stdlib only


class _ApplicationInfo(ctypes.Structure):
    _fields_ = [
        ("sType", ctypes.c_uint32),
        ("pNext", ctypes.c_void_p),
        ("pApplicationName", ctypes.c_char_p),
        ("applicationVersion", ctypes.c_uint32),
        ("pEngineName", ctypes.c_char_p),
        ("engineVersion", ctypes.c_uint32),
        ("apiVersion", ctypes.c_uint32),
    ]


class _InstanceCreateInfo(ctypes.Structure):
    _fields_ = [
        ("sType", ctypes.c_uint32),
        ("pNext", ctypes.c_void_p),
        ("flags", ctypes.c_uint32),
        ("pApplicationInfo", ctypes.POINTER(_ApplicationInfo)),
        ("enabledLayerCount", ctypes.c_uint32),
        ("ppEnabledLayerNames", ctypes.c_void_p),
        ("enabledExtensionCount", ctypes.c_uint32),
        ("ppEnabledExtensionNames", ctypes.c_void_p),
    ]


class _DriverProperties(ctypes.Structure):
    _fields_ = [
        ("sType", ctypes.c_uint32),
        ("pNext", ctypes.c_void_p),
        ("driverID", ctypes.c_uint32),
        ("driverName", ctypes.c_char * 256),
        ("driverInfo", ctypes.c_char * 256),
        ("conformanceVersion", ctypes.c_uint8 * 4),
    ]


class _DeviceProperties2(ctypes.Structure):
    # After the name come the limits, which are of no interest here: `rest` only has to be large enough for them.
    _fields_ = [
        ("sType", ctypes.c_uint32),
        ("pNext", ctypes.c_void_p),
        ("apiVersion", ctypes.c_uint32),
        ("driverVersion", ctypes.c_uint32),
        ("vendorID", ctypes.c_uint32),
        ("deviceID", ctypes.c_uint32),
        ("deviceType", ctypes.c_uint32),
        ("deviceName", ctypes.c_char * 256),
        ("rest", ctypes.c_uint8 * 4096),
    ]


def _load(candidates: list[str]) -> tuple[str, ctypes.CDLL] | None:
    for name in candidates:
        try:
            return name, ctypes.CDLL(name)
        except OSError:
            continue
    return None


def _create_instance(vulkan: ctypes.CDLL) -> ctypes.c_void_p | int:
    """A Vulkan instance, or the error code of the loader."""
    application = _ApplicationInfo(sType=_TYPE_APPLICATION_INFO, apiVersion=_API_VERSION_1_1)
    info = _InstanceCreateInfo(sType=_TYPE_INSTANCE_CREATE_INFO, pApplicationInfo=ctypes.pointer(application))
    instance = ctypes.c_void_p()
    result = vulkan.vkCreateInstance(ctypes.byref(info), None, ctypes.byref(instance))
    return instance if result == _SUCCESS else int(result)


def _devices(vulkan: ctypes.CDLL, instance: ctypes.c_void_p) -> list[VulkanDevice]:
    count = ctypes.c_uint32()
    vulkan.vkEnumeratePhysicalDevices(instance, ctypes.byref(count), None)
    handles = (ctypes.c_void_p * count.value)()
    vulkan.vkEnumeratePhysicalDevices(instance, ctypes.byref(count), handles)
    return [_describe(vulkan, ctypes.c_void_p(handle)) for handle in handles[: count.value]]


def _describe(vulkan: ctypes.CDLL, handle: ctypes.c_void_p) -> VulkanDevice:
    driver = _DriverProperties(sType=_TYPE_DRIVER_PROPERTIES)
    properties = _DeviceProperties2(sType=_TYPE_PROPERTIES_2, pNext=ctypes.addressof(driver))
    vulkan.vkGetPhysicalDeviceProperties2(handle, ctypes.byref(properties))
    return VulkanDevice(
        name=properties.deviceName.decode(errors="replace"),
        kind=_DEVICE_KINDS.get(properties.deviceType, "other"),
        vendor_id=properties.vendorID,
        driver_id=driver.driverID,
        driver=driver.driverName.decode(errors="replace"),
        driver_info=driver.driverInfo.decode(errors="replace"),
    )


def _cuda_device_count() -> int:
    count = ctypes.c_int()
    try:
        cuda = ctypes.CDLL("libcuda.so.1")
        found = cuda.cuInit(0) == _SUCCESS and cuda.cuDeviceGetCount(ctypes.byref(count)) == _SUCCESS
    except (OSError, AttributeError):
        return 0
    return count.value if found else 0


def _probe(loader_candidates: list[str]) -> VulkanReport:
    cuda_devices = _cuda_device_count()
    loaded = _load(loader_candidates)
    if loaded is None:
        return VulkanReport(error="there is no Vulkan loader (libvulkan.so.1)", cuda_devices=cuda_devices)
    name, vulkan = loaded
    instance = _create_instance(vulkan)
    if isinstance(instance, int):
        reason = "no Vulkan driver was found" if instance == -9 else f"vkCreateInstance failed with code {instance}"
        return VulkanReport(loader=name, error=reason, cuda_devices=cuda_devices)
    devices = tuple(_devices(vulkan, instance))
    return VulkanReport(name, None if devices else "the Vulkan drivers offer no device", cuda_devices, devices)


if __name__ == "__main__":
    print(json.dumps(asdict(_probe(sys.argv[1:]))))

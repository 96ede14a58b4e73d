"""Batched simulation on the CPU for every ManiSkill task.

    import genworld_envs
    gym.make("PickCube-v1", num_envs=32, sim_backend="physx_cpu_batched")

ManiSkill runs its batched task code on a GPU only; without one there is a single environment, whose time goes into calling
torch for one row. This backend lets the batched code run over N `PhysxCpuSystem`s, one a sub-environment. Everything else of
a task, its rewards, observations, controllers and cameras, is ManiSkill's own. Each sub-environment has the very states of a
single environment (`tests/genworld_envs/test_physx_cpu_batched.py` compares them bit by bit).

* `system`: N CPU systems behind the members of one `PhysxGpuSystem`.
* `scene`: ManiSkill's scene over them, with pictures, partial resets, and `renew`, which gives one sub-environment a new
  physical world while the others run on.
* `maniskill`: the five functions of ManiSkill that have to know of it.

What differs from a GPU: tensors are on the CPU; contact queries need no set-up before the simulation; `set_state` takes
effect without a call of `_gpu_apply_all`. Views of a state tensor (slices, not indices) must not be written to in place.
ManiSkill draws a batch from one seed, so row i of a batch is not the environment of seed i; GenWorld's environments are.
"""

import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_HOST = "mani_skill.envs.sapien_env"

__all__ = ["install", "install_with_maniskill"]


def install() -> None:
    """Make the backend known to ManiSkill, which this imports; calling it again changes nothing."""
    from genworld_envs.physx_cpu_batched.maniskill import install

    install()


def install_with_maniskill() -> None:
    """`install` as soon as somebody imports ManiSkill, or now if that has happened: importing it takes seconds."""
    if _HOST in sys.modules:
        install()
    elif not any(isinstance(finder, _AfterImport) for finder in sys.meta_path):
        sys.meta_path.insert(0, _AfterImport())


class _AfterImport(MetaPathFinder):
    """Runs `install` right after ManiSkill's environment module has run."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != _HOST:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is None or spec.loader is None:
            return spec
        loader: Any = spec.loader
        run = loader.exec_module

        def run_and_install(module: ModuleType) -> None:
            run(module)
            install()

        loader.exec_module = run_and_install
        return spec

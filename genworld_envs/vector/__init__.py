"""Many environments at once: what `gym.make_vec("GenWorld-v0", num_envs=N)` gives.

On a CUDA GPU one batched simulation in this process (`BatchedVectorEnv`); on the CPU worker processes that each simulate a
share of the sub-environments as one batch (`WorkersVectorEnv`), as many as there are cores; `workers` says otherwise.

Both forms take and return batched torch tensors, have the standard environment's flat observations, and reset by themselves
on the step after an episode's end (`AutoresetMode.NEXT_STEP`): that step ignores the action and returns the new episode's
first observation with reward 0. Sub-environment i of `reset(seed=s)` plays the episodes of a single environment's
`reset(seed=s + i)`. `step_chunk` makes several control steps in one call.
"""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from gymnasium.vector import VectorEnv

from scene_hub.errors import InvalidOptionError

if TYPE_CHECKING:
    from genworld_envs.options import EnvOptions


def make_vector_env(num_envs: int, *, workers: int | None = None, copy: bool = True, **options: Any) -> VectorEnv:
    """`num_envs` sub-environments in one vector environment.

    Args:
        num_envs: N.
        workers: processes, at most N; 1 simulates in this very process. None: 1 on a CUDA GPU, else as many as there are
            cores that this process may use, at most N.
        copy: whether tensors that come from workers are copies; see `WorkersVectorEnv`.
        options: those of `GenWorldBatchedEnv`. They are checked here first, so that a mistake is reported by this process
            and not by its workers.

    Raises:
        InvalidOptionError: a value that is not among its choices.
        MissingRequirementError: something that the options need is not on this machine.
    """
    from genworld_envs.vector.workers import WorkersVectorEnv, check_workers
    from scene_hub.pool import available_cores
    from scene_hub.sources import pinned_source

    on_gpu = _on_gpu(options.get("sim_backend", "auto"))
    if workers is None:
        workers = 1 if on_gpu else min(num_envs, available_cores())
    check_workers(workers, num_envs)
    checked = _checked(options, workers)
    if workers == 1:
        return _make_share(options, num_envs)
    _prepare_rendering(checked, options.get("render_backend", "auto"))
    # Resolved here, once: a branch on the Hub may move between one worker and the next.
    options = {**options, "scenes": pinned_source(checked.scenes)}
    if on_gpu:
        # Said outright: left to each worker, a share of one sub-environment would be simulated on the CPU.
        options = {**options, "sim_backend": options.get("sim_backend", "auto").replace("auto", "cuda")}
    return WorkersVectorEnv(partial(_make_share, options), num_envs, workers, copy=copy)


def _on_gpu(sim_backend: str) -> bool:
    """Whether ManiSkill simulates on a GPU with this `sim_backend`."""
    if sim_backend == "auto":
        return torch.cuda.is_available()
    return sim_backend.startswith(("cuda", "gpu", "physx_cuda"))


def _checked(options: dict[str, Any], workers: int) -> "EnvOptions":
    from genworld_envs.options import EnvOptions

    of_the_simulation = ("sim_backend", "render_backend", "maniskill_options")
    checked = EnvOptions.check(**{name: value for name, value in options.items() if name not in of_the_simulation})
    if checked.obs_mode == "none":
        raise InvalidOptionError(
            "obs_mode 'none' gives nothing to observe; choose 'state', or an image mode such as 'rgb'"
        )
    if workers > 1 and checked.render_mode == "human":
        raise InvalidOptionError(
            "render_mode 'human' opens a window in this process; give workers=1, or render_mode='rgb_array'"
        )
    return checked


def _prepare_rendering(checked: "EnvOptions", render_backend: str) -> None:
    """What workers would else do each for itself: decides what renders, and makes the robot's light meshes."""
    from mani_skill.agents.registration import REGISTERED_AGENTS

    from genworld_envs.rendering import resolve_render_backend
    from genworld_envs.robots.level_of_detail import light_visuals

    # Decided here, once: workers inherit it.
    renders = checked.render_mode is not None or checked.observes_images
    backend = resolve_render_backend(render_backend, needs_rendering=renders)
    if backend == "none" or checked.level_of_detail == "full":
        return
    agent = REGISTERED_AGENTS[checked.robot.agent_uid].agent_cls
    # Some agents have the path as a property, which takes an instance, though not one that is loaded.
    light_visuals(Path(str(agent.__new__(agent).urdf_path)))


def _make_share(options: dict[str, Any], num_envs: int) -> VectorEnv:
    from genworld_envs.vector.batched import BatchedVectorEnv

    return BatchedVectorEnv(num_envs, **options)

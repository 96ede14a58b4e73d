"""The environment ids, and the three ways to make each of them.

* `gym.make(id)`: `GenWorldEnv`, a standard Gymnasium environment (unbatched numpy).
* `gym.make(id, num_envs=N)`: `GenWorldBatchedEnv`, ManiSkill's convention (the raw batched environment, torch tensors).
* `gym.make_vec(id, num_envs=N)`: a `gymnasium.vector.VectorEnv` with batched torch tensors; on the CPU, `workers` processes.
"""

import sys
from typing import TYPE_CHECKING, Any

import gymnasium as gym

if TYPE_CHECKING:
    from gymnasium.vector import VectorEnv

    from scene_hub.schema import TaskFamily

ENV_IDS: "dict[str, TaskFamily | None]" = {
    "GenWorld-v0": None,
    "GenWorld-PutOn-v0": "put_on",
    "GenWorld-PutIn-v0": "put_in",
    "GenWorld-Stack-v0": "stack",
    "GenWorld-Pick-v0": "pick",
}
"""Environment id -> task family (None: every family that the scenes hold)."""

MANISKILL_OPTIONS = (
    "sensor_configs",
    "human_render_camera_configs",
    "viewer_camera_configs",
    "sim_config",
    "enable_shadow",
    "parallel_in_single_scene",
    "shader_dir",
)

VECTOR_OPTIONS = ("workers", "copy")
"""Keywords that only `gym.make_vec` takes."""


def register_envs() -> None:
    """Register every id with Gymnasium; calling it again changes nothing.

    The specs name no `max_episode_steps`: Gymnasium would wrap the batched form in its `TimeLimit`, which counts steps since
    the last `reset` call and so breaks partial resets. Our environments truncate by themselves, by sub-environment.
    """
    for env_id, task in ENV_IDS.items():
        if env_id not in gym.registry:
            gym.register(
                env_id,
                entry_point="genworld_envs.registry:make_env",
                vector_entry_point="genworld_envs.registry:make_vector_env",
                disable_env_checker=True,  # the checker knows nothing of batched tensors
                kwargs={"task": task},
            )


def make_env(num_envs: int | None = None, **options: Any) -> gym.Env:
    """The entry point of `gym.make`: the standard environment, or the batched one where `num_envs` is given.

    Raises:
        InvalidOptionError: an unknown keyword, or a value that is not among its choices.
    """
    from scene_hub.errors import InvalidOptionError

    for name in VECTOR_OPTIONS:
        if name in options:
            raise InvalidOptionError(
                f"{name}={options[name]!r} is a keyword of gym.make_vec, whose sub-environments may run in worker processes; "
                "gym.make simulates in this process"
            )
    options = _grouped(options)
    limit = _limit_given_to_gym_make()
    if limit is not None:
        options.setdefault("max_episode_steps", limit)
    if num_envs is None:
        from genworld_envs.env import GenWorldEnv

        return GenWorldEnv(**options)
    from genworld_envs.batched_env import GenWorldBatchedEnv

    return GenWorldBatchedEnv(num_envs=_positive("num_envs", num_envs), **options)


def make_vector_env(num_envs: int = 1, **options: Any) -> "VectorEnv":
    """The entry point of `gym.make_vec`; see `genworld_envs.vector`."""
    from genworld_envs.vector import make_vector_env

    of_the_form = {name: options.pop(name) for name in VECTOR_OPTIONS if name in options}
    return make_vector_env(_positive("num_envs", num_envs), **of_the_form, **_grouped(options, VECTOR_OPTIONS))


def _grouped(options: dict[str, Any], also_known: tuple[str, ...] = ()) -> dict[str, Any]:
    """`options` with ManiSkill's own keywords gathered under `maniskill_options`, and unknown ones refused.

    `also_known` are keywords that the caller has taken out already; the message names them among the choices.
    """
    import inspect

    from genworld_envs.options import EnvOptions
    from scene_hub.errors import InvalidOptionError

    given = {name: options.pop(name) for name in MANISKILL_OPTIONS if name in options}
    known = {*inspect.signature(EnvOptions.check).parameters, "sim_backend", "render_backend"}
    for name in options:
        if name not in known:
            raise InvalidOptionError.unknown("keyword argument", name, known | {*MANISKILL_OPTIONS, *also_known})
    if given:
        options["maniskill_options"] = given
    return options


def _limit_given_to_gym_make() -> int | None:
    """`max_episode_steps` where the user gave it to `gym.make`, which keeps it for its own wrapper and passes it to nobody.

    Ours has to know it too, or an episode could never be longer than our default. ManiSkill reads it in the same way.
    """
    frame = sys._getframe()
    while frame is not None and frame.f_code is not gym.make.__code__:
        frame = frame.f_back
    limit = None if frame is None else frame.f_locals.get("max_episode_steps")
    return limit if isinstance(limit, int) and limit > 0 else None


def _positive(name: str, value: int) -> int:
    from scene_hub.errors import InvalidOptionError

    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InvalidOptionError(f"{name}={value!r} must be a whole number of at least 1")
    return value

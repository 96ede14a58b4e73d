"""The program in which one side of a comparison runs: GenWorld, or plain ManiSkill.

    python worker.py SIDE OPTIONS(JSON)

It is run by its path, so that `genworld_envs` is imported on our side only, by `imports`, and the other side is ManiSkill as
anybody installs it. It answers on standard output, one JSON line a request: first `{"ready": seconds}`, then for each line
`{"seconds": S}` on standard input what `Side.measure(S)` returns; `{"error": ..., "traceback": ...}` is the last it says.
What libraries print goes to standard error.

Both sides get actions as numpy arrays, drawn beforehand from the action space with one seed, and are reset after
`EPISODE_STEPS` steps. Resets are not on the clock, on either side.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import multiprocessing
import os
import signal
import statistics
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

EPISODE_STEPS = 50
"""ManiSkill's limit for PickCube-v1."""
ACTION_SEED = 0
LOOK_INTERVAL_S = 0.0005
"""Between two looks at the Python stack, for flame graphs."""


class Side(Protocol):
    """What is measured."""

    def measure(self, seconds: float) -> dict[str, Any]:
        """Run for about `seconds` on the clock; `value` holds the result."""
        ...

    def close(self) -> None: ...


class Loop:
    """Steps with resets in between that the clock does not count.

    Args:
        step: takes one action, or one for each environment.
        reset: begins new episodes.
        actions: what `step` is given, in turn.
        synchronize: waits until a GPU has done what it was asked.
    """

    def __init__(
        self,
        step: Callable[[Any], Any],
        reset: Callable[[], Any],
        actions: list[Any],
        synchronize: Callable[[], Any] = lambda: None,
    ) -> None:
        self._step, self._reset, self._actions, self._synchronize = step, reset, actions, synchronize
        self._taken = 0

    def run(self, seconds: float) -> tuple[int, float]:
        """Steps taken, and the seconds that they took."""
        steps, elapsed = 0, 0.0
        while elapsed < seconds:
            if self._taken % len(self._actions) == 0:
                self._reset()
                self._synchronize()
            action = self._actions[self._taken % len(self._actions)]
            start = time.perf_counter()
            self._step(action)
            self._synchronize()
            elapsed += time.perf_counter() - start
            self._taken += 1
            steps += 1
        return steps, elapsed


def make_env(imports: list[str], env_id: str, make: dict[str, Any]) -> Any:
    """The environment `gym.make(env_id, **make)` after `imports`, without Gymnasium's wrappers."""
    import gymnasium as gym

    for name in imports:
        importlib.import_module(name)
    return gym.make(env_id, **make).unwrapped


def draw_actions(space: Any, count: int = EPISODE_STEPS) -> list[Any]:
    space.seed(ACTION_SEED)
    return [space.sample() for _ in range(count)]


def synchronize_with(env: Any) -> Callable[[], Any]:
    """What waits for the device of `env`."""
    import torch

    device = getattr(env, "device", None)
    return torch.cuda.synchronize if device is not None and torch.device(device).type == "cuda" else lambda: None


# ------------------------------------------------------------------------------------------------------ control steps


class Steps:
    """Control steps of one environment, batched or not, in this process; env-steps a second.

    With `decision`, milliseconds for so many steps of one environment.
    """

    def __init__(self, imports: list[str], env_id: str, make: dict[str, Any], decision: int | None = None) -> None:
        self.env = make_env(imports, env_id, make)
        self._count, self._decision = self.env.num_envs, decision
        self._loop = Loop(
            self.env.step, self.env.reset, draw_actions(self.env.action_space), synchronize_with(self.env)
        )

    def measure(self, seconds: float) -> dict[str, Any]:
        steps, elapsed = self._loop.run(seconds)
        rate = steps * self._count / elapsed
        return {"value": rate if self._decision is None else 1000 * self._decision / rate}

    def close(self) -> None:
        self.env.close()


class Chunks:
    """`step_chunk` with `steps` actions for each environment, which ends with an observation; milliseconds a decision."""

    def __init__(self, imports: list[str], env_id: str, make: dict[str, Any], steps: int = 4) -> None:
        import numpy as np

        self.env = make_env(imports, env_id, make)
        self._count = self.env.num_envs
        drawn = draw_actions(self.env.action_space)
        chunks = [np.stack(drawn[first : first + steps], axis=1) for first in range(0, len(drawn) - steps + 1, steps)]
        self._loop = Loop(self.env.step_chunk, self.env.reset, chunks, synchronize_with(self.env))

    def measure(self, seconds: float) -> dict[str, Any]:
        chunks, elapsed = self._loop.run(seconds)
        return {"value": 1000 * elapsed / (chunks * self._count)}

    def close(self) -> None:
        self.env.close()


class VectorSteps:
    """Control steps of a `gymnasium.vector.VectorEnv` from `gym.make_vec`; env-steps a second."""

    def __init__(self, imports: list[str], env_id: str, make: dict[str, Any]) -> None:
        import gymnasium as gym

        for name in imports:
            importlib.import_module(name)
        self.env: Any = gym.make_vec(env_id, **make)
        self._loop = Loop(self.env.step, self.env.reset, draw_actions(self.env.action_space))

    def measure(self, seconds: float) -> dict[str, Any]:
        steps, elapsed = self._loop.run(seconds)
        return {"value": steps * self.env.num_envs / elapsed}

    def close(self) -> None:
        self.env.close()


class AsyncSteps(VectorSteps):
    """As ManiSkill's documentation says for CPUs: Gymnasium's `AsyncVectorEnv` over `CPUGymWrapper`; env-steps a second."""

    def __init__(self, imports: list[str], env_id: str, make: dict[str, Any], processes: int) -> None:
        from functools import partial

        from gymnasium.vector import AsyncVectorEnv, AutoresetMode

        factory = partial(_make_wrapped, imports, env_id, make)
        self.env: Any = AsyncVectorEnv([factory] * processes, context="spawn", autoreset_mode=AutoresetMode.DISABLED)
        self._loop = Loop(self.env.step, self.env.reset, draw_actions(self.env.action_space))


def _make_wrapped(imports: list[str], env_id: str, make: dict[str, Any]) -> Any:
    import torch

    torch.set_num_threads(1)
    import gymnasium as gym

    for name in imports:
        importlib.import_module(name)
    from mani_skill.utils.wrappers.gymnasium import CPUGymWrapper

    return CPUGymWrapper(gym.make(env_id, **make))


class ProcessSteps:
    """The same batched environment in each of `processes` processes; env-steps a second of all together.

    They start each episode of `EPISODE_STEPS` together, and the clock stops when the last has ended it. Observations stay in
    their processes.
    """

    def __init__(self, imports: list[str], env_id: str, make: dict[str, Any], processes: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._workers = []
        for _ in range(processes):
            ours, theirs = context.Pipe()
            # A daemon: it ends with this process, whatever ends that.
            process = context.Process(target=_serve_episodes, args=(theirs, imports, env_id, make), daemon=True)
            process.start()
            theirs.close()
            self._workers.append((process, ours))
        self._steps = sum(self._all("count"))

    def _all(self, request: str) -> list[Any]:
        for _, connection in self._workers:
            connection.send(request)
        answers = [connection.recv() for _, connection in self._workers]
        for answer in answers:
            if isinstance(answer, str):
                raise RuntimeError(answer)
        return answers

    def measure(self, seconds: float) -> dict[str, Any]:
        steps, elapsed = 0, 0.0
        while elapsed < seconds:
            self._all("reset")
            start = time.perf_counter()
            self._all("episode")
            elapsed += time.perf_counter() - start
            steps += self._steps * EPISODE_STEPS
        return {"value": steps / elapsed}

    def close(self) -> None:
        for process, connection in self._workers:
            connection.close()
            process.join(timeout=30)


def _serve_episodes(connection: Any, imports: list[str], env_id: str, make: dict[str, Any]) -> None:
    import torch

    torch.set_num_threads(1)
    try:
        env = make_env(imports, env_id, make)
        actions = draw_actions(env.action_space)
    except Exception:
        # The first request is answered with it, so that the whole side fails with the reason.
        with contextlib.suppress(EOFError):
            connection.recv()
            connection.send(traceback.format_exc())
        return
    with contextlib.suppress(EOFError):
        while True:
            request = connection.recv()
            if request == "reset":
                env.reset()
            elif request == "episode":
                for action in actions:
                    env.step(action)
            connection.send(env.num_envs)


# ------------------------------------------------------------------------------------------------------------- scenes


STEPS_BETWEEN = 5
"""Steps between changes of the scene."""


class Switches:
    """The next scene in one running sub-environment after another; milliseconds a switch.

    Scenes are drawn as training draws them. Between switches the batch steps, off the clock, and the files of the coming scenes
    are read ahead meanwhile.
    """

    def __init__(self, imports: list[str], env_id: str, make: dict[str, Any]) -> None:
        self.env = make_env(imports, env_id, make)
        self.env.reset(seed=0)
        self._actions = draw_actions(self.env.action_space)
        self._next, self._seen = 0, {scene.id for scene in self.env.scenes}
        self._times: dict[bool, list[float]] = {True: [], False: []}

    def measure(self, seconds: float) -> dict[str, Any]:
        times: list[float] = []
        while sum(times) < seconds:
            _play(self.env, self._actions)
            index = self._next % self.env.num_envs
            self._next += 1
            start = time.perf_counter()
            self.env.reset(options={"env_idx": [index]})
            times.append(1000 * (time.perf_counter() - start))
            scene_id = self.env.scenes[index].id
            self._times[scene_id not in self._seen].append(times[-1])
            self._seen.add(scene_id)
        first, again = (_median(self._times[new]) for new in (True, False))
        return {"value": statistics.median(times), "first_visit_ms": first, "later_visit_ms": again}

    def close(self) -> None:
        self.env.close()


class Reconfigures:
    """ManiSkill's way to another scene: `reset(options={"reconfigure": True})`; milliseconds each."""

    def __init__(self, imports: list[str], env_id: str, make: dict[str, Any]) -> None:
        self.env = make_env(imports, env_id, make)
        self._actions = draw_actions(self.env.action_space)

    def measure(self, seconds: float) -> dict[str, Any]:
        times: list[float] = []
        while sum(times) < seconds:
            _play(self.env, self._actions)
            start = time.perf_counter()
            self.env.reset(options={"reconfigure": True})
            times.append(1000 * (time.perf_counter() - start))
        return {"value": statistics.median(times)}

    def close(self) -> None:
        self.env.close()


def _play(env: Any, actions: list[Any]) -> None:
    for action in actions[:STEPS_BETWEEN]:
        env.step(action)


class Creation:
    """`count` environments in as many different scenes, from nothing; seconds. The scenes are the dataset's first."""

    def __init__(self, imports: list[str], env_id: str, make: dict[str, Any], count: int) -> None:
        # The imports are not on the clock; `import_s` tells them.
        start = time.perf_counter()
        for name in imports:
            importlib.import_module(name)
        import mani_skill.envs  # noqa: F401

        from scene_hub.dataset import SceneDataset

        self._import_s = time.perf_counter() - start
        self._known = sorted(scene.id for scene in SceneDataset.open(make["scenes"]).scenes())
        self._imports, self._env_id, self._make, self._count = imports, env_id, make, count
        self.env: Any = None

    def measure(self, seconds: float) -> dict[str, Any]:
        ids = [self._known[index % len(self._known)] for index in range(self._count)]
        start = time.perf_counter()
        self.env = make_env(self._imports, self._env_id, {**self._make, "num_envs": self._count})
        made = time.perf_counter()
        self.env.reset(options={"scene_id": ids})
        done = time.perf_counter()
        return {
            "value": done - start,
            "make_s": made - start,
            "reset_s": done - made,
            "import_s": self._import_s,
            "distinct_scenes": len({scene.id for scene in self.env.scenes}),
            "resident_gb": resident_bytes_of_all() / 1e9,
        }

    def close(self) -> None:
        if self.env is not None:
            self.env.close()


class ResetMemory:
    """Resident memory over `resets` changes of the scene, sampled a hundred times; bytes that it grows by a reset.

    The slope is fitted over the second half: in the first, caches (meshes, shaders, the allocator's arenas) fill.
    """

    def __init__(self, imports: list[str], env_id: str, make: dict[str, Any], resets: int) -> None:
        self.env = make_env(imports, env_id, make)
        self._resets = resets

    def measure(self, seconds: float) -> dict[str, Any]:
        import numpy as np

        ids = [scene.id for scene in self.env.pool]
        action = np.zeros(self.env.action_space.shape or (), np.float32)
        samples: list[tuple[int, int]] = []
        for index in range(self._resets):
            only = {"env_idx": [index % self.env.num_envs]} if self.env.num_envs > 1 else {}
            self.env.reset(options={"scene_id": ids[index % len(ids)], **only})
            self.env.step(action)
            if (index + 1) % max(1, self._resets // 100) == 0:
                samples.append((index + 1, resident_bytes()))
        resets, memory = np.array(samples[len(samples) // 2 :], dtype=float).T
        slope = np.polyfit(resets, memory, 1)[0]
        return {"value": float(slope), "memory_bytes": [size for _, size in samples], "scenes": len(ids)}

    def close(self) -> None:
        self.env.close()


class StandardEnv:
    """The standard environment, unbatched, as its defaults are: control steps a second, and what begins cost."""

    def __init__(self, imports: list[str], env_id: str, make: dict[str, Any]) -> None:
        import gymnasium as gym

        start = time.perf_counter()
        for name in imports:
            importlib.import_module(name)
        self.env: Any = gym.make(env_id, **make)
        self.env.reset(seed=0)
        self._first_observation_s = time.perf_counter() - start
        self._reset_s: list[float] = []
        self._loop = Loop(self.env.step, self._reset, draw_actions(self.env.action_space))

    def _reset(self) -> None:
        start = time.perf_counter()
        self.env.reset()
        self._reset_s.append(time.perf_counter() - start)

    def measure(self, seconds: float) -> dict[str, Any]:
        steps, elapsed = self._loop.run(seconds)
        return {
            "value": steps / elapsed,
            "reset_s": _median(self._reset_s),
            "first_observation_s": self._first_observation_s,
        }

    def close(self) -> None:
        self.env.close()


def _median(values: list[float]) -> float | None:
    return statistics.median(values) if values else None


def resident_bytes() -> int:
    """This process's resident memory, after the allocator gave back what it holds unused."""
    gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def resident_bytes_of_all() -> int:
    """Memory of this process and all that it started; what they share counts once (Linux's PSS)."""
    return sum(_proportional_bytes(pid) for pid in _family(os.getpid()))


def _proportional_bytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _family(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text(encoding="ascii").split():
            yield from _family(int(child))


# ------------------------------------------------------------------------------------------------------------ profile

NATIVE = {
    "physx": (("sapien.physx", "PhysxCpuSystem", ("step",)), ("sapien.physx", "PhysxGpuSystem", ("step",))),
    "vulkan": (
        ("sapien.render", "RenderCameraComponent", ("take_picture", "get_picture", "get_picture_cuda")),
        ("sapien", "Scene", ("update_render",)),
    ),
}
"""What counts as PhysX and as Vulkan: the calls that simulate, and those that draw and fetch pictures."""


class Shares:
    """Which share of a control step PhysX and Vulkan take, and where the rest goes.

    The first half of the time goes to the shares: a clock around each call of `NATIVE`. The second half goes to the flame
    graph: a timer looks at the Python stack and gives it the time since the last look, so that a long call into native
    code, during which nobody can look, counts with its full length. (cProfile slows Python down and native code not, and so
    gets shares wrong.)
    """

    def __init__(self, imports: list[str], env_id: str, make: dict[str, Any]) -> None:
        self._in_step = False
        self._spent: dict[str, float] = {}
        self._stacks: dict[str, float] = {}
        # Before the environment is made: it may keep bound methods.
        for kind, classes in NATIVE.items():
            for module, name, methods in classes:
                for method in methods:
                    self._watch(kind, getattr(importlib.import_module(module), name), method)
        self.env = make_env(imports, env_id, make)
        self._loop = Loop(self._step, self.env.reset, draw_actions(self.env.action_space))

    def _watch(self, kind: str, owner: Any, method: str) -> None:
        original, key = getattr(owner, method), f"{kind} {owner.__name__}.{method}"

        def watched(*args: Any, **kwargs: Any) -> Any:
            start = time.perf_counter()
            try:
                return original(*args, **kwargs)
            finally:
                if self._in_step:
                    self._spent[key] = self._spent.get(key, 0.0) + time.perf_counter() - start

        # The name that the flame graph shows.
        watched.__code__ = watched.__code__.replace(co_name=key, co_qualname=key)
        setattr(owner, method, watched)

    def _step(self, action: Any) -> None:
        self._in_step, self._last_look = True, time.perf_counter()
        self.env.step(action)
        self._in_step = False

    def measure(self, seconds: float) -> dict[str, Any]:
        self._spent.clear()
        steps, elapsed = self._loop.run(seconds / 2)
        calls = {key: value / elapsed for key, value in self._spent.items()}
        shares = {kind: sum(v for key, v in calls.items() if key.startswith(f"{kind} ")) for kind in NATIVE}
        self._look_at_stacks(seconds / 2)
        return {
            "value": sum(shares.values()),
            "shares": shares,
            "calls": calls,
            "step_ms": 1000 * elapsed / steps,
            "stacks": self._stacks,
        }

    def _look_at_stacks(self, seconds: float) -> None:
        before = signal.signal(signal.SIGALRM, self._look)
        signal.setitimer(signal.ITIMER_REAL, LOOK_INTERVAL_S, LOOK_INTERVAL_S)
        try:
            self._loop.run(seconds)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0.0)
            signal.signal(signal.SIGALRM, before)

    def _look(self, _: int, frame: FrameType | None) -> None:
        if not self._in_step:
            return
        seconds = time.perf_counter() - self._last_look
        self._in_step = False  # the next look may come while this one is under way
        names: list[str] = []
        while frame is not None and frame.f_code is not Shares._step.__code__:
            if frame.f_code is Shares._look.__code__:
                names.clear()  # a look that came at the end of another: what was looked at lies below
                frame = frame.f_back
                continue
            module = "" if " " in frame.f_code.co_name else f"{frame.f_globals.get('__name__', '')}:"
            names.append(f"{module}{frame.f_code.co_qualname}")
            frame = frame.f_back
        key = ";".join(reversed(names))
        self._stacks[key] = self._stacks.get(key, 0.0) + seconds
        self._in_step, self._last_look = True, time.perf_counter()

    def close(self) -> None:
        self.env.close()


# ------------------------------------------------------------------------------------------------------------ program

SIDES: dict[str, Callable[..., Side]] = {
    "steps": Steps,
    "chunks": Chunks,
    "vector_steps": VectorSteps,
    "async_steps": AsyncSteps,
    "process_steps": ProcessSteps,
    "switches": Switches,
    "reconfigures": Reconfigures,
    "creation": Creation,
    "reset_memory": ResetMemory,
    "standard_env": StandardEnv,
    "shares": Shares,
}


def main(name: str, options: dict[str, Any]) -> int:
    """Answer requests until standard input ends; the exit code."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    # What libraries print, also from C++ and from child processes, must not come between the answers.
    os.dup2(2, 1)

    def answer(value: dict[str, Any]) -> None:
        answers.write(json.dumps(value) + "\n")

    try:
        start = time.perf_counter()
        import torch

        torch.set_num_threads(1)
        side = SIDES[name](**options)
        answer({"ready": time.perf_counter() - start})
        for line in sys.stdin:
            answer(side.measure(**json.loads(line)))
        side.close()
    except Exception as error:
        answer({"error": f"{type(error).__name__}: {error}", "traceback": traceback.format_exc()})
        return 1
    return 0


if __name__ == "__main__":
    # `os._exit`: renderers and simulations of others may fail while they are torn down, which is nobody's measurement.
    code = main(sys.argv[1], json.loads(sys.argv[2]))
    sys.stderr.flush()
    os._exit(code)

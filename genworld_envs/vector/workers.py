"""The vector environment over worker processes: each simulates a share of the sub-environments, as one batch.

The sub-environments are dealt out in order, so worker 0 has the first ones. Actions, observations, rewards, ends and the
tensors of `info` travel through shared memory (`genworld_envs.vector.shared`); commands and strings through a pipe, which also
says when a process at its other end has died.
"""

import multiprocessing
import os
import pickle
import select
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

import torch
from gymnasium.error import ClosedEnvironmentError
from gymnasium.vector import VectorEnv
from gymnasium.vector.utils import batch_space

from genworld_envs.vector.actions import batched_actions
from genworld_envs.vector.shared import Area, Key, Memory, Packer, fill, merge, unpack
from scene_hub.errors import GenWorldError, InvalidOptionError
from scene_hub.pool import available_cores

CLOSING_TIME = 10.0
"""Seconds that workers get to free their simulation before they are killed."""

_UNCHANGED = b""
"""A worker's answer that is, but for what the memory holds, the same as its last one."""

Step = tuple[Any, torch.Tensor, torch.Tensor, torch.Tensor, dict[str, Any]]


class _Request(NamedTuple):
    command: str
    argument: Any = None


@dataclass(eq=False)
class _Worker:
    """A process and its share of the sub-environments."""

    index: int
    rows: slice
    process: Any
    connection: Connection
    areas_known: int = 0
    answer: Any = None
    """The last answer's tree."""
    seen: dict[str, Any] | None = None
    """Observation and info of the last step or reset, as trees."""

    def __str__(self) -> str:
        last = self.rows.stop - 1
        rows = f"sub-environment {last}" if self.rows.start == last else f"sub-environments {self.rows.start} to {last}"
        return f"worker {self.index} ({rows})"


class WorkersVectorEnv(VectorEnv):
    """`workers` processes that each hold a vector environment for a contiguous share of the `num_envs` sub-environments.

    Args:
        make: makes the vector environment of a share, which is a `BatchedVectorEnv` or behaves like one; called in the
            worker with the number of sub-environments, picklable.
        num_envs: sub-environments, N.
        workers: processes, at least 1 and at most N.
        copy: whether returned tensors are copies. Without, they are the shared memory itself, which the next call
            overwrites: that saves a copy of all images at each step.

    Takes and gives what the vector environment of one process does, on the CPU: sub-environment i of `reset(seed=s)` plays what
    a single environment plays at `reset(seed=s + i)`, whatever `workers` is.

    What goes wrong in a worker is raised here and closes all of them, because the others may already have gone on: errors that
    the user can mend as they are, others as RuntimeError with the worker's traceback, and its death as RuntimeError.

    Raises:
        InvalidOptionError: `workers` is not between 1 and `num_envs`.
    """

    _workers: Sequence[_Worker] = ()
    _owner = 0

    def __init__(self, make: Callable[[int], VectorEnv], num_envs: int, workers: int, *, copy: bool = True) -> None:
        check_workers(workers, num_envs)
        self.num_envs, self.workers, self.copy = num_envs, workers, copy
        self._memory = Memory(num_envs)
        self._merged: Any = None
        self._owner = os.getpid()
        self._poll = select.poll()
        self._workers = started = []
        try:
            for index, rows in enumerate(_shares(num_envs, workers)):
                started.append(self._start(index, rows, make))
            self._collect(started)
        except BaseException:
            self.close(terminate=True)
            raise
        made = started[0].answer
        self.single_observation_space, self.single_action_space = made["observation_space"], made["action_space"]
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.metadata, self.render_mode = made["metadata"], made["render_mode"]

    @property
    def task_description(self) -> list[str]:
        """The instruction of each sub-environment."""
        return self.call("task_description")

    def reset(self, *, seed: Any = None, options: Mapping[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin new episodes.

        Args:
            seed: one for all (sub-environment i then gets `seed + i`) or a list with one for each that is reset.
            options: `env_idx` resets only those; `scene_id` (one id, or a list with one for each that is reset) pins scenes.

        Raises:
            InvalidOptionError: lists of another length, an index or a seed out of range, an unknown scene.
        """
        self._refuse_if_closed()
        result = self._fetch(self._reset_requests(seed, dict(options or {})))
        return result["observation"], result["info"]

    def step(self, actions: Any) -> Step:
        """One control step (0.2 s) with `actions` [N, A]; begins the next episode where the last call ended one.

        Raises:
            InvalidOptionError: actions of another shape.
        """
        return self._advance("step", actions)

    def step_chunk(self, actions: Any) -> Step:
        """C control steps with `actions` [N, C, A], observed after the last one only; see `BatchedVectorEnv.step_chunk`.

        Raises:
            InvalidOptionError: actions of another shape.
        """
        return self._advance("step_chunk", actions)

    def render(self) -> Any:
        """Images uint8 [N, H, W, 3] as a tensor; None without a render mode."""
        self._refuse_if_closed()
        return None if self.render_mode is None else self._fetch(self._to_all("render"))["result"]

    def call(self, name: str, *arguments: Any) -> Any:
        """The attribute `name` of each worker's `GenWorldBatchedEnv`, or what it returns for `arguments` if it is a method.

        Lists and tensors with an entry for each sub-environment are joined; another value stays if it is the same everywhere,
        and else becomes a list with one for each worker. Arguments and results have to be picklable.
        """
        self._refuse_if_closed()
        return self._fetch(self._to_all("call", (name, arguments)))["result"]

    def close_extras(self, terminate: bool = False) -> None:
        """End the workers; `terminate` does not wait for what they are doing."""
        if os.getpid() != self._owner:
            return  # a copy of this object in a forked process: the workers are not its own
        workers, self._workers = self._workers, ()
        for worker in workers:
            if terminate:
                worker.process.terminate()
            worker.connection.close()
        deadline = time.monotonic() + CLOSING_TIME
        try:
            for worker in workers:
                worker.process.join(max(0.0, deadline - time.monotonic()))
        finally:
            for worker in workers:
                if worker.process.is_alive():
                    worker.process.kill()
                    worker.process.join()
            self._memory.close()

    # ---------------------------------------------------------------------------------------------------------- requests

    def _reset_requests(self, seed: Any, options: dict[str, Any]) -> dict[_Worker, _Request]:
        """What each worker is asked for; none for those of which nothing is reset."""
        partial = "env_idx" in options
        indices = [int(i) for i in options.pop("env_idx")] if partial else list(range(self.num_envs))
        outside = [i for i in indices if not 0 <= i < self.num_envs]
        if outside or len(set(indices)) < len(indices) or not indices:
            raise InvalidOptionError(
                f"env_idx={indices} must name sub-environments from 0 to {self.num_envs - 1}, at least one, each once"
            )
        seeds = _for_each("seed", seed, indices)
        scenes = _for_each("scene_id", options.pop("scene_id", None), indices)
        if seeds is not None and min(seeds.values()) < 0:
            raise InvalidOptionError(f"seed {min(seeds.values())} is negative; seeds are whole numbers from 0 on")
        requests: dict[_Worker, _Request] = {}
        for worker in self._workers:
            own = [i for i in range(worker.rows.start, worker.rows.stop) if i in indices]
            if not own:
                if worker.seen is None:
                    raise InvalidOptionError(
                        f"env_idx={indices} leaves out {worker}, which has not begun an episode; reset all of them first"
                    )
                continue
            mine = dict(options)
            if partial:
                mine["env_idx"] = torch.tensor(own) - worker.rows.start
            if scenes is not None:
                mine["scene_id"] = [scenes[i] for i in own]
            requests[worker] = _Request("reset", (None if seeds is None else [int(seeds[i]) for i in own], mine))
        return requests

    def _advance(self, command: str, actions: Any) -> Step:
        self._refuse_if_closed()
        size = self.single_action_space.shape[0]  # type: ignore[index]
        value = batched_actions(actions, self.num_envs, size, chunk=command == "step_chunk")
        area = self._memory.add(Key((command,), value.dtype, tuple(value.shape[1:])))
        self._memory[area].copy_(value)
        result = self._fetch(self._to_all(command, area))
        return result["observation"], result["reward"], result["terminated"], result["truncated"], result["info"]

    def _to_all(self, command: str, argument: Any = None) -> dict[_Worker, _Request]:
        return dict.fromkeys(self._workers, _Request(command, argument))

    def _refuse_if_closed(self) -> None:
        if self.closed:
            raise ClosedEnvironmentError("this vector environment is closed; make another one")

    # ---------------------------------------------------------------------------------------------------- communication

    def _start(self, index: int, rows: slice, make: Callable[[int], VectorEnv]) -> _Worker:
        # "spawn": a forked copy of a process that holds a renderer or threads hangs.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        threads = max(1, available_cores() // self.workers)
        process = context.Process(
            target=_work, args=(theirs, self._memory, make, rows, threads), name=f"genworld-{index}", daemon=True
        )
        try:
            process.start()
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self._poll.register(ours.fileno(), select.POLLIN)
        return _Worker(index, rows, process, ours)

    def _fetch(self, requests: Mapping[_Worker, _Request]) -> Any:
        """The merged result of `requests`, with tensors; of workers that are not asked, what they last observed."""
        try:
            for worker, request in requests.items():
                self._send(worker, request)
            unchanged = self._collect(list(requests))
        except BaseException:
            # After an interrupt, too: an answer that is still under way would be taken for that to the next request.
            self.close(terminate=True)
            raise
        asked_all = len(requests) == len(self._workers)
        if self._merged is None or not (unchanged and asked_all):
            trees = [worker.answer if worker in requests else worker.seen for worker in self._workers]
            merged = merge(trees, [worker.rows for worker in self._workers], self._memory)
            self._merged = merged if asked_all else None
            return fill(merged, self._memory, self.copy)
        return fill(self._merged, self._memory, self.copy)

    def _send(self, worker: _Worker, request: _Request) -> None:
        news = self._memory.keys[worker.areas_known :]
        worker.areas_known = len(self._memory.keys)
        message = pickle.dumps((request, news))
        try:
            worker.connection.send_bytes(message)
        except OSError as error:
            raise self._death(worker) from error

    def _collect(self, workers: Sequence[_Worker]) -> bool:
        """Wait for the answers of `workers`; whether all are the same as their last ones, but for the memory."""
        waiting = {worker.connection.fileno(): worker for worker in workers}
        unchanged = True
        while waiting:
            for descriptor, _ in self._poll.poll():
                worker = waiting.pop(descriptor, None)
                if worker is None:
                    # Nobody speaks unasked: the pipe is at its end.
                    raise self._death(next(w for w in self._workers if w.connection.fileno() == descriptor))
                try:
                    message = worker.connection.recv_bytes()
                except (EOFError, OSError) as error:
                    raise self._death(worker) from error
                if message != _UNCHANGED:
                    unchanged = False
                    self._receive(worker, *pickle.loads(message))
        return unchanged

    def _receive(self, worker: _Worker, good: bool, value: Any) -> None:
        if not good:
            if isinstance(value, GenWorldError):
                raise value
            raise RuntimeError(f"{worker} failed:\n{value}")
        worker.answer = unpack(value, self._memory, worker.rows)
        if "observation" in worker.answer:
            worker.seen = {name: worker.answer[name] for name in ("observation", "info")}

    def _death(self, worker: _Worker) -> RuntimeError:
        worker.process.join(1.0)
        code = worker.process.exitcode
        how = f"exit code {code}"
        if code is not None and code < 0:
            how = f"exit code {code}, {signal.Signals(-code).name}"
        hint = ""
        if code == -signal.SIGKILL:
            hint = "; most often the machine ran out of memory: give fewer workers"
        elif worker.answer is None and code == 1:
            # Its own traceback is on the error output: it could not even begin.
            hint = "; a program that starts workers does so under `if __name__ == '__main__':`, which they pass over"
        return RuntimeError(f"{worker} died ({how}){hint}")


def check_workers(workers: Any, num_envs: int) -> int:
    """`workers`, which is a whole number from 1 to `num_envs`.

    Raises:
        InvalidOptionError: it is not.
    """
    if isinstance(workers, bool) or not isinstance(workers, int) or not 1 <= workers <= num_envs:
        raise InvalidOptionError(
            f"workers={workers!r} must be a whole number from 1 to num_envs={num_envs}: each worker simulates at least one "
            "sub-environment"
        )
    return workers


def _shares(num_envs: int, workers: int) -> list[slice]:
    """Contiguous shares of 0..N-1 whose lengths differ by at most one."""
    bounds = [num_envs * worker // workers for worker in range(workers + 1)]
    return [slice(start, stop) for start, stop in zip(bounds, bounds[1:], strict=False)]


def _for_each(name: str, value: Any, indices: list[int]) -> dict[int, Any] | None:
    """By sub-environment of `indices`: its own of the list `value`, `value + i` for one number, `value` for one string."""
    if value is None:
        return None
    if isinstance(value, str):
        return dict.fromkeys(indices, value)
    if not hasattr(value, "__len__"):
        return {i: int(value) + i for i in indices}
    if len(value) != len(indices):
        raise InvalidOptionError(
            f"{len(value)} values of {name} for {len(indices)} sub-environments; give one, or one for each"
        )
    return dict(zip(indices, value, strict=True))


# ------------------------------------------------------------------------------------------------------- in the worker


def _work(connection: Connection, memory: Memory, make: Callable[[int], VectorEnv], rows: slice, threads: int) -> None:
    """A worker's life: make the environment, then answer each request, until the pipe ends or something goes wrong."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's, which ends its workers in order
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # More threads than cores only wait for each other. lavapipe reads its number when the first renderer is made.
    os.environ.setdefault("LP_NUM_THREADS", str(threads))
    torch.set_num_threads(1)
    pack = Packer(memory, rows)
    env: Any = None
    last = None
    try:
        env = make(rows.stop - rows.start)
        answer = {
            "observation_space": env.single_observation_space,
            "action_space": env.single_action_space,
            "metadata": env.metadata,
            "render_mode": env.render_mode,
        }
        message = pickle.dumps((True, answer))
        while _sent(connection, _UNCHANGED if message == last else message):
            last = message
            received = _received(connection)
            if received is None:
                break
            request, news = pickle.loads(received)
            memory.learn(news)
            message = pickle.dumps((True, pack(_perform(env, request, memory, rows))))
    except Exception as error:
        _sent(connection, pickle.dumps((False, _portable(error))))
    finally:
        if env is not None:
            env.close()
    # Everything that matters is closed: taking Python and its libraries apart, which takes seconds, changes nothing more.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _end_with_parent() -> None:
    """End this process when its parent is gone, also in the middle of a long reset, which looks at no pipe."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _perform(env: Any, request: _Request, memory: Memory, rows: slice) -> dict[str, Any]:
    command, argument = request
    if command == "reset":
        seed, options = argument
        observation, info = env.reset(seed=seed, options=options)
        return {"observation": observation, "info": info}
    if command in ("step", "step_chunk"):
        area: Area = argument
        # A copy: the environment may keep its action (latency), and the parent writes the next one there.
        observation, reward, terminated, truncated, info = getattr(env, command)(memory[area][rows].clone())
        return {
            "observation": observation,
            "reward": reward,
            "terminated": terminated,
            "truncated": truncated,
            "info": info,
        }
    if command == "render":
        return {"result": env.render()}
    name, arguments = argument
    return {"result": env.call(name, *arguments)}


def _received(connection: Connection) -> bytes | None:
    """The next message; None if the parent has closed the pipe or is gone."""
    try:
        return connection.recv_bytes()
    except (EOFError, OSError):
        return None


def _sent(connection: Connection, message: bytes) -> bool:
    try:
        connection.send_bytes(message)
    except OSError:
        return False
    return True


def _portable(error: Exception) -> GenWorldError | str:
    """What the parent raises: `error` itself where it is ours and survives pickling, else its traceback."""
    if isinstance(error, GenWorldError):
        try:
            pickle.loads(pickle.dumps(error))
            return error
        except Exception:
            pass
    return "".join(traceback.format_exception(error))

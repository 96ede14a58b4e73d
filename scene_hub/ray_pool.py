"""Jobs on a Ray cluster, with the meaning of `scene_hub.pool.run_jobs`: for many machines instead of many processes.

Each CPU of the cluster gets an actor that keeps its handler from job to job. An actor that is lost, with its machine or alone,
costs one attempt at the one job it held.
"""

import logging
import socket
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from scene_hub.errors import GenWorldError, MissingRequirementError
from scene_hub.pool import ATTEMPTS, Attempts, Failure, Handler

CONNECT_SECONDS = 5.0
WORKER_ENVIRONMENT = {"LP_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""One actor a CPU: threads of the CPU renderer and of torch would only wait for each other."""


def run_jobs_on_ray[J, R](
    make_handler: Callable[[], Handler[J, R]], jobs: Sequence[J], address: str | None = None
) -> Iterator[tuple[int, R | Failure]]:
    """Yield (index of the job, its result or its `Failure`), each as it is done, on as many actors as the cluster has CPUs.

    Args:
        make_handler: makes the handler inside an actor; picklable.
        jobs: picklable values.
        address: the cluster ("ray://host:port", "host:port", "auto"); None takes RAY_ADDRESS, a cluster that this process is
            connected to, or starts Ray on this machine.

    Raises:
        GenWorldError: raised by a job.
        MissingRequirementError: Ray is not installed, or no cluster answers at `address`.
    """
    if not jobs:
        return
    ray = _connected(address)
    actor = ray.remote(num_cpus=1, max_restarts=0)(_Actor)
    running: dict[Any, tuple[int, Any]] = {}
    waiting = deque(range(len(jobs)))
    attempts = [0] * len(jobs)
    count = max(1, min(len(jobs), int(ray.cluster_resources().get("CPU", 1))))
    idle = [actor.remote(make_handler) for _ in range(count)]
    try:
        while waiting or running:
            while waiting and idle:
                index, worker = waiting.popleft(), idle.pop()
                attempts[index] += 1
                running[worker.run.remote(jobs[index])] = (index, worker)
            (ready, *_), _ = ray.wait(list(running), num_returns=1)
            index, worker = running.pop(ready)
            try:
                outcome = ray.get(ready)
                idle.append(worker)
            except ray.exceptions.RayError as error:
                outcome = Failure(f"its Ray actor was lost ({type(error).__name__})", str(error))
                idle.append(actor.remote(make_handler))
            if isinstance(outcome, GenWorldError):
                raise outcome
            if isinstance(outcome, Failure) and attempts[index] < ATTEMPTS:
                waiting.append(index)
            else:
                yield index, outcome
    finally:
        for worker in (*idle, *(worker for _, worker in running.values())):
            ray.kill(worker)


class _Actor:
    """A worker's life on Ray."""

    def __init__(self, make_handler: Callable[[], Handler[Any, Any]]) -> None:
        self._attempt = Attempts(make_handler)

    def run(self, job: Any) -> Any:
        try:
            return self._attempt(job)
        except GenWorldError as error:
            return error


def _connected(address: str | None) -> Any:
    try:
        import ray
        import ray.exceptions
    except ImportError:
        raise MissingRequirementError(
            "Ray is not installed; install the extra: pip install 'genworld-envs[distributed]'"
        ) from None
    if not ray.is_initialized():
        _check_reachable(address)
        try:
            ray.init(
                address=address,
                log_to_driver=False,
                logging_level=logging.WARNING,
                runtime_env={"env_vars": WORKER_ENVIRONMENT},
            )
        except (ConnectionError, ValueError, RuntimeError) as error:
            raise _unreachable(address, error) from None
    return ray


def _check_reachable(address: str | None) -> None:
    """Try "host:port" and "ray://host:port": Ray itself takes minutes to find out that nobody is there."""
    host, _, port = (address or "").removeprefix("ray://").rpartition(":")
    if not host or not port.isdigit():
        return
    try:
        socket.create_connection((host, int(port)), timeout=CONNECT_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise _unreachable(address, error) from None


def _unreachable(address: str | None, error: Exception) -> MissingRequirementError:
    return MissingRequirementError(
        f"no Ray cluster answers at {address or 'the default address'} ({error}); start one with `ray start --head`, or leave "
        "--ray-address out"
    )

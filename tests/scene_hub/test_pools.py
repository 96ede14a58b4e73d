"""Jobs on processes and on Ray: the same results, a lost worker costs one attempt, the user's errors come through."""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from scene_hub.errors import InvalidOptionError
from scene_hub.pool import Failure, run_jobs
from scene_hub.ray_pool import run_jobs_on_ray

ray = pytest.importorskip("ray")
# A cluster's workers cannot import test modules: what they need of this one travels with the jobs.
ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])


class Squarer:
    """Squares numbers; told so, dies once, raises once, or refuses."""

    def __init__(self, marks: Path) -> None:
        self._marks = marks

    def __call__(self, job: Any) -> Any:
        number, what = job
        first = self._first_time(number)
        if what == "dies once" and first:
            os.kill(os.getpid(), signal.SIGKILL)
        if what == "raises once" and first:
            raise RuntimeError("a passing fault")
        if what == "raises always":
            raise RuntimeError("broken for good")
        if what == "refuses":
            raise InvalidOptionError("choose another number")
        return number * number

    def close(self) -> None:
        pass

    def _first_time(self, number: int) -> bool:
        mark = self._marks / str(number)
        try:
            mark.touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


@pytest.fixture(scope="module")
def two_nodes() -> Iterator[str]:
    """The address of a Ray cluster of two nodes with one CPU each, on this machine."""
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    cluster.add_node(num_cpus=1)
    cluster.wait_for_nodes()
    yield cluster.address
    ray.shutdown()
    cluster.shutdown()


Jobs = Sequence[tuple[int, str]]


def _on_processes(marks: Path, jobs: Jobs) -> dict[int, Any]:
    return dict(run_jobs(partial(Squarer, marks), jobs, workers=2))


def _on_ray(marks: Path, jobs: Jobs, address: str) -> dict[int, Any]:
    return dict(run_jobs_on_ray(partial(Squarer, marks), jobs, address=address))


JOBS: Jobs = [(n, what) for n, what in enumerate(["", "dies once", "raises once", "", "", "dies once", ""])]


def test_processes_and_ray_give_the_same_results_though_workers_die(two_nodes: str, tmp_path: Path) -> None:
    expected = {index: index * index for index in range(len(JOBS))}
    for name, run in (("a", _on_processes), ("b", partial(_on_ray, address=two_nodes))):
        (tmp_path / name).mkdir()
        assert run(tmp_path / name, JOBS) == expected


def test_both_nodes_work(two_nodes: str) -> None:
    found = dict(run_jobs_on_ray(NodeOf, list(range(12)), address=two_nodes))
    assert len(set(found.values())) == 2


class NodeOf:
    """Says on which node of the cluster it is."""

    def __call__(self, job: int) -> str:
        return ray.get_runtime_context().get_node_id()

    def close(self) -> None:
        pass


def test_a_job_that_fails_twice_is_a_failure_and_the_others_are_done(two_nodes: str, tmp_path: Path) -> None:
    jobs: Jobs = [(2, ""), (3, "raises always"), (4, "")]
    for name, run in (("a", _on_processes), ("b", partial(_on_ray, address=two_nodes))):
        (tmp_path / name).mkdir()
        found = run(tmp_path / name, jobs)
        assert (found[0], found[2]) == (4, 16)
        assert isinstance(found[1], Failure)
        assert "broken for good" in found[1].message


def test_what_the_user_can_mend_is_raised(two_nodes: str, tmp_path: Path) -> None:
    for run in (_on_processes, partial(_on_ray, address=two_nodes)):
        with pytest.raises(InvalidOptionError, match="choose another number"):
            run(tmp_path, [(1, "refuses"), (2, "")])


def test_a_cluster_that_does_not_answer_is_said(python: Any) -> None:
    code = (
        "from scene_hub.ray_pool import run_jobs_on_ray\n"
        "from scene_hub.errors import MissingRequirementError\n"
        "try:\n    list(run_jobs_on_ray(dict, [1], address='127.0.0.1:1'))\n"
        "except MissingRequirementError as error:\n    print('said:', error)\n"
    )
    done = python(code)
    assert "said: no Ray cluster answers at 127.0.0.1:1" in done.stdout, done.stderr

"""Vector environments: the forms of `gym.make_vec`, over a simulation that costs nothing and over the real one.

`FakeBatchedEnv` stands for `GenWorldBatchedEnv`: its numbers depend on seeds and actions in a way that shows at once if a
share, a seed or an action reaches the wrong sub-environment. Workers import this file, so it imports little itself.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
import torch
from gymnasium import spaces
from gymnasium.error import ClosedEnvironmentError
from gymnasium.vector import AutoresetMode

import genworld_envs  # noqa: F401  (registers the ids)
from genworld_envs.vector.workers import WorkersVectorEnv
from scene_hub.errors import GenWorldError, InvalidOptionError
from scene_hub.pool import available_cores

OPTIONS: dict[str, Any] = {"obs_mode": "state", "num_scenes": 2}
LENGTH = 4
"""Steps in an episode of the fake; an odd seed's end one step earlier, in success."""


class FakeBatchedEnv:
    """Sub-environments that draw a number at each reset and add up their actions."""

    def __init__(self, num_envs: int, **options: Any) -> None:
        if options.get("broken"):
            raise InvalidOptionError("broken=True cannot be made")
        self.num_envs, self.device = num_envs, torch.device("cpu")
        self.options = SimpleNamespace(obs_mode="state_dict", render_mode=options.get("render_mode"), cameras=())
        self.metadata = {"render_modes": ["rgb_array"]}
        self.single_action_space = spaces.Box(-1, 1, (2,), np.float32)
        self.max_episode_steps = LENGTH
        self.generators = [np.random.default_rng(0)] * num_envs
        self.draw = torch.zeros(num_envs)
        self.total = torch.zeros(num_envs)
        self.steps = torch.zeros(num_envs, dtype=torch.long)
        self.pinned: list[str | None] = [None] * num_envs
        self.log: list[str] = []
        self.seen: list[torch.Tensor] = []
        self._last_obs = self._observe()

    @property
    def scenes(self) -> list[Any]:
        names = [pin or f"scene {int(draw)}" for pin, draw in zip(self.pinned, self.draw, strict=True)]
        return [SimpleNamespace(id=name, task="pick", split="train", instruction=f"pick {name}") for name in names]

    @property
    def instructions(self) -> list[str]:
        return [scene.instruction for scene in self.scenes]

    task_description = instructions

    def reset(self, seed: Any = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        options = options or {}
        indices = [int(i) for i in options.get("env_idx", range(self.num_envs))]
        pins = options.get("scene_id")
        pins = [pins] * len(indices) if pins is None or isinstance(pins, str) else pins
        seeds = (
            [None] * len(indices) if seed is None else [seed + i for i in indices] if isinstance(seed, int) else seed
        )
        for env, own, pin in zip(indices, seeds, pins, strict=True):
            if pin == "nowhere":
                raise InvalidOptionError.unknown("scene_id", pin, ["somewhere"])
            if own is not None:
                self.generators[env] = np.random.default_rng(own)
            self.draw[env] = int(self.generators[env].integers(1000))
            self.pinned[env] = pin
            self.total[env], self.steps[env] = 0.0, 0
        self.log.append(f"reset {indices}")
        return self._observe(), {**self._facts(), "reconfigure": len(indices) == self.num_envs}

    def step(self, actions: torch.Tensor) -> tuple[Any, torch.Tensor, torch.Tensor, torch.Tensor, dict[str, Any]]:
        return self.step_chunk(actions[:, None])

    def step_chunk(self, actions: torch.Tensor) -> tuple[Any, torch.Tensor, torch.Tensor, torch.Tensor, dict[str, Any]]:
        self.log.append("step")
        self.seen.append(actions)
        reward = torch.zeros(self.num_envs)
        fault = torch.zeros(self.num_envs, dtype=torch.bool)
        for action in actions.unbind(1):
            running = ~self._ends()
            fault |= running & action.isnan().any(dim=1)
            moved = action.nan_to_num().sum(dim=1) * running
            self.total += moved
            reward += moved
            self.steps += running
        success = self._ends() & (self.draw % 2 == 1)
        info = {**self._facts(), "fault": fault, "success": success}
        return self._observe(), reward, success, self._ends() & ~success, info

    def render(self) -> torch.Tensor:
        return self.draw.to(torch.uint8)[:, None, None, None].expand(-1, 6, 8, 3)

    def close(self) -> None:
        pass

    # What tests `call`.

    def add(self, first: int, second: int) -> int:
        return first + second

    def process(self) -> int:
        return os.getpid()

    def variables(self) -> tuple[str | None, int]:
        return os.environ.get("LP_NUM_THREADS"), torch.get_num_threads()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def fail(self, kind: type[Exception], where: int) -> None:
        if int(self.draw[0]) == where:
            raise kind("it does not work")

    def _ends(self) -> torch.Tensor:
        return self.steps >= LENGTH - (self.draw % 2).long()

    def _observe(self) -> dict[str, Any]:
        numbers = torch.stack([self.draw, self.total], dim=1)
        return {"agent": {"qpos": numbers}, "extra": {"steps": self.steps.clone()}}

    def _facts(self) -> dict[str, torch.Tensor]:
        return {"elapsed_steps": self.steps.clone(), "success": torch.zeros(self.num_envs, dtype=torch.bool)}


def fake(num_envs: int, **options: Any) -> Any:
    """A `BatchedVectorEnv` over the fake."""
    if multiprocessing.parent_process() is not None:
        # In a worker the real one is never wanted, and takes a second to import.
        sys.modules.setdefault("genworld_envs.batched_env", SimpleNamespace(GenWorldBatchedEnv=FakeBatchedEnv))  # type: ignore[arg-type]
    from genworld_envs.vector import batched

    real = batched.GenWorldBatchedEnv
    batched.GenWorldBatchedEnv = FakeBatchedEnv  # type: ignore[misc]
    try:
        return batched.BatchedVectorEnv(num_envs, **options)
    finally:
        batched.GenWorldBatchedEnv = real  # type: ignore[misc]


def fake_with_images(num_envs: int) -> Any:
    return fake(num_envs, render_mode="rgb_array")


def fake_that_breaks(num_envs: int) -> Any:
    return fake(num_envs, broken=num_envs == 2)


def assert_same(first: Any, second: Any) -> None:
    """Equal trees of tensors, lists and values, but for "reconfigure": a worker's batch may end altogether by itself."""
    assert type(first) is type(second)
    if isinstance(first, torch.Tensor):
        assert first.dtype == second.dtype and torch.equal(first, second)
    elif isinstance(first, dict):
        assert first.keys() == second.keys()
        for name in first.keys() - {"reconfigure"}:
            assert_same(first[name], second[name])
    elif isinstance(first, tuple):
        for one, other in zip(first, second, strict=True):
            assert_same(one, other)
    else:
        assert first == second


def gone(pids: list[int], within: float = 5.0) -> bool:
    """Whether these processes end in time."""
    deadline = time.monotonic() + within
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


@pytest.fixture(scope="module")
def five() -> Iterator[WorkersVectorEnv]:
    """Five fake sub-environments on two workers, which get two and three."""
    env = WorkersVectorEnv(fake_with_images, 5, 2)
    yield env
    env.close()


@pytest.fixture
def two() -> Iterator[WorkersVectorEnv]:
    env = WorkersVectorEnv(fake, 2, 2)
    yield env
    env.close()


# ------------------------------------------------------------------------------------------------- one batch, autoreset


def test_what_ended_is_told_nothing_and_changes_nothing_of_the_others() -> None:
    env = fake(2)
    env.reset(seed=[1, 2])
    inner: FakeBatchedEnv = env.batched
    inner.draw[:] = torch.tensor([7.0, 8.0])  # the first ends after three steps, the second after four
    for _ in range(3):
        env.step(torch.ones(2, 2))
    nan = torch.full((2, 2), torch.nan)
    observation, reward, terminated, truncated, info = env.step(nan)
    assert torch.equal(inner.seen[-1][0, 0], torch.zeros(2))
    assert observation["qpos"][1, 1] == 6 and reward.tolist() == [0, 0]
    assert terminated.tolist() == [False, False] and truncated.tolist() == [False, True]
    assert info["fault"].tolist() == [False, True], "the row that went on keeps what its step said"
    assert info["elapsed_steps"].tolist() == [0, 4]


def test_a_batch_that_ended_altogether_is_only_reset() -> None:
    env = fake(2)
    env.reset(seed=0)
    inner: FakeBatchedEnv = env.batched
    inner.draw[:] = 8.0
    for _ in range(4):
        *_, truncated, _ = env.step(torch.zeros(2, 2))
    assert truncated.all()
    inner.log.clear()
    observation, reward, terminated, truncated, info = env.step(torch.zeros(2, 2))
    assert inner.log == ["reset [0, 1]"]
    assert not (reward.any() or terminated.any() or truncated.any() or observation["steps"].any())
    assert reward.dtype == torch.float32 and info["instruction"] == inner.instructions


def test_a_partial_reset_leaves_the_others_end_alone() -> None:
    env = fake(2)
    env.reset(seed=0)
    inner: FakeBatchedEnv = env.batched
    inner.draw[:] = 8.0
    env.step_chunk(torch.zeros(2, 9, 2))
    env.reset(options={"env_idx": torch.tensor([0])})
    inner.log.clear()
    env.step(torch.zeros(2, 2))
    assert inner.log == ["step", "reset [1]"]


# ----------------------------------------------------------------------------------------------------------- workers


@pytest.mark.parametrize("chunk", [None, 3])
def test_workers_give_what_one_batch_gives(five: WorkersVectorEnv, chunk: int | None) -> None:
    """Over several automatic resets, with all that `info` has; NaN actions are passed on."""
    one = fake_with_images(5)
    assert five.observation_space == one.observation_space and five.action_space == one.action_space
    assert five.single_observation_space == one.single_observation_space
    assert five.metadata == one.metadata and five.render_mode == one.render_mode
    assert_same(five.reset(seed=3), one.reset(seed=3))
    random = np.random.default_rng(0)
    for step in range(12):
        actions = random.uniform(-1, 1, (5, 2) if chunk is None else (5, chunk, 2)).astype(np.float32)
        actions[step % 5] = np.nan if step % 4 == 0 else 0.0
        if chunk is None:
            assert_same(five.step(torch.from_numpy(actions)), one.step(actions))
        else:
            assert_same(five.step_chunk(actions), one.step_chunk(actions))
    assert five.task_description == one.task_description
    assert_same(five.render(), one.render().contiguous())


@pytest.mark.parametrize(
    ("seed", "options"),
    [
        (None, {"scene_id": "here"}),
        (7, {"scene_id": ["a", None, "c", "d", None]}),
        ([5, 4, 3, 2, 1], {}),
        (np.int64(9), None),
        (11, {"env_idx": [3, 1]}),
        ([8, 6], {"env_idx": torch.tensor([4, 3]), "scene_id": ["x", "y"]}),
        ([2], {"env_idx": np.array([0])}),
        (None, {"env_idx": range(5)}),
    ],
)
def test_resets_reach_the_sub_environments_that_they_name(five: WorkersVectorEnv, seed: Any, options: Any) -> None:
    one = fake_with_images(5)
    for env in (five, one):
        env.reset(seed=1)
        env.step(np.ones((5, 2), np.float32))
    given = int(seed) if isinstance(seed, np.integer) else seed
    observation, info = five.reset(seed=seed, options=options)
    wanted, wanted_info = one.reset(seed=given, options=options)
    assert_same(observation, wanted)
    # A worker of which nothing is reset has in `info` what its last step said, such as "fault"; a worker of which all is
    # reset says "reconfigure".
    assert_same({name: info[name] for name in wanted_info}, wanted_info)
    assert isinstance(info["reconfigure"], bool)
    assert_same(five.step(np.ones((5, 2), np.float32)), one.step(np.ones((5, 2), np.float32)))


@pytest.mark.parametrize(
    ("seed", "options", "message"),
    [
        ([1, 2], None, "2 values of seed for 5 sub-environments"),
        (-1, None, "seed -1 is negative"),
        ([0, 0, 0, 0, -4], None, "seed -4 is negative"),
        (None, {"scene_id": ["a"]}, "1 values of scene_id for 5 sub-environments"),
        (None, {"env_idx": [5]}, "env_idx=\\[5\\] must name sub-environments from 0 to 4"),
        (None, {"env_idx": [1, 1]}, "each once"),
        (None, {"env_idx": []}, "at least one"),
    ],
)
def test_resets_that_cannot_be_are_refused_here(five: WorkersVectorEnv, seed: Any, options: Any, message: str) -> None:
    with pytest.raises(InvalidOptionError, match=message):
        five.reset(seed=seed, options=options)
    assert not five.closed


def test_a_partial_reset_has_to_follow_a_whole_one(two: WorkersVectorEnv) -> None:
    with pytest.raises(InvalidOptionError, match=r"leaves out worker 1 \(sub-environment 1\)"):
        two.reset(options={"env_idx": [0]})


@pytest.mark.parametrize(
    ("method", "shape", "takes"),
    [
        ("step", (5, 3), r"\(5, 2\)"),
        ("step", (4, 2), r"\(5, 2\)"),
        ("step", (5, 1, 2), r"\(5, 2\)"),
        ("step_chunk", (5, 2), r"\(5, C, 2\)"),
        ("step_chunk", (5, 0, 2), "C of at least 1"),
    ],
)
def test_actions_of_the_wrong_shape_are_refused(
    five: WorkersVectorEnv, method: str, shape: tuple[int, ...], takes: str
) -> None:
    for env in (five, fake(5)):
        with pytest.raises(InvalidOptionError, match=takes):
            getattr(env, method)(np.zeros(shape))
    assert not five.closed


def test_results_are_copies_unless_views_are_asked_for(five: WorkersVectorEnv) -> None:
    actions = np.ones((5, 2), np.float32)
    five.reset(seed=0)
    observation, reward, *_, info = five.step(actions)
    before = [observation["qpos"].clone(), reward.clone(), list(info["instruction"])]
    info["instruction"][0] = "something else"
    five.step(2 * actions)
    assert torch.equal(observation["qpos"], before[0]) and torch.equal(reward, before[1])
    assert five.task_description == before[2]
    views = WorkersVectorEnv(fake, 2, 1, copy=False)
    views.reset(seed=0)
    first = views.step(actions[:2])[1]
    assert first.tolist() == [2, 2]
    views.step(2 * actions[:2])
    assert first.tolist() == [4, 4]
    views.close()
    assert first.tolist() == [4, 4], "memory lives as long as its tensors"


def test_call_reads_and_calls_what_the_workers_hold(five: WorkersVectorEnv) -> None:
    five.reset(seed=0)
    assert five.call("max_episode_steps") == LENGTH
    assert five.call("add", 2, 3) == 5
    assert five.call("steps").tolist() == [0] * 5
    assert len(set(five.call("process"))) == 2


def test_workers_take_their_share_of_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LP_NUM_THREADS", raising=False)
    env = WorkersVectorEnv(fake, 1, 1)
    assert env.call("variables") == (str(available_cores()), 1)
    env.close()
    monkeypatch.setenv("LP_NUM_THREADS", "5")
    env = WorkersVectorEnv(fake, 1, 1)
    assert env.call("variables") == ("5", 1)
    env.close()


# ------------------------------------------------------------------------------------------------ when things go wrong


def test_a_mistake_that_the_user_can_mend_keeps_its_type(two: WorkersVectorEnv) -> None:
    pids = two.call("process")
    with pytest.raises(InvalidOptionError, match="^unknown scene_id 'nowhere'; choose one of 'somewhere'$"):
        two.reset(options={"scene_id": ["somewhere", "nowhere"]})
    assert two.closed and gone(pids)
    with pytest.raises(ClosedEnvironmentError):
        two.step(np.zeros((2, 2)))


def test_a_defect_in_a_worker_comes_with_its_traceback(two: WorkersVectorEnv) -> None:
    pids = two.call("process")
    two.reset(seed=0)
    draw = int(two.call("draw")[1])
    with pytest.raises(RuntimeError, match=r"worker 1 \(sub-environment 1\) failed") as caught:
        two.call("fail", ZeroDivisionError, draw)
    assert "ZeroDivisionError: it does not work" in str(caught.value) and "in fail" in str(caught.value)
    assert not isinstance(caught.value, GenWorldError)
    assert two.closed and gone(pids)


def test_a_worker_that_cannot_begin_is_reported() -> None:
    with pytest.raises(InvalidOptionError, match="^broken=True cannot be made$"):
        WorkersVectorEnv(fake_that_breaks, 3, 2)


def test_a_worker_that_is_killed_is_named_at_once(two: WorkersVectorEnv) -> None:
    pids = two.call("process")
    os.kill(pids[1], signal.SIGKILL)
    began = time.monotonic()
    with pytest.raises(RuntimeError, match=r"worker 1 \(sub-environment 1\) died \(exit code -9, SIGKILL\).*memory"):
        two.reset(seed=0)
    assert time.monotonic() - began < 2 and two.closed and gone(pids)


def test_a_worker_that_dies_at_work_is_noticed_while_the_other_works(two: WorkersVectorEnv) -> None:
    pids = two.call("process")
    killer = subprocess.Popen([sys.executable, "-c", f"import os, time; time.sleep(0.5); os.kill({pids[0]}, 11)"])
    began = time.monotonic()
    with pytest.raises(RuntimeError, match=r"worker 0 \(sub-environment 0\) died \(exit code -11, SIGSEGV\)"):
        two.call("sleep", 60)
    killer.wait()
    assert time.monotonic() - began < 5 and two.closed and gone(pids)


def test_closing_twice_is_closing_once(two: WorkersVectorEnv) -> None:
    pids = two.call("process")
    two.close()
    assert gone(pids, within=0)
    two.close()


PROGRAM = """
import os, signal, sys, threading, time
sys.path.insert(0, {folder!r})
from test_vector import WorkersVectorEnv, fake

if __name__ == "__main__":
    env = WorkersVectorEnv(fake, 2, 2)
    env.reset(seed=0)
    print(*env.call("process"), flush=True)
    {then}
"""


def run_program(folder: Path, then: str) -> tuple[list[int], subprocess.CompletedProcess[str]]:
    """A program with workers in a process of its own: the workers' ids, and how it ended."""
    file = folder / "program.py"
    file.write_text(PROGRAM.format(folder=str(Path(__file__).parent), then=then))
    result = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, timeout=120, check=False)
    return [int(word) for word in result.stdout.split()[:2]], result


def test_nothing_is_left_by_a_program_that_does_not_close(tmp_path: Path) -> None:
    pids, result = run_program(tmp_path, "pass")
    assert (result.returncode, result.stderr) == (0, "")
    assert gone(pids)


def test_workers_do_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    """Not even in the middle of something long."""
    then = "threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGKILL)).start(); env.call('sleep', 60)"
    pids, result = run_program(tmp_path, then)
    assert result.returncode == -signal.SIGKILL and len(pids) == 2
    assert gone(pids)
    assert result.stderr == ""


def test_an_interrupt_ends_the_workers(tmp_path: Path) -> None:
    # A shell's background job ignores interrupts, and so would its children.
    then = (
        "signal.signal(signal.SIGINT, signal.default_int_handler);"
        "threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start(); env.call('sleep', 60)"
    )
    began = time.monotonic()
    pids, result = run_program(tmp_path, then)
    assert "KeyboardInterrupt" in result.stderr and "resource_tracker" not in result.stderr
    assert time.monotonic() - began < 50 and gone(pids)


def test_a_program_without_a_main_guard_is_told_of_it(tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text(
        PROGRAM.format(folder=str(Path(__file__).parent), then="").replace('if __name__ == "__main__"', "if 1")
    )
    result = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 1
    assert "died (exit code 1); a program that starts workers does so under `if __name__" in result.stderr


# ------------------------------------------------------------------------------------------------------- gym.make_vec


@pytest.mark.parametrize("workers", [0, 3, True, 1.0, "2"])
def test_the_number_of_workers_is_checked(workers: Any) -> None:
    with pytest.raises(InvalidOptionError, match=f"workers={workers!r} must be a whole number from 1 to num_envs=2"):
        gym.make_vec("GenWorld-v0", num_envs=2, workers=workers, **OPTIONS)


@pytest.mark.parametrize("form", [{}, {"num_envs": 1}])
def test_only_make_vec_takes_workers(form: dict[str, int]) -> None:
    with pytest.raises(InvalidOptionError, match="workers=2 is a keyword of gym.make_vec"):
        gym.make("GenWorld-v0", workers=2, **form, **OPTIONS)


def test_options_are_checked_before_a_worker_starts() -> None:
    began = time.monotonic()
    mistakes: dict[str, dict[str, Any]] = {
        "unknown obs_mode 'rgbx'": {"obs_mode": "rgbx"},
        "nothing to observe": {"obs_mode": "none"},
        "workers=1": {"render_mode": "human"},
        "unknown keyword argument 'wokers'; choose one of .*'workers'": {"wokers": 2},
    }
    for message, options in mistakes.items():
        with pytest.raises(InvalidOptionError, match=message):
            gym.make_vec("GenWorld-v0", num_envs=2, workers=2, **options)
    assert time.monotonic() - began < 2


def make(num_envs: int, workers: int, **options: Any) -> Any:
    """On the CPU, whatever this machine has."""
    return gym.make_vec("GenWorld-v0", num_envs=num_envs, workers=workers, sim_backend="cpu", **{**OPTIONS, **options})


@pytest.fixture(scope="module")
def pair() -> Iterator[Any]:
    env = make(2, 2, max_episode_steps=5)
    yield env
    env.close()


def test_without_a_gpu_there_are_as_many_workers_as_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    from genworld_envs import vector

    made: list[Any] = []
    monkeypatch.setattr("genworld_envs.vector.workers.WorkersVectorEnv", lambda *given, **_: made.append(given[1:]))
    monkeypatch.setattr("scene_hub.pool.available_cores", lambda: 3)
    vector.make_vector_env(8, sim_backend="cpu", **OPTIONS)
    vector.make_vector_env(2, sim_backend="cpu", **OPTIONS)
    assert made == [(8, 3), (2, 2)]


@pytest.mark.parametrize(
    ("options", "renders"),
    [
        ({"obs_mode": "rgb"}, True),
        ({"obs_mode": "state", "render_mode": "rgb_array"}, True),
        ({"obs_mode": "rgb", "robot_uids": "widowx250s"}, True),
        ({"obs_mode": "state"}, False),
        ({"obs_mode": "rgb", "level_of_detail": "full"}, False),
    ],
)
def test_light_meshes_of_the_robot_are_made_once_before_workers_start(
    options: dict[str, Any], renders: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from genworld_envs import vector

    log: list[str] = []
    (tmp_path / "robots" / "widowx").mkdir(parents=True)
    (tmp_path / "robots" / "widowx" / "wx250s.urdf").touch()
    monkeypatch.setattr("mani_skill.ASSET_DIR", tmp_path)
    monkeypatch.setattr(
        "genworld_envs.rendering.resolve_render_backend",
        lambda _, needs_rendering: "cpu" if needs_rendering else "none",
    )
    monkeypatch.setattr("genworld_envs.robots.level_of_detail.light_visuals", lambda urdf: log.append(urdf.name))
    monkeypatch.setattr("genworld_envs.vector.workers.WorkersVectorEnv", lambda *_, **__: log.append("workers"))
    vector.make_vector_env(4, workers=2, sim_backend="cpu", **options)
    urdf = "wx250s.urdf" if options.get("robot_uids") else "panda_v2.urdf"
    assert log == [*([urdf] if renders else []), "workers"]


def test_one_worker_is_this_process() -> None:
    env = make(1, 1)
    assert type(env).__name__ == "BatchedVectorEnv" and env.workers == 1
    observation, _ = env.reset(seed=0)
    assert observation.shape == env.observation_space.shape
    env.close()


def test_a_sub_environment_plays_the_episodes_of_a_single_one(pair: Any) -> None:
    """Same seed, same episode: in another process, and over automatic resets."""
    single = gym.make("GenWorld-v0", max_episode_steps=None, **OPTIONS, disable_env_checker=True)
    observations, infos = pair.reset(seed=5)
    expected, info = single.reset(seed=6)
    assert isinstance(observations, torch.Tensor)
    assert torch.equal(observations[1], torch.from_numpy(expected))
    for name in ("instruction", "scene_id", "task", "split"):
        assert infos[name][1] == info[name]
    actions = np.random.default_rng(0).uniform(-1, 1, (5, 2, 7)).astype(np.float32)
    for action in actions:
        observations, rewards, *_ = pair.step(torch.from_numpy(action))
        expected, reward, *_ = single.step(action[1])
        assert torch.equal(observations[1], torch.from_numpy(expected))
        assert rewards[1].item() == reward
    single.close()


def test_resets_happen_on_the_step_after_the_end(pair: Any) -> None:
    assert pair.metadata["autoreset_mode"] == AutoresetMode.NEXT_STEP
    pair.reset(seed=1)
    still = torch.zeros(2, 7)
    ends = [pair.step(still)[3].tolist() for _ in range(5)]
    assert ends == [[False, False]] * 4 + [[True, True]]
    _, rewards, terminated, truncated, info = pair.step(still)
    assert info["elapsed_steps"].tolist() == [0, 0]
    assert not terminated.any() and not truncated.any() and not rewards.any()


def test_one_process_agrees_with_workers(pair: Any) -> None:
    """Same spaces, same episode, same resets."""
    one = make(1, 1, max_episode_steps=5)
    assert one.single_observation_space == pair.single_observation_space
    assert one.single_action_space == pair.single_action_space
    expected, _ = pair.reset(seed=5)
    observation, _ = one.reset(seed=5)
    assert torch.equal(observation[0], expected[0])
    still = torch.zeros(1, 7)
    for step in range(7):
        observation, _, _, truncated, info = one.step(still)
        expected, *_ = pair.step(still.expand(2, 7))
        assert truncated.tolist() == [step == 4]
        assert torch.equal(observation[0], expected[0]), step
    assert info["elapsed_steps"].tolist() == [1]
    one.close()


def test_workers_can_change_to_another_dataset(pair: Any) -> None:
    from scene_hub.dataset import SceneDataset

    pair.reset(seed=0)
    assert pair.call("use_dataset", SceneDataset.open("starter")) is None
    _, info = pair.reset(seed=0)
    assert info["instruction"] == pair.task_description


def test_pictures_come_from_all_workers() -> None:
    """Images as observations and from `render`, as a single environment gives them."""
    options: dict[str, Any] = {**OPTIONS, "obs_mode": "rgb", "render_mode": "rgb_array"}
    single = gym.make("GenWorld-v0", max_episode_steps=None, **options, disable_env_checker=True)
    pair = make(2, 2, **options)
    observations, _ = pair.reset(seed=3)
    expected, _ = single.reset(seed=4)
    for _ in range(2):
        images: Any = pair.render()
        assert observations["base_rgb"].dtype == images.dtype == torch.uint8 and len(images) == 2
        assert torch.equal(observations["base_rgb"][1], torch.from_numpy(expected["base_rgb"]))
        assert torch.equal(observations["agent_pos"][1], torch.from_numpy(expected["agent_pos"]))
        assert torch.equal(images[1], torch.from_numpy(single.render()))
        assert not torch.equal(images[0], images[1])
        observations, *_ = pair.step(np.zeros((2, 7)))
        expected, *_ = single.step(np.zeros(7, np.float32))
    pair.close()
    single.close()


def test_batches_in_workers_agree_with_one_batch() -> None:
    """Whatever the number of workers: the same episodes, also over automatic resets and in chunks."""
    several, one = make(4, 2, max_episode_steps=6), make(4, 1, max_episode_steps=6)
    assert_same(several.reset(seed=2), one.reset(seed=2))
    random = torch.Generator().manual_seed(0)
    for _ in range(8):
        actions = torch.rand(4, 7, generator=random) * 2 - 1
        assert_same(several.step(actions), one.step(actions))
    for _ in range(3):
        chunk = torch.rand(4, 4, 7, generator=random) * 2 - 1
        assert_same(several.step_chunk(chunk), one.step_chunk(chunk))
    some = {"env_idx": [0, 2]}
    assert_same(several.reset(seed=9, options=some), one.reset(seed=9, options=some))
    assert_same(several.step(actions), one.step(actions))
    several.close()
    one.close()


def test_nan_stays_with_the_sub_environment_that_was_given_it() -> None:
    """`fault` says so, its episode is truncated, and the next call begins another one; nobody else notices."""
    several, one = make(4, 2, max_episode_steps=6), make(4, 1, max_episode_steps=6)
    several.reset(seed=4)
    one.reset(seed=4)
    actions = torch.rand(4, 7, generator=torch.Generator().manual_seed(0)) * 2 - 1
    spoilt = actions.clone()
    spoilt[2, 3] = torch.nan
    others = torch.tensor([0, 1, 3])
    for step in range(3):
        observation, reward, _, truncated, info = several.step(spoilt if step == 0 else actions)
        expected, expected_reward, *_ = one.step(actions)
        assert torch.equal(observation[others], expected[others]) and torch.equal(
            reward[others], expected_reward[others]
        )
        assert observation.isfinite().all()
        assert truncated.tolist() == info["fault"].tolist() == [False, False, step == 0, False]
    assert info["elapsed_steps"].tolist() == [3, 3, 1, 3]
    several.close()
    one.close()

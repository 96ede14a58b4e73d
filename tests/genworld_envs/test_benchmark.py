"""The benchmark: what it makes of measurements, how rows fail, and one real row."""

import json
import os
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from genworld_envs.benchmark import report as reporting
from genworld_envs.benchmark.flame import flame_graph, hottest_functions
from genworld_envs.benchmark.processes import RowFailedError, SideSpec, WorkerProcess, take_turns, worker_environ
from genworld_envs.benchmark.records import Figure, Report, Series, times_faster, verdict_on
from genworld_envs.benchmark.report import begun_report, docs_sections, new_report, read_report, run_rows
from genworld_envs.benchmark.rows import ROWS, Bench, Measured, NotMeasuredError, Row, Settings
from genworld_envs.benchmark.worker import Loop, resident_bytes, resident_bytes_of_all
from genworld_envs.cli.main import main
from scene_hub.errors import InvalidOptionError

ROOT = Path(__file__).parents[2]
SETTINGS = Settings(repeats=3, seconds=1.0)


class Stub:
    """A side whose samples are known; `log` holds what was asked of it."""

    log: list[str] = []

    def __init__(self, spec: SideSpec) -> None:
        self.name, self.values = spec.what, list(spec.options["values"])
        if spec.side == "broken":
            raise RowFailedError("no such backend", "Traceback ...")

    def measure(self, seconds: float) -> dict[str, Any]:
        self.log.append(f"{self.name} {seconds:g}")
        return {"value": self.values.pop(0)}

    def close(self) -> None:
        self.log.append(f"{self.name} closed")


def side(name: str, *values: float) -> SideSpec:
    return SideSpec(name, "stub", {"values": [0.0, *values]})  # the first is the warm-up's


@pytest.fixture(autouse=True)
def empty_log() -> None:
    Stub.log.clear()


def series(unit: str, *samples: float) -> Series:
    return Series.of("something", unit, list(samples))


def good(_: Bench) -> Measured:
    peer, ours = series("env-steps/s", 100.0, 110.0, 90.0), series("env-steps/s", 500.0, 440.0, 450.0)
    figure = times_faster("steps | fast", ("ours", ours), ("peer", peer), target=4.0)
    return Measured([figure], {"ours": ours, "peer": peer}, files={"extra.txt": "text\n"})


def slow(_: Bench) -> Measured:
    return Measured([Figure(what="made in", value=60.0, unit="s", target=30.0, at_least=False)])


def broken(bench: Bench) -> Measured:
    bench.take_turns({"ours": SideSpec("our side", "broken", {"values": []})}, "s")
    raise AssertionError("not reached")


def absent(_: Bench) -> Measured:
    raise NotMeasuredError("no CUDA GPU")


def defect(_: Bench) -> Measured:
    raise ZeroDivisionError("a defect")


STUB_ROWS = [
    Row(function.__name__, f"the row {function.__name__}", function)
    for function in (broken, good, absent, slow, defect)
]


@pytest.fixture
def finished(tmp_path: Path) -> tuple[Report, Path]:
    bench = Bench(SETTINGS, start=Stub)
    return run_rows(STUB_ROWS, bench, tmp_path, new_report(SETTINGS)), tmp_path


# ---------------------------------------------------------------------------------------------------------- measuring


def test_sides_take_turns_after_a_warm_up_and_are_closed() -> None:
    sides = {"peer": side("theirs", 1, 3, 2), "ours": side("ours", 10, 30, 50)}
    found, answers = take_turns(sides, 3, 5.0, "env-steps/s", Stub)
    assert found["peer"].samples == (1, 3, 2)
    assert found["peer"].median == 2
    assert found["ours"].median == 30
    assert answers["ours"] == {"value": 50}
    assert Stub.log == ["theirs 1", "ours 1", *["theirs 5", "ours 5"] * 3, "ours closed", "theirs closed"]


def test_sides_are_closed_when_one_fails() -> None:
    with pytest.raises(RowFailedError, match="our side: no such backend"):
        take_turns({"peer": side("theirs", 1), "ours": SideSpec("our side", "broken", {"values": []})}, 1, 1, "s", Stub)
    assert Stub.log[-1] == "theirs closed"


@pytest.mark.parametrize(("unit", "ratio"), [("env-steps/s", 4.5), ("ms/switch", 1 / 4.5)])
def test_speeds_and_times_are_compared_the_right_way_round(unit: str, ratio: float) -> None:
    figure = times_faster("it", ("ours", series(unit, 9.0, 8.0, 10.0)), ("peer", series(unit, 2.0, 2.0, 2.0)), 4.0)
    assert figure.value == pytest.approx(ratio)
    assert figure.met is (ratio >= 4.0)
    assert len(figure.samples) == 3


@pytest.mark.parametrize(
    ("value", "target", "at_least", "met"),
    [(4.0, 4.0, True, True), (3.9, 4.0, True, False), (30.0, 30.0, False, True), (31.0, 30.0, False, False)],
)
def test_targets(value: float, target: float, at_least: bool, met: bool) -> None:
    figure = Figure(what="it", value=value, unit="x", target=target, at_least=at_least)
    without = Figure(what="also", value=1.0, unit="x")
    assert figure.met is met
    assert figure.share_of_target is not None and (figure.share_of_target >= 1.0) is met
    assert verdict_on((figure, without)) == ("pass" if met else "falls short")
    assert verdict_on((without,)) == "recorded"


def test_resets_are_not_on_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = {"now": 0.0}
    monkeypatch.setattr("time.perf_counter", lambda: clock["now"])
    done: list[Any] = []

    def step(action: Any) -> None:
        clock["now"] += 0.1
        done.append(action)

    def reset() -> None:
        clock["now"] += 100.0
        done.append("reset")

    loop = Loop(step, reset, ["a", "b", "c"])
    assert loop.run(0.35) == (4, pytest.approx(0.4))
    assert done == ["reset", "a", "b", "c", "reset", "a"]
    assert loop.run(0.05) == (1, pytest.approx(0.1))
    assert done[-1] == "b", "the second sample goes on where the first ended"


# ----------------------------------------------------------------------------------------------------- worker processes


def cart_pole(name: str, imports: list[str]) -> SideSpec:
    return SideSpec("a pole", name, {"imports": imports, "env_id": "CartPole-v1", "make": {}})


def test_a_side_runs_without_this_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What a peer measures is ManiSkill as it is installed, so nothing of ours may have been imported there.
    (tmp_path / "looks_around.py").write_text(
        "import sys\nassert not any('genworld' in name or 'scene_hub' in name for name in sys.modules)\n"
        "print('this is no answer')\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    worker = WorkerProcess(cart_pole("standard_env", ["looks_around"]))
    try:
        answer = worker.measure(0.05)
    finally:
        worker.close()
    assert answer["value"] > 100
    assert answer["first_observation_s"] > 0


def test_an_error_of_a_side_is_told_with_its_traceback() -> None:
    with pytest.raises(RowFailedError, match="ModuleNotFoundError: No module named 'nothing_like_it'") as caught:
        WorkerProcess(cart_pole("standard_env", ["nothing_like_it"]))
    assert "Traceback" in caught.value.detail


def test_a_side_that_dies_is_told_with_its_last_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dies.py").write_text("import os, sys\nprint('farewell', flush=True)\nos._exit(7)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(RowFailedError, match="ended with 7; its last words: farewell"):
        WorkerProcess(cart_pole("standard_env", ["dies"]))


def test_the_profile_looks_into_a_step() -> None:
    worker = WorkerProcess(cart_pole("shares", ["gymnasium"]))
    try:
        answer = worker.measure(0.4)
    finally:
        worker.close()
    assert answer["value"] == 0, "a pole needs neither PhysX nor Vulkan"
    assert any("CartPoleEnv.step" in stack for stack in answer["stacks"])
    # The look is at what a step does, and not at who calls it.
    assert all(stack.startswith("gymnasium.") for stack in answer["stacks"])


def test_environment_of_workers() -> None:
    environ = worker_environ({"LP_NUM_THREADS": "8", "HOME": "here", "PYTHONPATH": "theirs"}, {"HOME": None})
    assert "LP_NUM_THREADS" not in environ and "HOME" not in environ
    assert environ["OMP_NUM_THREADS"] == "1"
    assert environ["PYTHONPATH"].split(os.pathsep) == [str(ROOT), "theirs"]
    assert worker_environ({}, {"LP_NUM_THREADS": "1"})["LP_NUM_THREADS"] == "1"


def test_memory_of_all_processes_is_about_that_of_one_alone() -> None:
    assert 0.3 * resident_bytes() < resident_bytes_of_all() < 20 * resident_bytes()


# ------------------------------------------------------------------------------------------------------------- reports


def test_a_failing_row_does_not_stop_the_others(finished: tuple[Report, Path]) -> None:
    report, _ = finished
    verdicts = {row.name: row.verdict for row in report.rows}
    assert verdicts == {
        "broken": "failed",
        "good": "pass",
        "absent": "not measured",
        "slow": "falls short",
        "defect": "failed",
    }
    reasons = {row.name: row.reason for row in report.rows}
    assert reasons["broken"] == "our side: no such backend"
    assert reasons["absent"] == "no CUDA GPU"
    assert reasons["defect"] == "ZeroDivisionError: a defect"


def test_the_json_holds_raw_samples_medians_ratios_and_what_they_depend_on(finished: tuple[Report, Path]) -> None:
    report, folder = finished
    written = json.loads((folder / "speed.json").read_text())
    assert read_report(folder / "speed.json") == report
    assert written["rows"][1]["series"]["peer"]["samples"] == [100.0, 110.0, 90.0]
    assert written["rows"][1]["series"]["peer"]["median"] == 100.0
    assert written["rows"][1]["figures"][0]["value"] == 4.5
    assert written["rows"][1]["figures"][0]["samples"] == [5.0, 4.0, 5.0]
    assert written["rows"][1]["figures"][0]["target"] == 4.0
    assert {"cpu", "cores", "memory_gb", "platform", "python", "gpu", "vulkan"} <= written["machine"].keys()
    assert {"mani-skill", "sapien", "torch", "genworld-envs"} <= written["versions"].keys()
    assert written["settings"]["fingerprint"]
    assert written["date"].endswith("+00:00")
    assert (folder / "extra.txt").read_text() == "text\n"


def test_each_row_is_written_when_it_is_done(tmp_path: Path) -> None:
    seen: list[list[str]] = []

    def look(_: Bench) -> Measured:
        seen.append([row.name for row in read_report(tmp_path / "speed.json").rows])
        raise KeyboardInterrupt

    rows = [Row("good", "good", good), Row("look", "look", look)]
    with pytest.raises(KeyboardInterrupt):
        run_rows(rows, Bench(SETTINGS, start=Stub), tmp_path, new_report(SETTINGS))
    assert seen == [["good"]]
    assert (tmp_path / "speed.svg").is_file()


def test_a_resumed_run_keeps_what_did_not_fail(finished: tuple[Report, Path]) -> None:
    _, folder = finished
    measured: list[str] = []

    def counted(row: Row) -> Row:
        def measure(bench: Bench) -> Measured:
            measured.append(row.name)
            return good(bench)

        return Row(row.name, row.title, measure)

    report = begun_report(SETTINGS, folder)
    told: list[str] = []
    rows = [counted(row) for row in STUB_ROWS]
    report = run_rows(rows, Bench(SETTINGS), folder, report, on_result=lambda result: told.append(result.name))
    assert measured == ["broken", "defect"]
    assert told == [row.name for row in STUB_ROWS]
    assert {row.name for row in report.rows} == set(told)


def test_a_report_of_other_settings_is_not_gone_on_with(finished: tuple[Report, Path]) -> None:
    _, folder = finished
    with pytest.raises(InvalidOptionError, match="the settings of .* differ"):
        begun_report(Settings(repeats=4), folder)
    (folder / "speed.json").write_text("{}")
    with pytest.raises(InvalidOptionError, match="is no report of this benchmark"):
        begun_report(SETTINGS, folder)
    assert begun_report(SETTINGS, folder / "new").rows == ()


def test_the_table_tells_values_targets_and_verdicts(finished: tuple[Report, Path]) -> None:
    console = Console(width=200, file=StringIO())
    console.print(reporting.terminal_table(finished[0]))
    lines = console.file.getvalue().splitlines()
    row = next(line for line in lines if "steps | fast" in line)
    cells = [cell.strip() for cell in row.split("  ") if cell.strip()]
    assert cells == ["steps | fast", "450 env-steps/s", "100 env-steps/s", "4.50x", "≥ 4x", "pass"]
    row = next(line for line in lines if "made in" in line)
    assert [cell.strip() for cell in row.split("  ") if cell.strip()] == ["made in", "60.0 s", "≤ 30 s", "falls short"]
    text = "\n".join(lines)
    assert "our side: no such backend" in text and "no CUDA GPU" in text


def test_the_chart_has_a_bar_for_each_target(finished: tuple[Report, Path]) -> None:
    report, folder = finished
    root = ElementTree.parse(folder / "speed.svg").getroot()
    names = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "steps | fast" in names and "made in" in names
    bars = list(root.iter("{http://www.w3.org/2000/svg}rect"))[1:]
    assert len(bars) == sum(figure.target is not None for row in report.rows for figure in row.figures)
    # Half of what is wanted, a bar of half the way to the line.
    mark = float(next(root.iter("{http://www.w3.org/2000/svg}line")).attrib["x1"])
    assert float(bars[1].attrib["x"]) + 2 * float(bars[1].attrib["width"]) == pytest.approx(mark, abs=0.2)


def test_a_page_gets_the_table_of_a_report(finished: tuple[Report, Path]) -> None:
    report, folder = finished
    page = folder / "page.md"
    table, profile = docs_sections(report).values()
    old = (f"{begin}\nold\n{reporting.END}" for begin in docs_sections(report))
    page.write_text("# Speed\n\n" + "\n\nmore\n\n".join(old) + "\n")
    reporting.update_docs(page, report)
    assert page.read_text() == f"# Speed\n\n{table}\n\nmore\n\n{profile}\n"
    assert "| steps \\| fast | 450 env-steps/s | 100 env-steps/s | 4.50x | ≥ 4x | pass |" in page.read_text()
    page.write_text("# Speed\n")
    with pytest.raises(InvalidOptionError, match="has no section"):
        reporting.update_docs(page, report)


def test_the_page_on_speed_says_what_was_recorded() -> None:
    # After a new recording: python -m genworld_envs.benchmark.report docs/results/speed.json docs/performance.md
    report = read_report(ROOT / "docs" / "results" / "speed.json")
    page = (ROOT / "docs" / "performance.md").read_text()
    for section in docs_sections(report).values():
        assert section in page
    assert {row.name for row in report.rows} == set(ROWS)
    assert not report.settings["quick"]


@pytest.mark.parametrize(("value", "text"), [(0.0372, "0.04"), (4.561, "4.56"), (45.61, "45.6"), (2934.4, "2934")])
def test_numbers_have_the_digits_that_they_are_worth(value: float, text: str) -> None:
    assert reporting.number(value) == text


# -------------------------------------------------------------------------------------------------------- flame graphs

STACKS = {"a:run;b:step": 1.0, "a:run;physx PhysxCpuSystem.step": 3.0, "a:run;b:step;c:<lambda>": 0.5}


def test_flame_graph_has_a_box_for_each_function_under_its_callers() -> None:
    root = ElementTree.fromstring(flame_graph(STACKS, "a & b"))
    titles = [element.text for element in root.iter("{http://www.w3.org/2000/svg}title")]
    assert "step: 100.0%" in titles and "a:run: 100.0%" in titles
    assert "physx PhysxCpuSystem.step: 66.7%" in titles
    assert "c:<lambda>: 11.1%" in titles
    assert ElementTree.fromstring(flame_graph({}, "nothing")) is not None


def test_hottest_functions_by_their_own_time() -> None:
    hottest = hottest_functions(STACKS, 2)
    assert [entry["name"] for entry in hottest] == ["physx PhysxCpuSystem.step", "b:step"]
    assert hottest[1]["share"] == pytest.approx(1.0 / 4.5)


# --------------------------------------------------------------------------------------------------------- command line


def test_a_wrong_row_is_refused_with_the_names_of_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--rows", "state_joynt"]) == 2
    assert "'state_joint'" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--repeats", "0"], ["--seconds", "-1"], ["--scenes", "nowhere"]])
def test_wrong_options_are_refused(arguments: list[str]) -> None:
    assert main(["bench", "--rows", "gpu", *arguments]) == 2


def test_the_command_ends_with_1_when_a_row_failed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("genworld_envs.benchmark.rows.ROWS", {row.name: row for row in STUB_ROWS[1:]})
    arguments = ["bench", "--quick", "--output", str(tmp_path)]
    assert main([*arguments, "--rows", "good", "slow"]) == 0, "falling short of a target is a result, not an error"
    assert main([*arguments, "--rows", "good", "defect"]) == 1
    printed = capsys.readouterr()
    assert "defect: failed (ZeroDivisionError: a defect)" in printed.err
    assert "4.50x" in printed.out


def test_a_real_row(genworld: Callable[..., Any], tmp_path: Path) -> None:
    done = genworld("bench", "--quick", "--seconds", "0.2", "--rows", "state_joint", "gpu", "--output", "bench")
    assert done.returncode == 0, done.stderr
    report = read_report(tmp_path / "bench" / "speed.json")
    by_name = {row.name: row for row in report.rows}
    assert by_name["state_joint"].verdict in ("pass", "falls short")
    assert by_name["state_joint"].series["ours"].median > by_name["state_joint"].series["peer"].median
    assert by_name["gpu"].verdict in ("pass", "falls short", "not measured")
    assert "PickCube-v1 from state" in done.stdout

"""What the benchmark measures: one function a row.

Both sides of a comparison do equal work: the same controller, kind of reward, simulation and control rates, picture size, and
random actions that were drawn beforehand. Episodes are ended after `worker.EPISODE_STEPS` steps; resets are on no side's
clock, except where they are what is measured. torch has one thread on both sides.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from genworld_envs.benchmark.flame import flame_graph, hottest_functions
from genworld_envs.benchmark.processes import SideSpec, Start, WorkerProcess, take_turns
from genworld_envs.benchmark.records import Figure, Series, times_faster

STEPS_PER_SECOND = "env-steps/s"
BATCHED = "physx_cpu_batched"
STATE_ENVS = 32
RGB_ENVS = 8
GPU_ENVS = 256
GPU_SCENES = 100
MANY_SCENES = 100
DECISION_STEPS = 4
MANISKILL = ["mani_skill.envs"]
GENWORLD = ["mani_skill.envs", "genworld_envs"]
EQUAL_RATES = {"sim_freq": 100, "control_freq": 20}
"""Those of PickCube-v1; GenWorld's own control rate is 5 Hz."""
HOTTEST = 15
"""Python functions that the profile lists."""


class NotMeasuredError(Exception):
    """A row cannot be measured on this machine; the message says why."""


@dataclass(frozen=True)
class Settings:
    """How to measure: `repeats` samples of `seconds` each, on `cores`, with GenWorld's scenes from `scenes`.

    `quick` is for trying the benchmark out: it also makes those parts short that no time bounds.
    """

    repeats: int = 5
    seconds: float = 4.0
    scenes: str = "starter"
    cores: int = 1
    quick: bool = False


@dataclass
class Bench:
    """What a row measures with."""

    settings: Settings
    start: Start = WorkerProcess
    say: Callable[[str], None] = lambda text: None

    def take_turns(
        self, sides: Mapping[str, SideSpec], unit: str
    ) -> tuple[dict[str, Series], dict[str, dict[str, Any]]]:
        return take_turns(sides, self.settings.repeats, self.settings.seconds, unit, self.start, self.say)

    def render_backend(self) -> str:
        """ManiSkill's `render_backend` on this machine; prepares the environment variables that workers inherit.

        Raises:
            MissingRequirementError: nothing can render.
        """
        from genworld_envs.rendering import resolve_render_backend

        return resolve_render_backend()


@dataclass
class Measured:
    """What a row's function found: see `records.RowResult`. `files` are written beside the report, by name."""

    figures: list[Figure]
    series: dict[str, Series] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """A row: its `name` on the command line, what it says in a table, and the function that measures it."""

    name: str
    title: str
    measure: Callable[[Bench], Measured]


def _side(what: str, side: str, imports: list[str], env_id: str, make: dict[str, Any], **options: Any) -> SideSpec:
    """A side that makes `env_id`; see `worker`."""
    return SideSpec(what, side, {"imports": imports, "env_id": env_id, "make": make, **options})


# ------------------------------------------------------------------------------------------------------ control steps


def _state_make(control_mode: str) -> dict[str, Any]:
    return {"obs_mode": "state", "control_mode": control_mode, "reward_mode": "dense", "render_backend": "none"}


def _plain_state(control_mode: str) -> dict[str, Any]:
    return {"num_envs": 1, "sim_backend": "physx_cpu", **_state_make(control_mode)}


def _batched_state(control_mode: str) -> dict[str, Any]:
    return {"num_envs": STATE_ENVS, "sim_backend": BATCHED, **_state_make(control_mode)}


def _state(bench: Bench, control_mode: str, target: float) -> Measured:
    sides = {
        "peer": _side("PickCube-v1, one environment", "steps", MANISKILL, "PickCube-v1", _plain_state(control_mode)),
        "ours": _side(
            f"PickCube-v1, batch of {STATE_ENVS}", "steps", GENWORLD, "PickCube-v1", _batched_state(control_mode)
        ),
    }
    series, _ = bench.take_turns(sides, STEPS_PER_SECOND)
    what = f"PickCube-v1 from state, {control_mode}, one process"
    return Measured([times_faster(what, ("ours", series["ours"]), ("peer", series["peer"]), target)], series)


def state_joint(bench: Bench) -> Measured:
    return _state(bench, "pd_joint_delta_pos", target=4.0)


def state_ee(bench: Bench) -> Measured:
    return _state(bench, "pd_ee_delta_pose", target=5.0)


def state_cores(bench: Bench) -> Measured:
    mode, cores = "pd_joint_delta_pos", bench.settings.cores
    sides = {
        "peer": _side(
            f"AsyncVectorEnv of {cores} PickCube-v1",
            "async_steps",
            MANISKILL,
            "PickCube-v1",
            _plain_state(mode),
            processes=cores,
        ),
        "ours": _side(
            f"{cores} processes, PickCube-v1 in batches of {STATE_ENVS}",
            "process_steps",
            GENWORLD,
            "PickCube-v1",
            _batched_state(mode),
            processes=cores,
        ),
    }
    series, _ = bench.take_turns(sides, STEPS_PER_SECOND)
    what = f"PickCube-v1 from state, {mode}, all {cores} cores"
    return Measured([times_faster(what, ("ours", series["ours"]), ("peer", series["peer"]), target=4.5)], series)


def _rgb_make(size: int) -> dict[str, Any]:
    return {
        "obs_mode": "rgb",
        "control_mode": "pd_ee_delta_pose",
        "reward_mode": "sparse",
        "sim_config": EQUAL_RATES,
        "sensor_configs": {"width": size, "height": size},
    }


def _plain_rgb(bench: Bench, size: int) -> dict[str, Any]:
    return {"num_envs": 1, "sim_backend": "physx_cpu", "render_backend": bench.render_backend(), **_rgb_make(size)}


def _ours_rgb(bench: Bench, size: int) -> dict[str, Any]:
    bench.render_backend()
    return {"num_envs": RGB_ENVS, "sim_backend": BATCHED, "scenes": bench.settings.scenes, **_rgb_make(size)}


def _one_thread(side: SideSpec) -> SideSpec:
    """The same with lavapipe on one thread; unset, it takes all cores."""
    return SideSpec(f"{side.what}, LP_NUM_THREADS=1", side.side, side.options, {"LP_NUM_THREADS": "1"})


def rgb(bench: Bench) -> Measured:
    peer = _side("PickCube-v1, one environment", "steps", MANISKILL, "PickCube-v1", _plain_rgb(bench, 128))
    sides = {
        "peer": peer,
        "peer_one_thread": _one_thread(peer),
        "ours": _side(
            f"GenWorld-PutOn-v0, batch of {RGB_ENVS}", "steps", GENWORLD, "GenWorld-PutOn-v0", _ours_rgb(bench, 128)
        ),
    }
    return _rgb_rows(bench, sides, "rgb 128 x 128, one process")


def rgb_cores(bench: Bench) -> Measured:
    cores = bench.settings.cores
    peer = _side(
        f"AsyncVectorEnv of {cores} PickCube-v1",
        "async_steps",
        MANISKILL,
        "PickCube-v1",
        _plain_rgb(bench, 128),
        processes=cores,
    )
    make = {**_ours_rgb(bench, 128), "num_envs": RGB_ENVS * cores, "workers": cores}
    what = f"gym.make_vec(GenWorld-PutOn-v0, num_envs={RGB_ENVS * cores}, workers={cores})"
    sides = {
        "peer": peer,
        "peer_one_thread": _one_thread(peer),
        "ours": _side(what, "vector_steps", GENWORLD, "GenWorld-PutOn-v0", make),
    }
    return _rgb_rows(bench, sides, f"rgb 128 x 128, all {cores} cores")


def _rgb_rows(bench: Bench, sides: dict[str, SideSpec], what: str) -> Measured:
    series, _ = bench.take_turns(sides, STEPS_PER_SECOND)
    ours = ("ours", series["ours"])
    figures = [
        times_faster(what, ours, ("peer", series["peer"]), target=6.0),
        times_faster(
            f"{what}; ManiSkill with LP_NUM_THREADS=1", ours, ("peer_one_thread", series["peer_one_thread"]), None
        ),
    ]
    return Measured(figures, series, ["our scene: 5-6 objects, table and room; theirs: one cube on a table"])


def decision(bench: Bench) -> Measured:
    """A decision of a policy: `DECISION_STEPS` control steps, then one picture."""
    make = _ours_rgb(bench, 224)
    own_rate = {name: value for name, value in make.items() if name != "sim_config"}
    what = f"step_chunk of {DECISION_STEPS}, GenWorld-PutOn-v0, batch of {RGB_ENVS}"
    steps = f"{DECISION_STEPS} steps of PickCube-v1"
    sides = {
        "peer": _side(
            f"{steps}, 224 x 224", "steps", MANISKILL, "PickCube-v1", _plain_rgb(bench, 224), decision=DECISION_STEPS
        ),
        "peer_128": _side(
            f"{steps}, 128 x 128", "steps", MANISKILL, "PickCube-v1", _plain_rgb(bench, 128), decision=DECISION_STEPS
        ),
        "ours": _side(what, "chunks", GENWORLD, "GenWorld-PutOn-v0", make, steps=DECISION_STEPS),
        "ours_5_hz": _side(
            f"{what}, control at 5 Hz", "chunks", GENWORLD, "GenWorld-PutOn-v0", own_rate, steps=DECISION_STEPS
        ),
    }
    series, _ = bench.take_turns(sides, "ms/decision")
    ours, slow = ("ours", series["ours"]), ("ours_5_hz", series["ours_5_hz"])
    peer, small = ("peer", series["peer"]), ("peer_128", series["peer_128"])
    figures = [
        times_faster("decision: 4 steps and a 224 x 224 picture", ours, peer, target=15.0),
        times_faster("decision; ManiSkill at 128 x 128", ours, small, None),
        times_faster("decision; ours at its own 5 Hz, so 4 times as much simulation", slow, peer, None),
    ]
    return Measured(figures, series)


def gpu(bench: Bench) -> Measured:
    import torch

    if not torch.cuda.is_available():
        raise NotMeasuredError("no CUDA GPU")
    common = {
        **_rgb_make(128),
        "num_envs": GPU_ENVS,
        "sim_backend": "physx_cuda",
        "render_backend": bench.render_backend(),
    }
    scenes = min(GPU_SCENES, _scene_count(bench))
    make = {**common, "scenes": bench.settings.scenes, "num_scenes": scenes}
    sides = {
        "peer": _side(f"PickCube-v1, batch of {GPU_ENVS}", "steps", MANISKILL, "PickCube-v1", common),
        "ours": _side(f"GenWorld-v0, batch of {GPU_ENVS}, {scenes} scenes", "steps", GENWORLD, "GenWorld-v0", make),
    }
    series, _ = bench.take_turns(sides, STEPS_PER_SECOND)
    what = f"rgb 128 x 128 on the GPU, {GPU_ENVS} environments"
    return Measured([times_faster(what, ("ours", series["ours"]), ("peer", series["peer"]), target=1.0)], series)


# ------------------------------------------------------------------------------------------------------------- scenes


def scene_switch(bench: Bench) -> Measured:
    batch = f"GenWorld-v0, one of a batch of {RGB_ENVS}"
    plain_state = _plain_state("pd_ee_delta_pose")
    ours_state = {**_batched_state("pd_ee_delta_pose"), "num_envs": RGB_ENVS, "scenes": bench.settings.scenes}
    sides = {
        "peer": _side(
            "PickCube-v1, reconfigure, rgb", "reconfigures", MANISKILL, "PickCube-v1", _plain_rgb(bench, 128)
        ),
        "ours": _side(f"{batch}, rgb", "switches", GENWORLD, "GenWorld-v0", _ours_rgb(bench, 128)),
        "peer_state": _side("PickCube-v1, reconfigure, state", "reconfigures", MANISKILL, "PickCube-v1", plain_state),
        "ours_state": _side(f"{batch}, state", "switches", GENWORLD, "GenWorld-v0", ours_state),
    }
    series, answers = bench.take_turns(sides, "ms/switch")
    figures = [
        times_faster(f"another scene, {mode}", (ours, series[ours]), (peer, series[peer]), target)
        for mode, ours, peer, target in (
            ("rgb 128 x 128", "ours", "peer", 5.0),
            ("state", "ours_state", "peer_state", 5.0),
        )
    ]
    for name, mode in (("ours", "rgb 128 x 128"), ("ours_state", "state")):
        for visit, key in (("never seen before", "first_visit_ms"), ("seen before", "later_visit_ms")):
            if answers[name][key] is not None:
                figures.append(Figure(what=f"... {mode}, to a scene {visit}", value=answers[name][key], unit="ms"))
    return Measured(figures, series, ["ours: medians over scenes seen for the first time and again"])


def many_scenes(bench: Bench) -> Measured:
    count = 8 if bench.settings.quick else MANY_SCENES
    bench.render_backend()
    make = {"obs_mode": "rgb", "sim_backend": BATCHED, "scenes": bench.settings.scenes}
    spec = _side(f"GenWorld-v0, {count} environments", "creation", GENWORLD, "GenWorld-v0", make, count=count)
    answers = []
    for repeat in range(min(bench.settings.repeats, 3)):
        bench.say(f"ours {repeat + 1}")
        # From nothing each time, so a process for each.
        side = bench.start(spec)
        try:
            answers.append(side.measure(0.0))
        finally:
            side.close()
    seconds = Series.of(spec.what, "s", [answer["value"] for answer in answers])
    memory = Series.of(spec.what, "GB", [answer["resident_gb"] for answer in answers])
    distinct = answers[-1]["distinct_scenes"]
    what = f"{count} environments, {distinct} different scenes, rgb"
    figures = [
        Figure(what=f"{what}: made in", value=seconds.median, unit="s", target=30.0, at_least=False, ours="ours"),
        Figure(what=f"{what}: memory", value=memory.median, unit="GB", target=4.0, at_least=False, ours="memory"),
    ]
    notes = [] if distinct == count else [f"{bench.settings.scenes!r} has only {distinct} scenes"]
    return Measured(figures, {"ours": seconds, "memory": memory}, notes, {"runs": answers})


def reset_memory(bench: Bench) -> Measured:
    resets = 12 if bench.settings.quick else 1000
    bench.render_backend()
    one = {"num_envs": 1, "sim_backend": "physx_cpu", "obs_mode": "state", "scenes": bench.settings.scenes}
    many = {"num_envs": RGB_ENVS, "sim_backend": BATCHED, "obs_mode": "rgb", "scenes": bench.settings.scenes}
    figures, series, details = [], {}, {}
    for name, what, make in (
        ("one", "one environment, state", one),
        ("batch", f"a batch of {RGB_ENVS}, rgb, one of it at a time", many),
    ):
        bench.say(what)
        side = bench.start(_side(what, "reset_memory", GENWORLD, "GenWorld-v0", make, resets=resets))
        try:
            answer = side.measure(0.0)
        finally:
            side.close()
        series[name] = Series.of(what, "B/reset", [answer["value"]])
        details[name] = answer
        text = f"memory growth over {resets} changes of the scene; {what}"
        figures.append(Figure(what=text, value=answer["value"], unit="B/reset", at_least=False, ours=name))
    return Measured(figures, series, ["the slope over the second half"], details)


def standard_env(bench: Bench) -> Measured:
    bench.render_backend()
    modes = {"state": "state", "rgb": "rgb", "textures": "rgb+depth+segmentation"}
    sides = {
        name: _side(
            f"GenWorld-v0, {mode}",
            "standard_env",
            GENWORLD,
            "GenWorld-v0",
            {"obs_mode": mode, "scenes": bench.settings.scenes},
        )
        for name, mode in modes.items()
    }
    series, answers = bench.take_turns(sides, STEPS_PER_SECOND)
    figures = []
    for name, mode in modes.items():
        what = f"gym.make(GenWorld-v0), defaults, {mode}"
        figures += [
            Figure(what=f"{what}: control", value=series[name].median, unit=STEPS_PER_SECOND, ours=name),
            Figure(what=f"{what}: reset", value=answers[name]["reset_s"], unit="s", at_least=False),
            Figure(
                what=f"{what}: first observation", value=answers[name]["first_observation_s"], unit="s", at_least=False
            ),
        ]
    return Measured(figures, series)


# ------------------------------------------------------------------------------------------------------------ profile


def native_share(bench: Bench) -> Measured:
    ours_state = {**_batched_state("pd_ee_delta_pose"), "scenes": bench.settings.scenes}
    sides = {
        "pick_cube_state": _side(
            f"PickCube-v1 from state, batch of {STATE_ENVS}",
            "shares",
            GENWORLD,
            "PickCube-v1",
            _batched_state("pd_joint_delta_pos"),
        ),
        "genworld_state": _side(
            f"GenWorld-v0 from state, batch of {STATE_ENVS}", "shares", GENWORLD, "GenWorld-v0", ours_state
        ),
        "genworld_rgb": _side(
            f"GenWorld-PutOn-v0, rgb 128 x 128, batch of {RGB_ENVS}",
            "shares",
            GENWORLD,
            "GenWorld-PutOn-v0",
            _ours_rgb(bench, 128),
        ),
    }
    series, answers = bench.take_turns(sides, "of the step")
    figures, details, files = [], {}, {}
    for name, spec in sides.items():
        answer = answers[name]
        stacks: dict[str, float] = answer.pop("stacks")
        what = f"share of PhysX and Vulkan in a step; {spec.what}"
        samples = tuple(100 * sample for sample in series[name].samples)
        figures.append(
            Figure(what=what, value=100 * series[name].median, unit="%", target=60.0, ours=name, samples=samples)
        )
        details[name] = {**answer, "hottest": hottest_functions(stacks, HOTTEST)}
        files[f"profile_{name}.svg"] = flame_graph(stacks, title=spec.what)
        # The form that speedscope and flamegraph.pl read.
        folded = (f"{stack} {round(seconds * 1e6)}" for stack, seconds in sorted(stacks.items()))
        files[f"profile_{name}.folded"] = "\n".join(folded) + "\n"
    return Measured(figures, series, [], details, files)


def _scene_count(bench: Bench) -> int:
    from scene_hub.dataset import SceneDataset

    return len(SceneDataset.open(bench.settings.scenes).scenes())


ROWS = {
    row.name: row
    for row in (
        Row("state_joint", "control steps from state, joint control", state_joint),
        Row("state_ee", "control steps from state, end-effector control", state_ee),
        Row("state_cores", "control steps from state, all cores", state_cores),
        Row("rgb", "control steps with pictures", rgb),
        Row("rgb_cores", "control steps with pictures, all cores", rgb_cores),
        Row("decision", "decisions of a policy", decision),
        Row("scene_switch", "change of the scene", scene_switch),
        Row("many_scenes", "many scenes at once", many_scenes),
        Row("native_share", "what a step consists of", native_share),
        Row("gpu", "on a GPU", gpu),
        Row("reset_memory", "memory over resets", reset_memory),
        Row("standard_env", "the standard environment alone", standard_env),
    )
}
"""All rows by name, in the order in which they are measured and shown."""

"""`genworld eval`: success rates of a policy over scenes."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genworld_envs.evaluation import EpisodeResult, EpisodeSpec, EvalConfig, PartialFile


@dataclass
class EvalCommand:
    """Run a policy on scenes and print its success table.

    The result depends on neither the order of episodes nor the number of workers. With --json an interrupted run goes
    on where it was when the same command is given again.
    """

    policy: str = "expert"
    """What acts: expert, random or zero."""

    scenes: str = "starter"
    """Where the scenes come from: "starter" (bundled), a dataset folder, or hf://datasets/ORG/NAME@REVISION."""

    split: str | None = None
    """Only this split: train, test_distractors or test_ood."""

    task: str | None = None
    """Only this task family: put_on, put_in, stack or pick."""

    scene_ids: tuple[str, ...] = ()
    """Only these scenes."""

    max_scenes: int | None = None
    """Only so many scenes, the first by id."""

    episodes: int = 5
    """Episodes for each scene."""

    seed: int = 0
    """Seed of the evaluation; each episode's own is a hash of it, the scene and the episode's number."""

    robot: str = "panda"
    """Which robot: panda, so100 or widowx250s."""

    randomization: str = "paper"
    """Domain randomization: none, paper or strong."""

    control_mode: str | None = None
    """Action space; by default the robot's own."""

    workers: int | None = None
    """Processes; by default as many as there are cores, at most 8."""

    json: Path | None = None
    """Write the report here."""

    videos: Path | None = None
    """Record episodes into this folder."""

    videos_of: Literal["all", "failures"] = "all"
    """Which recordings to keep."""

    def run(self) -> int:
        from genworld_envs.cli.progress import download_progress
        from genworld_envs.evaluation import EvalConfig, PartialFile, make_report, make_specs, write_json
        from genworld_envs.evaluation.report import console, scene_table, summary_table
        from scene_hub.dataset import SceneDataset
        from scene_hub.pool import default_workers

        config = EvalConfig(
            policy=self.policy,
            randomization=self.randomization,
            control_mode=self.control_mode,
            videos=None if self.videos is None else str(self.videos),
            videos_of=self.videos_of,
        )
        dataset = SceneDataset.open(self.scenes)
        specs = make_specs(
            dataset,
            source=dataset.source,
            split=self.split,
            task=self.task,
            scene_ids=self.scene_ids,
            max_scenes=self.max_scenes,
            episodes=self.episodes,
            seed=self.seed,
            robot=self.robot,
        )
        with download_progress("fetching scenes") as progress:
            dataset.download(
                [dataset.scene(name) for name in {spec.scene_id: None for spec in specs}], progress=progress
            )
        workers = default_workers(len(specs)) if self.workers is None else self.workers
        partial_file = None if self.json is None else PartialFile(self.json, config)
        out = console()
        start = time.perf_counter()
        results = evaluate_with_progress(specs, config, workers, partial_file)
        wall_seconds = time.perf_counter() - start
        pairs = list(zip(specs, results, strict=True))
        report = make_report(pairs, config, seed=self.seed, workers=workers, wall_seconds=wall_seconds)
        out.print(scene_table(report))
        out.print(summary_table(report))
        out.print(f"{len(specs)} episodes in {wall_seconds:.0f} s with {workers} worker{'s' * (workers > 1)}")
        if self.json is not None:
            write_json(self.json, report)
            out.print(f"report: {self.json}", soft_wrap=True)
        if partial_file is not None:
            partial_file.remove()
        return 0


def evaluate_with_progress(
    specs: "Sequence[EpisodeSpec]", config: "EvalConfig", workers: int, partial_file: "PartialFile | None" = None
) -> "list[EpisodeResult]":
    """`evaluate` with a progress bar that shows successes so far; on standard error, where a pipe leaves it alone."""
    from genworld_envs.cli.progress import counting_bars
    from genworld_envs.evaluation import evaluate

    with counting_bars(remaining=True) as progress:
        task = progress.add_task("episodes", total=len(specs))
        counts = {"done": 0, "successes": 0}

        def show(spec: "EpisodeSpec", result: "EpisodeResult") -> None:
            counts["done"] += 1
            counts["successes"] += result.success
            progress.update(task, advance=1, description=f"success {counts['successes']}/{counts['done']}")

        return evaluate(specs, config, workers=workers, partial_file=partial_file, on_result=show)

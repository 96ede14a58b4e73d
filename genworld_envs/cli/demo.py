"""`genworld demo`: the expert acts in starter scenes; writes a web page with videos."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from genworld_envs.evaluation.demo import DemoOptions


@dataclass
class DemoCommand:
    """Let the scripted expert carry out instructions in a choice of scenes, and write a web page with the videos."""

    output: Path = Path("outputs/demo")
    """Folder of the page; an earlier demo there is replaced."""

    scenes: str = "starter"
    """Where the scenes come from: "starter" (bundled), a dataset folder, or hf://datasets/ORG/NAME@REVISION."""

    scene_count: int = 8
    """How many scenes to act in; every task family and split comes first."""

    robot: str = "panda"
    """Which robot: panda, so100 or widowx250s."""

    seed: int = 0
    """Seed of the episodes."""

    workers: int | None = None
    """Processes; by default as many as there are cores, at most 8."""

    sheet: bool = True
    """Also render every scene of the dataset, as a contact sheet."""

    def run(self) -> int:
        from genworld_envs.evaluation.demo import DemoOptions, next_command
        from genworld_envs.evaluation.report import console, episode_table
        from scene_hub.pool import default_workers

        options = DemoOptions(
            scenes=self.scenes,
            scene_count=self.scene_count,
            robot=self.robot,
            seed=self.seed,
            workers=default_workers(self.scene_count) if self.workers is None else self.workers,
            sheet=self.sheet,
        )
        start = time.perf_counter()
        report = self._run_with_progress(options)
        out = console()
        out.print(episode_table(report))
        overall = report["overall"]
        out.print(
            f"{overall['success_count']} of {overall['episodes']} instructions carried out, "
            f"{time.perf_counter() - start:.0f} s. Open {self.output / 'index.html'} in a browser.",
            soft_wrap=True,
        )
        out.print(f"Next, try: [bold]{next_command()}[/]", soft_wrap=True, highlight=False)
        return 0

    def _run_with_progress(self, options: "DemoOptions") -> dict[str, Any]:
        from genworld_envs.cli.progress import counting_bars
        from genworld_envs.evaluation.demo import run_demo

        with counting_bars() as progress:
            task = progress.add_task("simulating and rendering", total=None)
            return run_demo(
                self.output, options, lambda done, total: progress.update(task, completed=done, total=total)
            )

"""`genworld scenes build`: a dataset of checked scenes, from a recipe or from sentences."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

if TYPE_CHECKING:
    from scene_hub.build import Recipe
    from scene_hub.build.scene import SceneSettings
    from scene_hub.design.designer import Designer
    from scene_hub.generate.bundle import Generator
    from scene_hub.schema import TaskFamily

MAX_SENTENCES = 100_000


@dataclass
class ScenesBuildCommand:
    """Build a dataset of scenes: design, generate, compose, check; again with new draws where a check fails.

    What is built: sentences given here or with --task-file, a --recipe, a --theme (designer llm), or --count scenes with
    invented tasks. Stopped at any moment, the same command goes on where it was. Ends with pass rates of all checks, which are
    also in report.json of the dataset.
    """

    sentences: Annotated[tuple[str, ...], tyro.conf.Positional] = ()
    """Instructions, one scene each: "put the red mug on the tray"."""

    out: Path = Path("outputs/scenes")
    """The dataset folder to make."""

    recipe: str | None = None
    """A recipe: paper (100 train, 50 test_distractors, 50 test_ood scenes) or starter (what is bundled)."""

    task_file: Path | None = None
    """A text file with one instruction a line."""

    theme: str | None = None
    """Let the llm designer invent --count tasks about this: "a repair bench"."""

    task: str | None = None
    """Only tasks of this family: put-on, put-in, stack or pick."""

    count: int | None = None
    """How many scenes."""

    split: str = "train"
    """The split of scenes that are not from a recipe: train, test_distractors or test_ood."""

    seed: int = 0
    """Seed of the build: the same seed gives the same dataset."""

    workers: int | None = None
    """Processes; by default as many as there are cores."""

    ray: bool = False
    """Build on a Ray cluster instead (extra `distributed`)."""

    ray_address: str | None = None
    """Where the cluster is; by default RAY_ADDRESS, or one that is started on this machine."""

    designer: str = "grammar"
    """Makes scene graphs of sentences: grammar (offline), llm, or a plug-in."""

    model: str | None = None
    """The model of the llm designer."""

    base_url: str | None = None
    """An OpenAI-compatible endpoint for the llm designer; without it, Hugging Face's."""

    generator: tuple[str, ...] = ("procedural",)
    """Make the things: procedural, embodiedgen, or plug-ins; the first that knows a category makes it."""

    generator_options: dict[str, str] = field(default_factory=dict)
    """Options of the generators, as name value pairs: --generator-options folder assets fit true"""

    checks: tuple[str, ...] | None = field(default=None)
    """Run only these of the checks that need an environment (visible, expert); by default all."""

    overwrite: bool = False
    """Replace a dataset that is there."""

    def run(self) -> int:
        from scene_hub.build import BuildOptions, build_dataset
        from scene_hub.build.builder import partial_folder
        from scene_hub.build.journal import Journal
        from scene_hub.pool import available_cores

        settings = self._settings()
        out = self.out.expanduser().absolute()
        request = self._request()
        journal = Journal(partial_folder(out))
        start = time.perf_counter()
        # A build that goes on keeps its plan: inventing tasks again takes time, and with a language model comes out otherwise.
        recipe = journal.recipe() if journal.request() == request else self._plan(settings)
        workers = max(1, min(available_cores(), len(recipe.jobs))) if self.workers is None else self.workers
        options = BuildOptions(settings, workers, self.ray, self.ray_address, self.overwrite, request)
        with _progress(len(recipe.jobs)) as show:
            result = build_dataset(recipe, out, options, on_scene=show)
        print_report(result.report, result.dataset, result.resumed, time.perf_counter() - start)
        return 0 if not result.report["rejected"] else 1

    def _settings(self) -> "SceneSettings":
        from scene_hub.build.scene import SceneSettings
        from scene_hub.errors import InvalidOptionError

        if self.seed < 0:
            raise InvalidOptionError(f"--seed is {self.seed}: give a number from 0 on")
        if self.count is not None and self.count < 1:
            raise InvalidOptionError(f"--count is {self.count}: give at least 1")
        designer_options = {name: value for name in ("model", "base_url") if (value := getattr(self, name)) is not None}
        return SceneSettings(
            seed=self.seed,
            designer=self.designer,
            designer_options=designer_options,
            generators=self.generator,
            generator_options={name.replace("-", "_"): _value(text) for name, text in self.generator_options.items()},
            checks=self.checks,
        )

    def _request(self) -> str:
        """What was asked for, in one text: a build under way goes on only for the same."""
        import json

        names = ("recipe", "theme", "task", "count", "split", "seed", "designer", "model", "base_url")
        asked: dict[str, Any] = {name: getattr(self, name) for name in names}
        asked |= {"generator": self.generator, "options": self.generator_options, "sentences": self._sentences()}
        return json.dumps(asked, sort_keys=True, ensure_ascii=False)

    def _sentences(self) -> tuple[str, ...]:
        """The sentences of the command line and of the task file."""
        from genworld_envs.cli.scenes_design import read_instructions
        from scene_hub.errors import InvalidOptionError

        found = list(self.sentences)
        if self.task_file is not None:
            found += read_instructions(str(self.task_file.expanduser()), option="--task-file")
        if len(found) > MAX_SENTENCES:
            raise InvalidOptionError(f"{len(found)} instructions, at most {MAX_SENTENCES} are built at once")
        return tuple(found)

    def _plan(self, settings: "SceneSettings") -> "Recipe":
        from scene_hub.build.recipes import plan_recipe, sentence_recipe, task_recipe
        from scene_hub.design import find_designer
        from scene_hub.errors import InvalidOptionError
        from scene_hub.generate import find_generator
        from scene_hub.schema import SPLITS

        if self.split not in SPLITS:
            raise InvalidOptionError.unknown("split", self.split, SPLITS)
        sentences, family = self._sentences(), self._family()
        asked = {"--recipe": self.recipe, "--theme": self.theme, "sentences or --task-file": sentences or None}
        given = [name for name, value in asked.items() if value is not None]
        if len(given) > 1:
            raise InvalidOptionError(f"{' and '.join(given)} exclude each other; give one")
        generator = find_generator(settings.generators, **settings.generator_options)
        designer = find_designer(settings.designer, generator.vocabulary(), **settings.designer_options)
        if sentences:
            self._check_sentences(sentences, designer, generator)
            return sentence_recipe(sentences, self.seed, self.count, self.split)
        if self.theme is not None:
            return sentence_recipe(self._invented(designer), self.seed, self.count, self.split)
        if self.recipe is not None:
            if family is not None or self.count is not None:
                raise InvalidOptionError("--recipe says itself which tasks and how many; leave --task and --count out")
            return plan_recipe(self.recipe, generator, designer, self.seed)
        if self.count is None:
            raise InvalidOptionError(
                "nothing to build: give instructions, --task-file, --recipe (paper, starter), --theme, or --count with or "
                "without --task"
            )
        return task_recipe(generator, designer, self.seed, self.count, family, self.split)

    def _check_sentences(self, sentences: tuple[str, ...], designer: "Designer", generator: "Generator") -> None:
        """Refuse sentences that cannot be designed before anything is built; the offline designer answers at once."""
        from scene_hub.design.designer import DesignRequest
        from scene_hub.errors import InstructionError

        if self.designer != "grammar":
            return
        problems = []
        for sentence in dict.fromkeys(sentences):
            try:
                designer.design(DesignRequest(sentence, self.seed))
            except InstructionError as error:
                problems.append(f"{sentence[:80]!r}: {error}")
        if problems:
            more = f" (and {len(problems) - 3} more)" if len(problems) > 3 else ""
            raise InstructionError("; ".join(problems[:3]) + more)

    def _invented(self, designer: "Designer") -> tuple[str, ...]:
        from scene_hub.errors import InvalidOptionError

        invent = getattr(designer, "invent", None)
        if invent is None:
            raise InvalidOptionError(
                f"the designer {self.designer!r} does not invent tasks for a --theme; use --designer llm, or --count alone"
            )
        return invent(self.theme, self.count or 10, self.seed)

    def _family(self) -> "TaskFamily | None":
        from scene_hub.errors import InvalidOptionError
        from scene_hub.schema import TASK_FAMILIES

        if self.task is None:
            return None
        name = self.task.replace("-", "_")
        for family in TASK_FAMILIES:
            if family == name:
                return family
        raise InvalidOptionError.unknown("task", self.task, TASK_FAMILIES)


def _value(text: str) -> Any:
    """An option's value: true, false and numbers as what they are, everything else as text."""
    import json

    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, bool | int | float) else text


@contextmanager
def _progress(total: int) -> Iterator[Any]:
    """A progress bar on standard error that says how many scenes were accepted, in how many attempts."""
    from genworld_envs.cli.progress import counting_bars

    with counting_bars(remaining=True) as progress:
        task = progress.add_task("scenes", total=total)
        counts = {"accepted": 0, "attempts": 0}

        def show(job: Any, built: Any) -> None:
            counts["accepted"] += built.scene is not None
            counts["attempts"] += len(built.attempts)
            text = f"accepted {counts['accepted']} in {counts['attempts']} attempts"
            progress.update(task, advance=1, description=text)

        yield show


def print_report(report: dict[str, Any], dataset: Any, resumed: int, seconds: float) -> None:
    """The pass rates of a build as tables, beside the paper's."""
    from rich.console import Console
    from rich.table import Table

    from scene_hub.build.statistics import COUNTERPARTS

    console = Console(highlight=False, soft_wrap=True)
    checks = Table(title="checks", title_justify="left", header_style="bold")
    for column, justify in (
        ("check", "left"),
        ("ran", "right"),
        ("passed", "right"),
        ("rate", "right"),
        ("paper", "right"),
    ):
        checks.add_column(column, justify=justify)  # type: ignore[arg-type]
    for name, row in report["checks"].items():
        paper = f"{COUNTERPARTS[name][1]:.1%} {COUNTERPARTS[name][0].replace('_', ' ')}" if name in COUNTERPARTS else ""
        checks.add_row(name, str(row["ran"]), str(row["passed"]), f"{row['rate']:.1%}", paper)
    console.print(checks)
    figures = Table(title="build", title_justify="left", header_style="bold")
    for column in ("figure", "here", "paper"):
        figures.add_column(column, justify="left" if column == "figure" else "right")
    paper, scenes = report["paper"], report["scenes"]
    figures.add_row("scenes accepted", f"{scenes['accepted']} of {scenes['asked']}", "")
    figures.add_row("acceptance after retries", f"{report['acceptance']:.1%}", "")
    figures.add_row(
        "acceptance at the first try", f"{report['first_try_acceptance']:.1%}", f"{paper['usable_scenes']:.0%}"
    )
    figures.add_row("attempts a scene", f"{report['attempts_per_scene']:.2f}", "")
    figures.add_row("attempts an asset", f"{report['attempts_per_asset']:.2f}", f"{paper['attempts_per_asset']:.2f}")
    for split, row in report["splits"].items():
        known = split == "train"
        figures.add_row(f"{split}: distinct assets", str(row["assets"]), str(paper["train_assets"]) if known else "")
        figures.add_row(
            f"{split}: interactive objects a scene",
            f"{row['interactive_objects_per_scene']:.2f}",
            str(paper["interactive_objects_per_scene"]) if known else "",
        )
    minutes = seconds / 60 / max(1, scenes["asked"] - resumed)
    figures.add_row("minutes a scene", f"{minutes:.2f}", str(paper["minutes_per_scene"]))
    console.print(figures)
    asked = report["language_model"]
    if asked["requests"]:
        tokens = f"{asked['prompt_tokens']} prompt and {asked['completion_tokens']} completion tokens"
        console.print(f"language model: {asked['requests']} requests, {tokens}")
    for job_id, row in report["rejected"].items():
        console.print(f"rejected {job_id} after {row['attempts']} attempts: {row['problem']}", markup=False)
    if dataset is not None:
        counts = f"{len(dataset)} scenes, {len(dataset.asset_ids)} assets"
        console.print(f"{dataset.folder}: {counts}, {seconds:.0f} s", markup=False)

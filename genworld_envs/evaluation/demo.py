"""The demo: the expert in a choice of scenes, each recorded, and a web page that shows them."""

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np

from genworld_envs.evaluation.contact_sheet import Tile, contact_sheet, shrink
from genworld_envs.evaluation.metrics import EpisodeResult
from genworld_envs.evaluation.page import Card, ContactSheet, demo_page
from genworld_envs.evaluation.report import make_report, write_json
from genworld_envs.evaluation.runner import EpisodeRunner, EvalConfig, EvaluationFailedError, make_env
from genworld_envs.evaluation.specs import EpisodeSpec, make_specs
from genworld_envs.evaluation.video import write_image, write_text
from genworld_envs.program import genworld_command
from genworld_envs.rendering import resolve_render_backend
from scene_hub.dataset import SceneDataset
from scene_hub.errors import InvalidOptionError
from scene_hub.pool import Failure, run_jobs
from scene_hub.schema import SPLITS, TASK_FAMILIES, Scene

MEDIA = "media"
NEXT_ARGUMENTS = "eval --policy expert --scenes starter --episodes 5 --json outputs/eval.json"
LIGHTS_AS_DESIGNED = {"preset": "paper", "ambient_light": None}
"""The paper's randomization in the scene's own light: drawn ambient light often makes a dim picture."""

EPILOGUE_STEPS = 5
"""One second in which the gripper leaves, so that one sees what it did."""


@dataclass(frozen=True)
class DemoOptions:
    """What the demo shows. `scene_count` episodes, one a scene; `sheet` also renders every scene at reset."""

    scenes: str = "starter"
    scene_count: int = 8
    robot: str = "panda"
    seed: int = 0
    workers: int = 1
    sheet: bool = True


@dataclass(frozen=True)
class Snapshot:
    """A job: the scene of `spec` at reset, as its designer placed it."""

    spec: EpisodeSpec


@dataclass
class DemoWorker:
    """Runs episodes and takes snapshots; one environment for each kind, made when first needed."""

    config: EvalConfig
    _episodes: EpisodeRunner | None = field(default=None, init=False)
    _stills: gym.Env | None = field(default=None, init=False)

    def __call__(self, job: EpisodeSpec | Snapshot) -> EpisodeResult | np.ndarray:
        if isinstance(job, EpisodeSpec):
            self._episodes = self._episodes or EpisodeRunner(self.config)
            return self._episodes(job)
        if self._stills is None:
            options = {**self.config.env_kwargs, "randomization": "none"}
            self._stills = make_env(self.config.model_copy(update={"env_kwargs": options}), job.spec)
        self._stills.reset(seed=job.spec.seed, options={"scene_id": job.spec.scene_id})
        return shrink(np.asarray(self._stills.render(), dtype=np.uint8))

    def close(self) -> None:
        if self._episodes is not None:
            self._episodes.close()
        if self._stills is not None:
            self._stills.close()
        self._episodes = self._stills = None


def next_command() -> str:
    """What to try after the demo, as this installation is called."""
    return f"{genworld_command()} {NEXT_ARGUMENTS}"


def choose_scenes(scenes: Sequence[Scene], count: int) -> list[Scene]:
    """`count` scenes that show as much as possible: every task family and every split first, then variety.

    Raises:
        InvalidOptionError: `count` is less than 1 or more than there are scenes.
    """
    if not 1 <= count <= len(scenes):
        raise InvalidOptionError(f"{count} scenes asked for; give a number from 1 to {len(scenes)}, what there is")
    left, chosen = sorted(scenes, key=lambda scene: scene.id), []
    while len(chosen) < count:
        seen = Counter(fact for scene in chosen for fact in _facts(scene))
        best = max(left, key=lambda scene: sum(worth / (1 + seen[fact]) ** 2 for fact, worth in _facts(scene).items()))
        left.remove(best)
        chosen.append(best)
    return sorted(chosen, key=lambda scene: (SPLITS.index(scene.split), TASK_FAMILIES.index(scene.task), scene.id))


def _facts(scene: Scene) -> dict[tuple[str, str], float]:
    """What a scene shows, and what that is worth the first time; the second time it is a quarter."""
    return {
        ("task", scene.task): 100,
        ("split", scene.split): 100,
        ("background", scene.background.asset): 10,
        ("table", scene.context.asset): 10,
        ("object", scene.object.asset): 5,
        **({("receptacle", scene.receptacle.asset): 5} if scene.receptacle else {}),
    }


def run_demo(
    output: Path, options: DemoOptions, on_progress: Callable[[int, int], None] = lambda done, total: None
) -> dict[str, Any]:
    """Run the demo and write its page to `output`/index.html; returns the evaluation report.

    `output` keeps the previous demo until the new one is complete.
    """
    dataset = SceneDataset.open(options.scenes)
    every = dataset.scenes()
    shown = [scene.id for scene in choose_scenes(every, options.scene_count)]
    common = {"source": dataset.source, "episodes": 1, "seed": options.seed, "robot": options.robot}
    by_scene = {spec.scene_id: spec for spec in make_specs(dataset, **common)}
    specs = [by_scene[scene_id].model_copy(update={"index": index}) for index, scene_id in enumerate(shown)]
    snapshots = [Snapshot(spec) for spec in by_scene.values()] if options.sheet else []
    resolve_render_backend()  # here first: workers inherit the choice, and it is spoken of once
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=output) as folder:
        new = Path(folder)
        config = EvalConfig(
            env_kwargs={"randomization": LIGHTS_AS_DESIGNED},
            videos=str(new / MEDIA),
            poster=True,
            epilogue_steps=EPILOGUE_STEPS,
        )
        start = time.perf_counter()
        outcomes = _run([*specs, *snapshots], config, options.workers, on_progress)
        wall_seconds = time.perf_counter() - start
        results: list[EpisodeResult] = outcomes[: len(specs)]
        pairs = list(zip(specs, results, strict=True))
        public = config.model_copy(update={"videos": MEDIA})
        report = make_report(pairs, public, seed=options.seed, workers=options.workers, wall_seconds=wall_seconds)
        write_json(new / "results.json", report)
        tiles = [_tile(job.spec, image) for job, image in zip(snapshots, outcomes[len(specs) :], strict=True)]
        sheet = _write_sheet(new, tiles) if tiles else None
        cards = [_make_card(dataset, spec, result) for spec, result in pairs]
        write_text(new / "index.html", demo_page(cards, sheet, next_command()))
        _replace(output, new)
    return report


def _run(
    jobs: list[EpisodeSpec | Snapshot], config: EvalConfig, workers: int, on_progress: Callable[[int, int], None]
) -> list[Any]:
    outcomes: dict[int, Any] = {}
    for index, outcome in run_jobs(partial(DemoWorker, config), jobs, workers, group=_group):
        if isinstance(outcome, Failure):
            job = jobs[index]
            spec = job if isinstance(job, EpisodeSpec) else job.spec
            raise EvaluationFailedError(f"scene {spec.scene_id} failed twice: {outcome.message}")
        outcomes[index] = outcome
        on_progress(len(outcomes), len(jobs))
    return [outcomes[index] for index in range(len(jobs))]


def _group(job: EpisodeSpec | Snapshot) -> str:
    return job.scene_id if isinstance(job, EpisodeSpec) else f"still {job.spec.scene_id}"


def _tile(spec: EpisodeSpec, image: np.ndarray) -> Tile:
    return Tile(image, spec.scene_id, spec.split, spec.task, spec.instruction)


def _write_sheet(folder: Path, tiles: list[Tile]) -> ContactSheet:
    tiles.sort(key=lambda tile: (SPLITS.index(tile.split), tile.scene_id))  # type: ignore[arg-type]
    picture = contact_sheet(tiles)
    write_image(folder / "contact_sheet.jpg", picture)
    return ContactSheet("contact_sheet.jpg", len(tiles), picture.size)


def _make_card(dataset: SceneDataset, spec: EpisodeSpec, result: EpisodeResult) -> Card:
    assert result.video is not None
    scene = dataset.scene(spec.scene_id)
    distractors = [dataset.asset(placement.asset).name for placement in scene.distractors]
    video = f"{MEDIA}/{result.video}"
    return Card(spec, result, video, str(Path(video).with_suffix(".jpg")), distractors)


def _replace(output: Path, new: Path) -> None:
    """Move the files of `new` into `output`, the page last, then drop recordings of an earlier demo."""
    files = sorted(path.relative_to(new) for path in new.rglob("*") if path.is_file())
    for file in sorted(files, key=lambda file: file.name == "index.html"):
        (output / file).parent.mkdir(exist_ok=True)
        (new / file).replace(output / file)
    for old in (output / MEDIA).glob("*-e00-*"):
        if old.relative_to(output) not in files and old.suffix in (".mp4", ".jpg"):
            old.unlink()

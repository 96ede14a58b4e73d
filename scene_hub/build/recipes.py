"""What can be built by name, and the recipes that users make of their own sentences."""

import re
from collections.abc import Callable, Sequence

import numpy as np

from scene_hub.build.job import Recipe, SceneJob, derived_seed
from scene_hub.build.tasks import TaskInventor, families_in_turn
from scene_hub.design.designer import Designer
from scene_hub.errors import InvalidOptionError
from scene_hub.generate.bundle import CategoryInfo, Generator
from scene_hub.schema import Split, TaskFamily

PAPER_SCENES: dict[Split, int] = {"train": 100, "test_distractors": 50, "test_ood": 50}
HELD_OUT = 4
"""Of so many categories, one is kept for test_ood."""
LOOK_ALIKES_IN_TRAIN = 0.3


def held_out(vocabulary: Sequence[CategoryInfo]) -> frozenset[str]:
    """The categories that are for test_ood alone: a quarter of each kind and role, chosen by a hash of the name."""
    groups: dict[str, list[str]] = {}
    for info in vocabulary:
        role = next((role for role in ("container", "surface", "stackable") if role in info.roles), "object")
        groups.setdefault(role if info.kind == "object" else info.kind, []).append(info.name)
    chosen: list[str] = []
    for names in groups.values():
        names.sort(key=lambda name: derived_seed("held out", name))
        chosen += names[: -(-len(names) // HELD_OUT)]
    return frozenset(chosen)


def paper_recipe(generator: Generator, designer: Designer, seed: int) -> Recipe:
    """The dataset of arXiv 2603.18532 in size and form: 100 train, 50 test_distractors and 50 test_ood scenes."""
    vocabulary = generator.vocabulary()
    unseen = held_out(vocabulary)
    known = frozenset(info.name for info in vocabulary) - unseen
    jobs: list[SceneJob] = []
    samples: dict = {}
    for split, count in PAPER_SCENES.items():
        among = unseen if split == "test_ood" else known
        inventor = TaskInventor(
            generator,
            designer,
            np.random.default_rng(derived_seed(seed, "tasks", split)),
            among,
            look_alikes=split == "test_distractors",
            samples=samples,
        )
        _check_backgrounds(vocabulary, among, split)
        jobs += _invented_jobs(inventor, split, count, None, among)
    return Recipe(
        name="paper",
        title="GenWorld paper scenes",
        description=(
            "Tabletop scenes with language instructions for robot manipulation, in the size and form of those of "
            f"arXiv 2603.18532, made by genworld-envs with `genworld scenes build --recipe paper --seed {seed}`.\n\n"
            "`train`: what policies learn on. `test_distractors`: known categories, new instances, and distractors of the "
            "object's class in other colours. `test_ood`: categories, instances, tables and rooms that `train` has not."
        ),
        jobs=tuple(jobs),
    )


def starter_recipe(generator: Generator, designer: Designer, seed: int) -> Recipe:
    """The dataset that is bundled with the package, from the list in `scene_hub.starter_scenes`."""
    from scene_hub.starter_scenes import SCENES, scene_graph

    return Recipe(
        name="starter",
        title="GenWorld starter scenes",
        description=(
            "Tabletop scenes with language instructions for robot manipulation, made by the procedural generator of "
            'genworld-envs. They come with the package: `scenes="starter"`.\n\n'
            "`train`: what policies learn on. `test_distractors`: known categories, new instances, and distractors of the "
            "object's class in other colours. `test_ood`: categories, instances, tables and rooms that `train` has not."
        ),
        jobs=tuple(
            SceneJob(
                id=spec.id,
                split=spec.split,
                instruction=spec.instruction,
                graph=scene_graph(spec),
                backgrounds=spec.split,
            )
            for spec in SCENES
        ),
    )


RECIPES: dict[str, Callable[[Generator, Designer, int], Recipe]] = {"paper": paper_recipe, "starter": starter_recipe}


def plan_recipe(name: str, generator: Generator, designer: Designer, seed: int) -> Recipe:
    """The recipe called `name`; InvalidOptionError for one that there is not."""
    if name not in RECIPES:
        raise InvalidOptionError.unknown("recipe", name, RECIPES)
    return RECIPES[name](generator, designer, seed)


def task_recipe(
    generator: Generator, designer: Designer, seed: int, count: int, family: TaskFamily | None, split: Split
) -> Recipe:
    """`count` scenes with tasks that are invented for what `generator` can make; of one `family`, or of several."""
    inventor = TaskInventor(generator, designer, np.random.default_rng(derived_seed(seed, "tasks", split)))
    jobs = _invented_jobs(inventor, split, count, family, None)
    what = "" if family is None else f" {family.replace('_', ' ')}"
    return _own_recipe("tasks", f"{count}{what} scenes with invented tasks", jobs)


def sentence_recipe(sentences: Sequence[str], seed: int, count: int | None, split: Split) -> Recipe:
    """Scenes for `sentences`, in turn until there are `count` (None: one each)."""
    rng = np.random.default_rng(derived_seed(seed, "sentences", split))
    jobs = []
    for index in range(len(sentences) if count is None else count):
        sentence = sentences[index % len(sentences)]
        jobs.append(_job(index, split, sentence, int(rng.integers(3, 5)), 1, None))
    return _own_recipe("sentences", f"{len(jobs)} scenes for {len(sentences)} instructions", jobs)


def _invented_jobs(
    inventor: TaskInventor, split: Split, count: int, family: TaskFamily | None, among: frozenset[str] | None
) -> list[SceneJob]:
    rng = inventor.rng
    jobs = []
    for index, its_family in enumerate(families_in_turn(count, rng, family)):
        distractors = int(rng.integers(3, 5)) + (its_family == "pick")
        look_alikes = 2 if inventor.look_alikes else int(rng.random() < LOOK_ALIKES_IN_TRAIN)
        jobs.append(_job(index, split, inventor.invent(its_family), distractors, look_alikes, among))
    return jobs


def _job(
    index: int, split: Split, sentence: str, distractors: int, look_alikes: int, among: frozenset[str] | None
) -> SceneJob:
    return SceneJob(
        id=f"{split.removeprefix('test_')}-{index:03d}-{_slug(sentence)}".rstrip("-"),
        split=split,
        instruction=sentence,
        distractors=distractors,
        look_alikes=look_alikes,
        among=None if among is None else tuple(sorted(among)),
    )


def _slug(sentence: str) -> str:
    """The content words of a sentence, short enough for an id and a file name."""
    words = [word for word in re.findall(r"[a-z0-9]+", sentence.lower()) if word not in _FILLERS]
    return "-".join(words)[:60]


_FILLERS = frozenset(["the", "a", "an", "it", "and", "up", "down", "of", "to", "please"])


def _check_backgrounds(vocabulary: Sequence[CategoryInfo], among: frozenset[str], split: Split) -> None:
    for kind in ("room", "table"):
        if not any(info.kind == kind and info.name in among for info in vocabulary):
            raise InvalidOptionError(
                f"the generator has no {kind} for {split!r}; it needs several categories of {kind} to keep splits apart"
            )


def _own_recipe(name: str, title: str, jobs: Sequence[SceneJob]) -> Recipe:
    return Recipe(
        name=name,
        title=f"GenWorld scenes: {title}",
        description="Tabletop scenes with language instructions for robot manipulation, made by genworld-envs.",
        jobs=tuple(jobs),
    )

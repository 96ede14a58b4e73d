"""What an evaluation runs: a frozen list of episodes, each one complete in itself.

An `EpisodeSpec` holds everything that fixes an episode's world. Its seed is a hash of (evaluation seed, scene id,
episode number), so an episode stays the same when scenes are added or left out, and whatever the order or the number
of workers.
"""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Protocol

from pydantic import Field

from scene_hub.errors import InvalidOptionError
from scene_hub.schema import Record, Scene, Sha256, Slug, Split, TaskFamily, Text


class SceneSource(Protocol):
    """What `make_specs` needs of a dataset; `scene_hub.dataset.SceneDataset` has it."""

    @property
    def fingerprint(self) -> str: ...

    def scenes(
        self, split: Split | str | None = None, task: TaskFamily | str | None = None, ids: Sequence[str] | None = None
    ) -> list[Scene]: ...


class EpisodeSpec(Record):
    """One episode of an evaluation.

    `index` is its place in the list (of no influence on the result), `episode` its number within the scene, `seed` what
    the environment is reset with. `dataset` is the source string, `dataset_fingerprint` the hash of its content.
    """

    index: Annotated[int, Field(ge=0)]
    scene_id: Slug
    episode: Annotated[int, Field(ge=0)]
    seed: Annotated[int, Field(ge=0, lt=2**31)]
    instruction: Text
    task: TaskFamily
    split: Split
    robot: Text
    dataset: Text
    dataset_fingerprint: Sha256

    @property
    def name(self) -> str:
        """A short name, unique within an evaluation: used in messages and file names."""
        return f"{self.scene_id}-e{self.episode:02d}"


def episode_seed(seed: int, scene_id: str, episode: int) -> int:
    """A 31-bit seed that depends on nothing but its arguments, not on order, platform or process."""
    digest = hashlib.sha256(f"genworld-eval/{seed}/{scene_id}/{episode}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


def make_specs(
    dataset: SceneSource,
    *,
    source: str = "starter",
    split: Split | str | None = None,
    task: TaskFamily | str | None = None,
    scene_ids: Sequence[str] | None = None,
    max_scenes: int | None = None,
    episodes: int = 5,
    seed: int = 0,
    robot: str = "panda",
) -> tuple[EpisodeSpec, ...]:
    """The episodes of an evaluation: `episodes` for each scene that the filters let through, ordered by scene id.

    Args:
        dataset: where the scenes are; it checks the filters.
        source: the dataset's source string, as environments take it (`scenes=`).
        split, task, scene_ids: keep only these scenes; None keeps all.
        max_scenes: keep at most so many, the first by id.
        episodes: episodes for each scene.
        seed: seed of the whole evaluation.
        robot: name of the robot.

    Raises:
        InvalidOptionError: a filter names something that does not exist, or nothing is left.
    """
    _check(max_scenes=max_scenes, episodes=episodes, seed=seed)
    ids = sorted(set(scene_ids)) if scene_ids else None
    kept = sorted(dataset.scenes(split=split, task=task, ids=ids), key=lambda scene: scene.id)
    pairs = [(scene, episode) for scene in kept[:max_scenes] for episode in range(episodes)]
    return tuple(
        EpisodeSpec(
            index=index,
            scene_id=scene.id,
            episode=episode,
            seed=episode_seed(seed, scene.id, episode),
            instruction=scene.instruction,
            task=scene.task,
            split=scene.split,
            robot=robot,
            dataset=source,
            dataset_fingerprint=dataset.fingerprint,
        )
        for index, (scene, episode) in enumerate(pairs)
    )


def _check(*, max_scenes: int | None, episodes: int, seed: int) -> None:
    if episodes < 1:
        raise InvalidOptionError(f"episodes is {episodes}: give at least 1 episode for each scene")
    if max_scenes is not None and max_scenes < 1:
        raise InvalidOptionError(f"max_scenes is {max_scenes}: give at least 1, or leave it out for all scenes")
    if seed < 0:
        raise InvalidOptionError(f"seed is {seed}: give a number from 0 on")

"""`genworld scenes pull`: fetch scenes from the Hub."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

if TYPE_CHECKING:
    from scene_hub.dataset import SceneDataset
    from scene_hub.schema import Scene


@dataclass
class ScenesPullCommand:
    """Fetch the files of scenes from the Hub, several at once, each verified; prints the source pinned to its commit.

    They go into the cache of the Hub's client, from which the same source is read later, also without a network. A pull that
    was interrupted goes on where it stopped.
    """

    scenes: Annotated[str, tyro.conf.Positional]
    """Where the scenes come from: hf://datasets/ORG/NAME@REVISION (a branch, tag or commit; without one: main)."""

    split: str | None = None
    """Only this split: train, test_distractors or test_ood."""

    task: str | None = None
    """Only this task family: put_on, put_in, stack or pick."""

    scene_ids: tuple[str, ...] | None = None
    """Only these scenes."""

    query: str | None = None
    """Only scenes that match, such as 'category == "mug" and objects >= 3'."""

    count: int | None = None
    """At most so many scenes."""

    out: Path | None = None
    """Also write a dataset folder of just these scenes, which needs neither the Hub nor the cache."""

    overwrite: bool = False
    """Replace a dataset folder that is there."""

    workers: int = 8
    """Downloads at once."""

    def run(self) -> int:
        from genworld_envs.cli.progress import download_progress
        from scene_hub.card import format_bytes
        from scene_hub.dataset import SceneDataset, check_dataset_folder
        from scene_hub.errors import InvalidOptionError

        if self.workers < 1:
            raise InvalidOptionError(f"--workers {self.workers} fetches nothing; give at least 1")
        if self.out is not None:
            check_dataset_folder(self.out.expanduser().absolute(), self.overwrite)
        dataset = SceneDataset.open(self.scenes)
        chosen = dataset.scenes(self.split, self.task, self.scene_ids, self.query, self.count)
        files = dataset.files_of(chosen)
        with download_progress("fetching") as progress:
            dataset.download(chosen, workers=self.workers, progress=progress)
        print(dataset.source)
        size = format_bytes(sum(file.size for file in files))
        state = "here already, nothing to fetch" if dataset.revision is None else "all verified"
        print(f"{len(chosen)} of {len(dataset)} scenes, {len(files)} files, {size}, {state}")
        if self.out is not None:
            print(f"written to {_write_folder(dataset, chosen, self.out, self.overwrite).folder}")
        return 0


def _write_folder(dataset: "SceneDataset", scenes: "list[Scene]", out: Path, overwrite: bool) -> "SceneDataset":
    """A dataset folder of `scenes`, with their previews; its card says where they come from."""
    from scene_hub.dataset import write_dataset

    assets = sorted({asset_id for scene in scenes for asset_id in scene.asset_ids})
    previews = {scene.id: image for scene in scenes if (image := dataset.preview(scene.id)) is not None}
    description = (
        f"{dataset.card.description.rstrip()}\n\n{len(scenes)} of {len(dataset)} scenes of `{dataset.source}`."
    )
    return write_dataset(
        out,
        scenes,
        (dataset.bundle(dataset.asset(asset_id)) for asset_id in assets),
        dataset.card.model_copy(update={"description": description}),
        previews=previews,
        overwrite=overwrite,
    )

"""`genworld scenes gallery`: a web page to browse the scenes of a dataset, with its objects in 3D."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

if TYPE_CHECKING:
    from scene_hub.dataset import SceneDataset


@dataclass
class ScenesGalleryCommand:
    """Write a web page to browse scenes: filter by split, task and category, look into a scene, turn objects in 3D."""

    scenes: Annotated[str, tyro.conf.Positional] = "starter"
    """Where the scenes come from: "starter" (bundled), a dataset folder, or hf://datasets/ORG/NAME@REVISION."""

    out: Path | None = None
    """Folder of the page; by default NAME-gallery beside the dataset folder, or outputs/gallery/NAME."""

    split: str | None = None
    """Only this split: train, test_distractors or test_ood."""

    task: str | None = None
    """Only this task family: put_on, put_in, stack or pick."""

    limit: int | None = None
    """At most so many scenes."""

    overwrite: bool = False
    """Replace an earlier gallery in that folder."""

    def run(self) -> int:
        from genworld_envs.program import from_working_folder
        from scene_hub.dataset import SceneDataset
        from scene_hub.errors import InvalidOptionError
        from scene_hub.gallery import default_folder

        if self.limit is not None and self.limit < 1:
            raise InvalidOptionError(f"--limit {self.limit} leaves no scene; give at least 1")
        start = time.perf_counter()
        dataset = SceneDataset.open(self.scenes)
        folder = default_folder(dataset) if self.out is None else self.out
        page = self._write_with_progress(dataset, folder)
        files = [path for path in page.parent.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files) / 1e6
        print(
            f"{len(files)} files, {size:.1f} MB, {time.perf_counter() - start:.0f} s. "
            f"Open {from_working_folder(page)} in a browser."
        )
        return 0

    def _write_with_progress(self, dataset: "SceneDataset", folder: Path) -> Path:
        from genworld_envs.cli.progress import counting_bars
        from scene_hub.gallery import write_gallery

        scenes = dataset.scenes(split=self.split, task=self.task)[: self.limit]
        with counting_bars() as progress:
            task = progress.add_task("rendering", total=None)
            return write_gallery(
                dataset,
                folder,
                scenes,
                self.overwrite,
                lambda done, total: progress.update(task, completed=done, total=total),
            )

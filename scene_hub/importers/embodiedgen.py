"""EmbodiedGen's layouts become scenes: `import_layouts` makes a dataset of a folder of them.

    result = import_layouts("outputs/layouts_gen", "scenes")

What is kept of a layout: the arrangement of its things, their sizes, masses and frictions, its room, its task. What is chosen:
where the scene frame lies in it (`scene_hub.importers.arrangement`). What is found: collision pieces, levels of detail,
supports, and grasps that lift the thing in simulation. Things settle under gravity first; where a layout does not stand, or
does not have its targets where robots reach them, everything is placed anew by `scene_hub.compose`, and the scene says so.

A layout that cannot become a scene has a problem of its own, and the others go on. One that becomes a scene but fails a check
(an object too wide for grippers, say) is imported with the failed checks in its report; `strict` leaves it out.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from scene_hub.dataset import DatasetCard, SceneDataset, check_dataset_folder, write_dataset
from scene_hub.generate.embodiedgen.layouts import LAYOUT_FILE, find_layouts
from scene_hub.importers.layout_scene import ImportedLayout, LayoutImporter, LayoutJob, LayoutOptions
from scene_hub.pool import Failure, run_jobs

__all__ = ["ImportResult", "ImportedLayout", "LayoutOptions", "import_layouts"]


@dataclass(frozen=True)
class ImportResult:
    """The dataset (None where not one layout became a scene), and what came of each layout, in the order of their paths."""

    dataset: SceneDataset | None
    layouts: tuple[ImportedLayout, ...]

    @property
    def left_out(self) -> tuple[ImportedLayout, ...]:
        """Those that have no scene."""
        return tuple(layout for layout in self.layouts if layout.scene is None)


def import_layouts(
    path: str | Path,
    out: str | Path,
    options: LayoutOptions | None = None,
    *,
    workers: int = 1,
    strict: bool = False,
    overwrite: bool = False,
    on_layout: Callable[[ImportedLayout], None] = lambda layout: None,
) -> ImportResult:
    """Import every layout at `path` (a layout's folder, its file, or a folder of them) into the dataset folder `out`.

    Args:
        path: where the layouts are.
        out: the dataset folder; it appears when it is complete, and not at all where no layout became a scene.
        options: how; its `root` is the folder at `path` by default.
        workers: processes.
        strict: leave out scenes that fail a check.
        overwrite: replace a dataset that is there.
        on_layout: called for each layout as it is done.

    Raises:
        InvalidOptionError: there is no layout at `path`, `out` exists, or an option is out of range.
        MissingRequirementError: this machine lacks what a check or a picture needs.
    """
    path, out = Path(path).expanduser(), Path(out).expanduser().absolute()
    check_dataset_folder(out, overwrite)
    files = find_layouts(path)
    root = path.parent if path.is_file() else path
    options = LayoutOptions(root) if options is None else options
    jobs = _jobs(files, root)
    done: dict[int, ImportedLayout] = {}
    for index, outcome in run_jobs(partial(LayoutImporter, options), jobs, workers):
        result = _result(jobs[index], outcome)
        done[index] = _strictly(result) if strict else result
        on_layout(done[index])
    layouts = tuple(done[index] for index in range(len(jobs)))
    return ImportResult(_write(layouts, out, options, overwrite), layouts)


def _jobs(files: Sequence[Path], root: Path) -> list[LayoutJob]:
    """Each layout with an id that is made of its folder's path."""
    jobs: list[LayoutJob] = []
    taken: set[str] = set()
    for file in files:
        parts = file.parent.resolve().relative_to(root.resolve()).parts or (root.resolve().name,)
        name = "_".join(parts) if file.name == LAYOUT_FILE else "_".join((*parts, file.stem))
        base = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:100] or "layout"
        number = next(n for n in range(1, len(files) + 2) if (base if n == 1 else f"{base}_{n}") not in taken)
        taken.add(base if number == 1 else f"{base}_{number}")
        jobs.append(LayoutJob(file, base if number == 1 else f"{base}_{number}"))
    return jobs


def _result(job: LayoutJob, outcome: ImportedLayout | Failure) -> ImportedLayout:
    if isinstance(outcome, Failure):
        return ImportedLayout(job.id, problem=f"{job.path}: {outcome.message}\n{outcome.detail}")
    return outcome


def _strictly(layout: ImportedLayout) -> ImportedLayout:
    """The layout, without its scene if that fails a check."""
    failed = () if layout.scene is None else layout.scene.report.failures
    if not failed:
        return layout
    problem = "; ".join(f"{check.name}: {check.message}" for check in failed)
    return replace(layout, scene=None, bundles=(), preview=None, problem=problem)


def _write(
    layouts: Sequence[ImportedLayout], out: Path, options: LayoutOptions, overwrite: bool
) -> SceneDataset | None:
    scenes = [layout.scene for layout in layouts if layout.scene is not None]
    if not scenes:
        return None
    bundles = {bundle.asset.id: bundle for layout in layouts for bundle in layout.bundles}
    previews = {layout.id: layout.preview for layout in layouts if layout.scene and layout.preview}
    card = DatasetCard(
        title="EmbodiedGen layouts",
        description=(
            "Tabletop scenes with language instructions for robot manipulation, imported from layouts of "
            "[EmbodiedGen](https://github.com/HorizonRobotics/EmbodiedGen) with `genworld scenes import-embodiedgen`. The "
            "things, their arrangement and the tasks are EmbodiedGen's; collision pieces, levels of detail, grasps and "
            "supports were made, and checked in simulation, by genworld-envs."
        ),
        licence=options.licence.lower(),
    )
    return write_dataset(out, scenes, bundles.values(), card, previews=previews, overwrite=overwrite)

"""`genworld scenes import-embodiedgen` and `genworld scenes import-asset`: what others made becomes scenes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import tyro

if TYPE_CHECKING:
    from scene_hub.importers.embodiedgen import ImportResult


@dataclass
class ScenesImportEmbodiedgenCommand:
    """Import EmbodiedGen's layouts as a dataset of scenes.

    PATH is a layout folder (with layout.json) or a folder of them, as layout-cli writes and as the Hub dataset
    HorizonRobotics/EmbodiedGenData has. Arrangement, sizes, masses, frictions and backgrounds are kept; collision pieces,
    levels of detail and grasps are made, and checked in simulation. Meshes imported before are taken from a cache.

    A layout that cannot be imported is named and left out. Exit code 0 when all were imported, 1 when some were left out, 2
    when nothing could be done. Scenes that fail a check (an object too wide for grippers, say) are imported and listed.
    """

    path: Annotated[Path, tyro.conf.Positional]
    """A layout folder, or a folder of them."""

    out: Path = Path("outputs/embodiedgen-scenes")
    """The dataset folder to make."""

    scale: str = "1.0"
    """A factor for the size of the things (the paper takes 0.7), or by category: basket=0.7,mug=0.9"""

    fit: bool = False
    """Scale objects that are to be grasped, but are too wide for grippers, down to a 5.5 cm wide side."""

    texture: int = 512
    """Pixels of the longer side of textures."""

    licence: str = "Apache-2.0"
    """Licence of the layouts' assets (SPDX)."""

    split: str = "train"
    """The split of the scenes: train, test_distractors or test_ood."""

    seed: int = 0
    """Seed of what a layout does not say: light, a room without files, places of what does not stand where it is."""

    checks: tuple[str, ...] = field(default=())
    """Run these checks that need an environment, too (visible, expert); `scenes validate` runs them later."""

    strict: bool = False
    """Leave out scenes that fail a check."""

    workers: int | None = None
    """Processes; by default as many as there are cores."""

    overwrite: bool = False
    """Replace a dataset that is there."""

    def run(self) -> int:
        from scene_hub.errors import InvalidOptionError
        from scene_hub.generate.embodiedgen.layouts import find_layouts
        from scene_hub.importers.embodiedgen import LayoutOptions, import_layouts
        from scene_hub.pool import available_cores
        from scene_hub.schema import SPLITS

        if self.seed < 0:
            raise InvalidOptionError(f"--seed is {self.seed}: give a number from 0 on")
        path = self.path.expanduser()
        count = len(find_layouts(path))
        options = LayoutOptions(
            root=path.parent if path.is_file() else path,
            scale=self.scale,
            fit=self.fit,
            texture=self.texture,
            licence=self.licence,
            split=_choice("--split", self.split, SPLITS),
            seed=self.seed,
            checks=self.checks,
        )
        workers = max(1, min(available_cores(), count)) if self.workers is None else self.workers
        with _progress(count) as show:
            result = import_layouts(
                path,
                self.out,
                options,
                workers=workers,
                strict=self.strict,
                overwrite=self.overwrite,
                on_layout=show,
            )
        return _report(result)


@dataclass
class ScenesImportAssetCommand:
    """Make a dataset with one scene around a mesh of your own.

    FILE is a URDF of a rigid thing, or a mesh: GLB, glTF, OBJ, PLY, STL. Its collision pieces, levels of detail, grasps and
    support are made, and checked in simulation; the scene around it is designed offline, with procedural things.
    """

    file: Annotated[Path, tyro.conf.Positional]
    """The mesh, or the URDF."""

    description: str
    """What it is, in words: "a blue enamel mug". Gives the name, the colour and the substance."""

    out: Path = Path("outputs/asset-scene")
    """The dataset folder to make."""

    label: str | None = None
    """What sentences call it, where the description does not begin with that."""

    category: str | None = None
    """Its kind, such as mug."""

    scale: float = 1.0
    """A factor from the file's units to metres: 0.001 for millimetres."""

    height: float | None = None
    """Its real height in metres, instead of --scale."""

    up: str | None = None
    """The axis that points up in the file: y or z; by default y for GLB, glTF, OBJ and DAE, else z."""

    mass: float | None = None
    """Kilograms; by default from volume and substance."""

    material: str | None = None
    """Its substance, such as ceramic, where the description does not say it."""

    kind: str = "object"
    """object or table."""

    instruction: str | None = None
    """The task, such as "put the blue mug on the plate"; by default "pick up the" thing."""

    distractors: int = 3
    """How many other things stand around."""

    texture: int = 512
    """Pixels of the longer side of its texture."""

    licence: str = "unknown"
    """Licence of the file (SPDX)."""

    split: str = "train"
    """The split of the scene: train, test_distractors or test_ood."""

    seed: int = 0
    """Seed of the scene around it."""

    checks: tuple[str, ...] = field(default=())
    """Run these checks that need an environment, too (visible, expert)."""

    overwrite: bool = False
    """Replace a dataset that is there."""

    def _up(self) -> "Literal['y', 'z'] | None":
        if self.up is None:
            return None
        axis: Literal["y", "z"] = _choice("--up", self.up, ("y", "z"))
        return axis

    def run(self) -> int:
        from scene_hub.importers.asset import AssetOptions, import_asset

        options = AssetOptions(
            description=self.description,
            label=self.label,
            category=self.category,
            scale=self.scale,
            height=self.height,
            up=self._up(),
            mass=self.mass,
            material=self.material,
            kind=_choice("--kind", self.kind, ("object", "table")),
            instruction=self.instruction,
            licence=self.licence,
            texture=self.texture,
            split=_choice("--split", self.split, ("train", "test_distractors", "test_ood")),
            seed=self.seed,
            distractors=self.distractors,
            checks=self.checks,
        )
        dataset = import_asset(self.file, self.out, options, overwrite=self.overwrite)
        scene = dataset.scene(dataset.scene_ids[0])
        print(f"{dataset.folder}: {scene.id}: {scene.instruction}")
        for asset in (dataset.asset(asset_id) for asset_id in dataset.asset_ids):
            if asset.provenance.generator == "imported":
                size = " x ".join(f"{100 * value:.1f}" for value in asset.extents)
                print(f"{asset.name}: {size} cm, {asset.mass:g} kg, {len(asset.grasps)} grasps that lift it")
        return 0


def _choice[T: str](flag: str, value: str, choices: tuple[T, ...]) -> T:
    from scene_hub.errors import InvalidOptionError

    for choice in choices:
        if choice == value:
            return choice
    raise InvalidOptionError.unknown(flag, value, choices)


def _report(result: "ImportResult") -> int:
    """Say what came of each layout; the exit code."""
    import sys

    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, soft_wrap=True)
    table = Table(header_style="bold")
    for column in ("scene", "task", "instruction", "things", "checks"):
        table.add_column(column)
    for layout in result.layouts:
        if layout.scene is not None:
            failed = layout.scene.report.failures
            verdict = ", ".join(dict.fromkeys(check.name for check in failed)) or "passed"
            things = str(len(layout.scene.movables))
            table.add_row(layout.id, layout.scene.task, layout.scene.instruction, things, verdict)
    if result.dataset is not None:
        console.print(table)
    for layout in result.layouts:
        for note in layout.notes:
            console.print(f"{layout.id}: {note}", markup=False)
        for check in layout.scene.report.failures if layout.scene is not None else ():
            print(f"{layout.id}: {check.name}: {check.message}", file=sys.stderr)
    for layout in result.left_out:
        print(f"left out {layout.id}: {layout.problem}", file=sys.stderr)
    if result.dataset is None:
        print("no layout could be imported, so nothing was written", file=sys.stderr)
        return 1
    counts = f"{len(result.dataset)} scenes, {len(result.dataset.asset_ids)} assets"
    console.print(f"{result.dataset.folder}: {counts}", markup=False)
    return 1 if result.left_out else 0


@contextmanager
def _progress(total: int) -> Iterator[Any]:
    """A progress bar on standard error."""
    from genworld_envs.cli.progress import counting_bars

    with counting_bars() as progress:
        task = progress.add_task("importing layouts", total=total)

        def show(layout: Any) -> None:
            progress.update(task, advance=1, description=f"imported {layout.id}")

        yield show

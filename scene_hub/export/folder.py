"""The folder of an export: complete or not there at all, with what people and programs need to know of its scenes."""

import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, get_args

from scene_hub.dataset import SceneDataset
from scene_hub.errors import InvalidOptionError
from scene_hub.export import mjcf, urdf, usd
from scene_hub.export.content import FILES_READ, Camera, RobotPlace, SceneContent, read_content
from scene_hub.export.readme import readme
from scene_hub.new_folder import check_new_folder, new_folder
from scene_hub.schema import Scene

ExportFormat = Literal["urdf", "mjcf", "usd"]
FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)
MANIFEST, MADE_BY = "export.json", "genworld scenes export"
RECORDS, README, GAUSSIANS = "genworld.json", "README.md", "room_gaussians.ply"

Progress = Callable[[int, int], None]

_WRITERS: dict[ExportFormat, Callable[[SceneContent, Path], None]] = {
    "urdf": urdf.write_urdf,
    "mjcf": mjcf.write_mjcf,
    "usd": usd.write_usd,
}
SCENE_FILES: dict[ExportFormat, str] = {"urdf": urdf.SCENE_FILE, "mjcf": mjcf.SCENE_FILE, "usd": usd.SCENE_FILE}


def export_scenes(
    dataset: SceneDataset,
    scenes: Sequence[Scene],
    folder: str | os.PathLike[str],
    form: ExportFormat | str,
    *,
    cameras: Sequence[Camera] = (),
    robot: RobotPlace | None = None,
    overwrite: bool = False,
    progress: Progress = lambda done, total: None,
) -> list[Path]:
    """Write `scenes` of `dataset` for another simulator and return the path of each scene's main file, in their order.

        folder/export.json                  format, dataset fingerprint, scenes
        folder/<scene id>/<main file>       layout.json (urdf), scene.xml (mjcf) or scene.usda (usd), with all that it names
        folder/<scene id>/README.md         what is there, frames and units, whose licences
        folder/<scene id>/genworld.json     the scene's record and those of its assets: grasps, supports, provenance
        folder/<scene id>/room_gaussians.ply   where the room has 3D Gaussians: they are copied, not converted

    Each scene's folder needs nothing outside itself. `cameras` are added to the preview's; `robot` is where EmbodiedGen's
    loader of layouts is to put one. `folder` appears complete or not at all, the same input gives the same bytes; one that
    exists is refused unless `overwrite`, and even then unless it is empty or an export.

    Raises:
        InvalidOptionError: for an unknown format or a folder that is in the way.
        SceneDataError: for a file of the dataset that is not sound.
        MissingRequirementError: for "usd" without usd-core, or where files on the Hub cannot be fetched.
    """
    if form not in _WRITERS:
        raise InvalidOptionError.unknown("export format", form, FORMATS)
    if form == "usd":
        usd.check_usd()
    target = Path(folder).expanduser().absolute()
    check_new_folder(target, overwrite, _is_export, "a folder of exported scenes")
    with new_folder(target) as draft:
        unique = list({scene.id: scene for scene in scenes}.values())
        progress(0, len(unique))
        dataset.download(unique, kinds=FILES_READ)
        for done, scene in enumerate(unique, start=1):
            content = read_content(dataset, scene, tuple(cameras), robot)
            _write_scene(content, draft / scene.id, form)
            progress(done, len(unique))
        _write_json(draft / MANIFEST, _manifest(dataset, unique, form))
    return [target / scene.id / SCENE_FILES[form] for scene in scenes]


def _write_scene(content: SceneContent, folder: Path, form: ExportFormat) -> None:
    folder.mkdir()
    _WRITERS[form](content, folder)
    if content.gaussians is not None:
        shutil.copyfile(content.gaussians, folder / GAUSSIANS)
    assets = {thing.asset.id: thing.asset.model_dump(mode="json") for thing in content.things}
    _write_json(folder / RECORDS, {"scene": content.scene.model_dump(mode="json"), "assets": assets})
    text = readme(content, form, SCENE_FILES[form], RECORDS, GAUSSIANS)
    (folder / README).write_text(text, encoding="utf-8")


def _manifest(dataset: SceneDataset, scenes: Sequence[Scene], form: ExportFormat) -> dict[str, object]:
    return {
        "made_by": MADE_BY,
        "format": form,
        "dataset_fingerprint": dataset.fingerprint,
        "scenes": {scene.id: f"{scene.id}/{SCENE_FILES[form]}" for scene in scenes},
    }


def _write_json(path: Path, value: object) -> None:
    text = json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _is_export(folder: Path) -> bool:
    try:
        return json.loads((folder / MANIFEST).read_bytes())["made_by"] == MADE_BY
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False

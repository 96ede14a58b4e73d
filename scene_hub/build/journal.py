"""Finished jobs of a build under way, on disk: what lets a build that was killed go on.

    <dataset>.partial/plan.json              what is being built, and with which settings
    <dataset>.partial/scenes/<id>/result.json, preview.jpg, files/<sha256>

A job's folder is written under another name and renamed when it is complete. What is read back is held against its
checksums; a job whose folder is damaged is built again.
"""

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from scene_hub.build.job import Recipe
from scene_hub.build.scene import BUILDER_VERSION, Attempt, BuiltScene, ModelUse, SceneSettings
from scene_hub.dataset import asset_files
from scene_hub.errors import InvalidOptionError
from scene_hub.generate.bundle import AssetBundle
from scene_hub.schema import Asset, Record, Scene, canonical_json

PLAN, RESULT, PREVIEW, FILES = "plan.json", "result.json", "preview.jpg", "files"


class Journal:
    """The folder of a build under way. `folder` is made at the first `begin`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._scenes = folder / "scenes"

    @property
    def exists(self) -> bool:
        return (self.folder / PLAN).is_file()

    def recipe(self) -> Recipe:
        """The recipe of the build under way; InvalidOptionError where its plan cannot be read."""
        try:
            return Recipe.model_validate(json.loads((self.folder / PLAN).read_text(encoding="utf-8"))["recipe"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InvalidOptionError(
                f"{self.folder / PLAN} cannot be read ({error}); remove {self.folder} to begin anew"
            ) from None

    def request(self) -> str | None:
        """The `request` that the build under way was begun with; None where none is under way."""
        if not self.exists:
            return None
        try:
            return str(json.loads((self.folder / PLAN).read_text(encoding="utf-8")).get("request"))
        except (OSError, ValueError, AttributeError):
            return None

    def begin(self, recipe: Recipe, settings: SceneSettings, request: str) -> None:
        """Begin a build, or go on with the one that is there.

        Raises:
            InvalidOptionError: the folder holds a build of something else.
        """
        plan = _plan(recipe, settings, request)
        path = self.folder / PLAN
        if self.exists:
            if path.read_text(encoding="utf-8") != plan:
                raise InvalidOptionError(
                    f"{self.folder} holds an unfinished build with another recipe, seed or settings; give the same command "
                    f"to finish it, remove that folder to drop it, or choose another --out"
                )
            return
        self._scenes.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".new")
        partial.write_text(plan, encoding="utf-8")
        partial.replace(path)

    def put(self, built: BuiltScene) -> None:
        """Keep a finished job."""
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=".new-") as temporary:
            draft = Path(temporary) / "scene"
            (draft / FILES).mkdir(parents=True)
            for bundle in built.bundles:
                for file in asset_files(bundle.asset):
                    (draft / FILES / file.sha256).write_bytes(bundle.files[file.path])
            if built.preview is not None:
                (draft / PREVIEW).write_bytes(built.preview)
            (draft / RESULT).write_text(canonical_json(_result(built)), encoding="utf-8")
            target = self._scenes / built.job_id
            if target.exists():
                shutil.rmtree(target)
            draft.rename(target)

    def get(self, job_id: str) -> BuiltScene | None:
        """A finished job; None where it is not there or not whole."""
        folder = self._scenes / job_id
        try:
            result = json.loads((folder / RESULT).read_text(encoding="utf-8"))
            scene = None if result["scene"] is None else Scene.model_validate(result["scene"])
            bundles = tuple(_bundle(Asset.model_validate(record), folder / FILES) for record in result["assets"])
            preview = (folder / PREVIEW).read_bytes() if result["preview"] else None
            if hashlib.sha256(preview or b"").hexdigest() != result["preview_sha256"]:
                return None
            attempts = tuple(Attempt.model_validate(record) for record in result["attempts"])
            return BuiltScene(job_id, scene, attempts, bundles, preview, ModelUse.model_validate(result["model_use"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def remove(self) -> None:
        """Remove the folder: the dataset is complete."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _plan(recipe: Recipe, settings: SceneSettings, request: str) -> str:
    content: dict[str, Any] = {
        "version": BUILDER_VERSION,
        "request": request,
        "recipe": recipe.model_dump(mode="json"),
        "seed": settings.seed,
        "designer": settings.designer,
        "designer_options": {name: str(value) for name, value in settings.designer_options.items() if name != "token"},
        "generators": list(settings.generators),
        "generator_options": {name: str(value) for name, value in settings.generator_options.items()},
        "checks": None if settings.checks is None else list(settings.checks),
    }
    return json.dumps(content, sort_keys=True, indent=1, ensure_ascii=False) + "\n"


def _result(built: BuiltScene) -> dict[str, Any]:
    def dumped(record: Record) -> dict[str, Any]:
        return record.model_dump(mode="json")

    return {
        "scene": None if built.scene is None else dumped(built.scene),
        "attempts": [dumped(attempt) for attempt in built.attempts],
        "assets": [dumped(bundle.asset) for bundle in built.bundles],
        "model_use": dumped(built.model_use),
        "preview": built.preview is not None,
        "preview_sha256": hashlib.sha256(built.preview or b"").hexdigest(),
    }


def _bundle(asset: Asset, files: Path) -> AssetBundle:
    """The bundle of `asset` from files that are named by checksum; ValueError where one is not what its name says."""
    if asset.content_hash() != asset.id:
        raise ValueError(f"asset {asset.id} does not have its checksum")
    content = {}
    for file in asset_files(asset):
        data = (files / file.sha256).read_bytes()
        if hashlib.sha256(data).hexdigest() != file.sha256:
            raise ValueError(f"file {file.path} of asset {asset.id} does not have its checksum")
        content[file.path] = data
    return AssetBundle(asset, content)

"""Imports of meshes, kept between runs and shared by processes: a folder for each, named by what it was made of.

    <cache>/<key>/asset.json, frame.json, and the asset's files

What is read back is held against its checksums; a folder that is damaged is made again.
"""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np

from scene_hub.errors import SceneDataError
from scene_hub.generate.bundle import AssetBundle
from scene_hub.generate.embodiedgen.command import cached
from scene_hub.generate.importing import ImportedMesh
from scene_hub.manifest import asset_files
from scene_hub.schema import Asset, parse_record

ASSET, FRAME = "asset.json", "frame.json"
VERSION = 1
"""Of what imports come to: a change of the import that changes its results counts it up."""


def cached_mesh(folder: Path, key: dict[str, object], make: Callable[[], ImportedMesh]) -> ImportedMesh:
    """What `make` imports, once for each `key` (what it depends on, ready for JSON).

    Raises MissingRequirementError where `folder` cannot be written, and whatever `make` raises.
    """

    def kept() -> Path:
        return cached(folder, {**key, "version": VERSION}, lambda draft: _write(draft, make()))

    found = _read(kept())
    if found is None:
        shutil.rmtree(kept(), ignore_errors=True)
        found = _read(kept())
    return make() if found is None else found


def _write(folder: Path, imported: ImportedMesh) -> None:
    bundle = imported.bundle
    (folder / ASSET).write_text(bundle.asset.canonical_json(), encoding="utf-8")
    (folder / FRAME).write_text(json.dumps(imported.frame.tolist()), encoding="utf-8")
    for file in asset_files(bundle.asset):
        (folder / file.path).write_bytes(bundle.files[file.path])


def _read(folder: Path) -> ImportedMesh | None:
    try:
        asset = parse_record(Asset, (folder / ASSET).read_bytes(), ASSET)
        frame = np.asarray(json.loads((folder / FRAME).read_text(encoding="utf-8")), dtype=float)
        files = {file.path: (folder / file.path).read_bytes() for file in asset_files(asset)}
    except (OSError, ValueError, TypeError, SceneDataError):
        return None
    bundle = AssetBundle(asset, files)
    return ImportedMesh(bundle, frame) if frame.shape == (4, 4) and _sound(bundle) else None


def _sound(bundle: AssetBundle) -> bool:
    return bundle.asset.content_hash() == bundle.asset.id and all(
        hashlib.sha256(bundle.files[file.path]).hexdigest() == file.sha256 for file in asset_files(bundle.asset)
    )

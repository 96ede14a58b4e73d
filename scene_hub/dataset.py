"""A dataset of scenes: a folder that can be copied, put on the Hub and trusted.

    README.md                        the card; `datasets.load_dataset(folder)` reads the two tables through it
    dataset.json                     schema version, fingerprint, and the SHA-256 and size of both tables
    scenes.parquet                   one row a scene: columns to select by, the record, its SHA-256, a preview
    assets.parquet                   one row an asset: columns to select by, and the record
    assets/<aa>/<asset id>/<files>   the files of the assets, addressed by content

Nothing is believed because it is there: the tables are held against `dataset.json`, scene records against their
checksum, asset records against their id, and asset files against the size and checksum in the asset's record, before any
other code sees them. Files are checked once in a process. There is no pickle and no code in a dataset, links are refused
and no path leaves the folder. Whatever is wrong is one `SceneDataError`.
"""

import difflib
import hashlib
import importlib.resources
import json
import os
import stat
import tempfile
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq
import trimesh
from pydantic import Field

from scene_hub.errors import InvalidOptionError, SceneDataError
from scene_hub.generate.bundle import AssetBundle
from scene_hub.meshes import FileKind, check_visual, collision_pieces
from scene_hub.schema import (
    SCHEMA_VERSION,
    SPLITS,
    TASK_FAMILIES,
    Asset,
    AssetFile,
    Record,
    RelativePath,
    Scene,
    Sha256,
    Split,
    TaskFamily,
    canonical_json,
    parse_record,
    sha256_text,
)

MANIFEST = "dataset.json"
SCENES_TABLE = "scenes.parquet"
ASSETS_TABLE = "assets.parquet"
CARD = "README.md"

MAX_MANIFEST_BYTES = 1024 * 1024
MAX_TABLE_BYTES = 1024 * 1024 * 1024
MAX_ROWS = 1_000_000
MOST_COLLISION_FILES = 2048
"""Whose pieces are kept in memory."""
MAX_RECORD_CHARACTERS = 1_000_000
MAX_PREVIEW_BYTES = 1024 * 1024

BUNDLED_SOURCES = {"starter": "starter_data"}

_IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
_TEXTS = pa.list_(pa.string())
SCENE_COLUMNS = pa.schema(
    [
        ("id", pa.string()),
        ("split", pa.string()),
        ("task", pa.string()),
        ("instruction", pa.string()),
        ("categories", _TEXTS),
        ("assets", _TEXTS),
        ("sha256", pa.string()),
        ("preview", _IMAGE),
        ("record", pa.string()),
    ]
)
ASSET_COLUMNS = pa.schema(
    [
        ("id", pa.string()),
        ("kind", pa.string()),
        ("category", pa.string()),
        ("name", pa.string()),
        ("colors", _TEXTS),
        ("bytes", pa.int64()),
        ("record", pa.string()),
    ]
)
_REBUILD = "the folder is damaged: fetch or build the dataset again"


class TableFile(Record):
    """A table of the dataset: file name, SHA-256, size in bytes and number of rows."""

    path: RelativePath
    sha256: Sha256
    size: int = Field(gt=0, le=MAX_TABLE_BYTES)
    rows: int = Field(ge=0, le=MAX_ROWS)


class Manifest(Record):
    """The content of `dataset.json`."""

    schema_version: Literal[1] = SCHEMA_VERSION
    fingerprint: Sha256
    scenes: TableFile
    assets: TableFile


@dataclass(frozen=True)
class DatasetCard:
    """What the dataset card says: `title`, `description` (Markdown), `licence` (SPDX, lower case) and Hub tags."""

    title: str
    description: str
    licence: str = "cc0-1.0"
    tags: tuple[str, ...] = ("robotics", "simulation", "3d", "genworld")


# -------------------------------------------------------------------------------------------------------------- reading


class SceneDataset:
    """Scenes and assets of a dataset folder; open one with `SceneDataset.open`."""

    def __init__(self, folder: Path, source: str | None = None) -> None:
        self.folder = folder
        self.source = source or str(folder)
        self._files = _Folder(folder)
        self.manifest = _read_manifest(self._files)
        self._scene_rows = self._index(
            self.manifest.scenes, SCENE_COLUMNS, [n for n in SCENE_COLUMNS.names if n != "preview"]
        )
        self._asset_rows = self._index(self.manifest.assets, ASSET_COLUMNS, ASSET_COLUMNS.names)
        self._scenes: dict[str, Scene] = {}
        self._assets: dict[str, Asset] = {}
        self._collision: OrderedDict[str, dict[str, trimesh.Trimesh]] = OrderedDict()
        self._triangles: dict[tuple[str, FileKind], int] = {}
        self._check_index()

    @classmethod
    def open(cls, source: str | os.PathLike[str] = "starter") -> "SceneDataset":
        """The dataset that `source` names: "starter" (bundled with the package) or the path of a dataset folder.

        Raises InvalidOptionError for a source that does not exist, SceneDataError for one that is damaged.
        """
        name = os.fspath(source)
        if name in BUNDLED_SOURCES:
            return cls(Path(str(importlib.resources.files("scene_hub"))) / BUNDLED_SOURCES[name], name)
        folder = Path(name).expanduser()
        if "://" in name or not folder.exists():
            choices = " or ".join(repr(bundled) for bundled in BUNDLED_SOURCES)
            raise InvalidOptionError(
                f"unknown scene source {name!r}; choose {choices} or the path of a dataset folder "
                f"(one with a {MANIFEST}; `scene_hub.dataset.write_dataset` makes them)"
            )
        return cls(folder, name)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the checksums of all scenes and the ids of all assets: equal fingerprints, equal content."""
        return self.manifest.fingerprint

    @property
    def scene_ids(self) -> tuple[str, ...]:
        """Ids of all scenes, sorted."""
        return tuple(self._scene_rows)

    @property
    def asset_ids(self) -> tuple[str, ...]:
        """Ids of all assets, sorted."""
        return tuple(self._asset_rows)

    def __len__(self) -> int:
        return len(self._scene_rows)

    def __repr__(self) -> str:
        return f"SceneDataset({self.source!r}, {len(self)} scenes, {len(self._asset_rows)} assets)"

    def scenes(
        self, split: Split | str | None = None, task: TaskFamily | str | None = None, ids: Sequence[str] | None = None
    ) -> list[Scene]:
        """The scenes of `split` and `task` in order of their ids, or those of `ids` in the order given.

        None selects all. Raises InvalidOptionError, which names the choices, for an unknown split, task or id and for a
        selection without any scene.
        """
        if split is not None and split not in SPLITS:
            raise InvalidOptionError.unknown("split", split, SPLITS)
        if task is not None and task not in TASK_FAMILIES:
            raise InvalidOptionError.unknown("task", task, TASK_FAMILIES)
        chosen = list(self._scene_rows) if ids is None else [self._known_scene(scene_id) for scene_id in ids]
        rows = [self._scene_rows[scene_id] for scene_id in chosen]
        matching = [
            row["id"]
            for row in rows
            if (split is None or row["split"] == split) and (task is None or row["task"] == task)
        ]
        if not matching:
            available = sorted({f"{row['split']}/{row['task']}" for row in rows})
            raise InvalidOptionError(
                f"no scene of {self.source!r} has split={split!r} and task={task!r}"
                f"{'' if ids is None else f' among ids={list(ids)!r}'}; "
                f"there are (split/task): {', '.join(available) or 'none'}"
            )
        return [self.scene(scene_id) for scene_id in matching]

    def scene(self, scene_id: str) -> Scene:
        """The scene `scene_id`; InvalidOptionError, with the nearest ids, where there is none."""
        if scene_id not in self._scenes:
            row = self._scene_rows[self._known_scene(scene_id)]
            scene = parse_record(Scene, row["record"], f"{self._files.name(SCENES_TABLE)}, scene {scene_id!r}")
            if scene_row(scene, self._categories(scene)) != {name: row[name] for name in row if name != "preview"}:
                raise SceneDataError(
                    f"{self._files.name(SCENES_TABLE)}: the columns of {scene_id!r} contradict its record; {_REBUILD}"
                )
            self._scenes[scene_id] = scene
        return self._scenes[scene_id]

    def preview(self, scene_id: str) -> bytes | None:
        """The preview image (encoded JPEG or PNG) of a scene, or None where it has none."""
        columns = self._table(self.manifest.scenes, SCENE_COLUMNS, ["id", "preview"])
        image = columns["preview"][columns["id"].index(self._known_scene(scene_id))]
        return image.get("bytes") if image else None

    def asset(self, asset_id: str) -> Asset:
        """The asset `asset_id`; SceneDataError where there is none or its record does not have that checksum."""
        if asset_id not in self._assets:
            if asset_id not in self._asset_rows:
                raise SceneDataError(f"{self._files.name(ASSETS_TABLE)}: there is no asset {asset_id!r}; {_REBUILD}")
            origin = f"{self._files.name(ASSETS_TABLE)}, asset {asset_id[:12]}"
            asset = parse_record(Asset, self._asset_rows[asset_id]["record"], origin)
            if asset.id != asset_id or asset.content_hash() != asset_id:
                raise SceneDataError(f"{origin}: the record's checksum is {asset.content_hash()[:12]}; {_REBUILD}")
            self._assets[asset_id] = asset
        return self._assets[asset_id]

    def asset_file(self, asset: Asset, which: FileKind) -> Path:
        """The path of a file of `asset`, safe for native readers: size, checksum and content have been verified.

        Content means a self-contained GLB whose meshes and textures decode and keep to their bounds.
        """
        self._verify_file(asset, which)
        asset = self.asset(asset.id)  # the dataset's own record says where the file is
        return self._files.path(asset_file_path(asset, _file_of(asset, which)))

    def triangles(self, asset: Asset, which: FileKind) -> int:
        """How many triangles a file of `asset` has; SceneDataError for one that is not sound."""
        self._verify_file(asset, which)
        return self._triangles[asset.id, which]

    def bundle(self, asset: Asset) -> AssetBundle:
        """`asset` with the content of its files, each verified."""
        asset = self.asset(asset.id)
        return AssetBundle(
            asset,
            {
                file.path: self._files.read_verified(asset_file_path(asset, file), file.sha256, file.size)
                for file in asset_files(asset)
            },
        )

    def collision_meshes(self, asset: Asset) -> dict[str, trimesh.Trimesh]:
        """The convex collision pieces of `asset` by name, in the asset frame, checked; {} where it needs none.

        Closed, convex, finite, at most 256 vertices each: safe for a physics engine. Shared by all calls, do not modify.
        """
        if asset.files.collision is None:
            return {}
        pieces = self._collision.get(asset.id)
        return self._read_pieces(asset) if pieces is None else pieces

    def check_visual(self, asset: Asset) -> dict[str, int]:
        """Check both visual files of `asset`; their triangle counts, or SceneDataError for a broken one."""
        levels: tuple[FileKind, ...] = ("visual", "visual_low")
        return {which: self.triangles(asset, which) for which in levels}

    def verify(self) -> None:
        """Read every record and every file of the dataset; SceneDataError for the first that is not sound."""
        for scene_id in self.scene_ids:
            self.scene(scene_id)
        for asset_id in self.asset_ids:
            asset = self.asset(asset_id)
            self.check_visual(asset)
            self.collision_meshes(asset)

    # -- inside

    def _verify_file(self, asset: Asset, which: FileKind) -> None:
        """Size, checksum and content of a file, once; SceneDataError where they are not what the record says."""
        if (asset.id, which) in self._triangles:
            return
        if which == "collision":
            self._read_pieces(asset)
            return
        asset = self.asset(asset.id)
        data, origin = self._verified_bytes(asset, which)
        self._triangles[asset.id, which] = check_visual(data, asset, which, origin)

    def _read_pieces(self, asset: Asset) -> dict[str, trimesh.Trimesh]:
        """The pieces of a collision file, read now; those that were read last are kept."""
        asset = self.asset(asset.id)
        data, origin = self._verified_bytes(asset, "collision")
        pieces = collision_pieces(data, asset, origin)
        self._triangles[asset.id, "collision"] = sum(len(piece.faces) for piece in pieces.values())
        self._collision[asset.id] = pieces
        if len(self._collision) > MOST_COLLISION_FILES:
            self._collision.popitem(last=False)
        return pieces

    def _verified_bytes(self, asset: Asset, which: FileKind) -> tuple[bytes, str]:
        """The content of a file of the dataset's own record `asset`, and the name by which messages call it."""
        file = _file_of(asset, which)
        relative = asset_file_path(asset, file)
        return self._files.read_verified(relative, file.sha256, file.size), self._files.name(relative)

    def _known_scene(self, scene_id: str) -> str:
        if scene_id in self._scene_rows:
            return scene_id
        ids = list(self._scene_rows)
        near = difflib.get_close_matches(str(scene_id), ids, n=3, cutoff=0.4) or ids[:3]
        raise InvalidOptionError(
            f"unknown scene {scene_id!r} in {self.source!r} ({len(ids)} scenes); "
            f"did you mean {', '.join(map(repr, near))}?"
        )

    def _categories(self, scene: Scene) -> list[str]:
        return [self.asset(placement.asset).category for placement in scene.movables]

    def _table(self, table: TableFile, schema: pa.Schema, columns: Sequence[str]) -> dict[str, list[Any]]:
        """The columns of a table whose bytes have the checksum of the manifest and whose schema is `schema`."""
        data = self._files.read_verified(table.path, table.sha256, table.size)
        name = self._files.name(table.path)
        try:
            file = pq.ParquetFile(pa.BufferReader(data))
            metadata = file.metadata
            size = sum(metadata.row_group(index).total_byte_size for index in range(metadata.num_row_groups))
            if not file.schema_arrow.equals(schema, check_metadata=False):
                raise SceneDataError(
                    f"{name}: its columns are {file.schema_arrow.names}, expected {schema.names} with their types"
                )
            if metadata.num_rows != table.rows or size > 4 * MAX_TABLE_BYTES:
                raise SceneDataError(f"{name}: has {metadata.num_rows} rows, {MANIFEST} says {table.rows}; {_REBUILD}")
            return file.read(columns=list(columns)).to_pydict()
        except (pa.ArrowException, OSError, ValueError) as error:
            if isinstance(error, SceneDataError):
                raise
            raise SceneDataError(f"{name}: not a readable parquet table ({error}); {_REBUILD}") from None

    def _index(self, table: TableFile, schema: pa.Schema, columns: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Rows of a table by id, sorted; no value is missing, no id is there twice, no record is too long."""
        values = self._table(table, schema, columns)
        rows = [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
        name = self._files.name(table.path)
        for row in rows:
            if any(value is None for value in row.values()):
                raise SceneDataError(f"{name}: the row of {row['id']!r} has empty cells; {_REBUILD}")
            if len(row["record"]) > MAX_RECORD_CHARACTERS:
                raise SceneDataError(
                    f"{name}: the record of {row['id']!r} is longer than {MAX_RECORD_CHARACTERS} characters"
                )
        index = {row["id"]: row for row in sorted(rows, key=lambda row: row["id"])}
        if len(index) != len(rows):
            repeated = _repeated(row["id"] for row in rows)
            raise SceneDataError(f"{name}: ids {repeated} occur more than once; {_REBUILD}")
        return index

    def _check_index(self) -> None:
        """Checksums of scene records, references from scenes to assets, and the fingerprint."""
        name = self._files.name(SCENES_TABLE)
        for scene_id, row in self._scene_rows.items():
            if sha256_text(row["record"]) != row["sha256"]:
                raise SceneDataError(
                    f"{name}: the record of scene {scene_id!r} does not have the checksum beside it; {_REBUILD}"
                )
            missing = [asset for asset in row["assets"] if asset not in self._asset_rows]
            if missing:
                raise SceneDataError(
                    f"{name}: scene {scene_id!r} names asset {missing[0]!r}, which the dataset lacks; {_REBUILD}"
                )
        found = fingerprint([row["sha256"] for row in self._scene_rows.values()], self._asset_rows)
        if found != self.manifest.fingerprint:
            raise SceneDataError(
                f"{self._files.name(MANIFEST)}: fingerprint {self.manifest.fingerprint[:12]}, found {found[:12]}; "
                f"{_REBUILD}"
            )


def _repeated(ids: Iterable[str]) -> list[str]:
    """The ids that occur more than once, sorted."""
    return sorted(name for name, count in Counter(ids).items() if count > 1)


def _file_of(asset: Asset, which: FileKind) -> AssetFile:
    """The record of a file of `asset`; readers choose their decoder by the name's ending, so there is only one."""
    if which not in ("visual", "visual_low", "collision"):
        raise InvalidOptionError.unknown("asset file", which, ("visual", "visual_low", "collision"))
    file: AssetFile | None = getattr(asset.files, which)
    if file is None:
        raise SceneDataError(f"asset {asset.name!r} ({asset.id[:12]}) has no {which} file")
    if not file.path.endswith(".glb"):
        raise SceneDataError(f"asset {asset.name!r} ({asset.id[:12]}): {which} file {file.path!r} is not a .glb file")
    return file


class _Folder:
    """Files inside `root`, reached without following a link out of it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def name(self, relative: str) -> str:
        return str(self.root / relative)

    def path(self, relative: str) -> Path:
        """The path of the regular file `relative`; SceneDataError where it is missing, a link, or not a file."""
        path, parts = self.root, Path(relative).parts
        if not parts or Path(relative).is_absolute() or ".." in parts:
            raise SceneDataError(f"path {relative!r} leaves the dataset folder {self.root}")
        try:
            for part in parts:
                path = path / part
                mode = path.lstat().st_mode
                if stat.S_ISLNK(mode):
                    raise SceneDataError(
                        f"{path}: is a link; a dataset folder holds plain files only, copy the target there"
                    )
        except OSError as error:
            raise SceneDataError(f"{self.name(relative)}: cannot be found ({error.strerror}); {_REBUILD}") from None
        if not stat.S_ISREG(mode):
            raise SceneDataError(f"{path}: is not a file; {_REBUILD}")
        return path

    def read(self, relative: str, most: int) -> bytes:
        """The content of a file of at most `most` bytes."""
        path = self.path(relative)
        try:
            with path.open("rb") as stream:
                data = stream.read(most + 1)
        except OSError as error:
            raise SceneDataError(f"{path}: cannot be read ({error.strerror})") from None
        if len(data) > most:
            raise SceneDataError(f"{path}: is longer than the {most} bytes that it may have; {_REBUILD}")
        return data

    def read_verified(self, relative: str, sha256: str, size: int) -> bytes:
        """The content of a file whose size and checksum are known; SceneDataError where it has others."""
        data = self.read(relative, size)
        if len(data) != size:
            raise SceneDataError(f"{self.name(relative)}: has {len(data)} bytes, expected {size}; {_REBUILD}")
        found = hashlib.sha256(data).hexdigest()
        if found != sha256:
            raise SceneDataError(f"{self.name(relative)}: checksum is {found[:12]}, expected {sha256[:12]}; {_REBUILD}")
        return data


def _read_manifest(files: _Folder) -> Manifest:
    if not (files.root / MANIFEST).exists():
        raise SceneDataError(
            f"{files.root}: is not a dataset folder (it has no {MANIFEST}); "
            "give a folder made by `write_dataset`, or 'starter'"
        )
    manifest = parse_record(Manifest, files.read(MANIFEST, MAX_MANIFEST_BYTES), files.name(MANIFEST))
    for expected, table in ((SCENES_TABLE, manifest.scenes), (ASSETS_TABLE, manifest.assets)):
        if table.path != expected:
            raise SceneDataError(
                f"{files.name(MANIFEST)}: names the table {table.path!r}, expected {expected!r}; {_REBUILD}"
            )
    return manifest


# -------------------------------------------------------------------------------------------------------------- writing


def fingerprint(scene_checksums: Iterable[str], asset_ids: Iterable[str]) -> str:
    """SHA-256 over the sorted checksums of scene records and the sorted asset ids."""
    return sha256_text(canonical_json({"scenes": sorted(scene_checksums), "assets": sorted(asset_ids)}))


def asset_file_path(asset: Asset, file: AssetFile) -> str:
    """Where `file` of `asset` lies in a dataset folder."""
    return f"assets/{asset.id[:2]}/{asset.id}/{file.path}"


def scene_row(scene: Scene, categories: Sequence[str]) -> dict[str, Any]:
    """The row of `scene` in the scenes table, without its preview; `categories` are those of `scene.movables`."""
    record = scene.canonical_json()
    return {
        "id": scene.id,
        "split": scene.split,
        "task": scene.task,
        "instruction": scene.instruction,
        "categories": list(categories),
        "assets": list(scene.asset_ids),
        "sha256": sha256_text(record),
        "record": record,
    }


def write_dataset(
    folder: str | os.PathLike[str],
    scenes: Sequence[Scene],
    bundles: Iterable[AssetBundle],
    card: DatasetCard,
    *,
    previews: Mapping[str, bytes] | None = None,
    overwrite: bool = False,
    extra: Mapping[str, bytes] | None = None,
) -> SceneDataset:
    """Write a dataset folder and return it opened.

    The folder appears complete or not at all, and the same input gives the same bytes. `previews` are encoded images by
    scene id, `extra` further files by name, for people: nothing reads them. An existing folder is refused unless `overwrite`,
    and even then unless it is empty or a dataset folder. Raises SceneDataError for input that does not fit together.
    """
    target = Path(folder).expanduser().absolute()
    check_new_folder(target, overwrite)
    by_id = {bundle.asset.id: bundle for bundle in bundles}
    _check_input(scenes, by_id, previews or {})
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as temporary:
        draft = Path(temporary) / "new"
        draft.mkdir()
        _write_content(draft, scenes, by_id, card, previews or {})
        for name, data in (extra or {}).items():
            (draft / name).write_bytes(data)
        SceneDataset(draft)
        if target.exists():
            target.rename(Path(temporary) / "old")
        draft.rename(target)
    return SceneDataset(target)


def check_new_folder(target: Path, overwrite: bool) -> None:
    """Raise InvalidOptionError unless a dataset may be written to `target`: nothing that is there is lost by accident."""
    if target.exists() and not overwrite:
        raise InvalidOptionError(
            f"{target} exists already; replace it with overwrite=True (--overwrite), or choose another folder"
        )
    if target.exists() and not (target / MANIFEST).is_file() and (not target.is_dir() or any(target.iterdir())):
        raise InvalidOptionError(f"{target} is not a dataset folder, so it is not overwritten; choose another folder")


def _check_input(scenes: Sequence[Scene], bundles: Mapping[str, AssetBundle], previews: Mapping[str, bytes]) -> None:
    ids = {scene.id for scene in scenes}
    repeated = _repeated(scene.id for scene in scenes)
    if repeated:
        raise SceneDataError(f"scene ids {repeated} occur more than once")
    for scene in scenes:
        missing = [asset for asset in scene.asset_ids if asset not in bundles]
        if missing:
            raise SceneDataError(f"scene {scene.id!r} names asset {missing[0]!r}, which is not among the bundles")
    for scene_id, preview in previews.items():
        if scene_id not in ids or len(preview) > MAX_PREVIEW_BYTES:
            raise SceneDataError(
                f"the preview of {scene_id!r} belongs to no scene or has more than {MAX_PREVIEW_BYTES} bytes"
            )
    for bundle in bundles.values():
        _check_bundle(bundle)


def _check_bundle(bundle: AssetBundle) -> None:
    asset = bundle.asset
    if asset.content_hash() != asset.id:
        raise SceneDataError(
            f"asset {asset.name!r}: id {asset.id[:12]} is not the checksum of its record; make it with Asset.create"
        )
    for file in asset_files(asset):
        data = bundle.files.get(file.path)
        if data is None:
            raise SceneDataError(f"asset {asset.name!r}: its bundle lacks the file {file.path!r}")
        if len(data) != file.size or hashlib.sha256(data).hexdigest() != file.sha256:
            raise SceneDataError(
                f"asset {asset.name!r}: file {file.path!r} does not have the size and checksum of its record"
            )


def asset_files(asset: Asset) -> tuple[AssetFile, ...]:
    """The files of `asset`, those that it has."""
    files = asset.files
    return tuple(file for file in (files.visual, files.visual_low, files.collision) if file is not None)


def _write_content(
    folder: Path,
    scenes: Sequence[Scene],
    bundles: Mapping[str, AssetBundle],
    card: DatasetCard,
    previews: Mapping[str, bytes],
) -> None:
    for bundle in bundles.values():
        for file in asset_files(bundle.asset):
            path = folder / asset_file_path(bundle.asset, file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(bundle.files[file.path])
    scene_rows = [
        _scene_row_with_preview(scene, bundles, previews) for scene in sorted(scenes, key=lambda scene: scene.id)
    ]
    asset_rows = [_asset_row(bundles[asset_id].asset) for asset_id in sorted(bundles)]
    manifest = Manifest(
        fingerprint=fingerprint((row["sha256"] for row in scene_rows), bundles),
        scenes=_write_table(folder / SCENES_TABLE, scene_rows, SCENE_COLUMNS),
        assets=_write_table(folder / ASSETS_TABLE, asset_rows, ASSET_COLUMNS),
    )
    text = json.dumps(manifest.model_dump(mode="json"), indent=2, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    (folder / CARD).write_text(_card_text(card, scenes, len(bundles), manifest), encoding="utf-8")


def _scene_row_with_preview(
    scene: Scene, bundles: Mapping[str, AssetBundle], previews: Mapping[str, bytes]
) -> dict[str, Any]:
    categories = [bundles[placement.asset].asset.category for placement in scene.movables]
    image = {"bytes": previews[scene.id], "path": None} if scene.id in previews else None
    return {**scene_row(scene, categories), "preview": image}


def _asset_row(asset: Asset) -> dict[str, Any]:
    return {
        "id": asset.id,
        "kind": asset.kind,
        "category": asset.category,
        "name": asset.name,
        "colors": list(asset.colors),
        "bytes": sum(file.size for file in asset_files(asset)),
        "record": asset.canonical_json(),
    }


def _write_table(path: Path, rows: list[dict[str, Any]], schema: pa.Schema) -> TableFile:
    """Write a parquet table with the `datasets` features in its metadata; settings are fixed so that bytes repeat."""
    table = pa.Table.from_pylist(rows, schema=schema.with_metadata({"huggingface": _features_json(schema)}))
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=9,
        use_dictionary=False,
        write_statistics=False,
        version="2.6",
        row_group_size=1000,
    )
    data = path.read_bytes()
    return TableFile(path=path.name, sha256=hashlib.sha256(data).hexdigest(), size=len(data), rows=len(rows))


def _features_json(schema: pa.Schema) -> str:
    """What `datasets.Features` writes about these columns, without importing `datasets` (which takes seconds)."""
    features: dict[str, Any] = {}
    for field in schema:
        if field.type == _IMAGE:
            features[field.name] = {"_type": "Image"}
        elif field.type == _TEXTS:
            features[field.name] = {"feature": {"dtype": "string", "_type": "Value"}, "_type": "List"}
        else:
            features[field.name] = {"dtype": str(field.type), "_type": "Value"}
    return canonical_json({"info": {"features": features}})


def _card_text(card: DatasetCard, scenes: Sequence[Scene], assets: int, manifest: Manifest) -> str:
    """The dataset card: YAML that the Hub and `datasets` read, then Markdown for people."""
    counts = [
        f"| {split} | "
        + " | ".join(str(sum(s.split == split and s.task == task for s in scenes)) for task in TASK_FAMILIES)
        + " |"
        for split in SPLITS
    ]
    lines = [
        "---",
        f"license: {card.licence}",
        "tags:",
        *(f"- {tag}" for tag in card.tags),
        "configs:",
        "- config_name: scenes",
        "  default: true",
        "  data_files:",
        "  - split: scenes",
        f"    path: {SCENES_TABLE}",
        "- config_name: assets",
        "  data_files:",
        "  - split: assets",
        f"    path: {ASSETS_TABLE}",
        "---",
        "",
        f"# {card.title}",
        "",
        card.description.strip(),
        "",
        f"{len(scenes)} scenes, {assets} assets, fingerprint `{manifest.fingerprint[:16]}`.",
        "",
        f"| split | {' | '.join(TASK_FAMILIES)} |",
        "|---" * (len(TASK_FAMILIES) + 1) + "|",
        *counts,
        "",
        "Every record and file carries its SHA-256; `scene_hub.dataset.SceneDataset` verifies them before use.",
        "",
    ]
    return "\n".join(lines)

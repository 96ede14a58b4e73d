"""A dataset of scenes: a folder that can be copied, put on the Hub and trusted.

    README.md                        the card; `datasets.load_dataset(folder)` reads two of the tables through it
    dataset.json                     schema version, fingerprint, the card's facts, the SHA-256 and size of the tables
    index.parquet                    one row a scene: columns to select by, the record and its SHA-256
    scenes.parquet                   the same with previews, for people and the Hub's viewer
    assets.parquet                   one row an asset: columns to select by, and the record
    assets/<aa>/<asset id>/<files>   the files of the assets, addressed by content

With more than 5000 assets their files lie in `shards/<aa>.tar` instead, and `shards.parquet` says where (`scene_hub.shards`).

Nothing is believed because it is there: the tables are held against `dataset.json`, scene records against their
checksum, asset records against their id, and asset files against the size and checksum in the asset's record, before any
other code sees them. Files are checked once in a process. There is no pickle and no code in a dataset, links are refused
and no path leaves the folder. Whatever is wrong is one `SceneDataError`.
"""

import difflib
import hashlib
import json
import os
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import trimesh

from scene_hub import downloads
from scene_hub.card import card_text
from scene_hub.errors import InvalidOptionError, SceneDataError
from scene_hub.generate.bundle import AssetBundle
from scene_hub.manifest import (
    ASSETS_TABLE,
    CARD,
    INDEX_TABLE,
    MANIFEST,
    MAX_MANIFEST_BYTES,
    SCENES_TABLE,
    SHARDS_TABLE,
    DatasetCard,
    Manifest,
    TableFile,
    asset_file_path,
    asset_files,
    fingerprint,
)
from scene_hub.meshes import FILE_KINDS, FileKind, check_visual, collision_pieces
from scene_hub.new_folder import check_new_folder, new_folder
from scene_hub.query import Query
from scene_hub.schema import (
    SPLITS,
    TASK_FAMILIES,
    Asset,
    AssetFile,
    Scene,
    Split,
    TaskFamily,
    parse_record,
    sha256_text,
)
from scene_hub.shards import LOOSE_ASSETS, Sharded, pack_shards
from scene_hub.sources import Sources, find_source, source_names
from scene_hub.storage import Folder, Storage, StoredFile
from scene_hub.summary import summarize
from scene_hub.tables import (
    ASSET_COLUMNS,
    INDEX_COLUMNS,
    SCENE_COLUMNS,
    SHARD_COLUMNS,
    asset_row,
    read_table,
    scene_row,
    write_table,
)

if TYPE_CHECKING:
    from scene_hub.gaussians import GaussianCloud

MOST_COLLISION_FILES = 2048
"""Whose pieces are kept in memory."""
MAX_RECORD_CHARACTERS = 1_000_000
MAX_PREVIEW_BYTES = 1024 * 1024
LISTED_CATEGORIES = 60
"""In a message about a query that nothing matches."""


# -------------------------------------------------------------------------------------------------------------- reading


class SceneDataset:
    """Scenes and assets of a dataset; open one with `SceneDataset.open`.

    `source` is the source string that means exactly these data, `revision` the commit of a dataset on the Hub (else None).
    """

    def __init__(self, storage: Storage, source: str, revision: str | None = None) -> None:
        self._place = storage
        self.manifest = read_manifest(storage)
        shards = self.manifest.shards
        self._read_from(storage if shards is None else Sharded(storage, shards), source, revision)
        self._scene_rows = self._index(self.manifest.index, INDEX_COLUMNS)
        self._asset_rows = self._index(self.manifest.assets, ASSET_COLUMNS)
        self._check_index()

    def _read_from(self, files: Storage, source: str, revision: str | None = None) -> None:
        """Nothing is read yet."""
        self.source, self.revision, self._files = source, revision, files
        self._scenes: dict[str, Scene] = {}
        self._assets: dict[str, Asset] = {}
        self._previews: dict[str, bytes] | None = None
        self._collision: OrderedDict[str, dict[str, trimesh.Trimesh]] = OrderedDict()
        self._triangles: dict[tuple[str, FileKind], int] = {}

    @classmethod
    def open(cls, source: Sources = "starter") -> "SceneDataset":
        """The dataset that `source` names: "starter" (bundled), a dataset folder, or "hf://datasets/org/name@revision".
        Several sources, in a list or joined by commas, make a mixture (`scene_hub.mixture`).

        From the Hub come the tables that scenes are selected by, and no other file before it is asked for. A branch or tag
        is resolved to a commit once: `revision`, and the `source` by which other processes open the same data.

        Raises:
            InvalidOptionError: a source that does not exist; the message says what does.
            SceneDataError: a dataset that is damaged.
            MissingRequirementError: the Hub cannot be reached, or does not let you in.
        """
        parts = [cls(*find_source(name)) for name in source_names(source)]
        if len(parts) == 1:
            return parts[0]
        from scene_hub.mixture import MixedDataset

        return MixedDataset(parts)

    @property
    def folder(self) -> Path:
        """The folder that the dataset lies in; InvalidOptionError for one on the Hub."""
        if not isinstance(self._place, Folder):
            raise InvalidOptionError(
                f"{self.source} lies on the Hub; `genworld scenes pull {self.source} --out FOLDER` makes a folder of it"
            )
        return self._place.root

    @property
    def card(self) -> DatasetCard:
        """Title, description, licence and tags of the dataset."""
        return self.manifest.card

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

    # -- scenes

    def scenes(
        self,
        split: Split | str | None = None,
        task: TaskFamily | str | None = None,
        ids: Sequence[str] | None = None,
        query: str | None = None,
        count: int | None = None,
    ) -> list[Scene]:
        """The scenes of `split` and `task` in order of their ids, or those of `ids` in the order given.

        None selects all. `query` is an expression such as `category == "mug" and objects >= 3` (`scene_hub.query`); of what is
        selected, the first `count` are returned. Raises InvalidOptionError, which names the choices, for an unknown split,
        task or id, for a query that cannot be read, and for a selection without any scene.
        """
        if split is not None and split not in SPLITS:
            raise InvalidOptionError.unknown("split", split, SPLITS)
        if task is not None and task not in TASK_FAMILIES:
            raise InvalidOptionError.unknown("task", task, TASK_FAMILIES)
        if count is not None and count < 1:
            raise InvalidOptionError(f"count={count} leaves no scene; give at least 1")
        wanted = None if query is None else Query.parse(query)
        chosen = list(self._scene_rows) if ids is None else [self._known_scene(scene_id) for scene_id in ids]
        rows = [self._scene_rows[scene_id] for scene_id in chosen]
        matching = [
            row["id"]
            for row in rows
            if split in (None, row["split"]) and task in (None, row["task"]) and (wanted is None or wanted.matches(row))
        ]
        if not matching:
            asked = {"split": split, "task": task, "ids": None if ids is None else list(ids), "query": query}
            given = ", ".join(f"{name}={value!r}" for name, value in asked.items() if value is not None)
            raise InvalidOptionError(f"no scene of {self.source!r} matches {given}; {_choices(rows, query)}")
        return [self.scene(scene_id) for scene_id in matching[:count]]

    def scene(self, scene_id: str) -> Scene:
        """The scene `scene_id`; InvalidOptionError, with the nearest ids, where there is none."""
        if scene_id not in self._scenes:
            row = self._scene_rows[self._known_scene(scene_id)]
            scene = parse_record(Scene, row["record"], f"{self._files.name(INDEX_TABLE)}, scene {scene_id!r}")
            if scene_row(scene, self._categories(scene)) != row:
                raise SceneDataError(
                    f"{self._files.name(INDEX_TABLE)}: the columns of {scene_id!r} contradict its record; "
                    f"{self._files.way_out}"
                )
            self._scenes[scene_id] = scene
        return self._scenes[scene_id]

    def preview(self, scene_id: str) -> bytes | None:
        """The preview image (encoded JPEG or PNG) of a scene, or None where it has none."""
        self._known_scene(scene_id)
        if self._previews is None:
            rows = read_table(self._place, self.manifest.scenes, SCENE_COLUMNS, ["id", "preview"])
            images = {row["id"]: (row["preview"] or {}).get("bytes") for row in rows}
            self._previews = {name: image for name, image in images.items() if image is not None}
        return self._previews.get(scene_id)

    # -- assets

    def asset(self, asset_id: str) -> Asset:
        """The asset `asset_id`; SceneDataError where there is none or its record does not have that checksum."""
        if asset_id not in self._assets:
            if asset_id not in self._asset_rows:
                raise SceneDataError(
                    f"{self._files.name(ASSETS_TABLE)}: there is no asset {asset_id!r}; {self._files.way_out}"
                )
            origin = f"{self._files.name(ASSETS_TABLE)}, asset {asset_id[:12]}"
            asset = parse_record(Asset, self._asset_rows[asset_id]["record"], origin)
            if asset.id != asset_id or asset.content_hash() != asset_id:
                raise SceneDataError(
                    f"{origin}: the record's checksum is {asset.content_hash()[:12]}; {self._files.way_out}"
                )
            self._assets[asset_id] = asset
        return self._assets[asset_id]

    def asset_file(self, asset: Asset, which: FileKind) -> Path:
        """The path of a file of `asset`, safe for native readers: size, checksum and content have been verified.

        Content means a self-contained GLB whose meshes and textures decode and keep to their bounds.
        """
        self._verify_file(asset, which)
        asset = self.asset(asset.id)  # the dataset's own record says where the file is
        return self._files.path(stored_file(asset, _file_of(asset, which)))

    def triangles(self, asset: Asset, which: FileKind) -> int:
        """How many triangles (or Gaussians) a file of `asset` has; SceneDataError for one that is not sound."""
        self._verify_file(asset, which)
        return self._triangles[asset.id, which]

    def bundle(self, asset: Asset) -> AssetBundle:
        """`asset` with the content of its files, each verified."""
        asset = self.asset(asset.id)
        files = asset_files(asset)
        return AssetBundle(asset, {file.path: self._files.read_verified(stored_file(asset, file)) for file in files})

    def collision_meshes(self, asset: Asset) -> dict[str, trimesh.Trimesh]:
        """The convex collision pieces of `asset` by name, in the asset frame, checked; {} where it needs none.

        Closed, convex, finite, at most 256 vertices each: safe for a physics engine. Shared by all calls, do not modify.
        """
        if asset.files.collision is None:
            return {}
        pieces = self._collision.get(asset.id)
        return self._read_pieces(asset) if pieces is None else pieces

    def gaussians(self, asset: Asset) -> "GaussianCloud | None":
        """The 3D Gaussians of a room in its asset frame, checked; None where it has none. Read anew by each call."""
        return None if asset.files.gaussians is None else self._read_gaussians(asset)

    def check_visual(self, asset: Asset) -> dict[str, int]:
        """Check both visual files of `asset`; their triangle counts, or SceneDataError for a broken one."""
        levels: tuple[FileKind, ...] = ("visual", "visual_low")
        return {which: self.triangles(asset, which) for which in levels}

    # -- fetching

    def download(
        self,
        scenes: Sequence[Scene] | None = None,
        *,
        kinds: Sequence[FileKind] = FILE_KINDS,
        workers: int = downloads.WORKERS,
        progress: downloads.Progress | None = None,
    ) -> None:
        """Bring all files of `scenes` (None: of all scenes) onto this machine, several at once, each verified.

        `kinds` says which files, `progress(done, total)` is told of bytes. What is there already is not fetched again, and
        for a folder there is nothing to do. Raises SceneDataError for a file that is not what its record says,
        MissingRequirementError where the Hub fails; what has come until then is kept.
        """
        chosen = self.scenes() if scenes is None else scenes
        downloads.download(self._files, self.files_of(chosen, kinds), workers, progress)

    def stream(
        self,
        scenes: Sequence[Scene] | None = None,
        *,
        kinds: Sequence[FileKind] = FILE_KINDS,
        ahead: int = 8,
        workers: int = downloads.WORKERS,
    ) -> Iterator[Scene]:
        """`scenes` (None: all) one after the other, each when its files are there, while those of the next `ahead` come.

        So work begins when the first scene has arrived:

            for scene in dataset.stream(dataset.scenes(split="train")):
                ...
        """
        chosen = self.scenes() if scenes is None else scenes
        pairs = ((scene, self.files_of([scene], kinds)) for scene in chosen)
        return downloads.stream(self._files, pairs, ahead, workers)

    def files_of(self, scenes: Sequence[Scene], kinds: Sequence[FileKind] = FILE_KINDS) -> list[StoredFile]:
        """The files of the given kinds that `scenes` are made of, each once: their paths, checksums and sizes."""
        for kind in kinds:
            if kind not in FILE_KINDS:
                raise InvalidOptionError.unknown("asset file", kind, FILE_KINDS)
        used = dict.fromkeys(asset_id for scene in scenes for asset_id in scene.asset_ids)
        files = {}
        for asset in map(self.asset, used):
            for kind in kinds:
                file: AssetFile | None = getattr(asset.files, kind)
                if file is not None:
                    stored = stored_file(asset, file)
                    files[stored.path] = stored
        return list(files.values())

    # -- verifying

    def verify(self) -> None:
        """Read every record and every file of the dataset; SceneDataError for the first that is not sound."""
        for error in self.damage():
            raise error

    def damage(
        self, workers: int = downloads.WORKERS, progress: downloads.Progress | None = None
    ) -> Iterator[SceneDataError]:
        """Every record and every file of the dataset that is not sound, one error each; reads all of them.

        From the Hub all of it is fetched for that, by so many `workers`; `progress(done, total)` is told of bytes.
        """
        for scene_id in self.scene_ids:
            yield from _failures(self.scene, scene_id)
        yield from _failures(self._check_scenes_table)
        assets = []
        for asset_id in self.asset_ids:
            broken = list(_failures(self.asset, asset_id))
            yield from broken
            assets += [] if broken else [self.asset(asset_id)]
        files = [stored_file(asset, file) for asset in assets for file in asset_files(asset)]
        downloads.download(self._files, files, workers, progress, skip_damaged=True)
        for asset in assets:
            for kind in FILE_KINDS:
                if getattr(asset.files, kind) is not None:
                    yield from _failures(self._verify_file, asset, kind)

    def _check_scenes_table(self) -> None:
        """The table with previews says what the index says."""
        rows = read_table(self._place, self.manifest.scenes, SCENE_COLUMNS, INDEX_COLUMNS.names)
        if sorted(rows, key=lambda row: row["id"]) != list(self._scene_rows.values()):
            raise SceneDataError(f"{self._files.name(SCENES_TABLE)}: contradicts {INDEX_TABLE}; {self._files.way_out}")

    # -- inside

    def _verify_file(self, asset: Asset, which: FileKind) -> None:
        """Size, checksum and content of a file, once; SceneDataError where they are not what the record says."""
        if (asset.id, which) in self._triangles:
            return
        if which == "collision":
            self._read_pieces(asset)
            return
        if which == "gaussians":
            self._read_gaussians(asset)
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

    def _read_gaussians(self, asset: Asset) -> "GaussianCloud":
        """The cloud in a file of Gaussians, read now."""
        from scene_hub.gaussians.ply import read_ply

        data, origin = self._verified_bytes(self.asset(asset.id), "gaussians")
        cloud = read_ply(data, origin)
        self._triangles[asset.id, "gaussians"] = len(cloud)
        return cloud

    def _verified_bytes(self, asset: Asset, which: FileKind) -> tuple[bytes, str]:
        """The content of a file of the dataset's own record `asset`, and the name by which messages call it."""
        stored = stored_file(asset, _file_of(asset, which))
        return self._files.read_verified(stored), self._files.name(stored.path)

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

    def _index(self, table: TableFile, schema: pa.Schema) -> dict[str, dict[str, Any]]:
        """Rows of a table by id, sorted; no id is there twice, no record is too long."""
        rows = read_table(self._place, table, schema, schema.names)
        name = self._files.name(table.path)
        for row in rows:
            if len(row["record"]) > MAX_RECORD_CHARACTERS:
                raise SceneDataError(
                    f"{name}: the record of {row['id']!r} is longer than {MAX_RECORD_CHARACTERS} characters"
                )
        index = {row["id"]: row for row in sorted(rows, key=lambda row: row["id"])}
        if len(index) != len(rows):
            repeated = _repeated(row["id"] for row in rows)
            raise SceneDataError(f"{name}: ids {repeated} occur more than once; {self._files.way_out}")
        return index

    def _check_index(self) -> None:
        """Checksums of scene records, references from scenes to assets, and the fingerprint."""
        name, way_out = self._files.name(INDEX_TABLE), self._files.way_out
        for scene_id, row in self._scene_rows.items():
            if sha256_text(row["record"]) != row["sha256"]:
                raise SceneDataError(
                    f"{name}: the record of scene {scene_id!r} does not have the checksum beside it; {way_out}"
                )
            missing = [asset for asset in row["assets"] if asset not in self._asset_rows]
            if missing:
                raise SceneDataError(
                    f"{name}: scene {scene_id!r} names asset {missing[0]!r}, which the dataset lacks; {way_out}"
                )
        found = fingerprint([row["sha256"] for row in self._scene_rows.values()], self._asset_rows)
        if found != self.manifest.fingerprint:
            raise SceneDataError(
                f"{self._files.name(MANIFEST)}: fingerprint {self.manifest.fingerprint[:12]}, found {found[:12]}; {way_out}"
            )


def read_manifest(storage: Storage) -> Manifest:
    """The manifest of the dataset in `storage`; SceneDataError where there is none or it is not sound."""
    if isinstance(storage, Folder) and not (storage.root / MANIFEST).exists():
        raise SceneDataError(
            f"{storage.root}: is not a dataset folder (it has no {MANIFEST}); "
            "give a folder made by `write_dataset`, or 'starter'"
        )
    manifest = parse_record(Manifest, storage.read(MANIFEST, MAX_MANIFEST_BYTES), storage.name(MANIFEST))
    names = (INDEX_TABLE, SCENES_TABLE, ASSETS_TABLE, SHARDS_TABLE)
    for expected, table in zip(names, manifest.tables, strict=False):
        if table.path != expected:
            raise SceneDataError(
                f"{storage.name(MANIFEST)}: names the table {table.path!r}, expected {expected!r}; {storage.way_out}"
            )
    return manifest


def stored_file(asset: Asset, file: AssetFile) -> StoredFile:
    """Where `file` of `asset` lies in a dataset, and what it must be."""
    return StoredFile(asset_file_path(asset, file), file.sha256, file.size)


def _failures(check: Any, *arguments: Any) -> Iterator[SceneDataError]:
    """The SceneDataError that `check(*arguments)` raises, if it does."""
    try:
        check(*arguments)
    except SceneDataError as error:
        yield error


def _choices(rows: Sequence[Mapping[str, Any]], query: str | None) -> str:
    """What there is to select among `rows`, for a message."""
    pairs = sorted({f"{row['split']}/{row['task']}" for row in rows})
    text = f"there are (split/task): {', '.join(pairs) or 'none'}"
    if query is None:
        return text
    categories = sorted({category for row in rows for category in row["categories"]})
    more = ", ..." if len(categories) > LISTED_CATEGORIES else ""
    return f"{text}; and the categories {', '.join(categories[:LISTED_CATEGORIES]) or 'none'}{more}"


def _repeated(ids: Iterable[str]) -> list[str]:
    """The ids that occur more than once, sorted."""
    return sorted(name for name, count in Counter(ids).items() if count > 1)


def _file_of(asset: Asset, which: FileKind) -> AssetFile:
    """The record of a file of `asset`; readers choose their decoder by the name's ending, so there is only one."""
    if which not in FILE_KINDS:
        raise InvalidOptionError.unknown("asset file", which, FILE_KINDS)
    file: AssetFile | None = getattr(asset.files, which)
    if file is None:
        raise SceneDataError(f"asset {asset.name!r} ({asset.id[:12]}) has no {which} file")
    ending = ".ply" if which == "gaussians" else ".glb"
    if not file.path.endswith(ending):
        raise SceneDataError(
            f"asset {asset.name!r} ({asset.id[:12]}): {which} file {file.path!r} is not a {ending} file"
        )
    return file


# -------------------------------------------------------------------------------------------------------------- writing


def write_dataset(
    folder: str | os.PathLike[str],
    scenes: Sequence[Scene],
    bundles: Iterable[AssetBundle],
    card: DatasetCard,
    *,
    previews: Mapping[str, bytes] | None = None,
    overwrite: bool = False,
    extra: Mapping[str, bytes] | None = None,
    loose_assets: int = LOOSE_ASSETS,
) -> SceneDataset:
    """Write a dataset folder and return it opened.

    The folder appears complete or not at all, and the same input gives the same bytes. `bundles` are taken one at a time and
    not kept. `previews` are encoded images by scene id, `extra` further files by name, for people: nothing reads them. With
    more than `loose_assets` assets their files are put into shards. An existing folder is refused unless `overwrite`, and even
    then unless it is empty or a dataset folder. Raises SceneDataError for input that does not fit together.
    """
    target = Path(folder).expanduser().absolute()
    check_dataset_folder(target, overwrite)
    _check_scenes(scenes, previews or {})
    with new_folder(target) as draft:
        assets = _write_files(draft, bundles)
        _write_tables(draft, scenes, assets, card, previews or {}, len(assets) > loose_assets)
        for name, data in (extra or {}).items():
            (draft / name).write_bytes(data)
        SceneDataset(Folder(draft), str(target))
    return SceneDataset(Folder(target), str(target))


def check_dataset_folder(target: Path, overwrite: bool) -> None:
    """Raise InvalidOptionError unless a dataset may be written to `target`: nothing that is there is lost by accident."""
    check_new_folder(target, overwrite, lambda folder: (folder / MANIFEST).is_file(), "a dataset folder")


def _check_scenes(scenes: Sequence[Scene], previews: Mapping[str, bytes]) -> None:
    ids = {scene.id for scene in scenes}
    repeated = _repeated(scene.id for scene in scenes)
    if repeated:
        raise SceneDataError(f"scene ids {repeated} occur more than once")
    for scene_id, preview in previews.items():
        if scene_id not in ids or len(preview) > MAX_PREVIEW_BYTES:
            raise SceneDataError(
                f"the preview of {scene_id!r} belongs to no scene or has more than {MAX_PREVIEW_BYTES} bytes"
            )


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


def _write_files(folder: Path, bundles: Iterable[AssetBundle]) -> dict[str, Asset]:
    """Write the files of all bundles, loose; the assets by id."""
    assets: dict[str, Asset] = {}
    for bundle in bundles:
        if bundle.asset.id in assets:
            continue
        _check_bundle(bundle)
        assets[bundle.asset.id] = bundle.asset
        for file in asset_files(bundle.asset):
            path = folder / asset_file_path(bundle.asset, file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(bundle.files[file.path])
    return assets


def _write_tables(
    folder: Path,
    scenes: Sequence[Scene],
    assets: Mapping[str, Asset],
    card: DatasetCard,
    previews: Mapping[str, bytes],
    sharded: bool,
) -> None:
    for scene in scenes:
        missing = [asset for asset in scene.asset_ids if asset not in assets]
        if missing:
            raise SceneDataError(f"scene {scene.id!r} names asset {missing[0]!r}, which is not among the bundles")
    rows = [
        scene_row(scene, [assets[placement.asset].category for placement in scene.movables])
        for scene in sorted(scenes, key=lambda scene: scene.id)
    ]
    images = {scene_id: {"bytes": data, "path": None} for scene_id, data in previews.items()}
    with_previews = [{**row, "preview": images.get(row["id"])} for row in rows]
    manifest = Manifest(
        fingerprint=fingerprint((row["sha256"] for row in rows), assets),
        card=card,
        index=write_table(folder / INDEX_TABLE, rows, INDEX_COLUMNS),
        scenes=write_table(folder / SCENES_TABLE, with_previews, SCENE_COLUMNS),
        assets=write_table(folder / ASSETS_TABLE, [asset_row(assets[name]) for name in sorted(assets)], ASSET_COLUMNS),
        shards=write_table(folder / SHARDS_TABLE, pack_shards(folder), SHARD_COLUMNS) if sharded else None,
    )
    text = json.dumps(manifest.model_dump(mode="json"), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    text = card_text(manifest, summarize(manifest, scenes, list(assets.values())))
    (folder / CARD).write_text(text, encoding="utf-8")

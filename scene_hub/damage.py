"""Finding all that is damaged in a dataset, also in one that cannot be opened."""

import os
from collections.abc import Iterator

from scene_hub.dataset import SceneDataset, read_manifest, stored_file
from scene_hub.downloads import WORKERS, Progress, download
from scene_hub.errors import SceneDataError
from scene_hub.manifest import ASSETS_TABLE, Manifest, asset_files
from scene_hub.schema import Asset, parse_record
from scene_hub.shards import Sharded
from scene_hub.sources import find_source
from scene_hub.storage import Storage, StoredFile
from scene_hub.tables import ASSET_COLUMNS, read_table


def find_damage(
    source: str | os.PathLike[str], workers: int = WORKERS, progress: Progress | None = None
) -> Iterator[SceneDataError]:
    """Every file and every record of the dataset at `source` that is not sound, one error each; reads all of them.

    Where the dataset cannot be opened, that is the first error, and the others are the files without the right checksum.
    `progress(done, total)` is told of bytes that come from the Hub. Raises what `SceneDataset.open` raises about the source.
    """
    storage, name, revision = find_source(source)
    try:
        dataset = SceneDataset(storage, name, revision)
    except SceneDataError as error:
        yield error
        yield from (other for other in _wrong_files(storage, workers, progress) if str(other) != str(error))
    else:
        yield from dataset.damage(workers, progress)


def _wrong_files(storage: Storage, workers: int, progress: Progress | None) -> Iterator[SceneDataError]:
    """The tables, and the files that a sound table of assets names, which do not have their size and checksum."""
    try:
        manifest = read_manifest(storage)
    except SceneDataError:
        return
    sound = set()
    for table in manifest.tables:
        try:
            storage.read_verified(StoredFile(table.path, table.sha256, table.size))
            sound.add(table.path)
        except SceneDataError as error:
            yield error
    if ASSETS_TABLE not in sound or (manifest.shards is not None and manifest.shards.path not in sound):
        return
    try:
        files = _named_files(storage, manifest)
    except SceneDataError as error:
        yield error
        return
    place = storage if manifest.shards is None else Sharded(storage, manifest.shards)
    download(place, files, workers, progress, skip_damaged=True)
    for file in files:
        try:
            place.read_verified(file)
        except SceneDataError as error:
            yield error


def _named_files(storage: Storage, manifest: Manifest) -> list[StoredFile]:
    rows = read_table(storage, manifest.assets, ASSET_COLUMNS, ["record"])
    assets = [parse_record(Asset, row["record"], storage.name(ASSETS_TABLE)) for row in rows]
    return [stored_file(asset, file) for asset in assets for file in asset_files(asset)]

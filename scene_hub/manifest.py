"""What a dataset folder holds, and what `dataset.json` says of it: names, sizes, checksums, and the facts of the card."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, StringConstraints, model_serializer

from scene_hub.schema import (
    SCHEMA_VERSION,
    Asset,
    AssetFile,
    Record,
    RelativePath,
    Sha256,
    Text,
    canonical_json,
    sha256_text,
)

MANIFEST = "dataset.json"
INDEX_TABLE = "index.parquet"
SCENES_TABLE = "scenes.parquet"
ASSETS_TABLE = "assets.parquet"
SHARDS_TABLE = "shards.parquet"
CARD = "README.md"

MAX_MANIFEST_BYTES = 1024 * 1024
MAX_TABLE_BYTES = 1024 * 1024 * 1024
MAX_ROWS = 1_000_000


class DatasetCard(Record):
    """What the dataset card says: `title`, `description` (Markdown), `licence` (SPDX, lower case) and Hub tags."""

    title: Text
    description: Annotated[str, StringConstraints(max_length=20_000)]
    licence: Annotated[str, StringConstraints(min_length=1, max_length=100)] = "cc0-1.0"
    tags: tuple[Text, ...] = ("robotics", "simulation", "3d", "genworld")


class TableFile(Record):
    """A table of the dataset: file name, SHA-256, size in bytes and number of rows."""

    path: RelativePath
    sha256: Sha256
    size: int = Field(gt=0, le=MAX_TABLE_BYTES)
    rows: int = Field(ge=0, le=MAX_ROWS)


class Manifest(Record):
    """The content of `dataset.json`.

    `index` is what readers select scenes by; `scenes` says the same with preview images, for people and the Hub's viewer.
    `shards` is there when the files of the assets lie in shards.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    fingerprint: Sha256
    card: DatasetCard
    index: TableFile
    scenes: TableFile
    assets: TableFile
    shards: TableFile | None = None

    @model_serializer(mode="wrap")
    def _without_empty(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields = handler(self)
        if self.shards is None:
            del fields["shards"]
        return fields

    @property
    def tables(self) -> tuple[TableFile, ...]:
        """All tables, those that there are."""
        return tuple(table for table in (self.index, self.scenes, self.assets, self.shards) if table is not None)


def fingerprint(scene_checksums: Iterable[str], asset_ids: Iterable[str]) -> str:
    """SHA-256 over the sorted checksums of scene records and the sorted asset ids."""
    return sha256_text(canonical_json({"scenes": sorted(scene_checksums), "assets": sorted(asset_ids)}))


def asset_files(asset: Asset) -> tuple[AssetFile, ...]:
    """The files of `asset`, those that it has."""
    files = asset.files
    return tuple(f for f in (files.visual, files.visual_low, files.collision, files.gaussians) if f is not None)


def asset_file_path(asset: Asset, file: AssetFile) -> str:
    """Where `file` of `asset` lies in a dataset folder, or in the shard that holds it."""
    return f"assets/{asset.id[:2]}/{asset.id}/{file.path}"

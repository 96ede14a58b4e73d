"""The tables of a dataset: their columns, and reading parquet that nobody vouches for.

A table is refused by its footer before it is decoded, and while it is decoded as soon as it grows beyond its bounds.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from scene_hub.errors import SceneDataError
from scene_hub.manifest import MANIFEST, TableFile, asset_files
from scene_hub.schema import Asset, Scene, canonical_json, sha256_text
from scene_hub.storage import Storage, StoredFile

MAX_DECODED_BYTES = 4 * 1024 * 1024 * 1024
MAX_EXPANSION = 200
"""How many times larger than the file its content may be; scenes that differ little compress 10 to 20 times."""
EXPANSION_ALLOWANCE = 16 * 1024 * 1024
MAX_ROW_GROUPS = 10_000
BATCH_ROWS = 64
"""Rows that are decoded before sizes are looked at again."""

_TEXTS = pa.list_(pa.string())
_IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
_SELECTED_BY = [
    ("id", pa.string()),
    ("split", pa.string()),
    ("task", pa.string()),
    ("instruction", pa.string()),
    ("object", pa.string()),
    ("receptacle", pa.string()),
    ("objects", pa.int64()),
    ("categories", _TEXTS),
    ("assets", _TEXTS),
    ("sha256", pa.string()),
]
INDEX_COLUMNS = pa.schema([*_SELECTED_BY, ("record", pa.string())])
SCENE_COLUMNS = pa.schema([*_SELECTED_BY, ("preview", _IMAGE), ("record", pa.string())])
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
SHARD_COLUMNS = pa.schema(
    [
        ("asset", pa.string()),
        ("path", pa.string()),
        ("shard", pa.string()),
        ("offset", pa.int64()),
        ("size", pa.int64()),
    ]
)
OPTIONAL_COLUMNS = frozenset({"receptacle", "preview"})
"""Those whose cells may be empty: a scene of the task "pick" has no receptacle."""
_PLAIN_ENCODINGS = frozenset({"PLAIN", "RLE", "BIT_PACKED"})


def scene_row(scene: Scene, categories: Sequence[str]) -> dict[str, Any]:
    """The row of `scene` in the index; `categories` are those of `scene.movables`, in that order.

    `object` and `receptacle` are the categories of these two, `objects` is the number of things that can be moved.
    """
    record = scene.canonical_json()
    return {
        "id": scene.id,
        "split": scene.split,
        "task": scene.task,
        "instruction": scene.instruction,
        "object": categories[0],
        "receptacle": None if scene.receptacle is None else categories[1],
        "objects": len(categories),
        "categories": list(categories),
        "assets": list(scene.asset_ids),
        "sha256": sha256_text(record),
        "record": record,
    }


def asset_row(asset: Asset) -> dict[str, Any]:
    """The row of `asset` in the table of assets; `bytes` is the size of all its files."""
    return {
        "id": asset.id,
        "kind": asset.kind,
        "category": asset.category,
        "name": asset.name,
        "colors": list(asset.colors),
        "bytes": sum(file.size for file in asset_files(asset)),
        "record": asset.canonical_json(),
    }


# -------------------------------------------------------------------------------------------------------------- reading


def read_table(storage: Storage, table: TableFile, schema: pa.Schema, columns: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of a table of the dataset in `storage`, of the given columns only, once its checksum has been verified.

    Raises SceneDataError where it has other bytes than the manifest says, and as `read_rows` does.
    """
    data = storage.read_verified(StoredFile(table.path, table.sha256, table.size))
    return read_rows(data, table, schema, columns, storage.name(table.path))


def read_rows(
    data: bytes, table: TableFile, schema: pa.Schema, columns: Sequence[str], name: str
) -> list[dict[str, Any]]:
    """The rows of a table, of the given columns only.

    Args:
        data: the file's content, its checksum verified.
        table: what the manifest says of it.
        schema: the columns that the table must have.
        columns: those to read.
        name: what messages call the file.

    Raises:
        SceneDataError: other columns, another number of rows, an empty cell, or content out of bounds.
    """
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        if not file.schema_arrow.equals(schema, check_metadata=False):
            raise SceneDataError(
                f"{name}: its columns are {file.schema_arrow.names}, expected {schema.names} with their types"
            )
        most = min(MAX_DECODED_BYTES, EXPANSION_ALLOWANCE + MAX_EXPANSION * len(data))
        _check_footer(file.metadata, table, most, name)
        rows = _decoded(file, columns, most, name)
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, SceneDataError):
            raise
        raise SceneDataError(f"{name}: not a readable parquet table ({error}); {_REFUSED}") from None
    for row in rows:
        empty = [column for column, value in row.items() if value is None and column not in OPTIONAL_COLUMNS]
        if empty:
            raise SceneDataError(f"{name}: a row has empty cells ({', '.join(empty)}); {_REFUSED}")
    return rows


_REFUSED = "the table is damaged or was not made by this project's tools; fetch or build the dataset again"


def _check_footer(metadata: pq.FileMetaData, table: TableFile, most: int, name: str) -> None:
    """Refuse a table by what its footer says, before anything of it is decoded."""
    if metadata.num_rows != table.rows:
        raise SceneDataError(f"{name}: has {metadata.num_rows} rows, {MANIFEST} says {table.rows}; {_REFUSED}")
    if metadata.num_row_groups > MAX_ROW_GROUPS:
        raise SceneDataError(f"{name}: has {metadata.num_row_groups} row groups, at most {MAX_ROW_GROUPS} are allowed")
    decoded = 0
    for index in range(metadata.num_row_groups):
        group = metadata.row_group(index)
        chunks = [group.column(column) for column in range(group.num_columns)]
        decoded += max(group.total_byte_size, sum(chunk.total_uncompressed_size for chunk in chunks))
        # A dictionary says a long text once and repeats it by number: small in the file, without bound in memory.
        encodings = {encoding for chunk in chunks for encoding in chunk.encodings} - _PLAIN_ENCODINGS
        if encodings:
            raise SceneDataError(f"{name}: is encoded as {sorted(encodings)}, which is not accepted; {_REFUSED}")
        if decoded > most:
            raise SceneDataError(f"{name}: decodes to more than {decoded} bytes, {most} are allowed; {_REFUSED}")


def _decoded(file: pq.ParquetFile, columns: Sequence[str], most: int, name: str) -> list[dict[str, Any]]:
    """The rows of a table, a few at a time, for a footer may say less than what comes."""
    rows: list[dict[str, Any]] = []
    decoded = 0
    for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=list(columns), use_threads=False):
        decoded += batch.nbytes
        if decoded > most:
            raise SceneDataError(f"{name}: decodes to more than the {most} bytes that are allowed; {_REFUSED}")
        rows += batch.to_pylist()
    return rows


# -------------------------------------------------------------------------------------------------------------- writing


def write_table(path: Path, rows: list[dict[str, Any]], schema: pa.Schema) -> TableFile:
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

"""What a dataset holds, counted: scenes, assets, bytes, where they come from and under which licences."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from scene_hub.manifest import Manifest, asset_files
from scene_hub.schema import SPLITS, TASK_FAMILIES, Asset, AssetKind, Provenance, Record, Scene, Split, TaskFamily

KINDS: tuple[AssetKind, ...] = ("object", "table", "room")
LISTED_SEEDS = 5


class Origin(Record):
    """What was made in one way: its provenance but for the seed and the source, and how many.

    `count` is by kind for assets ("object", "table", "room"), and {"scene": n} for scenes. `sources` are the different sources,
    sorted. `seeds` are the different seeds, sorted, where they are few; `seed_range` is the number of different seeds with the
    least and the greatest, None where no seed is known.
    """

    generator: str
    generator_version: str
    designer: str | None
    model: str | None
    licence: str
    count: dict[str, int]
    sources: tuple[str, ...]
    seeds: tuple[int, ...]
    seed_range: tuple[int, int, int] | None


class DatasetSummary(Record):
    """The numbers of a dataset.

    `tasks` counts scenes by split and task family, the empty ones too; `kinds` assets by kind; `categories` assets of the kind
    "object" by category; `licences` assets by licence as their records name it. `asset_bytes` is the size of all asset files,
    `table_bytes` that of the tables.
    """

    fingerprint: str
    scenes: int
    assets: int
    asset_bytes: int
    table_bytes: int
    tasks: dict[Split, dict[TaskFamily, int]]
    kinds: dict[AssetKind, int]
    categories: dict[str, int]
    licences: dict[str, int]
    asset_origins: tuple[Origin, ...]
    scene_origins: tuple[Origin, ...]


def summarize(manifest: Manifest, scenes: Sequence[Scene], assets: Sequence[Asset]) -> DatasetSummary:
    """Count the scenes and assets of a dataset; the same content gives the same summary, in whatever order it comes."""
    tasks = Counter((scene.split, scene.task) for scene in scenes)
    kinds = Counter(asset.kind for asset in assets)
    return DatasetSummary(
        fingerprint=manifest.fingerprint,
        scenes=len(scenes),
        assets=len(assets),
        asset_bytes=sum(file.size for asset in assets for file in asset_files(asset)),
        table_bytes=sum(table.size for table in manifest.tables),
        tasks={split: {task: tasks[split, task] for task in TASK_FAMILIES} for split in SPLITS},
        kinds={kind: kinds[kind] for kind in KINDS},
        categories=_sorted(Counter(asset.category for asset in assets if asset.kind == "object")),
        licences=_sorted(Counter(asset.provenance.licence for asset in assets)),
        asset_origins=_origins((asset.kind, asset.provenance) for asset in assets),
        scene_origins=_origins(("scene", scene.provenance) for scene in scenes),
    )


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _origins(made: Iterable[tuple[str, Provenance]]) -> tuple[Origin, ...]:
    """Provenances in groups, the largest first."""
    groups: dict[tuple[str, ...], list[tuple[str, Provenance]]] = {}
    for kind, provenance in made:
        p = provenance
        key = (p.generator, p.generator_version, p.designer or "", p.model or "", p.licence)
        groups.setdefault(key, []).append((kind, provenance))
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(_origin(members) for _, members in ordered)


def _origin(members: Sequence[tuple[str, Provenance]]) -> Origin:
    first = members[0][1]
    seeds = sorted({provenance.seed for _, provenance in members if provenance.seed is not None})
    return Origin(
        generator=first.generator,
        generator_version=first.generator_version,
        designer=first.designer,
        model=first.model,
        licence=first.licence,
        count=_sorted(Counter(kind for kind, _ in members)),
        sources=tuple(sorted({provenance.source for _, provenance in members if provenance.source is not None})),
        seeds=tuple(seeds) if len(seeds) <= LISTED_SEEDS else (),
        seed_range=(len(seeds), seeds[0], seeds[-1]) if seeds else None,
    )

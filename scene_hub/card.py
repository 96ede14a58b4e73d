"""The dataset card (`README.md`): metadata that the Hub and `datasets` read, then what a person wants to know.

The text is a function of the dataset: the same content gives the same bytes. What records say is quoted, so that it can be
neither markup nor metadata.
"""

import re

from scene_hub.hub.source import DEFAULT_REVISION, HubSource
from scene_hub.manifest import DatasetCard, Manifest
from scene_hub.schema import SPLITS, TASK_FAMILIES, TaskFamily
from scene_hub.summary import DatasetSummary, Origin

MOSAIC = "mosaic.jpg"
"""The picture that the card shows, beside it."""

TAGS = ("robotics", "simulation", "3d", "gymnasium", "genworld")
LISTED_CATEGORIES = 60
LISTED_SOURCES = 8

# Identifiers that the Hub takes in `license`; another licence is "other", and the card names it.
# fmt: off
HUB_LICENCES = frozenset({
    "afl-3.0", "agpl-3.0", "apache-2.0", "artistic-2.0", "bsd", "bsd-2-clause", "bsd-3-clause",
    "bsd-3-clause-clear", "bsl-1.0", "c-uda", "cc", "cc-by-2.0", "cc-by-2.5", "cc-by-3.0", "cc-by-4.0",
    "cc-by-nc-2.0", "cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0",
    "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0", "cc-by-nd-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc0-1.0",
    "cdla-permissive-1.0", "cdla-permissive-2.0", "cdla-sharing-1.0", "ecl-2.0", "epl-1.0", "epl-2.0", "etalab-2.0",
    "eupl-1.1", "eupl-1.2", "gfdl", "gpl", "gpl-2.0", "gpl-3.0", "isc", "lgpl", "lgpl-2.1", "lgpl-3.0", "lgpl-lr",
    "mit", "mpl-2.0", "ms-pl", "ncsa", "odbl", "odc-by", "ofl-1.1", "openrail", "openrail++", "osl-3.0", "pddl",
    "postgresql", "unknown", "unlicense", "wtfpl", "zlib",
})
# fmt: on
# The Hub's size categories count scenes: the rows of the default configuration.
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def card_text(
    manifest: Manifest, summary: DatasetSummary, source: HubSource | None = None, mosaic: bool = False
) -> str:
    """The text of `README.md`.

    Args:
        manifest: of the dataset; its `card` gives title, description, licence and tags.
        summary: of the same dataset.
        source: the repository and the branch or tag by which the card calls it; None for a folder.
        mosaic: there is a picture `MOSAIC` beside the card.
    """
    card = manifest.card
    parts = [
        f"---\n{_metadata(manifest, summary)}\n---",
        f"# {_quoted(card.title)}",
        card.description.strip(),
        *([f"![Some of the scenes]({MOSAIC})"] if mosaic else []),
        _usage(summary, source),
        _statistics(summary),
        _licences(card, summary),
        _origins(summary),
        _FORMAT.format(fingerprint=summary.fingerprint, verify=source or "FOLDER"),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


# ------------------------------------------------------------------------------------------------------------- metadata


def _metadata(manifest: Manifest, summary: DatasetSummary) -> str:
    """The YAML block, without its fences."""
    from huggingface_hub import DatasetCardData

    tables = {"scenes": manifest.scenes, "assets": manifest.assets}
    configs = [
        {"config_name": name, "data_files": [{"split": name, "path": table.path}]} for name, table in tables.items()
    ]
    configs[0]["default"] = True
    licences = hub_licences(manifest.card, summary)
    data = DatasetCardData(
        pretty_name=_line(manifest.card.title),
        license=licences[0] if len(licences) == 1 else licences,
        license_name="see-the-card" if licences == ["other"] else None,
        language=["en"],
        size_categories=[next((name for limit, name in _SIZES if summary.scenes < limit), "n>1M")],
        task_categories=["robotics", "reinforcement-learning"],
        tags=list(dict.fromkeys((*map(_line, manifest.card.tags), *TAGS))),
        configs=configs,
    )
    return data.to_yaml()


def hub_licences(card: DatasetCard, summary: DatasetSummary) -> list[str]:
    """The licences of a dataset as identifiers of the Hub, sorted; "other" for those that it does not know."""
    named = {card.licence, *summary.licences, *(origin.licence for origin in summary.scene_origins)}
    single = {part.strip().lower() for licence in named for part in re.split(r"\bAND\b", licence)}
    return sorted({licence if licence in HUB_LICENCES else "other" for licence in single if licence})


# ----------------------------------------------------------------------------------------------------------------- text


def _usage(summary: DatasetSummary, source: HubSource | None) -> str:
    env = _env_id(summary)
    split = next((split for split in SPLITS if sum(summary.tasks[split].values())), "train")
    code = f"""\
## Use

```python
import gymnasium as gym

import genworld_envs

env = gym.make("{env}", scenes="{source or "FOLDER"}", split="{split}")
```
"""
    if source is None:
        return code + '\nThe tables alone: `datasets.load_dataset(FOLDER)`, and `load_dataset(FOLDER, "assets")`.'
    revision = "" if source.revision == DEFAULT_REVISION else f', revision="{source.revision}"'
    return (
        code
        + f"""
`pip install genworld-envs` brings it. What is after the `@` may be a branch, a tag or a commit: it is resolved to a commit
once, every report names that commit, and only what is asked for is downloaded. To see what is in it, and to have it at hand
beforehand:

```bash
genworld scenes info {source}
genworld scenes pull {source}
```

The tables alone, without GenWorld:

```python
from datasets import load_dataset

scenes = load_dataset("{source.repo}", split="scenes"{revision})
assets = load_dataset("{source.repo}", "assets", split="assets"{revision})
```"""
    )


def _env_id(summary: DatasetSummary) -> str:
    """The environment of the only task, or the one of all tasks."""
    held: list[TaskFamily] = [task for task in TASK_FAMILIES if any(counts[task] for counts in summary.tasks.values())]
    if len(held) != 1:
        return "GenWorld-v0"
    return f"GenWorld-{''.join(word.capitalize() for word in held[0].split('_'))}-v0"


def _statistics(summary: DatasetSummary) -> str:
    rows = [[split, *counts.values(), sum(counts.values())] for split, counts in summary.tasks.items()]
    totals = [sum(counts[task] for counts in summary.tasks.values()) for task in TASK_FAMILIES]
    kinds = ", ".join(f"{count} {kind}s" for kind, count in summary.kinds.items())
    listed = [f"{_quoted(name)} {count}" for name, count in list(summary.categories.items())[:LISTED_CATEGORIES]]
    more = len(summary.categories) - len(listed)
    return "\n\n".join(
        [
            "## Content",
            _table(["scenes", *TASK_FAMILIES, "all"], [*rows, ["all", *totals, summary.scenes]]),
            f"{summary.assets} assets ({kinds}), {format_bytes(summary.asset_bytes)}, with collision shapes, mass, friction "
            "and levels of detail.",
            f"{len(summary.categories)} categories of objects: {', '.join(listed) or 'none'}"
            f"{f' and {more} more' if more > 0 else ''}.",
        ]
    )


def _licences(card: DatasetCard, summary: DatasetSummary) -> str:
    rows = [
        [
            _quoted(origin.generator),
            _quoted(origin.generator_version),
            _quoted(origin.model or "–"),
            f"**{_quoted(origin.licence)}**",
            *(origin.count.get(kind, 0) for kind in summary.kinds),
        ]
        for origin in summary.asset_origins
    ]
    parts = ["## Licences", f"The collection as such (tables, scenes, texts): **{_quoted(card.licence)}**."]
    if len(summary.licences) > 1:
        parts.append(
            f"The assets have {len(summary.licences)} different licences: "
            + ", ".join(f"{_quoted(name)} ({count} assets)" for name, count in summary.licences.items())
            + ". Each asset's record names its own, and a scene is under those of all its assets."
        )
    parts.append(_table(["generator", "version", "model", "licence", *(f"{k}s" for k in summary.kinds)], rows))
    return "\n\n".join(parts)


def _origins(summary: DatasetSummary) -> str:
    rows = [
        [
            _quoted(origin.designer or "–"),
            _quoted(origin.model or "–"),
            _quoted(f"{origin.generator} {origin.generator_version}"),
            _seeds(origin),
            origin.count.get("scene", 0),
        ]
        for origin in summary.scene_origins
    ]
    parts = ["## Where the scenes come from", _table(["designer", "model", "made by", "seeds", "scenes"], rows)]
    sources = sorted(
        {source for origin in (*summary.asset_origins, *summary.scene_origins) for source in origin.sources}
    )
    if sources:
        listed = "; ".join(map(_quoted, sources[:LISTED_SOURCES]))
        more = len(sources) - LISTED_SOURCES
        parts.append(f"Sources: {listed}{f'; and {more} more' if more > 0 else ''}.")
    return "\n\n".join(parts)


def _seeds(origin: Origin) -> str:
    if origin.seed_range is None:
        return "–"
    count, least, greatest = origin.seed_range
    return ", ".join(map(str, origin.seeds)) or f"{count} between {least} and {greatest}"


_FORMAT = """\
## Format

| file | what it holds |
|---|---|
| `dataset.json` | fingerprint, and the SHA-256 and size of each table |
| `index.parquet` | one row a scene: columns to select by, and the record |
| `scenes.parquet` | the same, with preview images |
| `assets.parquet` | one row an asset: columns to select by, and the record with the SHA-256 of each file |
| `assets/`, or `shards/` in large datasets | GLB meshes: two levels of detail, and convex collision pieces |

Metres, kilograms, radians; quaternions are (w, x, y, z); z is up, z = 0 the table top. There is no code and no pickle in it. A
scene's record names assets by the SHA-256 of their records: one checksum fixes every byte that a scene is made of, and each is
checked before it is used. `genworld scenes verify {verify}` checks all of them.

Fingerprint: `{fingerprint}`"""


def _table(header: list[str], rows: list[list[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _quoted(text: str) -> str:
    """`text` of a record as plain text in one line of Markdown: no markup, no HTML, no cell that ends early."""
    line = _line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*\[\]|#!~$]|(?<!\w)_|_(?!\w))", r"\\\1", line)


def _line(text: str) -> str:
    return " ".join(text.split())


def format_bytes(count: int) -> str:
    """A size for people: decimal units, as the Hub shows them."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} bytes"

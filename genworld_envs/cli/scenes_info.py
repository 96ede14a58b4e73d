"""`genworld scenes info`: what a dataset holds, in numbers."""

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import tyro

if TYPE_CHECKING:
    from rich.console import Console

    from scene_hub.dataset import SceneDataset
    from scene_hub.summary import DatasetSummary, Origin


@dataclass
class ScenesInfoCommand:
    """Tell what a dataset holds: scenes by split and task, assets, categories, bytes, licences, where it comes from.

    Of a dataset on the Hub only the index is downloaded.
    """

    scenes: Annotated[str, tyro.conf.Positional] = "starter"
    """The dataset: "starter" (bundled), a folder, or hf://datasets/ORG/NAME@REVISION."""

    json: bool = False
    """Print one JSON object instead of tables."""

    def run(self) -> int:
        from scene_hub.dataset import SceneDataset
        from scene_hub.summary import summarize

        dataset = SceneDataset.open(self.scenes)
        scenes = [dataset.scene(scene_id) for scene_id in dataset.scene_ids]
        assets = [dataset.asset(asset_id) for asset_id in dataset.asset_ids]
        summary = summarize(dataset.manifest, scenes, assets)
        if self.json:
            json.dump(_as_json(dataset, summary), sys.stdout, indent=2, ensure_ascii=False)
            print()
        else:
            _print(dataset, summary)
        return 0


def _as_json(dataset: "SceneDataset", summary: "DatasetSummary") -> dict[str, Any]:
    """The summary with title, source and revision; `source` opens exactly these data again."""
    about = {"title": dataset.card.title, "source": dataset.source, "revision": dataset.revision}
    return {**about, **summary.model_dump(mode="json")}


def _print(dataset: "SceneDataset", summary: "DatasetSummary") -> None:
    from rich.console import Console
    from rich.markup import escape

    from scene_hub.card import format_bytes

    console = Console(highlight=False, soft_wrap=True)
    console.print(f"[bold]{escape(dataset.card.title)}[/bold]")
    kinds = ", ".join(f"{count} {kind}s" for kind, count in summary.kinds.items())
    facts = {
        "source": dataset.source,
        "revision": dataset.revision or "–",
        "fingerprint": summary.fingerprint,
        "scenes": str(summary.scenes),
        "assets": f"{summary.assets} ({kinds})",
        "size": f"{format_bytes(summary.asset_bytes)} assets, {format_bytes(summary.table_bytes)} tables",
        "licences": f"{dataset.card.licence} (collection); assets: "
        + ", ".join(f"{licence} ({count})" for licence, count in summary.licences.items()),
        "categories": f"{len(summary.categories)}: "
        + ", ".join(f"{category} {count}" for category, count in summary.categories.items()),
    }
    for name, text in facts.items():
        console.print(f"{name:<12} {text}", markup=False)
    _print_tasks(console, summary)
    _print_origins(console, "assets made by", summary.asset_origins)
    _print_origins(console, "scenes made by", summary.scene_origins)


def _print_tasks(console: "Console", summary: "DatasetSummary") -> None:
    from rich.table import Table

    from scene_hub.schema import TASK_FAMILIES

    table = Table(header_style="bold")
    table.add_column("split")
    for task in (*TASK_FAMILIES, "all"):
        table.add_column(task, justify="right")
    for split, counts in summary.tasks.items():
        table.add_row(split, *map(str, counts.values()), str(sum(counts.values())))
    console.print(table)


def _print_origins(console: "Console", title: str, origins: "tuple[Origin, ...]") -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(header_style="bold")
    for column in (title, "version", "designer", "model", "licence"):
        table.add_column(column)
    table.add_column("count", justify="right")
    for origin in origins:
        texts = (origin.generator, origin.generator_version, origin.designer, origin.model, origin.licence)
        table.add_row(*(escape(text or "–") for text in texts), str(sum(origin.count.values())))
    console.print(table)

"""`genworld scenes`: look into a scene dataset."""

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scene_hub.dataset import SceneDataset
    from scene_hub.schema import Scene


@dataclass
class ScenesListCommand:
    """List the scenes of a dataset: id, split, task, instruction, object categories and asset hashes."""

    scenes: str = "starter"
    """Where the scenes come from: "starter" (bundled), a dataset folder, or hf://datasets/ORG/NAME@REVISION."""

    split: str | None = None
    """Only this split: train, test_distractors or test_ood."""

    task: str | None = None
    """Only this task family: put_on, put_in, stack or pick."""

    query: str | None = None
    """Only scenes that match, such as 'category == "mug" and objects >= 3'."""

    json: bool = False
    """Print one JSON list instead of a table."""

    def run(self) -> int:
        from scene_hub.dataset import SceneDataset

        dataset = SceneDataset.open(self.scenes)
        chosen = dataset.scenes(split=self.split, task=self.task, query=self.query)
        rows = [listing_row(dataset, scene) for scene in chosen]
        if self.json:
            json.dump(rows, sys.stdout, indent=2, ensure_ascii=False)
            print()
        else:
            _print_table(rows, dataset.source)
        return 0


def listing_row(dataset: "SceneDataset", scene: "Scene") -> dict[str, Any]:
    """What the listing says about a scene: `categories` of what can be moved, `assets` of all, tables and rooms too."""
    return {
        "id": scene.id,
        "split": scene.split,
        "task": scene.task,
        "instruction": scene.instruction,
        "categories": [dataset.asset(placement.asset).category for placement in scene.movables],
        "assets": list(scene.asset_ids),
    }


def _print_table(rows: list[dict[str, Any]], source: str) -> None:
    from rich.console import Console
    from rich.table import Table

    # Into a pipe the table keeps its full width, so that grep sees whole rows.
    console = Console() if sys.stdout.isatty() else Console(width=200)
    table = Table(title=f"{len(rows)} scenes of {source!r}", title_justify="left", header_style="bold")
    for column in ("id", "split", "task"):
        table.add_column(column, no_wrap=True)
    table.add_column("instruction", ratio=2)
    table.add_column("categories", ratio=2)
    table.add_column("assets", justify="right")
    for row in rows:
        categories = ", ".join(row["categories"])
        table.add_row(row["id"], row["split"], row["task"], row["instruction"], categories, str(len(row["assets"])))
    console.print(table)

"""What a build took: pass rates of the checks, attempts, acceptance, beside the figures of arXiv 2603.18532."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from scene_hub.build.job import SceneJob
from scene_hub.build.scene import BuiltScene, ModelUse
from scene_hub.schema import SPLITS, Asset

PAPER = {
    "semantic_appearance": 0.833,
    "mesh_geometry": 0.752,
    "text_alignment": 0.919,
    "attempts_per_asset": 1.37,
    "usable_scenes": 0.85,
    "minutes_per_scene": 46.8,
    "train_scenes": 100,
    "train_assets": 516,
    "interactive_objects_per_scene": 5.16,
}
"""What the authors report of their own pipeline (EmbodiedGen on an RTX 4090)."""

COUNTERPARTS = {
    "asset-mesh": ("mesh_geometry", PAPER["mesh_geometry"]),
    "instruction": ("text_alignment", PAPER["text_alignment"]),
}
"""Our check -> the paper's check that asks most nearly the same, and its pass rate there. Its check of semantic appearance,
by a vision-language model, has no counterpart: what a procedural generator makes looks like what was asked for."""


def build_report(jobs: Sequence[SceneJob], built: Sequence[BuiltScene], seed: int, recipe: str) -> dict[str, Any]:
    """The report of a build, ready for JSON. It holds nothing that differs between two runs of the same build."""
    accepted = [result for result in built if result.scene is not None]
    attempts = [attempt for result in built for attempt in result.attempts]
    ran, passed = Counter[str](), Counter[str]()
    for attempt in attempts:
        for name, good in attempt.checks:
            ran[name] += 1
            passed[name] += good
    draws = [count for attempt in attempts for count in attempt.draws.values()]
    order = {job.id: job for job in jobs}
    return {
        "recipe": recipe,
        "seed": seed,
        "scenes": {"asked": len(jobs), "accepted": len(accepted)},
        "acceptance": _share(len(accepted), len(jobs)),
        "first_try_acceptance": _share(
            sum(result.scene is not None and len(result.attempts) == 1 for result in built), len(jobs)
        ),
        "attempts": len(attempts),
        "attempts_per_scene": _share(len(attempts), len(jobs)),
        "attempts_per_asset": _share(sum(draws), len(draws)),
        "checks": {
            name: {"ran": ran[name], "passed": passed[name], "rate": _share(passed[name], ran[name])} for name in ran
        },
        "splits": {
            split: _split([result for result in accepted if order[result.job_id].split == split])
            for split in SPLITS
            if any(job.split == split for job in jobs)
        },
        "overlaps": _overlaps(accepted, order),
        "rejected": {
            result.job_id: {
                "instruction": order[result.job_id].instruction,
                "attempts": len(result.attempts),
                "problem": result.attempts[-1].problem,
            }
            for result in built
            if result.scene is None
        },
        "language_model": {
            name: sum(getattr(result.model_use, name) for result in built) for name in ModelUse.model_fields
        },
        "retried": {result.job_id: len(result.attempts) for result in accepted if len(result.attempts) > 1},
        "paper": PAPER,
    }


def _split(results: Sequence[BuiltScene]) -> dict[str, Any]:
    assets = {bundle.asset.id: bundle.asset for result in results for bundle in result.bundles}
    movables = [len(result.scene.movables) for result in results if result.scene is not None]
    return {
        "scenes": len(results),
        "assets": len(assets),
        "objects": sum(asset.kind == "object" for asset in assets.values()),
        "categories": len({asset.category for asset in assets.values() if asset.kind == "object"}),
        "interactive_objects_per_scene": _share(sum(movables), len(movables)),
    }


def _overlaps(accepted: Iterable[BuiltScene], jobs: dict[str, SceneJob]) -> dict[str, dict[str, int]]:
    """How many assets, categories and backgrounds each test split shares with train."""
    by_split: dict[str, dict[str, Asset]] = {}
    for result in accepted:
        found = by_split.setdefault(jobs[result.job_id].split, {})
        found.update({bundle.asset.id: bundle.asset for bundle in result.bundles})
    train = by_split.get("train", {})
    return {
        split: {
            "assets": len(train.keys() & assets.keys()),
            "categories": len(_categories(train, "object") & _categories(assets, "object")),
            "backgrounds": len(_categories(train, "room") & _categories(assets, "room"))
            + len(_categories(train, "table") & _categories(assets, "table")),
        }
        for split, assets in sorted(by_split.items())
        if split != "train"
    }


def _categories(assets: dict[str, Asset], kind: str) -> set[str]:
    return {asset.category for asset in assets.values() if asset.kind == kind}


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0

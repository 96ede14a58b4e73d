"""The text of the gallery's page: what it knows of scenes and assets, and the HTML around that.

The page's program, style and viewer lie beside this file. Everything from a dataset reaches the page inside one block of
JSON, and the program puts it in as text: nothing in a dataset can become markup.
"""

import importlib.resources
import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from scene_hub.generate.materials import COLORS
from scene_hub.schema import SPLITS, TASK_FAMILIES, Asset, Placement, Scene

GENERATOR = "genworld scenes gallery"
SCENE_FOLDER, THUMBNAIL_FOLDER, ASSET_FOLDER = "scenes", "thumbnails", "assets"


def gallery_data(
    scenes: Sequence[Scene], assets: Mapping[str, Asset], triangles: Mapping[str, int], picture_size: tuple[int, int]
) -> dict[str, Any]:
    """What the page knows, for JSON: `assets` and the `triangles` of their close level of detail are by asset id."""
    places = {asset_id: index for index, asset_id in enumerate(sorted(assets))}
    categories = {assets[placement.asset].category for scene in scenes for placement in scene.movables}
    colors = sorted({color for asset in assets.values() for color in asset.colors} & COLORS.keys())
    return {
        "splits": [split for split in SPLITS if any(scene.split == split for scene in scenes)],
        "tasks": [task for task in TASK_FAMILIES if any(scene.task == task for scene in scenes)],
        "categories": sorted(categories),
        "colors": {color: "#{:02x}{:02x}{:02x}".format(*COLORS[color]) for color in colors},
        "pictureSize": list(picture_size),
        "scenes": [_scene_entry(scene, places) for scene in scenes],
        "assets": [_asset_entry(assets[asset_id], triangles[asset_id]) for asset_id in places],
    }


def gallery_page(title: str, facts: str, data: dict[str, Any]) -> str:
    """The page as HTML text, with `title` and one line of `facts` (plain text) at its head."""
    parts = {
        "generator": GENERATOR,
        "title": escape(title),
        "facts": escape(facts),
        "style": _resource("gallery.css"),
        "viewer": _resource("viewer.js"),
        "script": _resource("gallery.js"),
        "data": embedded_json(data),
    }
    # In one pass, so that nothing that is put in is searched for places itself.
    return re.sub(r"@@(\w+)@@", lambda place: parts[place[1]], _resource("template.html"))


def embedded_json(data: Any) -> str:
    """`data` as JSON that can stand inside a <script> element: it contains no "<", ">" or "&"."""
    text = json.dumps(data, separators=(",", ":"), sort_keys=True, allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _resource(name: str) -> str:
    return importlib.resources.files("scene_hub.gallery").joinpath(name).read_text(encoding="utf-8")


def _scene_entry(scene: Scene, places: Mapping[str, int]) -> dict[str, Any]:
    named = {"made by": scene.provenance.generator, "designed by": scene.provenance.designer}
    named |= {"model": scene.provenance.model, "seed": scene.provenance.seed, "licence": scene.provenance.licence}
    return {
        "id": scene.id,
        "split": scene.split,
        "task": scene.task,
        "instruction": scene.instruction,
        "picture": f"{SCENE_FOLDER}/{scene.id}.jpg",
        "things": [_thing_entry(placement, places) for placement in _by_importance(scene)],
        "lighting": scene.lighting.model_dump(mode="json"),
        "checks": [check.model_dump(mode="json") for check in scene.report.checks],
        "provenance": [[name, str(value)] for name, value in named.items() if value is not None],
    }


def _by_importance(scene: Scene) -> tuple[Placement, ...]:
    return (*scene.movables, scene.context, scene.background)


def _thing_entry(placement: Placement, places: Mapping[str, int]) -> dict[str, Any]:
    return {
        "name": placement.name,
        "role": placement.role,
        "asset": places[placement.asset],
        "pose": [*placement.pose.position, *placement.pose.quaternion],
    }


def _asset_entry(asset: Asset, triangles: int) -> dict[str, Any]:
    return {
        "id": asset.id,
        "kind": asset.kind,
        "category": asset.category,
        "name": asset.name,
        "description": asset.description,
        "colors": list(asset.colors),
        "materials": list(asset.materials),
        "extents": list(asset.extents),
        "mass": asset.mass,
        "triangles": triangles,
        "thumbnail": f"{THUMBNAIL_FOLDER}/{asset.id}.jpg",
    }

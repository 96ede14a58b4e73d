"""Builds the bundled starter dataset from `scene_hub.starter_scenes`: `python -m scene_hub.starter --out FOLDER`.

Every number comes from a seed made of the scene's id, so that a rebuild gives the same bytes. A thing that does not
stand or does not fit is made again with the next seed, a bounded number of times.
"""

import argparse
import os
import tempfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

from scene_hub.compose import bundle_collision, compose
from scene_hub.dataset import DatasetCard, SceneDataset, asset_files, write_dataset
from scene_hub.errors import GenWorldError, InvalidOptionError, SceneDataError
from scene_hub.generate.bundle import AssetBundle, AssetRequest
from scene_hub.generate.procedural import ProceduralGenerator
from scene_hub.scene_preview import SceneRenderer, encode_preview
from scene_hub.schema import Node, Provenance, Relation, Role, Scene, SceneGraph
from scene_hub.starter_scenes import SCENES, SceneSpec, Thing
from scene_hub.validate import validate_scene

BUILDER_VERSION = "1"
ATTEMPTS = 8
MAX_TOTAL_BYTES = 11_000_000

CARD = DatasetCard(
    title="GenWorld starter scenes",
    description=(
        "Tabletop scenes with language instructions for robot manipulation, made by the procedural generator of "
        'genworld-envs. They come with the package: `scenes="starter"`.\n\n'
        "`train`: what policies learn on. `test_distractors`: known categories, new instances, and distractors of the "
        "object's class in other colours. `test_ood`: categories, instances, tables and rooms that `train` has not."
    ),
)


def build_starter(
    folder: str | os.PathLike[str],
    *,
    overwrite: bool = False,
    fresh_previews: bool = False,
    progress: Callable[[str], None] | None = None,
) -> SceneDataset:
    """Build the starter dataset into `folder` and return it opened.

    The preview of a scene that is unchanged in the bundled dataset is taken from there, because the last bits of a
    rendered picture depend on the driver; `fresh_previews` renders all of them. `progress` gets a line for each scene.
    """
    target = Path(folder)
    if target.exists() and not overwrite:
        raise InvalidOptionError(
            f"{target} exists already; pass overwrite=True to replace it, or choose another folder"
        )
    scenes: list[Scene] = []
    bundles: dict[str, AssetBundle] = {}
    for spec in SCENES:
        scene, its_bundles = build_scene(spec)
        scenes.append(scene)
        bundles.update({bundle.asset.id: bundle for bundle in its_bundles})
        if progress is not None:
            progress(f"{scene.id}: {scene.instruction}")
    check_splits(scenes, bundles)
    previews = {} if fresh_previews else _bundled_previews(scenes)
    previews |= _render_previews([scene for scene in scenes if scene.id not in previews], bundles)
    dataset = write_dataset(target, scenes, bundles.values(), CARD, previews=previews, overwrite=overwrite)
    _check_size(target)
    return dataset


def build_scene(spec: SceneSpec) -> tuple[Scene, list[AssetBundle]]:
    """The scene that `spec` describes, validated, with the bundles of its assets.

    Raises SceneDataError with the last failure where no attempt gives a scene that passes every check.
    """
    graph = scene_graph(spec)
    problem = ""
    for attempt in range(ATTEMPTS):
        bundles = _bundles(spec, attempt)
        try:
            scene = compose(
                graph,
                bundles,
                _seed(spec.id, attempt),
                scene_id=spec.id,
                split=spec.split,
                provenance=_provenance(spec, attempt),
            )
        except SceneDataError as error:
            problem = str(error)
            continue
        assets = {bundle.asset.id: bundle.asset for bundle in bundles.values()}
        meshes = {bundle.asset.id: bundle_collision(bundle) for bundle in bundles.values()}
        report = validate_scene(scene, assets, meshes)
        if report.passed:
            return scene.model_copy(update={"report": report}), list(bundles.values())
        problem = "; ".join(f"{check.name}: {check.message}" for check in report.failures)
    raise SceneDataError(
        f"starter scene {spec.id!r} does not pass its checks in {ATTEMPTS} attempts; the last: {problem}"
    )


def scene_graph(spec: SceneSpec) -> SceneGraph:
    """The scene graph of `spec`: everything stands on the table, the table on the floor of the room."""
    nodes = [_node(name, role, item) for name, role, item in _named(spec)]
    relations = [Relation(subject="table", predicate="FLOOR", target="room")]
    relations += [Relation(subject=node.name, predicate="ON", target="table") for node in nodes[2:]]
    return SceneGraph(instruction=spec.instruction, task=spec.task, nodes=tuple(nodes), relations=tuple(relations))


def check_splits(scenes: Iterable[Scene], bundles: Mapping[str, AssetBundle]) -> None:
    """Raise SceneDataError where a test split shares an asset with train, or test_ood a category."""
    assets: dict[str, set[str]] = {}
    for scene in scenes:
        assets.setdefault(scene.split, set()).update(scene.asset_ids)
    train = assets.get("train", set())
    for split in ("test_distractors", "test_ood"):
        shared = train & assets.get(split, set())
        if shared:
            raise SceneDataError(
                f"split {split!r} shares assets with train: {sorted(bundles[a].asset.name for a in shared)}"
            )
    known = {bundles[asset].asset.category for asset in train}
    familiar = known & {bundles[asset].asset.category for asset in assets.get("test_ood", set())}
    if familiar:
        raise SceneDataError(f"split 'test_ood' has categories of train: {sorted(familiar)}")
    strange = {bundles[asset].asset.category for asset in assets.get("test_distractors", set())} - known
    if strange:
        raise SceneDataError(f"split 'test_distractors' has categories that train has not: {sorted(strange)}")


def _named(spec: SceneSpec) -> list[tuple[str, Role, Thing]]:
    """The things of a scene with their placement names and roles."""
    targets: list[tuple[str, Role, Thing]] = [("room", "background", spec.room), ("table", "context", spec.table)]
    targets.append((_slug(spec.object.name), "object", spec.object))
    if spec.receptacle is not None:
        targets.append((_slug(spec.receptacle.name), "receptacle", spec.receptacle))
    return [*targets, *((_slug(item.name), "distractor", item) for item in spec.distractors)]


def _node(name: str, role: Role, item: Thing) -> Node:
    return Node(
        name=name,
        role=role,
        category=item.category,
        label=item.name,
        description=item.name,
        color=item.color,
    )


def _bundles(spec: SceneSpec, attempt: int) -> dict[str, AssetBundle]:
    """Assets by node name. Tables and rooms are shared by the scenes of a split, all else is made for its scene."""
    bundles = {}
    for name, role, item in _named(spec):
        shared = role in ("background", "context")
        seed = _seed(spec.split, 0) if shared else _seed(f"{spec.id}/{name}", attempt)
        bundles[name] = _generate(item, seed)
    return bundles


@cache
def _generate(item: Thing, seed: int) -> AssetBundle:
    return ProceduralGenerator().generate(AssetRequest(item.category, seed, item.color, item.name))


def _seed(text: str, attempt: int) -> int:
    return zlib.crc32(f"{text}/{attempt}".encode())


def _slug(name: str) -> str:
    return name.replace(" ", "_")


def _provenance(spec: SceneSpec, attempt: int) -> Provenance:
    return Provenance(
        generator="scene_hub.starter",
        generator_version=BUILDER_VERSION,
        seed=_seed(spec.id, attempt),
        designer="scene_hub.starter_scenes",
        licence="CC0-1.0",
    )


def _bundled_previews(scenes: Iterable[Scene]) -> dict[str, bytes]:
    """Previews of those scenes that the bundled dataset has in exactly this form."""
    try:
        bundled = SceneDataset.open("starter")
        same = [scene.id for scene in scenes if scene.id in bundled.scene_ids and bundled.scene(scene.id) == scene]
        return {scene_id: preview for scene_id in same if (preview := bundled.preview(scene_id)) is not None}
    except GenWorldError:
        return {}


def _render_previews(scenes: list[Scene], bundles: Mapping[str, AssetBundle]) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory(prefix="genworld-starter-") as temporary:
        paths = {asset_id: Path(temporary) / f"{asset_id}.glb" for scene in scenes for asset_id in scene.asset_ids}
        for asset_id, path in paths.items():
            bundle = bundles[asset_id]
            path.write_bytes(bundle.files[bundle.asset.files.visual.path])
        renderer = SceneRenderer() if scenes else None
        return {scene.id: encode_preview(renderer.render(scene, paths)) for scene in scenes if renderer is not None}


def _check_size(folder: Path) -> None:
    total = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    if total > MAX_TOTAL_BYTES:
        raise SceneDataError(
            f"the starter dataset has {total} bytes, at most {MAX_TOTAL_BYTES} are meant to be bundled"
        )


def main(arguments: list[str] | None = None) -> None:
    """Command line: build the starter dataset and say what came out."""
    parser = argparse.ArgumentParser(
        prog="python -m scene_hub.starter", description="Build the bundled starter dataset."
    )
    parser.add_argument("--out", required=True, metavar="FOLDER", help="where to write the dataset")
    parser.add_argument("--overwrite", action="store_true", help="replace a dataset that is there already")
    parser.add_argument(
        "--fresh-previews", action="store_true", help="render every preview anew (needs a Vulkan device)"
    )
    options = parser.parse_args(arguments)
    dataset = build_starter(
        options.out, overwrite=options.overwrite, fresh_previews=options.fresh_previews, progress=print
    )
    size = sum(file.size for asset in dataset.asset_ids for file in asset_files(dataset.asset(asset)))
    print(f"{dataset}: {size / 1e6:.1f} MB of asset files, fingerprint {dataset.fingerprint[:16]}")


if __name__ == "__main__":
    main()

"""The things of a layout, imported: what each is, how it is called, and where it stood."""

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import trimesh

from scene_hub.errors import SceneDataError
from scene_hub.generate.bundle import AssetBundle, AssetRequest
from scene_hub.generate.embodiedgen.files import GeneratedAsset, read_urdf
from scene_hub.generate.embodiedgen.layouts import Layout, LayoutNode
from scene_hub.generate.embodiedgen.meshes import Scaling, generated_mesh
from scene_hub.generate.embodiedgen.traits import traits_of
from scene_hub.generate.importing import CLOSE_TEXTURE, ImportedMesh, ImpossibleSizeError
from scene_hub.importers.mesh_cache import cached_mesh
from scene_hub.importers.wording import NamedThing, worded
from scene_hub.schema import Asset

UPRIGHT = math.radians(0.5)  # a tilt below this is none
ON_TABLE = 0.10  # metres between the bottoms of things that stand on one table

Array = np.ndarray


@dataclass(frozen=True)
class LayoutThing:
    """A thing of a layout. `pose` [4, 4] is that of its asset frame in the layout; None where it is not on the table."""

    node: LayoutNode
    bundle: AssetBundle
    names: tuple[str, ...]
    pose: Array | None

    @property
    def named(self) -> NamedThing:
        asset = self.bundle.asset
        return NamedThing(self.names, asset.colors[0], None if asset.support is None else asset.support.kind)


@dataclass(frozen=True)
class ThingReader:
    """Reads and imports the things of layouts, each mesh once.

    `root` is the folder that no path may leave, `cache` where imports are kept; the others as of `LayoutOptions`.
    """

    root: Path
    cache: Path
    scaling: Scaling
    texture: int = CLOSE_TEXTURE
    licence: str = "Apache-2.0"
    seed: int = 0

    def things(self, layout: Layout) -> tuple[tuple[LayoutThing, ...], int, tuple[str, ...]]:
        """What stands on the table, manipulated things first; how many these are; what was left out, in words.

        Raises SceneDataError for files that are missing or unsound, and for targets of an impossible size.
        """
        found = [(node, self._generated(node)) for node in layout.things]
        called = [NamedThing(_names(node, asset)) for node, asset in found]
        taken = worded(layout.task, called, len(layout.manipulated)).object
        things: list[LayoutThing] = []
        notes: list[str] = []
        for index, (node, asset) in enumerate(found):
            if node.role != "manipulated_objs" and _on_floor(node, layout):
                notes.append(f"{node.name!r} is left out: it stands on the floor")
                continue
            try:
                things.append(self._thing(layout, node, asset, index == taken))
            except ImpossibleSizeError as error:
                if node.role == "manipulated_objs":
                    raise
                notes.append(f"{node.name!r} is left out: {error}")
        return _laid_out(things), len(layout.manipulated), tuple(notes)

    def table(self, layout: Layout, heading: float) -> tuple[AssetBundle, Array]:
        """The table, turned so that its asset frame is that of a scene whose x axis points along `heading`, and the pose [4, 4]
        of that frame in the layout."""
        node = layout.context
        asset = replace(self._generated(node), table=True)
        pose = np.eye(4) if node.pose is None else node.pose
        turn = trimesh.transformations.rotation_matrix(-heading, [0, 0, 1]) @ _rotation(pose)
        imported = self._imported(asset, 1.0, turn)
        world = _translation(pose) @ trimesh.transformations.rotation_matrix(heading, [0, 0, 1])
        bundle = self._described(imported.bundle, layout, asset, node, node.words)
        return bundle, world @ np.linalg.inv(imported.frame)

    def _generated(self, node: LayoutNode) -> GeneratedAsset:
        urdf = node.urdf
        if not urdf.is_file():
            there = sorted(path.name for path in urdf.parent.glob("*.urdf")) if urdf.parent.is_dir() else []
            beside = f"; that folder has {', '.join(there)}" if there else ""
            raise SceneDataError(f"{urdf}: there is no such file, but the layout names it for {node.name!r}{beside}")
        return read_urdf(urdf, self.root)

    def _thing(self, layout: Layout, node: LayoutNode, asset: GeneratedAsset, taken: bool) -> LayoutThing:
        asset = replace(asset, table=False)
        kinds = (asset.category, node.words.replace(" ", "_"))
        scale = self.scaling.of(*kinds)
        if taken and self.scaling.fits:
            scale = self.scaling.fitted(traits_of(asset, self.cache), "object", *kinds)
        yaw, tilt = (0.0, np.eye(4)) if node.pose is None else _yaw_and_tilt(node.pose)
        imported = self._imported(asset, scale, tilt)
        names = _names(node, asset)
        bundle = self._described(imported.bundle, layout, asset, node, names[0])
        pose = None
        if node.pose is not None and (node.parent in (None, layout.context.name)):
            world = _translation(node.pose) @ trimesh.transformations.rotation_matrix(yaw, [0, 0, 1])
            pose = world @ np.linalg.inv(imported.frame)
            # Its own scale stands on the table as the layout has it: about the middle of the link, a smaller one would hover.
            pose[2, 3] = node.pose[2, 3] + (pose[2, 3] - node.pose[2, 3]) / scale
        return LayoutThing(node, bundle, names, pose)

    def _imported(self, asset: GeneratedAsset, scale: float, turn: Array) -> ImportedMesh:
        turn = np.round(turn, 6) + 0.0
        key: dict[str, object] = {
            "digest": asset.digest,
            "kind": "table" if asset.table else "object",
            "scale": scale,
            "turn": turn.tolist(),
            "texture": self.texture,
            "seed": self.seed,
        }
        request = AssetRequest(asset.category, self.seed)
        return cached_mesh(
            self.cache / "imports",
            key,
            lambda: generated_mesh(
                replace(asset, source=asset.category),
                request,
                self.licence,
                scale=scale,
                turn=turn,
                texture=self.texture,
            ),
        )

    def _described(
        self, bundle: AssetBundle, layout: Layout, asset: GeneratedAsset, node: LayoutNode, name: str
    ) -> AssetBundle:
        """The bundle with what the layout says of it. Its path is told from the layout's folder, so that the same thing in two
        layouts is one asset."""
        folder = layout.path.parent.resolve().relative_to(self.root.resolve()).as_posix()
        path = asset.source.removeprefix("" if folder == "." else f"{folder}/")
        scaled = (bundle.asset.provenance.source or "").partition(", ")[2]
        provenance = bundle.asset.provenance.model_copy(
            update={"source": f"{path} of EmbodiedGen" + (f", {scaled}" if scaled else ""), "licence": self.licence}
        )
        return described(bundle, name=name, description=node.description or asset.description, provenance=provenance)


def described(bundle: AssetBundle, **changes: Any) -> AssetBundle:
    """The same thing with other words (`name`, `description`, `provenance`), or with a `support`."""
    fields = {name: getattr(bundle.asset, name) for name in type(bundle.asset).model_fields if name != "id"}
    return AssetBundle(Asset.create(**{**fields, **changes}), bundle.files)


def _names(node: LayoutNode, asset: GeneratedAsset) -> tuple[str, ...]:
    """What a thing may be called: by its layout first, then by its URDF."""
    return tuple(dict.fromkeys((node.words, asset.label)))


def _on_floor(node: LayoutNode, layout: Layout) -> bool:
    return layout.background is not None and node.parent == layout.background.name


def _laid_out(things: list[LayoutThing]) -> tuple[LayoutThing, ...]:
    """The things, without the poses of those that do not stand at the height of the others."""
    bottoms = [float(thing.pose[2, 3]) for thing in things if thing.pose is not None]
    level = float(np.median(bottoms)) if bottoms else 0.0
    return tuple(
        thing if thing.pose is None or abs(thing.pose[2, 3] - level) <= ON_TABLE else replace(thing, pose=None)
        for thing in things
    )


def _yaw_and_tilt(pose: Array) -> tuple[float, Array]:
    """A rotation as one about z after one without: angle, and [4, 4]; the identity where the thing stands upright."""
    quaternion = trimesh.transformations.quaternion_from_matrix(pose)
    yaw = 2.0 * math.atan2(quaternion[3], quaternion[0])
    tilt = trimesh.transformations.rotation_matrix(-yaw, [0, 0, 1]) @ _rotation(pose)
    upright = math.acos(float(np.clip(tilt[2, 2], -1.0, 1.0))) < UPRIGHT
    return yaw, np.eye(4) if upright else tilt


def _rotation(pose: Array) -> Array:
    rotation = pose.copy()
    rotation[:3, 3] = 0.0
    return rotation


def _translation(pose: Array) -> Array:
    return trimesh.transformations.translation_matrix(pose[:3, 3])

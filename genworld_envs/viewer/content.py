"""What the viewer shows of a scene, read and verified as a whole before anything is drawn."""

import json
import struct
from dataclasses import dataclass

import numpy as np
import trimesh

from scene_hub.dataset import SceneDataset
from scene_hub.gaussians import GaussianCloud
from scene_hub.meshes import FileKind
from scene_hub.schema import Asset, BoxShape, CollisionShape, Placement, Scene, SphereShape
from scene_hub.thumbnails import pose_matrix

FILES_SHOWN: tuple[FileKind, ...] = ("visual", "collision", "gaussians")
_DRACO = "KHR_draco_mesh_compression"


@dataclass(frozen=True)
class Thing:
    """A placed asset: its `visual` as GLB and its collision `pieces`, both in the asset frame (metres)."""

    placement: Placement
    asset: Asset
    visual: bytes
    triangles: int
    pieces: tuple[trimesh.Trimesh, ...]

    @property
    def name(self) -> str:
        return self.placement.name


@dataclass(frozen=True)
class SceneContent:
    """A scene with its things: the object, the receptacle, distractors, then table and room.

    `gaussians` are those of the room, in the asset frame, if it has any.
    """

    scene: Scene
    things: tuple[Thing, ...]
    gaussians: GaussianCloud | None

    @classmethod
    def load(cls, dataset: SceneDataset, scene_id: str) -> "SceneContent":
        """Scene `scene_id` of `dataset` with the verified content of its files.

        Raises InvalidOptionError for an unknown id, SceneDataError for data that is not sound, MissingRequirementError where a
        dataset on the Hub cannot be reached.
        """
        scene = dataset.scene(scene_id)
        dataset.download([scene], kinds=FILES_SHOWN)
        placements = (*scene.movables, scene.context, scene.background)
        gaussians = dataset.gaussians(dataset.asset(scene.background.asset))
        return cls(scene, tuple(_thing(dataset, placement) for placement in placements), gaussians)

    def thing(self, name: str) -> Thing:
        return next(thing for thing in self.things if thing.name == name)


def _thing(dataset: SceneDataset, placement: Placement) -> Thing:
    asset = dataset.asset(placement.asset)
    visual = without_draco(dataset.asset_file(asset, "visual").read_bytes())
    pieces = dataset.collision_meshes(asset)
    shapes = tuple(_shape_mesh(shape, pieces) for shape in asset.collision)
    return Thing(placement, asset, visual, dataset.triangles(asset, "visual"), shapes)


def _shape_mesh(shape: CollisionShape, pieces: dict[str, trimesh.Trimesh]) -> trimesh.Trimesh:
    """A collision shape as a mesh in the asset frame."""
    if isinstance(shape, BoxShape):
        return trimesh.creation.box(2 * np.asarray(shape.half_size), pose_matrix(shape.pose))
    if isinstance(shape, SphereShape):
        return trimesh.creation.icosphere(3, shape.radius).apply_transform(pose_matrix(shape.pose))
    return pieces[shape.mesh]


def without_draco(visual: bytes) -> bytes:
    """A checked GLB without the mention of Draco, for which a browser would fetch a decoder from the web.

    `scene_hub.meshes.check_glb` has refused files that need it, so the meshes are there uncompressed, too.
    """
    size = struct.unpack_from("<I", visual, 12)[0]
    document = json.loads(visual[20 : 20 + size])
    if _DRACO not in document.get("extensionsUsed", ()):
        return visual
    document["extensionsUsed"] = [name for name in document["extensionsUsed"] if name != _DRACO]
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    rest = visual[20 + size :]
    return struct.pack("<4sIIII", b"glTF", 2, 20 + len(text) + len(rest), len(text), 0x4E4F534A) + text + rest

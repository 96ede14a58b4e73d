"""`AssetLibrary`: bodies made of a dataset's assets, kept for the next scene that needs them.

Making a body costs milliseconds (its files are verified, parsed, and cooked into convex hulls), putting one that exists
into a scene costs microseconds. A body that leaves a scene therefore waits here. Nothing of an episode stays with it: poses,
velocities, mass, friction and colours are set when it is used again, and PhysX forgets contacts when a body leaves a scene.
"""

from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import numpy as np
import sapien
import sapien.physx as physx
import sapien.render

from genworld_envs.detail import DetailedVisual, Level
from scene_hub.dataset import SceneDataset
from scene_hub.gaussians import GaussianCloud
from scene_hub.meshes import FileKind
from scene_hub.physics import collision_shapes
from scene_hub.schema import Asset, Scene

FLOOR_HALF_SIZE = (5.0, 5.0, 0.05)
LIGHT_TRIANGLES = 1500
"""A mesh that has no more is light as it is."""
MESHES_BEFORE_CLEARING = 512
"""Visuals that are made before SAPIEN forgets the mesh files that it has read; those that are in use stay."""
MOST_WAITING = 512
"""Bodies that wait to be used again; the one that has waited longest goes when there are more."""
MOST_CLOUD_BYTES = 512 * 1024 * 1024
"""Of 3D Gaussians that are kept for the next picture; those that were used last stay, one in any case."""


@dataclass(eq=False)
class AssetBody:
    """An asset as an entity with one rigid body; `asset` is None for the dummy that fills an empty slot."""

    asset: Asset | None
    entity: sapien.Entity
    body: physx.PhysxRigidDynamicComponent
    unit_inertia: np.ndarray
    """Principal moments of inertia per kilogram, [3] square metres."""
    visual: DetailedVisual | None


@dataclass
class AssetLibrary:
    """Bodies of the assets of `dataset`.

    `renders` says whether they are seen, `reuses` whether bodies that leave a scene may enter another (not in a GPU
    simulation), `shows_gaussians` whether rooms that have 3D Gaussians are drawn as those. Not thread safe, but for `prefetch`.
    """

    dataset: SceneDataset
    renders: bool
    reuses: bool
    shows_gaussians: bool = False
    _waiting: "OrderedDict[AssetBody, None]" = field(default_factory=OrderedDict)
    _by_asset: dict[str, list[AssetBody]] = field(default_factory=dict)
    _coming: dict[str, Future[None]] = field(default_factory=dict)
    _clouds: "OrderedDict[str, GaussianCloud]" = field(default_factory=OrderedDict)
    _clouds_lock: Lock = field(default_factory=Lock)
    _fetched: set[str] = field(default_factory=set)
    _visuals_made: int = 0
    _reader: ThreadPoolExecutor | None = None

    def take(self, asset: Asset | None) -> AssetBody:
        """A body of `asset` (None: the dummy) that is in no scene.

        Raises:
            SceneDataError: a file of the asset is missing or not what its checksum says; nothing native has read it then.
        """
        waiting = self._by_asset.get(_key(asset))
        if waiting:
            body = waiting.pop()
            del self._waiting[body]
            return body
        return self._made(asset)

    def give_back(self, body: AssetBody) -> None:
        """Keep a body that has left its scene."""
        if not self.reuses:
            return
        self._waiting[body] = None
        self._by_asset.setdefault(_key(body.asset), []).append(body)
        if len(self._waiting) > MOST_WAITING:
            oldest, _ = self._waiting.popitem(last=False)
            self._by_asset[_key(oldest.asset)].remove(oldest)

    def gaussian_room(self, asset: Asset | None) -> bool:
        """Whether `asset` is a room that is drawn as 3D Gaussians, and not as a mesh."""
        return self.shows_gaussians and asset is not None and asset.files.gaussians is not None

    def gaussians(self, asset: Asset) -> GaussianCloud:
        """The 3D Gaussians of a `gaussian_room`, in its asset frame.

        Raises:
            SceneDataError: their file is missing or not what its checksum says.
        """
        with self._clouds_lock:
            cloud = self._clouds.pop(asset.id, None) or self.dataset.gaussians(asset)
            assert cloud is not None
            self._clouds[asset.id] = cloud
            while len(self._clouds) > 1 and sum(kept.nbytes for kept in self._clouds.values()) > MOST_CLOUD_BYTES:
                self._clouds.popitem(last=False)
            return cloud

    def fetch(self, scenes: Sequence[Scene]) -> None:
        """Bring the files of `scenes` that bodies are made of onto this machine, several at once, each once.

        Raises:
            SceneDataError: a file is not what its record says.
            MissingRequirementError: the Hub cannot be reached, or does not let you in.
        """
        new = [scene for scene in scenes if not self._fetched.issuperset(scene.asset_ids)]
        if new:
            self.dataset.download(new, kinds=self._kinds)
            self._fetched.update(*(scene.asset_ids for scene in new))

    def prefetch(self, scene: Scene) -> None:
        """Begin to fetch, read and verify the files of a scene's assets in a thread, so that `take` finds them done.

        What goes wrong there is reported by the `take` that needs it.
        """
        assets = [self.dataset.asset(placement.asset) for placement in scene.placements]
        missing = [a for a in assets if a.id not in self._coming and not self._by_asset.get(a.id)]
        if not missing:
            return
        self._reader = self._reader or ThreadPoolExecutor(1, thread_name_prefix="genworld-prefetch")
        self._reader.submit(self.fetch, [scene])
        for asset in missing:
            self._coming[asset.id] = self._reader.submit(self._read, asset)

    def wait(self) -> None:
        """Until what `prefetch` began is done."""
        for future in tuple(self._coming.values()):
            future.exception()

    def close(self) -> None:
        """End the thread and let all bodies go."""
        if self._reader is not None:
            self._reader.shutdown(wait=True, cancel_futures=True)
            self._reader = None
        self._waiting.clear()
        self._by_asset.clear()
        self._clouds.clear()
        self._coming.clear()

    @property
    def _kinds(self) -> tuple[FileKind, ...]:
        """The files that bodies are made of: without a renderer those that collide."""
        seen: tuple[FileKind, ...] = ("visual", "visual_low") if self.renders else ()
        return ("collision", *seen, *(("gaussians",) if self.shows_gaussians else ()))

    def _made(self, asset: Asset | None) -> AssetBody:
        entity, component = sapien.Entity(), physx.PhysxRigidDynamicComponent()
        if asset is None:
            component.attach(physx.PhysxCollisionShapeSphere(0.01, physx.get_default_material()))
            component.disable_gravity = True
            entity.add_component(component)
            return AssetBody(None, entity, component, np.zeros(3), None)
        coming = self._coming.pop(asset.id, None)
        if coming is not None:
            coming.exception()
        shapes = [_floor()] if asset.kind == "room" else collision_shapes(asset, self.dataset.collision_meshes(asset))
        for shape in shapes:
            component.attach(shape)
        if asset.kind != "object":
            # Kinematic, not static: ManiSkill's GPU contact queries take rigid bodies that have a pose index. After the
            # shapes, and never to False: SAPIEN computes no mass once `kinematic` has been set.
            component.kinematic = True
        if self.gaussian_room(asset):
            self.gaussians(asset)
        visual = None
        if self.renders:
            visual = DetailedVisual.of_files(entity, self._files(asset))
            self._visuals_made += 1
            if self._visuals_made % MESHES_BEFORE_CLEARING == 0:
                sapien.render.clear_cache(models=True, images=True, shaders=False)
        entity.add_component(component)
        return AssetBody(asset, entity, component, np.asarray(component.inertia) / component.mass, visual)

    def _files(self, asset: Asset) -> dict[Level, Path]:
        """The mesh of each level. Who made the asset may have painted its light mesh anew, so one that is light enough as it is
        stays."""
        full = self.dataset.asset_file(asset, "visual")
        heavy = self.dataset.triangles(asset, "visual") > LIGHT_TRIANGLES
        return {"full": full, "light": self.dataset.asset_file(asset, "visual_low") if heavy else full}

    def _read(self, asset: Asset) -> None:
        if self.renders:
            self._files(asset)
        if self.gaussian_room(asset):
            self.gaussians(asset)
        if asset.kind != "room":
            self.dataset.collision_meshes(asset)


def _key(asset: Asset | None) -> str:
    return "" if asset is None else asset.id


def _floor() -> physx.PhysxCollisionShapeBox:
    """What stops things that fall off the table: a slab whose top is the floor of the room."""
    shape = physx.PhysxCollisionShapeBox(FLOOR_HALF_SIZE, physx.get_default_material())
    shape.set_local_pose(sapien.Pose(p=[0, 0, -FLOOR_HALF_SIZE[2]]))
    return shape

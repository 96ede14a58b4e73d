"""What an asset of EmbodiedGen can be in a task, guessed from its form and looks, and remembered between runs."""

import json
import logging
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import trimesh

from scene_hub.generate import supports
from scene_hub.generate.bundle import RoleInTask
from scene_hub.generate.embodiedgen.files import GeneratedAsset
from scene_hub.generate.imported_collision import collision_meshes
from scene_hub.generate.importing import color_words, read_skins
from scene_hub.generate.looks import LOOKS

logger = logging.getLogger(__name__)

VERSION = 1
GRASPABLE_WIDTH = 0.066  # metres, the narrower side of the footprint
GRASPABLE_LENGTH = 0.30
FLAT_SHARE = 0.3  # of the footprint, for a level top to count


@dataclass(frozen=True)
class Traits:
    """`extents` (metres), colour words, and whether it is open above ("container") or level there ("surface")."""

    extents: tuple[float, float, float]
    colors: tuple[str, ...]
    top: Literal["container", "surface", "none"]

    def roles(self, scale: float = 1.0) -> frozenset[RoleInTask]:
        """What the asset can be in a task when it is scaled by `scale`."""
        width, length = sorted(self.extents[:2])
        small = width * scale <= GRASPABLE_WIDTH and max(length, self.extents[2]) * scale <= GRASPABLE_LENGTH
        found: set[RoleInTask] = {"object"} if small else set()
        if self.top != "none":
            found.add(self.top)
        if small and self.top == "surface":
            found.add("stackable")
        return frozenset(found)


def materials_of(asset: GeneratedAsset) -> tuple[str, ...]:
    """The substances that its description names ("plain wooden table": wood)."""
    text = f" {re.sub(r'[^a-z]+', ' ', f'{asset.label} {asset.description}'.lower())} "
    return tuple(name for name, look in LOOKS.items() if any(f" {word} " in text for word in look.words))


def traits_of(asset: GeneratedAsset, cache: Path) -> Traits:
    """The traits of an asset, from the cache where they are known; SceneDataError where its meshes are unsound."""
    path = cache / "traits" / f"{asset.digest[:32]}.{VERSION}.json"
    known = _known(path)
    if known is not None:
        return known
    traits = _measured(asset)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        partial.write_text(json.dumps(asdict(traits)), encoding="utf-8")
        os.replace(partial, path)
    except OSError as error:  # it only costs time
        logger.debug("traits are not kept: %s", error)
    return traits


def _known(path: Path) -> Traits | None:
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        x, y, z = (float(value) for value in fields["extents"])
        top = fields["top"]
        if top not in get_args(Traits.__annotations__["top"]):
            return None
        return Traits((x, y, z), tuple(map(str, fields["colors"])), top)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _measured(asset: GeneratedAsset) -> Traits:
    skins = read_skins(asset.visual, str(asset.visual), asset.transform)
    points = np.concatenate([skin.surface.points for skin in skins])
    x, y, z = (round(float(value), 5) for value in np.ptp(points, axis=0))
    return Traits((x, y, z), color_words(skins), _top(asset, (x, y, z)))


def _top(asset: GeneratedAsset, extents: tuple[float, float, float]) -> Literal["container", "surface", "none"]:
    source, transform = asset.collision or asset.visual, asset.collision_transform
    if asset.collision is None:
        transform = asset.transform
    meshes = [mesh.copy().apply_transform(transform) for mesh in collision_meshes(source, asset.source)]
    whole = trimesh.util.concatenate(meshes)
    if supports.container([whole]) is not None:  # type: ignore[list-item]
        return "container"
    level = supports.surface([whole])  # type: ignore[list-item]
    return "surface" if level is not None and supports.share_of_footprint(level, extents) > FLAT_SHARE else "none"

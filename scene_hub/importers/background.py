"""Rooms from what EmbodiedGen makes of a background: 3D Gaussians and a coloured mesh.

    files = BackgroundFiles.in_folder(layout / "background")          # gs_model.ply, mesh_model.ply
    bundle = background_bundle(files, provenance, transform=Y_UP_TO_Z_UP, category="kitchen")

EmbodiedGen's own environments show the Gaussians at T(position) * quarter turn about x (`Y_UP_TO_Z_UP`) * R(quaternion), of the
background's pose in layout.json: the quaternion turns in the files' own frame, which is y-up, in metres, with the floor at
y = 0; the mesh lies in the same frame. Their viewer takes a file without view-dependent colours for logits, an approximation
of what it was trained as; here colours are those of the training, 0.5 + 0.282 f_dc, as everywhere else.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from scene_hub.errors import SceneDataError
from scene_hub.gaussians import Y_UP_TO_Z_UP, GaussianCloud, read_ply, write_ply
from scene_hub.gaussians.panorama import panorama
from scene_hub.gaussians.reduction import reduced
from scene_hub.generate.baking import Skin
from scene_hub.generate.bundle import AssetBundle
from scene_hub.generate.glb import visual_glb
from scene_hub.generate.importing import color_words
from scene_hub.generate.materials import SUBSTANCES, Material, encoded
from scene_hub.generate.shapes import joined
from scene_hub.importers.room_mesh import check_room_size, room_levels
from scene_hub.schema import Asset, AssetFile, AssetFiles, Provenance

GAUSSIANS_FILE, MESH_FILE = "gs_model.ply", "mesh_model.ply"
MOST_GAUSSIANS = 300_000
EYE = np.array([0.0, 0.0, 1.3])
"""Where a room is looked at from, in its asset frame: above the table."""
CLOSE_MESH, LIGHT_MESH = (20_000, 1024), (4_000, 512)
"""Triangles, and pixels on a side of the texture."""
CLOSE_PANORAMA, LIGHT_PANORAMA = (32, 512), (11, 256)
"""Squares and pixels on a side of each of six pictures."""
CEILING = 1.9
"""Metres above the floor."""
ROOM_MASS = 1000.0
ROUGHNESS = 0.9
SUBSTANCE = "plaster"

Array = np.ndarray


@dataclass(frozen=True)
class BackgroundFiles:
    """What there is of a background; one of the two may be None."""

    gaussians: Path | None
    mesh: Path | None

    @classmethod
    def in_folder(cls, folder: str | Path) -> Self:
        """The files of one of EmbodiedGen's background folders; SceneDataError where it has neither."""
        folder = Path(folder)
        gaussians, mesh = folder / GAUSSIANS_FILE, folder / MESH_FILE
        if not gaussians.is_file() and not mesh.is_file():
            raise SceneDataError(
                f"{folder}: has neither {GAUSSIANS_FILE} nor {MESH_FILE}, so there is no background to import"
            )
        return cls(gaussians if gaussians.is_file() else None, mesh if mesh.is_file() else None)


def background_bundle(
    source: BackgroundFiles | str | Path,
    provenance: Provenance,
    *,
    transform: Array = Y_UP_TO_Z_UP,
    category: str = "room",
    name: str | None = None,
    description: str | None = None,
    most_gaussians: int = MOST_GAUSSIANS,
) -> AssetBundle:
    """A room asset of a background: its Gaussians, and a mesh for renderers that cannot draw them; the same input gives the
    same bytes.

    Args:
        source: the files, or the folder that holds `gs_model.ply` and `mesh_model.ply`, one of which may be missing. Without a
            mesh a coarse one is made of the Gaussians; without Gaussians the room has none.
        transform: [4, 4] from the files' frame to the asset frame (z up, z = 0 the floor, the table above the origin): a
            rotation, one scale and a translation. Default: y-up files whose origin is on the floor below the workspace.
        category, name, description: of the asset; by default the name is the category's words.
        most_gaussians: more are merged with their neighbours, as finely as they are seen from above the table; 300,000 are
            drawn in about a tenth of a second on a CPU core at 224 x 224.

    Raises:
        SceneDataError: neither file is there, one is damaged, or the room has an impossible size.
        InvalidOptionError: a transform that mirrors, shears or scales axes differently.
    """
    files = source if isinstance(source, BackgroundFiles) else BackgroundFiles.in_folder(source)
    if files.gaussians is None and files.mesh is None:
        raise SceneDataError("a background needs a file of Gaussians or a mesh, and neither is given")
    cloud = None if files.gaussians is None else _cloud(files.gaussians, transform, most_gaussians)
    if files.mesh is not None:
        close, light = room_levels(files.mesh, transform, EYE, (CLOSE_MESH, LIGHT_MESH))
    else:
        assert cloud is not None
        close, light = panorama(cloud, EYE, *CLOSE_PANORAMA), panorama(cloud, EYE, *LIGHT_PANORAMA)
        check_room_size(np.array(_extents(close)), str(files.gaussians))
    close, light = without_ceiling(close), without_ceiling(light)
    content = {"visual.glb": _glb(close, category), "visual_low.glb": _glb(light, category)}
    if cloud is not None:
        content["gaussians.ply"] = write_ply(cloud)
    records = {
        path: AssetFile(path=path, sha256=hashlib.sha256(data).hexdigest(), size=len(data))
        for path, data in content.items()
    }
    name = name or category.replace("_", " ")
    asset = Asset.create(
        kind="room",
        category=category,
        name=name,
        description=description or name,
        colors=color_words(close),
        materials=(SUBSTANCE,),
        extents=_extents(close),
        mass=ROOM_MASS,
        static_friction=SUBSTANCES[SUBSTANCE].static_friction,
        dynamic_friction=SUBSTANCES[SUBSTANCE].dynamic_friction,
        collision_volume=0.0,
        files=AssetFiles(
            visual=records["visual.glb"],
            visual_low=records["visual_low.glb"],
            gaussians=records.get("gaussians.ply"),
        ),
        provenance=provenance,
    )
    return AssetBundle(asset, content)


def without_ceiling(skins: Sequence[Skin]) -> list[Skin]:
    """The skins without what hangs overhead and looks down: a renderer's lights shine in from above, as into our own rooms."""
    result = []
    for skin in skins:
        overhead = skin.surface.triangles[:, :, 2].min(axis=1) > CEILING
        down = skin.surface.normals[:, :, 2].mean(axis=1) < -0.5
        if not (overhead & down).all():
            result.append(skin.chosen(~(overhead & down)))
    return result or list(skins)


def _cloud(path: Path, transform: Array, most: int) -> GaussianCloud:
    cloud = reduced(read_ply(path).transformed(transform), most, EYE)
    if not len(cloud):
        raise SceneDataError(f"{path}: has no Gaussian that can be seen; export it again, or remove it to use the mesh")
    return cloud


def _glb(skins: Sequence[Skin], name: str) -> bytes:
    parts = []
    for skin in skins:
        texture = None if skin.image is None else encoded(skin.image, quality=88)
        material = Material("imported", SUBSTANCE, (255, 255, 255), texture, 0.0, ROUGHNESS, None, True)
        parts.append((skin.surface, material))
    return visual_glb(parts, name)


def _extents(skins: Sequence[Skin]) -> tuple[float, float, float]:
    low, high = joined([skin.surface for skin in skins]).bounds
    x, y, z = (max(round(float(value), 5), 1e-4) for value in high - low)
    return (x, y, z)

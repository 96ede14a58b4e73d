"""Writes the gallery's folder: the page, a picture of each scene and asset, and each asset's mesh as a script.

    index.html            the page with its program and all that it says
    scenes/<id>.jpg       pictures of scenes
    thumbnails/<id>.jpg   pictures of assets
    assets/<id>.js        the mesh of an asset: a page opened from a folder may load scripts, but not files

The page needs neither a server nor the network.
"""

import base64
import io
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

from scene_hub.dataset import SceneDataset
from scene_hub.gallery.page import (
    ASSET_FOLDER,
    GENERATOR,
    SCENE_FOLDER,
    THUMBNAIL_FOLDER,
    gallery_data,
    gallery_page,
)
from scene_hub.new_folder import check_new_folder, new_folder
from scene_hub.schema import Asset, Scene
from scene_hub.thumbnails import ThumbnailRenderer

GALLERY_PAGE = "index.html"
PICTURE_SIZE = (640, 480)
THUMBNAIL_SIZE = (192, 192)

Progress = Callable[[int, int], None]


def default_folder(dataset: SceneDataset) -> Path:
    """Where a gallery goes unless told otherwise: beside the dataset's folder, or under outputs/ for other sources."""
    folder = Path(dataset.source).expanduser()
    if folder.is_dir():
        folder = folder.resolve()
        return folder.with_name(f"{folder.name}-gallery")
    return Path("outputs/gallery") / (re.sub(r"[^A-Za-z0-9_.-]+", "-", dataset.source).strip("-.") or "scenes")


def write_gallery(
    dataset: SceneDataset,
    folder: str | os.PathLike[str],
    scenes: Sequence[Scene] | None = None,
    overwrite: bool = False,
    progress: Progress = lambda done, total: None,
) -> Path:
    """Write the gallery of `scenes` (None: all) of `dataset` to `folder` and return the path of its page.

    The folder appears complete or not at all. An existing one is refused unless `overwrite`, and even then unless it is
    empty or a gallery. `progress(done, total)` counts pictures. Raises InvalidOptionError for a folder that is in the way,
    MissingRequirementError where nothing renders.
    """
    target = Path(folder).expanduser().absolute()
    check_new_folder(target, overwrite, _is_gallery, "a gallery")
    chosen = dataset.scenes() if scenes is None else list(scenes)
    renderer = ThumbnailRenderer(PICTURE_SIZE)
    with new_folder(target) as draft:
        dataset.download(chosen, kinds=("visual",))
        _write_content(dataset, draft, chosen, renderer, progress)
    return target / GALLERY_PAGE


def _is_gallery(folder: Path) -> bool:
    page = folder / GALLERY_PAGE
    if not page.is_file():
        return False
    with page.open(encoding="utf-8", errors="replace") as stream:
        return f'<meta name="generator" content="{GENERATOR}">' in stream.read(1000)


def _write_content(
    dataset: SceneDataset, folder: Path, scenes: Sequence[Scene], renderer: ThumbnailRenderer, progress: Progress
) -> None:
    for name in (SCENE_FOLDER, THUMBNAIL_FOLDER, ASSET_FOLDER):
        (folder / name).mkdir(parents=True)
    assets = {used: dataset.asset(used) for used in sorted({used for scene in scenes for used in scene.asset_ids})}
    total, triangles = len(assets) + len(scenes), {}
    progress(0, total)
    for done, asset in enumerate(assets.values(), start=1):
        triangles[asset.id] = dataset.check_visual(asset)["visual"]
        _write_asset(dataset, folder, asset, renderer)
        progress(done, total)
    for done, scene in enumerate(scenes, start=len(assets) + 1):
        visuals = {used: dataset.asset_file(assets[used], "visual") for used in scene.asset_ids}
        (folder / SCENE_FOLDER / f"{scene.id}.jpg").write_bytes(_jpeg(renderer.scene(scene, visuals)))
        progress(done, total)
    data = gallery_data(scenes, assets, triangles, PICTURE_SIZE)
    page = gallery_page(_title(dataset), _facts(dataset, len(scenes), len(assets)), data)
    (folder / GALLERY_PAGE).write_text(page, encoding="utf-8")


def _write_asset(dataset: SceneDataset, folder: Path, asset: Asset, renderer: ThumbnailRenderer) -> None:
    mesh = dataset.asset_file(asset, "visual").read_bytes()
    script = f'__genworldAsset("{asset.id}","{base64.b64encode(mesh).decode("ascii")}");\n'
    (folder / ASSET_FOLDER / f"{asset.id}.js").write_text(script, encoding="ascii")
    picture = renderer.asset(mesh, asset.extents, asset.kind, size=THUMBNAIL_SIZE)
    (folder / THUMBNAIL_FOLDER / f"{asset.id}.jpg").write_bytes(_jpeg(picture))


def _title(dataset: SceneDataset) -> str:
    folder = Path(dataset.source).expanduser()
    return f"Scenes of {folder.resolve().name if folder.is_dir() else dataset.source}"


def _facts(dataset: SceneDataset, scenes: int, assets: int) -> str:
    of = f" of {len(dataset)}" if scenes < len(dataset) else ""
    return f"{scenes}{of} scenes with {assets} assets, dataset fingerprint {dataset.fingerprint[:16]}"


def _jpeg(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=88, optimize=True)
    return stream.getvalue()

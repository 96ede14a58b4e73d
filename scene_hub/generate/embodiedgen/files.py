"""Reading EmbodiedGen's output: URDF assets, and the layouts that say what they were made for.

https://github.com/HorizonRobotics/EmbodiedGen writes one folder per asset, `<name>.urdf` with its meshes in `mesh/`, and for a
task a `layout.json` over several of them. Both are text that somebody else wrote, and read as such (`scene_hub.generate.urdf`).
"""

import hashlib
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import trimesh

from scene_hub.errors import SceneDataError
from scene_hub.generate.urdf import collision_pieces, inside, parse_xml, placement_of, positive_number, read_text

logger = logging.getLogger(__name__)

STATIC_FRICTION = (0.1, 0.7)  # their own loader clips to these
DYNAMIC_FRICTION = (0.1, 0.6)
TABLE_WORDS = ("table", "desk", "counter", "workbench", "countertop")

Array = np.ndarray


@dataclass(frozen=True)
class GeneratedAsset:
    """An asset as EmbodiedGen wrote it. `transform` and `collision_transform` [4, 4] bring its meshes to metres, z up.

    `collision` is a mesh file, or the pieces where a URDF has several shapes (`collision_transform` is the identity then).
    `category` is a slug, `label` the same in words. `digest` is the SHA-256 of all that it is made of, `source` the URDF's path
    in the folder.
    """

    category: str
    label: str
    description: str
    table: bool
    visual: Path
    collision: Path | tuple[trimesh.Trimesh, ...] | None
    transform: Array
    collision_transform: Array
    mass: float
    friction: tuple[float, float]
    digest: str
    source: str


def read_assets(folder: str | Path) -> tuple[GeneratedAsset, ...]:
    """Every asset below `folder`, in the order of their paths, equal ones once.

    What cannot be read is left out with a warning; SceneDataError where nothing is left.
    """
    root = Path(folder)
    if not root.is_dir():
        raise SceneDataError(
            f"{root}: there is no such folder; give one that EmbodiedGen wrote (text3d-cli, layout-cli)"
        )
    tables = frozenset(_tables(root))
    found: dict[str, GeneratedAsset] = {}
    problem = "it holds no .urdf file"
    for urdf in sorted(root.rglob("*.urdf")):
        try:
            asset = read_urdf(urdf, root)
        except SceneDataError as error:
            problem = str(error)
            logger.warning("left out: %s", error)
            continue
        if urdf.resolve() in tables:
            asset = replace(asset, table=True)
        found.setdefault(asset.digest, asset)
    if not found:
        raise SceneDataError(f"{root}: no EmbodiedGen asset in this folder: {problem}")
    return tuple(found.values())


def read_urdf(path: Path, root: Path) -> GeneratedAsset:
    """The asset that a URDF describes, all its files inside `root`; SceneDataError where it is unsound."""
    text = read_text(path, root)
    robot = parse_xml(text, path)
    joint = next((joint for joint in robot.iter("joint") if joint.get("type") != "fixed"), None)
    if joint is not None:
        raise SceneDataError(
            f"{path}: is articulated (joint {joint.get('name')!r} is {joint.get('type')}); only rigid things are imported"
        )
    link = robot.find(".//link")
    visual = None if link is None else link.find("visual")
    if link is None or visual is None:
        raise SceneDataError(f"{path}: has no link with a visual mesh; it is no asset of EmbodiedGen")
    visual_mesh = _mesh_file(visual, path, root)
    if visual_mesh is None:
        raise SceneDataError(f"{path}: names no visual mesh")
    glb = visual_mesh.with_suffix(".glb")  # the same mesh with its texture in one file, where it lies beside the OBJ
    visual_mesh = inside(glb, root, path) if glb.is_file() else visual_mesh
    collision, collision_transform = _collision(link, path, root)
    category = _category(_info(link, "category"), path.stem)
    return GeneratedAsset(
        category=re.sub(r"[^a-z0-9]+", "_", category).strip("_")[:100],
        label=category,
        description=_info(link, "description") or category,
        table=category.split()[-1] in TABLE_WORDS,
        visual=visual_mesh,
        collision=collision,
        transform=placement_of(visual, path),
        collision_transform=collision_transform,
        mass=positive_number(link.find("inertial/mass"), "value", 0.1, path),
        friction=_friction(link, path),
        digest=_digest(text, visual_mesh, *(_mesh_file(shape, path, root) for shape in link.findall("collision"))),
        source=path.resolve().relative_to(root.resolve()).as_posix(),
    )


def _collision(
    link: ElementTree.Element, path: Path, root: Path
) -> tuple[Path | tuple[trimesh.Trimesh, ...] | None, Array]:
    """What a link collides with, and the transform that it takes: EmbodiedGen writes one mesh, others several shapes."""
    shapes = link.findall("collision")
    mesh = _mesh_file(shapes[0], path, root) if len(shapes) == 1 else None
    if mesh is not None:
        return mesh, placement_of(shapes[0], path)
    pieces = tuple(piece for shape in shapes for piece in collision_pieces(shape, path, root))
    return pieces or None, np.eye(4)


def _tables(root: Path) -> Iterator[Path]:
    """The URDFs that the layouts in a folder use as what the others stand on."""
    for path in sorted(root.rglob("layout.json")):
        try:
            layout = json.loads(read_text(path, root))
            node = layout["relation"]["context"]
            urdf = path.parent / layout["assets"][node] / f"{node.replace(' ', '_')}.urdf"
            yield inside(urdf, root, path).resolve()
        except SceneDataError as error:
            logger.warning("left out: %s", error)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            logger.warning("left out: %s is no layout of EmbodiedGen (%s: %s)", path, type(error).__name__, error)


def _mesh_file(element: ElementTree.Element, urdf: Path, root: Path) -> Path | None:
    mesh = element.find("geometry/mesh")
    name = None if mesh is None else mesh.get("filename")
    if not name or "\0" in name:
        return None
    path = inside(urdf.parent / name, root, urdf)
    if not path.is_file():
        raise SceneDataError(f"{urdf}: names the mesh {name!r}, which is not there")
    return path


def _friction(link: ElementTree.Element, path: Path) -> tuple[float, float]:
    static = positive_number(link.find("collision/gazebo/mu1"), None, 0.8, path)
    dynamic = positive_number(link.find("collision/gazebo/mu2"), None, 0.6, path)
    static = float(np.clip(static, *STATIC_FRICTION))
    return static, min(float(np.clip(dynamic, *DYNAMIC_FRICTION)), static)


def _info(link: ElementTree.Element, name: str) -> str:
    """A text of `extra_info`, without the quotes that their template leaves."""
    text = " ".join((link.findtext(f"extra_info/{name}") or "").replace('"', " ").split())[:500]
    return "" if text in ("unknown", "-1") else text


def _category(info: str, stem: str) -> str:
    words = re.sub(r"[^a-z0-9]+", " ", (info or stem).lower()).strip()
    return words or "thing"


def _digest(text: str, *meshes: Path | None) -> str:
    digest = hashlib.sha256(text.encode("utf-8"))
    for mesh in meshes:
        for path in () if mesh is None else (mesh, *_looks(mesh)):
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _looks(mesh: Path) -> list[Path]:
    """The materials and pictures that a mesh may take its looks from; a GLB has its own."""
    if mesh.suffix.lower() == ".glb":
        return []
    return [path for path in sorted(mesh.parent.iterdir()) if path.suffix.lower() in (".mtl", ".png", ".jpg", ".jpeg")]

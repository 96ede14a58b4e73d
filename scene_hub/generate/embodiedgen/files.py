"""Reading EmbodiedGen's output: URDF assets, and the layouts that say what they were made for.

https://github.com/HorizonRobotics/EmbodiedGen writes one folder per asset, `<name>.urdf` with its meshes in `mesh/`, and for a
task a `layout.json` over several of them. Both are text that somebody else wrote: sizes are bounded, XML with a document type
(and so with entities) is refused, and no path may lead out of the folder that was given.
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

logger = logging.getLogger(__name__)

MAX_TEXT_BYTES = 4 * 1024 * 1024
STATIC_FRICTION = (0.1, 0.7)  # their own loader clips to these
DYNAMIC_FRICTION = (0.1, 0.6)
TABLE_WORDS = ("table", "desk", "counter", "workbench", "countertop")

Array = np.ndarray


@dataclass(frozen=True)
class GeneratedAsset:
    """An asset as EmbodiedGen wrote it. `transform` and `collision_transform` [4, 4] bring its meshes to metres, z up.

    `category` is a slug, `label` the same in words. `digest` is the SHA-256 of all that it is made of, `source` the URDF's path
    in the folder.
    """

    category: str
    label: str
    description: str
    table: bool
    visual: Path
    collision: Path | None
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
    text = _text(path, root)
    link = _xml(text, path).find(".//link")
    visual = None if link is None else link.find("visual")
    if link is None or visual is None:
        raise SceneDataError(f"{path}: has no link with a visual mesh; it is no asset of EmbodiedGen")
    visual_mesh = _mesh_file(visual, path, root)
    if visual_mesh is None:
        raise SceneDataError(f"{path}: names no visual mesh")
    glb = visual_mesh.with_suffix(".glb")  # the same mesh with its texture in one file, where it lies beside the OBJ
    visual_mesh = _inside(glb, root, path) if glb.is_file() else visual_mesh
    collision = link.find("collision")
    collision_mesh = None if collision is None else _mesh_file(collision, path, root)
    category = _category(_info(link, "category"), path.stem)
    return GeneratedAsset(
        category=re.sub(r"[^a-z0-9]+", "_", category).strip("_")[:100],
        label=category,
        description=_info(link, "description") or category,
        table=category.split()[-1] in TABLE_WORDS,
        visual=visual_mesh,
        collision=collision_mesh,
        transform=_transform(visual, path),
        collision_transform=np.eye(4) if collision is None else _transform(collision, path),
        mass=_number(link.find("inertial/mass"), "value", 0.1, path),
        friction=_friction(link, path),
        digest=_digest(text, visual_mesh, collision_mesh),
        source=path.resolve().relative_to(root.resolve()).as_posix(),
    )


def _tables(root: Path) -> Iterator[Path]:
    """The URDFs that the layouts in a folder use as what the others stand on."""
    for path in sorted(root.rglob("layout.json")):
        try:
            layout = json.loads(_text(path, root))
            node = layout["relation"]["context"]
            urdf = path.parent / layout["assets"][node] / f"{node.replace(' ', '_')}.urdf"
            yield _inside(urdf, root, path).resolve()
        except SceneDataError as error:
            logger.warning("left out: %s", error)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            logger.warning("left out: %s is no layout of EmbodiedGen (%s: %s)", path, type(error).__name__, error)


def _text(path: Path, root: Path) -> str:
    _inside(path, root, path)
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_TEXT_BYTES else None
    except OSError as error:
        raise SceneDataError(f"{path}: cannot be read ({error.strerror})") from None
    if data is None:
        raise SceneDataError(f"{path}: is larger than {MAX_TEXT_BYTES // 1024**2} MB, which no file of its kind is")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SceneDataError(f"{path}: is not UTF-8 text") from None


def _xml(text: str, path: Path) -> ElementTree.Element:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:  # without a document type there are no entities to expand or to fetch
        raise SceneDataError(f"{path}: has a document type or entities, which EmbodiedGen never writes; it is not read")
    try:
        return ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise SceneDataError(f"{path}: is not well-formed XML ({error})") from None


def _inside(path: Path, root: Path, named_by: Path) -> Path:
    if not path.resolve().is_relative_to(root.resolve()):
        raise SceneDataError(f"{named_by}: names {str(path)!r}, which lies outside the folder {str(root)!r}")
    return path


def _mesh_file(element: ElementTree.Element, urdf: Path, root: Path) -> Path | None:
    mesh = element.find("geometry/mesh")
    name = None if mesh is None else mesh.get("filename")
    if not name or "\0" in name:
        return None
    path = _inside(urdf.parent / name, root, urdf)
    if not path.is_file():
        raise SceneDataError(f"{urdf}: names the mesh {name!r}, which is not there")
    return path


def _transform(element: ElementTree.Element, path: Path) -> Array:
    """[4, 4]: the mesh's scale, then its origin (URDF: roll, pitch and yaw about fixed axes)."""
    origin, mesh = element.find("origin"), element.find("geometry/mesh")
    roll, pitch, yaw = (_quarter(angle) for angle in _numbers(origin, "rpy", 0.0, path))
    matrix = trimesh.transformations.euler_matrix(roll, pitch, yaw, "sxyz")
    matrix[:3, 3] = _numbers(origin, "xyz", 0.0, path)
    return matrix @ np.diag([*_numbers(mesh, "scale", 1.0, path), 1.0])


def _quarter(angle: float) -> float:
    """The angle, put right where it is a quarter turn written with four decimals."""
    turns = round(angle / (np.pi / 2))
    return turns * np.pi / 2 if abs(angle - turns * np.pi / 2) < 1e-4 else angle


def _numbers(element: ElementTree.Element | None, name: str, default: float, path: Path) -> list[float]:
    """Three finite numbers of moderate size; a single scale stands for all three."""
    text = None if element is None else element.get(name)
    if text is None:
        return [default] * 3
    try:
        values = [float(word) for word in text.split()]
    except ValueError:
        values = []
    values = values * 3 if len(values) == 1 else values
    if len(values) != 3 or not np.isfinite(values).all() or np.abs(values).max() > 1e4:
        raise SceneDataError(f"{path}: {name}={text!r} are not three numbers")
    if name == "scale" and min(np.abs(values)) < 1e-6:
        raise SceneDataError(f"{path}: scale={text!r} leaves nothing of the mesh")
    return values


def _number(element: ElementTree.Element | None, attribute: str | None, default: float, path: Path) -> float:
    """A positive number from an attribute, or from the text of the element; `default` where it is missing."""
    text = None if element is None else (element.text if attribute is None else element.get(attribute))
    if element is None or text is None:
        return default
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0 < value < 1e4:
        raise SceneDataError(f"{path}: {element.tag} is {text!r}, not a positive number")
    return value


def _friction(link: ElementTree.Element, path: Path) -> tuple[float, float]:
    static = _number(link.find("collision/gazebo/mu1"), None, 0.8, path)
    dynamic = _number(link.find("collision/gazebo/mu2"), None, 0.6, path)
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
    for path in meshes:
        if path is not None:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()

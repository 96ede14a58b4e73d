"""Reading URDF that somebody else wrote.

Sizes are bounded, XML with a document type (and so with entities) is refused, and no path leads out of the folder that it may
read in. `read_rigid_body` reads any URDF of a rigid thing, its links with their visuals, collisions and masses, as one body.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import trimesh
from trimesh.visual import ColorVisuals

from scene_hub.errors import SceneDataError
from scene_hub.generate.imported_collision import collision_meshes
from scene_hub.generate.mesh_files import load_mesh

MAX_LINKS = 200
MAX_TEXT_BYTES = 4 * 1024 * 1024

logger = logging.getLogger(__name__)

Array = np.ndarray


@dataclass(frozen=True)
class RigidBody:
    """A URDF in the frame of its root link, metres, z up. `mass` (kg) and `friction` (static, dynamic) are None where it says
    nothing of them, `collision` where it has none."""

    visual: trimesh.Scene
    collision: tuple[trimesh.Trimesh, ...] | None
    mass: float | None
    friction: tuple[float, float] | None


def read_rigid_body(path: Path) -> RigidBody:
    """The body that a URDF describes, joints that could move at their zero.

    Meshes are looked for in its folder and the one above it (`package://` is read as either). Raises SceneDataError where it is
    unsound or has no visual geometry.
    """
    if not path.is_file():
        raise SceneDataError(f"{path}: there is no such file")
    root = path.resolve().parent.parent
    robot = parse_xml(read_text(path, root), path)
    links = robot.findall("link")
    if not links or len(links) > MAX_LINKS:
        raise SceneDataError(f"{path}: has {len(links)} links; a thing has 1 to {MAX_LINKS}")
    poses = _link_poses(robot, path)
    colors = {item.get("name", ""): item for item in robot.findall("material")}
    visual, collision = trimesh.Scene(), list[trimesh.Trimesh]()
    for link in links:
        pose = poses.get(link.get("name", ""), np.eye(4))
        for element in link.findall("visual"):
            for mesh in _meshes(element, pose, path, root, colors):
                visual.add_geometry(mesh)
        for element in link.findall("collision"):
            collision += collision_pieces(element, path, root, pose)
    if not visual.geometry:
        raise SceneDataError(f"{path}: has no visual geometry, so there is nothing to see")
    masses = [
        positive_number(mass, "value", 0.0, path) for link in links if (mass := link.find("inertial/mass")) is not None
    ]
    return RigidBody(visual, tuple(collision) or None, sum(masses) or None, _friction(links, path))


def collision_pieces(
    element: ElementTree.Element, path: Path, root: Path, pose: Array | None = None
) -> list[trimesh.Trimesh]:
    """The connected pieces of a `collision` (mesh, box, cylinder, sphere) in its link's frame; `pose` [4, 4] moves them."""
    meshes = _meshes(element, np.eye(4) if pose is None else pose, path, root, {})
    return [piece for mesh in meshes for piece in collision_meshes(mesh, str(path))]


def _link_poses(robot: ElementTree.Element, path: Path) -> dict[str, Array]:
    """The pose of each link in the frame of the root, joints at zero."""
    joints: dict[str, tuple[str, Array]] = {}
    for joint in robot.findall("joint"):
        parent, child = joint.find("parent"), joint.find("child")
        if parent is None or child is None:
            raise SceneDataError(f"{path}: joint {joint.get('name')!r} names no parent or no child")
        name = child.get("link", "")
        if name in joints:
            raise SceneDataError(f"{path}: link {name!r} hangs on two joints")
        joints[name] = (parent.get("link", ""), placement_of(joint, path))
        if joint.get("type") != "fixed":
            logger.warning("%s: joint %r does not move in a scene; it stays at zero", path, joint.get("name"))
    poses: dict[str, Array] = {}
    for name in joints:
        pose, link, walked = np.eye(4), name, 0
        while link in joints:
            link, step = joints[link]
            pose, walked = step @ pose, walked + 1
            if walked > len(joints):
                raise SceneDataError(f"{path}: its joints form a cycle")
        poses[name] = pose
    return poses


def _meshes(
    element: ElementTree.Element, pose: Array, path: Path, root: Path, colors: Mapping[str, ElementTree.Element]
) -> Iterator[trimesh.Trimesh]:
    """The triangle meshes of a visual or collision, in the frame of the root link."""
    geometry = element.find("geometry")
    shape = None if geometry is None else next(iter(geometry), None)
    if shape is None:
        return
    matrix = pose @ placement_of(element, path)
    if shape.tag != "mesh":
        mesh = _primitive(shape, path)
        color = _color(element.find("material"), colors)
        if color is not None:
            mesh.visual = ColorVisuals(mesh, face_colors=np.tile(color, (len(mesh.faces), 1)))
        yield mesh.apply_transform(matrix)
        return
    file = _mesh_path(shape.get("filename") or "", path, root)
    scene = load_mesh(file)
    for node in sorted(scene.graph.nodes_geometry):
        local, key = scene.graph[node]
        found: Any = scene.geometry[key]
        if isinstance(found, trimesh.Trimesh) and len(found.faces):
            yield found.copy().apply_transform(matrix @ local)


def _primitive(shape: ElementTree.Element, path: Path) -> trimesh.Trimesh:
    try:
        if shape.tag == "box":
            return trimesh.creation.box([float(value) for value in (shape.get("size") or "").split()])
        if shape.tag == "cylinder":
            return trimesh.creation.cylinder(
                float(shape.get("radius", "")), float(shape.get("length", "")), sections=48
            )
        if shape.tag == "sphere":
            return trimesh.creation.icosphere(subdivisions=4, radius=float(shape.get("radius", "")))
    except ValueError:
        raise SceneDataError(f"{path}: a {shape.tag} has no sizes that are numbers ({shape.attrib})") from None
    raise SceneDataError(f"{path}: geometry {shape.tag!r} is not known; there are mesh, box, cylinder and sphere")


def _mesh_path(name: str, path: Path, root: Path) -> Path:
    """Where a mesh lies: beside the URDF, or in the package that it belongs to."""
    bare = name.removeprefix("file://")
    options = [path.parent / bare]
    if name.startswith("package://"):
        inner = name.removeprefix("package://")
        below = inner.partition("/")[2]
        options = [path.parent / below, root / below, root / inner, path.parent / inner]
    for option in options:
        if "\0" not in name and inside(option, root, path).is_file():
            return option
    raise SceneDataError(f"{path}: names the mesh {name!r}, which is not there")


def _color(material: ElementTree.Element | None, colors: Mapping[str, ElementTree.Element]) -> Array | None:
    """RGBA bytes of a material, which may be defined elsewhere by its name."""
    if material is None:
        return None
    defined = material if material.find("color") is not None else colors.get(material.get("name", ""))
    element = None if defined is None else defined.find("color")
    text = None if element is None else element.get("rgba")
    try:
        values = [float(value) for value in (text or "").split()]
    except ValueError:
        return None
    return np.round(np.clip(values, 0, 1) * 255).astype(np.uint8) if len(values) == 4 else None


def _friction(links: list[ElementTree.Element], path: Path) -> tuple[float, float] | None:
    """Static and dynamic friction as Gazebo's extensions say them, of the first link that does."""
    for link in links:
        static = link.find("collision/gazebo/mu1")
        if static is not None:
            first = min(positive_number(static, None, 0.8, path), 10.0)
            second = min(positive_number(link.find("collision/gazebo/mu2"), None, first, path), 10.0)
            return first, min(second, first)
    return None


def read_text(path: Path, root: Path) -> str:
    """A text file inside `root`; SceneDataError where it is missing, too long, not UTF-8, or elsewhere."""
    inside(path, root, path)
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


def parse_xml(text: str, path: Path) -> ElementTree.Element:
    """The root of an XML text without document type or entities; SceneDataError, which names `path`, where it is unsound."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:  # without a document type there are no entities to expand or to fetch
        raise SceneDataError(f"{path}: has a document type or entities, which EmbodiedGen never writes; it is not read")
    try:
        return ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise SceneDataError(f"{path}: is not well-formed XML ({error})") from None


def inside(path: Path, root: Path, named_by: Path) -> Path:
    """The same path; SceneDataError where it leads out of `root`, links followed."""
    if not path.resolve().is_relative_to(root.resolve()):
        raise SceneDataError(
            f"{named_by}: names {str(path)!r}, which lies outside the folder {str(root)!r}; a folder of links, such as "
            "the Hub's cache, has to be copied with its files first (cp -rL, or hf download --local-dir)"
        )
    return path


def placement_of(element: ElementTree.Element, path: Path) -> Array:
    """[4, 4] of an element with `origin` and perhaps `geometry/mesh`: the mesh's scale, then the origin (URDF: roll, pitch and
    yaw about fixed axes)."""
    origin, mesh = element.find("origin"), element.find("geometry/mesh")
    roll, pitch, yaw = (_quarter(angle) for angle in three_numbers(origin, "rpy", 0.0, path))
    matrix = trimesh.transformations.euler_matrix(roll, pitch, yaw, "sxyz")
    matrix[:3, 3] = three_numbers(origin, "xyz", 0.0, path)
    return matrix @ np.diag([*three_numbers(mesh, "scale", 1.0, path), 1.0])


def _quarter(angle: float) -> float:
    """The angle, put right where it is a quarter turn written with four decimals."""
    turns = round(angle / (np.pi / 2))
    return turns * np.pi / 2 if abs(angle - turns * np.pi / 2) < 1e-4 else angle


def three_numbers(element: ElementTree.Element | None, name: str, default: float, path: Path) -> list[float]:
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


def positive_number(element: ElementTree.Element | None, attribute: str | None, default: float, path: Path) -> float:
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

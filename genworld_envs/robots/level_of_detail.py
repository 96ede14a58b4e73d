"""Light meshes for robots: what a picture of 128 pixels needs of them, and no more.

    visuals = light_visuals(urdf)  # {"panda_link0": Path(".../panda_link0.glb"), ...}

A CPU renderer takes its time by the triangle, and ManiSkill's Panda has 135,548 of them. Here each link gets one mesh, in the
link's frame, with the colours that SAPIEN gives its visuals. No light mesh is used that looks different: drawn from eight
sides, each link by itself and the robot as a whole, the outlines of the light and the full mesh must have an intersection over
union of 0.97, and the mean colours within them must agree. A link that needs more triangles than its share gets them, and one
for which that does not help keeps its own visuals.

Making takes seconds. So what is made is kept in `$XDG_CACHE_HOME/genworld/lod` (by default `~/.cache/genworld/lod`), in one
folder for each content: of the URDF, of all files that its visuals name, and the version of this module.
"""

import atexit
import hashlib
import io
import json
import logging
import os
import re
import shutil
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import trimesh
import trimesh.resolvers
from PIL import Image
from trimesh.visual.material import SimpleMaterial

from genworld_envs.robots.kinematics import rotation_from_rpy, rotation_matrix
from scene_hub.errors import InvalidOptionError, SceneDataError
from scene_hub.generate.baking import Skin, painted
from scene_hub.generate.glb import visual_glb
from scene_hub.generate.importing import read_skins
from scene_hub.generate.materials import Material
from scene_hub.generate.shapes import Surface, joined, shaded
from scene_hub.generate.thinning import Thinning, welded, zipped
from scene_hub.silhouette import LEAST_OVERLAP, Camera, Likeness, Portrait, cameras, seen

VERSION = 3
"""Part of the cache's key: raise it with every change to what this module makes."""
BUDGET = 3_000
"""Triangles of a robot, if its links look right with them."""
CREASE_DEGREES = 50.0
LEAST_BUDGET = 100
MOST_TRIANGLES = 12_000  # of a light link
STEP = 0.8  # from one number of triangles that is tried to the next
LEAST_FACES = 12
HOPELESS = 0.05  # below the overlap that is asked for: fewer triangles are not tried
CRACK = 0.003  # of a link's size, between shells that touch
SPECK = 0.02  # of a link's size: what is smaller is left out
HIDDEN_WEIGHT = 0.02
SAME_FINISH = 0.1  # in roughness and in metallicity
TEXTURE = 256  # pixels, where a link has pictures on it
SWATCH = 4  # pixels

_log = logging.getLogger("genworld")
_MANIFEST = "manifest.json"

Array = np.ndarray


def light_visuals(urdf: Path, budget: int = BUDGET) -> dict[str, Path]:
    """By the name of the link, a GLB in the link's frame (metres) that replaces all its visuals.

    Args:
        urdf: the robot's description.
        budget: triangles that the links share. More are spent where fewer would change how a link looks.

    A link that is not in the answer has no visuals, or none that can be replaced: they cannot be read, are transparent, or
    no lighter mesh looks like them; a warning names it.

    Raises:
        InvalidOptionError: `budget` is too small for a robot.
        SceneDataError: `urdf` is missing or no robot description, or names a mesh that does not exist.
    """
    if budget < LEAST_BUDGET:
        raise InvalidOptionError(f"budget {budget!r}: a robot needs at least {LEAST_BUDGET} triangles")
    robot = _Robot.read(Path(urdf))
    key = _key(robot, budget)
    folder = _cache_folder() / key
    files = _verified(folder)
    if files is None and key in _private:
        folder = _private[key]
        files = _verified(folder)
    return _made(robot, budget, key) if files is None else files


def full_visuals(urdf: Path) -> dict[str, bytes]:
    """By the name of the link, a GLB in the link's frame (metres) of all its visuals, with the looks that SAPIEN gives them.

    A link that is not in the answer has no visuals, or none that can be shown: they cannot be read, or are transparent; a
    warning names it.

    Raises:
        SceneDataError: the description cannot be read.
    """
    robot = _Robot.read(urdf)
    found = {}
    for name, visuals in robot.visuals.items():
        try:
            found[name] = _glb(name, _link_skins(robot, visuals))
        except _Kept as reason:
            _log.warning("%s: link %r is not shown: %s", urdf.name, name, reason)
    return found


# ---------------------------------------------------------------------------------------------------------------- cache


_private: dict[str, Path] = {}
"""Folders of this process only, by key: where the cache cannot be written."""


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "genworld" / "lod"


def _key(robot: "_Robot", budget: int) -> str:
    content = hashlib.sha256(f"{VERSION} {budget}\n".encode())
    for path in robot.files():
        data = path.read_bytes()
        content.update(f"{path.name} {len(data)}\n".encode())
        content.update(data)
    return content.hexdigest()[:32]


def _verified(folder: Path) -> dict[str, Path] | None:
    """The files of a finished folder by link; None where there is none, or where a byte of it is not as it was written."""
    try:
        links = json.loads((folder / _MANIFEST).read_bytes())["links"]
        files = {str(name): folder / Path(entry["file"]).name for name, entry in links.items()}
        sound = all(
            hashlib.sha256(path.read_bytes()).hexdigest() == links[name]["sha256"] for name, path in files.items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return files if sound else None


def _made(robot: "_Robot", budget: int, key: str) -> dict[str, Path]:
    """Makes the light meshes and keeps them; another process may do the same at the same time."""
    start = time.monotonic()
    content = _content(robot, budget)
    folder = _kept(content, key)
    links = json.loads(content[_MANIFEST])["links"]
    _log.info(
        "made light meshes of %s in %.1f s: %d triangles for %d, in %s",
        robot.urdf.name,
        time.monotonic() - start,
        sum(entry["triangles"] for entry in links.values()),
        sum(entry["full_triangles"] for entry in links.values()),
        folder,
    )
    return {name: folder / entry["file"] for name, entry in links.items()}


def _kept(content: Mapping[str, bytes], key: str) -> Path:
    base = _cache_folder()
    try:
        base.mkdir(parents=True, exist_ok=True)
        return _stored(content, base, key)
    except OSError as error:
        _log.info("light meshes are not kept, because %s cannot be written (%s)", base, error.strerror or error)
        temporary = Path(tempfile.mkdtemp(prefix="genworld-lod-"))
        atexit.register(shutil.rmtree, temporary, ignore_errors=True)
        _private[key] = _stored(content, temporary, key)
        return _private[key]


def _stored(content: Mapping[str, bytes], base: Path, key: str) -> Path:
    """Writes a folder in one step; a sound one that another process was faster with is taken, a damaged one replaced."""
    target = base / key
    partial = Path(tempfile.mkdtemp(prefix=f".{key}.", dir=base))
    try:
        for name, data in content.items():
            (partial / name).write_bytes(data)
        for _ in range(5):
            try:
                os.replace(partial, target)
                return target
            except OSError:
                if not target.exists():
                    raise
            if _verified(target) is not None:
                return target
            aside = Path(tempfile.mkdtemp(prefix=f".{key}.", dir=base))
            try:
                os.replace(target, aside / "damaged")
            except FileNotFoundError:  # another process has put it aside
                pass
            finally:
                shutil.rmtree(aside, ignore_errors=True)
        raise OSError(f"{target} is damaged and cannot be replaced; delete it")
    finally:
        shutil.rmtree(partial, ignore_errors=True)


# ------------------------------------------------------------------------------------------------------------ description


class _Visual(NamedTuple):
    """One visual of a link: its geometry's element, its pose in the link's frame, and the material that the URDF gives it."""

    geometry: ElementTree.Element
    pose: Array
    material: ElementTree.Element | None


@dataclass(frozen=True)
class _Robot:
    """What a URDF says of how a robot looks: visuals by link, and its joints."""

    urdf: Path
    visuals: dict[str, list[_Visual]]
    joints: list[ElementTree.Element]

    @classmethod
    def read(cls, urdf: Path) -> "_Robot":
        try:
            root = ElementTree.parse(urdf).getroot()
        except OSError as error:
            raise SceneDataError(
                f"{urdf}: this robot description cannot be read ({error.strerror or error}); check the path"
            ) from None
        except ElementTree.ParseError as error:
            raise SceneDataError(f"{urdf}: is no URDF, it is not XML ({error}); check the file") from None
        if root.tag != "robot":
            raise SceneDataError(
                f"{urdf}: is no URDF, its root element is {root.tag!r} instead of 'robot'; check the file"
            )
        materials = {material.get("name"): material for material in root.findall("material")}
        visuals: dict[str, list[_Visual]] = {}
        try:
            for link in root.findall("link"):
                for visual in link.findall("visual"):
                    geometry, material = visual.find("geometry"), visual.find("material")
                    if geometry is None or len(geometry) == 0:
                        raise ValueError(f"link {link.get('name')!r} has a visual without geometry")
                    if material is not None and len(material) == 0:
                        material = materials.get(material.get("name"))
                    visuals.setdefault(str(link.get("name")), []).append(_Visual(geometry[0], _pose(visual), material))
            robot = cls(urdf, visuals, root.findall("joint"))
            robot.poses()
        except ValueError as error:
            raise SceneDataError(f"{urdf}: is no sound URDF ({error}); check the file") from None
        return robot

    def mesh(self, geometry: ElementTree.Element) -> Path:
        """The file of a <mesh>, looked for where SAPIEN does."""
        name = geometry.get("filename") or ""
        package = name.removeprefix("package://")
        folders = [self.urdf.parent] if package == name else [self.urdf.parent, *self.urdf.absolute().parents]
        for folder in folders:
            if (folder / package).is_file():
                return folder / package
        raise SceneDataError(
            f"{self.urdf}: names the mesh {name!r}, which does not exist below {folders[0]}; fetch the robot's files again"
        )

    def files(self) -> list[Path]:
        """All files that the visuals are made of, each once."""
        geometries = [visual.geometry for visuals in self.visuals.values() for visual in visuals]
        meshes = [self.mesh(geometry) for geometry in geometries if geometry.tag == "mesh"]
        return list(dict.fromkeys([self.urdf, *(part for mesh in meshes for part in _with_materials(mesh))]))

    def poses(self) -> dict[str, Array]:
        """[4, 4] by link, in the root link's frame: all joints at zero, or as near to it as they can be."""
        children: dict[str, list[tuple[str, Array]]] = {}
        names = set(self.visuals)
        for joint in self.joints:
            parent, child = (_linked(joint, end) for end in ("parent", "child"))
            children.setdefault(parent, []).append((child, _joint_pose(joint)))
            names |= {parent, child}
        inner = {child for joints in children.values() for child, _ in joints}
        poses = {name: np.eye(4) for name in sorted(names - inner)}
        waiting = list(poses)
        while waiting:
            parent = waiting.pop()
            for child, pose in children.get(parent, []):
                if child not in poses:
                    poses[child] = poses[parent] @ pose
                    waiting.append(child)
        return poses


def _with_materials(mesh: Path) -> Iterator[Path]:
    """A mesh file, and for an OBJ its material libraries and their pictures."""
    yield mesh
    if mesh.suffix.lower() != ".obj":
        return
    for library in _named_files(mesh, rb"mtllib"):
        yield library
        yield from _named_files(library, rb"map_\w+")


def _named_files(path: Path, keyword: bytes) -> list[Path]:
    names = re.findall(rb"^\s*" + keyword + rb"\s+(?:.*\s)?(\S+)\s*$", path.read_bytes(), re.MULTILINE)
    files = [path.parent / name.decode("utf-8", "replace") for name in names]
    return [file for file in files if file.is_file()]


def _numbers(text: str | None, default: Sequence[float]) -> Array:
    numbers = np.array([float(word) for word in text.split()]) if text else np.asarray(default, dtype=float)
    if numbers.shape != (len(default),) or not np.isfinite(numbers).all():
        raise ValueError(f"{text!r} are not {len(default)} numbers")
    return numbers


def _pose(element: ElementTree.Element) -> Array:
    """[4, 4] of the <origin> of a visual or joint."""
    origin = element.find("origin")
    pose = np.eye(4)
    if origin is not None:
        roll, pitch, yaw = _numbers(origin.get("rpy"), (0, 0, 0)).tolist()
        pose[:3, :3] = rotation_from_rpy(roll, pitch, yaw)
        pose[:3, 3] = _numbers(origin.get("xyz"), (0, 0, 0))
    return pose


def _linked(joint: ElementTree.Element, end: str) -> str:
    element = joint.find(end)
    name = None if element is None else element.get("link")
    if name is None:
        raise ValueError(f"joint {joint.get('name')!r} has no {end} link")
    return name


def _joint_pose(joint: ElementTree.Element) -> Array:
    pose = _pose(joint)
    limit, axis = joint.find("limit"), joint.find("axis")
    if limit is None or joint.get("type") not in ("revolute", "prismatic"):
        return pose
    position = float(np.clip(0.0, float(limit.get("lower", 0)), float(limit.get("upper", 0))))
    along = _numbers(None if axis is None else axis.get("xyz"), (1, 0, 0))
    step = np.eye(4)
    if joint.get("type") == "prismatic":
        step[:3, 3] = along * position
    else:
        step[:3, :3] = rotation_matrix(position * along[None])[0]
    return pose @ step


# ----------------------------------------------------------------------------------------------------------------- looks


class _Kept(Exception):
    """Why a link keeps its own visuals."""


def _link_skins(robot: _Robot, visuals: Sequence[_Visual]) -> list[Skin]:
    """The surfaces of a link in its frame, with the looks that SAPIEN gives them."""
    return [skin for visual in visuals for skin in _skins(robot, visual)]


def _skins(robot: _Robot, visual: _Visual) -> list[Skin]:
    geometry = visual.geometry
    if geometry.tag != "mesh":
        return [
            _painted_plain(skin, visual.material)
            for skin in read_skins(_primitive(geometry), geometry.tag, visual.pose)
        ]
    path = robot.mesh(geometry)
    scale = np.diag([*_numbers(geometry.get("scale"), (1, 1, 1)), 1.0])
    resolver: Any = _Resolver(path.parent, robot.urdf.parent)
    try:
        scene = trimesh.load_scene(path, process=False, allow_remote=False, resolver=resolver)
        skins = read_skins(scene, str(path), visual.pose @ scale)
    except SceneDataError as error:
        raise _Kept(str(error)) from None
    except Exception as error:  # a reader meets arbitrary bytes, and SAPIEN's may read what trimesh's does not
        raise _Kept(f"{path.name} cannot be read here ({type(error).__name__}: {error})") from None
    if visual.material is not None:
        return [_painted_plain(skin, visual.material) for skin in skins]
    return [_as_sapien(skin, mesh) for skin, mesh in zip(skins, _drawn_meshes(scene), strict=True)]


class _Resolver(trimesh.resolvers.Resolver):
    """Finds what a mesh file names, such as a picture, in the robot's folder: trimesh would only look beside the mesh."""

    def __init__(self, folder: Path, within: Path) -> None:
        self._folder, self._within = folder, within.resolve()

    def get(self, name: str) -> bytes:
        path = (self._folder / name.strip()).resolve()
        if not path.is_relative_to(self._within):
            raise FileNotFoundError(f"{name} is outside {self._within}")
        return path.read_bytes()

    def keys(self) -> list[str]:
        return sorted(path.name for path in self._folder.iterdir() if path.is_file())

    def write(self, name: str, data: bytes) -> None:
        raise PermissionError(f"a robot's description is not written to ({name})")

    def namespaced(self, namespace: str) -> "_Resolver":
        return _Resolver(self._folder / namespace, self._within)


def _drawn_meshes(scene: trimesh.Scene) -> list[trimesh.Trimesh]:
    """The meshes of a scene in the order of `read_skins`."""
    meshes = [scene.geometry[scene.graph[node][1]] for node in sorted(scene.graph.nodes_geometry)]
    return [mesh for mesh in meshes if isinstance(mesh, trimesh.Trimesh) and len(mesh.faces)]


def _as_sapien(skin: Skin, mesh: trimesh.Trimesh) -> Skin:
    """SAPIEN lets a picture replace the colour factor, takes the colours of an OBJ for linear, knows no vertex colours, and
    finds roughness in the specular exponent of an OBJ."""
    material = getattr(mesh.visual, "material", None)
    skin = replace(skin, corner_colors=None)
    if material is None:
        return replace(skin, image=None, color=(1.0, 1.0, 1.0), metallic=0.0, roughness=1.0)
    if isinstance(material, SimpleMaterial):
        picture, factor = material.image, np.asarray(material.diffuse, dtype=float) / 255
        roughness = float(np.clip(1.0 - (material.glossiness or 0.0) / 1000.0, 0.0, 1.0))
        skin = replace(skin, color=_on_screen(factor[:3]), metallic=0.0, roughness=roughness)
        opacity = float(factor[3])
    else:
        picture = material.baseColorTexture
        opacity = 1.0 if material.baseColorFactor is None else float(material.baseColorFactor[3]) / 255
    if skin.image is not None:
        skin = replace(skin, color=(1.0, 1.0, 1.0))
    elif picture is not None:  # a mesh without texture coordinates has the colour where the picture's corners meet
        r, g, b = np.asarray(picture.convert("RGB"), dtype=float)[[0, 0, -1, -1], [0, -1, 0, -1]].mean(axis=0) / 255
        skin = replace(skin, color=(float(r), float(g), float(b)))
    if opacity < 1.0:
        raise _Kept("a part of it is transparent")
    return skin


def _painted_plain(skin: Skin, material: ElementTree.Element | None) -> Skin:
    """In the colour that the URDF gives; white without one."""
    color = np.ones(4)
    if material is not None:
        if material.find("texture") is not None:
            raise _Kept("its URDF puts a picture on it")
        element = material.find("color")
        color = color if element is None else _numbers(element.get("rgba"), (1, 1, 1, 1))
    if color[3] < 1.0:
        raise _Kept("a part of it is transparent")
    return replace(skin, image=None, corner_colors=None, color=_on_screen(color[:3]), metallic=0.0, roughness=1.0)


def _on_screen(linear: Array) -> tuple[float, float, float]:
    """sRGB of a linear colour, 0 to 1."""
    value = linear.clip(0.0, 1.0)
    r, g, b = np.where(value <= 0.0031308, value * 12.92, 1.055 * np.maximum(value, 1e-9) ** (1 / 2.4) - 0.055).tolist()
    return (r, g, b)


def _primitive(geometry: ElementTree.Element) -> trimesh.Trimesh:
    if geometry.tag == "box":
        return trimesh.creation.box(_numbers(geometry.get("size"), (1, 1, 1)))
    if geometry.tag == "sphere":
        return trimesh.creation.icosphere(subdivisions=3, radius=float(_numbers(geometry.get("radius"), (1,))[0]))
    if geometry.tag == "cylinder":
        radius, length = (float(_numbers(geometry.get(name), (1,))[0]) for name in ("radius", "length"))
        return trimesh.creation.cylinder(radius=radius, height=length, sections=32)
    raise _Kept(f"there is no light mesh for a <{geometry.tag}>")


# ---------------------------------------------------------------------------------------------------------------- making


class _Level(NamedTuple):
    """A link with fewer triangles: its surface in skins, and how it compares with the full one."""

    skins: list[Skin]
    triangles: int
    likeness: Likeness


@dataclass(frozen=True)
class _Link:
    """A link's full skins, and its light ones from the fewest triangles that look right upwards.

    `area` is how large it is seen, in square metres, the mean of eight sides.
    """

    skins: list[Skin]
    levels: list[_Level]
    area: float

    def error(self, level: int) -> float:
        """How much is seen of the difference, in square metres."""
        likeness = self.levels[level].likeness
        return self.area * float(np.mean(1.0 - likeness.overlap) + np.mean(likeness.shading) / 90.0)


def _content(robot: _Robot, budget: int) -> dict[str, bytes]:
    """The files of a cache folder by name."""
    links: dict[str, _Link] = {}
    for name, visuals in robot.visuals.items():
        try:
            links[name] = _link(_link_skins(robot, visuals), budget)
        except _Kept as reason:
            _log.warning("%s: link %r keeps its full visuals: %s", robot.urdf.name, name, reason)
        except SceneDataError:
            raise
        except ValueError as error:
            raise SceneDataError(f"{robot.urdf}: is no sound URDF (link {name!r}: {error}); check the file") from None
    chosen = _shared(links, budget)
    light = {name: links[name].levels[level] for name, level in chosen.items()}
    whole = _whole(
        robot, {name: link.skins for name, link in links.items()}, {n: level.skins for n, level in light.items()}
    )
    if whole is not None and not whole.good:
        _log.warning("%s keeps its full visuals: its light meshes together have %s", robot.urdf.name, whole)
        light = {}
    content, manifest = {}, {}
    for index, (name, level) in enumerate(light.items()):
        file = f"{index:02d}-{re.sub(r'[^A-Za-z0-9_.-]', '_', name)}.glb"
        content[file] = _glb(name, level.skins)
        manifest[name] = {
            "file": file,
            "sha256": hashlib.sha256(content[file]).hexdigest(),
            "triangles": level.triangles,
            "full_triangles": sum(len(skin.surface) for skin in links[name].skins),
            "overlap": round(float(level.likeness.overlap.min()), 4),
            "color": round(float(level.likeness.color.max()), 2),
        }
    document = {"version": VERSION, "links": manifest}
    if whole is not None:
        document["overlap"] = [round(float(value), 4) for value in whole.overlap]
    content[_MANIFEST] = json.dumps(document, indent=1, sort_keys=True).encode()
    return content


def _link(skins: list[Skin], budget: int) -> _Link:
    """A link's light levels, from the fewest triangles that look right upwards."""
    around = cameras(joined([skin.surface for skin in skins]).points)
    full = Portrait(skins, around)
    area = (
        float(np.mean([len(picture.pixel) for picture in full.pictures])) * (2 * around[0].radius / around[0].size) ** 2
    )
    thinning = _visible(skins)
    levels: list[_Level] = []
    count = min(len(thinning.faces), max(budget // 2, LEAST_FACES))
    while not levels or count >= LEAST_FACES:
        levels.append(_level(thinning, count, skins, full, around))
        if levels[-1].likeness.overlap.min() < LEAST_OVERLAP - HOPELESS:
            break
        count = int(STEP * min(count, levels[-1].triangles))
    good = [level for level in reversed(levels) if level.likeness.good]
    return _Link(skins, good or [_richer(skins, full, around, budget)], area)


def _richer(skins: list[Skin], full: Portrait, around: Sequence[Camera], budget: int) -> _Level:
    """The first level above half of the budget that looks right; _Kept if there is none."""
    most, worst = min(MOST_TRIANGLES, sum(len(skin.surface) for skin in skins) - 1), None
    for count in (count for count in (budget, 2 * budget, 4 * budget) if count <= most):
        worst = _level(_visible(skins), count, skins, full, around)
        if worst.likeness.good:
            return worst
    raise _Kept(f"no lighter mesh looks like it{'' if worst is None else f' ({worst.likeness})'}")


def _level(thinning: Thinning, count: int, skins: Sequence[Skin], full: Portrait, around: Sequence[Camera]) -> _Level:
    thinning.reduce(count)
    light = _as_skins(thinning, skins)
    return _Level(light, sum(len(skin.surface) for skin in light), full.compared(Portrait(light, around)))


def _visible(skins: Sequence[Skin]) -> Thinning:
    """What can be seen of a link, ready to be thinned, faces weighted by how much they are seen."""
    points, faces, parts = welded(skins)
    size = float(np.linalg.norm(np.ptp(points, axis=0)))
    faces, parts = (array[~_specks(points, faces, SPECK * size)] for array in (faces, parts))
    corners = points[faces]
    areas = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2
    shares = seen(corners)
    shown, total = np.zeros(len(points)), np.zeros(len(points))
    for corner in range(3):
        np.add.at(shown, faces[:, corner], shares * areas)
        np.add.at(total, faces[:, corner], areas)
    weights = (shown[faces].sum(axis=1) / np.maximum(total[faces].sum(axis=1), 1e-15)).clip(HIDDEN_WEIGHT, 1.0)
    kept = (shown[faces] > 0).any(axis=1)
    points, faces = zipped(points, faces[kept], CRACK * size)
    proper = (faces != np.roll(faces, 1, axis=1)).all(axis=1)
    return Thinning(points, faces[proper], parts[kept][proper], weights[kept][proper])


def _specks(points: Array, faces: Array, size: float) -> Array:
    """Faces of pieces shorter than `size` metres: screws, letters, lamps. [m] bool; never all."""
    labels = trimesh.graph.connected_component_labels(
        np.concatenate([faces[:, :2], faces[:, 1:]]), node_count=len(points)
    )
    low, high = (np.full((int(labels.max()) + 1, 3), value) for value in (np.inf, -np.inf))
    np.minimum.at(low, labels, points)
    np.maximum.at(high, labels, points)
    small = (np.linalg.norm(high - low, axis=1) < size)[labels[faces[:, 0]]]
    return small if not small.all() else np.zeros(len(faces), dtype=bool)


def _as_skins(thinning: Thinning, skins: Sequence[Skin]) -> list[Skin]:
    """A thinned link with the looks of its full skins."""
    corners = thinning.points[thinning.faces]
    sound = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) > 1e-12
    corners, parts = corners[sound], thinning.parts[sound]
    if any(skin.image is not None for skin in skins):
        rng = np.random.default_rng(7)
        surface, image = painted(thinning.points, thinning.faces[sound], skins, TEXTURE, rng)
        main = max(skins, key=lambda skin: len(skin.surface))
        return [replace(main, surface=surface, image=np.round(image), color=(1.0, 1.0, 1.0))]
    surface = shaded(corners, np.zeros((*corners.shape[:2], 2)), CREASE_DEGREES)
    return [
        replace(
            skins[part],
            surface=Surface(*(array[parts == part] for array in (surface.triangles, surface.normals, surface.uvs))),
        )
        for part in np.unique(parts).tolist()
    ]


def _shared(links: Mapping[str, _Link], budget: int) -> dict[str, int]:
    """The level of each link: the lightest ones, and what is left of the budget goes where it shows most."""
    chosen = dict.fromkeys(links, 0)
    left = budget - sum(link.levels[0].triangles for link in links.values())
    while True:
        best, gain, cost = None, 0.0, 0
        for name, link in links.items():
            for level in range(chosen[name] + 1, len(link.levels)):
                more = link.levels[level].triangles - link.levels[chosen[name]].triangles
                better = (link.error(chosen[name]) - link.error(level)) / max(more, 1)
                if more <= left and better > gain:
                    best, gain, cost = (name, level), better, more
        if best is None:
            return chosen
        chosen[best[0]] = best[1]
        left -= cost


def _whole(robot: _Robot, full: Mapping[str, list[Skin]], light: Mapping[str, list[Skin]]) -> Likeness | None:
    """How the whole robot compares, all joints at zero; None where no link is light."""
    if not light:
        return None
    poses = robot.poses()
    before, after = (
        [_moved(skin, poses[name]) for name in full for skin in skins.get(name, full[name])] for skins in (full, light)
    )
    around = cameras(joined([skin.surface for skin in before]).points)
    return Portrait(before, around).compared(Portrait(after, around))


def _moved(skin: Skin, pose: Array) -> Skin:
    surface = skin.surface
    triangles, normals = surface.triangles @ pose[:3, :3].T + pose[:3, 3], surface.normals @ pose[:3, :3].T
    return replace(skin, surface=Surface(triangles, normals, surface.uvs))


# --------------------------------------------------------------------------------------------------------------- writing


def _glb(name: str, skins: Sequence[Skin]) -> bytes:
    """One mesh of as few parts as its finishes allow: colours are swatches in one small picture."""
    groups: list[list[Skin]] = []
    for skin in sorted(skins, key=lambda skin: -len(skin.surface)):
        near = (
            group
            for group in groups
            if abs(group[0].roughness - skin.roughness) <= SAME_FINISH
            and abs(group[0].metallic - skin.metallic) <= SAME_FINISH
        )
        group = next(near, None)
        if group is None:
            groups.append([skin])
        else:
            group.append(skin)
    return visual_glb([_part(group) for group in groups], name)


def _part(skins: Sequence[Skin]) -> tuple[Surface, Material]:
    main = skins[0]
    colors = list(dict.fromkeys(tuple(int(round(255 * value)) for value in skin.color) for skin in skins))
    if main.image is not None or len(colors) == 1:
        texture = None if main.image is None else _png(main.image)
        return joined([skin.surface for skin in skins]), _material(colors[0], texture, main)
    picture = np.repeat(np.repeat(np.array([colors], dtype=float), SWATCH, axis=0), SWATCH, axis=1)
    surfaces = []
    for skin in skins:
        index = colors.index(tuple(int(round(255 * value)) for value in skin.color))
        uvs = np.broadcast_to([(index + 0.5) / len(colors), 0.5], skin.surface.uvs.shape)
        surfaces.append(replace(skin.surface, uvs=uvs))
    return joined(surfaces), _material((255, 255, 255), _png(picture), main)


def _material(color: Sequence[int], texture: bytes | None, skin: Skin) -> Material:
    r, g, b = color
    return Material("robot", "plastic", (r, g, b), texture, skin.metallic, skin.roughness, None, skin.double_sided)


def _png(image: Array) -> bytes:
    data = io.BytesIO()
    Image.fromarray(np.clip(np.round(image), 0, 255).astype(np.uint8), "RGB").save(data, "PNG", compress_level=9)
    return data.getvalue()

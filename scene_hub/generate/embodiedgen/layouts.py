"""Reading EmbodiedGen's `layout.json`: what stands where, and what the task is.

The frame is that of its own loader: z up, the floor at z = 0, the table (context) about the origin, the robot at the table's
edge and at the height of its top. A pose is that of the link of the node's URDF; quaternions are (x, y, z, w) in the file and
(w, x, y, z) here. The background's pose is another thing: see `background_transform`.

Every key may be missing that a layout can do without. What is there has to be sound: each fault is one SceneDataError that
names the file, the node and what is wrong.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal, get_args

import numpy as np
import trimesh
from pydantic import BaseModel, ConfigDict, ValidationError

from scene_hub.errors import InvalidOptionError, SceneDataError
from scene_hub.gaussians import Y_UP_TO_Z_UP
from scene_hub.generate.urdf import inside, read_text

LAYOUT_FILE = "layout.json"
MAX_NODES = 64
MAX_DISTANCE = 100.0  # metres from the origin of the layout
NORM_TOLERANCE = 0.02  # of a quaternion; files round to four decimals

LayoutRole = Literal["background", "context", "robot", "manipulated_objs", "distractor_objs", "others"]
ROLES: tuple[LayoutRole, ...] = get_args(LayoutRole)

Array = np.ndarray


@dataclass(frozen=True)
class LayoutNode:
    """A thing of a layout.

    `folder` holds its files (None: the layout names none), `pose` [4, 4] is that of its link in the layout's frame (None: not
    placed), `parent` the node that it stands on or in.
    """

    name: str
    role: LayoutRole
    description: str = ""
    folder: Path | None = None
    pose: Array | None = None
    parent: str | None = None

    @property
    def words(self) -> str:
        """Its name in words: "pen1" and "red_mug" are a "pen" and a "red mug"."""
        words = re.sub(r"[^a-z0-9']+", " ", self.name.lower()).strip()
        return re.sub(r"(?<=[a-z])\s*\d+$", "", words) or words

    @property
    def urdf(self) -> Path:
        """The URDF that describes it; SceneDataError where the layout names no folder."""
        if self.folder is None:
            raise SceneDataError(f"the layout names no files for {self.name!r}; it should be among its `assets`")
        return self.folder / f"{self.name.replace(' ', '_')}.urdf"


@dataclass(frozen=True)
class Layout:
    """A layout file. `manipulated` are the targets, the first of which is taken; `robot` [4, 4] is the pose of its base."""

    path: Path
    task: str
    context: LayoutNode
    manipulated: tuple[LayoutNode, ...]
    distractors: tuple[LayoutNode, ...]
    background: LayoutNode | None = None
    robot: Array | None = None

    @property
    def things(self) -> tuple[LayoutNode, ...]:
        """What stands on the table."""
        return (*self.manipulated, *self.distractors)


def find_layouts(path: str | Path) -> tuple[Path, ...]:
    """The layout files at `path`: the file itself, or every `layout.json` below a folder, sorted.

    Raises InvalidOptionError where there is none.
    """
    path = Path(path).expanduser()
    if path.is_file():
        return (path,)
    if not path.is_dir():
        raise InvalidOptionError(
            f"{path}: there is no such folder; give one that EmbodiedGen wrote, such as outputs/layouts_gen"
        )
    found = tuple(sorted(path.rglob(LAYOUT_FILE)))
    if not found:
        raise InvalidOptionError(f"{path}: holds no {LAYOUT_FILE}; give a folder that EmbodiedGen's layout-cli wrote")
    return found


def read_layout(path: Path, root: Path) -> Layout:
    """The layout in a file, all its folders inside `root`; SceneDataError where it is unsound."""
    text = read_text(path, root)
    try:
        record = _Layout.model_validate(_parsed(text))
    except ValidationError as error:
        raise SceneDataError(f"{path}: is no layout of EmbodiedGen: {_told(error)}") from None
    except (ValueError, RecursionError) as error:
        raise SceneDataError(f"{path}: is no JSON that can be read ({error}); fetch or make it again") from None
    try:
        return _layout(record, path, root)
    except _Unsound as error:
        raise SceneDataError(f"{path}: {error}") from None


def background_transform(node: LayoutNode) -> Array:
    """[4, 4]: from the files of a background, which are y-up with the floor at y = 0, to the layout's frame.

    EmbodiedGen turns a background about its own y first, and brings y up to z then (`PickEmbodiedGen.render_gs3d_images`).
    """
    if node.pose is None:
        return Y_UP_TO_Z_UP.copy()
    turn, shift = node.pose.copy(), node.pose[:3, 3]
    turn[:3, 3] = 0.0
    return trimesh.transformations.translation_matrix(shift) @ Y_UP_TO_Z_UP @ turn


class _Unsound(Exception):
    """What is wrong with a layout."""


class _Relation(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    task_desc: str | None = None
    robot: str | None = None
    background: str | None = None
    context: str | None = None
    manipulated_objs: list[str] | None = None
    distractor_objs: list[str] | None = None


class _Layout(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    relation: _Relation = _Relation()
    tree: dict[str, list[list[str]]] | None = None
    objs_desc: dict[str, str] | None = None
    objs_mapping: dict[str, str] | None = None
    assets: dict[str, str] | None = None
    position: dict[str, list[float]] | None = None


def _parsed(text: str) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise ValueError(f"the name {repeated[0]!r} occurs twice in one object")
        return dict(pairs)

    return json.loads(text, object_pairs_hook=unique)


def _told(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, found['loc'])) or 'the file'}: {found['msg']}"


def _layout(record: _Layout, path: Path, root: Path) -> Layout:
    roles = _roles(record)
    parents = _parents(record.tree or {})
    nodes = {name: _node(name, role, record, parents, path.parent, root) for name, role in roles.items()}
    by_role = {role: [node for node in nodes.values() if node.role == role] for role in ROLES}
    if not by_role["context"]:
        raise _Unsound("names no context: a scene needs the table that its things stand on (relation.context)")
    if not by_role["manipulated_objs"]:
        raise _Unsound("names no object to take (relation.manipulated_objs is empty)")
    for role in ("context", "background"):
        if len(by_role[role]) > 1:
            raise _Unsound(f"has {len(by_role[role])} nodes with the role {role!r}; one is needed")
    return Layout(
        path=path,
        task=" ".join((record.relation.task_desc or "").split())[:1000],
        context=by_role["context"][0],
        manipulated=tuple(by_role["manipulated_objs"]),
        distractors=(*by_role["distractor_objs"], *by_role["others"]),
        background=next(iter(by_role["background"]), None),
        robot=_robot(record, by_role["robot"]),
    )


def _roles(record: _Layout) -> dict[str, LayoutRole]:
    """The role of each node, in the order of the relation: the first of the manipulated is the one that is taken."""
    relation = record.relation
    named: dict[LayoutRole, list[str]] = {
        "background": [relation.background] if relation.background else [],
        "context": [relation.context] if relation.context else [],
        "manipulated_objs": relation.manipulated_objs or [],
        "distractor_objs": relation.distractor_objs or [],
    }
    roles: dict[str, LayoutRole] = {}
    for role, names in named.items():
        for name in names:
            if name in roles:
                raise _Unsound(f"names {name!r} twice: as {roles[name]} and as {role}")
            roles[name] = role
    for name, text in (record.objs_mapping or {}).items():
        if text not in ROLES:
            raise _Unsound(f"gives {name!r} the unknown role {text!r}; the roles are {', '.join(ROLES)}")
        role = ROLES[ROLES.index(text)]
        if roles.setdefault(name, role) != role:
            raise _Unsound(f"calls {name!r} {roles[name]} in `relation`, but {role} in `objs_mapping`")
    _check_names(roles)
    return roles


def _check_names(roles: Mapping[str, str]) -> None:
    if len(roles) > MAX_NODES:
        raise _Unsound(f"has {len(roles)} things, at most {MAX_NODES} are read")
    seen: dict[str, str] = {}
    for name in roles:
        key = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
        if not key or re.search(r"[/\\\0]", name) or len(name) > 100:
            raise _Unsound(f"the name {name[:100]!r} cannot be that of a file, or has no letter a to z")
        if key in seen:
            raise _Unsound(f"has two things of one name: {seen[key]!r} and {name!r}")
        seen[key] = name


def _parents(tree: Mapping[str, list[list[str]]]) -> dict[str, str]:
    """The parent of each node; the tree is one: nobody has two parents, or is among its own ancestors."""
    parents: dict[str, str] = {}
    for parent, children in tree.items():
        for child in children:
            if not child or len(child) > 2:
                raise _Unsound(f"tree.{parent}: {child} is not a pair of a name and a relation")
            if child[0] in parents:
                raise _Unsound(f"the tree has {child[0]!r} below {parents[child[0]]!r} and below {parent!r}")
            parents[child[0]] = parent
    for start in parents:
        node, walked = start, 0
        while node in parents:
            node, walked = parents[node], walked + 1
            if node == start or walked > len(parents):
                raise _Unsound(f"the tree is cyclic: {start!r} is below itself")
    return parents


def _node(
    name: str, role: LayoutRole, record: _Layout, parents: Mapping[str, str], folder: Path, root: Path
) -> LayoutNode:
    directory = _lookup(record.assets, name)
    return LayoutNode(
        name=name,
        role=role,
        description=" ".join((_lookup(record.objs_desc, name) or "").split())[:500],
        folder=None if directory is None else _folder(directory, name, folder, root),
        pose=_pose(_lookup(record.position, name), name),
        parent=parents.get(name),
    )


def _lookup[V](table: Mapping[str, V] | None, name: str) -> V | None:
    """The entry of a node; some writers put underscores where others leave spaces."""
    if table is None:
        return None
    if name in table:
        return table[name]
    return next((value for key, value in table.items() if key.replace(" ", "_") == name.replace(" ", "_")), None)


def _folder(directory: str, name: str, folder: Path, root: Path) -> Path:
    parts = PurePosixPath(directory.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or "\0" in directory or re.match(r"[A-Za-z]:", directory):
        raise _Unsound(
            f"assets.{name}: {directory!r} leaves the folder of the layout; it has to be relative, and without '..'"
        )
    try:
        return inside(folder / parts, root, folder / LAYOUT_FILE)
    except (OSError, ValueError) as error:
        raise _Unsound(f"assets.{name}: {directory[:100]!r} is no path ({error})") from None


def _pose(values: list[float] | None, name: str) -> Array | None:
    if values is None:
        return None
    if len(values) != 7:
        raise _Unsound(f"position.{name} has {len(values)} numbers; 7 are needed: x, y, z, qx, qy, qz, qw")
    if not all(map(math.isfinite, values)):
        raise _Unsound(f"position.{name} is not finite: {values}")
    if max(map(abs, values[:3])) > MAX_DISTANCE:
        raise _Unsound(f"position.{name} lies more than {MAX_DISTANCE:g} m from the origin: {values[:3]}")
    x, y, z, w = values[3:]
    norm = math.sqrt(x * x + y * y + z * z + w * w)
    if abs(norm - 1.0) > NORM_TOLERANCE:
        raise _Unsound(f"position.{name}: the quaternion {values[3:]} (x, y, z, w) has norm {norm:.4g}, not 1")
    matrix = trimesh.transformations.quaternion_matrix(np.array([w, x, y, z]) / norm)
    matrix[:3, 3] = values[:3]
    return matrix


def _robot(record: _Layout, nodes: list[LayoutNode]) -> Array | None:
    """The pose of the robot's base, where there is one."""
    name = record.relation.robot
    if name is not None:
        return _pose(_lookup(record.position, name), name)
    return nodes[0].pose if nodes else None

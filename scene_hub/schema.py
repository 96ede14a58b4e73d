"""What a scene is: the typed, versioned records that every stage hands to the next.

Conventions, everywhere: metres, kilograms, radians; right-handed frames, z up; quaternions are (w, x, y, z).

*Scene frame*: z = 0 is the top surface of the table (the context), the origin is the middle of the workspace, x points
away from the robot and y to its left. Scenes do not know robots: a robot brings its own base pose, somewhere at x < 0.

*Asset frame*: z = 0 is the plane on which the asset rests in its canonical stable pose, the origin is below the middle of
its bounding box. Placing an asset at z = 0 in the scene frame puts it on the table.

Records are immutable, refuse unknown fields and non-finite numbers. An asset's `id` is the SHA-256 of its record, which
holds the SHA-256 of each of its files; a scene names assets by id. So one checksum, of the scene record, fixes every byte
that the scene is made of.
"""

import hashlib
import json
import math
import re
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    ValidationError,
    model_serializer,
    model_validator,
)

from scene_hub.errors import SceneDataError

SCHEMA_VERSION = 1

TaskFamily = Literal["put_on", "put_in", "stack", "pick"]
Split = Literal["train", "test_distractors", "test_ood"]
Role = Literal["background", "context", "object", "receptacle", "distractor"]
AssetKind = Literal["object", "table", "room"]
Size = Literal["small", "large"]

TASK_FAMILIES: tuple[TaskFamily, ...] = get_args(TaskFamily)
SPLITS: tuple[Split, ...] = get_args(Split)
ROLES: tuple[Role, ...] = get_args(Role)

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_COORDINATE = 100.0


def _coordinate(value: float) -> float:
    if abs(value) > MAX_COORDINATE:
        raise ValueError(f"{value} lies more than {MAX_COORDINATE} m from the origin")
    return value


def _unit_quaternion(value: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    norm = math.sqrt(sum(component * component for component in value))
    if abs(norm - 1.0) > 1e-3:
        raise ValueError(f"quaternion {value} (w, x, y, z) has norm {norm:.6g}, not 1")
    return value


def _path_inside_folder(value: str) -> str:
    path = PurePosixPath(value)
    if path.is_absolute() or ".." in path.parts or "\\" in value or ":" in value or "\0" in value or not path.parts:
        raise ValueError(f"path {value!r} leaves its folder: it must be relative, with '/' and without '..'")
    return str(path)


Coordinate = Annotated[float, AfterValidator(_coordinate)]
Vec3 = tuple[Coordinate, Coordinate, Coordinate]
PositiveVec3 = tuple[
    Annotated[float, Field(gt=0, le=MAX_COORDINATE)],
    Annotated[float, Field(gt=0, le=MAX_COORDINATE)],
    Annotated[float, Field(gt=0, le=MAX_COORDINATE)],
]
Rgb = tuple[
    Annotated[float, Field(ge=0, le=100)], Annotated[float, Field(ge=0, le=100)], Annotated[float, Field(ge=0, le=100)]
]
Quaternion = Annotated[tuple[float, float, float, float], AfterValidator(_unit_quaternion)]
RelativePath = Annotated[str, StringConstraints(min_length=1, max_length=512), AfterValidator(_path_inside_folder)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,127}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]


class Record(BaseModel):
    """Base of all records: immutable, closed, finite."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def canonical_json(self) -> str:
        """The one JSON text of this record: sorted keys, no spaces. Equal records have equal text."""
        return canonical_json(self.model_dump(mode="json"))


def canonical_json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256_text(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


class Pose(Record):
    """A rigid transform: `position` (x, y, z) in metres, `quaternion` (w, x, y, z)."""

    position: Vec3 = (0.0, 0.0, 0.0)
    quaternion: Quaternion = (1.0, 0.0, 0.0, 0.0)


class Provenance(Record):
    """Where a record comes from, in enough detail to make it again."""

    generator: Text
    generator_version: Text
    seed: int | None = None
    designer: Text | None = None
    model: Text | None = None
    licence: Annotated[str, StringConstraints(min_length=1, max_length=100)] = "CC0-1.0"
    source: Text | None = None


# --------------------------------------------------------------------------------------------------------------- assets


class AssetFile(Record):
    """A file of an asset: `path` inside the asset's folder, its SHA-256 and its size in bytes."""

    path: RelativePath
    sha256: Sha256
    size: Annotated[int, Field(gt=0, le=MAX_FILE_BYTES)]


class AssetFiles(Record):
    """The files of an asset.

    `visual` and `visual_low` are GLB meshes in the asset frame: the close level of detail and the light one (as a rule at
    most about 1,500 triangles; more where an import would look different). `collision` is a GLB with one named, convex
    geometry for each `ConvexShape`. `gaussians` is a PLY of 3D Gaussians in the asset frame that a renderer which can draw them
    shows instead of the visual mesh; rooms only.
    """

    visual: AssetFile
    visual_low: AssetFile
    collision: AssetFile | None = None
    gaussians: AssetFile | None = None

    @model_serializer(mode="wrap")
    def _without_empty(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """`gaussians` came later: a record that has none is written as before, so that its checksum stays."""
        fields = handler(self)
        if self.gaussians is None:
            fields.pop("gaussians", None)
        return fields


class BoxShape(Record):
    shape: Literal["box"] = "box"
    half_size: PositiveVec3
    pose: Pose = Pose()


class SphereShape(Record):
    shape: Literal["sphere"] = "sphere"
    radius: Annotated[float, Field(gt=0, le=MAX_COORDINATE)]
    pose: Pose = Pose()


class ConvexShape(Record):
    """The convex geometry called `mesh` in the asset's collision file, already in the asset frame."""

    shape: Literal["convex"] = "convex"
    mesh: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]


CollisionShape = Annotated[BoxShape | SphereShape | ConvexShape, Field(discriminator="shape")]


class Grasp(Record):
    """A parallel-jaw grasp in the asset frame.

    `position` is the point between the two contacts. The gripper frame has z along the approach direction (out of the
    palm, towards the object) and y along the closing direction. `width` is the distance between the contacts in metres.
    `quality` in (0, 1], higher is better.
    """

    position: Vec3
    quaternion: Quaternion
    width: Annotated[float, Field(gt=0, le=0.5)]
    quality: Annotated[float, Field(gt=0, le=1)]


class Support(Record):
    """Where an asset receives another one, in its own frame.

    `kind` "surface" (a plate, a book: things rest on it) or "container" (a mug, a basket: things go inside). `position` is
    the middle of the supporting floor or surface, `half_extents` the clear half size along x and y there, in metres.
    `rim_height` is the z that the lowest point of an incoming object has to clear on its way in.
    """

    kind: Literal["surface", "container"]
    position: Vec3
    half_extents: tuple[Annotated[float, Field(gt=0, le=10)], Annotated[float, Field(gt=0, le=10)]]
    rim_height: Coordinate


class Asset(Record):
    """A thing that a scene is made of, with all that simulation, rendering and language need to know of it.

    `extents` is the size of the axis-aligned bounding box in the asset frame (metres), `mass` in kilograms.
    `collision_volume` (cubic metres) is the sum over the collision shapes; mass / collision_volume is the density that
    gives a simulator the right mass. Objects are dynamic; tables and rooms are static, and rooms need no collision.
    `id` is the SHA-256 of the canonical JSON of all other fields: see `Asset.create`.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    id: Sha256
    kind: AssetKind
    category: Slug
    name: Text
    description: Text
    colors: tuple[Slug, ...] = ()
    materials: tuple[Slug, ...] = ()
    extents: PositiveVec3
    mass: Annotated[float, Field(gt=0, le=1e5)]
    static_friction: Annotated[float, Field(ge=0, le=10)]
    dynamic_friction: Annotated[float, Field(ge=0, le=10)]
    restitution: Annotated[float, Field(ge=0, le=1)] = 0.05
    collision: tuple[CollisionShape, ...] = ()
    collision_volume: Annotated[float, Field(ge=0)]
    files: AssetFiles
    grasps: tuple[Grasp, ...] = ()
    support: Support | None = None
    provenance: Provenance

    @classmethod
    def create(cls, **fields: Any) -> Self:
        """An asset from every field but `id`, which is computed."""
        draft = cls.model_validate({**fields, "id": "0" * 64})
        return draft.model_copy(update={"id": draft.content_hash()})

    def content_hash(self) -> str:
        """SHA-256 of this record without its `id`; equal to `id` for an untouched record."""
        return sha256_text(canonical_json(self.model_dump(mode="json", exclude={"id"})))

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.kind != "room" and not self.collision:
            raise ValueError(f"{self.kind} asset {self.name!r} has no collision shape")
        if self.collision and self.collision_volume <= 0:
            raise ValueError(f"asset {self.name!r} has collision shapes but collision_volume {self.collision_volume}")
        if any(shape.shape == "convex" for shape in self.collision) and self.files.collision is None:
            raise ValueError(f"asset {self.name!r} has convex collision shapes but no collision file")
        if self.files.gaussians is not None and self.kind != "room":
            raise ValueError(f"{self.kind} asset {self.name!r} has a file of Gaussians, which only rooms may have")
        if self.dynamic_friction > self.static_friction:
            raise ValueError(
                f"asset {self.name!r}: dynamic_friction {self.dynamic_friction} exceeds static_friction {self.static_friction}"
            )
        return self


# --------------------------------------------------------------------------------------------------------------- scenes


class Node(Record):
    """A thing in a scene graph before it has a shape.

    `label` is what a sentence calls it ("red mug", "wicker basket"). `category`, `color`, `material` (a substance) and
    `size` say what is to be generated, None where that is left open; `description` says it in words, for generators that
    work from text.
    """

    name: Slug
    role: Role
    category: Slug
    label: Text
    description: Text
    color: Slug | None = None
    material: Slug | None = None
    size: Size | None = None


class Relation(Record):
    """`subject` stands in `predicate` to `target`, both node names."""

    subject: Slug
    predicate: Literal["ON", "IN", "INSIDE", "FLOOR"]
    target: Slug


class SceneGraph(Record):
    """What a designer makes of a sentence: the things, their roles and how they stand to each other."""

    schema_version: Literal[1] = SCHEMA_VERSION
    instruction: Text
    task: TaskFamily
    nodes: tuple[Node, ...]
    relations: tuple[Relation, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_roles(self.task, [(node.name, node.role) for node in self.nodes])
        names = {node.name for node in self.nodes}
        for relation in self.relations:
            for name in (relation.subject, relation.target):
                if name not in names:
                    raise ValueError(
                        f"relation {relation.predicate} names {name!r}, which is no node; nodes: {sorted(names)}"
                    )
        return self


class Placement(Record):
    """An asset (by id) in a scene: its `name` there, its `role`, and its pose in the scene frame."""

    name: Slug
    role: Role
    asset: Sha256
    pose: Pose


class DirectionalLight(Record):
    direction: Vec3
    color: Rgb


class Lighting(Record):
    """Linear RGB intensities; directions are those in which the light travels, in the scene frame."""

    ambient: Rgb = (0.3, 0.3, 0.3)
    directional: tuple[DirectionalLight, ...] = (
        DirectionalLight(direction=(-0.5, 0.45, -1.0), color=(1.6, 1.55, 1.45)),
        DirectionalLight(direction=(0.7, -0.6, -1.0), color=(0.5, 0.52, 0.6)),
    )


class Check(Record):
    """One check of a report: `value` was measured, `threshold` is what it was held against."""

    name: Slug
    passed: bool
    message: Text
    value: float | None = None
    threshold: float | None = None


class Report(Record):
    """What validation found out about a scene."""

    checks: tuple[Check, ...] = ()

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)

    @property
    def failures(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.passed)


class Scene(Record):
    """A placed scene with its instruction.

    `object` and `receptacle` are the names of the placements that the instruction is about: the first is grasped, the
    second receives it (None for "pick"). There is exactly one table (role "context") and one room (role "background").
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    id: Slug
    split: Split
    task: TaskFamily
    instruction: Text
    placements: tuple[Placement, ...]
    lighting: Lighting = Lighting()
    provenance: Provenance
    report: Report = Report()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_roles(self.task, [(placement.name, placement.role) for placement in self.placements])
        return self

    def _only(self, role: Role) -> Placement:
        return next(placement for placement in self.placements if placement.role == role)

    @property
    def object(self) -> Placement:
        return self._only("object")

    @property
    def receptacle(self) -> Placement | None:
        return None if self.task == "pick" else self._only("receptacle")

    @property
    def context(self) -> Placement:
        return self._only("context")

    @property
    def background(self) -> Placement:
        return self._only("background")

    @property
    def distractors(self) -> tuple[Placement, ...]:
        return tuple(placement for placement in self.placements if placement.role == "distractor")

    @property
    def movables(self) -> tuple[Placement, ...]:
        """Object, then receptacle (if any), then distractors: what physics moves."""
        targets = (self.object,) if self.receptacle is None else (self.object, self.receptacle)
        return (*targets, *self.distractors)

    @property
    def asset_ids(self) -> tuple[str, ...]:
        return tuple(sorted({placement.asset for placement in self.placements}))


def check_roles(task: TaskFamily, named_roles: list[tuple[str, Role]]) -> None:
    """Raise ValueError unless the names are unique and the roles are those that `task` needs."""
    names = [name for name, _ in named_roles]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"names {repeated} occur more than once")
    needed = {"background": 1, "context": 1, "object": 1, "receptacle": 0 if task == "pick" else 1}
    for role, count in needed.items():
        found = [name for name, its_role in named_roles if its_role == role]
        if len(found) != count:
            raise ValueError(f"a {task} scene has {count} {role}, but {len(found)} given: {found}")


# ---------------------------------------------------------------------------------------------------- reading of records


def parse_record[R: Record](kind: type[R], text: str | bytes, origin: str) -> R:
    """`text` (JSON) as a `kind`, or a SceneDataError that names `origin` and what is wrong."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SceneDataError(
            f"{origin}: not valid JSON ({error}); the file is damaged, fetch or build it again"
        ) from None
    if isinstance(data, dict) and data.get("schema_version", SCHEMA_VERSION) != SCHEMA_VERSION:
        raise SceneDataError(
            f"{origin}: schema_version {data['schema_version']!r} is not supported; this genworld-envs reads version "
            f"{SCHEMA_VERSION}. Upgrade with `pip install -U genworld-envs`, or take a dataset revision of that version"
        )
    try:
        return kind.model_validate(data)
    except (ValidationError, RecursionError) as error:
        raise SceneDataError(f"{origin}: not a valid {kind.__name__}: {_first_errors(error)}") from None


def _first_errors(error: Exception, most: int = 3) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    found = [
        f"{'.'.join(map(str, item['loc'])) or 'record'}: {re.sub('^Value error, ', '', item['msg'])}"
        for item in error.errors(include_url=False, include_input=False)
    ]
    more = f" (and {len(found) - most} more)" if len(found) > most else ""
    return "; ".join(found[:most]) + more

"""What a generator takes and gives: `AssetRequest` in, `AssetBundle` out.

A generator turns words into files. It knows nothing of scenes, simulators or datasets; whatever implements `Generator`
can replace the procedural one. `CategoryInfo` is what it says of itself, so that designers ask only for what can be made.
"""

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from scene_hub.schema import Asset, AssetKind, Grasp, Role, Size, TaskFamily

RoleInTask = Literal["object", "surface", "container", "stackable"]
"""What a thing can be in a task: "object" (a gripper can take it), "surface" or "container" (things rest on it, go into
it), "stackable" (its like rests on it)."""

RECEPTACLE_USE: dict[TaskFamily, RoleInTask] = {"put_on": "surface", "put_in": "container", "stack": "stackable"}
"""What the receptacle of a task has to be."""


def use_in_task(task: TaskFamily, role: Role) -> RoleInTask | None:
    """What a thing with `role` in a scene is needed as; None for what only stands around."""
    if role == "object":
        return "object"
    return RECEPTACLE_USE.get(task) if role == "receptacle" else None


@dataclass(frozen=True)
class CategoryInfo:
    """One category that a generator makes.

    `label` is its name in a sentence ("ear of corn"), `also` are other names that people use for it, singular and lower
    case ("corn cob"). `colors` are the colour words that it comes in, `materials` the substances that may be asked for, the
    usual one first.
    """

    name: str
    kind: AssetKind
    label: str
    also: tuple[str, ...] = ()
    roles: frozenset[RoleInTask] = frozenset()
    colors: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()


@dataclass(frozen=True)
class AssetRequest:
    """One asset to make.

    `category` is one of the generator's `vocabulary()`, `color` a colour word for the dominant colour, `material` the
    substance of its main part, `size` "small" or "large" among its kind (None: the generator chooses), `name` the name to
    give the asset (None: made from size, colour, material and category, as in "small red mug"). `use` is what it is needed as:
    on a "stackable" thing its like rests, where otherwise it may be a container. `description` is for generators that work
    from text. Equal requests give byte-identical bundles.
    """

    category: str
    seed: int
    color: str | None = None
    name: str | None = None
    material: str | None = None
    size: Size | None = None
    description: str | None = None
    use: RoleInTask | None = None


@dataclass(frozen=True)
class AssetBundle:
    """An asset record and the content of its files: `files` maps each path in `asset.files` to bytes."""

    asset: Asset
    files: dict[str, bytes]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(map(len, self.files.values()))

    def with_grasps(self, grasps: tuple[Grasp, ...]) -> "AssetBundle":
        """The same thing with only these grasps; its id is another unless they are the same."""
        if grasps == self.asset.grasps:
            return self
        fields = {name: getattr(self.asset, name) for name in type(self.asset).model_fields if name != "id"}
        return AssetBundle(Asset.create(**{**fields, "grasps": grasps}), self.files)


@runtime_checkable
class Generator(Protocol):
    """Makes assets. Found by name through the entry point group `genworld.generators`."""

    def vocabulary(self) -> tuple[CategoryInfo, ...]:
        """Every category that `generate` accepts, sorted by name; empty where it takes any words."""
        ...

    def generate(self, request: AssetRequest) -> AssetBundle:
        """The asset asked for; InvalidOptionError for a category, colour or material that this generator does not have."""
        ...

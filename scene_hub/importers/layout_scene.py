"""One layout of EmbodiedGen becomes one scene: `LayoutImporter`, made once a worker and called for one after another."""

import math
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from scene_hub.build.job import derived_seed
from scene_hub.compose import (
    MAX_PENETRATION,
    Part,
    bundle_collision,
    compose,
    settling_bodies,
    settling_problem,
    table_region,
)
from scene_hub.dataset import DatasetCard, SceneDataset, write_dataset
from scene_hub.errors import SceneDataError
from scene_hub.generate import supports
from scene_hub.generate.bundle import AssetBundle, AssetRequest, use_in_task
from scene_hub.generate.embodiedgen.generator import cache_folder
from scene_hub.generate.embodiedgen.layouts import Layout, background_transform, read_layout
from scene_hub.generate.embodiedgen.meshes import FIT_WIDTH, GENERATOR, VERSION, Scaling
from scene_hub.generate.importing import CLOSE_TEXTURE
from scene_hub.generate.lighting import draw_lighting
from scene_hub.generate.procedural import ProceduralGenerator
from scene_hub.importers.arrangement import Standing, View, best_view, placed, square_heading
from scene_hub.importers.background import GAUSSIANS_FILE, MESH_FILE, background_bundle
from scene_hub.importers.layout_things import LayoutThing, ThingReader, described
from scene_hub.importers.wording import Wording, worded
from scene_hub.physics import SETTLE_STEPS, SettlingScene, settle
from scene_hub.placement import footprint_half_size, yaw_pose
from scene_hub.scene_preview import ScenePictures
from scene_hub.schema import Asset, Check, Node, Placement, Pose, Provenance, Report, Role, Scene, SceneGraph, Split
from scene_hub.validate import find_checks, inspect_asset, validate_scene
from scene_hub.validate.checks import EDGE_MARGIN

MAX_SLIDE = 0.03
"""Metres that a thing may go while it settles, for its place in the layout to count as kept."""
MAX_TURN = math.radians(10.0)
"""And the angle by which it may turn and tilt."""
PLAIN_ROOMS = ("living_room", "office", "studio", "dining_room")
FLOORS = (0.05, 3.0)
"""Metres from the floor to a table's top that are believed; else the table's own height is taken."""

Array = np.ndarray


@dataclass(frozen=True)
class LayoutOptions:
    """How layouts are imported. Equal options and layouts give equal scenes.

    Attributes:
        root: the folder that no path in a layout may leave; sources are told from it.
        scale: a factor for the size of the things, or by category ({"basket": 0.7}, "basket=0.7,mug=0.9"); the paper has 0.7.
        fit: scale an object that is to be grasped and too wide for a gripper down to a 5.5 cm wide side.
        texture: pixels, the longer side of the close level's textures.
        licence: of the layouts' assets, SPDX.
        split: of the scenes.
        seed: of what is drawn: light, a room where a layout has none, places of what a layout cannot have where it is.
        checks: plug-in checks to run, such as "visible" and "expert"; each takes seconds a scene.
        cache: where imports are kept; by default `$XDG_CACHE_HOME/genworld/embodiedgen`.
    """

    root: Path
    scale: float | str | Mapping[str, float] = 1.0
    fit: bool = False
    texture: int = CLOSE_TEXTURE
    licence: str = "Apache-2.0"
    split: Split = "train"
    seed: int = 0
    checks: tuple[str, ...] = ()
    cache: Path = field(default_factory=cache_folder)


class LayoutJob(NamedTuple):
    """A layout file to import, and the id of its scene."""

    path: Path
    id: str


@dataclass(frozen=True)
class ImportedLayout:
    """What came of a layout: a scene with its assets and picture, or the `problem` for which it has none.

    `notes` say what was done that the layout does not say.
    """

    id: str
    scene: Scene | None = None
    bundles: tuple[AssetBundle, ...] = ()
    preview: bytes | None = None
    problem: str | None = None
    notes: tuple[str, ...] = ()


class LayoutImporter:
    """Imports layouts; keeps what is slow to make."""

    def __init__(self, options: LayoutOptions) -> None:
        self._options = options
        self._reader = ThingReader(
            root=options.root,
            cache=options.cache,
            scaling=Scaling(options.scale, options.fit),
            texture=options.texture,
            licence=options.licence,
            seed=options.seed,
        )
        self._checks = find_checks(options.checks)
        self._generator = ProceduralGenerator()
        self._rooms: dict[AssetRequest, AssetBundle] = {}  # the last one: layouts without files tend to name the same
        self._pictures: ScenePictures | None = None

    def close(self) -> None:
        """Free what the checks hold."""
        for check in self._checks.values():
            check.close()

    def __call__(self, job: LayoutJob) -> ImportedLayout:
        """The scene of a layout. What is wrong with the layout is in the result.

        Raises MissingRequirementError where this machine lacks what a check or a picture needs.
        """
        try:
            return self._imported(job)
        except SceneDataError as error:
            return ImportedLayout(job.id, problem=str(error))

    def _imported(self, job: LayoutJob) -> ImportedLayout:
        layout = read_layout(job.path, self._options.root)
        things, manipulated, notes = self._reader.things(layout)
        wording = worded(layout.task, [thing.named for thing in things], manipulated)
        if layout.task and wording.instruction != layout.task:
            notes += (f"the instruction is {wording.instruction!r}, where the layout says {layout.task!r}",)
        draft = _Draft(layout, things, wording)
        draft.inspect()
        arrangement = self._arranged(draft, job)
        scene = draft.scene(arrangement, self._options, job)
        return self._checked(scene, draft, (*notes, *draft.notes, *([arrangement.how] if arrangement.how else [])))

    def _arranged(self, draft: "_Draft", job: LayoutJob) -> "_Arrangement":
        """Everything's pose: where the layout has it, if a robot can work there and it stands still; else placed anew."""
        layout, table_yaw = draft.layout, _yaw(draft.layout.context.pose)
        standing = draft.standing()
        view = best_view(standing, layout.robot, table_yaw)
        reason = "its targets do not lie where robots reach them"
        if view is not None:
            table_pose = self._table(draft, view.heading)
            x, y = view.xy(table_pose[:2, 3])
            at = yaw_pose((x, y), 0.0)
            rng = np.random.default_rng(derived_seed(self._options.seed, job.id, "distractors"))
            region = table_region(draft.bundles[draft.table].asset, EDGE_MARGIN, at)
            spots = placed(standing, view, region, rng)
            reason = "its things overlap one another or the table's edge"
            if spots is not None:
                poses = {draft.table: at} | {name: yaw_pose(xy, yaw) for name, (xy, yaw) in spots.poses.items()}
                settled = _settled(draft.parts(), poses)
                reason = "its things do not stand still"
                if settled is not None:
                    room = self._room(draft, view, table_pose, job)
                    return _Arrangement({**settled, **room}, _how(view, layout.robot, spots.moved))
        return self._composed(draft, job, square_heading(layout.robot, table_yaw), reason)

    def _composed(self, draft: "_Draft", job: LayoutJob, heading: float, reason: str) -> "_Arrangement":
        """Everything placed anew on the table, as scenes of ours are."""
        table_pose = self._table(draft, heading)
        middle = View(heading, (0.0, 0.0)).xy(table_pose[:2, 3])
        room = self._room(draft, View(heading, (-float(middle[0]), -float(middle[1]))), table_pose, job)
        seed = derived_seed(self._options.seed, job.id, "layout")
        scene = compose(draft.graph(), draft.bundles, seed, scene_id=job.id, split=self._options.split)
        poses = {item.name: item.pose for item in scene.placements}
        return _Arrangement({**poses, **room}, f"everything is placed anew: {reason}")

    def _table(self, draft: "_Draft", heading: float) -> Array:
        """Give the draft its table; the pose [4, 4] of its asset frame in the layout."""
        draft.bundles[draft.table], pose = self._reader.table(draft.layout, heading)
        return pose

    def _room(self, draft: "_Draft", view: View, table_pose: Array, job: LayoutJob) -> dict[str, Pose]:
        """Give the draft its room: the layout's, or a procedural one; and the pose of it."""
        node, top = draft.layout.background, float(table_pose[2, 3])
        if not FLOORS[0] <= top <= FLOORS[1]:
            top = draft.bundles[draft.table].asset.extents[2]
        folder = None if node is None else node.folder
        if node is None or folder is None or not any((folder / name).is_file() for name in (GAUSSIANS_FILE, MESH_FILE)):
            draft.bundles[draft.room] = self._procedural_room(draft, job)
        else:
            path = folder.resolve().relative_to(self._options.root.resolve()).as_posix()
            provenance = Provenance(
                generator=GENERATOR,
                generator_version=VERSION,
                model="EmbodiedGen",
                licence=self._options.licence,
                source=f"{path} of EmbodiedGen",
            )
            draft.bundles[draft.room] = background_bundle(
                folder,
                provenance,
                transform=view.matrix() @ background_transform(node),
                category=_slug(node.words),
                description=node.description or None,
            )
        return {draft.room: Pose(position=(0.0, 0.0, -round(top, 4)))}

    def _procedural_room(self, draft: "_Draft", job: LayoutJob) -> AssetBundle:
        """A room that the background's words fit; the same words and seed give the same one."""
        node = draft.layout.background
        words = "" if node is None else f"{node.words} {node.description}".lower()
        rooms = [info for info in self._generator.vocabulary() if info.kind == "room"]
        named = [info for info in rooms if any(_says(words, name) for name in (info.label, *info.also))]
        choices = named or [info for info in rooms if info.name in PLAIN_ROOMS]
        seed = derived_seed(self._options.seed, words)
        draft.notes.append(
            f"has no background files, so it gets a procedural room: {choices[seed % len(choices)].label}"
        )
        request = AssetRequest(choices[seed % len(choices)].name, seed)
        if request not in self._rooms:
            self._rooms = {request: self._generator.generate(request)}
        return self._rooms[request]

    def _checked(self, scene: Scene, draft: "_Draft", notes: tuple[str, ...]) -> ImportedLayout:
        """The scene with its report and its picture."""
        assets = {bundle.asset.id: bundle.asset for bundle in draft.bundles.values()}
        meshes = {bundle.asset.id: bundle_collision(bundle) for bundle in draft.bundles.values()}
        checks = [*draft.failed, *validate_scene(scene, assets, meshes).checks]
        with tempfile.TemporaryDirectory(prefix="genworld-import-") as folder:
            card = DatasetCard(title="A scene", description="A scene under check.")
            dataset = write_dataset(Path(folder) / "scene", [scene], draft.bundles.values(), card)
            checks += [
                check(dataset, scene.id).model_copy(update={"name": name}) for name, check in self._checks.items()
            ]
            preview = self._picture(scene, dataset)
        if any(check.name == "graspable" and not check.passed for check in checks):
            notes = (*notes, _too_wide(assets[scene.object.asset]))
        scene = scene.model_copy(update={"report": Report(checks=tuple(checks))})
        return ImportedLayout(scene.id, scene, tuple(draft.bundles.values()), preview, notes=notes)

    def _picture(self, scene: Scene, dataset: SceneDataset) -> bytes:
        if self._pictures is None:
            self._pictures = ScenePictures()
        return self._pictures.preview(scene, dataset)


class _Arrangement(NamedTuple):
    """Poses in the scene frame by name, and what was moved, in words; empty: nothing."""

    poses: dict[str, Pose]
    how: str


class _Draft:
    """A scene under way: names, roles and bundles of its things."""

    def __init__(self, layout: Layout, things: Sequence[LayoutThing], wording: Wording) -> None:
        self.layout, self.wording = layout, wording
        self.table = _slug(layout.context.name)
        self.room = "room" if layout.background is None else _slug(layout.background.name)
        self.notes: list[str] = []
        self.failed: list[Check] = []
        self.bundles: dict[str, AssetBundle] = {}
        self._roles: dict[str, Role] = {}
        self._things: dict[str, LayoutThing] = {}
        labels = {wording.object: wording.object_label}
        if wording.receptacle is not None and wording.receptacle_label is not None:
            labels[wording.receptacle] = wording.receptacle_label
        order = [*labels, *(index for index in range(len(things)) if index not in labels)]
        for index in order:
            thing, role = things[index], self._role(index)
            label = labels.get(index, thing.names[0])
            if role == "distractor" and label in labels.values():
                self.notes.append(f"{thing.node.name!r} is left out: the instruction cannot tell it from a target")
                continue
            name = _slug(thing.node.name)
            self._things[name], self._roles[name] = thing, role
            self.bundles[name] = described(thing.bundle, name=label)
            if (
                role == "receptacle" and thing.bundle.asset.support is None
            ):  # environments need to know where things go to
                top = supports.summit(list(bundle_collision(thing.bundle).values()))
                self.bundles[name] = described(self.bundles[name], support=top)

    def _role(self, index: int) -> Role:
        return {self.wording.object: "object", self.wording.receptacle: "receptacle"}.get(index, "distractor")  # type: ignore[return-value]

    def inspect(self) -> None:
        """Check the things alone: grasps that do not lift are dropped, and what fails is noted.

        Raises SceneDataError for a mesh that nothing can simulate.
        """
        for name, role in self._roles.items():
            checks, self.bundles[name] = inspect_asset(self.bundles[name], use_in_task(self.wording.task, role))
            failed = [check for check in checks if not check.passed]
            if any(check.name == "asset-mesh" for check in failed):
                raise SceneDataError(f"{self._things[name].node.name!r}: {failed[0].message}")
            self.failed += [check.model_copy(update={"message": f"{name}: {check.message}"}) for check in failed]

    def standing(self) -> list[Standing]:
        """Where the layout has the things."""
        found = []
        for name, thing in self._things.items():
            xy = None if thing.pose is None else (float(thing.pose[0, 3]), float(thing.pose[1, 3]))
            target, half = self._roles[name] != "distractor", footprint_half_size(thing.bundle.asset)
            found.append(Standing(name, target, half, xy, _yaw(thing.pose)))
        return found

    def parts(self) -> list[Part]:
        """All but the room, for physics."""
        roles: dict[str, Role] = {self.table: "context", **self._roles}
        return [
            Part(name, role, self.bundles[name].asset, bundle_collision(self.bundles[name]))
            for name, role in roles.items()
        ]

    def graph(self) -> SceneGraph:
        """The scene as words, for composing it."""
        roles: dict[str, Role] = {self.room: "background", self.table: "context", **self._roles}
        nodes = []
        for name, role in roles.items():
            asset = self.bundles[name].asset
            nodes.append(
                Node(name=name, role=role, category=asset.category, label=asset.name, description=asset.description)
            )
        return SceneGraph(instruction=self.wording.instruction, task=self.wording.task, nodes=tuple(nodes))

    def scene(self, arrangement: _Arrangement, options: LayoutOptions, job: LayoutJob) -> Scene:
        roles: dict[str, Role] = {self.room: "background", self.table: "context", **self._roles}
        path = job.path.resolve().relative_to(options.root.resolve()).as_posix()
        licences = sorted({bundle.asset.provenance.licence for bundle in self.bundles.values()})
        return Scene(
            id=job.id,
            split=options.split,
            task=self.wording.task,
            instruction=self.wording.instruction,
            placements=tuple(
                Placement(name=name, role=role, asset=self.bundles[name].asset.id, pose=arrangement.poses[name])
                for name, role in roles.items()
            ),
            lighting=draw_lighting(np.random.default_rng(derived_seed(options.seed, job.id, "lighting"))),
            provenance=Provenance(
                generator=GENERATOR,
                generator_version=VERSION,
                seed=options.seed,
                model="EmbodiedGen",
                licence=" AND ".join(licences),
                source=f"{path} of EmbodiedGen" + (f"; {arrangement.how}" if arrangement.how else ""),
            ),
        )


def _settled(parts: Sequence[Part], poses: Mapping[str, Pose]) -> dict[str, Pose] | None:
    """The poses in which things stand still that began at `poses`, a little way off at most; None where they do not."""
    world = SettlingScene()
    for name, body in settling_bodies(list(parts), poses).items():
        world.add(name, body.asset, body.meshes, body.pose, static=body.static)
    names = [part.name for part in parts if part.role != "context"]
    first = world.settling(names, SETTLE_STEPS)
    if settling_problem(first) is None:
        return dict(poses)
    if first.penetration > MAX_PENETRATION or first.largest_move > MAX_SLIDE or first.largest_tilt > MAX_TURN:
        return None
    positions, quaternions = world.poses(names)
    moved = {
        name: yaw_pose(position[:2], 2.0 * math.atan2(quaternion[3], quaternion[0]))
        for name, position, quaternion in zip(names, positions, quaternions, strict=True)
    }
    again = settle(settling_bodies(list(parts), {**poses, **moved}))
    return None if settling_problem(again) is not None else {**poses, **moved}


def _too_wide(asset: Asset) -> str:
    """What would let grippers take an object."""
    width = min(asset.extents[:2])
    return (
        f"no gripper takes the {asset.name}, which is {1000 * width:.0f} mm wide: scale it ({asset.category}="
        f"{min(FIT_WIDTH / width, 1.0):.2f} as --scale), or let objects be made to fit (--fit)"
    )


def _how(view: View, robot: Array | None, moved: Sequence[str]) -> str:
    """What of a layout is not as it was, in words."""
    parts = []
    turn = 0.0 if robot is None else math.degrees((view.heading - _yaw(robot) + math.pi) % (2 * math.pi) - math.pi)
    if abs(turn) > 1.0:
        parts.append(f"the robot faces another side of the table, {turn:.0f} degrees round")
    if moved:
        parts.append(f"placed anew: {', '.join(moved)}")
    return "; ".join(parts)


def _yaw(pose: Array | None) -> float:
    return 0.0 if pose is None else math.atan2(pose[1, 0], pose[0, 0])


def _says(words: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name.lower())}\b", words) is not None


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:100] or "thing"

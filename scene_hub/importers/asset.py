"""A mesh that a person has becomes an object in a scene: `import_asset`.

    import_asset("mug.glb", "scenes", AssetOptions(description="a blue enamel mug", height=0.09))

The file is a URDF of a rigid thing, or a mesh: GLB and glTF (y up, as the standard has it), OBJ (taken as y up), PLY and STL
(taken as z up), in any units and about any origin. The description says what it is called, its colour and its substance; what
it can be in a task is found out: whether grippers lift it in simulation, whether it is open or level on top. The scene around
it is designed by the offline grammar with procedural things.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import trimesh

from scene_hub.build.job import SceneJob
from scene_hub.build.scene import SceneBuilder, SceneSettings
from scene_hub.dataset import DatasetCard, SceneDataset, check_dataset_folder, write_dataset
from scene_hub.design.designer import DesignRequest
from scene_hub.design.grammar import GrammarDesigner
from scene_hub.design.grammar.surroundings import nouns
from scene_hub.design.grammar.words import COLOR_WORDS, DETERMINERS, MATERIAL_WORDS, SIZE_WORDS
from scene_hub.errors import InvalidOptionError, SceneDataError
from scene_hub.generate import GeneratorSet
from scene_hub.generate.bundle import AssetBundle, AssetRequest, CategoryInfo, Generator, RoleInTask
from scene_hub.generate.importing import CLOSE_TEXTURE, SIZES, placed_mesh
from scene_hub.generate.materials import SUBSTANCES
from scene_hub.generate.mesh_files import load_mesh
from scene_hub.generate.procedural import ProceduralGenerator
from scene_hub.generate.urdf import RigidBody, read_rigid_body
from scene_hub.importers.layout_things import described
from scene_hub.schema import AssetKind, Provenance, Split
from scene_hub.validate.asset_checks import MAX_SIZE, MIN_LARGEST_SIZE, inspect_asset
from scene_hub.validate.checks import MAX_GRASP_WIDTH

GENERATOR, VERSION = "imported", "1"
UP: dict[str, Literal["y", "z"]] = {".glb": "y", ".gltf": "y", ".obj": "y", ".dae": "y"}
"""Which axis of a format's files points up, by ending; z for the others."""
_END_OF_NAME = frozenset(
    [
        ",",
        ";",
        ":",
        ".",
        "(",
        ")",
        "with",
        "without",
        "in",
        "on",
        "from",
        "that",
        "which",
        "who",
        "for",
        "and",
        "by",
        "at",
        "near",
        "under",
        "over",
    ]
)

Array = np.ndarray


@dataclass(frozen=True)
class AssetOptions:
    """What a person says of a mesh.

    Attributes:
        description: in words: "a blue enamel mug".
        label: what sentences call it; by default the description's first noun phrase ("blue enamel mug").
        category: its kind, as a slug; by default the label without colour, substance and size ("enamel_mug").
        scale: a factor from the file's units to metres (0.001 for millimetres).
        height: real height in metres, as it stands; excludes `scale`.
        up: the axis that points up in the file; by default y for GLB, glTF, OBJ and DAE, else z.
        mass: kilograms; by default from the volume and the substance.
        material: its substance, such as "ceramic"; by default the one that the description names, else plastic.
        kind: "object" or "table".
        instruction: the task; by default "pick up the <label>".
        licence: of the file, SPDX or words.
        texture: pixels, the longer side of its texture.
        distractors: other things around.
        checks: plug-in checks to run, such as "visible" and "expert".
    """

    description: str
    label: str | None = None
    category: str | None = None
    scale: float = 1.0
    height: float | None = None
    up: Literal["y", "z"] | None = None
    mass: float | None = None
    material: str | None = None
    kind: AssetKind = "object"
    instruction: str | None = None
    licence: str = "unknown"
    texture: int = CLOSE_TEXTURE
    split: Split = "train"
    seed: int = 0
    distractors: int = 3
    checks: tuple[str, ...] = ()


def import_asset(file: str | Path, out: str | Path, options: AssetOptions, *, overwrite: bool = False) -> SceneDataset:
    """A dataset folder with one scene around the thing in `file`.

    Raises:
        InvalidOptionError: an option is out of range, or `out` exists.
        InstructionError: the instruction cannot be understood, or asks for what the thing cannot do.
        SceneDataError: the file cannot be read or used, or no scene with it stands.
    """
    out = Path(out).expanduser().absolute()
    check_dataset_folder(out, overwrite)
    thing = ImportedThing(Path(file).expanduser(), options)
    instruction = options.instruction or thing.default_instruction()
    generator = GeneratorSet([thing, _Others(thing.info)])
    graph = GrammarDesigner(generator.vocabulary()).design(DesignRequest(instruction, options.seed, distractors=0))
    if not any(node.category == thing.info.name for node in graph.nodes):
        raise InvalidOptionError(
            f"the instruction {instruction!r} is not about the {thing.label}; name it by these words"
        )
    job = SceneJob(
        id=thing.info.name, split=options.split, instruction=instruction, distractors=options.distractors, look_alikes=0
    )
    settings = SceneSettings(seed=options.seed, generators=(GENERATOR, "procedural"), checks=options.checks)
    builder = SceneBuilder(settings, generator)
    try:
        built = builder(job)
    finally:
        builder.close()
    if built.scene is None:
        raise SceneDataError(f"{file}: no scene with the {thing.label}: {built.attempts[-1].problem}")
    previews = {} if built.preview is None else {built.scene.id: built.preview}
    card = DatasetCard(
        title=f"A scene with an imported {thing.label}",
        description=f"Made with `genworld scenes import-asset`. The {thing.label}: {options.description}",
        licence="other" if options.licence == "unknown" else options.licence.lower(),
    )
    return write_dataset(out, [built.scene], built.bundles, card, previews=previews, overwrite=overwrite)


class ImportedThing:
    """A file as a generator of one category; implements `scene_hub.generate.bundle.Generator`.

    `info` says what it is and what it can be in a task. Reading and importing happen when it is made; errors as of
    `import_asset`.
    """

    def __init__(self, file: Path, options: AssetOptions) -> None:
        _check_options(options)
        self._file, self._options = file, options
        said = read_description(options.description)
        label = _words(options.label) if options.label is not None else said.label
        category = options.category or _slug(said.noun if options.label is None else read_description(label).noun)
        material = options.material or said.material or "plastic"
        self._bundle = self._imported(label, _slug(category), material, said.color)
        checks, self._bundle = inspect_asset(self._bundle)
        failed = [check for check in checks if not check.passed]
        if failed:
            raise SceneDataError(f"{file}: {'; '.join(check.message for check in failed)}")
        asset = self._bundle.asset
        words = _slug(category).replace("_", " ")
        also = dict.fromkeys((label, words, words.split()[-1]))
        self.info = CategoryInfo(
            name=asset.category,
            kind=options.kind,
            label=words,
            also=tuple(name for name in also if name != words),
            roles=self._roles(),
            colors=asset.colors,
            materials=asset.materials,
        )
        self.label = label

    def vocabulary(self) -> tuple[CategoryInfo, ...]:
        """Its one category."""
        return (self.info,)

    def generate(self, request: AssetRequest) -> AssetBundle:
        """The thing, called as the request has it."""
        return self._bundle if request.name is None else described(self._bundle, name=request.name)

    def default_instruction(self) -> str:
        """ "pick up the <label>"; SceneDataError where it cannot be picked up."""
        if self._options.kind == "table":
            raise InvalidOptionError("a table needs a task of other things; give one as instruction (--instruction)")
        if "object" not in self.info.roles:
            size = " x ".join(f"{100 * value:.1f}" for value in self._bundle.asset.extents)
            able = sorted(self.info.roles)
            other = f"; or give it another part (it is a {' and a '.join(able)}): --instruction" if able else ""
            raise SceneDataError(
                f"{self._file}: no gripper lifts the {self.label}: it is {size} cm, and they open to "
                f"{100 * MAX_GRASP_WIDTH:.1f} cm. Make it smaller with --height (metres) or --scale{other}"
            )
        return f"pick up the {self.label}"

    def _roles(self) -> frozenset[RoleInTask]:
        asset = self._bundle.asset
        if self._options.kind == "table":
            return frozenset({"surface"})
        found: set[RoleInTask] = set()
        if min((grasp.width for grasp in asset.grasps), default=np.inf) <= MAX_GRASP_WIDTH and len(asset.grasps) >= 2:
            found.add("object")
        if asset.support is not None:
            found.add(asset.support.kind)
        if "object" in found and asset.support is not None and asset.support.kind == "surface":
            found.add("stackable")
        return frozenset(found)

    def _imported(self, label: str, category: str, material: str, color: str | None) -> AssetBundle:
        options, file = self._options, self._file
        body = _read(file)
        matrix = _to_metres(file, body.visual, options)
        scale = float(np.linalg.norm(matrix[:3, 0]))
        collision = None if body.collision is None else list(body.collision)
        imported = placed_mesh(
            body.visual,
            AssetRequest(category, options.seed),
            Provenance(
                generator=GENERATOR,
                generator_version=VERSION,
                licence=options.licence,
                source=file.name + (f", scaled by {scale:.6g}" if abs(scale - 1) > 1e-9 else ""),
            ),
            label=label,
            description=" ".join(options.description.split())[:1000] or label,
            kind=options.kind,
            materials=(material,),
            mass=options.mass if options.mass is not None or body.mass is None else body.mass * scale**3,
            friction=body.friction,
            collision=collision,
            transform=matrix,
            texture=options.texture,
            plain=color,
        )
        return _colored(imported.bundle, color)


@dataclass(frozen=True)
class Said:
    """What a description says: `label` is its first noun phrase, `noun` that without looks; None where it says nothing."""

    label: str
    noun: str
    color: str | None
    material: str | None


def read_description(text: str) -> Said:
    """A description in its parts; InvalidOptionError where it names no thing."""
    words = _first_phrase(text)
    if not words:
        raise InvalidOptionError(f"the description {text!r} names no thing; say what it is, as in 'a blue enamel mug'")
    looks = [word for word in words[:-1] if _says_looks(word)]
    bare = [word for word in words[:-1] if word not in looks]
    all_words = re.findall(r"[a-z0-9]+", text.lower())
    colors = (color for word in (*looks, *all_words) for color in COLOR_WORDS.get(word, ()))
    materials = (name for word in (*looks, *all_words) for name in MATERIAL_WORDS.get(word, ()))
    return Said(" ".join(words), " ".join([*bare, words[-1]]), next(colors, None), next(materials, None))


def _first_phrase(text: str) -> list[str]:
    """The words of the first noun phrase, up to a comma or a preposition; of "yellow and gray" the first is enough."""
    words: list[str] = []
    further = False
    for word in re.findall(r"[a-z0-9]+(?:'[a-z]+)?|[,;:.()-]", text.lower()):
        if word == "-" or word in DETERMINERS:
            continue
        if word == "and" and words and _says_looks(words[-1]):
            further = True
            continue
        if word in _END_OF_NAME and words:
            break
        if further and _says_looks(word):
            continue
        words += [word] if word[0].isalnum() else []
    return words


def _says_looks(word: str) -> bool:
    return word in COLOR_WORDS or word in MATERIAL_WORDS or word in SIZE_WORDS


class _Others:
    """The procedural generator, without what could be meant by the words for the imported thing."""

    def __init__(self, info: CategoryInfo) -> None:
        self._generator: Generator = ProceduralGenerator()
        self._vocabulary = tuple(
            other
            for other in self._generator.vocabulary()
            if other.kind != "table" or info.kind != "table"
            if not (other.kind == info.kind == "object" and nouns(other) & nouns(info))
        )

    def vocabulary(self) -> tuple[CategoryInfo, ...]:
        return self._vocabulary

    def generate(self, request: AssetRequest) -> AssetBundle:
        return self._generator.generate(request)


def _check_options(options: AssetOptions) -> None:
    if options.height is not None and options.scale != 1.0:
        raise InvalidOptionError("height and scale exclude each other; give the height alone")
    if options.height is not None and not 0.001 <= options.height <= 5.0:
        raise InvalidOptionError(f"height is {options.height:g} m; give the real height in metres, such as 0.12")
    if not 1e-6 <= options.scale <= 1e6:
        raise InvalidOptionError(f"scale is {options.scale:g}; give a factor to metres, such as 0.001 for millimetres")
    if options.mass is not None and not 0.001 <= options.mass <= 1000.0:
        raise InvalidOptionError(f"mass is {options.mass:g} kg; give a number from 0.001 to 1000")
    if options.material is not None and options.material not in SUBSTANCES:
        raise InvalidOptionError.unknown("material", options.material, SUBSTANCES)
    if options.kind not in SIZES:
        raise InvalidOptionError.unknown("kind", options.kind, SIZES)


def _read(file: Path) -> RigidBody:
    if file.suffix.lower() == ".urdf":
        return read_rigid_body(file)
    return RigidBody(load_mesh(file), None, None, None)


def _to_metres(file: Path, visual: trimesh.Scene, options: AssetOptions) -> Array:
    """[4, 4]: from the file's frame to metres, z up; SceneDataError where the thing would have an implausible size."""
    axis = options.up or UP.get(file.suffix.lower(), "z")
    turn = trimesh.transformations.rotation_matrix(np.pi / 2, [1, 0, 0]) if axis == "y" else np.eye(4)
    bounds = visual.bounds
    if bounds is None or not np.isfinite(bounds).all():
        raise SceneDataError(f"{file}: has no triangles, or vertices that are not finite; export it again")
    extents = np.abs(turn[:3, :3] @ np.ptp(bounds, axis=0))
    if extents.max() <= 0:
        raise SceneDataError(f"{file}: has no size; export it again")
    scale = options.scale if options.height is None else options.height / max(float(extents[2]), 1e-12)
    size = extents * scale
    least, most = (MIN_LARGEST_SIZE, MAX_SIZE) if options.kind == "object" else SIZES["table"]
    if not least <= size.max() <= most:
        told = " x ".join(f"{value:.4g}" for value in size)
        raise SceneDataError(
            f"{file}: is {told} m as it stands; {'things on a table' if options.kind == 'object' else 'tables'} are "
            f"{least:g} to {most:g} m long. Say how high it really is (--height 0.12), or which units the file has "
            f"({_guess(float(size.max()))})"
        )
    return trimesh.transformations.scale_matrix(scale) @ turn


def _guess(size: float) -> str:
    """The unit that would make a size plausible, as a flag."""
    for unit, factor in (("millimetres", 0.001), ("centimetres", 0.01), ("inches", 0.0254), ("metres", 1.0)):
        if MIN_LARGEST_SIZE <= size * factor <= MAX_SIZE:
            return f"--scale {factor:g}, if they are {unit}"
    return "--scale, a factor to metres"


def _colored(bundle: AssetBundle, said: str | None) -> AssetBundle:
    """The colour that the description names comes first, before those that are seen."""
    colors: Sequence[str] = bundle.asset.colors
    return bundle if said is None else described(bundle, colors=tuple(dict.fromkeys((said, *colors)))[:3])


def _words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+(?:'[a-z]+)?", text.lower()))


def _slug(text: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:100]
    if not slug:
        raise InvalidOptionError(f"{text!r} is no name of a category; use letters, as in 'enamel_mug'")
    return slug

"""`EmbodiedGenGenerator`: assets by EmbodiedGen (https://github.com/HorizonRobotics/EmbodiedGen) for scenes of ours."""

import difflib
import logging
import os
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from scene_hub.errors import InvalidOptionError, SceneDataError
from scene_hub.generate.bundle import AssetBundle, AssetRequest, CategoryInfo, RoleInTask
from scene_hub.generate.embodiedgen.command import HOUR, LAYOUT, TEXT3D, cached, run_layout, run_text3d
from scene_hub.generate.embodiedgen.files import GeneratedAsset, read_assets
from scene_hub.generate.embodiedgen.meshes import VERSION, Scaling, generated_mesh
from scene_hub.generate.embodiedgen.traits import Traits, materials_of, traits_of

logger = logging.getLogger(__name__)

SEEDS = 2**31


class EmbodiedGenGenerator:
    """Assets that EmbodiedGen made, or makes; implements `scene_hub.generate.bundle.Generator`.

    With a `folder` (or `tasks`) it gives what is there: `vocabulary()` lists the categories found, `generate` picks among
    the assets of a category by seed. Without, it takes any words and runs `text3d-cli` for each request, which needs
    EmbodiedGen installed, a GPU and minutes; what it made is kept in `cache`, so the same request costs nothing again.

    Args:
        folder: output of EmbodiedGen: layouts (`task_0000/layout.json`), single assets, or folders of both.
        command: how to call `text3d-cli` ("conda run -n embodiedgen text3d-cli").
        arguments: further flags for it, as one text or as words ("--image3d_model TRELLIS").
        timeout: seconds that one asset may take; a layout may take four times as long.
        cache: where the programs' output is kept; default `$XDG_CACHE_HOME/genworld/embodiedgen`.
        scale: a factor for the size of all, or by category ({"basket": 0.7}, or "basket=0.7,mug=0.9"); 1 leaves the metric
            size that EmbodiedGen estimated. arXiv 2603.18532 scales its baskets by 0.7. Mass goes with the volume.
        fit: whether an object that is asked for as something to grasp, and is too wide for a gripper, is scaled down evenly
            to a 5.5 cm wide side, to half its size at most. Off by default: sizes are what makes a scene real.
            Whatever was scaled says so in its provenance.
        tasks: task descriptions; `layout-cli` makes a layout for each, with seed `task_seed`, and they are the folder.
        backgrounds: its list of background scenes (`--bg_list`), which `layout-cli` needs.
        layout_command: how to call `layout-cli`.
        licence: of the assets, for their provenance; that of EmbodiedGen's published ones by default.

    Raises:
        InvalidOptionError: for options that exclude each other or are out of range.
        SceneDataError: where the folder holds nothing usable.
    """

    def __init__(
        self,
        folder: str | Path | None = None,
        command: str = TEXT3D,
        *,
        arguments: str | Sequence[str] = (),
        timeout: float = HOUR,
        cache: str | Path | None = None,
        scale: float | str | Mapping[str, float] = 1.0,
        fit: bool = False,
        tasks: str | Sequence[str] = (),
        task_seed: int = 0,
        backgrounds: str | Path | None = None,
        layout_command: str = LAYOUT,
        licence: str = "Apache-2.0",
    ) -> None:
        self._tasks = (tasks,) if isinstance(tasks, str) else tuple(tasks)
        if folder is not None and self._tasks:
            raise InvalidOptionError("embodiedgen takes a folder of output or tasks to make one for, not both")
        self._folder = None if folder is None else Path(folder)
        self._command, self._layout_command, self._backgrounds = command, layout_command, backgrounds
        self._arguments = tuple(arguments.split()) if isinstance(arguments, str) else tuple(arguments)
        self._timeout, self._task_seed, self._licence = float(timeout), task_seed, licence
        if not self._timeout > 0:
            raise InvalidOptionError(f"timeout is {timeout!r} s, it has to be more than 0")
        self._scaling = Scaling(scale, fit)
        self._cache = cache_folder() if cache is None else Path(cache)

    def vocabulary(self) -> tuple[CategoryInfo, ...]:
        """The categories of the folder, sorted by name; empty where any words can be asked for."""
        return tuple(self._category(name) for name in sorted(self._assets)) if self._closed else ()

    def generate(self, request: AssetRequest) -> AssetBundle:
        """The asset asked for.

        Raises:
            InvalidOptionError: for a category, colour or material that the folder does not have.
            MissingRequirementError: where the command is not installed.
            EmbodiedGenError: where the command fails.
            SceneDataError: where what it made cannot be used.
        """
        if not re.fullmatch(r"[a-z0-9][a-z0-9_]{0,99}", request.category):
            raise InvalidOptionError(f"category {request.category!r} is no name; use small letters, digits and '_'")
        asset = self._chosen(request) if self._closed else self._made(request)
        return self._imported(asset, request)

    # What there is

    @property
    def _closed(self) -> bool:
        return self._folder is not None or bool(self._tasks)

    @cached_property
    def _assets(self) -> dict[str, list[tuple[GeneratedAsset, Traits]]]:
        """The assets of the folder by category, in the order of their paths."""
        folders = [self._folder] if self._folder is not None else [self._laid_out(task) for task in self._tasks]
        found: dict[str, list[tuple[GeneratedAsset, Traits]]] = {}
        problem: SceneDataError | None = None
        assets = {asset.digest: asset for folder in folders for asset in read_assets(folder)}
        for asset in assets.values():
            try:
                found.setdefault(asset.category, []).append((asset, traits_of(asset, self._cache)))
            except SceneDataError as error:
                logger.warning("left out: %s", error)
                problem = error
        if not any(found.values()) and problem is not None:
            raise problem
        return found

    def _laid_out(self, task: str) -> Path:
        """The folder that `layout-cli` wrote for a task, now or before."""
        seed = self._task_seed % SEEDS
        key = {
            "task": task,
            "seed": seed,
            "command": self._layout_command,
            "arguments": list(self._arguments),
            "version": VERSION,
        }
        return cached(
            self._cache / "layouts",
            key,
            lambda out: run_layout(
                task,
                out,
                backgrounds=self._backgrounds,
                seed=seed,
                command=self._layout_command,
                arguments=self._arguments,
                timeout=4 * self._timeout,
            ),
        )

    def _category(self, name: str) -> CategoryInfo:
        members = self._assets[name]
        table = any(asset.table for asset, _ in members)
        roles: frozenset[RoleInTask] = frozenset({"surface"})
        if not table:
            roles = frozenset().union(*(self._roles(asset, traits, None) for asset, traits in members))
        return CategoryInfo(
            name=name,
            kind="table" if table else "object",
            label=members[0][0].label,
            roles=roles,
            colors=_in_order(color for _, traits in members for color in traits.colors),
            materials=_in_order(word for asset, _ in members for word in materials_of(asset)),
        )

    def _roles(self, asset: GeneratedAsset, traits: Traits, use: RoleInTask | None) -> frozenset[RoleInTask]:
        return traits.roles(self._scaling.fitted(traits, use, asset.category))

    def _chosen(self, request: AssetRequest) -> GeneratedAsset:
        """One of the folder's assets, by seed."""
        if request.category not in self._assets:
            raise _unknown_category(request.category, self._assets)
        members = self._assets[request.category]
        info = self._category(request.category)
        for what, value, choices in (
            ("color", request.color, info.colors),
            ("material", request.material, info.materials),
        ):
            if value is not None and value not in choices:
                given = ", ".join(map(repr, choices)) or "none"
                raise InvalidOptionError(
                    f"no {request.category!r} of this folder has the {what} {value!r}; it has {given}"
                )
        fitting = [
            (asset, traits)
            for asset, traits in members
            if request.color in (None, *traits.colors) and request.material in (None, *materials_of(asset))
        ]
        if not fitting:
            raise InvalidOptionError(
                f"no {request.category!r} of this folder is both {request.color} and of {request.material}; ask for one of them"
            )
        if request.use is not None and info.kind == "object":
            able = [item for item in fitting if request.use in self._roles(*item, request.use)]
            fitting = able or fitting
        if request.size is not None:  # of several, the smaller or the larger half
            fitting = sorted(fitting, key=lambda item: max(item[1].extents))
            half = (len(fitting) + 1) // 2
            fitting = fitting[:half] if request.size == "small" else fitting[-half:]
        rng = np.random.default_rng([request.seed % SEEDS, zlib.crc32(request.category.encode())])
        return fitting[int(rng.integers(len(fitting)))][0]

    # What is made

    def _made(self, request: AssetRequest) -> GeneratedAsset:
        """What `text3d-cli` makes of the request, now or before."""
        label, seed = request.category.replace("_", " "), request.seed % SEEDS
        prompt = request.description or " ".join(filter(None, (request.size, request.color, request.material, label)))
        key = {
            "prompt": prompt,
            "name": label,
            "seed": seed,
            "command": self._command,
            "arguments": list(self._arguments),
            "version": VERSION,
        }
        folder = cached(
            self._cache / "assets",
            key,
            lambda out: run_text3d(
                prompt,
                out,
                name=label,
                seed=seed,
                command=self._command,
                arguments=self._arguments,
                timeout=self._timeout,
            ),
        )
        return read_assets(folder)[0]

    def _imported(self, asset: GeneratedAsset, request: AssetRequest) -> AssetBundle:
        traits = traits_of(asset, self._cache)
        if request.color is not None and request.color not in traits.colors:
            logger.warning("%s: asked for in %s, it looks %s", asset.source, request.color, " and ".join(traits.colors))
        colors = sorted(traits.colors, key=lambda color: color != request.color)
        label = asset.label if self._closed else request.category.replace("_", " ")
        return generated_mesh(
            asset,
            request,
            self._licence,
            scale=1.0 if asset.table else self._scaling.fitted(traits, request.use, asset.category),
            label=label if colors[0] in label.split() else f"{colors[0]} {label}",
            colors=colors,
            model="EmbodiedGen" if self._closed else self._command,
        ).bundle


def _unknown_category(name: str, known: Mapping[str, object]) -> InvalidOptionError:
    near = difflib.get_close_matches(name, list(known), n=4, cutoff=0.5)
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"it has {', '.join(sorted(known))}"
    return InvalidOptionError(f"unknown category {name!r} in this folder of EmbodiedGen's; {hint}")


def _in_order(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def cache_folder() -> Path:
    """Where EmbodiedGen's output, and what was found out about it, is kept by default."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "genworld" / "embodiedgen"

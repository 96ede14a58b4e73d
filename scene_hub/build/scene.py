"""One job, one scene: design, assets, composition, checks, picture; again with new draws until everything passes.

Every draw comes from a seed made of the build's seed, the job's id and the number of the attempt: a scene does not depend on
the worker that builds it, nor on what was built before.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from scene_hub.build.job import SceneJob, derived_seed
from scene_hub.compose import bundle_collision, compose
from scene_hub.dataset import DatasetCard, SceneDataset, write_dataset
from scene_hub.design import find_designer
from scene_hub.design.designer import Designer, DesignRequest
from scene_hub.errors import InstructionError, InvalidOptionError, SceneDataError
from scene_hub.generate import find_generator
from scene_hub.generate.bundle import AssetBundle, AssetRequest, Generator, RoleInTask, use_in_task
from scene_hub.generate.lighting import draw_lighting
from scene_hub.scene_preview import ScenePictures
from scene_hub.schema import Check, Node, Provenance, Record, Report, Scene, SceneGraph
from scene_hub.validate import find_checks, inspect_asset, validate_scene
from scene_hub.validate.checks import made_check

BUILDER_VERSION = "1"
SCENE_ATTEMPTS = 12
ASSET_DRAWS = 6


class Attempt(Record):
    """What came of one attempt: the draws of each thing, every check that ran, and what went wrong (None: accepted)."""

    draws: dict[str, int] = {}
    checks: tuple[tuple[str, bool], ...] = ()
    problem: str | None = None


class ModelUse(Record):
    """What a language model was asked for a scene."""

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0


NO_MODEL = ModelUse()


@dataclass(frozen=True)
class BuiltScene:
    """What came of a job: the scene with its assets and picture, or None after too many attempts, all attempts, and what the
    designer's language model was asked, if it has one."""

    job_id: str
    scene: Scene | None
    attempts: tuple[Attempt, ...]
    bundles: tuple[AssetBundle, ...] = ()
    preview: bytes | None = None
    model_use: ModelUse = NO_MODEL


@dataclass(frozen=True)
class SceneSettings:
    """What all jobs of a build share. Equal settings and jobs give equal scenes.

    `designer` and `generators` are entry point names, `designer_options` what the user said of the designer, `checks` the
    plug-in checks to run (None: all).
    """

    seed: int = 0
    designer: str = "grammar"
    designer_options: Mapping[str, object] = field(default_factory=dict)
    generators: tuple[str, ...] = ("procedural",)
    generator_options: Mapping[str, object] = field(default_factory=dict)
    checks: tuple[str, ...] | None = None


class SceneBuilder:
    """Builds one scene after another; made once a worker, because designers, checks and renderers are slow to make."""

    def __init__(self, settings: SceneSettings, generator: Generator | None = None) -> None:
        self._settings = settings
        self._generator = generator or find_generator(settings.generators, **settings.generator_options)
        self._designer: Designer = find_designer(
            settings.designer, self._generator.vocabulary(), **settings.designer_options
        )
        self._checks = find_checks(settings.checks)
        self._pictures: ScenePictures | None = None

    def close(self) -> None:
        """Free what the checks hold."""
        for check in self._checks.values():
            check.close()

    def __call__(self, job: SceneJob) -> BuiltScene:
        """The scene for `job`.

        Raises:
            MissingRequirementError: this machine lacks what a check or a picture needs.
        """
        attempts: list[Attempt] = []
        before = self._model_use()
        for number in range(SCENE_ATTEMPTS):
            draft = _Draft(self._settings, job, number)
            try:
                scene = self._attempt(draft)
                attempts.append(draft.attempt(None))
                bundles = tuple(draft.bundles.values())
                use = _difference(self._model_use(), before)
                return BuiltScene(job.id, scene, tuple(attempts), bundles, draft.preview, use)
            except (InstructionError, InvalidOptionError) as error:  # new draws would not change what is asked for
                attempts.append(draft.attempt(str(error)))
                break
            except _Rejected as reason:
                attempts.append(draft.attempt(str(reason)))
        return BuiltScene(job.id, None, tuple(attempts), model_use=_difference(self._model_use(), before))

    def _model_use(self) -> ModelUse:
        """What the designer's language model was asked so far; nothing for a designer without one."""
        usage = getattr(self._designer, "usage", None)
        return ModelUse(**{name: getattr(usage, name, 0) for name in ModelUse.model_fields})

    def _attempt(self, draft: "_Draft") -> Scene:
        graph = draft.job.graph or self._designer.design(draft.request())
        for node in graph.nodes:
            draft.bundles[node.name] = self._asset(draft, node, use_in_task(graph.task, node.role))
        scene = self._composed(draft, graph)
        assets = {bundle.asset.id: bundle.asset for bundle in draft.bundles.values()}
        meshes = {bundle.asset.id: bundle_collision(bundle) for bundle in draft.bundles.values()}
        checks = list(validate_scene(scene, assets, meshes).checks)
        draft.note(*checks)
        with tempfile.TemporaryDirectory(prefix="genworld-build-") as folder:
            dataset = write_dataset(
                Path(folder) / "scene",
                [scene],
                draft.bundles.values(),
                DatasetCard(title="A scene", description="A scene under check."),
            )
            for name, check in self._checks.items():
                outcome = check(dataset, scene.id).model_copy(update={"name": name})
                checks.append(outcome)
                draft.note(outcome)
            draft.preview = self._picture(scene, dataset)
        return scene.model_copy(update={"report": Report(checks=tuple(checks))})

    def _asset(self, draft: "_Draft", node: Node, use: RoleInTask | None) -> AssetBundle:
        """An asset for `node` that passes its checks, from the first of a few draws that gives one."""
        problem = ""
        for draw in range(ASSET_DRAWS):
            draft.draws[node.name] = draw + 1
            bundle = self._generator.generate(_request(node, use, draft.asset_seed(node, draw)))
            checks, bundle = inspect_asset(bundle, use)
            failed = [check for check in checks if not check.passed]
            draft.checks += [(check.name, check.passed) for check in checks]
            if not failed:
                return bundle
            problem = "; ".join(f"{check.name}: {check.message}" for check in failed)
        raise _Rejected(f"no sound {node.label!r} in {ASSET_DRAWS} draws: {problem}")

    def _composed(self, draft: "_Draft", graph: SceneGraph) -> Scene:
        job, settings = draft.job, self._settings
        try:
            scene = compose(
                graph,
                draft.bundles,
                draft.seed("layout"),
                scene_id=job.id,
                split=job.split,
                lighting=draw_lighting(np.random.default_rng(draft.seed("lighting"))),
                provenance=Provenance(
                    generator=f"scene_hub.build with {', '.join(settings.generators)}",
                    generator_version=BUILDER_VERSION,
                    seed=draft.seed("layout"),
                    designer=settings.designer if job.graph is None else "recipe",
                    model=_model(settings),
                    licence=_licence(draft.bundles),
                ),
            )
        except SceneDataError as error:
            draft.note(made_check("placement", False, "", str(error)))
            raise  # not reached: the failed check rejects the attempt
        draft.note(made_check("placement", True, "found a stable arrangement", ""))
        return scene

    def _picture(self, scene: Scene, dataset: SceneDataset) -> bytes:
        if self._pictures is None:
            self._pictures = ScenePictures()
        return self._pictures.preview(scene, dataset)


class _Rejected(Exception):
    """Why an attempt is given up."""


class _Draft:
    """An attempt under way: its seeds, and what has been found out so far."""

    def __init__(self, settings: SceneSettings, job: SceneJob, number: int) -> None:
        self.job = job
        self._seed_parts = (settings.seed, job.id, number)
        self.draws: dict[str, int] = {}
        self.checks: list[tuple[str, bool]] = []
        self.bundles: dict[str, AssetBundle] = {}
        self.preview: bytes | None = None

    def seed(self, *purpose: object) -> int:
        return derived_seed(*self._seed_parts, *purpose)

    def asset_seed(self, node: Node, draw: int) -> int:
        shared = self.job.backgrounds
        if shared is None or node.role not in ("background", "context"):
            return self.seed(node.name, draw)
        return derived_seed(self._seed_parts[0], shared, node.category, node.color, draw)

    def request(self) -> DesignRequest:
        job = self.job
        return DesignRequest(
            instruction=job.instruction,
            seed=self.seed("design"),
            distractors=job.distractors,
            look_alikes=job.look_alikes,
            among=None if job.among is None else frozenset(job.among),
        )

    def note(self, *checks: Check) -> None:
        """Count `checks`; raises _Rejected where one of them failed."""
        self.checks += [(check.name, check.passed) for check in checks]
        failed = [check for check in checks if not check.passed]
        if failed:
            raise _Rejected("; ".join(f"{check.name}: {check.message}" for check in failed))

    def attempt(self, problem: str | None) -> Attempt:
        return Attempt(draws=self.draws, checks=tuple(self.checks), problem=problem)


def _difference(after: ModelUse, before: ModelUse) -> ModelUse:
    return ModelUse(**{name: getattr(after, name) - getattr(before, name) for name in ModelUse.model_fields})


def _request(node: Node, use: RoleInTask | None, seed: int) -> AssetRequest:
    named = node.role not in ("background", "context")
    return AssetRequest(
        category=node.category,
        seed=seed,
        color=node.color,
        name=node.label if named else None,
        material=node.material,
        size=node.size,
        description=node.description,
        use=use,
    )


def _model(settings: SceneSettings) -> str | None:
    model = settings.designer_options.get("model")
    return None if model is None else str(model)


def _licence(bundles: Mapping[str, AssetBundle]) -> str:
    licences = sorted({bundle.asset.provenance.licence for bundle in bundles.values()})
    return licences[0] if len(licences) == 1 else " AND ".join(licences)

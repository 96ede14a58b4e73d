"""All checks on the scenes of a dataset, in parallel."""

from collections.abc import Iterator, Sequence
from functools import partial

from scene_hub.dataset import SceneDataset
from scene_hub.errors import GenWorldError
from scene_hub.generate.bundle import use_in_task
from scene_hub.pool import Failure, run_jobs
from scene_hub.schema import Check, Placement, Record, Scene
from scene_hub.validate.asset_checks import inspect_asset
from scene_hub.validate.checks import made_check, validate_scene
from scene_hub.validate.plugins import find_checks


class SceneReport(Record):
    """All checks of one scene; those of assets carry the placement's name in their message."""

    scene_id: str
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)


class ValidationFailedError(GenWorldError, RuntimeError):
    """A check itself broke down, in two attempts."""


def validate_dataset(
    source: str, scene_ids: Sequence[str], checks: Sequence[str] | None = None, workers: int = 1
) -> Iterator[SceneReport]:
    """The report of each scene of `scene_ids`, each as it is done.

    Args:
        source: the dataset, as `SceneDataset.open` takes it.
        scene_ids: which scenes.
        checks: plug-in checks to run; None: all.
        workers: processes.

    Raises:
        SceneDataError: the dataset is damaged.
        ValidationFailedError: a check broke down, or its worker died, twice.
    """
    for index, outcome in run_jobs(partial(_Validator, source, checks), scene_ids, workers):
        if isinstance(outcome, Failure):
            raise ValidationFailedError(
                f"checking {scene_ids[index]!r} failed twice: {outcome.message}\n{outcome.detail}"
            )
        yield outcome


class _Validator:
    def __init__(self, source: str, checks: Sequence[str] | None) -> None:
        self._dataset = SceneDataset.open(source)
        self._checks = find_checks(checks)

    def close(self) -> None:
        for check in self._checks.values():
            check.close()

    def __call__(self, scene_id: str) -> SceneReport:
        dataset = self._dataset
        scene = dataset.scene(scene_id)
        assets = {placement.asset: dataset.asset(placement.asset) for placement in scene.placements}
        found = [check for placement in scene.placements for check in self._asset_checks(scene, placement)]
        meshes = {asset.id: dataset.collision_meshes(asset) for asset in assets.values()}
        found += validate_scene(scene, assets, meshes).checks
        for name, check in self._checks.items():
            found.append(check(dataset, scene_id).model_copy(update={"name": name}))
        return SceneReport(scene_id=scene_id, checks=tuple(found))

    def _asset_checks(self, scene: Scene, placement: Placement) -> list[Check]:
        asset = self._dataset.asset(placement.asset)
        bundle = self._dataset.bundle(asset)
        checks, kept = inspect_asset(bundle, use_in_task(scene.task, placement.role))
        named = [check.model_copy(update={"message": f"{placement.name}: {check.message}"}) for check in checks]
        if len(kept.asset.grasps) < len(asset.grasps):
            count = len(asset.grasps) - len(kept.asset.grasps)
            named.append(
                made_check("asset-grasps", False, "", f"{placement.name}: {count} stored grasps do not lift it")
            )
        return named

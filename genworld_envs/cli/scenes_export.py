"""`genworld scenes export`: scenes as folders that other simulators load."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

if TYPE_CHECKING:
    from genworld_envs.robots import RobotSpec
    from scene_hub.dataset import SceneDataset
    from scene_hub.export import Camera, RobotPlace
    from scene_hub.schema import Scene

EMBODIEDGEN_ROBOTS = {"panda": "franka"}
"""What EmbodiedGen calls our robots, where it knows them."""


@dataclass
class ScenesExportCommand:
    """Write scenes as URDF, MJCF (MuJoCo) or USD, each in a folder of its own that needs nothing else."""

    format: str
    """urdf: one URDF an asset and EmbodiedGen's layout.json. mjcf: one MuJoCo model. usd: a stage with UsdPhysics."""

    out: Path
    """Folder of the export; each scene lies in a folder with its id there."""

    scene_ids: Annotated[tuple[str, ...], tyro.conf.Positional] = ()
    """The scenes; or choose them with --split, --task, --query or --all."""

    scenes: str = "starter"
    """Where the scenes come from: "starter" (bundled), a dataset folder, or hf://datasets/ORG/NAME@REVISION."""

    split: str | None = None
    """Only this split: train, test_distractors or test_ood."""

    task: str | None = None
    """Only this task family: put_on, put_in, stack or pick."""

    query: str | None = None
    """Only scenes that match, such as 'category == "mug" and objects >= 3'."""

    all: bool = False
    """All scenes of the dataset."""

    robot: str = "panda"
    """Whose base camera is written along with the preview's: panda, so100, widowx250s or a robot of yours."""

    overwrite: bool = False
    """Replace an earlier export in that folder."""

    def run(self) -> int:
        from genworld_envs.program import from_working_folder
        from scene_hub.dataset import SceneDataset
        from scene_hub.errors import InvalidOptionError
        from scene_hub.export import FORMATS

        if self.format not in FORMATS:
            raise InvalidOptionError.unknown("export format", self.format, FORMATS)
        dataset = SceneDataset.open(self.scenes)
        chosen = self._chosen(dataset)
        files = self._write_with_progress(dataset, chosen)
        size = sum(path.stat().st_size for path in self.out.rglob("*") if path.is_file()) / 1e6
        for path in files:
            print(from_working_folder(path))
        print(f"{len(files)} {'scene' if len(files) == 1 else 'scenes'} as {self.format}, {size:.1f} MB")
        return 0

    def _chosen(self, dataset: "SceneDataset") -> "list[Scene]":
        from scene_hub.errors import InvalidOptionError

        if not (self.scene_ids or self.split or self.task or self.query or self.all):
            raise InvalidOptionError(
                "no scene is named; give scene ids (`genworld scenes list` shows them), --split, --task, --query or --all"
            )
        return dataset.scenes(split=self.split, task=self.task, ids=self.scene_ids or None, query=self.query)

    def _write_with_progress(self, dataset: "SceneDataset", scenes: "list[Scene]") -> list[Path]:
        from genworld_envs.cli.progress import counting_bars
        from genworld_envs.robots import robot_spec
        from scene_hub.export import export_scenes

        spec = robot_spec(self.robot)
        with counting_bars() as progress:
            task = progress.add_task("writing", total=len(scenes))
            return export_scenes(
                dataset,
                scenes,
                self.out,
                self.format,
                cameras=[base_camera(spec)],
                robot=robot_place(spec),
                overwrite=self.overwrite,
                progress=lambda done, total: progress.update(task, completed=done, total=total),
            )


def base_camera(spec: "RobotSpec") -> "Camera":
    """The camera "base" of a robot, which a policy sees through, where it stands in the scene frame."""
    import numpy as np

    from scene_hub.export import Camera
    from scene_hub.schema import Pose
    from scene_hub.thumbnails import pose_matrix

    camera = spec.cameras["base"]
    x, y, z = np.add(spec.base_position, camera.position).tolist()
    pose = pose_matrix(Pose(position=(x, y, z), quaternion=camera.quaternion))
    forward, left, up = pose[:3, 0].copy(), pose[:3, 1].copy(), pose[:3, 2].copy()
    pose[:3, :3] = np.stack([-left, up, -forward], axis=1)
    return Camera("base", pose, float(2 * np.arctan(0.5 / camera.focal[1])), (camera.width, camera.height))


def robot_place(spec: "RobotSpec") -> "RobotPlace":
    from scene_hub.export import RobotPlace
    from scene_hub.schema import Pose

    name = EMBODIEDGEN_ROBOTS.get(spec.name, spec.name)
    return RobotPlace(name, Pose(position=spec.base_position, quaternion=spec.base_quaternion))

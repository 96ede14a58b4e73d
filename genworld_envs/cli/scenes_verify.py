"""`genworld scenes verify`: read every byte of a dataset and hold it against its checksum."""

import json
import sys
from dataclasses import dataclass
from typing import Annotated

import tyro

EXIT_DAMAGED = 2


@dataclass
class ScenesVerifyCommand:
    """Read every record and file of a dataset, hold it against its checksum and decode its meshes and textures.

    All that is damaged is listed, one line each; the exit code is 2 then. A dataset on the Hub is fetched for that. Whether the
    scenes are good ones is another question: `genworld scenes validate`.
    """

    scenes: Annotated[str, tyro.conf.Positional] = "starter"
    """The dataset: "starter" (bundled), a folder, or hf://datasets/ORG/NAME@REVISION."""

    json: bool = False
    """Print one JSON object."""

    workers: int = 8
    """Downloads at once."""

    def run(self) -> int:
        from genworld_envs.cli.progress import download_progress
        from scene_hub.damage import find_damage
        from scene_hub.errors import InvalidOptionError

        if self.workers < 1:
            raise InvalidOptionError(f"--workers {self.workers} fetches nothing; give at least 1")
        with download_progress("fetching") as progress:
            damage = [str(error) for error in find_damage(self.scenes, self.workers, progress)]
        if self.json:
            json.dump({"sound": not damage, "damage": damage}, sys.stdout, indent=2, ensure_ascii=False)
            print()
        elif damage:
            print(*damage, sep="\n")
        else:
            print(self._all_is_well())
        if damage:
            print(f"error: {len(damage)} things in {self.scenes} are damaged", file=sys.stderr)
        return EXIT_DAMAGED if damage else 0

    def _all_is_well(self) -> str:
        from scene_hub.dataset import SceneDataset

        dataset = SceneDataset.open(self.scenes)
        files = dataset.files_of(dataset.scenes())
        return (
            f"{dataset.source}: sound. {len(dataset)} scenes, {len(dataset.asset_ids)} assets, {len(files)} files, "
            f"fingerprint {dataset.fingerprint[:16]}"
        )

"""Environments with scenes from the Hub: `scenes="hf://..."` is one more source, and all processes read one commit."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from hub_server import HubServer

from scene_hub.dataset import SceneDataset, write_dataset

_RUN = """
import gymnasium as gym
import numpy as np
import genworld_envs

vector = gym.make_vec(
    "GenWorld-v0", num_envs=2, workers=2, scenes="hf://datasets/org/few@main", obs_mode="state", render_backend="none"
)
_, info = vector.reset(seed=[0, 1])
vector.step(np.zeros(vector.action_space.shape, np.float32))
print(*info["scene_id"])
vector.close()
"""


def test_workers_read_the_commit_that_the_branch_meant(
    hub: HubServer, python: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    starter = SceneDataset.open("starter")
    scenes = starter.scenes(task="pick", count=2)
    used = sorted({asset_id for scene in scenes for asset_id in scene.asset_ids})
    bundles = [starter.bundle(starter.asset(asset_id)) for asset_id in used]
    hub.create("org/few")
    commit = hub.commit_folder("org/few", write_dataset(tmp_path / "few", scenes, bundles, starter.card).folder)
    # As soon as somebody reads of that commit, the branch moves to something that is no dataset.
    hub.before(f"*/resolve/{commit}/*", lambda: hub.commit("org/few", {"dataset.json": b"{}"}))
    result = python(_RUN, **hub.environment(tmp_path / "home"))
    assert result.returncode == 0, result.stderr
    assert set(result.stdout.split()) <= {scene.id for scene in scenes}
    fetched = [request.path.rpartition("/")[2] for request in hub.select("GET")]
    assert "scenes.parquet" not in fetched
    assert any(name.endswith(".glb") for name in fetched)

"""A mesh of one's own becomes a thing in a scene, and that scene stands beside the starter's in one environment.

python examples/own_mesh.py [a mesh file: GLB, OBJ, PLY, STL]
"""

import sys
import tempfile
from pathlib import Path

import gymnasium as gym
import trimesh

import genworld_envs  # noqa: F401  (registers the ids)
from scene_hub.importers.asset import AssetOptions, import_asset


def main(mesh: Path | None = None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        if mesh is None:
            mesh = Path(folder) / "ring.stl"
            trimesh.creation.annulus(r_min=0.018, r_max=0.03, height=0.025).export(mesh)
        options = AssetOptions(description="an orange ring", instruction="put the orange ring on the plate")
        dataset = import_asset(mesh, Path(folder) / "scenes", options)
        ring = dataset.asset(dataset.scenes()[0].object.asset)
        print(f"{ring.name}: {ring.mass:.3f} kg, {len(ring.collision)} collision pieces, {len(ring.grasps)} grasps")

        env = gym.make("GenWorld-PutOn-v0", scenes=["starter", dataset.folder], obs_mode="state")
        _, info = env.reset(seed=0, options={"scene_id": dataset.scene_ids[0]})
        print(info["instruction"])
        env.step(env.action_space.sample())
        env.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))

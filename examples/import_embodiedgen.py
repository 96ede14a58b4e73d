"""Layouts that EmbodiedGen generated become scenes, and the scripted expert does the task of the first.

python examples/import_embodiedgen.py outputs/layouts_gen outputs/imported
"""

import sys

import gymnasium as gym

import genworld_envs  # noqa: F401  (registers the ids)
from genworld_envs.experts import PickPlaceExpert
from scene_hub.importers.embodiedgen import import_layouts


def main(layouts: str, out: str) -> None:
    result = import_layouts(layouts, out)
    for layout in result.layouts:
        if layout.scene is None:
            print(f"{layout.id} is left out: {layout.problem}")
            continue
        print(f"{layout.id}: {layout.scene.instruction}")
        for check in layout.scene.report.failures:
            print(f"  {check.name}: {check.message}")
    if result.dataset is None:
        sys.exit("none of the layouts can be imported")

    env = gym.make("GenWorld-v0", scenes=str(result.dataset.folder), obs_mode="state")
    _, info = env.reset(seed=0, options={"scene_id": result.dataset.scene_ids[0]})
    expert = PickPlaceExpert(env.unwrapped.batched)  # type: ignore[attr-defined]
    expert.reset()
    done = False
    while not done:
        _, _, terminated, truncated, info = env.step(expert.act()[0].cpu().numpy())
        done = terminated or truncated
    env.close()
    print(f"the expert's success in {info['scene_id']}: {info['success']}")


if __name__ == "__main__":
    main(*sys.argv[1:3])

"""The scripted expert carries out one scene's instruction; saves a video.

python examples/expert_rollout.py [scene id] [video.mp4]
"""

import sys
from typing import Any

import gymnasium as gym
import imageio.v3 as iio
import numpy as np

import genworld_envs  # noqa: F401  (registers the ids)
from genworld_envs.experts import PickPlaceExpert


def main(scene_id: str | None = None, video: str = "expert_rollout.mp4") -> None:
    env = gym.make("GenWorld-v0", obs_mode="state", render_mode="rgb_array")
    _, info = env.reset(seed=0, options={"scene_id": scene_id} if scene_id else None)
    print(f"{info['scene_id']}: {info['instruction']}")

    # The expert reads privileged state from the simulation, and acts through the public action space.
    expert = PickPlaceExpert(env.unwrapped.batched)  # type: ignore[attr-defined]
    expert.reset()
    frames: list[Any] = [env.render()]
    done = False
    while not done:
        action = expert.act()[0].cpu().numpy()
        _, _, terminated, truncated, info = env.step(action)
        frames.append(env.render())
        done = terminated or truncated
    env.close()

    iio.imwrite(video, np.stack(frames), fps=10, codec="libx264")  # 5 actions a second, so this is twice real time
    print(f"success {info['success']} after {info['time_to_success']:.1f} s; video: {video}")


if __name__ == "__main__":
    main(*sys.argv[1:])

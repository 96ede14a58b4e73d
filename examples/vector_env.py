"""Several scenes at once: `gym.make_vec` gives batched torch tensors, on a GPU or on all cores of a CPU.

python examples/vector_env.py
"""

import gymnasium as gym
import torch

import genworld_envs  # noqa: F401  (registers the ids)


def main() -> None:
    envs = gym.make_vec("GenWorld-v0", num_envs=2, obs_mode="state")
    observation, info = envs.reset(seed=0)
    print("\n".join(info["instruction"]))
    print(f"observation {tuple(observation.shape)}, action {envs.action_space.shape}")

    generator = torch.Generator().manual_seed(0)
    total = torch.zeros(envs.num_envs)
    for _ in range(20):
        # Random actions in [-1, 1]; an environment whose episode ended resets itself on the next step.
        actions = torch.rand(envs.action_space.shape or (), generator=generator) * 2 - 1
        observation, reward, _, _, info = envs.step(actions)
        total += reward.cpu()
    print(f"reward {total.tolist()}, success {[bool(success) for success in info['success']]}")
    envs.close()


if __name__ == "__main__":
    main()

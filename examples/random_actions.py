"""The smallest program: make an environment, act at random, read what the robot was asked to do.

python examples/random_actions.py
"""

import gymnasium as gym

import genworld_envs  # noqa: F401  (registers the ids)


def main() -> None:
    env = gym.make("GenWorld-v0", obs_mode="state")
    for seed in range(3):
        _, info = env.reset(seed=seed)
        env.action_space.seed(seed)
        print(f"{info['scene_id']}: {info['instruction']}")
        total_reward, done = 0.0, False
        while not done:
            _, reward, terminated, truncated, info = env.step(env.action_space.sample())
            total_reward, done = total_reward + float(reward), terminated or truncated
        print(f"  success {info['success']}, reward {total_reward:.0f}")
    env.close()


if __name__ == "__main__":
    main()

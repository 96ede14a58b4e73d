"""Many environments at once: what `gym.make_vec("GenWorld-v0", num_envs=N)` gives.

Both forms return batched torch tensors, have the standard environment's flat observations, and reset by themselves on the
step after an episode's end (`AutoresetMode.NEXT_STEP`): that step ignores the action and returns the new episode's first
observation with reward 0. Sub-environment i of `reset(seed=s)` plays the episodes of a single environment's
`reset(seed=s + i)`.
"""

from typing import Any

import torch
from gymnasium.vector import VectorEnv


def make_vector_env(num_envs: int, **options: Any) -> VectorEnv:
    """On a CUDA GPU one batched simulation, otherwise one process for each sub-environment."""
    if torch.cuda.is_available() and options.get("sim_backend", "auto") in ("auto", "cuda", "physx_cuda"):
        from genworld_envs.vector.batched import BatchedVectorEnv

        return BatchedVectorEnv(num_envs, **options)
    from genworld_envs.vector.processes import make_process_vector_env

    return make_process_vector_env(num_envs, **options)

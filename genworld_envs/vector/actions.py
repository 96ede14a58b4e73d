"""The check of actions that both vector environments share."""

from typing import Any

import torch

from scene_hub.errors import InvalidOptionError


def batched_actions(
    actions: Any, num_envs: int, size: int, device: torch.device | str = "cpu", chunk: bool = False
) -> torch.Tensor:
    """`actions` as a float32 tensor [N, A] on `device`, or [N, C, A] for a chunk of C control steps.

    Anything that torch reads is taken; one sub-environment may leave its axis out. Values are not looked at: what becomes of
    NaN is the simulation's affair, which knows the sub-environment.

    Raises:
        InvalidOptionError: another shape.
    """
    value = torch.as_tensor(actions, dtype=torch.float32, device=device)
    axes = 3 if chunk else 2
    if num_envs == 1 and value.ndim == axes - 1:
        value = value[None]
    fits = value.ndim == axes and value.shape[0] == num_envs and value.shape[-1] == size
    if not fits or (chunk and value.shape[1] == 0):
        wanted = f"({num_envs}, C, {size}) with C of at least 1" if chunk else f"({num_envs}, {size})"
        raise InvalidOptionError(
            f"actions have shape {tuple(torch.as_tensor(actions).shape)}, but num_envs={num_envs} with actions of {size} "
            f"numbers takes {wanted}"
        )
    return value

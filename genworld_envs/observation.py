"""The observations of the standard and vector environments: flat dictionaries of fixed-size arrays.

ManiSkill nests observations by origin; Gymnasium's and SB3's tools want `Dict` spaces of plain boxes. The mapping:

* image modes: `agent_pos` (7: end-effector xyz in metres and euler angles in radians in the robot's base frame, gripper
  opening in [0, 1]) and, for each camera and texture, `<camera>_<texture>`: `base_rgb` uint8 [H, W, 3], `base_depth`
  float32 [H, W, 1] in metres (0: nothing within range), `base_segmentation` int32 [H, W, 1] (0: background);
* `state`: one float32 vector; `state_dict`: its named parts (`qpos`, `qvel`, `agent_pos`, `object_pose`, ...).
"""

from typing import Any

import numpy as np
import torch
from gymnasium import spaces

from genworld_envs.options import EnvOptions

MILLIMETRES = 1000.0


def flatten_observation(raw: Any, options: EnvOptions) -> torch.Tensor | dict[str, torch.Tensor]:
    """A batched ManiSkill observation as the flat form above, still batched."""
    if options.obs_mode == "state":
        return raw
    if options.obs_mode == "state_dict":
        return {**_leaves(raw["agent"]), **_leaves(raw["extra"])}
    flat: dict[str, torch.Tensor] = {"agent_pos": raw["agent"]["agent_pos"]}
    for camera in options.cameras:
        images = raw["sensor_data"][camera]
        for texture in options.obs_mode.split("+"):
            flat[f"{camera}_{texture}"] = _IMAGE[texture](images[texture])
    return flat


def _leaves(tree: dict[str, Any]) -> dict[str, torch.Tensor]:
    """The tensors of nested dictionaries by their path, such as "controller_arm_target_qpos"."""
    found: dict[str, torch.Tensor] = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            found |= {f"{name}_{key}": leaf for key, leaf in _leaves(value).items()}
        else:
            found[name] = value
    return found


_IMAGE = {
    "rgb": lambda image: image[..., :3].to(torch.uint8),
    # ManiSkill gives depth as int16 millimetres.
    "depth": lambda image: image.to(torch.float32) / MILLIMETRES,
    "segmentation": lambda image: image.to(torch.int32),
}


def observation_space(sample: torch.Tensor | dict[str, torch.Tensor]) -> spaces.Space:
    """The unbatched space that the batched flat observation `sample` comes from."""
    if isinstance(sample, torch.Tensor):
        return _box("state", sample[0])
    return spaces.Dict({name: _box(name, value[0]) for name, value in sample.items()})


def _box(name: str, value: torch.Tensor) -> spaces.Box:
    shape = tuple(value.shape)
    if name.endswith("_rgb"):
        return spaces.Box(0, 255, shape, np.uint8)
    if name.endswith("_depth"):
        return spaces.Box(0.0, np.iinfo(np.int16).max / MILLIMETRES, shape, np.float32)
    if name.endswith("_segmentation"):
        return spaces.Box(0, np.iinfo(np.int16).max, shape, np.int32)
    return spaces.Box(-np.inf, np.inf, shape, np.float32)


def to_numpy(observation: torch.Tensor | dict[str, torch.Tensor], env: int) -> np.ndarray | dict[str, np.ndarray]:
    """Row `env` of a batched flat observation, as numpy arrays of their own memory."""
    if isinstance(observation, dict):
        return {name: value[env].cpu().numpy().copy() for name, value in observation.items()}
    return observation[env].cpu().numpy().copy()

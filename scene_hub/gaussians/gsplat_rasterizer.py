"""Gaussian clouds by gsplat (Ye et al., 2024), on a CUDA GPU; the parameters stay there for the next picture."""

from typing import Any
from weakref import WeakKeyDictionary

import gsplat  # pyright: ignore[reportMissingImports]
import numpy as np
import torch

from scene_hub.gaussians.cloud import GaussianCloud
from scene_hub.gaussians.torch_rasterizer import EPS2D, NEAR_PLANE

_on_device: WeakKeyDictionary[GaussianCloud, dict[str, torch.Tensor]] = WeakKeyDictionary()


def rasterize(
    cloud: GaussianCloud, intrinsics: np.ndarray, world_to_camera: np.ndarray, width: int, height: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """As `torch_rasterizer.rasterize`."""
    parameters = _on_device.get(cloud)
    if parameters is None:
        parameters = _on_device[cloud] = _uploaded(cloud)
    pose = np.concatenate([world_to_camera, [[0.0, 0.0, 0.0, 1.0]]])
    if not len(cloud):
        nothing = torch.zeros(height, width, device="cuda")
        return nothing[..., None].expand(-1, -1, 3), nothing, torch.ones_like(nothing)
    result: Any = gsplat.rasterization(
        **parameters,
        viewmats=torch.tensor(pose, dtype=torch.float32, device="cuda")[None],
        Ks=torch.tensor(intrinsics, dtype=torch.float32, device="cuda")[None],
        width=width,
        height=height,
        near_plane=NEAR_PLANE,
        eps2d=EPS2D,
        sh_degree=cloud.degree,
        render_mode="RGB+D",
    )
    pictures, alphas = result[0][0], result[1][0, ..., 0]
    return pictures[..., :3], pictures[..., 3], 1.0 - alphas


def _uploaded(cloud: GaussianCloud) -> dict[str, torch.Tensor]:
    arrays = {
        "means": cloud.means,
        "quats": cloud.quaternions,
        "scales": cloud.scales,
        "opacities": cloud.opacities,
        "colors": cloud.harmonics,
    }
    return {name: torch.tensor(array, device="cuda") for name, array in arrays.items()}

"""`render`: a picture of a Gaussian cloud, by gsplat on CUDA and by PyTorch elsewhere.

Both follow the convention of gsplat (`gsplat.rasterization`, classic mode): pixel (column, row) is the point (column + 0.5,
row + 0.5) of the image plane; EWA projection with a low-pass of 0.3 square pixels; at a pixel, a Gaussian of opacity o has
alpha = min(0.999, o * exp(-sigma)), and none below 1/255; from front to back by the depth of the centres, until the next one
would leave less than 1e-4 of the light.
"""

import logging
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import numpy as np

from scene_hub.errors import InvalidOptionError, MissingRequirementError
from scene_hub.gaussians.cloud import GaussianCloud

if TYPE_CHECKING:  # it takes a second, and who only reads files does not need it
    import torch

MAX_SIDE = 8192

logger = logging.getLogger(__name__)

Rasterizer = Literal["auto", "gsplat", "torch"]
RASTERIZERS: tuple[Rasterizer, ...] = get_args(Rasterizer)


class Rendered(NamedTuple):
    """A picture: float32 tensors, on the GPU where gsplat drew them."""

    rgb: "torch.Tensor"
    """[H, W, 3], sRGB, in [0, 1]."""
    depth: "torch.Tensor"
    """[H, W] metres along the camera's axis: the mean over what is seen of the cloud at a pixel; 0 where that is nothing."""
    alpha: "torch.Tensor"
    """[H, W], in [0, 1]: the share that the cloud covers; the rest shows the background."""


def render(
    cloud: GaussianCloud,
    intrinsics: np.ndarray,
    world_to_camera: np.ndarray,
    width: int,
    height: int,
    background: tuple[float, float, float] = (0.0, 0.0, 0.0),
    rasterizer: Rasterizer = "auto",
) -> Rendered:
    """What a pinhole camera sees of `cloud`; the same on every call.

    Args:
        intrinsics: [3, 3] in pixels, without skew.
        world_to_camera: [4, 4] or [3, 4], from the cloud's frame to OpenCV's camera axes: x right, y down, z forward.
        background: sRGB in [0, 1].
        rasterizer: "gsplat" takes a CUDA GPU and the extra `gaussians`; "auto" takes it where it is there, else "torch".

    Raises:
        InvalidOptionError: a camera that is none, or an unknown rasterizer.
        MissingRequirementError: gsplat is asked for and missing.
    """
    import torch

    intrinsics = np.asarray(intrinsics, dtype=np.float64)
    world_to_camera = np.asarray(world_to_camera, dtype=np.float64)
    _check_camera(intrinsics, world_to_camera, width, height)
    if chosen(rasterizer) == "gsplat":
        from scene_hub.gaussians.gsplat_rasterizer import rasterize
    else:
        from scene_hub.gaussians.torch_rasterizer import rasterize
    with torch.no_grad():
        color, weighted_depth, transmittance = rasterize(cloud, intrinsics, world_to_camera[:3], width, height)
        alpha = 1.0 - transmittance
        rgb = color + transmittance[..., None] * torch.tensor(background, device=color.device)
        return Rendered(rgb.clamp_(0.0, 1.0), weighted_depth / alpha.clamp_min(1e-10), alpha)


def chosen(rasterizer: Rasterizer) -> Literal["gsplat", "torch"]:
    """The rasterizer that draws where `rasterizer` is asked for."""
    if rasterizer not in RASTERIZERS:
        raise InvalidOptionError.unknown("rasterizer", rasterizer, RASTERIZERS)
    available = _gsplat_available()
    if rasterizer == "gsplat" and not available:
        raise MissingRequirementError(
            "rasterizer='gsplat' takes a CUDA GPU, the CUDA toolkit and gsplat, and one of them is missing here or does not "
            "work; install gsplat with `pip install 'genworld-envs[gaussians]'`, or use rasterizer='torch'"
        )
    return "gsplat" if available and rasterizer != "torch" else "torch"


@cache
def _gsplat_available() -> bool:
    """Whether gsplat draws here. Its kernels may have to be compiled for that, which takes minutes, once on a machine."""
    import torch

    if not torch.cuda.is_available() or find_spec("gsplat") is None:
        return False
    try:
        from scene_hub.gaussians.gsplat_rasterizer import rasterize

        ahead = np.array([[0.0, 0.0, 1.0]])
        cloud = GaussianCloud(ahead, np.zeros((1, 3)), np.eye(4)[:1], np.zeros(1), np.zeros((1, 1, 3)))
        rasterize(cloud, np.eye(3), np.eye(4)[:3], 4, 4)
    except Exception as error:  # whatever its build or the driver trips over
        logger.warning("gsplat does not work here (%s); PyTorch draws 3D Gaussians, on the CPU", error)
        return False
    return True


def _check_camera(intrinsics: np.ndarray, world_to_camera: np.ndarray, width: int, height: int) -> None:
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        raise InvalidOptionError(f"a picture of {width} x {height} pixels; sides are 1 to {MAX_SIDE}")
    sound = intrinsics.shape == (3, 3) and np.isfinite(intrinsics).all() and min(intrinsics[0, 0], intrinsics[1, 1]) > 0
    if not sound or intrinsics[0, 1] != 0 or intrinsics[1, 0] != 0:
        raise InvalidOptionError(f"intrinsics {intrinsics.tolist()} are not [[fx, 0, cx], [0, fy, cy], [0, 0, 1]]")
    turn = world_to_camera[:3, :3] if world_to_camera.ndim == 2 and world_to_camera.shape[1] == 4 else np.zeros((3, 3))
    if not np.isfinite(world_to_camera).all() or not np.allclose(turn @ turn.T, np.eye(3), atol=1e-3):
        raise InvalidOptionError(f"world_to_camera {world_to_camera.tolist()} is no rigid transform [4, 4] or [3, 4]")

"""3D Gaussian clouds (Kerbl et al., SIGGRAPH 2023): what a captured or generated room looks like from anywhere in it.

cloud = read_ply(Path("gs_model.ply")).transformed(Y_UP_TO_Z_UP)
rgb, depth, alpha = render(cloud, intrinsics, world_to_camera, 640, 480)
"""

from scene_hub.gaussians.cloud import Y_UP_TO_Z_UP, GaussianCloud
from scene_hub.gaussians.ply import MAX_GAUSSIANS, read_ply, write_ply
from scene_hub.gaussians.rendering import Rendered, render

__all__ = ["MAX_GAUSSIANS", "Y_UP_TO_Z_UP", "GaussianCloud", "Rendered", "read_ply", "render", "write_ply"]

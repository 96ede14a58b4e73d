"""Generated, language-described 3D manipulation scenes as Gymnasium environments.

Importing this package registers the ids `GenWorld-v0`, `GenWorld-PutOn-v0`, `GenWorld-PutIn-v0`, `GenWorld-Stack-v0` and
`GenWorld-Pick-v0`; `gym.make("genworld_envs:GenWorld-Stack-v0")` does both at once. It also gives ManiSkill's own tasks the
simulation backend "physx_cpu_batched" (see `genworld_envs.physx_cpu_batched`). Nothing heavy is loaded until an environment
is made.
"""

from importlib.metadata import PackageNotFoundError, version

from genworld_envs.physx_cpu_batched import install_with_maniskill
from genworld_envs.registry import ENV_IDS, register_envs
from scene_hub.errors import GenWorldError, InvalidOptionError, MissingRequirementError, SceneDataError

try:
    __version__ = version("genworld-envs")
except PackageNotFoundError:  # a checkout on PYTHONPATH, not installed
    __version__ = "0+unknown"

register_envs()
install_with_maniskill()

__all__ = [
    "ENV_IDS",
    "GenWorldError",
    "InvalidOptionError",
    "MissingRequirementError",
    "SceneDataError",
    "__version__",
    "register_envs",
]

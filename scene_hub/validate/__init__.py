"""Checks that scenes and their assets have to pass, and the reports on them.

`asset_checks` look at one asset, `checks` at a composed scene; both need no environment. Checks that do are plug-ins of the
group `genworld.checks` (see `plugins`). `lifting` tries grasps out.
"""

from scene_hub.validate.asset_checks import ASSET_CHECKS, inspect_asset
from scene_hub.validate.checks import CHECKS, SceneUnderTest, validate_scene
from scene_hub.validate.plugins import SceneCheck, check_names, find_checks

__all__ = [
    "ASSET_CHECKS",
    "CHECKS",
    "SceneCheck",
    "SceneUnderTest",
    "check_names",
    "find_checks",
    "inspect_asset",
    "validate_scene",
]

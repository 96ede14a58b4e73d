"""Checks that a composed scene has to pass, and the report on them.

Each check is a function from a `SceneUnderTest` to a `Check`; `CHECKS` lists them. `validate_scene` runs them all.
"""

from scene_hub.validate.checks import CHECKS, SceneUnderTest, validate_scene

__all__ = ["CHECKS", "SceneUnderTest", "validate_scene"]

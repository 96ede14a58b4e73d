"""Builds datasets of scenes: designs, generates, composes and checks them, in parallel, and goes on where it was stopped.

recipes      what is to be built: `SceneJob`s
scene        one job -> one checked scene, or why not
journal      finished jobs on disk, while a build is under way
builder      jobs -> workers -> journal -> dataset
statistics   how many attempts it took, which checks failed
"""

from scene_hub.build.builder import BuildOptions, BuildResult, build_dataset
from scene_hub.build.job import Recipe, SceneJob
from scene_hub.build.recipes import RECIPES, plan_recipe

__all__ = ["RECIPES", "BuildOptions", "BuildResult", "Recipe", "SceneJob", "build_dataset", "plan_recipe"]

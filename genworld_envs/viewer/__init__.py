"""An interactive 3D page of a scene, for people: `genworld scenes view`. Needs neither a GPU nor a Vulkan driver."""

from genworld_envs.viewer.viewer import SceneViewer

__all__ = ["SceneViewer"]

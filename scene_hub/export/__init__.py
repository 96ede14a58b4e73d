"""Scenes for other simulators: folders with a URDF, MJCF or USD of everything, and what it takes to show it.

export_scenes(SceneDataset.open("starter"), scenes, "exported", "mjcf")
"""

from scene_hub.export.content import Camera, RobotPlace
from scene_hub.export.folder import FORMATS, SCENE_FILES, ExportFormat, export_scenes

__all__ = ["FORMATS", "SCENE_FILES", "Camera", "ExportFormat", "RobotPlace", "export_scenes"]

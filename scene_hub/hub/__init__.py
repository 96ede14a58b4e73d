"""Datasets on the Hugging Face Hub: `SceneDataset.open("hf://datasets/org/name@revision")`."""

from scene_hub.hub.source import HubSource

__all__ = ["HubSource"]

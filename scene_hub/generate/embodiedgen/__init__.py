"""EmbodiedGen as a generator: a folder of its output, or the installed program itself."""

from scene_hub.generate.embodiedgen.command import EmbodiedGenError, run_layout, run_text3d
from scene_hub.generate.embodiedgen.generator import EmbodiedGenGenerator

__all__ = ["EmbodiedGenError", "EmbodiedGenGenerator", "run_layout", "run_text3d"]

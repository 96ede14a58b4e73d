"""`genworld scenes view`: a scene as an interactive 3D page."""

import os
import sys
import time
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro


@dataclass
class ScenesViewCommand:
    """Open a scene as an interactive 3D page in a web browser: objects, robot, collision shapes, grasps, labels, checks.

    Works without a GPU, a Vulkan driver or the network. Ctrl-C ends it.
    """

    scene: Annotated[str | None, tyro.conf.Positional] = None
    """The scene that is shown first (`genworld scenes list` has the ids); by default the dataset's first."""

    scenes: str = "starter"
    """Where the scenes come from: "starter" (bundled), a dataset folder, or hf://datasets/ORG/NAME@REVISION."""

    robot: str = "panda"
    """The robot that is shown at its base: panda, so100, widowx250s, a plug-in, or none."""

    port: int = 8080
    """The TCP port; if it is taken, the next free one."""

    host: str = "127.0.0.1"
    """The network interface to listen at. The page has no password: with 0.0.0.0 the whole network can see it."""

    open: bool = True
    """Do not open the page in a web browser."""

    save: Path | None = None
    """Instead of serving a page, write what it shows at first as one HTML file that works without a server."""

    def run(self) -> int:
        from genworld_envs.program import from_working_folder
        from genworld_envs.viewer import SceneViewer
        from scene_hub.dataset import SceneDataset

        dataset = SceneDataset.open(self.scenes)
        port = self.port if self.save is None else 0
        viewer = SceneViewer(dataset, self.scene, self.robot, self.host, port)
        try:
            if self.save is not None:
                page = viewer.save(self.save.expanduser().absolute())
                print(f"Wrote {from_working_folder(page)}, {page.stat().st_size / 1e6:.1f} MB. Open it in a browser.")
            else:
                print(f"{viewer.content.scene.id} is at {viewer.address} (Ctrl-C ends it)", flush=True)
                if self.open and _has_screen():
                    webbrowser.open(viewer.address)
                while True:
                    time.sleep(3600)
        except KeyboardInterrupt:
            print()
        finally:
            viewer.stop()
        return 0


def _has_screen() -> bool:
    """Whether a browser could show anything: without a screen, Python may start one in the terminal."""
    return sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))

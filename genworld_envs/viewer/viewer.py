"""`SceneViewer`: a scene as an interactive page, served by viser."""

import contextlib
import io
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import viser

from genworld_envs.robots import robot_names
from genworld_envs.viewer.content import SceneContent
from genworld_envs.viewer.facts import legend_html, quality_html, report_html, scene_html, thing_html
from genworld_envs.viewer.figure import RobotFigure
from genworld_envs.viewer.layers import LAYERS, SceneLayers, placed
from genworld_envs.viewer.views import FIELD, FIRST_VIEW, VIEWS, View, views_for
from scene_hub.dataset import SceneDataset
from scene_hub.errors import GenWorldError, InvalidOptionError

NO_ROBOT = "none"
POLICY_VIEW = "Policy"
STEPS = ("Previous", "Next")
PORTS_TRIED = 20
PANEL_WIDTH = 340.0  # pixels
FACTS_PLACE = {"x": 12.0, "y": 12.0, "width": 270.0, "height": 414.0}
BRAND_COLOR = (31, 95, 191)
GRASPS_SHOWN, MOST_GRASPS = 3, 16
PICTURE_HEIGHT, PICTURE_SECONDS = 336, 20.0


class SceneViewer:
    """A page that shows scenes of `dataset`, at `address` until `stop` is called.

    What a person does on the page (another scene, another robot, layers, clicks) is shared by all who have it open.

    Args:
        dataset: the scenes to choose from.
        scene_id: the scene that is shown first; None: the first of the dataset.
        robot: a name of `robot_names()`, or "none".
        host: the network interface to listen at.
        port: the TCP port; if it is taken, the next free one. 0: any that is free.

    Raises:
        InvalidOptionError: an unknown scene or robot, a host or port that cannot be listened at.
        MissingRequirementError: the robot's files are absent.
        SceneDataError: the scene's data is not sound.
    """

    def __init__(
        self,
        dataset: SceneDataset,
        scene_id: str | None = None,
        robot: str = "panda",
        host: str = "127.0.0.1",
        port: int = 8080,
    ) -> None:
        self.dataset = dataset
        self.content = SceneContent.load(dataset, dataset.scene_ids[0] if scene_id is None else scene_id)
        self.figure = _figure(robot)
        self._lock = threading.RLock()
        with _silence():
            self.server = viser.ViserServer(host, free_port(host, port), "GenWorld", verbose=False)
        self.host, self.port = host, self.server.get_port()
        self._set_stage()
        self.layers = SceneLayers(self.server, self.pick)
        self._build_panel()
        self._draw_robot()
        self._show_content()

    @property
    def address(self) -> str:
        """The page's URL."""
        host = {"0.0.0.0": "localhost", "::": "localhost"}.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def robot(self) -> str:
        """The name of the robot that is shown, or "none"."""
        return NO_ROBOT if self.figure is None else self.figure.spec.name

    def stop(self) -> None:
        """Close the page and free the port."""
        with _silence():
            self.server.stop()

    # -- what a person does

    def show_scene(self, scene_id: str) -> None:
        """Show another scene; the one that is there stays if that fails."""
        with self._lock:
            self.content = SceneContent.load(self.dataset, scene_id)
            self._show_content()

    def show_robot(self, name: str) -> None:
        """Show another robot, or "none"; the one that is there stays if that fails."""
        with self._lock:
            self.figure = _figure(name)
            self._draw_robot()
            self.robot_choice.value = name

    def pick(self, name: str) -> None:
        """Show the facts of the thing called `name`."""
        with self._lock:
            self.thing_choice.value = name
            self._thing_text.content = thing_html(self.content.thing(name))

    def save(self, path: Path) -> Path:
        """Write what is drawn, without the panel, as one HTML file that needs neither server nor network."""
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        partial.write_text(self.server.scene.as_html(), encoding="utf-8")
        os.replace(partial, path)
        return path

    # -- the page

    def _set_stage(self) -> None:
        server = self.server
        server.gui.configure_theme(show_logo=False, show_share_button=False, brand_color=BRAND_COLOR)
        server.gui.main_panel.dock_right()
        server.gui.main_panel.set_width(PANEL_WIDTH)
        server.initial_camera.fov = FIELD
        server.initial_camera.near = 0.01

    def _draw_robot(self) -> None:
        self.toggles["camera"].value = False  # its picture is of what was there
        self.layers.draw_robot(self.figure)
        view = self._views()[FIRST_VIEW]
        self.server.initial_camera.position, self.server.initial_camera.look_at = view.eye, view.target

    def _views(self) -> dict[str, View]:
        return views_for(0.0 if self.figure is None else self.figure.spec.reach[1])

    def _build_panel(self) -> None:
        gui, scene = self.server.gui, self.content.scene
        self.scene_choice = gui.add_dropdown("Scene", self.dataset.scene_ids, initial_value=scene.id)
        steps = gui.add_button_group("", STEPS)
        self._scene_text = gui.add_html("")
        with gui.add_folder("Show"):
            gui.add_html(legend_html())
            self.toggles = {}
            for layer in LAYERS:
                self.toggles[layer.name] = gui.add_checkbox(
                    layer.title, layer.shown, hint=layer.hint, visible=layer.name != "gaussians"
                )
                if layer.name == "grasps":
                    self.grasp_count = gui.add_slider("Per object", 1, MOST_GRASPS, 1, GRASPS_SHOWN, visible=False)
                    self._quality_scale = gui.add_html(quality_html(), visible=False)
            self.picture = gui.add_image(
                np.zeros((2, 2, 3), dtype=np.uint8), label="From the policy's camera", visible=False
            )
        views = gui.add_button_group("View", (*VIEWS, POLICY_VIEW))
        self.robot_choice = gui.add_dropdown("Robot", (*robot_names(), NO_ROBOT), initial_value=self.robot)
        panel = gui.add_panel()
        with panel.add_tab("Thing"):
            self.thing_choice = gui.add_dropdown("Shown", [thing.name for thing in self.content.things])
            self._thing_text = gui.add_html("")
        with panel.add_tab("Checks"):
            self._report_text = gui.add_html("")
        panel.float(**FACTS_PLACE)
        self.scene_choice.on_update(self._on_scene)
        self.robot_choice.on_update(self._on_robot)
        self.thing_choice.on_update(lambda _: self.pick(self.thing_choice.value))
        self.grasp_count.on_update(lambda _: self._on_grasp_count())
        views.on_click(self._on_view)
        steps.on_click(self._on_step)
        for name, toggle in self.toggles.items():
            toggle.on_update(lambda event, name=name: self._on_toggle(event, name))

    def _show_content(self) -> None:
        """Draw `content` and say what there is to say about it; all at once, as far as the browser can tell."""
        content = self.content
        splats = content.gaussians is not None
        with self.server.atomic():
            if splats != self.toggles["gaussians"].visible:  # Gaussians stand in for the mesh
                self.toggles["gaussians"].visible = splats
                self.toggles["room"].value = not splats
            self.toggles["camera"].value = False  # its picture is of what was there
            self.layers.draw(content, int(self.grasp_count.value))
            self._scene_text.content = scene_html(content.scene)
            self._report_text.content = report_html(content.scene)
            self.scene_choice.value = content.scene.id
            self.thing_choice.options = [thing.name for thing in content.things]
            self.pick(content.scene.object.name)

    # -- answers to the page

    def _on_scene(self, event: viser.GuiEvent) -> None:
        if self.scene_choice.value == self.content.scene.id:
            return
        with self._told(event):
            self.show_scene(self.scene_choice.value)
        self.scene_choice.value = self.content.scene.id

    def _on_step(self, event: viser.GuiEvent) -> None:
        """To the scene before or after this one, round and round."""
        ids = self.dataset.scene_ids
        place = ids.index(self.content.scene.id) + (1 if event.target.value == STEPS[1] else -1)
        with self._told(event):
            self.show_scene(ids[place % len(ids)])

    def _on_robot(self, event: viser.GuiEvent) -> None:
        if self.robot_choice.value == self.robot:
            return
        with self._told(event):
            self.show_robot(self.robot_choice.value)
        self.robot_choice.value = self.robot

    def _on_grasp_count(self) -> None:
        with self._lock:
            self.layers.draw_grasps(int(self.grasp_count.value))

    def _on_toggle(self, event: viser.GuiEvent, name: str) -> None:
        shown = self.toggles[name].value
        if name == "camera" and shown and event.client is not None:
            self._take_picture(event.client)
        self.layers.show(name, shown)
        if name == "camera" and not shown:
            self.picture.visible = False
        if name == "grasps":
            self.grasp_count.visible = self._quality_scale.visible = shown

    def _take_picture(self, client: viser.ClientHandle) -> None:
        """What the policy's camera sees, drawn by a browser that has the page open, into the camera's frustum."""
        if self.figure is None or self.layers.frustum is None:
            return
        view = self.figure.camera("base")
        wxyz, position = placed(view.pose)
        width = round(PICTURE_HEIGHT * view.aspect)
        with self._lock, self.layers.bare(), contextlib.suppress(RuntimeError, TimeoutError):  # the browser has gone
            picture = client.get_render(
                PICTURE_HEIGHT, width, wxyz=wxyz, position=position, fov=view.fov, timeout=PICTURE_SECONDS
            )
            self.layers.frustum.image = self.picture.image = picture
            self.picture.visible = True

    def _on_view(self, event: viser.GuiEvent) -> None:
        if event.client is None:
            return
        camera, name = event.client.camera, event.target.value
        with event.client.atomic():
            if name == POLICY_VIEW and self.figure is not None:
                self.toggles["camera"].value = False  # which would stand before the eye
                view = self.figure.camera("base")
                camera.wxyz, camera.position = placed(view.pose)
                camera.fov = view.fov
            elif name in VIEWS:
                view = self._views()[name]
                camera.up_direction = (0.0, 0.0, 1.0)
                camera.position = view.eye
                camera.look_at = view.target
                camera.fov = FIELD

    @contextlib.contextmanager
    def _told(self, event: viser.GuiEvent) -> Iterator[None]:
        """What the user can mend is said on the page."""
        try:
            yield
        except GenWorldError as error:
            if event.client is not None:
                event.client.add_notification("This cannot be shown", str(error), color="red")


def _figure(robot: str) -> RobotFigure | None:
    if robot == NO_ROBOT:
        return None
    if robot not in robot_names():
        raise InvalidOptionError.unknown("robot", robot, (*robot_names(), NO_ROBOT))
    return RobotFigure.load(robot)


def free_port(host: str, port: int) -> int:
    """The first TCP port from `port` on that is free at `host`; any free one for 0.

    Raises InvalidOptionError where there is none among the next, or `host` is no interface of this machine.
    """
    if not 0 <= port <= 65535:
        raise InvalidOptionError(f"--port {port}: give a port from 1 to 65535, or 0 for any that is free")
    problem = ""
    for candidate in [0] if port == 0 else range(port, min(port + PORTS_TRIED, 65536)):
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(host, candidate, type=socket.SOCK_STREAM)[0]
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
                return int(probe.getsockname()[1])
        except socket.gaierror as error:
            raise InvalidOptionError(f"--host {host!r} is not known ({error.strerror}); give 127.0.0.1") from None
        except OSError as error:
            problem = error.strerror or str(error)
    raise InvalidOptionError(
        f"cannot listen at {host}, ports {port} to {min(port + PORTS_TRIED, 65536) - 1} ({problem}); "
        "give another --port, or --host 127.0.0.1"
    )


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """viser greets and takes its leave on the standard output; what is to be said there, the caller says."""
    with contextlib.redirect_stdout(io.StringIO()):
        yield

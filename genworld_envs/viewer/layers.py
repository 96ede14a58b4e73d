"""What is drawn of a scene, in layers that are shown and hidden as a whole."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import trimesh
import viser
from viser import transforms

from genworld_envs.viewer.content import SceneContent, Thing
from genworld_envs.viewer.figure import CameraView, RobotFigure
from genworld_envs.viewer.glyphs import (
    best_grasps,
    edge_lines,
    footprint_lines,
    gripper_lines,
    quality_color,
    support_lines,
)
from genworld_envs.viewer.labels import label_places
from scene_hub.gaussians import GaussianCloud, harmonics
from scene_hub.schema import Pose, Role
from scene_hub.thumbnails import pose_matrix

Color = tuple[int, int, int]

ROLE_COLORS: dict[Role, Color] = {"object": (37, 99, 235), "receptacle": (234, 138, 16), "distractor": (120, 129, 141)}
"""Of what stands on the table; table and room speak for themselves."""
PIECE_COLORS: tuple[Color, ...] = (
    (78, 121, 167), (242, 142, 43), (89, 161, 79), (225, 87, 89),
    (118, 183, 178), (237, 201, 72), (176, 122, 161), (156, 117, 95),
)  # fmt: skip
PIECE_OPACITY = 0.55
SUPPORT_COLOR: Color = (124, 58, 237)
CAMERA_COLOR: Color = (30, 41, 59)
AMBIENT = 0.45
"""Intensity of the environment map, so that a white table top stays below white under viser's lights."""
LINE = 0.0022  # metres
GRASP_LINE = 0.003
FRAME_LENGTH, FRAME_RADIUS = 0.06, 0.0018
CAMERA_SCALE = 0.12
EYE_OF_GAUSSIANS = (0.0, 0.0, 0.3)  # metres, scene frame
"""What viser's splats are coloured for: above the workspace."""
OVERLAYS = ("labels", "roles", "collision", "grasps", "supports", "frames", "camera")


@dataclass(frozen=True)
class Layer:
    """A part of the picture that a person shows or hides: what it is called, whether it is shown at first, and a hint."""

    name: str
    title: str
    shown: bool
    hint: str


LAYERS = (
    Layer("things", "Objects", True, "Textured meshes at the full level of detail"),
    Layer("table", "Table", True, "Its textured mesh"),
    Layer("room", "Room", True, "The mesh of the background"),
    Layer("gaussians", "Gaussians", True, "The background as 3D Gaussians, as environments draw it"),
    Layer("robot", "Robot", True, "In its home posture, from the files that it is simulated from"),
    Layer("labels", "Labels", True, "Names and roles"),
    Layer("roles", "Role marks", True, "An ellipse around each thing in the colour of its role"),
    Layer("collision", "Collision pieces", False, "The convex shapes that are simulated, each in a colour"),
    Layer("grasps", "Grasps", False, "Grasps that lifted the object in simulation, coloured by quality"),
    Layer("supports", "Supports", False, "Where things can be put: the clear area, and the rim of containers"),
    Layer("frames", "Frames", False, "Of the scene, each asset, the robot's base and its tool: x red, y green, z blue"),
    Layer("camera", "Policy's camera", False, "What the robot's base camera sees"),
)


class SceneLayers:
    """The drawing of one scene and one robot on `server`; drawn anew it replaces what was there.

    `on_pick` is called with the name of a thing that was clicked. Nodes are called /<layer>/<thing>/...
    """

    def __init__(self, server: viser.ViserServer, on_pick: Callable[[str], None]) -> None:
        self._scene = server.scene
        self._scene.configure_environment_map("city", environment_intensity=AMBIENT)
        self._on_pick = on_pick
        self.nodes: dict[str, viser.FrameHandle] = {
            layer.name: self._scene.add_frame(f"/{layer.name}", show_axes=False, visible=layer.shown)
            for layer in LAYERS
        }
        self._drawn: list[viser.SceneNodeHandle] = []
        self._grasps: list[viser.SceneNodeHandle] = []
        self._robot: list[viser.SceneNodeHandle] = []
        self._content: SceneContent | None = None
        self.frustum: viser.CameraFrustumHandle | None = None

    def show(self, layer: str, visible: bool) -> None:
        """Show or hide `layer`."""
        self.nodes[layer].visible = visible

    @contextmanager
    def bare(self) -> Iterator[None]:
        """For a moment, only what a camera would see."""
        shown = [name for name in OVERLAYS if self.nodes[name].visible]
        for name in shown:
            self.show(name, False)
        try:
            yield
        finally:
            for name in shown:
                self.show(name, True)

    def draw(self, content: SceneContent, grasps: int) -> None:
        """Draw a scene with the best `grasps` grasps of each thing."""
        _remove(self._drawn)
        self._content = content
        for thing in content.things:
            self._draw_thing(thing)
        self._draw_labels(content)
        if content.gaussians is not None:
            self._draw_gaussians(content.scene.background.pose, content.gaussians)
        self._drawn.append(self._axes("/frames/scene", np.eye(4), 2.0))
        self.draw_grasps(grasps)

    def draw_grasps(self, count: int) -> None:
        """Draw the best `count` grasps of each thing."""
        _remove(self._grasps)
        for thing in () if self._content is None else self._content.things:
            if not thing.asset.grasps:
                continue
            pose = thing.placement.pose
            group = f"/grasps/{thing.name}"
            frame = self._scene.add_frame(group, show_axes=False, wxyz=pose.quaternion, position=pose.position)
            self._grasps.append(frame)  # which takes its grasps along
            for index, grasp in enumerate(best_grasps(thing.asset.grasps, count)):
                self._scene.add_line_segments(
                    f"{group}/{index}",
                    gripper_lines(grasp.width),
                    quality_color(grasp.quality),
                    thickness=GRASP_LINE,
                    wxyz=grasp.quaternion,
                    position=grasp.position,
                )

    def draw_robot(self, figure: RobotFigure | None) -> None:
        """Draw a robot with the frames of its base and tool and its camera; None takes it away."""
        _remove(self._robot)
        self.frustum = None
        if figure is None:
            return
        for name, visual in figure.visuals.items():
            wxyz, position = placed(figure.links[name])
            self._robot.append(self._scene.add_glb(f"/robot/{name}", visual, wxyz=wxyz, position=position))
        base = pose_matrix(Pose(position=figure.spec.base_position, quaternion=figure.spec.base_quaternion))
        self.frustum = self._frustum(figure.camera("base"))
        self._robot += [
            self._axes("/frames/robot.base", base),
            self._axes("/frames/robot.tool", figure.tool),
            self.frustum,
        ]

    # -- parts

    def _draw_thing(self, thing: Thing) -> None:
        role, pose = thing.placement.role, thing.placement.pose
        layer = {"background": "room", "context": "table"}.get(role, "things")
        visual = self._scene.add_glb(
            f"/{layer}/{thing.name}",
            thing.visual,
            wxyz=pose.quaternion,
            position=pose.position,
            cast_shadow=role != "background",  # a ceiling would leave its room in the dark
        )
        self._drawn.append(visual)
        if role == "background":
            return
        visual.on_click(lambda _: self._on_pick(thing.name))
        self._drawn.append(self._axes(f"/frames/{thing.name}", pose_matrix(pose)))
        if thing.asset.support is not None:
            self._drawn.append(self._lines(thing, "supports", support_lines(thing.asset.support), SUPPORT_COLOR))
        if role == "context":  # seen through a translucent table top, nothing has its colour any more
            edges = np.concatenate([edge_lines(piece) for piece in thing.pieces])
            self._drawn.append(self._lines(thing, "collision", edges, PIECE_COLORS[0]))
            return
        self._drawn.append(self._lines(thing, "roles", footprint_lines(thing.asset), ROLE_COLORS[role]))
        self._draw_pieces(thing)

    def _draw_pieces(self, thing: Thing) -> None:
        """The collision pieces in as many meshes as there are colours: there may be hundreds of pieces."""
        for index, color in enumerate(PIECE_COLORS[: len(thing.pieces)]):
            corners = np.concatenate([piece.triangles for piece in thing.pieces[index :: len(PIECE_COLORS)]])
            node = self._scene.add_mesh_simple(
                f"/collision/{thing.name}/{index}",
                corners.reshape(-1, 3).astype(np.float32),
                np.arange(3 * len(corners), dtype=np.uint32).reshape(-1, 3),
                color=color,
                opacity=PIECE_OPACITY,
                flat_shading=True,
                cast_shadow=False,
                receive_shadow=False,
                wxyz=thing.placement.pose.quaternion,
                position=thing.placement.pose.position,
            )
            node.on_click(lambda _: self._on_pick(thing.name))
            self._drawn.append(node)

    def _draw_gaussians(self, pose: Pose, cloud: GaussianCloud) -> None:
        """viser's splats look the same from everywhere: they get the colours that are seen from above the workspace."""
        eye = trimesh.transform_points([EYE_OF_GAUSSIANS], np.linalg.inv(pose_matrix(pose)))
        away = cloud.means - eye
        x, y, z = (away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-6)).T
        colors = 0.5 + np.einsum("kn,nkc->nc", harmonics.basis(cloud.degree, x, y, z), cloud.harmonics)
        self._drawn.append(
            self._scene.add_gaussian_splats(
                "/gaussians/room",
                cloud.means,
                cloud.axes @ cloud.axes.swapaxes(1, 2),
                colors.clip(0.0, 1.0),
                cloud.opacities[:, None],
                wxyz=pose.quaternion,
                position=pose.position,
            )
        )

    def _draw_labels(self, content: SceneContent) -> None:
        things = [thing for thing in content.things if thing.placement.role not in ("context", "background")]
        tops = np.array([_top(thing) for thing in things])
        texts = [label_text(thing) for thing in things]
        for thing, text, top, place in zip(things, texts, tops, label_places(tops, texts), strict=True):
            self._drawn.append(
                self._scene.add_label(f"/labels/{thing.name}/text", text, position=place, anchor="bottom-center")
            )
            self._drawn.append(
                self._scene.add_line_segments(
                    f"/labels/{thing.name}/leader",
                    np.array([[top, place]]),
                    ROLE_COLORS[thing.placement.role],
                    thickness=LINE,
                )
            )

    def _lines(self, thing: Thing, layer: str, segments: np.ndarray, color: Color) -> viser.SceneNodeHandle:
        """Segments [K, 2, 3] in the frame of a thing."""
        pose = thing.placement.pose
        return self._scene.add_line_segments(
            f"/{layer}/{thing.name}",
            segments,
            color,
            thickness=LINE,
            wxyz=pose.quaternion,
            position=pose.position,
        )

    def _axes(self, name: str, pose: np.ndarray, size: float = 1.0) -> viser.SceneNodeHandle:
        wxyz, position = placed(pose)
        length, radius = size * FRAME_LENGTH, FRAME_RADIUS
        return self._scene.add_frame(name, axes_length=length, axes_radius=radius, wxyz=wxyz, position=position)

    def _frustum(self, view: CameraView) -> viser.CameraFrustumHandle:
        wxyz, position = placed(view.pose)
        return self._scene.add_camera_frustum(
            "/camera/base",
            view.fov,
            view.aspect,
            scale=CAMERA_SCALE,
            thickness=LINE,
            color=CAMERA_COLOR,
            wxyz=wxyz,
            position=position,
            cast_shadow=False,
        )


def label_text(thing: Thing) -> str:
    """What a label says: what the thing is, and its role."""
    return f"{thing.asset.name} · {thing.placement.role}"


def placed(pose: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The quaternion (w, x, y, z) and the position of a pose [4, 4]."""
    moved = transforms.SE3.from_matrix(pose)
    return moved.rotation().wxyz, moved.translation()


def _top(thing: Thing) -> np.ndarray:
    """The point above the middle of a thing's bounding box, in the scene frame."""
    x, y, z = thing.asset.extents
    corners = np.array([[i * x / 2, j * y / 2, k * z] for i in (-1, 1) for j in (-1, 1) for k in (0, 1)])
    corners = trimesh.transform_points(corners, pose_matrix(thing.placement.pose))
    low, high = corners.min(axis=0), corners.max(axis=0)
    return np.array([*(low + high)[:2] / 2, high[2]])


def _remove(nodes: list[viser.SceneNodeHandle]) -> None:
    for node in nodes:
        node.remove()
    nodes.clear()

"""One sub-environment at one moment, as numpy: what the scripted expert looks at."""

from dataclasses import dataclass

import numpy as np

from genworld_envs.experts.geometry import pose_matrix, transform
from genworld_envs.tasks.state import TaskState


@dataclass(frozen=True)
class View:
    """Poses are 4 x 4, in the scene frame.

    Attributes:
        objects: [M, 4, 4] of the movables: object, receptacle, distractors.
        present: [M] which of them there are.
        clouds: a point cloud of each in its own frame (None where absent).
        start_height: z of the object's origin at the start of the episode.
        tool: the tool frame. qpos: [J] the arm's joints.
        grasped, touches_receptacle, touches_table, touches_robot: of the object.
        opening: share in [0, 1] of the gripper's range.
        support, support_half_extents, rim_height: of the receptacle, as in `TaskState`.
    """

    objects: np.ndarray
    present: np.ndarray
    clouds: tuple[np.ndarray | None, ...]
    start_height: float
    tool: np.ndarray
    qpos: np.ndarray
    grasped: bool
    touches_receptacle: bool
    touches_table: bool
    touches_robot: bool
    opening: float
    support: np.ndarray
    support_half_extents: np.ndarray
    rim_height: float

    @property
    def object(self) -> np.ndarray:
        return self.objects[0]

    def cloud(self, slot: int) -> np.ndarray:
        """[P, 3] points of a movable where it is now."""
        points = self.clouds[slot]
        return np.zeros((0, 3)) if points is None or not self.present[slot] else transform(points, self.objects[slot])

    @property
    def obstacles(self) -> np.ndarray:
        """[P, 3] points of every movable but the object."""
        return np.concatenate([np.zeros((0, 3)), *(self.cloud(slot) for slot in range(1, len(self.objects)))])

    @property
    def on_receptacle(self) -> bool:
        """The paper's rule of success."""
        return self.touches_receptacle and not self.touches_table and not self.touches_robot


def views(state: TaskState, qpos: np.ndarray, clouds: list[tuple[np.ndarray | None, ...]]) -> list[View]:
    """A view of each sub-environment."""

    def array(name: str) -> np.ndarray:
        return getattr(state, name).cpu().numpy()

    position, quaternion = array("position").astype(np.float64), array("quaternion").astype(np.float64)
    tcp, turn = array("tcp_position").astype(np.float64), array("tcp_quaternion").astype(np.float64)
    flags = {name: array(name) for name in ("touches_receptacle", "touches_table", "touches_robot")}
    present, grasped, share = array("present"), array("grasped"), array("gripper_share")
    support, half, rim = array("support").astype(np.float64), array("support_half_extents"), array("rim_height")
    start = array("start_position")
    return [
        View(
            objects=np.stack([pose_matrix(p, q) for p, q in zip(position[env], quaternion[env], strict=True)]),
            present=present[env],
            clouds=clouds[env],
            start_height=float(start[env, 0, 2]),
            tool=pose_matrix(tcp[env], turn[env]),
            qpos=qpos[env],
            grasped=bool(grasped[env, 0]),
            opening=float(share[env]),
            support=support[env],
            support_half_extents=half[env],
            rim_height=float(rim[env]),
            **{name: bool(value[env]) for name, value in flags.items()},
        )
        for env in range(len(position))
    ]

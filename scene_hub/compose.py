"""From a scene graph and the assets for its nodes to a placed scene that stands still.

The table (context) is at the origin of the scene frame, the room's floor at its feet. The other things get random spots
and yaws on the table, larger ones first, without overlapping footprints and with room for gripper fingers between them;
the two targets stay where every supported robot reaches them (the placement rules of arXiv 2603.18532, in our
workspace). Then gravity acts for two seconds: spots where something moves, tips over or overlaps are given up for others.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import trimesh

from scene_hub.errors import SceneDataError
from scene_hub.generate.bundle import AssetBundle
from scene_hub.meshes import collision_pieces
from scene_hub.physics import Body, Settling, settle
from scene_hub.placement import Array, Placements, footprint_half_size, sample_placements, yaw_pose
from scene_hub.schema import Asset, Lighting, Placement, Pose, Provenance, Role, Scene, SceneGraph, Split

COMPOSER_VERSION = "1"

TARGET_REGION = ((-0.10, -0.20), (0.12, 0.20))
DISTRACTOR_REGION = ((-0.13, -0.26), (0.20, 0.26))
FINGER_GAP = 0.03
TABLE_MARGIN = 0.05
ROBOT_BASES_X = (-0.615, -0.40, -0.30)
REACH = (0.20, 0.85)
REACH_ANGLE = np.deg2rad(60.0)

MAX_SETTLE_MOVE = 0.005
MAX_SETTLE_TILT = np.deg2rad(2.0)
MAX_PENETRATION = 0.002
ATTEMPTS = 25

EXPECTED_KINDS: dict[Role, str] = {
    "background": "room",
    "context": "table",
    "object": "object",
    "receptacle": "object",
    "distractor": "object",
}


class Part(NamedTuple):
    """An asset in a scene to be: its node name and role, its record, and its convex collision pieces."""

    name: str
    role: Role
    asset: Asset
    meshes: dict[str, trimesh.Trimesh]


def compose(
    graph: SceneGraph,
    bundles: Mapping[str, AssetBundle],
    seed: int,
    *,
    scene_id: str,
    split: Split,
    lighting: Lighting | None = None,
    provenance: Provenance | None = None,
) -> Scene:
    """The scene that `graph` describes, made of `bundles` (by node name); the same input gives the same scene.

    Raises SceneDataError where a node has no bundle or one of the wrong kind, or no stable arrangement was found.
    """
    parts = [_part(node.name, node.role, bundles) for node in graph.nodes]
    table = next(part for part in parts if part.role == "context")
    movables = [part for part in parts if part.role not in ("background", "context")]
    rng = np.random.default_rng(seed)
    problem = "no arrangement without overlap fits on the table"
    for _ in range(ATTEMPTS):
        placed = _sample(movables, table.asset, rng)
        if placed is None:
            continue
        poses = _poses(parts, movables, placed, table.asset)
        settling = settle(settling_bodies(parts, poses))
        found = settling_problem(settling)
        if found is None:
            return Scene(
                id=scene_id,
                split=split,
                task=graph.task,
                instruction=graph.instruction,
                placements=tuple(
                    Placement(name=part.name, role=part.role, asset=part.asset.id, pose=poses[part.name])
                    for part in parts
                ),
                lighting=lighting or Lighting(),
                provenance=provenance
                or Provenance(generator="scene_hub.compose", generator_version=COMPOSER_VERSION, seed=seed),
            )
        problem = found
    raise SceneDataError(
        f"scene {scene_id!r} ({graph.instruction!r}): no stable arrangement in {ATTEMPTS} attempts with seed {seed}; "
        f"the last problem: {problem}. Use smaller or fewer things, or another seed"
    )


def settling_bodies(parts: list[Part], poses: Mapping[str, Pose]) -> dict[str, Body]:
    """The physical bodies of a scene: all its parts but the room, which nothing touches."""
    return {
        part.name: Body(part.asset, part.meshes, poses[part.name], static=part.role == "context")
        for part in parts
        if part.role != "background"
    }


def settling_problem(settling: Settling) -> str | None:
    """What is wrong with how a scene settled, in words, or None where it stands."""
    if settling.penetration > MAX_PENETRATION:
        return f"bodies overlap by {settling.penetration * 1000:.1f} mm at the start"
    for name, move in settling.moved.items():
        tilt = settling.tilted[name]
        if move > MAX_SETTLE_MOVE or tilt > MAX_SETTLE_TILT:
            return f"{name!r} moved {move * 1000:.1f} mm and turned {np.rad2deg(tilt):.1f} degrees under gravity"
    return None


def reachable(xy: Array) -> np.ndarray:
    """Whether positions [N, 2] are 0.20-0.85 m from every robot base and within 60 degrees of straight ahead."""
    offset = np.asarray(xy, dtype=float)[:, None] - np.array([[x, 0.0] for x in ROBOT_BASES_X])
    distance = np.linalg.norm(offset, axis=-1)
    angle = np.abs(np.arctan2(offset[..., 1], offset[..., 0]))
    return np.all((distance >= REACH[0] - 1e-9) & (distance <= REACH[1]) & (angle <= REACH_ANGLE), axis=-1)


def table_region(
    table: Asset, margin: float = TABLE_MARGIN, pose: Pose | None = None
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Corners (low, high), scene frame, of the level part of a table's top, in metres, that keeps `margin` from its edges.

    A table stands at `pose` (default: the origin), which may shift it but not turn it.
    """
    x, y = (0.0, 0.0) if pose is None else pose.position[:2]
    half_x, half_y = footprint_half_size(table)
    if table.support is not None:
        x, y = x + table.support.position[0], y + table.support.position[1]
        half_x, half_y = table.support.half_extents
    return (x - half_x + margin, y - half_y + margin), (x + half_x - margin, y + half_y - margin)


def _part(name: str, role: Role, bundles: Mapping[str, AssetBundle]) -> Part:
    if name not in bundles:
        raise SceneDataError(f"node {name!r} has no asset; assets were given for {sorted(bundles)}")
    bundle = bundles[name]
    asset = bundle.asset
    if asset.kind != EXPECTED_KINDS[role]:
        raise SceneDataError(
            f"node {name!r} is the {role}, which takes a {EXPECTED_KINDS[role]}, but {asset.name!r} is a {asset.kind}"
        )
    return Part(name, role, asset, bundle_collision(bundle))


def bundle_collision(bundle: AssetBundle) -> dict[str, trimesh.Trimesh]:
    """The convex collision pieces of a bundle by name, checked like those of a dataset."""
    file = bundle.asset.files.collision
    if file is None:
        return {}
    return collision_pieces(bundle.files[file.path], bundle.asset, f"collision file of {bundle.asset.name!r}")


def _sample(movables: list[Part], table: Asset, rng: np.random.Generator) -> Placements | None:
    regions = np.array([DISTRACTOR_REGION if part.role == "distractor" else TARGET_REGION for part in movables])
    return sample_placements(
        [footprint_half_size(part.asset) for part in movables],
        regions[:, 0],
        regions[:, 1],
        rng,
        gap=FINGER_GAP,
        table=table_region(table),
        allowed=reachable,
    )


def _poses(parts: list[Part], movables: list[Part], placed: Placements, table: Asset) -> dict[str, Pose]:
    """Every part's pose: movables on the table, the table at the origin, the room's floor at the table's feet."""
    poses = {part.name: yaw_pose(placed.xy[i], float(placed.yaw[i])) for i, part in enumerate(movables)}
    floor = Pose(position=(0.0, 0.0, -round(table.extents[2], 4)))
    return {
        **poses,
        **{part.name: Pose() if part.role == "context" else floor for part in parts if part.name not in poses},
    }

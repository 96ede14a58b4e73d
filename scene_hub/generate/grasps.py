"""A geometric planner of antipodal parallel-jaw grasps, the same for every asset.

Points are sampled on the surface; from each a ray runs inward along the closing axis to the opposite contact. A pair whose
two normals lie within the friction cone becomes a grasp if its approach is close enough to straight down and the open
gripper, modelled as two fingers and a palm, is free of the object and of the table. What is left is scored, and the best
in each direction are kept, so that for any yaw of the object one lies near the robot's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import trimesh

from scene_hub.generate.shapes import Surface
from scene_hub.schema import Grasp

MIN_WIDTH, MAX_WIDTH = 0.008, 0.066
MAX_GRASPS = 16
YAW_BINS = 8  # over half a turn; every grasp is stored with its twin, turned by 180 degrees


@dataclass(frozen=True)
class Gripper:
    """A simple parallel gripper, metres; between and around the grippers of panda, widowx250s and so100."""

    max_opening: float = 0.08
    clearance: float = 0.02  # opening beyond the width of the object
    finger_width: float = 0.022
    finger_thickness: float = 0.015
    tip: float = 0.008  # fingers reach this far beyond the grasp point
    depth: float = 0.043  # and the palm begins this far behind it
    palm: tuple[float, float, float] = (0.06, 0.20, 0.06)


FRICTION_CONE = np.radians(18.0)
MAX_UPWARD = np.sin(np.radians(15.0))
MAX_TILT = np.radians(40.0)
TILTS = tuple(np.radians([0.0, 20.0, -20.0, 36.0, -36.0]))
TABLE_CLEARANCE = 0.002
SAMPLES = 500
PAIRS_PER_YAW = 40
WIDE = 0.052  # from here to MAX_WIDTH a grasp counts for less and less: grippers differ in what they can open to
ENOUGH = 60


@dataclass(frozen=True)
class _Candidates:
    """Antipodal pairs: midpoints [n, 3], closing axes [n, 3], widths [n].

    `parallel` [n] is the worse cosine between the closing axis and the two normals, `upward` [n] the greater height of the
    two outward normals: where it is positive the sides lean together above, and squeezing pushes the object down.
    """

    middle: np.ndarray
    axis: np.ndarray
    width: np.ndarray
    parallel: np.ndarray
    upward: np.ndarray

    def __getitem__(self, index: np.ndarray) -> "_Candidates":
        return _Candidates(
            self.middle[index], self.axis[index], self.width[index], self.parallel[index], self.upward[index]
        )


def plan_grasps(
    surface: Surface,
    pieces: Sequence[trimesh.Trimesh],
    center_of_mass: np.ndarray,
    seed: int,
    gripper: Gripper | None = None,
) -> tuple[Grasp, ...]:
    """The best grasps of an object in its asset frame, best first; empty if it cannot be grasped from above.

    `surface` is what is touched, `pieces` the convex collision that must stay clear of the fingers too.
    """
    gripper = gripper or Gripper()
    rng = np.random.default_rng([seed, 7])
    pairs = _antipodal_pairs(surface, rng)
    pairs = pairs[pairs.middle[:, 2] >= gripper.tip + TABLE_CLEARANCE]  # lower, the fingers would be in the table
    pairs = _thinned(pairs, center_of_mass)
    if len(pairs.width) == 0:
        return ()
    skin = _samples(surface.triangles, rng, 4000)
    hulls = [_samples(np.asarray(piece.triangles), rng, 3000 // len(pieces)) for piece in pieces]
    cloud = np.concatenate([skin, *hulls]).astype(np.float32)
    found: list[tuple[float, np.ndarray, np.ndarray, float]] = []  # score, position, rotation, width
    pending = pairs
    for tilt in TILTS:
        if len(found) >= ENOUGH:  # a slanted approach only where the upright one does not do
            break
        rotations = _gripper_frames(pending.axis, tilt)
        allowed = np.arccos(np.clip(-rotations[:, 2, 2], -1, 1)) <= MAX_TILT
        clear, roomy = _clear(cloud, pending, rotations, gripper)
        good = np.flatnonzero(allowed & clear)
        scores = _scores(skin, pending[good], rotations[good], roomy[good], center_of_mass)
        found.extend(
            (round(float(score), 6), pending.middle[i], rotations[i], float(pending.width[i]))
            for score, i in zip(scores, good, strict=True)
        )
        pending = pending[np.setdiff1d(np.arange(len(pending.width)), good)]
    return _diverse(found)


# ----------------------------------------------------------------------------------------------------------- candidates


def _antipodal_pairs(surface: Surface, rng: np.random.Generator) -> _Candidates:
    triangles = surface.triangles
    cross = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    areas = np.linalg.norm(cross, axis=1)
    normals = cross / np.maximum(areas, 1e-12)[:, None]
    weights = areas * (np.abs(normals[:, 2]) < np.sin(MAX_TILT))  # faces that a gripper from above can press on
    if weights.sum() <= 0:
        return _Candidates(np.zeros((0, 3)), np.zeros((0, 3)), np.zeros(0), np.zeros(0), np.zeros(0))
    index, points = _draw(triangles, weights, rng, 3 * SAMPLES)
    reachable = np.flatnonzero(points[:, 2] > TABLE_CLEARANCE)[:SAMPLES]
    index, points = index[reachable], points[reachable]
    normal = normals[index]
    level = normal * np.array([1.0, 1.0, 0.0])
    level /= np.maximum(np.linalg.norm(level, axis=1, keepdims=True), 1e-9)
    usable = np.einsum("ij,ij->i", level, normal) > np.cos(FRICTION_CONE)
    axis = np.where(usable[:, None], level, normal)  # a level closing axis wherever friction permits it
    ray, hit, distance = _ray_hits(points, -axis, triangles)
    cosine = -np.einsum("ij,ij->i", normals[hit], axis[ray])
    mine = np.einsum("ij,ij->i", normal[ray], axis[ray])
    good = (distance > MIN_WIDTH) & (distance < MAX_WIDTH) & (cosine > np.cos(FRICTION_CONE))
    upward = np.maximum(normals[hit, 2], normal[ray, 2])
    good &= upward < MAX_UPWARD
    ray, distance, worst, upward = ray[good], distance[good], np.minimum(cosine, mine)[good], upward[good]
    return _Candidates(points[ray] - axis[ray] * (distance / 2)[:, None], axis[ray], distance, worst, upward)


def _thinned(pairs: _Candidates, center_of_mass: np.ndarray) -> _Candidates:
    """At most PAIRS_PER_YAW pairs of each yaw bin.

    Half of them are the narrow ones nearest the centre of mass, seen from above, half are spread over the others.
    """
    distance = np.linalg.norm(pairs.middle[:, :2] - center_of_mass[:2], axis=1)
    distance = distance + 4.0 * np.maximum(pairs.width - WIDE, 0.0)
    order = np.argsort(np.round(distance, 5), kind="stable")
    bins = _yaw_bin(np.arctan2(pairs.axis[:, 1], pairs.axis[:, 0]))
    kept = []
    for index in range(YAW_BINS):
        mine = order[bins[order] == index]
        half = PAIRS_PER_YAW // 2
        spread = np.linspace(half, len(mine) - 1, min(half, max(len(mine) - half, 0))).astype(int)
        kept += [mine[:half], mine[spread]]
    return pairs[np.concatenate(kept)]


def _yaw_bin(yaw: np.ndarray) -> np.ndarray:
    return np.minimum((np.degrees(yaw) % 180.0 // (180.0 / YAW_BINS)).astype(int), YAW_BINS - 1)


def _ray_hits(
    origins: np.ndarray, directions: np.ndarray, triangles: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All hits of rays on triangles (Moeller and Trumbore 1997): ray index, triangle index, distance."""
    a, u, v = triangles[:, 0], triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    rays, hits, distances = [], [], []
    for start in range(0, len(origins), 128):
        o, d = origins[start : start + 128, None], directions[start : start + 128, None]
        p = np.cross(d, v[None])
        determinant = np.einsum("rtk,tk->rt", p, u)
        inverse = 1.0 / np.where(np.abs(determinant) < 1e-15, 1e-15, determinant)
        s = o - a[None]
        alpha = np.einsum("rtk,rtk->rt", s, p) * inverse
        q = np.cross(s, u[None])
        beta = np.einsum("rtk,rtk->rt", np.broadcast_to(d, q.shape), q) * inverse
        t = np.einsum("rtk,tk->rt", q, v) * inverse
        ray, hit = np.nonzero(
            (np.abs(determinant) > 1e-15) & (alpha >= 0) & (beta >= 0) & (alpha + beta <= 1) & (t > 1e-5)
        )
        rays.append(ray + start)
        hits.append(hit)
        distances.append(t[ray, hit])
    return np.concatenate(rays), np.concatenate(hits), np.concatenate(distances)


def _draw(
    triangles: np.ndarray, weights: np.ndarray, rng: np.random.Generator, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """`count` points on triangles drawn by weight, with the index of the triangle of each."""
    index = np.searchsorted(np.cumsum(weights) / weights.sum(), rng.random(count)).clip(max=len(weights) - 1)
    r, s = np.sqrt(rng.random(count))[:, None], rng.random(count)[:, None]
    a, b, c = np.moveaxis(triangles[index], 1, 0)
    return index, a * (1 - r) + b * (r * (1 - s)) + c * (r * s)


def _samples(triangles: np.ndarray, rng: np.random.Generator, most: int) -> np.ndarray:
    """Corners and points about 2.5 mm apart."""
    areas = np.linalg.norm(np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]), axis=1) / 2
    count = int(np.clip(areas.sum() / 0.0025**2, 200, most))
    return np.concatenate([triangles.reshape(-1, 3), _draw(triangles, areas, rng, count)[1]])


# -------------------------------------------------------------------------------------------------- clearance and score


def _gripper_frames(axis: np.ndarray, tilt: float) -> np.ndarray:
    """[n, 3, 3] gripper frames: y the closing axis, z as straight down as y permits, then turned about y by `tilt`."""
    down = np.array([0.0, 0.0, -1.0]) + axis * axis[:, 2:]
    down /= np.linalg.norm(down, axis=1, keepdims=True)
    side = np.cross(axis, down)
    approach = down * np.cos(tilt) + side * np.sin(tilt)
    return np.stack([np.cross(axis, approach), axis, approach], axis=2)


def _clear(
    cloud: np.ndarray, pairs: _Candidates, rotations: np.ndarray, gripper: Gripper
) -> tuple[np.ndarray, np.ndarray]:
    """Whether the open gripper is free of points and above the table, and whether it still is with 4 mm to spare."""
    clear, roomy = np.zeros(len(rotations), dtype=bool), np.zeros(len(rotations), dtype=bool)
    for i, (middle, rotation, width) in enumerate(zip(pairs.middle, rotations, pairs.width, strict=True)):
        opening = min(width + gripper.clearance, gripper.max_opening)
        reach = np.array([gripper.finger_width / 2, opening / 2 + gripper.finger_thickness])
        lowest = middle[2] + gripper.tip * rotation[2, 2] - np.abs(rotation[2, :2]) @ reach
        if lowest < TABLE_CLEARANCE:
            continue
        local = (cloud - middle.astype(np.float32)) @ rotation.astype(np.float32)
        clear[i] = _free(local, opening, gripper, 0.0)
        roomy[i] = clear[i] and _free(local, opening, gripper, 0.004)
    return clear, roomy


def _free(local: np.ndarray, opening: float, gripper: Gripper, margin: float) -> bool:
    """Whether no point [n, 3], in the gripper's frame, lies in its fingers or palm, both grown by `margin`."""
    across, along, depth = np.abs(local[:, 0]), np.abs(local[:, 1]), local[:, 2]
    outer = opening / 2 + gripper.finger_thickness + margin
    beside = (along > opening / 2 - margin) & (along < outer) & (across < gripper.finger_width / 2 + margin)
    finger = beside & (depth > -gripper.depth) & (depth < gripper.tip + margin)
    behind = (across < gripper.palm[0] / 2) & (along < gripper.palm[1] / 2)
    palm = behind & (depth < -gripper.depth + margin) & (depth > -gripper.depth - gripper.palm[2])
    return not bool(np.any(finger | palm))


def _scores(
    skin: np.ndarray, pairs: _Candidates, rotations: np.ndarray, roomy: np.ndarray, center_of_mass: np.ndarray
) -> np.ndarray:
    """Quality in (0, 1]: a weighted mean of what makes a grasp from above hold."""
    if len(rotations) == 0:
        return np.zeros(0)
    offset = center_of_mass - pairs.middle
    vertical = -rotations[:, 2, 2]
    centered = np.exp(-((np.linalg.norm(offset[:, :2], axis=1) / 0.03) ** 2))
    level = np.exp(-((offset[:, 2] / 0.03) ** 2))
    parallel = (pairs.parallel - np.cos(FRICTION_CONE)) / (1 - np.cos(FRICTION_CONE))
    margin = np.clip((MAX_WIDTH - pairs.width) / (MAX_WIDTH - WIDE), 0, 1)
    contact = _contact_share(skin, pairs, rotations)
    parts = (
        (0.24, vertical),
        (0.28, centered),
        (0.12, level),
        (0.14, parallel),
        (0.14, contact),
        (0.08, roomy),
    )
    quality = sum(weight * np.clip(value, 0, 1) for weight, value in parts)
    slip = np.clip(pairs.upward / MAX_UPWARD, 0, 1)
    return np.clip(quality * (0.6 + 0.4 * margin) * (1 - 0.3 * slip), 1e-3, 1.0)


def _contact_share(skin: np.ndarray, pairs: _Candidates, rotations: np.ndarray) -> np.ndarray:
    """How much of the pads (18 x 14 mm) touches something, the worse of both sides, 0 to 1."""
    shares = np.zeros(len(rotations))
    for i, (middle, rotation, width) in enumerate(zip(pairs.middle, rotations, pairs.width, strict=True)):
        local = (skin - middle) @ rotation
        pad = (np.abs(local[:, 0]) < 0.009) & (np.abs(local[:, 2]) < 0.007)
        sides = [np.count_nonzero(pad & (np.abs(local[:, 1] - side * width / 2) < 0.0015)) for side in (-1, 1)]
        shares[i] = min(1.0, min(sides) / 24.0)
    return shares


# ------------------------------------------------------------------------------------------------------------ selection


def _diverse(found: list[tuple[float, np.ndarray, np.ndarray, float]]) -> tuple[Grasp, ...]:
    """The best of each yaw bin, then others at different places, each with its twin turned by half a turn."""
    if not found:
        return ()
    ranked = sorted(found, key=lambda item: (-item[0], *np.round(item[1], 6).tolist()))
    least = 0.6 * ranked[0][0]
    chosen: list[tuple[float, np.ndarray, np.ndarray, float]] = []
    seen_bins: set[int] = set()
    for item in ranked:
        bin_ = int(_yaw_bin(np.array(_yaw(item[2]))))
        if bin_ not in seen_bins and item[0] >= least:
            seen_bins.add(bin_)
            chosen.append(item)
    for item in ranked:
        if len(chosen) >= MAX_GRASPS // 2 or item[0] < least:
            break
        if all(_different(item, other) for other in chosen):
            chosen.append(item)
    chosen.sort(key=lambda item: -item[0])
    twins = [grasp for item in chosen[: MAX_GRASPS // 2] for grasp in (_grasp(item, False), _grasp(item, True))]
    return tuple(twins)


def _yaw(rotation: np.ndarray) -> float:
    return float(np.arctan2(rotation[1, 1], rotation[0, 1]))


def _different(first: tuple, second: tuple) -> bool:
    turn = abs((_yaw(first[2]) - _yaw(second[2]) + np.pi / 2) % np.pi - np.pi / 2)
    return turn > np.radians(20.0) or float(np.linalg.norm(first[1] - second[1])) > 0.012


def _grasp(item: tuple[float, np.ndarray, np.ndarray, float], twin: bool) -> Grasp:
    quality, position, rotation, width = item
    if twin:
        rotation = rotation * np.array([-1.0, -1.0, 1.0])
    w, x, y, z = (float(v) for v in np.round(trimesh.transformations.quaternion_from_matrix(rotation), 6) + 0.0)
    px, py, pz = (float(v) for v in np.round(position, 5) + 0.0)
    return Grasp(position=(px, py, pz), quaternion=(w, x, y, z), width=round(width, 5), quality=round(quality, 4))

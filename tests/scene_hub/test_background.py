"""EmbodiedGen's backgrounds become rooms: Gaussians and a mesh in one frame, whichever of the two files there is."""

import io
from pathlib import Path

import numpy as np
import pytest
import trimesh
import trimesh.remesh
from gaussian_clouds import cloud_of, looking
from trimesh.visual import ColorVisuals

from scene_hub.errors import InvalidOptionError, SceneDataError
from scene_hub.gaussians import Y_UP_TO_Z_UP, GaussianCloud, harmonics, read_ply, render, write_ply
from scene_hub.generate.bundle import AssetBundle
from scene_hub.importers.background import BackgroundFiles, background_bundle
from scene_hub.meshes import check_visual
from scene_hub.schema import Provenance

PROVENANCE = Provenance(generator="embodiedgen", generator_version="1", licence="Apache-2.0", source="kitchen")
HALF = np.array([2.0, 2.5, 1.25])
"""Half the size of the room, z up."""
COLORS = np.array(
    [[0.8, 0.1, 0.1], [0.1, 0.7, 0.1], [0.9, 0.9, 0.9], [0.1, 0.1, 0.8], [0.8, 0.7, 0.1], [0.5, 0.3, 0.2]]
)
"""Of the walls at +x, +y, the ceiling, -x, -y, the floor."""


def box_cloud(count: int = 12_000) -> GaussianCloud:
    """The inside of a box, each side in its colour; the floor at z = 0."""
    rng = np.random.default_rng(0)
    side = np.arange(count) % 6
    axis, sign = side % 3, np.where(side < 3, 1.0, -1.0)
    means = rng.uniform(-1, 1, (count, 3))
    means[np.arange(count), axis] = sign
    scales = np.full((count, 3), np.log(0.08))
    scales[np.arange(count), axis] = np.log(0.005)
    return GaussianCloud(
        means * HALF + [0, 0, HALF[2]],
        scales,
        np.tile([1.0, 0, 0, 0], (count, 1)),
        np.full(count, 5.0),
        (COLORS[side][:, None] - 0.5) / harmonics.CONSTANT,
    )


def box_mesh() -> trimesh.Trimesh:
    """The same as a mesh, colours at the vertices."""
    mesh = trimesh.creation.box(2 * HALF)
    mesh = trimesh.Trimesh(*trimesh.remesh.subdivide_to_size(mesh.vertices, mesh.faces, 0.25)[:2], process=False)
    mesh.unmerge_vertices()
    side = np.repeat(np.abs(mesh.face_normals).argmax(axis=1) + 3 * (mesh.face_normals.min(axis=1) < -0.5), 3)
    mesh.apply_translation([0, 0, HALF[2]])
    colors = np.column_stack([np.round(255 * COLORS[side]), np.full(len(side), 255)]).astype(np.uint8)
    mesh.visual = ColorVisuals(mesh, vertex_colors=colors)
    return mesh


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A background folder as EmbodiedGen writes it: y up."""
    folder, back = tmp_path_factory.mktemp("background"), np.linalg.inv(Y_UP_TO_Z_UP)
    (folder / "gs_model.ply").write_bytes(write_ply(box_cloud().transformed(back)))
    box_mesh().apply_transform(back).export(folder / "mesh_model.ply")
    return folder


def colors_around(mesh: trimesh.Trimesh) -> list[np.ndarray]:
    """The colour (0 to 1) of a textured mesh at the middle of each of the four walls and the floor, seen from inside."""
    image = np.asarray(mesh.visual.material.baseColorTexture.convert("RGB"), dtype=float) / 255  # type: ignore[union-attr]
    uv = np.asarray(mesh.visual.uv)[mesh.faces].mean(axis=1)  # type: ignore[union-attr]
    height, width = image.shape[:2]
    column, row = np.clip((uv * [width, height]).astype(int), 0, [width - 1, height - 1]).T
    texels = image[height - 1 - row, column]
    found = []
    for side in (0, 1, 3, 4, 5):
        spot = np.array([0.0, 0.0, HALF[2]])
        spot[side % 3] += HALF[side % 3] * (1 if side < 3 else -1)
        distance = np.linalg.norm(mesh.triangles_center - spot, axis=1)
        found.append(np.median(texels[np.argsort(distance)[:6]], axis=0))
    return found


def whole_mesh(bundle: AssetBundle, name: str) -> trimesh.Trimesh:
    mesh = trimesh.util.concatenate(meshes_of(bundle, name))
    assert isinstance(mesh, trimesh.Trimesh)
    return mesh


def meshes_of(bundle: AssetBundle, name: str) -> list[trimesh.Trimesh]:
    scene = trimesh.load_scene(io.BytesIO(bundle.files[name]), file_type="glb", process=False)
    return [mesh for mesh in scene.geometry.values() if isinstance(mesh, trimesh.Trimesh)]


def assert_room(bundle: AssetBundle) -> None:
    """Sound files, the size of the box, walls that face the middle, no ceiling that would keep a light out."""
    assert bundle.asset.kind == "room" and not bundle.asset.collision and bundle.asset.provenance == PROVENANCE
    np.testing.assert_allclose(bundle.asset.extents, 2 * HALF, atol=0.15)
    for name, most in (("visual", 25_000), ("visual_low", 5_000)):
        assert check_visual(bundle.files[f"{name}.glb"], bundle.asset, name, name) <= most  # type: ignore[arg-type]
        mesh = whole_mesh(bundle, f"{name}.glb")
        inward = np.einsum("ij,ij->i", mesh.face_normals, [0, 0, HALF[2]] - mesh.triangles_center)
        assert (inward > 0).mean() > 0.98
        assert mesh.bounds[0, 2] == pytest.approx(0.0, abs=0.15)
        overhead = (mesh.triangles_center[:, 2] > 2.4) & (mesh.face_normals[:, 2] < -0.5)
        assert mesh.area_faces[overhead].sum() < 0.02 * mesh.area


def test_gaussians_and_mesh_lie_in_the_asset_frame(folder: Path) -> None:
    bundle = background_bundle(folder, PROVENANCE, category="kitchen", description="a bright kitchen")
    assert_room(bundle)
    assert (bundle.asset.name, bundle.asset.description) == ("kitchen", "a bright kitchen")
    cloud = read_ply(bundle.files["gaussians.ply"])
    np.testing.assert_allclose(cloud.means, box_cloud().means, atol=1e-5)
    (mesh,) = meshes_of(bundle, "visual.glb")
    for found, expected in zip(colors_around(mesh), COLORS[[0, 1, 3, 4, 5]], strict=True):
        np.testing.assert_allclose(found, expected, atol=0.12)
    again = background_bundle(
        BackgroundFiles.in_folder(folder), PROVENANCE, category="kitchen", description="a bright kitchen"
    )
    assert again.asset.id == bundle.asset.id and again.files == bundle.files


def test_without_a_mesh_one_is_made_of_the_gaussians(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "gs_model.ply").write_bytes((folder / "gs_model.ply").read_bytes())
    bundle = background_bundle(tmp_path, PROVENANCE)
    assert_room(bundle)
    assert bundle.asset.files.gaussians is not None and bundle.asset.name == "room"


def test_without_gaussians_the_room_has_none(folder: Path) -> None:
    bundle = background_bundle(BackgroundFiles(None, folder / "mesh_model.ply"), PROVENANCE, category="living_room")
    assert_room(bundle)
    assert bundle.asset.files.gaussians is None and set(bundle.files) == {"visual.glb", "visual_low.glb"}
    assert bundle.asset.name == "living room"


def test_a_transform_moves_both_and_many_gaussians_are_merged(folder: Path) -> None:
    """As a layout has its background turned and a scene frame its origin elsewhere."""
    turn = np.array([[0.0, -1, 0, 0.5], [1, 0, 0, -0.5], [0, 0, 1, 0], [0, 0, 0, 1]])
    bundle = background_bundle(folder, PROVENANCE, transform=turn @ Y_UP_TO_Z_UP, most_gaussians=5_000)
    cloud, moved = read_ply(bundle.files["gaussians.ply"]), box_cloud().transformed(turn)
    assert 4_000 < len(cloud) <= 5_000
    for extreme in (np.min, np.max):
        np.testing.assert_allclose(extreme(cloud.means, axis=0), extreme(moved.means, axis=0), atol=0.02)
    mesh = whole_mesh(bundle, "visual.glb")
    np.testing.assert_allclose(mesh.bounds[1, :2], cloud.means.max(axis=0)[:2], atol=0.05)
    # The wall at +x is at +y now.
    intrinsics = np.array([[50.0, 0, 32], [0, 50, 32], [0, 0, 1]])
    seen = render(cloud, intrinsics, looking((0.4, 0.0, 1.2), (0.4, 2.0, 1.2)), 64, 64)
    np.testing.assert_allclose(seen.rgb[24:40, 24:40].mean(dim=(0, 1)), COLORS[0], atol=0.03)


def test_what_cannot_be_imported_is_one_error(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(SceneDataError, match=r"neither gs_model\.ply nor mesh_model\.ply"):
        background_bundle(tmp_path, PROVENANCE)
    with pytest.raises(SceneDataError, match="neither is given"):
        background_bundle(BackgroundFiles(None, None), PROVENANCE)
    (tmp_path / "gs_model.ply").write_bytes(b"ply\nformat ascii 1.0\nelement vertex 1000000000\nend_header\n")
    with pytest.raises(SceneDataError, match=r"gs_model\.ply: its format is 'ascii 1\.0'"):
        background_bundle(tmp_path, PROVENANCE)
    (tmp_path / "gs_model.ply").write_bytes(write_ply(cloud_of({"opacity": 0.001})))
    with pytest.raises(SceneDataError, match="no Gaussian that can be seen"):
        background_bundle(tmp_path, PROVENANCE)
    mirror = np.diag([1.0, -1.0, 1.0, 1.0])
    with pytest.raises(InvalidOptionError, match="mirrors"):
        background_bundle(folder, PROVENANCE, transform=mirror)
    with pytest.raises(SceneDataError, match=r"0\.004 x 0\.005 x .* m; rooms are 1 to 100 m"):
        background_bundle(
            BackgroundFiles(None, folder / "mesh_model.ply"),
            PROVENANCE,
            transform=Y_UP_TO_Z_UP @ np.diag([1e-3] * 3 + [1.0]),
        )


@pytest.mark.parametrize(
    ("vertices", "faces", "problem"),
    [
        ([[0, 0, 0]] * 3, [], "no triangles|cannot be read"),
        ([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 7]], "vertices that do not exist|cannot be read"),
        ([[0, 0, 0], [1, 0, 0], [0, float("nan"), 0]], [[0, 1, 2]], "not finite"),
        ([[0, 0, 0], [1e9, 0, 0], [0, 1, 0]], [[0, 1, 2]], "far from everything"),
    ],
)
def test_unsound_meshes_are_one_error(
    vertices: list[list[float]], faces: list[list[int]], problem: str, tmp_path: Path
) -> None:
    lines = ["ply", "format ascii 1.0", f"element vertex {len(vertices)}"]
    lines += [f"property float {name}" for name in "xyz"]
    lines += [f"element face {len(faces)}", "property list uchar int vertex_indices", "end_header"]
    lines += [" ".join(map(str, vertex)) for vertex in vertices]
    lines += [" ".join(map(str, (3, *face))) for face in faces]
    path = tmp_path / "mesh_model.ply"
    path.write_text("\n".join([*lines, ""]))
    with pytest.raises(SceneDataError, match=f"mesh_model.ply: .*({problem})"):
        background_bundle(tmp_path, PROVENANCE)

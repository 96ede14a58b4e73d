"""Gaussian clouds: files are read strictly and written compactly, clouds move as one, and pictures are what they must be."""

import struct
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gaussian_clouds import INTRINSICS, MIDDLE, SIZE, ahead, cloud_of, looking, random_cloud, reference
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from scene_hub.errors import InvalidOptionError, MissingRequirementError, SceneDataError
from scene_hub.gaussians import Y_UP_TO_Z_UP, GaussianCloud, Rendered, harmonics, read_ply, render, write_ply
from scene_hub.gaussians.reduction import reduced
from scene_hub.gaussians.rendering import chosen

ARRAYS = ("means", "log_scales", "quaternions", "opacity_logits", "harmonics")


def picture(cloud: GaussianCloud, pose: np.ndarray, **options: Any) -> Rendered:
    return render(cloud, INTRINSICS, pose, *SIZE, **{"rasterizer": "torch", **options})


def gaussian(offset: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """exp(-d^T C^-1 d / 2) for offsets [..., 2]."""
    return np.exp(-0.5 * np.einsum("...i,ij,...j", offset, np.linalg.inv(covariance), offset))


def pixel_offsets(center: tuple[float, float]) -> np.ndarray:
    """[H, W, 2]: from `center` (x, y) to the middle of each pixel."""
    column, row = np.meshgrid(np.arange(SIZE[0]) + 0.5, np.arange(SIZE[1]) + 0.5)
    return np.stack([column - center[0], row - center[1]], axis=2)


# ---------------------------------------------------------------------------------------------------------------- files


@given(seed=st.integers(0, 1000), count=st.integers(0, 40), degree=st.integers(0, 3))
def test_what_is_written_is_read(seed: int, count: int, degree: int) -> None:
    cloud = random_cloud(seed, count, degree)
    data = write_ply(cloud)
    again = read_ply(data)
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(again, name), getattr(cloud, name), err_msg=name)
    assert write_ply(again) == data


def test_a_file_is_read_as_its_content(tmp_path: Path) -> None:
    path = tmp_path / "gs_model.ply"
    path.write_bytes(write_ply(random_cloud(1, 30, 1)))
    np.testing.assert_array_equal(read_ply(path).harmonics, read_ply(path.read_bytes()).harmonics)
    with pytest.raises(SceneDataError, match="nowhere.ply: cannot be read"):
        read_ply(tmp_path / "nowhere.ply")


def header(*properties: str, count: int = 1, lines: tuple[str, ...] = ()) -> bytes:
    names = properties or (
        *"xyz",
        *(f"f_dc_{i}" for i in range(3)),
        "opacity",
        *(f"scale_{i}" for i in range(3)),
        *(f"rot_{i}" for i in range(4)),
    )
    text = ["ply", "format binary_little_endian 1.0", *lines, f"element vertex {count}"]
    return "\n".join([*text, *(f"property float {name}" for name in names), "end_header", ""]).encode()


def row(**changes: float) -> bytes:
    values = {"x": 0.1, "y": 0.2, "z": 0.3, "r": 0.0, "g": 0.5, "b": 1.0, "o": 2.0, "s": -3.0, "t": -3.0, "u": -3.0}
    values |= {"w": 2.0, "i": 0.0, "j": 0.0, "k": 0.0, **changes}
    return struct.pack("<14f", *values.values())


def test_files_of_other_programs_are_read() -> None:
    names = ("x", "y", "z", "nx", "ny", "nz", "f_dc_0", "f_dc_1", "f_dc_2", *(f"f_rest_{i}" for i in range(9)))
    names = (*names, "opacity", "scale_0", "scale_1", "scale_2", "rot_0", "rot_1", "rot_2", "rot_3")
    text = header(*names, lines=("comment end_header", "obj_info by hand")).replace(b"\n", b"\r\n")
    values = {name: float(index) / 8 for index, name in enumerate(names)}
    cloud = read_ply(text + struct.pack(f"<{len(names)}f", *values.values()))
    np.testing.assert_allclose(cloud.means, [[0, 1 / 8, 2 / 8]])
    # Red has the first three of f_rest, green the next three, blue the last three.
    expected = [[values[f"f_rest_{band + 3 * channel}"] for channel in range(3)] for band in range(3)]
    np.testing.assert_allclose(cloud.harmonics[0, 1:], expected)
    quaternion = np.array([values[f"rot_{i}"] for i in range(4)])
    np.testing.assert_allclose(cloud.quaternions[0], quaternion / np.linalg.norm(quaternion), atol=1e-6)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "is not a PLY file"),
        (b"ply\n" + b"comment x\n" * 10_000, "no header that ends"),
        (header().replace(b"binary_little_endian", b"ascii") + row(), "'ascii 1.0'"),
        (header().replace(b"binary_little", b"binary_big") + row(), "'binary_big_endian 1.0'"),
        (header(count=10**9) + row(), "announces 1000000000 Gaussians, at most 5000000"),
        (header().replace(b"vertex 1", b"vertex -1") + row(), "announces '-1' Gaussians"),
        (header().replace(b"vertex 1", b"vertex " + b"9" * 5000) + row(), "announces '9999"),
        (header(count=2) + row(), "announces 2 Gaussians, 469 bytes in all, the file has"),
        (header() + row() + b"x", "the file has"),
        (header("x", "y", "z") + b"\0" * 12, "no property 'f_dc_0'"),
        (header().replace(b"float x", b"double x") + row(), "expected 'property float"),
        (header().replace(b"property float x", b"property list uchar int x") + row(), "expected 'property float"),
        (header().replace(b"float y", b"float x") + row(), "no property 'y'"),
        (header().replace(b"element vertex 1", b"element chunk 1\nelement vertex 1") + row(), "first element"),
        (header().replace(b"end_header", b"element face 0\nend_header") + row(), "element 'face'"),
        (header().replace(b"end_header", b"property float filter_3D\nend_header") + row() + b"\0" * 4, "'filter_3D'"),
        (header().replace(b"end_header", b"property float f_rest_0\nend_header") + row() + b"\0" * 4, "1 properties"),
        (header() + row(x=float("nan")), "position that is not finite"),
        (header() + row(r=float("inf")), "colour that is not finite"),
        (header() + row(o=float("-inf")), "opacity that is not finite"),
        (header() + row(s=40.0), r"scale exp\(40\)"),
        (header() + row(y=1e9), "position of 1e[+]09"),
        (header() + row(w=0.0), "rotation of length 0"),
    ],
)
def test_unsound_files_are_refused_with_one_message(data: bytes, problem: str) -> None:
    with pytest.raises(SceneDataError, match=f"room.ply: .*{problem}.*export it again"):
        read_ply(data, "room.ply")


@given(st.data())
def test_damage_is_an_error_or_harmless(data: st.DataObject) -> None:
    good = bytearray(write_ply(random_cloud(3, 5, 1)))
    for _ in range(data.draw(st.integers(1, 4))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    try:
        cloud = read_ply(
            bytes(good[: data.draw(st.integers(0, len(good)))]) if data.draw(st.booleans()) else bytes(good)
        )
    except SceneDataError:
        return
    assert all(np.isfinite(getattr(cloud, name)).all() for name in ARRAYS)


@given(st.binary(max_size=400))
def test_noise_is_refused(noise: bytes) -> None:
    for data in (noise, b"ply\n" + noise, header() + noise):
        if data == header() + noise and len(noise) == len(row()):
            continue
        with pytest.raises(SceneDataError):
            read_ply(data)


def test_a_small_file_has_as_many_harmonics_as_fit() -> None:
    cloud = random_cloud(0, 100, 3)
    sizes = [len(write_ply(cloud.with_degree(degree))) for degree in range(4)]
    assert [read_ply(write_ply(cloud, size)).degree for size in sizes] == [0, 1, 2, 3]
    assert read_ply(write_ply(cloud, sizes[2] - 1)).degree == 1
    with pytest.raises(SceneDataError, match="100 Gaussians"):
        write_ply(cloud, sizes[0] - 1)


# ------------------------------------------------------------------------------------------------------------ transforms


@given(
    turn=st.tuples(*[st.floats(-3.0, 3.0)] * 3),
    scale=st.floats(0.2, 5.0),
    shift=st.tuples(*[st.floats(-5.0, 5.0)] * 3),
    degree=st.integers(0, 3),
)
def test_a_moved_cloud_looks_the_same_to_a_moved_camera(
    turn: tuple[float, ...], scale: float, shift: tuple[float, ...], degree: int
) -> None:
    cloud, pose = random_cloud(5, 20, degree, scales=(0.05, 0.6)), looking((3.0, 1.0, 1.5))
    rotation = Rotation.from_rotvec(turn).as_matrix()
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = scale * rotation, shift
    moved_pose = np.eye(4)
    moved_pose[:3, :3] = pose[:3, :3] @ rotation.T
    moved_pose[:3, 3] = scale * pose[:3, 3] - moved_pose[:3, :3] @ np.array(shift)
    before, after = picture(cloud, pose), picture(cloud.transformed(matrix), moved_pose)
    # An alpha beside 1/255 may fall on either side of it.
    assert (after.rgb - before.rgb).abs().max() < 8e-3
    assert (after.rgb - before.rgb).abs().mean() < 1e-4
    assert (after.alpha - before.alpha).abs().max() < 8e-3
    assert (after.depth / scale - before.depth).abs().mean() < 1e-3


def test_y_up_becomes_z_up() -> None:
    cloud = cloud_of({"mean": (1.0, 2.0, 3.0), "scale": (0.1, 0.2, 0.3)}).transformed(Y_UP_TO_Z_UP)
    np.testing.assert_allclose(cloud.means, [[1.0, -3.0, 2.0]], atol=1e-6)
    np.testing.assert_allclose(cloud.axes[0] @ cloud.axes[0].T, np.diag([0.01, 0.09, 0.04]), atol=1e-7)


@pytest.mark.parametrize(
    "matrix",
    [
        np.diag([1.0, 1.0, -1.0, 1.0]),
        np.diag([1.0, 2.0, 1.0, 1.0]),
        np.eye(3),
        np.full((4, 4), np.nan),
        np.zeros((4, 4)),
    ],
)
def test_what_gaussians_cannot_follow_is_refused(matrix: np.ndarray) -> None:
    with pytest.raises(InvalidOptionError):
        random_cloud(0, 3).transformed(matrix)


def test_a_wall_of_fewer_gaussians_looks_the_same() -> None:
    rng = np.random.default_rng(0)
    count = 20_000
    means = np.column_stack([rng.uniform(-1.5, 1.5, (count, 2)), np.zeros(count)])
    colors = 0.5 + 0.4 * np.sin(2.0 * means)
    wall = GaussianCloud(
        means,
        np.log(np.tile([0.03, 0.03, 0.002], (count, 1))),
        np.tile([1.0, 0, 0, 0], (count, 1)),
        np.full(count, 2.0),
        (colors[:, None] - 0.5) / harmonics.CONSTANT,
    )
    eye = np.array([0.0, 0.0, -2.0])
    fewer = reduced(wall, 2_000, eye)
    assert 1_800 < len(fewer) <= 2_000
    whole, thin = picture(wall, ahead(2.0)), picture(fewer, ahead(2.0))
    assert thin.alpha.min() > 0.9 and (thin.rgb - whole.rgb).abs().mean() < 0.02
    np.testing.assert_allclose(thin.depth, whole.depth, atol=0.01)
    assert write_ply(reduced(wall, 2_000, eye)) == write_ply(fewer)


def test_reduction_changes_nothing_that_it_need_not() -> None:
    cloud = cloud_of({"opacity": 0.003}, {"opacity": 0.5, "mean": (2, 0, 0)}, {"opacity": 0.9, "mean": (2.7, 0, 0)})
    np.testing.assert_array_equal(reduced(cloud, 2, np.zeros(3)).means, cloud.means[1:])
    assert reduced(cloud.chosen(np.arange(1, 3)), 2, np.zeros(3)).opacities == pytest.approx([0.5, 0.9])
    one = reduced(cloud, 1, np.zeros(3))
    np.testing.assert_allclose(one.means, [[2.0 + 0.7 * 0.9 / 1.4, 0, 0]], atol=1e-5)


# -------------------------------------------------------------------------------------------------- pictures that are known


def test_one_round_gaussian_on_the_axis() -> None:
    seen = picture(cloud_of({"scale": 0.1, "color": (1.0, 0.5, 0.25), "opacity": 0.8}), ahead(2.0))
    variances = (INTRINSICS[0, 0] * 0.1 / 2.0) ** 2, (INTRINSICS[1, 1] * 0.1 / 2.0) ** 2
    alpha = 0.8 * gaussian(pixel_offsets((23.5, 20.5)), np.diag(variances) + 0.3 * np.eye(2))
    alpha[alpha < 1 / 255] = 0.0
    np.testing.assert_allclose(seen.alpha, alpha, atol=1e-6)
    np.testing.assert_allclose(seen.rgb, alpha[..., None] * np.array([1.0, 0.5, 0.25]), atol=1e-6)
    np.testing.assert_allclose(seen.depth, np.where(alpha > 0, 2.0, 0.0), atol=5e-5)
    assert seen.alpha[MIDDLE] == pytest.approx(0.8)


def test_the_background_shines_through() -> None:
    seen = picture(cloud_of({"color": (1, 0, 0), "opacity": 0.8}), ahead(2.0), background=(0.0, 0.5, 1.0))
    np.testing.assert_allclose(seen.rgb[MIDDLE], [0.8, 0.1, 0.2], atol=1e-6)
    np.testing.assert_allclose(seen.rgb[0, 0], [0.0, 0.5, 1.0])
    assert seen.depth[0, 0] == 0


def test_an_opaque_gaussian_hides_what_is_behind() -> None:
    near = {"mean": (0, 0, 0), "scale": 50.0, "color": (0.2, 0.4, 0.6), "opacity": 0.99999}
    far = {"mean": (0, 0, 3), "scale": 50.0, "color": (1, 1, 1), "opacity": 0.99999}
    seen = picture(cloud_of(far, near), ahead(2.0))
    # 0.999 of the near one, then 0.999 of what is left would leave less than 1e-4, so the far one is not drawn.
    np.testing.assert_allclose(seen.alpha, np.full((40, 48), 0.999), atol=1e-5)
    np.testing.assert_allclose(
        seen.rgb, np.broadcast_to([0.2 * 0.999, 0.4 * 0.999, 0.6 * 0.999], (40, 48, 3)), atol=1e-5
    )
    np.testing.assert_allclose(seen.depth, np.full((40, 48), 2.0), atol=1e-4)


@pytest.mark.parametrize("swapped", [False, True])
def test_two_that_overlap_are_blended_front_to_back(swapped: bool) -> None:
    red = {"mean": (0, 0, -0.5), "color": (1, 0, 0), "opacity": 0.6}
    green = {"mean": (0, 0, 0.5), "color": (0, 1, 0), "opacity": 0.5}
    seen = picture(cloud_of(*((green, red) if swapped else (red, green))), ahead(2.0))
    np.testing.assert_allclose(seen.rgb[MIDDLE], [0.6, 0.4 * 0.5, 0.0], atol=1e-6)
    assert seen.alpha[MIDDLE] == pytest.approx(0.8)
    assert seen.depth[MIDDLE] == pytest.approx((0.6 * 1.5 + 0.2 * 2.5) / 0.8, abs=1e-5)
    # From the other side the order is the other one.
    back = ahead(2.0) @ np.diag([-1.0, 1.0, -1.0, 1.0])
    np.testing.assert_allclose(picture(cloud_of(red, green), back).rgb[MIDDLE], [0.5 * 0.6, 0.5, 0.0], atol=1e-6)


def test_a_long_one_turned_about_the_axis_of_sight() -> None:
    angle = 0.6
    quaternion = (np.cos(angle / 2), 0.0, 0.0, np.sin(angle / 2))
    seen = picture(cloud_of({"scale": (0.3, 0.02, 0.1), "quaternion": quaternion}), ahead(2.0))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    focal = np.diag([INTRINSICS[0, 0], INTRINSICS[1, 1]]) / 2.0
    covariance = focal @ turn @ np.diag([0.3**2, 0.02**2]) @ turn.T @ focal + 0.3 * np.eye(2)
    alpha = 0.8 * gaussian(pixel_offsets((23.5, 20.5)), covariance)
    np.testing.assert_allclose(seen.alpha, np.where(alpha < 1 / 255, 0.0, alpha), atol=1e-6)


def test_off_the_axis_it_is_where_a_pinhole_camera_has_it() -> None:
    seen = picture(cloud_of({"mean": (0.5, -0.25, 0.5), "scale": 0.02}), ahead(2.0))
    x, y = 40.0 * 0.5 / 2.5 + 23.5, 42.0 * -0.25 / 2.5 + 20.5
    weight = seen.alpha.numpy()
    found = np.einsum("hw,hwc->c", weight, pixel_offsets((0.0, 0.0))) / weight.sum()
    np.testing.assert_allclose(found, [x, y], atol=0.02)


def test_a_long_thin_one_keeps_its_digits() -> None:
    # A needle of 20 m, half a pixel wide, that crosses the picture: far from its middle the terms are huge and cancel.
    quaternion = Rotation.from_euler("z", 0.7).as_quat(scalar_first=True)
    mean = np.array([np.cos(0.7), np.sin(0.7), 0.0]) * 8.0
    cloud = cloud_of({"scale": (20.0, 0.004, 0.004), "mean": mean, "quaternion": quaternion, "opacity": 0.9})
    alpha = reference(cloud, INTRINSICS, ahead(2.0), *SIZE)[2]
    assert alpha.max() > 0.5
    np.testing.assert_allclose(picture(cloud, ahead(2.0)).alpha, alpha, atol=1e-4)


@pytest.mark.parametrize("eye", [(2, 0, 0), (-2, 0, 0), (0, 2, 0), (0, -2, 0), (1.5, 1.0, 0.5)])
def test_colours_depend_on_the_side(eye: tuple[float, ...]) -> None:
    bands = np.zeros((3, 3))
    bands[2, 0], bands[0, 1], bands[1, 2] = 0.4, 0.3, 0.2  # red along x, green along y, blue along z
    seen = picture(cloud_of({"color": (0.5, 0.5, 0.5), "harmonics": bands, "opacity": 0.9}, degree=1), looking(eye))
    x, y, z = -np.array(eye) / np.linalg.norm(eye)
    expected = 0.5 + 0.4886025 * np.array([-0.4 * x, -0.3 * y, 0.2 * z])
    middle = seen.rgb[MIDDLE] / seen.alpha[MIDDLE]
    np.testing.assert_allclose(middle, expected, atol=1e-5)


def test_the_picture_follows_the_camera() -> None:
    cloud = cloud_of({"mean": (0.2, 0.1, 0.3), "scale": 0.05, "color": (0.9, 0.1, 0.2)})
    for eye in ((3.0, 0.5, 1.0), (-2.0, 2.0, 0.2), (0.5, -3.0, 2.0)):
        pose = looking(eye)
        x, y, z = pose[:3, :3] @ cloud.means[0] + pose[:3, 3]
        seen = picture(cloud, pose)
        row, column = np.unravel_index(int(seen.alpha.argmax()), seen.alpha.shape)
        assert (column + 0.5, row + 0.5) == pytest.approx((40.0 * x / z + 23.5, 42.0 * y / z + 20.5), abs=0.75)
        assert seen.depth[row, column] == pytest.approx(z, abs=1e-4)


@pytest.mark.parametrize(
    "cloud",
    [
        cloud_of(),
        cloud_of({"mean": (0, 0, -2.5)}, {"mean": (0, 0, -1.995)}),
        cloud_of({"mean": (30, 0, 0)}, {"mean": (0, -30, 0)}),
        cloud_of({"opacity": 0.003}),
    ],
    ids=["empty", "behind the camera", "off the picture", "too transparent"],
)
def test_nothing_to_be_seen_is_the_background(cloud: GaussianCloud) -> None:
    seen = picture(cloud, ahead(2.0), background=(0.1, 0.2, 0.3))
    assert float(seen.alpha.max()) == 0 and float(seen.depth.max()) == 0
    np.testing.assert_allclose(seen.rgb, np.broadcast_to([0.1, 0.2, 0.3], (40, 48, 3)))


# ---------------------------------------------------------------------------------------------------------- many of them


@pytest.mark.parametrize("seed", range(8))
def test_many_are_drawn_as_one_after_the_other(seed: int) -> None:
    cloud = random_cloud(seed, degree=seed % 4)
    pose = looking((1.5 + seed / 4, 1.0 - seed / 2, 0.5))
    rgb, depth, alpha = reference(cloud, INTRINSICS, pose, *SIZE)
    seen = picture(cloud, pose)
    for found, expected in ((seen.rgb, rgb), (seen.alpha, alpha), (seen.depth, depth)):
        error = np.abs(found.numpy() - expected)
        # Rounding moves a few alphas across 1/255; that changes a pixel by less than that, and depth by as much of its spread.
        assert error.mean() < 2e-5 and error.max() < 0.02


def test_lists_that_end_and_light_that_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same picture, however the work is cut into pieces."""
    from scene_hub.gaussians import torch_rasterizer

    cloud, pose = random_cloud(11, 400), looking((1.0, 0.5, 0.3))
    whole = picture(cloud, pose)
    for name, value in (("CHUNK", 3), ("WAVE", 50), ("BLOCK", 3 * 64)):
        monkeypatch.setattr(torch_rasterizer, name, value)
        cut = picture(cloud, pose)
        assert (cut.rgb - whole.rgb).abs().max() < 1e-5 and (cut.depth - whole.depth).abs().max() < 1e-4


def test_pictures_repeat_bit_by_bit_on_any_number_of_threads() -> None:
    cloud, pose = random_cloud(7, 3000, 2, scales=(0.01, 0.3)), looking((2.0, 1.0, 0.5))
    first, before = picture(cloud, pose), torch.get_num_threads()
    try:
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            again = picture(cloud, pose)
            assert torch.equal(first.rgb, again.rgb) and torch.equal(first.depth, again.depth)
            assert torch.get_num_threads() == threads
    finally:
        torch.set_num_threads(before)
    found: list[Rendered] = []
    threads = [threading.Thread(target=lambda: found.append(picture(cloud, pose))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3 and all(torch.equal(first.rgb, one.rgb) for one in found)


def test_cameras_that_are_none_are_refused() -> None:
    cloud, pose = random_cloud(0, 3), ahead(2.0)
    for intrinsics, bad_pose, size in (
        (np.eye(4), pose, SIZE),
        (np.diag([0.0, 1.0, 1.0]), pose, SIZE),
        (INTRINSICS, np.full((4, 4), np.nan), SIZE),
        (INTRINSICS, np.diag([2.0, 1.0, 1.0, 1.0]), SIZE),
        (INTRINSICS, pose, (0, 5)),
        (INTRINSICS, pose, (100_000, 5)),
    ):
        with pytest.raises(InvalidOptionError):
            render(cloud, intrinsics, bad_pose, *size)
    with pytest.raises(InvalidOptionError, match="'auto', 'gsplat', 'torch'"):
        render(cloud, INTRINSICS, pose, *SIZE, rasterizer="opengl")  # type: ignore[arg-type]


def test_without_a_gpu_torch_draws_and_gsplat_says_what_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    from scene_hub.gaussians import rendering

    monkeypatch.setattr(rendering, "_gsplat_available", lambda: False)
    assert chosen("auto") == "torch"
    with pytest.raises(MissingRequirementError, match=r"genworld-envs\[gaussians\]"):
        chosen("gsplat")


@pytest.mark.gpu
@pytest.mark.parametrize("degree", range(4))
def test_gsplat_draws_the_same(degree: int) -> None:
    pytest.importorskip("gsplat")
    if not torch.cuda.is_available():
        pytest.skip("no CUDA GPU")
    cloud, pose = random_cloud(degree, 2000, degree, scales=(0.01, 0.3)), looking((2.0, 1.0, 0.5))
    ours, theirs = picture(cloud, pose), picture(cloud, pose, rasterizer="gsplat")
    for name in Rendered._fields:
        error = (getattr(ours, name) - getattr(theirs, name).cpu()).abs()
        assert error.mean() < 2e-3 and error.max() < 0.05, name
    assert torch.equal(theirs.rgb, picture(cloud, pose, rasterizer="gsplat").rgb)
    assert float(picture(cloud_of(), pose, rasterizer="gsplat").alpha.max()) == 0


def test_harmonics_turn_with_what_they_belong_to() -> None:
    turn = Rotation.from_euler("xyz", (0.3, -1.0, 2.0)).as_matrix()
    directions = np.random.default_rng(0).normal(size=(30, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    coefficients = np.random.default_rng(1).normal(size=16)
    turned = harmonics.rotation(3, turn) @ coefficients
    before = np.stack(harmonics.basis(3, *directions.T), axis=1) @ coefficients
    after = np.stack(harmonics.basis(3, *(directions @ turn.T).T), axis=1) @ turned
    np.testing.assert_allclose(after, before, atol=1e-12)

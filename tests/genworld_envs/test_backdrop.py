"""Rooms of 3D Gaussians behind the simulation: in every picture, from where the camera is, and at no cost for other scenes."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

import genworld_envs  # noqa: F401  (registers the ids)
from genworld_envs import backdrop
from genworld_envs.batched_env import GenWorldBatchedEnv
from scene_hub.dataset import DatasetCard, SceneDataset, asset_file_path, write_dataset
from scene_hub.errors import InvalidOptionError, SceneDataError
from scene_hub.gaussians import GaussianCloud, harmonics, render, write_ply
from scene_hub.generate.bundle import AssetBundle
from scene_hub.physics import sapien_pose
from scene_hub.schema import Asset, AssetFile, Scene

HALF = np.array([2.4, 2.2, 1.4])
"""Of the room, metres."""
OPTIONS: dict[str, Any] = {
    "obs_mode": "rgb+depth+segmentation",
    "sim_backend": "cpu",
    "cameras": ("base", "wrist"),
    "sensor_configs": {"wrist": {"width": 64, "height": 48, "fov": 2.6}},
    "human_render_camera_configs": {"width": 96, "height": 96},
    "render_mode": "rgb_array",
    "randomization": {"preset": "strong", "camera_rotation": 0.1},
}


def gaussian_room(seed: int) -> GaussianCloud:
    """The inside of a box whose floor is at z = 0, every spot of it in another colour."""
    rng = np.random.default_rng(seed)
    sides = np.eye(3)[np.arange(6) % 3] * np.where(np.arange(6) < 3, 1.0, -1.0)[:, None]
    side = np.repeat(np.arange(6), 400)
    means = rng.uniform(-1, 1, (len(side), 3))
    axis = side % 3
    means[np.arange(len(side)), axis] = sides[side, axis]
    scales = np.full((len(side), 3), np.log(0.12))
    scales[np.arange(len(side)), axis] = np.log(0.01)
    colors = rng.uniform(0, 1, (len(side), 1, 3))
    quaternions = np.tile([1.0, 0.0, 0.0, 0.0], (len(side), 1))
    means = means * HALF + [0, 0, HALF[2]]
    return GaussianCloud(means, scales, quaternions, np.full(len(side), 6.0), (colors - 0.5) / harmonics.CONSTANT)


def with_gaussians(bundle: AssetBundle, cloud: GaussianCloud) -> AssetBundle:
    data = write_ply(cloud)
    file = AssetFile(path="gaussians.ply", sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    fields = {name: getattr(bundle.asset, name) for name in Asset.model_fields if name != "id"}
    files = bundle.asset.files.model_copy(update={"gaussians": file})
    return AssetBundle(Asset.create(**{**fields, "files": files}), {**bundle.files, "gaussians.ply": data})


def in_room(scene: Scene, room: Asset) -> Scene:
    placements = tuple(
        placement.model_copy(update={"asset": room.id}) if placement.role == "background" else placement
        for placement in scene.placements
    )
    return scene.model_copy(update={"placements": placements})


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> SceneDataset:
    """Four scenes: "gaussians-a", "gaussians-b" (another room), "mesh-a", "mesh-b"."""
    starter = SceneDataset.open()
    originals = starter.scenes(split="train")[:2]
    bundles = {asset: starter.bundle(starter.asset(asset)) for scene in originals for asset in scene.asset_ids}
    scenes = []
    for index, (scene, letter) in enumerate(zip(originals, "ab", strict=True)):
        room = with_gaussians(bundles[scene.background.asset], gaussian_room(index))
        bundles[room.asset.id] = room
        scenes.append(in_room(scene, room.asset).model_copy(update={"id": f"gaussians-{letter}"}))
        scenes.append(scene.model_copy(update={"id": f"mesh-{letter}"}))
    used = {asset for scene in scenes for asset in scene.asset_ids}
    card = DatasetCard(title="Rooms", description="Rooms of Gaussians, for tests.")
    folder = tmp_path_factory.mktemp("rooms") / "rooms"
    return write_dataset(folder, scenes, [bundles[asset] for asset in sorted(used)], card)


def make(dataset: SceneDataset, num_envs: int = 1, **options: Any) -> GenWorldBatchedEnv:
    arguments = {**OPTIONS, "scenes": str(dataset.folder), **options}
    return gym.make("GenWorld-v0", num_envs=num_envs, **arguments).unwrapped  # type: ignore[return-value]


@pytest.fixture(scope="module")
def env(dataset: SceneDataset) -> Iterator[GenWorldBatchedEnv]:
    env = make(dataset)
    yield env
    env.close()


@pytest.fixture(scope="module")
def meshes(dataset: SceneDataset) -> Iterator[GenWorldBatchedEnv]:
    """The same without Gaussians."""
    env = make(dataset, backgrounds="mesh")
    yield env
    env.close()


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The sizes of the pictures of Gaussians that are drawn from now on."""
    sizes: list[tuple[int, int]] = []

    def counted(*arguments: Any) -> Any:
        sizes.append(arguments[3:5])
        return render(*arguments)

    monkeypatch.setattr(backdrop, "render", counted)
    return sizes


def images_of(observation: Any, camera: str = "base") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    images = observation["sensor_data"][camera]
    return tuple(images[name].numpy() for name in ("rgb", "depth", "segmentation"))  # type: ignore[return-value]


def room_seen(env: GenWorldBatchedEnv, row: int, camera: str = "base") -> tuple[np.ndarray, np.ndarray]:
    """The picture [H, W, 3] uint8 and the depth [H, W] in millimetres of the Gaussians of a room, straight from the camera."""
    scene, params = env.scenes[row], env.get_sensor_params()[camera]
    cloud = env.dataset.gaussians(env.dataset.asset(scene.background.asset))
    assert cloud is not None
    world_to_camera = np.eye(4)
    world_to_camera[:3] = params["extrinsic_cv"][row].numpy()
    pose = world_to_camera @ sapien_pose(scene.background.pose).to_transformation_matrix()
    height, width = env._sensors[camera].config.height, env._sensors[camera].config.width  # type: ignore[attr-defined]
    seen = render(cloud, params["intrinsic_cv"][row].numpy().astype(float), pose, width, height)
    return np.round(seen.rgb.numpy() * 255).astype(np.uint8), np.round(seen.depth.numpy() * 1000)


def assert_behind(env: GenWorldBatchedEnv, observation: Any, row: int = 0, camera: str = "base") -> None:
    """The room of Gaussians is at all pixels where nothing is in front of it, and at no other."""
    rgb, depth, segmentation = (image[row] for image in images_of(observation, camera))
    expected, millimetres = room_seen(env, row, camera)
    nothing = segmentation[..., 0] == 0
    # The camera's matrix is computed in another way there, so the last digit may differ.
    off = np.abs(rgb.astype(int) - expected.astype(int))[nothing]
    assert off.max() <= 3 and off.mean() < 0.1
    assert np.abs(depth[..., 0] - millimetres)[nothing].max() <= 3
    far = np.abs(rgb.astype(int) - expected.astype(int)).sum(axis=2)[~nothing]
    assert (far > 20).mean() > 0.8
    assert depth.dtype == np.int16 and rgb.dtype == np.uint8


def equal(first: Any, second: Any) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_the_room_is_behind_everything_from_wherever_the_camera_is(env: GenWorldBatchedEnv) -> None:
    """Also where lights are randomized: Gaussians keep their own."""
    pictures = []
    for seed, scene in ((0, "gaussians-a"), (1, "gaussians-a"), (2, "gaussians-b")):
        observation, _ = env.reset(seed=seed, options={"scene_id": scene})
        assert_behind(env, observation)
        assert 0 < (images_of(observation)[2] == 0).mean() < 0.9
        pictures.append(images_of(observation)[0])
    assert not np.array_equal(pictures[0], pictures[1])


def test_what_is_in_front_is_as_with_a_mesh(env: GenWorldBatchedEnv, meshes: GenWorldBatchedEnv) -> None:
    with_mesh = images_of(meshes.reset(seed=3, options={"scene_id": "gaussians-a"})[0])
    with_gaussians = images_of(env.reset(seed=3, options={"scene_id": "gaussians-a"})[0])
    room = meshes.loaded.room._objs[0].per_scene_id
    behind = with_gaussians[2][..., 0] == 0
    assert np.array_equal(behind, np.isin(with_mesh[2][..., 0], (0, room)))
    assert equal([seen[~behind] for seen in with_gaussians], [seen[~behind] for seen in with_mesh])
    assert (with_mesh[2] == room).any() and not np.array_equal(with_mesh[0], with_gaussians[0])


def test_a_room_without_gaussians_is_drawn_as_before(env: GenWorldBatchedEnv, meshes: GenWorldBatchedEnv) -> None:
    env.reset(seed=3, options={"scene_id": "gaussians-a"})
    seen = [images_of(one.reset(seed=4, options={"scene_id": "mesh-a"})[0]) for one in (env, meshes)]
    assert equal(*seen)
    assert (seen[0][2] == env.loaded.room._objs[0].per_scene_id).any()


@pytest.mark.parametrize("mode", ["rgb_array", "sensors", "all"])
def test_every_picture_of_render_shows_it(
    env: GenWorldBatchedEnv, meshes: GenWorldBatchedEnv, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = []
    for one in (env, meshes):
        monkeypatch.setattr(one, "render_mode", mode)
        before, _ = one.reset(seed=0, options={"scene_id": "gaussians-a"})
        shown.append(one.render()[0].numpy().astype(int))
        assert np.array_equal(one.render()[0], shown[-1])
        # Neither the room's mesh nor its Gaussians stay behind in observations.
        assert equal(images_of(one.get_obs()), images_of(before))
    differ = np.abs(shown[0] - shown[1]).sum(axis=2) > 20
    assert shown[0].shape == shown[1].shape and 0.02 < differ.mean() < 0.7


def test_a_camera_that_stands_still_is_drawn_once(env: GenWorldBatchedEnv, drawn: list[tuple[int, int]]) -> None:
    env.reset(seed=20, options={"scene_id": "gaussians-a"})
    assert sorted(drawn) == [(64, 48), (224, 224)]
    drawn.clear()
    action = np.zeros((1, 7), dtype=np.float32)
    action[0, 0] = 1.0
    for _ in range(3):
        observation = env.step(action)[0]
    assert drawn == [(64, 48)] * 3, "the wrist moves with each step, the base camera does not"
    assert_behind(env, observation, camera="base")
    assert_behind(env, observation, camera="wrist")
    drawn.clear()
    assert np.array_equal(env.render(), env.render())
    assert drawn == [(96, 96)]
    env.reset(seed=22, options={"scene_id": "gaussians-a"})
    assert (224, 224) in drawn, "the camera has moved"
    drawn.clear()
    observation, _ = env.reset(seed=21, options={"scene_id": "gaussians-a"})
    assert (images_of(observation)[2] != 0).all() and drawn == [(64, 48)], "only the table is seen"
    drawn.clear()
    env.reset(seed=22, options={"scene_id": "mesh-a"})
    env.step(action)
    env.render()
    assert not drawn, "a scene without Gaussians costs nothing"


def test_rows_of_a_batch_are_single_environments(dataset: SceneDataset, env: GenWorldBatchedEnv) -> None:
    def alone(seed: int, scene: str) -> tuple[np.ndarray, ...]:
        observation, _ = env.reset(seed=seed, options={"scene_id": scene})
        return tuple(image[0] for camera in ("base", "wrist") for image in images_of(observation, camera))

    def together(observation: Any) -> list[tuple[np.ndarray, ...]]:
        images = [image for camera in ("base", "wrist") for image in images_of(observation, camera)]
        return list(zip(*images, strict=True))

    batch = make(dataset, 4)
    scenes = ["gaussians-a", "mesh-b", "gaussians-b", "gaussians-a"]
    observation, _ = batch.reset(seed=[5, 6, 7, 8], options={"scene_id": scenes})
    rows = together(observation)
    for row, scene in enumerate(scenes):
        assert equal(alone(5 + row, scene), rows[row]), row
    # A partial reset, with other scenes, leaves the others as they are.
    observation, _ = batch.reset(seed=[9, 10], options={"env_idx": [1, 3], "scene_id": ["gaussians-b", "mesh-a"]})
    after = together(observation)
    assert equal(after[0], rows[0]) and equal(after[2], rows[2])
    assert equal(after[1], alone(9, "gaussians-b")) and equal(after[3], alone(10, "mesh-a"))
    assert_behind(batch, observation, row=1)
    batch.close()


def test_worker_processes_show_the_same(dataset: SceneDataset, env: GenWorldBatchedEnv) -> None:
    options = {**OPTIONS, "obs_mode": "rgb", "render_mode": None, "scenes": str(dataset.folder)}
    vector = gym.make_vec("GenWorld-v0", num_envs=2, workers=2, **options)
    scenes = ["gaussians-a", "gaussians-b"]
    observation, _ = vector.reset(seed=3, options={"scene_id": scenes})
    assert isinstance(observation, dict)
    for row, scene in enumerate(scenes):
        alone, _ = env.reset(seed=3 + row, options={"scene_id": scene})
        assert np.array_equal(np.asarray(observation["base_rgb"])[row], images_of(alone)[0][0])
    vector.close()


def test_states_need_no_room(dataset: SceneDataset, drawn: list[tuple[int, int]]) -> None:
    env = make(dataset, obs_mode="state", render_mode=None)
    env.reset(seed=0, options={"scene_id": "gaussians-a"})
    env.step(np.zeros((1, 7), dtype=np.float32))
    assert not drawn
    env.close()


def test_an_unknown_background_is_refused(dataset: SceneDataset) -> None:
    with pytest.raises(InvalidOptionError, match="unknown backgrounds 'photo'; choose one of 'gaussians', 'mesh'"):
        make(dataset, backgrounds="photo")


def test_a_damaged_file_is_one_error_and_the_scene_before_stays(dataset: SceneDataset, tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(dataset.folder, folder)
    damaged = SceneDataset.open(folder)
    room = damaged.asset(damaged.scene("gaussians-b").background.asset)
    assert room.files.gaussians is not None
    path = folder / asset_file_path(room, room.files.gaussians)
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    with pytest.raises(SceneDataError, match=r"gaussians\.ply.*checksum"):
        damaged.verify()
    fresh = make(damaged, obs_mode="rgb", render_mode=None)
    before, _ = fresh.reset(seed=0, options={"scene_id": "gaussians-a"})
    with pytest.raises(SceneDataError, match=r"gaussians\.ply.*checksum"):
        fresh.reset(seed=1, options={"scene_id": "gaussians-b"})
    assert fresh.scenes[0].id == "gaussians-a"
    after, _ = fresh.reset(seed=0, options={"scene_id": "gaussians-a"})
    assert np.array_equal(before["sensor_data"]["base"]["rgb"], after["sensor_data"]["base"]["rgb"])
    fresh.close()

"""The simulation: a ManiSkill environment whose sub-environments each hold a generated scene.

`GenWorldBatchedEnv` follows ManiSkill's conventions (batched torch tensors, nested observations, partial resets through
`options["env_idx"]`), so ManiSkill's own tools work on it. People who want ordinary Gymnasium get
`genworld_envs.env.GenWorldEnv`.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
import sapien
import sapien.render
import torch
from gymnasium import spaces
from mani_skill.envs.sapien_env import BaseEnv
from mani_skill.sensors.camera import Camera, CameraConfig
from mani_skill.utils.structs.pose import Pose
from mani_skill.utils.structs.types import SceneConfig, SimConfig
from transforms3d.euler import euler2quat

from genworld_envs import tasks
from genworld_envs.asset_library import AssetLibrary
from genworld_envs.backdrop import Backdrops
from genworld_envs.detail import DetailedVisual, Level
from genworld_envs.options import CONTROL_FREQUENCY, EnvOptions
from genworld_envs.physx_cpu_batched.maniskill import BACKEND, install
from genworld_envs.physx_cpu_batched.scene import BatchedCpuScene
from genworld_envs.physx_cpu_batched.system import FASTEST
from genworld_envs.rendering import rendering_errors_explained, resolve_render_backend
from genworld_envs.robots.agent import ArmAgent
from genworld_envs.robots.spec import in_workspace
from genworld_envs.scene_loading import DUMMY_POSE, LoadedScenes, load_scenes, slots_needed
from genworld_envs.tasks.state import TaskState
from scene_hub.compose import table_region
from scene_hub.dataset import SceneDataset
from scene_hub.errors import InvalidOptionError, MissingRequirementError, SceneDataError
from scene_hub.physics import CONTACT_OFFSET, SOLVER_POSITION_ITERATIONS, SOLVER_VELOCITY_ITERATIONS
from scene_hub.placement import footprint_half_size, sample_placements, yaw_of
from scene_hub.schema import Asset, Scene

SIMULATION_FREQUENCY = 100
CONTACT_FORCE = 0.01
"""Newtons from which on two bodies count as touching."""
PLACEMENT_GAP = 0.02
"""Metres kept between footprints when positions are randomized, so that fingers fit in between."""
TABLE_MARGIN = 0.05
SPAWN_HEIGHT = 0.001
SEEDS = 2**31
MOST_LIGHTS = 3
OBSERVED_DISTRACTORS = 4
"""Distractors in the state observation (built recipes have at most four); its size must not depend on the scene."""


class _Stream(IntEnum):
    """What the random draws of an episode are for; each purpose has a generator of its own."""

    SCENE = 0
    PLACEMENT = 1
    ROBOT = 2
    DYNAMICS = 3
    LOOK = 4
    NOISE = 5


class GenWorldBatchedEnv(BaseEnv):
    """Robot, table and a generated scene in each of `num_envs` sub-environments, on ManiSkill 3.

    Args:
        num_envs: number of sub-environments.
        sim_backend: "cpu", "cuda" (or ManiSkill's longer names); "auto" is the GPU where there is one and `num_envs` is not 1.
            The CPU simulates with `genworld_envs.physx_cpu_batched`, whatever `num_envs`, so that an episode does not
            depend on it.
        render_backend: as ManiSkill's, "auto" picks what the machine can do.
        maniskill_options: `sensor_configs`, `human_render_camera_configs`, `viewer_camera_configs`, `sim_config`,
            `enable_shadow`, `parallel_in_single_scene`, `shader_dir`, passed on to ManiSkill.
        options: the keywords of `EnvOptions.check`.

    `info` holds, batched: `success`, `partial_success` (right object grasped and lifted, ever in this episode),
    `semantic_failure` (something else grasped, ever), `time_to_success` (seconds, infinite until then), `stage`,
    `elapsed_steps`, and `fault`: this sub-environment was given an action that is not finite, or its simulation exploded.
    It has rested since, its episode is truncated, and a reset makes it whole. Others do not notice.
    """

    SUPPORTED_REWARD_MODES = ("sparse", "dense", "normalized_dense", "none")
    agent: ArmAgent
    single_action_space: spaces.Box
    metadata = {"render_modes": list(BaseEnv.SUPPORTED_RENDER_MODES), "render_fps": CONTROL_FREQUENCY}

    def __init__(
        self,
        num_envs: int = 1,
        *,
        sim_backend: str = "auto",
        render_backend: str = "auto",
        maniskill_options: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        self.options = EnvOptions.check(**options)
        self.robot_spec = self.options.robot
        self.max_episode_steps = self.options.max_episode_steps
        self._randomization = self.options.randomization
        self._slot_count = 0
        self.loaded: LoadedScenes
        self._chosen: list[Scene] = []
        self._base_camera_pose = sapien.Pose()
        self._main_generators: list[np.random.Generator | None] = [None] * num_envs
        self._episode_seeds = [0] * num_envs
        self._noise_generators = [np.random.default_rng(0) for _ in range(num_envs)]
        self._state: TaskState | None = None
        self._camera_params: dict[str, dict[str, torch.Tensor]] = {}
        sim_backend = _sim_backend(sim_backend, num_envs)
        self._switches = sim_backend == BACKEND
        if self._switches:
            install()
        renders = self.options.render_mode is not None or self.options.observes_images
        backend = resolve_render_backend(render_backend, needs_rendering=renders)
        maniskill_options = dict(maniskill_options or {})
        # Shadows take as long as the rest of a small picture: by default those for people have them, observations do not.
        self._shadow: bool | None = maniskill_options.pop("enable_shadow", None)
        self._use(SceneDataset.open(self.options.scenes))
        self._library = AssetLibrary(
            self.dataset,
            renders=backend != "none",
            reuses=self._switches,
            shows_gaussians=backend != "none" and self.options.backgrounds == "gaussians",
        )
        self._backdrops = Backdrops(self._library, lambda: self.loaded)
        with rendering_errors_explained():
            super().__init__(
                num_envs=num_envs,
                obs_mode=self.options.obs_mode,
                reward_mode=self.options.reward_mode,
                control_mode=self.options.control_mode,
                render_mode=self.options.render_mode,
                robot_uids=self.robot_spec.agent_uid,
                sim_backend=sim_backend,
                render_backend=backend,
                enable_shadow=bool(self._shadow),
                **maniskill_options,
            )
        # ManiSkill resets with fixed seeds while it is built; who never gives a seed gets episodes that nobody can foresee.
        self._main_generators = [None] * num_envs

    # ------------------------------------------------------------------------------------------------ what people read

    @property
    def scenes(self) -> list[Scene]:
        """The scene that each sub-environment holds now."""
        return self.loaded.scenes

    @property
    def assets(self) -> list[dict[str, Asset]]:
        """By sub-environment: the asset of each placement, by the placement's name."""
        return self.loaded.assets

    @property
    def instructions(self) -> list[str]:
        """The instruction of each sub-environment's scene."""
        return [scene.instruction for scene in self.scenes]

    @property
    def task_description(self) -> list[str]:
        """`instructions`, under the name that LeRobot reads."""
        return self.instructions

    def privileged_state(self) -> TaskState:
        """The facts of the present moment that policies do not see; computed once a control step."""
        if self._state is None:
            self._state = self._read_state()
        return self._state

    def use_dataset(self, dataset: SceneDataset) -> None:
        """Draw scenes from `dataset` from the next reset on, instead of making an environment for it: a renderer takes seconds.

        Raises:
            InvalidOptionError: the options select no scene of it, or the simulation runs on a GPU, which cannot change its
                bodies.
        """
        if not self._switches:
            raise InvalidOptionError(
                "a running GPU simulation cannot change to another dataset; make an environment with scenes=..."
            )
        self._use(dataset)
        # Assets are known by their content: bodies that wait are good for any dataset.
        self._library.dataset = dataset

    def close(self) -> None:
        """Free the simulation."""
        self._library.close()
        super().close()

    def _use(self, dataset: SceneDataset) -> None:
        pool = self.options.scene_pool(dataset)
        self.dataset, self.pool = dataset, pool
        self._by_id = {scene.id: scene for scene in pool}
        needed = slots_needed(pool)
        # A running batch keeps slots that are no longer filled; more of them take new tensors, and so a new batch.
        self._outgrown = needed > self._slot_count
        self._slot_count = max(needed, self._slot_count)

    # ------------------------------------------------------------------------------------------------------- ManiSkill

    @property
    def _default_sim_config(self) -> SimConfig:
        return SimConfig(
            sim_freq=SIMULATION_FREQUENCY,
            control_freq=CONTROL_FREQUENCY,
            scene_config=SceneConfig(
                solver_position_iterations=SOLVER_POSITION_ITERATIONS,
                solver_velocity_iterations=SOLVER_VELOCITY_ITERATIONS,
                contact_offset=CONTACT_OFFSET,
            ),
        )

    @property
    def _default_sensor_configs(self) -> list[CameraConfig]:
        configs = []
        for name in self.options.cameras:
            config = self.robot_spec.camera_config(name, self.agent)
            if name == "base":
                # On a mount of its own: the only way to move a camera at reset that ManiSkill has on GPU and CPU alike.
                self._base_camera_pose = config.pose.sp
                config.pose = Pose.create(sapien.Pose())
                config.mount = self._camera_mount
            configs.append(config)
        return configs

    @property
    def _default_human_render_camera_configs(self) -> CameraConfig:
        return self.robot_spec.camera_config("render", self.agent)

    def _setup_sensors(self, options: dict) -> None:
        super()._setup_sensors(options)
        cameras = (*self._sensors.values(), *self._human_render_cameras.values())
        self._backdrops.stand_behind(camera for camera in cameras if isinstance(camera, Camera))

    def _load_agent(self, options: dict, initial_agent_poses: Any = None, build_separate: bool = False) -> None:
        super()._load_agent(options, sapien.Pose(*self.robot_spec.base_pose))

    def _load_scene(self, options: dict) -> None:
        self._outgrown = False
        self.loaded = load_scenes(self.scene, self._library, self._chosen, self._slot_count)
        mount = self.scene.create_actor_builder()
        mount.initial_pose = sapien.Pose(p=[0, 0, 2])
        self._camera_mount = mount.build_kinematic("camera_mount")
        self.scene.remove_from_state_dict_registry(self._camera_mount)
        self._make_buffers()
        if not self._switches:
            # The GPU simulation fixes materials and masses when it starts.
            for env in range(self.num_envs):
                self._randomize_dynamics(env)

    def _make_buffers(self) -> None:
        count, device = self.num_envs, self.device
        self._start_position = torch.zeros(count, self._slot_count, 3, device=device)
        self._partial_success = torch.zeros(count, dtype=torch.bool, device=device)
        self._semantic_failure = torch.zeros(count, dtype=torch.bool, device=device)
        self._time_to_success = torch.full((count,), math.inf, device=device)
        self._latency = torch.zeros(count, dtype=torch.long, device=device)
        self._past_actions: torch.Tensor | None = None
        self._fresh = torch.ones(count, dtype=torch.bool, device=device)
        self._fault = torch.zeros(count, dtype=torch.bool, device=device)
        self._family = torch.zeros(count, dtype=torch.long, device=device)
        self._support_position = torch.zeros(count, 3, device=device)
        self._support_half_extents = torch.zeros(count, 2, device=device)
        self._support_rim = torch.zeros(count, device=device)
        self._contact_query: Any = None
        for env in range(count):
            self._describe(env)

    def _describe(self, env: int) -> None:
        """What the tensors say of the scene that sub-environment `env` holds now."""
        position, half_extents, rim = self._support(env)
        self._support_position[env] = torch.tensor(position, device=self.device)
        self._support_half_extents[env] = torch.tensor(half_extents, device=self.device)
        self._support_rim[env] = rim
        self._family[env] = tasks.family_index(self.loaded.scenes[env].task)

    def _support(self, env: int) -> tuple[tuple[float, float, float], tuple[float, float], float]:
        """Supporting point, clear half extents and rim height of the receptacle in its own frame; zeros for "pick"."""
        asset = self.loaded.slot_asset(env, 1)
        if asset is None:
            return (0.0, 0.0, 0.0), (0.0, 0.0), 0.0
        if asset.support is None:
            scene = self.loaded.scenes[env]
            raise SceneDataError(
                f"scene {scene.id!r}: receptacle {asset.name!r} ({asset.id[:12]}) has no support, so nothing can be put "
                f"on it; build the asset again with a `support`, or leave the scene out with scene_ids"
            )
        return asset.support.position, asset.support.half_extents, asset.support.rim_height

    def _load_lighting(self, options: dict) -> None:
        # A renderer compiles its shaders for a number of lights: all scenes have as many, some of them dark. Whether a light
        # casts shadows is settled when it enters a scene, so the first one has a twin that does.
        self._lights = [[_Light.dark(shadow=False) for _ in range(MOST_LIGHTS)] for _ in range(self.num_envs)]
        self._twins = [_Light.dark(shadow=True) for _ in range(self.num_envs)]
        for env, lights in enumerate(self._lights):
            for light in lights:
                self.scene.sub_scenes[env].add_entity(light.entity)
            self._light(env)
            self._shade(env, bool(self._shadow))
            self._show(env, self._observed_level)

    def _shade(self, env: int, shadow: bool) -> None:
        """Whether the first light of sub-environment `env` casts shadows."""
        if shadow == self._lights[env][0].component.shadow:
            return
        old, new, target = self._lights[env][0], self._twins[env], self.scene.sub_scenes[env]
        color, pose = old.component.color, old.entity.pose
        for light in self._lights[env]:
            target.remove_entity(light.entity)
        self._lights[env][0], self._twins[env] = new, old
        for light in self._lights[env]:
            target.add_entity(light.entity)
        # Only now: SAPIEN writes through a dangling pointer where a light that has left a scene is changed.
        new.component.color, new.entity.pose = color, pose

    def _light(self, env: int) -> None:
        """The lights of the scene that sub-environment `env` holds."""
        lighting = self.loaded.scenes[env].lighting
        self.scene.sub_scenes[env].set_ambient_light(list(lighting.ambient))
        for light in self._lights[env]:
            light.component.color = [0.0, 0.0, 0.0]
        for light, record in zip(self._lights[env], lighting.directional, strict=False):
            light.shine(record.color, np.array(record.direction))

    @property
    def _observed_level(self) -> Level:
        """The level of detail that is visible when nobody calls `render`."""
        level = self.options.level_of_detail
        if level == "auto":
            return "light" if self.options.observes_images else "full"
        return level

    def _show(self, env: int, level: Level) -> None:
        for visual in self._visuals(env):
            visual.show(level)

    def _visuals(self, env: int) -> Iterator[DetailedVisual]:
        yield from self.agent.visuals[env]
        for body in self.loaded.bodies[env]:
            if body.visual is not None and not self._library.gaussian_room(body.asset):
                yield body.visual

    def _room_meshes(self) -> list[DetailedVisual]:
        """The meshes of the rooms that are drawn as Gaussians."""
        rooms = (bodies[-1] for bodies in self.loaded.bodies)
        return [room.visual for room in rooms if room.visual is not None and self._library.gaussian_room(room.asset)]

    def render(self) -> Any:
        """What people see: with all details, and with shadows unless `enable_shadow` is False.

        A GPU batch fixes what it draws when it starts, and shows what observations show. A window ("human") shows a room's
        mesh, not its Gaussians.
        """
        if self.render_mode in (None, "sensors") or not self._switches or not self.scene.can_render():
            return super().render()
        level, shadow = self.options.level_of_detail, self._shadow is not False
        for env in range(self.num_envs):
            self._show(env, "full" if level == "auto" else level)
            self._shade(env, shadow)
        meshes = self._room_meshes() if self.render_mode == "human" else []
        for mesh in meshes:
            mesh.show("full")
        try:
            return super().render()
        finally:
            for mesh in meshes:
                mesh.hide()
            for env in range(self.num_envs):
                self._show(env, self._observed_level)
                self._shade(env, bool(self._shadow))

    # ----------------------------------------------------------------------------------------------------------- reset

    def reset(self, seed: int | Sequence[int] | None = None, options: dict | None = None) -> tuple[Any, dict]:
        """Begin new episodes.

        Args:
            seed: one for all (sub-environment i then gets `seed + i`, as in `gymnasium.vector`) or one for each. An episode
                depends on the seed of its sub-environment and on how many episodes were begun since, on nothing else.
            options: `env_idx` resets only those; `scene_id` (one id, or one for each that is reset) pins scenes.

        On the CPU each reset draws a scene and puts it into a physical world of its own: a PhysX scene that has run before
        keeps a memory of its contacts, from which the same seed plays out differently in the last bits. In a GPU batch a
        full reset draws scenes; a partial one keeps the scene, because ManiSkill cannot change the bodies of a running GPU
        simulation.

        Raises:
            InvalidOptionError: an unknown scene, seeds or scene ids in a wrong number, a negative seed.
            SceneDataError: a file of a drawn scene is damaged; sub-environments before it have their new scenes already.
            MissingRequirementError: a drawn scene has to be fetched from the Hub, which cannot be reached.
        """
        options = dict(options or {})
        indices = self._chosen_envs(options.get("env_idx"))
        pinned = self._pinned_scenes(options.pop("scene_id", None), indices)
        seeds = self._given_seeds(seed, indices)
        if "env_idx" in options:
            # ManiSkill sets rows in their own order, whatever the order in which they are named.
            order = np.argsort(indices)
            indices = [indices[at] for at in order]
            pinned = [pinned[at] for at in order]
            seeds = None if seeds is None else [seeds[at] for at in order]
            options["env_idx"] = torch.tensor(indices, device=self.device)
        partial = len(indices) < self.num_envs
        if partial and (options.get("reconfigure") or self._outgrown or (not self._switches and any(pinned))):
            raise InvalidOptionError(
                "a reset of some sub-environments cannot change the scenes of a GPU batch, nor follow `use_dataset` to scenes "
                "with more objects; reset all of them"
            )
        self._seed(seeds, indices)
        chosen = self._choose_scenes(pinned, indices)
        self._library.fetch([chosen[env] for env in indices])
        built = self.scene is not None and not self._outgrown and not options.get("reconfigure")
        if self._switches and built:
            self._set_scene_config()
            for env in indices:
                self._switch(env, chosen[env])
        elif not partial and (not built or chosen != self._chosen):
            options["reconfigure"] = True
        self._chosen = chosen if self._switches or not partial else self._chosen
        self._state = None
        self._camera_params.clear()
        result = super().reset(seed=list(self._episode_seeds), options=options)
        if self._switches:
            # At the end: the thread that reads takes turns with this one.
            for env in indices:
                self._read_ahead(env)
        return result

    def _switch(self, env: int, scene: Scene) -> None:
        """Sub-environment `env` gets `scene`."""
        assert isinstance(self.scene, BatchedCpuScene)
        self.loaded.switch(env, scene, self.scene)
        self._describe(env)
        if self.scene.can_render():
            self._light(env)
            self._show(env, self._observed_level)

    def _read_ahead(self, env: int) -> None:
        """Begin to read the scene that the next reset of `env` draws, if nobody pins another."""
        upcoming = deepcopy(self._main_generators[env])
        if upcoming is not None:
            self._library.prefetch(self._drawn_scene(int(upcoming.integers(SEEDS))))

    def _chosen_envs(self, given: Sequence[int] | torch.Tensor | None) -> list[int]:
        indices = list(range(self.num_envs)) if given is None else [int(i) for i in given]
        if not indices or len(set(indices)) < len(indices) or not set(indices) <= set(range(self.num_envs)):
            raise InvalidOptionError(f"env_idx {indices} must name different ones of 0 to {self.num_envs - 1}")
        return indices

    def _given_seeds(self, seed: int | Sequence[int] | None, indices: list[int]) -> list[int] | None:
        if seed is None:
            return None
        seeds = [int(seed) + i for i in indices] if isinstance(seed, int | np.integer) else [int(s) for s in seed]
        if len(seeds) != len(indices):
            raise InvalidOptionError(
                f"{len(seeds)} seeds for {len(indices)} sub-environments; give one, or one for each"
            )
        if min(seeds) < 0:
            raise InvalidOptionError(f"seed {min(seeds)} is negative; seeds are whole numbers from 0 on")
        return seeds

    def _seed(self, seeds: list[int] | None, indices: list[int]) -> None:
        for env, value in zip(indices, seeds or (), strict=False):
            self._main_generators[env] = np.random.default_rng(value)
        for env in indices:
            main = self._main_generators[env] or np.random.default_rng()
            self._main_generators[env] = main
            self._episode_seeds[env] = int(main.integers(SEEDS))
            self._noise_generators[env] = self._stream(env, _Stream.NOISE)

    def _stream(self, env: int, purpose: "_Stream") -> np.random.Generator:
        """The generator of one purpose in this episode. Purposes do not share one, so that what is not drawn (lights without
        a renderer, a scene that is pinned) leaves everything else as it is."""
        return np.random.default_rng([self._episode_seeds[env], purpose])

    def _pinned_scenes(self, pinned: str | Sequence[str] | None, indices: list[int]) -> list[Scene | None]:
        names = [pinned] * len(indices) if pinned is None or isinstance(pinned, str) else list(pinned)
        if len(names) != len(indices):
            raise InvalidOptionError(
                f"{len(names)} values of scene_id for {len(indices)} sub-environments; give one, or one each"
            )
        unknown = [name for name in names if name is not None and name not in self._by_id]
        if unknown:
            raise InvalidOptionError.unknown("scene_id", unknown[0], self._by_id)
        return [None if name is None else self._by_id[name] for name in names]

    def _choose_scenes(self, pinned: list[Scene | None], indices: list[int]) -> list[Scene]:
        chosen = list(self._chosen) or [self.pool[0]] * self.num_envs
        for env, scene in zip(indices, pinned, strict=True):
            chosen[env] = self._drawn_scene(self._episode_seeds[env]) if scene is None else scene
        return chosen

    def _drawn_scene(self, episode_seed: int) -> Scene:
        return self.pool[int(np.random.default_rng([episode_seed, _Stream.SCENE]).integers(len(self.pool)))]

    def _initialize_episode(self, env_idx: torch.Tensor, options: dict) -> None:
        indices = [int(i) for i in env_idx]
        draws = [self._draw_episode(env) for env in indices]
        for slot, actor in enumerate(self.loaded.movables):
            actor.set_pose(Pose.create(torch.stack([d["poses"][slot] for d in draws]).to(self.device)))
        self.agent.reset(torch.tensor(np.stack([d["qpos"] for d in draws]), dtype=torch.float32, device=self.device))
        self.agent.robot.set_pose(Pose.create(sapien.Pose(*self.robot_spec.base_pose), device=self.device))
        self._camera_mount.set_pose(Pose.create(torch.stack([d["camera"] for d in draws]).to(self.device)))
        self._latency[env_idx] = torch.tensor([d["latency"] for d in draws], device=self.device)
        self._fresh[env_idx] = True
        self._fault[env_idx] = False
        for latch, value in (
            (self._partial_success, False),
            (self._semantic_failure, False),
            (self._time_to_success, math.inf),
        ):
            latch[env_idx] = value
        positions = torch.stack([d["poses"][:, :3] for d in draws])
        self._start_position[env_idx] = positions.to(self.device)

    def _draw_episode(self, env: int) -> dict[str, Any]:
        """All random quantities of one episode, drawn from the sub-environment's own streams."""
        rng, ranges = self._stream(env, _Stream.ROBOT), self._randomization
        poses = self._draw_poses(env, self._stream(env, _Stream.PLACEMENT))
        qpos = np.array(self.robot_spec.home_qpos, dtype=np.float64)
        joints = self.robot_spec.arm_joints
        qpos[:joints] += rng.uniform(-ranges.robot_joints, ranges.robot_joints, size=joints)
        offset = rng.uniform(-ranges.camera_position, ranges.camera_position, size=3)
        turn = rng.uniform(-ranges.camera_rotation, ranges.camera_rotation, size=3)
        latency = int(rng.integers(ranges.action_latency + 1))
        if self._switches:
            self._randomize_dynamics(env)
        if self.scene.can_render():
            self._randomize_look(env, self._stream(env, _Stream.LOOK))
        camera = self._base_camera_pose
        camera = sapien.Pose(camera.p + offset, camera.q) * sapien.Pose(q=euler2quat(*turn))
        return {
            "poses": poses,
            "qpos": qpos,
            "latency": latency,
            "camera": torch.tensor(np.hstack([camera.p, camera.q])),
        }

    def _draw_poses(self, env: int, rng: np.random.Generator) -> torch.Tensor:
        """[M, 7] poses of the movables: the scene's own, or shifted and turned without overlap, within reach and in sight."""
        placements = self.loaded.slots[env]
        result = torch.tensor(
            np.tile(np.hstack([DUMMY_POSE.p, DUMMY_POSE.q]), (len(placements), 1)), dtype=torch.float32
        )
        result[:, 0] = torch.arange(len(placements))
        filled = [(slot, placement) for slot, placement in enumerate(placements) if placement is not None]
        for slot, placement in filled:
            result[slot] = torch.tensor([*placement.pose.position, *placement.pose.quaternion])
            result[slot, 2] += SPAWN_HEIGHT
        shift, turn = self._randomization.object_position, self._randomization.object_yaw
        if shift == 0 and turn == 0:
            return result
        center = np.array([placement.pose.position[:2] for _, placement in filled])
        yaw = np.array([yaw_of(placement.pose) for _, placement in filled])
        context = self.scenes[env].context
        drawn = sample_placements(
            [footprint_half_size(self.assets[env][placement.name]) for _, placement in filled],
            center - shift,
            center + shift,
            rng,
            gap=PLACEMENT_GAP,
            yaw_range=(yaw, yaw + turn),
            table=table_region(self.assets[env][context.name], TABLE_MARGIN, context.pose),
            allowed=lambda xy: self.robot_spec.reaches(xy[:, 0], xy[:, 1]) & in_workspace(xy),
        )
        if drawn is None:
            return result
        for (slot, _), xy, angle in zip(filled, drawn.xy, drawn.yaw, strict=True):
            result[slot, :2] = torch.tensor(xy)
            result[slot, 3:] = torch.tensor([math.cos(angle / 2), 0.0, 0.0, math.sin(angle / 2)])
        return result

    def _randomize_dynamics(self, env: int) -> None:
        """Friction and mass of each movable: its own, scaled."""
        rng = self._stream(env, _Stream.DYNAMICS)
        for slot, actor in enumerate(self.loaded.movables):
            asset = self.loaded.slot_asset(env, slot)
            friction = rng.uniform(*self._randomization.friction)
            mass = rng.uniform(*self._randomization.mass)
            if asset is None:
                continue
            body = actor._bodies[env]
            unit_inertia = self.loaded.bodies[env][slot].unit_inertia
            for shape in body.collision_shapes:
                shape.physical_material.static_friction = asset.static_friction * friction
                shape.physical_material.dynamic_friction = asset.dynamic_friction * friction
            # Also where nothing is randomized: PhysX's hulls have up to 2 % less volume than the asset's record says.
            body.mass = asset.mass * mass
            body.inertia = unit_inertia * body.mass

    def _randomize_look(self, env: int, rng: np.random.Generator) -> None:
        ranges, lighting = self._randomization, self.scenes[env].lighting
        ambient = lighting.ambient if ranges.ambient_light is None else rng.uniform(*ranges.ambient_light, size=3)
        self.scene.sub_scenes[env].set_ambient_light(list(ambient))
        for light, record in zip(self._lights[env], lighting.directional, strict=False):
            factor = 1 + rng.uniform(-ranges.light_intensity, ranges.light_intensity)
            angles = rng.uniform(-ranges.light_direction, ranges.light_direction, size=2)
            turn = sapien.Pose(q=euler2quat(angles[0], angles[1], 0.0)).to_transformation_matrix()[:3, :3]
            light.shine(np.array(record.color) * factor, turn @ np.array(record.direction))
        for body in self.loaded.tinted(env):
            # One factor a thing, not one a material: its levels of detail may have different ones.
            factor = rng.uniform(1 - ranges.color, 1, size=3)
            if body.visual is not None:
                body.visual.tint(factor if ranges.color else None)

    # ------------------------------------------------------------------------------------------------------------ step

    def step(self, action: Any) -> tuple[Any, torch.Tensor, torch.Tensor, torch.Tensor, dict]:
        """One control step (0.2 s). `action` is [N, A] (or [A] when N is 1), in the controller's units, mostly [-1, 1].

        A row that is not finite does not move its sub-environment: see `fault` in the class. ManiSkill's other forms pass:
        None lets time pass, {"control_mode": ..., "action": ...} names another controller.

        Raises:
            InvalidOptionError: an action of another shape.
        """
        if action is None:
            self._state = None
            obs, reward, terminated, _, info = super().step(None)
            return obs, reward, terminated, self._truncated(), info
        if isinstance(action, dict):
            if action["control_mode"] != self.agent.control_mode:
                self.agent.set_control_mode(action["control_mode"])
                self.agent.controller.reset()
                self._past_actions = None
                self._fresh[:] = True
            action = action["action"]
        return self._play(self._checked(action)[:, None])

    def step_chunk(self, actions: Any) -> tuple[Any, torch.Tensor, torch.Tensor, torch.Tensor, dict]:
        """C control steps with `actions` [N, C, A] and one observation, of the end: as C calls of `step` that stop where an
        episode ends.

        A sub-environment whose episode ends (terminated or truncated) within the chunk plays none of its further actions.
        Rewards are summed; `terminated`, `truncated` and `info` are those of its last step. On the CPU it stands still from
        there on, so that its observation is of that moment, too; a GPU moves all sub-environments, and its observation is of
        the end of the chunk.

        Raises:
            InvalidOptionError: actions of another shape.
        """
        size = self._accepted.shape[0]
        value = torch.as_tensor(actions, dtype=torch.float32, device=self.device)
        if value.ndim != 3 or value.shape[0] != self.num_envs or value.shape[1] < 1 or value.shape[2] != size:
            raise InvalidOptionError(
                f"a chunk of actions has shape {tuple(value.shape)}, but {self.robot_spec.name} with control_mode "
                f"{self.agent.control_mode!r} and num_envs={self.num_envs} takes ({self.num_envs}, C, {size})"
            )
        return self._play(value)

    def _play(self, actions: torch.Tensor) -> tuple[Any, torch.Tensor, torch.Tensor, torch.Tensor, dict]:
        """The control steps of `actions` [N, C, A]; what `step_chunk` says."""
        running = torch.ones(self.num_envs, dtype=torch.bool, device=self.device)
        total = torch.zeros(self.num_envs, device=self.device)
        terminated, truncated, info = torch.zeros_like(running), torch.zeros_like(running), {}
        for action in actions.unbind(1):
            self._move(action, running)
            now = self.get_info()
            reward = self.get_reward(obs=None, action=action, info=now)
            done, late = now["success"] & ~self._fault, self._truncated()
            if running.all():
                total, terminated, truncated, info = total + reward.masked_fill(self._fault, 0.0), done, late, now
            else:
                total = total + reward.masked_fill(self._fault | ~running, 0.0)
                terminated, truncated = terminated | (done & running), truncated | (late & running)
                info = {
                    name: torch.where(running, value, info[name]) if isinstance(value, torch.Tensor) else value
                    for name, value in now.items()
                }
            running = running & ~(terminated | truncated)
            if not running.any():
                break
        self._rest(torch.zeros_like(running))
        self._last_obs = self.get_obs(info)
        return self._last_obs, total, terminated, truncated, info

    def _move(self, action: torch.Tensor, running: torch.Tensor) -> None:
        """One control step of the `running` [N] sub-environments; a faulty one rests until it is reset."""
        finite = torch.isfinite(action).all(1)
        self._fault |= running & ~finite
        self._state = None
        moving = running & ~self._fault
        self._rest(~moving)
        self.agent.moving = None if bool(moving.all()) else moving
        action = self._disturb(torch.where(moving[:, None], action, 0.0))
        self._step_action(action)
        self._elapsed_steps += running
        self._fault |= running & self._exploded()

    def _rest(self, mask: torch.Tensor) -> None:
        """On the CPU, keep `mask` [N] sub-environments as they are; a GPU simulation moves all."""
        if self._switches:
            self.scene.px.active[:] = ~mask.numpy()  # type: ignore[attr-defined]

    def _exploded(self) -> torch.Tensor:
        """[N] whose bodies are nowhere, or fly apart."""
        if self._switches:
            return torch.from_numpy(self.scene.px.faulty)  # type: ignore[attr-defined]
        bodies = torch.stack([actor._body_data[actor._body_data_index] for actor in self.loaded.movables], dim=1)
        sound = torch.isfinite(bodies).all(-1) & (bodies[..., 7:].abs().amax(-1) < FASTEST)
        return ~sound.all(1) | ~torch.isfinite(self.agent.robot.get_qpos()).all(1)

    def _truncated(self) -> torch.Tensor:
        return (self._elapsed_steps >= self.max_episode_steps) | self._fault

    @property
    def _accepted(self) -> spaces.Box:
        """What the controller in charge takes; `single_action_space` is of the one that the environment was made with."""
        space = self.agent.single_action_space
        assert isinstance(space, spaces.Box)
        return space

    def _checked(self, action: Any) -> torch.Tensor:
        size = self._accepted.shape[0]
        value = torch.as_tensor(action, dtype=torch.float32, device=self.device)
        if value.shape == (size,) and self.num_envs == 1:
            value = value[None]
        if value.shape != (self.num_envs, size):
            raise InvalidOptionError(
                f"action has shape {tuple(value.shape)}, but {self.robot_spec.name} with control_mode "
                f"{self.agent.control_mode!r} and num_envs={self.num_envs} takes ({self.num_envs}, {size})"
            )
        return value

    def _disturb(self, action: torch.Tensor) -> torch.Tensor:
        """Noise and latency of the randomization, drawn from each sub-environment's own generator."""
        ranges = self._randomization
        if ranges.action_noise:
            noise = np.stack(
                [rng.normal(scale=ranges.action_noise, size=action.shape[1] - 1) for rng in self._noise_generators]
            )
            low, high = (torch.as_tensor(b, device=self.device) for b in (self._accepted.low, self._accepted.high))
            action = action.clone()
            action[:, :-1] += torch.tensor(noise, dtype=action.dtype, device=self.device) * ((high - low) / 2)[:-1]
            action = torch.clamp(action, low, high)
        if ranges.action_latency:
            action = self._delayed(action)
        return action

    def _delayed(self, action: torch.Tensor) -> torch.Tensor:
        """Each row's action of `latency` steps ago; an episode's first action stands in for those before it."""
        window = self._randomization.action_latency + 1
        past = action.expand(window, *action.shape) if self._past_actions is None else self._past_actions
        past = torch.cat([past[1:], action[None]])
        past = torch.where(self._fresh[None, :, None], action[None], past)
        self._past_actions = past
        self._fresh[:] = False
        return past[window - 1 - self._latency, torch.arange(self.num_envs, device=self.device)]

    def evaluate(self) -> dict[str, torch.Tensor]:
        """What `info` says of the present moment; see the class."""
        state = self.privileged_state()
        success = tasks.success(state, self._family)
        self._partial_success |= state.lifted | success
        self._semantic_failure |= state.wrong_grasped
        now = self._elapsed_steps / CONTROL_FREQUENCY
        self._time_to_success = torch.where(success & self._time_to_success.isinf(), now, self._time_to_success)
        return {
            "success": success,
            "partial_success": self._partial_success.clone(),
            "semantic_failure": self._semantic_failure.clone(),
            "time_to_success": self._time_to_success.clone(),
            "stage": tasks.stage(state, self._family),
            "fault": self._fault.clone(),
        }

    def compute_dense_reward(self, obs: Any, action: torch.Tensor, info: dict) -> torch.Tensor:
        return tasks.dense_reward(self.privileged_state(), self._family)

    def compute_normalized_dense_reward(self, obs: Any, action: torch.Tensor, info: dict) -> torch.Tensor:
        return self.compute_dense_reward(obs, action, info)

    # ----------------------------------------------------------------------------------------------------- observation

    def get_sensor_params(self) -> dict[str, dict[str, torch.Tensor]]:
        """Matrices of each camera. The base camera's are computed at a reset only, for it stands still in between."""
        for name, sensor in self._sensors.items():
            if name not in self._camera_params or sensor.config.mount is not self._camera_mount:  # type: ignore[attr-defined]
                self._camera_params[name] = sensor.get_params()
        return {name: dict(self._camera_params[name]) for name in self._sensors}

    def _get_obs_agent(self) -> dict[str, torch.Tensor]:
        return {**super()._get_obs_agent(), "agent_pos": self.agent.proprioception()}

    def _get_obs_extra(self, info: dict) -> dict[str, torch.Tensor]:
        """Privileged state, in state modes only; sizes do not depend on the scene."""
        if not self.obs_mode_struct.use_state:
            return {}
        state = self.privileged_state()
        shown = 2 + OBSERVED_DISTRACTORS
        present = torch.nn.functional.pad(state.present[:, :shown], (0, max(0, shown - self._slot_count)))
        poses = torch.cat([state.position, state.quaternion], dim=-1) * state.present[..., None]
        poses = torch.nn.functional.pad(poses[:, :shown], (0, 0, 0, max(0, shown - self._slot_count)))
        return {
            "tcp_pose": torch.cat([state.tcp_position, state.tcp_quaternion], dim=1),
            "object_pose": poses[:, 0],
            "receptacle_pose": poses[:, 1],
            "distractor_poses": poses[:, 2:].flatten(1),
            "present": present.float(),
            "object_extents": state.extents[:, 0],
            "support": torch.cat([state.support, state.support_half_extents, state.rim_height[:, None]], dim=1),
            "tcp_to_object": state.object_center - state.tcp_position,
            "object_to_goal": (state.goal_center - state.object_center) * state.present[:, 1:2],
            "is_grasped": state.right_grasped.float()[:, None],
            "task": torch.nn.functional.one_hot(self._family, len(tasks.FAMILIES)).float(),
        }

    def _read_state(self) -> TaskState:
        loaded, agent = self.loaded, self.agent
        poses = torch.stack([actor.pose.raw_pose for actor in loaded.movables], dim=1)
        receptacle = Pose.create(poses[:, 1])
        has_receptacle = loaded.present[:, 1:2]
        support = (receptacle * Pose.create_from_pq(p=self._support_position)).p * has_receptacle
        tcp, forces = agent.tcp_pose, self._contact_forces()
        count = len(loaded.movables)
        fingers, touches = forces[:, : 2 * count].unflatten(1, (2, count)), forces[:, 2 * count :]
        touching = touches.norm(dim=2) > CONTACT_FORCE
        return TaskState(
            position=poses[..., :3],
            quaternion=poses[..., 3:],
            extents=loaded.extents.clone(),
            present=loaded.present.clone(),
            start_position=self._start_position.clone(),
            support=support,
            support_half_extents=self._support_half_extents.clone(),
            rim_height=(receptacle.p[:, 2] + self._support_rim) * has_receptacle[:, 0],
            tcp_position=tcp.p,
            tcp_quaternion=tcp.q,
            gripper_share=agent.gripper_share,
            grasped=agent.hold(fingers, tcp.q) & loaded.present,
            touches_receptacle=touching[:, 0] & loaded.present[:, 1],
            touches_table=touching[:, 1] | touching[:, 2],
            touches_robot=touching[:, 3:].any(dim=1),
        )

    def _contact_forces(self) -> torch.Tensor:
        """[N, Q, 3] newtons, on the first of each pair: first finger and each movable, second finger and each movable, then
        the target and the receptacle, the table, the room, each link of the hand."""
        loaded, agent = self.loaded, self.agent
        target, receptacle, *_ = loaded.movables
        pairs = [
            *((finger, movable) for finger in (agent.finger1_link, agent.finger2_link) for movable in loaded.movables),
            *((target, other) for other in (receptacle, loaded.table, loaded.room, *agent.contact_links)),
        ]
        px: Any = self.scene.px
        if self._contact_query is None:
            bodies = [(a._bodies[env], b._bodies[env]) for env in range(self.num_envs) for a, b in pairs]
            self._contact_query = px.gpu_create_contact_pair_impulse_query(bodies)
        px.gpu_query_contact_pair_impulses(self._contact_query)
        impulses = self._contact_query.cuda_impulses.torch().clone()
        return impulses.reshape(self.num_envs, len(pairs), 3) / self.scene.timestep


def _sim_backend(wanted: str, num_envs: int) -> str:
    """The backend that simulates: on a CPU always the batched one."""
    if wanted == "auto":
        return "physx_cuda" if num_envs > 1 and torch.cuda.is_available() else BACKEND
    if wanted in ("cpu", "physx_cpu", BACKEND):
        return BACKEND
    if not torch.cuda.is_available():
        raise MissingRequirementError(
            f"sim_backend={wanted!r} simulates on a CUDA GPU, and this machine has none; leave sim_backend out, or use 'cpu'"
        )
    return wanted


class _Light(NamedTuple):
    entity: sapien.Entity
    component: sapien.render.RenderDirectionalLightComponent

    @classmethod
    def dark(cls, shadow: bool) -> "_Light":
        """In no scene yet; its shadows fall on what is near the table."""
        entity, light = sapien.Entity(), sapien.render.RenderDirectionalLightComponent()
        light.color, light.shadow = [0.0, 0.0, 0.0], shadow
        light.shadow_half_size, light.shadow_near, light.shadow_far, light.shadow_map_size = 1.2, -3.0, 6.0, 2048
        entity.add_component(light)
        return cls(entity, light)

    def shine(self, color: Sequence[float] | np.ndarray, direction: np.ndarray) -> None:
        """Linear RGB, and the direction in which the light travels, in the scene frame."""
        self.component.color = list(color)
        self.entity.pose = _looking_along(direction)


def _looking_along(direction: np.ndarray) -> sapien.Pose:
    """The pose whose x axis, along which SAPIEN's directional lights shine, is `direction`."""
    forward = direction / np.linalg.norm(direction)
    side = np.cross([0.0, 0.0, 1.0], forward)
    side = side / np.linalg.norm(side) if np.linalg.norm(side) > 1e-6 else np.array([0.0, 1.0, 0.0])
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([forward, side, np.cross(forward, side)], axis=1)
    return sapien.Pose(matrix)

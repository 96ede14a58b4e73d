"""The simulation: a ManiSkill environment whose sub-environments each hold a generated scene.

`GenWorldBatchedEnv` follows ManiSkill's conventions (batched torch tensors, nested observations, partial resets through
`options["env_idx"]`), so ManiSkill's own tools work on it. People who want ordinary Gymnasium get
`genworld_envs.env.GenWorldEnv`.
"""

import math
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any

import numpy as np
import sapien
import sapien.render
import torch
from gymnasium import spaces
from mani_skill.envs.sapien_env import BaseEnv
from mani_skill.envs.utils.system.backend import CPU_SIM_BACKENDS
from mani_skill.sensors.camera import CameraConfig
from mani_skill.utils.structs import Actor
from mani_skill.utils.structs.pose import Pose
from mani_skill.utils.structs.types import SceneConfig, SimConfig
from transforms3d.euler import euler2quat

from genworld_envs import tasks
from genworld_envs.options import CONTROL_FREQUENCY, STATE_MODES, EnvOptions
from genworld_envs.rendering import rendering_errors_explained, resolve_render_backend
from genworld_envs.robots.agent import ArmAgent
from genworld_envs.robots.spec import in_workspace
from genworld_envs.scene_loading import DUMMY_POSE, LoadedScenes, load_scenes, slots_needed
from genworld_envs.tasks.state import TaskState
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
        num_envs: number of sub-environments; more than one needs a CUDA GPU.
        sim_backend, render_backend: as ManiSkill's, "auto" picks what the machine can do.
        maniskill_options: `sensor_configs`, `human_render_camera_configs`, `viewer_camera_configs`, `sim_config`,
            `enable_shadow`, `parallel_in_single_scene`, `shader_dir`, passed on to ManiSkill.
        options: the keywords of `EnvOptions.check`.

    `info` holds, batched: `success`, `partial_success` (right object grasped and lifted, ever in this episode),
    `semantic_failure` (something else grasped, ever), `time_to_success` (seconds, infinite until then), `stage`,
    `elapsed_steps`.
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
        self._use(SceneDataset.open(self.options.scenes))
        self._randomization = self.options.randomization
        self.loaded: LoadedScenes
        self._chosen: list[Scene] = []
        self._base_camera_pose = sapien.Pose()
        self._main_generators: list[np.random.Generator | None] = [None] * num_envs
        self._episode_seeds = [0] * num_envs
        self._noise_generators = [np.random.default_rng(0) for _ in range(num_envs)]
        self._state: TaskState | None = None
        sim_backend = _sim_backend(sim_backend, num_envs)
        self._rebuilds = sim_backend in CPU_SIM_BACKENDS
        renders = self.options.render_mode is not None or self.options.obs_mode not in STATE_MODES
        backend = resolve_render_backend(render_backend, needs_rendering=renders)
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
                **{"enable_shadow": True, **(maniskill_options or {})},
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
        if not self._rebuilds:
            raise InvalidOptionError(
                "a running GPU simulation cannot change to another dataset; make an environment with scenes=..."
            )
        self._use(dataset)

    def _use(self, dataset: SceneDataset) -> None:
        pool = self.options.scene_pool(dataset)
        self.dataset, self.pool = dataset, pool
        self._by_id = {scene.id: scene for scene in pool}
        self._slot_count = slots_needed(pool)

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

    def _load_agent(self, options: dict, initial_agent_poses: Any = None, build_separate: bool = False) -> None:
        super()._load_agent(options, sapien.Pose(*self.robot_spec.base_pose))

    def _load_scene(self, options: dict) -> None:
        self.loaded = load_scenes(self.scene, self.dataset, self._chosen, self._slot_count)
        mount = self.scene.create_actor_builder()
        mount.initial_pose = sapien.Pose(p=[0, 0, 2])
        self._camera_mount = mount.build_kinematic("camera_mount")
        self.scene.remove_from_state_dict_registry(self._camera_mount)
        self._family = torch.tensor([tasks.family_index(scene.task) for scene in self._chosen], device=self.device)
        self._make_buffers()
        if self.gpu_sim_enabled:
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
        supports = [self._support(env) for env in range(count)]
        self._support_position = torch.tensor([s[0] for s in supports], device=device, dtype=torch.float32)
        self._support_half_extents = torch.tensor([s[1] for s in supports], device=device, dtype=torch.float32)
        self._support_rim = torch.tensor([s[2] for s in supports], device=device, dtype=torch.float32)

    def _support(self, env: int) -> tuple[tuple[float, float, float], tuple[float, float], float]:
        """Supporting point, clear half extents and rim height of the receptacle in its own frame; zeros for "pick"."""
        asset = self.loaded.slot_asset(env, 1)
        if asset is None:
            return (0.0, 0.0, 0.0), (0.0, 0.0), 0.0
        if asset.support is None:
            scene = self._chosen[env]
            raise SceneDataError(
                f"scene {scene.id!r}: receptacle {asset.name!r} ({asset.id[:12]}) has no support, so nothing can be put "
                f"on it; build the asset again with a `support`, or leave the scene out with scene_ids"
            )
        return asset.support.position, asset.support.half_extents, asset.support.rim_height

    def _load_lighting(self, options: dict) -> None:
        self._lights: list[list[tuple[sapien.render.RenderDirectionalLightComponent, np.ndarray, np.ndarray]]] = []
        for env, scene in enumerate(self._chosen):
            target = self.scene.sub_scenes[env]
            target.set_ambient_light(list(scene.lighting.ambient))
            lights = []
            for index, light in enumerate(scene.lighting.directional):
                component = target.add_directional_light(
                    list(light.direction),
                    list(light.color),
                    shadow=self.enable_shadow and index == 0,
                    shadow_scale=1.2,
                    shadow_near=-3.0,
                    shadow_far=6.0,
                    shadow_map_size=2048,
                )
                lights.append((component, np.array(light.direction), np.array(light.color)))
            self._lights.append(lights)

    # ----------------------------------------------------------------------------------------------------------- reset

    def reset(self, seed: int | Sequence[int] | None = None, options: dict | None = None) -> tuple[Any, dict]:
        """Begin new episodes.

        Args:
            seed: one for all (sub-environment i then gets `seed + i`, as in `gymnasium.vector`) or one for each. An episode
                depends on the seed of its sub-environment and on how many episodes were begun since, on nothing else.
            options: `env_idx` resets only those; `scene_id` (one id, or one for each that is reset) pins scenes.

        On the CPU each reset draws a scene and builds it anew: a PhysX scene that has run before keeps a memory of its
        contacts, from which the same seed plays out differently in the last bits. In a GPU batch a full reset draws scenes;
        a partial one keeps the scene, because ManiSkill cannot change the bodies of a running GPU simulation.
        """
        options = dict(options or {})
        indices = [int(i) for i in options["env_idx"]] if "env_idx" in options else list(range(self.num_envs))
        self._seed(seed, indices)
        chosen = self._choose_scenes(options.pop("scene_id", None), indices)
        if len(indices) == self.num_envs and (self._rebuilds or chosen != self._chosen or options.get("reconfigure")):
            self._chosen = chosen
            options["reconfigure"] = True
        self._state = None
        return super().reset(seed=list(self._episode_seeds), options=options)

    def _seed(self, seed: int | Sequence[int] | None, indices: list[int]) -> None:
        if seed is not None:
            seeds = [int(seed) + i for i in indices] if isinstance(seed, int | np.integer) else [int(s) for s in seed]
            if len(seeds) != len(indices):
                raise InvalidOptionError(
                    f"{len(seeds)} seeds for {len(indices)} sub-environments; give one, or one for each"
                )
            if min(seeds) < 0:
                raise InvalidOptionError(f"seed {min(seeds)} is negative; seeds are whole numbers from 0 on")
            for env, value in zip(indices, seeds, strict=True):
                self._main_generators[env] = np.random.default_rng(value)
        for env in indices:
            main = self._main_generators[env] or np.random.default_rng()
            self._main_generators[env] = main
            self._episode_seeds[env] = int(main.integers(2**31))
            self._noise_generators[env] = self._stream(env, _Stream.NOISE)

    def _stream(self, env: int, purpose: "_Stream") -> np.random.Generator:
        """The generator of one purpose in this episode. Purposes do not share one, so that what is not drawn (lights without
        a renderer, a scene that is pinned) leaves everything else as it is."""
        return np.random.default_rng([self._episode_seeds[env], purpose])

    def _choose_scenes(self, pinned: str | Sequence[str] | None, indices: list[int]) -> list[Scene]:
        chosen = list(self._chosen) or [self.pool[0]] * self.num_envs
        names = [pinned] * len(indices) if pinned is None or isinstance(pinned, str) else list(pinned)
        if len(names) != len(indices):
            raise InvalidOptionError(
                f"{len(names)} values of scene_id for {len(indices)} sub-environments; give one, or one each"
            )
        for env, name in zip(indices, names, strict=True):
            if name is None:
                chosen[env] = self.pool[int(self._stream(env, _Stream.SCENE).integers(len(self.pool)))]
            elif name in self._by_id:
                chosen[env] = self._by_id[name]
            else:
                raise InvalidOptionError.unknown("scene_id", name, self._by_id)
        return chosen

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
        if not self.gpu_sim_enabled:
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
        table = np.array(self.assets[env][self.scenes[env].context.name].extents[:2]) / 2 - TABLE_MARGIN
        drawn = sample_placements(
            [footprint_half_size(self.assets[env][placement.name]) for _, placement in filled],
            center - shift,
            center + shift,
            rng,
            gap=PLACEMENT_GAP,
            yaw_range=(yaw, yaw + turn),
            table=(-table, table),
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
            for shape in body.collision_shapes:
                shape.physical_material.static_friction = asset.static_friction * friction
                shape.physical_material.dynamic_friction = asset.dynamic_friction * friction
            # Also where nothing is randomized: PhysX's hulls have up to 2 % less volume than the asset's record says.
            body.mass = asset.mass * mass
            body.inertia = self.loaded.unit_inertia[env][slot] * body.mass

    def _randomize_look(self, env: int, rng: np.random.Generator) -> None:
        ranges, lighting = self._randomization, self.scenes[env].lighting
        ambient = lighting.ambient if ranges.ambient_light is None else rng.uniform(*ranges.ambient_light, size=3)
        self.scene.sub_scenes[env].set_ambient_light(list(ambient))
        for light, direction, color in self._lights[env]:
            factor = 1 + rng.uniform(-ranges.light_intensity, ranges.light_intensity)
            angles = rng.uniform(-ranges.light_direction, ranges.light_direction, size=2)
            light.color = list(color * factor)
            if ranges.light_direction:
                turned = (
                    sapien.Pose(q=euler2quat(angles[0], angles[1], 0.0)).to_transformation_matrix()[:3, :3] @ direction
                )
                light.entity.pose = _looking_along(turned)
        for material, own in self.loaded.base_colors[env]:
            factor = rng.uniform(1 - ranges.color, 1, size=3)
            if ranges.color:
                material.set_base_color([*(own[:3] * factor), own[3]])

    # ------------------------------------------------------------------------------------------------------------ step

    def step(self, action: Any) -> tuple[Any, torch.Tensor, torch.Tensor, torch.Tensor, dict]:
        """One control step (0.2 s). `action` is [N, A] (or [A] when N is 1), in the controller's units, mostly [-1, 1].

        Raises:
            InvalidOptionError: an action of another shape, or with NaN or infinite numbers.
        """
        if isinstance(action, dict):
            # ManiSkill's form that names another controller: {"control_mode": ..., "action": ...}.
            _refuse_unless_finite(torch.as_tensor(action["action"], device=self.device).reshape(self.num_envs, -1))
        elif action is not None:
            action = self._disturb(self._checked(action))
        self._state = None
        obs, reward, terminated, _, info = super().step(action)
        return obs, reward, terminated, self._elapsed_steps >= self.max_episode_steps, info

    def _checked(self, action: Any) -> torch.Tensor:
        size = self.single_action_space.shape[0]
        value = torch.as_tensor(action, dtype=torch.float32, device=self.device)
        if value.shape == (size,) and self.num_envs == 1:
            value = value[None]
        if value.shape != (self.num_envs, size):
            raise InvalidOptionError(
                f"action has shape {tuple(value.shape)}, but {self.robot_spec.name} with control_mode "
                f"{self.options.control_mode!r} and num_envs={self.num_envs} takes ({self.num_envs}, {size})"
            )
        _refuse_unless_finite(value)
        return value

    def _disturb(self, action: torch.Tensor) -> torch.Tensor:
        """Noise and latency of the randomization, drawn from each sub-environment's own generator."""
        ranges = self._randomization
        if ranges.action_noise:
            noise = np.stack(
                [rng.normal(scale=ranges.action_noise, size=action.shape[1] - 1) for rng in self._noise_generators]
            )
            low, high = (
                torch.as_tensor(b, device=self.device)
                for b in (self.single_action_space.low, self.single_action_space.high)
            )
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
            # A copy: ManiSkill counts on in the tensor that it hands out on the CPU.
            "elapsed_steps": self._elapsed_steps.clone(),
        }

    def compute_dense_reward(self, obs: Any, action: torch.Tensor, info: dict) -> torch.Tensor:
        return tasks.dense_reward(self.privileged_state(), self._family)

    def compute_normalized_dense_reward(self, obs: Any, action: torch.Tensor, info: dict) -> torch.Tensor:
        return self.compute_dense_reward(obs, action, info)

    # ----------------------------------------------------------------------------------------------------- observation

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
        grasped = torch.stack([agent.is_grasping(actor) for actor in loaded.movables], dim=1) & loaded.present
        target, tcp = loaded.movables[0], agent.tcp_pose
        return TaskState(
            position=poses[..., :3],
            quaternion=poses[..., 3:],
            extents=loaded.extents,
            present=loaded.present,
            start_position=self._start_position.clone(),
            support=support,
            support_half_extents=self._support_half_extents,
            rim_height=(receptacle.p[:, 2] + self._support_rim) * has_receptacle[:, 0],
            tcp_position=tcp.p,
            tcp_quaternion=tcp.q,
            gripper_share=agent.gripper_share,
            grasped=grasped,
            touches_receptacle=self._touch(target, loaded.movables[1]) & loaded.present[:, 1],
            touches_table=self._touch(target, loaded.table) | self._touch(target, loaded.room),
            touches_robot=torch.stack([self._touch(target, link) for link in agent.contact_links]).any(dim=0),
        )

    def _touch(self, first: Actor, second: Any) -> torch.Tensor:
        return self.scene.get_pairwise_contact_forces(first, second).norm(dim=1) > CONTACT_FORCE


def _sim_backend(wanted: str, num_envs: int) -> str:
    if wanted != "auto":
        return wanted
    if num_envs == 1:
        return "physx_cpu"
    if torch.cuda.is_available():
        return "physx_cuda"
    raise MissingRequirementError(
        f"num_envs={num_envs} in one process simulates on a CUDA GPU, and this machine has none; "
        f"gym.make_vec(id, num_envs={num_envs}) runs them on the CPU"
    )


def _looking_along(direction: np.ndarray) -> sapien.Pose:
    """The pose whose x axis, along which SAPIEN's directional lights shine, is `direction`."""
    forward = direction / np.linalg.norm(direction)
    side = np.cross([0.0, 0.0, 1.0], forward)
    side = side / np.linalg.norm(side) if np.linalg.norm(side) > 1e-6 else np.array([0.0, 1.0, 0.0])
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([forward, side, np.cross(forward, side)], axis=1)
    return sapien.Pose(matrix)


def _refuse_unless_finite(action: torch.Tensor) -> None:
    """Raise InvalidOptionError where the [N, A] `action` holds NaN or infinite numbers."""
    bad = (~torch.isfinite(action)).nonzero().tolist()
    if bad:
        raise InvalidOptionError(
            f"action is not finite at (sub-environment, dimension) {bad[:4]}: {action[bad[0][0]].tolist()}"
        )

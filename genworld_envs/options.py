"""The keyword arguments of `gym.make("GenWorld-...")`, checked before anything is built.

Every error names the bad value and the choices. The names are those of ManiSkill wherever ManiSkill has the thing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args

from genworld_envs.randomization import Preset, Randomization, parse_randomization
from genworld_envs.robots import RobotSpec, robot_spec
from scene_hub.dataset import SceneDataset
from scene_hub.errors import InvalidOptionError
from scene_hub.query import Query
from scene_hub.schema import SPLITS, TASK_FAMILIES, Scene, Split, TaskFamily
from scene_hub.sources import Sources, source_names

Camera = Literal["base", "wrist"]
CAMERAS: tuple[Camera, ...] = get_args(Camera)
RewardMode = Literal["sparse", "dense", "none"]
RenderMode = Literal["rgb_array", "human", "sensors", "all"]
LevelOfDetail = Literal["auto", "light", "full"]
LEVELS_OF_DETAIL: tuple[LevelOfDetail, ...] = get_args(LevelOfDetail)
Backgrounds = Literal["gaussians", "mesh"]
BACKGROUNDS: tuple[Backgrounds, ...] = get_args(Backgrounds)
TEXTURES = ("rgb", "depth", "segmentation")
STATE_MODES = ("state", "state_dict", "none")

MAX_EPISODE_STEPS = 100
"""arXiv 2603.18532: 25 decisions of 4 control steps."""
CONTROL_FREQUENCY = 5
"""Hz, arXiv 2603.18532."""


@dataclass(frozen=True)
class EnvOptions:
    """Checked options of an environment, whatever its form (standard, vector, batched)."""

    task: TaskFamily | None
    scenes: str
    split: Split | None
    num_scenes: int | None
    scene_ids: tuple[str, ...] | None
    query: str | None
    robot: RobotSpec
    obs_mode: str
    control_mode: str
    reward_mode: str
    randomization: Randomization
    render_mode: str | None
    cameras: tuple[Camera, ...]
    max_episode_steps: int
    level_of_detail: LevelOfDetail
    backgrounds: Backgrounds
    """How rooms are drawn that have 3D Gaussians; those that have none are meshes."""

    @classmethod
    def check(
        cls,
        *,
        task: str | None = None,
        scenes: Sources = "starter",
        split: str | None = None,
        num_scenes: int | None = None,
        scene_ids: Iterable[str] | None = None,
        query: str | None = None,
        robot_uids: str = "panda",
        obs_mode: str | None = None,
        control_mode: str | None = None,
        reward_mode: str | None = None,
        randomization: "Preset | str | Randomization | Mapping[str, Any]" = "paper",
        render_mode: str | None = None,
        cameras: Iterable[str] = ("base",),
        max_episode_steps: int = MAX_EPISODE_STEPS,
        level_of_detail: str = "auto",
        backgrounds: str = "gaussians",
    ) -> Self:
        """Options from user input.

        Raises:
            InvalidOptionError: a value that is not among the choices, which the message lists.
            MissingRequirementError: the robot's files are not on this machine; the message says how to get them.
        """
        robot = robot_spec(_robot_name(robot_uids))
        robot.check()
        level: LevelOfDetail | None = _choice("level_of_detail", level_of_detail, LEVELS_OF_DETAIL)
        rooms: Backgrounds | None = _choice("backgrounds", backgrounds, BACKGROUNDS)
        return cls(
            task=_choice("task", task, TASK_FAMILIES),
            scenes=",".join(source_names(scenes)),
            split=_choice("split", split, SPLITS),
            num_scenes=_count("num_scenes", num_scenes),
            scene_ids=_names("scene_ids", scene_ids),
            query=None if query is None else Query.parse(query).text,
            robot=robot,
            obs_mode=_obs_mode("rgb" if obs_mode is None else obs_mode),
            control_mode=_choice("control_mode", control_mode, robot.control_modes) or robot.control_modes[0],
            reward_mode=_reward_mode(reward_mode),
            randomization=parse_randomization(randomization),
            render_mode=_choice("render_mode", render_mode, get_args(RenderMode)),
            cameras=_cameras(cameras),
            max_episode_steps=_count("max_episode_steps", max_episode_steps) or MAX_EPISODE_STEPS,
            level_of_detail=level or "auto",
            backgrounds=rooms or "gaussians",
        )

    @property
    def observes_images(self) -> bool:
        """Whether observations take a renderer."""
        return self.obs_mode not in STATE_MODES

    def scene_pool(self, dataset: SceneDataset) -> list[Scene]:
        """The scenes of `dataset` that these options select, in the order of their ids; never empty.

        Raises:
            InvalidOptionError: nothing is selected, or `num_scenes` asks for more than there are.
        """
        ids = list(self.scene_ids) if self.scene_ids else None
        pool = dataset.scenes(split=self.split, task=self.task, ids=ids, query=self.query)
        pool = sorted(pool, key=lambda scene: scene.id)
        wanted = (
            f"scenes={self.scenes!r}, split={self.split!r}, task={self.task!r}, scene_ids={self.scene_ids!r}, "
            f"query={self.query!r}"
        )
        if not pool:
            counts = ", ".join(f"{task}: {len(dataset.scenes(split=self.split, task=task))}" for task in TASK_FAMILIES)
            raise InvalidOptionError(f"no scene matches {wanted}; this dataset and split has {counts}")
        if self.num_scenes is not None and self.num_scenes > len(pool):
            raise InvalidOptionError(f"num_scenes={self.num_scenes}, but only {len(pool)} scenes match {wanted}")
        return pool[: self.num_scenes]


def _choice[T: str](name: str, value: str | None, choices: tuple[T, ...]) -> T | None:
    if value is None:
        return None
    for choice in choices:
        if value == choice:
            return choice
    raise InvalidOptionError.unknown(name, value, choices)


def _reward_mode(value: str | None) -> str:
    # ManiSkill's tools ask for "normalized_dense"; ours is normalised already.
    if value == "normalized_dense":
        return "dense"
    return _choice("reward_mode", value, get_args(RewardMode)) or "sparse"


def _count(name: str, value: int | None) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InvalidOptionError(f"{name}={value!r} must be a whole number of at least 1")
    return value


def _names(name: str, value: Iterable[str] | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    if isinstance(value, str):
        return (value,)
    names = tuple(value)
    if not names or not all(isinstance(item, str) for item in names):
        raise InvalidOptionError(f"{name}={value!r} must be one id or a non-empty list of ids")
    return names


def _robot_name(value: Any) -> str:
    # ManiSkill allows tuples of robots; a scene of ours has one.
    if isinstance(value, tuple | list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str):
        raise InvalidOptionError(f"robot_uids={value!r} must be the name of one robot, such as 'panda'")
    return value


def _obs_mode(value: str) -> str:
    """A state mode, or textures joined by "+"; "rgbd" is ManiSkill's short form of "rgb+depth"."""
    if value in STATE_MODES:
        return value
    parts = ("rgb", "depth") if value == "rgbd" else tuple(str(value).split("+"))
    if not all(part in TEXTURES for part in parts) or len(set(parts)) != len(parts):
        raise InvalidOptionError(
            f"unknown obs_mode {value!r}; choose one of {', '.join(map(repr, STATE_MODES))}, 'rgbd', or any of "
            f"{', '.join(map(repr, TEXTURES))} joined by '+', such as 'rgb+depth'"
        )
    return "+".join(part for part in TEXTURES if part in parts)


def _cameras(value: Iterable[str]) -> tuple[Camera, ...]:
    names = (value,) if isinstance(value, str) else tuple(value)
    if not names:
        raise InvalidOptionError(f"cameras={value!r} is empty; choose at least one of {CAMERAS}")
    chosen = {_choice("camera", name, CAMERAS) for name in names}
    return tuple(camera for camera in CAMERAS if camera in chosen)

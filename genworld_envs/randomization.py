"""Domain randomization: what may differ from one episode to the next, and by how much.

`Randomization` is a typed record of ranges, `PRESETS` the named ones. Nothing here draws: the environment draws each
quantity from the sub-environment's own generator, in a fixed order, so that one seed always gives one episode.
"""

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, Literal, get_args

from scene_hub.errors import InvalidOptionError

Preset = Literal["none", "paper", "strong"]


def _is_finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


@dataclasses.dataclass(frozen=True)
class Randomization:
    """Ranges of the randomized quantities; the default of each is "not randomized"."""

    object_position: float = 0.0
    """Each movable's x and y are shifted by up to this, metres; draws that overlap, or are out of reach or of the
    base camera's sight, are drawn again."""
    object_yaw: float = 0.0
    """Each movable is turned about the vertical by an angle from [0, this], radians."""
    robot_joints: float = 0.0
    """Each arm joint starts within this of its home position, radians."""
    camera_position: float = 0.0
    """The third-person camera is shifted by up to this along each axis, metres."""
    camera_rotation: float = 0.0
    """The third-person camera is turned by up to this about each of its axes, radians."""
    ambient_light: tuple[float, float] | None = None
    """Each of ambient red, green, blue is drawn from this interval; None keeps the scene's own light."""
    light_intensity: float = 0.0
    """Each directional light is scaled by a factor from [1 - this, 1 + this]."""
    light_direction: float = 0.0
    """Each directional light is turned by up to this about x and y, radians."""
    color: float = 0.0
    """Base colours of movables and table are scaled, by channel, by a factor from [1 - this, 1]."""
    friction: tuple[float, float] = (1.0, 1.0)
    """Frictions of each movable are scaled by a factor from this interval."""
    mass: tuple[float, float] = (1.0, 1.0)
    """The mass of each movable is scaled by a factor from this interval."""
    action_noise: float = 0.0
    """Standard deviation of Gaussian noise on each arm action (not the gripper), in units of the normalised action."""
    action_latency: int = 0
    """Actions take effect up to this many control steps late; drawn once an episode."""

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            self._check(field.name, getattr(self, field.name))

    def _check(self, name: str, value: Any) -> None:
        where = f"randomization: {name}={value!r}"
        if name == "action_latency":
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 10:
                raise InvalidOptionError(f"{where} must be a whole number of control steps from 0 to 10")
        elif name in ("ambient_light", "friction", "mass"):
            if value is None and name == "ambient_light":
                return
            if not (isinstance(value, tuple) and len(value) == 2 and all(map(_is_finite, value))):
                raise InvalidOptionError(f"{where} must be a pair (low, high) of finite numbers")
            lowest = 0.0 if name == "ambient_light" else 1e-3
            if not lowest <= value[0] <= value[1] <= 100:
                raise InvalidOptionError(f"{where} must satisfy {lowest} <= low <= high <= 100")
        else:
            most = _UPPER.get(name, math.inf)
            if not _is_finite(value) or not 0 <= value <= most:
                raise InvalidOptionError(f"{where} must be a number from 0 to {most:g}")


_UPPER = {
    "object_position": 1.0,
    "object_yaw": 2 * math.pi,
    "robot_joints": 1.0,
    "camera_position": 1.0,
    "camera_rotation": 1.0,
    "light_intensity": 1.0,
    "light_direction": 1.5,
    "color": 1.0,
    "action_noise": 1.0,
}

PRESETS: dict[Preset, Randomization] = {
    "none": Randomization(),
    # The ranges that arXiv 2603.18532 states; it names no others.
    "paper": Randomization(
        object_position=0.15,
        object_yaw=2 * math.pi,
        robot_joints=0.1,
        camera_position=0.05,
        ambient_light=(0.0, 0.6),
    ),
    # Ours: the paper's, and what a real robot adds. The paper did none of the latter.
    "strong": Randomization(
        object_position=0.15,
        object_yaw=2 * math.pi,
        robot_joints=0.1,
        camera_position=0.05,
        camera_rotation=0.05,
        ambient_light=(0.0, 0.6),
        light_intensity=0.5,
        light_direction=0.5,
        color=0.4,
        friction=(0.6, 1.4),
        mass=(0.6, 1.4),
        action_noise=0.02,
        action_latency=1,
    ),
}


def parse_randomization(value: "Preset | str | Randomization | Mapping[str, Any]") -> Randomization:
    """A `Randomization` from a preset's name, a record, or a mapping of single quantities.

    A mapping may start from a preset: `{"preset": "paper", "camera_position": 0.1}`; without one it starts from "none".

    Raises:
        InvalidOptionError: an unknown preset or quantity, or a value out of range.
    """
    if isinstance(value, Randomization):
        return value
    if isinstance(value, str):
        if value not in PRESETS:
            raise InvalidOptionError.unknown("randomization preset", value, get_args(Preset))
        return PRESETS[value]  # type: ignore[index]
    if not isinstance(value, Mapping):
        raise InvalidOptionError(
            f"randomization {value!r} is neither a preset ({', '.join(PRESETS)}), a Randomization, nor a mapping of quantities"
        )
    changes: dict[str, Any] = {key: tuple(item) if isinstance(item, list) else item for key, item in value.items()}
    base = parse_randomization(changes.pop("preset", "none"))
    known = {field.name for field in dataclasses.fields(Randomization)}
    for key in changes:
        if key not in known:
            raise InvalidOptionError.unknown("randomization quantity", key, known)
    return dataclasses.replace(base, **changes)

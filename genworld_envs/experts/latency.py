"""How late actions take effect, found out by acting: a closed loop that ignores it oscillates."""

import numpy as np

from genworld_envs.robots.kinematics import pose_error

MOST_LATE = 3


class LatencyObserver:
    """Compares, in each of N sub-environments, how the tool moved with the steps that were asked for.

    The delay (in control steps, up to `MOST_LATE`) that explains the movements best is the estimate; the steps asked for since
    then are still to come.
    """

    def __init__(self, count: int) -> None:
        self._asked = np.zeros((count, MOST_LATE + 1, 6))  # the latest first
        self._misfit = np.zeros((count, MOST_LATE + 1))
        self._last_tool = np.tile(np.eye(4), (count, 1, 1))
        self._steps = np.zeros(count, dtype=int)

    def reset(self, env: int) -> None:
        self._asked[env], self._misfit[env], self._steps[env] = 0.0, 0.0, 0

    def observe(self, tools: np.ndarray) -> np.ndarray:
        """[N, 4, 4] tool poses now -> [N, 6] movement still to come from actions that were already given."""
        movement = pose_error(tools, self._last_tool)[:, None, :3]
        misfit = np.linalg.norm(movement - self._asked[..., :3], axis=-1)
        self._misfit = np.where(self._steps[:, None] > MOST_LATE, 0.9 * self._misfit + misfit, 0.0)
        self._last_tool = tools.copy()
        # A millimetre of preference for "at once": the drives never follow exactly.
        delay = np.argmin(self._misfit + 1e-3 * np.arange(MOST_LATE + 1), axis=1)
        pending = np.arange(MOST_LATE + 1) < delay[:, None]
        return (self._asked * pending[..., None]).sum(axis=1)

    def record(self, steps: np.ndarray) -> None:
        """Note the [N, 6] steps that are asked for now."""
        self._asked = np.concatenate([steps[:, None], self._asked[:, :-1]], axis=1)
        self._steps += 1

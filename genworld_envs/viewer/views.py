"""Where people look at a scene from."""

from dataclasses import dataclass

import numpy as np

FIELD = float(np.radians(45.0))
"""Vertical field of view of all views but the policy's camera, radians."""


@dataclass(frozen=True)
class View:
    """An eye that looks at a target, both in metres in the scene frame."""

    eye: tuple[float, float, float]
    target: tuple[float, float, float]

    def nearer(self, share: float) -> "View":
        """From `share` of the distance."""
        target, away = np.array(self.target), np.subtract(self.eye, self.target)
        x, y, z = (target + share * away).tolist()
        return View((x, y, z), self.target)


VIEWS = {  # of a scene with the largest robot
    "Side": View((0.20, 1.50, 0.88), (-0.04, 0.0, 0.16)),
    "Front": View((1.15, 0.38, 0.72), (-0.10, 0.0, 0.12)),
    "Top": View((-0.04, 0.0, 1.35), (0.0, 0.0, 0.0)),
}
FIRST_VIEW = "Side"
FARTHEST_REACH, LEAST_SHARE = 0.77, 0.7


def views_for(reach: float) -> dict[str, View]:
    """VIEWS for a robot with a reach of so many metres (0: none): what is small is looked at from nearer."""
    share = float(np.clip(reach / FARTHEST_REACH, LEAST_SHARE, 1.0))
    return {name: view.nearer(share) for name, view in VIEWS.items()}

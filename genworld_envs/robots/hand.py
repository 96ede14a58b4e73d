"""The shape of a two-fingered gripper, as far as planning a grasp needs it."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Hand:
    """Boxes around the parts of a gripper, in its tool frame (z approach, y closing); metres.

    Attributes:
        max_opening: greatest width between the pads.
        finger_width: size of the fingers along x.
        finger_thickness: size of a finger along y, outwards from its pad.
        tip: the fingers reach this far beyond the tool point.
        depth: the palm begins this far behind the tool point.
        palm: size of the palm along x, y; it extends backwards without end.
        fixed_pad: y of the pad that does not move, for a gripper with one moving jaw; None where both move alike.
        commands: ((opening, action), ...) rising: the gripper action that gives an opening, interpolated linearly.
    """

    max_opening: float
    finger_width: float
    finger_thickness: float
    tip: float
    depth: float
    palm: tuple[float, float]
    commands: tuple[tuple[float, float], ...]
    fixed_pad: float | None = None

    def command(self, opening: float) -> float:
        """The gripper action, in [-1, 1], that opens to `opening`."""
        openings, actions = zip(*self.commands, strict=True)
        return float(np.interp(opening, openings, actions))

    def pads(self, opening: float) -> tuple[float, float]:
        """y of the two pads, the positive one first, when `opening` apart."""
        positive = opening / 2 if self.fixed_pad is None else self.fixed_pad
        return positive, positive - opening

    def grasp_shift(self, width: float, gap: float = 0.004) -> float:
        """y, in the tool frame, where the middle of an object of `width` has to be: a fixed pad stays `gap` beside it."""
        return 0.0 if self.fixed_pad is None else self.fixed_pad - gap - width / 2

    def boxes(self, opening: float, behind: float = 0.15) -> np.ndarray:
        """[3, 2, 3] least and greatest corners of two fingers and the palm at an opening."""
        positive, negative = self.pads(opening)
        half, thick = self.finger_width / 2, self.finger_thickness
        palm_x, palm_y = self.palm[0] / 2, self.palm[1] / 2
        return np.array(
            [
                [[-half, positive, -self.depth], [half, positive + thick, self.tip]],
                [[-half, negative - thick, -self.depth], [half, negative, self.tip]],
                [[-palm_x, -palm_y, -self.depth - behind], [palm_x, palm_y, -self.depth]],
            ]
        )

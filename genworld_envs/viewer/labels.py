"""Where labels stand so that they can be read: above their things, and not on one another in the first view."""

from collections.abc import Sequence

import numpy as np

from genworld_envs.viewer.views import FIELD, FIRST_VIEW, VIEWS
from scene_hub.thumbnails import look_at

GAP = 0.035  # metres between a thing and its label
STEP = 0.008  # metres that a label is raised by until it is free
MOST_STEPS = 40
PICTURE = np.array([960.0, 860.0])  # pixels of a usual window beside the panel
LETTER, MARGIN, LINE = 5.4, 5.0, 19.0  # pixels


def label_places(tops: np.ndarray, texts: Sequence[str]) -> np.ndarray:
    """[N, 3] places of labels above `tops` [N, 3], the highest points of things (metres, scene frame).

    From the nearest thing to the farthest, each label is raised until it covers none that is there already, as seen in the
    first view of the page.
    """
    places = np.add(tops, (0.0, 0.0, GAP))
    eye = np.array(VIEWS[FIRST_VIEW].eye)
    taken: list[np.ndarray] = []
    order: list[int] = np.argsort(np.linalg.norm(places - eye, axis=1), kind="stable").tolist()
    for index in order:
        for _ in range(MOST_STEPS):
            box = _box(places[index], texts[index])
            if not any(_overlap(box, other) for other in taken):
                break
            places[index, 2] += STEP
        taken.append(_box(places[index], texts[index]))
    return places


def _box(place: np.ndarray, text: str) -> np.ndarray:
    """[2, 2] least and greatest corner in pixels of a label that stands on `place` in the first view."""
    view = VIEWS[FIRST_VIEW]
    x, y, z = np.linalg.inv(look_at(view.eye, view.target))[:3] @ [*place, 1.0]
    middle = np.array([x, y]) / -z * PICTURE[1] / (2 * np.tan(FIELD / 2))
    half = LETTER * len(text) / 2 + MARGIN
    return np.add(middle, [(-half, 0.0), (half, LINE)])


def _overlap(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.all(one[0] < other[1]) and np.all(other[0] < one[1]))

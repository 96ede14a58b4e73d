"""How each substance looks when nothing is printed on it: the one table behind `draft.look` and asked-for materials.

A `Look` paints a tile of a substance in a colour and says how large the tile is, how it shines, and in which colours the
substance comes when nobody names one. What a substance weighs and how it slides is in `materials.SUBSTANCES`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.materials import METALLIC_COLORS, Rgb, mix

Paint = Callable[[np.random.Generator, int, Rgb], np.ndarray]


@dataclass(frozen=True)
class Look:
    """The look of a substance.

    `paint` makes its texture (None: one even colour) of which one repeat covers `tile` metres. `adjective` stands before a
    noun ("wooden"), `words` are what descriptions may say of the substance, the longest first. `colors` are its natural
    colours, empty where it takes any. An `unpainted` substance shows them also where it is the usual one for a thing.
    `around` textures run around upright round things, the others are cut from the solid. `tone` is a hue of its own.
    """

    adjective: str
    words: tuple[str, ...]
    paint: Paint | None = None
    tile: float = 0.1
    roughness: float = 0.6
    metallic: float = 0.0
    colors: tuple[str, ...] = ()
    unpainted: bool = False
    around: bool = False
    tone: Rgb | None = None

    def toned(self, color: Rgb) -> Rgb:
        """`color` as this substance has it: copper stays copper."""
        return color if self.tone is None else mix(color, self.tone, 0.85)

    def shine(self, color: str) -> tuple[float, float]:
        """Roughness and metallic factor in a colour word: silver and gold shine, but not on soft things."""
        if color in METALLIC_COLORS and self.roughness < 0.8:
            return min(self.roughness, 0.35), max(self.metallic, 0.5)
        return self.roughness, self.metallic


def _glaze(rng: np.random.Generator, size: int, color: Rgb) -> np.ndarray:
    return materials.glaze(rng, size, color)


def _wood(rng: np.random.Generator, size: int, color: Rgb) -> np.ndarray:
    return materials.wood(rng, size, color)


def _weave(rng: np.random.Generator, size: int, color: Rgb) -> np.ndarray:
    return materials.weave(rng, size, color, 6)


def _mottled(strength: float, cells: int) -> Paint:
    def paint(rng: np.random.Generator, size: int, color: Rgb) -> np.ndarray:
        return materials.mottled(rng, size, color, strength, cells)

    return paint


LOOKS: dict[str, Look] = {
    "ceramic": Look(
        "ceramic", ("glazed ceramic", "ceramic", "stoneware", "porcelain", "clay"), _glaze, 0.12, roughness=0.25
    ),
    "glass": Look(
        "glass", ("glass",), materials.reflections, 0.12, 0.06, colors=("white", "teal", "green", "blue"), around=True
    ),
    "steel": Look("metal", ("metal", "steel", "tin"), materials.brushed, 0.10, 0.32, 0.55, ("silver",), True, True),
    "copper": Look(
        "copper", ("copper",), materials.brushed, 0.10, 0.32, 0.5, ("orange", "brown"), True, True, (190, 108, 62)
    ),
    "stone": Look(
        "stone",
        ("stone", "marble"),
        materials.granite,
        0.08,
        0.5,
        colors=("gray", "black", "white", "beige"),
        unpainted=True,
    ),
    "wood": Look("wooden", ("wooden", "wood"), _wood, 0.14, 0.7, colors=("brown", "beige"), unpainted=True),
    "cork": Look("cork", ("cork",), materials.granules, 0.06, 0.95, colors=("beige", "brown"), unpainted=True),
    "plastic": Look("plastic", ("plastic",), None, roughness=0.45),
    "rubber": Look("rubber", ("rubber", "silicone"), None, roughness=0.9, colors=("black", "gray", "red", "blue")),
    "wicker": Look("wicker", ("wicker",), _weave, 0.05, 0.85, colors=("beige", "brown"), unpainted=True, around=True),
    "cardboard": Look("cardboard", ("cardboard",), materials.fluted, 0.10, 0.85, colors=("beige", "brown")),
    "paper": Look("paper", ("paper",), _mottled(0.05, 10), 0.10, 0.8, colors=("white", "beige")),
    "foam": Look("foam", ("foam",), materials.pores, 0.05, 0.95),
    "felt": Look("felt", ("felt",), _mottled(0.22, 28), 0.08, 0.95),
    "fabric": Look("cloth", ("cloth", "fabric", "cotton"), materials.fabric, 0.035, 0.95),
    "leather": Look("leather", ("leather",), materials.grained, 0.06, 0.6, colors=("brown", "black"), unpainted=True),
    "wax": Look("wax", ("wax",), _mottled(0.06, 8), 0.10, 0.55),
    "soap": Look("soap", ("soap",), _mottled(0.05, 6), 0.10, 0.3),
    "plaster": Look("plaster", ("plaster",), _mottled(0.10, 12), 0.10, 0.9, colors=("white", "beige", "gray")),
}

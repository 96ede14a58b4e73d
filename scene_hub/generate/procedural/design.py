"""What a category is made with: a `Draft` to draw numbers and materials from, a `Design` to hand back.

A category function runs once for each level of detail, each time with a fresh `Draft` of the same seed. It therefore draws
the same numbers in the same order every time and lets the detail decide only on segment counts and texture sizes.
"""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Piece
from scene_hub.generate.looks import LOOKS
from scene_hub.generate.materials import COLORS, METALLIC_COLORS, Material, Rgb
from scene_hub.generate.shapes import Surface
from scene_hub.schema import Support

Detail = Literal["high", "low"]

_SEGMENT_SHARE: dict[Detail, float] = {"high": 1.0, "low": 0.55}
_TEXTURE_SIZE: dict[Detail, int] = {"high": 128, "low": 64}


@dataclass(frozen=True)
class Part:
    """A closed surface made of one material."""

    surface: Surface
    material: Material


@dataclass
class Design:
    """A finished form in any frame; the builder moves it so that it rests on z = 0 around the origin.

    `description` has no article ("ceramic mug with a rounded handle"); the colour goes where it says "{color}", else in
    front. `mass` overrides the mass that volumes and densities give, `support` is in the frame of the parts, and
    `stack_support` replaces it where the thing is asked for to be stacked upon. `main` is the substance whose parts take on
    an asked-for material (None: the one that most of the thing is made of), `materials` are all substances, the main one
    first (None given: those of the parts).
    """

    parts: list[Part]
    collision: list[Piece]
    description: str
    support: Support | None = None
    mass: float | None = None
    least_mass: float = 0.012
    materials: tuple[str, ...] = field(default=())
    stack_support: Support | None = None
    main: str | None = None


class Draft:
    """The source of every choice in one asset: numbers, colours, textures, segment counts."""

    def __init__(self, category: str, seed: int, color: str, detail: Detail, material: str | None = None) -> None:
        self.category, self.seed, self.color, self.material = category, seed, color, material
        self.detail: Detail = detail
        self._key = [seed, zlib.crc32(category.encode())]
        self.rng = np.random.default_rng(self._key)

    # Numbers

    def uniform(self, low: float, high: float) -> float:
        """A number in [low, high], rounded to a tenth of a millimetre."""
        return round(float(self.rng.uniform(low, high)), 4)

    def pick[T](self, options: Sequence[T]) -> T:
        return options[int(self.rng.integers(len(options)))]

    def chance(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)

    # Level of detail

    @property
    def size(self) -> int:
        """Texture side in pixels."""
        return _TEXTURE_SIZE[self.detail]

    def n(self, segments: int, least: int = 6) -> int:
        """`segments` at this level of detail, an even number."""
        return max(least, 2 * round(segments * _SEGMENT_SHARE[self.detail] / 2))

    def steps(self, count: int) -> int:
        """Steps of a rounding at this level of detail."""
        return max(1, round(count * _SEGMENT_SHARE[self.detail]))

    # Colours

    @property
    def rgb(self) -> Rgb:
        """The dominant colour, varied a little by the seed."""
        return self.tint(self.color)

    def tint(self, color: str) -> Rgb:
        """A named colour, varied a little by the seed."""
        rng = self.stream("tint " + color)
        hue = 3 if color in ("white", "gray", "black", "silver") else 9
        shift = rng.uniform(-hue, hue, 3) + rng.uniform(-10, 10)
        r, g, b = (int(v) for v in np.clip(np.round(np.asarray(COLORS[color]) + shift), 0, 255))
        return (r, g, b)

    def accent(self, *among: str) -> str:
        """A colour word that differs clearly from the dominant one."""
        options = [
            name for name in (among or ("white", "black", "yellow", "blue", "red", "green")) if name != self.color
        ]
        return self.pick(options)

    # Materials

    def substance(self, *among: str) -> str:
        """The substance asked for if it is one of `among`, else the first of them."""
        return self.material if self.material in among else among[0]

    def made_of(self, substance: str, otherwise: bool) -> bool:
        """Whether the thing is to be of `substance`: what was asked for decides, `otherwise` where nothing was."""
        return otherwise if self.material is None else self.material == substance

    def stream(self, purpose: str) -> np.random.Generator:
        """A generator of its own for textures and the like: what it yields does not shift the other draws."""
        return np.random.default_rng([*self._key, zlib.crc32(purpose.encode())])

    def texture(self, paint: Callable[..., np.ndarray], *arguments: object, tag: str = "", **options: object) -> bytes:
        """`paint(rng, size, ...)` encoded; `rng` does not disturb the draft's own."""
        return materials.encoded(paint(self.stream("texture " + tag), self.size, *arguments, **options))

    def image(self, substance: str, color: Rgb | None = None, size: int | None = None, tag: str = "") -> np.ndarray:
        """A tile of a bare substance [size, size, 3] to print on, in the dominant colour if none is given."""
        look, size = LOOKS[substance], size or self.size
        color = look.toned(self.rgb if color is None else color)
        if look.paint is None:
            return materials.canvas(color, size, size)
        return look.paint(self.stream("look " + substance + tag), size, color)

    def look(self, substance: str, color: Rgb | None = None, density: float | None = None, tag: str = "") -> Material:
        """A bare substance as `scene_hub.generate.looks` has it, in the dominant colour if none is given."""
        look = LOOKS[substance]
        roughness, metallic = look.shine(self.color) if color is None else (look.roughness, look.metallic)
        if look.paint is None:
            even = look.toned(self.rgb if color is None else color)
            return Material(substance, substance, even, None, metallic, roughness, density)
        texture = materials.encoded(self.image(substance, color, tag=tag))
        return self.textured(substance, texture, roughness, metallic, density)

    @property
    def sheen(self) -> float:
        """Metallic factor of paint in the dominant colour: silver and gold have one."""
        return 0.5 if self.color in METALLIC_COLORS else 0.0

    def plain(
        self,
        substance: str,
        color: Rgb | None = None,
        roughness: float = 0.6,
        metallic: float = 0.0,
        density: float | None = None,
        double_sided: bool = False,
    ) -> Material:
        """One even colour, the dominant one (which may shine) if none is given."""
        if color is None:
            color, metallic = self.rgb, max(metallic, self.sheen)
            roughness = min(roughness, 0.4) if self.sheen else roughness
        return Material(substance, substance, color, None, metallic, roughness, density, double_sided)

    def textured(
        self,
        substance: str,
        texture: bytes,
        roughness: float = 0.6,
        metallic: float = 0.0,
        density: float | None = None,
    ) -> Material:
        return Material(substance, substance, (255, 255, 255), texture, metallic, roughness, density)

    def plastic(self, color: Rgb | None = None, density: float | None = None) -> Material:
        return self.plain("plastic", color, 0.45, density=density)

    def metal(self, color: Rgb = (196, 198, 202), density: float | None = None) -> Material:
        return self.plain("steel", color, 0.35, 0.55, density)

    def rubber(self, color: Rgb = (38, 38, 42)) -> Material:
        return self.plain("rubber", color, 0.9)

    def wood(self, color: Rgb = (176, 124, 74), tag: str = "wood", density: float | None = None) -> Material:
        return self.textured("wood", self.texture(materials.wood, color, tag=tag), 0.7, density=density)


def support(kind: Literal["surface", "container"], z: float, half: tuple[float, float], rim: float) -> Support:
    """A support around the z axis: floor height `z`, clear half size `half`, rim height `rim`."""
    return Support(
        kind=kind,
        position=(0.0, 0.0, round(z, 5)),
        half_extents=(round(half[0], 5), round(half[1], 5)),
        rim_height=round(rim, 5),
    )

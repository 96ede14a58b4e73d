"""An asset that EmbodiedGen wrote becomes an asset of ours: sizes, provenance, import."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import trimesh

from scene_hub.design.grammar.words import COLOR_WORDS
from scene_hub.errors import InvalidOptionError
from scene_hub.generate.bundle import AssetRequest, RoleInTask
from scene_hub.generate.embodiedgen.files import GeneratedAsset
from scene_hub.generate.embodiedgen.traits import GRASPABLE_WIDTH, Traits, materials_of
from scene_hub.generate.importing import CLOSE_TEXTURE, ImportedMesh, placed_mesh
from scene_hub.generate.looks import LOOKS
from scene_hub.schema import Provenance

GENERATOR, VERSION = "embodiedgen", "1"
FIT_WIDTH = 0.055  # metres: what `fit` makes of the narrower side of an object that no gripper can take
FIT_LEAST = 0.5  # and the strongest reduction that it does that with

Array = np.ndarray


class Scaling:
    """The factors that assets are scaled by: one for all (0.7), or by category ({"basket": 0.7}, "basket=0.7,mug=0.9").

    With `fit`, a thing that is to be grasped and is too wide for a gripper is scaled down evenly to a 5.5 cm wide side, to half
    its size at most. Raises InvalidOptionError for factors that are none, or out of range.
    """

    def __init__(self, scale: float | str | Mapping[str, float] = 1.0, fit: bool = False) -> None:
        self._factors, self._fit = _factors(scale), fit

    @property
    def fits(self) -> bool:
        """Whether things that are too wide are made to fit, which takes their traits."""
        return self._fit

    def of(self, *categories: str) -> float:
        """The factor that was asked for, by the first of a thing's `categories` that was named."""
        named = (self._factors[category] for category in categories if category in self._factors)
        return next(named, self._factors.get("", 1.0))

    def fitted(self, traits: Traits, use: RoleInTask | None, *categories: str) -> float:
        """The factor for a thing with these `traits` that is needed as `use`."""
        scale = self.of(*categories)
        width = min(traits.extents[:2]) * scale
        if self._fit and use in (None, "object", "stackable") and traits.top != "container" and width > GRASPABLE_WIDTH:
            narrower = FIT_WIDTH / width
            scale = round(scale * narrower, 4) if narrower >= FIT_LEAST else scale
        return scale


def generated_mesh(
    asset: GeneratedAsset,
    request: AssetRequest,
    licence: str,
    *,
    scale: float = 1.0,
    turn: Array | None = None,
    label: str | None = None,
    colors: Sequence[str] | None = None,
    model: str = "EmbodiedGen",
    texture: int = CLOSE_TEXTURE,
) -> ImportedMesh:
    """The import of `asset`, scaled by `scale` and turned by `turn` [4, 4] about the origin of its link.

    Mass goes with the volume. `colors` (None: seen), `label` and `texture` as of `placed_mesh`, whose errors come through.
    """
    size = trimesh.transformations.scale_matrix(scale)
    moved = size if turn is None else turn @ size
    return placed_mesh(
        asset.visual,
        request,
        Provenance(
            generator=GENERATOR,
            generator_version=VERSION,
            model=model,
            licence=licence,
            source=f"{asset.source} of EmbodiedGen" + (f", scaled by {scale:g}" if scale != 1.0 else ""),
        ),
        label=label,
        description=asset.description,
        kind="table" if asset.table else "object",
        colors=colors,
        materials=materials_of(asset),
        mass=asset.mass * scale**3,
        friction=asset.friction,
        collision=asset.collision,
        transform=moved @ asset.transform,
        collision_transform=moved @ asset.collision_transform,
        texture=texture,
        plain=said_color(f"{asset.label} {asset.description}", materials_of(asset)),
    )


def said_color(text: str, materials: Sequence[str]) -> str | None:
    """The colour word that a description has, or that its main substance usually is; None where it says neither."""
    words = re.findall(r"[a-z]+", text.lower())
    said = (color for word in words for color in COLOR_WORDS.get(word, ()))
    natural = (color for material in materials for color in LOOKS[material].colors)
    return next(said, next(natural, None))


def _factors(scale: float | str | Mapping[str, float]) -> dict[str, float]:
    """Factors by category; that of all others under ""."""
    try:
        if isinstance(scale, Mapping):
            factors = {name: float(value) for name, value in scale.items()}
        elif isinstance(scale, str) and "=" in scale:
            pairs = (part.split("=") for part in scale.split(","))
            factors = {name.strip().replace(" ", "_"): float(value) for name, value in pairs}
        else:
            factors = {"": float(scale)}
    except ValueError:
        factors = {"": 0.0}
    if not all(0.05 <= value <= 20 for value in factors.values()):
        raise InvalidOptionError(
            f"scale {scale!r} is no factor between 0.05 and 20, nor factors by category such as 'basket=0.7,mug=0.9'"
        )
    return factors

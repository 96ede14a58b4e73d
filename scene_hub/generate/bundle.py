"""What a generator takes and gives: `AssetRequest` in, `AssetBundle` out.

A generator turns words into files. It knows nothing of scenes, simulators or datasets; whatever implements `Generator`
can replace the procedural one.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from scene_hub.schema import Asset


@dataclass(frozen=True)
class AssetRequest:
    """One asset to make.

    `category` is a name that the generator lists in `categories()`, `color` a colour word for the dominant colour (None:
    the generator chooses), `name` the name to give the asset (None: made from colour and category, as in "red mug").
    Equal requests give byte-identical bundles.
    """

    category: str
    seed: int
    color: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class AssetBundle:
    """An asset record and the content of its files: `files` maps each path in `asset.files` to bytes."""

    asset: Asset
    files: dict[str, bytes]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(map(len, self.files.values()))


@runtime_checkable
class Generator(Protocol):
    """Makes assets. Found by name through the entry point group `genworld.generators`."""

    def categories(self) -> tuple[str, ...]:
        """Every category that `generate` accepts, sorted."""
        ...

    def generate(self, request: AssetRequest) -> AssetBundle:
        """The asset asked for; InvalidOptionError for a category or colour that this generator does not have."""
        ...

"""Several datasets as one: `scenes="starter,hf://datasets/org/name@revision"`, or a list of sources."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from scene_hub.dataset import SceneDataset
from scene_hub.errors import InvalidOptionError, SceneDataError
from scene_hub.manifest import DatasetCard, fingerprint
from scene_hub.schema import Scene, parse_record
from scene_hub.storage import Advance, Storage, StoredFile
from scene_hub.tables import scene_row


class MixedDataset(SceneDataset):
    """The scenes and assets of `parts`, in one.

    A scene keeps its id. Where an earlier part has a scene of that id already, it is called `<id>.<n>`, n being the place of
    its part in the list, from 1. Assets are known by their content, so one that several parts hold is there once. `source` is
    the pinned sources joined by commas: it opens the same mixture in another process.
    """

    def __init__(self, parts: Sequence[SceneDataset]) -> None:
        sources = [part.source for part in parts]
        repeated = sorted({source for source in sources if sources.count(source) > 1})
        if repeated:
            raise InvalidOptionError(f"scene source {repeated[0]!r} is given more than once; name each source once")
        self.parts = tuple(parts)
        rows: dict[str, dict[str, Any]] = {}
        self._origins: dict[str, tuple[SceneDataset, str]] = {}
        for place, part in enumerate(self.parts, start=1):
            for scene_id in part.scene_ids:
                name = scene_id if scene_id not in rows else f"{scene_id}.{place}"
                rows[name] = part._scene_rows[scene_id] if name == scene_id else _renamed(part, scene_id, name)
                self._origins[name] = (part, scene_id)
        self._read_from(_Routed(self.parts), ",".join(sources))
        self._scene_rows = {name: rows[name] for name in sorted(rows)}
        assets = {asset_id: part._asset_rows[asset_id] for part in self.parts for asset_id in part.asset_ids}
        self._asset_rows = {asset_id: assets[asset_id] for asset_id in sorted(assets)}

    @property
    def folder(self) -> Path:
        """A mixture lies in no one folder: InvalidOptionError."""
        raise InvalidOptionError(f"{self.source!r} are several datasets; name one of them")

    @property
    def card(self) -> DatasetCard:
        """A title that names the parts, and their licences."""
        cards = [part.card for part in self.parts]
        return DatasetCard(
            title=" and ".join(card.title for card in cards),
            description="\n\n".join(card.description for card in cards),
            licence=cards[0].licence if len({card.licence for card in cards}) == 1 else "other",
            tags=tuple(dict.fromkeys(tag for card in cards for tag in card.tags)),
        )

    @property
    def fingerprint(self) -> str:
        """As that of a dataset with these scenes and assets."""
        return fingerprint([row["sha256"] for row in self._scene_rows.values()], self._asset_rows)

    def preview(self, scene_id: str) -> bytes | None:
        part, own_id = self._origins[self._known_scene(scene_id)]
        return part.preview(own_id)

    def damage(self, *arguments: Any, **options: Any) -> Iterator[SceneDataError]:
        for part in self.parts:
            yield from part.damage(*arguments, **options)


def _renamed(part: SceneDataset, scene_id: str, name: str) -> dict[str, Any]:
    """The row of a scene under another id."""
    row = part._scene_rows[scene_id]
    scene = parse_record(Scene, row["record"], f"{part.source}, scene {scene_id!r}")
    return scene_row(Scene.model_validate({**scene.model_dump(), "id": name}), row["categories"])


class _Routed:
    """The files of several datasets. An asset's path holds its id, which says where it lies."""

    way_out = "fetch or build the dataset that it belongs to again"

    def __init__(self, parts: Sequence[SceneDataset]) -> None:
        self._by_asset = {asset_id: part._files for part in reversed(parts) for asset_id in part.asset_ids}
        self._sources = ",".join(part.source for part in parts)

    def _place(self, path: str) -> Storage:
        return self._by_asset[path.split("/")[2]]

    def name(self, path: str) -> str:
        return self._place(path).name(path) if path.startswith("assets/") else f"{path} of {self._sources}"

    def read(self, path: str, most: int) -> bytes:
        return self._place(path).read(path, most)

    def read_verified(self, file: StoredFile) -> bytes:
        return self._place(file.path).read_verified(file)

    def read_slice(self, path: str, offset: int, size: int) -> bytes:
        return self._place(path).read_slice(path, offset, size)

    def path(self, file: StoredFile) -> Path:
        return self._place(file.path).path(file)

    def batches(self, files: Sequence[StoredFile]) -> list[list[StoredFile]]:
        by_place: dict[int, tuple[Storage, list[StoredFile]]] = {}
        for file in files:
            place = self._place(file.path)
            by_place.setdefault(id(place), (place, []))[1].append(file)
        return [batch for place, some in by_place.values() for batch in place.batches(some)]

    def fetch(self, batch: Sequence[StoredFile], advance: Advance) -> None:
        self._place(batch[0].path).fetch(batch, advance)

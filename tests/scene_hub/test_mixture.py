"""Several datasets as one: what a mixture holds, and that it reads every thing from where it lies."""

from pathlib import Path

import pytest

from scene_hub.dataset import SceneDataset, write_dataset
from scene_hub.errors import InvalidOptionError, SceneDataError
from scene_hub.manifest import DatasetCard

CARD = DatasetCard(title="Part", description="Some scenes.")


def part_of_starter(folder: Path, *scene_ids: str, rename: dict[str, str] | None = None, **options: int) -> Path:
    """A dataset of some starter scenes, under other ids where `rename` says so."""
    starter = SceneDataset.open("starter")
    scenes = [starter.scene(scene_id) for scene_id in scene_ids]
    bundles = [starter.bundle(starter.asset(asset)) for asset in sorted({a for s in scenes for a in s.asset_ids})]
    named = [s.model_copy(update={"id": (rename or {}).get(s.id, s.id)}) for s in scenes]
    write_dataset(folder, named, bundles, CARD, **options)
    return folder


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two datasets; the second has shards, and a scene with the id of one in the first."""
    root = tmp_path_factory.mktemp("parts")
    first, second, third, *_ = SceneDataset.open("starter").scene_ids
    return (
        part_of_starter(root / "a", first, second),
        part_of_starter(root / "b", third, first, rename={third: second}, loose_assets=0),
    )


def test_a_mixture_has_the_scenes_of_all_parts(parts: tuple[Path, Path]) -> None:
    a, b = parts
    first, second, third, *_ = SceneDataset.open("starter").scene_ids
    mixture = SceneDataset.open([a, b])
    assert mixture.scene_ids == tuple(sorted([first, second, f"{first}.2", f"{second}.2"]))
    starter = SceneDataset.open("starter")
    assert mixture.scene(second) == starter.scene(second)
    assert mixture.scene(f"{second}.2").placements == starter.scene(third).placements
    assert [scene.id for scene in mixture.scenes(query=f"id == '{second}.2'")] == [f"{second}.2"]
    assert set(mixture.asset_ids) == {a for s in (first, second, third) for a in starter.scene(s).asset_ids}


def test_every_file_is_read_from_where_it_lies(parts: tuple[Path, Path], monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    starter, mixture = SceneDataset.open("starter"), SceneDataset.open(list(parts))
    for asset_id in mixture.asset_ids:
        asset = mixture.asset(asset_id)
        assert mixture.asset_file(asset, "visual").read_bytes() == starter.asset_file(asset, "visual").read_bytes()
        assert mixture.bundle(asset) == starter.bundle(asset)
        assert mixture.collision_meshes(asset).keys() == starter.collision_meshes(asset).keys()
    mixture.download()
    assert list(mixture.stream()) == mixture.scenes()
    mixture.verify()


def test_the_source_of_a_mixture_opens_it_again(parts: tuple[Path, Path]) -> None:
    mixture = SceneDataset.open(parts)
    again = SceneDataset.open(mixture.source)
    assert again.source == mixture.source == f"{parts[0]},{parts[1]}"
    assert again.fingerprint == mixture.fingerprint
    assert again.scenes() == mixture.scenes()
    assert SceneDataset.open(list(reversed(parts))).fingerprint != mixture.fingerprint  # others are renamed


def test_a_folder_whose_name_has_a_comma_is_itself(parts: tuple[Path, Path], tmp_path: Path) -> None:
    odd = tmp_path / "one,two"
    odd.symlink_to(parts[0])
    assert len(SceneDataset.open(str(odd))) == len(SceneDataset.open(parts[0]))


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        ("starter,starter", "'starter' is given more than once"),
        (["starter", "nowhere"], "unknown scene source 'nowhere'"),
        ("starter,", "names no scene source, or an empty one"),
        ([], "names no scene source, or an empty one"),
    ],
)
def test_what_makes_no_mixture(sources, message: str) -> None:
    with pytest.raises(InvalidOptionError, match=message):
        SceneDataset.open(sources)


def test_a_mixture_lies_in_no_folder(parts: tuple[Path, Path]) -> None:
    with pytest.raises(InvalidOptionError, match="are several datasets"):
        _ = SceneDataset.open(parts).folder


def test_damage_of_a_part_is_found(parts: tuple[Path, Path], tmp_path: Path) -> None:
    broken = part_of_starter(tmp_path / "broken", SceneDataset.open("starter").scene_ids[3])
    mixture = SceneDataset.open([parts[0], broken])
    file = next(broken.rglob("visual.glb"))
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    assert [str(file) in str(error) for error in mixture.damage()] == [True]
    with pytest.raises(SceneDataError, match="checksum"):
        mixture.verify()

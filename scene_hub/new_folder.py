"""Folders that appear complete or not at all, and replace none by accident."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scene_hub.errors import InvalidOptionError


def check_new_folder(target: Path, overwrite: bool, is_ours: Callable[[Path], bool], what: str) -> None:
    """Raise InvalidOptionError unless something may be written to `target`: nothing that is there is lost.

    A folder that exists is refused unless `overwrite`, and even then unless it is empty or `is_ours(target)`, that is, `what`.
    """
    if not target.exists():
        return
    if not overwrite:
        raise InvalidOptionError(
            f"{target} exists already; replace it with overwrite=True (--overwrite), or choose another folder"
        )
    if not target.is_dir() or (any(target.iterdir()) and not is_ours(target)):
        raise InvalidOptionError(f"{target} is not {what}, so it is not overwritten; choose another folder")


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """An empty folder beside `target` to write into, which takes its place when the block ends well.

    Raises InvalidOptionError where the folder above cannot be written to.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-")
    except OSError as error:
        raise InvalidOptionError(
            f"{target.parent} cannot be written to ({error.strerror}); choose another folder"
        ) from None
    with temporary as folder:
        draft = Path(folder) / "new"
        draft.mkdir()
        yield draft
        if target.exists():
            target.rename(Path(folder) / "old")
        draft.rename(target)

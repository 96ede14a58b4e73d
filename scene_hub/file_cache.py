"""Files of datasets that were taken out of shards, kept on this machine by the SHA-256 of their content.

They lie in `$XDG_CACHE_HOME/genworld/files` (by default `~/.cache/genworld/files`), each in one piece or not at all. They
are verified again whenever they are taken from there, and the folder may be removed at any time.
"""

import hashlib
import os
import tempfile
from pathlib import Path, PurePosixPath

from scene_hub.errors import MissingRequirementError
from scene_hub.storage import StoredFile


def cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "genworld" / "files"


def cached_path(file: StoredFile) -> Path:
    """Where `file` lies in the cache, whether it is there or not; its ending is that of the file's own name."""
    return cache_folder() / file.sha256[:2] / f"{file.sha256}{PurePosixPath(file.path).suffix}"


def cached_content(file: StoredFile) -> bytes | None:
    """The content of `file` from the cache; None where it is not there. A damaged copy is removed."""
    path = cached_path(file)
    try:
        with path.open("rb") as stream:
            data = stream.read(file.size + 1)
    except OSError:
        return None
    if len(data) == file.size and hashlib.sha256(data).hexdigest() == file.sha256:
        return data
    path.unlink(missing_ok=True)
    return None


def keep(file: StoredFile, data: bytes) -> Path:
    """Put the verified content of `file` into the cache; MissingRequirementError where that cannot be written."""
    path = cached_path(file)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as stream:
            draft = Path(stream.name)
            try:
                stream.write(data)
                stream.close()
                os.replace(draft, path)
            except BaseException:
                draft.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise MissingRequirementError(
            f"{cache_folder()} cannot be written ({error.strerror}), and files from shards are kept there; "
            "make room, or set XDG_CACHE_HOME to a folder that can be written"
        ) from None
    return path

"""How a user calls this installation's programs: messages name commands that can be copied as they are."""

import shutil
import sys
from pathlib import Path


def genworld_command() -> str:
    """`genworld` where the shell finds it, else its path, relative to the working folder if it lies inside."""
    found, own = shutil.which("genworld"), Path(sys.executable).with_name("genworld")
    if not own.is_file() or (found is not None and Path(found).samefile(own)):
        return "genworld"
    return from_working_folder(own)


def from_working_folder(path: Path) -> str:
    """`path` relative to the working folder where it lies inside, else as it is."""
    folder = Path.cwd()
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)

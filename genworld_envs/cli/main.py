"""`genworld`: finds the command, runs it, and says errors that the user can mend in one line.

A command is a dataclass whose fields are its arguments (tyro reads their docstrings as help) with a method
`run() -> int | None`, the exit code. A command's module is imported only when the command is called, and imports the
simulation inside `run`, so that help and error messages come at once.
"""

import importlib
import logging
import os
import sys
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from scene_hub.errors import GenWorldError, InvalidOptionError

EXIT_USER_ERROR = 2
DEBUG_VARIABLE = "GENWORLD_DEBUG"


@dataclass(frozen=True)
class CommandEntry:
    """Where a command is implemented ("module:Class") and what the overview says about it."""

    implementation: str
    summary: str

    def load(self) -> Any:
        module, _, name = self.implementation.partition(":")
        return getattr(importlib.import_module(module), name)


COMMANDS = {
    "doctor": CommandEntry(
        "genworld_envs.cli.doctor:DoctorCommand", "what this machine can do, and how to mend the rest"
    ),
    "scenes list": CommandEntry("genworld_envs.cli.scenes:ScenesListCommand", "the scenes of a dataset"),
    "scenes info": CommandEntry("genworld_envs.cli.scenes_info:ScenesInfoCommand", "what a dataset holds, in numbers"),
    "scenes pull": CommandEntry("genworld_envs.cli.scenes_pull:ScenesPullCommand", "scenes come from the Hub"),
    "scenes verify": CommandEntry(
        "genworld_envs.cli.scenes_verify:ScenesVerifyCommand", "every byte of a dataset against its checksum"
    ),
    "scenes push": CommandEntry(
        "genworld_envs.cli.scenes_push:ScenesPushCommand", "a dataset folder goes onto the Hub"
    ),
    "scenes design": CommandEntry("genworld_envs.cli.scenes_design:ScenesDesignCommand", "scene graphs of sentences"),
    "scenes build": CommandEntry("genworld_envs.cli.scenes_build:ScenesBuildCommand", "a dataset of checked scenes"),
    "scenes import-embodiedgen": CommandEntry(
        "genworld_envs.cli.scenes_import:ScenesImportEmbodiedgenCommand", "EmbodiedGen's layouts become scenes"
    ),
    "scenes import-asset": CommandEntry(
        "genworld_envs.cli.scenes_import:ScenesImportAssetCommand", "a mesh of your own becomes an object in a scene"
    ),
    "scenes validate": CommandEntry(
        "genworld_envs.cli.scenes_validate:ScenesValidateCommand", "check the scenes of a dataset"
    ),
    "scenes gallery": CommandEntry(
        "genworld_envs.cli.scenes_gallery:ScenesGalleryCommand", "a web page to browse a dataset in"
    ),
    "scenes view": CommandEntry("genworld_envs.cli.scenes_view:ScenesViewCommand", "a scene as an interactive 3D page"),
    "scenes export": CommandEntry(
        "genworld_envs.cli.scenes_export:ScenesExportCommand", "scenes for other simulators: URDF, MJCF, USD"
    ),
    "demo": CommandEntry("genworld_envs.cli.demo:DemoCommand", "the expert acts in starter scenes; writes a web page"),
    "eval": CommandEntry("genworld_envs.cli.eval:EvalCommand", "success rates of a policy over scenes"),
    "bench": CommandEntry("genworld_envs.cli.bench:BenchCommand", "speed on this machine, next to plain ManiSkill's"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run `genworld` with `arguments` (default: those of the process) and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given or os.environ.get(DEBUG_VARIABLE, "") not in ("", "0")
    given = [argument for argument in given if argument != "--debug"]
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    # Each of its retries would be a line; what came of them is in our message. Read when it is imported.
    os.environ.setdefault("HF_HUB_VERBOSITY", "error")
    try:
        return _dispatch(given)
    except GenWorldError as error:
        if debug:
            raise
        print(f"error: {_one_line(error)}", file=sys.stderr)
        return EXIT_USER_ERROR
    except KeyboardInterrupt:
        if debug:
            raise
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader (head, less) has gone; a second failure while Python flushes at exit would print a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _dispatch(given: list[str]) -> int:
    if given[:1] in (["--version"], ["-V"]):
        print(f"genworld {version('genworld-envs')}")
        return 0
    if not given or given[0] in ("-h", "--help", "help"):
        _print_overview()
        return 0 if given else EXIT_USER_ERROR
    for words in (2, 1):
        entry = COMMANDS.get(" ".join(given[:words]))
        if entry is not None:
            return _run(entry, prog=f"genworld {' '.join(given[:words])}", arguments=given[words:])
    group = [name for name in COMMANDS if name.split()[0] == given[0]]
    if group and given[1:2] in ([], ["-h"], ["--help"]):
        _print_overview(group)
        return 0 if given[1:] else EXIT_USER_ERROR
    raise InvalidOptionError.unknown("command", " ".join(given[: 2 if group else 1]), group or COMMANDS)


def _run(entry: CommandEntry, prog: str, arguments: list[str]) -> int:
    import tyro

    command = tyro.cli(entry.load(), args=arguments, prog=prog, config=(tyro.conf.FlagCreatePairsOff,))
    return int(command.run() or 0)


def _print_overview(names: list[str] | None = None) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print("Generated, language-described 3D scenes as Gymnasium environments.\n", highlight=False)
    console.print("usage: genworld COMMAND [arguments]     (genworld COMMAND --help: its arguments)\n", markup=False)
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2))
    for name, entry in COMMANDS.items():
        if names is None or name in names:
            table.add_row(f"[bold]{name}[/bold]", entry.summary)
    table.add_row("--version", "the version")
    table.add_row("--debug", f"errors with their traceback (or {DEBUG_VARIABLE}=1)")
    console.print(table)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split("\n"))


if __name__ == "__main__":
    sys.exit(main())

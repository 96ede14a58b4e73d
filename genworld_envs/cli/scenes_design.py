"""`genworld scenes design`: sentences in, scene graphs out."""

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

if TYPE_CHECKING:
    from scene_hub.design.designer import Designer
    from scene_hub.schema import Node, SceneGraph

EXIT_FAILED = 2
MAX_LINES_BYTES = 64 * 1024 * 1024


@dataclass
class ScenesDesignCommand:
    """Design scenes from instructions: what is taken, what receives it, what stands around, in which room."""

    text: Annotated[str | None, tyro.conf.Positional] = None
    """An instruction, such as "put the red mug on the tray"."""

    file: str | None = None
    """A file with one instruction a line, "-" for the standard input; empty lines and lines that start with # are skipped."""

    theme: str | None = None
    """Let the designer invent instructions for this theme, such as "a repair bench" (designer llm)."""

    count: int = 10
    """How many instructions to invent for the theme."""

    json: bool = False
    """Print one JSON object a line instead of a picture of the graph."""

    seed: int = 0
    """What the instruction leaves open is drawn from this seed."""

    distractors: int = 3
    """How many other things stand around."""

    look_alikes: int = 1
    """How many of those are at most of the object's own class, in another colour."""

    generator: str = "procedural"
    """What has to make the things: the name of a generator, or several with commas."""

    designer: str = "grammar"
    """What reads the instructions: grammar (offline) or llm."""

    model: str | None = None
    """The language model (designer llm)."""

    base_url: str | None = None
    """An OpenAI-compatible endpoint for the language model (designer llm)."""

    def run(self) -> int:
        from scene_hub.design import find_designer
        from scene_hub.generate import find_generator

        options = {name: value for name in ("model", "base_url") if (value := getattr(self, name)) is not None}
        designer = find_designer(self.designer, find_generator(self.generator).vocabulary(), **options)
        results = [self._result(designer, instruction) for instruction in self._instructions(designer)]
        if usage := getattr(designer, "usage", None):
            print(usage.summary(), file=sys.stderr)
        return EXIT_FAILED if "error" in results else 0

    def _instructions(self, designer: "Designer") -> Iterable[str]:
        from scene_hub.errors import InvalidOptionError

        given = [name for name in ("text", "file", "theme") if getattr(self, name) is not None]
        if len(given) != 1:
            raise InvalidOptionError(
                f"give one of an instruction, --file or --theme, not {' and '.join(given) or 'none of them'}; "
                "for example: genworld scenes design 'put the red mug on the tray'"
            )
        if self.text is not None:
            return [self.text]
        if self.file is not None:
            return read_instructions(self.file)
        invent = getattr(designer, "invent", None)
        if invent is None:
            raise InvalidOptionError(f"designer {self.designer!r} cannot invent tasks for --theme; use --designer llm")
        if self.count < 1:
            raise InvalidOptionError(f"--count {self.count} invents nothing; give at least 1")
        return invent(self.theme, self.count, self.seed)

    def _result(self, designer: "Designer", instruction: str) -> str:
        """Design one scene and show it at once; "done" or "error"."""
        from scene_hub.design.designer import DesignRequest
        from scene_hub.errors import InstructionError

        request = DesignRequest(instruction, self.seed, self.distractors, self.look_alikes)
        try:
            graph = designer.design(request)
        except InstructionError as error:
            message = " ".join(str(error).split())
            if self.json:
                print(json.dumps({"instruction": instruction, "error": message}, ensure_ascii=False), flush=True)
            else:
                print(f"error: {message}", file=sys.stderr)
            return "error"
        if self.json:
            print(json.dumps(graph_row(graph), ensure_ascii=False), flush=True)
        else:
            _print_graph(graph)
        return "done"


def read_instructions(source: str, option: str = "--file") -> list[str]:
    """The instructions of a text file, or of the standard input for "-"; `option` is how messages call it.

    Raises InvalidOptionError for a file that cannot be read, is no UTF-8 text, or holds no instruction.
    """
    from scene_hub.errors import InvalidOptionError

    name = "standard input" if source == "-" else source
    try:
        if source != "-" and Path(source).stat().st_size > MAX_LINES_BYTES:
            raise InvalidOptionError(f"{option} {name} has more than {MAX_LINES_BYTES:,} bytes; split it")
        data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidOptionError(f"{option} {name} cannot be read: {error}; give a UTF-8 text file") from None
    lines = [line.strip() for line in text.splitlines()]
    instructions = [line for line in lines if line and not line.startswith("#")]
    if not instructions:
        raise InvalidOptionError(f"{option} {name} has no instruction; write one a line")
    return instructions


def graph_row(graph: "SceneGraph") -> dict[str, Any]:
    """What `--json` prints of a scene graph; `name` is what the sentence calls a thing."""
    only = {node.role: node for node in graph.nodes if node.role != "distractor"}
    receptacle = only.get("receptacle")
    return {
        "instruction": graph.instruction,
        "task_family": graph.task,
        "object": _thing(only["object"]),
        "receptacle": None if receptacle is None else _thing(receptacle),
        "distractors": [_thing(node) for node in graph.nodes if node.role == "distractor"],
        "background": _place(only["background"]),
        "context": _place(only["context"]),
        "relations": [relation.model_dump() for relation in graph.relations],
    }


def _thing(node: "Node") -> dict[str, Any]:
    return {
        "category": node.category,
        "name": node.label,
        "color": node.color,
        "material": node.material,
        "size": node.size,
    }


def _place(node: "Node") -> dict[str, Any]:
    return {"category": node.category, "name": node.label}


def _print_graph(graph: "SceneGraph") -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    # Into a pipe the table keeps its full width, so that grep sees whole rows.
    console = Console() if sys.stdout.isatty() else Console(width=200)
    console.print(f"[bold]{escape(graph.instruction)}[/bold]  ({graph.task})", highlight=False)
    table = Table(box=None, header_style="dim", pad_edge=True)
    for column in ("role", "name", "category", "color", "material", "size"):
        table.add_column(column)
    for node in graph.nodes:
        table.add_row(
            node.role, escape(node.label), node.category, node.color or "-", node.material or "-", node.size or "-"
        )
    console.print(table)
    console.print()

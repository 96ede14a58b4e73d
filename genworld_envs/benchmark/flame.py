"""Flame graphs and lists of the hottest functions, from stacks and the seconds that were spent in them.

A stack is what Brendan Gregg's tools call folded: the names of functions from the outermost to the innermost, joined by ";".
"""

import colorsys
from dataclasses import dataclass, field
from html import escape
from typing import Any

WIDTH, ROW_HEIGHT, MARGIN = 1200, 17, 10
LETTER_WIDTH = 6.6
"""Of the font below, in pixels."""
SMALLEST = 0.4
"""Narrower boxes are left out, with all that stands on them."""


@dataclass
class _Box:
    """A function under a certain stack of callers: `seconds` with all that it calls."""

    name: str
    seconds: float = 0.0
    children: "dict[str, _Box]" = field(default_factory=dict)


def flame_graph(stacks: dict[str, float], title: str) -> str:
    """An SVG picture: the callers below, what they call above, widths as long as the time; tooltips have the numbers."""
    root = _Box("step")
    for stack, seconds in stacks.items():
        root.seconds += seconds
        box = root
        for name in stack.split(";"):
            box = box.children.setdefault(name, _Box(name))
            box.seconds += seconds
    depth = _depth(root)
    height = (depth + 1) * ROW_HEIGHT + 2 * MARGIN + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'font-family="DejaVu Sans Mono, monospace" font-size="11">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="{MARGIN}" y="20" font-size="14" font-family="sans-serif">{escape(title)}</text>',
    ]
    scale = (WIDTH - 2 * MARGIN) / root.seconds if root.seconds > 0 else 0.0
    _draw(root, MARGIN, height - MARGIN - ROW_HEIGHT, scale, root.seconds, parts)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _depth(box: _Box) -> int:
    return 1 + max((_depth(child) for child in box.children.values()), default=0)


def _draw(box: _Box, x: float, y: float, scale: float, total: float, parts: list[str]) -> None:
    width = box.seconds * scale
    if width < SMALLEST:
        return
    shown = _short(box.name)[: max(0, int((width - 4) / LETTER_WIDTH))]
    parts.append(
        f'<g><title>{escape(box.name)}: {box.seconds / total:.1%}</title><rect x="{x:.1f}" y="{y}" width="{width:.1f}" '
        f'height="{ROW_HEIGHT - 1}" rx="1" fill="{_color(box.name)}"/>'
        + (f'<text x="{x + 2:.1f}" y="{y + 12}">{escape(shown)}</text>' if len(shown) > 2 else "")
        + "</g>"
    )
    for child in sorted(box.children.values(), key=lambda child: child.name):
        _draw(child, x, y - ROW_HEIGHT, scale, total, parts)
        x += child.seconds * scale


def _short(name: str) -> str:
    return name.rpartition(":")[2]


def _color(name: str) -> str:
    """Native calls blue and violet, ours green, all others yellow to red; the shade follows from the name."""
    kind = name.split(" ")[0]
    base = {"physx": 0.58, "vulkan": 0.75}.get(kind, 0.33 if name.startswith("genworld_envs") else 0.09)
    shade = sum(map(ord, name)) % 17 / 17
    red, green, blue = colorsys.hsv_to_rgb(base + 0.05 * (shade - 0.5), 0.35 + 0.2 * shade, 0.95)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def hottest_functions(stacks: dict[str, float], count: int) -> list[dict[str, Any]]:
    """The `count` functions with the largest share of their own, without what they call: `name` and `share`."""
    own: dict[str, float] = {}
    for stack, seconds in stacks.items():
        name = stack.rpartition(";")[2]
        own[name] = own.get(name, 0.0) + seconds
    total = sum(own.values())
    ranked = sorted(own.items(), key=lambda item: -item[1])[:count]
    return [{"name": name, "share": seconds / total} for name, seconds in ranked]

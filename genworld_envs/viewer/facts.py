"""What the page says in words, as HTML. Everything that comes from a dataset is escaped: nothing in it can become markup."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from genworld_envs.viewer.content import Thing
from genworld_envs.viewer.glyphs import quality_color
from genworld_envs.viewer.layers import ROLE_COLORS
from scene_hub.schema import Check, Provenance, Scene

_STYLE = """<style>
.gw { font-size: 12.5px; line-height: 1.42; padding: 2px 10px 6px; overflow-wrap: anywhere; }
.gw h2 { font-size: 17px; line-height: 1.3; margin: 4px 0 6px; font-weight: 650; }
.gw .chips { display: flex; flex-wrap: wrap; gap: 5px; }
.gw .chip { padding: 0 8px; border-radius: 99px; background: rgba(120,130,145,.16); font-size: 12px; }
.gw .good { color: #0b6e44; background: #dcf3e7; } .gw .bad { color: #a8321f; background: #fbe3de; }
.gw dl { display: grid; grid-template-columns: max-content 1fr; gap: 1px 12px; margin: 4px 0 0; }
.gw dt { opacity: .62; } .gw dd { margin: 0; }
.gw .legend { display: flex; flex-wrap: wrap; gap: 1px 14px; font-size: 12px; }
.gw .dot { display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-right: 6px; }
.gw .scale { height: 8px; border-radius: 4px; }
.gw .ends { display: flex; justify-content: space-between; font-size: 12px; opacity: .7; }
.gw code { font-size: 11px; user-select: all; } .gw p { margin: 2px 0; opacity: .8; }
.gw ul { list-style: none; margin: 2px 0; padding: 0; } .gw li { margin: 3px 0; } .gw small { opacity: .66; }
</style>"""


def scene_html(scene: Scene) -> str:
    """The instruction, split, task, and whether all checks passed."""
    checks, failed = len(scene.report.checks), len(scene.report.failures)
    verdict = f"{checks - failed} of {checks} checks passed" if checks else "not checked"
    look = "" if not checks else " bad" if failed else " good"
    chips = [_chip(scene.task), _chip(scene.split), f'<span class="chip{look}">{verdict}</span>']
    return _block(f'{_STYLE}<h2>{escape(scene.instruction)}</h2><div class="chips">{"".join(chips)}</div>')


def legend_html() -> str:
    """The colours of the roles that have marks."""
    dots = (
        f'<span><span class="dot" style="background:{_css(ROLE_COLORS[role])}"></span>{role}</span>'
        for role in ROLE_COLORS
    )
    return _block(f'<div class="legend">{"".join(dots)}</div>')


def quality_html() -> str:
    """The colour scale of grasps."""
    colors = ", ".join(_css(quality_color(float(quality))) for quality in np.linspace(0, 1, 5))
    return _block(
        f'<div class="scale" style="background:linear-gradient(90deg, {colors})"></div>'
        '<div class="ends"><span>quality 0</span><span>1</span></div>'
    )


def thing_html(thing: Thing) -> str:
    """The facts of a thing."""
    asset = thing.asset
    x, y, z = (100 * value for value in asset.extents)
    px, py, pz = (100 * value for value in thing.placement.pose.position)
    pieces = f"{len(thing.pieces)} convex {'piece' if len(thing.pieces) == 1 else 'pieces'}"
    facts: list[tuple[str, str]] = [
        ("role", thing.placement.role),
        ("category", asset.category),
        ("look", "; ".join(", ".join(words) for words in (asset.colors, asset.materials) if words)),
        ("size", f"{x:.1f} × {y:.1f} × {z:.1f} cm"),
        ("mass", _mass(asset.mass)),
        ("friction", f"{asset.static_friction:.2f} static, {asset.dynamic_friction:.2f} dynamic"),
        ("position", f"{px:.1f}, {py:.1f}, {pz:.1f} cm"),
        ("shape", f"{thing.triangles:,} triangles, {pieces}"),
        ("grasps", _grasps(thing)),
        ("support", "" if asset.support is None else asset.support.kind),
        *_provenance(asset.provenance),
    ]
    return _block(
        f"<p>{escape(asset.description)}</p>{_facts(facts)}<dl><dt>sha256</dt><dd><code>{asset.id}</code></dd></dl>"
    )


def report_html(scene: Scene) -> str:
    """Each check of a scene with what was measured, and where the scene comes from."""
    checks = "".join(_check(check) for check in scene.report.checks) or "<li>The scene has no report.</li>"
    return _block(f"<ul>{checks}</ul>{_facts([('scene', scene.id), *_provenance(scene.provenance)])}")


def _check(check: Check) -> str:
    sign, look = ("✓", "good") if check.passed else ("✗", "bad")
    numbers = [("measured", check.value), ("threshold", check.threshold)]
    measured = ", ".join(f"{name} {value:.4g}" for name, value in numbers if value is not None)
    return (
        f'<li><span class="chip {look}">{sign} {escape(check.name)}</span> {escape(check.message)}'
        f"{f' <small>({measured})</small>' if measured else ''}</li>"
    )


def _provenance(provenance: Provenance) -> list[tuple[str, str]]:
    named: dict[str, Any] = {
        "licence": provenance.licence,
        "made by": f"{provenance.generator} {provenance.generator_version}"
        + ("" if provenance.seed is None else f", seed {provenance.seed}"),
        "designed by": provenance.designer,
        "model": provenance.model,
        "source": provenance.source,
    }
    return [(name, str(value)) for name, value in named.items() if value is not None]


def _grasps(thing: Thing) -> str:
    grasps = thing.asset.grasps
    if not grasps:
        return ""
    widths = [1000 * grasp.width for grasp in grasps]
    best = max(grasp.quality for grasp in grasps)
    return f"{len(grasps)}, {min(widths):.0f} to {max(widths):.0f} mm, best {best:.2f}"


def _mass(kilograms: float) -> str:
    return f"{kilograms:.2f} kg" if kilograms >= 1 else f"{1000 * kilograms:.0f} g"


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    rows = (f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts if value)
    return f"<dl>{''.join(rows)}</dl>"


def _chip(text: str) -> str:
    return f'<span class="chip">{escape(text)}</span>'


def _css(color: tuple[int, int, int]) -> str:
    return "rgb({},{},{})".format(*color)


def _block(content: str) -> str:
    return f'<div class="gw">{content}</div>'

"""The demo's web page: one HTML file with relative links to its videos; no script, style or font from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from string import Template

from genworld_envs.evaluation.metrics import EpisodeResult, summarize
from genworld_envs.evaluation.specs import EpisodeSpec
from genworld_envs.evaluation.video import PLAYBACK_SPEED


@dataclass(frozen=True)
class Card:
    """One episode on the page. `video` and `poster` are paths relative to the page; `distractors` are object names."""

    spec: EpisodeSpec
    result: EpisodeResult
    video: str
    poster: str
    distractors: Sequence[str] = ()


@dataclass(frozen=True)
class ContactSheet:
    """A picture of `scene_count` scenes, `image` relative to the page, [width, height] in pixels."""

    image: str
    scene_count: int
    size: tuple[int, int]


def demo_page(cards: Sequence[Card], sheet: ContactSheet | None, next_command: str) -> str:
    """The page as HTML text."""
    robots = ", ".join(sorted({card.spec.robot for card in cards}))
    return _PAGE.substitute(
        style=_STYLE,
        script=_SCRIPT,
        robot=escape(robots),
        tiles="\n".join(_tiles(cards)),
        cards="\n".join(_card(card) for card in cards),
        sheet=_sheet(sheet) if sheet else "",
        speed=PLAYBACK_SPEED,
        next_command=escape(next_command),
    )


def _tiles(cards: Sequence[Card]) -> list[str]:
    summary = summarize([card.result for card in cards])
    times = summary["time_to_success"]
    facts = [
        (f"{summary['success_count']}/{summary['episodes']}", "instructions carried out"),
        ("–" if times is None else f"{times['mean']:.1f} s", "mean time to success"),
        (str(len({card.spec.task for card in cards})), "task families"),
        (str(len({card.spec.split for card in cards})), "dataset splits"),
    ]
    return [f'<div class="tile"><b>{escape(value)}</b><span>{escape(label)}</span></div>' for value, label in facts]


def _card(card: Card) -> str:
    spec, result = card.spec, card.result
    outcome = {
        "success": "success",
        "dynamics_failure": "not done",
        "semantic_failure": "wrong object",
    }[result.outcome]
    seconds = f"{result.time_to_success:.1f} s" if result.time_to_success is not None else f"{result.steps} steps"
    return _CARD.substitute(
        video=escape(card.video),
        poster=escape(card.poster),
        instruction=escape(spec.instruction),
        outcome=outcome,
        outcome_class="good" if result.success else "bad",
        seconds=seconds,
        task=escape(spec.task.replace("_", " ")),
        split=escape(spec.split),
        split_class=escape(spec.split.replace("_", "-")),
        scene_id=escape(spec.scene_id),
        distractors=escape(", ".join(card.distractors)) or "none",
    )


def _sheet(sheet: ContactSheet) -> str:
    return _SHEET.substitute(
        image=escape(sheet.image), count=sheet.scene_count, width=sheet.size[0], height=sheet.size[1]
    )


_PAGE = Template("""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>GenWorld demo</title>
<link rel="icon" href="data:,">
<style>$style</style>
</head>
<body>
<header>
<p class="eyebrow">GenWorld</p>
<h1>A robot carries out language instructions in generated 3D scenes</h1>
<p class="lead">Each video is one episode, simulated and rendered on this machine. The scripted expert drives the robot
($robot) through the public action space, 5 actions a second; playback is at ${speed}&times; speed.</p>
<div class="tiles">
$tiles
</div>
</header>
<main>
<section class="grid" aria-label="Episodes">
$cards
</section>
$sheet
<section class="next">
<h2>What to try next</h2>
<pre><code>$next_command</code></pre>
<p>measures the expert's success over all scenes. The numbers of this page are in
<a href="results.json">results.json</a>.</p>
</section>
</main>
<script>$script</script>
</body>
</html>
""")

_CARD = Template("""\
<article class="card">
<video src="$video" poster="$poster" muted loop playsinline controls preload="metadata"
 aria-label="Robot asked to: $instruction"></video>
<div class="body">
<h2>&ldquo;$instruction&rdquo;</h2>
<p class="facts"><span class="outcome $outcome_class">$outcome</span><span class="time">$seconds</span></p>
<dl><dt>task</dt><dd>$task</dd><dt>split</dt><dd class="$split_class">$split</dd>
<dt>scene</dt><dd><code>$scene_id</code></dd><dt>distractors</dt><dd>$distractors</dd></dl>
</div>
</article>
""")

_SHEET = Template("""\
<section class="sheet">
<h2>All $count scenes at reset</h2>
<a href="$image"><img src="$image" width="$width" height="$height" loading="lazy"
 alt="Contact sheet: the robot at its home pose before each of the $count scenes"></a>
</section>
""")

_STYLE = """
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --surface: #ffffff; --line: #dfe3e8; --text: #16202c; --soft: #5b6875;
  --good: #0b7a4b; --good-back: #dcf3e7; --bad: #a8321f; --bad-back: #fbe3de; --accent: #1f5fbf;
  --shadow: 0 1px 2px rgb(16 24 40 / 6%), 0 4px 14px rgb(16 24 40 / 6%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f141a; --surface: #171e26; --line: #2a343f; --text: #e8edf2; --soft: #98a5b3;
    --good: #62d6a0; --good-back: #12382a; --bad: #ff9d8a; --bad-back: #43201a; --accent: #7fb2ff;
    --shadow: none;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
header, main { max-width: 1320px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 44px; }
.eyebrow { margin: 0 0 6px; color: var(--accent); font-weight: 650; letter-spacing: .02em; }
h1 { margin: 0; font-size: clamp(1.5rem, 2.6vw, 2.15rem); line-height: 1.2; letter-spacing: -.015em; max-width: 32ch; }
.lead { max-width: 74ch; color: var(--soft); margin: 12px 0 24px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; max-width: 820px; }
.tile { border-left: 3px solid var(--accent); padding: 2px 14px; }
.tile b { display: block; font-size: 1.55rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: .86rem; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(290px, 1fr)); gap: 20px; margin: 32px 0 44px; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; overflow: hidden;
  box-shadow: var(--shadow); display: flex; flex-direction: column; }
.card video { display: block; width: 100%; aspect-ratio: 4 / 3; object-fit: cover; background: #20262d; }
.body { padding: 14px 16px 16px; display: flex; flex-direction: column; flex: 1; }
.card h2 { margin: 0 0 10px; font-size: 1.02rem; line-height: 1.35; font-weight: 620; }
.facts { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 8px; margin: 0 0 12px; font-size: .8rem; }
.outcome { padding: 2px 9px; border-radius: 99px; font-weight: 620; }
.outcome.good { color: var(--good); background: var(--good-back); }
.outcome.bad { color: var(--bad); background: var(--bad-back); }
.time { font-variant-numeric: tabular-nums; font-weight: 600; }
.train::before, .test-distractors::before, .test-ood::before { content: ""; display: inline-block; width: 8px;
  height: 8px; border-radius: 2px; margin-right: 7px; background: #6d9ff0; }
.test-distractors::before { background: #e0a63f; }
.test-ood::before { background: #58b36b; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 12px; margin: auto 0 0; padding-top: 10px;
  border-top: 1px solid var(--line); font-size: .82rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
code, pre { font-size: .92em;
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.sheet h2, .next h2 { font-size: 1.2rem; margin: 0 0 14px; }
.sheet img { display: block; width: 100%; height: auto; border-radius: 12px; border: 1px solid var(--line); }
.next { margin: 44px 0 64px; }
pre { background: var(--surface); border: 1px solid var(--line); border-radius: 10px;
  padding: 14px 16px; overflow-x: auto; }
a { color: var(--accent); }
"""

_SCRIPT = """
// Play what is in view, unless the visitor asked for less motion.
if ("IntersectionObserver" in window && !matchMedia("(prefers-reduced-motion: reduce)").matches) {
  const watch = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) target.play().catch(() => {}); else target.pause();
    }
  }, { threshold: 0.35 });
  document.querySelectorAll("video").forEach((video) => watch.observe(video));
}
"""

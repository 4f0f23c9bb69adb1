"""Pictures: one HTML document each, complete in itself, legible on light and dark, for Open WebUI's frame for embeds."""

from collections.abc import Sequence
from html import escape

from rag.assistant.answer import shortened
from rag.assistant.conversation import Language, Source
from rag.assistant.markdown import web_address
from rag.assistant.messages import say
from rag.retrieval.mapping import Map

_WIDTH, _HEIGHT, _EDGE = 720, 420, 34
_BARS = 220
_LABEL_APART = 18
_MOST_YEARS = 60
# White digits are legible on each of them (contrast of at least 4.5), and each is legible on white and on near-black.
_COLOURS = ("#2c6fbb", "#b4511f", "#2d7d4a", "#8b4a9e", "#a7364a", "#6b6a1f")

# Open WebUI shows the document in a frame that knows neither its theme nor its height. So the picture brings a ground of its
# own for either scheme, and says how high it is. The policy keeps whatever is in a title from loading anything.
_DOCUMENT = """<!doctype html><html lang="{language}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<style>
:root {{ color-scheme: light dark; --ground: #ffffff; --ink: #1f2328; --faint: #6a737d; --line: #d5d9de; --bar: #2c6fbb; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --ground: #1c1f24; --ink: #e8eaed; --faint: #a0a7b0; --line: #3a4048; --bar: #6ea8e6; }} }}
body {{ margin: 0; font: 13px/1.4 system-ui, sans-serif; color: var(--ink); background: transparent; }}
figure {{ margin: 0; padding: 12px 14px; background: var(--ground); border: 1px solid var(--line); border-radius: 10px; }}
figcaption {{ margin: 0 0 8px; font-weight: 600; }}
svg {{ display: block; width: 100%; height: auto; }}
text {{ fill: var(--ink); font-size: 12px; }} .faint {{ fill: var(--faint); }}
.label {{ font-weight: 600; paint-order: stroke; stroke: var(--ground); stroke-width: 4px; stroke-linejoin: round; }}
.number {{ fill: #ffffff; font-size: 10px; font-weight: 600; }}
a:focus circle, a:hover circle {{ stroke: var(--ink); stroke-width: 2.5px; }}
</style></head><body><figure><figcaption>{title}</figcaption>{drawing}</figure>
<script>
const tell = () => parent.postMessage({{type: "iframe:height", height: document.documentElement.scrollHeight}}, "*");
addEventListener("load", tell); addEventListener("resize", tell); tell();
</script></body></html>"""


def years(rows: Sequence[tuple[str, int]], topic: str, language: Language) -> str:
    """Papers per year as bars, years without any among them; '' where there are fewer than two years to show."""
    counts = {int(year): count for year, count in rows if year.isdecimal()}
    if len(counts) < 2:
        return ""
    last = max(counts)
    span = range(max(min(counts), last - _MOST_YEARS + 1), last + 1)
    most = max(counts.values())
    step = (_WIDTH - 2 * _EDGE) / len(span)
    every = max(1, -(-len(span) // 12))
    bars = []
    for place, year in enumerate(span):
        count, left = counts.get(year, 0), _EDGE + place * step
        height = (_BARS - 40) * count / most
        told = escape(say("year_bar", language, year=year, count=count))
        middle = left + step / 2
        bars.append(
            f'<g><title>{told}</title><rect x="{left + step * 0.1:.1f}" y="{_BARS - height:.1f}" width="{step * 0.8:.1f}" '
            f'height="{height:.1f}" rx="2" fill="var(--bar)"/>'
            + (
                f'<text x="{middle:.1f}" y="{_BARS - height - 5:.1f}" text-anchor="middle">{count}</text>'
                if count and step > 18
                else ""
            )
            + (
                f'<text class="faint" x="{middle:.1f}" y="{_BARS + 17}" text-anchor="middle">{year}</text>'
                if place % every == 0
                else ""
            )
            + "</g>"
        )
    axis = f'<line x1="{_EDGE}" y1="{_BARS}" x2="{_WIDTH - _EDGE}" y2="{_BARS}" stroke="var(--line)"/>'
    title = say("picture_years", language, topic=shortened(topic, 80)) if topic else say("picture_years_all", language)
    return _document(
        title,
        f'<svg viewBox="0 0 {_WIDTH} {_BARS + 26}" role="img" aria-label="{escape(title)}">{axis}{"".join(bars)}</svg>',
        language,
    )


def plane(sources: Sequence[Source], drawn: Map, topic: str, language: Language) -> str:
    """The papers as numbered dots that open them, near ones near, in the colours of their groups, with the groups' words."""
    spots = [
        (_EDGE + float(x) * (_WIDTH - 2 * _EDGE), _EDGE + 12 + float(1 - y) * (_HEIGHT - 2 * _EDGE - 12))
        for x, y in drawn.positions
    ]
    dots = [
        _dot(sources[place], *spots[place], _COLOURS[number % len(_COLOURS)])
        for number, group in enumerate(drawn.groups)
        for place in group.places
    ]
    title = say("picture_map", language, topic=shortened(topic, 80))
    shapes = "".join(dots) + _labels(drawn, spots)
    drawing = f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="group" aria-label="{escape(title)}">{shapes}</svg>'
    return _document(title, drawing, language)


def _dot(source: Source, x: float, y: float, colour: str) -> str:
    paper = source.hit.paper
    told = escape(shortened(f"{source.rank}. {paper.title}" + (f" ({paper.year})" if paper.year else ""), 200))
    dot = (
        f'<title>{told}</title><circle cx="{x:.1f}" cy="{y:.1f}" r="11" fill="{colour}"/>'
        f'<text class="number" x="{x:.1f}" y="{y + 3.5:.1f}" text-anchor="middle">{source.rank}</text>'
    )
    address = web_address(paper.link)
    if not address:
        return f"<g>{dot}</g>"
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer" aria-label="{told}">{dot}</a>'


def _labels(drawn: Map, spots: Sequence[tuple[float, float]]) -> str:
    """Each group's words near its middle, where they cover neither a paper nor other words, as far as there is such a place."""
    taken = [(x, y, 13.0) for x, y in spots]
    texts = []
    for number, group in enumerate(drawn.groups):
        xs, ys = zip(*(spots[place] for place in group.places), strict=True)
        words = shortened(" · ".join(group.words), 48)
        half = 3.6 * sum(2 if ord(character) > 0x2E80 else 1 for character in words) + 10
        x, y = _free((sum(xs) / len(xs), sum(ys) / len(ys)), half, taken)
        taken.append((x, y, half))
        place = f'x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle"'
        texts.append(
            f'<text class="label" {place}><tspan style="fill:{_COLOURS[number % len(_COLOURS)]}">●</tspan> {escape(words)}</text>'
        )
    return "".join(texts)


def _free(middle: tuple[float, float], half: float, taken: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    """The place for words of that half width which covers least of what is there, and then lies nearest to ``middle``."""

    def cost(place: tuple[float, float]) -> tuple[float, float]:
        covered = sum(1 for x, y, wide in taken if abs(place[0] - x) < half + wide and abs(place[1] - y) < _LABEL_APART)
        return covered, (place[0] - middle[0]) ** 2 + 4 * (place[1] - middle[1]) ** 2

    places = [(x, y) for x in range(int(half), max(int(_WIDTH - half), int(half) + 1), 12) for y in range(10, _HEIGHT - 6, 9)]
    return min(places, key=cost)


def _document(title: str, drawing: str, language: Language) -> str:
    return _DOCUMENT.format(language=language, title=escape(title), drawing=drawing)

"""The reading order of the lines of a page: one column or several, with titles and figures that span them."""

from collections import Counter
from collections.abc import Sequence
from statistics import median

from rag.ingest.documents.model import Span

_FULL = 0.55
"""A line that fills this much of its column shows that there is one; the cells of a table do not."""
_FULL_LINES = 4
_PROSE = 45
"""Characters of a line of running text."""
_NARROW_PROSE, _NARROW_LINES = 25, 12
"""The same in one column of three; so many of them are more than a table has."""
_INDENT, _GAP = 12.0, 0.4
"""Points; a share of the width of a column that may be white beside a gutter: where text is set ragged."""
_EDGE = 0.15
"""A gutter is nowhere nearer to the edge than this share of the width."""
_DEEPEST = 3
_BAND_GAP = 2.0
"""In line heights: white across all columns that parts what is above from what is below."""


def reading_order(lines: Sequence[Span], *, sidebars: bool = False, depth: int = 0) -> list[Span]:
    """``lines``, given from the top down and from left to right, in the order in which they are read.

    ``sidebars``: a column of short lines beside running text is one too, as on a journal's first page, and no table.
    """
    gutter = _gutter(lines, sidebars) if depth < _DEEPEST else None
    if gutter is None:
        return list(lines)
    ordered: list[Span] = []
    for band, crossed in _joined(_bands(lines, gutter), gutter):
        # What spans the columns may have columns of its own: an abstract beside the dates of the article.
        left = [line for line in band if line.x1 <= gutter + 1]
        right = [line for line in band if line.x0 >= gutter - 1]
        for part in [band] if crossed else [left, right]:
            ordered.extend(reading_order(part, sidebars=sidebars, depth=depth + 1))
    return ordered


def _gutter(lines: Sequence[Span], sidebars: bool) -> float | None:
    """Where the white between two columns ends on the right, in points; None on a page, or part of one, of one column."""
    if len(lines) < 2 * _FULL_LINES:
        return None
    x0, x1 = _extent(lines)
    width = x1 - x0
    starts = Counter(round(line.x0) for line in lines)
    gutters = [
        start - 1.0
        for start, count in starts.items()
        if count + starts[start - 1] + starts[start + 1] >= 3 and x0 + _EDGE * width < start < x1 - _EDGE * width
    ]
    usual = [_score(lines, gutter, x0, x1) or (_sidebar_score(lines, gutter, x0, x1) if sidebars else 0.0) for gutter in gutters]
    scores = usual if any(score > 0 for score in usual) else [_narrow_score(lines, gutter) for gutter in gutters]
    best = max(zip(scores, gutters, strict=True), default=(0.0, 0.0), key=lambda scored: scored[0])
    return best[1] if best[0] > 0 else None


def _extent(lines: Sequence[Span]) -> tuple[float, float]:
    """Left and right edge of the text, without single lines that stick out."""
    lefts, rights = sorted(line.x0 for line in lines), sorted(line.x1 for line in lines)
    few = len(lines) // 50
    return lefts[few], rights[-1 - few]


def _score(lines: Sequence[Span], gutter: float, x0: float, x1: float) -> float:
    """How much speaks for a gutter: lines that fill a column on either side at one height, against those that cross it."""
    left = [line for line in lines if line.x1 <= gutter + 1 and line.x1 - line.x0 >= _FULL * (gutter - x0)]
    right = [line for line in lines if line.x0 >= gutter - 1 and line.x1 - line.x0 >= _FULL * (x1 - gutter)]
    if min(len(left), len(right)) < _FULL_LINES:
        return 0.0
    top, bottom = max(left[0].y0, right[0].y0), min(left[-1].y1, right[-1].y1)
    if bottom - top < 3 * (left[0].y1 - left[0].y0):
        return 0.0
    crossing = sum(1 for line in lines if line.x0 < gutter - 1 and line.x1 > gutter + 1 and top < line.y0 < bottom)
    return min(len(left), len(right)) - 0.5 * crossing


def _narrow_score(lines: Sequence[Span], gutter: float) -> float:
    """As ``_score`` on a page of three columns or more: running text that ends before the gutter, and such that begins at it."""
    right = [line for line in lines if abs(line.x0 - gutter) < _INDENT and len(line.text) >= _NARROW_PROSE]
    wide = max((line.x1 - line.x0 for line in right), default=0.0)
    left = [line for line in lines if 0 <= gutter + 1 - line.x1 < _GAP * wide and len(line.text) >= _NARROW_PROSE]
    if min(len(left), len(right)) < _NARROW_LINES:
        return 0.0
    top, bottom = max(left[0].y0, right[0].y0), min(left[-1].y1, right[-1].y1)
    beside = [line for line in [*left, *right] if top <= line.y0 < bottom]
    crossing = sum(1 for line in lines if line.x0 < gutter - 1 and line.x1 > gutter + 1 and top < line.y0 < bottom)
    return len(beside) / 2 - 0.5 * crossing if len(beside) >= _NARROW_LINES else 0.0


def _sidebar_score(lines: Sequence[Span], gutter: float, x0: float, x1: float) -> float:
    """As ``_score`` where the lines of the narrower side are too short to fill it."""
    left = [line for line in lines if line.x1 <= gutter + 1]
    right = [line for line in lines if line.x0 >= gutter - 1]
    narrow, wide, room = (left, right, x1 - gutter) if gutter - x0 < x1 - gutter else (right, left, gutter - x0)
    prose = [line for line in wide if len(line.text) >= _PROSE and line.x1 - line.x0 >= _FULL * room]
    if len(narrow) < 3 or len(prose) < _FULL_LINES:
        return 0.0
    top, bottom = max(narrow[0].y0, prose[0].y0 - 20), min(narrow[-1].y1, prose[-1].y1)
    crossing = sum(1 for line in lines if line.x0 < gutter - 1 and line.x1 > gutter + 1 and top < line.y0 < bottom)
    beside = sum(1 for line in narrow if top <= line.y0 <= bottom)
    return 0.5 * beside - crossing if beside >= 3 else 0.0


def _bands(lines: Sequence[Span], gutter: float) -> list[list[Span]]:
    """Parts of the page one below the other: those with columns, and lines that cross the gutter, row by row."""
    heights = [line.y1 - line.y0 for line in lines]
    wide = _BAND_GAP * median(heights)
    bands: list[list[Span]] = []
    bottom = float("-inf")
    crossed = False
    for row in _rows(lines):
        crosses = any(line.x0 < gutter - 1 and line.x1 > gutter + 1 for line in row)
        top = min(line.y0 for line in row)
        if not bands or crosses or crossed or top - bottom > wide:
            bands.append([])
        bands[-1].extend(row)
        bottom, crossed = max(bottom, *(line.y1 for line in row)), crosses
    return bands


def _joined(bands: list[list[Span]], gutter: float) -> list[tuple[list[Span], bool]]:
    """The bands, and whether lines cross the gutter in them; those that do, with what stands beside, as one."""
    joined: list[tuple[list[Span], bool]] = []
    for band in bands:
        crossed = any(line.x0 < gutter - 1 and line.x1 > gutter + 1 for line in band)
        beside = not crossed and not any(line.x0 >= gutter - 1 for line in band)
        if joined and joined[-1][1] and (crossed or beside):
            joined[-1] = (joined[-1][0] + band, True)
        else:
            joined.append((band, crossed))
    return joined


def _rows(lines: Sequence[Span]) -> list[list[Span]]:
    """Lines at one height together."""
    rows: list[list[Span]] = []
    for line in lines:
        middle = (line.y0 + line.y1) / 2
        if rows and abs((rows[-1][0].y0 + rows[-1][0].y1) / 2 - middle) < 0.3 * (line.y1 - line.y0):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows

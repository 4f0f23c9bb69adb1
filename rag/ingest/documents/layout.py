"""Pages of a PDF: lines in reading order, headers and footers set apart, clean text."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import pypdfium2

from rag.ingest.documents.columns import reading_order
from rag.ingest.documents.lines import lines_of
from rag.ingest.documents.model import Page, Span
from rag.ingest.documents.paragraphs import Vocabulary, paragraphs_of
from rag.ingest.documents.words import words_of

_ZONE = 0.12
"""Headers and footers stand in this share of the height, at the top and at the bottom."""
_OUTER_ROWS = 3
_PAGE_NUMBER = re.compile(
    r"(?:[-–—\[(|]\s*)?(?:page|p\.|seite|第)?\s*(?:\d{1,4}|[ivxlc]{1,7}|[A-Z]?-?\d{1,3})\s*(?:页)?(?:\s*(?:of|/|von|共)\s*\d{1,4}\s*页?)?(?:\s*[-–—\])|])?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
_NUMBERED_LINES = 8
_FIRST_PAGES = 2
_FEWEST_LINES, _STEADY = 10, 0.25
"""In print a quarter of the lines of a page, at the least, is of one size."""
_FEWEST_HEADS, _HEADED = 4, 0.35
"""Left and right pages may have their heads at different heights."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What is drawn on one page; the lines from the top down, as yet with headers and footers."""

    number: int
    width: float
    height: float
    lines: list[Span]
    sideways: list[Span]


def layout_of(page: pypdfium2.PdfPage, number: int) -> Layout:
    """The lines of one page.

    Raises:
        pypdfium2.PdfiumError: the page cannot be read.
    """
    words = words_of(page)
    lines = _without_line_numbers(lines_of(words.upright))
    sideways = [span for run in words.sideways for span in lines_of(run)]
    return Layout(number, words.width, words.height, lines, sideways)


def pages_of(layouts: Sequence[Layout]) -> list[Page]:
    """The pages of one document; they are needed all together, as a header is known by its repetition."""
    vocabulary = Vocabulary(line.text for layout in layouts for line in layout.lines)
    repeated = _repeated(layouts)
    heads = _usual_heads(layouts)
    return [_page(layout, repeated, heads, vocabulary) for layout in layouts]


def _page(layout: Layout, repeated: set[tuple[str, int]], heads: set[int], vocabulary: Vocabulary) -> Page:
    outer = _outer(layout)
    margins = [line for line in outer if _key(line) in repeated or _is_page_number(line)]
    if _head(layout) in heads:
        margins.extend(line for line in _top_row(layout) if line not in margins)
    body = reading_order(_steady([line for line in layout.lines if line not in margins]), sidebars=layout.number < _FIRST_PAGES)
    text = "\n\n".join(paragraph.text for paragraph in paragraphs_of(body, vocabulary))
    return Page(layout.number, layout.width, layout.height, tuple(body), text, (*margins, *layout.sideways))


def _steady(lines: list[Span]) -> list[Span]:
    """Lines whose sizes were measured from a picture differ one from the next: those near the middle get one size."""
    sizes = Counter(line.size for line in lines)
    if len(lines) < _FEWEST_LINES or max(sizes.values()) > _STEADY * len(lines):
        return lines
    middle = median(line.size for line in lines)
    return [replace(line, size=middle) if abs(line.size - middle) < 0.3 * middle else line for line in lines]


def _outer(layout: Layout) -> list[Span]:
    """The lines that may be headers or footers: in the outermost rows, and near the edge."""
    if not layout.lines:
        return []
    tops = sorted({round(line.y0 / 4) for line in layout.lines})
    bottoms = sorted({round(line.y1 / 4) for line in layout.lines})
    upper, lower = tops[: _OUTER_ROWS + 1][-1] * 4 + 2, bottoms[-_OUTER_ROWS - 1 :][0] * 4 - 2
    head, foot = _ZONE * layout.height, (1 - _ZONE) * layout.height
    return [line for line in layout.lines if (line.y1 < head and line.y0 <= upper) or (line.y0 > foot and line.y1 >= lower)]


def _repeated(layouts: Sequence[Layout]) -> set[tuple[str, int]]:
    """What stands at one place of two pages or more, whatever its numbers."""
    counts = Counter(key for layout in layouts for key in {_key(line) for line in _outer(layout)})
    return {key for key, count in counts.items() if count > 1}


def _usual_heads(layouts: Sequence[Layout]) -> set[int]:
    """At which height most pages have a line apart from the text: a running head, though it names another section on each."""
    counts = Counter(head for layout in layouts if (head := _head(layout)) is not None)
    return {height for height, count in counts.items() if count >= _FEWEST_HEADS and count >= _HEADED * len(layouts)}


def _head(layout: Layout) -> int | None:
    """The height of the first line when it is near the edge, with white below; in points."""
    row = _top_row(layout)
    below = [line.y0 for line in layout.lines if line not in row]
    if not row or not below or row[0].y1 > _ZONE * layout.height:
        return None
    bottom = max(line.y1 for line in row)
    return round(row[0].y0 / 3) if min(below) - bottom > 0.8 * row[0].size else None


def _top_row(layout: Layout) -> list[Span]:
    top = min((line.y0 for line in layout.lines), default=0.0)
    return [line for line in layout.lines if line.y0 < top + 4]


def _key(line: Span) -> tuple[str, int]:
    return _DIGITS.sub("#", line.text.casefold()), round(line.y0 / 6)


def _is_page_number(line: Span) -> bool:
    return _PAGE_NUMBER.fullmatch(line.text.strip()) is not None


def _without_line_numbers(lines: list[Span]) -> list[Span]:
    """Without the numbers that a manuscript under review has beside its lines."""
    numbers = [line for line in lines if line.text.isdigit() and len(line.text) < 5]
    others = [line for line in lines if not line.text.isdigit()]
    if len(numbers) < _NUMBERED_LINES or not others:
        return lines
    left = min(line.x0 for line in others)
    right = max(line.x1 for line in others)
    beside = [line for line in numbers if line.x1 <= left or line.x0 >= right]
    return [line for line in lines if line not in beside] if len(beside) >= _NUMBERED_LINES else lines

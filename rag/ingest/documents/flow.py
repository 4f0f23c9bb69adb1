"""Documents without pages as if they were set on one, so that the same rules find title, authors and abstract."""

from collections.abc import Sequence

from rag.ingest.documents.model import Block, Page, Span

_TITLE, _TEXT = 20.0, 10.0
_HEADINGS = (16.0, 14.0, 12.0)
_WIDTH, _MARGIN, _LETTER = 612.0, 72.0, 5.0
_STEP = 3.0
"""In font sizes: blocks stand so far apart that none is taken for the next line of another."""
_BLOCKS = 80
"""The front matter is no longer."""


def front_page(blocks: Sequence[Block]) -> Page:
    """The beginning of a document as a page: titles and headings large and bold by their level, everything else as text."""
    lines: list[Span] = []
    y = _MARGIN
    for block in blocks[:_BLOCKS]:
        for text in filter(None, map(str.strip, block.text.split("\n"))):
            size = _size(block)
            lines.append(
                Span(text, size, size > _TEXT, _MARGIN, y, _MARGIN + min(_LETTER * len(text), _WIDTH - 2 * _MARGIN), y + size)
            )
            y += _STEP * size
    return Page(0, _WIDTH, max(792.0, y), tuple(lines), "\n\n".join(block.text for block in blocks[:_BLOCKS]))


def _size(block: Block) -> float:
    if block.kind == "title":
        return _TITLE
    if block.kind == "heading":
        return _HEADINGS[min(max(block.level, 1), len(_HEADINGS)) - 1]
    return _TEXT

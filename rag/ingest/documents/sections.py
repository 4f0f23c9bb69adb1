"""Sections: the pages of a PDF as headings, paragraphs and tables, without front matter, contents and references."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from rag.ingest.documents.front import opens_body
from rag.ingest.documents.headings import CAPTION, CONTENTS, KNOWN, ends_references, is_references, level_of, may_be_heading
from rag.ingest.documents.model import Block, Page
from rag.ingest.documents.paragraphs import Paragraph, Vocabulary, paragraphs_of
from rag.text import one_line

_LARGER = 1.08
_SMALLEST = 0.75
"""Small capitals make the font of a heading look smaller than the text."""
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_ENTRY = re.compile(r"^\W*(?:\[[\w+-]{1,12}\]|\d{1,3}\.)\s")
_UNFINISHED = re.compile(r"[^\W\d_]-?$|,$")
_SENTENCE = re.compile(r"[.!?:;。！？：；][\"'”’)]*$")
_FRONT_LONGEST = 200
_CHECKED_ENTRIES = 8


@dataclass(frozen=True, slots=True)
class _Style:
    size: float
    bold: bool
    """How the body of the document is set."""


def blocks_of(pages: Sequence[Page]) -> list[Block]:
    """The body of a PDF in reading order: headings with their level, paragraphs, tables and captions, each with its page."""
    style = _body_style(pages)
    vocabulary = Vocabulary(page.text for page in pages)
    blocks: list[Block] = []
    for page in pages:
        own = list(_page_blocks(page, style, vocabulary))
        if page.number == 0:
            own = _without_front_matter(own)
        blocks.extend(own)
    return list(_continued(blocks, vocabulary))


def parted(blocks: Sequence[Block]) -> tuple[list[Block], Block | None]:
    """The blocks without bibliographies, and the first that belongs to one.

    What follows a bibliography, an appendix or the next chapter, is kept.
    """
    kept: list[Block] = []
    first: Block | None = None
    inside = False
    for place, block in enumerate(blocks):
        following = blocks[place + 1 : place + 1 + _CHECKED_ENTRIES]
        if block.kind == "references":
            first = first or block
            continue
        if is_references(block.text) and block.kind in {"heading", "text", "title"}:
            inside = _are_entries(following)
        elif inside and block.kind == "heading":
            inside = not ends_references(block.text) and _are_entries(following)
        if inside:
            first = first or block
        else:
            kept.append(block)
    return kept, first


def _are_entries(blocks: Sequence[Block]) -> bool:
    """Whether works are listed: with numbers, or with years; at the end of what was read, anything is believed."""
    dated = sum(1 for block in blocks if _YEAR.search(block.text) or _ENTRY.match(block.text))
    return not blocks or 2 * dated >= len(blocks) or dated >= 3


def _body_style(pages: Sequence[Page]) -> _Style:
    styles: Counter[tuple[float, bool]] = Counter()
    for page in pages:
        for line in page.lines:
            styles[line.size, line.bold] += len(line.text)
    return _Style(*max(styles, key=lambda style: styles[style])) if styles else _Style(0.0, False)


def _page_blocks(page: Page, style: _Style, vocabulary: Vocabulary) -> Iterator[Block]:
    if not page.lines:
        for text in page.text.split("\n\n"):
            if text.strip():
                plain = is_references(text) or (
                    may_be_heading(text) and (KNOWN.match(text) is not None or (level_of(text) > 0 and len(text) < 80))
                )
                yield _heading(text, page.number) if plain else Block(text.strip(), "text", 0, page.number)
        return
    paragraphs = [
        each for each in paragraphs_of(page.lines, vocabulary) if not CONTENTS.search(each.text) and _says_something(each)
    ]
    right = max((line.x1 for line in page.lines), default=0.0)
    for paragraph, after in zip_longest(paragraphs, paragraphs[1:]):
        goes_on = after is not None and after.text[:1].islower()
        if is_references(paragraph.text) or (not goes_on and _is_heading(paragraph, style, right)):
            yield _heading(paragraph.text, page.number)
        else:
            yield Block(paragraph.text, "table" if paragraph.is_table else "text", 0, page.number)


def _heading(text: str, page: int) -> Block:
    text = one_line(text)
    return Block(text, "heading", level_of(text) or 1, page)


def _is_heading(paragraph: Paragraph, style: _Style, right: float) -> bool:
    text = one_line(paragraph.text)
    line = paragraph.lines[0]
    if paragraph.is_table or len(paragraph.lines) > 3 or line.size < _SMALLEST * style.size or not may_be_heading(text):
        return False
    if KNOWN.match(text) or line.size > _LARGER * style.size or (line.bold and not style.bold):
        return True
    # Set like the text, it must be a line of its own that stops short.
    alone = len(paragraph.lines) == 1 and line.x1 < right - 2 * line.size
    capitals = text.isupper() and len(text.split()) > 1 and len(text) > 6
    return alone and (capitals or (level_of(text) > 0 and len(text) < 70))


def _says_something(paragraph: Paragraph) -> bool:
    """Numbers along an axis and the debris of formulas say nothing."""
    text = paragraph.text
    letters = sum(1 for letter in text if letter.isalpha())
    if CAPTION.match(text):
        return True
    return letters >= 3 and (letters >= 0.35 * len(text.replace(" ", "")) or (paragraph.is_table and letters >= 12))


def _without_front_matter(blocks: list[Block]) -> list[Block]:
    """The first page without title, authors, dates and addresses; sentences among them are kept."""
    opening = next((place for place, block in enumerate(blocks) if opens_body(block.text)), None)
    if opening is not None:
        return [*filter(_is_long, blocks[:opening]), *blocks[opening:]]
    first = next((place for place, block in enumerate(blocks) if _is_long(block)), 0)
    before = [block for block in blocks[:first] if block.kind == "heading" or _SENTENCE.search(block.text)]
    return [block for block in [*before, *blocks[first:]] if block.kind != "heading" or _is_certain(block.text)]


def _is_long(block: Block) -> bool:
    return block.kind == "text" and len(block.text) > _FRONT_LONGEST


def _is_certain(heading: str) -> bool:
    return KNOWN.match(heading) is not None or level_of(heading) > 0 or is_references(heading)


def _continued(blocks: Sequence[Block], vocabulary: Vocabulary) -> Iterator[Block]:
    """Paragraphs that go on over a column or a page put together."""
    last: Block | None = None
    for block in blocks:
        if last is not None and _goes_on(last, block):
            last = _joined(last, block, vocabulary)
            continue
        if last is not None:
            yield last
        last = block
    if last is not None:
        yield last


def _joined(last: Block, block: Block, vocabulary: Vocabulary) -> Block:
    text = vocabulary.joined(last.text, block.text)
    turn = () if block.page == last.last_page else ((len(text) - len(block.text), block.page),)
    return replace(last, text=text, turns=(*last.turns, *turn))


def _goes_on(last: Block, block: Block) -> bool:
    if last.kind != "text" or block.kind != "text" or CAPTION.match(last.text) or CAPTION.match(block.text):
        return False
    first = block.text[:1]
    if first >= "\u3400" and last.last_page != block.page:
        return last.text[-1:] >= "\u3400" and last.text[-1:] not in "。！？；："
    return first.islower() and _UNFINISHED.search(last.text) is not None

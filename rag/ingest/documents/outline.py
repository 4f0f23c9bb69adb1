"""The outline of a document: its sections with their pages, and where its references begin."""

from collections.abc import Sequence

from rag.ingest.documents.model import Block
from rag.papers import Outline, Place, Section
from rag.text import one_line

_MOST_SECTIONS = 2_000
_LONGEST_HEADING = 120


def outline_of(body: Sequence[Block], references: Block | None, pages: Sequence[str]) -> Outline:
    """The headings of ``body``, and the place of the block with which the references begin in the texts of ``pages``."""
    sections = [
        Section(one_line(block.text)[:_LONGEST_HEADING], block.level, block.page) for block in body if block.kind == "heading"
    ]
    return Outline(tuple(sections[:_MOST_SECTIONS]), None if references is None else _place(references, pages))


def _place(references: Block, pages: Sequence[str]) -> Place:
    position = 0
    for paragraph in pages[references.page or 0].split("\n\n"):
        if one_line(paragraph) == one_line(references.text):
            return Place(references.page, position)
        position += len(paragraph) + 2
    return Place(references.page, 0)

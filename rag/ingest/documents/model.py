"""What is known of a document while it is read: lines, pages, blocks, metadata, passages."""

from dataclasses import dataclass

from rag.access import Unreadable, UnreadPages
from rag.errors import NoTextLayerError
from rag.papers import NO_OUTLINE, Outline


@dataclass(frozen=True, slots=True)
class Span:
    """One line of a PDF page, or a piece of one; the box in points, the origin at the top left of the page as it is looked at."""

    text: str
    size: float
    """The font size most of its characters have, in points."""
    bold: bool
    x0: float
    y0: float
    x1: float
    y1: float
    raised: tuple[tuple[int, int], ...] = ()
    """Where in the text superscripts begin and end: marks of affiliations and notes."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a PDF in reading order."""

    number: int
    """From 0."""
    width: float
    height: float
    lines: tuple[Span, ...]
    """Empty where there is no layout: pages that were read by OCR, and other formats."""
    text: str
    """Clean text: hyphenation joined, headers, footers and page numbers dropped, a blank line between paragraphs."""
    margins: tuple[Span, ...] = ()
    """Headers, footers, page numbers and what is written along the edge, such as the stamp of arXiv: not among the lines."""


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document without pages: HTML, DOCX, EPUB, Markdown, LaTeX and the like."""

    text: str
    kind: str
    """title, heading, text, list, table or code; references: the heading of a bibliography that was left out."""
    level: int
    """Of a heading, from 1; 0 for everything else."""
    page: int | None
    """From 0: a slide, or a page where the format has them; of a paragraph that runs over several, the first."""
    turns: tuple[tuple[int, int | None], ...] = ()
    """Where in the text the next pages begin: the position of each, and the page."""

    def page_at(self, position: int) -> int | None:
        """The page on which the letter at this position of the text stands."""
        return next((page for start, page in reversed(self.turns) if start <= position), self.page)

    @property
    def last_page(self) -> int | None:
        """The page on which it ends."""
        return self.page_at(len(self.text))


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the document says about itself; an empty string, an empty tuple or None where it does not."""

    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str = ""
    doi: str = ""
    arxiv_id: str = ""
    abstract: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class PassageDraft:
    """A passage as it is stored: 200 to 400 tokens."""

    text: str
    page: int | None
    """From 0: where the passage begins."""
    section: str
    """The heading that most of it stands under; empty when there is none."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document that has been read, as a whole or as far as the budget went."""

    metadata: Metadata
    pages: tuple[str, ...]
    """The clean text of each page; one page for formats that have none."""
    passages: tuple[PassageDraft, ...]
    kind: str
    """pdf, docx, pptx, html, epub, markdown, text, latex."""
    unread: tuple[UnreadPages, ...]
    """What could not be read, and never will be."""
    page_count: int
    pages_read: int
    """Fewer than page_count when the budget ended; reading again without a budget gives the rest."""
    outline: Outline = NO_OUTLINE
    """Its sections, and where the references begin."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What could not be read, in plain English."""
        return tuple(map(_sentence, self.unread))


def _sentence(unread: UnreadPages) -> str:
    match unread.why:
        case Unreadable.DAMAGED:
            return f"{_are(unread.pages, 'damaged', 'damaged')} and could not be read."
        case Unreadable.PICTURES:
            return f"{_are(unread.pages, 'a picture', 'pictures')} without text. {NoTextLayerError.hint}"
        case Unreadable.SLOW:
            return f"{_are(unread.pages, 'a picture', 'pictures')} whose text could not be found in time."


def _are(numbers: tuple[int, ...], one: str, many: str) -> str:
    """'Page 3 is …', 'Pages 1, 2, 3, 4, 5 and 12 more are …'; people count from 1."""
    names = [str(number + 1) for number in numbers]
    if len(names) == 1:
        return f"Page {names[0]} is {one}"
    last = names[-1] if len(names) <= 6 else f"{len(names) - 5} more"
    return f"Pages {', '.join(names[:5] if len(names) > 6 else names[:-1])} and {last} are {many}"

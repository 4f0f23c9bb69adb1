"""The front matter of a document: what is set together on its first pages, with size and place."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rag.ingest.documents.model import Page, Span
from rag.text import normalised_title

FRONT_PAGES = 4
"""A cover sheet, a title page and its back may come before the page with the abstract."""
_SPACES = re.compile(r"\s+")
_ABSTRACT = re.compile(
    r"\W*(?:extended )?(?:abstract|summary|zusammenfassung|résumé|resumen|riassunto)\b|\W*(?:内容)?[摘概]\s*要|\W*内容提要",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"\W*(?:(?:[1i]|[一1])\s*[.、:]?\s*)?(?:introduction|einleitung|引\s*言|绪\s*论|前\s*言|index terms|key\s?words|关键词|"
    r"contents|table of contents|目\s*录)\b",
    re.IGNORECASE,
)
_BODY_PAGES = 8


@dataclass(slots=True)
class Group:
    """Lines of one style, one below the other."""

    lines: list[Span]
    page: int

    @property
    def size(self) -> float:
        """The font size in points."""
        return self.lines[0].size

    @property
    def bold(self) -> bool:
        """Whether it is set bold."""
        return self.lines[0].bold

    @property
    def top(self) -> float:
        """Where it begins, in points from above."""
        return min(line.y0 for line in self.lines)

    @property
    def bottom(self) -> float:
        """Where it ends, in points from above."""
        return max(line.y1 for line in self.lines)

    @property
    def text(self) -> str:
        """Its lines as one; a word that is hyphenated at the end of a line is put together."""
        return plain(self.lines)


def plain(lines: Iterable[Span]) -> str:
    """Lines as one text, without the marks of notes that are raised at the end of one."""
    text = ""
    for line in lines:
        piece = _SPACES.sub(" ", without_final_mark(line))
        if re.search(r"[a-z]-$", text) and piece[:1].islower():
            text = text[:-1] + piece
        elif text and not (_is_wide(text[-1]) and _is_wide(piece[:1])):
            text += " " + piece
        else:
            text += piece
    return text.strip()


def without_final_mark(line: Span) -> str:
    """The text of a line without a raised mark at its end."""
    text = line.text
    for begin, end in reversed(line.raised):
        if end >= len(text.rstrip(" ,")) and end - begin <= 4:
            text = text[:begin].rstrip()
    return text.rstrip("∗*†‡§¶⋆").rstrip() if len(text) > 3 else text


def _is_wide(letter: str) -> bool:
    return letter >= "\u2e80"


@dataclass
class Front:
    """The first pages of a document, looked at as a whole."""

    pages: Sequence[Page]
    groups: list[list[Group]] = field(init=False)
    """Of each page, from the top down."""

    def __post_init__(self) -> None:
        self.pages = list(self.pages)
        self.groups = [groups_of(page) for page in self.pages[:FRONT_PAGES]]

    @cached_property
    def body_size(self) -> float:
        """The font size that most of the text has."""
        sizes: Counter[float] = Counter()
        for page in self.pages[:_BODY_PAGES]:
            for line in page.lines:
                sizes[line.size] += len(line.text)
        return max(sizes, key=lambda size: sizes[size]) if sizes else 10.0

    @cached_property
    def running_heads(self) -> set[str]:
        """Normalised headers of later pages, where the title often comes again."""
        return {normalised_title(line.text) for page in self.pages[1:_BODY_PAGES] for line in page.margins if len(line.text) > 10}

    def text(self, page: int) -> str:
        """Normalised text of one page, to look a title up in."""
        return normalised_title(plain(sorted(self.pages[page].lines, key=lambda line: (line.y0, line.x0))))


def groups_of(page: Page) -> list[Group]:
    """Lines of one style, one right below the other, as groups from the top down."""
    groups: list[Group] = []
    for line in sorted(page.lines, key=lambda line: (line.y1, line.x0)):
        near = (group for group in reversed(groups[-12:]) if _follows(group.lines[-1], line))
        group = next(near, None)
        if group is None:
            groups.append(Group([line], page.number))
        else:
            group.lines.append(line)
    return sorted(groups, key=lambda group: (group.top, group.lines[0].x0))


def _follows(above: Span, line: Span) -> bool:
    size = max(above.size, line.size)
    if abs(above.size - line.size) > 0.05 * size or above.bold != line.bold:
        return False
    overlap = min(above.x1, line.x1) - max(above.x0, line.x0)
    return overlap > 0 and 0.5 * size < line.y1 - above.y1 < 1.75 * size


def opens_body(text: str) -> bool:
    """Whether a line is the heading of the abstract, or of what comes after the authors where there is none."""
    return _ABSTRACT.match(text) is not None or _OPENING.match(text) is not None


def opens_abstract(text: str) -> bool:
    """Whether a line begins with the heading of the abstract."""
    return _ABSTRACT.match(text) is not None

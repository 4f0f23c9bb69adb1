"""Paragraphs: lines in reading order joined to running text, words that were hyphenated at the end of a line put together."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from rag.ingest.documents.headings import NUMBERED
from rag.ingest.documents.model import Span
from rag.text import CJK

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_HYPHENATED = re.compile(r"([^\W\d_]+)-$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_SPACES = re.compile(r"\s+")
_BULLET = re.compile(r"[•▪●◦■‣]")
_ENTRY = re.compile(r"\[\d{1,3}\]\s")
_ITEM = re.compile(r"[·–—]\s|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s|[（(]?[一二三四五六七八九十]{1,3}[)）、]")
_TERMINAL = re.compile(r"[.!?:;。！？：；…][\"'”’)\]]*$")
_WIDE = re.compile(f"[{CJK}\u3000-\u303f\uff00-\uffef]")


class Vocabulary:
    """The words of a document, by which a hyphen at the end of a line is judged."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._words: set[str] = set()
        for text in texts:
            self._words.update(_WORD.findall(text.casefold()))

    def joined(self, before: str, after: str) -> str:
        """``before``, which ends a line, and ``after``, which begins the next, as running text."""
        if not before or not after:
            return before + after
        if _WIDE.match(before[-1]) and _WIDE.match(after[0]):
            return before + after
        half, rest = _HYPHENATED.search(before), _FIRST_WORD.match(after)
        if half is None or rest is None:
            return before + after if before.endswith(("-", "/")) and not before.endswith((" -", "--")) else f"{before} {after}"
        first, second = half.group(1).casefold(), rest.group().casefold()
        if first + second in self._words:
            return before[:-1] + after
        if f"{first}-{second}" in self._words or not after[0].islower():
            return before + after
        return before[:-1] + after


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together, and their text."""

    text: str
    lines: tuple[Span, ...]
    is_table: bool


def paragraphs_of(lines: Sequence[Span], vocabulary: Vocabulary) -> list[Paragraph]:
    """The paragraphs of one page, whose lines come in reading order."""
    if not lines:
        return []
    page = _Measures(lines)
    groups: list[list[Span]] = [[lines[0]]]
    for before, line in pairwise(lines):
        if page.breaks(before, line):
            groups.append([])
        groups[-1].append(line)
    return [_paragraph(group, vocabulary) for group in groups]


def join_lines(lines: Sequence[Span], vocabulary: Vocabulary) -> str:
    """Lines as one running text."""
    text = ""
    for line in lines:
        text = vocabulary.joined(text, _SPACES.sub(" ", line.text))
    return text


def same_row(before: Span, line: Span) -> bool:
    """Whether two lines are pieces of one."""
    return abs((before.y0 + before.y1) - (line.y0 + line.y1)) < 0.8 * min(before.size, line.size) and line.x0 > before.x0


def _paragraph(group: list[Span], vocabulary: Vocabulary) -> Paragraph:
    rows: list[list[Span]] = [[group[0]]]
    for before, line in pairwise(group):
        if same_row(before, line):
            rows[-1].append(line)
        else:
            rows.append([line])
    parted = sum(1 for row in rows if len(row) > 1)
    if parted >= 2 and 2 * parted >= len(rows):
        text = "\n".join(" ".join(_SPACES.sub(" ", cell.text) for cell in row) for row in rows)
        return Paragraph(text, tuple(group), True)
    return Paragraph(join_lines(group, vocabulary), tuple(group), False)


class _Measures:
    """What is usual on a page: the pitch of its lines, and where the lines of each column begin and end."""

    def __init__(self, lines: Sequence[Span]) -> None:
        pitches = [
            line.y0 - before.y0
            for before, line in pairwise(lines)
            if abs(line.size - before.size) < 0.6 and 0.8 * line.size < line.y0 - before.y0 < 3 * line.size
        ]
        self.pitch = median(pitches) if pitches else 0.0
        self.bold = sum(1 for line in lines if line.bold) > 0.6 * len(lines)
        self._left: dict[int, float] = {}
        self._right: dict[int, float] = {}
        for column in _columns(lines):
            starts = Counter(round(line.x0 / 2) for line in column)
            usual = max(starts, key=lambda start: (starts[start], -start)) * 2.0
            right = max(line.x1 for line in column)
            for line in column:
                self._left[id(line)], self._right[id(line)] = usual, right

    def breaks(self, before: Span, line: Span) -> bool:
        """Whether a paragraph ends between two lines."""
        if same_row(before, line):
            return False
        size = max(before.size, line.size)
        if abs(before.size - line.size) > 0.06 * size or _BULLET.match(line.text):
            return True
        if before.bold != line.bold and self._is_short(before):
            return True
        if _ENTRY.match(line.text) or (_ITEM.match(line.text) and (self._is_short(before) or _TERMINAL.search(before.text))):
            return True
        if line.y0 < before.y0 - size:
            return self._ends(before)
        if line.bold and before.bold and not self.bold and line.y1 - before.y1 < 1.4 * size:
            return NUMBERED.match(line.text) is not None
        usual = max(self.pitch, size)
        pitch = line.y1 - before.y1
        if pitch > 1.3 * usual and pitch > 1.25 * size:
            return True
        return self._begins(before, line) or self._ends(before)

    def _ends(self, before: Span) -> bool:
        """A last line: it stops short, after the end of a sentence."""
        return self._is_short(before) and _TERMINAL.search(before.text) is not None

    def _is_short(self, before: Span) -> bool:
        return before.x1 < self._right[id(before)] - 2.5 * before.size

    def _begins(self, before: Span, line: Span) -> bool:
        """A first line: set in, or out, from where lines usually begin."""
        indent, indent_before = line.x0 - self._left[id(line)], before.x0 - self._left[id(before)]
        if 0.7 * line.size < indent < 4 * line.size:
            return indent_before < 0.4 * line.size or _TERMINAL.search(before.text) is not None
        return indent < -0.7 * line.size and indent_before > -0.4 * line.size


def _columns(lines: Sequence[Span]) -> list[list[Span]]:
    """Runs of lines that go on downwards."""
    columns: list[list[Span]] = [[lines[0]]]
    for before, line in pairwise(lines):
        if line.y0 < before.y0 - before.size or line.x0 > before.x1 or line.x1 < before.x0:
            columns.append([])
        columns[-1].append(line)
    return columns

"""Passages: the body of a document cut along its sections and sentences, and the text that is embedded for each."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.ingest.documents.headings import CONTENTS
from rag.ingest.documents.model import Block, PassageDraft
from rag.ingest.documents.sections import without_references
from rag.text import clean, sentences

Tokens = Callable[[str], int]
"""How many tokens a text has, about."""

LONGEST = 400
"""Tokens of a passage."""
SHORTEST = 200
"""Tokens; a section shorter than this is put together with the next when both fit into one passage."""
_SAID = 3
"""Letters; a section with fewer says nothing."""
_LONGEST_SECTION = 120


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a row of a table: what is not cut."""

    text: str
    tokens: int
    page: int | None
    joint: str
    """What stands between it and the unit before."""


@dataclass(slots=True)
class _Section:
    name: str
    level: int
    units: list[_Unit]

    @property
    def tokens(self) -> int:
        return sum(unit.tokens for unit in self.units)


def passages_of(blocks: Iterable[Block], tokens: Tokens) -> list[PassageDraft]:
    """Passages of 200 to 400 ``tokens`` each, shorter only where a whole section is; references and contents are left out."""
    drafts: list[PassageDraft] = []
    for section in _gathered(_sections(without_references(blocks), tokens), tokens):
        drafts.extend(_cut(section))
    return drafts


def _sections(blocks: Iterable[Block], tokens: Tokens) -> Iterator[_Section]:
    section = _Section("", 0, [])
    for block in blocks:
        if block.kind in {"heading", "title"}:
            if _says_something(section):
                yield section
            section = _Section(block.text[:_LONGEST_SECTION], max(block.level, 1), [])
        elif not CONTENTS.search(block.text):
            section.units.extend(_units(block, tokens))
    if _says_something(section):
        yield section


def _says_something(section: _Section) -> bool:
    return sum(1 for unit in section.units for letter in unit.text[:40] if letter.isalpha()) >= _SAID


def _gathered(sections: Iterable[_Section], tokens: Tokens) -> Iterator[_Section]:
    """Short sections put together as far as they fit into one passage, under the name of the longest."""
    held: _Section | None = None
    longest = 0
    for section in sections:
        opened = _with_heading(section, tokens)
        if held is not None and held.tokens < SHORTEST and held.tokens + section.tokens + opened.tokens <= LONGEST:
            if section.tokens > longest or not held.name:
                held.name, longest = section.name or held.name, section.tokens
            held.units.extend([opened, *section.units[1:]])
            continue
        if held is not None:
            yield held
        held, longest = section, section.tokens
    if held is not None:
        yield held


def _with_heading(section: _Section, tokens: Tokens) -> _Unit:
    """The first sentence of a section with its heading above, to stand in the midst of a passage."""
    first = section.units[0]
    text = f"{section.name}\n{first.text}" if section.name else first.text
    return _Unit(text, tokens(text), first.page, "\n\n")


def _units(block: Block, tokens: Tokens) -> Iterator[_Unit]:
    text = clean(block.text).strip()
    rows = block.kind in {"table", "code", "list"} or "\n" in text
    pieces = [row for row in text.split("\n") if row.strip()] if rows else sentences(text)
    joint = "\n\n"
    for piece in pieces:
        for part in _short(piece.strip(), tokens):
            yield _Unit(part, max(1, tokens(part)), block.page, joint)
            joint = "\n" if rows else "" if _is_wide(part) else " "


def _short(piece: str, tokens: Tokens) -> Iterator[str]:
    """A sentence as it is, or in halves, at a blank when there is one, until each is short enough."""
    if len(piece) <= LONGEST // 2 or tokens(piece) <= LONGEST // 2:
        yield piece
        return
    middle = len(piece) // 2
    at = piece.find(" ", middle, middle + 200)
    at = at if at > 0 else middle
    yield from _short(piece[:at].strip(), tokens)
    yield from _short(piece[at:].strip(), tokens)


def _is_wide(text: str) -> bool:
    return text[-1:] in "。！？；：，、”）" or "\u3400" <= text[-1:] <= "\u9fff"


def _cut(section: _Section) -> Iterator[PassageDraft]:
    """A section in as few passages as hold it, all of about one length."""
    total = section.tokens
    count = -(-total // (LONGEST - 40)) if total > LONGEST else 1
    target = total / count
    taken: list[_Unit] = []
    size, before, made = 0, 0, 0
    for unit in section.units:
        full = size + unit.tokens > LONGEST
        due = made < count - 1 and before + size + unit.tokens / 2 > target * (made + 1) and size >= min(SHORTEST, target * 0.8)
        if taken and (full or due):
            yield _draft(section, taken)
            before, made = before + size, made + 1
            taken, size = [], 0
        taken.append(unit)
        size += unit.tokens
    if taken:
        yield _draft(section, taken)


def _draft(section: _Section, units: Sequence[_Unit]) -> PassageDraft:
    text = units[0].text + "".join(unit.joint + unit.text for unit in units[1:])
    return PassageDraft(text, units[0].page, section.name)

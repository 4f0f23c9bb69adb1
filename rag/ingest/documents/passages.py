"""Passages: a document without its references cut along its sections and sentences."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.ingest.documents.headings import CONTENTS
from rag.ingest.documents.model import Block, PassageDraft
from rag.text import clean, one_line, sentences

Tokens = Callable[[str], float]
"""How many tokens a text has, about; two texts one after the other have as many as both."""

SHORTEST, LONGEST = 200, 400
"""Tokens of a passage."""
_SHORT, _CROSSING = 1_000.0, 10.0
"""What a passage costs that is too short, and one that goes over the end of a section; a length that is not the middle one
costs less than 1."""
_SAID = 3
"""Letters; a section with fewer says nothing."""
_LONGEST_SECTION = 120
_FEWEST = 24
"""Characters; a shorter sentence or row is put together with the next, so that a million of them take no time."""


@dataclass(frozen=True, slots=True)
class _Section:
    name: str
    level: int


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a row of a table: what is not cut."""

    text: str
    joint: str
    """What stands between it and the unit before."""
    section: _Section
    heading: str
    """Of the first of a section: its heading and the end of the line. It is left out of a passage that has no other section."""
    page: int | None


def passages_of(blocks: Iterable[Block], tokens: Tokens) -> list[PassageDraft]:
    """Passages of 200 to 400 ``tokens`` each; tables of contents are left out.

    All of them end with sentences, and with sections as far as these are long enough. A passage is shorter only where its
    neighbours can neither take it nor give it of their own without leaving these bounds.
    """
    units = list(_units(blocks, tokens))
    return [_draft(units[begin:end]) for begin, end in pairwise(_cuts(units, tokens))]


def _units(blocks: Iterable[Block], tokens: Tokens) -> Iterator[_Unit]:
    """The body, without sections that say nothing."""
    section, units = _Section("", 1), list[_Unit]()
    for block in blocks:
        if block.kind in {"heading", "title"}:
            yield from _opened(units)
            section, units = _Section(one_line(block.text)[:_LONGEST_SECTION], max(block.level, 1)), []
        elif not CONTENTS.search(block.text):
            units.extend(_units_of(block, section, tokens))
    yield from _opened(units)


def _opened(units: Sequence[_Unit]) -> Sequence[_Unit]:
    """The units of a section, the first with its heading; none when they say nothing."""
    if sum(1 for unit in units for letter in unit.text[:40] if letter.isalpha()) < _SAID:
        return []
    name = units[0].section.name
    return [replace(units[0], heading=f"{name}\n" if name else ""), *units[1:]]


def _units_of(block: Block, section: _Section, tokens: Tokens) -> list[_Unit]:
    rows = block.kind in {"table", "code", "list"} or "\n" in block.text.strip()
    pieces = block.text.split("\n") if rows else sentences(block.text)
    units: list[_Unit] = []
    at = 0
    for part in (part for piece in pieces for part in _short(piece.strip(), tokens)):
        at = block.text.index(part, at)
        text = clean(part).strip()
        joint = "\n\n" if not units else "\n" if rows else "" if _is_wide(units[-1].text) else " "
        if text and units and len(units[-1].text) < _FEWEST:
            units[-1] = replace(units[-1], text=units[-1].text + joint + text)
        elif text:
            units.append(_Unit(text, joint, section, "", block.page_at(at)))
        at += len(part)
    return units


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


def _cuts(units: Sequence[_Unit], tokens: Tokens) -> list[int]:
    """Where passages begin, and the end: of all ways to cut, the one that costs least, found by dynamic programming."""
    own = [tokens(unit.text) for unit in units]
    joints = [tokens(unit.joint) for unit in units]
    headings = [tokens(unit.heading) for unit in units]
    # Of the best way to cut the units before each, and where its last passage begins.
    costs, begins = [0.0], [0]
    for end in range(1, len(units) + 1):
        best, best_begin, size, crossed = float("inf"), end - 1, 0.0, 0.0
        for begin in range(end - 1, -1, -1):
            unit = units[begin]
            length = size + own[begin] + (headings[begin] if crossed else 0.0)
            if length > LONGEST:
                break
            cost = costs[begin] + _cost(length, crossed)
            if cost < best:
                best, best_begin = cost, begin
            size += own[begin] + joints[begin] + headings[begin]
            if begin and unit.section is not units[begin - 1].section:
                crossed += 1 / unit.section.level
        costs.append(best)
        begins.append(best_begin)
    cuts = [len(units)]
    while cuts[-1]:
        cuts.append(begins[cuts[-1]])
    return cuts[::-1]


def _cost(length: float, crossed: float) -> float:
    missing = max(SHORTEST - length, 0.0)
    uneven = (length - (SHORTEST + LONGEST) / 2) / (LONGEST - SHORTEST)
    return (_SHORT + missing if missing else 0.0) + _CROSSING * crossed + uneven * uneven


def _draft(units: Sequence[_Unit]) -> PassageDraft:
    """Units of one section, or of several, each under its heading then; the passage is named after the one with most of it."""
    shares = Counter[str]()
    for unit in units:
        shares[unit.section.name] += len(unit.text)
    first, *rest = units
    several = first.section is not units[-1].section
    text = (first.heading if several else "") + first.text + "".join(unit.joint + unit.heading + unit.text for unit in rest)
    return PassageDraft(text, first.page, shares.most_common(1)[0][0])

"""Records of lines that begin with a tag: MEDLINE (PubMed), ISI (Web of Science), and EndNote's tagged export (refer)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from rag.ingest.draft import Draft, keyword_list, records
from rag.ingest.files import TextLine, beginning, count_beginnings, text_lines
from rag.ingest.names import given_first
from rag.ingest.reader import Item, Rejected, Remark

Fields: TypeAlias = dict[str, list[str]]
"""Tag → its values in order."""
_BRACKETED = re.compile(r"\[(.*)\]")
_INITIALS = re.compile(r"(.+?) ([A-Z]{1,4})")


@dataclass(frozen=True, slots=True)
class _Tagging:
    """How a format writes its tags, and what they mean."""

    name: str
    known: re.Pattern[str]
    """Found near the beginning of such a file."""
    tag: re.Pattern[str]
    """A line with a tag: groups are the tag and the value."""
    start: str
    """The tag of the line that begins a record."""
    started: re.Pattern[str]
    """How that line begins."""
    end: str
    """The tag of the line that ends one; '' when the next record does."""
    apart: bool
    """Whether a line without a tag is another value (of several authors); else it goes on with the last one."""
    draft: Callable[[int, Fields], Draft]


class TaggedReader:
    """One tagged format, in bounded memory."""

    def __init__(self, tagging: _Tagging) -> None:
        self._tagging = tagging
        self.name = tagging.name

    def reads(self, path: Path) -> bool:
        """When a record begins near the beginning of the file."""
        return self._tagging.known.search(beginning(path)) is not None

    def count(self, path: Path) -> int:
        """The number of records."""
        return count_beginnings(path, self._tagging.started)

    def read(self, path: Path) -> Iterator[Item]:
        """Record by record; what stands between records is passed over."""
        return records(path.name, self._drafts(path))

    def _drafts(self, path: Path) -> Iterator[Draft | Rejected | Remark]:
        for found in self._records(path):
            if not isinstance(found, _Record):
                yield found
            elif self._tagging.end and not found.ended:
                yield Rejected(f"{path.name}:{found.line}", f"the record is cut short: it has no {self._tagging.end} line")
            else:
                yield self._tagging.draft(found.line, found.fields)

    def _records(self, path: Path) -> "Iterator[_Record | Rejected | Remark]":
        record: _Record | None = None
        for line in text_lines(path):
            if not isinstance(line, TextLine):
                yield line
                continue
            tagged = self._tagging.tag.fullmatch(line.text)
            tag = tagged.group(1) if tagged else ""
            if tag == self._tagging.start:
                if record is not None:
                    yield record
                record = _Record(line.number)
            if record is None:
                continue
            if tagged:
                record.add(tag, tagged.group(2) or "")
            elif line.text.strip():
                record.go_on(line.text.strip(), apart=self._tagging.apart)
            if tag and tag == self._tagging.end:
                record.ended = True
                yield record
                record = None
        if record is not None:
            yield record


@dataclass(slots=True)
class _Record:
    line: int
    fields: Fields = field(default_factory=dict)
    ended: bool = False
    _last: str = ""

    def add(self, tag: str, value: str) -> None:
        self.fields.setdefault(tag, []).append(value.strip())
        self._last = tag

    def go_on(self, value: str, *, apart: bool) -> None:
        values = self.fields[self._last]
        if apart:
            values.append(value)
        else:
            values[-1] = f"{values[-1]} {value}".strip()


def _joined(fields: Fields, *tags: str) -> str:
    """All values of the first of the tags that says something."""
    return next((joined for tag in tags if (joined := " ".join(fields.get(tag, [])).strip())), "")


def _first(fields: Fields, *tags: str) -> str:
    return next((value for tag in tags for value in fields.get(tag, []) if value), "")


def _medline(line: int, fields: Fields) -> Draft:
    pmid = _first(fields, "PMID").partition(" ")[0]
    return Draft(
        line=line,
        source_id=f"pmid:{pmid}" if pmid else "",
        title=plain_title(_first(fields, "TI", "BTI", "TT")),
        abstract=_first(fields, "AB", "OAB"),
        authors=[given_first(name) for name in fields.get("FAU", [])]
        or [initials_first(name) for name in fields.get("AU", [])]
        or fields.get("CN", []),
        year=_first(fields, "DP", "DEP", "EDAT"),
        venue=_first(fields, "JT", "TA"),
        doi=" ".join([*fields.get("LID", []), *fields.get("AID", [])]),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid.isdecimal() else "",
        language=_first(fields, "LA"),
        keywords=[word.lstrip("*") for tag in ("OT", "MH") for word in fields.get(tag, [])],
    )


def plain_title(title: str) -> str:
    """A title as PubMed writes it, without its last full stop and the brackets of a translation."""
    title = title.strip().removesuffix(".")
    translated = _BRACKETED.fullmatch(title)
    return translated.group(1).removesuffix(".") if translated else title


def initials_first(name: str) -> str:
    """'Long V' as 'V Long'."""
    found = _INITIALS.fullmatch(name)
    return f"{found.group(2)} {found.group(1)}" if found else given_first(name)


def _isi(line: int, fields: Fields) -> Draft:
    authors = [name for one in fields.get("AF") or fields.get("AU", []) for name in one.split(";")]
    return Draft(
        line=line,
        source_id=_first(fields, "UT"),
        title=_joined(fields, "TI"),
        abstract=_joined(fields, "AB"),
        authors=[given_first(name) for name in authors] or fields.get("CA", []),
        year=_first(fields, "PY", "PD", "EA"),
        venue=_joined(fields, "SO", "BS", "SE", "JI"),
        doi=_first(fields, "DI", "D2"),
        language=_first(fields, "LA"),
        keywords=[word for tag in ("DE", "ID") for word in keyword_list(_joined(fields, tag))],
    )


def _refer(line: int, fields: Fields) -> Draft:
    return Draft(
        line=line,
        source_id=_first(fields, "F"),
        title=_first(fields, "T"),
        abstract=_first(fields, "X"),
        authors=[given_first(name) for name in fields.get("A", [])],
        year=_first(fields, "D", "8"),
        venue=_first(fields, "J", "B", "S", "I"),
        doi=_first(fields, "R"),
        url=_first(fields, "U"),
        language=_first(fields, "G"),
        keywords=[word for one in fields.get("K", []) for word in keyword_list(one)],
    )


MEDLINE = TaggedReader(
    _Tagging(
        name="MEDLINE",
        known=re.compile(r"^PMID ?-", re.MULTILINE),
        tag=re.compile(r"([A-Z]{2,4}) {0,2}- ?(.*)"),
        start="PMID",
        started=re.compile(r"PMID ?-"),
        end="",
        apart=False,
        draft=_medline,
    )
)
ISI = TaggedReader(
    _Tagging(
        name="Web of Science",
        known=re.compile(r"\A\s*(?:FN |VR |PT [A-Z]\b)"),
        tag=re.compile(r"([A-Z][A-Z0-9])(?: (.*))?"),
        start="PT",
        started=re.compile(r"PT "),
        end="ER",
        apart=True,
        draft=_isi,
    )
)
ENDNOTE = TaggedReader(
    _Tagging(
        name="EndNote",
        known=re.compile(r"\A\s*%0(?: |$)", re.MULTILINE),
        tag=re.compile(r"%([0-9A-Z@!#$&()*+\-=?<>\[\]^~|\\])(?: (.*))?"),
        start="0",
        started=re.compile(r"%0(?: |$)"),
        end="",
        apart=False,
        draft=_refer,
    )
)

"""RIS through rispy, one record at a time, so that each is known by its line."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import rispy

from rag.ingest.draft import Draft, keyword_list, records, shortened
from rag.ingest.files import TextLine, beginning, count_beginnings, text_lines
from rag.ingest.names import given_first
from rag.ingest.reader import Item, Rejected, Remark
from rag.text import normalised_doi

_START = re.compile(r"^TY  ?-", re.MULTILINE)
_TAG = re.compile(r"([A-Z][A-Z0-9])  ?-(?: (.*)|(.*))")
_VENUES = ("alternate_title3", "journal_name", "secondary_title", "alternate_title2", "alternate_title1", "publisher")


class RisReader:
    """One record at a time, in bounded memory."""

    name = "RIS"

    def reads(self, path: Path) -> bool:
        """When a record begins near the beginning."""
        return _START.search(beginning(path)) is not None

    def count(self, path: Path) -> int:
        """The number of records."""
        return count_beginnings(path, _START)

    def read(self, path: Path) -> Iterator[Item]:
        """Record by record; what stands between records is passed over."""
        return records(path.name, drafts(path))


class _Record(NamedTuple):
    line: int
    lines: list[str]
    ended: bool


def _split(path: Path) -> Iterator[_Record | Rejected | Remark]:
    """The lines of each record from TY to ER; one that the next TY or the end of the file cuts short is marked so."""
    start, collected = 0, list[str]()
    for line in text_lines(path):
        if not isinstance(line, TextLine):
            yield line
            continue
        number, raw = line
        tag = _TAG.fullmatch(raw)
        name = tag.group(1) if tag else ""
        if name == "TY":
            if collected:
                yield _Record(start, collected, ended=False)
            start, collected = number, []
        if name == "TY" or collected:
            # rispy wants two spaces before the hyphen and one behind it; some programs write one and none.
            collected.append(f"{name}  - {tag.group(2) or tag.group(3) or ''}" if tag else raw)
        if name == "ER" and collected:
            yield _Record(start, collected, ended=True)
            collected = []
    if collected:
        yield _Record(start, collected, ended=False)


def drafts(path: Path) -> Iterator[Draft | Rejected | Remark]:
    """The draft of each record."""
    for found in _split(path):
        if not isinstance(found, _Record):
            yield found
        elif not found.ended:
            yield Rejected(f"{path.name}:{found.line}", "the record is cut short: it has no ER line")
        else:
            for fields in rispy.loads("\n".join(found.lines)):
                yield _draft(found.line, fields)


def _draft(line: int, fields: dict[str, Any]) -> Draft:
    unknown = fields.get("unknown_tag", {})
    urls = fields.get("urls", [])
    notes = [note for note in [*fields.get("notes", []), fields.get("type_of_work", "")] if "doi" in note.lower()]
    return Draft(
        line=line,
        source_id=fields.get("id", ""),
        title=_first(fields, "title", "primary_title", "short_title") or next(iter(unknown.get("BT", [])), ""),
        abstract=_first(fields, "abstract", "notes_abstract"),
        authors=[given_first(name) for name in fields.get("first_authors") or fields.get("authors") or []],
        year=_first(fields, "year", "publication_year", "date"),
        venue=_first(fields, *_VENUES),
        doi=fields.get("doi", "") or next((doi for note in notes if (doi := normalised_doi(note))), ""),
        arxiv_id=note if "arxiv" in (note := str(fields.get("note", ""))).lower() else "",
        url=next((url for url in [*urls, fields.get("file_attachments2", "")] if url.lower().startswith("http")), ""),
        language=fields.get("language", ""),
        files=[file for name in ("file_attachments1", "file_attachments2") for file in _several(fields.get(name))],
        keywords=_keywords([shortened(line_of, 2_000) for line_of in fields.get("keywords", [])]),
    )


def _first(fields: dict[str, Any], *names: str) -> str:
    return next((fields[name] for name in names if fields.get(name)), "")


def _several(value: object) -> list[str]:
    return value if isinstance(value, list) else [value] if isinstance(value, str) else []


def _keywords(lines: list[str]) -> list[str]:
    """One a line, or several of a line between semicolons; a comma parts them only where all stand in one line."""
    return [word for line in lines for word in (keyword_list(line) if len(lines) == 1 else re.split("[;；]", line))]

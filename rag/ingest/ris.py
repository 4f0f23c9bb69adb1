"""RIS through rispy, one record at a time, so that each is known by its line."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import rispy

from rag.ingest.draft import Draft, keyword_list, records, shortened
from rag.ingest.files import encoding_remark, head, whole_text
from rag.ingest.names import given_first
from rag.ingest.reader import Item, Rejected, Remark
from rag.text import normalised_doi

_START = re.compile(r"^TY  ?-", re.MULTILINE)
_TAG = re.compile(r"([A-Z][A-Z0-9])  ?-(?: (.*)|(.*))")
_VENUES = ("alternate_title3", "journal_name", "secondary_title", "alternate_title2", "alternate_title1", "publisher")


class RisReader:
    """.ris files; they are read into memory whole."""

    name = "RIS"

    def reads(self, path: Path) -> bool:
        """By the suffix; a .txt or a file without one when a record begins near its beginning."""
        if path.is_dir() or path.suffix.lower() not in (".ris", ".txt", ""):
            return False
        return path.suffix.lower() == ".ris" or _START.search(head(path).decode("latin-1")) is not None

    def count(self, path: Path) -> int:
        """The number of records."""
        return sum(1 for _ in _START.finditer(whole_text(path).text))

    def read(self, path: Path) -> Iterator[Item]:
        """Record by record; what stands between records is passed over."""
        text, remark = whole_text(path)
        yield from encoding_remark(path, remark)
        yield from records(path.name, _drafts(path.name, text))


class _Record(NamedTuple):
    line: int
    lines: list[str]
    ended: bool


def _split(text: str) -> Iterator[_Record]:
    """The lines of each record from TY to ER; one that the next TY or the end of the file cuts short is marked so."""
    start, collected = 0, list[str]()
    for number, raw in enumerate(text.split("\n"), 1):
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


def _drafts(name: str, text: str) -> Iterator[Draft | Rejected | Remark]:
    for found in _split(text):
        if not found.ended:
            yield Rejected(f"{name}:{found.line}", "the record is cut short: it has no ER line")
            continue
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
        url=next((url for url in [*urls, fields.get("file_attachments2", "")] if url.lower().startswith("http")), ""),
        language=fields.get("language", ""),
        keywords=[word for line_of in fields.get("keywords", []) for word in keyword_list(shortened(line_of, 2_000))],
    )


def _first(fields: dict[str, Any], *names: str) -> str:
    return next((fields[name] for name in names if fields.get(name)), "")

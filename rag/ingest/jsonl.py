"""JSON Lines: one object a line, with the usual names of a paper's fields; also the BEIR layout of a line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.ingest.draft import Draft, keyword_list, records
from rag.ingest.files import Line, count_lines, decode, head, lines, refuse_utf_16
from rag.ingest.names import people
from rag.ingest.reader import Item, Rejected, Remark
from rag.text import one_line, sentences

_SUFFIXES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_TITLE_WORDS = 15


class JsonLinesReader:
    """``title``, ``abstract``/``text``/``summary``, ``authors``, ``year``, ``venue``, ``doi``, … or in ``metadata``."""

    name = "JSON Lines"

    def reads(self, path: Path) -> bool:
        """By the suffix; a .json file when its first line is an object of its own."""
        if path.is_dir():
            return False
        if path.name.lower().endswith((".json", ".json.gz")):
            first = head(path).removeprefix(_BYTE_ORDER_MARK).lstrip().partition(b"\n")[0]
            try:
                return isinstance(_parsed(first.decode("utf-8", "replace")), dict)
            except ValueError:
                return False
        return path.name.lower().endswith(_SUFFIXES)

    def count(self, path: Path) -> int:
        """The number of lines. Raises UnreadableFileError for UTF-16, which has no lines of bytes."""
        refuse_utf_16(path)
        return count_lines(path)

    def read(self, path: Path) -> Iterator[Item]:
        """Line by line, in bounded memory."""
        return records(path.name, drafts(path))


def drafts(path: Path) -> Iterator[Draft | Rejected | Remark]:
    """What each line says; a line that is no JSON object is rejected, an odd encoding remarked on once."""
    remarks: set[str] = set()
    for line in lines(path):
        if isinstance(line, Rejected):
            yield line
            continue
        decoded = decode(line.data.removeprefix(_BYTE_ORDER_MARK) if line.number == 1 else line.data)
        if decoded.remark and decoded.remark not in remarks:
            remarks.add(decoded.remark)
            yield Remark(f"{path.name}:{line.number}", decoded.remark)
        yield _draft(decoded.text, line, path.name)


def _parsed(text: str) -> object:
    """The JSON value. Raises ValueError in words, also for nesting and numbers beyond reason."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from error
    except RecursionError as error:
        raise ValueError("not JSON that can be read: nested too deeply") from error


def _draft(text: str, line: Line, name: str) -> Draft | Rejected:
    try:
        value = _parsed(text)
    except ValueError as error:
        return Rejected(f"{name}:{line.number}", str(error))
    return draft_of(value, line.number) if isinstance(value, dict) else Rejected(f"{name}:{line.number}", "not a JSON object")


def draft_of(value: dict[str, Any], line: int) -> Draft:
    """The draft of one object. In the BEIR layout (``_id`` and ``text``) an empty title is made from the text's first words."""
    metadata = value.get("metadata")
    fields = {**metadata, **value} if isinstance(metadata, dict) else value
    title, abstract = _text(fields, "title"), _text(fields, "abstract", "text", "summary")
    if "_id" in value and not title.strip():
        title = _first_words(abstract)
    return Draft(
        line=line,
        source_id=_text(fields, "_id", "id", "source_id", "key"),
        title=title,
        abstract=abstract,
        authors=people(fields.get("authors") or fields.get("author")),
        year=fields.get("year"),
        venue=_text(fields, "venue", "journal", "booktitle"),
        doi=_text(fields, "doi"),
        arxiv_id=_text(fields, "arxiv_id", "arxiv", "eprint"),
        url=_text(fields, "url"),
        language=_text(fields, "language"),
        keywords=_keywords(fields.get("keywords")),
    )


def _keywords(value: object) -> list[str]:
    if isinstance(value, str):
        return keyword_list(value)
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []


def _text(fields: dict[str, Any], *names: str) -> str:
    """The first of the fields that says something: a string or number, the first of a list, the name of an object."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            value = value.get("name")
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
    return ""


def _first_words(text: str) -> str:
    """The first sentence, or its first fifteen words; Chinese, which has no words between spaces, in 40 characters."""
    first = next(iter(sentences(one_line(text[:2_000]))), "")
    words = first.split()
    if len(words) > _TITLE_WORDS:
        return " ".join(words[:_TITLE_WORDS]) + " …"
    return first if len(first) <= 200 else first[:40] + "…"

"""JSON Lines: one object a line, as BEIR, the snapshots of arXiv, OpenAlex and Semantic Scholar, and our own words have it."""

import json
from collections.abc import Iterator
from pathlib import Path

from rag.ingest.draft import Draft, records
from rag.ingest.files import Line, beginning, count_lines, decode, lines, refuse_utf_16, suffix_of
from rag.ingest.formats.json_papers import draft_from
from rag.ingest.reader import Item, Rejected, Remark

_SUFFIXES = frozenset({".jsonl", ".ndjson"})
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class JsonLinesReader:
    """``title``, ``abstract``/``text``/``summary``, ``authors``, ``year``, ``venue``, ``doi``, … or in ``metadata``."""

    name = "JSON Lines"

    def reads(self, path: Path) -> bool:
        """By the suffix; another file when its first line is an object of its own and the second begins as one."""
        if path.is_dir():
            return False
        if suffix_of(path) in _SUFFIXES:
            return True
        first, _, rest = beginning(path).lstrip().partition("\n")
        if not first.startswith("{") or not rest.lstrip().startswith("{"):
            return False
        try:
            return isinstance(_parsed(first), dict)
        except ValueError:
            return False

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
    return draft_from(value, line.number) if isinstance(value, dict) else Rejected(f"{name}:{line.number}", "not a JSON object")

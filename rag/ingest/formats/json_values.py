"""A JSON document as the stream of its records: exact lines, bounded memory, whatever wraps the list of records."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rag.ingest.files import LONGEST_LINE, text_chunks
from rag.ingest.reader import Rejected, Remark

WRAPPERS = frozenset("message items results data response works papers".split())
"""Names under which services put the list of records, or the one record, that was asked for."""
_DEEPEST_WRAPPER = 6
_WINDOW = 65_536
_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


class Value(NamedTuple):
    """An object of the document and the line, from 1, that it begins in."""

    line: int
    value: dict[str, object]


def values(path: Path) -> Iterator[Value | Rejected | Remark]:
    """The records of a JSON document, or of several one after the other: the objects of its list, or the document itself.

    What is no JSON ends the file; it is told with its line.
    """
    return _Stream(path).records()


class _Stream:
    """A window over the file's text. Raises _BrokenError where it is no JSON."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._chunks = text_chunks(path)
        self._window = ""
        self._at = 0
        self._line = 1
        self._told: list[Rejected | Remark] = []

    def records(self) -> Iterator[Value | Rejected | Remark]:
        try:
            while self._peek():
                yield from self._document(0)
            yield from self._remarks()
        except _BrokenError as error:
            yield from self._remarks()
            yield Rejected(f"{self._name}:{error.line}", f"not JSON: {error}; the rest is not read")

    def _remarks(self) -> Iterator[Rejected | Remark]:
        told, self._told = self._told, []
        yield from told

    def _document(self, depth: int) -> Iterator[Value | Rejected | Remark]:
        opening = self._peek()
        yield from self._remarks()
        if opening == "[":
            yield from self._list(depth)
        elif opening == "{":
            yield from self._object(depth)
        else:
            raise _BrokenError("an object or a list is expected", self._line)

    def _list(self, depth: int) -> Iterator[Value | Rejected | Remark]:
        self._take("[")
        if self._peek() == "]":
            self._take("]")
            return
        while True:
            # A list of answers is a list of wrappers.
            if self._peek() == "{":
                yield from self._object(depth)
            else:
                line = self._line
                value = self._value()
                if value is not None:
                    yield Rejected(f"{self._name}:{line}", "not a JSON object")
            yield from self._remarks()
            if self._peek() != ",":
                break
            self._take(",")
        self._take("]")

    def _object(self, depth: int) -> Iterator[Value | Rejected | Remark]:
        """The records inside the object's wrappers; without any, the object is a record itself."""
        line, own, inner = self._line, dict[str, object](), False
        self._take("{")
        while self._peek() != "}":
            name = self._value()
            self._take(":")
            if name in WRAPPERS and depth < _DEEPEST_WRAPPER and self._wraps():
                inner = True
                yield from self._document(depth + 1)
            else:
                own[str(name)] = self._value()
            if self._peek() != ",":
                break
            self._take(",")
        self._take("}")
        if not inner:
            yield Value(line, own)

    def _wraps(self) -> bool:
        """Whether an object, or a list of objects, comes next: a paper may have a list of words of the same name."""
        opening = self._peek()
        if opening != "[":
            return opening == "{"
        while (at := self._after_space(self._at + 1)) == len(self._window) and self._more():
            pass
        return self._window[at : at + 1] in ("{", "]")

    def _peek(self) -> str:
        """The next character that is no space, '' at the end."""
        while True:
            self._forward(self._after_space(self._at))
            if self._at < len(self._window):
                return self._window[self._at]
            if not self._more():
                return ""

    def _take(self, expected: str) -> None:
        found = self._peek()
        if found != expected:
            raise _BrokenError(f"{expected!r} is expected" if found else "the file ends here", self._line)
        self._forward(self._at + 1)

    def _value(self) -> object:
        if not self._peek():
            raise _BrokenError("the file ends here", self._line)
        while True:
            try:
                value, end = _DECODER.raw_decode(self._window, self._at)
            except json.JSONDecodeError as error:
                if len(self._window) - self._at < LONGEST_LINE and self._more():
                    continue
                line = self._line + self._window.count("\n", self._at, error.pos)
                raise _BrokenError(error.msg, line) from error
            except (RecursionError, ValueError) as error:
                raise _BrokenError("nested too deeply, or a number is too long", self._line) from error
            # A number at the end of the window may go on behind it.
            if end < len(self._window) or not self._more():
                self._forward(end)
                return value

    def _forward(self, end: int) -> None:
        self._line += self._window.count("\n", self._at, end)
        self._at = end

    def _after_space(self, at: int) -> int:
        found = _SPACE.match(self._window, at)
        return found.end() if found else at

    def _more(self) -> bool:
        """Read on, at least as much again as is waiting in the window, so that a long value is not looked at too often."""
        wanted = max(_WINDOW, len(self._window) - self._at)
        pieces, size = [self._window[self._at :]], 0
        while size < wanted and (chunk := next(self._chunks, None)) is not None:
            if isinstance(chunk, str):
                pieces.append(chunk)
                size += len(chunk)
            else:
                self._told.append(chunk)
        self._window, self._at = "".join(pieces), 0
        return size > 0


class _BrokenError(Exception):
    """Where and why a document is no JSON."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line

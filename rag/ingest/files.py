"""Files as bytes, lines and text: gzip, encodings, damage and sizes that would not fit into memory."""

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from io import BufferedIOBase, BufferedReader
from pathlib import Path
from typing import NamedTuple

from rag.errors import UnreadableFileError
from rag.ingest.reader import Rejected, Remark

LONGEST_LINE = 16 * 1024 * 1024
LARGEST_WHOLE_FILE = 512 * 1024 * 1024
_CHUNK = 1024 * 1024
COUNTED_WHOLLY = 64 * _CHUNK
_GZIP = b"\x1f\x8b"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
DAMAGE = (OSError, EOFError, zlib.error)
"""What reading a damaged file raises."""
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
_EVIDENCE = 4 * _CHUNK
"""Bytes of a file, of its lines that are not ASCII, that its encoding is told by."""
DOCUMENTS = frozenset(".pdf .docx .pptx .epub .html .htm .xhtml .md .markdown .txt .text .tex .latex .ltx".split())
"""Suffixes of documents; of these only a plain text may be a list of papers."""
_NOT_UTF_8 = "has bytes that are not UTF-8; they show as \ufffd"
_PLAIN_TEXT = frozenset({".txt", ".text"})


class Line(NamedTuple):
    """A line of a file, counted from 1, without its line end."""

    number: int
    data: bytes


class TextLine(NamedTuple):
    """A line of a file as text, counted from 1, without its line end."""

    number: int
    text: str


class Decoded(NamedTuple):
    """Text, and what to say about its encoding ('' for sound UTF-8)."""

    text: str
    remark: str


class Encoding(NamedTuple):
    """A codec's name, and what to say of it ('' for UTF-8)."""

    codec: str
    remark: str


def opened(path: Path) -> gzip.GzipFile | BufferedReader:
    """The file's bytes, unpacked when they are gzip. Raises UnreadableFileError when it cannot be opened."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == _GZIP
        return gzip.GzipFile(path) if packed else path.open("rb")
    except OSError as error:
        raise UnreadableFileError(f"{path} cannot be opened: {error.strerror or error}.") from error


def head(path: Path, size: int = 65_536) -> bytes:
    """The first bytes. Raises UnreadableFileError when there is no reading even one."""
    data = b""
    with opened(path) as file:
        try:
            while len(data) < size and (more := file.read1(size - len(data))):
                data += more
        except DAMAGE as error:
            if not data:
                raise UnreadableFileError(f"{path} cannot be read: {error}.") from error
    return data


def lines(path: Path) -> Iterator[Line | Rejected]:
    """The lines that are not blank, one at a time. A line over 16 MB is passed over; damage ends the file; both are told."""
    number = 0
    with opened(path) as file:
        try:
            while data := file.readline(LONGEST_LINE):
                number += 1
                if len(data) == LONGEST_LINE and not data.endswith(b"\n"):
                    _skip_line(file)
                    yield Rejected(f"{path.name}:{number}", f"the line is longer than {LONGEST_LINE // _CHUNK} MB")
                elif data.strip():
                    yield Line(number, data.rstrip(b"\r\n"))
        except DAMAGE as error:
            yield Rejected(f"{path.name}:{number + 1}", f"the file is damaged from here on ({error}); the rest is missing")


def _skip_line(file: BufferedIOBase) -> None:
    while (data := file.readline(LONGEST_LINE)) and not data.endswith(b"\n"):
        pass


def beginning(path: Path) -> str:
    """The first 64 KB as text with plain line ends, by which a list of papers is known; '' for folders and documents."""
    if path.is_dir() or path.suffix.lower() in DOCUMENTS - _PLAIN_TEXT:
        return ""
    data = head(path)
    utf_16 = _utf_16(data)
    if not utf_16 and b"\0" in data:
        return ""
    text = data.decode(utf_16, "replace") if utf_16 else data.removeprefix(codecs.BOM_UTF8).decode("latin-1")
    return _plain_ends(text)


def suffix_of(path: Path) -> str:
    """The suffix in lower case, of a packed file the one before '.gz'."""
    return (Path(path.stem) if path.suffix.lower() == ".gz" else path).suffix.lower()


def text_lines(path: Path) -> Iterator[TextLine | Rejected | Remark]:
    """Every line as text, in bounded memory. Damage ends the file, and so does a line over 16 MB; both are told."""
    codec, remark = encoding(path)
    yield from encoding_remark(path, remark)
    number, told = 0, bool(remark)
    with opened(path) as file, io.TextIOWrapper(file, encoding=codec, errors="replace") as text:
        try:
            while line := text.readline(LONGEST_LINE):
                number += 1
                if len(line) == LONGEST_LINE and not line.endswith("\n"):
                    yield Rejected(
                        f"{path.name}:{number}", f"the line is longer than {LONGEST_LINE // _CHUNK} MB; the rest is left out"
                    )
                    return
                if not told and "\ufffd" in line:
                    told = True
                    yield Remark(f"{path.name}:{number}", _NOT_UTF_8)
                yield TextLine(number, line.removesuffix("\n"))
        except DAMAGE as error:
            yield Rejected(f"{path.name}:{number + 1}", f"the file is damaged from here on ({error}); the rest is missing")


def count_beginnings(path: Path, pattern: re.Pattern[str]) -> int:
    """How many lines begin with the pattern."""
    return sum(1 for line in text_lines(path) if isinstance(line, TextLine) and pattern.match(line.text))


def text_chunks(path: Path) -> Iterator[str | Rejected | Remark]:
    """The text in pieces of 64 KB, for formats without lines; damage ends it and is told."""
    codec, remark = encoding(path)
    yield from encoding_remark(path, remark)
    with opened(path) as file, io.TextIOWrapper(file, encoding=codec, errors="replace") as text:
        try:
            while chunk := text.read(65_536):
                yield chunk
        except DAMAGE as error:
            yield Rejected(path.name, f"the file is damaged ({error}); the rest is missing")


def count_matches(path: Path, pattern: re.Pattern[bytes]) -> int:
    """How often the pattern is found in the file's bytes; across the border of two chunks of a megabyte it may be missed."""
    counted = 0
    with opened(path) as file:
        try:
            while chunk := file.read1(_CHUNK):
                counted += sum(1 for _ in pattern.finditer(chunk))
        except DAMAGE:
            return counted + 1
    return counted


def count_lines(path: Path) -> int:
    """Lines of the file; an estimate from its beginning when it is packed and large. 0 only when there is none."""
    counted, last = 0, b"\n"
    with opened(path) as file:
        if isinstance(file, gzip.GzipFile) and path.stat().st_size > COUNTED_WHOLLY:
            return _estimated_lines(path)
        try:
            while chunk := file.read1(_CHUNK):
                counted += chunk.count(b"\n")
                last = chunk
        except DAMAGE:
            # What comes before the damage is read, and the damage itself is told.
            return counted + 1
    return counted + (not last.endswith(b"\n"))


def _estimated_lines(path: Path) -> int:
    counted = unpacked = 0
    with path.open("rb") as packed, gzip.GzipFile(fileobj=packed) as file:
        try:
            while unpacked < COUNTED_WHOLLY and (chunk := file.read1(_CHUNK)):
                counted += chunk.count(b"\n")
                unpacked += len(chunk)
        except DAMAGE:
            return counted + 1
        return max(1, round(counted * path.stat().st_size / packed.tell()))


def whole_text(path: Path) -> Decoded:
    """The whole file as text with plain line ends: for formats that cannot be read a record at a time."""
    if path.stat().st_size > LARGEST_WHOLE_FILE:
        raise UnreadableFileError(f"{path} is larger than {LARGEST_WHOLE_FILE // _CHUNK} MB: split it into several files.")
    with opened(path) as file:
        try:
            data = file.read(LARGEST_WHOLE_FILE)
        except DAMAGE as error:
            raise UnreadableFileError(f"{path} is damaged: {error}.") from error
    utf_16 = _utf_16(data)
    if utf_16:
        decoded = Decoded(data.decode(utf_16, "replace"), "is UTF-16 and was read as such")
    else:
        decoded = decode(data.removeprefix(codecs.BOM_UTF8))
    return decoded._replace(text=_plain_ends(decoded.text))


def _plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _utf_16(data: bytes) -> str:
    """The codec's name when the bytes are UTF-16; without a mark, Latin letters show it: every other byte is zero."""
    if data.startswith(_UTF_16):
        return "utf-16"
    beginning = data[:1_000]
    zeros = (beginning[::2].count(0), beginning[1::2].count(0))
    if 4 * max(zeros) < len(beginning):
        return ""
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


def encoding(path: Path) -> Encoding:
    """What the file is encoded in, by all of its beginning and by those parts of it that are not ASCII."""
    utf_16 = _utf_16(head(path, 1_000))
    if utf_16:
        return Encoding(utf_16, "is UTF-16 and was read as such")
    evidence = b""
    with opened(path) as file:
        try:
            while len(evidence) < _EVIDENCE and (chunk := file.read1(_CHUNK)):
                if not chunk.isascii():
                    # Whole lines: a character may lie across the border of two chunks.
                    start, end = chunk.find(b"\n") + 1 if evidence else 0, chunk.rfind(b"\n") + 1
                    evidence += chunk[start:end] or chunk
        except DAMAGE:
            pass
    return _encoding_of(evidence)


def decode(data: bytes) -> Decoded:
    """Bytes as text: UTF-8; else damaged UTF-8, GBK or Latin-1, whichever the bytes look like, and a remark that says so."""
    codec, remark = _encoding_of(data)
    return Decoded(data.decode(codec, "replace"), remark)


def _encoding_of(data: bytes) -> Encoding:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return Encoding("utf-8-sig", "")
    replaced = data.decode("utf-8", "replace")
    bad = replaced.count("\ufffd")
    if sum(1 for c in replaced if c > "\x7f") > 2 * bad:
        return Encoding("utf-8-sig", _NOT_UTF_8)
    # Two bytes make a Chinese character in GBK, so its high bytes stand in even runs; an accented Latin letter stands alone.
    runs = _HIGH_BYTES.findall(data)
    if 2 * sum(1 for run in runs if len(run) % 2 == 0) > len(runs):
        try:
            data.decode("gb18030")
        except UnicodeDecodeError:
            pass
        else:
            return Encoding("gb18030", "is not UTF-8; it was read as GBK")
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return Encoding("iso-8859-1", "is not UTF-8; it was read as Latin-1")
    return Encoding("cp1252", "is not UTF-8; it was read as Latin-1 (Windows-1252)")


def refuse_utf_16(path: Path) -> None:
    """Raise UnreadableFileError for a file that cannot be cut into lines of bytes."""
    if head(path, 2) in _UTF_16:
        raise UnreadableFileError(f"{path} is UTF-16: save it as UTF-8.")


def encoding_remark(path: Path, remark: str) -> Iterator[Remark]:
    """The remark of a decoded file, if there is one."""
    if remark:
        yield Remark(path.name, remark)

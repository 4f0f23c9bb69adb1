"""Files as bytes, lines and text: gzip, encodings, damage and sizes that would not fit into memory."""

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from io import BufferedIOBase
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
_DAMAGE = (OSError, EOFError, zlib.error)
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")


class Line(NamedTuple):
    """A line of a file, counted from 1, without its line end."""

    number: int
    data: bytes


class Decoded(NamedTuple):
    """Text, and what to say about its encoding ('' for sound UTF-8)."""

    text: str
    remark: str


def opened(path: Path) -> BufferedIOBase:
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
        except _DAMAGE as error:
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
        except _DAMAGE as error:
            yield Rejected(f"{path.name}:{number + 1}", f"the file is damaged from here on ({error}); the rest is missing")


def _skip_line(file: BufferedIOBase) -> None:
    while (data := file.readline(LONGEST_LINE)) and not data.endswith(b"\n"):
        pass


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
        except _DAMAGE:
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
        except _DAMAGE:
            return counted + 1
        return max(1, round(counted * path.stat().st_size / packed.tell()))


def whole_text(path: Path) -> Decoded:
    """The whole file as text with plain line ends: for formats that cannot be read a record at a time."""
    if path.stat().st_size > LARGEST_WHOLE_FILE:
        raise UnreadableFileError(f"{path} is larger than {LARGEST_WHOLE_FILE // _CHUNK} MB: split it into several files.")
    with opened(path) as file:
        try:
            data = file.read(LARGEST_WHOLE_FILE)
        except _DAMAGE as error:
            raise UnreadableFileError(f"{path} is damaged: {error}.") from error
    utf_16 = _utf_16(data)
    if utf_16:
        decoded = Decoded(data.decode(utf_16, "replace"), "is UTF-16 and was read as such")
    else:
        decoded = decode(data.removeprefix(codecs.BOM_UTF8))
    return decoded._replace(text=decoded.text.replace("\r\n", "\n").replace("\r", "\n"))


def _utf_16(data: bytes) -> str:
    """The codec's name when the bytes are UTF-16; without a mark, Latin letters show it: every other byte is zero."""
    if data.startswith(_UTF_16):
        return "utf-16"
    beginning = data[:1_000]
    zeros = (beginning[::2].count(0), beginning[1::2].count(0))
    if 4 * max(zeros) < len(beginning):
        return ""
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


def decode(data: bytes) -> Decoded:
    """Bytes as text: UTF-8; else damaged UTF-8, GBK or Latin-1, whichever the bytes look like, and a remark that says so."""
    try:
        return Decoded(data.decode("utf-8"), "")
    except UnicodeDecodeError:
        pass
    replaced = data.decode("utf-8", "replace")
    bad = replaced.count("\ufffd")
    if sum(1 for c in replaced if c > "\x7f") > 2 * bad:
        return Decoded(replaced, "has bytes that are not UTF-8; they show as \ufffd")
    # Two bytes make a Chinese character in GBK, so its high bytes stand in even runs; an accented Latin letter stands alone.
    runs = _HIGH_BYTES.findall(data)
    if 2 * sum(1 for run in runs if len(run) % 2 == 0) > len(runs):
        try:
            return Decoded(data.decode("gb18030"), "is not UTF-8; it was read as GBK")
        except UnicodeDecodeError:
            pass
    try:
        return Decoded(data.decode("cp1252"), "is not UTF-8; it was read as Latin-1 (Windows-1252)")
    except UnicodeDecodeError:
        return Decoded(data.decode("latin-1"), "is not UTF-8; it was read as Latin-1")


def refuse_utf_16(path: Path) -> None:
    """Raise UnreadableFileError for a file that cannot be cut into lines of bytes."""
    if head(path, 2) in _UTF_16:
        raise UnreadableFileError(f"{path} is UTF-16: save it as UTF-8.")


def encoding_remark(path: Path, remark: str) -> Iterator[Remark]:
    """The remark of a decoded file, if there is one."""
    if remark:
        yield Remark(path.name, remark)

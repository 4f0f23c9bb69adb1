"""Which format a file is of: by its bytes first, by its name and declared type where bytes do not tell."""

import re
import zipfile
from io import BytesIO
from typing import Literal

from rag.errors import DamagedFileError, EncryptedFileError, NoTextError, UnsupportedFormatError

Kind = Literal["pdf", "docx", "pptx", "html", "epub", "markdown", "text", "latex"]

_HEAD = 4_096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_HTML = re.compile(rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_LATEX = re.compile(rb"^[^%\n]*\\(?:documentclass|documentstyle|begin\{document\})", re.MULTILINE)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SUFFIXES: dict[str, Kind] = {
    **dict.fromkeys(("html", "htm", "xhtml"), "html"),
    **dict.fromkeys(("md", "markdown", "mdown", "mkd"), "markdown"),
    **dict.fromkeys(("tex", "latex", "ltx"), "latex"),
    **dict.fromkeys(("txt", "text", "rst", "org"), "text"),
}
_TYPES: dict[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
    "text/x-tex": "latex",
    "application/x-tex": "latex",
    "application/x-latex": "latex",
    "text/plain": "text",
}
_MEMBERS: tuple[tuple[str, Kind], ...] = (
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("META-INF/container.xml", "epub"),
)


def is_pdf(data: bytes) -> bool:
    """Whether the bytes say so: the mark stands in the first kilobyte, not always at the very start."""
    return b"%PDF-" in data[:1024]


def kind_of(data: bytes, filename: str, content_type: str = "") -> Kind:
    """The format of the file.

    Raises:
        NoTextError: the file is empty.
        EncryptedFileError: an Office file with a password.
        DamagedFileError: its name says PDF or Office, its bytes do not; or an archive that cannot be opened.
        UnsupportedFormatError: anything else.
    """
    if not data.strip(b" \t\r\n\0"):
        raise NoTextError(f"{filename} is empty.")
    suffix = filename.rpartition(".")[2].lower() if "." in filename else ""
    if is_pdf(data):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _packed(data, filename)
    if data.startswith(_OLE):
        return _ole(data, filename)
    if suffix in {"pdf", "docx", "pptx", "epub"}:
        raise DamagedFileError(f"{filename} is no {suffix.upper()} file inside: its beginning is missing or damaged.")
    if not _is_text(data):
        raise UnsupportedFormatError(f"{filename} is of a kind that Paper Finder does not read.")
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    if _HTML.match(data[:_HEAD]):
        return "html"
    if _LATEX.search(data[: 16 * _HEAD]):
        return "latex"
    declared = _TYPES.get(content_type.partition(";")[0].strip().lower())
    if declared is None and data.startswith(b"{\\rtf"):
        raise UnsupportedFormatError(f"{filename} is RTF, which Paper Finder does not read.", hint="Save it as DOCX or PDF.")
    return declared or "text"


def _packed(data: bytes, filename: str) -> Kind:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DamagedFileError(f"{filename} is damaged: the end of it is missing or wrong.") from error
    for member, kind in _MEMBERS:
        if member in names:
            return kind
    raise UnsupportedFormatError(f"{filename} is an archive of a kind that Paper Finder does not read.")


def _ole(data: bytes, filename: str) -> Kind:
    if _ENCRYPTED_PACKAGE in data:
        raise EncryptedFileError(f"{filename} is protected by a password.")
    raise UnsupportedFormatError(
        f"{filename} is in the old format of Office (before 2007).", hint="Save it as DOCX, PPTX or PDF and try again."
    )


def _is_text(data: bytes) -> bool:
    """No NULs, apart from UTF-16, and few control characters."""
    beginning = data[: 16 * _HEAD]
    if beginning.startswith(_UTF_16):
        return True
    controls = sum(beginning.count(bytes([code])) for code in range(32) if code not in (9, 10, 12, 13, 27))
    return controls * 200 <= len(beginning) and b"\0" not in beginning

"""Which reader reads what: the paths given on the command line, sorted out before anything is imported."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import UnreadableFileError
from rag.ingest.document_reader import DocumentsReader
from rag.ingest.files import opened, suffix_of
from rag.ingest.formats.beir import BeirReader
from rag.ingest.formats.bibtex import BibtexReader
from rag.ingest.formats.cff import CffReader
from rag.ingest.formats.json_document import JsonReader
from rag.ingest.formats.jsonl import JsonLinesReader
from rag.ingest.formats.parquet import ParquetReader
from rag.ingest.formats.ris import RisReader
from rag.ingest.formats.tables import CsvReader
from rag.ingest.formats.tagged import ENDNOTE, ISI, MEDLINE
from rag.ingest.formats.xml_reader import XmlReader
from rag.ingest.formats.zotero import ZoteroReader
from rag.ingest.reader import Reader, Rejected, Remark

_BIBTEX, _RIS, _JSON, _XML, _CSV, _CFF = BibtexReader(), RisReader(), JsonReader(), XmlReader(), CsvReader(), CffReader()
READERS: tuple[Reader, ...] = (
    *(ZoteroReader(), BeirReader(), JsonLinesReader(), ParquetReader(), _JSON, _XML),
    *(_RIS, ISI, MEDLINE, ENDNOTE, _CFF, _CSV, _BIBTEX, DocumentsReader()),
)
"""Asked in this order; the first that reads a path gets it, by what is in it."""
_CALLED: dict[str, Reader] = {
    **dict.fromkeys((".bib", ".bibtex"), _BIBTEX),
    **dict.fromkeys((".enw", ".ref"), ENDNOTE),
    **dict.fromkeys((".isi", ".ciw"), ISI),
    **dict.fromkeys((".csv", ".tsv"), _CSV),
    **dict.fromkeys((".xml", ".nxml", ".bltxml"), _XML),
    **{".ris": _RIS, ".nbib": MEDLINE, ".json": _JSON, ".cff": _CFF},
}
"""Whose a file is that no reader knows by its content: who says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file (or a BEIR folder), its reader and about how many records it has."""

    path: Path
    reader: Reader
    expected: int | None


@dataclass(slots=True)
class Sources:
    """What will be read, and what was found beside it that will not."""

    found: list[Source] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def expected(self) -> int | None:
        """About how many records there are in all; None when some file cannot tell."""
        counts = [source.expected for source in self.found]
        return None if None in counts else sum(count for count in counts if count is not None)


def readers_for(paths: Sequence[Path], readers: Sequence[Reader] = READERS) -> Sources:
    """A reader for each path. A folder that is no BEIR set is read file by file, with its subfolders.

    Raises:
        UnreadableFileError: a path is missing, cannot be opened, or is of no kind that any reader knows; nothing was read.
    """
    sources = Sources()
    for path in paths:
        if not path.exists():
            raise UnreadableFileError(f"There is no file or folder {path}.", hint="Check the path for a typing error.")
        source = _source(path, readers)
        if source is not None:
            sources.found.append(source)
        elif path.is_dir():
            _add_folder(path, readers, sources)
        else:
            raise UnreadableFileError(f"{path} is of no kind that Paper Finder reads.")
    return sources


def _source(path: Path, readers: Sequence[Reader]) -> Source | None:
    """Raises UnreadableFileError when a reader knows the file but there is nothing in it."""
    if path.is_file():
        opened(path).close()
    reader = next((reader for reader in readers if reader.reads(path)), None)
    if reader is None and path.is_file():
        reader = _CALLED.get(suffix_of(path))
    if reader is None:
        return None
    expected = reader.count(path)
    if expected == 0:
        raise UnreadableFileError(f"{path} has no {reader.name} record in it.")
    return Source(path, reader, expected)


def _add_folder(folder: Path, readers: Sequence[Reader], sources: Sources) -> None:
    found_before, passed_over = len(sources.found), 0
    for path in _files(folder, readers):
        try:
            source = _source(path, readers)
        except UnreadableFileError as error:
            sources.rejected.append(Rejected(str(path.relative_to(folder)), error.message))
            continue
        if source is None:
            passed_over += 1
        else:
            sources.found.append(source)
    if len(sources.found) == found_before:
        raise UnreadableFileError(f"There is nothing in the folder {folder} that Paper Finder reads.")
    if passed_over:
        sources.remarks.append(Remark(folder.name, f"{passed_over:,} files of other kinds were passed over"))


def _files(folder: Path, readers: Sequence[Reader]) -> Iterator[Path]:
    """Files in order, hidden ones left out; a subfolder that a reader takes as a whole counts as one."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise UnreadableFileError(f"{folder} cannot be opened: {error.strerror or error}.") from error
    for path in entries:
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink() and not any(reader.reads(path) for reader in readers):
            yield from _files(path, readers)
        elif path.is_file() or path.is_dir():
            yield path

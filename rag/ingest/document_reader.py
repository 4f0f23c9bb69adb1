"""Papers that are whole documents: a PDF, a DOCX, a LaTeX source… is one paper with its passages."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath

from rag.errors import DocumentError, UnreadableFileError
from rag.ingest.documents import Document, Limits, read_document_now
from rag.ingest.draft import Draft, record
from rag.ingest.files import DOCUMENTS
from rag.ingest.reader import Item, Rejected, Remark
from rag.papers import PaperRecord, PassageText

Read = Callable[..., Document]
USUAL = Limits()
_LONGEST_TITLE = 4_000


class DocumentsReader:
    """One paper a file. Asked after the readers of lists, so that a BibTeX file that ends in .txt is a list all the same."""

    name = "document"

    def __init__(self, read: Read = read_document_now, limits: Limits = USUAL) -> None:
        """``read`` turns bytes into a document, as ``read_document_now`` does."""
        self._read = read
        self._limits = limits

    def reads(self, path: Path) -> bool:
        """By its name."""
        return path.is_file() and path.suffix.lower() in DOCUMENTS

    def count(self, _: Path) -> int:
        """One."""
        return 1

    def read(self, path: Path) -> Iterator[Item]:
        """The paper, and what of it could not be read; or why it is none."""
        try:
            if path.stat().st_size > self._limits.input_bytes:
                yield Rejected(path.name, f"it is larger than {self._limits.input_bytes // 2**20:,} MB")
                return
            data = path.read_bytes()
        except OSError as error:
            raise UnreadableFileError(f"{path} cannot be read: {error.strerror or error}.") from error
        try:
            document = self._read(data, filename=path.name, limits=self._limits)
            paper = record_of(document, source_id(data), path.name)
        except DocumentError as error:
            yield Rejected(path.name, str(error))
            return
        for warning in document.warnings:
            yield Remark(path.name, warning)
        yield paper


def source_id(data: bytes) -> str:
    """What a document is known by in its collection: its bytes, wherever it lies and whatever it is called."""
    return f"file:{hashlib.sha256(data).hexdigest()[:32]}"


def record_of(document: Document, source_id: str, filename: str) -> PaperRecord:
    """The paper that a document is, with its passages; it is called like its file when it says no title.

    Raises:
        DocumentError: what it says of itself makes no paper.
    """
    known = document.metadata
    draft = Draft(
        line=1,
        source_id=source_id,
        title=known.title[:_LONGEST_TITLE] or PurePath(filename).stem or filename,
        abstract=known.abstract,
        authors=list(known.authors),
        year=known.year,
        venue=known.venue,
        doi=known.doi,
        arxiv_id=known.arxiv_id,
        language=known.language,
    )
    made = record(draft, filename)
    if isinstance(made, Rejected):
        raise DocumentError(f"{filename} cannot be a paper: {made.reason}.")
    passages = [PassageText(text=each.text, page=each.page, section=each.section) for each in document.passages]
    return made.model_copy(update={"passages": passages, "outline": document.outline})

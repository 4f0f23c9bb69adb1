"""From a document to what is stored of it: a paper's record with its passages, and an upload around it."""

import hashlib
from pathlib import PurePath

from rag.ingest.documents import Document
from rag.papers import PaperRecord, PassageText
from rag.store import Upload
from rag.text import clean


def record_of(document: Document, source_id: str, filename: str) -> PaperRecord:
    """The paper that a document is; it is called like its file when it says no title."""
    said = document.metadata
    return PaperRecord(
        source_id=source_id,
        title=said.title[:4_000] or PurePath(filename).stem or filename,
        abstract=said.abstract,
        authors=list(said.authors),
        year=said.year,
        venue=said.venue,
        doi=said.doi,
        arxiv_id=said.arxiv_id,
        language=said.language,
        passages=[PassageText(text=one.text, page=one.page, section=one.section) for one in document.passages],
    )


def upload_of(
    document: Document, *, file_id: str, owner: str, name: str, content: bytes, content_hash: bytes | None = None
) -> Upload:
    """The upload of the file ``content``; it keeps the file when pages of it are still to be read.

    ``content_hash`` is its SHA-256 where it is known; computing it takes a moment for a large file.
    """
    whole = document.pages_read >= document.page_count
    return Upload(
        file_id=file_id,
        owner=owner,
        name=name,
        content_hash=content_hash or hashlib.sha256(content).digest(),
        record=record_of(document, file_id, name),
        pages=tuple(map(clean, document.pages)),
        page_count=document.page_count,
        pages_read=document.pages_read,
        rest=None if whole else content,
    )

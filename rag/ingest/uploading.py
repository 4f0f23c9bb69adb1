"""From a document to what is stored of it as an upload."""

import hashlib

from rag.ingest.document_reader import record_of
from rag.ingest.documents import Document, Metadata
from rag.store import Upload
from rag.text import clean


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
        unread=document.unread,
    )


def unread_upload(*, file_id: str, owner: str, name: str, content: bytes, content_hash: bytes | None = None) -> Upload:
    """The upload of a file of which nothing was read yet: it is called like its file, and a job reads it."""
    # How many pages it has is not known: more than were read.
    nothing = Document(Metadata(), (), (), "", (), page_count=1, pages_read=0)
    return upload_of(nothing, file_id=file_id, owner=owner, name=name, content=content, content_hash=content_hash)

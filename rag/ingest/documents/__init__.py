"""Documents: the bytes of a PDF, DOCX, HTML… become metadata, pages and passages, in a process of its own."""

from rag.ingest.documents.limits import GRACE, LEAST, Budget, Limits
from rag.ingest.documents.model import Block, Document, Metadata, Page, PassageDraft, Span
from rag.ingest.documents.sandbox import Sandbox, sandbox

__all__ = [
    "GRACE",
    "LEAST",
    "Block",
    "Budget",
    "Document",
    "Limits",
    "Metadata",
    "Page",
    "PassageDraft",
    "Sandbox",
    "Span",
    "read_document",
    "read_document_now",
    "sandbox",
]


async def read_document(
    data: bytes, *, filename: str, content_type: str = "", limits: Limits = Limits(), budget: Budget | None = None
) -> Document:
    """The document in a file. With a budget it is read as far as that goes: ``pages_read`` may be less than ``page_count``,
    and reading it again without one gives the rest. Cancelling ends the reading.

    Raises:
        EncryptedFileError: it is protected by a password.
        DamagedFileError: it cannot be opened, or makes its reader crash.
        NoTextLayerError: its pages are pictures, and tesseract is not installed.
        NoTextError: there is no text in it.
        TooLargeError: it meets one of the limits, which the message names.
        ParsingTimeoutError: it takes too long.
        UnsupportedFormatError: it is of no kind that is read here.
        BusyError: others are read, and its turn does not come while there is enough of its budget.
    """
    return await sandbox().read(data, filename, content_type, limits, budget)


def read_document_now(
    data: bytes, *, filename: str, content_type: str = "", limits: Limits = Limits(), budget: Budget | None = None
) -> Document:
    """``read_document`` for callers without an event loop."""
    return sandbox().read_now(data, filename, content_type, limits, budget)

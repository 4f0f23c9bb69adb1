"""What the service and a reading process say to each other: lines of JSON. Never pickle: the process may have been taken over."""

import json
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from rag import errors
from rag.access import Unreadable, UnreadPages
from rag.errors import DocumentError, TooLargeError
from rag.ingest.documents.limits import Budget, Limits
from rag.ingest.documents.model import Document, Metadata, PassageDraft
from rag.papers import Outline

_OUTLINE = TypeAdapter(Outline)
LONGEST_LINE = 256 * 1024 * 1024
PLAIN, OFFICE = b"p", b"o"
"""What a document needs loaded: pypdfium2 alone, or the partitioners of ``unstructured`` too."""


def line(message: dict[str, Any]) -> bytes:
    """One message."""
    # Escaped to ASCII, so that lone surrogates of a broken file pass.
    return json.dumps(message).encode("ascii") + b"\n"


def message(data: bytes) -> dict[str, Any]:
    """The message of a line; an empty one when the line is none."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def request(size: int, filename: str, content_type: str, limits: Limits, budget: Budget | None) -> bytes:
    """The line before ``size`` bytes of a document."""
    return line(
        {
            "size": size,
            "filename": filename,
            "content_type": content_type,
            "limits": asdict(limits),
            "budget": None if budget is None else asdict(budget),
        }
    )


def limits_of(message: dict[str, Any]) -> tuple[Limits, Budget | None]:
    """The limits and the budget of a request."""
    budget = message["budget"]
    return Limits(**message["limits"]), None if budget is None else Budget(**budget)


def error_line(error: DocumentError) -> bytes:
    """An error as a message."""
    return line({"error": {"name": type(error).__name__, "message": error.message, "advice": error.advice}})


def error_of(message: dict[str, Any]) -> DocumentError:
    """The error of a message; whatever is no error about documents becomes a plain one."""
    kind = getattr(errors, str(message.get("name")), None)
    if not (isinstance(kind, type) and issubclass(kind, DocumentError)):
        kind = DocumentError
    return kind(str(message.get("message", "")), hint=str(message.get("advice", "")))


def document_line(document: Document) -> bytes:
    """A document as a message."""
    return line({"document": asdict(document)})


def document_of(message: dict[str, Any]) -> Document:
    """The document of a message.

    Raises:
        (KeyError, TypeError, ValueError): it is none.
    """
    metadata = message["metadata"]
    return Document(
        metadata=Metadata(**{**metadata, "authors": tuple(map(str, metadata["authors"]))}),
        pages=tuple(map(str, message["pages"])),
        passages=tuple(PassageDraft(**passage) for passage in message["passages"]),
        kind=str(message["kind"]),
        unread=tuple(UnreadPages(Unreadable(each["why"]), tuple(map(int, each["pages"]))) for each in message["unread"]),
        page_count=int(message["page_count"]),
        pages_read=int(message["pages_read"]),
        outline=_OUTLINE.validate_python(message["outline"]),
    )


def memory_error(filename: str, limits: Limits) -> TooLargeError:
    """What is said when the memory limit is met."""
    return TooLargeError(f"{filename} takes more than {limits.memory_bytes // 2**20:,} MB of memory to read.")

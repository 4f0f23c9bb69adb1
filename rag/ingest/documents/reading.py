"""From the bytes of a file to a document: what a reading process does, in one function."""

from collections.abc import Callable
from dataclasses import dataclass

from rag.embeddings.estimate import token_estimate
from rag.errors import NoTextError, TooLargeError
from rag.ingest.documents.clock import Clock
from rag.ingest.documents.formats import kind_of
from rag.ingest.documents.limits import Budget, Limits
from rag.ingest.documents.metadata import completed, metadata_of
from rag.ingest.documents.model import Block, Document, Metadata
from rag.ingest.documents.passages import passages_of
from rag.ingest.documents.sections import blocks_of

_TEMPLATED = frozenset({"docx", "pptx"})
"""Kinds whose properties are often those of the file they were once copied from."""


@dataclass(frozen=True, slots=True)
class Request:
    """A file, and how much reading it may cost."""

    data: bytes
    filename: str
    content_type: str
    limits: Limits
    budget: Budget | None
    done: Callable[[int], None]
    """Called with the number of each page that has been read."""


def read(request: Request) -> Document:
    """The document in the file, as far as the budget goes.

    Raises:
        DocumentError: it cannot be read; the class says why.
    """
    kind = kind_of(request.data, request.filename, request.content_type)
    return _pdf(request) if kind == "pdf" else _blocks(request, kind)


def _pdf(request: Request) -> Document:
    from rag.ingest.documents.pdf import read_pdf

    found = read_pdf(request.data, request.filename, request.limits, Clock(request.budget), request.done)
    pages = tuple(page.text for page in found.pages)
    metadata = metadata_of(found.pages, found.info, request.filename)
    passages = tuple(passages_of(blocks_of(found.pages), token_estimate))
    return Document(metadata, pages, passages, "pdf", tuple(found.unread), found.page_count, found.pages_read)


def _blocks(request: Request, kind: str) -> Document:
    blocks, facts = _partitioned(request, kind)
    if not blocks:
        raise NoTextError(f"There is no text in {request.filename}.")
    if sum(len(block.text) for block in blocks) > request.limits.characters:
        raise TooLargeError(f"{request.filename} has more than {request.limits.characters:,} characters of text.")
    pages = _pages(blocks)
    metadata = completed(facts, blocks, request.filename, trusted=kind not in _TEMPLATED)
    passages = tuple(passages_of(blocks, token_estimate))
    return Document(metadata, pages, passages, kind, (), len(pages), len(pages))


def _partitioned(request: Request, kind: str) -> tuple[list[Block], Metadata]:
    if kind == "latex":
        from rag.ingest.documents.latex_source import latex_blocks
        from rag.ingest.documents.web_page import decoded

        return latex_blocks(decoded(request.data))
    from rag.ingest.documents.partition import partitioned

    return partitioned(request.data, kind, request.filename, request.content_type, request.limits)


def _pages(blocks: list[Block]) -> tuple[str, ...]:
    """The text of each page, or slide; all of it as one where a format has none."""
    last = max((block.page or 0) for block in blocks)
    texts: list[list[str]] = [[] for _ in range(last + 1)]
    page = 0
    for block in blocks:
        page = page if block.page is None else block.page
        texts[page].append(block.text)
    return tuple("\n\n".join(text) for text in texts)

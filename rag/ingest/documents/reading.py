"""From the bytes of a file to a document: what a reading process does, in one function."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rag.embeddings.estimate import usual_tokens
from rag.errors import NoTextError, TooLargeError
from rag.ingest.documents.clock import Clock
from rag.ingest.documents.formats import kind_of
from rag.ingest.documents.limits import Budget, Limits
from rag.ingest.documents.metadata import completed, metadata_of
from rag.ingest.documents.model import Block, Document, Metadata
from rag.ingest.documents.outline import outline_of
from rag.ingest.documents.passages import passages_of
from rag.ingest.documents.sections import blocks_of, parted

_TEMPLATED = frozenset({"docx", "pptx"})
"""Kinds whose properties are often those of the file they were once copied from."""
_SAID_AFTER = 100
"""Blocks, of a document without pages, after which is said that it goes on."""


@dataclass(frozen=True, slots=True)
class Request:
    """A file, and how much reading it may cost."""

    data: bytes
    filename: str
    content_type: str
    limits: Limits
    budget: Budget | None
    done: Callable[[int], None]
    """Called with the number of each page that has been read, or of as many blocks; what is silent for long is ended."""


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
    body, references = parted(blocks_of(found.pages))
    passages, outline = tuple(passages_of(body, usual_tokens)), outline_of(body, references, pages)
    return Document(metadata, pages, passages, "pdf", tuple(found.unread), found.page_count, found.pages_read, outline)


def _blocks(request: Request, kind: str) -> Document:
    clock = Clock(request.budget)
    made, facts = _partitioned(request, kind)
    blocks, whole = _taken(made, request, clock)
    if not blocks:
        raise NoTextError(f"There is no text in {request.filename}.")
    pages = _pages(blocks)
    metadata = completed(facts, blocks, request.filename, trusted=kind not in _TEMPLATED)
    body, references = parted(blocks)
    passages, outline = tuple(passages_of(body, usual_tokens)), outline_of(body, references, pages)
    # How many pages are left is not known, and the last may not be whole.
    return Document(metadata, pages, passages, kind, (), len(pages), len(pages) if whole else len(pages) - 1, outline)


def _taken(made: Iterator[Block], request: Request, clock: Clock) -> tuple[list[Block], bool]:
    """The blocks as far as the clock allows, one in any case, and whether these are all."""
    blocks: list[Block] = []
    characters = 0
    for block in made:
        if blocks and (clock.over() or (block.page or 0) >= clock.pages):
            return blocks, False
        blocks.append(block)
        characters += len(block.text)
        if characters > request.limits.characters:
            raise TooLargeError(f"{request.filename} has more than {request.limits.characters:,} characters of text.")
        if len(blocks) % _SAID_AFTER == 0:
            request.done(len(blocks))
    return blocks, True


def _partitioned(request: Request, kind: str) -> tuple[Iterator[Block], Metadata]:
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

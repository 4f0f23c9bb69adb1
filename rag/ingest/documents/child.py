"""One reading process: takes one document from its connection, reads it within the limits, says the result, and ends."""

import socket
from collections.abc import Callable
from io import RawIOBase

from rag.errors import DamagedFileError, DocumentError
from rag.ingest.documents import wire
from rag.ingest.documents.confinement import confine
from rag.ingest.documents.limits import GRACE, Limits
from rag.ingest.documents.model import Document
from rag.ingest.documents.reading import Request, read

Read = Callable[[Request], Document]

reader: Read = read
"""What reads a document. Tests put something else here, in a warden of their own; no request can."""


def serve(connection: socket.socket) -> None:
    """Read the document that comes over ``connection``."""
    with connection, connection.makefile("rb") as incoming, connection.makefile("wb", buffering=0) as outgoing:
        message = wire.message(incoming.readline(wire.LONGEST_LINE))
        limits, budget = wire.limits_of(message)
        name = str(message["filename"])
        data = incoming.read(message["size"])
        # First of all, so that the process can be ended whatever happens next.
        confine(limits, round(limits.cpu if budget is None else budget.seconds + GRACE))
        pages = _Progress(outgoing)
        outgoing.write(_answer(Request(data, name, message["content_type"], limits, budget, pages.read), limits))


class _Progress:
    """Tells the service that a page is done: what stands still is ended there."""

    def __init__(self, outgoing: RawIOBase) -> None:
        self._outgoing = outgoing

    def read(self, page: int) -> None:
        """Page ``page`` has been read."""
        self._outgoing.write(wire.line({"page": page}))


def _answer(request: Request, limits: Limits) -> bytes:
    try:
        return wire.document_line(reader(request))
    except DocumentError as error:
        return wire.error_line(error)
    except MemoryError:
        return wire.error_line(wire.memory_error(request.filename, limits))
    except RecursionError:
        return wire.error_line(DamagedFileError(f"{request.filename} is nested more deeply than Paper Finder reads."))
    except Exception as error:  # noqa: BLE001 - the libraries below raise whatever a broken file makes them raise
        return wire.error_line(DamagedFileError(f"{request.filename} cannot be read ({type(error).__name__})."))

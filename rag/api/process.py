"""``PUT /process``: Open WebUI's external document loader. What a person uploads is read, stored and answered as text."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse, Response
from fastapi.routing import APIRoute

from rag.api.auth import Caller, administrator
from rag.api.engine import Engine
from rag.api.state import State, state_of
from rag.errors import BusyError, InvalidRequestError, PaperFinderError, ParsingTimeoutError, TooLargeError
from rag.ingest.documents import GRACE, LEAST, Budget, Limits, read_document
from rag.ingest.uploading import unread_upload, upload_of
from rag.store import Upload
from rag.text import one_line
from rag.webui import FILE_HEADER, NAME_HEADER, USER_HEADER, filled

log = logging.getLogger(__name__)

LIMITS = Limits()
BUDGET = Budget()
"""What is read while the person waits; the rest follows as a job."""
ANSWERED_WITHIN = 57.0
"""Seconds from the request on, the way of its bytes aside: all waiting for other uploads is in it."""
TO_STORE = 2.0
"""Seconds of it that are kept for the database."""
_LONGEST_NAME = 300


class _Plain(APIRoute):
    """Errors as plain sentences: Open WebUI shows the body of the answer as it is to the person who uploads."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await handle(request)
            except PaperFinderError as error:
                if error.status >= 500:
                    log.warning("An upload failed: %s", error)
                    return PlainTextResponse(f"{error.message} Please upload the file again in a minute.", error.status)
                return PlainTextResponse(str(error), error.status)
            except Exception:
                log.exception("An upload failed.")
                return PlainTextResponse("Something unexpected went wrong; the log of Paper Finder says what.", 500)

        return told


router = APIRouter(route_class=_Plain)


@dataclass(frozen=True, slots=True)
class _File:
    """What Open WebUI says of a file."""

    id: str
    owner: str
    name: str
    content_type: str


@router.put("/process")
async def process(request: Request, caller: Annotated[Caller, Depends(administrator)]) -> list[dict[str, Any]]:  # noqa: ARG001
    """Read the file in the body, store it as an upload of its owner, and answer the text of its pages.

    When this answers, the paper can be found by its words; its vectors, and the pages beyond the budget, follow as jobs that
    are stored together with it. Where many files come at once, all of one may follow as a job; then the answer is its name.
    413, 415, 422: the file cannot be read, and why. 503: it could not even be stored in time.
    """
    state = state_of(request)
    engine = state.ready_engine()
    file = _file(request)
    clock = asyncio.get_running_loop().time
    end = clock() + ANSWERED_WITHIN
    try:
        async with asyncio.timeout_at(end) as limit, _desk(state, end - GRACE - TO_STORE - LEAST) as in_time:
            before = clock()
            content = await _content(request, file.name)
            end += clock() - before
            limit.reschedule(end)
            seconds = end - GRACE - TO_STORE - clock()
            upload = await (_upload(engine, file, content, seconds) if in_time else _unread(file, content))
            await engine.uploads.receive(upload)
    except TimeoutError as error:
        raise BusyError from error
    if state.mirror is not None:
        state.mirror.hurry()
    return _pages(upload)


@asynccontextmanager
async def _desk(state: State, end: float) -> AsyncIterator[bool]:
    """A place where a file is taken in, and whether it became free before ``end``, so that the file can be read at it."""
    desk, in_time = state.desks, True
    try:
        async with asyncio.timeout_at(end):
            await desk.acquire()
    except TimeoutError:
        desk, in_time = state.side_desk, False
        await desk.acquire()
    try:
        yield in_time
    finally:
        desk.release()


async def _upload(engine: Engine, file: _File, content: bytes, seconds: float) -> Upload:
    """The file as it is read within ``seconds``, or as the same person's upload of the same bytes was read before."""
    digest = await asyncio.to_thread(lambda: hashlib.sha256(content).digest())
    twin = await engine.uploads.twin(file.id, file.owner, file.name, digest)
    if twin is not None:
        return twin
    budget = replace(BUDGET, seconds=min(seconds, BUDGET.seconds))
    try:
        document = await read_document(content, filename=file.name, content_type=file.content_type, limits=LIMITS, budget=budget)
    except BusyError:
        return await _unread(file, content)
    except ParsingTimeoutError:
        if budget == BUDGET:
            raise
        return await _unread(file, content)
    return upload_of(document, file_id=file.id, owner=file.owner, name=file.name, content=content, content_hash=digest)


async def _unread(file: _File, content: bytes) -> Upload:
    return await asyncio.to_thread(unread_upload, file_id=file.id, owner=file.owner, name=file.name, content=content)


def _file(request: Request) -> _File:
    """From the headers that we have Open WebUI send, or those that it sends by itself.

    Raises:
        InvalidRequestError: it does not say which file it is, or whose.
    """
    given = request.headers
    file_id, _, name = unquote(given.get("X-Filename", "")).partition("_")
    file_id = filled(given.get(FILE_HEADER, "")) or file_id
    owner = filled(given.get(USER_HEADER, "")) or given.get("X-OpenWebUI-User-Id", "")
    if not file_id or not owner:
        raise InvalidRequestError(
            f"Open WebUI does not say which file this is, or whose (headers {FILE_HEADER} and {USER_HEADER}).",
            hint="Ask whoever runs it to start Paper Finder again, which puts the setting right.",
        )
    name = one_line(unquote(filled(given.get(NAME_HEADER, "")))) or one_line(name) or "upload"
    return _File(one_line(file_id), one_line(owner), name[-_LONGEST_NAME:], given.get("Content-Type", ""))


async def _content(request: Request, name: str) -> bytes:
    too_large = TooLargeError(f"{name} is larger than {LIMITS.input_bytes // 2**20} MB.")
    announced = request.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > LIMITS.input_bytes:
        raise too_large
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > LIMITS.input_bytes:
            raise too_large
    if not content:
        raise InvalidRequestError(f"{name} is empty.")
    return bytes(content)


def _pages(upload: Upload) -> list[dict[str, Any]]:
    """What Open WebUI is to keep of it: the texts, each with what is known of the paper."""
    record = upload.record
    known = {
        "title": record.title,
        "authors": "; ".join(record.authors),
        "year": record.year,
        "doi": record.doi,
        "arxiv_id": record.arxiv_id,
        "language": record.language,
    }
    metadata = {name: value for name, value in known.items() if value}
    return [{"page_content": text, "metadata": {**metadata, "page": page}} for page, text in upload.texts]

"""The service: routes, error answers, and an engine that is opened in the background and again when a part was away."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential

from pipelines.paper_finder import Pipeline
from rag.api import chat, embeddings, exports, health, papers, pipelines, process, recommendations
from rag.api.auth import caller_of
from rag.api.engine import Engine
from rag.api.state import State
from rag.errors import DatabaseUnavailableError, EmbeddingUnavailableError, PaperFinderError
from rag.settings import Settings, service_key
from rag.store import KnowledgeBases
from rag.webui import FileReader, Mirror, as_admin
from rag.wording.patterns import compile_rules

log = logging.getLogger(__name__)

PASSING = (DatabaseUnavailableError, EmbeddingUnavailableError)
"""Failures that mend themselves when the other side returns; any other is the operator's to mend."""


def create_app(settings: Settings, *, on_failure: Callable[[PaperFinderError], None] = lambda _: None) -> FastAPI:
    """The application. ``on_failure`` is told when the engine cannot be opened for a reason that waiting will not mend."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with httpx.AsyncClient(timeout=httpx.Timeout(10)) as http, AsyncExitStack() as stack:
            state = State(settings, service_key(settings), Pipeline(), http)
            pipelines.load_valves(state)
            app.state.parts = state
            opening = asyncio.create_task(_open_engine(state, stack, on_failure))
            yield
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)

    app = FastAPI(
        title="Paper Finder", lifespan=lifespan, docs_url=None, redoc_url=None
    )  # their pages load scripts from elsewhere
    app.state.metrics = health.Metrics()
    app.middleware("http")(app.state.metrics.measure)
    for module in (chat, exports, papers, recommendations, pipelines, process, health):
        app.include_router(module.router)
    app.include_router(embeddings.router, dependencies=[Depends(caller_of)])
    app.add_exception_handler(PaperFinderError, _told)
    app.add_exception_handler(RequestValidationError, _told_invalid)
    app.add_exception_handler(HTTPException, _told_http)
    app.add_exception_handler(Exception, _told_unexpected)
    return app


async def _open_engine(state: State, stack: AsyncExitStack, on_failure: Callable[[PaperFinderError], None]) -> None:
    def keep_reason(retry: RetryCallState) -> None:
        error = retry.outcome.exception() if retry.outcome else None
        if isinstance(error, PaperFinderError):
            state.failure = error
            log.warning("%s Trying again.", error)

    retrying = AsyncRetrying(
        retry=retry_if_exception_type(PASSING), wait=wait_exponential(0.25, max=5), before_sleep=keep_reason, reraise=True
    )
    compiling = asyncio.create_task(asyncio.to_thread(compile_rules))
    try:
        async for attempt in retrying:
            with attempt:
                opened = await stack.enter_async_context(Engine.open(state.settings))
    except PaperFinderError as error:
        state.failure = error
        on_failure(error)
        return
    await compiling
    state.engine = opened
    state.pipeline.attach(opened.searcher, opened.shelf, opened.index, opened.chat)
    state.mirror = _mirror(state, state.engine)
    for work in (state.engine.work(), state.mirror.run()):
        stack.push_async_callback(_end, asyncio.create_task(work))


def _mirror(state: State, engine: Engine) -> Mirror:
    knowledge = KnowledgeBases(engine.database)
    reader = FileReader(knowledge, engine.uploads)
    return Mirror(lambda: as_admin(state.webui, state.settings), knowledge, engine.uploads, reader)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _told(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001
    assert isinstance(error, PaperFinderError)
    if error.status >= 500:
        log.warning("%s", error)
    return _answer(error.status, str(error), error.code)


async def _told_invalid(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if part != "body")
    return _answer(400, f"{place}: {first['msg']}" if place else str(first["msg"]), "invalid_request")


async def _told_http(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001
    assert isinstance(error, HTTPException)
    return _answer(error.status_code, str(error.detail), "invalid_request")


async def _told_unexpected(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001
    # The traceback goes to the log; what is inside is nothing for a caller.
    return _answer(500, "Something unexpected went wrong; the service's log says what.", "internal_error")


def _answer(status: int, message: str, code: str) -> JSONResponse:
    """OpenAI's form of an error, which Open WebUI and OpenAI's clients read."""
    kind = "server_error" if status >= 500 else "invalid_request_error"
    return JSONResponse({"error": {"message": message, "type": kind, "code": code, "param": None}}, status)

"""The service: routes and error answers over an engine that is opened in the background."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from pipelines.paper_finder import Pipeline
from rag.api import chat, embeddings, exports, health, papers, pipelines, process, recommendations
from rag.api.auth import caller_of
from rag.api.opening import serve_engine
from rag.api.state import State
from rag.errors import PaperFinderError
from rag.settings import Settings, service_key

log = logging.getLogger(__name__)


def create_app(settings: Settings, *, on_failure: Callable[[PaperFinderError], None] = lambda _: None) -> FastAPI:
    """The application. ``on_failure`` is told when the engine cannot be opened for a reason that waiting will not mend."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with httpx.AsyncClient(timeout=httpx.Timeout(10)) as http:
            state = State(settings, service_key(settings), Pipeline(), http)
            pipelines.load_valves(state)
            app.state.parts = state
            serving = asyncio.create_task(serve_engine(state, on_failure))
            yield
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

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

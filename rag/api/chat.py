"""``/v1/models`` and ``/v1/chat/completions``: the conversation, as OpenAI clients and Open WebUI call it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from pipelines.paper_finder import Pipeline
from rag.api.attached import attached_of, conversation_of
from rag.api.auth import CallerOf
from rag.api.scope import scope_of
from rag.api.state import StateOf
from rag.assistant.completions import Completion, Piece, server_sent
from rag.errors import NotFoundError
from rag.webui import filled

router = APIRouter()

LEFT = 499
"""Nobody reads this status: the caller has gone away."""


class ChatRequest(BaseModel):
    """The fields of OpenAI's request that matter here; the others are accepted and ignored."""

    model_config = ConfigDict(extra="ignore")

    model: str
    messages: list[dict[str, Any]] = Field(min_length=1)
    stream: bool | None = False
    stream_options: dict[str, Any] | None = None
    paper_finder: Any = None
    """What the inlet was told of the chat."""


@router.get("/v1/models")
@router.get("/models", include_in_schema=False)
async def models(caller: CallerOf, state: StateOf) -> dict[str, Any]:  # noqa: ARG001
    """The one model there is; ``pipeline`` makes Open WebUI treat it as one."""
    return {"object": "list", "pipelines": True, "data": [_model(state.pipeline)]}


@router.get("/v1/models/{model_id}")
async def model(model_id: str, caller: CallerOf, state: StateOf) -> dict[str, Any]:  # noqa: ARG001
    """The one model there is, by name."""
    _check_model(model_id, state.pipeline)
    return _model(state.pipeline)


@router.post("/v1/chat/completions", response_model=None)
@router.post("/chat/completions", include_in_schema=False, response_model=None)
async def chat(
    http: Request,
    request: ChatRequest,
    caller: CallerOf,
    state: StateOf,
    x_paper_finder_task: Annotated[str, Header()] = "",
) -> Response:
    """Answer a conversation."""
    _check_model(request.model, state.pipeline)
    task = filled(x_paper_finder_task)
    if not task:
        state.ready_engine()
    messages = [*conversation_of(request.paper_finder), *request.messages]
    pieces = state.pipeline.answer(messages, task, scope_of(state, caller, attached_of(request.paper_finder)))
    completion = Completion(request.model)
    if not request.stream:
        whole = await _unless_left(http, pieces)
        return Response(status_code=LEFT) if whole is None else JSONResponse(completion.whole(whole))
    with_usage = bool((request.stream_options or {}).get("include_usage"))
    chunks = _chunks(completion, pieces, with_usage=with_usage)
    return StreamingResponse(chunks, media_type="text/event-stream", headers={"Cache-Control": "no-cache"})


def _model(pipeline: Pipeline) -> dict[str, Any]:
    entry = {"id": pipeline.id, "name": pipeline.name, "object": "model", "created": 1, "owned_by": "paper-finder"}
    return {**entry, "pipeline": {"type": "pipe", "valves": True}}


def _check_model(name: str, pipeline: Pipeline) -> None:
    if name != pipeline.id:
        raise NotFoundError(f"There is no model {name!r}.", hint=f"The model is called {pipeline.id!r}.")


async def _unless_left(http: Request, pieces: AsyncIterator[Piece]) -> list[Piece] | None:
    """All the pieces; None, and whatever makes them is stopped, when the caller goes away before."""

    async def collected() -> list[Piece]:
        return [piece async for piece in pieces]

    async def left() -> None:
        while (await http.receive())["type"] != "http.disconnect":
            pass

    making, leaving = asyncio.create_task(collected()), asyncio.create_task(left())
    try:
        await asyncio.wait({making, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return making.result() if making.done() else None
    finally:
        for task in (making, leaving):
            task.cancel()
        await asyncio.gather(making, leaving, return_exceptions=True)


async def _chunks(completion: Completion, pieces: AsyncIterator[Piece], *, with_usage: bool) -> AsyncIterator[str]:
    async for piece in pieces:
        yield server_sent(completion.text(piece) if isinstance(piece, str) else completion.event(piece["event"]))
    yield server_sent(completion.end())
    if with_usage:
        yield server_sent(completion.usage())
    yield "data: [DONE]\n\n"

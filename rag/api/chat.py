"""``/v1/models`` and ``/v1/chat/completions``: the conversation, as OpenAI clients and Open WebUI call it."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from pipelines.paper_finder import Piece
from rag.api.auth import CallerOf
from rag.api.completions import Completion, server_sent
from rag.api.state import StateOf
from rag.errors import NotFoundError

router = APIRouter()


class ChatRequest(BaseModel):
    """The fields of OpenAI's request that matter here; the others are accepted and ignored."""

    model_config = ConfigDict(extra="ignore")

    model: str
    messages: list[dict[str, Any]] = Field(min_length=1)
    stream: bool = False


@router.get("/v1/models")
@router.get("/models", include_in_schema=False)
async def models(state: StateOf, caller: CallerOf) -> dict[str, Any]:  # noqa: ARG001
    """The one model there is; ``pipeline`` makes Open WebUI treat it as one."""
    pipeline = state.pipeline
    entry = {"id": pipeline.id, "name": pipeline.name, "object": "model", "created": 1, "owned_by": "paper-finder"}
    return {"object": "list", "pipelines": True, "data": [{**entry, "pipeline": {"type": pipeline.type, "valves": True}}]}


@router.post("/v1/chat/completions", response_model=None)
@router.post("/chat/completions", include_in_schema=False, response_model=None)
async def chat(
    request: ChatRequest,
    state: StateOf,
    caller: CallerOf,  # noqa: ARG001
    x_paper_finder_task: Annotated[str, Header()] = "",
) -> Response:
    """Answer a conversation."""
    if request.model != state.pipeline.id:
        raise NotFoundError(f"There is no model {request.model!r}.", hint=f"The model is called {state.pipeline.id!r}.")
    if not x_paper_finder_task:
        state.ready_engine()
    pieces = state.pipeline.answer(request.messages, _task(x_paper_finder_task))
    completion = Completion(request.model)
    if request.stream:
        return StreamingResponse(
            _chunks(completion, pieces), media_type="text/event-stream", headers={"Cache-Control": "no-cache"}
        )
    return JSONResponse(await _whole(completion, pieces))


def _task(header: str) -> str:
    # Open WebUI sends its template as it stands when there is no task to put into it.
    return "" if header.startswith("{{") else header


async def _chunks(completion: Completion, pieces: AsyncIterator[Piece]) -> AsyncIterator[str]:
    async for piece in pieces:
        yield server_sent(completion.text(piece) if isinstance(piece, str) else completion.event(piece["event"]))
    yield server_sent(completion.end())
    yield "data: [DONE]\n\n"


async def _whole(completion: Completion, pieces: AsyncIterator[Piece]) -> dict[str, Any]:
    text: list[str] = []
    sources: list[dict[str, Any]] = []
    async for piece in pieces:
        if isinstance(piece, str):
            text.append(piece)
        elif piece["event"]["type"] == "source":
            sources.append(piece["event"]["data"])
    return completion.whole("".join(text), sources)

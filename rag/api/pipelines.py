"""The Pipelines protocol, by which Open WebUI shows valves and passes every chat through inlet and outlet."""

import json
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Body, Depends
from pydantic import ValidationError

from pipelines.paper_finder import Pipeline
from rag.api.attached import with_attached
from rag.api.auth import administrator, caller_of
from rag.api.state import State, StateOf
from rag.errors import ForbiddenError, InvalidRequestError, NotFoundError

router = APIRouter(dependencies=[Depends(caller_of)])
admin = [Depends(administrator)]


@router.get("/v1/pipelines")
@router.get("/pipelines", include_in_schema=False)
async def pipelines(state: StateOf) -> dict[str, Any]:
    """The one pipeline there is."""
    pipeline = state.pipeline
    return {"data": [{"id": pipeline.id, "name": pipeline.name, "type": "pipe", "valves": True}]}


@router.post("/v1/pipelines/add")
@router.post("/v1/pipelines/upload")
@router.delete("/v1/pipelines/delete")
async def refuse() -> None:
    """Uploading a pipeline would run anybody's code in this service."""
    raise ForbiddenError("Pipelines cannot be added to or removed from Paper Finder.")


@router.get("/v1/{pipeline_id}/valves", dependencies=admin)
async def valves(pipeline_id: str, state: StateOf) -> dict[str, Any]:
    """The valves as they are."""
    return _pipeline(state, pipeline_id).valves.model_dump()


@router.get("/v1/{pipeline_id}/valves/spec", dependencies=admin)
async def valves_spec(pipeline_id: str, state: StateOf) -> dict[str, Any]:
    """What valves there are, as a JSON schema."""
    return _pipeline(state, pipeline_id).Valves.model_json_schema()


@router.post("/v1/{pipeline_id}/valves/update", dependencies=admin)
async def update_valves(pipeline_id: str, state: StateOf, new: dict[str, Any] = Body()) -> dict[str, Any]:  # noqa: B008
    """Turn the valves, and keep them for the next start."""
    pipeline = _pipeline(state, pipeline_id)
    try:
        turned = pipeline.Valves(**{name: value for name, value in new.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidRequestError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}.") from error
    if state.engine is not None:
        await state.engine.collections.check(turned.chosen(), await state.engine.collections.operator())
    pipeline.valves = turned
    _file(state).write_text(pipeline.valves.model_dump_json(), encoding="utf-8")
    await pipeline.on_valves_updated()
    return pipeline.valves.model_dump()


@router.post("/v1/{pipeline_id}/filter/inlet")
async def inlet(pipeline_id: str, state: StateOf, request: dict[str, Any] = Body()) -> dict[str, Any]:  # noqa: B008
    """The body with what is attached to the chat: an error here would end the chat, a lack of an answer too."""
    _pipeline(state, pipeline_id)
    return with_attached(_body(request))


@router.post("/v1/{pipeline_id}/filter/outlet")
async def outlet(pipeline_id: str, state: StateOf, request: dict[str, Any] = Body()) -> dict[str, Any]:  # noqa: B008
    """The body as it came."""
    _pipeline(state, pipeline_id)
    return _body(request)


def _body(request: dict[str, Any]) -> dict[str, Any]:
    body = request.get("body")
    return body if isinstance(body, dict) else {}


def load_valves(state: State) -> None:
    """Turn the valves as they were left; a file that does not fit any more is passed over."""
    try:
        state.pipeline.valves = Pipeline.Valves(**json.loads(_file(state).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        state.pipeline.valves = Pipeline.Valves()


def _file(state: State) -> Path:
    return state.settings.home / "valves.json"


def _pipeline(state: State, pipeline_id: str) -> Pipeline:
    if pipeline_id != state.pipeline.id:
        raise NotFoundError(f"There is no pipeline {pipeline_id!r}.")
    return state.pipeline

"""``/v1/papers``: searching and reading the library from scripts."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from rag.api.auth import CallerOf
from rag.api.engine import Engine
from rag.api.state import EngineOf
from rag.errors import InvalidRequestError
from rag.papers import Filters, PaperId, Query, hit_as_json, paper_as_json

router = APIRouter(prefix="/v1/papers")


class SearchRequest(BaseModel):
    """A search: what for, how many papers (1–100), within which limits."""

    model_config = ConfigDict(extra="forbid")

    query: str = Field(min_length=1, max_length=100_000)
    limit: int = Field(default=10, ge=1, le=100)
    filters: Filters = Field(default_factory=Filters)


@router.post("/search")
async def search(request: SearchRequest, engine: EngineOf, caller: CallerOf) -> dict[str, Any]:  # noqa: ARG001
    """Ranked papers, best first; ``query`` repeats what was searched for."""
    await _check_collections(engine, request.filters.collections)
    result = await engine.searcher.search(Query(request.query, request.filters, request.limit))
    understood = {
        "text": request.query,
        "limit": request.limit,
        "filters": request.filters.model_dump(exclude_defaults=True),
        "confident": result.confident,
    }
    return {"query": understood, "papers": [hit_as_json(hit) for hit in result.hits]}


@router.get("/{paper_id}")
async def paper(paper_id: str, engine: EngineOf, caller: CallerOf) -> dict[str, Any]:  # noqa: ARG001
    """One paper."""
    found = await engine.library.paper(PaperId(paper_id))
    return {**paper_as_json(found), "abstract": found.abstract or None}


async def _check_collections(engine: Engine, names: list[str]) -> None:
    if not names:
        return
    known = {collection.name for collection in await engine.library.collections()}
    if unknown := [name for name in names if name not in known]:
        raise InvalidRequestError(f"There is no collection named {unknown[0]!r}.", hint=f"There are: {', '.join(sorted(known))}.")

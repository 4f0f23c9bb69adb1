"""``/v1/papers``: searching and reading the library from scripts."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from rag.api.auth import CallerOf
from rag.api.state import EngineOf
from rag.papers import Filters, PaperId, Query, paper_as_json, result_as_json

router = APIRouter(prefix="/v1/papers")


class SearchRequest(BaseModel):
    """A search: what for, how many papers (1–100), within which limits."""

    model_config = ConfigDict(extra="forbid")

    query: str = Field(min_length=1, max_length=100_000)
    limit: int = Field(default=10, ge=1, le=100)
    filters: Filters = Field(default_factory=Filters)


@router.post("/search")
async def search(request: SearchRequest, caller: CallerOf, engine: EngineOf) -> dict[str, Any]:  # noqa: ARG001
    """Ranked papers, best first; ``query`` repeats what was searched for."""
    await engine.library.check_collections(request.filters.collections)
    return result_as_json(await engine.searcher.search(Query(request.query, request.filters, request.limit)))


@router.get("/{paper_id}")
async def paper(paper_id: str, caller: CallerOf, engine: EngineOf) -> dict[str, Any]:  # noqa: ARG001
    """One paper."""
    found = await engine.library.paper(PaperId(paper_id))
    return {**paper_as_json(found), "abstract": found.abstract or None}

"""``/v1/papers``: searching and reading the library from scripts."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from rag.api.scope import ScopeOfCaller, check_collections
from rag.api.state import EngineOf
from rag.papers import Filters, PaperId, hit_as_json, paper_as_json, result_as_json
from rag.papers import Query as Search
from rag.retrieval import similar
from rag.retrieval.similar import MOST_WANTED

router = APIRouter(prefix="/v1/papers")


class SearchRequest(BaseModel):
    """A search: what for, how many papers (1–100), within which limits."""

    model_config = ConfigDict(extra="forbid")

    query: str = Field(min_length=1, max_length=100_000)
    limit: int = Field(default=10, ge=1, le=100)
    filters: Filters = Field(default_factory=Filters)


@router.post("/search")
async def search(request: SearchRequest, scope_of: ScopeOfCaller, engine: EngineOf) -> dict[str, Any]:
    """Ranked papers, best first; ``query`` repeats what was searched for."""
    await check_collections(engine, request.filters, scope_of)
    query = Search(request.query, request.filters, request.limit)
    return result_as_json(await engine.searcher.reading(scope_of).search(query))


class SimilarQuery(Filters):
    """How many papers (1–100), within which limits; lists are given by repeating the name."""

    limit: int = Field(default=10, ge=1, le=100)


class SimilarRequest(BaseModel):
    """Papers to be like and papers to be unlike, by id; how many, and within which limits."""

    model_config = ConfigDict(extra="forbid")

    like: list[PaperId] = Field(min_length=1, max_length=MOST_WANTED)
    unlike: list[PaperId] = Field(default_factory=list, max_length=MOST_WANTED)
    limit: int = Field(default=10, ge=1, le=100)
    filters: Filters = Field(default_factory=Filters)


@router.post("/similar")
async def similar_to_several(request: SimilarRequest, scope_of: ScopeOfCaller, engine: EngineOf) -> dict[str, Any]:
    """Papers near to those of ``like`` and not near to those of ``unlike``; ``score`` is the cosine to the nearest liked one."""
    await check_collections(engine, request.filters, scope_of)
    hits = await similar(engine.index.reading(scope_of), request.like, request.unlike, request.filters, request.limit)
    return {"papers": [hit_as_json(hit) for hit in hits]}


@router.get("/{paper_id}/similar")
async def similar_to_one(
    paper_id: str,
    asked: Annotated[SimilarQuery, Query()],
    scope_of: ScopeOfCaller,
    engine: EngineOf,
) -> dict[str, Any]:
    """Papers near to this one, of different kinds; never itself or another version of it."""
    filters = Filters(**asked.model_dump(exclude={"limit"}))
    await check_collections(engine, filters, scope_of)
    hits = await similar(engine.index.reading(scope_of), [PaperId(paper_id)], filters=filters, limit=asked.limit)
    return {"papers": [hit_as_json(hit) for hit in hits]}


@router.get("/{paper_id}")
async def paper(paper_id: str, scope_of: ScopeOfCaller, engine: EngineOf) -> dict[str, Any]:
    """One paper, with the sections of its full text and where its references begin, as far as they are known."""
    found = await engine.index.reading(scope_of).paper(PaperId(paper_id))
    outline = await engine.shelf.reading(scope_of).outline(found.id)
    return {**paper_as_json(found), "abstract": found.abstract or None, **asdict(outline)}

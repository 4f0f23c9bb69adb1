"""``/v1/recommendations``: what to read next."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from rag.api.scope import ScopeOfCaller, check_collections
from rag.api.state import EngineOf
from rag.assistant.conversation import Language
from rag.assistant.reasons import reason
from rag.papers import Filters, PaperId, hit_as_json
from rag.retrieval import Recommendation, recommend
from rag.retrieval.recommend import MOST_NAMED

router = APIRouter()


class RecommendationsRequest(BaseModel):
    """The papers that one has, by id or as a collection; those that were dismissed; how many to recommend, within which limits.

    ``filters.added_since`` asks for what is new in the library. ``language`` is that of the reasons.
    """

    model_config = ConfigDict(extra="forbid")

    papers: list[PaperId] = Field(default_factory=list, max_length=MOST_NAMED)
    collection: str = ""
    dismissed: list[PaperId] = Field(default_factory=list, max_length=MOST_NAMED)
    limit: int = Field(default=10, ge=1, le=100)
    filters: Filters = Field(default_factory=Filters)
    language: Language = "en"

    @model_validator(mode="after")
    def _one_of_both(self) -> "RecommendationsRequest":
        if bool(self.papers) == bool(self.collection):
            raise ValueError("name either papers or a collection")
        return self


@router.post("/v1/recommendations")
async def recommendations(request: RecommendationsRequest, scope_of: ScopeOfCaller, engine: EngineOf) -> dict[str, Any]:
    """Papers near the topics of those that one has, best first, each with ``why``: the nearest of them, shared terms, a line."""
    await check_collections(engine, request.filters, scope_of, *filter(None, [request.collection]))
    found = await recommend(
        engine.index.reading(scope_of),
        papers=request.papers,
        collection=request.collection,
        dismissed=request.dismissed,
        filters=request.filters,
        limit=request.limit,
    )
    return {"papers": [_as_json(one, request.language) for one in found]}


def _as_json(one: Recommendation, language: Language) -> dict[str, Any]:
    nearest = {"id": one.nearest.id, "title": one.nearest.title}
    return {**hit_as_json(one.hit), "why": {"text": reason(one, language), "nearest": nearest, "terms": list(one.terms)}}

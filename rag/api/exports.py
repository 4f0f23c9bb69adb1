"""``/v1/papers/export``: papers as a file for reference managers and spreadsheets."""

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from rag.api.auth import CallerOf
from rag.api.state import EngineOf
from rag.errors import InvalidRequestError, NotFoundError
from rag.exports import Format, export
from rag.papers import Filters, Paper, PaperId, Query

router = APIRouter(prefix="/v1/papers")


class ExportRequest(BaseModel):
    """Papers by ``ids``, or those that a search for ``query`` finds; in which ``format``."""

    model_config = ConfigDict(extra="forbid")

    format: Format = Format.BIBTEX
    ids: list[PaperId] = Field(default_factory=list, max_length=1_000)
    query: str = Field(default="", max_length=100_000)
    limit: int = Field(default=10, ge=1, le=100)
    filters: Filters = Field(default_factory=Filters)


@router.post("/export")
async def export_papers(request: ExportRequest, caller: CallerOf, engine: EngineOf) -> Response:  # noqa: ARG001
    """The papers in the order of their ids, or of their rank, as a file."""
    text = export(await _papers(request, engine), request.format)
    disposition = f'attachment; filename="papers.{request.format.extension}"'
    headers = {"Content-Disposition": disposition}
    return Response(text, media_type=f"{request.format.media_type}; charset=utf-8", headers=headers)


async def _papers(request: ExportRequest, engine: EngineOf) -> list[Paper]:
    if bool(request.ids) == bool(request.query.strip()):
        raise InvalidRequestError("Say which papers: either their ids, or a query.", hint="Give exactly one of the two.")
    if request.query:
        await engine.library.check_collections([*request.filters.collections, *request.filters.exclude_collections])
        result = await engine.searcher.search(Query(request.query, request.filters, request.limit))
        return [hit.paper for hit in result.hits] if result.confident else []
    papers = await engine.shelf.papers(request.ids)
    known = {paper.id for paper in papers}
    if unknown := [paper_id for paper_id in request.ids if paper_id not in known]:
        raise NotFoundError(f"There is no paper with the id {unknown[0]!r}.")
    return papers

"""``/v1/papers/export``: papers as a file for reference managers and spreadsheets."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi import Query as InQuery
from fastapi.responses import Response
from pydantic import Field

from rag.access import ScopeOf
from rag.api.engine import Engine
from rag.api.scope import ScopeOfCaller, check_collections
from rag.api.state import EngineOf, StateOf
from rag.errors import InvalidRequestError, NotFoundError
from rag.exports import Format, export
from rag.papers import Filters, Paper, PaperId, Query

router = APIRouter(prefix="/v1/papers")


class ExportQuery(Filters):
    """Papers by ``ids``, or those that a search for ``query`` finds within limits; in which ``format``."""

    format: Format = Format.BIBTEX
    ids: list[PaperId] = Field(default_factory=list, max_length=1_000)
    query: str = Field(default="", max_length=4_000)
    limit: int = Field(default=10, ge=1, le=100)

    @property
    def filters(self) -> Filters:
        """The limits alone."""
        return Filters(**self.model_dump(include=set(Filters.model_fields)))


@router.get("/export")
async def export_papers(asked: Annotated[ExportQuery, InQuery()], scope_of: ScopeOfCaller, engine: EngineOf) -> Response:
    """The papers in the order of their ids, or of their rank, as a file."""
    return _file(await _papers(asked, scope_of, engine), asked.format)


@router.get("/files/{ticket}")
async def export_file(ticket: Annotated[str, Path(max_length=8_000)], state: StateOf) -> Response:
    """The file that a link in an answer leads to; without signing in, so of papers that everyone may see alone."""
    ids, format_ = state.tickets.read(ticket)
    return _file(await state.ready_engine().shelf.papers(ids), format_)


def _file(papers: Sequence[Paper], format_: Format) -> Response:
    disposition = f'attachment; filename="papers.{format_.extension}"'
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return Response(export(papers, format_), media_type=f"{format_.media_type}; charset=utf-8", headers=headers)


async def _papers(asked: ExportQuery, scope_of: ScopeOf, engine: Engine) -> list[Paper]:
    if bool(asked.ids) == bool(asked.query.strip()):
        raise InvalidRequestError("Say which papers: either their ids, or a query.", hint="Give exactly one of the two.")
    if asked.query:
        await check_collections(engine, asked.filters, scope_of)
        result = await engine.searcher.reading(scope_of).search(Query(asked.query, asked.filters, asked.limit))
        return [hit.paper for hit in result.hits] if result.confident else []
    papers = await engine.shelf.reading(scope_of).papers(asked.ids)
    known = {paper.id for paper in papers}
    if unknown := [paper_id for paper_id in asked.ids if paper_id not in known]:
        raise NotFoundError(f"There is no paper with the id {unknown[0]!r}.")
    return papers

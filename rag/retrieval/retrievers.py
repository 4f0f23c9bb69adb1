"""LangChain retrievers: the three rankings as ``BaseRetriever``s, one document a paper."""

from typing import Any, ClassVar

from anyio.from_thread import BlockingPortal
from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from rag.errors import ConfigurationError
from rag.papers import Filters, Hit, Query
from rag.retrieval.ranking import Ranking
from rag.retrieval.searcher import Searcher


class PaperRetriever(BaseRetriever):
    """Papers for a question, best first.

    ``portal`` leads to the event loop that the searcher lives on and is needed by ``invoke`` alone; ``ainvoke`` runs on that
    loop itself. A document's text is the paper's best passage; its metadata has the paper's fields, ``score`` in [0, 1],
    and the passage's ``page`` (0-based) and ``section``.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)
    ranking: ClassVar[Ranking]

    searcher: Searcher
    filters: Filters = Field(default_factory=Filters)
    limit: int = Field(default=10, ge=1, le=1_000)
    portal: BlockingPortal | None = None

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,  # noqa: ARG002
    ) -> list[Document]:
        result = await self.searcher.search(Query(query, self.filters, self.limit), self.ranking)
        return [document(hit) for hit in result.hits]

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002
    ) -> list[Document]:
        if self.portal is None:
            raise ConfigurationError(
                "This retriever is asynchronous.", hint="Call ainvoke, or give it the portal of its event loop."
            )
        result = self.portal.call(self.searcher.search, Query(query, self.filters, self.limit), self.ranking)
        return [document(hit) for hit in result.hits]


class LexicalRetriever(PaperRetriever):
    """By words: BM25."""

    ranking = Ranking.LEXICAL


class DenseRetriever(PaperRetriever):
    """By meaning: cosine similarity of vectors."""

    ranking = Ranking.DENSE


class FusedRetriever(PaperRetriever):
    """By both."""

    ranking = Ranking.FUSED


def document(hit: Hit) -> Document:
    """A hit as LangChain's document."""
    paper, best = hit.paper, hit.passages[0]
    metadata: dict[str, Any] = {
        "source": paper.id,
        "source_id": paper.source_id,
        "title": paper.title,
        "authors": list(paper.authors),
        "year": paper.year,
        "venue": paper.venue,
        "url": paper.link,
        "score": hit.score,
        "page": best.page,
        "section": best.section,
    }
    return Document(id=paper.id, page_content=best.text, metadata=metadata)

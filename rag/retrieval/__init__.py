"""Finding papers: dense, lexical and fused ranking, and LangChain retrievers over them."""

from rag.retrieval.matches import matching_spans, matching_words, question_stems
from rag.retrieval.ranking import Ranked, Ranking
from rag.retrieval.recommend import Recommendation, recommend
from rag.retrieval.rerank import TOP, Reranker, Reranking
from rag.retrieval.rerank_endpoint import RerankEndpoint
from rag.retrieval.retrievers import DenseRetriever, FusedRetriever, LexicalRetriever, PaperRetriever
from rag.retrieval.searcher import Searcher
from rag.retrieval.similar import similar
from rag.retrieval.steps import ALL, Steps

__all__ = [
    "ALL",
    "TOP",
    "DenseRetriever",
    "FusedRetriever",
    "LexicalRetriever",
    "PaperRetriever",
    "Ranked",
    "Ranking",
    "Recommendation",
    "RerankEndpoint",
    "Reranker",
    "Reranking",
    "Searcher",
    "Steps",
    "matching_spans",
    "matching_words",
    "question_stems",
    "recommend",
    "similar",
]

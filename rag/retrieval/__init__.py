"""Finding papers: dense, lexical and fused ranking, and LangChain retrievers over them."""

import numpy as np  # noqa: F401  (its BLAS has to be loaded to be limited)
from threadpoolctl import threadpool_limits

from rag.retrieval.matches import matching_spans, matching_words, question_stems
from rag.retrieval.ranking import Ranked, Ranking
from rag.retrieval.recommend import Recommendation, recommend
from rag.retrieval.rerank import TOP, Reranker, Reranking
from rag.retrieval.rerank_endpoint import RerankEndpoint
from rag.retrieval.retrievers import DenseRetriever, FusedRetriever, LexicalRetriever, PaperRetriever
from rag.retrieval.searcher import Searcher
from rag.retrieval.similar import similar
from rag.retrieval.steps import ALL, Steps

# One question's products have some hundred rows: a second thread gains nothing there, and waits for a core on which the embedding
# model's threads still spin (the neighbours of 190 papers took 43 ms instead of 0.6 ms after each embedded question).
threadpool_limits(limits=1, user_api="blas")

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

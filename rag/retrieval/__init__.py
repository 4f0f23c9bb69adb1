"""Finding papers: dense, lexical and fused ranking, and LangChain retrievers over them."""

from rag.retrieval.ranking import Ranked, Ranking
from rag.retrieval.retrievers import DenseRetriever, FusedRetriever, LexicalRetriever, PaperRetriever
from rag.retrieval.searcher import Searcher
from rag.retrieval.steps import ALL, Steps

__all__ = [
    "ALL",
    "DenseRetriever",
    "FusedRetriever",
    "LexicalRetriever",
    "PaperRetriever",
    "Ranked",
    "Ranking",
    "Searcher",
    "Steps",
]

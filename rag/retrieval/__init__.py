"""Finding papers: dense, lexical and fused ranking, and LangChain retrievers over them."""

from rag.retrieval.matches import matching_spans, matching_words, question_stems
from rag.retrieval.ranking import Ranked, Ranking
from rag.retrieval.retrievers import DenseRetriever, FusedRetriever, LexicalRetriever, PaperRetriever
from rag.retrieval.searcher import Searcher

__all__ = [
    "DenseRetriever",
    "FusedRetriever",
    "LexicalRetriever",
    "PaperRetriever",
    "Ranked",
    "Ranking",
    "Searcher",
    "matching_spans",
    "matching_words",
    "question_stems",
]

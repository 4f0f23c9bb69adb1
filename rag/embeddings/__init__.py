"""The Embedder seam, and the engines behind it."""

from rag.embeddings.embedder import Embedder, embedding_text
from rag.embeddings.profiles import SEARCH_TASK
from rag.embeddings.vectors import Matrix, cut
from rag.errors import ConfigurationError
from rag.settings import Settings

__all__ = ["SEARCH_TASK", "Embedder", "Matrix", "cut", "embedding_text", "open_embedder"]


def open_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings ask for; the bundled model is loaded with its first text (or ``warm_up``)."""
    if settings.embeddings == "bundled":
        from rag.embeddings.bundled import BundledEmbedder

        return BundledEmbedder(settings.dimensions)
    raise ConfigurationError(f"PAPER_FINDER_EMBEDDINGS is {settings.embeddings!r}, which is neither 'bundled' nor a URL.")

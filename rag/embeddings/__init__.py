"""The Embedder seam, and the engines behind it."""

from rag.embeddings.embedder import Embedder, embedding_text, passage_text
from rag.embeddings.profiles import SEARCH_TASK
from rag.embeddings.self_check import self_check
from rag.embeddings.vectors import Matrix, cut
from rag.settings import Settings

__all__ = ["SEARCH_TASK", "Embedder", "Matrix", "cut", "embedding_text", "open_embedder", "passage_text", "self_check"]


def open_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings ask for. The bundled model is loaded with its first text, or by ``warm_up``.

    Raises:
        ConfigurationError: a setting cannot be right.
        EmbeddingUnavailableError: the dimensions are set nowhere, and the server that should say them does not answer.
    """
    if settings.embeddings == "bundled":
        from rag.embeddings.bundled import BundledEmbedder

        return BundledEmbedder(settings.dimensions)
    from rag.embeddings.openai_client import OpenAIEmbedder

    key = settings.embeddings_key.get_secret_value() if settings.embeddings_key else None
    return OpenAIEmbedder(settings.embeddings, settings.model, key=key, dimensions=settings.dimensions)

"""The Embedder seam, and the engines behind it."""

from rag.embeddings.embedder import Embedder, embedding_text, passage_text
from rag.embeddings.profiles import BUNDLED_MODEL, SEARCH_TASK, Profile, Task, profile_for
from rag.embeddings.self_check import self_check
from rag.embeddings.vectors import Matrix, cut
from rag.errors import ConfigurationError
from rag.settings import BUNDLED, Settings

__all__ = [
    "SEARCH_TASK",
    "Embedder",
    "Matrix",
    "Profile",
    "Task",
    "configured_model",
    "configured_profile",
    "cut",
    "embedding_text",
    "open_embedder",
    "passage_text",
    "self_check",
]


def configured_model(settings: Settings) -> str:
    """Name of the model that the settings ask for."""
    return BUNDLED_MODEL if settings.embeddings == BUNDLED else settings.model


def configured_profile(settings: Settings) -> Profile:
    """What is known of the model that the settings ask for, under the operator's own instructions.

    Raises:
        ConfigurationError: an instruction is for a task that there is none of.
    """
    try:
        instructions = {Task(name): words for name, words in settings.instructions.items()}
    except ValueError as error:
        known = ", ".join(Task)
        raise ConfigurationError(f"PAPER_FINDER_INSTRUCTIONS: {error}; there are {known}.") from error
    return profile_for(configured_model(settings)).instructed(instructions)


def open_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings ask for. The bundled model is loaded with its first text, or by ``warm_up``.

    Raises:
        ConfigurationError: a setting cannot be right.
        EmbeddingUnavailableError: the dimensions are set nowhere, and the server that should say them does not answer.
    """
    if settings.embeddings == BUNDLED:
        from rag.embeddings.bundled import BundledEmbedder

        return BundledEmbedder(settings.dimensions)
    from rag.embeddings.openai_client import OpenAIEmbedder

    key = settings.embeddings_key.get_secret_value() if settings.embeddings_key else None
    profile = configured_profile(settings)
    return OpenAIEmbedder(settings.embeddings_url, settings.model, key=key, dimensions=settings.dimensions, profile=profile)

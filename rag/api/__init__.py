"""The HTTP surfaces: OpenAI-compatible chat and embeddings, papers, the Pipelines protocol, health."""

from rag.api.app import create_app
from rag.api.engine import Engine

__all__ = ["Engine", "create_app"]

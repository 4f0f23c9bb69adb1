"""Open WebUI's embedding settings, and ours in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MODEL = "embedding"
BATCH_SIZE = 32
CONCURRENT_REQUESTS = 4


@dataclass(frozen=True)
class EmbeddingSettings:
    """Where Open WebUI has uploads embedded; ``engine`` is empty for its own local model."""

    engine: str
    url: str
    key: str
    model: str
    batch_size: int
    concurrent_requests: int

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "EmbeddingSettings":
        """From the body of ``GET /api/v1/retrieval/embedding``."""
        return cls(
            engine=body["RAG_EMBEDDING_ENGINE"] or "",
            url=body["openai_config"]["url"] or "",
            key=body["openai_config"]["key"] or "",
            model=body["RAG_EMBEDDING_MODEL"] or "",
            batch_size=body["RAG_EMBEDDING_BATCH_SIZE"],
            concurrent_requests=body["RAG_EMBEDDING_CONCURRENT_REQUESTS"],
        )

    def to_json(self) -> dict[str, Any]:
        """The body of ``POST /api/v1/retrieval/embedding/update``."""
        return {
            "RAG_EMBEDDING_ENGINE": self.engine,
            "RAG_EMBEDDING_MODEL": self.model,
            "RAG_EMBEDDING_BATCH_SIZE": self.batch_size,
            "RAG_EMBEDDING_CONCURRENT_REQUESTS": self.concurrent_requests,
            "openai_config": {"url": self.url, "key": self.key},
        }

    def with_ours(self, ours: "EmbeddingSettings") -> "EmbeddingSettings":
        """Ours, when nothing else was chosen; a choice of the operator stays, and so do batch size and concurrency."""
        if self.engine == "":
            return ours
        if self.engine != "openai" or not (self.url == ours.url or self.key == ours.key or self.model == ours.model):
            return self
        return EmbeddingSettings(ours.engine, ours.url, ours.key, ours.model, self.batch_size, self.concurrent_requests)


def our_embedding(service_url: str, service_key: str) -> EmbeddingSettings:
    """Uploads are embedded by our service."""
    return EmbeddingSettings("openai", f"{service_url}/v1", service_key, MODEL, BATCH_SIZE, CONCURRENT_REQUESTS)

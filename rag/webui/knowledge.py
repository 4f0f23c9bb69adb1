"""Open WebUI's knowledge bases and the files in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """A knowledge base as Open WebUI lists it."""

    id: str
    name: str
    changed_at: int
    """Unix time of its last change of name or description; putting files in or out is none."""
    file_count: int
    external: bool
    """Whether it only stands for another database; such a one has no files."""

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> "KnowledgeBase":
        """From an item of ``GET /api/v1/knowledge/``."""
        external = (item.get("meta") or {}).get("source") == "external"
        return cls(str(item["id"]), str(item["name"]), int(item["updated_at"]), int(item.get("file_count") or 0), external)


@dataclass(frozen=True, slots=True)
class KnowledgeFile:
    """A file of Open WebUI."""

    id: str
    owner: str
    name: str
    text_hash: str
    """SHA-256 of the text that Open WebUI keeps of it; another one when the text was edited. '' before it was read."""
    changed_at: int
    """Unix time of its last change; being put into a knowledge base is one."""
    collection: str = ""
    """The knowledge base that it was put into last."""

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> "KnowledgeFile":
        """From an item of ``GET /api/v1/knowledge/{id}/files`` or ``GET /api/v1/files/``."""
        meta = item.get("meta") or {}
        return cls(
            id=str(item["id"]),
            owner=str(item["user_id"]),
            name=str(meta.get("name") or item["filename"]),
            text_hash=str(item.get("hash") or ""),
            changed_at=int(item.get("updated_at") or 0),
            collection=str(meta.get("collection_name") or ""),
        )

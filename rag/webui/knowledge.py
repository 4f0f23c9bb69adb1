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
    """A file in a knowledge base."""

    id: str
    owner: str
    name: str
    text_hash: str
    """SHA-256 of the text that Open WebUI keeps of it; another one when the text was edited. '' before it was read."""
    changed_at: int

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> "KnowledgeFile":
        """From an item of ``GET /api/v1/knowledge/{id}/files``."""
        name = str((item.get("meta") or {}).get("name") or item["filename"])
        return cls(str(item["id"]), str(item["user_id"]), name, str(item.get("hash") or ""), int(item.get("updated_at") or 0))

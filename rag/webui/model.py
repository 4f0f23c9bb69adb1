"""The record that makes Paper Finder a model in Open WebUI's picker."""

from collections.abc import Mapping
from typing import Any

MODEL_ID = "paper-finder"

# Open WebUI's own retrieval would rewrite the question, and its tools would go out with every message.
NEEDED_CAPABILITIES = {"file_context": False, "builtin_tools": False}

# The first page's suggestions: two lines of title, and what is asked.
SUGGESTIONS: tuple[dict[str, Any], ...] = (
    {
        "title": ["Find papers on", "low-resource machine translation"],
        "content": "find me papers on low-resource machine translation with transformers",
    },
    {"title": ["用中文提问", "基于Transformer的低资源机器翻译"], "content": "基于Transformer的低资源机器翻译方法"},
    {"title": ["Only newer ones", "medical image segmentation"], "content": "papers on medical image segmentation since 2015"},
    {
        "title": ["The best five", "consensus in distributed systems"],
        "content": "top 5 papers on consensus in distributed systems",
    },
    {"title": ["What can you do?", "a short introduction"], "content": "What can you do?"},
)


def model_record() -> dict[str, Any]:
    """The body of ``POST /api/v1/models/create``: readable by every user."""
    return {
        "id": MODEL_ID,
        "base_model_id": None,
        "name": "Paper Finder",
        "params": {},
        "meta": {
            "description": "Finds real papers in your library and cites every one of them. Ask in English or Chinese.",
            "capabilities": {"citations": True, **NEEDED_CAPABILITIES},
            "suggestion_prompts": list(SUGGESTIONS),
        },
        "access_grants": [{"principal_type": "user", "principal_id": "*", "permission": "read"}],
        "is_active": True,
    }


def put_right(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with the two capabilities that must be off; everything else is the operator's."""
    meta = dict(record.get("meta") or {})
    meta["capabilities"] = {**(meta.get("capabilities") or {}), **NEEDED_CAPABILITIES}
    return {**record, "meta": meta}

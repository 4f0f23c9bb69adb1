"""What a person attached to a chat. Open WebUI tells it to the inlet alone, which hands it on inside the body."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rag.access import Attached

KEY = "paper_finder"
"""The key of the body in which the inlet leaves what was attached."""
MOST = 100
_ID = re.compile(r"[\w-]{1,100}", re.ASCII)


def with_attached(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a chat with what is attached to it where ``/chat/completions`` finds it: the rest is dropped on the way."""
    found = {kind: sorted(ids) for kind, ids in _items(body).items() if ids}
    return {**body, KEY: {"attached": found}} if found else dict(body)


def attached_of(extra: object) -> Attached:
    """What the inlet left under ``KEY``; nothing when it is not of that form, for anybody may write it."""
    attached = extra.get("attached") if isinstance(extra, Mapping) else None
    if not isinstance(attached, Mapping):
        return Attached()
    return Attached(_ids(attached.get("file")), _ids(attached.get("collection")))


def _items(body: Mapping[str, Any]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {"file": set(), "collection": set()}
    metadata = body.get("metadata")
    for place in (body, metadata if isinstance(metadata, Mapping) else {}):
        for item in _mappings(place.get("files")):
            kind, identity = item.get("type", "file"), item.get("id")
            if kind in found and isinstance(identity, str) and identity:
                found[kind].add(identity)
    return found


def _mappings(items: object) -> Iterator[Mapping[str, Any]]:
    yield from (item for item in (items if isinstance(items, list) else []) if isinstance(item, Mapping))


def _ids(given: object) -> frozenset[str]:
    listed = given if isinstance(given, list) else []
    return frozenset(one for one in listed[:MOST] if isinstance(one, str) and _ID.fullmatch(one))

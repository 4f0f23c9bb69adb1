"""What Open WebUI tells the inlet alone, which hands it on inside the body: what a person attached to a chat, and the
conversation that a background task is about, of which the task's own text has only the beginning and the end of each message.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rag.access import Attached

KEY = "paper_finder"
"""The key of the body in which the inlet leaves it."""
MOST = 100
_ID = re.compile(r"[\w-]{1,100}", re.ASCII)


def with_attached(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a chat with what is told of it where ``/chat/completions`` finds it: the rest is dropped on the way."""
    attached = {kind: sorted(ids) for kind, ids in _items(body).items() if ids}
    task = _mapping(_mapping(body.get("metadata")).get("task_body"))
    told = {"attached": attached, "conversation": list(_mappings(task.get("messages")))}
    told = {name: value for name, value in told.items() if value}
    return {**body, KEY: told} if told else dict(body)


def attached_of(extra: object) -> Attached:
    """What the inlet left under ``KEY``; nothing when it is not of that form, for anybody may write it."""
    attached = _mapping(_mapping(extra).get("attached"))
    return Attached(_ids(attached.get("file")), _ids(attached.get("collection")))


def conversation_of(extra: object) -> list[Mapping[str, Any]]:
    """The conversation that a task is about, as the inlet left it under ``KEY``; none when it is no task."""
    return list(_mappings(_mapping(extra).get("conversation")))


def _items(body: Mapping[str, Any]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {"file": set(), "collection": set()}
    for place in (body, _mapping(body.get("metadata"))):
        for item in _mappings(place.get("files")):
            kind, identity = item.get("type", "file"), item.get("id")
            if kind in found and isinstance(identity, str) and identity:
                found[kind].add(identity)
    return found


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _mappings(items: object) -> Iterator[Mapping[str, Any]]:
    yield from (item for item in (items if isinstance(items, list) else []) if isinstance(item, Mapping))


def _ids(given: object) -> frozenset[str]:
    listed = given if isinstance(given, list) else []
    return frozenset(one for one in listed[:MOST] if isinstance(one, str) and _ID.fullmatch(one))

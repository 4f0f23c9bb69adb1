"""Open WebUI's list of model connections, and our entry in it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rag.webui.loader import USER_HEADER

KEY_HEADER = "X-Paper-Finder-Key"


@dataclass(frozen=True)
class Connection:
    """One OpenAI-compatible server; ``config`` is what Open WebUI keeps beside address and key."""

    url: str
    key: str
    config: Mapping[str, Any]


def our_connection(service_url: str, service_key: str) -> Connection:
    """Our entry: the caller's own session is forwarded, and Open WebUI itself is known by the service key."""
    config = {
        "enable": True,
        "auth_type": "session",
        "connection_type": "local",
        "headers": {
            KEY_HEADER: service_key,
            USER_HEADER: "{{USER_ID}}",
            "X-Paper-Finder-Task": "{{TASK}}",
            "X-Paper-Finder-Chat": "{{CHAT_ID}}",
            "X-Paper-Finder-Message": "{{MESSAGE_ID}}",
        },
    }
    # The key goes to inlet and outlet, which Open WebUI skips for a connection without one.
    return Connection(f"{service_url}/v1", service_key, config)


@dataclass(frozen=True)
class Connections:
    """All connections in their order. Open WebUI keys what it keeps beside each by its position."""

    enabled: bool
    entries: tuple[Connection, ...]

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Connections":
        """From the body of ``GET /openai/config``."""
        urls = body["OPENAI_API_BASE_URLS"]
        keys = [*body["OPENAI_API_KEYS"], *[""] * len(urls)]
        configs = body["OPENAI_API_CONFIGS"]
        entries = (Connection(url, keys[place], configs.get(str(place), {})) for place, url in enumerate(urls))
        return cls(bool(body["ENABLE_OPENAI_API"]), tuple(entries))

    def to_json(self) -> dict[str, Any]:
        """The body of ``POST /openai/config/update``."""
        return {
            "ENABLE_OPENAI_API": self.enabled,
            "OPENAI_API_BASE_URLS": [entry.url for entry in self.entries],
            "OPENAI_API_KEYS": [entry.key for entry in self.entries],
            "OPENAI_API_CONFIGS": {str(place): dict(entry.config) for place, entry in enumerate(self.entries)},
        }

    def with_ours(self, ours: Connection) -> "Connections":
        """Our entry put right where it stands, or added at the end; every other entry keeps its place."""
        places = [place for place, entry in enumerate(self.entries) if _is_ours(entry, ours)]
        if not places:
            return replace(self, entries=(*self.entries, ours))
        place = places[0]
        return replace(self, entries=(*self.entries[:place], _put_right(self.entries[place], ours), *self.entries[place + 1 :]))


def _is_ours(entry: Connection, ours: Connection) -> bool:
    return KEY_HEADER in (entry.config.get("headers") or {}) or entry.url.rstrip("/") == ours.url


def _put_right(entry: Connection, ours: Connection) -> Connection:
    """What the connection needs to work is ours to set; whether it is on, its tags and the like are the operator's."""
    headers = {**(entry.config.get("headers") or {}), **ours.config["headers"]}
    needed = {"auth_type": ours.config["auth_type"], "headers": headers}
    return replace(ours, config={**ours.config, **entry.config, **needed})

"""OpenAI's chat-completion objects, with Open WebUI's events in an envelope that OpenAI clients accept."""

import json
import time
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

Piece = str | dict[str, Any]
"""A piece of an answer: text, or ``{"event": …}`` for Open WebUI."""

# No language model reads or writes here.
_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


class Completion:
    """One answer's id, model and time, which all of its chunks repeat."""

    def __init__(self, model: str) -> None:
        self._common = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": model}

    def text(self, content: str) -> dict[str, Any]:
        """A chunk with a piece of the answer."""
        return self._chunk([{"index": 0, "delta": {"role": "assistant", "content": content}, "finish_reason": None}])

    def event(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """A chunk with an Open WebUI event and no choices, as OpenAI's own usage chunks have none."""
        return {**self._chunk([]), "event": dict(event)}

    def end(self) -> dict[str, Any]:
        """The last chunk."""
        return self._chunk([{"index": 0, "delta": {}, "finish_reason": "stop"}])

    def usage(self) -> dict[str, Any]:
        """The chunk that ``stream_options.include_usage`` asks for."""
        return {**self._chunk([]), "usage": _USAGE}

    def whole(self, pieces: Iterable[Piece]) -> dict[str, Any]:
        """The answer in one piece, with its citations at top level."""
        text: list[str] = []
        sources: list[Any] = []
        for piece in pieces:
            if isinstance(piece, str):
                text.append(piece)
            elif piece["event"]["type"] == "source":
                sources.append(piece["event"]["data"])
        choice = {"index": 0, "message": {"role": "assistant", "content": "".join(text)}, "finish_reason": "stop"}
        return {**self._common, "object": "chat.completion", "choices": [choice], "usage": _USAGE, "sources": sources}

    def _chunk(self, choices: list[dict[str, Any]]) -> dict[str, Any]:
        return {**self._common, "object": "chat.completion.chunk", "choices": choices}


def server_sent(chunk: Mapping[str, Any]) -> str:
    """A chunk as a server-sent event."""
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"

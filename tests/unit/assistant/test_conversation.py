"""Messages of a chat request."""

from typing import Any

from rag.assistant import Message, messages_from


def test_messages_are_read_from_strings_parts_and_nothing() -> None:
    body: list[dict[str, Any]] = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": [{"type": "text", "text": "one"}, {"type": "image_url", "image_url": {"url": "data:"}}]},
        {"role": "user", "content": [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}, {"type": "text"}, "x"]},
        {"role": "assistant", "content": None},
        {"content": 3},
        {},
    ]
    assert messages_from(body) == (
        Message("system", "Be kind."),
        Message("user", "one", images=1),
        Message("user", "one\ntwo"),
        Message("assistant", ""),
        Message("user", ""),
        Message("user", ""),
    )

"""The service with a chat model: streamed through, ended when the reader leaves, said at ``/health``, missed by nobody."""

import json
from collections.abc import Iterator

import httpx
import pytest

from rag.chat_model.testing import FakeChatServer, hangs_after, says
from rag.stack.testing import wait_until
from tests.integration.api.conftest import KEY, Service, leave_during_the_search, running

QUESTION = {"model": "paper-finder", "messages": [{"role": "user", "content": "papers on word embeddings"}]}


@pytest.fixture
def server() -> FakeChatServer:
    return FakeChatServer(says("Words become vectors", " [1]. Ghosts [99]."))


@pytest.fixture
def writing(service: Service, server: FakeChatServer) -> Iterator[httpx.Client]:
    """A client of a service that has ``server`` as its chat model."""
    with server.running() as address:
        settings = service.settings.model_copy(update={"chat": address, "chat_seconds": 30.0})
        with (
            running(settings) as url,
            httpx.Client(base_url=url, headers={"Authorization": f"Bearer {KEY}"}, timeout=60) as client,
        ):
            wait_until(lambda: client.get("/ready").is_success, 120)
            yield client


def streamed(client: httpx.Client) -> Iterator[str]:
    """The events and words of an answer as they come."""
    with client.stream("POST", "/v1/chat/completions", json={**QUESTION, "stream": True}) as answer:
        for line in answer.iter_lines():
            if line.startswith("data: {"):
                chunk = json.loads(line.removeprefix("data: "))
                yield chunk["event"]["type"] if "event" in chunk else chunk["choices"][0]["delta"].get("content", "")


def test_the_text_comes_after_the_sources_and_before_the_list(writing: httpx.Client) -> None:
    pieces = list(streamed(writing))
    text = "".join(piece for piece in pieces if piece not in ("status", "source"))
    assert pieces.index("source") < next(place for place, piece in enumerate(pieces) if "Understood" in piece)
    assert text.index("**In short**") < text.index("Words become vectors [1].") < text.index("\n1. [")
    assert "Ghosts" not in text
    assert writing.get("/health").json()["chat"] == "on"


def test_a_whole_answer_has_it_too(writing: httpx.Client) -> None:
    answer = writing.post("/v1/chat/completions", json=QUESTION).json()
    assert "Words become vectors [1]." in answer["choices"][0]["message"]["content"]
    assert len(answer["sources"]) == 10


def test_the_model_stops_when_the_reader_leaves_a_stream(writing: httpx.Client, server: FakeChatServer) -> None:
    server.script = hangs_after("Words become vectors [1]. Next")
    pieces = streamed(writing)
    assert any("vectors" in piece for piece in pieces)
    assert not server.left.is_set()
    pieces.close()  # type: ignore[attr-defined]
    assert server.left.wait(10)


def test_the_model_stops_when_the_reader_leaves_a_whole_answer(writing: httpx.Client, server: FakeChatServer) -> None:
    server.script = hangs_after("Words become vectors [1]. Next")
    with pytest.raises(httpx.ReadTimeout):
        writing.post("/v1/chat/completions", json=QUESTION, timeout=2)
    assert server.left.wait(10)


@pytest.mark.parametrize("stream", [True, False], ids=["a stream", "a whole answer"])
def test_the_search_stops_when_the_reader_leaves_it(
    writing: httpx.Client, server: FakeChatServer, service: Service, *, stream: bool
) -> None:
    leave_during_the_search(writing, service, {**QUESTION, "stream": stream})
    # The next reader is answered, and the model asked for that one alone.
    assert "Words become vectors [1]." in "".join(streamed(writing))
    assert len(server.requests) == 1

"""The client: instruction, batches, windows, dimensions, sync and async."""

import asyncio
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.embeddings import openai_client as module
from rag.embeddings.endpoint import Endpoint
from rag.embeddings.openai_client import OpenAIEmbedder
from rag.embeddings.profiles import Profile, profile_for
from rag.embeddings.testing import FakeServer, bag_of_words
from rag.embeddings.vectors import cut
from rag.errors import ConfigurationError, EmbeddingError, EmbeddingUnavailableError

pytestmark = pytest.mark.anyio
Connect = Callable[..., OpenAIEmbedder]


@pytest.fixture
def connect() -> Iterator[Connect]:
    opened: list[OpenAIEmbedder] = []

    def open_one(server: FakeServer, **options: Any) -> OpenAIEmbedder:
        embedder = OpenAIEmbedder("http://fake/v1", server.model, transport=server.transport(), pause=0.001, **options)
        opened.append(embedder)
        return embedder

    yield open_one
    for embedder in opened:
        embedder.close()


def test_an_unknown_model_is_asked_for_its_dimensions(connect: Connect) -> None:
    embedder = connect(FakeServer(dimensions=48))
    assert embedder.dimensions == 48
    np.testing.assert_allclose(embedder.encode_documents(["a b"]), bag_of_words(["a b"], 48), atol=1e-6)


def test_a_known_model_is_not_asked_at_start(connect: Connect) -> None:
    server = FakeServer(model="Qwen/Qwen3-Embedding-4B", dimensions=2560)
    embedder = connect(server)
    assert embedder.dimensions == 2560
    assert embedder.multilingual
    assert server.requests == []
    embedder.encode_queries(["graph nets"])
    assert server.requests[0]["input"] == [profile_for(server.model).query("graph nets")]
    assert "dimensions" not in server.requests[0]


@pytest.mark.parametrize("manner", ["native", "ignored", "refused"])
def test_fewer_dimensions_come_out_whatever_the_server_can(connect: Connect, manner: str) -> None:
    embedder = connect(FakeServer(matryoshka=manner), dimensions=16)  # type: ignore[arg-type]
    expected = cut(bag_of_words(["a b", "c"], 64), 16)
    for _ in range(2):
        np.testing.assert_allclose(embedder.encode_documents(["a b", "c"]), expected, atol=1e-6)


def test_a_server_shaped_like_ollama_gives_instructed_questions_in_the_size_wanted(connect: Connect) -> None:
    server = FakeServer(model="qwen3-embedding:4b", dimensions=2560, matryoshka="ignored", encoding="float")
    assert connect(server).dimensions == 2560  # its name does not say: the server was asked
    embedder = connect(server, dimensions=512)
    expected = cut(bag_of_words(["a b", "图"], 2560), 512)
    np.testing.assert_allclose(embedder.encode_documents(["a b", "图"]), expected, atol=1e-6)
    assert embedder.encode_queries(["nets"]).shape == (1, 512)
    assert server.requests[-1]["input"] == [profile_for(server.model).query("nets")]
    other = OpenAIEmbedder("http://fake/v1", "qwen3-embedding:8b", dimensions=512, transport=server.transport())
    with pytest.raises(EmbeddingError, match=r"does not know the model 'qwen3-embedding:8b'"):
        other.encode_documents(["a"])
    other.close()


def test_more_dimensions_than_the_model_has_are_an_error(connect: Connect) -> None:
    embedder = connect(FakeServer(dimensions=384, matryoshka="ignored"), dimensions=512)
    with pytest.raises(EmbeddingError, match=r"The model answered 384 numbers, PAPER_FINDER_DIMENSIONS says 512\."):
        embedder.encode_documents(["a"])


@pytest.mark.parametrize(
    ("dimensions", "message"),
    [
        (4000, "PAPER_FINDER_DIMENSIONS is 4000, but Qwen/Qwen3-Embedding-4B has only 2560"),
        (16, "PAPER_FINDER_DIMENSIONS is 16; Qwen/Qwen3-Embedding-4B was trained for 32 to 2560"),
    ],
)
def test_dimensions_that_a_known_model_cannot_be_cut_to_are_refused(connect: Connect, dimensions: int, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        connect(FakeServer(model="Qwen/Qwen3-Embedding-4B", dimensions=2560), dimensions=dimensions)


def test_each_window_of_a_document_has_the_prefix(connect: Connect) -> None:
    server = FakeServer(model="multilingual-e5-small", dimensions=384, max_tokens=40)
    vectors = connect(server).encode_documents(["word " * 200])
    windows = [text for request in server.requests for text in request["input"]]
    assert vectors.shape == (1, 384)
    assert len(windows) > 4
    assert all(text.startswith("passage: ") for text in windows)


def test_a_known_model_that_answers_another_length_is_an_error(connect: Connect) -> None:
    with pytest.raises(EmbeddingError, match=r"'qwen3-embedding-0\.6b' answered 64 numbers instead of 1024"):
        connect(FakeServer(model="qwen3-embedding-0.6b")).encode_documents(["a"])


def test_batches_are_bounded_by_number_and_by_tokens(connect: Connect) -> None:
    server = FakeServer()
    embedder = connect(server, dimensions=64)
    embedder.encode_documents([f"word{number}" for number in range(150)])
    assert sorted(len(request["input"]) for request in server.requests) == [22, 64, 64]
    server.requests.clear()
    long = connect(server, dimensions=64, profile=Profile("", 64, 32_768, "{query}", multilingual=False, relevance_floor=0))
    long.encode_documents(["word " * 6000, "word " * 6000, "word " * 6000])
    assert sorted(len(request["input"]) for request in server.requests) == [1, 2]


def test_rows_keep_the_order_of_many_batches(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH_TEXTS", 3)
    texts = [f"text number {number}" for number in range(40)]
    server = FakeServer(failures=[503, 500, 429], shuffled=True)
    np.testing.assert_allclose(connect(server, dimensions=64).encode_documents(texts), bag_of_words(texts, 64), atol=1e-6)


def test_requests_at_once_are_bounded(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH_TEXTS", 1)
    server = FakeServer(delay=0.001)
    connect(server, dimensions=64).encode_documents([f"text {number}" for number in range(60)])
    assert 1 < server.most_at_once <= module.CONCURRENCY


@pytest.mark.parametrize("states_limit", [True, False])
def test_texts_of_any_length_pass_a_server_with_a_short_context(connect: Connect, states_limit: bool) -> None:
    server = FakeServer(max_tokens=40, states_limit=states_limit)
    texts = ["word " * 1000, "short", "a b c d e f g h i j " * 30, "机器翻译" * 100]
    vectors = connect(server, dimensions=64).encode_documents(texts)
    assert vectors.shape == (4, 64)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    # A window may end within a word, hence only nearly.
    assert ((vectors[:2] * bag_of_words(["word", "short"], 64)).sum(1) > 0.99).all()


def test_a_server_that_finds_everything_too_long_is_an_error(connect: Connect) -> None:
    with pytest.raises(EmbeddingError, match="too long"):
        connect(FakeServer(max_tokens=0, states_limit=False), dimensions=64).encode_documents(["word " * 100])
    embedder = OpenAIEmbedder(
        "http://fake/v1",
        "m",
        dimensions=64,
        transport=httpx.MockTransport(lambda _: httpx.Response(400, json={"error": "maximum context length is 1 tokens"})),
    )
    with pytest.raises(EmbeddingError, match="too long"):
        embedder.encode_documents(["word " * 100])
    embedder.close()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=120), min_size=1, max_size=5))
def test_windows_of_a_short_text_equal_its_plain_embedding(texts: list[str]) -> None:
    server = FakeServer()
    embedder = OpenAIEmbedder("http://fake/v1", server.model, dimensions=64, transport=server.transport())
    np.testing.assert_allclose(embedder.encode_documents(texts), bag_of_words(texts, 64), atol=1e-5)
    embedder.close()


async def test_several_loops_and_threads_share_one_client(connect: Connect) -> None:
    embedder = connect(FakeServer(), dimensions=64)
    expected = bag_of_words(["a"], 64)
    np.testing.assert_allclose(await embedder.aencode_documents(["a"]), expected, atol=1e-6)
    other = await asyncio.to_thread(lambda: asyncio.run(embedder.aencode_documents(["a"])))
    np.testing.assert_allclose(other, expected, atol=1e-6)
    np.testing.assert_allclose(await asyncio.to_thread(embedder.encode_documents, ["a"]), expected, atol=1e-6)


async def test_a_cancelled_caller_ends_its_requests() -> None:
    log: list[str] = []
    arrived, ended = Event(), Event()

    class Hanging(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/models"):
                return httpx.Response(404)
            arrived.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                log.append("cancelled")
                raise
            finally:
                ended.set()
            raise AssertionError

    embedder = OpenAIEmbedder("http://fake/v1", "m", dimensions=4, transport=Hanging())
    waiting = asyncio.ensure_future(embedder.aencode_documents(["a"]))
    assert await asyncio.to_thread(arrived.wait, 10)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await asyncio.to_thread(ended.wait, 10)
    assert log == ["cancelled"]
    await embedder.aclose()


def test_the_first_failure_is_raised_plain(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH_TEXTS", 1)
    with pytest.raises(EmbeddingError, match="zeros"):
        connect(FakeServer(fault="zero"), dimensions=64).encode_documents(["a", "b", "c"])


def test_a_server_that_returns_is_used_again(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.embeddings.endpoint.IMPATIENCE", 0.01)
    server = FakeServer(failures=[503] * 1000)
    embedder = connect(server, dimensions=64)
    with pytest.raises(EmbeddingUnavailableError):
        embedder.encode_documents(["a"])
    server.failures.clear()
    assert embedder.encode_documents(["a"]).shape == (1, 64)


@pytest.mark.parametrize("url", ["vllm", "ftp://host/v1", "http://", "http://[::1"])
def test_what_is_no_url_is_said(url: str) -> None:
    with pytest.raises(ConfigurationError, match="PAPER_FINDER_EMBEDDINGS"):
        OpenAIEmbedder(url, "model")


def test_a_model_must_be_named() -> None:
    with pytest.raises(ConfigurationError, match="PAPER_FINDER_MODEL"):
        OpenAIEmbedder("http://fake/v1", "")


@pytest.mark.parametrize("url", ["http://fake/v1", "http://fake/v1/", "http://fake/v1/embeddings", "http://fake/v1/embeddings/"])
def test_the_url_may_end_in_any_way(url: str) -> None:
    server = FakeServer()
    embedder = OpenAIEmbedder(url, server.model, transport=server.transport())
    assert embedder.dimensions == 64
    embedder.close()


def test_usage_is_an_estimate(connect: Connect) -> None:
    assert connect(FakeServer(), dimensions=64).count_tokens(["word " * 4, "机器"]) == 7


def test_the_client_closes_its_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[bool] = []

    async def note(_: Endpoint) -> None:
        closed.append(True)

    monkeypatch.setattr(Endpoint, "close", note)
    embedder = OpenAIEmbedder("http://fake/v1", "m", dimensions=4)
    embedder.close()
    embedder.close()
    assert closed == [True]


def test_the_context_is_asked_again_when_the_server_was_away() -> None:
    server = FakeServer(max_tokens=20)
    away = [True]

    class Returning(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/models") and away:
                away.pop()
                raise httpx.ConnectError("refused")
            return await server.transport().handle_async_request(request)

    embedder = OpenAIEmbedder("http://fake/v1", server.model, dimensions=64, transport=Returning())
    embedder.encode_documents(["short"])
    embedder.encode_documents(["word " * 60])
    embedder.close()
    assert max(len(text.split()) for request in server.requests for text in request["input"]) <= 20

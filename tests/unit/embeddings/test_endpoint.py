"""A request to an embedding server, its retries, and what is believed of the answer."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import numpy as np
import pytest

from rag.embeddings import endpoint as module
from rag.embeddings.endpoint import Endpoint, TooLongError
from rag.embeddings.testing import FakeServer, bag_of_words
from rag.embeddings.vectors import Matrix
from rag.errors import EmbeddingError, EmbeddingUnavailableError

pytestmark = pytest.mark.anyio
TEXTS = ["graph neural networks", "machine translation", "图神经网络"]


def endpoint_of(server: FakeServer, key: str | None = None) -> Endpoint:
    return Endpoint("http://fake/v1", server.model, key, transport=server.transport(), pause=0.001)


async def embed(server: FakeServer, dimensions: int | None = None) -> Matrix:
    return await endpoint_of(server).embed(TEXTS, dimensions, urgent=False)


@pytest.mark.parametrize(
    "server", [FakeServer(), FakeServer(encoding="float"), FakeServer(encoding="refused"), FakeServer(shuffled=True)]
)
async def test_vectors_come_in_order_however_they_are_written(server: FakeServer) -> None:
    np.testing.assert_allclose(await embed(server), bag_of_words(TEXTS, 64), atol=1e-6)


async def test_a_refused_encoding_is_not_asked_for_again() -> None:
    server = FakeServer(encoding="refused")
    endpoint = endpoint_of(server)
    for _ in range(2):
        await endpoint.embed(TEXTS, None, urgent=False)
    assert ["encoding_format" in request for request in server.requests] == [True, False, False]


async def test_dimensions_are_asked_of_a_server_that_takes_them() -> None:
    server = FakeServer()
    assert (await embed(server, 16)).shape == (3, 16)
    assert server.requests[0]["dimensions"] == 16


@pytest.mark.parametrize("manner", ["ignored", "refused"])
async def test_a_server_that_does_not_take_dimensions_is_asked_once(manner: str) -> None:
    server = FakeServer(matryoshka=manner)  # type: ignore[arg-type]
    endpoint = endpoint_of(server)
    for _ in range(2):
        assert (await endpoint.embed(TEXTS, 16, urgent=False)).shape == (3, 64)
    assert ["dimensions" in request for request in server.requests] == (
        [True, False] if manner == "ignored" else [True, False, False]
    )


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 408])
async def test_a_passing_failure_is_tried_again(status: int) -> None:
    server = FakeServer(failures=[status, status])
    assert (await embed(server)).shape == (3, 64)
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [400, 402, 413])
async def test_a_refusal_is_not_tried_again(status: int) -> None:
    server = FakeServer(failures=[status] * 10)
    with pytest.raises(EmbeddingError, match=f"answers {status}: told to fail"):
        await embed(server)
    assert len(server.requests) <= 2  # a 400 once more, without the optional field


async def test_retry_after_is_honoured(caplog: pytest.LogCaptureFixture) -> None:
    server = FakeServer(failures=[429], retry_after="0")
    await Endpoint("http://fake/v1", server.model, None, transport=server.transport(), pause=60).embed(TEXTS, None, urgent=True)
    assert "Trying again in 0.0 s." in caplog.text


async def test_a_pause_longer_than_the_patience_is_not_waited_for() -> None:
    server = FakeServer(failures=[429], retry_after=str(module.IMPATIENCE + 1).removesuffix(".0"))
    with pytest.raises(EmbeddingUnavailableError, match="answers 429"):
        await embed(server)
    assert len(server.requests) == 1


def test_retry_after_is_a_number_or_a_date() -> None:
    assert module._retry_after("7") == 7
    assert module._retry_after("7000") == module.LONGEST_PAUSE
    assert module._retry_after("") is None
    assert module._retry_after("soon") is None
    in_ten = module._retry_after(format_datetime(datetime.now(UTC) + timedelta(seconds=10), usegmt=True))
    assert in_ten is not None
    assert 5 < in_ten <= 10


async def test_an_unreachable_server_is_named_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IMPATIENCE", 0.05)

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Connection refused", request=request)

    endpoint = Endpoint("http://fake:1/v1", "m", None, transport=httpx.MockTransport(refuse), pause=0.001)
    expected = re.escape(
        "The embedding server at http://fake:1/v1 cannot be reached (Connection refused). Check PAPER_FINDER_EMBEDDINGS"
    )
    with pytest.raises(EmbeddingUnavailableError, match=expected):
        await endpoint.embed(TEXTS, None, urgent=False)


async def test_a_server_that_keeps_failing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IMPATIENCE", 0.05)
    with pytest.raises(EmbeddingUnavailableError, match="answers 503: told to fail"):
        await embed(FakeServer(failures=[503] * 100))


async def test_a_broken_connection_is_tried_again() -> None:
    server = FakeServer()
    breaks = [httpx.ReadError("reset"), httpx.ReadTimeout("slow"), httpx.RemoteProtocolError("gone")]

    class Breaking(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if breaks:
                raise breaks.pop()
            return await server.transport().handle_async_request(request)

    endpoint = Endpoint("http://fake/v1", server.model, None, transport=Breaking(), pause=0.001)
    assert (await endpoint.embed(TEXTS, None, urgent=False)).shape == (3, 64)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("nan", r"hold no numbers \(NaN\)"),
        ("zero", "a vector of zeros"),
        ("too few", "answered 2 vectors to 3 texts"),
        ("ragged", "of different lengths"),
        ("no json", "no list of embeddings"),
        ("not base64", "no base64"),
    ],
)
async def test_an_answer_that_cannot_be_right_is_refused(fault: str, message: str) -> None:
    with pytest.raises(EmbeddingError, match=message):
        await embed(FakeServer(fault=fault))  # type: ignore[arg-type]


async def test_a_wrong_key_and_a_wrong_model_say_what_to_set() -> None:
    with pytest.raises(EmbeddingError, match=r"refuses the key\. Set PAPER_FINDER_EMBEDDINGS_KEY"):
        await endpoint_of(FakeServer(key="right"), "wrong").embed(TEXTS, None, urgent=False)
    server = FakeServer()
    with pytest.raises(EmbeddingError, match=r"does not know the model 'other'.*PAPER_FINDER_MODEL"):
        await Endpoint("http://fake/v1", "other", None, transport=server.transport()).embed(TEXTS, None, urgent=False)


async def test_the_key_is_sent() -> None:
    assert (await endpoint_of(FakeServer(key="right"), "right").embed(TEXTS, None, urgent=False)).shape == (3, 64)


@pytest.mark.parametrize(
    ("status", "message", "limit"),
    [
        (400, "This model's maximum context length is 256 tokens. However, you requested 312 tokens in the input.", 256),
        (
            400,
            "You passed 301 input tokens and requested 0 output tokens. However, the model's context length is only 256 tokens",
            256,
        ),
        (413, "Input validation error: `inputs` must have less than 512 tokens. Given: 600", 512),
        (500, "input (600 tokens) is too large to process. increase the physical batch size (current batch size: 512)", 512),
        (400, "the input length exceeds the context length", None),
        (422, "batch size 64 > maximum allowed batch size 32", None),
    ],
)
async def test_too_long_is_understood_from_every_server(status: int, message: str, limit: int | None) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(status, json={"error": {"message": message}}))
    with pytest.raises(TooLongError) as caught:
        await Endpoint("http://fake/v1", "m", None, transport=transport).embed(TEXTS, 16, urgent=False)
    assert caught.value.limit == limit


async def test_the_context_is_asked_of_the_server() -> None:
    assert await endpoint_of(FakeServer(max_tokens=256)).context() == 256
    assert await endpoint_of(FakeServer(max_tokens=256, states_limit=False)).context() is None
    for answer in (httpx.Response(404), httpx.Response(200, text="<html>"), httpx.Response(200, json=[])):
        transport = httpx.MockTransport(lambda _, answer=answer: answer)
        assert await Endpoint("http://fake/v1", "m", None, transport=transport).context() is None

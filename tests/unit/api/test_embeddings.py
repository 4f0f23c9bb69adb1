"""``/v1/embeddings`` answers as OpenAI's does."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from rag.api import embeddings as module
from rag.api.app import create_app
from rag.api.auth import Caller, caller_of
from rag.embeddings.testing import FakeEmbedder, bag_of_words
from rag.embeddings.vectors import cut
from rag.errors import EmbeddingUnavailableError
from rag.settings import Settings

pytestmark = pytest.mark.anyio


@pytest.fixture
def embedder() -> FakeEmbedder:
    return FakeEmbedder(16, model="some/model")


@pytest.fixture
async def client(embedder: FakeEmbedder, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(Settings(home=tmp_path))
    app.dependency_overrides[module.embedder_of] = lambda: embedder
    app.dependency_overrides[caller_of] = Caller
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client:
        yield client


async def post(client: httpx.AsyncClient, body: object, status: int = 200, path: str = "/v1/embeddings") -> dict[str, Any]:
    response = await client.post(path, json=body)
    assert response.status_code == status, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def refusal(client: httpx.AsyncClient, body: object, status: int = 400) -> str:
    error = (await post(client, body, status))["error"]
    assert set(error) == {"message", "type", "code", "param"}
    return str(error["message"])


@pytest.mark.parametrize("path", ["/v1/embeddings", "/embeddings"])
async def test_vectors_come_in_openai_s_form(client: httpx.AsyncClient, path: str) -> None:
    answer = await post(client, {"input": ["a b", "c", "a b"], "model": "embedding"}, path=path)
    assert answer["object"] == "list"
    assert answer["model"] == "embedding"
    assert answer["usage"] == {"prompt_tokens": 5, "total_tokens": 5}
    assert [(row["object"], row["index"]) for row in answer["data"]] == [("embedding", 0), ("embedding", 1), ("embedding", 2)]
    vectors = np.array([row["embedding"] for row in answer["data"]], np.float32)
    np.testing.assert_array_equal(vectors, bag_of_words(["a b", "c", "a b"], 16))


async def test_one_text_is_taken_and_nothing_is_added_to_it(client: httpx.AsyncClient, embedder: FakeEmbedder) -> None:
    answer = await post(client, {"input": "Query:x", "model": "some/model", "user": "me"})
    assert len(answer["data"]) == 1
    assert embedder.calls == [["Query:x"]]


async def test_base64_holds_the_same_numbers(client: httpx.AsyncClient) -> None:
    answer = await post(client, {"input": "a", "model": "embedding", "encoding_format": "base64"})
    raw = base64.b64decode(answer["data"][0]["embedding"])
    np.testing.assert_array_equal(np.frombuffer(raw, "<f4"), bag_of_words(["a"], 16)[0])


async def test_fewer_dimensions_are_cut_to_unit_length(client: httpx.AsyncClient) -> None:
    answer = await post(client, {"input": "a", "model": "embedding", "dimensions": 4})
    np.testing.assert_allclose(answer["data"][0]["embedding"], cut(bag_of_words(["a"], 16), 4)[0], atol=1e-6)


async def test_whoever_sends_a_text_again_waits_as_long_as_the_first(client: httpx.AsyncClient, embedder: FakeEmbedder) -> None:
    """Open WebUI embeds everybody's uploads here: a remembered text would tell that somebody else has it."""
    first = await post(client, {"input": ["a", "b"], "model": "embedding"})
    again = await post(client, {"input": ["b", "a", "c"], "model": "embedding"})
    await embedder.aencode_queries(["a"])
    await post(client, {"input": "a", "model": "embedding"})
    assert embedder.calls == [["a", "b"], ["b", "a", "c"], ["a"], ["a"]]
    assert again["data"][0]["embedding"] == first["data"][1]["embedding"]


async def test_another_model_is_not_found(client: httpx.AsyncClient, embedder: FakeEmbedder) -> None:
    message = await refusal(client, {"input": "a", "model": "text-embedding-3-small"}, 404)
    assert message == "There is no embedding model named 'text-embedding-3-small'. Ask for 'embedding' or 'some/model'."
    assert embedder.calls == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"input": [1, 2, 3]}, "token numbers are not taken"),
        ({"input": [[1, 2], [3]]}, "token numbers are not taken"),
        ({"input": []}, "input: an empty list"),
        ({"input": ["a"] * 2049}, "input: 2049 texts; at most 2048"),
        ({"input": {"text": "a"}}, "input: "),
        ({"input": ["a", None]}, "input: "),
        ({}, "input: Field required"),
        ({"input": "a", "dimensions": 17}, "dimensions: 17 is more than the 16 of 'some/model'"),
        ({"input": "a", "dimensions": 0}, "dimensions: "),
        ({"input": "a", "encoding_format": "hex"}, "encoding_format: "),
        ({"input": "a", "model": None}, "model: "),
    ],
)
async def test_a_wrong_body_is_told_what_is_wrong(
    client: httpx.AsyncClient, embedder: FakeEmbedder, body: dict[str, Any], message: str
) -> None:
    assert message in await refusal(client, {"model": "embedding", **body})
    assert embedder.calls == []


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b'"a"', b"[" * 100_000])
async def test_a_body_that_is_no_object_is_told_so(client: httpx.AsyncClient, content: bytes) -> None:
    response = await client.post("/v1/embeddings", content=content)
    assert response.status_code == 400
    assert "body" in response.json()["error"]["message"]


async def test_too_large_a_body_is_refused(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 2**20)
    message = await refusal(client, {"input": "a" * 2**20, "model": "embedding"}, 413)
    assert message.startswith("The request is larger than 1 MiB")


async def test_half_characters_and_nothing_are_texts_too(client: httpx.AsyncClient) -> None:
    response = await client.post("/v1/embeddings", content=b'{"input": ["\\ud83d", "", "\\u0000"], "model": "embedding"}')
    assert response.status_code == 200
    assert len(response.json()["data"]) == 3


async def test_a_server_that_is_away_is_a_503(client: httpx.AsyncClient, embedder: FakeEmbedder) -> None:
    embedder.error = EmbeddingUnavailableError("The embedding server at http://vllm cannot be reached.")
    assert "http://vllm" in await refusal(client, {"input": "a", "model": "embedding"}, 503)


async def test_the_documentation_shows_the_body(client: httpx.AsyncClient) -> None:
    schema = (await client.get("/openapi.json")).json()
    body = schema["paths"]["/v1/embeddings"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert set(body["properties"]) == {"input", "model", "encoding_format", "dimensions", "user"}

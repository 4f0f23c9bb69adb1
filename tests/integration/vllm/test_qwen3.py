"""Qwen3-Embedding-4B's shape and API on the real vLLM: dimensions, long texts, usage, and a server that dies."""

import threading
from collections.abc import Iterator

import httpx
import numpy as np
import pytest

from rag.embeddings import cut
from rag.embeddings import endpoint as endpoint_module
from rag.embeddings.openai_client import OpenAIEmbedder
from rag.errors import EmbeddingError
from rag.stack.testing import wait_until
from tests.integration.vllm.conftest import Server

pytestmark = pytest.mark.timeout(1500)
LONG = "a text of thirty thousand tokens " * 910  # 30,030 bytes, one token each


@pytest.fixture(scope="module")
def server(qwen3: Server) -> Iterator[Server]:
    """It serves."""
    qwen3.launch()
    try:
        qwen3.wait()
        yield qwen3
    finally:
        qwen3.kill()


@pytest.fixture
def embedder(server: Server) -> Iterator[OpenAIEmbedder]:
    """Our client."""
    opened = OpenAIEmbedder(server.url, _model(server))
    yield opened
    opened.close()


def _model(server: Server) -> str:
    argv = server.program.argv
    return argv[argv.index("--served-model-name") + 1]


def _ask(server: Server, **body: object) -> httpx.Response:
    return httpx.post(f"{server.url}/embeddings", json={"model": _model(server), **body}, timeout=300)


def test_vectors_have_all_2560_dimensions(embedder: OpenAIEmbedder) -> None:
    assert embedder.dimensions == 2560
    vectors = embedder.encode_documents(["graph neural networks", "图神经网络", ""])
    assert vectors.shape == (3, 2560)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_the_server_itself_cuts_to_256(server: Server, embedder: OpenAIEmbedder) -> None:
    answer = _ask(server, input=["graph neural networks"], dimensions=256)
    assert answer.status_code == 200, answer.text
    native = np.asarray([answer.json()["data"][0]["embedding"]], np.float32)
    assert native.shape == (1, 256)
    np.testing.assert_allclose(native, cut(embedder.encode_documents(["graph neural networks"]), 256), atol=5e-3)
    small = OpenAIEmbedder(server.url, _model(server), dimensions=256)
    assert small.encode_documents(["graph neural networks"]).shape == (1, 256)
    small.close()


def test_thirty_thousand_tokens_pass_in_one_piece(server: Server, embedder: OpenAIEmbedder) -> None:
    answer = _ask(server, input=[LONG])
    assert answer.status_code == 200, answer.text
    assert answer.json()["usage"]["prompt_tokens"] == len(LONG) + 1
    whole = np.asarray([answer.json()["data"][0]["embedding"]], np.float32)
    # The last token sees all of it: the same vector says that our client did not cut.
    assert float(whole[0] @ embedder.encode_documents([LONG])[0]) > 0.999


def test_longer_than_the_context_goes_in_windows(embedder: OpenAIEmbedder) -> None:
    vectors = embedder.encode_documents([LONG * 3, "short"])
    assert vectors.shape == (2, 2560)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_usage_counts_tokens(server: Server) -> None:
    assert _ask(server, input=["four", "sixsix"]).json()["usage"]["prompt_tokens"] == 4 + 6 + 2


def test_another_models_name_is_refused_with_what_to_do(server: Server) -> None:
    other = OpenAIEmbedder(server.url, "another", dimensions=2560)
    with pytest.raises(EmbeddingError, match=r"does not know the model 'another'.*PAPER_FINDER_MODEL"):
        other.encode_documents(["a"])
    other.close()


def test_nothing_is_lost_when_the_server_is_killed_and_started_again(
    server: Server, embedder: OpenAIEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint_module, "PATIENCE", 900.0)  # this machine may be busy
    texts = [f"text number {number} " * 40 for number in range(400)]
    before = embedder.encode_documents(texts[:8])
    done: list[np.ndarray] = []
    working = threading.Thread(target=lambda: done.append(embedder.encode_documents(texts)), daemon=True)
    working.start()
    wait_until(server.at_work, 60)
    server.kill()
    assert done == []
    server.launch()
    server.wait()
    working.join(600)
    assert done[0].shape == (400, 2560)
    assert (np.sum(done[0][:8] * before, axis=1) > 0.99).all()
    assert len(np.unique(done[0].round(3), axis=0)) == 400

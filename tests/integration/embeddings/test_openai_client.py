"""The client over real connections: a server that is not there, dies, and returns."""

import socket
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rag.embeddings import endpoint, open_embedder
from rag.embeddings.openai_client import OpenAIEmbedder
from rag.embeddings.testing import FakeServer, bag_of_words
from rag.errors import EmbeddingUnavailableError
from rag.settings import Settings

from .conftest import Served


def test_the_settings_open_a_client(served: Served, port: int) -> None:
    server = FakeServer(key="secret")
    with served(server.app, port) as url:
        settings = Settings.model_validate({"embeddings": f"{url}/v1", "model": server.model, "embeddings_key": "secret"})
        embedder = open_embedder(settings)
        assert (embedder.model, embedder.dimensions) == (server.model, 64)
        np.testing.assert_allclose(embedder.encode_documents(["a b"]), bag_of_words(["a b"], 64), atol=1e-6)
        embedder.close()


def test_a_server_that_is_not_there_is_named(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "IMPATIENCE", 0.2)
    with pytest.raises(
        EmbeddingUnavailableError, match=rf"http://127\.0\.0\.1:{port}/v1 cannot be reached.*PAPER_FINDER_EMBEDDINGS"
    ):
        OpenAIEmbedder(f"http://127.0.0.1:{port}/v1", "unknown", pause=0.01)


def test_a_server_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "IMPATIENCE", 0.2)
    monkeypatch.setattr(endpoint, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        with pytest.raises(EmbeddingUnavailableError, match=address):
            OpenAIEmbedder(address, "unknown", pause=0.01)


def test_work_goes_on_when_a_dead_server_returns(served: Served, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.embeddings.openai_client.BATCH_TEXTS", 4)
    monkeypatch.setattr(endpoint, "IMPATIENCE", 0.2)
    server = FakeServer(delay=0.01)
    texts = [f"text number {number}" for number in range(4_000)]
    with ThreadPoolExecutor(1) as pool:
        with served(server.app, port) as url:
            embedder = OpenAIEmbedder(f"{url}/v1", server.model, pause=0.05)
            embedder.encode_documents(["warm"])
            work = pool.submit(embedder.encode_documents, texts)
            while len(server.requests) < 10:
                assert not work.done()
        # Where somebody waits, a server that is away is told at once; an import waits for it.
        with pytest.raises(EmbeddingUnavailableError):
            embedder.encode_queries(["anybody there?"])
        assert not work.done()
        with served(server.app, port):
            np.testing.assert_allclose(work.result(60), bag_of_words(texts, 64), atol=1e-6)
            assert embedder.encode_queries(["anybody there?"]).shape == (1, 64)
            embedder.close()

"""The official OpenAI client, and ours, against our ``/v1/embeddings`` on a real port."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import openai
import pytest

from rag.api.app import create_app
from rag.api.auth import Caller, caller_of
from rag.api.embeddings import embedder_of
from rag.embeddings.openai_client import OpenAIEmbedder
from rag.embeddings.testing import FakeEmbedder, bag_of_words
from rag.embeddings.vectors import cut
from rag.settings import Settings

from .conftest import Served

TEXTS = ["graph neural networks", "机器翻译", "", "word " * 20_000]


@pytest.fixture
def url(served: Served, port: int, tmp_path: Path) -> Iterator[str]:
    app = create_app(Settings(home=tmp_path))
    app.dependency_overrides[embedder_of] = lambda: FakeEmbedder(64, model="some/model")
    app.dependency_overrides[caller_of] = Caller
    with served(app, port) as address:
        yield f"{address}/v1"


@pytest.fixture
def client(url: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=url, api_key="key", max_retries=0) as client:
        yield client


def test_openai_s_client_reads_its_default_base64(client: openai.OpenAI) -> None:
    answer = client.embeddings.create(model="embedding", input=TEXTS)
    np.testing.assert_allclose([row.embedding for row in answer.data], bag_of_words(TEXTS, 64), atol=1e-6)
    assert answer.usage.prompt_tokens == answer.usage.total_tokens == 20_007


def test_openai_s_client_reads_floats_and_fewer_dimensions(client: openai.OpenAI) -> None:
    answer = client.embeddings.create(model="some/model", input=TEXTS[0], encoding_format="float", dimensions=8)
    np.testing.assert_allclose([answer.data[0].embedding], cut(bag_of_words(TEXTS[:1], 64), 8), atol=1e-6)


def test_openai_s_client_understands_the_errors(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="There is no embedding model named 'ada'"):
        client.embeddings.create(model="ada", input="x")
    with pytest.raises(openai.BadRequestError, match="token numbers are not taken"):
        client.embeddings.create(model="embedding", input=[[1, 2, 3]])


def test_our_own_client_reads_our_own_service(url: str) -> None:
    embedder = OpenAIEmbedder(url, "embedding")
    np.testing.assert_allclose(embedder.encode_documents(TEXTS[:2]), bag_of_words(TEXTS[:2], 64), atol=1e-6)
    embedder.close()

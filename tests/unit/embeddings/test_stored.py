"""Vectors on disk: found by content, model and length, and only what is missing is embedded."""

import threading
from pathlib import Path

import numpy as np
import pytest

from rag.embeddings.stored import StoredEmbedder, VectorStore
from rag.embeddings.testing import FakeEmbedder
from rag.errors import EmbeddingError

pytestmark = pytest.mark.anyio


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "vectors.sqlite"


def test_only_new_texts_are_embedded_also_by_the_next_process(path: Path) -> None:
    texts = ["red foxes", "blue whales", "red foxes"]
    inner = FakeEmbedder()
    store = VectorStore(path)
    first = StoredEmbedder(inner, store).encode_documents(texts)
    store.close()
    assert inner.calls == [["red foxes", "blue whales"]]

    later, reopened = FakeEmbedder(), VectorStore(path)
    again = StoredEmbedder(later, reopened).encode_documents([*texts, "green tea"])
    reopened.close()
    assert later.calls == [["green tea"]]
    np.testing.assert_array_equal(again[:3], first)
    np.testing.assert_array_equal(again, inner.encode_documents([*texts, "green tea"]))


def test_another_model_or_length_is_another_vector(path: Path) -> None:
    store = VectorStore(path)
    for inner in (FakeEmbedder(8), FakeEmbedder(16), FakeEmbedder(8, model="other")):
        assert StoredEmbedder(inner, store).encode_documents(["foxes"]).shape == (1, inner.dimensions)
        assert inner.calls == [["foxes"]]
    store.close()


async def test_questions_are_stored_as_the_model_reads_them(path: Path) -> None:
    store, inner = VectorStore(path), FakeEmbedder()
    embedder = StoredEmbedder(inner, store)
    expected = await inner.aencode_queries(["foxes"])
    np.testing.assert_array_equal(await embedder.aencode_queries(["foxes"]), expected)
    assert embedder.profile is inner.profile
    store.close()


async def test_a_failure_reaches_who_waits_and_is_not_kept(path: Path) -> None:
    store, inner = VectorStore(path), FakeEmbedder()
    embedder = StoredEmbedder(inner, store)
    inner.error = EmbeddingError("away")
    with pytest.raises(EmbeddingError, match="away"):
        await embedder.aencode_documents(["foxes"])
    inner.error = None
    assert (await embedder.aencode_documents(["foxes"])).shape == (1, 64)
    store.close()


def test_many_texts_and_several_threads(path: Path) -> None:
    store, inner = VectorStore(path), FakeEmbedder(4)
    embedder = StoredEmbedder(inner, store)
    texts = [f"text {number}" for number in range(1_200)]
    expected = inner.encode_documents(texts)
    answers: list[bool] = []

    def ask() -> None:
        answers.append(bool(np.array_equal(embedder.encode_documents(texts), expected)))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    assert answers == [True] * 4

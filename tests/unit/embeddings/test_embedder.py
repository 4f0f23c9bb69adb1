"""What every engine shares: queries, caches, async twins, LangChain's methods."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from rag.embeddings import embedding_text
from rag.embeddings.embedder import Embedder
from rag.embeddings.profiles import INSTRUCTIONS, Profile, Task, profile_for
from rag.embeddings.testing import FakeEmbedder
from rag.embeddings.vectors import Matrix
from rag.errors import EmbeddingError
from rag.papers import PaperRecord

pytestmark = pytest.mark.anyio


class Instructed(FakeEmbedder):
    """A fake that reads queries as Qwen3 does."""

    def __init__(self) -> None:
        super().__init__()
        self.profile = Profile("", 64, 512, "Instruct: {task}\nQuery:{query}", multilingual=True, relevance_floor=0.3)


def test_a_paper_is_embedded_as_title_and_abstract() -> None:
    assert embedding_text(PaperRecord(source_id="1", title="Deep nets", abstract="We train.")) == "Deep nets. We train."
    assert embedding_text(PaperRecord(source_id="1", title="Deep nets")) == "Deep nets"


def test_vectors_are_unit_rows_of_float32() -> None:
    vectors = FakeEmbedder(32).encode_documents(["a b", "", "中文"])
    assert vectors.shape == (3, 32)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


async def test_documents_go_under_the_models_prefix_and_texts_as_they_are_without() -> None:
    embedder = FakeEmbedder()
    embedder.profile = profile_for("intfloat/multilingual-e5-base")
    embedder.encode_documents(["graph nets"])
    await embedder.aencode_plain(["graph nets"])
    embedder.encode_queries(["graph nets"])
    assert embedder.calls == [["passage: graph nets"], ["graph nets"], ["query: graph nets"]]


def test_no_texts_make_no_request() -> None:
    embedder = FakeEmbedder(32)
    assert embedder.encode_documents([]).shape == (0, 32)
    assert embedder.encode_queries([]).shape == (0, 32)
    assert embedder.calls == []


def test_queries_go_under_the_instruction_and_documents_go_plain() -> None:
    embedder = Instructed()
    embedder.encode_queries(["graph nets"])
    embedder.encode_queries(["graph nets"], task=Task.SIMILARITY)
    embedder.encode_documents(["graph nets"])
    assert embedder.calls == [
        [f"Instruct: {INSTRUCTIONS[Task.SEARCH]}\nQuery:graph nets"],
        [f"Instruct: {INSTRUCTIONS[Task.SIMILARITY]}\nQuery:graph nets"],
        ["graph nets"],
    ]


def test_a_query_is_embedded_once() -> None:
    embedder = FakeEmbedder()
    first = embedder.encode_queries(["graphs", "graphs", "nets"])
    again = embedder.encode_queries(["nets", "graphs"])
    assert embedder.calls == [["graphs", "nets"]]
    np.testing.assert_array_equal(again, first[[2, 0]])


async def test_async_twins_give_the_same() -> None:
    embedder = FakeEmbedder()
    np.testing.assert_array_equal(await embedder.aencode_documents(["a", "b"]), embedder.encode_documents(["a", "b"]))
    np.testing.assert_array_equal(await embedder.aencode_queries(["a"]), FakeEmbedder().encode_queries(["a"]))
    await embedder.aclose()


async def test_langchain_gets_lists() -> None:
    embedder: Embeddings = FakeEmbedder(8)
    documents = embedder.embed_documents(["a", "b"])
    assert [len(row) for row in documents] == [8, 8]
    assert documents == await embedder.aembed_documents(["a", "b"])
    assert embedder.embed_query("a") == await embedder.aembed_query("a") == documents[0]


async def test_the_loop_goes_on_while_an_engine_works() -> None:
    class Slow(FakeEmbedder):
        pending: Future[Matrix] = Future()

        def _start(self, texts: Sequence[str], *, urgent: bool) -> "Future[Matrix]":  # noqa: ARG002
            asyncio.get_running_loop().call_soon(started.set)
            return self.pending

    started = asyncio.Event()
    embedder = Slow(4)
    waiting = asyncio.ensure_future(embedder.aencode_documents(["a"]))
    await started.wait()
    assert not waiting.done()
    embedder.pending.set_result(np.ones((1, 4), np.float32))
    assert (await waiting).shape == (1, 4)


async def test_errors_of_an_engine_reach_the_caller() -> None:
    embedder = FakeEmbedder()
    embedder.error = EmbeddingError("broken")
    for call in (embedder.aencode_documents, embedder.aencode_queries, embedder.aencode_plain):
        with pytest.raises(EmbeddingError, match="broken"):
            await call(["a"])


def test_engines_never_see_half_characters_nor_nothing() -> None:
    embedder = FakeEmbedder()
    embedder.encode_documents(["a\ud800b", ""])
    embedder.encode_queries(["\udfff"])
    assert embedder.calls == [["a?b", " "], ["?"]]


async def test_documents_are_never_remembered() -> None:
    embedder = Instructed()
    await embedder.aencode_queries(["a"])
    await embedder.aencode_documents(["a", "b"])
    await embedder.aencode_documents(["b"])
    assert embedder.calls[1:] == [["a", "b"], ["b"]]


async def test_plain_texts_get_no_prefix_and_are_never_remembered() -> None:
    embedder = Instructed()
    await embedder.aencode_queries(["a"])
    await embedder.aencode_plain(["a"])
    await embedder.aencode_plain(["a"])
    assert embedder.calls[1:] == [["a"], ["a"]]


def test_an_engine_must_say_how_it_embeds() -> None:
    with pytest.raises(TypeError, match="abstract"):
        Embedder("model", 4, Profile("", 4, 512, "{query}", multilingual=False, relevance_floor=0))  # type: ignore[abstract]

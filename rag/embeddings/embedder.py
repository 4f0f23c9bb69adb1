"""The Embedder seam: texts of any length in, float32 unit rows out, whichever engine stands behind it."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from concurrent.futures import Future

import numpy as np
from langchain_core.embeddings import Embeddings

from rag.embeddings.cache import VectorCache
from rag.embeddings.profiles import Profile, Task
from rag.embeddings.vectors import Matrix
from rag.errors import EmbeddingUnavailableError
from rag.papers import PaperRecord, PassageText

QUERY_CACHE_BYTES = 8 * 2**20


def embedding_text(record: PaperRecord) -> str:
    """The text that a paper is embedded as: title and abstract."""
    return f"{record.title}. {record.abstract}" if record.abstract else record.title


def passage_text(title: str, passage: PassageText) -> str:
    """The text that a passage is embedded as: its paper's title, its section, and itself."""
    heading = f"{title} · {passage.section}" if passage.section else title
    return f"{heading}\n{passage.text}"


class Embedder(Embeddings, ABC):
    """An embedding model. Every method may be called from any thread, and the async ones from any event loop.

    An engine implements ``_start``, ``count_tokens`` and ``close``. It works on a thread of its own, so that the sync and
    the async methods differ only in how they wait.
    """

    def __init__(self, model: str, dimensions: int, profile: Profile) -> None:
        """``model`` is the name that callers see, ``dimensions`` the length of every vector given out."""
        self.model = model
        self.dimensions = dimensions
        self.profile = profile
        self._queries = VectorCache(QUERY_CACHE_BYTES)

    @property
    def multilingual(self) -> bool:
        """Whether a Chinese question finds an English paper."""
        return self.profile.multilingual

    @property
    def identity(self) -> str:
        """What a vector depends on beside its text and length: the model, and how long texts are cut."""
        return self.model

    @abstractmethod
    def _start(self, texts: Sequence[str], *, urgent: bool) -> "Future[Matrix]":
        """Begin to embed ``texts`` as they are, (n, dimensions) unit rows; ``urgent`` ones (somebody waits) go first."""

    @abstractmethod
    def count_tokens(self, texts: Sequence[str]) -> int:
        """Tokens of all ``texts`` together, for the usage figures; an estimate where the tokenizer is not at hand."""

    @abstractmethod
    def close(self) -> None:
        """Let go of threads and connections; what still waits is cancelled."""

    async def aclose(self) -> None:
        """``close`` without blocking the event loop."""
        await asyncio.to_thread(self.close)

    def encode_documents(self, texts: Sequence[str]) -> Matrix:
        """Unit rows (n, dimensions), float32, of texts of any length, each under the model's prefix for documents.

        Documents are never remembered: how long it takes would tell one person that another has the same text.

        Raises:
            EmbeddingError: the engine cannot be reached or its answer cannot be used.
        """
        return self._plain(self._as_documents(texts)).result()

    async def aencode_documents(self, texts: Sequence[str]) -> Matrix:
        """``encode_documents`` without blocking the event loop."""
        return await asyncio.wrap_future(self._plain(self._as_documents(texts)))

    async def aencode_plain(self, texts: Sequence[str]) -> Matrix:
        """Texts as they are, whatever they are for, and as little remembered as documents."""
        return await asyncio.wrap_future(self._plain(texts))

    async def answers(self) -> bool:
        """Whether the engine can be reached, as a short text that no engine finds hard tells."""
        try:
            await asyncio.wrap_future(self._urgent(["science"]))
        except EmbeddingUnavailableError:
            return False
        return True

    def encode_queries(self, texts: Sequence[str], task: Task = Task.SEARCH) -> Matrix:
        """As ``encode_documents``, for questions: under the model's instruction for ``task``, ahead of documents, cached."""
        lookup = self._queries.look_up(self._as_queries(texts, task))
        return lookup.complete(self._urgent(lookup.missing).result())

    async def aencode_queries(self, texts: Sequence[str], task: Task = Task.SEARCH) -> Matrix:
        """``encode_queries`` without blocking the event loop."""
        lookup = self._queries.look_up(self._as_queries(texts, task))
        return lookup.complete(await asyncio.wrap_future(self._urgent(lookup.missing)))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's form of ``encode_documents``."""
        return _lists(self.encode_documents(texts))

    def embed_query(self, text: str) -> list[float]:
        """LangChain's form of ``encode_queries``."""
        return _lists(self.encode_queries([text]))[0]

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's form of ``aencode_documents``."""
        return _lists(await self.aencode_documents(texts))

    async def aembed_query(self, text: str) -> list[float]:
        """LangChain's form of ``aencode_queries``."""
        return _lists(await self.aencode_queries([text]))[0]

    def _plain(self, texts: Sequence[str]) -> "Future[Matrix]":
        return self._start_any([_clean(text) for text in texts], urgent=False)

    def _urgent(self, texts: Sequence[str]) -> "Future[Matrix]":
        return self._start_any(texts, urgent=True)

    def _start_any(self, texts: Sequence[str], *, urgent: bool) -> "Future[Matrix]":
        if texts:
            return self._start(texts, urgent=urgent)
        nothing: Future[Matrix] = Future()
        nothing.set_result(np.empty((0, self.dimensions), np.float32))
        return nothing

    def _as_documents(self, texts: Sequence[str]) -> list[str]:
        return [self.profile.document(text) for text in texts]

    def _as_queries(self, texts: Sequence[str], task: Task) -> list[str]:
        return [self.profile.query(_clean(text), task) for text in texts]


def _clean(text: str) -> str:
    """Without half characters, which JSON can carry and no tokenizer reads; never empty, which some servers refuse."""
    return text.encode("utf-8", "replace").decode("utf-8") or " "


def _lists(vectors: Matrix) -> list[list[float]]:
    rows: list[list[float]] = vectors.tolist()
    return rows

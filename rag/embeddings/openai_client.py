"""Embeddings of any OpenAI-compatible server: vLLM first, llama.cpp and Ollama as well."""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass

import httpx
import numpy as np

from rag.embeddings.embedder import Embedder
from rag.embeddings.endpoint import Endpoint, TooLongError
from rag.embeddings.estimate import char_spans, token_estimate
from rag.embeddings.loop_thread import LoopThread
from rag.embeddings.profiles import Profile, profile_for
from rag.embeddings.vectors import Matrix, cut
from rag.embeddings.windows import combine
from rag.errors import ConfigurationError, EmbeddingError, EmbeddingUnavailableError

CONCURRENCY = 8
BATCH_TOKENS = 16_384
BATCH_TEXTS = 64
SPECIAL_TOKENS = 8
"""Room in a window for what the server adds to a text."""
SMALLEST_WINDOW = 4


@dataclass(frozen=True, slots=True)
class _Window:
    owner: int
    """Number of the text."""
    text: str
    tokens: int
    """By estimate."""


class OpenAIEmbedder(Embedder):
    """A client with the query instruction of the model's profile. It works on a loop of its own thread."""

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key: str | None = None,
        dimensions: int | None = None,
        profile: Profile | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        pause: float = 0.5,
    ) -> None:
        """``dimensions``: cut to so many (Matryoshka). The length of an unknown model's vectors is asked of the server here.

        Raises:
            ConfigurationError: the URL is none, the model has no name, or cannot be cut to so many dimensions.
            EmbeddingUnavailableError: an unknown model's server does not answer.
        """
        profile = profile or profile_for(model)
        _check_dimensions(model, dimensions, profile)
        self._endpoint = Endpoint(_base(url), _named(model), key, transport=transport, pause=pause)
        self._asked = dimensions
        self._wanted = dimensions if dimensions != profile.dimensions else None
        self._window = profile.context - SPECIAL_TOKENS
        self._context_asked = False
        self._loop = LoopThread("embeddings-client")
        self._slots = asyncio.Semaphore(CONCURRENCY)
        known = dimensions or profile.dimensions or self._probe()
        super().__init__(model, known, profile)

    @property
    def identity(self) -> str:
        """The model and the server, which may hold it in another precision than a second one."""
        return f"{self.model} at {self._endpoint.url}"

    def close(self) -> None:
        """Cancel what runs, close the connections, end the thread."""
        if not self._loop.closed:
            self._loop.submit(self._endpoint.close()).result()
            self._loop.close()

    def count_tokens(self, texts: Sequence[str]) -> int:
        """An estimate on the high side."""
        return sum(token_estimate(text.encode("utf-8", "replace").decode()) for text in texts)

    def _start(self, texts: Sequence[str], *, urgent: bool) -> "Future[Matrix]":
        return self._loop.submit(self._embed(texts, urgent=urgent))

    def _probe(self) -> int:
        try:
            vectors = self._loop.submit(self._endpoint.embed(["dimensions"], None, urgent=True)).result()
        except EmbeddingError:
            self.close()
            raise
        return int(vectors.shape[1])

    async def _embed(self, texts: Sequence[str], *, urgent: bool) -> Matrix:
        await self._ask_context()
        windows = [window for owner, text in enumerate(texts) for window in self._windows(owner, text)]
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._batch(batch, urgent=urgent)) for batch in _batches(windows)]
        except ExceptionGroup as failures:
            # The others were cancelled; the first says what is wrong.
            raise failures.exceptions[0] from failures
        vectors = np.concatenate([task.result() for task in tasks])
        return combine(vectors, [window.owner for window in windows], [window.tokens for window in windows], len(texts))

    def _windows(self, owner: int, text: str) -> Iterator[_Window]:
        return _windows(owner, text, self._window, self.profile.document_prefix)

    async def _batch(self, windows: Sequence[_Window], *, urgent: bool) -> Matrix:
        """A row for each window. What the server finds too long goes again in parts: halves of the batch, then of the text."""
        texts = [window.text for window in windows]
        try:
            # Somebody waits for an urgent one: it does not queue for a slot.
            async with nullcontext() if urgent else self._slots:
                return self._sized(await self._endpoint.embed(texts, self._wanted, urgent=urgent))
        except TooLongError as error:
            if error.limit is not None:
                self._window = min(self._window, max(error.limit - SPECIAL_TOKENS, SMALLEST_WINDOW))
            if len(windows) > 1:
                middle = len(windows) // 2
                parts = [await self._batch(part, urgent=urgent) for part in (windows[:middle], windows[middle:])]
                return np.concatenate(parts)
            return await self._in_parts(windows[0], error, urgent=urgent)

    async def _in_parts(self, window: _Window, error: TooLongError, *, urgent: bool) -> Matrix:
        """One row for a window that the server found too long."""
        size = min(self._window, window.tokens // 2)
        if size < SMALLEST_WINDOW:
            raise EmbeddingError(error.message) from error
        parts = list(_windows(0, window.text, size, self.profile.document_prefix))
        vectors = await self._batch(parts, urgent=urgent)
        return combine(vectors, [0] * len(parts), [part.tokens for part in parts], 1)

    def _sized(self, vectors: Matrix) -> Matrix:
        answered = vectors.shape[1]
        if answered == self.dimensions:
            return vectors
        if answered > self.dimensions and self._wanted is not None:
            return cut(vectors, self.dimensions)
        if self._asked is not None:
            raise EmbeddingError(f"The model answered {answered} numbers, PAPER_FINDER_DIMENSIONS says {self.dimensions}.")
        raise EmbeddingError(f"The model {self.model!r} answered {answered} numbers instead of {self.dimensions}.")

    async def _ask_context(self) -> None:
        """What the server says of its context counts more than the profile: it may be started with less."""
        if self._context_asked:
            return
        try:
            stated = await self._endpoint.context()
        except EmbeddingUnavailableError:
            return  # the request for vectors says so, and waits
        self._context_asked = True
        if stated is not None:
            self._window = max(stated - SPECIAL_TOKENS, SMALLEST_WINDOW)


def _windows(owner: int, text: str, size: int, prefix: str) -> Iterator[_Window]:
    """Windows over ``text``; where it begins with the ``prefix`` of documents, each of them does."""
    before = prefix if text.startswith(prefix) else ""
    size = max(size - token_estimate(before), SMALLEST_WINDOW)
    for start, end, tokens in char_spans(text[len(before) :], size, overlap=size // 8):
        yield _Window(owner, before + text[len(before) :][start:end], tokens)


def _batches(windows: Sequence[_Window]) -> Iterator[list[_Window]]:
    """Windows in their order, as many as a request takes by tokens and by number."""
    batch: list[_Window] = []
    tokens = 0
    for window in windows:
        if batch and (len(batch) == BATCH_TEXTS or tokens + window.tokens > BATCH_TOKENS):
            yield batch
            batch, tokens = [], 0
        batch.append(window)
        tokens += window.tokens
    if batch:
        yield batch


def _check_dimensions(model: str, dimensions: int | None, profile: Profile) -> None:
    if dimensions is None or profile.dimensions is None:
        return
    if dimensions > profile.dimensions:
        raise ConfigurationError(
            f"PAPER_FINDER_DIMENSIONS is {dimensions}, but {model} has only {profile.dimensions} dimensions."
        )
    if profile.matryoshka is not None and dimensions < profile.matryoshka:
        raise ConfigurationError(
            f"PAPER_FINDER_DIMENSIONS is {dimensions}; {model} was trained for {profile.matryoshka} to {profile.dimensions}."
        )


def _base(url: str) -> str:
    """The URL before ``/embeddings``."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ConfigurationError(f"PAPER_FINDER_EMBEDDINGS is {url!r}, which is no URL.") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise ConfigurationError(f"PAPER_FINDER_EMBEDDINGS is {url!r}, which is neither 'bundled' nor a URL.")
    return url.rstrip("/").removesuffix("/embeddings")


def _named(model: str) -> str:
    if not model:
        raise ConfigurationError("PAPER_FINDER_MODEL is not set: name the model of the embedding server.")
    return model

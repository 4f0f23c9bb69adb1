"""The parts put together for one process: database, library, embedding model and search."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Self

from rag.chat_model import ChatEndpoint, ChatModel
from rag.embeddings import Embedder, configured_model, open_embedder, self_check
from rag.errors import ConfigurationError, DatabaseUnavailableError
from rag.ingest.apart import Apart
from rag.ingest.documents import Document, read_document
from rag.ingest.tasks import Tasks
from rag.ingest.worker import work
from rag.retrieval import RerankEndpoint, Reranking, Searcher
from rag.settings import BUNDLED, Settings, as_environment
from rag.store import (
    Collections,
    Database,
    EmbeddingWork,
    Index,
    Jobs,
    Keys,
    Library,
    Shelf,
    SpaceInfo,
    Spaces,
    Uploads,
    migrate,
    spaces_of,
)
from rag.store.embedded import embedded_postgres

log = logging.getLogger(__name__)

AGAIN = 5.0
"""Seconds until a database that is away is asked again."""


@dataclass(frozen=True)
class Engine:
    """What every surface works with."""

    database: Database
    embedder: Embedder
    library: Library
    collections: Collections
    keys: Keys
    index: Index
    searcher: Searcher
    shelf: Shelf
    uploads: Uploads
    jobs: Jobs
    reranking: Reranking | None = None
    chat: ChatModel | None = None

    async def work(self, settings: Settings) -> None:
        """Do the jobs of uploads until cancelled. ``settings`` are those that the engine was opened with."""
        await work(self.jobs, Apart(self._tasks(), as_environment(settings)))

    async def do(self, job_id: int) -> None:
        """Do a job that another process has claimed.

        Raises:
            PaperFinderError: see ``Tasks.run``.
        """
        job = await self.jobs.find(job_id)
        if job is not None:
            await self._tasks().run(job)

    async def work_until_switched(self, settings: Settings) -> None:
        """``work`` until the library is switched to another model."""
        tasks = [asyncio.create_task(self.work(settings)), asyncio.create_task(self._switched())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    def _tasks(self) -> Tasks:
        async def whole(content: bytes, name: str) -> Document:
            return await read_document(content, filename=name)

        return Tasks(self.uploads, EmbeddingWork(self.database), self.embedder, whole)

    async def _switched(self) -> None:
        while True:
            try:
                await Spaces(self.database).next_active()
            except DatabaseUnavailableError:
                await asyncio.sleep(AGAIN)
            else:
                return

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings, *, pool_size: int = 8) -> AsyncIterator[Self]:
        """Connect to everything, the embedded Postgres started and the schema brought up to date if need be.

        Raises:
            PaperFinderError: a part is away, or does not fit the settings; the message says which.
        """
        async with AsyncExitStack() as stack:
            dsn = await stack.enter_async_context(database_address(settings))
            settings = followed(await spaces_of(dsn), settings)
            embedder = await asyncio.to_thread(open_embedder, settings)
            stack.push_async_callback(embedder.aclose)
            checked = asyncio.create_task(asyncio.to_thread(self_check, embedder))
            try:
                reranking = await stack.enter_async_context(open_reranking(settings))
                chat = await asyncio.to_thread(open_chat, settings)
                if chat is not None:
                    stack.push_async_callback(chat.aclose)
                parts = cls.over(
                    dsn,
                    embedder,
                    reranking,
                    chat,
                    pool_size=pool_size,
                    replicas=settings.replica_addresses,
                    index_dimensions=settings.index_dimensions,
                )
                engine = await stack.enter_async_context(parts)
            finally:
                await checked
            yield engine

    @classmethod
    @asynccontextmanager
    async def over(
        cls,
        dsn: str,
        embedder: Embedder,
        reranking: Reranking | None = None,
        chat: ChatModel | None = None,
        *,
        pool_size: int = 8,
        replicas: Sequence[str] = (),
        index_dimensions: int | None = None,
    ) -> AsyncIterator[Self]:
        """The same over a database that runs, with models that somebody else closes.

        Raises:
            PaperFinderError: the database is away, or holds another model's vectors.
        """
        await migrate(dsn, model=embedder.model, dimensions=embedder.dimensions, index_dimensions=index_dimensions)
        async with Database.open(dsn, pool_size=pool_size, replicas=replicas) as database:
            index = Index(database)
            yield cls(
                database,
                embedder,
                Library(database),
                Collections(database),
                Keys(database),
                index,
                Searcher(index, embedder, reranking),
                Shelf(database),
                Uploads(database),
                Jobs(database),
                reranking,
                chat,
            )


def settings_of_space(settings: Settings, space: SpaceInfo) -> Settings:
    """The settings with the model of a space.

    Raises:
        ConfigurationError: nobody wrote down where that model answers, and the settings name another.
    """
    if _is_configured(settings, space):
        return settings
    if not space.endpoint:
        raise ConfigurationError(
            f"Where the model {space.model} answers is not known.", hint="Set PAPER_FINDER_EMBEDDINGS and _MODEL."
        )
    model = "" if space.endpoint == BUNDLED else space.model
    return settings.model_copy(update={"embeddings": space.endpoint, "model": model, "dimensions": space.dimensions})


def followed(spaces: Sequence[SpaceInfo], settings: Settings) -> Settings:
    """The settings, with the model that the library was switched to when they still name one of ``spaces`` that it had before.

    A service that is started again after a switch answers like those that ran through it.
    """
    active = next((space for space in spaces if space.active), None)
    if active is None or configured_model(settings) == active.model or not active.endpoint:
        return settings
    if not any(_is_configured(settings, space) for space in spaces):
        return settings
    log.warning(
        "The library was switched to %s. Set PAPER_FINDER_EMBEDDINGS=%s, PAPER_FINDER_MODEL=%s and PAPER_FINDER_DIMENSIONS=%d.",
        *(active.model, active.endpoint, active.model, active.dimensions),
    )
    return settings_of_space(settings, active)


def _is_configured(settings: Settings, space: SpaceInfo) -> bool:
    return space.model == configured_model(settings) and settings.dimensions in {None, space.dimensions}


def open_chat(settings: Settings) -> ChatModel | None:
    """The chat model that the settings ask for; None when they ask for none. It is not called before it is needed.

    Raises:
        ConfigurationError: its address is none.
    """
    if not settings.chat:
        return None
    key = settings.chat_key.get_secret_value() if settings.chat_key else None
    return ChatModel(ChatEndpoint(settings.chat, key=key), budget=settings.chat_seconds)


@asynccontextmanager
async def open_reranking(settings: Settings, budget: float | None = None) -> AsyncIterator[Reranking | None]:
    """The reranker that the settings ask for, its check begun; None when they ask for none.

    ``budget`` in seconds stands in for that of the settings.

    Raises:
        ConfigurationError: its address is none.
    """
    if not settings.reranker:
        yield None
        return
    key = settings.reranker_key.get_secret_value() if settings.reranker_key else None
    reranking = Reranking(RerankEndpoint(settings.reranker, key=key), budget=budget or settings.reranker_seconds)
    reranking.start()
    try:
        yield reranking
    finally:
        await reranking.aclose()


@asynccontextmanager
async def database_address(settings: Settings) -> AsyncIterator[str]:
    """The DSN of the configured database; the embedded one runs for as long as this is open.

    Raises:
        StackError: the embedded one cannot be started.
    """
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    postgres = embedded_postgres(settings.home)
    dsn = await asyncio.to_thread(postgres.__enter__)
    try:
        yield dsn
    finally:
        await asyncio.to_thread(postgres.__exit__, None, None, None)

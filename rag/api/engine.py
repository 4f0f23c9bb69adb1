"""The parts put together for one process: database, library, embedding model and search."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Self

from rag.embeddings import Embedder, open_embedder, self_check
from rag.retrieval import Searcher
from rag.settings import Settings
from rag.store import Database, Index, Library, Shelf, migrate
from rag.store.embedded import embedded_postgres


@dataclass(frozen=True)
class Engine:
    """What every surface works with."""

    database: Database
    embedder: Embedder
    library: Library
    index: Index
    searcher: Searcher
    shelf: Shelf

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings, *, pool_size: int = 8) -> AsyncIterator[Self]:
        """Connect to everything, the embedded Postgres started and the schema brought up to date if need be.

        Raises:
            PaperFinderError: a part is away, or does not fit the settings; the message says which.
        """
        async with AsyncExitStack() as stack:
            embedder = await asyncio.to_thread(open_embedder, settings)
            stack.push_async_callback(embedder.aclose)
            checked = asyncio.create_task(asyncio.to_thread(self_check, embedder))
            try:
                dsn = await _database(settings, stack)
                await migrate(dsn, model=embedder.model, dimensions=embedder.dimensions)
                database = await stack.enter_async_context(Database.open(dsn, pool_size=pool_size))
            finally:
                await checked
            index = Index(database)
            yield cls(database, embedder, Library(database), index, Searcher(index, embedder), Shelf(database))


async def _database(settings: Settings, stack: AsyncExitStack) -> str:
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    postgres = embedded_postgres(settings.home)
    dsn = await asyncio.to_thread(postgres.__enter__)
    stack.push_async_callback(asyncio.to_thread, postgres.__exit__, None, None, None)
    return dsn

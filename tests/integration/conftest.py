"""A real Postgres for the whole run, and a fresh database in it for each test that wants one."""

import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from rag.embeddings.testing import FakeEmbedder
from rag.retrieval import Searcher
from rag.store import Database, Index, Library, migrate
from rag.store.embedded import embedded_postgres


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The DSN of an embedded server of the tests' own."""
    with embedded_postgres(tmp_path_factory.mktemp("postgres")) as dsn:
        yield dsn


@pytest.fixture
def empty_database(postgres: str) -> Iterator[str]:
    """The DSN of a new, empty database."""
    with _new_database(postgres) as dsn:
        yield dsn


@pytest.fixture
def second_database(postgres: str) -> Iterator[str]:
    """The DSN of another new, empty database."""
    with _new_database(postgres) as dsn:
        yield dsn


@contextmanager
def _new_database(postgres: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield make_conninfo(postgres, dbname=name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def embedder() -> FakeEmbedder:
    """An embedder without a model: texts that share words are near."""
    return FakeEmbedder()


@pytest.fixture
async def database(empty_database: str, embedder: FakeEmbedder) -> AsyncIterator[Database]:
    """A migrated database."""
    await migrate(empty_database, model=embedder.model, dimensions=embedder.dimensions)
    async with Database.open(empty_database, pool_size=4) as opened:
        yield opened


@pytest.fixture
def library(database: Database) -> Library:
    """The library of the new database."""
    return Library(database)


@pytest.fixture
def index(database: Database) -> Index:
    """The index of the new database, for what everyone may read."""
    return Index(database)


@pytest.fixture
def searcher(database: Database, embedder: FakeEmbedder) -> Searcher:
    """A searcher over the new database."""
    return Searcher(Index(database), embedder)

"""Postgres: the pool, the migration runner, named queries and the repositories over them."""

from rag.store._database import Database, Space
from rag.store._index import Candidate, Index, StoredPassage
from rag.store._library import CollectionInfo, Embedded, Library, WriteOutcome
from rag.store._migrations import Migration, load_migrations, migrate

__all__ = [
    "Candidate",
    "CollectionInfo",
    "Database",
    "Embedded",
    "Index",
    "Library",
    "Migration",
    "Space",
    "StoredPassage",
    "WriteOutcome",
    "load_migrations",
    "migrate",
]

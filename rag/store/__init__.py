"""Postgres: the pool, the migration runner, named queries and the repositories over them."""

from rag.store._database import Database, Space
from rag.store._index import Candidate, Index, Named, StoredPassage
from rag.store._library import CollectionInfo, Embedded, Library, WriteOutcome
from rag.store._migrations import Migration, load_migrations, migrate
from rag.store._schema import describe_schema
from rag.store._shelf import Shelf

__all__ = [
    "Candidate",
    "CollectionInfo",
    "Database",
    "Embedded",
    "Index",
    "Library",
    "Migration",
    "Named",
    "Shelf",
    "Space",
    "StoredPassage",
    "WriteOutcome",
    "describe_schema",
    "load_migrations",
    "migrate",
]

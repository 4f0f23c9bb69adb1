"""Postgres: the pool, the migration runner, named queries and the repositories over them."""

from rag.store._database import Database, Space
from rag.store._embedding_work import EmbeddingWork, Portion
from rag.store._index import Candidate, Index, StoredPassage
from rag.store._jobs import Job, JobInfo, Jobs, JobSession, Task
from rag.store._library import CollectionInfo, Embedded, Library, WriteOutcome
from rag.store._migrations import Migration, load_migrations, migrate
from rag.store._schema import describe_schema
from rag.store._uploads import UPLOAD_STATES, Unread, Upload, Uploads

__all__ = [
    "UPLOAD_STATES",
    "Candidate",
    "CollectionInfo",
    "Database",
    "Embedded",
    "EmbeddingWork",
    "Index",
    "Job",
    "JobInfo",
    "JobSession",
    "Jobs",
    "Library",
    "Migration",
    "Portion",
    "Space",
    "StoredPassage",
    "Task",
    "Unread",
    "Upload",
    "Uploads",
    "WriteOutcome",
    "describe_schema",
    "load_migrations",
    "migrate",
]

"""Postgres: the pool, the migration runner, named queries and the repositories over them."""

from rag.store._audit import Audit, Audited, Duplicates, Missing, SameText
from rag.store._backup import CopiedTable, Manifest, back_up, manifest_of, restore
from rag.store._collections import CollectionInfo, Collections
from rag.store._connection import CONNECT_SECONDS
from rag.store._database import Database
from rag.store._embedding_work import EmbeddingWork, Portion
from rag.store._health import DatabaseHealth, SchemaState, VectorState, Versions
from rag.store._index import Candidate, Index, Named, StoredPassage
from rag.store._jobs import Job, JobInfo, Jobs, JobSession, Task
from rag.store._keys import KEY_PREFIX, KeyInfo, Keys
from rag.store._knowledge import KnowledgeBases
from rag.store._library import Embedded, Library, WriteOutcome
from rag.store._merging import Merging, Undo
from rag.store._migrations import MINIMUM_PGVECTOR, Migration, another_model, load_migrations, migrate
from rag.store._reader import Reader, reader_role
from rag.store._removal import Removal, Removed
from rag.store._schema import describe_schema
from rag.store._shelf import Shelf
from rag.store._space import GREATEST_INDEXED, Space
from rag.store._spaces import OldPaper, OldPassage, Reembedding, Remaining, SpaceInfo, Spaces, spaces_of
from rag.store._uploads import UPLOAD_STATES, Unread, Upload, Uploads

__all__ = [
    "CONNECT_SECONDS",
    "GREATEST_INDEXED",
    "KEY_PREFIX",
    "MINIMUM_PGVECTOR",
    "UPLOAD_STATES",
    "Audit",
    "Audited",
    "Candidate",
    "CollectionInfo",
    "Collections",
    "CopiedTable",
    "Database",
    "DatabaseHealth",
    "Duplicates",
    "Embedded",
    "EmbeddingWork",
    "Index",
    "Job",
    "JobInfo",
    "JobSession",
    "Jobs",
    "KeyInfo",
    "Keys",
    "KnowledgeBases",
    "Library",
    "Manifest",
    "Merging",
    "Migration",
    "Missing",
    "Named",
    "OldPaper",
    "OldPassage",
    "Portion",
    "Reader",
    "Reembedding",
    "Remaining",
    "Removal",
    "Removed",
    "SameText",
    "SchemaState",
    "Shelf",
    "Space",
    "SpaceInfo",
    "Spaces",
    "StoredPassage",
    "Task",
    "Undo",
    "Unread",
    "Upload",
    "Uploads",
    "VectorState",
    "Versions",
    "WriteOutcome",
    "another_model",
    "back_up",
    "describe_schema",
    "load_migrations",
    "manifest_of",
    "migrate",
    "reader_role",
    "restore",
    "spaces_of",
]

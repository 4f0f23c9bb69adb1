"""Named queries: every statement stands in a ``.sql`` file beside this one under ``-- name: …`` and is parsed once."""

import re
from functools import cache
from pathlib import Path
from typing import LiteralString, cast

from psycopg import sql

from rag.store._space import Space

_NAME = re.compile(r"^-- name: (\w+)[^\n]*\n", re.MULTILINE)


@cache
def named_queries() -> dict[str, LiteralString]:
    """The statements of the ``.sql`` files by name."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.sql"))]
    parts = [part for text in texts for part in _NAME.split(text)[1:]]
    return {name: cast("LiteralString", body.strip()) for name, body in zip(parts[::2], parts[1::2], strict=True)}


def query(name: str, **pieces: sql.Composable) -> sql.Composed:
    """A statement that belongs to no embedding space; ``pieces`` fill its ``{placeholders}``."""
    return sql.SQL(named_queries()[name]).format(**pieces)


VECTOR_INDEXES = ("paper_vectors_hnsw", "passage_vectors_hnsw", "passage_vectors_uploads_hnsw")
"""Over the vectors of one space, the last one over those of uploads; as statements call them."""
STEMS_INDEX = "paper_stems_hnsw"


class Queries:
    """The named queries with what belongs to one embedding space filled in: its tables, its indexes, and what these hold."""

    def __init__(self, space: Space) -> None:
        vectors = ("paper_vectors", "passage_vectors")
        self._names = {name: name.replace("_vectors", f"_vectors_{space.id}") for name in (*vectors, *VECTOR_INDEXES)}
        self._indexed = {
            "index_key": _in_index("embedding", space),
            "indexed": _in_index("v.embedding", space),
            "asked_in_index": _in_index("%(embedding)s::halfvec", space),
            "sampled_in_index": _in_index("s.embedding", space),
        }

    def get(self, name: str, **pieces: sql.Composable) -> sql.Composed:
        """The statement called ``name``; ``pieces`` fill its further ``{placeholders}``."""
        names = {name: sql.Identifier(own) for name, own in self._names.items()}
        return query(name, **names, **self._indexed, **pieces)

    def index(self, name: str) -> str:
        """What the index that statements call ``name`` is called in the database."""
        return self._names.get(name, name)


def _in_index(vector: LiteralString, space: Space) -> sql.Composable:
    """What the indexes of ``space`` hold of ``vector``, not of unit length: the cosine does not mind.

    An index serves an order by this very expression alone.
    """
    if space.indexed == space.dimensions:
        return sql.SQL(vector)
    return sql.SQL(named_queries()["first_numbers"]).format(vector=sql.SQL(vector), n=sql.Literal(space.indexed))

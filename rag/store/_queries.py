"""Named queries: every statement stands in a ``.sql`` file beside this one under ``-- name: …`` and is parsed once."""

import re
from functools import cache
from pathlib import Path
from typing import LiteralString, cast

from psycopg import sql

_NAME = re.compile(r"^-- name: (\w+)[^\n]*\n", re.MULTILINE)


@cache
def named_queries() -> dict[str, LiteralString]:
    """The statements of the ``.sql`` files by name."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.sql"))]
    parts = [part for text in texts for part in _NAME.split(text)[1:]]
    return {name: cast("LiteralString", body.strip()) for name, body in zip(parts[::2], parts[1::2], strict=True)}


class Queries:
    """The named queries with the table names of one embedding space filled in."""

    def __init__(self, space_id: int) -> None:
        self._names = {
            name: sql.Identifier(pattern.format(space_id))
            for name, pattern in {
                "paper_vectors": "paper_vectors_{}",
                "passage_vectors": "passage_vectors_{}",
                "paper_vectors_hnsw": "paper_vectors_{}_hnsw",
                "passage_vectors_hnsw": "passage_vectors_{}_hnsw",
            }.items()
        }

    def get(self, name: str, **pieces: sql.Composable) -> sql.Composed:
        """The statement called ``name``; ``pieces`` fill its further ``{placeholders}``."""
        return sql.SQL(named_queries()[name]).format(**self._names, **pieces)

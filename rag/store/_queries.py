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


class Queries:
    """The named queries with what belongs to one embedding space filled in: its tables, its indexes, and what they hold."""

    def __init__(self, space: Space) -> None:
        self._names: dict[str, sql.Composable] = {
            f"{kind}_vectors{suffix}": sql.Identifier(f"{kind}_vectors_{space.id}{suffix}")
            for kind in ("paper", "passage")
            for suffix in ("", "_hnsw", "_former")
        }
        self._names |= {
            "index_key": _in_index("embedding", space),
            "indexed": _in_index("v.embedding", space),
            "asked_in_index": _in_index("%(embedding)s::halfvec", space),
            "sampled_in_index": _in_index("s.embedding", space),
        }

    def get(self, name: str, **pieces: sql.Composable) -> sql.Composed:
        """The statement called ``name``; ``pieces`` fill its further ``{placeholders}``."""
        return sql.SQL(named_queries()[name]).format(**self._names, **pieces)


def _in_index(vector: LiteralString, space: Space) -> sql.Composable:
    """What the indexes of ``space`` hold of ``vector``, not of unit length: the cosine does not mind.

    An index serves an order by this very expression alone.
    """
    if space.indexed == space.dimensions:
        return sql.SQL(vector)
    return sql.SQL(named_queries()["first_numbers"]).format(vector=sql.SQL(vector), n=sql.Literal(space.indexed))

"""Vectors kept by the content of their text, in bounded memory, least recently used first out."""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from rag.embeddings.vectors import Matrix


class VectorCache:
    """At most ``max_bytes`` of vectors; safe to use from several threads. Texts themselves are not kept, only their hashes."""

    _OVERHEAD = 300
    """Bytes that an entry costs beside its numbers: key, array header, place in the order."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._rows: OrderedDict[bytes, Matrix] = OrderedDict()
        self._lock = Lock()

    def look_up(self, texts: Sequence[str]) -> "Lookup":
        """What is known of ``texts``, and which of them must be embedded."""
        keys = [hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest() for text in texts]
        found: dict[bytes, Matrix] = {}
        missing: dict[bytes, str] = {}
        with self._lock:
            for key, text in zip(keys, texts, strict=True):
                row = self._rows.get(key)
                if row is None:
                    missing[key] = text
                else:
                    self._rows.move_to_end(key)
                    found[key] = row
        return Lookup(self, keys, found, missing)

    def keep(self, rows: dict[bytes, Matrix]) -> None:
        """Add ``rows`` and drop the oldest until the bound is met."""
        with self._lock:
            for key, row in rows.items():
                if key not in self._rows:
                    self._bytes += row.nbytes + self._OVERHEAD
                self._rows[key] = row
                self._rows.move_to_end(key)
            while self._bytes > self._max_bytes and self._rows:
                _, oldest = self._rows.popitem(last=False)
                self._bytes -= oldest.nbytes + self._OVERHEAD


@dataclass(frozen=True, slots=True)
class Lookup:
    """The texts of one request: some known, some to be embedded (each distinct text once)."""

    _cache: VectorCache
    _keys: list[bytes]
    _found: dict[bytes, Matrix]
    _missing: dict[bytes, str]

    @property
    def missing(self) -> list[str]:
        """The distinct texts that the cache does not know."""
        return list(self._missing.values())

    def complete(self, vectors: Matrix) -> Matrix:
        """The vectors of all texts in their order, given those of ``missing``; these are kept for the next time."""
        # Copies: a row that is a view would keep its whole batch in memory.
        fresh = {key: row.copy() for key, row in zip(self._missing, vectors, strict=True)}
        self._cache.keep(fresh)
        rows = self._found | fresh
        return np.stack([rows[key] for key in self._keys]) if self._keys else vectors

"""Vectors kept on disk by the content of their text, for work that embeds the same texts again and again: evaluations."""

import hashlib
import sqlite3
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from threading import Lock

import numpy as np

from rag.embeddings.embedder import Embedder
from rag.embeddings.vectors import Matrix

_MOST_KEYS = 500
"""Of one statement; SQLite takes 999 parameters everywhere."""


class VectorStore:
    """One SQLite file; a vector's key is the model, its settings, the dimensions and the SHA-256 of the text."""

    def __init__(self, path: Path) -> None:
        """The file is made when it is missing; it may be deleted at any time."""
        path.parent.mkdir(parents=True, exist_ok=True)
        # One connection, used by one thread at a time: the loop's and the embedding engine's.
        self._connection = sqlite3.connect(path, check_same_thread=False)
        self._lock = Lock()
        with self._lock, self._connection:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, numbers BLOB NOT NULL)")

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Matrix]:
        """The vectors that are known, (d,) float32."""
        found: dict[bytes, Matrix] = {}
        with self._lock:
            for start in range(0, len(keys), _MOST_KEYS):
                some = keys[start : start + _MOST_KEYS]
                marks = ",".join("?" * len(some))
                rows = self._connection.execute(f"SELECT key, numbers FROM vectors WHERE key IN ({marks})", some)
                found.update((key, np.frombuffer(numbers, np.float32)) for key, numbers in rows)
        return found

    def keep(self, vectors: dict[bytes, Matrix]) -> None:
        """Store vectors; those of a key that is there are replaced."""
        rows = [(key, np.asarray(vector, np.float32).tobytes()) for key, vector in vectors.items()]
        with self._lock, self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()


class StoredEmbedder(Embedder):
    """Another embedder behind a store: only texts that the store does not know are embedded."""

    def __init__(self, inner: Embedder, store: VectorStore) -> None:
        """Closing this closes neither ``inner`` nor ``store``."""
        super().__init__(inner.model, inner.dimensions, inner.profile)
        self._inner = inner
        self._store = store

    @property
    def identity(self) -> str:
        """That of the embedder behind the store."""
        return self._inner.identity

    def count_tokens(self, texts: Sequence[str]) -> int:
        """As the embedder behind the store counts."""
        return self._inner.count_tokens(texts)

    def close(self) -> None:
        """There is nothing of its own to close."""

    def _start(self, texts: Sequence[str], *, urgent: bool) -> "Future[Matrix]":
        keys = [self._key(text) for text in texts]
        found = self._store.get(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        answer: Future[Matrix] = Future()
        if not missing:
            answer.set_result(np.stack([found[key] for key in keys]))
            return answer

        def complete(done: "Future[Matrix]") -> None:
            if answer.cancelled() or not answer.set_running_or_notify_cancel():
                return
            try:
                fresh = dict(zip(missing, done.result(), strict=True))
                self._store.keep(fresh)
                rows = found | fresh
                answer.set_result(np.stack([rows[key] for key in keys]))
            except BaseException as error:  # noqa: BLE001 - whatever it is, whoever waits is to hear of it
                answer.set_exception(error)

        self._inner._start(list(missing.values()), urgent=urgent).add_done_callback(complete)
        return answer

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self.identity}\0{self.dimensions}\0{text}".encode("utf-8", "replace")).digest()

"""Stand-ins for tests: an embedder without a model."""

import re
from collections.abc import Sequence
from concurrent.futures import Future
from hashlib import blake2b

import numpy as np

from rag.embeddings.embedder import Embedder
from rag.embeddings.profiles import Profile
from rag.embeddings.vectors import Matrix, unit_rows

_WORD = re.compile(r"[a-z0-9]+|[^\x00-\x7f]")


def bag_of_words(texts: Sequence[str], dimensions: int) -> Matrix:
    """Unit rows (n, dimensions): each word (each character beyond ASCII) adds its own direction; sharing words is being near."""
    rows = np.zeros((len(texts), dimensions), np.float32)
    for row, text in zip(rows, texts, strict=True):
        for word in _WORD.findall(text.lower()) or [""]:
            seed = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big")
            row += np.random.default_rng(seed).standard_normal(dimensions, np.float32)
    return unit_rows(rows)


class FakeEmbedder(Embedder):
    """Deterministic vectors out of hashed words; what it was asked is in ``calls``."""

    def __init__(self, dimensions: int = 64, *, model: str = "fake", multilingual: bool = False, floor: float = 0.3) -> None:
        """``multilingual`` and ``floor`` go into the profile."""
        super().__init__(model, dimensions, Profile("", dimensions, 512, "{query}", multilingual, floor))
        self.calls: list[list[str]] = []
        self.error: Exception | None = None
        """Raised by every later request, if set."""

    def count_tokens(self, texts: Sequence[str]) -> int:
        """Words."""
        return sum(len(_WORD.findall(text.lower())) for text in texts)

    def close(self) -> None:
        """There is nothing to close."""

    def _start(self, texts: Sequence[str], *, urgent: bool) -> "Future[Matrix]":  # noqa: ARG002
        self.calls.append(list(texts))
        future: Future[Matrix] = Future()
        if self.error is None:
            future.set_result(bag_of_words(texts, self.dimensions))
        else:
            future.set_exception(self.error)
        return future

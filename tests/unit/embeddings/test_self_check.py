"""A model that is served wrongly is found at start."""

from collections.abc import Sequence
from concurrent.futures import Future

import numpy as np
import pytest

from rag.embeddings.profiles import profile_for
from rag.embeddings.self_check import self_check
from rag.embeddings.testing import FakeEmbedder
from rag.embeddings.vectors import Matrix
from rag.errors import EmbeddingError, EmbeddingUnavailableError, SelfCheckError


class Bent(FakeEmbedder):
    """Gives what ``bend`` makes of the right vectors."""

    def __init__(self, bend: str, *, multilingual: bool = False) -> None:
        super().__init__(multilingual=multilingual)
        self.bend = bend

    def _start(self, texts: Sequence[str], *, urgent: bool) -> "Future[Matrix]":
        right = super()._start(texts, urgent=urgent).result()
        bent: Future[Matrix] = Future()
        if self.bend == "dimensions":
            bent.set_result(right[:, :32])
        elif self.bend == "length":
            bent.set_result(right * 3)
        elif self.bend == "same" or (self.bend == "Chinese" and not texts[0].isascii()):
            bent.set_result(np.tile(right[:1] * 0 + 1 / 8, (len(texts), 1)).astype(np.float32))
        else:
            bent.set_result(right)
        return bent


@pytest.mark.parametrize("multilingual", [False, True])
def test_a_good_model_passes(multilingual: bool) -> None:
    embedder = FakeEmbedder(multilingual=multilingual)
    self_check(embedder)
    assert any("翻译" in call[0] for call in embedder.calls) == multilingual


@pytest.mark.parametrize(
    ("bend", "message"),
    [
        ("dimensions", "The model answered 32 numbers, PAPER_FINDER_DIMENSIONS says 64."),
        ("length", "The model's vectors are 3.000 to 3.000 long, not 1."),
        ("same", r"puts a wrong text as near to a question as the right one \(English: cosine 1.00 and 1.00\)"),
        ("Chinese", r"\(Chinese: cosine 1.00 and 1.00\)"),
    ],
)
def test_what_is_wrong_is_said(bend: str, message: str) -> None:
    with pytest.raises(SelfCheckError, match=message):
        self_check(Bent(bend, multilingual=True))


def test_the_pooling_that_the_model_wants_is_named() -> None:
    embedder = Bent("same")
    embedder.profile = profile_for("Qwen/Qwen3-Embedding-4B")
    with pytest.raises(SelfCheckError, match=r"Check on the server the pooling \(last token\)"):
        self_check(embedder)


def test_a_model_without_chinese_is_not_asked_for_it() -> None:
    self_check(Bent("Chinese"))


def test_an_unusable_answer_fails_the_check_with_its_own_words() -> None:
    embedder = FakeEmbedder()
    embedder.error = EmbeddingError("a vector of zeros")
    with pytest.raises(SelfCheckError, match="a vector of zeros"):
        self_check(embedder)


def test_a_server_that_is_away_is_not_blamed_on_the_model() -> None:
    embedder = FakeEmbedder()
    embedder.error = EmbeddingUnavailableError()
    with pytest.raises(EmbeddingUnavailableError):
        self_check(embedder)

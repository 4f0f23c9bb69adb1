"""A check at start: a model that is served wrongly gives vectors that look fine and rank badly."""

from dataclasses import dataclass

import numpy as np

from rag.embeddings.embedder import Embedder
from rag.embeddings.vectors import Matrix
from rag.errors import EmbeddingError, EmbeddingUnavailableError, SelfCheckError

MARGIN = 0.05
"""By how much the right text must be nearer, in cosine."""


@dataclass(frozen=True, slots=True)
class _Pair:
    language: str
    question: str
    fits: str
    does_not: str


_ENGLISH = _Pair(
    "English",
    "neural machine translation for languages with little training data",
    "We train neural machine translation for low-resource languages, where little parallel data is available.",
    "Patients received antibiotics after surgery, and the wound healed within two weeks.",
)
_CHINESE = _Pair(
    "Chinese",
    "低资源语言的神经机器翻译",
    "本文研究平行语料很少的低资源语言的神经机器翻译方法。",
    "患者在手术后接受抗生素治疗，伤口两周内愈合。",
)


def self_check(embedder: Embedder) -> None:
    """Dimension, length and order of known texts. Blocks: call it in a thread where a loop runs.

    Raises:
        SelfCheckError: the vectors are not what they should be; the message says how.
        EmbeddingUnavailableError: the server does not answer.
    """
    for pair in (_ENGLISH, _CHINESE) if embedder.multilingual else (_ENGLISH,):
        try:
            documents = embedder.encode_documents([pair.fits, pair.does_not])
            question = embedder.encode_queries([pair.question])
        except EmbeddingUnavailableError:
            raise
        except EmbeddingError as error:
            raise SelfCheckError(error.message, hint=error.advice) from error
        _check_shape(embedder, np.concatenate([documents, question]))
        _check_order(embedder, pair, documents @ question[0])


def _check_shape(embedder: Embedder, vectors: Matrix) -> None:
    if vectors.shape[1] != embedder.dimensions:
        raise SelfCheckError(
            f"The model answered {vectors.shape[1]} numbers, PAPER_FINDER_DIMENSIONS says {embedder.dimensions}."
        )
    lengths = np.linalg.norm(vectors, axis=1)
    if not np.allclose(lengths, 1, atol=1e-3):
        raise SelfCheckError(f"The model's vectors are {np.min(lengths):.3f} to {np.max(lengths):.3f} long, not 1.")


def _pooling(embedder: Embedder) -> str:
    expected = {"last": "last token", "mean": "mean of the tokens", "cls": "first token", "": "as its card says"}
    return f"the pooling ({expected[embedder.profile.pooling]})"


def _check_order(embedder: Embedder, pair: _Pair, cosines: Matrix) -> None:
    if cosines[0] < cosines[1] + MARGIN:
        raise SelfCheckError(
            f"The model {embedder.model!r} puts a wrong text as near to a question as the right one "
            f"({pair.language}: cosine {cosines[1]:.2f} and {cosines[0]:.2f}).",
            hint=f"Check on the server {_pooling(embedder)}, the end token and the model's name.",
        )

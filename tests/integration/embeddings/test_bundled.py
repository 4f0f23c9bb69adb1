"""The bundled model itself: meaning, length, oddities, and agreement with the reference implementation."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np
import pytest
import torch

from rag.embeddings import open_embedder, self_check
from rag.embeddings.bundled import BundledEmbedder, Plan, model_folder
from rag.embeddings.estimate import usual_tokens
from rag.embeddings.minilm import MiniLM
from rag.embeddings.windows import spans
from rag.errors import ConfigurationError
from rag.settings import Settings

pytestmark = pytest.mark.anyio
ABSTRACT = (
    "We present a neural machine translation system for languages with little parallel data. Back-translation and transfer from "
    "a related language raise the quality by several BLEU points on four language pairs. "
)


@pytest.fixture(scope="module")
def embedder() -> Iterator[BundledEmbedder]:
    embedder = open_embedder(Settings(embeddings="bundled"))
    assert isinstance(embedder, BundledEmbedder)
    embedder.warm_up().result(120)
    yield embedder
    embedder.close()


def test_it_passes_the_self_check(embedder: BundledEmbedder) -> None:
    assert (embedder.model, embedder.dimensions, embedder.multilingual) == ("all-MiniLM-L6-v2", 384, False)
    self_check(embedder)


def test_near_meanings_are_near(embedder: BundledEmbedder) -> None:
    texts = [
        "A kitten sleeps on the sofa.",
        "The stock market fell sharply today.",
        "Convolutional networks for image classification",
        ABSTRACT,
    ]
    questions = ["a cat resting on a couch", "share prices dropped", "deep learning for vision", "low-resource translation"]
    cosines = embedder.encode_queries(questions) @ embedder.encode_documents(texts).T
    assert cosines.argmax(axis=1).tolist() == [0, 1, 2, 3]


def test_it_agrees_with_the_reference_implementation(embedder: BundledEmbedder) -> None:
    from sentence_transformers import SentenceTransformer

    texts = [
        ABSTRACT,
        "short",
        ABSTRACT * 2,
        "Ünïcödé ﬁne — naïve café",
        "机器翻译",
        "E = mc², $\\alpha$-GNN: 1,234.5%",
        "🎉 party",
    ]
    reference = SentenceTransformer(str(model_folder()), device="cpu").encode(texts, normalize_embeddings=True)
    cosines = (embedder.encode_documents(texts) * reference).sum(axis=1)
    assert cosines.min() > 0.999


def test_usual_tokens_are_about_as_many_as_word_pieces(embedder: BundledEmbedder) -> None:
    for text in (ABSTRACT * 3, "在资源有限的条件下，本文研究了机器翻译的方法，并与以前的工作进行了比较。" * 5):
        assert usual_tokens(text) == pytest.approx(embedder.count_tokens([text]), rel=0.1)


def test_a_build_of_torch_without_onednn_computes_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = model_folder()
    batch = [[7592, 2088], list(range(2000, 2060)), [3698, 5449, 2005, 2659, 11412, 4155]]
    usual = MiniLM(folder, torch.float32).embed(batch)
    asked = []

    def is_available() -> bool:
        asked.append(True)
        return False

    monkeypatch.setattr(torch.backends.mkldnn, "is_available", is_available)
    plain = MiniLM(folder, torch.float32).embed(batch)
    assert len(asked) == 4 * 6
    np.testing.assert_allclose(plain, usual, atol=1e-5)


def test_oddities_have_vectors(embedder: BundledEmbedder) -> None:
    texts = ["", " ", "🎉🧪👩‍🔬", "低资源语言的机器翻译", "\ud83d", "\x00", "[CLS] [SEP]", "a" * 5000, "é" * 300]
    vectors = embedder.encode_documents(texts)
    assert vectors.shape == (len(texts), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_the_end_of_a_long_text_counts(embedder: BundledEmbedder) -> None:
    filler = "Patients received antibiotics after surgery, and the wound healed. " * 60
    plain, with_end = embedder.encode_documents([filler, filler + ABSTRACT * 10])
    question = embedder.encode_queries(["neural machine translation"])[0]
    assert with_end @ question > plain @ question + 0.1


def test_a_hundred_thousand_characters_pass(embedder: BundledEmbedder) -> None:
    vector = embedder.encode_documents([ABSTRACT * (100_000 // len(ABSTRACT) + 1)])[0]
    assert vector @ embedder.encode_documents([ABSTRACT])[0] > 0.9


def test_a_text_in_windows_is_their_weighted_mean() -> None:
    words = "cat dog house tree water stone".split()  # one word piece each
    pieces = [words[number % 6] for number in range(40)]
    embedder = BundledEmbedder(plan=Plan(window=30, overlap=5))
    whole = embedder.encode_documents([" ".join(pieces)])[0]
    parts = embedder.encode_documents([" ".join(pieces[start:end]) for start, end in spans(40, 30, 5)])
    embedder.close()
    mean = parts.sum(axis=0)
    assert whole @ (mean / np.linalg.norm(mean)) > 0.9995


def test_the_company_in_a_batch_hardly_matters(embedder: BundledEmbedder) -> None:
    alone = embedder.encode_documents([ABSTRACT])[0]
    among = embedder.encode_documents(["a b c", ABSTRACT, ABSTRACT * 3, "", *[f"text {number}" for number in range(100)]])[1]
    assert alone @ among > 0.9995


def test_fewer_dimensions_can_be_had_and_more_cannot(embedder: BundledEmbedder) -> None:
    small = BundledEmbedder(64)
    expected = embedder.encode_documents(["a text"])[:, :64]
    np.testing.assert_allclose(small.encode_documents(["a text"]), expected / np.linalg.norm(expected), atol=0.01)
    small.close()
    with pytest.raises(ConfigurationError, match="PAPER_FINDER_DIMENSIONS is 512, but all-MiniLM-L6-v2 has only 384"):
        BundledEmbedder(512)


def test_tokens_are_counted_without_loading_the_model() -> None:
    fresh = BundledEmbedder()
    assert fresh.count_tokens(["hello world", "", "\ud83d"]) == 4 + 2 + 3
    assert fresh._loaded is None
    fresh.close()


async def test_a_question_does_not_wait_for_an_import(embedder: BundledEmbedder) -> None:
    documents = asyncio.ensure_future(embedder.aencode_documents([f"{number} {ABSTRACT}" * 4 for number in range(300)]))
    await embedder.aencode_queries(["does this wait?"])
    assert not documents.done()
    documents.cancel()


async def test_the_loop_goes_on_meanwhile(embedder: BundledEmbedder) -> None:
    documents = asyncio.ensure_future(embedder.aencode_documents([f"{number} {ABSTRACT}" for number in range(100)]))
    longest, before = 0.0, time.perf_counter()
    while not documents.done():
        await asyncio.sleep(0)
        now = time.perf_counter()
        longest, before = max(longest, now - before), now
    assert (await documents).shape == (100, 384)
    assert longest < 1


def test_opening_loads_nothing_heavy() -> None:
    """``serve`` is to answer /health at once."""
    program = (
        "import sys; from rag.embeddings import open_embedder; from rag.settings import Settings;"
        "open_embedder(Settings(embeddings='bundled'));"
        "print([name for name in ('torch', 'transformers', 'tokenizers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]"

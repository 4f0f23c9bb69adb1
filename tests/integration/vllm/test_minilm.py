"""``make up EMBEDDINGS=vllm`` with the bundled model's folder: the same meaning as the bundled server, and an orderly end."""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rag.embeddings import embedding_text, self_check
from rag.embeddings.bundled import BundledEmbedder, model_folder
from rag.embeddings.openai_client import OpenAIEmbedder
from rag.errors import StackError
from rag.papers import PaperRecord
from rag.settings import CHECKOUT
from rag.stack.testing import RunningStack, free_port, running_stack
from tests.integration.stack.conftest import FAKE_STACK, processes_of

pytestmark = pytest.mark.timeout(900)
SAMPLE = CHECKOUT / "rag" / "stack" / "sample_library.jsonl"
QUESTIONS = CHECKOUT / "tests" / "integration" / "api" / "questions.json"
COMMAND = (sys.executable, "-W", "error", str(FAKE_STACK), "vllm")
START_SECONDS = 600.0


@pytest.fixture(scope="module")
def port() -> int:
    """Where vLLM listens."""
    return free_port()


@pytest.fixture(scope="module")
def stack(postgres: str, port: int) -> Iterator[RunningStack]:
    """The launcher with a real vLLM, ready; afterwards no process of it is left."""
    with tempfile.TemporaryDirectory(prefix="pf-test-") as folder:
        with running_stack(
            Path(folder) / "home",
            command=COMMAND,
            environment=_environment(postgres, port, str(model_folder())),
            start_seconds=START_SECONDS,
        ) as running:
            yield running
        assert processes_of(Path(folder)) == []


def _environment(postgres: str, port: int, model: str) -> dict[str, str]:
    ours = {"DATABASE_URL": postgres, "EMBEDDINGS": "vllm", "MODEL": model, "VLLM_PORT": str(port)}
    return {f"PAPER_FINDER_{name}": value for name, value in ours.items()}


@pytest.fixture(scope="module")
def served(stack: RunningStack, port: int) -> Iterator[OpenAIEmbedder]:
    """The model on vLLM."""
    assert "vLLM: running" in stack.text()
    embedder = OpenAIEmbedder(f"http://127.0.0.1:{port}/v1", str(model_folder()))
    yield embedder
    embedder.close()


@pytest.fixture(scope="module")
def bundled() -> Iterator[BundledEmbedder]:
    """The model within this process."""
    embedder = BundledEmbedder()
    yield embedder
    embedder.close()


def test_it_passes_the_self_check(served: OpenAIEmbedder) -> None:
    self_check(served)
    assert served.dimensions == 384


def test_meaning_is_that_of_the_bundled_server(served: OpenAIEmbedder, bundled: BundledEmbedder) -> None:
    texts = [embedding_text(paper) for paper in _papers()]
    here, there = bundled.encode_documents(texts), served.encode_documents(texts)
    assert float(np.sum(here * there, axis=1).min()) >= 0.99
    questions: list[str] = json.loads(QUESTIONS.read_text(encoding="utf-8"))["in_domain"]
    ranked_here = np.argsort(-(bundled.encode_queries(questions) @ here.T), axis=1)[:, :10]
    ranked_there = np.argsort(-(served.encode_queries(questions) @ there.T), axis=1)[:, :10]
    assert float(np.mean(ranked_here[:, 0] == ranked_there[:, 0])) >= 0.95
    common = [len(set(one) & set(other)) / 10 for one, other in zip(ranked_here.tolist(), ranked_there.tolist(), strict=True)]
    assert float(np.mean(common)) >= 0.95


def test_texts_longer_than_its_256_tokens_pass(served: OpenAIEmbedder) -> None:
    vectors = served.encode_documents(["a long text about neural machine translation " * 400, "short"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


@pytest.mark.slow
def test_a_model_that_cannot_be_served_ends_the_start_with_vllms_log(postgres: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken-model"
    broken.mkdir()
    (broken / "config.json").write_text('{"hidden_size": 8, "model_type": "no such thing"}', encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="pf-test-") as folder:
        environment = _environment(postgres, free_port(), str(broken))
        start = running_stack(Path(folder) / "home", command=COMMAND, environment=environment, start_seconds=START_SECONDS)
        with pytest.raises(StackError, match=r"(?s)vLLM stops while it starts.*vllm\.log.*no such thing"), start:
            pytest.fail("a broken model was served")
        assert processes_of(Path(folder)) == []


def _papers() -> list[PaperRecord]:
    lines = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    return [PaperRecord(source_id=line["_id"], title=line["title"], abstract=line["text"]) for line in lines]

"""llama.cpp's server with a tiny model: it answers our client, which does what the server leaves out."""

import os
import subprocess
from collections.abc import Iterator

import httpx
import numpy as np
import pytest

from rag.embeddings import cut
from rag.embeddings.openai_client import OpenAIEmbedder
from rag.settings import CHECKOUT
from rag.stack.testing import free_port, wait_until

pytestmark = pytest.mark.slow
PYTHON = CHECKOUT / ".venv-llama-cpp" / "bin" / "python"
MODEL, WIDTH = "tiny-qwen3", 256
SECONDS = 120.0


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where it answers."""
    if not PYTHON.exists():
        pytest.skip("llama.cpp's server is not installed: 'make test-full' builds it, where there is a C++ compiler")
    folder = tmp_path_factory.mktemp("llama")
    file, port = folder / "tiny.gguf", free_port()
    subprocess.run([PYTHON, CHECKOUT / "tests" / "models" / "tiny_gguf.py", file], check=True)
    options = {"model": file, "model_alias": MODEL, "embedding": "true", "n_ctx": 2048, "n_batch": 2048, "port": port}
    arguments = [str(part) for name, value in options.items() for part in (f"--{name}", value)]
    log = folder / "server.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [PYTHON, "-m", "llama_cpp.server", "--host", "127.0.0.1", *arguments],
            env={"PATH": os.environ["PATH"]},
            stdout=output,
            stderr=output,
        ) as process,
    ):
        try:
            wait_until(lambda: _answers(f"http://127.0.0.1:{port}/v1") or process.poll() is not None, SECONDS)
            assert process.poll() is None, log.read_text(encoding="utf-8", errors="replace")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/models", trust_env=False).is_success
    except httpx.TransportError:
        return False


def test_it_answers_as_long_as_the_model_is_and_not_of_unit_length(url: str) -> None:
    body = {"input": ["graph neural networks"], "model": MODEL, "dimensions": 64}
    (item,) = httpx.post(f"{url}/embeddings", json=body, timeout=SECONDS).json()["data"]
    assert len(item["embedding"]) == WIDTH  # it ignores `dimensions`
    assert float(np.linalg.norm(item["embedding"])) != pytest.approx(1, abs=1e-3)


def test_our_client_makes_unit_vectors_of_it_and_cuts_them(url: str) -> None:
    whole, short = OpenAIEmbedder(url, MODEL), OpenAIEmbedder(url, MODEL, dimensions=64)
    try:
        assert whole.dimensions == WIDTH
        texts = ["graph neural networks", "图神经网络", "", "protein folding " * 100]
        vectors = whole.encode_documents(texts)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        assert len(np.unique(vectors.round(4), axis=0)) == len(texts)
        np.testing.assert_allclose(short.encode_documents(texts), cut(vectors, 64), atol=1e-4)
        assert whole.encode_documents(["a long text of many words " * 400]).shape == (1, WIDTH)  # in windows
    finally:
        whole.close()
        short.close()

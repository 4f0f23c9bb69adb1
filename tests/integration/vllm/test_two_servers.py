"""Two vLLMs behind one address, by the nginx of docs/scale-out.md: one is killed under load, and nothing is lost."""

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest

from rag.embeddings.openai_client import OpenAIEmbedder
from rag.settings import CHECKOUT
from rag.stack.testing import free_port, wait_until
from tests.integration.vllm.conftest import Server, server_of
from tests.models import tiny_qwen3

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]
SECONDS = 60.0


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    """Two of the same model, which serve."""
    model = tiny_qwen3.make(tmp_path / "Qwen3-Embedding-4B-tiny")
    both = server_of(model, tmp_path / "first"), server_of(model, tmp_path / "second")
    try:
        for server in both:
            server.launch()
        for server in both:
            server.wait()
        yield both
    finally:
        for server in both:
            server.kill()


@contextmanager
def balanced(servers: tuple[Server, Server], folder: Path) -> Iterator[str]:
    """The address in front of them."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None:
        pytest.skip("nginx is not installed: 'make test-full' does it on Debian as root")
    shown = re.search(r"```nginx\n(.*?)```", (CHECKOUT / "docs" / "scale-out.md").read_text(encoding="utf-8"), re.DOTALL)
    assert shown is not None
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    servers_and_port = shown[1].replace("listen 8000", f"listen 127.0.0.1:{port}")
    for name, server in zip(("gpu1:8000", "gpu2:8000"), servers, strict=True):
        servers_and_port = servers_and_port.replace(name, str(httpx.URL(server.url).netloc, "ascii"))
    user = "user root;" if os.geteuid() == 0 else ""
    places = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    file = folder / "nginx.conf"
    file.write_text(
        f"daemon off; {user} pid {folder}/nginx.pid; events {{}} http {{ access_log off; {places} {servers_and_port} }}",
        encoding="utf-8",
    )
    with subprocess.Popen([nginx, "-e", str(folder / "nginx.log"), "-c", str(file)]) as process:
        try:
            wait_until(lambda: _is_there(address), SECONDS)
            yield f"{address}/v1"
        finally:
            process.terminate()


def _is_there(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health", trust_env=False).is_success
    except httpx.TransportError:
        return False


def test_one_of_two_servers_is_killed_under_load_and_nothing_is_lost(servers: tuple[Server, Server], tmp_path: Path) -> None:
    first, second = servers
    argv = first.program.argv
    model = argv[argv.index("--served-model-name") + 1]
    texts = [f"text number {number} " * 40 for number in range(600)]
    done: list[np.ndarray] = []
    with balanced(servers, tmp_path) as url:
        embedder, alone = OpenAIEmbedder(url, model), OpenAIEmbedder(second.url, model)
        working = threading.Thread(target=lambda: done.append(embedder.encode_documents(texts)), daemon=True)
        working.start()
        wait_until(lambda: first.at_work() and second.at_work(), SECONDS)
        first.kill()
        assert done == []
        working.join(600)
        assert done[0].shape == (600, 2560)
        assert (np.sum(done[0][::50] * alone.encode_documents(texts[::50]), axis=1) > 0.99).all()
        assert len(np.unique(done[0].round(3), axis=0)) == 600
        embedder.close()
        alone.close()

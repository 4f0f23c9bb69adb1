"""Real vLLM servers on the processor, started with the arguments and the environment that the launcher gives them."""

import os
import re
import signal
import subprocess
from pathlib import Path

import httpx
import psutil
import pytest

from rag.settings import Settings
from rag.stack.program import Program
from rag.stack.testing import free_port, wait_until
from rag.stack.vllm import PYTHON, vllm
from tests.models import tiny_qwen3

START_SECONDS = 600.0


class Server:
    """One vLLM, which can be killed and started again on its port."""

    def __init__(self, program: Program, log: Path) -> None:
        self.program = program
        self.url = program.address
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def launch(self) -> None:
        """Start it."""
        self.program.folder.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                self.program.argv,
                cwd=self.program.folder,
                env=dict(self.program.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Until it can serve."""
        wait_until(lambda: self._healthy() or not self._runs(), START_SECONDS)
        assert self._runs(), self._log.read_text(encoding="utf-8", errors="replace")[-4000:]

    def kill(self) -> None:
        """End it, and what it started, at once."""
        if self._process is None:
            return
        below = psutil.Process(self._process.pid).children(recursive=True) if self._runs() else []
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for child in below:
            if child.is_running():
                child.kill()
        psutil.wait_procs(below, timeout=30)
        self._process = None

    def at_work(self) -> bool:
        """Whether it works on a request."""
        metrics = httpx.get(self.program.ready_url.replace("/health", "/metrics"), timeout=30).text
        found = re.search(r"^vllm:num_requests_running\S* (\S+)$", metrics, re.MULTILINE)
        return found is not None and float(found[1]) > 0

    def _runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _healthy(self) -> bool:
        try:
            return httpx.get(self.program.ready_url, timeout=5).is_success
        except httpx.HTTPError:
            return False


@pytest.fixture(scope="session", autouse=True)
def _installed() -> None:
    """Without vLLM there is nothing to test; `make test` installs it."""
    if not PYTHON.exists():
        pytest.skip("vLLM is not installed: 'make test' installs it into .venv-vllm")


@pytest.fixture(scope="session")
def qwen3(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A tiny model of Qwen3-Embedding-4B's shape, starting."""
    folder = tmp_path_factory.mktemp("vllm")
    return server_of(tiny_qwen3.make(folder / "Qwen3-Embedding-4B-tiny"), folder / "first")


def server_of(model: Path, folder: Path) -> Server:
    """One that keeps its state in ``folder``."""
    settings = Settings(home=folder / "home", embeddings="vllm", model=str(model), vllm_port=free_port())
    environment = {**os.environ, "VLLM_CPU_KVCACHE_SPACE": "1"}  # two layers need less than a real model's
    folder.mkdir(parents=True)
    return Server(vllm(settings, environment), folder / "vllm.log")

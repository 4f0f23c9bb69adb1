"""A process of ours that is killed and started again."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from rag.settings import CHECKOUT
from rag.stack.testing import free_port, wait_until

KEY = "service-key-of-the-tests"


class Victim:
    """``paper-finder COMMAND`` over a database and an embedding server that outlive it."""

    def __init__(self, command: str, home: Path, database_url: str, embedding_url: str, port: int = 0) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = home / f"{command}.log"
        self._command = [sys.executable, "-W", "ignore", "-m", "rag.cli", command]
        ours = {
            "HOME": str(home),
            "PORT": str(self.port),
            "API_KEY": KEY,
            "DATABASE_URL": database_url,
            "EMBEDDINGS": embedding_url,
            "MODEL": "fake-model",
            "DIMENSIONS": "64",
        }
        self._environment = os.environ | {f"PAPER_FINDER_{name}": value for name, value in ours.items()}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(30)

    def start(self) -> None:
        """Start it; it is not ready yet."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=CHECKOUT, env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def kill(self) -> None:
        """As the kernel does when memory runs out: nothing is said and nothing tidied up."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)

    def wait_until_ready(self) -> None:
        """For a service."""
        wait_until(self._ready, 120)

    def _ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/ready", timeout=5).is_success
        except httpx.TransportError:
            return False

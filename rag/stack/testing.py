"""A running installation for tests: started as a child on free ports, stopped by SIGTERM."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import StackError
from rag.settings import CHECKOUT, Secrets
from rag.stack.welcome import READY

UP = (sys.executable, "-m", "rag.cli", "up")
ADMIN_EMAIL = "admin@paper-finder.local"
START_SECONDS = 300.0
STOP_SECONDS = 90.0
POLL_SECONDS = 0.1


@dataclass(frozen=True)
class RunningStack:
    """Where it is, and with what to get in."""

    home: Path
    service_url: str
    webui_url: str
    process: "subprocess.Popen[bytes]" = field(repr=False)
    output: Path = field(repr=False)

    @property
    def service_key(self) -> str:
        """The key of our API."""
        return self._secret("PAPER_FINDER_API_KEY")

    @property
    def admin_email(self) -> str:
        """The first Open WebUI account."""
        return ADMIN_EMAIL

    @property
    def admin_password(self) -> str:
        """Its password."""
        return self._secret("PAPER_FINDER_ADMIN_PASSWORD")

    def text(self) -> str:
        """What it printed so far."""
        return self.output.read_text(encoding="utf-8", errors="replace")

    def leaked(self) -> list[str]:
        """The names of secrets that stand in what it printed or in a log."""
        file = self.home / "secrets.env"
        names = [line.partition("=")[0] for line in file.read_text(encoding="utf-8").splitlines()]
        logs = [*(self.home / "logs").iterdir(), *(self.home / "open-webui").rglob("*.log")]
        written = self.text() + "".join(path.read_text("utf-8", "replace") for path in logs if path.is_file())
        return [name for name in names if self._secret(name) in written]

    def stop(self) -> int:
        """SIGTERM, and its exit code."""
        self.process.terminate()
        return self.process.wait(STOP_SECONDS)

    def _secret(self, name: str) -> str:
        value = Secrets(self.home / "secrets.env").get(name)
        if value is None:
            raise StackError(f"{name} is not in {self.home / 'secrets.env'}.")
        return value


@contextmanager
def running_stack(
    home: Path,
    *,
    port: int | None = None,
    webui_port: int | None = None,
    environment: Mapping[str, str] | None = None,
    command: Sequence[str] = UP,
    wait_for: str = READY,
    start_seconds: float = START_SECONDS,
) -> Iterator[RunningStack]:
    """Start it with its state in ``home``, wait until it printed ``wait_for``, stop it afterwards.

    Raises:
        StackError: it ended or did not get ready; the message is what it printed.
    """
    home.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    webui_port = webui_port or free_port()
    given = {"HOME": str(home), "HOST": "127.0.0.1", "PORT": str(port), "WEBUI_PORT": str(webui_port)}
    ours = {f"PAPER_FINDER_{name}": value for name, value in given.items()} | dict(environment or {})
    output = home.with_name(f"{home.name}.out")
    with output.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=CHECKOUT, env={**os.environ, **ours}, stdin=subprocess.DEVNULL, stdout=file, stderr=file
        )
    stack = RunningStack(home, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{webui_port}", process, output)
    try:
        wait_until(lambda: wait_for in stack.text() or process.poll() is not None, start_seconds)
        if process.poll() is not None and wait_for not in stack.text():
            raise StackError(f"It ended with code {process.returncode}:\n{stack.text()}")
        yield stack
    finally:
        if process.poll() is None:
            stack.stop()


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    """Ask again and again until ``condition`` holds.

    Raises:
        StackError: it does not within ``seconds``.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise StackError(f"Not so within {seconds:.0f} seconds.")
        time.sleep(POLL_SECONDS)


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""Homes and stacks for the launcher's tests."""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import psutil
import pytest

from rag.stack.testing import RunningStack, running_stack
from rag.stack.welcome import READY

FAKE_STACK = Path(__file__).with_name("fake_stack.py")
FakeStack = Callable[..., AbstractContextManager[RunningStack]]


@pytest.fixture
def home() -> Iterator[Path]:
    """A state folder with a short path, which nothing uses any more afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pf-test-"))
    yield folder / "home"
    left = processes_of(folder)
    for process in left:
        process.kill()
    shutil.rmtree(folder)
    assert left == []


@pytest.fixture
def fake_stack(home: Path, postgres: str) -> FakeStack:
    """Starts the launcher with fake services, on the tests' server unless an embedded one is wanted."""

    def start(
        mode: str = "steady", *, embedded: bool = False, wait_for: str = READY, **environment: str
    ) -> AbstractContextManager[RunningStack]:
        if not embedded:
            environment["PAPER_FINDER_DATABASE_URL"] = postgres
        command = (sys.executable, "-W", "error", str(FAKE_STACK), mode)
        return running_stack(home, command=command, environment=environment, wait_for=wait_for)

    return start


def processes_of(folder: Path) -> list[psutil.Process]:
    """Every process that was started with, or works in, this folder."""
    found = []
    for process in psutil.process_iter():
        try:
            parts = [*process.cmdline(), process.cwd()]
        except psutil.Error:
            continue
        if any(str(folder) in part for part in parts):
            found.append(process)
    return found

"""A job in a process of its own: what goes wrong there is raised here, and nothing of it outlives those who wait for it."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rag.errors import EmbeddingUnavailableError, JobKilledError, PaperFinderError
from rag.ingest.apart import Apart
from rag.settings import CHECKOUT
from rag.stack.testing import wait_until
from rag.store import Job

ENVIRONMENT = {"PYTHONPATH": str(CHECKOUT)}
SUSPECT = Job(1, "embed", "f1", begun=2, failures=0)
FAIL = """
from rag.errors import EmbeddingUnavailableError
from rag.ingest.apart import error_line
class KnownHereAloneError(EmbeddingUnavailableError): pass
print(error_line(KnownHereAloneError("Away.")))
raise SystemExit(1)
"""
LINGER = """
import sys, time
from pathlib import Path
from rag.ingest.apart import end_with_parent
end_with_parent()
Path(sys.argv[1]).touch()
time.sleep(600)
"""


class Here:
    """Keeps the jobs that it is given."""

    def __init__(self) -> None:
        self.done: list[Job] = []

    async def run(self, job: Job) -> None:
        """Keep it."""
        self.done.append(job)


def apart(code: str, *arguments: str) -> Apart:
    return Apart(Here(), ENVIRONMENT, [sys.executable, "-c", code, *arguments])


@pytest.mark.anyio
async def test_a_job_that_nobody_died_at_is_done_here() -> None:
    here, job = Here(), Job(1, "embed", "f1", begun=1, failures=2)
    await Apart(here, {}, ["/nowhere"]).run(job)
    assert here.done == [job]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("code", "error"),
    [
        (FAIL, EmbeddingUnavailableError),
        ("raise SystemExit(1)", PaperFinderError),
        ("print('nonsense'); raise SystemExit(1)", PaperFinderError),
        ("import os; os.kill(os.getpid(), 9)", JobKilledError),
    ],
)
async def test_what_goes_wrong_apart_is_raised_here(code: str, error: type[PaperFinderError]) -> None:
    with pytest.raises(error) as raised:
        await apart(code).run(SUSPECT)
    assert type(raised.value) is error


@pytest.mark.anyio
async def test_what_is_done_apart_ends_when_nobody_waits_for_it_any_more(tmp_path: Path) -> None:
    running = asyncio.create_task(apart(LINGER, str(tmp_path / "began")).run(SUSPECT))
    await asyncio.to_thread(wait_until, (tmp_path / "began").exists, 20)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


def test_what_is_done_apart_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LINGER, str(tmp_path / "began")]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, env=os.environ | ENVIRONMENT)
    wait_until((tmp_path / "began").exists, 20)
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(20) == 1

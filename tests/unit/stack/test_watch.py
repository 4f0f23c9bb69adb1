"""What the launcher makes of the states that supervisord tells."""

from pathlib import Path

import httpx
import pytest

from rag.errors import StackError
from rag.stack.manager import ProcessState
from rag.stack.program import Program
from rag.stack.report import Report
from rag.stack.watch import DEATHS_ALLOWED, Watched

pytestmark = pytest.mark.anyio


class Logs:
    """The part of a manager that tells where the logs are."""

    def log_path(self, name: str) -> Path:
        return Path("logs") / f"{name}.log"

    def log_tail(self, name: str, lines: int) -> str:
        return f"the last {lines} lines of {name}"


@pytest.fixture
def watched() -> Watched:
    program = Program("service", "Service", ("serve",), Path(), {}, "http://x/ready", "http://x")
    return Watched(program, Logs(), Report())  # type: ignore[arg-type]


@pytest.fixture
def client() -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200)))


def state(name: str, pid: int = 0) -> ProcessState:
    return ProcessState("service", name, pid)


async def test_a_program_on_its_way_to_another_start_is_not_given_up(watched: Watched, client: httpx.AsyncClient) -> None:
    await watched.look(state("RUNNING", 7), client)
    assert watched.ready
    await watched.look(state("EXITED"), client)
    assert not watched.ready
    await watched.look(state("RUNNING", 8), client)
    assert watched.ready


async def test_a_program_that_supervisord_gave_up_is_given_up_with_its_log(watched: Watched, client: httpx.AsyncClient) -> None:
    await watched.look(state("RUNNING", 7), client)
    with pytest.raises(StackError, match=r"(?s)Service keeps stopping.*the last 8 lines of service"):
        await watched.look(state("FATAL"), client)


async def test_a_program_that_dies_again_and_again_is_given_up(watched: Watched, client: httpx.AsyncClient) -> None:
    for pid in range(1, 2 + DEATHS_ALLOWED):
        await watched.look(state("RUNNING", pid), client)
    with pytest.raises(StackError, match="keeps stopping"):
        await watched.look(state("RUNNING", 2 + DEATHS_ALLOWED), client)

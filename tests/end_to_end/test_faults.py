"""Parts that are killed while everything runs come back by themselves, and people are told meanwhile."""

import os
import signal

import httpx

from rag.stack.testing import RunningStack, wait_until
from rag.store.embedded import EmbeddedPostgres

SEARCH = {"query": "attention", "limit": 1}


def search(stack: RunningStack) -> int:
    """The status of a search; 0 when nobody answers."""
    headers = {"Authorization": f"Bearer {stack.service_key}"}
    try:
        return httpx.post(f"{stack.service_url}/v1/papers/search", json=SEARCH, headers=headers, timeout=30).status_code
    except httpx.TransportError:
        return 0


def test_a_killed_database_is_told_and_comes_back(stack: RunningStack) -> None:
    pid = EmbeddedPostgres(stack.home).pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    seen: set[int] = set()

    def answers() -> bool:
        seen.add(search(stack))
        return 200 in seen and EmbeddedPostgres(stack.home).pid() not in {None, pid}

    wait_until(answers, 60)
    assert seen <= {200, 503}
    assert "restart" in stack.text()

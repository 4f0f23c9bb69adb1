"""A database of each test's own, and an embedding server that takes its time."""

import threading
from collections.abc import Iterator

import pytest
import uvicorn

from rag.embeddings.testing import FakeServer
from rag.stack.testing import free_port, wait_until
from tests.integration.conftest import empty_database, postgres

__all__ = ["embedding_url", "empty_database", "postgres"]

DELAY = 0.1
"""Seconds that a batch of texts takes: so long are jobs in the middle of their work."""


@pytest.fixture(scope="session")
def embedding_url() -> Iterator[str]:
    """The address of an OpenAI-compatible server with the model ``fake-model``."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(FakeServer(delay=DELAY).app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started, 30)
    yield f"http://127.0.0.1:{port}/v1"
    server.should_exit = True
    thread.join()

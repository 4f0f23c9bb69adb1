"""ASGI applications on loopback ports."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from socket import socket

import pytest
import uvicorn
from fastapi import FastAPI

Served = Callable[[FastAPI, int], AbstractContextManager[str]]


@contextmanager
def _served(app: FastAPI, port: int) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started:
        assert thread.is_alive(), "the server could not be started"
        assert time.monotonic() < deadline, "the server did not start"
        thread.join(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(30)


@pytest.fixture
def served() -> Served:
    """``with served(app, port) as url``: the application answers on that port."""
    return _served


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number

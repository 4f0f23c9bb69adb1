"""ASGI applications on loopback ports."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from socket import socket

import pytest
from fastapi import FastAPI

from tests.apps import running_app

Served = Callable[[FastAPI, int], AbstractContextManager[str]]


@pytest.fixture
def served() -> Served:
    """``with served(app, port) as url``: the application answers on that port."""
    return running_app


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number

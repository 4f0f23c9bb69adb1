"""Fixtures that every kind of test shares."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """Async tests run on asyncio, the loop of the service."""
    return "asyncio"

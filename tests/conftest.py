"""Fixtures and settings that every kind of test shares."""

import pytest
from hypothesis import HealthCheck, settings

# How fast the machine happens to be says nothing about the code; and a run is to be the same when it is run again.
settings.register_profile("repeatable", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("repeatable")


@pytest.fixture
def anyio_backend() -> str:
    """Async tests run on asyncio, the loop of the service."""
    return "asyncio"

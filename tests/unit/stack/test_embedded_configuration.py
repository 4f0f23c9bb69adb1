"""How the embedded Postgres is configured."""

from pathlib import Path

import pytest

from rag.store._embedded_conf import configuration

GB = 2**30


def settings(memory: int, shared_memory: int = 100 * GB) -> dict[str, str]:
    """The file as pairs."""
    text = configuration(Path("/run/user's/pg"), memory, shared_memory)
    return dict(line.split(" = ", 1) for line in text.splitlines() if not line.startswith("#"))


@pytest.mark.parametrize(
    ("memory", "buffers", "maintenance"), [(GB // 4, "64MB", "64MB"), (8 * GB, "1024MB", "1024MB"), (64 * GB, "2048MB", "1024MB")]
)
def test_memory_follows_the_machine_within_bounds(memory: int, buffers: str, maintenance: str) -> None:
    assert settings(memory)["shared_buffers"] == buffers
    assert settings(memory)["maintenance_work_mem"] == maintenance


def test_it_listens_on_a_private_socket_only() -> None:
    written = settings(8 * GB)
    assert written["listen_addresses"] == "''"
    assert written["unix_socket_directories"] == "'/run/user''s/pg'"
    assert written["unix_socket_permissions"] == "0700"


def test_a_container_with_little_shared_memory_still_builds_indexes() -> None:
    assert settings(8 * GB, 64 * 2**20)["dynamic_shared_memory_type"] == "mmap"
    assert "dynamic_shared_memory_type" not in settings(8 * GB)

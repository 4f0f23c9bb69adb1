"""How the embedded Postgres is configured for this machine."""

import shutil
from pathlib import Path

import psutil

MB = 2**20
SHARED_MEMORY = Path("/dev/shm")


def configuration(socket_folder: Path, memory: int | None = None, shared_memory: int | None = None) -> str:
    """The text of ``paper_finder.conf``; ``memory`` and ``shared_memory`` (bytes) are the machine's own by default.

    ``postgresql.auto.conf`` (``ALTER SYSTEM``) is read later by Postgres and so wins over these.
    """
    memory = psutil.virtual_memory().total if memory is None else memory
    shared_memory = _shared_memory() if shared_memory is None else shared_memory
    eighth = memory // 8 // MB
    maintenance = max(64, min(eighth, 1024))
    settings = {
        "listen_addresses": "''",
        "unix_socket_directories": f"'{str(socket_folder).replace(chr(39), chr(39) * 2)}'",
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "shared_buffers": f"{max(64, min(eighth, 2048))}MB",
        "effective_cache_size": f"{max(128, memory // 2 // MB)}MB",
        "maintenance_work_mem": f"{maintenance}MB",
        "work_mem": "32MB",
        "wal_compression": "on",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "jit": "off",
        "log_checkpoints": "off",
    }
    if shared_memory < 2 * maintenance * MB:
        # Containers give /dev/shm 64 MB; a parallel index build wants maintenance_work_mem there.
        settings["dynamic_shared_memory_type"] = "mmap"
    lines = "".join(f"{name} = {value}\n" for name, value in settings.items())
    return f"# Written at each start; ALTER SYSTEM overrides it.\n{lines}"


def _shared_memory() -> int:
    return shutil.disk_usage(SHARED_MEMORY).total if SHARED_MEMORY.exists() else 2**63

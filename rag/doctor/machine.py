"""Disk space, and the secrets on it."""

import shutil
import stat
from collections.abc import Iterator

from rag.doctor.finding import Finding, failed, ok, skipped, warning
from rag.settings import Settings

LEAST, ENOUGH = 2**30, 5 * 2**30
"""Free bytes below which nothing starts, and below which an import may fill the disk."""


def look(settings: Settings) -> Iterator[Finding]:
    """At the state folder."""
    yield _space(settings)
    yield _secrets(settings)


def _space(settings: Settings) -> Finding:
    part = "Disk"
    if not settings.home.is_dir():
        return failed(part, f"The state folder {settings.home} is not there.", "Set PAPER_FINDER_HOME, or start with 'make up'.")
    free = shutil.disk_usage(settings.home).free
    said = f"{free / 2**30:.1f} GB are free under {settings.home}."
    if free < LEAST:
        return failed(part, said, "Make room: Paper Finder does not start with less than 1 GB.")
    if free < ENOUGH:
        return warning(part, said, "Make room before the next import; a million papers take some 20 GB.", free_gb=free / 2**30)
    return ok(part, said, free_gb=free / 2**30)


def _secrets(settings: Settings) -> Finding:
    part, path = "Secrets", settings.secrets_file
    if not path.exists():
        return skipped(part, f"{path} is not there yet; the first start makes it.")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return failed(part, f"{path} can be read by others (mode {mode:o}).", f"chmod 600 {path}")
    return ok(part, f"{path} is its owner's alone.")

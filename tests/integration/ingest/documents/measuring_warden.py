"""The warden as the service has it, which writes down what memory its children took: ``python -m …measuring_warden FD``."""

import os
import resource
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import psutil

from rag.ingest.documents import warden

_UNIT = 1 if sys.platform == "darwin" else 1024


class Measured(NamedTuple):
    """By the kernel's own account, in bytes."""

    children: int
    """How many have ended."""
    own: int
    """What the warden itself takes: a child has so much when it begins."""
    most: int
    """The most that one child took, or a program that it started."""


def measured(service: int) -> Measured:
    """What was measured so far for the process ``service``."""
    try:
        return Measured(*map(int, _file(service).read_text(encoding="ascii").split()))
    except FileNotFoundError:
        return Measured(0, 0, 0)


def forget(service: int) -> None:
    """Remove what was measured."""
    _file(service).unlink(missing_ok=True)


def _file(service: int) -> Path:
    return Path(tempfile.gettempdir(), f"paper-finder-memory-{service}")


class MeasuringWarden(warden.Warden):
    """Writes after each child that has ended."""

    def _report(self, child: warden._Child, code: int) -> None:
        # Of the warden itself the kernel's highest figure is that of whoever started it, if that was larger.
        own = psutil.Process().memory_info().rss
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * _UNIT
        file = _file(os.getppid())
        beside = file.with_suffix(".new")
        beside.write_text(f"{measured(os.getppid()).children + 1} {own} {most}", encoding="ascii")
        beside.replace(file)
        super()._report(child, code)


if __name__ == "__main__":
    warden.Warden = MeasuringWarden  # type: ignore[misc]
    warden.main()

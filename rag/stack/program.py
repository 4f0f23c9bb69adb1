"""One service that is started, and how to tell that it is ready."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Program:
    """One child: ``name`` is for files, ``title`` for people; ``ready_url`` answers 200 when it can serve."""

    name: str
    title: str
    argv: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str] = field(repr=False)
    ready_url: str
    address: str
    while_starting: str = ""
    start_seconds: float = 300.0
    log_lines: int = 8
    """Of its log, that are shown when it is given up."""

    def write(self, path: Path) -> None:
        """Write what ``child.py`` reads; the file holds secrets and is its owner's alone."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        body = {"argv": self.argv, "folder": str(self.folder), "environment": dict(self.environment)}
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, 0o600)
            json.dump(body, file)

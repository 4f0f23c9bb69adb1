"""The services that are started, and how to tell that each is ready."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import StackError
from rag.settings import CHECKOUT, Settings
from rag.stack.environment import WebUIDatabases, service_environment, webui_environment

SERVICE = "service"
WEBUI = "open-webui"
WEBUI_PROGRAM = CHECKOUT / ".venv-webui" / "bin" / "open-webui"


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

    def write(self, path: Path) -> None:
        """Write what ``child.py`` reads; the file holds secrets and is its owner's alone."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        body = {"argv": self.argv, "folder": str(self.folder), "environment": dict(self.environment)}
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, 0o600)
            json.dump(body, file)


def programs(settings: Settings, database_url: str, databases: WebUIDatabases, dimensions: int) -> tuple[Program, ...]:
    """Our service and Open WebUI.

    Raises:
        StackError: Open WebUI's environment is missing.
    """
    if not WEBUI_PROGRAM.exists():
        raise StackError(
            f"Open WebUI is not installed: {WEBUI_PROGRAM} is missing.", hint="Start with 'make up', which installs it."
        )
    service = Program(
        name=SERVICE,
        title="Paper Finder",
        argv=(sys.executable, "-m", "rag.cli", "serve"),
        folder=CHECKOUT,
        environment=service_environment(settings, database_url),
        ready_url=f"{settings.service_url}/ready",
        address=settings.service_url,
        while_starting="makes the database's tables and loads the embedding model",
    )
    webui = Program(
        name=WEBUI,
        title="Open WebUI",
        argv=(str(WEBUI_PROGRAM), "serve", "--host", settings.host, "--port", str(settings.webui_port)),
        folder=settings.home.resolve() / "open-webui",
        environment=webui_environment(settings, databases, dimensions),
        ready_url=f"{settings.webui_url}/ready",
        address=settings.public_url or settings.webui_url,
        while_starting="takes half a minute, the first time one to two",
        start_seconds=600.0,
    )
    return service, webui

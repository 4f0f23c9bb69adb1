"""What the routes share: the settings, the engine once it is there, and the reason while it is not."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, cast

import httpx
from fastapi import Depends, Request

from pipelines.paper_finder import Pipeline
from rag.api.engine import Engine
from rag.api.tickets import MOST, Tickets
from rag.errors import NotReadyError, PaperFinderError
from rag.exports import Format
from rag.papers import Paper
from rag.settings import Settings
from rag.webui import Mirror, WebUI

DESKS = 4


@dataclass
class State:
    """One service's parts."""

    settings: Settings
    service_key: str
    pipeline: Pipeline
    http: httpx.AsyncClient
    engine: Engine | None = None
    failure: PaperFinderError | None = None
    """Why there is no engine; None while it starts for the first time."""
    webui: WebUI = field(init=False)
    tickets: Tickets = field(init=False)
    mirror: Mirror | None = None
    """Keeps knowledge bases in step with Open WebUI, once there is an engine."""
    desks: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(DESKS))
    """Uploads that are taken in at the same time; the others wait before their bytes are."""
    side_desk: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    """Where those are taken in, to be read by a job, for which no desk was free in time."""

    def __post_init__(self) -> None:
        """Open WebUI is asked who a caller is."""
        self.webui = WebUI(self.settings.webui_url, self.http)
        self.tickets = Tickets(self.service_key)

    def file_link(self, papers: Sequence[Paper], format_: Format) -> str:
        """The address of these papers' file; '' where the service has no public address, or a paper is an upload or too many."""
        if not self.settings.public_url or len(papers) > MOST or any(paper.file_id for paper in papers):
            return ""
        ticket = self.tickets.issue([paper.id for paper in papers], format_)
        return f"{self.settings.public_url.rstrip('/')}/v1/papers/files/{ticket}"

    def ready_engine(self) -> Engine:
        """The engine.

        Raises:
            NotReadyError: it is not there yet, or a part of it is away.
        """
        if self.engine is None:
            raise NotReadyError(str(self.failure) if self.failure else "Paper Finder is starting.")
        return self.engine


def state_of(request: Request) -> State:
    """The state of the application that answers ``request``."""
    return cast("State", request.app.state.parts)


def engine_of(request: Request) -> Engine:
    """The engine of the application that answers ``request``."""
    return state_of(request).ready_engine()


StateOf = Annotated[State, Depends(state_of)]
EngineOf = Annotated[Engine, Depends(engine_of)]

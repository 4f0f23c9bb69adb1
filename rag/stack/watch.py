"""Whether each program is ready, restarting, or has to be given up."""

import time
from collections import deque
from dataclasses import dataclass, field

import httpx

from rag.errors import StackError
from rag.stack.databases import Postgres
from rag.stack.manager import Manager, ProcessState
from rag.stack.program import Program
from rag.stack.report import Report

DEATHS_ALLOWED = 3
DEATHS_ALLOWED_BEFORE_READY = 1
WINDOW_SECONDS = 600.0
PROBE_SECONDS = 5.0  # between two questions to a program that is ready
ANSWER_SECONDS = 5.0
UP = {"STARTING", "RUNNING"}
DATABASE = "Database"


@dataclass
class Watched:
    """One program as the launcher sees it."""

    program: Program
    manager: Manager
    report: Report
    ready: bool = False
    once_ready: bool = False
    pid: int = 0
    probed: float = 0.0
    began: float = field(default_factory=time.monotonic)
    deaths: deque[float] = field(default_factory=deque)

    async def look(self, state: ProcessState, client: httpx.AsyncClient) -> None:
        """Take in what supervisord says, and ask the program itself whether it can serve.

        Raises:
            StackError: the program keeps stopping, or does not become ready.
        """
        self._count_deaths(state)
        if state.state in UP:
            await self._probe(client)
        else:
            self.ready = False
        self._show(state)
        waited = time.monotonic() - self.began
        if not self.once_ready and waited > self.program.start_seconds:
            raise self._given_up(f"is not ready after {waited:.0f} seconds")

    def _count_deaths(self, state: ProcessState) -> None:
        now = time.monotonic()
        if self.pid and state.pid != self.pid:
            self.deaths.append(now)
            self.ready = False
            self.probed = 0.0
        self.pid = state.pid
        while self.deaths and now - self.deaths[0] > WINDOW_SECONDS:
            self.deaths.popleft()
        allowed = DEATHS_ALLOWED if self.once_ready else DEATHS_ALLOWED_BEFORE_READY
        # supervisord itself passes through EXITED on the way to starting a program again; FATAL is where it gives up.
        if state.state == "FATAL" or len(self.deaths) > allowed:
            raise self._given_up("keeps stopping" if self.once_ready else "stops while it starts")

    async def _probe(self, client: httpx.AsyncClient) -> None:
        now = time.monotonic()
        if self.ready and now - self.probed < PROBE_SECONDS:
            return
        self.probed = now
        try:
            self.ready = (await client.get(self.program.ready_url, timeout=ANSWER_SECONDS)).is_success
        except httpx.HTTPError:
            self.ready = False
        self.once_ready = self.once_ready or self.ready

    def _show(self, state: ProcessState) -> None:
        title = self.program.title
        if self.ready:
            self.report.status(title, "running", self.program.address)
        elif self.deaths:
            self.report.status(title, "restarting", f"it stopped by itself; log: {self.manager.log_path(self.program.name)}")
        elif self.once_ready and state.state == "RUNNING":
            self.report.status(title, "not answering", f"log: {self.manager.log_path(self.program.name)}")
        else:
            self.report.status(title, "starting", self.program.while_starting)

    def _given_up(self, what: str) -> StackError:
        log = self.manager.log_path(self.program.name)
        tail = self.manager.log_tail(self.program.name, self.program.log_lines)
        return StackError(
            f"{self.program.title} {what}. Its log ({log}) ends:\n{tail}\n",
            hint="Put right what it complains about and start again with 'make up'; everything has been stopped.",
        )


class WatchedDatabase:
    """The embedded Postgres, started again when it dies. (An outside one is not ours to start.)"""

    def __init__(self, database: Postgres, report: Report) -> None:
        self._database = database
        self._report = report
        self._looked = 0.0
        self._deaths: deque[float] = deque(maxlen=DEATHS_ALLOWED + 1)

    def look(self) -> None:
        """Whether it answers; a short standstill of the loop while it starts again is meant.

        Raises:
            StackError: it cannot be started again, or keeps dying.
        """
        now = time.monotonic()
        if now - self._looked < PROBE_SECONDS / 2:
            return
        self._looked = now
        if not self._database.check():
            return
        self._deaths.append(now)
        if len(self._deaths) > DEATHS_ALLOWED and now - self._deaths[0] < WINDOW_SECONDS:
            raise StackError("The embedded Postgres keeps stopping.", hint=f"Its log says why: {self._database.log}")
        self._report.status(DATABASE, "restarting", f"it had stopped by itself; log: {self._database.log}")
        self._report.status(DATABASE, "running", "restarted")

"""The queue of jobs: who works on one holds its lock, and what a job has done is written together with its end."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from rag.store._connection import Connection
from rag.store._database import Database
from rag.store._queries import Queries

Task = Literal["embed", "read"]
"""embed: add the vectors that an upload lacks; read: read the pages that an upload lacks."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job that was claimed."""

    id: int
    task: Task
    file_id: str
    begun: int
    """How often it was begun, this time included, and came to no end: above 1, a process died at it."""
    failures: int
    """How often it failed in a row."""


@dataclass(frozen=True, slots=True)
class JobInfo:
    """A job as people see it."""

    id: int
    task: Task
    file_id: str
    name: str
    """Of the file."""
    state: Literal["queued", "running", "parked"]
    reason: str
    """Why it failed last, or waits; '' when all is well."""
    failures: int
    created_at: datetime
    due_at: datetime
    pages_read: int
    page_count: int
    passages: int
    vectors: int
    """Passages that have their vector."""

    def as_json(self) -> dict[str, Any]:
        """All of it; times in ISO 8601."""
        return {**asdict(self), "created_at": self.created_at.isoformat(), "due_at": self.due_at.isoformat()}


class Jobs:
    """The queue of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queries = database.queries

    @asynccontextmanager
    async def session(self) -> AsyncIterator["JobSession"]:
        """A session that claims jobs and hears of new ones. When it ends, however it ends, its locks are let go.

        Raises:
            DatabaseUnavailableError: the database is away, now or later within the block.
        """
        async with self._database.session() as connection:
            await connection.execute(self._queries.get("listen"))
            yield JobSession(connection, self._queries)

    async def find(self, job_id: int) -> Job | None:
        """A job that somebody else has claimed; None when it is done."""
        async with self._database.connection() as connection:
            row = await (await connection.execute(self._queries.get("job"), {"id": job_id})).fetchone()
        return Job(*row) if row else None

    async def postpone(self, job: Job, *, until: datetime, reason: str, failures: int) -> None:
        """Let it be done later."""
        await self._run("postpone_job", id=job.id, due_at=until, reason=reason, failures=failures)

    async def park(self, job: Job, *, reason: str, code: str, failures: int) -> None:
        """Set it aside until somebody looks at it; its file is marked as failed, with the reason and its error's ``code``."""
        await self._run("park_job", id=job.id, reason=reason, code=code, failures=failures)

    async def retry(self, job_id: int | None) -> int:
        """Queue a parked job again, or all of them (None); how many."""
        async with self._database.connection() as connection:
            cursor = await connection.execute(self._queries.get("retry_job"), {"id": job_id})
            again = len(await cursor.fetchall())
            await connection.execute(self._queries.get("wake_workers"))
        return again

    async def list(self) -> list[JobInfo]:
        """All there are, oldest first; one that is done is gone."""
        async with self._database.connection() as connection:
            cursor = await connection.execute(self._queries.get("jobs", **_pieces(self._queries)))
            return [JobInfo(*row) for row in await cursor.fetchall()]

    async def states(self) -> dict[str, int]:
        """How many are queued, running, parked."""
        async with self._database.connection() as connection:
            cursor = await connection.execute(self._queries.get("job_states", **_pieces(self._queries)))
            return {"queued": 0, "running": 0, "parked": 0} | dict(await cursor.fetchall())

    async def _run(self, query: str, **parameters: Any) -> None:
        async with self._database.connection() as connection:
            await connection.execute(self._queries.get(query), parameters)


class JobSession:
    """One worker's connection. The server lets go of its locks the moment it is gone: no heartbeat, no stalled job."""

    def __init__(self, connection: Connection, queries: Queries) -> None:
        self._connection = connection
        self._queries = queries

    async def claim(self, tasks: Sequence[Task], now: datetime) -> Job | None:
        """The next job that is due and that nobody works on."""
        due = self._queries.get("due_jobs", **_pieces(self._queries))
        rows = await self._all(due, {"tasks": list(tasks), "now": now})
        for (job_id,) in rows:
            if not (await self._all(self._queries.get("lock_job"), {"id": job_id}))[0][0]:
                continue
            begun = await self._all(self._queries.get("begin_job"), {"id": job_id, "now": now})
            if begun:
                return Job(*begun[0])
            # Somebody has finished or postponed it between the two statements.
            await self.release(job_id)
        return None

    async def release(self, job_id: int) -> None:
        """Let go of a job."""
        await self._connection.execute(self._queries.get("unlock_job"), {"id": job_id})

    async def next_due(self, tasks: Sequence[Task]) -> datetime | None:
        """When the next job is due; None when there is none."""
        moment: datetime | None = (await self._all(self._queries.get("next_due"), {"tasks": list(tasks)}))[0][0]
        return moment

    async def wait(self, seconds: float) -> None:
        """Until a job is added, ``seconds`` at most."""
        async for _ in self._connection.notifies(timeout=seconds, stop_after=1):
            return

    async def _all(self, query: Any, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
        cursor = await self._connection.execute(query, parameters)
        return await cursor.fetchall()


async def add_job(connection: Connection, queries: Queries, task: Task, file_id: str) -> None:
    """Queue a job in the transaction of ``connection``; workers hear of it when that is committed."""
    await connection.execute(queries.get("add_job"), {"task": task, "file_id": file_id})
    await connection.execute(queries.get("wake_workers"))


async def drop_job(connection: Connection, queries: Queries, task: Task, file_id: str) -> None:
    """Take a job out of the queue."""
    await connection.execute(queries.get("drop_job"), {"task": task, "file_id": file_id})


async def hold_job(connection: Connection, queries: Queries, job: Job) -> bool:
    """Whether the job is still to be done. Nobody else finishes it before the transaction of ``connection`` ends."""
    cursor = await connection.execute(queries.get("hold_job"), {"id": job.id})
    return await cursor.fetchone() is not None


def _pieces(queries: Queries) -> dict[str, Any]:
    return {"is_lock_of_job": queries.get("is_lock_of_job")}

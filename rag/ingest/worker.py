"""The worker: takes jobs from the queue one after the other, and decides what becomes of one that fails.

A job that fails three times in a row is parked. That a process died while it did the job is no failure: somebody may have killed
it. But from then on the job is done in a process of its own (``rag.ingest.apart``), and when that is killed, it is one.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from rag.errors import DatabaseUnavailableError, EmbeddingUnavailableError, NotReadyError, PaperFinderError
from rag.ingest.apart import Runner
from rag.ingest.clock import Clock, SystemClock
from rag.store import Job, Jobs, JobSession, Task

log = logging.getLogger(__name__)

AWAY = (DatabaseUnavailableError, EmbeddingUnavailableError, NotReadyError)
"""Something that jobs need is away: that is no fault of theirs, and says nothing of the next one."""
TRIES = 3
"""A job that fails so often in a row is parked."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds between two tries while something is away; each pause is twice the one before."""
BETWEEN_TRIES = timedelta(seconds=10)
LONGEST_WAIT = 60.0
"""Seconds after which the queue is looked at though nobody called."""
LANES: tuple[tuple[Task, ...], ...] = (("embed",), ("read",))
"""Tasks that are done side by side: reading hundreds of scanned pages keeps nobody's short paper waiting."""


async def work(jobs: Jobs, tasks: Runner, clock: Clock | None = None) -> None:
    """Do jobs until cancelled, whatever goes away meanwhile."""
    async with asyncio.TaskGroup() as lanes:
        for lane in LANES:
            lanes.create_task(Worker(jobs, tasks, lane, clock or SystemClock()).run())


class Worker:
    """One job at a time, of the kinds given."""

    def __init__(self, jobs: Jobs, runner: Runner, tasks: Sequence[Task], clock: Clock) -> None:
        self._jobs = jobs
        self._runner = runner
        self._tasks = tasks
        self._clock = clock
        self._pause = FIRST_PAUSE

    async def run(self) -> None:
        """Do jobs until cancelled; a database that goes away is waited for."""
        while True:
            try:
                async with self._jobs.session() as session:
                    await self._serve(session)
            except DatabaseUnavailableError as error:
                await self._wait_for(error)
            except Exception:
                # A fault of ours is to keep no upload waiting for ever.
                log.exception("The worker stumbled.")
                await self._clock.sleep(LONGEST_PAUSE)

    async def _serve(self, session: JobSession) -> None:
        while True:
            while await self.step(session):
                pass
            due = await session.next_due(self._tasks)
            seconds = LONGEST_WAIT if due is None else (due - self._clock.now()).total_seconds()
            # The moment may have come since it was looked for.
            await session.wait(min(max(seconds, 0.01), LONGEST_WAIT))

    async def step(self, session: JobSession) -> bool:
        """Do one job if one is due; whether there was one.

        Raises:
            DatabaseUnavailableError: the database is away; the job is as it was.
        """
        job = await session.claim(self._tasks, self._clock.now())
        if job is None:
            return False
        away: PaperFinderError | None = None
        try:
            away = await self._attempt(job)
        finally:
            # Not when the database is gone: then the lock is as well.
            with suppress(DatabaseUnavailableError):
                await session.release(job.id)
        if away is None:
            self._pause = FIRST_PAUSE
        else:
            await self._wait_for(away)
        return True

    async def _attempt(self, job: Job) -> PaperFinderError | None:
        """Do the job and write down how it ended; the error when something it needs is away."""
        try:
            await self._runner.run(job)
        except DatabaseUnavailableError:
            raise
        except AWAY as error:
            await self._jobs.postpone(job, until=self._clock.now(), reason=str(error), failures=job.failures)
            return error
        except asyncio.CancelledError:
            with suppress(DatabaseUnavailableError):
                await self._jobs.postpone(job, until=self._clock.now(), reason="", failures=job.failures)
            raise
        except PaperFinderError as error:
            await self._failed(job, error)
        except Exception as error:
            log.exception("A job failed: %s of %s.", job.task, job.file_id)
            reason = f"Something unexpected went wrong ({type(error).__name__}); the service's log says what."
            await self._failed(job, PaperFinderError(reason))
        return None

    async def _failed(self, job: Job, error: PaperFinderError) -> None:
        failures, reason = job.failures + 1, str(error)
        log.warning("Job %d (%s) failed for the %d. time: %s", job.id, job.task, failures, reason)
        if failures >= TRIES:
            await self._jobs.park(job, reason=reason, code=error.code, failures=failures)
        else:
            until = self._clock.now() + BETWEEN_TRIES * failures
            await self._jobs.postpone(job, until=until, reason=reason, failures=failures)

    async def _wait_for(self, error: PaperFinderError) -> None:
        log.warning("%s Uploads wait for it.", error)
        pause, self._pause = self._pause, min(2 * self._pause, LONGEST_PAUSE)
        await self._clock.sleep(pause)

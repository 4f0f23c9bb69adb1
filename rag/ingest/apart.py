"""Jobs at which a process died, done in a process of their own: only so it can be told whether the job was the cause."""

import asyncio
import json
import os
import sys
import threading
from asyncio.subprocess import PIPE
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from rag import errors
from rag.errors import JobKilledError, PaperFinderError
from rag.store import Job

COMMAND = (sys.executable, "-m", "rag.cli", "worker", "--job")
"""Does the job of the number that follows; when that fails, it prints the error as ``error_line`` has it, and ends with 1."""


class Runner(Protocol):
    """What does jobs."""

    async def run(self, job: Job) -> None:
        """Do it, or a step of it."""
        ...


class Apart:
    """Does a job here; one at which a process died, in a process of its own.

    Whatever killed the former, maybe somebody who meant the whole service, nobody outlived it to tell. Of the process of its
    own it is known: the job killed it.
    """

    def __init__(self, here: Runner, environment: Mapping[str, str], command: Sequence[str] = COMMAND) -> None:
        """``environment`` tells the process of its own which installation this is."""
        self._here = here
        self._environment = environment
        self._command = command

    async def run(self, job: Job) -> None:
        """Do the job, or a step of it.

        Raises:
            JobKilledError: the process that did it was killed.
            PaperFinderError: whatever was raised where it was done.
        """
        if job.begun == 1:
            await self._here.run(job)
            return
        process = await asyncio.create_subprocess_exec(
            *self._command, str(job.id), stdin=PIPE, stdout=PIPE, env={**os.environ, **self._environment}
        )
        assert process.stdout is not None
        try:
            told = await process.stdout.read()
            status = await process.wait()
        except BaseException:
            process.kill()
            await process.wait()
            raise
        if status < 0:
            raise JobKilledError
        if status:
            raise _error_of(told)


def end_with_parent() -> None:
    """End this process when the one that started it is gone, and with it the other end of the standard input."""

    def wait() -> None:
        # Not sys.stdin.read(), which Python waits for when it ends.
        while os.read(0, 1):
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def error_line(error: PaperFinderError) -> str:
    """An error as one line."""
    # Of a kind that only one module knows, the one it is told as elsewhere.
    name = next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == errors.__name__)
    return json.dumps({"name": name, "message": error.message, "advice": error.advice})


def _error_of(line: bytes) -> PaperFinderError:
    try:
        told: dict[str, Any] = json.loads(line)
        kind = getattr(errors, told["name"])
    except (ValueError, KeyError, AttributeError):
        return PaperFinderError("Something unexpected went wrong; the service's log says what.")
    made: PaperFinderError = kind(told["message"], hint=told["advice"])
    return made

"""One thread that works on several jobs by turns, urgent ones first."""

import itertools
from collections.abc import Generator
from concurrent.futures import Future
from queue import PriorityQueue
from threading import Lock, Thread
from typing import Any, TypeVar

T = TypeVar("T")
Job = Generator[None, None, T]
"""Work in steps: every ``yield`` is a point where another job may have its turn; the returned value is the result."""

_URGENT, _USUAL, _END = 0, 1, 2


class Worker:
    """Runs jobs on a thread of its own. A model is used by one thread, and a question never waits behind a whole import."""

    def __init__(self, name: str) -> None:
        """The thread starts with the first job."""
        self._turns: PriorityQueue[tuple[int, int, tuple[Job[Any], Future[Any]] | None]] = PriorityQueue()
        self._serial = itertools.count()
        self._thread = Thread(target=self._work, name=name, daemon=True)
        self._lock = Lock()
        self._closed = False

    def submit(self, job: Job[T], *, urgent: bool) -> "Future[T]":
        """The result of ``job`` to come; cancelling it stops the job at its next step."""
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the worker is closed")
            if not self._thread.is_alive():
                self._thread.start()
            self._turns.put((_URGENT if urgent else _USUAL, next(self._serial), (job, future)))
        return future

    def close(self) -> None:
        """Cancel what waits, and end the thread after its present step."""
        with self._lock:
            self._closed = True
            self._turns.put((_END, next(self._serial), None))
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        while True:
            priority, _, turn = self._turns.get()
            if turn is None:
                return
            job, future = turn
            if self._closed:
                future.cancel()
            if not future.cancelled() and _step(job, future):
                self._turns.put((priority, next(self._serial), turn))


def _step(job: Job[T], future: "Future[T]") -> bool:
    """One step of ``job``; whether it has more."""
    try:
        next(job)
    except StopIteration as end:
        _settle(future, result=end.value)
    except Exception as error:  # noqa: BLE001 - whatever it is belongs to the caller that waits for this job
        _settle(future, error=error)
    else:
        return True
    return False


def _settle(future: "Future[Any]", *, result: object = None, error: Exception | None = None) -> None:
    # A future that was cancelled in the meantime takes no result.
    if not future.set_running_or_notify_cancel():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)

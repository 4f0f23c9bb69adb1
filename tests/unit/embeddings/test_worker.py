"""Jobs take turns on one thread, urgent ones first."""

from collections.abc import Iterator
from threading import Event, Thread, get_ident

import pytest

from rag.embeddings.worker import Job, Worker


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker("test")
    yield worker
    worker.close()


def steps(name: str, count: int, log: list[str]) -> Job[str]:
    for _ in range(count):
        log.append(name)
        yield
    return name


class Gated:
    """A job that waits in its first step until it is let on."""

    def __init__(self, worker: Worker, log: list[str]) -> None:
        self.started, self.gate = Event(), Event()
        self.future = worker.submit(self._job(log), urgent=False)
        assert self.started.wait(10)

    def _job(self, log: list[str]) -> Job[str]:
        self.started.set()
        assert self.gate.wait(10)
        return (yield from steps("gated", 3, log))


def test_usual_jobs_take_turns_and_urgent_ones_go_first(worker: Worker) -> None:
    log: list[str] = []
    gated = Gated(worker, log)
    short = worker.submit(steps("short", 1, log), urgent=False)
    urgent = worker.submit(steps("urgent", 2, log), urgent=True)
    gated.gate.set()
    assert [future.result(10) for future in (gated.future, short, urgent)] == ["gated", "short", "urgent"]
    assert log == ["gated", "urgent", "urgent", "short", "gated", "gated"]


def test_a_job_gives_its_result_from_another_thread(worker: Worker) -> None:
    def job() -> Job[int]:
        yield
        return get_ident()

    assert worker.submit(job(), urgent=False).result(10) != get_ident()


def test_an_error_reaches_the_caller_and_the_worker_lives_on(worker: Worker) -> None:
    def broken() -> Job[None]:
        yield
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        worker.submit(broken(), urgent=False).result(10)
    assert worker.submit(steps("next", 1, []), urgent=False).result(10) == "next"


def test_a_cancelled_job_stops_at_its_next_step(worker: Worker) -> None:
    log: list[str] = []
    gated = Gated(worker, log)
    assert gated.future.cancel()
    gated.gate.set()
    assert worker.submit(steps("next", 1, log), urgent=False).result(10) == "next"
    assert log == ["gated", "next"]


def test_closing_cancels_what_runs_and_what_waits() -> None:
    worker = Worker("test")
    gated = Gated(worker, [])
    waiting = worker.submit(steps("waiting", 1, []), urgent=False)
    closing = Thread(target=worker.close)
    closing.start()
    gated.gate.set()
    closing.join(10)
    # The first may have come to its end before the closing; the caller is not left waiting in either case.
    assert gated.future.done()
    assert waiting.done()
    with pytest.raises(RuntimeError, match="closed"):
        worker.submit(steps("late", 1, []), urgent=False)

"""The worker and its queue: each vector once, whoever dies, whatever is away and for how long."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import psycopg
import pytest

from rag.embeddings import endpoint
from rag.embeddings.openai_client import OpenAIEmbedder
from rag.embeddings.testing import FakeEmbedder, FakeServer
from rag.errors import DatabaseUnavailableError, EmbeddingError, EmbeddingUnavailableError, JobKilledError
from rag.ingest.apart import Apart
from rag.ingest.documents import Document
from rag.ingest.tasks import PORTION, Tasks
from rag.ingest.testing import FakeClock, plain_document
from rag.ingest.uploading import upload_of
from rag.ingest.worker import LONGEST_PAUSE, TRIES, Worker, work
from rag.store import Database, EmbeddingWork, Job, Jobs, JobSession, Task, Upload, Uploads

pytestmark = pytest.mark.anyio

BOTH: tuple[Task, ...] = ("embed", "read")


def upload(file_id: str, *, owner: str = "ada", pages: int = 3, read: int | None = None) -> Upload:
    content = "\f".join([f"Title of {file_id}\nAbstract.", *(f"Page {n} of {file_id}." for n in range(1, pages))]).encode()
    return upload_of(plain_document(content, read), file_id=file_id, owner=owner, name=f"{file_id}.txt", content=content)


async def read_whole(content: bytes, name: str) -> Document:  # noqa: ARG001
    return plain_document(content)


@pytest.fixture
def uploads(database: Database) -> Uploads:
    return Uploads(database)


@pytest.fixture
def jobs(database: Database) -> Jobs:
    return Jobs(database)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def worker(database: Database, jobs: Jobs, embedder: FakeEmbedder, clock: FakeClock) -> Worker:
    return Worker(jobs, Tasks(Uploads(database), EmbeddingWork(database), embedder, read_whole), BOTH, clock)


async def finish(jobs: Jobs, worker: Worker) -> None:
    async with jobs.session() as session:
        while await worker.step(session):
            pass


async def counted(database: Database) -> tuple[int, int, int]:
    """Passages, their vectors, and papers' own vectors."""
    statement = """SELECT (SELECT count(*) FROM passages), (SELECT count(*) FROM passage_vectors_1),
                          (SELECT count(*) FROM paper_vectors_1)"""
    async with database.connection() as connection:
        row = await (await connection.execute(statement)).fetchone()
    assert row is not None
    return row[0], row[1], row[2]


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await true():  # noqa: ASYNC110 - what is waited for happens in the database
            await asyncio.sleep(0.01)


@asynccontextmanager
async def working(jobs: Jobs, database: Database, embedder: FakeEmbedder, clock: FakeClock) -> AsyncIterator[None]:
    tasks = Tasks(Uploads(database), EmbeddingWork(database), embedder, read_whole)
    running = asyncio.create_task(work(jobs, tasks, clock))
    yield
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_every_passage_gets_its_vector_and_the_upload_is_ready(
    uploads: Uploads, jobs: Jobs, worker: Worker, database: Database
) -> None:
    await uploads.write(upload("f1"))
    await finish(jobs, worker)
    assert await counted(database) == (3, 3, 1)
    assert await uploads.states() == {"ready": 1}
    assert await jobs.list() == []


async def test_the_rest_of_a_long_file_is_read_later(uploads: Uploads, jobs: Jobs, worker: Worker, database: Database) -> None:
    await uploads.write(upload("f1", pages=5, read=2))
    assert await uploads.states() == {"reading": 1}
    await finish(jobs, worker)
    assert await counted(database) == (5, 5, 1)
    assert await uploads.states() == {"ready": 1}
    assert await uploads.unread("f1") is None


async def test_a_long_document_lets_short_ones_pass(uploads: Uploads, jobs: Jobs, worker: Worker, embedder: FakeEmbedder) -> None:
    await uploads.write(upload("long", pages=2 * PORTION + 1))
    await uploads.write(upload("short"))
    await finish(jobs, worker)
    begun = [call[0].split("\n")[0] for call in embedder.calls]
    assert [("short" in title) for title in begun] == [False, True, False, False]
    assert max(map(len, embedder.calls)) <= PORTION + 1


async def test_a_new_upload_wakes_the_worker(
    uploads: Uploads, jobs: Jobs, database: Database, embedder: FakeEmbedder, clock: FakeClock
) -> None:
    async with working(jobs, database, embedder, clock):
        for name in ("f1", "f2"):
            await uploads.write(upload(name))

            async def ready() -> bool:
                return (await uploads.states()).keys() == {"ready"}

            await until(ready)
    assert clock.waits == []


async def test_an_hour_without_the_embedding_server_is_waited_out(
    uploads: Uploads, jobs: Jobs, database: Database, embedder: FakeEmbedder, clock: FakeClock
) -> None:
    embedder.error = EmbeddingUnavailableError()

    def back() -> None:
        embedder.error = None

    clock.then(3600, back)
    for name in ("f1", "f2", "f3"):
        await uploads.write(upload(name))
    async with working(jobs, database, embedder, clock):

        async def ready() -> bool:
            return await uploads.states() == {"ready": 3}

        await until(ready)
    assert await counted(database) == (9, 9, 3)
    assert 3600 <= clock.waited < 3600 + LONGEST_PAUSE
    assert max(clock.waits) == LONGEST_PAUSE
    assert len(clock.waits) < 200
    assert await jobs.list() == []


async def test_why_a_file_waits_is_told_and_is_no_failure_of_it(
    uploads: Uploads, jobs: Jobs, worker: Worker, embedder: FakeEmbedder
) -> None:
    embedder.error = EmbeddingUnavailableError("The embedding server is away.")
    await uploads.write(upload("f1"))
    async with jobs.session() as session:
        for _ in range(2 * TRIES):
            assert await worker.step(session)
    [job] = await jobs.list()
    assert (job.state, job.failures) == ("queued", 0)
    assert "The embedding server is away." in job.reason


async def test_a_poisoned_file_is_parked_with_its_reason_and_the_others_go_on(
    uploads: Uploads, jobs: Jobs, database: Database, clock: FakeClock
) -> None:
    class Choosy(FakeEmbedder):
        async def aencode_documents(self, texts):  # type: ignore[no-untyped-def]
            if any("poison" in text for text in texts):
                raise EmbeddingError("It answered vectors that hold no numbers.")
            return await super().aencode_documents(texts)

    worker = Worker(jobs, Tasks(uploads, EmbeddingWork(database), Choosy(), read_whole), BOTH, clock)
    await uploads.write(upload("poison"))
    await uploads.write(upload("f1"))
    async with jobs.session() as session:
        for _ in range(TRIES):
            while await worker.step(session):
                pass
            await clock.sleep(60)
        assert not await worker.step(session)
    [job] = await jobs.list()
    assert (job.state, job.file_id, job.failures) == ("parked", "poison", TRIES)
    assert job.reason == "It answered vectors that hold no numbers."
    async with database.connection() as connection:
        cursor = await connection.execute("SELECT file_id, state, reason FROM uploads ORDER BY file_id")
        assert await cursor.fetchall() == [("f1", "ready", ""), ("poison", "failed", job.reason)]


async def test_a_file_at_which_alone_the_embedding_server_fails_is_parked_and_one_that_it_puts_off_waits(
    uploads: Uploads, jobs: Jobs, database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PATIENCE", "IMPATIENCE"):
        monkeypatch.setattr(endpoint, name, 0.02)
    server = FakeServer(poison={"poison": 500, "later": 429})
    embedder = OpenAIEmbedder(
        "http://fake/v1", server.model, dimensions=server.dimensions, transport=server.transport(), pause=0.001
    )
    worker = Worker(jobs, Tasks(uploads, EmbeddingWork(database), embedder, read_whole), BOTH, clock)
    for name in ("later", "poison", "f1"):
        await uploads.write(upload(name))
    async with jobs.session() as session:
        for _ in range(4 * TRIES):
            await worker.step(session)
            await clock.sleep(60)
    await embedder.aclose()
    later, poisoned = sorted(await jobs.list(), key=lambda job: job.file_id)
    assert (later.state, later.file_id, later.failures) == ("queued", "later", 0)
    assert (poisoned.state, poisoned.file_id, poisoned.failures) == ("parked", "poison", TRIES)
    assert "answers 500: choked on poison" in poisoned.reason
    assert await uploads.states() == {"ready": 1, "embedding": 1, "failed": 1}


async def test_a_parked_job_is_done_when_it_is_told_to_try_again(
    uploads: Uploads, jobs: Jobs, worker: Worker, embedder: FakeEmbedder, clock: FakeClock
) -> None:
    embedder.error = RuntimeError("a bug")
    await uploads.write(upload("f1"))
    async with jobs.session() as session:
        for _ in range(TRIES):
            await worker.step(session)
            await clock.sleep(60)
    [job] = await jobs.list()
    assert (job.state, job.reason) == (
        "parked",
        "Something unexpected went wrong (RuntimeError); the service's log says what.",
    )
    embedder.error = None
    assert await jobs.retry(job.id) == 1
    assert await uploads.states() == {"embedding": 1}
    await finish(jobs, worker)
    assert await uploads.states() == {"ready": 1}
    assert await jobs.retry(None) == 0


async def die_at(jobs: Jobs, clock: FakeClock) -> None:
    """As a process that is killed while it works on the next job."""
    async with jobs.session() as session, asyncio.timeout(60):
        while await session.claim(BOTH, clock.now()) is None:
            pass  # Postgres lets go of the lock once it sees that the connection is gone


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


async def test_a_job_at_which_the_service_was_killed_is_as_good_as_any_other(
    uploads: Uploads, jobs: Jobs, database: Database, clock: FakeClock, embedder: FakeEmbedder
) -> None:
    """However often: somebody has killed it from outside. It is done apart, here by a program that does as it is told."""
    await uploads.write(upload("f1"))
    for _ in range(TRIES + 2):
        await die_at(jobs, clock)
    here = Tasks(uploads, EmbeddingWork(database), embedder, read_whole)
    told = f"import sys; assert sys.argv[1:] == ['{(await jobs.list())[0].id}']"
    worker = Worker(jobs, Apart(here, {}, python(told)), BOTH, clock)
    async with jobs.session() as session:
        assert await worker.step(session)
    assert embedder.calls == []
    [job] = await jobs.list()
    assert (job.state, job.failures) == ("queued", 0)


async def test_a_job_that_kills_its_process_is_parked_after_three_tries_and_the_others_go_on(
    uploads: Uploads, jobs: Jobs, database: Database, clock: FakeClock, embedder: FakeEmbedder
) -> None:
    await uploads.write(upload("bomb"))
    await die_at(jobs, clock)
    await uploads.write(upload("f1"))
    here = Tasks(uploads, EmbeddingWork(database), embedder, read_whole)
    worker = Worker(jobs, Apart(here, {}, python("import os; os.kill(os.getpid(), 9)")), BOTH, clock)
    async with jobs.session() as session:
        for _ in range(TRIES):
            while await worker.step(session):
                pass
            await clock.sleep(60)
        assert not await worker.step(session)
    [job] = await jobs.list()
    assert (job.state, job.file_id, job.failures, job.reason) == ("parked", "bomb", TRIES, str(JobKilledError()))
    assert await uploads.states() == {"ready": 1, "failed": 1}
    assert len(embedder.calls) == 1


async def test_a_job_is_worked_on_by_one_worker_until_that_is_gone(uploads: Uploads, jobs: Jobs, clock: FakeClock) -> None:
    await uploads.write(upload("f1"))
    async with jobs.session() as other:
        async with jobs.session() as first:
            assert await first.claim(BOTH, clock.now()) is not None
            assert await other.claim(BOTH, clock.now()) is None
            assert await jobs.states() == {"queued": 0, "running": 1, "parked": 0}
        async with asyncio.timeout(60):  # Postgres lets go of the lock once it sees that the connection is gone
            while await other.claim(BOTH, clock.now()) is None:
                pass


async def test_what_two_workers_did_at_the_same_time_counts_once(
    uploads: Uploads, database: Database, jobs: Jobs, clock: FakeClock
) -> None:
    """As when the first loses its connection, and its lock, but goes on working."""
    await uploads.write(upload("f1"))
    tasks = Tasks(uploads, EmbeddingWork(database), FakeEmbedder(), read_whole)
    claimed: list[Job] = []
    for _ in range(2):
        async with jobs.session() as session:
            job = await session.claim(BOTH, clock.now())
            assert job is not None
            claimed.append(job)
    await asyncio.gather(*(tasks.run(job) for job in claimed))
    assert await counted(database) == (3, 3, 1)
    assert await jobs.list() == []


async def test_vectors_of_a_reading_that_was_replaced_meanwhile_are_not_written(
    uploads: Uploads, database: Database, jobs: Jobs, worker: Worker, clock: FakeClock
) -> None:
    await uploads.write(upload("f1"))

    class Slow(FakeEmbedder):
        async def aencode_documents(self, texts):  # type: ignore[no-untyped-def]
            await uploads.write(upload("f1", pages=4))
            return await super().aencode_documents(texts)

    async with jobs.session() as session:
        slow = Worker(jobs, Tasks(uploads, EmbeddingWork(database), Slow(), read_whole), BOTH, clock)
        assert await slow.step(session)
    assert (await counted(database))[:2] == (4, 0)
    await finish(jobs, worker)
    assert await counted(database) == (4, 4, 1)


async def test_an_upload_that_is_deleted_meanwhile_is_no_error(
    uploads: Uploads, jobs: Jobs, database: Database, clock: FakeClock
) -> None:
    await uploads.write(upload("f1", pages=3, read=1))

    async def read_too_late(content: bytes, name: str) -> Document:
        await uploads.delete(["f1"])
        return await read_whole(content, name)

    tasks = Tasks(uploads, EmbeddingWork(database), FakeEmbedder(), read_too_late)
    async with jobs.session() as session:
        assert await Worker(jobs, tasks, ("read",), clock).step(session)
    assert await jobs.list() == []
    assert await uploads.states() == {}


async def test_ones_own_vectors_are_taken_over_and_others_are_made_anew(
    uploads: Uploads, jobs: Jobs, worker: Worker, database: Database, embedder: FakeEmbedder
) -> None:
    content = b"One title\nAbstract.\fPage."

    def of(file_id: str, owner: str) -> Upload:
        return upload_of(plain_document(content), file_id=file_id, owner=owner, name="a.txt", content=content)

    await uploads.write(of("f1", "ada"))
    await finish(jobs, worker)
    assert len(embedder.calls) == 1
    await uploads.write(of("f2", "ada"))
    await finish(jobs, worker)
    assert len(embedder.calls) == 1
    await uploads.write(of("f3", "bo"))
    await finish(jobs, worker)
    assert embedder.calls[1:] == embedder.calls[:1]
    assert await counted(database) == (6, 6, 3)


async def test_an_orderly_end_leaves_the_job_as_it_was(
    uploads: Uploads, jobs: Jobs, database: Database, clock: FakeClock
) -> None:
    await uploads.write(upload("f1"))
    begun = asyncio.Event()

    class Endless(FakeEmbedder):
        async def aencode_documents(self, texts):  # type: ignore[no-untyped-def]  # noqa: ARG002
            begun.set()
            await asyncio.Event().wait()

    async with working(jobs, database, Endless(), clock):
        await begun.wait()
        assert (await jobs.states())["running"] == 1
    async with jobs.session() as session:
        job = await session.claim(BOTH, clock.now())
    assert job is not None
    assert (job.begun, job.failures) == (1, 0)


async def test_a_worker_whose_connection_is_killed_goes_on(
    uploads: Uploads, jobs: Jobs, database: Database, embedder: FakeEmbedder, clock: FakeClock, empty_database: str
) -> None:
    async def ready() -> bool:
        return (await uploads.states()).keys() == {"ready"}

    async with working(jobs, database, embedder, clock):
        await uploads.write(upload("f1"))
        await until(ready)
        with psycopg.connect(empty_database, autocommit=True) as connection:
            connection.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()"""
            )

        async def written() -> bool:
            try:
                await uploads.write(upload("f2"))
            except DatabaseUnavailableError:
                return False
            return True

        await until(written)
        await until(ready)
    assert await counted(database) == (6, 6, 2)


async def test_waiting_ends_when_a_job_is_added(uploads: Uploads, jobs: Jobs) -> None:
    async with jobs.session() as session:
        waiting = asyncio.create_task(JobSession.wait(session, 60))
        await uploads.write(upload("f1"))
        async with asyncio.timeout(10):
            await waiting

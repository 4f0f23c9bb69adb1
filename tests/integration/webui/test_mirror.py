"""The mirror against an Open WebUI in memory and a real database: each change there is one here after the next look or two."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_fixed

from rag.access import Attached, Readable, Scope, UploadNote
from rag.embeddings.testing import FakeEmbedder
from rag.errors import BusyError, DamagedFileError, NoTextError
from rag.ingest.documents import Budget, Document
from rag.ingest.tasks import Tasks
from rag.ingest.testing import FakeClock, plain_document
from rag.ingest.uploading import upload_of
from rag.ingest.worker import TRIES, Worker
from rag.papers import Query
from rag.retrieval import Searcher
from rag.store import Collections, Database, EmbeddingWork, Jobs, KnowledgeBases, Uploads
from rag.webui import FileReader, KnowledgeFile, Mirror, WebUI, files, readings
from rag.webui import mirror as module
from rag.webui.testing import ADMIN_ID, SESSION, FakeWebUI

pytestmark = pytest.mark.anyio

TEXTS = {
    "eels": "Migration of eels\nEels swim to the Sargasso sea to spawn, and nobody has seen them do it.",
    "kites": "Control of kites\nA kite is held against the wind by a line that a controller shortens.",
    "bells": "Tuning of bells\nThe strike note of a bell is not among its partials.",
}


def patiently() -> AsyncRetrying:
    """Try again and again for a while, as long as an assertion fails."""
    return AsyncRetrying(
        retry=retry_if_exception_type(AssertionError), stop=stop_after_delay(20), wait=wait_fixed(0.01), reraise=True
    )


async def until(condition: Callable[[], bool]) -> None:
    async for attempt in patiently():
        with attempt:
            assert condition()


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        """Now."""
        return self.seconds


class Reader(FileReader):
    """Reads what it is told to hold only when it is let go, and fails once when it is told to."""

    def __init__(self, knowledge: KnowledgeBases, uploads: Uploads) -> None:
        super().__init__(knowledge, uploads)
        self.begun: list[str] = []
        self.held: dict[str, asyncio.Event] = {}
        self.error: Exception | None = None

    async def read_text(self, file: KnowledgeFile, text: str) -> None:
        """After it was let go."""
        self.begun.append(file.id)
        if file.id in self.held:
            await self.held[file.id].wait()
        error, self.error = self.error, None
        if error is not None:
            raise error
        await super().read_text(file, text)

    async def read_file(self, file: KnowledgeFile, content: bytes) -> None:
        """After it was let go."""
        self.begun.append(file.id)
        if file.id in self.held:
            await self.held[file.id].wait()
        await super().read_file(file, content)


class Desk:
    """An Open WebUI, our database beside it, and the mirror between them."""

    def __init__(self, database: Database, searcher: Searcher) -> None:
        self.fake, self.clock = FakeWebUI(), Clock()
        self.database, self.searcher = database, searcher
        self.uploads, self.knowledge = Uploads(database), KnowledgeBases(database)
        self.reader = Reader(self.knowledge, self.uploads)
        self.mirror = Mirror(self.sign_in, self.knowledge, self.uploads, self.reader, self.clock)

    async def sign_in(self) -> WebUI:
        return self.fake.webui().with_token(SESSION)

    async def upload(self, key: str, *bases: str, owner: str = "ada") -> None:
        """As Open WebUI does: first the file is read by /process, then it is put into knowledge bases."""
        await self.process(key, owner)
        self.fake.upload(key, owner, TEXTS[key], *bases)

    async def process(self, key: str, owner: str = "ada") -> None:
        content = TEXTS[key].encode()
        document = plain_document(content)
        await self.uploads.receive(upload_of(document, file_id=key, owner=owner, name=f"{key}.pdf", content=content))

    async def look(self, seconds: float = module.CHANGES_AGAIN) -> None:
        """And what is read because of it."""
        await self.glance(seconds)
        await until(lambda: not self.mirror.left)

    async def glance(self, seconds: float = module.CHANGES_AGAIN) -> None:
        """Without waiting for what is read."""
        self.clock.seconds += seconds
        await self.mirror.look()

    async def work(self) -> None:
        """Do the jobs there are; files called broken cannot be read."""

        async def read(content: bytes, name: str) -> Document:
            if name == "broken.pdf":
                raise DamagedFileError("broken.pdf is damaged.")
            return plain_document(content)

        jobs, clock = Jobs(self.database), FakeClock()
        worker = Worker(jobs, Tasks(self.uploads, EmbeddingWork(self.database), FakeEmbedder(), read), ("read", "embed"), clock)
        async with jobs.session() as session:
            for _ in range(TRIES):
                while await worker.step(session):
                    pass
                await clock.sleep(60)

    async def text_of(self, key: str) -> str:
        """Title, abstract and passages as they are stored."""
        async with self.database.connection() as connection:
            cursor = await connection.execute(
                "SELECT concat_ws(' ', p.title, p.abstract, string_agg(s.text, ' ')) FROM papers p"
                " JOIN passages s ON s.paper_id = p.id WHERE p.file_id = %s GROUP BY p.id",
                [key],
            )
            ((text,),) = await cursor.fetchall()
        return str(text)

    async def notes(self, person: str, *bases: str) -> tuple[UploadNote, ...]:
        """What a person is told of own uploads in knowledge bases."""
        readable = Readable({base: base for base in bases})
        return (await Collections(self.database).of_person(readable, Attached(), person)).notes

    async def found(self, question: str, *bases: str) -> list[str]:
        """File ids that somebody who may read ``bases`` gets."""

        async def scope() -> Scope:
            return await Collections(self.database).of_person(Readable({base: base for base in bases}), Attached())

        result = await self.searcher.reading(scope).search(Query(question))
        return [hit.paper.file_id for hit in result.hits] if result.confident else []


@pytest.fixture
async def desk(database: Database, searcher: Searcher) -> AsyncIterator[Desk]:
    opened = Desk(database, searcher)
    yield opened
    await opened.mirror.close()


async def test_a_file_is_found_through_its_knowledge_base_and_not_through_another(desk: Desk) -> None:
    desk.fake.make_knowledge("fish", "ada", "Fish")
    desk.fake.make_knowledge("air", "ada", "Air")
    await desk.upload("eels", "fish")
    await desk.look()
    assert await desk.knowledge.names() == {"fish": "Fish", "air": "Air"}
    assert await desk.found("migration of eels", "fish") == ["eels"]
    assert await desk.found("migration of eels", "air") == []
    assert await desk.found("migration of eels") == []


async def test_renamed_moved_removed_and_deleted(desk: Desk) -> None:
    for base in ("fish", "air"):
        desk.fake.make_knowledge(base, "ada")
    await desk.upload("eels", "fish")
    await desk.upload("kites", "fish")
    await desk.look()
    desk.fake.knowledge["fish"].name = "Rivers"
    desk.fake.knowledge["fish"].files.remove("kites")
    desk.fake.knowledge["air"].files.add("kites")
    await desk.look()
    assert (await desk.knowledge.names())["fish"] == "Rivers"
    assert await desk.found("control of kites", "fish") == []
    assert await desk.found("control of kites", "air") == ["kites"]
    desk.fake.delete_file("kites")
    await desk.look()
    await desk.look()
    assert await desk.found("control of kites", "air", "fish") == []
    assert set(await desk.knowledge.texts_read(["eels", "kites"])) == {"eels"}


async def test_a_deleted_knowledge_base_takes_its_files_out_and_those_deleted_with_it(desk: Desk) -> None:
    for base in ("fish", "other"):
        desk.fake.make_knowledge(base, "ada")
    await desk.upload("eels", "fish")
    await desk.upload("kites", "fish")
    await desk.look()
    del desk.fake.knowledge["fish"], desk.fake.files["kites"]
    await desk.look()
    await desk.look()
    assert await desk.knowledge.names() == {"other": "Knowledge other"}
    assert await desk.found("migration of eels", "fish", "other") == []
    assert set(await desk.knowledge.texts_read(["eels", "kites"])) == {"eels"}


async def test_an_edited_text_takes_the_place_of_the_old_one(desk: Desk) -> None:
    desk.fake.make_knowledge("fish", "ada")
    await desk.upload("eels", "fish")
    await desk.look()
    desk.fake.edit("eels", "The migration of our eels follows the tides of the North Sea and how they are measured.")
    await desk.look()
    text = await desk.text_of("eels")
    assert text.startswith("Migration of eels")
    assert "Sargasso" not in text
    assert "tides" in text
    asked = len(desk.fake.asked)
    await desk.look()
    assert not any("data/content" in path for _, path in desk.fake.asked[asked:])


async def test_nothing_stays_of_a_text_that_was_replaced_by_another_not_even_its_title(desk: Desk) -> None:
    desk.fake.make_knowledge("fish", "ada")
    await desk.upload("eels", "fish")
    await desk.look()
    desk.fake.edit("eels", "Tides of the North Sea\nHow they are measured, and how they were measured before.")
    await desk.look()
    text = await desk.text_of("eels")
    assert text.startswith("Tides of the North Sea")
    assert "eels" not in text.lower()
    assert await desk.found("migration of eels", "fish") == []


async def test_an_edit_before_the_first_look_is_noticed(desk: Desk) -> None:
    """As of a file attached to a chat, edited there, and put into a knowledge base the next day."""
    desk.fake.make_knowledge("fish", "ada")
    await desk.upload("eels")
    desk.fake.edit("eels", "About the tides of the North Sea.")
    desk.fake.knowledge["fish"].files.add("eels")
    await desk.look()
    text = await desk.text_of("eels")
    assert "tides" in text
    assert "Sargasso" not in text


async def test_what_open_webui_mends_in_a_text_is_no_edit(desk: Desk) -> None:
    desk.fake.make_knowledge("fish", "ada")
    await desk.upload("eels", "fish")
    desk.fake.edit("eels", TEXTS["eels"].replace("\n", " ").replace(",", "，"))
    await desk.look()
    async with desk.database.connection() as connection:
        cursor = await connection.execute("SELECT array_agg(page) FROM passages")
        assert await cursor.fetchall() == [([0],)]


async def test_a_file_handed_over_again_is_taken_as_it_is_then(desk: Desk) -> None:
    desk.fake.make_knowledge("fish", "ada")
    await desk.upload("eels", "fish")
    await desk.look()
    desk.fake.edit("eels", "About the tides of the North Sea.")
    await desk.look()
    await desk.process("eels")
    desk.fake.edit("eels", TEXTS["eels"])
    await desk.look()
    async with desk.database.connection() as connection:
        cursor = await connection.execute("SELECT array_agg(page) FROM passages")
        assert await cursor.fetchall() == [([0],)]


async def test_an_edit_while_we_were_away_is_noticed(desk: Desk) -> None:
    desk.fake.make_knowledge("fish", "ada")
    await desk.upload("eels", "fish")
    await desk.look()
    desk.fake.edit("eels", "About the tides of the North Sea.")
    again = Desk(desk.database, desk.searcher)
    again.fake = desk.fake
    await again.look()
    assert "tides" in await again.text_of("eels")


async def test_the_edited_text_of_a_file_that_lies_in_no_knowledge_base_counts(desk: Desk) -> None:
    """As of one that is attached to a chat."""
    await desk.upload("eels")
    await desk.look()
    desk.fake.edit("eels", "About the tides of the North Sea.")
    await desk.look()
    assert "Sargasso" not in await desk.text_of("eels")
    desk.fake.edit("eels", "About the light of lighthouses.")
    for number in range(120):
        desk.fake.upload(f"newer{number}", "ada", "Nothing of ours.")
    again = Desk(desk.database, desk.searcher)
    again.fake = desk.fake
    for _ in range(3):  # it stands on the third page of what changed while we were away
        await again.look()
    assert "lighthouses" in await again.text_of("eels")


async def test_a_slow_text_holds_up_nothing_else(desk: Desk) -> None:
    desk.fake.make_knowledge("fish", "ada")
    for key in TEXTS:
        await desk.upload(key, "fish")
    await desk.look()
    desk.reader.held["eels"] = asyncio.Event()
    desk.fake.edit("eels", "About the tides of the North Sea.")
    await desk.glance()
    await until(lambda: desk.reader.begun == ["eels"])
    desk.fake.edit("kites", "About the light of lighthouses.")
    desk.fake.delete_file("bells")
    await desk.glance(12.0)
    assert desk.mirror.behind == 12.0
    await until(lambda: desk.mirror.left == 1)
    assert "lighthouses" in await desk.text_of("kites")
    assert await desk.found("tuning of bells", "fish") == []
    assert desk.reader.begun == ["eels", "kites"]
    desk.reader.held["eels"].set()
    await desk.look()
    assert "tides" in await desk.text_of("eels")
    assert desk.mirror.behind == 0.0


async def test_a_file_that_is_deleted_while_it_is_read_does_not_come_back(desk: Desk) -> None:
    desk.fake.make_knowledge("fish", "ada")
    await desk.upload("eels", "fish")
    await desk.look()
    desk.reader.held = {"eels": asyncio.Event(), "bells": asyncio.Event()}
    desk.fake.edit("eels", "About the tides of the North Sea.")
    desk.fake.upload("bells", "ada", TEXTS["bells"], "fish")
    await desk.glance()
    await until(lambda: sorted(desk.reader.begun) == ["bells", "eels"])
    for key, event in desk.reader.held.items():
        desk.fake.delete_file(key)
        event.set()
    await until(lambda: not desk.mirror.left)
    await desk.look()
    assert await desk.knowledge.texts_read(["eels", "bells"]) == {}


async def test_forty_texts_edited_at_once_all_count_soon(desk: Desk) -> None:
    desk.fake.make_knowledge("notes", "ada")
    keys = [f"note{number}" for number in range(40)]
    for key in keys:
        TEXTS[key] = f"Note {key}\nOn the migration of eels."
        await desk.upload(key, "notes")
    await desk.look()
    running = asyncio.create_task(desk.mirror.run())
    try:
        await until(lambda: not desk.mirror.trouble)
        for key in keys:
            desk.fake.edit(key, f"About the tides of the North Sea, {key}.")
        async with asyncio.timeout(20):
            for key in keys:
                while "tides" not in await desk.text_of(key):
                    await asyncio.sleep(0.05)
                    desk.clock.seconds += 0.05
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        for key in keys:
            del TEXTS[key]


async def test_what_could_not_be_read_just_then_is_read_at_the_next_look(desk: Desk) -> None:
    await desk.upload("eels")
    await desk.look()
    desk.reader.error = BusyError()
    desk.fake.edit("eels", "About the tides of the North Sea.")
    await desk.glance()
    await until(lambda: desk.reader.error is None)
    assert desk.mirror.left == 1
    await desk.look()
    assert "tides" in await desk.text_of("eels")


async def test_of_an_edited_text_that_cannot_be_read_nothing_old_is_found_and_its_owner_is_told(desk: Desk) -> None:
    desk.fake.make_knowledge("fish", "ada")
    await desk.upload("eels", "fish")
    await desk.look()
    desk.reader.error = NoTextError("There is no text in text.txt.")
    desk.fake.edit("eels", "...")
    await desk.look()
    async with desk.database.connection() as connection:
        cursor = await connection.execute("SELECT title, abstract, (SELECT count(*) FROM passages) FROM papers")
        assert await cursor.fetchall() == [("Migration of eels", "", 0)]
    (note,) = await desk.notes("ada", "fish")
    assert (note.name, note.set_aside, note.code) == ("eels.pdf", "There is no text in text.txt.", "no_text")
    desk.fake.edit("eels", "About the tides of the North Sea.")
    await desk.look()
    assert await desk.notes("ada", "fish") == ()


async def test_an_edited_text_that_takes_long_is_read_to_its_end_and_keeps_its_title(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "Budget", lambda: Budget(seconds=0))
    await desk.upload("eels")
    await desk.look()
    await desk.work()
    desk.fake.edit("eels", "The migration of eels and the tides.\n\nThe light of lighthouses is seen from far away.")
    await desk.look()
    assert [job.task for job in await Jobs(desk.database).list()] == ["embed"]
    text = await desk.text_of("eels")
    assert text.startswith("Migration of eels")
    assert "lighthouses" in text
    await desk.work()
    assert await desk.uploads.states() == {"ready": 1}


async def test_a_file_that_was_there_before_us_is_read(desk: Desk) -> None:
    desk.fake.make_knowledge("old", "ada")
    desk.fake.upload("bells", "ada", TEXTS["bells"], "old").name = "bells.txt"
    await desk.look()
    await desk.look()
    await desk.work()
    assert await desk.found("tuning of bells", "old") == ["bells"]


async def test_a_text_that_was_edited_before_us_is_read_as_it_was_left(desk: Desk) -> None:
    desk.fake.make_knowledge("old", "ada")
    desk.fake.upload("bells", "ada", TEXTS["bells"], "old").name = "bells.txt"
    desk.fake.edit("bells", "About the tides of the North Sea.")
    await desk.look()
    await desk.work()
    await desk.look()
    text = await desk.text_of("bells")
    assert "tides" in text
    assert "partials" not in text
    assert await desk.found("tides of the sea", "old") == ["bells"]


async def test_of_files_that_were_there_before_us_only_some_wait_here_to_be_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_UNREAD", 2)
    monkeypatch.setattr(files, "AGAIN", 0.01)
    desk.fake.make_knowledge("old", "ada")
    for number in range(5):
        desk.fake.upload(f"old{number}", "ada", f"Old {number}\nAbout it.", "old")
    await desk.glance()
    await until(lambda: desk.mirror.left == 3)
    assert await desk.uploads.states() == {"reading": 2}
    while desk.mirror.left:
        await desk.work()
    await desk.work()
    assert await desk.uploads.states() == {"ready": 5}


async def test_a_file_that_was_there_before_us_and_cannot_be_read_is_told_like_other_uploads(desk: Desk) -> None:
    desk.fake.make_knowledge("old", "ada")
    desk.fake.upload("broken", "ada", "%PDF-", "old")
    for _ in range(3):
        await desk.look()
    await desk.work()
    assert sum("broken/content" in path for _, path in desk.fake.asked) == 1
    (note,) = await desk.notes("ada", "old")
    assert (note.name, note.code) == ("broken.pdf", "damaged_file")
    assert await desk.notes("bo", "old") == ()
    (job,) = await Jobs(desk.database).list()
    assert (job.state, job.name) == ("parked", "broken.pdf")
    assert job.reason.startswith("broken.pdf is damaged.")


async def test_nothing_new_costs_one_request_and_one_for_thirty_knowledge_bases(desk: Desk) -> None:
    for number in range(45):
        desk.fake.make_knowledge(f"base{number}", "ada")
    await desk.upload("eels", "base7")
    desk.fake.upload("later", "ada", "Not ours.").changed_at += 2 * module.OVERLAP
    await desk.look()
    desk.fake.asked.clear()
    await desk.look()
    assert [path for _, path in desk.fake.asked] == ["GET /api/v1/knowledge/"] * 2 + ["GET /api/v1/files/"]


async def test_an_edit_among_five_hundred_knowledge_bases_is_seen_in_one_look(desk: Desk) -> None:
    for number in range(500):
        desk.fake.make_knowledge(f"base{number}", "ada")
        desk.fake.upload(f"unread{number}", "ada", "", f"base{number}")
    await desk.upload("eels", "base499")
    for _ in range(500 // module.MOST_LISTED + 1):
        await desk.glance(0.5)
    assert await desk.found("migration of eels", "base499") == ["eels"]
    desk.fake.edit("eels", "About the tides of the North Sea.")
    await desk.look()
    assert "tides" in await desk.text_of("eels")


async def test_a_file_in_the_place_of_another_is_seen_though_their_number_is_the_same(desk: Desk) -> None:
    desk.fake.make_knowledge("fish", "ada")
    await desk.upload("eels", "fish")
    await desk.upload("kites")
    await desk.look()
    desk.fake.knowledge["fish"].files.remove("eels")
    desk.fake.put("kites", "fish")
    await desk.look()
    assert await desk.found("migration of eels", "fish") == []
    assert await desk.found("control of kites", "fish") == ["kites"]


async def test_a_chat_attachment_goes_when_its_file_does(desk: Desk) -> None:
    await desk.upload("eels")
    async with desk.database.connection() as connection:
        await connection.execute("UPDATE uploads SET created_at = now() - interval '2 minutes'")
    await desk.look()
    assert set(await desk.knowledge.texts_read(["eels"])) == {"eels"}
    desk.fake.delete_file("eels")
    await desk.look(module.STRAYS_AGAIN)
    await desk.look()
    assert await desk.knowledge.texts_read(["eels"]) == {}


async def test_a_chat_attachment_stays_when_open_webui_misses_its_file_once_in_a_while(desk: Desk) -> None:
    await desk.upload("eels")
    async with desk.database.connection() as connection:
        await connection.execute("UPDATE uploads SET created_at = now() - interval '2 minutes'")
    for _ in range(2):
        desk.fake.lapses = ["eels/process/status"]
        await desk.look(module.STRAYS_AGAIN)
        assert desk.fake.lapses == []
        await desk.look()
        assert set(await desk.knowledge.texts_read(["eels"])) == {"eels"}


async def test_an_edited_file_stays_when_open_webui_misses_it_once(desk: Desk) -> None:
    await desk.upload("eels")
    await desk.look()
    desk.fake.edit("eels", "About the tides of the North Sea.")
    desk.fake.lapses = ["eels/process/status"]
    for _ in range(3):
        await desk.look()
    assert desk.fake.lapses == []
    assert "tides" in await desk.text_of("eels")


async def test_an_edited_text_that_open_webui_misses_once_counts_a_minute_later(desk: Desk) -> None:
    await desk.upload("eels")
    await desk.look()
    desk.fake.edit("eels", "About the tides of the North Sea.")
    desk.fake.lapses = ["eels/data/content"]
    await desk.look()
    assert "Sargasso" in await desk.text_of("eels")
    await desk.look(readings.STUMBLED_FOR)
    assert "tides" in await desk.text_of("eels")


async def test_an_empty_list_is_believed_when_it_comes_twice(desk: Desk) -> None:
    """Open WebUI answers with one when its own database fails it."""
    desk.fake.make_knowledge("fish", "ada")
    await desk.upload("eels", "fish")
    await desk.look()
    bases, desk.fake.knowledge = desk.fake.knowledge, {}
    await desk.look()
    assert await desk.found("migration of eels", "fish") == ["eels"]
    desk.fake.knowledge = bases
    await desk.look()
    desk.fake.knowledge = {}
    await desk.look()
    await desk.look()
    assert await desk.knowledge.names() == {}


async def test_it_goes_on_when_open_webui_was_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.01)
    desk.fake.make_knowledge("fish", "ada")
    await desk.upload("eels", "fish")
    desk.fake.away = True
    running = asyncio.create_task(desk.mirror.run())
    try:
        await until(lambda: "does not answer" in desk.mirror.trouble)
        desk.fake.away = False
        await until(lambda: not desk.mirror.trouble)
        assert await desk.found("migration of eels", "fish") == ["eels"]
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_after_an_upload_it_looks_more_often(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE", 3_600.0)
    monkeypatch.setattr(module, "SHORT_PAUSE", 0.01)
    desk.fake.make_knowledge("fish", "ada")
    running = asyncio.create_task(desk.mirror.run())
    try:
        await until(lambda: not desk.mirror.trouble)
        await desk.process("eels")
        desk.mirror.hurry()
        desk.fake.upload("eels", "ada", TEXTS["eels"], "fish")
        async for attempt in patiently():
            with attempt:
                assert await desk.found("migration of eels", "fish") == ["eels"]
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_external_knowledge_bases_are_none_of_ours(desk: Desk) -> None:
    desk.fake.make_knowledge("database", ADMIN_ID, external=True)
    await desk.look()
    assert await desk.knowledge.names() == {}

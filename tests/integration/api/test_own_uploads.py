"""What a person gets of own uploads in the chat: beside the library, in picked knowledge bases, and what could not be read."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.access import Unreadable, UnreadPages
from rag.embeddings import embedding_text
from rag.embeddings.testing import FakeEmbedder
from rag.ingest.testing import plain_document
from rag.ingest.uploading import upload_of
from rag.papers import PaperRecord
from rag.store import Embedded, Job
from rag.webui import KEY_HEADER, USER_HEADER
from rag.webui.testing import FakeWebUI
from tests.integration.api.conftest import KEY, Beside, beside, embed

pytestmark = pytest.mark.anyio

TITLE = "Nesting of Terns on Gravel Islands"
TEXT = f"{TITLE}\nTerns nest on gravel islands.\fOn the second page terns nest on gravel islands in rivers."
QUESTION = "papers on terns that nest on gravel islands"


class Desk:
    """Two people with a knowledge base each, and one that they share."""

    def __init__(self, service: Beside) -> None:
        self.service, self.fake = service, service.fake
        for base, owner in (("ada", "ada"), ("bo", "bo"), ("shared", "ada")):
            self.fake.make_knowledge(base, owner, f"{base.title()}'s")
        self.fake.knowledge["shared"].readers = {"bo"}

    async def upload(self, key: str, base: str, text: str = TEXT, unread: tuple[UnreadPages, ...] = ()) -> None:
        owner = self.fake.knowledge[base].owner
        document = replace(plain_document(text.encode()), unread=unread)
        upload = upload_of(document, file_id=key, owner=owner, name=f"{key}.pdf", content=text.encode())
        await self.service.engine.uploads.receive(upload)
        self.fake.upload(key, owner, text, base)
        await self.service.mirror.look()
        await embed(self.service.engine)

    async def share(self, title: str, **fields: Any) -> None:
        """A paper of the library."""
        record = PaperRecord(source_id=title, title=title, **fields)
        (vector,) = FakeEmbedder().encode_documents([embedding_text(record)])
        await self.service.engine.library.write("birds", [Embedded(record, vector)])

    async def answer(self, person: str, *said: str, bases: tuple[str, ...] = (), files: tuple[str, ...] = ()) -> dict[str, Any]:
        """As Open WebUI asks: the inlet first, then the question with the person's credential and id."""
        roles = ["user", "assistant"] * len(said)
        messages = [{"role": role, "content": text} for role, text in zip(roles, said, strict=False)]
        body = {"model": "paper-finder", "messages": messages, "stream": False}
        items = [{"type": "collection", "id": base} for base in bases] + [{"type": "file", "id": file} for file in files]
        headers = {"Authorization": f"Bearer {KEY}"}
        inlet = {"body": {**body, "metadata": {"files": items}}}
        passed = (await self.service.client.post("/v1/paper-finder/filter/inlet", json=inlet, headers=headers)).json()
        passed.pop("metadata")
        headers = {"Authorization": f"Bearer sk-{person}", KEY_HEADER: KEY, USER_HEADER: person}
        answer = await self.service.client.post("/v1/chat/completions", json=passed, headers=headers)
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    async def text(self, person: str, *said: str, bases: tuple[str, ...] = (), files: tuple[str, ...] = ()) -> str:
        content: str = (await self.answer(person, *said, bases=bases, files=files))["choices"][0]["message"]["content"]
        return content


@pytest.fixture
async def desk(empty_database: str, tmp_path: Path) -> AsyncIterator[Desk]:
    async with beside(FakeWebUI(people={"sk-ada": "ada", "sk-bo": "bo"}), empty_database, tmp_path) as service:
        yield Desk(service)


async def test_a_paper_in_the_library_and_in_an_upload_shows_both(desk: Desk) -> None:
    await desk.share(TITLE, abstract="Terns nest on gravel islands.", authors=["Ada Byron"], year=2020, venue="Birds")
    await desk.upload("terns", "ada")
    mine, others = await desk.answer("ada", QUESTION), await desk.answer("bo", QUESTION)
    (source,) = mine["sources"]
    (place,) = [place for place in source["metadata"] if place.get("file_id") == "terns" and place.get("page") == 1]
    assert len({row["source"] for row in source["metadata"]}) == 1
    assert place["name"]
    text = mine["choices"][0]["message"]["content"]
    assert text.count(f"**{TITLE}**") == 1
    assert "Birds" in text
    assert "in the knowledge base Ada's" in text
    assert len(others["sources"]) == 1
    assert "terns" not in str(others["sources"][0]["metadata"])
    assert "knowledge base Ada" not in str(others)


async def test_the_sections_of_an_upload_are_shown_to_its_readers(desk: Desk) -> None:
    await desk.upload("terns", "ada")
    (source,) = (await desk.answer("ada", QUESTION))["sources"]
    address = f"/v1/papers/{source['metadata'][0]['source']}"
    paper = (await desk.service.client.get(address, headers={"Authorization": "Bearer sk-ada"})).raise_for_status().json()
    assert paper["sections"] == [{"heading": f"Part {page}", "level": 1, "page": page} for page in (0, 1)]
    assert paper["references"] == {"page": 1, "position": 0}
    assert (await desk.service.client.get(address, headers={"Authorization": "Bearer sk-bo"})).status_code == 404


async def test_several_picked_knowledge_bases_are_searched_and_nothing_else(desk: Desk) -> None:
    await desk.share(f"{TITLE} in the Library")
    for key, base in (("one", "ada"), ("two", "shared"), ("three", "bo")):
        await desk.upload(key, base, TEXT.replace(TITLE, f"{TITLE}: {key}"))
    mine = await desk.answer("ada", QUESTION, bases=("ada", "shared", "bo"))
    assert {row["file_id"] for source in mine["sources"] for row in source["metadata"]} == {"one", "two"}
    assert "in: Ada's and Shared's" in mine["choices"][0]["message"]["content"]
    both = await desk.answer("bo", QUESTION, bases=("shared", "bo"))
    assert {row["file_id"] for source in both["sources"] for row in source["metadata"]} == {"two", "three"}


@pytest.mark.parametrize(
    "said", ["summarise this file", "What is the attached paper about?", "summarise this", "总结一下这个文件"]
)
async def test_this_file_is_the_attached_one(desk: Desk, said: str) -> None:
    for key in ("terns", "gulls"):
        await desk.upload(key, "ada", TEXT.replace("Terns", key.title()).replace("terns", key))
    text = await desk.text("ada", said, files=("gulls",))
    assert f"**{TITLE.replace('Terns', 'Gulls')}**" in text
    assert "On the second page gulls nest" in text
    assert "erns" not in text


async def test_several_attached_files_are_all_meant(desk: Desk) -> None:
    for key in ("terns", "gulls"):
        await desk.upload(key, "ada", TEXT.replace("Terns", key.title()).replace("terns", key))
    both = ("terns", "gulls")
    for said in ("summarise this file", "summarise the attached files", "compare these two files", "compare them"):
        text = await desk.text("ada", said, files=both)
        assert ("Nesting of Terns" in text, "Nesting of Gulls" in text) == (True, True), said
    similar = await desk.answer("ada", "papers similar to the attached file", files=("terns",))
    assert ["Gulls" in source["source"]["name"] for source in similar["sources"]] == [True]


async def test_a_file_that_is_not_attached_or_not_ones_own_cannot_be_summarised(desk: Desk) -> None:
    await desk.upload("terns", "ada")
    assert "No file is attached" in await desk.text("ada", "summarise this file")
    assert "No file is attached" in await desk.text("bo", "summarise this file", files=("terns",))
    assert "no list in this conversation yet" in await desk.text("ada", "summarise this")


async def test_what_is_asked_of_uploads_is_looked_for_in_them_alone(desk: Desk) -> None:
    await desk.share(f"{TITLE} in the Library", abstract="Terns nest on gravel islands.")
    for key in ("one", "two"):
        await desk.upload(key, "ada", TEXT.replace(TITLE, f"{TITLE}: {key}"))

    async def found(said: str, *files: str) -> tuple[list[str], str]:
        given = await desk.answer("ada", said, files=files)
        names = [source["metadata"][0].get("file_id", "library") for source in given["sources"]]
        return names, given["choices"][0]["message"]["content"]

    assert set((await found(QUESTION))[0]) == {"one", "two", "library"}
    for said in ("what do my uploads say about terns on gravel islands?", f"{QUESTION} in my uploads"):
        names, text = await found(said)
        assert set(names) == {"one", "two"}, said
        assert text.splitlines()[0].endswith(" · uploads only")
    assert (await found("list my uploads"))[0] == ["two", "one"]
    names, text = await found("what does this file say about gravel islands?", "one")
    assert (names, text.splitlines()[0]) == (["one"], "**Understood:** gravel islands · attached files only")
    assert "No file is attached" in (await found("what does this file say about gravel islands?"))[1]
    assert (await desk.answer("bo", "list my uploads")).get("sources", []) == []


async def test_of_a_paper_that_can_no_longer_be_read_only_that_is_told(desk: Desk) -> None:
    for key in ("one", "two"):
        await desk.upload(key, "shared", TEXT.replace(TITLE, f"{TITLE}: {key}"))
    listed = await desk.text("bo", QUESTION)
    first = re.search(r"^1\. .*: (one|two)\*\*", listed, re.MULTILINE)
    assert first is not None, listed
    await desk.service.engine.uploads.delete([first[1]])
    for said in ("summarise 1 again", "export 1 as RIS", "more like the first one", "compare 1 and 2"):
        text = await desk.text("bo", QUESTION, listed, said)
        assert text.startswith("That paper is no longer there, or you may no longer read it."), said
    rest = await desk.text("bo", QUESTION, listed, "export these as RIS")
    assert "Some of these papers are no longer there" in rest
    assert f": {first[1]}" not in rest


async def test_each_attached_file_is_quoted_from_itself(desk: Desk) -> None:
    pages = ["Terns nest on islands. {0} are counted by drone.", "Floods wash {0} away from gravel bars.", "Thanks go to all."]
    for name in ("Eggs", "Chicks"):
        text = "\f".join([f"A Report on {name}\n{pages[0].format(name)}", *(page.format(name) for page in pages[1:])])
        await desk.upload(name.lower(), "ada", text)
    text = await desk.text("ada", "what do floods wash away from gravel bars", files=("eggs", "chicks"))
    for name in ("Eggs", "Chicks"):
        quoted = re.search(rf"\*\*A Report on {name}\*\*.*?\n +> ([^\n]*)", text, re.DOTALL)
        assert quoted is not None, text
        assert quoted[1].replace("**", "") == f"Floods wash {name} away from gravel bars. (p. 2)"


async def test_whoever_uploaded_a_file_is_told_once_what_could_not_be_read_of_it(desk: Desk) -> None:
    await desk.upload("scan", "shared", unread=(UnreadPages(Unreadable.PICTURES, (1,)), UnreadPages(Unreadable.DAMAGED, (2, 3))))
    first = await desk.text("ada", QUESTION)
    assert "Your upload “scan.pdf” is searched without page 2: pictures of text" in first
    assert "Your upload “scan.pdf” is searched without pages 3 and 4: damaged" in first
    assert "您上传的“scan.pdf”" in await desk.text("ada", "关于在砾石岛筑巢的燕鸥的论文")
    assert "scan.pdf” is searched" not in await desk.text("ada", QUESTION, first, "since 2015")
    assert "Your upload" not in await desk.text("bo", QUESTION)
    assert "Your upload" not in await desk.text("ada", QUESTION, bases=("ada",))
    async with desk.service.engine.database.connection() as connection:
        await connection.execute("UPDATE uploads SET updated_at = now() - interval '25 hours'")
    assert "Your upload" not in await desk.text("ada", QUESTION)


async def test_a_file_that_was_set_aside_is_told_with_its_reason_until_it_is_tried_again(desk: Desk) -> None:
    await desk.upload("long", "shared")
    (job_id, jobs) = (await job_of(desk, "long"), desk.service.engine.jobs)
    assert "1 of your uploads is still being read" in await desk.text("ada", QUESTION)
    assert "still being read" not in await desk.text("bo", QUESTION)
    parked = Job(job_id, "read", "long", 1, 3)
    await jobs.park(parked, reason="Reading long.pdf took too long.", code="parsing_timeout", failures=3)
    text = await desk.text("ada", QUESTION)
    assert "still being read" not in text
    assert "Your upload “long.pdf” was set aside after several tries" in text
    assert "Reading long.pdf took too long." in text
    assert "Reading long.pdf" not in await desk.text("bo", QUESTION)
    chinese = await desk.text("ada", "关于在砾石岛筑巢的燕鸥的论文")
    assert "您上传的“long.pdf”多次处理失败，已被搁置，因此只能检索其中一部分：读取该文件用时过长，已放弃。" in chinese
    assert "too long" not in chinese
    await jobs.retry(None)
    assert "set aside" not in await desk.text("ada", QUESTION)


async def job_of(desk: Desk, file_id: str) -> int:
    """A job of the file that is still to be done."""
    async with desk.service.engine.database.connection() as connection:
        await connection.execute("INSERT INTO jobs (task, file_id, due_at) VALUES ('read', %s, now())", [file_id])
        await connection.execute("UPDATE uploads SET state = 'reading' WHERE file_id = %s", [file_id])
    return (await desk.service.engine.jobs.list())[0].id

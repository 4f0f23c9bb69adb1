"""Uploads: rows of their own with an owner, found by words at once, and invisible in every number of the library."""

import hashlib

import pytest
from psycopg.rows import dict_row

from rag.embeddings import embedding_text
from rag.embeddings.testing import FakeEmbedder
from rag.ingest.testing import plain_document
from rag.ingest.uploading import upload_of
from rag.papers import PaperRecord
from rag.store import Database, Embedded, Jobs, Library, Upload, Uploads

pytestmark = pytest.mark.anyio

PAPER = b"Deep Networks\nLayers of units learn.\nThey learn slowly.\fSecond page about zebras.\fThird page."


def upload(file_id: str = "f1", owner: str = "ada", content: bytes = PAPER, pages: int | None = None) -> Upload:
    document = plain_document(content, pages)
    return upload_of(document, file_id=file_id, owner=owner, name=f"{file_id}.txt", content=content)


@pytest.fixture
def uploads(database: Database) -> Uploads:
    return Uploads(database)


async def rows(database: Database, statement: str) -> list[dict[str, object]]:
    async with database.connection() as connection:
        cursor = await connection.cursor(row_factory=dict_row).execute(statement.encode())
        return await cursor.fetchall()


async def test_an_upload_is_a_paper_with_passages_in_a_collection_of_its_own(uploads: Uploads, database: Database) -> None:
    await uploads.write(upload())
    [paper] = await rows(database, "SELECT * FROM papers")
    assert (paper["title"], paper["owner"], paper["file_id"]) == ("Deep Networks", "ada", "f1")
    [collection] = await rows(database, "SELECT * FROM collections")
    assert (collection["kind"], collection["webui_id"], paper["collections"]) == ("file", "f1", [collection["id"]])
    passages = await rows(database, "SELECT ordinal, page, section, collections FROM passages ORDER BY ordinal")
    assert [(one["ordinal"], one["page"], one["section"]) for one in passages] == [(n, n, f"Part {n}") for n in range(3)]
    assert all(one["collections"] == paper["collections"] for one in passages)
    assert await uploads.states() == {"embedding": 1}
    assert [(job.task, job.state, job.passages, job.vectors) for job in await Jobs(database).list()] == [
        ("embed", "queued", 3, 0)
    ]


async def test_the_same_file_again_takes_the_place_of_what_was_read_before(uploads: Uploads, database: Database) -> None:
    await uploads.write(upload(pages=1))
    assert await uploads.states() == {"reading": 1}
    assert sorted(job.task for job in await Jobs(database).list()) == ["embed", "read"]
    await uploads.write(upload())
    await uploads.write(upload())
    assert await uploads.states() == {"embedding": 1}
    assert [job.task for job in await Jobs(database).list()] == ["embed"]
    [counted] = await rows(database, "SELECT count(*), count(DISTINCT paper_id) AS papers FROM passages")
    assert counted == {"count": 3, "papers": 1}
    [kept] = await rows(database, "SELECT content, pages_read FROM uploads")
    assert kept == {"content": None, "pages_read": 3}


async def test_another_person_does_not_become_the_owner_by_having_a_file_read_again(uploads: Uploads, database: Database) -> None:
    await uploads.write(upload(owner="ada"))
    await uploads.write(upload(owner="admin"))
    assert await rows(database, "SELECT u.owner, p.owner AS of_paper FROM uploads u JOIN papers p USING (file_id)") == [
        {"owner": "ada", "of_paper": "ada"}
    ]


async def test_uploads_change_no_number_of_the_library(uploads: Uploads, library: Library, database: Database) -> None:
    shared = PaperRecord(source_id="n1", title="Deep Networks", abstract="Units.", authors=["Ada Byron"], year=2020)
    vector = FakeEmbedder().encode_documents([embedding_text(shared)])[0]
    await library.write("a", [Embedded(shared, vector)])
    numbers = "SELECT (SELECT sum(papers) FROM stems) AS stems, papers, tokens, weighted_mean_length FROM lexical_statistics"
    before = await rows(database, numbers)
    await uploads.write(upload())
    assert await rows(database, numbers) == before
    assert await library.count() == 1
    assert [(one.name, one.papers) for one in await library.collections()] == [("a", 1)]
    await uploads.write(upload(content=b"Other title\nOther words."))
    await uploads.delete(["f1", "unknown"])
    assert await rows(database, numbers) == before


async def test_an_upload_never_becomes_one_with_a_shared_paper(uploads: Uploads, library: Library, database: Database) -> None:
    await uploads.write(upload())
    shared = PaperRecord(source_id="n1", title="Deep Networks", authors=["Ada Byron"], year=2020)
    vector = FakeEmbedder().encode_documents([embedding_text(shared)])[0]
    await library.write("a", [Embedded(shared, vector)])
    assert [row["file_id"] for row in await rows(database, "SELECT file_id FROM papers ORDER BY id")] == ["f1", None]


async def test_a_library_that_begins_with_an_upload_weighs_it_like_the_others_later(
    uploads: Uploads, library: Library, database: Database
) -> None:
    await uploads.write(upload())
    shared = PaperRecord(source_id="n1", title="Deep Networks", abstract="Layers of units learn.")
    vector = FakeEmbedder().encode_documents([embedding_text(shared)])[0]
    await library.write("a", [Embedded(shared, vector)])
    await library.refresh_statistics()
    first, second = await rows(database, "SELECT weights::text AS weights FROM paper_stems")
    assert first == second


async def test_deleting_a_file_leaves_nothing_of_it(uploads: Uploads, database: Database) -> None:
    await uploads.write(upload("f1"))
    await uploads.write(upload("f2"))
    await uploads.delete(["f1"])
    for table in ("uploads", "papers", "collections", "memberships", "jobs", "paper_stems"):
        assert len(await rows(database, f"SELECT FROM {table}")) == 1, table
    assert len(await rows(database, "SELECT FROM passages")) == 3


async def test_what_was_read_is_taken_over_from_ones_own_upload_of_the_same_bytes_only(uploads: Uploads) -> None:
    first = upload("f1", "ada")
    await uploads.write(first)
    digest = hashlib.sha256(PAPER).digest()
    twin = await uploads.twin("f2", "ada", "copy.txt", digest)
    assert twin is not None
    assert (twin.file_id, twin.name, twin.pages) == ("f2", "copy.txt", first.pages)
    assert twin.record.passages == first.record.passages
    assert twin.record.model_dump(exclude={"source_id"}) == first.record.model_dump(exclude={"source_id"})
    assert await uploads.twin("f3", "bo", "copy.txt", digest) is None
    assert await uploads.twin("f3", "ada", "copy.txt", hashlib.sha256(b"other").digest()) is None


async def test_what_was_not_read_to_its_end_is_taken_over_by_nobody(uploads: Uploads) -> None:
    await uploads.write(upload("f1", "ada", pages=1))
    assert await uploads.twin("f2", "ada", "copy.txt", hashlib.sha256(PAPER).digest()) is None

"""The drill: a backup is restored into an empty database, with the same rows, rights and answers."""

import json
import zipfile
from pathlib import Path

import psycopg
import pytest

from rag.embeddings.testing import FakeEmbedder
from rag.errors import BackupError
from rag.ingest.testing import plain_document
from rag.ingest.uploading import upload_of
from rag.papers import Filters, PaperRecord, Query
from rag.retrieval import Searcher
from rag.store import Collections, Database, Index, Keys, Library, Spaces, Uploads, back_up, describe_schema, manifest_of, restore
from tests.integration.store.test_collections import with_full_text
from tests.integration.store.test_library import GRAPHS, NETWORKS, embedded

pytestmark = pytest.mark.anyio

QUESTIONS = ["deep networks of units", "walks on graphs", "zebras in the snow", "random vertices learn"]


def silent(_: str) -> None:
    """Nobody watches."""


@pytest.fixture
async def used(library: Library, database: Database) -> Database:
    """A library with everything in it that a backup has to keep."""
    snow = PaperRecord(
        source_id="s", title="Zebras in the Snow 雪中斑马", abstract="Stripes\tand\nlines \\N.", year=2001, keywords=["a,b"]
    )
    await library.write("a", embedded([NETWORKS.model_copy(update={"groups": ["Reading"]}), GRAPHS, snow]))
    await library.write("b", [with_full_text("1", "Units That Learn", "Random units learn.", "Vertices learn too.")])
    await Collections(database).restrict("b", ["staff"])
    await Keys(database).create("script", ["a"])
    content = b"My upload\nabout secrets\fsecond page"
    document = plain_document(content, pages=1)
    await Uploads(database).write(upload_of(document, file_id="file-1", owner="ada", name="upload.txt", content=content))
    return database


async def ranks(database: Database) -> list[list[tuple[str, float]]]:
    searcher = Searcher(Index(database), FakeEmbedder())
    return [
        [(hit.paper.id, round(hit.score, 6)) for hit in (await searcher.search(Query(question, Filters(), 5))).hits]
        for question in QUESTIONS
    ]


async def test_the_same_rows_rights_and_answers(
    used: Database, empty_database: str, second_database: str, tmp_path: Path
) -> None:
    before = await ranks(used)
    target = tmp_path / "library.zip"
    made = await back_up(empty_database, target, silent)
    assert target.stat().st_mode & 0o777 == 0o600
    assert await restore(second_database, target, silent) == made == manifest_of(target)
    assert (await back_up(second_database, tmp_path / "again.zip", silent)).tables == made.tables
    assert made.papers == 5
    assert await describe_schema(second_database) == await describe_schema(empty_database)
    async with Database.open(second_database, pool_size=2) as restored:
        assert await ranks(restored) == before
        collections = Collections(restored)
        listed = {one.name: (one.papers, one.groups) for one in await collections.list(await collections.operator())}
        assert listed == {"a": (3, None), "a/Reading": (1, None), "b": (1, ("staff",))}
        assert await Keys(restored).list() == []
        # Numbers go on behind those that were restored.
        await Library(restored).write("a", embedded([GRAPHS.model_copy(update={"source_id": "new", "title": "New Walks"})]))
        assert await Library(restored).count() == 5


async def test_no_secret_is_in_it(used: Database, empty_database: str, tmp_path: Path) -> None:
    made = await back_up(empty_database, tmp_path / "library.zip", silent)
    async with used.connection() as connection:
        rows = await (await connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'paper_finder'")).fetchall()
    assert {row[0] for row in rows} - set(made.tables) == {"migrations", "reader_secrets", "api_keys", "api_key_collections"}


async def test_a_library_is_never_overwritten(used: Database, empty_database: str, tmp_path: Path) -> None:
    await back_up(empty_database, tmp_path / "library.zip", silent)
    with pytest.raises(BackupError, match="There is a library already"):
        await restore(empty_database, tmp_path / "library.zip", silent)
    assert await Library(used).count() == 4


async def test_an_empty_library_is_restored_over(
    database: Database, second_database: str, empty_database: str, tmp_path: Path
) -> None:
    await back_up(empty_database, tmp_path / "library.zip", silent)
    await restore(second_database, tmp_path / "library.zip", silent)
    await restore(second_database, tmp_path / "library.zip", silent)
    async with Database.open(second_database, pool_size=1) as restored:
        assert [(space.model, space.active) for space in await Spaces(restored).all()] == [(database.space.model, True)]


def harmed(source: Path, target: Path, harm: str) -> Path:
    """The backup with something wrong in it."""
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(target, "w") as archive:
        for name in whole.namelist():
            data = whole.read(name)
            if harm == "rows" and name == "tables/papers":
                data = data.replace(b"Walks on Graphs", b"Walks on Stilts")
            if harm == "manifest" and name == "manifest.json":
                data = b"{}"
            if harm == "version" and name == "manifest.json":
                data = json.dumps(json.loads(data) | {"migration": 999}).encode()
            if harm != "missing" or name != "tables/passages":
                archive.writestr(name, data)
    if harm == "cut":
        target.write_bytes(target.read_bytes()[:-500])
    return target


@pytest.mark.usefixtures("used")
async def test_a_damaged_backup_is_refused_and_leaves_nothing(empty_database: str, second_database: str, tmp_path: Path) -> None:
    target = tmp_path / "library.zip"
    await back_up(empty_database, target, silent)
    for harm in ("cut", "manifest", "version", "rows", "missing"):
        with pytest.raises(BackupError, match=r"damaged|later version"):
            await restore(second_database, harmed(target, tmp_path / f"{harm}.zip", harm), silent)
    with psycopg.connect(second_database) as connection:
        assert connection.execute("SELECT count(*) FROM paper_finder.papers").fetchone() == (0,)
    await restore(second_database, target, silent)

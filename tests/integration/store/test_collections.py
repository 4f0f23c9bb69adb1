"""``collections`` on every row is what memberships say, whoever writes what, in whichever order."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.embeddings import embedding_text, passage_text
from rag.embeddings.testing import FakeEmbedder
from rag.papers import PaperRecord, PassageText
from rag.store import Database, Embedded, Library

pytestmark = pytest.mark.anyio

TABLES = ("passages", "paper_stems", "paper_vectors_1", "passage_vectors_1")


def with_full_text(source_id: str, title: str, *texts: str) -> Embedded:
    passages = [PassageText(text=text, page=page, section="Results") for page, text in enumerate(texts)]
    record = PaperRecord(source_id=source_id, title=title, authors=["Ada Byron"], year=2015, passages=passages)
    embedder = FakeEmbedder()
    vectors = embedder.encode_documents([embedding_text(record), *(passage_text(title, passage) for passage in passages)])
    return Embedded(record, vectors[0], vectors[1:] if passages else None)


async def rows_that_differ(database: Database) -> int:
    """Rows whose collections are not those of their paper's memberships."""
    wrong = 0
    async with database.connection() as connection:
        for table, key in [("papers", "id"), *((table, "paper_id") for table in TABLES)]:
            right = (
                "SELECT coalesce(array_agg(DISTINCT m.collection_id ORDER BY m.collection_id), '{}')"
                f" FROM memberships m WHERE m.paper_id = t.{key}"
            )
            statement = f"SELECT count(*) FROM {table} t WHERE t.collections IS DISTINCT FROM ({right})"
            row = await (await connection.execute(statement.encode())).fetchone()
            wrong += row[0] if row else 0
    return wrong


async def run(database: Database, statement: str) -> None:
    async with database.connection() as connection:
        await connection.execute(statement.encode())


async def test_new_rows_carry_their_collection(library: Library, database: Database) -> None:
    await library.write("a", [with_full_text("1", "Deep Networks", "Units learn.", "Layers learn.")])
    assert await rows_that_differ(database) == 0
    async with database.connection() as connection:
        for table in TABLES:
            cursor = await connection.execute(f"SELECT DISTINCT collections FROM {table}".encode())
            assert await cursor.fetchall() == [([1],)]


_STEPS = st.lists(
    st.sampled_from(
        [
            "INSERT INTO memberships SELECT 2, 'x' || id, id, '' FROM papers ON CONFLICT DO NOTHING",
            "DELETE FROM memberships WHERE collection_id = 2",
            "UPDATE memberships m SET collection_id = 3 WHERE collection_id = 2 "
            "AND NOT EXISTS (SELECT FROM memberships o WHERE o.collection_id = 3 AND o.source_id = m.source_id)",
            "DELETE FROM memberships WHERE collection_id = 3",
            "DELETE FROM collections WHERE id = 3",
            "UPDATE papers SET collections = '{7}'",
            "UPDATE passages SET collections = '{1,2,3}'",
            "UPDATE passage_vectors_1 SET collections = '{9}'",
            "INSERT INTO passages (paper_id, ordinal, text, collections) "
            "SELECT paper_id, max(ordinal) + 1, 'more', '{5}' FROM passages GROUP BY 1",
            "DELETE FROM papers WHERE id = (SELECT max(id) FROM papers)",
        ]
    ),
    max_size=8,
)


async def test_no_order_of_changes_makes_them_differ(library: Library, database: Database) -> None:
    await library.write("a", [with_full_text(str(n), f"Paper {n}", "One.", "Two.") for n in range(4)])
    await run(database, "INSERT INTO collections (name) VALUES ('b'), ('c')")
    batches: list[list[str]] = []

    @given(_STEPS)
    def collect(steps: list[str]) -> None:
        batches.append(steps)

    collect()
    for steps in batches[:60]:
        for step in steps:
            # A collection that is gone takes no members.
            if "SET collection_id = 3" in step:
                await run(
                    database, "INSERT INTO collections (id, name) OVERRIDING SYSTEM VALUE VALUES (3, 'c') ON CONFLICT DO NOTHING"
                )
            await run(database, step)
            assert await rows_that_differ(database) == 0, steps


async def test_changes_at_the_same_time_do_not_make_them_differ(library: Library, database: Database) -> None:
    await library.write("a", [with_full_text(str(n), f"Paper {n}", "One.") for n in range(3)])
    await run(database, "INSERT INTO collections (name) VALUES ('b'), ('c'), ('d')")

    async def join(collection: int) -> None:
        await run(database, f"INSERT INTO memberships SELECT {collection}, 'y' || id, id, '' FROM papers ORDER BY id")

    async def add_text() -> None:
        await run(database, "INSERT INTO passages (paper_id, ordinal, text) SELECT id, 9, 'more' FROM papers ORDER BY id")

    await asyncio.gather(join(2), add_text(), join(3), join(4))
    assert await rows_that_differ(database) == 0

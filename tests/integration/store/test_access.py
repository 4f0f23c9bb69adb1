"""Who may read what: scopes, restricted collections, keys, and row-level security behind all of them."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from rag.access import Attached, Readable, Scope
from rag.doctor.database import look
from rag.doctor.finding import State
from rag.embeddings import embedding_text
from rag.embeddings.testing import FakeEmbedder
from rag.errors import DatabaseUnavailableError, InvalidRequestError, NotFoundError
from rag.papers import PaperRecord, Query, paper_id
from rag.retrieval import Searcher
from rag.settings import Settings
from rag.store import Collections, Database, Embedded, Index, Keys, Library, migrate, reader_role
from rag.store._collections import CollectionInfo
from rag.store._connection import Connection
from rag.store._queries import named_queries

pytestmark = pytest.mark.anyio

TABLES = ("papers", "passages", "paper_stems", "paper_vectors_1", "passage_vectors_1", "collections", "memberships")


async def fill(library: Library, collection: str, titles: Sequence[str]) -> None:
    records = [PaperRecord(source_id=f"{collection}-{title}", title=title) for title in titles]
    vectors = FakeEmbedder().encode_documents([embedding_text(record) for record in records])
    await library.write(collection, [Embedded(record, vector) for record, vector in zip(records, vectors, strict=True)])


@pytest.fixture
async def collections(library: Library, database: Database) -> Collections:
    """Three collections of the library with a paper each; 'secret' is for the group Staff."""
    for name, title in (("a", "Apples"), ("b", "Boats"), ("secret", "Ciphers")):
        await fill(library, name, [title])
    repository = Collections(database)
    assert await repository.restrict("secret", ["Staff"]) == 0
    return repository


async def names(collections: Collections, scope: Scope) -> list[str]:
    return [one.name for one in await collections.list(scope)]


async def test_a_restricted_collection_is_read_by_members_and_the_operator(collections: Collections) -> None:
    assert await names(collections, await collections.everyone()) == ["a", "b"]
    assert await names(collections, await collections.operator()) == ["a", "b", "secret"]
    member = await collections.of_person(Readable({}, groups=frozenset({"Staff", "id of Staff"})), Attached())
    assert await names(collections, member) == ["a", "b", "secret"]
    other = await collections.of_person(Readable({}, groups=frozenset({"staff", "Others"})), Attached())
    assert await names(collections, other) == ["a", "b"]
    assert (await collections.list(member))[2] == CollectionInfo("secret", 1, ("Staff",))
    assert await collections.any_restricted()
    await collections.open("secret")
    assert await names(collections, await collections.everyone()) == ["a", "b", "secret"]
    assert not await collections.any_restricted()


async def test_papers_that_others_read_elsewhere_are_told_of(collections: Collections, library: Library) -> None:
    await fill(library, "c", ["Dunes", "Eels"])
    twin = PaperRecord(source_id="twin", title="Dunes", doi="10.1000/dunes")
    await library.write("c", [Embedded(twin, FakeEmbedder().encode_documents(["Dunes"])[0])])
    await library.write("d", [Embedded(twin, FakeEmbedder().encode_documents(["Dunes"])[0])])
    assert await collections.restrict("d", ["Staff"]) == 1


async def test_a_foreign_collection_is_told_as_if_it_did_not_exist(collections: Collections) -> None:
    everyone = await collections.everyone()
    await collections.check(["a", "b"], everyone)
    for name in ("secret", "nonsense"):
        with pytest.raises(InvalidRequestError, match=rf"no collection named '{name}'\. There are: a, b\.$"):
            await collections.check(["a", name], everyone)
    with pytest.raises(InvalidRequestError, match=r"The library is empty\."):
        await collections.check(["a"], Scope())
    with pytest.raises(InvalidRequestError, match="There are: a, b, secret"):
        await collections.restrict("nonsense", ["Staff"])


async def test_a_foreign_paper_is_told_as_if_it_did_not_exist(collections: Collections, database: Database) -> None:
    secret = paper_id("secret", "secret-Ciphers")
    with pytest.raises(NotFoundError, match=f"There is no paper with the id '{secret}'"):
        await Index(database).paper(secret)
    assert (await Index(database).reading(collections.operator).paper(secret)).title == "Ciphers"


async def test_a_key_reads_its_collections_until_it_is_revoked(collections: Collections, database: Database) -> None:
    keys = Keys(database)
    key = await keys.create("cron", ["b", "secret"])
    scope = await keys.scope(key)
    assert scope is not None
    assert await names(collections, scope) == ["b", "secret"]
    for wrong in (f"{key}x", key.upper(), "pf-", ""):
        assert await keys.scope(wrong) is None
    with pytest.raises(InvalidRequestError, match="a key named 'cron' already"):
        await keys.create("cron", ["a"])
    await keys.revoke("cron")
    assert await keys.scope(key) is None
    with pytest.raises(NotFoundError):
        await keys.revoke("cron")
    again = await keys.create("cron", ["a"])
    assert [(one.name, one.collections, one.revoked_at is None) for one in await keys.list()] == [
        ("cron", ("b", "secret"), False),
        ("cron", ("a",), True),
    ]
    async with database.connection() as connection:
        kept = str(await (await connection.execute("SELECT k::text FROM api_keys k")).fetchall())
    assert again not in kept
    assert key not in kept


@pytest.mark.parametrize(("name", "wanted"), [("", ["a"]), (" ", ["a"]), ("x", []), ("x", ["nonsense"])])
async def test_a_key_without_name_or_collections_is_refused(
    collections: Collections, database: Database, name: str, wanted: list[str]
) -> None:
    assert await collections.everyone()
    with pytest.raises(InvalidRequestError):
        await Keys(database).create(name, wanted)
    assert await Keys(database).list() == []


@pytest.mark.usefixtures("collections")
async def test_a_query_that_forgets_the_limit_shows_nothing_foreign(collections: Collections, database: Database) -> None:
    """Row-level security alone: each table is read whole, as a statement without any condition would."""
    async with database.connection() as connection:
        await connection.execute("INSERT INTO passages (paper_id, ordinal, text) SELECT id, 0, title FROM papers")
        await connection.execute(
            "INSERT INTO passage_vectors_1 (passage_id, paper_id, embedding)"
            " SELECT s.id, s.paper_id, v.embedding FROM passages s JOIN paper_vectors_1 v USING (paper_id)"
        )
    seen = {"everyone": await collections.everyone(), "operator": await collections.operator(), "nobody": Scope()}
    for reader, scope in seen.items():
        async with database.reading(scope) as connection:
            counts = [await (await connection.execute(f"SELECT count(*) FROM {table}")).fetchone() for table in TABLES]
        assert counts == [(len(scope.collections),)] * len(TABLES), reader
    assert [len(scope.collections) for scope in seen.values()] == [2, 3, 0]


LIMITS = re.compile(
    r"(AND )?(coalesce\()?[a-z]\.?collections && %\(readable\)s::integer\[\](, false\))?"
    r"|AND c\.id = ANY\(%\(readable\)s\)|AND collections && %\(readable\)s::integer\[\]"
)


async def test_a_search_that_forgets_its_limits_shows_nothing_foreign(
    collections: Collections, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The product's own statements, every explicit limit to what may be read taken out of them."""

    def without_limits(name: str, query: str) -> str:
        return LIMITS.sub("true" if name == "limit_readable" else "AND true", query)

    careless = {name: without_limits(name, query) for name, query in named_queries().items()}
    still = {name for name, query in careless.items() if "(readable)" in query}
    assert still == {"limit_few_readable"}
    monkeypatch.setattr("rag.store._queries.named_queries", lambda: careless)
    question = Query("Ciphers and apples and boats", limit=100)
    for exact_papers in (0, 10):  # by the indexes, and one by one
        for scope_of, titles in (
            (collections.everyone, {"Apples", "Boats"}),
            (collections.operator, {"Apples", "Boats", "Ciphers"}),
        ):
            index = Index(database, exact_papers=exact_papers).reading(scope_of)
            hits = (await Searcher(index, FakeEmbedder()).search(question)).hits
            assert {hit.paper.title for hit in hits} == titles
            assert {name for hit in hits for name in hit.paper.collections} <= {"a", "b", "secret"}
        secret = paper_id("secret", "secret-Ciphers")
        assert await Index(database).keys([secret]) == {}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM uploads",
        "SELECT * FROM api_keys",
        "UPDATE papers SET title = ''",
        "DELETE FROM papers",
        "INSERT INTO collections (name) VALUES ('mine')",
        "CREATE TABLE paper_finder.mine (id integer)",
    ],
)
async def test_a_reader_may_only_read(collections: Collections, database: Database, statement: str) -> None:
    scope = await collections.operator()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with database.reading(scope) as connection:
            await connection.execute(statement)


@asynccontextmanager
async def as_reader(database: Database) -> AsyncIterator[Connection]:
    """A connection as searches have it, before anything is said of what may be read."""
    async with database._pools.reader.connection() as connection:
        yield connection


async def test_a_connection_that_nobody_spoke_for_reads_nothing(collections: Collections, database: Database) -> None:
    assert await collections.everyone()
    async with as_reader(database) as connection:
        assert await (await connection.execute("SELECT count(*) FROM papers")).fetchone() == (0,)


async def test_what_one_transaction_may_read_ends_with_it(collections: Collections, database: Database) -> None:
    for _ in range(8):  # every connection of the pool, and more
        async with database.reading(await collections.operator()) as connection:
            assert await (await connection.execute("SELECT count(*) FROM papers")).fetchone() == (3,)
    for _ in range(8):
        async with as_reader(database) as connection:
            assert await (await connection.execute("SELECT readable(), count(*) FROM papers")).fetchone() == ([], 0)


async def test_searches_log_in_as_a_role_that_cannot_pass_by_the_policies(collections: Collections, database: Database) -> None:
    assert await collections.everyone()
    async with as_reader(database) as connection:
        cursor = await connection.execute(
            "SELECT session_user = rolname, current_user = rolname,"
            " rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,"
            " pg_has_role(oid, (SELECT relowner FROM pg_class WHERE oid = 'papers'::regclass), 'MEMBER'),"
            " (SELECT count(*) FROM pg_class WHERE relowner = r.oid), (SELECT count(*) FROM pg_proc WHERE proowner = r.oid)"
            " FROM pg_roles r WHERE rolname = %s",
            [reader_role(connection.info.dbname)],
        )
        assert await cursor.fetchone() == (True, True, False, False, False, False, False, False, 0, 0)
    async with database.connection() as connection:
        cursor = await connection.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'collections'"
            " WHERE c.relnamespace = 'paper_finder'::regnamespace AND c.relkind = 'r' AND NOT c.relrowsecurity"
        )
        assert await cursor.fetchall() == []


REFUSED = (
    "SET ROLE postgres",
    "SELECT set_config('role', 'postgres', true)",
    "SET SESSION AUTHORIZATION postgres",
    "SET LOCAL row_security = off",
    "SELECT * FROM reader_secrets",
    "SELECT rolpassword FROM pg_authid",
    "CREATE FUNCTION paper_finder.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION paper_finder.readable() RETURNS integer[] LANGUAGE sql AS $$SELECT '{1,2,3}'::integer[]$$",
    "ALTER TABLE papers DISABLE ROW LEVEL SECURITY",
    "DROP POLICY readable ON papers",
)


async def titles_after(injected: str, database: Database, scope: Scope) -> set[str]:
    """What a search sees after a statement that was smuggled into it."""
    async with database.reading(scope) as connection:
        await connection.execute(injected.encode())
        return {title for (title,) in await (await connection.execute("SELECT title FROM papers")).fetchall()}


@pytest.mark.parametrize("injected", REFUSED)
async def test_an_injected_statement_is_refused(collections: Collections, database: Database, injected: str) -> None:
    scope = await collections.everyone()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await titles_after(injected, database, scope)


@pytest.mark.parametrize(
    "injected",
    [
        "RESET ROLE",
        "RESET SESSION AUTHORIZATION",
        "SELECT set_config('role', 'none', true)",
        "SELECT set_config('paper_finder.readable', '{1,2,3}', true)",
        "SET LOCAL paper_finder.signature = 'zz'",
        "DISCARD TEMP",
    ],
)
async def test_an_injected_statement_reads_no_more(collections: Collections, database: Database, injected: str) -> None:
    assert await titles_after(injected, database, await collections.everyone()) <= {"Apples", "Boats"}


async def test_a_signature_is_worth_nothing_elsewhere(collections: Collections, database: Database) -> None:
    """Whoever learns that of another transaction cannot use it over another connection, nor for other collections."""
    said = "SELECT current_setting('paper_finder.readable'), current_setting('paper_finder.signature')"
    say = "SELECT set_config('paper_finder.readable', %s, true), set_config('paper_finder.signature', %s, true)"
    async with database.reading(await collections.operator()) as connection, as_reader(database) as other:
        heard = await (await connection.execute(said)).fetchone()
        assert heard is not None
        await other.execute(say, heard)
        assert await (await other.execute("SELECT readable()")).fetchone() == ([],)
        await connection.execute(say, ["{1}", heard[1]])
        assert await (await connection.execute("SELECT readable()")).fetchone() == ([],)
        await connection.execute(say, heard)
        assert await (await connection.execute("SELECT readable()")).fetchone() == ([1, 2, 3],)


async def test_what_a_temporary_table_says_fools_nobody(collections: Collections, database: Database) -> None:
    async with database.reading(await collections.everyone()) as connection:
        await connection.execute("CREATE TEMP TABLE reader_secrets AS SELECT ''::bytea AS inner_key, ''::bytea AS outer_key")
        await connection.execute("SELECT set_config('paper_finder.readable', '{3}', true)")
        forged = "encode(sha256(sha256(convert_to(pg_backend_pid() || ' {3}', 'UTF8'))), 'hex')"
        await connection.execute(f"SELECT set_config('paper_finder.signature', {forged}, true)")
        assert await (await connection.execute("SELECT readable()")).fetchone() == ([],)


@pytest.fixture
async def limited(empty_database: str, embedder: FakeEmbedder) -> AsyncIterator[str]:
    """The DSN of an owner who may become the reader and may not make a role, as some rented databases have it."""
    async with await psycopg.AsyncConnection.connect(empty_database, autocommit=True) as server:
        await migrate(empty_database, model=embedder.model, dimensions=embedder.dimensions)  # there is paper_finder_reader then
        await server.execute("DROP SCHEMA paper_finder CASCADE")
        await server.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(reader_role(server.info.dbname))))
        owner = f"owner_{server.info.dbname[-12:]}"
        await server.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(owner)))
        await server.execute(sql.SQL("GRANT paper_finder_reader TO {}").format(sql.Identifier(owner)))
        for what in (sql.SQL("DATABASE {}").format(sql.Identifier(server.info.dbname)), sql.SQL("SCHEMA public")):
            await server.execute(sql.SQL("ALTER {} OWNER TO {}").format(what, sql.Identifier(owner)))
        yield make_conninfo(empty_database, user=owner)


async def test_an_owner_who_may_make_no_role_reads_as_the_reader_all_the_same(limited: str, embedder: FakeEmbedder) -> None:
    await migrate(limited, model=embedder.model, dimensions=embedder.dimensions)
    async with Database.open(limited, pool_size=2) as database:
        await fill(Library(database), "a", ["Apples"])
        scope = await Collections(database).operator()
        async with database.reading(scope) as connection:
            row = await (await connection.execute("SELECT current_user::text, count(*) FROM papers")).fetchone()
            assert row == ("paper_finder_reader", 1)
        async with database.reading(Scope()) as connection:
            assert await (await connection.execute("SELECT count(*) FROM papers")).fetchone() == (0,)
    (said,) = [finding async for finding in look(limited, Settings()) if finding.part == "Access"]
    assert said.state is State.WARNING
    assert "there is no role" in said.said
    assert "CREATEROLE; GRANT paper_finder_reader TO" in said.mend


async def test_a_role_whose_password_was_lost_gets_it_again(
    database: Database, empty_database: str, embedder: FakeEmbedder
) -> None:
    async with database.connection() as connection:
        role = sql.Identifier(reader_role(connection.info.dbname))
        await connection.execute(sql.SQL("ALTER ROLE {} NOLOGIN PASSWORD NULL").format(role))
    async with Database.open(empty_database, pool_size=1) as opened, opened.reading(Scope()) as connection:
        assert await (await connection.execute("SELECT current_user::text")).fetchone() == ("paper_finder_reader",)
    await migrate(empty_database, model=embedder.model, dimensions=embedder.dimensions)
    async with Database.open(empty_database, pool_size=1) as opened, opened.reading(Scope()) as connection:
        assert await (await connection.execute("SELECT current_user = session_user")).fetchone() == (True,)


async def test_a_reader_that_is_turned_away_for_a_moment_never_gets_the_owners_rights(
    database: Database, empty_database: str
) -> None:
    async with database.connection() as connection:
        role = sql.Identifier(reader_role(connection.info.dbname))
        await connection.execute(sql.SQL("ALTER ROLE {} CONNECTION LIMIT 0").format(role))
        await connection.commit()
        with pytest.raises(DatabaseUnavailableError, match="too many connections"):
            async with Database.open(empty_database, pool_size=1):
                pass
        await connection.execute(sql.SQL("ALTER ROLE {} CONNECTION LIMIT -1").format(role))
    async with Database.open(empty_database, pool_size=1):
        pass

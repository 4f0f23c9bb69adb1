"""The migration runner: numbered plain SQL, applied once each, in order, under an advisory lock."""

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from psycopg import AsyncConnection, sql

from rag.errors import ConfigurationError, DatabaseUnavailableError, MigrationError
from rag.settings import CHECKOUT
from rag.store._connection import CONNECT_SECONDS
from rag.store._queries import VECTOR_INDEXES, Queries, named_queries
from rag.store._reader import ensure_reader
from rag.store._space import GREATEST_DIMENSIONS, Space, indexed_dimensions

MIGRATIONS = CHECKOUT / "migrations"
_FILE_NAME = re.compile(r"(\d{4})_(\w+)\.sql")
_LOCK = 0x70617065  # "pape": any constant of ours will do.
MINIMUM_PGVECTOR = (0, 8, 4)

_PREPARE = """
    CREATE SCHEMA IF NOT EXISTS paper_finder;
    CREATE TABLE IF NOT EXISTS paper_finder.migrations (
        number     integer PRIMARY KEY,
        name       text NOT NULL,
        checksum   text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
    );
    SET search_path = paper_finder, public;
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of the migrations folder."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text: an applied migration must not be edited."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def load_migrations(folder: Path = MIGRATIONS) -> list[Migration]:
    """The migrations of ``folder`` in order.

    Raises:
        MigrationError: numbers are missing or given twice.
    """
    found = []
    for path in sorted(folder.glob("*.sql")):
        match = _FILE_NAME.fullmatch(path.name)
        if match is None:
            raise MigrationError(f"{path.name} is not named like 0001_words.sql.")
        found.append(Migration(int(match[1]), match[2], path.read_text(encoding="utf-8")))
    if [m.number for m in found] != list(range(1, len(found) + 1)):
        raise MigrationError(f"The migrations in {folder} are not numbered 1, 2, 3 … without gaps.")
    return found


async def migrate(
    dsn: str, *, model: str, dimensions: int, index_dimensions: int | None = None, upto: int | None = None
) -> list[str]:
    """Bring the database up to date and make sure that it holds vectors of ``model``; return the names applied now.

    Several processes may call this at once: one works, the others wait. ``upto`` stops after that number. The vector indexes are
    built anew where they hold another part of the vectors than ``index_dimensions``; None leaves them as they are.

    Raises:
        ConfigurationError: the vectors are too long to be stored.
        DatabaseUnavailableError: no connection.
        MigrationError: an applied migration was edited, pgvector is too old, or the vectors are another model's.
    """
    if dimensions > GREATEST_DIMENSIONS:
        raise ConfigurationError(
            f"{model} has {dimensions} dimensions; pgvector stores {GREATEST_DIMENSIONS} at most.",
            hint="Set PAPER_FINDER_DIMENSIONS to a size that the model can be cut to.",
        )
    try:
        connection = await AsyncConnection.connect(dsn, autocommit=True, connect_timeout=CONNECT_SECONDS)
    except psycopg.OperationalError as error:
        raise DatabaseUnavailableError(f"The database cannot be reached ({error}).") from error
    async with connection:
        await connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            await connection.execute(_PREPARE)
            applied = await _apply_missing(connection, load_migrations(), upto)
            if upto is None:
                await _ensure_pgvector(connection)
                await _ensure_space(connection, model, dimensions, index_dimensions)
                await ensure_reader(connection, dsn)
        finally:
            await connection.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    return applied


async def _apply_missing(connection: AsyncConnection, migrations: list[Migration], upto: int | None) -> list[str]:
    cursor = await connection.execute("SELECT number, checksum FROM migrations")
    done: dict[int, str] = dict(await cursor.fetchall())
    if unknown := sorted(set(done) - {m.number for m in migrations}):
        raise MigrationError(f"The database is newer than this program (migration {unknown[-1]}).", hint="Update Paper Finder.")
    applied = []
    for migration in migrations:
        if migration.number in done:
            if done[migration.number] != migration.checksum:
                raise MigrationError(f"Migration {migration.number:04} was changed after it had been applied.")
        elif upto is None or migration.number <= upto:
            await _apply(connection, migration)
            applied.append(f"{migration.number:04}_{migration.name}")
    return applied


async def _apply(connection: AsyncConnection, migration: Migration) -> None:
    try:
        async with connection.transaction():
            await connection.execute(migration.sql.encode())
            await connection.execute(
                "INSERT INTO migrations (number, name, checksum) VALUES (%s, %s, %s)",
                [migration.number, migration.name, migration.checksum],
            )
    except psycopg.Error as error:
        raise MigrationError(f"Migration {migration.number:04}_{migration.name} failed: {error}") from error


async def _ensure_pgvector(connection: AsyncConnection) -> None:
    cursor = await connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
    row = await cursor.fetchone()
    version = str(row[0]) if row else "none"
    if tuple(int(part) for part in re.findall(r"\d+", version)) < MINIMUM_PGVECTOR:
        raise MigrationError(f"pgvector is {version}; 0.8.4 or later is needed.", hint="Update the extension in the database.")


async def _ensure_space(connection: AsyncConnection, model: str, dimensions: int, index_dimensions: int | None) -> None:
    queries = named_queries()
    indexed = indexed_dimensions(dimensions, index_dimensions)
    async with connection.transaction():
        row = await (await connection.execute(queries["active_space"])).fetchone()
        if row is None:
            made = {"model": model, "dimensions": dimensions, "indexed": indexed}
            await connection.execute(queries["make_space"], made)
            await connection.execute("UPDATE embedding_spaces SET active = true")
            row = await (await connection.execute(queries["active_space"])).fetchone()
            assert row is not None
            await _build_vector_indexes(connection, Space(*row))
            return
        space = Space(*row)
        if (space.model, space.dimensions) != (model, dimensions):
            raise another_model(space.model, space.dimensions, model, dimensions)
        if index_dimensions is not None and space.indexed != indexed:
            await connection.execute(queries["set_indexed"], {"id": space.id, "indexed": indexed})
            await _build_vector_indexes(connection, replace(space, indexed=indexed))


async def _build_vector_indexes(connection: AsyncConnection, space: Space) -> None:
    """In place of those that are there, which searches use until the end; in one transaction, so that writers wait."""
    queries = Queries(space)
    await connection.execute("SET LOCAL maintenance_work_mem = '1GB'")
    for name in VECTOR_INDEXES:
        own = queries.index(name)
        names = {"index": sql.Identifier(own), "former": sql.Identifier(f"{own}_former")}
        await connection.execute(queries.get("put_index_aside", **names))
        await connection.execute(queries.get(f"build_{name}", beside_writers=sql.SQL("")))
        await connection.execute(queries.get("drop_former_index", **names))


def another_model(library: str, its_dimensions: int, model: str, dimensions: int) -> MigrationError:
    """What is said where the library's vectors are not those of the configured model."""
    return MigrationError(
        f"The library's vectors are those of {library} with {its_dimensions} dimensions, "
        f"but {model} with {dimensions} is configured.",
        hint="Set PAPER_FINDER_EMBEDDINGS, _MODEL and _DIMENSIONS back; or change the library's model with "
        f"'paper-finder reembed --model {model} --dimensions {dimensions}' (see the README, \"Change the model\").",
    )

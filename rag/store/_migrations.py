"""The migration runner: numbered plain SQL, applied once each, in order, under an advisory lock."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import AsyncConnection

from rag.errors import ConfigurationError, DatabaseUnavailableError, MigrationError
from rag.settings import CHECKOUT
from rag.store._connection import CONNECT_SECONDS
from rag.store._reader import ensure_reader

MIGRATIONS = CHECKOUT / "migrations"
_FILE_NAME = re.compile(r"(\d{4})_(\w+)\.sql")
_LOCK = 0x70617065  # "pape": any constant of ours will do.
MINIMUM_PGVECTOR = (0, 8, 4)
GREATEST_DIMENSIONS = 4_000

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


async def migrate(dsn: str, *, model: str, dimensions: int, upto: int | None = None) -> list[str]:
    """Bring the database up to date and make sure that it holds vectors of ``model``; return the names applied now.

    Several processes may call this at once: one works, the others wait. ``upto`` stops after that number.

    Raises:
        ConfigurationError: the vectors are too long to be indexed.
        DatabaseUnavailableError: no connection.
        MigrationError: an applied migration was edited, pgvector is too old, or the vectors are another model's.
    """
    if dimensions > GREATEST_DIMENSIONS:
        raise ConfigurationError(
            f"{model} has {dimensions} dimensions; pgvector indexes {GREATEST_DIMENSIONS} at most.",
            hint="Set PAPER_FINDER_DIMENSIONS to a size that the model can be cut to, such as 2560.",
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
                await _ensure_space(connection, model, dimensions)
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


async def _ensure_space(connection: AsyncConnection, model: str, dimensions: int) -> None:
    async with connection.transaction():
        cursor = await connection.execute("SELECT model, dimensions FROM embedding_spaces WHERE active")
        active = await cursor.fetchone()
        if active is None:
            await connection.execute("SELECT create_embedding_space(%s, %s)", [model, dimensions])
            await connection.execute("UPDATE embedding_spaces SET active = true")
        elif active != (model, dimensions):
            raise another_model(active[0], active[1], model, dimensions)


def another_model(library: str, its_dimensions: int, model: str, dimensions: int) -> MigrationError:
    """What is said where the library's vectors are not those of the configured model."""
    return MigrationError(
        f"The library's vectors are those of {library} with {its_dimensions} dimensions, "
        f"but {model} with {dimensions} is configured.",
        hint="Set PAPER_FINDER_EMBEDDINGS, _MODEL and _DIMENSIONS back; or change the library's model with "
        f"'paper-finder reembed --model {model} --dimensions {dimensions}' (see the README, \"Change the model\").",
    )

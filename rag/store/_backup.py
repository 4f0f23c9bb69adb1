"""A backup: every table as Postgres copies it, in one ZIP file with a manifest of counts and checksums."""

import hashlib
import json
import os
import zipfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from rag.errors import BackupError, DatabaseUnavailableError
from rag.store._building import analyse, build_indexes
from rag.store._connection import CONNECT_SECONDS, Connection
from rag.store._database import Database
from rag.store._migrations import load_migrations, migrate
from rag.store._queries import STEMS_INDEX, Queries, query
from rag.store._space import Space

FORMAT = 1
_MANIFEST = "manifest.json"
_LEFT_OUT = frozenset({"migrations", "reader_secrets", "api_keys", "api_key_collections"})
"""What the program makes itself, and keys and passwords: a backup holds no secrets."""
_FIRST = ("embedding_spaces", "uploads", "collections", "memberships", "papers", "passages", "stems")
"""Each table after those that it refers to; the others come after these. Papers take their collections from their memberships."""
_CHUNK = 1024 * 1024

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """How many rows of a table there are, and the SHA-256 of its copy."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    format: int
    made_at: str
    migration: int
    spaces: list[dict[str, Any]]
    tables: dict[str, CopiedTable]

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(table.rows for table in self.tables.values())

    @property
    def papers(self) -> int:
        """Papers, uploads among them."""
        return self.tables["papers"].rows if "papers" in self.tables else 0


@dataclass(frozen=True, slots=True)
class TableShape:
    """A table's name, the columns that are copied, its key, and the column that numbers its rows ('' without one)."""

    name: str
    columns: Sequence[str]
    key: Sequence[str]
    identity: str

    def pieces(self) -> dict[str, sql.Composable]:
        """For ``backup_out`` and ``backup_in``."""
        listed = {"columns": self.columns, "key": self.key}
        return {"table": sql.Identifier(self.name)} | {
            name: sql.SQL(", ").join(map(sql.Identifier, columns)) for name, columns in listed.items()
        }


async def back_up(dsn: str, target: Path, told: Told) -> Manifest:
    """Write the library of a database to ``target``, as it was at one moment; ``told`` hears of each table.

    Raises:
        BackupError: the file cannot be written.
        DatabaseUnavailableError: the database is away.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        async with _connected(dsn) as connection:
            # It has everybody's uploads in it: only its owner reads it.
            with os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
                manifest = await _write(connection, file, told)
        part.replace(target)
    except OSError as error:
        raise BackupError(f"{target} cannot be written: {error.strerror or error}.") from error
    finally:
        part.unlink(missing_ok=True)
    return manifest


async def _write(connection: Connection, file: IO[bytes], told: Told) -> Manifest:
    await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    tables: dict[str, CopiedTable] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for table in await tables_of(connection):
            told(table.name)
            with archive.open(f"tables/{table.name}", "w", force_zip64=True) as member:
                tables[table.name] = await _copy_out(connection, table, member)
        manifest = await _manifest(connection, tables)
        archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=1))
    return manifest


async def _manifest(connection: Connection, tables: dict[str, CopiedTable]) -> Manifest:
    rows = await (await connection.execute(query("every_space"))).fetchall()
    spaces = [asdict(Space(*row[:4])) | {"active": row[4]} for row in rows]
    number = await (await connection.execute(query("backup_migration"))).fetchone()
    return Manifest(FORMAT, datetime.now(UTC).isoformat(timespec="seconds"), int(number[0]) if number else 0, spaces, tables)


async def _copy_out(connection: Connection, table: TableShape, member: IO[bytes] | None) -> CopiedTable:
    digest = hashlib.sha256()
    cursor = connection.cursor()
    async with cursor.copy(query("backup_out", **table.pieces())) as copy:
        async for data in copy:
            digest.update(data)
            if member is not None:
                member.write(data)
    return CopiedTable(cursor.rowcount, digest.hexdigest())


async def tables_of(connection: Connection) -> list[TableShape]:
    """The tables that hold the library, each after those that it refers to."""
    rows = await (await connection.execute(query("backup_tables"))).fetchall()
    found = {row[0]: TableShape(row[0], row[1], row[2], row[3] or "") for row in rows if row[0] not in _LEFT_OUT}
    return [*(found[name] for name in _FIRST), *(table for name, table in found.items() if name not in _FIRST)]


def manifest_of(source: Path) -> Manifest:
    """What a backup says that it holds.

    Raises:
        BackupError: it is none, or one of a later version of the program.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            said = json.loads(archive.read(_MANIFEST))
        tables = {name: CopiedTable(**table) for name, table in said.pop("tables").items()}
        manifest = Manifest(**said, tables=tables)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise BackupError(f"{source} is no backup of Paper Finder, or it is damaged.") from error
    if manifest.format != FORMAT or manifest.migration > len(load_migrations()):
        raise BackupError(f"{source} was made by a later version of Paper Finder.", hint="Update Paper Finder first.")
    return manifest


async def restore(dsn: str, source: Path, told: Told) -> Manifest:
    """Put a backup into a database without a library, and check each table against it; one that fails leaves no row.

    Raises:
        BackupError: the file is no backup or damaged, or the database has a library already.
        DatabaseUnavailableError: the database is away.
        MigrationError: the database cannot take our tables.
    """
    manifest = manifest_of(source)
    await _make_room(dsn)
    await migrate(dsn, model="", dimensions=1, upto=manifest.migration)
    try:
        async with _connected(dsn) as connection:
            await _make_spaces(connection, manifest)
            with zipfile.ZipFile(source) as archive:
                await _fill(connection, archive, manifest, told)
    except (OSError, zipfile.BadZipFile, KeyError, psycopg.DataError, psycopg.IntegrityError) as error:
        raise BackupError(f"{source} is damaged: {error}.") from error
    told("indexes")
    active = next(space for space in manifest.spaces if space["active"])
    await migrate(dsn, model=active["model"], dimensions=active["dimensions"])
    async with Database.open(dsn, pool_size=1) as database:
        for space in map(_space, manifest.spaces):
            await build_indexes(database, Queries(space))
            await analyse(database, Queries(space))
    return manifest


async def _make_room(dsn: str) -> None:
    async with _connected(dsn) as connection:
        row = await (await connection.execute(query("library_is_there"))).fetchone()
        if not row or not row[0]:
            return
        row = await (await connection.execute(query("library_is_used"))).fetchone()
        if row and row[0]:
            raise BackupError(
                "There is a library already, and a backup is restored into an empty place only.",
                hint="Move .paper-finder away, or name another database in PAPER_FINDER_DATABASE_URL.",
            )
        await connection.execute(query("drop_empty_library"))


async def _make_spaces(connection: Connection, manifest: Manifest) -> None:
    """The tables of vectors; indexes of neighbours are built when the rows are in."""
    for space in map(_space, manifest.spaces):
        await connection.execute(query("next_space", id=sql.Literal(space.id)))
        parameters = {"model": space.model, "dimensions": space.dimensions, "indexed": space.indexed}
        await connection.execute(query("new_space"), parameters)
    await connection.execute(query("drop_index_of_restore", index=sql.Identifier(STEMS_INDEX)))


def _space(said: dict[str, Any]) -> Space:
    return Space(int(said["id"]), said["model"], int(said["dimensions"]), int(said["indexed"]))


async def _fill(connection: Connection, archive: zipfile.ZipFile, manifest: Manifest, told: Told) -> None:
    tables = {table.name: table for table in await tables_of(connection)}
    for name in ("lexical_statistics", "embedding_spaces"):
        await connection.execute(query("clear_table", table=sql.Identifier(name)))
    for name, table in tables.items():
        told(name)
        with archive.open(f"tables/{name}") as member:
            async with connection.cursor().copy(query("backup_in", **table.pieces())) as copy:
                while data := member.read(_CHUNK):
                    await copy.write(data)
        if await _copy_out(connection, table, None) != manifest.tables[name]:
            raise BackupError(f"The table {name} is not what was backed up: the file is damaged.")
        if table.identity:
            pieces = {"table": sql.Identifier(name), "column": sql.Identifier(table.identity)}
            names = {"table": f"paper_finder.{name}", "column": table.identity}
            await connection.execute(query("go_on_counting", **pieces), names)


@asynccontextmanager
async def _connected(dsn: str) -> AsyncIterator[Connection]:
    """A connection in one transaction."""
    try:
        async with await Connection.connect(dsn, connect_timeout=CONNECT_SECONDS) as connection:
            await connection.execute("SET LOCAL search_path = paper_finder, public")
            yield connection
    except psycopg.OperationalError as error:
        raise DatabaseUnavailableError(f"The database cannot be reached ({error}).") from error

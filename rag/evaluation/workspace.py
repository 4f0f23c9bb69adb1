"""A database of an evaluation's own beside the library's, so that measuring never touches what people search."""

import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psycopg
from psycopg import AsyncConnection, sql
from psycopg.conninfo import make_conninfo

from rag.errors import DatabaseUnavailableError, PaperFinderError
from rag.store import reader_role
from rag.store.embedded import ensure_database

_LOCK = 0x6576616C  # "eval": any constant of ours will do.


class EvaluationRunningError(PaperFinderError):
    """Another evaluation is running on this database server."""

    status = 409
    code = "evaluation_running"
    hint = "Wait for it to end, or give this one a PAPER_FINDER_HOME of its own."


def database_name(folder: Path) -> str:
    """The name of a set's database: 'paper_finder_eval_scifact_1f3a…', at most 63 bytes."""
    path = folder.resolve()
    slug = re.sub(r"[^a-z0-9]+", "_", path.name.lower()).strip("_")[:30]
    return f"paper_finder_eval_{slug}_{hashlib.sha256(str(path).encode()).hexdigest()[:8]}"


@asynccontextmanager
async def alone(dsn: str) -> AsyncIterator[None]:
    """Hold the server's one place for evaluations.

    Raises:
        EvaluationRunningError: another process holds it.
        DatabaseUnavailableError: the server is away.
    """
    try:
        connection = await AsyncConnection.connect(dsn, autocommit=True)
    except psycopg.OperationalError as error:
        raise DatabaseUnavailableError(f"The database cannot be reached ({error}).") from error
    async with connection:
        cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        row = await cursor.fetchone()
        if row is None or not row[0]:
            raise EvaluationRunningError
        yield


@asynccontextmanager
async def workspace(dsn: str, folder: Path, *, keep: bool) -> AsyncIterator[str]:
    """The DSN of the database for the set in ``folder``, on the server of ``dsn``.

    It is new, and dropped at the end; with ``keep`` it is used as an earlier evaluation left it, and stays.

    Raises:
        StackError: the server does not let a database be made.
    """
    name = database_name(folder)
    if not keep:
        await _drop(dsn, name)
    ensure_database(dsn, name)
    try:
        yield make_conninfo(dsn, dbname=name)
    finally:
        if not keep:
            await _drop(dsn, name)


async def _drop(dsn: str, name: str) -> None:
    async with await AsyncConnection.connect(dsn, autocommit=True) as connection:
        await connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        with suppress(psycopg.errors.InsufficientPrivilege):  # then it was not made either
            await connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(reader_role(name))))

"""Whom searches log in as, and how what they may read is signed."""

import re
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Self

import psycopg
from psycopg import AsyncConnection, sql
from psycopg.conninfo import make_conninfo

from rag.access import Scope
from rag.errors import DatabaseUnavailableError
from rag.store._connection import CONNECT_SECONDS, Connection
from rag.store._queries import named_queries

# What Postgres says when it does not let somebody in, in English; there is no code of it to be had.
_NOT_ADMITTED = re.compile(r"authentication failed|no pg_hba\.conf entry|pg_hba\.conf rejects|no password supplied")


def reader_role(database: str) -> str:
    """The name of the role, which belongs to the whole server, for one database of it."""
    return f"paper_finder_reader_{sha256(database.encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Reader:
    """The role that reads: it owns nothing, and the policies of row-level security bind it."""

    role: str
    password: str = field(repr=False)
    inner_key: bytes = field(repr=False)
    outer_key: bytes = field(repr=False)
    refused: str = ""
    """Why it cannot log in; then reading transactions of the owner's connections become the reader."""

    @classmethod
    async def of(cls, connection: AsyncConnection[Any], dsn: str) -> Self:
        """The reader of the owner's database under ``dsn``, and whether it can log in.

        Raises:
            DatabaseUnavailableError: that cannot be told now. It is no refusal: searches do not get the owner's rights because a
                server was busy for a moment.
        """
        row = await (await connection.execute(named_queries()["reader_secrets"])).fetchone()
        assert row is not None
        reader = cls(reader_role(row[0]), row[1], bytes(row[2]), bytes(row[3]))
        known = await (await connection.execute(named_queries()["reader_may_log_in"], {"role": reader.role})).fetchone()
        if known != (True,):
            return replace(reader, refused=f"there is no role {reader.role} that may log in")
        return replace(reader, refused=await reader._refusal(dsn))

    def address(self, dsn: str) -> str:
        """Where to connect for reading."""
        return dsn if self.refused else make_conninfo(dsn, user=self.role, password=self.password)

    async def begin(self, connection: Connection, scope: Scope) -> None:
        """Let the transaction of ``connection`` read the scope's collections and nothing else."""
        if self.refused:
            await connection.execute(named_queries()["become_reader"])
        readable = "{" + ",".join(map(str, scope.collections)) + "}"
        inner = sha256(self.inner_key + f"{connection.process} {readable}".encode()).digest()
        signature = sha256(self.outer_key + inner).hexdigest()
        await connection.execute(named_queries()["say_readable"], {"collections": readable, "signature": signature})

    async def _refusal(self, dsn: str) -> str:
        try:
            async with await AsyncConnection.connect(self.address(dsn), connect_timeout=CONNECT_SECONDS) as connection:
                row = await (await connection.execute(named_queries()["reader_is_bound"])).fetchone()
        except psycopg.OperationalError as error:
            if not _NOT_ADMITTED.search(str(error)):
                raise DatabaseUnavailableError(f"The database lets nobody in for reading ({error}).") from error
            return str(error).strip().splitlines()[-1]
        return "" if row == (True,) else f"the role {self.role} is not bound by row-level security"


async def ensure_reader(connection: AsyncConnection[Any], dsn: str) -> None:
    """Make the role that reads, or give it its password again. Nothing where this user may not: see ``Reader.refused``."""
    reader = await Reader.of(connection, dsn)
    if not reader.refused:
        return
    known = await (await connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [reader.role])).fetchone()
    statement = (
        "ALTER ROLE {} LOGIN PASSWORD {}" if known is not None else "CREATE ROLE {} LOGIN PASSWORD {} IN ROLE paper_finder_reader"
    )
    # Not the password itself, which the server's log might show.
    verifier = connection.pgconn.encrypt_password(reader.password.encode(), reader.role.encode(), b"scram-sha-256").decode()
    try:
        await connection.execute(sql.SQL(statement).format(sql.Identifier(reader.role), sql.Literal(verifier)))
    except psycopg.errors.InsufficientPrivilege:
        return

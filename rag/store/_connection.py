"""What every connection is set to."""

from typing import Any

from pgvector.psycopg import register_vector_async
from psycopg import AsyncConnection

CONNECT_SECONDS = 10
"""How long any server of ours may take to let us in."""

# A plan for any parameters takes an array of thousands of papers for ten, and reads them all for each row: seconds instead of
# milliseconds.
CONNECTION_SETTINGS = """
    SET search_path = paper_finder, public;
    SET jit = off;
    SET plan_cache_mode = force_custom_plan;
    SET hnsw.ef_search = 200;
    SET hnsw.iterative_scan = relaxed_order;
"""


class Connection(AsyncConnection[tuple[Any, ...]]):
    """A connection that is set up for our statements."""

    process = 0
    """The server's process behind it."""


async def configure(connection: Connection) -> None:
    """Set it up."""
    await connection.execute(CONNECTION_SETTINGS)
    await register_vector_async(connection)
    # Asked for, since a proxy tells a number of its own when connecting.
    row = await (await connection.execute("SELECT pg_backend_pid()")).fetchone()
    connection.process = row[0] if row else 0
    await connection.commit()

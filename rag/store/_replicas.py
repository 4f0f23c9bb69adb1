"""Read replicas of the database: questions go to those that are in step, in turn; where there is none, to the primary."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Self

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from rag.store._connection import Connection, configure
from rag.store._queries import named_queries

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""Between two looks at each replica."""
ANSWER_SECONDS = 2.0
"""A replica that needs longer for a trifle is left alone."""
MOST_LAG = 5.0
"""Seconds behind the primary; whoever was taken out of a collection is found no longer than that."""


class Replicas:
    """The replicas of one database, watched."""

    def __init__(self, pools: Sequence[AsyncConnectionPool[Connection]], space_id: int) -> None:
        self._pools = pools
        self._space_id = space_id
        self._in_step: list[AsyncConnectionPool[Connection]] = []
        self._turn = 0

    @classmethod
    @asynccontextmanager
    async def open(cls, addresses: Sequence[str], space_id: int, *, pool_size: int) -> AsyncIterator[Self]:
        """Connect to them; one that is away is no failure, and joins when it is there."""
        async with AsyncExitStack() as stack:
            pools = []
            for address in addresses:
                pool = AsyncConnectionPool(
                    address,
                    connection_class=Connection,
                    min_size=1,
                    max_size=pool_size,
                    timeout=ANSWER_SECONDS,
                    configure=configure,
                    check=AsyncConnectionPool.check_connection,
                    kwargs={"connect_timeout": 2},
                    open=False,
                )
                await pool.open(wait=False)
                stack.push_async_callback(pool.close)
                pools.append(pool)
            replicas = cls(pools, space_id)
            if pools:
                await replicas.look()
                watching = asyncio.create_task(replicas._watch())
                stack.callback(watching.cancel)
            yield replicas

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection | None]:
        """A connection to the next replica that is in step, in a transaction; None when there is none."""
        pools = self._in_step
        for _ in pools:
            self._turn += 1
            pool = pools[self._turn % len(pools)]
            try:
                connection = await pool.getconn()
            except (PoolTimeout, psycopg.OperationalError):
                continue
            try:
                async with connection:
                    yield connection
            finally:
                await pool.putconn(connection)
            return
        yield None

    async def look(self) -> None:
        """See which are in step."""
        fit = await asyncio.gather(*(self._fit(pool) for pool in self._pools))
        in_step = [pool for pool, good in zip(self._pools, fit, strict=True) if good]
        if len(in_step) != len(self._in_step):
            log.warning("Of %d read replicas %d are in step.", len(self._pools), len(in_step))
        self._in_step = in_step

    async def _fit(self, pool: AsyncConnectionPool[Connection]) -> bool:
        try:
            async with asyncio.timeout(ANSWER_SECONDS), pool.connection() as connection:
                cursor = await connection.execute(named_queries()["replica_state"])
                lag, space = await cursor.fetchone() or (None, None)
        except (TimeoutError, PoolTimeout, psycopg.Error):
            return False
        return lag is not None and lag <= MOST_LAG and space == self._space_id

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.look()

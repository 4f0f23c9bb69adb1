"""How long an audit of a large library takes, and in how much memory: generated papers, one in twenty of them twice, no vectors.

    .venv/bin/python -m benchmarks.audit [PAPERS]

Works in a database server of its own, in a temporary folder.
"""

import asyncio
import resource
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from rag.store import Audit, Database, migrate
from rag.store.embedded import embedded_postgres

# Triggers and foreign keys are left out: the rows say by themselves what they would see to.
FILL = """
    SET session_replication_role = replica;
    SET search_path = paper_finder, public;
    INSERT INTO collections (name) VALUES ('made');
    INSERT INTO papers (public_id, title, abstract, authors, year, doi, work_key, language, collections, content_hash)
    SELECT 'p' || n, 'Paper on subject ' || n, repeat('words ', 20), ARRAY['Ada Byron'], 1950 + n % 70,
           CASE WHEN n % 3 = 0 THEN '10.5555/made.' || n - (n % 20) / 19 * 3 ELSE '' END,
           'paper on subject ' || n - (n % 20) / 19 || '|byron|' || 1950, 'en', ARRAY[1], ''
    FROM generate_series(1, {papers}) AS n;
    INSERT INTO memberships (collection_id, source_id, paper_id, record_hash) SELECT 1, public_id, id, '' FROM papers;
    ANALYZE papers, memberships;
"""


async def audit(dsn: str) -> None:
    """Print what was found, how long it took and the peak of this process's memory."""
    async with Database.open(dsn, pool_size=1) as database:
        before, started = _peak(), time.perf_counter()
        look = Audit(database)
        missing = await look.missing()
        languages = await look.languages()
        works = disagreeing = 0
        async for work in look.duplicates():
            works += 1
            disagreeing += work.disagreeing
        seconds = time.perf_counter() - started
    print(f"{missing.papers:,} papers in {len(languages)} language, {works:,} works twice ({disagreeing:,} disagree)")
    print(f"{seconds:,.0f} s; memory {before:,.0f} MB before, peak {_peak():,.0f} MB")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Fill a database and audit it."""
    papers = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder, embedded_postgres(Path(folder)) as dsn:
        asyncio.run(migrate(dsn, model="none", dimensions=8))
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(FILL.format(papers=papers).encode())
        asyncio.run(audit(dsn))


if __name__ == "__main__":
    main()

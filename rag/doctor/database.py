"""Postgres, pgvector, the schema, the vectors and their indexes."""

import re
from collections.abc import AsyncIterator

from rag.doctor.finding import Finding, failed, ok, skipped, warning
from rag.embeddings import configured_model
from rag.settings import Settings
from rag.store import MINIMUM_PGVECTOR, DatabaseHealth, Reader, Space, VectorState, Versions

TESTED_POSTGRES = 18
FOUND = 0.9
"""Share of sampled papers that the index has to find by their own vector."""


async def look(dsn: str, settings: Settings) -> AsyncIterator[Finding]:
    """At the database under ``dsn``.

    Raises:
        DatabaseUnavailableError: it cannot be reached.
    """
    health = await DatabaseHealth.open(dsn)
    try:
        versions = await health.versions()
        yield _postgres(versions)
        pgvector = _pgvector(versions)
        yield pgvector
        schema = await _schema(health)
        yield schema
        space = await health.space() if schema.state == "ok" else None
        if space is None:
            yield skipped("Indexes", "There are none before the schema is up to date.")
            return
        yield _reader(*await health.reader())
        yield _space(space, settings)
        for beside in await health.spaces_beside():
            yield _beside(*beside)
        async for finding in _indexes(health, space):
            yield finding
    finally:
        await health.aclose()


def _postgres(versions: Versions) -> Finding:
    said = f"PostgreSQL {versions.postgres}, {versions.size / 2**20:,.0f} MB."
    if versions.postgres_number // 10_000 < TESTED_POSTGRES:
        return warning(
            "Postgres", said, f"Paper Finder is tested with PostgreSQL {TESTED_POSTGRES}; pg_upgrade moves a database."
        )
    return ok("Postgres", said, database_mb=versions.size / 2**20)


def _pgvector(versions: Versions) -> Finding:
    part, wanted = "pgvector", ".".join(map(str, MINIMUM_PGVECTOR))
    if versions.pgvector is None and versions.pgvector_available is None:
        return failed(
            part, "It is not installed on the server.", f"Install pgvector {wanted} or later (image pgvector/pgvector)."
        )
    if versions.pgvector is None:
        return failed(part, "The extension is not in this database yet.", "paper-finder migrate")
    if _numbers(versions.pgvector) < MINIMUM_PGVECTOR:
        newer = _numbers(versions.pgvector_available or "") >= MINIMUM_PGVECTOR
        mend = (
            "ALTER EXTENSION vector UPDATE;"
            if newer
            else f"Install pgvector {wanted} or later, then: ALTER EXTENSION vector UPDATE;"
        )
        return failed(part, f"It is {versions.pgvector}; indexes could be damaged before {wanted}.", mend)
    return ok(part, f"pgvector {versions.pgvector}.")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


async def _schema(health: DatabaseHealth) -> Finding:
    part, state = "Schema", await health.schema()
    if state.newer:
        return failed(part, "The database was made by a newer Paper Finder.", "Update Paper Finder.")
    if state.edited:
        return failed(
            part, f"Migration {state.edited[0]:04} was changed after it had been applied.", "Put the file back as it was."
        )
    if state.missing:
        said = f"{len(state.missing)} migrations are not applied, from {state.missing[0]} on."
        return failed(part, said, "paper-finder migrate")
    return ok(part, "All migrations are applied.")


def _reader(reader: Reader, owner: str) -> Finding:
    part = "Access"
    if reader.refused:
        mend = (
            f"Let the server admit the role {reader.role}. Where there is none, an administrator of the server runs: "
            f'ALTER ROLE "{owner}" CREATEROLE; GRANT paper_finder_reader TO "{owner}" WITH ADMIN OPTION; '
            "and then: paper-finder migrate"
        )
        return warning(part, f"Searches share the connections of the tables' owner: {reader.refused}.", mend)
    return ok(part, "Searches log in as a role that owns nothing and that row-level security binds.")


def _space(space: Space, settings: Settings) -> Finding:
    part, said = "Vectors", f"They are those of {space.model} with {space.dimensions} dimensions"
    part_of = "" if space.indexed == space.dimensions else f"; the indexes hold the first {space.indexed}"
    model = configured_model(settings)
    if model != space.model or (settings.dimensions or space.dimensions) != space.dimensions:
        given = f"{model} with {settings.dimensions}" if settings.dimensions else model
        mend = "Set PAPER_FINDER_EMBEDDINGS, _MODEL and _DIMENSIONS back, or move the library: paper-finder reembed --model MODEL"
        return failed(part, f"{said}, but {given} is configured.", mend)
    return ok(part, f"{said}{part_of}.")


def _beside(model: str, dimensions: int, size: int) -> Finding:
    said = f"Vectors of {model} with {dimensions} dimensions lie beside those in use; {size / 2**20:,.0f} MB."
    mend = "A move that was broken off goes on with the same command; old ones go with 'paper-finder reembed --drop-old'."
    return warning("Vectors", said, mend, unused_mb=size / 2**20)


async def _indexes(health: DatabaseHealth, space: Space) -> AsyncIterator[Finding]:
    if broken := await health.broken_indexes():
        commands = " ".join(f"REINDEX INDEX paper_finder.{name};" for name in broken)
        yield failed("Indexes", f"The building of {', '.join(broken)} did not end well; searches do not use it.", commands)
    state = await health.vectors(space)
    yield _coverage(state)
    yield _index(state)


def _coverage(state: VectorState) -> Finding:
    part, said = "Embedding", f"{state.papers:,} papers and {state.passages:,} passages have their vectors."
    if state.papers_without or state.passages_without:
        lacking = (
            f"{state.papers_without:,} of {state.papers:,} papers and {state.passages_without:,} of {state.passages:,} passages"
        )
        return warning(
            part,
            f"{lacking} have no vector.",
            "'paper-finder jobs' says what waits and why; an import that broke off is run again.",
        )
    return ok(part, said, papers=state.papers, passages=state.passages)


def _index(state: VectorState) -> Finding:
    part = "Indexes"
    if state.missing_indexes:
        names = ", ".join(state.missing_indexes)
        return failed(part, f"Missing: {names}; every search reads all rows.", "Run the import again: it builds them at its end.")
    figures = {"index_mb": state.index_bytes / 2**20, "sampled": state.sampled, "found": state.found}
    said = f"{state.found} of {state.sampled} papers are found by their own vector; {figures['index_mb']:,.0f} MB."
    if state.found < FOUND * state.sampled:
        return warning(part, said, "REINDEX SCHEMA paper_finder;", **figures)
    return ok(part, said, **figures)

"""Migrations: all at once and step by step give the same schema, each applied once, edits and strangers refused."""

import asyncio

import psycopg
import pytest

from rag.errors import ConfigurationError, DatabaseUnavailableError, MigrationError
from rag.settings import CHECKOUT
from rag.store import Database, describe_schema, load_migrations, migrate

pytestmark = pytest.mark.anyio


async def test_from_scratch_and_by_steps_give_the_same_schema(empty_database: str, second_database: str) -> None:
    await migrate(empty_database, model="m", dimensions=8)
    for migration in load_migrations():
        applied = await migrate(second_database, model="m", dimensions=8, upto=migration.number)
        assert applied == [f"{migration.number:04}_{migration.name}"]
    await migrate(second_database, model="m", dimensions=8)
    assert await describe_schema(second_database) == await describe_schema(empty_database)


async def test_the_schema_is_the_one_described_in_the_repository(empty_database: str) -> None:
    await migrate(empty_database, model="m", dimensions=8)
    described = (CHECKOUT / "migrations" / "schema.txt").read_text(encoding="utf-8").splitlines()
    assert await describe_schema(empty_database) == described


async def test_each_migration_is_applied_once_though_several_processes_start(empty_database: str) -> None:
    rounds = await asyncio.gather(*(migrate(empty_database, model="m", dimensions=8) for _ in range(4)))
    applied = [name for names in rounds for name in names]
    assert sorted(applied) == [f"{m.number:04}_{m.name}" for m in load_migrations()]


async def test_an_edited_migration_is_refused(empty_database: str) -> None:
    await migrate(empty_database, model="m", dimensions=8)
    with psycopg.connect(empty_database) as connection:
        connection.execute("UPDATE paper_finder.migrations SET checksum = 'other' WHERE number = 1")
    with pytest.raises(MigrationError, match="0001 was changed"):
        await migrate(empty_database, model="m", dimensions=8)


async def test_a_newer_database_is_refused(empty_database: str) -> None:
    await migrate(empty_database, model="m", dimensions=8)
    with psycopg.connect(empty_database) as connection:
        connection.execute("INSERT INTO paper_finder.migrations VALUES (9999, 'later', '')")
    with pytest.raises(MigrationError, match="newer than this program"):
        await migrate(empty_database, model="m", dimensions=8)


async def test_another_model_is_refused_by_name(empty_database: str) -> None:
    await migrate(empty_database, model="small", dimensions=8)
    with pytest.raises(MigrationError, match="those of small with 8 dimensions, but large with 16 is configured"):
        await migrate(empty_database, model="large", dimensions=16)


async def test_vectors_too_long_to_be_stored_are_refused_with_the_setting(empty_database: str) -> None:
    with pytest.raises(ConfigurationError, match="PAPER_FINDER_DIMENSIONS"):
        await migrate(empty_database, model="m", dimensions=16_001)


async def test_an_empty_database_says_what_to_run(empty_database: str) -> None:
    with pytest.raises(MigrationError, match="paper-finder migrate"):
        async with Database.open(empty_database):
            pass


async def test_a_server_that_is_away_is_told_as_such() -> None:
    with pytest.raises(DatabaseUnavailableError):
        await migrate("postgresql://nobody@127.0.0.1:1/nothing", model="m", dimensions=8)
    with pytest.raises(DatabaseUnavailableError):
        async with Database.open("postgresql://nobody@127.0.0.1:1/nothing", timeout=2):
            pass

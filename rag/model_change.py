"""``paper-finder reembed``: the library moved to another embedding model, without an outage."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from rag.settings import BUNDLED, Settings, load_settings

if TYPE_CHECKING:  # imported when needed: every command would pay for it
    from rag.ingest.reembedding import Reembedded
    from rag.store import SpaceInfo

out = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def reembed(
    model: Annotated[str, typer.Option(help="The new model's name; without one, show what vectors there are.")] = "",
    embeddings: Annotated[str, typer.Option(help="URL of the server of the new model, or 'bundled'; else as configured.")] = "",
    dimensions: Annotated[int | None, typer.Option(help="Length of the vectors to store; the model's own if not given.")] = None,
    rate: Annotated[float | None, typer.Option(min=0.1, help="At most so many texts a second.")] = None,
    drop_old: Annotated[bool, typer.Option("--drop-old", help="Drop the vectors that are not used any more.")] = False,
    as_json: Json = False,
) -> None:
    """Move the library to another embedding model: fill its vectors beside the old ones, then switch in one step.

    Searches go on meanwhile. When it is broken off, the same command goes on where it stopped.
    """
    settings = load_settings()
    if drop_old:
        dropped = asyncio.run(_drop(settings))
        _show(dropped, as_json, "Dropped: ", "There is nothing to drop.")
    elif model or embeddings == BUNDLED:
        target = settings.model_copy(
            update={
                "embeddings": embeddings or settings.embeddings,
                "model": "" if embeddings == BUNDLED else model,
                "dimensions": dimensions,
            }
        )
        _done(asyncio.run(_move(settings, target, rate)), as_json)
    else:
        _show(asyncio.run(_list(settings)), as_json, "", "There are no vectors yet.")


async def _move(settings: Settings, target: Settings, rate: float | None) -> "Reembedded":
    from rag.api.engine import database_address
    from rag.embeddings import open_embedder, self_check
    from rag.ingest import RichProgress
    from rag.ingest.reembedding import reembed as work
    from rag.store import Database, Reembedding

    embedder = await asyncio.to_thread(open_embedder, target)
    try:
        await asyncio.to_thread(self_check, embedder)
        endpoint = BUNDLED if target.embeddings == BUNDLED else target.embeddings_url
        async with database_address(settings) as dsn, Database.open(dsn, pool_size=2, answers=False) as database:
            moving = await Reembedding.begin(
                database,
                model=embedder.model,
                dimensions=embedder.dimensions,
                endpoint=endpoint,
                index_dimensions=settings.index_dimensions,
            )
            with RichProgress(errors) as progress:
                return await work(moving, embedder, progress, rate=rate)
    finally:
        await embedder.aclose()


async def _drop(settings: Settings) -> "list[SpaceInfo]":
    from rag.api.engine import database_address
    from rag.store import Database, Spaces

    async with database_address(settings) as dsn, Database.open(dsn, pool_size=1, answers=False) as database:
        return await Spaces(database).drop_old()


async def _list(settings: Settings) -> "list[SpaceInfo]":
    from rag.api.engine import database_address
    from rag.store import Database, Spaces

    async with database_address(settings) as dsn, Database.open(dsn, pool_size=1, answers=False) as database:
        return await Spaces(database).all()


def _done(result: "Reembedded", as_json: bool) -> None:
    if as_json:
        out.print(json.dumps({"texts": result.texts, "seconds": result.seconds, "followed": result.followed}))
        return
    out.print(f"Embedded {result.texts:,} texts in {result.seconds:,.0f} s and switched to them.")
    if not result.followed:
        out.print("A service still answers from the old vectors: restart it, then run the same command again.")
    out.print("Set PAPER_FINDER_EMBEDDINGS, _MODEL and _DIMENSIONS to the new model before the next start.")
    out.print("'paper-finder reembed --drop-old' drops the old vectors.")


def _show(spaces: "list[SpaceInfo]", as_json: bool, before: str, none: str) -> None:
    if as_json:
        listed = [{"model": one.model, "dimensions": one.dimensions, "active": one.active} for one in spaces]
        out.print(json.dumps(listed))
        return
    for one in spaces:
        out.print(f"{before}{one.model} with {one.dimensions} dimensions{' · in use' if one.active else ''}", markup=False)
    if not spaces:
        out.print(none)

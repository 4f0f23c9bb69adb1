"""``paper-finder keys`` and ``paper-finder collections``: who may read what of the library."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console

from rag.errors import InvalidRequestError, PaperFinderError
from rag.papers import PaperId
from rag.settings import Secrets, Settings, load_settings

if TYPE_CHECKING:
    from rag.api.engine import Engine
    from rag.store import Database

T = TypeVar("T")

keys = typer.Typer(no_args_is_help=True, help="Keys for scripts; each reads certain collections and nothing else.")
collections = typer.Typer(no_args_is_help=True, help="Collections of the library, and who may read them.")
out = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
ASK_SECONDS = 5.0


@keys.command("create")
def create_key(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    collection: Annotated[list[str], typer.Option(help="A collection that it reads; may be given more than once.")],
    as_json: Json = False,
) -> None:
    """Make a key and print it: it cannot be shown again."""
    key = _with_engine(lambda engine: engine.keys.create(name, collection))
    if as_json:
        out.print_json(data={"name": name, "key": key, "collections": collection})
        return
    errors.print("Keep it now, it cannot be shown again. Send it as 'Authorization: Bearer KEY'.", markup=False)
    out.print(key, markup=False, soft_wrap=True)


@keys.command("list")
def list_keys(as_json: Json = False) -> None:
    """Show every key: what it reads, when it was made, whether it was revoked."""
    found = _with_engine(lambda engine: engine.keys.list())
    if as_json:
        listed = [
            {
                "name": key.name,
                "collections": key.collections,
                "created_at": key.created_at.isoformat(),
                "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
            }
            for key in found
        ]
        out.print_json(data=listed)
        return
    for key in found:
        state = f"revoked {_day(key.revoked_at)}" if key.revoked_at else "in use"
        line = f"{key.name} · {state} · made {_day(key.created_at)} · reads {', '.join(key.collections) or 'nothing any more'}"
        out.print(line, markup=False, soft_wrap=True)
    if not found:
        out.print("There are no keys.")


@keys.command("revoke")
def revoke_key(name: Annotated[str, typer.Argument(help="Name of the key.")]) -> None:
    """End a key: the next request with it is refused."""
    _with_engine(lambda engine: engine.keys.revoke(name))
    out.print(f"{name} is revoked.", markup=False)


@collections.command("list")
def list_collections(as_json: Json = False) -> None:
    """Show the collections of the library and who may read them."""

    async def run(engine: "Engine") -> list[dict[str, Any]]:
        found = await engine.collections.list(await engine.collections.operator())
        return [{"name": one.name, "papers": one.papers, "groups": one.groups} for one in found]

    listed = _with_engine(run)
    if as_json:
        out.print(json.dumps(listed, ensure_ascii=False, indent=2), markup=False, soft_wrap=True)
        return
    for one in listed:
        readers = "everyone" if one["groups"] is None else f"members of {', '.join(one['groups'])}"
        out.print(f"{one['name']} · {one['papers']} papers · {readers}", markup=False, soft_wrap=True)
    if not listed:
        out.print("The library is empty.")


@collections.command("restrict")
def restrict(
    name: Annotated[str, typer.Argument(help="A collection of the library.")],
    group: Annotated[list[str], typer.Option(help="A group of Open WebUI, by name or id; may be given more than once.")],
) -> None:
    """Let only members of groups of Open WebUI read a collection."""
    settings = load_settings()
    note = asyncio.run(_check_groups(settings, group))
    elsewhere = _with_engine(lambda engine: engine.collections.restrict(name, group))
    out.print(f"{name} is read by members of {', '.join(group)} only.", markup=False)
    if elsewhere:
        note = f"{note} {elsewhere} of its papers are in other collections too and can be read there.".strip()
    if note:
        errors.print(f"Note: {note}", markup=False, soft_wrap=True)


@collections.command("open")
def open_collection(name: Annotated[str, typer.Argument(help="A collection of the library.")]) -> None:
    """Let everyone read a collection."""
    _with_engine(lambda engine: engine.collections.open(name))
    out.print(f"{name} is read by everyone.", markup=False)


@collections.command("remove")
def remove_collection(
    name: Annotated[str, typer.Argument(help="A collection of the library.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Remove a collection with its papers; those that are in other collections too stay there."""
    from rag.store import Collections, Database, Removal, Removed

    async def run(database: Database) -> Removed:
        known = Collections(database)
        everything = await known.operator()
        await known.check([name], everything)
        papers = next(one.papers for one in await known.list(everything) if one.name == name)
        if not yes:
            typer.confirm(f"Remove {name} with {papers:,} papers?", abort=True, err=True)
        return await Removal(database).collection(name)

    removed = _with_database(run)
    if as_json:
        out.print_json(data={"collection": name, "removed": removed.gone, "kept": removed.kept})
        return
    kept = f"; {removed.kept:,} are in other collections and stay there" if removed.kept else ""
    out.print(f"{name} is removed: {removed.gone:,} papers are gone{kept}.", markup=False, soft_wrap=True)


def remove(
    ids: Annotated[list[str], typer.Argument(help="Ids of papers, as a search with --json shows them.")], as_json: Json = False
) -> None:
    """Remove single papers from the library."""
    from rag.store import Removal

    count = _with_database(lambda database: Removal(database).papers([PaperId(one) for one in ids]))
    out.print_json(data={"removed": count}) if as_json else out.print(f"Removed: {count}.")


async def _check_groups(settings: Settings, groups: Sequence[str]) -> str:
    """Make sure that Open WebUI has these groups; a note when it could not be asked."""
    import httpx

    from rag.webui import API_KEY_NAME, WebUI

    key = Secrets(settings.secrets_file).get(API_KEY_NAME) or ""
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=ASK_SECONDS) as client:
            known = await WebUI(settings.webui_url, client, key).all_groups()
    except PaperFinderError:
        return "Open WebUI could not be asked whether it has groups of these names."
    if unknown := [group for group in groups if group not in known.values() and group not in known]:
        there = (
            f"There are: {', '.join(sorted(known.values()))}." if known else "There are none yet (Admin Panel → Users → Groups)."
        )
        raise InvalidRequestError(f"Open WebUI has no group named {unknown[0]!r}.", hint=there)
    return ""


def _with_engine(work: "Callable[[Engine], Coroutine[Any, Any, T]]") -> T:
    async def run() -> T:
        from rag.api.engine import Engine

        async with Engine.open(load_settings(), pool_size=1) as engine:
            return await work(engine)

    return asyncio.run(run())


def _with_database(work: "Callable[[Database], Coroutine[Any, Any, T]]") -> T:
    """As ``_with_engine`` for what needs no model."""

    async def run() -> T:
        from rag.api.engine import database_address
        from rag.store import Database

        async with database_address(load_settings()) as dsn, Database.open(dsn, pool_size=1) as database:
            return await work(database)

    return asyncio.run(run())


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""

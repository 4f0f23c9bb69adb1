"""``paper-finder webui``: what ``make up`` does for Open WebUI, for where something else starts it (docker compose)."""

import asyncio

import httpx
import typer
from rich.console import Console

from rag.settings import load_settings

webui = typer.Typer(no_args_is_help=True, help="Open WebUI, where something other than 'make up' starts it.")
out = Console(highlight=False)

CALL_SECONDS = 60.0


@webui.command()
def databases() -> None:
    """Make the databases that Open WebUI keeps its tables and vectors in, where they are missing."""
    from rag.stack import databases_of

    for name in databases_of(load_settings()):
        out.print(name, markup=False)


@webui.command("set-up")
def set_up() -> None:
    """Put right in Open WebUI what Paper Finder needs; it has to be running. The same again changes nothing."""
    from rag.webui import WebUI
    from rag.webui import set_up as put_right

    async def run() -> list[str]:
        settings = load_settings()
        async with httpx.AsyncClient(trust_env=False, timeout=CALL_SECONDS) as client:
            return await put_right(WebUI(settings.webui_url, client), settings)

    notes = asyncio.run(run())
    for note in notes:
        out.print(f"Note: {note}", markup=False, soft_wrap=True)
    if not notes:
        out.print("Open WebUI is set up.")

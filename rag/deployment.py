"""``paper-finder webui`` and ``vllm``: what ``make up`` does for Open WebUI, where something else starts it (docker compose), and
the embedding model alone."""

import asyncio
import os

import httpx
import typer
from rich.console import Console

from rag.settings import VLLM, load_settings

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
    """Put right in Open WebUI what Paper Finder needs; it has to be running. The same again changes nothing.

    After a change of the embedding model its knowledge bases are embedded anew.
    """
    from rag.stack import dimensions_of, embedded_by
    from rag.webui import WebUI, reindex_after_change
    from rag.webui import set_up as put_right

    async def run() -> list[str]:
        settings = load_settings()
        async with httpx.AsyncClient(trust_env=False, timeout=CALL_SECONDS) as client:
            webui = WebUI(settings.webui_url, client)
            notes = await put_right(webui, settings)
            if not notes:
                await reindex_after_change(webui, settings, embedded_by(settings, await dimensions_of(settings)))
            return notes

    notes = asyncio.run(run())
    for note in notes:
        out.print(f"Note: {note}", markup=False, soft_wrap=True)
    if not notes:
        out.print("Open WebUI is set up.")


def vllm() -> None:
    """Serve PAPER_FINDER_MODEL with vLLM alone, with the arguments of 'make up EMBEDDINGS=vllm', until Ctrl-C."""
    from rag.stack.vllm import vllm as program

    serving = program(load_settings(beside=False).model_copy(update={"embeddings": VLLM}), os.environ)
    serving.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chdir(serving.folder)
    os.execve(serving.argv[0], serving.argv, dict(serving.environment))

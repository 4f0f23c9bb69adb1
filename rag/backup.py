"""``paper-finder backup`` and ``paper-finder restore``: the whole library in one file, and out of it again."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.status import Status

from rag.errors import BackupError
from rag.settings import load_settings

if TYPE_CHECKING:  # imported when needed: every command would pay for it
    from rag.store import Manifest

out = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it: a ZIP file. One that is there is replaced.")],
    as_json: Json = False,
) -> None:
    """Write the whole library to one file: papers, vectors, collections, uploads and who may read them. No keys and passwords.

    Searches and imports go on meanwhile; the file is the library at one moment.
    """
    if not file.parent.is_dir():
        raise BackupError(f"There is no folder {file.parent}.")

    async def run() -> "Manifest":
        from rag.api.engine import database_address
        from rag.store import back_up

        with errors.status("Copying") as status:
            async with database_address(load_settings()) as dsn:
                return await back_up(dsn, file, lambda table: _show(status, table))

    _tell(asyncio.run(run()), as_json, f"Backed up to {file}")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that 'paper-finder backup' wrote.")], as_json: Json = False
) -> None:
    """Put a backup into an empty place: a new folder or a new database. Every table is checked against the backup."""
    settings = load_settings()

    async def run() -> "Manifest":
        from rag.api.engine import database_address
        from rag.stack.sample import count_as_loaded
        from rag.store import manifest_of
        from rag.store import restore as put_back

        manifest_of(file)
        with errors.status("Restoring") as status:
            async with database_address(settings) as dsn:
                manifest = await put_back(dsn, file, lambda table: _show(status, table))
        # The library is as it was: nobody gets the sample into it who had removed it.
        count_as_loaded(settings)
        return manifest

    manifest = asyncio.run(run())
    _tell(manifest, as_json, "Restored, every table as it was")
    if not as_json:
        models = ", ".join(f"{space['model']} ({space['dimensions']} dimensions)" for space in manifest.spaces)
        note = f"Start with the model that its vectors are of: {models}. Keys for scripts are not in a backup: make new ones."
        errors.print(f"Note: {note}", markup=False, soft_wrap=True)


def _show(status: Status, table: str) -> None:
    status.update(f"{table} …")


def _tell(manifest: "Manifest", as_json: bool, done: str) -> None:
    if as_json:
        tables = {name: {"rows": table.rows, "sha256": table.sha256} for name, table in manifest.tables.items()}
        out.print_json(data={"made_at": manifest.made_at, "papers": manifest.papers, "rows": manifest.rows, "tables": tables})
        return
    out.print(f"{done}: {manifest.papers:,} papers, {manifest.rows:,} rows.", markup=False, soft_wrap=True)

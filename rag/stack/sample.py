"""The sample library, loaded at the first start so that the first question finds something."""

import asyncio
import sys
import zlib
from contextlib import suppress
from pathlib import Path

from rag.papers import SAMPLE
from rag.settings import Settings
from rag.stack.environment import service_environment

FILE = Path(__file__).with_name("sample_library.jsonl")
STOP_SECONDS = 10


def is_loaded(settings: Settings) -> bool:
    """Whether this database got it already; who deletes the sample does not get it back."""
    return _marker(settings).exists()


async def load(settings: Settings, database_url: str) -> bool:
    """Import it as ``paper-finder ingest`` does; whether that went well (the log says why not)."""
    log = settings.home / "logs" / "sample-library.log"
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "rag.cli", "ingest", str(FILE), "--collection", SAMPLE),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=service_environment(settings, database_url),
            start_new_session=True,
        )
    try:
        loaded = await process.wait() == 0
    finally:
        if process.returncode is None:
            process.terminate()
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), STOP_SECONDS)
        if process.returncode is None:
            process.kill()
            await process.wait()
    if loaded:
        count_as_loaded(settings)
    return loaded


def count_as_loaded(settings: Settings) -> None:
    """From now on this database gets no sample any more."""
    _marker(settings).touch()


def _marker(settings: Settings) -> Path:
    """Beside the data it speaks of: a new data folder gets the sample again."""
    if settings.database_url is None:
        return settings.home / "postgres" / "paper_finder_sample"
    url = settings.database_url.get_secret_value()
    return settings.home / f"sample-{zlib.crc32(url.encode()):08x}"

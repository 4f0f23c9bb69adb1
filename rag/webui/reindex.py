"""Open WebUI's own vectors of its knowledge bases, after the embedding model has changed."""

from pathlib import Path

from rag.settings import Settings
from rag.webui.client import WebUI
from rag.webui.set_up import as_admin


def record_of(settings: Settings) -> Path:
    """Where it is written down which model Open WebUI's vectors were made with."""
    return settings.home / "open-webui" / "embedded-by"


async def reindex_after_change(webui: WebUI, settings: Settings, embedded_by: str) -> bool:
    """Have all knowledge bases embedded anew where another model than ``embedded_by`` made their vectors; whether that was so.

    It is written down afterwards, so that one that was broken off is done again. Files outside of knowledge bases, attached to
    a chat, keep their old vectors: Open WebUI has no way to renew these.

    Raises:
        WebUIUnavailableError: Open WebUI does not answer, or not any more.
        WebUIRefusedError: it does not let us in as its administrator.
    """
    record = record_of(settings)
    before = record.read_text(encoding="utf-8") if record.exists() else ""
    if before == embedded_by:
        return False
    if before:
        await (await as_admin(webui, settings)).reindex()
    record.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    record.write_text(embedded_by, encoding="utf-8")
    return bool(before)

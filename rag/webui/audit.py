"""Open WebUI's settings as they are, against what Paper Finder needs; nothing is changed."""

from dataclasses import dataclass

from rag.settings import Settings, service_key
from rag.webui.client import WebUI
from rag.webui.connections import our_connection
from rag.webui.embedding import our_embedding
from rag.webui.loader import our_loader
from rag.webui.model import MODEL_ID, put_right

TESTED_VERSION = "0.12.4"
SET_UP = "paper-finder webui set-up"


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting that is another."""

    what: str
    mend: str


async def differences(admin: WebUI, settings: Settings) -> list[Difference]:
    """What is not as it should be, asked as an administrator.

    Raises:
        WebUIUnavailableError: Open WebUI does not answer.
        WebUIRefusedError: the credential is not an administrator's.
    """
    url, key = settings.service_url, service_key(settings)
    found = [
        await _connection(admin, url, key),
        await _embedding(admin, url, key),
        await _loader(admin, url, key),
        await _model(admin),
    ]
    return [difference for difference in found if difference is not None]


async def _connection(admin: WebUI, url: str, key: str) -> Difference | None:
    present = await admin.connections()
    ours = our_connection(url, key)
    if not present.enabled:
        return Difference("OpenAI connections are switched off.", "Admin Panel → Settings → Connections: switch them on.")
    if present.with_ours(ours) != present:
        return Difference(f"The connection to {ours.url} is missing, or has another key or headers.", SET_UP)
    (entry,) = (entry for entry in present.entries if entry.url.rstrip("/") == ours.url)
    if not entry.config.get("enable", True):
        return Difference(f"The connection to {ours.url} is switched off.", "Admin Panel → Settings → Connections: switch it on.")
    return None


async def _embedding(admin: WebUI, url: str, key: str) -> Difference | None:
    present, ours = await admin.embedding(), our_embedding(url, key)
    if present.with_ours(ours) != present:
        return Difference("Uploads are not embedded by Paper Finder's service: address, key or model differ.", SET_UP)
    if (present.engine, present.url) != (ours.engine, ours.url):
        mend = "Meant? If not: Admin Panel → Settings → Documents, embedding engine OpenAI, " + ours.url
        return Difference(f"Uploads are embedded by another engine ({present.engine}, {present.model}).", mend)
    if present.batch_size < ours.batch_size and present.concurrent_requests == 0:
        mend = f"Admin Panel → Settings → Documents: batch size {ours.batch_size}, {ours.concurrent_requests} requests at once."
        return Difference(f"Uploads are embedded {present.batch_size} chunks at a time, all at once without a limit.", mend)
    return None


async def _loader(admin: WebUI, url: str, key: str) -> Difference | None:
    present, ours = await admin.loader(), our_loader(url, key)
    if present.with_ours(ours) != present:
        return Difference("Uploads are not read by Paper Finder's service: address, key or headers differ.", SET_UP)
    if present.key != ours.key:
        mend = f"Admin Panel → Settings → Documents, content extraction engine: external, {ours.url}"
        return Difference("Uploads are read by another engine, so Paper Finder does not find them.", mend)
    return None


async def _model(admin: WebUI) -> Difference | None:
    present = await admin.model(MODEL_ID)
    if present is None:
        return Difference("The model Paper Finder is missing: nobody but administrators sees it.", SET_UP)
    if put_right(present) != present:
        return Difference("The model Paper Finder has Open WebUI's own retrieval or tools switched on.", SET_UP)
    if not present["is_active"]:
        return Difference("The model Paper Finder is switched off.", "Admin Panel → Settings → Models: switch it on.")
    return None

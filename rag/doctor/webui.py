"""The service and Open WebUI as they really are, through their own endpoints."""

from collections.abc import AsyncIterator

import httpx

from rag.doctor.finding import Finding, failed, ok, warning
from rag.errors import NotFoundError, PaperFinderError, WebUIRefusedError
from rag.settings import Settings
from rag.webui import TESTED_VERSION, WebUI, as_admin, differences

SECONDS = 20.0


async def look_at_service(settings: Settings) -> AsyncIterator[Finding]:
    """Whether it can serve."""
    part, url = "Service", f"{settings.service_url}/ready"
    async with httpx.AsyncClient(trust_env=False, timeout=SECONDS) as client:
        try:
            answer = await client.get(url)
        except httpx.HTTPError as error:
            yield failed(
                part, f"Nothing answers at {url} ({type(error).__name__}).", "Start it: 'make up', or 'paper-finder serve'."
            )
            return
    if answer.is_success:
        yield ok(part, f"Ready at {settings.service_url}.")
    else:
        yield failed(part, f"It is not ready: {_reason(answer)}", "Mend what it names; it tries again by itself.")


def _reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"it answers {answer.status_code}."


async def look_at_webui(settings: Settings) -> AsyncIterator[Finding]:
    """Its version, and each setting of its that Paper Finder needs."""
    part = "Open WebUI"
    async with httpx.AsyncClient(trust_env=False, timeout=SECONDS) as client:
        anybody = WebUI(settings.webui_url, client)
        try:
            version = await anybody.version()
            admin = await as_admin(anybody, settings)
            found = await differences(admin, settings)
        except WebUIRefusedError as error:
            mend = f"Write the password of {settings.admin_email} into {settings.secrets_file} as PAPER_FINDER_ADMIN_PASSWORD."
            yield failed(part, f"Its settings cannot be seen: {error.message}", mend)
            return
        except NotFoundError as error:
            yield failed(
                part, f"What answers at {settings.webui_url} is no Open WebUI: {error.message}", "Set PAPER_FINDER_WEBUI_PORT."
            )
            return
        except PaperFinderError as error:
            yield failed(part, error.message, "Start it: 'make up'.")
            return
    if version == TESTED_VERSION:
        yield ok(part, f"Version {version} at {settings.webui_url}.")
    else:
        yield warning(part, f"It is version {version}.", f"Paper Finder is tested with {TESTED_VERSION}.")
    for difference in found:
        yield failed(part, difference.what, difference.mend)
    if not found:
        yield ok(part, "Connection, model, embedding and reading of uploads are as Paper Finder needs them.")

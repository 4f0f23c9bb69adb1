"""Open WebUI made ready at each start: our own entries put right, everything else left as the operator has it."""

from contextlib import suppress

from rag.errors import WebUIRefusedError
from rag.settings import Secrets, Settings, admin_password, service_key
from rag.webui.client import WebUI
from rag.webui.connections import our_connection
from rag.webui.embedding import our_embedding
from rag.webui.loader import our_loader
from rag.webui.model import MODEL_ID, model_record, put_right

API_KEY_NAME = "PAPER_FINDER_WEBUI_API_KEY"


async def set_up(webui: WebUI, settings: Settings) -> list[str]:
    """Put our connection, settings and model record right; sentences for the operator where that was not possible.

    Defaults of the first start (permissions, suggestions, default model) come from the environment, read only then.

    Raises:
        WebUIUnavailableError: Open WebUI does not answer.
    """
    try:
        admin = await as_admin(webui, settings, make_key=True)
        key = service_key(settings)
        await _put_embedding_right(admin, settings.service_url, key)
        notes = [
            await _put_connection_right(admin, settings.service_url, key),
            await _put_loader_right(admin, settings.service_url, key),
            await _put_model_right(admin),
        ]
    except WebUIRefusedError as error:
        return [f"Open WebUI's set-up was not checked: {error}"]
    return [note for note in notes if note]


async def as_admin(webui: WebUI, settings: Settings, *, make_key: bool = False) -> WebUI:
    """Open WebUI as its administrator: by the key kept since the first start, which outlives a change of the password; else by
    the password. With ``make_key`` a key is made and kept when there is none.

    Raises:
        WebUIUnavailableError: Open WebUI does not answer.
        WebUIRefusedError: it accepts neither.
    """
    secrets = Secrets(settings.secrets_file)
    kept = secrets.get(API_KEY_NAME)
    if kept is not None and await _is_admins(webui.with_token(kept)):
        return webui.with_token(kept)
    try:
        signed_in = webui.with_token(await webui.sign_in(settings.admin_email, admin_password(settings)))
    except WebUIRefusedError as error:
        hint = f"If the password of {settings.admin_email} was changed, write the new one into {settings.secrets_file} as "
        raise WebUIRefusedError(error.message, hint=f"{hint}PAPER_FINDER_ADMIN_PASSWORD and start again.") from error
    if make_key:
        with suppress(WebUIRefusedError):  # the operator may have switched keys off
            secrets.keep(API_KEY_NAME, await signed_in.api_key())
    return signed_in


async def _is_admins(webui: WebUI) -> bool:
    try:
        await webui.connections()  # an admin's sight; Open WebUI tells only sessions, not keys, whose they are
    except WebUIRefusedError:
        return False
    return True


async def _put_connection_right(admin: WebUI, service_url: str, key: str) -> str:
    present = await admin.connections()
    wanted = present.with_ours(our_connection(service_url, key))
    if wanted != present:
        await admin.set_connections(wanted)
    return (
        ""
        if present.enabled
        else "OpenAI connections are switched off in Open WebUI, and with them Paper Finder (Admin → Settings → Connections)."
    )


async def _put_embedding_right(admin: WebUI, service_url: str, key: str) -> None:
    present = await admin.embedding()
    wanted = present.with_ours(our_embedding(service_url, key))
    if wanted != present:
        await admin.set_embedding(wanted)


async def _put_loader_right(admin: WebUI, service_url: str, key: str) -> str:
    ours = our_loader(service_url, key)
    present = await admin.loader()
    wanted = present.with_ours(ours)
    if wanted != present:
        await admin.set_loader(wanted)
    return (
        ""
        if wanted.key == ours.key
        else "Open WebUI reads uploads with another engine, so Paper Finder does not find them (Admin → Settings → Documents)."
    )


async def _put_model_right(admin: WebUI) -> str:
    present = await admin.model(MODEL_ID)
    if present is None:
        await admin.create_model(model_record())
        return ""
    wanted = put_right(present)
    if wanted != present:
        await admin.update_model(wanted)
    return "" if present["is_active"] else "The model Paper Finder is switched off in Open WebUI (Admin → Settings → Models)."

"""The last words of the start: where to go, and with which account."""

from rag.settings import Settings, admin_password
from rag.stack.environment import LOOPBACK

READY = "Paper Finder is ready."


def welcome(settings: Settings, *, first: bool, on_terminal: bool) -> str:
    """Address and sign-in. The password is shown once and only on a terminal: what goes elsewhere may be a log file."""
    lines = [
        "",
        READY,
        f"  Open      {settings.public_url or settings.webui_url}",
        f"  Sign in   {settings.admin_email}",
        f"  Password  {_password(settings, shown=first and on_terminal)}",
        f"  API       {settings.service_url}/v1   key: PAPER_FINDER_API_KEY {_kept(settings, settings.api_key is not None)}",
        f"  Logs      {settings.home / 'logs'}",
        "  Stop      Ctrl-C",
    ]
    if settings.host not in LOOPBACK and not settings.public_url:
        lines.insert(3, f"            from other machines: this machine's address, port {settings.webui_port}")
    return "\n".join([*lines, ""])


def _password(settings: Settings, *, shown: bool) -> str:
    given = settings.admin_password is not None
    if shown and not given:
        return f"{admin_password(settings)}   (shown this once; kept as PAPER_FINDER_ADMIN_PASSWORD {_kept(settings, given)})"
    return f"PAPER_FINDER_ADMIN_PASSWORD {_kept(settings, given)}"


def _kept(settings: Settings, given: bool) -> str:
    return "as you set it" if given else f"in {settings.secrets_file}"

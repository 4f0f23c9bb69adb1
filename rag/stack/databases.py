"""The databases of one installation: ours, Open WebUI's tables, and its vectors of uploads."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg

from rag.settings import Settings
from rag.stack.environment import WebUIDatabases
from rag.store import CONNECT_SECONDS
from rag.store.embedded import EmbeddedPostgres, ensure_database

WEBUI_TABLES = "open_webui"


class Postgres:
    """The server, embedded or the operator's own."""

    def __init__(self, url: str, server: EmbeddedPostgres | None) -> None:
        self.url = url
        self._server = server

    @property
    def log(self) -> str:
        """Where it writes what happens to it."""
        return str(self._server.log) if self._server else "kept by its owner"

    def check(self) -> bool:
        """Whether the embedded server had died; it runs again afterwards.

        Raises:
            StackError: it cannot be started again.
        """
        if self._server is None or self._server.answers():
            return False
        self._server.ensure_running()
        return True

    def has_accounts(self) -> bool:
        """Whether an Open WebUI of an earlier start made its tables here."""
        try:
            with psycopg.connect(_with_database(self.url, WEBUI_TABLES), connect_timeout=CONNECT_SECONDS) as connection:
                made = connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1")
                return made.fetchone() is not None
        except psycopg.Error:
            return False  # no such database, or nothing in it yet; what else is wrong is told when it is made

    def make_databases(self, dimensions: int) -> WebUIDatabases:
        """Open WebUI's two databases. Its table of vectors has one fixed size, so each size has a database of its own.

        Raises:
            StackError: they are missing and cannot be made.
        """
        names = webui_databases(dimensions)
        for name in names:
            ensure_database(self.url, name)
        return WebUIDatabases(*(_with_database(self.url, name) for name in names))


def webui_databases(dimensions: int) -> tuple[str, str]:
    """Names of Open WebUI's two databases: of its tables, and of vectors of so many dimensions."""
    return WEBUI_TABLES, f"{WEBUI_TABLES}_vectors_{dimensions}"


@contextmanager
def postgres(settings: Settings) -> Iterator[Postgres]:
    """The server, running for as long as this is open.

    Raises:
        StackError: the embedded one cannot be started.
    """
    if settings.database_url is not None:
        yield Postgres(settings.database_url.get_secret_value(), None)
        return
    server = EmbeddedPostgres(settings.home)
    with server.used():
        yield Postgres(server.dsn(), server)


def _with_database(url: str, name: str) -> str:
    """SQLAlchemy, in Open WebUI, knows the scheme by its long name only."""
    return urlunsplit(urlsplit(url)._replace(scheme="postgresql", path=f"/{name}"))

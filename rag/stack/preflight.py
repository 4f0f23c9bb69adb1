"""What has to be so before anything is started; each thing that is not is one plain sentence."""

import errno
import fcntl
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import combinations
from pathlib import Path

import psutil

from rag.errors import StackError
from rag.settings import VLLM, Settings

SPACE_NEEDED = 2**30
SUGGESTED_STEP = 1000


@contextmanager
def only_launcher(settings: Settings) -> Iterator[None]:
    """Hold the state folder for this launcher.

    Raises:
        StackError: the folder cannot be written to, or another launcher holds it.
    """
    path = settings.home / "up.lock"
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StackError(
            f"The state folder {settings.home} cannot be written to: {error.strerror}.",
            hint="Set PAPER_FINDER_HOME to a folder of your own, or change its owner.",
        ) from error
    try:
        _hold(descriptor, settings)
        yield
    finally:
        os.close(descriptor)


def _hold(descriptor: int, settings: Settings) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.read(descriptor, 200).decode(errors="replace").strip()
        raise StackError(
            f"Paper Finder is already running from {settings.home} ({holder}).",
            hint="Use it, or stop it there with Ctrl-C; a second copy needs a PAPER_FINDER_HOME of its own.",
        ) from error
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"process {os.getpid()}, {settings.webui_url}".encode())


def check(settings: Settings) -> None:
    """Disk space and ports.

    Raises:
        StackError: what is missing, and what to do.
    """
    check_space(settings.home)
    listeners = [
        (settings.host, settings.port, "PORT", "the Paper Finder service"),
        (settings.host, settings.webui_port, "WEBUI_PORT", "Open WebUI"),
    ]
    if settings.embeddings == VLLM:
        listeners.append(("127.0.0.1", settings.vllm_port, "VLLM_PORT", "vLLM"))
    for (_, port, variable, _), (_, other, second, _) in combinations(listeners, 2):
        if port == other:
            raise StackError(
                f"PAPER_FINDER_{variable} and PAPER_FINDER_{second} are both {port}.", hint="They have to be different."
            )
    for listener in listeners:
        check_port(*listener)


def check_space(home: Path) -> None:
    """Room for the database and the logs.

    Raises:
        StackError: less than a gigabyte is free.
    """
    free = shutil.disk_usage(home).free
    if free < SPACE_NEEDED:
        raise StackError(
            f"Only {free // 2**20} MB are free under {home}; Paper Finder needs at least {SPACE_NEEDED // 2**20}.",
            hint="Make room, or set PAPER_FINDER_HOME to a folder on another disk.",
        )


def check_port(host: str, port: int, variable: str, whose: str) -> None:
    """Whether ``whose`` can listen there; ``variable`` is what changes the port, without its prefix.

    Raises:
        StackError: it cannot.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = port + SUGGESTED_STEP if port + SUGGESTED_STEP <= 65535 else port - SUGGESTED_STEP
            raise StackError(
                f"Port {port}, on which {whose} listens, is in use{_user_of(port)}.",
                hint=f"Stop that program, or choose another port: make up {variable}={other}",
            ) from error
        if error.errno == errno.EACCES:
            raise StackError(
                f"{whose[0].upper()}{whose[1:]} may not listen on port {port}.",
                hint=f"Choose one above 1023: make up {variable}={8000 + port % 1000}",
            ) from error
        raise StackError(
            f"{whose[0].upper()}{whose[1:]} cannot listen on {host}:{port}: {error.strerror}.",
            hint="PAPER_FINDER_HOST has to be an address of this machine (0.0.0.0 for all of them).",
        ) from error


def _user_of(port: int) -> str:
    with suppress(psutil.Error, PermissionError):
        for connection in psutil.net_connections(kind="tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr[1:2] == (port,) and connection.pid:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    return ""

"""A warden whose children do what the document tells them to: ``python -m …nasty_warden FD``."""

import ctypes
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from rag.ingest.documents import child, warden
from rag.ingest.documents.model import Document, Metadata
from rag.ingest.documents.reading import Request

MEMORY = 64 * 1024 * 1024


def read(request: Request) -> Document:
    """The document's bytes are '%PDF-' (so that nothing more is loaded), an action and what it is about."""
    action, _, about = request.data.decode().removeprefix("%PDF-").partition(" ")
    result = globals()[f"do_{action}"](request, about)
    return Document(Metadata(), (str(result),), (), "text", (), 1, 1)


def do_say(_: Request, about: str) -> str:
    """Its own text."""
    return about


def do_loop(_: Request, __: str) -> None:
    """Without end, using the processor."""
    while True:
        pass


def do_sleep(_: Request, __: str) -> None:
    """Without end, using nothing."""
    while True:
        time.sleep(3600)


def do_pages(request: Request, about: str) -> None:
    """Page after page without end."""
    for page in range(sys.maxsize):
        request.done(page)
        time.sleep(float(about))


def do_wait(_: Request, about: str) -> None:
    """Until a file is there; 'began' says in another that it began."""
    Path(f"{about}.d", str(os.getpid())).mkdir()
    while not Path(about).exists():
        time.sleep(0.01)


def do_allocate(_: Request, about: str) -> int:
    """So many megabytes, touched."""
    return len(bytearray(b"x") * (int(about) * 1024 * 1024))


def do_crash(_: Request, __: str) -> None:
    """As a bug in a library does."""
    os.kill(os.getpid(), signal.SIGSEGV)


def do_recurse(_: Request, __: str) -> None:
    """More deeply than Python goes."""
    do_recurse(_, __)


def do_raise(_: Request, about: str) -> None:
    """What a library raises on a broken file."""
    raise ZeroDivisionError(about)


def do_exit(_: Request, __: str) -> None:
    """Without a word."""
    os._exit(0)


def do_lie(_: Request, __: str) -> None:
    """What no reading process says, and then nothing."""
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b'nonsense\n[1]\n{"document": {"pages": 7}}\n')
        except OSError:
            continue
    time.sleep(3600)


def do_connect(_: Request, __: str) -> str:
    """By Python."""
    try:
        socket.create_connection(("127.0.0.1", 9), timeout=1)
    except PermissionError as error:
        return str(error)
    except OSError:
        return "reached the network"
    return "reached the network"


def do_native_socket(_: Request, __: str) -> int:
    """By the system call, as a library in C would."""
    return int(ctypes.CDLL(None).socket(socket.AF_INET, socket.SOCK_STREAM, 0))


def do_program_socket(_: Request, __: str) -> str:
    """By a program that it starts."""
    code = "import socket; socket.socket()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return done.stderr.strip().splitlines()[-1] if done.returncode else "reached the network"


def do_write(_: Request, about: str) -> str:
    """To a file."""
    try:
        Path(about).write_text("something", encoding="utf-8")
    except OSError as error:
        return type(error).__name__
    return "written"


def do_limits(_: Request, __: str) -> tuple[int, int]:
    """Of a core dump, and of open files."""
    return resource.getrlimit(resource.RLIMIT_CORE)[0], resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def do_environment(_: Request, __: str) -> str:
    """The names of its environment variables."""
    return " ".join(sorted(os.environ))


def do_linger(_: Request, __: str) -> int:
    """Start a program and leave it behind."""
    return subprocess.Popen(["sleep", "600"]).pid


if __name__ == "__main__":
    child.reader = read
    warden.main(MEMORY)

"""The process that reading processes are forked from, once everything they need is loaded; it kills and buries them.

``python -m rag.ingest.documents.warden FD``: FD is one end of a pair of sockets, over which each document comes as one byte
together with the descriptor of a connection of its own. What has been read of one document is never seen by the process that
reads the next: each ends with its document. When the service is gone, however that came about, so are all of them.
"""

import contextlib
import os
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass
from importlib import import_module

import psutil

from rag.ingest.documents import wire
from rag.ingest.documents.limits import Limits

IDLE = 900.0
"""Seconds without a document after which the warden ends; the next document starts another."""
_LOOK = 0.1
"""Seconds between two looks at the memory."""
_HEADROOM = 256 * 1024 * 1024
"""What a reading process may hold resident beyond its limit, which counts from its start."""


@dataclass(slots=True)
class _Child:
    pid: int
    connection: socket.socket
    verdict: str = ""
    """Why it was killed; '' when it was not."""


class Warden:
    """One thread, and no state but the children that run."""

    def __init__(self, control: socket.socket, memory_bytes: int) -> None:
        self._control = control
        self._memory = memory_bytes + _HEADROOM
        self._children: dict[int, _Child] = {}
        self._wakeup, writing = os.pipe()
        os.set_blocking(self._wakeup, False)
        os.set_blocking(writing, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)

    def run(self) -> None:
        """Until the service closes its end, or nothing was asked for long."""
        active = time.monotonic()
        while True:
            events = self._wait()
            if self._children or events:
                active = time.monotonic()
            self._bury()
            for child in self._children.values():
                if child.connection.fileno() in events:
                    self._kill(child, "given up")
            self._watch_memory()
            if (self._control.fileno() in events and not self._take()) or time.monotonic() - active > IDLE:
                break
        for child in self._children.values():
            self._kill(child, "given up")

    def _wait(self) -> set[int]:
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(self._wakeup, select.POLLIN)
        for child in self._children.values():
            # Nothing but the hanging up: what is said on the connection is for the child.
            poll.register(child.connection, 0)
        events = {descriptor for descriptor, _ in poll.poll((_LOOK if self._children else 60.0) * 1000)}
        with contextlib.suppress(BlockingIOError):
            os.read(self._wakeup, 4_096)
        return events

    def _take(self) -> bool:
        """Fork for the document that has come; False when the service is gone."""
        try:
            needs, descriptors, _, _ = socket.recv_fds(self._control, 1, 1)
        except OSError:
            return False
        if not needs:
            return False
        connection = socket.socket(fileno=descriptors[0])
        os.set_inheritable(connection.fileno(), False)
        load(needs)
        pid = os.fork()
        if pid == 0:
            self._become_child(connection)
        self._children[pid] = _Child(pid, connection)
        return True

    def _become_child(self, connection: socket.socket) -> None:
        """Never returns."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            self._control.close()
            for other in self._children.values():
                other.connection.close()
            import_module("rag.ingest.documents.child").serve(connection)
            status = 0
        finally:
            # Not sys.exit: nothing of the warden's is to be tidied up in here.
            os._exit(status)

    def _kill(self, child: _Child, verdict: str) -> None:
        if not child.verdict:
            child.verdict = verdict
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError):
                # It may not have made its group yet.
                os.kill(child.pid, signal.SIGKILL)

    def _bury(self) -> None:
        """Tell the service how children ended, and end what they have left behind."""
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None:
                return
            # While it is not waited for, nobody else can get its number.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(ended.si_pid, signal.SIGKILL)
            _, status = os.waitpid(ended.si_pid, 0)
            child = self._children.pop(ended.si_pid, None)
            if child is not None:
                self._report(child, os.waitstatus_to_exitcode(status))

    def _report(self, child: _Child, code: int) -> None:
        with contextlib.suppress(OSError):
            child.connection.setblocking(False)
            # It may have died in the middle of a line.
            child.connection.send(b"\n" + wire.line({"exit": code, "verdict": child.verdict}))
        child.connection.close()

    def _watch_memory(self) -> None:
        """For systems that do not limit address space, and for what a child starts."""
        for child in self._children.values():
            with contextlib.suppress(psutil.Error):
                process = psutil.Process(child.pid)
                family = [process, *process.children(recursive=True)]
                if sum(member.memory_info().rss for member in family) > self._memory:
                    self._kill(child, "memory")


def load(needs: bytes) -> None:
    """Import what children will need, so that each finds it there."""
    import_module("rag.ingest.documents.child")
    import_module("rag.ingest.documents.pdf")
    if needs == wire.OFFICE:
        import_module("rag.ingest.documents.partition")


def main(memory_bytes: int = Limits().memory_bytes) -> None:
    """Serve the socket named on the command line; no child may hold much more than ``memory_bytes``."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the service, which closes the socket then
    control = socket.socket(fileno=int(sys.argv[1]))
    os.set_inheritable(control.fileno(), False)
    load(wire.PLAIN)
    Warden(control, memory_bytes).run()


if __name__ == "__main__":
    main()

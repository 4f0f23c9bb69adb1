"""Documents are read in processes of their own, each with hard limits: what happens there costs that one document."""

import asyncio
import atexit
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import Any

from rag.errors import (
    BusyError,
    DamagedFileError,
    DocumentError,
    NotReadyError,
    PaperFinderError,
    ParsingTimeoutError,
    TooLargeError,
)
from rag.ingest.documents import wire
from rag.ingest.documents.formats import is_pdf
from rag.ingest.documents.limits import GRACE, LEAST, Budget, Limits
from rag.ingest.documents.model import Document

_SOMEBODY_WAITS = 2
_NOBODY_WAITS = 1
"""How many documents are read at once with a budget, and how many without: long ones never keep short ones waiting."""
_PASSED_ON = ("PATH", "PYTHONPATH", "TMPDIR", "TESSDATA_PREFIX", "SYSTEMROOT")
_ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "DO_NOT_TRACK": "1",
    "SCARF_NO_ANALYTICS": "1",
    "UNSTRUCTURED_DISABLE_NOTICE": "1",
    # One document, one core: threads would also make forking unsafe.
    "OMP_NUM_THREADS": "1",
    "OMP_THREAD_LIMIT": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
_WARDEN = "rag.ingest.documents.warden"


class Sandbox:
    """A warden, started with the first document and again whenever it is gone, and the conversations with its children."""

    def __init__(self, warden: str = _WARDEN) -> None:
        """``warden`` is the module that is run as the warden."""
        self._module = warden
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._hurried = ThreadPoolExecutor(_SOMEBODY_WAITS, "reading")
        self._patient = ThreadPoolExecutor(_NOBODY_WAITS, "reading-long")

    async def read(self, data: bytes, filename: str, content_type: str, limits: Limits, budget: Budget | None) -> Document:
        """See ``rag.ingest.documents.read_document``. Cancelling it ends the reading process."""
        reading = _Reading(data, filename, content_type, limits, budget)
        queued = self._submit(reading, budget)
        result = asyncio.wrap_future(queued)
        try:
            await asyncio.wait([result], timeout=None if budget is None else max(budget.seconds, LEAST))
            if not result.done() and queued.cancel():
                raise BusyError
            return await result
        except asyncio.CancelledError:
            result.cancel()
            reading.cancel()
            raise

    def read_now(self, data: bytes, filename: str, content_type: str, limits: Limits, budget: Budget | None) -> Document:
        """The same for callers without an event loop; waits in the same queue."""
        return self._submit(_Reading(data, filename, content_type, limits, budget), budget).result()

    def warm_up(self) -> None:
        """Start the warden, so that the first document does not wait for it."""
        with self._lock:
            self._start()

    def close(self) -> None:
        """End the warden and all that runs under it."""
        self._hurried.shutdown(wait=False, cancel_futures=True)
        self._patient.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._stop()

    def _submit(self, reading: "_Reading", budget: Budget | None) -> "Future[Document]":
        return (self._patient if budget is None else self._hurried).submit(self._run, reading)

    def _run(self, reading: "_Reading") -> Document:
        for last in (False, True):
            try:
                return reading.follow(self._connection(reading.needs))
            except _NobodyThereError:
                if reading.cancelled:
                    break
                # The warden ended between two documents, or was killed: a new one is tried once.
                with self._lock:
                    self._stop()
                if last:
                    break
        raise NotReadyError("The process that reads documents does not start.", hint="The service's log says why.")

    def _connection(self, needs: bytes) -> socket.socket:
        """A connection to a new reading process."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            control = self._start()
            try:
                socket.send_fds(control, [needs], [theirs.fileno()])
            except OSError as error:
                ours.close()
                raise _NobodyThereError from error
        return ours

    def _start(self) -> socket.socket:
        if self._control is not None and self._process is not None and self._process.poll() is None:
            return self._control
        self._stop()
        self._control, theirs = socket.socketpair()
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ} | _ENVIRONMENT
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._module, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env=environment,
                start_new_session=True,
            )
        return self._control

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                self._process.wait(GRACE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None


class _NobodyThereError(Exception):
    """The warden was gone before a reading process answered."""


class _Reading:
    """The reading of one document, seen from the service."""

    def __init__(self, data: bytes, filename: str, content_type: str, limits: Limits, budget: Budget | None) -> None:
        if len(data) > limits.input_bytes:
            raise TooLargeError(f"{filename} is larger than {limits.input_bytes // 2**20:,} MB.")
        self.needs = wire.PLAIN if is_pdf(data) else wire.OFFICE
        self._data, self._name, self._type, self._limits, self._budget = data, filename, content_type, limits, budget
        self._asked, self._waited = time.monotonic(), 0.0
        self._connection: socket.socket | None = None
        self.cancelled = False

    def cancel(self) -> None:
        """Hang up; the warden ends the process then."""
        self.cancelled = True
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)

    def follow(self, connection: socket.socket) -> Document:
        """Hand the document over and wait for what becomes of it.

        Raises:
            DocumentError: it cannot be read.
            BusyError: others took so long that too little of its budget is left.
        """
        self._connection = connection
        with connection:
            if self.cancelled:
                raise DocumentError("The reading was cancelled.")
            started = time.monotonic()
            budget = self._left(started)
            header = wire.request(len(self._data), self._name, self._type, self._limits, budget)
            wall = self._limits.wall if budget is None else budget.seconds + GRACE
            lines = _Lines(connection)
            # When the process is gone already, how it ended may still be told.
            with contextlib.suppress(OSError):
                connection.settimeout(self._limits.stall)
                connection.sendall(header)
                connection.sendall(self._data)
            while True:
                left = started + wall - time.monotonic()
                line = lines.next(min(left, self._limits.stall))
                if line is None:
                    raise self._gave_up()
                message = wire.message(line)
                if (document := self._result(message)) is not None:
                    return document

    def _left(self, now: float) -> Budget | None:
        """The budget but for the time that it has waited."""
        if self._budget is None:
            return None
        self._waited = now - self._asked
        left = max(0.0, self._budget.seconds - self._waited)
        if self._waited > LEAST > left:
            raise BusyError
        return replace(self._budget, seconds=left)

    def _gave_up(self) -> PaperFinderError:
        """It took too long, unless others did."""
        if self._waited > LEAST:
            return BusyError()
        return ParsingTimeoutError(f"Reading {self._name} took too long and was given up.")

    def _result(self, message: dict[str, Any]) -> Document | None:
        """The document when the message brings it; an error, as an exception; None for a page that is done."""
        try:
            if "document" in message:
                return wire.document_of(message["document"])
            error = wire.error_of(message["error"]) if "error" in message else None
            if "exit" in message:
                error = self._ended(int(message["exit"]), str(message["verdict"]))
        except (KeyError, TypeError, ValueError, AttributeError) as wrong:
            raise DamagedFileError(f"{self._name} made the reading process say what makes no sense.") from wrong
        if error is not None:
            raise error
        return None

    def _ended(self, code: int, verdict: str) -> DocumentError:
        if verdict == "memory":
            return wire.memory_error(self._name, self._limits)
        if code == -signal.SIGXCPU:
            return ParsingTimeoutError(f"Reading {self._name} took too much processor time and was given up.")
        if code == -signal.SIGKILL:
            return TooLargeError(f"The system ended the reading of {self._name}: most likely there is too little memory.")
        return DamagedFileError(f"{self._name} made the reading process crash: it is damaged, or needs too much memory.")


class _Lines:
    """Lines from a connection, each waited for only so long."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._buffer = bytearray()

    def next(self, seconds: float) -> bytes | None:
        """The next line; None when it did not come in time.

        Raises:
            _NobodyThereError: the other end was closed without a word.
        """
        deadline = time.monotonic() + seconds
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            left = deadline - time.monotonic()
            if left <= 0 or searched > wire.LONGEST_LINE:
                return None
            self._connection.settimeout(left)
            try:
                piece = self._connection.recv(1 << 18)
            except TimeoutError:
                return None
            except OSError as error:
                raise _NobodyThereError from error
            if not piece:
                raise _NobodyThereError
            self._buffer += piece
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line


@cache
def sandbox() -> Sandbox:
    """The one of this process."""
    made = Sandbox()
    atexit.register(made.close)
    return made

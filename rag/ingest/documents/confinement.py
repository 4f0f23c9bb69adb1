"""What a reading process may do from here on: no network, no core dump, so much memory and processor time, no files written."""

import contextlib
import ctypes
import os
import platform
import resource
import struct
import sys
from collections.abc import Callable
from typing import Any

from rag.ingest.documents.limits import Limits

_OPEN_FILES = 64
_GRACE = 5
"""Seconds."""
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP = 1, 38, 22
_SECCOMP_MODE_FILTER = 2
_SIGKILL = 9
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1  # SECCOMP_RET_ALLOW; SECCOMP_RET_ERRNO with EPERM
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # classic BPF
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4  # in struct seccomp_data
_X32 = 0x40000000
# For each machine: its audit architecture, and the numbers of the system calls socket, ptrace and io_uring_setup.
_SYSTEM_CALLS = {"x86_64": (0xC000003E, (41, 101, 425)), "aarch64": (0xC00000B7, (198, 117, 425))}


def confine(limits: Limits, cpu: int) -> None:
    """Give up for this process, and all that it starts, what the reading of a document never needs.

    ``cpu`` is in seconds. What a system does not offer is left out: on macOS the memory is watched from outside.
    """
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    # At the first the kernel sends SIGXCPU, which tells why; at the second SIGKILL.
    _limit(resource.RLIMIT_CPU, cpu, cpu + _GRACE)
    if sys.platform == "linux":
        _limit(resource.RLIMIT_AS, _address_space() + limits.memory_bytes)
        _call("prctl", _PR_SET_PDEATHSIG, _SIGKILL)
        _refuse_system_calls()
    sys.addaudithook(_refuse_network)


def _limit(kind: int, value: int, final: int | None = None) -> None:
    _, hard = resource.getrlimit(kind)
    wanted = value if final is None else final
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (min(value, allowed), allowed))


def _address_space() -> int:
    """Bytes of address space this process has already."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _refuse_network(event: str, _: Any) -> None:
    """For Python code, on every system; the filter below holds for native code too."""
    if event in {"socket.__new__", "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.bind"}:
        raise PermissionError("no network while a document is read")


def _refuse_system_calls() -> None:
    """Sockets fail with EPERM, through a seccomp filter that cannot be taken off again. Needs no privilege."""
    known = _SYSTEM_CALLS.get(platform.machine())
    if known is None:
        return
    architecture, refused = known
    program = [
        _instruction(_LOAD, 0, 0, _ARCHITECTURE_AT),
        _instruction(_JUMP_EQUAL, 1, 0, architecture),
        _instruction(_RETURN, 0, 0, _REFUSE),
        _instruction(_LOAD, 0, 0, _NUMBER_AT),
        _instruction(_JUMP_AT_LEAST, len(refused) + 1, 0, _X32),
        *(_instruction(_JUMP_EQUAL, len(refused) - place, 0, number) for place, number in enumerate(refused)),
        _instruction(_RETURN, 0, 0, _ALLOW),
        _instruction(_RETURN, 0, 0, _REFUSE),
    ]
    code = ctypes.create_string_buffer(b"".join(program))
    # struct sock_fprog: the number of instructions and where they are.
    packed = ctypes.create_string_buffer(struct.pack("HP", len(program), ctypes.addressof(code)))
    if _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        _call("prctl", _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(packed), 0, 0)


def _instruction(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def _call(name: str, first: int, *rest: int) -> int:
    function: Callable[..., int] = getattr(ctypes.CDLL(None), name)
    return function(ctypes.c_int(first), *map(ctypes.c_ulong, rest))

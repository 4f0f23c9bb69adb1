"""Whom the embedded Postgres runs as: ourselves, or a user made for it, because Postgres refuses to be root."""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from rag.errors import StackError

USER_WHEN_ROOT = "pgserver"


class SubprocessOptions(TypedDict, total=False):
    """What ``subprocess.run`` needs to change the user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Owner:
    """The user of the server and its files."""

    uid: int
    gid: int
    switched: bool

    def own(self, path: Path) -> None:
        """Give the file or folder to the server."""
        if self.switched:
            os.chown(path, self.uid, self.gid)

    def let_in(self, path: Path) -> None:
        """Let the server's user walk through this folder and those above it (not list them)."""
        if self.switched:
            for folder in (path, *path.parents):
                mode = folder.stat().st_mode
                if not mode & stat.S_IXOTH:
                    folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)

    def subprocess_options(self) -> SubprocessOptions:
        """Run a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switched else {}


def postgres_owner() -> Owner:
    """The user to run as; made when we are root and it is missing.

    Raises:
        StackError: we are root, and this system cannot make a user.
    """
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid(), switched=False)
    if not _exists(USER_WHEN_ROOT):
        _make(USER_WHEN_ROOT)
    entry = pwd.getpwnam(USER_WHEN_ROOT)
    return Owner(entry.pw_uid, entry.pw_gid, switched=True)


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _make(name: str) -> None:
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    command = [program or "useradd", "--system", "--no-create-home", "--shell", "/bin/false", name]
    if program is None or (subprocess.run(command, capture_output=True, check=False).returncode != 0 and not _exists(name)):
        raise StackError(
            f"Postgres does not run as root, and the user '{name}' cannot be made for it.",
            hint="Start Paper Finder as an ordinary user.",
        )

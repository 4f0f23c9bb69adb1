"""Each thing that hinders the start is one sentence that says what to do."""

import shutil
import socket
from pathlib import Path
from typing import NamedTuple

import pytest

from rag.errors import StackError
from rag.settings import Settings
from rag.stack.preflight import check, check_port, check_space, only_launcher


class Usage(NamedTuple):
    """What ``shutil.disk_usage`` returns."""

    total: int
    used: int
    free: int


def test_a_port_in_use_names_the_variable() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StackError, match=rf"Port {port}, on which Open WebUI listens, is in use.*make up WEBUI_PORT=\d+"):
            check_port("127.0.0.1", port, "WEBUI_PORT", "Open WebUI")


def test_a_free_port_is_fine() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    check_port("127.0.0.1", port, "PORT", "the Paper Finder service")


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_an_address_of_another_machine_is_said_plainly(host: str) -> None:
    with pytest.raises(StackError, match=r"cannot listen on .*PAPER_FINDER_HOST has to be an address of this machine"):
        check_port(host, 9099, "PORT", "the Paper Finder service")


def test_one_port_for_both_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="are both 9099"):
        check(Settings(home=tmp_path, port=9099, webui_port=9099))


def test_a_full_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(2**40, 2**40 - 2**20, 2**20))
    with pytest.raises(StackError, match=r"Only 1 MB are free under .*PAPER_FINDER_HOME"):
        check_space(tmp_path)


def test_the_same_home_twice_is_refused_and_free_again_afterwards(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", webui_port=8123)
    holder = r"already running .*\(process \d+, http://127.0.0.1:8123\)"
    with only_launcher(settings), pytest.raises(StackError, match=holder), only_launcher(settings):
        pytest.fail("two launchers held one folder")
    with only_launcher(settings):
        assert settings.home.stat().st_mode & 0o777 == 0o700


def test_a_home_that_cannot_be_made_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(StackError, match="cannot be written to: Not a directory"),
        only_launcher(Settings(home=tmp_path / "file/x")),
    ):
        pytest.fail("a file is no folder")

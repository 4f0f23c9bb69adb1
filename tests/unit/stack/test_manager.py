"""supervisord's configuration, and what a child is given."""

import configparser
import json
from pathlib import Path

from rag.stack.manager import configuration, stop_leftovers
from rag.stack.program import Program


def program(folder: Path, name: str = "service") -> Program:
    """One with a secret."""
    return Program(
        name=name,
        title="Service",
        argv=("/bin/serve", "--port", "1"),
        folder=folder / "100% odd; #name",
        environment={"KEY": "hunter2"},
        ready_url="http://x/ready",
        address="http://x",
    )


def test_the_configuration_holds_no_path_and_no_secret(tmp_path: Path) -> None:
    text = configuration([program(tmp_path), program(tmp_path, "open-webui")])
    assert "hunter2" not in text
    assert str(tmp_path) not in text
    parser = configparser.RawConfigParser()
    parser.read_string(text)
    assert parser.sections() == [
        "supervisord",
        "unix_http_server",
        "rpcinterface:supervisor",
        "program:service",
        "program:open-webui",
    ]
    section = parser["program:open-webui"]
    assert section["command"].endswith(" open-webui.json")
    assert (section["autorestart"], section["killasgroup"], section["stopasgroup"]) == ("true", "true", "true")
    assert section["stdout_logfile"].endswith("/logs/open-webui.log")


def test_what_a_child_is_given_is_private_even_if_the_file_was_not(tmp_path: Path) -> None:
    path = tmp_path / "service.json"
    path.touch(mode=0o644)
    program(tmp_path).write(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text(encoding="utf-8"))["environment"] == {"KEY": "hunter2"}
    assert (tmp_path / "100% odd; #name").is_dir()


def test_secrets_do_not_show_in_a_traceback(tmp_path: Path) -> None:
    assert "hunter2" not in repr(program(tmp_path))


def test_a_process_that_is_not_our_manager_is_left_alone(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (run / "supervisord.pid").write_text("1\n", encoding="utf-8")
    assert stop_leftovers(tmp_path) is False

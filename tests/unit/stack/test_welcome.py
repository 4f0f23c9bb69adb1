"""The last words of the start."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from rag.settings import Settings, admin_password
from rag.stack.welcome import READY, welcome


def test_the_password_is_shown_at_the_first_start_on_a_terminal(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    text = welcome(settings, first=True, on_terminal=True)
    assert READY in text
    assert admin_password(settings) in text
    assert "http://127.0.0.1:8080" in text


@pytest.mark.parametrize(("first", "on_terminal"), [(False, True), (True, False), (False, False)])
def test_otherwise_only_where_it_is_kept(tmp_path: Path, first: bool, on_terminal: bool) -> None:
    settings = Settings(home=tmp_path)
    text = welcome(settings, first=first, on_terminal=on_terminal)
    assert admin_password(settings) not in text
    assert f"PAPER_FINDER_ADMIN_PASSWORD in {settings.secrets_file}" in text


def test_a_password_of_the_operators_own_is_never_shown(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, admin_password=SecretStr("given"), api_key=SecretStr("key"))
    text = welcome(settings, first=True, on_terminal=True)
    assert "given" not in text
    assert "PAPER_FINDER_ADMIN_PASSWORD as you set it" in text


def test_other_machines_are_told_the_port(tmp_path: Path) -> None:
    assert "port 8080" in welcome(Settings(home=tmp_path, host="0.0.0.0"), first=False, on_terminal=False)
    public = welcome(Settings(home=tmp_path, host="0.0.0.0", public_url="https://papers.lab"), first=False, on_terminal=False)
    assert "https://papers.lab" in public

"""Settings: read once, told plainly when wrong, secret in print, and as the README says."""

import stat
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from rag.errors import ConfigurationError
from rag.settings import CHECKOUT, Secrets, Settings, as_environment, left_for_others, load_settings, service_key


def readme_rows() -> list[str]:
    """The rows that the README's table of settings must have."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = f"`{default.relative_to(CHECKOUT)}`" if isinstance(default, Path) else f"`{default}`" if default else ""
        rows.append(f"| `PAPER_FINDER_{name.upper()}` | {shown} | {field.description} |")
    return rows


def test_the_readme_lists_every_setting() -> None:
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in readme if line.startswith("| `PAPER_FINDER_")] == readme_rows()


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPER_FINDER_PORT", "9100")
    monkeypatch.setenv("PAPER_FINDER_MODEL", "")
    assert (load_settings().port, load_settings().model) == (9100, "")


@pytest.mark.parametrize(("name", "value"), [("PORT", "ninety"), ("PORT", "70000"), ("DIMENSIONS", "20000")])
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"PAPER_FINDER_{name}", value)
    with pytest.raises(ConfigurationError, match=f"PAPER_FINDER_{name}.*{value}"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://me:hush@host/db"),
        ("DATABASE_URL", "postgresql://me:hush%zz@host/db"),
        ("EMBEDDINGS", "http://me:hush@host/v1"),
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_it(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"PAPER_FINDER_{name}", value)
    with pytest.raises(ConfigurationError, match=f"PAPER_FINDER_{name}") as raised:
        load_settings()
    assert "hush" not in "".join(traceback.format_exception(raised.value))


def test_commands_beside_a_running_make_up_have_its_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    running = Settings(
        home=tmp_path,
        port=9100,
        webui_port=8100,
        database_url=SecretStr("postgresql://me:pw@host/db"),
        instructions={"search": "Find {papers}"},
    )
    monkeypatch.setenv("PAPER_FINDER_HOME", str(tmp_path))
    monkeypatch.setenv("PAPER_FINDER_WEBUI_PORT", "8200")
    with left_for_others(running):
        assert stat.S_IMODE((tmp_path / "running.json").stat().st_mode) == 0o600
        beside = load_settings()
        assert (beside.port, beside.webui_port, beside.instructions) == (9100, 8200, running.instructions)
        assert beside.database_url == running.database_url
        assert load_settings(beside=False).port == 9099
    assert load_settings().port == 9099


def test_secrets_do_not_show(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, api_key=SecretStr("hush-hush"), database_url=SecretStr("postgresql://me:pw@host/db"))
    assert "hush" not in repr(settings)
    assert "pw@" not in repr(settings)
    assert service_key(settings) == "hush-hush"


def test_what_is_not_set_is_made_once_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "new")
    key = service_key(settings)
    assert len(key) >= 32
    assert service_key(settings) == key
    assert stat.S_IMODE(settings.secrets_file.stat().st_mode) == 0o600
    Secrets(settings.secrets_file).keep("OTHER", "x=y")
    assert Secrets(settings.secrets_file).get("OTHER") == "x=y"
    assert service_key(settings) == key


def test_secrets_written_by_hand_may_have_quotes(tmp_path: Path) -> None:
    (tmp_path / "secrets.env").write_text('A = "x y"\nB=\'z\'\nC="\n', encoding="utf-8")
    secrets = Secrets(tmp_path / "secrets.env")
    assert [secrets.get(name) for name in "ABC"] == ["x y", "z", '"']


@pytest.mark.parametrize("spoil", [lambda path: path.mkdir(), lambda path: path.write_bytes(b"A=\xff\xfe")])
def test_secrets_that_cannot_be_read_are_said_so(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    spoil(tmp_path / "secrets.env")
    with pytest.raises(ConfigurationError, match=r"secrets\.env, cannot be read"):
        Secrets(tmp_path / "secrets.env")


def test_another_process_reads_the_same_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path,
        api_key=SecretStr("secret"),
        database_url=SecretStr("postgresql://somewhere/else"),
        dimensions=64,
        instructions={"search": "Find papers"},
    )
    for name, value in as_environment(settings).items():
        monkeypatch.setenv(name, value)
    assert load_settings() == settings

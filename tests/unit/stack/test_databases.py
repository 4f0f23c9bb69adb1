"""Addresses of the databases."""

import pytest

from rag.stack import databases
from rag.stack.databases import Postgres


@pytest.mark.parametrize(
    ("url", "tables"),
    [
        ("postgresql://postgres@/paper_finder?host=/x/postgres", "postgresql://postgres@/open_webui?host=/x/postgres"),
        ("postgres://u:p%40@h:5/db?sslmode=require", "postgresql://u:p%40@h:5/open_webui?sslmode=require"),
    ],
)
def test_open_webui_gets_databases_of_its_own_on_the_same_server(url: str, tables: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, str]] = []
    monkeypatch.setattr(databases, "ensure_database", lambda *asked: made.append(asked))
    named = Postgres(url, None).make_databases(2560)
    assert named.tables == tables
    assert named.vectors == tables.replace("open_webui", "open_webui_vectors_2560")
    assert made == [(url, "open_webui"), (url, "open_webui_vectors_2560")]


def test_an_outside_server_is_not_ours_to_start() -> None:
    assert Postgres("postgresql://elsewhere/db", None).check() is False

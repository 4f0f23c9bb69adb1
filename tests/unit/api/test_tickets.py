"""Tickets for files of references."""

import pytest

from rag.api.tickets import MOST, SECONDS, Tickets
from rag.errors import NotFoundError
from rag.exports import Format
from rag.papers import PaperId

IDS = [PaperId(f"p{number:016x}") for number in range(3)]


def test_a_ticket_says_what_it_is_for() -> None:
    tickets = Tickets("key")
    assert tickets.read(tickets.issue(IDS, Format.RIS)) == (IDS, Format.RIS)


def test_a_ticket_is_short_enough_for_an_address() -> None:
    assert len(Tickets("key").issue([PaperId(f"p{n:016x}") for n in range(MOST)], Format.BIBTEX)) < 8_000


def test_a_ticket_works_for_a_day() -> None:
    now = 1_000.0
    tickets = Tickets("key", lambda: now)
    ticket = tickets.issue(IDS, Format.CSV)
    now += SECONDS
    assert tickets.read(ticket)
    now += 1
    with pytest.raises(NotFoundError, match="too old"):
        tickets.read(ticket)


def test_nobody_else_makes_a_ticket() -> None:
    tickets = Tickets("key")
    words, signature = tickets.issue(IDS, Format.RIS).split(".")
    other = tickets.issue(IDS[:1], Format.RIS).split(".")[0]
    wrong = Tickets("another key").issue(IDS, Format.RIS)
    for forged in (
        "",
        ".",
        "x",
        "é.é",
        words,
        f"{words}.",
        f".{signature}",
        f"{other}.{signature}",
        f"{words}.{signature}.x",
        wrong,
    ):
        with pytest.raises(NotFoundError, match="no such file"):
            tickets.read(forged)

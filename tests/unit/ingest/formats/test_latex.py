"""LaTeX to text."""

import time

import pytest

from rag.ingest.formats.latex import decoded, unescaped


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (r"G{\"o}del, Erd\H{o}s and Stra{\ss}e", "Gödel, Erdős and Straße"),
        (r"\v{C}ech {\'e}tale \c{c}a", "Čech étale ça"),
        ("{BERT}: {P}re-training", "BERT: Pre-training"),
        (r"\emph{very} \textbf{bold}", "very bold"),
        (r"$O(n^2)$ time", "O(n^2) time"),
        (r"$\alpha$-divergence", "α-divergence"),
        ("pages 1--2 --- ``so''", "pages 1–2 — “so”"),
        ("a~b", "a b"),
        (r"10\% of {\ae}on, 20% of all & more", "10% of æon, 20% of all & more"),
        ("100% plain & simple #1", "100% plain & simple #1"),
        (r"R\&D", "R&D"),
    ],
)
def test_decoded(value: str, meant: str) -> None:
    assert decoded(value) == meant


def test_decoding_never_fails_nor_takes_long() -> None:
    started = time.process_time()
    deep = ["{" * 5_000 + "\\a", "\\sqrt[" * 5_000, "\\begin{array}{c}" * 2_000]
    long = ["\\verb|" * 2_000, "$" * 9_999, "\\a " * 200_000]
    for value in (*deep, *long, "\\input\\input", "\\"):
        decoded(value)
    assert time.process_time() - started < 60


def test_addresses_lose_their_escapes_only() -> None:
    assert unescaped(r"\url{http://x.org/~me/a\_b%20c\#d}") == "http://x.org/~me/a_b%20c#d"
    assert unescaped("10.1000/a_b(1)") == "10.1000/a_b(1)"

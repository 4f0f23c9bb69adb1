"""Citations: one source event per paper, in the shape that Open WebUI stores and shows."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from rag.assistant.conversation import Source
from rag.assistant.markdown import web_address
from rag.papers import Hit, Paper, Passage
from rag.text import one_line


def ranked(hits: Iterable[Hit]) -> Iterator[Source]:
    """The hits as sources 1, 2, 3 …, their scores brought into [0, 1] and made never to rise with rank."""
    least = 1.0
    for rank, hit in enumerate(hits, start=1):
        least = min(least, _bounded(hit.score))
        yield Source(rank, replace(hit, score=least))


def source_event(source: Source) -> dict[str, Any]:
    """``{"type": "source", "data": {…}}`` for one paper.

    The percentage that Open WebUI shows beside a citation is 100 times the value in ``distances``. For us it is the paper's
    relevance to the question as retrieval estimated it, calibrated to [0, 1] (``Hit.score``): comparable between the papers
    of one answer, falling (never rising) with rank, and not a probability that the paper is right. The paper's best passage
    carries the paper's own value, further passages theirs, never more than the one before.
    """
    paper = source.hit.paper
    cited = _cited(source.hit)
    identity, name = _identity(paper), _name(paper)
    described: dict[str, Any] = {"id": identity, "name": name}
    if address := web_address(paper.link):
        described["url"] = address
    data = {
        "source": described,
        "document": [passage.text for _, passage in cited],
        "metadata": [
            {"source": identity, "name": name, "parameters": _parameters(source, passage)} | _place(version, passage)
            for version, passage in cited
        ],
        "distances": _relevance(source.hit, [passage for _, passage in cited]),
    }
    return {"type": "source", "data": data}


def _cited(hit: Hit) -> list[tuple[Paper, Passage]]:
    """The passages with the records they stand in: those of the hit, then those of its uploaded versions, which open at a page.

    There is at least one: a paper without passages is cited by its abstract, or its title.
    """
    own = hit.passages or (Passage(hit.paper.abstract or hit.paper.title, hit.score),)
    uploaded = [(version.paper, passage) for version in hit.versions if version.paper.file_id for passage in version.passages]
    return [*((hit.paper, passage) for passage in own), *uploaded]


def _identity(paper: Paper) -> str:
    # Open WebUI takes an identity that begins with http for an address and would show that instead of the name.
    return f"paper:{paper.id}" if paper.id.lower().startswith("http") else paper.id


def _name(paper: Paper) -> str:
    title = one_line(paper.title) or paper.id
    return f"{title} ({paper.year})" if paper.year is not None else title


def _parameters(source: Source, passage: Passage) -> dict[str, Any]:
    paper = source.hit.paper
    known = {
        "authors": ", ".join(paper.authors),
        "venue": paper.venue,
        "doi": paper.doi,
        "arxiv": paper.arxiv_id,
        "section": passage.section,
    }
    return {"rank": source.rank, **{name: value for name, value in known.items() if value}}


def _place(paper: Paper, passage: Passage) -> dict[str, Any]:
    """Where Open WebUI opens the passage: a page (from 0) and, of an upload, the file itself."""
    place: dict[str, Any] = {"page": passage.page} if passage.page is not None and passage.page >= 0 else {}
    return place | ({"file_id": paper.file_id} if paper.file_id else {})


def _relevance(hit: Hit, passages: Sequence[Passage]) -> list[float]:
    values = [_bounded(hit.score)]
    for passage in passages[1:]:
        values.append(min(values[-1], _bounded(passage.score)))
    return [round(value, 4) for value in values]


def _bounded(score: float) -> float:
    return 0.0 if math.isnan(score) else min(1.0, max(0.0, score))

"""Versions of one work folded into one result: the best-ranked record stands for all, and names the others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rag.papers import Paper, work_key, work_names
from rag.retrieval.ranking import Ranked
from rag.text import family_key, has_cjk, normalised_title

YEARS_APART = 2
"""A preprint and what was published of it bear the same title and first author, and years this far apart at most."""
SHORTEST_TITLE = 20
"""Characters of a title that tells a work apart; 'Introduction' and 'Editorial' do not."""
SHORTEST_CHINESE_TITLE = 8


@dataclass(frozen=True, slots=True)
class Folded:
    """A record in its place, and the records of the same work that stand further down, in their order."""

    best: Ranked
    others: list[Ranked] = field(default_factory=list)


def folded(ranked: Iterable[Ranked], papers: Mapping[int, Paper]) -> list[Folded]:
    """One entry a work, in order; records that are no longer there are left out.

    ``papers`` holds only what the caller may see, so that nothing else is ever folded in.
    """
    works: list[Folded] = []
    known: dict[str, Folded] = {}
    written: dict[str, list[Folded]] = {}
    for one in ranked:
        paper = papers.get(one.candidate.key)
        if paper is None:  # deleted since the ranking a moment ago
            continue
        names = work_names(paper.doi, paper.arxiv_id, work_key(paper))
        title = _title_and_author(paper)
        work = next((known[name] for name in names if name in known), None)
        if work is None:
            work = next((w for w in written.get(title, ()) if _near(papers[w.best.candidate.key], paper)), None)
        if work is None:
            work = Folded(one)
            works.append(work)
        else:
            work.others.append(one)
        for name in names:
            known.setdefault(name, work)
        if title:
            written.setdefault(title, []).append(work)
    return works


def _title_and_author(paper: Paper) -> str:
    title = normalised_title(paper.title)
    if len(title) < (SHORTEST_CHINESE_TITLE if has_cjk(title) else SHORTEST_TITLE) or not paper.authors:
        return ""
    return f"{title}|{family_key(paper.authors[0])}"


def _near(one: Paper, other: Paper) -> bool:
    return one.year is None or other.year is None or abs(one.year - other.year) <= YEARS_APART

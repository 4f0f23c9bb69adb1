"""RIS, as Zotero, EndNote and Mendeley read it."""

from collections.abc import Iterator, Sequence

from rag.exports.kinds import Kind, kind_of, name_of
from rag.papers import Paper
from rag.text import one_line

_TYPES = {Kind.ARTICLE: "JOUR", Kind.CONFERENCE: "CPAPER", Kind.PREPRINT: "UNPB", Kind.PATENT: "PAT", Kind.OTHER: "GEN"}


def ris(papers: Sequence[Paper]) -> str:
    """One record a paper, an empty line between them."""
    return "\n".join("".join(f"{tag}  - {value}\n" for tag, value in _lines(paper)) for paper in papers)


def _lines(paper: Paper) -> Iterator[tuple[str, str]]:
    kind = kind_of(paper)
    yield "TY", _TYPES[kind]
    yield "ID", paper.id
    yield "TI", one_line(paper.title)
    for author in paper.authors:
        yield "AU", name_of(one_line(author)).inverted
    if paper.year is not None:
        yield "PY", str(paper.year)
    if paper.venue:
        yield "JO" if kind is Kind.ARTICLE else "T2", one_line(paper.venue)
    if paper.doi:
        yield "DO", paper.doi
    if paper.arxiv_id:
        yield "M1", f"arXiv:{paper.arxiv_id}"
    if paper.link:
        yield "UR", paper.link
    if paper.language:
        yield "LA", paper.language
    for keyword in paper.keywords:
        yield "KW", one_line(keyword)
    if paper.abstract:
        yield "AB", one_line(paper.abstract)
    yield "ER", ""

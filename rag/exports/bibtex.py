"""BibTeX: UTF-8 with LaTeX's own characters escaped and capitals protected; BibLaTeX and every reference manager read it."""

import re
from collections.abc import Iterator, Sequence

from rag.exports.keys import keys
from rag.exports.kinds import Kind, kind_of, listed, name_of
from rag.papers import Paper
from rag.text import one_line

_TYPES = {
    Kind.ARTICLE: "article",
    Kind.CONFERENCE: "inproceedings",
    Kind.PREPRINT: "misc",
    Kind.PATENT: "patent",
    Kind.OTHER: "misc",
}
_VENUE_FIELDS = {
    Kind.ARTICLE: "journal",
    Kind.CONFERENCE: "booktitle",
    Kind.PREPRINT: "howpublished",
    Kind.PATENT: "howpublished",
}
_ESCAPES = {
    "\\": r"\textbackslash{}",
    # BibTeX counts braces to find the end of a value, escaped ones too.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
# Two hyphens would be a dash, two apostrophes a quotation mark.
_LIGATURE = re.compile(r"(?<=-)(?=-)|(?<=[`'])(?=[`'])|(?<=[?!])(?=`)|(?<=,)(?=,)|(?<=<)(?=<)|(?<=>)(?=>)")
_SPECIAL = re.compile(r"[\\{}$&%#_~^]")
# BERT, mRNA, GPT-3: a style that puts titles into small letters would spoil them.
_CAPITALS = re.compile(r"(?<![\w\\])(?=[\w-]*[^\W\d_a-z-])(?:\w[\w-]*?[A-Z\u00c0-\u00de][\w-]*|[A-Z](?=-)[\w-]*)")


def bibtex(papers: Sequence[Paper]) -> str:
    """One entry a paper, an empty line between them."""
    return "\n".join(_entry(paper, key) for paper, key in zip(papers, keys(papers), strict=True))


def _entry(paper: Paper, key: str) -> str:
    fields = "".join(f"  {name:<13} = {{{value}}},\n" for name, value in _fields(paper))
    return f"@{_TYPES[kind_of(paper)]}{{{key},\n{fields}}}\n"


def _fields(paper: Paper) -> Iterator[tuple[str, str]]:
    kind = kind_of(paper)
    yield "title", _protected(one_line(paper.title))
    if paper.authors:
        yield "author", " and ".join(map(_author, paper.authors))
    if paper.year is not None:
        yield "year", str(paper.year)
    if paper.venue and kind in _VENUE_FIELDS:
        yield _VENUE_FIELDS[kind], escaped(paper.venue)
    if paper.doi:
        yield "doi", _verbatim(paper.doi)
    if paper.arxiv_id:
        yield "eprint", paper.arxiv_id
        yield "archiveprefix", "arXiv"
    if paper.link:
        yield "url", _verbatim(paper.link)
    if paper.keywords:
        yield "keywords", escaped(listed(paper.keywords))
    if paper.language:
        yield "language", escaped(paper.language)
    if paper.abstract:
        yield "abstract", escaped(one_line(paper.abstract))


def escaped(text: str) -> str:
    """``text`` as LaTeX that prints just that."""
    return _SPECIAL.sub(lambda found: _ESCAPES[found.group()], _LIGATURE.sub("\0", text)).replace("\0", "{}")


def _protected(title: str) -> str:
    pieces, start = [], 0
    for word in _CAPITALS.finditer(title):
        pieces += [escaped(title[start : word.start()]), "{", escaped(word.group()), "}"]
        start = word.end()
    return "".join([*pieces, escaped(title[start:])])


def _author(author: str) -> str:
    """A name in parts; one that is no person's, or has an "and" of its own, whole in braces."""
    author = one_line(author)
    name = name_of(author)
    if re.search(r"\band\b", author, re.IGNORECASE) or (not name.given and re.search(r"[\s,]", author)):
        return f"{{{escaped(author)}}}"
    # BibTeX wants the suffix before the given names: "King, Jr., Martin".
    return escaped(", ".join(filter(None, (name.family, name.suffix, name.given))))


def _verbatim(address: str) -> str:
    """A DOI or an address stands unescaped in BibTeX; only braces and backslashes would end it."""
    return address.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D")

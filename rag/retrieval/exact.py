"""Papers that a question names outright: by DOI, arXiv id, title, or the name before the colon of a title."""

import re

from rag.store import Named
from rag.text import normalised_arxiv_id, normalised_doi, one_line

_QUOTED = re.compile(r'"([^"]{4,400})"|“([^”]{4,400})”|「([^」]{4,200})」|《([^》]{2,200})》')
_NAMED = re.compile(
    r"\bthe (?:original |famous |seminal |first )?(?P<name>[\w][\w.+/-]*(?: [\w.+/-]+){0,3}?) (?:paper|article)\b"
    r"|^(?P<alone>[\w][\w.+/-]*) (?:paper|article)$"
    r"|(?P<chinese>[A-Za-z][A-Za-z0-9.+-]*)\s?(?:那|这)篇(?:论文|文章)|(?:那|这)篇(?P<after>[A-Za-z][A-Za-z0-9.+-]*)的?(?:论文|文章)",
    re.IGNORECASE,
)
_NAME_LIKE = re.compile(r"(?=.*(?:\d|[A-Za-z].*[A-Z]))[A-Za-z][A-Za-z0-9.+/-]*")
"""One word that is written as names of systems are: with a digit, or a capital letter that is not its first."""


def named(question: str) -> Named:
    """What the question names. A title needs no quotation marks when it is the whole question."""
    text = one_line(question)
    doi = normalised_doi(text)
    arxiv_id = "" if doi else normalised_arxiv_id(text)
    quoted = [title for groups in _QUOTED.findall(text) for title in groups if title]
    names = [name for groups in _NAMED.findall(text) for name in groups if name]
    bare = text.rstrip("?？.。!！")
    if _NAME_LIKE.fullmatch(bare):
        names.append(bare)
    return Named([doi] if doi else [], [arxiv_id] if arxiv_id else [], [text, *quoted], names)

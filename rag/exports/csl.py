"""CSL-JSON (citationstyles.org, schema 1.0), as Zotero, Pandoc and citeproc read it."""

import json
from collections.abc import Sequence
from typing import Any

from rag.exports.keys import keys
from rag.exports.kinds import Kind, kind_of, listed, name_of
from rag.papers import Paper
from rag.text import one_line

_TYPES = {
    Kind.ARTICLE: "article-journal",
    Kind.CONFERENCE: "paper-conference",
    Kind.PREPRINT: "article",
    Kind.PATENT: "patent",
    Kind.OTHER: "document",
}


def csl_json(papers: Sequence[Paper]) -> str:
    """An array of one item a paper."""
    items = [_item(paper, key) for paper, key in zip(papers, keys(papers), strict=True)]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _item(paper: Paper, key: str) -> dict[str, Any]:
    known: dict[str, Any] = {
        "title": one_line(paper.title),
        "author": [_author(author) for author in paper.authors],
        "issued": {"date-parts": [[paper.year]]} if paper.year is not None else None,
        "container-title": paper.venue,
        "DOI": paper.doi,
        "archive": "arXiv" if paper.arxiv_id else "",
        "archive_location": paper.arxiv_id,
        "URL": paper.link,
        "language": paper.language,
        "keyword": listed(paper.keywords),
        "abstract": one_line(paper.abstract),
    }
    return {"id": key, "type": _TYPES[kind_of(paper)], **{name: value for name, value in known.items() if value}}


def _author(author: str) -> dict[str, str]:
    name = name_of(one_line(author))
    if not name.given:
        return {"literal": name.family}
    return {"family": name.family, "given": name.given} | ({"suffix": name.suffix} if name.suffix else {})

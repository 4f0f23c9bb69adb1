"""Lists for people and spreadsheets: CSV, and references in Markdown."""

import io
import re
from collections.abc import Sequence
from csv import writer

from rag.papers import Paper
from rag.text import one_line

COLUMNS = ("id", "title", "authors", "year", "venue", "doi", "arxiv_id", "url", "keywords", "abstract")
_FORMULA = re.compile(r"^[=+\-@\t\r]")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~$])")


def csv(papers: Sequence[Paper]) -> str:
    """A row a paper under ``COLUMNS`` (RFC 4180, but lines end in a line feed); several authors are parted by '; '."""
    text = io.StringIO()
    rows = writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for paper in papers:
        year = "" if paper.year is None else str(paper.year)
        facts = (paper.venue, paper.doi, paper.arxiv_id, paper.link, "; ".join(paper.keywords), one_line(paper.abstract))
        rows.writerow(map(_cell, (paper.id, one_line(paper.title), "; ".join(paper.authors), year, *facts)))
    return text.getvalue()


def _cell(value: str) -> str:
    """A spreadsheet would run a cell that begins like a formula; an apostrophe makes it text (OWASP: CSV injection)."""
    return f"'{value}" if _FORMULA.match(value) else value


def markdown(papers: Sequence[Paper]) -> str:
    """A numbered list of references."""
    return "".join(f"{number}. {_reference(paper)}\n" for number, paper in enumerate(papers, start=1))


def _reference(paper: Paper) -> str:
    authors = _escaped(", ".join(paper.authors))
    year = f" ({paper.year})" if paper.year is not None else ""
    parts = [f"{authors}{year}".strip(), f"**{_escaped(paper.title)}**", f"*{_escaped(paper.venue)}*" if paper.venue else ""]
    link = paper.link.replace(">", "%3E").replace("<", "%3C").replace(" ", "%20")
    return ". ".join(filter(None, parts)) + "." + (f" <{link}>" if link else "")


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", one_line(text))

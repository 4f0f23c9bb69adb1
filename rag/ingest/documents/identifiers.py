"""A document's own DOI and arXiv id: from where a publisher prints or embeds them, never from its references."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import PurePath

from rag.ingest.documents.headings import is_references
from rag.ingest.documents.model import Page, Span
from rag.text import normalised_doi

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>{}|\\^`]+", re.IGNORECASE)
_OWN_DOI = re.compile(
    r"^\W*(?:(?:digital object identifier|doi|https?://(?:www\.)?(?:dx\.)?doi\.org/|(?:dx\.)?doi\.org/)[\s:.]*)+10\.\d{4,9}/",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"\bdata(?:set)?s?\b|(?<!ccc )\bcode\b|supplement|zenodo|figshare|\bosf\b|dryad|\bin reply to\b|correction to|erratum|this "
    r"article (?:is a )?corrects|replication|artifact",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"^\W*(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}\.)\s*[A-Z]")
_SUPPLEMENT_DOI = re.compile(r"^10\.(?:5281|6084|17605|5061|17632|7910)/|\.(?:s|t|g)\d{3}$", re.IGNORECASE)
_ARXIV_ID = r"((?:\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})|[a-z][a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,2})?"
_STAMP = re.compile(rf"^\W*arxiv\s*:\s*{_ARXIV_ID}(?=$|\s*\[|\s+\d{{1,2}}\s+[a-z]{{3}}|\W*$)", re.IGNORECASE)
_ARXIV_DOI = re.compile(rf"^10\.48550/arxiv\.{_ARXIV_ID}$", re.IGNORECASE)
_ARXIV_URL = re.compile(rf"^(?:https?://arxiv\.org/abs/)?{_ARXIV_ID}$", re.IGNORECASE)
_ARXIV_FILE = re.compile(r"^(?:arxiv[-_.: ]?)?(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})(?:v\d{1,2})?$", re.IGNORECASE)
_FRONT_PAGES = 3
_CHECKED = re.compile(r"doi", re.IGNORECASE)


def doi_of(pages: Sequence[Page], embedded: Mapping[str, str]) -> str:
    """The DOI the document carries; '' when there is none, only a template's, or only other works'."""
    printed = list(_printed(pages))
    stated = [doi for key, value in embedded.items() if (doi := _stated(key, value))]
    confirmed = next((doi for doi in stated if doi in printed), "")
    return confirmed or next(iter(printed), "") or next(iter(stated), "")


def _stated(key: str, value: str) -> str:
    """In the file's own metadata: under a name with 'doi', or as the whole of the title or the subject, or after 'doi:'."""
    found = _DOI.search(value)
    if found is None or not (_CHECKED.search(key) or _CHECKED.search(value) or found.group() == value.strip()):
        return ""
    return normalised_doi(found.group())


def _printed(pages: Sequence[Page]) -> Iterator[str]:
    """DOIs of the first pages, the surest first: alone on a line or in the margin, then in an imprint."""
    sure: list[str] = []
    likely: list[str] = []
    for page in pages[:_FRONT_PAGES]:
        # From the second page on, a DOI is the document's own only when the margin has it.
        lines = [*page.margins, *(_before_references(page.lines) if page.number == pages[0].number else _edge(page))]
        for line, following in zip_longest(lines, lines[1:]):
            doi = _doi_in(line, following)
            if not doi or _SUPPLEMENT_DOI.search(doi) or _FOREIGN.search(line.text) or _ENTRY.match(line.text):
                continue
            (sure if _OWN_DOI.match(line.text) or line in page.margins else likely).append(doi)
        if sure:
            break
    yield from sure
    yield from (doi for doi in likely if likely.count(doi) == len(likely))


def _edge(page: Page) -> list[Span]:
    return [line for line in page.lines if line.y1 < 0.1 * page.height or line.y0 > 0.92 * page.height]


def _before_references(lines: Sequence[Span]) -> list[Span]:
    kept: list[Span] = []
    for line in lines:
        if is_references(line.text):
            break
        kept.append(line)
    return kept


def _doi_in(line: Span, following: Span | None) -> str:
    text = re.sub(r"(10\.\d{4,9})\s?/\s?", r"\1/", line.text)
    found = _DOI.search(text)
    if found is None:
        return ""
    raw = found.group()
    cut = found.end() == len(text.rstrip()) and raw[-1] in "/-._"
    if cut and following is not None and following.size == line.size:
        raw += following.text.split(" ")[0]
    return normalised_doi(raw.split(";")[0].rstrip("​*†‡§"))


def arxiv_id_of(pages: Sequence[Page], doi: str, embedded: Mapping[str, str], filename: str) -> str:
    """The arXiv id of the stamp along the margin, of an arXiv DOI, of the file's own metadata, or of the file's name."""
    for page in pages[:2]:
        edge = [*page.margins, *_edge(page), *page.lines[:3]]
        for line in edge:
            found = _STAMP.match(line.text)
            if found:
                return found.group(1).lower()
    for text, pattern in ((doi, _ARXIV_DOI), (embedded.get("arXivID", ""), _ARXIV_URL), (PurePath(filename).stem, _ARXIV_FILE)):
        found = pattern.match(text)
        if found:
            return found.group(1).lower()
    return ""

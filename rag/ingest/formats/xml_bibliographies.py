"""Bibliographies in XML: EndNote's export, DBLP, the ACL Anthology, and Atom feeds as arXiv answers with."""

import re

from lxml import etree

from rag.ingest.draft import Draft, keyword_list
from rag.ingest.formats.elements import every, first, said, text_of
from rag.ingest.names import given_first
from rag.text import normalised_arxiv_id

DBLP = ("article", "inproceedings", "proceedings", "book", "incollection", "phdthesis", "mastersthesis")
"""DBLP's elements of publications; the others are home pages of people."""
_HOMONYM = re.compile(r" \d{4}$")
_ANTHOLOGY = "https://aclanthology.org/"


def endnote(element: etree._Element, _: dict[str, str]) -> Draft:
    """A record of EndNote's XML. Its number is another's in the next library, so it is known by its DOI or its content."""
    return Draft(
        0,
        title=said(element, "titles/title"),
        abstract=said(element, "abstract"),
        authors=[given_first(text_of(author)) for author in every(element, "contributors/authors/author")],
        year=said(element, "dates/year", "dates/pub-dates/date"),
        venue=said(
            element, "periodical/full-title", "titles/secondary-title", "titles/alt-title", "titles/tertiary-title", "publisher"
        ),
        doi=said(element, "electronic-resource-num"),
        url=said(element, "urls/related-urls/url", "urls/web-urls/url"),
        language=said(element, "language"),
        keywords=[word for found in every(element, "keywords/keyword") for word in keyword_list(text_of(found))],
    )


def dblp(element: etree._Element, _: dict[str, str]) -> Draft:
    """A publication of DBLP; the number behind a name tells people of one name apart and is no part of it."""
    links = [text_of(link) for link in every(element, "ee")]
    journal = said(element, "journal")
    people = list(every(element, "author")) or list(every(element, "editor"))
    return Draft(
        0,
        source_id=element.get("key") or "",
        title=said(element, "title").removesuffix("."),
        authors=[_HOMONYM.sub("", text_of(one)) for one in people],
        year=said(element, "year"),
        venue=journal or said(element, "booktitle", "school", "publisher"),
        doi=next((link for link in links if "doi.org/" in link), ""),
        arxiv_id=said(element, "volume") if journal == "CoRR" else "",
        url=next(iter(links), ""),
    )


def acl_volume(element: etree._Element, context: dict[str, str]) -> None:
    """What the volume says of all its papers."""
    volume = element.getparent()
    collection = None if volume is None else volume.getparent()
    if volume is None or collection is None:
        return
    context["venue"], context["year"] = said(element, "booktitle"), said(element, "year")
    context["id"] = f"{collection.get('id')}-{volume.get('id')}"


def acl_paper(element: etree._Element, context: dict[str, str]) -> Draft:
    """A paper of the ACL Anthology, known by its id there ('2020.acl-main.1', 'P19-1001')."""
    address = said(element, "url")
    anthology = address if address and "/" not in address else f"{context.get('id', '')}.{element.get('id') or ''}"
    people = list(every(element, "author"))
    return Draft(
        0,
        source_id=anthology,
        title=said(element, "title"),
        abstract=said(element, "abstract"),
        authors=[" ".join(filter(None, (said(one, "first"), said(one, "last")))) for one in people],
        year=context.get("year", ""),
        venue=context.get("venue", ""),
        doi=said(element, "doi"),
        url=address if "/" in address else f"{_ANTHOLOGY}{anthology}",
        language=said(element, "language"),
    )


def atom(element: etree._Element, _: dict[str, str]) -> Draft:
    """An entry of a feed. arXiv's has its DOI and journal too; its answer to a wrong question is an entry without an author."""
    address = said(element, "id")
    on_arxiv = normalised_arxiv_id(address) if "arxiv.org/abs/" in address else ""
    failed = "/api/errors" in address
    link = first(element, "link")
    return Draft(
        0,
        source_id=f"arxiv:{on_arxiv}" if on_arxiv else address,
        title="" if failed else said(element, "title"),
        abstract=said(element, "summary", "content"),
        authors=[said(author, "name") for author in every(element, "author")],
        year=said(element, "published", "updated"),
        venue=said(element, "journal_ref") or ("arXiv" if on_arxiv else ""),
        doi=said(element, "doi"),
        arxiv_id=on_arxiv,
        url=f"https://arxiv.org/abs/{on_arxiv}" if on_arxiv else (link.get("href") or "") if link is not None else "",
        keywords=[category.get("term") or "" for category in every(element, "category")],
    )

"""Patents: XML of the American and the European office, and JSON as Google Patents' public data has it; shown as patents."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lxml import etree

from rag.ingest.draft import Draft, shortened
from rag.ingest.formats.elements import every, first, said, text_of
from rag.ingest.names import given_first

_MOST_LANGUAGES = ("en", "zh")
_SIGNS = re.compile(r"[^A-Z0-9]")


def patent(number: str, owner: str, **fields: Any) -> Draft:
    """A patent by its publication number ('US7650331B1'); its venue says that it is one, and whose."""
    number = _SIGNS.sub("", number.upper())
    venue = f"Patent {number}" + (f" ({shortened(owner, 100)})" if owner else "")
    url = f"https://patents.google.com/patent/{number}/en" if number else ""
    return Draft(fields.pop("line", 0), source_id=number, venue=venue if number else "", url=url, **fields)


def uspto(element: etree._Element, _: dict[str, str]) -> Draft:
    """A grant or an application of the US office."""
    about = first(element, "us-bibliographic-data-grant")
    if about is None:
        about = first(element, "us-bibliographic-data-application")
    if about is None:
        return Draft(0)
    document = first(about, "publication-reference/document-id")
    inventors = [
        *every(about, "us-parties/inventors/inventor/addressbook"),
        *every(about, "parties/applicants/applicant/addressbook"),
    ]
    owner = said(about, "assignees/assignee/addressbook/orgname", "us-parties/us-applicants/us-applicant/addressbook/orgname")
    return patent(
        "" if document is None else "".join(said(document, part) for part in ("country", "doc-number", "kind")),
        owner,
        title=said(about, "invention-title"),
        abstract=said(element, "abstract"),
        authors=[" ".join(filter(None, (said(one, "first-name"), said(one, "last-name")))) for one in inventors],
        year="" if document is None else said(document, "date")[:4],
        language=element.get("lang") or "en",
    )


def docdb(element: etree._Element, _: dict[str, str]) -> Draft:
    """An exchange-document of the European office (DOCDB, Open Patent Services)."""
    about = first(element, "bibliographic-data")
    if about is None:
        return Draft(0)
    date = element.get("date-publ") or said(about, "publication-reference/document-id/date")
    return patent(
        "".join(element.get(part) or "" for part in ("country", "doc-number", "kind")),
        _party(about, "parties/applicants/applicant", "applicant-name/name"),
        title=_in_language(every(about, "invention-title")),
        abstract=_in_language(every(element, "abstract")),
        authors=list(_parties(about, "parties/inventors/inventor", "inventor-name/name")),
        year=date[:4],
    )


def _parties(about: etree._Element, path: str, name: str) -> Iterator[str]:
    """People in one of the spellings that the office gives: the original one, where it is there."""
    found = list(every(about, path))
    for spelling in ("original", "docdba", "docdb", "epodoc"):
        if named := [given_first(said(one, name).rstrip(",")) for one in found if one.get("data-format") == spelling]:
            yield from named
            return
    yield from (given_first(said(one, name)) for one in found)


def _party(about: etree._Element, path: str, name: str) -> str:
    return next(_parties(about, path, name), "")


def _in_language(elements: Iterator[etree._Element]) -> str:
    said_in = {(element.get("lang") or "").lower(): text_of(element) for element in elements}
    return next((said_in[language] for language in _MOST_LANGUAGES if said_in.get(language)), next(iter(said_in.values()), ""))


def ep_document(element: etree._Element, _: dict[str, str]) -> Draft:
    """An ep-patent-document of the European office, whose fields are numbered (INID codes of WIPO ST.9)."""
    titles = first(element, "SDOBI/B500/B540")
    languages = [] if titles is None else [text_of(one) for one in every(titles, "B541")]
    texts = [] if titles is None else [text_of(one) for one in every(titles, "B542")]
    by_language = dict(zip(languages, texts, strict=False))
    return patent(
        "".join(element.get(part) or "" for part in ("country", "doc-number", "kind")),
        said(element, "SDOBI/B700/B730/B731/snm", "SDOBI/B700/B710/B711/snm"),
        title=by_language.get("en") or next(iter(texts), ""),
        abstract=_in_language(every(element, "abstract")),
        authors=[given_first(said(one, "snm")) for one in every(element, "SDOBI/B700/B720/B721")],
        year=(element.get("date-publ") or said(element, "SDOBI/B100/B140/date"))[:4],
    )


Read = Callable[[etree._Element, dict[str, str]], Draft]
USPTO: Mapping[str, Read] = {"us-patent-grant": uspto, "us-patent-application": uspto}
EPO: Mapping[str, Read] = {"exchange-document": docdb, "ep-patent-document": ep_document}


def patent_json(value: Mapping[str, Any], line: int) -> Draft:
    """A row of Google Patents' public data: texts in several languages, names harmonised."""
    return patent(
        str(value.get("publication_number") or ""),
        next(iter(_named(value, "assignee_harmonized", "assignee")), ""),
        line=line,
        title=_localized(value, "title_localized") or str(value.get("title") or ""),
        abstract=_localized(value, "abstract_localized") or str(value.get("abstract") or ""),
        authors=_named(value, "inventor", "inventor_harmonized"),
        year=str(value.get("publication_date") or "")[:4],
    )


def _localized(value: Mapping[str, Any], name: str) -> str:
    texts = value.get(name)
    said_in = (
        {str(one.get("language")): str(one.get("text") or "") for one in texts or () if isinstance(one, dict)}
        if isinstance(texts, list)
        else {}
    )
    return next((said_in[language] for language in _MOST_LANGUAGES if said_in.get(language)), next(iter(said_in.values()), ""))


def _named(value: Mapping[str, Any], *names: str) -> list[str]:
    """Names of people or companies: strings, or objects with a name."""
    for name in names:
        found = value.get(name)
        if isinstance(found, list) and found:
            return [given_first(str(one.get("name") or "") if isinstance(one, dict) else str(one)) for one in found]
    return []

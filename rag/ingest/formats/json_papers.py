"""What a JSON object says of a paper, in the words of the service it comes from; known by its fields."""

import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any, TypeAlias

from rag.ingest.draft import Draft, keyword_list
from rag.ingest.formats.general_paper import draft_of
from rag.ingest.formats.latex import decoded
from rag.ingest.formats.patents import patent_json
from rag.ingest.names import people
from rag.text import one_line

Object: TypeAlias = Mapping[str, Any]
_MARKUP = re.compile(
    r"</?(?:i|b|u|p|em|br|strong|italic|bold|su[bp]|scp?|span|title|sec|inf|(?:jats|mml|xhtml):[\w.-]{1,40})"
    r"(?:(?:\s+[\w:-]{1,40}\s*=\s*(?:\"[^\"<>]{0,200}\"|'[^'<>]{0,200}'))+\s*|\s*/)?>",
    re.IGNORECASE,
)
_OUR_WORDS = frozenset({"authors", "year", "venue", "journal", "text", "summary", "metadata"})
"""Names that CSL has other words for."""
_CROSSREF_DATES = ("published", "issued", "published-print", "published-online", "created")


def draft_from(value: Object, line: int) -> Draft:
    """The draft of an object of any of the services below, or of one with the usual names of a paper's fields."""
    paper = next((value[name] for name in ("citedPaper", "citingPaper") if isinstance(value.get(name), dict)), value)
    read = next((read for known, read in _DIALECTS if known(paper)), draft_of)
    return read(paper, line)


def plain(text: str) -> str:
    """Without the markup that Crossref and OpenAlex leave in titles and abstracts (<i>, <jats:p>, &amp;)."""
    return unescape(_MARKUP.sub("", text)) if "<" in text or "&" in text else text


def _openalex(value: Object, line: int) -> Draft:
    location = _object(value, "primary_location")
    return Draft(
        line=line,
        source_id=_text(value, "id").removeprefix("https://openalex.org/"),
        title=plain(_text(value, "title") or _text(value, "display_name")),
        abstract=plain(_inverted(value.get("abstract_inverted_index"))),
        authors=[
            _text(_object(one, "author"), "display_name") or _text(one, "raw_author_name")
            for one in _objects(value, "authorships")
        ],
        year=value.get("publication_year") or _text(value, "publication_date"),
        venue=_text(_object(location, "source"), "display_name") or _text(_object(value, "host_venue"), "display_name"),
        doi=_text(value, "doi"),
        url=_text(location, "landing_page_url") or _text(value, "id"),
        language=_text(value, "language"),
        keywords=[_text(one, "display_name") or _text(one, "keyword") for one in _objects(value, "keywords")],
    )


def _inverted(index: object) -> str:
    """The text of an inverted index: each word with the places it stands at."""
    if not isinstance(index, dict):
        return ""
    placed = [
        (at, str(word)) for word, places in index.items() if isinstance(places, list) for at in places if isinstance(at, int)
    ]
    return " ".join(word for _, word in sorted(placed))


def _semantic_scholar(value: Object, line: int) -> Draft:
    ids = _object(value, "externalIds") or _object(value, "externalids")
    journal = _object(value, "journal")
    return Draft(
        line=line,
        source_id=_text(value, "paperId") or _text(value, "corpusid"),
        title=_text(value, "title"),
        abstract=_text(value, "abstract"),
        authors=people(value.get("authors")),
        year=value.get("year") or _text(value, "publicationDate") or _text(value, "publicationdate"),
        venue=_text(value, "venue") or _text(journal, "name"),
        doi=_text(ids, "DOI"),
        arxiv_id=_text(ids, "ArXiv"),
        url=_text(value, "url"),
        keywords=[
            one if isinstance(one, str) else _text(one, "category") for one in _list(value, "fieldsOfStudy", "s2fieldsofstudy")
        ],
    )


def _crossref(value: Object, line: int) -> Draft:
    title = ": ".join(plain(text) for name in ("title", "subtitle") if (text := _first(value, name)))
    return Draft(
        line=line,
        source_id=_text(value, "DOI"),
        title=title,
        abstract=plain(_text(value, "abstract")),
        authors=people(value.get("author")),
        year=next((year for name in _CROSSREF_DATES if (year := _issued(value.get(name)))), None),
        venue=plain(_first(value, "container-title") or _text(value, "publisher")),
        doi=_text(value, "DOI"),
        url=_text(_object(_object(value, "resource"), "primary"), "URL") or _text(value, "URL"),
        language=_text(value, "language"),
        keywords=[one for one in _list(value, "subject") if isinstance(one, str)],
    )


def _csl(value: Object, line: int) -> Draft:
    arxiv = _text(value, "archive_location") if _text(value, "archive").lower() == "arxiv" else ""
    return Draft(
        line=line,
        source_id=_text(value, "id") or _text(value, "citation-key"),
        title=plain(_text(value, "title")),
        abstract=plain(_text(value, "abstract")),
        authors=people(value.get("author")),
        year=_issued(value.get("issued")),
        venue=next(
            (plain(text) for name in ("container-title", "event-title", "event", "publisher") if (text := _first(value, name))),
            "",
        ),
        doi=_text(value, "DOI"),
        arxiv_id=arxiv,
        url=_text(value, "URL"),
        language=_text(value, "language"),
        keywords=keyword_list(_text(value, "keyword")),
    )


def _issued(date: object) -> object:
    """The year of a CSL date: its parts, or the words it was written in."""
    if not isinstance(date, dict):
        return date
    parts = date.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0] and parts[0][0]:
        return parts[0][0]
    return next((date[name] for name in ("raw", "literal", "date-time") if date.get(name)), None)


def _arxiv(value: Object, line: int) -> Draft:
    """A line of arXiv's metadata snapshot, which is LaTeX."""
    named = [" ".join(str(part) for part in (given, family, *suffix) if part) for family, given, *suffix in _names(value)]
    versions = [_text(version, "created") for version in _objects(value, "versions")]
    return Draft(
        line=line,
        source_id=_text(value, "id"),
        title=decoded(_text(value, "title")),
        abstract=decoded(_text(value, "abstract")),
        authors=[decoded(name) for name in named] or people(decoded(_text(value, "authors"))),
        year=next(iter(versions), "") or _text(value, "update_date"),
        venue=decoded(_text(value, "journal-ref")) or "arXiv",
        doi=_text(value, "doi"),
        arxiv_id=_text(value, "id"),
        url=f"https://arxiv.org/abs/{one_line(_text(value, 'id'))}",
        keywords=_text(value, "categories").split(),
    )


def _names(value: Object) -> list[list[Any]]:
    return [name for name in _list(value, "authors_parsed") if isinstance(name, list) and len(name) >= 2]


def _unpaywall(value: Object, line: int) -> Draft:
    return Draft(
        line=line,
        source_id=_text(value, "doi"),
        title=plain(_text(value, "title")),
        authors=people([{**one, "name": one.get("raw_author_name")} for one in _objects(value, "z_authors")]),
        year=value.get("year"),
        venue=_text(value, "journal_name"),
        doi=_text(value, "doi"),
        url=_text(value, "doi_url"),
    )


def _zotero(value: Object, line: int) -> Draft:
    """An item of Zotero's own JSON."""
    creators = [one for one in _objects(value, "creators") if _text(one, "creatorType") in ("author", "inventor", "")]
    names = [{"given": one.get("firstName"), "family": one.get("lastName"), **one} for one in creators]
    return Draft(
        line=line,
        source_id=_text(value, "citationKey") or _text(value, "key") or _text(value, "itemKey"),
        title=plain(_text(value, "title")),
        abstract=_text(value, "abstractNote"),
        authors=people(names),
        year=_text(value, "date"),
        venue=next(
            (text for name in ("publicationTitle", "proceedingsTitle", "bookTitle", "publisher") if (text := _text(value, name))),
            "",
        ),
        doi=_text(value, "DOI"),
        url=_text(value, "url"),
        language=_text(value, "language"),
        keywords=[_text(one, "tag") for one in _objects(value, "tags")],
    )


def _text(value: Object, name: str) -> str:
    found = value.get(name)
    if isinstance(found, str):
        return found
    return str(found) if isinstance(found, int) and not isinstance(found, bool) else ""


def _first(value: Object, name: str) -> str:
    """A string, or the first of a list of strings."""
    found = value.get(name)
    return next((one for one in found if isinstance(one, str) and one), "") if isinstance(found, list) else _text(value, name)


def _object(value: Object, name: str) -> Object:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _list(value: Object, *names: str) -> list[Any]:
    return next((value[name] for name in names if isinstance(value.get(name), list)), [])


def _objects(value: Object, name: str) -> list[Object]:
    return [one for one in _list(value, name) if isinstance(one, dict)]


def _has(*names: str) -> Callable[[Object], bool]:
    return lambda value: any(name in value for name in names)


_DIALECTS: tuple[tuple[Callable[[Object], bool], Callable[[Object, int], Draft]], ...] = (
    (_has("abstract_inverted_index", "authorships"), _openalex),
    (_has("paperId", "corpusid"), _semantic_scholar),
    (_has("publication_number"), patent_json),
    (_has("authors_parsed"), _arxiv),
    (_has("z_authors", "best_oa_location"), _unpaywall),
    (_has("itemType"), _zotero),
    (lambda value: "DOI" in value and (isinstance(value.get("title"), list) or "member" in value), _crossref),
    (_has("issued", "container-title", "citation-key"), _csl),
    (lambda value: ("DOI" in value or "type" in value) and not _OUR_WORDS & value.keys(), _csl),
)
"""Which fields tell a dialect, and how it is read; asked in this order."""

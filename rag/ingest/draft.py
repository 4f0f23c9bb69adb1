"""A record as a file words it, and the one place where it is tidied, given an id and checked."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from pydantic import ValidationError

from rag.ingest.reader import Item, Rejected, Remark
from rag.ingest.seen import SeenIds
from rag.papers import PaperRecord, PassageText
from rag.text import clean, family_key, language, normalised_arxiv_id, normalised_doi, normalised_title, one_line

_YEAR = re.compile(r"(?<!\d)(1\d{3}|20\d{2}|21\d{2})(?!\d)")
_ARXIV = re.compile(r"arxiv(?:\.org/(?:abs|pdf|html)/|[:.\s]\s*)([^\s,;\])}]+)", re.IGNORECASE)
_ARXIV_VENUE = re.compile(
    r"arxiv(?:\.org|\s+(?:e-?)?prints?|\s+preprint)?[\s,:]*(?:arxiv[:/\s]*)?(?:abs/)?(?:[a-z.-]+/)?[\d.]*(?:v\d+)?(?:\s*\[[\w.-]+\])?",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://[^\s<>{}\"]+", re.IGNORECASE)
_CODE = re.compile(r"([a-z]{2})(?:[-_][a-z]{2,4})*", re.IGNORECASE)
_LANGUAGES = {
    **dict.fromkeys(("english", "eng", "american", "british", "usenglish", "ukenglish", "英文", "英语"), "en"),
    **dict.fromkeys(("chinese", "chi", "zho", "中文", "汉语", "简体中文", "繁體中文"), "zh"),
    **dict.fromkeys(("german", "ngerman", "deu", "ger", "deutsch"), "de"),
    **dict.fromkeys(("french", "fra", "fre", "français"), "fr"),
    **dict.fromkeys(("spanish", "spa", "español"), "es"),
    **dict.fromkeys(("italian", "ita", "italiano"), "it"),
    **dict.fromkeys(("portuguese", "por", "português"), "pt"),
    **dict.fromkeys(("russian", "rus", "русский"), "ru"),
    **dict.fromkeys(("japanese", "jpn", "日本語"), "ja"),
    **dict.fromkeys(("korean", "kor", "한국어"), "ko"),
}


_SAMPLE = 200
"""Characters of the abstract that its language is guessed from."""


@dataclass(slots=True)
class Draft:
    """One paper in a file's own words. Only ``line`` (counted from 1) is needed; authors read 'Given Family'."""

    line: int
    source_id: str = ""
    title: str = ""
    abstract: str = ""
    authors: list[str] = field(default_factory=list)
    year: object = None
    venue: str = ""
    doi: str = ""
    arxiv_id: str = ""
    url: str = ""
    language: str = ""
    keywords: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    """Groups of the file's own that it stands in."""
    files: list[str] = field(default_factory=list)
    """Paths of its text, as the file has them; for an export that comes with its files."""
    passages: list[PassageText] = field(default_factory=list)


def records(name: str, drafts: Iterable[Draft | Rejected | Remark]) -> Iterator[Item]:
    """The drafts of the file ``name`` as checked records; what fails the check or repeats an id is rejected with its line."""
    yield from (made for _, made in checked(name, drafts))


def checked(name: str, drafts: Iterable[Draft | Rejected | Remark]) -> Iterator[tuple[Draft | None, Item]]:
    """The same, each record with the draft that it was made of."""
    seen = SeenIds()
    for draft in drafts:
        if not isinstance(draft, Draft):
            yield None, draft
            continue
        made = record(draft, f"{name}:{draft.line}")
        if isinstance(made, PaperRecord) and (earlier := seen.remember(made.source_id, draft.line)) is not None:
            made = Rejected(f"{name}:{draft.line}", f"same id as line {earlier} ({shortened(made.source_id, 80)})")
        yield draft, made


def record(draft: Draft, location: str) -> PaperRecord | Rejected:
    """The tidied and checked record. Without an id it is known by its DOI, its arXiv id, or a hash of title, author and year."""
    title, abstract = _tidy(draft.title), _tidy(draft.abstract)
    if not title:
        return Rejected(location, "no title")
    authors = [author for author in map(_tidy, draft.authors) if author]
    doi = normalised_doi(draft.doi) or _doi_in_link(draft.url)
    arxiv_id = _arxiv_id(draft)
    try:
        year = year_of(draft.year)
        return PaperRecord(
            source_id=one_line(draft.source_id) or doi or (arxiv_id and f"arxiv:{arxiv_id}") or _hash(title, authors, year),
            title=title,
            abstract=abstract,
            authors=authors,
            year=year,
            venue=_venue(draft.venue),
            doi=doi,
            arxiv_id=arxiv_id,
            url=_link(draft.url),
            language=_language(draft.language) or language(f"{title} {abstract[:_SAMPLE]}"),
            keywords=list(dict.fromkeys(keyword for keyword in map(_tidy, draft.keywords) if keyword)),
            groups=list(dict.fromkeys(group for group in map(_tidy, draft.groups) if group)),
            passages=draft.passages,
        )
    except ValidationError as error:
        return Rejected(location, _in_words(error))


def year_of(value: object) -> int | None:
    """The year in a number or a date ('2014/03//', 'c. 1998'); None when there is none. A number is taken as it stands."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return value or None
    if isinstance(value, float):
        return int(value) if value.is_integer() and value else None
    found = _YEAR.search(unicodedata.normalize("NFKC", str(value)))
    return int(found.group()) if found else None


def keyword_list(words: str) -> list[str]:
    """Keywords of one string, separated by semicolons or, without any, by commas."""
    return re.split(r"[;；\n]" if re.search(r"[;；\n]", words) else r"[,，、]", words)


def shortened(text: str, size: int) -> str:
    """``text`` in at most ``size`` characters of one line."""
    text = one_line(text)
    return text if len(text) <= size else text[: size - 1].rstrip() + "…"


def _tidy(text: str) -> str:
    # As ``one_line``, at a tenth of its time for an abstract.
    return " ".join(clean(unicodedata.normalize("NFC", text)).split())


def _doi_in_link(url: str) -> str:
    return normalised_doi(unquote(url)) if "doi.org/" in url.lower() else ""


def _arxiv_id(draft: Draft) -> str:
    if found := normalised_arxiv_id(draft.arxiv_id):
        return found
    for text in (draft.url, draft.doi, draft.venue, draft.source_id):
        for mention in _ARXIV.finditer(text):
            if found := normalised_arxiv_id(mention.group(1)):
                return found
    return ""


def _venue(venue: str) -> str:
    venue = _tidy(venue)
    return "arXiv" if _ARXIV_VENUE.fullmatch(venue) else venue


def _link(url: str) -> str:
    found = _LINK.search(one_line(url))
    return found.group() if found else ""


def _language(name: str) -> str:
    name = one_line(name).lower()
    code = _CODE.fullmatch(name)
    return _LANGUAGES.get(name) or (code.group(1) if code else "")


def _hash(title: str, authors: list[str], year: int | None) -> str:
    about = (normalised_title(title) or title, family_key(authors[0]) if authors else "", str(year or ""))
    return hashlib.blake2b("\0".join(about).encode(), digest_size=8).hexdigest()


def _in_words(error: ValidationError) -> str:
    problem = error.errors(include_url=False)[0]
    name = str(problem["loc"][0]) if problem["loc"] else "the record"
    limits = problem.get("ctx", {})
    if problem["type"] == "string_too_long":
        return f"{name} is longer than {limits['max_length']:,} characters"
    if name == "year":
        return f"{shortened(str(problem['input']), 20)} is not a year"
    return f"{name}: {problem['msg']}"

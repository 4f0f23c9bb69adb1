"""The nouns of the product: papers, passages, filters and hits."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NewType
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from rag.access import Scope
from rag.text import clean, family_key, normalised_arxiv_id, normalised_doi, normalised_title, one_line

_DOI_SIGNS = "/:().,_-"

PaperId = NewType("PaperId", str)
"""A paper's opaque, stable, URL-safe id."""

SAMPLE = "sample"
"""The collection whose abstracts are summaries of ours: any other record's abstract is better."""


class PassageText(BaseModel):
    """A passage of a paper's full text, 200 to 400 tokens."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1)
    page: int | None = Field(default=None, ge=0)
    """From 0: where the passage begins; None where the text has no pages."""
    section: str = ""
    """The heading that most of it stands under."""

    @field_validator("text", mode="after")
    @classmethod
    def _clean(cls, value: str) -> str:
        return clean(value).strip()

    @field_validator("section", mode="after")
    @classmethod
    def _one_line(cls, value: str) -> str:
        return one_line(value)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a full text."""

    heading: str
    level: int
    """From 1."""
    page: int | None
    """From 0: where it begins; None where the text has no pages."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text."""

    page: int | None
    """From 0; None where the text has no pages."""
    position: int
    """In the text of its page: how many characters come before."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What a full text consists of."""

    sections: tuple[Section, ...] = ()
    """In order, without the bibliography."""
    references: Place | None = None
    """Where the bibliography begins; None when there is none."""


NO_OUTLINE = Outline()


class PaperRecord(BaseModel):
    """One paper as a file or another database describes it, before it has an id of ours."""

    model_config = ConfigDict(extra="forbid")

    source_id: str = Field(min_length=1, max_length=500)
    title: str = Field(min_length=1, max_length=4_000)
    abstract: str = ""
    authors: list[str] = Field(default_factory=list)
    year: int | None = Field(default=None, ge=1000, le=2200)
    venue: str = ""
    doi: str = ""
    arxiv_id: str = ""
    url: str = ""
    language: str = ""
    keywords: list[str] = Field(default_factory=list)
    groups: list[str] = Field(default_factory=list)
    """Groups of its file that it stands in: each becomes a collection of its own beside the one it is read into."""
    passages: list[PassageText] = Field(default_factory=list)
    """The full text in order; empty when only title and abstract are known."""
    outline: Outline = NO_OUTLINE
    """Of the full text."""

    @field_validator("source_id", "title", "venue", "url", "language", mode="after")
    @classmethod
    def _one_line(cls, value: str) -> str:
        return one_line(value)

    @field_validator("abstract", mode="after")
    @classmethod
    def _clean(cls, value: str) -> str:
        return clean(value).strip()

    @field_validator("authors", "keywords", "groups", mode="after")
    @classmethod
    def _no_blanks(cls, values: list[str]) -> list[str]:
        return [line for line in map(one_line, values) if line]

    @field_validator("doi", mode="after")
    @classmethod
    def _doi(cls, value: str) -> str:
        return normalised_doi(value)

    @field_validator("arxiv_id", mode="after")
    @classmethod
    def _arxiv_id(cls, value: str) -> str:
        return normalised_arxiv_id(value)

    @model_validator(mode="after")
    def _something_left(self) -> "PaperRecord":
        if not self.title or not self.source_id:
            raise ValueError("a paper needs a title and a source id")
        return self

    def content_hash(self) -> bytes:
        """SHA-256 over every field: the same record again changes nothing."""
        # A record without groups, full text or outline keeps the hash it had before there were any.
        left_out = {name for name in ("groups", "passages", "outline") if getattr(self, name) in ([], NO_OUTLINE)}
        return hashlib.sha256(self.model_dump_json(exclude=left_out).encode()).digest()


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of the library."""

    id: PaperId
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str = ""
    doi: str = ""
    arxiv_id: str = ""
    url: str = ""
    language: str = ""
    keywords: tuple[str, ...] = ()
    source_id: str = ""
    collections: tuple[str, ...] = ()
    """Names of the collections it was read through."""
    knowledge: tuple[str, ...] = ()
    """Those of them that are knowledge bases of Open WebUI."""
    file_id: str = ""
    """Open WebUI's id of the file, when the paper is an upload."""

    @property
    def link(self) -> str:
        """Where the paper can be opened: its own URL, else its DOI's, else arXiv's; '' when none is known."""
        if self.url.startswith(("http://", "https://")):
            return self.url
        if self.doi:
            # Old DOIs have signs that would end an address: 10.1002/(sici)1097-0258(1998)17:8<857::aid-sim777>3.0.co;2-e
            return f"https://doi.org/{quote(self.doi, safe=_DOI_SIGNS)}"
        if self.arxiv_id:
            return f"https://arxiv.org/abs/{self.arxiv_id}"
        return ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a paper's text. ``page`` is 0-based; None where the text has no pages (an abstract)."""

    text: str
    score: float
    page: int | None = None
    section: str = ""
    highlight: str = ""
    """The sentence of ``text`` that matched best; '' when none stands out."""


@dataclass(frozen=True, slots=True)
class Version:
    """Another record of a hit's work: an upload of a paper of the library, a preprint of what was published."""

    paper: Paper
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper that a search found. ``score`` lies in [0, 1]; higher is better."""

    paper: Paper
    score: float
    passages: tuple[Passage, ...] = ()
    dense_score: float | None = None
    """Cosine similarity of the query and the paper's best vector, in [-1, 1]; None when not computed."""
    lexical_score: float | None = None
    """BM25 score, >= 0, unbounded; None when not computed."""
    versions: tuple[Version, ...] = ()
    """Other records of the same work that the caller may see, best first."""


class Filters(BaseModel):
    """Limits of a search. Empty lists and None do not limit; limits of different kinds are all to be met."""

    model_config = ConfigDict(extra="forbid")

    year_from: int | None = Field(default=None, ge=0, le=9999)
    year_to: int | None = Field(default=None, ge=0, le=9999)
    authors: list[str] = Field(default_factory=list, max_length=50)
    venues: list[str] = Field(default_factory=list, max_length=50)
    exclude_years: list[int] = Field(default_factory=list, max_length=200)
    exclude_authors: list[str] = Field(default_factory=list, max_length=50)
    """Papers that one of these has written are left out."""
    exclude_venues: list[str] = Field(default_factory=list, max_length=50)
    languages: list[str] = Field(default_factory=list, max_length=50)
    exclude: list[str] = Field(default_factory=list, max_length=50)
    """Words: papers with one of them in the title or keywords are left out ('survey')."""
    collections: list[str] = Field(default_factory=list, max_length=200)
    exclude_collections: list[str] = Field(default_factory=list, max_length=200)
    """Papers that are in one of these collections are left out."""
    has_full_text: bool | None = None
    among: Literal["uploads", "attached"] | None = None
    """Only uploads, or of these only the files attached to the chat."""
    added_since: date | None = None
    """Only papers that came into the library on this day (UTC) or later."""

    @model_validator(mode="after")
    def _years_in_order(self) -> "Filters":
        if self.year_from is not None and self.year_to is not None and self.year_from > self.year_to:
            raise ValueError(f"year_from {self.year_from} is after year_to {self.year_to}")
        return self

    def within(self, collections: Sequence[str]) -> "Filters":
        """The same limits inside these collections; unchanged when there are none."""
        if not collections:
            return self
        asked = [name for name in self.collections or collections if name in collections]
        # A collection outside of these has nothing in them: no collection has the empty name.
        return self.model_copy(update={"collections": asked or [""]})


@dataclass(frozen=True, slots=True)
class Query:
    """What to search for: the topic without its wrapping words, the limits, and how many papers."""

    text: str
    filters: Filters = field(default_factory=Filters)
    limit: int = 10
    by_limits: bool = False
    """Whether the limits are the whole question: then nothing within them is left out for having little to do with the text."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Ranked papers, best first, and whether anything fits the question at all."""

    query: Query
    hits: tuple[Hit, ...]
    confident: bool
    """False when even the best paper is about something else: an honest assistant says so."""
    scope: Scope = field(default_factory=Scope)
    """What was searched."""
    unknown: tuple[str, ...] = ()
    """Chinese words that a model for English could not be told; they were looked for as they are written."""


def work_key(paper: PaperRecord | Paper) -> str:
    """Title, first author and year folded into one string; '' unless all three are known."""
    if not paper.authors or paper.year is None:
        return ""
    title, author = normalised_title(paper.title), family_key(paper.authors[0])
    return f"{title}|{author}|{paper.year}" if title and author else ""


def work_names(doi: str, arxiv_id: str, work: str) -> list[str]:
    """The names under which a work is known; records that share one are the same work."""
    return [f"{kind} {value}" for kind, value in (("doi", doi), ("arxiv", arxiv_id), ("work", work)) if value]


def paper_id(collection: str, source_id: str) -> PaperId:
    """The id given to a paper first seen as ``source_id`` in ``collection``: 16 characters of [0-9a-f], behind 'p'."""
    digest = hashlib.blake2b(f"{collection}\0{source_id}".encode(), digest_size=8)
    return PaperId("p" + digest.hexdigest())


def hit_as_json(hit: Hit) -> dict[str, Any]:
    """A hit as the API's JSON object (see ``POST /v1/papers/search``)."""
    return {
        **paper_as_json(hit.paper),
        "score": round(hit.score, 4),
        "passages": _passages_as_json(hit.passages),
        "versions": [{**paper_as_json(v.paper), "passages": _passages_as_json(v.passages)} for v in hit.versions],
    }


def _passages_as_json(passages: tuple[Passage, ...]) -> list[dict[str, Any]]:
    return [{"text": p.text, "page": p.page, "section": p.section or None, "score": round(p.score, 4)} for p in passages]


def result_as_json(result: SearchResult) -> dict[str, Any]:
    """A search's answer as the API's JSON object; ``confident`` is false when nothing really fits."""
    query = result.query
    filters = query.filters.model_dump(exclude_defaults=True)
    understood = {"text": query.text, "limit": query.limit, "filters": filters, "confident": result.confident}
    return {"query": understood, "papers": [hit_as_json(hit) for hit in result.hits]}


def paper_as_json(paper: Paper) -> dict[str, Any]:
    """A paper's fields as the API's JSON object; unknown strings are null."""
    return {
        "id": paper.id,
        "source_id": paper.source_id or None,
        "title": paper.title,
        "authors": list(paper.authors),
        "year": paper.year,
        "venue": paper.venue or None,
        "url": paper.link or None,
        "doi": paper.doi or None,
        "arxiv_id": paper.arxiv_id or None,
        "language": paper.language or None,
        "keywords": list(paper.keywords),
        "collections": list(paper.collections),
        "file_id": paper.file_id or None,
    }
